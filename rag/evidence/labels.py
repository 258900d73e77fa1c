"""How a term that names a group is written: by the glossary, in Korean where the papers have such words, else as titles say it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from rag.evidence.approaches import HANGUL, known_groups
from rag.evidence.spellings import usual
from rag.language.text import Language

_MODIFIER = re.compile(r"(?:[한인은]|(?<![추목흔궤])적)$")  # of a noun: 적대적, but 추적 is one itself
_DIGIT = re.compile(r"\d")
_NO_NOUN = re.compile(r"(?:[을를는된]|에서|없이|적인|하여|통해|위한|있는)$")
# Words that keep their capital.
_PROPER = frozenset(
    """
    African Android Arabic Bayesian Bradley Carlo Chinese English European Fourier French Gaussian German Gibbs Hamiltonian Hindi
    Indian Indic Japanese Kalman Korean Laplacian Lean Linux Lyapunov Markov Minecraft Monte Nash Python Shapley Spanish
    Vietnamese Wasserstein
    """.split()
)
_WORDS_AHEAD = re.compile(r"(?<![가-힣A-Za-z0-9-])((?:[가-힣A-Za-z0-9-]+ ){0,3}[가-힣-]*[가-힣]) ?$")
_LATIN = re.compile("[A-Za-z]")


def written(key: str, spelling: str, texts: str, language: Language) -> str:
    """Return a term as it is usually written: by the glossary, in Korean where it can be, else as `texts` write it."""
    group = known_groups().get(key, ())
    if language == "en":
        return group[0] if group else cased(spelling)
    korean = [variant for variant in group if HANGUL.search(variant) and not _NO_NOUN.search(variant)]
    if korean:
        return max(
            korean, key=lambda variant: (_is_noun(variant), _same_digits(variant, group[0]), texts.count(variant))
        )
    by_parts = usual(spelling, korean=True)
    if not _LATIN.search(by_parts):
        return by_parts
    return _glossed(spelling, texts) or (group[0] if group else cased(spelling))


def _is_noun(korean: str) -> bool:
    return not _MODIFIER.search(korean)


def _same_digits(one: str, other: str) -> bool:
    return _DIGIT.findall(one) == _DIGIT.findall(other)


def cased(spelling: str) -> str:
    """Return a phrase of titles without their capitals, but for proper names, acronyms and 3D.

    >>> cased("Monte Carlo Tree Search"), cased("Multi-View 3d Prior"), cased("VLA Policies")
    ('Monte Carlo tree search', 'multi-view 3D prior', 'VLA policies')
    """

    def lowered(match: re.Match[str]) -> str:
        word = match.group()
        return word if word in _PROPER or not word[1:].islower() else word.lower()

    return re.sub(r"\b([2346])d\b", r"\1D", re.sub(r"[A-Za-z]+", lowered, spelling))


def _glossed(spelling: str, texts: str) -> str:
    """Return the Korean words that stand before an English term in brackets, two times or more; "" without any.

    As many words as most of these places share: what stands further left belongs to the sentence.
    """
    written = re.compile(rf"\({re.escape(spelling)}s?[);,:]", re.IGNORECASE)
    ahead = (_WORDS_AHEAD.search(texts, max(0, m.start() - 40), m.start()) for m in written.finditer(texts))
    before = [match.group(1) for match in ahead if match]
    korean = ""
    for size in range(1, 5):
        ends = Counter(" ".join(words.split(" ")[-size:]) for words in before if words.count(" ") + 1 >= size)
        likely, count = max(ends.items(), key=lambda pair: pair[1], default=("", 0))
        if count < 2 or 5 * count < 3 * len(before) or not likely.endswith(korean):
            break
        korean = likely
    if not korean:
        return _glossed_once(spelling, before)
    short = len(HANGUL.findall(korean)) < 2 * len(spelling.split(" ")) - 1  # only the end of what the English says
    return "" if short or _NO_NOUN.search(korean) else korean


def _glossed_once(spelling: str, before: Sequence[str]) -> str:
    """Return as many Korean nouns before an English term in brackets as it has words: “순수 비전(pure vision)”; "" without any."""
    size = len(re.split(r"[ -]", spelling))
    for words in before:
        taken = words.split(" ")[-size:]
        if len(taken) == size and not any(
            _NO_NOUN.search(word) or _MODIFIER.search(word) or _LATIN.search(word) for word in taken
        ):
            return " ".join(taken)
    return ""
