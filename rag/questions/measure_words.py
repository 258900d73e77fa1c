"""The words by which questions speak of reported figures, read from measures.yaml and compiled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from rag.language.patterns import lazy

_NEAR = 18  # letters between an amount's name and the words that ask for the most of it


@dataclass(frozen=True, slots=True)
class AmountWords:
    """How an amount is named, and what asks for the most and the least of it; `alone` does without its name.

    `asked` names it where its values are asked for."""

    named: re.Pattern[str]
    more: re.Pattern[str]
    less: re.Pattern[str]
    alone: re.Pattern[str] | None
    asked: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class MeasureWords:
    """All that measures.yaml holds, each list of words one pattern; `values` asks what values are reported."""

    amounts: Mapping[str, AmountWords]
    things: Mapping[str, re.Pattern[str]]
    ends: Mapping[str, re.Pattern[str]]
    settings: re.Pattern[str]
    score: re.Pattern[str]
    others: re.Pattern[str]
    fillers: re.Pattern[str]
    field: re.Pattern[str]
    values: re.Pattern[str]


def _compiled(words: str) -> re.Pattern[str]:
    return lazy(words, re.IGNORECASE)


def _amount(data: Mapping[str, Any], most: str) -> AmountWords:
    """Compile the words of an amount: “데이터셋이 가장 큰”, “가장 큰 데이터셋”, “the largest dataset”."""
    named = data["named"]
    gap = rf"[^.?!,]{{0,{_NEAR}}}?"
    more, less = (
        _compiled(
            rf"(?:{named}){gap}(?:{most}) ?(?:{data[way]})[가-힣]*|(?:{most}) ?(?:{data[way]})[가-힣]* (?:[^ ]+ ){{0,2}}?(?:{named})"
            rf"|\b(?:{data[way]}) (?:[\w-]+ ){{0,3}}?(?:{named})"
        )
        for way in ("more", "less")
    )
    return AmountWords(
        _compiled(named), more, less, _compiled(data["alone"]) if "alone" in data else None, _compiled(data["asked"])
    )


@lru_cache(maxsize=1)
def measure_words() -> MeasureWords:
    """Return the product's words of questions about figures."""
    data = yaml.load(
        Path(__file__).with_name("measures.yaml").read_text(encoding="utf-8"),
        Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader),
    )
    return MeasureWords(
        {name: _amount(one, data["most"]) for name, one in data["amounts"].items()},
        {name: _compiled(one) for name, one in data["things"].items()},
        {name: _compiled(one) for name, one in data["ends"].items()},
        _compiled(data["settings"]),
        _compiled(data["score"]),
        _compiled(data["others"]),
        _compiled(data["fillers"]),
        _compiled(data["field"]),
        _compiled(data["values"]),
    )


def patterns() -> tuple[re.Pattern[str], ...]:
    """Return every pattern that the file makes."""
    words = measure_words()
    amounts = [p for one in words.amounts.values() for p in (one.named, one.more, one.less, one.alone, one.asked) if p]
    rest = (words.settings, words.score, words.others, words.fillers, words.field, words.values)
    return (*amounts, *words.things.values(), *words.ends.values(), *rest)
