"""The bundled model as a LlamaIndex embedder, for use in other chains."""

from __future__ import annotations

from llama_index.core.base.embeddings.base import BaseEmbedding
from pydantic import Field

from vectorstore.bundled import BundledModel


class BundledEmbedding(BaseEmbedding):
    """The bundled static Korean-English model."""

    model_name: str = "nonmun-static-ko-en"
    embed_batch_size: int = 1024
    fingerprint: str = Field(default_factory=lambda: BundledModel().fingerprint)

    @classmethod
    def class_name(cls) -> str:
        """Return the name under which LlamaIndex serialises this embedder."""
        return "NonmunBundledEmbedding"

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        rows: list[list[float]] = BundledModel(self.fingerprint).encode(texts).tolist()
        return rows

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)
