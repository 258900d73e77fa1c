"""What is seen in papers, kept from one index to the next: in a paper whose text stays, it stays the same.

A key says what is looked for, such as a phrase; what is seen of it in a paper is a row of values. Knows neither phrases nor
values, and nothing of an index but its papers.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.corpus.catalogue import Catalogue
from vectorstore.bundled import Vectors

Places = NDArray[np.int64]
Look = Callable[[Places], Vectors]
_MOST = 16_000_000  # bytes that are kept; a phrase takes 130 KB over 5,000 papers


class _Table(NamedTuple):
    """Rows of values, and for each paper where its row is; -1 where nobody looked."""

    at: NDArray[np.int32]
    rows: Vectors

    @classmethod
    def of(cls, papers: Places, rows: Vectors, size: int) -> _Table:
        at = np.full(size, -1, dtype=np.int32)
        at[papers] = np.arange(len(papers), dtype=np.int32)
        return cls(at, rows)

    def followed_by(self, papers: Places, rows: Vectors) -> _Table:
        at = self.at.copy()
        at[papers] = len(self.rows) + np.arange(len(papers), dtype=np.int32)
        return _Table(at, np.concatenate([self.rows, rows]))

    @property
    def size(self) -> int:
        return self.at.nbytes + self.rows.nbytes


class Seen:
    """What is seen in the papers of one index, and what was seen in those that the index before it had too."""

    def __init__(self, catalogue: Catalogue, before: Seen | None = None) -> None:
        """Take a catalogue; what was seen `before` is of the papers of the one that it follows."""
        self._catalogue = catalogue
        self._tables: OrderedDict[tuple[Hashable, ...], _Table] = OrderedDict()
        self._size, self._changing = 0, threading.Lock()
        was = catalogue.was
        if before is not None and was is not None and len(before._catalogue):
            for key, table in before._kept():
                self._tables[key] = moved = _Table(np.where(was < 0, np.int32(-1), table.at[was]), table.rows)
                self._size += moved.size

    def _kept(self) -> list[tuple[tuple[Hashable, ...], _Table]]:
        with self._changing:
            return list(self._tables.items())

    def in_papers(self, rows: Places, key: tuple[Hashable, ...], look: Look) -> Vectors:
        """Return what is seen in the papers of some rows, a row of values each; read-only.

        `look` returns it for some of these rows. It must see the same in a paper whichever others it is given.
        """
        with self._changing:
            if table := self._tables.get(key):
                self._tables.move_to_end(key)
        if table is None or not len(table.rows):
            found = look(rows)
            self._keep(key, _Table.of(rows, found, len(self._catalogue)))
        else:
            at = table.at[rows]
            found, missing = table.rows[at], np.flatnonzero(at < 0)
            if len(missing):
                found[missing] = fresh = look(rows[missing])
                more = table.followed_by(rows[missing], fresh)
                self._keep(key, more if len(more.rows) <= len(more.at) else _Table.of(rows, found, len(more.at)))
        found.flags.writeable = False
        return found

    def _keep(self, key: tuple[Hashable, ...], table: _Table) -> None:
        with self._changing:
            if key in self._tables:
                self._size -= self._tables.pop(key).size
            self._tables[key] = table
            self._size += table.size
            while self._size > _MOST:
                self._size -= self._tables.popitem(last=False)[1].size
