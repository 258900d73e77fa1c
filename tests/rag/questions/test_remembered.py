"""Facts of papers that are described and not named, over the sample digests; expectations by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag.answers.answer import Answer

Ask = Callable[..., Answer]
POWERINFER, STREAM, HUMAN_BRAIN, GARMENT = "2312.12456", "2312.12491", "2312.00575", "2312.02963"


@pytest.mark.parametrize(
    ("question", "paper", "fact"),
    [
        ("who wrote the paper on serving large language models with one consumer GPU?", POWERINFER, "Haibo Chen"),
        ("when did the one about aligning language models to the human brain come out?", HUMAN_BRAIN, "2023-12-04"),
        ("real-time interactive image generation with a pipeline, how many fps on an RTX4090?", STREAM, "91.07"),
        ("소비자용 GPU 한 장으로 큰 언어 모델을 서빙하는 논문 누가 썼어?", POWERINFER, "Haibo Chen"),
        ("언어 모델을 사람 뇌에 맞추는 논문 언제 올라왔어?", HUMAN_BRAIN, "2023-12-04"),
        ("실시간 상호작용 이미지 생성 파이프라인 만든 거 있었는데 fps 얼마였지?", STREAM, "91.07"),
    ],
)
def test_a_fact_is_told_of_the_paper_that_is_described(question: str, paper: str, fact: str, ask: Ask) -> None:
    answer = ask(question)
    assert answer.papers == (paper,)
    assert fact in answer.text


@pytest.mark.parametrize(
    ("question", "note"),
    [
        ("who wrote the paper on serving large language models with one consumer GPU?", "closest to your description"),
        ("소비자용 GPU 한 장으로 큰 언어 모델을 서빙하는 논문 누가 썼어?", "설명하신 내용에 가장 가까운 논문으로 답했습니다."),
    ],
)  # fmt: skip
def test_an_answer_says_that_the_paper_was_found_by_its_description(question: str, note: str, ask: Ask) -> None:
    assert note in ask(question).text


@pytest.mark.parametrize(
    "question",
    [
        "디퓨전 모델 논문 몇 편이야?", "who works on diffusion models?", "표를 가장 많이 받은 디퓨전 논문은?", "코드를 공개한 논문들 알려줘",
        "papers on image generation that release code", "디퓨전을 쓰지 않은 논문은?", "which papers are about 3D generation?",
    ],
)  # fmt: skip
def test_a_question_about_many_papers_is_not_answered_by_one(question: str, ask: Ask) -> None:
    answer = ask(question)
    assert answer.plan.kind not in ("fact", "explain")
    assert "closest to your description" not in answer.text
    assert "설명하신 내용" not in answer.text


@pytest.mark.parametrize(
    "question",
    ["소비자용 GPU 한 장으로 큰 언어 모델 돌린다는 논문 뭐였더라", "one consumer GPU serves a large language model, what was it called?"],
)  # fmt: skip
def test_a_question_for_its_name_alone_lists_the_paper(question: str, ask: Ask) -> None:
    answer = ask(question)
    assert answer.plan.kind == "describe"
    assert answer.papers[0] == POWERINFER


def test_what_no_paper_is_told_apart_by_is_no_paper(ask: Ask) -> None:
    answer = ask("언제 부산에 눈이 와?")
    assert answer.status == "refused"
    assert ask("who wrote the paper on baking sourdough bread at home?").papers == ()
