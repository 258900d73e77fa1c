"""How well “For you” ranks a day's papers: the papers of a topic of one half of the time are stars, and the days of the other
half are ranked. Beside it stands the order of votes, which the page shows otherwise.

    python -m benchmarks.for_you STORE TOPICS.jsonl

A topic is a line of {id, relevant}; one with fewer than five papers in a half is left out there. nDCG@10 is of each day that
has a paper of the topic, the mean of a topic's days first and of the topics then.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import time
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from rag.corpus.papers import Paper
from rag.following.ranking import LEAST_STARS, rank
from rag.language.periods import day_after
from rag.pipeline import Pipeline
from rag.settings import read_settings

CUTOFF = 10


def ndcg(ranked: Sequence[str], relevant: Collection[str]) -> float:
    """Return nDCG@10 with binary gains.

    >>> ndcg(["a", "b"], {"a"}), round(ndcg(["b", "a"], {"a"}), 3)
    (1.0, 0.631)
    """
    gained = sum(1 / math.log2(at + 2) for at, one in enumerate(ranked[:CUTOFF]) if one in relevant)
    best = sum(1 / math.log2(at + 2) for at in range(min(CUTOFF, len(relevant))))
    return gained / best


def _by_votes(papers: Sequence[Paper]) -> list[str]:
    return [paper.arxiv_id for paper in sorted(papers, key=lambda paper: -(paper.votes or 0))]


def _days(pipeline: Pipeline) -> list[list[Paper]]:
    catalogue = pipeline.snapshot().catalogue
    return [list(catalogue.at(catalogue.between(day, day_after(day)))) for day in catalogue.days]


def measure(pipeline: Pipeline, topics: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the mean nDCG@10 of both orders over topics and halves, and the time of a ranking."""
    days = _days(pipeline)
    halves = (days[: len(days) // 2], days[len(days) // 2 :])
    retriever = pipeline.snapshot().retriever()
    rows, seconds = [], []
    for topic in topics:
        for half, (starred, judged) in enumerate((halves, halves[::-1])):
            stars = [paper.arxiv_id for day in starred for paper in day if paper.arxiv_id in topic["relevant"]]
            if len(set(stars)) < LEAST_STARS:
                continue
            ours, votes = [], []
            for day in judged:
                relevant = {paper.arxiv_id for paper in day} & set(topic["relevant"])
                if not relevant:
                    continue
                began = time.perf_counter()
                ranked = rank(day, stars, (), retriever)
                seconds.append(time.perf_counter() - began)
                ours.append(ndcg([one.paper.arxiv_id for one in ranked], relevant))
                votes.append(ndcg(_by_votes(day), relevant))
            if ours:
                rows.append(
                    (topic["id"], half, len(set(stars)), len(ours), statistics.mean(ours), statistics.mean(votes))
                )
    ours, votes = (statistics.mean(row[at] for row in rows) for at in (4, 5))
    return {
        "rows": len(rows), "days": sum(row[3] for row in rows), "for_you": ours, "votes": votes, "times": ours / votes,
        "ms": 1000 * statistics.median(seconds), "worst": sorted(rows, key=lambda row: row[4] - row[5])[:5],
    }  # fmt: skip


def main() -> None:
    """Measure over the store of the arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store")
    parser.add_argument("topics", type=Path)
    args = parser.parse_args()
    topics = [json.loads(line) for line in args.topics.read_text("utf-8").splitlines()]
    print(json.dumps(measure(Pipeline(read_settings({"store": args.store})), topics), indent=1))


if __name__ == "__main__":
    main()
