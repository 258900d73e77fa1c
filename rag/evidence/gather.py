"""From a reading to evidence: which part of the evidence answers which kind of question. No prose here.

Sets, counts, orders and metadata are computed; ranking is asked only where a question needs it. The question's own text
is never read here: the reading holds all that is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from rag.corpus.catalogue import Catalogue
from rag.evidence.described import about_topic, described, named, proposers, similar
from rag.evidence.facts import fact
from rag.evidence.nearest import nearest
from rag.evidence.reported import reported
from rag.evidence.retriever import Retriever
from rag.evidence.sets import a_set, compared_apart
from rag.evidence.types import Evidence
from rag.questions.plan import SET_KINDS, Plan
from rag.questions.reading import Reading


def gather(reading: Reading, catalogue: Catalogue, retriever: Callable[[], Retriever], top_k: int) -> Evidence:
    """Find and count what an answer to a reading may rest on. `retriever` is called only where ranking is needed.

    Where there is nothing to rest on, the evidence holds the reason and the nearest thing that can be answered.
    """
    found = _gather(reading, catalogue, retriever, top_k)
    no_figure = reading.plan.figure and found.reason in ("no_evidence", "ambiguous")
    if not found.reason or not catalogue.days or no_figure:
        return found
    return replace(found, nearest=nearest(found, catalogue))


def _gather(reading: Reading, catalogue: Catalogue, retriever: Callable[[], Retriever], top_k: int) -> Evidence:
    plan = reading.plan
    if plan.kind == "out_of_scope" and reading.foreign and reading.question:
        return _unless_carried(reading, catalogue, retriever, top_k)
    if reading.reason or plan.kind in ("help", "out_of_scope"):
        return Evidence(reading, reason=reading.reason)
    if plan.figure:
        return reported(reading, catalogue, retriever)
    if plan.kind in SET_KINDS:
        return a_set(reading, catalogue, retriever)
    if plan.kind == "similar" and plan.papers:
        return similar(reading, catalogue, retriever(), top_k)
    if plan.kind == "compare" and (found := _comparison(reading, catalogue, retriever, top_k)):
        return found
    if plan.kind == "fact" and plan.papers:
        return fact(reading, catalogue, retriever, top_k)
    if plan.kind in ("known_item", "explain") and plan.papers:
        return named(reading, catalogue, top_k)
    if plan.kind == "explain" and (found := proposers(reading, catalogue)):
        return found
    if plan.kind in ("explain", "fact") and (found := about_topic(reading, catalogue, retriever())):
        return found
    return described(reading, catalogue, retriever(), top_k)


def _unless_carried(reading: Reading, catalogue: Catalogue, retriever: Callable[[], Retriever], top_k: int) -> Evidence:
    """Refuse a question that reads as if it were not about papers, unless a paper plainly is about just that."""
    asked = replace(reading, plan=Plan("describe"), reason=None, foreign=1.0)
    found = described(asked, catalogue, retriever(), top_k)
    return Evidence(reading, reason=reading.reason) if found.reason else found


def _comparison(
    reading: Reading, catalogue: Catalogue, retriever: Callable[[], Retriever], top_k: int
) -> Evidence | None:
    """Return the papers to compare: those that are named, and the best one for each that is only described."""
    plan = reading.plan
    if len(plan.papers) < 2 <= len(plan.terms):
        every = replace(reading, plan=replace(plan, kind="list", papers=()))
        both = a_set(every, catalogue, retriever)
        if both.reason or both.apart:
            return compared_apart(every, catalogue)
        if not plan.papers:
            return both
    papers = list(plan.papers)
    wanted = [*(plan.topics if len(papers) < 2 else ()), *reading.said]
    if papers or len(wanted) > 1:
        for words in wanted:
            if hits := retriever().search(words, 1):
                papers += [hits[0].arxiv_id] if hits[0].arxiv_id not in papers else []
    if papers:
        compared = replace(reading, plan=replace(plan, papers=tuple(papers[:5])))
        return named(compared, catalogue, top_k)
    return None
