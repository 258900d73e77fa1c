"""Jagged arrays: rows of different lengths in one flat array. Row `r` is `flat[starts[r] : starts[r + 1]]`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Starts = NDArray[np.int64]
Places = NDArray[np.int64]


def starts_of(lengths: Sequence[int] | NDArray[Any]) -> Starts:
    """Return where rows of these lengths start, followed by where the last one ends.

    >>> starts_of([2, 0, 3]).tolist(), starts_of([]).tolist()
    ([0, 2, 2, 5], [0])
    """
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)])


def select_rows(starts: NDArray[Any], rows: Places) -> tuple[Starts, Places]:
    """Select rows. Return their new starts, and the places of their items in the old flat array.

    >>> starts, places = select_rows(np.array([0, 2, 2, 5]), np.array([2, 0]))
    >>> starts.tolist(), places.tolist()
    ([0, 3, 5], [2, 3, 4, 0, 1])
    """
    first = starts[rows].astype(np.int64)
    lengths = starts[rows + 1].astype(np.int64) - first
    new = starts_of(lengths)
    return new, np.repeat(first - new[:-1], lengths) + np.arange(new[-1])


def concatenate(parts: Sequence[NDArray[Any]]) -> Starts:
    """Return the starts of several jagged arrays, concatenated.

    >>> concatenate([np.array([0, 2]), np.array([0, 1, 4])]).tolist(), concatenate([]).tolist()
    ([0, 2, 3, 6], [0])
    """
    ends = starts_of([int(part[-1]) for part in parts])
    shifted = [part[1:].astype(np.int64) + end for part, end in zip(parts, ends[:-1], strict=True)]
    return np.concatenate([np.zeros(1, np.int64), *shifted])


def stable_order(values: NDArray[np.int32]) -> Places:
    """Return the places that sort values, none of them negative. Equal values keep their order.

    Sorts by the lower and then the upper 16 bits: NumPy sorts 16-bit numbers in linear time, and 32-bit numbers ten
    times slower.
    """
    order: Places = np.argsort((values & 0xFFFF).astype(np.uint16), kind="stable")
    if len(values) and int(values.max()) > 0xFFFF:
        order = order[np.argsort((values >> 16).astype(np.uint16)[order], kind="stable")]
    return order
