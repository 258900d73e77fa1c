"""Trusted proxies, and the address that a request comes from."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

Network = IPv4Network | IPv6Network


class TrustedProxies:
    """Accept forwarding headers from trusted proxies, and remove them from all other requests.

    A trusted proxy may say the address, the scheme and the host name of its caller, and the name of the person who signed in.
    """

    def __init__(self, app: ASGIApp, proxies: Collection[Network], name_header: str = "") -> None:
        """Take the networks of the proxies, and the header in which they name a signed-in person (empty: none)."""
        self.app = app
        self._proxies = proxies
        self._name_header = name_header.lower().encode()
        self._forwarded = ProxyHeadersMiddleware(app, [str(network) for network in proxies])  # type: ignore[arg-type]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if is_in(connection_address(scope), self._proxies):
            await self._forwarded(scope, receive, send)  # type: ignore[arg-type]
            return
        headers = [(name, value) for name, value in scope["headers"] if not self._is_claim(name)]
        await self.app({**scope, "headers": headers}, receive, send)

    def _is_claim(self, name: bytes) -> bool:
        return name in (b"forwarded", self._name_header) or name.startswith(b"x-forwarded-")


def parse_address(host: str) -> IPv4Address | IPv6Address | None:
    """Parse an IP address; an IPv4 address in IPv6 form becomes the IPv4 address. None for anything else."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def is_in(address: IPv4Address | IPv6Address | None, networks: Collection[Network]) -> bool:
    """Tell whether an address belongs to one of these networks."""
    return address is not None and any(address in network for network in networks)


def connection_address(scope: Scope) -> IPv4Address | IPv6Address | None:
    """Return the address of the connection; None where there is none."""
    client = HTTPConnection(scope).client
    return parse_address(client.host) if client else None


def client_key(host: str) -> str:
    """Return the name under which an address is counted: of IPv6, the /64 network that a household has."""
    address = parse_address(host)
    if isinstance(address, IPv6Address) and not address.is_loopback:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address or host)


def client_of(scope: Scope) -> str:
    """Return the name under which a request is counted.

    It follows from the address of the connection, whatever the headers say. Only `TrustedProxies` changes that address.
    """
    client = HTTPConnection(scope).client
    return client_key(client.host if client else "")


def is_this_machine(client: str) -> bool:
    """Tell whether a counted name stands for a program of this machine."""
    return client == "::1" or client.startswith("127.")
