"""What the evidence of an answer can carry: the words, names and figures of a paper, and what each figure is said of.

One source a paper, and one for what the plan computed. Judges no sentence; that is the gate's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property, lru_cache
from itertools import islice

from rag.answers.answer import Citation, plain_title
from rag.corpus.papers import Paper
from rag.language.numbers import Figure, Units, numbers, units
from rag.language.terms import fold, glossary, squash
from rag.language.text import Language

NAME = re.compile(r"(?<![A-Za-zÀ-ɏ0-9])[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ0-9]*(?:[-+.'’][A-Za-zÀ-ɏ0-9]+)*")
_WORD = re.compile(r"[a-z]{2,}|[가-힣]{2,}")
_NEAR = re.compile(r"[A-Za-zÀ-ɏ]+|[가-힣]{2,}|\d[\d.,]*\d|\d")
_SENTENCE_END = re.compile(r"[.!?](?:\s|$)")
_COMMON = frozenset(
    "ai ml nlp llm api gpu cpu ram vram sota 2d 3d i it".split()
)  # say which thing is meant of no paper
_SMALL = frozenset(
    "the a an of in on at to and or with by for is are was were it its from than as that this be".split()
)
REACH = 4
"""Words to each side of a figure that tell what it is said of: the nearest counts whole, the fourth a quarter."""

Setting = Mapping[str, float]
"""The words around a figure, by their nearness (above 0, at most 1)."""


def _parts(word: str) -> list[str]:
    return [word[:6]] if word[0] < "가" else [word[at : at + 2] for at in range(len(word) - 1)]


def words(text: str) -> frozenset[str]:
    """Return what two texts share when they speak of the same: the beginnings of Latin words, the syllable pairs of Hangul."""
    return frozenset(part for word in _WORD.findall(fold(text)) for part in _parts(word))


def setting(text: str, figure: Figure) -> Setting:
    """Return the words around a figure of a text, within its sentence."""
    start, end = figure.span
    before, after = _SENTENCE_END.split(text[:start])[-1], _SENTENCE_END.split(text[end:])[0]
    found: dict[str, float] = {}
    for side in (_NEAR.findall(before)[::-1], _NEAR.findall(after)):
        telling = (word for word in map(fold, side) if word not in _SMALL)
        for distance, word in enumerate(islice(telling, REACH), start=1):
            parts = [word.replace(",", "")] if word[0].isdigit() else _parts(word)
            for part in parts:
                found[part] = max(found.get(part, 0.0), 1 / distance / len(parts) ** 0.5)
    return found


def likeness(said: Setting, known: Setting) -> float:
    """Return how much of the first setting stands in the second, from 0 to 1."""
    whole = sum(said.values())
    return sum(min(weight, known[part]) for part, weight in said.items() if part in known) / whole if whole else 0.0


class Source:
    """What one paper, or what the plan computed, can carry: its title and metadata, and its statements one by one."""

    def __init__(self, text: str, paper: Paper | None = None) -> None:
        self.paper, self.units = paper, units(text)
        self.dates = [form for day in paper.dates for form in _date_forms(day)] if paper else []
        self.statements = [
            (language, words(bullet.quote), units(bullet.quote))
            for language, bullets in (paper.summaries() if paper else ())
            for bullet in bullets
        ]
        self.languages = {language for language, _, _ in self.statements}
        self.name = paper.name if paper else ""
        if paper:
            text = "\n".join([text, *self.dates, *(b.quote for _, many in paper.summaries() for b in many)])
        camel = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)
        self.squashed = squash(text)
        self.tokens = {*re.findall(r"[a-z0-9]+", fold(f"{camel} {text}")), *map(squash, NAME.findall(text))}
        self.words = words(text)

    def figures(self, spoken: frozenset[str], language: str) -> list[Units]:
        """The numbers of the title and metadata, and of the statements that a sentence with these words speaks of."""
        shared = [(len(spoken & theirs), held) for tongue, theirs, held in self.statements if tongue == language]
        most = max((n for n, _ in shared), default=0)
        near = [held for n, held in shared if n and 2 * n >= most] or [held for _, _, held in self.statements]
        return [self.units, *near]

    @cached_property
    def settings(self) -> list[tuple[str, Figure, Setting]]:
        """Each figure of the statements and of the title, with its language and what stands around it."""
        texts = [(tongue, b.quote) for tongue, many in (self.paper.summaries() if self.paper else ()) for b in many]
        texts += [(tongue, self.paper.title) for tongue in sorted(self.languages) if self.paper]
        return [(tongue, f, setting(text, f)) for tongue, text in texts for f in numbers(text) if f.claims]

    @cached_property
    def given(self) -> Units:
        """The numbers of the metadata, or of what the plan computed: said of the paper as a whole."""
        return units("\n".join(_metadata(self.paper))) if self.paper else self.units


def _date_forms(day: date) -> list[str]:
    return [
        f"{day:%Y-%m-%d}", f"{day.year}년 {day.month}월 {day.day}일", f"{day:%B} {day.day}, {day.year}", f"{day.day} {day:%B} {day.year}",
        f"{day.year}년 {day.month}월", f"{day.month}월 {day.day}일", f"{day:%B} {day.year}", f"{day:%B} {day.day}", f"{day.year}년",
    ]  # fmt: skip


def _metadata(paper: Paper) -> list[str]:
    return [f"{len(paper.authors)}명", *([] if paper.votes is None else [f"{paper.votes}표"])]


_OF_EVERY_PAPER = "이 논문은 다이제스트에 실렸고 소개되었습니다 투표 수 표를 받았습니다 저자는 명입니다 the paper digest has votes received authors"


def source_of(citation: Citation) -> Source:
    """Return what the paper of a citation can carry."""
    paper = citation.paper
    said = [paper.title, plain_title(paper.title), *paper.authors, *_metadata(paper), _OF_EVERY_PAPER]
    return Source("\n".join(said), paper)


def spoken(sources: Iterable[Source], language: Language) -> Iterator[str]:
    """Yield what a sentence in a language can rest on: titles and metadata, then summaries, those in its language first."""
    papers = [source for source in sources if source.paper]
    for source in papers:
        paper = source.paper
        assert paper
        yield plain_title(paper.title)
        yield " ".join([_OF_EVERY_PAPER, *_metadata(paper), *source.dates[:1], ", ".join(paper.authors)])
    for own in (True, False):
        for source in papers:
            for tongue, bullets in source.paper.summaries() if source.paper else ():
                if (tongue == language) == own:
                    yield from (bullet.quote for bullet in bullets)


@lru_cache(maxsize=2048)
def _spellings(name: str) -> tuple[str, ...]:
    return tuple(squash(spelling) for spelling in glossary().term(name).variants)


def holds_name(name: str, known: Iterable[Source]) -> bool:
    """Whether a name, in any of its spellings, stands in one of these sources."""
    plain, sources = re.sub(r"['’]s$", "", name), list(known)
    for word in {plain, plain[:-1]} if len(plain) > 2 and plain.endswith("s") else {plain}:
        flat = squash(word)
        if flat in _COMMON or any(flat in source.tokens for source in sources):
            return True
        spellings = [s for s in _spellings(word) if len(s) > 3 or re.search("[가-힣]", s)] + (
            [flat] if len(flat) > 3 else []
        )
        if any(spelling in source.squashed for source in sources for spelling in spellings):
            return True
    return False
