"""The lexical index: BM25 over the terms of `rag.language.analysis`, and the passages of `rag.index.passages`.

It is built by an ingest, stored with the generation and read memory-mapped. A new index copies the counts of unchanged
papers from the previous one; the same papers always give the same index. Terms of titles have more weight.

BM25 is that of Lucene: idf · f / (f + k1 (1 - b + b · length / mean length)), idf = ln(1 + (N - n + .5) / (n + .5)).
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

from rag.index.jagged import concatenate, select_rows, stable_order, starts_of
from rag.index.passages import PassageIndex
from rag.language import analysis
from vectorstore.bundled import bundled
from vectorstore.errors import StoreCorruptError, not_permitted

TITLE_WEIGHT = 3  # a term in the title counts three times; measured in docs/experiments.md
K1, B = 1.2, 0.75
_FOLDER = "lexical"
_ARRAYS = ("starts", "rows", "counts", "weights")


def fingerprint() -> str:
    """Return the fingerprint of how the index is built. An index with another one must be rebuilt."""
    return f"{analysis.fingerprint()}:pieces-{bundled().fingerprint}"


@dataclass(frozen=True, slots=True)
class Bags:
    """The count of each term in each paper, as a jagged array with one row a paper. `numbers` index `terms`."""

    terms: Sequence[str]
    starts: NDArray[Any]
    numbers: NDArray[np.int32]
    counts: NDArray[np.uint16]

    @classmethod
    def of(cls, documents: Iterable[tuple[Sequence[str], Sequence[str]]]) -> Bags:
        """Count the terms of papers, each given as (terms of the title, terms of the summaries)."""
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
        """Return these papers followed by those of `more`."""
        known = {term: number for number, term in enumerate(self.terms)}
        theirs = np.array([known.setdefault(term, len(known)) for term in more.terms], dtype=np.int32)
        return Bags(
            list(known),
            concatenate([self.starts, more.starts]),
            np.concatenate([self.numbers, theirs[more.numbers] if len(theirs) else more.numbers]),
            np.concatenate([self.counts, more.counts]),
        )

    def of_rows(self, rows: NDArray[np.int64]) -> Bags:
        """Return the papers of some rows, in that order, with only their terms, sorted."""
        starts, places = select_rows(self.starts, rows)
        numbers = self.numbers[places]
        used = np.flatnonzero(np.bincount(numbers, minlength=len(self.terms)))
        ordered = sorted(used.tolist(), key=self.terms.__getitem__)
        new = np.zeros(len(self.terms), dtype=np.int32)
        new[ordered] = np.arange(len(ordered), dtype=np.int32)
        return Bags([self.terms[number] for number in ordered], starts, new[numbers], self.counts[places])


class LexicalIndex:
    """Scores every paper for a bag of terms.

    `ids` gives the order of rows, also for `passages`. The papers of term `t` are `rows[starts[t] : starts[t + 1]]`,
    in ascending order; their counts and BM25 weights are at the same places. `words` holds the terms of each Korean
    word that was analysed, for `analysis.remember`.
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
        """Index papers in the order of `ids`.

        `fresh` maps ids to rows of `bags` and `passages`. All other papers come from `before`.
        """
        offset, old = (len(before.ids), before.rows) if before else (0, {})
        rows = np.array([offset + fresh[i] if i in fresh else old[i] for i in ids], dtype=np.int64)
        if before:
            bags, passages = before._bags().followed_by(bags), PassageIndex.joined([before.passages, passages])
        bags = bags.of_rows(rows)
        return cls(ids, bags.terms, _postings(bags, len(ids)), passages.of_rows(rows), words)

    def _bags(self) -> Bags:
        """Return the counts of terms again, with one row a paper."""
        rows = np.asarray(self._rows)
        order = stable_order(rows)
        numbers = np.repeat(np.arange(len(self._terms), dtype=np.int32), np.diff(self._starts))
        lengths = np.bincount(rows, minlength=len(self.ids))
        return Bags(self._terms, starts_of(lengths), numbers[order], np.asarray(self._arrays["counts"])[order])

    def save(self, generation: Path) -> None:
        """Write the index into the folder of a generation."""
        folder = generation / _FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        for name, texts in (("ids", self.ids), ("terms", self._terms), ("words", self.words)):
            (folder / f"{name}.json").write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")
        for name in _ARRAYS:
            np.save(folder / f"{name}.npy", self._arrays[name])
        self.passages.save(folder)

    @classmethod
    def load(cls, generation: Path) -> LexicalIndex:
        """Read the index from the folder of a generation.

        Raises StoreCorruptError if it is damaged, StoreError if it may not be read.
        """
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
        except PermissionError as error:
            raise not_permitted(str(generation), error) from error
        except (OSError, ValueError, KeyError, TypeError, EOFError) as error:
            raise StoreCorruptError(
                f"The lexical index in {folder} cannot be read. Delete that folder, and it is made anew."
            ) from error

    def _places_of(self, term: str) -> slice:
        number = self._number.get(term)
        return slice(0, 0) if number is None else slice(int(self._starts[number]), int(self._starts[number + 1]))

    def scores(self, terms: Sequence[str]) -> NDArray[np.float32]:
        """Return the BM25 score of every paper (row order of `ids`); zero where no term is shared."""
        return self.weighed(dict(Counter(terms)))

    def weighed(self, terms: Mapping[str, float]) -> NDArray[np.float32]:
        """Return the BM25 score of every paper for terms that weigh differently."""
        scores = np.zeros(len(self.ids), dtype=np.float32)
        for term, weight in terms.items():
            held = self._places_of(term)
            scores[self._rows[held]] += np.float32(weight) * self._weights[held]
        return scores

    def numbers(self, terms: Iterable[str]) -> NDArray[np.int64]:
        """Return the numbers of some terms, each once; unknown ones have none. Their order is that of the alphabet."""
        found = {self._number[term] for term in terms if term in self._number}
        return np.fromiter(found, np.int64, len(found))

    def term(self, number: int) -> str:
        """Return the term of a number."""
        return self._terms[number]

    def frequencies(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return how many papers have each of some terms, given by their numbers."""
        found: NDArray[np.int64] = self._starts[numbers + 1] - self._starts[numbers]
        return found

    def document_frequency(self, term: str) -> int:
        """Return how many papers have a term."""
        places = self._places_of(term)
        return int(places.stop - places.start)

    def having(self, term: str, least: int = 1) -> NDArray[np.bool_]:
        """Return which papers (row order of `ids`) have a term at least so often; the title counts TITLE_WEIGHT times."""
        held = self._places_of(term)
        found = np.zeros(len(self.ids), dtype=bool)
        found[self._rows[held][self._arrays["counts"][held] >= least]] = True
        return found

    def counts(self, term: str, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return how often each of some papers (ascending rows) has a term; a mention in the title counts TITLE_WEIGHT times."""
        held = self._places_of(term)
        holders = self._rows[held]
        counts = np.zeros(len(rows), dtype=np.float32)
        if not len(holders):
            return counts
        places = np.minimum(np.searchsorted(holders, rows), len(holders) - 1)
        found = holders[places] == rows
        counts[found] = self._arrays["counts"][held][places[found]]
        return counts


def _postings(bags: Bags, papers: int) -> dict[str, NDArray[Any]]:
    """Return the arrays of a LexicalIndex: the papers of each term, and its count and weight in each."""
    order = stable_order(bags.numbers)
    frequency = np.bincount(bags.numbers, minlength=len(bags.terms))
    rows = np.repeat(np.arange(papers, dtype=np.int32), np.diff(bags.starts))[order]
    counts = bags.counts[order]
    lengths = np.bincount(rows, counts, minlength=papers)
    norm = K1 * (1 - B + B * lengths / (lengths.mean() or 1.0)) if papers else lengths
    idf = np.log1p((papers - frequency + 0.5) / (frequency + 0.5))
    weights = (np.repeat(idf, frequency) * counts / (counts + norm[rows])).astype(np.float32)
    return {"starts": starts_of(frequency), "rows": rows, "counts": counts, "weights": weights}
