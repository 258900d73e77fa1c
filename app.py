"""The program that serves the chat page (`web/`): flags, checks before the start, the server."""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import gc
import os
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable, Collection
from pathlib import Path

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # Gradio reads this on import; the program sends nothing anywhere

import uvicorn
from fastapi import FastAPI

from rag.commands.console import counted
from rag.corpus.digests import find_digests
from rag.errors import NonmunError, SettingsError
from rag.feeds.daily import daily
from rag.feeds.fetch import FetchReport, fetch, first_day
from rag.feeds.listed import Source
from rag.feeds.sources import client_of, source_of
from rag.index.ingest import ingest
from rag.pipeline import Pipeline
from rag.readers import today
from rag.settings import Settings, masked_url, read_settings
from rag.wiring import embedder
from web.authentication import Credentials, read_credentials
from web.connections import ConnectionCounts, limited_protocol, listen
from web.hosts import is_loopback
from web.logs import limit_logs
from web.page import build_app
from web.proxies import parse_address

WARM_AFTER = 1.0  # seconds; loading everything at once would slow down the first page, which takes .8 s to be ready
FETCH_AFTER = 10.0  # seconds until the first fetch of a feed
STOPPING = 9  # seconds until the last connection is closed; answers end before (`web.answering.LAST_WORDS`)
CONNECTIONS = 900  # open at once; a process may usually hold 1,024 files


def main(argv: list[str] | None = None) -> int:
    """Serve the page until the program is stopped. Return the exit status: 2 if the page cannot be served."""
    args = _parse_flags(argv)
    with contextlib.ExitStack() as stack:
        try:
            flags = {"store": args.store, "host": args.host, "port": args.port, "feed": args.feed}
            settings = read_settings(flags)
            credentials = read_checked_credentials(settings)
            sockets = [stack.enter_context(one) for one in listen(settings.host, settings.port)]
            pipeline = Pipeline(settings)
            warming = threading.Thread(target=_warm_ranking, args=(pipeline,), daemon=True)
            warming.start()  # beside the building of the page; no first question waits for it
            signs_in = credentials is not None or bool(settings.auth_header)
            own = is_loopback(settings.host) and not (signs_in or settings.proxies)
            page = build_app(pipeline, credentials, own)
            feed = source_of(settings.feed, client_of(settings), settings) if settings.feed else None
        except NonmunError as error:
            sys.stderr.write(f"nonmun: {error}\n")
            return 2
        url = _url(settings.host, sockets[0].getsockname()[1])
        if not signs_in and not is_loopback(settings.host):
            sys.stderr.write(f"nonmun: NONMUN_AUTH is off: whoever reaches {settings.host} may ask.\n")
        sys.stderr.write(f"{_index_state(pipeline)} The page is at {url} (Ctrl+C stops it).\n")
        if feed:
            sys.stderr.write(f"nonmun: fetches {feed.name} from {masked_url(feed.address)} once a day.\n")
            _start_later(FETCH_AFTER, _follow, feed, pipeline)
        if args.open and _has_screen():
            threading.Timer(1.5, webbrowser.open, (url,)).start()
        warming.join()
        return _serve(page, pipeline, sockets)


def _parse_flags(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="The Nonmun chat page.")
    parser.add_argument("--store", help="folder of the index, or http://host:port of a Chroma server")
    parser.add_argument("--host", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port (default 7860; 0 takes a free one)")
    parser.add_argument("--feed", help="fetch and index this source once a day (see nonmun fetch)")
    parser.add_argument("--open", action="store_true", help="open the page in a browser")
    return parser.parse_args(argv)


def read_checked_credentials(settings: Settings) -> Credentials | None:
    """Read who may sign in; None for a page without a sign-in.

    Raises SettingsError if the settings contradict each other, or leave the page or its tools open without saying so.
    """
    if settings.auth_header and (settings.asks_password or settings.auth_file):
        raise SettingsError(
            "NONMUN_AUTH_HEADER stands beside NONMUN_AUTH or NONMUN_AUTH_FILE. Choose one way to sign in."
        )
    if settings.auth_header and not settings.proxies:
        raise SettingsError(
            "NONMUN_AUTH_HEADER is believed from a trusted proxy only: name its address in NONMUN_TRUSTED_PROXY."
        )
    credentials = read_credentials(settings)
    signs_in = credentials is not None or settings.auth_header
    if not signs_in and settings.auth.reveal() != "off" and not is_loopback(settings.host):
        raise SettingsError(
            f"{settings.host or 'Every address'} can be reached from outside. Let readers sign in (NONMUN_AUTH_FILE, "
            "made with nonmun password NAME; or NONMUN_AUTH=NAME:PASSWORD), or say that anyone may ask: NONMUN_AUTH=off."
        )
    if settings.chats == "server" and not signs_in:
        raise SettingsError(
            "NONMUN_CHATS is server, but nobody signs in, so all would share one list of chats. Let readers sign in "
            "(NONMUN_AUTH_FILE, made with nonmun password NAME), or leave chats in the browser."
        )
    if settings.uploads == "on" and not signs_in:
        raise SettingsError(
            "NONMUN_UPLOADS is on, but nobody signs in, so whoever reaches the page could add digests. Let readers sign in "
            "(NONMUN_AUTH_FILE, made with nonmun password NAME), or leave it off."
        )
    if settings.mcp == "on" and signs_in and not settings.mcp_token.reveal():
        raise SettingsError(
            "NONMUN_MCP is on and the page asks who comes: set NONMUN_MCP_TOKEN too, or anyone may ask."
        )
    return credentials


def _url(host: str, port: int) -> str:
    """Return an address that a browser of this machine can open; the page does not answer to the name 0.0.0.0."""
    address = parse_address(host)
    if not host or (address is not None and address.is_unspecified):
        host = "localhost"
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def _index_state(pipeline: Pipeline) -> str:
    """Return how many papers are indexed, or why the index cannot be read. The page starts either way."""
    try:
        return f"{len(pipeline.snapshot().catalogue):,} papers."
    except NonmunError as error:
        return str(error)


def _has_screen() -> bool:
    """Tell whether a browser can be opened here."""
    has_window_system = sys.platform in ("darwin", "win32")
    return has_window_system or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _serve(page: FastAPI, pipeline: Pipeline, sockets: Collection[socket.socket]) -> int:
    """Serve the page until the program is stopped. Return the exit status."""
    _share_heaps()
    sys.setswitchinterval(0.001)  # seconds; the loop that serves readers then waits less for threads that compute
    _start_later(WARM_AFTER, _warm, pipeline)
    server = _Server(page, pipeline.settings)
    limit_logs()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # uvicorn raises the signals that it obeyed once more
    with contextlib.suppress(KeyboardInterrupt, SystemExit):
        server.run(sockets=list(sockets))
    sys.stderr.flush()
    if server.started:  # do not wait for threads: one may hold a model that does not answer
        os._exit(0)
    return 0 if server.started else 2


class _Server(uvicorn.Server):
    """Serves the page. Told to stop, it accepts no new connection and ends the answers it is giving."""

    def __init__(self, page: FastAPI, settings: Settings) -> None:
        self._page = page
        config = uvicorn.Config(
            page,
            http=limited_protocol(ConnectionCounts(settings.proxies)),
            log_level="warning",
            proxy_headers=False,
            timeout_graceful_shutdown=STOPPING,
            limit_concurrency=CONNECTIONS,
            server_header=False,
        )
        super().__init__(config)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop, and end the program in any case: MCP would wait for a model that does not answer."""
        self._page.state.stop()
        last_resort = threading.Timer(STOPPING + 2, os._exit, (0,))
        last_resort.daemon = True
        last_resort.start()
        await super().shutdown(sockets)


def _share_heaps() -> None:
    """Have all threads share two heaps. glibc gives each thread its own, which keeps what a question took."""
    with contextlib.suppress(OSError, AttributeError, TypeError):  # another system, or another C library
        ctypes.CDLL(None).mallopt(-8, 2)  # M_ARENA_MAX


def _start_later(seconds: float, work: Callable[..., None], *arguments: object) -> None:
    """Run work in a thread that does not keep the program alive."""
    timer = threading.Timer(seconds, work, arguments)
    timer.daemon = True
    timer.start()


def _follow(feed: Source, pipeline: Pipeline) -> None:
    """Fetch and index a source once a day, with the sentences of abstracts; no model is asked."""
    folder = Path(pipeline.settings.feed_folder).expanduser()

    def fetch_new() -> FetchReport:
        folder.mkdir(parents=True, exist_ok=True)
        until = today()
        return fetch(feed, folder, first_day(folder, until), until)

    def index() -> None:
        if any(find_digests(folder)):
            ingest(pipeline.store, embedder(pipeline.settings), [folder])

    for report in daily(fetch_new, index, _say):
        _say(f"{counted(report.added, 'new paper')} of {report.source}, {report.since} to {report.until}.")


def _say(text: str) -> None:
    sys.stderr.write(f"nonmun: {text}\n")


def _warm_ranking(pipeline: Pipeline) -> None:
    with contextlib.suppress(NonmunError):  # the page says what is wrong with the index
        pipeline.warm_ranking()


def _warm(pipeline: Pipeline) -> None:
    """Load what first questions would wait for, and keep the garbage collector from looking through it ever again."""
    try:
        pipeline.warm()
        gc.collect()
        gc.freeze()
    except NonmunError as error:
        sys.stderr.write(f"nonmun: {error}\n")


if __name__ == "__main__":
    sys.exit(main())
