"""What can be answered where a question cannot: near names, the nearest days, the question with one constraint less."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from rag.corpus.catalogue import Catalogue
from rag.corpus.mentions import meant
from rag.evidence.facts import told_of
from rag.evidence.matching import matching
from rag.evidence.types import Evidence, Nearest
from rag.language.periods import day_after
from rag.language.terms import glossary
from rag.questions.plan import Plan
from rag.questions.shapes import is_shaped

_OFFERED = 2  # near names that are offered
_DATES = ("before_first_digest", "after_last_digest", "no_digest_that_day")


def nearest(evidence: Evidence, catalogue: Catalogue) -> Nearest:
    """Return what can be answered instead of a question that has a reason not to be."""
    reading, plan = evidence.reading, evidence.reading.plan
    if evidence.reason in ("unknown_author", "ambiguous"):
        names = reading.near if evidence.reason == "unknown_author" else reading.unknown[1:8]
        return Nearest(names=tuple((name, len(catalogue.authors.papers(name))) for name in names))
    if evidence.reason == "field_not_in_digest" and reading.lacking:
        return Nearest()
    if evidence.reason == "field_not_in_digest":
        paper = next((catalogue.papers[i] for i in plan.papers if i in catalogue.papers), None)
        return Nearest(paper=paper, holds=told_of(paper) if paper else ())
    if evidence.reason in _DATES:
        return Nearest(days=_days(plan, catalogue))
    if reading.near:
        return Nearest(names=tuple((name, len(catalogue.mentioning(meant(name)))) for name in reading.near[:_OFFERED]))
    if plan.filtered and not reading.unknown and not evidence.absent:
        return Nearest(without=relaxed(plan, catalogue))
    return Nearest()


def _days(plan: Plan, catalogue: Catalogue) -> tuple[tuple[date, int], ...]:
    """Return the last digest before a range of days and the first one after it, each with how many papers it has."""
    before = [day for day in catalogue.days if plan.date_from and day < plan.date_from][-1:]
    after = [day for day in catalogue.days if plan.date_to and day >= plan.date_to][:1]
    tomorrow = {day: day_after(day) for day in (*before, *after)}
    return tuple((day, int(catalogue.between(day, end).sum())) for day, end in tomorrow.items())


def relaxed(plan: Plan, catalogue: Catalogue) -> tuple[Plan, int] | None:
    """Return the plan with one constraint less that some paper meets, and how many do; the mildest change first."""
    plan = replace(plan, topics=(), not_topics=())
    voted = matching(replace(plan, kind="list", relation=None, min_votes=None, max_votes=None), catalogue)[0]
    most = int(catalogue.votes[voted].max(initial=-1))
    changes: list[dict[str, Any]] = [{"relation": "mention"}] if plan.relation else []
    if plan.min_votes is not None and most >= 0:
        changes.append({"min_votes": most})
    changes += [
        {"min_votes": None, "max_votes": None}, {"summary": None}, {"unvoted": False}, {"in_title": False}, {"sorts": (), "not_sorts": ()},
        {"date_from": None, "date_to": None}, {"not_terms": ()}, {"papers": ()},
    ]  # fmt: skip
    changes += [{"authors": (name,)} for name in plan.authors[:1]]
    changes.append({"authors": ()})
    changes += [{"terms": (term,)} for term in plan.terms if glossary().knows(term) or is_shaped(term)]
    changes.append({"terms": (), "relation": None})
    for change in changes:
        wider = replace(plan, kind="list", limit=None, **change)
        if not wider.filtered or wider == replace(plan, kind="list", limit=None):
            continue
        if "relation" in change and not plan.terms:
            continue
        if count := int(matching(wider, catalogue)[0].sum()):
            return wider, count
    return None
