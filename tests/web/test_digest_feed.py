"""The digests as a feed: the calendar, ranges of days, and what the page is told of a set and of a paper."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from rag.pipeline import Pipeline
from rag.questions.plan import Plan
from rag.settings import read_settings
from tests.doubles import OWL, entry, write_day
from web.digests import calendar, digest
from web.library import Library
from web.request_models import QuestionRequest

WOLF = entry(
    "2406.00009", "WolfNet: Howls in the Dark", ("늑대 소리를 맘바로 구별합니다.",), votes=3, authors=("Kim Narae",)
)
FOX = entry(
    "2405.00003",
    "FoxNet: Steps in Snow",
    ("발자국을 세는 방법을 제안합니다.", "FoxNet은 추론 속도를 2.1배 향상시킵니다."),
    votes=9,
    authors=("Kim Narae",),
)


def indexed(folder: Path) -> Pipeline:
    """Return a pipeline over the digests of a folder."""
    from rag.index.ingest import ingest
    from vectorstore.embedders import load_embedding
    from vectorstore.folder import FolderStore

    ingest(FolderStore(folder / "store"), load_embedding("bundled"), [folder / "digests"])
    return Pipeline(read_settings({"store": str(folder / "store")}, environment={}))


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    folder = tmp_path_factory.mktemp("feed")
    write_day(folder / "digests", "2024-05-31", FOX)
    write_day(folder / "digests", "2024-06-10", WOLF)
    write_day(folder / "digests", "2024-06-12", OWL)
    return indexed(folder)


def test_the_calendar_counts_the_papers_of_each_day(pipeline: Pipeline) -> None:
    assert calendar(pipeline) == [["2024-05-31", 1], ["2024-06-10", 1], ["2024-06-12", 1]]


def test_a_week_or_a_month_is_a_range_by_votes_with_the_days_around_it(pipeline: Pipeline) -> None:
    newest = digest(pipeline, None, None, "ko")
    assert (newest["day"], newest["until"], newest["before"], newest["after"]) == (
        "2024-06-12",
        "2024-06-12",
        "2024-06-10",
        None,
    )
    week = digest(pipeline, date(2024, 6, 9), date(2024, 6, 15), "ko")
    assert [paper["id"] for paper in week["papers"]] == ["2406.00001", "2406.00009"]
    assert (week["days"], week["total"], week["before"], week["after"]) == (2, 2, "2024-05-31", None)
    empty = digest(pipeline, date(2024, 6, 2), date(2024, 6, 8), "en")
    assert (empty["papers"], empty["before"], empty["after"]) == ([], "2024-05-31", "2024-06-10")
    assert digest(pipeline, date(2019, 1, 1), None, "ko")["day"] == "2024-06-12"  # no digest of that day
    assert digest(pipeline, None, None, "ko", grouped=True)["groups"] == []  # few papers need no groups
    assert digest(pipeline, date(2024, 6, 12), date(2024, 6, 1), "ko")["until"] == "2024-06-12"  # backwards


def test_a_row_of_a_set_holds_the_sentence_that_tells_most(pipeline: Pipeline) -> None:
    rows = Library(pipeline).rows(
        QuestionRequest(question="", plan=Plan("list", authors=("Kim Narae",)), language="ko")
    )
    assert [(row[0], row[6]) for row in rows] == [
        ("2406.00009", "늑대 소리를 맘바로 구별합니다."), ("2405.00003", "FoxNet은 추론 속도를 2.1배 향상시킵니다."),
    ]  # fmt: skip


def test_the_page_of_a_paper_has_the_figures_of_its_summary(pipeline: Pipeline) -> None:
    found = Library(pipeline).paper("2405.00003", "ko")
    assert found
    said = "FoxNet은 추론 속도를 2.1배 향상시킵니다."
    assert found["figures"] == [{"of": "속도 향상", "value": "2.1배", "sentence": said}]
    assert found["summaries"][0]["bullets"][1] == {"label": "", "text": said}
    assert Library(pipeline).paper("1234.56789", "ko") is None


def test_a_common_word_in_small_letters_does_not_mention_a_paper_of_that_name(tmp_path: Path) -> None:
    write_day(
        tmp_path / "digests",
        "2024-06-10",
        entry("2406.00011", "ICon: Choosing Examples", ("ICon은 예시를 고릅니다.",), votes=1),
        entry("2406.00012", "ScreenReader: Buttons by Sight", ("화면의 아이콘(icon)을 읽습니다.",), votes=1),
        entry("2406.00013", "Sieve: Fewer Examples", ("ICON보다 예시를 적게 씁니다.",), votes=1),
    )
    found = Library(indexed(tmp_path)).paper("2406.00011", "ko")
    assert found
    assert [one["id"] for one in found["naming"]] == ["2406.00013"]


def test_papers_that_are_less_likely_than_not_about_a_topic_are_near(pipeline: Pipeline) -> None:
    library = Library(pipeline)
    assert library.weak(Plan("list", terms=("Mamba",))) == frozenset()
    weak = library.weak(Plan("list", topics=("발자국",)))
    assert "2406.00001" in weak
    assert weak < set(pipeline.snapshot().catalogue.ids) | {""}
