"""Where a thing stands in a sentence: as a word of its own, glossed by other words, or with a noun before it.

Patterns over marked sentences write T for the thing, and GLOSS for brackets behind it.
"""

from __future__ import annotations

import re

from rag.language.terms import spots
from rag.language.text import ENGLISH_GRAMMAR

T = "⟦T⟧"
GLOSS = r"['\"’”)\]]*(?: ?[(\[][^()\[\]]{0,80}[)\]])?['\"’”)\]]*"

_NAME_BESIDE = re.compile(
    r"(?:[A-Za-z0-9]-?|[가-힣]-|(?<![A-Za-z])([A-Z][A-Za-z0-9.+-]*) )$"
)  # a part of the same name
_MORE_OF_A_NAME = re.compile(r"^(?:-?[A-Za-z0-9]| [A-Z0-9])")
_COVERED = re.compile(rf"(?<![가-힣])((?:[가-힣]+ ){{0,3}}[가-힣]+)['\"’”]? ?\({T}['\"’”]?(?:[,;] ?[^()⟦]{{1,40}})?\)")
_UNMODIFYING = re.compile(
    r"(?:[^가-힣 ]|[은는이가을를의인한된던로며고서써여에도만와과]|최근|특히|현재|모델|먼저|간) *$"
)
_POINTING = re.compile(r"(?:^| )(?:이|그|해당|본|두|세)$")


def marked(sentence: str, variant: str) -> str:
    """Return a sentence with a mark where a thing stands as a word of its own, and not within another name."""
    out, at = [], 0
    for start, end in spots(sentence, variant):
        before, after = sentence[:start], sentence[end:]
        beside = _NAME_BESIDE.search(before)
        if (beside and (beside[1] or "").lower() not in ENGLISH_GRAMMAR) or _MORE_OF_A_NAME.match(after):
            continue
        out += [sentence[at:start], T]
        at = end
    return "".join([*out, sentence[at:]])


def uncovered(marked: str, variant: str) -> str:
    """Return a marked sentence with the Korean words that a thing in brackets glosses as the thing: “추측 해독(T)은 …”."""

    def taken(match: re.Match[str]) -> str:
        ahead = match[1].split(" ")[: -len(re.split(r"[ -]", variant))]
        return " ".join([*ahead, T])

    return _COVERED.sub(taken, marked)


def is_modified(marked: str) -> bool:
    """Whether a noun stands right before a thing, or a word that points at one, so that the sentence speaks of a kind of it."""
    ahead = marked[: marked.find(T)].rstrip("'\"‘“")
    return bool(ahead.strip()) and (bool(_POINTING.search(ahead.rstrip())) or not _UNMODIFYING.search(ahead))
