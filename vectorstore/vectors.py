"""The vectors of a generation once more, in one file beside Chroma: read by their place, mapped, without asking Chroma.

For exact work on nodes that are already known (the bullets of a paper, a filtered set); what is near among all is Chroma's
to find. Rows stand in an order that the writer and the readers agree on. Losing the file costs time only.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vectorstore.bundled import Vectors

_FILE = "vectors-1.npy"  # another number for another order of rows
_SAMPLE = 64  # rows looked at when the file is opened


def open_vectors(folder: Path, rows: int) -> Vectors | None:
    """Map the vectors of a generation's folder, float32 of shape (rows, dims); None where they are missing or broken."""
    try:
        found: Vectors = np.load(folder / _FILE, mmap_mode="r")
    except (OSError, ValueError, EOFError):
        return None
    if found.ndim != 2 or found.dtype != np.float32 or len(found) != rows or not rows:
        return None
    lengths = np.linalg.norm(found[:: max(1, rows // _SAMPLE)], axis=1)
    sound = (abs(lengths - 1) < 1e-3) | (lengths == 0)  # a text without a known piece has no direction
    return found if sound.all() and lengths.any() else None


class VectorWriter:
    """Writes the file row by row, in any order; all rows have one size."""

    def __init__(self, out: io.BufferedIOBase, rows: int) -> None:
        self._out, self._rows, self._start = out, rows, 0

    def put(self, places: Sequence[int] | NDArray[np.int64], vectors: Vectors) -> None:
        """Write vectors, at least one, into their rows."""
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
def written_vectors(folder: Path, rows: int) -> Iterator[VectorWriter]:
    """Write the vectors of a generation's folder. Raises OSError, also for a full disk."""
    with open(folder / _FILE, "wb") as out:  # not mapped: a full disk would end the process
        yield VectorWriter(out, rows)
