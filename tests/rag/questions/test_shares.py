"""Shares that questions ask for, and the sets that they are of; expected by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag.answers.answer import Answer
from rag.questions.plan import Plan
from rag.questions.shares import asked_share, whole_of


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("what fraction of papers in 2024 are about foxes", True),
        ("What percentage of the papers mention owls?", True),
        ("2024년 논문 중 여우 논문 비율은?", True),
        ("논문 중 몇 퍼센트가 코드를 공개했어?", True),
        ("이 논문은 정확도를 몇 퍼센트 높였어?", False),
        ("how much faster are these papers?", False),
        ("여우 논문 몇 편이야?", False),
    ],
)
def test_a_share_is_asked_of_papers_and_not_of_values(question: str, asks: bool) -> None:
    assert bool(asked_share(question, question.rstrip("?").split())) is asks


def test_the_whole_is_the_set_without_what_is_asked_of_it() -> None:
    assert whole_of(Plan("count", topics=("여우",), sorts=("benchmark",))) == Plan("count", topics=("여우",))
    assert whole_of(Plan("count", topics=("여우",), authors=("Ada Kim",))) == Plan("count", authors=("Ada Kim",))
    assert whole_of(Plan("count", terms=("여우",), relation="use")) == Plan("count")
    assert whole_of(Plan("count", min_votes=20)) == Plan("count")
    assert whole_of(Plan("count")) is None


def test_an_answer_says_what_part_of_which_set(ask: Callable[..., Answer]) -> None:
    english, korean = (
        ask(q) for q in ("What percentage of the papers mention Mamba?", "논문 중 몇 퍼센트가 Mamba를 언급해?")
    )
    n = len(english.papers)
    assert english.text.splitlines()[0].endswith(f"That is {n / 77:.1%} of all 77 papers.")
    assert korean.text.splitlines()[0].endswith(f"전체 논문 77편의 {n / 77:.1%}입니다.")
    assert 0 < n < 77


def test_one_paper_of_a_day_is_not_told_as_if_it_were_alone(ask: Callable[..., Answer]) -> None:
    english, korean = ask("what's the latest paper you have"), ask("가장 최근에 나온 논문 하나만 알려줘")
    last = len(ask("2024년 6월 11일 논문 목록").papers)
    assert f"{last - 1} more papers are of the same day." in english.text
    assert f"같은 날 다이제스트에 실린 논문이 {last - 1}편 더 있습니다." in korean.text
