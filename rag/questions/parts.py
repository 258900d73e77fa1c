"""The parts of one sentence that asks several things: what a later one takes from the first. Pure functions over readings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.language.patterns import lazy
from rag.questions.aspects import KOREAN_ASKS
from rag.questions.forms import FIELDS
from rag.questions.network import Tagged
from rag.questions.plan import SET_KINDS, Plan
from rag.questions.reading import Reading, Turn
from rag.questions.times import MOST_PARTS
from rag.questions.tokens import Token
from rag.questions.wants import said_aspect, wants_each
from rag.questions.words import words

_SUBJECT = ("terms", "topics", "sorts", "authors", "relation", "not_terms", "not_topics", "not_sorts", "not_authors")


_BEGINS = 0.5  # probability from which a second question begins


def starts_of(text: str, tokens: Sequence[Token], tagged: Tagged) -> list[int]:
    """Return where further questions begin: where the network says so, behind a question mark, and where a clause that asks is joined to another."""
    found: list[int] = []
    for at, token in enumerate(tokens):
        if not at:
            continue
        joint = tokens[at - 1].text[-1:] == "고" and _asks_on_both_sides(text, found[-1] if found else 0, token.start)
        if tagged.begins[at] >= _BEGINS or "?" in text[tokens[at - 1].end : token.start] or joint:
            found.append(token.start)
    return found[: MOST_PARTS - 1]


def _asks_on_both_sides(text: str, start: int, joint: int) -> bool:
    """Whether a clause that asks ends at a place, and another one follows: “언제 올라왔고 핵심 아이디어가 뭐야”."""
    return bool(KOREAN_ASKS.search(text[start:joint]) and KOREAN_ASKS.search(text[joint:]))


def about_the_same(reading: Reading, first: Reading) -> Reading:
    """Return a later part that names no subject of its own with that of the first: "… surveys in 2024, and how many in 2025?"."""
    plan, kinds = reading.plan, (reading.plan.kind, first.plan.kind)
    if plan.papers or reading.reason or any(getattr(plan, name) for name in _SUBJECT):
        return reading
    if not all(kind in SET_KINDS for kind in kinds) or plan.ranks_authors or plan.ranks_topics:
        return reading
    shared = _SUBJECT if plan.date_from or plan.date_to else (*_SUBJECT, "date_from", "date_to")
    return replace(reading, plan=replace(plan, **{name: getattr(first.plan, name) for name in shared}))


def of_those_before(alone: Reading, before: Turn, said: Sequence[str]) -> Reading:
    """Return a question in a chat that names no papers as one about those before: “which year had more?”, “which topics besides maths?”."""
    plan, listed = alone.plan, words()
    if listed.everything.any_of(said) or listed.papers.any_of(said):
        return alone
    names = plan.terms or plan.topics or plan.authors or plan.papers or plan.sorts or plan.date_from or plan.date_to
    if (plan.ranks_topics or plan.ranks_authors) and not names and before.set.papers:
        return replace(alone, plan=replace(plan, papers=before.set.papers))
    return about_the_same(alone, before.reading) if plan.per else alone


def with_limit(before: Reading, reading: Reading) -> Reading | None:
    """Return a part with the number of papers that the next part of the sentence says alone: "…, three papers max"."""
    plan, earlier = reading.plan, before.plan
    alone = plan.limit is not None and not replace(plan, limit=None).filtered and plan.by is None
    if not alone or plan.kind != "list" or earlier.kind not in ("list", "superlative", "date", "author"):
        return None
    return replace(before, plan=replace(earlier, limit=plan.limit))


def only_narrows(reading: Reading, before: Reading) -> bool:
    """Whether a part of a sentence says only which of the papers before are wanted: "anything on X? only 2025 please"."""
    plan, earlier = reading.plan, before.plan
    if plan.date_from and earlier.date_from and plan.date_from != earlier.date_from:
        return False  # “how many in 2023 and how many in 2024?”
    if (
        plan.kind != earlier.kind
        or plan.kind not in SET_KINDS
        or not (earlier.topics or earlier.terms or earlier.authors)
    ):
        return False
    same = (plan.topics[: len(earlier.topics)], plan.terms[: len(earlier.terms)], plan.authors[: len(earlier.authors)])
    return same == (earlier.topics, earlier.terms, earlier.authors)


_BOTH_ENDS = lazy(
    r"(?:가장|제일|젤|맨) ?(?:먼저|처음|첫|오래)[^?.!]{0,15}?(?:이?랑|와|과|하고|,|그리고|및) ?(?:가장|제일|젤|맨) ?(?:최근|최신|나중|마지막)"
    r"|(?:가장|제일|젤|맨) ?(?:최근|최신)[^?.!]{0,15}?(?:이?랑|와|과|하고|,|그리고|및) ?(?:가장|제일|젤|맨) ?(?:먼저|처음|오래)"
    r"|\b(?:first|earliest|oldest)(?: one| paper)? and (?:the )?(?:latest|newest|most recent|last)\b|\b(?:latest|newest|most recent)(?: one| paper)? and (?:the )?(?:first|earliest|oldest)\b",
    re.IGNORECASE,
)


def taken_apart(reading: Reading, text: str) -> Reading:
    """Return a reading that asks for two things at once as one and a later one: the first and the newest, papers on each of two."""
    plan = reading.plan
    if plan.kind in SET_KINDS and plan.filtered and not plan.papers and _BOTH_ENDS.search(text):
        ends = [replace(plan, kind="superlative", by="date", order=order, limit=1) for order in ("asc", "desc")]
        return _with_later(reading, ends)
    if plan.kind == "count" and plan.limit and wants_each(text):  # “각각 두 개씩”
        reading, plan = replace(reading, sides=False), replace(plan, kind="list")
    if plan.kind == "list" and wants_each(text) and len(plan.terms) + len(plan.topics) > 1 and not plan.relation:
        each = [replace(plan, terms=(one,), topics=()) for one in plan.terms]
        return _with_later(reading, [*each, *(replace(plan, terms=(), topics=(one,)) for one in plan.topics)])
    return reading


def _with_later(reading: Reading, plans: Sequence[Plan]) -> Reading:
    first, *later = [
        replace(
            reading, plan=plan, about=(*plan.terms, *plan.topics), query=" ".join((*plan.terms, *plan.topics)), later=()
        )
        for plan in plans
    ]
    return replace(first, later=(*later, *reading.later))


_OF_THEM = frozenset(["after:ask", "after:explain"])


def of_papers_to_come(reading: Reading, before: Turn, tagged: Tagged) -> Reading:
    """Return a part that asks of papers, none of which is named, as a question of those that the part before it finds."""
    settled = asks(reading) and not reading.reason and before.reading.plan.kind != "describe"
    if settled or tagged.kind not in _OF_THEM:
        return reading
    told, said = max(tagged.aspects, key=tagged.aspects.__getitem__), said_aspect(reading.question)
    aspect = said if told == "none" else told
    plan = Plan("fact" if tagged.kind == "after:ask" else "explain")
    field = FIELDS.get(aspect) if plan.kind == "fact" else None
    return Reading(reading.question, reading.language, plan, reading.question, field=field, aspect=aspect)


def asks(reading: Reading) -> bool:
    """Whether a part of a sentence asks something of its own."""
    plan = reading.plan
    if plan.kind in ("help", "out_of_scope"):
        return False
    return bool(reading.reason or reading.said or plan.filtered or plan.by or plan.kind not in ("list", "describe"))
