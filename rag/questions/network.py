"""The reader's networks: a recurrent layer each over the tokens of a question, in numpy. Weights come from tools/train_reader.

Each token gets a tag (see `labels`), the sentence a kind, a relation, an order, an asked aspect and signs, each with a
probability. Knows nothing of papers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import SettingsError
from rag.questions.features import FLAGS, Features, Wording
from rag.questions.labels import ASPECTS, KINDS, ORDERS, RELATIONS, SIGNS, TAGS

WEIGHTS = Path(__file__).with_name("reader.npz")
Floats = NDArray[np.float32]
SURE_KNOWN, SURE_UNKNOWN = 0.6, 0.995  # least probability of wording, for words of templates and for others
_WORDING, _GLOSSARY = FLAGS.index("wording"), FLAGS.index("glossary")


@dataclass(frozen=True)
class Tagged:
    """What the network makes of a question.

    `tags` one a token with `sure` its probability; `begins` the probability that a later question begins at a token;
    `kinds`, `relations`, `orders`, `aspects` and `signs` map each label to its probability.
    """

    tags: tuple[str, ...]
    sure: tuple[float, ...]
    begins: tuple[float, ...]
    kinds: Mapping[str, float]
    relations: Mapping[str, float]
    orders: Mapping[str, float]
    aspects: Mapping[str, float]
    signs: Mapping[str, float]

    @property
    def kind(self) -> str:
        """The most probable kind."""
        return max(self.kinds, key=self.kinds.__getitem__)

    def as_kind(self, kind: str) -> Tagged:
        """Return this as a question that is surely of a kind."""
        return replace(self, kinds={**dict.fromkeys(self.kinds, 0.0), kind: 1.0})

    @property
    def confidence(self) -> float:
        """How sure the network is, 0 to 1: the probability of the kind, or that of the least sure tag where it is lower."""
        return min(self.kinds[self.kind], *self.sure, 1.0)


def _sigmoid(x: Floats) -> Floats:
    made: Floats = (1.0 / (1.0 + np.exp(-x))).astype(np.float32)
    return made


def _softmax(x: Floats) -> Floats:
    raised = np.exp(x - x.max(axis=-1, keepdims=True))
    made: Floats = raised / raised.sum(axis=-1, keepdims=True)
    return made


def _chosen(tags: Floats, known: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the tag of each token: wording only where that is sure, and surer for a word that no template has."""
    best = tags.argmax(axis=1)
    rest = tags.copy()
    rest[:, 0] = 0
    unsure = (best == 0) & (tags[:, 0] < np.where(known, SURE_KNOWN, SURE_UNKNOWN))
    chosen: NDArray[np.int64] = np.where(unsure, rest.argmax(axis=1), best)
    return chosen


class _Member:
    """One trained network. Several are asked, for each errs in its own way."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self._table, self._meanings = arrays["table"], arrays["meanings"]
        self._scale = arrays["table_scale"].astype(np.float32)
        self._meaning_scale = arrays["meanings_scale"].astype(np.float32)
        named = (name for name in arrays if not name.startswith(("table", "meanings")))
        self._weights = {name: arrays[name].astype(np.float32) for name in named}

    def _tokens(self, features: Features) -> Floats:
        rows = features.spellings
        held = rows >= 0
        safe = np.where(held, rows, 0)
        vectors = self._table[safe].astype(np.float32) * self._scale[safe][..., None] * held[..., None]
        summed = vectors.sum(axis=1) / np.sqrt(np.maximum(held.sum(axis=1, keepdims=True), 1))
        meant = np.stack([self._meaning(pieces) for pieces in features.pieces])
        whole = np.concatenate([summed, meant, features.flags], axis=1).astype(np.float32)
        made: Floats = np.maximum(whole @ self._weights["in_w"].T + self._weights["in_b"], 0)
        return made

    def _meaning(self, pieces: Sequence[int]) -> Floats:
        """Return the mean of what a token's pieces mean, zeros for a token without a known piece."""
        rows = np.asarray(pieces or [0], dtype=np.int64)
        meant: Floats = (self._meanings[rows].astype(np.float32) * self._meaning_scale[rows][:, None]).mean(axis=0)
        return meant if pieces else np.zeros_like(meant)

    def _run(self, inputs: Floats, side: str) -> Floats:
        """Run the recurrent layer over the tokens in one direction."""
        w = self._weights
        given = inputs @ w[f"ih_{side}"].T + w[f"bi_{side}"]
        size = given.shape[1] // 3
        states = np.zeros((len(inputs), size), dtype=np.float32)
        state = np.zeros(size, dtype=np.float32)
        order = range(len(inputs)) if side == "f" else range(len(inputs) - 1, -1, -1)
        for at in order:
            held = w[f"hh_{side}"] @ state + w[f"bh_{side}"]
            gates = _sigmoid(given[at, : 2 * size] + held[: 2 * size])
            reset, update = gates[:size], gates[size:]
            fresh = np.tanh(given[at, 2 * size :] + reset * held[2 * size :])
            state = (1 - update) * fresh + update * state
            states[at] = state
        return states

    def _head(self, name: str, states: Floats) -> Floats:
        made: Floats = states @ self._weights[f"{name}_w"].T + self._weights[f"{name}_b"]
        return made

    def __call__(self, features: Features, *, after: bool) -> dict[str, Floats]:
        """Return the probabilities of every head; `after` allows the kinds that follow an earlier question."""
        inputs = self._tokens(features)
        states = np.concatenate([self._run(inputs, "f"), self._run(inputs, "b")], axis=1)
        whole = np.concatenate([states.max(axis=0), states.mean(axis=0)])
        kinds = self._head("kind", whole)
        if not after:
            kinds = np.where([name.startswith("after:") for name in KINDS], -np.inf, kinds).astype(np.float32)
        return {
            "tag": _softmax(self._head("tag", states)),
            "begin": _sigmoid(self._head("begin", states)),
            "kind": _softmax(kinds),
            **{name: _softmax(self._head(name, whole)) for name in ("relation", "order", "aspect")},
            "sign": _sigmoid(self._head("sign", whole)),
        }


class Network:
    """The trained networks with their weights; what they make of a question is averaged."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self.wording = Wording(frozenset(arrays["wording"].tolist()), frozenset(arrays["wording_often"].tolist()))
        numbers = sorted({name.partition("/")[0] for name in arrays if "/" in name})
        self._members = [
            _Member({name.partition("/")[2]: value for name, value in arrays.items() if name.startswith(f"{number}/")})
            for number in numbers
        ]
        self._tagged = lru_cache(maxsize=256)(self._tagged_uncached)  # what is asked of one index is asked of the next

    @classmethod
    def read(cls, path: Path = WEIGHTS) -> Network:
        """Read the weights. Raises SettingsError where the file cannot be used."""
        try:
            with np.load(path, allow_pickle=False) as file:
                arrays = {name: file[name] for name in file.files}
            labels = json.loads(bytes(arrays.pop("labels")).decode())
        except (OSError, ValueError, KeyError) as error:
            raise SettingsError(
                f"The reader's weights {path.name} cannot be read ({type(error).__name__}). Install the package again, or run make reader."
            ) from error
        if labels != label_names():
            raise SettingsError(f"The reader's weights {path.name} were trained for other labels. Run make reader.")
        return cls(arrays)

    def __call__(self, features: Features, *, after: bool) -> Tagged | None:
        """Tag a question; None for one without tokens. `after` allows the kinds that follow an earlier question."""
        if not len(features.spellings):
            return None
        pieces = tuple(map(tuple, features.pieces))
        return self._tagged(features.spellings.tobytes(), features.flags.tobytes(), pieces, after)

    def _tagged_uncached(
        self, spellings: bytes, flags: bytes, pieces: tuple[tuple[int, ...], ...], after: bool
    ) -> Tagged:
        rows = np.frombuffer(spellings, np.int32).reshape(len(pieces), -1)
        features = Features(rows, np.frombuffer(flags, np.float32).reshape(len(pieces), -1), [*map(list, pieces)])
        told = [member(features, after=after) for member in self._members]
        mean = {name: np.mean([one[name] for one in told], axis=0) for name in told[0]}

        def shares(names: tuple[str, ...], values: Floats) -> dict[str, float]:
            return dict(zip(names, values.tolist(), strict=True))

        known = (features.flags[:, _WORDING] > 0) & (features.flags[:, _GLOSSARY] == 0)
        return Tagged(
            tags=tuple(TAGS[at] for at in _chosen(mean["tag"], known)),
            sure=tuple(mean["tag"].max(axis=1).tolist()),
            begins=tuple(mean["begin"][:, 0].tolist()),
            kinds=shares(KINDS, mean["kind"]),
            relations=shares(RELATIONS, mean["relation"]),
            orders=shares(ORDERS, mean["order"]),
            aspects=shares(ASPECTS, mean["aspect"]),
            signs=shares(SIGNS, mean["sign"]),
        )


def label_names() -> list[list[str]]:
    """Return all labels in order, as they are stored beside the weights."""
    return [list(names) for names in (TAGS, KINDS, RELATIONS, ORDERS, ASPECTS, SIGNS)]


@lru_cache(maxsize=1)
def network() -> Network:
    """Return the bundled network."""
    return Network.read()
