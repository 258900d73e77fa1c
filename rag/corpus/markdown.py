"""What Markdown itself says of a file: its front matter, what is code or a comment, its tables and reference links.

markdown-it-py finds fences, comments and tables, also inside lists and quotations. A file without any sign of those is
not parsed: that is nearly every digest. What is never closed hides nothing, and is reported. Knows no digests.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import yaml

from rag.corpus.links import parse_definition
from rag.corpus.report import Notes

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_SIGNS = re.compile(r"^[ \t>*+-]*(?:```|~~~)|<!--|^[ \t>]*(?:\|[ \t]*)?:?-+:?[ \t]*\|", re.MULTILINE)
_HTML_TABLE = re.compile(r"<table\b", re.IGNORECASE)
_CLOSED = re.compile(r"[ \t>]*(?:`{3,}|~{3,})[ \t]*")
_COMMENT = re.compile(r"<!--.*?-->")
_MAX_FRONT = 200  # lines of front matter
_MAX_NESTED = 100  # brackets of front matter
_MAX_UNCLOSED = 5  # fences and comments that are never closed, of one file; then nothing is hidden


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its `header`, and its rows, each with its line (1-based); `end` is the line after it."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    end: int


@dataclass
class Layout:
    """What the lines of a file are; all line numbers are 1-based."""

    front: Mapping[str, Any] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    fences: set[int] = field(default_factory=set)  # the lines that open code
    tables: dict[int, Table] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)


def read_layout(lines: list[str], notes: Notes) -> Layout:
    """Return the layout of a file. Comments inside a line are taken out of `lines`. Never raises on content."""
    layout = Layout()
    end = _front_matter(lines, layout, notes)
    text = "\n".join([""] * end + lines[end:])
    if _SIGNS.search(text):
        _blocks(text.split("\n"), lines, layout, notes)
    if "]:" in text:
        _references(lines, layout)
    if _HTML_TABLE.search(text):
        _html_tables(lines, layout, notes)
    return layout


# --- Front matter ----------------------------------------------------------------------------------------------------
def _front_matter(lines: Sequence[str], layout: Layout, notes: Notes) -> int:
    """Read the front matter (YAML between ---, TOML between +++), and return the number of its lines."""
    fence = lines[0].strip() if lines else ""
    if fence not in ("---", "+++"):
        return 0
    end = next((n for n, line in enumerate(lines[1:_MAX_FRONT], start=1) if line.strip() in (fence, "...")), 0)
    inside = lines[1:end]
    if not any(re.match(r"[\w-]+ ?[:=]", line) for line in inside) or any(line.startswith("##") for line in inside):
        return 0  # two rules with a digest between them
    text = "\n".join(inside)[:20_000]
    try:
        if text.count("[") + text.count("{") > _MAX_NESTED:
            raise ValueError("brackets without end")
        read = yaml.load(text, Loader=yaml.BaseLoader) if fence == "---" else tomllib.loads(text)
    except (yaml.YAMLError, tomllib.TOMLDecodeError, ValueError, RecursionError):
        kind = "YAML" if fence == "---" else "TOML"
        notes.warn(1, f"the front matter is not {kind} and is left out; write lines like “date: 2024-06-11”")
        read = {}
    if isinstance(read, dict):
        layout.front = {str(key).strip().lower(): value for key, value in read.items()}
    layout.hidden |= set(range(1, end + 2))
    return end + 1


# --- Fences, comments and tables -------------------------------------------------------------------------------------
@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    # Indented lines are bullets in digests and never code; reference links and text are read elsewhere, line by line.
    return MarkdownIt("commonmark").enable("table").disable(["code", "reference", "inline", "lheading"])


def _blocks(blanked: list[str], lines: list[str], layout: Layout, notes: Notes) -> None:
    """Note the lines of fences and comments, and the tables. Lines that open what is never closed are blanked."""
    for _ in range(_MAX_UNCLOSED):
        _strip_comments(blanked, lines)
        tokens = _parser().parse("\n".join(blanked))
        opened = _unclosed(tokens, blanked)
        if opened is None:
            break
        what, mark = ("comment", "-->") if "<!--" in blanked[opened] else ("code fence", "```")
        notes.warn(opened + 1, f"the {what} that opens here is never closed, so it hides nothing; close it with {mark}")
        blanked[opened] = ""
        lines[opened] = ""
    else:
        return
    for n, token in enumerate(tokens):
        if token.map and (token.type == "fence" or _is_comment(token)):
            layout.hidden |= set(range(token.map[0] + 1, token.map[1] + 1))
            if token.type == "fence":
                layout.fences.add(token.map[0] + 1)
        elif token.type == "table_open" and token.map:
            layout.tables[token.map[0] + 1] = _table(tokens, n)


def _strip_comments(blanked: list[str], lines: list[str]) -> None:
    """Take the comments that begin and end inside one line out of it."""
    for n, line in enumerate(blanked):
        if "<!--" in line and "-->" in line:
            blanked[n] = _COMMENT.sub("", line)
            lines[n] = _COMMENT.sub("", lines[n])


def _is_comment(token: Token) -> bool:
    return token.type == "html_block" and token.content.lstrip().startswith("<!--")


def _unclosed(tokens: Sequence[Token], lines: Sequence[str]) -> int | None:
    """Return the first line (0-based) that opens a fence or a comment which is never closed."""
    for token in tokens:
        if not token.map:
            continue
        first, end = token.map
        if token.type == "fence" and not (end - first > 1 and _CLOSED.fullmatch(lines[end - 1])):
            return first
        if _is_comment(token) and "-->" not in token.content:
            return first
    return None


def _table(tokens: Sequence[Token], start: int) -> Table:
    rows: list[tuple[int, tuple[str, ...]]] = []
    cells: list[str] = []
    line = 0
    for token in tokens[start:]:
        if token.type == "tr_open" and token.map:
            cells, line = [], token.map[0] + 1
        elif token.type == "inline":
            cells.append(token.content)
        elif token.type == "tr_close":
            rows.append((line, tuple(cells)))
        elif token.type == "table_close":
            break
    opened = tokens[start].map or [0, 0]
    return Table(rows[0][1] if rows else (), tuple(rows[1:]), opened[1] + 1)


def _references(lines: Sequence[str], layout: Layout) -> None:
    for number, line in enumerate(lines, start=1):
        if "]:" in line and number not in layout.hidden and (found := parse_definition(line.strip())):
            layout.references.setdefault(*found)
            layout.hidden.add(number)


# --- Tables in HTML --------------------------------------------------------------------------------------------------
class _Rows(HTMLParser):
    """The rows of one table in HTML; links in cells become Markdown's."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[tuple[int, list[list[str]]]] = []
        self.url = ""
        self.in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a row, a cell or a link."""
        if tag == "tr":
            self.rows.append((self.getpos()[0], []))
        elif tag in ("td", "th"):
            if not self.rows:
                self.rows.append((self.getpos()[0], []))
            self.rows[-1][1].append([])
            self.in_cell = True
        elif tag == "a":
            self.url = dict(attrs).get("href") or ""
            self.handle_data("[" if self.url else "")
        elif tag == "br":
            self.handle_data(" ")

    def handle_endtag(self, tag: str) -> None:
        """End a cell or a link."""
        if tag == "a" and self.url:
            self.handle_data(f"]({self.url})")
            self.url = ""
        elif tag in ("td", "th"):
            self.in_cell = False

    def handle_data(self, data: str) -> None:
        """Add text to the open cell."""
        if self.in_cell and self.rows and self.rows[-1][1]:
            self.rows[-1][1][-1].append(data)


def _html_tables(lines: Sequence[str], layout: Layout, notes: Notes) -> None:
    """Note the tables in HTML that stand on lines of their own."""
    at = 0
    while at < len(lines):
        if at + 1 in layout.hidden or not _HTML_TABLE.match(lines[at].strip()):
            at += 1
            continue
        end = next((n for n in range(at, len(lines)) if "</table>" in lines[n].lower()), None)
        if end is None:
            notes.warn(at + 1, "the table that opens here is never closed; close it with </table>")
            return
        parser = _Rows()
        parser.feed("\n".join(lines[at : end + 1]))
        rows = [
            (at + line, tuple(" ".join("".join(cell).split()) for cell in cells))
            for line, cells in parser.rows
            if cells
        ]
        if rows:
            layout.tables[at + 1] = Table(rows[0][1], tuple(rows[1:]), end + 2)
        at = end + 1
