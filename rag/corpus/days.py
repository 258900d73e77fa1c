"""The days that a digest is of: dates in headers and paths, as people write them, also of a week or a month.

Pure functions. A date is a span of days; a digest counts for the last one. Questions' dates are read elsewhere
(`rag.language.dates`), because they mean other things: "last week" is no name of a digest.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import PurePosixPath

from rag.language.patterns import lazy

FIRST_DAY = date(1991, 1, 1)  # arXiv's first year
_WRITTEN = date(2026, 11, 29)  # a clock that shows an earlier day is wrong
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """The days from `first` to `last`, both inclusive."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


def last_day(today: date) -> date:
    """Return the latest day that a digest may be of: a year from today."""
    return max(today, _WRITTEN) + 366 * _ONE_DAY


def _any(names: str) -> str:
    return f"(?:{names})"


_MONTHS = {name: n for n, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)}
_MON = _any(
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?"
)
_ORDINALS = {"첫": 1, "둘": 2, "셋": 3, "넷": 4, "다섯": 5}
_TO = r"\s?(?:~|∼|〜|–|—|부터|에서|\bto\b|\bthrough\b)\s?"
_Y, _M, _D = r"(?<!\d)(?P<y>\d{4})", r"(?P<m>\d{1,2})", r"(?P<d>\d{1,2})"
_TH = r"(?:st|nd|rd|th)?"
_NUMERIC = rf"{_Y}[-./_] ?{_M}[-./_] ?{_D}(?!\d)"
_KOREAN = rf"{_Y}\s?년\s?{_M}\s?월\s?{_D}\s?일"
_EN_MON = rf"(?<![a-z])(?P<mon>{_MON})(?![a-z])\.?"
_AMERICAN = rf"{_EN_MON} ?{_D}{_TH}(?!\d),? (?P<y>\d{{4}})(?!\d)"
_BRITISH = rf"(?<!\d){_D}{_TH} (?:of )?{_EN_MON},? ?(?P<y>\d{{4}})(?!\d)"
_COMPACT = r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>[0-2]\d|3[01])(?!\d)"
_SHORT = r"(?<![\d./_-])(?P<yy>\d\d)([-._])(?P<m>\d\d)\2(?P<d>\d\d)(?![\d_-]|\.\d)"


def _compile(pattern: str) -> re.Pattern[str]:
    return lazy(pattern, re.IGNORECASE | re.ASCII)


def _month(match: re.Match[str]) -> int:
    groups = match.groupdict()
    return int(groups["m"]) if groups.get("m") else _MONTHS[groups["mon"][:3].lower()]


def _year(match: re.Match[str]) -> int:
    groups = match.groupdict()
    return int(groups["y"]) if groups.get("y") else 2000 + int(groups["yy"])


def _of_day(match: re.Match[str]) -> Span:
    day = date(_year(match), _month(match), int(match["d"]))
    return Span(day, day)


def _to_day(match: re.Match[str]) -> Span:
    """A range: the end takes the year and the month of the begin where it names none."""
    groups = match.groupdict()
    year, month, last_month = _year(match), _month(match), _month(match)
    if groups.get("mon2"):  # the year stands behind the end
        last_month = _MONTHS[groups["mon2"][:3].lower()]
        year -= last_month < month
    elif groups.get("m2"):
        last_month = int(groups["m2"])
    last_year = int(groups["y2"]) if groups.get("y2") else year + (last_month < month)
    first, last = date(year, month, int(match["d"])), date(last_year, last_month, int(groups["d2"]))
    if not first <= last:
        raise ValueError("the range ends before it begins")
    return Span(first, last)


def _of_week(match: re.Match[str]) -> Span:
    first = date.fromisocalendar(int(match["y"]), int(match["w"]), 1)
    return Span(first, first + 6 * _ONE_DAY)


def _of_week_in_month(match: re.Match[str]) -> Span:
    """A week of a month is one whose Thursday is in it, as in ISO 8601."""
    nth = int(match["w"]) if match["w"] else _ORDINALS[match["word"]]
    start = date(int(match["y"]), _month(match), 1)
    thursday = start + ((3 - start.weekday()) % 7 + 7 * (nth - 1)) * _ONE_DAY
    if nth < 1 or thursday.month != start.month:
        raise ValueError("the month has no such week")
    return Span(thursday - 3 * _ONE_DAY, thursday + 3 * _ONE_DAY)


def _of_month(match: re.Match[str]) -> Span:
    year, month = int(match["y"]), _month(match)
    return Span(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


_Build = Callable[[re.Match[str]], Span]
_RANGES: tuple[tuple[re.Pattern[str], _Build], ...] = (
    (_compile(rf"{_NUMERIC}{_TO}(?P<y2>\d{{4}})[-./_] ?(?P<m2>\d{{1,2}})[-./_] ?(?P<d2>\d{{1,2}})(?!\d)"), _to_day),
    (_compile(rf"{_NUMERIC}{_TO}(?P<m2>\d{{1,2}})[-./_] ?(?P<d2>\d{{1,2}})(?!\d)"), _to_day),
    (_compile(rf"{_NUMERIC} ?_(?P<y2>\d{{4}})[-.](?P<m2>\d{{1,2}})[-.](?P<d2>\d{{1,2}})(?!\d)"), _to_day),
    (
        _compile(rf"{_KOREAN}{_TO}(?:(?:(?P<y2>\d{{4}})\s?년\s?)?(?P<m2>\d{{1,2}})\s?월\s?)?(?P<d2>\d{{1,2}})\s?일"),
        _to_day,
    ),
    (
        _compile(
            rf"{_EN_MON} ?{_D}{_TH}(?:\s?-\s?|{_TO})(?:(?P<mon2>{_MON})\.? ?)?(?P<d2>\d{{1,2}}){_TH}[),]{{0,2}} (?:[-–—] )?(?P<y>\d{{4}})(?!\d)"
        ),
        _to_day,
    ),
)
_DAYS: tuple[tuple[re.Pattern[str], _Build], ...] = tuple(
    (_compile(pattern), _of_day) for pattern in (_NUMERIC, _KOREAN, _AMERICAN, _BRITISH, _COMPACT)
)
_SHORT_DAYS: tuple[tuple[re.Pattern[str], _Build], ...] = ((_compile(_SHORT), _of_day),)
_LONGER: tuple[tuple[re.Pattern[str], _Build], ...] = (
    (_compile(r"(?<!\d)(?P<y>\d{4})[-_ /]?W(?P<w>\d{1,2})(?!\d)"), _of_week),
    (_compile(r"(?<![a-z])week (?P<w>\d{1,2}),? (?:of )?(?P<y>\d{4})(?!\d)"), _of_week),
    (_compile(r"(?<!\d)(?P<y>\d{4})\s?년\s?(?P<w>\d{1,2})\s?주차?"), _of_week),
    (
        _compile(rf"{_Y}\s?년\s?{_M}\s?월\s?(?:(?P<w>[1-6])|(?P<word>첫|둘|셋|넷|다섯)(?:번?째)?)\s?주차?"),
        _of_week_in_month,
    ),
    (_compile(rf"{_Y}\s?년\s?{_M}\s?월"), _of_month),
    (_compile(rf"{_Y}[-./_]{_M}(?![\d]|[-./_]\d)"), _of_month),
    (_compile(rf"{_EN_MON},? (?P<y>\d{{4}})(?!\d)"), _of_month),
)


def _read(text: str, rows: tuple[tuple[re.Pattern[str], _Build], ...]) -> Iterator[tuple[int, Span]]:
    """Yield the spans that a text names, each with its place."""
    for pattern, build in rows:
        for match in pattern.finditer(text):
            try:
                yield match.start(), build(match)
            except (ValueError, OverflowError):  # 2024-06-31, or the week after the last there is
                continue


def read_span(text: str) -> Span | None:
    """Return the days a header names, or None: a range first, then the first day, then a week or a month.

    >>> read_span("Daily Papers (March 4, 2024)")
    Span(first=datetime.date(2024, 3, 4), last=datetime.date(2024, 3, 4))
    >>> read_span("2024년 3월 4일 ~ 10일 주간 논문")
    Span(first=datetime.date(2024, 3, 4), last=datetime.date(2024, 3, 10))
    """
    for rows in (_RANGES, _DAYS, _SHORT_DAYS, _LONGER):
        found = min(_read(text, rows), key=lambda pair: pair[0], default=None)
        if found:
            return found[1]
    return None


def date_in(text: str) -> date | None:
    """Return the first day that a text names with its year, or None; the last one of a range.

    >>> date_in("## Daily Papers (2024-06-11)"), date_in("digests/2024/06/11.md"), date_in("2024-13-01")
    (datetime.date(2024, 6, 11), datetime.date(2024, 6, 11), None)
    """
    for rows in (_RANGES, _DAYS):
        if found := min(_read(text, rows), key=lambda pair: pair[0], default=None):
            return found[1].last
    return None


SUFFIXES = (".md", ".markdown", ".mdx", ".txt")
"""The names of files that are read, by their end."""


def span_of_path(file: str) -> Span | None:
    """Return the days a path names, or None: the last of its dates, because the folders above may be dated too.

    >>> span_of_path("/backup/2020-01-02/24-03-03.md")
    Span(first=datetime.date(2024, 3, 3), last=datetime.date(2024, 3, 3))
    >>> span_of_path("2024/03.md"), span_of_path("papers.md")
    (Span(first=datetime.date(2024, 3, 1), last=datetime.date(2024, 3, 31)), None)
    """
    path = unicodedata.normalize("NFC", file).replace("\\", "/")
    for suffix in SUFFIXES:
        if path.lower().endswith(suffix):
            path = path[: -len(suffix)]
    name = PurePosixPath(path).name
    for text, rows in ((name, _RANGES), (name, _DAYS), (name, _SHORT_DAYS), (name, _LONGER), (path, _DAYS)):
        if found := max(_read(text, rows), key=lambda pair: pair[0], default=None):
            return found[1]
    folders = re.search(r"(?:^|/)(\d{4})[-/_.]([Ww]?\d{1,2})$", path)  # 2024/03.md is a month, 2024/W10.md a week
    return read_span("-".join(folders.groups())) if folders else None
