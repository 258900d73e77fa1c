"""What can be counted of a set of papers as a whole: since when there are any, whether they become more, which to begin with.

Knows papers, days and groups; no question and no prose.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from rag.corpus.catalogue import Catalogue
from rag.corpus.mentions import meant
from rag.corpus.papers import Paper
from rag.corpus.sorts import is_of
from rag.evidence.groups import Group
from rag.language.terms import glossary

WINDOW = timedelta(days=90)
"""The time that is compared with the time before it."""
_TELLING = 20  # papers of both times below which no difference is called none
LEAST_SHARED = 20  # papers that all digests of a window must have to be compared with
_SURE = 1.64  # standard deviations from which two shares differ (one side, 5 %)
_ALIKE = 1.3  # times a share that another one may be to be called about the same
FIRST_READ = 8
"""Papers of a reading list."""

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
Why = Literal["own", "survey", "named", "group", "most_voted"]
_SURVEYS, _NAMED = 3, 3  # surveys of a reading list, and papers that others name
_LEAST_NAMED = 2  # other papers that name one which many build on
_NEAREST, _FEWEST = (
    0.5,
    20,
)  # part of a set that is nearest to its topic, from which the list is made, and papers of that at least
_OF_GROUP = 2  # papers of a reading list that stand in one group
_INTRODUCES = re.compile(
    r"\b(?:tutorial|primer|introduction to|an introduction|review|survey|overview|lecture|guide to)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Step:
    """A paper of a reading list, and why it stands there; `named` is how many other papers name it, `group` its group."""

    paper: Paper
    why: Why
    group: str = ""
    named: int = 0


def in_order(papers: Sequence[Paper]) -> tuple[Paper, ...]:
    """Return all papers in an order to look at them in: the most voted survey, the most voted paper, then the newest first."""
    first = [*_best(paper for paper in papers if is_of(paper, "survey")), *_best(papers)]
    newest = sorted(papers, key=lambda paper: (paper.date, paper.votes or 0), reverse=True)
    return tuple(dict.fromkeys((*first, *newest)))


def reading_list(
    papers: Sequence[Paper],
    groups: Sequence[Group],
    catalogue: Catalogue,
    terms: Sequence[str] = (),
    limit: int = FIRST_READ,
) -> tuple[Step, ...]:
    """Return what a beginner reads first: what proposed a name, surveys and tutorials, papers that others name most, the
    most voted of each group, and of all. Those that only touch the topic, or only name one of the `terms`, are left out.
    """
    near = _near(papers, terms, catalogue)
    whole = [p for p in _by_votes(papers) if is_of(p, "survey") or _INTRODUCES.search(p.title)]
    own = {i for term in terms for i in catalogue.named(term)}
    steps = {paper.arxiv_id: Step(paper, "own") for paper in papers if paper.arxiv_id in own}
    steps |= {paper.arxiv_id: Step(paper, "survey") for paper in whole[:_SURVEYS] if paper.arxiv_id not in steps}
    cited = {paper.arxiv_id: _naming(paper, catalogue) for paper in near if paper.arxiv_id not in steps}
    known = [paper for paper in _by_votes(near) if cited.get(paper.arxiv_id, 0) >= _LEAST_NAMED]
    known.sort(key=lambda paper: -cited[paper.arxiv_id])
    for paper in known[:_NAMED]:
        steps[paper.arxiv_id] = Step(paper, "named", named=cited[paper.arxiv_id])
    inside = set(near)
    for place in range(_OF_GROUP):
        for group in groups:
            best = [paper for paper in _by_votes(group.papers) if paper in inside][place : place + 1]
            steps |= {
                paper.arxiv_id: Step(paper, "group", group.label) for paper in best if paper.arxiv_id not in steps
            }
    for paper in _by_votes(near)[:limit]:
        steps.setdefault(paper.arxiv_id, Step(paper, "most_voted"))
    return tuple(steps.values())[:limit]


def _near(papers: Sequence[Paper], terms: Sequence[str], catalogue: Catalogue) -> Sequence[Paper]:
    """Return the papers that treat a topic most: those with the terms in their title, else the first half by nearness."""
    titled = {i for term in terms for i in catalogue.titling(meant(term))}
    near = [paper for paper in papers if paper.arxiv_id in titled]
    if terms:
        return near if len(near) >= FIRST_READ else papers
    return papers[: max(_FEWEST, round(_NEAREST * len(papers)))]


def _by_votes(papers: Sequence[Paper]) -> list[Paper]:
    """Return papers by votes, most first, of equal ones the newest."""
    return sorted(papers, key=lambda paper: (paper.votes or 0, paper.date), reverse=True)


def _naming(paper: Paper, catalogue: Catalogue) -> int:
    """Return how many later papers name a paper by a name that is its alone, written as it is there."""
    name = paper.name
    if not name or name.islower() or catalogue.named(name) != (paper.arxiv_id,) or glossary().knows(name):
        return 0
    written = re.compile(rf"(?<![A-Za-z0-9-]){re.escape(name)}(?![A-Za-z0-9-])")
    return sum(
        catalogue.papers[i].date > paper.date and any(written.search(statement.text) for statement in one.bullets)
        for i, one in catalogue.mentioning(meant(name)).items()
    )


def _best(papers: Iterable[Paper]) -> list[Paper]:
    """Return the most voted paper in a list; an empty list where no votes are known."""
    best = most_voted(papers)
    return [best] if best else []
