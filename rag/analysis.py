"""Text into index terms: Kiwi morphemes of Korean, stemmed words and camel-case parts of English, no stop words.

The same analysis runs at ingest and at query; its fingerprint is part of what a generation is built with.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.metadata import version
from typing import Any

from rag.text import clean

MAX_RUN = 400  # characters between blanks handed to Kiwi at once: it is quadratic in them

# Nouns, roots, foreign words, numbers and verb or adjective stems carry meaning; endings and particles do not.
_KEPT = frozenset(
    {"NNG", "NNP", "NR", "XPN", "XR", "SL", "SN", "SH", "VV", "VA", "VV-R", "VA-R", "VV-I", "VA-I", "W_SERIAL"}
)
_KOREAN_STOP = frozenset(
    (
        "논문 연구 저자 방법 모델 제안 기존 통하 위하 대하 있 없 되 하 같 다양 가능 사용 이용 활용 결과 성능 높 보이 나타내 관하 본 우리 이 그 저 것 수 등 및 때문 경우 또한 그러나 따르 의하 "
        "알리 찾 보 주 무엇 어떤 어떻게"
    ).split()
)
_ENGLISH_STOP = frozenset(
    (
        "a an and are as at be been being but by can could did do does for from had has have how i if in into is it its "
        "may more most no nor not of on one or our out over so some such than that the their them then there these they "
        "this those through to up via was we were what when where which while who whom whose why will with within without "
        "would you your paper papers method methods model models propose proposes proposed show shows present presents "
        "introduce introduces using use used uses approach approaches also both new novel based"
    ).split()
)
_LATIN_RUN = re.compile(r"[A-Za-zÀ-ɏ0-9][A-Za-zÀ-ɏ0-9.+\-_/]*")
_CAMEL = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")


@lru_cache(maxsize=1)
def _kiwi() -> Any:
    from kiwipiepy import Kiwi

    return Kiwi(load_multi_dict=False, num_workers=2)


class Stemmer(threading.local):
    """The English stemmer, one a thread: its C state is not shared."""

    def __init__(self) -> None:
        import Stemmer as snowball

        self._stem = snowball.Stemmer("english").stemWord

    def __call__(self, word: str) -> str:
        """Return the stem of a lower-case word."""
        return str(self._stem(word))


@lru_cache(maxsize=1)
def _stemmer() -> Stemmer:
    return Stemmer()


def fingerprint() -> str:
    """Return what identifies this analysis: a generation analysed otherwise must be analysed anew."""
    return f"terms-1:kiwi-{version('kiwipiepy')}:stemmer-{version('PyStemmer')}"


def latin_terms(text: str) -> list[str]:
    """Return stemmed English words, whole compounds and their parts, in order.

    >>> latin_terms("VMamba uses State-Space models")
    ['vmamba', 'mamba', 'statespac', 'state', 'space']
    """
    stem = _stemmer()
    out: list[str] = []
    for run in _LATIN_RUN.findall(text):
        run = run.rstrip(".-+_/")
        parts = [part.lower() for piece in re.split(r"[.\-_/]", run) for part in _CAMEL.findall(piece) if len(part) > 1]
        whole = run if re.fullmatch(r"\d+\.\d+", run) else re.sub(r"[.\-_/+]", "", run).lower()
        terms = [whole, *parts] if parts != [whole] else [whole]
        out.extend(stem(term) for term in terms if term and term not in _ENGLISH_STOP and len(term) <= 64)
    return out


def _guarded(text: str) -> str:
    """Break runs without blanks that would take Kiwi too long."""
    return re.sub(rf"(\S{{{MAX_RUN}}})(?=\S)", r"\1 ", clean(text))


def _terms(text: str, tokens: Iterable[Any]) -> list[str]:
    korean = [
        token.form
        for token in tokens
        if token.tag in _KEPT and token.tag not in ("SL", "SN") and token.form not in _KOREAN_STOP
    ]
    return korean + latin_terms(text)


def terms(text: str) -> list[str]:
    """Return the index terms of one text; may be empty.

    >>> terms("강화 학습으로 언어 모델을 정렬합니다")
    ['강화', '학습', '언어', '정렬']
    """
    text = _guarded(text)
    return _terms(text, _kiwi().tokenize(text)) if text else []


def terms_of_all(texts: Sequence[str]) -> list[list[str]]:
    """Return the index terms of many texts, on all cores."""
    guarded = [_guarded(text) for text in texts]
    return [_terms(text, tokens) for text, tokens in zip(guarded, _kiwi().tokenize(iter(guarded)), strict=True)]
