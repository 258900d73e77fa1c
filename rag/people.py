"""Authors named in a question: which names stand in it, and whom of the catalogue they mean."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from rag.catalogue import Catalogue
from rag.cues import AUTHOR_CUE, HANGUL_NAME, LATIN_NAME, NOISE_EN, NOISE_KO
from rag.plan import Reason
from rag.terms import fold, glossary


@dataclass(frozen=True, slots=True)
class People:
    """Authors of a question: `names` as indexed, or a `reason` to refuse and the names it is `about`; `spans` to cut."""

    names: tuple[str, ...] = ()
    reason: Reason | None = None
    about: tuple[str, ...] = ()
    said: tuple[str, ...] = ()


def _looks_like_name(text: str) -> bool:
    words = text.split()
    return all(w[0].isupper() for w in words) and not any(fold(w) in NOISE_EN for w in words) and not text.isupper()


def read_people(text: str, catalogue: Catalogue, cued: bool) -> People:
    """Find the authors that a question names.

    `cued`: the question speaks of writing papers, so that a capitalised name in it is a person even if unknown.
    """
    found: dict[str, str] = {}
    rest = text
    for run in LATIN_NAME.findall(text):
        words = run.split()
        for size in range(min(5, len(words)), 1, -1):
            for at in range(len(words) - size + 1):
                name = " ".join(words[at : at + size]).strip(" .,'’")
                person = catalogue.person(name) if name in rest else None
                if person and (cued or name[0].isupper()) and person not in found:
                    found[person] = name
                    rest = rest.replace(name, " ", 1)
    if found or not cued:
        return People(tuple(found), said=tuple(found.values()))
    named = [name for name in LATIN_NAME.findall(AUTHOR_CUE.sub(" ", text)) if _looks_like_name(name)]
    if named:
        name, people = named[0], catalogue.people_like(named[0])
        if len(people) == 1:
            return People((people[0],), said=(name,))
        if people:
            return People(reason="ambiguous", about=(name, *people), said=(name,))
        everyone = [spellings[0] for spellings in catalogue.people.values()]
        near = difflib.get_close_matches(name, everyone, n=3, cutoff=0.8)
        return People(reason="unknown_author", about=(name, *near), said=(name,))
    if hangul := HANGUL_NAME.search(text):
        name = hangul.group("name")
        words = name.split()
        if not NOISE_KO.fullmatch(words[0]) and not any(
            glossary().knows(word) or catalogue.mentioning(glossary().term(word)) for word in words
        ):
            return People(reason="unknown_author", about=(name,), said=())
    return People()
