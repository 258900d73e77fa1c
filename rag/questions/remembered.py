"""A fact asked of one paper that is remembered by what it is about: “who wrote the one on splitting backprop?”. Pure functions.

Whether a description tells one paper from all others only the index can say, so the reading keeps what it was before as
what to read otherwise.
"""

from __future__ import annotations

from dataclasses import replace

from rag.questions.aspects import asked_of_one
from rag.questions.constraints import Parsed
from rag.questions.forms import FIELDS
from rag.questions.plan import SET_KINDS, Plan
from rag.questions.reading import Reading
from rag.questions.words import words

_KINDS = SET_KINDS | {"describe", "fact", "explain", "compare", "out_of_scope", "help"}
_OF_SETS = ("authors", "not_terms", "not_topics", "not_sorts", "not_authors", "min_votes", "max_votes", "per", "measure")


def of_one_remembered(reading: Reading, parsed: Parsed) -> Reading:
    """Return a question as one for a fact of the paper that its words describe; as it is where it asks for none, or of many."""
    plan, aspect = reading.plan, asked_of_one(parsed)
    if aspect == "none" or plan.kind not in _KINDS or plan.papers or not reading.core:
        return reading
    of_many = any(getattr(plan, name) for name in _OF_SETS) or (plan.limit or 1) > 1 or _speaks_of_many(parsed)
    if reading.lacking or reading.asserts or of_many:
        return reading
    if plan.figure and (plan.figure.best or plan.figure.least or plan.figure.most):
        return reading
    asked = Plan("fact", date_from=plan.date_from, date_to=plan.date_to)
    return replace(
        reading.anew(reading.question, reading.language), plan=asked, query=reading.question, said=(reading.core,),
        field=FIELDS.get(aspect), aspect=aspect, overview=False, one=False, otherwise=reading,
    )  # fmt: skip


def _speaks_of_many(parsed: Parsed) -> bool:
    """Whether words of a question speak of several papers, of the first of them, or of all."""
    listed, said = words(), [token.text for token in parsed.tokens]
    lists = (listed.several, listed.superlatives, listed.everything, listed.writers, listed.lately, listed.recommend)
    return any(one.any_of(said) for one in lists) or bool(parsed.released)
