"""Digest files into entries: a forgiving reader of daily paper digests, in the many shapes people write them.

`parse_digest` reads the bytes of one file; `find_digests` and `read_digest` touch the disk. Whatever cannot be read becomes
a `Problem` with its file, line and reason, and costs no other paper. Knows nothing of stores or questions.

The work is done one room below: `encodings` (bytes to lines), `markdown` (code, comments, tables), `days` (dates), `links` and
`titles` (papers in a line), `fields` (votes, authors, tags), `tables`, `drafts` (a paper while it is read) and `parser`.
"""

from __future__ import annotations

import hashlib
import os
import stat
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from rag.corpus.collector import RIGHT
from rag.corpus.days import SUFFIXES, date_in, last_day, read_span, span_of_path
from rag.corpus.drafts import MAX_BULLETS, MAX_LINE, Draft
from rag.corpus.encodings import decode
from rag.corpus.fields import MAX_NAME, read_count, read_tags
from rag.corpus.links import find_links
from rag.corpus.markdown import read_layout
from rag.corpus.papers import Entry, parse_arxiv_id
from rag.corpus.parser import Parser
from rag.corpus.report import MAX_PROBLEMS, Digest, Notes, Problem
from rag.corpus.titles import Found
from rag.corpus.underlines import underlined
from rag.errors import DigestError
from rag.language.text import clean

__all__ = [
    "MAX_BULLETS", "MAX_BYTES", "MAX_LINE", "MAX_NAME", "MAX_PROBLEMS", "Digest", "Problem", "date_in", "find_digests", "parse_digest",
    "read_digest", "skipped",
]  # fmt: skip

PARSER = b"3:"  # raise it when the same bytes are read otherwise
MAX_BYTES = 8 * 1024 * 1024  # a real day is at most 60 kB
_TOO_LARGE = f"a digest may have {MAX_BYTES / 1e6:.1f} MB; split it"
_LIGATURE = "ﬀ".encode()[:2]  # how each of them begins in UTF-8
_LIGATURES = {ord(c): unicodedata.normalize("NFKC", c) for c in "ﬀﬁﬂﬃﬄﬅﬆ"}  # as copied from a PDF
_MAX_NAMED = 20  # skipped names of one kind that are said one by one


def _key(data: bytes) -> str:
    """The hash a file is known by: of its bytes and of this parser, so that a newer parser reads old files again."""
    return hashlib.sha256(PARSER + data).hexdigest()


def parse_digest(data: bytes, file: str, today: date | None = None) -> Digest:
    """Parse the bytes of one digest; `file` names it in messages and gives the date where no header does.

    A digest may be of any day from 1991 to a year from `today` (the clock's day, if it is left out). Never raises on
    content: everything unreadable is in `failed` (with line and reason) or `warnings`.
    """
    notes = Notes(file)
    if len(data) > MAX_BYTES:
        notes.fail(0, f"the file is {len(data) / 1e6:.1f} MB; {_TOO_LARGE}")
        return notes.digest(_key(data), ())
    lines, remark = decode(data)
    if remark:
        notes.warn(0, remark)
    texts = [line if isinstance(line, str) else "" for line in lines]
    if remark or _LIGATURE in data:
        texts = [text.translate(_LIGATURES) for text in texts]
    layout = read_layout(texts, notes)
    parser = Parser(notes, span_of_path(file), last_day(today or date.today()), layout.references)
    _front_matter(parser, layout.front)
    if parser.days.here() is None:
        parser.days.note_day(texts)
    after = 0  # the line after the last table
    for number, text in enumerate(texts, start=1):
        if not isinstance(lines[number - 1], str):
            parser.damaged(number, lines[number - 1])  # type: ignore[arg-type]
        elif number in layout.hidden:
            parser.hidden(number, number in layout.fences)
        elif number in layout.tables and parser.table(number, layout.tables[number]):
            after = layout.tables[number].end
        elif number >= after:
            level = underlined(texts, number, layout.references)
            if level:
                parser.heading(number, level, clean(text))
            else:
                parser.line(number, text)
    entries = parser.finish()
    if not parser.headings and not parser.drafts and not notes.failed:
        if parser.days.path:
            notes.fail(0, f"no paper heading ({RIGHT}) in this file")
        else:
            notes.warn(0, "skipped: not a digest (no dated path and no paper heading)")
    _note_empty(parser.drafts, notes)
    return notes.digest(_key(data), entries)


def _note_empty(drafts: list[Draft], notes: Notes) -> None:
    """Note the papers without a summary: one by one under headings, together in lists."""
    told = {draft.arxiv_id for draft in drafts if draft.bullets}
    empty = [draft for draft in drafts if draft.arxiv_id not in told]
    for draft in empty:
        if draft.kind == "heading":
            notes.warn(draft.line, f"{draft.arxiv_id} has no summary")
    if listed := [draft for draft in empty if draft.kind != "heading"]:
        notes.warn(
            listed[0].line, f"papers without a summary in this list: {len(listed):,}; write some text behind the link"
        )


# --- Front matter ----------------------------------------------------------------------------------------------------
_DATE_KEYS = ("date", "day", "날짜", "week", "month")
_TAG_KEYS = ("tags", "tag", "keywords", "categories", "태그", "키워드")
_LINK_KEYS = ("arxiv", "arxiv_id", "arxiv-id", "url", "link", "paper", "doi", "source", "링크", "논문")
_VOTE_KEYS = ("votes", "vote", "upvotes", "투표", "추천")
_AUTHOR_KEYS = ("authors", "author", "저자")


def _front_matter(parser: Parser, front: Mapping[str, Any]) -> None:
    """Take the date, the tags and, in a note on one paper, the paper from the front matter."""
    if not front:
        return
    written = _first(front, _DATE_KEYS)
    span = read_span(written) if written else None
    if written and span is None:
        parser.notes.warn(1, f"the date of the front matter is not a day: {written[:40]}; write “date: 2024-06-11”")
    parser.days.set(span, 1, "the front matter")
    title = _first(front, ("title", "제목"))
    if parser.days.span is None and title:
        parser.days.set(read_span(title), 1, "the front matter's title")
    tags = [tag for key in _TAG_KEYS for value in _all(front.get(key)) for tag in read_tags(value)]
    parser.tags = tuple(dict.fromkeys(tags))
    link = _first(front, _LINK_KEYS)
    paper = next((found.paper for found in find_links(link, {}) if found.paper), None) or parse_arxiv_id(link)
    if paper and title:
        draft = parser.begin(1, Found(title, paper, read_count(_first(front, _VOTE_KEYS)), ""), "heading")
        if draft:
            for value in [value for key in _AUTHOR_KEYS for value in _all(front.get(key))]:
                draft.take_authors(value, 1, parser.notes)


def _all(value: object) -> list[str]:
    """Return the texts of a value of front matter: one, or a list of them."""
    values = value if isinstance(value, list) else [value]
    return [clean(str(one)) for one in values[:100] if isinstance(one, (str, int, float, date))]


def _first(front: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    return next((text for key in keys for text in _all(front.get(key)) if text), "")


# --- Folders ---------------------------------------------------------------------------------------------------------
def find_digests(folder: Path) -> Iterator[Path]:
    """Yield the files under a folder that may be digests, in path order; `skipped` names the others.

    Raises DigestError when the folder does not exist or is no folder.
    """
    root = Path(os.path.realpath(folder))
    if root.is_file():
        yield root
        return
    if not root.is_dir():
        raise DigestError(f"There is no folder {folder}. Give the folder that holds the digests (2024-06-11.md, …).")

    def stop(error: OSError) -> None:  # a folder that is passed over would look emptied
        raise DigestError(
            f"The folder {error.filename} cannot be read: {error.strerror}. The index is left as it is."
        ) from error

    for parent, folders, files in os.walk(root, onerror=stop):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if name.lower().endswith(SUFFIXES) and not name.startswith("."):
                yield Path(parent) / name


def read_digest(path: Path, root: Path, known: Mapping[str, tuple[Entry, ...]] | None = None) -> Digest:
    """Read one digest; `root` is the folder asked for. What is no regular file of that folder is skipped and named.

    `known` gives the entries of files by the hash of their bytes; such a file is not parsed again.
    """
    file = path.as_posix()
    try:
        real = Path(os.path.realpath(path))
        base = Path(os.path.realpath(root))
        if not stat.S_ISREG(real.stat().st_mode) or not (real == base or real.is_relative_to(base)):
            return Digest(file, "", (), (), (Problem(file, 0, "skipped: not a regular file of this folder"),))
        if real.stat().st_size > MAX_BYTES:
            size = real.stat().st_size / 1e6
            reason = f"the file is {size:.1f} MB; {_TOO_LARGE}"
            return Digest(file, "", (), (Problem(file, 0, reason),))
        data = real.read_bytes()
        sha256 = _key(data)
        if known and sha256 in known:
            return Digest(file, sha256, known[sha256])
        return parse_digest(data, file)
    except OSError as error:
        return Digest(file, "", (), (Problem(file, 0, f"cannot be read: {error.strerror or error}"),))


def skipped(folder: Path) -> tuple[Problem, ...]:
    """Return what `find_digests` leaves out under a folder: links to folders, hidden names and other kinds of files.

    A link is named by itself; of the others each kind is named once, with the first names.
    """
    root = Path(os.path.realpath(folder))
    links: list[Path] = []
    others: dict[str, list[str]] = {}
    for parent, folders, files in os.walk(root):
        for name in sorted(folders):
            path = Path(parent) / name
            if name.startswith("."):
                others.setdefault("hidden", []).append(f"{path.relative_to(root).as_posix()}/")
            elif path.is_symlink():
                links.append(path)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = (Path(parent) / name).relative_to(root)
            if name.startswith("."):
                others.setdefault("hidden", []).append(path.as_posix())
            elif not name.lower().endswith(SUFFIXES):
                others.setdefault(path.suffix.lower() or "no ending", []).append(path.as_posix())
    found = [Problem(path.as_posix(), 0, f"skipped: a link to a folder is not followed; give {os.path.realpath(path)} itself")
             for path in links]  # fmt: skip
    for kind, names in sorted(others.items()):
        what = "hidden files and folders are not read" if kind == "hidden" else f"files with {kind} are not read"
        more = f" and {len(names) - _MAX_NAMED:,} more" if len(names) > _MAX_NAMED else ""
        found.append(Problem(root.as_posix(), 0, f"skipped: {what}: {', '.join(names[:_MAX_NAMED])}{more}"))
    return tuple(found)
