"""The page's own requests, under /page: ask (streamed), sets and their exports, a day, the state of the index, verdicts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import StreamingResponse

from rag.language.text import Language
from web import feedback
from web.asked import Asked, Verdict
from web.desk import Desk
from web.doors import Allowance, caller


def build_routes(desk: Desk, feedback_folder: str, signed_in: Callable[[Request], bool]) -> APIRouter:
    """Return the page's routes, for those who are signed in; verdicts go to the folder, unless it is "off"."""
    library, verdicts = desk.library, Allowance(burst=10, every=6.0)

    def check(request: Request) -> None:
        if not signed_in(request):
            raise HTTPException(401, "Sign in first.")

    routes = APIRouter(prefix="/page", dependencies=[Depends(check)])

    @routes.post("/ask")
    async def ask(asked: Asked, request: Request) -> StreamingResponse:
        lines = desk.stream(asked, caller(request.scope))
        return StreamingResponse(lines, media_type="application/x-ndjson", headers={"cache-control": "no-store"})

    @routes.get("/state")
    def state() -> dict[str, Any]:
        return library.state()

    @routes.get("/starters")
    async def offered(request: Request, language: Language = "ko") -> tuple[str, ...]:
        return await desk.work(caller(request.scope), library.starters, language)

    @routes.get("/day")
    async def day(request: Request, when: date | None = None, language: Language = "ko") -> dict[str, Any]:
        return await desk.work(caller(request.scope), library.day, when, language)

    @routes.post("/set")
    async def rows(asked: Asked, request: Request) -> list[list[Any]]:
        return await desk.work(caller(request.scope), library.rows, asked)

    @routes.post("/export/{ending}")
    async def export(asked: Asked, ending: Literal["bib", "md", "csv"], request: Request) -> Response:
        return await desk.work(caller(request.scope), library.export, asked, ending)

    @routes.post("/verdict", status_code=204)
    def verdict(said: Verdict, request: Request) -> None:
        if feedback_folder == "off":
            raise HTTPException(404, "Verdicts are not kept here.")
        if not verdicts.take(f"{caller(request.scope)} {said.person}"):
            raise HTTPException(429, "Too many verdicts at once.")
        try:
            feedback.append(Path(feedback_folder).expanduser(), said.model_dump())
        except OSError as error:
            raise HTTPException(507, f"The verdict cannot be written: {error.strerror}.") from error

    return routes
