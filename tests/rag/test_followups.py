"""A question after another: which papers it means, and how the answer is given again. Over the sample digests."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag.answers import Answer
from rag.followups import FollowUp, follow_up

BEFORE = ("2403.18795", "2312.00752", "2312.12456")
MAMBA, GAMBA = "2312.00752", "2403.18795"


@pytest.mark.parametrize(
    ("question", "papers"),
    [
        ("그중 2024년 것만", BEFORE), ("그 중에서 표가 가장 많은 건?", BEFORE), ("이 중 확산 모델을 쓴 것은?", BEFORE),
        ("of those, which are from 2024?", BEFORE), ("only those from 2024", BEFORE), ("표 순으로 보여줘", BEFORE),
        ("최신순으로", BEFORE), ("sort by votes", BEFORE), ("두 번째 논문 저자는?", BEFORE[1:2]), ("2번 논문 설명해줘", BEFORE[1:2]),
        ("첫 번째 거 링크 줘", BEFORE[:1]), ("who wrote the first one?", BEFORE[:1]), ("the last paper", BEFORE[2:]),
        ("그 논문 저자는?", BEFORE[:1]), ("how fast is it?", BEFORE[:1]), ("and how fast?", BEFORE[:1]),
        ("Mamba를 사용한 논문은?", ()), ("which papers used Mamba?", ()), ("오늘 날씨 어때?", ()),
        ("다섯 번째 논문은?", ()),
    ],
)  # fmt: skip
def test_a_follow_up_names_earlier_papers_by_place_or_as_a_whole(question: str, papers: tuple[str, ...]) -> None:
    assert follow_up(question, BEFORE).papers == papers


@pytest.mark.parametrize(
    ("question", "language"),
    [("영어로 다시 답해 줘", "en"), ("한국어로", "ko"), ("영어로", "en"), ("answer in Korean", "ko"), ("in English please", "en"), ("그럼 영어 논문은?", None), ("translate it into English", "en")],
)  # fmt: skip
def test_a_change_of_language_asks_the_last_question_again(question: str, language: str | None) -> None:
    found = follow_up(question, BEFORE)
    assert (found.repeat, found.language) == (language is not None, language)


@pytest.mark.parametrize("question", ["표로 정리해줘", "as a table", "make it a table", "테이블로 보여줘"])
def test_a_table_is_made_of_the_papers_before(question: str) -> None:
    found = follow_up(question, BEFORE)
    assert (found.table, found.papers) == (True, BEFORE)


def test_without_papers_before_there_is_nothing_to_point_at() -> None:
    for question in ("두 번째 논문 저자는?", "그 논문은?", "표로 정리해줘"):
        assert follow_up(question, ()) == FollowUp(question)


# --- Through the pipeline --------------------------------------------------------------------------------------------
Ask = Callable[..., Answer]


def test_a_year_narrows_the_papers_before(ask: Ask) -> None:
    answer = ask("그중 2024년 것만", "Mamba를 사용한 논문은?")
    assert (answer.papers, answer.question, answer.language) == ((GAMBA,), "그중 2024년 것만", "ko")


def test_an_english_follow_up_narrows_as_well(ask: Ask) -> None:
    answer = ask("only those from 2024", "Which papers used Mamba?")
    assert (answer.papers, answer.language) == ((GAMBA,), "en")


def test_the_second_paper_is_the_second_that_was_listed(ask: Ask) -> None:
    before = ask("Mamba를 사용한 논문은?")
    answer = ask("두 번째 논문 저자는?", "Mamba를 사용한 논문은?")
    assert answer.papers == before.papers[1:2] == (MAMBA,)
    assert "Albert Gu, Tri Dao" in answer.text


def test_the_same_answer_comes_again_in_the_other_language(ask: Ask) -> None:
    answer = ask("영어로 다시 답해 줘", "Mamba를 사용한 논문은?")
    assert (answer.language, answer.papers) == ("en", (GAMBA, MAMBA))
    assert "There are 2 papers" in answer.text


def test_the_papers_before_come_as_a_table(ask: Ask) -> None:
    answer = ask("표로 정리해줘", "Mamba를 사용한 논문은?")
    assert answer.papers == (GAMBA, MAMBA)
    assert answer.text.count("\n| [") == 2


def test_it_is_the_paper_that_was_explained(ask: Ask) -> None:
    assert ask("how fast is it?", "What is PowerInfer?").papers == ("2312.12456",)


def test_what_uses_a_method_is_looked_for_among_those_before(ask: Ask) -> None:
    top = ask("2023년 12월 논문 중 표가 가장 많은 3편은?")
    answer = ask("그중 확산 모델을 쓴 건?", "2023년 12월 논문 중 표가 가장 많은 3편은?")
    assert set(answer.papers) < set(top.papers)
    assert answer.plan.kind == "list"


def test_a_new_question_forgets_the_one_before(ask: Ask) -> None:
    assert ask("PowerInfer가 뭐야?", "Mamba를 사용한 논문은?").papers == ("2312.12456",)


def test_follow_ups_chain(ask: Ask) -> None:
    answer = ask("그 논문 저자는?", "Mamba를 사용한 논문은?", "그중 2023년 것만")
    assert answer.papers == (MAMBA,)


def test_a_follow_up_without_a_question_before_is_a_question_of_its_own(ask: Ask) -> None:
    answer = ask("그중 2024년 것만")
    assert answer.status in ("answered", "no_evidence", "refused")
