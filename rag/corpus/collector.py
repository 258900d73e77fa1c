"""The papers of a file while it is read: beginning one, ending one, and what is said of those that were none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from rag.corpus.days import Span
from rag.corpus.drafts import Draft, bullet_of, entries_of
from rag.corpus.fields import is_tag_line, read_tags
from rag.corpus.headers import Headers
from rag.corpus.papers import Bullet, Entry
from rag.corpus.report import Notes
from rag.corpus.titles import Found, leftovers
from rag.language.text import one_line

RIGHT = "### [Title](https://arxiv.org/abs/2406.00001)"
BOLD = 7  # the level of a line in bold type that is a title, below all headings


class Collector:
    """The papers of one file so far. `draft` is the paper, the heading or the item that is read."""

    def __init__(self, notes: Notes, path_span: Span | None, latest: date, references: Mapping[str, str]) -> None:
        self.notes, self.references = notes, references
        self.days = Headers(notes, path_span, latest)
        self.drafts: list[Draft] = []
        self.draft: Draft | None = None
        self.headings = 0  # that are papers or failed to be
        self.open = False  # whether a continuation line may extend the last bullet
        self.aside = 0  # the level of a heading like “References”, below which no list is of papers
        self.ignored: list[int] = []  # lines that link papers and are none
        self.undated: list[int] = []  # items and rows that would be papers, with a date
        self.early: list[int] = []  # items above the first paper, that belong to none
        self.tags: tuple[str, ...] = ()
        self.above = (0, "")  # the last line of text that is no item, and its number

    def begin(
        self, number: int, found: Found, kind: str, level: int = 0, indent: int = -1, mark: str = ""
    ) -> Draft | None:
        """Begin a paper; None where it has no date."""
        title = found.title
        self.draft, self.open = None, False
        if kind == "heading":
            self.headings += 1
        days = self.days.here()
        if days is None:
            if kind == "heading":
                self.notes.fail(
                    number,
                    f"“{one_line(title, 60)}” has no date: neither a header nor the path gives one; "
                    "write a header like “## Daily Papers (2024-06-11)”",
                )
            else:
                self.undated.append(number)
            return None
        if not title:
            title = found.paper
            self.notes.warn(number, f"{found.paper} has no title; write {RIGHT}")
        elif markup := leftovers(title):
            self.notes.warn(number, f"the title holds markup ({markup}): {one_line(title, 60)}; write {RIGHT}")
        if found.others:
            self.notes.warn(
                number, f"the line links {' and '.join(found.others[:3])} too; give each paper a heading of its own"
            )
        if found.dropped and kind == "heading":
            self.notes.warn(
                number, f"“{one_line(found.dropped, 40)}” is left out of the title; put it inside the brackets"
            )
        draft = Draft(title, found.paper, number, days.last, kind, level, indent, mark)  # type: ignore[arg-type]
        draft.since = days.first if days.days > 1 else None
        draft.votes, draft.tags = found.votes, self.tags
        self.drafts.append(draft)
        self.draft = draft
        if is_tag_line(found.rest):
            draft.tags = tuple(dict.fromkeys((*draft.tags, *read_tags(found.rest))))
        elif found.rest and (bullet := bullet_of(found.rest, "")):
            self.open = draft.add_bullet(bullet, number, self.notes)
        return draft

    def close(self) -> None:
        """End the paper, the list or the heading that is read."""
        if self.draft and not self.draft.arxiv_id:
            self.lost(self.draft)
        self.draft, self.open = None, False

    def lost(self, draft: Draft) -> None:
        """Report a heading or an item without a paper, where it should be one's."""
        if draft.kind == "list":
            if not self.drafts:
                self.early.append(draft.line)
            if self.drafts and self.drafts[-1].kind == "list" and self.drafts[-1].mark == draft.mark:
                self.notes.warn(draft.line, "the item links no paper; indent it under its paper, or give it a link")
            return
        if draft.level == BOLD:
            self.rejoin(draft)
            return
        if not (self.drafts or self.days.path or (self.days.here() and draft.mark)):
            return  # the heading of some other document
        if draft.level > 2 or draft.title.startswith("["):
            self.headings += 1
            self.notes.fail(
                draft.line,
                f"the heading is cut or has no link to an arXiv paper: {one_line(draft.title, 80)}; write {RIGHT}",
            )
        elif draft.votes is not None or draft.authors:
            self.notes.warn(
                draft.line, f"“{one_line(draft.title, 60)}” has votes or authors but no link; write {RIGHT}"
            )

    def rejoin(self, draft: Draft) -> None:
        """Give the lines below a line in bold type, that named no paper, back to the paper above it."""
        above = self.drafts[-1] if self.drafts and self.drafts[-1].level == BOLD else None
        if above is None:
            return
        for section, lines in draft.bullets:
            above.add_bullet(Bullet(" ".join(lines), section or draft.title), draft.line, self.notes)
        above.votes = draft.votes if above.votes is None else above.votes
        above.authors = above.authors or draft.authors

    def resolve(self, draft: Draft, paper: str) -> None:
        """Make a paper of a heading, now that its link is found."""
        votes, authors, cut, media, tags = draft.votes, draft.authors, draft.authors_cut, draft.media, draft.tags
        while self.ignored and self.ignored[-1] >= draft.line:
            self.ignored.pop()
        found = Found(draft.title, paper, votes, "")
        made = self.begin(draft.line, found, draft.kind, draft.level, draft.indent, draft.mark)
        if made:
            made.authors, made.authors_cut, made.media = authors, cut, media
            made.tags = tuple(dict.fromkeys((*made.tags, *tags)))
            made.bullets, made.room = draft.bullets, draft.room

    def finish(self) -> tuple[Entry, ...]:
        """End the file and return its entries."""
        self.close()
        if self.undated:
            self.notes.warn(
                self.undated[0], f"{len(self.undated):,} lines link papers, but neither a header nor the path has a date; "
                "write a header like “## Daily Papers (2024-06-11)”",
            )  # fmt: skip
        if self.early and self.drafts:
            one = len(self.early) == 1
            said = (
                "the item belongs to no paper and is"
                if one
                else f"{len(self.early):,} items belong to no paper and are"
            )
            self.notes.warn(
                self.early[0],
                f"{said} left out, because no paper stands above; move {'it' if one else 'them'} below its heading",
            )
        if self.ignored:
            more = f", and {len(self.ignored) - 1:,} more lines" if len(self.ignored) > 1 else ""
            self.notes.warn(
                self.ignored[0], f"the line links a paper and is not read as one{more}; a paper is written {RIGHT}"
            )
        return entries_of(self.drafts, self.notes)
