"""Papers and their ranking as LlamaIndex takes them, for rerankers and for use in other chains."""

from __future__ import annotations

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle

from rag.evidence.nodes import paper_node
from rag.evidence.retriever import Retriever


class PaperRetriever(BaseRetriever):
    """The product's ranking as a LlamaIndex retriever: one node a paper, its summary as text, the fused score."""

    def __init__(self, retriever: Retriever, top_k: int = 5) -> None:
        self._retriever, self._top_k = retriever, top_k
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        hits = self._retriever.search(query_bundle.query_str, self._top_k)
        return [paper_node(self._retriever.catalogue.papers[hit.arxiv_id], hit.score) for hit in hits]
