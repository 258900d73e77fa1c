"""What benchmarks and datasets are about, in both languages."""

from __future__ import annotations

import pytest

from rag.questions.of_benchmarks import measured_thing


@pytest.mark.parametrize(
    ("topic", "thing"),
    [
        ("코드 생성 능력을 재는", "코드 생성"),
        ("수학 추론 능력 측정", "수학 추론"),
        ("LLM의 환각을 재는", "LLM의 환각"),
        ("멀티모달 모델의 성능 평가", "멀티모달 모델"),
        ("보상 모델 평가", "보상 모델"),
        ("that measure code generation ability", "code generation"),
        ("evaluating hallucination", "hallucination"),
        ("long-context understanding", "long-context understanding"),
        ("평가", "평가"),
        ("performance", "performance"),
        ("", ""),
    ],
)
def test_words_that_say_that_something_is_measured_are_no_part_of_it(topic: str, thing: str) -> None:
    assert measured_thing(topic) == thing
