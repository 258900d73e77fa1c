"""How often one person may ask, how large a request may be, and who holds the token."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import pytest
from starlette.types import Message, Receive, Scope, Send

from web.doors import MAX_BODY, Allowance, Bearer, Guard


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
    assert asked(Guard(echo), path="/gradio_api/upload/", pieces=())[0]["status"] == 413
    names = {name for name, _ in asked(Guard(echo))[0]["headers"]}
    assert {b"content-security-policy", b"x-content-type-options", b"referrer-policy"} <= names


@pytest.mark.parametrize(
    ("said", "status"), [(b"Bearer a-token", 200), (b"Bearer A-token", 401), (b"a-token", 401), (b"", 401)]
)
def test_only_the_token_opens_the_tools(said: bytes, status: int) -> None:
    sent = asked(Bearer(echo, "a-token"), headers=[(b"authorization", said)])
    assert sent[0]["status"] == status
