"""Papers as values: what one digest says of a paper (`Entry`), and what all of them say together (`Paper`).

Knows nothing of files, stores or questions. `merge` is a pure function of a set of entries, whatever their order.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal
from urllib.parse import urlsplit

from rag.language.text import Language

Day = date  # a name that no field of a class has
ARXIV_HOSTS = frozenset({"arxiv.org", "www.arxiv.org", "export.arxiv.org"})
_ARXIV_ID = re.compile(r"(\d{4}\.\d{4,5}|[a-z-]{2,20}(?:\.[A-Z]{2})?/\d{7})(?:v\d{1,3})?", re.ASCII)
_REPORT = re.compile(r"(.+) Technical Report", re.IGNORECASE)
_NICKNAMED = re.compile(
    r"([A-Z][A-Z][\w.-]{0,30}|[A-Z][\w.-]{0,20}\d[\w.-]{0,20}) [\"“‘'][A-Z]\w{1,30}[\"”’'] "
)  # FOX-7 "Reynard" with …
_TITLE_BREAK = re.compile(r":| (?:--|–|—) ")
_ARXIV_PATH = re.compile(r"/(?:abs|pdf|html)/(.{1,60}?)(?:\.pdf)?/?", re.ASCII)


def parse_arxiv_id(text: str) -> str | None:
    """Return the arXiv id without its version, or None.

    >>> parse_arxiv_id("2312.00752v2"), parse_arxiv_id("hep-th/9901001"), parse_arxiv_id("3.5")
    ('2312.00752', 'hep-th/9901001', None)
    """
    match = _ARXIV_ID.fullmatch(text.strip())
    return match.group(1) if match else None


def parse_arxiv_url(url: str) -> str | None:
    """Return the arXiv id (without version) a link points to, or None when the host or the path is not arXiv's.

    >>> parse_arxiv_url("https://arxiv.org/pdf/2312.00752v2.pdf")
    '2312.00752'
    >>> parse_arxiv_url("https://arxiv.org@evil.example/abs/2312.00752") is None
    True
    """
    try:
        parts = urlsplit(url.strip())
        if parts.scheme not in ("https", "http") or parts.hostname not in ARXIV_HOSTS or "@" in parts.netloc:
            return None
    except ValueError:
        return None
    match = _ARXIV_PATH.fullmatch(parts.path)
    return parse_arxiv_id(match.group(1)) if match else None


def arxiv_url(arxiv_id: str) -> str:
    """Return the one link this product ever shows for a paper."""
    return f"https://arxiv.org/abs/{arxiv_id}"


@dataclass(frozen=True, slots=True)
class Bullet:
    """One statement of a summary. `section` is its label ("What's New"), or "" for a free bullet."""

    text: str
    section: str = ""

    @property
    def quote(self) -> str:
        """The bullet as a reader knows it, with its label."""
        return f"{self.section}: {self.text}" if self.section else self.text


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or a video that the digest shows beside the paper; `url` is https."""

    kind: Literal["image", "video"]
    url: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What one digest file says of one paper.

    `votes` is None where the digest states none (not 0). `authors_cut` is true when the list ended in a lone `+`.
    `line` is the 1-based line of the heading. `language` is None when the entry has no bullet to tell it by. `since` is
    the first day of a digest of several days; `date` is its last.
    """

    arxiv_id: str
    title: str
    date: date
    votes: int | None
    authors: tuple[str, ...]
    authors_cut: bool
    media: Media | None
    language: Language | None
    bullets: tuple[Bullet, ...]
    line: int
    tags: tuple[str, ...] = ()
    since: Day | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper, merged from every entry that speaks of it.

    `dates` are all its digest days, oldest first; `votes` the highest known count at the time of a digest, or None;
    `authors` a set in effect (the sources do not keep their order).
    """

    arxiv_id: str
    title: str
    dates: tuple[date, ...]
    votes: int | None
    authors: tuple[str, ...]
    authors_cut: bool
    media: Media | None
    ko: tuple[Bullet, ...]
    en: tuple[Bullet, ...]
    tags: tuple[str, ...] = ()

    def __hash__(self) -> int:
        """Tell papers apart by their ids, without looking through their texts."""
        return hash(self.arxiv_id)

    @property
    def url(self) -> str:
        """The link to the paper at arXiv."""
        return arxiv_url(self.arxiv_id)

    @property
    def date(self) -> date:
        """The latest day a digest showed this paper."""
        return self.dates[-1]

    @property
    def name(self) -> str:
        """The name a paper gives itself: what stands before the colon or dash of its title, or a nickname or “Technical Report”, or "" (at most six words)."""
        head, *rest = _TITLE_BREAK.split(self.title, maxsplit=1)
        if not rest and (nicknamed := _NICKNAMED.match(self.title)):
            head, rest = nicknamed.group(1), [self.title]
        if not rest and (report := _REPORT.fullmatch(self.title)):
            head, rest = report.group(1), [self.title]
        return head.strip() if rest and len(head.split()) <= 6 else ""

    def summary(self, language: Language) -> tuple[Bullet, ...]:
        """The bullets in that language; empty when no digest has one."""
        return self.ko if language == "ko" else self.en

    def summaries(self) -> tuple[tuple[Language, tuple[Bullet, ...]], ...]:
        """The summaries there are, Korean first."""
        both: tuple[tuple[Language, tuple[Bullet, ...]], ...] = (("ko", self.ko), ("en", self.en))
        return tuple(pair for pair in both if pair[1])


def _length(bullets: tuple[Bullet, ...]) -> int:
    return sum(len(bullet.text) for bullet in bullets)


def _summary(entries: list[Entry], language: Language) -> tuple[Bullet, ...]:
    candidates = [entry for entry in entries if entry.language == language and entry.bullets]
    if not candidates:
        return ()
    best = max(candidates, key=lambda e: (_length(e.bullets), e.date, tuple(b.quote for b in e.bullets)))
    return best.bullets


def _alone(entry: Entry) -> Paper:
    """Return the paper of one entry, which most have; in a fifth of the time that `merge` takes."""
    return Paper(
        arxiv_id=entry.arxiv_id,
        title=entry.title,
        dates=(entry.date,),
        votes=entry.votes,
        authors=tuple(dict.fromkeys(entry.authors)),
        authors_cut=entry.authors_cut and bool(entry.authors),
        media=entry.media or None,
        ko=entry.bullets if entry.language == "ko" else (),
        en=entry.bullets if entry.language == "en" else (),
        tags=tuple(sorted(set(entry.tags))),
    )


def merge(entries: Iterable[Entry]) -> Paper:
    """Merge the entries of one arXiv id into a paper.

    The title is the longer one (a cut or mangled spelling is shorter), then the later; votes are the highest known; of
    two summaries in one language the longer stands, then the later digest. At least one entry; one id throughout.
    """
    entries = list(entries)
    if len(entries) == 1:
        return _alone(entries[0])
    ordered = sorted(entries, key=lambda e: (len(e.title), e.date, e.title, e.authors, e.votes or -1), reverse=True)
    if len({entry.arxiv_id for entry in ordered}) != 1:
        raise ValueError(f"merge takes the entries of one paper, got {sorted({e.arxiv_id for e in ordered})}")
    votes = [entry.votes for entry in ordered if entry.votes is not None]
    named = sorted(ordered, key=lambda e: len(e.authors), reverse=True)
    authors = dict.fromkeys(name for entry in named for name in entry.authors)
    media = sorted((e.media for e in ordered if e.media), key=lambda m: (m.kind, m.url))
    return Paper(
        arxiv_id=ordered[0].arxiv_id,
        title=ordered[0].title,
        dates=tuple(sorted({entry.date for entry in ordered})),
        votes=max(votes, default=None),
        authors=tuple(authors),
        authors_cut=all(entry.authors_cut for entry in ordered if entry.authors) and any(e.authors for e in ordered),
        media=media[0] if media else None,
        ko=_summary(ordered, "ko"),
        en=_summary(ordered, "en"),
        tags=tuple(sorted({tag for entry in ordered for tag in entry.tags})),
    )


def content_hash(*parts: object) -> str:
    """Return a short stable hash of values by their text, for telling whether content changed (hex, 16 letters)."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass")).hexdigest()[:16]
