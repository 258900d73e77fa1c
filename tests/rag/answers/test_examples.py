"""The questions that help offers can be asked of the index at hand; over the sample digests."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag.answers.answer import Answer
from rag.answers.examples import examples
from rag.corpus.catalogue import Catalogue
from rag.language.text import Language

Ask = Callable[..., Answer]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_example_is_answered_with_papers(language: Language, catalogue: Catalogue, ask: Ask) -> None:
    offered = examples(catalogue, language)
    assert len(offered) == 4
    assert all(ask(question).papers for question in offered)


def test_examples_are_of_the_last_digest(catalogue: Catalogue) -> None:
    assert "2024년 6월 논문 중 표가 가장 많은 3편은?" in examples(catalogue, "ko")
    assert "Summarise the papers of June 11" in examples(catalogue, "en")


def test_an_empty_index_offers_nothing() -> None:
    assert examples(Catalogue({}), "ko") == examples(Catalogue({}), "en") == ()
