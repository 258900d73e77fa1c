"""The page's own requests: ask (streamed), sets and their exports, a day, the state of the index, verdicts.

Nothing of a conversation is kept on this side: the browser sends what a question needs. No answer is an exception: what
goes wrong is a line that the page can show.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool

from rag.answers import Answer
from rag.errors import NonmunError, QuestionError
from rag.evidence import key_statements
from rag.papers import Language
from rag.pipeline import MAX_HISTORY, Pipeline
from rag.plan import Filters, Plan
from rag.progress import read_progress
from rag.questions import MAX_QUESTION
from rag.suggestions import follow_ups, starters
from web import feedback
from web.doors import Allowance
from web.export import FORMATS
from web.views import answer_view, by_votes, html_of, paper_view, rows_view

AT_ONCE = 2  # questions worked on at the same time: as many as two cores carry
WAITING = 200  # questions that may wait for their turn
WRITERS = 8  # answers that a language model writes at the same time

Question = Field(max_length=MAX_QUESTION)
Tongue = Literal["auto", "ko", "en"]


class Narrow(BaseModel):
    """The filters as a reader sets them; the last day is part of the range."""

    start: date | None = None
    end: date | None = None
    author: str = Field(default="", max_length=200)
    votes: int | None = Field(default=None, ge=0, le=1_000_000)


class Asked(BaseModel):
    """One question as the page sends it."""

    question: str = Question
    history: list[str] = Field(default=[], max_length=MAX_HISTORY)
    plan: Plan | None = None
    previous: Plan | None = None
    filters: Narrow = Field(default_factory=Narrow)
    language: Tongue = "auto"
    engine: Literal["auto", "offline", "llm"] = "auto"
    person: str = Field(default="", max_length=64)


class Verdict(BaseModel):
    """What a reader thinks of an answer."""

    question: str = Question
    history: list[str] = Field(default=[], max_length=MAX_HISTORY)
    plan: dict[str, Any] | None = None
    papers: list[str] = Field(default=[], max_length=200)
    citations: list[str] = Field(default=[], max_length=200)
    verdict: Literal["up", "down"]
    reason: str = Field(default="", max_length=1_000)
    engine: str = Field(default="", max_length=100)
    language: str = Field(default="", max_length=5)
    person: str = Field(default="", max_length=64, exclude=True)


def _line(line: str, **values: Any) -> str:
    return json.dumps({"type": line, **values}, ensure_ascii=False) + "\n"


def _error(error: Exception, own: bool = True) -> str:
    if isinstance(error, NonmunError):
        code = "question" if isinstance(error, QuestionError) else "store"
        return _line("error", code=code, kind=error.kind, message=str(error) if own else "")
    logging.getLogger("nonmun").exception("A question could not be answered", exc_info=error)
    return _line("error", code="broken", message="")


class Desk:
    """Answers the page's requests over one pipeline."""

    def __init__(self, pipeline: Pipeline, feedback_folder: str, own: bool = True) -> None:
        """Take the pipeline and where verdicts go; `own` is false where strangers read, who are told no paths."""
        self.pipeline, self._own = pipeline, own
        self._feedback = feedback_folder
        self._turns, self._writers = asyncio.Semaphore(AT_ONCE), asyncio.Semaphore(WRITERS)
        self._waiting = 0
        self._allowance, self._verdicts = Allowance(), Allowance(burst=10, every=6.0)
        self._starters: dict[str, dict[str, tuple[str, ...]]] = {}

    # --- asking ------------------------------------------------------------------------------------------------------
    def _plan(self, plan: Plan | None) -> Plan | None:
        """Return a plan that came over the wire as one that is safe to carry out. Raises QuestionError."""
        if plan is None or plan.kind in ("help", "out_of_scope"):
            return None
        if (plan.limit is not None and plan.limit < 1) or sum(map(len, plan.terms + plan.not_terms)) > MAX_QUESTION:
            raise QuestionError("That plan cannot be carried out; ask the question again.")
        known, catalogue = self.pipeline.snapshot().catalogue.papers, self.pipeline.snapshot().catalogue
        names = tuple(next(iter(catalogue.people_like(name)), name) for name in plan.authors[:5])
        papers = tuple(arxiv_id for arxiv_id in plan.papers if arxiv_id in known)
        return Plan(**{**_fields(plan), "papers": papers, "authors": names})

    def _filters(self, narrow: Narrow) -> Filters | None:
        author = narrow.author.strip()
        if author:
            author = next(iter(self.pipeline.snapshot().catalogue.people_like(author)), author)
        end = narrow.end + timedelta(days=1) if narrow.end and narrow.end < date.max else None
        filters = Filters(narrow.start, end, author or None, narrow.votes)
        return None if filters == Filters() else filters

    def _answer(self, asked: Asked) -> Answer:
        return self.pipeline.offline(
            asked.question,
            asked.history,
            language=_tongue(asked.language),
            plan=self._plan(asked.plan),
            previous=self._plan(asked.previous),
            filters=self._filters(asked.filters),
        )

    def _next(self, asked: Asked, answer: Answer) -> tuple[str, ...]:
        history = [*asked.history, asked.question][-MAX_HISTORY:]
        catalogue = self.pipeline.snapshot().catalogue
        if answer.status != "answered" or not answer.papers:
            return self.starters(answer.language)[:3]
        return follow_ups(
            answer,
            catalogue,
            lambda question: self.pipeline.offline(question, history, previous=answer.plan, language=answer.language),
        )

    async def stream(self, asked: Asked, address: str) -> AsyncIterator[str]:
        """Yield the lines of one answer: what a model has written so far, the answer, the next questions."""
        if not self._allowance.take(f"{address} {asked.person}"):
            yield _line("error", code="slow_down", message="")
            return
        if self._waiting >= WAITING:
            yield _line("error", code="busy", message="")
            return
        self._waiting += 1
        try:
            async with self._turns:
                answer = await run_in_threadpool(self._answer, asked)
                catalogue = self.pipeline.snapshot().catalogue
        except Exception as error:  # noqa: BLE001 - the last door before the reader: whatever it is becomes a line
            yield _error(error, self._own)
            return
        finally:
            self._waiting -= 1
        if not self._writes(asked, answer):
            *_, answer = self.pipeline.written(answer, "offline")  # type: ignore[assignment]
            yield _line("answer", **answer_view(answer, catalogue))
        else:
            yield _line("draft", **answer_view(answer, catalogue))
            async for line in self._written(asked, answer):
                yield line
        try:
            async with self._turns:
                offered = await run_in_threadpool(self._next, asked, answer)
            yield _line("next", questions=offered)
        except Exception as error:  # noqa: BLE001 - an answer without next questions is an answer
            _error(error)

    def _writes(self, asked: Asked, answer: Answer) -> bool:
        wanted = self.pipeline.settings.engine if asked.engine == "auto" else asked.engine
        return wanted != "offline" and self.pipeline.settings.has_model and self.pipeline.writes(answer)

    async def _written(self, asked: Asked, answer: Answer) -> AsyncIterator[str]:
        catalogue = self.pipeline.snapshot().catalogue
        if self._writers.locked():
            yield _line("answer", **answer_view(answer, catalogue), busy=True)
            return
        async with self._writers:
            parts = self.pipeline.written(answer, None if asked.engine == "auto" else asked.engine)
            try:
                async for part in iterate_in_threadpool(parts):
                    if isinstance(part, Answer):
                        yield _line("answer", **answer_view(part, catalogue))
                    else:
                        yield _line("text", html=html_of(part, answer))
            except Exception as error:  # noqa: BLE001 - the offline answer stands
                _error(error)
                yield _line("answer", **answer_view(answer, catalogue))

    # --- the index ---------------------------------------------------------------------------------------------------
    def starters(self, language: Language) -> tuple[str, ...]:
        """Return the questions to begin with, worked out once for each generation."""
        snapshot = self.pipeline.snapshot()
        known = self._starters.setdefault(snapshot.name, {})
        if language not in known:
            known[language] = starters(snapshot.catalogue, language, self.pipeline.offline)
        return known[language]

    def state(self) -> dict[str, Any]:
        """Return what can be asked now, or why nothing can be."""
        settings = self.pipeline.settings
        shared = {"model": settings.model if settings.has_model else None, "engine": settings.engine,
                  "feedback": self._feedback != "off"}  # fmt: skip
        try:
            catalogue = self.pipeline.snapshot().catalogue
        except NonmunError as error:
            progress = read_progress(self.pipeline.store.cache_folder)
            state = "indexing" if progress else "unreachable" if self._has_pointer() else "empty"
            said = str(error) if self._own else ""
            return {**shared, "state": state, "kind": error.kind, "progress": progress, "message": said}
        days = catalogue.days
        return {
            **shared,
            "state": "ready" if len(catalogue) else "empty",
            "papers": len(catalogue),
            "digests": len(days),
            "first": days[0].isoformat() if days else None,
            "last": days[-1].isoformat() if days else None,
        }

    def _has_pointer(self) -> bool:
        try:
            return self.pipeline.store.current() is not None
        except NonmunError:
            return True

    def day(self, when: date | None, language: Language) -> dict[str, Any]:
        """Return one day's papers by votes, each with what it is about; the newest day unless told."""
        catalogue = self.pipeline.snapshot().catalogue
        if not catalogue.days:
            return {"day": None, "papers": []}
        when = when if when in catalogue.days else catalogue.days[-1]
        at = catalogue.days.index(when)
        papers = by_votes(catalogue.papers[i] for i in catalogue.between(when, when + timedelta(days=1)))
        return {
            "day": when.isoformat(),
            "before": catalogue.days[at - 1].isoformat() if at else None,
            "after": catalogue.days[at + 1].isoformat() if at + 1 < len(catalogue.days) else None,
            "papers": [
                {**paper_view(paper), "about": [s.bullet.quote for s in key_statements(paper, language, 1)]}
                for paper in papers
            ],
        }

    def _set(self, asked: Asked) -> Any:
        plan = self._plan(asked.plan)
        return self.pipeline.evidence(asked.question, _tongue(asked.language), plan)

    def rows(self, asked: Asked) -> list[list[Any]]:
        """Return the whole set of a plan as table rows."""
        found = self._set(asked)
        return [] if isinstance(found, Answer) else rows_view(found)

    def export(self, asked: Asked, ending: str) -> Response:
        """Return the set of a plan as a file."""
        media, write = FORMATS[ending]
        found = self._set(asked)
        return Response(write(() if isinstance(found, Answer) else found.papers), media_type=f"{media}; charset=utf-8")

    def keep(self, verdict: Verdict, address: str) -> None:
        """Write a verdict down. Raises HTTPException."""
        if self._feedback == "off":
            raise HTTPException(404, "Verdicts are not kept here.")
        if not self._verdicts.take(f"{address} {verdict.person}"):
            raise HTTPException(429, "Too many verdicts at once.")
        try:
            feedback.append(Path(self._feedback).expanduser(), verdict.model_dump())
        except OSError as error:
            raise HTTPException(507, f"The verdict cannot be written: {error.strerror}.") from error


def _fields(plan: Plan) -> dict[str, Any]:
    return {name: getattr(plan, name) for name in plan.__slots__}


def _tongue(language: Tongue) -> Language | None:
    return None if language == "auto" else language


def _told(error: NonmunError) -> HTTPException:
    return HTTPException(503, str(error))


def build_routes(desk: Desk, signed_in: Callable[[Request], bool]) -> APIRouter:
    """Return the page's routes under /page, for those who are signed in."""

    def check(request: Request) -> None:
        if not signed_in(request):
            raise HTTPException(401, "Sign in first.")

    routes = APIRouter(prefix="/page", dependencies=[Depends(check)])

    def address(request: Request) -> str:
        return request.client.host if request.client else ""

    @routes.post("/ask")
    async def ask(asked: Asked, request: Request) -> StreamingResponse:
        lines = desk.stream(asked, address(request))
        return StreamingResponse(lines, media_type="application/x-ndjson", headers={"cache-control": "no-store"})

    @routes.get("/state")
    def state() -> dict[str, Any]:
        return desk.state()

    @routes.get("/starters")
    def offered(language: Language = "ko") -> tuple[str, ...]:
        try:
            return desk.starters(language)
        except NonmunError as error:
            raise _told(error) from None

    @routes.get("/day")
    def day(when: date | None = None, language: Language = "ko") -> dict[str, Any]:
        try:
            return desk.day(when, language)
        except NonmunError as error:
            raise _told(error) from None

    @routes.post("/set")
    def rows(asked: Asked) -> list[list[Any]]:
        try:
            return desk.rows(asked)
        except NonmunError as error:
            raise _told(error) from None

    @routes.post("/export/{ending}")
    def export(asked: Asked, ending: Literal["bib", "md", "csv"]) -> Response:
        try:
            return desk.export(asked, ending)
        except NonmunError as error:
            raise _told(error) from None

    @routes.post("/verdict", status_code=204)
    def verdict(said: Verdict, request: Request) -> None:
        desk.keep(said, address(request))

    return routes
