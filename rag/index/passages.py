"""Soft matching: how well the best passage of a paper matches a query, piece by piece.

Each piece of the query is compared with the nearest piece of a passage and its title, by the piece vectors of the
bundled model. This matches words across languages and spellings. It is late interaction (ColBERT, Khattab and
Zaharia, 2020) with static vectors. A piece is weighted by the squared length of its vector, which reflects how much
it mattered in training.

The index stores only the ids of pieces. It is built by an ingest, and uses neither Chroma nor another embedder.
"""

from __future__ import annotations

import ctypes
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache, cached_property, lru_cache
from itertools import islice, pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.index.jagged import Places, Starts, concatenate, select_rows, starts_of
from vectorstore.bundled import Vectors, bundled
from vectorstore.vectors import Packed, pack, unpack

TITLE_SHARE = 0.1  # share of the title alone in the score of a paper; measured in docs/experiments.md
MAX_PIECES = 64  # the heaviest pieces of a long query; the others change little and take time
_BLOCK = 2_000  # pieces whose vectors are worked on together
_ADDED = 250  # passages whose vectors are added up together: each has twenty pieces and more
_KEPT = 160  # pieces of queries whose nearness to all others is kept; 64 KB each, and 2 ms to work out again
_FILES, _TITLES = ("papers", "passages", "pieces"), "titles.npy"

Ids = NDArray[np.int32]


def encode(texts: Sequence[str]) -> list[Ids]:
    """Return the distinct pieces of each text, in ascending order; for a text without any, the unknown piece."""
    return [np.array(sorted(set(ids)) or [0], dtype=np.int32) for ids in bundled().pieces(texts)]


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


class _Nearness:
    """How near the pieces of the bundled model come to one another, as cosines.

    Their vectors are small integers, so that products of them are exact as float32, however many are multiplied together.
    """

    def __init__(self) -> None:
        one_thread()
        self.model = bundled()
        self.table = self.model.piece_vectors()
        blocks = (self.table[at : at + _BLOCK].astype(np.float32) for at in range(0, len(self.table), _BLOCK))
        norms = np.concatenate([np.linalg.norm(block, axis=1) for block in blocks])
        self.norms: Vectors = np.where(norms > 0, norms, np.float32(1))  # the unknown piece has a vector of zeros
        self._kept: OrderedDict[int, Vectors] = OrderedDict()
        self._keeping = threading.Lock()

    def between(self, rows: Places | slice, pieces: Ids) -> Vectors:
        """Return how near some rows of the table come to some pieces, one column each."""
        held = self.table[rows] if isinstance(rows, slice) else np.take(self.table, rows, axis=0)
        products = held.astype(np.float32) @ self.table[pieces].astype(np.float32).T
        near: Vectors = products / self.norms[rows, None] / self.norms[pieces]
        return near

    def of_all(self, pieces: Ids) -> list[Vectors]:
        """Return how near every piece comes to some pieces; those of the last queries are kept."""
        wanted = pieces.tolist()
        with self._keeping:
            kept = {piece: self._kept[piece] for piece in wanted if piece in self._kept}
        missing = np.array([piece for piece in wanted if piece not in kept], dtype=np.int32)
        if len(missing):
            blocks = range(0, len(self.table), _BLOCK)
            columns = np.concatenate([self.between(slice(at, at + _BLOCK), missing) for at in blocks]).T
            kept |= zip(missing.tolist(), map(np.ascontiguousarray, columns), strict=True)
        with self._keeping:
            for piece in wanted:
                self._kept[piece] = kept[piece]
                self._kept.move_to_end(piece)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return [kept[piece] for piece in wanted]


@cache
def _nearness() -> _Nearness:
    return _Nearness()


class PassageIndex:
    """The pieces of all passages of all papers. The first passage of a paper is its title.

    Two jagged arrays: `papers[row]` is the first passage of a paper, and `passages[n]` the first place of a passage in
    `pieces`. Each ends with the total.
    """

    def __init__(self, papers: Starts, passages: Starts, pieces: Ids, titles: Packed | None = None) -> None:
        self._papers, self._passages, self._pieces = papers, passages, pieces
        self._given = titles
        if titles is not None and len(titles) != len(papers) - 1:
            raise ValueError(f"titles of {len(titles)} papers, not {len(papers) - 1}")
        if papers[-1] != len(passages) - 1 or passages[-1] != len(pieces):
            raise ValueError(
                f"{papers[-1]} passages of {passages[-1]} pieces, not {len(passages) - 1} of {len(pieces)}"
            )

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
            np.concatenate([part._packed for part in parts]) if parts else None,
        )

    def of_rows(self, rows: Places) -> PassageIndex:
        """Return an index of the papers of some rows, in that order."""
        papers, passages = select_rows(self._papers, rows)
        starts, places = select_rows(self._passages, passages)
        return PassageIndex(papers, starts, self._pieces[places], self._packed[rows])

    def of_paper(self, row: int) -> list[Ids]:
        """Return the pieces of each passage of a paper, the title's first."""
        starts = self._passages[self._papers[row] : self._papers[row + 1] + 1]
        return [self._pieces[start:end] for start, end in pairwise(starts)]

    def save(self, folder: Path) -> None:
        """Write the index into a folder that exists."""
        arrays: tuple[NDArray[Any], ...] = (self._papers, self._passages, self._pieces)
        for name, array in zip(_FILES, arrays, strict=True):
            np.save(folder / f"{name}.npy", array)
        np.save(folder / _TITLES, self._packed)

    @classmethod
    def load(cls, folder: Path) -> PassageIndex:
        """Read the index from a folder. Raises OSError, EOFError or ValueError if it is damaged."""
        papers, passages, pieces = (np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in _FILES)
        titles = np.load(folder / _TITLES, mmap_mode="r") if (folder / _TITLES).is_file() else None
        return cls(papers, passages, pieces, titles)

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
            whole = _weighed(np.maximum(near, np.repeat(titles, passages, axis=0)), weights)
            title = _weighed(titles, weights)
            matched = (1 - TITLE_SHARE) * np.maximum.reduceat(whole, firsts) + TITLE_SHARE * title
            heavy = weights >= 0.5 / len(weights)
            least = np.maximum.reduceat(near[:, heavy], firsts, axis=0).min(axis=1)
            found.append(Shares(matched, title, whole[firsts + np.minimum(passages - 1, 1)], least))
        return found

    def vectors(self, passages: Places) -> Vectors:
        """Return the vectors of some passages as the bundled model's texts have them, but for pieces that occur twice."""
        starts, places = select_rows(self._passages, passages)
        model = bundled()
        table = model.piece_vectors()
        sums = np.zeros((len(passages), table.shape[1]), dtype=np.float32)
        for first in range(0, len(passages), _ADDED):
            last = min(first + _ADDED, len(passages))
            held = table[self._pieces[places[starts[first] : starts[last]]]]
            sums[first:last] = np.add.reduceat(held, starts[first:last] - starts[first], axis=0, dtype=np.float32)
        return model.shorten(sums)

    @cached_property
    def _packed(self) -> Packed:
        return pack(self.vectors(self.starts[:-1])) if self._given is None else self._given

    @property
    def titles(self) -> Vectors:
        """A vector of each paper's title, of unit length, a row a paper."""
        return unpack(self._packed)

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
        whole = _weighed(np.maximum(near, titles), weights)
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
        held = np.take(self._pieces, places).astype(np.intp)  # to index is to convert, once
        weighed = [_weighed_pieces(query) for query in queries]
        every = _each_near(held, np.concatenate([np.zeros(0, np.int32), *(ids for _, ids in weighed)]))
        found = []
        for weights, _ in weighed:
            best = [np.maximum.reduceat(one, starts[:-1]) for one in islice(every, len(weights))]
            near = np.stack(best, axis=1) if best else np.zeros((len(firsts), 0), dtype=np.float32)
            found.append((weights, near))
        return found, firsts


@lru_cache(maxsize=512)  # what is asked of one index is asked of the next
def _weighed_pieces(query: str) -> tuple[Vectors, Ids]:
    """Return the heaviest pieces of a query with their weights, which sum to 1; none where the model knows no piece."""
    nearness = _nearness()
    [pieces] = nearness.model.pieces([query])
    ids, counts = np.unique(np.asarray(pieces, dtype=np.int32), return_counts=True)
    weights = counts * np.square(nearness.norms[ids])
    heavy = np.argsort(-weights, kind="stable")[:MAX_PIECES]
    return (weights[heavy] / (weights[heavy].sum() or 1)).astype(np.float32), ids[heavy]


def _weighed(near: Vectors, weights: Vectors) -> Vectors:
    """Return the weighted sum of each row: the same to the bit, whichever rows there are, as OpenBLAS's is not."""
    summed: Vectors = np.einsum("ij,j->i", near, weights)
    return summed


def _each_near(held: Places, pieces: Ids) -> Iterator[Vectors]:
    """Yield of each of some pieces how near it lies to each one held; of many held, the nearness of all pieces is looked up."""
    nearness = _nearness()
    if len(held) >= len(nearness.table):
        for column in nearness.of_all(pieces):
            yield np.take(column, held)
        return
    occurs = np.zeros(len(nearness.table), dtype=bool)
    occurs[held] = True
    distinct, place = np.flatnonzero(occurs), np.take(np.cumsum(occurs) - 1, held)  # faster than np.unique
    for column in nearness.between(distinct, pieces).T:
        yield np.take(column, place)
