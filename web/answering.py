"""Answers the page's questions as a stream of JSON lines. A failure is a line of the stream, too.

Nothing of a chat is kept on the server: the browser sends what a question needs.
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
from rag.pipeline import Pipeline
from rag.questions.model_reader import Read
from rag.readers import MAX_HISTORY
from web.library import Library
from web.rate_limits import RateLimit
from web.request_models import QuestionRequest, validated_plan
from web.scheduling import Scheduler
from web.views import html_of

WAITING = 200  # questions that may wait for their turn
WRITERS = 8  # answers that a language model writes at the same time, and questions that it reads
LAST_WORDS = 6.0  # seconds that a model has to end its answers in once the program is told to stop
AFTERWARDS = 0.5  # seconds that the search for next questions stands behind the questions themselves

P = ParamSpec("P")
T = TypeVar("T")


class BusyError(NonmunError):
    """Too many questions wait already."""


def _line(kind: str, /, **values: Any) -> str:
    return json.dumps({"type": kind, **values}, ensure_ascii=False) + "\n"


def _error_line(error: Exception, own: bool = True) -> str:
    """Return the line for an error. Only an owner is told the message, which may name paths."""
    if isinstance(error, NonmunError):
        code = "question" if isinstance(error, QuestionError) else "store"
        return _line("error", code=code, kind=error.kind, message=str(error) if own else "")
    logging.getLogger("nonmun").exception("A question could not be answered", exc_info=error)
    return _line("error", code="broken", message="")


class AnswerService:
    """Answers questions over one pipeline."""

    def __init__(self, pipeline: Pipeline, library: Library, scheduler: Scheduler, own: bool = True) -> None:
        """Take the pipeline and its scheduler. `own` is false where strangers read; they are told no paths."""
        self.pipeline, self.library = pipeline, library
        self._scheduler, self._own = scheduler, own
        self._writers, self._reading = asyncio.Semaphore(WRITERS), asyncio.Semaphore(WRITERS)
        self._per_person = RateLimit()
        self._ends = math.inf

    def stop(self) -> None:
        """End the answers that a model still writes soon; the offline answer replaces one that takes too long."""
        self._ends = time.monotonic() + LAST_WORDS

    async def run(self, address: str, work: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
        """Run work in a thread when its turn comes. Raises BusyError if too many wait already."""
        if len(self._scheduler) >= WAITING:
            raise BusyError("Many questions are waiting just now. Please try again in a moment.")
        async with self._scheduler.reader(address):
            return await run_in_threadpool(work, *args, **options)

    async def stream(self, request: QuestionRequest, address: str) -> AsyncIterator[str]:
        """Yield the lines of one answer: a model's words as they come, the answer, the next questions."""
        if not self._per_person.take(f"{address} {request.person}"):
            yield _line("error", code="slow_down", message="")
            return
        try:
            found = await self._read(request)
            answer, view = await self.run(address, self._answer, request, found)
        except BusyError:
            yield _line("error", code="busy", message="")
            return
        except Exception as error:  # noqa: BLE001 - the stream has begun, so every failure becomes a line
            yield _error_line(error, self._own)
            return
        if not self._uses_model(request, answer):
            yield _line("answer", **view)
        else:
            yield _line("draft", **view)
            async for line in self._written(request, answer, view):
                yield line
        try:
            async with self._scheduler.reader(address, AFTERWARDS):
                questions = await run_in_threadpool(self._next_questions, request, answer)
            yield _line("next", questions=questions)
        except Exception as error:  # noqa: BLE001 - the answer is complete without next questions
            _error_line(error)

    async def _read(self, request: QuestionRequest) -> Read | None:
        """Let a model read the question, where it may; None where it may not, or too many answers wait for it. No turn is held."""
        engine = None if request.engine == "auto" else request.engine
        asks = request.plan is None and request.engine != "offline" and self.pipeline.readers.model_reads(engine)
        if not asks or self._reading.locked():
            return None

        def read() -> Read | None:
            previous = validated_plan(request.previous, self.pipeline.snapshot().catalogue)
            language = request.answer_language
            return self.pipeline.read(request.question, request.history, None, language, engine, previous=previous)

        async with self._reading:
            return await run_in_threadpool(read)

    def _answer(self, request: QuestionRequest, found: Read | None) -> tuple[Answer, dict[str, Any]]:
        catalogue = self.pipeline.snapshot().catalogue
        answer = self.pipeline.offline(
            request.question,
            request.history,
            language=request.answer_language,
            plan=validated_plan(request.plan, catalogue),
            previous=validated_plan(request.previous, catalogue),
            filters=request.filters.to_filters(catalogue),
            read=found,
            select=request.plan is None and self.pipeline.selects(None if request.engine == "auto" else request.engine),
        )
        if not self._uses_model(request, answer):
            *_, answer = self.pipeline.written(answer, "offline")  # type: ignore[assignment]
        return answer, self.library.view(answer)

    def _next_questions(self, request: QuestionRequest, answer: Answer) -> tuple[str, ...]:
        if answer.status != "answered" or not answer.papers or not (answer.plan.filtered or answer.plan.by):
            return self.library.starters(answer.language)[:3]
        history = [*request.history, request.question][-MAX_HISTORY:]
        return follow_ups(
            answer,
            self.pipeline.snapshot().catalogue,
            lambda question: self.pipeline.offline(question, history, previous=answer.plan, language=answer.language),
        )

    def _uses_model(self, request: QuestionRequest, answer: Answer) -> bool:
        engine = self.pipeline.settings.engine if request.engine == "auto" else request.engine
        return engine != "offline" and self.pipeline.settings.has_model and self.pipeline.writes(answer)

    async def _written(self, request: QuestionRequest, answer: Answer, view: dict[str, Any]) -> AsyncIterator[str]:
        """Yield what a model writes, and then its answer; the offline answer if all writers are busy."""
        if self._writers.locked():
            yield _line("answer", **view, busy=True)
            return
        await self._writers.acquire()
        parts = self.pipeline.written(answer, None if request.engine == "auto" else request.engine)
        coming: asyncio.Task[str | Answer | None] | None = None
        try:
            while True:
                coming = asyncio.create_task(run_in_threadpool(next, parts, None))
                while not (await asyncio.wait({coming}, timeout=0.25))[0]:
                    if time.monotonic() > self._ends:  # the program stops; the offline answer is complete
                        yield _line("answer", **view)
                        return
                part = coming.result()
                if part is None:
                    return
                if isinstance(part, Answer):
                    yield _line("answer", **self.library.view(part))
                elif time.monotonic() <= self._ends:
                    yield _line("text", html=html_of(part, answer))
        except Exception as error:  # noqa: BLE001 - the offline answer is sent instead
            _error_line(error)
            yield _line("answer", **view)
        finally:  # the reader may have left: the model keeps its place until it has noticed
            if coming is None or coming.done():
                self._writers.release()
            else:
                coming.add_done_callback(lambda _: self._writers.release())
