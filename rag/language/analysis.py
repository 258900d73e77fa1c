"""Text into index terms: Kiwi morphemes of Korean, stemmed words and camel-case parts of English, no stop words.

Korean is analysed word by word, each on its own: a word gives the same terms in every text and in a question, and is
analysed once however often it occurs (56,000 distinct ones among 650,000 of the real digests). The same analysis runs at
ingest and at query; its fingerprint is part of what a generation is built with.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.metadata import version
from typing import Any

from rag.language.terms import fold
from rag.language.text import clean

MAX_RUN = 400  # letters of a word handed to Kiwi at once: it is quadratic in them

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
# A counter is told by the number before it: alone, 장의 of 한 장의 is a funeral.
_NUMBER = r"(?:[0-9]{1,9}|한|두|세|네|다섯|여섯|일곱|여덟|아홉|열|몇|여러|수십|수백|수천|수만) "
_WORD = re.compile(rf"(?:{_NUMBER})?\w+")
_HANGUL = re.compile("[가-힣ㄱ-ㆎ]")


@lru_cache(maxsize=1)
def _kiwi() -> Any:
    from kiwipiepy import Kiwi

    # Without its lists of typing errors and of names it starts in .6 s in place of 1, and finds as much (docs/experiments.md).
    return Kiwi(
        load_multi_dict=False, load_typo_dict=False, load_default_dict=False, integrate_allomorph=False, num_workers=2
    )


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
    return f"terms-3:kiwi-{version('kiwipiepy')}:stemmer-{version('PyStemmer')}"


@lru_cache(maxsize=8192)
def latin_stem(word: str) -> str:
    """Return the stem of an English word, in lower case.

    >>> latin_stem("reduces") == latin_stem("Reducing")
    True
    """
    return _stemmer()(word.lower())


def latin_terms(text: str) -> list[str]:
    """Return stemmed English words and numbers, in order.

    >>> latin_terms("VMamba uses State-Space models")
    ['vmamba', 'use', 'state', 'space', 'model']
    """
    stem = _stemmer()
    return [stem(run) for run in _RUN.findall(fold(text)) if run not in _ENGLISH_STOP and len(run) <= 64]


def _words(text: str) -> list[str]:
    """Return the words of a text that hold Hangul, in order, each with the number before it; long ones in parts of MAX_RUN letters."""
    words = [word for word in _WORD.findall(clean(text)) if _HANGUL.search(word)]
    return [word[at : at + MAX_RUN] for word in words for at in range(0, len(word), MAX_RUN)]


def _morphemes(tokens: Sequence[Any]) -> str:
    """Return the terms of a word from what Kiwi makes of it, with blanks between."""
    return " ".join(t.form for t in tokens if t.tag.startswith(_KEPT) and t.form not in _KOREAN_STOP)


_known: Mapping[str, str] = {}


def remember(words: Mapping[str, str]) -> None:
    """Take what this very analysis once made of words, so that they need no Kiwi, which takes .6 s and 250 MB to start."""
    global _known
    _known = words


def ready() -> None:
    """Load what a word that was never seen before needs."""
    _kiwi().tokenize("연")


def spaced(text: str) -> str:
    """Return a Korean text with the blanks that its writer left out. Loads Kiwi.

    >>> spaced("프롬프트압축논문")
    '프롬프트 압축 논문'
    """
    made: str = _kiwi().space(text)
    return made


_UNLISTED = 3  # Kiwi numbers what its dictionary lacks by the part of speech, below all morphemes


@lru_cache(maxsize=4096)
def parts_of_speech(word: str) -> tuple[str, ...]:
    """Return the parts of speech of what a Korean word is made of; () where a part stands in no dictionary. Loads Kiwi.

    >>> parts_of_speech("고양이가"), parts_of_speech("뷁쾕이")
    (('NNG', 'JKS'), ())
    """
    tokens = _kiwi().tokenize(word)
    return () if any(token.id <= _UNLISTED for token in tokens) else tuple(str(token.tag) for token in tokens)


@lru_cache(maxsize=32_768)  # a question's words, and those of the statements that are looked at for it
def _of_word(word: str) -> tuple[str, ...]:
    known = _known.get(word)
    return tuple((_morphemes(_kiwi().tokenize(word)) if known is None else known).split())


def terms(text: str) -> list[str]:
    """Return the index terms of one text; may be empty. A text without Hangul needs no Kiwi.

    >>> terms("강화 학습으로 언어 모델을 정렬합니다")
    ['강화', '학습', '언어', '모델', '정렬']
    """
    return list(_terms_of(text))


@lru_cache(maxsize=2048)  # a question is looked at from several sides, and the same papers answer many
def _terms_of(text: str) -> tuple[str, ...]:
    return tuple([term for word in _words(text) for term in _of_word(word)] + latin_terms(clean(text)))


def terms_of_all(texts: Sequence[str], known: dict[str, str]) -> list[list[str]]:
    """Return the index terms of many texts, on all cores. `known` holds what was made of words so far, and is added to."""
    words = [_words(text) for text in texts]
    fresh = list(dict.fromkeys(word for some in words for word in some if word not in known))
    if fresh:
        known.update(zip(fresh, map(_morphemes, _kiwi().tokenize(iter(fresh))), strict=True))
    return [
        [term for word in some for term in known[word].split()] + latin_terms(clean(text))
        for some, text in zip(words, texts, strict=True)
    ]
