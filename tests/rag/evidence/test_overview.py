"""What is counted of a set as a whole, and what to read of it first; expected by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from rag.corpus.catalogue import Catalogue
from rag.corpus.papers import Bullet, Paper
from rag.evidence.groups import Group
from rag.evidence.overview import deviations, halves, most_voted, overview, reading_list

LAST = date(2025, 5, 9)


def paper(number: int, days_ago: int, votes: int | None = 0, title: str = "Foxes") -> Paper:
    day = LAST - timedelta(days=days_ago)
    return Paper(f"2501.{number:05d}", title, (day,), votes, (), False, None, (Bullet("여우를 봅니다."),), ())


def catalogue_of(papers: list[Paper]) -> Catalogue:
    return Catalogue({p.arxiv_id: p for p in sorted(papers, key=lambda p: p.date, reverse=True)})


def test_a_share_is_counted_in_the_last_ninety_days_and_in_the_ninety_before() -> None:
    others = [paper(n, n % 200, 0) for n in range(200)]  # one a day, the last 200 days
    inside = [paper(1000 + n, 10, 5) for n in range(8)] + [paper(1100 + n, 100, 1) for n in range(2)]
    counted = overview(inside, catalogue_of([*others, *inside]))
    assert counted.trend is not None
    now, before = counted.trend.now, counted.trend.before
    assert (now.papers, now.of, before.papers, before.of) == (8, 98, 2, 92)
    assert (now.start, now.end) == (date(2025, 2, 9), LAST)
    assert (before.start, before.end) == (date(2024, 11, 11), date(2025, 2, 8))
    assert counted.since == LAST - timedelta(days=100)


@pytest.mark.parametrize(
    ("late", "early", "direction"),
    [(20, 4, "rising"), (4, 20, "falling"), (12, 11, "level"), (10, 9, "few"), (1, 0, "few")],
)
def test_a_share_rises_or_falls_only_where_it_surely_does(late: int, early: int, direction: str) -> None:
    others = [paper(n, n % 200, 0) for n in range(400)]
    inside = [paper(1000 + n, 5) for n in range(late)] + [paper(2000 + n, 120) for n in range(early)]
    counted = overview(inside, catalogue_of([*others, *inside]))
    assert counted.trend is not None
    assert counted.trend.direction == direction


def test_the_halves_of_a_range_of_days_are_compared() -> None:
    others = [paper(n, n, 0) for n in range(200)]  # one a day, the last 200 days
    inside = [paper(1000 + n, 10) for n in range(30)] + [paper(2000 + n, 150) for n in range(3)]
    every = catalogue_of([*others, *inside])
    trend = halves(inside, every, LAST - timedelta(days=199), LAST + timedelta(days=1))
    assert trend is not None
    assert (trend.now.papers, trend.now.of, trend.before.papers, trend.before.of) == (30, 130, 3, 103)
    assert (trend.now.start - trend.before.end, trend.now.end) == (timedelta(days=1), LAST)
    assert trend.direction == "rising"
    assert halves(inside, every, None, LAST - timedelta(days=190)) is None  # too few papers to compare with


def test_there_is_no_trend_where_the_digests_do_not_reach_back() -> None:
    papers = [paper(n, n) for n in range(60)]
    assert overview(papers, catalogue_of(papers)).trend is None


def test_deviations_are_those_of_two_proportions() -> None:
    assert deviations(30, 100, 10, 100) == pytest.approx(3.5355, abs=1e-3)  # p = .2, se = sqrt(.16 * .02)
    assert deviations(5, 50, 5, 50) == 0


def test_the_most_voted_of_equal_ones_is_the_newest_and_unknown_votes_are_none() -> None:
    old, new, unknown = paper(1, 50, 7), paper(2, 5, 7), paper(3, 1, None)
    assert most_voted([old, unknown, new]) == new
    assert most_voted([unknown]) is None


def written(number: int, title: str, said: str, votes: int = 0, days_ago: int = 50) -> Paper:
    day = LAST - timedelta(days=days_ago)
    return Paper(f"2502.{number:05d}", title, (day,), votes, (), False, None, (Bullet(said),), ())


def test_a_reading_list_begins_with_a_survey_then_what_others_name_then_the_best_of_each_group() -> None:
    survey = written(1, "A Survey of Foxes", "여우 연구를 정리합니다.", 3)
    known = written(2, "FoxBase: Reading Tracks", "FoxBase는 발자국을 읽습니다.", 1, 90)
    best = written(3, "Snow Tracks", "FoxBase를 고칩니다.", 50)
    second = written(4, "Ice Tracks", "FoxBase와 견줍니다.", 20)
    apart = written(5, "Fox Sounds", "소리를 듣습니다.", 2)
    papers = [apart, second, best, known, survey]
    groups = [Group("tracks", (second, best)), Group("sounds", (apart,))]
    steps = reading_list(papers, groups, catalogue_of(papers))
    assert [(step.paper.arxiv_id[-1], step.why, step.group, step.named) for step in steps] == [
        ("1", "survey", "", 0), ("2", "named", "", 2), ("3", "group", "tracks", 0), ("5", "group", "sounds", 0), ("4", "group", "tracks", 0),
    ]  # fmt: skip


def test_a_reading_list_on_a_name_begins_with_the_paper_of_that_name_and_leaves_out_who_only_names_it() -> None:
    own = written(1, "FoxBase: Reading Tracks", "FoxBase는 발자국을 읽습니다.", 1)
    titled = [written(10 + n, f"Foxes {n} with FoxBase", "FoxBase를 씁니다.", n) for n in range(7)]
    touching = written(30, "Owls", "FoxBase보다 빠릅니다.", 99)
    papers = [touching, *titled, own]
    steps = reading_list(papers, [], catalogue_of(papers), ("FoxBase",))
    assert (steps[0].paper, steps[0].why) == (own, "own")
    assert (steps[1].paper, steps[1].why) == (titled[6], "most_voted")
    assert touching not in [step.paper for step in steps]
    assert len(steps) == 8


def test_a_word_that_only_looks_like_a_papers_name_does_not_name_it() -> None:
    base = written(1, "ReSnow: Tracks Again", "ReSnow는 발자국을 읽습니다.", 1, 90)
    others = [written(2 + n, f"Ice {n}", "resnow 하는 눈을 봅니다.", n) for n in range(3)]
    steps = reading_list([base, *others], [], catalogue_of([base, *others]))
    assert {step.why for step in steps} == {"most_voted"}
