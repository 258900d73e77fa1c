"""What an abbreviation stands for, as titles and summaries spell it out: “Low-Rank Adaptation (LoRA)”, “MoE(Mixture of Experts)”."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.corpus.catalogue import Catalogue
from rag.corpus.mentions import Statement, statements
from rag.corpus.papers import Paper
from rag.language.terms import Term, squash

_WORD = r"[A-Za-z][A-Za-z0-9'’]*"
_PHRASE = rf"{_WORD}(?:[ -]{_WORD}){{1,9}}"
_SMALL = frozenset("a an and as at by for from in into of on or the to via with".split())
_MOST = 5  # spellings that are told
_SHARE = 0.1  # of the papers of the first spelling that another one must have


@dataclass(frozen=True, slots=True)
class SpelledOut:
    """What an abbreviation stands for, with the papers that spell it out so, those with it in their title first, then most voted first, and the place in the first one."""

    text: str
    papers: tuple[Paper, ...]
    statement: Statement | None


def stands_for(short: str, phrase: str) -> str:
    """Return the end of a phrase that an abbreviation stands for, or "" where none does.

    Read backwards, every letter of the abbreviation is found in the phrase in order; its first letter begins a word, and
    so does a letter of every word in between that is no small one.

    >>> stands_for("LoRA", "we use Low-Rank Adaptation"), stands_for("MoE", "a Mixture-of-Experts"), stands_for("SSM", "a state machine")
    ('Low-Rank Adaptation', 'Mixture-of-Experts', '')
    """
    words = list(re.finditer(_WORD, phrase))
    letters = re.sub(
        r"[^a-z0-9]",
        "",
        short.lower().removesuffix("s") if short[-1:] == "s" and short[:-1].isupper() else short.lower(),
    )
    for first in range(len(words) - 1, -1, -1):
        taken = words[first:]
        if phrase[: taken[0].start()].endswith("-"):
            continue  # a part of a word: “Test-time …”
        if (
            len(taken) > 1
            and taken[0].group().lower() not in _SMALL
            and _fits(letters, [one.group().lower() for one in taken])
        ):
            return phrase[taken[0].start() :].strip()
    return ""


def _fits(letters: str, words: list[str]) -> bool:
    """Whether letters can be taken from words in order, at least the first of every word that is no small one."""
    if not words:
        return not letters
    word, *rest = words
    most = min(len(letters), len(word))
    for taken in range(most, 0, -1):
        if letters[0] == word[0] and _within(letters[1:taken], word[1:]) and _fits(letters[taken:], rest):
            return True
    return word in _SMALL and _fits(letters, rest)


def _within(letters: str, word: str) -> bool:
    """Whether letters stand in a word in order."""
    rest = iter(word)
    return all(letter in rest for letter in letters)


def spelled_out(term: Term, catalogue: Catalogue) -> tuple[SpelledOut, ...]:
    """Return what papers say that an abbreviation stands for, the one of most papers first."""
    found: dict[str, dict[str, tuple[Paper, Statement | None, str]]] = {}
    shorts = [variant for variant in term.variants if _is_short(variant)]
    for arxiv_id in catalogue.mentioning(term):
        paper = catalogue.papers[arxiv_id]
        for text, statement in _spellings(paper, shorts):
            found.setdefault(_key(text), {}).setdefault(arxiv_id, (paper, statement, text))
    made = [_joined(list(papers.values())) for papers in found.values()]
    made.sort(key=lambda one: -len(one.papers))
    return tuple(one for one in made[:_MOST] if len(one.papers) >= _SHARE * len(made[0].papers))


def _is_short(variant: str) -> bool:
    return variant.isascii() and " " not in variant and sum(map(str.isupper, variant)) >= 2


def _key(text: str) -> str:
    return squash(re.sub(r"s\b", "", text))


def _joined(told: list[tuple[Paper, Statement | None, str]]) -> SpelledOut:
    texts = [text for _, _, text in told]
    best = max(dict.fromkeys(texts), key=texts.count)
    ranked = sorted(told, key=lambda one: (_key(best) not in _key(one[0].title), -(one[0].votes or 0)))
    return SpelledOut(best, tuple(paper for paper, _, _ in ranked), ranked[0][1])


def _spellings(paper: Paper, shorts: list[str]) -> Iterator[tuple[str, Statement | None]]:
    """Yield what a paper writes an abbreviation out to, with the statement; None where its title does."""
    places: list[tuple[str, Statement | None]] = [(paper.title, None), *((one.text, one) for one in statements(paper))]
    for text, statement in places:
        for short in shorts:
            if short.lower() not in text.lower():
                continue
            name = re.escape(short)
            behind = re.finditer(rf"({_PHRASE}) ?[(\[](?:[^()\[\]]{{0,20}}[,;:] ?)?{name}s?[)\],]", text, re.IGNORECASE)
            before = re.finditer(rf"(?<![A-Za-z]){name}s?(?: ?\(|: |, short for )({_PHRASE})", text, re.IGNORECASE)
            inside = re.finditer(rf"\(({_PHRASE})[,;] ?{name}s?\)", text, re.IGNORECASE)
            for match in (*behind, *inside):
                if whole := stands_for(short, match.group(1)):
                    yield whole, statement
            for match in before:
                if whole := _leading(short, match.group(1)):
                    yield whole, statement


def _leading(short: str, phrase: str) -> str:
    """Return the beginning of a phrase that an abbreviation stands for, the longest there is, or ""."""
    words = list(re.finditer(_WORD, phrase))
    ends = (word.end() for word in reversed(words[1:]) if word.group().lower() not in _SMALL)
    return next((phrase[:end] for end in ends if stands_for(short, phrase[:end]) == phrase[:end]), "")
