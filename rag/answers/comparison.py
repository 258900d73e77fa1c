"""Comparisons: a table with a row for each aspect and a column for each thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.answers.answer import escape, linked_title, plain_title
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
    shown: str
    nowhere: str
    shared: str
    unshared: str


_WORDS: Mapping[Language, _Words] = {
    "ko": _Words(
        "항목", {"what": "무엇인가", "how": "방법", "data": "데이터와 크기", "results": "결과", "limits": "한계", "use": "쓰임"},
        "날짜", "표", "링크", "요약에 없음", "자체 논문 없음", "{day:%Y-%m-%d} 첫 언급", "나란히 비교했습니다.", "{name}만 찾았습니다.", "함께 다룬 논문", "{n:,}편 가운데 {shown}편의 문장", "같은 면을 나란히 견줄 문장은 요약에 없습니다. 각각에 대한 문장은 다음과 같습니다.",
        "같은 벤치마크에서 잰 값", "두 요약에 같은 벤치마크로 잰 값이 없어, 어느 쪽이 나은지 요약만으로는 가릴 수 없습니다.",
    ),
    "en": _Words(
        "Aspect", {"what": "What it is", "how": "How it works", "data": "Data and size", "results": "Results", "limits": "Limits", "use": "How papers use it"},
        "Date", "Votes", "Link", "not in the summary", "no paper of its own", "first named {day:%Y-%m-%d}", "Side by side:", "Only {name} was found:", "Papers that involve all of them", "sentences of {shown} of {n:,}", "No aspect of these is told of more than one of them, so they cannot be set side by side. What is said of each:",
        "On the same benchmark", "The summaries report on no benchmark in common, so they do not tell which is better.",
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
    own = all(thing.is_own for thing in things)
    if own:
        _write_verdict(writer)
    else:  # what treats them all is the answer; what each of them is stands below
        _write_together(writer, words)
    if len(things) > 1 and not (own or _has_a_row(things)):
        _write_each(writer, words)
        return
    writer.lines += [
        words.side_by_side if len(things) > 1 else words.alone.format(name=escape(_called(things[0]))),
        "",
    ]
    sides = [side for side in SIDES if (own and side != "use") or any(side in thing.cells for thing in things)]
    rows = [(words.sides[side], *(_cell(writer, thing, side) for thing in things)) for side in sides]
    rows.append((words.date, *(_date(thing, words) for thing in things)))
    if any(thing.is_own for thing in things):
        votes = (writer.words.votes(thing.papers[0].votes) if thing.is_own else words.no_own for thing in things)
        rows.append((words.votes, *votes))
    if any(thing.is_own or thing.cells for thing in things):
        rows.append((words.link, *(_links(writer, thing) for thing in things)))
    writer.table((words.aspect, *(_heading(writer, thing) for thing in things)), rows)
    if own:
        writer.lines.append("")
        _write_together(writer, words)


def _has_a_row(things: Sequence[Thing]) -> bool:
    """Whether an aspect is told of more than one of some things."""
    return any(sum(side in thing.cells for thing in things) > 1 for side in SIDES)


def _write_each(writer: Writer, words: _Words) -> None:
    """Write the sentences that tell of each thing, where no aspect is told of two of them."""
    writer.lines += [words.nowhere, ""]
    for thing in writer.evidence.things:
        rows = [(side, *thing.cells[side]) for side in SIDES if side in thing.cells]
        writer.lines += [f"**{_heading(writer, thing)}**", ""] if rows else []
        for side, paper, told in rows:
            said = writer.sentence(paper, told, LIMITS[told.statement.language or "ko"])
            under = "" if thing.is_own else f"\n   - {writer.heading(paper)}"
            writer.lines.append(f"- {words.sides[side]}: {said}{under}")
        writer.lines += [""] if rows else []


def _write_together(writer: Writer, words: _Words) -> None:
    """Write sentences that name all of the things, those that compare them first."""
    evidence = writer.evidence
    left = [(paper, told) for paper, told in evidence.together if told.text not in writer.said]
    if left:
        writer.lines += [f"**{words.together}** ({words.shown.format(shown=len(left), n=len(evidence.also))})", ""]
    for paper, told in left:
        said = writer.sentence(paper, told, LIMITS[told.statement.language or "ko"])
        writer.lines.append(f"- {said}\n   - {writer.heading(paper)}")
    writer.lines += [""] if left else []


# --- Which is better -------------------------------------------------------------------------------------------------
def _write_verdict(writer: Writer) -> None:
    """Write the values on benchmarks that all report on, with a verdict where one is asked for, and what one says of another."""
    evidence, words, language = writer.evidence, _WORDS[writer.language], writer.language
    names = [escape(thing.name or plain_title(thing.papers[0].title)) for thing in evidence.things]
    if evidence.reading.better and evidence.shared:
        writer.lines += [_verdict(names, [one.best for one in evidence.shared], language), ""]
    elif evidence.reading.better and not evidence.claimed:
        writer.lines += [words.unshared, ""]
    if evidence.shared:
        writer.lines += [f"**{words.shared}**", ""]
    for one in evidence.shared:
        values = " · ".join(
            f"{name} {row.value:,.12g}{row.unit} {writer.mark(thing.papers[0], row.statement)}"
            for name, row, thing in zip(names, one.rows, evidence.things, strict=True)
        )
        metric = f" ({escape(one.rows[0].metric)})" if one.rows[0].metric else ""
        writer.lines.append(f"- {escape(one.benchmark)}{metric}: {values}")
    writer.lines += [""] if evidence.shared else []
    if evidence.reading.better:
        writer.lines += [f"- {writer.sentence(one.paper, one.told)}" for one in evidence.claimed]
        writer.lines += [""] if evidence.claimed else []


def _verdict(names: Sequence[str], best: Sequence[int | None], language: Language) -> str:
    """Say which of some things has the better values on the benchmarks that they share."""
    n = len(best)
    won = {name: sum(place == at for place in best) for at, name in enumerate(names)}
    first = max(won, key=won.__getitem__)
    if won[first] == n:
        if language == "ko":
            return (
                f"요약에 적힌 값으로는 {josa_or(first, '이/가', ' 쪽이')} 낫습니다. 같은 벤치마크 {n}개를 견주었습니다."
            )
        return f"By the values in the summaries {first} is better, on {n} benchmark{'s' if n > 1 else ''} that both report on."
    each = ", ".join(f"{name} {count}{'개' if language == 'ko' else ''}" for name, count in won.items())
    if language == "ko":
        return f"벤치마크에 따라 다릅니다. 같은 벤치마크 {n}개에서 값이 더 좋은 수는 {each}입니다."
    return f"It depends on the benchmark: of {n} that both report on, the better values are {each}."


def _told_by_others(thing: Thing, language: Language) -> str:
    """Say that a thing has no paper of its own, and by how many papers it is compared."""
    name, shown = escape(thing.name), len({paper.arxiv_id for paper, _ in thing.cells.values()})
    every = shown == thing.naming
    if not set(thing.cells) - {"use"}:
        return _untold(thing, language)
    if language == "ko":
        by = f"언급한 논문 {shown:,}편" if every else f"언급한 논문 {thing.naming:,}편 가운데 {shown:,}편"
        return f"{name} 자체를 다룬 논문은 색인에 없어, {by}의 문장으로 비교합니다."
    named = "names" if thing.naming == 1 else "name"
    by = f"the {papers_of(shown)}" if every else f"{shown:,} of the {papers_of(thing.naming)}"
    return f"No indexed paper is {name} itself, so it is compared by sentences of {by} that {named} it."


def _called(thing: Thing) -> str:
    """Return the name of a thing, or of its paper where the question does not name it."""
    return thing.name or thing.papers[0].name or thing.papers[0].title


def _untold(thing: Thing, language: Language) -> str:
    """Say that a thing has no paper of its own and that no sentence speaks of it alone."""
    name = escape(thing.name)
    if language == "ko":
        return f"{name} 자체를 다룬 논문은 색인에 없고, 언급한 논문 {thing.naming:,}편의 요약에는 그것만을 설명한 문장이 없습니다."
    return f"No indexed paper is {name} itself, and no sentence of the {papers_of(thing.naming)} that {'names' if thing.naming == 1 else 'name'} it tells of it alone."


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
        return _WORDS[writer.language].nothing if thing.is_own else "–"
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
