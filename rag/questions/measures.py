"""Reported figures in a question: what is measured, which end of it is asked for, and within which bounds. Pure.

"MATH 점수가 가장 높은 논문", "models under 3B parameters". Words are data (`measures.yaml`), benchmarks are those that summaries
name. A question that ranks by votes or days asks for no figure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.corpus.benchmark_names import canonical, spelled
from rag.corpus.figure_words import figure_words
from rag.language.numbers import Figure, numbers
from rag.language.terms import glossary
from rag.language.text import ENGLISH_GRAMMAR
from rag.questions.measure_words import measure_words
from rag.questions.plan import AMOUNTS, FigureAsked
from rag.questions.quantities import value_bounds

Span = tuple[int, int]
Benchmarks = Callable[[], Mapping[str, str]]
_UNITS = {
    "x": "speedup",
    "times": "speedup",
    "$": "cost",
    "gb": "memory",
    "h": "time",
    "min": "time",
    "s": "time",
    "d": "time",
}
_VALUED = ("speedup", "time", "memory", "cost", "context", "tokens", "size", "data")
_SECONDS = {"h": 3600.0, "min": 60.0, "s": 1.0, "d": 86400.0}
_SET = ("cost", "memory", "time")  # amounts of training are other ones than those of use
_MAY = re.compile(
    r"\d|가장|제일|젤|최[고대저소]|1위|[일1]등|성능|(?:est|most|least|top|maximum|minimum)(?![a-z])", re.IGNORECASE
)
_COUNTS = ("size", "tokens", "context", "data")
_NEAR = 18  # letters between an amount's name and the words that ask for the most of it
_LONGEST = 5  # words of a benchmark's name
_WORD = re.compile(r"[A-Za-z0-9µτ][\w+./@×-]*[\w+]|[A-Za-z0-9µτ]", re.ASCII)
_STRAY = re.compile(r"^(?:[가-힣]{1,2}|of|on|the|with|in) |(?: (?:of|on|with|in|and))+$")
_SURELY = 0.7  # probability from which this is taken from it where nothing is named
_SURE = 0.5  # probability from which the network alone tells that values are ranked


@dataclass(frozen=True, slots=True)
class Measured:
    """What a question asks of reported figures.

    `order` is set where it asks for an end of a ranking; `spans` are the words that say all this, which name nothing else;
    `unitless` is a threshold that needs a unit to mean anything.
    """

    figure: FigureAsked
    order: Literal["desc", "asc"] | None
    spans: tuple[Span, ...]
    unitless: str = ""


def speaks_of_votes(text: str, start: int, end: int) -> bool:
    """Whether words beside a number say that it counts votes."""
    return bool(measure_words().others.search(text, max(0, start - 10), end + 8))


def is_filler(words: str) -> bool:
    """Whether words name nothing beside a figure: “models”, “학습한”."""
    return all(
        measure_words().fillers.fullmatch(word)
        or word.lower() in ENGLISH_GRAMMAR
        or not re.search("[A-Za-z가-힣]{2}", word)
        for word in words.split()
    )


def is_of_field(text: str) -> bool:
    """Whether a text has a word of papers and their models, so that its amounts are theirs."""
    return bool(measure_words().field.search(text))


def left_of(text: str, start: int, said: str, places: Sequence[Span]) -> str:
    """Return what is left of words of a text when those in some places are taken out; empty where that names nothing.

    >>> left_of("vision models under 3B", 0, "vision models", [(7, 13)]), left_of("models under 3B", 0, "models", [(0, 6)])
    ('vision', '')
    """
    end = start + len(said)
    inside = [(max(a, start), min(b, end)) for a, b in places if a < end and start < b]
    if not inside:
        return "" if is_filler(said) else said
    if text[start:end] != said:
        return ""
    kept = "".join(" " if any(a <= at < b for a, b in inside) else text[at] for at in range(start, end))
    kept = _STRAY.sub("", " ".join(kept.split()))
    return "" if is_filler(kept) else kept


def asked_for(name: str, benchmarks: Benchmarks) -> FigureAsked:
    """Return the figure that a name by itself means: an amount, a metric, else a benchmark in its usual spelling."""
    if name.lower() in AMOUNTS:
        return FigureAsked(name.lower())
    metric = figure_words().metric_words.fullmatch(name)
    if metric and canonical(name) not in benchmarks():
        return FigureAsked("", figure_words().metric(metric).name)
    return FigureAsked(benchmarks().get(canonical(name), name))


def measured(
    text: str,
    held: Iterable[Span],
    orders: Mapping[str, float],
    benchmarks: Benchmarks,
    *,
    ranks: bool = False,
    values: bool = False,
) -> Measured | None:
    """Return what a question asks of reported figures, None where it asks for none.

    `held` are places that mean something else (votes, days, people); `orders` how probable each order is, and `ranks` that
    a ranking is asked for, `values` that no paper is named, so that reported values are those of a set. Where it is one of values and does not say of which, the figure is of nothing.
    """
    for start, end in held:
        text = text[:start] + "_" * (end - start) + text[end:]
    asked = _reported(text, benchmarks) if values else None
    if not _MAY.search(text):
        return asked
    if bounded := _bounded(text, benchmarks):
        return bounded
    if measure_words().others.search(text):
        return None
    return (
        _ranked_amount(text) or _ranked_score(text, orders, benchmarks) or asked or _ranked_vaguely(text, orders, ranks)
    )


# --- values of a set -------------------------------------------------------------------------------------------------
def _reported(text: str, benchmarks: Benchmarks) -> Measured | None:
    """Read "speculative decoding speedups reported", "속도가 몇 배까지 빨라졌다고 보고했나": every value, and no end of them."""
    words = measure_words()
    spans = [match.span() for match in words.values.finditer(text)]
    if not spans or words.others.search(text):
        return None
    for name in _VALUED:
        if found := [match.span() for match in words.amounts[name].asked.finditer(text)]:
            thing = _setting(text, found[0]) if name in _SET else None
            return Measured(
                FigureAsked(name, thing[0] if thing else ""), None, (*found, *spans, *([thing[1]] if thing else []))
            )
    named, metric = _benchmark(text, benchmarks, loose=False), _metric(text)
    scored = [match.span() for match in words.score.finditer(text)]
    if not named or not (scored or metric):
        return None
    spans += [*scored, named[1], *([metric[1]] if metric else [])]
    return Measured(FigureAsked(named[0], metric[0] if metric else ""), None, tuple(spans))


# --- ends of a ranking -----------------------------------------------------------------------------------------------
def _ranked_amount(text: str) -> Measured | None:
    """Read "the smallest model", "데이터셋이 가장 큰 논문"."""
    found: list[tuple[int, str, Literal["desc", "asc"], Span]] = []
    for name, amount in measure_words().amounts.items():
        ways: tuple[tuple[re.Pattern[str] | None, Literal["desc", "asc"]], ...] = (
            (amount.more, "desc"), (amount.less, "asc"), (amount.alone, "asc" if name == "cost" else "desc"),
        )  # fmt: skip
        for pattern, order in ways:
            if pattern and (match := pattern.search(text)):
                found.append((name == "size", name, order, match.span()))  # “모델” is the vaguest word: it comes last
    if not found:
        return None
    _, name, order, span = min(found)
    thing = _thing(text) if name == "data" else _setting(text, span) if name in _SET else None
    spans = (span, *((thing[1],) if thing else ()))
    return Measured(FigureAsked(name, thing[0] if thing else ""), order, spans)


def _thing(text: str) -> tuple[str, Span] | None:
    """Return what data counts, where a word for it stands beside the data: “largest image dataset”."""
    data = measure_words().amounts["data"].named
    for match in data.finditer(text):
        for name, pattern in measure_words().things.items():
            if near := pattern.search(text, max(0, match.start() - _NEAR), match.start()):
                return name, near.span()
    return None


def _setting(text: str, span: Span) -> tuple[str, Span] | None:
    """Return that an amount is one of training, where a word says so."""
    told = measure_words().settings.search(text, max(0, span[0] - _NEAR), span[1])
    return ("training", told.span()) if told else None


def _ranked_vaguely(text: str, orders: Mapping[str, float], ranks: bool) -> Measured | None:
    """Read a ranking of values that does not say of which: "성능이 가장 좋은 논문"."""
    value = max(orders, key=lambda name: orders[name]) if orders else "none"
    told = any(pattern.search(text) for pattern in measure_words().ends.values()) and measure_words().score.search(text)
    sure = value.startswith("value") and orders[value] >= _SURELY and is_of_field(text)
    if ranks and (sure or told):
        return Measured(FigureAsked(""), "desc", ())
    return None


def _ranked_score(text: str, orders: Mapping[str, float], benchmarks: Benchmarks) -> Measured | None:
    """Read "the highest score on MATH", "FID가 가장 낮은 논문"."""
    ends = {name: match for name, pattern in measure_words().ends.items() if (match := pattern.search(text))}
    value = max(orders, key=lambda name: orders[name]) if orders else "none"
    ranks = value.startswith("value") and orders[value] >= _SURE
    if not ends and not ranks:
        return None
    metric = _metric(text)
    scored = measure_words().score.search(text)
    name = _benchmark(text, benchmarks, loose=bool(scored))
    if not metric and not scored and not ranks and not (name and "best" in ends):
        return None
    if name is None and metric is None:
        return None
    if ends:
        first = min(ends, key=lambda end: (ends[end].start(), end != "best"))
        order: Literal["desc", "asc"] = "asc" if first == "asc" else "desc"
    else:
        first, order = "", "asc" if value == "value asc" else "desc"
    better = figure_words().of_name(metric[0]) if metric else None
    if first == "best" and better and not better.high:
        order = "asc"
    spans = [match.span() for match in ends.values()] + [part[1] for part in (metric, name) if part]
    spans += [match.span() for match in measure_words().score.finditer(text)]
    asked = FigureAsked(name[0] if name else "", metric[0] if metric else "", best=first == "best")
    return Measured(asked, order, tuple(spans))


def _metric(text: str) -> tuple[str, Span] | None:
    """Return the metric that a question names; a mere “score” is none."""
    words = figure_words()
    for match in words.metric_words.finditer(text):
        if words.metric(match).name != "score":
            return words.metric(match).name, match.span()
    return None


def _benchmark(text: str, benchmarks: Benchmarks, *, loose: bool) -> tuple[str, Span] | None:
    """Return the benchmark that a question names, longest first; `loose` takes a name that no summary calls one."""
    tokens = [*_WORD.finditer(text)]
    known = benchmarks()
    for size in range(min(_LONGEST, len(tokens)), 0, -1):
        for at in range(len(tokens) - size + 1):
            start, end = tokens[at].start(), tokens[at + size - 1].end()
            said = text[start:end]
            if canonical(said) in known and _is_meant(said, known[canonical(said)]):
                run = next(
                    (text[a:b] for a, b in spelled(text) if a == start and re.search("[A-Za-z]", text[end:b])), ""
                )
                return run or known[canonical(said)], (start, max(end, start + len(run)))
    for match in re.finditer(r"[가-힣]{2,}", text):
        group = glossary().term(re.sub(r"(?:에서|의|을|를|은|는|이|가)$", "", match.group())).variants
        if name := next((known[canonical(one)] for one in group if canonical(one) in known), None):
            return name, match.span()
    if loose:
        named = [
            (a, b) for a, b in spelled(text) if text[a:b].lower() not in ENGLISH_GRAMMAR and not _is_unit(text[a:b])
        ]
        named = [(a, b) for a, b in named if a > 0 or not text[:b].istitle()]
        return (text[named[-1][0] : named[-1][1]], named[-1]) if named else None
    return None


def _is_unit(text: str) -> bool:
    return bool(figure_words().metric_words.fullmatch(text))


def _is_meant(said: str, spelling: str) -> bool:
    """Whether words are a benchmark's name and not plain English: "spider", "when"."""
    if said.lower() in ENGLISH_GRAMMAR or _is_unit(said):
        return False
    return (
        said == spelling
        or any(c.isupper() or c.isdigit() or c == "-" for c in said[1:])
        or said.lower() != said
        or not spelling.istitle()
    )


_OF_A_NAME = re.compile(
    r"[ -]?(?:bits?|비트|steps?|스텝|단계|shots?|샷|turns?|턴|hops?|홉|ways?|stages?|views?|뷰)(?![A-Za-z])",
    re.IGNORECASE,
)  # numbers that describe a way of doing things: 2-bit, few-shot
_MOST = 6  # figures of one question that are looked at


# --- bounds ----------------------------------------------------------------------------------------------------------
def _bounded(text: str, benchmarks: Benchmarks) -> Measured | None:
    """Read "above 90% on MATH", "30억 파라미터 미만 모델"."""
    figures = [
        figure
        for figure in numbers(text)
        if figure.digits
        and not re.search(r"[A-Za-z_-]$", text[: figure.span[0]])
        and not _OF_A_NAME.match(text, figure.span[1])
    ]
    for at, figure in enumerate(figures[:_MOST]):
        name = _amount_of(text, figure)
        pair = figures[at : at + 2]
        if name:
            bounds = value_bounds(text, [(_value(one, name), *_with_unit(text, one)) for one in pair])
            if bounds:
                return _amount_within(text, name, figure, pair, bounds)
            continue
        bounds = value_bounds(text, [(_value(one, ""), *_with_unit(text, one)) for one in pair])
        if bounds and (found := _score_within(text, figure, pair, bounds, benchmarks)):
            return found
    return None


def _with_unit(text: str, figure: Figure) -> Span:
    start, end = figure.span
    unit = re.match(
        r" ?(?:%|점|배|x(?![A-Za-z])|×|GB|달러|dollars?|billion|million|시간|분|초|일|hours?|minutes?|seconds?|days?)?",
        text[end:],
        re.IGNORECASE,
    )
    return start - (text[start - 1 : start] == "$"), end + (unit.end() if unit else 0)


def _value(figure: Figure, name: str) -> float:
    """Return the value of a number: of two readings (12K: 12,000 or 12) the one that counts, of a share as it stands."""
    if name == "time":
        return max(float(value) * _SECONDS.get(unit, 1.0) for value, unit in figure.readings)
    values = sorted(float(value) for value, _ in figure.readings)
    return values[-1] if name in (*_COUNTS, "cost") else values[0]


def _amount_of(text: str, figure: Figure) -> str:
    """Return the amount that a number is of, by its unit or by the words beside it; empty for a score."""
    units = {unit for _, unit in figure.readings}
    if told := next((_UNITS[unit] for unit in units if unit in _UNITS), None):
        data = told == "time" and measure_words().amounts["data"].named.search(text)
        return "data" if data else told
    if text[figure.span[0] - 1 : figure.span[0]] == "$":
        return "cost"
    if "%" in units or "%p" in units or units & {"ms", "y", "vote", "month", "fps"}:
        return ""
    order = ("context", "tokens", "data", "size")
    return next((name for name in order if measure_words().amounts[name].named.search(text)), "")


def _amount_within(
    text: str, name: str, figure: Figure, pair: Sequence[Figure], bounds: tuple[float | None, float | None, bool]
) -> Measured | None:
    least, most, strict = bounds
    words = measure_words().amounts[name]
    thing = _thing(text) or _counted(text, figure) if name == "data" else None
    thing = _setting(text, (0, len(text))) if name in _SET else thing
    spans = [_with_unit(text, one) for one in pair] + [match.span() for match in words.named.finditer(text)]
    spans += [thing[1]] if thing else []
    value = most if most is not None else least
    needs = name in _COUNTS and value is not None and value < figure_words().amounts[name].least
    if name in ("size", "data", "tokens") and needs and not words.named.search(text):
        return None
    asked = FigureAsked(name, thing[0] if thing else "", least, most, strict)
    return Measured(asked, None, tuple(spans), figure.said if needs else "")


def _counted(text: str, figure: Figure) -> tuple[str, Span] | None:
    """Return what a number of data counts: "100만 장 이상의 이미지"."""
    found = [
        (match.start(), name, match.span())
        for name, pattern in measure_words().things.items()
        if (match := pattern.search(text, figure.span[1]))
    ]
    return min(found)[1:] if found else None


def _score_within(
    text: str,
    figure: Figure,
    pair: Sequence[Figure],
    bounds: tuple[float | None, float | None, bool],
    benchmarks: Benchmarks,
) -> Measured | None:
    metric = _metric(text)
    percent = "%" in {unit for _, unit in figure.readings} or text[figure.span[1] :].lstrip().startswith("점")
    name = _benchmark(text, benchmarks, loose=percent and bool(measure_words().score.search(text)))
    if not (metric or (name and (percent or measure_words().score.search(text) or "%" not in text))):
        return None
    if name and name[1][0] <= figure.span[0] < name[1][1]:
        return None
    spans = [_with_unit(text, one) for one in pair] + [part[1] for part in (metric, name) if part]
    spans += [match.span() for match in measure_words().score.finditer(text)]
    asked = FigureAsked(name[0] if name else "", metric[0] if metric else "", *bounds)
    return Measured(asked, None, tuple(spans))
