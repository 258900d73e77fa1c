"""Fit how `rag.evidence.membership` weighs what it sees of a topic, and say how well it does on topics it was not fitted on.

    python -m tools.train_membership --store STORE --topics topics.jsonl

Topics are lines of {"id", "en", "ko", "relevant": {arXiv id: lists that name it}}. Beside them stand topics of our own:
`present.tsv` holds an English phrase, a Korean one and a pattern; a paper belongs if its title or two of its bullets match.
`absent.tsv` holds topics that no paper is about, and `narrow.tsv` narrow ones of both kinds, whose weights are fitted apart. Beside the whole index stand small ones, of the papers of random days. Both
spellings of a topic are in one fold. Writes the weights beside the module.
"""

from __future__ import annotations

import argparse
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.topics import (
    FOLDS,
    LANGUAGES,
    LEAST,
    Probabilities,
    Topic,
    folds,
    measure,
    overlap,
    read_topics,
    report,
)
from rag.corpus.catalogue import Catalogue
from rag.corpus.mentions import statements
from rag.corpus.papers import Paper
from rag.evidence.belonging import CUT, Features, Regression, Weights, calibrated
from rag.evidence.membership import RARELY, Membership
from rag.pipeline import Pipeline
from rag.settings import read_settings
from tools.train_membership.samples import Rows, samples

FOLDER = Path(__file__).parent
OUT = Path(__file__).parents[2] / "rag" / "evidence"
PENALTY = 100.0  # of the squared weights of a paper; tried: 3, 10, 30, 300
TOPIC_PENALTY = 1.0  # of those of a topic
OWN = 0.3  # how much a topic of our own weighs beside one that people list
STEPS = 30  # of Newton's method at most; it stands still after about eight
LONGEST = 1.0  # step of any weight: longer ones can run away from a far start
STILL = 1e-3  # a step in which no weight moves further is the last
DIGITS = 5  # that are kept of a weight

CUTS = (0.12, 0.14, 0.16, 0.18, 0.2, 0.22, 0.25, 0.3)

SMALL = 1.0  # how much what is seen in one small index weighs
PRESENT = (
    0.4  # part of the topics that count as present in each small index; more finds more, also where there is nothing
)
LEAST_PRESENT = 0.05  # probability of a topic from which its papers are learnt from
CLOSE = 100  # papers near a topic that are all learnt from
EACH = 5  # of those further down, one in so many stands for all

Shares = NDArray[np.float64]
Seen = Mapping[tuple[str, str], Features]
"""Of each topic id and language, what is seen in one index."""


class Small(NamedTuple):
    """A small index: its papers as rows of the whole one, and what is seen in it."""

    rows: Rows
    seen: Seen


# --- fitting ---------------------------------------------------------------------------------------------------------
def regression(
    names: Sequence[str],
    table: NDArray[Any],
    wanted: NDArray[Any],
    heft: NDArray[Any],
    penalty: float,
    whole: Regression | None = None,
) -> Regression:
    """Fit a logistic regression by Newton's method to rows of features, what is wanted of each, and how much each weighs.

    Given the regression of the `whole` index, its weights stay, and only those of the size are fitted.
    """
    table = table.astype(np.float64)
    start = whole or Regression(tuple(names), table[:, :-1].mean(axis=0), table[:, :-1].std(axis=0) + 1e-6, np.zeros(0))
    rows = start.expanded(table)
    count = len(start.middle)
    of_size = np.zeros(rows.shape[1], dtype=bool)
    of_size[2 * count : -1] = True
    free = of_size if whole else ~of_size
    weights = whole.weights.copy() if whole else np.zeros(rows.shape[1])
    penalties = np.full(rows.shape[1], penalty)
    penalties[-3:] = 1e-6  # the bias is free, and how it changes with the size
    held, penalties = rows[:, free], penalties[free]
    for _ in range(STEPS):
        probability = 1 / (1 + np.exp(-rows @ weights))
        slope = held.T @ (heft * (probability - wanted)) + penalties * weights[free]
        bend = (held * (heft * probability * (1 - probability))[:, None]).T @ held + np.diag(penalties)
        step = np.linalg.solve(bend, slope)
        weights[free] -= step * min(1.0, LONGEST / abs(step).max())
        if abs(step).max() < STILL:
            break
    return replace(start, weights=weights)


class Case(NamedTuple):
    """A phrase asked of one index: what is seen, what is wanted of each paper looked at and of the topic, and its weights.

    `present` and `wanted` are probabilities: that the index has a paper about the topic, and that a paper is about it.
    """

    topic: Topic
    features: Features
    wanted: Shares
    present: float
    heft: float = 1.0
    of_topic: float = 1.0


def whole_cases(topics: Sequence[Topic], seen: Seen) -> list[Case]:
    """Return the cases of the whole index: a paper is wanted if a list names it."""
    cases = []
    for topic, features in ((topic, seen[topic.id, language]) for topic in topics for language in LANGUAGES):
        named = np.isin(features.rows, list(topic.relevant)).astype(np.float64)
        cases.append(Case(topic, features, named, float(bool(topic.relevant)), _heft(topic)))
    return cases


def small_cases(topics: Sequence[Topic], small: Small, known: Mapping[str, Shares]) -> list[Case]:
    """Return the cases of one small index, in which as large a part of the topics counts as present as in every other.

    Lists leave papers out, so what no list names is wanted as surely as the whole index, fitted on other topics, holds it.
    """
    cases = []
    for topic in topics:
        wanted = np.isin(small.rows, list(topic.relevant)).astype(np.float64)
        if topic.id in known:
            wanted = np.maximum(wanted, known[topic.id][small.rows])
        for language in LANGUAGES:
            features = small.seen[topic.id, language]
            cases.append(Case(topic, features, wanted[features.rows], float(wanted.max()), SMALL * _heft(topic)))
    share = sum(case.present for case in cases) / len(cases)
    there, lacking = PRESENT / share, (1 - PRESENT) / (1 - share)
    return [case._replace(of_topic=SMALL * (case.present * there + (1 - case.present) * lacking)) for case in cases]


def _heft(topic: Topic) -> float:
    return OWN if topic.id.startswith("own-") else 1.0


def fit(cases: Sequence[Case], small: Sequence[Case] = ()) -> Weights:
    """Fit both regressions on the whole index, then how they change with the size on small ones.

    The papers of a long list weigh less each, and absent topics teach only the topics' own.
    """
    weights = _fitted(cases)
    return _fitted(small, weights) if small else weights


def _fitted(cases: Sequence[Case], whole: Weights | None = None) -> Weights:
    first = cases[0].features
    topics = np.concatenate([case.features.topic for case in cases])
    some, of_topic = (np.array([getattr(case, name) for case in cases]) for name in ("present", "of_topic"))
    about = regression(first.topic_names, topics, some, of_topic, TOPIC_PENALTY, whole and whole.topic)

    kept = [(case, *_thinned(case)) for case in cases if case.present > LEAST_PRESENT]
    papers = np.concatenate([case.features.papers[places] for case, places, _ in kept])
    wanted = np.concatenate([np.minimum(case.wanted[places] / case.present, 1) for case, places, _ in kept])
    heft = np.concatenate(
        [each * case.present * case.heft * max(5.0, case.wanted.sum()) ** -0.5 for case, _, each in kept]
    )
    return Weights(about, regression(first.paper_names, papers, wanted, heft, PENALTY, whole and whole.paper))


def _thinned(case: Case) -> tuple[NDArray[np.int64], Shares]:
    """Return the papers to learn from, and how many each stands for: all that may be wanted, and some of those that are far."""
    ranks = case.features.papers[:, case.features.paper_names.index("rank")]
    close = (case.wanted > 0) | (ranks < math.log1p(CLOSE))
    far = np.flatnonzero(~close)[::EACH]
    places = np.concatenate([np.flatnonzero(close), far])
    return places, np.concatenate([np.ones(int(close.sum())), np.full(len(far), float(EACH))])


# --- topics of our own -----------------------------------------------------------------------------------------------
def absent_topics(name: str = "absent.tsv") -> list[Topic]:
    """Read the topics that no paper is about: those without a pattern."""
    rows = (line.split("\t") for line in (FOLDER / name).read_text(encoding="utf-8").splitlines())
    return [Topic(f"absent-{en}", en, ko, {}) for en, ko, *pattern in rows if not any(pattern)]


def present_topics(catalogue: Catalogue, name: str = "present.tsv") -> list[Topic]:
    """Read the topics that a pattern finds, with the papers that belong; those without a paper are left out."""
    topics = []
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        en, ko, pattern = line.split("\t")
        if not pattern:
            continue
        sought = re.compile(pattern, re.IGNORECASE)
        rows = {row: 1 for row, paper in enumerate(catalogue.papers.values()) if _belongs(paper, sought)}
        if rows:
            topics.append(Topic(f"own-{en}", en, ko, rows))
    return topics


def _belongs(paper: Paper, sought: re.Pattern[str]) -> bool:
    return bool(sought.search(paper.title)) or sum(bool(sought.search(s.text)) for s in statements(paper)) > 1


# --- the command -----------------------------------------------------------------------------------------------------
def write(weights: Weights, path: Path) -> None:
    """Write weights as JSON."""
    parts: dict[str, Any] = {"topic": _short(weights.topic), "paper": _short(weights.paper)}
    parts |= {"scale": round(weights.scale, DIGITS), "shift": round(weights.shift, DIGITS)}
    path.write_text(json.dumps(parts, indent=1) + "\n", encoding="utf-8")


def _short(part: Regression) -> dict[str, Any]:
    numbers = {"middle": part.middle, "spread": part.spread, "weights": part.weights}
    short = {name: [float(f"{number:.{DIGITS}g}") for number in array] for name, array in numbers.items()}
    return {"names": list(part.names), **short}


def cross_validated(
    topics: Sequence[Topic],
    seen: Seen,
    papers: int,
    smalls: Sequence[Small] = (),
    known: Mapping[str, Shares] | None = None,
) -> list[dict[tuple[str, str], NDArray[np.float32]]]:
    """Return the probabilities of the whole index, then of each small one, by weights that were fitted on the other folds."""
    fold_of = folds(topics)
    found: list[dict[tuple[str, str], NDArray[np.float32]]] = [{} for _ in range(1 + len(smalls))]
    indexes = [(seen, papers), *((small.seen, len(small.rows)) for small in smalls)]
    for fold in range(FOLDS):
        others = [topic for topic in topics if fold_of[topic.id] != fold]
        weights = fit(whole_cases(others, seen), _all_small(others, smalls, known or {}))
        for topic in (topic for topic in topics if fold_of[topic.id] == fold):
            for language in LANGUAGES:
                for said, (looked, size) in zip(found, indexes, strict=True):
                    features = looked[topic.id, language]
                    said[topic.id, language] = np.zeros(size, dtype=np.float32)
                    said[topic.id, language][features.rows] = weights.probabilities(features)
    return found


def _all_small(topics: Sequence[Topic], smalls: Sequence[Small], known: Mapping[str, Shares]) -> list[Case]:
    return [case for small in smalls for case in small_cases(topics, small, known)]


def known_shares(topics: Sequence[Topic], found: Probabilities) -> dict[str, Shares]:
    """Return how surely each paper of the whole index is about a topic, both languages together; small chances are none."""
    shares = {}
    for topic in topics:
        mean = np.mean([found[topic.id, language] for language in LANGUAGES], axis=0).astype(np.float64)
        shares[topic.id] = np.where(mean > LEAST, mean, 0)
    return shares


def calibration(topics: Sequence[Topic], found: Probabilities) -> tuple[float, float]:
    """Fit the scale and the shift of the logit to what people list, on topics that were not learnt from."""
    said = np.concatenate([found[topic.id, language] for topic in topics for language in LANGUAGES]).astype(np.float64)
    named = np.concatenate(
        [np.isin(np.arange(len(found[t.id, g])), list(t.relevant)) for t in topics for g in LANGUAGES]
    )
    kept = said > LEAST
    logit = np.log(said[kept] / (1 - said[kept]))
    rows = np.stack([logit, np.ones_like(logit)], axis=1)
    weights = np.array([1.0, 0.0])
    for _ in range(STEPS):
        probability = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (probability - named[kept])
        weights = weights - np.linalg.solve((rows * (probability * (1 - probability))[:, None]).T @ rows, slope)
    return float(weights[0]), float(weights[1])


def main(options: argparse.Namespace) -> None:
    """Print what comes of nine tenths of the topics on the last, ten times; then fit on all and write the weights."""
    snapshot = Pipeline(read_settings({"store": options.store})).snapshot()
    retriever = snapshot.retriever()
    given, own, absent = (
        read_topics(options.topics, snapshot.catalogue),
        present_topics(snapshot.catalogue),
        absent_topics(),
    )
    narrow, lacking = present_topics(snapshot.catalogue, "narrow.tsv"), absent_topics("narrow.tsv")
    topics = [*given, *own, *narrow, *absent, *lacking]
    seen = _look(retriever.memberships, topics)
    smalls = [Small(rows, _look(membership, topics)) for rows, membership in samples(retriever)]
    plainly = [small._replace(seen=_plainly(small.seen)) for small in smalls]
    weights = learn(given, own, absent, _plainly(seen), plainly, len(snapshot.catalogue))
    print("\nOf narrow topics:")
    rarely = learn(given, [*own, *narrow], [*absent, *lacking], seen, smalls, len(snapshot.catalogue))
    if not options.dry:
        write(weights, options.out / "membership.json")
        write(rarely, options.out / "narrow.json")


def _plainly(seen: Seen) -> Seen:
    """Return what is seen without what only narrow topics are weighed by."""
    return {key: features.without(RARELY) for key, features in seen.items()}


def learn(
    given: list[Topic], own: list[Topic], absent: list[Topic], seen: Seen, smalls: Sequence[Small], papers: int
) -> Weights:
    """Fit the weights on all indexes, and print how well those of nine tenths of the topics do on the last tenth."""
    topics = [*given, *own, *absent]
    [alone] = cross_validated(topics, seen, papers)
    known = known_shares([*given, *absent], _calibrated(alone, *calibration(given, alone)))
    found = cross_validated(topics, seen, papers, smalls, known)
    scale, shift = calibration(given, found[0])
    whole, *small = (_calibrated(said, scale, shift) for said in found)
    print(report([*given, *absent], whole))
    print(f"\nOf our own, by pattern:\n{report(own, whole)}")
    print("Mean F1 by cut: " + ", ".join(f"{cut:.2f} {_f1(given, whole, cut):.3f}" for cut in CUTS))
    for rows, said in zip((each.rows for each in smalls), small, strict=True):
        print(_report_of_small(rows, [*given, *own], absent, said))
    return replace(fit(whole_cases(topics, seen), _all_small(topics, smalls, known)), scale=scale, shift=shift)


def _look(membership: Membership, topics: Sequence[Topic]) -> Seen:
    return {(t.id, language): membership.features(t.phrase(language)) for t in topics for language in LANGUAGES}


def _calibrated(found: Probabilities, scale: float, shift: float) -> dict[tuple[str, str], NDArray[np.float32]]:
    return {key: calibrated(p.astype(np.float64), scale, shift).astype(np.float32) for key, p in found.items()}


def _report_of_small(rows: Rows, present: Sequence[Topic], absent: Sequence[Topic], found: Probabilities) -> str:
    """Return one line on a small index: F1 and overlap of topics that are there, calibration, and how high absent ones come."""
    place = {row: number for number, row in enumerate(rows.tolist())}
    moved = [replace(t, relevant={place[row]: n for row, n in t.relevant.items() if row in place}) for t in present]
    there = [topic for topic in moved if topic.relevant]
    highest = [float(found[topic.id, language].max()) for topic in absent for language in LANGUAGES]
    means = [measure(there, found, language, CUT) for language in LANGUAGES]
    return (
        f"{len(rows)} papers, {len(there)} topics: F1 {np.mean([m['F1'] for m in means]):.3f}, "
        f"ECE {np.mean([m['ECE'] for m in means]):.3f}, overlap {overlap(there, found, CUT):.3f}; "
        f"absent: median {np.median(highest):.3f}, 90 % below {np.quantile(highest, 0.9):.3f}"
    )


def _f1(topics: Sequence[Topic], found: Probabilities, cut: float) -> float:
    return float(np.mean([measure(topics, found, language, cut)["F1"] for language in LANGUAGES]))


def parse_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse the command line; None reads the process's own."""
    parser = argparse.ArgumentParser(prog="python -m tools.train_membership", description=__doc__.split("\n\n")[0])
    parser.add_argument("--store", required=True, help="index of the papers, made by `nonmun ingest`")
    parser.add_argument("--topics", required=True, type=Path, help="topics with their papers, JSON Lines")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--dry", action="store_true", help="write no weights")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main(parse_arguments())
