"""Which words of a question say what is asked of a paper, and which of them its summary treats."""

from __future__ import annotations

from datetime import date

import pytest

from rag.corpus.papers import Bullet, Paper
from rag.evidence.asked import asked_words, is_treated
from rag.evidence.facts import STATED
from rag.language.text import question_language

FOX = Paper(
    "2406.00001", "FoxNet: Reading Tracks", (date(2024, 6, 1),), 1, (), False, None,
    (Bullet("FoxNet은 RTX 4090에서 기존 망보다 3배 빠릅니다."), Bullet("발자국 사진 10만 장으로 학습합니다.")), (),
)  # fmt: skip


@pytest.mark.parametrize(
    ("question", "treated", "lacking"),
    [
        ("FoxNet은 4090에서 얼마나 빨라?", {"4090", "빨라"}, set()),
        ("How fast is FoxNet on a 4090?", {"fast", "4090"}, set()),
        ("FoxNet은 H100에서 얼마나 빨라?", {"빨라"}, {"H100"}),
        ("How many GPU hours did FoxNet take?", {"hours"}, {"GPU"}),
        ("FoxNet은 한국어를 지원해?", set(), {"한국어"}),
        ("Does FoxNet support Korean?", set(), {"Korean"}),
        ("FoxNet은 어떤 데이터로 학습했어?", {"학습"}, {"데이터"}),
        ("FoxNet의 라이선스는?", set(), {"라이선스"}),
        ("FoxNet 비용이 어떻게 돼?", set(), {"비용"}),
        ("FoxNet 속도가 어떻게 되나요?", {"속도"}, set()),
        ("What is FoxNet?", set(), set()),
        ("FoxNet이 뭐야?", set(), set()),
    ],
)
def test_each_word_is_told_to_be_treated_or_not(question: str, treated: set[str], lacking: set[str]) -> None:
    words = asked_words(question, FOX, question_language(question), STATED)
    assert {word.text for word in words if is_treated(word, FOX, STATED)} == treated
    assert {word.text for word in words if not is_treated(word, FOX, STATED)} == lacking


@pytest.mark.parametrize(
    "said", ["예산은 2,300 USD입니다.", "GPU 비용은 50달러입니다.", "It runs on a budget of 50 dollars."]
)
@pytest.mark.parametrize("question", ["비용은 얼마나 들었어?", "How much did it cost?"])
def test_what_something_costs_may_be_said_as_a_budget_or_a_currency(question: str, said: str) -> None:
    paper = Paper("2406.00002", "OtterNet", (date(2024, 6, 1),), 1, (), False, None, (Bullet(said),), ())
    (word,) = (
        word for word in asked_words(question, paper, question_language(question), STATED) if "cost" in word.aspects
    )
    assert is_treated(word, paper, STATED)
