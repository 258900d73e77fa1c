"""Days that are counted from a paper, and authors in small letters, over the sample digests; days by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from rag.answers.answer import Answer

Ask = Callable[..., Answer]
DAY = date(2023, 12, 4)  # of the digest that has Mamba
AFTER, NEXT = date(2023, 12, 5), date(2023, 12, 6)


@pytest.mark.parametrize(
    ("question", "start", "end"),
    [
        ("Mamba가 나온 다음 날 올라온 논문", AFTER, NEXT), ("what came out the day after Mamba?", AFTER, NEXT),
        ("Mamba 이후에 나온 비디오 생성 논문", AFTER, None), ("papers on video generation since Mamba came out", AFTER, None),
        ("Mamba 나오기 전 비디오 생성 논문", None, DAY), ("papers on video generation before Mamba", None, DAY),
    ],
)  # fmt: skip
def test_days_are_counted_from_the_day_of_a_paper(
    question: str, start: date | None, end: date | None, ask: Ask
) -> None:
    plan = ask(question).plan
    assert (plan.date_from, plan.date_to, plan.terms) == (start, end, ())


@pytest.mark.parametrize("question", ["Mamba 이후 단계에서 쓰는 방법", "what is after RLHF in the pipeline?"])
def test_a_name_that_no_day_is_counted_from_stays(question: str, ask: Ask) -> None:
    assert ask(question).plan.date_to is None


@pytest.mark.parametrize("question", ["recent dahua lin papers", "dahua lin papers"])
def test_an_author_in_small_letters_is_found(question: str, ask: Ask) -> None:
    assert ask(question).plan.authors == ("Dahua Lin",)
