"""The product for LlamaIndex: its ranking as a retriever, and its answers with their citations as a query engine.

    from rag.llamaindex import NonmunQueryEngine, NonmunRetriever

Both take part in LlamaIndex's instrumentation as any retriever and any query engine does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import Response
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeRelationship, NodeWithScore, QueryBundle, TextNode

from rag.answers.answer import Answer, Citation
from rag.corpus.catalogue import Catalogue
from rag.corpus.mentions import Statement
from rag.corpus.papers import Paper
from rag.evidence.matching import filtered
from rag.evidence.nodes import paper_node
from rag.evidence.retriever import Retriever
from rag.language.text import Language, question_language
from rag.pipeline import Pipeline
from rag.questions.plan import Filters, Plan, narrowed
from rag.settings import read_settings

# What a model or an embedder does not need to read of a node; all of it stays in its metadata.
_UNREAD = ("arxiv_id", "url", "language", "kind", "section", "media", "votes", "relation", "n", "quotes")
_BULLETS = 2  # statements of a paper that answer a query best


class PaperRetriever(BaseRetriever):
    """The product's ranking as a LlamaIndex retriever: one node a paper, its summary as text, the fused score."""

    def __init__(self, retriever: Retriever, top_k: int = 5) -> None:
        self._retriever, self._top_k = retriever, top_k
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        hits = self._retriever.search(query_bundle.query_str, self._top_k)
        return [paper_node(self._retriever.catalogue.papers[hit.arxiv_id], hit.score) for hit in hits]


def _quiet(node: TextNode) -> TextNode:
    """Return a node whose title and day alone are read beside its text."""
    node.excluded_llm_metadata_keys = [key for key in node.metadata if key in _UNREAD]
    node.excluded_embed_metadata_keys = list(node.metadata)
    return node


def _of_paper(paper: Paper, score: float) -> NodeWithScore:
    found = paper_node(paper, score)
    assert isinstance(found.node, TextNode)
    _quiet(found.node)
    return found


def _of_bullet(paper: Paper, statement: Statement, score: float) -> NodeWithScore:
    whole = paper_node(paper, score).node
    language = statement.language or "ko"
    node = TextNode(
        id_=f"{paper.arxiv_id}:{language}:{statement.place}",
        text=statement.text,
        metadata={
            **whole.metadata,
            "kind": "bullet",
            "language": language,
            "section": statement.bullet.section or None,
        },
    )
    node.relationships[NodeRelationship.PARENT] = whole.as_related_node_info()
    return NodeWithScore(node=_quiet(node), score=score)


class NonmunRetriever(BaseRetriever):
    """Ranks papers for a query, by words and by meaning: a node for each paper and one for each of its best statements.

    `filters` narrow the papers by days, author, votes or language. A paper's nodes have its score, which falls from paper to
    paper; `bullets` statements follow each paper.
    """

    def __init__(
        self,
        pipeline: Pipeline | None = None,
        *,
        top_k: int = 5,
        bullets: int = _BULLETS,
        filters: Filters | None = None,
    ) -> None:
        """Take a pipeline; without one, that of the settings."""
        self._pipeline = pipeline or Pipeline(read_settings())
        self._top_k, self._bullets, self._filters = top_k, bullets, filters or Filters()
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        snapshot, query = self._pipeline.snapshot(), query_bundle.query_str
        retriever, language = snapshot.retriever(), question_language(query)
        found: list[NodeWithScore] = []
        for hit in retriever.search(query, self._top_k, _allowed(self._filters, snapshot.catalogue)):
            paper = snapshot.catalogue.papers[hit.arxiv_id]
            best = retriever.best_statements(query, paper, language, self._bullets) if self._bullets else []
            found += [_of_paper(paper, hit.score), *(_of_bullet(paper, one, hit.score) for one in best)]
        return found

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)


def _allowed(filters: Filters, catalogue: Catalogue) -> set[str] | None:
    """Return the papers within filters; None for all."""
    if filters == Filters():
        return None
    return {paper.arxiv_id for paper in catalogue.at(filtered(narrowed(Plan("list"), filters), catalogue))}


class NonmunQueryEngine(BaseQueryEngine):
    """Answers questions as the product does. The response's source nodes are the papers cited, in order of their marks.

    Its metadata holds `status`, `reason`, `plan`, `papers` (the ids of the whole set), `count` and `citations`. `history` are
    the earlier questions of the chat, oldest first; `as_of` is the day that relative dates count from.
    """

    def __init__(
        self,
        pipeline: Pipeline | None = None,
        *,
        filters: Filters | None = None,
        history: Sequence[str] = (),
        as_of: date | None = None,
        language: Language | None = None,
    ) -> None:
        """Take a pipeline; without one, that of the settings."""
        self._pipeline, self._filters = pipeline or Pipeline(read_settings()), filters
        self._history, self._as_of, self._language = tuple(history), as_of, language
        super().__init__(callback_manager=None)

    def _query(self, query_bundle: QueryBundle) -> Response:
        asked = (query_bundle.query_str, self._history, self._as_of, self._language)
        read = self._pipeline.read(*asked)
        *_, answer = self._pipeline.written(self._pipeline.offline(*asked, filters=self._filters, read=read))
        assert isinstance(answer, Answer)
        told = answer.as_json()
        kept = ("status", "reason", "plan", "papers", "count", "citations", "notices", "engine", "reader", "usage")
        nodes = [_of_citation(citation) for citation in answer.citations]
        return Response(response=answer.text, source_nodes=nodes, metadata={name: told[name] for name in kept})

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        return await asyncio.to_thread(self._query, query_bundle)

    def _get_prompt_modules(self) -> PromptMixinType:
        """Return nothing: the product's prompts are its own."""
        return {}


def _of_citation(citation: Citation) -> NodeWithScore:
    """Return a cited paper as a node: the statements that the answer rests on as its text, else its whole summary."""
    found = _of_paper(citation.paper, 1.0)
    assert isinstance(found.node, TextNode)
    if citation.evidence:
        found.node.text = "\n".join(statement.bullet.quote for statement in citation.evidence)
    found.node.metadata |= {"n": citation.n, "relation": citation.relation}
    _quiet(found.node)
    return found
