"""What papers call themselves: their names, their titles, and what titles of models and reports say."""

from __future__ import annotations

import re

from rag.corpus.papers import Paper
from rag.language.patterns import lazy

# Titles of models that only say so: "The Fox 3 Herd of Models", "Fox-4 System Card".
_SERIES = lazy(
    r"(?:The )?([A-Z][\w.-]{1,30}(?: \d[\w.]{0,5})?) (?:Herd|Family|Series|Suite) of (?:\w+ )?Models|([A-Z][\w.-]{1,30}(?: \d[\w.]{0,5})?) (?:System|Model) Card"
)
_PAIR = re.compile(r"([A-Z][\w.-]+)(?: and | & )([A-Z][\w.-]+)")  # "Molmo and PixMo" calls itself by two names
_REPORT = " technical report"
_CAMEL = re.compile(r"[a-z][A-Z]")


def called(paper: Paper) -> tuple[str, ...]:
    """Return every name of a paper, its own first; "" among them where it has none.

    “The Fox 3 Herd of Models” is Fox 3, “Fox Technical Report” Fox, and “FoxNet and HareSet: …” both.
    """
    names = [paper.name, paper.title]
    if (pair := _PAIR.fullmatch(paper.name)) and any(_CAMEL.search(part) for part in pair.groups()):
        names += pair.groups()
    names += [said[: -len(_REPORT)] for said in (paper.name, paper.title) if said.lower().endswith(_REPORT)]
    if series := _SERIES.fullmatch(paper.title):
        names.append(next(filter(None, series.groups())))
    return tuple(names)
