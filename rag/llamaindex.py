"""Papers and their ranking as LlamaIndex takes them, for rerankers and for use in other chains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from rag.manifest import paper_nodes
from rag.papers import Paper

if TYPE_CHECKING:
    from rag.retrieval import Retriever


def paper_node(paper: Paper, score: float) -> NodeWithScore:
    """Return a paper as a node: its summary as text, its metadata, a score."""
    whole = paper_nodes(paper)[0]
    return NodeWithScore(node=TextNode(id_=whole.node_id, text=whole.text, metadata=dict(whole.metadata)), score=score)


class PaperRetriever(BaseRetriever):
    """The product's ranking as a LlamaIndex retriever: one node a paper, its summary as text, the fused score."""

    def __init__(self, retriever: Retriever, top_k: int = 5) -> None:
        self._retriever, self._top_k = retriever, top_k
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        hits = self._retriever.search(query_bundle.query_str, self._top_k)
        return [paper_node(self._retriever.catalogue.papers[hit.arxiv_id], hit.score) for hit in hits]
