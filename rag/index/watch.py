"""A folder of digests that is followed: an ingest whenever its files have changed and then come to rest.

Files are looked at again and again rather than announced by the system, which says nothing of folders that another machine
or a container shares. Two looks apart tell a file that is still being written from one that is whole; papers leave only
after a longer rest, so that a file that is cut short for a while, or a folder that is away, costs none.
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

EVERY = 1.0  # seconds between two looks; looking at 10,000 files takes about 0.1
LONGEST = 60.0  # seconds until what went wrong is tried again
REST = 30.0  # seconds without a change before papers that are in no digest any more leave
MOST = 0.5  # share of the papers that may leave at once; more is more likely a folder that is away than one that was tidied

Seen = tuple[tuple[str, int, int, int, int], ...]


def look(folders: Sequence[Path]) -> Seen:
    """Return what tells whether the digests under folders changed. Raises DigestError where a folder cannot be read."""
    return tuple(_state(path) for folder in folders for path in find_digests(folder))


def _state(path: Path) -> tuple[str, int, int, int, int]:
    try:
        found = path.stat()
    except OSError:  # gone since it was listed, or a link to nothing
        return str(path), 0, 0, 0, 0
    return str(path), found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino


def leaving(store: Store) -> tuple[int, int]:
    """Return how many papers stand in no digest any more, and how many there are."""
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
    """Follow folders for ever; yield the report of every ingest, the first at once.

    `ingest(prune)` does the work. What goes wrong is said once, and tried again with the next look: a folder that is away,
    a server that does not answer, another ingest.
    """
    done: Seen | None = None  # what the index knows
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
