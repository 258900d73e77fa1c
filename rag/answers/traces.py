"""Local traces of answers, off by default: the question, its plan, the ranking's scores, what a model took, and timings.

Holds no key, no prompt and no evidence: papers stand by their ids, a prompt by its hash. One JSON line an answer.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.answers.answer import Answer

if TYPE_CHECKING:
    from rag.evidence.retriever import Hit

_KEPT = 1_000  # traces in the file
_MAX_BYTES = 4_000_000


class Watched:
    """A snapshot whose rankings are noted; all else is the snapshot's own."""

    def __init__(self, snapshot: Any) -> None:
        self._snapshot = snapshot
        self.hits: list[Hit] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._snapshot, name)

    def retriever(self) -> Any:
        """Return the snapshot's ranking, watched."""
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
    """Add the trace of an answer to the file, which only its owner may read; old traces go as it grows."""
    said = answer.as_json()
    row = {
        "at": datetime.now().astimezone().isoformat(timespec="seconds"), "generation": generation,
        **{key: said[key] for key in ("question", "language", "status", "reason", "plan", "engine", "notices", "usage", "count")},
        "papers": said["papers"][:50], "cited": [citation.paper.arxiv_id for citation in answer.citations],
        "hits": [[hit.arxiv_id, round(hit.score, 4), round(hit.lexical, 2), round(hit.dense, 4)] for hit in hits[:20]],
        "offline_ms": round(offline_ms, 1), "latency_ms": said["latency_ms"],
    }  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_file() and path.stat().st_size > _MAX_BYTES:
        kept = path.read_text(encoding="utf-8").splitlines(keepends=True)[-_KEPT:]
        path.write_text("".join(kept), encoding="utf-8")
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a", encoding="utf-8") as file:
        file.write(json.dumps(row, ensure_ascii=False) + "\n")


def read(path: Path, limit: int) -> Iterator[dict[str, Any]]:
    """Yield the last traces, oldest first; none where nothing was traced. A line that is cut is passed over."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    for line in lines[-limit:]:
        try:
            yield json.loads(line)
        except ValueError:
            continue
