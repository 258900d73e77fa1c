"""Digest files into entries: a forgiving parser of the Markdown of daily paper digests, and a reader of folders.

`parse_digest` is pure; `read_folder` touches the disk. Whatever cannot be read becomes a `Problem` with its file, line
and reason, and costs no other paper. Knows nothing of stores or questions.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from rag.corpus.papers import Bullet, Entry, Media, parse_arxiv_url
from rag.errors import DigestError
from rag.language.text import Language, clean, one_line, summary_language

PARSER = b"1:"  # raise it when the same bytes are read otherwise
MAX_BYTES = 8 * 1024 * 1024  # a real day is at most 60 kB
MAX_LINE = 20_000  # characters of a line, and of a bullet with its continuation lines
MAX_BULLETS = 200  # of one paper
MAX_NAME = 120  # characters of an author's name
MAX_PROBLEMS = 1_000  # reported one by one for a file; the rest is counted


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read: `line` is 1-based, or 0 for the whole file."""

    file: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Digest:
    """One file as read. `sha256` is of its bytes and the parser; `entries` in file order, at most one an arXiv id and day."""

    file: str
    sha256: str
    entries: tuple[Entry, ...]
    failed: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


_DATE = re.compile(r"(?<!\d)(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?!\d)", re.ASCII)
_HEADER = re.compile(r"#{1,2}(?: (?!#)|$)")
_HEADING = re.compile(r"#{2,6} ?\[|###(?: |$)")
_ITEM = re.compile(r"[ ]{0,12}(?:[-*•][ ]+|[0-9]{1,2}[.)][ ]+)")
_LABEL = re.compile(r"(\*{1,3})([^*:]{1,60}):?\1[ ]?:?[ ]*")
_IMAGE = re.compile(r"!\[[^\]]{0,200}\]\(([^()\s]{1,1000})\)")
_VIDEO_LINK = re.compile(r"\[Watch Video\]\(?([^()\s]{1,1000})\)?", re.IGNORECASE)
_VIDEO_TAG = re.compile(r"<(?:video|source)\b[^>]{0,300}?\bsrc=[\"']([^\"']{1,1000})[\"']", re.IGNORECASE)
_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'|\"([^\"]*)\"")
_FIELD = re.compile(r"(votes?|authors?)[ ]?:[ ]*(.*)", re.IGNORECASE)


def date_in(text: str) -> date | None:
    """Return the first calendar date written year first in a text, or None.

    >>> date_in("## Daily Papers (2024-06-11)"), date_in("digests/2024/06/11.md"), date_in("2024-13-01")
    (datetime.date(2024, 6, 11), datetime.date(2024, 6, 11), None)
    """
    for match in _DATE.finditer(text):
        try:
            return date(*map(int, match.groups()))
        except ValueError:
            continue
    return None


def _date_of_path(file: str) -> date | None:
    """Return the last calendar date of a path: the folders above a digest may be dated too."""
    text = Path(file).as_posix().removesuffix(".md") + " "
    days = [day for match in _DATE.finditer(text) if (day := date_in(match.group()))]
    return days[-1] if days else None


@dataclass
class _Draft:
    """An entry while its lines are read; a bullet is its section and its lines."""

    title: str
    arxiv_id: str
    line: int
    date: date
    votes: int | None = None
    authors: dict[str, None] = field(default_factory=dict)
    authors_cut: bool = False
    media: Media | None = None
    bullets: list[tuple[str, list[str]]] = field(default_factory=list)

    def language(self) -> Language | None:
        return summary_language(" ".join(line for _, lines in self.bullets for line in lines))

    def entry(self, usual: Language | None) -> Entry:
        bullets = tuple(Bullet(" ".join(lines), section) for section, lines in self.bullets)
        return Entry(
            self.arxiv_id, self.title, self.date, self.votes, tuple(self.authors), self.authors_cut, self.media,
            self.language() or usual, bullets, self.line,
        )  # fmt: skip


def _media(line: str) -> Media | None:
    for pattern, kind in ((_VIDEO_LINK, "video"), (_VIDEO_TAG, "video"), (_IMAGE, "image")):
        match = pattern.search(line)
        if match:
            try:
                safe = urlsplit(match.group(1)).scheme == "https"
            except ValueError:
                safe = False
            return Media(kind, match.group(1)) if safe else None  # type: ignore[arg-type]
    return None


def _is_markup(line: str) -> bool:
    return line.startswith(("![", "<div", "<video", "</", "[Watch Video]", "---", "***")) and not _LABEL.match(line)


def _bullet(text: str) -> Bullet | None:
    match = _LABEL.match(text)
    section = match.group(2).strip() if match and (":" in match.group() or match.end() == len(text)) else ""
    body = (text[match.end() :] if match and section else text).strip()
    return Bullet(body, section) if body else None


def _heading(line: str) -> tuple[str, str] | None:
    """Return (title, url) of a paper heading; None when the line is cut or misshapen."""
    start, split = line.find("["), line.rfind("](")
    if start < 0 or split < 0 or not line.endswith(")"):
        return None
    title, url = line[start + 1 : split].strip(), line[split + 2 : -1].strip()
    return (title, url) if title and url else None


def _names(value: str) -> list[str]:
    """Return the names of an author line: by commas, or a list in quotes (['Ada Lee', "Bo O'Hara"]) as some days have it."""
    if value.startswith("[") and value.endswith("]"):
        return [(single or double).replace("\\'", "'").strip() for single, double in _QUOTED.findall(value)]
    return [name.strip() for name in value.split(",")]


class _Parser:
    """Reads the lines of one file in order; `finish` gives what it understood."""

    def __init__(self, file: str, day: date | None) -> None:
        self.file, self.path_day, self.day = file, day, None  # type: tuple[str, date | None, date | None]
        self.drafts: list[_Draft] = []
        self.failed: list[Problem] = []
        self.warnings: list[Problem] = []
        self.unreported = 0
        self.headings = 0
        self.draft: _Draft | None = None
        self.open = False  # whether a continuation line may extend the last bullet
        self.room = 0  # characters by which it may still grow
        self.full = False  # whether the draft had to drop a bullet

    def _report(self, problems: list[Problem], number: int, reason: str) -> None:
        if len(problems) < MAX_PROBLEMS:
            problems.append(Problem(self.file, number, reason))
        else:
            self.unreported += 1

    def fail(self, number: int, reason: str) -> None:
        self._report(self.failed, number, reason)

    def warn(self, number: int, reason: str) -> None:
        self._report(self.warnings, number, reason)

    def heading(self, number: int, line: str) -> None:
        self.draft, self.open, self.full = None, False, False
        parts = _heading(line) if len(line) <= MAX_LINE else None
        if parts is None and not (self.drafts or self.path_day or (self.day and "[" in line)):
            return None  # the heading of some other document
        self.headings += 1
        if parts is None:
            return self.fail(number, f"the heading is cut or has no link: {one_line(line, 80)}")
        title, url = parts
        arxiv_id = parse_arxiv_url(url)
        if arxiv_id is None:
            return self.fail(number, f"the link of “{one_line(title, 60)}” is not an arXiv paper: {one_line(url, 80)}")
        day = self.day or self.path_day
        if day is None:
            return self.fail(number, f"“{one_line(title, 60)}” has no date: neither a header nor the path gives one")
        self.draft = _Draft(title, arxiv_id, number, day)
        self.drafts.append(self.draft)
        return None

    def header(self, number: int, line: str) -> None:
        self.draft, self.open = None, False
        day = date_in(line)
        if day is None and re.search(r"\d{4}-\d", line):
            self.warn(number, f"the header's date is not a calendar date: {one_line(line, 60)}")
        self.day = day or self.day

    def said(self, number: int, name: str, value: str) -> None:
        assert self.draft is not None
        if name.startswith("vote"):
            digits = value.strip().replace(",", "")
            if digits.isascii() and digits.isdecimal() and len(digits) < 9:
                self.draft.votes = int(digits)
            elif digits not in ("", "-"):
                self.warn(number, f"the votes are not a number: {one_line(value, 40)}")
            return
        for author in _names(value):
            if author == "+":
                self.draft.authors_cut = True
            elif author and len(author) <= MAX_NAME:
                self.draft.authors.setdefault(author)
            elif author:
                self.warn(number, f"an author's name is longer than {MAX_NAME} characters: {one_line(author, 40)}")

    def item(self, number: int, text: str) -> None:
        assert self.draft is not None
        bullet = _bullet(text)
        self.open = bullet is not None
        if bullet is None:
            return
        if len(self.draft.bullets) >= MAX_BULLETS:
            self.open = False
            if not self.full:
                self.warn(number, f"{self.draft.arxiv_id} has more than {MAX_BULLETS} bullets; the rest is left out")
            self.full = True
            return
        self.draft.bullets.append((bullet.section, [bullet.text]))
        self.room = MAX_LINE - len(bullet.text)

    def continuation(self, number: int, line: str) -> None:
        assert self.draft is not None
        fitted, self.room = self.room >= 0, self.room - len(line) - 1
        if self.room >= 0:
            self.draft.bullets[-1][1].append(line)
        elif fitted:
            self.fail(number, f"the bullet is longer than {MAX_LINE:,} characters; the rest of it is left out")

    def damaged(self, number: int, raw: bytes) -> None:
        self.fail(number, "the line is not UTF-8 text; save the file as UTF-8")
        self.open = False
        if b"#" in raw[:8] or b"](http" in raw:  # perhaps a heading: what follows is not the paper above
            self.draft = None

    def line(self, number: int, raw: str) -> None:
        line = clean(raw)
        if not line:
            self.open = False
        elif _HEADING.match(line):
            self.heading(number, line)
        elif _HEADER.match(line):
            self.header(number, line)
        elif self.draft is None:
            return
        elif len(line) > MAX_LINE:
            self.fail(number, f"the line is {len(line):,} characters long; the limit is {MAX_LINE:,}")
        elif _is_markup(line):
            self.draft.media = self.draft.media or _media(line)
        elif not self.draft.bullets and (said := _FIELD.fullmatch(line)):
            self.said(number, said.group(1).lower(), said.group(2))
        elif item := _ITEM.match(line):
            self.item(number, line[item.end() :])
        elif self.open:
            self.continuation(number, line)
        else:
            self.item(number, line)

    def finish(self) -> tuple[Entry, ...]:
        tongues = Counter(said for draft in self.drafts if (said := draft.language()))
        usual = max(sorted(tongues), key=tongues.__getitem__, default=None)
        seen: dict[tuple[str, date, Language | None], Entry] = {}
        for draft in self.drafts:
            entry = draft.entry(usual)
            key = (entry.arxiv_id, entry.date, entry.language)
            if key in seen:
                self.warn(draft.line, f"{entry.arxiv_id} stands twice on this day; the fuller entry is kept")
            if key not in seen or len(entry.bullets) > len(seen[key].bullets):
                seen[key] = entry
        return tuple(seen.values())


def _decode(data: bytes) -> tuple[list[str | bytes], str | None]:
    """Return the lines of a file (as bytes where one is not text) and a remark on its encoding, if it is not UTF-8."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return list(data.decode("utf-16").splitlines()), "read as UTF-16; UTF-8 is expected"
        except UnicodeDecodeError:
            return [data], None
    data = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    try:
        return list(data.decode("utf-8").split("\n")), None
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and error.end == len(data):
            return list(data[: error.start].decode("utf-8").split("\n")), "the file ends in the middle of a character"
    raw = data.split(b"\n")
    lines: list[str | bytes] = []
    whole_korean = False
    for line in raw:
        try:
            lines.append(line.decode("utf-8"))
            whole_korean = whole_korean or not line.isascii()
        except UnicodeDecodeError:
            lines.append(line)
    if not whole_korean:
        try:
            return list(data.decode("cp949").split("\n")), "read as CP949 (EUC-KR); UTF-8 is expected"
        except UnicodeDecodeError:
            pass
    return lines, None


def _key(data: bytes) -> str:
    """The hash a file is known by: of its bytes and of this parser, so that a newer parser reads old files again."""
    return hashlib.sha256(PARSER + data).hexdigest()


def parse_digest(data: bytes, file: str) -> Digest:
    """Parse the bytes of one digest; `file` names it in messages and gives the date where no header does.

    Never raises on content: everything unreadable is in `failed` (with line and reason) or `warnings`.
    """
    digest = _key(data)
    day = _date_of_path(file)
    parser = _Parser(file, day)
    if len(data) > MAX_BYTES:
        parser.fail(0, f"the file is {len(data) / 1e6:.1f} MB; a digest may have {MAX_BYTES / 1e6:.1f} MB")
        return Digest(file, digest, (), tuple(parser.failed))
    lines, remark = _decode(data)
    if remark:
        parser.warn(0, remark)
    for number, line in enumerate(lines, start=1):
        if isinstance(line, str):
            parser.line(number, line)
        else:
            parser.damaged(number, line)
    entries = parser.finish()
    if not parser.headings and not parser.failed:
        if day:
            parser.fail(0, "no paper heading (### [Title](https://arxiv.org/abs/…)) in this file")
        else:
            parser.warn(0, "skipped: not a digest (no dated path and no paper heading)")
    for draft in parser.drafts:
        if not draft.bullets:
            parser.warn(draft.line, f"{draft.arxiv_id} has no summary")
    if parser.unreported:
        parser.warnings.append(Problem(file, 0, f"{parser.unreported:,} more problems of this file are not named"))
    return Digest(file, digest, entries, tuple(parser.failed), tuple(parser.warnings))


def find_digests(folder: Path) -> Iterator[Path]:
    """Yield the Markdown files under a folder in path order, hidden folders left out, links out of it not followed.

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
            if name.lower().endswith(".md") and not name.startswith("."):
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
            reason = f"the file is {size:.1f} MB; a digest may have {MAX_BYTES / 1e6:.1f} MB"
            return Digest(file, "", (), (Problem(file, 0, reason),))
        data = real.read_bytes()
        sha256 = _key(data)
        if known and sha256 in known:
            return Digest(file, sha256, known[sha256])
        return parse_digest(data, file)
    except OSError as error:
        return Digest(file, "", (), (Problem(file, 0, f"cannot be read: {error.strerror or error}"),))
