"""Comparisons: a table with a row for each aspect and a column for each thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rag.answers.answer import escape, linked_title
from rag.answers.english import papers_of
from rag.answers.writer import Writer
from rag.corpus.papers import Paper
from rag.evidence.comparison import SIDES, Side, Thing
from rag.language.sentences import LIMITS
from rag.language.terms import squash
from rag.language.text import Language, josa_or


@dataclass(frozen=True)
class _Words:
    """The wording of one language."""

    aspect: str
    sides: Mapping[Side, str]
    date: str
    votes: str
    link: str
    nothing: str
    no_own: str
    first: str
    side_by_side: str
    alone: str
    together: str


_WORDS: Mapping[Language, _Words] = {
    "ko": _Words(
        "항목", {"what": "무엇인가", "how": "방법", "data": "데이터와 크기", "results": "결과", "limits": "한계"},
        "날짜", "표", "링크", "요약에 없음", "자체 논문 없음", "{day:%Y-%m-%d} 첫 언급", "{n}가지를 나란히 비교했습니다.", "{name}만 찾았습니다.", "함께 다룬 논문",
    ),
    "en": _Words(
        "Aspect", {"what": "What it is", "how": "How it works", "data": "Data and size", "results": "Results", "limits": "Limits"},
        "Date", "Votes", "Link", "not in the summary", "no paper of its own", "first named {day:%Y-%m-%d}", "{n} things side by side:", "Only {name} was found:", "Papers that involve all of them",
    ),
}  # fmt: skip


def write_comparison(writer: Writer) -> None:
    """Write what is missing or has no paper of its own, the table, and sentences that name all of the things."""
    evidence, words = writer.evidence, _WORDS[writer.language]
    things = evidence.things
    notes = (
        [writer.words.not_compared([escape(name) for name in evidence.reading.unknown])]
        if evidence.reading.unknown
        else []
    )
    notes += [_told_by_others(thing, writer.language) for thing in things if not thing.is_own]
    writer.lines += [*notes, ""] if notes else []
    writer.lines += [
        words.side_by_side.format(n=len(things))
        if len(things) > 1
        else words.alone.format(name=escape(_called(things[0]))),
        "",
    ]
    rows = [(words.sides[side], *(_cell(writer, thing, side) for thing in things)) for side in SIDES]
    rows.append((words.date, *(_date(thing, words) for thing in things)))
    rows.append(
        (
            words.votes,
            *(writer.words.votes(thing.papers[0].votes) if thing.is_own else words.no_own for thing in things),
        )
    )
    rows.append((words.link, *(_links(writer, thing) for thing in things)))
    writer.table((words.aspect, *(_heading(writer, thing) for thing in things)), rows)
    left = [(paper, told) for paper, told in evidence.together if told.text not in writer.said]
    if left:
        writer.lines += ["", f"**{words.together}** ({len(evidence.also):,})", ""]
    for paper, told in left:
        said = writer.sentence(paper, told, LIMITS[told.statement.language or "ko"])
        writer.lines.append(f"- {said}\n   - {writer.heading(paper)}")


def _told_by_others(thing: Thing, language: Language) -> str:
    """Say that a thing has no paper of its own, and by how many papers it is compared."""
    name, shown = escape(thing.name), len({paper.arxiv_id for paper, _ in thing.cells.values()})
    every = shown == thing.naming
    if language == "ko":
        subject = josa_or(name, "은/는", " 항목은")
        by = f"언급한 논문 {shown:,}편" if every else f"언급한 논문 {thing.naming:,}편 가운데 {shown:,}편"
        return f"{subject} 한 논문의 이름이 아니어서, {by}의 문장으로 비교합니다."
    named = "names" if thing.naming == 1 else "name"
    by = f"the {papers_of(shown)}" if every else f"{shown:,} of the {papers_of(thing.naming)}"
    return f"No indexed paper is {name} itself, so it is compared by sentences of {by} that {named} it."


def _called(thing: Thing) -> str:
    """Return the name of a thing, or of its paper where the question does not name it."""
    return thing.name or thing.papers[0].name or thing.papers[0].title


def _heading(writer: Writer, thing: Thing) -> str:
    """Return the head of a column: a paper's title with its mark, or the name."""
    if not thing.is_own:
        return escape(thing.name)
    paper = thing.papers[0]
    named = squash(thing.name) in squash(paper.title)
    return f"{'' if named else f'{escape(thing.name)}: '}{linked_title(paper)} {writer.mark(paper)}"


def _cell(writer: Writer, thing: Thing, side: Side) -> str:
    cell = thing.cells.get(side)
    if cell is None:
        return _WORDS[writer.language].nothing
    paper, told = cell
    return writer.sentence(paper, told, LIMITS[told.statement.language or "ko"])


def _date(thing: Thing, words: _Words) -> str:
    return f"{thing.papers[0].date:%Y-%m-%d}" if thing.is_own else words.first.format(day=thing.since)


def _links(writer: Writer, thing: Thing) -> str:
    """Return the link of a thing's own paper, else those of the papers that its cells are from."""
    papers = thing.papers[:1] if thing.is_own else tuple(dict.fromkeys(paper for paper, _ in thing.cells.values()))
    return ", ".join(_link(writer, paper) for paper in papers)


def _link(writer: Writer, paper: Paper) -> str:
    return f"[arXiv {paper.arxiv_id}]({paper.url}) {writer.mark(paper)}"
