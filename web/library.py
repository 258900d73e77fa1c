"""What the page shows of the index itself: its state, starter questions, the papers of a day, whole sets and exports."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from fastapi import Response

from rag.answers.answer import Answer
from rag.answers.export import FORMATS, bibtex, markdown, of_evidence, of_papers
from rag.answers.reported import name_of, value_of
from rag.answers.suggestions import relaxations, starters
from rag.corpus.figures import Reported, figures
from rag.corpus.papers import Paper
from rag.errors import NonmunError
from rag.evidence.likelihood import likelihood
from rag.evidence.types import Evidence
from rag.following.desk import Desk
from rag.following.news import allowed
from rag.following.ranking import rank
from rag.index.progress import read_progress
from rag.language.text import Language
from rag.pipeline import Pipeline
from rag.questions.plan import AMOUNTS, SET_KINDS, Plan
from web.digests import papers_of, told
from web.request_models import ExportRequest, QuestionRequest, StarsRequest, validated_plan
from web.views import answer_view, paper_view, rows_view, said

_NEAR, _NAMING = 5, 20  # papers shown beside one
SURE = 0.5  # least probability of a paper of a topical set that is not marked as only near


def _figure(figure: Reported, language: Language) -> dict[str, str]:
    """Return a figure that a summary reports: what it is of, its value, and the sentence that states it."""
    names = (figure.of,) if figure.of in AMOUNTS else (figure.of, figure.metric)
    of = " ".join(name_of(name, language) for name in names if name)
    return {"of": of, "value": value_of(figure, language), "sentence": figure.sentence}


def writes(paper: Paper, name: str) -> bool:
    """Tell whether a paper means a name: one that writes it in small letters alone (“icon” for ICon) means a common word."""
    if name == name.lower():
        return True
    said = " ".join([paper.title, *(bullet.text for _, bullets in paper.summaries() for bullet in bullets)])
    spelled = re.findall(rf"(?<![A-Za-z\d]){re.escape(name)}(?![A-Za-z\d])", said, re.IGNORECASE)
    return not spelled or any(one != one.lower() for one in spelled)


class Library:
    """Describes the index of one pipeline."""

    def __init__(self, pipeline: Pipeline, own: bool = True, may_follow: bool = True) -> None:
        """Take the pipeline. `own` is false where strangers read; they are told no paths. `may_follow`: whether readers save questions."""
        self.pipeline, self._own, self._desk = pipeline, own, Desk(pipeline)
        self._may_follow = may_follow
        self._starters: dict[tuple[str, Language], tuple[str, ...]] = {}

    def starters(self, language: Language) -> tuple[str, ...]:
        """Return starter questions. They are computed once for each generation of the index."""
        snapshot = self.pipeline.snapshot()
        key = (snapshot.name, language)
        if key not in self._starters:
            self._starters = {old: found for old, found in self._starters.items() if old[0] == snapshot.name}
            self._starters[key] = starters(snapshot.catalogue, language, self.pipeline.offline)
        return self._starters[key]

    def state(self) -> dict[str, Any]:
        """Return whether questions can be asked now, and if not, why."""
        settings = self.pipeline.settings
        shared = {"model": settings.model_name if settings.has_model else None, "engine": settings.engine,
                  "feedback": settings.feedback != "off", "follow": self._may_follow}  # fmt: skip
        try:
            catalogue = self.pipeline.snapshot().catalogue
        except NonmunError as error:
            progress = read_progress(self.pipeline.store.cache_folder)
            state = "indexing" if progress else "unreachable" if self._has_pointer() else "empty"
            message = str(error) if self._own else ""
            return {**shared, "state": state, "kind": error.kind, "progress": progress, "message": message}
        days = catalogue.days
        return {
            **shared,
            "state": "ready" if len(catalogue) else "empty",
            "index": catalogue.generation,
            "papers": len(catalogue),
            "digests": len(days),
            "first": days[0].isoformat() if days else None,
            "last": days[-1].isoformat() if days else None,
        }

    def _has_pointer(self) -> bool:
        try:
            return self.pipeline.store.current() is not None
        except NonmunError:
            return True

    def for_you(self, asked: StarsRequest) -> dict[str, Any]:
        """Return the papers of a day in the order of a reader's stars, each with the stars it is near to.

        Papers that the filters over every question leave out, and dismissed ones, are not shown. Nothing of the reader is kept.
        """
        snapshot = self.pipeline.snapshot()
        days = snapshot.catalogue.days
        if not days:
            return {"day": None, "papers": []}
        when = asked.when if asked.when in days else days[-1]
        papers = papers_of(snapshot.catalogue, when, when)
        kept = allowed(papers, self._desk.standing(), self.pipeline, asked.language)
        wanted = [paper for paper in kept if paper.arxiv_id not in set(asked.dismissed)]
        ranked = rank(wanted, asked.stars, asked.dismissed, snapshot.retriever())
        return {
            "day": when.isoformat(),
            "papers": [
                {**told(one.paper, asked.language), "near": [paper_view(star) for star in one.near]} for one in ranked
            ],
        }

    def paper(self, arxiv_id: str, language: Language) -> dict[str, Any] | None:
        """Return all that is known of a paper: its summaries and figures, papers near it and that name it. None for an unknown one."""
        paper = self.pipeline.snapshot().catalogue.papers.get(arxiv_id)
        if paper is None:
            return None
        near = self._found(Plan("similar", papers=(arxiv_id,)), language)
        mentions = self._found(Plan("list", terms=(paper.name,), relation="mention"), language) if paper.name else ()
        naming = [one for one in mentions if one.arxiv_id != arxiv_id and writes(one, paper.name)]
        return {
            **paper_view(paper),
            "dates": [day.isoformat() for day in paper.dates],
            "summaries": [
                {"language": tongue, "bullets": [said(bullet, language) for bullet in bullets]}
                for tongue, bullets in paper.summaries()
            ],
            "figures": [_figure(one, language) for one in figures(self.pipeline.snapshot().catalogue).of(paper)],
            "similar": [paper_view(one) for one in near[:_NEAR]],
            "naming": [paper_view(one) for one in naming[:_NAMING]],
            "bibtex": bibtex(of_papers([paper], language)),
            "markdown": markdown(of_papers([paper], language)),
        }

    def _found(self, plan: Plan, language: Language) -> tuple[Paper, ...]:
        found = self.pipeline.evidence("", language, plan)
        return tuple(found.papers)

    def view(self, answer: Answer) -> dict[str, Any]:
        """Return everything that the page shows of an answer; of an empty one also what its plan finds with a part less."""

        def count(plan: Plan) -> int:
            return len(self.pipeline.evidence("", answer.language, plan, members=True).papers)

        empty = answer.status != "answered" or not answer.papers
        without = relaxations(answer.plan, count) if empty else ()
        return answer_view(answer, self.pipeline.snapshot().catalogue, self.weak(answer.plan), without)

    def _set(self, request: QuestionRequest) -> Evidence | None:
        plan = validated_plan(request.plan, self.pipeline.snapshot().catalogue)
        found = self.pipeline.evidence(request.question, request.answer_language, plan)
        return None if isinstance(found, Answer) else found

    def rows(self, request: QuestionRequest) -> list[list[Any]]:
        """Return the whole set of a plan as table rows."""
        found = self._set(request)
        return rows_view(found, self.weak(found.reading.plan)) if found else []

    def weak(self, plan: Plan) -> frozenset[str]:
        """Return the papers that are less likely than not about the topics of a plan; none for a plan without topics."""
        if not plan.topics or plan.kind not in SET_KINDS:
            return frozenset()
        snapshot = self.pipeline.snapshot()
        shares = likelihood(plan, snapshot.retriever())
        return frozenset(
            arxiv_id for arxiv_id, share in zip(snapshot.catalogue.ids, shares, strict=True) if share < SURE
        )

    def export(self, request: ExportRequest, ending: str) -> Response:
        """Return the set of a plan as a file, or what the page shows of it."""
        media, write = FORMATS[ending]
        found = self._set(request)
        if found is None:
            return Response(write(()), media_type=f"{media}; charset=utf-8")
        papers = (*found.papers, *found.also)
        if request.papers is not None:
            by_id = {paper.arxiv_id: paper for paper in papers}
            papers = tuple(by_id[arxiv_id] for arxiv_id in request.papers if arxiv_id in by_id)
        return Response(write(of_evidence(replace(found, papers=papers))), media_type=f"{media}; charset=utf-8")
