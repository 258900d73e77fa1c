"""Which statements of a paper are shown: what it is about, what carries a term, what bears on a question."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rag.corpus.catalogue import Catalogue, Mentions, Statement, meant, statements
from rag.corpus.papers import Paper
from rag.corpus.relations import Labelled, relate
from rag.evidence.matching import best_label
from rag.language.terms import Term
from rag.language.text import Language
from rag.questions.plan import Plan

QUOTED = 50
"""Papers of a set that get a quoted statement."""
_NEW = re.compile(r"제안|소개|제시|개발|발표|도입|propos|introduc|present|develop|is an? ", re.IGNORECASE)
_CODE = re.compile(
    r"https?://|(?:코드|모델|데이터셋).{0,20}공개|\b(?:code|models?|datasets?)\b.{0,40}\b(?:released|available|public)",
    re.IGNORECASE,
)
_BACKGROUND = re.compile(
    r"기존|그러나|하지만|최근|한계|어려움|문제|existing|however|recent|limit|challeng|difficult", re.IGNORECASE
)


def in_language(found: Iterable[Statement], language: Language) -> list[Statement]:
    """Return the statements in the reader's language; all of them where there are none."""
    listed = list(found)
    return [s for s in listed if s.language == language] or listed


def whole_summary(paper: Paper, language: Language, limit: int) -> tuple[Statement, ...]:
    """Return the first statements of a paper's summary."""
    return tuple(in_language(statements(paper), language)[:limit])


def key_statements(paper: Paper, language: Language, limit: int) -> tuple[Statement, ...]:
    """Return what a paper is about in a few statements, in the order of its summary.

    A statement that names the paper's own method or says what is new counts more than background.
    """

    def weight(statement: Statement) -> float:
        text = statement.text
        named = bool(paper.name) and paper.name.lower() in text.lower()
        new = bool(_NEW.search(text)) or statement.bullet.section.lower().startswith("what")
        linked = bool(_CODE.search(text))
        return 2.0 * named + 1.5 * new - 3.0 * linked - 1.0 * bool(_BACKGROUND.search(text)) - 0.1 * statement.place

    found = in_language(statements(paper), language)
    best = sorted(found, key=lambda s: (-weight(s), s.place))[:limit]
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
    if label.evidence.language == language:
        return [label.evidence]
    here = [
        (statement, relate(paper, Mentions((), (statement,), (spans,)), term).relation)
        for term, one in zip(terms, mentions, strict=True)
        for statement, spans in zip(one.bullets, one.spans, strict=True)
        if statement.language == language
    ]
    same = [statement for statement, relation in here if relation == label.relation]
    return [*same, *(statement for statement, _ in here), label.evidence]
