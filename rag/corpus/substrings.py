"""Which texts hold a string. Which parts of a long text may, is told by the runs of three and four bytes that occur in it.

One bit a hashed run and part, so that a name which few papers hold is looked for in few places, however many papers there are.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

SIZES = (3, 4)  # bytes of a run
_TOGETHER = 16  # texts that are looked through together
_UNINDEXED = 50  # look-ups through all of them, which take as long as making their index
_BITS = 16  # of its hash: of 16 papers, a tenth of all hashes occur


def as_bytes(text: str) -> bytes:
    """Return a string as it stands in `Texts`."""
    return text.encode("utf-8", "surrogatepass")


def _hashes(text: bytes, size: int) -> NDArray[np.uint32]:
    """Return the hash of each run of a text, by multiplication (Knuth, The Art of Computer Programming 6.4)."""
    letters = np.frombuffer(text, np.uint8).astype(np.uint32)
    count = max(len(letters) - size + 1, 0)
    runs = sum((letters[at : at + count] << np.uint32(8 * at) for at in range(size)), np.zeros(count, np.uint32))
    return (runs * np.uint32(2_654_435_761)) >> np.uint32(32 - _BITS)


class Grams:
    """The parts of a text between edges (the first 0, the last its length), by what may stand in each."""

    def __init__(self, text: bytes, edges: Sequence[int]) -> None:
        parts = list(pairwise(edges))
        self._all = range(len(parts))
        self._held = {
            size: np.zeros((-(-len(parts) // 8), 1 << _BITS), np.uint8) for size in SIZES
        }  # eight parts a row
        for size, held in self._held.items():
            for row, first in enumerate(range(0, len(parts), 8)):
                eight = np.zeros((8, 1 << _BITS), bool)
                for told, (start, end) in zip(eight, parts[first : first + 8], strict=False):
                    told[_hashes(text[start:end], size)] = True
                held[row] = np.packbits(eight, axis=0)[0]

    def holding(self, needle: bytes) -> Sequence[int]:
        """Return the parts that may hold a string, ascending: all that do, and few that do not. All for a very short one."""
        sizes = [size for size in SIZES if size <= len(needle)]
        if not sizes:
            return self._all
        held = np.hstack([self._held[size][:, _hashes(needle, size)] for size in sizes])
        rows = np.bitwise_and.reduce(held, axis=1)
        found: list[int] = np.flatnonzero(np.unpackbits(rows, count=len(self._all))).tolist()
        return found


class Texts:
    """Many texts as one, so that a string is looked for in all of them at once. They are bytes: that takes least memory."""

    def __init__(self, texts: Iterable[bytes]) -> None:
        self._starts, joined = array("q"), bytearray()
        for text in texts:
            self._starts.append(len(joined))
            joined += text + b"\n"
        self._all = bytes(joined)
        self._looked = 0  # how often something was looked for in all texts

    def ready(self) -> None:
        """Make the index of runs, which otherwise comes once so much was looked for that it pays."""
        _ = self._grams

    @cached_property
    def _edges(self) -> list[int]:
        return [*self._starts[::_TOGETHER], len(self._all)]

    @cached_property
    def _grams(self) -> Grams:
        return Grams(self._all, self._edges)

    def holding(self, needle: bytes) -> Iterator[int]:
        """Yield each text that holds a string, by its place."""
        for start, end in self._stretches(needle):
            while (at := self._all.find(needle, start, end)) >= 0:
                row = bisect_right(self._starts, at) - 1
                yield row
                start = self._bounds(row)[1]

    def _stretches(self, needle: bytes) -> Iterable[tuple[int, int]]:
        self._looked += 1
        if self._looked <= _UNINDEXED and "_grams" not in self.__dict__:
            return ((0, len(self._all)),)
        return ((self._edges[part], self._edges[part + 1]) for part in self._grams.holding(needle))

    def _bounds(self, row: int) -> tuple[int, int]:
        return self._starts[row], self._starts[row + 1] if row + 1 < len(self._starts) else len(self._all)

    def holds(self, row: int, needle: bytes) -> bool:
        """Whether a text holds a string."""
        return self._all.find(needle, *self._bounds(row)) >= 0

    def matches(self, row: int, pattern: re.Pattern[bytes]) -> bool:
        """Whether a pattern matches anywhere in a text."""
        return pattern.search(self._all, *self._bounds(row)) is not None

    def count(self, needle: bytes) -> int:
        """Return how often a string stands in all texts together."""
        return self._all.count(needle)
