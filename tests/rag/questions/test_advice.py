"""Advice that is asked for after an answer, over the sample digests; expectations by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag.answers.answer import Answer

Ask = Callable[..., Answer]
LLAMAGEN = "2406.06525"  # the most voted of the papers on diffusion


@pytest.mark.parametrize(
    ("first", "question", "kind"),
    [
        ("디퓨전 논문", "하나만 골라서 쉽게 설명해줘", "explain"), ("papers on diffusion", "pick one and explain it simply", "explain"),
        ("디퓨전 논문", "그래서 뭘 추천해?", "superlative"), ("papers on diffusion", "so what would you recommend?", "superlative"),
    ],
)  # fmt: skip
def test_the_most_voted_paper_of_the_answer_before_is_chosen(first: str, question: str, kind: str, ask: Ask) -> None:
    answer = ask(question, first)
    assert (answer.plan.kind, answer.papers) == (kind, (LLAMAGEN,))


@pytest.mark.parametrize(
    ("first", "question"),
    [("맘바가 뭐야", "읽을 논문 3편만 추천해줘"), ("what is Mamba?", "ok give me three papers to read")],
)
def test_what_to_read_after_an_explanation_is_on_what_was_explained(first: str, question: str, ask: Ask) -> None:
    plan = ask(question, first).plan
    assert (plan.kind, plan.limit, [*map(str.lower, plan.terms)]) == ("list", 3, [plan.terms[0].lower()])
    assert plan.terms[0].lower() in ("mamba", "맘바")


@pytest.mark.parametrize(
    ("first", "question"), [("디퓨전 논문", "제목만 보여줘"), ("papers on diffusion", "just the titles please")]
)
def test_a_list_of_titles_alone_has_all_papers_and_no_sentence(first: str, question: str, ask: Ask) -> None:
    whole, titles = ask(first), ask(question, first)
    assert titles.papers == whole.papers
    listed = [line for line in titles.text.splitlines() if line[:1].isdigit()]
    assert len(listed) == len(titles.papers) == 20
    assert "   - " in whole.text
    assert "   - " not in titles.text


def test_titles_alone_can_be_asked_for_at_once(ask: Ask) -> None:
    assert "   - " not in ask("디퓨전 논문 제목만 쭉 나열해줘").text
    assert ask("디퓨전 논문 제목만 쭉 나열해줘").papers == ask("디퓨전 논문").papers
