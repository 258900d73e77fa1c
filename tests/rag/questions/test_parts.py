"""Sentences that ask several things, the later of the papers that the first finds; over the sample digests, expectations by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag.answers.answer import Answer

Ask = Callable[..., Answer]
MAMBA, POWERINFER = "2312.00752", "2312.12456"


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("is there a paper by Tri Dao, and if so who are the authors?", "Mamba was written by Albert Gu and Tri Dao."),
        ("Tri Dao 논문 있어? 저자는 누구야?", "Mamba의 저자는 Albert Gu, Tri Dao입니다."),
        ("Tri Dao 논문 있어? 몇 명이 썼어?", "모두 2명입니다."),
    ],
)
def test_a_second_question_is_asked_of_the_papers_that_the_first_finds(question: str, said: str, ask: Ask) -> None:
    answer = ask(question)
    assert answer.papers == (MAMBA,)
    assert said in answer.text


def test_what_was_found_is_told_where_a_second_question_asks_for_it(ask: Ask) -> None:
    answer = ask("is there a paper by Tri Dao? what did they find?")
    assert "5 times" in answer.text
    assert answer.text.count("Inference throughput is 5 times") == 1  # no sentence twice


def test_the_days_of_the_first_question_hold_for_the_second(ask: Ask) -> None:
    answer = ask("how many papers on 2023-12-21 and which had the most votes?")
    assert [plan.date_from for plan in answer.plans] == [answer.plans[0].date_from] * len(answer.plans)
    assert len(answer.plans) == 2


def test_a_part_with_a_subject_of_its_own_keeps_it(ask: Ask) -> None:
    answer = ask("is there a paper by Tri Dao? and who wrote PowerInfer?")
    assert {MAMBA, POWERINFER} <= set(answer.papers)
