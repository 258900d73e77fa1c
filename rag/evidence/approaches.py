"""The terms of papers that may name an approach: phrases of titles, English in Korean summaries, what the glossary knows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.corpus.papers import Paper
from rag.language.terms import glossary, squash

HANGUL = re.compile("[가-힣]")
_RUN = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*(?: [A-Za-z0-9][A-Za-z0-9-]*)*")  # English words with nothing between
_LONGEST_ENDING = 5  # letters that are looked for behind a Korean noun
_ENDING = re.compile(
    r"(?:[은는이가을를의에도만과와로들인]|에서|으로|까지|부터|보다|처럼|이나|라는|이라|하[는여고지]|한|된|되[는어]|화|적|용)*\W*$"
)
_WORDS_AHEAD = re.compile(r"(?<![가-힣A-Za-z0-9-])((?:[가-힣A-Za-z0-9-]+ ){0,3}[가-힣-]*[가-힣]) ?$")
# Words between which a term stands.
_EDGES = frozenset(
    """
    a across an and are as at be by can do does for from how in into is it its not of on one or our than that the their to two
    via vs we what when which why with without you your
    """.split()
)
# Words of how papers are titled and made: none begins a term or is one.
GENERIC = frozenset(
    """
    able accurate activation adaptive advanced advancing agentic all analysis analyzing any applications approach approaches
    architecture architectures art artificial automated automatic available based beyond better boosting bridging building case
    challenge challenges collection competitive complex comprehensive consistent controllable cost data deep design direct diverse
    domain down dynamic easy effective efficiency efficient empirical empowering end enabling enhanced enhancing error errors
    evaluating evaluation everything experimental exploring extending fast faster feature features feedback field fields fine
    first flexible flow framework full fully future gap general generalizable generalization generalized generated generating
    generation generative good great guide guided hard high higher idea improved improves improving information input
    insights intelligence intelligent introducing investigating joint key knowledge large latest learned learning lessons
    leveraging lightweight limit limits low machine making many massive massively method methodology methods metric metrics mobile
    model modeling modelling models modern more most multi multiple natural need neural new next novel online only open optimal
    optimization optimized optimizing output overview paper parameter parameters part path perform performance pipeline plug
    powerful practical precise preliminary problem problems process processing progressive project prompt quality rapid real recipe
    reliable report representation representations research resolution resource rethinking revisiting rich robust rule scalable
    scale scaling scratch see shared simple single size small smart solution solving some space specialized stable state static
    step strong structured studies study subject subjects suite supervised support system systems take target task tasks technical
    technique techniques technology temporal test through time too toolkit top toward towards train trained training transferable
    transfer transform ultra understanding unified unifying universal unleashing unlocking unveiling up use used user users using
    variational versatile via view wild windows work works world year zero
    activations behavior behaviors complexity concept concepts consistency context distribution distributions diversity
    exploration generative interaction layer layers modality person platform prediction repository robustness sequence similarity
    spatial stability student synthesis
    """.split()
)
# Kinds of work, and what most models have: they name a group where nothing else does.


@dataclass(frozen=True, slots=True)
class Use:
    """How one paper uses a term: its spelling ("" of a Korean one), in the title or not, and whether it stood whole.

    A run of words that another word always follows is a part of a longer term.
    """

    spelling: str
    titled: bool
    whole: bool


_use = lru_cache(maxsize=65_536)(Use)  # most papers use the same ones


@lru_cache(maxsize=1)
def _spellings() -> dict[str, str]:
    """Return the key of every spelling of the glossary: its usual name without blanks and case."""
    return {squash(spelling): squash(group[0]) for group in glossary().groups for spelling in group}


@lru_cache(maxsize=1)
def known_groups() -> dict[str, tuple[str, ...]]:
    """Return the glossary's groups by key."""
    return {squash(group[0]): group for group in glossary().groups}


@lru_cache(maxsize=1)
def _heads() -> frozenset[str]:
    """Return how the glossary's Korean spellings begin."""
    return frozenset(spelling[:2] for spelling in _spellings() if HANGUL.match(spelling))


@lru_cache(maxsize=1)
def _beginnings() -> frozenset[str]:
    """Return the first words of the glossary's Korean spellings of several words, without blanks."""
    several = (spelling.split(" ") for group in glossary().groups for spelling in group if HANGUL.match(spelling))
    return frozenset(squash("".join(words[:size])) for words in several for size in range(1, len(words)))


@lru_cache(maxsize=1)
def parts_of_spellings() -> frozenset[str]:
    """Return what is left of the glossary's spellings of three words and more without the first or the last one."""
    several = (spelling.split(" ") for group in glossary().groups for spelling in group)
    return (
        frozenset(
            key_of(squash("".join(part))) for words in several if len(words) > 2 for part in (words[:-1], words[1:])
        )
        - known_groups().keys()
    )


@lru_cache(maxsize=16_384)
def flat_of(word: str) -> str:
    """Return a word as `squash` makes it, kept for the next time."""
    return squash(word)


def key_of(flat: str) -> str:
    """Return what all spellings of a term share, from one without blanks: the glossary's key, or it without a plural's s."""
    known = _spellings().get(flat)
    if known:
        return known
    return flat[:-1] if flat.endswith("s") and len(flat) > 4 and flat[-2] not in "su" else flat


@lru_cache(maxsize=16_384)  # most runs are a word or two, and stand in many papers
def _phrases(run: str) -> tuple[tuple[str, str, bool], ...]:
    """Return the key, the spelling and the wholeness of every one to three words of a run that may name an approach.

    Of four words only what the glossary knows.
    """
    words = run.split(" ")
    flat = [flat_of(word) for word in words]
    spellings = _spellings()
    found = []
    for start, first in enumerate(flat):
        if first in _EDGES:
            continue
        joined = ""
        for end in range(start, min(start + 4, len(flat))):
            joined += flat[end]
            known = spellings.get(joined)
            if known is None and (first in GENERIC or flat[end] in _EDGES):
                break
            if known is None and end == start + 3:
                break
            whole = _ends(flat[end + 1 : end + 2]) and _ends(flat[max(start - 1, 0) : start])
            found.append((known or key_of(joined), " ".join(words[start : end + 1]), whole))
    return tuple(found)


def _ends(beside: Sequence[str]) -> bool:
    """Whether a term ends where this word, or none, stands beside it."""
    return not beside or beside[0] in _EDGES or beside[0] in GENERIC


def _korean(text: str) -> Iterator[str]:
    """Yield the keys of the glossary's Korean spellings in a text: words that begin with one and end in its particle."""
    words = text.split(" ")
    heads, beginnings = _heads(), _beginnings()
    for place, word in enumerate(words):
        if word[:2] not in heads:
            continue
        flat = ""
        for following in words[place : place + 4]:
            before = len(flat)
            flat += flat_of(following)
            if known := _known_in(flat, before):
                yield known
            if flat not in beginnings:
                break


@lru_cache(maxsize=65_536)  # the same words stand in many papers
def _known_in(flat: str, least: int) -> str | None:
    """Return the key of the longest spelling, of more letters than `least`, that a text is but for its ending."""
    ends = range(len(flat), max(least, len(flat) - _LONGEST_ENDING, 1), -1)
    found = ((_spellings().get(flat[:end]), end) for end in ends)
    return next((known for known, end in found if known and _ENDING.match(flat, end)), None)


def uses_of(paper: Paper) -> dict[str, Use]:
    """Return the terms of a paper by key: its title's phrases, the English in its Korean summary, what the glossary knows."""
    found: dict[str, Use] = {}
    title = paper.title[len(paper.name) :]
    for text in (title, *(bullet.text for bullet in paper.ko)):
        for run in _RUN.findall(text):
            for key, spelling, whole in _phrases(run):
                if key not in found:
                    found[key] = _use(spelling, text is title, whole)
    for bullet in paper.ko:
        for key in _korean(bullet.text):
            if key not in found:
                found[key] = _use("", False, True)
    for bullet in paper.en:
        for run in _RUN.findall(bullet.text):
            for key, spelling, whole in _phrases(run):
                if key not in found and key in known_groups():
                    found[key] = _use(spelling, False, whole)
    return found


def text_of(paper: Paper) -> str:
    """Return all that the digests say of a paper."""
    return "\n".join([paper.title, *(bullet.text for _, bullets in paper.summaries() for bullet in bullets)])
