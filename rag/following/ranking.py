"""“For you”: papers in the order of a reader's own interest, learnt from those that were starred and dismissed.

A linear model over the vectors of whole papers and over their terms. It is fitted anew for each call, so nothing is kept
of anybody. It knows neither the page nor where stars are kept.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from rag.corpus.mentions import statements
from rag.corpus.papers import Paper
from rag.evidence.retriever import Retriever
from rag.language import analysis
from vectorstore.bundled import Vectors

LEAST_STARS = 5  # below which nothing is ranked
MOST_STARS = 500  # the newest that are learnt from
_SMOOTH = 30.0  # of the ridge, in papers; measured in docs/experiments.md
_TERMS = 300  # the most telling terms that count
_OF_TERMS = 0.5  # their weight beside that of vectors
_NEAR = 2  # stars that explain a paper

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A paper with its score (higher is nearer to the stars, 0 is as near as any paper) and the stars it is near to."""

    paper: Paper
    score: float
    near: tuple[Paper, ...]


def rank(
    papers: Sequence[Paper], stars: Collection[str], dismissed: Collection[str], retriever: Retriever
) -> list[Ranked]:
    """Return papers, those nearest to the stars first; equal ones in their order. Empty below LEAST_STARS known stars.

    Stars and dismissed papers that the index lacks count for nothing; a starred paper is never a dismissed one.
    """
    catalogue = retriever.catalogue
    liked = [catalogue.papers[one] for one in list(dict.fromkeys(stars))[:MOST_STARS] if one in catalogue.papers]
    if len(liked) < LEAST_STARS or not papers:
        return []
    known = {paper.arxiv_id for paper in liked}
    disliked = [
        catalogue.papers[one] for one in dict.fromkeys(dismissed) if one in catalogue.papers and one not in known
    ]
    space = _space(retriever)
    row, vectors = space.row, space.vectors
    by_meaning = space.likeness(_rows(row, liked), _rows(row, disliked), _rows(row, papers))
    scores = _standard(by_meaning) + _OF_TERMS * _standard(_by_terms(liked, disliked, retriever, row))
    rows = _rows(row, papers)
    order = np.argsort(-scores[rows], kind="stable").tolist()
    near = vectors[rows] @ vectors[_rows(row, liked)].T
    return [
        Ranked(papers[at], round(float(scores[rows[at]]), 3), _nearest(papers[at], liked, near[at])) for at in order
    ]


def _rows(row: dict[str, int], papers: Sequence[Paper]) -> NDArray[np.int64]:
    return np.array([row[paper.arxiv_id] for paper in papers], dtype=np.int64)


def _unit(vectors: Vectors) -> Vectors:
    made: Vectors = vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9)
    return made


def _standard(scores: Scores) -> Scores:
    """Return scores with mean 0 and deviation 1."""
    made: Scores = (scores - scores.mean()) / (scores.std() + 1e-9)
    return made


def _nearest(paper: Paper, liked: Sequence[Paper], near: Vectors) -> tuple[Paper, ...]:
    """Return the stars that a paper is nearest to, nearest first, without itself."""
    order = np.argsort(-near, kind="stable").tolist()
    return tuple(liked[at] for at in order if liked[at].arxiv_id != paper.arxiv_id)[:_NEAR]


@dataclass(frozen=True, slots=True)
class _Space:
    """The whole papers of an index as unit vectors, with the sums that every fit shares."""

    row: dict[str, int]
    vectors: Vectors
    total: Scores
    products: Scores

    @classmethod
    def of(cls, retriever: Retriever) -> _Space:
        papers = list(retriever.catalogue.papers.values())
        vectors = _unit(retriever.whole_vectors(papers))
        row = {paper.arxiv_id: at for at, paper in enumerate(papers)}
        return cls(row, vectors, vectors.sum(axis=0, dtype=np.float64), (vectors.T @ vectors).astype(np.float64))

    def likeness(self, liked: NDArray[np.int64], disliked: NDArray[np.int64], judged: NDArray[np.int64]) -> Scores:
        """Return the score of each paper by a ridge regression: stars are 1, all others 0, and dismissed ones -1.

        Both sides weigh the same. Papers that are being ranked are not learnt from unless they are starred or dismissed.
        """
        marked = np.concatenate([liked, disliked])
        apart = np.setdiff1d(judged, marked)
        others = len(self.vectors) - len(marked) - len(apart)
        each = max(1.0, others / len(marked))
        weight = others + each * len(marked)
        rows, unlearnt = self.vectors[marked].astype(np.float64), self.vectors[apart].astype(np.float64)
        wanted = np.concatenate([np.ones(len(liked)), -np.ones(len(disliked))])
        centre = (self.total + (each - 1) * rows.sum(axis=0) - unlearnt.sum(axis=0)) / weight
        products = self.products + (each - 1) * rows.T @ rows - unlearnt.T @ unlearnt
        products -= weight * np.outer(centre, centre)
        aims = each * (rows.T @ wanted - centre * wanted.sum())
        smooth = _SMOOTH * weight / len(self.vectors)
        learnt = np.linalg.solve(products + smooth * np.eye(len(centre)), aims)
        scores: Scores = (self.vectors @ learnt).astype(np.float64)
        return scores


_spaces: WeakKeyDictionary[Retriever, _Space] = WeakKeyDictionary()


def _space(retriever: Retriever) -> _Space:
    """Return the space of an index, worked out once."""
    if retriever not in _spaces:
        _spaces[retriever] = _Space.of(retriever)
    return _spaces[retriever]


def _by_terms(liked: Sequence[Paper], disliked: Sequence[Paper], retriever: Retriever, row: dict[str, int]) -> Scores:
    """Return the score of each paper by the terms that tell starred papers from all: BM25, each by its log odds."""
    lexical = retriever.lexical
    held = Counter(term for paper in liked for term in _terms(paper))
    held.subtract(term for paper in disliked for term in _terms(paper))
    odds = {
        term: count * math.log((len(lexical.ids) + 1) / (lexical.document_frequency(term) + 0.5)) / len(liked)
        for term, count in held.items()
        if abs(count) > 1
    }
    telling = dict(sorted(odds.items(), key=lambda one: (-abs(one[1]), one[0]))[:_TERMS])
    scores = np.zeros(len(row), dtype=np.float64)
    scores[[row[one] for one in lexical.ids]] = lexical.weighed(telling)
    return scores


def _terms(paper: Paper) -> set[str]:
    return set(analysis.terms(" ".join((paper.title, *(statement.text for statement in statements(paper))))))
