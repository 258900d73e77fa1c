"""Which clause of a question asks, and what it asks a number of; expectations by hand."""

from __future__ import annotations

import pytest

from rag.questions.aspects import asked_amount, asked_clause, asks_how_or_why, states


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("a map of snow for foxes, what data did they use?", "what data did they use"),
        ("that prompting trick with few words - how many tokens does it need?", "how many tokens does it need"),
        ("30 people set their own filter. result?", "result"),
        ("who wrote the paper on snow maps", "who wrote the paper on snow maps"),
        ("눈 지도 그리는 거 있었는데 정확도 얼마였지?", "정확도 얼마였지"),
        ("눈 지도로 여우를 세는 논문 누가 썼어?", "누가 썼어"),
        ("여우 사진만 보고 나이를 맞히는 거 몇 명이 한 연구야?", "몇 명이 한 연구야"),
        ("여우 세는 논문에서 정확도가 몇에서 몇으로 올랐어?", "정확도가 몇에서 몇으로 올랐어"),
        ("여우 소리를 흉내 내는 모델, 코드는?", "코드는"),
    ],
)
def test_the_clause_that_asks_stands_behind_what_describes(question: str, clause: str) -> None:
    assert asked_clause(question) == clause


@pytest.mark.parametrize(
    "text",
    [
        "여우의 눈 지도를 그리는 새 방법을 제안함", "여우를 세는 방법은, 눈 지도를 함께 보도록 제안함", "이 방법은 기존 지도보다 빠릅니다.", "눈 지도 논문",
        "A map of snow, which is faster than others", "The method was developed, and is better", "papers on snow maps",
    ],
)  # fmt: skip
def test_a_statement_has_no_clause_that_asks(text: str) -> None:
    assert asked_clause(text) == ""


def test_a_statement_ends_as_statements_do() -> None:
    assert states("눈 지도를 제안함")
    assert states("여우를 셉니다.")
    assert not states("여우를 세나요?")
    assert not states("여우를 셉니다?")


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("몇 문제야", "count_of"), ("how many foxes are in it?", "count_of"), ("몇 퍼센트 올랐어", "result"), ("몇 배 빨라졌어?", "result"),
        ("얼마나 좋아졌어?", "result"), ("by how much does it win", "result"), ("정확도가 몇에서 몇으로 올랐어", "result"), ("왜 빨라?", "none"),
    ],
)  # fmt: skip
def test_plain_words_tell_of_what_a_number_is_wanted(question: str, wanted: str) -> None:
    assert asked_amount(question) == wanted


def test_how_and_why_ask_of_a_thing_and_not_for_papers() -> None:
    assert all(map(asks_how_or_why, ("why not attention?", "does it scale", "왜 눈을 쓰는데?", "여우를 어떻게 세?")))
    assert not any(map(asks_how_or_why, ("how about foxes?", "foxes in snow", "여우 쪽은?")))
