"""How names are written: shapes that only names have, kinds of things and inventions, titles. Knows no papers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from rag.language.text import ENGLISH_GRAMMAR
from rag.questions.spans import Span

_SHAPE = re.compile(
    r"(?=[^A-Za-z]*[A-Za-z])(?:.[^A-Z]*[A-Z].*|[^a-z]*[a-z]\D*\d.*|\D*\d[^A-Za-z]*[A-Za-z].*|[A-Z]{2,}.*|[A-Z][a-z]*\d.*|[a-z][\w-]*\.[a-z]{2,4})"
)
_COMMON_SHAPE = re.compile(
    r"[A-Z]{2,}s|\d+D|.+-[a-z]{4,}|\w+-to-\w+|\d[\d.]*-?(?:bits?|[GMT]B)"
)  # LLMs, AI-generated, text-to-3D, 4bit


def is_shaped(word: str) -> bool:
    """Whether a word is written as only names are: capitals inside, or letters with digits.

    >>> [is_shaped(word) for word in ("MoMask", "R1-Searcher", "b1.58", "GRPO", "Husky", "robot", "LLMs", "AI-generated")]
    [True, True, True, True, False, False, False, False]
    """
    return bool(word.isascii() and _SHAPE.fullmatch(word)) and not _COMMON_SHAPE.fullmatch(word)


COMMON_WORD = re.compile(r"(?:^|[ -])[a-z]{3,}(?=$|[ -])")  # a word in small letters inside of a spelling


_TONGUE = re.compile("[가-힣]{1,5}어")  # 한국어, 베트남어


@lru_cache(maxsize=1024)
def is_concept(group: tuple[str, ...]) -> bool:
    """Whether a group of the glossary names a kind of thing (RAG, diffusion) and no one's invention (Mamba, LoRA)."""
    first = group[0]
    if COMMON_WORD.search(first):
        return True  # "KV cache compression", "GUI agent"
    if any(_TONGUE.fullmatch(spelling) for spelling in group):
        return True
    if re.search(r"[a-z].*[A-Z]|^[A-Z][a-z]+[\d ]*$|\d", first) and first.isascii():
        return False
    return any(spelling.isascii() and spelling == spelling.lower() for spelling in group) or not first.isascii()


TITLE_CASE = re.compile(
    r"(?<![\w-])(?:[A-Z][\w-]{0,40}|is|of|the|for|and|in|with|to|a|an|all|you)(?: (?:[A-Z][\w-]{0,40}|is|of|the|for|and|in|with|to|a|an|all|you)(?![\w-])){2,}"
)


def unknown_title(
    text: str, spans: Sequence[Span], own: Callable[[str], Sequence[str]] = lambda name: ()
) -> Span | None:
    """Return the title of a paper that a question writes as titles are, in a sentence of another kind.

    `own` returns the papers that call themselves by a name: names joined by “and” are no title.

    >>> unknown_title("Attention Is All You Need 요약해줘", ())
    Span(role='title', text='Attention Is All You Need', start=0, end=25, first=0, last=0)
    """
    for match in TITLE_CASE.finditer(text):
        words = match.group().split()
        telling = sum(word[0].isupper() and word.lower() not in ENGLISH_GRAMMAR - {"all", "you"} for word in words)
        inside = len(words) > _SHORT_TITLE <= telling and match.group() != text.strip(" ?.!")
        begins = words[0][0].isupper() and (match.start() == 0 or text[match.start() - 1] in " \"'“‘")
        people = any(
            span.role in ("person", "excluded") and match.start() <= span.start < match.end() for span in spans
        )
        named = re.split(r",? (?:and|or|vs\.?|versus) |, ", match.group())
        if len(named) > 1 and all(map(own, named)):
            continue
        if inside and begins and not people:
            return Span("title", match.group(), match.start(), match.end(), 0, 0)
    return None


_SHORT_TITLE = 3  # words of a name or a topic in capitals
