"""The lexical index of a generation, made while its vectors are written: many papers by a process of their own.

Chroma keeps the interpreter to itself for as long as each of its writes lasts, so that a thread beside it hardly runs. Texts
analysed or cut before come from the cache of the store.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np

from rag import analysis
from rag.lexical import LexicalIndex
from rag.manifest import Manifest
from rag.papers import Paper
from rag.passages import Ids, encode
from rag.progress import Progress
from vectorstore.bundled import BundledModel
from vectorstore.cache import TextCache

APART = 1_500  # changed nodes from which another process, which takes two seconds to begin, pays
_BATCH = 500  # texts
# With the very path of this process: a module in the folder where the command was given must not be taken for ours.
_CHILD = "import sys; sys.path[:] = {path!r}; from rag.indexing import main; main(*sys.argv[1:])"


def _body(paper: Paper) -> str:
    return "\n".join(bullet.quote for _, bullets in paper.summaries() for bullet in bullets)


def _passages(paper: Paper) -> list[str]:
    return [paper.title, *(bullet.quote for _, bullets in paper.summaries() for bullet in bullets)]


def _pieces() -> str:
    return f"pieces:{BundledModel().fingerprint}"


def used_texts(papers: Sequence[Paper]) -> dict[str, Iterator[str]]:
    """Return the texts of papers that are kept in the cache, by what is computed of them; each to be gone through once."""
    return {
        analysis.fingerprint(): (text for paper in papers for text in (paper.title, _body(paper))),
        _pieces(): (passage for paper in papers for passage in _passages(paper)),
    }


def _shared(terms: list[str]) -> list[str]:
    """The same terms, each in memory once however many texts have it."""
    return [*map(sys.intern, terms)]


def _build(papers: Sequence[Paper], cache: TextCache, progress: Progress) -> LexicalIndex:
    """Index papers by their terms; texts analysed before come from the cache."""
    made_by = analysis.fingerprint()
    texts = [text for paper in papers for text in (paper.title, _body(paper))]
    known = {
        text: _shared(value.decode().split("\n")) if value else [] for text, value in cache.get(made_by, texts).items()
    }
    missing = list(dict.fromkeys(text for text in texts if text not in known))
    for start in range(0, len(missing), _BATCH):
        batch = missing[start : start + _BATCH]
        fresh = dict(zip(batch, analysis.terms_of_all(batch), strict=True))
        cache.put(made_by, ((text, "\n".join(terms).encode()) for text, terms in fresh.items()))
        known.update((text, _shared(terms)) for text, terms in fresh.items())
        progress("analyse", min(start + _BATCH, len(missing)), len(missing))
    return LexicalIndex.build(
        [paper.arxiv_id for paper in papers],
        [(known[paper.title], known[_body(paper)]) for paper in papers],
        [_passages(paper) for paper in papers],
        lambda passages: _encode(passages, cache),
    )


def _encode(texts: Sequence[str], cache: TextCache) -> list[Ids]:
    """Return the pieces of texts, from the cache where they were cut before."""
    made_by = _pieces()
    known = cache.get(made_by, texts)
    missing = list(dict.fromkeys(text for text in texts if text not in known))
    fresh = {text: ids.tobytes() for text, ids in zip(missing, encode(missing), strict=True)}
    cache.put(made_by, fresh)
    known.update(fresh)
    return [np.frombuffer(known[text], dtype=np.int32) for text in texts]


def write_lexical(papers: Sequence[Paper], cache_path: Path, folder: Path, progress: Progress) -> None:
    """Make the lexical index of papers and save it into a generation's folder. Raises StoreError."""
    cache = TextCache(cache_path)
    try:
        made = _build(papers, cache, progress)
    finally:
        cache.close()
    made.save(folder)


@contextmanager
def lexical_beside(
    manifest: Manifest, papers: Sequence[Paper], cache_path: Path, folder: Path, progress: Progress, changed: int
) -> Iterator[Callable[[], None]]:
    """Make the lexical index of a manifest's papers while the body runs; it is saved once what is yielded was called.

    From APART `changed` nodes on another process does it; whatever befalls that one, the work is done here then.
    """
    child = _start(cache_path, folder) if changed >= APART else None
    left = threading.Event()

    def work() -> None:
        if (child is None or not _served(child, manifest, progress)) and not left.is_set():
            write_lexical(papers, cache_path, folder, progress)

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(work)
        try:
            yield done.result
        finally:
            left.set()
            if child is not None:
                child.kill()


def _start(cache_path: Path, folder: Path) -> subprocess.Popen[bytes] | None:
    program = [sys.executable, "-P", "-c", _CHILD.format(path=sys.path), str(cache_path), str(folder)]
    with suppress(OSError):
        return subprocess.Popen(
            program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
        )
    return None


def _served(child: subprocess.Popen[bytes], manifest: Manifest, progress: Progress) -> bool:
    """Hand a manifest to the other process and pass its progress on; whether it did its work."""
    data, understood = manifest.to_bytes(), False
    with suppress(OSError, ValueError), child:
        assert child.stdin
        assert child.stdout
        child.stdin.write(b"%d\n%s" % (len(data), data))
        child.stdin.flush()
        del data  # as long as all texts together
        for line in child.stdout:
            done, total = map(int, line.split())
            progress("analyse", done, total)
        understood = True
    return understood and child.returncode == 0


def _tell(done: int, total: int) -> None:
    sys.stdout.write(f"{done} {total}\n")
    sys.stdout.flush()


def main(cache_path: str, folder: str) -> None:
    """Be that other process: a manifest comes in, progress goes out. It ends when its parent does."""
    data = sys.stdin.buffer.read(int(sys.stdin.buffer.readline()))

    def follow() -> None:
        os.read(0, 1)  # nothing more is ever sent
        os._exit(1)

    threading.Thread(target=follow, daemon=True).start()
    papers = list(Manifest.from_bytes(data, folder).papers().values())
    del data  # as long as all texts together
    write_lexical(papers, Path(cache_path), Path(folder), lambda _, done, total: _tell(done, total))
