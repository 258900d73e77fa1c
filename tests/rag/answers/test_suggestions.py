"""What is offered to a reader is answered; a plan without one of its parts; given plans and filters carried out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rag.answers.answer import Answer
from rag.answers.suggestions import follow_ups, relaxations, starters
from rag.index.progress import read_progress, recorded
from rag.pipeline import Pipeline
from rag.questions.plan import Filters, Plan, narrowed, parts, without
from rag.settings import read_settings
from tests.doubles import REPOSITORY, write_sample

DAY = date(2024, 6, 30)


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    from rag.index.ingest import ingest
    from vectorstore.embedders import load_embedding
    from vectorstore.folder import FolderStore

    folder = tmp_path_factory.mktemp("suggestions") / "store"
    ingest(FolderStore(folder), load_embedding("bundled"), [REPOSITORY / "seeds"])
    return Pipeline(read_settings({"store": str(folder)}, environment={}))


def ask(pipeline: Pipeline, question: str, **more: object) -> Answer:
    return pipeline.offline(question, as_of=DAY, **more)  # type: ignore[arg-type]


def counting(pipeline: Pipeline) -> Callable[[Plan], int]:
    """Return how the page counts the papers of a plan."""
    return lambda plan: len(pipeline.evidence("", "ko", plan, members=True).papers)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_starters_are_of_this_index_in_the_readers_language_and_answered(pipeline: Pipeline, language: str) -> None:
    offered = starters(pipeline.snapshot().catalogue, language, lambda q: ask(pipeline, q))  # type: ignore[arg-type]
    assert len(set(offered)) == 6
    answers = [ask(pipeline, question) for question in offered]
    assert all(answer.status == "answered" and answer.papers for answer in answers)
    assert {answer.language for answer in answers} == {language}
    assert any("2024" in question for question in offered)


@pytest.mark.parametrize(
    "question",
    [
        "Mamba를 사용한 논문은?",
        "2023년 12월 논문 중 표가 가장 많은 3편은?",
        "Gamba를 설명해 줘",
        "Which papers used Transformer?",
        "6월 11일 논문 요약해 줘",
    ],
)
def test_next_questions_lead_somewhere_else(pipeline: Pipeline, question: str) -> None:
    answer = ask(pipeline, question)
    offered = follow_ups(
        answer, pipeline.snapshot().catalogue, lambda q: ask(pipeline, q, history=[question], previous=answer.plan)
    )
    assert 1 <= len(offered) <= 3
    for after in offered:
        found = ask(pipeline, after, history=[question], previous=answer.plan)
        assert found.status == "answered"
        assert found.papers
        assert found.papers != answer.papers or found.plan.kind == "trend"


def test_an_empty_set_says_what_it_would_hold_without_one_of_its_parts(pipeline: Pipeline) -> None:
    count = counting(pipeline)
    answer = ask(pipeline, "2019년에 Mamba를 사용한 논문은?")
    assert answer.papers == ()
    assert relaxations(answer.plan, count) == (("date_from", "", 2),)
    assert relaxations(Plan("fact"), count) == ()
    early = ask(pipeline, "2019년 논문은?")
    assert (early.papers, relaxations(early.plan, count)) == ((), (("date_from", "", 77),))
    assert relaxations(Plan("list", terms=("켤크",)), count) == ()


@pytest.mark.parametrize("question", ["2031년 비디오 생성 논문 목록", "Papers of 2031 on video generation"])
def test_what_a_topic_would_hold_is_counted_by_the_topic(pipeline: Pipeline, question: str) -> None:
    answer, whole = ask(pipeline, question), ask(pipeline, "비디오 생성 논문 목록")
    assert answer.papers == ()
    assert whole.count < 40
    assert relaxations(answer.plan, counting(pipeline)) == (("date_from", "", whole.count),)


def test_a_given_plan_is_carried_out_in_the_questions_language_and_with_its_words(pipeline: Pipeline) -> None:
    question = "2019년에 Mamba를 사용한 논문은?"
    asked_for = ask(pipeline, question).plan
    rest = next(without(asked_for, chip) for chip in parts(asked_for, "ko") if chip.field == "date_from")
    answer = ask(pipeline, question, plan=rest)
    assert (answer.count, answer.language, answer.question) == (2, "ko", question)
    assert ask(pipeline, question, plan=rest, language="en").language == "en"
    assert ask(pipeline, question, plan=asked_for).reason == ask(pipeline, question).reason


def test_a_follow_up_means_the_answer_that_was_shown(pipeline: Pipeline) -> None:
    history = ["2023년 12월 논문 중 표가 가장 많은 3편은?"]
    shown = ask(
        pipeline,
        history[0],
        plan=Plan(
            "superlative", date_from=date(2023, 12, 1), date_to=date(2024, 1, 1), limit=2, order="desc", by="votes"
        ),
    )
    assert shown.count == 2
    assert ask(pipeline, "그중 2023년 것만", history=history).count == 3
    found = ask(pipeline, "그중 2023년 것만", history=history, previous=shown.plan)
    assert set(found.papers) == set(shown.papers)
    again = ask(pipeline, "영어로", history=history, previous=shown.plan)
    assert (again.language, again.papers) == ("en", shown.papers)


def test_filters_narrow_what_a_question_asks_for(pipeline: Pipeline) -> None:
    question = "Mamba를 사용한 논문은?"
    assert ask(pipeline, question, filters=Filters(date_from=date(2024, 1, 1))).papers == ("2403.18795",)
    assert ask(pipeline, question, filters=Filters(author="Tri Dao")).papers == ("2312.00752",)
    assert ask(pipeline, question, filters=Filters(min_votes=8)).papers == ()
    both = narrowed(
        Plan("list", date_from=date(2024, 1, 1), authors=("Han Sora",)),
        Filters(date(2023, 1, 1), date(2024, 6, 1), "Han Sora"),
    )
    assert (both.date_from, both.date_to, both.authors) == (date(2024, 1, 1), date(2024, 6, 1), ("Han Sora",))
    named = Plan("known_item", papers=("2312.00752",))
    assert narrowed(named, Filters(min_votes=99)) is named


@pytest.fixture
def small(tmp_path: Path) -> Pipeline:
    from rag.index.ingest import ingest
    from vectorstore.embedders import load_embedding
    from vectorstore.folder import FolderStore

    ingest(FolderStore(tmp_path / "store"), load_embedding("bundled"), [write_sample(tmp_path / "digests")])
    return Pipeline(read_settings({"store": str(tmp_path / "store")}, environment={}))


def test_the_language_of_the_summaries_narrows_and_is_said(small: Pipeline) -> None:
    whole = ask(small, "2024년 6월 논문 목록")
    english = ask(small, "2024년 6월 논문 목록", filters=Filters(summary="en"))
    assert (whole.count, set(english.papers)) == (4, {"2406.00001", "2406.00003"})
    assert "영어 요약이 있는 논문은 모두 2편입니다" in english.text
    assert "영어 요약" in english.chips
    counted = ask(small, "Papers in June 2024", filters=Filters(summary="ko", min_votes=2))
    assert "with at least 2 votes and a summary in Korean" in counted.text
    assert relaxations(replace(english.plan, min_votes=10**6), counting(small)) == (("min_votes", "", 2),)


def test_papers_whose_votes_are_not_told_can_be_asked_for(small: Pipeline) -> None:
    korean = ask(small, "투표 수를 알 수 없는 논문이 있어?")
    assert korean.papers == ("2406.00003",)  # no votes at all is a number: MossBank has 0
    assert "투표 수를 알 수 없는 논문은 1편입니다." in korean.text.splitlines()[0]
    assert korean.chips[0] == "표 정보 없음"
    english = ask(small, "How many papers in June 2024 have unknown votes?")
    assert english.papers == korean.papers
    assert "There is 1 paper with an unknown number of votes" in english.text
    none = ask(small, "표 정보가 없는 논문 중 맘바를 언급한 것")
    assert none.count == 0
    assert "1편" in none.text  # without the constraint


def test_an_ingest_notes_how_far_it_is_and_takes_the_note_away(tmp_path: Path) -> None:
    seen = []
    with recorded(tmp_path, lambda *step: seen.append(step)) as progress:
        assert read_progress(tmp_path) == ("read", 0, 0)
        progress("embed", 5, 10)
        progress("embed", 6, 10)
        assert read_progress(tmp_path) in (("embed", 5, 10), ("embed", 6, 10))
    assert seen == [("embed", 5, 10), ("embed", 6, 10)]
    assert read_progress(tmp_path) is None
    (tmp_path / "progress.json").write_text("{half")
    assert read_progress(tmp_path) is None
