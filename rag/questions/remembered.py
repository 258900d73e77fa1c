"""A fact asked of one paper that is remembered by what it is about: “who wrote the one on splitting backprop?”. Pure functions.

Whether a description tells one paper from all others only the index can say, so the reading keeps what it was before as
what to read otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from rag.language.patterns import lazy
from rag.questions.aspects import asked_clause, asked_of_one, states
from rag.questions.constraints import Parsed
from rag.questions.forms import FIELDS
from rag.questions.network import Tagged
from rag.questions.plan import SET_KINDS, Plan
from rag.questions.reading import Reading
from rag.questions.shapes import is_shaped
from rag.questions.tokens import tokenize
from rag.questions.wants import asks_what_it_is_called
from rag.questions.words import words

_KINDS = SET_KINDS | {"describe", "fact", "explain", "compare", "out_of_scope", "help"}
_OF_SETS = ("authors", "not_terms", "not_topics", "not_sorts", "not_authors", "min_votes", "max_votes", "per", "measure")
_PLURAL = re.compile(r"[가-힣]들(?:이|은|을|의|도|만)?(?![가-힣])")
_WHICH_PAPER = re.compile(r"\b(?:which|what)(?: \w+)? papers?\b|\bpapers\b|(?:무슨|어떤|어느) ?논문", re.IGNORECASE)
_ARTICLE = re.compile(r"\b(?:the|an?|that|this) $", re.IGNORECASE)
_NAME = re.compile(r"\b(?:called|names?|titles?)\b|제목|이름|(?:논문|거|것|연구)(?:이|은|가)? ?뭐", re.IGNORECASE)
_OF_IT = ("after:ask", "after:explain", "fact")
_DESCRIBING = ("topic", "name", "description", "value", "sort")
_ASKS = 0.5  # probability from which a clause asks something of what stands before it
_OF_ONE = lazy(
    r"\b(?:they|their|them|the (?:team|authors?|people|folks|guys)|(?:that|this|the|a) (?:[\w-]+ ){0,8}?(?:paper|work|study|one))\b"
    r"|했대|됐대|냈대|썼대|[한된]대|래\?|대\?|(?<![가-힣])그 ?(?:논문|거|연구)|있었는데|있었던|있던데|였더라|더라",
    re.IGNORECASE,
)


def of_one_remembered(reading: Reading, parsed: Parsed, tag: Callable[[str], Tagged | None]) -> Reading:
    """Return a question as one for a fact of the paper that its words describe; as it is where it asks for none, or of many.

    `tag` tells what the network makes of a clause that follows another.
    """
    plan = reading.plan
    if plan.kind not in _KINDS or plan.papers or not reading.core or reading.lacking or reading.asserts:
        return reading
    sure = bool(_OF_ONE.search(parsed.text))
    if (reading.overview and not sure) or reading.near or any(map(is_shaped, reading.unknown)):
        return reading
    clause = asked_clause(parsed.text)
    apart = bool(clause) and len(clause) < len(parsed.text.rstrip(" ?.!"))
    many = any(getattr(plan, name) for name in _OF_SETS) or (plan.limit or 1) > 1
    many = many or _speaks_of_many(clause if apart else parsed.text) or bool(parsed.released)
    many = many or bool(_WHICH_PAPER.search(clause))
    if many or (plan.figure and (plan.figure.best or plan.figure.least or plan.figure.most)):
        return reading
    asked = _with_it(parsed, clause) if apart else _with_it(parsed, parsed.text)
    behind = tag(asked) if asked else None
    asks = behind is not None and sum(map(behind.kinds.__getitem__, _OF_IT)) >= _ASKS
    aspect = asked_of_one(clause or parsed.text, behind if behind and asks else parsed.tagged)
    one = plan.kind == "describe" or (asks and apart) or sure
    nothing = not (clause or (asks and not states(parsed.text))) or (aspect == "none" and not (one and clause))
    if nothing or _asks_its_name(clause or parsed.text, aspect):
        return reading
    return remembered_by(reading, reading.core, aspect, clause or parsed.text, one=one)


def _with_it(parsed: Parsed, clause: str) -> str:
    """Return a clause of a question with a pronoun for what it describes; "" where a whole question describes nothing."""
    begins = parsed.text.rfind(clause)
    spans = [span for span in parsed.role(*_DESCRIBING) if span.start >= begins and span.end <= begins + len(clause)]
    if not spans:
        return clause if len(clause) < len(parsed.text) else ""
    start, end = min(span.start for span in spans) - begins, max(span.end for span in spans) - begins
    it = "그거" if parsed.language == "ko" else "it"
    return f"{_ARTICLE.sub('', clause[:start])}{it}{clause[end:]}"


def remembered_by(reading: Reading, said: str, aspect: str, asked: str, *, one: bool) -> Reading:
    """Return the reading of what is asked of the paper that some words describe; `reading` is what to read otherwise.

    `one` tells that one paper is meant for sure, so that the closest one is asked even where others are as close.
    """
    plan = Plan("fact", date_from=reading.plan.date_from, date_to=reading.plan.date_to)
    return replace(
        reading.anew(reading.question, reading.language), plan=plan, query=asked, said=(said,), field=FIELDS.get(aspect),
        aspect=aspect, overview=False, one=one, otherwise=reading,
    )  # fmt: skip


def _asks_its_name(clause: str, aspect: str) -> bool:
    """Whether a clause asks what a paper is called, and nothing of it."""
    return asks_what_it_is_called(clause) and (aspect == "none" or bool(_NAME.search(clause)))


def _speaks_of_many(text: str) -> bool:
    """Whether words of a question speak of several papers, of the first of them, or of all."""
    listed, said = words(), [token.text for token in tokenize(text)]
    lists = (listed.several, listed.superlatives, listed.everything, listed.writers, listed.lately, listed.recommend)
    more = listed.more.any_of(said) and listed.papers.any_of(said)
    return more or any(one.any_of(said) for one in lists) or bool(_PLURAL.search(text))
