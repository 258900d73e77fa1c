"""The retriever and the query engine inside of LlamaIndex: filters, nodes, citations, events, and other parts around them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from llama_index.core.base.llms.types import CompletionResponse, LLMMetadata
from llama_index.core.instrumentation import get_dispatcher
from llama_index.core.instrumentation.event_handlers import BaseEventHandler
from llama_index.core.llms import MockLLM
from llama_index.core.postprocessor import SimilarityPostprocessor
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.response_synthesizers import get_response_synthesizer
from llama_index.core.schema import MetadataMode, NodeRelationship
from llama_index.core.tools import QueryEngineTool
from pydantic import Field

from rag.llamaindex import NonmunQueryEngine, NonmunRetriever
from rag.pipeline import Pipeline
from rag.questions.plan import Filters
from tests.rag.conftest import AS_OF

MAMBA, GAMBA = "2312.00752", "2403.18795"


class Heard(BaseEventHandler):
    """Remembers the names of the events."""

    names: list[str] = Field(default_factory=list)

    def handle(self, event: Any, **_: Any) -> None:
        self.names.append(event.class_name())


@pytest.fixture
def heard() -> Iterator[Heard]:
    handler = Heard()
    dispatcher = get_dispatcher()
    dispatcher.add_event_handler(handler)
    yield handler
    dispatcher.event_handlers.remove(handler)


@pytest.mark.parametrize(
    "query", ["상태 공간 모델로 긴 시퀀스를 다루는 방법", "long sequences with state space models"]
)
def test_a_query_finds_papers_and_their_best_statements(pipeline: Pipeline, query: str) -> None:
    found = NonmunRetriever(pipeline, top_k=3, bullets=2).retrieve(query)
    papers = [one for one in found if one.node.metadata["kind"] == "paper"]
    assert papers[0].node.metadata["arxiv_id"] == MAMBA
    assert len(papers) == 3
    scores = [one.score or 0 for one in papers]
    assert scores == sorted(scores, reverse=True)
    first, *statements = found[:3]
    assert [one.node.metadata["kind"] for one in statements] == ["bullet", "bullet"]
    parents = [one.node.relationships[NodeRelationship.PARENT] for one in statements]
    assert [parent.node_id for parent in parents] == [first.node.node_id] * 2  # type: ignore[union-attr]
    assert len({one.node.node_id for one in found}) == len(found)


def test_filters_narrow_what_is_found(pipeline: Pipeline) -> None:
    filters = Filters(date_from=date(2024, 1, 1), min_votes=5)
    found = NonmunRetriever(pipeline, top_k=10, bullets=0, filters=filters).retrieve("3D reconstruction")
    assert GAMBA in [one.node.metadata["arxiv_id"] for one in found]
    assert all(one.node.metadata["date"] >= 20240101 and one.node.metadata["votes"] >= 5 for one in found)
    assert {one.node.metadata["kind"] for one in found} == {"paper"}


def test_a_model_reads_title_and_day_and_no_noise(pipeline: Pipeline) -> None:
    for one in NonmunRetriever(pipeline, top_k=1).retrieve("Gamba"):
        said = one.node.get_content(MetadataMode.LLM)
        assert "title: Gamba" in said
        assert "date: 20240328" in said
        for noise in ("url:", "media:", "arxiv_id:", "language:", "kind:", "votes:"):
            assert noise not in said
        assert one.node.metadata["url"] == "https://arxiv.org/abs/2403.18795"


def test_the_engine_answers_with_the_products_citations(pipeline: Pipeline) -> None:
    response = NonmunQueryEngine(pipeline, as_of=AS_OF).query("Mamba를 사용한 논문은?")
    told = pipeline.ask("Mamba를 사용한 논문은?", (), AS_OF)
    assert str(response) == told.text
    assert response.metadata is not None
    assert response.metadata["papers"] == list(told.papers)
    assert [one.node.metadata["n"] for one in response.source_nodes] == [c.n for c in told.citations]
    assert [one.node.metadata["arxiv_id"] for one in response.source_nodes] == [
        c.paper.arxiv_id for c in told.citations
    ]
    quoted = told.citations[0].evidence[0].bullet.quote
    assert quoted in response.source_nodes[0].node.get_content()


def test_a_refusal_has_no_source(pipeline: Pipeline) -> None:
    response = NonmunQueryEngine(pipeline, as_of=AS_OF).query("오늘 날씨 어때?")
    assert (response.source_nodes, response.metadata["status"]) == ([], "refused")  # type: ignore[index]


def test_the_engine_knows_the_chat_and_the_filters(pipeline: Pipeline) -> None:
    engine = NonmunQueryEngine(pipeline, as_of=AS_OF, history=["Gamba 논문"], language="en")
    assert "Zike Wu" in str(engine.query("그거 저자는?"))
    narrow = NonmunQueryEngine(pipeline, as_of=AS_OF, filters=Filters(date_from=date(2024, 1, 1)))
    assert narrow.query("Mamba를 사용한 논문은?").metadata["papers"] == [GAMBA]  # type: ignore[index]


def test_both_work_asynchronously_too(pipeline: Pipeline) -> None:
    async def both() -> tuple[int, str]:
        found = await NonmunRetriever(pipeline, top_k=1).aretrieve("Gamba")
        return len(found), str(await NonmunQueryEngine(pipeline, as_of=AS_OF).aquery("Mamba를 사용한 논문은?"))

    found, text = asyncio.run(both())
    assert found == 3
    assert "Gamba" in text


def test_they_are_seen_by_instrumentation(pipeline: Pipeline, heard: Heard) -> None:
    NonmunRetriever(pipeline, top_k=1).retrieve("Gamba")
    NonmunQueryEngine(pipeline, as_of=AS_OF).query("Mamba를 사용한 논문은?")
    assert heard.names == ["RetrievalStartEvent", "RetrievalEndEvent", "QueryStartEvent", "QueryEndEvent"]


class Echo(MockLLM):
    """Returns what it was asked."""

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(context_window=32_000, num_output=256)

    def complete(self, prompt: str, formatted: bool = False, **_: Any) -> CompletionResponse:
        return CompletionResponse(text=prompt)


def test_the_retriever_works_under_a_postprocessor_and_a_synthesizer_of_llamaindex(pipeline: Pipeline) -> None:
    engine = RetrieverQueryEngine(
        retriever=NonmunRetriever(pipeline, top_k=2),
        response_synthesizer=get_response_synthesizer(llm=Echo()),
        node_postprocessors=[SimilarityPostprocessor(similarity_cutoff=0.1)],
    )
    response = engine.query("Gamba는 무엇인가요?")
    assert "Gamba: Marry Gaussian Splatting with Mamba" in str(response)
    assert "Gamba는 무엇인가요?" in str(response)
    assert response.source_nodes


def test_the_engine_is_a_tool_for_an_agent(pipeline: Pipeline) -> None:
    tool = QueryEngineTool.from_defaults(NonmunQueryEngine(pipeline, as_of=AS_OF), name="papers", description="digests")
    assert "Gamba" in str(tool.call("Mamba를 사용한 논문은?"))
