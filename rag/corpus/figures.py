"""Reported figures: what summaries say in numbers of their papers, as (paper, benchmark or amount, value, unit, sentence).

Worked out from the summaries of a catalogue when a question asks for it, only for the papers that can hold an answer, and
kept for the next one: nothing of it stands in a store. A paper whose summary is doubtful reports nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

from rag.corpus.amounts import amounts, amounts_said
from rag.corpus.benchmark_names import Named, Spoken, canonical, named, own_names, spoken
from rag.corpus.catalogue import Catalogue
from rag.corpus.figure_words import figure_words
from rag.corpus.mentions import Statement, statements
from rag.corpus.papers import Paper
from rag.corpus.scores import scores
from rag.corpus.sorts import is_of
from rag.language.patterns import lazy
from rag.language.sentences import sentences
from rag.language.terms import Term

_DIGIT = re.compile(r"\d|[천백십]만|million|billion", re.IGNORECASE)
_HOLDS = lazy(
    r"(?:토큰|tokens?)[^.]{0,40}?(?:데이터 ?[셋세]|코퍼스|말뭉치|corpus|dataset)|(?:토큰|tokens?)(?:을|으로|를|이|과|와)?(?: [^ ,.]+){0,5}? ?(?:포함|구성|이루어|분량|규모|담)",
    re.IGNORECASE,
)
_PART = re.compile("verified|lite|full|mini|testmini|test|val|valid|validation|dev")
_YEAR = re.compile(r"(?<=[A-Za-z])[ -]?(?:20)?(\d\d)$")


@dataclass(frozen=True, slots=True)
class Reported:
    """One figure of a paper: `of` the benchmark as it is spelled there, or the amount ("size"); the sentence that says it.

    `metric` is what a benchmark's score measures, or what an amount of data counts; "" where no more is told.
    """

    arxiv_id: str
    of: str
    metric: str
    value: float
    unit: str
    said: str
    sentence: str
    statement: Statement

    def as_json(self) -> dict[str, Any]:
        """Return the figure as it stands in --json."""
        return {
            "arxiv_id": self.arxiv_id, "of": self.of, "metric": self.metric, "value": self.value, "unit": self.unit,
            "sentence": self.sentence,
        }  # fmt: skip

    @property
    def family(self) -> str:
        """What it can be compared by: metrics that tell the same share of tasks solved count as one."""
        metric = figure_words().of_name(self.metric or "score") if self.unit in ("%", "") else None
        return metric.family if metric else self.metric

    @property
    def comparable(self) -> float:
        """The value on the scale of its family: a share of 0.93 is 93."""
        metric = figure_words().of_name(self.metric or "score")
        share = metric is not None and (metric.share or metric.family == "accuracy")
        return (
            self.value * 100 if share and self.unit == "" and 0 < self.value <= 1 and "." in self.said else self.value
        )


class Figures:
    """The figures of a catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._papers, self._doubtful = catalogue.papers, catalogue.doubtful
        self._knows, self._mentioning = catalogue.knows, catalogue.mentioning
        self._found: dict[str, tuple[Reported, ...]] = {}

    @cached_property
    def _spoken(self) -> Spoken:
        return spoken(statement.text for paper in self._papers.values() for statement in statements(paper))

    def ready(self) -> None:
        """Make what the first question about a figure would wait for."""
        _ = self._spoken

    @property
    def benchmarks(self) -> Mapping[str, str]:
        """The benchmarks that summaries name, by canonical form, with their usual spelling."""
        return self._spoken.benchmarks

    def on(self, benchmark: str) -> Iterator[Reported]:
        """Yield every score on a benchmark and on its parts ("SWE-bench Lite"), in the catalogue's order."""
        key = canonical(benchmark)
        spelling = self.benchmarks.get(key, benchmark)
        for arxiv_id in self._mentioning(Term(spelling, _spellings(spelling))):
            for one in self.of(self._papers[arxiv_id]):
                named = canonical(one.of)
                if one.unit in ("%", "") and (named == key or _PART.fullmatch(named.removeprefix(key)) is not None):
                    yield one

    def amounts(self, measure: str) -> Iterator[Reported]:
        """Yield every amount of a kind ("size"), in the catalogue's order."""
        likely = figure_words().amounts[measure].likely
        for paper in self._papers.values():
            if any(_DIGIT.search(s.text) and likely.search(s.text) for s in statements(paper)):
                yield from (one for one in self.of(paper) if one.of == measure)

    def said(self, measure: str, papers: Iterable[Paper]) -> Iterator[Reported]:
        """Yield every model size or number of tokens that the titles and summaries of some papers write, whoever's it is."""
        unit = figure_words().amounts[measure].unit
        for paper in papers:
            for statement in statements(paper) if paper.arxiv_id not in self._doubtful else ():
                for sentence in sentences(statement.text):
                    for one in amounts_said(sentence, measure):
                        said = sentence[one.start : one.end]
                        yield Reported(paper.arxiv_id, measure, "", one.value, unit, said, sentence, statement)

    def held(self) -> Iterator[Reported]:
        """Yield every number of tokens that a paper says its data hold, in the catalogue's order."""
        for one in self.said("tokens", self._papers.values()):
            at = one.sentence.find(one.said)
            if _HOLDS.search(one.sentence, at):
                yield replace(one, metric="data")

    def metric(self, name: str) -> Iterator[Reported]:
        """Yield every score by a metric ("FID"), whatever the benchmark, in the catalogue's order."""
        metric = figure_words().of_name(name)
        for paper in self._papers.values():
            if metric and any(metric.words.search(s.text) and _DIGIT.search(s.text) for s in statements(paper)):
                yield from (one for one in self.of(paper) if one.metric == name and one.unit in ("%", ""))

    def of(self, paper: Paper) -> tuple[Reported, ...]:
        """Return the figures of one paper, each once, in the order of its summary."""
        if paper.arxiv_id not in self._found:
            known = paper.arxiv_id not in self._doubtful
            self._found[paper.arxiv_id] = tuple(self._read(paper)) if known else ()
        return self._found[paper.arxiv_id]

    def _elsewhere(self, name: str) -> bool:
        return self._knows(Term(name, (name,)), 2)

    @staticmethod
    def _everywhere(name: str) -> bool:
        """Take every name for one of others: what a benchmark's paper names are the models that it measures."""
        return bool(name)

    def _read(self, paper: Paper) -> Iterator[Reported]:
        found = statements(paper)
        if not any(_DIGIT.search(statement.text) for statement in found) or is_of(paper, "survey"):
            return
        known = self._everywhere if is_of(paper, "benchmark") else self._elsewhere
        own = own_names(paper, [statement.text for statement in found], known, self._spoken.models)
        told: set[tuple[object, ...]] = set()
        for statement in found:
            for sentence in sentences(statement.text):
                if not _DIGIT.search(sentence):
                    continue
                names = named(sentence, own, self.benchmarks, self._spoken.models)
                for one in _of_sentence(paper, statement, sentence, names):
                    key = (canonical(one.of), one.metric, one.value, one.unit)
                    if key not in told:
                        told.add(key)
                        yield one


def _of_sentence(paper: Paper, statement: Statement, sentence: str, names: list[Named]) -> Iterator[Reported]:
    for score in scores(sentence, names):
        said = sentence[score.start : score.end]
        yield Reported(
            paper.arxiv_id, score.benchmark, score.metric, score.value, score.unit, said, sentence, statement
        )
    for amount in amounts(sentence, names):
        said = sentence[amount.start : amount.end]
        unit = figure_words().amounts[amount.measure].unit
        yield Reported(paper.arxiv_id, amount.measure, amount.thing, amount.value, unit, said, sentence, statement)


def _spellings(name: str) -> tuple[str, ...]:
    """Return a benchmark's name in the ways it is written: with the year in full or in short, with × or x."""
    made = [name, name.replace("×", "x"), name.replace("x", "×")]
    if year := _YEAR.search(name):
        head = name[: year.start()]
        made += [f"{head} 20{year[1]}", f"{head}{year[1]}"]
    return tuple(dict.fromkeys(made))


_kept: WeakKeyDictionary[Catalogue, Figures] = WeakKeyDictionary()


def figures(catalogue: Catalogue) -> Figures:
    """Return the figures of a catalogue; they are worked out as they are asked for, and kept."""
    if catalogue not in _kept:
        _kept[catalogue] = Figures(catalogue)
    return _kept[catalogue]
