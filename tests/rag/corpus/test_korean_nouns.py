"""A Korean noun by the papers that have it, alike in an index made at once and in one that grew. The papers are invented."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.corpus.korean_nouns import KoreanNouns
from rag.corpus.standing import Standings
from rag.corpus.substrings import Texts, as_bytes
from rag.language.terms import squash

SAID = ("양자화를 다룹니다.", "양자화에 강합니다.", "양자화에 대한 표입니다.", "지도를 그립니다.", "지도로 봅니다.")
WORDS = ("양자화", "지도", "양자", "없는말", "다룹니")


def nouns(texts: list[str], standings: Standings | None = None) -> KoreanNouns:
    held = Texts(as_bytes(squash(text)) for text in texts)
    return KoreanNouns(held, texts.__getitem__, standings or Standings(len(texts)))


def test_a_word_with_a_particle_of_a_noun_is_one() -> None:
    found = nouns(["양자화를 다룹니다.", "양자화에 강합니다."])
    assert found.has("양자화")
    assert not found.has("다룹니")
    assert not nouns(["재양자화를 다룹니다."]).has("양자화")


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(SAID), max_size=90), st.lists(st.sampled_from(SAID), max_size=5), st.booleans())
def test_an_index_that_grew_tells_the_nouns_that_one_made_at_once_does(
    older: list[str], newer: list[str], changed: bool
) -> None:
    known = Standings(len(older))
    for word in WORDS:
        nouns(older, known).has(word)
    was = np.array([*(-1 for _ in newer), *range(len(older))], dtype=np.int64)
    texts = [*newer, *older]
    if changed and older:
        texts[-1], was[-1] = "양자화를 만듭니다.", -1
    grown = nouns(texts, Standings(len(texts), known, was))
    assert {word: grown.has(word) for word in WORDS} == {word: nouns(texts).has(word) for word in WORDS}
