"""The functions that other programs may call, over Gradio's HTTP API and over MCP."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import wraps
from typing import Any

import gradio as gr
from gradio.events import api

from rag.answers.answer import Answer
from rag.answers.brief import whole_json
from rag.corpus.papers import parse_arxiv_id
from rag.errors import FollowError, NonmunError, QuestionError
from rag.following.book import Saved, name_of
from rag.following.desk import Desk
from rag.language.periods import day_after
from rag.language.text import Language, question_language
from rag.pipeline import Pipeline
from rag.questions.model_reader import Read
from web.scheduling import Scheduler
from web.views import by_votes, paper_view

MAX_FOUND = 100
WAITING = 16  # calls that Gradio lets wait for their turn, or for a language model, in threads of their own
LOOKING = 0.02  # seconds between two looks into an empty queue
TELLING = 2.0  # seconds between two messages to a call that waits, about its place
QUEUED = 200  # calls that wait for one of these threads
WRITERS = 8  # of these calls wait for a language model; more get the offline answer
BUSY = {
    "ko": "언어 모델을 쓰는 사람이 많아 오프라인 답변을 보냅니다.",
    "en": "Many people are using the language model, so this is the offline answer.",
}


_ASKED_WRONGLY = (QuestionError, FollowError)


class CallError(gr.Error):
    """An error that the caller is told as a sentence."""

    def __init__(self, message: str, status: int = 422) -> None:
        """Take the sentence and the HTTP status of a direct call; nothing is written to the log."""
        self.status = status
        super().__init__(message, print_exception=False)

    def __str__(self) -> str:
        return str(self.message)  # Gradio would put it in quotation marks


def functions(pipeline: Pipeline, scheduler: Scheduler, desk: Desk | None = None) -> list[Callable[..., Any]]:
    """Return the functions over a pipeline. Programs see their names, type hints and docstrings.

    Without a desk none can follow a question.
    """
    read, write = _reader(pipeline), _writer(pipeline)

    def search_papers(query: str, top_k: int = 10) -> list[dict]:  # type: ignore[type-arg]
        """Find the papers nearest to a query, best first.

        Args:
            query: what to look for, in Korean or English
            top_k: how many papers, 1 to 100
        """
        if not 1 <= top_k <= MAX_FOUND:
            raise NonmunError(f"top_k is {str(top_k)[:40]}. It must lie between 1 and {MAX_FOUND}.")
        catalogue = pipeline.snapshot().catalogue
        with scheduler.program():
            hits = pipeline.search(query[:2_000], top_k)
        return [{**paper_view(catalogue.papers[hit.arxiv_id]), "score": round(hit.score, 4)} for hit in hits]

    def get_paper(arxiv_id: str) -> dict:  # type: ignore[type-arg]
        """Return one paper with its summaries in Korean and English.

        Args:
            arxiv_id: the arXiv id, such as 2312.00752
        """
        paper = pipeline.snapshot().catalogue.papers.get(parse_arxiv_id(arxiv_id) or "")
        if paper is None:
            raise NonmunError(f"No digest has a paper with the arXiv id “{arxiv_id[:40]}”.")
        summaries = {language: [bullet.quote for bullet in bullets] for language, bullets in paper.summaries()}
        return {**paper_view(paper), "dates": [day.isoformat() for day in paper.dates], "summaries": summaries}

    def ask(question: str, history: list[str] | None = None, language: str = "", as_of: str = "") -> dict:  # type: ignore[type-arg]
        """Answer a question from the digests, with citations; refuses what they do not say.

        Args:
            question: a question in Korean or English
            history: earlier questions of the same conversation, oldest first
            language: ko or en for the answer; empty for the question's own
            as_of: the day that relative dates count from, as 2024-06-11; empty for today in Seoul
        """
        answer_language = _parse_language(language)
        found = read(question, history or (), _parse_day(as_of), answer_language)
        with scheduler.program():
            answer = pipeline.offline(question, history or (), _parse_day(as_of), answer_language, read=found)
        return write(answer).as_json()

    def count(question: str) -> dict:  # type: ignore[type-arg]
        """Count the papers that a question asks for, exactly.

        Args:
            question: a question about a set, such as “Which papers used Mamba?”
        """
        found = read(question)
        with scheduler.program():
            answer = pipeline.offline(question, read=found)
        return {"count": answer.count, "papers": list(answer.papers), "plan": answer.plan.as_json()}

    def digest_of_day(day: str = "") -> dict:  # type: ignore[type-arg]
        """Return the papers of one day's digest, most votes first.

        Args:
            day: the day as 2024-06-11; empty for the newest digest
        """
        catalogue = pipeline.snapshot().catalogue
        when = _parse_day(day) or max(catalogue.days, default=date.min)
        found = catalogue.at(catalogue.between(when, day_after(when)))
        return {"day": when.isoformat(), "papers": [paper_view(paper) for paper in by_votes(found)]}

    def brief(since: str, until: str = "", language: str = "ko") -> dict:  # type: ignore[type-arg]
        """Return what a range of days brought: the most voted, each approach, what rose, what is new.

        Args:
            since: the first day, as 2024-06-01
            until: the last day; empty for that of the last digest
            language: ko or en
        """
        first, last = _parse_day(since), _parse_day(until)
        if first is None:
            raise NonmunError("brief needs a first day; write it as 2024-06-01.")
        tongue = _parse_language(language) or "ko"
        with scheduler.program():
            evidence, answer = pipeline.brief(first, day_after(last) if last else None, tongue)
        return whole_json(evidence, answer)

    following = [] if desk is None else follow_functions(desk, scheduler)
    return [search_papers, get_paper, ask, count, digest_of_day, brief, *following]


def follow_functions(desk: Desk, scheduler: Scheduler) -> list[Callable[..., Any]]:
    """Return the functions by which programs follow questions."""

    def follow(question: str, name: str = "", without: list[str] | None = None, min_votes: int = 0) -> dict:  # type: ignore[type-arg]
        """Save a question that asks for papers, to be told what comes to fit it. What fits now counts as seen.

        Args:
            question: a question about a set, such as “papers about KV cache compression”
            name: a short name; empty for one made of the question
            without: what its papers must not be about, such as survey
            min_votes: the least votes of its papers; 0 for any
        """
        asked = " ".join(question.split())[:2_000]
        tongue = question_language(asked)
        saved = Saved(name or name_of(asked), asked, tongue, tuple(without or ())[:20], min_votes or None)
        with scheduler.program():
            found = desk.follow(saved)
        return {"name": saved.name, "fits": len(found.fits), "plan": found.evidence.reading.plan.as_json()}

    def news(name: str = "", since: str = "", mark_seen: bool = False) -> dict:  # type: ignore[type-arg]
        """Tell the papers that came to fit the saved questions, each with the sentence that makes it fit, and what was near.

        Args:
            name: one saved question; empty for all
            since: all papers of digests from this day on, as 2024-06-11; empty for what was not told yet
            mark_seen: whether these papers are told never again
        """
        with scheduler.program():
            told = desk.told([name] if name else [], _parse_day(since), seen=mark_seen)
        return {"questions": [one.as_json() for one in told]}

    return [follow, news]


def _parse_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise NonmunError(f"“{text[:40]}” is no day; write it as 2024-06-11.") from None


def _parse_language(text: str) -> Language | None:
    if text not in ("", "ko", "en"):
        raise NonmunError(f"“{text[:40]}” is no language that answers are written in; write ko or en.")
    return text or None  # type: ignore[return-value]


def _reader(pipeline: Pipeline) -> Callable[..., Read | None]:
    """Return what lets a model read a question, where one may and is not too busy; no turn is held for it."""
    readers = threading.BoundedSemaphore(WRITERS)

    def read(*asked: Any) -> Read | None:
        if not readers.acquire(blocking=False):
            return None
        try:
            return pipeline.read(*asked)
        finally:
            readers.release()

    return read


def _writer(pipeline: Pipeline) -> Callable[[Answer], Answer]:
    """Return what completes an offline answer: a language model where one is configured and not too busy."""
    writers = threading.BoundedSemaphore(WRITERS)

    def last(answer: Answer, engine: str | None = None) -> Answer:
        *_, written = pipeline.written(answer, engine)
        assert isinstance(written, Answer)
        return written

    def write(answer: Answer) -> Answer:
        settings = pipeline.settings
        if settings.engine == "offline" or not settings.has_model or not pipeline.writes(answer):
            return last(answer)
        if not writers.acquire(blocking=False):
            return last(replace(answer, notices=(*answer.notices, BUSY[answer.language])), "offline")
        try:
            return last(answer)  # a model may take its time: no turn is held for it
        finally:
            writers.release()

    return write


def add_functions(
    app: gr.Blocks, pipeline: Pipeline, scheduler: Scheduler, desk: Desk | None = None, *, queued: bool = True
) -> None:
    """Add the functions as endpoints to the Gradio app that is being built.

    Without a queue (`queued` is false) a call runs in place. MCP needs that: Gradio would reach the queue by a request to
    itself, which has no token. Either way the calls have threads of their own and leave those of the page free.
    """
    app.max_threads = WAITING + 1
    # By default Gradio tells all that wait about their places whenever one begins, and works out statistics of all calls
    # with pandas whenever one ends: a third of what serving takes beside the answers themselves.
    app.queue(max_size=QUEUED, status_update_rate=TELLING)
    app._queue.compute_analytics_summary = lambda _: {}  # type: ignore[method-assign]
    app._queue.sleep_when_free = LOOKING  # Gradio looks for calls a thousand times a second, which takes 3 % of a core
    app._queue.progress_update_sleep_when_free = 5 * LOOKING
    for function in functions(pipeline, scheduler, desk):
        limit = {"concurrency_limit": WAITING, "concurrency_id": "programs"} if queued else {"queue": False}
        api(_with_readable_errors(function), api_name=function.__name__, **limit)


def _with_readable_errors(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let a function tell its caller what went wrong, in a sentence."""

    @wraps(function)
    def readable(*args: Any, **options: Any) -> Any:
        try:
            return function(*args, **options)
        except NonmunError as error:
            raise CallError(
                str(error), 422 if isinstance(error, _ASKED_WRONGLY) or type(error) is NonmunError else 503
            ) from None
        except Exception as error:
            logging.getLogger("nonmun").exception("A call of %s failed", function.__name__, exc_info=error)
            raise CallError("Something went wrong here. The log of the server says more.", 500) from None

    return readable
