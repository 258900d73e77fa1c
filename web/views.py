"""Answers, sets and papers as plain values for the page. The page shows their text as text and never as markup."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import asdict
from typing import Any

from rag.answers.answer import Answer, Citation, plain_title
from rag.answers.asking import asked
from rag.answers.markup import render
from rag.answers.wording import WORDING
from rag.corpus.catalogue import Catalogue
from rag.corpus.papers import Bullet, Paper, arxiv_url
from rag.evidence.telling import tell, wanted_by
from rag.evidence.types import Evidence
from rag.language.sentences import section_name
from rag.language.text import Language
from rag.questions.plan import Plan, choices, parts, without

TOLD = 1_500  # papers of a set that come with the sentence that tells most; of more it would take seconds


def chip_views(plan: Plan, language: Language) -> list[dict[str, Any]]:
    """Return the parts of a plan, its kind last, each with its label, the plan without it (None for the kind) and its choices."""
    return [
        {
            "label": chip.text,
            "field": chip.field,
            "value": chip.value,
            "without": None if chip.field == "kind" else without(plan, chip).as_json(),
            "choices": [(label, changed(plan, other)) for label, other in choices(plan, chip, language)],
        }
        for chip in parts(plan, language)
    ]


def changed(plan: Plan, other: Plan) -> dict[str, Any]:
    """Return the fields in which another plan differs."""
    before = plan.as_json()
    return {name: value for name, value in other.as_json().items() if value != before[name]}


def paper_view(paper: Paper) -> dict[str, Any]:
    """Return a paper without its summaries."""
    media = paper.media
    return {
        "id": paper.arxiv_id,
        "url": paper.url,
        "title": plain_title(paper.title),
        "date": paper.date.isoformat(),
        "votes": paper.votes,
        "authors": list(paper.authors),
        "cut": paper.authors_cut,
        "media": {"kind": media.kind, "url": media.url} if media else None,
    }


def said(bullet: Bullet, language: Language) -> dict[str, str]:
    """Return a bullet with the name of its section in a language; "" where it has none."""
    return {"label": section_name(bullet.section, language) if bullet.section else "", "text": bullet.text}


def card_view(citation: Citation, language: Language, weak: Collection[str] = ()) -> dict[str, Any]:
    """Return a source card: the paper, its quotes, and its summary with the quoted bullets marked.

    Papers that are `weak` matches of a topic are marked as near.
    """
    quoted = [statement.bullet for statement in citation.evidence]
    tongue = citation.evidence[0].language if citation.evidence else None
    summary = citation.paper.summary(tongue or language) or citation.paper.ko or citation.paper.en
    return {
        **paper_view(citation.paper),
        "n": citation.n,
        "relation": citation.relation or ("near" if citation.paper.arxiv_id in weak else None),
        "quotes": [said(bullet, language) for bullet in quoted],
        "summary": [{**said(bullet, language), "quoted": bullet in quoted} for bullet in summary],
    }


def html_of(text: str, answer: Answer) -> str:
    """Render an answer's text, or the part that a model has written so far, as HTML for the page."""
    plan = answer.plan
    is_drawn = plan.kind == "trend" and not (plan.order or plan.measure) and plan.per in (None, "month")
    if is_drawn:  # the page draws the bars itself
        text = re.sub("▇+ ?", "", text)
    if answer.groups:  # the page draws them
        named = f"{WORDING[answer.language].by_approach}: "
        text = "\n".join(line for line in text.split("\n") if not line.startswith(named))
    titles = {citation.n: plain_title(citation.paper.title) for citation in answer.citations}
    known = (*answer.papers, *answer.plan.papers, *(citation.paper.arxiv_id for citation in answer.citations))
    return render(text, set(map(arxiv_url, known)), titles)


def answer_view(
    answer: Answer, catalogue: Catalogue, weak: Collection[str] = (), without: Iterable[tuple[str, str, int]] = ()
) -> dict[str, Any]:
    """Return everything that the page shows of an answer.

    `weak` are the papers that match a topic less surely. `without` are the parts of the plan whose removal gives papers, and
    how many (`rag.answers.suggestions.relaxations`).
    """
    about = [catalogue.papers[arxiv_id] for arxiv_id in answer.plan.papers if arxiv_id in catalogue.papers]
    return {
        "question": answer.question,
        "language": answer.language,
        "status": answer.status,
        "reason": answer.reason,
        "kind": answer.plan.kind,
        "plan": answer.plan.as_json(),
        "asked": asked(answer.plan, answer.language, [paper.name or plain_title(paper.title) for paper in about]),
        "chips": chip_views(answer.plan, answer.language),
        "html": html_of(answer.text, answer),
        "text": answer.text,
        "count": answer.count,
        "papers": list(answer.papers[:200]),
        "citations": [card_view(citation, answer.language, weak) for citation in answer.citations],
        "groups": [{"label": label, "papers": list(papers)} for label, papers in answer.groups],
        "engine": answer.engine,
        "reader": answer.reader,
        "ms": round(answer.latency_ms, 1),
        "notices": list(answer.notices),
        "usage": asdict(answer.usage) if answer.usage else None,
        "without": [{"field": field, "value": value, "papers": n} for field, value, n in without],
    }


def rows_view(evidence: Evidence, weak: Collection[str] = ()) -> list[list[Any]]:
    """Return the whole set as table rows: id, title, date, votes or None, authors, relation or None, telling sentence."""
    reading, papers = evidence.reading, (*evidence.papers, *evidence.also)
    related = dict.fromkeys(weak, "near") | {i: label.relation for i, label in evidence.labels.items()}
    wanted = wanted_by(reading)

    def sentence(paper: Paper) -> str:
        told = tell(paper, reading.language, wanted, evidence.quotes.get(paper.arxiv_id, ()))
        return told.text if told else ""

    return [
        [p.arxiv_id, plain_title(p.title), p.date.isoformat(), p.votes, list(p.authors), related.get(p.arxiv_id),
         sentence(p) if len(papers) <= TOLD else ""]
        for p in papers
    ]  # fmt: skip


def by_votes(papers: Iterable[Paper]) -> list[Paper]:
    """Sort papers by votes, most first. Papers without known votes come last, in their order."""
    return sorted(papers, key=lambda paper: -(paper.votes if paper.votes is not None else -1))
