"""Numbers of a question: bounds on votes, how many papers, places in a list; and kinds of contribution."""

from __future__ import annotations

import pytest

from rag.questions.quantities import limit_of, names_a_sort, number_in, ordinals, sort_of, vote_bounds
from rag.questions.spans import Span


def votes_span(text: str, words: str) -> list[Span]:
    at = text.index(words)
    return [Span("votes", words, at, at + len(words), 0, 1)]


@pytest.mark.parametrize(
    ("text", "words", "bounds"),
    [
        ("20표 이상 받은 논문", "20표", (20, None)),
        ("표를 30표 넘게 받은 논문", "30표", (31, None)),
        ("추천 10 미만인 논문", "추천 10", (None, 9)),
        ("5표 이하", "5표", (None, 5)),
        ("추천이 100을 넘지 않는 논문", "100", (None, 100)),
        ("100표를 초과하지 않는 논문", "100표", (None, 100)),
        ("papers with no fewer than 10 votes", "10 votes", (10, None)),
        ("papers with not less than 10 votes", "10 votes", (10, None)),
        ("papers with not more than 10 votes", "10 votes", (None, 10)),
        ("papers that do not exceed 10 votes", "10 votes", (None, 10)),
        ("papers with at least 1,000 votes", "1,000 votes", (1000, None)),
        ("more than 100 votes", "100 votes", (101, None)),
        ("fewer than 3 upvotes", "3 upvotes", (None, 2)),
        ("no more than 3 votes", "3 votes", (None, 3)),
        ("10 or more votes", "10", (10, None)),
        ("papers with 0 votes", "0 votes", (0, 0)),
        ("between 10 and 20 votes", "20 votes", (10, 20)),
    ],
)
def test_bounds_on_votes_are_inclusive(text: str, words: str, bounds: tuple[int | None, int | None]) -> None:
    assert vote_bounds(text, votes_span(text, words)) == bounds


@pytest.mark.parametrize(
    ("text", "limit"),
    [("top3 알려줘", 3), ("상위 5개", 5), ("top 1000 papers by votes", 1000), ("2위까지", 2), ("그냥 논문", None)],
)
def test_a_top_list_says_how_many(text: str, limit: int | None) -> None:
    assert limit_of(text, []) == limit


@pytest.mark.parametrize(
    ("text", "number"), [("1,000편", 1000), ("다섯 편", 5), ("세 편만", 3), ("five papers", 5), ("몇 편", None)]
)
def test_numbers_are_read_in_digits_and_in_words(text: str, number: int | None) -> None:
    assert number_in(text) == number


@pytest.mark.parametrize(
    ("text", "size", "places"),
    [
        ("두 번째랑 마지막 논문", 5, (1, 4)),
        ("the second one", 1, ()),
        ("3번 논문은?", 4, (2,)),
        ("첫번째 거", 2, (0,)),
        ("explain number 2", 3, (1,)),
    ],
)
def test_ordinals_point_at_papers_that_exist(text: str, size: int, places: tuple[int, ...]) -> None:
    assert ordinals(text, size) == places


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("서베이 논문", "survey"),
        ("benchmarks", "benchmark"),
        ("데이터 세트", "dataset"),
        ("quantization", None),
        ("양자화", None),
    ],
)
def test_words_for_kinds_of_contribution_are_known_in_both_languages(text: str, sort: str | None) -> None:
    assert sort_of(text) == sort


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("survey papers", "survey"), ("서베이는", "survey"), ("new datasets", "dataset"), ("AgentBench", "benchmark"), ("말뭉치나", "dataset"),
        ("이론 논문", "theory"), ("positional encoding", None), ("theorem proving", None), ("opinion mining", None), ("리뷰 생성", None),
        ("dataset distillation", None), ("데이터셋 증류", None), ("benchmark contamination", None), ("operating system", None),
    ],
)  # fmt: skip
def test_the_head_of_a_phrase_tells_its_kind_of_contribution(text: str, sort: str | None) -> None:
    assert sort_of(text) == sort


@pytest.mark.parametrize(
    ("text", "names"),
    [("데이터셋", True), ("benchmarks", True), ("AgentBench", False), ("video dataset", False), ("DATASET", False)],
)
def test_a_mere_kind_of_contribution_is_no_topic(text: str, names: bool) -> None:
    assert names_a_sort(text) == names


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("1등이랑 2등 비교해줘", (0, 1)),
        ("아니 첫번째 말고 세번째", (2,)),
        ("not the first but the third", (2,)),
        ("첫번째 말고", (0,)),
        ("상위 3편", ()),
        ("10위까지 보여줘", ()),
    ],
)
def test_places_by_rank_and_without_those_that_are_not_meant(text: str, places: tuple[int, ...]) -> None:
    assert ordinals(text, 5) == places
