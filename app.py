"""The program that serves the chat page (`web/`): flags, where to listen, what may not be left open."""

from __future__ import annotations

import argparse
import os
import socket
import sys
import threading
import webbrowser

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # Gradio reads it on import; nothing is to leave this machine

import uvicorn

from rag.errors import NonmunError, SettingsError
from rag.pipeline import Pipeline
from rag.settings import read_settings
from web.page import build_app

WARM_AFTER = 4.0  # seconds; loading the ranking at once would slow the first page and the first question down


def _is_loopback(host: str) -> bool:
    return host == "localhost" or host == "::1" or host.startswith("127.")


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
        if not settings.auth.reveal() and not _is_loopback(settings.host):
            raise NonmunError(
                f"{settings.host} can be reached from outside. Set a name and password with NONMUN_AUTH=USER:PASSWORD."
            )
        if not _port_is_free(settings.host, settings.port):
            raise NonmunError(f"Port {settings.port} of {settings.host} is taken. Choose another with --port.")
        if settings.mcp == "on" and settings.auth.reveal() and not settings.mcp_token.reveal():
            raise SettingsError(
                "NONMUN_MCP is on and the page asks for a password: set NONMUN_MCP_TOKEN too, or anyone may ask."
            )
        pipeline = Pipeline(settings)
    except NonmunError as error:
        sys.stderr.write(f"nonmun: {error}\n")
        return 2
    sys.setswitchinterval(0.001)  # the loop that serves readers waits less for threads that compute
    warming = threading.Timer(WARM_AFTER, _warm, (pipeline,))
    warming.daemon = True
    warming.start()
    url = f"http://{settings.host}:{settings.port}"
    sys.stderr.write(f"{_indexed(pipeline)} The page is at {url} (Ctrl+C stops it).\n")
    if args.open and (
        sys.platform in ("darwin", "win32") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        threading.Timer(1.5, webbrowser.open, (url,)).start()
    hosts = ["127.0.0.1", "localhost", "[::1]"] if _is_loopback(settings.host) else ["*"]
    user, _, password = settings.auth.reveal().partition(":")
    page = build_app(pipeline, hosts, (user, password) if user else None)
    uvicorn.run(
        page, host=settings.host, port=settings.port, log_level="warning", timeout_graceful_shutdown=3,
        proxy_headers=bool(settings.trusted_proxy), forwarded_allow_ips=settings.trusted_proxy,
    )  # fmt: skip
    return 0


def _indexed(pipeline: Pipeline) -> str:
    try:
        return f"{len(pipeline.snapshot().catalogue):,} papers."
    except NonmunError as error:  # the page says so too, and goes on when there is an index
        return str(error)


def _warm(pipeline: Pipeline) -> None:
    try:
        pipeline.warm()
    except NonmunError as error:
        sys.stderr.write(f"nonmun: {error}\n")


if __name__ == "__main__":
    sys.exit(main())
