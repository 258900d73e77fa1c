"""A question that narrows the answer before, widens it, or takes something out of it. Pure functions."""

from __future__ import annotations

import re
from dataclasses import replace

from rag.corpus.catalogue import Catalogue
from rag.language.terms import glossary, squash
from rag.questions.constraints import Parsed, constraints
from rag.questions.features import word_hash
from rag.questions.found import Found
from rag.questions.names import Lookup
from rag.questions.network import network
from rag.questions.plan import SET_KINDS, Plan
from rag.questions.quantities import number_in
from rag.questions.reading import PAGE, Reading, Turn
from rag.questions.spans import Span, bare
from rag.questions.taking_away import corrected, sorts_said, sorts_taken_away, taken_away

_MANY = 150  # papers of some days, up to which each is looked at for itself
_DOING = re.compile(
    r"(?:하는|되는|쓰는|쓴|다루는|다룬|관련된?|있는|나오는|들어간|그중에?서?)(?: ?[거것건게])?(?:은|는|만|도)?(?:요)?"
)
_ONLY = re.compile(r"만(?:요|이요)?(?= |[?.!]|$)|\b(?:only|just)\b", re.IGNORECASE)


def widened(before: Turn) -> Plan:
    """Return the plan of “more”: the papers behind those that were shown."""
    plan = before.reading.plan
    if plan.kind in SET_KINDS:
        return replace(
            plan,
            kind="list" if plan.kind == "superlative" and plan.limit == 1 else plan.kind,
            limit=plan.limit if plan.kind != "superlative" else None,
            skip=plan.skip + (plan.limit or PAGE),
        )
    if plan.papers:
        return Plan("similar", papers=plan.papers[:1])
    return Plan("list", topics=(before.reading.query,))


def narrowed(parsed: Parsed, before: Turn, kind: str, earlier: Plan, catalogue: Catalogue) -> Plan | None:
    """Return the earlier plan with what a question adds, or takes away (`filter_out`)."""
    made = constraints(parsed) or constraints(replace(parsed, found=spelt_in(parsed, catalogue)))
    if kind == "narrow" and not made and not sorts_said(parsed):
        made = constraints(replace(parsed, found=_left_over(parsed, catalogue)))
    if not made and (sorts := sorts_said(parsed)):
        made = {"sorts": sorts}
    if kind == "filter_out":
        if exchanged := corrected(made, earlier):
            return exchanged
        made = taken_away(made) or sorts_taken_away(parsed)
    if not made:
        return None
    if earlier.kind not in SET_KINDS:
        about = before.reading.about
        if not about:
            return None
        if earlier.papers and made.get("topics"):
            return Plan("describe", topics=(f"{about[0]} {made['topics'][0]}",))
        return (
            Plan("list", **{**made, "topics": (*about[:1], *made.get("topics", ()))})
            if not earlier.papers
            else Plan("list", papers=before.papers, **made)
        )
    whole = _shows_some(before.reading)
    of_days = not replace(earlier, date_from=None, date_to=None).filtered and earlier.limit is None
    many = of_days and len(before.papers) > _MANY  # papers of a month are about a topic as those of a year are
    within = before.papers if made.get("topics") and not (whole or many) else ()
    if whole and made.get("topics"):
        made["topics"] = tuple(dict.fromkeys((*earlier.topics, *made["topics"])))
    for name in ("terms", "not_terms", "not_topics", "not_authors", "authors", "sorts", "not_sorts"):
        if name in made:
            made[name] = tuple(dict.fromkeys((*getattr(earlier, name), *made[name])))
    kept = replace(earlier, papers=within, topics=()) if within else earlier
    anew = set(made) <= {"date_from", "date_to", "min_votes", "max_votes", "authors"} and not parsed.role("ref")
    if whole:
        return replace(kept, skip=0, limit=made.pop("limit", earlier.limit), **made)
    if earlier.kind == "superlative" and earlier.limit and not (anew and (earlier.topics or earlier.terms)):
        kept = replace(earlier, kind="list", by=None, order=None, limit=None, papers=before.papers)
    if earlier.kind in ("date", "digest", "author", "count") or earlier.ranks_topics or earlier.ranks_authors:
        kept = replace(kept, kind="list", by=None, order=None)
    return replace(kept, skip=0, limit=made.pop("limit", None), **made)


def _shows_some(reading: Reading) -> bool:
    """Whether an answer showed the first papers of a set, and the question did not say how many: “latest papers on RAG”."""
    plan = reading.plan
    ranks = plan.kind == "superlative" and (plan.limit or 0) > 1 and (plan.topics or plan.terms) and not plan.papers
    return bool(ranks) and number_in(reading.question) != plan.limit


def in_all(made: Reading, before: Turn, parsed: Parsed) -> Reading | None:
    """Return how a topic is looked for where no paper of an answer is about it: in all that was asked for before, or alone."""
    plan, earlier = made.plan, (before.reading.otherwise or before.reading).plan
    if not (plan.papers and plan.topics and earlier.kind in SET_KINDS and replace(earlier, limit=None).filtered):
        return None
    alone = replace(plan, papers=(), terms=(), relation=None)
    both = replace(alone, topics=tuple(dict.fromkeys((*earlier.topics, *plan.topics))), terms=earlier.terms)
    only = _ONLY.search(parsed.text) or not (earlier.topics or earlier.terms)
    return replace(about_plan(made, both), otherwise=None if only else about_plan(made, alone))


def about_plan(reading: Reading, plan: Plan) -> Reading:
    """Return a reading with a plan, and what this one is about."""
    named = (*plan.terms, *plan.topics)
    return replace(reading, plan=plan, about=named, query=" ".join(named)) if named else replace(reading, plan=plan)


def spelt_in(parsed: Parsed, catalogue: Catalogue) -> list[Found]:
    """Return the things of the glossary that stand in a question as words of asking ("그중 디퓨전 쓴 것만")."""
    lookup = Lookup(catalogue)
    spans = [
        Span("topic", bare(token.text, lookup.is_word), token.start, token.end, place, place + 1)
        for place, token in enumerate(parsed.tokens)
    ]
    return [one for span in spans if glossary().knows(span.text) for one in lookup.of_span(span)]


def _left_over(parsed: Parsed, catalogue: Catalogue) -> list[Found]:
    """Return the words of a question that are no way of asking, where papers have them: “only driving”."""
    said = [token for token in parsed.tokens if not _DOING.fullmatch(token.text)]
    asking = network().wording.words
    left = [token for token in said if word_hash(token.text, parsed.language) not in asking]
    text = parsed.text[left[0].start : left[-1].end] if left else ""
    known = bool(left) and all(catalogue.occurs(squash(token.text)) for token in left)
    return [Found(text, "topic", (), left[0].start)] if known else []
