"""Papers as LlamaIndex takes them: for rerankers and for use in other chains."""

from __future__ import annotations

from llama_index.core.schema import NodeWithScore, TextNode

from rag.corpus.manifest import paper_nodes
from rag.corpus.papers import Paper


def paper_node(paper: Paper, score: float) -> NodeWithScore:
    """Return a paper as a node: its summary as text, its metadata, a score."""
    whole = paper_nodes(paper)[0]
    return NodeWithScore(node=TextNode(id_=whole.node_id, text=whole.text, metadata=dict(whole.metadata)), score=score)
