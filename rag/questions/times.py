"""Questions about several times: each for itself, side by side in a table, or a time against the next one. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import get_args

from rag.corpus.catalogue import Catalogue
from rag.language.dates import DateReading, read_dates
from rag.language.periods import Range, unit_of
from rag.questions.constraints import date_reason
from rag.questions.plan import SET_KINDS, Kind, Plan, Unit
from rag.questions.reading import Reading

MOST_PARTS = 4
"""Questions of one sentence, or times of one question, that are answered each for itself."""
_THAN = re.compile(r"보다|에 비해|에 비하면|대비|비교해|비교하|\bthan\b|\bcompared\b|\bversus\b|\bvs\b", re.IGNORECASE)
_YEARS = re.compile(r"(?:19|20)\d\d(?:년|년도)? ?(?:and|&|와|과|,|이랑|랑|하고) ?(?:in )?(?:19|20)\d\d")
_LATELY = range(7, 101)  # days of a range that is counted from the last digest: a week to a quarter


def of_times(reading: Reading, catalogue: Catalogue) -> Reading:
    """Return a reading whose times are asked about each for itself or against each other."""
    return _against_the_next(_each_time(_changed(reading, catalogue), catalogue), catalogue)


def _changed(reading: Reading, catalogue: Catalogue) -> Reading:
    """Return a question for what is different between two times as one for what the later one brought against the other."""
    plan, dates = reading.plan, reading.dates
    if not dates or plan.kind not in ("list", "date", "digest", "trend") or not changes(reading.question):
        return reading
    times = dates.named or _joined(dates, catalogue)
    if len(times) != 2 or replace(plan, date_from=None, date_to=None, limit=None).filtered:
        return reading
    return against(reading, *times)


def _joined(dates: DateReading, catalogue: Catalogue) -> tuple[Range, ...]:
    """Return the times that one expression joins: "between 2024 and 2025"."""
    read = [read_dates(piece, catalogue.days[-1], catalogue.days) for piece in _AND.split(dates.text)]
    return tuple((one.start, one.end) for one in read if one and one.start and one.end)


_AND = re.compile(r"\band\b|&|(?<=[년월일기주])(?:와|과|이랑|랑|하고) ", re.IGNORECASE)


def against(reading: Reading, one: Range, other: Range) -> Reading:
    """Return a reading of what the later of two times brought, compared with the earlier one."""
    earlier, later = sorted((one, other))
    plan = Plan("digest", date_from=later[0], date_to=later[1])
    return replace(reading, plan=plan, against=earlier, dates=None, reason=None, overview=True, offers=())


_WHICH = re.compile(
    r"뭐가|뭐 ?가|무엇이|어떤 (?:주제|분야|연구)|\bwhat\b|\bwhich (?:topics?|fields?|areas?)\b", re.IGNORECASE
)
_CHANGES = re.compile(r"달라|다르|다른 ?점|차이|변했|변화|바뀌|바뀐|비교|\bchang|\bdiffer|\bcompar", re.IGNORECASE)


def changes(text: str) -> bool:
    """Whether a question asks what is different now."""
    return bool(_CHANGES.search(text))


_HAD_MORE = re.compile(
    r"(?:어디|뭐|어느|어떤|언제)\S{0,3} ?(?:\S{1,8} ){0,3}(?:더 )?많|\bwhich\b.{0,20}\bmore\b|\bmore (?:papers )?than\b|\b(?:was|were|is|are) there more\b",
    re.IGNORECASE,
)


def asks_which_had_more(text: str) -> bool:
    """Whether a question asks which of two times, or of two things, had more papers."""
    return bool(_HAD_MORE.search(text))


def is_of_late(dates: DateReading, as_of: date, catalogue: Catalogue) -> bool:
    """Whether the last weeks or months, or the year that runs, are asked for, and all digests are older."""
    if not (dates.relative and dates.start and dates.end and catalogue.days) or dates.start > as_of:
        return False
    lately = (dates.end - dates.start).days in _LATELY or dates.start <= as_of < dates.end
    return dates.start > catalogue.days[-1] and lately and (dates.end - dates.start).days > 1


_OCCASION = re.compile(
    r" ?(?:에 ?(?:있는|있을|하는|할)|의|날)? ?(?:\S+ )?(?:세미나|발표|미팅|회의|스터디|수업|강의|면접|워크숍)|(?:'s)? (?:\w+ )?(?:talk|meeting|seminar|presentation|class|lecture|interview|reading group|journal club)\b",
    re.IGNORECASE,
)
_MEANT_FOR = re.compile(r"\b(?:list|reading|prep\w*|ready|slides|pick) for $", re.IGNORECASE)


def is_of_an_occasion(text: str, dates: DateReading) -> bool:
    """Whether a day is that of a talk or the like, and not of papers: “월요일 세미나에서 다룰 …”, “a reading list for Monday”."""
    return any(_OCCASION.match(text, end) or _MEANT_FOR.search(text[:start]) for start, end in dates.spans)


def _each_time(reading: Reading, catalogue: Catalogue) -> Reading:
    """Return a question about times that lie apart as one about each: “March 2024 or March 2025?” counts both.

    A trend over whole months, quarters or years becomes a table with a row for each.
    """
    dates, plan = reading.dates, reading.plan
    if not dates or plan.kind not in SET_KINDS:
        return reading
    differs = changes(reading.question)
    against = plan.kind == "list" and len(dates.named) > 1 and bool(differs or _THAN.search(reading.question))
    grows = (plan.kind == "trend" and not plan.order) or against
    compares = reading.sides or plan.kind == "count" or grows
    times = dates.apart or (dates.named if compares else ())
    if grows and dates.start and dates.end and not times and _YEARS.search(dates.text):
        return _tabled(reading, "year", (dates.start, dates.end), catalogue)
    if len(times) < 2 or reading.reason not in (None, "ambiguous"):
        return reading
    if grows and (tabled := side_by_side(reading, times, catalogue)):
        return tabled
    kind: Kind = "list" if differs else "count" if grows else plan.kind
    plans = [replace(plan, kind=kind, date_from=start, date_to=end) for start, end in times[:MOST_PARTS]]
    first, *later = [
        replace(
            reading, plan=one, dates=replace(dates, start=one.date_from, end=one.date_to, apart=()), offers=(),
            reason=date_reason(one, catalogue), sides=False,
        )
        for one in plans
    ]  # fmt: skip
    return replace(first, later=(*later, *reading.later))


def _unit(times: Sequence[Range]) -> Unit | None:
    """Return the unit of time that each of some ranges is one of, where they follow each other; None of any other."""
    ordered = sorted(times)
    units: tuple[Unit, ...] = get_args(Unit)
    whole = (unit for unit in units if all(unit_of(start, unit) == (start, end) for start, end in ordered))
    follow = all(end == start for (_, end), (start, _) in pairwise(ordered))
    return next(whole, None) if follow else None


def side_by_side(reading: Reading, times: Sequence[Range], catalogue: Catalogue) -> Reading | None:
    """Return a question about a set as a table of some months, quarters or years; None where they do not follow each other."""
    unit = _unit(times)
    return _tabled(reading, unit, (min(times)[0], max(times)[1]), catalogue) if unit else None


def _tabled(reading: Reading, unit: Unit, days: Range, catalogue: Catalogue) -> Reading:
    plan = replace(reading.plan, kind="trend", per=unit, date_from=days[0], date_to=days[1])
    return replace(reading, plan=plan, reason=date_reason(plan, catalogue), offers=())


def _against_the_next(reading: Reading, catalogue: Catalogue) -> Reading:
    """Return a question whether a set grew against a year or a month as one about that one and the next ("작년보다 늘었어?").

    Where there is no digest of the next one yet, the last one that has digests is compared with the one before it.
    """
    plan, dates = reading.plan, reading.dates
    if plan.kind != "trend" or plan.order or not dates or not (dates.start and dates.end) or not catalogue.days:
        return reading
    unit = _unit([(dates.start, dates.end)])
    if unit is None or dates.named or not _THAN.search(reading.question):
        return reading
    last, (before, now) = catalogue.days[-1], (0, 1)
    day = dates.start
    if dates.relative and dates.end > last:
        day, before, now = last, -1, 0
        reading = replace(reading, dates=replace(dates, counted_from=last))
    if _WHICH.search(reading.question) and not replace(plan, date_from=None, date_to=None).filtered:
        return against(reading, unit_of(day, unit, before), unit_of(day, unit, now))
    return _tabled(reading, unit, (unit_of(day, unit, before)[0], unit_of(day, unit, now)[1]), catalogue)
