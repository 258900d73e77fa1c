"""Whether a Korean word is a noun, by what stands behind it."""

from __future__ import annotations

import re

_LETTER = re.compile("[가-힣A-Za-z]")
_OF_NOUNS = re.compile("[을를의와과](?![가-힣])|에서|으로|하[는여고지]|[한된]|되[는어]")  # what may stand behind one


def stands_as_noun(word: str, text: str) -> bool:
    """Whether a Korean word stands in a text with what only nouns have behind them, and no letter before it."""
    at = text.find(word)
    while at >= 0:
        if _OF_NOUNS.match(text, at + len(word)) and not (at and _LETTER.match(text[at - 1])):
            return True
        at = text.find(word, at + 1)
    return False
