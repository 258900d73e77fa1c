"""What came since: the papers that fit a saved question and were not announced yet, and those that come near.

A question is asked anew over the index as it is, so that its news and its answer never differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from rag.answers.export import Exported, of_evidence, of_papers
from rag.corpus.catalogue import Catalogue
from rag.corpus.mentions import meant
from rag.corpus.papers import Paper
from rag.errors import FollowError
from rag.evidence.likelihood import likelihood
from rag.evidence.matching import matching
from rag.evidence.sets import quoted
from rag.evidence.types import Evidence
from rag.following.book import Book, Saved, Standing
from rag.language.text import Language
from rag.pipeline import Pipeline, Snapshot
from rag.questions.plan import Filters, Kind, Plan, narrowed

FOLLOWED: frozenset[Kind] = frozenset({"list", "count", "author", "date"})
"""Kinds of questions that ask for a set which new papers join."""
MOST_NEAR = 5
_NONE = Standing()
_NEARLY = 0.5  # of the probability of the last paper that fits, from which one comes near


@dataclass(frozen=True, slots=True)
class Look:
    """What a saved question finds now: the papers that fit, most relevant first, and those that come near."""

    saved: Saved
    evidence: Evidence
    fits: tuple[Paper, ...]
    near: tuple[Paper, ...]
    opened: Snapshot

    def told(self, papers: Sequence[Paper]) -> tuple[Exported, ...]:
        """Return papers of the set, each with the sentence that makes it fit."""
        if not papers:
            return ()
        evidence, opened = replace(self.evidence, papers=tuple(papers)), self.opened
        quotes = quoted(evidence, opened.catalogue, opened.retriever)
        return tuple(of_evidence(replace(evidence, quotes=quotes)))


@dataclass(frozen=True, slots=True)
class News:
    """What a question has to tell: papers `new` in the index, those that were there and `now_fit`, and those near."""

    saved: Saved
    new: tuple[Exported, ...]
    now_fit: tuple[Exported, ...]
    near: tuple[Exported, ...]
    fits: int  # papers of the whole set

    @property
    def papers(self) -> tuple[str, ...]:
        """The ids of the papers to announce."""
        return tuple(row.paper.arxiv_id for row in (*self.new, *self.now_fit))

    def parts(self) -> tuple[tuple[str, tuple[Exported, ...]], ...]:
        """Return the three parts by name, in the order they are told."""
        return ("new", self.new), ("now_fit", self.now_fit), ("near", self.near)

    def as_json(self) -> dict[str, Any]:
        """Return the news as they stand in --format json."""
        parts = {part: [_row(row) for row in rows] for part, rows in self.parts()}
        return {"name": self.saved.name, "question": self.saved.question, "fits": self.fits, **parts}


def _row(row: Exported) -> dict[str, Any]:
    paper = row.paper
    return {
        "arxiv_id": paper.arxiv_id, "url": paper.url, "title": paper.title, "date": paper.date.isoformat(),
        "votes": paper.votes, "authors": list(paper.authors), "sentence": row.sentence,
    }  # fmt: skip


# --- asking ----------------------------------------------------------------------------------------------------------
def checked(saved: Saved, pipeline: Pipeline, standing: Standing = _NONE) -> Look:
    """Ask a question that is to be saved. Raises FollowError for one that asks for no set which papers can join."""
    found = look(saved, pipeline, standing)
    reading = found.evidence.reading
    if reading.later:
        raise FollowError("This asks several things at once. Save each question for itself.")
    if reading.plan.kind not in FOLLOWED or reading.plan.limit is not None:
        raise FollowError(f"“{saved.question}” asks for no set of papers that new ones can join. {_how_to_ask(saved)}")
    return found


def _how_to_ask(saved: Saved) -> str:
    """Say how to ask for papers; a question that does so already is not understood with the papers of now."""
    if re.search(r"논문|\bpapers?\b", saved.question, re.IGNORECASE):
        return "Ask for all papers of a topic, a name, an author or a range of days, in words that papers of the index use."
    example = f"{saved.question} 논문" if saved.language == "ko" else f"papers about {saved.question}"
    return f"Ask for papers, as in “{example}”."


def look(saved: Saved, pipeline: Pipeline, standing: Standing = _NONE, opened: Snapshot | None = None) -> Look:
    """Ask a saved question over a generation, the current one if none is given, within the filters over every question."""
    asked, saved, opened = saved, standing.over(saved), opened or pipeline.snapshot()
    evidence = _members(saved, saved.plan, pipeline, opened)
    if saved.without or saved.min_votes is not None:
        evidence = _members(saved, filtered(evidence.reading.plan, saved, pipeline, opened), pipeline, opened)
    if evidence.reason or evidence.apart or evidence.reading.plan.kind not in FOLLOWED:
        return Look(asked, evidence, (), evidence.also, opened)
    if evidence.near:
        return Look(asked, evidence, (), (*evidence.papers, *evidence.also), opened)
    near = dict.fromkeys((*_below_the_cut(evidence, opened), *evidence.also))
    return Look(asked, evidence, _most_relevant_first(evidence, opened.catalogue), tuple(near), opened)


def _members(saved: Saved, plan: Plan | None, pipeline: Pipeline, opened: Snapshot) -> Evidence:
    return pipeline.evidence(saved.question, saved.language, plan, opened=opened, members=True)


def _most_relevant_first(evidence: Evidence, catalogue: Catalogue) -> tuple[Paper, ...]:
    """Return the papers of a set about a topic as they are; of one by names, those with it in the title come first."""
    plan = evidence.reading.plan
    if plan.topics or not plan.terms:
        return evidence.papers
    mentions = [catalogue.mentioning(meant(term)) for term in plan.terms]

    def told(paper: Paper) -> tuple[int, int]:
        held = [one[paper.arxiv_id] for one in mentions if paper.arxiv_id in one]
        return sum(one.in_title for one in held), sum(len(one.bullets) for one in held)

    return tuple(sorted(evidence.papers, key=told, reverse=True))


def filtered(plan: Plan, saved: Saved, pipeline: Pipeline, opened: Snapshot) -> Plan:
    """Return a plan within the standing filters of a question. What papers must not be is read as a question is."""
    for words in saved.without:
        other = _members(replace(saved, question=words), None, pipeline, opened).reading.plan
        topics = other.topics if other.kind in FOLLOWED else ()
        names = other.terms or (() if topics or other.sorts or other.authors else (words,))
        plan = replace(
            plan,
            not_sorts=(*plan.not_sorts, *other.sorts),
            not_terms=(*plan.not_terms, *names),
            not_topics=(*plan.not_topics, *topics),
            not_authors=(*plan.not_authors, *other.authors),
        )
    return narrowed(plan, Filters(min_votes=saved.min_votes))


def _below_the_cut(evidence: Evidence, opened: Snapshot) -> Iterator[Paper]:
    """Yield the papers that a topic just misses, nearest first: nearly as probable as the last one that fits."""
    plan = evidence.reading.plan
    if not plan.topics:
        return
    catalogue = opened.catalogue
    shares = np.where(matching(plan, catalogue)[0], likelihood(plan, opened.retriever()), 0)
    inside = catalogue.mask(paper.arxiv_id for paper in evidence.papers)
    least = _NEARLY * shares[inside].min()
    nearest = np.argsort(-shares, kind="stable")
    yield from catalogue.at(nearest[(shares[nearest] >= least) & ~inside[nearest]])


def allowed(papers: Sequence[Paper], standing: Standing, pipeline: Pipeline, language: Language) -> list[Paper]:
    """Return the papers that the filters over every question leave, in their order."""
    if standing == _NONE or not papers:
        return list(papers)
    ids, opened = tuple(paper.arxiv_id for paper in papers), pipeline.snapshot()
    saved = standing.over(Saved("", "", language))
    plan = filtered(Plan("list", papers=ids), saved, pipeline, opened)
    left = {paper.arxiv_id for paper in _members(saved, plan, pipeline, opened).papers}
    return [paper for paper in papers if paper.arxiv_id in left]


# --- telling ---------------------------------------------------------------------------------------------------------
def unseen(found: Look, book: Book, since: date | None = None) -> tuple[Paper, ...]:
    """Return the papers of a look that were not announced yet or, with `since`, those that digests show from then on."""
    done = book.announced(found.saved.name) if since is None else frozenset[str]()
    return tuple(paper for paper in found.fits if _wanted(paper, done, since))


def news(found: Look, book: Book, since: date | None = None) -> News:
    """Return what a look has to tell: what was not announced yet or, with `since`, what digests show from then on."""
    saved, language = found.saved, found.evidence.reading.language
    known = book.known_before(saved.look)
    told = found.told(unseen(found, book, since))
    missed = [paper for paper in found.near if paper.arxiv_id not in known and _wanted(paper, frozenset(), since)]
    is_old = {row.paper.arxiv_id for row in told if since is None and row.paper.arxiv_id in known}
    return News(
        saved,
        tuple(row for row in told if row.paper.arxiv_id not in is_old),
        tuple(row for row in told if row.paper.arxiv_id in is_old),
        tuple(of_papers(missed[:MOST_NEAR], language)),
        len(found.fits),
    )


def _wanted(paper: Paper, done: frozenset[str], since: date | None) -> bool:
    return paper.arxiv_id not in done and (since is None or paper.dates[0] >= since)


def mark(told: Iterable[News], book: Book, opened: Snapshot, today: date) -> None:
    """Note that news of a generation were told. Call it inside `Book.changing`, after they were printed."""
    book.mark([(one.saved.name, one.papers) for one in told], opened.catalogue.ids, today)
