"""A plan as chips: every constraint is shown, and each can be taken away."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.questions.plan import SET_KINDS, Chip, Plan, chips, choices, parts, without

FULL = Plan(
    "superlative", terms=("맘바", "3D"), not_terms=("비디오",), relation="use", authors=("Dahua Lin",), papers=("2403.18795",),
    date_from=date(2024, 3, 1), date_to=date(2024, 4, 1), min_votes=5, max_votes=20, limit=3, order="desc", by="votes",
    summary="en", unvoted=True, in_title=True, topics=("음성 합성",), not_topics=("로봇",), sorts=("survey",), not_sorts=("dataset",),
)  # fmt: skip


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("ko", ("용어 맘바", "용어 3D", "제외 비디오", "주제 음성 합성", "제외 로봇", "서베이", "제외 데이터셋", "사용", "제목에", "저자 Dahua Lin", "앞 답변 안에서", "2024-03", "표 ≥ 5", "표 ≤ 20", "표 정보 없음", "영어 요약", "표 많은 순", "상위 3", "순위")),
        ("en", ("term 맘바", "term 3D", "without 비디오", "topic 음성 합성", "without 로봇", "survey", "without dataset", "use", "in titles", "author Dahua Lin", "within the last answer", "2024-03", "votes ≥ 5", "votes ≤ 20", "votes not told", "English summary", "most votes first", "top 3", "ranking")),
    ],
)  # fmt: skip
def test_every_constraint_is_a_chip(language: str, shown: tuple[str, ...]) -> None:
    assert chips(FULL, language) == shown


@pytest.mark.parametrize(
    ("plan", "chip"),
    [
        (Plan("date", date_from=date(2024, 6, 11), date_to=date(2024, 6, 12)), "2024-06-11"),
        (Plan("date", date_from=date(2024, 1, 1), date_to=date(2025, 1, 1)), "2024"),
        (Plan("date", date_from=date(2024, 3, 4), date_to=date(2024, 3, 11)), "2024-03-04~2024-03-10"),
        (Plan("list", date_from=date(2024, 3, 1)), "2024-03-01~"),
        (Plan("list", date_to=date(2024, 3, 1)), "~2024-02-29"),
        (Plan("compare", papers=("2312.00752", "2403.18795")), "arXiv 2403.18795"),
        (Plan("superlative", by="date", order="asc"), "오래된 순"),
        (Plan("superlative", by="votes", order="asc"), "표 적은 순"),
    ],
)
def test_a_range_a_paper_and_an_order_are_shown_in_short(plan: Plan, chip: str) -> None:
    assert chip in chips(plan, "ko")


@pytest.mark.parametrize(
    ("chip", "changes"),
    [
        (Chip("용어 맘바", "terms", "맘바"), {"terms": ("3D",)}),
        (Chip("제외 비디오", "not_terms", "비디오"), {"not_terms": ()}),
        (Chip("주제 음성 합성", "topics", "음성 합성"), {"topics": ()}),
        (Chip("제외 로봇", "not_topics", "로봇"), {"not_topics": ()}),
        (Chip("서베이", "sorts", "survey"), {"sorts": ()}),
        (Chip("제외 데이터셋", "not_sorts", "dataset"), {"not_sorts": ()}),
        (Chip("사용", "relation"), {"relation": None}),
        (Chip("저자 Dahua Lin", "authors", "Dahua Lin"), {"authors": ()}),
        (Chip("앞 답변 안에서", "papers"), {"papers": ()}),
        (Chip("2024-03", "date_from"), {"date_from": None, "date_to": None}),
        (Chip("표 ≥ 5", "min_votes"), {"min_votes": None}),
        (Chip("표 ≤ 20", "max_votes"), {"max_votes": None}),
        (Chip("표 정보 없음", "unvoted"), {"unvoted": False}),
        (Chip("제목에", "in_title"), {"in_title": False}),
        (Chip("영어 요약", "summary"), {"summary": None}),
        (Chip("표 많은 순", "by"), {"by": None, "order": None, "kind": "list"}),
        (Chip("상위 3", "limit"), {"limit": None}),
        (Chip("순위", "kind"), {}),
    ],
)
def test_a_chip_taken_away_takes_its_constraint_and_nothing_else(chip: Chip, changes: dict[str, Any]) -> None:
    assert chip in parts(FULL, "ko")
    assert without(FULL, chip) == replace(FULL, **changes)


@pytest.mark.parametrize(
    ("plan", "field", "expected"),
    [
        (Plan("author", authors=("Tri Dao",), min_votes=5), "authors", Plan("list", min_votes=5)),
        (Plan("digest", date_from=date(2024, 6, 11), date_to=date(2024, 6, 12)), "date_from", Plan("list")),
        (Plan("list", terms=("맘바",), relation="use"), "terms", Plan("list")),
        (Plan("compare", papers=("2312.00752", "2403.18795")), "papers", Plan("explain", papers=("2403.18795",))),
        (Plan("explain", papers=("2312.00752",)), "papers", Plan("list")),
        (
            Plan("fact", papers=("2312.00752",), date_from=date(2024, 1, 1)),
            "papers",
            Plan("list", date_from=date(2024, 1, 1)),
        ),
        (Plan("count", terms=("맘바",)), "terms", Plan("count")),
        (Plan("list", topics=("음성 합성",), sorts=("survey",)), "topics", Plan("list", sorts=("survey",))),
        (Plan("list", topics=("음성 합성",), sorts=("survey",)), "sorts", Plan("list", topics=("음성 합성",))),
    ],
)
def test_what_is_left_is_a_plan_that_can_be_carried_out(plan: Plan, field: str, expected: Plan) -> None:
    chip = next(chip for chip in parts(plan, "ko") if chip.field == field)
    assert without(plan, chip) == expected


@pytest.mark.parametrize(
    ("plan", "field", "offered"),
    [
        (FULL, "relation", {"사용": {"relation": "use"}, "언급": {"relation": "mention"}, "제안": {"relation": "propose"}, "능가": {"relation": "beat"}, "개선·확장": {"relation": "extend"}}),
        (FULL, "summary", {"한국어 요약": {"summary": "ko"}, "영어 요약": {"summary": "en"}}),
        (FULL, "by", {"표 많은 순": {}, "표 적은 순": {"order": "asc"}, "최신순": {"by": "date"}, "오래된 순": {"by": "date", "order": "asc"}}),
        (FULL, "kind", {
            "목록": {"kind": "list", "by": None, "order": None}, "편수": {"kind": "count", "by": None, "order": None},
            "추이": {"kind": "trend", "by": None, "order": None}, "주제 순위": {"kind": "trend", "by": None, "order": "desc"}, "순위": {},
            "저자 순위": {"kind": "trend", "by": "authors", "order": "desc"},
        }),
        (Plan("author", authors=("Tri Dao",)), "kind", {
            "저자": {}, "목록": {"kind": "list"}, "편수": {"kind": "count"}, "추이": {"kind": "trend"},
            "주제 순위": {"kind": "trend", "order": "desc"}, "순위": {"kind": "superlative", "by": "votes", "order": "desc"},
            "저자 순위": {"kind": "trend", "by": "authors", "order": "desc"},
        }),
        (Plan("trend", by="date", order="desc"), "by", {"늘어난 주제": {}}),
        (Plan("trend", by="date", order="desc"), "kind", {
            "목록": {"kind": "list", "by": None, "order": None}, "편수": {"kind": "count", "by": None, "order": None},
            "추이": {"by": None, "order": None}, "주제 순위": {}, "순위": {"kind": "superlative", "by": "votes"}, "저자 순위": {"by": "authors"},
        }),
        (Plan("trend", by="authors", order="desc"), "kind", {
            "목록": {"kind": "list", "by": None, "order": None}, "편수": {"kind": "count", "by": None, "order": None},
            "추이": {"by": None, "order": None}, "주제 순위": {"by": None}, "순위": {"kind": "superlative", "by": "votes"}, "저자 순위": {},
        }),
        (Plan("fact", papers=("2312.00752",)), "kind", {}),
        (FULL, "unvoted", {"표 정보 없음": {}}),
        (FULL, "in_title", {"제목에": {}}),
        (FULL, "terms", {}),
        (FULL, "topics", {}),
        (FULL, "sorts", {}),
    ],
)  # fmt: skip
def test_a_chip_of_few_choices_offers_them_with_itself_and_changes_nothing_else(
    plan: Plan, field: str, offered: dict[str, dict[str, Any]]
) -> None:
    chip = next(chip for chip in parts(plan, "ko") if chip.field == field)
    assert dict(choices(plan, chip, "ko")) == {label: replace(plan, **changes) for label, changes in offered.items()}
    assert not offered or chip.text in offered


_NAMES = st.lists(st.sampled_from(["Mamba", "맘바", "3D", "LoRA"]), max_size=3, unique=True).map(tuple)
_SORTS = st.lists(st.sampled_from(["survey", "benchmark"]), max_size=2, unique=True).map(tuple)
_PLANS = st.builds(
    Plan, topics=_NAMES, not_topics=_NAMES, sorts=_SORTS, not_sorts=_SORTS, kind=st.sampled_from(sorted(SET_KINDS)), terms=_NAMES, not_terms=_NAMES, relation=st.sampled_from(["use", "mention", "propose", "beat", "extend", None]),
    authors=_NAMES, not_authors=_NAMES, papers=_NAMES, date_from=st.sampled_from([date(2024, 3, 1), None]), date_to=st.sampled_from([date(2024, 4, 1), None]),
    min_votes=st.sampled_from([3, None]), max_votes=st.sampled_from([0, None]), limit=st.sampled_from([5, None]),
    summary=st.sampled_from(["ko", None]), unvoted=st.booleans(), in_title=st.booleans(), by=st.sampled_from(["votes", "date", None]), order=st.sampled_from(["asc", "desc", None]),
)  # fmt: skip


@given(_PLANS)
def test_taking_every_chip_away_leaves_no_constraint(plan: Plan) -> None:
    for _ in range(30):
        rest = [chip for chip in parts(plan, "en") if chip.field != "kind"]
        if not rest:
            break
        fewer = without(plan, rest[0])
        assert rest[0] not in parts(fewer, "en")
        plan = fewer
    assert not plan.filtered
    assert (plan.limit, plan.by) == (None, None)


def test_a_plan_in_json_has_every_field() -> None:
    shown = FULL.as_json()
    assert set(shown) == {field.name for field in fields(Plan)}
    assert (shown["date_from"], shown["terms"], shown["max_votes"]) == ("2024-03-01", ["맘바", "3D"], 20)
