"""Who writes the vectors of the next generation into a folder's Chroma: this process, or one of its own beside it.

Chroma keeps the interpreter to itself for the whole of each write, and takes half a second to import. A process of its own
leaves this one free for everything else, and gives its memory back when it ends. Knows what a store writes, not why.
"""

from __future__ import annotations

import gc
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol

from vectorstore.bundled import Vectors
from vectorstore.errors import NonmunError, StoreError
from vectorstore.store import FOLDER_BATCH, Batch, FolderStore, Row, batches, written

APART = 1_500  # rows from which another process pays even where Chroma is imported here
# With the very path of this process: a module in the folder where the command was given must not be taken for ours.
_CHILD = "import sys; sys.path[:] = {path!r}; from vectorstore.writing import main; main(*sys.argv[1:])"


class NodeWriter(Protocol):
    """Writes the nodes of one generation. Errors of a write may be raised by a later call."""

    def upsert(self, nodes: Sequence[Row]) -> None:
        """Write nodes; an id that exists is replaced."""

    def delete(self, ids: Sequence[str]) -> None:
        """Remove nodes by id; ids that are not there are passed over."""

    def rows(self, ids: Sequence[str]) -> Vectors:
        """Return the stored vectors of ids, a row each."""

    def verify(self, expected: int, sample: Sequence[str]) -> None:
        """Close the vectors, open them as a reader would, and see that they are whole. Nothing can be written afterwards."""

    def close(self) -> None:
        """Let go of the files, whatever was begun."""


def open_writer(place: str, base: str | None, chroma: Path, rows: int, process: Process | None = None) -> NodeWriter:
    """Open a new Chroma in the folder `chroma` for about so many `rows`, beginning with those of the generation `base`.

    `place` is the store's own folder; `process` one that was begun for this.
    """
    if process is None and rows < APART and "chromadb" in sys.modules:
        return WriterHere(place, base, chroma)
    try:
        return WriterApart(place, base, chroma, process)
    except OSError:
        return WriterHere(place, base, chroma)


def begin_process() -> Process | None:
    """Begin the process of a writer whose rows are not known yet; None where none pays or can be begun."""
    with suppress(OSError):
        return None if "chromadb" in sys.modules else Process()
    return None


class WriterHere:
    """Writes in this process."""

    def __init__(self, place: str, base: str | None, chroma: Path) -> None:
        self._place, self._chroma = place, chroma
        if base is not None:
            source = FolderStore(Path(place)).chroma(base)
            with written(place):
                shutil.copytree(source, chroma)
        from vectorstore.chroma import COLLECTION, LOCAL, NodeCollection, open_folder

        create = LOCAL if base is None else None
        self._nodes = NodeCollection(open_folder(chroma, place), COLLECTION, place, create=create)

    def upsert(self, nodes: Sequence[Row]) -> None:
        """See NodeWriter."""
        self._nodes.upsert(nodes)

    def put(self, batch: Batch) -> None:
        """Write one batch."""
        self._nodes.put(batch)

    def delete(self, ids: Sequence[str]) -> None:
        """See NodeWriter."""
        self._nodes.delete(ids)

    def rows(self, ids: Sequence[str]) -> Vectors:
        """See NodeWriter."""
        return self._nodes.rows(ids)

    def verify(self, expected: int, sample: Sequence[str]) -> None:
        """See NodeWriter."""
        from vectorstore.chroma import COLLECTION, NodeCollection, open_folder

        self._nodes.close()
        self._nodes = NodeCollection(open_folder(self._chroma, self._place), COLLECTION, self._place)
        self._nodes.verify(expected, sample)
        self._nodes.close()

    def close(self) -> None:
        """See NodeWriter."""
        self._nodes.close()


class Process:
    """A process that imports Chroma and waits to be told what to write. It ends when this one does."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            program = [sys.executable, "-P", "-c", _CHILD.format(path=sys.path), str(theirs.fileno())]
            try:
                self.child = subprocess.Popen(
                    program, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()], start_new_session=True,
                )  # fmt: skip
            except OSError:
                ours.close()
                raise
        self.line = Connection(ours.detach())

    def close(self) -> None:
        """End it, whatever it does."""
        self.line.close()
        self.child.kill()
        self.child.wait()


class WriterApart:
    """Hands everything to a process that writes as WriterHere does; the next batch is made while the last is written."""

    def __init__(self, place: str, base: str | None, chroma: Path, process: Process | None = None) -> None:
        self._place, self._process = place, process or Process()
        self._waiting = True  # for its first word: that the store is open
        self._send(place, base, chroma)

    def _reply(self) -> Any:
        """Return the answer that is still due, or raise what it says."""
        if not self._waiting:
            return None
        self._waiting = False
        try:
            good, value = self._process.line.recv()
        except (EOFError, OSError) as error:
            status = self._process.child.wait()
            raise StoreError(
                f"The process that writes the vectors of {self._place} ended by itself (status {status}); the index is as it was. "
                "Run this again, with more free memory if there was little."
            ) from error
        if not good:
            raise value
        return value

    def _ask(self, name: str, *arguments: Any) -> None:
        self._reply()
        self._send(name, arguments)
        self._waiting = True

    def _send(self, *said: Any) -> None:
        with suppress(OSError):  # a process that is gone is noticed by its missing answer
            self._process.line.send(said)

    def upsert(self, nodes: Sequence[Row]) -> None:
        """See NodeWriter."""
        for batch in batches(nodes, FOLDER_BATCH):
            self._ask("put", batch)

    def delete(self, ids: Sequence[str]) -> None:
        """See NodeWriter."""
        if ids:
            self._ask("delete", list(ids))

    def rows(self, ids: Sequence[str]) -> Vectors:
        """See NodeWriter."""
        self._ask("rows", list(ids))
        found: Vectors = self._reply()
        return found

    def verify(self, expected: int, sample: Sequence[str]) -> None:
        """See NodeWriter."""
        self._ask("verify", expected, list(sample))
        self._reply()

    def close(self) -> None:
        """See NodeWriter."""
        self._process.close()


def _import_chroma() -> None:
    with suppress(ImportError):  # told when there is something to write
        import vectorstore.chroma  # noqa: F401
    gc.enable()


def main(line: str) -> None:
    """Be that other process: where to write comes in, then calls; (True, value) or (False, error) goes out."""
    asked, writer = Connection(int(line)), None
    reply: tuple[bool, Any]
    gc.disable()  # Chroma's half second of imports makes little that could be collected
    sys.modules["httpx._main"] = None  # type: ignore[assignment]  # its command line, which brings rich: a tenth of that
    threading.Thread(target=_import_chroma, daemon=True).start()  # while the vectors to begin with are copied
    with suppress(EOFError, OSError):
        place, base, chroma = asked.recv()
        while True:
            try:
                if writer is None:
                    writer, value = WriterHere(place, base, chroma), None
                else:
                    name, arguments = asked.recv()
                    value = getattr(writer, name)(*arguments)
                reply = (True, value)
            except EOFError:
                raise
            except NonmunError as error:
                reply = (False, error)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is told as a sentence over there
                reply = (
                    False,
                    StoreError(f"The vectors of {place} cannot be written: {type(error).__name__}: {error}"),
                )
            asked.send(reply)
            if writer is None:
                break
    os._exit(0)
