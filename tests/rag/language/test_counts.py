"""Numbers of papers and votes in words and with separators; every value by hand."""

from __future__ import annotations

import pytest

from rag.language.counts import in_digits, is_large_count


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("top 1,000 papers by votes", "top 1000 papers by votes"),
        ("1,234,567표 이상", "1234567표 이상"),
        ("논문 천 편", "논문 1000 편"),
        ("상위 이천오백 편", "상위 2500 편"),
        ("만 편 보여줘", "10000 편 보여줘"),
        ("십만 편을", "100000 편을"),
        ("3만5천 표", "35000 표"),
        ("5백 편만", "500 편만"),
        ("천 표 이상 받은 논문", "1000 표 이상 받은 논문"),
        ("스무 편", "20 편"),
        ("스물다섯 편", "25 편"),
        ("열두 개의 논문", "12 개의 논문"),
        ("top one thousand papers", "top 1000 papers"),
        ("the hundred most voted papers", "the 100 most voted papers"),
        ("at least two thousand five hundred votes", "at least 2500 votes"),
        ("twenty-five newest papers", "25 newest papers"),
        ("Top Fifty", "Top 50"),
    ],
)
def test_a_large_number_is_written_in_digits(said: str, digits: str) -> None:
    assert in_digits(said) == digits


@pytest.mark.parametrize(
    "text",
    [
        "세 편", "열 편", "three papers", "top ten papers", "두 번째 논문", "천 개발자가 만든 데이터셋", "이천 쌀 논문", "백만 파라미터 모델",
        "million-scale models", "A Thousand Plateaus 요약", "One-shot papers", "hundreds of papers", "1,2,3", "3.5,000", "12,34", "만 원", "1,000.5",
    ],
)  # fmt: skip
def test_other_words_and_small_numbers_stay(text: str) -> None:
    assert in_digits(text) == text


@pytest.mark.parametrize(
    ("text", "number", "counts"),
    [
        ("논문 1000편", "1000", True), ("500 papers", "500", True), ("상위 300", "300", True), ("top 128", "128", True), ("논문 20편", "20", False),
        ("ResNet 101 논문", "101", False), ("AIME 2024 점수", "2024", False), ("360 panorama", "360", False), ("128 비트", "128", False),
    ],
)  # fmt: skip
def test_a_large_number_beside_what_it_counts_is_told_from_a_name(text: str, number: str, counts: bool) -> None:
    at = text.index(number)
    assert is_large_count(text, at, at + len(number)) == counts
