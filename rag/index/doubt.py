"""Doubt: how likely it is that a summary is not about the paper that its title names, from 0 to 1.

Digests made by a machine hold summaries of another paper, and texts that would fit any. Three things tell them: the
summary lies far from the title, it holds little of the title's meaning, and it resembles other summaries of which both are
true. The pieces of the lexical index are all it takes: nothing is embedded, and no other embedder changes it. Knows nothing
of whether a summary is true in its details. Weights and figures: docs/experiments.md; `tools/fit_doubt.py` makes them anew.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rag.corpus.papers import Paper
from rag.index.passages import Ids, PassageIndex, one_thread
from vectorstore.bundled import Vectors, bundled

FLOOR = 0.3  # the likeness that any two summaries may have
_SHORT = 45  # distinct pieces, a long sentence: what is shorter need not name its subject
_SUSPECT = -7.0  # a lower first score stays under the cut whatever other summaries are like


@dataclass(frozen=True, slots=True)
class Measures:
    """What is measured of one summary.

    `nearness` is its cosine to the title; `held` the share of the title's meaning that it holds piece by piece, 0 to 1;
    `size` its number of distinct pieces; `direction` its vector, of unit length.
    """

    nearness: float
    held: float
    size: int
    direction: Vectors

    @property
    def first_score(self) -> float:
        """How doubtful it is by itself, as log odds."""
        return 7.5 - 19.9 * self.nearness - 13.3 * self.held - _shortness(self.size)

    def score(self, likeness: float) -> float:
        """Return how doubtful it is, as log odds, given its cosine to the likest doubtful summary."""
        return 0.7 - 18.3 * self.nearness - 14.3 * self.held + 17.5 * max(likeness, FLOOR) - _shortness(self.size)


def _shortness(size: int) -> float:
    return 8.0 * max(0.0, 1.0 - size / _SHORT)


class Pieces:
    """The vectors of the bundled model's pieces, of unit length, and their lengths: how much each was found to matter."""

    def __init__(self) -> None:
        one_thread()
        table = bundled().piece_vectors().astype(np.float32)
        self._lengths: Vectors = np.linalg.norm(table, axis=1)
        self._units: Vectors = table / np.maximum(self._lengths, 1e-9)[:, None]

    def _direction(self, ids: Ids) -> Vectors:
        total: Vectors = self._lengths[ids] @ self._units[ids]
        return total / max(float(np.linalg.norm(total)), 1e-9)

    def measures(self, title: Ids, summary: Ids) -> Measures:
        """Measure a summary against its title; both as distinct pieces."""
        nearest = (self._units[title] @ self._units[summary].T).max(axis=1)
        weights = np.square(self._lengths[title])
        held = float(nearest @ weights) / max(float(weights.sum()), 1e-9)
        direction = self._direction(summary)
        return Measures(float(direction @ self._direction(title)), held, len(summary), direction)


def measured(paper: Paper, passages: Sequence[Ids], pieces: Pieces) -> Iterator[Measures]:
    """Yield the measures of each summary of a paper, whose passages are its title and then its bullets, Korean first.

    None where the model knows no piece of the title: 0 is the unknown one.
    """
    title, *bullets = passages
    if not title.any():
        return
    start = 0
    for _, summary in paper.summaries():
        end = start + len(summary)
        yield pieces.measures(title, np.unique(np.concatenate(bullets[start:end])))
        start = end


def doubts(papers: Iterable[tuple[Paper, Sequence[Ids]]]) -> dict[str, float]:
    """Return the doubt in each paper that is worth a second look, by arXiv id; in all others there is none.

    Papers come with the pieces of their passages. Of a paper with two summaries the more doubtful one counts. The order of
    the papers changes nothing, nor do papers without a doubt: what is known of the others can be kept.
    """
    pieces = Pieces()
    suspects = [
        (paper.arxiv_id, found)
        for paper, passages in papers
        for found in measured(paper, passages, pieces)
        if found.first_score >= _SUSPECT
    ]
    doubtful = [(arxiv_id, found.direction) for arxiv_id, found in suspects if found.first_score > 0]
    directions = np.array([direction for _, direction in doubtful])
    owners = np.array([arxiv_id for arxiv_id, _ in doubtful])
    highest: dict[str, float] = {}
    for arxiv_id, found in suspects:
        others = directions[owners != arxiv_id] if doubtful else directions
        likeness = float((others @ found.direction).max()) if len(others) else 0.0
        doubt = round(1.0 / (1.0 + math.exp(-found.score(likeness))), 3)
        highest[arxiv_id] = max(doubt, highest.get(arxiv_id, 0.0))
    return highest


def updated(
    known: Mapping[str, float] | None, papers: Sequence[Paper], same: Collection[str], passages: PassageIndex
) -> dict[str, float]:
    """Return the doubts of all papers, in the order of `passages`, measuring anew only those that are not in `same`.

    `known` are the doubts before; without them every paper is measured. The result is that of measuring all.
    """
    rows = [
        row
        for row, paper in enumerate(papers)
        if known is None or paper.arxiv_id in known or paper.arxiv_id not in same
    ]
    return doubts((papers[row], passages.of_paper(row)) for row in rows)
