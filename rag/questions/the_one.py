"""A paper of a list that a question points at by what it is called or about: “the ITACLIP one”, “the one on negotiation”. Pure functions."""

from __future__ import annotations

import re

from rag.corpus.catalogue import Catalogue
from rag.corpus.mentions import meant
from rag.language.patterns import lazy
from rag.questions.quantities import ordinals
from rag.questions.reading import Turn
from rag.questions.words import words

_THE_ONE = lazy(
    r"\bthe (?:one|paper) (?:on|about|with|from|using|for|called|named|that (?:uses|is on|is about)) (?P<on>[^,.?!]{2,40}?)(?= (?:please|pls)\b|[,.?!:]|$)"
    r"|\bthe (?P<name>[A-Za-z][\w+.-]*(?: [A-Za-z][\w+.-]*){0,2}) (?:one|paper)\b",
    re.IGNORECASE,
)
_LONGEST = 1_000  # longer than any list


def as_place(text: str, before: Turn, catalogue: Catalogue) -> str:
    """Return a question with the place in the list before of the paper that it points at; any other text as it is."""
    match = _THE_ONE.search(text)
    listed = next((turn for turn in before.turns() if len(turn.papers) > 1), None)
    if match is None or listed is None:
        return text
    said = match["on"] or match["name"]
    if ordinals(said, _LONGEST) or _orders(said.split()):
        return text
    titled = set(catalogue.titling(meant(said)))
    naming = titled or (set(catalogue.mentioning(meant(said))) if match["on"] else set())
    places = [place for place, arxiv_id in enumerate(listed.papers[: listed.shown], start=1) if arxiv_id in naming]
    return f"{text[: match.start()]}the {places[0]}th one{text[match.end() :]}" if places else text


def _orders(said: list[str]) -> bool:
    """Whether words tell a place by an order and not by what a paper is: “the most voted one”."""
    listed = words()
    return listed.superlatives.any_of(said) or listed.newer.any_of(said) or listed.order(said) != "none"
