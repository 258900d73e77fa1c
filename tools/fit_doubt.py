"""Fit the weights of `rag/index/doubt.py` anew, where the bundled model or the labels have changed.

    python -m tools.fit_doubt STORE [tests/golden/doubt.tsv]

STORE holds the labelled digests. To the labelled summaries come right ones that are cut to their first bullet, and right
titles with the text of another paper; these weigh a third of the labelled ones each. Prints the weights of both scores, and
precision and recall of what the product doubts now.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.corpus.manifest import DOUBTFUL, Manifest
from rag.corpus.papers import Paper
from rag.index.doubt import FLOOR, Measures, Pieces, doubts
from rag.index.lexical import LexicalIndex
from rag.index.passages import Ids
from vectorstore.store import FolderStore

Rows = NDArray[np.float64]
ROUNDS = 50  # Newton steps; ten suffice
RIDGE = 0.02


def logistic(rows: Rows, wrong: Rows, weights: Rows) -> Rows:
    """Return the intercept and the weights that tell wrong from right rows best."""
    middle, spread = rows.mean(axis=0), rows.std(axis=0)
    columns = np.column_stack([np.ones(len(rows)), (rows - middle) / spread])
    found = np.zeros(columns.shape[1])
    for _ in range(ROUNDS):
        chance = 1 / (1 + np.exp(-columns @ found))
        slope = columns.T @ (weights * (chance - wrong)) + RIDGE * found
        curve = (columns * (weights * chance * (1 - chance))[:, None]).T @ columns + RIDGE * np.eye(len(found))
        found -= np.linalg.solve(curve, slope)
    slopes = found[1:] / spread
    return np.array([found[0] - slopes @ middle, *slopes])


def examples(
    papers: dict[str, Paper], passages: dict[str, list[Ids]], labels: dict[str, str]
) -> Iterator[tuple[Measures, bool, bool]]:
    """Yield measures, whether they are of a wrong summary, and whether that was read by a person."""
    pieces, random = Pieces(), np.random.default_rng(0)
    right = [arxiv_id for arxiv_id, verdict in labels.items() if verdict == "right"]
    for arxiv_id, verdict in labels.items():
        title, *bullets = passages[arxiv_id]
        yield pieces.measures(title, np.unique(np.concatenate(bullets))), verdict == "wrong", True
    for arxiv_id in right:
        title, *bullets = passages[arxiv_id]
        yield pieces.measures(title, bullets[0]), False, False
        _, *others = passages[right[random.integers(len(right))]]
        yield pieces.measures(title, np.unique(np.concatenate(others))), True, False


def likeness(found: Sequence[Measures], read: Sequence[bool]) -> Rows:
    """Return the cosine of each summary to the likest other one that was read and is doubtful by itself, at least FLOOR."""
    doubtful = [place for place, one in enumerate(found) if read[place] and one.first_score > 0]
    near = np.array([one.direction for one in found]) @ np.array([found[place].direction for place in doubtful]).T
    near[doubtful, np.arange(len(doubtful))] = FLOOR
    nearest: Rows = np.maximum(near.max(axis=1), FLOOR).astype(np.float64)
    return nearest


def main(place: Path, labelled: Path) -> None:
    """Print weights and figures."""
    store = FolderStore(place)
    name = store.current() or sys.exit(f"There is no index at {place}.")
    papers = Manifest.from_bytes(store.manifest(name), store.place).papers()
    index = LexicalIndex.load(store.folder(name)).passages
    passages = {arxiv_id: index.of_paper(row) for row, arxiv_id in enumerate(papers)}
    lines = labelled.read_text(encoding="utf-8").splitlines()
    labels = dict(line.split("\t", 1) for line in lines if not line.startswith("#"))

    found, wrong, read = zip(*examples(papers, passages, labels), strict=True)
    made = ~np.array(read)
    weights = np.where(made, len(labels) / 3 / max(made.sum() / 2, 1), 1.0)
    truth = np.array(wrong, dtype=np.float64)
    alone = np.array([[one.nearness, one.held] for one in found], dtype=np.float64)
    print("first score:", logistic(alone, truth, weights).round(1))
    print("score:      ", logistic(np.column_stack([alone, likeness(found, read)]), truth, weights).round(1))

    doubted = {i for i, doubt in doubts((papers[i], passages[i]) for i in papers).items() if doubt >= DOUBTFUL}
    bad = {i for i, verdict in labels.items() if verdict == "wrong"}
    mistaken = doubted & (labels.keys() - bad)
    print(
        f"{len(doubted)} doubted, {len(mistaken)} of them known to be right; {len(doubted & bad)} of {len(bad)} wrong ones found"
    )


if __name__ == "__main__":
    default = Path(__file__).parents[1] / "tests" / "golden" / "doubt.tsv"
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else default)
