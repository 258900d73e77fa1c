"""Trusted proxies, and the address that a request comes from."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from ipaddress import ip_network

import pytest
from starlette.types import Message, Receive, Scope, Send

from web.proxies import TrustedProxies, client_of


@pytest.mark.parametrize(
    ("client", "who"),
    [
        ("203.0.113.7", "203.0.113.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("::1", "::1"),
        ("::ffff:203.0.113.7", "203.0.113.7"), ("testclient", "testclient"),
    ],
)  # fmt: skip
def test_who_asks_is_an_address_or_the_network_of_a_household(client: str, who: str) -> None:
    assert client_of({"type": "http", "client": (client, 1), "headers": [(b"x-forwarded-for", b"192.0.2.1")]}) == who


def heard(client: str, proxies: Iterable[str], *headers: tuple[bytes, bytes]) -> tuple[str, list[tuple[bytes, bytes]]]:
    """Return who asks and which headers are left once a request has come through `TrustedProxies`."""
    found: list[Scope] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        found.append(scope)

    async def never() -> Message:
        raise AssertionError

    async def ignore(message: Message) -> None:
        raise AssertionError

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "scheme": "http",
        "headers": list(headers),
        "client": (client, 1),
    }
    asyncio.run(TrustedProxies(app, [ip_network(one) for one in proxies], "Remote-User")(scope, never, ignore))
    return client_of(found[0]), found[0]["headers"]


@pytest.mark.parametrize(
    ("client", "proxies", "who", "believed"),
    [
        ("10.0.0.2", ["10.0.0.2"], "203.0.113.7", True), ("10.0.0.9", ["10.0.0.0/24"], "203.0.113.7", True),
        ("2001:db8::2", ["2001:db8::/64"], "203.0.113.7", True), ("10.0.0.3", ["10.0.0.2"], "10.0.0.3", False),
        ("10.0.0.2", [], "10.0.0.2", False), ("127.0.0.1", ["10.0.0.0/8"], "127.0.0.1", False), ("somewhere", ["10.0.0.2"], "somewhere", False),
    ],
)  # fmt: skip
def test_only_a_proxy_that_is_named_is_believed_about_its_client_of(
    client: str, proxies: list[str], who: str, believed: bool
) -> None:
    claims = [(b"x-forwarded-for", b"192.0.2.66, 203.0.113.7"), (b"x-forwarded-host", b"evil.example"),
              (b"forwarded", b"for=192.0.2.66"), (b"remote-user", b"kim")]  # fmt: skip
    found, left = heard(client, proxies, (b"accept", b"*/*"), *claims)
    assert found == who
    assert left == [(b"accept", b"*/*"), *(claims if believed else [])]
