"""What a question asks of reported figures: the end of a ranking, bounds, and words that ask for something else."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from rag.questions.measures import asked_for, left_of, measured
from rag.questions.plan import FigureAsked, Filters, Plan, chips, choices, narrowed, parts, without
from rag.questions.quantities import value_bounds

KNOWN = {
    "math": "MATH",
    "math500": "MATH-500",
    "swebench": "SWE-bench",
    "imagenet": "ImageNet",
    "librispeech": "LibriSpeech",
    "spider": "Spider",
}


def read(text: str, held: Sequence[tuple[int, int]] = ()) -> tuple[FigureAsked, str | None] | None:
    found = measured(text, held, {}, lambda: KNOWN)
    return (found.figure, found.order) if found else None


@pytest.mark.parametrize(
    ("text", "figure", "order"),
    [
        ("MATH 점수가 가장 높은 논문은?", FigureAsked("MATH"), "desc"),
        ("MATH-500 점수가 제일 높은 논문", FigureAsked("MATH-500"), "desc"),
        ("이미지넷 정확도가 가장 높은 논문", FigureAsked("ImageNet", "accuracy"), "desc"),
        ("Which paper reports the highest score on SWE-bench Verified?", FigureAsked("SWE-bench Verified"), "desc"),
        ("FID가 가장 낮은 논문은?", FigureAsked("", "FID"), "asc"),
        ("the highest FID on ImageNet", FigureAsked("ImageNet", "FID"), "desc"),
        ("best WER on LibriSpeech", FigureAsked("LibriSpeech", "WER", best=True), "asc"),
        ("데이터셋이 가장 큰 논문", FigureAsked("data"), "desc"),
        ("가장 큰 비디오 데이터셋은?", FigureAsked("data", "videos"), "desc"),
        ("가장 빠른 속도 향상을 보고한 논문", FigureAsked("speedup"), "desc"),
        ("smallest model", FigureAsked("size"), "asc"),
        ("가장 작은 모델은?", FigureAsked("size"), "asc"),
        ("longest context window", FigureAsked("context"), "desc"),
        ("which paper was trained on the most tokens?", FigureAsked("tokens"), "desc"),
        ("training cost가 가장 적은 논문", FigureAsked("cost", "training"), "asc"),
        ("GPU 메모리를 가장 적게 쓰는 방법", FigureAsked("memory"), "asc"),
        ("highest score on FooBench", FigureAsked("FooBench"), "desc"),
    ],
)  # fmt: skip
def test_an_end_of_a_ranking_is_read(text: str, figure: FigureAsked, order: str) -> None:
    assert read(text) == (figure, order)


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("papers that report above 90% on MATH", FigureAsked("MATH", least=90.0, strict=True)),
        ("MATH에서 90% 넘는 논문", FigureAsked("MATH", least=90.0, strict=True)),
        ("MATH 80 이상인 논문", FigureAsked("MATH", least=80.0)),
        ("MATH에서 70%에서 80% 사이인 논문", FigureAsked("MATH", least=70.0, most=80.0)),
        ("papers between 50% and 60% on MATH", FigureAsked("MATH", least=50.0, most=60.0)),
        ("papers with an FID below 2", FigureAsked("", "FID", most=2.0, strict=True)),
        ("models under 3B parameters", FigureAsked("size", most=3e9, strict=True)),
        ("7B보다 작은 모델", FigureAsked("size", most=7e9, strict=True)),
        ("30억 파라미터 미만 모델", FigureAsked("size", most=3e9, strict=True)),
        ("3억 5천만 파라미터 이하 모델", FigureAsked("size", most=3.5e8)),
        ("128K 이상 컨텍스트를 지원하는 모델", FigureAsked("context", least=128000.0)),
        ("속도를 10배 이상 높인 논문", FigureAsked("speedup", least=10.0)),
        ("papers with at least 1,000,000 images in their dataset", FigureAsked("data", "images", least=1e6)),
        ("8GB 이하 메모리로 학습하는 논문", FigureAsked("memory", "training", most=8.0)),
    ],
)
def test_a_bound_is_read(text: str, figure: FigureAsked) -> None:
    assert read(text) == (figure, None)


@pytest.mark.parametrize(
    "text",
    ["가장 표가 많은 논문", "가장 최근 논문 5개", "the most popular MATH paper", "MATH 논문", "7B 모델 논문", "Who wrote the most papers?",
     "가장 많이 다뤄진 주제는?", "the newest dataset papers", "비디오 생성 쪽에서 뭐가 제일 좋아?", "papers on Spider", ""],
)  # fmt: skip
def test_other_questions_ask_for_no_figure(text: str) -> None:
    assert read(text) is None


def test_a_number_that_means_something_else_is_no_bound() -> None:
    text = "MATH 논문 중 80 넘는 것"
    assert read(text) is not None
    assert read(text, [(text.index("80"), text.index("80") + 2)]) is None


def test_a_threshold_without_a_unit_is_told() -> None:
    found = measured("models with fewer than 3 parameters", (), {}, lambda: KNOWN)
    assert found
    assert found.unitless == "3"


def test_a_ranking_of_values_that_names_none_is_not_taken_for_another() -> None:
    found = measured("성능이 가장 좋은 논문은?", (), {}, lambda: KNOWN, ranks=True)
    assert found
    assert found.figure == FigureAsked("")
    assert measured("성능이 가장 좋은 논문은?", (), {}, lambda: KNOWN) is None


@pytest.mark.parametrize(
    ("text", "number", "bounds"),
    [
        ("at least 90% on MATH", "90%", (90.0, None, False)),
        ("no more than 90%", "90%", (None, 90.0, False)),
        ("90% 이상", "90%", (90.0, None, False)),
        ("90%를 넘는", "90%", (90.0, None, True)),
        ("90% 미만", "90%", (None, 90.0, True)),
        ("90%보다 낮은", "90%", (None, 90.0, True)),
        ("a 90% model", "90%", None),
    ],
)
def test_words_around_a_value_bound_it(text: str, number: str, bounds: tuple[float | None, float | None, bool]) -> None:
    start = text.index(number)
    assert value_bounds(text, [(90.0, start, start + len(number))]) == bounds


def test_a_name_by_itself_is_an_amount_a_metric_or_a_benchmark() -> None:
    asked = [asked_for(name, lambda: KNOWN) for name in ("size", "FID", "math500", "FooBench")]
    assert asked == [FigureAsked("size"), FigureAsked("", "FID"), FigureAsked("MATH-500"), FigureAsked("FooBench")]


def test_words_of_a_figure_leave_the_topic_beside_them() -> None:
    text = "vision language models under 3B"
    assert left_of(text, 0, "vision language models", [(16, 22)]) == "vision language"


def test_a_figure_is_a_chip_that_can_be_turned_and_removed() -> None:
    plan = Plan("superlative", order="desc", limit=1, figure=FigureAsked("MATH"))
    assert chips(plan, "ko") == ("MATH 높은 순", "상위 1", "순위")
    chip = parts(plan, "en")[0]
    assert [label for label, _ in choices(plan, chip, "en")] == ["MATH highest first", "MATH lowest first"]
    assert without(plan, chip) == Plan("list", limit=1)
    bounded = Plan("list", figure=FigureAsked("size", most=3e9, strict=True))
    assert chips(bounded, "en") == ("parameters < 3,000,000,000", "list")
    assert bounded.filtered
    assert narrowed(bounded, Filters(min_votes=5)).figure == bounded.figure
    assert bounded.as_json()["figure"] == {
        "of": "size", "metric": "", "least": None, "most": 3e9, "strict": True, "best": False
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("tree search speedups reported", FigureAsked("speedup")),
        ("나무 탐색 속도가 몇 배까지 빨라졌다고 보고했나", FigureAsked("speedup")),
        ("how much faster are tree search methods reported to be?", FigureAsked("speedup")),
        ("나무 탐색 논문들 메모리 사용량 얼마나 돼?", FigureAsked("memory")),
        ("MATH 점수 보고한 논문", FigureAsked("MATH")),
        ("what SWE-bench results are reported?", FigureAsked("SWE-bench")),
    ],
)
def test_values_of_a_set_are_asked_for_without_an_end(text: str, figure: FigureAsked) -> None:
    found = measured(text, [], {}, lambda: KNOWN, values=True)
    assert found is not None
    assert (found.figure, found.order) == (figure, None)
    assert measured(text, [], {}, lambda: KNOWN) is None  # a paper is named


def test_who_does_best_on_a_benchmark_is_ranked_by_score() -> None:
    assert read("SWE-bench에서 제일 잘하는 모델은?") == (FigureAsked("SWE-bench", best=True), "desc")
