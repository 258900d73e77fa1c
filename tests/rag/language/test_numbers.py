"""Figures are compared by value: 6억 4500만, 645 million and 645M are one; 63 and 73 are not. Values by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from rag.language.numbers import carried, numbers, units, values


def as_values(text: str) -> list[set[Decimal]]:
    return [{value for value, _ in figure.readings} for figure in numbers(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("6억 4500만 개의 파라미터", [{645_000_000}]),
        ("645 million parameters", [{645_000_000}]),
        ("1.3 billion", [{1_300_000_000}]),
        ("4,409장", [{4409}]),
        ("1,234,567", [{1_234_567}]),
        ("백만 개의 토큰", [{1_000_000}]),
        ("10만 5천 개", [{105_000}]),
        ("2조 토큰", [{2_000_000_000_000}]),
        ("5천만", [{50_000_000}]),
        ("11.69배 빠르고 18% 낮다", [{Decimal("11.69")}, {18}]),
        ("4090에서 13.20", [{4090}, {Decimal("13.20")}]),
        ("no figures, 숫자 없음", []),
        ("", []),
    ],
)
def test_a_number_is_read_by_its_value(text: str, expected: list[set[Decimal]]) -> None:
    assert as_values(text) == expected


@pytest.mark.parametrize(
    ("text", "size", "value"), [("7B", 7, 7 * 10**9), ("12K", 12, 12_000), ("645M", 645, 645 * 10**6)]
)
def test_a_suffix_may_be_a_scale_or_a_name(text: str, size: int, value: int) -> None:
    assert as_values(text) == [{Decimal(size), Decimal(value)}]


def test_the_same_amount_in_two_languages_is_one_value() -> None:
    assert values("6억 4500만") & values("645 million") & values("645M") == {Decimal(645_000_000)}


@pytest.mark.parametrize(
    ("one", "other"), [("63%", "73%"), ("1.5억", "1.5만"), ("3 million", "3 billion"), ("11.69배", "11.96배")]
)
def test_different_amounts_share_no_value(one: str, other: str) -> None:
    assert not values(one) & values(other)


def test_the_wording_of_each_number_is_kept_in_order() -> None:
    assert [figure.said for figure in numbers("첫째 3개, 둘째 6억 4500만, 셋째 0.6초")] == ["3", "6억 4500만", "0.6"]


def test_digits_of_a_name_count_as_figures() -> None:
    assert values("GPT-4와 3D") == {Decimal(4), Decimal(3)}


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("63%", "정확도 63퍼센트"), ("63 percent", "63%"), ("5배", "5x faster"), ("5x", "다섯 배"), ("5-fold", "5배"), ("백만 개", "1,000,000 tokens"),
        ("1M", "백만 개"), ("1,000,000개", "1 million images"), ("70%", "60~75%, 70%"), ("60%", "60~70%"), ("24GB", "24 GB"), ("3.5초", "3.5 seconds"),
        ("세 배", "3 times faster"), ("2단계", "two stages"), ("7B", "70억 파라미터"),
    ],
)  # fmt: skip
def test_one_amount_in_two_notations_is_carried(said: str, known: str) -> None:
    assert all(carried(figure, units(known)) for figure in numbers(said))


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("63%", "63배"), ("63%p", "63%"), ("5x", "5%"), ("5초", "5분"), ("24GB", "24MB"), ("3D", "2D와 3개"), ("645B", "645M"), ("63", "63%"),
        ("3밀리초", "3초"), ("백만 개", "천만 개"), ("5일", "5개월"),
    ],
)  # fmt: skip
def test_another_amount_or_another_unit_is_not_carried(said: str, known: str) -> None:
    assert not all(carried(figure, units(known)) for figure in numbers(said))
