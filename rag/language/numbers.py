"""Figures as papers write them, in Korean and English: 6억 4500만 = 645 million = 645M; 5배 = 5x; 63% = 63퍼센트.

Pure. Names with digits (GPT-4, 3D) count as the digits they show: a name that is not in the evidence is as wrong as a figure.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from rag.language.patterns import lazy

_LARGE = {
    "천조": 15, "조": 12, "천억": 11, "백억": 10, "십억": 9, "억": 8, "천만": 7, "백만": 6, "십만": 5, "만": 4, "천": 3, "백": 2,
}  # fmt: skip
_MYRIADS = "만억조"  # units that count all that stands before them
_WORDS = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_LETTERS = {"k": 3, "m": 6, "b": 9, "t": 12}
_SPELLED = {
    "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10, "two": 2, "three": 3, "four": 4,
    "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "twice": 2,
}  # fmt: skip
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # full-width forms: ６３％

# What a figure counts, by how it is written right after it. "" is unknown, "n" things; all others must not be confused.
_UNITS = {
    "%p": r"%p|% ?포인트|퍼센트 ?포인트|percentage points?",
    "%": r"%|퍼센트|프로(?![가-힣])|per ?cent",
    "x": r"배(?!치|경|포|열|수|터)|[x×](?![A-Za-z0-9])|fold|times (?:faster|slower|more|fewer|less|larger|smaller|higher|lower|better|as)",
    "times": r"times",
    "ms": r"ms|밀리초|milliseconds?",
    "s": r"초(?!기|과|해|점|록|안|고|당)|s|sec(?:onds?)?",
    "min": r"분(?![의류할포석야산])|min(?:utes?)?",
    "h": r"시간|hours?|hrs?",
    "d": r"일(?![반부관정련상본대])|days?",
    "wk": r"주(?![요제로])|weeks?",
    "mo": r"개월|달(?![러성])|months?",
    "month": r"월",
    "y": r"년|years?",
    "kb": r"k(?:i?b|바이트)|킬로바이트", "mb": r"mi?b|메가바이트", "gb": r"gi?b|기가바이트", "tb": r"ti?b|테라바이트",
    "-d": r"차원|dimensional", "fps": r"fps|프레임|frames? (?:per|a) second", "hz": r"hz", "khz": r"khz|kHz", "db": r"db|데시벨", "$": r"달러|dollars?|usd", "won": r"원(?![가-힣])",
    "vote": r"표(?![준면현])|votes?",
    "n": r"[개명장편건회번종층쌍]|단계|가지|토큰|tokens?|images?|papers?|st(?:ep|age)s?|people|samples?|parameters?",
}  # fmt: skip
_UNIT = lazy(
    "[ -]?(?:" + "|".join(f"(?P<u{n}>(?:{p})(?![a-z]))" for n, p in enumerate(_UNITS.values())) + ")", re.IGNORECASE
)
_NAMES = tuple(_UNITS)
_ATTACHED = lazy("[A-Za-z]+")

_PLAIN = r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_KO = "천조|조(?![각건합명차])|천억|백억|십억|억(?!제)|천만|백만|십만|만(?![큼들족])|천(?!장)|백(?![분업])"
_FIGURE = lazy(
    rf"(?P<ko>(?:(?:{_PLAIN}) ?(?:{_KO}) ?)+(?:(?:{_PLAIN})(?![\d.,]*\s?(?:%|배)))?)"
    rf"|(?P<en>{_PLAIN})[ -]?(?P<word>thousand|million|billion|trillion)\b"
    rf"|(?P<short>{_PLAIN})(?P<letter>[kmbt])(?![A-Za-z])"
    rf"|(?P<plain>{_PLAIN})"
    rf"|(?<![가-힣])(?<!\d )(?<![수몇두세네] )(?<!여러 )(?P<bare>{_KO})(?= ?(?:개|명|건|장|편|토큰|단계|배|길이|이상|여|원|시퀀스|번|회))"
    r"|(?<![가-힣])(?P<kspell>두|세|네|다섯|여섯|일곱|여덟|아홉|열)(?= ?(?:배(?![치경포열수])|가지|개|단계|명|장|편|종|번|시간|달|쌍))"
    r"|\b(?P<espell>two|three|four|five|six|seven|eight|nine|ten|twelve|twice)\b",
    re.IGNORECASE,
)
_PART = lazy(rf"({_PLAIN}) ?({_KO})?")
_ONE_OF = lazy("분의 ?1")
_JOINS = lazy(r"\s*(?:[~–—,/·→-]|에서|부터|to|and|or|및|와|과|또는|이나)?\s*(?:and\s+|약\s+)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a text: its wording, the (value, unit) pairs it can mean, and whether it is in digits.

    12K is 12,000 and also the size "12K" (unit "k"); a unit is a key of the table above, "" where none is written. `span` is
    where it stands in the text, its unit apart.
    """

    said: str
    readings: frozenset[tuple[Decimal, str]]
    digits: bool = True
    span: tuple[int, int] = field(default=(0, 0), compare=False)

    def equals(self, other: Figure) -> bool:
        """Whether both can mean the same value, whatever its unit."""
        return bool({value for value, _ in self.readings} & {value for value, _ in other.readings})

    @property
    def claims(self) -> bool:
        """Whether a sentence states it as a measure: any digits, and spelled numbers of times or of a measured unit."""
        return self.digits or any(unit not in ("", "n", "vote") for _, unit in self.readings)

    @property
    def single(self) -> bool:
        """Whether it can be read in one way only."""
        return len(self.readings) == 1


def _value(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _korean(parts: Sequence[tuple[str, str]]) -> Decimal:
    """Return the value of digits with Korean units: 3천 4백 6십만 is 3,460 times 만, 1만 2천 is 12,000."""
    total = small = Decimal(0)
    for digits, unit in parts:
        value = _value(digits) * 10 ** _LARGE.get(unit, 0)
        myriad = _LARGE[unit[-1]] if unit and unit[-1] in _MYRIADS else 0
        if myriad:
            total, small = total + small * 10**myriad + value, Decimal(0)
        else:
            small += value
    return total + small


def _read(match: re.Match[str]) -> tuple[list[Decimal], str]:
    """Return the values of a match, and the letter that may be a scale or part of a name."""
    found = match.groupdict()
    if found["ko"]:
        return [_korean(_PART.findall(found["ko"]))], ""
    if found["en"]:
        return [_value(found["en"]) * 10 ** _WORDS[found["word"].lower()]], ""
    if found["short"]:
        letter = found["letter"].lower()
        return [_value(found["short"]) * 10 ** _LETTERS[letter], _value(found["short"])], letter
    if found["plain"]:
        return [_value(found["plain"])], ""
    if found["bare"]:
        return [Decimal(10) ** _LARGE[found["bare"]]], ""
    return [Decimal(_SPELLED[(found["kspell"] or found["espell"]).lower()])], ""


def numbers(text: str) -> tuple[Figure, ...]:
    """Return each number of a text, in order. The first of “60~70%” has the unit of the second as well.

    >>> [(f.said, sorted((int(v), u) for v, u in f.readings)) for f in numbers("6억 4500만 개, 5x, 12K")]
    [('6억 4500만', [(645000000, 'n')]), ('5', [(5, 'x')]), ('12K', [(12, 'k'), (12000, '')])]
    """
    text = text.translate(_WIDE)
    found: list[tuple[int, int, Figure]] = []
    for match in _FIGURE.finditer(text):
        values, letter = _read(match)
        end = match.start() + len(match.group().rstrip())
        named = _UNIT.match(text, end)
        unit = next((_NAMES[int(k[1:])] for k, v in named.groupdict().items() if v is not None), "") if named else ""
        if not named and (attached := _ATTACHED.match(text, end)):
            unit = f"-{attached.group().lower()}"  # 3D is another thing than 2D
        if text[match.start() - 1 : match.start()] == "$":
            unit = "$"
        if (match.group("espell") or "").lower() == "twice":
            unit = "x"
        if found and _ONE_OF.fullmatch(text, found[-1][1], end):  # 45분의 1 is 45 times less
            found[-1] = (
                *found[-1][:2],
                replace(found[-1][2], readings=frozenset((v, "x") for v, _ in found[-1][2].readings)),
            )
            continue
        readings = {(values[0], unit), *((value, letter) for value in values[1:])}
        spelled = match.group("kspell") or match.group("espell")
        found.append(
            (match.start(), end, Figure(match.group().strip(), frozenset(readings), not spelled, (match.start(), end)))
        )
    for at in range(len(found) - 2, -1, -1):
        (start, end, figure), (after, _, following) = found[at], found[at + 1]
        shared = {unit for _, unit in following.readings if unit in _UNITS and unit != "n"}
        if shared and {unit for _, unit in figure.readings} == {""} and _JOINS.fullmatch(text, end, after):
            more = {(value, unit) for value, _ in figure.readings for unit in shared}
            found[at] = (start, end, replace(figure, readings=figure.readings | more))
    return tuple(figure for _, _, figure in found)


def values(text: str) -> frozenset[Decimal]:
    """Return every value the numbers of a text can mean."""
    return frozenset(value for figure in numbers(text) for value, _ in figure.readings)


Units = Mapping[Decimal, Sequence[str]]
"""The units each value of a text stands with, one for each time it stands there."""


def units(text: str) -> Units:
    """Return what the numbers of a text can mean, by value."""
    found: defaultdict[Decimal, list[str]] = defaultdict(list)
    for figure in numbers(text):
        for value, unit in figure.readings:
            found[value].append(unit)
    return dict(found)


def _same_unit(said: str, known: str) -> bool:
    if said == known:
        return True
    if "times" in (said, known):
        return {said, known} <= {"times", "x", "n", ""}
    return said in ("", "n") and known in (("", "n", "vote") if not said else ("", "n"))


def carried(figure: Figure, *known: Units) -> bool:
    """Whether a number stands in one of these texts, with a unit that is not another one.

    >>> [carried(numbers(said)[0], units("정확도 63%")) for said in ("63퍼센트", "63 percent", "63배", "63", "73%")]
    [True, True, False, False, False]
    """
    return any(
        _same_unit(unit, other) for value, unit in figure.readings for text in known for other in text.get(value, ())
    )


def comparable(one: Figure, other: Figure) -> bool:
    """Whether two figures could stand for one another: their units, where both are written, are the same."""
    pairs = [(a, b) for _, a in one.readings for _, b in other.readings]
    return any(_same_unit(a, b) or _same_unit(b, a) for a, b in pairs)
