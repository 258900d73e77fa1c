"""What other programs may call: the same pipeline as documented functions, for Gradio's HTTP API and for MCP."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import wraps
from typing import Any

import gradio as gr
from gradio.events import api

from rag.answers.answer import Answer
from rag.corpus.papers import parse_arxiv_id
from rag.errors import NonmunError
from rag.pipeline import Pipeline
from web.turns import Turns
from web.views import by_votes, paper_view

MAX_FOUND = 100
WAITING = 16  # calls that Gradio lets wait for their turn, or for a language model, in threads of their own
QUEUED = 200  # calls that wait for one of these threads
WRITERS = 8  # of these calls wait for a language model; more get the offline answer
BUSY = {
    "ko": "언어 모델을 쓰는 사람이 많아 오프라인 답변을 보냅니다.",
    "en": "Many people are using the language model, so this is the offline answer.",
}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise NonmunError(f"“{text[:40]}” is no day; write it as 2024-06-11.") from None


def functions(pipeline: Pipeline, turns: Turns) -> list[Callable[..., Any]]:
    """Return the functions over a pipeline; their names, hints and docstrings are what programs see."""
    writers = threading.BoundedSemaphore(WRITERS)

    def search_papers(query: str, top_k: int = 10) -> list[dict]:  # type: ignore[type-arg]
        """Find the papers nearest to a query, best first.

        Args:
            query: what to look for, in Korean or English
            top_k: how many papers, 1 to 100
        """
        catalogue = pipeline.snapshot().catalogue
        with turns.program():
            hits = pipeline.search(query[:2_000], max(1, min(int(top_k), MAX_FOUND)))
        return [{**paper_view(catalogue.papers[h.arxiv_id]), "score": round(h.score, 4)} for h in hits]

    def get_paper(arxiv_id: str) -> dict:  # type: ignore[type-arg]
        """Return one paper with its summaries in Korean and English.

        Args:
            arxiv_id: the arXiv id, such as 2312.00752
        """
        paper = pipeline.snapshot().catalogue.papers.get(parse_arxiv_id(arxiv_id) or "")
        if paper is None:
            raise NonmunError(f"No digest has a paper with the arXiv id “{arxiv_id[:40]}”.")
        summaries = {language: [b.quote for b in bullets] for language, bullets in paper.summaries()}
        return {**paper_view(paper), "dates": [day.isoformat() for day in paper.dates], "summaries": summaries}

    def ask(question: str, history: list[str] | None = None, language: str = "", as_of: str = "") -> dict:  # type: ignore[type-arg]
        """Answer a question from the digests, with citations; refuses what they do not say.

        Args:
            question: a question in Korean or English
            history: earlier questions of the same conversation, oldest first
            language: ko or en for the answer; empty for the question's own
            as_of: the day that relative dates count from, as 2024-06-11; empty for today in Seoul
        """
        tongue = language if language in ("ko", "en") else None
        with turns.program():
            answer = pipeline.offline(question, history or (), _day(as_of), tongue)  # type: ignore[arg-type]
        model = pipeline.settings.engine != "offline" and pipeline.settings.has_model and pipeline.writes(answer)
        if not model:
            *_, written = pipeline.written(answer)
        elif writers.acquire(blocking=False):
            try:
                *_, written = pipeline.written(answer)  # a model may take its time: nobody waits for it here
            finally:
                writers.release()
        else:
            *_, written = pipeline.written(replace(answer, notices=(*answer.notices, BUSY[answer.language])), "offline")
        assert isinstance(written, Answer)
        return written.as_json()

    def count(question: str) -> dict:  # type: ignore[type-arg]
        """Count the papers that a question asks for, exactly.

        Args:
            question: a question about a set, such as “Which papers used Mamba?”
        """
        with turns.program():
            answer = pipeline.offline(question)
        return {"count": answer.count, "papers": list(answer.papers), "plan": answer.plan.as_json()}

    def digest_of_day(day: str = "") -> dict:  # type: ignore[type-arg]
        """Return the papers of one day's digest, most votes first.

        Args:
            day: the day as 2024-06-11; empty for the newest digest
        """
        catalogue = pipeline.snapshot().catalogue
        when = _day(day) or max(catalogue.days, default=date.min)
        found = catalogue.at(catalogue.between(when, when + timedelta(days=1)))
        return {"day": when.isoformat(), "papers": [paper_view(paper) for paper in by_votes(found)]}

    return [search_papers, get_paper, ask, count, digest_of_day]


def offer(app: gr.Blocks, pipeline: Pipeline, turns: Turns, *, queued: bool = True) -> None:
    """Offer the functions as endpoints of the Gradio app that is being built.

    Not `queued` they are called in place: Gradio's MCP would reach a queue by a request to itself, without the token.
    Either way they get threads of their own: those that carry the page's answers are never all theirs.
    """
    app.max_threads = WAITING + 1
    app.queue(max_size=QUEUED)
    for function in functions(pipeline, turns):
        limit = {"concurrency_limit": WAITING, "concurrency_id": "programs"} if queued else {"queue": False}
        api(_told(function), api_name=function.__name__, **limit)


def _told(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let a function say its own errors to the caller, in a sentence."""

    @wraps(function)
    def told(*args: Any, **options: Any) -> Any:
        try:
            return function(*args, **options)
        except NonmunError as error:
            raise gr.Error(str(error), print_exception=False) from None

    return told
