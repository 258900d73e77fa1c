"""Which of two papers is better, by what both report and by what one says of the other; expected by hand."""

from __future__ import annotations

from datetime import date

import pytest

from rag.answers.compose import compose
from rag.corpus.catalogue import Catalogue
from rag.corpus.papers import Bullet, Paper
from rag.evidence.compared import compared
from rag.evidence.comparison import filled, of_paper
from rag.evidence.verdicts import claims, shared_figures
from rag.language.text import Language
from rag.questions.plan import Plan
from rag.questions.reading import Reading


def paper(number: int, title: str, *korean: str) -> Paper:
    return Paper(
        f"2406.{number:05d}", title, (date(2024, 6, number),), 1, (), False, None, tuple(map(Bullet, korean)), ()
    )


FOX = paper(
    1,
    "FoxLM: Reading Snow",
    "FoxLM은 눈을 읽는 모델입니다.",
    "FoxLM은 MMLU에서 71.5%, GSM8K에서 60.0%의 정확도를 기록했습니다.",
)
HARE = paper(
    2,
    "HareLM: Reading Ice",
    "HareLM은 얼음을 읽는 모델입니다.",
    "HareLM은 MMLU에서 68.0%, GSM8K에서 55.5%의 정확도를 기록했습니다.",
)
ELK = paper(3, "ElkLM: Reading Rain", "ElkLM은 비를 읽는 모델입니다.", "ElkLM은 FoxLM보다 뛰어난 정확도를 보입니다.")
OWL = paper(
    4,
    "OwlLM: Reading Night",
    "OwlLM은 밤을 읽는 모델입니다.",
    "OwlLM은 MMLU에서 70.0%, GSM8K에서 64.0%의 정확도를 기록했습니다.",
)
# Other papers that name the benchmarks, so that they are known as such.
MORE = tuple(paper(10 + n, f"Snow {n}", "MMLU 벤치마크와 GSM8K 벤치마크에서 실험했습니다.") for n in range(4))
CATALOGUE = Catalogue({p.arxiv_id: p for p in reversed((FOX, HARE, ELK, OWL, *MORE))})


def told(one: Paper, other: Paper, language: Language = "ko", better: bool = True) -> str:
    plan = Plan("compare", terms=(one.name, other.name), papers=(one.arxiv_id, other.arxiv_id))
    reading = Reading("질문", language, plan, "", about=(one.name, other.name), better=better)

    def none() -> object:
        raise AssertionError("what is named needs no search")

    found = compared(reading, CATALOGUE, none)  # type: ignore[arg-type]
    assert found is not None
    return compose(found, CATALOGUE).text


def test_benchmarks_that_both_report_on_are_set_beside_each_other() -> None:
    shared = shared_figures([FOX, HARE], CATALOGUE)
    assert [(one.benchmark, [row.value for row in one.rows], one.best) for one in shared] == [
        ("MMLU", [71.5, 68.0], 0), ("GSM8K", [60.0, 55.5], 0),
    ]  # fmt: skip
    assert shared_figures([FOX, ELK], CATALOGUE) == ()


def test_the_better_one_is_named_where_all_values_say_so() -> None:
    assert told(FOX, HARE).startswith("요약에 적힌 값으로는 FoxLM이 낫습니다. 같은 벤치마크 2개를 견주었습니다.")
    assert told(FOX, HARE, "en").startswith(
        "By the values in the summaries FoxLM is better, on 2 benchmarks that both report on."
    )
    assert "- MMLU (accuracy): FoxLM 71.5% [1] · HareLM 68% [2]" in told(FOX, HARE, better=False)
    assert "낫습니다" not in told(FOX, HARE, better=False)


def test_where_values_differ_the_verdict_says_so() -> None:
    assert "벤치마크에 따라 다릅니다. 같은 벤치마크 2개에서 값이 더 좋은 수는 FoxLM 1개, OwlLM 1개입니다." in told(
        FOX, OWL
    )
    assert "It depends on the benchmark: of 2 that both report on" in told(FOX, OWL, "en")


def test_what_one_summary_says_of_the_other_is_quoted() -> None:
    assert [(one.paper, one.other) for one in claims([ELK, FOX], CATALOGUE)] == [(ELK, "FoxLM")]
    assert "- ElkLM은 FoxLM보다 뛰어난 정확도를 보입니다." in told(ELK, FOX)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ko", "두 요약에 같은 벤치마크로 잰 값이 없어, 어느 쪽이 나은지 요약만으로는 가릴 수 없습니다."),
        ("en", "The summaries report on no benchmark in common, so they do not tell which is better."),
    ],
)
def test_without_values_or_claims_no_verdict_is_given(language: Language, said: str) -> None:
    assert said in told(HARE, ELK, language)


def test_a_summary_that_may_be_of_another_paper_fills_no_cell() -> None:
    said = Bullet("OwlNet은 밤에 새를 찾는 방법을 제안합니다.")
    one = Paper("2406.00009", "OwlNet: Night Birds", (date(2024, 6, 9),), 1, (), False, None, (said,), ())
    sure = Catalogue({one.arxiv_id: one})
    doubted = Catalogue({one.arxiv_id: one}, doubtful=frozenset({one.arxiv_id}))
    (told,), (untold,) = (filled([of_paper(one, "OwlNet", c)], c, "ko") for c in (sure, doubted))
    assert "what" in told.cells
    assert not untold.cells
