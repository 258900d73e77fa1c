"""A fact asked of one paper that is remembered by what it is about: “who wrote the one on splitting backprop?”. Pure functions.

Whether a description tells one paper from all others only the index can say, so the reading keeps what it was before as
what to read otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from rag.language.patterns import lazy
from rag.questions.aspects import asked_clause, asked_of_one, states
from rag.questions.constraints import Parsed, core
from rag.questions.forms import FIELDS
from rag.questions.network import Tagged
from rag.questions.plan import SET_KINDS, Plan
from rag.questions.reading import Reading
from rag.questions.scope import SCOPE
from rag.questions.shapes import is_shaped
from rag.questions.times import asks_which_had_more
from rag.questions.tokens import tokenize
from rag.questions.wants import asks_what_it_is_called
from rag.questions.words import words

_KINDS = SET_KINDS | {"describe", "fact", "explain", "compare", "out_of_scope", "help"}
_OF_SETS = (
    "authors",
    "not_terms",
    "not_topics",
    "not_sorts",
    "not_authors",
    "min_votes",
    "max_votes",
    "per",
    "measure",
)
_PLURAL = re.compile(r"[가-힣]들(?:이|은|을|의|도|만)?(?![가-힣])")
_WHICH_PAPER = re.compile(r"\b(?:which|what)(?: \w+)? papers?\b|\bpapers\b|(?:무슨|어떤|어느) ?논문", re.IGNORECASE)
_ARTICLE = re.compile(r"\b(?:the|an?|that|this) $", re.IGNORECASE)
_PAPERS = re.compile(r"(?:논문|연구|것|거)들|몇 ?편|^(?:개수|편수|수)[은는가]?(?![가-힣])|논문 ?(?:개수|편수|수)")
_LISTS = re.compile(
    r"(?:있|없|나왔|나온|추천|알려|보여|찾아|정리)|\bexists?\b|\b(?:is|are) there\b|\bany\b", re.IGNORECASE
)
_NAME = re.compile(
    r"\b(?:what|is|was|it|that|the|this|paper|one|again|called|named?|names?|titles?|of|i|forgot|forget|remember|can't)\b|논문|연구|거|것|제목|이름|뭐\S*|기억\S*|안|나\S*|[은는이가을도?.! ]",
    re.IGNORECASE,
)
_OF_IT = ("after:ask", "after:explain", "fact")
_DESCRIBING = ("topic", "name", "description", "value", "sort")
_DESCRIBES_WELL = 5  # words of a description beside which any clause asks something of it
_DESCRIBES = 3  # words from which a paper is described beside what is asked of it
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
    if plan.kind == "describe" and len(plan.papers) == 1:
        return _of_named(reading, _asked(parsed, reading.core, True, tag))
    if plan.kind not in _KINDS or plan.papers or not reading.core or reading.lacking or reading.asserts:
        return reading
    ranks = plan.ranks_topics or plan.ranks_authors
    if reading.share or ranks or states(parsed.text) or asks_which_had_more(parsed.text):
        return reading
    if reading.near or any(map(is_shaped, reading.unknown)):
        return reading
    brief = len(reading.core.split()) <= _DESCRIBES
    if brief and "?" not in parsed.text and not asked_clause(parsed.text):
        return reading
    asked = _asked(parsed, reading.core, reading.foreign < SCOPE, tag)
    if _WHICH_PAPER.search(asked.clause) or _speaks_of_many(asked) or _asks_its_name(asked):
        return reading
    of_one = asked.apart or bool(_OF_ONE.search(parsed.text))
    if not asked.apart and (_is_of_a_set(reading, parsed) or (reading.overview and not of_one)):
        return reading
    one = plan.kind == "describe" or of_one
    if asked.aspect == "none" and not (one and asked.asks):
        return reading
    found = remembered_by(reading, asked.described, asked.aspect, asked.clause, one=one)
    return replace(found, foreign=0.0) if asked.surely else found


def _of_named(reading: Reading, asked: _Asked) -> Reading:
    """Return what is asked of a paper that the words of a question name by its title; as it is where nothing is asked."""
    if asked.aspect == "none":
        return reading
    plan = Plan("fact", papers=reading.plan.papers)
    return replace(reading, plan=plan, query=asked.clause, field=FIELDS.get(asked.aspect), aspect=asked.aspect, said=())


@dataclass(frozen=True)
class _Asked:
    """What a question asks of what it describes: the clause that asks, and whether that stands apart from what describes.

    `surely` tells that the clause asks something of what stands before it, and of nothing outside of papers.
    """

    clause: str
    described: tuple[str, ...]
    aspect: str
    asks: bool
    apart: bool
    surely: bool = False


def _asked(parsed: Parsed, whole: str, trusted: bool, tag: Callable[[str], Tagged | None]) -> _Asked:
    """Part a question into what describes a paper and what asks of it, and tell what is asked as of a follow-up.

    Of a question that surely is about papers (`trusted`) any clause behind a long description asks something of it.
    """
    text = parsed.text.rstrip(" ?.!")
    clause = asked_clause(parsed.text)
    begins = text.rfind(clause) if clause else 0
    outside = core(parsed, (begins, begins + len(clause)))
    if begins and begins + len(clause) == len(text) and len(outside.split()) >= _DESCRIBES:
        behind = tag(clause)
        told = len(outside.split()) >= _DESCRIBES_WELL or _has_content(parsed, begins, begins + len(clause))
        asks = behind is not None and (_likely(behind) or (trusted and told and not _LISTS.search(clause)))
        aspect = asked_of_one(clause, behind) if behind else "none"
        return _Asked(clause, (outside, whole), aspect, asks, asks, behind is not None and _likely(behind))
    behind = tag(_with_it(parsed, clause or text))
    asks = behind is not None and _likely(behind)
    aspect = asked_of_one(clause or text, behind if behind and asks else parsed.tagged)
    return _Asked(clause or text, (whole,), aspect if clause or asks else "none", bool(clause), False)


def _with_it(parsed: Parsed, clause: str) -> str:
    """Return a clause of a question with a pronoun for what it describes."""
    begins = parsed.text.rfind(clause)
    spans = [span for span in parsed.role(*_DESCRIBING) if span.start >= begins and span.end <= begins + len(clause)]
    if not spans:
        return clause
    start, end = min(span.start for span in spans) - begins, max(span.end for span in spans) - begins
    it = "그거" if parsed.language == "ko" else "it"
    return f"{_ARTICLE.sub('', clause[:start])}{it}{clause[end:]}"


def _likely(tagged: Tagged) -> bool:
    """Whether a clause surely asks something of what stands before it."""
    return sum(map(tagged.kinds.__getitem__, _OF_IT)) >= _ASKS


def _has_content(parsed: Parsed, start: int, end: int) -> bool:
    """Whether a clause has a word that names something: “통신비용 얼마나 줄였어”, and not “뭐 있어”."""
    return any(span.start >= start and span.end <= end for span in parsed.role(*_DESCRIBING))


def _is_of_a_set(reading: Reading, parsed: Parsed) -> bool:
    """Whether a question asks for a set of papers, by what it leaves out, counts or orders."""
    plan = reading.plan
    many = any(getattr(plan, name) for name in _OF_SETS) or (plan.limit or 1) > 1 or bool(parsed.released)
    return many or bool(plan.figure and (plan.figure.best or plan.figure.least or plan.figure.most))


def remembered_by(reading: Reading, said: tuple[str, ...], aspect: str, asked: str, *, one: bool) -> Reading:
    """Return the reading of what is asked of the paper that some words describe; `reading` is what to read otherwise.

    `said` are ways to describe it, of which the index takes the one that tells most. `one` tells that one paper is meant for
    sure, so that the closest one is asked even where others are as close.
    """
    plan = Plan("fact", date_from=reading.plan.date_from, date_to=reading.plan.date_to)
    return replace(
        reading.anew(reading.question, reading.language), plan=plan, query=asked, said=said, field=FIELDS.get(aspect),
        aspect=aspect, overview=False, one=one, otherwise=reading,
    )  # fmt: skip


def _asks_its_name(asked: _Asked) -> bool:
    """Whether a clause asks what a paper is called, and nothing of it."""
    return asks_what_it_is_called(asked.clause) and (asked.aspect == "none" or not _NAME.sub("", asked.clause).strip())


def _speaks_of_many(asked: _Asked) -> bool:
    """Whether words of a question speak of several papers, of the first of them, or of all."""
    text = asked.clause
    listed, said = words(), [token.text for token in tokenize(text)]
    lists = (listed.several, listed.superlatives, listed.everything, listed.writers, listed.lately, listed.recommend)
    more = listed.more.any_of(said) and listed.papers.any_of(said)
    several = _PAPERS.search(text) or (not asked.apart and _PLURAL.search(text))
    return bool(more or several) or any(one.any_of(said) for one in lists)
