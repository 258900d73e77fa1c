"""Fit how `rag.evidence.membership` weighs what it sees of a topic, and say how well it does on topics it was not fitted on.

    python -m tools.train_membership --store STORE --topics topics.jsonl

Topics are lines of {"id", "en", "ko", "relevant": {arXiv id: lists that name it}}. Topics that no paper is about stand in
`absent.tsv`, English and Korean. Both spellings of a topic are in one fold. Writes the weights beside the module.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.topics import FOLDS, Topic, folds, read_topics, report
from rag.evidence.membership import Features, Weights
from rag.pipeline import Pipeline
from rag.settings import read_settings

ABSENT = Path(__file__).with_name("absent.tsv")
OUT = Path(__file__).parents[2] / "rag" / "evidence" / "membership.json"
PENALTY = 100.0  # of squared weights; tried: 10, 30, 100, 300, 1000
STEPS = 30  # of Newton's method; it stands still after about ten


def fit(seen: Sequence[Features], listed: Sequence[np.ndarray]) -> Weights:
    """Fit a logistic regression to features and, of each topic, whether its papers are listed; long lists weigh less each."""
    table = np.concatenate([features.table for features in seen]).astype(np.float64)
    wanted = np.concatenate(listed).astype(np.float64)
    heft = np.concatenate([np.full(len(rows), max(5, rows.sum()) ** -0.5) for rows in listed])
    start = Weights(seen[0].names, table.mean(axis=0), table.std(axis=0) + 1e-6, np.zeros(2 * table.shape[1] + 1))
    rows = start.expanded(table)
    weights = start.weights
    penalty = np.full(len(weights), PENALTY)
    penalty[-1] = 1e-6
    for _ in range(STEPS):
        probability = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (heft * (probability - wanted)) + penalty * weights
        bend = (rows * (heft * probability * (1 - probability))[:, None]).T @ rows + np.diag(penalty)
        weights = weights - np.linalg.solve(bend, slope)
    return Weights(start.names, start.middle, start.spread, weights)


def absent_topics() -> list[Topic]:
    """Read the topics that no paper is about."""
    lines = ABSENT.read_text(encoding="utf-8").splitlines()
    return [Topic(f"absent-{number}", *line.split("\t"), {}) for number, line in enumerate(lines)]


def write(weights: Weights, path: Path) -> None:
    """Write weights as JSON, rounded to five digits."""
    short = {
        "names": weights.names,
        **{
            name: [float(f"{number:.5g}") for number in getattr(weights, name)]
            for name in ("middle", "spread", "weights")
        },
    }
    path.write_text(json.dumps(short, indent=1) + "\n", encoding="utf-8")


def main(options: argparse.Namespace) -> None:
    """Fit on all topics but a tenth, ten times, and print what comes of it; then fit on all and write the weights."""
    snapshot = Pipeline(read_settings({"store": options.store})).snapshot()
    membership = snapshot.retriever().memberships()
    topics = read_topics(options.topics, snapshot.catalogue) + absent_topics()
    fold_of = folds(topics)
    rows = [(topic, language) for topic in topics for language in ("en", "ko")]
    seen = [membership.features(topic.phrase(language)) for topic, language in rows]
    listed = [np.isin(features.rows, list(topic.relevant)) for (topic, _), features in zip(rows, seen, strict=True)]
    found = {}
    for fold in range(FOLDS):
        kept = [place for place, (topic, _) in enumerate(rows) if fold_of[topic.id] != fold]
        weights = fit([seen[place] for place in kept], [listed[place] for place in kept])
        for place in set(range(len(rows))) - set(kept):
            probabilities = np.zeros(len(membership), dtype=np.float32)
            probabilities[seen[place].rows] = weights.probabilities(seen[place].table)
            found[rows[place][0].id, rows[place][1]] = probabilities
    print(report(topics, found))
    if not options.dry:
        write(fit(seen, listed), options.out)


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
