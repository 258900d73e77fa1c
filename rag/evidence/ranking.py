"""Rankings of a set: its first papers by votes, days or authors, and the one that is recommended of it. No prose here."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rag.corpus.catalogue import Catalogue, Mask
from rag.evidence.recommendation import choose
from rag.evidence.types import Evidence
from rag.questions.plan import Plan

_CENTRAL, _PLAIN = 0.5, 0.75  # probabilities from which a paper may lead a ranking about a topic
_LEADERS = 3  # papers that are ranked at least, the likeliest


def recommended(evidence: Evidence, catalogue: Catalogue, rows: NDArray[np.int64]) -> Evidence:
    """Add why one paper stands out, where the most voted one is asked for; where one is wanted, ties are told and not shown."""
    plan = evidence.reading.plan
    if evidence.reason or plan.by != "votes" or plan.order == "asc" or plan.limit != 1:
        return evidence
    chosen = choose(catalogue.at(rows))
    papers = (chosen.paper,) if chosen and evidence.reading.one else evidence.papers
    return replace(evidence, papers=papers, chosen=chosen)


def central(rows: NDArray[np.int64], shares: NDArray[np.float32], plan: Plan, named: Mask) -> NDArray[np.int64]:
    """Return the rows that may lead a ranking: those that surely belong to a topic, and the likeliest where these are few.

    Surely belong those that name the topic first of all (`named`), and those of CENTRAL and more; the latest one may be a
    stray sooner than the most voted, so where enough name the topic it must be PLAIN. A whole set in order is ranked whole.
    """
    if plan.limit is None:
        return rows
    enough = max(plan.limit + plan.skip, _LEADERS)
    least = _PLAIN if plan.by == "date" and named[rows].sum() >= enough else _CENTRAL
    sure = (shares[rows] >= least) | named[rows]
    likeliest = np.lexsort((-shares[rows], ~sure))
    made: NDArray[np.int64] = np.sort(rows[likeliest[: max(int(sure.sum()), enough)]])
    return made


def ranked(evidence: Evidence, catalogue: Catalogue, rows: NDArray[np.int64]) -> Evidence:
    """Put the first papers of the plan's order into evidence; by votes, with all that have as many as the last.

    By days, `tied` tells how many more are of the day of the last one.
    """
    plan = evidence.reading.plan
    values = _values(plan, catalogue, rows)
    told = values >= 0
    unvoted = evidence.unvoted or int((~told).sum())
    if len(rows) and not told.any() and plan.by == "votes":
        listed = replace(plan, kind="list", by=None, order=None, limit=None, skip=0)
        reading = replace(evidence.reading, plan=listed, lacking="votes", one=False)
        return replace(evidence, reading=reading, papers=tuple(catalogue.at(rows)), pool=len(rows), unvoted=0)
    rows, values = rows[told], values[told] if plan.order == "asc" else -values[told]
    if not len(rows):
        return replace(evidence, reason="no_evidence")
    if plan.skip and plan.limit:  # "the second most voted"
        order = np.argsort(values, kind="stable")[plan.skip :]
        rows, values = rows[order], values[order]
        if not len(rows):
            return replace(evidence, reason="no_evidence")
    limit = min(plan.limit or len(rows), len(rows))
    few = values <= np.partition(values, limit - 1)[limit - 1]
    first = rows[few][np.argsort(values[few], kind="stable")]
    chosen = first[:limit] if plan.by == "date" else first
    left = len(first) - len(chosen)
    return replace(evidence, papers=tuple(catalogue.at(chosen)), unvoted=unvoted, tied=left)


def _values(plan: Plan, catalogue: Catalogue, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return what a ranking orders papers by; -1 for one whose votes, or whose authors, are not all known."""
    if plan.by == "authors":
        return np.array([-1 if p.authors_cut or not p.authors else len(p.authors) for p in catalogue.at(rows)])
    values: NDArray[np.int64] = catalogue.votes[rows] if plan.by == "votes" else catalogue.ordinals[rows]
    return values
