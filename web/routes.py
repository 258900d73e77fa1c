"""The page's own routes, under /page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Literal

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import StreamingResponse

from rag.language.text import Language
from web import feedback
from web.answering import AnswerService
from web.digests import calendar, digest
from web.proxies import client_of
from web.rate_limits import RateLimit
from web.request_models import ExportRequest, QuestionRequest, StarsRequest, VerdictRequest

OfReader = Callable[[Request], dict[str, Any]]


def build_routes(answers: AnswerService, feedback_folder: str, of_reader: OfReader = lambda _: {}) -> APIRouter:
    """Return the page's routes. Verdicts are written to the folder, unless it is "off". `of_reader` adds to the state what a reader may."""
    library = answers.library
    verdicts, of_address = RateLimit(burst=10, every=6.0), RateLimit(burst=60, every=2.0)
    routes = APIRouter(prefix="/page")

    @routes.post("/ask")
    async def ask(question: QuestionRequest, request: Request) -> StreamingResponse:
        lines = answers.stream(question, client_of(request.scope))
        return StreamingResponse(lines, media_type="application/x-ndjson", headers={"cache-control": "no-store"})

    @routes.get("/state")
    def state(request: Request) -> dict[str, Any]:
        return {**library.state(), **of_reader(request)}

    @routes.get("/starters")
    async def starters(request: Request, language: Language = "ko") -> tuple[str, ...]:
        return await answers.run(client_of(request.scope), library.starters, language)

    @routes.get("/day")
    async def day(
        request: Request,
        when: date | None = None,
        until: date | None = None,
        grouped: bool = False,
        language: Language = "ko",
    ) -> dict[str, Any]:
        found = answers.run(client_of(request.scope), digest, library.pipeline, when, until, language, grouped)
        return await found

    @routes.get("/days")
    async def days(request: Request) -> list[list[Any]]:
        return await answers.run(client_of(request.scope), calendar, library.pipeline)

    @routes.get("/paper")
    async def paper(
        request: Request, arxiv_id: str = Query(max_length=40), language: Language = "ko"
    ) -> dict[str, Any]:
        found = await answers.run(client_of(request.scope), library.paper, arxiv_id, language)
        if found is None:
            raise HTTPException(404, "No digest speaks of this paper.")
        return found

    @routes.post("/for-you")
    async def for_you(stars: StarsRequest, request: Request) -> dict[str, Any]:
        return await answers.run(client_of(request.scope), library.for_you, stars)

    @routes.post("/set")
    async def rows(question: QuestionRequest, request: Request) -> list[list[Any]]:
        return await answers.run(client_of(request.scope), library.rows, question)

    @routes.post("/export/{ending}")
    async def export(question: ExportRequest, ending: Literal["bib", "md", "csv"], request: Request) -> Response:
        return await answers.run(client_of(request.scope), library.export, question, ending)

    @routes.post("/verdict", status_code=204)
    def verdict(sent: VerdictRequest, request: Request) -> None:
        if feedback_folder == "off":
            raise HTTPException(404, "Verdicts are not kept here.")
        client = client_of(request.scope)
        if not (of_address.take(client) and verdicts.take(f"{client} {sent.person}")):  # a person is who they say
            raise HTTPException(429, "Too many verdicts at once.")
        try:
            feedback.append(Path(feedback_folder).expanduser(), sent.model_dump())
        except OSError as error:
            raise HTTPException(507, f"The verdict cannot be written: {error.strerror}.") from error

    return routes
