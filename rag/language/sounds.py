"""How words sound: a Hangul word and a Latin name as one sequence of sounds, and how far two sequences are apart.

A capital is a consonant (`C` that of *go*, `G` that of *sing*), runs of small letters are vowels: `x` is the vowel that
Korean puts between consonants, `v` that of 어. `R` is an r that no vowel follows, which most readers drop. Digits are themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice, product

_INITIALS = "C K N D T L M B P S S _ J J J K T P H".split()
_VOWELS = "a e ia ie v e iv ie o ua ue ue io u uv ue ui iu x i i".split()
_FINALS = "_ K K K N N N T L L L L L L L L M P P T T G T T K T P T".split()
_MOST_READINGS = 12  # of one name
_MOST_SOUNDS = 40  # letters of a word that are read

_LETTERS = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        "에이 비 씨 디 이 에프 지 에이치 아이 제이 케이 엘 엠 엔 오 피 큐 알 에스 티 유 브이 더블유 엑스 와이 제트".split(),
        strict=True,
    )
)
_FIGURES = tuple(
    dict(zip("0123456789", said.split(), strict=True))
    for said in ("제로 원 투 쓰리 포 파이브 식스 세븐 에이트 나인", "영 일 이 삼 사 오 육 칠 팔 구")
)
_POINT = "점"

# What each Latin letter and those behind it sound like, the first spelling that fits; readings that differ stand with | between.
_SPELLINGS = r"""
a[iy]=ei a[uw]=o a(?=[^aeiouywrx]e$)=ei a=a
b=B
ch(?=[rl])=K ch=J|K ck=K cc(?=[eiy])=KS c(?=[eiy])=S c=K
dg(?=e)=J d=D
eau=o ee=i ea=i|e e[iy]=ei e[uw]=iu (?<=[aeiouy].)e$= (?<=[aeiouy]..)e$= e=e
f=P
^gh=C ght=T gh= ^gn=N gn$=N g(?=[eiy])=J|C g=C
h(?=[aeiouy])=H h=
igh=ai ie(?=.)=i|ie i(?=[^aeiouywrx]e$)=ai i=i
j=J
^kn=N k=K
(?<=[^aeiouy])le$=vL l=L
mb$=M m=M
ng(?=e)=NJ|GC ng(?=[aiouyl])=GC ng=G n(?=k)=G n=N
oo=u ou=au|u ow=au|o o[iy]=oi oa=o oe$=o o=o
ph=P ^ps=S p=P
qu=Ku q=K
r(?=e$)=R (?<=[aeiouy])r(?![aeiouy])=R r=L
sch(?=[aeiou])=SK sch=S sh=S sions?$=SvN|JvN sion=SvN|JvN s=S
tch=J tions?$=SvN|JvN tion=SvN|JvN ture=JvR th=S|D ts$=J t=T
u(?=[^aeiouywrx]e$)=iu u=v|u
v=B
^wh=u ^wr=L w=u
^x=J x=KS
y=i
z=J
"""
_RULES = re.compile(r"(?<!\S)(\S+)=(\S*)")


@lru_cache(maxsize=1)
def _spellings() -> dict[str, list[tuple[re.Pattern[str], list[str]]]]:
    """Return the spellings by the letter that they begin with, the last spelling of their line."""
    table = {}
    for line in _SPELLINGS.strip().splitlines():
        rules = _RULES.findall(line)
        table[rules[-1][0]] = [(re.compile(spelling), sounds.split("|")) for spelling, sounds in rules]
    return table


_RUNS = re.compile(r"[A-Za-z]+|\d+(?:\.\d+)?")
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+(?:\.\d+)?")
_CAPITALS = 5  # letters up to which capitals are read one by one
_SOUND = re.compile(r"[a-z]+|[A-Z0-9]")


def hangul_sounds(word: str) -> str:
    """Return the sounds of a Hangul word; digits stay as they are.

    >>> hangul_sounds("맘바"), hangul_sounds("스위치"), hangul_sounds("라마 3")
    ('MaMBa', 'SxuiJi', 'LaMa3')
    """
    made = []
    for letter in word[:_MOST_SOUNDS]:
        if letter.isdecimal():
            made.append(letter)
        elif "가" <= letter <= "힣":
            code = ord(letter) - 0xAC00
            made += [_INITIALS[code // 588], _VOWELS[code % 588 // 28], _FINALS[code % 28]]
    return "".join(made).replace("_", "")


@lru_cache(maxsize=4096)
def _spelled(word: str) -> tuple[str, ...]:
    """Return the readings of a Latin word in small letters."""
    word = re.sub(r"([b-df-hj-np-tv-z])\1+", r"\1", word)
    options, at = [], 0
    while at < len(word):
        for pattern, sounds in _spellings()[word[at]]:
            if match := pattern.match(word, at):
                options.append(sounds)
                at = match.end()
                break
    return tuple(dict.fromkeys("".join(choice) for choice in islice(product(*options), 6)))


def _by_letters(word: str) -> str:
    return hangul_sounds("".join(_LETTERS[letter] for letter in word.lower()))


def _figured(number: str, said: dict[str, str] | None) -> str:
    """Return the sounds of a number: its digits, or the words for them in a language."""
    if said is None:
        return number.replace(".", "")
    point = _POINT if said is _FIGURES[1] else ""
    return hangul_sounds("".join(said.get(sign, point) for sign in number))


@lru_cache(maxsize=1024)
def latin_sounds(name: str) -> tuple[str, ...]:
    """Return the ways in which a Latin name may be read: as words or letter by letter, digits as they stand or in words.

    >>> "JiPiTi4" in latin_sounds("GPT-4"), "MaMBa" in latin_sounds("Mamba"), "aLuvN" in latin_sounds("R1")
    (True, True, True)
    """
    parts = _PARTS.findall(name)
    numbered = any(part[0].isdecimal() for part in parts)
    readings: dict[str, None] = {}
    for said in (None, *_FIGURES) if numbered else (None,):
        if said is _FIGURES[1] and not re.search("[134678]", name):
            continue  # 이 and 오 are no more than vowels
        for pieces, by_letter in ((_RUNS.findall(name), False), (parts, False), (parts, True)):
            options = [_read(piece, said, by_letter=by_letter) for piece in pieces]
            readings |= dict.fromkeys("".join(choice) for choice in islice(product(*options), _MOST_READINGS))
    return tuple(readings)


def _read(piece: str, said: dict[str, str] | None, *, by_letter: bool) -> tuple[str, ...]:
    """Return the readings of one piece of a name: letters or a number."""
    if piece[0].isdecimal():
        return (_figured(piece, said),)
    return (
        (_by_letters(piece),) if by_letter and piece.isupper() and len(piece) <= _CAPITALS else _spelled(piece.lower())
    )


# --- How far apart ---------------------------------------------------------------------------------------------------
_VOICED = 0.2  # g for k: of loans the two are heard apart, but not behind a vowel
_ALIKE = {frozenset(pair): cost for pair, cost in (
    ("SJ", 0.3), ("ST", 0.3), ("TJ", 0.4), ("DS", 0.3), ("NG", 0.35), ("LR", 0.1), ("CK", _VOICED), ("DT", _VOICED), ("BP", _VOICED), ("KJ", 0.6),
)}  # fmt: skip
_OTHER = 1.0  # another consonant
_DROPPED = {"H": 0.35, "R": 0.05}  # what is easily not heard; every other consonant is dear
_TWICE = 0.03  # a double letter
_VOWEL, _VOWEL_DROPPED = 0.3, 0.35
_LOOSE = frozenset("aoeu")  # what 어 may stand for


def parts_of(sounds: str) -> list[str]:
    """Return a sequence of sounds as consonants and runs of vowels."""
    return _SOUND.findall(sounds)


def _lost(sounds: Sequence[str], at: int) -> float:
    """Return what it costs that one sequence has a sound in a place and the other nothing."""
    sound, before = sounds[at], next((sound for sound in reversed(sounds[:at]) if sound != "x"), "")
    if sound[0].isupper():
        return _TWICE if sound == before else _DROPPED.get(sound, _OTHER)
    if sound.isdecimal():
        return 2 * _OTHER
    return 0.02 if sound == "x" else 0.1 if sound == "i" and before == "J" else _VOWEL_DROPPED


def _changed(one: str, other: str) -> float:
    """Return what it costs that two sequences have different sounds in one place."""
    if one == other:
        return 0.0
    if one[0].islower() != other[0].islower() or one.isdecimal() or other.isdecimal():
        return 2 * _OTHER
    if one[0].isupper():
        return _ALIKE.get(frozenset((one, other)), _OTHER)
    return _vowels_apart(one, other)


@lru_cache(maxsize=4096)
def _vowels_apart(one: str, other: str) -> float:
    """Return how unlike two runs of vowels are: little where they share a vowel or one is the loose 어."""
    ones, others = set(one) - {"x"}, set(other) - {"x"}
    if not ones or not others:
        return 0.15
    if ones & others:
        return 0.06 if one[0] == other[0] or one[-1] == other[-1] else 0.12
    if ("v" in ones and others & _LOOSE) or ("v" in others and ones & _LOOSE):
        return 0.1
    return 0.2 if any(ones & pair and others & pair for pair in _NEAR) else _VOWEL


_NEAR = (set("ae"), set("ei"), set("ao"), set("ou"), set("iu"))


def apart(one: Sequence[str], other: Sequence[str], most: float) -> float:
    """Return how far two sequences of sounds are apart; more than `most` where they surely are.

    >>> apart(parts_of("SxuiJiHeDx"), parts_of("SuiJHeD"), 1.0) < 0.2 < apart(parts_of("MaMBa"), parts_of("LaMBa"), 1.0)
    True
    """
    row = [0.0]
    lost_of = [_lost(other, place) for place in range(len(other))]
    for lost in lost_of:
        row.append(row[-1] + lost)
    for at, sound in enumerate(one):
        lost = _lost(one, at)
        made = [row[0] + lost]
        for place, wanted in enumerate(other):
            made.append(min(made[-1] + lost_of[place], row[place + 1] + lost, row[place] + _changed(sound, wanted)))
        row = made
        if min(row) > most:
            return most + 1
    return row[-1]


_COARSE = str.maketrans("SJDGCB", "TTTNKP", "HRaeiouvx")


def keys(sounds: str) -> Iterator[str]:
    """Yield what all sequences near to one share: its consonants, roughly, with and without an r that may be dropped.

    >>> [*keys("SxuiJiHeDx")], [*keys("KaRTu")]
    (['T'], ['KT', 'KLT'])
    """
    for heard in dict.fromkeys((sounds, sounds.replace("R", "L"))):
        yield re.sub(r"([A-Z])\1+", r"\1", heard.translate(_COARSE))
