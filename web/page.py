"""The web application: the Gradio page, the routes of the page, and the middleware around both.

The page is one component of our own (`static/`) inside a Gradio page. Gradio serves it, signs readers in, and offers the
functions of `web.programs` to other programs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import gradio as gr
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Mount

from rag.errors import NonmunError, QuestionError
from rag.following.desk import Desk
from rag.pipeline import Pipeline
from rag.questions.plain import MAX_QUESTION
from rag.readers import MAX_HISTORY
from web.answering import AnswerService, BusyError
from web.api_requests import ApiRequests
from web.assets import Assets
from web.authentication import BearerToken, Credentials, SignInRequired, proxy_user
from web.chats import Shelf, chat_routes, chats_path, key_of
from web.direct_calls import DirectCalls
from web.followed import feed_routes, follow_routes, has_token
from web.hosts import AllowedHosts, is_loopback, parse_hosts
from web.intake import intake_of, intake_routes
from web.library import Library
from web.mcp_results import send_json
from web.page_head import PageHead, head_tags, manifest
from web.programs import add_functions
from web.proxies import TrustedProxies
from web.rate_limits import AddressLimits
from web.request_guard import RequestGuard
from web.responses import refusal
from web.routes import build_routes
from web.scheduling import Scheduler

STATIC = Path(__file__).parent / "static"
AT_ONCE = 2  # questions worked on at the same time: as many as two cores carry
SIGN_IN_LIMIT = (  # shown in Gradio's form, which says nothing when a try is refused (`web.rate_limits.AddressLimits`)
    "<strong>논문 Nonmun</strong><br>"
    "비밀번호가 열 번 맞지 않으면 30초에 한 번만 다시 시도할 수 있습니다.<br>"
    "After ten wrong passwords, you can try once every 30 seconds."
)
_PLAIN: dict[str, Any] = {"show_error": False, "footer_links": [], "enable_monitoring": False, "run_history": False}


def build_page(pipeline: Pipeline, scheduler: Scheduler, desk: Desk | None = None) -> gr.Blocks:
    """Build the Gradio page over a pipeline. Without a desk, programs cannot follow questions."""
    page: gr.Blocks
    with gr.Blocks(title="논문 Nonmun", analytics_enabled=False, fill_width=True) as page:
        gr.Column(elem_id="nonmun")  # the page's script adds its component once this is there: after the sign-in
        add_functions(page, pipeline, scheduler, desk)
    return page


def build_programs(pipeline: Pipeline, scheduler: Scheduler, desk: Desk | None = None) -> gr.Blocks:
    """Build a Gradio app with the functions only, for MCP."""
    programs: gr.Blocks
    with gr.Blocks(title="Nonmun", analytics_enabled=False) as programs:
        add_functions(programs, pipeline, scheduler, desk, queued=False)
    return programs


def build_app(pipeline: Pipeline, credentials: Credentials | None = None, own: bool = True) -> FastAPI:
    """Build the web application. `app.state.stop()` ends the answers that it still gives.

    `credentials` let readers sign in, unless the setting `auth_header` leaves that to a proxy. `own` is false where
    strangers read; they are told no paths. With the setting `mcp`, the functions are also offered over MCP at
    /mcp/gradio_api/mcp/, which asks for the setting `mcp_token` where there is one.
    Raises SettingsError if the setting `hosts` cannot be used.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    settings = pipeline.settings
    hosts = parse_hosts(settings.hosts)
    assets = Assets(STATIC, "page.js")
    desk, may_follow = Desk(pipeline), own or bool(settings.auth_header or credentials)
    scheduler, library = Scheduler(AT_ONCE), Library(pipeline, own, may_follow)
    answers, intake = AnswerService(pipeline, library, scheduler, own), intake_of(pipeline)

    @app.get("/healthz")
    def health() -> dict[str, Any]:
        state = library.state()
        return {"state": state["state"], "papers": state.get("papers", 0)}

    _handle_errors(app, own)

    def reader_of(request: Request) -> str | None:
        """Return the name of who signed in."""
        if settings.auth_header:
            return user_of(request)
        return next(filter(None, (gradio_app.tokens.get(request.cookies.get(name)) for name in cookies)), None)

    def of_reader(request: Request) -> dict[str, Any]:
        reader = reader_of(request) if settings.chats == "server" else None
        adds = intake is not None and reader_of(request) is not None
        return {**({"reader": key_of(reader)} if reader else {}), **({"uploads": True} if adds else {})}

    app.include_router(build_routes(answers, settings.feedback, of_reader))
    app.include_router(intake_routes(intake, reader_of))
    app.include_router(chat_routes(Shelf(chats_path(settings)) if settings.chats == "server" else None, reader_of))
    app.include_router(follow_routes(answers, desk, may_change=may_follow))
    app.include_router(feed_routes(answers, desk))
    app.mount("/page/static", assets)
    app.add_api_route("/p/{arxiv_id:path}", lambda arxiv_id: RedirectResponse(f"/#/p/{quote(arxiv_id)}"))
    app.add_api_route("/c/{chat:path}", lambda chat: RedirectResponse(f"/#/c/{quote(chat)}"))
    app.add_api_route("/manifest.json", lambda: manifest(assets.version), methods=["GET"])
    app.add_api_route("/favicon.ico", lambda: RedirectResponse(f"/page/static/icon.svg?{assets.version}"))
    if settings.mcp == "on":
        _mount_programs(
            app, build_programs(pipeline, scheduler, desk if may_follow else None), settings.mcp_token.reveal()
        )

    def user_of(request: Request) -> str | None:
        return proxy_user(request, settings.auth_header)

    sign_in: dict[str, Any] = {}
    if settings.auth_header:
        sign_in = {"auth_dependency": user_of}
    elif credentials:
        sign_in = {"auth": credentials.verify, "auth_message": SIGN_IN_LIMIT}
    page = build_page(pipeline, scheduler, desk if may_follow else None)
    app.router.routes.append(DirectCalls(page).route)
    gr.mount_gradio_app(app, page, path="/", mcp_server=False, **sign_in, **_PLAIN)
    mounted = _mounted(app, "")
    gradio_app: Any = mounted.app
    mounted.app = PageHead(ApiRequests(gradio_app, page), head_tags(assets.version, settings.chats == "server"))
    cookies = (f"access-token-{gradio_app.cookie_id}", f"access-token-unsecure-{gradio_app.cookie_id}")

    def is_signed_in(request: Request) -> bool:
        if has_token(request, settings.follow_token.reveal()):
            return True
        if settings.auth_header:
            return user_of(request) is not None
        return any(request.cookies.get(name) in gradio_app.tokens for name in cookies)

    def stop() -> None:
        answers.stop()
        gradio_app.stop_event.set()  # ends the connections by which Gradio sees that a page is open

    app.state.stop = stop
    # The middleware that is added last sees a request first.
    if sign_in:
        app.add_middleware(SignInRequired, is_signed_in=is_signed_in)
    any_name = bool(sign_in) and not hosts and not is_loopback(settings.host)
    app.add_middleware(AllowedHosts, listed=hosts, any_name=any_name)
    app.add_middleware(AddressLimits)
    app.add_middleware(RequestGuard, hosts=hosts)
    app.add_middleware(TrustedProxies, proxies=settings.proxies, name_header=settings.auth_header)
    return app


def _mounted(app: FastAPI, path: str) -> Mount:
    return next(route for route in app.routes if isinstance(route, Mount) and route.path == path)


def _mount_programs(app: FastAPI, programs: gr.Blocks, token: str) -> None:
    """Offer the functions over MCP, behind a token where there is one."""
    gr.mount_gradio_app(app, programs, path="/mcp", mcp_server=True, **_PLAIN)
    send_json(programs.mcp_server_obj)
    mounted = _mounted(app, "/mcp")
    mounted.app = ApiRequests(mounted.app, programs)
    if token:
        mounted.app = BearerToken(mounted.app, token)


def _handle_errors(app: FastAPI, own: bool) -> None:
    """Answer errors with a sentence."""

    @app.exception_handler(NonmunError)
    def known_error(_: Request, error: NonmunError) -> JSONResponse:
        if isinstance(error, BusyError):
            return refusal(503, str(error), "busy")
        if isinstance(error, QuestionError):
            return refusal(422, str(error))
        return refusal(503, str(error) if own else "")

    @app.exception_handler(RequestValidationError)
    def invalid_request(_: Request, error: RequestValidationError) -> JSONResponse:
        """Say which limit a request breaks, without repeating its content."""
        too_long = {
            str(one["loc"][1]) for one in error.errors() if one["type"].endswith("too_long") and len(one["loc"]) > 1
        }
        if "question" in too_long:
            return refusal(422, f"The question is too long; {MAX_QUESTION:,} characters is the limit.", "question")
        if "history" in too_long:
            message = (
                f"At most {MAX_HISTORY} earlier questions, of {MAX_QUESTION:,} characters each, can be sent along."
            )
            return refusal(422, message, "history")
        return refusal(422, "This is no request that the page makes.")
