"""Who reads a question: the offline reader, or a model where the settings let it and the offline reader is unsure.

Keeps the last readings of a model, for the questions that follow them in a chat. Safe to share between threads.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from rag.answers.answer import Answer, Usage
from rag.answers.prices import cost
from rag.answers.prompts import NOTICE
from rag.corpus.catalogue import Catalogue
from rag.errors import QuestionError, SettingsError
from rag.evidence.gather import gather
from rag.language.text import Language, clean, question_language
from rag.questions.drafted import Asked
from rag.questions.model_reader import Read, Said, is_unsure, read
from rag.questions.plain import MAX_QUESTION
from rag.questions.plan import Plan
from rag.questions.reader import understand
from rag.questions.reading import Reading, Turn
from rag.selection import selected
from rag.settings import Settings
from vectorstore.errors import OpenAIFault

if TYPE_CHECKING:
    from rag.evidence.retriever import Retriever
    from rag.evidence.types import Evidence

MAX_HISTORY = 20  # earlier questions that are looked at
_KEPT = 256  # readings of a model that are kept for the questions that follow
LOADING = threading.RLock()
"""Held while LlamaIndex is imported: its modules import one another in circles, and of two threads that do it at once one fails."""


def today() -> date:
    """Return the day it is in Seoul."""
    return datetime.now(ZoneInfo("Asia/Seoul")).date()


class Opened(Protocol):
    """An opened generation, as readers need it."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def catalogue(self) -> Catalogue:
        """Its papers."""

    def retriever(self) -> Retriever:
        """Return the ranking over it."""


@dataclass(frozen=True)
class Question:
    """A question as it can be read: in normal form, with its day; `language` is None for that of the question."""

    text: str
    history: tuple[str, ...]
    day: date
    language: Language | None


def question_of(
    text: str, history: Sequence[str], as_of: date | None, language: Language | None, settings: Settings
) -> Question:
    """Return a question in normal form. Raises QuestionError where it or an earlier one is too long."""
    if isinstance(history, str):  # a string is a sequence of letters
        raise QuestionError("The history must be a list of texts: the earlier questions, oldest first.")
    for name, asked in (("question", text), *(("earlier question", one) for one in history[-MAX_HISTORY:])):
        if len(asked) > MAX_QUESTION:
            raise QuestionError(f"The {name} is {len(asked):,} characters long; the limit is {MAX_QUESTION:,}.")
    if language is None and settings.language != "auto":
        language = settings.language  # type: ignore[assignment]
    plain = " ".join(clean(text).split())  # what is no text (lone surrogates) must reach no answer
    return Question(plain, tuple(history)[-MAX_HISTORY:], as_of or today(), language)


class Readers:
    """The two readers of some settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._readings: OrderedDict[tuple[Question, str], Read] = OrderedDict()

    def model_reads(self, engine: str | None) -> bool:
        """Whether a model may read; with `auto` none does where none may write. Raises SettingsError where one must and is not there."""
        chosen, there = self._settings.reader, self._settings.has_model
        if chosen == "llm" and not there:
            raise SettingsError(
                "No language model is configured. Set OPENAI_API_KEY or OPENAI_BASE_URL, or use --reader offline."
            )
        writer = engine or self._settings.engine
        return there and chosen != "offline" and (chosen == "llm" or writer != "offline")

    def carried(self, asked: Question, plan: Plan, opened: Opened) -> Reading:
        """Read a question for what it asks, and take the plan as given."""
        language = asked.language or question_language(asked.text)
        reading = understand(asked.text, opened.catalogue, asked.day, language)
        query = " ".join((*plan.terms, *plan.topics)) if plan.terms or plan.topics else reading.query
        reason = reading.reason if plan == reading.plan else None
        return replace(reading, question=asked.text, plan=plan, query=query, reason=reason, later=())

    def read(self, asked: Question, opened: Opened, previous: Plan | None, by_model: bool) -> Read:
        """Read a question after the earlier ones of its chat; `previous` is the last one's plan where it was edited.

        Earlier questions are read as they were before, else offline: a question costs one call at most, whatever its chat.
        """
        started = time.perf_counter()
        before: Turn | None = None
        earlier: tuple[Said, ...] = ()
        if asked.history:
            *older, last = asked.history
            one = replace(asked, text=last, history=tuple(older))
            if previous is not None:
                known = Read(self.carried(one, previous, opened))
            else:
                known = (by_model and self._kept(one, opened)) or self.read(one, opened, None, by_model=False)
            evidence = gather(known.reading, opened.catalogue, opened.retriever, self._settings.top_k)
            asked_about = evidence.reading.plan.papers if evidence.reading.plan.kind == "fact" else ()
            papers = asked_about if evidence.reason else tuple(paper.arxiv_id for paper in evidence.papers)
            aside = evidence.reading.plan.kind in ("help", "out_of_scope")
            before = known.before if aside else Turn(evidence.reading, papers, known.before, evidence.beyond)
            earlier = (*known.earlier, known.said(last, older, evidence.reading))
        offline = understand(asked.text, opened.catalogue, asked.day, asked.language, before=before)
        if not by_model or (self._settings.reader == "auto" and not is_unsure(offline)):
            return Read(offline, earlier=earlier, before=before)
        language = asked.language or offline.language
        wanted = Asked(asked.text, asked.history, opened.catalogue, asked.day, language, offline, before)
        with LOADING:
            from rag.models.structured import Structured
        found = read(wanted, earlier, Structured(self._settings).ask, self._settings.reader_deadline)
        if found.by_model:
            self._keep(asked, opened, found)
        return replace(found, before=before, milliseconds=(time.perf_counter() - started) * 1000)

    def _keep(self, asked: Question, opened: Opened, found: Read) -> None:
        with self._lock:
            self._readings[asked, opened.name] = found
            while len(self._readings) > _KEPT:
                self._readings.popitem(last=False)

    def _kept(self, asked: Question, opened: Opened) -> Read | None:
        with self._lock:
            return self._readings.get((asked, opened.name))

    def selected(self, evidence: list[Evidence], found: Read, opened: Opened) -> tuple[list[Evidence], Read]:
        """Return evidence whose borderline papers a model has judged, and what was read with what that took too."""
        with LOADING:
            from rag.models.structured import Structured
        spent, ask = replace(found.spent), Structured(self._settings).ask
        made: list[Evidence] = []
        failed = ""
        for part in evidence:
            try:
                part = selected(part, opened.retriever(), ask, self._settings.llm_timeout, spent)
            except OpenAIFault as fault:
                failed = fault.reason
            made.append(part)
        return made, replace(found, spent=spent, unselected=failed)

    def told(self, answer: Answer, found: Read) -> Answer:
        """Return an answer that tells who read its question, at what cost, and why a model's reading is not used."""
        words = NOTICE[answer.language]
        faults = (("unread", found.failed), ("unselected", found.unselected))
        notices = tuple(words[name].format(reason=words[reason]) for name, reason in faults if reason)
        spent, settings = found.spent, self._settings
        dollars = cost(settings.model, settings.price_place, spent.tokens_in, spent.tokens_out)
        usage = Usage(
            settings.model_name, spent.tokens_in, spent.tokens_out, spent.estimated, dollars, spent.calls, 0.0, ""
        )  # fmt: skip
        return replace(
            answer, reader="llm" if found.by_model else "offline", notices=(*answer.notices, *notices),
            usage=usage if spent.calls else None, latency_ms=answer.latency_ms + found.milliseconds,
        )  # fmt: skip
