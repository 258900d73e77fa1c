"""The words of papers: BM25 over terms from `rag.language.analysis`, titles weighted, and the pieces of `rag.index.passages`.

Made at ingest, kept in the generation, read memory-mapped. An index is made from the one before: papers that stay are
taken over as numbers, and only the others are counted anew. The same papers give the same index, whatever came before.
BM25 as Lucene counts it: idf · f / (f + k1 (1 - b + b · length / mean length)), idf = ln(1 + (N - n + .5) / (n + .5)).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.index.jagged import joined, stable_order, starts_of, taken
from rag.index.passages import PassageIndex
from rag.language import analysis
from vectorstore.bundled import BundledModel
from vectorstore.errors import StoreCorruptError

TITLE_WEIGHT = 3  # the title counts as three mentions; measured in docs/experiments.md
K1, B = 1.2, 0.75
_FOLDER = "lexical"
_ARRAYS = ("starts", "rows", "counts", "weights")


def fingerprint() -> str:
    """Return what identifies this index: one built otherwise must be built anew."""
    return f"{analysis.fingerprint()}:pieces-{BundledModel().fingerprint}"


@dataclass(frozen=True, slots=True)
class Bags:
    """How often each paper has each term: a row a paper, its term numbers ascending. `terms` are sorted."""

    terms: Sequence[str]
    starts: NDArray[Any]
    numbers: NDArray[np.int32]
    counts: NDArray[np.uint16]

    @classmethod
    def of(cls, documents: Iterable[tuple[Sequence[str], Sequence[str]]]) -> Bags:
        """Count papers, each given as its title's terms and its summary's."""
        known: dict[str, int] = {}
        numbers, counts, lengths = [], [], []
        for title, body in documents:
            bag = Counter(list(title) * TITLE_WEIGHT)
            bag.update(body)
            numbers.append(np.array([known.setdefault(term, len(known)) for term in bag], dtype=np.int32))
            counts.append(np.minimum(np.fromiter(bag.values(), np.int64, len(bag)), 0xFFFF).astype(np.uint16))
            lengths.append(len(bag))
        empty = np.zeros(0, np.int32)
        return cls(
            list(known),
            starts_of(lengths),
            np.concatenate([empty, *numbers]),
            np.concatenate([empty.astype(np.uint16), *counts]),
        )

    def followed_by(self, more: Bags) -> Bags:
        """Return these papers and then those of others."""
        known = {term: number for number, term in enumerate(self.terms)}
        theirs = np.array([known.setdefault(term, len(known)) for term in more.terms], dtype=np.int32)
        return Bags(
            list(known),
            joined([self.starts, more.starts]),
            np.concatenate([self.numbers, theirs[more.numbers] if len(theirs) else more.numbers]),
            np.concatenate([self.counts, more.counts]),
        )

    def of_rows(self, rows: NDArray[np.int64]) -> Bags:
        """Return some papers, in that order; the terms that they have, sorted."""
        starts, places = taken(self.starts, rows)
        numbers = self.numbers[places]
        used = np.flatnonzero(np.bincount(numbers, minlength=len(self.terms)))
        ordered = sorted(used.tolist(), key=self.terms.__getitem__)
        new = np.zeros(len(self.terms), dtype=np.int32)
        new[ordered] = np.arange(len(ordered), dtype=np.int32)
        return Bags([self.terms[number] for number in ordered], starts, new[numbers], self.counts[places])


class LexicalIndex:
    """Scores of every paper for a bag of terms; `ids` gives the row order, of `passages` too.

    The papers of term `t` are `rows[starts[t] : starts[t + 1]]`, ascending, and so are their counts and BM25 weights. `words`
    is what the analysis made of each Korean word it has met, for `analysis.remember`.
    """

    def __init__(
        self,
        ids: Sequence[str],
        terms: Sequence[str],
        arrays: Mapping[str, NDArray[Any]],
        passages: PassageIndex,
        words: Mapping[str, str],
    ) -> None:
        self.ids, self.passages, self.words = tuple(ids), passages, words
        self._terms, self._arrays = terms, arrays
        self._starts, self._rows, self._weights = arrays["starts"], arrays["rows"], arrays["weights"]
        self.rows = {arxiv_id: row for row, arxiv_id in enumerate(self.ids)}
        self._number = {term: number for number, term in enumerate(terms)}

    @classmethod
    def build(
        cls,
        ids: Sequence[str],
        fresh: Mapping[str, int],
        bags: Bags,
        passages: PassageIndex,
        words: Mapping[str, str],
        before: LexicalIndex | None = None,
    ) -> LexicalIndex:
        """Index papers in the order of `ids`: the row of `bags` and `passages` that `fresh` names, else that of `before`."""
        old = len(before.ids) if before else 0
        rows = np.array([old + fresh[i] if i in fresh else before.rows[i] for i in ids], dtype=np.int64)  # type: ignore[union-attr]
        if before:
            bags, passages = before._bags().followed_by(bags), PassageIndex.joined([before.passages, passages])
        bags = bags.of_rows(rows)
        return cls(ids, bags.terms, _postings(bags, len(ids)), passages.of_rows(rows), words)

    def _bags(self) -> Bags:
        """Return the papers' terms again, a row a paper."""
        rows = np.asarray(self._rows)
        order = stable_order(rows)
        numbers = np.repeat(np.arange(len(self._terms), dtype=np.int32), np.diff(self._starts))
        lengths = np.bincount(rows, minlength=len(self.ids))
        return Bags(self._terms, starts_of(lengths), numbers[order], np.asarray(self._arrays["counts"])[order])

    def save(self, generation: Path) -> None:
        """Write the index into a generation's folder."""
        folder = generation / _FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        for name, texts in (("ids", self.ids), ("terms", self._terms), ("words", self.words)):
            (folder / f"{name}.json").write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")
        for name in _ARRAYS:
            np.save(folder / f"{name}.npy", self._arrays[name])
        self.passages.save(folder)

    @classmethod
    def load(cls, generation: Path) -> LexicalIndex:
        """Read the index of a generation. Raises StoreCorruptError."""
        folder = generation / _FOLDER
        try:
            ids, terms, words = (
                json.loads((folder / f"{name}.json").read_bytes()) for name in ("ids", "terms", "words")
            )
            arrays = {name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in _ARRAYS}
            passages = PassageIndex.load(folder)
            if len(passages) != len(ids):
                raise ValueError(f"passages of {len(passages)} papers, not {len(ids)}")
            if (
                len(arrays["starts"]) != len(terms) + 1
                or len({int(arrays["starts"][-1]), *map(len, list(arrays.values())[1:])}) > 1
            ):
                raise ValueError("arrays that do not fit each other")
            if len(arrays["rows"]) and int(arrays["rows"].max()) >= len(ids):
                raise ValueError(f"{arrays['rows'].max() + 1} rows for {len(ids)} papers")
            return cls(ids, terms, arrays, passages, words)
        except (OSError, ValueError, KeyError, TypeError, EOFError) as error:
            raise StoreCorruptError(
                f"The lexical index in {folder} cannot be read. Delete that folder, and it is made anew."
            ) from error

    def _of(self, term: str) -> slice:
        number = self._number.get(term)
        return slice(0, 0) if number is None else slice(int(self._starts[number]), int(self._starts[number + 1]))

    def scores(self, terms: Sequence[str]) -> NDArray[np.float32]:
        """Return the BM25 score of every paper (row order of `ids`); zero where no term is shared."""
        return self.weighed(dict(Counter(terms)))

    def weighed(self, terms: Mapping[str, float]) -> NDArray[np.float32]:
        """Return the BM25 score of every paper for terms that weigh differently."""
        scores = np.zeros(len(self.ids), dtype=np.float32)
        for term, weight in terms.items():
            held = self._of(term)
            scores[self._rows[held]] += np.float32(weight) * self._weights[held]
        return scores

    def document_frequency(self, term: str) -> int:
        """Return how many papers hold a term."""
        held = self._of(term)
        return int(held.stop - held.start)

    def counts(self, term: str, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return how often each of some papers (ascending rows) has a term; a mention in the title counts TITLE_WEIGHT times."""
        held = self._of(term)
        holders = self._rows[held]
        counts = np.zeros(len(rows), dtype=np.float32)
        if not len(holders):
            return counts
        places = np.minimum(np.searchsorted(holders, rows), len(holders) - 1)
        found = holders[places] == rows
        counts[found] = self._arrays["counts"][held][places[found]]
        return counts

    def holds(self, term: str, arxiv_id: str) -> bool:
        """Whether a paper holds a term."""
        return arxiv_id in self.rows and bool((self._rows[self._of(term)] == self.rows[arxiv_id]).any())


def _postings(bags: Bags, papers: int) -> dict[str, NDArray[Any]]:
    """Return the arrays of a LexicalIndex: each term's papers, how often they have it, and its weight in each."""
    order = stable_order(bags.numbers)
    frequency = np.bincount(bags.numbers, minlength=len(bags.terms))
    rows = np.repeat(np.arange(papers, dtype=np.int32), np.diff(bags.starts))[order]
    counts = bags.counts[order]
    lengths = np.bincount(rows, counts, minlength=papers)
    norm = K1 * (1 - B + B * lengths / (lengths.mean() or 1.0)) if papers else lengths
    idf = np.log1p((papers - frequency + 0.5) / (frequency + 0.5))
    weights = (np.repeat(idf, frequency) * counts / (counts + norm[rows])).astype(np.float32)
    return {"starts": starts_of(frequency), "rows": rows, "counts": counts, "weights": weights}
