"""Papers counted by units of time, and how the answer writes them. Counts by hand."""

from __future__ import annotations

from datetime import date

from rag.answers.compose import compose
from rag.corpus.catalogue import Catalogue
from rag.corpus.papers import Bullet, Paper
from rag.evidence.sets import a_set
from rag.evidence.tallies import between, tallies
from rag.language.text import Language
from rag.questions.plan import Plan
from rag.questions.reading import Reading


def paper(number: int, day: date, votes: int | None, text: str = "여우를 봅니다.") -> Paper:
    return Paper(f"2401.{number:05d}", f"Paper {number}", (day,), votes, ("Ada Kim",), False, None, (Bullet(text),), ())


PAPERS = (
    paper(1, date(2023, 12, 29), 4),
    paper(2, date(2024, 1, 2), 10, "Mamba를 사용해 여우를 봅니다."),
    paper(3, date(2024, 1, 2), None),
    paper(4, date(2024, 4, 1), 1, "Mamba를 사용합니다."),
    paper(5, date(2024, 4, 8), 3),
)
CATALOGUE = Catalogue({one.arxiv_id: one for one in reversed(PAPERS)})


def asked(plan: Plan, language: Language = "ko") -> str:
    def none() -> object:
        raise AssertionError("counting needs no ranking")

    return compose(a_set(Reading("질문", language, plan, ""), CATALOGUE, none), CATALOGUE).text  # type: ignore[arg-type]


def test_units_between_the_first_and_the_last_are_counted_with_all_papers_of_theirs() -> None:
    mamba = [PAPERS[1], PAPERS[3]]
    counted = {
        unit: [(one.label, len(one.papers), one.of) for one in tallies(mamba, CATALOGUE, unit)]
        for unit in ("day", "week", "month", "quarter", "year")
    }  # type: ignore[arg-type]
    assert counted == {
        "day": [("2024-01-02", 1, 2), ("2024-04-01", 1, 1), ("2024-04-08", 0, 1)],
        "week": [("2024-01-01~", 1, 2), ("2024-04-01~", 1, 1), ("2024-04-08~", 0, 1)],
        "month": [("2024-01", 1, 2), ("2024-04", 1, 2)],
        "quarter": [("2024 Q1", 1, 2), ("2024 Q2", 1, 2)],
        "year": [("2024", 2, 4)],
    }


def test_votes_that_are_not_known_count_for_nothing() -> None:
    (_, year) = tallies(PAPERS, CATALOGUE, "year")
    assert (year.votes, len(year.voted), round(year.mean, 2)) == (14, 3, 4.67)
    assert year.best == PAPERS[1]


def test_two_units_are_compared_only_where_both_have_papers_enough() -> None:
    assert between(tallies(PAPERS, CATALOGUE, "year")) is None
    many = {f"2402.{n:05d}": paper(n, date(2023 + n % 2, 3, 1), 1) for n in range(60)}
    later = [one for one in many.values() if one.date.year == 2024]
    rows = tallies([*later[:25], many["2402.00000"]], Catalogue(many), "year")
    trend = between(rows)
    assert trend is not None
    assert (trend.before.papers, trend.now.papers, trend.direction) == (1, 25, "rising")


def test_a_table_by_year_names_the_most_and_the_best_paper_of_each() -> None:
    text = asked(Plan("trend", per="year"))
    assert text.startswith("논문 5편을 연도별로 세었습니다. 가장 많은 해는 2024년(4편)입니다.")
    assert "| 2024 | ▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇ 4 | [Paper 2](https://arxiv.org/abs/2401.00002) [2] (10표) |" in text


def test_the_quietest_unit_is_told_in_english_too() -> None:
    text = asked(Plan("trend", per="quarter"), "en")
    assert text.startswith(
        "5 papers, counted by quarter. The busiest quarters are Q1 2024 and Q2 2024 (2 papers each)."
        " The digests cover Q4 2023 only from 29 December and Q2 2024 only up to 8 April."
    )


def test_a_part_of_a_year_is_said_to_be_one_and_is_never_the_quietest() -> None:
    days = [
        date(2022, 1, 3),
        date(2022, 12, 29),
        *[date(2023, 3, 1 + n) for n in range(6)],
        date(2023, 12, 30),
        date(2024, 2, 9),
    ]
    catalogue = Catalogue({f"2402.{n:05d}": paper(n, day, n) for n, day in enumerate(days)})
    rows = tallies([*catalogue.papers.values()], catalogue, "year")
    assert [(one.label, one.until, one.since) for one in rows] == [
        ("2022", None, None), ("2023", None, None), ("2024", date(2024, 2, 9), None),
    ]  # fmt: skip
    plan = Plan("trend", per="year")
    text = compose(a_set(Reading("질문", "ko", plan, ""), catalogue, lambda: None), catalogue).text  # type: ignore[arg-type, return-value]
    assert "가장 많은 해는 2023년(7편), 가장 적은 해는 2022년(2편)입니다." in text
    assert "2024년은 2월 9일까지의 다이제스트만 있습니다." in text


def test_shares_are_what_to_compare_where_the_last_year_is_not_over() -> None:
    owls = {f"2401.{n:05d}": paper(n, date(2023, 1 + n % 12, 1 + n % 28), 1, "새를 봅니다.") for n in range(60)}
    mamba = {
        f"2401.{100 + n:05d}": paper(100 + n, date(2024, 1 + n % 2, 5), 1, "Mamba를 사용합니다.") for n in range(24)
    }
    owls["2401.00150"] = paper(150, date(2024, 1, 20), 1, "새를 봅니다.")
    mamba["2401.00199"] = paper(199, date(2023, 5, 5), 1, "Mamba를 사용합니다.")
    catalogue = Catalogue(dict(sorted((owls | mamba).items(), reverse=True)))
    said = {"ko": "2024년은 2월 5일까지의 다이제스트만 있습니다. 그래서 편수보다는 비중으로 비교하는 편이 낫습니다. 2023년에는 1편(전체 논문의 1.6%), 2024년에는 24편(96%)으로 비중이 늘었습니다.",
            "en": "The digests cover 2024 only up to 5 February, so compare shares rather than counts. 2023 had 1 (1.6% of all papers), 2024 24 (96%): a rising share."}  # fmt: skip
    for language, told in said.items():
        asked = Reading("질문", language, Plan("trend", terms=("Mamba",), per="year"), "")  # type: ignore[arg-type]
        assert told in compose(a_set(asked, catalogue, lambda: None), catalogue).text  # type: ignore[arg-type, return-value]


def test_units_with_as_many_papers_are_said_to_have_so_many_each() -> None:
    text = asked(Plan("trend", per="quarter"))
    assert "가장 많은 분기는 2024년 1분기, 2024년 2분기(각 2편)입니다." in text


def test_the_best_paper_of_each_month_stands_in_the_table() -> None:
    text = asked(Plan("trend", per="month", limit=1))
    assert text.startswith("논문 5편에서 달마다 표를 가장 많이 받은 논문입니다.")
    assert [line.split("](")[0].split("[")[1] for line in text.splitlines() if line.startswith("| 20")] == [
        "Paper 1",
        "Paper 2",
        "Paper 5",
    ]


def test_votes_of_a_set_are_summed_and_what_is_unknown_is_said() -> None:
    text = asked(Plan("count", measure="votes"))
    assert text.startswith(
        "논문 4편이 받은 표는 모두 18표이고, 한 편에 평균 4.5표(중앙값 3.5표)입니다. 투표 수를 알 수 없는 1편은 뺐습니다."
    )
    assert "[Paper 2](https://arxiv.org/abs/2401.00002) [1](10표)" in text
    english = asked(Plan("count", terms=("Mamba",), measure="mean"), "en")
    assert english.startswith("2 papers that involve Mamba have 11 votes in all, 5.5 a paper on average (median 5.5).")


def test_a_set_without_known_votes_has_no_sum() -> None:
    alone = Catalogue({"2401.00003": PAPERS[2]})
    reading = Reading("질문", "ko", Plan("count", measure="votes"), "")
    text = compose(a_set(reading, alone, lambda: None), alone).text  # type: ignore[arg-type, return-value]
    assert text.startswith("논문 1편 모두 투표 수를 알 수 없습니다.")


def test_a_long_table_shows_the_units_with_most_and_says_so() -> None:
    days = {f"2403.{n:05d}": paper(n, date(2024, 3, 1 + n % 30), n) for n in range(45)}
    catalogue = Catalogue(days)
    reading = Reading("질문", "ko", Plan("trend", per="day"), "")
    text = compose(a_set(reading, catalogue, lambda: None), catalogue).text  # type: ignore[arg-type, return-value]
    assert "표에는 가장 많은 날 12개만 실었습니다." in text
    assert sum(line.startswith("| 2024-03") for line in text.splitlines()) == 12
