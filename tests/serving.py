"""The page as a program of its own, for tests that ask it as a browser or as a program does."""

from __future__ import annotations

import contextlib
import os
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
    subprocess.run(command, env=environment(home), check=True, capture_output=True, cwd=home, timeout=120)


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(home: Path, **more: str) -> Iterator[str]:
    """Serve the page over the store in `home`; yields its address once it answers."""
    port = free_port()
    command = [sys.executable, str(REPOSITORY / "app.py"), "--store", str(home / "store"), "--port", str(port)]
    with (home / "page.log").open("ab") as said:
        child = subprocess.Popen(command, env=environment(home, **more), stdout=said, stderr=said, cwd=home)
        address = f"http://127.0.0.1:{port}"
        try:
            for _ in range(600):
                with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/healthz", timeout=2):
                    break
                assert child.poll() is None, (home / "page.log").read_text()
                time.sleep(0.05)
            yield address
        finally:
            child.terminate()
            try:
                child.wait(timeout=30)
            finally:
                child.kill()
