"""The product beside what a user would pick instead: time, memory and disk over the same digests and questions, on one machine.

    make bench                                   everything, in less than half an hour on two cores
    python -m benchmarks.speed --quick           a few digests and questions, once: whether it all works

Every figure is of a process of its own, several runs with the systems in turn, and the median of them. Parts are kept in `--work`;
`--resume` measures only what is missing or was made by other code. The real digests come from `--shared` (corpus/, benchmark/); without
that folder only the samples are measured, and a line says so. Writes docs/performance.json; `benchmarks.performance` makes the page of it.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.measuring import (
    ROOT,
    BenchmarkError,
    Ran,
    clean_environment,
    disk_mb,
    fingerprint,
    machine,
    middle,
    middle_of,
    percentiles,
    read_json,
    run,
    say,
    write_json,
)
from rag.questions.reader import MAX_QUESTION

OURS = "nonmun"
PEERS = ("llamaindex-chroma", "llamaindex-bm25", "txtai")
PARTIAL = (OURS, "llamaindex-chroma")  # systems that can bring an index up to date
EMBEDDING = ("llamaindex-chroma", "txtai")  # peers whose first ingest of the series is minutes of one network
CLIENTS = (1, 4, 16, 64)
COLD = {"set": "Mamba를 사용한 논문은?", "open": "단일 이미지로 3D를 복원하는 논문을 설명해 줘"}
NEEDS = {"llamaindex-chroma": "llama_index.vector_stores.chroma", "llamaindex-bm25": "llama_index.retrievers.bm25",
         "txtai": "txtai"}  # fmt: skip
PACKAGES = ("chromadb", "llama-index-core", "llama-index-retrievers-bm25", "llama-index-vector-stores-chroma",
            "sentence-transformers", "torch", "txtai")  # fmt: skip

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Dataset:
    """Digests and what is asked of them: queries to search (with the paper each means, where known), questions to answer."""

    name: str
    digests: Path
    search: list[Row]
    answer: list[Row]
    load: list[Row]


def spread(rows: Sequence[Row], count: int) -> list[Row]:
    """Return `count` rows evenly out of all, first to last; all where there are no more.

    >>> [row["text"] for row in spread([{"text": letter} for letter in "abcdef"], 3)]
    ['a', 'c', 'e']
    """
    return list(rows) if len(rows) <= count else [rows[i * len(rows) // count] for i in range(count)]


def golden(file: Path) -> list[Row]:
    """Return the golden questions of a file that begin a conversation: their texts, and the day they are asked on.

    Without the one that is longer than the product takes.
    """
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    asked = [row for row in rows if not row["history"] and len(row["question"]) <= MAX_QUESTION]
    return [{"text": row["question"], "as_of": row["as_of"]} for row in asked]


def queries(folder: Path) -> list[Row]:
    """Return the BEIR queries of a folder, each with the one paper that is relevant to it."""
    table = (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()
    relevant = {columns[0]: columns[-2] for line in table if (columns := line.split("\t"))[-1].strip() == "1"}
    rows = map(json.loads, (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines())
    return [{"text": row["text"], "relevant": relevant[row["_id"]]} for row in rows if row["_id"] in relevant]


def series(shared: Path, few: bool) -> Dataset | None:
    """Return the real digests with their queries, or None where they are not here; `few` takes three of a kind."""
    if not (shared / "corpus").is_dir() or not (shared / "benchmark").is_dir():
        return None
    own = golden(ROOT / "tests/golden/corpus.jsonl")
    more = golden(ROOT / "seeds/golden.jsonl")
    counts = {"en-describe": 50, "ko-describe": 50, "name": 20}
    asked = [
        row
        for name, count in counts.items()
        for row in spread(queries(shared / "benchmark" / name), 3 if few else count)
    ]
    load = [*own, *spread(more, 40)]
    return Dataset("series", shared / "corpus", asked, spread(own, 6 if few else 100), load[:12] if few else load)


def samples(few: bool) -> Dataset:
    """Return the digests that come with the project, asked its golden questions."""
    rows = golden(ROOT / "seeds/golden.jsonl")
    some = spread(rows, 6 if few else 60)
    return Dataset("samples", ROOT / "seeds", some, some, some)


def edited(text: str, mark: str) -> str:
    """Return a digest with a remark at the end of its first bullet: one paper changed."""
    lines = text.splitlines()
    place = next(i for i, line in enumerate(lines) if line.startswith("- "))
    return "\n".join([*lines[:place], f"{lines[place]} ({mark})", *lines[place + 1 :]]) + "\n"


class Bench:
    """Measures part after part and keeps each."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.work: Path = options.work.resolve()
        self.python, self.peers = options.python, options.peers
        self.runs, self.quick, self.resume = 1 if options.quick else options.runs, options.quick, options.resume
        self.made_by = f"{fingerprint()}{'-quick' if self.quick else ''}"
        self.systems = [OURS, *self._there()]

    def _there(self) -> Iterator[str]:
        for name in PEERS:
            try:
                run([self.peers, "-c", f"import importlib.util as u; assert u.find_spec({NEEDS[name]!r})"])
                yield name
            except (BenchmarkError, OSError):
                say(f"{name} is not installed for {self.peers} and is left out; `make bench` installs the peers")

    def part(self, name: str, measure: Callable[[], Any]) -> Any:
        """Return a part's figures: kept ones when resuming and the code is the same, else measured now."""
        file = self.work / "parts" / f"{name}.json"
        kept = read_json(file) if self.resume else None
        if kept and kept["made_by"] == self.made_by:
            say(f"{name}: kept")
            return kept["figures"]
        started, before = time.perf_counter(), os.getloadavg()[0]
        figures = measure()
        seconds = round(time.perf_counter() - started, 1)
        write_json(file, {"made_by": self.made_by, "seconds": seconds, "load": before, "figures": figures})
        say(f"{name}: {seconds:.0f} s")
        return figures

    def spent(self) -> tuple[float, float]:
        """Return the seconds that all kept parts took, and the highest load any began under."""
        kept = [read_json(file) for file in (self.work / "parts").glob("*.json")]
        kept = [part for part in kept if part["made_by"] == self.made_by]
        return sum(part["seconds"] for part in kept), max((part["load"] for part in kept), default=0.0)

    def _ask(self, system: str, *arguments: str, vectors: bool = False) -> Ran:
        python = self.python if system == OURS else self.peers
        kept = {"BENCHMARK_VECTORS": str(self.work / "vectors")} if vectors else {}
        return run([python, "-m", "benchmarks.systems", system, *arguments], environment=kept)

    def store(self, dataset: Dataset, system: str) -> Path:
        """Return the folder a system keeps its index of a dataset in."""
        return self.work / "stores" / f"{dataset.name}-{system}"

    def digests(self, dataset: Dataset) -> Path:
        """Return the copy of the digests that is indexed and edited."""
        return self.work / "digests" / dataset.name

    def ingest(self, dataset: Dataset, system: str) -> Ran:
        """Index a dataset once, as a whole process."""
        here, there = str(self.digests(dataset)), self.store(dataset, system)
        if system == OURS:
            return run([self.python, "-m", "rag", "ingest", here, "--store", str(there), "--json"])
        return self._ask(system, "ingest", here, str(there), vectors=dataset.name == "series")

    def prepare(self, dataset: Dataset) -> Path:
        """Copy the digests and write the questions; return the questions' file."""
        here = self.digests(dataset)
        if not self.resume:
            shutil.rmtree(here, ignore_errors=True)
        files = [] if here.is_dir() else sorted(f for f in dataset.digests.rglob("*.md") if f.name != "README.md")
        for file in files[:20] if self.quick else files:
            target = here / file.relative_to(dataset.digests)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
        asked = self.work / "questions" / f"{dataset.name}.json"
        write_json(asked, {"search": dataset.search, "answer": dataset.answer})
        write_json(asked.with_stem(f"{dataset.name}-load"), {"search": [], "answer": dataset.load})
        return asked

    # --- parts -------------------------------------------------------------------------------------------------------
    def first_ingest(self, dataset: Dataset) -> dict[str, Any]:
        """Index from nothing. A network's first ingest of the series is measured once, and its vectors are kept for txtai."""
        found: dict[str, list[dict[str, float]]] = {system: [] for system in self.systems}
        if dataset.name == "series":
            shutil.rmtree(self.work / "vectors", ignore_errors=True)
        for turn in range(self.runs):
            for system in self.systems:
                if turn and dataset.name == "series" and system in EMBEDDING:
                    continue
                shutil.rmtree(self.store(dataset, system), ignore_errors=True)
                ran = self.ingest(dataset, system)
                said = ran.value()
                found[system].append({"s": ran.seconds, "mb": ran.peak_mb, "disk_mb": disk_mb(self.store(dataset, system)),
                                      "texts": said.get("chunks", said.get("texts")), "papers": said.get("papers", 0)})  # fmt: skip
                say(f"  {dataset.name}, {system}: indexed in {ran.seconds:.1f} s, {ran.peak_mb:.0f} MB")
        return {system: middle_of(runs) for system, runs in found.items()}

    def later_ingest(self, dataset: Dataset) -> dict[str, Any]:
        """Index again: nothing changed, then one paper changed; the systems that can."""
        found: dict[str, dict[str, list[float]]] = {
            s: {"unchanged": [], "changed": []} for s in self.systems if s in PARTIAL
        }
        last = sorted(self.digests(dataset).rglob("*.md"))[-1]
        text = last.read_text(encoding="utf-8")
        for turn in range(self.runs):
            for kind in ("unchanged", "changed"):
                if kind == "changed":
                    last.write_text(edited(text, f"{turn + 1}"), encoding="utf-8")
                for system in found:
                    found[system][kind].append(self.ingest(dataset, system).seconds)
        return {system: {kind: middle(runs) for kind, runs in kinds.items()} for system, kinds in found.items()}

    def query(self, dataset: Dataset, asked: Path) -> dict[str, Any]:
        """Open, search and answer, each question once a process."""
        found: dict[str, list[Any]] = {system: [] for system in self.systems}
        for _ in range(self.runs):
            for system in self.systems:
                ran = self._ask(system, "query", str(self.store(dataset, system)), str(asked))
                found[system].append({**ran.value(), "peak_mb": ran.peak_mb})
        return {system: {
            "open_s": middle([one["open_s"] for one in runs]),
            "search": middle_of([percentiles(one["search_ms"]) for one in runs]),
            "answer": middle_of([percentiles(one["answer_ms"]) for one in runs]),
            "peak_mb": middle([one["peak_mb"] for one in runs]),
            "recall": runs[0]["recall"],
        } for system, runs in found.items()}  # fmt: skip

    def cold(self, dataset: Dataset) -> dict[str, Any]:
        """Start a program, ask one question, end: the first answer of the day."""
        found: dict[str, dict[str, list[Ran]]] = {s: {kind: [] for kind in COLD} for s in self.systems}
        for _ in range(self.runs):
            for system in self.systems:
                store = str(self.store(dataset, system))
                for kind, question in COLD.items():
                    if system == OURS:
                        ran = run([self.python, "-m", "rag", "ask", question, "--store", store])
                    elif kind == "open":
                        ran = self._ask(system, "ask", store, question)
                    else:
                        continue  # no peer answers a question about a set
                    found[system][kind].append(ran)
        return {system: {
            kind: {"s": middle([ran.seconds for ran in runs]), "mb": middle([ran.peak_mb for ran in runs])}
            for kind, runs in kinds.items() if runs
        } for system, kinds in found.items()}  # fmt: skip

    def page(self, dataset: Dataset) -> dict[str, Any]:
        """Start the page and ask its first question in a browser."""
        store, runs = str(self.store(dataset, OURS)), []
        for _ in range(self.runs):
            runs.append(run([self.peers, "-m", "benchmarks.clients", "page", self.python, store, COLD["set"]]).value())
        return middle_of([{name: value for name, value in one.items() if value is not None} for one in runs])

    def load(self, dataset: Dataset, asked: Path) -> dict[str, Any]:
        """Answer every question once, by threads in one process and by clients over HTTP."""
        store, file = str(self.store(dataset, OURS)), str(asked.with_stem(f"{dataset.name}-load"))
        found: dict[str, dict[str, list[Any]]] = {way: {str(n): [] for n in CLIENTS} for way in ("process", "http")}
        for _ in range(max(1, self.runs - 1)):  # two minutes a run
            for count in CLIENTS:
                ran = self._ask(OURS, "threads", store, file, str(count))
                found["process"][str(count)].append({**ran.value(), "peak_mb": ran.peak_mb})
            clients = [self.python, "-m", "benchmarks.clients", "http", self.python, store, file]
            for count, one in run([*clients, ",".join(map(str, CLIENTS))]).value().items():
                found["http"][count].append(one)
        return {way: {count: {
            **middle_of([{"per_s": one["per_s"], **percentiles(one["ms"] or [0.0]), "peak_mb": one["peak_mb"]} for one in runs]),
            "errors": sum(one["errors"] for one in runs),
        } for count, runs in counts.items()} for way, counts in found.items()}  # fmt: skip

    def measure(self, dataset: Dataset, *, whole: bool) -> dict[str, Any]:
        """Measure a dataset: indexing, searching and answering; `whole` adds cold starts, the page and many readers at once."""
        asked = self.prepare(dataset)
        name = dataset.name
        figures = {
            "digests": sum(1 for _ in self.digests(dataset).rglob("*.md")),
            "questions": {kind: len(getattr(dataset, kind)) for kind in ("search", "answer", "load")},
            "first": self.part(f"{name}-first", lambda: self.first_ingest(dataset)),
            "query": self.part(f"{name}-query", lambda: self.query(dataset, asked)),
            "later": self.part(f"{name}-later", lambda: self.later_ingest(dataset)),
        }
        if whole:
            figures |= {
                "cold": self.part(f"{name}-cold", lambda: self.cold(dataset)),
                "page": self.part(f"{name}-page", lambda: self.page(dataset)),
                "load": self.part(f"{name}-load", lambda: self.load(dataset, asked)),
            }
        return {**figures, "papers": int(figures["first"][OURS]["papers"]["median"])}


def versions(python: str) -> dict[str, str]:
    """Return the versions of the peers' packages that a Python has."""
    code = ("import importlib.metadata as m, json\nfound = {}\n"
            f"for name in {PACKAGES!r}:\n    try: found[name] = m.version(name)\n    except m.PackageNotFoundError: pass\n"
            "print(json.dumps(found))")  # fmt: skip
    shown = subprocess.run([python, "-c", code], capture_output=True, text=True, env=clean_environment(), check=True)
    found: dict[str, str] = json.loads(shown.stdout)
    return found


def parse_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse the command line; None reads the process's own."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__.split("\n\n")[0])
    parser.add_argument("--python", default=sys.executable, help="the Python that the product runs with")
    parser.add_argument("--peers", default=sys.executable, help="the Python that has the peers")
    parser.add_argument(
        "--shared", type=Path, default=Path(os.environ.get("NONMUN_TEST_SHARED") or ROOT.parent / "shared")
    )
    parser.add_argument("--work", type=Path, default=ROOT / "build/bench", help="where parts and indexes are kept")
    parser.add_argument("--out", type=Path, default=ROOT / "docs/performance.json")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="a few digests and questions, once; writes no page")
    parser.add_argument("--resume", action="store_true", help="keep parts that the same code has measured")
    parser.add_argument("--samples-only", action="store_true", help="leave the real digests out")
    return parser.parse_args(arguments)


def main(options: argparse.Namespace) -> None:
    """Measure, and write the figures."""
    bench = Bench(options)
    sets = [samples(options.quick)]
    found = None if options.samples_only else series(options.shared, options.quick)
    if found:
        sets.append(found)
    else:
        say(f"No real digests in {options.shared} (corpus/ and benchmark/): only the samples are measured.")
    figures = {dataset.name: bench.measure(dataset, whole=dataset is sets[-1]) for dataset in sets}
    seconds, load = bench.spent()
    out = bench.work / "quick.json" if options.quick else options.out
    kept = read_json(out) or {}
    kept["speed"] = {
        "day": date.today().isoformat(), "machine": machine(), "versions": versions(options.peers), "runs": bench.runs,
        "minutes": round(seconds / 60, 1), "load": round(load, 1), "datasets": figures,
    }  # fmt: skip
    write_json(out, kept)
    say(f"{out} is written; {seconds / 60:.1f} minutes of measuring")


if __name__ == "__main__":
    main(parse_arguments())
