"""Shares that a question asks for: how many papers of a set are of another kind, as a part of that set. Pure functions."""

from __future__ import annotations

import re
from dataclasses import replace

from rag.language.patterns import lazy
from rag.questions.plan import Plan
from rag.questions.words import words

Span = tuple[int, int]

_SHARE = lazy(
    r"\b(?:what|which|how (?:large|big|high|much of)) (?:an? |is the |are the |the )?(?:fraction|share|percentage|percent|per cent|proportion|portion|ratio|part|%)\b(?: of)?"
    r"|\b(?:fraction|share|percentage|proportion) of\b"
    r"|(?:의 )?(?:비율|비중|퍼센티지)(?:은|이|을|는|가|를|로)?(?: ?(?:어떻게|얼마나|얼마|몇)(?: ?(?:되|돼|퍼센트|%|프로)\S*)?)?|몇 ?(?:퍼센트|%|프로)(?!\w*(?:향상|개선|절감|감소|증가))[가-힣]*",
    re.IGNORECASE,
)
_OF_VALUES = lazy(
    r"향상|개선|절감|줄었|줄인|높였|정확도|성능|점수|accuracy|improve\w*|gain|reduc\w*|faster|score", re.IGNORECASE
)


def asked_share(text: str, said: list[str]) -> tuple[Span, ...]:
    """Return the words that ask what share of some papers is of a kind; none of a question for values that papers report.

    `said` are the words of the question.

    >>> text = "2024년 논문 중 여우 논문 비율은?"
    >>> [text[start:end] for start, end in asked_share(text, text.split())]
    ['비율은']
    >>> asked_share("정확도를 몇 퍼센트 높였어?", ["정확도를"])
    ()
    """
    found = tuple(match.span() for match in _SHARE.finditer(text))
    return found if found and words().papers.any_of(said) and not _OF_VALUES.search(text) else ()


def whole_of(plan: Plan) -> Plan | None:
    """Return the plan of the papers that a share is of: a plan without what it asks of them; None where it asks nothing.

    Of the benchmarks among papers on a topic the whole is that topic, of a topic alone all papers of its days.

    >>> whole = whole_of(Plan("count", topics=("snow",), sorts=("benchmark",)))
    >>> whole == Plan("count", topics=("snow",)), whole_of(Plan("count"))
    (True, None)
    """
    about = bool(plan.terms or plan.topics)
    asked = replace(plan, limit=None, by=None, order=None)
    if plan.sorts or plan.not_sorts or plan.min_votes is not None or plan.max_votes is not None:
        return replace(asked, sorts=(), not_sorts=(), min_votes=None, max_votes=None)
    if about or plan.not_terms or plan.not_topics:
        return replace(asked, terms=(), topics=(), not_terms=(), not_topics=(), relation=None, in_title=False)
    return replace(asked, authors=(), not_authors=()) if plan.authors else None
