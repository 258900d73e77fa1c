"""The papers of a plan, exactly: names, people, days, votes and kinds of contribution, by the catalogue alone.

Topics are matched by meaning elsewhere (`sets`); here they narrow nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rag.corpus.catalogue import Catalogue, Mask
from rag.corpus.mentions import Statement, either, meant, together
from rag.corpus.relations import Labelled, beats, extends, labelled, proposal
from rag.corpus.sorts import sort_mask
from rag.language.terms import Term
from rag.questions.plan import Plan


def filtered(plan: Plan, catalogue: Catalogue, within: Mask | None = None) -> Mask:
    """Return the papers that pass all filters of a plan but its terms and topics."""
    found = catalogue.mask() if within is None else within
    if plan.papers:
        found = found & catalogue.mask(plan.papers)
    if plan.date_from or plan.date_to:
        found = found & catalogue.between(plan.date_from, plan.date_to)
    for name in plan.authors:
        found = found & catalogue.mask(i for one in either(name) for i in catalogue.authors.papers(one))
    for name in plan.not_authors:
        found = found & ~_all_of([catalogue.mask(catalogue.authors.papers(one)) for one in together(name)])
    if plan.min_votes is not None or plan.max_votes is not None:
        found = found & catalogue.voted(plan.min_votes or 0, plan.max_votes)
    if plan.unvoted:
        found = found & (catalogue.votes < 0)
    if plan.summary:
        found = catalogue.mask(paper.arxiv_id for paper in catalogue.at(found) if paper.summary(plan.summary))
    for text in plan.not_terms:
        found = found & ~_all_of([catalogue.mask(catalogue.mentioning(meant(one))) for one in together(text)])
    for sort in plan.sorts:
        found = found & sort_mask(catalogue, sort)
    for sort in plan.not_sorts:
        found = found & ~sort_mask(catalogue, sort)
    return found


def _all_of(masks: Sequence[Mask]) -> Mask:
    """Return the papers that stand in each of some masks."""
    made: Mask = np.logical_and.reduce(masks)
    return made


def matching(plan: Plan, catalogue: Catalogue, within: Mask | None = None) -> tuple[Mask, Mask, dict[str, Labelled]]:
    """Return (the papers of a plan, those that only mention its terms, each paper's label).

    Only papers `within` a set where one is given. Topics of the plan narrow nothing here.
    """
    found = filtered(plan, catalogue, within)
    terms = [meant(text) for text in plan.terms]
    for term in terms:
        found = found & catalogue.mask(catalogue.titling(term) if plan.in_title else catalogue.mentioning(term))
    labels: dict[str, Labelled] = {}
    if not terms or plan.relation not in ("use", "propose", "beat", "extend"):
        return found, np.zeros_like(found), labels
    ids = [paper.arxiv_id for paper in catalogue.at(found)]
    if plan.relation == "use":
        labels = {i: best_label(catalogue, i, terms) for i in ids}
        users = catalogue.mask(i for i in ids if labels[i].relation in ("proposes", "uses"))
    elif plan.relation == "beat":
        beaten = {i: statement for i in ids if (statement := _beating(catalogue, i, terms))}
        labels = {i: Labelled("compares", statement) for i, statement in beaten.items()}
        users = catalogue.mask(beaten)
    elif plan.relation == "extend":
        labels = {i: label for i in ids if (label := _extending(catalogue, i, terms))}
        users = catalogue.mask(labels)
    else:
        shown = {i: statement for i in ids for statement in _proposing(catalogue, i, terms)}
        labels = {i: Labelled("proposes", statement) for i, statement in shown.items()}
        users = catalogue.mask(shown)
    return users, found & ~users, labels


def _proposing(catalogue: Catalogue, arxiv_id: str, terms: Sequence[Term]) -> list[Statement | None]:
    """Return the statement that shows a paper to propose one of the terms (None: its title does); empty where none does."""
    paper = catalogue.papers[arxiv_id]
    found = (proposal(paper, catalogue.mentioning(term)[arxiv_id], term) for term in terms)
    return [label.evidence for label in found if label][:1]


def _beating(catalogue: Catalogue, arxiv_id: str, terms: Sequence[Term]) -> Statement | None:
    """Return the statement in which a paper says that something is better than one of the terms."""
    paper = catalogue.papers[arxiv_id]
    told = (beats(paper, catalogue.mentioning(term)[arxiv_id], term) for term in terms)
    return next(filter(None, told), None)


def _extending(catalogue: Catalogue, arxiv_id: str, terms: Sequence[Term]) -> Labelled | None:
    """Return the label of a paper that improves or extends one of the terms; None of any other."""
    paper = catalogue.papers[arxiv_id]
    told = (extends(paper, catalogue.mentioning(term)[arxiv_id], term) for term in terms)
    return next(filter(None, told), None)


def best_label(catalogue: Catalogue, arxiv_id: str, terms: Sequence[Term]) -> Labelled:
    """Return the strongest relation of a paper to any of some terms."""
    order = ("proposes", "uses", "compares", "mentions")
    return min((labelled(catalogue, term, arxiv_id) for term in terms), key=lambda label: order.index(label.relation))
