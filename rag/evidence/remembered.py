"""The one paper that a question describes, told apart from all others by how far its texts carry the words."""

from __future__ import annotations

from rag.corpus.catalogue import Catalogue
from rag.corpus.papers import Paper
from rag.evidence.matching import filtered
from rag.evidence.retriever import Retriever
from rag.questions.constraints import date_reason
from rag.questions.reading import Reading

CARRIED, APART = 2.0, 0.25  # score of a paper that carries a description, and how far it stands above the next
_CLOSE, _SHOWN = 0.8, 3  # share of the best score from which a paper may be meant too; such papers that are named


def remembered(reading: Reading, catalogue: Catalogue, retriever: Retriever) -> tuple[Paper, ...]:
    """Return the paper that a question describes, and those that it may mean as well; none where no paper stands out."""
    plan = reading.plan
    if date_reason(plan, catalogue):
        return ()
    inside = {paper.arxiv_id for paper in catalogue.at(filtered(plan, catalogue))} if plan.filtered else None
    hits = retriever.search(reading.said[0], _SHOWN + 1, inside)
    if not hits or hits[0].score < CARRIED or (len(hits) > 1 and hits[0].score - hits[1].score < APART):
        return ()
    return tuple(catalogue.papers[hit.arxiv_id] for hit in hits[:_SHOWN] if hit.score >= _CLOSE * hits[0].score)
