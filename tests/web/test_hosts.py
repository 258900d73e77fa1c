"""The host names that the page answers to."""

from __future__ import annotations

import asyncio

import pytest
from starlette.types import Message, Receive, Scope, Send

from rag.errors import SettingsError
from web.hosts import AllowedHosts, Host, is_loopback, parse_hosts


def status_for(host: str | None, listed: str = "", reached: str = "192.168.0.7", any_name: bool = False) -> int:
    """Return the status that a request with this Host header gets at an address of this machine."""
    sent: list[Message] = []

    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [] if host is None else [(b"host", host.encode("latin-1"))]
    scope = {"type": "http", "method": "GET", "path": "/", "headers": headers, "server": (reached, 7860)}
    asyncio.run(AllowedHosts(page, parse_hosts(listed), any_name)(scope, receive, send))
    return int(sent[0]["status"])


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200), ("localhost:7860", 200), ("127.0.0.1:7860", 200), ("127.8.9.10", 200), ("[::1]:7860", 200),
        ("192.168.0.7:7860", 200), ("192.168.0.7", 200), ("192.168.0.8:7860", 400), ("evil.example", 400),
        ("evil.example:7860", 400), ("localhost.evil.example", 400), ("127.0.0.1.evil.example", 400), ("", 400), (None, 400),
        ("192.168.0.7@evil.example", 400), ("evil.example/192.168.0.7", 400), ("[::1", 400), ("a b", 400), ("localhost:99999", 400),
    ],
)  # fmt: skip
def test_without_listed_names_only_loopback_names_and_the_reached_address_are_answered(
    host: str | None, status: int
) -> None:
    assert status_for(host) == status


def test_an_ipv4_address_in_ipv6_form_is_the_same_address() -> None:
    assert status_for("192.168.0.7:7860", reached="::ffff:192.168.0.7") == 200
    assert status_for("[2001:db8::7]:7860", reached="2001:db8::7") == 200
    assert status_for("[2001:db8::8]:7860", reached="2001:db8::7") == 400


@pytest.mark.parametrize(
    ("listed", "host", "status"),
    [
        ("papers.example", "papers.example", 200), ("papers.example", "Papers.Example:8443", 200), ("papers.example", "a.papers.example", 400),
        ("*.example", "papers.example:80", 200), ("*.example", "example.evil", 400), ("*", "anything.example", 200),
        ("papers.example:8443", "papers.example:8443", 200), ("papers.example:8443", "papers.example:8444", 400),
        ("papers.example:80", "papers.example", 200), ("papers.example:443", "papers.example", 200), ("papers.example:8443", "papers.example", 400),
        ("a.example, [2001:db8::7]:80", "[2001:db8::7]", 200), ("10.0.0.5", "10.0.0.5:7860", 200), ("papers.example", "localhost", 200),
    ],
)  # fmt: skip
def test_listed_names_are_answered_with_their_port_where_one_is_listed(listed: str, host: str, status: int) -> None:
    assert status_for(host, listed) == status


def test_where_people_sign_in_every_name_may_be_allowed_but_no_garbage() -> None:
    assert status_for("papers.example", any_name=True) == 200
    assert status_for("a b", any_name=True) == 400


def test_names_are_parsed_in_small_letters_and_addresses_without_brackets() -> None:
    assert parse_hosts(" Papers.Example. , [::1]:80,, 2001:DB8::1") == (
        Host("papers.example"),
        Host("::1", 80),
        Host("2001:db8::1"),
    )
    assert parse_hosts("") == ()


@pytest.mark.parametrize(
    "name", ["http://papers.example", "papers.example/x", "a b", "papers.example:port", "a*b", "[nonsense]"]
)
def test_what_is_no_host_name_is_refused_in_a_sentence(name: str) -> None:
    with pytest.raises(SettingsError, match="which is not a host name"):
        parse_hosts(f"papers.example, {name}")


def test_only_this_machines_own_addresses_are_loopback() -> None:
    for host in ("127.0.0.1", "127.8.9.10", "::1", "localhost"):
        assert is_loopback(host)
    for host in ("0.0.0.0", "::", "", "192.168.0.7", "127.0.0.1.example.com", "127.evil.example", "example.com"):
        assert not is_loopback(host)
