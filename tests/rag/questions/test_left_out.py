"""What short questions of a chat leave out, over the sample digests through the pipeline; expectations by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from rag.answers.answer import Answer

Ask = Callable[..., Answer]
KO, EN = "디퓨전 논문", "papers on diffusion"
DECEMBER = (date(2023, 12, 1), date(2024, 1, 1))


# --- months ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("chat", "month"),
    [
        ((KO, "어느 달에 제일 많아?"), "그 달 투표 상위 2편"),
        ((EN, "which month had the most"), "show me the top 2 of that month"),
    ],
)
def test_the_busiest_month_of_a_set_is_told_and_then_pointed_at(chat: tuple[str, str], month: str, ask: Ask) -> None:
    first, which = chat
    counted, best = ask(which, first), ask(month, first, which)
    assert (counted.plan.kind, counted.plan.per, counted.plan.topics) == ("trend", "month", ask(first).plan.topics)
    assert (best.plan.date_from, best.plan.date_to) == DECEMBER
    assert (best.plan.topics, best.plan.by, len(best.papers)) == (counted.plan.topics, "votes", 2)


# --- lists that show some --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("first", "rest"),
    [("디퓨전 최신 논문들", "비디오는 빼고"), ("latest papers on diffusion", "drop anything on video")],
)
def test_what_is_taken_away_from_the_first_of_a_set_leaves_more_of_it(first: str, rest: str, ask: Ask) -> None:
    shown, left = ask(first), ask(rest, first)
    assert left.plan.papers == ()
    assert (left.plan.by, len(left.papers)) == ("date", len(shown.papers))


@pytest.mark.parametrize(
    ("first", "rest"), [("투표 상위 3편 디퓨전 논문", "비디오는 빼고"), ("top 3 papers on diffusion", "without video")]
)
def test_a_number_that_was_said_holds_those_papers(first: str, rest: str, ask: Ask) -> None:
    assert set(ask(rest, first).papers) <= set(ask(first).papers)


@pytest.mark.parametrize(
    ("last", "when"), [(EN, "the last one, when was it out?"), (KO, "마지막 논문은 저자가 누구야?")]
)
def test_the_last_one_is_the_last_that_is_shown(last: str, when: str, ask: Ask) -> None:
    assert ask(when, last).plan.papers == (ask(last).papers[19],)


@pytest.mark.parametrize("question", ["drop anything that is a benchmark", "벤치마크는 빼고"])
def test_a_kind_of_paper_is_dropped_and_not_asked_for(question: str, ask: Ask) -> None:
    plan = ask(question, EN if question.isascii() else KO).plan
    assert (plan.sorts, plan.not_sorts) == ((), ("benchmark",))


# --- people ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("chat", "question"),
    [
        (("papers by Dahua Lin", "the most voted of those", "and what about Ziwei Liu"), "who of the two has more?"),
        (("Dahua Lin 논문", "그중 투표 제일 많은 거", "Ziwei Liu는?"), "둘 중 누가 더 많아?"),
    ],
)
def test_another_author_takes_the_place_of_the_first_and_both_are_counted(
    chat: tuple[str, ...], question: str, ask: Ask
) -> None:
    *before, other = chat
    plan = ask(other, *before).plan
    assert (plan.authors, plan.papers) == (("Ziwei Liu",), ())
    text = ask(question, *chat).text
    assert "Dahua Lin" in text
    assert "3" in text
    assert "Ziwei Liu" in text


@pytest.mark.parametrize(
    "question", ["Dahua Lin과 Ziwei Liu 중 누가 논문이 더 많아?", "who has more papers, Dahua Lin or Ziwei Liu?"]
)
def test_of_two_authors_the_one_with_more_papers_is_told(question: str, ask: Ask) -> None:
    answer = ask(question)
    assert answer.plan.authors == ("Dahua Lin", "Ziwei Liu")
    assert answer.text.startswith(
        (
            "Dahua Lin의 논문은 3편, Ziwei Liu의 논문은 2편입니다.",
            "There are 3 papers by Dahua Lin and 2 papers by Ziwei Liu.",
        )
    )


# --- sides -----------------------------------------------------------------------------------------------------------
def test_one_of_two_things_set_beside_each_other_is_asked_for_alone(ask: Ask) -> None:
    answer = ask("디퓨전 중에 하나 골라줘", KO, "3D 논문", "둘 중 뭐가 더 많아?")
    assert (answer.plan.topics, answer.plan.kind, len(answer.papers)) == (("디퓨전",), "superlative", 1)


@pytest.mark.parametrize(
    ("chat", "question", "topic"),
    [
        (("papers on diffusion models for images",), "same for video", "diffusion models for video"),
        (("papers on diffusion models for images",), "no, i meant audio", "diffusion models for audio"),
    ],
)
def test_what_something_is_for_is_exchanged(chat: tuple[str, ...], question: str, topic: str, ask: Ask) -> None:
    assert ask(question, *chat).plan.topics == (topic,)


# --- days and people joined ------------------------------------------------------------------------------------------
def test_the_months_of_two_questions_are_counted_beside_each_other(ask: Ask) -> None:
    plan = ask("3월이랑 비교해서 어디가 더 많아?", "2023년 12월 디퓨전 논문", "2024년 2월은?").plan
    assert (plan.kind, plan.per, plan.topics) == ("trend", "month", ("디퓨전",))
    assert (plan.date_from, plan.date_to) == (date(2024, 2, 1), date(2024, 4, 1))


@pytest.mark.parametrize("question", ["papers by Dahua Lin or Ziwei Liu", "Dahua Lin이나 Ziwei Liu가 쓴 논문"])
def test_papers_of_either_of_two_people_are_wanted(question: str, ask: Ask) -> None:
    assert len(ask(question).papers) == 4  # three and two, of which one is by both


def test_what_stands_before_a_preposition_belongs_to_each_of_two_topics(ask: Ask) -> None:
    one, other = ask("diffusion models in image editing"), ask("diffusion models in video generation")
    both = ask("diffusion models in image editing or video generation")
    assert set(both.papers) <= {*one.papers, *other.papers} | set(ask("papers on diffusion").papers)
