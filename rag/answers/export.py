"""Papers to take along: Markdown, JSON Lines, BibTeX and CSV, each with the sentence that tells most.

Digests do not keep the order of authors; the BibTeX says so.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from rag.answers.answer import escape, linked_title, plain_title
from rag.corpus.papers import Paper
from rag.evidence.telling import tell, wanted_by
from rag.evidence.types import Evidence
from rag.language.text import Language, one_line

BOM = "\ufeff"  # without it, Excel takes UTF-8 for the encoding of the system
_TEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Exported:
    """A paper with the sentence that tells most of it; "" where its summary has none."""

    paper: Paper
    sentence: str = ""


def of_evidence(evidence: Evidence) -> Iterator[Exported]:
    """Yield the whole set of a question, each paper with the sentence that makes it fit."""
    reading = evidence.reading
    asked = wanted_by(reading)
    for paper in evidence.papers:
        told = tell(paper, reading.language, asked, evidence.quotes.get(paper.arxiv_id, ()))
        yield Exported(paper, told.text if told else "")


def of_papers(papers: Iterable[Paper], language: Language) -> Iterator[Exported]:
    """Yield papers with the sentence that says what each does."""
    for paper in papers:
        told = tell(paper, language)
        yield Exported(paper, told.text if told else "")


def _tex(text: str) -> str:
    return "".join(_TEX.get(letter, letter) for letter in one_line(text, 2_000))


def bibtex(rows: Iterable[Exported]) -> str:
    """Return BibTeX entries, one a paper."""
    entries = []
    for paper in (row.paper for row in rows):
        year = "20" + paper.arxiv_id[:2] if re.match(r"\d{4}\.", paper.arxiv_id) else str(paper.dates[0].year)
        names = " and ".join(map(_tex, paper.authors)) + (" and others" if paper.authors_cut else "")
        lines = [
            f"  title = {{{_tex(plain_title(paper.title))}}}",
            *([f"  author = {{{names}}}"] if names else []),
            f"  year = {{{year}}}",
            f"  eprint = {{{paper.arxiv_id}}}",
            "  archivePrefix = {arXiv}",
            f"  url = {{{paper.url}}}",
            "  note = {Order of authors not known}",
        ]
        entries.append(f"@misc{{arxiv:{paper.arxiv_id},\n" + ",\n".join(lines) + "\n}\n")
    return "\n".join(entries)


def markdown(rows: Iterable[Exported]) -> str:
    """Return a Markdown list with links, and the sentence of each paper below it."""
    lines = []
    for row in rows:
        paper = row.paper
        votes = "?" if paper.votes is None else paper.votes
        lines.append(f"- {linked_title(paper)} · {paper.date:%Y-%m-%d} · {votes} · {', '.join(paper.authors)}")
        if row.sentence:
            lines.append(f"  - {escape(row.sentence)}")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    """Return text that no spreadsheet reads as a formula."""
    return "'" + text if text[:1] in "=+-@\t\r" and text else text


def comma_separated(rows: Iterable[Exported]) -> str:
    """Return CSV with a header, for spreadsheets; unknown votes are empty."""
    out = io.StringIO()
    out.write(BOM)
    writer = csv.writer(out)
    writer.writerow(["arxiv_id", "title", "date", "votes", "authors", "url", "sentence"])
    for row in rows:
        paper = row.paper
        votes = "" if paper.votes is None else paper.votes
        title, names = _cell(plain_title(paper.title)), _cell("; ".join(paper.authors))
        writer.writerow([paper.arxiv_id, title, paper.date, votes, names, paper.url, _cell(row.sentence)])
    return out.getvalue()


def json_lines(rows: Iterable[Exported]) -> str:
    """Return one JSON value a paper, with its whole summaries."""
    return "".join(json.dumps(_as_json(row), ensure_ascii=False) + "\n" for row in rows)


def _as_json(row: Exported) -> dict[str, object]:
    paper = row.paper
    return {
        "arxiv_id": paper.arxiv_id,
        "url": paper.url,
        "title": paper.title,
        "dates": [day.isoformat() for day in paper.dates],
        "votes": paper.votes,
        "authors": list(paper.authors),
        "authors_cut": paper.authors_cut,
        "tags": list(paper.tags),
        "sentence": row.sentence,
        "summary": {language: [bullet.quote for bullet in bullets] for language, bullets in paper.summaries()},
    }


Writer = Callable[[Iterable[Exported]], str]

FORMATS: dict[str, tuple[str, Writer]] = {
    "bib": ("application/x-bibtex", bibtex),
    "md": ("text/markdown", markdown),
    "csv": ("text/csv", comma_separated),
    "jsonl": ("application/x-ndjson", json_lines),
}
"""Exports by file ending: media type and writer."""
