"""A table as a digest: which column names the papers, and what the others say of them.

Pure functions. A table is one of papers where at least one row links a paper.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rag.corpus.fields import Field, Kind
from rag.corpus.links import HINT
from rag.corpus.markdown import Table
from rag.corpus.titles import Found, clean_title, find_paper, unnumbered

_NAMES: tuple[tuple[Kind | str, str], ...] = (
    ("title", r"titles?|papers?|paper title|name|논문|제목|논문 ?제목|논문명|이름"),
    ("votes", r"(?:up)?votes?|likes?|👍|⭐|❤️?|▲|추천 ?수?|투표 ?수?|좋아요|득표 ?수?"),
    ("authors", r"authors?|저자|지은이|글쓴이"),
    ("tags", r"tags?|categor(?:y|ies)|topics?|keywords?|태그|분류|주제|키워드"),
    ("number", r"#|no\.?|nr\.?|rank|번호|순위|순번"),
    ("day", r"(?:publish(?:ed)? |updated? )?date|published|submitted|날짜|게시일|발행일|공개일"),
    ("link", r"links?|url|arxiv|pdf|arxiv id|id|링크|원문|주소"),
)
_HEADERS = tuple((kind, re.compile(words, re.IGNORECASE)) for kind, words in _NAMES)
_EMPTY = frozenset({"", "-", "–", "—", "null", "none", "n/a", "없음"})
_BOLD_TITLE = re.compile(r"\*\*([^*]{1,300})\*\*[ ]?[-–—:][ ](.{1,5000})")
_FREE = re.compile(r"(?:summary|abstract|tl;?dr|description|요약|설명|한 ?줄 ?요약|내용|초록)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns hold; `names` are their headers, for what is kept as a bullet."""

    kinds: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A row: the paper that it names, its fields, and (section, text) of its other cells."""

    found: Found | None
    fields: tuple[Field, ...] = ()
    texts: tuple[tuple[str, str], ...] = ()
    day: str = ""


def columns_of(table: Table, references: Mapping[str, str]) -> Columns | None:
    """Return the columns of a table of papers; None for another table."""
    if not any(_paper(cell, references) for _, cells in table.rows[:50] for cell in cells):
        return None
    names = tuple(clean_title(name) for name in table.header)
    kinds = tuple(next((kind for kind, words in _HEADERS if words.fullmatch(name)), "") for name in names)
    return Columns(kinds, names)


def _paper(cell: str, references: Mapping[str, str]) -> Found | None:
    return find_paper(cell, references) if HINT.search(cell) or (references and "[" in cell) else None


def row_of(columns: Columns, cells: tuple[str, ...], references: Mapping[str, str]) -> Row:
    """Read a row. The title is the text of the link, or stands in the column of titles, or is missing ("")."""
    papers = [(n, found) for n, cell in enumerate(cells) if (found := _paper(cell, references))]
    titled = [n for n, kind in enumerate(columns.kinds) if kind == "title" and n < len(cells)]
    in_title = [pair for pair in papers if pair[0] in titled]
    place, found = next(iter(in_title or papers), (-1, None))
    if found is None:
        return Row(None)
    title = found.title if found.linked or place in titled else ""
    texts = [("", found.rest)] if found.rest and found.linked else []
    if not title:
        written = next((unnumbered(cells[n].strip()) for n in titled if n != place and cells[n].strip()), found.title)
        both = _BOLD_TITLE.fullmatch(written)  # **Title** - what it is about
        title = clean_title(both.group(1) if both else written)
        texts += [("", both.group(2))] if both else []
    fields: list[Field] = []
    day = next((cell for cell, kind in zip(cells, columns.kinds, strict=False) if kind == "day"), "")
    for n, (cell, kind) in enumerate(zip(cells, columns.kinds, strict=False)):
        cell = cell.strip()
        if n == place or cell.lower() in _EMPTY or n in titled or kind in ("number", "day", "title", "link"):
            continue
        if kind in ("votes", "authors", "tags"):
            fields.append(Field(kind, cell, True))  # type: ignore[arg-type]
        elif not any(n == other for other, _ in papers):
            name = columns.names[n]
            texts.append(("" if _FREE.fullmatch(name) else name, cell))
    return Row(Found(title, found.paper, found.votes, "", found.others), tuple(fields), tuple(texts), day)
