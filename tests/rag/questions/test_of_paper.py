"""Questions of a chat about what one paper says, and things asked for at once; over the sample digests, expectations by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag.answers.answer import Answer

Ask = Callable[..., Answer]
MAMBA, POWERINFER = "2312.00752", "2312.12456"
KO, EN = "디퓨전 논문", "papers on diffusion"


@pytest.mark.parametrize(
    ("first", "claim"),
    [
        ("Mamba 논문 요약해줘", "Transformer보다 느리다고 했지, 맞지?"),
        ("summarize Mamba", "it says transformers are faster, right?"),
        ("summarize Mamba", "does it say that attention is needed?"),
    ],
)
def test_a_claim_is_looked_up_in_the_paper_before(first: str, claim: str, ask: Ask) -> None:
    answer = ask(claim, first)
    assert answer.papers == (MAMBA,)
    assert "5배" in answer.text or "5 times" in answer.text or "attention" in answer.text.lower()


@pytest.mark.parametrize(
    ("first", "why"), [(KO, "첫 번째 논문은 왜 빨라졌다고 해?"), (EN, "why does the first one say it is faster?")]
)
def test_a_reason_is_asked_of_the_paper_in_its_place(first: str, why: str, ask: Ask) -> None:
    assert ask(why, first).plan.papers == ask(first).papers[:1]


@pytest.mark.parametrize(
    ("first", "question"),
    [("PowerInfer 요약해줘", "어디서 만든 거야? 일본 회사 맞지?"), ("summarize PowerInfer", "which company made it?")],
)
def test_where_a_paper_comes_from_is_not_kept(first: str, question: str, ask: Ask) -> None:
    assert ask(question, first).reason == "field_not_in_digest"


@pytest.mark.parametrize(
    ("first", "question", "said"),
    [
        (KO, "반대 결과 내는 논문은?", "요약만으로는 서로 반대되는 결과인지 가릴 수 없습니다."),
        (EN, "any paper that disagrees?", "Summaries do not tell which papers come to opposite results."),
        ("summarize Mamba", "does any paper contradict it?", "Summaries do not tell"),
    ],
)
def test_which_papers_disagree_is_said_to_be_untold(first: str, question: str, said: str, ask: Ask) -> None:
    answer = ask(question, first)
    assert answer.text.startswith(said)
    assert answer.papers


@pytest.mark.parametrize(("first", "question"), [(KO, "이거 어디다 써먹어?"), (EN, "what is it good for?")])
def test_what_a_topic_is_good_for_is_explained(first: str, question: str, ask: Ask) -> None:
    assert ask(question, first).plan.kind == "explain"


def test_the_same_is_asked_of_another_name_in_the_same_paper(ask: Ask) -> None:
    chat = ("PowerInfer 요약해줘", "이 논문에서 GPT-4 점수는?")
    assert ask(chat[-1], chat[0]).plan.papers == (POWERINFER,)
    assert ask("라마는?", *chat).plan.papers == (POWERINFER,)


# --- two things at once ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "question", ["가장 먼저 나온 디퓨전 논문이랑 가장 최근 디퓨전 논문 알려줘", "oldest and newest paper on diffusion"]
)
def test_the_first_and_the_newest_paper_are_both_told(question: str, ask: Ask) -> None:
    orders = [(plan.kind, plan.by, plan.order) for plan in ask(question).plans]
    assert orders == [("superlative", "date", "asc"), ("superlative", "date", "desc")]


def test_papers_on_each_of_two_things_are_two_lists(ask: Ask) -> None:
    plans = ask("비디오 생성 논문이랑 3D 생성 논문 각각 찾아줘").plans
    assert [plan.topics for plan in plans] == [("비디오 생성",), ("3D 생성",)]


@pytest.mark.parametrize(
    "question", ["Mamba랑 Transformer 비교한 논문 있나요", "papers comparing Mamba and Transformer"]
)
def test_papers_that_compare_two_things_name_both(question: str, ask: Ask) -> None:
    answer = ask(question)
    assert answer.plan.kind == "list"
    assert set(answer.plan.terms) == {"Mamba", "Transformer"}


@pytest.mark.parametrize(
    "question", ["양자화 논문이랑 프루닝 논문 중 어느쪽이 더 많아?", "양자화랑 프루닝중에 어느쪽이 더 많아"]
)
def test_a_word_that_asks_which_is_no_topic(question: str, ask: Ask) -> None:
    assert ask(question).plan.topics == ("양자화", "프루닝")
