"""A dictionary of pieces counted from the translations: which pieces stand for each other.

Two pieces translate each other when they keep turning up in the same pairs (Dice coefficient). Used twice: translations
start out with vectors that lean towards each other, and some batches swap pieces for their translations, so that what
English summaries teach reaches Korean pieces too.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from tools.train_embedding.batches import Bags

MIN_PAIRS = 3
MIN_DICE = 0.15
CANDIDATES = 3


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Translations of each piece.

    Attributes:
        candidates: piece ids, best first, shape (pieces, CANDIDATES); unused places hold the piece itself.
        dice: their association, 0 to 1, 0 at unused places; same shape.
    """

    candidates: NDArray[np.int32]
    dice: NDArray[np.float32]

    def swap(self, rng: np.random.Generator, ids: NDArray[np.int32], share: float) -> NDArray[np.int32]:
        """Swap each piece that has translations for one of them (by Dice weight) with probability `share`."""
        cumulative = np.cumsum(self.dice[ids], axis=1)
        pick = (rng.random(len(ids))[:, None] * cumulative[:, -1:] >= cumulative).sum(axis=1)
        swapped = (cumulative[:, -1] > 0) & (rng.random(len(ids)) < share)
        return np.where(swapped, self.candidates[ids, np.minimum(pick, CANDIDATES - 1)], ids).astype(np.int32)

    def lean(self, rows: torch.Tensor, share: float) -> torch.Tensor:
        """Add to each row `share` of its translations' rows (by Dice), and keep its norm."""
        neighbours = rows[torch.from_numpy(self.candidates).long()]
        leaning = rows + share * (neighbours * torch.from_numpy(self.dice).unsqueeze(2)).sum(dim=1)
        leant: torch.Tensor = functional.normalize(leaning, dim=1) * rows.norm(dim=1, keepdim=True)
        return leant


def build_lexicon(left: Bags, right: Bags, pairs: NDArray[np.int64], pieces: int, *, longest: int = 48) -> Lexicon:
    """Count the dictionary.

    Args:
        left, right: English and Korean bags, aligned.
        pairs: the rows of both that are translations.
        pieces: size of the vocabulary.
        longest: texts of more pieces are left out, for a long text pairs everything with everything.
    """
    short = pairs[(left.lengths[pairs] <= longest) & (right.lengths[pairs] <= longest)]
    seen_left, seen_right = np.zeros(pieces, np.int64), np.zeros(pieces, np.int64)
    keys = [np.zeros(0, np.int64)]
    for row in short:
        first = np.unique(left.ids[left.starts[row] : left.starts[row] + left.lengths[row]]).astype(np.int64)
        second = np.unique(right.ids[right.starts[row] : right.starts[row] + right.lengths[row]]).astype(np.int64)
        seen_left[first] += 1
        seen_right[second] += 1
        keys.append((first[:, None] * pieces + second).ravel())
    links, together = np.unique(np.concatenate(keys), return_counts=True)
    links, together = links[together >= MIN_PAIRS], together[together >= MIN_PAIRS]
    first, second = links // pieces, links % pieces
    dice = 2 * together / (seen_left[first] + seen_right[second])
    unchanged = np.zeros(pieces)
    unchanged[first[first == second]] = dice[first == second]
    good = (first != second) & (dice > MIN_DICE) & (dice > unchanged[first]) & (dice > unchanged[second])
    return _table(first[good], second[good], dice[good], pieces)


def _table(first: NDArray[np.int64], second: NDArray[np.int64], dice: NDArray[np.float64], pieces: int) -> Lexicon:
    """Keep each piece's best translations, both ways; ties go to the smaller id."""
    piece, other = np.concatenate([first, second]), np.concatenate([second, first])
    weight = np.concatenate([dice, dice])
    order = np.lexsort((other, -weight, piece))
    piece, other, weight = piece[order], other[order], weight[order]
    rank = np.arange(len(piece)) - np.searchsorted(piece, piece)
    kept = rank < CANDIDATES
    candidates = np.repeat(np.arange(pieces, dtype=np.int32)[:, None], CANDIDATES, axis=1)
    table = np.zeros((pieces, CANDIDATES), np.float32)
    candidates[piece[kept], rank[kept]] = other[kept]
    table[piece[kept], rank[kept]] = weight[kept]
    return Lexicon(candidates, table)
