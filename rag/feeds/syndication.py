"""Atom and RSS: entries of a feed as papers, by the arXiv links in them. Knows no addresses.

The XML may have no document type, so that no entity can expand; its size is bounded by the client.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from rag.corpus.links import find_links, parse_paper_url
from rag.feeds.listed import Listed

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_TAG = re.compile(r"</?[A-Za-z][^<>]{0,2000}>")
_BLOCK = re.compile(r"<(?:/?p|br|/?div|/?li)\b[^<>]{0,200}>", re.IGNORECASE)
_ANNOUNCED = re.compile(r"^arXiv:\S+\s+Announce Type:.*?\bAbstract:\s*", re.DOTALL)
_LINKED = ("link", "id", "guid")
_DATES = ("published", "pubDate", "date", "issued", "updated", "lastBuildDate")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a feed that is a paper, with the day it appeared; None where the feed does not tell."""

    paper: Listed
    day: date | None


@dataclass(frozen=True, slots=True)
class Feed:
    """The papers of a feed. `total` is how many there are in all, where it tells; `size` how many entries it has."""

    entries: tuple[Entry, ...]
    size: int
    total: int | None


def read_feed(body: bytes) -> Feed:
    """Return the papers of a feed. Raises ValueError for what is no feed, or not safe to read."""
    try:
        root = fromstring(body, forbid_dtd=True)
    except DefusedXmlException:
        raise ValueError("the XML has a document type, which no feed needs") from None
    except (ParseError, LookupError) as error:
        raise ValueError(f"the XML cannot be read: {error}") from None
    if _name(root) not in ("feed", "rss", "RDF"):
        raise ValueError(f"a feed was expected, not <{_name(root)}>")
    channel = next((child for child in root if _name(child) == "channel"), root)
    fallback = _day(channel)
    items = [one for one in root.iter() if _name(one) in ("entry", "item")]
    refused = next((_text(_child(one, "summary")) for one in items if "/api/errors" in _text(_child(one, "id"))), "")
    if refused:
        raise ValueError(refused)
    total = _text(_child(root, "totalResults"))
    entries = (_entry(item, fallback) for item in items)
    return Feed(tuple(filter(None, entries)), len(items), int(total) if total.isascii() and total.isdigit() else None)


def _entry(item: Element, fallback: date | None) -> Entry | None:
    if _text(_child(item, "announce_type")).startswith("replace"):
        return None  # a new version of an old paper
    told = (_child(item, name) for name in ("summary", "encoded", "content", "description"))
    about = next((one for one in told if one is not None), None)
    abstract = _prose(about)
    places = [
        place for child in item if _name(child) in _LINKED for place in (child.get("href") or "", _text(child)) if place
    ]
    linked = [parse_paper_url(place) for place in places]
    mentioned = [link.paper for line in _plain_lines(about) for link in find_links(line, {})]
    arxiv_id = next((paper for paper in (*linked, *mentioned) if paper), None)
    title = _prose(_child(item, "title"))
    if arxiv_id is None or not title:
        return None
    return Entry(Listed(arxiv_id, title, _ANNOUNCED.sub("", abstract), tuple(_authors(item))), _day(item) or fallback)


def _authors(item: Element) -> Iterator[str]:
    """Yield the names of an entry: an element each (Atom), or some between commas (RSS)."""
    for child in item:
        if _name(child) not in ("author", "creator"):
            continue
        inner = _child(child, "name")
        if inner is not None:
            yield _text(inner)
        else:
            yield from filter(None, (name.strip() for name in re.split(r"[,;\n]| and ", _text(child))))


def _day(element: Element) -> date | None:
    """Return the day an entry or a feed gives for itself, in the time zone that it is told in."""
    for name in _DATES:
        written = _text(_child(element, name))
        try:
            return datetime.fromisoformat(written).date()
        except ValueError:
            pass
        try:
            return parsedate_to_datetime(written).date()
        except (ValueError, TypeError):
            continue
    return None


def _name(element: Element) -> str:
    """Return the name of an element without its namespace; "" of a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _child(element: Element, name: str) -> Element | None:
    return next((child for child in element if _name(child) == name), None)


def _text(element: Element | None) -> str:
    return "" if element is None else "".join(element.itertext()).strip()


def _prose(element: Element | None) -> str:
    """Return the text of an element on one line. Where a feed may hold HTML there, its tags are taken out."""
    if element is None:
        return ""
    text = _text(element)
    if element.get("type") == "html" or _name(element) in ("description", "encoded"):
        text = html.unescape(_TAG.sub("", _BLOCK.sub(" ", text)))
    return " ".join(text.split())


def _plain_lines(element: Element | None) -> list[str]:
    return [line for line in _text(element).splitlines() if len(line) <= 20_000]
