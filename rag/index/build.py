"""Build the lexical index of a generation from the previous one. Only new and changed papers are analysed."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from rag.corpus.papers import Paper
from rag.index.lexical import Bags, LexicalIndex
from rag.index.passages import PassageIndex
from rag.index.progress import Progress
from rag.language import analysis
from rag.language.everyday import wordings
from rag.language.terms import glossary
from vectorstore.errors import StoreCorruptError

_BATCH = 500  # papers
_WORD = re.compile("[가-힣]{2,10}")
_WORDS = 500_000  # the most words to keep terms of; the real digests have 56,000


def _body(paper: Paper) -> str:
    return "\n".join(bullet.quote for _, bullets in paper.summaries() for bullet in bullets)


def _passages(paper: Paper) -> list[str]:
    return [paper.title, *(bullet.quote for _, bullets in paper.summaries() for bullet in bullets)]


def _of_questions(known: Mapping[str, str]) -> list[str]:
    """Return the Korean in which questions are put into other words, if it is not known; with its terms kept, it starts no Kiwi."""
    spelled = [spelling for group in glossary().groups for spelling in group]
    worded = [words for _, wording in wordings() for words in (*wording.words, *wording.said)]
    found = [words for words in (*spelled, *worded) if not words.isascii()]
    return [] if known.keys() >= set(filter(_WORD.fullmatch, found)) else found


def _documents(
    papers: Sequence[Paper], known: dict[str, str], progress: Progress
) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the terms of each paper's title and of its summaries. Add the terms of each new word to `known`."""
    for start in range(0, len(papers), _BATCH):
        batch = papers[start : start + _BATCH]
        texts = [*map(_body, batch), *(paper.title for paper in batch), *(() if start else _of_questions(known))]
        terms = analysis.terms_of_all(texts, known)
        yield from zip(terms[len(batch) : 2 * len(batch)], terms[: len(batch)], strict=True)
        while len(known) > _WORDS:
            known.popitem()
        progress("analyse", start + len(batch), len(papers))


def _index(
    papers: Sequence[Paper], before: LexicalIndex | None, same: Collection[str], progress: Progress
) -> LexicalIndex:
    """Index papers. Copy the papers in `same` from `before`, if it has them."""
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
    """Build the lexical index of papers and save it in the folder of a generation.

    The papers whose arXiv ids are in `same` are copied from the index in the folder `base`, if that can be read.
    """
    try:
        made = _index(papers, LexicalIndex.load(base) if base is not None and same else None, same, progress)
    except (StoreCorruptError, IndexError, ValueError):
        if base is None:
            raise
        made = _index(papers, None, (), progress)  # the base is damaged
    made.save(folder)


@contextmanager
def lexical_in_background(
    papers: Sequence[Paper], folder: Path, progress: Progress, base: Path | None, same: Collection[str]
) -> Iterator[tuple[Callable[[], AbstractContextManager[None]], Callable[[], None]]]:
    """Build the lexical index in a thread, but only while the body waits for something else.

    Yields two functions. The first returns a context manager to put around waiting: the thread works inside it and
    pauses outside. The second waits until the index is saved. Kiwi holds Python's interpreter lock, so a thread that
    ran all the time would delay the vectors that the body prepares for its writer.
    """
    may_run, cancelled = threading.Event(), threading.Event()

    def report(stage: str, done: int, total: int) -> None:
        may_run.wait()
        if cancelled.is_set():
            raise CancelledError
        progress(stage, done, total)

    def work() -> None:
        may_run.wait()
        if not cancelled.is_set():
            write_lexical(papers, folder, report, base, same)

    @contextmanager
    def waiting() -> Iterator[None]:
        may_run.set()
        yield
        may_run.clear()

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(work)

        def finish() -> None:
            may_run.set()
            done.result()

        try:
            yield waiting, finish
        finally:
            cancelled.set()  # after an error, wait for the batch in progress only
            may_run.set()
