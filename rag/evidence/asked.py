"""What a question about one paper asks for, word by word, and which of these words the paper's summary treats.

A word of an aspect (“fast”, “학습”) is treated where a statement tells of that aspect, a name or a figure where it stands there.
Knows papers and aspects; writes no prose.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rag.corpus.mentions import meant, statements
from rag.corpus.papers import Paper
from rag.language import analysis
from rag.language.terms import glossary, squash, stands
from rag.language.text import ENGLISH_GRAMMAR, Language
from rag.questions.features import is_wording, word_hash
from rag.questions.network import network

_WORD = re.compile(
    r"([A-Za-z0-9](?:[A-Za-z0-9.+-]*[A-Za-z0-9+])?)[가-힣]*|([가-힣]+)"
)  # a Latin word without its particle
_PROPER = re.compile(r"[A-Z].*|.*\d.*")
# Words of asking that carry nothing by themselves, beside those that templates have.
_GENERIC = frozenset(
    """
    able about does eli5 ever explain fact figure give how know long many many-fold me much need needs number please support supports
    tell time times value what when which why would you
    값 개 개의 것 결과 내용 대 대해 명 몇 무엇 번 수 수는 수치 얼마 얼마나 얼만큼 위해 장 장에 정도 좀 줘 중 지원 지원하나 지원하는지 지원해 지원되나
    가지 가능 가능해 걸려 걸리나 걸렸어 되나 돼 있나 있어 하나 했나 했어
    """.split()
)


_ASKING = re.compile(
    r"몇\S*|[가-힣]|(?:19|20)\d\d"
)  # "몇점이야"; the year of a benchmark ("AIME 2024") is often left out

# What every summary tells of its paper, in English and as Korean words begin.
_TOLD_BY_ALL = frozenset(
    """
    advantage advantages approach architecture background basics benefit benefits concept contribution contributions core design detail details
    difference essence findings gist goal goals idea ideas intuition key main mechanism method methods motivation novelty overview paper point
    points principle principles purpose strength strengths structure summary technique theory work working workings
    """.split()
)
_TOLD_STEMS = re.compile(
    "(?:핵심|아이디어|원리|동작|작동|방법|방식|구조|요약|내용|개념|장점|특징|기여|설명|주요|의의|배경|목적|목표|차별|알려|정리|쉽게|간단|자세|말해|소개|논문|기술|기법)"
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word that a question asks by: the aspects it names, and whether it is a name or a figure that has to stand as it is."""

    text: str
    aspects: tuple[str, ...]
    is_proper: bool


def asked_words(
    query: str, paper: Paper, language: Language, stated: Mapping[str, re.Pattern[str]]
) -> tuple[Word, ...]:
    """Return the words of a question that say what of a paper is asked for; its own name and words of asking are left out."""
    rest = re.sub(re.escape(paper.name), " ", query, flags=re.IGNORECASE) if paper.name else query
    vocabulary = network().wording
    found: list[Word] = []
    for position, (latin, hangul) in enumerate(_WORD.findall(rest)):
        text = latin or _bare(hangul)
        low = text.lower()
        if len(latin) == 1:  # “몇 B짜리”
            continue
        if low in _GENERIC or low in ENGLISH_GRAMMAR or _is_of_name(text, paper) or _ASKING.fullmatch(text):
            continue
        aspects = tuple(aspect for aspect, pattern in stated.items() if pattern.search(text))
        proper = bool(_PROPER.fullmatch(text)) and (position > 0 or not text[1:].islower() or language == "ko")
        proper = proper or (not aspects and _is_known(text))
        if aspects or proper or not (is_wording(text, language, vocabulary) or _is_said(hangul)):
            found.append(Word(text, aspects, proper))
    return tuple(dict.fromkeys(found))


def _is_said(word: str) -> bool:
    """Whether ways of asking have a Korean word just as it stands: “어떻게”."""
    return bool(word) and word_hash(word, "ko") in network().wording.words


def _bare(word: str) -> str:
    """Return a Korean word without its particle."""
    noun = next(iter(analysis.terms(word)), "")
    return noun if len(noun) > 1 and word.startswith(noun) else word


def _is_of_name(text: str, paper: Paper) -> bool:
    return bool(paper.name) and squash(text) in squash(paper.name)


def _is_known(text: str) -> bool:
    """Whether the glossary has a word, with or without its particle."""
    return any(glossary().knows(form) for form in (text, *analysis.terms(text)))


def is_treated(word: Word, paper: Paper, stated: Mapping[str, re.Pattern[str]]) -> bool:
    """Whether a paper's title or summary treats a word."""
    said = [paper.title, *(statement.text for statement in statements(paper))]
    if any(_stands(word.text, text) for text in said):
        return True
    if word.text.isdecimal():  # 4090 stands in RTX4090
        return any(re.search(rf"(?<!\d){word.text}(?!\d)", text) for text in said)
    if word.is_proper:
        return False
    return any(stated[aspect].search(text) for aspect in word.aspects for text in said[1:])


def _stands(word: str, text: str) -> bool:
    """Whether a text has a word in one of its spellings, or in another form."""
    forms = dict.fromkeys((word, *analysis.terms(word)))
    if any(stands(text, variant) for form in forms for variant in meant(form).variants):
        return True
    asked = set(analysis.terms(word))
    return bool(asked) and asked <= set(analysis.terms(text))


def attribute(query: str, paper: Paper) -> str:
    """Return what a question asks of a paper by a possessive: “X의 …”, “the … of X”, “X's …”; "" without one.

    >>> from datetime import date
    >>> paper = Paper("2406.00001", "FoxNet: Snow", (date(2024, 6, 1),), 1, (), False, None, (), ())
    >>> attribute("Explain the carbon footprint of FoxNet", paper), attribute("FoxNet의 배출량 설명해줘", paper)
    ('carbon footprint', '배출량 설명해줘')
    """
    name = re.escape(paper.name)
    if not name:
        return ""
    match = re.search(rf"\bthe ([\w -]{{2,60}}?) of {name}|{name}(?:의|['’]s) (.{{2,60}})", query, re.IGNORECASE)
    return next(filter(None, match.groups()), "") if match else ""


def attribute_words(query: str, paper: Paper, stated: Mapping[str, re.Pattern[str]]) -> tuple[Word, ...]:
    """Return the words of a possessive question that say what is asked of a paper, but those that every summary tells of."""
    found: list[Word] = []
    for latin, hangul in _WORD.findall(attribute(query, paper)):
        text = latin or _bare(hangul)
        low = text.lower()
        if (
            low in _GENERIC
            or _ASKING.fullmatch(text)
            or low in _TOLD_BY_ALL
            or low in ENGLISH_GRAMMAR
            or (hangul and _TOLD_STEMS.match(hangul))
        ):
            continue
        aspects = tuple(aspect for aspect, pattern in stated.items() if pattern.search(text))
        found.append(Word(text, aspects, bool(_PROPER.fullmatch(text))))
    return tuple(dict.fromkeys(found))
