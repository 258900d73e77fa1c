"""Local traces of answers, off by default: the question, its plan, the scores, the model's usage and the timings.

A trace is one JSON line. It holds no key, no prompt and no evidence: only the ids of papers and the hash of the prompt.
A trace that cannot be written is a warning, once; the answer goes out all the same.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.answers.answer import Answer

if TYPE_CHECKING:
    from rag.evidence.retriever import Hit

_KEPT = 1_000  # traces in the file
_MAX_BYTES = 4_000_000
_LOG = logging.getLogger("nonmun")


class Watched:
    """A snapshot that records what its retriever returned."""

    def __init__(self, snapshot: Any) -> None:
        self._snapshot = snapshot
        self.hits: list[Hit] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._snapshot, name)

    def retriever(self) -> Any:
        """Return the snapshot's retriever, recorded."""
        return _Ranking(self._snapshot.retriever(), self.hits)


class _Ranking:
    def __init__(self, retriever: Any, hits: list[Hit]) -> None:
        self._retriever, self._hits = retriever, hits

    def __getattr__(self, name: str) -> Any:
        return getattr(self._retriever, name)

    def search(self, *args: Any, **more: Any) -> list[Hit]:
        found: list[Hit] = self._retriever.search(*args, **more)
        self._hits[:] = found
        return found


def write(path: Path, answer: Answer, generation: str, hits: Sequence[Hit], offline_ms: float) -> None:
    """Add the trace of an answer to the file, which only its owner may read. Drop old traces as it grows.

    Never raises for a file that cannot be written: warns once a file, and the answer goes out.
    """
    try:
        _append(path, _row(answer, generation, hits, offline_ms))
    except (OSError, ValueError) as error:  # ValueError: text that is no Unicode
        _warn_once(path, getattr(error, "strerror", None) or str(error))


@cache
def _warn_once(path: Path, why: str) -> None:
    _LOG.warning("Answers cannot be traced: %s: %s. Free the disk or set NONMUN_TRACE=off.", path, why)


def _row(answer: Answer, generation: str, hits: Sequence[Hit], offline_ms: float) -> dict[str, Any]:
    said = answer.as_json()
    return {
        "at": datetime.now().astimezone().isoformat(timespec="seconds"), "generation": generation,
        **{key: said[key] for key in ("question", "language", "status", "reason", "plan", "engine", "reader", "notices", "usage", "count")},
        "papers": said["papers"][:50], "cited": [citation.paper.arxiv_id for citation in answer.citations],
        "hits": [[hit.arxiv_id, round(hit.score, 4), round(hit.lexical, 2), round(hit.dense, 4)] for hit in hits[:20]],
        "offline_ms": round(offline_ms, 1), "latency_ms": said["latency_ms"],
    }  # fmt: skip


def _append(path: Path, row: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_file() and path.stat().st_size > _MAX_BYTES:
        kept = path.read_text(encoding="utf-8").rstrip("\n").split("\n")[-_KEPT:]
        path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a", encoding="utf-8") as file:
        file.write(json.dumps(row, ensure_ascii=False) + "\n")


def read(path: Path, limit: int) -> Iterator[dict[str, Any]]:
    """Yield the last traces, oldest first; nothing when there is no file. Skip a line that is cut off."""
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    for line in text.rstrip("\n").split("\n")[-limit:]:  # a question may hold other breaks of lines
        try:
            yield json.loads(line)
        except ValueError:
            continue
