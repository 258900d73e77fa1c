"""The words of a sentence as claims: which are denied, which have an opposite, what something is compared with, how many.

Reads Korean and English by rules over words. Knows no evidence and no paper; `alignment` compares what is read here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from pathlib import Path

import yaml

from rag.language.analysis import latin_stem
from rag.language.numbers import numbers
from rag.language.terms import fold

OPPOSITES = Path(__file__).parent / "opposites.yaml"
MAX_WORDS = 120  # of one statement; a long bullet has about sixty
MAX_LETTERS = 40  # of a word

_WORD = re.compile(r"[a-z]+(?:[-'’][a-z]+)*|[가-힣]+|\d+(?:[.,]\d+)*")
_PARTICLE = re.compile(
    r"(?:보다[는도]?|에서[는도]?|에게[는도]?|으?로[는도서써]?|[은는이가을를의에와과도만]|에[는도]|까지|부터|처럼|이?라는|이?나|인|입니다|이며|들은|들이|들을)$"
)
_CLAUSE_END = re.compile(r"[.;:!?,()]")
_SENTENCE_END = re.compile(r"[.;:!?]")
_NEGATORS = frozenset(
    (
        "not no never without cannot neither nor none lacks lacking hardly barely unlike instead rather absent nothing nobody fail fails failed "
        "unable seldom rarely little scarcely avoids avoid needless"
    ).split()
)
_REACH = 4  # words that an English negator denies
_BUT = frozenset("but while whereas although though however yet".split())
_KOREAN_NEGATOR = re.compile(r"^(?:않|못|없|아니|아닌|아닙|안$|덜$|말고|대신)|[가-힣](?:지않|없이$|지못)")
_KOREAN_REACH = 2
_THAN = frozenset("than versus vs unlike over against".split())
_BEATS = re.compile(
    r"(?:out(?:perform|do|strip|match)|surpass|exceed|beat|overtake|overtook|best|top|match|rival)(?:s|es|ed|ing|en)?$"
)
_COMPARED = re.compile(r"compar(?:ed|ison|ing)$")
_TRAILS = re.compile(r"(?:trail|lag|underperform|lose)(?:s|ed|ing)?$")
_KOREAN_BEATEN = re.compile(r"^(?:능가|앞[서섭섰선지질]|넘어[서섰선섭]|제치|제쳤|이[겼깁]|추월|압도)")
_KOREAN_BEHIND = re.compile(r"^(?:뒤[처쳐졌지진집떨]|못미치|미치지|밀[리렸])")
_ROLE = re.compile(r"[은는이가을를]$|에서|보다|으?로$|에$|도$")
_VERBS = frozenset(
    "is are was were be been has have had does do did gets got get can could will scores score reaches reach achieves achieve shows show "
    "runs performs perform works preserve preserves received receives needs uses produces remains becomes became outperform outperforms".split()
)
_STOPS = frozenset("on in at with while and by for when but where which that as to from of using".split())
_STANDARD_BEFORE = re.compile(r"^(?:비해|비하|비교|대비|견주)")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a statement.

    `denied` tells whether something beside it negates it; `poles` are its places in the dimensions of `opposites.yaml`, 1 or
    -1 with the negation counted in; `standard` whether it names what something is compared with; `starts` whether a mark stands before it, `stops` whether
    that mark ends more than a phrase.
    """

    text: str
    denied: bool
    poles: Mapping[int, int]
    standard: bool
    quantity: str = ""
    particle: str = ""
    starts: bool = False
    stops: bool = False


@dataclass(frozen=True)
class _Opposites:
    """The dimensions in which words are opposed: English stems and Korean beginnings, each with its places."""

    stems: Mapping[str, dict[int, int]]
    beginnings: Mapping[str, dict[int, int]]
    longest: int
    dimensions: int

    def of(self, word: str) -> dict[int, int]:
        """Return the places of a word, by dimension."""
        if word[0] < "가":
            return self.stems.get(latin_stem(word), {})
        for end in range(min(len(word), self.longest), 0, -1):
            found = self.beginnings.get(word[:end])
            if found and (end > 1 or len(word) == 1 or _PARTICLE.fullmatch(word[1:])):
                return found
        return {}


@lru_cache(maxsize=1)
def _opposites() -> _Opposites:
    stems: defaultdict[str, dict[int, int]] = defaultdict(dict)
    beginnings: defaultdict[str, dict[int, int]] = defaultdict(dict)
    dimension = -1
    for dimension, sides in enumerate(yaml.safe_load(OPPOSITES.read_text(encoding="utf-8"))):
        for words, pole in zip(sides, (1, -1), strict=True):
            for word in map(str, words):
                place = beginnings[word] if word[0] >= "가" else stems[latin_stem(word)]
                place[dimension] = 0 if place.get(dimension, pole) != pole else pole
    return _Opposites(dict(stems), dict(beginnings), max(map(len, beginnings)), dimension + 1)


def dimensions() -> int:
    """Return how many dimensions of opposites there are."""
    return _opposites().dimensions


def opposed(word: str) -> Mapping[int, int]:
    """Return the places of a word in small letters, by dimension: 1 or -1, and 0 where it stands on both sides."""
    return _opposites().of(word)


_CALLED = re.compile(r"(?<![A-Za-z])[A-Z][A-Za-z0-9]*[A-Z0-9][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*")
_INTRODUCES = re.compile(r"제안|소개|도입|개발|구축|이라는|라는|\b(?:introduc|propos|present|call|name|develop|build)")
_NEAR = 40  # letters to each side of a name


def introduced(text: str) -> set[str]:
    """Return the names, in small letters, that a statement introduces as its paper's own.

    >>> sorted(introduced("We propose NAUF, which beats GPT-4 in a test of what a model has forgotten."))
    ['nauf']
    """
    found = set()
    for match in _CALLED.finditer(text):
        before, after = text[max(match.start() - _NEAR, 0) : match.start()], text[match.end() : match.end() + _NEAR]
        beside = f"{before[-15:]}{after}" if "가" <= after.lstrip("()")[:1] <= "힣" else before[-20:]
        if _INTRODUCES.search(beside) and not after.startswith(("보다", "를 ", "을 ", "와 ", "과 ")):
            found.add(fold(match.group()))
    return found


# How many, in words: what no figure says. Each with the least and the greatest value that it can stand for.
_QUANTITIES = (
    (r"\bhalf\b|\bhalv(?:e|es|ed|ing)\b|절반|반으로|반만", "half", (Decimal("0.45"), Decimal("0.55"))),
    (r"\b(?:a|one) third\b|\bthirds?\b(?= of)|삼분의|3분의", "third", (Decimal("0.3"), Decimal("0.7"))),
    (r"\b(?:a|one) quarter\b|\bquarters?\b(?= of)|사분의|4분의", "quarter", (Decimal("0.2"), Decimal("0.3"))),
    (r"\bdoubl(?:e|es|ed|ing)\b|\btwice\b|\btwofold\b|[두2] ?배(?![치포열경])|갑절|곱절", "double", (Decimal(2), Decimal(2))),
    (r"\btripl(?:e|es|ed|ing)\b|\bthrice\b|\bthreefold\b|세 ?배(?![치포열경])", "triple", (Decimal(3), Decimal(3))),
    (r"\bdozens?\b|\btens of\b(?! (?:thou|mil|bil))|수십 ?(?=[^만억조 ])|수십$", "tens", (Decimal(12), Decimal(99))),
    (r"\bhundreds\b(?! of (?:thou|mil|bil))|수백 ?(?![만억])", "hundreds", (Decimal(100), Decimal(999))),
    (r"\b(?<!of )thousands\b|수천 ?(?![만억])", "thousands", (Decimal(1000), Decimal(9999))),
    (r"\b(?:tens|hundreds) of thousands\b|수만|수십만", "ten thousands", (Decimal(10_000), Decimal(999_999))),
    (r"\b(?:tens of |hundreds of )?millions\b|수백만|수천만", "millions", (Decimal(1_000_000), Decimal(999_999_999))),
    (r"\b(?:tens of |hundreds of )?billions\b|수억|수십억|수백억|수천억", "billions", (Decimal(100_000_000), Decimal(10**12))),
    (r"\btrillions\b|수조", "trillions", (Decimal(10**12), Decimal(10**15))),
)  # fmt: skip
_QUANTITY = re.compile("|".join(f"(?P<q{n}>{pattern})" for n, (pattern, _, _) in enumerate(_QUANTITIES)))


def readable(text: str) -> bool:
    """Whether a statement has no more words than `read` returns."""
    return sum(1 for _ in islice(_WORD.finditer(fold(text)), MAX_WORDS + 1)) <= MAX_WORDS


def quantities(text: str) -> dict[int, tuple[str, Decimal, Decimal]]:
    """Return the quantities that a folded text says in words, by where they stand: a name, the least and the greatest value."""
    found = {}
    for match in _QUANTITY.finditer(text):
        _, name, (least, most) = _QUANTITIES[int(str(match.lastgroup)[1:])]
        found[match.start()] = (name, least, most)
    return found


def values_of(text: str) -> frozenset[Decimal]:
    """Return all values that figures of a text stand for; of a percentage the share too."""
    found = {value for figure in numbers(text) for value, _ in figure.readings}
    shares = {value / 100 for figure in numbers(text) for value, unit in figure.readings if unit == "%"}
    return frozenset(found | shares)


def _english_denied(words: list[str], breaks: set[int]) -> set[int]:
    denied: set[int] = set()
    for at, word in enumerate(words):
        if word in _NEGATORS or word.endswith(("n't", "n’t")):
            for after in range(at + 1, min(at + 1 + _REACH, len(words))):
                if after in breaks or words[after] in _BUT:
                    break
                denied.add(after)
        elif word in ("less", "least") and at + 1 < len(words):
            denied.add(at + 1)
    return denied


def _korean_denied(words: list[str], breaks: set[int]) -> set[int]:
    denied: set[int] = set()
    for at, word in enumerate(words):
        if not _KOREAN_NEGATOR.search(word):
            continue
        if word in ("안", "못", "덜"):
            denied.add(min(at + 1, len(words) - 1))
            continue
        for before in range(at, max(at - _KOREAN_REACH, 0) - 1, -1):
            denied.add(before)
            if before in breaks:
                break
    return denied


def _sides(words: list[str], particles: list[str], breaks: set[int]) -> Iterator[tuple[set[int], set[int], int]]:
    """Yield each comparison: the words of what is compared, of what it is compared with, and the place that says how."""
    for at, word in enumerate(words):
        clause = max((b for b in breaks if b <= at), default=0)
        end = min((b for b in breaks if b > at), default=len(words))
        if word[0] < "가":
            yield from _english_sides(words, at, clause, end)
        if particles[at].startswith("보다") or _STANDARD_BEFORE.match(word):
            last = at if particles[at].startswith("보다") else at - 1
            first = last
            while first - 1 >= clause and last - first < 3 and not _ROLE.match(particles[first - 1]):
                first -= 1
            if last >= clause:
                yield _subject(particles, clause, first), set(range(first, last + 1)), at
        elif _KOREAN_BEATEN.match(word) or _KOREAN_BEHIND.match(word):
            objects = [place for place in range(clause, at) if particles[place] in ("을", "를", "에", "에게")]
            if objects:
                first = last = objects[-1]
                while first - 1 >= clause and last - first < 3 and not _ROLE.match(particles[first - 1]):
                    first -= 1
                yield _subject(particles, clause, first), set(range(first, last + 1)), at


def _subject(particles: list[str], clause: int, end: int) -> set[int]:
    """Return the words of the last subject of a Korean clause before a place."""
    for place in range(end - 1, clause - 1, -1):
        if particles[place] in ("은", "는", "이", "가", "들은", "들이"):
            first = place
            while first - 1 >= clause and place - first < 3 and not _ROLE.match(particles[first - 1]):
                first -= 1
            return set(range(first, place + 1))
    return set()


def _english_sides(words: list[str], at: int, clause: int, end: int) -> Iterator[tuple[set[int], set[int], int]]:
    word, after = words[at], at + 1
    if _COMPARED.match(word) and words[after : after + 1] in (["to"], ["with"]):
        after += 1
    elif word == "behind" or word == "below":
        pass
    elif not (word in _THAN or _BEATS.match(word) or _TRAILS.match(word)):
        return
    stop = after
    while stop < min(end, after + 5) and not (stop > after and words[stop] in _STOPS):
        stop += 1
    verb = next((place for place in range(clause, at + 1) if words[place] in _VERBS or place == at), at)
    yield set(range(clause, verb)), set(range(after, stop)), at


@dataclass(frozen=True)
class Comparison:
    """One thing compared with another. `sign` is 1 where the first is ahead, -1 where it is behind, 0 where that is not said."""

    first: frozenset[int]
    second: frozenset[int]
    sign: int
    dimensions: frozenset[int]


def comparisons(words: Sequence[Word]) -> list[Comparison]:
    """Return the comparisons of a statement; an empty side is what the statement is about."""
    texts, particles = [w.text for w in words], [w.particle for w in words]
    breaks = {at for at, w in enumerate(words) if w.starts}
    found = []
    for first, second, at in _sides(texts, particles, breaks):
        if _BEATS.match(texts[at]) or _KOREAN_BEATEN.match(texts[at]):
            sign, dimensions = 1, frozenset[int]()
        elif _TRAILS.match(texts[at]) or _KOREAN_BEHIND.match(texts[at]) or texts[at] in ("behind", "below"):
            sign, dimensions = -1, frozenset[int]()
        else:
            places = (
                range(at + 1, min(at + 8, len(words)))
                if texts[at][0] >= "가" or particles[at]
                else range(at - 1, max(at - 5, -1), -1)
            )
            told = next((words[place].poles for place in places if words[place].poles), {})
            sign, dimensions = (1 if sum(told.values()) > 0 else -1 if sum(told.values()) < 0 else 0), frozenset(told)
        if any(words[place].denied for place in (at,)):
            sign = -sign
        found.append(Comparison(frozenset(first), frozenset(second), sign, dimensions))
    return found


def read(text: str) -> list[Word]:
    """Return the words of a statement, in order, at most MAX_WORDS. A particle behind a Latin word or a bracket belongs to what stands before.

    >>> [(w.text, w.denied, w.standard) for w in read("It is not slower than llama") if w.denied or w.standard]
    [('slower', True, False), ('than', True, False), ('llama', True, True)]
    """
    folded = fold(text)
    matches: list[re.Match[str]] = []
    particles: list[str] = []
    for match in _WORD.finditer(folded):
        word = match.group()[:MAX_LETTERS]
        beside = matches and folded[matches[-1].end() : match.start()] in ("", ")")
        if beside and word[0] >= "가" and _PARTICLE.fullmatch(word):
            particles[-1] = word
            continue
        if len(matches) == MAX_WORDS:
            break
        matches.append(match)
        ending = _PARTICLE.search(word) if word[0] >= "가" and len(word) > 1 else None
        particles.append(ending.group() if ending and ending.start() else "")
    words = [match.group()[:MAX_LETTERS] for match in matches]
    ends = [0, *(match.end() for match in matches)]
    breaks = {at for at, match in enumerate(matches) if _CLAUSE_END.search(folded, ends[at], match.start())}
    denied = _english_denied(words, breaks) | _korean_denied(words, breaks)
    standards = {place for _, second, _ in _sides(words, particles, breaks) for place in second}
    amounts = quantities(folded)
    return [
        Word(
            word, at in denied,
            {d: -p if at in denied else p for d, p in _opposites().of(word).items() if p},
            at in standards,
            next((name for place, (name, _, _) in amounts.items() if match.start() <= place < match.end()), ""),
            particles[at], at in breaks, at in breaks and bool(_SENTENCE_END.search(folded, ends[at], match.start())),
        )
        for at, (word, match) in enumerate(zip(words, matches, strict=True))
    ]  # fmt: skip
