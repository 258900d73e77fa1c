"""A copy of the vectors of a generation in one memory-mapped file, read by row number.

It serves exact scores: of known nodes, such as the bullets of a paper or a filtered set, and of all nodes of an index that is
not very large. Of more, the nearest are found by Chroma. Writer and readers agree on the order of rows. Losing the file costs only time.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vectorstore.bundled import Vectors

FILE = "vectors-1.npy"  # raise the number when the order of rows changes
_SAMPLE = 64  # rows that are checked when the file is opened


def open_vectors(folder: Path, rows: int) -> Vectors | None:
    """Map the vectors in the folder of a generation: float32, shape (rows, dims). Return None if missing or damaged."""
    try:
        found: Vectors = np.load(folder / FILE, mmap_mode="r")
    except (OSError, ValueError, EOFError):
        return None
    if found.ndim != 2 or found.dtype != np.float32 or len(found) != rows or not rows:
        return None
    lengths = np.linalg.norm(found[:: max(1, rows // _SAMPLE)], axis=1)
    sound = (abs(lengths - 1) < 1e-3) | (lengths == 0)  # zero: a text without a known piece
    return found if sound.all() and lengths.any() else None


class VectorWriter:
    """Writes the rows of the file in any order. All rows have the same size."""

    def __init__(self, out: io.BufferedIOBase, rows: int) -> None:
        self._out, self._rows, self._start = out, rows, 0

    def put(self, places: Sequence[int] | NDArray[np.int64], vectors: Vectors) -> None:
        """Write vectors, at least one, into the rows `places`."""
        if not self._start:
            shape = (self._rows, vectors.shape[1])
            header = {"descr": np.lib.format.dtype_to_descr(vectors.dtype), "fortran_order": False, "shape": shape}
            np.lib.format.write_array_header_1_0(self._out, header)
            self._start = self._out.tell()
        runs = np.flatnonzero(np.diff(places) != 1) + 1
        for first, block in zip([0, *runs], np.split(vectors, runs), strict=True):
            self._out.seek(self._start + places[first] * vectors[0].nbytes)
            self._out.write(block.tobytes())


@contextmanager
def write_vectors(folder: Path, rows: int) -> Iterator[VectorWriter]:
    """Open the file of vectors in the folder of a generation for writing. Raises OSError, also for a full disk."""
    with open(folder / FILE, "wb") as out:  # not mapped: a full disk would then kill the process
        yield VectorWriter(out, rows)
