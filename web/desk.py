"""Answers the page's questions, line by line as they come about. No answer is an exception: what goes wrong is a line too.

Nothing of a conversation is kept on this side: the browser sends what a question needs.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from typing import Any

from starlette.concurrency import iterate_in_threadpool, run_in_threadpool

from rag.answers import Answer
from rag.errors import NonmunError, QuestionError
from rag.pipeline import MAX_HISTORY, Pipeline
from rag.suggestions import follow_ups
from web.asked import Asked, safe
from web.doors import Allowance
from web.library import Library
from web.turns import Turns
from web.views import answer_view, html_of

WAITING = 200  # questions that may wait for their turn
WRITERS = 8  # answers that a language model writes at the same time
AFTERWARDS = 0.5  # seconds that the search for next questions stands behind the questions themselves


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
        self._allowance = Allowance()

    async def stream(self, asked: Asked, address: str) -> AsyncIterator[str]:
        """Yield the lines of one answer: what a model has written so far, the answer, the next questions."""
        if not self._allowance.take(f"{address} {asked.person}"):
            yield _line("error", code="slow_down", message="")
            return
        if len(self._turns) >= WAITING:
            yield _line("error", code="busy", message="")
            return
        try:
            async with self._turns.reader():
                answer, view = await run_in_threadpool(self._answer, asked)
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
            async with self._turns.reader(AFTERWARDS):
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
        async with self._writers:
            parts = self.pipeline.written(answer, None if asked.engine == "auto" else asked.engine)
            try:
                async for part in iterate_in_threadpool(parts):
                    if isinstance(part, Answer):
                        yield _line("answer", **answer_view(part, self.pipeline.snapshot().catalogue))
                    else:
                        yield _line("text", html=html_of(part, answer))
            except Exception as error:  # noqa: BLE001 - the offline answer stands
                _error(error)
                yield _line("answer", **view)
