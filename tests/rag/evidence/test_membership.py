"""How surely papers are about a topic, over a small real index: probabilities, spellings, absent topics, missing vectors."""

from __future__ import annotations

import numpy as np
import pytest

from rag.corpus.catalogue import Catalogue
from rag.corpus.manifest import node_count
from rag.evidence.belonging import CUT, Weights, calibrated, cut_of
from rag.evidence.membership import RARELY, Membership
from rag.evidence.retriever import Retriever
from rag.evidence.spellings import known_pieces, mended, spelled_parts, usual
from rag.index.lexical import Bags, LexicalIndex
from rag.index.passages import PassageIndex
from rag.pipeline import Pipeline
from vectorstore.bundled import BundledModel

PHRASES = [
    "quantization", "양자화", "beekeeping", "로봇이 연을 날리는 방법", "a long description of a model that listens to birds and names them",
    "!!!", "x", "ㅋㅋ", "LLM " * 60,
]  # fmt: skip


@pytest.fixture(scope="module")
def retriever(pipeline: Pipeline) -> Retriever:
    return pipeline.snapshot().retriever()


@pytest.mark.parametrize("phrase", PHRASES)
def test_every_paper_has_a_probability(retriever: Retriever, phrase: str) -> None:
    found = retriever.membership(phrase)
    assert found.shape == (len(retriever.catalogue),)
    assert found.dtype == np.float32
    assert ((found >= 0) & (found <= 1)).all()


def test_the_same_phrase_gives_the_same_whatever_was_asked_before(pipeline: Pipeline, retriever: Retriever) -> None:
    first = retriever.memberships.probabilities("speech recognition")
    for phrase in PHRASES:
        retriever.membership(phrase)
    snapshot = Pipeline(pipeline.settings).snapshot()
    assert np.array_equal(first, retriever.memberships.probabilities("speech recognition"))
    assert np.array_equal(first, snapshot.retriever().memberships.probabilities("speech recognition"))


def test_bullets_are_the_nearest_the_nearest_but_one_and_the_first(retriever: Retriever) -> None:
    phrase = "video generation"
    features = retriever.memberships.features(phrase)
    seen = dict(zip(features.paper_names, features.papers.T, strict=True))
    asked = BundledModel().encode([usual(phrase, korean=korean) for korean in (False, True)])
    firsts = np.cumsum([0, *map(node_count, retriever.catalogue.papers.values())])
    for place, row in enumerate(features.rows.tolist()):
        vectors = retriever.memberships.vectors[firsts[row] : firsts[row + 1]]  # type: ignore[index]
        near = (vectors[1:] if len(vectors) > 1 else vectors) @ asked.T
        best = [sorted(column, reverse=True) for column in near.T.tolist()]
        assert seen["bullet"][place] == pytest.approx(np.mean([one[0] for one in best]), abs=1e-5)
        assert seen["second bullet"][place] == pytest.approx(np.mean([one[:2][-1] for one in best]), abs=1e-5)
        assert seen["first bullet"][place] == pytest.approx(near[0].mean(), abs=1e-5)


def test_what_is_kept_cannot_be_written(retriever: Retriever) -> None:
    with pytest.raises(ValueError, match="read-only"):
        retriever.membership("Mamba")[0] = 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mamba", "맘바"),
        ("quantization", "양자화"),
        ("강화학습", "강화 학습"),
        ("RL", "reinforcement learning"),
        ("강화학습", "RL"),
    ],
)
def test_spellings_of_one_thing_give_the_same(retriever: Retriever, one: str, other: str) -> None:
    assert np.array_equal(retriever.membership(one), retriever.membership(other))


def test_an_empty_phrase_is_about_nothing(retriever: Retriever) -> None:
    assert not retriever.membership("").any()
    assert not retriever.membership("  \u200b ").any()


@pytest.mark.parametrize("phrase", ["beekeeping", "양봉", "tax law", "세법", "dental implants", "치과 임플란트"])
def test_a_topic_that_no_paper_is_about_has_no_set(retriever: Retriever, phrase: str) -> None:
    assert retriever.membership(phrase).max() < CUT


def test_no_papers_are_about_nothing() -> None:
    lexical = LexicalIndex.build([], {}, Bags.of([]), PassageIndex.build([]), {})
    assert Membership(Catalogue({}), lexical, None).probabilities("Mamba").shape == (0,)


def test_without_the_vectors_the_ranking_is_nearly_the_same(retriever: Retriever) -> None:
    without = Membership(retriever.catalogue, retriever.lexical, None)
    for phrase in ("language models", "이미지 생성"):
        rows = without.features(phrase)
        held = retriever.memberships.features(phrase)
        assert rows.paper_names == held.paper_names
        names = held.paper_names
        both = np.intersect1d(rows.rows, held.rows)
        for name in ("whole", "bullet"):
            column = names.index(name)
            one = rows.papers[np.searchsorted(rows.rows, both), column]
            other = held.papers[np.searchsorted(held.rows, both), column]
            assert np.corrcoef(one, other)[0, 1] > 0.9, (phrase, name)


def test_the_weights_fit_the_features(retriever: Retriever) -> None:
    features, wide, narrow = retriever.memberships.features("quantization"), Weights.read(), Weights.read(narrow=True)
    assert features.without(RARELY).paper_names == wide.paper.names
    assert features.paper_names == narrow.paper.names
    assert features.topic_names == wide.topic.names == narrow.topic.names


# --- spellings -------------------------------------------------------------------------------------------------------
def test_the_longer_known_part_is_taken() -> None:
    phrase = "비디오 생성의 카메라 제어"
    assert next(phrase[p.start : p.end] for p in known_pieces(phrase)) == "비디오 생성"
    assert usual(phrase, korean=False).startswith("video generation의")


def test_a_phrase_that_the_glossary_does_not_know_stays() -> None:
    assert known_pieces("beekeeping") == ()
    assert usual("beekeeping", korean=True) == usual("beekeeping", korean=False) == "beekeeping"


WORDS = {"compression": 40, "cache": 30, "graph": 9, "graphs": 20}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("kv cahce compresion", "kv cache compression"),  # two swapped, one left out
        ("KV 캐시 compressions를", "KV 캐시 compression를"),  # one too many, with a particle
        ("CacheX cache", "CacheX cache"),  # a name, and a word that is known
        ("grap", "grap"),  # too short to be sure
        ("zzzzzz", "zzzzzz"),
    ],
)
def test_a_word_that_occurs_nowhere_is_read_as_its_neighbour(typed: str, meant: str) -> None:
    assert mended(typed, WORDS, lambda word: word.lower() in WORDS) == meant


def test_of_two_neighbours_the_more_frequent_is_meant() -> None:
    assert mended("graphz", WORDS, lambda word: word in WORDS) == "graphs"


# --- calibration -----------------------------------------------------------------------------------------------------
def test_calibration_moves_the_logit() -> None:
    assert calibrated(np.array([0.5, 0.2]), 1.0, 0.0) == pytest.approx([0.5, 0.2])
    assert calibrated(np.array([0.5]), 2.0, np.log(3.0)) == pytest.approx([0.75])


# --- search ----------------------------------------------------------------------------------------------------------
def test_a_bare_phrase_is_ranked_by_membership_and_a_description_is_not(retriever: Retriever) -> None:
    topic = retriever.find("이미지 생성", 5)
    found = retriever.membership("이미지 생성")
    assert [hit.score for hit in topic] == sorted(found[found > 0].tolist(), reverse=True)[:5]
    assert [hit.rank for hit in topic] == [1, 2, 3, 4, 5]
    told = "A method that lets a robot fly a kite in the wind without falling"
    assert retriever.find(told, 5) == retriever.search(told, 5)
    assert retriever.find("이미지 생성", 5, "dense") == retriever.search("이미지 생성", 5, mode="dense")


def test_the_name_of_a_paper_is_no_topic(retriever: Retriever) -> None:
    name = next(paper.name for paper in retriever.catalogue.papers.values() if paper.name)
    assert retriever.find(name, 3) == retriever.search(name, 3)


def test_a_set_is_cut_where_its_expected_f1_is_highest() -> None:
    # Two of three: 2 * 1.7 / (2 + 1.8) = .89; one: .64; all three: .75.
    assert cut_of(np.array([0.1, 0.9, 0.0, 0.8], dtype=np.float32)) == pytest.approx(0.8)
    # Many that are half sure belong together.
    assert cut_of(np.full(20, 0.3, dtype=np.float32)) == pytest.approx(0.3)


def test_a_topic_that_no_paper_is_surely_about_is_cut_as_any_other() -> None:
    assert cut_of(np.array([0.05, 0.1], dtype=np.float32)) == CUT
    assert cut_of(np.zeros(3, dtype=np.float32)) == CUT


def test_a_topic_is_narrow_where_few_papers_have_a_part_of_it(
    retriever: Retriever, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not retriever.memberships.is_narrow("Mamba for sea ice")  # of seventy papers one is no few
    monkeypatch.setattr("rag.evidence.membership.NARROW", 400)
    phrases = ("beekeeping", "Mamba", "video generation", "비디오 생성", "Mamba, video")
    told = [retriever.memberships.is_narrow(phrase) for phrase in phrases]
    assert told == [False, True, False, False, False]


def test_that_any_paper_is_about_a_topic_is_no_surer_than_what_doubts_it(retriever: Retriever) -> None:
    features = retriever.memberships.features("beekeeping robots")
    narrow, wide = Weights.read(narrow=True), Weights.read()
    assert (narrow.probabilities(features, wide) <= narrow.probabilities(features) + 1e-6).all()


def test_the_words_of_a_topic_that_the_glossary_lacks_are_kept_as_they_are() -> None:
    parts, known = spelled_parts("accelerating LLM inference")
    assert [part[0] for part in parts][known:] == ["accelerating"]
