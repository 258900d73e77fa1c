"""Digests into the next generation of a store: read, compare by content, embed only what is new, verify, switch."""

from __future__ import annotations

import os
import shlex
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager, closing, nullcontext, suppress
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from rag.corpus.digests import Digest, Problem, find_digests, read_digest
from rag.corpus.manifest import Manifest, NodeSpec, node_count, paper_nodes
from rag.corpus.papers import Paper
from rag.errors import DigestError
from rag.index import lexical
from rag.index.build import lexical_beside, write_lexical
from rag.index.jagged import Places, Starts, starts_of, taken
from rag.index.progress import Progress, noted
from rag.settings import masked_url
from vectorstore.bundled import Vectors
from vectorstore.cache import TextCache
from vectorstore.embedders import Embedding
from vectorstore.errors import EmbedderError, StoreCorruptError, StoreError, StoreMismatchError, anew
from vectorstore.store import FOLDER_BATCH, Draft, Row, Store, even_parts
from vectorstore.vectors import VectorWriter, open_vectors, written_vectors

_FIRST = 1_000  # rows of the first part, as many as Chroma flushes: its writer need not wait for more
_CARRIED = 10_000  # papers whose vectors are carried over at once
_ROOM = 16_000_000  # bytes; with less left on the disk, a failed write is put down to that
_SAMPLE = 16  # stored vectors that must find themselves before a generation is switched to

Batch = tuple[Places, list[NodeSpec]]
"""Nodes, and their places among all vectors."""


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest did; the first four and `papers` count papers, `chunks` nodes."""

    added: int
    updated: int
    unchanged: int
    removed: int
    papers: int
    chunks: int
    seconds: float
    failed: tuple[Problem, ...]
    warnings: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Return the report as it is printed with --json."""
        return asdict(self)


def read_folders(folders: Sequence[Path], known: Manifest, progress: Progress) -> Iterator[Digest]:
    """Read the digests of folders; a file whose bytes are already indexed is not parsed again.

    Raises DigestError for a folder that is missing or holds no Markdown file.
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
    """Return one vector a node, from the cache where its text was embedded before."""
    kept = cache.get(embedding.fingerprint, [node.text for node in nodes])
    missing = list(dict.fromkeys(node.text for node in nodes if node.text not in kept))
    for start in range(0, len(missing), embedding.batch):  # kept batch by batch: a failure loses the last one only
        batch = missing[start : start + embedding.batch]
        rows = embedding.texts(batch)
        fresh = {text: row.tobytes() for text, row in zip(batch, rows, strict=True)}
        cache.put(embedding.fingerprint, fresh)
        kept.update(fresh)
    vectors = [np.frombuffer(kept[node.text], dtype=np.float32) for node in nodes]
    if len(sizes := {len(vector) for vector in vectors}) > 1:
        raise EmbedderError(
            f"The embedder {embedding.fingerprint} gives vectors of another size than before: {sorted(sizes)}. "
            f"Give it another name, or delete {cache.path} and rebuild."
        )
    return np.stack(vectors)


def _parts(rows: int) -> Iterator[tuple[int, int]]:
    """Return where the parts begin and end in which so many rows are written: even ones, of many after a small first one."""
    first = _FIRST if rows >= _FIRST + FOLDER_BATCH else 0
    yield from even_parts(first, _FIRST)
    for begin, end in even_parts(rows - first, FOLDER_BATCH):
        yield first + begin, first + end


@dataclass(frozen=True)
class _Changes:
    """What an ingest writes: the nodes of the papers in the rows `changed`, the first of each at its place in `firsts`.

    `old` are the hashes of what stands there of these papers and of those that go, by node id.
    """

    papers: Sequence[Paper]
    firsts: Starts
    changed: Sequence[int]
    old: Mapping[str, str]

    def batches(self) -> Iterator[Batch]:
        """Yield the nodes and their places, in parts: made as they are needed, for they are many."""
        rows = np.array(self.changed, dtype=np.int64)
        starts, places = taken(self.firsts, rows)
        for first, last in _parts(int(starts[-1])):
            begin, end = np.searchsorted(starts, (first, last))  # whole papers: from the first that begins in this part
            nodes = [node for row in rows[begin:end] for node in paper_nodes(self.papers[row])]
            yield places[starts[begin] : starts[end]], nodes

    @cached_property
    def _new(self) -> dict[str, str]:
        return {node.node_id: node.content for _, nodes in self.batches() for node in nodes} if self.old else {}

    @property
    def gone(self) -> list[str]:
        """The ids of nodes that are no more."""
        return sorted(self.old.keys() - self._new.keys())

    @property
    def total(self) -> int:
        """How many nodes are not as they were."""
        if not self.old:
            return sum(node_count(self.papers[row]) for row in self.changed)
        return sum(self.old.get(node_id) != content for node_id, content in self._new.items())


def _unknown(batches: Iterable[Batch], embedding: Embedding, cache: TextCache) -> list[str]:
    """Return the texts that will have to be embedded."""
    unknown: dict[str, None] = {}
    for _, nodes in batches:  # not all at once: what is known comes with its vectors
        texts = [node.text for node in nodes]
        kept = cache.get(embedding.fingerprint, texts)
        unknown.update(dict.fromkeys(text for text in texts if text not in kept))
    return list(unknown)


def _write_nodes(
    draft: Draft,
    changes: _Changes,
    embedding: Embedding,
    cache: TextCache,
    written: VectorWriter,
    progress: Progress,
    waiting: Callable[[], AbstractContextManager[None]],
) -> None:
    """Write nodes: the vectors of all into their places, and those that are not as they were into Chroma.

    `waiting` surrounds the time in which Chroma's writer is waited for: nobody waits with the first of many parts.
    """
    done, total = 0, changes.total
    for places, nodes in changes.batches():
        vectors = _embed(nodes, embedding, cache)
        written.put(places, vectors)
        rows = [
            Row(node.node_id, node.document, {**node.metadata, "hash": content}, vector)
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
    written: VectorWriter,
) -> None:
    """Write the vectors of papers that did not change again, from the file of the generation before, else from Chroma."""
    if not kept or draft.base is None:
        return
    starts = starts_of([*map(node_count, before.values())])
    source = open_vectors(store.folder(draft.base), int(starts[-1]))
    row_of = {arxiv_id: row for row, arxiv_id in enumerate(before)}
    both = np.array([(row_of[i], row) for row, i in enumerate(after) if i in kept], dtype=np.int64)
    for start in range(0, len(both), _CARRIED):
        old, new = both[start : start + _CARRIED].T
        places = taken(firsts, new)[1]
        if source is not None:
            written.put(places, source[taken(starts, old)[1]])
            continue
        papers = list(after.values())
        ids = [node.node_id for row in new for node in paper_nodes(papers[row])]
        written.put(places, draft.nodes.rows(ids))


def _base(store: Store, embedding: Embedding, *, rebuild: bool) -> Manifest:
    """Return the manifest to build on. Raises StoreMismatchError where only a rebuild can help."""
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


def check_made_by(manifest: Manifest, embedder: str, place: str) -> None:
    """Refuse an index that another embedder or another analysis made. Raises StoreMismatchError."""
    for there, here in ((manifest.embedder, embedder), (manifest.analysis, lexical.fingerprint())):
        if there != here:
            raise StoreMismatchError(
                f"The index at {place} was built with {masked_url(there)}, and this is {here}. "
                f"Rebuild it: nonmun ingest --rebuild --store {shlex.quote(place)}"
            )


def _no_progress(stage: str, done: int, total: int) -> None:
    del stage, done, total


def ingest(
    store: Store,
    embedding: Embedding,
    folders: Sequence[Path],
    *,
    prune: bool = False,
    rebuild: bool = False,
    progress: Progress = _no_progress,
    approve: Callable[[list[str]], None] | None = None,
) -> IngestReport:
    """Bring a store up to date with folders of digests.

    Only nodes whose content changed are embedded and written. Without `prune`, papers that the digests no longer have
    stay, and a warning counts them; with it, they go, but only under the folders given. `rebuild` makes every vector
    anew from what the store holds and the folders say. `approve` is given the texts that will be embedded, and may
    raise to stop before any is. Raises DigestError, StoreError, EmbedderError; whatever is
    raised, the store answers as before.
    """
    started = time.perf_counter()
    with store.locked(), noted(store.cache_folder, progress) as progress:
        store.expect_draft()  # for nothing where all is as it was: half a second of a core that has nothing to do
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
        seen = {entry.arxiv_id for digest in digests for entry in digest.entries}
        changed = {arxiv_id for arxiv_id in after if before.get(arxiv_id) != after[arxiv_id]}
        chunks = sum(map(node_count, after.values()))
        if manifest.files != base.files or rebuild or store.current() is None:
            chunks = _commit(store, embedding, before, after, manifest, approve, rebuild=rebuild, progress=progress)
    warnings = [
        f"{p.file}:{p.line}: {p.reason}" if p.line else f"{p.file}: {p.reason}" for d in digests for p in d.warnings
    ]
    if gone := manifest.gone():
        warnings.append(
            f"{len(gone)} papers stand in no digest any more and are still indexed; add --prune to remove them."
        )
    if outdated := manifest.outdated():
        warnings.append(f"{len(outdated)} papers keep what a digest no longer says of them; add --prune to drop it.")
    return IngestReport(
        added=len(after.keys() - before.keys()),
        updated=len(changed & before.keys()),
        unchanged=len(seen - changed),
        removed=len(before.keys() - after.keys()),
        papers=len(after),
        chunks=chunks,
        seconds=round(time.perf_counter() - started, 3),
        failed=tuple(problem for digest in digests for problem in digest.failed),
        warnings=tuple(warnings),
    )


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
) -> int:
    """Build, verify and switch to the next generation; return its number of nodes."""
    same = set() if rebuild else {arxiv_id for arxiv_id, paper in after.items() if before.get(arxiv_id) == paper}
    firsts = starts_of([*map(node_count, after.values())])  # the place of each paper's first node
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
        # Opened here before others open their own: a broken file is replaced while nobody else has it.
        cache = TextCache(store.cache_folder / "cache.sqlite")
        with lexical_beside(papers, draft.folder, progress, base, same) as (waiting, finish):
            try:
                if approve:
                    approve(_unknown(changes.batches(), embedding, cache))
                with written_vectors(draft.folder, int(firsts[-1])) as written:
                    _carry(store, draft, before, after, kept, firsts, written)
                    _write_nodes(draft, changes, embedding, cache, written, progress, waiting)
            finally:
                cache.close()
            finish()
        draft.commit(manifest.parts(), int(firsts[-1]), _sample(papers))
        with suppress(StoreError):  # a cache that cannot be trimmed now is trimmed next time
            _trim(store, embedding, papers)
    except (StoreError, OSError) as error:
        free = shutil.disk_usage(draft.folder).free
        draft.discard()
        if free < _ROOM:  # Chroma's own words for a full disk are “failed to apply logs”
            raise StoreError(
                f"The disk of {store.place} is full ({free / 1e6:.0f} MB were left); the index is as it was. "
                "Make room and run this again."
            ) from error
        raise
    except BaseException:
        draft.discard()
        raise
    return int(firsts[-1])


def _sample(papers: list[Paper]) -> list[str]:
    """Return the ids of nodes from all over: whole summaries and bullets in turn."""
    some = papers[:: max(1, len(papers) // _SAMPLE)][:_SAMPLE]
    return [(nodes := paper_nodes(paper))[turn % len(nodes)].node_id for turn, paper in enumerate(some)]


def _trim(store: Store, embedding: Embedding, papers: list[Paper]) -> None:
    with closing(TextCache(store.cache_folder / "cache.sqlite")) as cache:
        cache.trim({embedding.fingerprint: (node.text for paper in papers for node in paper_nodes(paper))})


def derive_lexical(store: Store, name: str, papers: list[Paper]) -> None:
    """Make the lexical index of a generation on this machine, where another one wrote it."""
    write_lexical(papers, store.folder(name), _no_progress)
