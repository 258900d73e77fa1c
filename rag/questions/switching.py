"""A question after another that asks the same of another subject or of other days. Pure functions."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from rag.corpus.catalogue import Catalogue
from rag.language.terms import glossary, squash
from rag.questions.constraints import Parsed, constraints, date_reason
from rag.questions.leaning import names_a_side
from rag.questions.names import Lookup
from rag.questions.plan import SET_KINDS, Plan
from rag.questions.reading import Reading, Turn
from rag.questions.spans import bare
from rag.questions.taking_away import corrected
from rag.questions.words import words

_SPOKEN = 5  # papers that hold a phrase, from which it is one
_FOR = re.compile(r"^(?P<what>.+ (?:for|in|of|on|with|to)) [^ ]+(?: [^ ]+)?$", re.IGNORECASE)


def _of_the_same_kind(parsed: Parsed, earlier: Plan, topics: tuple[str, ...], catalogue: Catalogue) -> tuple[str, ...]:
    """Return the topic before with its first or last words exchanged: "and audio?" after "image generation".

    Of two such phrases that is meant which more papers have; "same for law" takes the place behind "for".
    """
    if len(topics) != 1 or " " in topics[0] or len(earlier.topics) != 1 or " " not in earlier.topics[0]:
        return ()
    held, new = earlier.topics[0], topics[0]
    if (match := _FOR.match(held)) and (_NAMES_WHAT_FOR.search(parsed.text)):
        return (f"{match['what']} {new}",)
    (_, _, tail), (head, _, _) = held.partition(" "), held.rpartition(" ")
    wholes = {whole: len(catalogue.mentioning(glossary().term(whole))) for whole in (f"{new} {tail}", f"{head} {new}")}
    whole = max(wholes, key=wholes.__getitem__)
    return (whole,) if glossary().knows(whole) or wholes[whole] >= _SPOKEN else ()


_NAMES_WHAT_FOR = re.compile(r"\b(?:for|in|on)\b", re.IGNORECASE)


def in_another_language(parsed: Parsed, before: Turn) -> Reading | None:
    """Return the set before with the language that its topic names exchanged: “일본어는?” after “한국어 LLM”; None of another question."""
    languages, plan = words().languages, before.set.reading.plan
    named = [one.text for one in parsed.found] or _languages_in(parsed)
    if len(named) != 1 or parsed.dates or parsed.ids or parsed.people.names or plan.kind not in SET_KINDS:
        return None
    if parsed.tagged.kind == "after:repeat":  # “영어로 보여줘”
        return None
    new = named[0]
    said = [word for topic in plan.topics for word in topic.split() if languages.has(word)]
    if not languages.has(new) or not said or words().papers.any_of(token.text for token in parsed.tokens):
        return None
    topics = tuple(" ".join(new if word in said else word for word in topic.split()) for topic in plan.topics)
    changed = replace(plan, topics=topics, papers=(), skip=0)
    reading = before.set.reading.anew(parsed.text, parsed.language)
    return replace(reading, plan=changed, about=topics, query=" ".join(topics))


def _languages_in(parsed: Parsed) -> list[str]:
    """Return the languages that stand in a question as words of asking: “아랍어도”."""
    said = (bare(token.text, words().languages.has) for token in parsed.tokens)
    return [word for word in said if words().languages.has(word)]


def _unpicked(before: Turn) -> Plan:
    """Return an earlier plan as one over all papers, where it picked from an answer of other days: “and March?” asks anew."""
    plan, wider = before.reading.plan, before.before
    if wider is None or not plan.papers or not set(plan.papers) <= set(wider.papers):
        return plan
    whole = _unpicked(wider)
    if whole.kind not in SET_KINDS or not (whole.date_from and whole.date_to):
        return plan
    added: dict[str, Any] = {
        name: tuple(dict.fromkeys((*getattr(whole, name), *getattr(plan, name)))) for name in _ADDED
    }
    if plan.kind == "superlative":  # “the same for 2025” after “the top 3 by votes”
        added |= {name: getattr(plan, name) for name in ("kind", "by", "order", "limit")}
    return replace(whole, **added)


_ADDED = ("terms", "topics", "sorts", "not_terms", "not_topics", "not_sorts", "not_authors")


def _days_of(turn: Turn) -> dict[str, Any]:
    """Return the days of a set, or of the one that it was picked from."""
    while turn.before and turn.reading.plan.papers and not (turn.reading.plan.date_from or turn.reading.plan.date_to):
        turn = turn.before
    return {name: getattr(turn.reading.plan, name) for name in ("date_from", "date_to")}


def exchanges(parsed: Parsed, before: Turn) -> bool:
    """Whether what a question excludes is what was asked for before, so that something else takes its place."""
    plan = before.reading.plan
    held = {squash(one) for one in (*plan.topics, *plan.terms, *plan.authors, *plan.sorts, *before.reading.about)}
    return any(squash(one.text) in held for one in parsed.excluded)


def switched(parsed: Parsed, before: Turn, catalogue: Catalogue) -> Reading | str:
    """Return the earlier question about another subject."""
    made, earlier = constraints(parsed), before.reading.plan
    reading = before.reading.anew(parsed.text, parsed.language)
    if exchanged := corrected(made, earlier):
        return replace(reading, plan=exchanged)
    if parsed.people.reason:
        return ""
    dates: dict[str, Any] = {name: made.get(name) for name in ("date_from", "date_to")}
    if earlier.kind in SET_KINDS and made.get("authors") and not earlier.terms and not earlier.topics:
        days = dates if parsed.dates else _days_of(before)
        plan = replace(earlier, authors=made["authors"], papers=(), skip=0, **days)
        return replace(reading, plan=plan)
    if parsed.dates and not parsed.found and earlier.kind in SET_KINDS:
        plan = replace(_unpicked(before), skip=0, **dates)
        return replace(reading, plan=plan, dates=parsed.dates, reason=date_reason(plan, catalogue))
    if not parsed.found:
        return ""
    if earlier.kind in SET_KINDS and set(made) == {"sorts"} and (earlier.topics or earlier.terms):
        return replace(reading, plan=replace(earlier, sorts=made["sorts"], papers=(), skip=0))  # “what about datasets?”
    subject, new = (before.reading.about or ("",))[0], parsed.found[0]
    if new.kind == "unknown":
        return ""
    if subject and subject in before.reading.question and earlier.kind not in SET_KINDS:
        return before.reading.question.replace(subject, new.text, 1)
    if earlier.kind in ("fact", "explain", "known_item"):
        own = new.papers or Lookup(catalogue).own(new.text)
        plan = Plan(earlier.kind, papers=own[:1]) if own else Plan(earlier.kind, terms=(new.text,))
        query = before.reading.query
        asked = query.replace(subject, " ") if subject else query  # what was asked, and not of whom
        return replace(reading, plan=plan, about=(new.text,), query=" ".join(f"{new.text} {asked}".split()))
    if earlier.kind in SET_KINDS and (earlier.terms or earlier.topics):
        said: dict[str, Any] = {"terms": made.get("terms", ()), "topics": made.get("topics", ())}
        said["topics"] = _of_the_same_kind(parsed, earlier, said["topics"], catalogue) or said["topics"]
        several = len(earlier.topics) > 1 or (earlier.topics and earlier.terms)
        if several and len(said["topics"]) == 1 and not said["terms"] and names_a_side(parsed.text):  # “and for audio?”
            said = {"terms": earlier.terms, "topics": (*earlier.topics[:-1], *said["topics"])}
        sorts = () if earlier.terms else earlier.sorts  # of a thing with a name they say what it is
        plan = replace(
            earlier,
            skip=0,
            papers=(),
            figure=None,
            sorts=made.get("sorts", sorts),
            **said,
            **(dates if parsed.dates else {}),
        )
        plan = plan if plan.terms else replace(plan, relation=None)
        return replace(reading, plan=plan, about=(new.text,), query=new.text, reason=date_reason(plan, catalogue))
    return ""
