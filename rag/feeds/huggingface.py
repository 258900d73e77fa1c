"""Hugging Face's daily papers: one request a day of papers, with votes, authors and pictures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from rag.corpus.papers import parse_arxiv_id
from rag.errors import ReplyError
from rag.feeds.client import FeedClient
from rag.feeds.listed import Day, Listed, each_day, media_at, once_each

PAGE = 100  # papers of one reply, the most that the server gives
_MAX_PAGES = 20


class HuggingFace:
    """The daily papers at a base address such as https://huggingface.co."""

    name = "Hugging Face daily papers"

    def __init__(self, client: FeedClient, base: str) -> None:
        self._client, self.address = client, base.rstrip("/")

    def days(self, since: date, until: date) -> Iterator[Day]:
        """Yield each day; one whose reply cannot be used says so and costs no other. Raises FeedError."""
        for day in each_day(since, until):
            try:
                yield self._day(day)
            except ReplyError as error:
                yield Day(day, failed=str(error))

    def _day(self, day: date) -> Day:
        """Return the papers of one day; none where Hugging Face lists none."""
        papers: tuple[Listed, ...] = ()
        passed_over = 0
        for page in range(_MAX_PAGES):
            url = f"{self.address}/api/daily_papers?date={day:%Y-%m-%d}&limit={PAGE}&p={page}"
            found, others = self._client.get(url, read_papers)
            more = once_each((*papers, *found))
            passed_over += others
            if len(found) + others < PAGE or len(more) == len(papers):
                return Day(day, more, passed_over)
            papers = more
        raise ReplyError(f"{self.address} lists more than {PAGE * _MAX_PAGES:,} papers for {day}.")


def read_papers(body: bytes) -> tuple[list[Listed], int]:
    """Return the papers of a reply, and how many entries are no arXiv papers.

    Raises ValueError for another kind of reply.
    """
    try:
        rows = json.loads(body)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not isinstance(rows, list):
        raise ValueError("a list of papers was expected")
    papers = [paper for row in rows if (paper := _paper(row))]
    if rows and not papers:
        raise ValueError("no entry of the list is a paper")
    return papers, len(rows) - len(papers)


def _paper(row: Any) -> Listed | None:
    if not isinstance(row, dict):
        return None
    inner = row.get("paper")
    paper: dict[str, Any] = inner if isinstance(inner, dict) else {}
    arxiv_id = parse_arxiv_id(_text(paper.get("id")))
    title = _text(row.get("title")) or _text(paper.get("title"))
    if not arxiv_id or not title:
        return None
    votes = paper.get("upvotes")
    authors = paper.get("authors")
    names = [_text(one.get("name")) for one in authors if isinstance(one, dict)] if isinstance(authors, list) else []
    places = [*_all(paper.get("mediaUrls")), *_all(row.get("mediaUrls")), row.get("thumbnail")]
    return Listed(
        arxiv_id,
        title,
        _text(paper.get("summary")) or _text(row.get("summary")),
        tuple(filter(None, names)),
        votes if isinstance(votes, int) and not isinstance(votes, bool) and 0 <= votes < 10**9 else None,
        next((media for place in places if (media := media_at(place))), None),
    )


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _all(value: object) -> list[object]:
    return value if isinstance(value, list) else []
