"""Checksums of the files of a generation: written when it is committed, checked when it is read.

They are kept in `sums.json`, with the size and the time of the last write of each file. A file whose size and time are
as recorded can then be taken as unchanged without reading it.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from vectorstore.errors import StoreCorruptError, anew, not_permitted

SUMS, DATABASE = "sums.json", "chroma.sqlite3"
_INDEX = "index_metadata.pickle"
_ROWS = (
    "SELECT id, embedding_id FROM embeddings ORDER BY id",
    # vectors that are not in the files of the index yet
    "SELECT seq_id, operation, id, vector FROM embeddings_queue ORDER BY seq_id",
    "SELECT id, type, scope, collection FROM segments ORDER BY id",
    "SELECT id, name, dimension FROM collections ORDER BY id",
)
"""The rows of Chroma's database that answers depend on."""


@dataclass(frozen=True, slots=True)
class FileState:
    """What was recorded of a file: its checksum, its size in bytes, and when it was last written, in nanoseconds.

    Size and time are -1 in a generation of an earlier version, which recorded only checksums.
    """

    checksum: str
    size: int = -1
    mtime_ns: int = -1

    def has_size_and_time_of(self, path: Path) -> bool:
        """Return whether a file still has the recorded size and time. Raises OSError where it cannot be looked at."""
        found = path.stat()
        return (found.st_size, found.st_mtime_ns) == (self.size, self.mtime_ns)

    def matches(self, path: Path) -> bool:
        """Return whether a file still has the recorded content. Raises OSError or sqlite3.Error if unreadable."""
        return checksum(path) == self.checksum


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file. Chroma's database counts only by the rows that answers depend on.

    Chroma writes to its database whenever it opens it, so the bytes of that file change without damage.
    """
    with path.open("rb") as file:  # also for the database: SQLite does not say why it cannot open a file
        if path.name != DATABASE:
            return hashlib.file_digest(file, "sha256").hexdigest()
    digest = hashlib.sha256()
    # Writable where possible: SQLite can undo what a killed process left half-written only if it may write.
    mode = "rw" if os.access(path, os.W_OK) else "ro"
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True)) as db:
        for query in _ROWS:
            for row in db.execute(query):
                digest.update(repr(row).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def flush(path: Path) -> None:
    """Wait until the bytes of a file, or the names in a folder, are on the disk."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def file_states(folder: Path, paths: Iterable[Path], base: Path | None) -> dict[str, FileState]:
    """Flush files of a generation to the disk and return the state of each, by its path inside `folder`.

    `base` is the generation whose files were copied, if any; its checksums were found to match. A copied file that has
    not been written to since keeps its checksum. The files of a vector index with fewer than 1,000 rows are left out:
    all of it is in the database, and Chroma makes those files anew, without content, whenever it opens them.
    """
    recorded = read_states(base) if base else {}

    def state(path: Path) -> tuple[str, FileState]:
        name = path.relative_to(folder).as_posix()
        known = recorded.get(name)
        if known and path.name != DATABASE and known.has_size_and_time_of(path):
            return name, known
        found = path.stat()
        return name, FileState(checksum(path), found.st_size, found.st_mtime_ns)

    everything = list(paths)
    files = [path for path in everything if path.is_file()]
    counted = [path for path in files if not path.match("chroma/*/*") or path.with_name(_INDEX).exists()]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(flush, everything))
        return dict(pool.map(state, counted))


def share_unchanged(folder: Path, states: Mapping[str, FileState], base: Path) -> dict[str, FileState]:
    """Replace files of a generation that are the same in `base` by hard links to those. Return the states of all files.

    Nothing is written to a complete generation but Chroma's database, which is left alone: a draft begins with copies.
    Where the disk has no hard links, the copies stay.
    """
    shared: dict[str, FileState] = {}
    for name, known in read_states(base).items():
        path, own = folder / name, states.get(name)
        if own is None or path.name == DATABASE or (own.checksum, own.size) != (known.checksum, known.size):
            continue
        aside = path.with_name(f".{path.name}.link")
        try:
            os.link(base / name, aside)
            os.replace(aside, path)
        except OSError:
            aside.unlink(missing_ok=True)
            break
        shared[name] = replace(own, mtime_ns=path.stat().st_mtime_ns)
    return {**states, **shared}


def states_as_json(states: Mapping[str, FileState]) -> bytes:
    """Return the content of `sums.json`."""
    rows = {name: [state.checksum, state.size, state.mtime_ns] for name, state in sorted(states.items())}
    return json.dumps(rows).encode()


def read_states(folder: Path) -> dict[str, FileState]:
    """Read `sums.json` of a generation; empty if there is none. Raises OSError or ValueError if it is damaged."""
    try:
        recorded = json.loads((folder / SUMS).read_bytes())
    except FileNotFoundError:
        return {}
    if not isinstance(recorded, dict):
        raise ValueError(f"{SUMS} holds a {type(recorded).__name__}")
    try:
        return {name: FileState(row) if isinstance(row, str) else FileState(*row) for name, row in recorded.items()}
    except TypeError as error:
        raise ValueError(f"{SUMS} holds an entry of another form") from error


def check_files(folder: Path, place: str, part: str = "") -> None:
    """Read files of a generation and compare them with their checksums; only those whose path begins with `part`.

    Raises StoreCorruptError for a file that is missing or differs, StoreError for one that may not be read. `place`
    names the store in the message. A generation without checksums passes.
    """
    with _read_errors(folder, place):
        for name, state in read_states(folder).items():
            if name.startswith(part) and not state.matches(folder / name):
                raise StoreCorruptError(f"{place}/{folder.name}/{name} is damaged. {anew(place)}")


def damaged_file(folder: Path, place: str) -> str | None:
    """Return the path of a file that is missing or differs from what was recorded, or None.

    Reads only the files whose size or time differs from the recorded one. Raises StoreError where a file may not be
    read.
    """
    name = SUMS
    try:
        for name, state in read_states(folder).items():
            path = folder / name
            if not state.has_size_and_time_of(path) and not state.matches(path):
                return name
    except PermissionError as error:
        raise not_permitted(place, error) from error
    except (OSError, sqlite3.Error, ValueError):
        return name
    return None


def checked_chroma(folder: Path, place: str) -> Path:
    """Return the folder of the Chroma of a generation, after `check_files` of the whole generation."""
    check_files(folder, place)
    with _read_errors(folder, place):
        if not (folder / "chroma" / DATABASE).is_file():
            raise StoreCorruptError(f"{place}/{folder.name} has no vectors. {anew(place)}")
    return folder / "chroma"


@contextmanager
def _read_errors(folder: Path, place: str) -> Iterator[None]:
    try:
        yield
    except PermissionError as error:
        raise not_permitted(place, error) from error
    except FileNotFoundError as error:
        raise StoreCorruptError(f"{error.filename} is missing. {anew(place)}") from error
    except (OSError, sqlite3.Error, ValueError) as error:
        raise StoreCorruptError(
            f"The files of {place}/{folder.name} cannot be read ({error}). {anew(place)}"
        ) from error
