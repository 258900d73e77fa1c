"""How often one person may ask, how large a request may be, and who holds the token."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from ipaddress import ip_network

import pytest
from starlette.types import Message, Receive, Scope, Send

from web.doors import MAX_BODY, Allowance, Bearer, Believed, Fair, Guard, caller, hashes


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


def asked(
    app: object, path: str = "/", headers: Iterable[tuple[bytes, bytes]] = (), pieces: Iterable[bytes] = (b"",)
) -> list[Message]:
    """Send one request in pieces and return what the app sends back."""
    waiting = list(pieces)
    sent: list[Message] = []

    async def receive() -> Message:
        piece = waiting.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(waiting)}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(app({"type": "http", "method": "GET", "path": path, "headers": list(headers)}, receive, send))  # type: ignore[operator]
    return sent


def test_a_person_may_ask_in_bursts_and_then_in_turn_and_nobody_else_waits_for_it() -> None:
    allowance = Allowance(burst=3, every=2.0)
    assert [allowance.take("김", now=0.0) for _ in range(4)] == [True, True, True, False]
    assert allowance.take("이", now=0.0)
    assert not allowance.take("김", now=1.9)
    assert allowance.take("김", now=4.0)


def test_people_who_are_long_gone_are_forgotten() -> None:
    allowance = Allowance(burst=1, people=5)
    for n in range(50):
        allowance.take(str(n), now=0.0)
    assert len(allowance._left) == 5


@pytest.mark.parametrize("length", [b"65537", b"-1", b"many", b"1e3"])
def test_a_body_that_says_it_is_too_large_is_refused_before_it_comes(length: bytes) -> None:
    sent = asked(Guard(echo), headers=[(b"content-length", length)], pieces=())
    assert sent[0]["status"] == 413


def test_a_body_that_does_not_say_its_length_is_cut_off() -> None:
    assert asked(Guard(echo), pieces=[b"x" * 40_000, b"x" * 40_000, b""]) == []
    assert asked(Guard(echo), pieces=[b"x" * MAX_BODY])[1]["body"] == b"x" * MAX_BODY


def test_uploads_are_closed_and_every_answer_has_the_headers() -> None:
    assert asked(Guard(echo), path="/gradio_api/upload/", pieces=())[0]["status"] == 404
    names = {name for name, _ in asked(Guard(echo))[0]["headers"]}
    assert {b"content-security-policy", b"x-content-type-options", b"referrer-policy"} <= names


@pytest.mark.parametrize(
    ("said", "status"), [(b"Bearer a-token", 200), (b"Bearer A-token", 401), (b"a-token", 401), (b"", 401)]
)
def test_only_the_token_opens_the_tools(said: bytes, status: int) -> None:
    sent = asked(Bearer(echo, "a-token"), headers=[(b"authorization", said)])
    assert sent[0]["status"] == status


def posted(app: Fair, client: str, path: str = "/page/ask", **headers: str) -> list[Message]:
    """Send one POST from an address and return what the app sends back."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    async def send(message: Message) -> None:
        sent.append(message)

    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "POST", "path": path, "headers": named, "client": (client, 1)}
    asyncio.run(app(scope, receive, send))
    return sent


def test_an_address_may_ask_so_much_whatever_its_headers_and_its_questions_say() -> None:
    app = Fair(echo)
    paths = ("/page/ask", "/gradio_api/call/v2/ask", "/mcp/gradio_api/mcp/")
    found = [
        posted(app, "203.0.113.7", paths[n % 3], x_forwarded_for=f"198.51.100.{n}", forwarded=f"for=192.0.2.{n}")
        for n in range(130)
    ]
    statuses = [sent[0]["status"] for sent in found]
    assert statuses[:120] == [200] * 120
    assert 429 in statuses[120:]
    refused = next(sent for sent in found if sent[0]["status"] == 429)
    assert "from this address" in json.loads(refused[1]["body"])["error"]
    assert dict(refused[0]["headers"])[b"retry-after"] == b"5"
    assert posted(app, "203.0.113.8")[0]["status"] == 200
    assert posted(app, "203.0.113.7", "/page/verdict")[0]["status"] == 200


def test_programs_of_this_machine_may_ask_more() -> None:
    app = Fair(echo)
    assert {posted(app, "127.0.0.1")[0]["status"] for _ in range(400)} == {200}


@pytest.mark.parametrize(
    ("client", "who"),
    [
        ("203.0.113.7", "203.0.113.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("::1", "::1"),
        ("::ffff:203.0.113.7", "203.0.113.7"), ("testclient", "testclient"),
    ],
)  # fmt: skip
def test_who_asks_is_an_address_or_the_network_of_a_household(client: str, who: str) -> None:
    assert caller({"type": "http", "client": (client, 1), "headers": [(b"x-forwarded-for", b"192.0.2.1")]}) == who


def test_the_scripts_of_a_page_are_named_and_no_others() -> None:
    # the digest of alert(1), as openssl dgst -sha256 -binary | base64 gives it
    page = b"<script src=/a.js></script><p>alert(2)</p><script type='module'>alert(1)</script>"
    assert hashes(page) == " 'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"

    async def shown(scope: Scope, receive: Receive, send: Send) -> None:
        await send(
            {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html; charset=utf-8")]}
        )
        await send({"type": "http.response.body", "body": page[:40], "more_body": True})
        await send({"type": "http.response.body", "body": page[40:]})

    sent = asked(Guard(shown))
    policy = dict(sent[0]["headers"])[b"content-security-policy"].decode()
    assert "script-src 'self' 'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI=';" in policy
    assert b"".join(part["body"] for part in sent[1:]) == page
    assert "script-src 'self';" in dict(asked(Guard(echo))[0]["headers"])[b"content-security-policy"].decode()


def heard(client: str, proxies: Iterable[str], *headers: tuple[bytes, bytes]) -> tuple[str, list[tuple[bytes, bytes]]]:
    """Return who asks and which headers are left once a request has come through `Believed`."""
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
    asyncio.run(Believed(app, [ip_network(one) for one in proxies], "Remote-User")(scope, never, ignore))
    return caller(found[0]), found[0]["headers"]


@pytest.mark.parametrize(
    ("client", "proxies", "who", "believed"),
    [
        ("10.0.0.2", ["10.0.0.2"], "203.0.113.7", True), ("10.0.0.9", ["10.0.0.0/24"], "203.0.113.7", True),
        ("2001:db8::2", ["2001:db8::/64"], "203.0.113.7", True), ("10.0.0.3", ["10.0.0.2"], "10.0.0.3", False),
        ("10.0.0.2", [], "10.0.0.2", False), ("127.0.0.1", ["10.0.0.0/8"], "127.0.0.1", False), ("somewhere", ["10.0.0.2"], "somewhere", False),
    ],
)  # fmt: skip
def test_only_a_proxy_that_is_named_is_believed_about_its_caller(
    client: str, proxies: list[str], who: str, believed: bool
) -> None:
    claims = [(b"x-forwarded-for", b"192.0.2.66, 203.0.113.7"), (b"x-forwarded-host", b"evil.example"),
              (b"forwarded", b"for=192.0.2.66"), (b"remote-user", b"kim")]  # fmt: skip
    found, left = heard(client, proxies, (b"accept", b"*/*"), *claims)
    assert found == who
    assert left == [(b"accept", b"*/*"), *(claims if believed else [])]


def test_requests_of_one_address_that_are_open_at_once_have_a_bound_and_are_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Fair, "OPEN", 3)

    async def work() -> tuple[list[int], int]:
        over = asyncio.Event()

        async def slow(scope: Scope, receive: Receive, send: Send) -> None:
            await over.wait()
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b""})

        fair, statuses = Fair(slow), []

        async def ask(client: str) -> None:
            async def send(message: Message) -> None:
                if "status" in message:
                    statuses.append(message["status"])

            async def receive() -> Message:
                return {"type": "http.request", "body": b""}

            await fair(
                {"type": "http", "method": "GET", "path": "/", "headers": [], "client": (client, 1)}, receive, send
            )

        open_ones = [asyncio.create_task(ask(client)) for client in ["203.0.113.9"] * 3 + ["203.0.113.8"]]
        await asyncio.sleep(0)
        await ask("203.0.113.9")
        assert statuses == [429]
        over.set()
        await asyncio.gather(*open_ones)
        return statuses, len(fair._open)

    assert asyncio.run(work()) == ([429, 200, 200, 200, 200], 0)


@pytest.mark.parametrize(
    ("path", "is_open"),
    [
        ("/", True), ("/page/ask", True), ("/page/static/page.js", True), ("/assets/index-Bq1.js", True), ("/static/fonts/a.woff2", True),
        ("/gradio_api/call/v2/ask/0f1e", True), ("/gradio_api/queue/join", True), ("/mcp/gradio_api/mcp/", True), ("/login/", True),
        ("/page/static/.env", False), ("/page/static/../page.py", False), ("/assets/a/../../b", False), ("/static//etc/passwd", False),
        ("/gradio_api/file=/etc/passwd", False), ("/gradio_api/upload", False), ("/gradio_api/queue/join/x/y", False), ("//", False),
        ("/gradio_api/call/ask/x/file=", False), ("/page/static/a\x00.css", False), ("/page/static/a\n", False), ("/healthz/x", False),
        ("/gradio_api/heartbeat/../upload", False), ("/mcp/gradio_api/upload", False), ("/페이지", False),
    ],
)  # fmt: skip
def test_only_the_ways_that_are_used_are_open(path: str, is_open: bool) -> None:
    assert (asked(Guard(echo), path=path)[0]["status"] == 200) is is_open


def test_a_password_that_fits_is_not_counted() -> None:
    allowance = Allowance(burst=2, every=100.0)
    for _ in range(5):
        assert allowance.take("kim", now=0.0)
        allowance.give_back("kim")
    assert [allowance.take("kim", now=0.0) for _ in range(3)] == [True, True, False]
