"""Names that a question writes in Hangul as they sound, and the names of the catalogue that they mean: 카나나 is Kanana.

A word is looked up only where neither the papers nor the glossary have it, and taken only where one name is clearly nearest.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise
from weakref import WeakKeyDictionary

from rag.corpus.catalogue import Catalogue
from rag.language.analysis import parts_of_speech
from rag.language.sounds import apart, hangul_sounds, keys, latin_sounds, parts_of
from rag.language.terms import Term, glossary, squash
from rag.questions.features import word_hash
from rag.questions.network import network
from rag.questions.shapes import is_concept, is_shaped
from rag.questions.spans import bare
from rag.questions.words import words

_MOST_WORDS = 12  # Hangul words of a question that are looked up
_MOST_PARTS = 3  # words of a paper's own name that is said as it sounds
_SHORTEST = 3  # letters of a name
_SEVERAL = 3  # papers that mention a name, from which it is looked for
_PLAIN = 10  # papers that write a word with a capital to each that writes it small, from which it is a name
_FAR, _FARTHER, _LONG = (
    0.07,
    0.11,
    4,
)  # how far apart a consonant the sounds of a word and its name may be, and of long ones
_STRICT = 0.05  # the same where dictionaries have the word
_CLEAR = 0.06  # by how much the nearest name is nearer than the next
_HELD = 20  # papers that may hold a word in Hangul which is a name of theirs

_NAME = re.compile(r"(?=.*[A-Za-z]{2})[A-Za-z0-9][A-Za-z0-9 .+-]{1,39}")
_VERSION = re.compile(r"[- ]?[vV]?\d+(?:\.\d+)*[A-Za-z]?$")
_MENTIONED = re.compile(r"[A-Za-z][A-Za-z]+(?:-?\d+(?:\.\d+)?)?")
_NUMBER = re.compile(r"[ -]?(\d+(?:\.\d+)?)(?![\d,]|\s?(?:[편개표년월일번장명건위주배회쪽%]|번째|papers?))")
_WORD = re.compile(r"(?<![가-힣])[가-힣]{2,16}(?![가-힣])")


def _families(name: str) -> Iterator[str]:
    """Yield a paper's own name and the shorter ones that it is a version of: EXAONE 3.0, EXAONE."""
    while name and len(name) > 2:
        yield name
        shorter = _VERSION.sub("", name)
        name = shorter if shorter != name else ""


def _names(catalogue: Catalogue) -> dict[str, str]:
    """Return the names that may be said: the papers' own, their families, and those that several papers mention."""
    own = [paper.name for paper in catalogue.papers.values() if paper.name and _NAME.fullmatch(paper.name)]
    heads = Counter(name.split()[0] for name in own if " " in name)
    named = [family for name in own if len(name.split()) <= _MOST_PARTS for family in _families(name)]
    told = Counter(
        word
        for paper in catalogue.papers.values()
        for word in {
            *_MENTIONED.findall(" ".join((paper.title, *(b.text for _, many in paper.summaries() for b in many))))
        }
    )
    mentioned = [
        word for word, papers in told.items() if papers >= _SEVERAL and (is_shaped(word) or glossary().knows(word))
    ]
    mentioned += [head for head, papers in heads.items() if papers > 1 and not head.islower()]
    named += [word for word in mentioned if _PLAIN * told[word.lower()] < told[word]]
    spelled: dict[str, str] = {}
    for name in named:
        if len(squash(name)) >= _SHORTEST and not (name.islower() and name.isalpha()) and not _is_kind(name):
            spelled.setdefault(squash(name), name)
    return spelled


def _is_kind(name: str) -> bool:
    return glossary().knows(name) and is_concept(glossary().term(name).variants)


@dataclass(frozen=True, slots=True)
class _Near:
    """A name that sounds like a word, how far apart they are a consonant, and the consonants of the word."""

    name: str
    far: float
    length: int


@lru_cache(maxsize=32768)  # the next index has nearly the same names
def _keyed(name: str) -> tuple[tuple[str, str], ...]:
    """Return the ways in which a name may be read, each under what sequences near to it share."""
    return tuple((key, sounds) for sounds in latin_sounds(name) for key in keys(sounds))


@lru_cache(maxsize=8192)  # what is asked of one index is asked of the next
def _apart(one: str, other: str, most: float) -> float:
    return apart(parts_of(one), parts_of(other), most)


class _Heard:
    """The names of a catalogue by how they sound."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._of: dict[str, list[tuple[str, str]]] = {}
        for name in _names(catalogue).values():
            for key, sounds in _keyed(name):
                self._of.setdefault(key, []).append((sounds, name))
        self.nearest = lru_cache(maxsize=4096)(self._nearest)

    def _nearest(self, sounds: str) -> _Near | None:
        """Return the name that clearly is nearest to a sequence of sounds; None where there is none."""
        said = parts_of(sounds)
        length = len(
            {at for at, part in enumerate(said) if not part.islower() and part not in said[max(at - 1, 0) : at]}
        )
        if length < 2:
            return None
        far = (_FARTHER if length >= _LONG else _FAR) * length
        found: dict[str, float] = {}
        for heard, name in self._of.get(next(keys(sounds)), ()):
            distance = _apart(sounds, heard, far + _CLEAR)
            found[name] = min(distance, found.get(name, distance))
        least = min(found.values(), default=far + 1)
        near = sorted((name for name, distance in found.items() if distance < least + _CLEAR), key=len)
        if least > far or not all(squash(name).startswith(squash(near[0])) for name in near):
            return None
        return _Near(near[0], found[near[0]] / length, length)


_LISTENING = threading.Lock()
_HEARD: WeakKeyDictionary[Catalogue, _Heard] = WeakKeyDictionary()


def _heard(catalogue: Catalogue) -> _Heard:
    with _LISTENING:  # a second for 5,000 papers: once, however many ask
        if catalogue not in _HEARD:
            _HEARD[catalogue] = _Heard(catalogue)
        return _HEARD[catalogue]


def ready(catalogue: Catalogue) -> None:
    """Make what the first question with an unknown word in Hangul would wait for."""
    _heard(catalogue)


@dataclass(frozen=True, slots=True)
class _Place:
    """A run of a question that may be a name: its text without a particle, and where it stands."""

    text: str
    start: int
    end: int
    words: tuple[str, ...]  # as they stand, particle and all


def _places(text: str) -> Iterator[_Place]:
    """Yield the runs that may be names: two neighbouring words, then one, each with a number behind it and without a particle."""
    found = list(islice(_WORD.finditer(text), _MOST_WORDS))
    pairs = [(a, b) for a, b in pairwise(found) if text[a.end() : b.start()] == " "]
    for run in (*pairs, *((word,) for word in found)):
        start, end = run[0].start(), run[-1].end()
        said = tuple(match.group() for match in run)
        if number := _NUMBER.match(text, end):
            yield _Place(text[start : number.end()], start, number.end(), said)
        forms = dict.fromkeys((text[start:end], bare(text[start:end], lambda word: False)))
        if not any(map(glossary().knows, forms)):
            yield from (_Place(form, start, start + len(form), said) for form in forms)


_SHORT = 3  # syllables, and consonants, up to which a word is easily like a name by chance


def _allowed(place: _Place, near: _Near, of_papers: bool) -> bool:
    """Whether a run is no ordinary Korean: no dictionary has one of its words, or what it is made of sounds just as the name."""
    made = [parts_of_speech(word) for word in place.words]
    strictly, length = near.far <= _STRICT, len(squash(place.text))
    if len(place.words) > 1:
        named = not all(made) or any(map(_is_named, place.text.split()))
        return named and strictly and length > _SHORT
    if not made[0]:
        return min(length, near.length) >= _SHORT or (strictly and of_papers)
    nouns = [tag for tag in made[0] if not tag.startswith(("J", "VCP"))]
    if not strictly or length < _SHORT or not all(tag in ("NNG", "NNP", "XSN") for tag in nouns):
        return False
    return of_papers if "NNP" in nouns else len(nouns) > 1 and length > _SHORT


def _is_named(word: str) -> bool:
    """Whether the glossary knows a word as a name: 맘바."""
    return glossary().knows(word) and not _is_kind(word)


def _is_spoken(text: str) -> bool:
    """Whether the glossary knows a run, or ways of asking have it as it stands."""
    return glossary().knows(text) or word_hash(text, "ko") in network().wording.words


def _known(place: _Place, name: str, catalogue: Catalogue) -> bool:
    """Whether papers have a word in Hangul that do not write the name too, so that it is another's."""
    held = catalogue.mentioning(Term(place.text, (place.text,)))
    naming = catalogue.mentioning(glossary().term(name))
    return 2 * sum(paper in naming for paper in held) < len(held)


def _may_be_a_name(place: _Place, catalogue: Catalogue) -> bool:
    """Whether a run is neither a way of asking nor known as it stands; of two words one has to be a name or unknown."""

    def known(text: str) -> bool:
        return _is_spoken(text) or catalogue.knows(Term(text, (text,)), _HELD)

    if len(place.words) > 1 and not any(_is_named(word) or not known(word) for word in place.text.split()):
        return False
    return not known(place.text)


def in_latin(text: str, catalogue: Catalogue) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return a question with the names that it writes in Hangul as papers write them, and each (word as typed, name as taken)."""
    of_papers = any(group.any_of(text.split()) for group in (words().papers, words().research))
    taken: list[tuple[_Place, str]] = []
    for place in _places(text):
        overlaps = any(place.start < one.end and one.start < place.end for one, _ in taken)
        if overlaps or not _may_be_a_name(place, catalogue):
            continue
        near = _heard(catalogue).nearest(hangul_sounds(place.text))
        if near and _allowed(place, near, of_papers) and not _known(place, near.name, catalogue):
            taken.append((place, near.name))
    taken.sort(key=lambda one: one[0].start)
    for place, name in reversed(taken):
        text = f"{text[: place.start]}{name}{text[place.end :]}"
    return text, tuple((place.text, name) for place, name in taken)
