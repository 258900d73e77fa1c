"""Authors named in a question, in Latin letters or in Hangul, and whom of the catalogue they mean.

A name is certain when it is an author's whole name, or stands in `names.yaml`. Where the question speaks of writing, what
looks like a name is looked up by initials, surname or sound; what fits nobody, or several, is refused and not guessed.
"""

from __future__ import annotations

import difflib
import re
import threading
from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate, islice, product
from pathlib import Path
from weakref import WeakKeyDictionary

import yaml

from rag.corpus.authors import Authors
from rag.corpus.catalogue import Catalogue
from rag.errors import SettingsError
from rag.language.terms import fold, glossary, squash
from rag.language.text import ENGLISH_GRAMMAR
from rag.questions.plan import Reason
from rag.questions.quantities import NUMERALS
from rag.questions.spans import Span

NAMES = Path(__file__).parent / "names.yaml"
_NEAR = 0.82  # difflib ratio from which a name is offered for another


@dataclass(frozen=True, slots=True)
class Names:
    """What `names.yaml` knows: Hangul names by the author's name, and the Latin spellings of Korean family names."""

    people: Mapping[str, str]
    families: Mapping[str, tuple[str, ...]]

    @classmethod
    def read(cls, path: Path = NAMES) -> Names:
        """Read the file. Raises SettingsError with what is wrong."""
        try:
            data = yaml.safe_load(path.read_text(encoding="utf-8"))
            people = {str(hangul): str(name) for name, many in data["people"].items() for hangul in many}
            return cls(people, {str(k): tuple(fold(str(v)).split()) for k, v in data["families"].items()})
        except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
            raise SettingsError(f"The list of names {path.name} cannot be read: {error}") from error


@lru_cache(maxsize=1)
def names() -> Names:
    """Return the product's list of names."""
    return Names.read()


@dataclass(frozen=True, slots=True)
class People:
    """Authors of a question: `names` as indexed; or a `reason` to refuse, the name it is about and those it may mean.

    `spans` are the places of all that was read, to cut out.
    """

    names: tuple[str, ...] = ()
    reason: Reason | None = None
    about: str = ""
    near: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()


# --- Sound -----------------------------------------------------------------------------------------------------------
# The usual Latin spellings of Korean sounds, as patterns; and one rough letter for each sound of either script.
_INITIALS = "[gk] kk|g n [dt] tt|d [rl] m [bp] pp|b s|sh ss|s _ j|z|ch jj|j ch k t p h".split()
_VOWELS = (
    "ah?|u ae|e|ai ya yae eo|u|uh|o|e e|ae|ei ye?o|you?|yu ye|yae oh? wh?a|oa wae|wa oe|oi yoh? u|oo|ou|woo|wu "
    "wo|weo wh?e wi|ui|wee|i yu|yoo|you|u|ew eu|u|e ui|eui|ee|i|ue|eu i|ee|e|y|yi"
).split()
_FINALS = "_ [gkc]k? k k|ks n n n [dt] r?l|r l l l l l l l m [bp] p [st] s|t ng [jt] t|ch k t p h?".split()
_INITIAL_SOUND = "k k n t t l m p p s s _ j j j k t p h".split()
_VOWEL_SOUND = "a e ia ie e e ie ie o ua ue oi io u ue ue ui iu _ ui i".split()
_FINAL_SOUND = "_ k k k n n n t l l l l l l l l m p p s s n j j k t p h".split()
_LATIN_SOUND = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"sch|sh|x(?=[aeiou])|th(?=i)", "s"), (r"tch|zh|ch|q(?=[iu])|z|dj|g(?=[ei](?!$))", "j"), (r"ph|f|v|b", "p"),
        (r"c(?=[eiy])", "s"), (r"ck|qu|q|c|g", "k"), (r"r", "l"), (r"d|th", "t"), (r"x", "ks"), (r"w", "u"), (r"y", "i"),
        (r"(.)\1+", r"\1"),
    )
)  # fmt: skip


def _jamo(syllable: str) -> tuple[int, int, int]:
    code = ord(syllable) - 0xAC00
    return code // 588, code % 588 // 28, code % 28


@lru_cache(maxsize=512)
def _romanised(given: str) -> re.Pattern[str]:
    """The Latin spellings of a Korean given name, as one pattern over its letters."""
    parts = [
        f"(?:{table[at]})".replace("_", "")
        for syllable in given
        for table, at in zip((_INITIALS, _VOWELS, _FINALS), _jamo(syllable), strict=True)
    ]
    return re.compile("".join(parts))


_LISTENING = threading.Lock()
_HEARD: WeakKeyDictionary[Authors, _Sounds] = WeakKeyDictionary()


@lru_cache(maxsize=65_536)
def _sound(word: str) -> str:
    """How a word sounds, roughly, in either script: "다후아" and "Dahua" are the same."""
    if "가" <= word[0] <= "힣":
        tables = (_INITIAL_SOUND, _VOWEL_SOUND, _FINAL_SOUND)
        sounds = (table[at] for s in word if s >= "가" for table, at in zip(tables, _jamo(s), strict=True))
        return "".join(sounds).replace("_", "")
    word = re.sub(r"ng(?![aeiou])", "n", fold(word))
    for pattern, sound in _LATIN_SOUND:
        word = pattern.sub(sound, word)
    return re.sub(r"[^a-z]", "", word)


class _Sounds:
    """Authors by how their names sound, with and without what stands between first and last name: a line of text for each."""

    def __init__(self, authors: Authors) -> None:
        self._names: list[str] = []
        lines: list[str] = []
        for name in authors:
            *given, last = map(_sound, name.split())
            for key in dict.fromkeys((f"{''.join(given)} {last}", f"{given[0] if given else ''} {last}")):
                lines.append(key)
                self._names.append(name)
        self._starts = array("i", accumulate((len(line) + 1 for line in lines[:-1]), initial=0))
        self._text = "\n".join(["", *lines, ""])

    def of(self, key: str) -> list[str]:
        """Return the authors that sound so."""
        found, at = [], self._text.find(f"\n{key}\n")
        while at >= 0:
            found.append(self._names[bisect_left(self._starts, at)])
            at = self._text.find(f"\n{key}\n", at + 1)
        return found

    def alike(self, letters: str, length: int) -> list[str]:
        """Return the keys that begin with one of these letters and are as long, or two longer or shorter."""
        least = max(length - 3, 0)
        return re.findall(rf"^[{re.escape(letters)}].{{{least},{length + 1}}}$", self._text, re.MULTILINE)


def _sounds(authors: Authors) -> _Sounds:
    with _LISTENING:  # half a second for 20,000 names: once, however many ask
        if authors not in _HEARD:
            _HEARD[authors] = _Sounds(authors)
        return _HEARD[authors]


def _korean(name: str, catalogue: Catalogue) -> list[str]:
    """The authors whose Latin name may be a Korean one, family name first (홍길동, 홍 길동) or last (길동 홍)."""
    flat = name.replace(" ", "")
    splits = [(flat[:n], flat[n:]) for n in (2, 1) if 1 <= len(flat) - n <= 3]
    splits += [(last, first) for first, _, last in [name.partition(" ")] if last]
    for family, given in splits:
        found = []
        for surname in names().families.get(family, ()):
            for person in catalogue.authors.sharing(surname):
                letters = re.findall(r"[a-z]+(?!\.)", fold(person))  # no middle initials
                others = letters[:-1] if letters[-1] == surname else letters[1:]
                if _romanised(given).fullmatch("".join(others)):
                    found.append(person)
        if found:
            return list(dict.fromkeys(found))
    return []


def hangul_people(name: str, catalogue: Catalogue) -> tuple[list[str], list[str]]:
    """Return (the authors that a Hangul name means, those that it may mean where it means none)."""
    if listed := names().people.get(name):
        return ([person], []) if (person := catalogue.authors.person(listed)) else ([], [])
    if people := _korean(name, catalogue):
        return sorted(people, key=lambda person: (-len(catalogue.authors.papers(person)), person)), []
    words = name.split() if " " in name else [name[:1], name[1:]]
    if len(words) < 2 or not all(words):
        return [], []
    said = "".join(map(_sound, words[:-1])), _sound(words[-1])
    sounds = _sounds(catalogue.authors)
    orders = [" ".join(said), " ".join(reversed(said))]
    if found := [person for key in orders for person in sounds.of(key)]:
        return list(dict.fromkeys(found)), []
    alike = list(dict.fromkeys(sounds.alike(orders[0][:1] + orders[1][:1], len(orders[0]))))
    close = [key for order in orders for key in difflib.get_close_matches(order, alike, n=2, cutoff=_NEAR)]
    return [], list(dict.fromkeys(sounds.of(key)[0] for key in close))[:3]


# --- Names in a question ---------------------------------------------------------------------------------------------
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]+(?:['’-](?!s(?![A-Za-z]))[A-Za-zÀ-ɏ]+)*\.?")
_TITLE = r"(?:님|씨|박사|교수|선생|연구원){0,3}"
_JOINT = re.compile(r" ?(?:,|&|、|\band\b|및|그리고) ?|(?<=[A-Za-z가-힣])(?:과|와|이랑|랑|하고) ", re.IGNORECASE)
_HANGUL_WORD = re.compile(r"[가-힣]+")
_PARTICLE = re.compile(r"(?:이랑|하고|[이가의은는과와랑인씨님])$")
_SURNAME_FIRST = re.compile(r"[^\s,]+, [^,]+")


def _listed(text: str) -> list[tuple[int, int, str]]:
    """Where names of the list stand in a text, particles off (start, end, name in Latin letters)."""
    found: list[tuple[int, int, str]] = []
    words = list(_HANGUL_WORD.finditer(text))
    for size, at in product((3, 2, 1), range(len(words))):
        start, end = words[at].start(), words[min(at + size, len(words)) - 1].end()
        for name in (text[start:end], _PARTICLE.sub("", text[start:end])):
            if name in names().people and not any(start < e and s < end for s, e, _ in found):
                found.append((start, start + len(name), names().people[name]))
    return found


def _latin_runs(text: str) -> list[list[re.Match[str]]]:
    """Runs of Latin words that a name could be: side by side, or with a comma between."""
    runs: list[list[re.Match[str]]] = []
    for word in islice(_LATIN.finditer(text), _MOST_WORDS):
        if word.group() in ENGLISH_GRAMMAR:
            runs.append([])
        elif runs and runs[-1] and text[runs[-1][-1].end() : word.start()] in (" ", ", "):
            runs[-1].append(word)
        else:
            runs.append([word])
    return [run for run in runs if run]


def _certain(text: str, catalogue: Catalogue, speaks_of_papers: bool) -> list[tuple[int, int, str]]:
    """The authors whose whole name stands in a text (start, end, name as indexed), in order."""
    found = [(start, end, p) for start, end, name in _listed(text) if (p := catalogue.authors.person(name))]
    # "Lin, Dahua" is one name and "Ziwei Liu, Dahua Lin" two: names without a comma are found first
    for run, comma, size in product(_latin_runs(text), (False, True), range(5, 1, -1)):
        for words in (run[at : at + size] for at in range(len(run) - size + 1)):
            start, end = words[0].start(), words[-1].end() - words[-1].group().endswith(".")
            name = text[start:end]
            if ("," in name) != comma or (comma and not _SURNAME_FIRST.fullmatch(name)):
                continue
            if any(start < e and s < end for s, e, _ in found) or not (person := catalogue.authors.person(name)):
                continue
            cued = speaks_of_papers or _is_rare(name, catalogue)
            if name[0].isupper() or (cued and not glossary().knows(name)):
                found.append((start, end, person))
    return sorted(found)


_COMMON = 5  # papers that hold a word, from which it is no sign of a name in small letters


def _is_rare(name: str, catalogue: Catalogue) -> bool:
    """Whether hardly a paper holds any word of a name ("chelsea finn")."""
    return all(catalogue.frequency(squash(part)) < _COMMON for part in name.split())


def _known(name: str, catalogue: Catalogue) -> bool:
    return glossary().knows(name) or catalogue.knows(glossary().term(name))


def _misspelt(name: str, catalogue: Catalogue) -> tuple[str, ...]:
    """The authors that a misspelt Latin name may mean: one part of it is right, or it sounds the same."""
    parts = re.findall(r"[a-z]+", fold(name))
    if len(parts) < 2:
        return ()
    *given, last = parts
    alike = [person for part in (*given, last) if len(part) > 1 for person in catalogue.authors.sharing(part)]
    alike += _sounds(catalogue.authors).of(f"{''.join(map(_sound, given))} {_sound(last)}")
    return tuple(difflib.get_close_matches(name, [*dict.fromkeys(alike)], n=3, cutoff=_NEAR))


_CALLED = re.compile(r" ?(?:씨|님|박사님?|교수님?|선생님?|연구원)(?:이|가|의|은|는)?$")
_CUED = re.compile(r"\b(?:by|authors?|wrote|written|from|with)\b|저자|쓴|썼|님|교수|박사", re.IGNORECASE)


def _uncertain(name: str, text: str, catalogue: Catalogue, cued: bool, sure: bool) -> People | None:
    """Look up a name that is no author's whole name; None where it is hardly a name."""
    if _HANGUL_WORD.match(name):
        name = _CALLED.sub("", name) or name
        if not hangul_people(name, catalogue)[0]:
            cut = re.sub(r"(?:이랑|하고|[과와랑])$", "", name)
            name = bare if hangul_people(bare := _SUBJECT.sub("", name), catalogue)[0] else cut
        found, near = hangul_people(name, catalogue)
    else:
        found, near = catalogue.authors.like(name), []
        if not found and not _known(name, catalogue):
            near = list(_misspelt(name, catalogue))
    if len(found) == 1 and cued:
        return People((found[0],))
    if found:
        return People(reason="ambiguous", about=name, near=tuple(found)) if cued else None
    sure = sure and (not name.isascii() or not name.islower() or bool(_CUED.search(text)))
    if not near and (not sure or any(_known(part, catalogue) for part in (name, *name.split()))):
        return None
    return People(reason="unknown_author", about=name, near=tuple(near))


_TITLED = re.compile(r" ?(?:씨|님|박사|교수|선생|연구원)")
_WROTE = re.compile(r" (?:함께 |같이 )?(?:쓴|쓰|저자|발표|참여|집필|낸|작성)")
_SUBJECT = re.compile(r"(?:이|가|의|은|는|과|와|이랑|랑)$")
_ORGANISATION = re.compile(r"[대팀사소]$")
_NAME_LENGTH = 3  # syllables of a Korean name that nothing but its family name tells


def _korean_person(text: str, span: Span, catalogue: Catalogue) -> Span | None:
    """Return a span read as a person where it is a Korean name: an author's, or one with a title or a word of writing."""
    word = _HANGUL_WORD.match(text, span.start)
    if not word:
        return None
    stem = _SUBJECT.sub("", word.group())
    behind = text[word.end() : word.end() + 12]
    for name in dict.fromkeys((word.group(), stem)):
        if len(name) != _NAME_LENGTH or name[0] not in names().families or _known(name, catalogue):
            continue
        wrote = name != word.group() and bool(_WROTE.match(behind)) and not _ORGANISATION.search(name)
        if _TITLED.match(behind) or wrote or len(_korean(name, catalogue)) == 1:
            return Span("person", name, word.start(), word.end(), span.first, span.last)
    return None


_MOST_WORDS, _LONGEST = 150, 80  # Latin words in which names are looked for; letters of a name, or of several joined
_OF_ORGANISATION = re.compile(r"[가-힣]{2,}(?:대|대학|대학교|연구소|연구팀|팀)(?:이|가|의)?")


def persons(text: str, spans: Sequence[Span], catalogue: Catalogue) -> list[Span]:
    """Return spans with Korean names of people read as such and organisations not, whatever they were tagged as."""
    read: list[Span] = []
    for span in spans:
        if span.role == "person" and (len(span.text) > _LONGEST or span.text.lower() in ENGLISH_GRAMMAR):
            continue  # "Has Matthias Niessner published …"
        if span.role in ("name", "topic", "org") or (span.role == "description" and len(span.text.split()) < 3):
            span = _korean_person(text, span, catalogue) or span
        elif span.role == "person" and _OF_ORGANISATION.fullmatch(span.text):
            stem = _SUBJECT.sub("", span.text)
            span = span if hangul_people(stem, catalogue)[0] else replace(span, role="org")
        read.append(span)
    covered = [(span.start, span.end) for span in read]
    for word in _HANGUL_WORD.finditer(text):
        if not any(start < word.end() and word.start() < end for start, end in covered):
            bare_word = Span("topic", word.group(), word.start(), word.end(), 0, 0)
            person = _korean_person(text, bare_word, catalogue)
            read += [person] if person and hangul_people(person.text, catalogue)[0] else []
    return read


_PLACE = re.compile(
    r"(?:첫 ?번째|첫째|두 ?번째|마지막|(?<!\d)제? ?[12]|주|교신|책임) ?저자"
    r"|\b(?:first|second|lead|leading|last|senior|corresponding|main|principal)[ -]author(?:s|ed)?\b",
    re.IGNORECASE,
)


def names_a_place(text: str) -> bool:
    """Whether a text speaks of a place among the authors of a paper, which digests do not tell.

    >>> names_a_place("제1저자가 Tri Dao인 논문"), names_a_place("papers with Tri Dao as lead author"), names_a_place("저자 1명")
    (True, True, False)
    """
    return bool(_PLACE.search(text))


def _parts(span: Span) -> list[tuple[int, str]]:
    """Return the names that a span joins ("Dahua Lin and Ziwei Liu"), each with where it stands in the question."""
    parts: list[tuple[int, str]] = []
    at = 0
    for joint in _JOINT.finditer(span.text):
        parts.append((span.start + at, span.text[at : joint.start()]))
        at = joint.end()
    return [*parts, (span.start + at, span.text[at:])]


def people_in(text: str, spans: Sequence[Span], catalogue: Catalogue) -> People:
    """Return whom a question names: authors by their whole name wherever it stands, and the spans tagged as people.

    Spans tagged as excluded name people who are not wanted: they are left out.
    """
    tagged = [span for span in spans if span.role == "person"]
    unwanted = [(span.start, span.end) for span in spans if span.role in ("excluded", "description")]
    certain = [
        (start, end, name)
        for start, end, name in _certain(text, catalogue, speaks_of_papers=bool(tagged))
        if not any(start < b and a < end for a, b in unwanted)
    ]
    people: dict[str, None] = dict.fromkeys(name for _, _, name in certain)
    for span in tagged:
        whole = _SURNAME_FIRST.fullmatch(span.text) and catalogue.authors.like(span.text)
        for at, part in [(span.start, span.text)] if whole else _parts(span):
            if any(start < at + len(part) and at < end for start, end, _ in certain):
                continue
            name = re.sub(rf"\s?{_TITLE}$", "", part.strip(" .,'’"))
            if fold(name.split()[0] if name.split() else "") in NUMERALS or name.isdecimal():
                continue
            read = _uncertain(name, text, catalogue, cued=True, sure=True) if name else None
            if read and read.reason:
                return read
            people.update(dict.fromkeys(read.names if read else ()))
    return People(tuple(people), spans=tuple((start, end) for start, end, _ in certain))
