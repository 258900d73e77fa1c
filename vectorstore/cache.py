"""A cache of what is dear to compute from text, keyed by (fingerprint of the computation, hash of the text)."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

_CHUNK = 500


def text_key(text: str) -> bytes:
    """Return the hash a text is kept under."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]


class TextCache:
    """Bytes kept in one SQLite file. Losing the file costs time, never data; a broken one is begun afresh."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._db = self._open(path)
        except sqlite3.DatabaseError:
            path.unlink(missing_ok=True)
            self._db = self._open(path)

    @staticmethod
    def _open(path: Path) -> sqlite3.Connection:
        db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=NORMAL")
        db.execute(
            "CREATE TABLE IF NOT EXISTS kept (made_by TEXT, key BLOB, value BLOB, PRIMARY KEY (made_by, key)) WITHOUT ROWID"
        )
        return db

    def get(self, made_by: str, texts: Sequence[str]) -> dict[str, bytes]:
        """Return what is kept for these texts."""
        keys = {text_key(text): text for text in texts}
        found: dict[str, bytes] = {}
        wanted = list(keys)
        for start in range(0, len(wanted), _CHUNK):
            part = wanted[start : start + _CHUNK]
            marks = ",".join("?" * len(part))
            rows = self._db.execute(
                f"SELECT key, value FROM kept WHERE made_by=? AND key IN ({marks})", (made_by, *part)
            )
            found.update((keys[key], value) for key, value in rows)
        return found

    def put(self, made_by: str, values: Mapping[str, bytes] | Iterable[tuple[str, bytes]]) -> None:
        """Keep values by their texts, all or none."""
        pairs = values.items() if isinstance(values, Mapping) else values
        with self._db:
            self._db.execute("BEGIN")
            self._db.executemany(
                "INSERT OR REPLACE INTO kept VALUES (?, ?, ?)",
                ((made_by, text_key(text), value) for text, value in pairs),
            )

    def close(self) -> None:
        """Close the file."""
        self._db.close()
