"""A cache of what is dear to compute from text, keyed by (fingerprint of the computation, hash of the text)."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from vectorstore.errors import StoreError

_CHUNK = 500
_PATIENCE = 60.0  # seconds to wait while another connection writes; a batch takes milliseconds


def text_key(text: str) -> bytes:
    """Return the hash a text is kept under."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]


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
                    found.update((keys[key], value) for key, value in rows)
            except sqlite3.DatabaseError as error:
                self._db.close()
                self._begin_afresh(error)
        return found

    def put(self, made_by: str, values: Mapping[str, bytes] | Iterable[tuple[str, bytes]]) -> None:
        """Keep values by their texts, all or none."""
        pairs = values.items() if isinstance(values, Mapping) else values
        rows = [(made_by, text_key(text), value) for text, value in pairs]
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

    def close(self) -> None:
        """Close the file."""
        self._db.close()
