"""A store: whole generations side by side and one pointer to the current one, in a folder or on a Chroma server.

A writer builds the next generation aside, verifies it and switches the pointer; a reader opens what the pointer names and
is never shown half an update. A generation is its vectors (Chroma), its manifest (bytes, from which the vectors can be
rebuilt) and files derived from both. Knows nothing of what a manifest says.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import secrets
import shutil
import time
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol

import numpy as np

from vectorstore.bundled import Vectors
from vectorstore.errors import StoreBusyError, StoreCorruptError, StoreError, anew

if TYPE_CHECKING:
    from chromadb.api import ClientAPI

    from vectorstore.chroma import NodeCollection

MANIFEST = "manifest.json"
_GENERATION = re.compile(r"gen-(\d{6})")


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


class Draft(Protocol):
    """The next generation while it is built. `base` is the current one's name, or None."""

    base: str | None
    nodes: NodeCollection
    folder: Path

    def commit(self, manifest: bytes, expected: int, sample: list[str]) -> str:
        """Verify the vectors, write the manifest, switch the pointer; return the new name."""

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

    def nodes(self, name: str) -> NodeCollection:
        """Open the vectors of a generation for reading."""

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the right to write. Raises StoreBusyError when another process has it."""

    def draft(self, *, copy: bool) -> Draft:
        """Begin the next generation; with `copy` it starts from the current one's vectors."""


def _replace(path: Path, data: bytes) -> None:
    """Write a file so that a reader sees the old bytes or the new ones, also after a power cut."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    with open(aside, "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    os.replace(aside, path)
    fd = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


@contextmanager
def _written(place: str) -> Iterator[None]:
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
    return f"gen-{max(numbers, default=0) + 1:06d}"


class FolderStore:
    """Generations as folders: `gen-000001/{manifest.json,chroma/,…}`, `CURRENT`, `LOCK`, `cache.sqlite`."""

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().absolute()
        self.place = str(path)
        self.cache_folder = self.path

    def current(self) -> str | None:
        """Return the current generation's name, or None."""
        try:
            name = (self.path / "CURRENT").read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise StoreCorruptError(
                f"The store {self.place} has no readable CURRENT file. {anew(self.place)}"
            ) from error
        if not _GENERATION.fullmatch(name) or not (self.path / name).is_dir():
            raise StoreCorruptError(
                f"The store {self.place} points at “{name[:40]}”, which is not there. {anew(self.place)}"
            )
        return name

    def manifest(self, name: str) -> bytes:
        """Return the manifest's bytes. Raises StoreCorruptError when it cannot be read."""
        try:
            return (self.path / name / MANIFEST).read_bytes()
        except OSError as error:
            raise StoreCorruptError(f"{self.place}/{name} has no readable manifest. {anew(self.place)}") from error

    def folder(self, name: str) -> Path:
        """Return the generation's folder."""
        return self.path / name

    def chroma(self, name: str) -> Path:
        """Return the folder of the generation's Chroma. Raises StoreCorruptError when there is none."""
        folder = self.path / name / "chroma"
        if not (folder / "chroma.sqlite3").is_file():
            raise StoreCorruptError(f"{self.place}/{name} has no vectors. {anew(self.place)}")
        return folder

    def nodes(self, name: str) -> NodeCollection:
        """Open the generation's Chroma."""
        from vectorstore.chroma import COLLECTION, NodeCollection, open_folder

        return NodeCollection(open_folder(self.chroma(name), self.place), COLLECTION, self.place)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the store's lock file; what drafts that died left behind is swept."""
        with _file_lock(self.path / "LOCK", self.place):
            for stray in self.path.glob("draft-*"):
                shutil.rmtree(stray, ignore_errors=True)
            yield

    def draft(self, *, copy: bool) -> FolderDraft:
        """Begin the next generation aside."""
        base = _base(self, copy=copy)
        name = _next_name([entry.name for entry in self.path.iterdir()])
        return FolderDraft(self, name, base, copy=copy and base is not None)


class FolderDraft:
    """The next generation of a FolderStore, in `draft-<name>-…` until it is committed."""

    def __init__(self, store: FolderStore, name: str, base: str | None, *, copy: bool) -> None:
        from vectorstore.chroma import COLLECTION, NodeCollection, open_folder

        self._store, self._name, self.base = store, name, base
        # Never a path twice: Chroma keeps what it once opened in this process by its path.
        self.folder = store.path / f"draft-{name}-{secrets.token_hex(4)}"
        chroma = self.folder / "chroma"
        try:
            with _written(store.place):
                self.folder.mkdir(parents=True)
                if copy and base is not None:
                    shutil.copytree(store.chroma(base), chroma)
            self.nodes = NodeCollection(open_folder(chroma, store.place), COLLECTION, store.place, create=not copy)
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def commit(self, manifest: bytes, expected: int, sample: list[str]) -> str:
        """Verify, write, switch; then drop all but the last two generations."""
        from vectorstore.chroma import COLLECTION, NodeCollection, open_folder

        self.nodes.close()
        store, chroma = self._store, self.folder / "chroma"
        reopened = NodeCollection(open_folder(chroma, store.place), COLLECTION, store.place)
        try:
            reopened.verify(expected, sample)
        finally:
            reopened.close()
        with _written(store.place):
            _replace(self.folder / MANIFEST, manifest)
            os.rename(self.folder, store.path / self._name)
            _replace(store.path / "CURRENT", self._name.encode("ascii"))
        keep = {self._name, self.base}
        for entry in store.path.iterdir():
            if _GENERATION.fullmatch(entry.name) and entry.name not in keep:
                shutil.rmtree(entry, ignore_errors=True)
        return self._name

    def discard(self) -> None:
        """Drop the draft; the current generation is untouched."""
        self.nodes.close()
        shutil.rmtree(self.folder, ignore_errors=True)


_POINTER, _PIECE = "nonmun-current", 200_000  # characters of manifest a record
_UNIT = np.ones((1, 1), dtype=np.float32)  # Chroma wants a vector with every record; these are never searched


class ServerStore:
    """Generations as collections of a Chroma server: `nonmun-gen-000001`, its manifest beside it, and a pointer record."""

    def __init__(self, url: str, cache: Path) -> None:
        self.place = url
        self.cache_folder = cache / hashlib.sha256(url.encode()).hexdigest()[:12]
        self._connected: ClientAPI | None = None

    @property
    def client(self) -> ClientAPI:
        """The connection, made on first use."""
        if self._connected is None:
            from vectorstore.chroma import open_server

            self._connected = open_server(self.place)
        return self._connected

    def names(self) -> list[str]:
        """Return the generations on the server, also those of which only a part is there."""
        from vectorstore.chroma import chroma_errors

        with chroma_errors(self.place):
            found = [str(collection.name) for collection in self.client.list_collections()]
        ours = [name.removeprefix("nonmun-").removeprefix("manifest-") for name in found if name.startswith("nonmun-")]
        return sorted({name for name in ours if _GENERATION.fullmatch(name)})

    def current(self) -> str | None:
        """Return the current generation's name, or None."""
        from vectorstore.chroma import chroma_errors

        with chroma_errors(self.place):
            pointer = self.client.get_or_create_collection(_POINTER, embedding_function=None)
            documents = pointer.get(ids=["current"], include=["documents"])["documents"]
        if documents and not _GENERATION.fullmatch(documents[0]):
            raise StoreCorruptError(
                f"The store {self.place} points at “{documents[0][:40]}”, which is no generation. {anew(self.place)}"
            )
        return documents[0] if documents else None

    def drop(self, name: str) -> None:
        """Delete what there is of a generation, here and on the server."""
        from vectorstore.chroma import chroma_errors

        for collection in (f"nonmun-{name}", f"nonmun-manifest-{name}"):
            with suppress(StoreCorruptError), chroma_errors(self.place):
                self.client.delete_collection(collection)
        for folder in self.cache_folder.glob(f"{name}-*"):
            shutil.rmtree(folder, ignore_errors=True)

    def manifest(self, name: str) -> bytes:
        """Return the manifest's bytes."""
        from vectorstore.chroma import chroma_errors

        with chroma_errors(self.place):
            pieces = self.client.get_collection(f"nonmun-manifest-{name}", embedding_function=None).get(
                include=["documents"]
            )
        try:
            rows = sorted(zip(pieces["ids"], pieces["documents"] or [], strict=True))
            return zlib.decompress(b64decode("".join(text for _, text in rows)))
        except (ValueError, zlib.error) as error:
            raise StoreCorruptError(
                f"The manifest of {name} at {self.place} cannot be read. {anew(self.place)}"
            ) from error

    def folder(self, name: str) -> Path:
        """Return where this machine keeps what it derived from the generation.

        A server may have been emptied and filled again, so that the name alone does not tell the generation.
        """
        return self.cache_folder / f"{name}-{self.nodes(name).identity}"

    def nodes(self, name: str) -> NodeCollection:
        """Open the generation's collection."""
        from vectorstore.chroma import NodeCollection

        return NodeCollection(self.client, f"nonmun-{name}", self.place, owned=False)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock of this machine (another machine's ingest is not seen)."""
        with _file_lock(self.cache_folder / "LOCK", self.place):
            yield

    def draft(self, *, copy: bool) -> ServerDraft:
        """Begin the next generation as a new collection."""
        del copy  # a server cannot copy a collection; the writer fills it from its cache
        return ServerDraft(self, _next_name(self.names()), _base(self, copy=False))


class ServerDraft:
    """The next generation of a ServerStore: collections that the pointer does not name yet."""

    def __init__(self, store: ServerStore, name: str, base: str | None) -> None:
        from vectorstore.chroma import NodeCollection

        self._store, self._name, self.base = store, name, base
        self._switched = False
        self.nodes = NodeCollection(store.client, f"nonmun-{name}", store.place, create=True, owned=False)
        self.folder = store.cache_folder / f"{name}-{self.nodes.identity}"
        with _written(str(store.cache_folder)):
            self.folder.mkdir(parents=True)

    def commit(self, manifest: bytes, expected: int, sample: list[str]) -> str:
        """Verify, write the manifest's pieces, switch the pointer, drop older generations."""
        from vectorstore.chroma import chroma_errors

        self.nodes.verify(expected, sample)
        client, name = self._store.client, self._name
        text = b64encode(zlib.compress(manifest)).decode("ascii")
        pieces = [text[start : start + _PIECE] for start in range(0, len(text), _PIECE)]
        with chroma_errors(self._store.place):
            written = client.create_collection(f"nonmun-manifest-{name}", embedding_function=None)
            for number, piece in enumerate(pieces):
                written.upsert(ids=[f"{number:06d}"], embeddings=_UNIT, documents=[piece])
            pointer = client.get_or_create_collection(_POINTER, embedding_function=None)
            pointer.upsert(ids=["current"], embeddings=_UNIT, documents=[name], metadatas=[{"at": int(time.time())}])
        self._switched = True
        with suppress(StoreError):  # what stays now goes next time
            for old in self._store.names():
                if old not in (name, self.base):
                    self._store.drop(old)
        return name

    def discard(self) -> None:
        """Drop the draft; the current generation is untouched. A server that is gone keeps it until the next commit."""
        if not self._switched:
            shutil.rmtree(self.folder, ignore_errors=True)
            with suppress(StoreError):
                self._store.drop(self._name)


def open_store(location: str, cache: Path) -> Store:
    """Open a store by its location: a folder, or `http(s)://host:port` of a Chroma server. Connects to nothing yet."""
    if location.startswith(("http://", "https://")):
        return ServerStore(location.rstrip("/"), cache)
    return FolderStore(Path(location))
