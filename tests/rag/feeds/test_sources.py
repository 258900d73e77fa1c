"""Each source against a server that speaks its shapes: what is taken of an entry, days, pages, and what is no paper."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rag.corpus.papers import Media
from rag.errors import FeedError, SettingsError
from rag.feeds.arxiv import search_query
from rag.feeds.client import FeedClient
from rag.feeds.huggingface import read_papers
from rag.feeds.listed import Listed, Source
from rag.feeds.sources import source_of
from rag.feeds.syndication import read_feed
from rag.settings import read_settings
from tests.feed_server import Feeds, atom, atom_entry, hugging_face_row, rss, rss_item

DAY, NEXT = date(2024, 6, 11), date(2024, 6, 12)


@pytest.fixture
def client() -> Iterator[FeedClient]:
    made = FeedClient(0.0, 5.0)
    yield made
    made.close()


def source(feeds: Feeds, client: FeedClient, text: str, *more: Any) -> Source:
    flags = {"fetch_huggingface": feeds.url, "fetch_arxiv": feeds.url}
    return source_of(text, client, read_settings(flags, {"HOME": "/nowhere"}, Path("no.env")), *more)


# --- Hugging Face ----------------------------------------------------------------------------------------------------
def test_a_day_of_hugging_face_has_votes_authors_and_the_submitters_picture(feeds: Feeds, client: FeedClient) -> None:
    feeds.days["2024-06-11"] = [
        hugging_face_row("2406.10001", "Butterfly", "It flies. It is small.", 17, mediaUrls=["https://cdn-uploads.huggingface.co/a/b.mp4"]),
        hugging_face_row("2406.10002", "Moth", "It flies at night.", 0, ("Cho Eun",)),
    ]  # fmt: skip
    (day,) = source(feeds, client, "huggingface").days(DAY, DAY)
    assert day.date == DAY
    assert day.papers[0] == Listed(
        "2406.10001", "Butterfly", "It flies. It is small.", ("Ada Lee", "Bo Ryu"), 17,
        Media("video", "https://cdn-uploads.huggingface.co/a/b.mp4"),
    )  # fmt: skip
    assert day.papers[1].votes == 0
    assert day.papers[1].media == Media(
        "image", "https://cdn-thumbnails.huggingface.co/social-thumbnails/papers/2406.10002.png"
    )


def test_more_than_a_hundred_papers_are_all_fetched(feeds: Feeds, client: FeedClient) -> None:
    feeds.days["2024-06-11"] = [hugging_face_row(f"2406.{10000 + n}", f"Paper {n}", "Text.") for n in range(230)]
    (day,) = source(feeds, client, "hf").days(DAY, DAY)
    assert len(day.papers) == 230
    assert len(feeds.requests) == 3


def test_a_day_without_papers_and_a_broken_day_cost_no_other(feeds: Feeds, client: FeedClient) -> None:
    feeds.days["2024-06-12"] = [hugging_face_row("2406.10001", "Butterfly", "It flies.")]
    feeds.faults = ["garbage"] * 4
    broken, day, empty = source(feeds, client, "huggingface").days(DAY, date(2024, 6, 13))
    assert "not what it should be" in broken.failed
    assert [paper.title for paper in day.papers] == ["Butterfly"]
    assert (empty.papers, empty.failed) == ((), "")


@pytest.mark.parametrize("votes", [None, "12", True, -3, 1.5, 10**12])
def test_votes_that_are_no_number_are_unknown(votes: object) -> None:
    body = json.dumps([hugging_face_row("2406.10001", "Butterfly", "It flies.", votes)])
    assert read_papers(body.encode())[0][0].votes is None


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"{}", b'{"error":"x"}', b'["x", 3]', b"[{}]", b'[{"paper": {"id": 7}}]', b"\xff", b"[" * 100_000],
)
def test_what_is_no_list_of_papers_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_papers(body)


def test_entries_that_are_no_arxiv_paper_are_counted() -> None:
    body = json.dumps(
        [hugging_face_row("2406.10001", "Butterfly", "It flies."), hugging_face_row("blog-post", "Post", "Text."), None]
    )
    papers, others = read_papers(body.encode())
    assert ([paper.arxiv_id for paper in papers], others) == (["2406.10001"], 2)


# --- arXiv -----------------------------------------------------------------------------------------------------------
def test_a_query_of_arxiv_gives_the_papers_by_day(feeds: Feeds, client: FeedClient) -> None:
    feeds.papers = [
        ("2024-06-11", atom_entry("2406.10001", "Butterfly:\n  Small", "It flies.", "2024-06-11T17:59:00Z", ("Ada Lee", "Bo Ryu"))),
        ("2024-06-12", atom_entry("2406.10003", "Moth", "At night.", "2024-06-12T01:00:00Z")),
        ("2024-06-20", atom_entry("2406.10009", "Late", "Too late.", "2024-06-20T01:00:00Z")),
    ]  # fmt: skip
    first, second = source(feeds, client, "arxiv", ["cs.CL"], "").days(DAY, NEXT)
    assert (first.date, second.date) == (DAY, NEXT)
    assert first.papers == (Listed("2406.10001", "Butterfly: Small", "It flies.", ("Ada Lee", "Bo Ryu")),)
    assert "submittedDate%3A%5B202406110000+TO+202406122359%5D" in feeds.requests[0]


def test_a_query_with_many_papers_is_read_page_by_page_and_an_empty_page_is_asked_for_again(
    feeds: Feeds, client: FeedClient
) -> None:
    feeds.papers = [
        ("2024-06-11", atom_entry(f"2406.{10000 + n}", f"Paper {n}", "Text.", "2024-06-11T00:00:00Z"))
        for n in range(450)
    ]
    (day,) = source(feeds, client, "arxiv:cs.CL,cs.LG").days(DAY, DAY)
    assert len(day.papers) == 450
    assert len(feeds.requests) == 3


def test_a_query_for_too_much_says_so(feeds: Feeds, client: FeedClient) -> None:
    feeds.body = lambda path: atom([atom_entry("2406.10001", "A", "B.", "2024-06-11T00:00:00Z")], 80_000)  # type: ignore[method-assign]
    with pytest.raises(FeedError, match="80,000 papers for this query"):
        list(source(feeds, client, "arxiv:cs.CL").days(DAY, DAY))


@pytest.mark.parametrize(
    ("categories", "query", "asked"),
    [(["cs.CL"], "", "(cat:cs.CL)"), ([], "mamba", "all:mamba"), ([], "ti:mamba OR au:gu", "(ti:mamba OR au:gu)"),
     (["cs.CL", "stat.ML"], '"state space"', '(cat:cs.CL OR cat:stat.ML) AND all:"state space"'), ([], 'ti:"kv cache" fast', 'ti:"kv cache" AND all:fast')],
)  # fmt: skip
def test_words_and_categories_become_a_query(categories: list[str], query: str, asked: str) -> None:
    assert search_query(categories, query) == asked


# --- feeds -----------------------------------------------------------------------------------------------------------
def test_a_feed_of_a_category_gives_new_papers_and_no_replaced_ones(feeds: Feeds, client: FeedClient) -> None:
    feeds.files["/rss/cs.CL"] = rss(
        rss_item("2406.10001", "Butterfly", "It flies where $a < b$.") + rss_item("2301.00001", "Old", "Old.", "replace")
        + "<item><title>Blog</title><link>https://blog.example/x</link></item>"
    )  # fmt: skip
    (day,) = source(feeds, client, f"{feeds.url}/rss/cs.CL").days(DAY, DAY)
    assert day.papers == (Listed("2406.10001", "Butterfly", "It flies where $a < b$.", ("Ada Lee", "Bo Ryu")),)
    assert day.passed_over == 2


def test_an_entry_elsewhere_that_links_a_paper_is_that_paper_and_html_is_taken_out() -> None:
    feed = read_feed(
        rss(
            "<item><title>Moth &amp;amp; Lamp</title><link>https://blog.example/moth</link><pubDate>Wed, 12 Jun 2024 08:00:00 GMT</pubDate>"
            "<description>&lt;p&gt;A &lt;b&gt;moth&lt;/b&gt;.&lt;/p&gt;&lt;p&gt;See &lt;a href=\"https://arxiv.org/abs/2406.10007v2\"&gt;"
            "https://arxiv.org/abs/2406.10007v2&lt;/a&gt;&lt;/p&gt;</description></item>"
        ).encode()
    )  # fmt: skip
    (entry,) = feed.entries
    assert (entry.paper.arxiv_id, entry.day) == ("2406.10007", NEXT)
    assert entry.paper.abstract.startswith("A moth. See")


def test_a_day_is_told_in_the_time_zone_of_the_feed() -> None:
    late = read_feed(rss(rss_item("2406.10001", "A", "B.").replace("00:00:00 -0400", "23:30:00 -0400")).encode())
    assert late.entries[0].day == DAY


_BOMB = b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><rss><channel><title>&b;</title></channel></rss>'
_FILE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><feed><entry><title>&f;</title></entry></feed>'


@pytest.mark.parametrize(
    "body",
    [
        _BOMB,
        _FILE,
        b"",
        b"<html></html>",
        b"<rss><channel>",
        b"\xff\xfe\x00",
        b"<a>" * 50_000,
        b'<?xml version="1.0" encoding="nonsense"?><rss/>',
    ],
)
def test_what_is_no_feed_or_not_safe_to_read_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"XML|feed"):
        read_feed(body)


def test_an_error_of_arxiv_is_passed_on() -> None:
    entry = atom_entry("1", "Error", "incorrect id format", "2024-06-11T00:00:00Z").replace(
        "http://arxiv.org/abs/1v1", "http://arxiv.org/api/errors#x"
    )
    with pytest.raises(ValueError, match="incorrect id format"):
        read_feed(atom([entry], 1).encode())


@pytest.mark.parametrize(
    ("text", "more", "said"),
    [("hugginface", (), "is not a source"), ("ftp://x.example/feed", (), "not the address of a feed"), ("https://", (), "not the address"),
     ("arxiv", (), "too many papers"), ("arxiv:cs CL", (), "not a category"), ("huggingface", (["cs.CL"], ""), "for arxiv alone")],
)  # fmt: skip
def test_a_source_that_cannot_be_is_a_sentence(
    feeds: Feeds, client: FeedClient, text: str, more: Any, said: str
) -> None:
    with pytest.raises(SettingsError, match=said):
        source(feeds, client, text, *more)
    assert feeds.requests == []
