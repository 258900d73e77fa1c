"""Sockets and connections: where the server listens, how many connections an address holds, how long they may be silent."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
from collections.abc import Iterator
from ipaddress import ip_network

import pytest
import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from rag.errors import NonmunError
from web import connections
from web.connections import ConnectionCounts, limited_protocol, listen


@contextlib.contextmanager
def listening(host: str, port: int = 0) -> Iterator[list[socket.socket]]:
    sockets = listen(host, port)
    try:
        yield sockets
    finally:
        for one in sockets:
            one.close()


def test_port_0_takes_a_free_port_and_the_same_on_every_address() -> None:
    with listening("127.0.0.1") as sockets:
        assert sockets[0].getsockname()[1] > 0
    with listening("localhost") as sockets:
        assert len({one.getsockname()[1] for one in sockets}) == 1


def test_a_port_is_said_to_be_taken_only_when_it_is() -> None:
    with listening("127.0.0.1") as sockets:
        port = sockets[0].getsockname()[1]
        with pytest.raises(
            NonmunError, match=f"Port {port} of 127.0.0.1 is taken. Choose another with --port or NONMUN_PORT"
        ):
            listen("127.0.0.1", port)
    with pytest.raises(NonmunError, match="needs rights that this program does not have"):
        raise NonmunError(connections._why_not("127.0.0.1", 80, PermissionError(errno.EACCES, "")))


@pytest.mark.parametrize("host", ["...", "x" * 64, "::1%nothing"])
def test_what_is_no_host_is_said_in_a_sentence(host: str) -> None:
    with pytest.raises(NonmunError) as caught:
        listen(host, 0)
    assert host in str(caught.value)
    assert "Unknown error" not in str(caught.value)


def test_an_address_holds_so_many_connections_and_others_are_not_touched() -> None:
    counts = ConnectionCounts([ip_network("203.0.113.0/28")])
    assert all(counts.add("198.51.100.7") for _ in range(connections.PER_ADDRESS))
    assert not counts.add("198.51.100.7")
    assert counts.add("198.51.100.8")
    assert all(counts.add("203.0.113.1") for _ in range(connections.OWN + 1))  # a trusted proxy carries many people
    assert all(counts.add("2001:db8:1:2::1") for _ in range(connections.PER_ADDRESS))
    assert not counts.add("2001:db8:1:2:3:4:5:6")  # the same household
    counts.remove("198.51.100.7")
    assert counts.add("198.51.100.7")


async def _echo(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        await PlainTextResponse(body)(scope, receive, send)


async def _served(work: object) -> ConnectionCounts:
    """Run a coroutine function against a served page; return the counts once its connections are closed."""
    counts = ConnectionCounts()
    config = uvicorn.Config(_echo, http=limited_protocol(counts), log_level="critical", lifespan="off")
    server = uvicorn.Server(config)
    with listening("127.0.0.1") as sockets:
        running = asyncio.create_task(server._serve(sockets))
        try:
            await work(sockets[0].getsockname()[1])  # type: ignore[operator]
            async with asyncio.timeout(30):
                while len(counts):
                    await asyncio.sleep(0.01)
        finally:
            server.should_exit = True
            await running
    return counts


async def _rest(port: int, *pieces: bytes) -> bytes:
    """Send pieces, then stay silent; return all that comes until the server closes the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
    async with asyncio.timeout(30):
        found = await reader.read()
    writer.close()
    return found


REQUEST = b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n\r\n"


def test_connections_that_stay_silent_are_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEADERS_WITHIN", 0.2)
    monkeypatch.setattr(connections, "BODY_WITHIN", 0.2)

    async def work(port: int) -> None:
        assert await _rest(port) == b""  # says nothing at all
        assert await _rest(port, b"POST / HT") == b""  # stops in the headers
        assert b"200 OK" not in await _rest(port, REQUEST + b"12")  # stops in the body
        found = await _rest(port, REQUEST + b"1234", REQUEST[:20])  # answers, then stops in the next headers
        assert found.endswith(b"1234")
        assert b"200 OK" in found

    asyncio.run(_served(work))


def test_headers_without_an_end_are_refused_long_before_their_deadline() -> None:
    async def work(port: int) -> None:
        line = b"x-filler: " + b"a" * 16_000 + b"\r\n"
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(REQUEST[:-2])
        for _ in range(5):
            writer.write(line)
            await writer.drain()
            await asyncio.sleep(0.05)
        async with asyncio.timeout(5):
            said = await reader.read()
        writer.close()
        assert said.startswith(b"HTTP/1.1 431 ")
        assert b"65,536 bytes" in said
        body = b"1" * 300_000  # what comes behind the headers is no header
        long = REQUEST.replace(b"content-length: 4", b"connection: close\r\ncontent-length: 300000")
        assert (await _rest(port, long, body)).endswith(body)

    asyncio.run(_served(work))


def test_a_slow_answer_is_not_cut_by_the_deadlines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEADERS_WITHIN", 0.1)
    monkeypatch.setattr(connections, "BODY_WITHIN", 30.0)

    async def work(port: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(REQUEST)
        await asyncio.sleep(0.5)  # the headers are complete; their deadline no longer counts
        writer.write(b"1234")
        async with asyncio.timeout(30):
            assert b"200 OK" in await reader.readuntil(b"1234")
        writer.close()

    asyncio.run(_served(work))


def test_one_connection_too_many_is_told_and_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "OWN", 3)

    async def work(port: int) -> None:
        held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
        assert b"429 Too Many Requests" in await _rest(port)
        for _, writer in held:
            writer.close()
        async with asyncio.timeout(30):
            while b"200 OK" not in await _rest(port, REQUEST.replace(b"host: x", b"connection: close") + b"1234"):
                await asyncio.sleep(0.01)

    asyncio.run(_served(work))
