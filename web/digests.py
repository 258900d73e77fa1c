"""The digests as a feed: which days have one and how many papers, and the papers of a range of days."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date
from typing import Any

from rag.corpus.catalogue import Catalogue
from rag.corpus.papers import Paper
from rag.evidence.groups import groups
from rag.evidence.quotes import key_statements
from rag.language.periods import day_after
from rag.language.text import Language
from rag.pipeline import Pipeline
from web.views import by_votes, paper_view

MOST = 300  # papers of a range that are listed


def told(paper: Paper, language: Language) -> dict[str, Any]:
    """Return a paper with its key statement."""
    return {**paper_view(paper), "about": [one.bullet.text for one in key_statements(paper, language, 1)]}


def papers_of(catalogue: Catalogue, start: date, end: date) -> list[Paper]:
    """Return the papers of a range of days by votes; `end` is the last day."""
    return by_votes(catalogue.at(catalogue.between(start, day_after(end))))


def calendar(pipeline: Pipeline) -> list[list[Any]]:
    """Return each day that has a digest with its number of papers, oldest first."""
    catalogue = pipeline.snapshot().catalogue
    return [[day.isoformat(), int(catalogue.between(day, day_after(day)).sum())] for day in catalogue.days]


def digest(
    pipeline: Pipeline, when: date | None, until: date | None, language: Language, grouped: bool = False
) -> dict[str, Any]:
    """Return the papers of a range of days by votes, each with its key statement, and the nearest days before and after it.

    Without `until` it is one day: the newest one if there is no digest of `when`. `grouped` adds the groups of the papers.
    """
    snapshot = pipeline.snapshot()
    catalogue = snapshot.catalogue
    days = catalogue.days
    if not days:
        return {"day": None, "papers": []}
    start = when if when and (until or when in days) else days[-1]
    end = max(start, until) if until and when else start
    papers = papers_of(catalogue, start, end)
    before, after = bisect_left(days, start), bisect_right(days, end)
    found = groups(papers, (), catalogue, snapshot.retriever().whole_vectors(papers), language) if grouped else ()
    return {
        "day": start.isoformat(),
        "until": end.isoformat(),
        "days": after - before,
        "total": len(papers),
        "before": days[before - 1].isoformat() if before else None,
        "after": days[after].isoformat() if after < len(days) else None,
        "papers": [told(paper, language) for paper in papers[:MOST]],
        "groups": [{"label": group.label, "papers": [paper.arxiv_id for paper in group.papers]} for group in found],
    }
