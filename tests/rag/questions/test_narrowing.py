"""Answers that are widened to their end and beyond, over the sample digests; expectations by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag.answers.answer import Answer
from rag.corpus.catalogue import Catalogue

Ask = Callable[..., Answer]


@pytest.mark.parametrize(
    ("first", "more", "said"),
    [
        ("디퓨전 논문", "더 보여줘", "꼭 맞는 논문은 앞에서 모두 보여 드렸습니다. 다음으로 가까운 논문 7편입니다."),
        ("papers on diffusion", "more", "All papers that fit were shown before. Next in nearness come 7 papers."),
    ],
)
def test_behind_the_end_of_a_set_come_the_nearest_others(first: str, more: str, said: str, ask: Ask) -> None:
    whole, behind = ask(first), ask(more, first)
    assert behind.text.startswith(said)
    assert not set(behind.papers) & set(whole.papers)


def test_other_days_after_a_narrowed_list_bring_no_papers_of_the_first_days(ask: Ask, catalogue: Catalogue) -> None:
    answer = ask("2024년 3월은?", "디퓨전 논문", "비디오 쪽은?")
    assert {catalogue.papers[i].date.month for i in answer.papers} <= {3}
    assert "전체 논문에서 찾았습니다" not in answer.text


def test_titles_alone_are_of_one_answer(ask: Ask) -> None:
    assert "   - " not in ask("제목만 보여줘", "디퓨전 논문").text
    assert "   - " in ask("2023년 12월 것만", "디퓨전 논문", "제목만 보여줘").text
