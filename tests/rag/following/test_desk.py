"""The desk: counts of what waits, marks of what was shown, filters over all questions, and a book of an older version."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rag.errors import FollowError
from rag.following import book as books
from rag.following.book import Book, Saved, Standing, plan_of
from rag.following.desk import Desk
from rag.index.ingest import ingest
from rag.pipeline import Pipeline
from rag.questions.plan import FigureAsked, Plan
from rag.wiring import embedder
from tests.rag.conftest import settings_for

MAMBA = Saved("mamba", "papers that mention Mamba", "en")


@pytest.fixture
def desk(pipeline: Pipeline, tmp_path: Path) -> Desk:
    made = Desk(pipeline)
    made.path = tmp_path / "follow.sqlite"
    return made


def counts(desk: Desk) -> dict[str, int]:
    return {one.saved.name: one.papers for one in desk.waiting()}


def test_nothing_is_made_where_nothing_is_followed(desk: Desk) -> None:
    assert (desk.all(), desk.waiting(), desk.standing()) == ([], (), Standing())
    assert not desk.path.exists()


def test_counts_follow_what_is_told_and_seen(desk: Desk) -> None:
    found = desk.follow(MAMBA, tell_all=True)
    assert len(found.fits) > 1
    assert counts(desk) == {"mamba": len(found.fits)}
    shown = found.fits[0].arxiv_id
    desk.seen("mamba", [shown, "9999.99999"])
    assert counts(desk) == {"mamba": len(found.fits) - 1}
    (news,) = desk.told(["mamba"])
    assert shown not in news.papers
    desk.told(["mamba"], seen=True)
    assert counts(desk) == {"mamba": 0}
    desk.forget("mamba")
    assert counts(desk) == {}
    with pytest.raises(FollowError, match="No question is saved as"):
        desk.seen("mamba", [shown])


def test_a_paper_that_comes_while_news_are_written_is_new_the_next_time(pipeline: Pipeline, tmp_path: Path) -> None:
    def digest(day: int, title: str) -> None:
        text = f"## Daily Papers (2024-07-0{day})\n\n### [{title}](https://arxiv.org/abs/2407.0000{day})\n\nVote: 1\n\n- FlapNet learns to fly.\n"
        (tmp_path / "d").mkdir(exist_ok=True)
        (tmp_path / "d" / f"2024-07-0{day}.md").write_text(text, "utf-8")
        ingest(growing.store, embedder(growing.settings), [tmp_path / "d"])

    growing = Pipeline(settings_for(tmp_path / "store"))
    desk = Desk(growing)
    digest(1, "Moth")
    desk.follow(Saved("flap", "papers that mention FlapNet", "en"), tell_all=True)
    (first,) = desk.told(seen=True, write=lambda _: digest(2, "Wasp"))
    (second,) = desk.told(seen=True)
    assert (first.papers, second.papers) == (("2407.00001",), ("2407.00002",))
    assert [row.paper.title for row in second.new] == ["Wasp"]


def test_what_fits_when_it_is_followed_counts_as_seen(desk: Desk) -> None:
    desk.follow(MAMBA)
    assert counts(desk) == {"mamba": 0}


def test_the_filters_over_all_questions_hold_for_each(desk: Desk) -> None:
    found = desk.follow(MAMBA, tell_all=True)
    least = max(paper.votes or 0 for paper in found.fits)
    desk.stand(Standing(min_votes=least))
    assert counts(desk) == {"mamba": sum((paper.votes or 0) >= least for paper in found.fits)}
    desk.stand(Standing())
    assert counts(desk) == {"mamba": len(found.fits)}


def test_a_plan_of_its_own_is_asked_in_place_of_the_words(desk: Desk, pipeline: Pipeline) -> None:
    plan = Plan("list", terms=("Mamba",), relation="mention", date_from=date(2024, 1, 1))
    desk.follow(replace(MAMBA, plan=plan), tell_all=True)
    (news,) = desk.told()
    dates = [row.paper.date for row in news.new]
    assert dates
    assert min(dates) >= date(2024, 1, 1)
    assert desk.all()[0].plan == plan


def test_a_plan_is_kept_whole() -> None:
    plan = Plan(
        "list", topics=("RAG",), not_sorts=("survey",), date_to=date(2024, 2, 3), figure=FigureAsked("size", most=3e9)
    )
    assert plan_of(plan.as_json()) == plan
    assert plan_of({**plan.as_json(), "of_a_later_version": 1}) == plan


def test_a_book_of_the_first_version_is_read_on(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite"
    with sqlite3.connect(path) as old:
        old.executescript(
            "CREATE TABLE questions (name TEXT PRIMARY KEY, question TEXT NOT NULL, language TEXT NOT NULL,"
            " without TEXT NOT NULL, min_votes INTEGER, added TEXT NOT NULL, look INTEGER NOT NULL);"
            "CREATE TABLE announced (name TEXT NOT NULL, arxiv_id TEXT NOT NULL, PRIMARY KEY (name, arxiv_id)) WITHOUT ROWID;"
            "CREATE TABLE known (arxiv_id TEXT PRIMARY KEY, look INTEGER NOT NULL) WITHOUT ROWID;"
            "CREATE TABLE looks (look INTEGER PRIMARY KEY AUTOINCREMENT, made TEXT NOT NULL);"
            """INSERT INTO questions VALUES ('kv', 'KV 캐시 논문', 'ko', '["서베이"]', 5, '2024-06-11', 3);"""
            "INSERT INTO announced VALUES ('kv', '2406.00001'); PRAGMA user_version=1;"
        )
    for _ in range(2):
        book = Book(path)
        assert book.all() == [Saved("kv", "KV 캐시 논문", "ko", ("서베이",), 5, "2024-06-11", 3)]
        assert book.announced("kv") == {"2406.00001"}
        book.close()


def test_a_book_holds_a_limited_number_of_questions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(books, "MOST", 2)
    book = Book(tmp_path / "follow.sqlite")
    for name in ("a", "b"):
        book.add(replace(MAMBA, name=name), date(2024, 6, 11))
    with pytest.raises(FollowError, match="2 questions are saved already"):
        book.add(replace(MAMBA, name="c"), date(2024, 6, 11))
    book.close()
