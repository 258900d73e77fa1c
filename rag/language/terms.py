"""Terms as people write them: a name with particles, other spacing, hyphens, case, Hangul spelling or a known synonym.

`Glossary` groups spellings of one thing; `spots` finds where a spelling really stands in a text. Knows no papers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from rag.errors import SettingsError

GLOSSARY = Path(__file__).parent / "glossary.yaml"
_JOINTS = re.compile(r"[\s\-_‐‑–·/]+")
_NO_JOINTS = {code: None for code in range(128) if _JOINTS.match(chr(code))}
_JOINT_BYTES = bytes(_NO_JOINTS)
_WIDE_JOINTS = re.compile("[" + "".join(chr(code) for code in range(0x80, 0x3001) if _JOINTS.match(chr(code))) + "]")
_CHUNK = re.compile(r"[A-Za-zÀ-ɏ]+|\d+(?:\.\d+)*|[가-힣]+|[^\s\-_‐‑–·/]")
_ACCENTED = re.compile(r"[\u00c0-\u024f]")
_HANGUL = re.compile(r"[가-힣]")
_PARTICLE = re.compile(
    r"(?:들?(?:[은는이가을를의에도만와과로]|에[서게는도]|으로|까지|부터|보다|처럼|마다)|이?[나라]|이?라는|이?며|들|인|이다|입니다)(?![가-힣])"
)


def fold(text: str) -> str:
    """Return text in lower case without accents on Latin letters; as long as the text itself.

    >>> fold("Guédon의 LLaMA")
    'guedon의 llama'
    """
    low = text.lower()
    if text.isascii() or (len(low) == len(text) and not _ACCENTED.search(low)):
        return low
    return "".join(_fold_letter(letter) for letter in text)


@lru_cache(maxsize=4096)
def _fold_letter(letter: str) -> str:
    if "가" <= letter <= "힣":
        return letter
    low = letter.lower()
    bare = unicodedata.normalize("NFD", low)[0] if low else letter
    return bare if len(bare) == 1 else letter


def squash(text: str) -> str:
    """Return text folded, without blanks, hyphens and the like: what all spellings of a compound share.

    >>> squash("State-Space 모델") == squash("statespace모델")
    True
    """
    low = fold(text)
    return low.translate(_NO_JOINTS) if low.isascii() else _JOINTS.sub("", low)


def squashed(text: str) -> bytes:
    """Return what `squash` does, as UTF-8, in half the time.

    >>> squashed("State-Space 모델").decode()
    'statespace모델'
    """
    narrow = _WIDE_JOINTS.sub("", fold(text))
    return narrow.encode("utf-8", "surrogatepass").translate(None, _JOINT_BYTES)


class _Shape:
    """What is looked for of a spelling, and what must hold where it is found."""

    def __init__(self, variant: str) -> None:
        parts: list[str] = []
        for chunk in _CHUNK.findall(fold(variant)):
            if _HANGUL.match(chunk) and len(chunk) > 2:
                parts.append(r"\s?".join(chunk))
            else:
                parts.append(re.escape(chunk))
        self.pattern = re.compile(r"[\s\-_‐‑–·/]{0,2}".join(parts) or r"(?!)")
        self.literal = bool(self.pattern.fullmatch(fold(variant)))  # not of "a---b", nor of nothing
        self.variant, self._short = variant, len(_HANGUL.findall(variant)) <= 2
        self._single = bool(_HANGUL.fullmatch(variant))
        self._unbroken = len(variant) > 1 and bool(_HANGUL.match(variant)) and variant[1] != " "
        self._numbered = any(map(str.isdecimal, variant))
        self._cased = any(
            map(str.isupper, variant[1:])
        )  # DoRA: part of a name only as it is written, so not of DoraCycle
        self.acronym = variant.isascii() and variant.isupper() and variant.isalpha() and len(variant) <= 5

    def holds(self, text: str, start: int, end: int) -> bool:
        """Whether a place is a word of its own or a camel-case part of one, and the spelling's own word."""
        if self._numbered and start and _latin(text[start - 1]):
            return False
        if not _starts_word(text, start, self._short) or not _ends_word(text, end):
            return False
        if self._unbroken and start and text[start + 1] == " " and _HANGUL.match(text[start - 1]):
            return False  # “다양한 국어” is no 한국어
        if self._single and _HANGUL.match(text, end) and not _PARTICLE.match(text, end):
            return False  # 손실 is no 손
        part = self._cased and (_latin(text[start - 1 : start]) or text[end : end + 1].isupper())
        return not (self.acronym or part) or text[start:end] == self.variant


_shape = lru_cache(maxsize=32768)(_Shape)


def _latin(letter: str) -> bool:
    return letter.isalpha() and not _HANGUL.match(letter)


def _starts_word(text: str, at: int, short: bool) -> bool:
    if at == 0:
        return True
    before, here, after = text[at - 1], text[at], text[at + 1 : at + 2]
    if _HANGUL.match(here):
        if before in "비준반" and (at == 1 or not _HANGUL.match(text[at - 2])):
            return False  # 비지도 학습 is no 지도 학습
        return not (short and _HANGUL.match(before))
    if here.isdecimal():
        return not (before.isdecimal() or _latin(before) or (before in ".," and at > 1 and text[at - 2].isdecimal()))
    if not _latin(here) or not (_latin(before) or before.isdecimal()):
        return True
    return here.isupper() and (before.islower() or (before.isupper() and after.islower()))


def _ends_word(text: str, end: int) -> bool:
    if end >= len(text):
        return True
    last, nxt, then = text[end - 1], text[end], text[end + 1 : end + 2]
    if _HANGUL.match(last):
        return True
    if last.isdecimal():
        return not (nxt.isdecimal() or _latin(nxt) or (nxt in ".," and then.isdecimal()))
    if not _latin(last) or not (_latin(nxt) or nxt.isdecimal()):
        return True
    if nxt == "s" and not (then.isalpha() and _latin(then)):
        return True
    if nxt.isdecimal():
        return True
    return nxt.isupper() and (last.islower() or then.islower())


def spots(text: str, variant: str, folded: str | None = None) -> Iterator[tuple[int, int]]:
    """Yield where a spelling stands in a text as a word of its own or as a camel-case part of one.

    >>> [*spots("VMamba와 MambaMixer, mambo", "Mamba")], [*spots("Ashkan", "KAN")], [*spots("드라마", "라마")]
    ([(1, 6), (8, 13)], [], [])

    A numbered name is only itself: MiniGPT-5 is no GPT-5.
    """
    shape, at = _shape(variant), 0
    folded = fold(text) if folded is None else folded
    while match := shape.pattern.search(folded, at):
        held = shape.holds(text, *match.span())
        if held:
            yield match.span()
        at = match.end() if held else match.start() + 1


def stands(text: str, variant: str, folded: Callable[[], str] | None = None) -> bool:
    """Whether a spelling stands in a text: `spots` yields a place. As it is written is quick to tell; else it takes `folded`.

    >>> stands("VMamba와 MambaMixer", "Mamba"), stands("Mambo", "Mamba"), stands("mamba", "Mamba"), stands("rl", "RL")
    (True, False, True, False)
    """
    shape = _shape(variant)
    at = text.find(variant) if shape.literal else -1
    while at >= 0:
        if shape.holds(text, at, at + len(variant)):
            return True
        at = text.find(variant, at + 1)
    return not shape.acronym and any(spots(text, variant, folded() if folded else None))


_WORD = re.compile(r"[^\W\d_가-힣]+")


@lru_cache(maxsize=32768)
def _spelled_out(variants: tuple[str, ...]) -> frozenset[str]:
    """The Latin words of spellings that are longer than a word, without a plural's s."""
    words = (_words(variant) for variant in variants)
    return frozenset(word for some in words if len(some) > 1 for word in some)


def _words(text: str) -> list[str]:
    return [word.rstrip("s") or word for word in _WORD.findall(fold(text))]


@lru_cache(maxsize=32768)
def _introduced(acronym: str) -> re.Pattern[str]:
    return re.compile(rf"\s*[(;,]\s*{acronym}s?\s*[);,]")


def means_another(text: str, variant: str, variants: tuple[str, ...]) -> bool:
    """Whether a text spells an acronym out, before it and a bracket or comma, by words that none of its spellings has.

    >>> speech = ("text-to-speech", "TTS", "음성 합성")
    >>> means_another("확장(Test-Time Scaling; TTS)", "TTS", speech), means_another("Text-to-Speech (TTS)", "TTS", speech)
    (True, False)
    """
    own = _spelled_out(variants) if _shape(variant).acronym else frozenset()
    for match in _introduced(variant).finditer(text) if own else ():
        words = _words(text[max(0, match.start() - 40 * len(variant)) : match.start()])[-len(variant) :]
        if "".join(word[0] for word in words) == variant.lower():
            return own.isdisjoint(words)
    return False


_EDITION = re.compile(r"(\S(?:.{0,38}\S)?)[ -]?(\d{1,2}(?:\.\d)?)")
_BITS = re.compile(r"(?<![\d.])(\d{1,4}(?:\.\d{1,3})?)[\s-]?(?:비트|bits?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Term:
    """One thing a question names: what the person wrote, and every spelling that counts as the same."""

    text: str
    variants: tuple[str, ...]


_PLAIN = re.compile(r"- \[((?:[^\[\]{}:#&*!|>'\"%@`]|(?<=\w)['@:](?=\w))+)\]\s*")
_NO_TEXT = re.compile(r"(?:[-+.\d_]+|y|n|yes|no|on|off|true|false|null|~)", re.IGNORECASE)


def _groups(text: str) -> object:
    """Read the groups of a glossary. Lines without YAML's special signs are read here, twenty times as fast as by a parser."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    matches = [_PLAIN.fullmatch(line) for line in lines]
    groups = [[part.strip() for part in match.group(1).split(",")] for match in matches if match]
    plain = len(groups) == len(lines) and not any(
        _NO_TEXT.fullmatch(part) or not part for group in groups for part in group
    )
    return groups if plain else yaml.safe_load(text)


class Glossary:
    """Groups of spellings, Korean and English, that mean the same thing. The first of a group is its usual name."""

    def __init__(self, groups: Sequence[Sequence[str]]) -> None:
        self.groups = [tuple(group) for group in groups]
        self._group_of: dict[str, tuple[str, ...]] = {}
        self._squash = lru_cache(maxsize=8192)(squash)  # the words of questions and of ways of asking
        for group in self.groups:
            for spelling in group:
                self._group_of.setdefault(squash(spelling), group)

    @classmethod
    def read(cls, path: Path = GLOSSARY) -> Glossary:
        """Read the glossary file. Raises SettingsError with the place of a mistake and what to write instead."""
        try:
            data = _groups(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise SettingsError(f"The glossary {path.name} cannot be read: {error}") from error
        if not isinstance(data, list):
            raise SettingsError(
                f"The glossary {path.name} is not a list of groups. Write one group a line: - [Mamba, 맘바]"
            )
        owner: dict[str, int] = {}
        for number, group in enumerate(data, start=1):
            where = f"Group {number} of the glossary {path.name}"
            if not isinstance(group, list) or not group:
                raise SettingsError(f"{where} is no list of spellings: {group!r}. Write it as: - [Mamba, 맘바]")
            for spelling in group:
                if not isinstance(spelling, str):
                    raise SettingsError(
                        f'{where} holds {spelling!r}, which YAML does not read as text. Put it in quotes: "{spelling}"'
                    )
                if len(squash(spelling)) < 2 and not _HANGUL.search(spelling):
                    raise SettingsError(
                        f"{where} holds “{spelling}”; a spelling needs at least two letters. Take it out."
                    )
                if owner.setdefault(squash(spelling), number) != number:
                    raise SettingsError(
                        f"{where} holds “{spelling}”, which stands in group {owner[squash(spelling)]} too. Keep it in one of them."
                    )
        return cls(data)

    def term(self, text: str) -> Term:
        """Return the term of a spelling: its group, or the spelling alone."""
        key = self._squash(text)
        plural = key.isascii() and key.endswith("s")
        group = self._group_of.get(key) or (self._group_of.get(key[:-1]) if plural else None)
        return Term(text, group or self._edition(text) or _of_bits(text) or (text,))

    def _edition(self, text: str) -> tuple[str, ...]:
        """Return the spellings of a name with the number of its edition: “Segment Anything 2” is “SAM 2”; none of others."""
        match = _EDITION.fullmatch(text)
        group = self._group_of.get(self._squash(match[1])) if match else None
        return (text, *(f"{variant} {match[2]}" for variant in group)) if match and group else ()

    def knows(self, text: str) -> bool:
        """Whether a spelling stands in a group."""
        return self._squash(text) in self._group_of


def _of_bits(text: str) -> tuple[str, ...]:
    """Return the spellings of a number of bits; none of another text."""
    bits = _BITS.fullmatch(text)
    return (text, f"{bits[1]}비트", f"{bits[1]}-bit") if bits else ()


@lru_cache(maxsize=1)
def glossary() -> Glossary:
    """Return the product's glossary."""
    return Glossary.read()
