"""The gate over some thousand sentences made by code from the sample digests: good ones pass, each kind of mutation is caught."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

import pytest

from rag.answers.answer import MARK, Citation
from rag.answers.gate import Gate, sentences
from rag.corpus.digests import find_digests, read_digest
from rag.corpus.papers import Entry, Paper, merge
from rag.language.numbers import Figure, comparable, numbers
from rag.language.text import Language
from tests.rag.conftest import SEEDS

pytestmark = pytest.mark.gate

INVENTED = {
    "ko": ("SkyWeaver는", "DeepOrchid-2는", "QuantaNet은", "LUMOS는", "‘별빛망’ 논문은"),
    "en": ("SkyWeaver", "DeepOrchid-2", "QuantaNet", "LUMOS", "The paper “Night Harbour”"),
}  # fmt: skip
UNITS = (
    ("%", "배"), ("%", "%p"), ("%", "초"), (" percent", " times"), ("배", "%"), ("배", "초"), ("x ", "% "), (" times", "%"), ("초", "분"),
    (" seconds", " minutes"), ("시간", "분"), (" hours", " days"), ("GB", "MB"), ("만 ", "억 "), ("억", "만"), ("만", "억"),
    (" million", " billion"), (" billion", " million"), ("M ", "B "), ("B ", "M "), ("K ", "M "), ("개월", "년"), ("밀리초", "초"),
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A sentence of a paper, with the papers that stand beside it as evidence; `text` ends in its marks."""

    text: str
    citations: tuple[Citation, ...]
    language: Language

    def shown(self) -> str:
        return "".join(Gate(self.citations, self.language).filter([self.text])).strip()


@cache
def papers() -> tuple[Paper, ...]:
    entries: dict[str, list[Entry]] = {}
    for path in find_digests(SEEDS):
        for entry in read_digest(path, SEEDS).entries:
            entries.setdefault(entry.arxiv_id, []).append(entry)
    return tuple(merge(many) for _, many in sorted(entries.items()))


@cache
def cases(language: Language) -> tuple[Case, ...]:
    """Every sentence of every bullet of the sample digests, beside five papers in all, its own at a random mark."""
    rng = random.Random(20261121)
    made = []
    for paper in papers():
        others = rng.sample([other for other in papers() if other is not paper], 4)
        own = rng.randint(1, 5)
        order = [*others[: own - 1], paper, *others[own - 1 :]]
        citations = tuple(Citation(n, each) for n, each in enumerate(order, start=1))
        for bullet in paper.summary(language):
            for sentence in sentences([bullet.text]):
                if len(sentence.strip()) > 10 and "://" not in sentence and "github" not in sentence.lower():
                    made.append(Case(f"{sentence.strip()} [{own}]", citations, language))
    return tuple(made)


# --- Good sentences, as they stand and as a writer would change them ------------------------------------------------
def as_they_stand(case: Case, rng: random.Random) -> Iterator[Case]:
    del rng
    yield case


def in_other_notation(case: Case, rng: random.Random) -> Iterator[Case]:
    """The same figures, written the other way: 63% as 63퍼센트, 5배 as 5x, 1,200 as 1200, 6억 as 600 million."""
    del rng
    changes: list[tuple[str, str | Callable[[re.Match[str]], str]]] = [
        (r"(?<=\d)%(?!p)", " percent" if case.language == "en" else "퍼센트"),
        (r"(?<=\d)배(?![치열포])", "x "), (r"(?<=\d) times (?=faster|more|as|smaller)", "x "),
        (r"\b(\d{1,3}),(\d{3})\b(?!,)", r"\1\2"), (r"(\d)만 ", lambda m: f"{m[1]}0,000 "), (r"(\d+) million", r"\1M"),
    ]  # fmt: skip
    for pattern, new in changes:
        if (text := re.sub(pattern, new, case.text)) != case.text:
            yield replace(case, text=text)


def without_the_other_language(case: Case, rng: random.Random) -> Iterator[Case]:
    """The evidence has a summary in the sentence's own language only."""
    del rng
    bare = {"en": ()} if case.language == "ko" else {"ko": ()}
    yield replace(case, citations=tuple(replace(c, paper=replace(c.paper, **bare)) for c in case.citations))


# --- Mutations -------------------------------------------------------------------------------------------------------
def own(case: Case) -> int:
    return int(MARK.findall(case.text)[-1])


def swap_an_id(case: Case, rng: random.Random) -> Iterator[Case]:
    other = rng.choice([c.n for c in case.citations if c.n != own(case)])
    yield replace(case, text=MARK.sub(f"[{other}]", case.text))


def an_id_of_no_evidence(case: Case, rng: random.Random) -> Iterator[Case]:
    yield replace(case, text=MARK.sub(f"[{rng.randint(6, 40)}]", case.text))


def swap_two_citations(case: Case, rng: random.Random) -> Iterator[Case]:
    """Two sentences of one answer, each marked with the other's paper: neither may be shown."""
    partner = rng.choice([other for other in cases(case.language) if other.citations[0] is not case.citations[0]])
    mine, theirs = case.citations[own(case) - 1].paper, partner.citations[own(partner) - 1].paper
    if mine.arxiv_id != theirs.arxiv_id:
        pair = (Citation(1, mine), Citation(2, theirs))
        yield replace(case, text=MARK.sub("[2]", case.text), citations=pair)
        yield replace(case, text=MARK.sub("[1]", partner.text), citations=pair)


def change_a_figure(case: Case, rng: random.Random) -> Iterator[Case]:
    body = MARK.sub("", case.text)
    found = [
        m for m in re.finditer(r"\d+(?:[.,]\d+)*(?![\d)])", body)  # not 1) and 2) of an enumeration
        if not re.search(r"[A-Za-z-]$", body[: m.start()])
    ]  # fmt: skip
    for match in (*found, *found):
        at = rng.choice([n for n, c in enumerate(match.group()) if c.isdigit()])
        digit = str((int(match.group()[at]) + rng.randint(1, 8)) % 10 or 1)
        figure = match.group()[:at] + digit + match.group()[at + 1 :]
        if figure != match.group():
            yield replace(case, text=case.text[: match.start()] + figure + case.text[match.end() :])


def figures(text: str) -> list[Figure]:
    return [figure for figure in numbers(text) if figure.claims and figure.digits]


def another_true_figure(case: Case, rng: random.Random) -> Iterator[Case]:
    """A figure replaced by another of the same paper with the same unit."""
    paper = case.citations[own(case) - 1].paper
    true = [figure for bullet in paper.summary(case.language) for figure in figures(bullet.quote)]
    for figure in figures(MARK.sub("", case.text)):
        units = {unit for _, unit in figure.readings}
        others = [f for f in true if not f.equals(figure) and {unit for _, unit in f.readings} == units]
        if others:
            start, end = figure.span
            yield replace(case, text=case.text[:start] + rng.choice(others).said + case.text[end:])


def two_figures_change_places(case: Case, rng: random.Random) -> Iterator[Case]:
    del rng
    found = figures(MARK.sub("", case.text))
    for one, two in pairwise(found):
        if not one.equals(two) and comparable(one, two):
            (start, end), (then, last) = one.span, two.span
            parts = (case.text[:start], two.said, case.text[end:then], one.said, case.text[last:])
            yield replace(case, text="".join(parts))


def change_a_unit(case: Case, rng: random.Random) -> Iterator[Case]:
    for before, after in UNITS:
        if match := re.search(rf"(?<=\d){re.escape(before)}(?![가-힣]*치)(?!p)", case.text):
            yield replace(case, text=case.text[: match.start()] + after + case.text[match.end() :])


def invent_a_paper(case: Case, rng: random.Random) -> Iterator[Case]:
    name = rng.choice(INVENTED[case.language])
    if case.language == "ko":
        yield replace(case, text=f"{name} {case.text}")
    else:
        yield replace(case, text=f"{name} reports that {case.text[0].lower()}{case.text[1:]}")


def cite_nothing(case: Case, rng: random.Random) -> Iterator[Case]:
    del rng
    yield replace(case, text=MARK.sub("", case.text).strip())


Change = Callable[[Case, random.Random], Iterator[Case]]
GOOD: tuple[tuple[Change, int], ...] = (
    (as_they_stand, 500),
    (in_other_notation, 25),
    (without_the_other_language, 500),
)
MUTATIONS: tuple[tuple[Change, int], ...] = (
    (swap_an_id, 500), (an_id_of_no_evidence, 500), (swap_two_citations, 500), (change_a_figure, 400), (change_a_unit, 70),
    (invent_a_paper, 500), (cite_nothing, 500), (another_true_figure, 150), (two_figures_change_places, 50),
)  # fmt: skip
ALLOWED = {change_a_figure: 0.02, another_true_figure: 0.05, two_figures_change_places: 0.33}


def made(change: Change, language: Language) -> list[Case]:
    rng = random.Random(7)
    return [new for case in cases(language) for new in change(case, rng)]


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize(("change", "enough"), GOOD, ids=[change.__name__ for change, _ in GOOD])
def test_good_sentences_are_not_lost(change: Change, enough: int, language: Language) -> None:
    good = made(change, language)
    lost = [case.text for case in good if not case.shown()]
    assert len(good) >= enough
    assert len(lost) / len(good) < 0.02, lost[:5]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_mutated_sentences_are_caught(language: Language) -> None:
    """What still passes is a figure where another true one belongs, among the same words."""
    caught = total = 0
    for change, enough in MUTATIONS:
        bad = made(change, language)
        passed = [case.text for case in bad if case.shown()]
        assert len(bad) >= enough, change.__name__
        assert len(passed) / len(bad) < ALLOWED.get(change, 0.01), (change.__name__, passed[:5])
        caught, total = caught + len(bad) - len(passed), total + len(bad)
    assert caught / total >= 0.98
