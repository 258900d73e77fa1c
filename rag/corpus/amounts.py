"""Amounts that a sentence of a summary gives for its paper: parameters, training tokens, context, data, speed-up, cost, memory.

What is kept is sure: an amount of another model, a saving, or a number with no plain thing behind it is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.corpus.benchmark_names import DEVICE, SUBJECT, Named
from rag.corpus.figure_words import Amount, figure_words
from rag.corpus.scores import CLAUSE, is_anothers
from rag.language.numbers import Figure, numbers
from rag.language.patterns import lazy

_AROUND = 40  # letters around a number in which it is told what it measures
_UNITS: dict[str, dict[str, float]] = {
    "speedup": {"x": 1}, "cost": {"$": 1}, "memory": {"gb": 1, "mb": 1 / 1024},
    "time": {"ms": 0.001, "s": 1, "min": 60, "h": 3600, "d": 86400, "wk": 604800},
}  # fmt: skip
_BARE = lazy(r"[A-Za-z_@/.][-.]?$|(?<![\d배x])[+±–-]$|\^$")
_RANGE = lazy(r" ?배? ?(?:[-~∼–]|에서|부터) ?\d")
_MORE = lazy(
    r" ?(?:여|가량|이상|정도)? ?(?:개|장|편|건|쌍|명)?(?:의|가량|이상의?|여|정도의?|넘는|[이가] 넘는|를 넘는| ?개 이상의?| ){0,4}"
)
_UNIT = lazy(
    r" ?(?:배|[x×]|-?fold|times|달러|dollars?|GB|GiB|MB|기가바이트|밀리초|시간|분|초|일|주|ms|hours?|minutes?|seconds?|days?|weeks?)?",
    re.IGNORECASE,
)
_ANY_SIZE = lazy(r"(?<![\d.,A-Za-z])(\d{1,4}(?:\.\d{1,3})?) ?[bB](?![A-Za-z0-9])(?! ?(?:토큰|tokens?))")
_OF_SIZE = lazy(r" ?(?:개)?(?:의)? ?(?:파라미터|매개 ?변수|(?:trainable )?param)")
_OF_TOKENS = lazy(r" ?(?:개)?(?: ?이상)?(?:의)? ?(?:[가-힣A-Za-z]{1,8} ){0,2}?(?:토큰|tokens?(?![A-Za-z]))")
_LEAST_SAID = 1e7  # a smaller number of tokens is a context
_SIZED = lazy(r"[- ](\d+(?:\.\d+)?)[bB](?![A-Za-z0-9])")
_DATASET = lazy(r"(?:(?:이?라는| is an?)[^,.]{0,40}?)? ?(?:데이터|벤치마크|말뭉치|dataset|benchmark)")
_BASELINE = lazy(
    r"(?: ?모델)?(?:보다|[과와]|[을를] (?:능가|뛰어넘|넘어|기반|[^,.]{0,14}사용|파인튜닝|미세)|에 비해| 대비|의 )| models?\b"
)
_SET = 28  # letters around a number in which its setting is told
_BEFORE = 10  # letters before a number in which a word tells that it is of a part, or an average
_REACH = 60  # letters behind a number in which a sentence says what is made of it
_DESCRIBES = lazy(r"[된한는진인춘은] (?:[가-힣]{1,8} ){0,2}$")
_OTHERS = ("other", "benchmark")
_ADJECTIVES = lazy(r"(?:(?:[가-힣]{0,10}[^을를는에과와의 -]|[A-Za-z]{1,12})[ -]){0,3}")


@dataclass(frozen=True, slots=True)
class Amounted:
    """An amount: its kind ("size"), what is counted where that differs ("images"), its value, and the number's place."""

    measure: str
    thing: str
    value: float
    start: int
    end: int


def amounts(text: str, names: Sequence[Named]) -> Iterator[Amounted]:
    """Yield the amounts that a sentence credits to its paper. `names` are its names in order."""
    yield from _sizes_in(text, names)
    figures = [figure for figure in numbers(text) if figure.digits or "배" in text]
    for figure in figures:
        start, end = figure.span
        if any(name.start < end and start < name.end for name in names) or _BARE.search(text[:start]):
            continue
        if is_anothers(text, start, names):
            continue
        for amount in figure_words().amounts.values():
            found = _amounted(text, figure, amount)
            if found and amount.own and not _is_own(text, found, names):
                found = None
            if found := found or _surely(text, figure, amount, names):
                yield found
                break


def amounts_said(text: str, measure: str) -> Iterator[Amounted]:
    """Yield the model sizes or numbers of tokens that a sentence writes, whoever's they are.

    >>> [one.value for one in amounts_said("Fox-7B와 0.5B 모델, 30억 개의 파라미터", "size")]
    [7000000000.0, 500000000.0, 3000000000.0]
    >>> [one.value for one in amounts_said("1조 개의 텍스트 토큰, 4K 토큰 문맥", "tokens")]
    [1000000000000.0]
    """
    if measure == "size":
        for match in _ANY_SIZE.finditer(text):
            yield Amounted(measure, "", float(match[1]) * 1e9, match.start(1), match.end())
    counted = _OF_SIZE if measure == "size" else _OF_TOKENS
    for figure in numbers(text):
        value, (start, end) = _value(figure, measure), figure.span
        if value and value >= _LEAST_SAID and counted.match(text, end):
            yield Amounted(measure, "", value, start, end)


def _sizes_in(text: str, names: Sequence[Named]) -> Iterator[Amounted]:
    """Yield the sizes that a paper's own models have in their names: "Zephyr-7B"."""
    for name in names:
        sizes = [*_SIZED.finditer(name.text)] if name.owner == "own" else []
        data = _DATASET.match(text, name.end) or _DATASET.search(text[: name.start][-_BEFORE:])
        if sizes and not data and not _BASELINE.match(text, name.end):
            at = name.start + sizes[-1].start(1)
            yield Amounted("size", "", float(sizes[-1][1]) * 1e9, at, at + len(sizes[-1][1]) + 1)


def _value(figure: Figure, measure: str) -> float | None:
    """Return what a number counts, by its unit; None where its unit is another one."""
    wanted = _UNITS.get(measure)
    for value, unit in sorted(figure.readings, reverse=True):
        if wanted and unit in wanted:
            return float(value) * wanted[unit]
        if not wanted and unit in ("", "n", "h"):
            return float(value)
    return None


def _amounted(text: str, figure: Figure, amount: Amount) -> Amounted | None:
    """Return a number as an amount of a kind; None where the words around it tell another thing."""
    start, end = figure.span
    value = _value(figure, amount.name)
    if value is None or not amount.least <= value <= amount.most:
        return None
    clause = max((match.end() for match in CLAUSE.finditer(text, 0, start)), default=0)
    ahead, behind = text[max(clause, start - _AROUND) : start], text[end : end + _AROUND]
    behind = behind[: cut.start() + 1] if (cut := CLAUSE.search(behind)) else behind
    if amount.near and not amount.near.search(text if amount.name == "data" else f"{ahead}|{behind}"):
        return None
    if (amount.barred and amount.barred.search(behind)) or (amount.before and amount.before.search(ahead[-_BEFORE:])):
        return None
    at = _after(_UNIT if amount.name in _UNITS else _MORE, text, end)
    places = (at, _after(_ADJECTIVES, text, at)) if amount.name == "data" else (at,)
    for thing, counted in amount.counts.items():
        if any(counted.match(text, place) for place in places):
            return Amounted(amount.name, thing or _setting(amount, ahead, behind), value, start, end)
    return None


def _surely(text: str, figure: Figure, amount: Amount, names: Sequence[Named]) -> Amounted | None:
    """Return a number as an amount of a kind where what stands beside it tells both the kind and that it is the paper's."""
    start, end = figure.span
    value = _value(figure, amount.name)
    if value is None or not amount.least <= value <= amount.most or not (amount.surely or amount.led):
        return None
    if (amount.wrong and amount.wrong.match(text, end)) or (amount.name == "speedup" and _RANGE.match(text, end)):
        return None
    if (amount.before and amount.before.search(text[max(0, start - _BEFORE) : start])) or _is_foreign(
        text, start, end, amount, names
    ):
        return None
    behind = amount.surely.match(text, end) if amount.surely else None
    if not behind and not (amount.led and amount.led.search(text[max(0, start - _AROUND) : start])):
        return None
    thing = next((name.rstrip("2") for name, said in behind.groupdict().items() if said), "") if behind else ""
    setting = _setting(amount, text[max(0, start - _AROUND) : start], text[end : end + _AROUND])
    return Amounted(amount.name, thing or setting, value, start, end)


def _is_foreign(text: str, start: int, end: int, amount: Amount, names: Sequence[Named]) -> bool:
    """Whether a name beside a number takes it from the paper: one before it with no other subject, or one that it describes."""
    others = _OTHERS if amount.name == "data" else _OTHERS[:1]
    if any(
        name.owner in others and 0 <= name.start - end <= _AROUND and _DESCRIBES.search(text[end : name.start])
        for name in names
    ):
        return True
    comma = text.rfind(",", 0, start)
    ahead = [name for name in names if name.owner == "other" and comma < name.end <= start]
    if all(DEVICE.search(name.text) for name in ahead):
        return False
    own = any(name.owner == "own" and name.start < start and SUBJECT.match(text, name.end) for name in names)
    return not own and not figure_words().lists["ours"].search(text, 0, start)


def _after(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Return where a pattern that matches at a place ends, or the place itself."""
    match = pattern.match(text, at)
    return match.end() if match else at


def _setting(amount: Amount, ahead: str, behind: str) -> str:
    """Return the setting that an amount is of, “use” where no other one is told; empty for amounts without settings."""
    told = (name for name, words in amount.settings.items() if words.search(f"{ahead[-_SET:]}|{behind[:_SET]}"))
    return next(told, "use") if amount.settings else ""


def _is_own(text: str, found: Amounted, names: Sequence[Named]) -> bool:
    """Whether a sentence says that an amount is its paper's: by a name of its own, by “this model”, or by what is made."""
    lists = figure_words().lists
    nearby = [name for name in names if name.start >= found.end and name.start - found.end <= _AROUND]
    if nearby and nearby[0].owner in (("other", "benchmark") if found.measure == "data" else ("other",)):
        return False
    if any(name.owner == "own" and name.start < found.end + _AROUND for name in names):
        return True
    foreign = any(name.owner in ("other", "benchmark") for name in names)
    told = lists["ours"].search(text, 0, found.end + _AROUND) or not foreign
    return bool(told and lists["made"].search(text, found.end, found.end + _REACH))
