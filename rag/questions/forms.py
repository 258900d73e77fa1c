"""The form of a set that a question asks for: a list, a ranking, a count, a trend; by what it is ordered, and how long it is. Pure functions."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any, get_args

from rag.corpus.catalogue import Catalogue
from rag.questions.constraints import Parsed
from rag.questions.plan import Field, Plan
from rag.questions.quantities import names_an_order, rank_place, team_order
from rag.questions.reading import Reading
from rag.questions.wants import asks_newest_first, said_aspect
from rag.questions.words import words

_SOME = 5  # papers of a ranking whose length is not asked for
_SEASON = 90  # days that a question about what is liked lately looks back
_LATELY = 30  # days that a question about rising topics looks back
FIELDS: dict[str, Field] = {field: field for field in get_args(Field)}
"""Aspects of a paper that its metadata tells."""


def order_of(parsed: Parsed, kind: str) -> tuple[str, str]:
    """Return by what a question orders papers, and which end comes first: the network's, in a ranking that of plain words."""
    if kind == "rank" and (way := team_order(parsed.text)):
        return "authors", way
    lately = words().lately.any_of(token.text for token in parsed.tokens)
    if kind == "topics" and not parsed.dates and (lately or _RISING.search(parsed.text)):
        return "date", "desc"
    told, said = parsed.tagged.orders, words().order(parsed.wording)
    by, _, way = (said if kind == "rank" and said != "none" else max(told, key=told.__getitem__)).partition(" ")
    return by, way


def form_of(base: Reading, parsed: Parsed, kind: str, by: str, way: str) -> dict[str, Any]:
    """Return the kind of plan that a kind of question becomes, with its order and length."""
    plan = base.plan
    dated = plan.date_from or plan.date_to
    if kind == "rank":
        ordered = {"by": by, "order": way} if by in ("votes", "date", "authors") else {"by": "votes", "order": "desc"}
        some = by == "date" and _NEWEST_ONES.search(parsed.text)
        one = (base.one or words().wants_one(parsed.wording)) and not (names_an_order(parsed.text) or some)
        return {"kind": "superlative", **ordered, "limit": plan.limit or (1 if one else _few(plan, parsed))}
    if kind == "list" and asks_newest_first(parsed.text) and (plan.terms or plan.topics):
        return {"kind": "superlative", "by": "date", "order": "desc"}
    forms: dict[str, dict[str, Any]] = {
        "count": {"kind": "count"},
        "more": {"kind": "count"},
        "trend": {"kind": "trend"},
        "topics": {"kind": "trend", "order": "desc", "by": "date" if by == "date" else None},
        "writers": {"kind": "trend", "order": "desc", "by": "authors", "relation": None},
        "period": {"kind": ("digest" if base.overview else "date") if dated and not plan.terms else "list"},
    }
    return forms.get(kind, {"kind": "list"})


_NEWEST_ONES = re.compile(
    r"^(?!.*(?:가장|제일|젤|하나|한 ?편|1편)).*(?:최신|최근) ?(?:논문|연구)(?!은|의)"
)  # “최신 논문 보여줘”
_RISING = re.compile(
    r"뜨는|떠오르|뜨고|급부상|핫한|유행하|\b(?:rising|trending|emerging|hot|taking off|up and coming)\b", re.IGNORECASE
)


def ranked(plan: Plan, base: Reading, parsed: Parsed, by: str, catalogue: Catalogue) -> tuple[Plan, Reading]:
    """Return a ranking with its place ("the second most voted"), what else is asked of its first paper, or the days of what rises."""
    if plan.kind == "trend":
        if catalogue.days and not (plan.date_from or plan.date_to):
            back = _SEASON if plan.terms or plan.topics else _LATELY
            plan = replace(plan, date_from=date.fromordinal(catalogue.days[-1].toordinal() - back + 1))
        return plan, base
    dated = plan.date_from or plan.date_to
    if by == "votes" and not dated and catalogue.days and words().lately.any_of(parsed.wording):
        plan = replace(plan, date_from=date.fromordinal(catalogue.days[-1].toordinal() - _SEASON + 1))
    if place := rank_place(parsed.text):
        plan, base = replace(plan, skip=place, limit=1), replace(base, one=False)
    aspect = said_aspect(parsed.text) if base.aspect == "none" else base.aspect
    if plan.limit == 1 and aspect not in (by, "none") and by != "authors":
        base = replace(base, field=FIELDS.get(aspect))
    return plan, base


def of_days_or_people(plan: Plan, base: Reading) -> Plan:
    """Return a list that nothing but days or authors narrows as the list of these."""
    if plan.kind != "list":
        return plan
    if (plan.date_from or plan.date_to) and not is_narrowed(plan) and not base.unknown:
        return replace(plan, kind="digest" if base.overview else "date")
    return replace(plan, kind="author") if plan.authors and not (plan.terms or plan.topics) else plan


def _few(plan: Plan, parsed: Parsed) -> int | None:
    """Return how many papers a ranking shows that does not say: all of a topic or a name, some of everything."""
    named = plan.terms or plan.topics or plan.authors
    listed = words()
    if named and (listed.everything.any_of(parsed.wording) or listed.sorted.any_of(parsed.wording)):
        return None
    return None if named and not listed.superlatives.any_of(parsed.wording) else _SOME


def is_narrowed(plan: Plan) -> bool:
    """Whether anything but days narrows a set."""
    return replace(plan, date_from=None, date_to=None).filtered
