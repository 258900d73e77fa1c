"""Periods by name: what a matched expression of time means, as half-open ranges of days. Calendar arithmetic and words."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

Range = tuple[date, date]  # half-open
OpenRange = tuple[date | None, date | None]  # half-open, None where a side is open
ONE_DAY = timedelta(days=1)
IMPOSSIBLE = (ValueError, OverflowError, IndexError)  # 30 February, past the last day there is, a fifth week of four
READ_CHARACTERS, MOST_PERIODS = 2_000, 50  # characters and periods of a question that are read


@dataclass(frozen=True, slots=True)
class Period:
    """A period by name: `of` gives its days in a year, or raises IMPOSSIBLE; `year` is None where none is named."""

    of: Callable[[int], Range]
    year: int | None
    relative: bool
    lo: int = 0
    hi: int = 0
    possible: bool = True  # whether any calendar has such days: not 30 February


# --- Calendar arithmetic ---------------------------------------------------------------------------------------------
_MONTHS_IN = {"month": 1, "quarter": 3, "year": 12}


def _shift(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _months_after(day: date, months: int) -> date:
    """Return the day some months later; the last day that there is where it would lie behind it."""
    return _shift(day, months) if day.year * 12 + day.month + months <= date.max.year * 12 + 12 else date.max


def day_after(day: date) -> date:
    """Return the next day; the last day that there is has none and is its own."""
    return day + ONE_DAY if day < date.max else day


def day_before(day: date) -> date:
    """Return the day before; the first day that there is has none and is its own."""
    return day - ONE_DAY if day > date.min else day


@lru_cache(maxsize=4096)  # the days of some years
def unit_of(day: date, unit: str, offset: int = 0) -> Range:
    """The day, week, month, quarter or year that holds a day, or the one `offset` units later."""
    if unit in _MONTHS_IN:
        size = _MONTHS_IN[unit]
        start = _shift(date(day.year, (day.month - 1) // size * size + 1, 1), size * offset)
        return start, _months_after(start, size)
    size = 7 if unit == "week" else 1
    start = day + (size * offset - (day.weekday() if unit == "week" else 0)) * ONE_DAY
    return _ended(start, size)


def _ended(start: date, days: int) -> Range:
    """Return so many days from a day on. The last day that there is has no day after it: it ends the range."""
    left = (date.max - start).days
    return (start, start + days * ONE_DAY) if days <= left else (min(start, day_before(date.max)), date.max)


# --- Words -----------------------------------------------------------------------------------------------------------
def _numbered(groups: str, first: int = 0) -> dict[str, int]:
    """Number the groups of words between bars."""
    return {word: n for n, group in enumerate(groups.split("|"), first) for word in group.split()}


_REL = _numbered("지지난 저저번 | 지난 저번 last previous | 이번 금 이 this | 다음 next", -2)
_YEARS = _numbered("재작년 theyearbeforelast | 작년 지난해 lastyear | 올해 올 금년 thisyear theyear | nextyear", -2)
_DAYS = _numbered("그저께 그제 엊그제 daybeforeyesterday | 어제 어저께 yesterday | 오늘 금일 today | tomorrow", -2)
_MONTHS = _numbered("jan | feb | mar | apr | may | jun | jul | aug | sep | oct | nov | dec", 1)
_WEEKDAYS = _numbered("월 mon | 화 tue | 수 wed | 목 thu | 금 fri | 토 sat | 일 sun")
ORDINALS = _numbered("마지막 last | 첫 first 1st | 둘 second 2nd | 셋 third 3rd | 넷 fourth 4th | 다섯")
NUMBERS = _numbered("한 일 one a an | 두 two couple | 세 석 three | 네 넉 four | 다섯 five | 여섯 six", 1)
NUMBERS |= _numbered("일곱 seven | 여덟 eight | 아홉 nine | 열 ten | eleven | twelve", 7)
AMOUNTS = _numbered("하루 | 이틀 | 사흘 | 나흘 | 닷새 | 엿새 | 일주일", 1) | {"열흘": 10, "보름": 15}  # days
_UNIT = {"일": "day", "주": "week", "주일": "week", "달": "month", "개월": "month", "분기": "quarter"}
_UNIT |= {"년": "year", "해": "year"}
# The stages of a month are its tens of days; of a year, its first two, middle four and last two months.
_STAGE = _numbered("초 초순 초반 상순 연초 early beginning start | 중순 중반 mid middle | 말 하순 연말 late end")
_QUARTER = _numbered(" | ".join(f"q{n} {n}q {n}분기 {n}/4분기 {n}사분기" for n in range(1, 5)), 1)
_QUARTER |= {f"{word}quarter": n for word, n in ORDINALS.items()}
_HALF = _numbered("상반기 전반기 h1 firsthalf 1sthalf | 하반기 후반기 h2 secondhalf 2ndhalf")
SEASONS = _numbered("봄 spring | 여름 summer | 가을 fall autumn | 겨울 winter", 1)
_PART = {word: ((1, 2), (5, 4), (11, 2))[n] for word, n in _STAGE.items()}  # first month, number of months
_PART |= {word: (3 * n - 2, 3) for word, n in _QUARTER.items()} | {word: (6 * n + 1, 6) for word, n in _HALF.items()}
_PART |= {word: (3 * n, 3) for word, n in SEASONS.items()}


def _key(word: str) -> str:
    return re.sub(r"[\s'’]", "", word).lower()


def _year(word: str | None, as_of: date) -> tuple[int | None, bool]:
    """The year that a word means, and whether it counts from as_of."""
    if not word:
        return None, False
    if _key(word) in _YEARS:
        return as_of.year + _YEARS[_key(word)], True
    number = int(re.sub(r"\D", "", word))
    return number + (0 if number > 99 else 2000 if number < 90 else 1900), False


# A word that may be something else (may, Q4, 2048) is a date after one of these, or in the second half of a range.
_CUE = re.compile(
    r"(?<![A-Za-z])(?:in|since|from|during|until|till|before|after|through|throughout|between|early|late|last|this"
    r"|(?:from|between) [A-Za-z0-9.]{2,9}(?: \d{1,4}(?:st|nd|rd|th)?)?(?:,? \d{4})? (?:to|and|through|until|till))"
    r" (?:the )?$",
    re.I,
)
_CAPITAL = re.compile(r" [A-Z][a-z]")
_CUE_AFTER = re.compile(r"[가-힣]|['’]s| (?:papers?|digests?|issue|논문)")


def _cued(m: re.Match[str], group: str) -> bool:
    return bool(_CUE.search(m.string, max(0, m.start(group) - 40), m.start(group)))


def _is_month(m: re.Match[str]) -> bool:
    """Whether an English month name is one: may, march and short forms only where dates stand, and not April Smith."""
    g, name = m.groupdict(), m["mon"]
    verb, capital = name.lower() in ("may", "mar", "march"), name[0].isupper()
    if g["y"] or g.get("stage") or g.get("nth") or (g.get("day") and (capital or not verb)) or _cued(m, "mon"):
        return True
    if g.get("day") or _CAPITAL.match(m.string, m.end()):
        return False
    placed = m.string.endswith((" of ", " by ", " to ", " and "), 0, m.start("mon")) or _CUE_AFTER.match(
        m.string, m.end()
    )
    return bool(capital and placed) if verb or len(name) == 3 else True


# --- What a match means: a period, or None where it is no date --------------------------------------------------------
def _fixed(days: Range) -> Period:
    return Period(lambda _: days, days[0].year, True)


def read_month(m: re.Match[str], as_of: date) -> Period | None:
    """A month, and in it a day, days, a stage or a week (of the month that holds its Thursday, as in ISO 8601)."""
    g = m.groupdict()
    year, relative = _year(g.get("y"), as_of)
    if g.get("mon"):
        if not _is_month(m):
            return None
        month = _MONTHS[m["mon"][:3].lower()]
    elif g.get("rel"):
        first = unit_of(as_of, "month", _REL[m["rel"].lower()])[0]
        year, month, relative = first.year, first.month, True
    else:
        month = int(m["m"])

    def of(year: int) -> Range:
        start, end = unit_of(date(year, month, 1), "month")
        if last := g.get("m2"):
            return start, unit_of(date(year, int(last), 1), "month")[1]
        if day := g.get("day"):
            last_day = _ended(start.replace(day=int(g.get("day2") or day)), 1)
            return min(start.replace(day=int(day)), last_day[0]), last_day[1]
        if stage := g.get("stage"):
            n = _STAGE[stage.lower()]
            return start + 10 * n * ONE_DAY, end if n == 2 else start + 10 * (n + 1) * ONE_DAY
        if nth := g.get("nth"):
            thursdays = [day for n in range((end - start).days) if (day := start + n * ONE_DAY).weekday() == 3]
            n = int(nth) if nth.isdecimal() else ORDINALS[nth.lower()]
            return unit_of(thursdays[n - 1], "week")  # the last is number 0
        return start, end

    return Period(of, year, relative)


def read_part(m: re.Match[str], as_of: date) -> Period | None:
    """A part of a year, or a whole year (no part)."""
    g = m.groupdict()
    part, (year, relative) = g.get("part") or g.get("stage"), _year(g.get("y"), as_of)
    if part and year is None and part.isascii() and not (_cued(m, "part") and re.search(r"^\S+$|quarter", part)):
        return None
    first, count = (_PART.get(_key(part)) or _quarter(part)) if part else (1, 12)
    return Period(lambda y: (date(y, first, 1), _months_after(date(y, first, 1), count)), year, relative)


def _quarter(part: str) -> tuple[int, int]:
    """Return the first month of a quarter by its number, and its length; a fifth quarter begins in a month that no year has."""
    number = next((int(digits) for digits in re.findall(r"\d+", part)), 0)
    return 3 * number - 2, 3


def read_week(m: re.Match[str], as_of: date) -> Period:
    """Read a week of a year by its number, as in ISO 8601 ("2024-W24", "2024년 24주차")."""
    (year, relative), week = _year(m["y"], as_of), int(m["week"] or m["nth"])
    return Period(lambda y: unit_of(date.fromisocalendar(y, week, 1), "week"), year, relative)


def read_bare_year(m: re.Match[str], as_of: date) -> Period | None:
    """A year without a word: round and far ones are more often sizes."""
    return read_part(m, as_of) if (m["y"] < "2040" and m["y"] != "2000") or _cued(m, "y") else None


def read_numeric(m: re.Match[str], as_of: date) -> Period:
    """Read a month or a day in digits ("2024-03", "2024.3.5")."""
    month, day = int(m["m"]), m["d"]
    return Period(lambda y: unit_of(date(y, month, int(day or 1)), "day" if day else "month"), int(m["y"]), False)


def _amount(m: re.Match[str]) -> tuple[int, str]:
    """A number of units."""
    g = m.groupdict()
    if word := g.get("word"):
        return (6, "month") if word == "반년" else (AMOUNTS[word], "day")
    number, unit = (g["n"] or "one").lower(), g["unit"].lower()
    return int(number) if number.isdecimal() else NUMBERS[number], _UNIT.get(unit, unit)


def read_rolling(m: re.Match[str], as_of: date) -> Period | None:
    """The last n units, ending with and including as_of."""
    (n, unit), end = _amount(m), day_after(as_of)
    start = date.min  # where so many units lie before the first day that there is
    with suppress(*IMPOSSIBLE):
        start = _shift(end, -n * _MONTHS_IN[unit]) if unit in _MONTHS_IN else end - n * _DAYS_IN[unit] * ONE_DAY
    return _fixed((start, end)) if n else None


_DAYS_IN = {"day": 1, "week": 7}


def read_edge(m: re.Match[str], as_of: date) -> Period | None:
    """Read the first or the last n units of a year or a month: "the last two weeks of 2024"."""
    (n, unit), month = _amount(m), m.groupdict().get("m") or m.groupdict().get("mon")
    number = int(month) if month and month.isdecimal() else _MONTHS[_key(month)[:3]] if month else 1
    if not n or not 1 <= number <= _YEAR_HAS:
        return None
    start, end = unit_of(date(int(m["y"]), number, 1), "month" if month else "year")
    last = m["edge"].lower() in ("last", "final", "마지막")
    if unit in _MONTHS_IN:
        size = n * _MONTHS_IN[unit]
        return _fixed((_shift(end, -size), end) if last else (start, _shift(start, size)))
    days = n * (7 if unit == "week" else 1) * ONE_DAY
    return _fixed((end - days, end) if last else (start, start + days))


_YEAR_HAS = 12  # months


def read_ago(m: re.Match[str], as_of: date) -> Period:
    """Read a day, week, month or year some time ago."""
    n, unit = _amount(m)
    with suppress(*IMPOSSIBLE):
        return _fixed(unit_of(as_of, unit, -n))
    return _fixed((date.min, day_after(date.min)))


def read_day_word(m: re.Match[str], as_of: date) -> Period:
    """Read a day by its word ("yesterday", "오늘")."""
    return _fixed(unit_of(as_of, "day", _DAYS[_key(m["word"])]))


def read_relative_unit(m: re.Match[str], as_of: date) -> Period:
    """This, last or next week (or a weekday or the weekend of it) or quarter."""
    g, unit = m.groupdict(), m["unit"].lower()
    start, end = unit_of(as_of, _UNIT.get(unit, unit), _REL[m["rel"].lower()])
    if g.get("weekend"):
        start += 5 * ONE_DAY
    elif g.get("wd"):
        start, end = unit_of(start + _WEEKDAYS[m["wd"].lower()[:3]] * ONE_DAY, "day")
    return _fixed((start, end))


def read_weekday(m: re.Match[str], as_of: date) -> Period:
    """A weekday: "last", the latest before as_of; "this", that of this week; else the latest not after as_of."""
    back, rel = as_of.weekday() - _WEEKDAYS[m["wd"].lower()[:3]], _REL.get((m["rel"] or "").lower())
    return _fixed(unit_of(as_of, "day", -back if rel == 0 else -(back % 7 or (7 if rel == -1 else 0))))


def read_holiday(m: re.Match[str], as_of: date) -> Period:
    """A day of the year by its name."""
    (month, day), (year, relative) = (
        _HOLIDAYS[re.sub(r"[’']", "", m["day"].lower()).replace(" ", "")],
        _year(m["y"] or m["y2"], as_of),
    )
    return Period(lambda y: unit_of(date(y, month, day), "day"), year, relative)


_HOLIDAYS = {
    "christmaseve": (12, 24), "크리스마스이브": (12, 24), "christmas": (12, 25), "xmas": (12, 25), "크리스마스": (12, 25), "성탄절": (12, 25),
    "newyearseve": (12, 31), "newyearsday": (1, 1), "newyears": (1, 1), "newyear": (1, 1), "신정": (1, 1), "새해첫날": (1, 1),
    "valentinesday": (2, 14), "valentines": (2, 14), "밸런타인데이": (2, 14), "발렌타인데이": (2, 14), "삼일절": (3, 1), "어린이날": (5, 5),
    "현충일": (6, 6), "independenceday": (7, 4), "광복절": (8, 15), "개천절": (10, 3), "한글날": (10, 9), "halloween": (10, 31),
    "핼러윈": (10, 31), "할로윈": (10, 31),
}  # fmt: skip
AROUND = 10  # days that "around" adds on either side
