"""The sentences that the judge learns from, each with the evidence it is true or false of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from rag.corpus.digests import find_digests, read_digest
from rag.corpus.papers import Bullet, Entry, Paper, merge
from rag.language.text import Language

HERE = Path(__file__).parent
DIGESTS = HERE.parents[1] / "seeds"
Span = tuple[int, int]
_HANGUL = re.compile("[가-힣]")


@dataclass(frozen=True)
class Sample:
    """A sentence of a paper. `wrong` are the places of what is false in it; a false one may have none: then all of it is."""

    text: str
    paper: Paper
    language: Language
    false: bool
    wrong: tuple[Span, ...] = ()


def papers() -> dict[str, Paper]:
    """Return the papers of the sample digests."""
    entries: dict[str, list[Entry]] = {}
    for path in find_digests(DIGESTS):
        for entry in read_digest(path, DIGESTS).entries:
            entries.setdefault(entry.arxiv_id, []).append(entry)
    return {arxiv_id: merge(many) for arxiv_id, many in sorted(entries.items())}


def _parsed(line: str) -> tuple[str, tuple[Span, ...]]:
    """Return a line without its asterisks, and the places that stood between them."""
    text, wrong = "", []
    for at, part in enumerate(line.split("*")):
        if at % 2:
            wrong.append((len(text), len(text) + len(part)))
        text += part
    return text, tuple(wrong)


def written() -> Iterator[Sample]:
    """Yield each sentence of `written.*.txt` three times: over both summaries of its paper, and over each alone.

    In the files `@` names a paper, `+` begins a true sentence and `-` a false one, whose wrong words stand between asterisks.
    """
    known = papers()
    languages: tuple[Language, Language] = ("ko", "en")
    for language in languages:
        paper = next(iter(known.values()))
        for line in (HERE / f"written.{language}.txt").read_text(encoding="utf-8").splitlines():
            if line.startswith("@"):
                paper = known[line[1:]]
                continue
            text, wrong = _parsed(line[2:])
            for one in _over(paper):
                yield Sample(text, one, language, line[0] == "-", wrong)


def _over(paper: Paper) -> list[Paper]:
    """Return a paper with what summaries it has, and with each of two alone."""
    return [paper, replace(paper, en=()), replace(paper, ko=())] if paper.ko and paper.en else [paper]


def invented(name: str = "invented") -> Iterator[Sample]:
    """Yield each sentence of `invented.txt` or `rephrased.txt`, over the summaries of its invented paper as `written` does.

    `#` names a paper, `=` adds a bullet to its summary in the bullet's language; `+` and `-` are as in the other files.
    """
    title, bullets = "", dict[Language, list[Bullet]]()
    for line in (HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        mark, text = line[0], line[2:]
        language: Language = "ko" if _HANGUL.search(text) else "en"
        if mark == "#":
            title, bullets = text, {"ko": [], "en": []}
        elif mark == "=":
            bullets[language].append(Bullet(text))
        else:
            said, wrong = _parsed(text)
            for one in _over(_paper(title, bullets)):
                yield Sample(said, one, language, mark == "-", wrong)


def _paper(title: str, bullets: Mapping[Language, list[Bullet]]) -> Paper:
    return Paper(
        "9802.00001", title, (date(2024, 3, 28),), None, ("Mina Seo",), False, None, tuple(bullets["ko"]), tuple(bullets["en"])
    )  # fmt: skip
