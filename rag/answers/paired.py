"""A sentence read beside its evidence, word by word and in order, by a small network: what word bags cannot tell.

Each word becomes a row from the bundled model's vector, what `claims` and `roles` know of it, and its ending. Both sides are
read by the same layers; then each word of the sentence looks for its counterparts, and what stands around both is compared.
Trained by `tools.train_gate`. Knows no gate.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.answers.alignment import Text
from rag.answers.binding import sides_of
from rag.answers.claims import Word, dimensions
from rag.answers.roles import ROLES, parts
from rag.language.analysis import latin_stem

Rows = NDArray[np.float32]
Places = NDArray[np.int64]
Arrays = Mapping[str, Rows]

WEIGHTS = Path(__file__).parent / "paired.npz"
WIDTH, HEADS = 64, 4
PARTICLES, ENDINGS, SHORT = 32, 128, 1024  # rows of the tables that a hash points to
PAIRS = 5  # measures of two words: `pairs`
_CHUNK = 200  # words of the evidence that are read at a time
MAX_PLACE = 40  # of a word in its statement
_STOPS = 256 + 1 + 6  # the column of `dense` that tells whether such a mark stands before a word
_PARTS = ("dense", "hashed", "sides", "denied", "stems")


@dataclass(frozen=True)
class Read:
    """The words of one statement as the network takes them in; `stems` tell which words are one."""

    dense: Rows
    hashed: Places
    sides: Rows
    denied: Rows
    stems: Places

    def __len__(self) -> int:
        return len(self.stems)


def dense_size() -> int:
    """Return how many numbers of a word are no hash."""
    return 256 + 9 + len(ROLES) + dimensions()


def _hash(text: str, size: int) -> int:
    return zlib.crc32(text.encode()) % size


def _hashed(word: Word) -> tuple[int, int, int]:
    text = word.text
    bare = text.removesuffix(word.particle) if text[0] >= "가" else text
    ending = text[-2:] if text[0] >= "가" else text[-3:]
    return (
        _hash(word.particle, PARTICLES),
        _hash(ending, ENDINGS),
        _hash(bare, SHORT) if len(bare) <= (3 if text[0] >= "가" else 5) else 0,
    )


def _stem(word: Word) -> int:
    bare = word.text.removesuffix(word.particle) if word.text[0] >= "가" else latin_stem(word.text)
    return zlib.crc32((bare or word.text).encode())


def rows_of(text: Text) -> Read:
    """Return a statement as the network takes it in."""
    words, count = text.words, len(text.words)
    sides = sides_of(words)
    roles = np.zeros((count, len(ROLES)), dtype=np.float32)
    roles[np.arange(count), parts(words)[1]] = 1
    flags = np.array(
        [
            (
                w.text[0].isascii() and w.text[0].isalpha(), w.text[0] >= "가", w.text[0].isdigit(), w.denied, w.standard, w.starts, w.stops,
                bool(w.quantity),
            )
            for w in words
        ],
        dtype=np.float32,
    ).reshape(count, 8)  # fmt: skip
    dense = np.concatenate([text.vectors * 8, text.weights[:, None] / 300, flags, roles, sides], axis=1)
    return Read(
        dense.astype(np.float32),
        np.array([_hashed(w) for w in words], dtype=np.int64).reshape(count, 3),
        sides,
        flags[:, 3],
        np.array([_stem(w) for w in words], dtype=np.int64),
    )


@lru_cache(maxsize=1)
def _stored() -> Arrays:
    with np.load(WEIGHTS) as stored:
        arrays: Arrays = {name: stored[name].astype(np.float32) for name in stored.files}
    if arrays["dense"].shape[-1] != dense_size():
        raise ValueError(f"{WEIGHTS.name} was trained for other words. Train it anew: python -m tools.train_gate")
    return arrays


@lru_cache(maxsize=1)
def _networks() -> tuple[Arrays, ...]:
    """Return the weights of each network that votes."""
    arrays = {name: array for name, array in _stored().items() if name != "share"}
    return tuple({name: array[n] for name, array in arrays.items()} for n in range(len(arrays["dense"])))


def share() -> float:
    """Return how much the networks count beside the other judges."""
    return float(_stored()["share"])


def _normed(rows: Rows, weights: Arrays, name: str) -> Rows:
    middle = rows - rows.mean(axis=-1, keepdims=True)
    spread = np.sqrt((middle**2).mean(axis=-1, keepdims=True) + 1e-5)
    found: Rows = middle / spread * weights[f"{name}.scale"] + weights[f"{name}.shift"]
    return found


def _linear(rows: Rows, weights: Arrays, name: str) -> Rows:
    found: Rows = rows @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]
    return found


def _softmax(scores: Rows) -> Rows:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    found: Rows = powers / powers.sum(axis=-1, keepdims=True)
    return found


def _by_head(rows: Rows) -> Rows:
    return rows.reshape(len(rows), HEADS, -1).transpose(1, 0, 2)


def _layer(rows: Rows, weights: Arrays, name: str, statement: Places) -> Rows:
    """Let each word see the others of its statement."""
    seen = _linear(_normed(rows, weights, f"{name}.before"), weights, f"{name}.see")
    ask, key, value = (_by_head(part) for part in np.split(seen, 3, axis=1))
    scores = ask @ key.transpose(0, 2, 1) / np.sqrt(np.float32(ask.shape[-1]))
    scores = np.where(statement[:, None] == statement[None], scores, np.float32(-1e4))
    heard = (_softmax(scores) @ value).transpose(1, 0, 2).reshape(len(rows), -1)
    rows = rows + _linear(heard, weights, f"{name}.hear")
    return rows + _pondered(_normed(rows, weights, f"{name}.after"), weights, name)


def _pondered(rows: Rows, weights: Arrays, name: str) -> Rows:
    return _linear(np.maximum(_linear(rows, weights, f"{name}.wide"), 0), weights, f"{name}.narrow")


@dataclass(frozen=True)
class Known:
    """The evidence as the networks have read it, for any number of sentences: the keys and values of each."""

    read: Read
    offered: tuple[tuple[Rows, Rows], ...]


def _joined(reads: Sequence[Read]) -> Read:
    return Read(*(np.concatenate([getattr(read, name) for read in reads]) for name in _PARTS))


def _understood(reads: Sequence[Read], weights: Arrays) -> Rows:
    whole = _joined(reads)
    statement = np.repeat(np.arange(len(reads)), [len(r) for r in reads])
    place = np.concatenate([np.minimum(np.arange(len(r)), MAX_PLACE - 1) for r in reads])
    rows: Rows = whole.dense @ weights["dense"].T + weights["places"][place]
    for at, table in enumerate(("particles", "endings", "short")):
        rows = rows + weights[table][whole.hashed[:, at]]
    rows = _normed(rows, weights, "first")
    for name in ("one", "two"):
        rows = _layer(rows, weights, name, statement)
    return rows


def sentences_of(read: Read) -> list[Read]:
    """Cut a statement where a mark ends more than a phrase: the network has learnt from single sentences."""
    cuts = [0, *(int(at) for at in np.flatnonzero(read.dense[:, _STOPS]) if at), len(read)]
    return [Read(*(getattr(read, name)[start:end] for name in _PARTS)) for start, end in pairwise(cuts) if end > start]


def known(texts: Iterable[Text]) -> Known | None:
    """Read the evidence; None where it has no word."""
    chunks: list[list[Read]] = []
    size = _CHUNK
    for part in (part for text in texts for part in sentences_of(rows_of(text))):
        if size + len(part) > _CHUNK:
            chunks.append([])
            size = 0
        chunks[-1].append(part)
        size += len(part)
    if not chunks:
        return None
    offered = []
    for weights in _networks():
        rows = np.concatenate([_understood(chunk, weights) for chunk in chunks])
        seen = _linear(_normed(rows, weights, "known"), weights, "offer")
        keys, values = np.split(seen, 2, axis=1)
        offered.append((keys, values))
    return Known(_joined([part for chunk in chunks for part in chunk]), tuple(offered))


def pairs(said: Read, there: Read) -> Rows:
    """Return how each word stands to each of the evidence: nearness, the same stem, one side, opposed sides, denied otherwise."""
    near = said.dense[:, :256] @ there.dense[:, :256].T / 64
    same = said.stems[:, None] == there.stems[None]
    sides = np.clip(said.sides @ there.sides.T, -2, 2)
    denied = np.abs(said.denied[:, None] - there.denied[None])
    found: Rows = np.stack([near, same, np.maximum(sides, 0), np.maximum(-sides, 0), denied], axis=-1).astype(
        np.float32
    )
    return found


def score(said: Read, evidence: Known) -> float:
    """Return the log odds that a sentence is not carried by the evidence: the mean of the networks."""
    measured = pairs(said, evidence.read)
    measured = np.concatenate([np.zeros((len(said), 1, PAIRS), dtype=np.float32), measured], axis=1)
    found = [
        _score(said, keys, values, measured, weights)
        for weights, (keys, values) in zip(_networks(), evidence.offered, strict=True)
    ]
    return sum(found) / len(found)


def _score(said: Read, keys: Rows, values: Rows, measured: Rows, weights: Arrays) -> float:
    rows = _understood([said], weights)
    ask = _by_head(_linear(_normed(rows, weights, "asking"), weights, "ask"))
    keys = np.concatenate([weights["nothing"][None], keys])
    values = np.concatenate([np.zeros((1, WIDTH), dtype=np.float32), values])
    scores = ask @ _by_head(keys).transpose(0, 2, 1) / np.sqrt(np.float32(WIDTH // HEADS))
    scores = scores + np.moveaxis(measured @ weights["draw"].T, -1, 0)
    held = _softmax(scores)
    heard = (held @ _by_head(values)).transpose(1, 0, 2).reshape(len(said), -1)
    told = (held.transpose(1, 0, 2) @ measured).reshape(len(said), -1)
    nearest = measured.max(axis=1)
    compared = np.concatenate([rows, heard, rows * heard, np.abs(rows - heard), told, nearest, held[:, :, 0].T], axis=1)
    rows = _normed(_pondered(compared, weights, "compare"), weights, "compared")
    rows = _layer(rows, weights, "last", np.zeros(len(said), dtype=np.int64))
    found = _linear(rows, weights, "word")[:, 0]
    highest = found.max()
    alone = [highest, highest + np.log(np.exp(found - highest).sum()), found.mean(), len(said) / 10]
    pooled = np.concatenate([np.array(alone, dtype=np.float32), rows.max(axis=0), rows.mean(axis=0)])
    return float(_linear(np.maximum(_linear(pooled, weights, "whole"), 0), weights, "verdict")[0])
