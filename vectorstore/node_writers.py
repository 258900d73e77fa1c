"""Writing the vectors of a generation into the Chroma of a folder, in this process or in one started for it.

Chroma holds Python's interpreter lock during each write and takes half a second to import. A separate process leaves
this one free for other work, and returns its memory when it ends. This module does not know what the nodes mean.
"""

from __future__ import annotations

import ctypes
import gc
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import closing, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from vectorstore.bundled import Vectors
from vectorstore.checksums import DATABASE, checked_chroma
from vectorstore.errors import NonmunError, StoreError
from vectorstore.generations import write_errors
from vectorstore.rows import FOLDER_BATCH, Batch, NodeWriter, Row, batches

PROCESS_ROWS = 1_500
"""The number of rows from which another process is faster even where Chroma is already imported in this one."""

# Pass on the exact path of this process, so that a module in the current folder is never imported in place of ours.
_PROGRAM = "import sys; sys.path[:] = {path!r}; from vectorstore.node_writers import main; main(*sys.argv[1:])"


def open_writer(
    place: str, base: Path | None, chroma: Path, rows: int, process: WriterProcess | None = None
) -> NodeWriter:
    """Open a writer for a new Chroma in the folder `chroma`, for about `rows` rows.

    `place` names the store in messages. The new Chroma starts as a copy of the one in `base`, the folder of a
    generation, if given. `process` is one that was started earlier for this.
    """
    if process is None and rows < PROCESS_ROWS and "chromadb" in sys.modules:
        return LocalWriter(place, base, chroma)
    try:
        return ProcessWriter(place, base, chroma, process)
    except OSError:
        return LocalWriter(place, base, chroma)


def start_writer_process() -> WriterProcess | None:
    """Start a process for a writer whose number of rows is not known yet.

    Return None where Chroma is already imported here, so that few rows are faster without one, or none can be started.
    """
    with suppress(OSError):
        return None if "chromadb" in sys.modules else WriterProcess()
    return None


class LocalWriter:
    """Writes in this process."""

    def __init__(self, place: str, base: Path | None, chroma: Path) -> None:
        self._place, self._chroma, self._is_new = place, chroma, base is None
        if base is not None:
            source = checked_chroma(base, place)
            with write_errors(place):
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
        if self._is_new:
            self._compact()
        self._nodes = NodeCollection(open_folder(self._chroma, self._place), COLLECTION, self._place)
        self._nodes.verify(expected, sample)
        self._nodes.close()

    def _compact(self) -> None:
        """Give back what writing left empty in Chroma's database, nearly half of it. Without room for a copy it stays."""
        with suppress(sqlite3.Error), closing(sqlite3.connect(self._chroma / DATABASE)) as db:
            db.execute("VACUUM")

    def close(self) -> None:
        """See NodeWriter."""
        self._nodes.close()


class WriterProcess:
    """A process that imports Chroma and waits for calls. It ends when this one does."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            arguments = (str(theirs.fileno()), str(os.getpid()))
            program = [sys.executable, "-P", "-c", _PROGRAM.format(path=sys.path), *arguments]
            try:
                self.child = subprocess.Popen(
                    program, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()], start_new_session=True,
                )  # fmt: skip
            except OSError:
                ours.close()
                raise
        self.connection = Connection(ours.detach())

    def close(self) -> None:
        """End the process at once."""
        self.connection.close()
        self.child.kill()
        self.child.wait()


class ProcessWriter:
    """Passes each call to a LocalWriter in another process, and lets the caller go on while a batch is written."""

    def __init__(self, place: str, base: Path | None, chroma: Path, process: WriterProcess | None = None) -> None:
        self._place, self._process = place, process or WriterProcess()
        self._waiting = True  # for the first reply: that the store is open
        self._send(place, base, chroma)

    def _reply(self) -> Any:
        """Wait for the reply that is due, if any. Return its value or raise its error."""
        if not self._waiting:
            return None
        self._waiting = False
        try:
            succeeded, value = self._process.connection.recv()
        except (EOFError, OSError) as error:
            status = self._process.child.wait()
            raise StoreError(
                f"The process that writes the vectors of {self._place} ended by itself (status {status}); "
                "the index is as it was. Run this again, with more free memory if there was little."
            ) from error
        if not succeeded:
            raise value
        return value

    def _ask(self, name: str, *arguments: Any) -> None:
        self._reply()
        self._send(name, arguments)
        self._waiting = True

    def _send(self, *message: Any) -> None:
        with suppress(OSError):  # a process that is gone is noticed when its reply is missing
            self._process.connection.send(message)

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
    with suppress(ImportError):  # reported once there is something to write
        import vectorstore.chroma  # noqa: F401
    gc.enable()


_PARENT_DEATH = 1  # PR_SET_PDEATHSIG of Linux


def _end_with(parent: int) -> None:
    """Have the system end this process with the thread that started it, also in the middle of a write.

    On other systems it ends when its next reply finds nobody.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PARENT_DEATH, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def main(descriptor: str, parent: str) -> None:
    """Run the other process: receive where to write, then calls; reply with (True, value) or (False, error) to each."""
    _end_with(int(parent))
    connection, writer = Connection(int(descriptor)), None
    reply: tuple[bool, Any]
    gc.disable()  # importing Chroma takes half a second and leaves little to collect
    sys.modules["httpx._main"] = None  # type: ignore[assignment]  # its command line imports rich: a tenth of that time
    threading.Thread(target=_import_chroma, daemon=True).start()  # while the vectors of the base are copied
    with suppress(EOFError, OSError):
        place, base, chroma = connection.recv()
        while True:
            try:
                if writer is None:
                    writer, value = LocalWriter(place, base, chroma), None
                else:
                    name, arguments = connection.recv()
                    value = getattr(writer, name)(*arguments)
                reply = (True, value)
            except EOFError:
                raise
            except NonmunError as error:
                reply = (False, error)
            except Exception as error:  # noqa: BLE001 - the other side shows every error as a sentence
                reply = (
                    False,
                    StoreError(f"The vectors of {place} cannot be written: {type(error).__name__}: {error}"),
                )
            connection.send(reply)
            if writer is None:
                break
    os._exit(0)
