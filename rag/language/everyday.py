"""Everyday wordings of topics and the field's words for them: “글 잡아내는” is what papers call “텍스트 탐지”.

The pairs stand in `everyday_ko.txt` and `everyday_en.txt`, one a line: `wording | wording : field words | field words`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from rag.language.analysis import latin_terms, terms
from rag.language.terms import glossary

_LONGEST = 3  # words of a term of the glossary that is looked for
_MANY = 4  # words that carry meaning, from which on a wording is known without one of them
_LIGHT = frozenset("하는 해주는 거 것 걸 게 수 더 그 이".split())  # words of a wording that carry no meaning
READINGS = 2  # ways in which a topic is put into the field's words


@dataclass(frozen=True, slots=True)
class Wording:
    """An everyday wording, with what the field says for it, its usual words first."""

    words: tuple[str, ...]
    said: tuple[str, ...]

    @property
    def carrying(self) -> list[str]:
        """Its words that carry meaning, as far as their form tells."""
        return [word for word in self.words if (latin_terms(word) if word.isascii() else word not in _LIGHT)]

    @property
    def beginnings(self) -> frozenset[str]:
        """The first letter of each of its words that carry meaning."""
        return frozenset(word[0] for word in self.carrying)


@lru_cache(maxsize=1)
def wordings() -> tuple[tuple[frozenset[str], Wording], ...]:
    """Return every wording with the first letters of its words, those of most words first."""
    found = [
        wording for language in ("ko", "en") for wording in _read(Path(__file__).with_name(f"everyday_{language}.txt"))
    ]
    return tuple((one.beginnings, one) for one in sorted(found, key=lambda one: -len(one.words)))


def _read(path: Path) -> list[Wording]:
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        asked, _, said = line.partition(" : ")
        phrases = tuple(phrase.strip() for phrase in said.split(" | "))
        found += [Wording(tuple(one.split()), phrases) for one in asked.lower().split(" | ") if said]
    return found


@lru_cache(maxsize=1024)  # a topic is looked at from several sides, and followed from one index to the next
def in_field_words(topic: str) -> tuple[str, ...]:
    """Return a topic with its everyday wordings exchanged for the field's words; () where none stands in it.

    >>> in_field_words("휴대폰에서 돌아가는 언어 모델")
    ('온디바이스 언어 모델', '모바일 기기 언어 모델')
    """
    letters = frozenset(word[0].lower() for word in topic.split())
    words = [word for word in topic.split() if terms(word)]
    stems = [frozenset(terms(word)) for word in words]
    field = _of_the_field(words)
    taken: dict[int, Wording] = {}
    for spare in (0, 1):  # as it stands, then without one of many words
        for beginnings, wording in wordings():
            if len(beginnings - letters) > spare or (spare and len(wording.words) < _MANY):
                continue
            places = _places(wording, stems, spare)
            if places and not places <= taken.keys() | field and not (spare and places & taken.keys()):
                taken |= dict.fromkeys(places - taken.keys(), wording)
    readings = [_exchanged(words, taken, choice) for choice in range(READINGS)] if taken else []
    return tuple(dict.fromkeys(readings))


def _of_the_field(words: Sequence[str]) -> set[int]:
    """Return the places of words that stand for something in the glossary, alone or with their neighbours: “reward hacking”."""
    runs = (range(at, at + size) for size in range(1, _LONGEST + 1) for at in range(len(words) - size + 1))
    return {place for run in runs if glossary().knows(" ".join(words[at] for at in run)) for place in run}


@cache  # the wordings of two files
def _stems(wording: Wording) -> tuple[frozenset[str], ...]:
    return tuple(filter(None, (frozenset(terms(word)) for word in wording.words)))


def _places(wording: Wording, stems: Sequence[frozenset[str]], spare: int = 0) -> set[int]:
    """Return the places of a topic's words that a wording takes; none where one of its words is missing.

    Of MANY words and more, as many as are to `spare` may be missing.
    """
    asked = _stems(wording)
    found = {next((at for at, held in enumerate(stems) if one <= held), None) for one in asked}
    missing = sum(not any(one <= held for held in stems) for one in asked)
    return {at for at in found if at is not None} if missing <= (spare if len(asked) >= _MANY else 0) else set()


def _exchanged(words: Sequence[str], taken: dict[int, Wording], choice: int) -> str:
    """Return a topic with the field's words in place of the wordings that stand in it, no word twice."""
    made: list[str] = []
    for at, word in enumerate(words):
        said = taken[at].said if at in taken else (word,)
        made += said[min(choice, len(said) - 1)].split()
    return " ".join(dict.fromkeys(made))
