"""The gate over what sentences say: eight hundred written by hand, half of them false, and hostile input."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from rag.answers.answer import Citation
from rag.answers.gate import Gate
from rag.corpus.digests import find_digests, read_digest
from rag.corpus.papers import Bullet, Entry, Paper, merge
from rag.language.text import Language
from tests.rag.conftest import SEEDS

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Row:
    """A sentence of a paper; `kind` is "true", or what is false about it. `half` is "tune" or "report"."""

    paper: str
    half: str
    kind: str
    text: str


def lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


@cache
def rows(language: Language) -> tuple[Row, ...]:
    return tuple(Row(**line) for line in lines(f"gate_sentences.{language}.jsonl"))


@cache
def papers() -> dict[str, Paper]:
    """The papers of the sample digests and four invented ones, which have a summary in one language only."""
    entries: dict[str, list[Entry]] = {}
    for path in find_digests(SEEDS):
        for entry in read_digest(path, SEEDS).entries:
            entries.setdefault(entry.arxiv_id, []).append(entry)
    found = {arxiv_id: merge(many) for arxiv_id, many in entries.items()}
    for line in lines("gate_papers.jsonl"):
        found[line["id"]] = Paper(
            line["id"], line["title"], (date(2024, 3, 28),), line["votes"], tuple(line["authors"]), False, None,
            tuple(map(Bullet, line["ko"])), tuple(map(Bullet, line["en"])),
        )  # fmt: skip
    return found


def evidence(arxiv_id: str, summaries: str, language: Language) -> Paper:
    """Return a paper with its summaries in `both` languages, in the `same` as the sentence, or only in the `other` one."""
    paper = papers()[arxiv_id]
    if summaries == "both" or not (paper.ko and paper.en):
        return paper
    kept_is_korean = (language == "ko") == (summaries == "same")
    return replace(paper, en=()) if kept_is_korean else replace(paper, ko=())


def passes(paper: Paper, text: str, language: Language) -> bool:
    return Gate([Citation(1, paper)], language).verdict(f"{text.rstrip('.')} [1].") == "good"


def figures(language: Language, summaries: str, half: str) -> tuple[float, float, Counter[str]]:
    """Return the share of false sentences caught and of true ones lost, and how many of each kind passed."""
    passed, all_of = Counter[str](), Counter[str]()
    for row in rows(language):
        if row.half == half:
            all_of[row.kind] += 1
            passed[row.kind] += passes(evidence(row.paper, summaries, language), row.text, language)
    false = sum(n for kind, n in all_of.items() if kind != "true")
    let_through = sum(n for kind, n in passed.items() if kind != "true")
    return 1 - let_through / false, 1 - passed["true"] / all_of["true"], passed
