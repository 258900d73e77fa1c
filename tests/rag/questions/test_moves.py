"""Moves of a chat by plain words, over the sample digests through the pipeline; expectations by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from rag.answers.answer import Answer

Ask = Callable[..., Answer]
MAMBA, GAMBA = "2312.00752", "2403.18795"
USERS = ("Mamba를 사용한 논문은?", "Which papers used Mamba?")
SOLID = ("3D 생성 논문", "papers on 3D generation")
DECEMBER = ("2023년 12월 논문", "papers from December 2023")


@pytest.mark.parametrize(
    ("before", "narrower", "again"),
    [
        (USERS[0], "2024년 것만", "다시 전체 보여줘"),
        (USERS[0], "2024년 것만", "처음 목록으로"),
        (USERS[1], "only 2024", "show me everything again"),
    ],
)
def test_all_papers_come_again_after_some(before: str, narrower: str, again: str, ask: Ask) -> None:
    first, few, last = ask(before), ask(narrower, before), ask(again, before, narrower)
    assert len(few.papers) < len(first.papers)
    assert (last.papers, last.language) == (first.papers, first.language)


@pytest.mark.parametrize(
    ("before", "question", "shown"),
    [
        (DECEMBER[0], "3개만", 3), (DECEMBER[0], "너무 많아요, 두 편만", 2),
        (DECEMBER[1], "just 3", 3), (DECEMBER[1], "only 2 please", 2),
    ],
)  # fmt: skip
def test_a_number_alone_shows_the_first_papers(before: str, question: str, shown: int, ask: Ask) -> None:
    answer = ask(question, before)
    assert answer.papers == ask(before).papers[:shown]


@pytest.mark.parametrize(
    ("before", "question"),
    [(SOLID[0], "맘바도 포함해서"), (SOLID[0], "맘바 논문도 추가해줘"), (SOLID[1], "include Mamba as well")],
)
def test_another_topic_is_taken_in(before: str, question: str, ask: Ask) -> None:
    assert MAMBA in ask(question, before).papers
    assert ask(before).papers[0] in ask(question, before).papers


@pytest.mark.parametrize(
    ("first", "second", "question"),
    [
        ("2023년 12월 논문 몇 편이야?", "2024년 3월은?", "둘 합치면 몇 편이야?"),
        ("how many papers in December 2023?", "and March 2024?", "how many is that in total?"),
    ],
)
def test_two_sets_are_counted_together(first: str, second: str, question: str, ask: Ask) -> None:
    one, other = ask(first), ask(second, first)
    assert ask(question, first, second).count == (one.count or 0) + (other.count or 0) > 0


@pytest.mark.parametrize(
    ("before", "question", "start", "end"),
    [
        ("2024년 3월 논문", "그 전 달은?", date(2024, 2, 1), date(2024, 3, 1)),
        ("2024년 3월 논문", "그다음 달은요?", date(2024, 4, 1), date(2024, 5, 1)),
        ("2024년 3월 29일 논문", "전날은?", date(2024, 3, 28), date(2024, 3, 29)),
        ("papers of March 2024", "and the month before?", date(2024, 2, 1), date(2024, 3, 1)),
        ("papers of March 2024", "what about the next month?", date(2024, 4, 1), date(2024, 5, 1)),
        ("papers of 2024", "the year before?", date(2023, 1, 1), date(2024, 1, 1)),
    ],
)
def test_the_time_beside_is_that_of_the_question_before(
    before: str, question: str, start: date, end: date, ask: Ask
) -> None:
    plan = ask(question, before).plan
    assert (plan.date_from, plan.date_to) == (start, end)


def test_other_days_are_taken_in(ask: Ask) -> None:
    plan = ask("expand to all of 2023 and 2024", "papers on 3D generation in 2024").plan
    assert (plan.date_from, plan.date_to) == (date(2023, 1, 1), date(2025, 1, 1))
    assert plan.topics == ask("papers on 3D generation").plan.topics


@pytest.mark.parametrize(
    ("first", "second", "question"),
    [(USERS[0], SOLID[0], "다시 맘바로 돌아가서, 2024년 것만"), (USERS[1], SOLID[1], "back to Mamba: only 2024")],
)
def test_a_chat_goes_back_to_a_topic(first: str, second: str, question: str, ask: Ask) -> None:
    assert ask(question, first, second).papers == (GAMBA,)


@pytest.mark.parametrize(
    ("before", "question"),
    [("Mamba가 뭐야?", "그거 다룬 논문들 보여줘"), ("What is Mamba?", "which papers are about it?")],
)
def test_the_papers_on_what_was_explained_are_listed(before: str, question: str, ask: Ask) -> None:
    answer = ask(question, before)
    assert answer.plan.kind == "list"
    assert {MAMBA, GAMBA} <= set(answer.papers)


def test_a_question_that_names_a_topic_is_no_move(ask: Ask) -> None:
    assert ask("다음 토큰 예측 논문", DECEMBER[0]).plan.date_from is None
    assert not ask("모델을 합치는 논문 몇 편이야?", USERS[0], SOLID[0]).plan.papers


@pytest.mark.parametrize(
    ("before", "question"),
    [
        (SOLID[0], "음악 생성도 보여줘"), (SOLID[1], "and also music generation"), (SOLID[1], "music generation as well"),
    ],
)  # fmt: skip
def test_also_takes_a_topic_in(before: str, question: str, ask: Ask) -> None:
    (topic,) = ask(question, before).plan.topics
    assert topic.startswith(ask(before).plan.topics[0])
    assert topic != ask(before).plan.topics[0]


@pytest.mark.parametrize(
    ("before", "question"),
    [
        ("papers on 3D generation in 2024", "switch to music generation"),
        ("papers on 3D generation in 2024", "and music generation?"),
        ("papers on 3D generation in 2024", "music generation instead"),
    ],
)
def test_another_topic_keeps_the_days(before: str, question: str, ask: Ask) -> None:
    plan = ask(question, before).plan
    assert plan.topics == ("music generation",)
    assert (plan.date_from, plan.date_to) == (date(2024, 1, 1), date(2025, 1, 1))


@pytest.mark.parametrize(
    ("first", "second", "question", "counts"),
    [
        ("2023년 12월 논문", "2024년 3월은?", "두 달 중에 어느 쪽이 더 많아?", ("2023년 12월", "2024년 3월")),
        ("papers from December 2023", "and March 2024?", "which of the two months had more papers?", ("December 2023", "March 2024")),
    ],
)  # fmt: skip
def test_two_sets_are_counted_each(first: str, second: str, question: str, counts: tuple[str, str], ask: Ask) -> None:
    answer = ask(question, first, second)
    assert all(said in answer.text for said in counts)


@pytest.mark.parametrize(
    ("before", "question"),
    [(DECEMBER[0], "이걸로 읽는 순서 짜줘"), (DECEMBER[1], "in what order should i read these?")],
)
def test_papers_before_are_put_in_an_order_to_read(before: str, question: str, ask: Ask) -> None:
    assert set(ask(question, before).papers) <= set(ask(before).papers)


@pytest.mark.parametrize(
    ("before", "question"),
    [("Mamba가 뭐야?", "PowerInfer랑은 뭐가 달라?"), ("What is Mamba?", "how does it differ from PowerInfer?")],
)
def test_what_was_explained_is_set_beside_another(before: str, question: str, ask: Ask) -> None:
    assert {MAMBA, "2312.12456"} <= set(ask(question, before).papers)


@pytest.mark.parametrize(
    ("before", "question"), [(USERS[0], "그래프로 보여줘"), (USERS[1], "show me a chart"), (SOLID[0], "월별로 보여줘")]
)
def test_a_set_is_drawn_by_month(before: str, question: str, ask: Ask) -> None:
    plan, earlier = ask(question, before).plan, ask(before).plan
    assert (plan.kind, plan.terms, plan.topics) == ("trend", earlier.terms, earlier.topics)


@pytest.mark.parametrize(
    ("before", "question"),
    [("Mamba가 뭐야?", "후속 연구는 뭐 있어?"), ("What is Mamba?", "what variants are there?")],
)
def test_variants_of_what_was_explained_have_its_name_in_their_titles(before: str, question: str, ask: Ask) -> None:
    plan = ask(question, before).plan
    assert (plan.terms, plan.in_title) == (("Mamba",), True)


@pytest.mark.parametrize(
    ("before", "question"),
    [("What is Mamba?", "papers using it for images"), ("Explain Mamba", "any papers using it?")],
)
def test_papers_that_use_what_was_explained_are_listed(before: str, question: str, ask: Ask) -> None:
    plan = ask(question, before).plan
    assert (plan.terms, plan.relation) == (("Mamba",), "use")


@pytest.mark.parametrize(
    ("chat", "question", "place"),
    [
        ((USERS[0], "2024년 것만", "첫 번째 거 설명해줘"), "목록으로 돌아가", 1),
        ((USERS[1], "only 2024", "explain the first one"), "back to the list", 1),
        ((USERS[1], "only 2024", "explain the first one"), "go back to the first list", 0),
        ((USERS[0], "2024년 것만", "첫 번째 거 설명해줘"), "전체 다시 보여줘", 0),
        ((DECEMBER[0], "3개만", "첫 번째 거 설명해줘", "2024년 3월 논문은?"), "아까 3개 목록 다시 보여줘", 1),
    ],
)
def test_a_list_comes_again_as_it_was(chat: tuple[str, ...], question: str, place: int, ask: Ask) -> None:
    assert ask(question, *chat).papers == ask(chat[place], *chat[:place]).papers


@pytest.mark.parametrize(
    ("first", "second", "question", "said"),
    [
        (USERS[0], f"{SOLID[0]}은?", "뭐가 더 많아?", "3D 생성이 4편 더 많습니다"),
        ("papers that use Mamba", "and 3D generation?", "which has more?", "4 more for 3D generation"),
    ],
)
def test_two_topics_are_counted_beside_each_other(first: str, second: str, question: str, said: str, ask: Ask) -> None:
    assert said in ask(question, first, second).text


@pytest.mark.parametrize(
    ("before", "none", "question"),
    [(SOLID[0], "500표 이상인 것만", "가장 오래된 건?"), (SOLID[1], "only over 500 votes", "which is the oldest?")],
)
def test_after_an_empty_answer_the_papers_before_it_are_meant(before: str, none: str, question: str, ask: Ask) -> None:
    assert set(ask(question, before, none).papers) <= set(ask(before).papers)
    assert ask(question, before, none).count == 1


@pytest.mark.parametrize(
    ("first", "second", "question", "said"),
    [
        ("LoRA 논문", "트랜스포머 논문은?", "각각 몇 편이야", "트랜스포머를 다룬 논문은 7편, LoRA를 다룬 논문은 3편"),
        ("LoRA papers", "and NeRF?", "how many of each?", "13 papers that involve NeRF and 3 papers that involve LoRA"),
    ],
)
def test_each_of_the_last_two_is_counted(first: str, second: str, question: str, said: str, ask: Ask) -> None:
    assert said in ask(question, first, second).text


MODELS = ("Mamba 논문 요약해줘", "그럼 Gamba는?")
MODELS_EN = ("tell me about Mamba", "and Gamba?")


@pytest.mark.parametrize(
    ("before", "question", "kind"),
    [
        (MODELS_EN, "compare them", "compare"),
        (MODELS_EN, "which came first?", "superlative"),
        (MODELS, "둘 중 뭐가 추천 더 많아?", "superlative"),
    ],
)
def test_the_last_two_papers_are_meant_together(before: tuple[str, str], question: str, kind: str, ask: Ask) -> None:
    plan = ask(question, *before).plan
    assert (plan.kind, set(plan.papers)) == (kind, {MAMBA, GAMBA})


def test_a_year_corrects_the_year_of_a_month(ask: Ask) -> None:
    plan = ask("no wait, i meant 2023", "top papers december 2024").plan
    assert (plan.date_from, plan.date_to) == (date(2023, 12, 1), date(2024, 1, 1))


def test_the_same_ranking_is_asked_of_another_year(ask: Ask) -> None:
    plan = ask("now the same for 2023", "3D papers in 2024", "just the top 2 by votes").plan
    assert (plan.kind, plan.limit, plan.by) == ("superlative", 2, "votes")
    assert (plan.date_from, plan.date_to) == (date(2023, 1, 1), date(2024, 1, 1))


@pytest.mark.parametrize(
    ("before", "question", "excluded"), [("3D 생성 논문", "메쉬 말고 가우시안으로 하는 거", "메쉬")]
)
def test_something_else_than_a_part_of_it_narrows(before: str, question: str, excluded: str, ask: Ask) -> None:
    plan = ask(question, before).plan
    assert plan.not_topics == (excluded,)
    assert plan.papers or len(plan.topics) > 1


@pytest.mark.parametrize(
    ("before", "question"), [(SOLID[0], "데이터셋은?"), (SOLID[1], "ok, what about datasets instead")]
)
def test_another_kind_of_contribution_keeps_the_topic(before: str, question: str, ask: Ask) -> None:
    plan = ask(question, before).plan
    assert (plan.sorts, plan.topics) == (("dataset",), ask(before).plan.topics)


@pytest.mark.parametrize(
    ("before", "which", "why"),
    [(SOLID[0], "뭐부터 읽어야 돼?", "왜 그거야?"), (SOLID[1], "which one should i start with", "why that one")],
)
def test_one_to_begin_with_is_the_most_voted_and_why_it_is_is_told(before: str, which: str, why: str, ask: Ask) -> None:
    one = ask(which, before)
    assert (one.plan.kind, one.plan.by, one.plan.limit) == ("superlative", "votes", 1)
    assert ask(why, before, which).text == one.text


def test_why_a_place_of_a_list_was_recommended_is_answered_by_that_paper(ask: Ask) -> None:
    papers = ask("3D 생성 논문 3편만 추천").papers
    assert ask("두 번째는 왜 추천한 거야?", "3D 생성 논문 3편만 추천").plan.papers == (papers[1],)
