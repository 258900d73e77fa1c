"""What stands between the network and the page: the ways that are open, limits on bodies and on askers, headers, a token for MCP."""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import re
import time
from collections import Counter, OrderedDict
from collections.abc import Collection
from ipaddress import IPv4Network, IPv6Network
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

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

# All that the page, Gradio's own scripts, its Python client and MCP ask for. What else Gradio has (files, uploads, a proxy,
# components, recordings, run histories, code that edits the app) is not there: no file of the machine is to be had.
_NAME = r"[A-Za-z0-9][\w.@+-]*"
_WAYS = re.compile(
    rf"/(?:healthz|config/?|login/?|logout|theme\.css|manifest\.json|favicon\.ico|robots\.txt|pwa_icon)?"
    rf"|/page/(?:ask|state|starters|day|set|verdict|export/\w+|static/{_NAME})"
    rf"|/(?:assets|static|svelte)(?:/{_NAME})+"
    rf"|(?:/mcp)?/gradio_api/(?:info|openapi\.json|user|app_id|login_check|startup-events|theme\.css|cancel|reset"
    rf"|heartbeat/{_NAME}|queue/(?:join|data)|call(?:/v2)?/{_NAME}(?:/{_NAME})?)/?"
    rf"|/mcp/gradio_api/mcp(?:/{_NAME})*/?",
    re.ASCII,
)
TOO_LARGE = f"A request may hold {MAX_BODY:,} bytes, and no file."
TOO_MANY = "Too many questions came from this address. Please ask again in a few seconds."
TOO_OPEN = "Too many requests of this address are open at once. Please try again once some have ended."
TOO_OFTEN = "Too many names and passwords were tried from this address. Please wait a few minutes."
FOREIGN = "Another site may not ask here through its reader's browser."


def refusal(status: int, said: str, code: str = "broken", **headers: str) -> JSONResponse:
    """Return the answer to what is not let in: a sentence, and the code by which the page says it in a reader's language."""
    return JSONResponse({"error": said, "code": code}, status, headers)


class Believed:
    """Believes a trusted proxy about its caller (address, scheme, name), and takes such claims from everybody else's requests."""

    def __init__(self, app: ASGIApp, proxies: Collection[IPv4Network | IPv6Network], name_header: str = "") -> None:
        self.app, self._proxies, self._name = app, proxies, name_header.lower().encode()
        self._told = ProxyHeadersMiddleware(app, [str(network) for network in proxies])  # type: ignore[arg-type]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        came_from = _address(scope)
        if came_from is not None and any(came_from in network for network in self._proxies):
            await self._told(scope, receive, send)  # type: ignore[arg-type]
            return
        claims = (b"forwarded", self._name)
        kept = [pair for pair in scope["headers"] if pair[0] not in claims and not pair[0].startswith(b"x-forwarded-")]
        await self.app({**scope, "headers": kept}, receive, send)


def _is_foreign(scope: Scope, own: Collection[str]) -> bool:
    """Tell whether another site's page has a reader's browser send this; to open our page is not that."""
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        opened = scope["method"] == "GET" and headers.get(b"sec-fetch-mode") == "navigate"
        return site not in ("same-origin", "none") and not opened
    origin = headers.get(b"origin")
    here = (headers.get(b"host"), headers.get(b"x-forwarded-host"), *own)
    return origin is not None and urlsplit(origin).netloc not in here


class Guard:
    """Refuses other ways than the open ones, other sites' requests and large bodies; adds the headers that a browser keeps to.

    The one page of HTML is Gradio's own, with nothing of a reader or a digest in it: its inline scripts are let run.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str] = ()) -> None:
        self.app, self._hosts = app, hosts
        self._headers = [(name.encode(), value.encode()) for name, value in HEADERS.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "websocket":  # there is none here
            await send({"type": "websocket.close"})
            return
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
        refused = None
        if not length.isdigit() or int(length) > MAX_BODY:
            refused = refusal(413, TOO_LARGE, "too_large")
        elif not _WAYS.fullmatch(scope["path"]):
            refused = refusal(404, "There is nothing here.")
        elif _is_foreign(scope, self._hosts):
            refused = refusal(403, FOREIGN)
        if refused is not None:
            await refused(scope, receive, headed)
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
                told = refusal(401, "Send the token as Authorization: Bearer …", **{"WWW-Authenticate": "Bearer"})
                await told(scope, receive, send)
                return
        await self.app(scope, receive, send)


def _address(scope: Scope) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return the address of the connection, of an IPv4 one in IPv6's form the IPv4 one; None where there is none."""
    client = HTTPConnection(scope).client
    try:
        address = ipaddress.ip_address(client.host if client else "")
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def caller(scope: Scope) -> str:
    """Return who asks: the address of the connection, of IPv6 the network a household has (/64).

    It is the connection's own, whatever headers say, unless a trusted proxy said another (`Believed`).
    """
    address = _address(scope)
    if isinstance(address, ipaddress.IPv6Address) and not address.is_loopback:
        return str(ipaddress.ip_network((address, 64), strict=False))
    client = HTTPConnection(scope).client
    return str(address or (client.host if client else ""))


class Fair:
    """Keeps one address from taking all: its requests that cost work, the page's and those of programs, are counted together.

    People may share an address, so it may ask more than one person may; this machine's own programs may ask more still.
    Passwords that do not fit are counted apart, for this machine as for all others.
    """

    CHEAP = ("/page/verdict", "/logout")
    OPEN, OWN_OPEN = 200, 600  # requests of an address that may be open at once: a page holds one, an answer another

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._others, self._own = Allowance(burst=120, every=0.25), Allowance(burst=1_200, every=0.025)
        self._tries = Allowance(burst=10, every=30.0)
        self._open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        who, path = caller(scope), scope["path"].rstrip("/")
        own = who == "::1" or who.startswith("127.")
        posted = scope["method"] == "POST"
        refused = None
        if self._open[who] >= (self.OWN_OPEN if own else self.OPEN):
            refused = refusal(429, TOO_OPEN, "open", **{"Retry-After": "5"})
        elif posted and path == "/login" and not self._tries.take(who):
            refused = refusal(429, TOO_OFTEN, "tries", **{"Retry-After": "300"})
        elif posted and not path.endswith(self.CHEAP) and not (self._own if own else self._others).take(who):
            refused = refusal(429, TOO_MANY, "address", **{"Retry-After": "5"})
        if refused is not None:
            await refused(scope, receive, send)
            return

        async def seen(message: Message) -> None:
            if posted and path == "/login" and message.get("status") == 200:
                self._tries.give_back(who)
            await send(message)

        self._open[who] += 1
        try:
            await self.app(scope, receive, seen)
        finally:
            self._open[who] -= 1
            if not self._open[who]:
                del self._open[who]


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

    def give_back(self, person: str) -> None:
        """Take one question of a person back out of the count."""
        left, since = self._left.get(person, (0.0, 0.0))
        self._left[person] = (left + 1, since)
