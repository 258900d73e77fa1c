"""What kind a line of a digest is: a heading, an item, a quotation, markup that says nothing."""

from __future__ import annotations

import re

from rag.corpus.days import read_span
from rag.corpus.drafts import LABEL

HEADING = re.compile(r"(#{1,6})(?:[ ]+|(?=\[)|$)(.*)")
ITEM = re.compile(r"((?:[-*+•·–—▪◦‣∙●○■□]|[0-9]{1,2}[.)])[ ]+)(?:\[[ xX]\][ ]+)?")
QUOTE = re.compile(r"(?:>[ ]?)+(?:\[![\w-]{1,30}\][+-]?[ ]*)?")
_HTML_LINE = re.compile(r"(?:</?[a-z][^<>]{0,300}>[ ]?){1,20}", re.IGNORECASE)
_RULE = re.compile(r"(?:[-*_=] ?){3,}")
ASIDES = re.compile(
    r"\W*(?:references?|bibliography|related (?:work|papers|reading)|further reading|see also|footnotes?|sources?"
    r"|참고 ?문헌|참고 ?자료|관련 논문|관련 자료|더 읽을 ?거리|더 보기|각주|출처)\W*",
    re.IGNORECASE,
)

TITLED = re.compile(
    r"(?:[-*+] )?[*_]{0,2}(?:(?:paper )?title|제목|논문 ?제목|논문명)[*_]{0,2} ?[:：][*_]{0,2} ?(.{3,300})",
    re.IGNORECASE,
)
BOLD_LINE = re.compile(r"(?:\d{1,3}[.)] )?\*\*([^*]{3,300})\*\*[:：]?")
_GENERAL = re.compile(
    r"(?:(?:ai|ml|nlp|daily|weekly|monthly|today['’]?s?|the|top|best|new|latest|papers?|arxiv|digest|list|of|week|day|month"
    r"|오늘의?|이번|주간?의?|일일|월간|논문|소식|목록|요약|정리|추천|모음|다이제스트|데일리|위클리|인기)[\W\d]*)+",
    re.IGNORECASE,
)


_BLOCK = re.compile(r"</?(?:p|ul|ol|li|br|dl|dd|dt)\b[^<>]{0,300}>", re.IGNORECASE)
_IN_LIST = re.compile(r"<li\b[^<>]{0,300}>", re.IGNORECASE)


def html_lines(line: str) -> list[str]:
    """Return the lines of text in a line of HTML paragraphs and lists; none of a line that begins otherwise.

    >>> html_lines("<p>Vote: 4</p> <ul><li>One</li><li>Two</li></ul>"), html_lines("<b>One</b>")
    (['Vote: 4', '- One', '- Two'], [])
    """
    if not _BLOCK.match(line):
        return []
    pieces = _BLOCK.sub("\n", _IN_LIST.sub("\n- ", line)).split("\n")
    return [piece.strip() for piece in pieces if piece.strip("- ")]


def is_general(heading: str) -> bool:
    """Whether a heading is a digest's and no paper's: it has a date, or words like “Daily Papers”."""
    if len(heading) > 80:
        return False
    dated = any(c.isdigit() for c in heading) and read_span(heading) is not None
    return dated or bool(_GENERAL.fullmatch(heading.lstrip("#📰🗞️📅 ")))


def is_markup(line: str) -> bool:
    """Whether a line is a picture, a rule or HTML, and no text."""
    if line[0] not in "![<-*=_":
        return False
    if line.startswith(("![", "<div", "<video", "</", "[Watch Video]", "---", "***")):
        return not LABEL.match(line)
    return bool(_RULE.fullmatch(line) or _HTML_LINE.fullmatch(line))
