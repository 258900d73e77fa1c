"""Dates as questions name them, Korean or English, read into half-open ranges of days.

Three steps, each a table and a short function: the periods (`rows_for`: "2024년 3월", "last Friday"), the words around
them (`BEFORE`, `AFTER`, `TO`, `AND`: "since", "까지"), and the year where none is named. Knows nothing of papers;
the days that have a digest are given. Not read: decades, vague words ("요즘", "recently").
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from rag.language.date_patterns import AFTER, AND, BEFORE, OPERATIONS, TO, rows_for
from rag.language.periods import IMPOSSIBLE, MOST_PERIODS, ONE_DAY, READ_CHARACTERS, OpenRange, Period, Range, unit_of


@dataclass(frozen=True, slots=True)
class DateReading:
    """What a question says of dates.

    `start` is inclusive and `end` exclusive, None where that side is open. `spans` are the places of all the date
    expressions with their particles and prepositions, in order, to cut out. `relative`: counted from as_of (어제).
    `assumed_year`: the year is not in the text but chosen by the digests. `text`: the expressions that made the range.
    `apart`: the ranges joined by "and" where they do not touch ("1월과 3월"); start and end then span them all.
    `impossible`: the expressions whose days are in no calendar ("2월 30일"), or ""; start and end are None where no
    other expression stands beside them. `named`: the ranges of all expressions, where there are several, each for itself.
    `counted_from`: the day of the last digest, where "the last month" was counted from it and not from today.
    """

    start: date | None
    end: date | None
    spans: tuple[tuple[int, int], ...]
    relative: bool
    assumed_year: bool
    text: str
    apart: tuple[Range, ...] = ()
    impossible: str = ""
    named: tuple[Range, ...] = ()
    counted_from: date | None = None


@dataclass(frozen=True, slots=True)
class _Expression:
    """Periods joined into one ("to", "and"; the first join is "in") and what the words around them make of it."""

    parts: tuple[tuple[str, Period], ...]
    op: str
    lo: int
    hi: int
    text: str
    impossible: str = ""


_NUMBERS = re.compile(r"\d+")
_LUNAR = re.compile(r"(?<![A-Za-z가-힣])(?:음력|구력|lunar(?: calendar)?)(?:으로)? $", re.IGNORECASE)


# --- Reading ---------------------------------------------------------------------------------------------------------
@lru_cache(maxsize=64)  # a question is read several times
def _periods(text: str, as_of: date) -> tuple[Period, ...]:
    """The periods named in a text, in order: the leftmost and longest; impossible ones among them."""
    matches = [(m, build) for pattern, build in rows_for(text) for m in pattern.finditer(text)]
    found, at = [], 0
    for m, build in sorted(matches, key=lambda match: (match[0].start(), -match[0].end())):  # stable: then by row
        if m.start() < at:
            continue
        at = m.end()
        with suppress(*IMPOSSIBLE):
            if (period := build(m, as_of)) and ((possible := _is_possible(period)) or _is_meant(m.group())):
                found.append(replace(period, lo=m.start(), hi=at, possible=possible))
    return tuple(found)


def _is_possible(period: Period) -> bool:
    try:
        period.of(2024 if period.year is None else period.year)
    except IMPOSSIBLE:
        return False
    return True


def _is_meant(written: str) -> bool:
    """Whether impossible days are meant as days: 2월 30일, June 31, 2024-02-30, but not 13/4 and 2024-25."""
    return any(c.isalpha() for c in written) or len(_NUMBERS.findall(written)) == 3


def _expressions(text: str, periods: Sequence[Period]) -> list[_Expression]:
    """The periods with the words around them, joined where a word or a dash joins them."""
    found: list[_Expression] = []
    rest = list(reversed(periods))
    while rest:
        first = last = rest.pop()
        parts = [("in", first)]
        before = BEFORE.search(text, max(0, first.lo - 30, found[-1].hi if found else 0), first.lo)
        while rest:
            gap = text[last.hi : rest[-1].lo]
            join = "to" if TO.fullmatch(gap) else "and" if AND.fullmatch(gap) else ""
            if not join:
                break
            last = rest.pop()
            parts.append((join, last))
        if lunar := _LUNAR.search(text, max(0, first.lo - 30), first.lo):
            parts[0] = ("in", replace(first, lo=lunar.start(), possible=False))
        after = AFTER.match(text, last.hi)
        ops = [m.lastgroup or "in" for m in (after, before) if m]
        op = next((op for op in ops if op != "in"), "in")
        if op == "between":
            parts, op = [(join if join == "in" else "to", period) for join, period in parts], "in"
        lo, hi = before.start() if before else first.lo, after.end() if after else last.hi
        plain = op == "in" and len(parts) == 1
        written = text[first.lo : last.hi] if plain else text[lo:hi].strip()
        found.append(_without_impossible(_Expression(tuple(parts), op, lo, hi, written), text))
    return found


def _without_impossible(e: _Expression, text: str) -> _Expression:
    """The expression without its impossible parts; without any where they begin or end a range."""
    wrong = [period for _, period in e.parts if not period.possible]
    if not wrong:
        return e
    joined = e.op == "not" or any(join == "to" for join, _ in e.parts)
    parts = [] if joined else [period for _, period in e.parts if period.possible]
    kept = tuple(("and" if n else "in", period) for n, period in enumerate(parts))
    said = text[parts[0].lo : parts[-1].hi] if parts else ""
    return replace(e, parts=kept, text=said, impossible=", ".join(text[period.lo : period.hi] for period in wrong))


def _in_years(period: Period, years: Iterable[int]) -> Iterator[Range]:
    """The period in each of some years, where it exists."""
    for year in years:
        with suppress(*IMPOSSIBLE):
            yield period.of(year)


def _complete(period: Period, context: OpenRange, as_of: date, days: Sequence[date]) -> Range | None:
    """The latest occurrence with a digest, else the latest begun by as_of; if it can be, inside the context."""

    def inside(start: date, end: date) -> bool:
        return _both((start, end), context) == (start, end)

    def shown(start: date, end: date) -> bool:
        return _between(days, start, end)

    known = [as_of, *(day for day in context if day)]  # 29 February: in up to 8 years
    years = {day.year for day in days} | {day.year - n for day in known for n in range(10)}
    ranges = list(_in_years(period, sorted(years, reverse=True)))
    order: tuple[Callable[[Range], bool], ...] = (
        lambda r: inside(*r) and shown(*r),
        lambda r: inside(*r) and r[0] <= as_of,
        lambda r: inside(*r),
        lambda r: shown(*r),
        lambda r: r[0] <= as_of,
    )
    return next((r for fits in order for r in ranges if fits(r)), None)


def _resolve(e: _Expression, context: OpenRange, as_of: date, days: Sequence[date]) -> tuple[list[Range], bool] | None:
    """The ranges of an expression, and whether the digests chose its year. More than one are apart."""
    if not e.parts:
        return None
    first, assumed = e.parts[0][1], False
    named = [period.of(period.year)[0] for _, period in e.parts if period.year is not None]
    found: Range | None
    if first.year is not None:
        found = first.of(first.year)
    elif named:
        years = range(named[0].year, named[0].year - 9, -1)
        found = next((r for r in _in_years(first, years) if r[0] <= named[0]), None)
    else:
        low, high = context
        found = _complete(first, context, as_of, days)
        assumed = not (low and high and high - low <= 366 * ONE_DAY)
    ranges = [found] if found else []
    for join, period in e.parts[1:]:
        if ranges:
            ranges[-1:] = _join(ranges[-1], join, period, e.op)
    ranges = [r for r in ranges if r[0] < r[1]]
    return (ranges, assumed) if ranges else None


def _join(found: Range, join: str, period: Period, op: str) -> list[Range]:
    """A range and the next period: "to" spans both, "and" where they touch, else both; of nested ones, the next."""
    low, high = found  # a month without a year comes after the one before it
    years = (low.year, low.year + 1) if period.year is None else (period.year,)
    new = next((r for r in _in_years(period, years) if period.year is not None or r[0] >= low), found)
    if join == "to":
        return [(low, new[0]) if op == "before" else (min(low, new[0]), max(high, new[1]))]
    if low <= new[0] and new[1] <= high:
        return [new]
    return [(min(low, new[0]), max(high, new[1]))] if new[0] <= high and low <= new[1] else [found, new]


def _both(a: OpenRange, b: OpenRange) -> OpenRange | None:
    """What two ranges share; None if nothing."""
    start = max((day for day in (a[0], b[0]) if day), default=None)
    end = min((day for day in (a[1], b[1]) if day), default=None)
    return None if start and end and start >= end else (start, end)


def read_dates(text: str, as_of: date, days: Sequence[date]) -> DateReading | None:
    """Read the date expressions of a question as one half-open range; None where it names none. Never raises.

    Days that no calendar has ("2월 30일", "13월", "June 31") are told as `impossible`.

    Args:
        text: the question, NFC, blanks folded; only its first 2,000 characters and 50 periods are read.
        as_of: the day that "today" is. Weeks start on Monday; "최근 N일" and "past N days" end with this day.
        days: the days that have a digest, sorted. A month or day without a year takes its latest occurrence in them,
            else (also when empty) the latest that has begun by as_of.

    Several expressions mean what they share; one that shares nothing with those before it is passed over, and one that
    is excluded ("2023년 말고", "except March") leaves the days around it; without any `days` it is left in the text, unread.

    >>> reading = read_dates("2월 30일에 나온 논문", date(2024, 5, 1), ())
    >>> reading and (reading.start, reading.end, reading.impossible, reading.spans)
    (None, None, '2월 30일', ((0, 7),))

    >>> reading = read_dates("2024년 3월에 나온 맘바 논문", date(2024, 5, 1), ())
    >>> reading and (str(reading.start), str(reading.end), reading.spans, reading.text)
    ('2024-03-01', '2024-04-01', ((0, 9),), '2024년 3월')
    """
    text = text[:READ_CHARACTERS]
    every = _expressions(text, _periods(text, as_of)[:MOST_PERIODS])
    expressions = [expression for expression in every if expression.op != "not" or expression.impossible]
    answers: dict[int, tuple[OpenRange, bool]] = {}
    apart: dict[int, list[Range]] = {}
    context: OpenRange = (None, None)
    undated = [all(period.year is None for _, period in expression.parts) for expression in expressions]
    for n in sorted(range(len(expressions)), key=undated.__getitem__):  # those with a year are context for the others
        with suppress(*IMPOSSIBLE):
            if resolved := _resolve(expressions[n], context, as_of, days):
                ranges, assumed = resolved
                hull = min(r[0] for r in ranges), max(r[1] for r in ranges)
                answers[n] = OPERATIONS[expressions[n].op](*hull) if len(expressions[n].parts) == 1 else hull, assumed
                apart[n] = ranges if len(ranges) > 1 else []
                context = _both(context, answers[n][0]) or context
    shared: OpenRange = (None, None)
    used: list[int] = []
    for n in sorted(answers):
        if both := _both(shared, answers[n][0]):
            shared = both
            used.append(n)
    impossible = [n for n, expression in enumerate(expressions) if expression.impossible]
    left_out = [e for e in every if e.op == "not" and not e.impossible and days and not any(apart.values())]
    shared, halves = _without(shared, left_out, context, as_of, days)
    if not used and not impossible and not left_out:
        return None
    places = [expressions[n] for n in sorted({*answers, *impossible})] + left_out
    spans = tuple(sorted((expression.lo, expression.hi) for expression in places))
    return DateReading(
        *shared,
        spans=spans,
        relative=any(period.relative for n in used for _, period in expressions[n].parts),
        assumed_year=any(answers[n][1] for n in used),
        text=" ".join(expressions[n].text for n in used),
        apart=halves or tuple(r for n in used for r in apart[n]),
        impossible=", ".join(expressions[n].impossible for n in impossible),
        named=() if left_out else _side_by_side([text[lo:hi] for lo, hi in spans], as_of, days),
    )


def _without(
    shared: OpenRange, left_out: Sequence[_Expression], context: OpenRange, as_of: date, days: Sequence[date]
) -> tuple[OpenRange, tuple[Range, ...]]:
    """A range without the days that are left out of it, and the two parts of it where these lie in its middle."""
    halves: tuple[Range, ...] = ()
    for expression in left_out:
        resolved = _resolve(expression, context, as_of, days)
        if not resolved:
            continue
        start, end = min(r[0] for r in resolved[0]), max(r[1] for r in resolved[0])
        first, last = shared[0] or days[0], shared[1] or days[-1] + ONE_DAY
        if first < start and end < last:
            halves = tuple(half for half in ((first, start), (end, last)) if _between(days, *half))
            shared, halves = (halves[0], ()) if len(halves) == 1 else ((first, last), halves)
        elif first < start < last:
            shared = shared[0], start
        elif first < end < last:
            shared = end, shared[1]
    return shared, halves


def _between(days: Sequence[date], start: date, end: date) -> bool:
    return bisect_left(days, start) < bisect_left(days, end)


_EITHER = re.compile(r"\bor\b|\bvs\b\.?|\bversus\b|이나 |이랑 |[와과] |또는|아니면|대비|보다", re.IGNORECASE)


def _side_by_side(said: Sequence[str], as_of: date, days: Sequence[date]) -> tuple[Range, ...]:
    """Return the ranges of several expressions, each for itself: those of "2024년 대비 2025년"; none of one alone."""
    pieces = [piece for text in said for piece in _EITHER.split(text)]
    found: list[Range] = []
    for piece in pieces if len(pieces) > 1 else ():
        one = read_dates(piece, as_of, days)
        if one and one.assumed_year and found:  # “2024년 3월이랑 4월”: of the same year
            one = read_dates(piece, date(found[-1][0].year, 12, 31), ())
        if one and one.start and one.end:
            found.append((one.start, one.end))
    return tuple(dict.fromkeys(found))


def written(start: date | None, end: date | None, language: str) -> str:
    """Write a half-open range so that `read_dates` reads it again, as a phrase of a question; "" without any side.

    >>> written(date(2024, 3, 1), date(2024, 4, 1), "ko"), written(date(2024, 3, 4), date(2024, 3, 11), "en")
    ('2024년 3월', 'from 2024-03-04 to 2024-03-10')
    """
    korean = language == "ko"
    last = end - ONE_DAY if end and end > date.min else None
    if not start or not last:
        day = start or last
        if day is None:
            return ""
        return f"{day}{'부터' if start else '까지'}" if korean else f"{'since' if start else 'until'} {day}"
    if start == last:
        return f"{start.year}년 {start.month}월 {start.day}일" if korean else f"on {start}"
    named = start.year < date.max.year  # the days after a later month cannot be told
    if named and (start, end) == unit_of(start, "month"):
        return f"{start.year}년 {start.month}월" if korean else f"in {start:%B %Y}"
    if named and (start, end) == unit_of(start, "year"):
        return f"{start.year}년" if korean else f"in {start.year}"
    return f"{start}부터 {last}까지" if korean else f"from {start} to {last}"
