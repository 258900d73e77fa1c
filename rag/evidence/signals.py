"""What the best papers tell of the others, and of a topic as a whole: how near these lie, and how far the scores fall. Pure functions."""

from __future__ import annotations

import math

import numpy as np

from rag.evidence.belonging import Places
from vectorstore.bundled import Vectors

FIRST, WIDER = 12, 25  # best papers whose mean vector stands for the topic, at first and then
NEAR = 0.35  # cosine, of vectors less their mean, from which papers of the pool speak for one another
TEN = 10  # best papers that a paper is measured against
REFERENCE = (
    5_487  # papers from which on the numbers of best papers above hold; fewer papers have fewer that are about a topic
)
SHRINKS = 0.3  # power of the size of the index by which those numbers fall


def top(scores: Vectors, count: int) -> Places:
    """Return the places of the highest scores, best first; of equal ones the earlier."""
    count = min(count, len(scores))
    edge = np.partition(scores, len(scores) - count)[len(scores) - count]
    places = np.flatnonzero(scores >= edge)
    best: Places = places[np.argsort(-scores[places], kind="stable")][:count]
    return best


def unit(rows: Vectors) -> Vectors:
    """Return vectors of length one; those without a length stay zero."""
    norms = np.linalg.norm(rows, axis=-1, keepdims=True)
    made: Vectors = (rows / np.where(norms > 0, norms, 1)).astype(np.float32)
    return made


def middle_of_best(scores: Vectors, vectors: Vectors, count: int) -> Vectors:
    """Return the direction of the best papers' weighted mean; the last of them weighs next to nothing."""
    best = top(scores, count)
    weights = scores[best] - scores[best].min() + 1e-3
    return unit(weights @ vectors[best])


def few(most: int, papers: int) -> int:
    """Return how many best papers of an index stand for the `most` that do so of REFERENCE papers."""
    share: float = min(1.0, papers / REFERENCE) ** SHRINKS
    return max(2, round(most * share))


def size_of(papers: int) -> float:
    """Return the size of an index, 0 from REFERENCE papers on and falling to about -1 at twenty."""
    return math.log(min(1.0, papers / REFERENCE)) / 6


def of_neighbours(
    seen: dict[str, Vectors], whole: Vectors, titles: Vectors, centred: Vectors, papers: int
) -> dict[str, Vectors]:
    """Return how near papers lie to the best ones: to the mean of their texts and titles, twice, and to one another."""
    base = seen["words"] + seen["bullet"] + 1.6 * seen["match best"] + seen["whole"] + 0.5 * seen["title"]
    first, wider = few(FIRST, papers), few(WIDER, papers)
    text = whole @ middle_of_best(base, whole, first)
    title = titles @ middle_of_best(base + 3 * text, titles, first)
    score = base + 3 * text + 1.5 * title
    wider_text = whole @ middle_of_best(score, whole, wider)
    wider_title = titles @ middle_of_best(score, titles, wider)
    score = score + 1.5 * wider_text + 0.7 * wider_title

    ranks = np.empty(len(score), dtype=np.float32)
    ranks[np.argsort(-score, kind="stable")] = np.arange(len(score))
    return {
        "text of best": text,
        "title of best": title,
        "text of more": wider_text,
        "title of more": wider_title,
        "score": score,
        "neighbours": _smoothed(score, centred),
        "rank": np.log1p(ranks * min(1.0, REFERENCE / papers)),
        "share of fall": (score - score.min()) / (score[top(score, few(TEN, papers))].mean() - score.min() + 1e-6),
    }


def _smoothed(score: Vectors, vectors: Vectors) -> Vectors:
    """Return the mean standard score of the papers that lie near each one, the nearer weighing more."""
    standard = (score - score.mean()) / (score.std() or 1)
    near = vectors @ vectors.T
    np.fill_diagonal(near, 0)
    near -= np.float32(NEAR)
    near *= near > 0
    weights = np.square(near, out=near)
    smoothed: Vectors = (weights @ standard) / (weights.sum(axis=1) + 1e-6)
    return smoothed


def of_topic(seen: dict[str, Vectors], centred: Vectors, papers: int) -> dict[str, float]:
    """Return what is told of the topic as a whole: how well its best papers fit it, and how far the others fall off."""
    score = np.sort(seen["score"])[::-1]
    count, scale = few(TEN, papers), min(1.0, REFERENCE / papers)
    best = score[:count].mean()
    return {
        "best bullets": _best(seen["bullet"], count),
        "best bullet": float(seen["bullet"].max()),
        "best matches": _best(seen["match best"], count),
        "best words": _best(seen["words"], count),
        "best titles": _best(seen["title"], count),
        "papers that name it": math.log1p((seen["worst part"] > 0).sum() * scale),
        "papers titled so": math.log1p((seen["worst part"] >= 1).sum() * scale),
        "best part": float(seen["worst part"].max()),
        "fall to sixty": float(best - score[min(60, len(score) - 1)]),
        "fall to all": float(best - score[-1]),
        "coherence": float(np.linalg.norm(centred[top(seen["score"], few(FIRST, papers))].mean(axis=0))),
    }


def _best(scores: Vectors, count: int) -> float:
    """Return the mean of the best."""
    return float(scores[top(scores, count)].mean())
