"""The vectors of a generation in one memory-mapped file, read by row number.

It serves exact scores: of known nodes, such as the bullets of a paper or a filtered set, and of all nodes of an index that is
not very large. Of more, the nearest are found by Chroma. Writer and readers agree on the order of rows. Losing the file costs only time.

Each number takes 16 bits, as a multiple of 1/32767: half of what float32 takes, and compared as fast. Measured in docs/experiments.md.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vectorstore.bundled import Vectors

FILE = "vectors-1.npy"  # raise the number when the order of rows changes
_SAMPLE = 64  # rows that are checked when the file is opened
_ONE = np.float32(32_767)
_BLOCK = 1_000  # rows that are compared at once: a megabyte of float32

Packed = NDArray[np.int16]


def pack(vectors: Vectors) -> Packed:
    """Round vectors of unit length, or zero, to 16 bits a number. Packed and unpacked again they stay the same.

    >>> pack(np.array([[0.6, -0.8]], dtype=np.float32)).tolist()
    [[19660, -26214]]
    """
    rounded: Packed = np.rint(vectors * _ONE).astype(np.int16)
    return rounded


def unpack(rows: NDArray[Any]) -> Vectors:
    """Return packed vectors as float32."""
    return rows.astype(np.float32) / _ONE


class StoredVectors:
    """The mapped vectors of all nodes of a generation. They are float32 when they are read."""

    def __init__(self, mapped: NDArray[Any]) -> None:
        self._mapped = mapped
        self.is_packed = mapped.dtype == np.int16  # an earlier version wrote float32

    def __len__(self) -> int:
        return len(self._mapped)

    def __getitem__(self, rows: slice | NDArray[np.int64]) -> Vectors:
        """Return some rows."""
        held = self._mapped[rows]
        return unpack(held) if self.is_packed else np.asarray(held)

    def scores(self, vector: Vectors) -> Vectors:
        """Return the dot product of every row with a vector."""
        if not self.is_packed:
            return np.asarray(self._mapped @ vector)
        scores = np.empty(len(self), dtype=np.float32)
        for start in range(0, len(self), _BLOCK):
            held = self._mapped[start : start + _BLOCK].astype(np.float32)
            np.dot(held, vector, out=scores[start : start + _BLOCK])
        return scores / _ONE


def open_vectors(folder: Path, rows: int) -> StoredVectors | None:
    """Map the vectors in the folder of a generation. Return None if they are missing, damaged, or not of that many rows."""
    try:
        mapped = np.load(folder / FILE, mmap_mode="r")
    except (OSError, ValueError, EOFError):
        return None
    if mapped.ndim != 2 or mapped.dtype not in (np.int16, np.float32) or len(mapped) != rows or not rows:
        return None
    found = StoredVectors(mapped)
    lengths = np.linalg.norm(found[:: max(1, rows // _SAMPLE)], axis=1)
    sound = (abs(lengths - 1) < 1e-3) | (lengths == 0)  # zero: a text without a known piece
    return found if sound.all() and lengths.any() else None


def is_of_earlier_form(folder: Path) -> bool:
    """Whether an earlier version wrote the vectors in the folder of a generation. Its Chroma then holds texts, too."""
    try:
        return bool(np.load(folder / FILE, mmap_mode="r").dtype == np.float32)
    except (OSError, ValueError, EOFError):
        return False


class VectorWriter:
    """Writes the rows of the file in any order. All rows have the same size."""

    def __init__(self, out: io.BufferedIOBase, rows: int) -> None:
        self._out, self._rows, self._start = out, rows, 0

    def put(self, places: Sequence[int] | NDArray[np.int64], vectors: Vectors) -> None:
        """Write vectors, at least one, into the rows `places`."""
        packed = pack(vectors)
        if not self._start:
            shape = (self._rows, packed.shape[1])
            header = {"descr": np.lib.format.dtype_to_descr(packed.dtype), "fortran_order": False, "shape": shape}
            np.lib.format.write_array_header_1_0(self._out, header)
            self._start = self._out.tell()
        runs = np.flatnonzero(np.diff(places) != 1) + 1
        for first, block in zip([0, *runs], np.split(packed, runs), strict=True):
            self._out.seek(self._start + places[first] * packed[0].nbytes)
            self._out.write(block.tobytes())


@contextmanager
def write_vectors(folder: Path, rows: int) -> Iterator[VectorWriter]:
    """Open the file of vectors in the folder of a generation for writing. Raises OSError, also for a full disk."""
    with open(folder / FILE, "wb") as out:  # not mapped: a full disk would then kill the process
        yield VectorWriter(out, rows)
