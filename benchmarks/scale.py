"""The product alone as the papers grow: 5,487 real ones, then synthetic ones up to 50,000 and 200,000.

    make bench-scale                             in less than 90 minutes on two cores
    python -m benchmarks.scale --sizes 50000     one size; sizes measured before by the same code are kept

Every step of every size is kept in `--work` as soon as it is measured: a run that is stopped goes on where it was. `--fresh` begins
again. An index is deleted when its size is done (200,000 papers need about 20 GB of disk meanwhile). Synthetic papers: see `synthetic`.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.measuring import (
    ROOT,
    disk_mb,
    fingerprint,
    machine,
    percentiles,
    read_json,
    run,
    say,
    write_json,
)
from benchmarks.speed import CLIENTS, COLD, edited, series

SIZES = (0, 50_000, 200_000)  # 0: the real digests alone
DEPTH = 10
_BATCH = 2_000  # vectors read at once for the exact search
TIED = 1e-5  # cosines this near are one place


def recall(pipeline: Any, texts: Sequence[str]) -> dict[str, Any]:
    """Compare the approximate search for vectors with the exact one, and count how far the texts repeat.

    recall@10: of the ten nearest vectors, the share that the approximate search gives too (or one as near); mean and least over the
    queries. Reads every stored vector.
    """
    import numpy as np

    from rag.corpus.manifest import paper_nodes

    snapshot = pipeline.snapshot()
    nodes = snapshot.retriever().nodes
    asked = np.stack([snapshot.embedding.query(text) for text in texts])
    best = np.full((len(texts), DEPTH), -2.0, dtype=np.float32)
    all_nodes = [node for paper in snapshot.catalogue.papers.values() for node in paper_nodes(paper)]
    ids = [node.node_id for node in all_nodes]
    read = 0
    for start in range(0, len(ids), _BATCH):
        rows = np.stack(list(nodes.embeddings(ids[start : start + _BATCH]).values()))
        rows = rows / (np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9)
        best = np.sort(np.concatenate([best, asked @ rows.T], axis=1), axis=1)[:, -DEPTH:]
        read += len(rows)
    shares = []
    for vector, exact in zip(asked, best, strict=True):
        found = [score for _, score in nodes.query(vector, DEPTH)]
        shares.append(agreement(found, sorted(map(float, exact), reverse=True)))
    bullets = [
        bullet.quote for paper in snapshot.catalogue.papers.values() for _, part in paper.summaries() for bullet in part
    ]
    return {
        "mean": float(np.mean(shares)), "least": min(shares), "queries": len(texts), "vectors": read,
        "texts": len(ids), "distinct_texts": len({node.text for node in all_nodes}),
        "bullets": len(bullets), "distinct_bullets": len(set(bullets)),
    }  # fmt: skip


def agreement(found: Sequence[float], exact: Sequence[float]) -> float:
    """Return the share of the exact search's places that were found, by nearness: a tie is as good. Both best first.

    >>> agreement([0.9, 0.7], [0.9, 0.8]), agreement([0.8, 0.8], [0.8, 0.8]), agreement([], [0.5])
    (0.5, 1.0, 0.0)
    """
    return sum(score >= exact[-1] - TIED for score in found[: len(exact)]) / len(exact)


class Scale:
    """Measures size after size, step after step."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.work: Path = options.work.resolve()
        self.python, self.shared, self.keep = options.python, options.shared, options.keep
        self.made_by, self.indexed = fingerprint(), options.indexed

    def folder(self, size: int) -> Path:
        """Return the working folder of a size."""
        return self.work / (str(size) if size else "real")

    def step(self, size: int, name: str, measure: Callable[[], Any]) -> Any:
        """Return a step's figures: kept ones of the same code, else measured now."""
        file = self.folder(size) / "steps" / f"{name}.json"
        kept = read_json(file)
        if kept and self.stands(name, kept):
            return kept["figures"]
        started, before = time.perf_counter(), os.getloadavg()[0]
        figures = measure()
        seconds = round(time.perf_counter() - started, 1)
        write_json(file, {"made_by": self.made_by, "seconds": seconds, "load": before, "figures": figures})
        say(f"{size or 'real'}, {name}: {seconds:.0f} s")
        return figures

    def stands(self, name: str, kept: dict[str, Any]) -> bool:
        """Whether what was measured before need not be measured again."""
        return bool(kept["made_by"] == self.made_by or (self.indexed and name == "ingest"))

    def spent(self) -> tuple[float, float]:
        """Return the seconds that all kept steps took, and the highest load any began under."""
        files = self.work.glob("*/steps/*.json")
        kept = [part for file in files if self.stands(file.stem, part := read_json(file))]
        return sum(part["seconds"] for part in kept), max((part["load"] for part in kept), default=0.0)

    def ingest(self, size: int) -> dict[str, Any]:
        """Index the digests of a size from nothing."""
        here, store = self.folder(size) / "digests", self.folder(size) / "store"
        shutil.rmtree(here, ignore_errors=True)
        shutil.rmtree(store, ignore_errors=True)
        run([self.python, "-m", "benchmarks.synthetic", str(self.shared / "corpus"), str(here), str(size)])
        ran = run([self.python, "-m", "rag", "ingest", str(here), "--store", str(store), "--json"], limit=7_200)
        said = ran.value()
        return {"s": ran.seconds, "peak_mb": ran.peak_mb, "papers": said["papers"], "texts": said["chunks"],
                "disk_mb": disk_mb(store), "digests_mb": disk_mb(here)}  # fmt: skip

    def later(self, size: int) -> dict[str, Any]:
        """Index again, nothing changed; then with one paper changed."""
        here, store = self.folder(size) / "digests", self.folder(size) / "store"
        command = [self.python, "-m", "rag", "ingest", str(here), "--store", str(store), "--json"]
        unchanged = run(command)
        last = sorted(here.rglob("*.md"))[-1]
        last.write_text(edited(last.read_text(encoding="utf-8"), f"{time.time_ns()}"), encoding="utf-8")
        changed = run(command)
        return {"unchanged_s": unchanged.seconds, "changed_s": changed.seconds, "peak_mb": changed.peak_mb}

    def query(self, size: int, questions: Path) -> dict[str, Any]:
        """Open the index in a new process, search and answer."""
        ran = run(
            [
                self.python,
                "-m",
                "benchmarks.systems",
                "nonmun",
                "query",
                str(self.folder(size) / "store"),
                str(questions),
            ]
        )
        said = ran.value()
        return {"open_s": said["open_s"], "search": percentiles(said["search_ms"]), "answer": percentiles(said["answer_ms"]),
                "peak_mb": ran.peak_mb, "recall": said["recall"]}  # fmt: skip

    def cold(self, size: int) -> dict[str, Any]:
        """Ask one question as a whole process."""
        store = str(self.folder(size) / "store")
        found = {
            kind: run([self.python, "-m", "rag", "ask", question, "--store", store]) for kind, question in COLD.items()
        }
        return {kind: {"s": ran.seconds, "mb": ran.peak_mb} for kind, ran in found.items()}

    def threads(self, size: int, questions: Path) -> dict[str, Any]:
        """Answer every question once with the most threads."""
        store, count = str(self.folder(size) / "store"), CLIENTS[-1]
        ran = run([self.python, "-m", "benchmarks.systems", "nonmun", "threads", store, str(questions), str(count)])
        said = ran.value()
        return {"clients": count, "per_s": said["per_s"], "errors": said["errors"], "peak_mb": ran.peak_mb,
                **percentiles(said["ms"] or [0.0])}  # fmt: skip

    def measure(self, size: int, questions: Path) -> dict[str, Any]:
        """Measure one size. The index is there as long as a step needs it."""
        whole: dict[str, Any] = {
            "ingest": self.step(size, "ingest", lambda: self.ingest(size)),
            "query": self.step(size, "query", lambda: self.query(size, questions)),
            "cold": self.step(size, "cold", lambda: self.cold(size)),
            "threads": self.step(size, "threads", lambda: self.threads(size, questions)),
            "nearest": self.step(size, "nearest", lambda: self._recall(size, questions)),
            "later": self.step(size, "later", lambda: self.later(size)),
        }
        whole["indexed_before"] = read_json(self.folder(size) / "steps/ingest.json")["made_by"] != self.made_by
        if not self.keep:
            shutil.rmtree(self.folder(size) / "store", ignore_errors=True)
            shutil.rmtree(self.folder(size) / "digests", ignore_errors=True)
        return whole

    def _recall(self, size: int, questions: Path) -> Any:
        return run(
            [self.python, "-m", "benchmarks.scale", "--recall", str(self.folder(size) / "store"), str(questions)]
        ).value()


def parse_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse the command line; None reads the process's own."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__.split("\n\n")[0])
    parser.add_argument("--python", default=sys.executable, help="the Python that the product runs with")
    parser.add_argument(
        "--shared", type=Path, default=Path(os.environ.get("NONMUN_TEST_SHARED") or ROOT.parent / "shared")
    )
    parser.add_argument(
        "--work", type=Path, default=ROOT / "build/bench-scale", help="where steps and indexes are kept"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "docs/performance.json")
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=list(SIZES), help="papers; 0 for the real digests alone"
    )
    parser.add_argument("--fresh", action="store_true", help="keep nothing that was measured before")
    parser.add_argument(
        "--indexed", action="store_true", help="ask the indexes that lie in --work, whatever code made them"
    )
    parser.add_argument("--keep", action="store_true", help="leave the indexes on the disk")
    parser.add_argument("--recall", nargs=2, metavar=("STORE", "QUESTIONS"), help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def main(options: argparse.Namespace) -> None:
    """Measure every size, and write the figures after each."""
    if options.recall:
        from rag.pipeline import Pipeline
        from rag.settings import read_settings

        rows = json.loads(Path(options.recall[1]).read_text(encoding="utf-8"))["search"]
        found = recall(Pipeline(read_settings({"store": options.recall[0]})), [row["text"] for row in rows])
        print(json.dumps(found))
        return
    real = series(options.shared, False)
    if real is None:
        say(f"No real digests in {options.shared} (corpus/ and benchmark/): there is nothing to make larger sizes of.")
        return
    if options.fresh:
        shutil.rmtree(options.work, ignore_errors=True)
    scale = Scale(options)
    questions = options.work.resolve() / "questions.json"
    write_json(questions, {"search": real.search, "answer": real.answer})
    sizes = []
    for size in sorted(options.sizes):
        sizes.append(scale.measure(size, questions))
        seconds, load = scale.spent()
        kept = read_json(options.out) or {}
        kept["scale"] = {"day": date.today().isoformat(), "machine": machine(), "minutes": round(seconds / 60, 1),
                         "load": round(load, 1), "sizes": sizes}  # fmt: skip
        write_json(options.out, kept)
    say(f"{options.out} is written; {seconds / 60:.1f} minutes of measuring")


if __name__ == "__main__":
    main(parse_arguments())
