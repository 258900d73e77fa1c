"""What the best papers tell: places of the best, how many stand for a topic, vectors of length one."""

from __future__ import annotations

import numpy as np
import pytest

from rag.evidence.signals import FIRST, REFERENCE, few, middle_of_best, top, unit


def test_the_best_come_first_and_of_equal_ones_the_earlier() -> None:
    assert top(np.array([1, 3, 3, 2], dtype=np.float32), 3).tolist() == [1, 2, 3]


@pytest.mark.parametrize(("papers", "count"), [(REFERENCE, FIRST), (200_000, FIRST), (20, 2)])
def test_fewer_papers_stand_for_a_topic_in_a_small_index(papers: int, count: int) -> None:
    assert few(FIRST, papers) == count


def test_a_vector_without_a_length_stays_zero() -> None:
    assert unit(np.array([[3, 4], [0, 0]], dtype=np.float32)).tolist() == pytest.approx(np.array([[0.6, 0.8], [0, 0]]))


def test_the_best_paper_gives_the_direction() -> None:
    middle = middle_of_best(np.array([9, 0, 0], dtype=np.float32), np.eye(3, dtype=np.float32), 2)
    assert middle.argmax() == 0
