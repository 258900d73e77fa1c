"""Ranking over what is stored: known nodes and sets without Chroma, and the same answers where only Chroma has the vectors."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from rag.corpus.catalogue import Catalogue
from rag.corpus.manifest import node_count, paper_nodes
from rag.corpus.mentions import statements
from rag.evidence import retriever
from rag.evidence.retriever import Retriever, _bullets
from rag.pipeline import Pipeline
from vectorstore.chroma import NodeCollection
from vectorstore.vectors import open_vectors

QUESTION = "새를 소리로 알아보는 순환망"


def closed() -> NodeCollection:
    raise AssertionError("Chroma was opened")


@pytest.fixture(scope="module")
def mapped(pipeline: Pipeline) -> Retriever:
    """A ranking that has no Chroma."""
    snapshot = pipeline.snapshot()
    folder = snapshot.store.folder(snapshot.name)
    vectors = open_vectors(folder, sum(map(node_count, snapshot.catalogue.papers.values())))
    assert vectors is not None
    return Retriever(snapshot.catalogue, snapshot.retriever().lexical, closed, snapshot.embedding, None, vectors)


@pytest.fixture(scope="module")
def asking(pipeline: Pipeline) -> Iterator[Retriever]:
    """A ranking that has nothing but Chroma."""
    snapshot = pipeline.snapshot()
    nodes = snapshot.store.nodes(snapshot.name)
    yield Retriever(snapshot.catalogue, snapshot.retriever().lexical, lambda: nodes, snapshot.embedding)
    nodes.close()


def test_a_statement_stands_at_the_place_of_its_node(catalogue: Catalogue) -> None:
    both = [paper for paper in catalogue.papers.values() if paper.ko and paper.en]
    assert both
    for paper in catalogue.papers.values():
        nodes = paper_nodes(paper)
        assert len(nodes) == node_count(paper)
        assert [s for _, s in _bullets(paper)] == list(statements(paper))
        for place, statement in _bullets(paper):
            assert (nodes[place].language, nodes[place].bullet) == (statement.language, statement.place)


@pytest.mark.parametrize("question", [QUESTION, "Which robot flies a kite?", "정확도는 몇 %인가요?"])
def test_known_nodes_are_read_without_chroma_and_are_the_same(
    mapped: Retriever, asking: Retriever, catalogue: Catalogue, question: str
) -> None:
    for paper in list(catalogue.papers.values())[:12]:
        assert mapped.best_statements(question, paper, "ko", 3) == asking.best_statements(question, paper, "ko", 3)
        assert mapped.bearing(question, paper) == pytest.approx(asking.bearing(question, paper), abs=1e-5)
    ids = catalogue.ids[:6]
    assert mapped.kinship(ids, [1.0, 0.5]) == pytest.approx(asking.kinship(ids, [1.0, 0.5]), abs=1e-5)


@pytest.mark.parametrize("question", [QUESTION, "papers on language models", "이미지 생성"])
def test_a_set_is_ranked_without_chroma_and_the_same(
    mapped: Retriever, asking: Retriever, catalogue: Catalogue, question: str
) -> None:
    allowed = set(catalogue.ids[::3])
    with_file, with_chroma = (r.search(question, 8, allowed) for r in (mapped, asking))
    assert [hit.arxiv_id for hit in with_file] == [hit.arxiv_id for hit in with_chroma]
    assert [hit.dense for hit in with_file] == pytest.approx([hit.dense for hit in with_chroma], abs=1e-5)
    assert {hit.arxiv_id for hit in with_file} <= allowed
    assert mapped.search(question, 8, set()) == []


def test_near_among_all_is_what_an_exact_search_finds(
    asking: Retriever, mapped: Retriever, catalogue: Catalogue
) -> None:
    everything = mapped.search(QUESTION, 10, set(catalogue.ids), mode="dense")
    found = asking.search(QUESTION, 10, mode="dense")
    assert np.allclose([hit.score for hit in found], [hit.score for hit in everything], atol=1e-4)


def test_many_papers_are_matched_as_each_alone(pipeline: Pipeline) -> None:
    """Of many, the nearness of all pieces is looked up and kept; of few, it is worked out for those that they hold."""
    passages = pipeline.snapshot().retriever().lexical.passages
    queries = ["video generation with diffusion", "비디오 생성", "zzzz"]
    rows = np.arange(len(passages))
    for _ in range(2):
        for query, together in zip(queries, passages.shares(queries, rows), strict=True):
            alone = [passages.shares([query], [row])[0] for row in rows.tolist()]
            for name in together._fields:
                assert np.allclose(getattr(together, name), [getattr(one, name)[0] for one in alone], rtol=0, atol=1e-6)


def test_all_nodes_of_a_small_index_are_compared_and_chroma_stays_closed(mapped: Retriever) -> None:
    vector = mapped._vector(QUESTION)
    nodes = [
        (-float(row @ vector), place, paper.arxiv_id)
        for place, paper in enumerate(mapped.catalogue.papers.values())
        for row in mapped._stored(paper)
    ]
    wanted = [arxiv_id for _, _, arxiv_id in sorted(nodes)[:200]]
    found = mapped._nearest(vector, None)
    assert sorted(arxiv_id for arxiv_id, _ in found) == sorted(wanted)
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    assert len(mapped.search(QUESTION, 5)) == 5


def test_the_nearest_of_more_nodes_than_are_compared_are_chromas_to_find(
    mapped: Retriever, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retriever, "COMPARED", 0)
    with pytest.raises(AssertionError, match="Chroma was opened"):
        mapped.search(QUESTION, 5)


def test_both_ways_to_find_the_nearest_find_the_same(pipeline: Pipeline, mapped: Retriever, asking: Retriever) -> None:
    for question in (QUESTION, "single image to 3D", "선형 시간에 긴 글을 읽는 모델"):
        compared, asked = mapped.search(question, 10), asking.search(question, 10)
        assert [hit.arxiv_id for hit in compared] == [hit.arxiv_id for hit in asked]
        assert np.allclose([hit.score for hit in compared], [hit.score for hit in asked], atol=1e-3)
