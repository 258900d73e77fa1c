"""News of saved questions over the sample digests: in order of relevance, with what just misses, and with filters read as questions are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rag.answers.export import of_evidence
from rag.errors import FollowError
from rag.evidence.likelihood import likelihood
from rag.following.book import Book, Saved, book_path, name_of
from rag.following.news import checked, filtered, look, news
from rag.pipeline import Pipeline
from rag.questions.plan import Plan
from rag.settings import read_settings
from tests.rag.conftest import settings_for

DAY = date(2024, 6, 12)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    made = Book(tmp_path / "follow.sqlite")
    yield made
    made.close()


def saved(question: str, **more: object) -> Saved:
    return replace(Saved("x", question, "en"), **more)  # type: ignore[arg-type]


def test_the_news_of_a_question_are_the_set_of_its_answer(pipeline: Pipeline, book: Book) -> None:
    for question in ("Which papers used Mamba?", "papers about video generation", "papers by Tri Dao"):
        told = news(look(saved(question), pipeline), book)
        answer = pipeline.ask(question, (), DAY)
        assert answer.status == "answered"
        assert sorted(told.papers) == sorted(answer.papers)


def test_papers_about_a_topic_come_most_probable_first_and_what_just_misses_is_near(
    pipeline: Pipeline, book: Book
) -> None:
    found = look(saved("papers about text-to-image generation"), pipeline)
    snapshot = pipeline.snapshot()
    probable = likelihood(found.evidence.reading.plan, snapshot.retriever())
    shares = dict(zip(snapshot.catalogue.ids, probable.tolist(), strict=True))
    order = [shares[paper.arxiv_id] for paper in found.fits]
    assert len(order) > 1
    assert order == sorted(order, reverse=True)
    assert found.near
    assert {paper.arxiv_id for paper in found.near}.isdisjoint(paper.arxiv_id for paper in found.fits)
    assert all(order[-1] / 2 <= shares[paper.arxiv_id] <= order[-1] for paper in found.near)


@pytest.mark.parametrize(
    "question",
    ["papers about language models", "Which papers used Mamba?", "papers about video generation, not about diffusion",
     "papers that mention transformers in May 2024", "How many papers are about 3D generation?", "papers by Tri Dao"],
)  # fmt: skip
def test_a_look_finds_what_the_whole_answer_rests_on_and_tells_it_in_its_sentences(
    pipeline: Pipeline, question: str
) -> None:
    found = look(saved(question), pipeline)
    whole = pipeline.evidence(question, "en", None)
    assert found.evidence.papers == whole.papers
    assert (found.evidence.pool, found.evidence.likely) == (whole.pool, whole.likely)
    assert found.evidence.groups == ()  # nothing that only an answer shows
    assert list(found.told(whole.papers)) == list(of_evidence(whole))


def test_papers_with_the_name_in_their_title_come_first(pipeline: Pipeline) -> None:
    found = look(saved("papers that mention Mamba"), pipeline)
    titled = ["mamba" in paper.title.lower() for paper in found.fits]
    assert titled[0]
    assert titled == sorted(titled, reverse=True)


def test_a_paper_that_is_probable_enough_only_later_now_fits(pipeline: Pipeline, book: Book) -> None:
    found = look(saved("papers about video generation"), pipeline)
    last = found.fits[-1]
    with book.changing():
        book.add(found.saved, DAY)
        before = news(replace(found, fits=found.fits[:-1]), book)
        book.mark([("x", before.papers)], [paper.arxiv_id for paper in found.fits], DAY)
    told = news(replace(found, saved=book.get("x")), book)
    assert (told.new, [row.paper for row in told.now_fit]) == ((), [last])


def test_near_papers_are_told_only_when_they_are_new(pipeline: Pipeline, book: Book) -> None:
    found = look(saved("papers about text-to-image generation"), pipeline)
    assert found.near
    with book.changing():
        book.add(found.saved, DAY)
        told = news(found, book)
        assert told.near
        book.mark([("x", told.papers)], pipeline.snapshot().catalogue.papers, DAY)
    assert news(replace(found, saved=book.get("x")), book).near == ()


@pytest.mark.parametrize(
    ("words", "field", "value"),
    [("survey", "not_sorts", ("survey",)), ("서베이", "not_sorts", ("survey",)), ("Tri Dao", "not_authors", ("Tri Dao",)),
     ("video generation", "not_topics", ("video generation",)), ("Mamba", "not_terms", ("Mamba",))],
)  # fmt: skip
def test_what_papers_must_not_be_is_read_as_a_question_is(
    pipeline: Pipeline, words: str, field: str, value: tuple[str, ...]
) -> None:
    asked = saved("papers about language models", without=(words,))
    plan = filtered(Plan("list", topics=("language models",)), asked, pipeline, pipeline.snapshot())
    assert getattr(plan, field) == value
    assert replace(plan, **{field: ()}) == Plan("list", topics=("language models",))


@pytest.mark.parametrize(
    "question", ["What is Mamba?", "top 3 papers by votes", "How many papers are there per month?", "hello"]
)
def test_what_asks_for_no_set_is_refused(pipeline: Pipeline, question: str) -> None:
    with pytest.raises(FollowError, match="asks for no set"):
        checked(saved(question), pipeline)


def test_a_refusal_says_how_to_ask_and_never_repeats_what_was_asked(pipeline: Pipeline) -> None:
    with pytest.raises(FollowError, match="as in “papers about hello”"):
        checked(saved("hello"), pipeline)
    with pytest.raises(FollowError) as refused:
        checked(saved("top 3 papers by votes"), pipeline)
    assert "papers about" not in str(refused.value)


def test_the_book_stands_beside_the_index_or_where_the_setting_says(tmp_path: Path) -> None:
    assert book_path(settings_for(tmp_path / "store")) == tmp_path / "store.follow.sqlite"
    assert book_path(settings_for(tmp_path / "store", follow=str(tmp_path / "mine.sqlite"))) == tmp_path / "mine.sqlite"
    home = {"HOME": str(tmp_path)}

    server = read_settings({"store": "http://chroma.example:8000"}, home, tmp_path / "no.env")
    assert book_path(server) == tmp_path / ".local/share/nonmun/chroma-example-8000.follow.sqlite"


def test_names_are_made_of_questions() -> None:
    assert name_of("KV 캐시를 줄이는 방법은?") == "KV-캐시를-줄이는-방법은"
    assert len(name_of("x" * 200)) == 40
