"""Papers that a question means by words of their titles, as people call papers: “the 1-bit LLM paper”. Pure functions."""

from __future__ import annotations

import re
from dataclasses import replace

from rag.corpus.catalogue import Catalogue
from rag.language.terms import Term
from rag.questions.constraints import Parsed
from rag.questions.kinds import OF_PAPERS
from rag.questions.network import Tagged
from rag.questions.words import words

_MEANT = 3  # papers whose titles have some words, up to which the words mean these papers
_WHO = re.compile(r"who\b", re.IGNORECASE)


def by_title_words(parsed: Parsed, catalogue: Catalogue) -> Parsed:
    """Return what was parsed with the papers that words of their titles mean, the most voted first: "who wrote the 1-bit llm paper"."""
    said = "" if parsed.ids else _said(parsed)
    if not said or not _is_one_paper(said, parsed):
        return parsed
    singular = said.removesuffix("s")
    papers = sorted(catalogue.titling(Term(singular, (singular,))), key=lambda i: -(catalogue.papers[i].votes or 0))
    if not 0 < len(papers) <= _MEANT:
        return parsed
    return replace(parsed, ids=tuple(papers), found=[], tagged=_of_one(parsed.text, parsed.tagged))


def _said(parsed: Parsed) -> str:
    """Return the words that a question is about where they name nothing and stand side by side; "" of a single word."""
    found = parsed.found
    if not found or any(one.kind not in ("topic", "unknown") for one in found):
        return ""
    said = parsed.text[found[0].start : found[-1].start + len(found[-1].text)]
    each = [word for one in found for word in one.text.split()]
    return said if len(each) > 1 and said.split() == each else ""


def _asks_a_fact(told: Tagged) -> bool:
    return max(told.aspects, key=told.aspects.__getitem__) != "none"


def _is_one_paper(said: str, parsed: Parsed) -> bool:
    """Whether a question speaks of one paper: “the … paper”, or a fact of “… 논문”."""
    if re.search(rf"\bthe [\"'“‘]?{re.escape(said)}[\"'”’]? paper\b", parsed.text, re.IGNORECASE):
        return True
    one = parsed.tagged.kind in ("fact", "writers") and not words().writers.any_of(parsed.wording)
    behind = re.search(rf"{re.escape(said)}[\"'”’]? 논문(?!들)", parsed.text)
    return bool(one and behind and _asks_a_fact(parsed.tagged))


def _of_one(text: str, told: Tagged) -> Tagged:
    """Return what the network makes of a question as of one about a paper: who wrote it, what else is asked of it."""
    asks = _asks_a_fact(told)
    if _WHO.match(text):
        told, asks = replace(told, aspects={**told.aspects, "authors": 1.0}), True
    if asks and told.kind not in OF_PAPERS:
        return told.as_kind("fact")
    return told
