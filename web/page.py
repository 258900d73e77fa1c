"""The Gradio page and the server around it. The page is one Gradio component of our own (`static/`); Gradio carries it,
signs readers in, and offers the functions of `web.programs` to others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import JSONResponse
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from rag.errors import NonmunError
from rag.pipeline import MAX_HISTORY, Pipeline
from rag.questions.reader import MAX_QUESTION
from web.desk import BusyError, Desk
from web.doors import Bearer, Believed, Fair, Guard, refusal
from web.keys import Keys, vouched
from web.library import Library
from web.programs import offer
from web.routes import build_routes
from web.turns import Turns

STATIC = Path(__file__).parent / "static"
AT_ONCE = 2  # questions worked on at the same time: as many as two cores carry
TRIES = (  # Gradio's form says nothing when the doors refuse a try (`web.doors.Fair`)
    "비밀번호가 열 번 맞지 않으면 30초에 한 번만 다시 시도할 수 있습니다. "
    "After ten passwords that do not fit, one is tried every 30 seconds."
)
_QUIET: dict[str, Any] = {"show_error": False, "footer_links": [], "enable_monitoring": False, "run_history": False}


def _head() -> str:
    """Return what the page loads: our style and our component, named by their content so that no old one is kept."""
    made = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(STATIC.iterdir()))).hexdigest()[:12]
    return (
        '<meta name="color-scheme" content="light dark">'
        f'<link rel="stylesheet" href="/page/static/page.css?{made}">'
        f'<script type="module" src="/page/static/page.js?{made}"></script>'
    )


def build_page(pipeline: Pipeline, turns: Turns) -> gr.Blocks:
    """Build the Gradio page over a pipeline."""
    page: gr.Blocks
    with gr.Blocks(title="논문 Nonmun", analytics_enabled=False, fill_width=True) as page:
        gr.Column(elem_id="nonmun")  # the page's own script puts its component here once a reader is signed in
        offer(page, pipeline, turns)
    return page


def build_programs(pipeline: Pipeline, turns: Turns) -> gr.Blocks:
    """Build a Gradio app that has the functions only, for MCP."""
    programs: gr.Blocks
    with gr.Blocks(title="Nonmun", analytics_enabled=False) as programs:
        offer(programs, pipeline, turns, queued=False)
    return programs


def _mounted(app: FastAPI, path: str) -> Mount:
    return next(route for route in app.routes if isinstance(route, Mount) and route.path == path)


def build_app(pipeline: Pipeline, hosts: Collection[str], keys: Keys | None = None, own: bool = True) -> FastAPI:
    """Wrap the page with what a browser-facing server needs; `app.state.stop()` has it end what it still answers.

    `hosts` are the names it may be called by (`*` any), `keys` let readers in, where the setting `auth_header` does not;
    `own` is false where strangers read, who are told no paths. With the setting `mcp` on, the functions are offered over
    MCP at /mcp/gradio_api/mcp/, behind the setting `mcp_token` where there is one.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    settings = pipeline.settings

    @app.get("/healthz")
    def health() -> dict[str, Any]:
        state = library.state()
        return {"state": state["state"], "papers": state.get("papers", 0)}

    def vouched_for(request: Request) -> str | None:
        return vouched(request, settings.auth_header)

    def signed_in(request: Request) -> bool:
        if settings.auth_header:
            return vouched_for(request) is not None
        return keys is None or any(request.cookies.get(name) in inner.tokens for name in cookies)

    @app.exception_handler(NonmunError)
    def told(_: Request, error: NonmunError) -> JSONResponse:
        busy = isinstance(error, BusyError)
        return refusal(503, str(error) if own or busy else "", "busy" if busy else "broken")

    @app.exception_handler(RequestValidationError)
    def not_as_agreed(_: Request, error: RequestValidationError) -> JSONResponse:
        """Say which limit a request breaks; what it held is not repeated."""
        long = {
            str(one["loc"][1]) for one in error.errors() if one["type"].endswith("too_long") and len(one["loc"]) > 1
        }
        if "question" in long:
            return refusal(422, f"The question is too long; {MAX_QUESTION:,} characters is the limit.", "question")
        if "history" in long:
            said = f"At most {MAX_HISTORY} earlier questions, of {MAX_QUESTION:,} characters each, can be sent along."
            return refusal(422, said, "history")
        return refusal(422, "This is no request that the page makes.")

    turns, library = Turns(AT_ONCE), Library(pipeline, own)
    desk = Desk(pipeline, library, turns, own)
    app.include_router(build_routes(desk, settings.feedback, signed_in))
    app.mount("/page/static", StaticFiles(directory=STATIC))
    if settings.mcp == "on":
        gr.mount_gradio_app(app, build_programs(pipeline, turns), path="/mcp", mcp_server=True, **_QUIET)
        if settings.mcp_token.reveal():
            programs = _mounted(app, "/mcp")
            programs.app = Bearer(programs.app, settings.mcp_token.reveal())
    entry: dict[str, Any] = {"auth": keys.fits, "auth_message": TRIES} if keys else {}
    if settings.auth_header:
        entry = {"auth_dependency": vouched_for}
    page = build_page(pipeline, turns)
    gr.mount_gradio_app(app, page, path="/", mcp_server=False, head=_head(), **entry, **_QUIET)
    inner: Any = _mounted(app, "").app
    cookies = (f"access-token-{inner.cookie_id}", f"access-token-unsecure-{inner.cookie_id}")

    def stop() -> None:
        desk.stop()
        inner.stop_event.set()  # the connections by which Gradio sees that a page is open

    app.state.stop = stop
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))
    app.add_middleware(Fair)
    app.add_middleware(Guard, hosts=hosts)
    app.add_middleware(Believed, proxies=settings.proxies, name_header=settings.auth_header)
    return app
