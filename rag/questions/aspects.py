"""What a question asks of a paper: what plain words say, else what the network tells. Pure functions."""

from __future__ import annotations

import re

from rag.questions.constraints import Parsed
from rag.questions.labels import KEPT_ASPECTS
from rag.questions.wants import SAID_PLAINLY, said_aspect

_FIGURES = re.compile(
    r"\b(?:numbers|figures|scores|results)\b.{0,30}\breport|\breport\w* (?:numbers|figures|scores|results)\b|['’]s (?:numbers|figures|scores|results)\b|성능 ?수치|수치[가는를]?",
    re.IGNORECASE,
)
_WROTE = re.compile(
    r"\bwho(?:['’]?s| is| are| was| were)? (?:wrote|written|authored|published|made|built|created|did|behind|came)\b|\bauthors?\b"
    r"|누가 ?(?:썼|쓴|만들|만든|냈|낸)|저자|누구(?:야|예요|인가|지|냐|였)|몇 ?명",
    re.IGNORECASE,
)
_MANY = re.compile(r"(?<![가-힣])몇 ?(?!\S*(?:퍼|프로|점|배))|\bhow many\b|개수", re.IGNORECASE)
_MUCH = re.compile(r"얼마|(?<![가-힣])몇 ?(?:퍼|프로|점|배)|수치|숫자|\bhow much\b|\bby how\b|\bnumbers?\b", re.IGNORECASE)
_UNSURE = 0.5  # probability below which plain words tell what is asked sooner than the network
_ASKED = 0.3  # probability from which the network's second thought tells what is asked of a paper
_ASPECTS = tuple(one for one in KEPT_ASPECTS if one not in ("other", "full_name", "votes"))


def aspect_of(parsed: Parsed) -> str:
    """Return what a follow-up asks of a paper: as the network says, else as a plain word does."""
    aspects, said = parsed.tagged.aspects, said_aspect(parsed.text)
    told = max(aspects, key=aspects.__getitem__)
    if told == "votes" and _FIGURES.search(parsed.text):
        return "result"
    if aspects[told] < _UNSURE and said == "none" and (amount := asked_amount(parsed.text)) != "none":
        return amount
    return said if told == "none" or said in SAID_PLAINLY else told


def asked_amount(text: str) -> str:
    """Return what a question wants a number of, as far as plain words tell: how many of something, or how far; "none" of neither.

    >>> asked_amount("몇 문제야"), asked_amount("how much does it improve"), asked_amount("numbers?"), asked_amount("왜 빨라?")
    ('count_of', 'result', 'result', 'none')
    """
    if _MANY.search(text):
        return "count_of"
    return "result" if _MUCH.search(text) else "none"


def asked_of_one(parsed: Parsed) -> str:
    """Return what is asked of a paper that is not named: what a plain word says, else the network's likeliest; "none" of neither."""
    told, said = parsed.tagged.aspects, said_aspect(parsed.text)
    if said != "none" and (said != "authors" or told[said] >= _ASKED or _WROTE.search(parsed.text)):
        return said
    best = max(_ASPECTS, key=told.__getitem__)
    return best if told[best] >= _ASKED else "none"
