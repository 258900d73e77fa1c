"""What can be counted of a set of papers as a whole: since when there are any, whether they become more, which to begin with.

Knows papers, days and groups; no question and no prose.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from rag.corpus.catalogue import Catalogue
from rag.corpus.papers import Paper
from rag.corpus.sorts import is_of
from rag.evidence.groups import Group

WINDOW = timedelta(days=90)
"""The time that is compared with the time before it."""
_TELLING = 20  # papers of both times below which no difference is called none
LEAST_SHARED = 20  # papers that all digests of a window must have to be compared with
_SURE = 1.64  # standard deviations from which two shares differ (one side, 5 %)
_ALIKE = 1.3  # times a share that another one may be to be called about the same
FIRST_READ = 12
"""Papers of a reading list."""
_OF_GROUP = 2  # papers of a reading list that stand for each group

Direction = Literal["rising", "falling", "level", "few"]


@dataclass(frozen=True, slots=True)
class Share:
    """How many papers of a range of days, both ends in it, are of a set, out of all papers of these days."""

    start: date
    end: date
    papers: int
    of: int

    @property
    def share(self) -> float:
        """The part of all papers, 0 to 1."""
        return self.papers / self.of if self.of else 0.0

    @property
    def span(self) -> str:
        """The days, as a range."""
        return f"{self.start}~{self.end}"


@dataclass(frozen=True, slots=True)
class Trend:
    """The share of a set in the later days of a time, and in the days before them."""

    now: Share
    before: Share

    @property
    def direction(self) -> Direction:
        """Whether the share rises or falls surely: by a test of two proportions at 5 %; “few” papers tell neither."""
        deviation = deviations(self.now.papers, self.now.of, self.before.papers, self.before.of)
        if abs(deviation) < _SURE and self.now.papers + self.before.papers < _TELLING:
            return "few"
        if abs(deviation) >= _SURE:
            return "rising" if deviation > 0 else "falling"
        low, high = sorted((self.now.share, self.before.share))
        return "level" if high <= _ALIKE * low else "few"


@dataclass(frozen=True, slots=True)
class Overview:
    """A set as a whole: the day of its first paper, its trend (None where digests are too few), the most voted paper."""

    since: date
    trend: Trend | None
    most_voted: Paper | None


def deviations(now: int, of_now: int, before: int, of_before: int) -> float:
    """Return by how many standard deviations one share is above another (two proportions, pooled)."""
    pooled = (now + before) / (of_now + of_before)
    deviation = math.sqrt(pooled * (1 - pooled) * (1 / of_now + 1 / of_before))
    return (now / of_now - before / of_before) / deviation if deviation else 0.0


def most_voted(papers: Iterable[Paper]) -> Paper | None:
    """Return the paper with most votes, of equal ones the newest; None where no votes are known."""
    voted = [paper for paper in papers if paper.votes is not None]
    return max(voted, key=lambda paper: (paper.votes or 0, paper.date), default=None)


def overview(papers: Sequence[Paper], catalogue: Catalogue) -> Overview:
    """Return what can be counted of a set of at least one paper."""
    return Overview(min(paper.dates[0] for paper in papers), _trend(papers, catalogue), most_voted(papers))


def _trend(papers: Sequence[Paper], catalogue: Catalogue) -> Trend | None:
    """Compare the last days of all digests with as many days before; None where these have few papers."""
    end = catalogue.days[-1]
    middle = end - WINDOW
    start = middle - WINDOW
    if catalogue.days[0] > start:
        return None
    now, before = _share(papers, catalogue, middle, end), _share(papers, catalogue, start, middle)
    return Trend(now, before) if min(now.of, before.of) >= LEAST_SHARED else None


def halves(papers: Sequence[Paper], catalogue: Catalogue, start: date | None, end: date | None) -> Trend | None:
    """Compare the later half of a half-open range of days with the earlier one; None where these have few papers in all."""
    first = max(filter(None, (start, catalogue.days[0]))) - timedelta(days=1)
    last = min(filter(None, (end and end - timedelta(days=1), catalogue.days[-1])))
    middle = first + (last - first) / 2
    now, before = _share(papers, catalogue, middle, last), _share(papers, catalogue, first, middle)
    return Trend(now, before) if min(now.of, before.of) >= LEAST_SHARED else None


def _share(papers: Sequence[Paper], catalogue: Catalogue, after: date, end: date) -> Share:
    first = after + timedelta(days=1)
    inside = sum(first <= paper.date <= end for paper in papers)
    ordinals = catalogue.ordinals
    every = int(((ordinals >= first.toordinal()) & (ordinals <= end.toordinal())).sum())
    return Share(first, end, inside, every)


# --- What to read first ----------------------------------------------------------------------------------------------
Why = Literal["survey", "most_voted", "group", "newest"]


@dataclass(frozen=True, slots=True)
class Step:
    """A paper of a reading list, and why it stands there; `group` names its group where it stands for one."""

    paper: Paper
    why: Why
    group: str = ""


def reading_list(papers: Sequence[Paper], groups: Sequence[Group], limit: int = FIRST_READ) -> tuple[Step, ...]:
    """Return the papers to read first, in order: the survey with most votes, the most voted, the best of each group, the newest."""
    steps = [Step(paper, "survey") for paper in _best(p for p in papers if is_of(p, "survey"))]
    steps += [Step(paper, "most_voted") for paper in _best(papers)]
    for place in range(_OF_GROUP):
        for group in groups:
            ranked = sorted(group.papers, key=lambda paper: (paper.votes or 0, paper.date), reverse=True)
            steps += [Step(paper, "group", group.label) for paper in ranked[place : place + 1]]
    newest = sorted(papers, key=lambda paper: (paper.date, paper.votes or 0), reverse=True)
    steps += [Step(paper, "newest") for paper in newest[:limit]]
    unique = {step.paper.arxiv_id: step for step in reversed(steps)}
    kept = sorted(unique.values(), key=steps.index)
    return tuple(kept[:limit])


def _best(papers: Iterable[Paper]) -> list[Paper]:
    """Return the most voted paper in a list; an empty list where no votes are known."""
    best = most_voted(papers)
    return [best] if best else []
