"""Small ways of asking that stand beside any topic; expected by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from rag.answers.answer import Answer
from rag.corpus.catalogue import Catalogue
from rag.questions.reader import understand
from rag.questions.wants import asks_better, asks_how_done, asks_what, asks_why, first_reads

Ask = Callable[..., Answer]

AS_OF = date(2024, 6, 12)


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("지도 압축이 뭐고 왜 쓰는지", True), ("지도 압축은 왜 필요해?", True), ("지도 압축의 장점은?", True),
        ("why do people use snow maps?", True), ("what are snow maps good for?", True),
        ("지도 압축이 뭐야?", False), ("what is a snow map?", False), ("지도 압축 논문", False),
    ],
)  # fmt: skip
def test_a_reason_is_asked_for_by_why_and_by_merits(question: str, why: bool) -> None:
    assert asks_why(question) is why


@pytest.mark.parametrize(
    ("question", "how"),
    [
        ("요즘 지도 압축 어떻게들 하고 있어?", True), ("다들 환각 어떻게 줄여?", True), ("how are people doing snow maps nowadays", True),
        ("지도 압축은 어떻게 해?", False), ("how do you train a snow map?", False),
    ],
)  # fmt: skip
def test_how_people_go_about_something_is_no_question_of_how_one_thing_works(question: str, how: bool) -> None:
    assert asks_how_done(question) is how


def test_what_is_asked_is_the_thing_alone() -> None:
    assert asks_what("What is a snow map?", "snow map")
    assert not asks_what("What is the size of a snow map?", "snow map")


def test_a_verdict_is_asked_for_by_better() -> None:
    assert asks_better("FoxNet이 HareNet보다 나아?")
    assert asks_better("which is better, FoxNet or HareNet?")
    assert not asks_better("FoxNet과 HareNet의 차이")


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("눈 지도 처음 공부하는데 뭐부터 읽어야 하나요", "눈 지도 논문"),
        ("눈 지도를 처음 배우는데 어디서부터 시작해야 해?", "눈 지도 논문"),
        ("눈 지도 초보인데 논문 추천 좀", "눈 지도 논문 추천 좀"),
        ("눈 지도 이해하려면 뭐부터 봐야 돼?", "눈 지도 논문"),
        ("what should I read first about snow maps, I'm completely new", "papers about snow maps"),
        ("I'm new to snow maps, where do I start?", "snow maps, papers"),
        ("good starting points for snow maps", "papers about snow maps"),
        ("가장 먼저 나온 눈 지도 논문", ""),
        ("처음으로 눈 지도를 쓴 논문은?", ""),
        ("뭐부터 읽어야 해?", ""),
        ("그 중에 뭐부터 읽으면 좋아?", ""),
        ("which of them should I read first?", ""),
        ("which paper should I read first, FoxNet or HareNet?", ""),
        ("papers on few-shot learning from scratch", ""),
    ],
)
def test_a_beginners_question_becomes_one_for_papers_on_the_topic(question: str, asked: str) -> None:
    assert first_reads(question) == asked


def test_a_beginners_question_is_read_as_papers_in_an_order(catalogue: Catalogue) -> None:
    for question, topic in (("디퓨전 처음 공부하는데 뭐부터 읽어야 하나요", "디퓨전"), ("what should I read first about diffusion models, I'm completely new", "diffusion models")):  # fmt: skip
        reading = understand(question, catalogue, AS_OF)
        assert (reading.plan.kind, reading.plan.topics, reading.ordered, reading.plan.order) == (
            "list",
            (topic,),
            True,
            None,
        )
        assert reading.question == question


def test_how_people_do_something_is_answered_by_a_synthesis_and_not_by_yes(catalogue: Catalogue) -> None:
    reading = understand("요즘 에이전트 메모리 어떻게들 하고 있어", catalogue, AS_OF)
    assert (reading.plan.kind, reading.overview, reading.yes_no) == ("list", True, False)


def test_what_a_known_thing_is_is_explained_whatever_the_network_takes_it_for(catalogue: Catalogue) -> None:
    reading = understand("what's test-time compute?", catalogue, AS_OF)
    assert (reading.plan.kind, reading.plan.topics) == ("explain", ("test-time compute",))


@pytest.mark.parametrize(
    "question",
    [
        "이미지 한 장에서 3D 옷 만드는 논문 이름이 뭐였더라",
        "there was one that turns a picture into 3D garments, what was it called?",
    ],
)
def test_a_paper_whose_name_is_forgotten_is_looked_for_by_its_description(question: str, ask: Ask) -> None:
    answer = ask(question)
    assert answer.plan.kind == "describe"
    assert answer.papers[0] == "2403.18816"


@pytest.mark.parametrize(
    "question", ["3D 생성 데이터셋 이름 뭐뭐 있어?", "2023년 12월에 표가 가장 많은 논문 제목이 뭐야?"]
)
def test_names_of_a_list_are_no_forgotten_name(question: str, ask: Ask) -> None:
    assert ask(question).plan.kind in ("list", "superlative")
