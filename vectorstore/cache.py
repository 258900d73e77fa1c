"""A cache of values that are expensive to compute from text, such as vectors and translations."""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from vectorstore.errors import StoreError

_CHUNK = 500  # keys in one query
_PAGE = 32_768  # bytes; a value of more than a quarter of a page takes up a page of its own, and one of 3,072 numbers has 6,000
SPARE = 256_000_000  # bytes; a smaller file is never trimmed
_PATIENCE = 60.0  # seconds to wait while another connection writes; a batch takes milliseconds


def text_key(text: str) -> bytes:
    """Return the hash that identifies a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]


def _check(value: bytes) -> bytes:
    """Return the checksum that is stored before a value. A damaged value then counts as missing."""
    return zlib.crc32(value).to_bytes(4, "little")


def _is_sound(value: object) -> bool:
    return isinstance(value, bytes) and value[:4] == _check(value[4:])


class TextCache:
    """A cache in one SQLite file, keyed by the fingerprint of a computation (`made_by`) and a text.

    A lost file costs time, never data, and a damaged one is replaced by an empty one. Several objects, threads and
    processes may share a file. Raises StoreError where it cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._errors():
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._db = self._open()
            except sqlite3.DatabaseError as error:
                self._replace(error)

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
            db.execute(f"PRAGMA page_size={_PAGE}")  # of a new file, and of an old one when it is compacted
            with db:
                db.execute("BEGIN IMMEDIATE")  # another process that opens the new file waits here
                db.execute(
                    "CREATE TABLE IF NOT EXISTS kept"
                    " (made_by TEXT, key BLOB, value BLOB, PRIMARY KEY (made_by, key)) WITHOUT ROWID"
                )
        except sqlite3.Error:
            db.close()
            raise
        return db

    def _replace(self, error: sqlite3.DatabaseError) -> None:
        """Replace a damaged file. One that is only locked, read-only or on a full disk is not damaged."""
        if isinstance(error, sqlite3.OperationalError):
            raise error
        for end in ("", "-journal", "-wal", "-shm"):
            self.path.with_name(self.path.name + end).unlink(missing_ok=True)
        self._db = self._open()

    def get(self, made_by: str, texts: Sequence[str]) -> dict[str, bytes]:
        """Return the values of these texts. Texts without a value are left out."""
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
                self._replace(error)
        return found

    def put(self, made_by: str, values: Mapping[str, bytes] | Iterable[tuple[str, bytes]]) -> None:
        """Store values by their texts, all of them or none."""
        pairs = values.items() if isinstance(values, Mapping) else values
        rows = [(made_by, text_key(text), _check(value) + value) for text, value in pairs]
        with self._errors():
            try:
                self._insert(rows)
            except sqlite3.DatabaseError as error:
                self._db.close()
                self._replace(error)
                self._insert(rows)

    def _insert(self, rows: list[tuple[str, bytes, bytes]]) -> None:
        rows.sort()  # in the order of the file, so that each page is written once
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", rows)

    def convert(self, made_by: str, to: str, value: Callable[[bytes], bytes]) -> None:
        """Replace the values of a computation by those that `value` makes of them, named `to`: all of them or none.

        Damaged values, and those that `value` refuses with ValueError, are dropped. The file then gives back its space.
        """

        def converted(kept: object) -> bytes | None:
            try:
                made = value(kept[4:]) if isinstance(kept, bytes) and _is_sound(kept) else None
            except ValueError:
                return None
            return made if made is None else _check(made) + made

        with self._errors():
            try:
                if self._db.execute("SELECT 1 FROM kept WHERE made_by=? LIMIT 1", (made_by,)).fetchone() is None:
                    return
                self._db.create_function("converted", 1, converted, deterministic=True)
                with self._db:
                    self._db.execute("BEGIN IMMEDIATE")
                    self._db.execute(
                        "INSERT OR IGNORE INTO kept SELECT ?, key, made FROM"
                        " (SELECT key, converted(value) AS made FROM kept WHERE made_by=?) WHERE made IS NOT NULL",
                        (to, made_by),
                    )
                    self._db.execute("DELETE FROM kept WHERE made_by=?", (made_by,))
            except sqlite3.DatabaseError as error:
                self._db.close()
                self._replace(error)
            with suppress(sqlite3.OperationalError):  # no room for a copy
                self._db.execute("VACUUM")

    def trim(self, used: Mapping[str, Iterable[str]]) -> None:
        """Delete everything but the `used` texts of each computation, if the file has grown to SPARE bytes.

        After that, trim again only when the file has twice the size it was trimmed to. An edit that is undone soon
        mostly finds its values still there.
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
        """Return the number of bytes in use in the file."""
        pages, free, size = (
            self._db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
        )
        return int((pages - free) * size)

    def close(self) -> None:
        """Close the file."""
        self._db.close()
