"""Which papers name a topic, and which lack the word that tells it, over a small index of invented papers."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from rag.corpus.catalogue import Catalogue
from rag.corpus.papers import Bullet, Paper
from rag.evidence.likelihood import likelihood, titled_among
from rag.evidence.naming import NamedTopics, Part, in_order, lists_several, parts_of, says
from rag.evidence.retriever import Retriever
from rag.index.lexical import Bags, LexicalIndex
from rag.index.passages import PassageIndex
from rag.language import analysis
from rag.pipeline import Pipeline
from rag.questions.plan import Plan

TITLES = {
    "Open Video Generation at Scale": "비디오 생성 모델을 공개합니다.",
    "Generating Long Videos": "긴 비디오를 만듭니다.",
    "A Camel in the Snow": "비디오 생성을 다룹니다.",
    "Music for a Dance of Camels in a Generated World": "음악에 맞춰 춤추는 사람을 만듭니다.",
    "Low-Bit Quantization of Weights": "양자화로 가중치를 줄입니다.",
    "Codes for Quantum Circuits": "양자 회로의 오류를 고칩니다.",
    "Robots that Fold Laundry": "로봇이 빨래를 갭니다.",
    "Robots that Sort Waste": "로봇이 쓰레기를 나눕니다.",
    "Robots that Water Plants": "로봇이 화분에 물을 줍니다.",
    "A Humanoid Climbs Stairs": "휴머노이드 로봇이 계단을 오릅니다.",
}


def _paper(number: int, title: str, said: str) -> Paper:
    return Paper(f"2501.{number:05}", title, (date(2025, 1, 1),), 1, (), False, None, (Bullet(said),), ())


@pytest.fixture(scope="module")
def topics() -> NamedTopics:
    papers = [_paper(number, title, said) for number, (title, said) in enumerate(TITLES.items(), start=1)]
    catalogue = Catalogue({paper.arxiv_id: paper for paper in papers})
    known: dict[str, str] = {}
    bags = Bags.of([(analysis.terms(title), analysis.terms_of_all([said], known)[0]) for title, said in TITLES.items()])
    passages = PassageIndex.build([[title, said] for title, said in TITLES.items()])
    fresh = {arxiv_id: row for row, arxiv_id in enumerate(catalogue.ids)}
    return NamedTopics(catalogue, LexicalIndex.build(catalogue.ids, fresh, bags, passages, known))


def _titles(found: np.ndarray) -> list[str]:
    return [title for title, held in zip(TITLES, found.tolist(), strict=True) if held]


def test_parts_of_a_topic_are_what_the_glossary_knows_and_its_other_words() -> None:
    assert [part.spellings[0] for part in parts_of("Gaussian splatting of the camels")] == [
        "Gaussian Splatting",
        "camels",
    ]
    assert [part.spellings[0] for part in parts_of("images")] == ["image"]  # the s of a plural is no part


def test_terms_stand_in_the_order_of_the_text() -> None:
    assert in_order("3D 방향과 text-to-image 생성") == ["3d", "방향", "text", "imag", "생성"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Open Video Generation", True), ("Generating Videos", True), ("Generative Long Video", True),
        ("Videos of Dancers that Robots Generate", False), ("비디오 생성 모델", True), ("생성", False),
    ],
)  # fmt: skip
def test_a_text_says_a_part_in_any_inflection_with_a_word_between(text: str, named: bool) -> None:
    assert says(in_order(text), Part(("video generation", "비디오 생성"), True)) == named


def test_a_korean_spelling_that_loses_a_syllable_counts_for_nothing_beside_others() -> None:
    assert analysis.terms("무학습") == ["학습"]
    assert Part(("training-free", "무학습"), True).terms == (("train", "free"),)


@pytest.mark.parametrize(
    ("topic", "several"),
    [
        ("search agents and deep research", True), ("로봇과 드론", True), ("저작권 및 개인정보", True),
        ("humanoid robots", False), ("유방암 진단", False),
    ],
)  # fmt: skip
def test_a_list_of_things_is_told_from_one_thing(topic: str, several: bool) -> None:
    assert lists_several(topic) == several


@pytest.mark.parametrize(
    ("topic", "titles"),
    [
        ("video generation", ["Open Video Generation at Scale", "Generating Long Videos"]),
        ("비디오 생성", ["Open Video Generation at Scale", "Generating Long Videos"]),
        ("music generation", []), ("quantum computing", ["Codes for Quantum Circuits"]),
        ("양자 컴퓨팅", ["Codes for Quantum Circuits"]), ("", []), ("!?", []),
    ],
)  # fmt: skip
def test_a_title_names_a_topic_by_any_spelling_of_it(topics: NamedTopics, topic: str, titles: list[str]) -> None:
    assert _titles(topics.titled(topic)) == titles


def test_an_opening_names_it_too(topics: NamedTopics) -> None:
    found = _titles(topics.opening("video generation", np.arange(len(TITLES))))
    assert found == ["Open Video Generation at Scale", "Generating Long Videos", "A Camel in the Snow"]
    assert _titles(topics.opening("video generation", np.array([1]))) == ["Generating Long Videos"]


def test_papers_without_the_word_that_tells_a_topic_are_strays(topics: NamedTopics) -> None:
    every = np.arange(len(TITLES))
    robots = [place for place, title in enumerate(TITLES) if title.startswith("Robots")]
    assert set(robots) <= set(topics.strays("humanoid robots", every).tolist())
    assert topics.strays("휴머노이드 로봇", np.array([*robots, 9])).tolist() == robots
    assert _titles(topics.having_rarest("humanoid robots")) == ["A Humanoid Climbs Stairs"]


def test_a_topic_without_such_a_word_has_no_strays(topics: NamedTopics) -> None:
    every = np.arange(len(TITLES))
    assert not len(topics.strays("robots", every))
    assert not len(topics.strays("robots of beekeepers", every))  # no paper has it: nothing tells which


def test_quantization_is_not_quantum_though_it_begins_alike_in_korean(topics: NamedTopics) -> None:
    place = list(TITLES).index("Low-Bit Quantization of Weights")
    assert place in topics.strays("양자 컴퓨팅", np.arange(len(TITLES))).tolist()


# --- over the sample digests -----------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def retriever(pipeline: Pipeline) -> Retriever:
    return pipeline.snapshot().retriever()


def test_a_title_lends_a_floor_and_an_excluded_topic_takes_it(retriever: Retriever) -> None:
    asked = Plan(kind="list", topics=("image generation",))
    found = likelihood(asked, retriever)
    titled = retriever.titled("image generation")
    assert titled.any()
    assert (found[titled] >= 0.5).all()
    assert titled_among(asked, np.flatnonzero(titled), retriever) == titled.sum()
    without = likelihood(Plan(kind="list", topics=("image generation",), not_topics=("images",)), retriever)
    assert not without[retriever.opening("image", np.arange(len(found)))].any()
