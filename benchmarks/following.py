"""Replay digests in order, and look at followed topics after every few days: what is told, when, and what is missed.

    python -m benchmarks.following DIGESTS TOPICS.jsonl --topics 20 --out replay.json

A topic is a line of {id, ko_question, relevant}. The last look's set is what the same question returns over the whole
index. With `--after 340` the first 340 days are one step. Times are of one process that stays: to open an index
anew and to make its ranking ready (`open`), and to look at all topics and tell their news (`day`, and of it the time of the
processor, which other programs change less).
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import vectorstore.chroma  # noqa: F401 - a process that has loaded it starts none to write in, at each of 357 ingests
from rag.corpus.digests import find_digests
from rag.following.book import Book, Saved
from rag.following.news import look, mark, news
from rag.index.ingest import ingest
from rag.pipeline import Pipeline
from rag.settings import read_settings
from rag.wiring import embedder

DAY = date(2024, 1, 1)  # the book notes days, which a replay does not need


@dataclass
class Followed:
    """What a topic was told over all looks: at which look each paper was told and as what, and which were only near."""

    saved: Saved
    relevant: frozenset[str]
    told: list[tuple[int, str, str]] = field(default_factory=list)
    near: set[str] = field(default_factory=set)
    final: frozenset[str] = frozenset()

    def figures(self, first_held: dict[str, int]) -> dict[str, Any]:
        """Return the counts of this topic; `first_held` is at which look the index first held a paper."""
        papers = [paper for _, paper, _ in self.told]
        late = [at - first_held[paper] for at, paper, _ in self.told]
        return {
            "told": len(papers),
            "now_fit": sum(kind == "now_fit" for *_, kind in self.told),
            "told_twice": len(papers) - len(set(papers)),
            "final": len(self.final),
            "missing": len(self.final - set(papers)),
            "told_and_left": len(set(papers) - self.final),
            "told_at_first_look": sum(looks == 0 for looks in late),
            "most_looks_late": max(late, default=0),
            "relevant": len(self.relevant),
            "relevant_told": len(self.relevant & set(papers)),
            "relevant_final": len(self.relevant & self.final),
            "relevant_only_near": len((self.relevant & self.near) - set(papers)),
            "near": len(self.near - set(papers)),
        }


class Replay:
    """An index that grows step by step, with the topics that are looked at after each step."""

    def __init__(self, place: Path, topics: list[dict[str, Any]]) -> None:
        settings = read_settings({"store": str(place / "store")})
        self.folder, self.pipeline, self.embedding = place / "digests", Pipeline(settings), embedder(settings)
        self.book = Book(place / "follow.sqlite")
        self.followed = [Followed(Saved(t["id"], t["ko_question"], "ko"), frozenset(t["relevant"])) for t in topics]
        self.first_held: dict[str, int] = {}
        self.opening: list[float] = []
        self.seconds: list[float] = []
        self.of_processor: list[float] = []
        with self.book.changing():
            for one in self.followed:
                self.book.add(one.saved, DAY)

    def grow(self, files: list[Path], root: Path) -> None:
        """Index more digests."""
        for path in files:
            target = self.folder / path.relative_to(root)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        ingest(self.pipeline.store, self.embedding, [self.folder])

    def look(self, at: int) -> None:
        """Look at every topic, and take what is told for seen."""
        began = time.perf_counter()
        self.pipeline.warm()
        opened, worked = time.perf_counter(), time.process_time()
        looks = [look(saved, self.pipeline) for saved in self.book.all()]
        told = [news(found, self.book) for found in looks]
        with self.book.changing():
            mark(told, self.book, self.pipeline.snapshot(), DAY)
        self.opening.append(opened - began)
        self.seconds.append(time.perf_counter() - opened)
        self.of_processor.append(time.process_time() - worked)
        for paper in self.pipeline.snapshot().catalogue.papers:
            self.first_held.setdefault(paper, at)
        by_name = {one.saved.name: one for one in self.followed}
        for found, came in zip(looks, told, strict=True):
            one = by_name[came.saved.name]
            one.told += [(at, row.paper.arxiv_id, "new") for row in came.new]
            one.told += [(at, row.paper.arxiv_id, "now_fit") for row in came.now_fit]
            one.near |= {row.paper.arxiv_id for row in came.near}
            one.final = frozenset(paper.arxiv_id for paper in found.fits)

    def figures(self) -> dict[str, Any]:
        """Return what was told of each topic so far, and how long looks took."""
        rows = {one.saved.name: one.figures(self.first_held) for one in self.followed}
        total = Counter[str]()
        for row in rows.values():
            total.update(row)
        return {
            "looks": len(self.seconds), "topics": len(rows), "papers": len(self.first_held), "total": dict(total),
            "book_bytes": sum(file.stat().st_size for file in self.book.path.parent.glob(f"{self.book.path.name}*")),
            "open_ms": _spread(self.opening), "day_ms": _spread(self.seconds),
            "day_processor_ms": _spread(self.of_processor), "by_topic": rows,
        }  # fmt: skip


def replay(digests: Path, topics: list[dict[str, Any]], step: int, after: int, out: Path) -> dict[str, Any]:
    """Return what was told of each topic, and how long looks took. The first `after` days are one step.

    Figures are written after each look, so that a replay that is stopped leaves those of the days until then.
    """
    root = digests.resolve()
    files = sorted(find_digests(root))
    with tempfile.TemporaryDirectory(prefix="nonmun-follow-") as place:
        run = Replay(Path(place), topics)
        starts = [0, *range(after or step, len(files), step)]
        for at, (start, end) in enumerate(zip(starts, [*starts[1:], len(files)], strict=True)):
            run.grow(files[start:end], root)
            run.look(at)
            spent = f"{1000 * run.seconds[-1]:.0f} ms, {1000 * run.of_processor[-1]:.0f} ms of processor"
            print(f"{at + 1} looks, {len(run.first_held):,} papers, {spent}", flush=True)
            figures = {"days": end, **run.figures()}
            out.write_text(json.dumps(figures, ensure_ascii=False, indent=1), "utf-8")
        run.book.close()
    return figures


def _spread(seconds: list[float]) -> dict[str, float]:
    """Return the median, the 95th percentile and the highest of times, in milliseconds."""
    times = sorted(1000 * one for one in seconds)
    return {"median": statistics.median(times), "p95": times[int(0.95 * len(times))], "most": times[-1]}


def main() -> None:
    """Run the replay of the arguments and write its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("digests", type=Path)
    parser.add_argument("questions", type=Path, metavar="TOPICS")
    parser.add_argument("--topics", type=int, default=20)
    parser.add_argument("--step", type=int, default=1, help="days between two looks")
    parser.add_argument("--after", type=int, default=0, help="days that are one step before the others")
    parser.add_argument("--out", type=Path, default=Path("replay.json"))
    args = parser.parse_args()
    rows = [json.loads(line) for line in args.questions.read_text("utf-8").splitlines()]
    every = max(1, len(rows) // args.topics)
    figures = replay(args.digests, rows[::every][: args.topics], args.step, args.after, args.out)
    print(json.dumps({name: value for name, value in figures.items() if name != "by_topic"}, indent=1))


if __name__ == "__main__":
    main()
