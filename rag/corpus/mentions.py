"""What papers say, as it can be quoted, where it names a term, and the terms of a plan."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, KeysView, Mapping
from dataclasses import dataclass

from rag.corpus.papers import Bullet, Paper
from rag.language.terms import Term, glossary
from rag.language.text import Language

Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A bullet of a paper as it can be quoted; `place` is its position in its summary, -1 for the title."""

    arxiv_id: str
    language: Language | None
    place: int
    bullet: Bullet

    def __hash__(self) -> int:
        """Tell statements apart by their places, without looking through their texts."""
        return hash((self.arxiv_id, self.language, self.place))

    @property
    def text(self) -> str:
        """What it says."""
        return self.bullet.text


def statements(paper: Paper) -> tuple[Statement, ...]:
    """Return the bullets of a paper, Korean first, as statements."""
    return tuple(
        Statement(paper.arxiv_id, language, place, bullet)
        for language, bullets in paper.summaries()
        for place, bullet in enumerate(bullets)
    )


@dataclass(frozen=True, slots=True)
class Mentions:
    """Where a term stands in one paper: its places in the title, and each bullet that names it with the places there.

    A place is a (start, end) of the title or of the bullet's text; none of a bullet whose label alone names the term.
    """

    title: Spans
    bullets: tuple[Statement, ...]
    spans: tuple[Spans, ...]

    @property
    def in_title(self) -> bool:
        """Whether the title names it."""
        return bool(self.title)


class Naming(Mapping[str, Mentions]):
    """The papers that name a term, in the catalogue's order; where one does is worked out when it is asked for."""

    def __init__(self, rows: dict[str, int], where: Callable[[int], Mentions]) -> None:
        self._rows, self._where = rows, where

    def __getitem__(self, arxiv_id: str) -> Mentions:
        return self._where(self._rows[arxiv_id])

    def __contains__(self, arxiv_id: object) -> bool:
        return arxiv_id in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def keys(self) -> KeysView[str]:
        """The papers, to cut a set by."""
        return self._rows.keys()


_HEAD = re.compile(r".+ (?:in|of) (?=\S)")


def either(text: str) -> list[str]:
    """Return the spellings that “or” joins in a term of a plan; what stands before a preposition belongs to each.

    >>> either("ControlNet 또는 LoRA"), either("emotion recognition in speech or video")
    (['ControlNet', 'LoRA'], ['emotion recognition in speech', 'emotion recognition in video'])
    """
    first, *others = re.split(r" (?:or|또는) ", text)
    head = _HEAD.match(first) if others else None
    shared = [f"{head.group()}{other}" if head and not _HEAD.match(other) else other for other in others]
    return [first, *shared]


TOGETHER = " + "
"""What joins the things of a plan that are excluded only where papers have all of them."""


def together(text: str) -> list[str]:
    """Return the things that papers may not have all at once.

    >>> together("ControlNet + LoRA")
    ['ControlNet', 'LoRA']
    """
    return text.split(TOGETHER)


def meant(text: str) -> Term:
    """Return the term of a plan: any of the spellings that “or” joins, each with its synonyms.

    >>> [spelling in meant("ControlNet 또는 LoRA").variants for spelling in ("컨트롤넷", "로라")]
    [True, True]
    """
    terms = [glossary().term(part) for part in either(text)]
    return Term(text, tuple(dict.fromkeys(variant for term in terms for variant in term.variants)))
