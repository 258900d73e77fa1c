"""The sentences that the gate's judge learns from are read as they were meant."""

from __future__ import annotations

import random
from functools import partial

import pytest

from rag.language.text import Language
from tools.train_gate import samples
from tools.train_gate.mutations import Mutator, recombined


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


@pytest.mark.parametrize("name", ["invented", "rephrased", "held"])
def test_no_paper_that_limits_are_set_by_is_learnt_from(name: str) -> None:
    titles = {sample.paper.title for sample in samples.invented(name)}
    others = {
        sample.paper.title
        for other in ("invented", "rephrased", "held")
        if other != name
        for sample in samples.invented(other)
    }
    assert len(titles) >= 9
    assert titles & others == set()


@pytest.mark.parametrize(
    ("one", "other", "language", "found"),
    [
        ("The encoder reads audio.", "A router selects experts.", "en", "The encoder selects experts."),
        ("인코더는 소리를 읽습니다.", "라우터는 전문가를 고릅니다.", "ko", "인코더는 전문가를 고릅니다."),
        ("The encoder reads audio.", "The encoder keeps its weights.", "en", None),
        ("The encoder reads audio.", "We train on eight GPUs.", "en", None),
        ("The encoder reads audio.", "Both are slow.", "en", None),
    ],
)  # fmt: skip
def test_the_subject_of_one_sentence_does_what_another_tells(
    one: str, other: str, language: Language, found: str | None
) -> None:
    assert recombined(one, other, language) == found


def test_a_sentence_is_made_false_by_the_reason_of_another_one() -> None:
    texts: list[tuple[str, Language]] = [
        ("It is slow because the cache is full.", "en"),
        ("It runs with great care.", "en"),
    ]
    maker = Mutator(texts, lambda word: ())
    made = {maker.make("Rain hurts the score.", "en", random.Random(seed)) for seed in range(40)}
    causes = {one.text for one in made if one and one.kind == "cause"}
    assert causes == {"Rain hurts the score because the cache is full."}


@pytest.mark.parametrize("source", [samples.invented, samples.written, partial(samples.invented, "rephrased")])
def test_every_false_sentence_has_a_wrong_word_and_no_true_one_has(source: object) -> None:
    assert callable(source)
    assert {s.text for s in source() if s.false != bool(s.wrong)} == set()
