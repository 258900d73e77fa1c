"""Questions about one or a few papers: by their own names, by what proposes a thing, like another, or by a description."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice

import numpy as np

from rag.corpus.catalogue import Catalogue
from rag.corpus.mentions import Statement, meant, statements
from rag.corpus.papers import Paper
from rag.corpus.relations import coiners
from rag.evidence.facts import STATED
from rag.evidence.matching import filtered
from rag.evidence.quotes import in_language, key_statements, whole_summary
from rag.evidence.retriever import REFERENCE, Hit, Retriever
from rag.evidence.telling import states_limits
from rag.evidence.types import Evidence
from rag.language.sentences import sentences
from rag.language.terms import squash
from rag.questions.constraints import date_reason
from rag.questions.plan import Plan, Reason
from rag.questions.reading import Reading

# An open question is answered when HELD * matched + WORDS * ln(1 + BM25) + KNOWN * familiarity reaches MIN_SUPPORT.
# Fitted on 1,463 dev descriptions against 60 questions that the digests cannot answer (docs/experiments.md).
HELD, WORDS, KNOWN, MIN_SUPPORT = 1.0, 0.7, 2.0, 2.72
FOREIGN_SUPPORT, _ASKED_FOR = (
    3.2,
    2.3,
)  # of a question that is hardly about papers; of one that surely describes a paper
TRUSTED, _TELLING = 0.05, 3  # probability below which a question surely is about papers; words that tell enough
DOUBTED = 0.15  # probability that a question is not about papers, from which more is asked of the evidence
FOREIGN = 0.3  # familiarity below which a question is not about such papers at all
_FEW_PROPOSE = 3  # papers that may say of one thing that they propose it
_KEPT = 0.75  # share of the best score down to which papers are shown beside the best
_WHOLE = 12  # statements of a summary that is shown whole
_EACH = 3  # statements of each of several papers
_BEHIND = 20  # letters between a name and what is told of it
_OF_IT = re.compile(r"[ (]{0,3}(?:(?:파라미터|매개 ?변수|parameters?)?(?:의|를 가진|인| of)?)? ?", re.IGNORECASE)
_ABOUT, _LIMITED = 40, 5  # papers on a topic of which limits are looked for, and those shown with one
_NAME = re.compile(r"[A-Z][\w.-]+")
_DIGITS = re.compile(r"\d[\d,.]*")
_OTHER_WORDS = 2  # asked words that the summary of a paper lacks, from which another paper may be meant
_PASSING = 0.01  # likelihood that a paper is about what a question names which names it in passing

Retrieve = Callable[[], Retriever]


def named(reading: Reading, catalogue: Catalogue, top_k: int) -> Evidence:
    """Return the papers of a plan, each with what it is about; one alone with its whole summary."""
    plan = reading.plan
    papers = tuple(catalogue.papers[i] for i in plan.papers if i in catalogue.papers)
    if plan.kind != "compare":
        papers = papers[:top_k]
    whole = len(papers) == 1
    quotes = {
        p.arxiv_id: whole_summary(p, reading.language, _WHOLE) if whole else key_statements(p, reading.language, _EACH)
        for p in papers
    }
    also = _naming_too(papers[0], catalogue) if plan.kind == "known_item" and whole and reading.about else ()
    return Evidence(reading, papers, also, quotes=quotes)


def _naming_too(paper: Paper, catalogue: Catalogue) -> tuple[Paper, ...]:
    """Return the other papers that name a paper by its own name."""
    name = paper.name or ""
    if not name or name.islower():
        return ()
    return tuple(catalogue.papers[i] for i in catalogue.mentioning(meant(name)) if i != paper.arxiv_id)


def proposers(reading: Reading, catalogue: Catalogue) -> Evidence | None:
    """Return what the papers that propose a thing say of it, where one thing is asked for that is no paper's own name."""
    plan = reading.plan
    names = (*plan.terms, *plan.topics)
    if len(names) != 1 or not catalogue.knows(meant(names[0])):
        return None
    term = meant(names[0])
    mentions = catalogue.mentioning(term)
    found = coiners(catalogue, term)
    if not 0 < len(found) <= _FEW_PROPOSE:
        return None
    papers = tuple(catalogue.papers[i] for i in found)
    quotes = {p.arxiv_id: tuple(in_language(mentions[p.arxiv_id].bullets, reading.language)[:4]) for p in papers}
    asked = replace(plan, terms=(names[0],), topics=(), relation="propose")
    return Evidence(replace(reading, plan=asked), papers, labels=found, quotes=quotes)


def about_topic(reading: Reading, catalogue: Catalogue, retriever: Retriever) -> Evidence | None:
    """Return the papers that are most about a topic which is to be explained, each with the statements that tell of it."""
    plan = reading.plan
    if not plan.topics or not retriever.is_present(plan.topics):
        return None
    words = " ".join((*plan.terms, *plan.topics))
    shares = retriever.belonging(plan.topics[0])
    for topic in plan.topics[1:]:
        shares = np.sqrt(shares * retriever.belonging(topic))
    inside = filtered(replace(plan, topics=(), terms=(), relation=None), catalogue)
    naming = inside & filtered(replace(plan, topics=(), relation=None), catalogue)
    if plan.terms and naming.any():  # in the title first
        titled = [catalogue.mask(catalogue.titling(meant(term))) for term in plan.terms]
        inside, shares = naming, shares + np.logical_and.reduce(titled) + _PASSING
    shares = np.where(inside, shares, 0)
    order = [row for row in np.argsort(-shares, kind="stable")[:_ABOUT] if shares[row] > 0]
    surely = np.array([row for row in order if shares[row] >= retriever.cut], dtype=np.int64)
    if reading.aspect == "limits" and (found := _limits_told(reading, catalogue.at(surely))):
        return found
    papers = tuple(catalogue.papers[catalogue.ids[row]] for row in order[:_EACH])
    if not papers:
        return None
    quotes = {
        paper.arxiv_id: tuple(retriever.best_statements(words, paper, reading.language, _EACH if place == 0 else 1))
        for place, paper in enumerate(papers)
    }
    return Evidence(reading, papers, quotes=quotes)


def _limits_told(reading: Reading, papers: Sequence[Paper]) -> Evidence | None:
    """Return the papers among some whose summaries state a limit, each with the statement that does; None where none does."""
    quotes: dict[str, tuple[Statement, ...]] = {}
    for paper in papers:
        told = (
            one
            for one in in_language(statements(paper), reading.language)
            if any(states_limits(one, said) for said in sentences(one.text))
        )
        if stating := next(told, None):
            quotes[paper.arxiv_id] = (stating,)
    kept = tuple(paper for paper in papers if paper.arxiv_id in quotes)[:_LIMITED]
    return Evidence(reading, kept, quotes=quotes) if kept else None


def similar(reading: Reading, catalogue: Catalogue, retriever: Retriever, top_k: int) -> Evidence:
    """Return the papers nearest to one, of the days of the plan."""
    paper = catalogue.papers[reading.plan.papers[0]]
    inside = _inside(replace(reading.plan, papers=()), catalogue)
    text = " ".join([paper.title, *(s.text for s in whole_summary(paper, "ko", 20))])
    hits = [hit for hit in retriever.search(text, top_k + 1, inside) if hit.arxiv_id != paper.arxiv_id][:top_k]
    found = tuple(catalogue.papers[hit.arxiv_id] for hit in hits)
    return Evidence(reading, found, quotes={p.arxiv_id: key_statements(p, reading.language, 1) for p in found})


def support(hit: Hit, familiarity: float, papers: int) -> float:
    """Return how far a ranked paper carries a question (see MIN_SUPPORT); BM25 grows with the log of the papers."""
    words = hit.lexical * math.log(REFERENCE) / math.log(max(papers, 2))
    return HELD * hit.matched + WORDS * math.log1p(words) + KNOWN * familiarity


def needed(reading: Reading) -> float:
    """Return the support that the best paper must have for a question to be answered."""
    if reading.foreign >= DOUBTED:
        return FOREIGN_SUPPORT
    long = reading.foreign < TRUSTED and len(" ".join(reading.about).split()) >= _TELLING
    return _ASKED_FOR if reading.said or long else MIN_SUPPORT


def _inside(plan: Plan, catalogue: Catalogue) -> set[str] | None:
    """Return the papers that the filters of a plan leave to rank among; None for all."""
    filters = replace(plan, terms=(), topics=(), relation=None)
    return {paper.arxiv_id for paper in catalogue.at(filtered(filters, catalogue))} if filters.filtered else None


def described(reading: Reading, catalogue: Catalogue, retriever: Retriever, top_k: int) -> Evidence:
    """Return the papers nearest to a description, best first, each with the statements that carry it."""
    plan = reading.plan
    if reason := date_reason(plan, catalogue):
        return Evidence(reading, reason=reason)
    if plan.kind == "fact" and (outside := _only_mentioned(reading, catalogue)):
        return _said_by_others(reading, outside, catalogue, retriever)
    hits = retriever.search(reading.query, top_k, _inside(plan, catalogue))
    known = retriever.familiarity(reading.query)
    least = needed(reading)
    good = [hit for hit in hits if support(hit, known, len(catalogue)) >= least]
    near = not good and bool(reading.said) and reading.foreign < TRUSTED
    if near:
        good = sorted(hits, key=lambda hit: -support(hit, known, len(catalogue)))[:_EACH]
    if not good:
        return Evidence(reading, reason="no_evidence" if known >= FOREIGN else "out_of_scope")
    few = _EACH if plan.kind == "fact" else top_k
    kept = [hit for hit in good if near or hit.score >= _KEPT * good[0].score][:few]
    quotes: dict[str, tuple[Statement, ...]] = {}
    for hit in kept:
        limit = _EACH if hit is kept[0] else 1
        paper = catalogue.papers[hit.arxiv_id]
        best = retriever.best_statements(reading.query, paper, reading.language, limit, plan.kind == "fact")
        quotes[hit.arxiv_id] = tuple(best)
    papers = tuple(catalogue.papers[hit.arxiv_id] for hit in kept)
    return Evidence(reading, papers, quotes=quotes, near=near)


def told_elsewhere(found: Evidence, catalogue: Catalogue, retriever: Retriever) -> Evidence | None:
    """Return what another paper says that has all asked words which the named one lacks; None where none plainly has them.

    “the memory saving of cut cross entropy for Gemma 2” asks of no paper called Gemma 2.
    """
    reading, words = found.reading, found.missing
    if len(words) < _OTHER_WORDS or not reading.plan.terms or reading.aspect == "code":
        return None
    asked = " ".join((*words, *reading.plan.terms))
    told = described(replace(reading, plan=Plan("fact"), query=asked, about=words), catalogue, retriever, _EACH)
    kept = [paper for paper in told.papers[:1] if paper.arxiv_id not in reading.plan.papers and _has_all(paper, words)]
    return replace(told, papers=tuple(kept)) if kept and not told.reason else None


def _has_all(paper: Paper, words: Sequence[str]) -> bool:
    """Whether the summary of a paper has all of some words."""
    text = squash(" ".join([paper.title, *(one.text for one in statements(paper))]))
    return all(any(squash(variant) in text for variant in meant(word).variants) for word in words)


def _only_mentioned(reading: Reading, catalogue: Catalogue) -> str:
    """Return the first name of a plan, where papers mention it and none calls itself by it; "" where it is none.

    What is asked of it is no such name: “how many GPUs does FoxNet use?”.
    """
    asked = STATED.get(reading.aspect)
    names = (name for name in reading.plan.terms if asked is None or not asked.search(name))
    first = next(names, "")
    return first if first and catalogue.knows(meant(first)) and not catalogue.family(squash(first)) else ""


def _said_by_others(reading: Reading, name: str, catalogue: Catalogue, retriever: Retriever) -> Evidence:
    """Return what summaries that name a thing say of it, nearest to the question first; with a reason where none tells what is asked."""
    inside, naming = _inside(reading.plan, catalogue), catalogue.mentioning(meant(name))
    ids = [i for i in naming if inside is None or i in inside]
    quotes: dict[str, tuple[Statement, ...]] = {}
    for hit in retriever.search(reading.query, len(ids), set(ids)):
        said = tuple(in_language(naming[hit.arxiv_id].bullets, reading.language))
        if told := tuple(one for one in said if any(_tells_of(name, part, reading) for part in sentences(one.text))):
            quotes[hit.arxiv_id] = told
    quotes = dict(islice(quotes.items(), _EACH))
    papers = tuple(map(catalogue.papers.__getitem__, quotes))
    reason: Reason | None = None if papers else "no_evidence"
    return Evidence(reading, papers, quotes=quotes, outside=(name,), pool=len(ids), reason=reason)


def _tells_of(name: str, text: str, reading: Reading) -> bool:
    """Whether a text tells of a named thing what is asked: close behind its name, or just before it."""
    pattern = _DIGITS if reading.aspect == "count_of" else STATED.get(reading.aspect)
    if pattern is None:
        return True
    variants = "|".join(map(re.escape, meant(name).variants))
    spots = [match.span() for match in re.finditer(rf"(?:{variants})(?![\w.-]*[A-Za-z0-9])", text, re.IGNORECASE)]
    return any(_is_near(text, spot, told.span()) for told in pattern.finditer(text) for spot in spots)


def _is_near(text: str, name: tuple[int, int], told: tuple[int, int]) -> bool:
    """Whether few letters, and no other name, stand between a name and what is told of it."""
    if told[1] <= name[0]:
        return bool(_OF_IT.fullmatch(text[told[1] : name[0]]))
    between = text[name[1] : told[0]]
    return name[1] <= told[0] and len(between) <= _BEHIND and not _NAME.search(between)
