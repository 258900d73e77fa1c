"""Authentication: names and passwords for Gradio's sign-in form, a trusted proxy's header, and bearer tokens for MCP."""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from rag.errors import SettingsError
from rag.passwords import hash_password, is_hash, is_password
from rag.settings import Settings
from web.responses import refusal

# Gradio's page asks for these before anybody has signed in. /mcp has a token of its own (`BearerToken`).
_PUBLIC = re.compile(
    r"/(?:healthz|login/?|logout|theme\.css|manifest\.json|favicon\.ico|robots\.txt|pwa_icon)?"
    r"|/[pc]/.*"  # leads to the page, which asks who comes
    r"|/(?:page/static|assets|static|svelte)/.*"
    r"|/gradio_api/(?:login_check|theme\.css)/?"
    r"|/mcp/.*"
)


class Credentials:
    """Names and the hashes of their passwords."""

    def __init__(self, hashes: Mapping[str, str]) -> None:
        """Take a hash for each name (see `rag.passwords`)."""
        self._hashes = {unicodedata.normalize("NFC", name): kept for name, kept in hashes.items()}
        self._no_user = hash_password("")  # compared for an unknown name, so that the time does not tell
        self._one_at_a_time = CapacityLimiter(1)  # a check costs 16 MB and a quarter of a second of one core

    async def verify(self, name: str, password: str) -> bool:
        """Tell whether a password belongs to a name."""
        name = unicodedata.normalize("NFC", name)
        kept = self._hashes.get(name, self._no_user)
        matches = await to_thread.run_sync(is_password, password, kept, limiter=self._one_at_a_time)
        return matches and name in self._hashes


def read_credentials(settings: Settings) -> Credentials | None:
    """Read the names and passwords of the settings `auth` and `auth_file`.

    Return None where neither is set. Raises SettingsError for a file that cannot be read or that holds no usable line.
    """
    hashes: dict[str, str] = {}
    if settings.asks_password:
        name, _, kept = settings.auth.reveal().partition(":")
        is_hashed = kept.startswith("scrypt$")
        hashes[name.strip()] = _checked_hash(kept, "NONMUN_AUTH") if is_hashed else hash_password(kept)
    if settings.auth_file:
        hashes |= _read_file(settings.auth_file)
        if not hashes:
            raise SettingsError(f"{settings.auth_file} lets nobody in: add lines with nonmun password NAME.")
    return Credentials(hashes) if hashes else None


def _read_file(path: str) -> dict[str, str]:
    try:
        lines = Path(path).expanduser().read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise SettingsError(f"NONMUN_AUTH_FILE {path} cannot be read: {reason}.") from error
    hashes = {}
    for number, line in enumerate(map(str.strip, lines), start=1):
        if not line or line.startswith("#"):
            continue
        where = f"Line {number} of {path}"
        name, _, kept = line.partition(":")
        if not name.strip():
            raise SettingsError(f"{where} has no name.")
        hashes[name.strip()] = _checked_hash(kept.strip(), where)
    return hashes


def _checked_hash(kept: str, where: str) -> str:
    if not is_hash(kept):  # the text may be a password, so the message does not repeat it
        raise SettingsError(f"{where} holds no hash that can be checked; make one with nonmun password NAME.")
    return kept


def proxy_user(request: Request, header: str) -> str | None:
    """Return the name that a trusted proxy put into this header; None if it is missing, empty or sent twice.

    `web.proxies.TrustedProxies` removes the header from everybody else's requests.
    """
    names = request.headers.getlist(header)
    return names[0].strip() or None if len(names) == 1 else None


class SignInRequired:
    """Refuse every request of somebody who has not signed in, except for what the sign-in form itself needs."""

    def __init__(self, app: ASGIApp, is_signed_in: Callable[[Request], bool]) -> None:
        """Guard an application; `is_signed_in` decides about one request."""
        self.app, self._is_signed_in = app, is_signed_in

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        is_closed = scope["type"] == "http" and not _PUBLIC.fullmatch(scope["path"])
        if is_closed and not self._is_signed_in(Request(scope)):
            await refusal(401, "Sign in first.", "sign_in")(scope, receive, send)
            return
        await self.app(scope, receive, send)


class BearerToken:
    """Refuse every request without this token."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        """Guard an application with a token."""
        self.app, self._expected = app, f"Bearer {token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] in ("http", "websocket"):
            sent = dict(scope["headers"]).get(b"authorization", b"")
            if not hmac.compare_digest(sent, self._expected):
                message = "Send the token as Authorization: Bearer …"
                refused = refusal(401, message, **{"WWW-Authenticate": "Bearer"})
                await refused(scope, receive, send)
                return
        await self.app(scope, receive, send)
