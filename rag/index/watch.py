"""Following folders of digests: ingest them whenever their files have changed and then stayed the same for a while.

The files are polled, because the system does not announce changes to folders shared by another machine or a
container. A change counts when two looks in a row see the same state, so that a file is not read while it is written.
Papers are only removed after a longer pause, so that a file that is cut short for a moment, or a folder that is
unmounted, loses none.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rag.corpus.digests import find_digests
from rag.corpus.manifest import Manifest
from rag.errors import NonmunError
from rag.index.ingest import IngestReport
from vectorstore.generations import Store

EVERY = 1.0  # seconds between two looks; a look at 10,000 files takes about 0.1
LONGEST = 60.0  # the most seconds before a failure is tried again
REST = 30.0  # seconds without a change before papers that are in no digest any more are removed
MOST = 0.5  # the largest share of papers to remove at once: losing more looks like an unmounted folder

Seen = tuple[tuple[str, int, int, int, int], ...]


def look(folders: Sequence[Path]) -> Seen:
    """Return the state of the digests in folders, to compare. Raises DigestError if a folder cannot be read."""
    return tuple(_state(path) for folder in folders for path in find_digests(folder))


def _state(path: Path) -> tuple[str, int, int, int, int]:
    try:
        found = path.stat()
    except OSError:  # deleted since it was listed, or a broken link
        return str(path), 0, 0, 0, 0
    return str(path), found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino


def leaving(store: Store) -> tuple[int, int]:
    """Return how many papers are in no digest any more, and how many there are in all."""
    name = store.current()
    if name is None:
        return 0, 0
    manifest = Manifest.from_bytes(store.manifest(name), store.place)
    return len(manifest.gone()), len(manifest.papers())


def watch(
    store: Store,
    folders: Sequence[Path],
    ingest: Callable[[bool], IngestReport],
    say: Callable[[str], None],
    pause: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[IngestReport]:
    """Follow folders for ever. Yield the report of each ingest, the first one right away.

    `ingest(prune)` does the work, and `say` shows a message. A failure, such as an unmounted folder, a server that
    does not answer or another ingest, is shown once and tried again.
    """
    done: Seen | None = None  # what was ingested last
    before: Seen | None = None
    rested, pruned, said, wait = clock(), True, "", EVERY
    while True:
        try:
            now = look(folders)
            if now != before:
                before, rested = now, clock()
            elif now != done:
                yield ingest(False)
                done, pruned, said, wait = now, False, "", EVERY
            elif not pruned and clock() - rested >= REST:
                gone, papers = leaving(store)
                if gone <= MOST * papers:
                    yield ingest(True)
                else:
                    say(
                        f"{gone:,} of {papers:,} papers stand in no digest any more. That many stay until you say so: "
                        "nonmun ingest DIGESTS --prune"
                    )
                pruned = True
            else:
                said, wait = "", EVERY
        except NonmunError as error:
            if str(error) != said:
                say(str(error))
            said, wait = str(error), min(2 * wait, LONGEST)
        pause(wait)
