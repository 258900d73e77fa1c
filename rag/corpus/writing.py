"""Entries into the text of a digest, so that the same entries are read back, whatever their titles and bullets hold.

The inverse of `digests.parse_digest`. What is written is parsed again, and a form that is read otherwise is not used.
So no rule of the parser stands here a second time. Knows no files.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date

from rag.corpus.digests import MAX_NAME, parse_digest
from rag.corpus.papers import Bullet, Entry, Media, arxiv_url
from rag.language.text import Language, clean, summary_language

MAX_TITLE = 400  # characters
MAX_BULLET = 4_000
MAX_WRITTEN_BULLETS = 60
_MAX_AUTHORS_LINE = 15_000
_MAX_SECTION = 60
_LIGATURE = re.compile("[ﬀ-ﬆ]")
_HIDES = ((re.compile(r"<!--"), "<! --"), (re.compile(r"`{3,}"), "``"), (re.compile(r"~{3,}"), "~~"))
"""What opens a comment or a code block, and what is written instead: neither means anything in an abstract."""
_LABELS: dict[Language, str] = {"ko": "초록", "en": "Abstract"}
"""The section of a bullet that would be read as something else without one."""
_MEDIA: dict[str, str] = {"image": "![]({})", "video": "[Watch Video]({})"}


def digest_header(day: date) -> str:
    """Return the first line of a digest."""
    return f"## Daily Papers ({day:%Y-%m-%d})"


def normal_entry(entry: Entry) -> Entry:
    """Return an entry as a digest can hold it: text on one line and within the limits, no empty names and bullets."""
    names = dict.fromkeys(filter(None, (_line(name) for name in entry.authors)))
    kept = [name for name in names if len(name) <= MAX_NAME]
    while sum(len(name) + 4 for name in kept) > _MAX_AUTHORS_LINE:
        kept.pop()
    bullets = tuple(
        Bullet(shown, re.sub(r"[*:：]", " ", _line(bullet.section))[:_MAX_SECTION].strip())
        for bullet in entry.bullets
        if re.search(r"[^\W_]", shown := _line(bullet.text)[:MAX_BULLET].strip())
    )[:MAX_WRITTEN_BULLETS]
    language = summary_language(" ".join(bullet.text for bullet in bullets)) or entry.language
    return replace(
        entry,
        title=_line(entry.title)[:MAX_TITLE].strip(),
        authors=tuple(kept),
        authors_cut=bool(kept) and (entry.authors_cut or len(kept) < len(names)),
        media=_safe_media(entry.media),
        bullets=bullets,
        language=language,
    )


def entry_text(entry: Entry) -> str | None:
    """Return an entry (as `normal_entry` gives it) as a digest holds it; None where no form is read back as the same.

    A bullet that would be read as a field or a mark gets a section; an author who would be read as several is left out.
    """
    for names, said in _author_forms(entry):
        for title in _titles(entry.title):
            for bullets in (_plain, _guarded):
                text = "\n".join(_lines(entry, title, names, bullets))
                if _same(_read(text, entry.date), said):
                    return text
    return None


def _line(text: str) -> str:
    """Return text on one line, without what hides the text behind it; ligatures become letters, as they are read."""
    text = " ".join(clean(text).split())
    text = _LIGATURE.sub(lambda match: unicodedata.normalize("NFKC", match.group()), text)
    for pattern, written in _HIDES:
        text = pattern.sub(written, text)
    return text


def _safe_media(media: Media | None) -> Media | None:
    """Return a picture or a video with an address that a line of Markdown holds; None of one that is not https."""
    if media is None:
        return None
    url = "".join(f"%{ord(c):02X}" if c in "()<>\"' " else c for c in media.url)
    fits = re.fullmatch(r"https://[!-~]{1,900}", url)
    return Media(media.kind, url) if fits else None


def _lines(entry: Entry, title: str, names: str, bullets: Callable[[Entry], Iterator[str]]) -> Iterator[str]:
    yield f"### [{title}]({arxiv_url(entry.arxiv_id)})"
    if entry.media:
        yield from ("", _MEDIA[entry.media.kind].format(entry.media.url))
    if entry.votes is not None:
        yield from ("", f"Vote: {entry.votes}")
    if names:
        yield from ("", f"Authors: {names}")
    yield ""
    yield from bullets(entry)


def _plain(entry: Entry) -> Iterator[str]:
    for bullet in entry.bullets:
        yield f"- **{bullet.section}**: {bullet.text}" if bullet.section else f"- {bullet.text}"


def _guarded(entry: Entry) -> Iterator[str]:
    """Yield the bullets, with a section for each that is read as something else without one."""
    bare = replace(entry, title="Title", votes=None, authors=(), authors_cut=False, media=None)
    for bullet in entry.bullets:
        alone = replace(bare, bullets=(bullet,))
        if _same(_read("\n".join(_lines(alone, "Title", "", _plain)), entry.date), alone):
            yield from _plain(alone)
        else:
            yield f"- **{bullet.section or _LABELS[entry.language or 'en']}**: {bullet.text}"


def _author_forms(entry: Entry) -> Iterator[tuple[str, Entry]]:
    """Yield ways to write the names, each with the entry as it is read then: with commas, in quotes, without some."""
    more = ["+"] if entry.authors_cut else []
    yield ", ".join((*entry.authors, *more)), entry
    yield _quoted([*entry.authors, *more]), entry
    alone = replace(entry, title="Title", votes=None, media=None, bullets=(), authors_cut=False)
    kept = tuple(
        name
        for name in entry.authors
        if _same(
            _read("\n".join(_lines(alone, "Title", _quoted([name]), _plain)), entry.date),
            replace(alone, authors=(name,)),
        )
    )
    yield _quoted([*kept, "+"]) if kept else "", replace(entry, authors=kept, authors_cut=bool(kept))


def _quoted(names: Iterable[str]) -> str:
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"


def _titles(title: str) -> Iterator[str]:
    """Yield ways to write a title: as it is, and with letters in HTML's entities, which are shown as letters.

    First the brackets alone, then every letter: then not even a title like “PDF” looks like the word of a link.
    """
    yield title
    doubled = re.sub(r"\\(?=[\[\]*_#|`])", r"\\\\", title)  # a backslash before a mark is taken for an escape
    for letters in (r"[\[\]<>&]", r"."):
        for text in (title, doubled):
            yield re.sub(letters, lambda match: f"&#{ord(match.group())};", text)


def _read(text: str, day: date) -> tuple[Entry, ...]:
    digest = parse_digest(f"{digest_header(day)}\n\n{text}\n".encode(), "digest.md", day)
    return () if digest.failed else digest.entries


def _same(read: tuple[Entry, ...], entry: Entry) -> bool:
    """Whether what was read is this one entry, sections that were put before bullets aside."""
    if len(read) != 1:
        return False
    found = read[0]
    alike = replace(found, bullets=entry.bullets, line=entry.line, language=entry.language) == entry
    texts = [bullet.text for bullet in found.bullets] == [bullet.text for bullet in entry.bullets]
    return alike and texts and all(
        one.section == other.section or not other.section
        for one, other in zip(found.bullets, entry.bullets, strict=True)
    )  # fmt: skip
