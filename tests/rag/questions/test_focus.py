"""What is asked of the one paper before in a chat, over the sample digests; expectations by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag.answers.answer import Answer

Ask = Callable[..., Answer]
POWERINFER, STREAM = "2312.12456", "2312.12491"
EN, KO = "tell me about StreamDiffusion", "StreamDiffusion 논문 알려줘"


@pytest.mark.parametrize(
    ("first", "question", "fact"),
    [
        (EN, "numbers?", "91.07"), (EN, "on what hardware", "RTX"), (EN, "how much faster is it than the autopipeline", "59.56"),
        (KO, "결과 숫자 알려줘", "91.07"), (KO, "어떤 gpu에서 돌렸대", "RTX"), (KO, "얼마나 빨라지는데?", "배"),
    ],
)  # fmt: skip
def test_a_short_question_is_asked_of_the_paper_before(first: str, question: str, fact: str, ask: Ask) -> None:
    answer = ask(question, first)
    assert answer.papers == (STREAM,)
    assert fact in answer.text


@pytest.mark.parametrize(
    ("first", "question"),
    [(EN, "does it support ray tracing?"), (KO, "레이 트레이싱도 지원해?"), (EN, "is it better than Whisper?"), (KO, "Whisper보다 좋아?")],
)  # fmt: skip
def test_what_its_summary_lacks_is_told_of_it_and_looked_for_nowhere_else(first: str, question: str, ask: Ask) -> None:
    answer = ask(question, first)
    assert set(answer.papers) <= {STREAM}
    assert "StreamDiffusion" in answer.text


@pytest.mark.parametrize(("first", "question"), [(EN, "what's new?"), (KO, "뭐가 새로워?")])
def test_a_question_that_names_nothing_explains_it(first: str, question: str, ask: Ask) -> None:
    answer = ask(question, first)
    assert answer.plan.papers == (STREAM,)
    assert answer.citations


@pytest.mark.parametrize(
    ("first", "question"),
    [
        (EN, "papers on 3D generation"), (KO, "3D 생성 논문은?"), (EN, "who wrote PowerInfer?"), (KO, "PowerInfer는 누가 썼어?"),
        (EN, "anything on robots?"), (KO, "2023년 12월 4일에 뭐 나왔어?"),
    ],
)  # fmt: skip
def test_a_question_that_names_others_leaves_it(first: str, question: str, ask: Ask) -> None:
    answer = ask(question, first)
    assert STREAM not in answer.plan.papers


@pytest.mark.parametrize(("first", "question"), [(EN, "what's the weather in Busan?"), (KO, "오늘 부산 날씨 어때?")])
def test_what_is_not_about_papers_stays_refused(first: str, question: str, ask: Ask) -> None:
    assert ask(question, first).status == "refused"
