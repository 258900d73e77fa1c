"""Papers on what was explained before, over the sample digests; expectations by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag.answers.answer import Answer

Ask = Callable[..., Answer]


@pytest.mark.parametrize(
    ("first", "question", "topic"),
    [
        ("RLHF가 뭐야?", "그거 대신 쓸 수 있는 방법은 뭐가 있어?", "RLHF 대체"), ("what is RLHF?", "any alternatives?", "alternative to RLHF"),
        ("", "RLHF를 대체하려는 시도들", "RLHF 대체"), ("", "attempts to replace RLHF", "alternative to RLHF"),
    ],
)  # fmt: skip
def test_what_takes_the_place_of_a_thing_is_no_list_of_papers_with_it(
    first: str, question: str, topic: str, ask: Ask
) -> None:
    plan = ask(question, *([first] if first else [])).plan
    assert (plan.kind, plan.terms, plan.topics) == ("list", (), (topic,))


@pytest.mark.parametrize(
    ("first", "question", "name", "topic"),
    [
        ("맘바가 뭐야?", "비전에도 쓰여?", "맘바", "비전"),
        ("what is Mamba?", "does it work for vision?", "Mamba", "vision"),
    ],
)
def test_what_a_thing_is_used_for_is_asked_of_papers_with_both(
    first: str, question: str, name: str, topic: str, ask: Ask
) -> None:
    plan = ask(question, first).plan
    assert (plan.kind, plan.terms, plan.topics) == ("list", (name,), (topic,))


@pytest.mark.parametrize(
    ("before", "question", "count"),
    [
        ("LoRA가 뭐야?", "관련 논문 몇 편이야?", 3),
        ("트랜스포머가 뭐야?", "비슷한 논문은?", 7),
        ("what is a transformer?", "how many papers are there?", 7),
    ],
)
def test_all_papers_on_what_others_explain_are_meant(before: str, question: str, count: int, ask: Ask) -> None:
    assert ask(question, before).count == count


@pytest.mark.parametrize(
    ("before", "question"), [("Mamba가 뭐야?", "관련 논문도"), ("what is Mamba?", "show me papers")]
)
def test_papers_on_what_was_explained_are_listed_by_a_word_for_papers(before: str, question: str, ask: Ask) -> None:
    assert set(ask(question, before).papers) == {"2312.00752", "2403.18795"}


def test_it_is_what_was_compared_first_and_a_side_takes_the_place_of_the_last(ask: Ask) -> None:
    chat = ("how is LoRA different from NeRF?", "any papers that use it for images?")
    first = ask(chat[1], chat[0]).plan
    assert (first.terms, first.topics) == (("LoRA",), ("images",))
    then = ask("and for audio?", *chat).plan
    assert (then.terms, then.topics) == (("LoRA",), ("audio",))
