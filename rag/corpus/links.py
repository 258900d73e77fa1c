"""Links and ids of papers in a line of text: every public form of an arXiv address, and where a line holds one.

Pure functions over strings. Knows Markdown's links, not what a heading or a list means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from rag.corpus.papers import parse_arxiv_id

_LABS = r"/(?:abs|pdf|html|format|ps|src|e-print|overview)/"
_ARXIV = re.compile(rf"(?:/[a-z]{{2}})?{_LABS}(.{{1,60}}?)(?:\.pdf)?/?", re.ASCII)
_HUGGING_FACE = re.compile(r"/papers/(.{1,60}?)/?", re.ASCII)
_DOI = re.compile(r"/10\.48550/arxiv\.(.{1,60}?)/?", re.ASCII | re.IGNORECASE)
_ARXIV_NAMES = (
    "arxiv.org",
    "export.arxiv.org",
    "browse.arxiv.org",
    "ar5iv.org",
    "ar5iv.labs.arxiv.org",
    "alphaxiv.org",
)
_PATHS = dict.fromkeys(_ARXIV_NAMES, _ARXIV)
_PATHS |= {"huggingface.co": _HUGGING_FACE, "hf.co": _HUGGING_FACE, "doi.org": _DOI, "dx.doi.org": _DOI}
_HOSTS = "|".join(re.escape(host) for host in sorted(_PATHS, key=len, reverse=True))

HINT = re.compile(r"arxiv|ar5iv|10\.48550|(?:huggingface|hf)\.co/papers|\]\[", re.IGNORECASE)
"""What every line with a paper's link has, and few others."""

_ID = r"(?:\d{4}\.\d{4,5}|[a-z-]{2,20}(?:\.[A-Z]{2})?/\d{7})(?:v\d{1,3})?"
_END = r"(?![\w/]|\.\d)"  # what ends an id
_TOKEN = re.compile(
    r"(?P<inline>\]\()|(?P<reference>\]\[)|<(?P<auto>https?:[^<>\s]{1,1000})>"
    r"|(?P<bare>https?://[^\s<>()\[\]\"'|]{1,1000})"
    rf"|(?<![\w/.@:-])(?P<plain>(?:www\.)?(?:{_HOSTS})/[^\s<>()\[\]\"'|]{{1,200}})"
    rf"|(?<![A-Za-z0-9/])(?P<arxiv>arxiv(?:-id| ?id)? ?[:：] ?|doi ?: ?10\.48550/arxiv\.)(?P<id>(?-i:{_ID})){_END}",
    re.IGNORECASE | re.ASCII,
)
_DESTINATION = re.compile(
    r"\s?(?:<([^<>\n]{1,1000})>|([^\s()<>]{1,1000}(?:\([^\s()]{0,200}\)[^\s()<>]{0,500})?))"
    r"(?: (?:\"[^\"]{0,500}\"|'[^']{0,500}'|\([^()]{0,500}\)))?\s?\)"
)
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]{1,20}:|/|#|\.|www\.|[\w-]{1,60}\.\w", re.IGNORECASE | re.ASCII)
_DEFINITION = re.compile(r"\[([^\[\]^][^\[\]]{0,200})\]: ?<?([^\s<>]{1,1000})>?(?: .{0,500})?$")
_SHORTCUT = re.compile(r"\[([^\[\]]{1,200})\](?![\[(:])")


@dataclass(frozen=True, slots=True)
class Link:
    """A link from `start` to `end` of a line. `text` is "" for a bare one; `paper` is the arXiv id, if it has one."""

    text: str
    paper: str | None
    start: int
    end: int


def parse_paper_url(url: str) -> str | None:
    """Return the arXiv id (without version) that an address points to, or None where it is no paper's.

    >>> parse_paper_url("https://huggingface.co/papers/2312.00752"), parse_paper_url("hf.co/papers/2312.00752#c")
    ('2312.00752', '2312.00752')
    >>> parse_paper_url("https://doi.org/10.48550/arXiv.cs/0112017"), parse_paper_url("https://arxiv.org.evil/abs/1")
    ('cs/0112017', None)
    """
    url = url.strip()
    if re.match(rf"(?:www\.)?(?:{_HOSTS})/", url, re.IGNORECASE):
        url = f"https://{url}"
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
        if parts.scheme not in ("https", "http") or host not in _PATHS or "@" in parts.netloc:
            return None
    except ValueError:
        return None
    match = _PATHS[host].fullmatch(unquote(parts.path))
    return parse_arxiv_id(match.group(1)) if match else None


def parse_definition(line: str) -> tuple[str, str] | None:
    """Return (label, address) of a line that defines a reference link ("[1]: https://…"), or None."""
    match = _DEFINITION.match(line)
    return (reference_key(match.group(1)), match.group(2)) if match and _ADDRESS.match(match.group(2)) else None


def reference_key(label: str) -> str:
    """Return a label as Markdown compares labels: letter case and blanks make no difference."""
    return " ".join(label.split()).casefold()


def find_links(line: str, references: Mapping[str, str]) -> list[Link]:
    """Return the links of a line in order. `references` gives the addresses of reference links by their key."""
    found = list(_links(line, references))
    if not found and references:
        for match in _SHORTCUT.finditer(line):
            if url := references.get(reference_key(match.group(1))):
                found.append(Link(match.group(1), parse_paper_url(url), match.start(), match.end()))
    return found


def _links(line: str, references: Mapping[str, str]) -> Iterator[Link]:
    done = 0  # the end of the last link
    match = _TOKEN.search(line)
    while match:
        at = match.end()
        if match["inline"] or match["reference"]:
            target = _target(line, at, references) if match["inline"] else _reference(line, match.start(), references)
            start = _opening(line, match.start(), done) if target else -1
            if target and start >= 0:
                url, at = target
                yield Link(line[start + 1 : match.start()].strip(), parse_paper_url(url), start, at)
                done = at
        elif line.endswith(("](", "](<"), 0, match.start()):
            pass  # the link is cut
        elif match["id"]:
            yield Link("", parse_arxiv_id(match["id"]), match.start(), at)
            done = at
        else:
            url = match["auto"] or match["bare"] or match["plain"]
            if not match["auto"]:
                url = url.rstrip(".,;:!?*_`")
                at = match.start() + len(url)
            yield Link("", parse_paper_url(url), match.start(), at)
            done = at
        match = _TOKEN.search(line, max(at, match.start() + 1))


def _target(line: str, at: int, references: Mapping[str, str]) -> tuple[str, int] | None:
    """Return the address of an inline link and where the link ends; None where what stands in brackets is none."""
    match = _DESTINATION.match(line, at)
    url = (match.group(1) or match.group(2)) if match else ""
    return (url, match.end()) if match and _ADDRESS.match(url) else None


def _reference(line: str, at: int, references: Mapping[str, str]) -> tuple[str, int] | None:
    end = line.find("]", at + 2, at + 204)
    if end < 0:
        return None
    label = line[at + 2 : end]
    if not label:  # [text][]: the text is the label
        start = _opening(line, at, max(0, at - 200))
        label = line[start + 1 : at] if start >= 0 else ""
    url = references.get(reference_key(label))
    return (url, end + 1) if url else None


def _opening(line: str, closing: int, first: int) -> int:
    """Return where the bracket opens that closes at `closing`, not before `first`; -1 where none does."""
    depth = 0
    for at in range(closing - 1, first - 1, -1):
        if line[at] == "]":
            depth += 1
        elif line[at] == "[":
            if depth == 0:
                return at
            depth -= 1
    return line.find("[", first, closing)  # more close than open: the first is meant
