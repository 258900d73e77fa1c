"""Whose work is done next: few at a time, since two cores carry no more, in the order they came.

Later work stands behind a handicap: a reader who waits for first words goes before their next questions, and before programs.
"""

from __future__ import annotations

import asyncio
import itertools
import threading
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager
from heapq import heappop, heappush


class Turns:
    """Grants at most `at_once` turns at a time, to threads and to coroutines, the earliest (its handicap added) first."""

    def __init__(self, at_once: int) -> None:
        self._free, self._lock, self._number = at_once, threading.Lock(), itertools.count()
        self._queue: list[tuple[float, int, Future[None]]] = []

    def __len__(self) -> int:
        """How many wait."""
        return len(self._queue)

    def _join(self, handicap: float) -> Future[None]:
        turn: Future[None] = Future()
        with self._lock:
            heappush(self._queue, (time.monotonic() + handicap, next(self._number), turn))
        self._grant()
        return turn

    def _grant(self, freed: int = 0) -> None:
        granted = []
        with self._lock:
            self._free += freed
            while self._free and self._queue:
                *_, turn = heappop(self._queue)
                if turn.set_running_or_notify_cancel():  # who waited for it is still there
                    self._free -= 1
                    granted.append(turn)
        for turn in granted:
            turn.set_result(None)

    @contextmanager
    def waited(self, handicap: float = 0.0) -> Iterator[None]:
        """Hold a turn in a thread; `handicap` in seconds."""
        self._join(handicap).result()
        try:
            yield
        finally:
            self._grant(1)

    @asynccontextmanager
    async def awaited(self, handicap: float = 0.0) -> AsyncIterator[None]:
        """Hold a turn in a coroutine; one that is cancelled while it waits holds nobody up."""
        turn = self._join(handicap)
        try:
            await asyncio.wrap_future(turn)
        except BaseException:
            if not turn.cancel() and not turn.cancelled():  # granted in the same moment
                self._grant(1)
            raise
        try:
            yield
        finally:
            self._grant(1)
