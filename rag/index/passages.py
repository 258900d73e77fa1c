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
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.index.jagged import Places, Starts, concatenate, select_rows, starts_of
from vectorstore.bundled import BundledModel, Vectors

TITLE_SHARE = 0.1  # share of the title alone in the score of a paper; measured in docs/experiments.md
MAX_PIECES = 64  # the heaviest pieces of a long query; the others change little and take time
_BLOCK = 2_000  # passages whose vectors are added up together
_FILES = ("papers", "passages", "pieces")

Ids = NDArray[np.int32]


def encode(texts: Sequence[str]) -> list[Ids]:
    """Return the distinct pieces of each text, in ascending order; for a text without any, the unknown piece."""
    return [np.array(sorted(set(ids)) or [0], dtype=np.int32) for ids in BundledModel().pieces(texts)]


class Shares(NamedTuple):
    """How far papers hold a query's meaning, each an array with one value a paper, about 0 to 1.

    `best` is of the passage that holds most, the title counting TITLE_SHARE of it; `title` of the title alone; `first` of
    the first bullet with the title; `least` of the query's piece that the paper holds worst, light pieces aside.
    """

    best: Vectors
    title: Vectors
    first: Vectors
    least: Vectors


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
        """Return how far each of these papers holds the query's meaning: about 0 (nothing) to 1 (every piece)."""
        return self.shares([query], rows)[0].best

    def shares(self, queries: Sequence[str], rows: Sequence[int] | NDArray[np.int64]) -> list[Shares]:
        """Return of each query how far each of these papers holds its meaning, by where it does."""
        none = np.zeros(len(rows), dtype=np.float32)
        if not len(rows):
            return [Shares(none, none, none, none) for _ in queries]
        found = []
        nearness, firsts = self._near(queries, rows)
        for weights, near in nearness:
            if not len(weights):
                found.append(Shares(none, none, none, none))
                continue
            passages = np.diff([*firsts, len(near)])
            titles = near[firsts]
            whole = np.maximum(near, np.repeat(titles, passages, axis=0)) @ weights
            matched = (1 - TITLE_SHARE) * np.maximum.reduceat(whole, firsts) + TITLE_SHARE * (titles @ weights)
            heavy = weights >= 0.5 / len(weights)
            least = np.maximum.reduceat(near[:, heavy], firsts, axis=0).min(axis=1)
            found.append(Shares(matched, titles @ weights, whole[firsts + np.minimum(passages - 1, 1)], least))
        return found

    def vectors(self, passages: Places) -> Vectors:
        """Return the vectors of some passages as the bundled model's texts have them, but for pieces that occur twice."""
        starts, places = select_rows(self._passages, passages)
        table = self._model.piece_vectors()
        sums = np.zeros((len(passages), table.shape[1]), dtype=np.float32)
        for first in range(0, len(passages), _BLOCK):
            last = min(first + _BLOCK, len(passages))
            held = table[self._pieces[places[starts[first] : starts[last]]]]
            sums[first:last] = np.add.reduceat(held, starts[first:last] - starts[first], axis=0, dtype=np.float32)
        return self._model.shorten(sums)

    @property
    def starts(self) -> Starts:
        """The first passage of each paper, which is its title, and at last the number of all."""
        return np.asarray(self._papers)

    def each(self, query: str, rows: Sequence[int]) -> list[list[float]]:
        """Return how well each passage of each of these papers, with the title, matches a query."""
        if not len(rows):
            return []
        [(weights, near)], firsts = self._near([query], rows)
        titles = np.repeat(near[firsts], np.diff([*firsts, len(near)]), axis=0)
        whole = np.maximum(near, titles) @ weights
        return [part.tolist() for part in np.split(whole, firsts[1:])]

    def _near(
        self, queries: Sequence[str], rows: Sequence[int] | NDArray[np.int64]
    ) -> tuple[list[tuple[Vectors, Vectors]], Places]:
        """Return of each query the weight of its pieces and how near each passage comes to each; each paper's first passage.

        Weights sum to 1; of a query without a known piece there are none. A row a passage, a column a piece.
        """
        starts, passages = select_rows(self._papers, np.asarray(rows, dtype=np.int64))
        firsts = starts[:-1]
        starts, places = select_rows(self._passages, passages)
        held = np.take(self._pieces, places)
        table = self._model.piece_vectors()
        occurs = np.zeros(len(table), dtype=bool)
        occurs[held] = True
        distinct = np.flatnonzero(occurs)
        place = np.take(np.cumsum(occurs) - 1, held)  # many times faster than by index, as below
        known, norms = np.take(table, distinct, axis=0).astype(np.float32), self._norms[distinct, None]

        found = []
        for pieces in self._model.pieces(queries):
            ids, counts = np.unique(np.asarray(pieces, dtype=np.int32), return_counts=True)
            weights = counts * np.square(self._norms[ids])
            heavy = np.argsort(-weights, kind="stable")[:MAX_PIECES]
            weights, ids = weights[heavy] / (weights[heavy].sum() or 1), ids[heavy]
            wanted = table[ids].astype(np.float32) / self._norms[ids, None]
            near = np.take(known @ wanted.T / norms, place, axis=0)
            best = np.maximum.reduceat(near, starts[:-1], axis=0)
            found.append((weights.astype(np.float32), best))
        return found, firsts
