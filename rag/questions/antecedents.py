"""Pronouns of a chat with the person that they stand for in their place: “그 사람 논문”, “his papers”. Pure functions."""

from __future__ import annotations

import re

from rag.questions.reading import Turn

_PERSON = re.compile(
    r"(?<![가-힣])그 ?(?:사람|분|저자|연구자|양반)(?P<ending>의|이|은|는|가|도)?(?= )"
    r"|\b(?:that|the same) (?:person|guy|author|researcher)['’]?s?\b(?= )|\b(?:his|her)\b(?= (?:\w+ )?(?:papers?|work)\b)",
    re.IGNORECASE,
)


def named_again(text: str, before: Turn) -> str:
    """Return a question with the one author that its pronouns stand for; as it is where none is meant for sure."""
    authors = before.set.reading.plan.authors
    if len(authors) == 1 and (match := _PERSON.search(text)):
        return f"{text[: match.start()]}{authors[0]}{match['ending'] or ''}{text[match.end() :]}"
    return text
