"""The sentences that the gate's judge learns from are read as they were meant."""

from __future__ import annotations

import pytest

from tools.train_gate import samples


def test_each_invented_paper_has_true_and_false_sentences_in_both_languages() -> None:
    found: dict[str, set[tuple[str, bool]]] = {}
    for sample in samples.invented():
        found.setdefault(sample.paper.title, set()).add((sample.language, sample.false))
    assert len(found) >= 60
    assert {title for title, kinds in found.items() if len(kinds) < 4} == set()


def test_a_false_sentence_says_which_of_its_words_are_wrong() -> None:
    (sample,) = (
        s
        for s in samples.invented()
        if s.text == "Global attention sits in the lower layers." and s.paper.ko and s.paper.en
    )
    assert sample.false
    assert [sample.text[start:end] for start, end in sample.wrong] == ["lower"]


@pytest.mark.parametrize("source", [samples.invented, samples.written])
def test_every_false_sentence_has_a_wrong_word_and_no_true_one_has(source: object) -> None:
    assert callable(source)
    assert {s.text for s in source() if s.false != bool(s.wrong)} == set()
