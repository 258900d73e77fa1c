"""Answers that are widened to their end and beyond, over the sample digests; expectations by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag.answers.answer import Answer

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
