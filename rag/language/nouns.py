"""Whether a Korean word is a noun, by what stands behind it."""

from __future__ import annotations

import re
from functools import lru_cache

_LETTER = re.compile("[가-힣A-Za-z]")
_OF_NOUNS = re.compile("[을를의와과](?![가-힣])|에서|으로|하[는여고지]|[한된]|되[는어]")  # what may stand behind one


@lru_cache(maxsize=1024)  # to compile takes longer than to look
def may_be_noun(squashed: str) -> re.Pattern[bytes]:
    """Return what a squashed word begins that may be a noun there, in UTF-8: it and the first syllable of what follows one."""
    return re.compile(f"{re.escape(squashed)}(?:을|를|의|와|과|에서|으로|하|한|된|되)".encode("utf-8", "surrogatepass"))


def stands_as_noun(word: str, text: str) -> bool:
    """Whether a Korean word stands in a text with what only nouns have behind them, and no letter before it."""
    at = text.find(word)
    while at >= 0:
        if _OF_NOUNS.match(text, at + len(word)) and not (at and _LETTER.match(text[at - 1])):
            return True
        at = text.find(word, at + 1)
    return False
