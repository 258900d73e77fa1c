"""Numbers of papers and votes that a question writes out, as digits: “1,000편”, “이천 편”, “a hundred papers”.

Pure. Small numbers in words ("세 편", "three papers") stay as they are: they may be places ("두 번째") and names too.
"""

from __future__ import annotations

import re
from decimal import Decimal

from rag.language.patterns import lazy

_SEPARATED = lazy(r"(?<![\d.,])\d{1,3}(?:,\d{3}){1,4}(?!\d|,\d|\.\d)")
_ONES = {digit: n for n, digit in enumerate("일이삼사오육칠팔구", 1)}
_UNITS = {"십": 10, "백": 100, "천": 1_000}
_MYRIADS = {"만": 10_000, "억": 100_000_000}
_NATIVE_TENS = {word: 10 * n for n, word in enumerate("열 스물 서른 마흔 쉰 예순 일흔 여든 아흔".split(), 1)} | {
    "스무": 20
}
_NATIVE_ONES = {word: n for n, word in enumerate("한 두 세 네 다섯 여섯 일곱 여덟 아홉".split(), 1)}
_END = r"(?=[^가-힣]|$|을|를|이|가|은|는|의|만|씩|도|넘|미만|보다|정도|까지|초과|받)"  # 천 개 이상, but not 천 개발자
_COUNTER = rf"(?= ?(?:편|표|건|명|개){_END})"
_SINO = lazy(
    rf"(?<![가-힣\d])(?:(?:\d{{1,4}}|[일이삼사오육칠팔구])?[십백천만억] ?){{1,9}}(?:\d{{1,3}}|[일이삼사오육칠팔구])?{_COUNTER}"
)
_NATIVE = lazy(
    rf"(?<![가-힣])(?:({'|'.join(_NATIVE_TENS)})({'|'.join(_NATIVE_ONES)})|(스무|서른|마흔|쉰|예순|일흔|여든|아흔)){_COUNTER}"
)
_TEENS = "eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_ENGLISH = {word: n for n, word in enumerate("one two three four five six seven eight nine ten".split(), 1)}
_ENGLISH |= {word: n for n, word in enumerate(_TEENS, 11)} | {"a": 1, "an": 1}
_ENGLISH |= {word: 10 * n for n, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}
_WORD = "|".join(sorted((*_ENGLISH, *_SCALES), key=len, reverse=True))
_COUNTED = r"papers?|votes?|upvotes?|likes?|most|best|top|newest|latest|oldest|recent|highest|lowest|least"
_SPELLED = lazy(
    rf"\b(?P<top>top )?(?P<number>(?:{_WORD})(?:(?:[ -]| and )(?:{_WORD})){{0,8}})(?(top)\b|(?= (?:{_COUNTED})\b))",
    re.IGNORECASE,
)
_SCALED = lazy(rf"(?<![\w.])(?P<n>\d{{1,4}}(?:\.\d)?)(?:k|e3)(?:(?= (?:{_COUNTED})\b)|{_COUNTER})", re.IGNORECASE)
_LARGE = lazy(r"\d{3,}")
_BESIDE = lazy(rf" ?(?:편|표|건|명|개){_END}| (?:{_COUNTED})\b", re.IGNORECASE)
_TOP_OF = lazy(r"(?:\btop|상위|톱|탑)[ -]?$", re.IGNORECASE)
_SMALL = 10  # English numbers in words up to which they stay words


def in_digits(text: str) -> str:
    """Return a question with its large numbers of papers and votes in plain digits.

    >>> in_digits("1,000표 이상, 이천오백 편"), in_digits("스물다섯 편"), in_digits("top one hundred and twenty papers")
    ('1000표 이상, 2500 편', '25 편', 'top 120 papers')
    >>> in_digits("top 1k papers"), in_digits("more than 1.5k votes"), in_digits("top 4K video papers")
    ('top 1000 papers', 'more than 1500 votes', 'top 4K video papers')
    >>> in_digits("세 편"), in_digits("three papers"), in_digits("이천 쌀 논문"), in_digits("a paper by one")
    ('세 편', 'three papers', '이천 쌀 논문', 'a paper by one')
    """
    text = _SEPARATED.sub(lambda match: match.group().replace(",", ""), text)
    text = _SINO.sub(lambda match: f"{sino(match.group())}{' ' * match.group().endswith(' ')}", text)
    text = _NATIVE.sub(lambda match: str(_native(match)), text)
    text = _SCALED.sub(lambda match: str(int(Decimal(match["n"]) * 1_000 // 1)), text)
    return _SPELLED.sub(_english, text)


_SO_MANY = lazy(
    r"^(?:그냥 |상위 |아무거나 )?(?P<n>[\d,]{1,12}|[일이삼사오육칠팔구십백천만 ]{1,12}|한|두|세|네|몇|다섯|여섯|일곱|여덟|아홉|열|스무) ?편(?:만|을|씩)?(?: |[?.!]*$)"
)


def with_papers(question: str) -> str:
    """Return a question that begins with a number of papers without the word for them as one that has it.

    >>> with_papers("1000편 보여줘"), with_papers("논문 두 편"), with_papers("두 편의 차이는?")
    ('논문 1000편 보여줘', '논문 두 편', '두 편의 차이는?')
    """
    counted = _SO_MANY.match(question)
    return f"논문 {question}" if counted and "논문" not in question else question


def is_large_count(text: str, start: int, end: int) -> bool:
    """Whether a part of a text is a number of three and more digits that counts papers or votes.

    >>> is_large_count("1000편", 0, 4), is_large_count("top 500", 4, 7), is_large_count("ResNet 101 논문", 7, 10)
    (True, True, False)
    """
    if not _LARGE.fullmatch(text, start, end):
        return False
    return bool(_BESIDE.match(text, end) or _TOP_OF.search(text, max(0, start - 5), start))


def sino(said: str) -> int:
    """Return the number that Sino-Korean words or digits with them mean: 이천오백, 5천."""
    whole = part = digit = 0
    for piece in re.findall(r"\d+|\S", said):
        if piece in _MYRIADS:
            whole += (part + digit or 1) * _MYRIADS[piece]
            part = digit = 0
        elif piece in _UNITS:
            part += (digit or 1) * _UNITS[piece]
            digit = 0
        else:
            digit = _ONES.get(piece) or int(piece)
    return whole + part + digit


def _native(match: re.Match[str]) -> int:
    tens, ones, alone = match.groups()
    return _NATIVE_TENS[alone] if alone else _NATIVE_TENS[tens] + _NATIVE_ONES[ones]


def _english(match: re.Match[str]) -> str:
    whole = part = 0
    for word in re.findall(r"[a-z]+", match["number"].lower()):
        if word in _ENGLISH:
            part += _ENGLISH[word]
        elif word == "hundred":
            part = (part or 1) * _SCALES[word]
        elif word in _SCALES:
            whole += (part or 1) * _SCALES[word]
            part = 0
    number = whole + part
    return f"{match['top'] or ''}{number}" if number > _SMALL else match.group()
