"""Soft matching: its formula, matches across languages and spellings, and unusual queries."""

from __future__ import annotations

import numpy as np
import pytest

from rag.index.passages import TITLE_SHARE, PassageIndex
from vectorstore.bundled import BundledModel

PAPERS = [
    ["NightOwl", "새소리를 순환망으로 구별합니다.", "녹음은 숲에서 했습니다."],
    ["PaperKite: Robots that fly kites", "강화학습으로 로봇이 연을 날립니다."],
    ["TideTable", "Forecasting harbour traffic with diffusion models.", "확산 모델이 순환망을 이깁니다."],
    ["Blank"],
    ["🦉", "🪁"],
]


@pytest.fixture(scope="module")
def index() -> PassageIndex:
    return PassageIndex.build(PAPERS)


def by_hand(query: str, paper: list[str]) -> float:
    """The formula, one piece at a time: each piece of the query takes the nearest piece of title and bullet."""
    model = BundledModel()
    table = model.piece_vectors().astype(np.float64)

    def nearest(piece: int, text: str) -> float:
        a = table[piece]
        found = [float(a @ table[p] / np.linalg.norm(a) / np.linalg.norm(table[p])) for p in model.pieces([text])[0]]
        return max(found, default=0.0)

    def held(text: str) -> float:
        pieces = model.pieces([query])[0]
        weights = [float(table[piece] @ table[piece]) for piece in pieces]
        return sum(w * nearest(p, text) for p, w in zip(pieces, weights, strict=True)) / sum(weights)

    title, *bullets = paper
    return 0.9 * max([held(title), *(held(f"{title} {bullet}") for bullet in bullets)]) + 0.1 * held(title)


@pytest.mark.parametrize(
    "query", ["순환망으로 새소리를 구별한 논문", "robots and reinforcement learning", "순환망 순환망 숲"]
)
def test_a_paper_scores_by_its_best_passage(index: PassageIndex, query: str) -> None:
    assert TITLE_SHARE == 0.1
    assert np.allclose(index.scores(query, [0, 1, 2, 3]), [by_hand(query, paper) for paper in PAPERS[:4]], atol=1e-5)


def test_rows_are_scored_in_the_order_asked_for(index: PassageIndex) -> None:
    every = index.scores("확산 모델은?", range(len(index)))
    assert np.allclose(index.scores("확산 모델은?", [4, 2, 0]), every[[4, 2, 0]])
    assert index.scores("확산 모델은?", []).shape == (0,)


@pytest.mark.parametrize(
    ("query", "row"),
    [
        ("확산 모델로 항만 교통량을 예측한 논문은?", 2),
        ("강화 학습을 하는 로봇", 1),
        ("bird songs told apart by an RNN", 0),
    ],
)
def test_words_meet_across_languages_and_spacing(index: PassageIndex, query: str, row: int) -> None:
    assert int(index.scores(query, range(len(index))).argmax()) == row


def test_a_bullet_scattered_over_two_papers_counts_less_than_one_whole(index: PassageIndex) -> None:
    whole, scattered = PassageIndex.build(
        [["가", "맘바로 비디오를 생성합니다"], ["가", "맘바를 설명합니다", "비디오를 자릅니다", "음악을 생성합니다"]]
    ).scores("맘바로 비디오를 생성", [0, 1])
    assert whole > scattered > 0


def test_the_name_alone_finds_the_paper_that_is_called_so() -> None:
    called, mentions = PassageIndex.build(
        [["PaperKite", "연을 날립니다"], ["NightOwl", "PaperKite를 이깁니다"]]
    ).scores("PaperKite", [0, 1])
    assert called > mentions


@pytest.mark.parametrize("query", ["", "🦉", "\ud800", "\x00", "ᚠᛇᚻ"])
def test_a_query_without_a_known_piece_matches_nothing(index: PassageIndex, query: str) -> None:
    assert index.scores(query, [0, 3, 4]).tolist() == [0.0, 0.0, 0.0]


def test_passages_without_a_known_piece_match_nothing(index: PassageIndex) -> None:
    assert index.scores("새소리", [4]).tolist() == [0.0]


def test_a_long_query_is_matched_by_its_heaviest_pieces(index: PassageIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    model = BundledModel()
    lengths = np.linalg.norm(model.piece_vectors().astype(np.float64), axis=1)
    words = ["로봇", "확산", "학습"]
    assert all(len(model.pieces([word])[0]) == 1 for word in words)
    heaviest = max(words, key=lambda word: lengths[model.pieces([word])[0][0]])
    monkeypatch.setattr("rag.index.passages.MAX_PIECES", 1)
    assert np.allclose(index.scores("로봇 확산 학습", [0, 1, 2]), index.scores(heaviest, [0, 1, 2]))


def test_a_megabyte_of_text_scores_like_any(index: PassageIndex) -> None:
    scores = index.scores("새소리 로봇 확산 harbour " * 60_000, [0, 1, 2])
    assert np.isfinite(scores).all()
    assert ((scores > 0) & (scores < 1.0001)).all()


def test_arrays_that_do_not_fit_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="not 1 of 2"):
        PassageIndex(*(np.array(row, dtype=np.int32) for row in ([0, 1], [0, 3], [1, 2])))


def test_shares_tell_where_a_paper_holds_the_meaning(index: PassageIndex) -> None:
    found, other = index.shares(["순환망", "forecasting traffic"], [0, 1, 2])
    assert found.best == pytest.approx(index.scores("순환망", [0, 1, 2]))
    assert found.first[0] == pytest.approx(1, abs=1e-5)  # its first bullet holds the very word
    assert found.title[0] < 0.9
    assert other.first.argmax() == 2
    assert ((other.least <= other.best / (1 - TITLE_SHARE) + 1e-5) & (other.least <= 1 + 1e-5)).all()


def test_shares_of_nothing_are_nothing(index: PassageIndex) -> None:
    assert all(not len(part) for part in index.shares(["순환망"], [])[0])
    assert all(not part.any() for part in index.shares([""], [0, 1])[0])


def test_vectors_of_passages_are_those_of_their_texts(index: PassageIndex) -> None:
    titles = index.vectors(index.starts[[0, 2]])  # of PaperKite a piece occurs twice
    assert titles == pytest.approx(BundledModel().encode(["NightOwl", "TideTable"]), abs=1e-3)
