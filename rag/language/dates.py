"""Dates as questions name them, Korean or English, read into half-open ranges of days.

Three steps, each a table and a short function: the periods (`_ROWS`: "2024년 3월", "last Friday"), the words around
them (`_BEFORE`, `_AFTER`, `_TO`, `_AND`: "since", "까지"), and the year where none is named. Knows nothing of papers;
the days that have a digest are given. Not read: decades, vague words ("요즘", "recently").
"""

from __future__ import annotations

import re
from bisect import bisect_left
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta

_Range = tuple[date, date]  # half-open
_Open = tuple[date | None, date | None]  # half-open, None where a side is open
_DAY = timedelta(days=1)
_IMPOSSIBLE = (ValueError, OverflowError, IndexError)  # 30 February, past the last day there is, a fifth week of four
_READ, _MOST = 2_000, 50  # characters and periods of a question that are read


@dataclass(frozen=True, slots=True)
class DateReading:
    """What a question says of dates.

    `start` is inclusive and `end` exclusive, None where that side is open. `spans` are the places of all the date
    expressions with their particles and prepositions, in order, to cut out. `relative`: counted from as_of (어제).
    `assumed_year`: the year is not in the text but chosen by the digests. `text`: the expressions that made the range.
    `apart`: the ranges joined by "and" where they do not touch ("1월과 3월"); start and end then span them all.
    """

    start: date | None
    end: date | None
    spans: tuple[tuple[int, int], ...]
    relative: bool
    assumed_year: bool
    text: str
    apart: tuple[_Range, ...] = ()


@dataclass(frozen=True, slots=True)
class _Period:
    """A period by name: `of` gives its days in a year, or raises _IMPOSSIBLE; `year` is None where none is named."""

    of: Callable[[int], _Range]
    year: int | None
    relative: bool
    lo: int = 0
    hi: int = 0


@dataclass(frozen=True, slots=True)
class _Expression:
    """Periods joined into one ("to", "and"; the first join is "in") and what the words around them make of it."""

    parts: tuple[tuple[str, _Period], ...]
    op: str
    lo: int
    hi: int
    text: str


# --- Calendar arithmetic ---------------------------------------------------------------------------------------------
_MONTHS_IN = {"month": 1, "quarter": 3, "year": 12}


def _shift(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _unit(day: date, unit: str, offset: int = 0) -> _Range:
    """The day, week, month, quarter or year that holds a day, or the one `offset` units later."""
    if unit in _MONTHS_IN:
        size = _MONTHS_IN[unit]
        start = _shift(date(day.year, (day.month - 1) // size * size + 1, 1), size * offset)
        return start, _shift(start, size)
    size = 7 if unit == "week" else 1
    start = day + (size * offset - (day.weekday() if unit == "week" else 0)) * _DAY
    return start, start + size * _DAY


# --- Words -----------------------------------------------------------------------------------------------------------
def _numbered(groups: str, first: int = 0) -> dict[str, int]:
    """Number the groups of words between bars."""
    return {word: n for n, group in enumerate(groups.split("|"), first) for word in group.split()}


_REL = _numbered("지지난 저저번 | 지난 저번 last previous | 이번 금 이 this | 다음 next", -2)
_YEARS = _numbered("재작년 theyearbeforelast | 작년 지난해 lastyear | 올해 올 금년 thisyear theyear | nextyear", -2)
_DAYS = _numbered("그저께 그제 엊그제 daybeforeyesterday | 어제 어저께 yesterday | 오늘 금일 today | tomorrow", -2)
_MONTHS = _numbered("jan | feb | mar | apr | may | jun | jul | aug | sep | oct | nov | dec", 1)
_WEEKDAYS = _numbered("월 mon | 화 tue | 수 wed | 목 thu | 금 fri | 토 sat | 일 sun")
_ORDINAL = _numbered("마지막 last | 첫 first 1st | 둘 second 2nd | 셋 third 3rd | 넷 fourth 4th | 다섯")
_NUMBER = _numbered("한 일 one a an | 두 two couple | 세 석 three | 네 넉 four | 다섯 five | 여섯 six", 1)
_NUMBER |= _numbered("일곱 seven | 여덟 eight | 아홉 nine | 열 ten | eleven | twelve", 7)
_AMOUNT = _numbered("하루 | 이틀 | 사흘 | 나흘 | 닷새 | 엿새 | 일주일", 1) | {"열흘": 10, "보름": 15}  # days
_UNIT = {"일": "day", "주": "week", "주일": "week", "달": "month", "개월": "month", "분기": "quarter"}
_UNIT |= {"년": "year", "해": "year"}
# The stages of a month are its tens of days; of a year, its first two, middle four and last two months.
_STAGE = _numbered("초 초순 초반 상순 연초 early beginning start | 중순 중반 mid middle | 말 하순 연말 late end")
_QUARTER = _numbered(" | ".join(f"q{n} {n}q {n}분기 {n}/4분기 {n}사분기" for n in range(1, 5)), 1)
_QUARTER |= {f"{word}quarter": n for word, n in _ORDINAL.items()}
_HALF = _numbered("상반기 전반기 h1 firsthalf 1sthalf | 하반기 후반기 h2 secondhalf 2ndhalf")
_SEASON = _numbered("봄 spring | 여름 summer | 가을 fall autumn | 겨울 winter", 1)
_PART = {word: ((1, 2), (5, 4), (11, 2))[n] for word, n in _STAGE.items()}  # first month, number of months
_PART |= {word: (3 * n - 2, 3) for word, n in _QUARTER.items()} | {word: (6 * n + 1, 6) for word, n in _HALF.items()}
_PART |= {word: (3 * n, 3) for word, n in _SEASON.items()}


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
def _fixed(days: _Range) -> _Period:
    return _Period(lambda _: days, days[0].year, True)


def _month(m: re.Match[str], as_of: date) -> _Period | None:
    """A month, and in it a day, days, a stage or a week (of the month that holds its Thursday, as in ISO 8601)."""
    g = m.groupdict()
    year, relative = _year(g.get("y"), as_of)
    if g.get("mon"):
        if not _is_month(m):
            return None
        month = _MONTHS[m["mon"][:3].lower()]
    elif g.get("rel"):
        first = _unit(as_of, "month", _REL[m["rel"].lower()])[0]
        year, month, relative = first.year, first.month, True
    else:
        month = int(m["m"])

    def of(year: int) -> _Range:
        start, end = _unit(date(year, month, 1), "month")
        if last := g.get("m2"):
            return start, _unit(date(year, int(last), 1), "month")[1]
        if day := g.get("day"):
            return start.replace(day=int(day)), start.replace(day=int(g.get("day2") or day)) + _DAY
        if stage := g.get("stage"):
            n = _STAGE[stage.lower()]
            return start + 10 * n * _DAY, end if n == 2 else start + 10 * (n + 1) * _DAY
        if nth := g.get("nth"):
            thursdays = [day for n in range((end - start).days) if (day := start + n * _DAY).weekday() == 3]
            n = int(nth) if nth.isdecimal() else _ORDINAL[nth.lower()]
            return _unit(thursdays[n - 1], "week")  # the last is number 0
        return start, end

    return _Period(of, year, relative)


def _part(m: re.Match[str], as_of: date) -> _Period | None:
    """A part of a year, or a whole year (no part)."""
    g = m.groupdict()
    part, (year, relative) = g.get("part") or g.get("stage"), _year(g.get("y"), as_of)
    if part and year is None and part.isascii() and not (_cued(m, "part") and re.search(r"^\S+$|quarter", part)):
        return None
    first, count = _PART[_key(part)] if part else (1, 12)
    return _Period(lambda y: (date(y, first, 1), _shift(date(y, first, 1), count)), year, relative)


def _bare_year(m: re.Match[str], as_of: date) -> _Period | None:
    """A year without a word: round and far ones are more often sizes."""
    return _part(m, as_of) if (m["y"] < "2040" and m["y"] != "2000") or _cued(m, "y") else None


def _numeric(m: re.Match[str], as_of: date) -> _Period:
    month, day = int(m["m"]), m["d"]
    return _Period(lambda y: _unit(date(y, month, int(day or 1)), "day" if day else "month"), int(m["y"]), False)


def _amount(m: re.Match[str]) -> tuple[int, str]:
    """A number of units."""
    g = m.groupdict()
    if word := g.get("word"):
        return (6, "month") if word == "반년" else (_AMOUNT[word], "day")
    number, unit = (g["n"] or "one").lower(), g["unit"].lower()
    return int(number) if number.isdecimal() else _NUMBER[number], _UNIT.get(unit, unit)


def _rolling(m: re.Match[str], as_of: date) -> _Period | None:
    """The last n units, ending with and including as_of."""
    (n, unit), end = _amount(m), as_of + _DAY
    start = _shift(end, -n * _MONTHS_IN[unit]) if unit in _MONTHS_IN else end - n * (7 if unit == "week" else 1) * _DAY
    return _fixed((start, end)) if n else None


def _ago(m: re.Match[str], as_of: date) -> _Period:
    n, unit = _amount(m)
    return _fixed(_unit(as_of, unit, -n))


def _day_word(m: re.Match[str], as_of: date) -> _Period:
    return _fixed(_unit(as_of, "day", _DAYS[_key(m["word"])]))


def _rel_unit(m: re.Match[str], as_of: date) -> _Period:
    """This, last or next week (or a weekday or the weekend of it) or quarter."""
    g, unit = m.groupdict(), m["unit"].lower()
    start, end = _unit(as_of, _UNIT.get(unit, unit), _REL[m["rel"].lower()])
    if g.get("weekend"):
        start += 5 * _DAY
    elif g.get("wd"):
        start, end = _unit(start + _WEEKDAYS[m["wd"].lower()[:3]] * _DAY, "day")
    return _fixed((start, end))


def _weekday(m: re.Match[str], as_of: date) -> _Period:
    """A weekday: "last", the latest before as_of; "this", that of this week; else the latest not after as_of."""
    back, rel = as_of.weekday() - _WEEKDAYS[m["wd"].lower()[:3]], _REL.get((m["rel"] or "").lower())
    return _fixed(_unit(as_of, "day", -back if rel == 0 else -(back % 7 or (7 if rel == -1 else 0))))


def _holiday(m: re.Match[str], as_of: date) -> _Period:
    """A day of the year by its name."""
    (month, day), (year, relative) = (
        _HOLIDAYS[re.sub(r"[’']", "", m["day"].lower()).replace(" ", "")],
        _year(m["y"] or m["y2"], as_of),
    )
    return _Period(lambda y: _unit(date(y, month, day), "day"), year, relative)


_HOLIDAYS = {
    "christmaseve": (12, 24), "크리스마스이브": (12, 24), "christmas": (12, 25), "xmas": (12, 25), "크리스마스": (12, 25), "성탄절": (12, 25),
    "newyearseve": (12, 31), "newyearsday": (1, 1), "newyears": (1, 1), "newyear": (1, 1), "신정": (1, 1), "새해첫날": (1, 1),
    "valentinesday": (2, 14), "valentines": (2, 14), "밸런타인데이": (2, 14), "발렌타인데이": (2, 14), "삼일절": (3, 1), "어린이날": (5, 5),
    "현충일": (6, 6), "independenceday": (7, 4), "광복절": (8, 15), "개천절": (10, 3), "한글날": (10, 9), "halloween": (10, 31),
    "핼러윈": (10, 31), "할로윈": (10, 31),
}  # fmt: skip
_AROUND = 10  # days that "around" adds on either side


# --- Patterns --------------------------------------------------------------------------------------------------------
def _any(words: Iterable[str], ascii: bool) -> str:
    return "|".join(sorted((word for word in words if word.isascii() == ascii), key=len, reverse=True))


_Y4 = r"(?:199\d|20\d\d)"
_KO_Y = rf"(?:(?:{_Y4}|'?[29]\d)\s?년도?(?!대)|올해|금년|재작년|작년|지난\s?해)"
# What may follow a Korean word that could also begin another one (초 거대, 주요, 달성).
_KO_END = (
    r"(?=[^가-힣]|$|에|엔|의|부터|까지|이후|이전|동안|나온|논문"
    r"|(?:은|는|이|가|을|를|도|만|쯤|경|께|자|중|과|와|간)(?:에|의)?(?![가-힣]))"
)
_KO_AMOUNT = (
    rf"(?:(?P<word>{_any(_AMOUNT, False)}|반년)"
    rf"|(?P<n>\d{{1,3}}|{_any(_NUMBER, False)})\s?(?P<unit>주일?|달|개월|분기|년|해|(?<=\d)일|(?<=\d )일))"
)
_KO_MONTH = rf"(?:(?P<y>{_KO_Y}|올)의?\s?|지난\s?)?(?P<m>\d{{1,2}})"
_KO_IN_MONTH = (
    r"(?:\s?(?P<day>\d{1,2})(?:(?:\s?일)?(?:\s?[~–-]\s?|부터\s?|에서\s?)(?P<day2>\d{1,2})\s?일(?:까지)?|\s?일)"
    r"(?:\s?\([월화수목금토일]\)|\s?[월화수목금토일]요일)?"
    rf"|\s?(?P<stage>초순|초|상순|중순|하순|말){_KO_END}"
    rf"|\s?(?P<nth>{_any(_ORDINAL, False)}|[1-6](?=\s?주차))(?:번?째)?\s?주차?{_KO_END})?"
)
_KO_REL = r"(?P<rel>지지난|저저번|지난|저번|이번|다음|금|이)\s?"
_KO_WD, _EN_WD = r"(?P<wd>[월화수목금토일])요일", r"(?P<wd>(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
_KO_PART = r"상반기|하반기|전반기|후반기|[1-4](?:\s?/\s?4|\s?사)?\s?분기|연초|연말"
_ST = r"(?:st|nd|rd|th)?"
_EN_DAY = rf"(?P<day>\d{{1,2}}){_ST}(?: ?(?:-|–|to|through) ?(?P<day2>\d{{1,2}}){_ST})?"
_MON = (
    r"(?P<mon>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![A-Za-z])(?:\.(?= ?\d))?"
)
_MON_DAY = rf"{_MON}(?: (?:the )?{_EN_DAY}(?![A-Za-z0-9_%]|[.:/-]\d|,\d{{3}}(?!\d)))?"
_REL_YEAR = r"(?:this|last|next) year|the year before last"
_EN_Y = rf"(?P<y>{_Y4}(?![.,:/-]?\d)|['’]\d\d|{_REL_YEAR}|the year)"
_OF_Y = rf"(?:,? ?(?:of )?{_EN_Y})?"
_STAGED = r"(?P<stage>early|mid|late|(?:beginning|start|middle|end)(?= of))(?:[ -]| of )(?:the (?!year))?"
_EN_NTH = rf"(?:{_any(_ORDINAL, True)})"
_EN_PART = rf"Q[1-4]|[1-4]Q|H[12]|(?!last){_EN_NTH} quarter|(?:first|second|1st|2nd) half|{_any(_SEASON, True)}"
_EN_UNIT = r"(?P<unit>day|week|month|quarter|year)s?"
_EN_N = rf"(?:a (?=couple))?(?P<n>\d{{1,3}}|{_any(_NUMBER, True)})(?: of)?"
_NAMED = r"(?<![A-Za-z]-)"  # SPIN-2024 is a name
_THINGS = (  # what four digits may count, English in the plural only: "2024 image papers" is a year
    r"(?:tokens|steps|gpus|hours|images|samples|examples|frames|words|dimensions|dims|param(?:eter)?s|classes|questions"
    r"|characters|pixels|px|episodes|layers|users|experts|games)(?![A-Za-z])"
    rf"|(?:토큰|차원|스텝|개|장|명|시간|표|편|배|점|만|비트|프레임|단어|픽셀|문항){_KO_END}"
)
_VENUES = (
    r"AIME|AMC|IMO|VOC|COCO|WMT|IWSLT|SemEval|ImageNet|ILSVRC|DAVIS|CASP|TREC|BraTS|CVPR|ICCV|ECCV|NeurIPS|ICLR|ICML"
    r"|ACL|EMNLP|NAACL|AAAI"
)
_NOT_DATES = (  # though they hold a year or a month
    rf"(?:\d{{4}}\.\d{{4,5}}(?:v\d+)?|(?:{_VENUES})[ -]?'?\d{{2,4}}|\d{{4}} ?(?:[x×] ?\d+|{_THINGS})"
    rf"|\d{{4}} ?(?:to|and|~|-|→|에서) ?(?!{_Y4}(?!\d))\d{{4,}}"
    r"|(?:top|상위)[ -]?\d+|Q\d[ _-](?:quant[a-z]*|k|\d|bit|gguf))"
)
_NUMERIC = (
    rf"{_NAMED}(?P<y>{_Y4})(?P<sep>-|\. ?|/)(?P<m>\d{{1,2}})(?:(?P=sep)(?P<d>\d{{1,2}}))?(?![0-9A-Za-z_%]|[-/.]\d)"
)
_SLASHED = (  # 6/11 is a date where dates stand, and 3/4 is none
    r"(?P<m>\d{1,2})/(?P<day>\d{1,2})(?![\d/])"
    r"(?=\s?(?:일자?|자|에|의|부터|까지|이후|이전|[~–-]\s?\d|논문|다이제스트|papers?|digest)(?![A-Za-z]))"
)
_BARE_YEAR = (
    rf"{_NAMED}(?P<y>{_Y4})(?![0-9A-Za-z_%]|[.,:/]\d|-\d(?!\d{{3}}(?!\d))|-[A-Za-z]"
    r"|(?!에|의|부터|까지|이후|이전)[가-힣])"
)
_Build = Callable[[re.Match[str], date], _Period | None]
_KOREAN_AND_NUMERIC: tuple[tuple[str, _Build], ...] = (
    (_NOT_DATES, lambda m, as_of: None),
    (_NUMERIC, _numeric),
    (_BARE_YEAR, _bare_year),
    (_SLASHED, _month),
    (r"(?<=on )(?P<m>\d{1,2})/(?P<day>\d{1,2})(?![\d/])", _month),
    (r"(?P<word>오늘|금일|어저께|어제|그저께|엊그제|그제)(?!날|야|서야)", _day_word),
    (rf"{_KO_MONTH}\s?월(?!드)달?{_KO_IN_MONTH}", _month),
    (rf"{_KO_MONTH}\s?[~–-]\s?(?P<m2>\d{{1,2}})\s?월(?:까지)?", _month),
    (rf"{_KO_REL}달{_KO_IN_MONTH}{_KO_END}", _month),
    (rf"(?P<y>{_KO_Y})(?!간|\s?(?:차|치|째|만에))", _part),
    (rf"(?P<y>{_KO_Y}|올|{_Y4})의?\s?(?P<part>{_KO_PART}|{_any(_SEASON, False)}|초반|초|중반|말){_KO_END}", _part),
    (rf"(?P<part>{_KO_PART})", _part),
    (rf"{_KO_REL}(?P<unit>주|분기)(?:의?\s?{_KO_WD}|\s?(?P<weekend>말))?{_KO_END}", _rel_unit),
    (rf"(?:(?P<rel>지난|이번)\s?)?{_KO_WD}", _weekday),
    (rf"(?:최근|지난|과거)\s?{_KO_AMOUNT}{_KO_END}", _rolling),
    (rf"{_KO_AMOUNT}\s?전{_KO_END}", _ago),
)
_ENGLISH: tuple[tuple[str, _Build], ...] = (
    (r"(?:the )?(?P<word>day before yesterday|yesterday|today|tomorrow)", _day_word),
    (rf"(?:{_STAGED})?(?:(?:last|this|past) |{_EN_WD},? )?{_MON_DAY}{_OF_Y}", _month),
    (rf"(?:the )?{_EN_DAY}(?: of)? {_MON}{_OF_Y}", _month),
    (rf"(?P<y>{_Y4}),? (?=(?-i:[A-Z])){_MON_DAY}", _month),
    (rf"(?:the )?(?P<nth>{_EN_NTH}) week of {_MON}{_OF_Y}", _month),
    (rf"(?:{_STAGED})?(?P<rel>this|last|next) month", _month),
    (rf"{_STAGED}{_EN_Y}", _part),
    (rf"(?P<y>{_REL_YEAR})", _part),
    (rf"(?P<part>{_EN_PART}){_OF_Y}", _part),
    (rf"(?P<y>{_Y4})[ -]?(?P<part>Q[1-4]|H[12])", _part),
    (rf"(?P<rel>this|last|previous|next) (?P<unit>week|quarter)(?:(?:'s)? {_EN_WD}|(?P<weekend>end))?", _rel_unit),
    (rf"{_EN_WD} (?:of )?(?P<rel>this|last|next) (?P<unit>week)", _rel_unit),
    (rf"(?P<rel>last|this|on) {_EN_WD}", _weekday),
    (rf"(?:(?:the )?past|the last) (?:{_EN_N}[ -])?{_EN_UNIT}", _rolling),
    (rf"(?:the )?(?:last|previous|recent) {_EN_N}[ -]{_EN_UNIT}", _rolling),
    (rf"{_EN_N} {_EN_UNIT} ago", _ago),
)
_KO_HOLIDAY = "크리스마스 ?이브|크리스마스|성탄절|신정|새해 ?첫날|밸런타인데이|발렌타인데이|삼일절|어린이날|현충일|광복절|개천절|한글날|핼러윈|할로윈"
_EN_HOLIDAY = r"christmas eve|christmas|xmas|new year['’]?s eve|new year['’]?s day|new year['’]?s?|valentine['’]?s(?: day)?|independence day|halloween"
_DAYS_BY_NAME: tuple[tuple[str, _Build], ...] = (
    (rf"(?:(?P<y>{_KO_Y})\s?)?(?P<day>{_KO_HOLIDAY})(?P<y2>)", _holiday),
    (
        rf"(?:(?P<y>{_Y4}|{_REL_YEAR})(?:['’]s)? )?(?P<day>{_EN_HOLIDAY})(?: day)?(?:,? (?:of |in )?(?P<y2>{_Y4}|{_REL_YEAR}))?(?![A-Za-z0-9_%])",
        _holiday,
    ),
)
_ROWS = tuple(
    (re.compile(rf"(?<![0-9A-Za-z._/$#@])(?<![가-힣](?=[가-힣])){pattern}{end}", re.I | re.A), build)
    for rows, end in ((_KOREAN_AND_NUMERIC, ""), (_DAYS_BY_NAME, ""), (_ENGLISH, r"(?![A-Za-z0-9_%])"))
    for pattern, build in rows
)
# The words around a period: the group that matches names what becomes of it (`_OPS`); "not" drops it.
_BEFORE = re.compile(
    r"(?<![A-Za-z])(?:(?P<not>except(?: for)?|excluding|not(?: in| from)?|other than|without)"
    r"|(?P<since>since|starting(?: from| in| on)?|no earlier than|on or after)|(?P<after>after|later than|following)"
    r"|(?P<until>until|till|up to|through|by|no later than|on or before)|(?P<before>before|prior to|earlier than)"
    r"|(?P<week>(?:(?:in|during|for|from) )?(?:the )?week (?:of|from|starting))"
    r"|(?P<between>between)|(?P<around>around|near|about|circa|close to)|(?P<in>in|on|during|for|from|of|at|within|over|throughout|dated)) (?:the )?$",
    re.I,
)
_AFTER = re.compile(
    r"(?P<not>(?:은|는|을|를)? ?(?:논문[은을]? ?)?(?:말고|제외|빼고|아닌))"
    r"|(?P<since> ?(?:이후|이래|부터)(?:(?:로|에|의|는|부터)(?![가-힣]))?(?: (?:지금|현재)까지)?"
    r"|,?(?: (?:and |or )later| onwards?| (?:to|until|till|through) (?:now|date|the present|present))(?![A-Za-z]))"
    r"|(?P<before> ?이전(?:(?:에|의|까지)(?![가-힣]))?| ?전(?:에|의|까지)?(?![가-힣]))"
    r"|(?P<after> ?[후뒤](?:에|로|의)?(?![가-힣]))"
    r"|(?P<until> ?까지(?:(?:의|는|도|만)(?![가-힣]))?| (?:and|or) earlier(?![A-Za-z]))"
    r"|(?P<week>(?:[이가] | )(?:(?:있는|포함된|속한|들어 ?있는) ?)?주(?:간|에|의)?(?![가-힣]))"
    r"|(?P<between> ?사이(?:에|의)?)|(?P<around> ?(?:즈음|무렵|전후)(?:해서|하여)?(?:에|의)?)"
    r"|(?P<in>에는|에도|에만|에서|에|의|엔|['’]s(?![A-Za-z])|(?: 한 달)? ?(?:동안|내내)(?:에|의)?"
    r"|(?: ?중에?서?|간|자로?|분|[은는이가을를도만]|쯤|경|께)(?:에|의)?(?![가-힣]))"
)
_TO = re.compile(r"(?:부터|에서)? ?[~∼〜–—-] ?|(?:부터|에서) ?| (?:to|through|thru|until|till|up to) (?:the )?", re.I)
_AND = re.compile(r"(?:과|와|이랑|하고| 및| 또는| 그리고|,|/),? ?|,? (?:and|or|vs\.?|versus) (?:in )?(?:the )?", re.I)
_OPS: dict[str, Callable[[date, date], _Open]] = {
    "in": lambda start, end: (start, end),
    "since": lambda start, end: (start, None),  # Korean 3월 이후 and 3월부터 hold March itself
    "after": lambda start, end: (end, None),  # "after March" starts in April
    "until": lambda start, end: (None, end),  # 6월까지 and "until June" hold June
    "before": lambda start, end: (None, start),
    "around": lambda start, end: (start - _AROUND * _DAY, end + _AROUND * _DAY),
    "week": lambda start, end: _unit(start, "week", 0) if end - start == _DAY else (start, end),
}


# --- Reading ---------------------------------------------------------------------------------------------------------
def _periods(text: str, as_of: date) -> list[_Period]:
    """The periods named in a text, in order: the leftmost and longest; impossible ones take their place, unread."""
    matches = [(m, build) for pattern, build in _ROWS for m in pattern.finditer(text)]
    found, at = [], 0
    for m, build in sorted(matches, key=lambda match: (match[0].start(), -match[0].end())):  # stable: then by row
        if m.start() < at:
            continue
        at = m.end()
        with suppress(*_IMPOSSIBLE):
            if period := build(m, as_of):
                period.of(2024 if period.year is None else period.year)
                found.append(replace(period, lo=m.start(), hi=at))
    return found


def _expressions(text: str, periods: list[_Period]) -> list[_Expression]:
    """The periods with the words around them, joined where a word or a dash joins them."""
    found: list[_Expression] = []
    rest = list(reversed(periods))
    while rest:
        first = last = rest.pop()
        parts = [("in", first)]
        before = _BEFORE.search(text, max(0, first.lo - 30, found[-1].hi if found else 0), first.lo)
        while rest:
            gap = text[last.hi : rest[-1].lo]
            join = "to" if _TO.fullmatch(gap) else "and" if _AND.fullmatch(gap) else ""
            if not join:
                break
            last = rest.pop()
            parts.append((join, last))
        after = _AFTER.match(text, last.hi)
        ops = [m.lastgroup or "in" for m in (after, before) if m]
        op = next((op for op in ops if op != "in"), "in")
        if op == "between":
            parts, op = [(join if join == "in" else "to", period) for join, period in parts], "in"
        lo, hi = before.start() if before else first.lo, after.end() if after else last.hi
        plain = op == "in" and len(parts) == 1
        written = text[first.lo : last.hi] if plain else text[lo:hi].strip()
        found.append(_Expression(tuple(parts), op, lo, hi, written))
    return [expression for expression in found if expression.op != "not"]


def _in_years(period: _Period, years: Iterable[int]) -> Iterator[_Range]:
    """The period in each of some years, where it exists."""
    for year in years:
        with suppress(*_IMPOSSIBLE):
            yield period.of(year)


def _complete(period: _Period, context: _Open, as_of: date, days: Sequence[date]) -> _Range | None:
    """The latest occurrence with a digest, else the latest begun by as_of; if it can be, inside the context."""

    def inside(start: date, end: date) -> bool:
        return _both((start, end), context) == (start, end)

    def shown(start: date, end: date) -> bool:
        return bisect_left(days, start) < bisect_left(days, end)

    known = [as_of, *(day for day in context if day)]  # 29 February: in up to 8 years
    years = {day.year for day in days} | {day.year - n for day in known for n in range(10)}
    ranges = list(_in_years(period, sorted(years, reverse=True)))
    order: tuple[Callable[[_Range], bool], ...] = (
        lambda r: inside(*r) and shown(*r),
        lambda r: inside(*r) and r[0] <= as_of,
        lambda r: inside(*r),
        lambda r: shown(*r),
        lambda r: r[0] <= as_of,
    )
    return next((r for fits in order for r in ranges if fits(r)), None)


def _resolve(e: _Expression, context: _Open, as_of: date, days: Sequence[date]) -> tuple[list[_Range], bool] | None:
    """The ranges of an expression, and whether the digests chose its year. More than one are apart."""
    first, assumed = e.parts[0][1], False
    named = [period.of(period.year)[0] for _, period in e.parts if period.year is not None]
    found: _Range | None
    if first.year is not None:
        found = first.of(first.year)
    elif named:
        years = range(named[0].year, named[0].year - 9, -1)
        found = next((r for r in _in_years(first, years) if r[0] <= named[0]), None)
    else:
        low, high = context
        found = _complete(first, context, as_of, days)
        assumed = not (low and high and high - low <= 366 * _DAY)
    ranges = [found] if found else []
    for join, period in e.parts[1:]:
        if ranges:
            ranges[-1:] = _join(ranges[-1], join, period, e.op)
    ranges = [r for r in ranges if r[0] < r[1]]
    return (ranges, assumed) if ranges else None


def _join(found: _Range, join: str, period: _Period, op: str) -> list[_Range]:
    """A range and the next period: "to" spans both, "and" where they touch, else both; of nested ones, the next."""
    low, high = found  # a month without a year comes after the one before it
    years = (low.year, low.year + 1) if period.year is None else (period.year,)
    new = next((r for r in _in_years(period, years) if period.year is not None or r[0] >= low), found)
    if join == "to":
        return [(low, new[0]) if op == "before" else (min(low, new[0]), max(high, new[1]))]
    if low <= new[0] and new[1] <= high:
        return [new]
    return [(min(low, new[0]), max(high, new[1]))] if new[0] <= high and low <= new[1] else [found, new]


def _both(a: _Open, b: _Open) -> _Open | None:
    """What two ranges share; None if nothing."""
    start = max((day for day in (a[0], b[0]) if day), default=None)
    end = min((day for day in (a[1], b[1]) if day), default=None)
    return None if start and end and start >= end else (start, end)


def read_dates(text: str, as_of: date, days: Sequence[date]) -> DateReading | None:
    """Read the date expressions of a question as one half-open range; None where it names none. Never raises.

    Args:
        text: the question, NFC, blanks folded; only its first 2,000 characters and 50 periods are read.
        as_of: the day that "today" is. Weeks start on Monday; "최근 N일" and "past N days" end with this day.
        days: the days that have a digest, sorted. A month or day without a year takes its latest occurrence in them,
            else (also when empty) the latest that has begun by as_of.

    Several expressions mean what they share; one that shares nothing with those before it is passed over, and one that
    is excluded ("2023년 말고", "except March") is left in the text, unread.

    >>> reading = read_dates("2024년 3월에 나온 맘바 논문", date(2024, 5, 1), ())
    >>> reading and (str(reading.start), str(reading.end), reading.spans, reading.text)
    ('2024-03-01', '2024-04-01', ((0, 9),), '2024년 3월')
    """
    text = text[:_READ]
    expressions = _expressions(text, _periods(text, as_of)[:_MOST])
    answers: dict[int, tuple[_Open, bool]] = {}
    apart: dict[int, list[_Range]] = {}
    context: _Open = (None, None)
    undated = [all(period.year is None for _, period in expression.parts) for expression in expressions]
    for n in sorted(range(len(expressions)), key=undated.__getitem__):  # those with a year are context for the others
        with suppress(*_IMPOSSIBLE):
            if resolved := _resolve(expressions[n], context, as_of, days):
                ranges, assumed = resolved
                hull = min(r[0] for r in ranges), max(r[1] for r in ranges)
                answers[n] = _OPS[expressions[n].op](*hull) if len(expressions[n].parts) == 1 else hull, assumed
                apart[n] = ranges if len(ranges) > 1 else []
                context = _both(context, answers[n][0]) or context
    shared: _Open = (None, None)
    used: list[int] = []
    for n in sorted(answers):
        if both := _both(shared, answers[n][0]):
            shared = both
            used.append(n)
    if not used:
        return None
    return DateReading(
        *shared,
        spans=tuple((expressions[n].lo, expressions[n].hi) for n in sorted(answers)),
        relative=any(period.relative for n in used for _, period in expressions[n].parts),
        assumed_year=any(answers[n][1] for n in used),
        text=" ".join(expressions[n].text for n in used),
        apart=tuple(r for n in used for r in apart[n]),
    )


def written(start: date | None, end: date | None, language: str) -> str:
    """Write a half-open range so that `read_dates` reads it again, as a phrase of a question.

    >>> written(date(2024, 3, 1), date(2024, 4, 1), "ko"), written(date(2024, 3, 4), date(2024, 3, 11), "en")
    ('2024년 3월', 'from 2024-03-04 to 2024-03-10')
    """
    korean = language == "ko"
    last = end - _DAY if end else None
    if not start or not last:
        day = start or last
        return f"{day}{'부터' if start else '까지'}" if korean else f"{'since' if start else 'until'} {day}"
    if start == last:
        return f"{start.year}년 {start.month}월 {start.day}일" if korean else f"on {start}"
    named = start.year < date.max.year  # the days after a later month cannot be told
    if named and (start, end) == _unit(start, "month"):
        return f"{start.year}년 {start.month}월" if korean else f"in {start:%B %Y}"
    if named and (start, end) == _unit(start, "year"):
        return f"{start.year}년" if korean else f"in {start.year}"
    return f"{start}부터 {last}까지" if korean else f"from {start} to {last}"
