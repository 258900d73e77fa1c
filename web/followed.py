"""The feeds of saved questions: the newest papers that fit each, for a feed reader."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Request, Response

from rag.answers.export import of_evidence
from rag.errors import FollowError
from rag.following.book import Book, book_path
from rag.following.news import News, look
from rag.following.rendering import atom
from rag.pipeline import Pipeline
from rag.readers import today
from web.answering import AnswerService
from web.proxies import client_of
from web.responses import refusal

NEWEST = 50  # papers of a feed


def feed_routes(answers: AnswerService) -> APIRouter:
    """Return the routes of the feeds, /feeds/NAME.atom. Who may ask may read them."""
    routes = APIRouter()

    @routes.get("/feeds/{name}.atom")
    async def feed(name: str, request: Request) -> Response:
        return await answers.run(client_of(request.scope), atom_feed, answers.pipeline, name)

    return routes


def atom_feed(pipeline: Pipeline, name: str) -> Response:
    """Return the Atom feed of a saved question, newest papers first; 404 where none is saved by this name."""
    path = book_path(pipeline.settings)
    if not path.is_file():  # to open it would make it
        return refusal(404, "No question is saved here.")
    book = Book(path)
    try:
        saved = book.get(name)
    except FollowError:
        return refusal(404, "No question is saved by this name.")
    finally:
        book.close()
    found = look(saved, pipeline)
    newest = sorted(found.fits, key=lambda paper: paper.date, reverse=True)[:NEWEST]
    rows = of_evidence(replace(found.evidence, papers=tuple(newest)))
    told = News(saved, tuple(rows), (), (), len(found.fits))
    return Response(atom([told], today()), media_type="application/atom+xml; charset=utf-8")
