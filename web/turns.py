"""Whose work is done next: few at a time, since two cores carry no more. Readers wait for first words, so they go first.

A reader's question starts at once where fewer than `at_once` are worked on, the earliest first; each stands at least `APART`
behind the one before it from the same address, so that much asked there is waited for there. What can wait a little stands
behind a handicap. Programs take turns with each other, and start while no reader is served, or once they waited long enough;
while somebody reads, they leave some of the machine free for what a reader's next question needs besides its turn.
"""

from __future__ import annotations

import asyncio
import itertools
import math
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager
from heapq import heappop, heappush

APART = 0.1  # seconds between the places of two questions of one address
FARTHEST = 10.0  # seconds that an address's own questions put its next one back, at most
READING = 30.0  # seconds after a question in which its reader is taken to ask another
PACE = 0.04  # seconds between the starts of two programs in that time
PATIENCE = 1.0  # seconds after which a program no longer steps back for readers


class Turns:
    """Grants turns to readers (coroutines) and to programs (threads)."""

    def __init__(self, at_once: int) -> None:
        self._free, self._served, self._program = at_once, 0, False
        self._lock, self._number = threading.Lock(), itertools.count()
        self._readers: list[tuple[float, int, Future[None]]] = []
        self._programs: deque[tuple[float, Future[None]]] = deque()
        self._places: dict[str, float] = {}  # of each address, where its next question stands
        self._read_at = self._started_at = -math.inf  # the last reader's question, the last program's start

    def __len__(self) -> int:
        """How many readers wait."""
        return len(self._readers)

    def _grant(self) -> None:
        granted = []
        with self._lock:
            while self._free and self._readers:
                *_, turn = heappop(self._readers)
                if turn.set_running_or_notify_cancel():  # who waited for it is still there
                    self._free, self._served = self._free - 1, self._served + 1
                    granted.append(turn)
            if self._programs and not self._program:
                since, turn = self._programs[0]
                if not self._served or time.monotonic() - since > PATIENCE:
                    self._programs.popleft()
                    self._program = True
                    granted.append(turn)
        for turn in granted:
            turn.set_result(None)

    def _place(self, who: str, handicap: float) -> float:
        now = self._read_at = time.monotonic()
        place = max(now, self._places.get(who, now))
        if not handicap:
            self._places[who] = min(place + APART, now + FARTHEST)
            if len(self._places) > 1_000:
                self._places = {other: later for other, later in self._places.items() if later > now}
        return max(place, now + handicap)

    def _read(self) -> None:
        with self._lock:
            self._free, self._served = self._free + 1, self._served - 1
        self._grant()

    @contextmanager
    def program(self) -> Iterator[None]:
        """Hold a program's turn, in a thread of its own."""
        turn: Future[None] = Future()
        with self._lock:
            self._programs.append((time.monotonic(), turn))
        self._grant()
        turn.result()
        try:
            if (now := time.monotonic()) - self._read_at < READING:
                time.sleep(max(0.0, self._started_at + PACE - now))
            self._started_at = time.monotonic()
            yield
        finally:
            with self._lock:
                self._program = False
            self._grant()

    @asynccontextmanager
    async def reader(self, who: str = "", handicap: float = 0.0) -> AsyncIterator[None]:
        """Hold a turn of a reader at an address; `handicap` in seconds. One who leaves while waiting holds nobody up."""
        turn: Future[None] = Future()
        with self._lock:
            place = self._place(who, handicap)
            heappush(self._readers, (place, next(self._number), turn))
        self._grant()
        try:
            await asyncio.wrap_future(turn)
        except BaseException:
            if not turn.cancel() and not turn.cancelled():  # granted in the same moment
                self._read()
            raise
        try:
            yield
        finally:
            self._read()
