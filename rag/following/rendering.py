"""News as text: Markdown, a page of HTML, an Atom feed, or JSON. Foreign text is escaped for each."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from html import escape as html_escape

from rag.answers.answer import escape, linked_title, plain_title
from rag.answers.export import Exported
from rag.corpus.papers import Paper
from rag.following.book import Saved, name_of
from rag.following.news import News
from rag.language.text import Language

_WORDS: dict[Language, dict[str, str]] = {
    "ko": {
        "title": "새 논문", "new": "새로 들어온 논문 {n:,}편", "now_fit": "이제 맞는 논문 {n:,}편", "near": "맞지는 않지만 가까운 논문 {n:,}편",
        "none": "새 논문이 없습니다.", "quiet": "새 논문이 없는 질문: {names}", "votes": "{n:,}표", "unknown": "표 수 모름",
        "nothing": "저장한 질문이 없습니다.",
    },
    "en": {
        "title": "New papers", "new": "New: {n:,}", "now_fit": "Fit now: {n:,}", "near": "Near, but outside: {n:,}",
        "none": "Nothing new.", "quiet": "Nothing new: {names}", "votes": "{n:,} votes", "unknown": "votes unknown",
        "nothing": "No question is saved.",
    },
}  # fmt: skip
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:46em;margin:2em auto;padding:0 1em}"
    "li{margin:.6em 0}small{color:#555}"
)


def _sections(one: News) -> Iterator[tuple[str, tuple[Exported, ...]]]:
    """Yield the parts of the news of a question that are not empty, each with its heading."""
    words = _WORDS[one.saved.language]
    for name, rows in one.parts():
        if rows:
            yield words[name].format(n=len(rows)), rows


def _votes(paper: Paper, language: Language) -> str:
    words = _WORDS[language]
    if paper.votes == 1 and language == "en":
        return "1 vote"
    return words["unknown"] if paper.votes is None else words["votes"].format(n=paper.votes)


def _heading(saved: Saved) -> str:
    """Return what the news of a question stand under: its name too, where it was given one."""
    return saved.question if saved.name == name_of(saved.question) else f"{saved.name}: {saved.question}"


def _apart(told: Sequence[News]) -> tuple[list[News], str]:
    """Return the questions with anything to tell, and a line that names the others; "" without any."""
    speaking = [one for one in told if any(rows for _, rows in one.parts())]
    quiet = [one.saved.name for one in told if one not in speaking]
    words = _WORDS[_language(told)]
    if not quiet:
        return speaking, ""
    return speaking, words["quiet"].format(names=", ".join(quiet)) if speaking else words["none"]


def _language(told: Sequence[News]) -> Language:
    return told[0].saved.language if told else "ko"


def markdown(told: Sequence[News], today: date) -> str:
    """Return news as Markdown."""
    words = _WORDS[_language(told)]
    lines = [f"# {words['title']} ({today})"] + ([] if told else ["", words["nothing"]])
    speaking, quiet = _apart(told)
    for one in speaking:
        lines += ["", f"## {escape(_heading(one.saved))}"]
        if not one.papers:
            lines += ["", _WORDS[one.saved.language]["none"]]
        for heading, rows in _sections(one):
            lines += ["", f"### {heading}", ""]
            for number, row in enumerate(rows, start=1):
                lines.append(
                    f"{number}. {linked_title(row.paper)} · {row.paper.date} · {_votes(row.paper, one.saved.language)}"
                )
                lines += [f"   - {escape(row.sentence)}"] if row.sentence else []
    lines += ["", escape(quiet)] if quiet else []
    return "\n".join(lines) + "\n"


def html(told: Sequence[News], today: date) -> str:
    """Return news as a page that loads nothing."""
    language = _language(told)
    words = _WORDS[language]
    parts = [
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{words["title"]} ({today})</title>',
        f"<style>{_STYLE}</style></head><body><h1>{words['title']} ({today})</h1>",
        *([] if told else [f"<p>{words['nothing']}</p>"]),
    ]
    speaking, quiet = _apart(told)
    for one in speaking:
        parts.append(f"<h2>{html_escape(_heading(one.saved))}</h2>")
        if not one.papers:
            parts.append(f"<p>{_WORDS[one.saved.language]['none']}</p>")
        for heading, rows in _sections(one):
            items = "".join(f"<li>{_html_item(row, one.saved.language)}</li>" for row in rows)
            parts.append(f"<h3>{html_escape(heading)}</h3><ol>{items}</ol>")
    parts += [f"<p>{html_escape(quiet)}</p>"] if quiet else []
    return "\n".join([*parts, "</body></html>"]) + "\n"


def _html_item(row: Exported, language: Language) -> str:
    paper = row.paper
    link = f'<a href="{paper.url}">{html_escape(plain_title(paper.title))}</a>'
    return f"{link} <small>{paper.date} · {_votes(paper, language)}</small><br>{html_escape(row.sentence)}"


def json_value(told: Sequence[News], today: date) -> str:
    """Return news as one JSON value: a list of questions."""
    return json.dumps([one.as_json() for one in told], ensure_ascii=False) + "\n"


def atom(told: Sequence[News], today: date) -> str:
    """Return news as an Atom feed, one entry a paper and question; what is near is left out."""
    title = _WORDS[_language(told)]["title"]
    entries = [_atom_entry(one, row) for one in told for row in (*one.new, *one.now_fit)]
    names = "+".join(one.saved.name for one in told)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>{html_escape(' · '.join([title, *(one.saved.question for one in told)]))}</title>"
        f"<id>urn:nonmun:follow:{html_escape(names)}</id><updated>{today}T00:00:00Z</updated>"
        "<author><name>Nonmun</name></author>\n"
        f"{''.join(entries)}</feed>\n"
    )


def _atom_entry(one: News, row: Exported) -> str:
    paper = row.paper
    authors = "".join(f"<author><name>{html_escape(name)}</name></author>" for name in paper.authors)
    return (
        f"<entry><title>{html_escape(plain_title(paper.title))}</title>"
        f"<id>urn:nonmun:follow:{html_escape(one.saved.name)}:{paper.arxiv_id}</id>"
        f'<link href="{paper.url}"/><category term="{html_escape(one.saved.name)}"/><updated>{paper.date}T00:00:00Z</updated>{authors}'
        f"<summary>{html_escape(row.sentence)}</summary></entry>\n"
    )


FORMATS: dict[str, Callable[[Sequence[News], date], str]] = {
    "md": markdown,
    "html": html,
    "json": json_value,
    "atom": atom,
}
"""How news are written, by name."""
