"""From a reading to evidence: sets by the catalogue, open questions by ranking with a measured cut. No prose here.

Sets, counts, orders and metadata are computed exactly; ranking is asked only where a question names no set.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.answers import Evidence
from rag.catalogue import Catalogue, Mentions, Statement, meant, statements
from rag.papers import Language, Paper
from rag.plan import Plan, Reason
from rag.questions import Reading
from rag.relations import Labelled, relate
from rag.terms import Term

if TYPE_CHECKING:
    from rag.retrieval import Hit, Retriever

# An open question is answered when HELD * matched + WORDS * ln(1 + BM25) + KNOWN * familiarity reaches MIN_SUPPORT.
# Fitted on 1,463 dev descriptions against 60 questions that the digests cannot answer (docs/experiments.md).
HELD, WORDS, KNOWN, MIN_SUPPORT = 1.0, 0.7, 2.0, 2.72
FOREIGN = 0.3  # familiarity below which a question is not about such papers at all
_QUOTED = 50  # papers of a set that get a quoted statement


def gather(reading: Reading, catalogue: Catalogue, retriever: Callable[[], Retriever], top_k: int) -> Evidence:
    """Find and count what an answer to this reading may rest on. `retriever` is called only where ranking is needed."""
    plan = reading.plan
    if reading.reason or plan.kind in ("help", "out_of_scope"):
        return Evidence(reading, reason=reading.reason)
    if plan.kind in ("list", "count", "superlative", "author", "date", "digest", "trend"):
        return _set(reading, catalogue, retriever, top_k)
    if plan.kind in ("known_item", "explain", "compare") and plan.papers:
        papers = tuple(catalogue.papers[i] for i in plan.papers if i in catalogue.papers)
        if len(papers) > top_k and plan.kind != "compare":  # "explain them": the answer set is what was asked before
            papers = papers[:top_k]
        whole = len(papers) == 1
        quotes = {
            p.arxiv_id: _summary(p, reading.language, 12) if whole else key_statements(p, reading.language, 3)
            for p in papers
        }
        return Evidence(reading, papers, quotes=quotes)
    if plan.kind == "similar" and plan.papers:
        return _similar(reading, catalogue, retriever(), top_k)
    if plan.kind == "fact" and plan.papers:
        return _fact(reading, catalogue, retriever, top_k)
    return _open(reading, catalogue, retriever(), top_k)


# --- sets ------------------------------------------------------------------------------------------------------------
def date_reason(plan: Plan, catalogue: Catalogue) -> Reason | None:
    """Tell why a range of days can hold no paper, or None when digests stand in it."""
    if not (plan.date_from or plan.date_to) or catalogue.digest_days(plan.date_from, plan.date_to):
        return None
    if plan.date_from and plan.date_from > catalogue.days[-1]:
        return "after_last_digest"
    if plan.date_to and plan.date_to <= catalogue.days[0]:
        return "before_first_digest"
    return "no_digest_that_day"


def select(plan: Plan, catalogue: Catalogue) -> tuple[list[Paper], list[Paper], dict[str, Labelled]]:
    """Return (the papers of a plan, those that only mention its terms, each paper's label), in catalogue order."""
    ids: set[str] = set(plan.papers or catalogue.ids)
    if plan.date_from or plan.date_to:
        ids &= set(catalogue.between(plan.date_from, plan.date_to))
    for name in plan.authors:
        ids &= set(catalogue.by_author(name))
    if plan.min_votes is not None:
        ids = {i for i in ids if (catalogue.papers[i].votes or 0) >= plan.min_votes}
    for text in plan.not_terms:
        ids -= catalogue.mentioning(meant(text)).keys()
    labels: dict[str, Labelled] = {}
    terms = [meant(text) for text in plan.terms]
    for term in terms:
        ids &= catalogue.mentioning(term).keys()
    users = ids
    if terms and plan.relation != "mention":
        labels = {i: _best_label(catalogue, i, terms) for i in ids}
        if plan.relation == "use":
            users = {i for i in ids if labels[i].relation in ("proposes", "uses")}
    chosen = [paper for i, paper in catalogue.papers.items() if i in users]
    rest = [paper for i, paper in catalogue.papers.items() if i in ids and i not in users]
    return chosen, rest, labels


def _best_label(catalogue: Catalogue, arxiv_id: str, terms: Sequence[Term]) -> Labelled:
    order = ("proposes", "uses", "compares", "mentions")
    found = [relate(catalogue.papers[arxiv_id], catalogue.mentioning(term)[arxiv_id], term) for term in terms]
    return min(found, key=lambda label: order.index(label.relation))


def _set(reading: Reading, catalogue: Catalogue, retriever: Callable[[], Retriever], top_k: int) -> Evidence:
    plan = reading.plan
    if not catalogue.days:
        return Evidence(reading, reason="no_evidence")
    if reason := date_reason(plan, catalogue):
        return Evidence(reading, reason=reason)
    by_words: tuple[str, ...] = ()
    if reading.unknown:
        latin = [name for name in reading.unknown if name.isascii() and name[0].isalpha()]
        if latin or plan.kind != "list":
            return Evidence(reading, reason="no_evidence")
        chosen, by_words = _by_words(reading, catalogue, retriever())
        if not chosen:  # no set can be named: the nearest papers, if they carry the question
            return _open(replace(reading, plan=replace(plan, kind="describe")), catalogue, retriever(), top_k)
        also: list[Paper] = []
        labels: dict[str, Labelled] = {}
    else:
        chosen, also, labels = select(plan, catalogue)
    if (
        not chosen
        and plan.kind == "list"
        and len(plan.terms) > 1
        and not (plan.relation or plan.authors or plan.papers)
    ):
        return _open(replace(reading, plan=replace(plan, kind="describe")), catalogue, retriever(), top_k)
    if not chosen and not (plan.kind == "count" and also):
        return Evidence(reading, also=tuple(also), reason="no_evidence", by_words=by_words)
    evidence = Evidence(reading, tuple(chosen), tuple(also), labels, by_words=by_words, pool=len(chosen))
    if plan.kind == "superlative":
        evidence = _ranked(evidence)
    elif plan.kind in ("digest", "date"):
        evidence = replace(
            evidence, papers=tuple(sorted(chosen, key=lambda p: -(p.votes if p.votes is not None else -1)))
        )
    elif plan.kind == "trend":
        months = Counter(f"{paper.date:%Y-%m}" for paper in chosen)
        evidence = replace(evidence, months=tuple(sorted(months.items())))
    if plan.limit is not None and plan.kind in ("list", "date", "author", "digest"):
        evidence = replace(evidence, papers=evidence.papers[: plan.limit])
    return replace(evidence, quotes=_quotes(evidence, catalogue))


def _ranked(evidence: Evidence) -> Evidence:
    plan = evidence.reading.plan
    papers = [p for p in evidence.papers if plan.by != "votes" or p.votes is not None]
    if not papers:
        return replace(evidence, papers=(), reason="no_evidence")

    def key(paper: Paper) -> int:
        return (paper.votes or 0) if plan.by == "votes" else paper.date.toordinal()

    ordered = sorted(papers, key=key, reverse=plan.order != "asc")
    limit = min(plan.limit or 10, len(ordered))
    cut = key(ordered[limit - 1])
    kept = [p for place, p in enumerate(ordered) if place < limit or (plan.by == "votes" and key(p) == cut)]
    return replace(evidence, papers=tuple(kept), unvoted=len(evidence.papers) - len(papers))


def _by_words(reading: Reading, catalogue: Catalogue, retriever: Retriever) -> tuple[list[Paper], tuple[str, ...]]:
    """The papers that hold every word of a topic that has no name of its own."""
    from rag.analysis import terms

    words = tuple(dict.fromkeys(terms(" ".join((*reading.plan.terms, *reading.unknown)))))
    inside = set(catalogue.between(reading.plan.date_from, reading.plan.date_to))
    found = [
        p for i, p in catalogue.papers.items() if i in inside and all(retriever.lexical.holds(w, i) for w in words)
    ]
    return (found if words else []), words


_NEW = re.compile(r"제안|소개|제시|개발|발표|도입|propos|introduc|present|develop|is an? ", re.IGNORECASE)
_CODE = re.compile(
    r"https?://|(?:코드|모델|데이터셋).{0,20}공개|\b(?:code|models?|datasets?)\b.{0,40}\b(?:released|available|public)",
    re.IGNORECASE,
)
_BACKGROUND = re.compile(
    r"기존|그러나|하지만|최근|한계|어려움|문제|existing|however|recent|limit|challeng|difficult", re.IGNORECASE
)


def key_statements(paper: Paper, language: Language, limit: int) -> tuple[Statement, ...]:
    """Return what a paper is about in a few statements, in the order of its summary.

    A statement that names the paper's own method or says what is new counts more than background.
    """
    found = _in_language(statements(paper), language)

    def weight(statement: Statement) -> float:
        text = statement.text
        named = bool(paper.name) and paper.name.lower() in text.lower()
        new = bool(_NEW.search(text)) or statement.bullet.section.lower().startswith("what")
        linked = bool(_CODE.search(text))
        return 2.0 * named + 1.5 * new - 3.0 * linked - 1.0 * bool(_BACKGROUND.search(text)) - 0.1 * statement.place

    best = sorted(found, key=lambda s: (-weight(s), s.place))[:limit]
    return tuple(sorted(best, key=lambda s: s.place))


def _in_language(found: Iterable[Statement], language: Language) -> list[Statement]:
    """Put the statements in the reader's language first; the rest only where there are none."""
    listed = list(found)
    return [s for s in listed if s.language == language] or listed


def _quotes(evidence: Evidence, catalogue: Catalogue) -> dict[str, tuple[Statement, ...]]:
    """One statement for each paper of a set that will be shown: the one that shows its relation, else its first."""
    language = evidence.reading.language
    terms = [meant(text) for text in evidence.reading.plan.terms]
    quotes: dict[str, tuple[Statement, ...]] = {}
    for paper in evidence.papers[:_QUOTED]:
        shown: list[Statement] = []
        label = evidence.labels.get(paper.arxiv_id)
        if label and label.evidence:
            shown = [label.evidence] if label.evidence.language == language else []
            if not shown:  # the same relation, shown by a statement in the reader's language
                for term in terms:
                    here = [s for s in catalogue.mentioning(term)[paper.arxiv_id].bullets if s.language == language]
                    same = [s for s in here if relate(paper, Mentions(False, (s,)), term).relation == label.relation]
                    shown = shown or same[:1] or here[:1]
                shown = shown or [label.evidence]
        elif terms:
            shown = _in_language((s for t in terms for s in catalogue.mentioning(t)[paper.arxiv_id].bullets), language)[
                :1
            ]
        quotes[paper.arxiv_id] = tuple(shown) or key_statements(paper, language, 1)
    return quotes


# --- open questions --------------------------------------------------------------------------------------------------
def _summary(paper: Paper, language: Language, limit: int) -> tuple[Statement, ...]:
    return tuple(_in_language(statements(paper), language)[:limit])


def support(hit: Hit, familiarity: float, papers: int) -> float:
    """Return how far a ranked paper carries a question (see MIN_SUPPORT); BM25 grows with the log of the papers."""
    from rag.retrieval import REFERENCE

    words = hit.lexical * math.log(REFERENCE) / math.log(max(papers, 2))
    return HELD * hit.matched + WORDS * math.log1p(words) + KNOWN * familiarity


def _allowed(plan: Plan, catalogue: Catalogue) -> set[str] | None:
    if not (
        plan.papers or plan.date_from or plan.date_to or plan.authors or plan.not_terms or plan.min_votes is not None
    ):
        return None
    chosen, _, _ = select(replace(plan, terms=(), relation=None), catalogue)
    return {paper.arxiv_id for paper in chosen}


def _open(reading: Reading, catalogue: Catalogue, retriever: Retriever, top_k: int) -> Evidence:
    plan = reading.plan
    if reason := date_reason(plan, catalogue):
        return Evidence(reading, reason=reason)
    if reading.unknown and any(name.isascii() and name[:1].isupper() for name in reading.unknown):
        return Evidence(reading, reason="no_evidence")
    hits = retriever.search(reading.query, top_k, _allowed(plan, catalogue))
    known = retriever.familiarity(reading.query)
    good = [hit for hit in hits if support(hit, known, len(catalogue)) >= MIN_SUPPORT]
    if not good:
        return Evidence(reading, reason="no_evidence" if known >= FOREIGN else "out_of_scope")
    kept = [hit for hit in good if hit.score >= 0.75 * good[0].score][: 3 if plan.kind == "fact" else top_k]
    quotes = {}
    for hit in kept:
        number = bool(plan.kind == "fact")
        limit = 3 if hit is kept[0] else 1
        best = retriever.best_statements(reading.query, catalogue.papers[hit.arxiv_id], reading.language, limit, number)
        quotes[hit.arxiv_id] = tuple(best)
    return Evidence(reading, tuple(catalogue.papers[hit.arxiv_id] for hit in kept), quotes=quotes)


def _fact(reading: Reading, catalogue: Catalogue, retriever: Callable[[], Retriever], top_k: int) -> Evidence:
    papers = tuple(catalogue.papers[i] for i in reading.plan.papers[:top_k] if i in catalogue.papers)
    if reading.field:
        return Evidence(reading, papers, quotes={p.arxiv_id: () for p in papers})
    ranker = retriever()
    quotes = {
        p.arxiv_id: tuple(
            ranker.best_statements(reading.query, p, reading.language, 3, prefer_numbers=_numeric(reading))
        )
        for p in papers
    }
    return Evidence(reading, papers, quotes=quotes)


def _numeric(reading: Reading) -> bool:
    cues = (
        "얼마",
        "몇",
        "how fast",
        "how much",
        "how many",
        "how large",
        "how big",
        "how long",
        "속도",
        "정확도",
        "성능",
        "accuracy",
        "score",
    )
    return any(cue in reading.question.lower() for cue in cues)


def _similar(reading: Reading, catalogue: Catalogue, retriever: Retriever, top_k: int) -> Evidence:
    paper = catalogue.papers[reading.plan.papers[0]]
    text = " ".join([paper.title, *(s.text for s in _summary(paper, "ko", 20))])
    hits = [hit for hit in retriever.search(text, top_k + 1) if hit.arxiv_id != paper.arxiv_id][:top_k]
    found = tuple(catalogue.papers[hit.arxiv_id] for hit in hits)
    return Evidence(reading, found, quotes={p.arxiv_id: key_statements(p, reading.language, 1) for p in found})
