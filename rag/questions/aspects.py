"""What a question asks of a paper: what plain words say, else what the network tells. Pure functions."""

from __future__ import annotations

import re

from rag.questions.constraints import Parsed
from rag.questions.labels import KEPT_ASPECTS
from rag.questions.network import Tagged
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
_DAY = re.compile(r"날짜(?!순)|며칠|\b(?:what|which) (?:day|date)\b", re.IGNORECASE)
_HOW_MANY_WROTE = re.compile(
    r"몇 ?명(?:이|이서|이나|의)? ?(?:썼|쓴|쓰|공저|한|했|만든|연구|저자)|몇 ?명(?:이야|인가|이지|인지|이냐|일까)|\b(?:how many|number of) (?:people|folks|authors|names|researchers)(?: (?:are|were|is|wrote|on|listed|worked)\b|$)",
    re.IGNORECASE,
)
_MANY = re.compile(r"(?<![가-힣])몇(?! ?(?:퍼|프로|점|배))|\bhow many\b|개수", re.IGNORECASE)
_MUCH = re.compile(
    r"얼마|(?<![가-힣])몇 ?(?:퍼|프로|점|배)|수치|숫자|\bhow much\b|\bby how\b|\bnumbers?\b", re.IGNORECASE
)
_FROM_TO = re.compile(r"몇\S*에서 몇|\bfrom what\b")
_UNSURE = 0.5  # probability below which plain words tell what is asked sooner than the network
_ASKED = 0.3  # probability from which the network's second thought tells what is asked of a paper
_ASPECTS = tuple(one for one in KEPT_ASPECTS if one not in ("other", "full_name"))


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
    if _MANY.search(text) and not _FROM_TO.search(text):
        return "count_of"
    return "result" if _MUCH.search(text) or _FROM_TO.search(text) else "none"


_CLAUSE = re.compile(
    r"(?<=[^\d\s])[,;:?!…]+ *|\.{2,} *|\. +| [-–—]+ |(?<=[는던인은]데) (?=\S)|(?<=[가-힣] (?:논문|연구))(?:은|는|이|의|에서)? (?=\S)|(?<=[는던인은을운] [거것걸])(?:은|는|이|의)? (?=\S)"
)
_BRIEF = 2  # words of a last clause that asks by its mark alone
_LEAD = r"^(?:(?:and|but|so|then|or|on|in|by|for|at|with|from|to|of|just|also|ok) )*"
_KOREAN = r"무엇|무슨|뭐|뭘|뭔|어떤|어떻게|어느|얼마|얼만|(?<![가-힣])몇|누가|누구|언제|어디|(?<![가-힣])왜(?![가-힣])|나요|[은는]\??$|까요?$|[니냐지]\?$"
KOREAN_ASKS = re.compile(_KOREAN)
"""Words by which a Korean clause asks something."""
_ASKS = re.compile(
    rf"{_LEAD}(?:what|which|who|whose|how|where|why|when|did|does|do|is|are|was|were|any|can|could)\b|{_KOREAN}",
    re.IGNORECASE,
)
# Without a question mark “which is faster” and “is introduced” are parts of a statement.
_ASKS_PLAINLY = re.compile(
    rf"{_LEAD}(?:what|how|why|whose|who|when|any|which (?!is|are|was|were|can|could|has|have|\w+(?:s|ed)\b))\b|{_KOREAN}",
    re.IGNORECASE,
)
_WITHIN = re.compile(r"\b(?:what|which|who|whose|how|where|why)\b", re.IGNORECASE)
_STATES = re.compile(r"(?:[함음됨임]|니다|[한된이]다|시킴)$")


def asked_clause(text: str) -> str:
    """Return the clause of a question that asks, without those that only describe; "" where none asks.

    >>> asked_clause("a map of snow for foxes, what data did they use?"), asked_clause("눈 지도 그리는 거 있었는데 정확도 얼마였지?")
    ('what data did they use', '정확도 얼마였지')
    """
    clauses = [clause.strip() for clause in _CLAUSE.split(text) if clause.strip()]
    marked = text.rstrip().endswith("?")
    if not clauses or states(text):
        return ""
    if marked and len(clauses[-1].split()) <= _BRIEF:
        return clauses[-1]
    if marked:
        return next((one for one in reversed(clauses) if _ASKS.search(one) or _WITHIN.search(one)), "")
    first = clauses[0] if _ASKS.search(clauses[0]) else ""
    return next((one for one in reversed(clauses) if _ASKS_PLAINLY.search(one)), first)


def states(text: str) -> bool:
    """Whether a text is a statement and no question: “눈 지도를 제안함”."""
    ends = bool(_STATES.search(text.rstrip(" .")))
    return ends and not text.rstrip().endswith("?") and not KOREAN_ASKS.search(text)


_HOW_OR_WHY = re.compile(
    r"^(?:and |but |so |then |ok )*(?:why|how(?! about)|does|do|did|is|are|was|were|can|could)\b|(?<![가-힣])(?:왜|어떻게)(?![가-힣])",
    re.IGNORECASE,
)


def asks_how_or_why(text: str) -> bool:
    """Whether a question asks how, why or whether something is, as one asks of a thing and not for papers."""
    return bool(_HOW_OR_WHY.search(text))


_WHICH = re.compile(
    r"\bwhich (?:models?|methods?|systems?|llms?|approach(?:es)?|languages?|datasets?|tasks?|baselines?|metrics?)\b|(?:어떤|어느|무슨) ?(?:모델|방법|언어|데이터|과제|태스크|지표)",
    re.IGNORECASE,
)


def asks_which(text: str) -> bool:
    """Whether a question asks which models, languages or the like a paper tried, and which of these did best."""
    return bool(_WHICH.search(text))


def asked_of_one(text: str, tagged: Tagged) -> str:
    """Return what is asked of a paper that is not named: what a plain word says, else the network's likeliest; "none" of neither."""
    told, said = tagged.aspects, "authors" if _HOW_MANY_WROTE.search(text) else said_aspect(text)
    if said == "none" and _DAY.search(text):
        return "date"
    if said != "none" and (said != "authors" or told[said] >= _ASKED or _WROTE.search(text)):
        return said
    best = max(_ASPECTS, key=told.__getitem__)
    if told[best] < _UNSURE and (amount := asked_amount(text)) != "none":
        return amount
    return best if told[best] >= _ASKED else "none"
