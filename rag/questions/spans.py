"""From tags to spans: the runs of tokens that play one role, without particles and stray marks."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rag.language.terms import glossary
from rag.questions.tokens import Token

# Korean particles that may stand behind a noun, longest first.
_PARTICLE = re.compile(
    r"(?:이랑은|랑은|하고는|과는|와는|과의|와의|로는|보다는|에서의|에서는|에서도|으로의|으로는|으로도|이라는|라는|이라고|라고|에서|에게|에는|에도|에만|으로|까지|부터|보다|처럼|마다|이라도|라도|이나|이란|란"
    r"|들의|들을|들은|들이|들도|들|을|를|은|는|이|가|의|에|와|과|로|도|만|랑|이랑|하고|은요|는요|이요|가요|나|요)$"
)
_VERBAL = re.compile(
    r"(?:하|되|있|없|시키|키|이|리|지|주|보|내|오|쓰|우|추|푸|만드|다루|두|치|잡|찾|읽|뽑|먹|벗|닫|넣|놓|맞|받|얻|잃|잊|믿|찍|섞|깎|닦|묶|씻|않|앉|빼|떼|깨|짓|돕)$"
)
_SHORTEST = 2  # syllables that a noun keeps


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a question with a role: its words as they stand (`text`, particle off), its place and its first token."""

    role: str
    text: str
    start: int
    end: int
    first: int
    last: int


_ENDS_IN_HANGUL = re.compile("[가-힣]$")


def bare(word: str, known: Callable[[str], bool]) -> str:
    """Return a word without its Korean particle; the word itself where it is known, or nothing would be left.

    >>> bare("양자화를", lambda word: False), bare("언어", lambda word: word == "언어")
    ('양자화', '언어')
    """
    if not _ENDS_IN_HANGUL.search(word):
        return word
    if word.endswith("인") and len(word) > _SHORTEST and glossary().knows(word[:-1]) and not known(word):
        return word[:-1]  # 멀티모달인
    cut = _PARTICLE.sub("", word)
    if cut == word:
        return word
    if (glossary().knows(word) or not glossary().knows(cut)) and known(word):
        return word  # 생성으로 may stand in texts as 생성으로의
    if word.endswith(("이나", "이랑", "이란")) and known(word[:-1]):
        return word[:-1]  # 서베이나 is 서베이 and 나
    if _VERBAL.search(cut) and word.endswith(("는", "은")) and not known(cut):
        return word  # 생성하는 is a verb, 토크나이저는 is not
    kept = len(re.findall("[가-힣]", cut.rpartition(" ")[2]))
    latin = bool(re.search(r"[A-Za-z0-9)+]$", cut))
    if not cut or (kept < _SHORTEST and not latin):
        return word
    return cut


_DOING = re.compile(r"(?<=\S)(?:하는|되는) ?(?:거|것|건|게)$")
_CLAUSE = re.compile(r"(?:는|은|던|할|될|한|된)$")
_VERB = re.compile(r"(?:하는|되는|시키는|한|하고|하여|해서|하기|된|시킨)$")


def nominal(text: str, known: Callable[[str], bool]) -> str:
    """Return a Korean topic as a noun phrase: objects without their particle, verbs made of nouns as nouns.

    >>> nominal("비디오를 생성하는", lambda word: True)
    '비디오 생성'
    """
    text = _DOING.sub("", text) or text
    *_, last = text.split() or [""]
    noun = _VERB.sub("", last)
    if _CLAUSE.search(last) and (noun == last or len(noun) < _SHORTEST or not known(noun)):
        return text  # “모델이 개인정보를 까먹게 하는” stays a clause
    made: list[str] = []
    for word in text.split():
        base = _VERB.sub("", word)
        if base != word and len(base) >= _SHORTEST and known(base):
            made.append(base)
        elif word.endswith(("을", "를")) and len(word) > _SHORTEST:
            made.append(word[:-1])
        else:
            made.append(word)
    return " ".join(made)


def spans_of(text: str, tokens: Sequence[Token], tags: Sequence[str], known: Callable[[str], bool]) -> list[Span]:
    """Return the spans of a tagged question in order. `known` tells whether a word is one as it stands."""
    found: list[Span] = []
    at = 0
    while at < len(tokens):
        role = tags[at].partition(":")[2]
        if not role:
            at += 1
            continue
        end = at + 1
        inside = ("I:topic", "I:name") if role == "topic" else (f"I:{role}",)
        while end < len(tokens) and tags[end] in inside and not _ends(text, tokens, end, role):
            end += 1
        start, stop = tokens[at].start, _closed(text, tokens[at].start, tokens[end - 1].end)
        words = text[start:stop]
        if role in ("topic", "name", "excluded", "person", "sort", "aspect", "org"):
            words = bare(words, known)
        found.append(Span(role, words, start, stop, at, end))
        while end < len(tokens) and tags[end] in inside:
            end += 1  # what stands behind the end of a sentence is no more of the span
        at = end
    return found


_STRUCTURE = frozenset(
    "논문 연구 페이퍼 중 중에 중에서 가운데 관련 관련된 관한 대한 빼고 말고 제외하고 또는 혹은 그리고".split()
)
_PAUSE = re.compile(r"[,.?!]")
_WIDEST_GAP = 4  # words of wording inside of a Korean topic


def merged(text: str, tokens: Sequence[Token], spans: Sequence[Span]) -> list[Span]:
    """Join Korean topics between which only a few words of wording stand: what goes before a noun belongs to it."""
    found: list[Span] = []
    for span in spans:
        last = found[-1] if found else None
        beside = last and span.role == "topic" and 0 < span.first - last.last <= _WIDEST_GAP
        if last and beside and (last.role == "topic" or (last.role == "name" and _does(text[last.end : span.start]))):
            gap = tokens[last.last : span.first]
            joined = text[last.end : span.start]
            plain = not any(
                token.text in _STRUCTURE or token.text.startswith("논문") or len(token.text) == 1 for token in gap
            ) and not _PAUSE.search(joined)
            if (plain and all("가" <= token.text[0] <= "힣" for token in gap)) or _does(joined):
                found[-1] = Span(
                    span.role,
                    f"{text[last.start : span.start]}{span.text}",
                    last.start,
                    span.end,
                    last.first,
                    span.last,
                )
                continue
        found.append(span)
    return found


def cleared(text: str, spans: Sequence[Span], start: int, end: int) -> list[Span]:
    """Return spans without what stands in a place of the text: of one that reaches into it, the longer side."""
    found: list[Span] = []
    for span in spans:
        if span.end <= start or end <= span.start:
            found.append(span)
            continue
        sides = (span.start, max(span.start, min(start, span.end))), (min(max(end, span.start), span.end), span.end)
        left, right = max(sides, key=lambda side: side[1] - side[0])
        if words := text[left:right].strip(" ,"):
            found.append(replace(span, text=words, start=left, end=right))
    return found


_ACTS = re.compile(r"\s?(?:이|가) [가-힣]*[은는한된쓴린든긴룬진킨] ")


def _does(between: str) -> bool:
    """Whether what stands before a noun does something to it: “AI가 쓴 글” is one topic and no papers that use AI."""
    return bool(_ACTS.fullmatch(between))


_SENTENCE_END = re.compile(r"[.?!]+[\"”’)]* ")
_ABBREVIATION = re.compile(r"(?:[a-z]\.)+[a-z]", re.IGNORECASE)
_STUB = 3  # tokens that are no sentence of a description


def _ends(text: str, tokens: Sequence[Token], at: int, role: str) -> bool:
    """Whether a sentence ends before a token; a description goes on if a whole sentence follows."""
    last = tokens[at - 1].text
    initial = len(last) == 1 or bool(_ABBREVIATION.fullmatch(last))  # "A. Gu", "e.g. faces"
    if role == "person" or initial or not _SENTENCE_END.fullmatch(text, tokens[at - 1].end, tokens[at].start):
        return False
    return role != "description" or len(tokens) - at <= _STUB


def _closed(text: str, start: int, end: int) -> int:
    """Return the end of a span, moved over a bracket that the span opens."""
    inside = text[start:end]
    if inside.count("(") > inside.count(")") and text[end : end + 1] == ")":
        return end + 1
    return end
