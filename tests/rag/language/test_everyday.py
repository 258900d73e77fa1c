"""Everyday wordings of topics in the field's words."""

from __future__ import annotations

import pytest

from rag.language import analysis
from rag.language.everyday import Wording, _places, in_field_words, wordings


@pytest.mark.parametrize(
    ("topic", "words"),
    [
        ("휴대폰에서 돌아가는 언어 모델", "온디바이스"), ("사진 보고 거리 재는", "깊이 추정"), ("쉬운 것부터 배우는 모델", "커리큘럼 학습"),
        ("writing down speech of children", "speech recognition"), ("models thinking longer", "test-time compute"),
        ("objects removed from videos", "video inpainting"), ("정렬된 척하는 모델", "정렬 위장"), ("LLM이 LLM 답변을 채점하는", "LLM-as-a-Judge"),
        ("letting ai review papers", "peer review"),
    ],
)  # fmt: skip
def test_an_everyday_wording_becomes_the_field_s(topic: str, words: str) -> None:
    assert any(words in reading for reading in in_field_words(topic))


def test_a_wording_of_many_words_is_known_without_one_of_them() -> None:
    wording = Wording(("robots", "that", "fold", "dirty", "summer", "laundry"), ("cloth manipulation",))
    asked = [frozenset(analysis.terms(word)) for word in "folding laundry robots in summer".split()]
    assert _places(wording, asked) == set()
    assert _places(wording, asked, 1) == {0, 1, 2, 4}
    short = Wording(("fold", "dirty", "laundry"), ("cloth manipulation",))
    assert _places(short, asked, 1) == set()


@pytest.mark.parametrize(
    "topic", ["KV 캐시 압축", "mixture of experts", "", "  ", "사진", "!?", "reward hacking", "이미지 번역"]
)
def test_other_topics_stay_as_they_are(topic: str) -> None:
    assert in_field_words(topic) == ()


def test_every_line_of_the_files_has_both_sides() -> None:
    assert len(wordings()) > 2_000
    assert all(wording.words and all(wording.said) for _, wording in wordings())
