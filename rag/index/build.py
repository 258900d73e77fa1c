"""The lexical index of a generation, made from the one before while the vectors are written: only what is new is analysed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from rag.corpus.papers import Paper
from rag.index.lexical import Bags, LexicalIndex
from rag.index.passages import PassageIndex
from rag.index.progress import Progress
from rag.language import analysis
from vectorstore.errors import StoreCorruptError

_BATCH = 500  # papers
_WORDS = 500_000  # words whose terms are kept; the real digests have 56,000


def _body(paper: Paper) -> str:
    return "\n".join(bullet.quote for _, bullets in paper.summaries() for bullet in bullets)


def _passages(paper: Paper) -> list[str]:
    return [paper.title, *(bullet.quote for _, bullets in paper.summaries() for bullet in bullets)]


def _documents(
    papers: Sequence[Paper], known: dict[str, str], progress: Progress
) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the terms of each paper's title and of its summaries; `known` gets what was made of their words."""
    for start in range(0, len(papers), _BATCH):
        batch = papers[start : start + _BATCH]
        texts = [*map(_body, batch), *(paper.title for paper in batch)]
        terms = analysis.terms_of_all(texts, known)
        yield from zip(terms[len(batch) :], terms[: len(batch)], strict=True)
        while len(known) > _WORDS:
            known.popitem()
        progress("analyse", start + len(batch), len(papers))


def _index(
    papers: Sequence[Paper], before: LexicalIndex | None, same: Collection[str], progress: Progress
) -> LexicalIndex:
    """Index papers; those of `same` are taken over from `before`, where it has them."""
    fresh = [paper for paper in papers if not before or paper.arxiv_id not in same or paper.arxiv_id not in before.rows]
    words = dict(before.words) if before else {}
    bags = Bags.of(_documents(fresh, words, progress))
    passages = [
        PassageIndex.build([_passages(p) for p in fresh[at : at + _BATCH]]) for at in range(0, len(fresh), _BATCH)
    ]
    ids, rows = [paper.arxiv_id for paper in papers], {paper.arxiv_id: row for row, paper in enumerate(fresh)}
    return LexicalIndex.build(ids, rows, bags, PassageIndex.joined(passages), words, before)


def write_lexical(
    papers: Sequence[Paper], folder: Path, progress: Progress, base: Path | None = None, same: Collection[str] = ()
) -> None:
    """Make the lexical index of papers and save it into a generation's folder.

    Papers of `same`, by arXiv id, are taken over from the index in the folder `base`, where it can be read.
    """
    try:
        made = _index(papers, LexicalIndex.load(base) if base is not None and same else None, same, progress)
    except (StoreCorruptError, IndexError, ValueError):
        if base is None:
            raise
        made = _index(papers, None, (), progress)  # the one before is damaged, or looks whole and is not
    made.save(folder)


@contextmanager
def lexical_beside(
    papers: Sequence[Paper], folder: Path, progress: Progress, base: Path | None, same: Collection[str]
) -> Iterator[tuple[Callable[[], AbstractContextManager[None]], Callable[[], None]]]:
    """Make the lexical index in a thread while the body waits: in the contexts that the first of what is yielded opens.

    The second waits until it is saved. Kiwi keeps the interpreter to itself too, so whoever writes the vectors would
    have nothing to do if this went on while the body makes more of them.
    """
    free, left = threading.Event(), threading.Event()

    def told(stage: str, done: int, total: int) -> None:
        free.wait()
        if left.is_set():
            raise CancelledError
        progress(stage, done, total)

    def work() -> None:
        free.wait()
        if not left.is_set():
            write_lexical(papers, folder, told, base, same)

    @contextmanager
    def waiting() -> Iterator[None]:
        free.set()
        yield
        free.clear()

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(work)

        def finish() -> None:
            free.set()
            done.result()

        try:
            yield waiting, finish
        finally:
            left.set()  # whoever leaves without waiting waits for the next batch only
            free.set()
