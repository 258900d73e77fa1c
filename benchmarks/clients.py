"""The product's page from outside: a browser that opens it cold, and many programs that ask at once over HTTP.

    python -m benchmarks.clients page PYTHON STORE QUESTION
    python -m benchmarks.clients http PYTHON STORE QUESTIONS.json CLIENTS[,CLIENTS…]

Starts the page with the given Python, prints one JSON value, and stops it.
"""

from __future__ import annotations

import http.client
import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import local
from typing import Any

from benchmarks.measuring import ROOT, BenchmarkError, clean_environment, memory_mb

_PATIENCE = 120.0  # seconds until the page must serve, or an answer come
_CALLS = "/api"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was just started: its port, its process, when it was started (perf_counter)."""

    port: int
    pid: int
    started: float


@contextmanager
def page(python: str, store: str) -> Iterator[Page]:
    """Start the page over a store on a free port, and stop it in the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    started = time.perf_counter()
    child = subprocess.Popen(
        [python, str(ROOT / "app.py"), "--store", store, "--port", str(port)],
        cwd=ROOT, env=clean_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield Page(port, child.pid, started)
    finally:
        child.terminate()
        try:
            child.wait(timeout=15)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def served(opened: Page) -> float:
    """Wait until the page is served whole; return the seconds since it was started. Raises BenchmarkError."""
    while time.perf_counter() - opened.started < _PATIENCE:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", opened.port, timeout=_PATIENCE)
            connection.request("GET", "/")
            reply = connection.getresponse()
            if reply.status == 200 and reply.read():
                return time.perf_counter() - opened.started
        except OSError:
            time.sleep(0.02)
        finally:
            connection.close()
    raise BenchmarkError(f"the page did not serve within {_PATIENCE:.0f} s")


class Asker:
    """Asks through the HTTP API (`/api/ask`), one connection a thread."""

    def __init__(self, port: int) -> None:
        self._port, self._own = port, local()

    def _request(self, method: str, path: str, body: str | None = None) -> bytes:
        if not hasattr(self._own, "connection"):
            self._own.connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=_PATIENCE)
        self._own.connection.request(method, path, body, {"content-type": "application/json"})
        reply = self._own.connection.getresponse()
        data: bytes = reply.read()
        if reply.status != 200:
            raise BenchmarkError(f"{path} answered {reply.status}")
        return data

    def warm(self) -> None:
        """Let the page load its ranking now: it would begin some seconds after it serves."""
        self._request("POST", f"{_CALLS}/search_papers", '{"query": "Mamba"}')

    def ask(self, row: dict[str, str]) -> float:
        """Ask one question and read the whole answer; milliseconds, or -1 for an error."""
        began = time.perf_counter()
        try:
            body = json.dumps({"question": row["text"], "as_of": row.get("as_of", "")})
            if b'"citations"' not in self._request("POST", f"{_CALLS}/ask", body):
                return -1.0
        except (OSError, http.client.HTTPException, ValueError, KeyError, BenchmarkError):
            self._own.__dict__.pop("connection", None)
            return -1.0
        return (time.perf_counter() - began) * 1_000


def measure_http(python: str, store: str, questions: list[dict[str, str]], clients: list[int]) -> dict[str, Any]:
    """Answer every question once with each number of clients; answers a second, milliseconds of each, errors."""
    found: dict[str, Any] = {}
    for count in clients:  # a page of its own for each, so that no answer was given before
        with page(python, store) as opened:
            served(opened)
            asker = Asker(opened.port)
            asker.warm()
            began = time.perf_counter()
            with ThreadPoolExecutor(count) as pool:
                taken = list(pool.map(asker.ask, questions))
            wall = time.perf_counter() - began
            found[str(count)] = {
                "per_s": len(taken) / wall, "ms": [ms for ms in taken if ms >= 0],
                "errors": sum(ms < 0 for ms in taken), "peak_mb": memory_mb(opened.pid, peak=True),
            }  # fmt: skip
    return found


def measure_page(python: str, store: str, question: str) -> dict[str, Any]:
    """Open the page cold; seconds until it is served, can be typed into, and has painted a first answer.

    The browser is started before. Without Chromium or Playwright the first answer is asked for over HTTP, and `ready_s` is None.
    """
    path = next((found for name in _BROWSERS if (found := shutil.which(name))), None)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        path = None
    if path is None:
        with page(python, store) as opened:
            serves = served(opened)
            Asker(opened.port).ask({"text": question})
            took = time.perf_counter() - opened.started
            return {"served_s": serves, "ready_s": None, "answer_s": took, "peak_mb": memory_mb(opened.pid, peak=True)}
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        tab = browser.new_page()
        tab.goto("about:blank")
        with page(python, store) as opened:
            serves = served(opened)
            tab.goto(f"http://127.0.0.1:{opened.port}")
            tab.wait_for_selector("#question textarea:enabled")
            ready = time.perf_counter() - opened.started
            tab.fill("#question textarea", question)
            tab.keyboard.press("Enter")
            tab.wait_for_selector("#chat .prose:not(:empty)", timeout=_PATIENCE * 1_000)
            took = time.perf_counter() - opened.started
            held = memory_mb(opened.pid, peak=True)
        browser.close()
    return {"served_s": serves, "ready_s": ready, "answer_s": took, "peak_mb": held}


def main(arguments: list[str]) -> None:
    """Do one task and print its figures."""
    task, python, store, *rest = arguments
    if task == "page":
        result = measure_page(python, store, rest[0])
    else:
        questions = json.loads(Path(rest[0]).read_text(encoding="utf-8"))["answer"]
        result = measure_http(python, store, questions, [int(part) for part in rest[1].split(",")])
    print(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1:])
