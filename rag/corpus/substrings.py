"""Which parts of a long text may hold a string: every part is told by the runs of three and four bytes that occur in it.

One bit a hashed run and part, so that a name which few papers hold is looked for in few places, however many papers there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

SIZES = (3, 4)  # bytes of a run
_BITS = 16  # of its hash: of 16 papers, a tenth of all hashes occur


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
