"""Organisations in a question: the names that stand behind them, and the papers that carry theirs in the title.

Digests do not tell where authors work. A maker's name in a title is no affiliation, but it is what can be told exactly.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from rag.corpus.catalogue import Catalogue
from rag.language.terms import glossary
from rag.questions.shapes import is_concept
from rag.questions.spans import Span, bare

_PLAIN = 10  # papers that write a word with a capital to each that writes it small, from which it is a maker's name


def apart(text: str, spans: Sequence[Span], known: Callable[[str], bool]) -> list[Span]:
    """Return spans with an organisation and a name the glossary knows behind it as two: "구글 제미나이"."""
    made: list[Span] = []
    for span in spans:
        maker, _, name = text[span.start : span.end].rpartition(" ")
        name = bare(name, known)
        if span.role == "org" and maker and glossary().knows(name) and not is_concept(glossary().term(name).variants):
            start = span.start + len(maker)
            made.append(replace(span, text=maker, end=start))
            made.append(replace(span, role="name", text=name, start=start + 1))
        else:
            made.append(span)
    return made


_MADE_KO = re.compile(r" ?(?:이|가|에서) ?(?:낸|만든|발표한|공개한|내놓은|출시한)(?=[ ?.!]|거|것|게|논문|$)")
_MAKES = re.compile(r" (?:\w+ )?(?:releas|publish|put out|announc|bring out|brought out)", re.IGNORECASE)
_MADE_BY = re.compile(r"\b(?:released|published|made|developed|put out|papers) by $", re.IGNORECASE)
_DID = re.compile(r"\b(?:did|has|have|does) $", re.IGNORECASE)


def made_by(text: str, name: str, start: int) -> bool:
    """Whether a question asks for what somebody made, by the words around a name: “DeepSeek이 낸 논문”.

    >>> made_by("DeepSeek이 낸 논문", "DeepSeek", 0), made_by("did DeepSeek release anything?", "DeepSeek", 4)
    (True, True)
    >>> made_by("DeepSeek을 쓴 논문", "DeepSeek", 0)
    False
    """
    before, behind = text[:start], text[start + len(name) :]
    makes = _MADE_KO.match(behind) or _MADE_BY.search(before) or (_DID.search(before) and _MAKES.match(behind))
    return bool(makes)


def in_titles(maker: str, catalogue: Catalogue) -> bool:
    """Whether papers are called by the name of an organisation: DeepSeek, and not Meta, which is a word too."""
    term = glossary().term(maker)
    spelled = [variant for variant in term.variants if variant.isascii() and variant[0].isupper()]
    called = rf"(?:{'|'.join(map(re.escape, spelled))})[ -]?(?![a-z])"
    if not spelled or not any(re.match(called, catalogue.papers[i].title) for i in catalogue.titling(term)):
        return False
    low = [rf"(?<![\w.]){re.escape(variant.lower())}(?!\w)" for variant in spelled]
    texts = (
        " ".join(bullet.text for _, bullets in catalogue.papers[i].summaries() for bullet in bullets)
        for i in catalogue.mentioning(term)
    )
    written = [any(re.search(pattern, text) for pattern in low) for text in texts]
    return _PLAIN * sum(written) <= len(written)
