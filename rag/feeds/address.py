"""A feed at any address: RSS or Atom whose entries link papers at arXiv."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from rag.feeds.client import FeedClient, host_of
from rag.feeds.listed import Day, Listed, once_each
from rag.feeds.syndication import read_feed


class FeedAt:
    """A feed by its address. It holds what is new now, so that days before are mostly not in it."""

    def __init__(self, client: FeedClient, address: str) -> None:
        self._client, self.address = client, address
        self.name = host_of(address)

    def days(self, since: date, until: date) -> Iterator[Day]:
        """Yield the days that have papers, oldest first. An entry without a date counts for the last day."""
        feed = self._client.get(self.address, read_feed)
        by_day: dict[date, list[Listed]] = {}
        for entry in feed.entries:
            day = entry.day or until
            if since <= day <= until:
                by_day.setdefault(day, []).append(entry.paper)
        passed_over = feed.size - len(feed.entries)
        for day in sorted(by_day):
            yield Day(day, once_each(by_day[day]), passed_over)
            passed_over = 0
