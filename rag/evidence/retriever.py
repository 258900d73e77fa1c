"""Ranking: BM25, the nearest bullets and the pieces they share in meaning, fused per paper, over all papers or inside a
set; the best statements of a paper.

Knows the catalogue and the vectors, not the question's plan.
"""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rag.corpus.catalogue import Catalogue, Mask
from rag.corpus.manifest import paper_nodes
from rag.corpus.mentions import Statement, either, statements
from rag.corpus.papers import Paper
from rag.evidence.belonging import CUT
from rag.evidence.membership import Membership
from rag.evidence.naming import NamedTopics, lists_several
from rag.evidence.nearest_nodes import nearest_nodes
from rag.evidence.reranking import RERANKED, Rerank
from rag.evidence.seen import Seen
from rag.index.lexical import LexicalIndex
from rag.language import analysis
from rag.language.everyday import in_field_words
from rag.language.narrower import narrower
from rag.language.terms import glossary
from rag.language.text import Language, clean
from rag.questions.spans import bare
from vectorstore.bundled import Vectors, bundled
from vectorstore.embedders import Embedding
from vectorstore.vectors import StoredVectors

if TYPE_CHECKING:
    from vectorstore.chroma import NodeCollection

# Measured on the dev queries, docs/experiments.md.
MATCH_WEIGHT = 1.6  # of soft matching, beside the nearest node and the share of a perfect BM25 score, which weigh 1
BARE = 7  # words of a query up to which it is a topic; measured in docs/experiments.md
RESCORED = 40  # papers beyond k that are matched piece by piece
REFERENCE = 5_487  # papers of the corpus that thresholds were measured on
_FAINT, _SURE, _STRAY = 0.02, 0.75, 0.2  # probabilities that are looked at closely, and the part a stray paper keeps
_SENTENCE = re.compile(r"^(?:an?|the|this|these|we|it|이|본)\b|[.?!다함됨]$", re.IGNORECASE)  # a description, no topic
FETCH_NODES = 200  # nearest nodes that are looked at; several belong to one paper
COMPARED = 100_000  # nodes up to which all are compared; measured in docs/experiments.md

_UNIT = re.compile(r"(?<![A-Za-z])[a-z]{1,4}(?![A-Za-z])")  # short words of a question that may be units


@dataclass(frozen=True, slots=True)
class Hit:
    """One ranked paper. Higher is better everywhere; `rank` starts at 1.

    `lexical` is the raw BM25 score; `dense` the cosine of its nearest node, or the least of those fetched; `matched` the
    share of the query's meaning that its best passage holds piece by piece (0 in the lexical stage); `base` the score of
    words and nearness alone.
    """

    arxiv_id: str
    rank: int
    score: float
    lexical: float
    dense: float
    matched: float = 0.0
    base: float = 0.0


def _bullets(paper: Paper) -> list[tuple[int, Statement]]:
    """Return the statements of a paper, each with the place of its node: a summary's own node stands before its bullets."""
    said = statements(paper)
    languages = [language for language, _ in paper.summaries()]
    return [(place + 1 + languages.index(s.language), s) for place, s in enumerate(said) if s.language]


def _best(scores: NDArray[np.float32], count: int) -> list[int]:
    """Return the rows of the highest scores above 0, best first; of equal ones the earlier."""
    rows = np.flatnonzero(scores > 0)
    if len(rows) > count:
        rows = rows[scores[rows] >= np.partition(scores[rows], -count)[-count]]
    best: list[int] = rows[np.argsort(-scores[rows], kind="stable")][:count].tolist()
    return best


class Retriever:
    """Ranks the papers of one generation."""

    def __init__(
        self,
        catalogue: Catalogue,
        lexical: LexicalIndex,
        nodes: Callable[[], NodeCollection],
        embedding: Embedding,
        rerank: Rerank | None = None,
        vectors: StoredVectors | None = None,
        seen: Seen | None = None,
    ) -> None:
        self.catalogue, self.lexical, self._nodes = catalogue, lexical, nodes
        self._order = {arxiv_id: place for place, arxiv_id in enumerate(catalogue.ids)}
        self._rerank, self._vectors = rerank, vectors
        self._firsts = catalogue.firsts
        self._opened: NodeCollection | None = None
        self._opening = threading.Lock()
        self._vector = lru_cache(maxsize=256)(embedding.query)
        own = embedding.fingerprint == f"bundled:{bundled().fingerprint}"
        self._seen = seen or Seen(catalogue)
        self.memberships = Membership(catalogue, lexical, vectors if own else None, seen=self._seen)
        self.names = NamedTopics(catalogue, lexical, self._seen)
        self._probabilities = lru_cache(maxsize=64)(self.memberships.probabilities)
        self.membership = lru_cache(maxsize=256)(self._membership)
        self.belonging = lru_cache(maxsize=256)(self._belonging)

    def _idf(self, term: str) -> float:
        return math.log((len(self.catalogue) + 1) / (self.lexical.document_frequency(term) + 0.5))

    @property
    def nodes(self) -> NodeCollection:
        """The nodes in Chroma, opened by the first question that is ranked over all papers."""
        with self._opening:
            if self._opened is None:
                self._opened = self._nodes()
            return self._opened

    def _stored(self, paper: Paper) -> Vectors:
        """Return the vectors of a paper's nodes, in their order."""
        if self._vectors is not None:
            place = self._order[paper.arxiv_id]
            return self._vectors[self._firsts[place] : self._firsts[place + 1]]
        return self.nodes.rows([node.node_id for node in paper_nodes(paper)])

    def _nearest(self, vector: Vectors, allowed: Collection[str] | None) -> list[tuple[str, float]]:
        """Return the papers of the FETCH_NODES nearest nodes with their scores; a paper may stand there more than once.

        Up to COMPARED nodes are all compared, which takes milliseconds and opens no database; of more it is Chroma that finds
        the nearest. Inside a set every node is compared, for Chroma's filters are slow.
        """
        if allowed is None and self._vectors is not None and len(self._vectors) <= COMPARED:
            rows, scores = nearest_nodes(self._vectors, self._firsts, vector, FETCH_NODES, self._seen)
            return [(self.catalogue.ids[row], float(score)) for row, score in zip(rows, scores, strict=True)]
        if allowed is None:
            return [(i.partition(":")[0], score) for i, score in self.nodes.query(vector, FETCH_NODES)]
        papers = self.catalogue.ordered(allowed)
        if self._vectors is None:
            ids = [node.node_id for i in papers for node in paper_nodes(self.catalogue.papers[i])]
            return [(i.partition(":")[0], score) for i, score in self.nodes.query(vector, FETCH_NODES, ids)]
        near = [self._stored(self.catalogue.papers[i]) @ vector for i in papers]
        owners = np.repeat(np.arange(len(papers)), [len(scores) for scores in near])
        scores = np.concatenate([np.zeros(0, np.float32), *near])
        best = np.argsort(-scores, kind="stable")[:FETCH_NODES]
        return [(papers[owners[row]], float(scores[row])) for row in best]

    def _dense(self, vector: Vectors, allowed: Collection[str] | None) -> dict[str, float]:
        best: dict[str, float] = {}
        for arxiv_id, score in self._nearest(vector, allowed) if vector.any() else ():
            if arxiv_id in self.catalogue.papers:
                best[arxiv_id] = max(best.get(arxiv_id, 0.0), score)
        return best

    def familiarity(self, query: str) -> float:
        """Return how well the papers know a query's words: the mean log of their frequencies, 0 (none occurs) to 1.

        Frequencies are put on the scale of REFERENCE papers, so that a small index judges as a large one does.
        """
        terms = dict.fromkeys(analysis.terms(query))
        scale = REFERENCE / max(len(self.catalogue), 1)
        known = sum(math.log1p(scale * self.lexical.document_frequency(term)) for term in terms)
        return known / len(terms) / math.log1p(REFERENCE) if terms else 0.0

    @staticmethod
    def count_terms(query: str) -> int:
        """Return how many different words of a query carry meaning."""
        return len(set(analysis.terms(query)))

    def rarest(self, query: str) -> int:
        """Return how many papers hold the rarest word of a query."""
        return min(map(self.lexical.document_frequency, analysis.terms(query)), default=0)

    def _ideal(self, terms: Sequence[str]) -> float:
        """Return the BM25 score that no paper can exceed: the sum of the terms' idf, unknown terms included."""
        n = len(self.catalogue)
        return sum(math.log1p((n - df + 0.5) / (df + 0.5)) for df in map(self.lexical.document_frequency, terms))

    def search(self, query: str, k: int, allowed: Collection[str] | None = None, mode: str = "hybrid") -> list[Hit]:
        """Return the best `k` papers for a query, best first; only among `allowed` when given.

        `mode` is hybrid, lexical or dense. Papers that share neither a term nor a near vector are not returned.
        """
        terms = analysis.terms(query)
        raw = self.lexical.scores(terms) if mode != "dense" else np.zeros(len(self.lexical.ids), dtype=np.float32)
        lexical = raw / (self._ideal(terms) or 1.0)
        vector = self._vector(query)
        dense = self._dense(vector, allowed) if mode != "lexical" else {}
        words = {self.lexical.ids[row] for row in _best(lexical, 4 * k + 100)}
        if allowed is not None:
            words = {i for i in allowed if i in self.lexical.rows and lexical[self.lexical.rows[i]] > 0}
        rows = self.lexical.rows
        floor = min(dense.values(), default=0.0)
        matched: dict[str, float] = {}

        def base(arxiv_id: str) -> float:
            return float(lexical[rows[arxiv_id]]) + dense.get(arxiv_id, floor)

        def ranked(arxiv_ids: Iterable[str]) -> list[tuple[float, str]]:
            weighed = ((base(i) + MATCH_WEIGHT * matched.get(i, 0.0), i) for i in arxiv_ids)
            return sorted(weighed, key=lambda row: (-row[0], self._order[row[1]]))

        first = ranked(words | dense.keys())
        if mode != "lexical":
            candidates = [i for _, i in first[: k + RESCORED]]
            matched = dict(zip(candidates, self._matched(query, candidates), strict=True))
            first = ranked(candidates)
        if self._rerank and mode == "hybrid":
            first = self._reranked(self._rerank, query, first[: max(k, RERANKED)])
        return [
            Hit(i, rank, score, float(raw[rows[i]]), dense.get(i, floor), matched.get(i, 0.0), base(i))
            for rank, (score, i) in enumerate(first[:k], start=1)
        ]

    def _matched(self, query: str, papers: Sequence[str]) -> list[float]:
        """Return how far each paper holds a query's meaning."""
        rows = self.lexical.rows

        def look(some: NDArray[np.int64]) -> Vectors:
            held = [rows[self.catalogue.ids[row]] for row in some.tolist()]
            return self.lexical.passages.scores(query, held)[:, None]

        found: list[float] = self._seen.in_papers(self.catalogue.rows(papers), ("matched", query), look)[:, 0].tolist()
        return found

    @property
    def cut(self) -> float:
        """The probability from which a paper belongs to a topic."""
        return CUT

    def is_present(self, topics: Sequence[str]) -> bool:
        """Whether each of some topics has papers that are about it or near it."""
        return all(
            float(self.membership(topic).max(initial=0.0)) >= CUT or self.titled(topic).any() for topic in topics
        )

    def titled(self, topic: str) -> Mask:
        """Return which papers name a topic in their title."""
        named: Mask = np.logical_or.reduce([self.names.titled(reading) for reading in self._readings(topic)])
        return named

    def opening(self, topic: str, rows: NDArray[np.int64]) -> Mask:
        """Return which papers among some name a topic in their title or in the first sentence of a summary."""
        named: Mask = np.logical_or.reduce([self.names.opening(reading, rows) for reading in self._readings(topic)])
        return named

    def having_rarest(self, topic: str) -> Mask:
        """Return the papers that have the rarest part of a topic, where one is far rarer than the others."""
        named: Mask = np.logical_or.reduce([self.names.having_rarest(reading) for reading in self._readings(topic)])
        return named

    def find(self, query: str, k: int, mode: str = "hybrid") -> list[Hit]:
        """Return the best `k` papers for a query, best first: a bare topic by membership, anything else as `search` does.

        The score of a topic's papers is their probability; at most `membership.POOL` papers have one.
        """
        if mode != "hybrid" or not self._is_topic(query):
            return self.search(query, k, mode=mode)
        found = self.membership(query)
        ranked = [(float(found[row]), self.catalogue.ids[row]) for row in _best(found, max(k, RERANKED))]
        if self._rerank:
            ranked = self._reranked(self._rerank, query, ranked[: max(k, RERANKED)])
        ranked = ranked[:k]
        terms, vector = analysis.terms(query), self._vector(query)
        raw, ideal = self.lexical.scores(terms), self._ideal(terms) or 1.0
        rows = [self.lexical.rows[arxiv_id] for _, arxiv_id in ranked]
        matched = self._matched(query, [arxiv_id for _, arxiv_id in ranked])
        hits = []
        for rank, ((score, arxiv_id), row, match) in enumerate(zip(ranked, rows, matched, strict=True), start=1):
            lexical = float(raw[row])
            dense = float((self._stored(self.catalogue.papers[arxiv_id]) @ vector).max())
            hits.append(Hit(arxiv_id, rank, score, lexical, dense, match, lexical / ideal + dense))
        return hits

    def _is_topic(self, query: str) -> bool:
        """Whether a query is a bare phrase: a few words, no sentence, and no paper's name."""
        if len(query.split()) > BARE or _SENTENCE.search(query.strip()):
            return False
        return bool(analysis.terms(query)) and not self.catalogue.named(query)

    def _membership(self, facet: str) -> Vectors:
        """Return the probability that each paper is about a topic, 0 to 1, in the catalogue's order; read-only."""
        found: Vectors = np.maximum.reduce([self._probabilities(one) for one in self._readings(facet)])
        found.flags.writeable = False
        return found

    def _belonging(self, topic: str) -> Vectors:
        """Return what `membership` does, a part of it where a paper lacks the word that tells the topic; read-only.

        What is SURE stays, and all of a topic that lists several things.
        """
        if lists_several(topic):
            return self.membership(topic)
        shares = [self._without_strays(reading) for reading in self._readings(topic)]
        found: Vectors = np.maximum.reduce(shares)
        found.flags.writeable = False
        return found

    def _without_strays(self, reading: str) -> Vectors:
        """Return the probability of one reading of a topic for each paper, of which stray ones keep a part."""
        shares = self._probabilities(reading).copy()
        doubted = np.flatnonzero((shares >= _FAINT) & (shares < _SURE))
        shares[self.names.strays(reading, doubted)] *= _STRAY
        return shares

    def _readings(self, topic: str) -> list[str]:
        """Return what a topic is read as: each thing that “or” joins, its narrower ones, and everyday words as the field's."""
        parts = either(clean(topic))
        worded = [
            *parts,
            *narrower(topic),
            *(said for part in dict.fromkeys((*parts, topic)) for said in in_field_words(part)),
        ]
        return list(dict.fromkeys(self.memberships.spelled(self._without_particles(one)) for one in worded))

    def _without_particles(self, facet: str) -> str:
        """Return a Korean phrase as bare nouns and verbs: particles tell nothing of what papers are about."""

        def is_word(word: str) -> bool:
            return glossary().knows(word) or self.catalogue.declines(word)

        return " ".join(bare(word, is_word) for word in facet.split())

    def whole_vectors(self, papers: Sequence[Paper]) -> Vectors:
        """Return the vector of each paper as a whole, one row a paper, in their order."""
        if self._vectors is None:
            return np.stack([self._stored(paper)[0] for paper in papers])
        places = np.array([self._order[paper.arxiv_id] for paper in papers], dtype=np.int64)
        return self._vectors[self._firsts[places]]

    def kinship(self, arxiv_ids: Sequence[str], weights: Sequence[float]) -> list[float]:
        """Return how near each paper lies to the weighted mean of the first ones (a weight each); cosines of whole papers."""
        rows = self.whole_vectors([self.catalogue.papers[i] for i in arxiv_ids])
        rows /= np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9
        middle = np.asarray(weights, dtype=np.float32) @ rows[: len(weights)]
        return [float(near) for near in rows @ (middle / (np.linalg.norm(middle) + 1e-9))]

    def bearing(self, query: str, paper: Paper) -> tuple[float, float]:
        """Return how a paper's statements bear on a query, its own name aside, at best: words shared and meaning held.

        Words are the share of the query's terms, by idf, that one statement holds; meaning the share that it holds piece by
        piece, with the title. Both 0 to 1.
        """
        asked = set(analysis.terms(query)) - set(analysis.terms(paper.name))
        total = sum(map(self._idf, sorted(asked))) or 1.0
        shared = (sum(map(self._idf, sorted(asked & set(analysis.terms(s.text))))) for s in statements(paper))
        rest = re.sub(re.escape(paper.name), " ", query, flags=re.IGNORECASE) if paper.name else query
        _, *held = self.lexical.passages.each(rest, [self.lexical.rows[paper.arxiv_id]])[0]
        return max(shared, default=0.0) / total, max(held, default=0.0)

    def telling(self, query: str, papers: Sequence[Paper], language: Language) -> dict[str, tuple[Statement, ...]]:
        """Return of each paper the one statement that holds most of a query's meaning; in `language` where it has one."""
        told: dict[str, tuple[Statement, ...]] = {}
        shares = self.lexical.passages.each(query, [self.lexical.rows[paper.arxiv_id] for paper in papers])
        for paper, (_, *held) in zip(papers, shares, strict=True):
            found = [(share, s) for share, s in zip(held, statements(paper), strict=True) if "http" not in s.text]
            here = [row for row in found if row[1].language == language] or found
            told[paper.arxiv_id] = (max(here, key=lambda row: row[0])[1],) if here else statements(paper)[:1]
        return told

    def _reranked(self, rerank: Rerank, query: str, found: list[tuple[float, str]]) -> list[tuple[float, str]]:
        """Put papers in the reranker's order; the scores stay with the places, so that they still fall and mean the same."""
        from rag.evidence.nodes import paper_node

        order = rerank(query, [paper_node(self.catalogue.papers[arxiv_id], score) for score, arxiv_id in found])
        return [(score, node_id.partition(":")[0]) for (score, _), node_id in zip(found, order, strict=True)]

    def best_statements(
        self, query: str, paper: Paper, language: Language, limit: int, prefer_numbers: bool = False
    ) -> list[Statement]:
        """Return the statements of a paper that answer a query best, best first; in `language` where it has a summary."""
        tongue: Language = language if paper.summary(language) else ("en" if language == "ko" else "ko")
        bullets = [row for row in _bullets(paper) if row[1].language == tongue]
        if not bullets:
            return []
        terms = set(analysis.terms(query)) - set(analysis.terms(paper.name))
        near = self._stored(paper) @ self._vector(query)
        total = sum(map(self._idf, sorted(terms))) or 1.0
        units = [re.compile(rf"\d ?{unit}(?![a-z])", re.IGNORECASE) for unit in _UNIT.findall(query)]
        scored = []
        for place, statement in bullets:
            shared = terms & set(analysis.terms(statement.text))
            link = 0.5 if "http" in statement.text and "http" not in query else 0.0
            digits = 0.3 if prefer_numbers and any(c.isdecimal() for c in statement.text) else 0.0
            measured = 0.5 * any(unit.search(statement.text) for unit in units)  # “fps” of 91.07fps
            score = sum(map(self._idf, sorted(shared))) / total + float(near[place]) + digits + measured - link
            scored.append((-score, statement.place, statement))
        scored.sort(key=lambda row: row[:2])
        return [statement for _, _, statement in scored[:limit]]
