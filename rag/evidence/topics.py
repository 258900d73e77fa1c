"""Which topics of the glossary a range of digests treats most, and how many papers did in the time before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from weakref import WeakKeyDictionary

from rag.corpus.catalogue import Catalogue
from rag.corpus.papers import Paper
from rag.evidence.overview import deviations
from rag.language.terms import Glossary, glossary

GENERAL = Path(__file__).with_name("general.txt")
_LEAST, _GROWN = 2, 0.02  # papers that make a topic, and the share of all that a growing one must have


@dataclass(frozen=True, slots=True)
class Topic:
    """The spellings of a topic, the papers that treat it, most votes first, and how many did in the time before, if known."""

    group: tuple[str, ...]
    papers: tuple[Paper, ...]
    before: int | None = None

    def name(self, language: str) -> str:
        """Return its usual name in a language, else its usual name."""
        korean = next((s for s in self.group if not s.isascii()), None) if language == "ko" else None
        return korean or self.group[0]


_Counted = dict[tuple[str, ...], list[str]]
_KEPT = 16  # ranges of days whose topics a catalogue keeps; a month takes a second to count
_kept: WeakKeyDictionary[Catalogue, dict[tuple[str, ...], _Counted]] = WeakKeyDictionary()


def _openings(catalogue: Catalogue, ids: tuple[str, ...]) -> Catalogue:
    """Papers by their titles and the first statement of each summary: what stands there is what a paper is about."""
    papers = (catalogue.papers[i] for i in ids)
    return Catalogue({p.arxiv_id: replace(p, ko=p.ko[:1], en=p.en[:1]) for p in papers})


@lru_cache(maxsize=1)
def _general() -> tuple[str, ...]:
    """Return the words that stand in papers of every topic."""
    lines = GENERAL.read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


def _counted(catalogue: Catalogue, ids: tuple[str, ...], words: Glossary) -> _Counted:
    """Return the papers that treat each topic of the glossary; kept for the last ranges that were asked for."""
    kept = _kept.setdefault(catalogue, {})
    if ids not in kept:
        if len(kept) >= _KEPT:
            kept.clear()
        openings = _openings(catalogue, ids)
        general = {words.term(word).variants for word in _general()}
        groups = (group for group in words.groups if group not in general)
        kept[ids] = {group: [*openings.mentioning(words.term(group[0]))] for group in groups}
    return kept[ids]


def topics(
    catalogue: Catalogue, papers: Sequence[Paper], before: Sequence[Paper], rising: bool, but: Collection[str] = ()
) -> tuple[Topic, ...]:
    """Return the topics that two papers or more treat, those of most papers first.

    With `rising`, those come first whose share has grown most surely over that in the papers `before`; where there are
    none, nothing can be told of growth. `but` are terms that all of the papers treat, and so no topics of theirs.
    """
    words = glossary()
    now, then = (_counted(catalogue, tuple(p.arxiv_id for p in part), words) for part in (papers, before))
    named = {words.term(term).variants for term in but}
    growing = rising and bool(before)
    least = max(_LEAST + 1, _GROWN * len(papers)) if growing else _LEAST
    found = (
        Topic(
            group,
            tuple(sorted((catalogue.papers[i] for i in ids), key=lambda p: -(-1 if p.votes is None else p.votes))),
            len(then[group]) if before else None,
        )
        for group, ids in now.items()
        if len(ids) >= least and group not in named
    )

    def rank(topic: Topic) -> tuple[float, str]:
        n, m = len(topic.papers), topic.before or 0
        if not growing:
            return -n, topic.name("en").lower()
        return -deviations(n, len(papers), m, len(before)), topic.name("en").lower()

    ranked = sorted(found, key=rank)
    return tuple(topic for topic in ranked if not growing or rank(topic)[0] < 0)
