"""Sentences made false by code: opposites, denials, exchanges, replaced words, quantities, and details that are added.

A few of them turn out true, or are no good language; `reading` learns from very many, and the written sentences correct it.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rag.answers.claims import opposed
from rag.answers.roles import ADNOMINAL, PREPOSITIONS, connects, is_verb_stem
from rag.language.analysis import latin_stem
from rag.language.text import Language

Span = tuple[int, int]
_LATIN = re.compile(r"[A-Za-z]+(?:[-'’][A-Za-z]+)*")
_EOJEOL = re.compile(r"[가-힣A-Za-z0-9-]+")
_ENDINGS = ("ing", "ed", "ly", "er", "est", "es", "s", "")
_STOPS = frozenset(
    "a an the of to in on at by for from with as and or but nor so than then that this these those it its their they we our us he she his her is are was were be "
    "been being has have had do does did can could will would may might must should not no which who whom whose what when where how why while if whether each "
    "every all any some both more most less least many few much several other another such same also only just very too there here into onto over under about "
    "between among through during before after above below up down out off again further once one two three".split()
)
_PARTICLED = re.compile(r"^(.{2,}?)(은|는|이|가|을|를|에서|으로|로|에|보다|와|과|의|에는|에서는)$")
_ALLOMORPHS = {
    "은": "은는",
    "는": "은는",
    "이": "이가",
    "가": "이가",
    "을": "을를",
    "를": "을를",
    "와": "과와",
    "과": "과와",
}
_GROUPS = {p: n for n, group in enumerate(("은는이가", "을를", "로", "에", "보다", "의", "와과")) for p in group}
_GROUPS |= {"으로": 2, "에서": 3, "에는": 3, "에서는": 3, "보다": 4}
_KOREAN_DENIALS = (
    ("할 수 있습니다", "할 수 없습니다"), ("할 수 있다", "할 수 없다"), ("수 있는", "수 없는"), ("합니다", "하지 않습니다"), ("됩니다", "되지 않습니다"), ("한다", "하지 않는다"),
    ("된다", "되지 않는다"), ("했습니다", "하지 않았습니다"), ("했다", "하지 않았다"), ("되었다", "되지 않았다"), ("되었습니다", "되지 않았습니다"), ("하는", "하지 않는"),
    ("되는", "되지 않는"), ("이다", "이 아니다"), ("입니다", "이 아닙니다"), ("있습니다", "없습니다"), ("있다", "없다"), ("하며", "하지 않으며"), ("하고", "하지 않고"), ("보인다", "보이지 않는다"),
    ("준다", "주지 않는다"), ("줍니다", "주지 않습니다"), ("보입니다", "보이지 않습니다"),
)  # fmt: skip
_ENGLISH_DENIALS = (
    (r"\b(is|are|was|were|can|could|will|would|should|may|might|must)\b(?! not)", r"\1 not"),
    (r"\b(?:not|never) ", ""), (r"\bcannot\b", "can"), (r"\bwithout\b", "with"), (r"\bwith\b", "without"), (r"\bno (?=[a-z])", "some "),
    (r"\b(?:we|to) (?=[a-z]+)", r"\g<0>not "),
)  # fmt: skip
_AMOUNTS = {
    "en": (
        "two three four five six seven eight ten twenty fifty".split(),
        "half twice double triple thrice a-quarter-of a-third-of".split(),
        "dozens hundreds thousands millions billions".split(),
        "several many few most all some none".split(),
        "always usually often sometimes rarely never".split(),
        "only mainly partly entirely".split(),
    ),
    "ko": (
        "두 세 네 다섯 여섯 일곱 여덟 열 스무".split(),
        "절반 두-배 세-배 삼분의-일 사분의-일".split(),
        "수십 수백 수천 수만 수백만 수십억".split(),
        "모든 일부 대부분의 여러 소수의".split(),
        "항상 대개 자주 가끔 드물게 결코".split(),
        "오직 주로 일부만 모두 전부".split(),
    ),
}
_ORGANISATIONS = {
    "en": "Google,Meta,OpenAI,Microsoft,Naver,Samsung,Apple,Amazon,NVIDIA,Stanford University,MIT,Tsinghua University,Kakao,Baidu,IBM,Adobe,Huawei".split(","),
    "ko": "구글,메타,오픈AI,마이크로소프트,네이버,삼성전자,애플,아마존,엔비디아,스탠퍼드 대학,카이스트,칭화대,카카오,바이두,어도비,화웨이,서울대,LG".split(","),
}  # fmt: skip
_CAUSES = {
    "en": re.compile(r" (?:because(?: of)?|due to|thanks to|since) [^,.;:()]{12,70}$"),
    "ko": re.compile(r"^[^,.]{6,40}?(?:때문에|덕분에|므로)(?= )"),
}
_PRONOUNS = frozenset("we it they this these our he she you i there one such both all here".split())
_KOREAN_PRONOUNS = frozenset("우리 이것 그것 저자 저자들 논문 연구 방법 이 그 본".split())
_IS = frozenset("is are was were has have can could will would may might does do".split())
_TAIL = re.compile(r"\b(?:with|by|using|on|for|through|from|without|during|before|after|in) [a-z][^,.;:()]{4,60}$")
_HEAD = re.compile(r"^(?:\S+ ){0,2}\S*(?:으로|에서|통해|위해|하여|사용해|없이|이용해)(?= )")


@dataclass(frozen=True)
class Mutated:
    """A sentence made false; `wrong` are the places of what is false in it."""

    kind: str
    text: str
    wrong: tuple[Span, ...]


def _ending(word: str) -> str:
    return next(e for e in _ENDINGS if word.endswith(e)) if word[0] < "가" else word[-2:]


def with_particle(stem: str, particle: str) -> str:
    """Return a stem with a particle in the form that its last letter asks for; behind a Latin one it stays as it is."""
    last = stem[-1]
    closed = (ord(last) - 0xAC00) % 28 if "가" <= last <= "힣" else None
    if closed is None:
        return stem + particle
    if particle in ("로", "으로"):
        return stem + ("으로" if closed not in (0, 8) else "로")
    forms = _ALLOMORPHS.get(particle)
    return stem + (particle if forms is None else forms[0] if closed else forms[1])


def _noun(word: str) -> bool:
    low = word.lower()
    return len(word) > 2 and low not in _STOPS and not low.endswith(("ly", "ed")) and not is_verb_stem(latin_stem(low))


def _nouns(text: str, language: Language) -> list[tuple[int, int, str, str]]:
    """Return the nouns of a text with what stands behind them: start, end of the stem, stem, particle."""
    found = []
    if language == "en":
        for match in _LATIN.finditer(text):
            if _noun(match.group()):
                found.append((match.start(), match.end(), match.group(), ""))
        return found
    for match in _EOJEOL.finditer(text):
        parted = _PARTICLED.match(match.group())
        if parted and not ADNOMINAL.search(match.group()) and not connects(match.group()):
            found.append((match.start(), match.start() + len(parted[1]), parted[1], parted[2]))
    return found


class Mutator:
    """Makes sentences false with the words of a collection; `near` returns words that are like one another."""

    def __init__(self, texts: Iterable[tuple[str, Language]], near: Callable[[str], Sequence[str]]) -> None:
        self.near = near
        self.opposed: defaultdict[tuple[int, int, str], Counter[str]] = defaultdict(Counter)
        self.nouns: dict[str, list[str]] = {"en": [], "ko": []}
        self.details: dict[str, list[str]] = {"en": [], "ko": []}
        self.causes: dict[str, list[str]] = {"en": [], "ko": []}
        counts = Counter[str]()
        for text, language in texts:
            counts.update(m.group() for m in (_LATIN if language == "en" else _EOJEOL).finditer(text))
            detail = (_TAIL if language == "en" else _HEAD).search(text.rstrip(". "))
            if detail:
                self.details[language].append(detail.group())
            cause = _CAUSES[language].search(text.rstrip(". "))
            if cause:
                self.causes[language].append(cause.group())
            self.nouns[language].extend(noun for _, _, noun, _ in _nouns(text, language)[:3])
        for word, count in counts.items():
            if count > 2:
                for dimension, pole in opposed(word.lower()).items():
                    self.opposed[dimension, pole, _ending(word.lower())][word] += count

    def _opposite(self, text: str, language: Language, rng: random.Random) -> Mutated | None:
        places = []
        for match in (_LATIN if language == "en" else _EOJEOL).finditer(text):
            word = match.group().lower()
            for dimension, pole in opposed(word).items():
                others = self.opposed.get((dimension, -pole, _ending(word)))
                if pole and others:
                    places.append((match.start(), match.end(), others))
        if not places:
            return None
        start, end, others = rng.choice(places)
        new = rng.choices(list(others), [count**0.5 for count in others.values()])[0]
        return Mutated("opposite", text[:start] + new + text[end:], ((start, start + len(new)),))

    def _denial(self, text: str, language: Language, rng: random.Random) -> Mutated | None:
        if language == "ko":
            pairs = [pair for both in _KOREAN_DENIALS for pair in (both, both[::-1])]
            rng.shuffle(pairs)
            for old, new in pairs:
                at = text.rfind(old)
                if at >= 0 and not (
                    old.startswith(("하", "되", "있", "한", "된", "했")) and text[max(at - 2, 0) : at].endswith("지 ")
                ):
                    return Mutated("denial", text[:at] + new + text[at + len(old) :], ((at, at + len(new)),))
            return None
        rules = list(_ENGLISH_DENIALS)
        rng.shuffle(rules)
        for rule, new in rules:
            match = re.search(rule, text)
            if match:
                put = match.expand(new)
                rest = text[match.end() :]
                stop = (
                    match.start()
                    + len(put)
                    + (len(rest) - len(rest.lstrip()) + len(rest.split()[0]) if rest.split() and not put else 0)
                )
                return Mutated("denial", text[: match.start()] + put + rest, ((match.start(), stop),))
        for match in _LATIN.finditer(text):
            word = match.group()
            if (
                word.endswith("s")
                and len(word) > 4
                and word.islower()
                and is_verb_stem(latin_stem(word))
                and not word.endswith("ss")
            ):
                base = word[:-2] if re.search(r"(?:ches|shes|sses|xes)$", word) else word[:-1]
                put = f"does not {base}"
                return Mutated(
                    "denial",
                    text[: match.start()] + put + text[match.end() :],
                    ((match.start(), match.start() + len(put)),),
                )
        return None

    def _exchange(self, text: str, language: Language, rng: random.Random) -> Mutated | None:
        nouns = _nouns(text, language)
        if language == "en":
            nouns = _phrases(text, nouns)
        pairs = []
        for i, one in enumerate(nouns):
            for other in nouns[i + 1 : i + 5]:
                between = text[one[1] : other[0]]
                if one[2].lower() == other[2].lower():
                    continue
                if language == "ko":
                    if _GROUPS.get(one[3]) != _GROUPS.get(other[3]):
                        pairs.append((one, other))
                elif any(
                    w in PREPOSITIONS or is_verb_stem(latin_stem(w)) or w in ("is", "are")
                    for w in re.findall("[a-z]+", between)
                ):
                    pairs.append((one, other))
        if not pairs:
            return None
        one, other = rng.choice(pairs)
        first, second = with_particle(other[2], one[3]), with_particle(one[2], other[3])
        head, middle = text[: one[0]], text[one[1] + len(one[3]) : other[0]]
        tail = text[other[1] + len(other[3]) :]
        second_at = len(head) + len(first) + len(middle)
        return Mutated(
            "exchange",
            head + first + middle + second + tail,
            ((len(head), len(head) + len(first)), (second_at, second_at + len(second))),
        )

    def _replaced(self, text: str, language: Language, rng: random.Random) -> Mutated | None:
        nouns = _nouns(text, language)
        if not nouns:
            return None
        start, end, stem, particle = rng.choice(nouns)
        like = self.near(stem.lower()) if rng.random() < 0.6 else ()
        new = rng.choice(like or self.nouns[language])
        if rng.random() < 0.06:
            new = rng.choice(_ORGANISATIONS[language])
        if latin_stem(new.lower()) == latin_stem(stem.lower()) or new[:2] == stem[:2]:
            return None
        put = with_particle(new, particle)
        return Mutated("replaced", text[:start] + put + text[end + len(particle) :], ((start, start + len(put)),))

    def _amount(self, text: str, language: Language, rng: random.Random) -> Mutated | None:
        for group in rng.sample(_AMOUNTS[language], len(_AMOUNTS[language])):
            for word in group:
                match = re.search(
                    rf"(?<![A-Za-z가-힣]){word.replace('-', ' ')}(?![A-Za-z])" + ("(?= )" if len(word) == 1 else ""),
                    text,
                )
                if match:
                    new = rng.choice([other for other in group if other != word]).replace("-", " ")
                    return Mutated(
                        "amount",
                        text[: match.start()] + new + text[match.end() :],
                        ((match.start(), match.start() + len(new)),),
                    )
        return None

    def _detail(self, text: str, language: Language, rng: random.Random) -> Mutated | None:
        if not self.details[language]:
            return None
        new = rng.choice(self.details[language])
        if language == "en":
            body = text.rstrip(". ")
            return Mutated("detail", f"{body} {new}.", ((len(body) + 1, len(body) + 1 + len(new)),))
        return Mutated("detail", f"{new} {text}", ((0, len(new)),))

    def _cause(self, text: str, language: Language, rng: random.Random) -> Mutated | None:
        """Give a sentence the reason of another one."""
        if not self.causes[language]:
            return None
        new = rng.choice(self.causes[language])
        bare = _CAUSES[language].sub("", text.rstrip(". ")).strip()
        if language == "en":
            return Mutated("cause", f"{bare}{new}.", ((len(bare) + 1, len(bare) + len(new)),))
        return Mutated("cause", f"{new} {bare}.", ((0, len(new)),))

    def make(self, text: str, language: Language, rng: random.Random) -> Mutated | None:
        """Make a sentence false in one of the ways that it offers."""
        ways = rng.choices(
            (self._opposite, self._denial, self._exchange, self._replaced, self._amount, self._detail, self._cause),
            (4, 3, 5, 4, 3, 1, 1),
            k=4,
        )
        return next((made for way in ways if (made := way(text, language, rng)) and made.text != text), None)


def _parted(text: str, language: Language) -> tuple[str, str] | None:
    """Return the subject of a sentence and the rest; None where the first is a pronoun or cannot be told."""
    if language == "ko":
        subject = next((noun for noun in _nouns(text, "ko") if noun[3] in ("은", "는", "이", "가")), None)
        if subject is None or subject[1] > len(text) / 2 or subject[2] in _KOREAN_PRONOUNS:
            return None
        end = subject[1] + len(subject[3])
        return text[:end], text[end:].lstrip()
    words = list(_LATIN.finditer(text))[:9]
    low = [match.group().lower() for match in words]
    if not low or low[0] in _PRONOUNS or low[0] in PREPOSITIONS or low[0] in ("when", "if", "while", "although", "as"):
        return None
    for at in range(1, len(words)):
        verb = low[at] in _IS or (is_verb_stem(latin_stem(low[at])) and low[at].endswith("s"))
        if verb and low[at - 1] not in _STOPS:
            return text[: words[at].start()].rstrip(), text[words[at].start() :]
    return None


def recombined(one: str, other: str, language: Language) -> str | None:
    """Let the subject of one sentence do what another one tells: both parts are told, but not of one another.

    >>> recombined("The encoder reads audio.", "A router selects experts.", "en")
    'The encoder selects experts.'
    """
    first, second = _parted(one, language), _parted(other, language)
    if first is None or second is None:
        return None
    plural = first[1].split()[0] in ("are", "were", "have"), second[1].split()[0] in ("are", "were", "have")
    words = [
        {word[:4] for word in re.findall(r"[a-z0-9]+|[가-힣]+", part[0].lower())} - _STOPS for part in (first, second)
    ]
    if words[0] & words[1] or plural[0] != plural[1]:
        return None
    return f"{first[0]} {second[1]}"


def _phrases(text: str, nouns: Sequence[tuple[int, int, str, str]]) -> list[tuple[int, int, str, str]]:
    """Join nouns that stand beside one another."""
    found: list[tuple[int, int, str, str]] = []
    for start, end, word, _ in nouns:
        if found and text[found[-1][1] : start] == " ":
            found[-1] = (found[-1][0], end, text[found[-1][0] : end], "")
        else:
            found.append((start, end, word, ""))
    return found
