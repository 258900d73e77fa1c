"""Which statements of a paper are shown: what it is about, what carries a term, what bears on a question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rag.corpus.catalogue import Catalogue
from rag.corpus.mentions import Mentions, Statement, meant, statements
from rag.corpus.papers import Paper
from rag.corpus.relations import Labelled, relate
from rag.evidence.matching import best_label
from rag.evidence.telling import weighed
from rag.language.terms import Term
from rag.language.text import Language
from rag.questions.plan import Plan

QUOTED = 50
"""Papers of a set that get a quoted statement."""


def in_language(found: Iterable[Statement], language: Language) -> list[Statement]:
    """Return the statements in the reader's language; all of them where there are none."""
    listed = list(found)
    return [s for s in listed if s.language == language] or listed


def whole_summary(paper: Paper, language: Language, limit: int) -> tuple[Statement, ...]:
    """Return the first statements of a paper's summary."""
    return tuple(in_language(statements(paper), language)[:limit])


def key_statements(paper: Paper, language: Language, limit: int) -> tuple[Statement, ...]:
    """Return what a paper is about in a few statements, in the order of its summary: those whose sentences tell most."""
    weights: dict[Statement, float] = {}
    for statement, _, weight in weighed(paper, language):
        weights[statement] = max(weights.get(statement, weight), weight)
    found = in_language(statements(paper), language)
    least = min(weights.values(), default=0.0)
    best = sorted(found, key=lambda s: (-weights.get(s, least - 1), s.place))[:limit]
    return tuple(sorted(best, key=lambda s: s.place))


def set_quotes(
    plan: Plan, papers: Sequence[Paper], labels: dict[str, Labelled], catalogue: Catalogue, language: Language
) -> dict[str, tuple[Statement, ...]]:
    """Return one statement for each paper of a set that is shown: the one that shows its relation to the terms, else its first."""
    terms = [meant(text) for text in plan.terms]
    quotes: dict[str, tuple[Statement, ...]] = {}
    for paper in papers[:QUOTED]:
        shown = _shown(plan, paper, terms, labels, catalogue, language) if terms else []
        quotes[paper.arxiv_id] = tuple(shown[:1]) or key_statements(paper, language, 1)
    return quotes


def _shown(
    plan: Plan,
    paper: Paper,
    terms: Sequence[Term],
    labels: dict[str, Labelled],
    catalogue: Catalogue,
    language: Language,
) -> list[Statement]:
    """Return the statements that name the terms of a plan, best first."""
    mentions = [catalogue.mentioning(term)[paper.arxiv_id] for term in terms]
    if plan.relation == "mention":
        held = [statement for one in mentions for statement in one.bullets]
        return in_language(sorted(held, key=held.count, reverse=True), language)  # best the one that names them all
    label = labels.get(paper.arxiv_id) or best_label(catalogue, paper.arxiv_id, terms)
    if label.evidence is None:
        return []
    if label.evidence.language == language or plan.relation in ("beat", "extend"):
        return [label.evidence]
    here = [
        (statement, relate(paper, Mentions((), (statement,), (spans,)), term).relation)
        for term, one in zip(terms, mentions, strict=True)
        for statement, spans in zip(one.bullets, one.spans, strict=True)
        if statement.language == language
    ]
    same = [statement for statement, relation in here if relation == label.relation]
    return [*same, *(statement for statement, _ in here), label.evidence]
