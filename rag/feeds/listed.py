"""A paper as a source lists it, and the days of a source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from rag.corpus.papers import Media

Date = date  # a name that no field of a class has


@dataclass(frozen=True, slots=True)
class Listed:
    """A paper as a source gives it. `votes` is None where the source has none (not 0)."""

    arxiv_id: str
    title: str
    abstract: str
    authors: tuple[str, ...] = ()
    votes: int | None = None
    media: Media | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """The papers of one day, each once, in the order of the source.

    `passed_over` counts entries that are no arXiv paper; `failed` says why a day could not be read.
    """

    date: Date
    papers: tuple[Listed, ...] = ()
    passed_over: int = 0
    failed: str = ""


class Source(Protocol):
    """Where new papers come from. `name` says it in digests and messages, `address` where requests go."""

    name: str
    address: str

    def days(self, since: date, until: date) -> Iterator[Day]:
        """Yield the days from `since` to `until`, oldest first; some without papers may lack. Raises FeedError."""
        ...


def each_day(since: date, until: date) -> Iterator[date]:
    """Yield the days from `since` to `until`, both inclusive."""
    for n in range((until - since).days + 1):
        yield since + timedelta(days=n)


def once_each(papers: Iterable[Listed]) -> tuple[Listed, ...]:
    """Return papers without those that came before, by their arXiv id."""
    found: dict[str, Listed] = {}
    for paper in papers:
        found.setdefault(paper.arxiv_id, paper)
    return tuple(found.values())


def media_at(url: object) -> Media | None:
    """Return a picture or a video by its address; None where it is not https.

    >>> media_at("https://cdn.example/a.mp4").kind, media_at("http://cdn.example/a.png")
    ('video', None)
    """
    if not isinstance(url, str) or not url.startswith("https://"):
        return None
    return Media("video" if re.search(r"\.(?:mp4|webm|mov)(?:$|\?)", url, re.IGNORECASE) else "image", url)
