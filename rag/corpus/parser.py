"""The lines of a digest into papers: which heading, item or row is one, and which lines belong to it.

A heading with a paper's link begins a paper, and so does a heading whose link stands on a line below. Where no heading
does, items of a list, lines that begin with a link, and rows of a table are papers. Whatever looks like a paper or a
field and is not read as one is noted. Knows no files.
"""

from __future__ import annotations

import re
from dataclasses import replace

from rag.corpus.collector import BOLD, Collector
from rag.corpus.days import read_span
from rag.corpus.drafts import MAX_LINE, Draft, bullet_of, media_of
from rag.corpus.fields import Field, is_day, is_tag_line, misspelt, name_line, read_fields, read_tags
from rag.corpus.lines import ASIDES, BOLD_LINE, HEADING, ITEM, QUOTE, TITLED, html_lines, is_general, is_markup
from rag.corpus.links import HINT, find_links
from rag.corpus.markdown import Table
from rag.corpus.papers import parse_arxiv_id
from rag.corpus.tables import columns_of, row_of
from rag.corpus.titles import Found, clean_title, find_paper, is_link_word, plain, starts_paper, unnumbered
from rag.language.text import clean, one_line


class Parser(Collector):
    """Reads the lines of one file in order; `finish` gives the entries."""

    # --- Headings ------------------------------------------------------------------------------------------------------
    def heading(self, number: int, level: int, text: str) -> None:
        """Read a heading: of a paper, a section of one, or a part of the digest."""
        found = find_paper(text, self.references) if len(text) <= MAX_LINE else None
        above = self.draft
        section = (
            above and above.kind == "heading" and above.arxiv_id and level > above.level and not text.startswith("[")
        )
        if found is None and above and section and not read_span(text):
            above.section, self.open = clean_title(text).rstrip(":："), False
            return
        self.close()
        if self.aside and level <= self.aside:
            self.aside = 0
        if found:
            self.aside = 0
            self.begin(number, found, "heading", level=level)
            return
        if ASIDES.fullmatch(text):
            self.aside = level
        elif level <= 2 and not text.startswith("["):
            self.days.header(number, text)
        elif len(text) <= 80 and (span := read_span(text)) and "[" not in text:
            self.days.set(span, number, "the header")
        if self.aside or is_general(text):
            return
        if len(text) <= MAX_LINE:
            self.draft = Draft(clean_title(unnumbered(text)), "", number, None, level=level)
            self.draft.mark = "[" if "[" in text else ""
        else:
            self.lost(Draft(one_line(text, 80), "", number, None, level=level))

    # --- Lines ---------------------------------------------------------------------------------------------------------
    def line(self, number: int, raw: str) -> None:
        """Read the next line."""
        line = clean(raw)
        if not line:
            self.open = False
            return
        first = line[0]
        if first == ">":
            line = line[QUOTE.match(line).end() :]  # type: ignore[union-attr]
            if not line:
                self.open = False
                return
            first = line[0]
        if first == "<" and (pieces := html_lines(line)):
            for piece in pieces:
                self.open = False
                self.line(number, piece)
            return
        if first == "<":
            line = plain(line)
        if line[0] == "#" and (heading := HEADING.match(line)):
            self.heading(number, len(heading.group(1)), re.sub(r" #+$", "", heading.group(2)).strip())
        elif len(line) > MAX_LINE:
            if self.draft:
                self.notes.fail(number, f"the line is {len(line):,} characters long; the limit is {MAX_LINE:,}")
        elif is_markup(line):
            if self.draft:
                self.draft.media = self.draft.media or media_of(line)
        elif not self.begins_paper(number, line, raw) and self.draft:
            self.content(number, line)

    def begins_paper(self, number: int, line: str, raw: str) -> bool:
        """Read a line that begins a paper outside headings, or ends a list of them. False where it is none of those."""
        draft = self.draft
        if draft and draft.kind == "heading" and draft.arxiv_id:
            return draft.level == BOLD and not ITEM.match(line) and self.names_paper(number, line, draft)
        if draft is None and is_day(line):
            self.days.header(number, line)
            return True
        item = ITEM.match(line)
        indent = len(raw.expandtabs(4)) - len(raw.expandtabs(4).lstrip()) if item else 0
        mark = item.group(1).strip()[-1] if item else ""
        if draft and draft.kind == "list" and draft.arxiv_id and item and indent > draft.indent:
            return False
        if not item and self.names_paper(number, line, draft):
            return True
        found = self.candidate(number, line[item.end() :] if item else line)
        if found and draft and not draft.arxiv_id and _same(found.title, draft.title):
            return False  # the link of the heading above
        if found:
            if draft and not draft.arxiv_id:
                self.draft = None  # the heading is a part of the digest, not a paper
            self.begin(number, found, "list", indent=indent if item else -1, mark=mark)
            return True
        if draft is None and self.days.here() is None and not self.drafts and len(line) <= 80 and not item:
            span = read_span(line) if any(c.isdigit() for c in line) else None
            self.days.set(span, number, "the header")
            return span is not None
        below = draft and draft.kind == "list" and item and indent > draft.indent
        if item and not below and (draft is None or (draft.kind == "list" and mark == draft.mark)) and not self.aside:
            self.close()
            title = clean_title(line[item.end() :].rstrip(":："))
            self.draft = Draft(title, "", number, None, "list", indent=indent, mark=mark)
            return True
        return bool(draft and draft.kind == "list" and not item and self.leaves_list(number, draft, line))

    def names_paper(self, number: int, line: str, draft: Draft | None) -> bool:
        """Read a title without its link: after "Title:", in bold type, or on the line above a link. False if it is none."""
        if titled := TITLED.fullmatch(line):
            if draft and not draft.arxiv_id and draft.level < BOLD:
                draft.title = clean_title(titled.group(1))
                return True
            title = titled.group(1)
        elif (bold := BOLD_LINE.fullmatch(line)) and not HINT.search(line) and not is_day(line):
            title = bold.group(1)
        else:
            return self.links_above(number, line, draft)
        if self.aside or not (draft is None or draft.level == BOLD or (titled and not draft.mark)):
            return False
        self.close()
        self.draft = Draft(clean_title(unnumbered(title)), "", number, None, level=BOLD)
        return True

    def links_above(self, number: int, line: str, draft: Draft | None) -> bool:
        """Read a line that is nothing but a paper's link, where the line above it is the title."""
        at, text = self.above
        self.above = (number, line)
        free = draft is None or (draft.kind == "list" and draft.arxiv_id and not draft.mark)
        if at != number - 1 or not free or self.aside or not HINT.search(line) or read_fields(line):
            return False
        found = find_paper(line, self.references)
        if found is None or found.rest or (found.title and not is_link_word(found.title)) or len(text) > 300:
            return False
        if draft and draft.bullets and draft.bullets[-1][1] == [text]:
            draft.bullets.pop()
        title = clean_title(unnumbered(text))
        return self.begin(at, replace(found, title=title), "list") is not None

    def candidate(self, number: int, text: str) -> Found | None:
        """Return the paper that a line of plain text begins with, unless it stands under a heading like “References”."""
        if not (HINT.search(text) or (self.references and "[" in text)):
            return None
        found = None if read_fields(text) else starts_paper(text, self.references)
        if (found and self.aside) or (found is None and not (self.draft and self.draft.arxiv_id)):
            if any(link.paper for link in find_links(text, self.references)):
                self.ignored.append(number)
            return None
        return found

    def leaves_list(self, number: int, draft: Draft, line: str) -> bool:
        """Whether a line of text is no part of the paper above it in a list; it is noted, because it is lost."""
        if draft.mark in ("", ".", ")") or not draft.bullets or self.open or read_fields(line) or name_line(line):
            return False
        if draft.arxiv_id:
            self.notes.warn(number, "the text after the list belongs to no paper; indent it under its paper")
        self.draft = None
        return True

    def content(self, number: int, line: str) -> None:
        """Read a line of the paper or the heading that is read."""
        draft = self.draft
        assert draft is not None
        fields = read_fields(line)
        if fields and self.take(number, draft, fields, line):
            return
        if is_day(line) or (not draft.bullets and self.is_about(number, draft, line)):
            return
        if not draft.arxiv_id and self.gives_link(draft, line):
            return
        item = ITEM.match(line)
        unread = fields and not item and not (draft.votes is not None and draft.authors)
        if not item and (write := misspelt(line) or ("Vote: 17 above the summary" if unread else "")):
            self.notes.warn(
                number, f"the line looks like a field and is read as text: {one_line(line, 40)}; write “{write}”"
            )
        if item:
            self.item(number, draft, line[item.end() :])
        elif self.open:
            draft.go_on(line, number, self.notes)
        else:
            self.item(number, draft, line)
        if draft.kind == "heading" and "](http" in line and HINT.search(line):
            self.other_paper(number, draft, line)

    def take(self, number: int, draft: Draft, fields: list[Field], line: str) -> bool:
        """Take the fields of a line. False where the line is a part of the summary."""
        if not all(said.sure for said in fields):
            return False
        late = bool(draft.bullets)
        if late and any(self.has(draft, said) for said in fields):
            return False
        for said in fields:
            if said.kind == "link":
                self.take_link(number, draft, said.value)
            else:
                draft.take(said, number, self.notes)
        return True

    def has(self, draft: Draft, said: Field) -> bool:
        """Whether a paper has this field already; then a line below its summary that looks like it is text."""
        known = {
            "votes": draft.votes is not None, "authors": bool(draft.authors), "tags": bool(draft.tags),
            "link": False, "day": False,
        }  # fmt: skip
        return known[said.kind] or (said.kind == "votes" and not said.value[:1].isdigit()) or not said.value

    def take_link(self, number: int, draft: Draft, value: str) -> None:
        """Take the link of a line like “Paper: https://arxiv.org/abs/…”."""
        linked = [link.paper for link in find_links(value, self.references) if link.paper]
        paper = linked[0] if linked else parse_arxiv_id(value)
        if paper and not draft.arxiv_id:
            self.resolve(draft, paper)
        elif paper and paper != draft.arxiv_id:
            self.notes.warn(number, f"the link is of {paper}, and the paper is {draft.arxiv_id}; keep the right one")

    def gives_link(self, draft: Draft, line: str) -> bool:
        """Whether a line below a heading is nothing but its link."""
        item = ITEM.match(line)
        text = line[item.end() :] if item else line
        found = find_paper(text, self.references) if HINT.search(text) or self.references else None
        if found is None or not (not found.title or is_link_word(found.title) or _same(found.title, draft.title)):
            return False
        self.resolve(draft, found.paper)
        return True

    def is_about(self, number: int, draft: Draft, line: str) -> bool:
        """Read a line above the summary that is about the paper: names in italics, tags, a day."""
        if not draft.authors and (names := name_line(line)):
            draft.take_authors(names, number, self.notes)
            return True
        if line[0] == "#" and is_tag_line(line):
            draft.tags = tuple(dict.fromkeys((*draft.tags, *read_tags(line))))
            return True
        if line[0] == "*" and line[-1] == "*" and line[1:2] not in ("*", "") and len(line) < 60 and line[-2].isalpha():
            self.notes.warn(
                number,
                f"the line may name authors and is read as text: {one_line(line, 40)}; write “Authors: Ada Lee, Bo Ryu”",
            )
        return False

    def item(self, number: int, draft: Draft, text: str) -> None:
        """Add a bullet."""
        bullet = bullet_of(text, draft.section)
        self.open = bullet is not None and draft.add_bullet(bullet, number, self.notes)

    def other_paper(self, number: int, draft: Draft, line: str) -> None:
        """Note a line inside a paper that is nothing but another paper."""
        item = ITEM.match(line)
        found = starts_paper(line[item.end() :] if item else line, self.references)
        if found and found.paper != draft.arxiv_id and not found.rest and found.linked:
            self.notes.warn(
                number, f"the line links {found.paper} inside the paper {draft.arxiv_id or draft.title}; if it is a paper of "
                "the digest, give it a heading",
            )  # fmt: skip

    # --- Tables and damage --------------------------------------------------------------------------------------------
    def table(self, number: int, table: Table) -> bool:
        """Read a table of papers. False where it is none: its lines are then read as text."""
        columns = columns_of(table, self.references)
        if columns is None:
            return False
        if self.aside or (self.draft and self.draft.kind == "heading" and self.draft.arxiv_id):
            where = "under a heading like “References”" if self.aside else f"inside the paper {self.draft.arxiv_id}"  # type: ignore[union-attr]
            self.notes.warn(number, f"the table {where} is not read as papers; put it below a heading of its own")
            return bool(self.aside)
        self.draft = None
        of_rows = False  # whether the rows have the only dates
        for line, cells in table.rows:
            row = row_of(columns, cells, self.references)
            if row.day and (self.days.here() is None or of_rows):
                of_rows = True
                self.days.span = self.days.checked(read_span(row.day), line, "the row")
            draft = self.begin(line, row.found, "row") if row.found else None
            if row.found is None and any(cell.strip() for cell in cells):
                self.notes.warn(
                    line, "the row links no paper; link its arXiv paper in the same column as the other rows"
                )
            if draft:
                for said in row.fields:
                    draft.take(said, line, self.notes)
                for section, text in row.texts:
                    if bullet := bullet_of(text, section):
                        draft.add_bullet(bullet, line, self.notes)
        self.draft = None
        self.days.span = None if of_rows else self.days.span
        return True

    def hidden(self, number: int, is_fence: bool) -> None:
        """Pass over a line of code, of a comment or of front matter."""
        self.open = False
        if is_fence and self.draft and self.draft.arxiv_id:
            self.notes.warn(number, "the code block is left out of the summary; write it without ``` to keep it")

    def damaged(self, number: int, raw: bytes) -> None:
        """Note a line that is no text."""
        self.notes.fail(number, "the line is not UTF-8 text; save the file as UTF-8")
        self.open = False
        if b"#" in raw[:8] or b"](http" in raw:  # perhaps a heading: what follows is not the paper above
            self.draft = None


def _same(one: str, other: str) -> bool:
    """Whether two titles are spelt alike, letter case and marks aside."""
    return re.sub(r"[\W_]", "", one).casefold() == re.sub(r"[\W_]", "", other).casefold()
