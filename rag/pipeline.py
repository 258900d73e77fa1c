"""The wiring: settings to a store, a snapshot of its current generation, and answers. Safe to share between threads.

A snapshot (catalogue, lexical index, vectors) is opened whole and swapped whole when the store's pointer moves, so no
reader sees half an update. Nothing of one person's conversation is kept here.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

from rag.answers.answer import Answer, Usage
from rag.answers.compose import compose, joined
from rag.answers.prices import cost
from rag.answers.prompts import NOTICE
from rag.answers.traces import Watched, write
from rag.corpus.catalogue import Catalogue
from rag.corpus.manifest import Manifest, node_count
from rag.errors import QuestionError, SettingsError
from rag.evidence.gather import gather
from rag.evidence.types import Evidence
from rag.language.text import Language, clean, question_language
from rag.questions.drafted import Asked
from rag.questions.model_reader import Read, Said, is_unsure, read
from rag.questions.plan import Filters, Kind, Plan, narrowed
from rag.questions.reader import MAX_QUESTION, understand
from rag.questions.reading import Reading, Turn
from rag.settings import Settings, trace_file
from rag.wiring import embedder, store_of
from vectorstore.errors import StoreError
from vectorstore.generations import Store

if TYPE_CHECKING:
    from rag.answers.llm import LlmEngine
    from rag.evidence.retriever import Hit, Retriever
    from vectorstore.embedders import Embedding

MAX_HISTORY = 20  # earlier questions that are looked at
MAX_READINGS = 256  # readings of a model that are kept for the questions that follow


# LlamaIndex's modules import one another in circles: of two threads that import it at once, one fails.
_LOADING = threading.RLock()
WRITTEN_KINDS: frozenset[Kind] = frozenset({"known_item", "fact", "explain", "describe", "compare", "digest"})
"""Kinds whose prose gains by a model; sets, counts and metadata are the offline engine's own."""


def today() -> date:
    """Return the day it is in Seoul."""
    return datetime.now(ZoneInfo("Asia/Seoul")).date()


@dataclass(frozen=True)
class Snapshot:
    """One generation, opened. The retriever is loaded on first use: a set question never needs it."""

    store: Store
    name: str
    manifest: Manifest
    catalogue: Catalogue
    settings: Settings

    @cached_property
    def embedding(self) -> Embedding:
        """The embedder of the settings, which must be the one the generation was made by. Raises StoreMismatchError."""
        from rag.index.ingest import check_made_by

        embedding = embedder(self.settings)
        check_made_by(self.manifest, embedding.fingerprint, self.store.place)
        return embedding

    @cached_property
    def _retriever(self) -> Retriever:
        from rag.evidence.reranking import load_reranker
        from rag.evidence.retriever import Retriever
        from rag.index.lexical import LexicalIndex
        from rag.language import analysis
        from vectorstore.vectors import open_vectors

        embedding = self.embedding  # first: an index that another program made is told as such
        for part in (
            "lexical",
            "vectors",
        ):  # then: what is read of the generation is seen to be whole; Chroma when it opens
            self.store.check(self.name, part)
        folder = self.store.folder(self.name)
        if not (folder / "lexical").is_dir():  # a generation another machine wrote to a server
            from rag.index.ingest import derive_lexical

            derive_lexical(self.store, self.name, list(self.catalogue.papers.values()))
        lexical = LexicalIndex.load(folder)
        analysis.remember(lexical.words)
        return Retriever(
            self.catalogue,
            lexical,
            lambda: self.store.nodes(self.name),
            embedding,
            load_reranker(self.settings.reranker),
            open_vectors(folder, sum(map(node_count, self.catalogue.papers.values()))),
        )

    def retriever(self) -> Retriever:
        """Return the ranking over this generation."""
        with _LOADING:
            return self._retriever


class Pipeline:
    """Answers questions over the store of some settings."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store = store_of(settings)
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._readings: OrderedDict[Hashable, Read] = (
            OrderedDict()
        )  # what a model has read, for the questions that follow

    def snapshot(self) -> Snapshot:
        """Return the current generation, reopened when the store has moved on. Raises StoreError when there is none."""
        name = self.store.current()
        if name is None:
            raise StoreError(
                f"There is no index at {self.settings.store} yet. Make one: nonmun ingest DIGESTS --store {self.settings.store}"
            )
        with self._lock:
            if self._snapshot is None or self._snapshot.name != name:
                manifest = Manifest.from_bytes(self.store.manifest(name), self.store.place)
                catalogue = Catalogue(manifest.papers(), name, manifest.doubtful)
                self._snapshot = Snapshot(self.store, name, manifest, catalogue, self.settings)
            return self._snapshot

    def warm(self) -> None:
        """Load everything a first question would wait for."""
        from rag.language import analysis

        for question in (
            "Mamba를 사용한 논문은?",
            "Papers written by Quentin Neverseen",
        ):  # terms, names and people are looked up, these by sound too
            self.offline(question)
        self.snapshot().retriever().search("Mamba를 사용한 논문", 1)
        self.snapshot().retriever().membership("Mamba")
        analysis.ready()
        self.snapshot().catalogue.ready()
        if self.settings.has_model:
            with _LOADING:
                import rag.answers.llm  # noqa: F401 - two seconds of LlamaIndex

    # --- asking ------------------------------------------------------------------------------------------------------
    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        as_of: date | None = None,
        language: Language | None = None,
        engine: str | None = None,
    ) -> Answer:
        """Answer one question; `history` are the earlier questions of the same conversation, oldest first.

        `as_of` is the day relative dates count from (default: today in Seoul). Raises QuestionError for a question
        that is too long, StoreError when the index cannot be read.
        """
        *_, answer = self.stream(question, history, as_of, language, engine)
        assert isinstance(answer, Answer)
        return answer

    def stream(
        self,
        question: str,
        history: Sequence[str] = (),
        as_of: date | None = None,
        language: Language | None = None,
        engine: str | None = None,
    ) -> Iterator[str | Answer]:
        """Yield the text so far while a model writes, then the final answer."""
        yield from self.written(self.composed(question, history, as_of, language, engine), engine)

    def offline(
        self,
        question: str,
        history: Sequence[str] = (),
        as_of: date | None = None,
        language: Language | None = None,
        *,
        plan: Plan | None = None,
        previous: Plan | None = None,
        filters: Filters | None = None,
    ) -> Answer:
        """Answer one question without a model, as `composed` does."""
        return self._composed("offline", question, history, as_of, language, plan, previous, filters)

    def composed(
        self,
        question: str,
        history: Sequence[str] = (),
        as_of: date | None = None,
        language: Language | None = None,
        engine: str | None = None,
        *,
        plan: Plan | None = None,
        previous: Plan | None = None,
        filters: Filters | None = None,
    ) -> Answer:
        """Answer one question in the offline engine's words; a model may read it, where the settings and `engine` let it.

        `plan` is carried out in place of the question's own, `previous` the last earlier question's; `filters` narrow
        what the question itself asks for.
        """
        reader = self._reader(engine or self.settings.engine)
        return self._composed(reader, question, history, as_of, language, plan, previous, filters)

    def _reader(self, engine: str) -> str:
        """Return who reads: with `auto` no model reads where none may write."""
        chosen, there = self.settings.reader, self.settings.has_model
        if chosen == "llm" and not there:
            raise SettingsError(
                "No language model is configured. Set OPENAI_API_KEY or OPENAI_BASE_URL, or use --reader offline."
            )
        return chosen if there and (chosen == "llm" or engine != "offline") else "offline"

    def _composed(
        self,
        reader: str,
        question: str,
        history: Sequence[str],
        as_of: date | None,
        language: Language | None,
        plan: Plan | None,
        previous: Plan | None,
        filters: Filters | None,
    ) -> Answer:
        started, snapshot = time.perf_counter(), self.snapshot()
        watched = Watched(snapshot) if self.settings.trace == "on" else None
        evidence, read_as = self._evidence(
            cast(Snapshot, watched or snapshot), reader, question, history, as_of, language, plan, previous, filters
        )
        answer = joined([compose(part, snapshot.catalogue) for part in evidence], evidence[0].reading.question)
        taken = (time.perf_counter() - started) * 1000
        answer = replace(answer, latency_ms=taken, hits=tuple(watched.hits) if watched else ())
        return self._told(answer, read_as)

    def _told(self, answer: Answer, read_as: Read) -> Answer:
        """Return an answer that tells who read its question, at what cost, and why a model's reading is not used."""
        words = NOTICE[answer.language]
        notices = (words["unread"].format(reason=words[read_as.failed]),) if read_as.failed else ()
        spent, settings = read_as.spent, self.settings
        dollars = cost(settings.model, settings.price_place, spent.tokens_in, spent.tokens_out)
        usage = Usage(
            settings.model_name, spent.tokens_in, spent.tokens_out, spent.estimated, dollars, spent.calls, 0.0, ""
        )  # fmt: skip
        return replace(
            answer, reader="llm" if read_as.by_model else "offline", notices=(*answer.notices, *notices),
            usage=usage if spent.calls else None,
        )  # fmt: skip

    def evidence(self, question: str, language: Language | None, plan: Plan | None) -> Evidence:
        """Return what the first part of an answer rests on; arguments as `offline`."""
        return self._evidence(self.snapshot(), "offline", question, (), None, language, plan, None, None)[0][0]

    def _evidence(
        self,
        snapshot: Snapshot,
        reader: str,
        question: str,
        history: Sequence[str],
        as_of: date | None,
        language: Language | None,
        plan: Plan | None,
        previous: Plan | None,
        filters: Filters | None,
    ) -> tuple[list[Evidence], Read]:
        if isinstance(history, str):  # a string is a sequence of letters
            raise QuestionError("The history must be a list of texts: the earlier questions, oldest first.")
        for name, asked in (("question", question), *(("earlier question", one) for one in history[-MAX_HISTORY:])):
            if len(asked) > MAX_QUESTION:
                raise QuestionError(f"The {name} is {len(asked):,} characters long; the limit is {MAX_QUESTION:,}.")
        question = " ".join(clean(question).split())  # what is no text (lone surrogates) must reach no answer
        if language is None and self.settings.language != "auto":
            language = self.settings.language  # type: ignore[assignment]
        day = as_of or today()
        if plan is not None:
            read_as = Read(self._carried(question, plan, day, language, snapshot))
        else:
            read_as = self._read(reader, question, tuple(history)[-MAX_HISTORY:], day, language, snapshot, previous)
        parts = (read_as.reading, *read_as.reading.later)
        if filters is not None:
            parts = tuple(replace(part, plan=narrowed(part.plan, filters)) for part in parts)
        found = [gather(part, snapshot.catalogue, snapshot.retriever, self.settings.top_k) for part in parts]
        return found, read_as

    def writes(self, answer: Answer) -> bool:
        """Whether a model, where one is configured, would write this answer anew."""
        return answer.status == "answered" and answer.plan.kind in WRITTEN_KINDS and bool(answer.citations)

    def written(self, answer: Answer, engine: str | None = None) -> Iterator[str | Answer]:
        """Yield the text so far while a model writes an offline answer anew, then the final answer; without one, just it."""
        writer, started = self._writer(answer, engine or self.settings.engine), time.perf_counter()
        for part in writer.stream(answer) if writer else [answer]:
            if isinstance(part, Answer):
                usage = answer.usage.plus(part.usage) if writer and answer.usage else part.usage
                part = replace(part, usage=usage, latency_ms=answer.latency_ms + (time.perf_counter() - started) * 1000)
                if self.settings.trace == "on" and self._snapshot:
                    write(trace_file(), part, self._snapshot.name, answer.hits, answer.latency_ms)
            yield part

    def _writer(self, answer: Answer, engine: str) -> LlmEngine | None:
        if engine == "llm" and not self.settings.has_model:
            raise SettingsError(
                "No language model is configured. Set OPENAI_API_KEY or OPENAI_BASE_URL, or use --engine offline."
            )
        if engine == "offline" or not self.settings.has_model or not self.writes(answer):
            return None
        with _LOADING:
            from rag.answers.llm import LlmEngine

        return LlmEngine(self.settings)

    def _carried(
        self, question: str, plan: Plan, as_of: date, language: Language | None, snapshot: Snapshot
    ) -> Reading:
        """Read a question for what it asks, and take the plan as given."""
        reading = understand(question, snapshot.catalogue, as_of, language or question_language(question))
        query = " ".join((*plan.terms, *plan.topics)) if plan.terms or plan.topics else reading.query
        reason = reading.reason if plan == reading.plan else None
        return replace(reading, question=question, plan=plan, query=query, reason=reason, later=())

    def _read(
        self,
        reader: str,
        question: str,
        history: tuple[str, ...],
        as_of: date,
        language: Language | None,
        snapshot: Snapshot,
        previous: Plan | None = None,
    ) -> Read:
        """Read a question after the earlier ones of its chat; `previous` is the last one's plan where it was edited.

        Earlier questions are read as they were before, else offline: a question costs one call at most, whatever its chat.
        """
        before: Turn | None = None
        earlier: tuple[Said, ...] = ()
        if history:
            *older, last = history
            if previous is not None:
                known = Read(self._carried(last, previous, as_of, language, snapshot))
            else:
                kept = reader != "offline" and self._remembered(last, tuple(older), as_of, language, snapshot)
                known = kept or self._read("offline", last, tuple(older), as_of, language, snapshot)
            evidence = gather(known.reading, snapshot.catalogue, snapshot.retriever, self.settings.top_k)
            papers = () if evidence.reason else tuple(paper.arxiv_id for paper in evidence.papers)
            before = Turn(evidence.reading, papers)
            earlier = (*known.earlier, known.said(last, older, evidence.reading))
        offline = understand(question, snapshot.catalogue, as_of, language, before=before)
        if reader == "offline" or (reader == "auto" and not is_unsure(offline)):
            return Read(offline, earlier=earlier)
        tongue = language or offline.language
        asked = Asked(question, history, snapshot.catalogue, as_of, tongue, offline, before)
        with _LOADING:
            from rag.models.structured import Structured
        found = read(asked, earlier, Structured(self.settings).ask, self.settings.reader_deadline)
        if found.by_model:
            self._remember(found, question, history, as_of, language, snapshot)
        return found

    def _remember(self, found: Read, *asked: Hashable) -> None:
        """Keep what a model has read, for the questions that follow."""
        *key, snapshot = asked
        with self._lock:
            self._readings[(*key, snapshot.name)] = found  # type: ignore[attr-defined]
            while len(self._readings) > MAX_READINGS:
                self._readings.popitem(last=False)

    def _remembered(self, *asked: Hashable) -> Read | None:
        """Return what a model has read of an earlier question; None where it has not."""
        *key, snapshot = asked
        with self._lock:
            return self._readings.get((*key, snapshot.name))  # type: ignore[attr-defined]

    # --- searching ---------------------------------------------------------------------------------------------------
    def search(self, query: str, top_k: int, mode: str = "hybrid") -> list[Hit]:
        """Return the best papers for a query, best first."""
        return self.snapshot().retriever().find(query, top_k, mode)
