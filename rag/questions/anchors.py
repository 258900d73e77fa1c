"""Days that a question counts from a paper (“after DeepSeek-R1”, “Mamba 나오기 전”, “the day after X”), authors in small letters. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from rag.language.dates import DateReading
from rag.language.patterns import lazy
from rag.questions.found import Found
from rag.questions.names import Lookup
from rag.questions.spans import Span

_BEFORE_IT = lazy(
    r"\b(?P<how>the day after|the day before|after|since|before|following)(?: the)?(?: (?:release|publication) of)?(?: the)? $",
    re.IGNORECASE,
)
_BEHIND_IT = lazy(r"(?: paper)? (?:came out|is out|was (?:out|released|published|announced)|appeared)\b", re.IGNORECASE)
_KOREAN = lazy(
    r"(?:[이가의]|논문[이가은]?|논문)? ?(?:논문[이가]? ?)?"
    r"(?:(?P<after>이후|(?:나온|나오고|등장한?|발표된?|공개된?|출시된?) ?(?:뒤|후|이후|다음)(?! ?날))"
    r"|(?P<before>이전|(?:나오기|등장하기?|발표되기|공개되기|출시되기) ?(?:이?전))"
    r"|(?:(?:나온|등장한|발표된|공개된) ?)?(?P<next>다음 ?날)|(?:(?:나오기|발표되기|공개되기) ?)?(?P<eve>전날))(?:에|부터|로|까지)?"
)
_DAY = timedelta(days=1)


def anchored(text: str, spans: Sequence[Span], lookup: Lookup) -> tuple[DateReading | None, list[Span]]:
    """Return the days that a question counts from a paper it names, and its spans without that name; None where it counts from none."""
    for held in _named(text, spans):
        name = held[0].text if len(held) == 1 else text[held[0].start : held[-1].end]
        place = _around(text, replace(held[0], text=name, end=held[-1].end))
        papers = lookup.own(name) if place else ()
        if place and papers:
            how, start, end = place
            first, last = _days(how, min(lookup.catalogue.papers[i].date for i in papers))
            reading = DateReading(first, last, ((start, end),), False, False, text[start:end])
            return reading, [one for one in spans if one not in held]
    return None, list(spans)


def _named(text: str, spans: Sequence[Span]) -> Iterator[tuple[Span, ...]]:
    """Yield what may be a name: two spans that stand beside each other ("deepseek", "r1"), then each for itself."""
    named = [span for span in spans if span.role in ("name", "topic", "excluded", "org")]
    yield from ((one, other) for one, other in pairwise(named) if not text[one.end : other.start].strip())
    yield from ((span,) for span in named)


def _around(text: str, span: Span) -> tuple[str, int, int] | None:
    """Return how days are counted from what a span names, and the place of all that says so; None where they are not."""
    if match := _BEFORE_IT.search(text[: span.start]):
        behind = _BEHIND_IT.match(text, span.end)
        return match["how"].lower(), match.start(), behind.end() if behind else span.end
    ends = (span.end, span.start + len(span.text))
    match = next((found for end in ends if (found := _KOREAN.match(text, end)) and found.lastgroup), None)
    return (match.lastgroup or "", span.start, match.end()) if match else None


def _days(how: str, day: date) -> tuple[date | None, date | None]:
    """Return the first day and the one behind the last of days that are counted from a day."""
    if how in ("the day after", "next"):
        return day + _DAY, day + 2 * _DAY
    if how in ("the day before", "eve"):
        return day - _DAY, day
    return (None, day) if how == "before" else (day + _DAY, None)


def only_dates(found: Found, dates: DateReading | None) -> bool:
    """Whether a thing is named only to say from when on papers are meant."""
    return dates is not None and any(start <= found.start < end for start, end in dates.spans)


_SMALL = re.compile(r"[a-z][a-z'.-]*")


def with_small_names(text: str, spans: Sequence[Span], lookup: Lookup) -> list[Span]:
    """Return spans with a word and the one behind it as a person where an author is called so: “kaiming he”."""
    made = []
    for span in spans:
        if span.role in ("org", "name", "person", "topic") and _SMALL.fullmatch(span.text):
            behind = re.compile(r" ([a-z][a-z'.-]*)\b").match(text, span.end)
            name = f"{span.text}{behind.group()}" if behind else ""
            if behind and lookup.catalogue.authors.person(name):
                span = replace(span, role="person", text=name, end=behind.end())
        made.append(span)
    return made
