"""What a range of days brought, as an answer: the most voted, the groups, what rose, what is new."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from rag.answers.answer import Answer, escape, linked_title, plain_title
from rag.answers.english import papers_of
from rag.answers.markup import render
from rag.answers.overview import entry, percentage
from rag.answers.phrases import period
from rag.answers.writer import PAGE, Writer
from rag.corpus.papers import Paper
from rag.errors import QuestionError
from rag.evidence.brief import Brief, Span
from rag.evidence.groups import OTHERS, Group
from rag.evidence.topics import Topic
from rag.evidence.types import Evidence
from rag.language.text import Language
from rag.questions.plan import Plan

_MOST_VOTED, _OF_GROUP, _OF_KIND = 3, 2, 3  # papers that are shown


@dataclass(frozen=True)
class _Words:
    """The wording of one language."""

    top: str
    groups: str
    rose: str
    fell: str
    new: str
    kinds: Mapping[str, str]


_WORDS: Mapping[Language, _Words] = {
    "ko": _Words(
        "표를 가장 많이 받은 논문", "접근별", "{before}보다 비중이 늘어난 주제", "{before}보다 비중이 줄어든 주제", "새로 나온 것",
        {"benchmark": "벤치마크", "dataset": "데이터셋", "model": "모델"},
    ),
    "en": _Words(
        "Most voted", "By approach", "Topics with a larger share than {before}", "Topics with a smaller share than {before}", "New",
        {"benchmark": "Benchmarks", "dataset": "Datasets", "model": "Models"},
    ),
}  # fmt: skip


def write_brief(writer: Writer, first: str) -> None:
    """Write a brief below a first line that says of how many papers: few papers are listed, of many the best of each part."""
    brief = writer.evidence.brief
    assert brief is not None
    words = _WORDS[writer.language]
    writer.lines.append(" ".join([first, *_beside_before(brief, writer.language)]))
    if writer.evidence.reading.against:
        _write_changes(writer, brief, words)
        _write_best(writer, brief, words)
    else:
        _write_best(writer, brief, words)
        _write_changes(writer, brief, words)
    if brief.new and len(brief.papers) > PAGE:
        writer.lines += ["", f"**{words.new}**", ""]
        writer.lines += [_kind(writer, words.kinds[kind], found) for kind, found in brief.new]


def _write_best(writer: Writer, brief: Brief, words: _Words) -> None:
    papers = writer.evidence.papers
    if len(papers) <= PAGE:
        writer.listed(papers)
    else:
        writer.lines += ["", f"**{words.top}**"]
        writer.listed(papers[:_MOST_VOTED])
        _write_groups(writer, brief, words)


def _write_changes(writer: Writer, brief: Brief, words: _Words) -> None:
    """Write which topics rose and fell against the time before."""
    if brief.before is None:
        return
    for head, found, line in ((words.rose, brief.rose, _risen), (words.fell, brief.fell, _fallen)):
        if found:
            writer.lines += ["", f"**{head.format(before=_named(brief.before, writer.language))}**", ""]
            writer.lines += [line(writer, topic, brief.span, brief.before) for topic in found]


def _beside_before(brief: Brief, language: Language) -> list[str]:
    """Say how many papers the time before had; nothing where it is not known, or not as long."""
    before = brief.before
    if before is None or before.end - before.start < brief.span.end - brief.span.start - _CALENDAR:
        return []
    days = _named(before, language)
    if language == "ko":
        return [f"다이제스트 {brief.span.digests}개 기준이며, {days}에는 {before.papers:,}편이었습니다."]
    digests = "1 digest" if brief.span.digests == 1 else f"{brief.span.digests} digests"
    return [f"They stand in {digests}; there were {papers_of(before.papers)} {days}."]


_CALENDAR = timedelta(days=3)  # by which months and quarters differ


def _named(span: Span, language: Language) -> str:
    return period(Plan("date", date_from=span.start, date_to=span.end), language == "ko")


def _write_groups(writer: Writer, brief: Brief, words: _Words) -> None:
    if not brief.groups:
        return
    writer.lines += ["", f"**{words.groups}**", ""]
    shown = set(brief.papers[:_MOST_VOTED])
    for group in brief.groups:
        writer.lines += _group_lines(writer, group, shown)


def _group_lines(writer: Writer, group: Group, shown: set[Paper]) -> list[str]:
    """Return a group with its most voted papers that were not shown before; of the others only how many they are."""
    count = f"{len(group.papers):,}편" if writer.language == "ko" else papers_of(len(group.papers))
    if group.label == OTHERS[writer.language]:
        return [f"- {escape(group.label)} · {count}"]
    left = [paper for paper in group.papers if paper not in shown]
    best = sorted(left, key=lambda p: (-1 if p.votes is None else p.votes, p.date), reverse=True)[:_OF_GROUP]
    shown.update(best)
    return [f"- **{escape(group.label)}** · {count}", *(f"   - {entry(writer, paper)}" for paper in best)]


def _risen(writer: Writer, topic: Topic, span: Span, before: Span) -> str:
    """Return a topic that rose: how many papers and which share now and before, and its most voted paper."""
    return _moved(writer, topic, len(topic.papers), topic.before or 0, span, before)


def _fallen(writer: Writer, topic: Topic, span: Span, before: Span) -> str:
    """Return a topic that fell: how many papers and which share now and before, and its most voted paper then."""
    return _moved(writer, topic, topic.before or 0, len(topic.papers), span, before)


def _moved(writer: Writer, topic: Topic, now: int, then: int, span: Span, before: Span) -> str:
    shares = f"{percentage(then, before.papers)} → {percentage(now, span.papers)}"
    counts = f"{then:,}편 → {now:,}편" if writer.language == "ko" else f"{then:,} → {papers_of(now)}"
    return f"- **{escape(topic.name(writer.language))}**: {counts} ({shares}) · {writer.favourite(topic.papers)}"


def _kind(writer: Writer, name: str, papers: Sequence[Paper]) -> str:
    count = f"{len(papers):,}편" if writer.language == "ko" else papers_of(len(papers))
    shown = ", ".join(f"{linked_title(paper)} {writer.mark(paper)}" for paper in papers[:_OF_KIND])
    return f"- {name} · {count}: {shown}"


# --- As a file ------------------------------------------------------------------------------------------------------
_STYLE = (
    "body{font:16px/1.6 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff;word-break:keep-all}"
    "a{color:#0b57d0}li{margin:.3rem 0}a.cite{font-size:.75em;vertical-align:super;text-decoration:none}"
    "@media(prefers-color-scheme:dark){body{color:#e8e8e8;background:#161616}a{color:#8ab4f8}}"
)


def title(brief: Brief, language: Language) -> str:
    """Return the title of a brief: what it is, and the days."""
    days = _named(brief.span, language)
    return f"논문 브리핑: {days}" if language == "ko" else f"Papers {days}"


def sources(answer: Answer) -> str:
    """Return the numbered sources of an answer as Markdown."""
    head = "## 출처" if answer.language == "ko" else "## Sources"
    return "\n".join(
        [head, "", *(f"{c.n}. {linked_title(c.paper)} · {c.paper.date:%Y-%m-%d}" for c in answer.citations)]
    )


def page(brief: Brief, answer: Answer) -> str:
    """Return a brief as an HTML page that needs nothing beside itself; each mark leads to its source."""
    cited = [citation.paper for citation in answer.citations]
    links = {paper.url for paper in cited}
    titles = {citation.n: plain_title(citation.paper.title) for citation in answer.citations}
    named = html.escape(title(brief, answer.language))
    head = "출처" if answer.language == "ko" else "Sources"
    listed = "".join(
        f'<li id="source-{n}"><a href="{html.escape(paper.url)}">{html.escape(plain_title(paper.title))}</a> · {paper.date:%Y-%m-%d}</li>'
        for n, paper in enumerate(cited, start=1)
    )
    return (
        f'<!doctype html>\n<html lang="{answer.language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{named}</title>\n<style>{_STYLE}</style>\n</head>\n'
        f"<body>\n<h1>{named}</h1>\n{render(answer.text, links, titles)}\n<h2>{head}</h2>\n<ol>{listed}</ol>\n</body>\n</html>"
    )


# --- For other programs ----------------------------------------------------------------------------------------------
def brief_json(brief: Brief, language: Language) -> dict[str, Any]:
    """Return a brief as plain values; days are in ISO form, both ends in the range."""
    return {
        "period": _span_json(brief.span),
        "before": _span_json(brief.before) if brief.before else None,
        "most_voted": [_paper_json(paper) for paper in brief.top],
        "groups": [
            {"label": group.label, "count": len(group.papers), "papers": [paper.arxiv_id for paper in group.papers]}
            for group in brief.groups
        ],
        "rising": [
            {
                "topic": topic.name(language),
                "count": len(topic.papers),
                "before": topic.before or 0,
                "papers": [paper.arxiv_id for paper in topic.papers],
            }
            for topic in brief.rose
        ],
        "falling": [
            {"topic": topic.name(language), "count": topic.before or 0, "before": len(topic.papers)}
            for topic in brief.fell
        ],
        "new": {kind: [paper.arxiv_id for paper in papers] for kind, papers in brief.new},
        "papers": [_paper_json(paper) for paper in brief.papers],
    }


def whole_json(evidence: Evidence, answer: Answer) -> dict[str, Any]:
    """Return a brief with its text and its citations. Raises QuestionError where the range holds nothing to tell."""
    if evidence.brief is None:
        raise QuestionError(answer.text)
    return {
        "language": answer.language,
        **brief_json(evidence.brief, answer.language),
        "text": answer.text,
        "citations": [citation.as_json() for citation in answer.citations],
    }


def _span_json(span: Span) -> dict[str, Any]:
    last = span.end.fromordinal(span.end.toordinal() - 1)
    return {
        "from": span.start.isoformat(),
        "to": last.isoformat(),
        "digests": span.digests,
        "papers": span.papers,
    }


def _paper_json(paper: Paper) -> dict[str, Any]:
    return {
        "arxiv_id": paper.arxiv_id,
        "url": paper.url,
        "title": paper.title,
        "date": paper.date.isoformat(),
        "votes": paper.votes,
    }
