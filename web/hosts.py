"""The host names that the page answers to. A page of another name could be another site's (DNS rebinding)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

from rag.errors import SettingsError
from web.proxies import parse_address
from web.responses import refusal

_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[^\s\[\]:/?#@\\,]+)(?::(?P<port>\d{1,5}))?")
UNKNOWN = "This page is not served under that name. Add the name to NONMUN_HOSTS to allow it."


@dataclass(frozen=True, slots=True)
class Host:
    """A host name in small letters, without brackets; `port` is None where none is given."""

    name: str
    port: int | None = None

    def covers(self, other: Host) -> bool:
        """Tell whether this listed name allows another. `*.example.org` allows the names below example.org, `*` all."""
        if self.port is not None and self.port != (other.port or 80) and self.port != (other.port or 443):
            return False
        if self.name.startswith("*"):
            return other.name.endswith(self.name[1:])
        return self.name == other.name


def parse_host(text: str) -> Host | None:
    """Parse `name`, `name:port`, or the same with an IP address (IPv6 in brackets); None for anything else."""
    match = _HOST.fullmatch(text)
    if match is None:
        return None
    name = match["name"].strip("[]").lower().rstrip(".")
    port = int(match["port"]) if match["port"] else None
    if not name or (port or 0) > 65_535:
        return None
    if match["name"].startswith("[") and parse_address(name) is None:
        return None
    return Host(name, port)


def parse_hosts(setting: str) -> tuple[Host, ...]:
    """Parse the setting NONMUN_HOSTS: names, with or without a port, separated by commas. Raises SettingsError."""
    hosts = []
    for text in filter(None, map(str.strip, setting.split(","))):
        address = parse_address(text)
        host = Host(str(address)) if address else parse_host(text)
        if host is None or "*" in host.name.removeprefix("*"):
            raise SettingsError(
                f"NONMUN_HOSTS holds “{text}”, which is not a host name. Write names such as papers.example or "
                "papers.example:8443, separated by commas, without http:// and without a path."
            )
        hosts.append(host)
    return tuple(hosts)


def is_loopback(host: str) -> bool:
    """Tell whether only programs of this machine reach an address. A name counts only if it is localhost."""
    address = parse_address(host)
    return host == "localhost" or (address is not None and address.is_loopback)


class AllowedHosts:
    """Answer only requests for allowed host names.

    Allowed are the listed names, the loopback names, and the IP address at which this machine was reached. Another site
    can make a name of its own point here, but not one of these.
    """

    def __init__(self, app: ASGIApp, listed: tuple[Host, ...] = (), any_name: bool = False) -> None:
        """Take the listed names. `any_name` allows every name: use it only where people sign in."""
        self.app, self._listed, self._any_name = app, listed, any_name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] in ("http", "websocket") and not self._is_allowed(scope):
            await refusal(400, UNKNOWN)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _is_allowed(self, scope: Scope) -> bool:
        named = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        host = parse_host(named[0]) if len(named) == 1 else None
        if host is None:
            return False
        if self._any_name or host.name == "localhost" or any(listed.covers(host) for listed in self._listed):
            return True
        address = parse_address(host.name)
        if address is None:
            return False
        reached = parse_address((scope.get("server") or ("",))[0])
        return address.is_loopback or address == reached
