"""Numbers as papers write them, in Korean and English: 6억 4500만 = 645 million = 645M; 4,409 = 4409; 백만 = 1,000,000.

Pure. Names with digits (GPT-4, 3D) count as the digits they show: a name that is not in the evidence is as wrong as a figure.
"""

from __future__ import annotations

import re
from decimal import Decimal

_LARGE = {
    "천조": Decimal(10) ** 15, "조": Decimal(10) ** 12, "천억": Decimal(10) ** 11, "백억": Decimal(10) ** 10,
    "십억": Decimal(10) ** 9, "억": Decimal(10) ** 8, "천만": Decimal(10) ** 7, "백만": Decimal(10) ** 6,
    "십만": Decimal(10) ** 5, "만": Decimal(10) ** 4, "천": Decimal(10) ** 3, "백": Decimal(10) ** 2,
}  # fmt: skip
_WORDS = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_LETTERS = {"k": 3, "m": 6, "b": 9, "t": 12}
_UNIT_KO = "|".join(_LARGE)
_PLAIN = r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_KOREAN = re.compile(rf"(?:(?:{_PLAIN}) ?(?:{_UNIT_KO}) ?)+(?:(?:{_PLAIN})(?![\d.,]*\s?(?:%|배)))?")
_PART = re.compile(rf"({_PLAIN}) ?({_UNIT_KO})?")
_ENGLISH = re.compile(rf"({_PLAIN})[ -]?(thousand|million|billion|trillion)\b", re.IGNORECASE)
_SUFFIXED = re.compile(rf"({_PLAIN})([KkMBT])(?![A-Za-z])")
_HANGUL_ONLY = re.compile(
    rf"(?<![\d가-힣] )(?<![\d가-힣])({_UNIT_KO})(?= ?(?:개|명|건|장|편|토큰|단계|배|길이|이상|여|원|시퀀스|번|회))"
)


def _value(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def numbers(text: str) -> tuple[tuple[str, frozenset[Decimal]], ...]:
    """Return each number of a text with the values it can mean (12K is 12,000 and also the size "12K").

    >>> [(t, sorted(map(int, v))) for t, v in numbers("6억 4500만 개, 5x, 12K")]
    [('6억 4500만', [645000000]), ('5', [5]), ('12K', [12, 12000])]
    """
    found: dict[int, tuple[int, str, frozenset[Decimal]]] = {}

    def put(start: int, end: int, values: frozenset[Decimal]) -> None:
        if not any(s <= start < e or start <= s < end for s, (e, _, _) in found.items()):
            found[start] = (end, text[start:end].strip(), values)

    for match in _KOREAN.finditer(text):
        total = Decimal(0)
        for number, unit in _PART.findall(match.group()):
            total += _value(number) * _LARGE.get(unit, Decimal(1))
        put(match.start(), match.start() + len(match.group().rstrip()), frozenset({total}))
    for match in _ENGLISH.finditer(text):
        put(*match.span(), frozenset({_value(match.group(1)) * 10 ** _WORDS[match.group(2).lower()]}))
    for match in _SUFFIXED.finditer(text):
        number = _value(match.group(1))
        put(*match.span(), frozenset({number, number * 10 ** _LETTERS[match.group(2).lower()]}))
    for match in re.finditer(_PLAIN, text):
        put(*match.span(), frozenset({_value(match.group())}))
    for match in _HANGUL_ONLY.finditer(text):
        put(*match.span(), frozenset({_LARGE[match.group(1)]}))
    return tuple((said, values) for _, (_, said, values) in sorted(found.items()))


def values(text: str) -> frozenset[Decimal]:
    """Return every value the numbers of a text can mean."""
    return frozenset(value for _, many in numbers(text) for value in many)
