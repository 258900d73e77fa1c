"""The network of `rag/answers/paired.py` in PyTorch: first over bitexts and sentences made false by code, then over written ones."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from rag.answers.paired import ENDINGS, HEADS, MAX_PLACE, PAIRS, PARTICLES, SHORT, WIDTH, Read, dense_size

WIDE = 128
MEAN_OVER = 0.99  # of the mean of weights that stays at each step: it reaches over about a hundred


@dataclass(frozen=True)
class Said:
    """A sentence beside some evidence: how false it is, from 0 to 1, and of each word whether it is wrong: 1, 0, or -1 where nobody knows."""

    read: Read
    false: float
    wrong: NDArray[np.int8]


@dataclass(frozen=True)
class Group:
    """Some evidence, statement by statement, and sentences that it carries or not."""

    evidence: tuple[Read, ...]
    said: tuple[Said, ...]


class Layer(nn.Module):
    """Attention among the words of a statement."""

    def __init__(self) -> None:
        super().__init__()
        self.before, self.after = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.see, self.hear = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.wide, self.narrow = nn.Linear(WIDTH, WIDE), nn.Linear(WIDE, WIDTH)
        self.drop = nn.Dropout(0.1)

    def forward(self, rows: Tensor, mask: Tensor) -> Tensor:
        """Let each word see the others of its statement."""
        count, length, _ = rows.shape
        ask, key, value = self.see(self.before(rows)).view(count, length, 3, HEADS, -1).permute(2, 0, 3, 1, 4)
        scores = ask @ key.transpose(2, 3) / (WIDTH // HEADS) ** 0.5
        held = scores.masked_fill(~mask[:, None, None], -1e4).softmax(-1)
        rows = rows + self.drop(self.hear((held @ value).transpose(1, 2).reshape(count, length, -1)))
        found: Tensor = rows + self.drop(self.narrow(functional.relu(self.wide(self.after(rows)))))
        return found


class Paired(nn.Module):
    """The network; the names of its parts are those of `paired.npz`."""

    def __init__(self) -> None:
        super().__init__()
        self.dense = nn.Linear(dense_size(), WIDTH, bias=False)
        self.places, self.particles = nn.Embedding(MAX_PLACE, WIDTH), nn.Embedding(PARTICLES, WIDTH)
        self.endings, self.short = nn.Embedding(ENDINGS, WIDTH), nn.Embedding(SHORT, WIDTH)
        for table in (self.places, self.particles, self.endings, self.short):
            nn.init.normal_(table.weight, std=0.1)
        self.first, self.known, self.asking, self.compared = (nn.LayerNorm(WIDTH) for _ in range(4))
        self.one, self.two, self.last = Layer(), Layer(), Layer()
        self.offer, self.ask = nn.Linear(WIDTH, 2 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.nothing = nn.Parameter(torch.zeros(WIDTH))
        self.draw = nn.Parameter(torch.tensor([[8.0, 2, 1, 1, 0], [8, 2, 1, -1, 0], [4, 1, 0, 0, 0], [2, 1, 0, 0, 0]]))
        self.compare_wide = nn.Linear(4 * WIDTH + HEADS * PAIRS + PAIRS + HEADS, WIDE)
        self.compare_narrow = nn.Linear(WIDE, WIDTH)
        self.word = nn.Linear(WIDTH, 1)
        self.whole, self.verdict = nn.Linear(4 + 2 * WIDTH, 32), nn.Linear(32, 1)
        self.drop = nn.Dropout(0.1)

    def understood(self, batch: Batch) -> Tensor:
        """Return statements as both sides are read."""
        rows = self.dense(batch.dense) + self.places(batch.place)
        rows = (
            rows
            + self.particles(batch.hashed[..., 0])
            + self.endings(batch.hashed[..., 1])
            + self.short(batch.hashed[..., 2])
        )
        rows = self.first(rows)
        for layer in (self.one, self.two):
            rows = layer(rows, batch.mask)
        return rows

    def forward(self, evidence: Batch, said: Batch, of_said: Tensor, spot: Tensor) -> tuple[Tensor, Tensor]:
        """Return the log odds that each word is wrong, and that each sentence is. `spot` lays statements out by group: row numbers, -1 for none."""
        there, rows = self.understood(evidence), self.understood(said)
        flat = there.reshape(-1, WIDTH)
        empty = spot < 0
        place = spot.clamp(min=0)
        seen = self.offer(self.known(flat))[place[of_said]]
        count, length, _ = rows.shape
        keys, values = seen.split(WIDTH, -1)
        keys = torch.cat([self.nothing.expand(count, 1, -1), keys], 1)
        values = torch.cat([torch.zeros(count, 1, WIDTH), values], 1)
        measured = self.pairs(said, evidence, place[of_said])
        measured = torch.cat([torch.zeros(count, length, 1, PAIRS), measured], 2)
        off = torch.cat([torch.zeros(count, 1, dtype=torch.bool), empty[of_said]], 1)
        ask = self.ask(self.asking(rows)).view(count, length, HEADS, -1).transpose(1, 2)
        scores = ask @ keys.view(count, -1, HEADS, WIDTH // HEADS).permute(0, 2, 3, 1) / (WIDTH // HEADS) ** 0.5
        scores = scores + (measured @ self.draw.T).permute(0, 3, 1, 2)
        held = scores.masked_fill(off[:, None, None], -1e4).softmax(-1)
        heard = (
            (held @ values.view(count, -1, HEADS, WIDTH // HEADS).transpose(1, 2))
            .transpose(1, 2)
            .reshape(count, length, -1)
        )
        told = torch.einsum("bhse,bsep->bshp", held, measured).reshape(count, length, -1)
        nearest = measured.masked_fill(off[:, None, :, None], 0).amax(2)
        mixed = torch.cat(
            [rows, heard, rows * heard, (rows - heard).abs(), told, nearest, held[..., 0].transpose(1, 2)], -1
        )
        rows = self.compared(self.compare_narrow(functional.relu(self.compare_wide(self.drop(mixed)))))
        rows = self.last(rows, said.mask)
        found = self.word(self.drop(rows))[..., 0]
        out = ~said.mask
        many = said.mask.float().sum(1, keepdim=True)
        low = found.masked_fill(out, -30.0)
        pooled = torch.cat([
            low.amax(1, keepdim=True), torch.logsumexp(low, 1, keepdim=True), (found * said.mask).sum(1, keepdim=True) / many, many / 10,
            rows.masked_fill(out[..., None], -1e4).amax(1), (rows * said.mask[..., None]).sum(1) / many,
        ], 1)  # fmt: skip
        return found, self.verdict(self.drop(functional.relu(self.whole(pooled))))[:, 0]

    @staticmethod
    def pairs(said: Batch, evidence: Batch, place: Tensor) -> Tensor:
        """Return how each word stands to each of its evidence, as `rag.answers.paired.pairs` does."""
        near = said.dense[..., :256] @ evidence.dense.flatten(0, 1)[:, :256][place].transpose(1, 2) / 64
        same = said.stems[..., None] == evidence.stems.flatten()[place][:, None]
        sides = (said.sides @ evidence.sides.flatten(0, 1)[place].transpose(1, 2)).clamp(-2, 2)
        denied = (said.denied[..., None] - evidence.denied.flatten()[place][:, None]).abs()
        return torch.stack([near, same.float(), sides.clamp(min=0), (-sides).clamp(min=0), denied], -1)


@dataclass(frozen=True)
class Batch:
    """Statements laid side by side."""

    dense: Tensor
    hashed: Tensor
    sides: Tensor
    denied: Tensor
    stems: Tensor
    mask: Tensor
    place: Tensor


def laid_side_by_side(reads: Sequence[Read]) -> Batch:
    """Lay statements of different lengths side by side."""
    longest = max(map(len, reads))

    def filled(name: str) -> Tensor:
        parts = [getattr(read, name) for read in reads]
        found = np.zeros((len(parts), longest, *parts[0].shape[1:]), dtype=parts[0].dtype)
        for at, part in enumerate(parts):
            found[at, : len(part)] = part
        return torch.from_numpy(found)

    mask = np.arange(longest)[None] < np.array([len(read) for read in reads])[:, None]
    place = np.minimum(np.arange(longest), MAX_PLACE - 1)[None].repeat(len(reads), 0)
    return Batch(
        filled("dense"),
        filled("hashed"),
        filled("sides"),
        filled("denied"),
        filled("stems"),
        torch.from_numpy(mask),
        torch.from_numpy(place),
    )


def batch_of(groups: Sequence[Group]) -> tuple[Batch, Batch, Tensor, Tensor, Tensor, Tensor]:
    """Return the evidence, the sentences, the group of each, where its evidence stands, and what is known: of sentences and words."""
    statements = [read for group in groups for read in group.evidence]
    evidence = laid_side_by_side(statements)
    width = evidence.mask.shape[1]
    spots, at = [], 0
    for group in groups:
        spots.append([(at + n) * width + i for n, read in enumerate(group.evidence) for i in range(len(read))])
        at += len(group.evidence)
    spot = np.full((len(groups), max(map(len, spots))), -1, dtype=np.int64)
    for n, places in enumerate(spots):
        spot[n, : len(places)] = places
    said = [(n, one) for n, group in enumerate(groups) for one in group.said]
    sentences = laid_side_by_side([one.read for _, one in said])
    wrong = np.full(sentences.mask.shape, -1, dtype=np.float32)
    for n, (_, one) in enumerate(said):
        wrong[n, : len(one.wrong)] = one.wrong
    return (
        evidence, sentences, torch.tensor([n for n, _ in said]), torch.from_numpy(spot),
        torch.tensor([one.false for _, one in said], dtype=torch.float32), torch.from_numpy(wrong),
    )  # fmt: skip


def loss_of(net: Paired, groups: Sequence[Group]) -> Tensor:
    """Return how wrong the network is about sentences and their words."""
    evidence, said, of_said, spot, false, wrong = batch_of(groups)
    found, whole = net(evidence, said, of_said, spot)
    told = said.mask & (wrong >= 0)
    share = told * torch.where(wrong > 0, 1.0, 0.3)
    of_words = functional.binary_cross_entropy_with_logits(
        found, wrong.clamp(min=0), weight=share, reduction="sum"
    ) / told.sum().clamp(min=1)
    return of_words + functional.binary_cross_entropy_with_logits(whole, false * 0.96 + 0.02)


def stored(net: Paired) -> dict[str, NDArray[np.float16]]:
    """Return the weights as `paired.npz` keeps them."""
    renamed = {"compare_wide": "compare.wide", "compare_narrow": "compare.narrow"}
    norms = ("first", "known", "asking", "compared", "before", "after")
    found = {}
    for name, value in net.state_dict().items():
        *path, last = name.split(".")
        path = [renamed.get(part, part) for part in path]
        if path and path[-1] in norms:
            last = {"weight": "scale", "bias": "shift"}[last]
        elif path and path[-1] in ("dense", "places", "particles", "endings", "short"):
            last = ""
        found[".".join([*path, last]).strip(".")] = value.detach().numpy().astype(np.float16)
    return found


def learn(
    net: Paired, draw: Callable[[], Sequence[tuple[Sequence[Group], float]]], steps: int, rate: float, warm: int
) -> Paired:
    """Train the network over batches of groups, each with what it counts, and return the mean of its last weights.

    The rate rises, then falls as a cosine does.
    """
    optimizer = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=0.02)
    mean = copy.deepcopy(net)
    for step in range(steps):
        share = min(1.0, (step + 1) / warm) * (0.5 * (1 + math.cos(math.pi * step / steps)) + 0.02)
        for group in optimizer.param_groups:
            group["lr"] = rate * share
        loss = torch.stack([counts * loss_of(net, groups) for groups, counts in draw()]).sum()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        kept = min(MEAN_OVER, step / (step + 10))
        with torch.no_grad():
            for old, new in zip(mean.parameters(), net.parameters(), strict=True):
                old.mul_(kept).add_(new, alpha=1 - kept)
    return mean
