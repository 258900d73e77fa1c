"""Sockets and connections: where the server listens, how many connections an address may hold, how long they may be silent."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections import Counter
from collections.abc import Collection
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

from rag.errors import NonmunError
from web.proxies import Network, client_key, is_in, is_this_machine, parse_address

HEADERS_WITHIN = 10.0  # seconds until the headers of a request must be there
BODY_WITHIN = 30.0  # seconds until its body must be there
MAX_HEADERS = 64 * 1024  # bytes that come before the headers are whole
PER_ADDRESS, OWN = 200, 600  # connections that one address, and this machine itself, may hold; the server holds 900
BACKLOG = 2048  # connections that wait to be accepted

_TOO_MANY = b"Too many connections from this address are open.\n"
_TOO_LONG = b"The headers of a request may have 65,536 bytes.\n"


def _refusal(status: bytes, said: bytes) -> bytes:
    """Return a whole response that ends its connection."""
    head = b"HTTP/1.1 %b\r\ncontent-type: text/plain\r\nconnection: close\r\n" % status
    return b"%bcontent-length: %d\r\n\r\n%b" % (head, len(said), said)


_FULL = _refusal(b"429 Too Many Requests", _TOO_MANY)
_LONG_HEADERS = _refusal(b"431 Request Header Fields Too Large", _TOO_LONG)


def listen(host: str, port: int) -> list[socket.socket]:
    """Return sockets that listen on every address of a host; an empty host means all addresses of this machine.

    Port 0 takes a free port, the same on every address. Raises NonmunError if the address or the port cannot be had.
    """
    sockets: list[socket.socket] = []
    for family, address in _addresses(host):
        if sockets and not port:
            port = sockets[0].getsockname()[1]
        one = socket.socket(family, socket.SOCK_STREAM)
        sockets.append(one)
        try:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            one.bind((address, port))
            one.listen(BACKLOG)
            one.setblocking(False)
        except OSError as error:
            for opened in sockets:
                opened.close()
            raise NonmunError(_why_not(host, port, error)) from error
    return sockets


def _addresses(host: str) -> list[tuple[socket.AddressFamily, str]]:
    """Return the families and addresses that a host stands for."""
    if not host:
        every = [(socket.AF_INET, "0.0.0.0")]
        return [*every, (socket.AF_INET6, "::")] if socket.has_ipv6 else every
    if parse_address(host) is not None:
        return [(socket.AF_INET6 if ":" in host else socket.AF_INET, host)]
    try:
        host.encode("idna")
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:  # a label of a name has 63 letters at most
        why = getattr(error, "strerror", None) or "it is no host name"
        raise NonmunError(f"{host} is no address or name that can be listened on: {why}.") from error
    return list(dict.fromkeys((family, str(address[0])) for family, _, _, _, address in found))


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} of {host or 'this machine'} is taken. Choose another with --port or NONMUN_PORT."
    if error.errno == errno.EACCES:
        return f"Port {port} needs rights that this program does not have. Choose one above 1023 with --port."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is no address of this machine. Choose one that is with --host."
    return f"Cannot listen on port {port} of {host or 'this machine'}: {error.strerror or error}."


class ConnectionCounts:
    """Count the open connections of each address. A trusted proxy carries many people, so it has no limit."""

    def __init__(self, proxies: Collection[Network] = ()) -> None:
        """Take the networks of the trusted proxies."""
        self._proxies = proxies
        self._open: Counter[str] = Counter()

    def add(self, host: str) -> bool:
        """Count one connection from an address; return False, without counting it, if there are too many."""
        client = client_key(host)
        limit = OWN if is_this_machine(client) else PER_ADDRESS
        if self._open[client] >= limit and not is_in(parse_address(host), self._proxies):
            return False
        self._open[client] += 1
        return True

    def remove(self, host: str) -> None:
        """Forget one connection that was counted."""
        client = client_key(host)
        self._open[client] -= 1
        if not self._open[client]:
            del self._open[client]

    def __len__(self) -> int:
        """Return how many connections are counted."""
        return self._open.total()


def limited_protocol(counts: ConnectionCounts) -> type[asyncio.Protocol]:
    """Return uvicorn's HTTP protocol with a limit on the connections of each address and deadlines for requests.

    Uvicorn closes a connection that is silent after a response. It waits for the first request without an end.
    """

    class LimitedProtocol(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
        _host: str | None = None  # the address, once it is counted
        _deadline: asyncio.TimerHandle | None = None
        _waits_for = ""  # "headers", "body", or nothing
        _headers = 0  # bytes that came while it waits for headers

        def connection_made(self, transport: Any) -> None:
            peer = transport.get_extra_info("peername")
            host = str(peer[0]) if peer else ""
            if not counts.add(host):
                transport.write(_FULL)
                transport.close()
                return
            self._host = host
            super().connection_made(transport)
            self._set_deadline()

        def data_received(self, data: bytes) -> None:
            if self._host is not None:
                super().data_received(data)
                self._set_deadline()
                self._headers = self._headers + len(data) if self._waits_for == "headers" else 0
                if self._headers > MAX_HEADERS and not self.transport.is_closing():
                    self.transport.write(_LONG_HEADERS)
                    self.transport.close()

        def connection_lost(self, error: Exception | None) -> None:
            if self._host is None:
                return
            self._cancel_deadline()
            counts.remove(self._host)
            super().connection_lost(error)

        def eof_received(self) -> Any:
            return super().eof_received() if self._host is not None else None

        def pause_writing(self) -> None:
            if self._host is not None:
                super().pause_writing()

        def resume_writing(self) -> None:
            if self._host is not None:
                super().resume_writing()

        def _set_deadline(self) -> None:
            """Start a new deadline when the connection begins to wait for something else."""
            waits_for = ""
            if self.cycle is None or self.cycle.response_complete:
                waits_for = "headers"
            elif self.cycle.more_body:
                waits_for = "body"
            if waits_for == self._waits_for and self._deadline is not None:
                return
            self._cancel_deadline()
            self._waits_for = waits_for
            if waits_for:
                seconds = HEADERS_WITHIN if waits_for == "headers" else BODY_WITHIN
                self._deadline = self.loop.call_later(seconds, self.transport.close)

        def _cancel_deadline(self) -> None:
            if self._deadline is not None:
                self._deadline.cancel()
                self._deadline = None

    return LimitedProtocol
