"""The page as a program of its own, for tests that ask it as a browser or as a program does."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return the environment of a child whose home is a folder of the test, and that is refused every connection outside."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "PYTHONPATH": os.pathsep.join([str(REPOSITORY / "tests" / "guard"), str(REPOSITORY)]),
        "GUARD_LOG": str(home / "refused.log"),  # not NONMUN_…: that would be refused as an unknown setting
        **more,
    }


def ingest(home: Path, folder: Path) -> None:
    """Index a folder of digests in `home`/store."""
    command = [sys.executable, "-m", "rag", "ingest", str(folder), "--store", str(home / "store")]
    subprocess.run(command, env=environment(home), check=True, capture_output=True, cwd=home, timeout=300)


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_page(child: subprocess.Popen[bytes], log: Path, since: int = 0) -> str:
    """Return the loopback address of a page once it answers; `since` is where its part of the log begins, in bytes."""
    until = time.monotonic() + 300  # on a machine that does much else
    while True:
        said = log.read_bytes()[since:].decode("utf-8", "replace")
        found = re.search(r"The page is at http://\S+:(\d+) ", said)
        address = f"http://127.0.0.1:{found[1]}" if found else ""
        if found:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/healthz", timeout=60):
                return address
        assert child.poll() is None, said
        assert time.monotonic() < until, f"The page did not answer: {said}"
        time.sleep(0.05)


@contextlib.contextmanager
def serving(home: Path, **more: str) -> Iterator[str]:
    """Serve the page over the store in `home`, on a port that nobody else has; yields its address once it answers."""
    command = [sys.executable, str(REPOSITORY / "app.py"), "--store", str(home / "store"), "--port", "0"]
    log = home / "page.log"
    with log.open("ab") as said:
        since = said.tell()
        child = subprocess.Popen(command, env=environment(home, **more), stdout=said, stderr=said, cwd=home)
    try:
        yield wait_for_page(child, log, since)
    finally:
        child.terminate()
        try:
            child.wait(timeout=60)
        finally:
            child.kill()
