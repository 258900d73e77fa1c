"""Who does what to whom, in both languages: clauses and the parts of words, by hand."""

from __future__ import annotations

import pytest

from rag.answers.claims import introduced, read
from rag.answers.roles import ROLES, parts


def roles(text: str) -> dict[str, str]:
    words = read(text)
    return {word.text: ROLES[role] for word, role in zip(words, parts(words)[1], strict=True) if role}


def clauses(text: str) -> list[list[str]]:
    words = read(text)
    numbers = parts(words)[0]
    return [[w.text for w, n in zip(words, numbers, strict=True) if n == number] for number in sorted(set(numbers))]


@pytest.mark.parametrize(
    ("text", "subject", "object_"),
    [
        ("교사가 학생을 가르칩니다", "교사가", "학생을"),
        ("학생을 교사가 가르칩니다", "교사가", "학생을"),
        ("관계는 층이 맡습니다", "층이", "관계는"),
        ("Mamba가 Transformer를 앞섭니다", "mamba", "transformer"),
        ("the teacher guides students", "teacher", "students"),
        ("students are guided by the teacher", "teacher", "students"),
    ],
)
def test_who_acts_and_on_what_is_told_whatever_the_order(text: str, subject: str, object_: str) -> None:
    found = roles(text)
    assert (found[subject], found[object_]) == ("subject", "object")


@pytest.mark.parametrize(
    ("text", "of", "into"),
    [
        ("인코더는 음성을 단위열로 바꿉니다", "음성을", "단위열로"),
        ("the encoder turns speech into units", "speech", "units"),
    ],
)
def test_what_becomes_what_is_told(text: str, of: str, into: str) -> None:
    found = roles(text)
    assert (found[of], found[into]) == ("object", "to")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("속도는 빠르지만 메모리를 많이 씁니다", [["속도는", "빠르지만"], ["메모리를", "많이", "씁니다"]]),
        ("낮에는 음성을, 밤에는 글을 씁니다", [["낮에는", "음성을"], ["밤에는", "글을", "씁니다"]]),
        ("It is fast, but it uses memory", [["it", "is", "fast"], ["but", "it", "uses", "memory"]]),
        ("Accuracy rises and memory falls", [["accuracy", "rises"], ["and", "memory", "falls"]]),
        ("Color and shape are easy", [["color", "and", "shape", "are", "easy"]]),
    ],
)
def test_a_sentence_falls_into_its_clauses(text: str, expected: list[list[str]]) -> None:
    assert clauses(text) == expected


def test_a_particle_behind_a_bracket_belongs_to_the_word_before_it() -> None:
    assert roles("센서(tactile sensor)는 힘을 조절합니다") == {
        "센서": "subject", "tactile": "subject", "sensor": "subject", "힘을": "object",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("이 논문에서는 DiffTree라는 모델을 소개합니다. GPT-4보다 빠릅니다.", {"difftree"}),
        ("We propose NAUF, which is better than what came before.", {"nauf"}),
        ("It is faster than PowerInfer.", set()),
    ],
)
def test_the_names_that_a_statement_introduces_are_its_papers_own(text: str, names: set[str]) -> None:
    assert introduced(text) == names
