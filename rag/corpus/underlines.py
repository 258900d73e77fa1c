"""Titles that are underlined, as Markdown has them too. Pure, and knows no paper that is read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rag.corpus.fields import read_fields
from rag.corpus.lines import ITEM
from rag.corpus.titles import starts_paper
from rag.language.text import clean

_UNDERLINE = re.compile(r" {0,3}(?:={3,}|-{3,})\s*")


def underlined(lines: Sequence[str], number: int, references: Mapping[str, str]) -> int:
    """Return the level of a title that the next line underlines (1 with =, 2 with -), or 0 where line `number` is none.

    Hyphens are a rule too, so with them only a line that is nothing but a paper counts.
    """
    if number == len(lines) or not _UNDERLINE.fullmatch(lines[number]):
        return 0
    line = clean(lines[number - 1])
    above = lines[number - 2] if number > 1 else ""
    if not line or above.strip() or line[0] in "#>|" or ITEM.match(line):
        return 0
    if "=" in lines[number]:
        return 1
    found = None if read_fields(line) else starts_paper(line, references)
    return 2 if found and found.linked and not found.rest else 0
