"""Digests into the next generation of a store: read, compare by content, embed only what is new, verify, switch."""

from __future__ import annotations

import os
import shlex
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from rag import analysis, lexical
from rag.digests import Digest, Problem, find_digests, read_digest
from rag.errors import DigestError
from rag.lexical import LexicalIndex
from rag.manifest import Manifest, NodeSpec, paper_nodes
from rag.papers import Paper
from rag.passages import Ids, encode
from rag.progress import Progress, noted
from vectorstore.cache import TextCache
from vectorstore.embedders import BundledEmbedding, Embedding, Vectors
from vectorstore.errors import EmbedderError, StoreCorruptError, StoreError, StoreMismatchError, anew
from vectorstore.store import Draft, Store

_BATCH = 2_000
_ROOM = 16_000_000  # bytes; with less left on the disk, a failed write is put down to that
_SAMPLE = 16  # stored vectors that must find themselves before a generation is switched to


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


def _unknown(nodes: list[NodeSpec], embedding: Embedding, cache: TextCache) -> list[str]:
    """Return the texts that will have to be embedded."""
    texts = dict.fromkeys(node.text for node in nodes)
    kept = cache.get(embedding.fingerprint, list(texts))
    return [text for text in texts if text not in kept]


def _write_nodes(
    draft: Draft, nodes: list[NodeSpec], embedding: Embedding, cache: TextCache, progress: Progress
) -> None:
    from llama_index.core.schema import TextNode

    for start in range(0, len(nodes), _BATCH):
        batch = nodes[start : start + _BATCH]
        vectors = _embed(batch, embedding, cache)
        made = []
        for node, vector in zip(batch, vectors, strict=True):
            text_node = TextNode(id_=node.node_id, text=node.text, metadata={**node.metadata, "hash": node.content})
            text_node.embedding = vector  # an array: a list of floats is ten times slower
            made.append(text_node)
        draft.nodes.upsert(made)
        progress("embed", min(start + _BATCH, len(nodes)), len(nodes))


def _body(paper: Paper) -> str:
    return "\n".join(bullet.quote for _, bullets in paper.summaries() for bullet in bullets)


def _passages(paper: Paper) -> list[str]:
    return [paper.title, *(bullet.quote for _, bullets in paper.summaries() for bullet in bullets)]


def _pieces() -> str:
    return f"pieces:{BundledEmbedding().fingerprint}"


def build_lexical(papers: Sequence[Paper], cache: TextCache, progress: Progress) -> LexicalIndex:
    """Index papers by their terms; texts analysed before come from the cache."""
    made_by = analysis.fingerprint()
    texts = [text for paper in papers for text in (paper.title, _body(paper))]
    known = {text: value.decode().split("\n") if value else [] for text, value in cache.get(made_by, texts).items()}
    missing = list(dict.fromkeys(text for text in texts if text not in known))
    for start in range(0, len(missing), _BATCH):
        batch = missing[start : start + _BATCH]
        fresh = dict(zip(batch, analysis.terms_of_all(batch), strict=True))
        cache.put(made_by, ((text, "\n".join(terms).encode()) for text, terms in fresh.items()))
        known.update(fresh)
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
                f"The index at {place} was built with {there}, and this is {here}. "
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
    approve: Callable[[list[str]], None] = lambda _: None,
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
        base = _base(store, embedding, rebuild=rebuild)
        if not folders and not base.files:
            raise DigestError(f"Nothing is known of {store.place} to rebuild it from. {anew(store.place)}")
        digests = list(read_folders(folders, base, progress))
        if prune and not any(digest.entries for digest in digests):
            raise DigestError("No paper could be read under the folders given; nothing is pruned.")
        roots = [os.path.realpath(folder) for folder in folders]
        manifest = base.with_digests(digests, roots, prune=prune)
        before = base.papers()
        after = before if manifest.files == base.files else manifest.papers()
        seen = {entry.arxiv_id for digest in digests for entry in digest.entries}
        changed = {arxiv_id for arxiv_id in after if before.get(arxiv_id) != after[arxiv_id]}
        chunks = sum(
            1 + len(paper.ko) + len(paper.en) + (bool(paper.ko) and bool(paper.en)) for paper in after.values()
        )
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
    approve: Callable[[list[str]], None],
    *,
    rebuild: bool,
    progress: Progress,
) -> int:
    """Build, verify and switch to the next generation; return its number of nodes."""
    old = {} if rebuild else {n.node_id: n.content for paper in before.values() for n in paper_nodes(paper)}
    nodes = [node for paper in after.values() for node in paper_nodes(paper)]
    draft = store.draft(copy=bool(old))
    try:
        if not draft.nodes.count():  # a server's draft begins empty
            old = {}
        # Opened here before the other thread opens its own: a broken file is replaced while nobody else has it.
        cache = TextCache(store.cache_folder / "cache.sqlite")
        with ThreadPoolExecutor(1) as pool:
            words = pool.submit(_analyse, store, list(after.values()), progress)
            try:
                fresh = [node for node in nodes if old.get(node.node_id) != node.content]
                approve(_unknown(fresh, embedding, cache))
                draft.nodes.delete(sorted(old.keys() - {node.node_id for node in nodes}))
                _write_nodes(draft, fresh, embedding, cache, progress)
            finally:
                cache.close()
            words.result().save(draft.folder)
        step = max(1, len(nodes) // _SAMPLE)
        draft.commit(manifest.to_bytes(), len(nodes), [node.node_id for node in nodes[::step]][:_SAMPLE])
        with suppress(StoreError):  # a cache that cannot be trimmed now is trimmed next time
            _trim(store, embedding, nodes, list(after.values()))
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
    return len(nodes)


def _trim(store: Store, embedding: Embedding, nodes: list[NodeSpec], papers: list[Paper]) -> None:
    with closing(TextCache(store.cache_folder / "cache.sqlite")) as cache:
        passages = [text for paper in papers for text in _passages(paper)]
        cache.trim(
            {
                embedding.fingerprint: [node.text for node in nodes],
                analysis.fingerprint(): [text for paper in papers for text in (paper.title, _body(paper))],
                _pieces(): passages,
            }
        )


def _analyse(store: Store, papers: list[Paper], progress: Progress) -> LexicalIndex:
    cache = TextCache(store.cache_folder / "cache.sqlite")
    try:
        return build_lexical(papers, cache, progress)
    finally:
        cache.close()


def derive_lexical(store: Store, name: str, papers: list[Paper]) -> None:
    """Make the lexical index of a generation on this machine, where another one wrote it."""
    store.cache_folder.mkdir(parents=True, exist_ok=True)
    _analyse(store, papers, _no_progress).save(store.folder(name))
