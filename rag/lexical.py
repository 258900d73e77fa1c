"""The words of papers: BM25 over terms from `rag.analysis`, titles weighted, and the pieces of `rag.passages`.

Built at ingest, kept in the generation; the BM25 part is read memory-mapped.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag import analysis
from rag.passages import Ids, PassageIndex, encode
from vectorstore.bundled import BundledModel
from vectorstore.errors import StoreCorruptError

TITLE_WEIGHT = 3  # the title counts as three mentions; measured in docs/experiments.md
_FOLDER = "lexical"


def fingerprint() -> str:
    """Return what identifies this index: one built otherwise must be built anew."""
    return f"{analysis.fingerprint()}:pieces-{BundledModel().fingerprint}"


class LexicalIndex:
    """Scores of every paper for a bag of terms; `ids` gives the row order, of `passages` too."""

    def __init__(self, ids: Sequence[str], engine: Any, passages: PassageIndex) -> None:
        self.ids, self._engine, self.passages = tuple(ids), engine, passages
        self.rows = {arxiv_id: row for row, arxiv_id in enumerate(self.ids)}

    @classmethod
    def build(
        cls,
        ids: Sequence[str],
        documents: Sequence[tuple[Sequence[str], Sequence[str]]],
        passages: Sequence[Sequence[str]],
        encode: Callable[[Sequence[str]], Iterable[Ids]] = encode,
    ) -> LexicalIndex:
        """Index papers, each as (title terms, body terms) and as its title and bullets, which `encode` cuts into pieces."""
        import bm25s

        if not ids:
            return cls((), None, PassageIndex.build([]))
        engine = bm25s.BM25(k1=1.2, b=0.75, method="lucene")
        corpus = [list(title) * TITLE_WEIGHT + list(body) or ["\x00"] for title, body in documents]
        engine.index(corpus, show_progress=False)
        return cls(ids, engine, PassageIndex.build(passages, encode))

    def save(self, generation: Path) -> None:
        """Write the index into a generation's folder."""
        folder = generation / _FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "ids.json").write_text(json.dumps(self.ids), encoding="utf-8")
        self.passages.save(folder)
        if self._engine is not None:
            self._engine.save(str(folder), show_progress=False)

    @classmethod
    def load(cls, generation: Path) -> LexicalIndex:
        """Read the index of a generation. Raises StoreCorruptError."""
        import bm25s

        folder = generation / _FOLDER
        try:
            ids = json.loads((folder / "ids.json").read_bytes())
            engine = bm25s.BM25.load(str(folder), mmap=True) if ids else None
            if engine is not None and engine.scores["num_docs"] != len(ids):
                raise ValueError(f"{engine.scores['num_docs']} rows for {len(ids)} papers")
            passages = PassageIndex.load(folder)
            if len(passages) != len(ids):
                raise ValueError(f"passages of {len(passages)} papers, not {len(ids)}")
            return cls(ids, engine, passages)
        except (OSError, ValueError, KeyError, TypeError, EOFError) as error:
            raise StoreCorruptError(
                f"The lexical index in {folder} cannot be read. Delete that folder, and it is made anew."
            ) from error

    def scores(self, terms: Sequence[str]) -> NDArray[np.float32]:
        """Return the BM25 score of every paper (row order of `ids`); zero where no term is shared."""
        vocabulary = self._engine.vocab_dict if self._engine is not None else {}
        known = [term for term in terms if term in vocabulary]
        if not known:
            return np.zeros(len(self.ids), dtype=np.float32)
        scores: NDArray[np.float32] = self._engine.get_scores(known)
        return scores

    def document_frequency(self, term: str) -> int:
        """Return how many papers hold a term."""
        if self._engine is None or term not in self._engine.vocab_dict:
            return 0
        pointers = self._engine.scores["indptr"]
        row = self._engine.vocab_dict[term]
        return int(pointers[row + 1] - pointers[row])

    def holds(self, term: str, arxiv_id: str) -> bool:
        """Whether a paper holds a term."""
        if self._engine is None or term not in self._engine.vocab_dict or arxiv_id not in self.rows:
            return False
        column = self._engine.vocab_dict[term]
        pointers, rows = self._engine.scores["indptr"], self._engine.scores["indices"]
        return bool((rows[pointers[column] : pointers[column + 1]] == self.rows[arxiv_id]).any())
