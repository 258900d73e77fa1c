"""Ingest: read digests, compare them with the index by content, embed what is new, and commit the next generation."""

from __future__ import annotations

import os
import shlex
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager, closing, nullcontext, suppress
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from rag.corpus.digests import Digest, Problem, find_digests, read_digest, skipped
from rag.corpus.manifest import Manifest, NodeSpec, node_count, paper_nodes
from rag.corpus.papers import Paper
from rag.errors import DigestError
from rag.index import lexical
from rag.index.build import lexical_in_background
from rag.index.doubt import updated
from rag.index.jagged import Places, Starts, select_rows, starts_of
from rag.index.lexical import LexicalIndex
from rag.index.progress import Progress, no_progress, recorded
from rag.settings import masked_url
from vectorstore.bundled import Vectors
from vectorstore.cache import TextCache
from vectorstore.embedders import Embedding
from vectorstore.errors import EmbedderError, StoreCorruptError, StoreError, StoreMismatchError, anew
from vectorstore.generations import Draft, Store
from vectorstore.rows import FOLDER_BATCH, Row, even_parts
from vectorstore.vectors import VectorWriter, open_vectors, pack, unpack, write_vectors

_FIRST = 1_000  # rows of the first part: as soon as Chroma can write its index, so that it starts early
_CARRIED = 10_000  # papers whose vectors are copied at once
_ROOM = 16_000_000  # bytes; if less is free, a failed write is blamed on the full disk
_SAMPLE = 16  # vectors that are searched for before a generation is committed

Batch = tuple[Places, list[NodeSpec]]
"""The row numbers of nodes among all vectors, and the nodes."""


@dataclass(frozen=True, slots=True)
class IngestReport:
    """The result of an ingest. `chunks` counts nodes, `seconds` is its duration, and the other numbers count papers."""

    added: int
    updated: int
    unchanged: int
    removed: int
    papers: int
    chunks: int
    seconds: float
    failed: tuple[Problem, ...]
    warnings: tuple[str, ...]
    doubtful: tuple[str, ...] = ()  # ids of papers whose summary seems not to be about them, newest first

    def as_json(self) -> dict[str, object]:
        """Return the report as printed with --json."""
        return asdict(self)


def read_folders(folders: Sequence[Path], known: Manifest, progress: Progress) -> Iterator[Digest]:
    """Read the digests in folders. A file whose bytes are already indexed is not parsed again.

    Raises DigestError for a folder that is missing or has no file that may be a digest.
    """
    files: dict[Path, Path] = {}
    for folder in folders:
        found = list(find_digests(folder))
        if not found:
            raise DigestError(f"There is no digest (*.md) under {folder}; the index is left as it is.")
        files.update(dict.fromkeys(found, Path(os.path.realpath(folder))))
    for done, (path, root) in enumerate(files.items(), start=1):
        record = known.files.get(path.as_posix())
        yield read_digest(path, root, {record.sha256: record.entries} if record else None)
        progress("read", done, len(files))


def _embed(nodes: list[NodeSpec], embedding: Embedding, cache: TextCache) -> Vectors:
    """Return one vector for each node, from the cache if its text was embedded before."""
    made_by = _cached_as(embedding)
    kept = cache.get(made_by, [node.text for node in nodes])
    missing = list(dict.fromkeys(node.text for node in nodes if node.text not in kept))
    for start in range(0, len(missing), embedding.batch):  # stored batch by batch: a failure loses only the last one
        batch = missing[start : start + embedding.batch]
        rows = embedding.texts(batch)
        fresh = {text: row.tobytes() for text, row in zip(batch, pack(rows), strict=True)}
        cache.put(made_by, fresh)
        kept.update(fresh)
    vectors = [np.frombuffer(kept[node.text], dtype=np.int16) for node in nodes]
    if len(sizes := {len(vector) for vector in vectors}) > 1:
        raise EmbedderError(
            f"The embedder {embedding.fingerprint} gives vectors of another size than before: {sorted(sizes)}. "
            f"Give it another name, or delete {cache.path} and rebuild."
        )
    return unpack(np.stack(vectors))


def _cached_as(embedding: Embedding) -> str:
    """Return the name of an embedder's packed vectors in the cache; earlier versions kept float32 by the fingerprint."""
    return f"{embedding.fingerprint} packed"


def _open_cache(store: Store, embedding: Embedding) -> TextCache:
    cache = TextCache(store.cache_folder / "cache.sqlite")
    cache.convert(
        embedding.fingerprint, _cached_as(embedding), lambda row: pack(np.frombuffer(row, np.float32)).tobytes()
    )
    return cache


def _parts(rows: int) -> Iterator[tuple[int, int]]:
    """Split rows into even parts to write, after a small first one if there are many. Yield begin and end of each."""
    first = _FIRST if rows >= _FIRST + FOLDER_BATCH else 0
    yield from even_parts(first, _FIRST)
    for begin, end in even_parts(rows - first, FOLDER_BATCH):
        yield first + begin, first + end


@dataclass(frozen=True)
class _Changes:
    """What an ingest writes: the nodes of the papers in the rows `changed`.

    `firsts` gives the row number of the first node of each paper. `old` maps the ids of the nodes that are stored for
    these papers, and for papers to remove, to the hashes of their content.
    """

    papers: Sequence[Paper]
    firsts: Starts
    changed: Sequence[int]
    old: Mapping[str, str]

    def batches(self) -> Iterator[Batch]:
        """Yield the nodes and their row numbers in parts. They are many, so each part is made when it is needed."""
        rows = np.array(self.changed, dtype=np.int64)
        starts, places = select_rows(self.firsts, rows)
        for first, last in _parts(int(starts[-1])):
            begin, end = np.searchsorted(starts, (first, last))  # whole papers: those that begin in this part
            nodes = [node for row in rows[begin:end] for node in paper_nodes(self.papers[row])]
            yield places[starts[begin] : starts[end]], nodes

    @cached_property
    def _new(self) -> dict[str, str]:
        return {node.node_id: node.content for _, nodes in self.batches() for node in nodes} if self.old else {}

    @property
    def gone(self) -> list[str]:
        """The ids of the nodes to delete."""
        return sorted(self.old.keys() - self._new.keys())

    @property
    def total(self) -> int:
        """The number of nodes that are new or changed."""
        if not self.old:
            return sum(node_count(self.papers[row]) for row in self.changed)
        return sum(self.old.get(node_id) != content for node_id, content in self._new.items())


def _unknown(batches: Iterable[Batch], embedding: Embedding, cache: TextCache) -> list[str]:
    """Return the texts that are not in the cache."""
    unknown: dict[str, None] = {}
    for _, nodes in batches:  # not all at once: the cache returns the vectors too
        texts = [node.text for node in nodes]
        kept = cache.get(_cached_as(embedding), texts)
        unknown.update(dict.fromkeys(text for text in texts if text not in kept))
    return list(unknown)


def _write_nodes(
    draft: Draft,
    changes: _Changes,
    embedding: Embedding,
    cache: TextCache,
    vectors_file: VectorWriter,
    progress: Progress,
    waiting: Callable[[], AbstractContextManager[None]],
) -> None:
    """Write all changes to the file of vectors, and the nodes that are new or changed to Chroma.

    `waiting` is put around the calls that wait for Chroma. The first of many parts does not wait.
    """
    done, total = 0, changes.total
    for places, nodes in changes.batches():
        vectors = _embed(nodes, embedding, cache)
        vectors_file.put(places, vectors)
        rows = [
            Row(node.node_id, {**node.metadata, "hash": content}, vector)
            for node, vector in zip(nodes, vectors, strict=True)
            if changes.old.get(node.node_id) != (content := node.content)
        ]
        with waiting() if done or len(rows) == total else nullcontext():
            draft.nodes.upsert(rows)
        done += len(rows)
        if rows:
            progress("embed", done, total)
    draft.nodes.delete(changes.gone)


def _carry(
    store: Store,
    draft: Draft,
    before: Mapping[str, Paper],
    after: Mapping[str, Paper],
    kept: AbstractSet[str],
    firsts: Starts,
    vectors_file: VectorWriter,
) -> None:
    """Copy the vectors of unchanged papers from the file of the previous generation, or else from Chroma."""
    if not kept or draft.base is None:
        return
    starts = starts_of([*map(node_count, before.values())])
    source = open_vectors(store.folder(draft.base), int(starts[-1]))
    row_of = {arxiv_id: row for row, arxiv_id in enumerate(before)}
    both = np.array([(row_of[i], row) for row, i in enumerate(after) if i in kept], dtype=np.int64)
    for start in range(0, len(both), _CARRIED):
        old, new = both[start : start + _CARRIED].T
        places = select_rows(firsts, new)[1]
        if source is not None:
            vectors_file.put(places, source[select_rows(starts, old)[1]])
            continue
        papers = list(after.values())
        ids = [node.node_id for row in new for node in paper_nodes(papers[row])]
        vectors_file.put(places, draft.nodes.rows(ids))


def _base(store: Store, embedding: Embedding, *, rebuild: bool) -> Manifest:
    """Return the manifest to build on. Raises StoreMismatchError if the index must be rebuilt."""
    empty = Manifest(embedding.fingerprint, lexical.fingerprint(), {})
    try:
        current = store.current()
        manifest = Manifest.from_bytes(store.manifest(current), store.place) if current else empty
    except (StoreCorruptError, StoreMismatchError):
        if rebuild:
            return empty
        raise
    if rebuild:
        return Manifest(embedding.fingerprint, lexical.fingerprint(), manifest.files)
    check_made_by(manifest, embedding.fingerprint, store.place)
    return manifest


def _damaged_file(store: Store) -> str | None:
    """Return a file of the current generation that is missing or damaged, or None."""
    current = store.current()
    return store.damaged_file(current) if current else None


def check_made_by(manifest: Manifest, embedder: str, place: str) -> None:
    """Raise StoreMismatchError if another embedder or another analysis built the index."""
    for there, here in ((manifest.embedder, embedder), (manifest.analysis, lexical.fingerprint())):
        if there != here:
            raise StoreMismatchError(
                f"The index at {place} was built with {masked_url(there)}, and this is {here}. "
                f"Rebuild it: nonmun ingest --rebuild --store {shlex.quote(place)}"
            )


def ingest(
    store: Store,
    embedding: Embedding,
    folders: Sequence[Path],
    *,
    prune: bool = False,
    rebuild: bool = False,
    progress: Progress = no_progress,
    approve: Callable[[list[str]], None] | None = None,
) -> IngestReport:
    """Bring a store up to date with folders of digests.

    Only nodes whose content changed are embedded and written. Papers that are no longer in the digests stay, with a
    warning that counts them; `prune` removes them, but only those under the given folders. `rebuild` builds everything
    again from the manifest and the folders; this also happens, with a warning, if a file of the current generation is
    missing or damaged. `approve` is called with the texts to embed, and may raise to stop before any is embedded.

    Raises DigestError, StoreError or EmbedderError. After any exception, the store still has its old generation.
    """
    started = time.perf_counter()
    with store.locked(), recorded(store.cache_folder, progress) as progress:
        store.expect_draft()  # useless if nothing changed, but then half a second of an idle core
        base = _base(store, embedding, rebuild=rebuild)
        if not folders and not base.files:
            raise DigestError(f"Nothing is known of {store.place} to rebuild it from. {anew(store.place)}")
        digests = list(read_folders(folders, base, progress))
        if prune and not any(digest.entries for digest in digests):
            raise DigestError("No paper could be read under the folders given; nothing is pruned.")
        roots = [os.path.realpath(folder) for folder in folders]
        manifest = base.with_digests(digests, roots, prune=prune)
        before = base.papers()
        after = before if manifest.files == base.files else manifest.papers(base, before)
        chunks = sum(map(node_count, after.values()))
        damaged = None if rebuild else _damaged_file(store)
        rebuild = rebuild or damaged is not None
        if manifest.files != base.files or rebuild or store.current() is None:
            manifest = _commit(store, embedding, before, after, manifest, approve, rebuild=rebuild, progress=progress)
    seen = {entry.arxiv_id for digest in digests for entry in digest.entries}
    changed = {arxiv_id for arxiv_id in after if before.get(arxiv_id) != after[arxiv_id]}
    doubtful = manifest.doubtful
    repairs = [f"{damaged} was missing or damaged. The index was rebuilt from its manifest."] if damaged else []
    return IngestReport(
        added=len(after.keys() - before.keys()),
        updated=len(changed & before.keys()),
        unchanged=len(seen - changed),
        removed=len(before.keys() - after.keys()),
        papers=len(after),
        chunks=chunks,
        seconds=round(time.perf_counter() - started, 3),
        failed=tuple(problem for digest in digests for problem in digest.failed),
        warnings=(*repairs, *_warnings(digests, manifest), *_skipped(folders)),
        doubtful=tuple(arxiv_id for arxiv_id in after if arxiv_id in doubtful),
    )


def _warnings(digests: Sequence[Digest], manifest: Manifest) -> Iterator[str]:
    """Yield the warnings of the digests, and those about papers that are in no digest any more."""
    for problem in (problem for digest in digests for problem in digest.warnings):
        line = f":{problem.line}" if problem.line else ""
        yield f"{problem.file}{line}: {problem.reason}"
    if gone := manifest.gone():
        yield f"{len(gone)} papers stand in no digest any more and are still indexed; add --prune to remove them."
    if outdated := manifest.outdated():
        yield f"{len(outdated)} papers keep what a digest no longer says of them; add --prune to drop it."


def _skipped(folders: Sequence[Path]) -> Iterator[str]:
    """Yield what the folders hold and no digest is read from."""
    for problem in dict.fromkeys(problem for folder in folders for problem in skipped(folder)):
        yield f"{problem.file}: {problem.reason}"


def _commit(
    store: Store,
    embedding: Embedding,
    before: dict[str, Paper],
    after: dict[str, Paper],
    manifest: Manifest,
    approve: Callable[[list[str]], None] | None,
    *,
    rebuild: bool,
    progress: Progress,
) -> Manifest:
    """Build, verify and commit the next generation. Return its manifest."""
    same = set() if rebuild else {arxiv_id for arxiv_id, paper in after.items() if before.get(arxiv_id) == paper}
    firsts = starts_of([*map(node_count, after.values())])  # the row number of each paper's first node
    draft = store.draft(
        copy=bool(before) and not rebuild, rows=int(firsts[-1]) - sum(node_count(after[i]) for i in same)
    )
    try:
        kept = same if draft.carried else set()
        papers = list(after.values())
        changed = [row for row, arxiv_id in enumerate(after) if arxiv_id not in kept]
        moved = before.keys() - kept if draft.carried else ()
        old = {node.node_id: node.content for arxiv_id in moved for node in paper_nodes(before[arxiv_id])}
        changes = _Changes(papers, firsts, changed, old)
        base = store.folder(draft.base) if draft.base and same else None
        # Open it before the background thread opens its own: a damaged file is replaced while nobody else uses it.
        cache = _open_cache(store, embedding)
        with lexical_in_background(papers, draft.folder, progress, base, same) as (waiting, finish):
            try:
                if approve:
                    approve(_unknown(changes.batches(), embedding, cache))
                with write_vectors(draft.folder, int(firsts[-1])) as vectors_file:
                    _carry(store, draft, before, after, kept, firsts, vectors_file)
                    _write_nodes(draft, changes, embedding, cache, vectors_file, progress, waiting)
            finally:
                cache.close()
            finish()
        passages = LexicalIndex.load(draft.folder).passages
        manifest = replace(manifest, doubts=updated(manifest.doubts, papers, same, passages))
        draft.commit(manifest.parts(), int(firsts[-1]), _sample(papers))
        with suppress(StoreError):  # if it fails, the next ingest trims the cache
            _trim(store, embedding, papers)
    except (StoreError, OSError) as error:
        free = shutil.disk_usage(draft.folder).free
        draft.discard()
        if free < _ROOM:  # Chroma only says “failed to apply logs”
            raise StoreError(
                f"The disk of {store.place} is full ({free / 1e6:.0f} MB were left); the index is as it was. "
                "Make room and run this again."
            ) from error
        raise
    except BaseException:
        draft.discard()
        raise
    return manifest


def _sample(papers: list[Paper]) -> list[str]:
    """Return the ids of nodes spread over all papers: whole summaries and bullets."""
    some = papers[:: max(1, len(papers) // _SAMPLE)][:_SAMPLE]
    return [(nodes := paper_nodes(paper))[turn % len(nodes)].node_id for turn, paper in enumerate(some)]


def _trim(store: Store, embedding: Embedding, papers: list[Paper]) -> None:
    with closing(TextCache(store.cache_folder / "cache.sqlite")) as cache:
        cache.trim({_cached_as(embedding): (node.text for paper in papers for node in paper_nodes(paper))})
