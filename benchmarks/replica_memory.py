"""What one replica holds in memory: python benchmarks/replica_memory.py STORE [--papers N ...]

Opens a store step by step and prints the resident memory after each; then the catalogue alone over N papers, which are
the store's own under other ids. Each measurement is a process of its own.
"""

from __future__ import annotations

import argparse
import gc
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date
from itertools import count, cycle, islice


def resident() -> float:
    """Return the resident memory of this process in MB."""
    gc.collect()
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * 4096 / 1e6


def opened(store: str) -> None:
    """Print what each step of opening a store adds."""
    from rag.pipeline import Pipeline
    from rag.settings import read_settings

    before = resident()
    print(f"{'the program':44} {before:8.0f} MB")
    pipeline = Pipeline(read_settings({"store": store}))
    steps = {
        "the catalogue (set questions need no more)": lambda: pipeline.ask("Mamba를 사용한 논문은?", (), date(2024, 6, 12)),
        "ranking: BM25, passages, vectors, Kiwi, model": lambda: pipeline.ask("How fast is PowerInfer?", (), date(2024, 6, 12)),
        "two hundred questions later": lambda: [
            pipeline.ask(f"{word} 논문 {n}편", (), date(2024, 6, 12)) for word in ("확산 모델", "강화 학습", "LoRA", "비디오") for n in range(50)
        ],
    }  # fmt: skip
    for name, step in steps.items():
        started = time.perf_counter()
        step()
        print(f"{name:44} {resident() - before:+8.0f} MB   {time.perf_counter() - started:.2f} s")
        before = resident()
    print(f"{'in all':44} {before:8.0f} MB for {len(pipeline.snapshot().catalogue):,} papers")


def catalogue(store: str, papers: int) -> None:
    """Print the memory of the catalogue alone, and the time of questions, over so many papers."""
    from rag.corpus.catalogue import Catalogue
    from rag.language.terms import glossary
    from rag.pipeline import Pipeline
    from rag.questions.reader import understand
    from rag.settings import read_settings

    small = Pipeline(read_settings({"store": store})).snapshot().catalogue
    questions = (
        "Mamba를 사용한 논문은?",
        "2024년 3월 논문 중 표가 가장 많은 3편",
        "Which papers did Dahua Lin co-author?",
    )
    for question in questions:  # what is made once, whatever the number of papers
        understand(question, small, date(2024, 6, 12))
    known = list(small.papers.values())
    before, ids = resident(), count(1)

    def other(paper):  # type: ignore[no-untyped-def]
        n = next(ids)
        bullets = {
            tongue: tuple(replace(b, text=f"{b.text} {n}") for b in getattr(paper, tongue)) for tongue in ("ko", "en")
        }
        return replace(paper, arxiv_id=f"{n // 99_999:04d}.{n % 99_999:05d}", title=f"{paper.title} {n}", **bullets)

    made = {p.arxiv_id: p for p in map(other, islice(cycle(known), papers))}
    started = time.perf_counter()
    book = Catalogue(made)
    built = time.perf_counter() - started
    taken = []
    for question in (
        "Mamba를 사용한 논문은?",
        "2024년 3월 논문 중 표가 가장 많은 3편",
        "Which papers did Dahua Lin co-author?",
    ):
        started = time.perf_counter()
        reading = understand(question, book, date(2024, 6, 12))
        for term in reading.plan.terms:
            book.mentioning(glossary().term(term))
        taken.append(f"{1000 * (time.perf_counter() - started):.0f}")
    print(
        f"{papers:10,} papers {resident() - before:8.0f} MB   built in {built:.1f} s   first questions {', '.join(taken)} ms"
    )


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store")
    parser.add_argument("--papers", type=int, nargs="*", default=[10_000, 40_000])
    parser.add_argument("--only", type=int, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.only:
        return catalogue(args.store, args.only)
    opened(args.store)
    for papers in args.papers:
        subprocess.run([sys.executable, __file__, args.store, "--only", str(papers)], check=True)
    return None


if __name__ == "__main__":
    main()
