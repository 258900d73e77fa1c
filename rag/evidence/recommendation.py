"""One paper that is recommended, and why in computed terms: how its votes stand beside the others, how new it is.

Knows papers only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.corpus.papers import Paper

_COMPARED = 3  # of the most voted, among which the newest is told


@dataclass(frozen=True, slots=True)
class Choice:
    """The recommended paper. `second` is the most voted of the others and `lead` how many votes it has less.

    `tied` is how many others have as many votes; `newest_of` how many of the most voted it is the newest of, 0 where it is not.
    """

    paper: Paper
    second: Paper | None
    lead: int
    tied: int
    newest_of: int


def choose(papers: Sequence[Paper]) -> Choice | None:
    """Return the paper with most votes, of equal ones the newest; None where no votes are known."""
    voted = [paper for paper in papers if paper.votes is not None]
    ordered = sorted(voted, key=lambda paper: (paper.votes or 0, paper.date, paper.arxiv_id), reverse=True)
    if not ordered:
        return None
    best, *others = ordered
    tied = sum(paper.votes == best.votes for paper in others)
    second = others[0] if others else None
    lead = (best.votes or 0) - (second.votes or 0) if second else 0
    first = ordered[:_COMPARED]
    newest = len(first) > 1 and all(best.date > paper.date for paper in first[1:])
    return Choice(best, second, lead, tied, len(first) if newest else 0)
