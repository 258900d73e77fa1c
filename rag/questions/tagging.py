"""What the network makes of a text: of a question, of a clause that follows another, and how sure it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rag.corpus.catalogue import Catalogue
from rag.language.text import Language
from rag.questions.features import features, is_wording
from rag.questions.network import Tagged, network
from rag.questions.tokens import Token, tokenize


def tagged_as(
    text: str, tokens: Sequence[Token], catalogue: Catalogue, as_of: date, language: Language, *, after: bool
) -> Tagged | None:
    """Return what the network makes of a question."""
    reader = network()
    return reader(features(text, tokens, catalogue, reader.wording, language, after=after, as_of=as_of), after=after)


_LEFT_OVER = 0.5  # of the confidence that is kept where words are left over


def confidence_of(tokens: Sequence[Token], tagged: Tagged, language: Language) -> float:
    """Return how sure a reading is: less where words were passed over as wording that no way of asking has."""
    passed = (token.text for token, tag in zip(tokens, tagged.tags, strict=True) if tag == "wording")
    left = any(not is_wording(word, language, network().wording) for word in passed)
    return tagged.confidence * (_LEFT_OVER if left else 1.0)


def clause_tagged(text: str, catalogue: Catalogue, as_of: date, language: Language) -> Tagged | None:
    """Return what the network makes of a clause that follows another."""
    return tagged_as(text, tokenize(text), catalogue, as_of, language, after=True)
