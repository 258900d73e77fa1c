"""Ranking: BM25 and the nearest bullets fused per paper, over all papers or inside a set; the best statements of a paper.

Knows the catalogue and the vectors, not the question's plan. Also a LlamaIndex `BaseRetriever`, for use in other chains.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
from numpy.typing import NDArray

from rag import analysis
from rag.catalogue import Catalogue, Statement
from rag.lexical import LexicalIndex
from rag.manifest import paper_nodes
from rag.papers import Language, Paper
from vectorstore.chroma import NodeCollection
from vectorstore.embedders import Embedding

DENSE_WEIGHT = 1.5  # against BM25 scaled to 1 at the best paper; measured in docs/experiments.md
FETCH_NODES = 400  # nearest nodes asked of Chroma; several belong to one paper


@dataclass(frozen=True, slots=True)
class Hit:
    """One ranked paper. Higher is better everywhere; `rank` starts at 1.

    `lexical` is the raw BM25 score, `dense` the cosine of the nearest node (0 when none was near), `coverage` the share
    (0 to 1, by rarity) of the question's terms that the paper holds.
    """

    arxiv_id: str
    rank: int
    score: float
    lexical: float
    dense: float
    coverage: float


class Retriever:
    """Ranks the papers of one generation."""

    def __init__(
        self, catalogue: Catalogue, lexical: LexicalIndex, nodes: NodeCollection, embedding: Embedding
    ) -> None:
        self.catalogue, self.lexical, self.nodes, self.embedding = catalogue, lexical, nodes, embedding

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

    def coverage(self, terms: Sequence[str], arxiv_id: str) -> float:
        """Return the share, by rarity, of terms that a paper holds; 0 for no terms."""
        weights = {term: self._idf(term) for term in dict.fromkeys(terms)}
        total = sum(weights.values())
        held = sum(weight for term, weight in weights.items() if self.lexical.holds(term, arxiv_id))
        return held / total if total else 0.0

    def search(self, query: str, k: int, allowed: Collection[str] | None = None, mode: str = "hybrid") -> list[Hit]:
        """Return the best `k` papers for a query, best first; only among `allowed` when given.

        `mode` is hybrid, lexical or dense. Papers that share neither a term nor a near vector are not returned.
        """
        terms = analysis.terms(query)
        lexical = self.lexical.scores(terms) if mode != "dense" else np.zeros(len(self.lexical.ids), dtype=np.float32)
        dense = self._dense(self.embedding.query(query), allowed) if mode != "lexical" else {}
        candidates = {
            self.lexical.ids[row] for row in np.argsort(-lexical, kind="stable")[: 4 * k + 100] if lexical[row] > 0
        }
        if allowed is not None:
            candidates = {i for i in allowed if i in self.lexical.rows and lexical[self.lexical.rows[i]] > 0}
        candidates |= dense.keys()
        scale = max((float(lexical[self.lexical.rows[i]]) for i in candidates), default=0.0) or 1.0
        scored = []
        for arxiv_id in candidates:
            word = float(lexical[self.lexical.rows[arxiv_id]])
            near = dense.get(arxiv_id, 0.0)
            scored.append((word / scale + DENSE_WEIGHT * near, word, near, arxiv_id))
        order = {arxiv_id: place for place, arxiv_id in enumerate(self.catalogue.ids)}
        scored.sort(key=lambda row: (-row[0], order[row[3]]))
        return [
            Hit(arxiv_id, rank, score, word, near, self.coverage(terms, arxiv_id))
            for rank, (score, word, near, arxiv_id) in enumerate(scored[:k], start=1)
        ]

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
            digits = 0.3 if prefer_numbers and any(c.isdecimal() for c in bullet.text) else 0.0
            score = sum(map(self._idf, sorted(shared))) / total + near + digits
            scored.append((-score, node.bullet, Statement(paper.arxiv_id, tongue, node.bullet, bullet)))
        scored.sort(key=lambda row: row[:2])
        return [statement for _, _, statement in scored[:limit]]


class PaperRetriever(BaseRetriever):
    """The same ranking as a LlamaIndex retriever: one node a paper, its summary as text, the fused score."""

    def __init__(self, retriever: Retriever, top_k: int = 5) -> None:
        self._retriever, self._top_k = retriever, top_k
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = []
        for hit in self._retriever.search(query_bundle.query_str, self._top_k):
            whole = paper_nodes(self._retriever.catalogue.papers[hit.arxiv_id])[0]
            node = TextNode(id_=whole.node_id, text=whole.text, metadata=dict(whole.metadata))
            found.append(NodeWithScore(node=node, score=hit.score))
        return found
