"""Turns of phrase of chats and of the last digest, over the sample digests; expectations by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag.answers.answer import Answer
from rag.questions.plain import plain

Ask = Callable[..., Answer]
DIFFUSION = "papers on diffusion"


@pytest.mark.parametrize(
    ("question", "least", "most"),
    [
        ("drop the ones with less than 10 votes", 10, None), ("remove those with more than 10 votes", None, 10), ("10표 미만은 빼줘", 10, None),
        ("10표 이하는 빼줘", 11, None), ("10표 이상은 빼줘", None, 9), ("10표 넘는 건 빼줘", None, 10),
    ],
)  # fmt: skip
def test_what_is_taken_away_by_votes_leaves_the_others(question: str, least: int, most: int, ask: Ask) -> None:
    plan = ask(question, DIFFUSION).plan
    assert (plan.min_votes, plan.max_votes) == (least, most)


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("tell me about FOX (snow counting for owls)", "tell me about FOX"), ("papers on FOS (fox over snow)", "papers on fox over snow"),
        ("눈 지도(SM) 논문", "눈 지도 논문"),
    ],
)  # fmt: skip
def test_only_what_spells_a_word_out_takes_its_place(question: str, kept: str) -> None:
    assert plain(question) == kept


@pytest.mark.parametrize(
    "question", ["show me the latest digest", "ok the last digest you have then", "마지막 다이제스트 보여줘"]
)
def test_the_last_digest_is_that_of_its_day(question: str, ask: Ask) -> None:
    plan = ask(question).plan
    assert str(plan.date_from) == "2024-06-11"
    assert plan.kind in ("date", "digest")


def test_two_korean_clauses_that_ask_are_two_questions(ask: Ask) -> None:
    answer = ask("PowerInfer 언제 올라왔고 핵심 아이디어가 뭐야")
    assert len(answer.plans) == 2
    assert "2023-12-21" in answer.text


@pytest.mark.parametrize(
    ("first", "second", "third"),
    [
        ("PowerInfer vs StreamDiffusion", "which got more votes?", "and when were they in the digest?"),
        ("PowerInfer랑 StreamDiffusion 비교해줘", "뭐가 표를 더 많이 받았어?", "둘 다 언제 나왔어?"),
    ],
)  # fmt: skip
def test_both_of_two_that_were_compared_are_asked_about(first: str, second: str, third: str, ask: Ask) -> None:
    assert set(ask(third, first, second).papers) == {"2312.12456", "2312.12491"}


def test_one_more_after_a_recommendation_is_the_next_of_its_list(ask: Ask) -> None:
    first = ask("recommend one", DIFFUSION)
    second = ask("another one", DIFFUSION, "recommend one")
    assert len(second.papers) == 1
    assert second.papers != first.papers
    assert second.plan.skip == 1
