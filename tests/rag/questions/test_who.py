"""Questions that go on to the people behind an answer, over the sample digests; expectations by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag.answers.answer import Answer

Ask = Callable[..., Answer]
IMAGEDREAM, DAHUA_LIN = "2312.02201", {"2312.02980", "2312.00109", "2312.00777"}


@pytest.mark.parametrize(
    ("first", "second", "question", "authors"),
    [
        ("디퓨전 논문", "두 번째 거 누가 썼어?", "그 사람들 다른 논문은?", "Peng Wang 또는 Yichun Shi"),
        ("papers on diffusion", "who wrote the second one?", "what else did they publish?", "Peng Wang or Yichun Shi"),
        ("papers on diffusion", "who wrote the second one?", "other papers by the first author?", "Peng Wang"),
    ],
)
def test_what_else_the_authors_of_a_paper_wrote(first: str, second: str, question: str, authors: str, ask: Ask) -> None:
    answer = ask(question, first, second)
    assert (answer.plan.kind, answer.plan.authors, answer.papers) == ("author", (authors,), (IMAGEDREAM,))


@pytest.mark.parametrize(
    ("first", "question"),
    [("저자별 논문 수", "1위가 쓴 논문은?"), ("who wrote most papers?", "what did the first one write?")],
)
def test_what_the_first_of_a_ranking_of_authors_wrote(first: str, question: str, ask: Ask) -> None:
    answer = ask(question, first)
    assert (answer.plan.authors, set(answer.papers)) == (("Dahua Lin",), DAHUA_LIN)


@pytest.mark.parametrize(
    ("first", "question", "said"),
    [
        ("디퓨전 논문", "구글에서 쓴 건 몇 편이야?", "소속"),
        ("papers on diffusion", "how many of these are from Google?", "where authors work"),
    ],
)
def test_no_number_is_told_of_an_affiliation_that_digests_do_not_keep(
    first: str, question: str, said: str, ask: Ask
) -> None:
    answer = ask(question, first)
    assert (answer.reason, answer.papers) == ("field_not_in_digest", ())
    assert said in answer.text


def test_who_works_on_a_topic_and_what_two_wrote_together(ask: Ask) -> None:
    ranking = ask("who works on this?", "papers on diffusion").plan
    assert (ranking.kind, ranking.by, ranking.topics) == ("trend", "authors", ("diffusion",))
    both = ask("did they write anything together?", "papers by Ziwei Liu", "and Dahua Lin?")
    assert (both.plan.authors, both.papers) == (("Ziwei Liu", "Dahua Lin"), ("2312.00777",))
