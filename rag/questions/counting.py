"""Tables that a question asks for: papers by day, week, month, quarter or year, and sums and means of votes.

The units of time and what is counted are closed classes of words, so they are read by patterns; what papers are counted is
read as in any other question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rag.language.patterns import lazy
from rag.questions.plan import Measure, Unit


@dataclass(frozen=True, slots=True)
class Tallied:
    """What a question counts by: a unit of time or None for the whole, `best` for the most voted paper of each, and its words.

    `each`: every unit is wanted ("per month"), and not the one that has most ("which month").
    """

    per: Unit | None
    measure: Measure | None
    best: bool
    each: bool
    places: tuple[tuple[int, int], ...]


_UNITS: dict[
    Unit, tuple[str, str, str]
] = {  # English, Korean behind a number or alone, Korean in one word with 별 or 매
    "day": ("day", "날짜|날|일자", "일|날짜|일자"),
    "week": ("week", "주", "주|주간|주차"),
    "month": ("month", "달|월", "월|달"),
    "quarter": ("quarter", "분기", "분기"),
    "year": ("year", "해|연도|년도", "연도|년도|연|해|년"),
}
_ADVERBS = {
    "day": "daily",
    "week": "weekly",
    "month": "monthly",
    "quarter": "quarterly",
    "year": "yearly|annual(?:ly)?",
}
_MUCH = r"(?:가장|제일|젤|최고로|최다|많|적|높|낮|활발|한산|바쁘|바빴|붐비|몰린)"


@lru_cache(maxsize=1)
def _patterns() -> list[tuple[Unit, bool, re.Pattern[str]]]:
    """Return for each unit the pattern of "each of them" and that of "which of them"."""
    made: list[tuple[Unit, bool, re.Pattern[str]]] = []
    for unit, (english, korean, joined) in _UNITS.items():
        each = (
            rf"\b(?:(?:for|of|in|on) )?(?:per|each|every) (?:single |calendar )?{english}\b|\bby (?:the )?(?:calendar )?{english}\b(?! \d)"
            rf"|\b{english}(?: by | over |-by-|-over-){english}\b|\b(?:{_ADVERBS[unit]})\b"
            rf"|(?<![가-힣])(?:{joined})(?:별|마다)(?:로|의|에)?|(?<![가-힣])매(?:{joined})(?=[ 에의]|$)"
        )
        which = (
            rf"\b(?:in |on )?(?:which|what) (?:single )?{english}s?\b|\b(?:busiest|quietest|slowest|biggest|best|top|peak|fullest) (?:\w+ )?{english}s?\b"
            rf"|\b{english}s? (?:(?:that |which )?(?:had|has|saw|sees|got|gets|drew)|with) (?:the )?(?:most|fewest|least|highest|lowest|largest|smallest)\b"
            rf"|(?<![가-힣])(?:어느|어떤|무슨|몇) ?(?:{korean})(?=[에이은의인가야]|[ ?]|$)"
            rf"|{_MUCH}[가-힣]*(?: [가-힣]+){{0,3}}? (?:{korean})(?:은|이|을|는|를|에|가|도|의)?(?=[ ?]|$)"
        )
        made += [(unit, True, lazy(each, re.IGNORECASE)), (unit, False, lazy(which, re.IGNORECASE))]
    return made


# Votes by the words that name them: no part of another word ("발표", "목표"), no table ("표로"), no recommender ("추천 시스템").
_VOTES = (
    r"(?:\b(?:up-?votes?|votes?|likes)\b|투표(?:를|가|는| ?수)?|득표수?|추천(?: ?수|을|이|받)|업보트|좋아요"
    r"|(?:(?<![가-힣])|(?<=몇))표(?:를|가|는|야|나|씩| ?수)?(?![가-힣]))"
)
_MEAN = lazy(
    rf"\b(?:average|mean|median)\b(?: number of| count of)?(?: paper's)? (?:\w+ )?{_VOTES}|{_VOTES}[^.?]{{0,60}}\bon average\b|\bon average\b[^.?]{{0,60}}{_VOTES}"
    rf"|평균[^.?]{{0,12}}{_VOTES}|{_VOTES}[^.?]{{0,6}}(?:의 )?평균|평균적으로[^.?]{{0,30}}{_VOTES}",
    re.IGNORECASE,
)
_SUM = lazy(
    rf"\b(?:total|combined|sum of|overall)\b(?: number of| count of)?(?: all)?(?: the)? {_VOTES}|{_VOTES}[^.?]{{0,60}}\b(?:in total|altogether|combined|all together|add up to|in sum)\b"
    rf"|(?<![가-힣])(?:합계|총합|합산|총|전부|모두|다) ?(?:합(?:쳐|치|하|해)[가-힣]* ?)?(?:몇 ?)?{_VOTES}(?=[ ?야]|$)|{_VOTES}[^.?]{{0,12}}(?:합계|총합|합산|합이|합은|합치|합쳐|합하|더하|더해)",
    re.IGNORECASE,
)
_VOTED = lazy(_VOTES, re.IGNORECASE)
_BEST = lazy(
    r"\b(?:best(?!-of)|top|favou?rite|winner|most (?:voted|upvoted|popular|liked|votes|upvotes))\b(?! (?:topic|author)s?)"
    r"|최고|1위|일등|1등|인기(?! ?(?:추이|추세|변화|흐름|도|주제))|대표|추천(?:받|을|순)|최다 득표|표를? (?:가장|제일) 많|(?:가장|제일) [^.?]{0,10}(?:득표|추천받|추천을|투표|인기)",
    re.IGNORECASE,
)


_AGAINST = lazy(
    r"(?:작년|지난해|재작년|올해|지난달|전년|\d{4}년?|\d월)(?:도)?(?:보다|에 비해|에 비하면|와|과|이랑|랑|하고| ?대비)|비교해서|\bthan (?:last|in|the)\b|\bcompared (?:to|with)\b|\bversus\b|\bvs\b",
    re.IGNORECASE,
)


def against_a_time(text: str) -> bool:
    """Whether a question sets a time against another: "작년이랑 비교해서", "than last year"."""
    return bool(_AGAINST.search(text))


@lru_cache(maxsize=64)
def tallied(text: str) -> Tallied | None:
    """Return by which unit of time a question counts, and what it counts where that is votes; None of one that does neither.

    >>> found = tallied("average votes per month")
    >>> found.per, found.measure, found.best
    ('month', 'mean', False)
    >>> tallied("2024년 매달 표를 가장 많이 받은 논문은?").best, tallied("논문이 가장 많이 나온 날은?").per
    (True, 'day')
    """
    found = [(match, unit, each) for unit, each, pattern in _patterns() if (match := pattern.search(text))]
    mean, total = _MEAN.search(text), _SUM.search(text)
    measure: Measure | None = "mean" if mean else "votes" if total else None
    if not found and not measure:
        return None
    if not found:
        return Tallied(None, measure, best=False, each=False, places=())
    match, unit, each = min(found, key=lambda one: one[0].start())
    best = each and measure is None and bool(_BEST.search(text))
    if not each and measure is None and _VOTED.search(text):
        measure = "votes"  # "which month got the most votes?"
    return Tallied(unit, measure, best, each, (match.span(),))
