"""What abbreviations stand for, read out of titles and summaries. Spellings by hand, over invented sentences."""

from __future__ import annotations

from datetime import date

import pytest

from rag.answers.compose import compose
from rag.corpus.catalogue import Catalogue
from rag.corpus.mentions import meant
from rag.corpus.papers import Bullet, Paper
from rag.evidence.acronyms import spelled_out, stands_for
from rag.evidence.gather import gather
from rag.questions.plan import Plan
from rag.questions.reading import Reading


def catalogue(*texts: str, titles: tuple[str, ...] = ()) -> Catalogue:
    papers = {}
    for n, text in enumerate(texts):
        title = titles[n] if n < len(titles) else f"Paper {n}"
        papers[f"2401.{n:05d}"] = Paper(
            f"2401.{n:05d}", title, (date(2024, 1, 1 + n),), n, (), False, None, (Bullet(text),), ()
        )
    return Catalogue(papers)


@pytest.mark.parametrize(
    ("short", "phrase", "whole"),
    [
        ("GRPO", "we use Group Relative Policy Optimization", "Group Relative Policy Optimization"),
        ("LLMs", "of many large language models", "large language models"),
        ("RLHF", "Reinforcement Learning from Human Feedback", "Reinforcement Learning from Human Feedback"),
        ("ViT", "a vision transformer", "vision transformer"),
        ("SSM", "a state machine", ""),
        ("KV", "the memory of keys", ""),
    ],
)
def test_every_letter_is_found_in_order_and_every_word_gives_one(short: str, phrase: str, whole: str) -> None:
    assert stands_for(short, phrase) == whole


def test_the_spelling_of_most_papers_comes_first_and_rare_slips_are_left_out() -> None:
    known = catalogue(
        *["그룹 상대 정책 최적화(Group Relative Policy Optimization, GRPO)를 씁니다."] * 12,
        "Group Relative Preference Optimization (GRPO)을 씁니다.",
        "GRPO(Group Relative Policy Optimization)로 학습합니다.",
    )
    found = spelled_out(meant("GRPO"), known)
    assert [(one.text, len(one.papers)) for one in found] == [("Group Relative Policy Optimization", 13)]


def test_two_meanings_are_both_told() -> None:
    known = catalogue("Quick Retina Search (QRS)를 씁니다.", "Quiet Room Score(QRS)를 잽니다.")
    assert {one.text for one in spelled_out(meant("QRS"), known)} == {"Quick Retina Search", "Quiet Room Score"}


def test_a_title_spells_a_name_out() -> None:
    known = catalogue("QRNet으로 봅니다.", titles=("QRNet: Quick Retina Network for Owls",))
    assert [one.text for one in spelled_out(meant("QRNet"), known)] == ["Quick Retina Network"]


def test_an_answer_begins_with_the_words_and_quotes_where_they_stand() -> None:
    known = catalogue("Quick Retina Search(QRS)를 제안하는 논문입니다.")
    for language, first in (
        ("ko", "QRS는 Quick Retina Search의 약자입니다. 논문 1편이 이렇게 풀어 씁니다. [1]"),
        ("en", "QRS stands for Quick Retina Search: 1 paper spells it out so. [1]"),
    ):
        reading = Reading("QRS?", language, Plan("fact", terms=("QRS",)), "QRS", aspect="full_name")  # type: ignore[arg-type]
        assert compose(gather(reading, known, lambda: None, 5), known).text.startswith(first)  # type: ignore[arg-type, return-value]
