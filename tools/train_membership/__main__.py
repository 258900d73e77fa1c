"""Fit how `rag.evidence.membership` weighs what it sees of a topic, and say how well it does on topics it was not fitted on.

    python -m tools.train_membership --store STORE --topics topics.jsonl

Topics are lines of {"id", "en", "ko", "relevant": {arXiv id: lists that name it}}. Beside them stand topics of our own:
`present.tsv` holds an English phrase, a Korean one and a pattern; a paper belongs if its title or two of its bullets match.
`absent.tsv` holds topics that no paper is about. Both spellings of a topic are in one fold. Writes the weights beside the
module.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.topics import FOLDS, LANGUAGES, LEAST, Probabilities, Topic, folds, measure, read_topics, report
from rag.corpus.catalogue import Catalogue, statements
from rag.corpus.papers import Paper
from rag.evidence.membership import Features, Membership, Regression, Weights, calibrated
from rag.pipeline import Pipeline
from rag.settings import read_settings

FOLDER = Path(__file__).parent
OUT = Path(__file__).parents[2] / "rag" / "evidence" / "membership.json"
PENALTY = 100.0  # of the squared weights of a paper; tried: 3, 10, 30, 300
TOPIC_PENALTY = 1.0  # of those of a topic
OWN = 0.3  # how much a topic of our own weighs beside one that people list
STEPS = 30  # of Newton's method at most; it stands still after about eight
STILL = 1e-3  # a step in which no weight moves further is the last
DIGITS = 5  # that are kept of a weight

CUTS = (0.12, 0.14, 0.16, 0.18, 0.2, 0.22, 0.25, 0.3)

Listed = NDArray[np.bool_]
Seen = Sequence[tuple[Topic, Features]]


# --- fitting ---------------------------------------------------------------------------------------------------------
def regression(
    names: Sequence[str], table: NDArray[Any], wanted: NDArray[Any], heft: NDArray[Any], penalty: float
) -> Regression:
    """Fit a logistic regression by Newton's method to rows of features, what is wanted of each, and how much each weighs."""
    table = table.astype(np.float64)
    middle, spread = table.mean(axis=0), table.std(axis=0) + 1e-6
    weights = np.zeros(2 * table.shape[1] + 1)
    start = Regression(tuple(names), middle, spread, weights)
    rows = start.expanded(table)
    penalties = np.full(len(weights), penalty)
    penalties[-1] = 1e-6  # the bias is free
    for _ in range(STEPS):
        probability = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (heft * (probability - wanted)) + penalties * weights
        bend = (rows * (heft * probability * (1 - probability))[:, None]).T @ rows + np.diag(penalties)
        step = np.linalg.solve(bend, slope)
        weights = weights - step
        if abs(step).max() < STILL:
            break
    return Regression(start.names, middle, spread, weights)


def listed(topic: Topic, features: Features) -> Listed:
    """Return which of the papers looked at closely a topic's list names."""
    return np.isin(features.rows, list(topic.relevant))


def fit(seen: Seen) -> Weights:
    """Fit both regressions. The papers of a long list weigh less each, and absent topics teach only the topics' own."""
    first = seen[0][1]
    topics = np.concatenate([features.topic for _, features in seen])
    some = np.array([bool(topic.relevant) for topic, _ in seen])
    of_topic = regression(first.topic_names, topics, some, np.ones(len(seen)), TOPIC_PENALTY)

    present = [(topic, features) for topic, features in seen if topic.relevant]
    named = [listed(topic, features) for topic, features in present]
    heft = [
        np.full(len(rows), max(5.0, rows.sum()) ** -0.5 * (OWN if topic.id.startswith("own-") else 1.0))
        for (topic, _), rows in zip(present, named, strict=True)
    ]
    papers = np.concatenate([features.papers for _, features in present])
    of_paper = regression(first.paper_names, papers, np.concatenate(named), np.concatenate(heft), PENALTY)
    return Weights(of_topic, of_paper)


# --- topics of our own -----------------------------------------------------------------------------------------------
def absent_topics() -> list[Topic]:
    """Read the topics that no paper is about."""
    lines = (FOLDER / "absent.tsv").read_text(encoding="utf-8").splitlines()
    return [Topic(f"absent-{line.partition(chr(9))[0]}", *line.split("\t"), {}) for line in lines]


def present_topics(catalogue: Catalogue) -> list[Topic]:
    """Read the topics that a pattern finds, with the papers that belong; those without a paper are left out."""
    topics = []
    for line in (FOLDER / "present.tsv").read_text(encoding="utf-8").splitlines():
        en, ko, pattern = line.split("\t")
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
    topics: Sequence[Topic], seen: dict[tuple[str, str], Features], papers: int
) -> dict[tuple[str, str], NDArray[np.float32]]:
    """Return of each topic and language the probabilities by weights that were fitted on the other folds."""
    fold_of = folds(topics)
    found = {}
    for fold in range(FOLDS):
        others = [(t, seen[t.id, language]) for t in topics if fold_of[t.id] != fold for language in LANGUAGES]
        weights = fit(others)
        for topic in (t for t in topics if fold_of[t.id] == fold):
            for language in LANGUAGES:
                features = seen[topic.id, language]
                found[topic.id, language] = np.zeros(papers, dtype=np.float32)
                found[topic.id, language][features.rows] = weights.probabilities(features)
    return found


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
    membership: Membership = snapshot.retriever().memberships
    given = read_topics(options.topics, snapshot.catalogue)
    own, absent = present_topics(snapshot.catalogue), absent_topics()
    topics = [*given, *own, *absent]
    seen = {(t.id, language): membership.features(t.phrase(language)) for t in topics for language in LANGUAGES}
    found = cross_validated(topics, seen, len(membership))
    scale, shift = calibration(given, found)
    found = {key: calibrated(p.astype(np.float64), scale, shift).astype(np.float32) for key, p in found.items()}
    print(report([*given, *absent], found))
    print(f"\nOf our own, by pattern:\n{report(own, found)}")
    print("Mean F1 by cut: " + ", ".join(f"{cut:.2f} {_f1(given, found, cut):.3f}" for cut in CUTS))
    if not options.dry:
        weights = fit([(topic, seen[topic.id, language]) for topic in topics for language in LANGUAGES])
        write(replace(weights, scale=scale, shift=shift), options.out)


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
