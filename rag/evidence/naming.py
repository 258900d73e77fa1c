"""How plainly papers name a topic: in the title, in what they say first, or not at all though it has a word that tells it.

A topic is read in parts: what the glossary knows of it, in all its spellings, and its other words. A paper names it where
it has each part, inflected or with a word between. Knows no probabilities.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial, reduce

import numpy as np
from numpy.typing import NDArray

from rag.corpus.catalogue import Catalogue, Mask
from rag.corpus.mentions import statements
from rag.evidence.seen import Seen
from rag.evidence.spellings import known_pieces
from rag.index.lexical import TITLE_WEIGHT, LexicalIndex
from rag.language import analysis
from rag.language.terms import Term, glossary
from vectorstore.bundled import Vectors

_IMPLIED, _TELLING = 0.4, 0.05  # shares of the papers: what more have goes without saying beside what less have
_COMMON = 0.1  # share of the papers from which on a word that the glossary lacks is no topic by itself
_RARE, _FEW = 0.009, 3  # share of the papers, and papers, up to which a part tells a topic from its neighbours
_RARER, _RARER_WORD = 3, 1.5  # times that its other parts, and the other words of the part, must be as frequent
_LOST = 2  # words of a spelling that are no index terms, from which it says less than another
_NEAR = 0.42  # nearness to the rarest part from which on a paper may mean it in other words
_WORD = re.compile(r"[가-힣]+|[^\W_가-힣]+")
_DOING = re.compile(r"(?:ing|ed)$")
_LISTED = re.compile(r" (?:and|및|그리고) |[가-힣](?:와|과|나|랑) |,")
_HANGUL = re.compile(r"[가-힣]+")
_MADE_SO = "화"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a topic: its spellings, and whether the glossary knows it."""

    spellings: tuple[str, ...]
    known: bool

    @property
    def terms(self) -> tuple[tuple[str, ...], ...]:
        """The index terms of each spelling; of one that loses words by it (“from one image”) only where no other is left.

        So it is with a Korean one that loses a syllable (무학습).
        """
        return _terms_of(self.spellings)

    @property
    def is_korean(self) -> bool:
        """Whether it is a Korean word that the glossary lacks."""
        return not self.known and "가" <= self.spellings[0][0] <= "힣"


@lru_cache(maxsize=4096)
def _terms_of(spellings: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    made = {spelling: tuple(dict.fromkeys(analysis.terms(spelling))) for spelling in spellings}
    wider = [set(terms) for terms in made.values()]
    made = {
        spelling: terms for spelling, terms in made.items()
        if len(spelling.split()) - len(terms) < _LOST or not any(set(terms) < other for other in wider)
    }  # fmt: skip
    whole = [
        terms for spelling, terms in made.items() if set("".join(_HANGUL.findall(spelling))) <= set("".join(terms))
    ]
    return tuple(dict.fromkeys(filter(None, whole or made.values())))


def lists_several(topic: str) -> bool:
    """Whether a topic lists several things, so that a paper about one of them is about it: “search agents and deep research”."""
    return _LISTED.search(topic) is not None


@lru_cache(maxsize=1024)
def parts_of(phrase: str) -> tuple[Part, ...]:
    """Return the parts of a topic in order: those of the glossary, then its other words that carry meaning.

    >>> [part.spellings[0] for part in parts_of("Gaussian splatting of avatars")]
    ['Gaussian Splatting', 'avatar']
    """
    at, left, parts = 0, [], []
    for piece in known_pieces(phrase):
        parts.append(Part(piece.group, True))
        left.append(phrase[at : piece.start])
        at = piece.end
    words = (word for rest in (*left, phrase[at:]) for word in _WORD.findall(rest))
    carrying = (
        word for word in words if (len(word) > 1 or not word.isascii()) and analysis.terms(word)
    )  # no plural's s
    return tuple(dict.fromkeys((*parts, *(Part((word,), False) for word in carrying))))


def in_order(text: str) -> list[str]:
    """Return the index terms of a text as they stand in it, Korean and Latin ones mixed."""
    return [term for word in _WORD.findall(text) for term in analysis.terms(word)]


def says(terms: Sequence[str], part: Part) -> bool:
    """Whether a text, given as its terms in order, says a part: all terms of a spelling, with one other between at most.

    >>> says(["open", "video", "generat", "model"], Part(("video generation",), True))
    True
    """
    return any(_together(terms, wanted) for wanted in part.terms)


def _together(terms: Sequence[str], wanted: Sequence[str]) -> bool:
    if not all(term in terms for term in wanted):
        return False
    size, needed = len(wanted) + 1, set(wanted)
    return len(wanted) == 1 or any(needed <= {*terms[at : at + size]} for at in range(len(terms) - len(wanted) + 1))


class NamedTopics:
    """Tells which papers of one generation name a topic."""

    def __init__(self, catalogue: Catalogue, lexical: LexicalIndex, seen: Seen | None = None) -> None:
        self._catalogue, self._lexical, self._seen = catalogue, lexical, seen or Seen(catalogue)
        self._rows = np.array([lexical.rows[i] for i in catalogue.ids], dtype=np.int64)
        self._titled = lru_cache(maxsize=256)(self._titled_uncached)
        self._having = lru_cache(maxsize=64)(self._having_uncached)

    def _having_uncached(self, part: Part, least: int = 1) -> Mask:
        """Return which papers have all terms of a spelling of a part, each so many times."""
        found = np.zeros(len(self._lexical.ids), dtype=bool)
        for terms in part.terms:
            found |= reduce(np.logical_and, (self._lexical.having(term, least) for term in terms))
        found = found[self._rows]
        found.flags.writeable = False
        return found

    def _share(self, part: Part) -> float:
        return np.count_nonzero(self._having(part)) / len(self._catalogue)

    def _told(self, parts: Sequence[Part]) -> list[Part]:
        """Return the parts that a paper must name: what nearly every paper has goes without saying beside what few have."""
        shares = [self._share(part) for part in parts]
        if min(shares, default=1.0) > _TELLING:
            return list(parts)
        return [part for part, share in zip(parts, shares, strict=True) if share <= _IMPLIED]

    def titled(self, phrase: str) -> Mask:
        """Return which papers name a topic in their title."""
        return self._titled(phrase)

    def _titled_uncached(self, phrase: str) -> Mask:
        found = self._catalogue.mask(())
        parts = parts_of(phrase)
        if any(part.known or self._share(part) <= _COMMON for part in parts):
            told = self._told(parts)
            held = [*(self._having(part) for part in parts), *(self._having(part, TITLE_WEIGHT) for part in told)]
            possible = np.flatnonzero(np.logical_and.reduce(held))
            found[possible] = self._seen.in_papers(possible, ("titled", *told), partial(self._in_title, told))[:, 0] > 0
        found.flags.writeable = False
        return found

    def _in_title(self, parts: Sequence[Part], rows: NDArray[np.int64]) -> Vectors:
        """Return 1 for each of some papers whose title says all of some parts, one column."""
        titles = (in_order(paper.title) for paper in self._catalogue.at(rows))
        said = [all(says(title, part) for part in parts) for title in titles]
        return np.array(said, dtype=np.float32)[:, None]

    def opening(self, phrase: str, rows: NDArray[np.int64]) -> Mask:
        """Return which papers among some name a topic in their title or in the first sentence of a summary."""
        found = self._catalogue.mask(())
        told = self._told(parts_of(phrase))
        possible = rows[np.logical_and.reduce([self._having(part)[rows] for part in told])] if told else rows[:0]
        for row, paper in zip(possible.tolist(), self._catalogue.at(possible), strict=True):
            title = in_order(paper.title)
            first = [in_order(said.text) for said in statements(paper) if said.place == 0]
            found[row] = any(all(says(title, part) or says(terms, part) for part in told) for terms in (*first, title))
        return found

    def strays(self, phrase: str, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return those among some papers that lack the rarest part of a topic, in its words and in its meaning.

        None where no part is far rarer than the others.
        """
        rarest = self._rarest(parts_of(phrase))
        if rarest is None:
            return rows[:0]
        part, carriers = rarest
        lacking = rows[~carriers[rows]]
        words = self._telling(part) or ([] if parts_of(phrase) == (part,) else _usual(part))
        near = self._seen.in_papers(lacking, ("meant", *words), partial(self._meant, words)).T[0]
        strays: NDArray[np.int64] = lacking[(near < _NEAR) | self._only_made_so(part, lacking)]
        return strays

    def _meant(self, words: Sequence[str], rows: NDArray[np.int64]) -> Vectors:
        """Return how far the passages of some papers hold the meaning of any of some words, one column; 1 without any."""
        shares = self._lexical.passages.shares(words, self._rows[rows])
        near = [np.full(len(rows), 0 if words else 1, dtype=np.float32), *(share.best for share in shares)]
        meant: Vectors = np.maximum.reduce(near)[:, None]
        return meant

    def having_rarest(self, phrase: str) -> Mask:
        """Return the papers that have the rarest part of a topic; none where no part is far rarer than the others."""
        rarest = self._rarest(parts_of(phrase))
        return rarest[1] if rarest else self._catalogue.mask(())

    def _rarest(self, parts: Sequence[Part]) -> tuple[Part, Mask] | None:
        """Return the part that few papers have and that tells a topic from its neighbours, with its papers."""
        most = self._most
        held = [self._carriers(part, _RARER * most) for part in parts]
        counts = [len(self._catalogue) if mask is None else int(mask.sum()) for mask in held]
        if not counts:
            return None
        place = int(np.argmin(counts))
        mask, others = held[place], [count for at, count in enumerate(counts) if at != place]
        tells = 0 < counts[place] <= most and min(others, default=most * _RARER) >= _RARER * counts[place]
        return (parts[place], mask) if mask is not None and tells and self._is_thing(parts[place]) else None

    @property
    def _most(self) -> int:
        """How many papers have a rare part at most."""
        return max(_FEW, round(_RARE * len(self._catalogue)))

    def _telling(self, part: Part) -> list[str]:
        """Return the word that tells a part: its only one, or the one of its English spelling that few papers have, if any."""
        english = next((spelling for spelling in part.spellings if spelling.isascii()), "")
        words = _WORD.findall(english)
        if len(words) < 2:
            return _usual(part)
        counts = [int(self._having(Part((word,), False)).sum()) for word in words]
        rarest, *others = sorted(counts)
        tells = 0 < rarest <= self._most and others[0] >= _RARER_WORD * rarest
        return [words[counts.index(rarest)]] if tells else []

    def _is_thing(self, part: Part) -> bool:
        """Whether a part is a thing, as far as its form tells: what something does has too many other words."""
        if part.known:
            return True
        word = part.spellings[0]
        if not part.is_korean:
            return not _DOING.search(word)
        tags = analysis.parts_of_speech(word)
        return self._catalogue.declines(word) or (bool(tags) and all(tag.startswith("NN") for tag in tags))

    def _carriers(self, part: Part, most: int) -> Mask | None:
        """Return the papers that have a part in any form; None where more than so many do."""
        if not part.known and not part.is_korean:
            found = self._having(part)
            return found if found.sum() <= most else None
        naming = self._catalogue.naming_few(Term(part.spellings[0], part.spellings), most)
        if naming is None:
            return None
        found = self._catalogue.mask(naming.keys())
        if part.is_korean:
            return self._without_made_so(part.spellings[0], found)
        for spelling in part.spellings:
            if spelling.isascii() and " " in spelling:
                found |= self._having(Part((spelling,), True))
        return found

    def _without_made_so(self, word: str, found: Mask) -> Mask:
        """Return which papers have a Korean word that is not everywhere the beginning of another."""
        rows = np.flatnonzero(found).tolist()
        return self._catalogue.mask(self._catalogue.ids[row] for row in rows if _alone(word, self._text(row)))

    def _only_made_so(self, part: Part, rows: NDArray[np.int64]) -> Mask:
        """Return of some papers which have the Korean words of a part only as beginnings of others that the glossary knows."""
        words = {word for spelling in part.spellings for word in spelling.split() if "가" <= word[0] <= "힣"}
        known = [word for word in words if glossary().knows(word + _MADE_SO)]
        texts = [self._text(row) if known else "" for row in rows.tolist()]
        return np.array(
            [any(w + _MADE_SO in text and not _alone(w, text) for w in known) for text in texts], dtype=bool
        )

    def _text(self, row: int) -> str:
        paper = self._catalogue.papers[self._catalogue.ids[row]]
        return " ".join((paper.title, *(said.text for said in statements(paper))))


def _alone(word: str, text: str) -> bool:
    """Whether a Korean word stands in a text without 화 behind it, which makes it another: 양자화 is no 양자."""
    return re.search(rf"{re.escape(word)}(?!{_MADE_SO})", text) is not None


def _usual(part: Part) -> list[str]:
    """Return the usual spelling of a part in each script that it has one in."""
    korean = ("가" <= spelling[0] <= "힣" for spelling in part.spellings)
    by_script: dict[bool, str] = {}
    for is_korean, spelling in zip(korean, part.spellings, strict=True):
        by_script.setdefault(is_korean, spelling)
    return [*by_script.values()]
