"""Rows of different lengths in one array: row `r` lies from `starts[r]` to `starts[r + 1]`, and the last start is the end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Starts = NDArray[np.int64]
Places = NDArray[np.int64]


def starts_of(lengths: Sequence[int] | NDArray[Any]) -> Starts:
    """Return where rows of these lengths begin, and where the last ends.

    >>> starts_of([2, 0, 3]).tolist(), starts_of([]).tolist()
    ([0, 2, 2, 5], [0])
    """
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)])


def taken(starts: NDArray[Any], rows: Places) -> tuple[Starts, Places]:
    """Return the starts of some rows, in their order, and the places of all that they hold.

    >>> starts, places = taken(np.array([0, 2, 2, 5]), np.array([2, 0]))
    >>> starts.tolist(), places.tolist()
    ([0, 3, 5], [2, 3, 4, 0, 1])
    """
    first = starts[rows].astype(np.int64)
    lengths = starts[rows + 1].astype(np.int64) - first
    new = starts_of(lengths)
    return new, np.repeat(first - new[:-1], lengths) + np.arange(new[-1])


def joined(parts: Sequence[NDArray[Any]]) -> Starts:
    """Return the starts of several arrays' rows, one array behind the other.

    >>> joined([np.array([0, 2]), np.array([0, 1, 4])]).tolist(), joined([]).tolist()
    ([0, 2, 3, 6], [0])
    """
    ends = starts_of([int(part[-1]) for part in parts])
    shifted = [part[1:].astype(np.int64) + end for part, end in zip(parts, ends[:-1], strict=True)]
    return np.concatenate([np.zeros(1, np.int64), *shifted])


def stable_order(values: NDArray[np.int32]) -> Places:
    """Return the places of values from 0 up in ascending order, of equal ones the earlier first.

    By their halves: NumPy sorts 16 bits in step with their number, and 32 bits ten times as long.
    """
    order: Places = np.argsort((values & 0xFFFF).astype(np.uint16), kind="stable")
    if len(values) and int(values.max()) > 0xFFFF:
        order = order[np.argsort((values >> 16).astype(np.uint16)[order], kind="stable")]
    return order
