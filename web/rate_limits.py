"""Rate limits, for one person and for one address."""

from __future__ import annotations

import re
import time
from collections import Counter, OrderedDict

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.proxies import client_of, is_this_machine
from web.responses import refusal

TOO_MANY = "Too many questions came from this address. Please ask again in a few seconds."
TOO_OPEN = "Too many requests of this address are open at once. Please try again once some have ended."
TOO_OFTEN = "Too many names and passwords were tried from this address. Please wait a few minutes."

# These GET requests do work or hold a connection open. Files are cheap and are not counted.
_COSTLY_GET = re.compile(
    r"/page/(?:starters|days?|paper|followed|news|chats(?:/.*)?)|/feeds/.*|(?:/mcp)?/gradio_api/(?:queue/data|call|heartbeat|mcp).*"
)


class RateLimit:
    """Allow each key `burst` uses at once, and then one every `every` seconds."""

    def __init__(self, burst: int = 30, every: float = 1.0, keys: int = 10_000) -> None:
        """Remember at most `keys` keys; the ones that were used longest ago are forgotten first."""
        self.burst, self.every, self.keys = burst, every, keys
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, now: float | None = None) -> bool:
        """Count one use; return False when the key has used up what it may."""
        now = time.monotonic() if now is None else now
        left, since = self._left.pop(key, (float(self.burst), now))
        left = min(float(self.burst), left + (now - since) / self.every)
        granted = left >= 1
        self._left[key] = (left - 1 if granted else left, now)
        while len(self._left) > self.keys:
            self._left.popitem(last=False)
        return granted

    def give_back(self, key: str) -> None:
        """Undo one use."""
        left, since = self._left.get(key, (0.0, 0.0))
        self._left[key] = (left + 1, since)


class AddressLimits:
    """Limit what one address may ask, so that it cannot use up the server.

    Requests of the page and of other programs count together. Several people may share an address, so an address may ask
    more than one person may. Programs of this machine may ask even more. Wrong passwords are counted separately, and for
    every address alike.
    """

    CHEAP = ("/page/verdict", "/logout")
    OPEN, OWN_OPEN = 200, 600  # requests of one address that may be open at once; a page holds one, an answer another

    def __init__(self, app: ASGIApp) -> None:
        """Limit the requests to an application."""
        self.app = app
        self._posts, self._own_posts = RateLimit(burst=120, every=0.25), RateLimit(burst=1_200, every=0.025)
        self._gets, self._own_gets = RateLimit(burst=300, every=0.1), RateLimit(burst=3_000, every=0.01)
        self._sign_ins = RateLimit(burst=10, every=30.0)
        self._open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        client = client_of(scope)
        signs_in = scope["method"] == "POST" and scope["path"].rstrip("/") == "/login"
        refused = self._refused(scope, client, signs_in)
        if refused is not None:
            await refused(scope, receive, send)
            return

        async def observed(message: Message) -> None:
            if signs_in and message.get("status") == 200:
                self._sign_ins.give_back(client)
            await send(message)

        self._open[client] += 1
        try:
            await self.app(scope, receive, observed)
        finally:
            self._open[client] -= 1
            if not self._open[client]:
                del self._open[client]

    def _refused(self, scope: Scope, client: str, signs_in: bool) -> JSONResponse | None:
        """Return the refusal of a request that is over a limit; None for a request that may go on."""
        own = is_this_machine(client)
        path = scope["path"].rstrip("/")
        if self._open[client] >= (self.OWN_OPEN if own else self.OPEN):
            return refusal(429, TOO_OPEN, "open", **{"Retry-After": "5"})
        if signs_in and not self._sign_ins.take(client):
            return refusal(429, TOO_OFTEN, "tries", **{"Retry-After": "300"})
        if scope["method"] == "POST" and not path.endswith(self.CHEAP):
            limit = self._own_posts if own else self._posts
        elif scope["method"] == "GET" and _COSTLY_GET.fullmatch(path):
            limit = self._own_gets if own else self._gets
        else:
            return None
        if not limit.take(client):
            return refusal(429, TOO_MANY, "address", **{"Retry-After": "5"})
        return None
