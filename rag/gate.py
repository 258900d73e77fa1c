"""The gate between a model's words and the reader: a sentence passes only when what it cites carries it.

A mark must name a paper of the evidence; every number must stand in what the sentence cites or in that paper's metadata;
no link and no arXiv id is ever taken from the model. Works on whole sentences, so that it can run while they stream.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from rag.answers import MARK, Citation
from rag.numbers import numbers, values
from rag.text import clean

_LINK = re.compile(
    r"(?:https?://|www\.|arxiv\.org)\S*|\]\([^)]*\)|(?<![\d.])\d{4}\.\d{4,5}(?:v\d+)?(?![\d.])", re.IGNORECASE
)
_END = re.compile(r"(?<=[.!?。])(?P<marks>(?:\s*\[\d{1,3}\])*)(?=\s|$)|\n")
_LIST_MARKER = re.compile(r"^\s*(?:[-*•]\s+|\d{1,2}[.)]\s+)?")


def sentences(pieces: Iterable[str]) -> Iterator[str]:
    """Cut a stream of text pieces into sentences, each with the marks and the blank that follow it."""
    held = ""
    for piece in pieces:
        held += piece
        while True:
            match = next((m for m in _END.finditer(held) if m.end() + 6 < len(held) or m.group() == "\n"), None)
            if match is None or not match.end():
                break
            yield held[: match.end()]
            held = held[match.end() :]
    yield from _rest(held)


def _rest(text: str) -> Iterator[str]:
    at = 0
    for match in _END.finditer(text):
        if match.end() > at:
            yield text[at : match.end()]
            at = match.end()
    if text[at:].strip():
        yield text[at:]


def known_values(citation: Citation, context: str = "") -> frozenset[Decimal]:
    """Return the numbers a sentence may state about a cited paper: its title, summaries, day, votes."""
    paper = citation.paper
    said = [paper.title, *(bullet.quote for _, bullets in paper.summaries() for bullet in bullets), context]
    said += [f"{day:%Y %m %d} {day.month} {day.day}" for day in paper.dates]
    if paper.votes is not None:
        said.append(str(paper.votes))
    said.append(str(len(paper.authors)))
    return values("\n".join(said))


class Gate:
    """Decides sentence by sentence; `citations` are the evidence, by mark."""

    def __init__(self, citations: Iterable[Citation], language: str) -> None:
        self.citations: Mapping[int, Citation] = {citation.n: citation for citation in citations}
        self.language = language
        self._values = {n: known_values(citation) for n, citation in self.citations.items()}
        self.dropped = 0

    def supported(self, sentence: str) -> bool:
        """Whether a sentence may be shown."""
        text = clean(sentence)
        if not text:
            return True
        if _LINK.search(text):
            return False
        marks = [int(n) for n in MARK.findall(text)]
        bare = _LIST_MARKER.sub("", MARK.sub("", text), count=1)
        if any(n not in self.citations for n in marks):
            return False
        if not marks:
            return not numbers(bare) and (text.endswith(":") or text.startswith("#") or not re.search(r"\w", text))
        allowed: frozenset[Decimal] = frozenset().union(*(self._values[n] for n in marks))
        return all(many & allowed for _, many in numbers(bare))

    def filter(self, pieces: Iterable[str]) -> Iterator[str]:
        """Yield the sentences that pass, escaped so that nothing in them can act as markup other than emphasis and lists."""
        for sentence in sentences(pieces):
            if self.supported(sentence):
                yield _harmless(sentence)
            else:
                self.dropped += 1


def _harmless(text: str) -> str:
    return re.sub(r"([<>`|])", r"\\\1", text).replace("![", "!\\[")
