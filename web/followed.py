"""Saved questions on the page: what is followed, how many papers are new, the news of one, and a feed for each.

Where strangers read, nothing can be changed and nothing is told of the saved questions but their feeds.
"""

from __future__ import annotations

import hmac
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response

from rag.answers.export import Exported
from rag.errors import FollowError
from rag.following.book import Saved, name_of
from rag.following.desk import Desk
from rag.following.news import News, look
from rag.following.rendering import atom
from rag.language.text import Language, question_language
from rag.readers import today
from web.answering import AnswerService
from web.proxies import client_of
from web.request_models import FollowRequest, NameRequest, SeenRequest, validated_plan
from web.responses import refusal
from web.views import paper_view

NEWEST = 50  # papers of a feed
MOST_NEWS = 200  # papers of a question's news that the page shows


def follow_routes(answers: AnswerService, desk: Desk, *, may_change: bool) -> APIRouter:
    """Return the page's routes for saved questions. Unless `may_change`, all of them answer 404."""
    routes = APIRouter(prefix="/page")

    async def run(request: Request, work: Any, *values: Any) -> Any:
        if not may_change:
            raise HTTPException(404, "Questions cannot be followed here.")
        try:
            return await answers.run(client_of(request.scope), work, *values)
        except FollowError as error:
            raise HTTPException(409, str(error)) from error

    @routes.get("/followed")
    async def followed(request: Request) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = await run(request, _waiting, desk)
        return found

    @routes.get("/news")
    async def news(request: Request, name: str, language: Language = "ko") -> dict[str, Any]:
        found: dict[str, Any] = await run(request, _news, desk, name, language)
        return found

    @routes.post("/follow")
    async def follow(asked: FollowRequest, request: Request) -> dict[str, Any]:
        found: dict[str, Any] = await run(request, _follow, desk, asked)
        return found

    @routes.post("/seen", status_code=204)
    async def seen(asked: SeenRequest, request: Request) -> None:
        await run(request, desk.seen, asked.name, asked.papers)

    @routes.post("/unfollow", status_code=204)
    async def unfollow(asked: NameRequest, request: Request) -> None:
        await run(request, desk.forget, asked.name)

    return routes


def _waiting(desk: Desk) -> list[dict[str, Any]]:
    return [{"name": one.saved.name, "question": one.saved.question, "papers": one.papers} for one in desk.waiting()]


def _follow(desk: Desk, asked: FollowRequest) -> dict[str, Any]:
    question = " ".join(asked.question.split())
    plan = validated_plan(asked.plan, desk.pipeline.snapshot().catalogue)
    language = question_language(question)
    name = _free(name_of(question) or "question", {one.name for one in desk.all()})
    found = desk.follow(Saved(name, question, language, plan=plan))
    return {"name": name, "papers": len(found.fits)}


def _free(name: str, taken: set[str]) -> str:
    """Return a name that no question has: this one, or this one with a number."""
    names = (name, *(f"{name}-{number}" for number in range(2, len(taken) + 3)))
    return next(one for one in names if one not in taken)


def _news(desk: Desk, name: str, language: Language) -> dict[str, Any]:
    (told,) = desk.told([name])
    return {
        "name": name,
        "question": told.saved.question,
        "fits": told.fits,
        **{part: [_row(row) for row in rows[:MOST_NEWS]] for part, rows in told.parts()},
    }


def _row(row: Exported) -> dict[str, Any]:
    return {**paper_view(row.paper), "about": [row.sentence] if row.sentence else []}


def feed_routes(answers: AnswerService, desk: Desk) -> APIRouter:
    """Return the routes of the feeds, /feeds/NAME.atom. Who may ask may read them."""
    routes = APIRouter()

    @routes.get("/feeds/{name}.atom")
    async def feed(name: str, request: Request) -> Response:
        return await answers.run(client_of(request.scope), atom_feed, desk, name)

    return routes


def has_token(request: Request, token: str) -> bool:
    """Tell whether a request for a feed brings its token: `?token=…`, for a feed reader sends nothing else."""
    is_feed = request.url.path.startswith("/feeds/")
    sent = request.query_params.get("token", "")
    return bool(token) and is_feed and hmac.compare_digest(sent.encode(), token.encode())


def atom_feed(desk: Desk, name: str) -> Response:
    """Return the Atom feed of a saved question, newest papers first; 404 where none is saved by this name."""
    saved = {one.name: one for one in desk.all()}.get(name)
    if saved is None:
        return refusal(404, "No question is saved by this name.")
    found = look(saved, desk.pipeline, desk.standing())
    newest = sorted(found.fits, key=lambda paper: paper.date, reverse=True)[:NEWEST]
    told = News(saved, found.told(newest), (), (), len(found.fits))
    return Response(atom([told], today()), media_type="application/atom+xml; charset=utf-8")
