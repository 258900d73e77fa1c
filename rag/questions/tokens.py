"""Questions cut into tokens: words, numbers and runs of Hangul, each with its place. Knows nothing of papers.

A word and the Hangul behind it ("Mamba를") are two tokens, so that a name and its particle can have roles of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_TOKENS = 96  # of one question; what stands behind them is not read

# Words keep inner marks (SWE-bench, b1.58, don't); a possessive 's is a token of its own.
_LATIN_RUN = re.compile(r"[A-Za-zÀ-ɏ0-9](?:[A-Za-zÀ-ɏ0-9_+]|[-./&](?=[A-Za-z0-9])|['’](?!s(?![A-Za-z]))(?=[A-Za-z]))*")
_HANGUL_RUN = re.compile(r"[가-힣]+|[ㄱ-ㅎㅏ-ㅣ]+")
_NUMBER_RUN = re.compile(r"\d(?:\d|[.,:](?=\d)|[-/](?=\d))*")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a question: its text and its place. `attached` tells that no blank stands before it."""

    text: str
    start: int
    end: int
    attached: bool


def tokenize(text: str) -> list[Token]:
    """Return the tokens of a question in order, at most MAX_TOKENS; marks and blanks are left out.

    >>> [token.text for token in tokenize("Mamba를 쓴 논문, 2024년 이후?")]
    ['Mamba', '를', '쓴', '논문', '2024', '년', '이후']
    """
    found: list[Token] = []
    at = 0
    while at < len(text) and len(found) < MAX_TOKENS:
        match = _NUMBER_RUN.match(text, at) if text[at].isdecimal() else None
        longer = _LATIN_RUN.match(text, at)
        if longer and (match is None or longer.end() > match.end()):
            match = longer
        match = match or _HANGUL_RUN.match(text, at)
        end = match.end() if match else _other(text, at)
        if end > at:
            found.append(Token(text[at:end], at, end, at > 0 and not text[at - 1].isspace()))
            at = end
        else:
            at += 1
    return found


def _other(text: str, at: int) -> int:
    """Return where a run of letters of another script ends; `at` where none begins."""
    end = at
    while end < len(text) and text[end].isalpha() and not _HANGUL_RUN.match(text, end):
        if end > at and _LATIN_RUN.match(text, end):
            break
        end += 1
    return end
