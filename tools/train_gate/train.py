"""The network of the gate's judge, in PyTorch, and its training. The product runs the same in NumPy (`rag/answers/judge.py`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from rag.answers.alignment import Laid

HIDDEN, WHOLE, BATCH, RATE, DECAY = 32, 24, 256, 3e-3, 0.02
WORD_SHARE = (
    0.3  # what a word that need not be wrong counts beside one that is: true sentences say more than their evidence
)
SOFT = 0.02  # labels are that far from 0 and 1


@dataclass(frozen=True)
class Example:
    """A sentence laid beside its evidence; `wrong` tells of each word whether it is, -1 where nobody knows."""

    laid: Laid
    wrong: NDArray[np.int8]
    false: bool


class Judge(nn.Module):
    """One hidden layer over each word and its neighbours, pooled into one number."""

    def __init__(self, features: int, relations: int) -> None:
        super().__init__()
        self.words = nn.Linear(features, HIDDEN)
        self.neighbours = nn.Linear(features, HIDDEN, bias=False)
        self.word = nn.Linear(HIDDEN, 1)
        self.whole = nn.Linear(6 + relations, 1)
        self.deep = nn.Linear(6 + relations, WHOLE)
        self.deeper = nn.Linear(WHOLE, 1, bias=False)
        self.drop = nn.Dropout(0.1)
        with torch.no_grad():
            self.whole.weight.zero_()
            self.whole.weight[0, :5] = torch.tensor([0.5, 0.1, 0.5, 0.1, 0.1])

    def forward(self, rows: Tensor, relations: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return the log odds that each word is wrong, and that the sentence is."""
        rows = rows * mask[..., None]
        beside = functional.pad(rows, (0, 0, 1, 0))[:, :-1] + functional.pad(rows, (0, 0, 0, 1))[:, 1:]
        found = self.word(self.drop(functional.relu(self.words(rows) + self.neighbours(beside))))[..., 0]
        known = functional.pad(found.masked_fill(~mask, -9.0), (0, 1), value=-9.0)
        count = mask.float().sum(1)
        pooled = torch.cat([
            known.topk(2, 1).values, torch.logsumexp(known.masked_fill(known == -9.0, -30.0), 1)[:, None],
            (torch.sigmoid(found) * mask).sum(1)[:, None], ((found * mask).sum(1) / count)[:, None], (count / 10)[:, None], relations,
        ], 1)  # fmt: skip
        deep = self.deeper(self.drop(functional.relu(self.deep(pooled))))
        return found, (self.whole(pooled) + deep)[:, 0]


def _batch(examples: Sequence[Example], mean: NDArray[np.float32], spread: NDArray[np.float32]) -> tuple[Tensor, ...]:
    longest = max(len(example.wrong) for example in examples)
    rows = np.zeros((len(examples), longest, len(mean)), dtype=np.float32)
    wrong, mask = (
        np.full((len(examples), longest), -1, dtype=np.float32),
        np.zeros((len(examples), longest), dtype=bool),
    )
    for at, example in enumerate(examples):
        count = len(example.wrong)
        rows[at, :count] = np.clip((example.laid.words - mean) / spread, -4, 4)
        wrong[at, :count], mask[at, :count] = example.wrong, True
    relations = np.stack([example.laid.relations for example in examples])
    false = np.array([example.false for example in examples], dtype=np.float32)
    return tuple(map(torch.from_numpy, (rows, relations, wrong, mask, false)))


def fit(examples: Sequence[Example], epochs: int, seed: int) -> dict[str, NDArray[np.float32]]:
    """Train a judge, and return its arrays as `rag/answers/judge.py` reads them."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    rng = np.random.default_rng(seed)
    rows = np.concatenate([example.laid.words for example in examples])
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-3
    net = Judge(rows.shape[1], len(examples[0].laid.relations))
    optimizer = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=DECAY)
    steps = epochs * (len(examples) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, steps + 1)
    for _ in range(epochs):
        order = rng.permutation(len(examples))
        for at in range(0, len(order) - BATCH + 1, BATCH):
            chosen = [examples[i] for i in order[at : at + BATCH]]
            batch, relations, wrong, mask, false = _batch(chosen, mean, spread)
            found, whole = net(batch, relations, mask)
            told = mask & (wrong >= 0)
            share = told * torch.where(wrong > 0, 1.0, WORD_SHARE)
            of_words = (
                functional.binary_cross_entropy_with_logits(found, wrong.clamp(min=0), weight=share, reduction="sum")
                / told.sum()
            )
            soft = false * (1 - 2 * SOFT) + SOFT
            of_whole = functional.binary_cross_entropy_with_logits(whole, soft)
            optimizer.zero_grad()
            (of_words + of_whole).backward()
            optimizer.step()
            schedule.step()
    parts = {name: value.detach().numpy().astype(np.float32) for name, value in net.state_dict().items()}
    return {
        "mean": mean, "spread": spread, "words": parts["words.weight"], "bias": parts["words.bias"],
        "neighbours": parts["neighbours.weight"], "word": parts["word.weight"][0], "word_bias": parts["word.bias"][0],
        "whole": parts["whole.weight"][0], "whole_bias": parts["whole.bias"][0],
        "deep": parts["deep.weight"], "deep_bias": parts["deep.bias"], "deeper": parts["deeper.weight"][0],
    }  # fmt: skip
