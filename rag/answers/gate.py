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
from typing import Literal

from rag.answers.answer import MARK, Citation
from rag.answers.judge import Ground, carries, ground_of
from rag.answers.sources import NAME, Source, holds_name, likeness, setting, source_of
from rag.answers.sources import words as words_of
from rag.language.numbers import Figure, carried, comparable, numbers, units
from rag.language.terms import squash
from rag.language.text import Language, clean

Verdict = Literal["good", "layout", "unsupported", "forbidden", "language"]
"""`layout` says nothing (a bare heading); `forbidden` may not be shown in any form; `language` is not the reader's."""

_LINK = re.compile(
    r"(?:https?:|www\.|arxiv\s?[.:]|[\w-]{1,63}\.(?:com|org|net|io|ai|dev|example)\b)\S*|\]\([^)]*\)"
    r"|(?<![\d.])\d{4}\.\d{4,5}(?:v\d+)?(?![\d.])|\b[a-z-]{2,12}(?:\.[A-Z]{2})?/\d{7}\b",
    re.IGNORECASE,
)
_END = re.compile(
    r"(?<=[.!?。])(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bal\.)(?<!\bvs\.)(?<!\bFig\.)(?<!\bapprox\.)"
    r"(?P<marks>(?:\s*\[\d{1,3}\])*)(?=\s|$)|\n"
)
_LIST_MARKER = re.compile(r"^\s*(?:[-*•]\s+|\d{1,2}[.)]\s+)?")
_SEVERAL = re.compile(r"\[\d{1,3}(?:\s*[,;]\s*\d{1,3})+\]")
_QUOTED = re.compile(r"“([^”]+)”|\"([^\"]+)\"|‘([^’]+)’|(?<!\w)'([^']+)'(?!\w)|「([^」]+)」|《([^》]+)》")
_HANGUL = re.compile(r"[가-힣]")
_LOWER_WORD = re.compile(r"(?<![A-Za-z])[a-z]{2,}(?![A-Za-z])")
_STARTS_NO_NAME = re.compile(r"(?:ing|ed|ly|tion|sion|ment|ness|ity|ance|ence|ers|ors|al|ive|ful|[^s]ics)$")
_COMMON_STARTS = frozenset(
    (
        "whether fewer longer shorter older newer younger larger smaller bigger lower higher stronger weaker harder easier denser neither "
        "either where three four five seven eight nine more most least many some such these those they both each further plain important "
        "clear scale other another several large small long short high good better weak strong simple complex real human early late "
        "users people datasets that earlier previous prior together"
    ).split()
)  # written with a capital because they begin a sentence
_VERB = re.compile(r"(?<!\s)\s+(?:is|was|has|can|will|[a-z]{2,}s)\b")

MARGIN, FLOOR = 0.20, 0.25
"""A sentence is refused when another paper of the evidence shares MARGIN more of its words than the cited ones, or when
those, with a summary in the sentence's language and where meaning is not looked at, share less than FLOOR of them (measured:
docs/experiments.md)."""
ELSEWHERE = 0.35
"""A figure is refused when what stands around it stands that much more around another figure of the cited papers."""


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


class Gate:
    """Decides sentence by sentence; `citations` are the evidence by mark, `facts` what the plan computed.

    A sentence that fails is left out, or with `mark` shown without its marks and said to be unsupported. `dropped`
    counts what failed, `foreign` how much of it only for its language. Without `meaning` only marks, figures, names and
    links are looked at, not what a sentence says. With `counted`, [0] cites the facts; that mark is not shown.
    """

    def __init__(
        self,
        citations: Iterable[Citation],
        language: Language,
        facts: str = "",
        mark: str | None = None,
        *,
        meaning: bool = True,
        counted: bool = False,
    ) -> None:
        self.language, self._mark, self._meaning = language, mark, meaning
        self._sources = {citation.n: source_of(citation) for citation in citations}
        self._facts = Source(facts)
        if counted:
            self._sources[0] = self._facts
        self._fact_text = facts
        self._grounds: dict[tuple[frozenset[int], Language], Ground] = {}
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
        verdict = self._judge(bare, cited, [source for n, source in self._sources.items() if n not in marks])
        held = verdict != "good" or not self._meaning or self._means(bare, marks)
        return verdict if held else "unsupported"

    def _means(self, bare: str, marks: set[int]) -> bool:
        """Whether what a sentence says, word by word, is carried by what it cites."""
        language: Language = "ko" if _HANGUL.search(bare) else "en"
        key = (frozenset(marks), language)
        if key not in self._grounds:
            cited = [self._sources[n] for n in sorted(marks)]
            self._grounds[key] = ground_of(cited, language, self._fact_text)
        return carries(self._grounds[key], bare, language)

    def _judge(self, bare: str, cited: list[Source], others: list[Source]) -> Verdict:
        known = [*cited, self._facts]
        language = "ko" if _HANGUL.search(bare) else "en"
        words = words_of(bare)
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
        if any(_of_another(figure, undated, cited, self._facts, language) for figure in figures):
            return "unsupported"
        if not all(holds_name(name, known) for name in _names(bare, cited, at_start=not self._meaning)):
            return "unsupported"
        quoted = [squash(re.sub(r"[.,!?]", "", "".join(groups))) for groups in _QUOTED.findall(bare)]
        flat = ["".join(c for c in source.squashed if c not in ".,!?") for source in known]
        if not all(any(quote in text for text in flat) for quote in quoted):
            return "unsupported"
        if self._wrong_language(bare):
            return "language"
        if not words:
            return "good" if figures else "unsupported"
        here = len(words & frozenset[str]().union(*(source.words for source in cited))) / len(words)
        elsewhere = max((len(words & source.words) / len(words) for source in others), default=0.0)
        same_tongue = any(language in source.languages for source in cited)
        if elsewhere - here > MARGIN or (same_tongue and here < FLOOR and not self._meaning):
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


def _of_another(figure: Figure, text: str, cited: list[Source], facts: Source, language: str) -> bool:
    """Whether a figure of a sentence is said of what the cited papers say another figure of: 72% there for 76%."""
    if carried(figure, facts.given, *(source.given for source in cited)):
        return False
    said = setting(text, figure)
    alike = [
        (likeness(said, around), figure.equals(held), comparable(figure, held))
        for source in cited
        for tongue, held, around in source.settings
        if tongue == language
    ]
    own = max((n for n, same, _ in alike if same), default=None)
    others = max((n for n, same, near in alike if near and not same), default=0.0)
    return own is not None and others - own > ELSEWHERE


def _tidy(text: str) -> str:
    """The text without unseen characters, [1, 2] as [1][2]; the blanks around it stay."""
    seen = clean(f".{text}.")[1:-1]
    return _SEVERAL.sub(lambda match: "".join(f"[{n}]" for n in re.findall(r"\d+", match.group())), seen)


def _names(bare: str, cited: list[Source], *, at_start: bool) -> Iterator[str]:
    """The Latin words of a sentence that look like names: by inner capitals, digits, or a capital that grammar does not ask for.

    With `at_start` also a first word before a verb, unless it is a common one. Where meaning is looked at, the networks judge that word better.
    """
    korean = bool(_HANGUL.search(bare))
    for match in NAME.finditer(bare):
        word, start = match.group(), bare[: match.start()].rstrip("*_“\"'‘([ ")
        inner = word[1:] != word[1:].lower() or any(c.isdigit() for c in word)
        if inner or (word[0].isupper() and (korean or (start and start[-1] not in ".!?:"))):
            yield word
        elif (
            at_start and word[0].isupper() and not start and len(word) > 3 and not _STARTS_NO_NAME.search(word)
            and word.lower() not in _COMMON_STARTS
            and _VERB.match(bare, match.end()) and any("en" in source.languages for source in cited)
        ):  # fmt: skip
            yield word


def _harmless(text: str) -> str:
    return re.sub(r"([<>`|~$])", r"\\\1", text).replace("![", "!\\[")
