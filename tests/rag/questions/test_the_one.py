"""Papers of a list that a question points at, by place or by what they are; over the sample digests, expectations by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag.answers.answer import Answer

Ask = Callable[..., Answer]
KO, EN = "디퓨전 논문", "papers on diffusion"
STREAM = "2312.12491"


@pytest.mark.parametrize(
    "question",
    [
        "the StreamDiffusion one pls",
        "tell me about the one called StreamDiffusion",
        "the real-time one: what does it do?",
    ],
)
def test_a_paper_of_the_list_is_pointed_at_by_what_its_title_says(question: str, ask: Ask) -> None:
    assert STREAM in ask(EN).papers
    assert ask(question, EN).plan.papers == (STREAM,)


@pytest.mark.parametrize("question", ["the most voted one", "the last one", "which is the newest one?"])
def test_a_place_or_an_order_is_no_name(question: str, ask: Ask) -> None:
    chosen = ask(question, EN)
    assert len(chosen.papers) == 1
    assert chosen.papers[0] in ask(EN).papers


@pytest.mark.parametrize(
    ("chat", "question", "place"),
    [
        ((EN, "number 3"), "and number 2", 1),
        ((KO, "3번째 거 설명해줘"), "아니 2번째요", 1),
        ((KO, "두 번째 논문 요약"), "첫 번째 거는?", 0),
    ],
)
def test_another_place_is_one_of_the_list_and_not_of_the_paper_before(
    chat: tuple[str, ...], question: str, place: int, ask: Ask
) -> None:
    assert ask(question, *chat).plan.papers == (ask(chat[0]).papers[place],)


@pytest.mark.parametrize(
    ("first", "picked", "question"),
    [
        (KO, "두 번째 거 자세히", "첫 번째 거랑 비교하면 어떤가요?"),
        (EN, "the second one in detail", "compare it with the first one"),
    ],
)
def test_the_paper_before_is_compared_with_one_of_its_list(first: str, picked: str, question: str, ask: Ask) -> None:
    one, two, *_ = ask(first).papers
    answer = ask(question, first, picked)
    assert answer.plan.kind == "compare"
    assert set(answer.plan.papers) == {one, two}


@pytest.mark.parametrize(
    ("first", "picked", "question"),
    [
        (EN, "the second one, what's new in it?", "how does it compare with PowerInfer?"),
        (KO, "두 번째 거 설명해줘", "PowerInfer랑 비교하면?"),
    ],
)
def test_it_is_the_paper_in_focus_and_not_the_topic_before(first: str, picked: str, question: str, ask: Ask) -> None:
    assert set(ask(question, first, picked).papers) == {ask(first).papers[1], "2312.12456"}


@pytest.mark.parametrize(
    ("chat", "question"),
    [
        (("compare Mamba and PowerInfer", "which one is newer?"), "which one got more votes?"),
        (("Mamba랑 PowerInfer 비교해줘", "뭐가 더 최신이야?"), "뭐가 투표를 더 많이 받았어?"),
    ],
)
def test_both_compared_papers_stay_after_one_was_picked(chat: tuple[str, ...], question: str, ask: Ask) -> None:
    assert set(ask(question, *chat).plan.papers) == {"2312.00752", "2312.12456"}


def test_which_of_three_sets_is_largest_counts_all_three(ask: Ask) -> None:
    chat = (KO, "비디오 생성은?", "양자 컴퓨팅은?")
    assert ask("셋중에 뭐가 제일 많음", *chat).plan.topics[-1] == ask(chat[-1], *chat[:-1]).plan.topics[-1]


@pytest.mark.parametrize(
    ("first", "question", "topic"),
    [
        ("이미지 생성 논문", "그중에 개인화 하는건?", "개인화"),
        ("이미지 생성 논문", "비디오 편집용은요?", "비디오 편집"),
    ],
)
def test_a_word_left_over_and_a_purpose_of_two_words_narrow(first: str, question: str, topic: str, ask: Ask) -> None:
    assert topic in " ".join(ask(question, first).plan.topics)


@pytest.mark.parametrize(
    ("first", "question", "aspect"),
    [("PowerInfer가 뭐야", "추천수 몇이었지", "24표"), ("PowerInfer가 뭐야", "링크좀", "arxiv.org/abs/2312.12456")],
)
def test_votes_and_links_are_facts_whatever_else_the_words_seem(
    first: str, question: str, aspect: str, ask: Ask
) -> None:
    answer = ask(question, first)
    assert aspect in answer.text
    assert len(answer.text.splitlines()) < 3


@pytest.mark.parametrize("question", ["디퓨전 논문 추천하나만", "디퓨전 논문 하나만 추천해줘"])
def test_one_paper_is_recommended_with_or_without_a_blank(question: str, ask: Ask) -> None:
    assert len(ask(question).papers) == 1
