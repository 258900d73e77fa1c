"""Days that a question writes out or writes as others do, in the form that days are read in: “유월 십일일”, “11.06.2024”, “令和6年”.

Pure. Only the wording changes: whether a day can be is told where days are read.
"""

from __future__ import annotations

import re

from rag.language.counts import sino
from rag.language.date_patterns import KO_END
from rag.language.patterns import lazy

_HAN = dict(zip("〇零一二三四五六七八九十", "영영일이삼사오육칠팔구십", strict=True))
_HAN_UNIT = {"年": "년", "月": "월", "日": "일", "号": "일", "號": "일"}
_HAN_DAY = lazy(rf"(?P<n>\d{{1,4}}|[{''.join(_HAN)}]{{1,6}}) ?(?P<unit>[{''.join(_HAN_UNIT)}])")
_ONES = "일이삼사오육칠팔구"
_DIGIT = {"영": "0", **{word: str(n) for n, word in enumerate(_ONES, 1)}}
_KO_YEAR = lazy(
    rf"(?<![가-힣])(?P<n>이천(?:[{_ONES}]?십)?[{_ONES}]?) ?년(?=도| |$|[{_ONES}유시]|에|의|부터|까지|이후|이전)"
)
_MONTH = rf"(?:[{_ONES[2:]}]?십[{_ONES}]?|[{_ONES}유시영])"
_DAY = rf"(?:[{_ONES}]?십[{_ONES}]?|[{_ONES}영])"
_KO_DAY = lazy(
    rf"(?:(?<![가-힣])|(?<=년))(?:(?P<month>{_MONTH})월(?: ?(?P<day>{_DAY})일)?|(?P<digits>\d{{1,2}}월) ?(?P<of>{_DAY})일){KO_END}"
)
_SAID_MONTH = {"유": "육", "시": "십"}  # 유월, 시월
_ERAS = {
    "단기": -2333, "dangi": -2333, "불기": -544, "서기": 0, "민국": 1911, "중화민국": 1911, "minguo": 1911, "民国": 1911, "民國": 1911,
    "레이와": 2018, "reiwa": 2018, "令和": 2018, "헤이세이": 1988, "heisei": 1988, "平成": 1988, "쇼와": 1925, "showa": 1925, "昭和": 1925,
}  # fmt: skip
_ERA = lazy(
    rf"(?<![A-Za-z가-힣])(?P<era>{'|'.join(sorted(_ERAS, key=len, reverse=True))}) ?(?P<n>\d{{1,4}})(?P<unit> ?년| (?=[A-Z])|(?![\w]))",
    re.IGNORECASE,
)
_DAY_FIRST = lazy(r"(?<![\w./-])(?P<a>\d{1,2})(?P<sep>[./-])(?P<b>\d{1,2})(?P=sep)(?P<y>\d{4})(?![\d./-])")
_TIME = lazy(r"(?P<day>\d{4}-\d\d-\d\d)[T ]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?(?!\d)")
_NTH = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth".split()
_NTH_MONTH = lazy(rf"\b(?P<nth>{'|'.join(_NTH)})(?= month of )", re.IGNORECASE)
_MONTHS = 12


def days_in_digits(text: str) -> str:
    """Return a question with its days in the digits and the order that days are read in.

    >>> days_in_digits("이천이십사년 유월 십일일 논문"), days_in_digits("二〇二四年六月 논문"), days_in_digits("단기 4357년 논문")
    ('2024년 6월 11일 논문', '2024년6월 논문', '2024년 논문')
    >>> days_in_digits("papers of 31/06/2024"), days_in_digits("11.06.2024 논문"), days_in_digits("on 2024-06-11T09:30")
    ('papers of 2024-06-31', '2024-06-11 논문', 'on 2024-06-11')
    >>> days_in_digits("이월 상품 논문"), days_in_digits("삼일절 논문"), days_in_digits("오월동주")
    ('2월 상품 논문', '삼일절 논문', '오월동주')
    """
    text = _HAN_DAY.sub(_han, text) if not text.isascii() else text
    text = _KO_YEAR.sub(lambda match: f"{sino(match['n'])}년", text)
    text = _KO_DAY.sub(_korean, text)
    text = _ERA.sub(_common_era, text)
    text = _DAY_FIRST.sub(_year_first, text)
    text = _TIME.sub(lambda match: match["day"], text)
    return _NTH_MONTH.sub(lambda match: f"{_NTH.index(match['nth'].lower()) + 1}th", text)


def _han(match: re.Match[str]) -> str:
    number = match["n"]
    if not number[0].isdecimal():
        said = "".join(_HAN[letter] for letter in number)
        number = str(sino(said)) if "십" in said else "".join(_DIGIT[letter] for letter in said)
    return f"{number}{_HAN_UNIT[match['unit']]}"


def _korean(match: re.Match[str]) -> str:
    if match["digits"]:
        return f"{match['digits']} {_number(match['of'])}일"
    month = _SAID_MONTH.get(match["month"], match["month"])
    return f"{_number(month)}월" + (f" {_number(match['day'])}일" if match["day"] else "")


def _number(said: str) -> int:
    return 0 if said == "영" else sino(said)


def _common_era(match: re.Match[str]) -> str:
    return f"{int(match['n']) + _ERAS[match['era'].lower()]}{match['unit']}"


def _year_first(match: re.Match[str]) -> str:
    """Return a day that ends in its year with the year first. With slashes the month is first, unless only the other way it is one."""
    a, b = int(match["a"]), int(match["b"])
    month, day = (a, b) if match["sep"] == "/" and not a > _MONTHS >= b else (b, a)
    return f"{match['y']}-{month:02d}-{day:02d}"
