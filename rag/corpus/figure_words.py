"""The words by which summaries measure: metrics and amounts, read from figures.yaml and compiled. Knows nothing of papers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Metric:
    """How results are measured: whether a high value is better, and whether it is a share, so that 0.93 is 93 %."""

    name: str
    high: bool
    share: bool
    family: str
    words: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Amount:
    """Something that a paper has so much of: what a number of it counts, and what stands near by, or must not.

    `own` tells that a sentence must say whose it is; amounts of different `settings` are never compared. What stands `surely`
    behind a number, or `led` to it, tells by itself what it is and that it is the paper's, but for what is `wrong` behind it.
    """

    name: str
    counts: Mapping[str, re.Pattern[str]]
    near: re.Pattern[str] | None
    barred: re.Pattern[str] | None
    before: re.Pattern[str] | None
    least: float
    most: float
    own: bool
    unit: str
    likely: re.Pattern[str]
    settings: Mapping[str, re.Pattern[str]]
    surely: re.Pattern[str] | None = None
    led: re.Pattern[str] | None = None
    wrong: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """All that figures.yaml holds; the lists of words are one pattern each."""

    metrics: tuple[Metric, ...]
    amounts: Mapping[str, Amount]
    lists: Mapping[str, re.Pattern[str]]
    generic: frozenset[str]
    metric_words: re.Pattern[str]

    def metric(self, match: re.Match[str]) -> Metric:
        """Return the metric that a match of `metric_words` names."""
        return self.metrics[int((match.lastgroup or "m0")[1:])]

    def of_name(self, name: str) -> Metric | None:
        """Return the metric of a name, None where none is called so."""
        return next((metric for metric in self.metrics if metric.name == name), None)


def _pattern(words: str | list[str]) -> re.Pattern[str]:
    return re.compile(words if isinstance(words, str) else "|".join(f"(?:{word})" for word in words), re.IGNORECASE)


def _amount(name: str, data: Mapping[str, Any]) -> Amount:
    things = data.get("things") or {"": data["count"]}
    counts = {thing: _pattern(words) for thing, words in things.items()}
    near, barred, before = (_pattern(data[key]) if key in data else None for key in ("near", "not", "before"))
    settings = {setting: _pattern(words) for setting, words in data.get("settings", {}).items()}
    return Amount(
        name,
        counts,
        near,
        barred,
        before,
        data.get("least", 0),
        data.get("most", float("inf")),
        data.get("own", False),
        data["unit"],
        _pattern(data["likely"]),
        settings,
        *(_pattern(data[key]) if key in data else None for key in ("surely", "led", "wrong")),
    )


@lru_cache(maxsize=1)
def figure_words() -> Words:
    """Return the product's words of figures."""
    data = yaml.load(
        Path(__file__).with_name("figures.yaml").read_text(encoding="utf-8"),
        Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader),
    )
    metrics = tuple(
        Metric(name, one["better"] == "high", one.get("share", False), one.get("family", name), _pattern(one["words"]))
        for name, one in data["metrics"].items()
    )
    amounts = {name: _amount(name, one) for name, one in data["amounts"].items()}
    lists = {name: _pattern(words) for name, words in data["words"].items()}
    spelled = "|".join(f"(?P<m{n}>{'|'.join(one['words'])})" for n, one in enumerate(data["metrics"].values()))
    return Words(metrics, amounts, lists, frozenset(data["generic"]), re.compile(spelled, re.IGNORECASE))


def patterns() -> tuple[re.Pattern[str], ...]:
    """Return every pattern that the file makes."""
    words = figure_words()
    amounts = [
        pattern
        for one in words.amounts.values()
        for pattern in (
            *one.counts.values(),
            one.near,
            one.barred,
            one.before,
            one.likely,
            one.surely,
            one.led,
            one.wrong,
        )
        if pattern
    ]
    amounts += [pattern for one in words.amounts.values() for pattern in one.settings.values()]
    return (words.metric_words, *(metric.words for metric in words.metrics), *amounts, *words.lists.values())
