"""Whether what a sentence says is carried by its evidence: two kinds of small networks that doubt it together.

One weighs what `alignment` finds: a hidden layer for each word with its neighbours, then one for the sentence; several such judges vote. The other,
`paired`, reads sentence and evidence in order. Trained by `tools.train_gate`; figures in docs/experiments.md. Knows no gate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.answers import paired
from rag.answers.alignment import FEATURES, RELATIONS, Evidence, Laid, laid_out, lay
from rag.answers.claims import readable
from rag.answers.sources import Source, spoken
from rag.language.text import Language

WEIGHTS = Path(__file__).parent / "judge.npz"
_CLIP = 4.0  # standard deviations: what is further out says no more
_NOTHING = -9.0  # what a missing second word scores

Arrays = Mapping[str, NDArray[np.float32]]


@lru_cache(maxsize=1)
def _weights() -> Arrays:
    with np.load(WEIGHTS) as stored:
        arrays: Arrays = {name: stored[name].astype(np.float32) for name in stored.files}
    if arrays["words"].shape[-1] != len(FEATURES) or arrays["whole"].shape[-1] != 6 + len(RELATIONS):
        raise ValueError(f"{WEIGHTS.name} was trained for other features. Train it anew: python -m tools.train_gate")
    return arrays


def _called(source: Source) -> str:
    """Return what a paper calls its own: its name, or the first two words of its title."""
    return source.name or " ".join(source.paper.title.split()[:2] if source.paper else ())


@dataclass(frozen=True)
class Ground:
    """What sentences are judged by: the evidence as both kinds of networks know it."""

    evidence: Evidence

    @cached_property
    def known(self) -> paired.Known | None:
        """The evidence as `paired` has read it."""
        return paired.known(self.evidence.texts)


def ground_of(cited: Sequence[Source], language: Language, facts: str = "") -> Ground:
    """Return what a sentence in a language is judged by; arguments as `evidence_of`."""
    return Ground(evidence_of(cited, language, facts))


def evidence_of(cited: Sequence[Source], language: Language, facts: str = "") -> Evidence:
    """Return what a sentence in a language is laid beside when it cites these papers; `facts` is what the plan computed."""
    name = _called(cited[0]) if len(cited) == 1 else ""
    languages = {tongue for source in cited for tongue in source.languages} or {language}
    return Evidence([*spoken(cited, language), *facts.splitlines()], name, languages)


def score(laid: Laid, weights: Arrays) -> float:
    """Return the log odds that a sentence is not carried: the mean of several judges. A sentence without words has none: 0."""
    if not len(laid.words):
        return 0.0
    count = len(weights["mean"])
    return (
        sum(_score(laid, {name: array[n] for name, array in weights.items() if name != "limits"}) for n in range(count))
        / count
    )


def _score(laid: Laid, weights: Arrays) -> float:
    rows = np.clip((laid.words - weights["mean"]) / weights["spread"], -_CLIP, _CLIP)
    beside = np.zeros_like(rows)
    beside[1:] += rows[:-1]
    beside[:-1] += rows[1:]
    hidden = np.maximum(rows @ weights["words"].T + beside @ weights["neighbours"].T + weights["bias"], 0)
    found = hidden @ weights["word"] + weights["word_bias"]
    first, second = np.sort(np.append(found, _NOTHING))[::-1][:2]
    highest = float(found.max())
    pooled = np.array([
        first, second, highest + np.log(np.exp(found - highest).sum()), (1 / (1 + np.exp(-found))).sum(), found.mean(), len(rows) / 10,
        *laid.relations,
    ])  # fmt: skip
    deep = np.maximum(weights["deep"] @ pooled + weights["deep_bias"], 0)
    return float(pooled @ weights["whole"] + weights["whole_bias"].item() + deep @ weights["deeper"])


def doubt(ground: Ground, sentence: str) -> float:
    """Return how much speaks against a sentence: the log odds of both kinds of networks, weighed."""
    laid = score(lay(sentence, ground.evidence), _weights())
    read = paired.rows_of(laid_out(sentence))
    if ground.known is None or not len(read):
        return laid
    return laid + paired.share() * paired.score(read, ground.known)


def carries(ground: Ground, sentence: str, language: Language) -> bool:
    """Whether the evidence carries a sentence. One of more than MAX_WORDS words cannot be told, and is not carried."""
    if not readable(sentence):
        return False
    at = 2 * (language == "en") + (language not in ground.evidence.languages)
    return doubt(ground, sentence) <= float(_weights()["limits"][at])
