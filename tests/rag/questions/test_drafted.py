"""A model's plan becomes a reading: names by the catalogue, days by the calendar, and nothing filters that the question does not say."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from rag.corpus.catalogue import Catalogue
from rag.language.text import question_language
from rag.questions.drafted import Asked, reading_of
from rag.questions.plan import Plan
from rag.questions.plan_schema import drafts_of
from rag.questions.reader import understand
from rag.questions.reading import Reading, Turn
from tests.rag.conftest import AS_OF

MAMBA, GAMBA, POWERINFER = "2312.00752", "2403.18795", "2312.12456"


def read(catalogue: Catalogue, question: str, *earlier: str, before: Turn | None = None, **plan: Any) -> Reading:
    """Return the reading of a plan that a model wrote for a question."""
    offline = understand(question, catalogue, AS_OF, before=before)
    asked = Asked(question, earlier, catalogue, AS_OF, question_language(question), offline, before)
    return reading_of(drafts_of({"plans": [plan]})[0], asked)


def turn(*papers: str, plan: Plan | None = None) -> Turn:
    return Turn(Reading("x", "ko", plan or Plan("list", topics=("3D",)), "x"), papers)


# --- names and topics ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("question", "name"),
    [("Mamba를 쓴 논문 있어?", "Mamba"), ("맘바를 쓴 논문 있어?", "맘바"), ("Who used mamba?", "mamba")],
)
def test_a_name_of_the_question_filters(catalogue: Catalogue, question: str, name: str) -> None:
    reading = read(catalogue, question, kind="list", names=[name], relation="use", yes_no=True)
    assert reading.plan.terms == (name,)
    assert (reading.plan.kind, reading.plan.relation, reading.yes_no) == ("list", "use", True)


def test_a_name_that_the_question_does_not_hold_only_helps_the_ranking(catalogue: Catalogue) -> None:
    reading = read(catalogue, "상태 공간 모델 논문", kind="list", names=["Gamba"], topics=["state space model"])
    assert (reading.plan.terms, reading.plan.topics) == ((), ("state space model",))
    assert "Gamba" in reading.query


def test_only_names_that_nobody_asked_about_are_no_plan(catalogue: Catalogue) -> None:
    with pytest.raises(ValueError, match="“Gamba” does not stand in the question"):
        read(catalogue, "상태 공간 모델 논문", kind="list", names=["Gamba"])


def test_other_words_for_a_topic_are_matched_by_meaning(catalogue: Catalogue) -> None:
    reading = read(catalogue, "사진 한 장으로 입체 만드는 거", kind="list", topics=["single image to 3D"])
    assert reading.plan == Plan("list", topics=("single image to 3D",))


def test_a_name_that_no_paper_holds_is_said_to_be_unknown(catalogue: Catalogue) -> None:
    reading = read(catalogue, "QuiltFormer-9를 쓴 논문", kind="list", names=["QuiltFormer-9"], relation="use")
    assert (reading.reason, reading.unknown) == ("no_evidence", ("QuiltFormer-9",))


def test_what_is_excluded_is_sorted_by_what_it_is(catalogue: Catalogue) -> None:
    question = "3D 논문, 서베이랑 Gamba랑 Albert Gu 논문은 빼고"
    plan = read(catalogue, question, kind="list", topics=["3D"], exclude=["서베이", "Gamba", "Albert Gu"]).plan
    assert (plan.not_sorts, plan.not_terms, plan.not_authors) == (("survey",), ("Gamba",), ("Albert Gu",))


def test_an_exclusion_that_the_question_does_not_say_is_left_out(catalogue: Catalogue) -> None:
    assert read(catalogue, "3D 논문", kind="list", topics=["3D"], exclude=["Gamba"]).plan.not_terms == ()


def test_people_are_looked_up_and_unknown_ones_refused(catalogue: Catalogue) -> None:
    assert read(catalogue, "Tri Dao's papers", kind="list", people=["Tri Dao"]).plan == Plan(
        "author", authors=("Tri Dao",)
    )
    stranger = read(catalogue, "Did Ada Nobody write any?", kind="list", people=["Ada Nobody"])
    assert (stranger.reason, stranger.unknown[0]) == ("unknown_author", "Ada Nobody")
    with pytest.raises(ValueError, match="Copy people from it"):
        read(catalogue, "papers by the author of Mamba", kind="list", people=["Albert Gu"])


# --- days and numbers ------------------------------------------------------------------------------------------------
MARCH = (date(2024, 3, 1), date(2024, 4, 1))


@pytest.mark.parametrize(
    ("question", "start", "end"),
    [
        ("2024년 3월 논문 중 3D", "2024-03", "2024-03"),
        ("2024년 3월 논문 중 3D", "2024-03-01", "2024-03-31"),
        ("papers of March 2024 on 3D", "March 2024", "March 2024"),
        ("2024년 3월 논문 중 3D", "2019-01-01", "2019-12-31"),  # the calendar knows better
        ("2024년 3월 논문 중 3D", "2024-13-45", None),
        ("2024년 3월 논문 중 3D", "spring", "spring"),
    ],
)
def test_days_are_those_that_the_calendar_reads_in_the_question(
    catalogue: Catalogue, question: str, start: str, end: str | None
) -> None:
    plan = read(catalogue, question, kind="list", topics=["3D"], date_from=start, date_to=end).plan
    assert (plan.date_from, plan.date_to) == MARCH


def test_a_part_of_what_the_question_names_may_be_meant(catalogue: Catalogue) -> None:
    question = "2023년 12월과 2024년 3월 논문 수는?"
    plan = read(catalogue, question, kind="count", date_from="2024-03", date_to="2024-03").plan
    assert (plan.date_from, plan.date_to) == MARCH


def test_days_that_nobody_named_are_left_out(catalogue: Catalogue) -> None:
    assert not read(catalogue, "요즘 3D 논문", kind="list", topics=["3D"], date_from="2024-05-01").plan.date_from


def test_days_that_are_no_days_of_the_plan_are_not_taken(catalogue: Catalogue) -> None:
    """A year in a name is none that is asked for."""
    assert not read(catalogue, "AIME 2024 점수를 올린 논문", kind="list", topics=["AIME 2024"]).plan.date_from


def test_a_follow_up_keeps_the_days_of_the_question_before(catalogue: Catalogue) -> None:
    first = "2024년 3월 3D 논문"
    before = Turn(understand(first, catalogue, AS_OF), (GAMBA,))
    kept = {"date_from": "2024-03", "date_to": "2024-03"}
    plan = read(catalogue, "디퓨전 쓴 건?", first, before=before, kind="list", topics=["diffusion"], **kept).plan
    assert (plan.date_from, plan.date_to) == MARCH


@pytest.mark.parametrize(
    ("question", "given", "kept"),
    [
        ("표 10개 넘는 3D 논문", 11, 11),
        ("3D papers with at least ten votes", 10, 10),
        ("3D 논문", 10, None),
        ("표 10개 넘는 3D 논문", 500, None),
    ],
)
def test_only_a_number_that_the_question_names_filters(
    catalogue: Catalogue, question: str, given: int, kept: int | None
) -> None:
    assert read(catalogue, question, kind="list", topics=["3D"], min_votes=given).plan.min_votes == kept


# --- kinds -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("question", "given", "wanted"),
    [
        ("How many papers in March 2024?", {"kind": "count", "date_from": "2024-03", "date_to": "2024-03"},
         Plan("count", date_from=MARCH[0], date_to=MARCH[1])),
        ("2024년 3월 28일 논문", {"kind": "list", "date_from": "2024-03-28", "date_to": "2024-03-28"},
         Plan("date", date_from=date(2024, 3, 28), date_to=date(2024, 3, 29))),
        ("2024년 3월 28일 논문 정리해줘",
         {"kind": "list", "date_from": "2024-03-28", "date_to": "2024-03-28", "overview": True},
         Plan("digest", date_from=date(2024, 3, 28), date_to=date(2024, 3, 29))),
        ("표 제일 많은 논문 3편", {"kind": "rank", "limit": 3}, Plan("superlative", by="votes", order="desc", limit=3)),
        ("most voted papers", {"kind": "rank"}, Plan("superlative", by="votes", order="desc", limit=5)),
        ("3D 논문 최신순으로", {"kind": "list", "topics": ["3D"], "order": "date desc"},
         Plan("superlative", topics=("3D",), by="date", order="desc")),
        ("디퓨전 논문 월별 추이", {"kind": "trend", "topics": ["diffusion"]}, Plan("trend", topics=("diffusion",))),
        ("누가 제일 많이 썼어?", {"kind": "authors"}, Plan("trend", by="authors", order="desc")),
        ("어떤 주제가 많아?", {"kind": "topics"}, Plan("trend", order="desc")),
        ("What is Mamba?", {"kind": "explain", "names": ["Mamba"]}, Plan("explain", papers=(MAMBA,))),
        ("Gamba 논문", {"kind": "paper", "names": ["Gamba"]}, Plan("known_item", papers=(GAMBA,))),
        ("Gamba랑 비슷한 거", {"kind": "similar", "names": ["Gamba"]}, Plan("similar", papers=(GAMBA,))),
        ("2403.18795랑 비슷한 거", {"kind": "similar", "names": ["2403.18795"]}, Plan("similar", papers=(GAMBA,))),
        ("사진 한 장 논문 뭐였지", {"kind": "describe", "description": "single photo to 3D"}, Plan("describe")),
    ],
)  # fmt: skip
def test_every_kind_becomes_the_plan_that_code_carries_out(
    catalogue: Catalogue, question: str, given: dict[str, Any], wanted: Plan
) -> None:
    reading = read(catalogue, question, **given)
    assert (reading.plan, reading.reason) == (wanted, None)


def test_a_fact_names_its_paper_first_and_what_it_is_measured_on_after(catalogue: Catalogue) -> None:
    question = "PowerInfer는 RTX 4090에서 얼마나 빨라?"
    reading = read(catalogue, question, kind="fact", names=["PowerInfer", "RTX 4090"], aspect="speed")
    assert (reading.plan.papers, reading.aspect, reading.field) == ((POWERINFER,), "speed", None)
    assert reading.plan.terms == ("PowerInfer", "RTX 4090")


def test_a_fact_of_the_metadata_is_looked_up_there(catalogue: Catalogue) -> None:
    assert read(catalogue, "Gamba 저자?", kind="fact", names=["Gamba"], aspect="authors").field == "authors"


def test_what_digests_do_not_keep_is_refused(catalogue: Catalogue) -> None:
    reading = read(catalogue, "Gamba 인용 수는?", kind="fact", names=["Gamba"], aspect="citations")
    assert (reading.reason, reading.lacking) == ("field_not_in_digest", "citations")


def test_a_comparison_takes_the_one_paper_of_each_name(catalogue: Catalogue) -> None:
    reading = read(catalogue, "Mamba와 Gamba를 비교해줘", kind="compare", names=["Mamba", "Gamba"])
    assert reading.plan.papers == (MAMBA, GAMBA)


def test_a_question_that_is_not_about_papers_still_may_be_carried_by_one(catalogue: Catalogue) -> None:
    reading = read(catalogue, "오늘 날씨 어때?", kind="out_of_scope")
    assert (reading.plan.kind, reading.reason, reading.foreign) == ("out_of_scope", "out_of_scope", 1.0)
    assert read(catalogue, "뭘 물어볼 수 있어?", kind="help").plan == Plan("help")


def test_days_without_a_digest_have_their_reason(catalogue: Catalogue) -> None:
    days = {"date_from": "2019", "date_to": "2019"}
    assert read(catalogue, "2019년 3D 논문", kind="list", topics=["3D"], **days).reason == "before_first_digest"


# --- follow-ups ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"kind": "fact", "places": [1], "aspect": "authors"}, Plan("fact", papers=(MAMBA,))),
        ({"kind": "explain", "places": [-1]}, Plan("explain", papers=(POWERINFER,))),
        ({"kind": "compare", "places": [1, 2]}, Plan("compare", papers=(MAMBA, GAMBA))),
        ({"kind": "compare", "within": True}, Plan("compare", papers=(MAMBA, GAMBA, POWERINFER))),
        ({"kind": "count", "within": True}, Plan("count", papers=(MAMBA, GAMBA, POWERINFER))),
        ({"kind": "list", "within": True, "topics": ["3D"]},
         Plan("list", papers=(MAMBA, GAMBA, POWERINFER), topics=("3D",))),
        ({"kind": "more"}, Plan("list", topics=("3D",), skip=20)),
    ],
)  # fmt: skip
def test_a_follow_up_points_at_the_papers_of_the_last_answer(
    catalogue: Catalogue, given: dict[str, Any], wanted: Plan
) -> None:
    before = turn(MAMBA, GAMBA, POWERINFER)
    assert read(catalogue, "그럼 그거는?", "3D 논문", before=before, **given).plan == wanted


@pytest.mark.parametrize(
    "given", [{"kind": "more"}, {"kind": "count", "within": True}, {"kind": "fact", "places": [1]}]
)
def test_without_an_earlier_answer_nothing_can_be_pointed_at(catalogue: Catalogue, given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no earlier answer"):
        read(catalogue, "그거 저자는?", **given)
