"""Rate limits, for one person and for one address."""

from __future__ import annotations

import asyncio
import json

import pytest
from starlette.types import Message, Receive, Scope, Send

from tests.web.asgi import echo
from web.rate_limits import AddressLimits, RateLimit


def test_a_person_may_ask_in_bursts_and_then_in_turn_and_nobody_else_waits_for_it() -> None:
    allowance = RateLimit(burst=3, every=2.0)
    assert [allowance.take("김", now=0.0) for _ in range(4)] == [True, True, True, False]
    assert allowance.take("이", now=0.0)
    assert not allowance.take("김", now=1.9)
    assert allowance.take("김", now=4.0)


def test_people_who_are_long_gone_are_forgotten() -> None:
    allowance = RateLimit(burst=1, keys=5)
    for n in range(50):
        allowance.take(str(n), now=0.0)
    assert len(allowance._left) == 5


def test_a_password_that_fits_is_not_counted() -> None:
    allowance = RateLimit(burst=2, every=100.0)
    for _ in range(5):
        assert allowance.take("kim", now=0.0)
        allowance.give_back("kim")
    assert [allowance.take("kim", now=0.0) for _ in range(3)] == [True, True, False]


def posted(app: AddressLimits, client: str, path: str = "/page/ask", **headers: str) -> list[Message]:
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
    app = AddressLimits(echo)
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
    app = AddressLimits(echo)
    assert {posted(app, "127.0.0.1")[0]["status"] for _ in range(400)} == {200}


def test_requests_of_one_address_that_are_open_at_once_have_a_bound_and_are_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(AddressLimits, "OPEN", 3)

    async def work() -> tuple[list[int], int]:
        over = asyncio.Event()

        async def slow(scope: Scope, receive: Receive, send: Send) -> None:
            await over.wait()
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b""})

        fair, statuses = AddressLimits(slow), []

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
