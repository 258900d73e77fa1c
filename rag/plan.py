"""What a question asks for, as one frozen value that is shown to the reader and that code carries out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

Kind = Literal[
    "list", "count", "superlative", "author", "date", "digest", "known_item", "fact", "explain", "compare", "trend",
    "similar", "describe", "help", "out_of_scope",
]  # fmt: skip
Field = Literal["authors", "votes", "date", "link"]
Reason = Literal[
    "out_of_scope", "no_evidence", "field_not_in_digest", "before_first_digest", "after_last_digest",
    "no_digest_that_day", "unknown_author", "ambiguous",
]  # fmt: skip

SET_KINDS: frozenset[Kind] = frozenset({"list", "count", "superlative", "author", "date", "digest", "trend"})


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of a question. `date_from` is inclusive, `date_to` exclusive; `papers` restricts to those (a follow-up).

    `limit` is how many were asked for ("top 3"), None for all; `order` and `by` how they are ordered.
    """

    kind: Kind
    terms: tuple[str, ...] = ()
    not_terms: tuple[str, ...] = ()
    relation: Literal["use", "mention"] | None = None
    authors: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    date_from: date | None = None
    date_to: date | None = None
    min_votes: int | None = None
    limit: int | None = None
    order: Literal["desc", "asc"] | None = None
    by: Literal["votes", "date"] | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the plan as it stands in --json: dates in ISO form, lists for tuples."""
        return {
            name: list(value) if isinstance(value, tuple) else value.isoformat() if isinstance(value, date) else value
            for name in self.__slots__
            for value in (getattr(self, name),)
        }

    @property
    def filtered(self) -> bool:
        """Whether anything narrows the set of papers."""
        return (
            bool(self.terms or self.not_terms or self.authors or self.papers or self.date_from or self.date_to)
            or self.min_votes is not None
        )


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader narrows every question by; the range of days is half-open, as in a plan."""

    date_from: date | None = None
    date_to: date | None = None
    author: str | None = None
    min_votes: int | None = None


def narrowed(plan: Plan, filters: Filters) -> Plan:
    """Return a plan within filters; a plan about named papers, help or nothing at all stays as it is.

    >>> narrowed(Plan("list", min_votes=5), Filters(date_from=date(2024, 1, 1), min_votes=3)).as_json()["min_votes"]
    5
    """
    if plan.kind in ("help", "out_of_scope") or (plan.papers and plan.kind not in SET_KINDS):
        return plan
    starts = [day for day in (plan.date_from, filters.date_from) if day]
    ends = [day for day in (plan.date_to, filters.date_to) if day]
    votes = [least for least in (plan.min_votes, filters.min_votes) if least is not None]
    return replace(
        plan,
        date_from=max(starts, default=None),
        date_to=min(ends, default=None),
        authors=tuple(dict.fromkeys((*plan.authors, filters.author))) if filters.author else plan.authors,
        min_votes=max(votes, default=None),
    )


CHIP_WORDS: Mapping[str, Mapping[str, str]] = {
    "ko": {
        "list": "목록", "count": "편수", "superlative": "순위", "author": "저자", "date": "날짜", "digest": "하루 요약",
        "known_item": "논문 찾기", "fact": "사실", "explain": "설명", "compare": "비교", "trend": "추이", "similar": "비슷한 논문",
        "describe": "내용으로 찾기", "help": "도움말", "out_of_scope": "범위 밖", "term": "용어", "not": "제외", "use": "사용",
        "mention": "언급", "votes": "표", "top": "상위", "within": "앞 답변 안에서",
    },
    "en": {
        "list": "list", "count": "count", "superlative": "ranking", "author": "author", "date": "dates", "digest": "day summary",
        "known_item": "paper", "fact": "fact", "explain": "explanation", "compare": "comparison", "trend": "trend",
        "similar": "similar papers", "describe": "by description", "help": "help", "out_of_scope": "out of scope",
        "term": "term", "not": "without", "use": "use", "mention": "mention", "votes": "votes", "top": "top",
        "within": "within the last answer",
    },
}  # fmt: skip


def _range_chip(start: date | None, end: date | None) -> str:
    last = date.fromordinal(end.toordinal() - 1) if end else None
    if start and last and start == last:
        return start.isoformat()
    if start and end and start.day == 1 and end.day == 1:
        if (end.year - start.year) * 12 + end.month - start.month == 1:
            return start.strftime("%Y-%m")
        if start.month == 1 and end == date(start.year + 1, 1, 1):
            return str(start.year)
    return f"{start or ''}~{last or ''}"


def chips(plan: Plan, language: str) -> tuple[str, ...]:
    """Return the plan as short labels for a reader.

    >>> chips(Plan("list", terms=("Mamba",), relation="use", date_from=date(2024, 3, 1), date_to=date(2024, 4, 1)), "ko")
    ('용어 Mamba', '사용', '2024-03', '목록')
    """
    words = CHIP_WORDS[language]
    found = [f"{words['term']} {term}" for term in plan.terms]
    found += [f"{words['not']} {term}" for term in plan.not_terms]
    if plan.relation:
        found.append(words[plan.relation])
    found += [f"{words['author']} {name}" for name in plan.authors]
    if plan.kind not in SET_KINDS:
        found += [f"arXiv {arxiv_id}" for arxiv_id in plan.papers[:5]]
    elif plan.papers:
        found.append(words["within"])
    if plan.date_from or plan.date_to:
        found.append(_range_chip(plan.date_from, plan.date_to))
    if plan.min_votes is not None:
        found.append(f"{words['votes']} ≥ {plan.min_votes}")
    if plan.limit is not None:
        found.append(f"{words['top']} {plan.limit}")
    return (*found, words[plan.kind])
