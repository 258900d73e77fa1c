"""A question that ranks or bounds papers by a figure that they report: “the highest score on MATH”. Pure functions."""

from __future__ import annotations

import re
from dataclasses import replace

from rag.questions.constraints import Parsed
from rag.questions.measures import Measured
from rag.questions.plan import Plan
from rag.questions.quantities import names_a_sort, sort_of
from rag.questions.reading import Reading
from rag.questions.words import words


def about_figures(base: Reading, parsed: Parsed, asked: Measured) -> Reading:
    """Read a question that ranks or bounds papers by a reported figure."""
    plan = _with_sorts(base.plan)
    held = asked.figure.of == "tokens" and "dataset" in plan.sorts
    plan = replace(plan, figure=replace(asked.figure, metric="data") if held else asked.figure)
    if asked.unitless or not (asked.figure.of or asked.figure.metric):
        return replace(base, plan=replace(plan, kind="list"), reason="ambiguous", unknown=(asked.unitless,), offers=())
    if asked.order:
        one = base.one or words().wants_one(parsed.wording)
        plan = replace(plan, kind="superlative", order=asked.order, limit=plan.limit or (1 if one else None))
    else:
        plan = replace(plan, kind="count" if parsed.tagged.kind == "count" else "list")
    return replace(base, plan=plan, reason=None, unknown=(), near=(), yes_no=base.yes_no and plan.kind == "list")


_OPEN_SORT = re.compile(r"(?:(?:공개(?:된|한)?|오픈|open|public(?:ly available)?) ?)?(?P<sort>\S+)", re.IGNORECASE)


def _with_sorts(plan: Plan) -> Plan:
    """Return a plan with topics that only name a kind of contribution ("공개 데이터셋") as that kind."""
    found = {topic: match["sort"] for topic in plan.topics if (match := _OPEN_SORT.fullmatch(topic))}
    sorts = {topic: sort for topic, word in found.items() if names_a_sort(word) and (sort := sort_of(word))}
    topics = tuple(topic for topic in plan.topics if topic not in sorts)
    return replace(plan, topics=topics, sorts=tuple(dict.fromkeys((*plan.sorts, *sorts.values()))))
