"""Whether what a sentence says together stands together in its evidence: in one clause, in the same parts, denied alike.

`alignment` finds for each word how near it is to each word of the evidence; this compares the clauses around them. Weighs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.answers.claims import Word, dimensions
from rag.answers.roles import NONE, ROLES, parts

Rows = NDArray[np.float32]
Places = NDArray[np.int64]

WORD_FEATURES = (
    "rest", "rest placed", "apart", "here", "rest nearby", "apart nearby", "role", "same part", "other part", "part differs",
    "clause covered", "denied in clause", "denied in clause there", "clause denial differs", "pole in clause there", "pole turned in clause",
)  # fmt: skip
WHOLE_FEATURES = (
    "covered", "covered nearby", "covered by statement", "least covered clause", "most apart", "most apart nearby",
    "parts exchanged", "parts kept", "parts more exchanged", "clause denial differs", "pole turned", "clauses",
)  # fmt: skip
_LEAST_WEIGHT = 100.0  # the length of a vector that says nothing
_OWN_WEIGHT = 0.3  # what a word that names the paper itself counts
_PULL = 16.0
_TOLD = 0.35  # how alike words of exchanged parts must be at least
_BROAD = 3  # the last dimensions: what moves, what is more and what is better in any way
_ALIKE = 0.6  # how alike words of the same side of a dimension are at least
_PAIRS = 24  # words with a part that are compared with one another


@dataclass(frozen=True)
class Clauses:
    """The clauses of the evidence: where each begins among its words, of which statement it is, and what parts its words play."""

    starts: Places
    statement: Places
    roles: Places
    denied: Rows
    poles: dict[int, tuple[Rows, Rows]]
    sides: Rows


def clauses_of(texts: Sequence[Sequence[Word]]) -> Clauses:
    """Return the clauses of several statements, in order."""
    starts: list[int] = []
    statement: list[int] = []
    roles: list[int] = []
    denied: list[float] = []
    poles: dict[int, tuple[list[int], list[int]]] = {}
    at = 0
    for number, words in enumerate(texts):
        clause, played = parts(words)
        roles.extend(played)
        for place, word in enumerate(words):
            if not place or clause[place] != clause[place - 1]:
                starts.append(at + place)
                statement.append(number)
                denied.append(0.0)
            denied[-1] = max(denied[-1], float(word.denied))
            for dimension, pole in word.poles.items():
                poles.setdefault(dimension, ([], []))[pole < 0].append(len(starts) - 1)
        at += len(words)
    count = len(starts)
    return Clauses(
        np.array(starts, dtype=np.int64), np.array(statement, dtype=np.int64), np.array(roles, dtype=np.int64),
        np.array(denied, dtype=np.float32),
        {dimension: (_marked(plus, count), _marked(minus, count)) for dimension, (plus, minus) in poles.items()},
        sides_of([word for words in texts for word in words]),
    )  # fmt: skip


def sides_of(words: Sequence[Word]) -> Rows:
    """Return the places of words in the dimensions of opposites, a row each."""
    found = np.zeros((len(words), dimensions()), dtype=np.float32)
    for at, word in enumerate(words):
        for dimension, pole in word.poles.items():
            found[at, dimension] = pole
    return found


def _weighed(likeness: Rows, words: Sequence[Word], clauses: Clauses) -> Rows:
    """Return the likeness of words, of opposed ones none, and of those on one side at least _ALIKE."""
    mine, theirs = sides_of(words), clauses.sides
    sum_of = mine @ theirs.T
    exact = mine[:, :-_BROAD] @ theirs[:, :-_BROAD].T
    least = np.where(exact > 0, np.maximum(likeness, _ALIKE), likeness)
    met = (np.abs(mine) @ np.abs(theirs).T) > 0
    found: Rows = np.where(met & (sum_of < 0), 0, least).astype(np.float32)
    return found


def _marked(places: Sequence[int], count: int) -> Rows:
    found = np.zeros(count, dtype=np.float32)
    found[list(places)] = 1.0
    return found


def _nearby(found: Rows, statement: Places) -> Rows:
    """Return by clause what it or the next clause of its statement has."""
    best = found.copy()
    if found.shape[1] > 1:
        same = statement[1:] == statement[:-1]
        np.maximum(best[:, :-1], np.where(same, found[:, 1:], 0), out=best[:, :-1])
    return best


def _rest(found: Rows, weights: Rows) -> Rows:
    """Return for each word of a clause and each clause of the evidence how much of the other words stands there."""
    total = weights @ found
    whole = float(weights.sum())
    left = np.maximum(whole - weights, 1e-6)[:, None]
    found_left: Rows = ((total[None] - weights[:, None] * found) / left).astype(np.float32)
    return found_left


def _apart(found: Rows, rest: Rows) -> tuple[Rows, Rows, Rows, Rows]:
    """Return how much of the rest stands in one clause, how much with the word, the difference, and the word where the rest is."""
    anywhere = rest.max(axis=1)
    own = found.max(axis=1)
    placed = (rest * found).max(axis=1)
    here = found[np.arange(len(found)), (rest + 0.01 * found).argmax(axis=1)]
    return anywhere, placed, own * anywhere - placed, own - here


def bound(
    words: Sequence[Word], weights: Rows, own: Sequence[bool], likeness: Rows, clauses: Clauses
) -> tuple[Rows, Rows]:
    """Return how the words of a sentence stand together in its evidence: by WORD_FEATURES, and in all by WHOLE_FEATURES."""
    clause, roles = parts(words)
    said = np.array(roles, dtype=np.int64)
    likeness = _weighed(likeness, words, clauses)
    by_clause = np.maximum.reduceat(likeness, clauses.starts, axis=1)
    near = _nearby(by_clause, clauses.statement)
    telling = np.maximum(weights - _LEAST_WEIGHT, 1.0) * np.where(np.array(own), _OWN_WEIGHT, 1.0)
    of_words = np.zeros((len(words), len(WORD_FEATURES)), dtype=np.float32)
    covers = []
    numbers = np.array(clause, dtype=np.int64)
    for number in range(numbers[-1] + 1):
        inside = np.flatnonzero(numbers == number)
        covers.append(_of_clause(words, inside, telling, by_clause, near, clauses, of_words))
    of_words[:, 6:10] = _played(said, likeness, clauses)
    whole_cover = telling @ by_clause / telling.sum()
    whole_near = telling @ near / telling.sum()
    by_statement = np.maximum.reduceat(by_clause, np.flatnonzero(np.diff(clauses.statement, prepend=-1)), axis=1)
    exchanged, kept, more = _exchanged(said, numbers, telling, likeness, clauses)
    of_all = [
        whole_cover.max(), whole_near.max(), (telling @ by_statement / telling.sum()).max(), min(covers),
        (of_words[:, 2] * (weights > _LEAST_WEIGHT)).max(), (of_words[:, 5] * (weights > _LEAST_WEIGHT)).max(), exchanged, kept, more,
        of_words[:, 13].max(), of_words[:, 15].max(), (numbers[-1] + 1) / 3,
    ]  # fmt: skip
    return of_words, np.array(of_all, dtype=np.float32)


def _of_clause(
    words: Sequence[Word], inside: Places, telling: Rows, by_clause: Rows, near: Rows, clauses: Clauses, of_words: Rows
) -> float:
    """Write down how the words of one clause of a sentence stand together, and return how much of it one clause has."""
    found, weights = by_clause[inside], telling[inside].astype(np.float32)
    rest = _rest(found, weights)
    cover = weights @ found / weights.sum()
    pull = np.exp(_PULL * (cover - cover.max()))
    pull /= pull.sum()
    denied = max(float(words[at].denied) for at in inside)
    denied_there = float(pull @ clauses.denied)
    of_words[inside, 0:4] = np.column_stack(_apart(found, rest))
    nearby = near[inside]
    anywhere, _, apart, _ = _apart(nearby, _rest(nearby, weights))
    of_words[inside, 4], of_words[inside, 5] = anywhere, apart
    best = float(cover.max())
    of_words[inside, 10:14] = (best, denied, denied_there, best * abs(denied - denied_there))
    for at in inside:
        same, other = _turned(words[at], pull, clauses)
        of_words[at, 14], of_words[at, 15] = same, best * max(0.0, other - same)
    return best


def _turned(word: Word, pull: Rows, clauses: Clauses) -> tuple[float, float]:
    """Return how much of a word's side, and of the other side, stands in the clauses that are like its own."""
    same = other = 0.0
    for dimension, pole in word.poles.items():
        if dimension in clauses.poles:
            ours, theirs = clauses.poles[dimension][:: 1 if pole > 0 else -1]
            same, other = max(same, float(pull @ ours)), max(other, float(pull @ theirs))
    return same, other


def _by_part(likeness: Rows, clauses: Clauses) -> Rows:
    """Return by word, part and clause how near a word of that part in that clause is."""
    masked = [
        np.maximum.reduceat(np.where(clauses.roles == role, likeness, 0), clauses.starts, axis=1)
        for role in range(len(ROLES))
    ]
    return np.stack(masked, axis=1)


def _played(said: Places, likeness: Rows, clauses: Clauses) -> Rows:
    """Return for each word whether it plays a part, and how near words of the same and of another part are."""
    alike = clauses.roles[None] == said[:, None]
    same = np.where(alike, likeness, 0).max(axis=1)
    other = np.where(~alike & (clauses.roles != NONE), likeness, 0).max(axis=1)
    found = np.column_stack([np.ones(len(said), dtype=np.float32), same, other, other - same])
    return np.where((said != NONE)[:, None], found, 0).astype(np.float32)


def _exchanged(
    said: Places, numbers: Places, telling: Rows, likeness: Rows, clauses: Clauses
) -> tuple[float, float, float]:
    """Return how surely two words of a clause have changed parts, how surely two have kept them, and the largest difference."""
    placed = np.array([at for at in np.argsort(-telling, kind="stable") if said[at] != NONE][:_PAIRS], dtype=np.int64)
    if len(placed) < 2:
        return 0.0, 0.0, 0.0
    roles, by_part = said[placed], _by_part(likeness[placed], clauses)
    as_other = by_part[:, roles]
    as_itself = by_part[np.arange(len(placed)), roles]
    crossed = np.minimum(as_other, as_other.transpose(1, 0, 2)).max(axis=2)
    straight = np.minimum(as_itself[:, None], as_itself[None]).max(axis=2)
    pairs = (roles[:, None] != roles) & (numbers[placed][:, None] == numbers[placed])
    told = pairs & (crossed > _TOLD)
    exchanged = np.where(told, crossed, 0).max()
    more = np.where(told, crossed - straight, 0).max()
    return float(exchanged), float(np.where(pairs, straight, 0).max()), max(0.0, float(more))
