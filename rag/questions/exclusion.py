"""Which spans of a question a word beside them excludes ("... 빼고", "except ..."), whatever they were tagged as."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.questions.spans import Span
from rag.questions.tokens import Token
from rag.questions.words import words

_CUE_BEFORE, _CUE_BEHIND = 3, 3  # tokens before and behind a span that may exclude it
_ASKED_FOR = ("topic", "name", "person", "date", "sort", "votes")
_ONES = frozenset("the ones those any papers that are is which about on with for from".split())
_IS_ASKED = re.compile(r"(?:논문|연구)(?:들)?,|\bpapers,", re.IGNORECASE)  # “금융 벤치마크 논문, 멀티모달은 제외하고”
_OUT_OF = re.compile(r",\s*")
_JOINING = re.compile(r"\W*(?:\b(?:or|nor|and)\b|이나|나|이랑|랑|와|과|및|또는)?\W*", re.IGNORECASE)


def excluded_by_cue(text: str, tokens: Sequence[Token], spans: Sequence[Span], denied: frozenset[int]) -> list[Span]:
    """Return spans with those as excluded that a word beside them excludes, and none as excluded that no word does.

    What is joined to an excluded thing is excluded with it ("without diffusion or GANs"), unless nothing would be left to ask for.
    Spans that begin at a `denied` token stay excluded.
    """
    spans = [part for span in spans for part in _at_bracket(span) if not _only_denies(tokens, part)]
    told = [_excluded(tokens, span) if span.role != "excluded" else _last_noun(span) for span in spans]
    asked = any(span.role in _ASKED_FOR for span in told)
    made: list[Span] = []
    for place, span in enumerate(told):
        if span.role == "excluded" and _is_wish(tokens, span):
            continue
        given = span.role == spans[place].role == "excluded" and span.first not in denied
        if given and _is_verb(tokens, span):
            made.append(replace(span, role="topic"))
            continue
        if given and not _is_cut(text, tokens, told, place):
            before = made[-1] if made and made[-1].role == "excluded" else None
            behind = told[place + 1] if place + 1 < len(told) and told[place + 1].role == "excluded" else None
            behind = None if _IS_ASKED.search(text, span.start, behind.start if behind else 0) else behind
            chained = (before and _JOINING.fullmatch(text, before.end, span.start)) or (
                asked and behind and _JOINING.fullmatch(text, span.end, behind.start)
            )
            span = span if chained else replace(span, role="topic")
        made.append(span)
    return [_without_likes(span) if span.role == "excluded" else span for span in made]


def _is_wish(tokens: Sequence[Token], span: Span) -> bool:
    """Whether what seems excluded is how papers should be: “not too technical”."""
    return [token.text.lower() for token in tokens[max(span.first - 2, 0) : span.first]] in _NOT_TOO


def _is_verb(tokens: Sequence[Token], span: Span) -> bool:
    """Whether what was taken for an excluded thing is a denied verb: “감독되지 않은 학습”."""
    behind = tokens[span.last].text if span.last < len(tokens) else ""
    return span.text.endswith("되지") and behind.startswith("않")


def _is_cut(text: str, tokens: Sequence[Token], spans: Sequence[Span], place: int) -> bool:
    """Whether a word that excludes stands beside a span, or in it, before a comma and before the next span."""
    span = spans[place]
    end = spans[place + 1].first if place + 1 < len(spans) else len(tokens)
    start = spans[place - 1].last if place else 0
    behind = list(tokens[span.last : min(end, span.last + _CUE_BEHIND)])
    comma = text.find(",", span.end)
    behind = [token for token in behind if comma < 0 or token.start < comma]
    behind = [token for token in behind if not token.text.isascii() or token.text.lower() in _BEHIND]
    before = _spoken(tokens[start : span.first])[-_CUE_BEFORE:]
    near = (*before, *tokens[span.first : span.last], *behind)
    return words().without.any_of(token.text for token in near) or _is_other_than(before)


def _spoken(before: Sequence[Token]) -> Sequence[Token]:
    """Return the words before a span without “the ones about” straight before it, where a word that excludes stands there."""
    end = len(before)
    while end and before[end - 1].text.lower() in _ONES:
        end -= 1
    cut = bool(end) and before[end - 1].text.lower() in _NEGATED | {"out", "for", "than"}
    return before[:end] if cut else before


def _is_other_than(before: Sequence[Token]) -> bool:
    """Whether "other than" stands straight before a span."""
    return [token.text.lower() for token in before[-2:]] in (["other", "than"], ["others", "than"])


def _excluded(tokens: Sequence[Token], span: Span) -> Span:
    """Return a span as excluded where a word straight beside it says so."""
    if span.role not in ("topic", "name", "person"):
        return span
    behind = [token.text for token in tokens[span.last : span.last + _CUE_BEHIND]]
    before = [token.text for token in _spoken(tokens[: span.first])[-_CUE_BEFORE:]]
    listed = words().without
    korean = bool(behind) and "가" <= behind[0][0] <= "힣"
    cut = listed.any_of(_first_words(behind)) if korean else not korean and _is_negated(before)
    return replace(span, role="excluded") if cut else span


def _only_denies(tokens: Sequence[Token], span: Span) -> bool:
    """Whether what was taken for a topic is a denial and nothing else: “안쓰는걸로”."""
    said = tokens[span.first : span.last]
    return span.role == "topic" and bool(said) and all(words().without.has(token.text) for token in said)


def _at_bracket(span: Span) -> list[Span]:
    """Return a span that runs into a bracket as two, what is asked for and what the bracket is about: “A 평가 (B 말고)”."""
    asked, bracket, left_out = span.text.partition(" (")
    if span.role not in ("topic", "excluded") or not bracket or ")" in left_out:
        return [span]
    start = span.start + len(asked) + len(bracket)
    words_before = len(asked.split())
    return [
        replace(span, role="topic", text=asked, end=span.start + len(asked), last=span.first + words_before),
        replace(span, text=left_out, start=start, first=span.first + words_before),
    ]


_LIKE = re.compile(r" ?같은(?: ?(?:거|것|건|류))?$| ?(?:류|종류)$|(?:하는|되는) ?(?:거|것|건)$")


def _without_likes(span: Span) -> Span:
    """Return an excluded Korean span without “such things” behind it: “쇼츠같은거 말고”."""
    kept = _LIKE.sub("", span.text)
    return replace(span, text=kept) if kept else span


def _last_noun(span: Span) -> Span:
    """Return an excluded Korean span without what it is taken out of: "Mamba 논문, 비전 쪽은 빼고"."""
    cut = max((match.end() for match in _OUT_OF.finditer(span.text)), default=0)
    if not cut or not re.search("[가-힣]", span.text[cut:]):
        return span
    return replace(span, text=span.text[cut:].strip(), start=span.start + cut)


_NOT_TOO = [["not", "too"], ["not", "so"], ["not", "very"], ["not", "that"], ["nothing", "too"]]
_BEHIND = frozenset(
    "excluded aside not out removed apart excepted".split()
)  # English words that exclude what they follow
_PARTICLES = frozenset("은 는 이 가 을 를 도 만 과 와".split())
_NEGATED = frozenset("except excluding exclude without ignoring ignore minus non besides avoiding skipping".split())


def _first_words(behind: Sequence[str]) -> list[str]:
    """Return the word straight behind a Korean span, its particle left out."""
    rest = [word for word in behind if word not in _PARTICLES]
    first = [word for word in rest[:1] if word not in ("없이", "없는", "안")]
    return [*first, *(word for word in rest[1:2] if word.startswith("않"))]  # "Albert Gu가 쓰지 않은"


def _is_negated(before: Sequence[str]) -> bool:
    """Whether English words before a span exclude it: "except", "other than", "but not", "not by"."""
    low = [word.lower() for word in before]
    if low and low[-1] in _NEGATED:
        return True
    return low[-2:] in (
        ["other", "than"],
        ["others", "than"],
        ["but", "not"],
        ["not", "by"],
        ["not", "about"],
        ["leave", "out"],
        ["except", "for"],
        ["but", "no"],
    )
