"""People that pronouns of a chat stand for; over the sample digests, expectations by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag.answers.answer import Answer

Ask = Callable[..., Answer]
MAMBA = "2312.00752"


@pytest.mark.parametrize(
    ("first", "question"),
    [
        ("Tri Dao 논문", "그 사람 논문 중 하나만 요약해줘"),
        ("papers by Tri Dao", "his papers on language modeling"),
        ("papers by Tri Dao", "summarize that author's papers"),
    ],
)
def test_a_person_of_the_question_before_is_meant_by_a_pronoun(first: str, question: str, ask: Ask) -> None:
    answer = ask(question, first)
    assert answer.papers == (MAMBA,)
    assert answer.plan.authors == ("Tri Dao",) or answer.plan.papers == (MAMBA,)


@pytest.mark.parametrize("question", ["Tri Dao 논문 중 제일 인기 있는 거", "Tri Dao's most voted paper"])
def test_papers_whose_votes_are_not_known_are_shown_and_said_to_have_none(question: str, ask: Ask) -> None:
    answer = ask(question)
    assert answer.papers == (MAMBA,)
    assert "투표 수를 알 수 없어" in answer.text or "votes of " in answer.text
