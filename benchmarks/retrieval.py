"""The ranking beside its peers, on BEIR queries with one relevant paper or more: each stage of the product, LlamaIndex's
BM25Retriever as it comes, and Chroma with its default embedder, in one run over the same papers.

    pip install 'nonmun[bench]'
    python -m benchmarks.retrieval --store STORE --set English=../shared/benchmark/en-describe \\
        --set English=../shared/benchmark/en-describe-2 --set Korean=../shared/benchmark/ko-describe \\
        --set names=../shared/benchmark/name

Writes `retrieval.md` and `retrieval.svg` into `--out` (docs). Vectors of the network are kept in `--cache`: a second run
embeds the queries only. Scores come from ir_measures, per query first; intervals from a bootstrap over the queries, paired where
two systems are compared.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import ir_measures
import numpy as np
from ir_measures import RR, R
from numpy.typing import NDArray

from rag.corpus.manifest import paper_nodes
from rag.corpus.papers import Paper
from rag.evaluation import read_qrels, read_queries
from rag.pipeline import Pipeline
from rag.settings import read_settings

DEPTH = 10
MEASURES = {"MRR@10": RR @ DEPTH, "recall@10": R @ DEPTH}
RESAMPLES = 10_000
LABELLED_FROM = date(2024, 6, 12)  # from this day on, the bullets of the real digests are labelled and rich in English
OURS = "hybrid"

Search = Callable[[str], Sequence[str]]
"""A query to arXiv ids, best first, at most DEPTH."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one system did: measure to query id to score, and the median milliseconds of a query."""

    scores: Mapping[str, Mapping[str, float]]
    median_ms: float


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with the bounds between which 95 % of its bootstrap resamples lie."""

    mean: float
    low: float
    high: float


def interval(values: Sequence[float], seed: int = 0) -> Interval:
    """Return the mean of per-query values with its 95 % bootstrap interval; of differences, for a paired comparison."""
    found: NDArray[np.float64] = np.asarray(values, dtype=np.float64)
    rng = np.random.default_rng(seed)
    means = [float(found[rng.integers(len(found), size=len(found))].mean()) for _ in range(RESAMPLES)]
    low, high = np.percentile(means, [2.5, 97.5])
    return Interval(float(found.mean()), float(low), float(high))


def measure(search: Search, queries: Mapping[str, str], relevant: Sequence[ir_measures.Qrel]) -> Outcome:
    """Run every query and score it; a query that finds nothing scores 0."""
    run, taken = [], []
    for query_id, text in queries.items():
        started = time.perf_counter()
        found = search(text)
        taken.append((time.perf_counter() - started) * 1000)
        # By rank, not by score: the order a system gives is what is scored, ties included.
        run += [ir_measures.ScoredDoc(query_id, found_id, 1.0 / rank) for rank, found_id in enumerate(found, start=1)]
    scores: dict[str, dict[str, float]] = {}
    for name, wanted in MEASURES.items():
        of_query = {metric.query_id: float(metric.value) for metric in ir_measures.iter_calc([wanted], relevant, run)}
        scores[name] = {query_id: of_query.get(query_id, 0.0) for query_id in queries}
    return Outcome(scores, statistics.median(taken))


# --- systems ---------------------------------------------------------------------------------------------------------
def summary(paper: Paper) -> str:
    """Return a paper as the peers index it: its title and its whole summaries."""
    return "\n".join(node.text for node in paper_nodes(paper) if node.bullet < 0)


def stage(pipeline: Pipeline, mode: str) -> Search:
    """Return one stage of the product: lexical, dense or hybrid."""
    return lambda text: [hit.arxiv_id for hit in pipeline.search(text, DEPTH, mode)]


def llamaindex_bm25(papers: Mapping[str, Paper]) -> Search:
    """Return LlamaIndex's BM25Retriever with its defaults: an English stemmer, English stop words, no Korean analysis."""
    from llama_index.core.schema import TextNode
    from llama_index.retrievers.bm25 import BM25Retriever

    nodes = [TextNode(id_=arxiv_id, text=summary(paper)) for arxiv_id, paper in papers.items()]
    retriever = BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=DEPTH)
    return lambda text: [found.node.node_id for found in retriever.retrieve(text) if found.score]


def chroma_minilm(papers: Mapping[str, Paper], cache: Path) -> Search:
    """Return Chroma with all-MiniLM-L6-v2, one vector a paper."""
    import chromadb

    from benchmarks.minilm import MiniLM

    model = MiniLM(folder=cache)
    collection = chromadb.EphemeralClient(chromadb.config.Settings(anonymized_telemetry=False)).create_collection(
        "peers", configuration={"hnsw": {"space": "cosine", "ef_search": 400}}, embedding_function=None
    )
    ids = list(papers)
    for start in range(0, len(ids), 500):
        batch = ids[start : start + 500]
        vectors = model.get_text_embedding_batch([summary(papers[arxiv_id]) for arxiv_id in batch])
        collection.upsert(ids=batch, embeddings=np.asarray(vectors, dtype=np.float32))
        _report(f"all-MiniLM-L6-v2: {start + len(batch):,} of {len(ids):,} papers")

    def search(text: str) -> Sequence[str]:
        vector = np.asarray([model.get_query_embedding(text)], dtype=np.float32)
        return collection.query(query_embeddings=vector, n_results=DEPTH, include=[])["ids"][0]

    return search


# --- report ----------------------------------------------------------------------------------------------------------
def eras(
    queries_of_set: Mapping[str, Sequence[str]], relevant: Sequence[ir_measures.Qrel], papers: Mapping[str, Paper]
) -> dict[str, list[str]]:
    """Return the query ids of each set by the era of their papers; an era without a query is left out."""
    day = {qrel.query_id: papers[qrel.doc_id].date for qrel in relevant if qrel.doc_id in papers}
    found: dict[str, list[str]] = {}
    for name, ids in queries_of_set.items():
        found[f"{name}, free"] = [i for i in ids if i in day and day[i] < LABELLED_FROM]
        found[f"{name}, labelled"] = [i for i in ids if i in day and day[i] >= LABELLED_FROM]
    return {name: ids for name, ids in found.items() if ids}


def table(outcomes: Mapping[str, Outcome], of_group: Mapping[str, Sequence[str]], name: str) -> str:
    """Render one measure as Markdown: a row a system, a column a group, each a mean with its interval."""
    lines = [
        "| system | " + " | ".join(f"{group} ({len(ids)})" for group, ids in of_group.items()) + " | ms a query |",
        "|---|" + "---|" * (len(of_group) + 1),
    ]
    for system, outcome in outcomes.items():
        cells = [_cell(interval([outcome.scores[name][i] for i in ids])) for ids in of_group.values()]
        lines.append(f"| {system} | " + " | ".join(cells) + f" | {outcome.median_ms:.1f} |")
    return "\n".join(lines)


def differences(outcomes: Mapping[str, Outcome], of_group: Mapping[str, Sequence[str]], name: str) -> str:
    """Render how far the hybrid is ahead of each other system, query by query."""
    lines = ["| ahead of | " + " | ".join(of_group) + " |", "|---|" + "---|" * len(of_group)]
    ours = outcomes[OURS].scores[name]
    for system, outcome in outcomes.items():
        if system == OURS:
            continue
        cells = [_cell(interval([ours[i] - outcome.scores[name][i] for i in ids]), "+") for ids in of_group.values()]
        lines.append(f"| {system} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cell(found: Interval, sign: str = "") -> str:
    return f"{found.mean:{sign}.3f} [{found.low:{sign}.3f}, {found.high:{sign}.3f}]"


def plot(outcomes: Mapping[str, Outcome], sets: Mapping[str, Sequence[str]], path: Path) -> None:
    """Draw MRR@10 of each system on each whole set, with its interval, as SVG."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    matplotlib.rcParams["svg.hashsalt"] = "nonmun"  # the same figures give the same file
    figure, axes = pyplot.subplots(figsize=(8, 3.6), layout="constrained")
    width = 0.8 / len(outcomes)
    for place, (system, outcome) in enumerate(outcomes.items()):
        found = [interval([outcome.scores["MRR@10"][i] for i in ids]) for ids in sets.values()]
        means = [one.mean for one in found]
        errors = [[one.mean - one.low for one in found], [one.high - one.mean for one in found]]
        axes.bar(np.arange(len(sets)) + place * width, means, width, yerr=errors, capsize=2, label=system)
    axes.set_xticks(np.arange(len(sets)) + 0.4 - width / 2, [f"{name} ({len(ids)})" for name, ids in sets.items()])
    axes.set(ylabel="MRR@10", ylim=(0, 1))
    axes.legend(fontsize="small", ncols=len(outcomes), loc="upper center", bbox_to_anchor=(0.5, -0.1), frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)


def report(
    outcomes: Mapping[str, Outcome],
    sets: Mapping[str, Sequence[str]],
    of_era: Mapping[str, Sequence[str]],
    papers: int,
    day: str,
) -> str:
    """Render the whole page."""
    parts = [
        "# Ranking next to other systems",
        f"{day}. {papers:,} papers. Each query describes or names one of them. `python -m benchmarks.retrieval` writes this page.\n"
        "Scores are means over the queries, with 95 % bootstrap intervals. Milliseconds are medians and depend on the machine.",
        "![MRR@10 of each system](retrieval.svg)",
    ]
    for name in MEASURES:
        parts += [f"## {name}", table(outcomes, sets, name)]
    parts += [
        "## MRR@10 by period",
        f"Bullets are free text in digests before {LABELLED_FROM}. From then on they have labels, and many English words.",
        table(outcomes, of_era, "MRR@10"),
        "## Lead of the hybrid, MRR@10",
        "The differences are paired, query by query.",
        differences(outcomes, {**sets, **of_era}, "MRR@10"),
    ]
    return "\n\n".join(parts) + "\n"


def _report(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def parse_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse the command line; None reads the process's own."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.retrieval", description=__doc__.split(":")[0])
    parser.add_argument("--store", required=True, help="index of the papers, made by `nonmun ingest`")
    parser.add_argument("--set", action="append", required=True, metavar="NAME=FOLDER", dest="sets",
                        help="BEIR queries.jsonl and qrels.tsv; folders of one name are scored together")  # fmt: skip
    parser.add_argument("--out", type=Path, default=Path("docs"))
    parser.add_argument("--cache", type=Path, default=Path("build/minilm"), help="where the network's vectors are kept")
    parser.add_argument("--date", default=date.today().isoformat(), help="day on the page")
    return parser.parse_args(arguments)


def main(options: argparse.Namespace) -> None:
    """Run every system on every set and write the page."""
    pipeline = Pipeline(read_settings({"store": options.store}))
    papers = pipeline.snapshot().catalogue.papers
    queries: dict[str, str] = {}
    relevant: list[ir_measures.Qrel] = []
    queries_of_set: dict[str, list[str]] = {}
    for argument in options.sets:
        name, _, folder = argument.partition("=")
        read = dict(read_queries(Path(folder) / "queries.jsonl"))
        queries |= read
        queries_of_set.setdefault(name, []).extend(read)
        relevant += read_qrels(Path(folder) / "qrels.tsv")
    pipeline.warm()
    systems: dict[str, Callable[[], Search]] = {
        "lexical": lambda: stage(pipeline, "lexical"),
        "dense": lambda: stage(pipeline, "dense"),
        OURS: lambda: stage(pipeline, "hybrid"),
        "LlamaIndex BM25": lambda: llamaindex_bm25(papers),
        "Chroma + MiniLM": lambda: chroma_minilm(papers, options.cache),
    }
    outcomes: dict[str, Outcome] = {}
    for name, built in systems.items():
        outcomes[name] = measure(built(), queries, relevant)
        _report(f"{name}: {len(queries):,} queries, {outcomes[name].median_ms:.1f} ms a query")
    options.out.mkdir(parents=True, exist_ok=True)
    page = report(outcomes, queries_of_set, eras(queries_of_set, relevant, papers), len(papers), options.date)
    (options.out / "retrieval.md").write_text(page, encoding="utf-8")
    plot(outcomes, queries_of_set, options.out / "retrieval.svg")
    _report(f"{options.out / 'retrieval.md'} and {options.out / 'retrieval.svg'} are written")


if __name__ == "__main__":
    main(parse_arguments())
