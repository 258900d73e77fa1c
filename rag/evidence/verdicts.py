"""Which of two papers is better: by the benchmarks that both summaries report on, or by what one says of the other.

Knows papers and their figures; writes no prose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.corpus.benchmark_names import canonical
from rag.corpus.catalogue import Catalogue
from rag.corpus.figure_words import figure_words
from rag.corpus.figures import Reported, figures
from rag.corpus.mentions import meant
from rag.corpus.papers import Paper
from rag.corpus.relations import beats
from rag.evidence.definitions import is_measured_against
from rag.evidence.telling import Told
from rag.language.sentences import sentences
from rag.questions.plan import AMOUNTS


@dataclass(frozen=True, slots=True)
class Shared:
    """A benchmark on which several papers report by one metric: the best value of each, in the order of the papers."""

    benchmark: str
    rows: tuple[Reported, ...]
    low: bool

    @property
    def best(self) -> int | None:
        """The place of the paper with the best value; None where it is not one alone."""
        values = [row.comparable for row in self.rows]
        top = min(values) if self.low else max(values)
        return values.index(top) if values.count(top) == 1 else None


def shared_figures(papers: Sequence[Paper], catalogue: Catalogue) -> tuple[Shared, ...]:
    """Return the benchmarks and metrics on which all of some papers report a score."""
    each: list[dict[tuple[str, str], list[Reported]]] = []
    for paper in papers:
        found: dict[tuple[str, str], list[Reported]] = {}
        for row in figures(catalogue).of(paper):
            if row.of and row.of not in AMOUNTS and row.unit in ("%", ""):
                found.setdefault((canonical(row.of), row.family), []).append(row)
        each.append(found)
    keys = [key for key in each[0] if all(key in other for other in each[1:])] if len(each) > 1 else []
    return tuple(_shared([found[key] for found in each]) for key in keys)


def _shared(rows: Sequence[Sequence[Reported]]) -> Shared:
    metric = figure_words().of_name(rows[0][0].metric or "score")
    low = metric is not None and not metric.high
    pick = min if low else max
    return Shared(rows[0][0].of, tuple(pick(some, key=lambda row: row.comparable) for some in rows), low)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A sentence in which a paper says that it is better than another."""

    paper: Paper
    told: Told
    other: str


def claims(papers: Sequence[Paper], catalogue: Catalogue) -> tuple[Claimed, ...]:
    """Return the sentences in which one of some papers says that something is better than another one of them."""
    found: list[Claimed] = []
    for paper in papers:
        for other in papers:
            term = meant(other.name) if other.name and other is not paper else None
            mentions = catalogue.mentioning(term) if term else None
            if term is None or mentions is None or paper.arxiv_id not in mentions:
                continue
            statement = beats(paper, mentions[paper.arxiv_id], term)
            said = [one for one in sentences(statement.text) if is_measured_against(one, term)] if statement else []
            if statement and said:
                found.append(Claimed(paper, Told(statement, said[0]), other.name))
    return tuple(found)
