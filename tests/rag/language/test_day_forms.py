"""Days that are written out, or as other countries and calendars write them, are read as those that they are."""

from __future__ import annotations

from datetime import date

import pytest

from rag.corpus.catalogue import Catalogue
from rag.questions.reader import understand

AS_OF = date(2024, 6, 20)


@pytest.mark.parametrize(
    ("question", "start", "end"),
    [
        ("이천이십사년 유월 십일일 논문", "2024-06-11", "2024-06-12"),
        ("이천이십사년 시월 논문은?", "2024-10-01", "2024-11-01"),
        ("2023년 십이월 이십일일에 나온 논문", "2023-12-21", "2023-12-22"),
        ("2024年6月11日 논문", "2024-06-11", "2024-06-12"),
        ("二〇二四年六月 논문", "2024-06-01", "2024-07-01"),
        ("papers of 2024年6月", "2024-06-01", "2024-07-01"),
        ("11.06.2024 논문", "2024-06-11", "2024-06-12"),
        ("papers of 21/12/2023", "2023-12-21", "2023-12-22"),
        ("papers of 12/21/2023", "2023-12-21", "2023-12-22"),
        ("papers from 2024-06-11T09:30:00Z", "2024-06-11", "2024-06-12"),
        ("papers of the sixth month of 2024", "2024-06-01", "2024-07-01"),
        ("단기 4357년 6월 논문", "2024-06-01", "2024-07-01"),
        ("불기 2568년 논문", "2024-01-01", "2025-01-01"),
        ("令和6年6月 논문", "2024-06-01", "2024-07-01"),
        ("Reiwa 6 June papers", "2024-06-01", "2024-07-01"),
        ("민국 113년 논문", "2024-01-01", "2025-01-01"),
    ],
)
def test_a_day_is_read_however_it_is_written(question: str, start: str, end: str, catalogue: Catalogue) -> None:
    plan = understand(question, catalogue, AS_OF).plan
    assert (str(plan.date_from), str(plan.date_to)) == (start, end)
    assert (plan.terms, plan.topics, plan.authors) == ((), (), ())


@pytest.mark.parametrize(
    "question",
    [
        "이월 삼십일 논문", "유월 삼십일일에 나온 논문", "이천이십사년 십삼월 논문", "2024年2月30日 논문", "31.06.2024 논문", "papers of 31/06/2024",
        "papers of 13/13/2024", "단기 4357년 2월 30일 논문", "음력 6월 11일 논문", "papers of lunar June 11",
    ],
)  # fmt: skip
def test_a_day_that_cannot_be_is_told_however_it_is_written(question: str, catalogue: Catalogue) -> None:
    assert understand(question, catalogue, AS_OF).reason == "impossible_day"


@pytest.mark.parametrize(
    "question", ["이월 학습 논문 말고 삼월", "오월동주 논문", "일월성신을 다룬 논문", "v1.2.2024 논문", "이일 논문"]
)
def test_words_that_only_look_like_days_stay_words(question: str, catalogue: Catalogue) -> None:
    assert understand(question, catalogue, AS_OF).reason != "impossible_day"


@pytest.mark.parametrize(
    "question", ["Mamba papers not from June 2024", "2024년 6월이 아닌 Mamba 논문은 몇 편?", "2024년 6월이 아닌 논문"]
)
def test_a_month_that_is_left_out_is_left_out(question: str, catalogue: Catalogue) -> None:
    reading = understand(question, catalogue, AS_OF)
    for one in (reading, *reading.later):
        start, end = one.plan.date_from or date.min, one.plan.date_to or date.max
        assert end <= date(2024, 6, 1) or start >= date(2024, 7, 1)


def test_periods_of_any_length_are_read(catalogue: Catalogue) -> None:
    for question in ("papers of the last 99999999999 days", "최근 999999999999년 논문"):
        reading = understand(question, catalogue, AS_OF)
        assert (reading.reason, reading.plan.date_from) == (None, date.min)
    assert understand("papers from 99999999999 years ago", catalogue, AS_OF).reason == "before_first_digest"
