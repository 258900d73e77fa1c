"""Figures over scored cases: means with bootstrap intervals per group, the gap between the languages, a comparison, a gate."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rag.errors import EvaluationError
from rag.evaluation.run import Outcome
from rag.evaluation.scores import ordered, perfect

RESAMPLES = 1000
MIN_CASES = 20
"""A group of fewer cases is shown with its number only: no threshold applies to it."""

Scored = Mapping[str, Any]
"""One case of a results file, as `Outcome.as_json` writes it."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean over `n` cases with its 95 % bootstrap interval (twins resampled together)."""

    value: float
    n: int
    low: float
    high: float


def _groups(cases: Sequence[Scored]) -> dict[str, list[Scored]]:
    groups: dict[str, list[Scored]] = {"all": list(cases)}
    for field in ("language", "kind"):
        for value in dict.fromkeys(case[field] for case in cases):
            groups[f"{field}/{value}"] = [case for case in cases if case[field] == value]
    return groups


def _draws(twins: int, seed: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.random.default_rng(seed).multinomial(twins, np.full(twins, 1 / twins), size=RESAMPLES)


def _sums(cases: Sequence[Scored], name: str, place: Mapping[str, int]) -> tuple[Any, Any]:
    total, count = np.zeros(len(place)), np.zeros(len(place))
    for case in cases:
        if name in case["scores"]:
            total[place[case["twin"]]] += case["scores"][name]
            count[place[case["twin"]]] += 1
    return total, count


def _mean(total: Any, count: Any, draws: Any) -> Any:
    return (draws @ total) / np.maximum(draws @ count, 1e-9)


def _figure(value: float, n: int, resampled: Any) -> Figure:
    low, high = np.quantile(resampled, (0.025, 0.975))
    return Figure(round(float(value), 4), n, round(float(low), 4), round(float(high), 4))


def figures_of(cases: Sequence[Scored]) -> dict[str, dict[str, Figure]]:
    """Return the figures of all cases, per language and per kind; then, under "gap", Korean minus English of each score.

    The gap is taken over the twins that have the score in both languages. A score that no case of a group has is absent.
    """
    found: dict[str, dict[str, Figure]] = {}
    for group, members in _groups(cases).items():
        place = {twin: n for n, twin in enumerate(dict.fromkeys(case["twin"] for case in members))}
        draws = _draws(len(place), len(place))
        found[group] = {}
        for name in ordered({name for case in members for name in case["scores"]}):
            total, count = _sums(members, name, place)
            value, n = total.sum() / count.sum(), int(count.sum())
            found[group][name] = _figure(value, n, _mean(total, count, draws))
    gap: dict[str, Figure] = {}
    sides = [[case for case in cases if case["language"] == language] for language in ("ko", "en")]
    for name in ordered({name for case in cases for name in case["scores"]}):
        if name == "refusal_precision":  # not of a question: it exists only where a system refused
            continue
        twins = [{case["twin"] for case in side if name in case["scores"]} for side in sides]
        if both := sorted(twins[0] & twins[1]):
            place = {twin: n for n, twin in enumerate(both)}
            kept = [[case for case in side if case["twin"] in place] for side in sides]
            (total, count), (other, others) = (_sums(side, name, place) for side in kept)
            draws = _draws(len(both), len(both))
            value = total.sum() / count.sum() - other.sum() / others.sum()
            gap[name] = _figure(value, 2 * len(both), _mean(total, count, draws) - _mean(other, others, draws))
    return found | ({"gap": gap} if gap else {})


def results(name: str, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return what --json prints and --baseline reads: figures and cases, equal for equal runs; times and judges apart."""
    cases = [outcome.as_json() for outcome in outcomes]
    shown = {group: {n: asdict(f) for n, f in row.items()} for group, row in figures_of(cases).items()}
    times = sorted(outcome.latency_ms for outcome in outcomes if outcome.reply)
    middle, tail = np.quantile(times, (0.5, 0.95)) if times else (0.0, 0.0)
    judged = {n: [o.judged[n] for o in outcomes if n in o.judged] for n in ("faithfulness", "correctness")}
    return {
        "golden": name,
        "counts": {
            "cases": len(cases), "perfect": sum(case["perfect"] for case in cases), "crashed": sum(bool(o.failure) for o in outcomes),
            "failing": sum(not case["perfect"] and not case["known"] for case in cases),
            "known": sum(not case["perfect"] and bool(case["known"]) for case in cases),
            "mended": sum(case["perfect"] and bool(case["known"]) for case in cases),
        },
        "figures": shown,
        "judges": {n: {"value": round(sum(v) / len(v), 4), "n": len(v)} for n, v in judged.items() if v},
        "timing": {"p50_ms": round(float(middle), 1), "p95_ms": round(float(tail), 1),
                   "cases_ms": {o.case.id: round(o.latency_ms, 1) for o in outcomes if o.reply}},
        "cases": cases,
    }  # fmt: skip


def read_results(path: Path) -> dict[str, Any]:
    """Read a results file. Raises EvaluationError when it is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        cases = found["cases"]
        if all(
            isinstance(c["scores"], dict) and {"id", "twin", "kind", "language", "question"} <= c.keys() for c in cases
        ):
            return dict(found)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EvaluationError(f"{path} is not a results file, as nonmun evaluate --json writes it.") from error
    raise EvaluationError(f"{path} is not a results file: a case lacks its scores.")


# --- Two runs --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Change:
    """One figure before and after, over the `n` cases that both runs scored; `p` of a paired sign-flip test over twins."""

    name: str
    before: float
    after: float
    n: int
    p: float


def compare(old: Sequence[Scored], new: Sequence[Scored]) -> tuple[list[Change], list[tuple[str, str, bool]]]:
    """Return the change of each figure, and the cases that flipped as (id, question, whether it is right now).

    The p-value is the share of 10,000 random flips of the twins' differences that reach the mean difference seen.
    """
    before = {case["id"]: case for case in old}
    pairs = [(before[case["id"]], case) for case in new if case["id"] in before]
    changes = []
    for name in ordered({name for _, case in pairs for name in case["scores"]}):
        both = [(a, b) for a, b in pairs if name in a["scores"] and name in b["scores"]]
        if not both:
            continue
        sums: dict[str, float] = {}
        for a, b in both:
            sums[b["twin"]] = sums.get(b["twin"], 0.0) + b["scores"][name] - a["scores"][name]
        differences = np.array([value for value in sums.values() if value])
        signs = np.random.default_rng(len(both)).choice((-1.0, 1.0), size=(10_000, len(differences)))
        reached = np.abs(signs @ differences) >= abs(differences.sum()) - 1e-9
        means = [sum(case["scores"][name] for case in side) / len(both) for side in zip(*both, strict=True)]
        p = (int(reached.sum()) + 1) / (len(reached) + 1) if len(differences) else 1.0
        changes.append(Change(name, round(means[0], 4), round(means[1], 4), len(both), round(p, 4)))
    flipped = [
        (b["id"], b["question"], perfect(b["scores"])) for a, b in pairs if perfect(a["scores"]) != perfect(b["scores"])
    ]
    return changes, flipped


# --- The gate --------------------------------------------------------------------------------------------------------
def read_thresholds(path: Path) -> dict[str, dict[str, float]]:
    """Read {group: {score: least value}}; under "gap" the greatest distance. Raises EvaluationError when it is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {group: {name: float(least) for name, least in row.items()} for group, row in found.items()}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise EvaluationError(f'{path} is not a file of thresholds like {{"all": {{"exact": 0.9}}}}.') from error


def fallen(
    figures: Mapping[str, Mapping[str, Mapping[str, Any]]], thresholds: Mapping[str, Mapping[str, float]]
) -> list[str]:
    """Return a sentence for each figure that falls short, in the order of the thresholds.

    Groups of fewer than MIN_CASES cases are passed over; a figure that is missing altogether falls short.
    """
    said = []
    for group, row in thresholds.items():
        for name, least in row.items():
            figure = figures.get(group, {}).get(name)
            if figure is None:
                said.append(f"{group} {name}: no case has it; at least {least:g} is asked")
            elif figure["n"] < MIN_CASES:
                continue
            elif group == "gap" and abs(figure["value"]) > least:
                said.append(
                    f"gap {name}: {figure['value']:+.3f} between Korean and English; at most {least:g} is asked"
                )
            elif group != "gap" and figure["value"] < least:
                said.append(
                    f"{group} {name}: {figure['value']:.3f} over {figure['n']} cases; at least {least:g} is asked"
                )
    return said


def worst(cases: Iterable[Scored], limit: int) -> list[Scored]:
    """Return the worst cases, those not known to fail first, then by their mean score."""
    wrong = [case for case in cases if not perfect(case["scores"])]

    def place(case: Scored) -> tuple[bool, float, str]:
        return bool(case.get("known")), sum(case["scores"].values()) / len(case["scores"]), case["id"]

    return sorted(wrong, key=place)[:limit]
