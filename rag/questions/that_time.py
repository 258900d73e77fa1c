"""Years and months that a question of a chat points at or names bare: “of that month”, “and march?”, “i meant 2023”. Pure functions."""

from __future__ import annotations

import re
from collections import Counter

from rag.corpus.catalogue import Catalogue
from rag.language.periods import Range, unit_of
from rag.questions.plan import Plan, Unit
from rag.questions.reading import Turn

_MONTH = re.compile(
    r"((?:and|or|then|now|ok|so|what about|how about|(?:the )?same for|in|for|,) )*(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)[?.! ]*",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:in )?(?P<year>(?:19|20)\d\d)년?[.! ]*")
_THAT_TIME = re.compile(
    r"\b(?P<of>of|in|from|for) (?:the|that|this)(?: same)? (?P<en>year|month)\b|(?<![가-힣])그 ?(?P<ko>해|달)(?:의|에|에서|엔)?(?= |[가-힣])",
    re.IGNORECASE,
)


def as_month(text: str, before: Turn) -> str:
    """Return the name of a month as one after a question for days: “and march?”; any other text as it is."""
    match = _MONTH.fullmatch(text) if before.reading.plan.date_from else None
    return f"in {match['month'].title()}" if match else text


def in_same_month(text: str, before: Turn, catalogue: Catalogue) -> str:
    """Return a year that corrects the one of a month as that month of it: “i meant 2023” after December 2024.

    A year of which no digest of that month is there yet is meant as a whole.
    """
    match, plan = _YEAR.fullmatch(text), before.set.reading.plan
    if match is None or not plan.date_from or unit_of(plan.date_from, "month") != (plan.date_from, plan.date_to):
        return text
    if catalogue.days and plan.date_from.replace(day=1, year=int(match["year"])) > catalogue.days[-1]:
        return text
    return f"in {plan.date_from:%B} {match['year']}"


def in_that_time(text: str, before: Turn, catalogue: Catalogue) -> str:
    """Return a question with the year or month that it points at: that of the question before, or the busiest of a table."""
    match = _THAT_TIME.search(text)
    if match is None:
        return text
    unit: Unit = "year" if (match["en"] or match["ko"]).lower() in ("year", "해") else "month"
    plan = before.reading.plan
    days = busiest(before, catalogue) if plan.kind == "trend" else _one_time(plan, unit)
    if days is None:
        return text
    start, of = days[0], match["of"]
    english, korean = (
        (f"{start:%B %Y}", f"{start.year}년 {start.month}월 ")
        if unit == "month"
        else (f"{start.year}", f"{start.year}년 ")
    )
    if plan.kind == "trend":
        said = f"of those in {english}" if of else f"그중 {korean}"
    else:
        said = f"{of} {english}" if of else korean
    return f"{text[: match.start()]}{said}{text[match.end() :]}"


def _one_time(plan: Plan, unit: Unit) -> Range | None:
    """Return the one year or month that the days of a plan lie in."""
    start, end = plan.date_from, plan.date_to
    if start is None or end is None or end > unit_of(start, unit)[1]:
        return None
    return unit_of(start, unit)


def busiest(before: Turn, catalogue: Catalogue) -> Range | None:
    """Return the month (year, week …) of most papers in the table of an answer."""
    plan = before.reading.plan
    unit = plan.per or ("month" if plan.kind == "trend" else None)
    if unit is None or not before.papers:
        return None
    counts = Counter(unit_of(catalogue.papers[i].date, unit) for i in before.papers)
    return max(counts, key=lambda days: (counts[days], days))
