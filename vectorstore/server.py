"""A store on a Chroma server: collections for each generation, and one collection of records about the whole.

Importing this module imports Chroma, which takes half a second.
"""

from __future__ import annotations

import hashlib
import shutil
import socket
import threading
import time
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
from chromadb.api import ClientAPI
from chromadb.errors import NotFoundError

from vectorstore import chroma
from vectorstore.chroma import NodeCollection, chroma_errors
from vectorstore.errors import StoreBusyError, StoreCorruptError, StoreError, anew
from vectorstore.generations import (
    NO_CREDENTIALS,
    Access,
    base_of,
    file_lock,
    is_generation,
    kept,
    next_name,
    write_errors,
)

_RECORDS = "nonmun-current"
_PIECE = 12_000  # characters of a manifest in one record; Chroma Cloud accepts 16,384 bytes
_UNIT = np.ones((1, 1), dtype=np.float32)  # Chroma wants a vector with every record; these are never searched
_LEASE = 60.0  # seconds after which the lock of a machine that is gone is free


class ServerStore:
    """Generations as collections: `nonmun-gen-000001-…`, `nonmun-manifest-gen-000001-…`, and the records.

    The record `current` names the current generation, and the record `lock` the machine that writes.
    """

    def __init__(self, url: str, cache: Path, access: Access = NO_CREDENTIALS) -> None:
        self.place, self._access = url, access
        identity = f"{url} {access.tenant} {access.database}".strip()
        self.cache_folder = cache / hashlib.sha256(identity.encode()).hexdigest()[:12]
        self._connecting = threading.Lock()
        self._connected: ClientAPI | None = None

    @property
    def client(self) -> ClientAPI:
        """The connection. It is made on first use."""
        with self._connecting:
            if self._connected is None:
                access = self._access
                self._connected = chroma.open_server(self.place, access.key, access.tenant, access.database)
            return self._connected

    @property
    def _batch(self) -> int:
        return chroma.CLOUD_BATCH // 2 if self._access.key else chroma.BATCH

    def names(self) -> list[str]:
        """Return the names of the generations on the server, oldest first, including incomplete ones."""
        with chroma_errors(self.place):
            found = [str(collection.name) for collection in self.client.list_collections()]
        ours = [name.removeprefix("nonmun-").removeprefix("manifest-") for name in found if name.startswith("nonmun-")]
        return sorted({name for name in ours if is_generation(name)})

    def current(self) -> str | None:
        """Return the name of the current generation, or None. Raises StoreCorruptError for a record that names none."""
        name = self._record("current")[0]
        if name is not None and not is_generation(name):
            raise StoreCorruptError(
                f"The store {self.place} points at “{name[:40]}”, which is no generation. {anew(self.place)}"
            )
        return name

    def _record(self, name: str) -> tuple[str | None, dict[str, Any]]:
        """Return the text and metadata of a record; None and nothing where there is none. Writes nothing."""
        with chroma_errors(self.place):
            try:
                records = self.client.get_collection(_RECORDS, embedding_function=None)
                found = records.get(ids=[name], include=["documents", "metadatas"])
            except NotFoundError:
                return None, {}
        if not found["documents"]:
            return None, {}
        return found["documents"][0], dict((found["metadatas"] or [{}])[0] or {})

    def write_record(self, name: str, text: str, **metadata: float) -> None:
        """Write a record."""
        with chroma_errors(self.place):
            records = self.client.get_or_create_collection(_RECORDS, embedding_function=None)
            records.upsert(ids=[name], embeddings=_UNIT, documents=[text], metadatas=[metadata or {"at": time.time()}])

    def drop(self, name: str) -> None:
        """Delete a generation, complete or not, from the server and from this machine."""
        for collection in (f"nonmun-{name}", f"nonmun-manifest-{name}"):
            with suppress(StoreCorruptError), chroma_errors(self.place):
                self.client.delete_collection(collection)
        shutil.rmtree(self.folder(name), ignore_errors=True)

    def manifest(self, name: str) -> bytes:
        """Return the manifest of a generation. Raises StoreCorruptError where it is missing or damaged."""
        pieces: list[tuple[str, str]] = []
        with chroma_errors(self.place):
            collection = self.client.get_collection(f"nonmun-manifest-{name}", embedding_function=None)
            while True:
                got = collection.get(include=["documents"], limit=chroma.CLOUD_BATCH, offset=len(pieces))
                pieces += zip(got["ids"], got["documents"] or [], strict=True)
                if len(got["ids"]) < chroma.CLOUD_BATCH:
                    break
        try:
            return zlib.decompress(b64decode("".join(text for _, text in sorted(pieces))))
        except (ValueError, zlib.error) as error:
            raise StoreCorruptError(
                f"The manifest of {name} at {self.place} cannot be read. {anew(self.place)}"
            ) from error

    def write_manifest(self, name: str, manifest: Iterable[bytes]) -> None:
        """Write the manifest of a generation, compressed and cut into records."""
        packed = zlib.compressobj()
        text = b64encode(b"".join([*map(packed.compress, manifest), packed.flush()])).decode("ascii")
        pieces = [text[start : start + _PIECE] for start in range(0, len(text), _PIECE)]
        with chroma_errors(self.place):
            collection = self.client.create_collection(f"nonmun-manifest-{name}", embedding_function=None)
            for start in range(0, len(pieces), chroma.CLOUD_BATCH):
                batch = pieces[start : start + chroma.CLOUD_BATCH]
                ids = [f"{number:06d}" for number in range(start, start + len(batch))]
                collection.upsert(ids=ids, embeddings=np.repeat(_UNIT, len(batch), axis=0), documents=batch)

    def check(self, name: str, part: str = "") -> None:
        """Do nothing: the server holds the files of a generation, and those on this machine are derived from it."""

    def damaged_file(self, name: str) -> str | None:
        """Return the collection of a generation's vectors if the server has lost it, else None."""
        try:
            self.nodes(name)
        except StoreCorruptError:
            return f"{self.place}/nonmun-{name}"
        return None

    def folder(self, name: str) -> Path:
        """Return the folder on this machine of the files derived from a generation."""
        return self.cache_folder / name

    def nodes(self, name: str) -> NodeCollection:
        """Open the vectors of a generation. Raises StoreCorruptError where the server does not have them."""
        return NodeCollection(self.client, f"nonmun-{name}", self.place, owned=False, batch=self._batch)

    def new_nodes(self, name: str) -> NodeCollection:
        """Create the collection of a generation."""
        index = chroma.CLOUD if self._access.key else chroma.LOCAL
        return NodeCollection(self.client, f"nonmun-{name}", self.place, create=index, owned=False, batch=self._batch)

    def sweep(self) -> None:
        """Delete abandoned drafts and all generations but the last two. Keep all while the pointer cannot be read."""
        with suppress(StoreCorruptError):
            if current := self.current():
                names = self.names()
                for name in set(names) - kept(names, current):
                    self.drop(name)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock file of this machine, and a lease on the server against other machines.

        The lease is renewed until the end. What interrupted writers left is deleted. Requests may take longer than
        those of a reader.
        """
        with file_lock(self.cache_folder / "LOCK", self.place):
            me, ended = f"{socket.gethostname()} {self.cache_folder}", threading.Event()
            chroma.limit_requests(self.client, chroma.WRITING)
            self._lease(me)
            renewing = threading.Thread(target=self._renew, args=(me, ended), daemon=True)
            renewing.start()
            try:
                self.sweep()
                yield
            finally:
                ended.set()
                renewing.join()
                with suppress(StoreError):  # a lease that stays ends within a minute
                    self._hold(me, 0.0)
                chroma.limit_requests(self.client, chroma.READING)

    def _now(self) -> float:
        """Return the time of the server, in seconds. The clocks of other machines may be wrong."""
        with chroma_errors(self.place):
            return self.client.heartbeat() / 1e9

    def _lease(self, me: str) -> None:
        """Take the lease. Raises StoreBusyError while another machine has it."""
        owner, metadata = self._record("lock")
        if owner not in (None, "", me) and float(metadata.get("until", 0)) > self._now():
            raise StoreBusyError(
                f"Another ingest (on {(owner or '').partition(' ')[0]}) is writing {self.place}. "
                "Wait for it to end, then run this again."
            )
        self.write_record("lock", me, until=self._now() + _LEASE)

    def _renew(self, me: str, ended: threading.Event) -> None:
        while not ended.wait(_LEASE / 4):
            with suppress(StoreError):  # the server is away for a moment; the commit checks the pointer again
                self._hold(me, _LEASE)

    def _hold(self, me: str, seconds: float) -> None:
        if self._record("lock")[0] == me:  # not if the lease ended and another machine took it
            self.write_record("lock", me, until=self._now() + seconds)

    def expect_draft(self) -> None:
        """Do nothing: the server is already running."""

    def draft(self, *, copy: bool, rows: int = 0) -> ServerDraft:
        """Begin the next generation as a new, empty collection: a server cannot copy one."""
        del copy, rows
        return ServerDraft(self, next_name(self.names()), base_of(self, copy=False))


class ServerDraft:
    """The next generation of a ServerStore: collections that the pointer does not name yet."""

    def __init__(self, store: ServerStore, name: str, base: str | None) -> None:
        self._store, self._name, self.base = store, name, base
        self._committed = self.carried = False
        self.nodes = store.new_nodes(name)
        self.folder = store.folder(name)
        with write_errors(str(store.cache_folder)):
            self.folder.mkdir(parents=True)

    def commit(self, manifest: Iterable[bytes], expected: int, sample: list[str]) -> str:
        """Verify the vectors, write the manifest, and move the pointer. Keep the last two generations.

        Raises StoreBusyError where another machine has moved the pointer meanwhile.
        """
        self.nodes.verify(expected, sample)
        store, name = self._store, self._name
        store.write_manifest(name, manifest)
        with suppress(StoreCorruptError):  # a pointer that cannot be read is replaced
            if store.current() != self.base:
                raise StoreBusyError(
                    f"Another ingest has written {store.place} meanwhile; what it wrote stays. Run this again."
                )
        store.write_record("current", name)
        self._committed = True
        with suppress(StoreError):  # what cannot be deleted now is deleted next time
            store.sweep()
        return name

    def discard(self) -> None:
        """Delete the draft. The current generation is not touched.

        A server that cannot be reached keeps the draft until the next ingest.
        """
        if not self._committed:
            shutil.rmtree(self.folder, ignore_errors=True)
            with suppress(StoreError):
                self._store.drop(self._name)
