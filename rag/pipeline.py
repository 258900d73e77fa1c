"""The wiring: settings to a store, a snapshot of its current generation, and answers. Safe to share between threads.

A snapshot (catalogue, lexical index, vectors) is opened whole and swapped whole when the store's pointer moves, so no
reader sees half an update. Nothing of one person's conversation is kept here.
"""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, cast

from rag.answers.answer import Answer
from rag.answers.compose import compose, joined
from rag.answers.introduction import form_of
from rag.answers.traces import Watched, write
from rag.answers.two_times import which_had_more
from rag.corpus import sorts
from rag.corpus.catalogue import Catalogue
from rag.corpus.manifest import Manifest
from rag.errors import SettingsError
from rag.evidence.facts import joined_fields
from rag.evidence.gather import gather, of_those
from rag.evidence.seen import Seen
from rag.evidence.types import Evidence
from rag.language.text import Language
from rag.questions.model_reader import Read
from rag.questions.plan import Filters, Plan, narrowed
from rag.questions.reading import Reading
from rag.readers import LOADING, Readers, question_of
from rag.settings import Settings, trace_file
from rag.wiring import embedder, store_of
from vectorstore.errors import StoreError
from vectorstore.generations import Store

if TYPE_CHECKING:
    from rag.answers.llm import LlmEngine
    from rag.evidence.retriever import Hit, Retriever
    from vectorstore.embedders import Embedding


@dataclass(frozen=True)
class Snapshot:
    """One generation, opened. The retriever is loaded on first use: a set question never needs it.

    `seen` holds what was seen in its papers before it was opened, too.
    """

    store: Store
    name: str
    manifest: Manifest
    catalogue: Catalogue
    settings: Settings
    seen: Seen

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
        from rag.index.derive import derived
        from rag.index.lexical import LexicalIndex
        from rag.language import analysis
        from vectorstore.vectors import open_vectors

        embedding = self.embedding  # first: an index that another program made is told as such
        for part in (
            "lexical",
            "vectors",
        ):  # then: what is read of the generation is seen to be whole; Chroma, if it is needed, when it opens
            self.store.check(self.name, part)
        folder = derived(self.store, self.name, list(self.catalogue.papers.values()), embedding)
        lexical = LexicalIndex.load(folder)
        analysis.remember(lexical.words)
        return Retriever(
            self.catalogue,
            lexical,
            lambda: self.store.nodes(self.name),
            embedding,
            load_reranker(self.settings.reranker),
            open_vectors(folder, int(self.catalogue.firsts[-1])),
            self.seen,
        )

    def retriever(self) -> Retriever:
        """Return the ranking over this generation."""
        with LOADING:
            return self._retriever


class Pipeline:
    """Answers questions over the store of some settings."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store = store_of(settings)
        self.readers = Readers(settings)
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
                gc.unfreeze()  # what a page has set aside of the generation before can go
                manifest = Manifest.from_bytes(self.store.manifest(name), self.store.place)
                before = self._snapshot
                catalogue = Catalogue(manifest.papers(), name, manifest.doubtful, before.catalogue if before else None)
                seen = Seen(catalogue, before.seen if before else None)
                self._snapshot = Snapshot(self.store, name, manifest, catalogue, self.settings, seen)
            return self._snapshot

    def warm_ranking(self) -> None:
        """Load what most first questions would wait for: reading, ranking and grouping."""
        retriever = self.snapshot().retriever()
        retriever.search("Mamba를 사용한 논문", 1)
        retriever.membership("Mamba")
        for question in ("Mamba를 사용한 논문은?", "papers about long context"):
            self.offline(question)

    def warm(self) -> None:
        """Load everything a first question would wait for. What ranking needs comes first."""
        from rag.corpus.figure_words import figure_words
        from rag.corpus.figures import figures
        from rag.language import analysis, patterns
        from rag.questions import heard
        from rag.questions.measure_words import measure_words

        self.warm_ranking()
        catalogue = self.snapshot().catalogue
        analysis.ready()
        heard.ready(catalogue)
        measure_words(), figure_words()
        patterns.ready()
        catalogue.ready()
        self.offline("Papers written by Quentin Neverseen")  # people are looked up by sound too
        for sort in sorts.FOUND:
            sorts.sort_mask(catalogue, sort)
        figures(catalogue).ready()
        if self.settings.has_model:
            with LOADING:
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
        found = self.read(question, history, as_of, language, engine)
        select = self.selects(engine)
        yield from self.written(self.offline(question, history, as_of, language, read=found, select=select), engine)

    def selects(self, engine: str | None) -> bool:
        """Whether a model judges the borderline papers of topical sets."""
        settings = self.settings
        return settings.select == "on" and settings.has_model and (engine or settings.engine) != "offline"

    def read(
        self,
        question: str,
        history: Sequence[str] = (),
        as_of: date | None = None,
        language: Language | None = None,
        engine: str | None = None,
        *,
        previous: Plan | None = None,
    ) -> Read | None:
        """Let a model read a question, where the settings and `engine` let it; None where it is read as it is answered.

        It may wait for a server; what it returns goes to `offline`. `previous` is the last earlier question's edited plan.
        """
        if not self.readers.model_reads(engine):
            return None
        asked = question_of(question, history, as_of, language, self.settings)
        return self.readers.read(asked, self.snapshot(), previous, by_model=True)

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
        read: Read | None = None,
        select: bool = False,
    ) -> Answer:
        """Answer one question without a model, as `ask` does.

        `plan` is carried out in place of the question's own, `previous` the last earlier question's; `filters` narrow
        what the question itself asks for; `read` is what a model has made of it; with `select` a model judges borderline papers.
        """
        started, snapshot = time.perf_counter(), self.snapshot()
        watched = Watched(snapshot) if self.settings.trace == "on" else None
        opened = cast(Snapshot, watched or snapshot)
        asked = question_of(question, history, as_of, language, self.settings)
        if plan is not None:
            read = Read(self.readers.carried(asked, plan, opened))
        elif read is None:
            read = self.readers.read(asked, opened, previous, by_model=False)
        evidence = self._evidence(read.reading, opened, filters)
        if select:
            evidence, read = self.readers.selected(evidence, read, opened)
        answers = [compose(part, snapshot.catalogue) for part in evidence]
        answer = joined(answers, evidence[0].reading.question, which_had_more(evidence))
        taken = (time.perf_counter() - started) * 1000
        answer = replace(answer, latency_ms=taken, hits=tuple(watched.hits) if watched else ())
        return self.readers.told(answer, read)

    def evidence(
        self,
        question: str,
        language: Language | None,
        plan: Plan | None,
        *,
        opened: Snapshot | None = None,
        members: bool = False,
    ) -> Evidence:
        """Return what the first part of an answer rests on; arguments as `offline`.

        `opened` is the generation to look at, if not the current one. With `members`, only the papers of a set are found, and
        not what an answer shows of them.
        """
        asked, opened = question_of(question, (), None, language, self.settings), opened or self.snapshot()
        if plan is not None:
            reading = self.readers.carried(asked, plan, opened)
        else:
            reading = self.readers.read(asked, opened, None, by_model=False).reading
        return self._evidence(replace(reading, members=members), opened, None)[0]

    def brief(self, start: date, end: date | None, language: Language) -> tuple[Evidence, Answer]:
        """Return what a half-open range of days brought, and the answer that tells it; None is an open end."""
        opened = self.snapshot()
        plan = Plan("digest", date_from=start, date_to=end)
        reading = Reading("", language, plan, "", overview=True)
        found = gather(reading, opened.catalogue, opened.retriever, self.settings.top_k)
        return found, compose(found, opened.catalogue)

    def _evidence(self, reading: Reading, opened: Snapshot, filters: Filters | None) -> list[Evidence]:
        parts = (reading, *reading.later)
        if filters is not None:
            parts = tuple(replace(part, plan=narrowed(part.plan, filters)) for part in parts)
        found: list[Evidence] = []
        for part in parts:
            asked = of_those(part, found[0]) if found else part
            found.append(gather(asked, opened.catalogue, opened.retriever, self.settings.top_k))
        return joined_fields(found)

    def writes(self, answer: Answer) -> bool:
        """Whether a model, where one is configured, would write this answer or its introduction."""
        return bool(form_of(answer))

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
        with LOADING:
            from rag.answers.llm import LlmEngine

        return LlmEngine(self.settings)

    # --- searching ---------------------------------------------------------------------------------------------------
    def search(self, query: str, top_k: int, mode: str = "hybrid") -> list[Hit]:
        """Return the best papers for a query, best first."""
        return self.snapshot().retriever().find(query, top_k, mode)
