"""The gate between a model's words and the reader: a sentence passes only when what it cites carries it.

A mark must name a paper of the evidence; every number with its unit, every name and every quotation must stand in what the
sentence cites, in that paper's metadata, or in what the plan computed; no other paper of the evidence may carry the
sentence much better than the one it cites; no link and no arXiv id is ever taken from the model. Works on whole
sentences, so that it can run while they stream. Knows no model and no prompt.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import Literal

from rag.answers import MARK, Citation, plain_title
from rag.numbers import Units, carried, numbers, units
from rag.papers import Language, Paper
from rag.terms import fold, glossary, squash
from rag.text import clean

Verdict = Literal["good", "layout", "unsupported", "forbidden", "language"]
"""`layout` says nothing (a bare heading); `forbidden` may not be shown in any form; `language` is not the reader's."""

_LINK = re.compile(
    r"(?:https?:|www\.|arxiv\s?[.:]|[\w-]+\.(?:com|org|net|io|ai|dev|example)\b)\S*|\]\([^)]*\)"
    r"|(?<![\d.])\d{4}\.\d{4,5}(?:v\d+)?(?![\d.])|\b[a-z-]{2,12}(?:\.[A-Z]{2})?/\d{7}\b",
    re.IGNORECASE,
)
_END = re.compile(
    r"(?<=[.!?。])(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bal\.)(?<!\bvs\.)(?<!\bFig\.)(?<!\bapprox\.)"
    r"(?P<marks>(?:\s*\[\d{1,3}\])*)(?=\s|$)|\n"
)
_LIST_MARKER = re.compile(r"^\s*(?:[-*•]\s+|\d{1,2}[.)]\s+)?")
_SEVERAL = re.compile(r"\[\d{1,3}(?:\s*[,;]\s*\d{1,3})+\]")
_NAME = re.compile(r"(?<![A-Za-zÀ-ɏ0-9])[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ0-9]*(?:[-+.'’][A-Za-zÀ-ɏ0-9]+)*")
_QUOTED = re.compile(r"“([^”]+)”|\"([^\"]+)\"|‘([^’]+)’|(?<!\w)'([^']+)'(?!\w)|「([^」]+)」|《([^》]+)》")
_WORD = re.compile(r"[a-z]{2,}|[가-힣]{2,}")
_HANGUL = re.compile(r"[가-힣]")
_LOWER_WORD = re.compile(r"(?<![A-Za-z])[a-z]{2,}(?![A-Za-z])")
_COMMON = frozenset(
    "ai ml nlp llm api gpu cpu ram vram sota 2d 3d i it".split()
)  # say which thing is meant of no paper
_STARTS_NO_NAME = re.compile(r"(?:ing|ed|ly|tion|sion|ment|ness|ity|ance|ence|ers|ors|al|ive|ful|[^s]ics)$")
_VERB = re.compile(r"\s+(?:is|was|has|can|will|[a-z]{2,}s)\b")

MARGIN, FLOOR = 0.20, 0.25
"""A sentence is refused when another paper of the evidence shares MARGIN more of its words than the cited ones, or when
those, with a summary in the sentence's language, share less than FLOOR of them (measured: docs/experiments.md)."""


def sentences(pieces: Iterable[str]) -> Iterator[str]:
    """Cut a stream of text pieces into sentences, each with the marks and the blank that follow it."""
    held = ""
    for piece in pieces:
        held = _tidy(held + piece)
        while True:
            match = next((m for m in _END.finditer(held) if m.end() + 6 < len(held) or m.group() == "\n"), None)
            if match is None or not match.end():
                break
            yield held[: match.end()]
            held = held[match.end() :]
    at = 0
    for match in _END.finditer(held):
        if match.end() > at:
            yield held[at : match.end()]
            at = match.end()
    if held[at:].strip():
        yield held[at:]


def _words(text: str) -> frozenset[str]:
    """What two texts share when they speak of the same: the beginnings of Latin words, the syllable pairs of Hangul."""
    found: set[str] = set()
    for word in _WORD.findall(fold(text)):
        if word[0] < "가":
            found.add(word[:6])
        else:
            found.update(word[at : at + 2] for at in range(len(word) - 1))
    return frozenset(found)


class _Source:
    """What one paper, or what the plan computed, can carry: its title and metadata, and its statements one by one."""

    def __init__(self, text: str, paper: Paper | None = None) -> None:
        self.units = units(text)
        self.dates = [form for day in paper.dates for form in _date_forms(day)] if paper else []
        self.statements = [
            (language, _words(bullet.quote), units(bullet.quote))
            for language, bullets in (paper.summaries() if paper else ())
            for bullet in bullets
        ]
        self.languages = {language for language, _, _ in self.statements}
        if paper:
            text = "\n".join([text, *self.dates, *(b.quote for _, many in paper.summaries() for b in many)])
        camel = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)
        self.squashed = squash(text)
        self.tokens = {*re.findall(r"[a-z0-9]+", fold(f"{camel} {text}")), *map(squash, _NAME.findall(text))}
        self.words = _words(text)

    def figures(self, words: frozenset[str], language: str) -> list[Units]:
        """The numbers of the title and metadata, and of the statements that a sentence with these words speaks of."""
        shared = [(len(words & theirs), held) for tongue, theirs, held in self.statements if tongue == language]
        most = max((n for n, _ in shared), default=0)
        near = [held for n, held in shared if n and 2 * n >= most] or [held for _, _, held in self.statements]
        return [self.units, *near]


def _date_forms(day: date) -> list[str]:
    return [
        f"{day:%Y-%m-%d}", f"{day.year}년 {day.month}월 {day.day}일", f"{day:%B} {day.day}, {day.year}", f"{day.day} {day:%B} {day.year}",
        f"{day.year}년 {day.month}월", f"{day.month}월 {day.day}일", f"{day:%B} {day.year}", f"{day:%B} {day.day}", f"{day.year}년",
    ]  # fmt: skip


def _source(citation: Citation) -> _Source:
    paper = citation.paper
    said = [paper.title, plain_title(paper.title), *paper.authors, f"{len(paper.authors)}명"]
    said.append(
        "이 논문은 다이제스트에 실렸고 소개되었습니다 투표 수 표를 받았습니다 저자는 명입니다 the paper digest has votes received authors"
    )
    return _Source("\n".join([*said, *([] if paper.votes is None else [f"{paper.votes}표"])]), paper)


@lru_cache(maxsize=2048)
def _spellings(name: str) -> tuple[str, ...]:
    return tuple(squash(spelling) for spelling in glossary().term(name).variants)


class Gate:
    """Decides sentence by sentence; `citations` are the evidence by mark, `facts` what the plan computed.

    A sentence that fails is left out, or with `mark` shown without its marks and said to be unsupported. `dropped`
    counts what failed, `foreign` how much of it only for its language.
    """

    def __init__(
        self, citations: Iterable[Citation], language: Language, facts: str = "", mark: str | None = None
    ) -> None:
        self.language, self._mark = language, mark
        self._sources = {citation.n: _source(citation) for citation in citations}
        self._facts = _Source(facts)
        self.dropped = self.foreign = 0

    def verdict(self, sentence: str) -> Verdict:
        """Judge one sentence with its marks."""
        text = clean(sentence)
        bare = _LIST_MARKER.sub("", MARK.sub("", text), count=1).strip()
        if not re.search(r"\w", bare):
            return "layout" if not MARK.search(text) else "unsupported"
        if _LINK.search(text):
            return "forbidden"
        marks = {int(n) for n in MARK.findall(text)}
        if not marks:
            return "layout" if bare.startswith("#") or bare.rstrip("* ").endswith(":") else "unsupported"
        if not marks <= self._sources.keys():
            return "unsupported"
        cited = [self._sources[n] for n in sorted(marks)]
        return self._judge(bare, cited, [source for n, source in self._sources.items() if n not in marks])

    def _judge(self, bare: str, cited: list[_Source], others: list[_Source]) -> Verdict:
        known = [*cited, self._facts]
        language = "ko" if _HANGUL.search(bare) else "en"
        words = _words(bare)
        undated = bare
        for form in (form for source in known for form in source.dates):
            undated = undated.replace(form, " ")
        allowed = [
            units(f"{len(cited)}편" if len(cited) > 1 else ""),
            *(held for source in known for held in source.figures(words, language)),
        ]
        figures = [figure for figure in numbers(undated) if figure.claims]
        if not all(carried(figure, *allowed) for figure in figures):
            return "unsupported"
        for value, times in Counter(
            value for figure in figures if figure.single for value, _ in figure.readings
        ).items():
            if times > 1 and times > sum(len(held.get(value, ())) for held in allowed):
                return "unsupported"  # one of them stands for another figure
        if not all(_holds_name(name, known) for name in _names(bare, cited)):
            return "unsupported"
        quoted = [squash(re.sub(r"[.,!?]", "", "".join(groups))) for groups in _QUOTED.findall(bare)]
        flat = ["".join(c for c in source.squashed if c not in ".,!?") for source in known]
        if not all(any(quote in text for text in flat) for quote in quoted):
            return "unsupported"
        if self._wrong_language(bare):
            return "language"
        if not words:
            return "good"
        here = len(words & frozenset[str]().union(*(source.words for source in cited))) / len(words)
        elsewhere = max((len(words & source.words) / len(words) for source in others), default=0.0)
        same_tongue = any(language in source.languages for source in cited)
        if elsewhere - here > MARGIN or (same_tongue and here < FLOOR):
            return "unsupported"
        return "good"

    def _wrong_language(self, bare: str) -> bool:
        hangul, latin = len(_HANGUL.findall(bare)), len(_LOWER_WORD.findall(bare))
        return latin > 4 and hangul == 0 if self.language == "ko" else hangul > 0.3 * len(bare)

    def filter(self, pieces: Iterable[str]) -> Iterator[str]:
        """Yield the sentences that may be shown, so written that they can act as no markup but emphasis and lists."""
        for sentence in sentences(pieces):
            verdict = self.verdict(sentence)
            if verdict == "good":
                yield _harmless(sentence)
            elif verdict != "layout":
                self.dropped += 1
                self.foreign += verdict == "language"
                if self._mark and verdict == "unsupported":
                    yield f"{_harmless(MARK.sub('', sentence).rstrip())} ({self._mark})"
            elif sentence.endswith("\n"):
                yield "\n"


def _tidy(text: str) -> str:
    """The text without unseen characters, [1, 2] as [1][2]; the blanks around it stay."""
    seen = clean(f".{text}.")[1:-1]
    return _SEVERAL.sub(lambda match: "".join(f"[{n}]" for n in re.findall(r"\d+", match.group())), seen)


def _names(bare: str, cited: list[_Source]) -> Iterator[str]:
    """The Latin words of a sentence that look like names: by inner capitals, digits, or a capital that grammar does not ask for."""
    korean = bool(_HANGUL.search(bare))
    for match in _NAME.finditer(bare):
        word, start = match.group(), bare[: match.start()].rstrip("*_“\"'‘([ ")
        inner = word[1:] != word[1:].lower() or any(c.isdigit() for c in word)
        if inner or (word[0].isupper() and (korean or (start and start[-1] not in ".!?:"))):
            yield word
        elif (
            word[0].isupper() and not start and len(word) > 3 and not _STARTS_NO_NAME.search(word)
            and _VERB.match(bare, match.end()) and any("en" in source.languages for source in cited)
        ):  # fmt: skip
            yield word


def _holds_name(name: str, known: list[_Source]) -> bool:
    plain = re.sub(r"['’]s$", "", name)
    for word in {plain, plain[:-1]} if len(plain) > 2 and plain.endswith("s") else {plain}:
        flat = squash(word)
        if flat in _COMMON or any(flat in source.tokens for source in known):
            return True
        spellings = [s for s in _spellings(word) if len(s) > 3 or _HANGUL.search(s)] + ([flat] if len(flat) > 3 else [])
        if any(spelling in source.squashed for source in known for spelling in spellings):
            return True
    return False


def _harmless(text: str) -> str:
    return re.sub(r"([<>`|~$])", r"\\\1", text).replace("![", "!\\[")
