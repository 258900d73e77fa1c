"""Questions that want a statement, from the question to its answer in both languages, over invented digests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rag.answers.answer import Answer
from rag.index.ingest import ingest
from rag.language.assertions import asked_assertion
from rag.pipeline import Pipeline
from rag.wiring import embedder
from tests.doubles import entry, write_day
from tests.rag.conftest import AS_OF, settings_for
from vectorstore.store import open_store

Ask = Callable[..., Answer]
_PAPERS = (
    ("2406.00001", "Routing Experts Anew", 5, (
        "전문가 혼합(Mixture of Experts)의 라우팅을 다시 설계한 모델을 제안합니다.",
        "전문가 혼합의 학습이 불안정한 것은 라우터의 로짓이 커지기 때문입니다.")),
    ("2406.00002", "Experts for Birds", 9, (
        "새를 가려내는 전문가 혼합 모델을 제안합니다.", "이 모델은 안정적으로 학습됩니다.")),
    ("2406.00003", "Reading with Retrieval", 3, (
        "검색 증강 생성(RAG)으로 긴 글을 읽는 방법을 제안합니다.",
        "RAG는 질문이 모호하면 엉뚱한 문서를 찾는 한계가 있습니다.")),
    ("2406.00004", "Graphs for Retrieval", 8, (
        "그래프로 문서를 잇는 방법을 제안하여 RAG의 한계를 극복합니다.",)),
    ("2406.00005", "Does Quantization Spare Reasoning?", 4, (
        "양자화가 추론 능력에 주는 영향을 조사합니다.", "4비트 양자화는 추론 정확도를 12% 저하시키는 것으로 나타났습니다.")),
    ("2406.00006", "HareTree: Grammars for Answers", 7, (
        "HareTree는 문법에 맞는 답을 내는 디코딩 방법입니다.", "엄격한 문법은 추론 능력을 떨어뜨릴 수 있음을 보입니다.")),
    ("2406.00007", "Prompts of Foxes", 1, ("프롬프트로 여우의 사진을 고르는 방법을 제안합니다.",)),
)  # fmt: skip


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    folder: Path = tmp_path_factory.mktemp("asserted")
    days = write_day(folder / "digests", "2024-06-11", *(entry(i, t, b, votes=v) for i, t, v, b in _PAPERS))
    settings = settings_for(folder / "store")
    ingest(open_store(settings.store, folder), embedder(settings), [days.parent])
    pipeline = Pipeline(settings)
    return lambda question, *history: pipeline.ask(question, history, AS_OF)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("왜 MoE는 학습이 불안정해?", "cause"),
        ("why do attention sinks happen", "cause"),
        ("RAG의 단점은?", "limits"),
        ("what are the limitations of RAG?", "limits"),
        ("test-time scaling이 실제로 효과 있나?", "effect"),
        ("does quantization hurt reasoning?", "effect"),
        ("양자화가 성능을 떨어뜨리나요?", "effect"),
        ("who is skeptical about scaling laws", "doubt"),
        ("스케일링 법칙에 회의적인 쪽은?", "doubt"),
        ("what do papers find about model collapse?", "finding"),
        ("MoE를 왜 쓰는 거야?", None),
        ("why is LoRA used?", None),
        ("RAG 논문 알려줘", None),
        ("성능을 향상시킨 논문 있어?", None),
    ],
)
def test_a_question_for_a_statement_is_told_by_its_words(question: str, kind: str | None) -> None:
    assert asked_assertion(question)[0] == kind


@pytest.mark.parametrize(
    ("question", "opening", "paper", "said"),
    [
        ("왜 전문가 혼합은 학습이 불안정해?", "요약에서 이유나 원인을 밝힌 문장입니다.", "2406.00001", "라우터의 로짓이 커지기 때문입니다."),
        ("RAG의 단점은 뭐야?", "요약에서 한계나 문제로 적은 내용입니다.", "2406.00003", "엉뚱한 문서를 찾는 한계가 있습니다."),
        ("what are the limitations of RAG?", "What the summaries call a limit or a problem:", "2406.00003", "엉뚱한 문서를 찾는 한계가 있습니다."),
        ("does quantization hurt reasoning?", "What the summaries say of the effect; each paper has its own setting, so there is no one answer:", "2406.00005", "12% 저하시키는"),
    ],
)  # fmt: skip
def test_the_sentence_that_states_it_comes_first_with_its_paper(
    asked: Ask, question: str, opening: str, paper: str, said: str
) -> None:
    answer = asked(question)
    assert answer.text.startswith(opening)
    first = next(line for line in answer.text.splitlines() if line.startswith("- "))
    assert said in first
    assert "[1]" in first
    assert answer.papers[0] == paper


def test_where_no_sentence_states_it_the_nearest_papers_are_said_to_be_only_near(asked: Ask) -> None:
    korean = asked("왜 전문가 혼합은 통신 비용이 커?")
    assert korean.text.startswith(
        "그 이유를 밝힌 문장은 요약에서 찾지 못했습니다. 주제가 가장 가까운 논문은 다음과 같습니다."
    )
    assert korean.papers[0] in ("2406.00001", "2406.00002")


def test_what_a_paper_of_its_own_states_is_found_in_its_summary(asked: Ask) -> None:
    answer = asked("does HareTree hurt reasoning")
    assert "엄격한 문법은 추론 능력을 떨어뜨릴 수 있음을 보입니다." in answer.text
    assert answer.papers == ("2406.00006",)


def test_it_is_what_the_question_before_was_about(asked: Ask) -> None:
    answer = asked("what are its limitations?", "what is RAG")
    assert "엉뚱한 문서를 찾는 한계가 있습니다." in answer.text


def test_everyday_whys_are_still_refused(asked: Ask) -> None:
    assert asked("why is the sky blue?").status == "refused"


@pytest.mark.parametrize(
    "question", ["Is there research on why experts fail?", "왜 전문가 혼합이 불안정한지 다룬 논문 있어?"]
)
def test_a_question_for_papers_stays_one(asked: Ask, question: str) -> None:
    assert asked(question).plan.kind == "list"
