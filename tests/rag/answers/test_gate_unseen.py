"""The gate over three hundred sentences about invented papers, written at one go and used for nothing but to measure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from rag.corpus.papers import Bullet, Paper
from rag.language.text import Language
from tests.rag.answers.test_gate_meaning import passes

SENTENCES = Path(__file__).parent / "gate_unseen.txt"
# Measured, less a little: at least so much of the false sentences is caught, and at most so much of the true ones lost.
REACHED: dict[Language, tuple[float, float]] = {"ko": (0.57, 0.13), "en": (0.72, 0.22)}


@dataclass(frozen=True)
class Row:
    """A sentence about a paper; `kind` is "true", or what is false about it."""

    paper: Paper
    kind: str
    text: str
    language: Language


@cache
def rows() -> tuple[Row, ...]:
    return tuple(_read())


def _read() -> Iterator[Row]:
    """`#` names a paper, `=` adds a bullet, `+` begins a true sentence, and `-` a false one with its kind before a colon."""
    title, bullets, said = "", dict[Language, list[Bullet]](), list[tuple[str, str]]()
    for line in [*SENTENCES.read_text(encoding="utf-8").splitlines(), "# "]:
        mark, text = line[0], line[2:]
        if mark == "#":
            paper = Paper(
                "9803.00001", title, (date(2024, 3, 28),), None, ("Mina Seo",), False, None,
                tuple(bullets.get("ko", ())), tuple(bullets.get("en", ())),
            )  # fmt: skip
            for kind, sentence in said:
                yield Row(paper, kind, sentence, "ko" if re.search("[가-힣]", sentence) else "en")
            title, bullets, said = text, {"ko": [], "en": []}, []
        elif mark == "=":
            bullets["ko" if re.search("[가-힣]", text) else "en"].append(Bullet(re.sub(r"^\*\*[^*]+\*\*: ", "", text)))
        else:
            kind, _, sentence = text.partition(": ") if mark == "-" else ("true", "", text)
            said.append((kind, sentence))


@pytest.mark.gate
@pytest.mark.parametrize("language", ["ko", "en"])
def test_false_sentences_about_unseen_papers_are_caught_and_true_ones_kept(language: Language) -> None:
    of_language = [row for row in rows() if row.language == language]
    all_of = Counter(row.kind for row in of_language)
    passed = Counter(row.kind for row in of_language if passes(row.paper, row.text, language))
    false = all_of.total() - all_of["true"]
    caught, lost = 1 - (passed.total() - passed["true"]) / false, 1 - passed["true"] / all_of["true"]
    assert caught >= REACHED[language][0], passed
    assert lost <= REACHED[language][1], passed
