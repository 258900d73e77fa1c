"""Scores that a sentence of a summary reports on benchmarks, as far as the sentence tells them to be its paper's own.

A change ("5.2% 향상"), what a baseline reaches, and numbers whose benchmark is not clear are left out: what is kept is sure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.corpus.benchmark_names import LISTED, SUBJECT, Named
from rag.corpus.figure_words import Metric, figure_words
from rag.language.numbers import Figure, numbers
from rag.language.patterns import lazy

CLAUSE = lazy(r"(?:[가-힣](?:며|고|지만|는데|하여|되어|면서|반면)|;|, (?:while|but|whereas)),?(?= )")
_MARKS = lazy(r"(?: ?(?:±|\+/-) ?[\d.]+)? ?(?:%p?|dB|점|포인트|points?\b|\(%\))")
_COUNTED = lazy(r" ?[개가명편장건회번종단년월일층시분초배BMKbx×°]|-?(?:bit|shot|비트)| ?(?:토큰|프레임|FPS)")
_BEHIND = 26  # letters behind a number in which it is told to belong to a baseline
_SAID = 400  # letters before a number in which it is told whose it is
_TOLD = 90  # letters behind it in which a verb says that it is reached, or by how much something changed
_NEAR = 24  # letters between a number and the metric it is of
_FAR = 90  # letters between a benchmark and its score
_LISTED = lazy(
    r"(?:,|,? (?:및|그리고|and)) [A-Za-z][\w+./-]*(?: [\w+./-]+){0,2}(?: ?\([^()]{1,40}\))?(?:에서|에서는) ?"
)
_TO = lazy(r"(?:%|점)?(?:으로|로)(?![가-힣])")
_WITH = lazy(
    r"(?:%|점)?의 [가-힣]{0,4}(?:정확도|성공률|점수|성능|승률|해결률)(?:으로|로),? [^.]{0,40}?(?:능가|앞[서섰]|최고|새로운|우수|뛰어|달성|기록)"
)
_LOSES = lazy(
    r"^%?만|^[%점의]{0,2} ?(?:[^ ,.]{1,8} ){0,2}?(?:에 비해|보다|에 그[치쳤친]|에 불과|대비|에서)|^[^,.]{0,12}(?:이하|미만|에 비해|보다)"
)
_AMONG = lazy(r"(?: ?\([^()]*\))?,? ?(?:등|[와과] 같은|[을를] 포함|같은|및 |and other|데이터 ?[셋세]트? 등)")
_METRIC_OF = lazy(
    r"(?<![A-Za-z0-9_@-])[A-Za-z][A-Za-z0-9_@-]{0,30}(?: ?\([^()]{1,60}\))?(?: ?점수| ?값| scores?)?(?:[은는이가]|에서는) "
)
_PRAISED = lazy(r" ?(?:이상 |더 |만큼 ){0,2}(?:넘는 [^,.]{0,8}향상|우수|뛰어|나은|좋은|우월|better)")
_CHANGED = lazy(
    r"\bby $|[<>≤≥] ?$|(?:향상률|향상폭|개선율|개선률|증가율|감소율|보다)(?:이|은|을)? ?(?:평균 |최대 |약 |무려 )?$"
    r"|(?:gain|improvement|increase|reduction)s?(?: [A-Za-z-]{1,20}){0,5} (?:is|are|of) $"
)
_PAIR = lazy(r"[%점]{0,2}(?:에서| to\b| →|→)")
_STRAIGHT = lazy(
    r"(?:\([^()]*\))?(?: ?벤치마크| ?데이터 ?[셋세]트?)?(?:에서|의)?(?:는|도)? ?(?:새로운|기록인|점수인|성능인|테스트에서|테스트|평균|전체|총|최고|각각|점수|스코어|성능|의|는|가|이| ){0,6}"
)


@dataclass(frozen=True, slots=True)
class Score:
    """A result on a benchmark: its metric ("" where none is named), its value and unit ("%" or ""), and the number's place."""

    benchmark: str
    metric: str
    value: float
    unit: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Number:
    value: float
    unit: str
    start: int
    end: int  # of the number with its unit


def scores(text: str, names: Sequence[Named]) -> Iterator[Score]:
    """Yield the scores that a sentence credits to its paper. `names` are its names in order."""
    if not any(name.owner == "benchmark" for name in names):
        return
    found = [number for figure in numbers(text) if (number := _number(text, figure, names))]
    metrics = [_metric(text, found, place) for place in range(len(found))]
    levels = _levels(text, found)
    taken: set[tuple[str, str]] = set()
    for place, number in enumerate(found):
        if not levels[place] or is_anothers(text, number.start, names):
            continue
        benchmark = _benchmark(text, number, names, found)
        metric = metrics[place] or _inherited(text, found, metrics, place)
        if benchmark is None or (benchmark.text, metric) in taken:
            continue
        if (
            number.unit != "%"
            and metric in ("", "score")
            and not _STRAIGHT.fullmatch(text, benchmark.end, number.start)
        ):
            continue
        taken.add((benchmark.text, metric))
        yield Score(benchmark.text, metric, number.value, number.unit, number.start, number.end)


def _number(text: str, figure: Figure, names: Sequence[Named]) -> _Number | None:
    """Return a number that may be a score: a percentage or a plain decimal, and no part of a name."""
    start, end = figure.span
    if any(name.start < end and start < name.end for name in names) or re.search(
        r"[A-Za-z_@][-.]?$|(?:±|\+/-) ?$|[+–-]$", text[:start]
    ):
        return None
    units = {unit for _, unit in figure.readings}
    if not figure.digits or units - {"", "%", "n", "db"}:
        return None
    value = float(next(iter(figure.readings))[0])
    mark = _MARKS.match(text, end)
    stop = mark.end() if mark else end
    if "%p" in text[end:stop] or value > 10_000 or _COUNTED.match(text, stop):
        return None
    unit = "%" if "%" in text[end:stop] or "%" in units else ""
    plain = "." in text[start:end] or mark
    return _Number(value, unit, start, stop) if plain or _is_measured(text, start) else None


def _is_measured(text: str, start: int) -> bool:
    """Whether a metric's name stands straight before a number: "BLEU 31"."""
    before = [match.end() for match in figure_words().metric_words.finditer(text, max(0, start - 30), start)]
    return bool(before) and bool(
        re.fullmatch(r"(?: ?점수)?(?:는|은|가|이|에서|에)? ?(?:of |is )?", text[before[-1] : start])
    )


def _levels(text: str, found: Sequence[_Number]) -> list[bool]:
    """Tell of each number whether it is what is reached; in a list (“A에서 81.5점, B에서 60.2점을 달성”) the last one tells."""
    levels = [_is_level(text, number) for number in found]
    for at in range(len(found) - 2, -1, -1):
        gap = text[found[at].end : found[at + 1].start]
        if levels[at + 1] and found[at].unit == found[at + 1].unit and _LISTED.fullmatch(gap):
            levels[at] = True
    return levels


def _is_level(text: str, number: _Number) -> bool:
    """Whether a number is what is reached, and not by how much something changed."""
    lists = figure_words().lists
    behind = text[number.end : number.end + _BEHIND]
    before = text[max(0, number.start - 12) : number.start]
    if (
        _LOSES.search(behind)
        or _PRAISED.match(behind)
        or _CHANGED.search(text[max(0, number.start - _FAR) : number.start])
    ):
        return False
    if _TO.match(behind) or before.endswith(" to ") or ("최대" not in before and _WITH.match(text, number.end)):
        return not lists["declines"].search(behind)
    if lists["doubtful"].search(behind):
        return False
    told = text[number.end : number.end + _TOLD]
    change, level = lists["change"].search(told), lists["level"].search(told)
    if level:
        return not change or level.start() < change.start()
    ahead = lists["level"].search(text, max(0, number.start - 40), number.start)
    return bool(ahead) and not change


def is_anothers(text: str, at: int, names: Sequence[Named]) -> bool:
    """Whether a sentence gives the number at a place to another model, to people, or to models at large."""
    lists = figure_words().lists
    begin = max(0, at - _SAID)
    clause = max((match.end() for match in CLAUSE.finditer(text, begin, at)), default=begin)
    subjects = [
        name for name in names if name.end <= at and name.owner in ("own", "other") and SUBJECT.match(text, name.end)
    ]
    nearest = subjects[-1] if subjects else None
    if (
        nearest
        and nearest.owner == "other"
        and any(name.owner == "own" and _APPLIED.match(text, name.end) for name in names)
    ):
        clause = max(
            clause, _after_subject(text, nearest.end, at)
        )  # "OWN을 적용한 Llama는" speaks of what the paper made
        nearest = None
    said = text[clause:at]
    ours = lists["ours"].search(said)
    told = lists["ours"].sub(" ", said) if ours else said
    if nearest and nearest.owner == "other" and not (ours and clause + ours.start() > nearest.end):
        return True
    if lists["others"].search(told) and not (nearest and nearest.owner == "own" and nearest.start >= clause):
        return True
    direct = [name for name in names if name.owner == "other" and clause <= name.start and name.end <= at]
    return any(_OF.match(text, name.end) for name in direct) or bool(re.search(r"모델의 ?$", text[:at]))


def _after_subject(text: str, at: int, end: int) -> int:
    """Return the place behind the subject whose name ends at a place."""
    subject = SUBJECT.match(text, at)
    return min(subject.end(), end) if subject else at


_APPLIED = lazy(r"(?:를|을|로|으로) (?:[^ ,.]+ ){0,2}?(?:사용|활용|적용|훈련|학습|미세|파인|조정|튜닝|통해)")
_OF = lazy(r"(?: 모델)?(?:\(|의 |: ?|'s |=)")


def _benchmark(text: str, number: _Number, names: Sequence[Named], found: Sequence[_Number]) -> Named | None:
    """Return the benchmark a number is of; None where that is not clear."""
    listed = [name for name in names if name.owner == "benchmark"]
    before = [name for name in listed if name.end <= number.start]
    after = [name for name in listed if 0 <= name.start - number.end < _NEAR * 2]
    if after and re.search(r"\bon (?:the )?$", text[number.end : after[0].start]):
        return after[0]
    if not before:
        linked = after and re.search(r"(?:를|을|은|는|도) $", text[number.end : after[0].start])
        return after[0] if linked else None
    group = _group(
        text, [name for name in names if name.start <= before[-1].start and not _is_closed(text, name, number.start)]
    )
    if _AMONG.match(text, group[-1].end):
        return None
    between = [one for one in found if group[-1].end <= one.start < number.start]
    if len(group) == 1:
        near = number.start - group[0].end <= _FAR
        return group[0] if near and (not between or _goes_on(text, between, number, found)) else None
    told = "각각" in text[group[-1].end : number.end + _BEHIND] or "respectively" in text[number.end :]
    run = [one for one in found if one.start >= group[-1].end][: len(group)]
    return group[run.index(number)] if told and number in run and len(run) == len(group) else None


def _goes_on(text: str, between: Sequence[_Number], number: _Number, found: Sequence[_Number]) -> bool:
    """Whether a second number is of the same benchmark: the end of "from 52.1 to 71.3", or another metric."""
    last = between[-1]
    if _PAIR.match(text, last.end) and number.start - last.end < _BEHIND:
        return len(between) == 1
    metric, other = (_metric(text, found, found.index(one)) for one in (number, last))
    return bool(metric and other) and metric != other and "score" not in (metric, other)


def _is_closed(text: str, name: Named, at: int) -> bool:
    """Whether a name stands in brackets that are closed before a place."""
    return text.rfind("(", 0, name.start) > text.rfind(")", 0, name.start) and ")" in text[name.end : at]


def _group(text: str, before: Sequence[Named]) -> list[Named]:
    """Return the last benchmark before a number with the names that are joined to it: "A, B와 C"."""
    group = [before[-1]]
    for name in reversed(before[:-1]):
        if name.owner not in ("benchmark", "other") or not LISTED.fullmatch(text, name.end, group[0].start):
            break
        group.insert(0, name)
    return group


def _metric(text: str, found: Sequence[_Number], place: int) -> str:
    """Return the metric of a number: the one named straight behind it, else the last one before it; empty for none."""
    words, number = figure_words(), found[place]
    start = found[place - 1].end if place else 0
    reach = _NEAR
    if place and _PAIR.match(text, start) and number.start - start < _BEHIND:  # of "F1이 8.0에서 9.9로"
        reach, start = reach + number.start - found[place - 1].start, found[place - 2].end if place > 1 else 0
    end = found[place + 1].start if place + 1 < len(found) else len(text)
    behind = re.split(r"[,;]|고 |며 ", text[number.end : min(end, number.end + _NEAR)])[0]
    ahead = text[max(start, number.start - reach) : number.start]
    told = [*words.metric_words.finditer(ahead)][-1:] if _is_measured(text, number.start) else []
    told = told or [*words.metric_words.finditer(behind)][:1] or [*words.metric_words.finditer(ahead)][-1:]
    metric = words.metric(told[0]).name if told else ""
    if metric in ("", "score"):
        told_of = [*_METRIC_OF.finditer(text, max(start, number.start - _FAR), number.start)]
        more = _named_near(behind) or _named_near(ahead) or (_named_near(told_of[-1].group()) if told_of else None)
        return more.name if more else metric
    return metric


def _named_near(text: str) -> Metric | None:
    """Return a metric with a name of its own in a text ("CLIP 점수", "성능 F1")."""
    words = figure_words()
    return next(
        (one for match in words.metric_words.finditer(text) if (one := words.metric(match)).name != "score"), None
    )


def _inherited(text: str, found: Sequence[_Number], metrics: Sequence[str], place: int) -> str:
    """Return the metric that a list names once, behind its last number or before its first: "AIME에서 57.1%, MATH에서 94.8%의 정확도"."""
    if "점" in text[found[place].start : found[place].end]:
        return ""
    for step in (1, -1):
        at = place
        while 0 <= at + step < len(found):
            left, right = sorted((at, at + step))
            gap = text[found[left].end : found[right].start]
            at += step
            if found[at].unit != found[place].unit or len(gap) > _NEAR * 2 or re.search(r"고 |며 |[.;]", gap):
                break
            if metrics[at]:
                return metrics[at]
    return ""
