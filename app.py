"""The program that serves the chat page (`web/`): flags, where to listen, what may not be left open."""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import ipaddress
import os
import signal
import socket
import sys
import threading
import webbrowser

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # Gradio reads it on import; nothing is to leave this machine

import uvicorn
from fastapi import FastAPI

from rag.errors import NonmunError, SettingsError
from rag.pipeline import Pipeline
from rag.settings import Settings, read_settings
from web.keys import Keys, read_keys
from web.page import build_app

WARM_AFTER = 4.0  # seconds; loading the ranking at once would slow the first page and the first question down


STOPPING = 9  # seconds until the last connection is closed; answers end before (`web.desk.LAST_WORDS`)
CONNECTIONS = 900  # open at once; a process may usually hold 1,024 files


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _port_is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def main(argv: list[str] | None = None) -> int:
    """Serve the page until stopped; 2 when it cannot start."""
    parser = argparse.ArgumentParser(description="The Nonmun chat page.")
    parser.add_argument("--store", help="folder of the index, or http://host:port of a Chroma server")
    parser.add_argument("--host", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port (default 7860)")
    parser.add_argument("--open", action="store_true", help="open the page in a browser")
    args = parser.parse_args(argv)
    try:
        settings = read_settings({"store": args.store, "host": args.host, "port": args.port})
        keys = _checked_keys(settings)
        if not _port_is_free(settings.host, settings.port):
            raise NonmunError(f"Port {settings.port} of {settings.host} is taken. Choose another with --port.")
        pipeline = Pipeline(settings)
    except NonmunError as error:
        sys.stderr.write(f"nonmun: {error}\n")
        return 2
    _keep_memory_together()
    sys.setswitchinterval(0.001)  # the loop that serves readers waits less for threads that compute
    warming = threading.Timer(WARM_AFTER, _warm, (pipeline,))
    warming.daemon = True
    warming.start()
    url = f"http://{f'[{settings.host}]' if ':' in settings.host else settings.host}:{settings.port}"
    if keys is None and not settings.auth_header and not _is_loopback(settings.host):
        sys.stderr.write(f"nonmun: NONMUN_AUTH is off: whoever reaches {settings.host} may ask.\n")
    sys.stderr.write(f"{_indexed(pipeline)} The page is at {url} (Ctrl+C stops it).\n")
    if args.open and (
        sys.platform in ("darwin", "win32") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        threading.Timer(1.5, webbrowser.open, (url,)).start()
    named = [name.strip() for name in settings.hosts.split(",") if name.strip()]
    here = ["127.0.0.1", "localhost", "[::1]", *named]
    hosts = here if named or _is_loopback(settings.host) else ["*"]
    own = _is_loopback(settings.host) and not (keys or settings.auth_header or settings.proxies)
    page = build_app(pipeline, hosts, keys, own)
    server = _Server(page, settings)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # the server raises the signals it has obeyed once more
    with contextlib.suppress(KeyboardInterrupt, SystemExit):
        server.run()
    sys.stderr.flush()
    if (
        server.started and threading.active_count() > 1
    ):  # a model that does not answer holds a thread; nobody waits for it
        os._exit(0)
    return 0 if server.started else 2


def _checked_keys(settings: Settings) -> Keys | None:
    """Return who may come in, None for whoever reaches the page. Raises SettingsError for doors left open unawares."""
    if settings.auth_header and (settings.asks_password or settings.auth_file):
        raise SettingsError(
            "NONMUN_AUTH_HEADER stands beside NONMUN_AUTH or NONMUN_AUTH_FILE. Choose one way to sign in."
        )
    if settings.auth_header and not settings.proxies:
        raise SettingsError(
            "NONMUN_AUTH_HEADER is believed from a trusted proxy only: name its address in NONMUN_TRUSTED_PROXY."
        )
    keys = read_keys(settings)
    guarded = keys is not None or settings.auth_header
    if not guarded and settings.auth.reveal() != "off" and not _is_loopback(settings.host):
        raise SettingsError(
            f"{settings.host or 'Every address'} can be reached from outside. Let readers sign in (NONMUN_AUTH_FILE, made with "
            "nonmun password NAME; or NONMUN_AUTH=NAME:PASSWORD), or say that anyone may ask: NONMUN_AUTH=off."
        )
    if settings.mcp == "on" and guarded and not settings.mcp_token.reveal():
        raise SettingsError(
            "NONMUN_MCP is on and the page asks who comes: set NONMUN_MCP_TOKEN too, or anyone may ask."
        )
    return keys


class _Server(uvicorn.Server):
    """Serves the page; told to stop, it takes no more and ends the answers it is giving."""

    def __init__(self, page: FastAPI, settings: Settings) -> None:
        self._page = page
        super().__init__(
            uvicorn.Config(
                page, host=settings.host, port=settings.port, log_level="warning", proxy_headers=False,
                timeout_graceful_shutdown=STOPPING, limit_concurrency=CONNECTIONS, server_header=False,
            )
        )  # fmt: skip

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop."""
        self._page.state.stop()
        await super().shutdown(sockets)


def _indexed(pipeline: Pipeline) -> str:
    try:
        return f"{len(pipeline.snapshot().catalogue):,} papers."
    except NonmunError as error:  # the page says so too, and goes on when there is an index
        return str(error)


def _keep_memory_together() -> None:
    """Have all threads share two heaps: glibc gives each its own, and what a question took stays with its thread."""
    with contextlib.suppress(OSError, AttributeError, TypeError):  # another system, or another C library
        ctypes.CDLL(None).mallopt(-8, 2)  # M_ARENA_MAX


def _warm(pipeline: Pipeline) -> None:
    try:
        pipeline.warm()
    except NonmunError as error:
        sys.stderr.write(f"nonmun: {error}\n")


if __name__ == "__main__":
    sys.exit(main())
