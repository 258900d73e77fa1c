"""What kind a line of a digest is: a heading, an item, a quotation, markup that says nothing."""

from __future__ import annotations

import re

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


def is_markup(line: str) -> bool:
    """Whether a line is a picture, a rule or HTML, and no text."""
    if line[0] not in "![<-*=_":
        return False
    if line.startswith(("![", "<div", "<video", "</", "[Watch Video]", "---", "***")):
        return not LABEL.match(line)
    return bool(_RULE.fullmatch(line) or _HTML_LINE.fullmatch(line))
