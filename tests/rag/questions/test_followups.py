"""A question after another: which papers it means, and how the answer is given again. Over the sample digests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from rag.answers.answer import Answer
from rag.corpus.catalogue import Catalogue
from rag.questions.followups import FollowUp, follow_up, resume
from rag.questions.plan import Plan
from tests.rag.conftest import AS_OF

BEFORE = ("2403.18795", "2312.00752", "2312.12456")
MAMBA, GAMBA = "2312.00752", "2403.18795"


@pytest.mark.parametrize(
    ("question", "papers"),
    [
        ("그중 2024년 것만", BEFORE), ("그 중에서 표가 가장 많은 건?", BEFORE), ("이 중 확산 모델을 쓴 것은?", BEFORE),
        ("of those, which are from 2024?", BEFORE), ("only those from 2024", BEFORE), ("표 순으로 보여줘", BEFORE),
        ("최신순으로", BEFORE), ("sort by votes", BEFORE), ("두 번째 논문 저자는?", BEFORE[1:2]), ("2번 논문 설명해줘", BEFORE[1:2]),
        ("첫 번째 거 링크 줘", BEFORE[:1]), ("who wrote the first one?", BEFORE[:1]), ("the last paper", BEFORE[2:]),
        ("그 논문 저자는?", BEFORE[:1]), ("how fast is it?", BEFORE[:1]), ("and how fast?", BEFORE[:1]),
        ("Mamba를 사용한 논문은?", ()), ("which papers used Mamba?", ()), ("오늘 날씨 어때?", ()),
        ("다섯 번째 논문은?", ()),
        ("그중에 2024년 거만 보여줘", BEFORE), ("이 중에서 제일 표 많은 것", BEFORE), ("거기서 LoRA 쓴 건?", BEFORE),
        ("위 논문들 중 3D 다룬 건?", BEFORE), ("저 중에서 10표 이상만", BEFORE), ("which ones are about 3D?", BEFORE),
        ("of these, the most voted", BEFORE), ("among them, which use LoRA?", BEFORE), ("날짜순으로 정렬해 줘", BEFORE),
        ("표 많은 순으로 정렬", BEFORE), ("order them by date", BEFORE), ("세번째 거 요약해줘", BEFORE[2:]), ("3번째 논문 링크", BEFORE[2:]),
        ("마지막 논문 설명해줘", BEFORE[2:]), ("첫 번째랑 두 번째 비교해줘", BEFORE[:2]), ("1번과 3번 차이가 뭐야?", (BEFORE[0], BEFORE[2])),
        ("compare the first and the third", (BEFORE[0], BEFORE[2])), ("앞의 두 개를 비교해 줘", BEFORE[:2]),
        ("compare the first two", BEFORE[:2]), ("the second one's votes?", BEFORE[1:2]), ("저자는?", BEFORE[:1]), ("링크 줘", BEFORE[:1]),
        ("투표 수는 몇이야?", BEFORE[:1]), ("who wrote it?", BEFORE[:1]), ("and how fast is it?", BEFORE[:1]), ("이 방법은 왜 빨라?", BEFORE[:1]),
        ("그 중요한 방법은?", ()),
        ("just the 2024 ones", BEFORE), ("2024년 것만 보여줘", BEFORE), ("3D 다룬 것들만", BEFORE), ("그게 다 몇 편이야?", BEFORE), ("모두 몇 편이에요?", BEFORE),
        ("how many is that?", BEFORE), ("how many papers are there in total?", BEFORE), ("who are the authors?", BEFORE[:1]), ("얼마나 빠른데?", BEFORE[:1]),
        ("성능은 어때?", BEFORE[:1]), ("but how does it work?", BEFORE[:1]), ("몇 편이 LoRA를 썼어?", ()), ("how many papers use LoRA?", ()), ("how do I cook rice?", ()), ("3D 논문 2편", ()), ("이중 인코더 논문", ()), ("1번째부터 5번째", ()),
    ],
)  # fmt: skip
def test_a_follow_up_names_earlier_papers_by_place_or_as_a_whole(question: str, papers: tuple[str, ...]) -> None:
    assert follow_up(question, BEFORE).papers == papers


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("두 번째 논문 저자는?", "이 논문 저자는?"), ("마지막 거 요약해줘", "이 논문 요약해줘"), ("첫 번째랑 두 번째 비교해줘", "이 논문랑 비교해줘"),
        ("앞의 두 개를 비교해 줘", "이 논문를 비교해 줘"), ("그중에서 LoRA를 쓴 건?", "LoRA를 쓴 건?"), ("which ones are about 3D?", "are about 3D?"),
    ],
)  # fmt: skip
def test_what_points_at_papers_is_taken_out_of_the_question(question: str, asked: str) -> None:
    assert follow_up(question, BEFORE).question == asked


@pytest.mark.parametrize(
    ("question", "language"),
    [("영어로 다시 답해 줘", "en"), ("한국어로", "ko"), ("영어로", "en"), ("answer in Korean", "ko"), ("in English please", "en"), ("그럼 영어 논문은?", None), ("translate it into English", "en"),
     ("다시 한국어로 답해줘", "ko"), ("영어로 번역해 줘", "en"), ("위 답변을 영어로 다시 써 줘", "en"), ("English please", "en"), ("again in Korean", "ko"), ("영어 논문 알려줘", None), ("한국어 데이터를 쓴 논문", None)],
)  # fmt: skip
def test_a_change_of_language_asks_the_last_question_again(question: str, language: str | None) -> None:
    found = follow_up(question, BEFORE)
    assert (found.repeat, found.language) == (language is not None, language)


@pytest.mark.parametrize(
    "question",
    [
        "표로 정리해줘",
        "as a table",
        "make it a table",
        "테이블로 보여줘",
        "이걸 표로 만들어 줘",
        "다시 표로 정리해 주세요",
        "비교 표로 보여줘",
        "put them in a table",
    ],
)
def test_a_table_is_made_of_the_papers_before(question: str) -> None:
    found = follow_up(question, BEFORE)
    assert (found.table, found.papers) == (True, BEFORE)


def test_without_papers_before_there_is_nothing_to_point_at() -> None:
    for question in ("두 번째 논문 저자는?", "그 논문은?", "표로 정리해줘"):
        assert follow_up(question, ()) == FollowUp(question)


# --- Through the pipeline --------------------------------------------------------------------------------------------
Ask = Callable[..., Answer]


def test_a_year_narrows_the_papers_before(ask: Ask) -> None:
    answer = ask("그중 2024년 것만", "Mamba를 사용한 논문은?")
    assert (answer.papers, answer.question, answer.language) == ((GAMBA,), "그중 2024년 것만", "ko")


def test_an_english_follow_up_narrows_as_well(ask: Ask) -> None:
    answer = ask("only those from 2024", "Which papers used Mamba?")
    assert (answer.papers, answer.language) == ((GAMBA,), "en")


def test_the_second_paper_is_the_second_that_was_listed(ask: Ask) -> None:
    before = ask("Mamba를 사용한 논문은?")
    answer = ask("두 번째 논문 저자는?", "Mamba를 사용한 논문은?")
    assert answer.papers == before.papers[1:2] == (MAMBA,)
    assert "Albert Gu, Tri Dao" in answer.text


def test_the_same_answer_comes_again_in_the_other_language(ask: Ask) -> None:
    answer = ask("영어로 다시 답해 줘", "Mamba를 사용한 논문은?")
    assert (answer.language, answer.papers) == ("en", (GAMBA, MAMBA))
    assert "There are 2 papers" in answer.text


def test_the_papers_before_come_as_a_table(ask: Ask) -> None:
    answer = ask("표로 정리해줘", "Mamba를 사용한 논문은?")
    assert answer.papers == (GAMBA, MAMBA)
    assert answer.text.count("\n| [") == 2


def test_it_is_the_paper_that_was_explained(ask: Ask) -> None:
    assert ask("how fast is it?", "What is PowerInfer?").papers == ("2312.12456",)


def test_what_uses_a_method_is_looked_for_among_those_before(ask: Ask) -> None:
    top = ask("2023년 12월 논문 중 표가 가장 많은 3편은?")
    answer = ask("그중 확산 모델을 쓴 건?", "2023년 12월 논문 중 표가 가장 많은 3편은?")
    assert set(answer.papers) < set(top.papers)
    assert answer.plan.kind == "list"


def test_a_new_question_forgets_the_one_before(ask: Ask) -> None:
    assert ask("PowerInfer가 뭐야?", "Mamba를 사용한 논문은?").papers == ("2312.12456",)


def test_follow_ups_chain(ask: Ask) -> None:
    answer = ask("그 논문 저자는?", "Mamba를 사용한 논문은?", "그중 2023년 것만")
    assert answer.papers == (MAMBA,)


def test_a_follow_up_without_a_question_before_is_a_question_of_its_own(ask: Ask) -> None:
    answer = ask("그중 2024년 것만")
    assert answer.status in ("answered", "no_evidence", "refused")


# --- Instead ---------------------------------------------------------------------------------------------------------
Y2023 = {"date_from": date(2023, 1, 1), "date_to": date(2024, 1, 1)}
MARCH = {"date_from": date(2024, 3, 1), "date_to": date(2024, 4, 1)}


@pytest.mark.parametrize(
    ("before", "question", "after"),
    [
        (Plan("list", terms=("Mamba",), relation="use"), "그럼 LoRA는?", Plan("list", terms=("LoRA",), relation="use")),
        (Plan("count", terms=("LLM",), **MARCH), "그럼 2023년은?", Plan("count", terms=("LLM",), **Y2023)),
        (Plan("count", terms=("LLM",)), "그리고 확산 모델은요?", Plan("count", terms=("확산 모델",))),
        (Plan("superlative", terms=("3D",), by="votes", order="desc", limit=3), "what about diffusion?", Plan("superlative", terms=("diffusion",), by="votes", order="desc", limit=3)),
        (Plan("list", terms=("3D",), **MARCH), "and in 2023?", Plan("list", terms=("3D",), **Y2023)),
        (Plan("author", authors=("Dahua Lin",)), "그럼 Ziwei Liu는?", Plan("author", authors=("Ziwei Liu",))),
        (Plan("date", **MARCH), "그럼 2023년은?", Plan("date", **Y2023)),
        (Plan("list", terms=("3D",), **MARCH), "and since 2023-12-04?", Plan("list", terms=("3D",), date_from=date(2023, 12, 4))),
        (Plan("explain", papers=(GAMBA,)), "그럼 PowerInfer는?", Plan("explain", papers=("2312.12456",))),
        (Plan("explain", papers=(GAMBA,)), "and how fast?", Plan("fact", papers=(GAMBA,))),
        (Plan("explain", papers=(GAMBA,)), "그럼 저자는?", Plan("fact", papers=(GAMBA,))),
    ],
)  # fmt: skip
def test_what_a_short_question_names_takes_the_place_of_what_the_one_before_named(
    before: Plan, question: str, after: Plan, catalogue: Catalogue
) -> None:
    follow = follow_up(question, before.papers or (GAMBA,))
    assert resume(follow, before, catalogue, AS_OF).plan == after


def test_the_same_count_is_made_for_another_method(ask: Ask) -> None:
    answer = ask("그럼 LoRA는?", "Mamba를 사용한 논문은?")
    assert (answer.plan.kind, answer.plan.terms, answer.plan.relation) == ("list", ("LoRA",), "use")
    assert answer.papers == ask("LoRA를 사용한 논문은?").papers
