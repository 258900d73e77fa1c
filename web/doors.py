"""What stands between the network and the page: limits on bodies and on askers, no uploads, headers, a token for MCP."""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import re
import time
from collections import OrderedDict

from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PICTURE_HOSTS = ("cdn-uploads.huggingface.co", "cdn-thumbnails.huggingface.co", "cdn-avatars.huggingface.co")
MAX_BODY = 64 * 1024  # bytes of one request; a question is at most 2,000 characters
_PICTURES = " ".join(f"https://{host}" for host in PICTURE_HOSTS)
# Gradio sets styles on its elements, and the base of its page; its inline scripts are named by their hashes.
CSP = (
    "default-src 'none'; script-src 'self'{scripts}; style-src 'self' 'unsafe-inline'; "
    f"img-src 'self' {_PICTURES}; media-src {_PICTURES}; font-src 'self'; manifest-src 'self'; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'self'; form-action 'none'"
)
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


class Guard:
    """Refuses large bodies and uploads, and adds the headers that a browser keeps to.

    The one page of HTML is Gradio's own, with nothing of a reader or a digest in it: its inline scripts are let run.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._headers = [(name.encode(), value.encode()) for name, value in HEADERS.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        held: list[Message] = []

        async def headed(message: Message) -> None:
            """Send on with the headers; a page of HTML waits until it is whole and its scripts are known."""
            held.append(message)
            html = b"text/html" in dict(held[0].get("headers", ())).get(b"content-type", b"")
            if html and (len(held) == 1 or message.get("more_body")):
                return
            if held[0]["type"] == "http.response.start":
                scripts = hashes(b"".join(part.get("body", b"") for part in held[1:])) if html else ""
                policy = (b"content-security-policy", CSP.format(scripts=scripts).encode())
                held[0] = {**held[0], "headers": [*held[0]["headers"], *self._headers, policy]}
            while held:
                await send(held.pop(0))

        length = dict(scope["headers"]).get(b"content-length", b"0")
        if not length.isdigit() or int(length) > MAX_BODY or scope["path"].rstrip("/").endswith("/upload"):
            refusal = JSONResponse({"error": f"A request may hold {MAX_BODY:,} bytes, and no file."}, 413)
            await refusal(scope, receive, headed)
            return
        came = 0

        async def counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > MAX_BODY:  # a body that did not say its length
                return {"type": "http.disconnect"}
            return message

        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]  # to be read here
        page = scope["method"] == "GET" and scope["path"] in ("/", "")
        await self.app({**scope, "headers": plain} if page else scope, counted, headed)


def hashes(page: bytes) -> str:
    """Return the inline scripts of a page as a policy names them."""
    scripts = re.findall(rb"<script\b[^>]*>(.*?)</script>", page, flags=re.DOTALL)
    return "".join(
        f" 'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'" for script in scripts if script
    )


class Bearer:
    """Lets a request through only with a token; its own answer to all others is 401."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self.app, self._expected = app, f"Bearer {token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] in ("http", "websocket"):
            said = dict(scope["headers"]).get(b"authorization", b"")
            if not hmac.compare_digest(said, self._expected):
                refusal = JSONResponse({"error": "Send the token as Authorization: Bearer …"}, 401)
                refusal.headers["WWW-Authenticate"] = "Bearer"
                await refusal(scope, receive, send)
                return
        await self.app(scope, receive, send)


def caller(scope: Scope) -> str:
    """Return who asks: the address of the connection, of IPv6 the network a household has (/64).

    It is the connection's own, whatever headers say; only a proxy that the setting `trusted_proxy` names may speak for others.
    """
    client = HTTPConnection(scope).client
    try:
        address = ipaddress.ip_address(client.host if client else "")
    except ValueError:
        return client.host if client else ""
    if isinstance(address, ipaddress.IPv6Address) and (address := address.ipv4_mapped or address).version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False)) if not address.is_loopback else "::1"
    return str(address)


class Fair:
    """Keeps one address from taking all: its requests that cost work, the page's and those of programs, are counted together.

    People may share an address, so it may ask more than one person may; this machine's own programs may ask more still.
    """

    CHEAP = ("/page/verdict", "/login", "/logout")

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._others, self._own = Allowance(burst=120, every=0.25), Allowance(burst=1_200, every=0.025)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "http" and scope["method"] == "POST" and not scope["path"].rstrip("/").endswith(self.CHEAP):
            who = caller(scope)
            allowance = self._own if who == "::1" or who.startswith("127.") else self._others
            if not allowance.take(who):
                said = "Too many questions came from this address. Please ask again in a few seconds."
                await JSONResponse({"error": said}, 429, {"Retry-After": "5"})(scope, receive, send)
                return
        await self.app(scope, receive, send)


class Allowance:
    """How many questions one person may ask in quick succession: `burst` at once, then one every `every` seconds."""

    def __init__(self, burst: int = 30, every: float = 1.0, people: int = 10_000) -> None:
        self.burst, self.every, self.people = burst, every, people
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, person: str, now: float | None = None) -> bool:
        """Count one question of a person; False when they have to wait."""
        now = time.monotonic() if now is None else now
        left, since = self._left.pop(person, (float(self.burst), now))
        left = min(float(self.burst), left + (now - since) / self.every)
        granted = left >= 1
        self._left[person] = (left - 1 if granted else left, now)
        while len(self._left) > self.people:
            self._left.popitem(last=False)
        return granted
