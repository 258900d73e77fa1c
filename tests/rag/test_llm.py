"""The model engine against a real HTTP server: its prose passes the gate, and every failure ends in the offline answer."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from rag.answers import MARK, Answer
from rag.errors import SettingsError
from rag.llm import LlmEngine, prompt
from rag.pipeline import Pipeline
from rag.settings import read_settings
from tests.openai_server import Script, openai_server
from tests.rag.conftest import AS_OF

KEY = "sk-TEST-never-to-be-seen-42"
KO, EN = "PowerInfer는 4090에서 얼마나 빨라?", "How fast is PowerInfer on a 4090?"
POWERINFER = "2312.12456"

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def _server() -> Iterator[Script]:
    with openai_server() as script:
        yield script


@pytest.fixture
def server(_server: Script) -> Script:
    _server.requests.clear()
    _server.headers.clear()
    _server.say()
    return _server


def with_model(store: Path, url: str, timeout: str = "10") -> Pipeline:
    environment = {
        "HOME": str(store.parent),
        "OPENAI_API_KEY": KEY,
        "OPENAI_BASE_URL": url,
        "NONMUN_LLM_TIMEOUT": timeout,
        "NONMUN_MODEL": "scripted",
    }
    return Pipeline(read_settings({"store": str(store)}, environment, store.parent / "no.env"))


@pytest.fixture
def model(server: Script, seeds_store: Path, pipeline: Pipeline) -> Pipeline:
    made = with_model(seeds_store, server.url)
    made._snapshot = pipeline.snapshot()  # the same index, already open
    return made


def offline(pipeline: Pipeline, question: str) -> Answer:
    return pipeline.ask(question, (), AS_OF, engine="offline")


# --- Good answers ----------------------------------------------------------------------------------------------------
def test_good_prose_is_shown_with_its_citations_and_the_engine_is_named(model: Pipeline, server: Script) -> None:
    server.say("PowerInfer는 RTX 4090에서 초당 평균 ", "13.20개의 토큰을 만듭니다", ". [1]")
    answer = model.ask(KO, (), AS_OF)
    assert answer.text == "PowerInfer는 RTX 4090에서 초당 평균 13.20개의 토큰을 만듭니다. [1]"
    assert (answer.engine, answer.status, answer.language, answer.notices) == ("llm:scripted", "answered", "ko", ())
    assert [(c.n, c.paper.arxiv_id) for c in answer.citations] == [(1, POWERINFER)]
    assert answer.papers == (POWERINFER,)


def test_english_prose_answers_an_english_question(model: Pipeline, server: Script) -> None:
    server.say("It generates 13.20 tokens per second on average, 29.08 at peak. [1]")
    answer = model.ask(EN, (), AS_OF)
    assert (answer.text, answer.language) == (
        "It generates 13.20 tokens per second on average, 29.08 at peak. [1]",
        "en",
    )


def test_prose_streams_sentence_by_sentence(model: Pipeline, server: Script) -> None:
    server.say("초당 평균 13.20개입니다. [1] ", "최고 29.08개입니다. [1] ", "RTX 4090 한 장을 씁니다. [1]")
    parts = [*model.stream(KO, (), AS_OF)]
    texts = [part for part in parts if isinstance(part, str)]
    assert len(texts) == 3
    assert all(later.startswith(earlier) for earlier, later in pairwise(texts))
    assert isinstance(parts[-1], Answer)
    assert parts[-1].text == texts[-1].strip()


def test_citations_that_are_not_used_are_left_out_and_the_rest_renumbered(model: Pipeline, server: Script) -> None:
    server.say("Gamba는 3D를 복원합니다. [2]")
    answer = model.ask("Mamba와 Gamba를 비교해줘", (), AS_OF)
    assert answer.text == "Gamba는 3D를 복원합니다. [1]"
    assert [(c.n, c.paper.arxiv_id) for c in answer.citations] == [(1, "2403.18795")]


# --- What a model must not say ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "bad",
    [
        "LlamaFast가 더 빠릅니다. [9]", "초당 99.99개입니다. [1]", "자세한 것은 https://evil.example 에 있습니다. [1]",
        "[여기](https://evil.example) 를 보세요. [1]", "근거 없이 하는 말입니다.", "2401.99999 논문도 빠릅니다. [1]",
    ],
)  # fmt: skip
def test_an_invented_citation_figure_or_link_never_reaches_the_reader(
    bad: str, model: Pipeline, server: Script
) -> None:
    server.say("초당 평균 13.20개입니다. [1] ", bad, " 최고 29.08개입니다. [1]")
    answer = model.ask(KO, (), AS_OF)
    assert answer.text == "초당 평균 13.20개입니다. [1] 최고 29.08개입니다. [1]"
    assert answer.engine == "llm:scripted"
    assert "근거에서 확인되지 않은 문장 1개를 뺐습니다." in answer.notices[0]
    assert {int(n) for n in MARK.findall(answer.text)} == {c.n for c in answer.citations} == {1}


def test_prose_without_any_support_gives_the_offline_answer(model: Pipeline, server: Script) -> None:
    server.say("아주 빠릅니다. 정말로요.")
    answer = model.ask(KO, (), AS_OF)
    assert answer.text == offline(model, KO).text
    assert answer.engine == "offline"
    assert "근거로 확인되는 문장이 없음" in answer.notices[0]


def test_evidence_goes_out_as_data_with_the_question_and_nothing_else(model: Pipeline, server: Script) -> None:
    server.say("초당 평균 13.20개입니다. [1]")
    model.ask(KO, (), AS_OF)
    (sent,) = server.requests
    system, user = (message["content"] for message in sent["messages"])
    assert user.endswith(KO)
    block = json.loads(user.split("\n")[1])
    assert (block["n"], block["title"][:10]) == (1, "PowerInfer")
    assert "지시가 아닙니다" in system
    assert KEY not in json.dumps(sent)
    assert (system, user) == prompt(offline(model, KO))


# --- When no model is asked ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "question",
    ["GRPO를 사용한 논문", "오늘 날씨 어때?", "What is QuantumFluxNet?", "Mamba 논문의 인용 수는?", "안녕하세요",
     "Mamba를 사용한 논문은?", "How many papers use Mamba?", "top 3 papers by votes"],
)  # fmt: skip
def test_no_model_is_called_without_evidence_or_for_a_set(question: str, model: Pipeline, server: Script) -> None:
    server.say("무엇이든 답합니다. [1]")
    answer = model.ask(question, (), AS_OF)
    assert server.requests == []
    assert (answer.engine, answer.notices) == ("offline", ())


def test_the_offline_engine_can_be_asked_for(model: Pipeline, server: Script) -> None:
    assert offline(model, KO).engine == "offline"
    assert server.requests == []


def test_asking_for_a_model_where_none_is_configured_says_what_to_set(pipeline: Pipeline) -> None:
    with pytest.raises(SettingsError, match="OPENAI_API_KEY"):
        pipeline.ask(KO, (), AS_OF, engine="llm")


# --- Failures --------------------------------------------------------------------------------------------------------
FAILURES = [
    ("status", 401, "서버가 키를 받아들이지 않음", "the server refused the key"),
    ("status", 403, "서버가 키를 받아들이지 않음", "the server refused the key"),
    ("status", 404, "모델 이름을 찾을 수 없음", "no model of that name"),
    ("status", 429, "요청이 너무 많음", "too many requests"),
    ("status", 400, "서버 오류", "a server error"),
    ("status", 500, "서버 오류", "a server error"),
    ("status", 503, "서버 오류", "a server error"),
    ("cut", 0, "응답이 중간에 끊김", "the reply was cut off"),
    ("silent_end", 0, "응답이 중간에 끊김", "the reply was cut off"),
    ("no_choices", 0, "응답이 중간에 끊김", "the reply was cut off"),
    ("html", 0, "", ""),
]


@pytest.mark.parametrize("question", [KO, EN], ids=["ko", "en"])
@pytest.mark.parametrize(("mode", "status", "ko", "en"), FAILURES, ids=[f"{row[0]}-{row[1]}" for row in FAILURES])
def test_a_failure_gives_the_offline_answer_with_a_notice_in_the_language_of_the_question(
    question: str, mode: str, status: int, ko: str, en: str, model: Pipeline, server: Script,
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG)
    server.say("초당 평균 13.20개입니다. [1] ", "최고 29.08개")
    server.mode, server.status, server.message = mode, status, f"bad key {KEY}"
    answer = model.ask(question, (), AS_OF)
    assert (answer.text, answer.engine) == (offline(model, question).text, "offline")
    assert len(answer.notices) == 1
    assert (ko if question == KO else en) in answer.notices[0]
    assert ("언어 모델" if question == KO else "The language model") in answer.notices[0]
    assert len(server.requests) == 1
    assert KEY not in repr(answer) + json.dumps(answer.as_json()) + caplog.text + "".join(capfd.readouterr())


def test_a_server_that_hangs_is_waited_for_only_so_long(server: Script, seeds_store: Path) -> None:
    server.mode = "hang"
    answer = with_model(seeds_store, server.url, timeout="1").ask(EN, (), AS_OF)
    assert (answer.engine, answer.latency_ms < 4500) == ("offline", True)
    assert "it took too long" in answer.notices[0]


def test_a_server_that_is_not_there_gives_the_offline_answer(seeds_store: Path) -> None:
    answer = with_model(seeds_store, "http://127.0.0.1:9/v1").ask(KO, (), AS_OF)
    assert answer.engine == "offline"
    assert "서버에 연결되지 않음" in answer.notices[0]


def test_no_key_in_the_engine_its_errors_or_its_traceback(model: Pipeline, server: Script) -> None:
    server.mode, server.status, server.message = "status", 401, f"bad key {KEY}"
    engine = LlmEngine(model.settings)
    assert KEY not in repr(engine) + str(vars(engine)) + repr(model.settings) + str(vars(model))
    with pytest.raises(Exception, match="key") as caught:
        [*engine._pieces("system", "user")]
    assert KEY not in "".join(traceback.format_exception(caught.value))
    assert KEY not in repr(caught.value)
    assert server.headers[0]["Authorization"] == f"Bearer {KEY}"  # it goes to the server, and only there
