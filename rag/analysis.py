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

from rag.terms import fold
from rag.text import clean

MAX_RUN = 400  # characters between blanks handed to Kiwi at once: it is quadratic in them

# Nouns, roots, numerals, verb and adjective stems, adverbs carry meaning; particles and endings do not.
_KEPT = ("NN", "NR", "XR", "VV", "VA", "MAG", "MM")
_KOREAN_STOP = frozenset(
    (
        "논문 연구 제안 제시 본 이 그 저 것 수 등 통하 위하 대하 따르 하 되 있 없 않 같 보 이러 그러 새롭 기존 방법 소개 활용 사용 가능 또한 "
        "우리 및 더 가장 다양"
    ).split()
)
_ENGLISH_STOP = frozenset(
    (
        "a all also an and any approach approaches are as at be been between both but by can could did do does each for from had has "
        "have how in into introduce introduced introduces is it its may method methods might more most new no not novel of on one or "
        "other our over paper papers present presented presents propose proposed proposes should show shows some study such than that "
        "the their these they this those to under use used using via was we were what when where which who whom whose why will with "
        "work would"
    ).split()
)
_RUN = re.compile(r"[a-z0-9]+")


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
    return f"terms-2:kiwi-{version('kiwipiepy')}:stemmer-{version('PyStemmer')}"


def latin_terms(text: str) -> list[str]:
    """Return stemmed English words and numbers, in order.

    >>> latin_terms("VMamba uses State-Space models")
    ['vmamba', 'use', 'state', 'space', 'model']
    """
    stem = _stemmer()
    return [stem(run) for run in _RUN.findall(fold(text)) if run not in _ENGLISH_STOP and len(run) <= 64]


def _guarded(text: str) -> str:
    """Break runs without blanks that would take Kiwi too long."""
    return re.sub(rf"(\S{{{MAX_RUN}}})(?=\S)", r"\1 ", clean(text))


def _terms(text: str, tokens: Iterable[Any]) -> list[str]:
    korean = [token.form for token in tokens if token.tag.startswith(_KEPT) and token.form not in _KOREAN_STOP]
    return korean + latin_terms(text)


def terms(text: str) -> list[str]:
    """Return the index terms of one text; may be empty.

    >>> terms("강화 학습으로 언어 모델을 정렬합니다")
    ['강화', '학습', '언어', '정렬']
    """
    return list(_terms_of(text))


@lru_cache(maxsize=2048)  # a question is looked at from several sides, and the same papers answer many
def _terms_of(text: str) -> tuple[str, ...]:
    text = _guarded(text)
    return tuple(_terms(text, _kiwi().tokenize(text))) if text else ()


def terms_of_all(texts: Sequence[str]) -> list[list[str]]:
    """Return the index terms of many texts, on all cores."""
    guarded = [_guarded(text) for text in texts]
    return [_terms(text, tokens) for text, tokens in zip(guarded, _kiwi().tokenize(iter(guarded)), strict=True)]
