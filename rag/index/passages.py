"""Soft matching: how much of a query's meaning the best passage of a paper holds, piece by piece.

Each piece of the query takes its nearest piece of a bullet with its title, by the piece vectors of the bundled model, so
that words meet across languages and spellings. This is late interaction (ColBERT, Khattab and Zaharia, 2020) with static
vectors; a piece weighs the squared length of its vector, which is how much the training found it to matter. Holds piece
ids only, built at ingest; knows no Chroma, and no other embedder.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from contextlib import suppress
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.index.jagged import Places, Starts, joined, starts_of, taken
from vectorstore.bundled import BundledModel, Vectors

TITLE_SHARE = 0.1  # of the title alone in a paper's match; measured in docs/experiments.md
MAX_PIECES = 64  # the heaviest pieces of a long query; the rest would move little and cost much
_FILES = ("papers", "passages", "pieces")

Ids = NDArray[np.int32]


def encode(texts: Sequence[str]) -> list[Ids]:
    """Return the distinct pieces of each text, ascending; the unknown one, whose vector is zero, where there is no other."""
    return [np.array(sorted(set(ids)) or [0], dtype=np.int32) for ids in BundledModel().pieces(texts)]


@cache
def one_thread() -> None:
    """Keep NumPy's OpenBLAS to the thread that calls it: on products as small as these a second one costs more than it does."""
    for library in (Path(np.__file__).parents[1] / "numpy.libs").glob("libscipy_openblas64*"):
        with suppress(OSError, AttributeError):
            ctypes.CDLL(str(library)).scipy_openblas_set_num_threads64_(1)


class PassageIndex:
    """The pieces of every passage of every paper, in the row order it was built with; a paper's first is its title.

    `papers[row]` is a paper's first passage, `passages[n]` a passage's first place in `pieces`; each ends with the total.
    """

    def __init__(self, papers: Starts, passages: Starts, pieces: Ids) -> None:
        self._papers, self._passages, self._pieces = papers, passages, pieces
        if papers[-1] != len(passages) - 1 or passages[-1] != len(pieces):
            raise ValueError(
                f"{papers[-1]} passages of {passages[-1]} pieces, not {len(passages) - 1} of {len(pieces)}"
            )

    @cached_property
    def _model(self) -> BundledModel:
        one_thread()
        return BundledModel()

    @cached_property
    def _norms(self) -> Vectors:
        """The length of every piece's vector; the unknown piece, which has none, counts as 1."""
        norms: Vectors = np.linalg.norm(self._model.piece_vectors().astype(np.float32), axis=1)
        return np.where(norms > 0, norms, np.float32(1))

    def __len__(self) -> int:
        return len(self._papers) - 1

    @classmethod
    def build(cls, documents: Sequence[Sequence[str]]) -> PassageIndex:
        """Index papers, each as its passages: the title, then the bullets; never none."""
        bags = encode([text for document in documents for text in document])
        return cls(
            starts_of([*map(len, documents)]),
            starts_of([*map(len, bags)]),
            np.concatenate([np.zeros(0, np.int32), *bags]),
        )

    @classmethod
    def joined(cls, parts: Sequence[PassageIndex]) -> PassageIndex:
        """Return the papers of several indexes, one after the other."""
        return cls(
            joined([part._papers for part in parts]),
            joined([part._passages for part in parts]),
            np.concatenate([np.zeros(0, np.int32), *(part._pieces for part in parts)]),
        )

    def of_rows(self, rows: Places) -> PassageIndex:
        """Return some papers, in that order."""
        papers, passages = taken(self._papers, rows)
        starts, places = taken(self._passages, passages)
        return PassageIndex(papers, starts, self._pieces[places])

    def of_paper(self, row: int) -> list[Ids]:
        """Return the pieces of each passage of a paper, the title's first."""
        starts = self._passages[self._papers[row] : self._papers[row + 1] + 1]
        return [self._pieces[start:end] for start, end in pairwise(starts)]

    def save(self, folder: Path) -> None:
        """Write the index into a folder that exists."""
        arrays: tuple[NDArray[Any], ...] = (self._papers, self._passages, self._pieces)
        for name, array in zip(_FILES, arrays, strict=True):
            np.save(folder / f"{name}.npy", array)

    @classmethod
    def load(cls, folder: Path) -> PassageIndex:
        """Read the index from a folder. Raises OSError, EOFError or ValueError where it is not whole."""
        return cls(*(np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in _FILES))

    def scores(self, query: str, rows: Sequence[int]) -> Vectors:
        """Return how far each of these papers holds the query's meaning: about 0 (nothing) to 1 (every piece)."""
        if not len(rows):
            return np.zeros(0, dtype=np.float32)
        titles, whole, firsts = self._matched(query, rows)
        matched: Vectors = (1 - TITLE_SHARE) * np.maximum.reduceat(whole, firsts) + TITLE_SHARE * titles
        return matched

    def each(self, query: str, rows: Sequence[int]) -> list[list[float]]:
        """Return how far each passage of each of these papers, with its title, holds the query's meaning."""
        if not len(rows):
            return []
        _, whole, firsts = self._matched(query, rows)
        return [part.tolist() for part in np.split(whole, firsts[1:])]

    def _matched(self, query: str, rows: Sequence[int]) -> tuple[Vectors, Vectors, Ids]:
        """Return the share that each title holds, that each passage holds with it, and each paper's first passage."""
        spans = [(self._papers[row], self._papers[row + 1]) for row in rows]
        passages = np.array([last - first for first, last in spans])
        firsts = np.cumsum(passages) - passages
        ids, counts = np.unique(np.asarray(self._model.pieces([query])[0], dtype=np.int32), return_counts=True)
        if not len(ids):
            return np.zeros(len(rows), np.float32), np.zeros(passages.sum(), np.float32), firsts
        table = self._model.piece_vectors()
        weights = counts * np.square(self._norms[ids])
        heavy = np.argsort(-weights, kind="stable")[:MAX_PIECES]
        weights, ids = weights[heavy] / weights[heavy].sum(), ids[heavy]
        wanted = table[ids].astype(np.float32) / self._norms[ids, None]

        held = [self._pieces[self._passages[first] : self._passages[last]] for first, last in spans]
        sizes = np.concatenate([np.diff(self._passages[first : last + 1]) for first, last in spans])
        distinct, places = np.unique(np.concatenate(held), return_inverse=True)
        near = (table[distinct].astype(np.float32) @ wanted.T / self._norms[distinct, None])[places]
        best = np.maximum.reduceat(near, np.cumsum(sizes) - sizes, axis=0)  # of each passage, a column a query piece
        titles = best[firsts]
        whole = np.maximum(best, np.repeat(titles, passages, axis=0)) @ weights
        return titles @ weights, whole, firsts
