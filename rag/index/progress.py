"""The progress of an ingest, in a small file beside the index, so that another process can show it."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

Progress = Callable[[str, int, int], None]
"""A callback (stage, done, total) that is called during an ingest."""


def no_progress(stage: str, done: int, total: int) -> None:
    """Report nothing."""
    del stage, done, total


_FILE = "progress.json"
_EVERY = 0.3  # seconds between two writes
_STALE = 120.0  # seconds after which a file is taken as left by a killed ingest


@contextmanager
def recorded(folder: Path, progress: Progress) -> Iterator[Progress]:
    """Yield a callback that records progress in `folder` and passes it on. Errors of writing are ignored."""
    path, last = folder / _FILE, 0.0

    def write(stage: str, done: int, total: int) -> None:
        with suppress(OSError):
            aside = path.with_name(f".{_FILE}.{os.getpid()}")
            aside.write_text(json.dumps({"stage": stage, "done": done, "total": total}), encoding="utf-8")
            os.replace(aside, path)

    def note(stage: str, done: int, total: int) -> None:
        nonlocal last
        progress(stage, done, total)
        if time.monotonic() - last >= _EVERY:
            last = time.monotonic()
            write(stage, done, total)

    for stray in folder.glob(f".{_FILE}.*"):  # of a killed ingest: only one runs at a time
        stray.unlink(missing_ok=True)
    write("read", 0, 0)
    try:
        yield note
    finally:
        with suppress(OSError):
            path.unlink()


def read_progress(folder: Path) -> tuple[str, int, int] | None:
    """Return (stage, done, total) of a running ingest, or None. `total` is 0 while it is not known."""
    path = folder / _FILE
    try:
        if time.time() - path.stat().st_mtime > _STALE:
            return None
        found = json.loads(path.read_text(encoding="utf-8"))
        return str(found["stage"]), int(found["done"]), int(found["total"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
