"""A real HTTP server on loopback that speaks as Hugging Face's daily papers, arXiv's search and a feed do, with faults on demand."""

from __future__ import annotations

import hashlib
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape


def hugging_face_row(
    arxiv_id: str,
    title: str,
    summary: str,
    votes: object = 12,
    authors: tuple[str, ...] = ("Ada Lee", "Bo Ryu"),
    **more: Any,
) -> dict[str, Any]:
    """Return an entry of /api/daily_papers, with the fields that it has there."""
    return {
        "paper": {
            "id": arxiv_id,
            "authors": [{"_id": f"{n:024x}", "name": name, "hidden": False} for n, name in enumerate(authors)],
            "publishedAt": "2024-06-10T17:59:00.000Z",
            "submittedOnDailyAt": "2024-06-11T01:20:00.000Z",
            "title": title,
            "submittedOnDailyBy": {"_id": "0" * 24, "fullname": "Kim", "name": "kim", "type": "user"},
            "summary": summary,
            "upvotes": votes,
            "discussionId": "1" * 24,
            **more,
        },
        "publishedAt": "2024-06-10T17:59:00.000Z",
        "title": title,
        "summary": summary,
        "thumbnail": f"https://cdn-thumbnails.huggingface.co/social-thumbnails/papers/{arxiv_id}.png",
        "numComments": 1,
        "isAuthorParticipating": False,
    }


def atom_entry(arxiv_id: str, title: str, summary: str, published: str, authors: tuple[str, ...] = ("Ada Lee",)) -> str:
    """Return an entry of arXiv's search."""
    names = "".join(f"<author><name>{escape(name)}</name></author>" for name in authors)
    return (
        f"<entry><id>http://arxiv.org/abs/{arxiv_id}v1</id><updated>{published}</updated><published>{published}</published>"
        f"<title>{escape(title)}</title><summary>  {escape(summary)}\n</summary>{names}"
        f'<link href="http://arxiv.org/abs/{arxiv_id}v1" rel="alternate" type="text/html"/>'
        f'<link title="pdf" href="http://arxiv.org/pdf/{arxiv_id}v1" rel="related" type="application/pdf"/>'
        '<arxiv:primary_category xmlns:arxiv="http://arxiv.org/schemas/atom" term="cs.CL"/><category term="cs.CL"/></entry>'
    )


def atom(entries: list[str], total: int) -> str:
    """Return a reply of arXiv's search."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>ArXiv Query</title>'
        "<updated>2024-06-13T00:00:00-04:00</updated>"
        f'<opensearch:totalResults xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">{total}</opensearch:totalResults>'
        f"{''.join(entries)}</feed>"
    )


def rss(items: str) -> str:
    """Return a feed as arXiv gives one for a category."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss xmlns:arxiv="http://arxiv.org/schemas/atom" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0"><channel><title>cs.CL updates on arXiv.org</title>'
        "<link>http://rss.arxiv.org/rss/cs.CL</link><pubDate>Tue, 11 Jun 2024 00:00:00 -0400</pubDate>"
        f"<skipDays><day>Saturday</day></skipDays>{items}</channel></rss>"
    )


def rss_item(arxiv_id: str, title: str, abstract: str, kind: str = "new", creators: str = "Ada Lee, Bo Ryu") -> str:
    """Return an item of such a feed."""
    return (
        f"<item><title>{escape(title)}</title><link>https://arxiv.org/abs/{arxiv_id}</link><description>arXiv:{arxiv_id}v1 "
        f'Announce Type: {kind} \nAbstract: {escape(abstract)}</description><guid isPermaLink="false">oai:arXiv.org:{arxiv_id}v1</guid>'
        f"<category>cs.CL</category><pubDate>Tue, 11 Jun 2024 00:00:00 -0400</pubDate><arxiv:announce_type>{kind}</arxiv:announce_type>"
        f"<dc:creator>{escape(creators)}</dc:creator></item>"
    )


@dataclass
class Feeds:
    """What the server has, and what it does with the next requests.

    `days` are the entries of Hugging Face by day, `papers` those of arXiv as (published, entry), `files` other bodies by path.
    `faults` are met by the next requests, one each: a status with headers, or "half", "slow", "drip", "garbage", "hangup".
    """

    url: str = ""
    days: dict[str, list[Any]] = field(default_factory=dict)
    papers: list[tuple[str, str]] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    faults: list[str | tuple[int, dict[str, str]]] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    unchanged: int = 0

    def body(self, path: str) -> str | None:
        """Return the body of an address, or None where there is none."""
        parts = urlsplit(path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/api/daily_papers":
            rows = self.days.get(asked["date"], [])
            at, size = int(asked.get("p", 0)), int(asked.get("limit", 50))
            return json.dumps(rows[at * size : (at + 1) * size], ensure_ascii=False)
        if parts.path == "/api/query":
            first, last = re.findall(r"submittedDate:\[(\d{8})0000 TO (\d{8})2359\]", asked["search_query"])[0]
            found = [entry for day, entry in sorted(self.papers) if first <= day.replace("-", "")[:8] <= last]
            start = int(asked["start"])
            return atom(found[start : start + int(asked["max_results"])], len(found))
        return self.files.get(parts.path)


def _handler(feeds: Feeds) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            """Keep the tests' output clean."""

        def _reply(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            feeds.requests.append(self.path)
            feeds.headers.append({name.lower(): value for name, value in self.headers.items()})
            fault = feeds.faults.pop(0) if feeds.faults else None
            if isinstance(fault, tuple):
                self._reply(fault[0], b"", fault[1])
            elif self.path in feeds.redirects:
                self._reply(302, b"", {"Location": feeds.redirects[self.path]})
            elif (body := feeds.body(self.path)) is None:
                self._reply(404, b"", {})
            else:
                self._give(fault, body.encode())

        def _give(self, fault: str | None, body: bytes) -> None:
            etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            if fault is None and self.headers.get("If-None-Match") == etag:
                feeds.unchanged += 1
                self._reply(304, b"", {"ETag": etag})
            elif fault is None:
                self._reply(200, body, {"ETag": etag})
            elif fault == "garbage":
                self._reply(200, b'{"error": <html>', {"ETag": '"bad"'})
            elif fault == "slow":
                time.sleep(1.5)
                self.close_connection = True
            elif fault == "hangup":
                self.close_connection = True
            else:
                self._drip(body, fault)

        def _drip(self, body: bytes, fault: str) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            half = body[: len(body) // 2]
            for at in range(0, len(half), 1 + len(half) // 8):
                self.wfile.write(half[at : at + 1 + len(half) // 8])
                self.wfile.flush()
                time.sleep(0.3 if fault == "drip" else 0)
            self.close_connection = True

    return Handler


@contextmanager
def feed_server() -> Iterator[Feeds]:
    """Run the server on a free port of loopback; yields what it has, with its address."""
    feeds = Feeds()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(feeds))
    server.daemon_threads = True
    server.block_on_close = False
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that went away is no error here
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    feeds.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield feeds
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
