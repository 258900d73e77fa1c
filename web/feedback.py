"""Readers' verdicts on answers, for the evaluation: one JSON line each, in a private file of bounded size."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FILE = "feedback.jsonl"
MAX_BYTES = 20_000_000  # then the file is renamed to `feedback.1.jsonl`, in place of an earlier one


def append(folder: Path, verdict: Mapping[str, Any], now: datetime | None = None) -> None:
    """Add one verdict as a line, with its time. Several programs may write at once. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    line = json.dumps({"time": (now or datetime.now(UTC)).isoformat(timespec="seconds"), **verdict}, ensure_ascii=False)
    with os.fdopen(os.open(folder / "LOCK", os.O_CREAT | os.O_RDWR, 0o600), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        path = folder / FILE
        if path.exists() and path.stat().st_size + len(line.encode()) >= MAX_BYTES:
            os.replace(path, folder / "feedback.1.jsonl")
        with os.fdopen(os.open(path, os.O_CREAT | os.O_APPEND | os.O_RDWR, 0o600), "ab+") as out:
            end = out.tell()
            if end and os.pread(out.fileno(), 1, end - 1) != b"\n":  # a line that was cut, by a kill or a full disk
                line = f"\n{line}"
            out.write(line.encode("utf-8", "backslashreplace") + b"\n")
