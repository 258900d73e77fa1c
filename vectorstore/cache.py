"""A cache of what is dear to compute from text, keyed by (fingerprint of the computation, hash of the text)."""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from vectorstore.errors import StoreError

_CHUNK = 500
SPARE = 256_000_000  # bytes a file may always have
_PATIENCE = 60.0  # seconds to wait while another connection writes; a batch takes milliseconds


def text_key(text: str) -> bytes:
    """Return the hash a text is kept under."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]


def _check(value: bytes) -> bytes:
    """Return what stands before a value in the file, so that one whose bytes have flipped counts as missing."""
    return zlib.crc32(value).to_bytes(4, "little")


def _is_sound(value: object) -> bool:
    return isinstance(value, bytes) and value[:4] == _check(value[4:])


class TextCache:
    """Bytes kept in one SQLite file. Losing the file costs time, never data; a broken one is begun afresh.

    Several objects, threads and processes may share a file. Raises StoreError where it cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._errors():
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._db = self._open()
            except sqlite3.DatabaseError as error:
                self._begin_afresh(error)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"The cache {self.path} cannot be used: {error}. Deleting it loses no data.") from error

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.path, timeout=_PATIENCE, check_same_thread=False, isolation_level=None)
        try:
            db.execute("PRAGMA synchronous=NORMAL")
            with db:
                db.execute("BEGIN IMMEDIATE")  # of two that open a new file, the second waits here
                db.execute(
                    "CREATE TABLE IF NOT EXISTS kept"
                    " (made_by TEXT, key BLOB, value BLOB, PRIMARY KEY (made_by, key)) WITHOUT ROWID"
                )
        except sqlite3.Error:
            db.close()
            raise
        return db

    def _begin_afresh(self, error: sqlite3.DatabaseError) -> None:
        """Replace a broken file; a file that is only locked, read-only or on a full disk is not broken."""
        if isinstance(error, sqlite3.OperationalError):
            raise error
        for end in ("", "-journal", "-wal", "-shm"):
            self.path.with_name(self.path.name + end).unlink(missing_ok=True)
        self._db = self._open()

    def get(self, made_by: str, texts: Sequence[str]) -> dict[str, bytes]:
        """Return what is kept for these texts."""
        keys = {text_key(text): text for text in texts}
        found: dict[str, bytes] = {}
        wanted = list(keys)
        with self._errors():
            try:
                for start in range(0, len(wanted), _CHUNK):
                    part = wanted[start : start + _CHUNK]
                    marks = ",".join("?" * len(part))
                    rows = self._db.execute(
                        f"SELECT key, value FROM kept WHERE made_by=? AND key IN ({marks})", (made_by, *part)
                    )
                    found.update((keys[key], value[4:]) for key, value in rows if _is_sound(value))
            except sqlite3.DatabaseError as error:
                self._db.close()
                self._begin_afresh(error)
        return found

    def put(self, made_by: str, values: Mapping[str, bytes] | Iterable[tuple[str, bytes]]) -> None:
        """Keep values by their texts, all or none."""
        pairs = values.items() if isinstance(values, Mapping) else values
        rows = [(made_by, text_key(text), _check(value) + value) for text, value in pairs]
        with self._errors():
            try:
                self._insert(rows)
            except sqlite3.DatabaseError as error:
                self._db.close()
                self._begin_afresh(error)
                self._insert(rows)

    def _insert(self, rows: list[tuple[str, bytes, bytes]]) -> None:
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", rows)

    def trim(self, used: Mapping[str, Iterable[str]]) -> None:
        """Drop everything but the `used` texts of each computation, where the file has grown to SPARE bytes.

        After that not before it has twice what was left, so that what was undone or switched back is mostly still there.
        """
        with self._errors():
            left = self._db.execute("PRAGMA user_version").fetchone()[0] * 1_000_000
            if self._size() < max(SPARE, 2 * left):
                return
            with self._db:
                self._db.execute("BEGIN IMMEDIATE")
                self._db.execute("CREATE TEMP TABLE used (made_by TEXT, key BLOB, PRIMARY KEY (made_by, key))")
                for made_by, texts in used.items():
                    rows = ((made_by, text_key(text)) for text in texts)
                    self._db.executemany("INSERT OR IGNORE INTO used VALUES (?, ?)", rows)
                self._db.execute("DELETE FROM kept WHERE (made_by, key) NOT IN (SELECT made_by, key FROM used)")
                self._db.execute(f"PRAGMA user_version={self._size() // 1_000_000}")
            self._db.execute("DROP TABLE used")
            self._db.execute("VACUUM")

    def _size(self) -> int:
        """Return how many bytes of the file are in use."""
        pages, free, size = (
            self._db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
        )
        return int((pages - free) * size)

    def close(self) -> None:
        """Close the file."""
        self._db.close()
