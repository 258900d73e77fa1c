"""Which of two times had more papers: one sentence before the two answers. Sets are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rag.answers.two_times import which_had_more
from rag.evidence.types import Evidence
from rag.language.text import Language
from rag.questions.plan import Plan
from rag.questions.reading import Reading

MARCH = (date(2024, 3, 1), date(2024, 4, 1))
YEAR_AFTER = (date(2025, 3, 1), date(2025, 4, 1))
KO, EN = (
    "2024년 3월이랑 2025년 3월 중 언제가 RAG 논문이 더 많아?",
    "were there more RAG papers in March 2024 or March 2025?",
)


def found(question: str, language: Language, counts: tuple[int, int], topic: bool = True) -> list[Evidence]:
    plan = Plan("list", topics=("RAG",)) if topic else Plan("list", terms=("RAG",))
    plans = [replace(plan, date_from=start, date_to=end) for start, end in (MARCH, YEAR_AFTER)]
    return [Evidence(Reading(question, language, one, ""), pool=n) for one, n in zip(plans, counts, strict=True)]


@pytest.mark.parametrize(
    ("question", "language", "counts", "said"),
    [
        (KO, "ko", (3, 9), "2024년 3월은 약 3편, 2025년 3월은 약 9편으로 2025년 3월이 더 많습니다."),
        (KO, "ko", (4, 4), "2024년 3월은 약 4편, 2025년 3월은 약 4편으로 같습니다."),
        (EN, "en", (12, 9), "March 2024 had more papers: about 12 against 9 in March 2025."),
        (EN, "en", (0, 0), "March 2024 and March 2025 had as many papers (about 0 each)."),
    ],
)
def test_which_time_had_more_is_said_first(
    question: str, language: Language, counts: tuple[int, int], said: str
) -> None:
    assert which_had_more(found(question, language, counts)) == said


def test_exact_counts_are_no_estimates() -> None:
    assert (
        which_had_more(found(EN, "en", (1, 2), topic=False)) == "March 2025 had more papers: 2 against 1 in March 2024."
    )


def test_nothing_is_said_of_near_papers_other_sets_or_other_questions() -> None:
    first, second = found(EN, "en", (5, 5))
    assert which_had_more([replace(first, near=True), second]) == ""
    assert which_had_more([first]) == ""
    other = replace(second, reading=replace(second.reading, plan=replace(second.reading.plan, topics=("agents",))))
    assert which_had_more([first, other]) == ""
    assert which_had_more(found("RAG papers in March 2024 and in March 2025", "en", (5, 6))) == ""
