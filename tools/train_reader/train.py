"""Train the reader's network on samples and write its weights."""

from __future__ import annotations

import json
import os
import random
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn

from rag.corpus.catalogue import Catalogue
from rag.questions.features import BUCKETS, CATALOGUE_FLAGS, FLAGS, SLOTS, Wording, features
from rag.questions.labels import ASPECTS, KINDS, ORDERS, RELATIONS, SIGNS, TAGS
from rag.questions.network import label_names
from tools.train_reader.samples import Sample

LENGTH = 40  # tokens of a sample that are trained on
_SIZE, _WIDE, _STATE = 48, 96, 80


@dataclass
class Arrays:
    """Samples as arrays, one row a sample."""

    spellings: np.ndarray
    flags: np.ndarray
    tags: np.ndarray
    begins: np.ndarray
    labels: np.ndarray  # kind, relation, order, aspect, length
    signs: np.ndarray


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
    )
    tag = {name: place for place, name in enumerate(TAGS)}
    for row, sample in enumerate(samples):
        told = features(sample.text, sample.tokens, catalogue, wording, sample.language, after=sample.after)
        size = min(len(sample.tokens), LENGTH)
        spelled = told.spellings[:size]
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
    return made


class Model(nn.Module):
    """The network of rag/questions/network.py, to be trained."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Embedding(BUCKETS + 1, _SIZE, padding_idx=BUCKETS)
        nn.init.normal_(self.table.weight, std=0.3)
        self.table.weight.data[BUCKETS] = 0
        self.inner = nn.Linear(_SIZE + len(FLAGS), _WIDE)
        self.gru = nn.GRU(_WIDE, _STATE, batch_first=True, bidirectional=True)
        self.drop = nn.Dropout(0.25)
        self.tag = nn.Linear(2 * _STATE, len(TAGS))
        self.begin = nn.Linear(2 * _STATE, 1)
        self.kind = nn.Linear(4 * _STATE, len(KINDS))
        self.relation = nn.Linear(4 * _STATE, len(RELATIONS))
        self.order = nn.Linear(4 * _STATE, len(ORDERS))
        self.aspect = nn.Linear(4 * _STATE, len(ASPECTS))
        self.sign = nn.Linear(4 * _STATE, len(SIGNS))

    def forward(self, rows: torch.Tensor, flags: torch.Tensor, lengths: torch.Tensor) -> dict[str, torch.Tensor]:
        """Return the scores of every head for a batch of questions."""
        held = (rows != BUCKETS).float()
        summed = self.table(rows).sum(2) / held.sum(2, keepdim=True).clamp(min=1).sqrt()
        inputs = self.drop(torch.relu(self.inner(torch.cat([summed, flags], 2))))
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


def train(made: Arrays, epochs: int, seed: int = 1, batch: int = 256) -> Model:
    """Train a model on arrays of samples. The same seed, samples and threads give the same model."""
    torch.manual_seed(seed)
    torch.set_num_threads(int(os.environ.get("THREADS", "2")))
    model = Model()
    steps = epochs * (len(made.labels) // batch)
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 4e-3, total_steps=steps + 1, pct_start=0.1)
    rng = np.random.default_rng(seed)
    started = time.perf_counter()
    known = len(CATALOGUE_FLAGS)
    for epoch in range(epochs):
        order, seen = rng.permutation(len(made.labels)), 0.0
        for at in range(0, len(order) - batch + 1, batch):
            rows = order[at : at + batch]
            lengths = torch.from_numpy(made.labels[rows, 4].astype(np.int64))
            longest = int(lengths.max())
            flags = torch.from_numpy(made.flags[rows, :longest].astype(np.float32))
            flags[torch.rand(len(rows)) < 0.35, :, :known] = 0  # a small index knows fewer names
            spelled = torch.from_numpy(made.spellings[rows, :longest].astype(np.int64))
            spelled[(torch.rand(spelled.shape[:2]) < 0.03)] = BUCKETS  # words never seen
            out = model(spelled, flags, lengths)
            loss = _loss(
                out, torch.from_numpy(made.tags[rows].astype(np.int64)), torch.from_numpy(made.begins[rows]),
                torch.from_numpy(made.labels[rows].astype(np.int64)), torch.from_numpy(made.signs[rows]),
            )  # fmt: skip
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            seen += loss.item()
        print(
            f"epoch {epoch + 1}: loss {seen / max(1, len(order) // batch):.4f}, {time.perf_counter() - started:.0f} s",
            flush=True,
        )
    return model.eval()


def export(model: Model, wording: Wording, path: Path) -> None:
    """Write the weights: the table in 8 bits a number with a scale a row, the rest in half precision."""
    table = model.table.weight.detach().numpy()[:BUCKETS]
    scale = np.abs(table).max(axis=1) / 127 + 1e-9
    arrays = {
        "table": np.round(table / scale[:, None]).astype(np.int8),
        "table_scale": scale.astype(np.float16),
        "wording": np.array(sorted(wording.words), dtype=np.uint32),
        "wording_often": np.array(sorted(wording.often), dtype=np.uint32),
        "labels": np.frombuffer(json.dumps(label_names()).encode(), dtype=np.uint8),
        "in_w": model.inner.weight, "in_b": model.inner.bias,
        "ih_f": model.gru.weight_ih_l0, "hh_f": model.gru.weight_hh_l0, "bi_f": model.gru.bias_ih_l0, "bh_f": model.gru.bias_hh_l0,
        "ih_b": model.gru.weight_ih_l0_reverse, "hh_b": model.gru.weight_hh_l0_reverse,
        "bi_b": model.gru.bias_ih_l0_reverse, "bh_b": model.gru.bias_hh_l0_reverse,
    }  # fmt: skip
    for name in ("tag", "begin", "kind", "relation", "order", "aspect", "sign"):
        layer = getattr(model, name)
        arrays |= {f"{name}_w": layer.weight, f"{name}_b": layer.bias}
    done = {
        name: value.detach().numpy().astype(np.float16) if isinstance(value, torch.Tensor) else value
        for name, value in arrays.items()
    }
    np.savez(path, **done)


def seeded(seed: int) -> random.Random:
    """Return the random generator that all of a training draws from."""
    return random.Random(seed)
