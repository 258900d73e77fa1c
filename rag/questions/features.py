"""What the reader's network is told of a token: hashed spellings, pieces of known meaning, and flags from its shape and the index.

The flags come from the catalogue at hand: whether the glossary, a paper's name, an author's name or a date holds a token.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from rag.corpus.catalogue import Catalogue
from rag.language.counts import is_large_count
from rag.language.dates import read_dates
from rag.language.terms import glossary
from rag.language.text import Language
from rag.questions.tokens import Token
from vectorstore.bundled import pieces

BUCKETS = 1 << 14  # rows of the table of spellings
SLOTS = 20  # hashed spellings a token has at most
_LONGEST = 6  # tokens of a name or a spelling of the glossary

FLAGS = (
    "glossary", "named", "named_loosely", "author", "date", "capital", "capitals", "inner", "digits", "hangul", "latin",
    "attached", "first", "last", "after", "question_mark", "comma", "quoted", "wording", "wording_often",
)  # fmt: skip
CATALOGUE_FLAGS = FLAGS[:4]
_PLACE = {name: place for place, name in enumerate(FLAGS)}


@dataclass(frozen=True)
class Features:
    """The network's input for one question: `spellings` (tokens x SLOTS, -1 where empty) and `flags` (tokens x FLAGS).

    `pieces` are those of the bundled model that each token is made of, as rows of its vectors.
    """

    spellings: NDArray[np.int32]
    flags: NDArray[np.float32]
    pieces: list[list[int]]


@dataclass(frozen=True)
class Wording:
    """The words that ways of asking are made of, hashed: all of them, and those of many."""

    words: frozenset[int] = frozenset()
    often: frozenset[int] = frozenset()


def word_hash(word: str, language: Language) -> int:
    """Return the hash that a word of a language's templates is known by."""
    return crc32(f"{language}:{word.lower()}".encode("utf-8", "surrogatepass"))


def is_wording(word: str, language: Language, wording: Wording) -> bool:
    """Whether templates have a word, or a Korean word of three syllables and more that begins as it does."""
    if word_hash(word, language) in wording.words:
        return True
    return len(word) > 2 and "가" <= word[0] <= "힣" and word_hash(f"{word[:2]}*", language) in wording.words


def _hashed(text: str) -> int:
    return crc32(text.encode("utf-8", "surrogatepass")) % BUCKETS


def spellings(word: str) -> list[int]:
    """Return the rows of the table that a word has: the word itself, its ends and its runs of letters."""
    low = word.lower()
    marked = f"^{low}$"
    found = [f"w{low}", f"s{low[-1:]}", f"s{low[-2:]}", f"s{low[-3:]}", f"p{low[:2]}", f"p{low[:3]}"]
    found += [marked[at : at + size] for size in (2, 3, 4) for at in range(len(marked) - size + 1)]
    return [_hashed(piece) for piece in dict.fromkeys(found)][:SLOTS]


_LARGE_COUNT = "20"  # a number of papers that templates are filled with


def _told(text: str, token: Token) -> str:
    """Return a word as the network is told of it: how large a number of papers is does not change what is asked."""
    return _LARGE_COUNT if is_large_count(text, token.start, token.end) else token.text


def _runs(tokens: Sequence[Token], text: str) -> list[tuple[int, int, str]]:
    """Return every run of up to _LONGEST tokens as (first, end, text), longest first."""
    return [
        (at, at + size, text[tokens[at].start : tokens[at + size - 1].end])
        for size in range(min(_LONGEST, len(tokens)), 0, -1)
        for at in range(len(tokens) - size + 1)
    ]


def _known(flags: NDArray[np.float32], tokens: Sequence[Token], text: str, catalogue: Catalogue) -> None:
    """Set the flags that come from the catalogue and the glossary."""
    for first, end, run in _runs(tokens, text):
        if glossary().knows(run):
            flags[first:end, _PLACE["glossary"]] = 1
        if papers := catalogue.named(run):
            exact = any(catalogue.papers[i].name == run for i in papers)
            flags[first:end, _PLACE["named" if exact else "named_loosely"]] = 1
        if 2 <= end - first <= 4 and run[0].isupper() and catalogue.authors.person(run):
            flags[first:end, _PLACE["author"]] = 1


def features(
    text: str,
    tokens: Sequence[Token],
    catalogue: Catalogue | None,
    wording: Wording,
    language: Language,
    *,
    after: bool = False,
    as_of: date | None = None,
) -> Features:
    """Return what the network is told of a question's tokens.

    `wording` are the words of the templates, `language` is the question's. `after` tells that earlier questions stand before this one. Without a
    catalogue its flags stay 0.
    """
    rows = np.full((len(tokens), SLOTS), -1, dtype=np.int32)
    flags = np.zeros((len(tokens), len(FLAGS)), dtype=np.float32)
    dates = read_dates(text, as_of or date(2025, 1, 1), ())
    spans = dates.spans if dates else ()
    for place, token in enumerate(tokens):
        hashed = spellings(_told(text, token))
        rows[place, : len(hashed)] = hashed
        word = token.text
        following = text[token.end : token.end + 1]
        told = {
            "date": any(start <= token.start < end for start, end in spans),
            "capital": word[0].isupper(),
            "capitals": len(word) > 1 and word.isupper(),
            "inner": bool(re.search(r".[A-Z]|[A-Za-z].*\d|[A-Za-z]-[A-Za-z0-9]", word)),
            "digits": word[0].isdecimal(),
            "hangul": "가" <= word[0] <= "힣",
            "latin": word[0].isascii() and word[0].isalpha(),
            "attached": token.attached,
            "first": place == 0,
            "last": place == len(tokens) - 1,
            "after": after,
            "question_mark": following == "?",
            "comma": following == ",",
            "wording": is_wording(word, language, wording),
            "wording_often": word_hash(word, language) in wording.often,
            "quoted": text[max(token.start - 1, 0)] in "\"'“‘" or following in ('"', "”", "’"),
        }
        flags[place, [_PLACE[name] for name, held in told.items() if held]] = 1
    if catalogue is not None:
        _known(flags, tokens, text, catalogue)
    return Features(rows, flags, _pieces_of(tuple(_told(text, token).lower() for token in tokens)))


@lru_cache(maxsize=256)  # what is asked of one index is asked of the next
def _pieces_of(words: tuple[str, ...]) -> list[list[int]]:
    return pieces(words)
