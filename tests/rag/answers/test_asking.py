"""What a plan asks for, in the words of a question."""

from __future__ import annotations

from datetime import date

import pytest

from rag.answers.asking import asked
from rag.questions.plan import Plan

YEAR = {"date_from": date(2024, 1, 1), "date_to": date(2025, 1, 1)}
DAY = {"date_from": date(2024, 6, 11), "date_to": date(2024, 6, 12)}


@pytest.mark.parametrize(
    ("plan", "korean", "english"),
    [
        (Plan("list", terms=("RWKV",), relation="use", **YEAR), "2024년 RWKV를 사용한 논문", "Papers that use RWKV in 2024"),
        (Plan("list", terms=("DPO",), relation="mention"), "DPO를 언급한 논문", "Papers that mention DPO"),
        (Plan("count", terms=("Mamba",), relation="use"), "Mamba를 사용한 논문 수", "Number of papers that use Mamba"),
        (Plan("list", topics=("강화학습",), min_votes=5), "5표 이상을 받은 ‘강화학습’ 관련 논문", "Papers on “강화학습” with at least 5 votes"),
        (Plan("author", authors=("Tri Dao",)), "Tri Dao의 논문", "Papers by Tri Dao"),
        (Plan("date", **DAY), "2024년 6월 11일 논문", "Papers on 2024-06-11"),
        (Plan("digest", **DAY), "2024년 6월 11일 논문 요약", "Summary of papers on 2024-06-11"),
        (Plan("superlative", by="votes", order="desc", limit=3, **YEAR), "2024년 논문 중 표가 가장 많은 3편", "3 papers in 2024, most votes first"),
        (Plan("superlative", terms=("Mamba",), by="date", order="desc"), "Mamba를 다룬 논문, 최신순", "Papers that involve Mamba, newest first"),
        (Plan("trend", terms=("Mamba",)), "Mamba를 다룬 논문의 월별 추이", "Papers that involve Mamba by month"),
        (Plan("trend", terms=("Mamba",), per="year"), "Mamba를 다룬 논문의 연도별 추이", "Papers that involve Mamba by year"),
        (Plan("trend", measure="votes", per="month", **YEAR), "2024년 논문의 월별 표 합계", "Sum of votes of papers in 2024 by month"),
        (Plan("count", measure="mean", **YEAR), "2024년 논문 평균 표", "Mean votes of papers in 2024"),
        (Plan("superlative", by="authors", order="desc", limit=1), "논문 중 저자가 가장 많은 1편", "1 paper, most authors first"),
        (Plan("trend", by="authors", order="desc", **YEAR), "2024년 논문의 저자 순위", "Authors of papers in 2024"),
        (Plan("trend", order="desc"), "논문의 주제 순위", "Topics of papers"),
        (Plan("help"), "도움말", "help"),
    ],
)  # fmt: skip
def test_a_plan_is_said_as_a_reader_would_ask_it(plan: Plan, korean: str, english: str) -> None:
    assert asked(plan, "ko") == korean
    assert asked(plan, "en") == english


def test_papers_that_a_plan_is_about_are_named() -> None:
    two = Plan("compare", papers=("2312.00752", "2403.18795"))
    assert asked(two, "ko", ("Mamba", "Gamba")) == "Mamba와 Gamba 비교"
    assert asked(two, "en", ("Mamba", "Gamba")) == "Mamba and Gamba compared"
    near = Plan("similar", papers=("2312.00752",))
    assert asked(near, "ko", ("Mamba",)) == "Mamba와 비슷한 논문"
    assert asked(Plan("explain", papers=("2403.18795",)), "ko", ("삼차원 복원",)) == "삼차원 복원 설명"
    assert asked(two, "ko") == "arXiv 2312.00752 · arXiv 2403.18795 · 비교"  # no titles are known
