"""Questions are cut into words, numbers and runs of Hangul; every token keeps its place."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.questions.tokens import MAX_TOKENS, tokenize


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Mamba를 쓴 논문, 2024년 이후?", ["Mamba", "를", "쓴", "논문", "2024", "년", "이후"]),
        ("what's SWE-bench's score on 70B?", ["what", "s", "SWE-bench", "s", "score", "on", "70B"]),
        ("BitNet b1.58 vs C++, don't", ["BitNet", "b1.58", "vs", "C++", "don't"]),
        ("2024-03-05에 나온 3D논문ㅎㅎ", ["2024-03-05", "에", "나온", "3D", "논문", "ㅎㅎ"]),
        ("멀티모달LLM환각", ["멀티모달", "LLM", "환각"]),
        ("日本語の論文 é", ["日本語の論文", "é"]),
        ("??? !! …", []),
    ],
)
def test_a_question_is_cut_where_a_reader_would_cut_it(question: str, words: list[str]) -> None:
    assert [token.text for token in tokenize(question)] == words


def test_hangul_behind_a_name_is_told_to_be_attached() -> None:
    name, particle, word = tokenize("Mamba를 쓴")
    assert (name.attached, particle.attached, word.attached) == (False, True, False)


@given(st.text(max_size=300))
def test_tokens_stand_where_they_say_in_order_whatever_is_typed(text: str) -> None:
    tokens = tokenize(text)
    assert len(tokens) <= MAX_TOKENS
    assert all(text[token.start : token.end] == token.text for token in tokens)
    assert all(one.end <= other.start for one, other in pairwise(tokens))
