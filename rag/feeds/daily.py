"""Fetching and indexing once a day, for a page that keeps itself up to date."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from rag.errors import NonmunError
from rag.feeds.fetch import FetchReport

DAY = 24 * 3600.0
RETRY = 3600.0  # seconds until a fault is tried again


def daily(
    fetch: Callable[[], FetchReport],
    ingest: Callable[[], object],
    say: Callable[[str], None],
    pause: Callable[[float], None] = time.sleep,
) -> Iterator[FetchReport]:
    """Fetch and index for ever, once a day; yield the report of each run that could be made.

    It indexes also where nothing was written, so that digests which an earlier run could not index are not forgotten. A
    fault is said and tried again after an hour.
    """
    while True:
        wait = DAY
        try:
            report = fetch()
            ingest()
        except NonmunError as error:
            say(str(error))
            wait = RETRY
        except OSError as error:
            say(f"{error.filename or 'the system'}: {error.strerror or error}")
            wait = RETRY
        else:
            for reason in (*(f"{day}: {reason}" for day, reason in report.failed), *filter(None, [report.stopped])):
                say(reason)
                wait = RETRY
            yield report
        pause(wait)
