"""Tables and sums that a question asks for. Wordings and readings by hand."""

from __future__ import annotations

import pytest

from rag.questions.counting import tallied

UNITS = [
    ("How many papers per year are there?", "year"),
    ("papers by day", "day"),
    ("month over month growth of RAG papers", "month"),
    ("quarterly counts of robot papers", "quarter"),
    ("Which day had the most papers?", "day"),
    ("the busiest week of 2024", "week"),
    ("연도별 논문 수 알려줘", "year"),
    ("분기별로 몇 편씩 나왔어?", "quarter"),
    ("매주 나온 논문 수", "week"),
    ("논문이 가장 많이 나온 날은?", "day"),
    ("몇 월에 강화학습 논문이 가장 많았어?", "month"),
    ("가장 한산했던 달은 언제야", "month"),
    ("논문이 가장 많이 발표된 달은?", "month"),
    ("추천 시스템 논문이 제일 많은 달은?", "month"),
    ("매달 추천 시스템 논문 몇 편이야", "month"),
    ("Mamba 월별 인기 추이", "month"),
    ("which month had the most papers like Mamba?", "month"),
    ("best-of-N papers per month", "month"),
]
NO_TABLES = [
    "top papers of March 2024",
    "어제 나온 논문",
    "투표가 100을 넘는 논문",
    "Mamba는 몇 표 받았어?",
    "papers that last a day",
    "특별한 방법을 쓴 논문",
    "선별 기준을 다룬 논문",
    "날씨 예보 논문",
]


@pytest.mark.parametrize(("question", "unit"), UNITS)
def test_a_unit_of_time_is_heard(question: str, unit: str) -> None:
    found = tallied(question)
    assert found is not None
    assert (found.per, found.measure, found.best) == (unit, None, False)


@pytest.mark.parametrize("question", NO_TABLES)
def test_what_asks_for_no_table_is_none(question: str) -> None:
    assert tallied(question) is None


@pytest.mark.parametrize(
    ("question", "per", "measure"),
    [
        ("total number of votes of Mamba papers", None, "votes"),
        ("average votes in 2024", None, "mean"),
        ("강화학습 논문 평균 투표 수는?", None, "mean"),
        ("디퓨전 논문 투표 다 합치면 몇 표야", None, "votes"),
        ("투표 합계가 제일 높은 달은?", "month", "votes"),
        ("which month got the most votes", "month", "votes"),
        ("연도별 평균 투표 수", "year", "mean"),
        ("표를 가장 많이 받은 달은?", "month", "votes"),
        ("추천을 가장 많이 받은 달은?", "month", "votes"),
    ],
)
def test_votes_are_summed_or_averaged(question: str, per: str | None, measure: str) -> None:
    found = tallied(question)
    assert found is not None
    assert (found.per, found.measure) == (per, measure)


@pytest.mark.parametrize(
    ("question", "per"),
    [
        ("best paper of each month in 2024", "month"),
        ("2024년 매달 표를 가장 많이 받은 논문은?", "month"),
        ("주별 1위 논문", "week"),
        ("매달 가장 많이 추천받은 논문은?", "month"),
        ("most voted paper every year", "year"),
    ],
)
def test_the_best_paper_of_each_is_heard(question: str, per: str) -> None:
    found = tallied(question)
    assert found is not None
    assert (found.per, found.best, found.measure) == (per, True, None)
