"""The one paper that a question describes, told apart from all others by how far its texts carry the words."""

from __future__ import annotations

from collections.abc import Sequence

from rag.corpus.catalogue import Catalogue
from rag.corpus.papers import Paper
from rag.evidence.described import DOUBTED, needed, support
from rag.evidence.facts import MIN_HELD, MIN_WORDS, NUMERIC
from rag.evidence.matching import filtered
from rag.evidence.retriever import Hit, Retriever
from rag.evidence.types import Evidence
from rag.questions.aspects import asked_amount
from rag.questions.constraints import date_reason
from rag.questions.reading import Reading

CARRIED, APART = 1.2, 0.25  # score of a paper that carries a description, and how far it stands above the next
_CLOSE, _SHOWN = 0.8, 3  # share of the best score from which a paper may be meant too; such papers that are named
_FIRST = 5  # papers of all that bear most on a question
_TELLING = 4  # words of a description of one paper from which the closest is asked, whatever else is close
_QUOTED = 3  # statements that are shown where none is known to tell what is asked


def remembered(reading: Reading, catalogue: Catalogue, retriever: Retriever) -> tuple[Paper, ...]:
    """Return the paper that a question describes, and those that it may mean as well; none where no paper stands out."""
    plan = reading.plan
    if date_reason(plan, catalogue):
        return ()
    inside = {paper.arxiv_id for paper in catalogue.at(filtered(plan, catalogue))} if plan.filtered else None
    found = [(said, retriever.search(said, _SHOWN + 1, inside)) for said in dict.fromkeys(reading.said)]
    said, hits = max(found, key=lambda one: _apart(one[1]))
    told = reading.one and len(said.split()) >= _TELLING
    if not hits or hits[0].score < CARRIED or not (told or _apart(hits) >= APART):
        return ()
    doubted = reading.foreign >= DOUBTED or reading.otherwise is None or reading.otherwise.reason == "out_of_scope"
    if doubted and support(hits[0], retriever.familiarity(said), len(catalogue)) < needed(reading):
        return ()
    return tuple(catalogue.papers[hit.arxiv_id] for hit in hits[:_SHOWN] if hit.score >= _CLOSE * hits[0].score)


def _apart(hits: Sequence[Hit]) -> float:
    """Return how far the best paper stands above the next."""
    if not hits:
        return 0.0
    return hits[0].score - (hits[1].score if len(hits) > 1 else 0.0)


def nearest_statements(reading: Reading, paper: Paper, retriever: Retriever) -> Evidence:
    """Return the statements of a paper that come nearest to what is asked of it."""
    wants_number = reading.aspect in NUMERIC or asked_amount(reading.query) != "none"
    best = retriever.best_statements(reading.query, paper, reading.language, _QUOTED, wants_number)
    return Evidence(reading, (paper,), quotes={paper.arxiv_id: tuple(best)})


def bears(query: str, paper: Paper, retriever: Retriever, *, most: bool) -> bool:
    """Whether a summary bears on a question; with `most`, as one of the few of all papers that do so most."""
    words, held = retriever.bearing(query, paper)
    if words < MIN_WORDS and held < MIN_HELD:
        return False
    return not most or paper.arxiv_id in [hit.arxiv_id for hit in retriever.search(query, _FIRST)]
