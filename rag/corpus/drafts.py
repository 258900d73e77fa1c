"""A paper while its lines are read: what is known of it so far, and the entry that it becomes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal
from urllib.parse import urlsplit

from rag.corpus.fields import MAX_NAME, Field, read_count, read_names, read_tags
from rag.corpus.papers import Bullet, Entry, Media
from rag.corpus.report import Notes
from rag.language.text import Language, one_line, summary_language

Day = date  # a name that no field of a class has
MAX_LINE = 20_000  # characters of a line, and of a bullet with its continuation lines
MAX_BULLETS = 200  # of one paper

LABEL = re.compile(r"(\*{1,3})([^*:]{1,60}):?\1[ ]?:?[ ]*")
_IMAGE = re.compile(r"!\[[^\]]{0,200}\]\(([^()\s]{1,1000})\)")
_IMAGE_TAG = re.compile(r"<img\b[^<>]{0,300}?\bsrc=[\"']([^\"'<>]{1,1000})[\"']", re.IGNORECASE)
_VIDEO_LINK = re.compile(r"\[Watch Video\]\(?([^()\s]{1,1000})\)?", re.IGNORECASE)
_VIDEO_TAG = re.compile(r"<(?:video|source)\b[^>]{0,300}?\bsrc=[\"']([^\"']{1,1000})[\"']", re.IGNORECASE)


def media_of(line: str) -> Media | None:
    """Return the picture or the video of a line; None where its address is not https."""
    for pattern, kind in ((_VIDEO_LINK, "video"), (_VIDEO_TAG, "video"), (_IMAGE, "image"), (_IMAGE_TAG, "image")):
        match = pattern.search(line)
        if match:
            try:
                safe = urlsplit(match.group(1)).scheme == "https"
            except ValueError:
                safe = False
            return Media(kind, match.group(1)) if safe else None  # type: ignore[arg-type]
    return None


def bullet_of(text: str, section: str) -> Bullet | None:
    """Return the bullet that a text is, under its own label or that of the heading above it; None without text."""
    match = LABEL.match(text)
    if match and match.group(1) == "*" and match.end() == len(text) and ":" not in text:
        return Bullet(text, section)  # a line in italics, and no label
    label = match.group(2).strip() if match and (":" in match.group() or match.end() == len(text)) else ""
    body = (text[match.end() :] if match and label else text).strip()
    return Bullet(body, label or section) if body else None


@dataclass
class Draft:
    """A paper while its lines are read; a bullet is its section and its lines.

    `kind` is where it stands: under a heading, in a list, or in a row of a table. `arxiv_id` is "" while a heading
    waits for its link on a later line. `level` is that of the heading; `indent` and `mark` are those of the item.
    """

    title: str
    arxiv_id: str
    line: int
    date: date | None
    kind: Literal["heading", "list", "row"] = "heading"
    level: int = 0
    indent: int = -1
    mark: str = ""
    since: Day | None = None
    votes: int | None = None
    authors: dict[str, None] = field(default_factory=dict)
    authors_cut: bool = False
    media: Media | None = None
    tags: tuple[str, ...] = ()
    section: str = ""
    bullets: list[tuple[str, list[str]]] = field(default_factory=list)
    room: int = 0  # characters by which the last bullet may still grow
    full: bool = False  # whether a bullet had to be dropped

    def language(self) -> Language | None:
        """Tell the language of the bullets."""
        return summary_language(" ".join(line for _, lines in self.bullets for line in lines))

    def entry(self, language: Language | None) -> Entry:
        """Return the entry in the language of its bullets, or of the file where it has none."""
        assert self.date is not None
        bullets = tuple(Bullet(" ".join(lines), section) for section, lines in self.bullets)
        return Entry(
            self.arxiv_id, self.title, self.date, self.votes, tuple(self.authors), self.authors_cut, self.media,
            language, bullets, self.line, self.tags, self.since,
        )  # fmt: skip

    def add_bullet(self, bullet: Bullet, number: int, notes: Notes) -> bool:
        """Add a bullet; False where there are too many."""
        if len(self.bullets) < MAX_BULLETS:
            self.bullets.append((bullet.section, [bullet.text]))
            self.room = MAX_LINE - len(bullet.text)
            return True
        if not self.full:
            notes.warn(
                number, f"{self.arxiv_id or self.title} has more than {MAX_BULLETS} bullets; the rest is left out"
            )
        self.full = True
        return False

    def go_on(self, line: str, number: int, notes: Notes) -> None:
        """Add a line to the last bullet."""
        fitted, self.room = self.room >= 0, self.room - len(line) - 1
        if self.room >= 0:
            self.bullets[-1][1].append(line)
        elif fitted:
            notes.fail(number, f"the bullet is longer than {MAX_LINE:,} characters; the rest of it is left out")

    def take(self, said: Field, number: int, notes: Notes) -> None:
        """Take the value of a field; what is no such value is named."""
        if said.kind == "votes":
            count = read_count(said.value)
            if count is not None:
                self.votes = count
            elif said.value not in ("", "-"):
                notes.warn(number, f"the votes are not a number: {one_line(said.value, 40)}; write “Vote: 17”")
        elif said.kind == "authors":
            self.take_authors(said.value, number, notes)
        elif said.kind == "tags":
            self.tags = tuple(dict.fromkeys((*self.tags, *read_tags(said.value))))

    def take_authors(self, value: str, number: int, notes: Notes) -> None:
        """Take the names of an author line."""
        names, cut = read_names(value)
        self.authors_cut = self.authors_cut or cut
        for name in names:
            if len(name) <= MAX_NAME:
                self.authors.setdefault(name)
            else:
                notes.warn(
                    number,
                    f"an author's name is longer than {MAX_NAME} characters: {one_line(name, 40)}; write commas between names",
                )


def _merged(one: Entry, other: Entry) -> Entry:
    """Return the fuller of two entries of one paper and day, with what only the other one has."""
    best, rest = (other, one) if len(other.bullets) > len(one.bullets) else (one, other)
    return replace(
        best,
        votes=rest.votes if best.votes is None else best.votes,
        authors=best.authors or rest.authors,
        authors_cut=best.authors_cut if best.authors else rest.authors_cut,
        media=best.media or rest.media,
        tags=tuple(dict.fromkeys((*best.tags, *rest.tags))),
    )


def entries_of(drafts: Iterable[Draft], notes: Notes) -> tuple[Entry, ...]:
    """Return the entries of a file, one for each paper, day and language; two headings of one paper are named."""
    drafts = list(drafts)
    languages = [draft.language() for draft in drafts]
    tongues = Counter(language for language in languages if language)
    usual = max(sorted(tongues), key=tongues.__getitem__, default=None)
    told = {(draft.arxiv_id, draft.date): said for draft, said in zip(drafts, languages, strict=True) if said}
    seen: dict[tuple[str, date, Language | None], Entry] = {}
    headed: set[tuple[str, date, Language | None]] = set()
    for draft, language in zip(drafts, languages, strict=True):
        entry = draft.entry(language or told.get((draft.arxiv_id, draft.date), usual))
        key = (entry.arxiv_id, entry.date, entry.language)
        if key in headed and draft.kind == "heading":
            notes.warn(draft.line, f"{entry.arxiv_id} stands twice on this day; the fuller entry is kept")
        if draft.kind == "heading":
            headed.add(key)
        seen[key] = _merged(seen[key], entry) if key in seen else entry
    return tuple(seen.values())
