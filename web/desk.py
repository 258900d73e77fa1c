"""Answers the page's questions, line by line as they come about. No answer is an exception: what goes wrong is a line too.

Nothing of a conversation is kept on this side: the browser sends what a question needs.
"""

from __future__ import annotations

import asyncio
import json
import logging
import math
import time
from collections.abc import AsyncIterator, Callable
from typing import Any, ParamSpec, TypeVar

from starlette.concurrency import run_in_threadpool

from rag.answers.answer import Answer
from rag.answers.suggestions import follow_ups
from rag.errors import NonmunError, QuestionError
from rag.pipeline import MAX_HISTORY, Pipeline
from web.asked import Asked, safe
from web.doors import Allowance
from web.library import Library
from web.turns import Turns
from web.views import answer_view, html_of

WAITING = 200  # questions that may wait for their turn
WRITERS = 8  # answers that a language model writes at the same time
LAST_WORDS = 6.0  # seconds that a model has to end its answers in once the program is told to stop
AFTERWARDS = 0.5  # seconds that the search for next questions stands behind the questions themselves

P = ParamSpec("P")
T = TypeVar("T")


class BusyError(NonmunError):
    """Too many wait for a turn already."""


def _line(line: str, **values: Any) -> str:
    return json.dumps({"type": line, **values}, ensure_ascii=False) + "\n"


def _error(error: Exception, own: bool = True) -> str:
    if isinstance(error, NonmunError):
        code = "question" if isinstance(error, QuestionError) else "store"
        return _line("error", code=code, kind=error.kind, message=str(error) if own else "")
    logging.getLogger("nonmun").exception("A question could not be answered", exc_info=error)
    return _line("error", code="broken", message="")


class Desk:
    """Answers questions over one pipeline."""

    def __init__(self, pipeline: Pipeline, library: Library, turns: Turns, own: bool = True) -> None:
        """Take what answers, and whose turn it is; `own` is false where strangers read, who are told no paths."""
        self.pipeline, self.library, self._turns, self._own = pipeline, library, turns, own
        self._writers = asyncio.Semaphore(WRITERS)
        self._allowance, self._ends = Allowance(), math.inf

    def stop(self) -> None:
        """Have the answers that a model still writes ended soon, by the offline answer where it takes too long."""
        self._ends = time.monotonic() + LAST_WORDS

    async def work(self, address: str, do: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
        """Do something that costs work once it is its turn. Raises BusyError where too many wait already."""
        if len(self._turns) >= WAITING:
            raise BusyError("Many questions are waiting just now. Please try again in a moment.")
        async with self._turns.reader(address):
            return await run_in_threadpool(do, *args, **options)

    async def stream(self, asked: Asked, address: str) -> AsyncIterator[str]:
        """Yield the lines of one answer: what a model has written so far, the answer, the next questions."""
        if not self._allowance.take(f"{address} {asked.person}"):
            yield _line("error", code="slow_down", message="")
            return
        try:
            answer, view = await self.work(address, self._answer, asked)
        except BusyError:
            yield _line("error", code="busy", message="")
            return
        except Exception as error:  # noqa: BLE001 - the last door before the reader: whatever it is becomes a line
            yield _error(error, self._own)
            return
        if not self._writes(asked, answer):
            yield _line("answer", **view)
        else:
            yield _line("draft", **view)
            async for line in self._written(asked, answer, view):
                yield line
        try:
            async with self._turns.reader(address, AFTERWARDS):
                offered = await run_in_threadpool(self._next, asked, answer)
            yield _line("next", questions=offered)
        except Exception as error:  # noqa: BLE001 - an answer without next questions is an answer
            _error(error)

    def _answer(self, asked: Asked) -> tuple[Answer, dict[str, Any]]:
        catalogue = self.pipeline.snapshot().catalogue
        answer = self.pipeline.offline(
            asked.question,
            asked.history,
            language=asked.tongue,
            plan=safe(asked.plan, catalogue),
            previous=safe(asked.previous, catalogue),
            filters=asked.filters.within(catalogue),
        )
        if not self._writes(asked, answer):
            *_, answer = self.pipeline.written(answer, "offline")  # type: ignore[assignment]
        return answer, answer_view(answer, catalogue)

    def _next(self, asked: Asked, answer: Answer) -> tuple[str, ...]:
        if answer.status != "answered" or not answer.papers or not (answer.plan.filtered or answer.plan.by):
            return self.library.starters(answer.language)[:3]
        history = [*asked.history, asked.question][-MAX_HISTORY:]
        return follow_ups(
            answer,
            self.pipeline.snapshot().catalogue,
            lambda question: self.pipeline.offline(question, history, previous=answer.plan, language=answer.language),
        )

    def _writes(self, asked: Asked, answer: Answer) -> bool:
        wanted = self.pipeline.settings.engine if asked.engine == "auto" else asked.engine
        return wanted != "offline" and self.pipeline.settings.has_model and self.pipeline.writes(answer)

    async def _written(self, asked: Asked, answer: Answer, view: dict[str, Any]) -> AsyncIterator[str]:
        if self._writers.locked():
            yield _line("answer", **view, busy=True)
            return
        await self._writers.acquire()
        parts = self.pipeline.written(answer, None if asked.engine == "auto" else asked.engine)
        coming: asyncio.Task[str | Answer | None] | None = None
        try:
            while True:
                coming = asyncio.create_task(run_in_threadpool(next, parts, None))
                while not (await asyncio.wait({coming}, timeout=0.25))[0]:
                    if time.monotonic() > self._ends:  # the program stops: the answer is whole without a model, too
                        yield _line("answer", **view)
                        return
                part = coming.result()
                if part is None:
                    return
                if isinstance(part, Answer):
                    yield _line("answer", **answer_view(part, self.pipeline.snapshot().catalogue))
                elif time.monotonic() <= self._ends:
                    yield _line("text", html=html_of(part, answer))
        except Exception as error:  # noqa: BLE001 - the offline answer stands
            _error(error)
            yield _line("answer", **view)
        finally:  # a model that still writes for one who left keeps its place until it notices
            if coming is None or coming.done():
                self._writers.release()
            else:
                coming.add_done_callback(lambda _: self._writers.release())
