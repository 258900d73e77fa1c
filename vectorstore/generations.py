"""Generations of an index: what a store offers, and what folders and servers have in common.

A writer builds the next generation beside the current one, verifies it, and moves the pointer. A reader opens the
generation that the pointer names, and never sees half an update. A generation consists of its vectors (in Chroma), its
manifest (bytes from which the vectors can be rebuilt), and files derived from both. This module does not know what a
manifest says.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from vectorstore.checksums import flush
from vectorstore.errors import StoreBusyError, StoreCorruptError, StoreError

if TYPE_CHECKING:
    from vectorstore.chroma import NodeCollection
    from vectorstore.rows import NodeWriter

MANIFEST = "manifest.json"
_NAME = re.compile(r"gen-(\d{6})(?:-[0-9a-f]{8})?")


@dataclass(frozen=True, slots=True)
class Access:
    """Credentials for a Chroma server. Empty for a server of one's own; Chroma Cloud needs all three."""

    key: str = field(default="", repr=False)
    tenant: str = ""
    database: str = ""


NO_CREDENTIALS = Access()


class Draft(Protocol):
    """The next generation while it is built.

    `base` is the name of the current generation, or None. `carried` says whether the vectors of `base` were copied in.
    `folder` holds the files derived from the generation.
    """

    base: str | None
    carried: bool
    folder: Path

    @property
    def nodes(self) -> NodeWriter:
        """The writer of its nodes."""

    def commit(self, manifest: Iterable[bytes], expected: int, sample: list[str]) -> str:
        """Verify the vectors, write the manifest, and move the pointer. Return the name of the new generation.

        `manifest` comes in parts. See `NodeWriter.verify` for the other two.
        """

    def discard(self) -> None:
        """Delete the draft. The current generation is not touched."""


class Store(Protocol):
    """A place that holds generations.

    `place` names it in messages. `cache_folder` is a local folder that may be deleted at any time.
    """

    place: str
    cache_folder: Path

    def current(self) -> str | None:
        """Return the name of the current generation, or None if none was ever committed."""

    def manifest(self, name: str) -> bytes:
        """Return the manifest of a generation."""

    def folder(self, name: str) -> Path:
        """Return the local folder of the files derived from a generation."""

    def check(self, name: str, part: str = "") -> None:
        """Read the files of a generation and compare their checksums; only files whose path begins with `part`.

        Raises StoreCorruptError for a file that is missing or damaged.
        """

    def damaged_file(self, name: str) -> str | None:
        """Return what is missing or damaged in a generation, or None. Quicker and less thorough than `check`."""

    def nodes(self, name: str) -> NodeCollection:
        """Open the vectors of a generation for reading."""

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the right to write. Raises StoreBusyError while another process has it."""

    def expect_draft(self) -> None:
        """Announce, with the lock held, that a draft will follow soon, so that slow preparations can start."""

    def draft(self, *, copy: bool, rows: int = 0) -> Draft:
        """Begin the next generation, of about `rows` new rows. With `copy` it starts from the current vectors."""


def is_generation(name: str) -> bool:
    """Return whether a name is that of a generation."""
    return bool(_NAME.fullmatch(name))


def next_name(names: Iterable[str]) -> str:
    """Return the name of the generation after `names`.

    The name ends in a random token, so that no name is used twice even if a store is deleted and made again: readers
    and Chroma keep what they opened by name.
    """
    numbers = [int(match.group(1)) for name in names if (match := _NAME.match(name))]
    return f"gen-{max(numbers, default=0) + 1:06d}-{secrets.token_hex(4)}"


def kept(names: Iterable[str], current: str) -> set[str]:
    """Return the generations to keep: the current one and the one before it."""
    before = max((name for name in names if name < current), default=current)
    return {current, before}


def base_of(store: Store, *, copy: bool) -> str | None:
    """Return the current generation to build on, or None.

    An unreadable pointer raises StoreCorruptError with `copy`; without, the next generation replaces it.
    """
    try:
        return store.current()
    except StoreCorruptError:
        if copy:
            raise
        return None


def replace_file(path: Path, data: bytes) -> None:
    """Write a file so that a reader sees the old bytes or the new ones, even after a power cut."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.write_bytes(data)
    flush(aside)
    os.replace(aside, path)
    flush(path.parent)


@contextmanager
def write_errors(place: str) -> Iterator[None]:
    """Turn the operating system's errors during a write into a StoreError that names the place."""
    try:
        yield
    except shutil.Error as error:  # from copying a folder: a list of (source, target, reason)
        raise StoreError(f"The store {place} cannot be written: {error.args[0][0][2]}.") from error
    except OSError as error:
        raise StoreError(f"The store {place} cannot be written: {error.strerror or error}.") from error


@contextmanager
def file_lock(path: Path, place: str) -> Iterator[None]:
    """Hold a lock file that contains the id of this process. The system frees it when the process ends, even if killed.

    Raises StoreBusyError while another process holds it, StoreError where the file cannot be written.
    """
    from filelock import FileLock, Timeout  # takes 0.05 s, and a reader needs no lock

    # Without flock there is no lock: a marker file instead of one would survive a killed process.
    lock = FileLock(path, blocking=False, thread_local=False, fallback_to_soft=False, on_acquired=_write_process_id)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        owner = path.read_text(encoding="ascii", errors="replace")[:40].strip() or "unknown"
        raise StoreBusyError(
            f"Another ingest (process {owner}) is writing {place}. Wait for it to end, then run this again."
        ) from error
    except OSError as error:
        raise StoreError(
            f"The store {place} cannot be written: {error.strerror}. Choose another with --store."
        ) from error
    try:
        yield
    finally:
        lock.release()


def _write_process_id(fd: int) -> None:
    os.ftruncate(fd, 0)
    os.pwrite(fd, str(os.getpid()).encode("ascii"), 0)
