"""Questions for what improves or extends a thing, alone and after another question."""

from __future__ import annotations

import pytest

from rag.questions.extending import asks_to_extend, with_its_name
from rag.questions.found import Found


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("LoRA를 개선한 논문은?", "LoRA"),
        ("LoRA의 한계를 극복한 연구 알려줘", "LoRA"),
        ("누가 LoRA를 더 개선했어?", "LoRA"),
        ("Mamba 변형 모델 뭐 있어?", "Mamba"),
        ("Mamba의 후속 연구는?", "Mamba"),
        ("who improved GRPO?", "GRPO"),
        ("follow-up work on DPO", "DPO"),
        ("variants of DPO", "DPO"),
        ("which papers extend the original CLIP?", "CLIP"),
    ],
)
def test_a_question_for_what_improves_or_extends_a_thing_is_heard(question: str, name: str) -> None:
    assert asks_to_extend(question, [Found(name, "term", (), question.find(name))])


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("LoRA로 성능을 개선한 논문은?", "LoRA"),
        ("papers using LoRA to improve image generation", "LoRA"),
        ("Mamba를 사용한 논문은?", "Mamba"),
        ("how does GRPO improve on PPO?", "GRPO"),
    ],
)
def test_a_thing_that_improves_something_else_is_not_what_is_improved(question: str, name: str) -> None:
    assert not asks_to_extend(question, [Found(name, "term", (), question.find(name))])


@pytest.mark.parametrize("question", ["how does GRPO improve on PPO?", "GRPO가 PPO를 어떻게 개선했어?"])
def test_how_one_thing_improves_another_asks_for_no_list(question: str) -> None:
    named = [Found(name, "term", (), question.rfind(name)) for name in ("GRPO", "PPO")]
    assert not asks_to_extend(question, named)


@pytest.mark.parametrize(
    ("question", "whole"),
    [
        ("누가 개선했어?", "GRPO를 누가 개선했어?"),
        ("이걸 개선한 논문은?", "GRPO를 개선한 논문은?"),
        ("그거 비전에 쓴 논문은?", "GRPO 비전에 쓴 논문은?"),
        ("who improved it?", "who improved GRPO?"),
        ("any papers applying it to speech?", "any papers applying GRPO to speech?"),
        ("does it use attention?", ""),
        ("그거 저자는?", ""),
    ],
)
def test_a_follow_up_for_what_improves_or_uses_it_gets_the_name_before(question: str, whole: str) -> None:
    assert with_its_name(question, "GRPO") == whole
