"""A paper's title and id in one line: a heading, an item of a list, a cell of a table.

Pure functions. `find_paper` reads a line that should name a paper; `starts_paper` says whether a line of plain text is
one, and not a sentence that mentions a paper.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

from rag.corpus.fields import take_votes
from rag.corpus.links import HINT, Link, find_links, parse_paper_url
from rag.corpus.papers import parse_arxiv_id

_IMAGE = re.compile(r"!\[[^\]]{0,200}\]\([^()\s]{0,1000}\)")
_ANCHOR = re.compile(r"<a\s[^<>]{0,300}?href=[\"']([^\"'<>]{1,1000})[\"'][^<>]{0,300}>([^<>]{0,500}(?:<[^<>a]{1,20}>[^<>]{0,500}){0,4})</a>", re.I)  # fmt: skip
_WRAPPED = re.compile(r"<(summary|li|p|b|strong)\b[^<>]{0,200}>(.*\]\(.*)</\1>", re.IGNORECASE)  # around a link
_TAG = re.compile(r"</?(?:b|i|em|strong|span|u|code|sub|sup|br|small|mark)\b[^<>]{0,200}>", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:\[\d{1,3}\]|\(?\d{1,3}[.)/]|#\d{1,3}[.:]?)(?:[ ]+|(?=[\[*_]))(?=\S)")
_LINK_WORDS = frozenset(
    """
    arxiv paper papers pdf abs abstract link links html hf huggingface url doi here alphaxiv ar5iv source read view
    preprint page 논문 링크 원문 보기 바로가기 읽기 arxivlink paperlink arxivpdf arxivpaper readpaper viewpaper 논문링크
    논문보기 원문보기 huggingfacepaper readmore huggingfacepapers
    """.split()
)
_LEADS = re.compile(
    r"(?:\W|see|see also|cf\.?|e\.g\.|via|from|ref(?:erence)?s?|code|read|in|of|by|and|or|the|source|link|참고|출처|관련|예|원문|링크)*",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?:[다요]\.|[a-z]{2}\. [A-Z])")
_LEFTOVERS = re.compile(r"\]\(|\*\*|__|<(?:img|a|span|b|i)\b|</|https?://|\[\[|\]\]")
_ESCAPED = re.compile(r"\\([\[\]*_#|`])")
_EDGE = " \t:：,;|·•-–—>→(["
_CLOSING = re.compile(r"(?:\*\*|__|[\s)\],;:：|·•–—→/-])+")  # what ends a link, or bold type around it
_MENTION = re.compile(
    r"[)\]*_]{0,4}(?:[^\W_]|[’'])| (?:is|are|was|were|has|have|shows?|and|or|with|on|in|by|to|which)(?![A-Za-z])"
)
_TRIVIAL = re.compile(r"[\W\d_]*(?:(?:pdf|html|arxiv|abs|link|code|paper|hf|v\d|링크|논문)[\W\d_]*)*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """A paper in a line. `rest` is the text behind its link; `others` are the ids of other papers in the line."""

    title: str
    paper: str
    votes: int | None
    rest: str
    others: tuple[str, ...] = ()
    dropped: str = ""
    linked: bool = True  # whether the title is the text of the link


def plain(line: str) -> str:
    """Return a line with HTML's links and headings written as Markdown's."""
    if "<" not in line:
        return line
    line = _ANCHOR.sub(r"[\2](\1)", line)
    if inner := _WRAPPED.fullmatch(line):
        return inner.group(2).strip() or line
    match = re.match(r"<h([1-6])\b[^<>]{0,200}>(.*?)(?:</h\1>)?$", line, re.IGNORECASE)
    return f"{'#' * int(match.group(1))} {match.group(2).strip()}" if match else line


def clean_title(title: str) -> str:
    """Return a title without what wraps it: bold, italics, a code span, quotes of HTML.

    >>> clean_title("**Small Models**"), clean_title("A &amp; B"), clean_title("*Mamba*: Fast")
    ('Small Models', 'A & B', '*Mamba*: Fast')
    """
    title = title.strip()
    for mark in ("***", "**", "__", "~~", "*", "_", "`"):
        inner = title[len(mark) : -len(mark)]
        if len(title) > 2 * len(mark) and title.startswith(mark) and title.endswith(mark) and mark not in inner:
            title = inner.strip()
    if "&" in title and ";" in title:
        title = html.unescape(title)
    if "\\" in title and "$" not in title:
        title = _ESCAPED.sub(r"\1", title)
    return title


def unnumbered(title: str) -> str:
    """Return a title without its place in the digest.

    >>> unnumbered("1. Small Models"), unnumbered("1.5B Models")
    ('Small Models', '1.5B Models')
    """
    match = _NUMBERED.match(title)
    return title[match.end() :] if match else title


def leftovers(title: str) -> str:
    """Return the markup that is left in a title, or ""."""
    match = _LEFTOVERS.search(title)
    return match.group() if match else ""


def is_link_word(text: str) -> bool:
    """Whether the text of a link says only that it is one ("PDF", "arXiv:2406.00001", "")."""
    text = text.strip()
    if parse_arxiv_id(text) or text.lower().startswith(("http://", "https://", "arxiv:", "arxiv.org")):
        return True
    return re.sub(r"[\W\d_]", "", text).lower() in _LINK_WORDS or not re.search(r"\w", text)


def _whole(text: str) -> Found | None:
    """Read a heading that is one link and nothing else, whatever brackets its title has."""
    split = text.rfind("](")
    if not text.startswith("[") or split < 0 or not text.endswith(")"):
        return None
    title, paper = text[1:split].strip(), parse_paper_url(text[split + 2 : -1])
    if not title or not paper or is_link_word(title) or "](http" in title or "](<" in title or _two_brackets(text):
        return None
    return Found(clean_title(title), paper, None, "")


def _two_brackets(text: str) -> bool:
    """Whether a text begins with a bracket that closes before another opens: [Oral] [Title](url)."""
    end = text.find("]")
    return text.count("[", 0, end) == 1 and text[end + 1 :].lstrip().startswith("[")


def find_paper(text: str, references: Mapping[str, str]) -> Found | None:
    """Return the paper that a heading or a cell names, or None where it has no paper's link. The title may be ""."""
    numbered = _NUMBERED.match(text)
    bare = text[numbered.end() :] if numbered and (text[0] != "[" or text[numbered.end()] in "[*_") else text
    if whole := _whole(bare):
        return whole
    if not (HINT.search(bare) or references):
        return None
    bare = _IMAGE.sub("", bare)
    links = find_links(bare, references)
    papers = [link for link in links if link.paper]
    if not papers:
        return None
    first = next((link for link in papers if not is_link_word(link.text)), None)
    if first and not is_link_word(bare[: first.start]) and papers[0] is not first and papers[0].paper != first.paper:
        first = None  # "Title (arXiv:1), see [Other](2)"
    found = _linked(bare, first, links) if first else _beside(bare, papers[0], links)
    others = dict.fromkeys(link.paper for link in papers if link.paper and link.paper != found.paper)
    return Found(found.title, found.paper, found.votes, found.rest, tuple(others), found.dropped, found.linked)


def _linked(text: str, link: Link, links: list[Link]) -> Found:
    """The title is the text of the link."""
    votes, rest = take_votes(_after(text, link, links))
    lead = _bare(text[: link.start])
    if votes is None and lead:
        votes, lead = take_votes(lead)
    dropped = lead.strip() if re.search(r"[^\W\d_]{2}", lead) else ""
    return Found(clean_title(link.text), link.paper or "", votes, _tidy(rest), dropped=dropped)


def _bare(text: str) -> str:
    """Return a text without the marks around it."""
    first = re.search(r"[^\W_]", text)
    last = re.search(r"[^\W_]", text[::-1])
    return text[first.start() : len(text) - last.start()] if first and last else ""


def _beside(text: str, link: Link, links: list[Link]) -> Found:
    """The title stands before the link, or behind it where nothing stands before."""
    votes, lead = take_votes(text[: link.start])
    title = clean_title(lead.strip(_EDGE))
    rest = _after(text, link, links)
    if not re.search(r"\w", title):
        title, rest = clean_title(_tidy(rest)), ""
    more, rest = take_votes(rest)
    return Found(title, link.paper or "", more if votes is None else votes, _tidy(rest), linked=False)


def _after(text: str, link: Link, links: list[Link]) -> str:
    """Return the text behind a link, without further links to the same paper."""
    rest = ""
    at = link.end
    for other in links:
        if other.start >= at:
            said = other.text and not (other.paper == link.paper and is_link_word(other.text))
            keep = text[other.start : other.end] if said or not (other.paper or other.text) else ""
            rest += text[at : other.start] + keep
            at = other.end
    return re.sub(r"\[\]\([^()\s]{1,1000}\)|\( ?\)", "", rest + text[at:])  # a badge's link without the badge


def _tidy(rest: str) -> str:
    """Return the text behind a link without separators and marks around it; "" where only those are left."""
    rest = _TAG.sub("", rest).strip()
    closing = _CLOSING.match(rest)
    rest = rest[closing.end() :] if closing else rest
    rest = rest.rstrip(" ,;|·•–—→")
    rest = re.sub(r"^\([\s,;]+", "(", rest)
    rest = re.sub(r"\s?[{]#[\w-]{1,60}[}]$", "", rest)
    if _TRIVIAL.fullmatch(rest):
        return ""
    return rest.strip()


def starts_paper(text: str, references: Mapping[str, str]) -> Found | None:
    """Return the paper that an item or a line of plain text is about, or None where it only mentions one.

    The link stands first, or it stands behind a title and nothing but a separator follows it.
    """
    found = find_paper(text, references) if HINT.search(text) or references else None
    if found is None or not found.title or len(found.title) > 300:
        return None
    if found.linked and found.dropped:
        return None
    if not found.linked and (_LEADS.fullmatch(found.title) or _is_sentence(found.title)):
        return None
    return found if _set_apart(_IMAGE.sub("", text), references, found) else None


def _is_sentence(text: str) -> bool:
    return bool(_SENTENCE_END.search(text)) or text.endswith(("다", "요"))


def _set_apart(text: str, references: Mapping[str, str], found: Found) -> bool:
    """Whether the link of a line stands apart and in no sentence: in brackets, or beside a separator or nothing."""
    link = next(link for link in find_links(text, references) if link.paper == found.paper)
    before, after = text[: link.start].rstrip(), text[link.end :]
    if _MENTION.match(after):
        return False
    if found.linked or not before.strip(_EDGE + "*_"):
        return True
    after = after.lstrip()
    return not after or after[0] in ")]:：-–—|,*_·•" or before.endswith(("(", "[", "—", "–", "|", ":", "-"))
