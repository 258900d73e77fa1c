"""The page as a program of its own, for tests that ask it as a browser or as a program does."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import importlib
import multiprocessing
import os
import re
import runpy
import socket
import subprocess
import sys
import time
import unicodedata
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

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


def quick_hash(password: str) -> str:
    """Return a hash of a password that is checked at once; one of `rag.passwords` takes a quarter of a second a try."""
    salt = b"salt of tests"
    digest = hashlib.scrypt(unicodedata.normalize("NFC", password).encode(), salt=salt, n=2, r=8, p=1, dklen=32)
    return "$".join(["scrypt", "2", "8", "1", *(base64.b64encode(part).decode() for part in (salt, digest))])


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_page(is_alive: Callable[[], bool], log: Path, since: int = 0) -> str:
    """Return the loopback address of a page once it answers; `since` is where its part of the log begins, in bytes."""
    until = time.monotonic() + 300  # on a machine that does much else
    while True:
        alive, said = is_alive(), log.read_bytes()[since:].decode("utf-8", "replace")
        found = re.search(r"The page is at http://\S+:(\d+) ", said)
        address = f"http://127.0.0.1:{found[1]}" if found else ""
        if found:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/healthz", timeout=60):
                return address
        assert alive, said
        assert time.monotonic() < until, f"The page did not answer: {said}"
        time.sleep(0.05)


# Importing the program takes three seconds of a processor, so one process imports it and is forked for each page.
_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["tests.preloaded"])


def _be_the_program(module: str, arguments: list[str], home: Path, more: dict[str, str], log: Path) -> None:
    """Do in a forked process what a program does with an environment, in a folder, with its output in a file."""
    surroundings = environment(home, **more)
    os.environ.clear()
    os.environ.update(surroundings)
    os.chdir(home)
    with log.open("ab") as said:
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
    runpy.run_path(str(REPOSITORY / "tests" / "guard" / "sitecustomize.py"))
    sys.exit(importlib.import_module(module).main(arguments))


def result_of(work: Callable[..., Any], *arguments: Any) -> Any:
    """Return what a function gives in a process of its own that has imported the program."""
    with ProcessPoolExecutor(1, mp_context=_forks) as pool:
        return pool.submit(work, *arguments).result()


@contextlib.contextmanager
def forked(home: Path, log: Path, *arguments: str, module: str = "app", **more: str) -> Iterator[Any]:
    """Run the program in a process of its own, with these arguments; yields a `multiprocessing.Process`."""
    child = _forks.Process(target=_be_the_program, args=(module, list(arguments), home, more, log))
    child.start()
    try:
        yield child
    finally:
        child.terminate()
        child.join(60)
        child.kill()
        child.join()
        child.close()


def nonmun(home: Path, *arguments: str, **more: str) -> None:
    """Do what the command `nonmun` does with these arguments over the store in `home`; a failure fails the test."""
    log = home / "command.log"
    with forked(home, log, *arguments, "--store", str(home / "store"), module="rag.cli", **more) as child:
        child.join(300)
        assert child.exitcode == 0, log.read_text(encoding="utf-8")


def ingest(home: Path, folder: Path) -> None:
    """Index a folder of digests in `home`/store."""
    nonmun(home, "ingest", str(folder))


def on_a_free_port(home: Path) -> tuple[str, ...]:
    """Return the flags of a page over the store in `home`, on a port that nobody else has."""
    return ("--store", str(home / "store"), "--port", "0")


@contextlib.contextmanager
def serving(home: Path, **more: str) -> Iterator[str]:
    """Serve the page over the store in `home`; yields its address once it answers."""
    log = home / "page.log"
    log.touch()
    since = log.stat().st_size
    with forked(home, log, *on_a_free_port(home), **more) as child:
        yield wait_for_page(child.is_alive, log, since)


@contextlib.contextmanager
def started(home: Path, log: Path, **more: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Start the page by its command, as a person does; yields its address once it answers, and its process."""
    command = [sys.executable, str(REPOSITORY / "app.py"), *on_a_free_port(home)]
    with log.open("wb") as said:
        child = subprocess.Popen(command, env=environment(home, **more), stdout=said, stderr=said, cwd=home)
    try:
        yield wait_for_page(lambda: child.poll() is None, log), child
    finally:
        child.terminate()
        try:
            child.wait(timeout=60)
        finally:
            child.kill()
            child.wait()
