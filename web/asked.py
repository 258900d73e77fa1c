"""What the page sends, checked: a question with its plan and filters, a verdict. Nothing of it is taken on trust."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from rag.corpus.catalogue import Catalogue
from rag.errors import QuestionError
from rag.language.text import Language
from rag.pipeline import MAX_HISTORY
from rag.questions.plan import Filters, Plan
from rag.questions.reader import MAX_QUESTION

Question = Field(max_length=MAX_QUESTION)
History = Annotated[list[Annotated[str, Question]], Field(max_length=MAX_HISTORY)]


class Narrow(BaseModel):
    """The filters as a reader sets them; the last day is part of the range."""

    start: date | None = None
    end: date | None = None
    author: str = Field(default="", max_length=200)
    votes: int | None = Field(default=None, ge=0, le=1_000_000)
    summary: Language | None = None

    def within(self, catalogue: Catalogue) -> Filters | None:
        """Return the filters over a catalogue, an author by their usual spelling; None when none is set."""
        author = self.author.strip()
        author = next(iter(catalogue.authors.like(author)), author) if author else ""
        end = self.end + timedelta(days=1) if self.end and self.end < date.max else None
        filters = Filters(self.start, end, author or None, self.votes, self.summary)
        return None if filters == Filters() else filters


class Asked(BaseModel):
    """One question as the page sends it."""

    question: str = Question
    history: History = []
    plan: Plan | None = None
    previous: Plan | None = None
    filters: Narrow = Field(default_factory=Narrow)
    language: Literal["auto", "ko", "en"] = "auto"
    engine: Literal["auto", "offline", "llm"] = "auto"
    person: str = Field(default="", max_length=64)

    @property
    def tongue(self) -> Language | None:
        """The language to answer in; None for the question's own."""
        return None if self.language == "auto" else self.language


class Verdict(BaseModel):
    """What a reader thinks of an answer."""

    question: str = Question
    history: History = []
    plan: dict[str, Any] | None = None
    papers: list[str] = Field(default=[], max_length=200)
    citations: list[str] = Field(default=[], max_length=200)
    verdict: Literal["up", "down"]
    reason: str = Field(default="", max_length=1_000)
    engine: str = Field(default="", max_length=100)
    language: str = Field(default="", max_length=5)
    person: str = Field(default="", max_length=64, exclude=True)


def safe(plan: Plan | None, catalogue: Catalogue) -> Plan | None:
    """Return a plan that came over the wire as one that can be carried out. Raises QuestionError."""
    if plan is None or plan.kind in ("help", "out_of_scope"):
        return None
    odd = plan.by == "authors" and not plan.ranks_authors
    if odd or (plan.limit is not None and plan.limit < 1) or sum(map(len, plan.terms + plan.not_terms)) > MAX_QUESTION:
        raise QuestionError("That plan cannot be carried out; ask the question again.")
    names = tuple(next(iter(catalogue.authors.like(name)), name) for name in plan.authors[:5])
    papers = tuple(arxiv_id for arxiv_id in plan.papers if arxiv_id in catalogue.papers)
    return Plan(
        **{field.name: getattr(plan, field.name) for field in fields(Plan)} | {"papers": papers, "authors": names}
    )
