"""All papers of one generation in memory: exact look-ups by term, author, day and votes. Complete by construction.

Derived from a manifest; knows nothing of questions or vectors. Every set it returns is in the catalogue's order: newest
first, then by arXiv id.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from functools import cached_property, lru_cache
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from rag.corpus.authors import Authors
from rag.corpus.korean_nouns import KoreanNouns
from rag.corpus.manifest import node_count
from rag.corpus.mentions import Mentions, Naming, statements
from rag.corpus.own_names import called
from rag.corpus.papers import Paper
from rag.corpus.standing import Standings, same_rows
from rag.corpus.substrings import Texts, as_bytes
from rag.language.terms import Term, fold, means_another, spots, squash, squashed, stands


def _whole(paper: Paper) -> str:
    """A paper's title and bullets in one text, in the order of `statements`, and its tags behind them."""
    said = (bullet.quote for _, bullets in paper.summaries() for bullet in bullets)
    return "\0".join([paper.title, *said, *paper.tags])


_MOST = np.iinfo(np.int64).max
_HEAD = 12  # letters of a squashed title that it is looked up by
_LONG_TITLE = 20  # letters from which a title is looked for in a question
_SAYS = 3  # blanks in a part of a title from which it says something and names no topic
_PARTS_OF_TITLE = re.compile(r": | [-–—] ")

_TITLED, _FEW = (
    0.3,
    5,
)  # share of the papers naming a term that have it in their titles, and papers that are taken to name it at least
Mask = NDArray[np.bool_]
"""Some of the papers: for each, in the catalogue's order, whether it is one."""


_VERSION = re.compile(r"[vb]?\d(?!d)")  # 3D is no version


def _letters(text: str) -> str:
    """Return the letters and digits of a text, in small letters."""
    return re.sub(r"[\W_]", "", squash(text))


class Catalogue:
    """The papers, and what can be told of them exactly."""

    def __init__(
        self,
        papers: Mapping[str, Paper],
        generation: str = "",
        doubtful: frozenset[str] = frozenset(),
        before: Catalogue | None = None,
    ) -> None:
        """Take the papers in their order; what a catalogue `before` knows of terms in papers that stay is taken over."""
        self.papers, self.generation = dict(papers), generation
        self.doubtful = doubtful  # ids of papers whose summary seems not to be about them
        self.ids = tuple(self.papers)
        self.was = same_rows(self.papers, before.papers) if before else None  # each paper's row in the catalogue before
        self._standings: Standings = Standings(len(self.papers), before._standings if before else None, self.was)
        self.days: tuple[date, ...] = tuple(sorted({day for paper in self.papers.values() for day in paper.dates}))
        self._texts = Texts(squashed(_whole(paper)) for paper in self.papers.values())
        self._text = lru_cache(maxsize=4096)(self._text_uncached)
        self._folded = lru_cache(maxsize=4096)(lambda row: fold(self._text(row)))
        self._find = lru_cache(maxsize=512)(self._find_uncached)
        self._titling = lru_cache(maxsize=512)(self._titling_uncached)
        self._plain = lru_cache(maxsize=512)(self._is_plain)
        self._knows = lru_cache(maxsize=4096)(self._knows_uncached)
        self._nouns = KoreanNouns(self._texts, self._text, self._standings)

    def __len__(self) -> int:
        return len(self.papers)

    # --- terms -------------------------------------------------------------------------------------------------------
    def _text_uncached(self, row: int) -> str:
        return _whole(self._in_order[row])

    def _stands(self, row: int, variant: str, variants: tuple[str, ...]) -> bool:
        text = self._text(row)
        return stands(text, variant, lambda: self._folded(row)) and not means_another(text, variant, variants)

    def _rows_with(self, needle: str) -> Iterator[int]:
        return self._texts.holding(as_bytes(needle))

    def _holds(self, row: int, needle: str) -> bool:
        return self._texts.holds(row, as_bytes(needle))

    def _find_uncached(self, variants: tuple[str, ...]) -> Naming:
        needles = {variant: squash(variant) for variant in variants if squash(variant)}
        known, left = self._standings.of(variants)
        if left is None:
            named = self._naming(variants, needles)
        else:
            named = {*known.tolist(), *(row for row in left.tolist() if self._is_named(row, variants, needles))}
        self._standings.keep(variants, named, whole=True)
        return Naming({self.ids[row]: row for row in sorted(named)}, lambda row: self._mentions(row, needles))

    def _is_named(self, row: int, variants: tuple[str, ...], needles: Mapping[str, str]) -> bool:
        return any(
            self._holds(row, needle) and self._stands(row, variant, variants) for variant, needle in needles.items()
        )

    def _naming(self, variants: tuple[str, ...], needles: Mapping[str, str]) -> set[int]:
        named: set[int] = set()
        shortest = [n for n in dict.fromkeys(needles.values()) if not any(m != n and m in n for m in needles.values())]
        rows = {needle: [*self._rows_with(needle)] for needle in shortest}  # a longer needle stands in no other rows
        for variant, needle in needles.items():
            for row in next(rows[n] for n in shortest if n in needle):
                held = row not in named and (needle in rows or self._holds(row, needle))
                if held and self._stands(row, variant, variants):
                    named.add(row)
        return named

    def _mentions(self, row: int, needles: Mapping[str, str]) -> Mentions:
        """Tell where a paper names any of some spellings, each given with its squashed form."""
        paper, text, folded = self._in_order[row], self._text(row), self._folded(row)
        held = [variant for variant, needle in needles.items() if self._holds(row, needle)]
        left = sorted({span for variant in held for span in spots(text, variant, folded)})
        at = len(paper.title)
        title = tuple(span for span in left if span[0] < at)
        bullets, places = [], []
        for statement in statements(paper):
            start, at = at + 1, at + 1 + len(statement.bullet.quote)
            if here := [span for span in left if start <= span[0] < at]:
                said = at - len(statement.text)
                bullets.append(statement)
                places.append(tuple((a - said, b - said) for a, b in here if a >= said))
        return Mentions(title, tuple(bullets), tuple(places))

    def mentioning(self, term: Term) -> Naming:
        """Return every paper whose title or summary names a term, and where. Empty when none does."""
        return self._find(term.variants)

    def titling(self, term: Term) -> Iterator[str]:
        """Yield every paper whose title names a term."""
        return iter(self._titling(term.variants))

    def _titling_uncached(self, variants: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(i for i in self._find(variants) if any(stands(self.papers[i].title, v) for v in variants))

    def naming_few(self, term: Term, papers: int) -> Naming | None:
        """Return every paper that names a term, or None where more than so many do: of these the rest is not looked at."""
        return None if self.knows(term, papers + 1) else self.mentioning(term)

    def knows(self, term: Term, papers: int = 1) -> bool:
        """Whether at least so many papers name a term, without finding them all."""
        return self._knows(term.variants, papers)

    def _knows_uncached(self, variants: tuple[str, ...], papers: int) -> bool:
        known, left = self._standings.of(variants)
        if left is not None:
            return len(self._find(variants)) >= papers
        if len(known) >= papers:
            return True
        rows = set(known.tolist())
        for variant in sorted(variants, key=len):  # the short ones stand in most papers, and are looked for fastest
            for row in self._rows_with(squash(variant)) if squash(variant) else ():
                if row in rows:
                    continue
                if self._stands(row, variant, variants):
                    rows.add(row)
                    if len(rows) >= papers:
                        self._standings.keep(variants, rows, whole=False)
                        return True
        self._standings.keep(variants, rows, whole=True)
        return False

    # --- names -------------------------------------------------------------------------------------------------------
    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        names: dict[str, list[str]] = {}
        for paper in self.papers.values():
            for name in dict.fromkeys(filter(None, map(squash, called(paper)))):
                names.setdefault(name, []).append(paper.arxiv_id)
        return names

    def named(self, name: str) -> tuple[str, ...]:
        """Return the papers that call themselves by a name (before the colon of the title), or by a whole title."""
        return tuple(self._by_name.get(squash(name), ()))

    def family(self, name: str) -> tuple[str, ...]:
        """Return the papers of a name, or else those whose name is it with a number or a version ("BitNet": BitNet v2)."""
        key = squash(name)
        if (own := self.named(name)) or len(key) <= 3:
            return own
        names = self._names[bisect_left(self._names, key) : bisect_left(self._names, key + chr(sys.maxunicode))]
        return self.ordered(i for name in names if _VERSION.match(name, len(key)) for i in self._by_name[name])

    @cached_property
    def _names(self) -> list[str]:
        return sorted(self._by_name)

    @cached_property
    def _long_names(self) -> list[tuple[str, str]]:
        names = dict.fromkeys(paper.name for paper in self.papers.values() if paper.name and paper.name.count(" ") > 1)
        return [(squash(name), name) for name in names]

    def named_in(self, text: str) -> dict[str, tuple[str, ...]]:
        """Return the papers whose name of three words or more stands in a text, by that name."""
        flat = squash(text)
        return {name: self.named(name) for key, name in self._long_names if key in flat}

    @cached_property
    def _titles(self) -> dict[str, list[tuple[str, str, str]]]:
        """Long titles and their long parts beside a colon, as bare letters and as written, with their papers, by how they begin."""
        by_head: dict[str, list[tuple[str, str, str]]] = {}
        for paper in self.papers.values():
            said = (part for part in _PARTS_OF_TITLE.split(paper.title) if part.count(" ") >= _SAYS)
            for part in {paper.title, *said}:
                if len(part) > _LONG_TITLE and (title := _letters(part)):
                    by_head.setdefault(title[:_HEAD], []).append((title, part, paper.arxiv_id))
        return by_head

    def titled(self, text: str) -> tuple[str, ...]:
        """Return the papers whose whole title stands in a text, or a long part of it that hardly another paper writes."""
        flat = _letters(text)
        if len(flat) < _LONG_TITLE:
            return ()
        heads = {flat[at : at + size] for at in range(len(flat)) for size in range(1, _HEAD + 1)} & self._titles.keys()
        told = [(part, arxiv_id) for head in heads for title, part, arxiv_id in self._titles[head] if title in flat]
        return self.ordered({arxiv_id for part, arxiv_id in told if self._is_one_title(part, arxiv_id)})

    def _is_one_title(self, part: str, arxiv_id: str) -> bool:
        """Whether a part of a title is a paper's whole one, or one that at most one other paper writes."""
        return self.papers[arxiv_id].title == part or len([*islice(self._rows_with(squash(part)), 3)]) < 3

    def is_of_titles(self, term: Term) -> bool:
        """Whether a large part of the papers that name a term do so in their titles, as only papers on it do."""
        return len(list(self.titling(term))) >= _TITLED * max(len(self.mentioning(term)), _FEW)

    def is_plain_word(self, word: str) -> bool:
        """Whether the texts often (a third of the time) write a small-letter word otherwise than the papers of that name.

        A word that no paper is called by is plain where it has no capital inside: tokenizer is, vllm (vLLM) is not.
        """
        return self._plain(word)

    def _is_plain(self, word: str) -> bool:
        names = {self.papers[i].name for i in self.named(word)}
        alone = re.compile(rf"(?<![\w/.-]){re.escape(word)}(?![A-Za-z0-9_/-])", re.IGNORECASE)
        texts = (self._text(row) for row in self._rows_with(squash(word)))
        found = [match.group() for text in texts for match in alone.finditer(text)]
        plainly = [s for s in found if (s not in names if names else s[1:] == s[1:].lower())]
        return 3 * len(plainly) >= len(found) > 0

    def declines(self, word: str) -> bool:
        """Whether a Korean word stands in the texts as a noun: with a particle of a noun, or made a verb by 하다, 되다."""
        return self._nouns.has(word)

    @cached_property
    def vocabulary(self) -> dict[str, str]:
        """Latin names in titles and summaries, squashed, with their usual spelling; for near misses."""
        name = re.compile(r"[A-Z][A-Za-z]+(?:-?\d+(?:\.\d+)?)?")
        spelled = dict.fromkeys(word for paper in self.papers.values() for word in name.findall(_whole(paper)))
        words: dict[str, str] = {}
        for word in spelled:
            words.setdefault(squash(word), word)
        return words

    @cached_property
    def _words_by_letter(self) -> dict[str, list[str]]:
        words: dict[str, list[str]] = {}
        for word in self.vocabulary:
            words.setdefault(word[0], []).append(word)
        return words

    def words_like(self, word: str, longer: int) -> list[str]:
        """Return the words of the vocabulary that begin as a squashed word and are at most so much longer or shorter."""
        return [known for known in self._words_by_letter.get(word[0], ()) if abs(len(known) - len(word)) <= longer]

    def occurs(self, word: str) -> bool:
        """Whether a squashed word stands in any paper."""
        return next(iter(self._rows_with(word)), None) is not None

    def frequency(self, word: str) -> int:
        """Return how often a squashed word occurs."""
        return self._texts.count(as_bytes(word))

    @cached_property
    def authors(self) -> Authors:
        """Who wrote them."""
        return Authors(self._in_order)

    def ready(self) -> None:
        """Make what a first question of some kind would wait for."""
        self._texts.ready()
        for made in (
            "_titles",
            "_names",
            "_long_names",
            "_words_by_letter",
            "votes",
            "ordinals",
            "_of_day",
        ):
            getattr(self, made)
        self.authors.ready()

    @cached_property
    def firsts(self) -> NDArray[np.int64]:
        """The place of each paper's first node among all nodes, and at last the number of all."""
        return np.cumsum([0, *map(node_count, self.papers.values())])

    # --- sets --------------------------------------------------------------------------------------------------------
    def mask(self, ids: Iterable[str] | None = None) -> Mask:
        """Return which papers are among some; of all papers, without any given."""
        found = np.full(len(self), ids is None)
        places = self._places
        found[[places[i] for i in ids or () if i in places] or slice(0)] = True
        return found

    def rows(self, ids: Iterable[str]) -> NDArray[np.int64]:
        """Return the rows of some papers, in their order."""
        return np.array([self._places[i] for i in ids], dtype=np.int64)

    def at(self, rows: Mask | NDArray[np.int64]) -> list[Paper]:
        """Return the papers of a mask, or of rows."""
        if rows.dtype == bool:
            rows = np.flatnonzero(rows)
        papers = self._in_order
        return [papers[row] for row in rows.tolist()]

    @cached_property
    def _in_order(self) -> tuple[Paper, ...]:
        return tuple(self.papers.values())

    @cached_property
    def votes(self) -> NDArray[np.int64]:
        """The votes of each paper; -1 where they are not told."""
        return np.array([-1 if paper.votes is None else paper.votes for paper in self.papers.values()], dtype=np.int64)

    @cached_property
    def ordinals(self) -> NDArray[np.int64]:
        """The day of each paper, as a number that grows by one a day."""
        return np.array([paper.date.toordinal() for paper in self.papers.values()], dtype=np.int64)

    def voted(self, low: int = 0, high: int | None = None) -> Mask:
        """Return the papers with at least `low` and at most `high` votes; never one whose votes are not told."""
        found: Mask = (self.votes >= max(low, 0)) & (self.votes <= (_MOST if high is None else high))
        return found

    # --- days --------------------------------------------------------------------------------------------------------
    def between(self, start: date | None, end: date | None) -> Mask:
        """Return the papers a digest showed in the half-open range; None leaves that side open."""
        return self.mask(i for day in self.digest_days(start, end) for i in self._of_day[day])

    @cached_property
    def _of_day(self) -> dict[date, list[str]]:
        shown: dict[date, list[str]] = {}
        for paper in self.papers.values():
            for day in paper.dates:
                shown.setdefault(day, []).append(paper.arxiv_id)
        return shown

    def ordered(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Return papers in the catalogue's order, each once."""
        wanted = ids if isinstance(ids, AbstractSet) else set(ids)
        if len(wanted) * 8 > len(self):
            return tuple(i for i in self.ids if i in wanted)
        return tuple(sorted(wanted, key=self._places.__getitem__))

    @cached_property
    def _places(self) -> dict[str, int]:
        return {arxiv_id: place for place, arxiv_id in enumerate(self.ids)}

    def digest_days(self, start: date | None, end: date | None) -> Sequence[date]:
        """Return the days with a digest in a half-open range."""
        low = bisect_left(self.days, start) if start else 0
        high = bisect_left(self.days, end) if end else len(self.days)
        return self.days[low:high]
