"""A store: whole generations side by side and one pointer to the current one, in a folder or on a Chroma server.

A writer builds the next generation aside, verifies it and switches the pointer; a reader opens what the pointer names and
is never shown half an update. A generation is its vectors (Chroma), its manifest (bytes, from which the vectors can be
rebuilt) and files derived from both. Knows nothing of what a manifest says.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
import socket
import sqlite3
import tempfile
import threading
import time
import weakref
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol

import numpy as np

from vectorstore.bundled import Vectors
from vectorstore.errors import StoreBusyError, StoreCorruptError, StoreError, anew

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from llama_index.core.schema import TextNode

    from vectorstore.chroma import NodeCollection
    from vectorstore.writing import NodeWriter, Process

MANIFEST, SUMS = "manifest.json", "sums.json"
_DATABASE, _INDEX = "chroma.sqlite3", "index_metadata.pickle"
_GENERATION = re.compile(r"gen-(\d{6})(?:-[0-9a-f]{8})?")


@dataclass(frozen=True, slots=True)
class Access:
    """What a Chroma server wants to know of who asks: nothing on one's own machine, all three on Chroma Cloud."""

    key: str = field(default="", repr=False)
    tenant: str = ""
    database: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A node as the store takes it; a LlamaIndex `TextNode` with its embedding serves as well, but takes a second to import."""

    node_id: str
    text: str
    metadata: dict[str, Any]
    embedding: Vectors


def even_parts(rows: int, size: int) -> Iterator[tuple[int, int]]:
    """Return where parts of at least `size` rows begin and end, all of one length give or take a row; none of no rows.

    >>> list(even_parts(2600, 1000)), list(even_parts(3, 1000)), list(even_parts(0, 1000))
    ([(0, 1300), (1300, 2600)], [(0, 3)], [])
    """
    parts = max(bool(rows), rows // size)
    return pairwise(rows * part // parts for part in range(parts + 1)) if parts else iter(())


Batch = tuple[list[str], Vectors, list[str], list[dict[str, Any]]]
"""Rows as Chroma takes them: ids, vectors, texts, metadata."""
FOLDER_BATCH = 2_500  # least rows of a request to a folder's Chroma, which takes 5,461: a tenth faster than 1,000


def batches(nodes: Sequence[Row | TextNode], size: int) -> Iterator[Batch]:
    """Yield nodes in even parts of at least `size`; fewer only where there are no more in all."""
    for start, end in even_parts(len(nodes), size):
        part = nodes[start:end]
        yield (
            [node.node_id for node in part],
            np.asarray([node.embedding for node in part], dtype=np.float32),
            [node.text for node in part],
            [node.metadata for node in part],
        )


class Draft(Protocol):
    """The next generation while it is built. `base` is the current one's name, or None; `carried` whether its vectors are in."""

    base: str | None
    carried: bool
    folder: Path

    @property
    def nodes(self) -> NodeWriter:
        """Where nodes are written."""

    def commit(self, manifest: Iterable[bytes], expected: int, sample: list[str]) -> str:
        """Verify the vectors, write the manifest, which comes in parts, switch the pointer; return the new name."""

    def discard(self) -> None:
        """Drop the draft; the current generation is untouched."""


class Store(Protocol):
    """Where generations live. `place` names it in messages; `cache_folder` is local and may be deleted."""

    place: str
    cache_folder: Path

    def current(self) -> str | None:
        """Return the name of the current generation, or None when nothing was ever committed."""

    def manifest(self, name: str) -> bytes:
        """Return the manifest of a generation."""

    def folder(self, name: str) -> Path:
        """Return the local folder of the files derived from a generation."""

    def check(self, name: str, part: str = "") -> None:
        """See that the files of a generation are as they were written; only those whose path begins with `part`."""

    def nodes(self, name: str) -> NodeCollection:
        """Open the vectors of a generation for reading."""

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the right to write. Raises StoreBusyError when another process has it."""

    def expect_draft(self) -> None:
        """Say, with the lock held, that a draft will be begun soon: what takes its time is begun now."""

    def draft(self, *, copy: bool, rows: int = 0) -> Draft:
        """Begin the next generation of about so many new `rows`; with `copy` it starts from the current one's vectors."""


def _flush(path: Path) -> None:
    """See that a file's bytes, or a folder's names, are on the disk."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _replace(path: Path, data: bytes) -> None:
    """Write a file so that a reader sees the old bytes or the new ones, also after a power cut."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.write_bytes(data)
    _flush(aside)
    os.replace(aside, path)
    _flush(path.parent)


_ROWS = (
    "SELECT id, embedding_id FROM embeddings ORDER BY id",
    "SELECT seq_id, operation, id, vector FROM embeddings_queue ORDER BY seq_id",  # vectors not yet in the index's files
    "SELECT id, type, scope, collection FROM segments ORDER BY id",
    "SELECT id, name, dimension FROM collections ORDER BY id",
)


def _sum(path: Path) -> str:
    """Return the checksum of a file; of Chroma's database, which every opening writes to, of the rows answers rest on."""
    made = hashlib.sha256()
    if path.name != _DATABASE:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    # Written to where it may be: what a killed reader left half written can be taken back only so.
    mode = "rw" if os.access(path, os.W_OK) else "ro"
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True)) as db:
        for query in _ROWS:
            for row in db.execute(query):
                made.update(repr(row).encode("utf-8", "surrogatepass"))
    return made.hexdigest()


def _written_at(path: Path) -> tuple[int, int] | None:
    """Return when a file was written last and its size; None where there is none. A copy keeps both."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _sums(folder: Path, paths: Iterable[Path], base: Path | None) -> dict[str, str]:
    """Return the checksums of files of a generation, all of them on the disk by then.

    Files that were copied from the generation `base`, whose sums were seen to hold, and that nobody has written to since keep
    theirs. A vector index of less than 1,000 rows is all in the database; Chroma makes its files anew, of no content,
    whenever it opens them.
    """
    known: dict[str, str] = json.loads((base / SUMS).read_bytes()) if base and (base / SUMS).is_file() else {}

    def told(path: Path) -> tuple[str, str]:
        name = path.relative_to(folder).as_posix()
        copied = base and name in known and path.name != _DATABASE and _written_at(path) == _written_at(base / name)
        return name, known[name] if copied else _sum(path)

    made = list(paths)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(_flush, made))
        files = (path for path in made if path.is_file())
        return dict(pool.map(told, (p for p in files if not p.match("chroma/*/*") or p.with_name(_INDEX).exists())))


def _living(names: Iterable[str], current: str) -> set[str]:
    """Return the generations that stay: the current one and the last one before it."""
    return {current, max((name for name in names if name < current), default=current)}


@contextmanager
def written(place: str) -> Iterator[None]:
    """Turn what the disk says while a store is written into a StoreError."""
    try:
        yield
    except shutil.Error as error:  # of a folder's copy: a list of (from, to, reason)
        raise StoreError(f"The store {place} cannot be written: {error.args[0][0][2]}.") from error
    except OSError as error:
        raise StoreError(f"The store {place} cannot be written: {error.strerror or error}.") from error


@contextmanager
def _file_lock(path: Path, place: str) -> Iterator[None]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle: IO[str] = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise StoreError(
            f"The store {place} cannot be written: {error.strerror}. Choose another with --store."
        ) from error
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            handle.seek(0)
            owner = handle.read(40).strip() or "unknown"
            raise StoreBusyError(
                f"Another ingest (process {owner}) is writing {place}. Wait for it to end, then run this again."
            ) from error
        except OSError as error:
            raise StoreError(f"The store {place} cannot be locked: {error.strerror}.") from error
        handle.seek(0)
        handle.truncate()
        handle.write(str(os.getpid()))
        handle.flush()
        yield  # the lock goes with the handle, also when the process dies


def _base(store: Store, *, copy: bool) -> str | None:
    """Return the current generation; one that cannot be read is no base, but may be replaced."""
    try:
        return store.current()
    except StoreCorruptError:
        if copy:
            raise
        return None


def _next_name(names: list[str]) -> str:
    numbers = [int(match.group(1)) for name in names if (match := _GENERATION.match(name))]
    # Never a name twice, also where a store is deleted and made again: readers and Chroma keep what they opened by name.
    return f"gen-{max(numbers, default=0) + 1:06d}-{secrets.token_hex(4)}"


class FolderStore:
    """Generations as folders: `gen-000001-…/{manifest.json,sums.json,chroma/,…}`, `CURRENT`, `LOCK`, `cache.sqlite`."""

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().absolute()
        self.place = str(path)
        self.cache_folder = self.path
        self._process: Process | None = None  # of the writer that is expected

    def current(self) -> str | None:
        """Return the current generation's name, or None. Where the pointer is lost, it is the newest whole one."""
        try:
            name = (self.path / "CURRENT").read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return max((name for name in self.names() if (self.path / name / MANIFEST).is_file()), default=None)
        except (OSError, UnicodeDecodeError) as error:
            raise StoreCorruptError(
                f"The store {self.place} has no readable CURRENT file. {anew(self.place)}"
            ) from error
        if not _GENERATION.fullmatch(name) or not (self.path / name).is_dir():
            raise StoreCorruptError(
                f"The store {self.place} points at “{name[:40]}”, which is not there. {anew(self.place)}"
            )
        return name

    def names(self) -> list[str]:
        """Return the generations that lie here."""
        if not self.path.is_dir():
            return []
        return sorted(entry.name for entry in self.path.iterdir() if _GENERATION.fullmatch(entry.name))

    def check(self, name: str, part: str = "") -> None:
        """See that the files of a generation are as they were written; only those whose path begins with `part`.

        Raises StoreCorruptError. A generation without checksums, of an earlier version, passes.
        """
        folder = self.path / name
        try:
            sums = json.loads((folder / SUMS).read_bytes())
            damaged = [file for file in sums if file.startswith(part) and _sum(folder / file) != sums[file]]
        except FileNotFoundError as error:
            if not (folder / SUMS).exists():
                return
            raise StoreCorruptError(f"{error.filename} is missing. {anew(self.place)}") from error
        except (OSError, sqlite3.Error, ValueError, TypeError, AttributeError) as error:
            raise StoreCorruptError(
                f"The files of {self.place}/{name} cannot be read ({error}). {anew(self.place)}"
            ) from error
        if damaged:
            raise StoreCorruptError(f"{self.place}/{name}/{damaged[0]} is damaged. {anew(self.place)}")

    def manifest(self, name: str) -> bytes:
        """Return the manifest's bytes. Raises StoreCorruptError when it cannot be read or is not as it was written."""
        self.check(name, MANIFEST)
        try:
            return (self.path / name / MANIFEST).read_bytes()
        except OSError as error:
            raise StoreCorruptError(f"{self.place}/{name} has no readable manifest. {anew(self.place)}") from error

    def folder(self, name: str) -> Path:
        """Return the generation's folder."""
        return self.path / name

    def chroma(self, name: str) -> Path:
        """Return the folder of the generation's Chroma. Raises StoreCorruptError where a file of the generation is damaged."""
        folder = self.path / name / "chroma"
        if not (folder / _DATABASE).is_file():
            raise StoreCorruptError(f"{self.place}/{name} has no vectors. {anew(self.place)}")
        self.check(name)
        return folder

    def nodes(self, name: str) -> NodeCollection:
        """Open the generation's Chroma. Raises StoreCorruptError where any file of the generation is damaged."""
        from vectorstore.chroma import COLLECTION, NodeCollection, open_folder

        chroma = self.chroma(name)
        if all(os.access(path, os.W_OK) for path in (chroma, chroma / _DATABASE)):
            return NodeCollection(open_folder(chroma, self.place), COLLECTION, self.place)
        with written("of temporary files"):  # Chroma writes a row whenever it opens a database, so it gets a copy of it
            aside = Path(tempfile.mkdtemp(prefix="nonmun-"))
            gone = weakref.finalize(self, shutil.rmtree, aside, ignore_errors=True)
            for entry in chroma.iterdir():
                if entry.is_dir():
                    (aside / entry.name).symlink_to(entry)
                else:
                    shutil.copyfile(entry, aside / entry.name)
        nodes = NodeCollection(open_folder(aside, self.place), COLLECTION, self.place)
        gone.detach()
        weakref.finalize(nodes, shutil.rmtree, aside, ignore_errors=True)
        return nodes

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the store's lock file; what writers that died left behind is swept."""
        with _file_lock(self.path / "LOCK", self.place):
            self.sweep()
            try:
                yield
            finally:
                if process := self.take_process():
                    process.close()

    def take_process(self) -> Process | None:
        """Return the process that was begun, which is then the caller's."""
        process, self._process = self._process, None
        return process

    def sweep(self) -> None:
        """Drop dead drafts, and all generations but the last two; none where the pointer cannot be read."""
        strays = list(self.path.glob("draft-*"))
        with suppress(StoreCorruptError):
            current, names = self.current(), self.names()
            strays += [self.path / name for name in set(names) - (_living(names, current) if current else set())]
        for stray in strays:
            shutil.rmtree(stray, ignore_errors=True)
        for aside in self.path.glob(".CURRENT.*"):
            aside.unlink(missing_ok=True)

    def expect_draft(self) -> None:
        """Begin the process that will write the vectors."""
        from vectorstore.writing import begin_process

        self._process = self._process or begin_process()

    def draft(self, *, copy: bool, rows: int = 0) -> FolderDraft:
        """Begin the next generation aside."""
        base = _base(self, copy=copy)
        return FolderDraft(self, _next_name(self.names()), base, copy=copy and base is not None, rows=rows)


class FolderDraft:
    """The next generation of a FolderStore, in `draft-<name>` until it is committed."""

    def __init__(self, store: FolderStore, name: str, base: str | None, *, copy: bool, rows: int) -> None:
        from vectorstore.writing import open_writer

        self._store, self._name, self.base, self.carried = store, name, base, copy
        self.folder = store.path / f"draft-{name}"
        try:
            with written(store.place):
                self.folder.mkdir(parents=True)
            self.nodes = open_writer(
                store.place, base if copy else None, self.folder / "chroma", rows, store.take_process()
            )
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def commit(self, manifest: Iterable[bytes], expected: int, sample: list[str]) -> str:
        """Verify, write, seal, switch; then drop all but the last two generations."""
        store, chroma = self._store, self.folder / "chroma"
        base = store.path / self.base if self.carried and self.base else None
        with written(store.place), ThreadPoolExecutor(1) as pool:
            sums = pool.submit(self._finish, manifest, base)  # while the vectors are verified
            self.nodes.verify(expected, sample)
            self.nodes.close()
            both = sums.result() | _sums(self.folder, [chroma, *chroma.rglob("*")], base)
            _replace(self.folder / SUMS, json.dumps(dict(sorted(both.items())), indent=0).encode())
            os.rename(self.folder, store.path / self._name)
            _replace(store.path / "CURRENT", self._name.encode("ascii"))
        store.sweep()
        return self._name

    def _finish(self, manifest: Iterable[bytes], base: Path | None) -> dict[str, str]:
        """Write the manifest; return the checksums of all but the vectors in Chroma."""
        with (self.folder / MANIFEST).open("wb") as file:
            file.writelines(manifest)
        chroma = self.folder / "chroma"
        return _sums(
            self.folder, [path for path in self.folder.rglob("*") if chroma not in (path, *path.parents)], base
        )

    def discard(self) -> None:
        """Drop the draft; the current generation is untouched."""
        self.nodes.close()
        shutil.rmtree(self.folder, ignore_errors=True)


_POINTER, _PIECE = "nonmun-current", 12_000  # characters of manifest a record; Chroma Cloud takes 16,384 bytes
_UNIT = np.ones((1, 1), dtype=np.float32)  # Chroma wants a vector with every record; these are never searched
_LEASE = 60.0  # seconds after which the lock of a machine that is gone is free


class ServerStore:
    """Generations as collections of a Chroma server: `nonmun-gen-000001-…`, its manifest beside it, a pointer record."""

    def __init__(self, url: str, cache: Path, access: Access = Access()) -> None:
        self.place, self._access = url, access
        asked = f"{url} {access.tenant} {access.database}".strip()
        self.cache_folder = cache / hashlib.sha256(asked.encode()).hexdigest()[:12]
        self._connecting = threading.Lock()
        self._connected: ClientAPI | None = None

    @property
    def client(self) -> ClientAPI:
        """The connection, made on first use."""
        with self._connecting:
            if self._connected is None:
                from vectorstore.chroma import open_server

                access = self._access
                self._connected = open_server(self.place, access.key, access.tenant, access.database)
            return self._connected

    @property
    def _batch(self) -> int:
        from vectorstore.chroma import BATCH, CLOUD_BATCH

        return CLOUD_BATCH // 2 if self._access.key else BATCH

    def names(self) -> list[str]:
        """Return the generations on the server, also those of which only a part is there."""
        from vectorstore.chroma import chroma_errors

        with chroma_errors(self.place):
            found = [str(collection.name) for collection in self.client.list_collections()]
        ours = [name.removeprefix("nonmun-").removeprefix("manifest-") for name in found if name.startswith("nonmun-")]
        return sorted({name for name in ours if _GENERATION.fullmatch(name)})

    def current(self) -> str | None:
        """Return the current generation's name, or None."""
        name = self._record("current")[0]
        if name is not None and not _GENERATION.fullmatch(name):
            raise StoreCorruptError(
                f"The store {self.place} points at “{name[:40]}”, which is no generation. {anew(self.place)}"
            )
        return name

    def _record(self, name: str) -> tuple[str | None, dict[str, Any]]:
        """Return the text and the metadata of one of the records beside the generations; a reader writes nothing."""
        from chromadb.errors import NotFoundError

        from vectorstore.chroma import chroma_errors

        with chroma_errors(self.place):
            try:
                records = self.client.get_collection(_POINTER, embedding_function=None)
                found = records.get(ids=[name], include=["documents", "metadatas"])
            except NotFoundError:
                return None, {}
        if not found["documents"]:
            return None, {}
        return found["documents"][0], dict((found["metadatas"] or [{}])[0] or {})

    def write_record(self, name: str, text: str, **metadata: float) -> None:
        """Write one of the records beside the generations."""
        from vectorstore.chroma import chroma_errors

        with chroma_errors(self.place):
            records = self.client.get_or_create_collection(_POINTER, embedding_function=None)
            records.upsert(ids=[name], embeddings=_UNIT, documents=[text], metadatas=[metadata or {"at": time.time()}])

    def drop(self, name: str) -> None:
        """Delete what there is of a generation, here and on the server."""
        from vectorstore.chroma import chroma_errors

        for collection in (f"nonmun-{name}", f"nonmun-manifest-{name}"):
            with suppress(StoreCorruptError), chroma_errors(self.place):
                self.client.delete_collection(collection)
        shutil.rmtree(self.folder(name), ignore_errors=True)

    def manifest(self, name: str) -> bytes:
        """Return the manifest's bytes."""
        from vectorstore.chroma import CLOUD_BATCH, chroma_errors

        rows: list[tuple[str, str]] = []
        with chroma_errors(self.place):
            written = self.client.get_collection(f"nonmun-manifest-{name}", embedding_function=None)
            while True:
                got = written.get(include=["documents"], limit=CLOUD_BATCH, offset=len(rows))
                rows += zip(got["ids"], got["documents"] or [], strict=True)
                if len(got["ids"]) < CLOUD_BATCH:
                    break
        try:
            return zlib.decompress(b64decode("".join(text for _, text in sorted(rows))))
        except (ValueError, zlib.error) as error:
            raise StoreCorruptError(
                f"The manifest of {name} at {self.place} cannot be read. {anew(self.place)}"
            ) from error

    def check(self, name: str, part: str = "") -> None:
        """Nothing: a generation's files are the server's, and what lies here was made from them."""

    def folder(self, name: str) -> Path:
        """Return where this machine keeps what it derived from the generation."""
        return self.cache_folder / name

    def nodes(self, name: str) -> NodeCollection:
        """Open the generation's collection."""
        from vectorstore.chroma import NodeCollection

        return NodeCollection(self.client, f"nonmun-{name}", self.place, owned=False, batch=self._batch)

    def new_nodes(self, name: str) -> NodeCollection:
        """Make the collection of a generation."""
        from vectorstore.chroma import CLOUD, LOCAL, NodeCollection

        index = CLOUD if self._access.key else LOCAL
        return NodeCollection(self.client, f"nonmun-{name}", self.place, create=index, owned=False, batch=self._batch)

    def sweep(self) -> None:
        """Drop what writers that died left, and all generations but the last two; none where the pointer cannot be read."""
        with suppress(StoreCorruptError):
            if current := self.current():
                names = self.names()
                for name in set(names) - _living(names, current):
                    self.drop(name)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock of this machine, and a lease on the server that keeps other machines out while it is renewed.

        What writers that died left behind is swept. Requests may take longer than a reader would wait.
        """
        from vectorstore.chroma import READING, WRITING, wait

        with _file_lock(self.cache_folder / "LOCK", self.place):
            me, ended = f"{socket.gethostname()} {self.cache_folder}", threading.Event()
            wait(self.client, WRITING)
            self._lease(me)
            renewing = threading.Thread(target=self._renew, args=(me, ended), daemon=True)
            renewing.start()
            try:
                self.sweep()
                yield
            finally:
                ended.set()
                renewing.join()
                with suppress(StoreError):  # what stays is free in a minute
                    self._hold(me, 0.0)
                wait(self.client, READING)

    def _now(self) -> float:
        """Return the server's clock, in seconds: every machine's own may be wrong."""
        from vectorstore.chroma import chroma_errors

        with chroma_errors(self.place):
            return self.client.heartbeat() / 1e9

    def _lease(self, me: str) -> None:
        """Take the lease. Raises StoreBusyError while another machine has it."""
        owner, said = self._record("lock")
        if owner not in (None, "", me) and float(said.get("until", 0)) > self._now():
            raise StoreBusyError(
                f"Another ingest (on {(owner or '').partition(' ')[0]}) is writing {self.place}. "
                "Wait for it to end, then run this again."
            )
        self.write_record("lock", me, until=self._now() + _LEASE)

    def _renew(self, me: str, ended: threading.Event) -> None:
        while not ended.wait(_LEASE / 4):
            with suppress(StoreError):  # a server that is away for a moment; the commit looks once more
                self._hold(me, _LEASE)

    def _hold(self, me: str, seconds: float) -> None:
        if self._record("lock")[0] == me:  # not where it expired, and another machine took it
            self.write_record("lock", me, until=self._now() + seconds)

    def expect_draft(self) -> None:
        """Nothing takes its time: the server runs."""

    def draft(self, *, copy: bool, rows: int = 0) -> ServerDraft:
        """Begin the next generation as a new collection."""
        del copy, rows  # a server cannot copy a collection; the writer fills it from its cache
        return ServerDraft(self, _next_name(self.names()), _base(self, copy=False))


class ServerDraft:
    """The next generation of a ServerStore: collections that the pointer does not name yet."""

    def __init__(self, store: ServerStore, name: str, base: str | None) -> None:
        self._store, self._name, self.base = store, name, base
        self._switched = self.carried = False
        self.nodes = store.new_nodes(name)
        self.folder = store.folder(name)
        with written(str(store.cache_folder)):
            self.folder.mkdir(parents=True)

    def commit(self, manifest: Iterable[bytes], expected: int, sample: list[str]) -> str:
        """Verify, write the manifest's pieces, switch the pointer, drop older generations."""
        from vectorstore.chroma import CLOUD_BATCH, chroma_errors

        self.nodes.verify(expected, sample)
        store, name = self._store, self._name
        packed = zlib.compressobj()
        text = b64encode(b"".join([*map(packed.compress, manifest), packed.flush()])).decode("ascii")
        pieces = [text[start : start + _PIECE] for start in range(0, len(text), _PIECE)]
        with chroma_errors(store.place):
            written = store.client.create_collection(f"nonmun-manifest-{name}", embedding_function=None)
            for start in range(0, len(pieces), CLOUD_BATCH):
                batch = pieces[start : start + CLOUD_BATCH]
                ids = [f"{number:06d}" for number in range(start, start + len(batch))]
                written.upsert(ids=ids, embeddings=np.repeat(_UNIT, len(batch), axis=0), documents=batch)
        with suppress(StoreCorruptError):  # a pointer that cannot be read is replaced
            if store.current() != self.base:
                raise StoreBusyError(
                    f"Another ingest has written {store.place} meanwhile; what it wrote stays. Run this again."
                )
        store.write_record("current", name)
        self._switched = True
        with suppress(StoreError):  # what stays now goes next time
            store.sweep()
        return name

    def discard(self) -> None:
        """Drop the draft; the current generation is untouched. A server that is gone keeps it until the next ingest."""
        if not self._switched:
            shutil.rmtree(self.folder, ignore_errors=True)
            with suppress(StoreError):
                self._store.drop(self._name)


def open_store(location: str, cache: Path, access: Access = Access()) -> Store:
    """Open a store by its location: a folder, or `http(s)://host:port` of a Chroma server. Connects to nothing yet."""
    if location.startswith(("http://", "https://")):
        return ServerStore(location.rstrip("/"), cache, access)
    return FolderStore(Path(location))
