"""Papers counted by day, week, month, quarter or year: how many, out of all papers of that time, with what votes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rag.corpus.catalogue import Catalogue
from rag.corpus.papers import Paper
from rag.evidence.overview import LEAST_SHARED, Share, Trend, most_voted
from rag.language.periods import unit_of
from rag.questions.plan import Unit


@dataclass(frozen=True, slots=True)
class Tally:
    """The papers of one unit of time: `start` is its first day, `label` its name, `of` how many papers of any kind it has.

    `until` is the last day with a digest of a unit that is not over by then, `since` the first one of a unit that the digests
    begin within; None of a whole one.
    """

    start: date
    label: str
    papers: tuple[Paper, ...]
    of: int
    until: date | None = None
    since: date | None = None

    @property
    def is_partial(self) -> bool:
        """Whether the digests hold only a part of the unit."""
        return self.until is not None or self.since is not None

    @property
    def voted(self) -> tuple[Paper, ...]:
        """The papers whose votes are known."""
        return tuple(paper for paper in self.papers if paper.votes is not None)

    @property
    def votes(self) -> int:
        """The sum of the known votes."""
        return sum(paper.votes or 0 for paper in self.papers)

    @property
    def mean(self) -> float:
        """Known votes by paper; 0 where none are known."""
        return self.votes / len(self.voted) if self.voted else 0.0

    @property
    def best(self) -> Paper | None:
        """The paper with most votes."""
        return most_voted(self.papers)


def label_of(start: date, unit: Unit) -> str:
    """Return how a unit of time is written.

    >>> [label_of(date(2024, 7, 1), unit) for unit in ("day", "week", "month", "quarter", "year")]
    ['2024-07-01', '2024-07-01~', '2024-07', '2024 Q3', '2024']
    """
    if unit == "quarter":
        return f"{start.year} Q{(start.month + 2) // 3}"
    return {"day": f"{start}", "week": f"{start}~", "month": f"{start:%Y-%m}", "year": f"{start.year}"}[unit]


def tallies(papers: Sequence[Paper], catalogue: Catalogue, unit: Unit, end: date | None = None) -> tuple[Tally, ...]:
    """Count papers by a unit of time, oldest first: every unit with a digest from the first paper's to the last before `end`."""
    if not papers:
        return ()
    by_start: dict[date, list[Paper]] = {}
    for paper in papers:
        by_start.setdefault(unit_of(paper.date, unit)[0], []).append(paper)
    every: dict[date, int] = {}
    for paper in catalogue.papers.values():
        start = unit_of(paper.date, unit)[0]
        every[start] = every.get(start, 0) + 1
    first = min(by_start)
    return tuple(
        Tally(
            start, label_of(start, unit), tuple(by_start.get(start, ())), every[start], *_limits(start, unit, catalogue)
        )
        for start in sorted(every)
        if first <= start and (end is None or start < end)
    )


_WEEKEND = timedelta(days=4)  # days without a digest at the edge of a unit that make no part of it


def _limits(start: date, unit: Unit, catalogue: Catalogue) -> tuple[date | None, date | None]:
    """Return up to which day, and from which one, the digests reach into a unit of time; None where they cover that edge."""
    first, last = catalogue.days[0], catalogue.days[-1]
    end = unit_of(start, unit)[1]
    until = last if start <= last < end - _WEEKEND and unit != "day" else None
    since = first if start + _WEEKEND <= first < end and unit != "day" else None
    return until, since


def between(tallied: Sequence[Tally]) -> Trend | None:
    """Return how the later of two units of time stands to the earlier one; None of more, and where one has few papers."""
    if len(tallied) != 2 or min(one.of for one in tallied) < LEAST_SHARED:
        return None
    before, now = (Share(one.start, one.start, len(one.papers), one.of) for one in tallied)
    return Trend(now, before)
