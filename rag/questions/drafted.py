"""From a plan that a model has written to a reading: names looked up in the catalogue, days by the calendar, the rest as it stands.

Only what the question says filters: a name that it does not hold only helps the ranking, a day or a number that it does not
name is left out. Sends nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from rag.corpus.catalogue import Catalogue
from rag.language.dates import DateReading, read_dates
from rag.language.terms import glossary, squash
from rag.language.text import Language
from rag.questions.constraints import date_reason
from rag.questions.forms import FIELDS
from rag.questions.found import Found
from rag.questions.labels import LACKING_ASPECTS
from rag.questions.names import Lookup
from rag.questions.narrowing import widened
from rag.questions.people import People, people_in
from rag.questions.plan import Kind, Plan, Reason
from rag.questions.plan_prompt import stands_in
from rag.questions.plan_schema import OF_SETS, Draft
from rag.questions.quantities import NUMERALS, excluded_sort, sort_of
from rag.questions.reading import Reading, Turn
from rag.questions.spans import Span
from rag.questions.wants import asks_better, asks_why

_SOME = 5  # papers of a ranking of everything whose length is not asked for
_LATELY = 30  # days that a question about growing topics looks back
_FEW = 5  # papers that are compared or told of at once
_ARXIV = re.compile(r"(?<![\d.])\d{4}\.\d{4,5}(?![\d.])")


@dataclass(frozen=True)
class Asked:
    """What is known of a question beside the plan: its text, the earlier questions, the offline reading, the turn before."""

    question: str
    earlier: tuple[str, ...]
    catalogue: Catalogue
    as_of: date
    language: Language
    offline: Reading
    before: Turn | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """The question and the earlier ones."""
        return (self.question, *self.earlier)


@dataclass(frozen=True)
class _Things:
    """What the names, people and exclusions of a draft are in the catalogue."""

    found: tuple[Found, ...]
    hints: tuple[str, ...]  # names that the question does not hold: they only help the ranking
    people: People
    excluded: tuple[Found, ...]

    @property
    def unknown(self) -> tuple[str, ...]:
        return tuple(one.text for one in self.found if one.kind == "unknown")


def reading_of(draft: Draft, asked: Asked) -> Reading:
    """Return the reading of a plan that a model wrote. Raises ValueError, with words for the model, where it cannot be carried out."""
    if draft.kind in ("help", "out_of_scope"):
        reason: Reason | None = "out_of_scope" if draft.kind == "out_of_scope" else None
        foreign = 1.0 if reason else 0.0
        kind: Kind = "out_of_scope" if reason else "help"
        return Reading(asked.question, asked.language, Plan(kind), asked.question, reason=reason, foreign=foreign)
    if asked.before is None and (draft.kind == "more" or draft.within or draft.places):
        raise ValueError("There is no earlier answer, so “more”, “within” and “places” mean nothing here.")
    if draft.kind == "more" and asked.before is not None:
        return replace(asked.before.reading, question=asked.question, plan=widened(asked.before), reason=None, later=())
    things = _things(draft, asked)
    dates = _days(draft, asked)
    base = _base(draft, asked, things, dates)
    if dates and dates.impossible and not (dates.start or dates.end):
        return replace(base, plan=Plan("date"), reason="impossible_day", unknown=(dates.impossible,))
    if things.people.reason:
        named = (things.people.about, *things.people.near)
        plan = replace(base.plan, kind="author")
        return replace(base, plan=plan, reason=things.people.reason, unknown=named, near=things.people.near)
    return _of_set(base, draft, asked) if draft.kind in OF_SETS else _of_papers(base, draft, asked, things)


# --- what is named ---------------------------------------------------------------------------------------------------
def _things(draft: Draft, asked: Asked) -> _Things:
    lookup = Lookup(asked.catalogue)
    names = [name for name in draft.names if name not in asked.catalogue.papers]  # an arXiv id is no name
    own = [name for name in names if stands_in(name, asked.texts)]
    hints = tuple(name for name in names if name not in own)
    if hints and not (own or draft.topics or draft.people or draft.description or draft.places or draft.within):
        raise ValueError(f"“{hints[0]}” does not stand in the question. Copy names from it.")
    found = tuple(one for name in own for one in _looked_up(name, lookup))
    strange = [name for name in draft.people if not stands_in(name, asked.texts)]
    if strange and len(strange) == len(draft.people):
        raise ValueError(f"“{strange[0]}” does not stand in the question. Copy people from it.")
    people = People()
    for name in draft.people:
        if name not in strange and not people.reason:
            one = people_in(name, [Span("person", name, 0, len(name), 0, 1)], asked.catalogue)
            people = one if one.reason else People(tuple(dict.fromkeys((*people.names, *one.names))))
    held = [text for text in draft.exclude if sort_of(text) or stands_in(text, asked.texts)]
    excluded = tuple(one for text in held for one in lookup.of_span(Span("excluded", text, 0, len(text), 0, 1)))
    return _Things(found, hints, people, excluded)


def _looked_up(name: str, lookup: Lookup) -> list[Found]:
    """Return what a name is in the catalogue; one that is a kind of thing there is a topic."""
    found = lookup.of_span(Span("name", name, 0, len(name), 0, 1))
    if len(found) > 1 and not lookup.own(name):
        return found
    one = found[0]
    return [one if one.kind != "topic" or glossary().knows(name) else _exact(one, lookup)]


def _exact(found: Found, lookup: Lookup) -> Found:
    """Return a name that the lookup takes for a topic as a term, where papers hold it as it stands."""
    known = lookup.catalogue.knows(glossary().term(found.text))
    return (
        replace(found, kind="term", papers=lookup.own(found.text) or lookup.proposers(found.text)) if known else found
    )


# --- days and numbers ------------------------------------------------------------------------------------------------
def _days(draft: Draft, asked: Asked) -> DateReading | None:
    """Return the days of a plan. The calendar reads the question itself; the model says whether they are meant, and which part."""
    if not (draft.date_from or draft.date_to):
        return None
    days = asked.catalogue.days
    given = _range(draft, asked)
    read = None if asked.offline.later else asked.offline.dates  # each part has but its own days
    read = read or read_dates(asked.question, asked.as_of, days)
    if read is None and asked.before is not None:
        read = asked.before.reading.dates or _last_named(asked)
    if read is None or read.impossible:
        return read
    if given is None or not _inside(given, (read.start, read.end)):
        return read
    return replace(read, start=given[0], end=given[1], apart=())


def _last_named(asked: Asked) -> DateReading | None:
    """Return the days of the last earlier question that names any."""
    found = (read_dates(text, asked.as_of, asked.catalogue.days) for text in reversed(asked.earlier))
    return next(filter(None, found), None)


def _range(draft: Draft, asked: Asked) -> tuple[date | None, date | None] | None:
    """Return the half-open range that a plan gives; None where it is none."""

    def read(text: str | None) -> DateReading | None:
        return read_dates(text, asked.as_of, asked.catalogue.days) if text else None

    first, last = read(draft.date_from), read(draft.date_to)
    if (draft.date_from and not (first and first.start)) or (draft.date_to and not (last and last.end)):
        return None
    start, end = first.start if first else None, last.end if last else None
    return None if start and end and start >= end else (start, end)


def _inside(given: tuple[date | None, date | None], read: tuple[date | None, date | None]) -> bool:
    (start, end), (low, high) = given, read
    if low and (start is None or start < low):
        return False
    return not (high and (end is None or end > high))


def _told(number: int | None, asked: Asked) -> int | None:
    """Return a number that a question names, or the one beside it ("more than 100" is 101); None for another."""
    if number is None:
        return None
    named = {int(digits.replace(",", "")) for text in asked.texts for digits in re.findall(r"\d[\d,]*", text)}
    named |= {value for text in asked.texts for word, value in NUMERALS.items() if word in text.lower()}
    return number if {number - 1, number, number + 1} & named else None


# --- the reading -----------------------------------------------------------------------------------------------------
def _base(draft: Draft, asked: Asked, things: _Things, dates: DateReading | None) -> Reading:
    """Return a reading with all constraints and no kind yet."""
    plan = Plan("describe", **_constraints(draft, asked, things, dates))
    names = tuple(one.text for one in things.found if one.kind != "unknown")
    about = tuple(dict.fromkeys((*names, *draft.topics)))
    words = draft.search or (draft.description if draft.kind != "fact" else None) or asked.question
    near = tuple(filter(None, (Lookup(asked.catalogue).near(name) for name in things.unknown)))
    return Reading(
        asked.question, draft.language or asked.language, plan, " ".join((words, *things.hints)),  # type: ignore[arg-type]
        yes_no=draft.yes_no, overview=draft.overview, sides=draft.each, one=draft.limit == 1, dates=dates,
        aspect=draft.aspect or "none", about=about, said=(draft.description,) if draft.description else (),
        why=asks_why(asked.question), better=asks_better(asked.question),
        unknown=things.unknown, near=near, read_as=tuple(pair for one in things.found for pair in one.read_as),
    )  # fmt: skip


def _constraints(draft: Draft, asked: Asked, things: _Things, dates: DateReading | None) -> dict[str, Any]:
    """Return the constraints of a draft as fields of a plan."""
    exact = [
        one for one in things.found if one.kind == "term" or (one.kind == "topic" and one.tagged and draft.relation)
    ]
    rest = [one for one in things.excluded if not excluded_sort(one.text)]
    terms = tuple(dict.fromkeys(one.text for one in exact))
    topics = (*(one.text for one in things.found if one.kind == "topic" and one not in exact), *draft.topics)
    if draft.kind in OF_SETS and not terms and not topics and things.hints and not draft.people:
        topics = things.hints[:1]
    held = {squash(term) for term in terms}
    made: dict[str, Any] = {
        "terms": terms,
        "topics": tuple(dict.fromkeys(topic for topic in topics if squash(topic) not in held)),
        "relation": draft.relation if terms and not draft.in_title else None,
        "authors": things.people.names,
        "sorts": draft.sorts,
        "not_sorts": tuple(dict.fromkeys(s for one in things.excluded if (s := excluded_sort(one.text)))),
        "not_terms": tuple(one.text for one in rest if one.kind == "term"),
        "not_topics": tuple(one.text for one in rest if one.kind == "topic"),
        "not_authors": tuple(one.text for one in rest if one.kind == "person"),
        "min_votes": _told(draft.min_votes, asked),
        "max_votes": _told(draft.max_votes, asked),
        "limit": draft.limit if draft.limit == 1 else _told(draft.limit, asked),
        "in_title": draft.in_title and bool(terms),
        "unvoted": draft.unvoted,
        "summary": draft.summary,
    }
    if dates:
        made |= {"date_from": dates.start, "date_to": dates.end}
    if draft.within and draft.kind in OF_SETS and asked.before:
        made["papers"] = asked.before.papers
    return made


def _of_set(base: Reading, draft: Draft, asked: Asked) -> Reading:
    """Return the reading of a question about a set."""
    plan, catalogue = base.plan, asked.catalogue
    by, _, way = (draft.order or "").partition(" ")
    changes: dict[str, Any] = {
        "kind": "count" if draft.kind == "count" else "trend" if draft.kind == "trend" else "list"
    }
    if draft.kind == "rank" or (draft.kind == "list" and by):
        named = plan.terms or plan.topics or plan.authors or plan.papers or draft.kind == "list"
        changes = {
            "kind": "superlative",
            "by": by or "votes",
            "order": way or "desc",
            "limit": plan.limit or (None if named else _SOME),
        }
    elif draft.kind == "topics":
        changes = {"kind": "trend", "order": "desc", "by": "date" if by == "date" else None}
        if by == "date" and catalogue.days and not (plan.date_from or plan.date_to):
            changes["date_from"] = date.fromordinal(catalogue.days[-1].toordinal() - _LATELY + 1)
    elif draft.kind == "authors":
        changes = {"kind": "trend", "order": "desc", "by": "authors", "relation": None}
    plan = replace(plan, **changes)
    if plan.kind == "list":
        plan = replace(plan, kind=_kind_of_list(plan, base))
    reason: Reason | None = "ambiguous" if base.dates and base.dates.apart else date_reason(plan, catalogue)
    if base.unknown and reason is None and not plan.topics:
        reason = "no_evidence"
    return replace(base, plan=plan, reason=reason, yes_no=base.yes_no and plan.kind == "list")


def _kind_of_list(plan: Plan, base: Reading) -> Kind:
    """Return the kind of a list: of an author, of days alone, or any other."""
    alone = replace(plan, date_from=None, date_to=None, limit=None)
    if (plan.date_from or plan.date_to) and not alone.filtered and not base.unknown:
        return "digest" if base.overview else "date"
    return "author" if plan.authors and not (plan.terms or plan.topics) else "list"


def _chosen(draft: Draft, asked: Asked) -> tuple[str, ...]:
    """Return the papers of the last answer that a plan points at."""
    papers = asked.before.papers if asked.before else ()
    if draft.within and not draft.places:
        return papers[:_FEW]
    places = [place - 1 if place > 0 else len(papers) + place for place in draft.places]
    return tuple(papers[place] for place in places if 0 <= place < len(papers))


def _own(found: Found, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the papers that a name means: those that call themselves by just it, else by it with more."""
    named = tuple(i for i in found.papers if squash(catalogue.papers[i].name or "") == squash(found.text))
    return named or found.papers


def _of_papers(base: Reading, draft: Draft, asked: Asked, things: _Things) -> Reading:
    """Return the reading of a question about one or a few papers."""
    plan, catalogue = base.plan, asked.catalogue
    ids = [i for i in _ARXIV.findall(asked.question) if i in catalogue.papers]
    pointed = (*_chosen(draft, asked), *ids, *catalogue.titled(asked.question))
    named = [papers for one in things.found if (papers := _own(one, catalogue))]
    lacking = base.aspect if base.aspect in LACKING_ASPECTS else ""
    if draft.kind == "compare":
        each = tuple(dict.fromkeys((*pointed, *(papers[0] for papers in named))))
        return replace(base, plan=replace(plan, kind="compare", papers=each[:_FEW]))
    papers = tuple(dict.fromkeys(pointed or (named[0] if named else ())))[:_FEW]
    if draft.kind == "fact" and lacking:
        return replace(base, plan=Plan("fact", papers=papers), reason="field_not_in_digest", lacking=lacking)
    if base.unknown and not papers and not (draft.description or draft.topics):
        kind: Kind = "fact" if draft.kind == "fact" else "explain" if draft.kind == "explain" else "known_item"
        return replace(base, plan=replace(plan, kind=kind), reason="no_evidence")
    if not papers or draft.kind == "describe":
        return _without_papers(base, draft)
    if draft.kind == "fact":
        terms = tuple(term for term in plan.terms if not draft.places)
        return replace(
            base, plan=Plan("fact", papers=papers, terms=terms, relation=plan.relation if terms else None),
            field=FIELDS.get(base.aspect),
        )  # fmt: skip
    if draft.kind == "similar":
        return replace(base, plan=Plan("similar", papers=papers[:1]))
    return replace(base, plan=Plan("explain" if draft.kind == "explain" else "known_item", papers=papers))


def _without_papers(base: Reading, draft: Draft) -> Reading:
    """Return the reading of a question about papers that no name tells: by what it explains, or by a description."""
    plan = base.plan
    if draft.kind in ("explain", "fact") and not draft.description:
        words = draft.search or (" ".join(base.about) if draft.kind == "explain" else base.query)
        return replace(base, plan=replace(plan, kind=draft.kind), query=words or base.query)  # type: ignore[arg-type]
    kind: Kind = "fact" if draft.kind == "fact" else "describe"
    said = base.said or tuple(topic for topic in draft.topics[:1])
    query = base.query if kind == "fact" else draft.description or draft.search or " ".join(base.about) or base.query
    return replace(base, plan=replace(plan, kind=kind, terms=(), relation=None, topics=()), said=said, query=query)
