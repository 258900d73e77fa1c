"""The reranker's socket: a real LlamaIndex postprocessor of our own reorders papers, and what fails is a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from rag.errors import ModelError, SettingsError
from rag.evidence.reranking import RERANKED, load_reranker
from rag.pipeline import Pipeline
from tests.rag.conftest import settings_for

HERE = __name__
SEEN: list[tuple[str, list[str]]] = []


class ShortestFirst(BaseNodePostprocessor):
    """Puts the shortest summary first and leaves out all but three."""

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        assert query_bundle is not None
        SEEN.append((query_bundle.query_str, [found.node.node_id for found in nodes]))
        return sorted(nodes, key=lambda found: len(found.node.get_content()))[:3]


class Broken(BaseNodePostprocessor):
    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        raise TimeoutError("no answer in 10 s")


def stranger() -> BaseNodePostprocessor:
    """A reranker that gives one node twice and one that nobody asked about."""

    class Stranger(BaseNodePostprocessor):
        def _postprocess_nodes(
            self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
        ) -> list[NodeWithScore]:
            return [nodes[-1], nodes[-1], NodeWithScore(node=TextNode(id_="9999.99999:ko", text="연"), score=9.0)]

    return Stranger()


def nodes(*texts: str) -> list[NodeWithScore]:
    return [NodeWithScore(node=TextNode(id_=text, text=text), score=1.0) for text in texts]


def test_without_a_setting_there_is_no_reranker() -> None:
    assert load_reranker("") is None


def test_what_a_reranker_leaves_out_follows_in_the_old_order() -> None:
    rerank = load_reranker(f"{HERE}:ShortestFirst")
    assert rerank is not None
    assert rerank("연을 날리는 논문은?", nodes("aaaaa", "bb", "cccc", "d", "eee")) == [
        "d",
        "bb",
        "eee",
        "aaaaa",
        "cccc",
    ]


def test_a_reranker_can_neither_double_a_paper_nor_bring_one_in() -> None:
    rerank = load_reranker(f"{HERE}:stranger")
    assert rerank is not None
    assert rerank("연", nodes("a", "b", "c")) == ["c", "a", "b"]


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("no_such_module:Class", "cannot be loaded: ModuleNotFoundError"),
        (f"{HERE}:NoSuchClass", "cannot be loaded: AttributeError"),
        ("nonsense", "cannot be loaded: ModuleNotFoundError"),
        ("collections:Counter", "a Counter, not a LlamaIndex reranker"),
    ],
)
def test_a_reranker_that_cannot_be_loaded_is_one_sentence(spec: str, said: str) -> None:
    with pytest.raises(SettingsError, match=rf"NONMUN_RERANKER is “{spec}”.*{said}"):
        load_reranker(spec)


def test_a_reranker_that_fails_says_how_to_go_on_without() -> None:
    rerank = load_reranker(f"{HERE}:Broken")
    assert rerank is not None
    with pytest.raises(
        ModelError, match=r"Broken failed: TimeoutError: no answer in 10 s\. Leave NONMUN_RERANKER empty"
    ):
        rerank("연", nodes("a"))


def test_the_product_ranks_by_the_reranker_and_keeps_its_scores(pipeline: Pipeline, seeds_store: Path) -> None:
    query = "강화학습으로 로봇을 제어하는 논문"
    plain = pipeline.search(query, RERANKED)
    SEEN.clear()
    hits = Pipeline(settings_for(seeds_store, reranker=f"{HERE}:ShortestFirst")).search(query, RERANKED)
    assert [(asked, [i.partition(":")[0] for i in seen]) for asked, seen in SEEN] == [
        (query, [hit.arxiv_id for hit in plain])
    ]
    assert [hit.arxiv_id for hit in hits] != [hit.arxiv_id for hit in plain]
    assert {hit.arxiv_id for hit in hits} == {hit.arxiv_id for hit in plain}
    assert [(hit.rank, hit.score) for hit in hits] == [(hit.rank, hit.score) for hit in plain]
    same = {hit.arxiv_id: (hit.lexical, hit.matched) for hit in plain}
    assert {hit.arxiv_id: (hit.lexical, hit.matched) for hit in hits} == same


def test_the_stages_alone_are_not_reranked(pipeline: Pipeline, seeds_store: Path) -> None:
    reranked = Pipeline(settings_for(seeds_store, reranker=f"{HERE}:ShortestFirst"))
    for mode in ("lexical", "dense"):
        assert reranked.search("확산 모델", 10, mode) == pipeline.search("확산 모델", 10, mode)
