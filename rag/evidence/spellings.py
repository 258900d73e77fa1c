"""Topics as they are spelled: typing errors mended, and what the glossary knows in its usual English and Korean spellings."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from string import ascii_lowercase
from typing import NamedTuple

from rag.language import analysis
from rag.language.terms import glossary, spots, squash
from rag.language.text import ENGLISH_GRAMMAR

LATIN = re.compile(r"[A-Za-z]{5,}")
_SMALL = re.compile(r"(?<![A-Za-z0-9-])[a-z]{2,5}(?![A-Za-z0-9-])")


class Piece(NamedTuple):
    """A part of a phrase that the glossary knows: where it stands, and all its spellings."""

    start: int
    end: int
    group: tuple[str, ...]


def _is_korean(text: str) -> bool:
    return any("가" <= letter <= "힣" for letter in text)


@cache
def _needles() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Return every spelling of the glossary, squashed and as it is, with its group."""
    return tuple((squash(spelling), spelling, group) for group in glossary().groups for spelling in group)


def mended(phrase: str, words: Mapping[str, int], known: Callable[[str], bool]) -> str:
    """Return a phrase with its small Latin words that occur nowhere in their likeliest spelling one letter away.

    `words` says how often spellings occur, `known` whether a word does. Names (a capital behind the first letter) stay, and
    so do words of less than five letters.

    >>> mended("quantizaton of DoRAs", {"quantization": 3, "doors": 9}, lambda word: word in ("of", "quantization"))
    'quantization of DoRAs'
    """

    def spelled(match: re.Match[str]) -> str:
        word = match.group()
        if any(map(str.isupper, word[1:])) or known(word):
            return word
        return max(_one_letter_away(word.lower()) & words.keys(), key=lambda w: (words[w], w), default=word)

    return LATIN.sub(spelled, phrase)


def _one_letter_away(word: str) -> set[str]:
    """Return the spellings with one letter less, more, other, or two neighbours swapped."""
    halves = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    less = {left + right[1:] for left, right in halves if right}
    swapped = {left + right[1] + right[0] + right[2:] for left, right in halves if len(right) > 1}
    other = {left + letter + right[1:] for left, right in halves if right for letter in ascii_lowercase}
    more = {left + letter + right for left, right in halves for letter in ascii_lowercase}
    return less | swapped | other | more


@lru_cache(maxsize=4096)
def known_pieces(phrase: str) -> tuple[Piece, ...]:
    """Return the parts of a phrase that the glossary knows, in order, the longer where two overlap; may be empty."""
    flat = squash(phrase)
    found = [
        Piece(start, end, group)
        for needle, spelling, group in _needles()
        if needle in flat
        for start, end in spots(phrase, spelling)
    ]
    chosen: list[Piece] = []
    for piece in sorted(found, key=lambda p: (p.start - p.end, p.start)):
        if all(piece.end <= other.start or other.end <= piece.start for other in chosen):
            chosen.append(piece)
    return tuple(sorted(chosen))


def with_capitals(phrase: str) -> str:
    """Return a phrase with the acronyms of the glossary in capitals, as they are known by.

    >>> with_capitals("rag for vlm agents")
    'RAG for VLM agents'
    """
    return _SMALL.sub(lambda m: m.group().upper() if _is_acronym(m.group()) else m.group(), phrase)


@lru_cache(maxsize=1024)
def _is_acronym(word: str) -> bool:
    variants = glossary().term(word).variants
    return word.upper() in variants and word not in variants and word not in ENGLISH_GRAMMAR


def usual(phrase: str, *, korean: bool) -> str:
    """Return a phrase with each known part in its usual spelling in one of the two scripts.

    Other words stay, and so do parts that have no spelling in that script.

    >>> usual("LLM의 강화 학습", korean=False), usual("RL for video editing", korean=True)
    ('large language model의 reinforcement learning', '강화 학습 for 비디오 편집')
    """
    parts, at = [], 0
    for piece in known_pieces(phrase):
        own = phrase[piece.start : piece.end]
        parts += [phrase[at : piece.start], next((s for s in piece.group if _is_korean(s) == korean), own)]
        at = piece.end
    return "".join([*parts, phrase[at:]])


def spelled_parts(facet: str) -> tuple[list[Sequence[str]], int]:
    """Return the parts of a phrase, each in its spellings, those that the glossary knows first, and how many these are."""
    pieces = known_pieces(facet)
    known: list[Sequence[str]] = [piece.group for piece in pieces]
    return [*known, *([word] for word in rest_of(facet, pieces))], len(known)


def rest_of(facet: str, pieces: Sequence[Piece]) -> list[str]:
    """Return the words of a phrase that are in none of its known parts and are index terms, each term once."""
    at, left = 0, []
    for piece in pieces:
        left.append(facet[at : piece.start])
        at = piece.end
    left.append(facet[at:])
    found = {term: word for part in reversed(left) for word in reversed(part.split()) for term in analysis.terms(word)}
    return list(dict.fromkeys(reversed(found.values())))
