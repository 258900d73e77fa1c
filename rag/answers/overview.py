"""Overviews and reading lists: what is counted of a set, its groups with their best papers, and what to read first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rag.answers.answer import escape, linked_title
from rag.answers.english import papers_of
from rag.answers.phrases import joined
from rag.answers.writer import Writer
from rag.corpus.papers import Paper
from rag.evidence.groups import OTHERS, Group
from rag.evidence.overview import Direction, Overview, Share, Step, Trend, Why, in_order
from rag.language.text import Language

BRIEFLY: Mapping[Language, int] = {"ko": 110, "en": 170}
"""Characters of a sentence that stands for a paper beside others of its group."""


@dataclass(frozen=True)
class _Words:
    """The wording of one language."""

    groups: str
    begins: str
    then: str
    kinds: Mapping[Why, str]
    reasons: Mapping[Why, str]
    directions: Mapping[Direction, str]


_WORDS: Mapping[Language, _Words] = {
    "ko": _Words(
        "접근별", "{subject} 가운데 처음 읽기 좋은 {n}편입니다. 순서는 {kinds}입니다.", ", ",
        {"own": "그 이름을 제안한 논문", "survey": "서베이", "named": "다른 논문이 많이 언급한 논문", "group": "접근마다 표가 많은 논문", "most_voted": "표가 많은 논문"},
        {"own": "그 이름을 제안한 논문", "survey": "서베이", "named": "다른 논문 {named}편이 언급", "group": "‘{group}’ 쪽에서 표가 많음", "most_voted": "표가 많음"},
        {
            "rising": "으로 비중이 늘었습니다", "falling": "으로 비중이 줄었습니다", "level": "으로 비중은 비슷합니다",
            "few": "입니다. 편수가 적어 늘었는지 줄었는지는 말하기 어렵습니다",
        },
    ),
    "en": _Words(
        "By approach", "{n} of {subject} to begin with, in this order: {kinds}.", ", then ",
        {"own": "what proposes it", "survey": "surveys", "named": "papers that others name most", "group": "the most voted of each approach", "most_voted": "the most voted"},
        {"own": "proposes it", "survey": "survey", "named": "named by {named} other papers", "group": "many votes on {group}", "most_voted": "many votes"},
        {"rising": "a rising share", "falling": "a falling share", "level": "about the same share", "few": "too few to tell whether they become more"},
    ),
}  # fmt: skip


def write_overview(writer: Writer) -> None:
    """Write what is counted of a set and its groups, each with its two best papers; without groups the best papers."""
    evidence = writer.evidence
    assert evidence.overview is not None
    writer.lines += [*_counted(writer, evidence.overview), ""]
    if evidence.groups:
        _write_groups(writer)
    else:
        writer.listed(in_order(evidence.papers))


def _counted(writer: Writer, counted: Overview) -> list[str]:
    """Return the sentences of counted facts: how many papers since when, whether they become more, the most voted one."""
    evidence, words = writer.evidence, writer.words
    plan, n = evidence.reading.plan, len(evidence.papers)
    first = words.topic_line(plan, n, False) if evidence.topic else words.set_line(plan, n, 0, False)
    told = [first]
    korean = writer.language == "ko"
    if not (plan.date_from or plan.date_to):
        since = counted.since
        told.append(
            f"가장 이른 것은 {since.year}년 {since.month}월 논문입니다."
            if korean
            else f"The earliest is from {since:%B %Y}."
        )
        if counted.trend and counted.trend.direction in ("rising", "falling"):
            told.append(_lately(counted.trend, writer.language))
    if counted.most_voted:
        best = counted.most_voted
        title, votes = linked_title(best), words.votes(best.votes)
        said = f"표가 가장 많은 논문은 {votes}를 받은 {title}입니다." if korean else f"Most voted: {title} ({votes})."
        told.append(f"{said} {writer.mark(best)}")
    return [" ".join(told), *([words.estimated(n, False)] if evidence.topic else [])]


def shares_line(trend: Trend, before: str, now: str, language: Language) -> str:
    """Say how many papers there are in each of two times that are named, as counts and as shares of all papers."""
    verdict = _WORDS[language].directions[trend.direction]
    if language == "ko":
        return (
            f"{before}에는 {trend.before.papers:,}편(전체 논문의 {percent(trend.before)}), {now}에는"
            f" {trend.now.papers:,}편({percent(trend.now)}){verdict}."
        )
    return (
        f"{before} had {trend.before.papers:,} ({percent(trend.before)} of all papers), {now} {trend.now.papers:,}"
        f" ({percent(trend.now)}): {verdict}."
    )


def _lately(trend: Trend, language: Language) -> str:
    """Say how many papers there are in the last three months, and in the three before."""
    if language == "ko":
        return shares_line(trend, f"앞선 석 달({trend.before.span})", f"최근 석 달({trend.now.span})", language)
    before, now = f"The three months to {trend.before.end}", f"the last three ({trend.now.span})"
    return shares_line(trend, before, now, language)


def percent(share: Share) -> str:
    """Write a share of all papers in percent, with a decimal where it is small."""
    return percentage(share.papers, share.of)


def percentage(part: int, whole: int) -> str:
    """Write a part of a whole in percent, with a decimal under ten.

    >>> percentage(5, 6), percentage(1, 300), percentage(0, 0)
    ('83%', '0.3%', '0%')
    """
    value = 100 * part / whole if whole else 0.0
    return f"{value:.1f}%" if 0 < value < 10 else f"{value:.0f}%"


# --- Groups ----------------------------------------------------------------------------------------------------------
def best_two(group: Group) -> list[Paper]:
    """Return the most voted paper of a group and its newest, in this order; one paper where both are the same."""
    return list(dict.fromkeys((group.most_voted, group.newest)))


def _write_groups(writer: Writer) -> None:
    """Write a line for each group and two of its papers below it, each with its sentence."""
    writer.lines += [f"**{_WORDS[writer.language].groups}**", ""]
    for group in writer.evidence.groups:
        writer.lines += group_lines(writer, group)


def group_lines(writer: Writer, group: Group) -> list[str]:
    """Return a group as an item with its two best papers; of the others only how many they are."""
    count = f"{len(group.papers):,}편" if writer.language == "ko" else papers_of(len(group.papers))
    if group.label == OTHERS[writer.language]:
        return [f"- {escape(group.label)} · {count}"]
    return [f"- **{escape(group.label)}** · {count}", *(f"   - {entry(writer, paper)}" for paper in best_two(group))]


def entry(writer: Writer, paper: Paper) -> str:
    """Return a paper in one line: title, votes and its sentence, cut at a clause."""
    head = f"{linked_title(paper)} ({writer.words.votes(paper.votes)})"
    told = writer.told(paper)
    if told is None:
        return f"{head} {writer.mark(paper)}"
    return f"{head}: {writer.sentence(paper, told, BRIEFLY[told.statement.language or 'ko'])}"


# --- Reading lists ---------------------------------------------------------------------------------------------------
def write_steps(writer: Writer) -> None:
    """Write what to read first, in order, each paper with why it stands there."""
    evidence, words = writer.evidence, _WORDS[writer.language]
    steps, n = evidence.steps, len(evidence.papers)
    subject = writer.words.counted(evidence.reading.plan, n)
    kinds = joined([words.kinds[why] for why in dict.fromkeys(step.why for step in steps)], words.then)
    writer.lines += [words.begins.format(subject=subject, n=len(steps), kinds=kinds), ""]
    for number, step in enumerate(steps, start=1):
        head, *rest = writer.item(number, step.paper)
        writer.lines += [f"{head} · {_reason(step, words)}", *rest]


def _reason(step: Step, words: _Words) -> str:
    return words.reasons[step.why].format(group=escape(step.group), named=step.named)
