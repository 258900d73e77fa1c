"""Exports a set of papers as BibTeX, Markdown or CSV. Digests do not keep the order of authors; the BibTeX says so."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping

from rag.answers.answer import linked_title, plain_title
from rag.corpus.papers import Paper
from rag.language.text import one_line

_TEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


def _tex(text: str) -> str:
    return "".join(_TEX.get(letter, letter) for letter in one_line(text, 2_000))


def bibtex(papers: Iterable[Paper]) -> str:
    """Return BibTeX entries, one a paper."""
    entries = []
    for paper in papers:
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


def markdown(papers: Iterable[Paper]) -> str:
    """Return a Markdown list with links."""
    rows = (
        f"- {linked_title(p)} · {p.date:%Y-%m-%d} · {'?' if p.votes is None else p.votes} · {', '.join(p.authors)}"
        for p in papers
    )
    return "\n".join(rows) + "\n"


def _cell(text: str) -> str:
    """Return text that no spreadsheet reads as a formula."""
    return "'" + text if text[:1] in "=+-@\t\r" and text else text


def comma_separated(papers: Iterable[Paper], said: Mapping[str, str] = {}) -> str:
    """Return CSV with a header; unknown votes are empty. `said` holds a sentence on each paper.

    The byte order mark at the beginning tells spreadsheets that the Korean text is UTF-8.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["arxiv_id", "title", "date", "votes", "authors", "url", "sentence"])
    for paper in papers:
        votes = "" if paper.votes is None else paper.votes
        cells = (plain_title(paper.title), "; ".join(paper.authors), said.get(paper.arxiv_id, ""))
        title, names, sentence = map(_cell, cells)
        writer.writerow([paper.arxiv_id, title, paper.date, votes, names, paper.url, sentence])
    return "\ufeff" + out.getvalue()


FORMATS: dict[str, tuple[str, Callable[[Iterable[Paper], Mapping[str, str]], str]]] = {
    "bib": ("application/x-bibtex", lambda papers, _: bibtex(papers)),
    "md": ("text/markdown", lambda papers, _: markdown(papers)),
    "csv": ("text/csv", comma_separated),
}
"""Exports by file ending: media type and writer, which takes the papers and a sentence on each."""
