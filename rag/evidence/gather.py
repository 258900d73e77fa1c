"""From a reading to evidence: which part of the evidence answers which kind of question. No prose here.

Sets, counts, orders and metadata are computed; ranking is asked only where a question needs it. The question's own text
is never read here: the reading holds all that is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from rag.corpus.catalogue import Catalogue
from rag.evidence.asserted import asserted
from rag.evidence.compared import compared
from rag.evidence.described import about_topic, described, named, similar, told_elsewhere
from rag.evidence.explained import explained, limited, spelled
from rag.evidence.facts import STATED, asks_fact, fact, names_aspect
from rag.evidence.nearest import nearest
from rag.evidence.remembered import bears, nearest_statements, remembered
from rag.evidence.reported import reported
from rag.evidence.retriever import Retriever
from rag.evidence.sets import a_set
from rag.evidence.types import Evidence
from rag.questions.aspects import asked_amount, asks_how_or_why
from rag.questions.plan import SET_KINDS, Plan
from rag.questions.reading import Reading
from rag.questions.shares import whole_of


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
    if plan.kind == "fact" and plan.papers and reading.otherwise:
        return _of_the_paper(reading, catalogue, retriever, top_k)
    if plan.kind == "fact" and reading.said and reading.otherwise:
        return _of_remembered(reading, catalogue, retriever, top_k)
    if plan.kind == "out_of_scope" and reading.foreign and reading.question:
        return _unless_carried(reading, catalogue, retriever, top_k)
    if reading.reason or plan.kind in ("help", "out_of_scope"):
        return Evidence(reading, reason=reading.reason)
    if reading.aspect == "full_name" and plan.kind in ("fact", "explain"):
        if found := spelled(reading, catalogue):
            return found
        return explained(replace(reading, plan=replace(plan, kind="explain")), catalogue, retriever, top_k)
    states = reading.asserts and not plan.papers and plan.kind == "explain"
    if states and (found := asserted(reading, catalogue, retriever())):
        return found
    if plan.figure:
        return reported(reading, catalogue, retriever)
    if plan.kind in SET_KINDS:
        return _of_a_whole(_set(reading, catalogue, retriever), catalogue, retriever)
    if plan.kind == "similar" and plan.papers:
        return similar(reading, catalogue, retriever(), top_k)
    if plan.kind == "compare" and names_aspect(plan):
        plan = replace(plan, kind="fact")
        return fact(replace(reading, plan=plan), catalogue, retriever, top_k)
    if plan.kind == "compare" and (found := compared(reading, catalogue, retriever)):
        return found
    if plan.kind == "fact" and plan.papers and not asks_fact(reading, catalogue):
        return explained(replace(reading, plan=replace(plan, kind="explain")), catalogue, retriever, top_k)
    if plan.kind == "fact" and plan.papers:
        found = fact(reading, catalogue, retriever, top_k)
        lacks = bool(found.unstated or found.reason)
        stated = asserted(reading, catalogue, retriever()) if lacks and reading.asserts else None
        limits = limited(reading, catalogue) if lacks and not stated and reading.aspect == "limits" else None
        elsewhere = told_elsewhere(found, catalogue, retriever()) if found.reason and not (stated or limits) else None
        return stated or limits or elsewhere or found
    if plan.kind == "fact" and reading.aspect == "limits" and (found := limited(reading, catalogue)):
        return found
    if plan.kind == "fact" and reading.said:
        return _fact_of_described(reading, catalogue, retriever, top_k)
    if plan.kind == "known_item" and plan.papers:
        return named(reading, catalogue, top_k)
    if plan.kind == "explain" and reading.overview and not plan.papers and (plan.terms or plan.topics):
        return a_set(replace(reading, plan=replace(plan, kind="list")), catalogue, retriever)
    if plan.kind == "explain":
        return explained(reading, catalogue, retriever, top_k)
    if plan.kind == "fact" and (found := about_topic(reading, catalogue, retriever())):
        return found
    if plan.kind == "compare":  # nothing to compare is named: a paper is described
        reading = replace(reading, plan=replace(plan, kind="describe"))
    return described(reading, catalogue, retriever(), top_k)


def _fact_of_described(
    reading: Reading, catalogue: Catalogue, retriever: Callable[[], Retriever], top_k: int
) -> Evidence:
    """Return what is asked of the paper that a description fits best; the papers it fits where that one does not say it."""
    found = described(replace(reading, query=reading.said[0]), catalogue, retriever(), top_k)
    if found.reason:
        return found
    best = Plan("fact", papers=(found.papers[0].arxiv_id,))
    told = fact(replace(reading, plan=best), catalogue, retriever, top_k)
    return found if told.reason else told


def _of_remembered(reading: Reading, catalogue: Catalogue, retriever: Callable[[], Retriever], top_k: int) -> Evidence:
    """Return what is asked of the paper that a question describes; what the question asks otherwise, where it describes none."""
    found = remembered(reading, catalogue, retriever())
    if not found:
        assert reading.otherwise is not None
        return _gather(reading.otherwise, catalogue, retriever, top_k)
    of_it = replace(reading, plan=Plan("fact", papers=(found[0].arxiv_id,)), said=(), otherwise=None)
    how = not reading.field and reading.aspect not in STATED and asked_amount(reading.query) == "none"
    explained_at_once = replace(of_it, plan=replace(of_it.plan, kind="explain"), query=reading.said[0])
    told = _gather(explained_at_once if how else of_it, catalogue, retriever, top_k)
    if told.reason:
        nearest = nearest_statements(of_it, found[0], retriever())
        told = replace(nearest, unstated=reading.aspect != "none", missing=told.missing)
    return replace(told, close=found[1:], described=True)


def _of_the_paper(reading: Reading, catalogue: Catalogue, retriever: Callable[[], Retriever], top_k: int) -> Evidence:
    """Return what is asked of the paper before, where its summary bears on it more than others; else what the question asks otherwise."""
    assert reading.otherwise is not None
    paper = catalogue.papers[reading.plan.papers[0]]
    listed = reading.otherwise.plan.kind in SET_KINDS - {"count"} and not asks_how_or_why(reading.query)
    if not bears(reading.query, paper, retriever(), most=listed):
        return _gather(reading.otherwise, catalogue, retriever, top_k)
    told = _gather(replace(reading, otherwise=None), catalogue, retriever, top_k)
    return nearest_statements(replace(reading, otherwise=None), paper, retriever()) if told.reason else told


def _unless_carried(reading: Reading, catalogue: Catalogue, retriever: Callable[[], Retriever], top_k: int) -> Evidence:
    """Refuse a question that reads as if it were not about papers, unless a paper plainly is about just that."""
    asked = replace(reading, plan=Plan("describe"), reason=None, foreign=1.0)
    found = described(asked, catalogue, retriever(), top_k)
    if found.reason:
        return Evidence(reading, reason=reading.reason)
    otherwise = reading.otherwise
    if otherwise and otherwise.plan.topics and otherwise.plan.kind in SET_KINDS:
        whole = a_set(otherwise, catalogue, retriever)
        return found if whole.reason or whole.near else whole
    return found


def _of_a_whole(found: Evidence, catalogue: Catalogue, retriever: Callable[[], Retriever]) -> Evidence:
    """Add the wider set that a set is part of, where its share is asked for."""
    wider = whole_of(found.reading.plan) if found.reading.share and not (found.near or found.reason) else None
    if wider is None:
        return found
    every = a_set(replace(found.reading, plan=wider, members=True), catalogue, retriever)
    return found if every.near or every.reason else replace(found, whole=(wider, len(every.papers)))


def _set(reading: Reading, catalogue: Catalogue, retriever: Callable[[], Retriever]) -> Evidence:
    """Return a set of papers; one among the papers of an earlier answer, where none of these fits, of all papers."""
    found = a_set(_one_of(reading), catalogue, retriever)
    alone = reading.otherwise.otherwise if reading.otherwise else None  # None where only some of these are wanted
    if alone and _keeps_all(found):
        anew = a_set(_one_of(alone), catalogue, retriever)
        return found if anew.near or anew.reason else anew
    if not (reading.otherwise and (found.near or found.reason)):
        return found
    whole = _set(reading.otherwise, catalogue, retriever)
    return found if whole.near or whole.reason else replace(whole, beyond=True)


_SEVERAL, _NEARLY_ALL = 10, 0.95  # papers, and the share of them that a topic keeps which narrows nothing


def _keeps_all(found: Evidence) -> bool:
    """Whether a topic leaves the papers of an earlier answer as they are, so that it is another subject: “그럼 음성인식 쪽은?”."""
    plan = found.reading.plan
    if not (plan.papers and plan.topics) or found.near or len(plan.papers) <= _SEVERAL:
        return False
    return found.pool >= _NEARLY_ALL * len(plan.papers)


def _one_of(reading: Reading) -> Reading:
    """Ask for the most voted paper of a set where one paper is wanted of it."""
    plan = reading.plan
    by_votes = plan.kind == "superlative" and plan.by == "votes" and plan.order != "asc"
    if not reading.one or not (by_votes or plan.kind in ("list", "date", "digest")):
        return reading
    return replace(reading, plan=replace(plan, kind="superlative", by="votes", order="desc", limit=1))


_ASKED, _TOLD = 10, 3  # papers of a first part that are asked about for a fact of their metadata, and for anything else


def of_those(reading: Reading, first: Evidence) -> Reading:
    """Return a part that ranks, or asks of, the papers of the first part as one of just these: “…, and who wrote the most voted one?”."""
    plan, wider = reading.plan, first.reading.plan
    if plan in (Plan("fact"), Plan("explain")) and not reading.reason and first.papers:
        shown = _ASKED if reading.field and wider.kind != "describe" else 1 if wider.kind == "describe" else _TOLD
        return replace(reading, plan=replace(plan, papers=tuple(paper.arxiv_id for paper in first.papers[:shown])))
    same = (plan.terms, plan.topics, plan.sorts) == (wider.terms, wider.topics, wider.sorts)
    if plan.kind != "superlative" or wider.kind != "list" or not same or not first.papers:
        return reading
    papers = tuple(paper.arxiv_id for paper in first.papers)
    return replace(reading, plan=replace(plan, papers=papers, terms=(), topics=(), sorts=(), relation=None))
