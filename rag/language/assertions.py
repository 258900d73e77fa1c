"""Causes, limits, effects, doubts and findings: the words by which questions ask for them and sentences state them.

The words are data (`assertions.yaml`). Knows neither questions nor papers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from rag.language.patterns import lazy

Assertion = Literal["cause", "limits", "effect", "doubt", "finding"]
"""What a statement tells besides facts."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one kind of statement, each list one pattern (see assertions.yaml)."""

    asked: re.Pattern[str]
    unless: re.Pattern[str]
    told: re.Pattern[str]
    titled: re.Pattern[str]
    mended: re.Pattern[str]


@lru_cache(maxsize=1)
def _data() -> Mapping[str, Any]:
    text = Path(__file__).with_name("assertions.yaml").read_text(encoding="utf-8")
    made: Mapping[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return made


def _pattern(parts: str | list[str]) -> re.Pattern[str]:
    return lazy(parts if isinstance(parts, str) else "|".join(parts), re.IGNORECASE)


@lru_cache(maxsize=1)
def assertion_words() -> Mapping[Assertion, Words]:
    """Return the words of each kind of statement."""
    return {
        kind: Words(*(_pattern(_data()[kind][name]) for name in ("asked", "unless", "told", "titled", "mended")))
        for kind in get_args(Assertion)
    }


@lru_cache(maxsize=1)
def _open() -> re.Pattern[str]:
    return _pattern(_data()["open"])


def patterns() -> tuple[re.Pattern[str], ...]:
    """Return every pattern that the file makes."""
    every = assertion_words().values()
    return (
        _open(),
        *(pattern for one in every for pattern in (one.asked, one.unless, one.told, one.titled, one.mended)),
    )


def is_open(sentence: str) -> bool:
    """Whether a sentence only looks into something, and does not say how it is.

    >>> is_open("여우가 자는지 여부를 탐구합니다."), is_open("여우는 밤에 잡니다.")
    (True, False)
    """
    return bool(_open().search(sentence))


def asked_assertion(text: str) -> tuple[Assertion | None, str]:
    """Return which kind of statement a question asks for, and the question without the words that say so.

    >>> asked_assertion("왜 눈 지도는 학습이 불안정해?"), asked_assertion("what are the drawbacks of snow maps?")
    (('cause', '눈 지도는 학습이 불안정해?'), ('limits', 'what are the snow maps?'))
    >>> asked_assertion("눈 지도 논문"), asked_assertion("why is FoxNet used?")
    ((None, '눈 지도 논문'), (None, 'why is FoxNet used?'))
    """
    for kind, words in assertion_words().items():
        if words.asked.search(text) and not words.unless.search(text):
            rest = text if kind == "effect" else words.asked.sub(" ", text)
            return kind, " ".join(rest.split())
    return None, text


@lru_cache(maxsize=1)
def _stray() -> tuple[frozenset[str], tuple[str, ...]]:
    listed = _data()["stray"]
    return frozenset(w for w in listed if w.isascii()), tuple(w for w in listed if not w.isascii())


def is_stray(word: str) -> bool:
    """Whether a word of a question says nothing of what it asks about.

    >>> is_stray("실제로"), is_stray("happen"), is_stray("눈")
    (True, True, False)
    """
    english, korean = _stray()
    return word.lower() in english or word.startswith(korean)
