"""Typing errors of a question: missing blanks, and words that no paper has and one known word is near to."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from functools import lru_cache

from rag.corpus.catalogue import Catalogue
from rag.language import analysis
from rag.language.terms import fold, glossary, squash

_GLUED = 8  # letters of Hangul in a row from which blanks are looked for
_SHORTEST_LATIN, _SHORTEST_HANGUL = 5, 3  # letters of a word that may be mended
_ALIKE = 0.86  # difflib ratio from which a known word is taken for a typed one
_COMMON = 3  # times a word must stand in the papers to be what was meant
_JAMO_APART = 1  # sounds that may differ in a Korean word of three syllables; two in longer ones
_LONGEST_RUN = 300  # letters without a blank, up to which they may be a sentence
_LONG_RUN = re.compile(rf"[가-힣]{{{_GLUED},}}")
_PAPER = re.compile(r"(?<=[가-힣A-Za-z0-9])논문(?!집)")
_PAIR = re.compile(r"(?<![가-힣])([가-힣]{2,8}?)(와|과|이랑|랑|하고|이나|나|도)([가-힣]{2,8})")
_VERB_BEHIND = re.compile(r"(?<=[A-Za-z0-9])([이가을를도은는])(?=안?(?:쓴|쓰지|쓰는|사용|다룬|다루|제안한|나온))")
_FULL_NAME = re.compile(r"(?<![\w.-])[A-Z][a-z]+(?:[A-Z][a-z]+){1,2}(?![A-Za-z0-9_-])")
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD = re.compile(r"[A-Za-z]{5,}|[가-힣]{3,}")


def respaced(text: str, catalogue: Catalogue) -> str:
    """Return a question with the blanks that a hurried writer left out of its long words.

    Words that the papers have as they stand stay whole.
    """
    glued = [run for run in _LONG_RUN.findall(text) if not catalogue.occurs(run)]  # with 논문: it is glued to others
    text = _PAPER.sub(" 논문", text)
    text = analysis.spaced(text) if 0 < max(map(len, glued), default=0) <= _LONGEST_RUN else text
    text = _VERB_BEHIND.sub(r"\1 ", _PAIR.sub(_apart_where_known, text))
    return _FULL_NAME.sub(lambda match: _as_author(match.group(), catalogue), text)


def _apart_where_known(match: re.Match[str]) -> str:
    """Return two things of the glossary that nothing but a conjunction stands between with a blank: 로라와맘바."""
    first, join, rest = match.groups()
    known = glossary().knows(first) and any(glossary().knows(rest[:end]) for end in range(2, len(rest) + 1))
    return f"{first}{join} {rest}" if known else match.group()


def _as_author(name: str, catalogue: Catalogue) -> str:
    """Return a word that no paper has with the blanks of an author's name, where it is one: KaimingHe."""
    spaced = _CAPITAL.sub(" ", name)
    return spaced if not catalogue.occurs(squash(name)) and catalogue.authors.papers(spaced) else name


@lru_cache(maxsize=1)
def _korean_words() -> dict[str, str]:
    """Return the Korean words of the glossary by their sounds."""
    spellings = (spelling for group in glossary().groups for spelling in group)
    words = {word for spelling in spellings for word in re.findall("[가-힣]{3,}", spelling)}
    return {_sounds(word): word for word in sorted(words)}


def _sounds(word: str) -> str:
    """Return the letters that a Korean word is made of, one character each."""
    made = []
    for syllable in word:
        code = ord(syllable) - 0xAC00
        made += [chr(0x1100 + code // 588), chr(0x1161 + code % 588 // 28)]
        made += [chr(0x11A7 + code % 28)] if code % 28 else []
    return "".join(made)


def _apart(one: str, other: str, most: int) -> int:
    """Return how many letters must be changed, added or taken out to make one word the other; more than `most` where many."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        before, row[0] = row[0], at
        for place, wanted in enumerate(other, start=1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (letter != wanted))
        if min(row) > most:
            return most + 1
    return row[-1]


_MENDED = 12  # words of a topic that are looked at for errors


@lru_cache(maxsize=1024)
def _near_korean(word: str) -> str:
    """Return the one Korean word of the glossary that a word is a slip away from, "" where there is none."""
    said = _sounds(word)
    most = _JAMO_APART if len(word) <= _SHORTEST_HANGUL else _JAMO_APART + 1
    best = {(_apart(said, sounds, most), known) for sounds, known in _korean_words().items() if len(known) == len(word)}
    near = sorted(pair for pair in best if pair[0] <= most)
    return near[0][1] if near and (len(near) == 1 or near[0][0] < near[1][0]) else ""


def _near_latin(word: str, catalogue: Catalogue) -> str:
    """Return the word of the papers that a Latin word is most like, "" where none is like it."""
    key = squash(word)
    close = [
        known
        for known in difflib.get_close_matches(key, catalogue.words_like(key, 2), n=4, cutoff=_ALIKE)
        if catalogue.frequency(known) >= _COMMON
    ]

    def likeness(known: str) -> tuple[float, int]:
        return round(difflib.SequenceMatcher(None, key, known).ratio(), 2), catalogue.frequency(known)

    return fold(catalogue.vocabulary[max(close, key=likeness)]) if close else ""


def mended(
    text: str, catalogue: Catalogue, is_spoken: Callable[[str], bool] = lambda word: False
) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return a topic with its typing errors mended, and each (word as typed, word as taken).

    Only words that stand in no paper are looked at, and only where a known word is near; a word that `is_spoken` is right.
    """
    taken: list[tuple[str, str]] = []
    for match in reversed(list(_WORD.finditer(text))[:_MENDED]):
        word = match.group()
        if catalogue.occurs(squash(word)) or glossary().knows(word) or is_spoken(word):
            continue
        near = _near_latin(word, catalogue) if word.isascii() else _near_korean(word)
        if near and near not in (fold(word), fold(word).removesuffix("s")):
            text = f"{text[: match.start()]}{near}{text[match.end() :]}"
            taken.append((word, near))
    return text, tuple(reversed(taken))
