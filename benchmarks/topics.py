"""Sets about a topic beside the lists that people keep: how well `Retriever.membership` ranks papers and where it cuts.

    python -m benchmarks.topics --store STORE --topics topics.jsonl

Topics are lines of {"id", "en", "ko", "relevant": {arXiv id: lists that name it}}. Prints one table. The lists name about
62 % of the papers that belong, so precision is a lower bound. The weights were fitted on the development topics: of these,
`tools.train_membership` prints the honest figures, by cross-validation.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.corpus.catalogue import Catalogue
from rag.evidence.belonging import CUT
from rag.pipeline import Pipeline
from rag.settings import read_settings

FOLDS = 10
LANGUAGES = ("en", "ko")
LEAST = 0.02  # probabilities below it are left out of the calibration error: nearly all papers are far from a topic
BINS = 10
Probabilities = Mapping[tuple[str, str], NDArray[np.float32]]
"""Of each topic id and language, the probability of every paper in the catalogue's order."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic in two languages; `relevant` are rows of the catalogue with the number of lists that name them."""

    id: str
    en: str
    ko: str
    relevant: Mapping[int, int]

    def phrase(self, language: str) -> str:
        """Return its phrase in a language."""
        return self.ko if language == "ko" else self.en


def read_topics(path: Path, catalogue: Catalogue) -> list[Topic]:
    """Read topics; papers that the catalogue lacks are left out, and topics without a paper too."""
    row = {arxiv_id: place for place, arxiv_id in enumerate(catalogue.ids)}
    topics = []
    for line in path.read_text(encoding="utf-8").splitlines():
        read = json.loads(line)
        relevant = {row[i]: lists for i, lists in read["relevant"].items() if i in row}
        if relevant:
            topics.append(Topic(read["id"], read["en"], read["ko"], relevant))
    return topics


def folds(topics: Sequence[Topic]) -> dict[str, int]:
    """Return which fold each topic is in; both its languages are in it."""
    order = np.random.default_rng(1).permutation(len(topics))
    return {topics[place].id: number % FOLDS for number, place in enumerate(order)}


# --- measures --------------------------------------------------------------------------------------------------------
def average_precision(probabilities: NDArray[np.float32], relevant: Mapping[int, int]) -> float:
    """Return the mean precision at the ranks of the relevant papers."""
    order = np.argsort(-probabilities, kind="stable")
    hits = np.isin(order, list(relevant))
    ranks = np.flatnonzero(hits) + 1
    return float((np.arange(1, len(ranks) + 1) / ranks).sum() / len(relevant))


def cut_set(probabilities: NDArray[np.float32], cut: float) -> set[int]:
    """Return the rows from a cut up; where there is none, the best paper."""
    rows = np.flatnonzero(probabilities >= cut).tolist()
    return set(rows or [int(np.argmax(probabilities))])


def calibration_error(probabilities: NDArray[np.float32], listed: NDArray[np.bool_]) -> float:
    """Return the expected calibration error over BINS bins of equal size, of probabilities from LEAST up."""
    kept = probabilities >= LEAST
    order = np.argsort(probabilities[kept], kind="stable")
    parts = np.array_split(order, BINS)
    p, y = probabilities[kept], listed[kept]
    return float(
        sum(len(part) * abs(p[part].mean() - y[part].mean()) for part in parts if len(part)) / max(len(order), 1)
    )


def measure(topics: Sequence[Topic], found: Probabilities, language: str, cut: float) -> dict[str, float]:
    """Return the measures of one language, means over the topics."""
    rows: dict[str, list[float]] = {}
    listed, said = [], []
    for topic in topics:
        probabilities = found[topic.id, language]
        chosen = cut_set(probabilities, cut)
        hits = len(chosen & topic.relevant.keys())
        twice = {row for row, lists in topic.relevant.items() if lists > 1}
        one: dict[str, float] = {
            "MAP": average_precision(probabilities, topic.relevant),
            "F1": 2 * hits / (len(chosen) + len(topic.relevant)),
            "recall": hits / len(topic.relevant),
            "precision": hits / len(chosen),
            "size": len(chosen),
        }
        if twice:
            one["recall2"] = len(chosen & twice) / len(twice)
        for name, number in one.items():
            rows.setdefault(name, []).append(number)
        said.append(probabilities)
        listed.append(np.isin(np.arange(len(probabilities)), list(topic.relevant)))
    means = {name: float(np.mean(numbers)) for name, numbers in rows.items()}
    means["size"] = statistics.median(rows["size"])
    means["ECE"] = calibration_error(np.concatenate(said), np.concatenate(listed))
    return means


def overlap(topics: Sequence[Topic], found: Probabilities, cut: float) -> float:
    """Return the mean Jaccard overlap of a topic's English set and its Korean one."""
    pairs = [(cut_set(found[topic.id, "en"], cut), cut_set(found[topic.id, "ko"], cut)) for topic in topics]
    return float(np.mean([len(one & other) / len(one | other) for one, other in pairs]))


def report(topics: Sequence[Topic], found: Probabilities, cut: float = CUT) -> str:
    """Render the table as Markdown; topics without a relevant paper are told apart."""
    present = [topic for topic in topics if topic.relevant]
    absent = [topic for topic in topics if not topic.relevant]
    names = ("MAP", "F1", "recall", "recall2", "precision", "size", "ECE")
    lines = [
        f"{len(present)} topics, sets cut at {cut}.",
        "| language | " + " | ".join(names) + " |",
        "|---|" + "---|" * len(names),
    ]
    for language in LANGUAGES:
        means = measure(present, found, language, cut)
        lines.append(
            f"| {language} | " + " | ".join(f"{means[name]:.3f}" if name in means else "-" for name in names) + " |"
        )
    lines.append(f"Overlap of the English set and the Korean one: {overlap(present, found, cut):.3f}.")
    if absent:
        highest = [float(found[topic.id, language].max()) for topic in absent for language in LANGUAGES]
        least = [float(found[topic.id, language].max()) for topic in present for language in LANGUAGES]
        lines.append(
            f"Highest probability of {len(absent)} absent topics: median {statistics.median(highest):.3f}, "
            f"90 % below {np.quantile(highest, 0.9):.3f}; of present ones: median {statistics.median(least):.3f}, "
            f"90 % above {np.quantile(least, 0.1):.3f}."
        )
    return "\n".join(lines)


def parse_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse the command line; None reads the process's own."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.topics", description=__doc__.split(":")[0])
    parser.add_argument("--store", required=True, help="index of the papers, made by `nonmun ingest`")
    parser.add_argument("--topics", required=True, type=Path, help="topics with their papers, JSON Lines")
    parser.add_argument("--cut", type=float, default=CUT, help="probability from which a paper belongs to a set")
    return parser.parse_args(arguments)


def main(options: argparse.Namespace) -> None:
    """Ask every topic in both languages and print the table."""
    pipeline = Pipeline(read_settings({"store": options.store}))
    pipeline.warm()
    topics = read_topics(options.topics, pipeline.snapshot().catalogue)
    retriever = pipeline.snapshot().retriever()
    retriever.membership("warm")
    found, taken = {}, []
    for topic in topics:
        for language in LANGUAGES:
            started = time.process_time()
            found[topic.id, language] = retriever.membership(topic.phrase(language))
            taken.append((time.process_time() - started) * 1000)
    print(report(topics, found, options.cut))
    print(
        f"Processor time a phrase: median {statistics.median(taken):.1f} ms, 95 % below {np.quantile(taken, 0.95):.1f} ms."
    )


if __name__ == "__main__":
    main(parse_arguments())
