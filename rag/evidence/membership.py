"""How surely each paper is about a topic: a probability from words, vectors, mentions and the neighbours of the best papers.

A topic is a bare phrase in Korean or English. What the glossary knows of it is read in its usual English and Korean spellings,
and what is seen of the two is averaged, so that a phrase, its abbreviation and its translation give the same papers. A logistic
regression weighs what is seen; `tools.train_membership` fits it on lists that people keep, over indexes of many sizes. Those
lists name about 62 % of the papers that belong, so a probability says how likely a careful list would name the paper: it is
a lower bound.

Topics of which few papers have a part are narrow: weights of their own ask how surely a paper lacks that part, because lists
are of topics that many papers treat.

Knows the catalogue, the words and the bundled model's vectors; no question and no plan. Everything is offline and
deterministic.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property, lru_cache
from itertools import islice

import numpy as np

from rag.corpus.catalogue import Catalogue
from rag.evidence.belonging import Features, Places, Weights
from rag.evidence.seen import Seen
from rag.evidence.signals import FIRST, REFERENCE, few, middle_of_best, of_neighbours, of_topic, size_of, top, unit
from rag.evidence.spellings import LATIN, mended, spelled_parts, usual, with_capitals
from rag.index.jagged import Starts, select_rows, starts_of
from rag.index.lexical import TITLE_WEIGHT, LexicalIndex
from rag.index.passages import Shares
from rag.language import analysis
from rag.language.terms import glossary
from vectorstore.bundled import Vectors, bundled
from vectorstore.vectors import StoredVectors

POOL = 600  # papers that are looked at closely; 95 % of those that lists name are among them
OPENING = 3  # bullets of a paper whose words tell what it is about
EXPANSION = 60  # words of the best papers that others are looked through for
PLAINLY = 3  # passing mentions that are as good as one in a title
NARROW = 12  # papers of these that have the rarest part of a topic, up to which it is narrow
_SYLLABLE = re.compile("[가-힣]")
_SEVERAL = re.compile(r" (?:and|및|그리고) |,")  # in a phrase that lists several things
RARELY = ("weighed parts", "rarest part", "rarest meant", "lacks its rarest", "lacks the meaning")
"""What is seen of the rarest part of a topic, which only the weights of narrow topics weigh."""
_CLOSELY = (
    "bullet", "second bullet", "first bullet", *(f"match {name}" for name in Shares._fields),
    "parts named", "worst part", "known parts named", "worst known part", "weighed parts", "rarest part", "rarest meant",
)  # fmt: skip


@lru_cache(maxsize=512)  # what is asked of one index is asked of the next
def _encoded(phrases: tuple[str, ...]) -> Vectors:
    return bundled().encode(phrases)


@lru_cache(maxsize=4096)  # the next index has nearly the same papers
def _opening_terms(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(term for text in texts for term in analysis.terms(text)))


class Membership:
    """Tells of every paper of one generation how surely it is about a topic."""

    def __init__(
        self,
        catalogue: Catalogue,
        lexical: LexicalIndex,
        vectors: StoredVectors | None,
        weights: Weights | None = None,
        seen: Seen | None = None,
    ) -> None:
        """Take the parts of a generation; `vectors` are those of its nodes by the bundled model, else None."""
        self._catalogue, self._lexical = catalogue, lexical
        self._vectors, self._seen = vectors, seen or Seen(catalogue)
        self._form = None if vectors is None else vectors.is_packed  # what is seen by other vectors differs a little
        self._given = weights
        self._rows = np.array([lexical.rows[i] for i in catalogue.ids], dtype=np.int64)
        self._opening = lru_cache(maxsize=4096)(self._words_of_opening)
        self._firsts = catalogue.firsts

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def vectors(self) -> StoredVectors | None:
        """The vectors of the nodes by the bundled model, if the index has them."""
        return self._vectors

    def probabilities(self, facet: str) -> Vectors:
        """Return the probability that each paper is about a topic, 0 to 1, in the catalogue's order."""
        found = np.zeros(len(self), dtype=np.float32)
        if len(self) and facet.strip():
            features = self.features(facet)
            weights, wide = self._weights, None
            if features.narrow:
                weights, wide = self._narrow, self._weights
            found[features.rows] = weights.probabilities(features, wide)
        return found

    @cached_property
    def _weights(self) -> Weights:
        return self._given or Weights.read()

    @cached_property
    def _narrow(self) -> Weights:
        return self._given or Weights.read(narrow=True)

    @cached_property
    def _words_of_titles(self) -> Counter[str]:
        """How many titles hold each Latin word."""
        titles = (paper.title.lower() for paper in self._catalogue.papers.values())
        return Counter(word for title in titles for word in set(LATIN.findall(title)))

    def _knows(self, word: str) -> bool:
        return any(self._lexical.document_frequency(term) for term in analysis.terms(word)) or glossary().knows(word)

    def spelled(self, facet: str) -> str:
        """Return a topic with its typing errors mended and its acronyms in capitals."""
        return with_capitals(mended(facet, self._words_of_titles, self._knows))

    # --- vectors -----------------------------------------------------------------------------------------------------
    @cached_property
    def _whole(self) -> Vectors:
        """A unit vector of each whole paper."""
        if self._vectors is not None:
            return unit(self._vectors[self._firsts[:-1]])
        starts = self._lexical.passages.starts
        return np.stack([unit(self._added(np.arange(starts[row], starts[row + 1]))) for row in self._rows])

    def _added(self, passages: Places) -> Vectors:
        added: Vectors = self._lexical.passages.vectors(passages).sum(axis=0)
        return added

    @cached_property
    def _titles(self) -> Vectors:
        """A unit vector of each title."""
        return self._lexical.passages.titles[self._rows]

    def _bullets(self, rows: Places) -> tuple[Vectors, Starts]:
        """Return the vectors of some papers' bullets, and where each paper's begin and the last ends.

        The node of a whole paper, or its title, stands before its bullets; of a paper without any it stands for them.
        """
        passages = self._lexical.passages
        starts = self._firsts if self._vectors is not None else passages.starts
        own = rows if self._vectors is not None else self._rows[rows]
        new, places = select_rows(starts, own)
        kept = np.ones(len(places), dtype=bool)
        kept[new[:-1][np.diff(new) > 1]] = False
        held = starts_of(np.add.reduceat(kept, new[:-1]))
        if self._vectors is not None:
            return self._vectors[places[kept]], held
        return passages.vectors(places[kept]), held

    # --- features ----------------------------------------------------------------------------------------------------
    def _idf(self, term: str) -> float:
        frequency = self._lexical.document_frequency(term)
        return math.log1p((len(self) - frequency + 0.5) / (frequency + 0.5))

    def _words(self, phrase: str) -> Vectors:
        """Return the BM25 score of every paper as a share of the best that could be."""
        terms = analysis.terms(phrase)
        ideal = sum(map(self._idf, terms))
        share: Vectors = self._lexical.scores(terms)[self._rows] / np.float32(ideal or 1)
        return share

    def _mention(self, spellings: Sequence[str], rows: Places) -> Vectors:
        """Return how plainly papers hold all words of any spelling: 1 as a title does, a third as one passing mention."""
        order = np.argsort(self._rows[rows], kind="stable")
        wanted = self._rows[rows][order]
        found = np.zeros(len(rows), dtype=np.float32)
        for terms in dict.fromkeys(tuple(dict.fromkeys(analysis.terms(spelling))) for spelling in spellings):
            if terms:
                counts = np.minimum.reduce([self._lexical.counts(term, wanted) for term in terms])
                found = np.maximum(found, np.minimum(counts / TITLE_WEIGHT, 1))
        mention = np.zeros_like(found)
        mention[order] = found
        return mention

    def _mentions(self, facet: str, rows: Places) -> tuple[Vectors, ...]:
        """Return how plainly papers mention a phrase's parts, those that the glossary knows and all of them."""
        groups, known = spelled_parts(facet)
        none = [np.zeros(len(rows), dtype=np.float32)]
        every = [self._mention(group, rows) for group in groups] or none
        shares = [how(some, axis=0) for some in (every, every[:known] or none) for how in (np.mean, np.min)]
        told = [self._telling(group) for group in groups] or [1.0]
        weighed = np.average(np.minimum(PLAINLY * np.stack(every), 1), axis=0, weights=told)
        rarest = int(np.argmax(told))
        meant = self._lexical.passages.shares(groups[rarest][:1], self._rows[rows])[0].best if groups else none[0]
        return (*shares, weighed.astype(np.float32), every[rarest], meant)

    def _lacking(self, facet: str, seen: dict[str, Vectors]) -> dict[str, Vectors]:
        """Return how surely papers are on something else: the rarer the rarest part of a phrase, the more it tells to lack it."""
        told = max(map(self._telling, spelled_parts(facet)[0]), default=0.0)
        rarity = np.float32(min(1.0, told / math.log1p(len(self))) ** 3)
        held = np.minimum(1, PLAINLY * seen["rarest part"])
        return {
            "lacks its rarest": rarity * (1 - held),
            "lacks the meaning": rarity * (1 - np.maximum(held, seen["rarest meant"])),
        }

    def _telling(self, spellings: Sequence[str]) -> float:
        """Return how much a part of a topic tells of a paper that has it: the idf of its most usual spelling."""
        return math.log1p(len(self) / (1 + self._having(spellings)))

    def _having(self, spellings: Sequence[str]) -> int:
        """Return about how many papers have a part of a topic, by the rarest word of its most usual spelling."""
        terms = (analysis.terms(spelling) for spelling in spellings)
        return max((min(map(self._lexical.document_frequency, some)) for some in terms if some), default=0)

    def is_narrow(self, facet: str) -> bool:
        """Whether a part of a topic is so rare that papers without it are hardly about the topic."""
        told = [group for group in spelled_parts(facet)[0] if not _SYLLABLE.fullmatch(group[0])]
        held = min(map(self._having, told), default=len(self))
        return 0 < held <= NARROW * len(self) / REFERENCE and not _SEVERAL.search(facet)

    def features(self, facet: str) -> Features:
        """Return what is seen of a topic in the papers that may be about it."""
        facet = self.spelled(facet)
        phrases = list(dict.fromkeys(usual(facet, korean=korean) for korean in (False, True)))
        vectors = _encoded(tuple(phrases))
        words: Vectors = np.stack([self._words(phrase) for phrase in phrases]).mean(axis=0)
        near, title = self._near(facet, vectors.mean(axis=0)).T
        score: Vectors = words + 1.5 * near + title
        first = few(FIRST, len(self))
        score = score + 3 * (self._whole @ middle_of_best(score, self._whole, first))
        score = score + 1.5 * (self._titles @ middle_of_best(score, self._titles, first))
        rows = np.sort(top(score, POOL))

        whole, titles = self._whole[rows], self._titles[rows]
        seen: dict[str, Vectors] = {"words": words[rows], "whole": near[rows], "title": title[rows]}
        seen["words of best"] = self._words_of_best(score)[rows]
        seen |= self._closely(facet, phrases, vectors, rows)
        seen |= self._lacking(facet, seen)
        centred = unit(whole - whole.mean(axis=0))
        seen |= of_neighbours(seen, whole, titles, centred, len(self))
        topic = of_topic(seen, centred, len(self))
        for name in ("best bullets", "best matches", "papers that name it"):
            seen[name] = np.full(len(rows), topic[name], dtype=np.float32)
        topic["size"] = size_of(len(self))
        seen["size"] = np.full(len(rows), topic["size"], dtype=np.float32)
        return Features(
            rows, np.stack([*seen.values()], axis=1), tuple(seen), np.stack([[*topic.values()]]), tuple(topic),
            self.is_narrow(facet),
        )  # fmt: skip

    def _near(self, facet: str, middle: Vectors) -> Vectors:
        """Return how near the whole of each paper and its title come to a phrase, two columns."""

        def look(rows: Places) -> Vectors:
            held = (self._whole, self._titles) if len(rows) == len(self) else (self._whole[rows], self._titles[rows])
            return np.stack([np.einsum("ij,j->i", one, middle) for one in held], axis=1)

        return self._seen.in_papers(np.arange(len(self)), ("near", self._form, facet), look)

    def _closely(self, facet: str, phrases: Sequence[str], vectors: Vectors, rows: Places) -> dict[str, Vectors]:
        """Return what is seen of a phrase in each paper alone: its bullets, its passages piece by piece, what it names."""

        def look(some: Places) -> Vectors:
            shares = self._lexical.passages.shares(phrases, self._rows[some])
            matches = [np.mean([getattr(share, name) for share in shares], axis=0) for name in Shares._fields]
            return np.stack([*self._of_bullets(vectors, some), *matches, *self._mentions(facet, some)], axis=1)

        found = self._seen.in_papers(rows, ("closely", self._form, facet), look)
        return dict(zip(_CLOSELY, np.ascontiguousarray(found.T), strict=True))

    def carried(self, facet: str, papers: Places) -> Vectors:
        """Return how much of what a phrase means the passage of each paper carries that carries most of it, 0 to 1."""
        facet = with_capitals(mended(facet, self._words_of_titles, self._knows))
        phrases = list(dict.fromkeys(usual(facet, korean=korean) for korean in (False, True)))
        shares = self._lexical.passages.shares(phrases, self._rows[papers])
        carried: Vectors = np.mean([share.best for share in shares], axis=0)
        return carried

    def _words_of_best(self, score: Vectors) -> Vectors:
        """Return the BM25 score of every paper for the words of the best ones (relevance feedback, Lavrenko and Croft, 2001)."""
        best = top(score, few(FIRST, len(self)))
        weights = score[best] - score[best].min() + 1e-3
        held = [self._opening(row) for row in best.tolist()]
        terms, place = np.unique(np.concatenate(held), return_inverse=True)
        frequency = self._lexical.frequencies(terms)
        idf = np.log1p((len(self) - frequency + 0.5) / (frequency + 0.5))
        given = np.repeat(weights.astype(np.float64), [*map(len, held)])
        valued = np.bincount(place, given * idf[place], minlength=len(terms))
        kept = np.argsort(-valued, kind="stable")[:EXPANSION]
        total = float(valued[kept].sum()) or 1.0
        weighed = zip(terms[kept].tolist(), (valued[kept] / total).tolist(), strict=True)
        return self._lexical.weighed({self._lexical.term(term): value for term, value in weighed})[self._rows]

    def _words_of_opening(self, row: int) -> Places:
        """Return the words of a paper's title and of its first bullets, by their numbers."""
        paper = self._catalogue.papers[self._catalogue.ids[row]]
        said = (bullet.text for _, bullets in paper.summaries() for bullet in bullets)
        return self._lexical.numbers(_opening_terms((paper.title, *islice(said, OPENING))))

    def _of_bullets(self, vectors: Vectors, rows: Places) -> tuple[Vectors, ...]:
        """Return how near papers' bullets come: the best, the best but one, and the first."""
        held, ends = self._bullets(rows)
        scores = np.einsum("ij,kj->ik", held, vectors)
        starts, counts = ends[:-1], np.diff(ends)
        best = np.maximum.reduceat(scores, starts)
        is_best = scores == np.repeat(best, counts, axis=0)
        others = np.maximum.reduceat(np.where(is_best, -np.inf, scores), starts)
        alone = np.add.reduceat(is_best, starts, dtype=np.int64) == 1  # else two bullets come as near
        second = np.where(alone & (counts > 1)[:, None], others, best)
        return best.mean(axis=1), second.mean(axis=1), scores[starts].mean(axis=1)
