"""One seeded batch: which pairs, and which part of each text.

Holds sampling and cropping of piece ids. Knows nothing of vectors or files.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int32]
Offsets = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Bags:
    """Ragged piece ids: text i holds `ids[starts[i] : starts[i] + lengths[i]]`."""

    ids: Ids
    starts: Offsets
    lengths: Offsets

    @classmethod
    def from_arrays(cls, arrays: Sequence[Ids]) -> "Bags":
        """Join one array a text; empty arrays are allowed."""
        lengths = np.array([len(a) for a in arrays], dtype=np.int64)
        starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)[:-1]])
        ids = np.concatenate(arrays) if arrays else np.zeros(0, np.int32)
        return cls(ids, starts[: len(arrays)], lengths)

    def gather(self, starts: Offsets, lengths: Offsets) -> tuple[Ids, Offsets]:
        """Copy spans out: flat ids, and where each span begins in them (as torch's EmbeddingBag wants it)."""
        begins = np.cumsum(lengths) - lengths
        index = np.arange(int(lengths.sum())) + np.repeat(starts - begins, lengths)
        return self.ids[index], begins


class Swapper(Protocol):
    """Gives some pieces of a bag in the other language."""

    def swap(self, rng: np.random.Generator, ids: Ids, share: float) -> Ids:
        """Return as many ids, each swapped with probability `share` where it has a translation."""


@dataclass(frozen=True, slots=True)
class SamplingPlan:
    """How batches are drawn.

    Attributes:
        batch_size: pairs a batch.
        family_weights: relative share of each family; a family of weight 0, or absent, is never drawn.
        crop_share: probability that a batch crops one side of each pair, so that a part matches the whole.
        halves_share: probability that a batch pairs two parts of one side instead of two sides.
        min_crop: smallest part kept by a crop, 0 to 1.
        longest: pieces of a text that one batch sees; of a longer text, a random run of so many.
        piece_dropout: probability that a piece is left out of a bag, 0 to 1.
        swap_batches: probability that a batch swaps pieces of one side for their translations.
        swap_share: probability that a piece of that side is swapped, if it has a translation.
    """

    batch_size: int
    family_weights: Mapping[str, float]
    crop_share: float = 0.5
    halves_share: float = 0.25
    min_crop: float = 0.2
    longest: int = 96
    piece_dropout: float = 0.15
    swap_batches: float = 0.5
    swap_share: float = 0.5


Batch = tuple[Ids, Offsets, Ids, Offsets]


class PairSampler:
    """Draws batches of aligned bags; the same seed and step give the same batch."""

    def __init__(
        self, left: Bags, right: Bags, families: Sequence[str], plan: SamplingPlan, seed: int, lexicon: Swapper
    ) -> None:
        """Keep the pairs and lay out each family's rows.

        Args:
            left, right: one bag a pair.
            families: the family of each pair.
            plan: how to draw.
            seed: of all draws.
            lexicon: translations of pieces.

        Raises:
            ValueError: no pair belongs to a family with a weight above 0.
        """
        self._left, self._right, self._plan, self._seed, self._lexicon = left, right, plan, seed, lexicon
        usable = (left.lengths > 0) & (right.lengths > 0)
        names = np.array(families)
        self._rows = [np.flatnonzero(usable & (names == f)) for f, w in plan.family_weights.items() if w > 0]
        self._halves = [rows[np.minimum(left.lengths, right.lengths)[rows] >= 8] for rows in self._rows]
        if not sum(map(len, self._rows)):
            raise ValueError(f"no pair in any of the families {sorted(plan.family_weights)}")
        weights = np.array([w for w in plan.family_weights.values() if w > 0])
        self._shares = weights / weights.sum()

    def __repr__(self) -> str:
        """Say what decides the batches; a checkpoint of another sampler is refused by it."""
        return f"PairSampler({self._plan!r}, seed={self._seed}, pairs={[len(rows) for rows in self._rows]})"

    def draw(self, step: int) -> Batch:
        """Draw the batch of `step` (0-based): ids and begins of both sides, bag i of one for bag i of the other."""
        rng = np.random.default_rng((self._seed, step))
        halves = rng.random() < self._plan.halves_share
        rows = self._draw_rows(rng, self._halves if halves else self._rows)
        if halves:
            side = self._left if rng.random() < 0.5 else self._right
            first, second = self._two_parts(rng, side, rows)
            spans = ((side, *first), (side, *second))
        else:
            spans = (
                (self._left, *self._window(rng, self._left, rows)),
                (self._right, *self._window(rng, self._right, rows)),
            )
            if rng.random() < self._plan.crop_share:
                cropped = int(rng.integers(2))
                bags, starts, lengths = spans[cropped]
                part = (bags, *self._crop(rng, starts, lengths))
                spans = (part, spans[1]) if cropped == 0 else (spans[0], part)
        first_ids, first_begins = self._drop(rng, *spans[0][0].gather(*spans[0][1:]))
        second_ids, second_begins = self._drop(rng, *spans[1][0].gather(*spans[1][1:]))
        if rng.random() < self._plan.swap_batches:
            if rng.random() < 0.5:
                first_ids = self._lexicon.swap(rng, first_ids, self._plan.swap_share)
            else:
                second_ids = self._lexicon.swap(rng, second_ids, self._plan.swap_share)
        return first_ids, first_begins, second_ids, second_begins

    def _draw_rows(self, rng: np.random.Generator, rows_of_family: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
        shares = np.array([s if len(r) else 0.0 for s, r in zip(self._shares, rows_of_family, strict=True)])
        counts = rng.multinomial(self._plan.batch_size, shares / shares.sum())
        drawn = [r[rng.integers(len(r), size=n)] for r, n in zip(rows_of_family, counts, strict=True) if n]
        return np.unique(np.concatenate(drawn))

    def _window(self, rng: np.random.Generator, side: Bags, rows: NDArray[np.int64]) -> tuple[Offsets, Offsets]:
        """Take whole texts, or a random run of `longest` pieces of those that have more."""
        starts, lengths = side.starts[rows], side.lengths[rows]
        kept = np.minimum(lengths, self._plan.longest)
        return starts + (rng.random(len(rows)) * (lengths - kept + 1)).astype(np.int64), kept

    def _crop(self, rng: np.random.Generator, starts: Offsets, lengths: Offsets) -> tuple[Offsets, Offsets]:
        """Keep a random contiguous part of each span, at least 4 pieces of a span that has them."""
        share = rng.uniform(self._plan.min_crop, 1.0, len(lengths))
        kept = np.maximum(np.minimum(lengths, 4), (lengths * share).astype(np.int64))
        return starts + (rng.random(len(lengths)) * (lengths - kept + 1)).astype(np.int64), kept

    def _two_parts(
        self, rng: np.random.Generator, side: Bags, rows: NDArray[np.int64]
    ) -> tuple[tuple[Offsets, Offsets], tuple[Offsets, Offsets]]:
        """Cut each text in two at a random point of its middle half."""
        starts, lengths = self._window(rng, side, rows)
        cut = np.maximum(1, (lengths * rng.uniform(0.25, 0.75, len(rows))).astype(np.int64))
        return (starts, cut), (starts + cut, lengths - cut)

    def _drop(self, rng: np.random.Generator, ids: Ids, begins: Offsets) -> tuple[Ids, Offsets]:
        """Leave out pieces at random, never the first of a bag, so that no bag empties."""
        if self._plan.piece_dropout <= 0:
            return ids, begins
        keep = rng.random(len(ids)) >= self._plan.piece_dropout
        keep[begins] = True
        return ids[keep], np.concatenate([np.zeros(1, np.int64), np.cumsum(keep)])[begins]
