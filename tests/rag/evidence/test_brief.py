"""What a range of days brought, counted by hand over invented digests."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NoReturn

from rag.corpus.catalogue import Catalogue
from rag.corpus.papers import Bullet, Paper
from rag.evidence.brief import brief

START = date(2024, 6, 10)


def paper(number: int, day: date, title: str, said: str = "여우를 봅니다.", votes: int | None = 1) -> Paper:
    return Paper(f"2406.{number:05d}", title, (day,), votes, (), False, None, (Bullet(said),), ())


def unused() -> NoReturn:
    raise AssertionError("few papers need no vectors")


def made(papers: list[Paper]) -> Catalogue:
    return Catalogue({p.arxiv_id: p for p in sorted(papers, key=lambda p: (p.date, p.arxiv_id), reverse=True)})


def test_a_week_has_its_papers_by_votes_and_its_new_things_by_kind() -> None:
    week = [
        paper(1, START, "FoxBench: A Benchmark for Tracks", votes=2),
        paper(2, START, "SnowSet", "발자국 사진을 모은 새로운 데이터셋을 소개합니다.", votes=9),
        paper(3, START + timedelta(days=2), "FoxLM 7B", "FoxLM 7B 모델을 공개합니다.", votes=None),
        paper(4, START + timedelta(days=6), "Reading Snow", votes=9),
    ]
    after = paper(5, START + timedelta(days=7), "Rain", votes=99)
    found = brief(week, START, START + timedelta(days=7), made([*week, after]), unused, "ko")
    assert [p.arxiv_id[-1] for p in found.papers] == ["4", "2", "1", "3"]
    assert {kind: [p.arxiv_id[-1] for p in papers] for kind, papers in found.new} == {
        "benchmark": ["1"], "dataset": ["2"], "model": ["3"],
    }  # fmt: skip
    assert (found.span.digests, found.span.papers, found.before, found.rose) == (3, 4, None, ())


def test_what_rose_is_a_share_against_the_share_in_the_time_before() -> None:
    before = [paper(n, START - timedelta(days=1 + n % 7), "Foxes in Snow") for n in range(1, 41)]
    week = [paper(100 + n, START + timedelta(days=n % 7), "Foxes in Snow") for n in range(6)]
    week += [paper(200 + n, START, "Speculative Decoding of Fox Calls", votes=n) for n in range(5)]
    found = brief(week, START, START + timedelta(days=7), made([*before, *week]), unused, "ko")
    assert found.before is not None
    assert (found.before.start, found.before.end, found.before.papers) == (START - timedelta(days=7), START, 40)
    rose = {topic.name("en"): (len(topic.papers), topic.before) for topic in found.rose}
    assert rose["speculative decoding"] == (5, 0)
    assert found.rose[0].papers[0].votes == 4


def test_a_single_day_is_compared_with_the_week_before() -> None:
    before = [paper(n, START - timedelta(days=1 + n % 7), "Foxes in Snow") for n in range(1, 31)]
    day = [paper(100, START, "Foxes in Snow")]
    found = brief(day, START, START + timedelta(days=1), made([*before, *day]), unused, "ko")
    assert found.before is not None
    assert found.before.start == START - timedelta(days=7)


def test_a_part_of_the_papers_of_a_week_is_compared_with_the_same_part_of_the_week_before() -> None:
    every = [paper(n, START - timedelta(days=1 + n % 7), "Owls in Snow") for n in range(1, 41)]
    foxes = [paper(100 + n, START, "Foxes in Snow") for n in range(6)]
    catalogue = made([*every, *foxes])
    week = (START, START + timedelta(days=7))
    few = brief(foxes, *week, catalogue, unused, "ko", lambda start, end: every[:3])
    assert few.before is None  # three are too few to tell from
    many = brief(foxes, *week, catalogue, unused, "ko", lambda start, end: every[:25])
    assert many.before is not None
    assert many.before.papers == 25


def test_what_fell_is_told_against_a_time_that_was_asked_for() -> None:
    before = [
        paper(n, START - timedelta(days=30 + n % 7), "Speculative Decoding of Fox Calls", votes=n) for n in range(9)
    ]
    before += [paper(50 + n, START - timedelta(days=30), "Foxes in Snow") for n in range(21)]
    week = [paper(100 + n, START, "Foxes in Snow") for n in range(11)]
    days, then = (START, START + timedelta(days=7)), (START - timedelta(days=37), START - timedelta(days=23))
    told = brief(week, *days, made([*before, *week]), unused, "ko", lambda *_: before, then)
    assert [(t.name("en"), len(t.papers), t.before) for t in told.fell] == [("speculative decoding", 9, 0)]
    assert told.fell[0].papers[0].votes == 8
    assert brief(week, *days, made([*before, *week]), unused, "ko", lambda *_: before).fell == ()


def test_a_whole_month_is_compared_with_the_whole_month_before() -> None:
    papers = [paper(n, date(2024, 1, 1 + n), "Foxes in Snow") for n in range(25)]
    february = [paper(100, date(2024, 2, 1), "Foxes in Snow")]
    found = brief(february, date(2024, 2, 1), date(2024, 3, 1), made([*papers, *february]), unused, "ko")
    assert found.before
    assert (found.before.start, found.before.papers) == (date(2024, 1, 1), 25)
