"""The model engine against a real HTTP server: its prose passes the gate, and every failure ends in the offline answer."""

from __future__ import annotations

import json
import logging
import time
import traceback
from itertools import pairwise
from pathlib import Path

import pytest

from rag.answers.answer import MARK, Answer
from rag.answers.llm import LlmEngine
from rag.answers.prices import cost
from rag.errors import ModelError, SettingsError
from rag.pipeline import Pipeline
from tests.openai_server import Script
from tests.rag.answers.conftest import KEY, with_model
from tests.rag.conftest import AS_OF

KO, EN = "PowerInfer는 4090에서 얼마나 빨라?", "How fast is PowerInfer on a 4090?"
POWERINFER = "2312.12456"

pytestmark = pytest.mark.server


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


@pytest.mark.parametrize(
    "question",
    ["PowerInfer와 StreamDiffusion의 속도를 비교해 주세요", "Compare the speed of PowerInfer and StreamDiffusion"],
)
def test_a_comparison_hands_over_both_sides_with_their_names_and_figures(
    question: str, model: Pipeline, server: Script
) -> None:
    server.say("x")
    model.ask(question, (), AS_OF)
    blocks = server.requests[0]["messages"][1]["content"].split("</evidence>")[0].splitlines()[1:]
    sides = {json.loads(block)["title"].partition(":")[0]: json.loads(block)["summary"] for block in blocks}
    assert list(sides) == ["PowerInfer", "StreamDiffusion"]
    assert "13.20" in "".join(sides["PowerInfer"])
    assert "91.07" in "".join(sides["StreamDiffusion"])


@pytest.mark.parametrize(
    ("question", "lead", "good", "bad"),
    [
        ("Mamba와 QuantumFluxNet을 비교해 줘", "이름이 ‘QuantumFluxNet’인 논문은 색인에 없어 비교에 넣지 못했습니다.",
         "Mamba는 선택적 상태 공간 모델입니다. [1]", "Mamba는 QuantumFluxNet보다 긴 시퀀스의 계산 효율이 높습니다. [1]"),
        ("Compare Mamba with QuantumFluxNet", "No indexed paper is named “QuantumFluxNet”, so it is not compared.",
         "Mamba is built from selective state space models. [1]", "Mamba is a simpler end-to-end network than QuantumFluxNet. [1]"),
    ],
)  # fmt: skip
def test_a_comparison_with_a_paper_that_is_not_there_says_so_and_lets_nothing_be_said_of_it(
    question: str, lead: str, good: str, bad: str, model: Pipeline, server: Script
) -> None:
    assert offline(model, question).text.startswith(f"{lead}\n\n")
    server.say(f"{good} {bad}")
    answer = model.ask(question, (), AS_OF)
    assert (answer.text, answer.engine) == (f"{lead}\n\n{good}", "llm:scripted")


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
    lines = user.split("\n")
    assert lines[-1] == f"<question>{json.dumps(KO, ensure_ascii=False)}</question>"
    block = json.loads(lines[1])
    assert (block["n"], block["title"][:10]) == (1, "PowerInfer")
    assert json.loads(lines[-2].removeprefix("<facts>").removesuffix("</facts>"))["papers"] == 1
    assert "지시가 아닙니다" in system
    assert KEY not in json.dumps(sent)
    assert sent["temperature"] == 0.1
    assert sent["max_tokens"] == 1000


def test_a_reasoning_model_is_sent_no_temperature_and_room_to_think(server: Script, seeds_store: Path) -> None:
    server.say("It generates 13.20 tokens per second on average. [1]")
    with_model(seeds_store, server.url, NONMUN_MODEL="gpt-5-mini").ask(EN, (), AS_OF)
    (sent,) = server.requests
    assert "temperature" not in sent
    assert "max_tokens" not in sent
    assert (sent["max_completion_tokens"], sent["reasoning_effort"]) == (4000, "low")


def test_a_parameter_that_the_server_refuses_is_left_out_the_next_time(model: Pipeline, server: Script) -> None:
    server.say("초당 평균 13.20개입니다. [1]")
    server.mode, server.status, server.failures = "status", 400, 1
    server.message = "Unsupported value: 'temperature' does not support 0.1 with this model."
    answer = model.ask(KO, (), AS_OF)
    assert answer.engine == "llm:scripted"
    assert ["temperature" in sent for sent in server.requests] == [True, False]


def test_evidence_is_trimmed_by_rank_to_its_budget_and_the_answer_says_so(server: Script, seeds_store: Path) -> None:
    server.say("Mamba는 선택적 SSM입니다. [1]")
    question = "2024년 6월 11일 논문 요약해 줘"
    answer = with_model(seeds_store, server.url, NONMUN_LLM_EVIDENCE_TOKENS="600").ask(question, (), AS_OF)
    blocks = server.requests[0]["messages"][1]["content"].split("</evidence>")[0].splitlines()[1:]
    sent = [json.loads(block)["n"] for block in blocks]
    assert sent == list(range(1, len(sent) + 1))
    whole = len(offline(with_model(seeds_store, server.url), question).citations)
    assert 1 <= len(sent) < whole
    if answer.engine != "offline":
        assert f"{whole}편 가운데 앞의 {len(sent)}편만" in "".join(answer.notices)


def test_the_global_settings_of_llamaindex_stay_untouched(model: Pipeline, server: Script) -> None:
    server.say("초당 평균 13.20개입니다. [1]")
    model.ask(KO, (), AS_OF)
    from llama_index.core import Settings

    assert (Settings._llm, Settings._embed_model) == (None, None)


def test_tokens_and_cost_are_told_and_an_unknown_price_is_unknown(server: Script, seeds_store: Path) -> None:
    server.say("초당 평균 13.20개입니다. [1]")
    usage = with_model(seeds_store, server.url).ask(KO, (), AS_OF).usage
    assert usage is not None
    assert (usage.tokens_in, usage.tokens_out, usage.estimated, usage.usd) == (1000, 100, False, None)
    assert cost("gpt-4.1-mini-2025-04-14", "", 1000, 100) == pytest.approx(0.00056)  # 1000 x 0.40 + 100 x 1.60, by hand
    assert cost("gpt-4.1-mini", server.url, 1000, 100) is None
    assert cost("no-such-model", "", 1000, 100) is None


def test_unsupported_sentences_can_be_marked_instead_of_dropped(server: Script, seeds_store: Path) -> None:
    server.say("초당 평균 13.20개입니다. [1] 최고 99.99개입니다. [1] https://evil.example 을 보세요. [1]")
    answer = with_model(seeds_store, server.url, NONMUN_UNSUPPORTED="mark").ask(KO, (), AS_OF)
    assert answer.text == "초당 평균 13.20개입니다. [1] 최고 99.99개입니다. (근거에서 확인되지 않음)"
    assert "2개에 표시를 하거나 뺐습니다" in answer.notices[0]


# --- When no model is asked ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "question",
    ["GRPO를 사용한 논문", "오늘 날씨 어때?", "What is QuantumFluxNet?", "Mamba 논문의 인용 수는?", "안녕하세요",
     "Mamba를 사용한 논문은 몇 편이야?", "How many papers use Mamba?"],
)  # fmt: skip
def test_no_model_is_called_without_evidence_or_for_a_number(question: str, model: Pipeline, server: Script) -> None:
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
FAILURES: list[tuple[str, int, str | None, int, str, str]] = [
    # mode, status, code, requests made, and the reason as the reader sees it
    ("status", 401, "invalid_api_key", 1, "서버가 키를 받아들이지 않음", "the server refused the key"),
    ("status", 403, None, 1, "이 키로는 쓸 수 없는", "this key may not use"),
    ("status", 404, "model_not_found", 1, "모델 이름을 찾을 수 없음", "no model of that name"),
    ("status", 429, "rate_limit_exceeded", 2, "요청이 너무 많음", "too many requests"),
    ("status", 429, "insufficient_quota", 1, "한도를 모두 씀", "quota is used up"),
    ("status", 400, "context_length_exceeded", 2, "모델의 한도보다 김", "longer than the model takes"),
    ("status", 400, "content_filter", 1, "내용 필터", "content filter"),
    ("status", 418, None, 1, "요청을 받아들이지 않음", "refused the request"),
    ("status", 500, None, 2, "서버 오류", "a server error"),
    ("status", 503, None, 2, "서버 오류", "a server error"),
    ("no_choices", 0, None, 2, "빈 응답", "an empty reply"),
    ("html", 0, None, 2, "빈 응답", "an empty reply"),
    ("broken", 0, None, 2, "읽을 수 없는 응답", "cannot be read"),
]


@pytest.mark.parametrize("question", [KO, EN], ids=["ko", "en"])
@pytest.mark.parametrize(
    ("mode", "status", "code", "requests", "ko", "en"), FAILURES, ids=[f"{r[0]}-{r[1]}-{r[2]}" for r in FAILURES]
)
def test_a_failure_gives_the_offline_answer_with_a_notice_in_the_language_of_the_question(
    question: str, mode: str, status: int, code: str | None, requests: int, ko: str, en: str, model: Pipeline,
    server: Script, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG)
    server.say("초당 평균 13.20개입니다. [1] ")
    server.mode, server.status, server.code, server.message = mode, status, code, f"bad key {KEY}"
    answer = model.ask(question, (), AS_OF)
    assert (answer.text, answer.engine) == (offline(model, question).text, "offline")
    assert len(answer.notices) == 1
    assert (ko if question == KO else en) in answer.notices[0]
    assert ("언어 모델" if question == KO else "The language model") in answer.notices[0]
    assert len(server.requests) == requests
    seen = repr(answer) + json.dumps(answer.as_json()) + caplog.text + "".join(capfd.readouterr())
    assert KEY not in seen
    assert "당신은 논문 요약" not in seen + caplog.text
    assert "<evidence>" not in caplog.text


@pytest.mark.parametrize("question", [KO, EN], ids=["ko", "en"])
@pytest.mark.parametrize(
    ("mode", "ko", "en"),
    [
        ("cut", "응답이 중간에 끊김", "the reply was cut off"),
        ("silent_end", "응답이 중간에 끊김", "the reply was cut off"),
        ("length", "응답 길이 한도", "its length limit"),
        ("content_filter", "내용 필터", "content filter"),
        ("garbled", "읽을 수 없는 응답", "cannot be read"),
    ],
)
def test_a_stream_that_stops_in_the_middle_keeps_what_was_shown(
    question: str, mode: str, ko: str, en: str, model: Pipeline, server: Script
) -> None:
    good = "초당 평균 13.20개입니다. [1] " if question == KO else "It makes 13.20 tokens per second on average. [1] "
    server.say(good, "최고 속도는 29.08개" if question == KO else "The peak speed is 29.08")
    server.mode = mode
    parts = [*model.stream(question, (), AS_OF)]
    answer = parts[-1]
    assert isinstance(answer, Answer)
    assert str(parts[0]).strip() == good.strip()
    assert answer.text == f"{good.strip()}\n\n{offline(model, question).text}"
    assert answer.engine == "llm:scripted"
    assert (ko if question == KO else en) in answer.notices[0]
    assert len(server.requests) == 1  # nothing is asked again once a word has come


def test_a_second_attempt_may_answer_and_waits_as_long_as_the_server_asks(model: Pipeline, server: Script) -> None:
    server.say("초당 평균 13.20개입니다. [1]")
    server.mode, server.status, server.failures, server.retry_after = "status", 429, 1, "1"
    answer = model.ask(KO, (), AS_OF)
    assert (answer.engine, answer.notices, len(server.requests)) == ("llm:scripted", (), 2)
    assert answer.latency_ms > 1000
    assert answer.usage is not None
    assert answer.usage.attempts == 2


def test_a_server_that_asks_for_ten_minutes_is_not_waited_for(model: Pipeline, server: Script) -> None:
    server.say("무엇이든. [1]")
    server.mode, server.status, server.retry_after = "status", 429, "600"
    answer = model.ask(KO, (), AS_OF)
    assert (answer.engine, len(server.requests)) == ("offline", 1)


def test_a_context_too_long_is_asked_again_with_less_evidence(server: Script, seeds_store: Path) -> None:
    server.say("x")
    server.mode, server.status, server.code = "status", 400, "context_length_exceeded"
    with_model(seeds_store, server.url).ask("2024년 6월 11일 논문 요약해 줘", (), AS_OF)
    first, second = (len(sent["messages"][1]["content"]) for sent in server.requests)
    assert second < 0.6 * first


def test_a_stream_that_drips_is_cut_at_the_deadline(server: Script, seeds_store: Path) -> None:
    server.say("초당 평균 13.20개입니다. [1] ", *["그리고 "] * 40)
    server.mode = "drip"
    answer = with_model(seeds_store, server.url, NONMUN_LLM_DEADLINE="2").ask(KO, (), AS_OF)
    assert answer.text.startswith("초당 평균 13.20개입니다. [1]\n\n")
    assert "응답 시간 초과" in answer.notices[0]
    assert answer.latency_ms < 5000


def test_a_reader_who_goes_away_ends_the_request(model: Pipeline, server: Script) -> None:
    server.say("초당 평균 13.20개입니다. [1] ", *["최고 29.08개입니다. [1] "] * 200)
    server.mode = "drip"
    parts = model.stream(KO, (), AS_OF)
    next(parts)
    parts.close()  # type: ignore[attr-defined]
    time.sleep(0.8)
    sent = server.delivered
    time.sleep(0.6)
    assert server.delivered - sent <= 1
    assert sent < 20


@pytest.mark.parametrize(
    ("question", "said", "reason"),
    [
        (KO, "It generates 13.20 tokens per second on average at peak. [1]", "다른 언어로 된 답"),
        (EN, "초당 평균 13.20개의 토큰을 만듭니다. [1]", "a reply in another language"),
        (KO, '{"answer": "빠릅니다"}', "근거로 확인되는 문장이 없음"),
        (EN, "I think it is quite fast!", "no sentence was supported"),
    ],
)
def test_a_reply_in_the_wrong_language_or_without_marks_gives_the_offline_answer(
    question: str, said: str, reason: str, model: Pipeline, server: Script
) -> None:
    server.say(said)
    answer = model.ask(question, (), AS_OF)
    assert (answer.text, answer.engine) == (offline(model, question).text, "offline")
    assert reason in answer.notices[0]


@pytest.mark.parametrize(("question", "reason"), [(KO, "응답 시간 초과"), (EN, "it took too long")])
def test_a_server_that_hangs_is_waited_for_only_so_long(
    question: str, reason: str, server: Script, seeds_store: Path
) -> None:
    server.mode = "hang"
    model = with_model(seeds_store, server.url, timeout="1")
    answer = model.ask(question, (), AS_OF)
    assert (answer.text, answer.engine) == (offline(model, question).text, "offline")
    assert answer.latency_ms < 4500
    assert reason in answer.notices[0]
    assert len(server.requests) == 2


@pytest.mark.parametrize(("question", "reason"), [(KO, "서버에 연결되지 않음"), (EN, "the server cannot be reached")])
def test_a_server_that_is_not_there_gives_the_offline_answer(question: str, reason: str, seeds_store: Path) -> None:
    model = with_model(seeds_store, "http://127.0.0.1:9/v1")
    answer = model.ask(question, (), AS_OF)
    assert (answer.text, answer.engine) == (offline(model, question).text, "offline")
    assert reason in answer.notices[0]


def test_no_key_in_the_engine_its_errors_or_its_traceback(model: Pipeline, server: Script) -> None:
    server.mode, server.status, server.message = "status", 401, f"bad key {KEY}"
    engine = LlmEngine(model.settings)
    assert KEY not in repr(engine) + str(vars(engine)) + repr(model.settings) + str(vars(model))
    with pytest.raises(ModelError, match="the server refused the key") as caught:
        engine.complete("system", "user")
    assert KEY not in "".join(traceback.format_exception(caught.value))
    assert KEY not in repr(caught.value)
    assert server.headers[0]["Authorization"] == f"Bearer {KEY}"  # it goes to the server, and only there
