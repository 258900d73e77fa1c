"""The requests that the page sends, as validated models."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field

from rag.corpus.catalogue import Catalogue
from rag.errors import QuestionError
from rag.language.text import Language
from rag.questions.plain import MAX_QUESTION
from rag.questions.plan import Filters, Plan
from rag.readers import MAX_HISTORY

MAX_PLAN = 20_000  # characters of a plan that is kept with a verdict
Question = Field(max_length=MAX_QUESTION)
ArxivId = Annotated[str, Field(max_length=32)]
History = Annotated[list[Annotated[str, Question]], Field(max_length=MAX_HISTORY)]


class FilterRequest(BaseModel):
    """Filters that a reader sets by hand. `end` is the last day of the range."""

    start: date | None = None
    end: date | None = None
    author: str = Field(default="", max_length=200)
    votes: int | None = Field(default=None, ge=0, le=1_000_000)
    summary: Language | None = None

    def to_filters(self, catalogue: Catalogue) -> Filters | None:
        """Return the filters over a catalogue; None when none is set. An author gets the spelling of the catalogue."""
        author = self.author.strip()
        if author:
            author = next(iter(catalogue.authors.like(author)), author)
        end = self.end + timedelta(days=1) if self.end and self.end < date.max else None
        filters = Filters(self.start, end, author or None, self.votes, self.summary)
        return None if filters == Filters() else filters


class QuestionRequest(BaseModel):
    """One question, with the earlier questions of its chat and the plans that the page holds."""

    question: str = Question
    history: History = []
    plan: Plan | None = None
    previous: Plan | None = None
    filters: FilterRequest = Field(default_factory=FilterRequest)
    language: Literal["auto", "ko", "en"] = "auto"
    engine: Literal["auto", "offline", "llm"] = "auto"
    person: str = Field(default="", max_length=64)

    @property
    def answer_language(self) -> Language | None:
        """The language to answer in; None for the language of the question."""
        return None if self.language == "auto" else self.language


class ExportRequest(QuestionRequest):
    """A set to export; `papers` are those that the page shows of it, in their order. None exports the whole set."""

    papers: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=3_000)] | None = None


class FollowRequest(BaseModel):
    """A question to follow. `plan` is carried out in place of its own reading, where the reader has made it another one."""

    question: str = Field(min_length=1, max_length=MAX_QUESTION)
    plan: Plan | None = None


class NameRequest(BaseModel):
    """A saved question by its name."""

    name: str = Field(max_length=60)


class SeenRequest(NameRequest):
    """The papers of a saved question that the page has shown."""

    papers: list[ArxivId] = Field(default=[], max_length=1_000)


class StarsRequest(BaseModel):
    """What a reader starred and dismissed, and the day whose papers are to be ranked; None for the newest."""

    stars: list[ArxivId] = Field(default=[], max_length=2_000)
    dismissed: list[ArxivId] = Field(default=[], max_length=2_000)
    when: date | None = None
    language: Language = "ko"


def _bounded(plan: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return a plan as it is. Raises ValueError for one that would fill the file of verdicts."""
    if len(json.dumps(plan, ensure_ascii=False)) > MAX_PLAN:
        raise ValueError("the plan is too long")
    return plan


class VerdictRequest(BaseModel):
    """A reader's verdict on an answer."""

    question: str = Question
    history: History = []
    plan: Annotated[dict[str, Any] | None, AfterValidator(_bounded)] = None
    papers: list[ArxivId] = Field(default=[], max_length=200)
    citations: list[ArxivId] = Field(default=[], max_length=200)
    verdict: Literal["up", "down"]
    reason: str = Field(default="", max_length=1_000)
    engine: str = Field(default="", max_length=100)
    language: str = Field(default="", max_length=5)
    person: str = Field(default="", max_length=64, exclude=True)


def validated_plan(plan: Plan | None, catalogue: Catalogue) -> Plan | None:
    """Return a plan that can be carried out over a catalogue; None for a plan without a search.

    Papers that the catalogue lacks are left out. Raises QuestionError for a plan that cannot be carried out.
    """
    if plan is None or plan.kind in ("help", "out_of_scope"):
        return None
    ranks_nobody = plan.by == "authors" and not plan.ranks_authors
    asks_for_none = plan.limit is not None and plan.limit < 1
    is_too_long = sum(map(len, plan.terms + plan.not_terms)) > MAX_QUESTION
    if ranks_nobody or asks_for_none or is_too_long:
        raise QuestionError("That plan cannot be carried out; ask the question again.")
    names = tuple(next(iter(catalogue.authors.like(name)), name) for name in plan.authors[:5])
    papers = tuple(arxiv_id for arxiv_id in plan.papers if arxiv_id in catalogue.papers)
    values = {field.name: getattr(plan, field.name) for field in fields(Plan)}
    return Plan(**values | {"papers": papers, "authors": names})
