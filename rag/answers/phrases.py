"""Pieces of sentences that the wording of both languages is made of: lists of names, periods, bounds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from rag.corpus.mentions import together
from rag.language.periods import day_before
from rag.language.text import josa, josa_or
from rag.questions.plan import Plan

FEW = 2
"""Papers of a set up to which it is not said that some of them may not fit."""


def and_joined(names: Sequence[str]) -> str:
    """Join names as Korean does: A와 B, and where a reading is unknown A 및 B; more than two by commas."""
    if len(names) > 2:
        return ", ".join(names)
    return " ".join([*(josa_or(name, "과/와", " 및") for name in names[:-1]), *names[-1:]])


def joined(names: Sequence[str], last: str, most: int = 7) -> str:
    """Join at most so many names by commas, the last two by a word."""
    shown = [*names[:most]]
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + last + shown[-1] if shown else ""


def at_once(thing: str, join: str, tail: str) -> str:
    """Return a thing that is left out; of things that are left out only all at once, their names with words around them.

    >>> at_once("LoRA", " and ", " together"), at_once("LoRA + GAN", " and ", " together")
    ('LoRA', 'LoRA and GAN together')
    """
    things = together(thing)
    return thing if len(things) == 1 else join.join(things) + tail


def vote_bounds(plan: Plan, least: str, most: str, exact: str) -> str:
    """Return the bounds on votes of a plan, by a phrase for each side and one for a single number; empty where there are none."""
    if plan.min_votes is not None and plan.min_votes == plan.max_votes:
        return exact.format(n=plan.min_votes)
    low = [least.format(n=plan.min_votes)] if plan.min_votes is not None else []
    high = [most.format(n=plan.max_votes)] if plan.max_votes is not None else []
    return " ".join(low + high)


def period(plan: Plan, korean: bool) -> str:
    """Name a range of days as people do: a day, a month, a year, else from and to."""
    start, end = plan.date_from, plan.date_to
    last = day_before(end) if end else None
    start = start if start and start > date.min else None  # “the last 9999 years”
    if not start or not last:
        if korean:
            return f"{start} 이후" if start else f"{last}까지" if last else ""
        return f"since {start}" if start else f"until {last}" if last else ""
    if start == last:
        return f"{start.year}년 {start.month}월 {start.day}일" if korean else f"on {start}"
    if not (start.day == 1 and end and end.day == 1):
        return f"{start}~{last}" if korean else f"from {start} to {last}"
    if (start.year, start.month) == (last.year, last.month):
        return f"{start.year}년 {start.month}월" if korean else f"in {start:%B %Y}"
    if (start.month, last.month) == (1, 12):
        years = f"{start.year}" if start.year == last.year else f"{start.year}~{last.year}"
        return f"{years}년" if korean else f"in {years}".replace("~", "–")
    if korean:
        return f"{start.year}년 {start.month}월~{last.year}년 {last.month}월"
    return f"from {start:%B %Y} to {last:%B %Y}"


def are_names(terms: Sequence[str]) -> bool:
    """Whether terms are names, and not kinds of things."""
    return all(term.isascii() and not term.islower() for term in terms)


def particle_after(word: str, particle: str) -> str:
    """The particle alone, as it follows a quoted word; both forms never stand together, so an unknown reading gets 관련."""
    joined = josa(word, particle)  # type: ignore[arg-type]
    return joined[len(word) :] if joined else {"은/는": " 님은", "을/를": "을(를)"}[particle]


_PARTICLE = re.compile(
    r"(?:들|쪽|용)?(?:에서도|에서는|에도|에는|에서|에게|으로|로|까지|부터|보다|처럼|이나|나|라는|이라는|이란|란|이랑|랑|하고|의|은|는|이|가|을|를|에|도|만|과|와|들|인|요|야|이야|이고|고|별|적|중에서|중에|중|가운데)?요?"
)
_REST = re.compile(r"[가-힣]*")


def as_said(plan: Plan, question: str) -> Plan:
    """Return a plan whose topics are quoted as they stand in a question: a verb that was cut to its stem is whole again.

    >>> as_said(Plan("list", topics=("기억 아끼",)), "기억 아끼는 방법").topics, as_said(Plan("list", topics=("눈 지도",)), "눈 지도를 읽는 논문").topics
    (('기억 아끼는',), ('눈 지도',))
    >>> as_said(Plan("list", topics=("로봇",)), "로봇논문은몇편이야").topics
    ('로봇',)
    """
    return replace(plan, topics=tuple(_whole(topic, question) for topic in plan.topics))


def _whole(topic: str, question: str) -> str:
    at = question.find(topic)
    if at < 0 or not re.search("[가-힣]$", topic):
        return topic
    rest = _REST.match(question, at + len(topic))
    behind = rest.group() if rest else ""
    stem = re.search(r"[가-힣]+$", topic)
    if len(behind) > _LONGEST_ENDING or _GLUED.search(behind):  # words whose blanks were left out
        return topic
    is_stem = bool(behind) and stem is not None and topic[-1] in _STEMS
    return topic + behind if is_stem or not _PARTICLE.fullmatch(behind) else topic


_LONGEST_ENDING = 4  # syllables
_GLUED = re.compile("논문|연구")
# Syllables in which stems of verbs end and hardly a noun does.
_STEMS = frozenset("끼떻렇")
