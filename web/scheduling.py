"""Scheduling: which question is worked on next. Two cores carry only a few at a time.

Readers of the page wait for the first words of an answer, so they go before other programs. A reader's question starts at
once while fewer than `at_once` are in work; then the earliest goes first. Questions of one address stand at least `APART`
behind each other, so that an address that asks a lot waits for itself. Less urgent work gets a handicap.

Programs go one at a time. They start while no reader is served, or once they have waited for `PATIENCE`. While somebody
reads, their starts are at least `PACE` apart, so that a reader's next question finds a free core.
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
READING = 30.0  # seconds after a question in which its reader is expected to ask another
PACE = 0.04  # seconds between the starts of two programs in that time
PATIENCE = 1.0  # seconds after which a program no longer waits for readers


class Scheduler:
    """Grants turns to readers (coroutines) and to programs (threads)."""

    def __init__(self, at_once: int) -> None:
        """Serve at most `at_once` readers at the same time."""
        self._free = at_once
        self._served = 0
        self._program_runs = False
        self._lock = threading.Lock()
        self._numbers = itertools.count()
        self._readers: list[tuple[float, int, Future[None]]] = []
        self._programs: deque[tuple[float, Future[None]]] = deque()
        self._places: dict[str, float] = {}  # where the next question of each address stands
        self._last_question = -math.inf
        self._last_program_start = -math.inf

    def __len__(self) -> int:
        """Return how many readers wait."""
        return len(self._readers)

    def _grant(self) -> None:
        """Give out the turns that are free."""
        granted = []
        with self._lock:
            while self._free and self._readers:
                *_, turn = heappop(self._readers)
                if turn.set_running_or_notify_cancel():  # false where the reader has left
                    self._free -= 1
                    self._served += 1
                    granted.append(turn)
            if self._programs and not self._program_runs:
                since, turn = self._programs[0]
                if not self._served or time.monotonic() - since > PATIENCE:
                    self._programs.popleft()
                    self._program_runs = True
                    granted.append(turn)
        for turn in granted:
            turn.set_result(None)

    def _place(self, address: str, handicap: float) -> float:
        """Return where a question stands in line, in seconds of the monotonic clock."""
        now = self._last_question = time.monotonic()
        place = max(now, self._places.get(address, now))
        if not handicap:
            self._places[address] = min(place + APART, now + FARTHEST)
            if len(self._places) > 1_000:
                self._places = {other: later for other, later in self._places.items() if later > now}
        return max(place, now + handicap)

    def _release_reader(self) -> None:
        with self._lock:
            self._free += 1
            self._served -= 1
        self._grant()

    @contextmanager
    def program(self) -> Iterator[None]:
        """Hold a turn for a program. It blocks the calling thread until the turn comes."""
        turn: Future[None] = Future()
        with self._lock:
            self._programs.append((time.monotonic(), turn))
        self._grant()
        turn.result()
        try:
            now = time.monotonic()
            if now - self._last_question < READING:
                time.sleep(max(0.0, self._last_program_start + PACE - now))
            self._last_program_start = time.monotonic()
            yield
        finally:
            with self._lock:
                self._program_runs = False
            self._grant()

    @asynccontextmanager
    async def reader(self, address: str = "", handicap: float = 0.0) -> AsyncIterator[None]:
        """Hold a turn for a reader at an address; `handicap` in seconds. A reader who leaves in line delays nobody."""
        turn: Future[None] = Future()
        with self._lock:
            place = self._place(address, handicap)
            heappush(self._readers, (place, next(self._numbers), turn))
        self._grant()
        try:
            await asyncio.wrap_future(turn)
        except BaseException:
            if not turn.cancel() and not turn.cancelled():  # it was granted in the same moment
                self._release_reader()
            raise
        try:
            yield
        finally:
            self._release_reader()
