"""Embedders: the bundled model, an OpenAI-compatible server, or any LlamaIndex `BaseEmbedding` by import path.

`Embedding` adds what a store needs: a fingerprint, and vectors as float32 arrays of unit length. LlamaIndex takes a
second to import, so only the embedders that use it import it.
"""

from __future__ import annotations

import importlib
import itertools
import time
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from vectorstore.bundled import BundledModel, Vectors
from vectorstore.errors import EmbedderError

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding


class Embedding:
    """An embedder with its fingerprint. Vectors are float32, one row a text, of unit length or all zero.

    The fingerprint changes whenever the vectors would: with another model, revision, server or dimension.
    """

    def __init__(self, model: BaseEmbedding, fingerprint: str, batch: int = 2_000) -> None:
        self.model, self.fingerprint = model, fingerprint
        self.batch = batch  # texts to embed before the vectors are stored in the cache

    def _call(self, compute: Callable[[], Sequence[Sequence[float]]], what: str) -> Sequence[Sequence[float]]:
        try:
            return compute()
        except Exception as error:
            raise EmbedderError(f"The embedder {self.fingerprint} failed on {what}: {type(error).__name__}.") from error

    def _unit(self, rows: Sequence[Sequence[float]], count: int) -> Vectors:
        try:
            vectors = np.asarray(rows, dtype=np.float32)
        except (TypeError, ValueError) as error:
            raise EmbedderError(f"The embedder {self.fingerprint} returned rows of different lengths.") from error
        if vectors.ndim != 2 or len(vectors) != count or not vectors.size or not np.isfinite(vectors).all():
            raise EmbedderError(
                f"The embedder {self.fingerprint} returned an array of shape {vectors.shape} for {count} texts, "
                "or values that are not finite."
            )
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit: Vectors = np.divide(vectors, norms, out=np.zeros_like(vectors), where=norms > 0)
        return unit

    def texts(self, texts: Sequence[str]) -> Vectors:
        """Embed documents. Raises EmbedderError if the embedder fails or returns anything but vectors."""
        rows = self._call(lambda: self.model.get_text_embedding_batch(list(texts)), f"{len(texts)} texts")
        return self._unit(rows, len(texts))

    def query(self, text: str) -> Vectors:
        """Embed a question. Return a vector of shape (dims,)."""
        rows = self._call(lambda: [self.model.get_query_embedding(text)], "the question")
        unit: Vectors = self._unit(rows, 1)[0]
        return unit


class _Bundled(Embedding):
    """The bundled model, called directly instead of through LlamaIndex."""

    def __init__(self) -> None:
        self._static = BundledModel()
        self.fingerprint, self.batch = f"bundled:{self._static.fingerprint}", 2_000

    @cached_property
    def model(self) -> BaseEmbedding:  # type: ignore[override]
        """The same model as a LlamaIndex embedder."""
        from vectorstore.llamaindex import BundledEmbedding

        return BundledEmbedding(fingerprint=self._static.fingerprint)

    def texts(self, texts: Sequence[str]) -> Vectors:
        """Embed documents."""
        return self._static.encode(texts)

    def query(self, text: str) -> Vectors:
        """Embed a question. Return a vector of shape (dims,)."""
        vector: Vectors = self._static.encode([text])[0]
        return vector


def _openai(model: str, api_key: str, base_url: str) -> Embedding:
    from llama_index.embeddings.openai_like import OpenAILikeEmbedding

    from vectorstore.openai_faults import silence_client_log

    class KeylessRepr(OpenAILikeEmbedding):  # type: ignore[misc]
        """An embedder that keeps its key out of its repr."""

        def __repr_args__(self) -> list[tuple[str | None, Any]]:
            return [("model_name", self.model_name)]

    silence_client_log()
    embedder = KeylessRepr(
        model_name=model, api_key=api_key or "none", api_base=base_url or "https://api.openai.com/v1",
        embed_batch_size=REMOTE_BATCH, max_retries=0, timeout=30.0,
    )  # fmt: skip
    return _Remote(embedder, f"openai:{model}@{base_url.rpartition('@')[2] or 'api.openai.com'}", REMOTE_BATCH)


class _Remote(Embedding):
    """An embedder on a server. Each batch has a few attempts and a deadline."""

    def _call(self, compute: Callable[[], Sequence[Sequence[float]]], what: str) -> Sequence[Sequence[float]]:
        from vectorstore.openai_faults import CLIENT_ERRORS, fault_of, pause_before_retry

        deadline = time.monotonic() + 90
        for attempt in itertools.count(1):
            try:
                return compute()
            except CLIENT_ERRORS as error:
                found = fault_of(error)
                reason = _REASONS.get(found.reason, found.reason)
                if attempt >= ATTEMPTS or not pause_before_retry(found, attempt, deadline):
                    raise EmbedderError(
                        f"The embedder {self.fingerprint} failed on {what}: {reason}. "
                        "What was embedded until then is kept; run the same command again to go on."
                    ) from None  # the cause may contain the key
        raise AssertionError


ATTEMPTS = 4
REMOTE_BATCH = 256  # texts in a request; the protocol allows 2,048
_REASONS = {
    "key": "the server refused the key",
    "forbidden": "this key may not use that model",
    "model": "no model of that name",
    "busy": "too many requests",
    "quota": "the account's quota is used up",
    "server": "a server error",
    "slow": "it took too long",
    "gone": "the server cannot be reached",
    "cut": "the reply was cut off",
    "long": "a text is longer than the model takes",
    "garbled": "a reply that cannot be read",
    "other": "the server refused the request",
}


def load_embedding(spec: str, api_key: str = "", base_url: str = "") -> Embedding:
    """Load an embedder: `bundled`, `openai:MODEL`, or `module:Class` of any LlamaIndex BaseEmbedding.

    `api_key` and `base_url` are used by `openai:MODEL` only. Raises EmbedderError if the embedder cannot be loaded.
    """
    if spec == "bundled":
        return _Bundled()
    kind, _, name = spec.partition(":")
    if kind == "openai" and name:
        return _openai(name, api_key, base_url)
    if kind and name:
        from llama_index.core.base.embeddings.base import BaseEmbedding

        try:
            made = getattr(importlib.import_module(kind), name)()
        except Exception as error:
            raise EmbedderError(f"The embedder {spec} cannot be loaded: {type(error).__name__}: {error}.") from error
        if not isinstance(made, BaseEmbedding):
            raise EmbedderError(f"{spec} is a {type(made).__name__}, not a LlamaIndex BaseEmbedding.")
        return Embedding(made, f"{spec}:{made.model_name}")
    raise EmbedderError(f"“{spec}” names no embedder. Use bundled, openai:text-embedding-3-small, or module:Class.")
