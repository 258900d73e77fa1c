"""Soft matching: how well the best passage of a paper matches a query, piece by piece.

Each piece of the query is compared with the nearest piece of a passage and its title, by the piece vectors of the
bundled model. This matches words across languages and spellings. It is late interaction (ColBERT, Khattab and
Zaharia, 2020) with static vectors. A piece is weighted by the squared length of its vector, which reflects how much
it mattered in training.

The index stores only the ids of pieces. It is built by an ingest, and uses neither Chroma nor another embedder.
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

from rag.index.jagged import Places, Starts, concatenate, select_rows, starts_of
from vectorstore.bundled import BundledModel, Vectors

TITLE_SHARE = 0.1  # share of the title alone in the score of a paper; measured in docs/experiments.md
MAX_PIECES = 64  # the heaviest pieces of a long query; the others change little and take time
_FILES = ("papers", "passages", "pieces")

Ids = NDArray[np.int32]


def encode(texts: Sequence[str]) -> list[Ids]:
    """Return the distinct pieces of each text, in ascending order; for a text without any, the unknown piece."""
    return [np.array(sorted(set(ids)) or [0], dtype=np.int32) for ids in BundledModel().pieces(texts)]


@cache
def one_thread() -> None:
    """Limit NumPy's OpenBLAS to one thread: for matrices this small a second one makes it slower."""
    for library in (Path(np.__file__).parents[1] / "numpy.libs").glob("libscipy_openblas64*"):
        with suppress(OSError, AttributeError):
            ctypes.CDLL(str(library)).scipy_openblas_set_num_threads64_(1)


class PassageIndex:
    """The pieces of all passages of all papers. The first passage of a paper is its title.

    Two jagged arrays: `papers[row]` is the first passage of a paper, and `passages[n]` the first place of a passage in
    `pieces`. Each ends with the total.
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
        """The length of the vector of each piece; 1 for the unknown piece, whose vector is zero."""
        norms: Vectors = np.linalg.norm(self._model.piece_vectors().astype(np.float32), axis=1)
        return np.where(norms > 0, norms, np.float32(1))

    def __len__(self) -> int:
        return len(self._papers) - 1

    @classmethod
    def build(cls, documents: Sequence[Sequence[str]]) -> PassageIndex:
        """Index papers, each given as its passages: the title, then the bullets."""
        bags = encode([text for document in documents for text in document])
        return cls(
            starts_of([*map(len, documents)]),
            starts_of([*map(len, bags)]),
            np.concatenate([np.zeros(0, np.int32), *bags]),
        )

    @classmethod
    def joined(cls, parts: Sequence[PassageIndex]) -> PassageIndex:
        """Return one index with the papers of several."""
        return cls(
            concatenate([part._papers for part in parts]),
            concatenate([part._passages for part in parts]),
            np.concatenate([np.zeros(0, np.int32), *(part._pieces for part in parts)]),
        )

    def of_rows(self, rows: Places) -> PassageIndex:
        """Return an index of the papers of some rows, in that order."""
        papers, passages = select_rows(self._papers, rows)
        starts, places = select_rows(self._passages, passages)
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
        """Read the index from a folder. Raises OSError, EOFError or ValueError if it is damaged."""
        return cls(*(np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in _FILES))

    def scores(self, query: str, rows: Sequence[int]) -> Vectors:
        """Return how well each of these papers matches a query, from about 0 (not at all) to 1 (in every piece)."""
        if not len(rows):
            return np.zeros(0, dtype=np.float32)
        titles, whole, firsts = self._matched(query, rows)
        matched: Vectors = (1 - TITLE_SHARE) * np.maximum.reduceat(whole, firsts) + TITLE_SHARE * titles
        return matched

    def each(self, query: str, rows: Sequence[int]) -> list[list[float]]:
        """Return how well each passage of each of these papers, with the title, matches a query."""
        if not len(rows):
            return []
        _, whole, firsts = self._matched(query, rows)
        return [part.tolist() for part in np.split(whole, firsts[1:])]

    def _matched(self, query: str, rows: Sequence[int]) -> tuple[Vectors, Vectors, Ids]:
        """Return the scores of titles, of passages with their titles, and the number of each paper's first passage."""
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
        best = np.maximum.reduceat(
            near, np.cumsum(sizes) - sizes, axis=0
        )  # one row a passage, one column a piece of the query
        titles = best[firsts]
        whole = np.maximum(best, np.repeat(titles, passages, axis=0)) @ weights
        return titles @ weights, whole, firsts
