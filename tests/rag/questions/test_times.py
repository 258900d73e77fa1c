"""Questions about two times, and about what is different between them; days by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from rag.answers.answer import Answer
from rag.corpus.catalogue import Catalogue
from rag.questions.reader import understand
from tests.rag.conftest import AS_OF

DECEMBER, MARCH = (date(2023, 12, 1), date(2024, 1, 1)), (date(2024, 3, 1), date(2024, 4, 1))
YEARS = (date(2023, 1, 1), date(2024, 1, 1)), (date(2024, 1, 1), date(2025, 1, 1))


@pytest.mark.parametrize(
    ("question", "earlier", "later"),
    [
        ("2023년 12월이랑 2024년 3월 뭐가 달라졌어?", DECEMBER, MARCH),
        ("2024년 2월과 3월의 차이가 뭐야?", (date(2024, 2, 1), date(2024, 3, 1)), MARCH),
        ("what changed between 2023 and 2024?", *YEARS),
        ("작년이랑 비교해서 뭐가 뜨고 있어?", *YEARS),
    ],
)
def test_what_changed_is_the_later_time_against_the_earlier(
    question: str, earlier: object, later: object, catalogue: Catalogue
) -> None:
    reading = understand(question, catalogue, AS_OF)
    assert (reading.plan.kind, reading.against) == ("digest", earlier)
    assert (reading.plan.date_from, reading.plan.date_to) == later


@pytest.mark.parametrize(
    "question",
    [
        "2023년 12월이랑 2024년 3월에 나온 논문",
        "2024년 3월 논문 요약해줘",
        "Mamba 논문은 2023년과 2024년에 어떻게 달라?",
    ],
)
def test_other_questions_for_times_are_against_none(question: str, catalogue: Catalogue) -> None:
    assert understand(question, catalogue, AS_OF).against is None


@pytest.mark.parametrize(
    ("before", "question"),
    [
        ("2023년 12월 논문 요약해줘", "2024년 3월이랑 뭐가 달라졌어?"),
        ("summarize December 2023", "how does March 2024 compare?"),
    ],
)
def test_a_time_is_compared_with_that_of_the_answer_before(
    before: str, question: str, ask: Callable[..., Answer]
) -> None:
    answer = ask(question, before)
    assert (answer.plan.kind, answer.plan.date_from) == ("digest", MARCH[0])
    assert answer.papers[0] in ask("2024년 3월 논문").papers


@pytest.mark.parametrize(("question", "year"), [("올해 나온 Mamba 논문", 2024), ("Mamba papers of this year", 2024)])
def test_the_year_that_runs_is_that_of_the_last_digest_where_it_has_none(
    question: str, year: int, catalogue: Catalogue
) -> None:
    reading = understand(question, catalogue, date(2026, 3, 1))
    assert (reading.plan.date_from, reading.reason) == (date(year, 1, 1), None)
    assert reading.dates
    assert reading.dates.counted_from == date(2024, 6, 11)


@pytest.mark.parametrize("question", ["2026년 Mamba 논문", "Mamba papers from 2026"])
def test_a_year_that_is_named_is_no_other(question: str, catalogue: Catalogue) -> None:
    assert understand(question, catalogue, date(2026, 3, 1)).reason == "after_last_digest"
