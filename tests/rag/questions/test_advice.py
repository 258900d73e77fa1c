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


@pytest.mark.parametrize(
    ("chat", "said"),
    [
        (("Mamba가 뭐야?", "한 문장으로"), "- Mamba는 어텐션은 물론 MLP 블록까지 없앤"),
        (("Mamba를 사용한 논문은?", "두 번째 거 한 줄로 요약해줘"), "- Mamba는 어텐션은 물론 MLP 블록까지 없앤"),
        (("Mamba 한 줄 요약",), "- Mamba는 어텐션은 물론 MLP 블록까지 없앤"),
        (("what is Mamba?", "in one line please"), "- Mamba is a simplified end-to-end network"),
        (("what is Mamba?", "simpler please"), "cannot put it in simpler words"),
        (("Mamba가 뭐야?", "더 쉽게"), "더 쉬운 말로 바꿔 쓰지는 못합니다"),
    ],
)
def test_an_explanation_is_kept_to_one_sentence(chat: tuple[str, ...], said: str, ask: Ask) -> None:
    answer = ask(chat[-1], *chat[:-1])
    assert answer.text.startswith(said) or said in answer.text.split("\n")[0]
    assert answer.text.count("[1]") == 1
