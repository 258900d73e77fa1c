"""Which papers name a term, as far as it was looked for, and kept from one catalogue to the next: there only papers that are
new or say something else have to be looked through again.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.corpus.papers import Paper

Rows = NDArray[np.int64]
Spellings = tuple[str, ...]
_MOST = 1024  # terms that are kept
_NO_ROWS = np.zeros(0, dtype=np.int64)


class Standing(NamedTuple):
    """The papers that are known to name a term, and those that are left to look through; all others, where that is None."""

    rows: Rows = _NO_ROWS
    left: Rows | None = None


def same_rows(papers: Mapping[str, Paper], before: Mapping[str, Paper]) -> Rows:
    """Return for each paper its row among those of another catalogue, -1 where none of its id says the same."""
    places = {arxiv_id: row for row, arxiv_id in enumerate(before)}
    rows = np.full(len(papers), -1, dtype=np.int64)
    for row, paper in enumerate(papers.values()):
        was = before.get(paper.arxiv_id)
        if was and (paper.title, paper.ko, paper.en, paper.tags) == (was.title, was.ko, was.en, was.tags):
            rows[row] = places[paper.arxiv_id]
    return rows


class Standings:
    """What is known of terms in the papers of one catalogue; those that were looked for last."""

    def __init__(self, papers: int, before: Standings | None = None, was: Rows | None = None) -> None:
        """Take over what is known `before`, where the rows of its papers are given in the order of these ones."""
        self._of: OrderedDict[Spellings, Standing] = OrderedDict()
        self._papers, self._changing = papers, threading.Lock()
        if before is None or was is None:
            return
        now = np.full(before._papers, -1, dtype=np.int64)
        now[was[was >= 0]] = np.flatnonzero(was >= 0)
        new = np.flatnonzero(was < 0)
        for spellings, (rows, left) in before._all():
            held = now[rows]
            still = None if left is None else np.union1d(new, now[left][now[left] >= 0])
            self._of[spellings] = Standing(held[held >= 0], still)

    def _all(self) -> list[tuple[Spellings, Standing]]:
        with self._changing:
            return list(self._of.items())

    def of(self, spellings: Spellings) -> Standing:
        """Return what is known of a term by its spellings."""
        with self._changing:
            return self._of.get(spellings, Standing())

    def keep(self, spellings: Spellings, rows: Collection[int], *, whole: bool) -> None:
        """Note the papers that name a term: the `whole` of them, or those that were found so far."""
        found = np.array(sorted(rows), dtype=np.int64)
        with self._changing:
            self._of[spellings] = Standing(found, _NO_ROWS if whole else None)
            self._of.move_to_end(spellings)
            while len(self._of) > _MOST:
                self._of.popitem(last=False)
