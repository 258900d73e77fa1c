"""The wiring: settings to a store, a snapshot of its current generation, and answers. Safe to share between threads.

A snapshot (catalogue, lexical index, vectors) is opened whole and swapped whole when the store's pointer moves, so no
reader sees half an update. Nothing of one person's conversation is kept here.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

from rag.answers import Answer
from rag.catalogue import Catalogue
from rag.errors import QuestionError, SettingsError
from rag.evidence import gather
from rag.followups import FollowUp, follow_up, resume
from rag.manifest import Manifest
from rag.offline import compose
from rag.papers import Language
from rag.questions import MAX_QUESTION, Reading, understand
from rag.settings import Settings, cache_folder, trace_file
from rag.traces import Watched, write
from vectorstore.errors import StoreError
from vectorstore.store import Store, open_store

if TYPE_CHECKING:
    from rag.llm import LlmEngine
    from rag.retrieval import Hit, Retriever
    from vectorstore.embedders import Embedding

MAX_HISTORY = 20  # earlier questions that are looked at


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
    def _lock(self) -> threading.Lock:
        return threading.Lock()

    @cached_property
    def embedding(self) -> Embedding:
        """The embedder of the settings, which must be the one the generation was made by. Raises StoreMismatchError."""
        from rag.ingest import check_made_by

        embedding = embedder(self.settings)
        check_made_by(self.manifest, embedding.fingerprint, self.store.place)
        return embedding

    @cached_property
    def _retriever(self) -> Retriever:
        from rag.lexical import LexicalIndex
        from rag.reranking import load_reranker
        from rag.retrieval import Retriever

        embedding = self.embedding  # first: an index that another program made is told as such
        folder = self.store.folder(self.name)
        if not (folder / "lexical").is_dir():  # a generation another machine wrote to a server
            from rag.ingest import derive_lexical

            derive_lexical(self.store, self.name, list(self.catalogue.papers.values()))
        return Retriever(
            self.catalogue,
            LexicalIndex.load(folder),
            self.store.nodes(self.name),
            embedding,
            load_reranker(self.settings.reranker),
        )

    def retriever(self) -> Retriever:
        """Return the ranking over this generation."""
        with self._lock:
            return self._retriever


def embedder(settings: Settings) -> Embedding:
    """Load the embedder of the settings."""
    from vectorstore.embedders import load_embedding

    return load_embedding(settings.embedder, settings.openai_api_key.reveal(), settings.openai_base_url)


class Pipeline:
    """Answers questions over the store of some settings."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store = open_store(settings.store, cache_folder())
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None

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
                catalogue = Catalogue(manifest.papers(), name)
                self._snapshot = Snapshot(self.store, name, manifest, catalogue, self.settings)
            return self._snapshot

    def warm(self) -> None:
        """Load everything a first question would wait for."""
        self.snapshot().retriever().search("Mamba를 사용한 논문", 1)

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
        started = time.perf_counter()
        if len(question) > MAX_QUESTION:
            raise QuestionError(f"The question is {len(question):,} characters long; the limit is {MAX_QUESTION:,}.")
        if language is None and self.settings.language != "auto":
            language = self.settings.language  # type: ignore[assignment]
        snapshot = self.snapshot()
        watched = Watched(snapshot) if self.settings.trace == "on" else None
        if watched:
            snapshot = cast(Snapshot, watched)
        answer = self._offline(question, tuple(history)[-MAX_HISTORY:], as_of or today(), language, snapshot)
        offline_ms = (time.perf_counter() - started) * 1000
        writer = self._writer(answer, engine or self.settings.engine)
        final = answer
        if writer:
            for part in writer.stream(answer):
                if isinstance(part, Answer):
                    final = part
                else:
                    yield part
        final = replace(final, latency_ms=(time.perf_counter() - started) * 1000)
        if watched:
            write(trace_file(), final, snapshot.name, watched.hits, offline_ms)
        yield final

    def _writer(self, answer: Answer, engine: str) -> LlmEngine | None:
        if engine == "llm" and not self.settings.has_model:
            raise SettingsError(
                "No language model is configured. Set OPENAI_API_KEY or OPENAI_BASE_URL, or use --engine offline."
            )
        if engine == "offline" or not self.settings.has_model or answer.status != "answered":
            return None
        from rag.llm import WRITTEN_KINDS, LlmEngine

        return LlmEngine(self.settings) if answer.plan.kind in WRITTEN_KINDS and answer.citations else None

    def _offline(
        self, question: str, history: tuple[str, ...], as_of: date, language: Language | None, snapshot: Snapshot
    ) -> Answer:
        reading = self._read(question, history, as_of, language, snapshot)
        if isinstance(reading, Answer):
            return reading
        evidence = gather(reading, snapshot.catalogue, snapshot.retriever, self.settings.top_k)
        return compose(evidence, snapshot.catalogue)

    def _read(
        self, question: str, history: tuple[str, ...], as_of: date, language: Language | None, snapshot: Snapshot
    ) -> Reading | Answer:
        catalogue = snapshot.catalogue
        if not history:
            return understand(question, catalogue, as_of, language)
        if follow_up(question, ("?",) * MAX_HISTORY) == follow_up(question, ()) == FollowUp(question):
            return understand(question, catalogue, as_of, language)
        before = self._offline(history[-1], history[:-1], as_of, language, snapshot)
        follow = follow_up(question, before.papers)
        if follow.repeat:
            again = self._offline(history[-1], history[:-1], as_of, follow.language, snapshot)
            return replace(again, question=question)
        return replace(resume(follow, before.plan, catalogue, as_of, language), question=question)

    # --- searching ---------------------------------------------------------------------------------------------------
    def search(self, query: str, top_k: int, mode: str = "hybrid") -> list[Hit]:
        """Return the best papers for a query, best first."""
        return self.snapshot().retriever().search(query, top_k, mode=mode)
