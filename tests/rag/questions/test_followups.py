"""A question after another: what it changes of the earlier one, which papers it means, and how it is said again.

Over the sample digests, through the pipeline; expected ids by hand.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from rag.answers.answer import Answer
from rag.corpus.catalogue import Catalogue
from rag.pipeline import Pipeline
from rag.questions.leaning import PAGE
from rag.questions.plan import Plan
from rag.questions.quantities import ordinals
from rag.questions.reader import understand
from rag.questions.reading import Turn
from tests.rag.conftest import AS_OF

Ask = Callable[..., Answer]
MAMBA, GAMBA, POWERINFER, IMAGEDREAM = "2312.00752", "2403.18795", "2312.12456", "2312.02201"
XDREAMER = "2312.00085"
USERS = ("Mamba를 사용한 논문은?", "Which papers used Mamba?")
SOLID = ("3D 생성 논문", "papers on 3D generation")
MODELS = ("대규모 언어 모델 논문", "papers on large language models")
DECEMBER = ("2023년 12월 논문", "papers from December 2023")
MISREAD = pytest.mark.xfail(reason="the reader misreads it", strict=False)
Y2023 = {"date_from": date(2023, 1, 1), "date_to": date(2024, 1, 1)}
Y2024 = {"date_from": date(2024, 1, 1), "date_to": date(2025, 1, 1)}
MARCH = {"date_from": date(2024, 3, 1), "date_to": date(2024, 4, 1)}


# --- Narrower --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("before", "question"),
    [
        (USERS[0], "그중 2024년 것만"), (USERS[0], "2024년 것만 보여줘"), (USERS[0], "그중에 2024년 거만 보여줘"),
        (USERS[1], "only those from 2024"), (USERS[1], "of those, which are from 2024?"), (USERS[1], "just the 2024 ones"),
    ],
)  # fmt: skip
def test_a_year_narrows_the_answer_before(before: str, question: str, ask: Ask) -> None:
    answer = ask(question, before)
    assert (answer.papers, answer.question) == ((GAMBA,), question)
    assert (answer.plan.terms, answer.plan.date_from, answer.plan.date_to) == (("Mamba",), *Y2024.values())
    assert answer.language == ask(before).language


@pytest.mark.parametrize(
    ("before", "question"),
    [
        (SOLID[0], "그중 10표 이상만"),
        (SOLID[0], "이 중에서 10표 이상만"),
        (SOLID[1], "only those with at least 10 votes"),
    ],
)
def test_votes_narrow_the_answer_before(before: str, question: str, ask: Ask, catalogue: Catalogue) -> None:
    wanted = {i for i in ask(before).papers if (catalogue.papers[i].votes or 0) >= 10}
    answer = ask(question, before)
    assert set(answer.papers) == wanted == {IMAGEDREAM}
    assert answer.plan.min_votes == 10


@pytest.mark.parametrize(
    ("before", "question"),
    [
        (SOLID[0], "그중 디퓨전 쓴 것만"), (SOLID[0], "그중에서 디퓨전을 쓴 건?"), (SOLID[1], "which of those use diffusion?"),
        (USERS[0], "그중에서 가우시안 스플래팅 다룬 건?"), (USERS[1], "which of them use Gaussian Splatting?"),
    ],
)  # fmt: skip
def test_a_method_narrows_the_answer_before(before: str, question: str, ask: Ask) -> None:
    whole, answer = ask(before), ask(question, before)
    assert set() < set(answer.papers) <= set(whole.papers)


@pytest.mark.parametrize(
    ("before", "question"), [(DECEMBER[0], "Dahua Lin 것만"), (DECEMBER[1], "only those by Dahua Lin")]
)
def test_a_person_narrows_the_answer_before(before: str, question: str, ask: Ask) -> None:
    answer = ask(question, before)
    assert set(answer.papers) == {"2312.02980", "2312.00109", "2312.00777"}
    assert answer.plan.date_from == date(2023, 12, 1)


@pytest.mark.parametrize(
    ("before", "question", "sort"),
    [
        (MODELS[0], "서베이는 빼고", "survey"), (MODELS[1], "without the surveys", "survey"), (MODELS[1], "no surveys please", "survey"),
        (MODELS[0], "벤치마크는 빼고", "benchmark"),
    ],
)  # fmt: skip
def test_a_kind_of_contribution_is_left_out_of_the_answer_before(
    before: str, question: str, sort: str, ask: Ask
) -> None:
    whole, answer = ask(before), ask(question, before)
    assert answer.plan.not_sorts == (sort,)
    assert answer.plan.topics == whole.plan.topics != ()
    assert set(answer.papers) <= set(whole.papers)


def test_of_a_ranking_only_those_that_were_shown_are_looked_at(ask: Ask) -> None:
    top = ask("2023년 12월 논문 중 표가 가장 많은 3편은?")
    answer = ask("그중 확산 모델을 쓴 건?", "2023년 12월 논문 중 표가 가장 많은 3편은?")
    assert set() < set(answer.papers) < set(top.papers)
    assert answer.plan.kind == "list"


# --- One of them -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("before", "question", "papers"),
    [
        (USERS[0], "두 번째 논문 저자는?", (MAMBA,)), (USERS[0], "2번 논문 설명해줘", (MAMBA,)), (USERS[0], "마지막 논문 설명해줘", (MAMBA,)),
        (USERS[0], "첫 번째 거 링크 줘", (GAMBA,)), (USERS[0], "두번째 거 요약해줘", (MAMBA,)),
        (USERS[1], "who wrote the first one?", (GAMBA,)), (USERS[1], "the last paper", (MAMBA,)), (USERS[1], "explain the second one", (MAMBA,)),
        (USERS[0], "저자는?", (GAMBA, MAMBA)), (USERS[1], "who are the authors?", (GAMBA, MAMBA)),
        ("PowerInfer가 뭐야?", "얼마나 빠른데?", (POWERINFER,)), ("PowerInfer가 뭐야?", "이 방법은 왜 빨라?", (POWERINFER,)),
        ("PowerInfer가 뭐야?", "성능은 어때?", (POWERINFER,)), ("PowerInfer가 뭐야?", "링크 줘", (POWERINFER,)),
        ("What is PowerInfer?", "how fast is it?", (POWERINFER,)), ("What is PowerInfer?", "and how fast?", (POWERINFER,)),
        ("What is PowerInfer?", "but how does it work?", (POWERINFER,)), ("What is PowerInfer?", "who wrote it?", (POWERINFER,)),
    ],
)  # fmt: skip
def test_a_question_points_at_one_of_the_papers_before_or_at_all_of_a_few(
    before: str, question: str, papers: tuple[str, ...], ask: Ask
) -> None:
    assert ask(question, before).papers == papers


@pytest.mark.parametrize(
    ("before", "question", "said"),
    [
        (USERS[0], "두 번째 논문 저자는?", "Albert Gu, Tri Dao"), ("What is PowerInfer?", "who wrote it?", "Yixin Song"),
        ("PowerInfer가 뭐야?", "저자는?", "Yixin Song"), ("PowerInfer가 뭐야?", "투표 수는 몇이야?", "24표"),
        ("PowerInfer가 뭐야?", "링크 줘", "https://arxiv.org/abs/2312.12456"), ("What is PowerInfer?", "how fast is it?", "13.20"),
    ],
)  # fmt: skip
def test_what_is_asked_of_it_is_told(before: str, question: str, said: str, ask: Ask) -> None:
    assert said in ask(question, before).text


@pytest.mark.parametrize(
    ("before", "question", "places"),
    [
        (SOLID[0], "첫 번째랑 두 번째 비교해줘", (0, 1)), (SOLID[0], "1번과 3번 차이가 뭐야?", (0, 2)), (SOLID[0], "앞의 두 개를 비교해 줘", (0, 1)),
        (SOLID[1], "compare the first and the third", (0, 2)), (SOLID[1], "compare the first two", (0, 1)),
    ],
)  # fmt: skip
def test_two_of_the_papers_before_are_compared(before: str, question: str, places: tuple[int, ...], ask: Ask) -> None:
    answer = ask(question, before)
    assert answer.plan.kind == "compare"
    assert answer.papers == tuple(ask(before).papers[place] for place in places)


@pytest.mark.parametrize(
    ("text", "size", "places"),
    [
        ("두 번째", 3, (1,)), ("3번째 논문", 3, (2,)), ("마지막 거", 3, (2,)), ("다섯 번째", 3, ()), ("the second and the last one", 4, (1, 3)),
        ("the first two", 3, (0, 1)), ("the first three papers", 2, (0, 1)), ("앞의 두 편", 3, (0, 1)), ("처음 세 개", 5, (0, 1, 2)), ("아무거나", 3, ()),
    ],
)  # fmt: skip
def test_a_place_is_read_in_words_and_in_digits(text: str, size: int, places: tuple[int, ...]) -> None:
    assert ordinals(text, size) == places


# --- All of them -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("before", "question"),
    [(SOLID[0], "그게 다 몇 편이야?"), (SOLID[0], "모두 몇 편이에요?"), (SOLID[1], "how many is that?")],
)
def test_how_many_that_is_counts_the_papers_before(before: str, question: str, ask: Ask) -> None:
    whole, answer = ask(before), ask(question, before)
    assert answer.plan.kind == "count"
    assert answer.papers == whole.papers
    assert str(len(whole.papers)) in answer.text.splitlines()[0]


@pytest.mark.parametrize(
    ("before", "question", "by", "order"),
    [
        (SOLID[0], "표 많은 순으로 정렬해줘", "votes", "desc"), (SOLID[1], "sort them by votes", "votes", "desc"),
        (SOLID[0], "최신순으로", "date", "desc"), (SOLID[1], "newest first", "date", "desc"), (SOLID[1], "oldest first", "date", "asc"),
        (SOLID[0], "오래된 순으로", "date", "asc"), (SOLID[1], "order them by date", "date", "desc"),
    ],
)  # fmt: skip
def test_the_papers_before_are_put_in_order(
    before: str, question: str, by: str, order: str, ask: Ask, catalogue: Catalogue
) -> None:
    whole, answer = ask(before), ask(question, before)
    told = [i for i in whole.papers if by == "date" or catalogue.papers[i].votes is not None]
    assert set(answer.papers) == set(told)
    found = [catalogue.papers[i].votes if by == "votes" else catalogue.papers[i].date for i in answer.papers]
    assert found == sorted(found, reverse=order == "desc")  # type: ignore[type-var]


@pytest.mark.parametrize(
    ("before", "question"),
    [(SOLID[0], "그중 표가 가장 많은 건?"), (SOLID[0], "이 중에서 제일 표 많은 것"), (SOLID[1], "which of those has the most votes?")],
)  # fmt: skip
def test_the_most_voted_of_the_papers_before_is_one(before: str, question: str, ask: Ask) -> None:
    assert ask(question, before).papers == (IMAGEDREAM,)


@pytest.mark.parametrize(
    ("before", "question"),
    [
        (USERS[0], "표로 정리해줘"), (USERS[0], "테이블로 보여줘"), (USERS[0], "이걸 표로 만들어 줘"),
        (USERS[1], "as a table"), (USERS[1], "make it a table"), (USERS[1], "put them in a table"),
    ],
)  # fmt: skip
def test_the_papers_before_come_as_a_table(before: str, question: str, ask: Ask) -> None:
    answer = ask(question, before)
    assert answer.papers == (GAMBA, MAMBA)
    header = next(line for line in answer.text.splitlines() if line.startswith("| "))
    assert header.count("](https://arxiv.org/abs/") == 2  # a column a paper, a row an aspect


@pytest.mark.parametrize(("before", "question"), [(DECEMBER[0], "더 보여줘"), (DECEMBER[1], "show me more")])
def test_more_goes_on_behind_what_was_shown(before: str, question: str, ask: Ask) -> None:
    whole, more = ask(before), ask(question, before)
    assert more.papers == whole.papers
    assert (more.plan.skip, ask(question, before, question).plan.skip) == (PAGE, 2 * PAGE)
    assert f"\n{PAGE + 1}. [" in more.text
    assert "\n1. [" not in more.text
    shown, next_shown = ({c.paper.arxiv_id for c in answer.citations} for answer in (whole, more))
    assert not shown & next_shown


@pytest.mark.parametrize(
    ("before", "question", "paper"),
    [
        (SOLID[0], "첫 번째 논문이랑 비슷한 논문", XDREAMER), ("PowerInfer가 뭐야?", "비슷한 논문 있어?", POWERINFER),
        ("What is PowerInfer?", "similar papers?", POWERINFER), ("What is PowerInfer?", "more papers like it", POWERINFER),
        (SOLID[1], "more like the first one", XDREAMER),
    ],
)  # fmt: skip
def test_papers_like_one_of_those_before_are_looked_for(before: str, question: str, paper: str, ask: Ask) -> None:
    answer = ask(question, before)
    assert (answer.plan.kind, answer.plan.papers) == ("similar", (paper,))
    assert answer.papers
    assert paper not in answer.papers


def test_a_follow_up_that_asks_for_nothing_known_never_asks_for_everything(ask: Ask) -> None:
    before = ask(SOLID[0])
    assert set(ask("코드 있는 것만", SOLID[0]).papers) <= set(before.papers)


# --- Said again ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("before", "question", "language"),
    [
        (USERS[0], "영어로 다시 답해 줘", "en"), (USERS[0], "in English please", "en"), (USERS[0], "English please", "en"),
        (USERS[0], "translate it into English", "en"), (USERS[0], "영어로", "en"), (USERS[0], "영어로 번역해 줘", "en"),
        (USERS[1], "answer in Korean", "ko"), (USERS[1], "한국어로", "ko"), (USERS[1], "다시 한국어로 답해줘", "ko"),
    ],
)  # fmt: skip
def test_the_same_answer_comes_again_in_the_other_language(before: str, question: str, language: str, ask: Ask) -> None:
    first, answer = ask(before), ask(question, before)
    assert (answer.language, answer.papers, answer.plan) == (language, first.papers, first.plan)
    assert "모두 2편" in answer.text or "There are 2 papers" in answer.text


# --- Another subject -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("before", "question", "plan"),
    [
        (USERS[0], "그럼 LoRA는?", Plan("list", terms=("LoRA",), relation="use")),
        ("Dahua Lin이 쓴 논문", "그럼 Ziwei Liu는?", Plan("author", authors=("Ziwei Liu",))),
        ("papers by Dahua Lin", "what about Ziwei Liu?", Plan("author", authors=("Ziwei Liu",))),
        ("2024년 3월 논문은 몇 편이야?", "그럼 2023년은?", Plan("count", **Y2023)),
        ("2024년 논문", "그럼 2023년은?", Plan("date", **Y2023)),
        ("Gamba가 뭐야?", "그럼 PowerInfer는?", Plan("explain", papers=(POWERINFER,))),
        ("top 3 LLM papers by votes", "what about diffusion?", Plan("superlative", topics=("diffusion",), by="votes", order="desc", limit=3)),
        pytest.param("양자화 논문은 몇 편이야?", "그리고 확산 모델은요?", Plan("count", topics=("확산 모델",)), marks=MISREAD),
    ],
)  # fmt: skip
def test_what_a_short_question_names_takes_the_place_of_what_the_one_before_named(
    before: str, question: str, plan: Plan, ask: Ask
) -> None:
    assert ask(question, before).plan == plan


def test_another_year_keeps_the_method(ask: Ask) -> None:
    plan = ask("and in 2023?", "Papers that use LoRA in March 2024").plan
    assert (plan.terms, plan.date_from, plan.date_to) == (("LoRA",), *Y2023.values())


def test_the_same_question_about_another_method_is_answered_as_if_it_were_asked(ask: Ask) -> None:
    answer = ask("그럼 LoRA는?", USERS[0])
    assert answer.papers == ask("LoRA를 사용한 논문은?").papers != ()


# --- A question of its own -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("before", "question"),
    [
        (USERS[0], "PowerInfer가 뭐야?"), (SOLID[0], USERS[0]), (USERS[1], "how many papers use LoRA?"), (USERS[0], "몇 편이 LoRA를 썼어?"),
        (USERS[0], "Dahua Lin이 쓴 논문"), (USERS[1], "papers from March 2024"), (USERS[0], "2312.12456"),
    ],
)  # fmt: skip
def test_a_new_question_forgets_the_one_before(before: str, question: str, ask: Ask) -> None:
    alone, after = ask(question), ask(question, before)
    assert (after.plan, after.papers) == (alone.plan, alone.papers)


@pytest.mark.parametrize(
    ("before", "question"), [(USERS[0], "오늘 날씨 어때?"), (USERS[1], "how do I cook rice?"), (USERS[0], "파이썬 코드 짜줘")]
)  # fmt: skip
def test_what_is_not_about_papers_is_refused_after_an_answer_too(before: str, question: str, ask: Ask) -> None:
    answer = ask(question, before)
    assert (answer.status, answer.papers) == ("refused", ())


@pytest.mark.parametrize(
    "question", ["두 번째 논문 저자는?", "그 논문은?", "그중 2024년 것만", "표로 정리해줘", "영어로"]
)
def test_without_a_question_before_there_is_nothing_to_point_at(question: str, ask: Ask) -> None:
    answer = ask(question)
    assert answer.status in ("answered", "no_evidence", "refused")
    assert not answer.plan.papers


def test_after_an_answer_without_papers_nothing_is_pointed_at(catalogue: Catalogue) -> None:
    before = Turn(understand("GRPO를 사용한 논문", catalogue, AS_OF), ())
    for question in ("두 번째 논문 저자는?", "who wrote the first one?", "표로 정리해줘"):
        assert understand(question, catalogue, AS_OF, before=before).plan.papers == ()


# --- Chains ----------------------------------------------------------------------------------------------------------
def test_a_chat_of_five_turns_narrows_sorts_picks_asks_and_says_again(ask: Ask) -> None:
    turns = [
        "3D 생성 논문",
        "그중 2023년 것만",
        "표 많은 순으로 정렬해줘",
        "첫 번째 거 설명해줘",
        "저자는?",
        "영어로 다시 답해 줘",
    ]
    answers = [ask(question, *turns[:place]) for place, question in enumerate(turns)]
    first, dated, ordered, explained, asked, again = answers
    assert set(dated.papers) == {i for i in first.papers if i.startswith("23")} != set(first.papers)
    assert set(ordered.papers) <= set(dated.papers)
    assert ordered.papers[0] == IMAGEDREAM
    assert explained.papers == asked.papers == again.papers == (IMAGEDREAM,)
    assert ("Peng Wang" in asked.text, asked.language, again.language) == (True, "ko", "en")


def test_an_english_chat_chains_as_well(ask: Ask) -> None:
    turns = ["papers from December 2023", "only those by Dahua Lin", "how many is that?", "sort them by date", "who wrote the first one?"]  # fmt: skip
    answers = [ask(question, *turns[:place]) for place, question in enumerate(turns)]
    assert [len(answer.papers) for answer in answers] == [53, 3, 3, 3, 1]
    assert "Dahua Lin" in answers[-1].text


def test_a_plan_edited_by_hand_is_what_the_next_question_follows(pipeline: Pipeline) -> None:
    edited = Plan("list", terms=("LoRA",))
    more: dict[str, Any] = {"previous": edited}
    answer = pipeline.offline("그중 2023년 것만", [USERS[0]], AS_OF, **more)
    assert (answer.plan.terms, answer.plan.date_from) == (("LoRA",), date(2023, 1, 1))


# --- What “it” is ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("before", "question"),
    [("GPT-4 논문 있어?", "그거 저자 누구야?"), ("is there a GPT-4 paper?", "who are the authors?")],
)
def test_a_name_without_a_paper_of_its_own_is_not_taken_for_a_paper_that_names_it(
    before: str, question: str, ask: Ask
) -> None:
    answer = ask(question, before)
    assert (answer.status, answer.papers) == ("no_evidence", ())
    assert "GPT-4" in answer.text


@pytest.mark.parametrize(
    ("history", "question"),
    [
        (("PowerInfer 논문 있어?", "Gamba는?"), "그 둘 중에 어느 게 표가 더 많아?"),
        (("what is PowerInfer?", "and Gamba?"), "which of the two has more votes?"),
    ],
)
def test_two_subjects_in_a_row_are_set_beside_each_other(
    history: tuple[str, ...], question: str, ask: Ask, catalogue: Catalogue
) -> None:
    answer = ask(question, *history)
    best = max((POWERINFER, GAMBA), key=lambda i: catalogue.papers[i].votes or 0)
    assert answer.papers == (best,)


@pytest.mark.parametrize(
    ("before", "question"),
    [
        ("3D 생성 논문", "아니 3D 생성 말고 비디오 생성"),
        ("papers on 3D generation", "no, not 3D generation but video generation"),
    ],
)
def test_what_is_corrected_takes_the_place_of_the_subject(before: str, question: str, ask: Ask) -> None:
    plan = ask(question, before).plan
    assert (plan.not_topics, plan.not_terms) == ((), ())
    assert not any("3D" in topic for topic in plan.topics)
    assert "비디오 생성" in plan.topics or "video generation" in plan.topics


@pytest.mark.parametrize("question", ["그중에 투표 제일 많이 받은 건?", "이 중에 제일 유명한 거"])
def test_plain_words_pick_the_most_voted_of_the_papers_before(question: str, ask: Ask, catalogue: Catalogue) -> None:
    before = ask(SOLID[0])
    best = max(before.papers, key=lambda i: catalogue.papers[i].votes or 0)
    assert ask(question, SOLID[0]).papers[0] == best


def test_thanks_are_answered_and_end_nothing(ask: Ask) -> None:
    assert "천만에요" in ask("고마워요!", SOLID[0]).text
    assert ask("그중 10표 이상만", SOLID[0], "고마워요!").papers == (IMAGEDREAM,)


@pytest.mark.parametrize(
    ("first", "second", "question"),
    [
        ("PowerInfer가 뭐야?", "얼마나 빨라?", "그럼 Gamba는?"),
        ("What is PowerInfer?", "how fast is it?", "and Gamba?"),
    ],
)
def test_another_name_is_asked_about_without_the_one_before(first: str, second: str, question: str, ask: Ask) -> None:
    answer = ask(question, first, second)
    assert answer.plan.papers == (GAMBA,)
    assert "PowerInfer" not in answer.text


@pytest.mark.parametrize(
    ("before", "question"),
    [
        ("Mamba를 사용한 논문은?", "Transformer랑 섞은 것도 있어?"),
        ("Which papers used Mamba?", "any hybrids with transformers?"),
    ],
)
def test_what_goes_together_with_the_one_before_holds_both(before: str, question: str, ask: Ask) -> None:
    both = ask(question, before)
    assert len(both.plan.terms) == 2
    assert set(both.papers) < set(ask(before).papers)


@pytest.mark.parametrize(
    ("before", "question", "each"),
    [("2023년 12월 논문", "이 논문들 저자는?", 20), ("papers from December 2023", "who wrote them?", 20)],
)
def test_metadata_of_all_that_was_shown_is_told_of_each(before: str, question: str, each: int, ask: Ask) -> None:
    answer = ask(question, before)
    assert (answer.plan.kind, len(answer.citations)) == ("fact", each)


@pytest.mark.parametrize(
    "question", ["이 논문들 저자는?", "그 논문 언제 나왔어?", "더 보여줘", "who wrote these?", "when was it published?"]
)
def test_a_question_that_points_at_no_earlier_answer_is_told_so(question: str, ask: Ask) -> None:
    answer = ask(question)
    assert (answer.reason, answer.status, answer.citations) == ("no_reference", "refused", ())
    assert ("어느 논문" in answer.text) if answer.language == "ko" else ("which papers" in answer.text)


def test_a_word_for_charts_draws_only_where_it_is_to_be_drawn(ask: Ask) -> None:
    assert ask("그래프로 보여줘", "Mamba를 사용한 논문은?").plan.kind == "trend"
    assert ask("그래프랑 결합한 건?", "Mamba를 사용한 논문은?").plan.kind == "list"


@pytest.mark.parametrize(
    ("before", "question", "said"),
    [
        ("2023년 12월 논문", "각각 몇 배 빨라?", r"나머지 (\d+)편의 요약에는 그 내용이 나와 있지 않습니다\."),
        (
            "papers from December 2023",
            "how much faster is each of them?",
            r"The summaries of the other (\d+) do not state it\.",
        ),
    ],
)
def test_papers_that_do_not_tell_what_is_asked_of_each_are_counted(
    before: str, question: str, said: str, ask: Ask
) -> None:
    answer = ask(question, before)
    told = re.search(said, answer.text)
    assert told
    assert int(told[1]) == len(answer.plan.papers) - len(answer.citations)


@pytest.mark.parametrize(
    ("before", "question", "by"),
    [
        ("3D 생성 논문", "추천 많은 순으로", "votes"),
        ("3D 생성 논문", "그 중 최신순", "date"),
        ("papers on 3D generation", "sort them by date", "date"),
    ],
)
def test_a_list_is_put_in_an_order_whole(before: str, question: str, by: str, ask: Ask) -> None:
    plan = ask(question, before).plan
    assert (plan.kind, plan.by, plan.limit) == ("superlative", by, None)
    assert set(plan.papers) == set(ask(before).papers)


@pytest.mark.parametrize(
    ("before", "question"),
    [
        ("Mamba를 사용한 논문은?", "Gamba는 그거랑 뭐가 달라?"),
        ("which papers use Mamba?", "how is Gamba different from that?"),
    ],
)
def test_what_a_set_is_about_is_compared_and_not_its_first_paper(before: str, question: str, ask: Ask) -> None:
    answer = ask(question, before)
    assert answer.plan.kind == "compare"
    assert set(answer.papers) == {"2312.00752", "2403.18795"}


@pytest.mark.parametrize(
    ("before", "question", "term"),
    [
        ("LoRA랑 NeRF 비교해줘", "첫 번째 쓴 논문 몇 편이야?", "LoRA"),
        ("compare LoRA and NeRF", "how many papers use the second one?", "NeRF"),
    ],
)
def test_a_place_among_compared_things_is_the_thing(before: str, question: str, term: str, ask: Ask) -> None:
    assert ask(question, before).plan.terms == (term,)


@pytest.mark.parametrize(
    ("first", "second", "question"),
    [
        ("2023년 12월에 표가 가장 많은 논문", "2024년 3월은?", "둘 중에 뭐가 표를 더 많이 받았어?"),
        ("top paper of December 2023", "and March 2024?", "which of the two got more votes?"),
    ],
)
def test_two_papers_that_were_picked_one_by_one_are_both_meant(
    first: str, second: str, question: str, ask: Ask
) -> None:
    one, other = ask(first), ask(second, first)
    answer = ask(question, first, second)
    assert set(answer.plan.papers) == {*one.papers, *other.papers}
    assert answer.count == 1


@pytest.mark.parametrize(
    ("first", "question", "said"),
    [
        ("summarize Mamba", "who else was on it", "Mamba was written by"),
        ("Mamba 요약해줘", "저자 수는?", "모두 2명입니다."),
        ("summarize Mamba", "how many authors?", "That is 2 authors."),
        (
            "most voted paper on diffusion",
            "why is it so popular?",
            "The digests do not tell why a paper got its votes.",
        ),
        ("디퓨전에서 표 제일 많은 논문", "그거 왜 인기야?", "표를 많이 받은 까닭은 다이제스트에 나오지 않습니다."),
        ("summarize Mamba", "does it beat transformers of twice its size?", "Mamba-3B beats Transformers"),
        ("디퓨전 논문", "3개만 오래된 순으로", "가장 먼저 소개된 3편"),
        ("papers by Tri Dao", "the first one — how does it work?", "selective state space"),
    ],
)
def test_what_strangers_asked_of_the_answer_before(first: str, question: str, said: str, ask: Ask) -> None:
    assert said in ask(question, first).text


def test_a_property_narrows_the_list_before(ask: Ask) -> None:
    wider, narrower = ask("papers on diffusion"), ask("anything not needing training?", "papers on diffusion")
    assert 0 < len(narrower.papers) < len(wider.papers)
    assert set(narrower.papers) <= set(wider.papers)


@pytest.mark.parametrize(
    ("first", "question", "kind"),
    [
        ("papers on diffusion", "how has it trended since 2023", "trend"),
        ("디퓨전 논문", "2024년 추이 알려줘", "trend"),
        ("summarize Mamba", "you sure that came out in 2023?", "fact"),
        ("Mamba 요약해줘", "2023년에 나온 거 맞아?", "fact"),
    ],
)
def test_the_subject_before_is_what_a_trend_or_a_day_is_asked_of(
    first: str, question: str, kind: str, ask: Ask
) -> None:
    answer = ask(question, first)
    assert answer.plan.kind == kind
    assert answer.plan.topics or answer.papers == ("2312.00752",)
