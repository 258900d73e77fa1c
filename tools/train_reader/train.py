"""Train the reader's network on samples and write its weights."""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.optim import swa_utils

from rag.corpus.catalogue import Catalogue
from rag.questions.features import BUCKETS, CATALOGUE_FLAGS, FLAGS, SLOTS, Wording, features
from rag.questions.labels import ASPECTS, KINDS, ORDERS, RELATIONS, SIGNS, TAGS
from rag.questions.network import label_names
from tools.train_reader.samples import Sample
from vectorstore.bundled import BundledModel, pieces

LENGTH = 40  # tokens of a sample that are trained on
_SIZE, _WIDE, _STATE, _MEANING = 40, 96, 80, 24
_UNSEEN = 0.1  # share of the tokens that the network is to take as words that no template has: it learns to go by their meaning
_KNOWS_LESS = 0.35  # share of the samples in which the index knows no name
_SAYS_SEEN = torch.tensor([name in ("wording", "wording_often") for name in FLAGS])
_KEPT = 0.998  # of the averaged weights that a step leaves as they are
_RATE = 4e-3  # of learning, at its highest
_KEPT_ON, _RATE_ON = 0.99, 3e-3  # the same where stored weights are trained on


@dataclass
class Arrays:
    """Samples as arrays, one row a sample."""

    spellings: np.ndarray
    flags: np.ndarray
    tags: np.ndarray
    begins: np.ndarray
    labels: np.ndarray  # kind, relation, order, aspect, length
    signs: np.ndarray
    words: np.ndarray  # places in the vocabulary
    vocabulary: list[str]


def arrays_of(samples: list[Sample], catalogue: Catalogue, wording: Wording) -> Arrays:
    """Return samples as arrays; their flags come from the catalogue."""
    n = len(samples)
    made = Arrays(
        np.full((n, LENGTH, SLOTS), BUCKETS, dtype=np.uint16 if BUCKETS < 65_535 else np.int32),
        np.zeros((n, LENGTH, len(FLAGS)), dtype=np.uint8),
        np.full((n, LENGTH), -1, dtype=np.int8),
        np.zeros((n, LENGTH), dtype=np.uint8),
        np.zeros((n, 5), dtype=np.int16),
        np.zeros((n, len(SIGNS)), dtype=np.uint8),
        np.zeros((n, LENGTH), dtype=np.int32),
        [],
    )
    places: dict[str, int] = {"": 0}
    tag = {name: place for place, name in enumerate(TAGS)}
    for row, sample in enumerate(samples):
        told = features(sample.text, sample.tokens, catalogue, wording, sample.language, after=sample.after)
        size = min(len(sample.tokens), LENGTH)
        spelled = told.spellings[:size]
        made.words[row, :size] = [places.setdefault(token.text.lower(), len(places)) for token in sample.tokens[:size]]
        made.spellings[row, :size] = np.where(spelled < 0, BUCKETS, spelled)
        made.flags[row, :size] = told.flags[:size]
        made.tags[row, :size] = [tag[role] for role in sample.roles[:size]]
        for place in sample.begins:
            if place < size:
                made.begins[row, place] = 1
        made.labels[row] = (
            KINDS.index(sample.kind), RELATIONS.index(sample.relation), ORDERS.index(sample.order), ASPECTS.index(sample.aspect), max(size, 1),
        )  # fmt: skip
        made.signs[row] = [sign in sample.signs for sign in SIGNS]
    made.vocabulary = [*places]
    return made


def joined(parts: Sequence[Arrays]) -> Arrays:
    """Return parts as one, their words in one vocabulary."""
    places: dict[str, int] = {}
    words = [
        np.array([places.setdefault(w, len(places)) for w in p.vocabulary], dtype=np.int32)[p.words] for p in parts
    ]
    names = ("spellings", "flags", "tags", "begins", "labels", "signs")
    whole = [np.concatenate([getattr(part, name) for part in parts]) for name in names]
    return Arrays(*whole, np.concatenate(words), [*places])


class Model(nn.Module):
    """The network of rag/questions/network.py, to be trained."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Embedding(BUCKETS + 1, _SIZE, padding_idx=BUCKETS)
        nn.init.normal_(self.table.weight, std=0.3)
        self.table.weight.data[BUCKETS] = 0
        self.meaning = nn.Linear(_piece_vectors().shape[1], _MEANING, bias=False)
        self.inner = nn.Linear(_SIZE + _MEANING + len(FLAGS), _WIDE)
        self.gru = nn.GRU(_WIDE, _STATE, batch_first=True, bidirectional=True)
        self.drop = nn.Dropout(0.25)
        self.tag = nn.Linear(2 * _STATE, len(TAGS))
        self.begin = nn.Linear(2 * _STATE, 1)
        self.kind = nn.Linear(4 * _STATE, len(KINDS))
        self.relation = nn.Linear(4 * _STATE, len(RELATIONS))
        self.order = nn.Linear(4 * _STATE, len(ORDERS))
        self.aspect = nn.Linear(4 * _STATE, len(ASPECTS))
        self.sign = nn.Linear(4 * _STATE, len(SIGNS))

    def forward(
        self,
        rows: torch.Tensor,
        flags: torch.Tensor,
        lengths: torch.Tensor,
        vectors: torch.Tensor,
        places: torch.Tensor,
    ) -> dict[str, torch.Tensor]:
        """Return the scores of every head for a batch of questions; `places` says which of the `vectors` a token has."""
        held = (rows != BUCKETS).float()
        summed = self.table(rows).sum(2) / held.sum(2, keepdim=True).clamp(min=1).sqrt()
        inputs = self.drop(torch.relu(self.inner(torch.cat([summed, self.meaning(vectors)[places], flags], 2))))
        packed = nn.utils.rnn.pack_padded_sequence(inputs, lengths, batch_first=True, enforce_sorted=False)
        states, _ = nn.utils.rnn.pad_packed_sequence(self.gru(packed)[0], batch_first=True)
        inside = (torch.arange(states.shape[1])[None] < lengths[:, None])[..., None]
        highest = states.masked_fill(~inside, -1e9).max(1).values
        mean = (states * inside).sum(1) / lengths[:, None]
        whole, states = self.drop(torch.cat([highest, mean], 1)), self.drop(states)
        return {
            "tag": self.tag(states), "begin": self.begin(states)[..., 0],
            **{name: getattr(self, name)(whole) for name in ("kind", "relation", "order", "aspect", "sign")},
        }  # fmt: skip


_FACTS = (KINDS.index("fact"), KINDS.index("after:ask"))


def _loss(
    out: dict[str, torch.Tensor], tags: torch.Tensor, begins: torch.Tensor, labels: torch.Tensor, signs: torch.Tensor
) -> torch.Tensor:
    longest = out["tag"].shape[1]
    cross = nn.functional.cross_entropy
    binary = nn.functional.binary_cross_entropy_with_logits
    tags, begins = tags[:, :longest], begins[:, :longest].float()
    total = 3 * cross(out["tag"].flatten(0, 1), tags.flatten(), ignore_index=-1)
    total = total + 1.0 * cross(out["kind"], labels[:, 0], label_smoothing=0.02)
    total = total + 0.5 * cross(out["relation"], labels[:, 1]) + 0.5 * cross(out["order"], labels[:, 2])
    asked = torch.isin(labels[:, 0], torch.tensor(_FACTS))
    total = total + 0.5 * cross(out["aspect"], labels[:, 3], reduction="none").mul(torch.where(asked, 1.0, 0.3)).mean()
    total = total + 0.5 * binary(out["sign"], signs.float())
    return total + 2 * (binary(out["begin"], begins, reduction="none") * (tags >= 0)).mean()


def train(made: Arrays, epochs: int, seed: int = 1, batch: int = 256, start: Path | None = None) -> Model:
    """Train a model on arrays of samples, and return the running mean of its weights (Polyak and Juditsky, 1992).

    `start` is a file of weights to go on from, in smaller steps. The same seed, samples and threads give the same model.
    """
    torch.manual_seed(seed)
    torch.set_num_threads(int(os.environ.get("THREADS", "2")))
    model = Model() if start is None else _stored(start, seed)
    steps = epochs * (len(made.labels) // batch)
    rate, kept = (_RATE, _KEPT) if start is None else (_RATE_ON, _KEPT_ON)
    optimizer = torch.optim.Adam(model.parameters(), lr=rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps + 1, pct_start=0.1)
    rng = np.random.default_rng(seed)
    started = time.perf_counter()
    known = len(CATALOGUE_FLAGS)
    meanings = _meanings_of(made.vocabulary)
    averaged = swa_utils.AveragedModel(model, multi_avg_fn=swa_utils.get_ema_multi_avg_fn(kept))
    for epoch in range(epochs):
        order, seen = rng.permutation(len(made.labels)), 0.0
        for at in range(0, len(order) - batch + 1, batch):
            rows = order[at : at + batch]
            lengths = torch.from_numpy(made.labels[rows, 4].astype(np.int64))
            longest = int(lengths.max())
            flags = torch.from_numpy(made.flags[rows, :longest].astype(np.float32))
            flags[torch.rand(len(rows)) < _KNOWS_LESS, :, :known] = 0
            spelled = torch.from_numpy(made.spellings[rows, :longest].astype(np.int64))
            unseen = torch.rand(spelled.shape[:2]) < _UNSEEN
            spelled[unseen] = BUCKETS
            flags[unseen.unsqueeze(2) & _SAYS_SEEN] = 0
            words, places = np.unique(made.words[rows, :longest], return_inverse=True)
            vectors = torch.from_numpy(meanings[words].astype(np.float32))
            out = model(spelled, flags, lengths, vectors, torch.from_numpy(places.reshape(len(rows), longest)))
            loss = _loss(
                out, torch.from_numpy(made.tags[rows].astype(np.int64)), torch.from_numpy(made.begins[rows]),
                torch.from_numpy(made.labels[rows].astype(np.int64)), torch.from_numpy(made.signs[rows]),
            )  # fmt: skip
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            averaged.update_parameters(model)
            seen += loss.item()
        print(
            f"epoch {epoch + 1}: loss {seen / max(1, len(order) // batch):.4f}, {time.perf_counter() - started:.0f} s",
            flush=True,
        )
    best: Model = averaged.module.eval()
    return best


@lru_cache(maxsize=1)
def _piece_vectors() -> np.ndarray:
    """Return the bundled model's vectors of pieces; their mean length is 1."""
    table = BundledModel().piece_vectors().astype(np.float32)
    return table / np.linalg.norm(table, axis=1).mean()


def _meanings_of(vocabulary: Sequence[str]) -> np.ndarray:
    """Return the mean vector of the pieces of each word, zeros where it has none."""
    table = _piece_vectors()
    found = [table[rows].mean(axis=0) if rows else np.zeros(table.shape[1]) for rows in pieces(vocabulary)]
    return np.stack(found).astype(np.float16)


def _in_bytes(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return a table in 8 bits a number, with the scale of each row."""
    scale = np.abs(table).max(axis=1) / 127 + 1e-9
    return np.round(table / scale[:, None]).astype(np.int8), scale.astype(np.float16)


def export(models: Sequence[Model], wording: Wording, path: Path) -> None:
    """Write the weights of all networks: the tables in 8 bits a number with a scale a row, the rest in half precision."""
    arrays: dict[str, np.ndarray] = {
        "wording": np.array(sorted(wording.words), dtype=np.uint32),
        "wording_often": np.array(sorted(wording.often), dtype=np.uint32),
        "labels": np.frombuffer(json.dumps(label_names()).encode(), dtype=np.uint8),
    }
    for number, model in enumerate(models):
        arrays |= {f"{number}/{name}": value for name, value in _arrays_of_model(model).items()}
    np.savez(path, **arrays)


def _arrays_of_model(model: Model) -> dict[str, np.ndarray]:
    """Return a network's weights by name, as they are stored."""
    table, scale = _in_bytes(model.table.weight.detach().numpy()[:BUCKETS])
    meanings, meanings_scale = _in_bytes(_piece_vectors() @ model.meaning.weight.detach().numpy().T)
    halves = {name: value.detach().numpy().astype(np.float16) for name, value in _in_halves(model).items()}
    return {"table": table, "table_scale": scale, "meanings": meanings, "meanings_scale": meanings_scale, **halves}


def _in_halves(model: Model) -> dict[str, torch.Tensor]:
    """Return the weights of a network that are stored in half precision, by the names they are stored under."""
    weights = {
        "in_w": model.inner.weight, "in_b": model.inner.bias,
        "ih_f": model.gru.weight_ih_l0, "hh_f": model.gru.weight_hh_l0, "bi_f": model.gru.bias_ih_l0, "bh_f": model.gru.bias_hh_l0,
        "ih_b": model.gru.weight_ih_l0_reverse, "hh_b": model.gru.weight_hh_l0_reverse,
        "bi_b": model.gru.bias_ih_l0_reverse, "bh_b": model.gru.bias_hh_l0_reverse,
    }  # fmt: skip
    for name in ("tag", "begin", "kind", "relation", "order", "aspect", "sign"):
        layer = getattr(model, name)
        weights |= {f"{name}_w": layer.weight, f"{name}_b": layer.bias}
    return weights


def _stored(path: Path, number: int) -> Model:
    """Return one of the networks that `export` wrote."""
    with np.load(path) as file:
        names = (name for name in file.files if name.startswith(f"{number}/"))
        held = {name.partition("/")[2]: file[name].astype(np.float32) for name in names}
    model = Model()
    meanings = held["meanings"] * held["meanings_scale"][:, None]
    with torch.no_grad():
        model.table.weight[:BUCKETS] = torch.from_numpy(held["table"] * held["table_scale"][:, None])
        model.meaning.weight[:] = torch.from_numpy(np.linalg.lstsq(_piece_vectors(), meanings, rcond=None)[0].T)
        for name, weight in _in_halves(model).items():
            weight[:] = torch.from_numpy(held[name])
    return model


def seeded(seed: int) -> random.Random:
    """Return the random generator that all of a training draws from."""
    return random.Random(seed)
