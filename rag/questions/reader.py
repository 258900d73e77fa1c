"""The offline reader: a question into a reading, by the network's tags, the parsers of dates and people, and the catalogue.

The network says which words name something and what is asked; parsers read days, votes and numbers; the catalogue decides
which names are known. Every other word is wording and constrains nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from rag.corpus.catalogue import Catalogue
from rag.corpus.papers import parse_arxiv_id
from rag.language.counts import with_papers
from rag.language.dates import DateReading, read_dates
from rag.language.text import Language, clean, question_language
from rag.questions import extending
from rag.questions.anchors import anchored, only_dates, with_small_names
from rag.questions.antecedents import named_again
from rag.questions.assembly import assemble, of_a_maker
from rag.questions.asserting import about_subject
from rag.questions.constraints import Parsed
from rag.questions.exclusion import excluded_by_cue
from rag.questions.focus import perhaps_of_the_paper
from rag.questions.followups import beside, follows, resume, with_its_name
from rag.questions.heard import in_latin
from rag.questions.leaning import (
    as_meant,
    in_focus,
    in_its_place,
    narrowing,
    takes_the_place,
    with_word_exchanged,
    without_asking,
)
from rag.questions.makers import apart
from rag.questions.moves import moved, returned
from rag.questions.names import Lookup, with_makers
from rag.questions.negation import Denials, denials
from rag.questions.network import Tagged
from rag.questions.of_paper import same_of_another
from rag.questions.parts import (
    about_the_same,
    asks,
    of_papers_to_come,
    of_those_before,
    only_narrows,
    starts_of,
    taken_apart,
    with_limit,
)
from rag.questions.people import people_in, persons
from rag.questions.plain import ARXIV_ID, MAX_QUESTION, plain
from rag.questions.plan import SET_KINDS, Plan, Reason
from rag.questions.quantities import names_a_limit, ordinals, sort_of, votes_spans
from rag.questions.reading import Reading, Turn
from rag.questions.released import released_in
from rag.questions.remembered import of_one_remembered
from rag.questions.retagging import (
    at_commas,
    explaining,
    is_maker,
    is_no_person,
    is_thing,
    is_writer,
    known_name,
    nothing_excluded,
    one_description,
    one_topic,
    quoted,
    quotes_a_title,
    series_named,
    with_year,
    without_preamble,
)
from rag.questions.scope import SCOPE, of_papers
from rag.questions.shapes import unknown_title
from rag.questions.spans import Span, cleared, merged, spans_of
from rag.questions.spelling import respaced
from rag.questions.tagging import clause_tagged, confidence_of, tagged_as
from rag.questions.that_time import as_month, in_same_month, in_that_time
from rag.questions.the_one import as_place
from rag.questions.times import is_of_an_occasion, is_of_late, of_times
from rag.questions.tokens import Token, tokenize
from rag.questions.wants import asks_what_it_is_called, first_reads
from rag.questions.words import words

_HEARD = 20_000  # characters of a question that are looked at, blanks and marks among them

_OF_ONE = ("explain", "compare", "fact", "similar", "help", "offtopic")
"""Kinds of questions that ask about a thing and not for a set: “why does Mamba not use attention?” excludes nothing."""


def understand(
    question: str,
    catalogue: Catalogue,
    as_of: date,
    language: Language | None = None,
    within: tuple[str, ...] = (),
    before: Turn | None = None,
) -> Reading:
    """Understand one question against what is indexed.

    `as_of` is the day that relative dates count from; `language` overrides the answer's language; `within` restricts the
    answer to those papers; `before` is the turn that this question may follow. Never raises.
    """
    question = question.strip()[:_HEARD]
    wanted = first_reads(" ".join(clean(question).split())[:MAX_QUESTION])
    reading = of_times(_understood(wanted or question, catalogue, as_of, within, before), catalogue)
    reading = _to_read_first(reading, question) if wanted else reading
    reading = _described(reading) if asks_what_it_is_called(question) else reading
    return reading.answered_in(language) if language else reading


def _to_read_first(reading: Reading, question: str) -> Reading:
    """Return a reading of a set as one of papers to read first, in order; another kind of reading as it is."""
    plan = reading.plan
    if plan.kind in SET_KINDS | {"explain", "describe"} and (plan.topics or plan.terms) and not plan.papers:
        plan = replace(plan, kind="list", by=None, order=None, relation=None)
        reading = replace(reading, plan=plan, ordered=True, yes_no=False, one=False)
    return replace(reading, question=" ".join(clean(question).split()))


_DESCRIBES = 3  # words from which something is described


def _described(reading: Reading) -> Reading:
    """Return a reading of a list as one of the paper that its words describe, where there are enough of them."""
    plan = reading.plan
    described = plan.kind in ("list", "superlative") and len(reading.core.split()) >= _DESCRIBES
    if not described or plan.papers or plan.authors or reading.later:
        return reading
    plan = Plan("describe", date_from=plan.date_from, date_to=plan.date_to)
    return replace(reading, plan=plan, query=reading.core, said=(reading.core,), yes_no=False, overview=False)


def _understood(
    question: str, catalogue: Catalogue, as_of: date, within: tuple[str, ...], before: Turn | None
) -> Reading:
    question = " ".join(clean(question).split())
    if before is not None and (whole := with_word_exchanged(question, before)):
        question, before = whole, None
    if before is not None and (meant := as_meant(question)):
        days = read_dates(without_asking(meant), as_of, catalogue.days)
        alone = days is not None and days.spans == ((0, len(without_asking(meant))),)
        kept = alone or bool(ordinals(without_asking(meant), len(before.set.papers)))
        if before.set.has_sides and not kept:
            question = in_its_place(without_asking(meant))
        else:
            question, before = (
                (in_same_month(without_asking(meant), before, catalogue), before) if kept else (meant, None)
            )
    if before is not None:
        question = named_again(question, before)
        question = as_place(in_that_time(as_month(question, before.set), before.set, catalogue), before, catalogue)
    typed = respaced(plain(question if before else with_papers(question), catalogue), catalogue)
    text, heard = in_latin(typed, catalogue)
    if heard:
        reading = _of_text(question, text, question_language(typed), catalogue, as_of, within, before, named=True)
        return replace(reading, read_as=(*heard, *reading.read_as))
    return _of_text(question, text, question_language(text), catalogue, as_of, within, before)


def _of_text(
    question: str,
    text: str,
    tongue: Language,
    catalogue: Catalogue,
    as_of: date,
    within: tuple[str, ...],
    before: Turn | None,
    *,
    named: bool = False,
) -> Reading:
    """Read a question in normal form; `named` tells that it surely names what papers name, so that it is about papers."""
    tokens = tokenize(text)
    tagged = tagged_as(text, tokens, catalogue, as_of, tongue, after=before is not None)
    if tagged and (named or quotes_a_title(text)):
        tagged = of_papers(tagged)
    if tagged and (
        tagged.kind in ("offtopic", "help") or (tagged.kind == "explain" and tagged.kinds["offtopic"] >= SCOPE)
    ):
        tagged = explaining(text, tokens, tagged, catalogue)
    if tagged is None:
        reason: Reason | None = "out_of_scope" if "<" in question else None
        return Reading(question, tongue, Plan("out_of_scope" if reason else "help"), text, reason=reason)
    starts = starts_of(text, tokens, tagged)
    if not starts:
        reading = taken_apart(_read(text, tokens, tagged, catalogue, as_of, tongue, within, before), text)
        return replace(reading, question=question, confidence=confidence_of(tokens, tagged, tongue))
    pieces = [text[a:b].strip(" ,;") for a, b in zip([0, *starts], [*starts, len(text)], strict=True)]
    readings: list[Reading] = []
    for place, piece in enumerate(filter(None, pieces)):
        turn = before if place == 0 else Turn(readings[0], readings[0].plan.papers)
        one = _part(piece, catalogue, as_of, tongue, within, turn)
        if readings and not words().everything.any_of(piece.split()):
            one = about_the_same(one, readings[0])
        if readings and (limited := with_limit(readings[-1], one)):
            readings[-1] = limited
        elif readings and only_narrows(one, readings[-1]):
            readings[-1] = one
        elif not any(one.plan == earlier.plan and one.aspect == earlier.aspect for earlier in readings):
            readings.append(one)
    if not readings:
        return Reading(question, tongue, Plan("help"), text)
    if tagged.kind != "offtopic":
        readings = [replace(reading, foreign=tagged.kinds["offtopic"]) for reading in readings]
    first, *later = [reading for reading in readings if asks(reading)] or readings[:1]
    return replace(first, question=question, later=tuple(later))


def _part(
    text: str, catalogue: Catalogue, as_of: date, language: Language, within: tuple[str, ...], before: Turn | None
) -> Reading:
    """Read one of several questions."""
    tokens = tokenize(text)
    after = before is not None
    tagged = tagged_as(text, tokens, catalogue, as_of, language, after=after)
    if tagged is None:
        return Reading(text, language, Plan("help"), text)
    reading = _read(text, tokens, tagged, catalogue, as_of, language, within, before)
    if before is not None and not before.papers:
        reading = of_papers_to_come(reading, before, tagged)
    return replace(reading, confidence=confidence_of(tokens, tagged, language))


def _read(
    text: str,
    tokens: Sequence[Token],
    tagged: Tagged,
    catalogue: Catalogue,
    as_of: date,
    language: Language,
    within: tuple[str, ...],
    before: Turn | None,
) -> Reading:
    parsed, narrower, again = _parse(text, tokens, tagged, catalogue, as_of, language), None, False
    if before is not None:
        again = takes_the_place(parsed, before)
        before = in_focus(parsed, before)
        parsed = _in_the_year(parsed, before, catalogue)
        if back := returned(parsed, before):
            return _understood(back[0] or back[1].reading.question, catalogue, as_of, within, back[1])
        if (thing := before.last_thing) and (whole := extending.with_its_name(text, thing)):
            return _understood(whole, catalogue, as_of, within, None)
        if found := moved(parsed, before, catalogue):
            return found
        if other := same_of_another(parsed, before):
            return _understood(other, catalogue, as_of, within, before.before)
        if whole := about_subject(parsed, before) or beside(parsed, before) or with_its_name(parsed, before):
            return _understood(whole, catalogue, as_of, within, None)
    if before is not None and (narrower := narrowing(parsed, before, catalogue, again=again)):
        parsed = narrower
    if before is not None and (kind := "narrow" if narrower else follows(parsed)):
        resumed = resume(parsed, before, kind, catalogue)
        if isinstance(resumed, Reading):
            return of_a_maker(resumed, parsed, catalogue)
        if resumed:
            return understand(resumed, catalogue, as_of, language)
        alone = assemble(parsed, catalogue, within)
        if (told := perhaps_of_the_paper(alone, parsed, before)) is not alone:
            return told
        nothing = not (alone.plan.filtered or alone.reason or alone.said)
        everything = nothing and alone.plan.kind in (*SET_KINDS, "describe", "help")
        return assemble(parsed, catalogue, before.papers) if everything else alone
    alone = assemble(parsed, catalogue, within)
    if before is None and not within and _points_at_nothing(alone, text, tokens, catalogue, as_of):
        return replace(alone, plan=Plan("fact"), reason="no_reference", offers=(), otherwise=None)
    if before is not None:
        alone = of_those_before(alone, before, [token.text for token in tokens])
    if not within:
        alone = of_one_remembered(alone, parsed, lambda clause: clause_tagged(clause, catalogue, as_of, language))
    return alone if before is None else perhaps_of_the_paper(alone, parsed, before)


_POINTS = 0.6  # probability from which a question that names nothing would ask something of an earlier answer


def _points_at_nothing(alone: Reading, text: str, tokens: Sequence[Token], catalogue: Catalogue, as_of: date) -> bool:
    """Whether a question names nothing and asks of papers that no earlier answer has shown: “이 논문들 저자는?”."""
    plan = alone.plan
    if plan.kind not in ("help", "out_of_scope", "describe") or plan.filtered or alone.about or alone.said:
        return False
    tagged = tagged_as(text, tokens, catalogue, as_of, alone.language, after=True)
    if tagged is None or not tagged.kind.startswith("after:"):
        return False
    return tagged.kinds[tagged.kind] >= _POINTS and tagged.kinds["offtopic"] < SCOPE


def _in_the_year(parsed: Parsed, before: Turn, catalogue: Catalogue) -> Parsed:
    """Return a follow-up whose month or day lies in the year of the question before ("and in November?")."""
    dates, earlier = parsed.dates, before.reading.plan.date_from
    if not (dates and dates.assumed_year and earlier):
        return parsed
    moved = _dates(parsed.text, parsed.spans, date(earlier.year, 12, 31), catalogue, days=())
    if moved is None or not catalogue.digest_days(moved.start, moved.end):
        return parsed
    return replace(parsed, dates=replace(moved, assumed_year=False))


def _parse(
    text: str, tokens: Sequence[Token], tagged: Tagged, catalogue: Catalogue, as_of: date, language: Language
) -> Parsed:
    """Find everything that a question names."""
    lookup = Lookup(catalogue)
    of_one = tagged.kind in _OF_ONE
    denied = Denials(nothing_excluded(tagged.tags)) if of_one else denials(text, tokens, tagged.tags, lookup.is_word)
    tags = one_description(denied.tags) if tagged.kind == "describe" else one_topic(denied.tags)
    spans = spans_of(text, tokens, tags, lookup.is_word)
    if language == "ko":
        spans = merged(text, tokens, spans)
    spans = quoted(text, without_preamble(text, spans), catalogue)
    spans = [replace(span, role="topic") if span.role == "sort" and not sort_of(span.text) else span for span in spans]
    spans = [part for span in spans for part in at_commas(span, lookup)]
    spans = [replace(span, role="person") if is_writer(text, span, lookup) else span for span in spans]
    spans = excluded_by_cue(text, tokens, spans, denied.excluded)
    votes = votes_spans(text, tokens, spans)
    spans = [span for span in spans if not _overlaps(span, [(one.start, one.end) for one in votes])] + votes
    ids = [i for match in ARXIV_ID.finditer(text) if (i := parse_arxiv_id(match.group(1)))]
    titled = catalogue.titled(text)
    known = tuple(dict.fromkeys((*titled, *(i for i in ids if i in catalogue.papers))))
    unknown = tuple(i for i in dict.fromkeys(ids) if i not in catalogue.papers)
    dates = _dates(text, spans, as_of, catalogue)
    if dates and is_of_late(dates, as_of, catalogue):
        last = catalogue.days[-1]
        late = _dates(text, spans, last, catalogue)
        dates = replace(late, counted_from=last) if late else dates
    dated = dates.spans if dates else ()
    spans = [span for span in spans if span.role != "votes" or not _overlaps(span, dated)]  # "2023-12-21 투표 top 3"
    asks_of = any(span.role in ("topic", "name") for span in spans)
    if dates and dates.relative and dates.start and asks_of and (dates.start > as_of or is_of_an_occasion(text, dates)):
        dates = None  # “my talk next week”: no paper is of a day to come
    cut = ("person", "topic")
    spans = [span for span in spans if span.role not in cut or not _overlaps(span, dated)]
    spans = [span for span in spans if not names_a_limit(span.text)]
    released = released_in(text)
    spans = cleared(text, spans, released.start, released.end) if released else spans
    title = None if titled else unknown_title(text, spans, lookup.own)
    if title:
        spans = [*(span for span in spans if not _overlaps(span, [(title.start, title.end)])), title]
    spans = [replace(span, role="org") if is_maker(span, lookup, asks_of) else span for span in spans]
    spans = [replace(span, role="topic") if span.role == "org" and is_thing(span.text) else span for span in spans]
    spans = apart(text, persons(text, with_small_names(text, spans, lookup), catalogue), lookup.is_word)
    spans = series_named(text, with_makers(text, spans, catalogue), catalogue)
    if dates is None:
        dates, spans = anchored(text, spans, lookup)
    spans = [replace(span, role="name") if is_no_person(span, lookup) else span for span in spans]
    spans = [known_name(span, lookup) for span in spans]
    people = people_in(text, spans, catalogue)
    free = [span for span in spans if not _overlaps(span, people.spans)]
    found = [] if titled else [one for one in lookup.names(text, tokens, free) if not only_dates(one, dates)]
    excluded = [one for span in spans if span.role == "excluded" for one in lookup.of_span(span)]
    wording = [token.text for token, tag in zip(tokens, denied.tags, strict=True) if tag == "wording"]
    return Parsed(
        text,
        language,
        tokens,
        tagged,
        spans,
        dates,
        known,
        unknown,
        people,
        found,
        excluded,
        wording,
        denied.wording,
        released,
    )


def _overlaps(span: Span, places: Sequence[tuple[int, int]]) -> bool:
    return any(start < span.end and span.start < end for start, end in places)


def _dates(
    text: str, spans: Sequence[Span], as_of: date, catalogue: Catalogue, days: Sequence[date] | None = None
) -> DateReading | None:
    """Read the days of a question; numbers inside of names ("AIME 2024") and ids are no days.

    `days` are those that a month without a year is looked for in, of the catalogue where they are not given.
    """
    kept = ARXIV_ID.sub(lambda match: "_" * len(match.group()), text)
    for span in spans:
        if span.role in ("name", "description") and not re.fullmatch(r"\d{4}", span.text):
            end = with_year(text, span, catalogue)
            kept = kept[: span.start] + "_" * (end - span.start) + kept[end:]
    return read_dates(kept, as_of, catalogue.days if days is None else days)
