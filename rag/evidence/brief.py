"""What a range of days brought: its most voted papers, its groups, the topics that grew, new benchmarks, data sets, models.

Everything is counted over the range, and over as many days before it. Knows the catalogue and vectors; no question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from rag.corpus.catalogue import Catalogue
from rag.corpus.papers import Paper
from rag.corpus.sorts import is_of
from rag.evidence.groups import LEAST_PAPERS, Group, groups
from rag.evidence.overview import deviations
from rag.evidence.topics import Topic, topics
from rag.language.periods import Range, unit_of
from rag.language.terms import squash
from rag.language.text import Language

if TYPE_CHECKING:
    from rag.evidence.retriever import Retriever

MOST_GROUPED = 1_000
"""Papers up to which a set is divided into groups; more take seconds."""
_COMPARABLE = 20  # papers that make a time before to compare with
_ROSE = 1.64  # standard deviations from which a topic surely grew
_SHORTEST = timedelta(days=7)  # of the time before: a single day tells nothing of what is usual
_RISEN, _NEW, _TOP = 5, 3, 5  # topics that grew, new things of a kind, most voted papers

_MODEL = re.compile(r"technical report|system card|^[^:]{0,30}\b\d+(?:\.\d+)?B\b", re.IGNORECASE)
_RELEASED = re.compile(
    r"(?:모델|시리즈|LLM|MLLM|VLM)(?:\([^()]*\))?(?:을|를|인|군을)? ?(?:[^.]{0,40})(?:공개|출시|발표)(?:합|하였|했|한|되었)"
    r"|\b(?:release|open-source|introduce)s?\b[^.]{0,60}\b(?:model|series|family|LLM)s?\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Span:
    """A range of days, the first in it and the last one not, with the digests it has and the papers they show."""

    start: date
    end: date
    digests: int
    papers: int


@dataclass(frozen=True, slots=True)
class Brief:
    """What a range of days brought, everything best first.

    `papers` are all of its papers, most votes first. `before` is None where there are too few digests to compare with, and
    then nothing rose or fell; what fell is told only against a time that was asked for: topics with their papers
    of that time, and how many there are now as `before`. `new` are the benchmarks, data sets and models by kind, each kind with all of its papers.
    """

    span: Span
    before: Span | None
    papers: tuple[Paper, ...]
    groups: tuple[Group, ...]
    rose: tuple[Topic, ...]
    fell: tuple[Topic, ...]
    new: tuple[tuple[str, tuple[Paper, ...]], ...]

    @property
    def top(self) -> tuple[Paper, ...]:
        """The most voted papers."""
        return self.papers[:_TOP]


def by_votes(papers: Sequence[Paper]) -> tuple[Paper, ...]:
    """Return papers by votes, most first, of equal ones the newest; unknown votes come last."""
    return tuple(sorted(papers, key=lambda p: (-1 if p.votes is None else p.votes, p.date, p.arxiv_id), reverse=True))


def brief(
    papers: Sequence[Paper],
    start: date | None,
    end: date | None,
    catalogue: Catalogue,
    retriever: Callable[[], Retriever],
    language: Language,
    of_set: Callable[[date, date], list[Paper]] | None = None,
    against: Range | None = None,
) -> Brief:
    """Return what a half-open range of days brought; `papers` are those of its digests, at least one. None is an open end.

    Where `papers` are only some of these, `of_set` finds those of other days that belong to them. They are compared with the
    days `against`, else with as many just before them.
    """
    first = start or catalogue.days[0]
    last = end or catalogue.days[-1] + timedelta(days=1)
    ordered = by_votes(papers)
    span = Span(first, last, len(catalogue.digest_days(first, last)), len(papers))
    before, earlier = _before(against or _as_long(first, last), catalogue, of_set)
    divided: tuple[Group, ...] = ()
    if LEAST_PAPERS <= len(papers) <= MOST_GROUPED:
        divided = groups(ordered, (), catalogue, retriever().whole_vectors(ordered), language)
    rose = _rose(ordered, earlier, catalogue) if before else ()
    fell = _rose(earlier, ordered, catalogue) if before and against else ()
    return Brief(span, before, ordered, divided, rose, fell, _new(ordered))


def _as_long(first: date, last: date) -> Range:
    """Return the month, quarter or year before a whole one; of other days as many just before them, a week at least."""
    for unit in ("month", "quarter", "year"):
        if unit_of(first, unit) == (first, last):
            return unit_of(first, unit, -1)
    length = max(last - first, _SHORTEST).days
    return date.fromordinal(max(first.toordinal() - length, 1)), first


def _before(
    days: Range, catalogue: Catalogue, of_set: Callable[[date, date], list[Paper]] | None
) -> tuple[Span | None, list[Paper]]:
    """Return days to compare with, and the papers of the same set; None where there are few."""
    papers = of_set(*days) if of_set else catalogue.at(catalogue.between(*days))
    if len(papers) < _COMPARABLE:
        return None, []
    return Span(*days, len(catalogue.digest_days(*days)), len(papers)), papers


def _rose(papers: Sequence[Paper], earlier: Sequence[Paper], catalogue: Catalogue) -> tuple[Topic, ...]:
    """Return the topics whose share surely grew, those that grew most surely first."""
    grown = topics(catalogue, papers, earlier, rising=True)
    sure = (t for t in grown if deviations(len(t.papers), len(papers), t.before or 0, len(earlier)) >= _ROSE)
    return tuple(sure)[:_RISEN]


def _new(papers: Sequence[Paper]) -> tuple[tuple[str, tuple[Paper, ...]], ...]:
    """Return the papers that bring a benchmark, a data set or a model, by kind; kinds without any are left out."""
    kinds = {
        "benchmark": [p for p in papers if is_of(p, "benchmark")],
        "dataset": [p for p in papers if is_of(p, "dataset") and not is_of(p, "benchmark")],
        "model": [p for p in papers if _is_model(p)],
    }
    return tuple((kind, tuple(found)) for kind, found in kinds.items() if found)


def _is_model(paper: Paper) -> bool:
    """Whether a paper brings a model out: its title says so, or its summary says that models are released."""
    if is_of(paper, "survey") or is_of(paper, "benchmark"):
        return False
    said = (bullet.text for _, bullets in paper.summaries() for bullet in bullets[:2])
    named = (text for text in said if paper.name and squash(paper.name) in squash(text))
    return bool(_MODEL.search(paper.title)) or any(_RELEASED.search(text) for text in named)
