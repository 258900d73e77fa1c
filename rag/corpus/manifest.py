"""The source of truth of an index: every digest entry by source file, and the papers and nodes that follow from them.

Pure values and their JSON; touches no disk. A generation's vectors and lexical index can be rebuilt from it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from rag.corpus.digests import Digest
from rag.corpus.papers import Bullet, Entry, Media, Paper, content_hash, merge
from rag.language.text import Language
from vectorstore.errors import StoreCorruptError, StoreMismatchError, anew

LAYOUT = 1
DOUBTFUL = 0.5  # the doubt from which on a summary is taken not to be about its paper
_DOUBTS = "doubts-1"  # another number for another way to measure them: then all are measured anew


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What the index holds of one digest file. `gone` are entries the file no longer has, kept until a prune."""

    sha256: str
    entries: tuple[Entry, ...]
    gone: tuple[Entry, ...] = ()

    def all(self) -> tuple[Entry, ...]:
        """Return both."""
        return (*self.entries, *self.gone)


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything an index knows, with the fingerprints of what its vectors and terms were made by."""

    embedder: str
    analysis: str
    files: Mapping[str, FileRecord]
    doubts: Mapping[str, float] | None = (
        None  # of papers worth a second look, 0 to 1; None where none were ever measured
    )

    @property
    def doubtful(self) -> frozenset[str]:
        """The papers whose summary seems not to be about them."""
        return frozenset(arxiv_id for arxiv_id, doubt in (self.doubts or {}).items() if doubt >= DOUBTFUL)

    def papers(
        self, before: Manifest | None = None, known: Mapping[str, Paper] = MappingProxyType({})
    ) -> dict[str, Paper]:
        """Merge the entries into papers, newest first, then by arXiv id.

        With the manifest `before` and its papers, only those that a changed file speaks of are merged again.
        """
        old = before.files if before else {}
        moved = {n for n in self.files.keys() | old.keys() if self.files.get(n) != old.get(n)}
        told = {e.arxiv_id for files in (self.files, old) for n in moved & files.keys() for e in files[n].all()}
        by_id: dict[str, list[Entry]] = {}
        for record in self.files.values():
            for entry in record.all():
                if not before or entry.arxiv_id in told:
                    by_id.setdefault(entry.arxiv_id, []).append(entry)
        merged = [paper for arxiv_id, paper in known.items() if before and arxiv_id not in told]
        merged += map(merge, by_id.values())
        merged.sort(key=lambda paper: (-paper.date.toordinal(), paper.arxiv_id))
        return {paper.arxiv_id: paper for paper in merged}

    def gone(self) -> set[str]:
        """Return the papers that no digest has any more."""
        alive = {entry.arxiv_id for record in self.files.values() for entry in record.entries}
        return {entry.arxiv_id for record in self.files.values() for entry in record.gone} - alive

    def outdated(self) -> set[str]:
        """Return the papers of which a digest no longer says what the index still holds, gone ones aside."""
        lost = [entry for record in self.files.values() for entry in record.gone]
        said = {replace(entry, line=0) for record in self.files.values() for entry in record.entries} if lost else set()
        return {entry.arxiv_id for entry in lost if replace(entry, line=0) not in said} - self.gone()

    def with_digests(self, digests: Iterable[Digest], roots: Iterable[str], *, prune: bool) -> Manifest:
        """Return the manifest after reading some folders (`roots`, absolute).

        Entries that their file no longer has, and files that are no longer under `roots`, are marked gone, or dropped
        with `prune`. A file that could not be read whole keeps what it had.
        """
        files = dict(self.files)
        read = {digest.file: digest for digest in digests}
        for name, digest in read.items():
            old = files.get(name, FileRecord("", ()))
            keys = {(entry.arxiv_id, entry.language) for entry in digest.entries}
            lost = tuple(e for e in (*old.entries, *old.gone) if (e.arxiv_id, e.language) not in keys)
            if digest.failed:
                lost_now = tuple(e for e in old.entries if e in lost)
                kept = FileRecord(
                    "", (*digest.entries, *lost_now), () if prune else tuple(e for e in old.gone if e in lost)
                )
                if kept.entries or kept.gone:
                    files[name] = kept
            elif digest.entries or (lost and not prune):
                files[name] = FileRecord(digest.sha256, digest.entries, () if prune else lost)
            else:
                files.pop(name, None)
        for name in [
            n for n in files if n not in read and any(n == r or n.startswith(r.rstrip("/") + "/") for r in roots)
        ]:
            record = files[name]
            if prune:
                del files[name]
            else:
                files[name] = FileRecord("", (), (*record.entries, *record.gone))
        return replace(self, files=files)

    def parts(self) -> Iterator[bytes]:
        """Yield the manifest as JSON, file by file: whole it is longer than all texts together."""
        head: dict[str, Any] = {"layout": LAYOUT, "embedder": self.embedder, "analysis": self.analysis}
        if self.doubts is not None:
            head[_DOUBTS] = dict(sorted(self.doubts.items()))
        yield _json(head)[:-1] + _FILES.encode()
        for place, (name, record) in enumerate(sorted(self.files.items())):
            entries, gone = ([_dump(e) for e in some] for some in (record.entries, record.gone))
            yield b"," * bool(place) + _json(name) + b":" + _json([record.sha256, entries, gone])
        yield b"}}"

    @classmethod
    def from_bytes(cls, data: bytes, place: str) -> Manifest:
        """Read a manifest. `place` is its store, for the message.

        Raises StoreCorruptError when it is not one, StoreMismatchError when another layout's product wrote it.
        """
        try:
            head, read = _read(data)
            if head["layout"] != LAYOUT:  # nothing in it is assumed
                raise StoreMismatchError(
                    f"The index at {place} has layout {head['layout']}, and this program reads layout {LAYOUT}. {anew(place)}"
                )
            files = {
                name: FileRecord(sha, tuple(map(_load, entries)), tuple(map(_load, gone)))
                for name, (sha, entries, gone) in read
            }
            doubts = {str(i): float(doubt) for i, doubt in head[_DOUBTS].items()} if _DOUBTS in head else None
            return cls(head["embedder"], head["analysis"], files, doubts)
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise StoreCorruptError(
                f"The manifest of {place} cannot be read ({type(error).__name__}). {anew(place)}"
            ) from error


_FILES = ',"files":{'  # how `parts` begins the last value
_SCAN = json.JSONDecoder().raw_decode


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _read(data: bytes) -> tuple[dict[str, Any], Iterator[tuple[str, list[Any]]]]:
    """Return a manifest's values, and its files one by one: read all at once they take twice the memory they end up in."""
    text = data.decode("utf-8", "surrogatepass")
    if (end := text.find(_FILES)) < 0:  # somebody else's spacing
        whole = json.loads(text)
        return whole, iter(whole["files"].items())
    return json.loads(text[:end] + "}"), _files(text, end + len(_FILES))


def _files(text: str, at: int) -> Iterator[tuple[str, list[Any]]]:
    while text[at] != "}":
        name, at = _SCAN(text, at)
        value, at = _SCAN(text, at + 1)
        yield name, value
        at += text[at] == ","
    if text[at:] != "}}":
        raise ValueError("more stands after the last file")


_day = lru_cache(maxsize=4096)(date.fromisoformat)


def _dump(entry: Entry) -> list[Any]:
    media = [entry.media.kind, entry.media.url] if entry.media else None
    bullets = [[b.text, b.section] if b.section else b.text for b in entry.bullets]
    return [
        entry.arxiv_id, entry.title, entry.date.isoformat(), entry.votes, list(entry.authors), entry.authors_cut, media,
        entry.language, bullets, entry.line, *_dump_rest(entry),
    ]  # fmt: skip


def _dump_rest(entry: Entry) -> list[Any]:
    """What few entries have; left out by the others, as it was before there was such a thing."""
    since = entry.since.isoformat() if entry.since else None
    return [list(entry.tags), since] if entry.tags or since else []


def _load(row: list[Any]) -> Entry:
    arxiv_id, title, day, votes, authors, cut, media, language, bullets, line, *rest = row
    tags, since = rest or ((), None)
    return Entry(
        arxiv_id, title, _day(day), votes, tuple(authors), cut, Media(*media) if media else None, language,
        tuple(Bullet(b) if isinstance(b, str) else Bullet(b[0], sys.intern(b[1])) for b in bullets), line,
        tuple(tags), _day(since) if since else None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class NodeSpec:
    """A node before it is embedded: what stands in Chroma for one bullet or one whole summary.

    `bullet` is its place in the summary, or -1 for the whole paper. What it says is made from the paper when it is asked
    for: a node has ten times as much of it as the paper has for itself.
    """

    node_id: str
    paper: Paper
    language: Language | None
    bullet: int

    @property
    def _bullets(self) -> tuple[Bullet, ...]:
        return self.paper.summary(self.language) if self.language else ()

    @property
    def text(self) -> str:
        """What is embedded: the title with the whole summary, or with one bullet."""
        said = [self._bullets[self.bullet].text] if self.bullet >= 0 else [bullet.quote for bullet in self._bullets]
        return "\n".join([self.paper.title, *said])

    @property
    def metadata(self) -> dict[str, Any]:
        """What Chroma keeps beside the vector. Of a bullet it is what it can be filtered by; its paper has the rest."""
        paper, day = self.paper, int(self.paper.date.strftime("%Y%m%d"))
        if self.bullet >= 0:
            return {
                "arxiv_id": paper.arxiv_id,
                "date": day,
                "authors": ", ".join(paper.authors) or None,
                "votes": paper.votes,
                "language": self.language,
                "kind": "bullet",
                "section": self._bullets[self.bullet].section or None,
            }
        return {
            "arxiv_id": paper.arxiv_id,
            "title": paper.title,
            "url": paper.url,
            "date": day,
            "authors": list(paper.authors) or None,
            "votes": paper.votes,
            "language": self.language,
            "kind": "paper",
            "section": None,
            "media": paper.media.url if paper.media else None,
        }

    @property
    def content(self) -> str:
        """The hash of everything written to the store for this node."""
        return content_hash(self.text, sorted(self.metadata.items(), key=lambda pair: pair[0]))


def node_count(paper: Paper) -> int:
    """Return how many nodes a paper has, without making them."""
    return max(1, sum(1 + len(bullets) for _, bullets in paper.summaries()))


def paper_nodes(paper: Paper) -> list[NodeSpec]:
    """Return the nodes of a paper: one for each summary whole, one for each bullet with its title.

    Ids follow from the arXiv id and the bullet's text, so that an inserted bullet moves no other node. The order is that of
    `vectorstore.vectors` too.
    """
    nodes: list[NodeSpec] = []
    for language, bullets in paper.summaries():
        nodes.append(NodeSpec(f"{paper.arxiv_id}:{language}", paper, language, -1))
        used: dict[str, int] = {}
        for place, bullet in enumerate(bullets):
            key = content_hash(bullet.quote)[:8]
            used[key] = used.get(key, 0) + 1
            node_id = f"{paper.arxiv_id}:{language}:{key}" + (f"-{used[key]}" if used[key] > 1 else "")
            nodes.append(NodeSpec(node_id, paper, language, place))
    if not nodes:
        nodes.append(NodeSpec(paper.arxiv_id, paper, None, -1))
    return nodes
