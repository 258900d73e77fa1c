"""Which Korean words stand in papers as nouns: with a particle of a noun behind them, or made a verb by 하다, 되다."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import chain, islice

from rag.corpus.standing import Standings
from rag.corpus.substrings import Texts, as_bytes
from rag.language.nouns import may_be_noun, stands_as_noun
from rag.language.terms import squash

_LOOKED_AT = 60  # texts that are searched for a word
_KEPT_AS = "a noun: "  # by what is kept of a word: a text with it as a noun, or those that were searched in vain


class KoreanNouns:
    """Tells nouns by the papers of one catalogue, and keeps what it saw for the next one."""

    def __init__(self, texts: Texts, text: Callable[[int], str], standings: Standings) -> None:
        """Take the squashed texts of the papers, how to get the text of a row, and what is known of the rows."""
        self._texts, self._text, self._standings = texts, text, standings
        self.has = lru_cache(maxsize=4096)(self._has)

    def _has(self, word: str) -> bool:
        key, looked_at = squash(word), []
        for row in self._rows(key):
            looked_at.append(row)
            if self._texts.matches(row, may_be_noun(key)) and stands_as_noun(word, self._text(row)):
                self._standings.keep((_KEPT_AS, key), [row], whole=False)
                return True
        self._standings.keep((_KEPT_AS, key), looked_at, whole=True)
        return False

    def _rows(self, key: str) -> Iterable[int]:
        """Return the first papers that hold a word, and before them one that is known to have it as a noun."""
        known, left = self._standings.of((_KEPT_AS, key))
        if left is None:
            return chain(known.tolist(), islice(self._texts.holding(as_bytes(key)), _LOOKED_AT))
        held = (row for row in left.tolist() if self._texts.holds(row, as_bytes(key)))
        return sorted({*known.tolist(), *held})[:_LOOKED_AT]
