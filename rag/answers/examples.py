"""Questions to begin with, that the papers of an index can answer."""

from __future__ import annotations

from collections.abc import Iterator

from rag.corpus.catalogue import Catalogue
from rag.corpus.mentions import meant
from rag.language.text import Language, josa_or

_METHODS = ("Mamba", "LoRA", "RAG", "DPO", "Transformer")  # one that two papers name at least is asked for
_LEAST = 2


def examples(catalogue: Catalogue, language: Language) -> tuple[str, ...]:
    """Return questions about a method, the last month, the last day and the most voted paper with a name, as far as there are any."""
    return tuple(_korean(catalogue) if language == "ko" else _english(catalogue))


def _method(catalogue: Catalogue) -> str:
    return next((name for name in _METHODS if catalogue.knows(meant(name), _LEAST)), "")


def _named(catalogue: Catalogue) -> str:
    papers = (paper for paper in catalogue.papers.values() if paper.name and " " not in paper.name)
    best = max(papers, key=lambda paper: (paper.votes or 0, paper.date), default=None)
    return best.name if best else ""


def _korean(catalogue: Catalogue) -> Iterator[str]:
    if method := _method(catalogue):
        yield f"{josa_or(method, '을/를', ' 방법을')} 사용한 논문은?"
    if catalogue.days:
        last = catalogue.days[-1]
        yield f"{last.year}년 {last.month}월 논문 중 표가 가장 많은 3편은?"
        yield f"{last.month}월 {last.day}일 논문 요약해 줘"
    if name := _named(catalogue):
        yield f"{josa_or(name, '과/와', ' 논문과')} 비슷한 논문은?"


def _english(catalogue: Catalogue) -> Iterator[str]:
    if method := _method(catalogue):
        yield f"Which papers used {method}?"
    if catalogue.days:
        last = catalogue.days[-1]
        yield f"Top 3 papers by votes in {last:%B %Y}"
        yield f"Summarise the papers of {last:%B} {last.day}"
    if name := _named(catalogue):
        yield f"Papers similar to {name}"
