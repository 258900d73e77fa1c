"""Checks on every request before the page sees it, and the security headers of every response.

The guard refuses unknown paths, requests that another site sends through its reader's browser, and large bodies.
"""

from __future__ import annotations

import base64
import hashlib
import re
from urllib.parse import urlsplit

from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.hosts import Host, parse_host
from web.responses import refusal

PICTURE_HOSTS = ("cdn-uploads.huggingface.co", "cdn-thumbnails.huggingface.co", "cdn-avatars.huggingface.co")
MAX_BODY = 320 * 1024  # bytes of one request: a question and 20 earlier ones have 252,000 where each letter is escaped
_PICTURES = " ".join(f"https://{host}" for host in PICTURE_HOSTS)
# Gradio sets styles on its elements and the base address of its page. Its inline scripts are allowed by their hashes.
CSP = (
    "default-src 'none'; script-src 'self'{scripts}; style-src 'self' 'unsafe-inline'; "
    f"img-src 'self' {_PICTURES}; media-src {_PICTURES}; font-src 'self'; manifest-src 'self'; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'self'; form-action {forms}"
)
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}

# These paths are all that the page, Gradio's scripts, its Python client and MCP use. Gradio's other routes (files, uploads,
# a proxy, components, recordings, run histories, editing the app) are closed, so no file of the machine can be read.
_NAME = r"[A-Za-z0-9][\w.@+-]*"
_PATHS = re.compile(
    rf"/(?:healthz|config/?|login/?|logout|theme\.css|manifest\.json|favicon\.ico|robots\.txt|pwa_icon)?"
    rf"|/page/(?:ask|state|starters|days?|paper|set|verdict|followed|follow|unfollow|news|seen|for-you|uploads(?:/file)?|chats(?:/[\w-]{{1,40}})?|export/\w+|static/{_NAME})"
    r"|/p/[\w.-]+(?:/\d{7})?|/c/[\w-]{1,40}(?:/[\w-]{1,40})?"
    r"|/feeds/[^/]{1,60}\.atom"
    rf"|/api/{_NAME}"
    rf"|/(?:assets|static|svelte)(?:/{_NAME})+"
    rf"|(?:/mcp)?/gradio_api/(?:info|openapi\.json|user|app_id|login_check|startup-events|theme\.css|cancel|reset"
    rf"|heartbeat/{_NAME}|queue/(?:join|data)|call(?:/v2)?/{_NAME}(?:/{_NAME})?)/?"
    rf"|/mcp/gradio_api/mcp(?:/{_NAME})*/?",
    re.ASCII,
)
TOO_LARGE = f"A request may hold {MAX_BODY:,} bytes, and no file."
FOREIGN = "Another site may not ask here through its reader's browser."
# A form of this page says where it comes from only under a referrer policy that lets it.
_SIGN_OUT = """<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>논문 Nonmun</title></head>
<body><form method="post" action="/logout"><p>로그아웃하시겠습니까? Do you want to sign out?</p>
<button>로그아웃 Sign out</button></form></body></html>"""
_NOWHERE = """<!doctype html><html lang="ko"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>논문 Nonmun</title></head><body><p>이 주소에는 아무것도 없습니다. There is nothing at this address.</p>
<p><a href="/">논문 Nonmun</a></p></body></html>"""


class RequestGuard:
    """Refuse requests that no reader of the page sends, and add the security headers to every response.

    The only HTML page is Gradio's own. It holds no text of a reader or a digest, so its inline scripts may run.
    """

    def __init__(self, app: ASGIApp, hosts: tuple[Host, ...] = ()) -> None:
        """Guard an application. `hosts` are the listed names of this site, which a proxy may hide from it."""
        self.app, self._hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "websocket":  # the page uses none
            await send({"type": "websocket.close"})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        secured = _with_security_headers(send, scope["path"])
        refused = self._refused(scope)
        if refused is not None:
            await refused(scope, receive, secured)
            return
        if scope["path"] == "/logout":
            scope = {**scope, "method": "GET"}  # Gradio's route takes no other method
        if scope["method"] == "GET" and scope["path"] in ("/", ""):  # its scripts are read here
            scope = {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]}
        await self.app(scope, _limited(receive), secured)

    def _refused(self, scope: Scope) -> Response | None:
        """Return the refusal of a request; None for a request that may go on."""
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if not length.isdigit() or int(length) > MAX_BODY:
            return refusal(413, TOO_LARGE, "too_large")
        if not _PATHS.fullmatch(scope["path"]):
            is_reader = b"text/html" in dict(scope["headers"]).get(b"accept", b"")
            return HTMLResponse(_NOWHERE, 404) if is_reader else refusal(404, "There is nothing here.")
        if is_foreign(scope, self._hosts):
            return refusal(403, FOREIGN)
        if scope["path"] == "/logout" and not signs_out(scope):
            return HTMLResponse(_SIGN_OUT)
        return None


def is_foreign(scope: Scope, hosts: tuple[Host, ...]) -> bool:
    """Tell whether another site's page makes the browser send this request. Opening the page by a link is allowed."""
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        opens = scope["method"] == "GET" and headers.get(b"sec-fetch-mode") == "navigate"
        return site not in ("same-origin", "none") and not opens
    origin = headers.get(b"origin")
    if origin is None:
        return False
    try:
        asking = urlsplit(origin).netloc
    except ValueError:
        return True
    if asking in (headers.get(b"host"), headers.get(b"x-forwarded-host")):
        return False
    host = parse_host(asking)
    return host is None or not any(listed.covers(host) for listed in hosts)


def signs_out(scope: Scope) -> bool:
    """Tell whether a request to /logout comes from this site or from the reader's own hand.

    A browser says so in Sec-Fetch-Site, but over plain HTTP only to this machine. Without it, only a POST counts, whose
    Origin has been checked: a link on another site sends a GET.
    """
    site = dict(scope["headers"]).get(b"sec-fetch-site")
    return scope["method"] == "POST" or site in (b"same-origin", b"none")


def _limited(receive: Receive) -> Receive:
    """Cut off a body that is longer than it may be and did not say its length."""
    received = 0

    async def limited() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        return message if received <= MAX_BODY else {"type": "http.disconnect"}

    return limited


def _with_security_headers(send: Send, path: str) -> Send:
    """Add the headers to a response. An HTML page is held until it is whole, since its policy names its scripts."""
    held: list[Message] = []
    forms = "'self'" if path == "/logout" else "'none'"
    headers = HEADERS | ({"referrer-policy": "same-origin"} if path == "/logout" else {})

    async def secured(message: Message) -> None:
        held.append(message)
        html = b"text/html" in dict(held[0].get("headers", ())).get(b"content-type", b"")
        if html and (len(held) == 1 or message.get("more_body")):
            return
        if held[0]["type"] == "http.response.start":
            scripts = script_hashes(b"".join(part.get("body", b"") for part in held[1:])) if html else ""
            every = headers | {"content-security-policy": CSP.format(scripts=scripts, forms=forms)}
            added = [(name.encode(), value.encode()) for name, value in every.items()]
            held[0] = {**held[0], "headers": [*held[0]["headers"], *added]}
        while held:
            await send(held.pop(0))

    return secured


def script_hashes(page: bytes) -> str:
    """Return the hashes of a page's inline scripts as a Content-Security-Policy lists them."""
    scripts = re.findall(rb"<script\b[^>]*>(.*?)</script>", page, flags=re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(script).digest()).decode() for script in scripts if script]
    return "".join(f" 'sha256-{digest}'" for digest in digests)
