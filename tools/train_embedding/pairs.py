"""The training pairs: what is read, what is refused, which texts stand for each other.

A pair is two texts that should land together: a sentence and its translation, a paper's summary and its abstract, a
term and its Korean spelling. Knows nothing of pieces or vectors. Papers on the held-out list never come in.
"""

import gzip
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

FAMILIES = ("papers", "translated", "documentation", "general", "terms", "spellings", "summaries", "names")
LONGEST_NAME = 24
_FAMILY_OF_FILE = {
    "hfdaily_jeongiin": "papers",
    "rosinality_titles_comments_weak": "papers",
    "arxiv_fulltext_mt": "translated",
    "jungyeul_news_small": "general",
    "korsts_train_bitext": "general",
    "tatoeba_anki": "general",
    "python_docs": "general",
    "react_docs": "general",
    "fastapi_docs": "general",
    "ml_glossaries": "terms",
    "ml_terms_mined_open": "terms",
}
_ARXIV_ID = re.compile(r"(?<![\d.])\d{4}\.\d{4,5}(?![\d.])")


class HeldOutPaperError(ValueError):
    """A training row belongs to a paper that must stay out of training."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts that mean the same, or of which one is a part or a summary of the other."""

    left: str
    right: str
    family: str


def read_held_out(path: Path) -> frozenset[str]:
    """Read the arXiv ids that stay out of training, one a line."""
    return frozenset(path.read_text(encoding="utf-8").split())


def _rows(path: Path) -> Iterator[dict[str, object]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _text(value: object) -> str:
    """Give NFC text with single spaces; anything but text gives ''."""
    return " ".join(unicodedata.normalize("NFC", value).split()) if isinstance(value, str) else ""


def _refuse_held_out(row: dict[str, object], held_out: frozenset[str], path: Path) -> None:
    """Raise `HeldOutPaperError` if any field of `row`, whatever its depth, names a held-out paper."""
    named = set(_ARXIV_ID.findall(json.dumps(row, ensure_ascii=False))) & held_out
    if named:
        raise HeldOutPaperError(
            f"{path.name}: row names held-out paper {sorted(named)[0]}; remove it from the training file"
        )


def read_pairs(folder: Path, held_out: frozenset[str]) -> list[Pair]:
    """Read every pair of `folder`.

    Args:
        folder: holds `*.jsonl.gz` files with fields en, ko, kind, and `aux_en_papers.jsonl.gz`.
        held_out: arXiv ids that must not occur, neither as a row's paper nor named in its text.

    Returns:
        Pairs in file order (files by name), exact duplicates left out.

    Raises:
        HeldOutPaperError: a row belongs to, or names, a held-out paper.
        FileNotFoundError: `folder` holds no training file.
    """
    paths = sorted(folder.glob("*.jsonl.gz"))
    if not paths:
        raise FileNotFoundError(f"no *.jsonl.gz in {folder}; pass --data the folder of training files")
    found: dict[Pair, None] = {}
    for path in paths:
        read = _read_papers if path.name.startswith("aux_en_papers") else _read_bitext
        for pair in read(path, held_out):
            if pair.left and pair.right and pair.left != pair.right:
                found.setdefault(pair)
    return list(found)


def _read_bitext(path: Path, held_out: frozenset[str]) -> Iterator[Pair]:
    """Read one file of translations, and across each paper's own parts where the file says which paper it is."""
    stem = path.name.removesuffix(".jsonl.gz")
    family = _FAMILY_OF_FILE.get(stem, "documentation")
    titles: dict[str, tuple[str, str]] = {}
    for row in _rows(path):
        _refuse_held_out(row, held_out, path)
        english, korean = _text(row["en"]), _text(row["ko"])
        yield Pair(english, korean, "terms" if row["kind"] == "term" and family != "general" else family)
        if stem != "hfdaily_jeongiin":
            continue
        paper = str(row["doc"])
        if row.get("sub") == "title":
            titles[paper] = (english, korean)
        elif paper in titles:
            yield from _across(titles[paper], english, korean)


def _across(title: tuple[str, str], english: str, korean: str) -> Iterator[Pair]:
    """Pair a paper's title with the other language's text, and its node (title + Korean) with the English."""
    english_title, korean_title = title
    yield Pair(english_title, korean, "papers")
    yield Pair(korean_title, english, "papers")
    yield Pair(english, f"{english_title} {korean}", "papers")


def _read_papers(path: Path, held_out: frozenset[str]) -> Iterator[Pair]:
    """Read English titles, abstracts and third-party summaries of papers."""
    for row in _rows(path):
        _refuse_held_out(row, held_out, path)
        title, abstract = _text(row["title"]), _text(row["abstract"])
        document = f"{title} {abstract}".strip()
        if abstract:
            yield Pair(title, abstract, "summaries")
        name, colon, _ = title.partition(": ")
        if colon and len(name) <= LONGEST_NAME:
            yield Pair(name, document, "names")
        summaries = row["summaries"]
        if isinstance(summaries, dict):
            for texts in summaries.values():
                for text in texts if isinstance(texts, list) else [texts]:
                    yield Pair(_text(text), document, "summaries")


def read_spellings(path: Path) -> list[Pair]:
    """Read our own list of terms: one a line, its spellings in either language separated by tabs.

    Returns:
        The first spelling paired with each other one, and each with the next.
    """
    pairs: list[Pair] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        first, *others = [_text(spelling) for spelling in line.split("\t")]
        pairs += [Pair(first, other, "spellings") for other in others]
        pairs += [Pair(a, b, "spellings") for a, b in pairwise(others)]
    return pairs
