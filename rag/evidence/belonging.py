"""The regression behind memberships: what is seen of papers and a topic, weighed into probabilities, and where a set is cut."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vectorstore.bundled import Vectors

_FILE, _NARROW = (Path(__file__).with_name(f"{name}.json") for name in ("membership", "narrow"))
Places = NDArray[np.int64]

CUT = 0.21
"""The probability from which a paper belongs to a set: the highest mean F1 over the development topics."""


def cut_of(probabilities: Vectors) -> float:
    """Return the probability from which papers make the set of the highest expected F1 (Lewis, 1995); CUT where none is sure.

    A topic that many papers are surely about is cut higher than one that is hardly treated.
    """
    ranked = np.sort(probabilities[probabilities > 0])[::-1].astype(np.float64)
    if not len(ranked) or ranked[0] < CUT:
        return CUT
    held = np.cumsum(ranked)
    expected = held / (np.arange(1, len(ranked) + 1) + held[-1])
    return float(ranked[np.argmax(expected)])


class Features(NamedTuple):
    """What is seen of a topic.

    `rows` are the papers looked at closely, ascending; `papers` has a row for each of them, and a column for each of
    `paper_names`; `topic` has one row, with a column for each of `topic_names`. `narrow` tells that few papers have a part of it.
    """

    rows: Places
    papers: Vectors
    paper_names: tuple[str, ...]
    topic: Vectors
    topic_names: tuple[str, ...]
    narrow: bool = False

    def without(self, names: Collection[str]) -> Features:
        """Return what is seen without some columns of the papers."""
        kept = [place for place, name in enumerate(self.paper_names) if name not in names]
        return self._replace(papers=self.papers[:, kept], paper_names=tuple(self.paper_names[place] for place in kept))


@dataclass(frozen=True)
class Regression:
    """A logistic regression over standard scores of features, their squares, and both times the size of the index.

    The last feature is the size (`_size`), which is 0 from REFERENCE papers on, so the products only tell how a smaller index
    is judged otherwise. The last of `weights` is the bias.
    """

    names: tuple[str, ...]
    middle: NDArray[np.float64]
    spread: NDArray[np.float64]
    weights: NDArray[np.float64]

    def expanded(self, features: Vectors) -> NDArray[np.float64]:
        """Return standard scores and their squares, these times the size, the size, its square and a column of ones."""
        scores = np.clip((features[:, :-1] - self.middle) / self.spread, -4, 4)
        scores = np.concatenate([scores, scores**2], axis=1)
        size = features[:, -1:]
        return np.concatenate([scores, scores * size, size, size**2, np.ones_like(size)], axis=1)

    def probabilities(self, features: Vectors) -> NDArray[np.float64]:
        """Return the probability of each row."""
        probability: NDArray[np.float64] = 1 / (1 + np.exp(-self.expanded(features) @ self.weights))
        return probability


@dataclass(frozen=True)
class Weights:
    """What was learnt: whether any paper is about a topic, and of each paper whether it is, given that some are.

    `scale` and `shift` move the logit of the product so that it is a probability on topics that were not learnt from.
    """

    topic: Regression
    paper: Regression
    scale: float = 1.0
    shift: float = 0.0

    @classmethod
    def read(cls, path: Path = _FILE, *, narrow: bool = False) -> Weights:
        """Read the weights that come with the product: those of most topics, or those of `narrow` ones."""
        path = _NARROW if narrow else path
        read = json.loads(path.read_text(encoding="utf-8"))
        return cls(_regression(read["topic"]), _regression(read["paper"]), read["scale"], read["shift"])

    def probabilities(self, features: Features, doubting: Weights | None = None) -> Vectors:
        """Return the probability of each paper that was looked at closely.

        That any paper is about the topic is no surer than other weights are that doubt it.
        """
        seen = features.without(set(features.paper_names) - set(self.paper.names))
        some = self.topic.probabilities(features.topic)
        if doubting:
            some = np.minimum(some, doubting.topic.probabilities(features.topic))
        both = some * self.paper.probabilities(seen.papers)
        found: Vectors = calibrated(both, self.scale, self.shift).astype(np.float32)
        return found


def calibrated(probabilities: NDArray[np.float64], scale: float, shift: float) -> NDArray[np.float64]:
    """Return probabilities with their logits scaled and shifted (Platt, 1999)."""
    kept = np.clip(probabilities, 1e-7, 1 - 1e-7)
    logit = np.log(kept / (1 - kept))
    moved: NDArray[np.float64] = 1 / (1 + np.exp(-scale * logit - shift))
    return moved


def _regression(read: dict[str, list[Any]]) -> Regression:
    arrays = (np.asarray(read[name], dtype=np.float64) for name in ("middle", "spread", "weights"))
    return Regression(tuple(read["names"]), *arrays)
