"""arXiv's search (its Atom API): the papers of some categories or words by the day of their first version."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from urllib.parse import urlencode

from rag.errors import FeedError, SettingsError
from rag.feeds.client import FeedClient
from rag.feeds.listed import Day, Listed, once_each
from rag.feeds.syndication import Feed, read_feed

PAGE = 200  # papers of one reply
MOST = 30_000  # that arXiv gives for one query
_CATEGORY = re.compile(r"[a-z-]{2,20}(?:\.[A-Za-z-]{2,20})?")
_PART = re.compile(r'[a-z]{2,3}:"[^"]*"|"[^"]*"|\S+')
_FIELDED = re.compile(r"(?:ti|au|abs|co|jr|cat|rn|all):", re.IGNORECASE)
_JOINS = frozenset({"AND", "OR", "ANDNOT"})


class Arxiv:
    """A query at a base address such as https://export.arxiv.org."""

    def __init__(self, client: FeedClient, base: str, categories: Sequence[str], query: str) -> None:
        """Raises SettingsError without categories and words, and for a category that is none."""
        self._client, self.address = client, base.rstrip("/")
        self._asked = search_query(categories, query)
        self.name = " ".join(("arXiv", *categories, *([query] if query else [])))

    def days(self, since: date, until: date) -> Iterator[Day]:
        """Yield the days that have papers, oldest first."""
        by_day: dict[date, list[Listed]] = {}
        passed_over = 0
        for feed in self._pages(since, until):
            passed_over += feed.size - len(feed.entries)
            for entry in feed.entries:
                if entry.day and since <= entry.day <= until:
                    by_day.setdefault(entry.day, []).append(entry.paper)
        for day in sorted(by_day):
            yield Day(day, once_each(by_day[day]), passed_over)
            passed_over = 0

    def _pages(self, since: date, until: date) -> Iterator[Feed]:
        start, total = 0, 1
        while start < total:
            asked = f"{self._asked} AND submittedDate:[{since:%Y%m%d}0000 TO {until:%Y%m%d}2359]"
            parameters = {
                "search_query": asked,
                "start": start,
                "max_results": PAGE,
                "sortBy": "submittedDate",
                "sortOrder": "ascending",
            }
            url = f"{self.address}/api/query?{urlencode(parameters)}"
            feed = self._client.get(url, partial(_page, start=start))
            total = feed.total if feed.total is not None else start + feed.size
            if total > MOST:
                raise FeedError(
                    f"arXiv has {total:,} papers for this query, and gives {MOST:,} at most. Ask for fewer days."
                )
            yield feed
            start += max(1, feed.size)


def _page(body: bytes, start: int) -> Feed:
    """Read a page. arXiv sometimes gives an empty one by mistake; that is asked for again."""
    feed = read_feed(body)
    if not feed.size and feed.total is not None and start < feed.total:
        raise ValueError("the page is empty")
    return feed


def search_query(categories: Sequence[str], query: str) -> str:
    """Return a query in arXiv's language: any of the categories and all of the words.

    >>> search_query(["cs.CL", "cs.LG"], 'cache "state space"')
    '(cat:cs.CL OR cat:cs.LG) AND all:cache AND all:"state space"'
    """
    for category in categories:
        if not _CATEGORY.fullmatch(category):
            raise SettingsError(f"“{category}” is not a category of arXiv. Write them like cs.CL,cs.LG.")
    parts = [f"({' OR '.join(f'cat:{category}' for category in categories)})"] if categories else []
    words = _PART.findall(query)
    if any(word in _JOINS for word in words):
        parts.append(f"({' '.join(map(_fielded, words))})")
    else:
        parts += map(_fielded, words)
    if not parts:
        raise SettingsError("arXiv has too many papers to fetch all. Give --categories cs.CL,cs.LG or --query WORDS.")
    return " AND ".join(parts)


def _fielded(word: str) -> str:
    return word if word in _JOINS or _FIELDED.match(word) else f"all:{word}"
