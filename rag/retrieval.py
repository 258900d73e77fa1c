"""Ranking: BM25, the nearest bullets and the pieces they share in meaning, fused per paper, over all papers or inside a
set; the best statements of a paper.

Knows the catalogue and the vectors, not the question's plan. Also a LlamaIndex `BaseRetriever`, for use in other chains.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
from numpy.typing import NDArray

from rag import analysis
from rag.catalogue import Catalogue, Statement, statements
from rag.lexical import LexicalIndex
from rag.manifest import paper_nodes
from rag.papers import Language, Paper
from rag.reranking import RERANKED, Rerank
from vectorstore.chroma import NodeCollection
from vectorstore.embedders import Embedding

# Measured on the dev queries, docs/experiments.md.
MATCH_WEIGHT = 1.6  # of soft matching, beside the nearest node and the share of a perfect BM25 score, which weigh 1
RESCORED = 40  # papers beyond k that are matched piece by piece
REFERENCE = 5_487  # papers of the corpus that thresholds were measured on
FETCH_NODES = 200  # nearest nodes asked of Chroma; several belong to one paper


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


class Retriever:
    """Ranks the papers of one generation."""

    def __init__(
        self,
        catalogue: Catalogue,
        lexical: LexicalIndex,
        nodes: NodeCollection,
        embedding: Embedding,
        rerank: Rerank | None = None,
    ) -> None:
        self.catalogue, self.lexical, self.nodes, self.embedding = catalogue, lexical, nodes, embedding
        self._order = {arxiv_id: place for place, arxiv_id in enumerate(catalogue.ids)}
        self._rerank = rerank

    def _idf(self, term: str) -> float:
        return math.log((len(self.catalogue) + 1) / (self.lexical.document_frequency(term) + 0.5))

    def _dense(self, vector: NDArray[np.float32], allowed: Collection[str] | None) -> dict[str, float]:
        ids = None
        if allowed is not None:
            ids = [n.node_id for i in self.catalogue.ids if i in allowed for n in paper_nodes(self.catalogue.papers[i])]
        best: dict[str, float] = {}
        if not vector.any():
            return best
        for found in self.nodes.query(vector, FETCH_NODES, ids):
            arxiv_id = found.node.node_id.partition(":")[0]
            if arxiv_id in self.catalogue.papers:
                best[arxiv_id] = max(best.get(arxiv_id, 0.0), found.score or 0.0)
        return best

    def familiarity(self, query: str) -> float:
        """Return how well the papers know a query's words: the mean log of their frequencies, 0 (none occurs) to 1.

        Frequencies are put on the scale of REFERENCE papers, so that a small index judges as a large one does.
        """
        terms = dict.fromkeys(analysis.terms(query))
        scale = REFERENCE / max(len(self.catalogue), 1)
        known = sum(math.log1p(scale * self.lexical.document_frequency(term)) for term in terms)
        return known / len(terms) / math.log1p(REFERENCE) if terms else 0.0

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
        vector = self.embedding.query(query)
        dense = self._dense(vector, allowed) if mode != "lexical" else {}
        words = {
            self.lexical.ids[row] for row in np.argsort(-lexical, kind="stable")[: 4 * k + 100] if lexical[row] > 0
        }
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
            shares = self.lexical.passages.scores(query, [rows[i] for i in candidates])
            matched = dict(zip(candidates, shares.tolist(), strict=True))
            first = ranked(candidates)
        if self._rerank and mode == "hybrid":
            first = self._reranked(self._rerank, query, first[: max(k, RERANKED)])
        return [
            Hit(i, rank, score, float(raw[rows[i]]), dense.get(i, floor), matched.get(i, 0.0), base(i))
            for rank, (score, i) in enumerate(first[:k], start=1)
        ]

    def kinship(self, arxiv_ids: Sequence[str], weights: Sequence[float]) -> list[float]:
        """Return how near each paper lies to the weighted mean of the first ones (a weight each); cosines of whole papers."""
        whole = {i: paper_nodes(self.catalogue.papers[i])[0].node_id for i in arxiv_ids}
        stored = self.nodes.embeddings(list(whole.values()))
        rows = np.array([stored[node] for node in whole.values()], dtype=np.float32)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9
        middle = np.asarray(weights, dtype=np.float32) @ rows[: len(weights)]
        return [float(near) for near in rows @ (middle / (np.linalg.norm(middle) + 1e-9))]

    def bearing(self, query: str, paper: Paper) -> tuple[float, float]:
        """Return how a paper's statements bear on a query, its own name aside, at best: words shared and nearness.

        Words are the share of the query's terms, by idf, that one statement holds (0 to 1), nearness a cosine.
        """
        asked = set(analysis.terms(query)) - set(analysis.terms(paper.name))
        total = sum(map(self._idf, sorted(asked))) or 1.0
        nodes = [n for n in paper_nodes(paper) if n.bullet >= 0]
        texts = [paper.summary(n.language or "ko")[n.bullet].text for n in nodes]
        words = max((sum(map(self._idf, sorted(asked & set(analysis.terms(t))))) / total for t in texts), default=0.0)
        vector = self.embedding.query(
            re.sub(re.escape(paper.name), " ", query, flags=re.IGNORECASE) if paper.name else query
        )
        stored = self.nodes.embeddings([n.node_id for n in nodes])
        return words, max((float(row @ vector) for row in stored.values()), default=0.0)

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
        order = rerank(query, [self.node(arxiv_id, score) for score, arxiv_id in found])
        return [(score, node_id.partition(":")[0]) for (score, _), node_id in zip(found, order, strict=True)]

    def node(self, arxiv_id: str, score: float) -> NodeWithScore:
        """Return a paper as LlamaIndex takes it: its summary as text, its metadata, a score."""
        whole = paper_nodes(self.catalogue.papers[arxiv_id])[0]
        return NodeWithScore(
            node=TextNode(id_=whole.node_id, text=whole.text, metadata=dict(whole.metadata)), score=score
        )

    def best_statements(
        self, query: str, paper: Paper, language: Language, limit: int, prefer_numbers: bool = False
    ) -> list[Statement]:
        """Return the statements of a paper that answer a query best, best first; in `language` where it has a summary."""
        tongue: Language = language if paper.summary(language) else ("en" if language == "ko" else "ko")
        nodes = [n for n in paper_nodes(paper) if n.bullet >= 0 and n.language == tongue]
        if not nodes:
            return []
        terms = set(analysis.terms(query)) - set(analysis.terms(paper.name))
        vector = self.embedding.query(query)
        stored = self.nodes.embeddings([n.node_id for n in nodes])
        total = sum(map(self._idf, terms)) or 1.0
        scored = []
        for node in nodes:
            bullet = paper.summary(tongue)[node.bullet]
            shared = terms & set(analysis.terms(bullet.text))
            near = float(stored[node.node_id] @ vector) if node.node_id in stored else 0.0
            link = 0.5 if "http" in bullet.text and "http" not in query else 0.0
            digits = 0.3 if prefer_numbers and any(c.isdecimal() for c in bullet.text) else 0.0
            score = sum(map(self._idf, sorted(shared))) / total + near + digits - link
            scored.append((-score, node.bullet, Statement(paper.arxiv_id, tongue, node.bullet, bullet)))
        scored.sort(key=lambda row: row[:2])
        return [statement for _, _, statement in scored[:limit]]


class PaperRetriever(BaseRetriever):
    """The same ranking as a LlamaIndex retriever: one node a paper, its summary as text, the fused score."""

    def __init__(self, retriever: Retriever, top_k: int = 5) -> None:
        self._retriever, self._top_k = retriever, top_k
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        hits = self._retriever.search(query_bundle.query_str, self._top_k)
        return [self._retriever.node(hit.arxiv_id, hit.score) for hit in hits]
