"""Papers that a question describes or names in passing, over the sample digests; expectations by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag.answers.answer import Answer
from rag.corpus.catalogue import Catalogue

Ask = Callable[..., Answer]
STREAM = "2312.12491"


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("GPT-4 파라미터 수는 몇 개야?", "GPT-4를 주제로 한 논문은 없고, 언급한 논문 "),
        ("how many parameters does GPT-4 have?", "No paper is about GPT-4 itself, nor do the "),
    ],
)
def test_a_number_of_a_thing_that_others_only_name_is_said_to_be_untold(question: str, said: str, ask: Ask) -> None:
    answer = ask(question)
    assert (answer.status, answer.reason) == ("no_evidence", "no_evidence")
    assert answer.text.startswith(said)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("GPT-4 논문 올라왔었어?", "GPT-4를 주제로 한 논문은 없습니다."),
        ("was the GPT-4 paper covered?", "No paper is about GPT-4 itself."),
    ],
)
def test_what_others_say_of_a_thing_is_told_as_theirs(question: str, said: str, ask: Ask) -> None:
    answer = ask(question)
    assert answer.text.startswith(said)
    assert all("gpt-4" in citation.evidence[0].text.lower() for citation in answer.citations)


@pytest.mark.parametrize(
    "question",
    [
        "A Pipeline-level Solution for Real-time Interactive Generation 저자는?",
        "summary of a pipeline level solution for real time interactive generation",
    ],
)
def test_a_long_part_of_a_title_names_its_paper(question: str, catalogue: Catalogue) -> None:
    assert catalogue.titled(question) == (STREAM,)


def test_a_part_of_a_title_that_names_a_topic_names_no_paper(catalogue: Catalogue) -> None:
    assert catalogue.titled("papers on multimodal large language models for video generation") == ()


def test_a_paper_that_is_described_is_recognised_by_what_else_it_says(ask: Ask) -> None:
    lines = ask("소비자용 GPU 한 장으로 큰 언어 모델 돌린다는 논문 뭐였더라").text.splitlines()
    first = [line for line in lines if line.startswith("   - ") and line.endswith("[1]")]
    assert len(first) == len(set(first)) == 3


@pytest.mark.parametrize(
    "question",
    [
        "소비자용 그래픽 카드에서 뉴런 활성화로 큰 언어 모델 추론하는 논문 찾아줘",
        "papers running large language models on one consumer grade graphics card with hot neurons",
    ],
)
def test_a_paper_that_plainly_carries_a_description_is_no_near_miss(question: str, ask: Ask) -> None:
    text = ask(question).text
    assert "PowerInfer" in text
    assert not text.startswith("No clear match")
    assert "꼭 맞는 것은 찾지 못해" not in text
