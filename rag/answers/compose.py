"""The offline engine: an answer composed from the evidence, bullets word for word, every statement marked with its paper."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from rag.answers.answer import MARK, Answer, Citation, escape, linked_title, plain_title
from rag.answers.asserted import write_asserted
from rag.answers.brief import write_brief
from rag.answers.comparison import write_comparison
from rag.answers.examples import examples
from rag.answers.explanation import write_explanation, write_spelled, write_summary
from rag.answers.facts import unstated, write_fact, write_metadata
from rag.answers.overview import write_overview, write_steps
from rag.answers.phrases import FEW, as_said
from rag.answers.recommendation import write_reasons
from rag.answers.remembered import write_closest
from rag.answers.reported import figure_lines, no_figure
from rag.answers.tables import write_tallies, write_votes
from rag.answers.wording import WORDING, Wording
from rag.answers.writer import PAGE, Writer
from rag.corpus.catalogue import Catalogue
from rag.corpus.figures import Reported
from rag.evidence.telling import Told
from rag.evidence.types import Evidence
from rag.questions.plan import Plan, chips


def _set(writer: Writer, catalogue: Catalogue) -> None:
    evidence, words = writer.evidence, writer.words
    plan = evidence.reading.plan
    n = len(evidence.papers)
    yes_no = evidence.reading.yes_no
    if evidence.exhausted:
        writer.lines.append(words.exhausted(n if evidence.near else 0))
    elif evidence.near:
        writer.lines.append(words.found(n) if evidence.carried else words.near(plan, n))
    elif plan.kind != "superlative" and plan.limit is not None and n < evidence.pool:
        writer.lines += [
            words.some(plan, n, evidence.pool),
            *([words.estimated(evidence.pool, True)] if evidence.topic else []),
        ]
    elif evidence.topic and plan.kind != "superlative":
        named = [words.titled(evidence.titled)] if n > FEW and evidence.titled else []
        writer.lines += [words.topic_line(plan, n, yes_no), " ".join([words.estimated(n, True), *named])]
    elif plan.kind == "superlative":
        writer.lines.append(words.ranking(plan, n, evidence.pool, plan.limit is not None and n > plan.limit))
    elif plan.kind in ("date", "digest") and not (plan.authors or plan.not_terms or plan.by_votes or plan.summary):
        writer.lines.append(words.day(plan, n))
    else:
        writer.lines.append(words.set_line(plan, n, len(evidence.also), yes_no))
    if evidence.whole:
        writer.lines[0] += f" {words.share(n / (evidence.whole[1] or 1), *evidence.whole, evidence.topic)}"
    if evidence.tied:
        writer.lines[-1] += f" {words.same_day(evidence.tied)}"
    notes = [words.kept_all(evidence.kept_all)] if evidence.kept_all and not evidence.near else []
    if evidence.brief:
        write_brief(writer, writer.lines.pop())
        return
    if plan.relation in ("beat", "extend") and not evidence.topic:
        notes.append(words.by_wording)
    if plan.by_votes:
        notes += [words.votes_are, *([words.unvoted(evidence.unvoted)] if evidence.unvoted else [])]
    if plan.by == "authors" and evidence.unvoted:
        notes.append(words.uncounted(evidence.unvoted))
    if evidence.reading.dates and evidence.reading.dates.assumed_year:
        notes.append(words.assumed(plan))
    if evidence.reading.dates and evidence.reading.dates.counted_from:
        notes.append(words.counted_from(evidence.reading.dates.counted_from))
    if not (plan.date_from or plan.date_to) and not evidence.topic:
        notes.append(words.scope(len(catalogue.days), catalogue.days[0], catalogue.days[-1]))
    writer.lines += [" ".join(notes)] if notes else []
    _grouped(writer)
    writer.listed(evidence.papers, 0 if plan.limit else plan.skip)
    write_reasons(writer, evidence.pool - evidence.unvoted)
    if evidence.reading.field:
        writer.lines.append("")
        write_metadata(writer, (evidence.reading.field,))
    if evidence.also:
        shown = evidence.also[:PAGE]
        writer.lines += ["", f"**{words.also_heading}** ({len(evidence.also)})", ""]
        writer.lines += [f"- {linked_title(paper)} {writer.mark(paper)}" for paper in shown]
        if len(evidence.also) > PAGE:
            writer.lines += ["", words.more(PAGE, len(evidence.also))]
    if evidence.rejected:
        writer.lines += ["", f"**{words.rejected_heading}** ({len(evidence.rejected)})", ""]
        writer.lines += [f"- {linked_title(paper)} {writer.mark(paper)}" for paper in evidence.rejected]


def _grouped(writer: Writer) -> None:
    """Name the groups of a set in one line."""
    if writer.evidence.groups:
        named = " · ".join(f"{escape(group.label)} ({len(group.papers):,})" for group in writer.evidence.groups)
        writer.lines += ["", f"{writer.words.by_approach}: {named}"]


def _figures(writer: Writer, catalogue: Catalogue) -> None:
    """Write the figures that papers report, each with the sentence that states it."""

    def item(number: int, row: Reported, value: str) -> Iterator[str]:
        paper = catalogue.papers[row.arxiv_id]
        yield f"{number}. **{escape(value)}** · {writer.heading(paper)}"
        told = Told(row.statement, row.sentence)
        yield f"   - {writer.sentence(paper, told)}"

    writer.lines += figure_lines(writer.evidence, item)


def _topics(writer: Writer) -> None:
    evidence, words = writer.evidence, writer.words
    plan, n, before = evidence.reading.plan, len(evidence.papers), evidence.pool
    columns = [c for place, c in enumerate(words.topic_columns) if before or place != 2]
    writer.lines += [words.topics(plan, n, evidence.before, before), ""]
    rows = []
    for topic in evidence.topics:
        counts = [f"{len(topic.papers)} ({len(topic.papers) / n:.0%})"]
        counts += [f"{topic.before} ({(topic.before or 0) / before:.0%})"] if before else []
        rows.append((escape(topic.name(evidence.reading.language)), *counts, writer.favourite(topic.papers)))
    writer.table(columns, rows)


def _sides(writer: Writer) -> None:
    evidence, words = writer.evidence, writer.words
    plan = evidence.reading.plan
    first, *rest = evidence.sides
    if plan.terms or plan.topics:
        told = [(replace(plan, terms=first.group, topics=()), len(first.papers))]  # what narrows all is said once
        told += [(Plan("count", side.group, relation=plan.relation), len(side.papers)) for side in rest]
    else:
        told = [(replace(plan, authors=first.group), len(first.papers))]
        told += [(Plan("count", authors=side.group), len(side.papers)) for side in rest]
    writer.lines += [words.sides(told, evidence.pool), ""]
    rows = ((escape(side.group[0]), f"{len(side.papers):,}", writer.favourite(side.papers)) for side in evidence.sides)
    side = words.topic_columns[0] if plan.terms or plan.topics else words.writer_columns[0]
    writer.table((side, *words.topic_columns[1:2], *words.topic_columns[3:]), rows)


def _people(writer: Writer) -> None:
    evidence, words = writer.evidence, writer.words
    papers = evidence.papers
    writer.lines += [words.writers(evidence.reading.plan, len(papers), sum(p.authors_cut for p in papers)), ""]
    rows = ((escape(name), f"{len(theirs):,}", writer.favourite(theirs)) for name, theirs in evidence.writers)
    writer.table(words.writer_columns, rows)
    if evidence.tied:
        writer.lines += ["", words.tied(evidence.tied)]


def _papers(writer: Writer, catalogue: Catalogue) -> None:
    evidence, words = writer.evidence, writer.words
    plan = evidence.reading.plan
    if plan.kind == "similar" and plan.papers:  # without them the question was answered as a description
        title = linked_title(catalogue.papers[plan.papers[0]])
        writer.lines.append(words.similar(title, len(evidence.papers)))
        writer.listed(evidence.papers)
        return
    if plan.kind == "explain":
        write_explanation(writer)
        return
    if plan.kind == "known_item" and len(evidence.papers) == 1:
        write_summary(writer, evidence.papers[0])
        return
    if plan.kind == "fact" and evidence.reading.field:
        write_metadata(writer, evidence.fields or (evidence.reading.field,))
        return
    if evidence.unstated:
        writer.lines += [unstated([escape(word) for word in evidence.missing], writer.language), ""]
    if plan.kind == "fact" and evidence.labels:
        (paper,), (term,) = evidence.papers, plan.terms
        name = escape(paper.name or plain_title(paper.title))
        said = words.related(name, escape(term), evidence.labels[paper.arxiv_id].relation)
        writer.lines += [f"{said} {writer.mark(paper)}", ""]
    if not plan.papers:
        found = words.near(plan, len(evidence.papers)) if evidence.near else words.found(len(evidence.papers))
        writer.lines.append(words.only_mentioned(evidence.outside[0]) if evidence.outside else found)
    if plan.kind == "fact" and plan.papers and len(evidence.papers) == 1:
        write_fact(writer, evidence.papers[0])
    else:
        writer.listed(evidence.papers)
    silent = len(plan.papers) - len(evidence.papers) if plan.kind == "fact" else 0
    if silent > 0:
        writer.lines += ["", words.silent(silent)]


def _refusal(evidence: Evidence, catalogue: Catalogue, words: Wording) -> str:
    reading, reason = evidence.reading, evidence.reason
    assert reason is not None
    days = catalogue.days
    if reading.plan.figure and reason in ("no_evidence", "ambiguous") and not reading.offers:
        return no_figure(evidence)
    scope = words.scope(len(days), days[0], days[-1]) if days else ""
    if evidence.outside:
        return f"{words.not_told(escape(evidence.outside[0]), evidence.pool)} {scope}"
    if reading.plan.kind == "compare" and reading.unknown and reason == "no_evidence":
        return f"{words.not_compared([escape(name) for name in reading.unknown])} {scope}"
    unknown = reading.unknown or evidence.missing
    lacking = reading.lacking if reason == "field_not_in_digest" and evidence.nearest.paper is None else ""
    text = words.not_kept(lacking) if lacking in words.lacks else ""
    text = text or words.refusal(reason, reading.plan, unknown, evidence.nearest, reading.yes_no, scope)
    offers = ["", words.offers, "", *(f"- {escape(offer)}" for offer in reading.offers)] if reading.offers else []
    return "\n".join([" ".join(text.split()), *offers])


def joined(answers: Sequence[Answer], question: str, first_said: str = "") -> Answer:
    """Join the answers to several questions of one sentence, in order, behind a first sentence; citations are numbered through."""
    first, *later = answers
    if not later:
        return replace(first, question=question)
    texts: list[str] = []
    citations: list[Citation] = []
    for answer in answers:
        places = {f"[{c.n}]": f"[{_numbered(c, citations)}]" for c in answer.citations}
        texts.append(_without(MARK.sub(_renumbering(places), answer.text), texts))
    told = [answer for answer in answers if answer.status == "answered"]
    status = "answered" if told else first.status
    return replace(
        first,
        question=question,
        status=status,
        reason=None if told else first.reason,
        text="\n\n".join(filter(None, (first_said, *texts))),
        papers=tuple(dict.fromkeys(i for answer in answers for i in answer.papers)),
        also_mentioned=tuple(dict.fromkeys(i for answer in answers for i in answer.also_mentioned)),
        citations=tuple(citations),
        figures=tuple(figure for answer in answers for figure in answer.figures),
        plans=tuple(answer.plan for answer in answers),
        lead="",
    )


def _without(text: str, earlier: Sequence[str]) -> str:
    """Return a later part without the quoted lines that an earlier one has."""
    said = {line for part in earlier for line in part.splitlines() if MARK.search(line)}
    return "\n".join(line for line in text.splitlines() if line not in said).strip()


def _renumbering(places: Mapping[str, str]) -> Callable[[re.Match[str]], str]:
    """Return what replaces a citation mark by its number among all parts."""
    return lambda match: places.get(match.group(), match.group())


def _numbered(citation: Citation, citations: list[Citation]) -> int:
    """Return the number of a citation among those of all parts, adding it where it is new; its quotes are joined."""
    for place, known in enumerate(citations):
        if known.paper.arxiv_id == citation.paper.arxiv_id:
            quotes = tuple(dict.fromkeys((*known.evidence, *citation.evidence)))
            citations[place] = replace(known, evidence=quotes)
            return known.n
    citations.append(replace(citation, n=len(citations) + 1))
    return len(citations)


def _doubts(writer: Writer, catalogue: Catalogue) -> None:
    """Say which of the papers shown have a summary that may be another paper's."""
    found = [c for c in writer.citations() if c.paper.arxiv_id in catalogue.doubtful]
    if found:
        marks = " ".join(f"[{c.n}]" for c in found)
        writer.lines += ["", f"{writer.words.doubtful} {marks}"]


def compose(evidence: Evidence, catalogue: Catalogue) -> Answer:
    """Write the answer that the evidence carries. Pure: the same evidence gives the same answer."""
    reading, plan = evidence.reading, evidence.reading.plan
    evidence = replace(evidence, reading=replace(reading, plan=as_said(plan, reading.question)))
    words = WORDING[reading.language]
    writer = Writer(evidence, words)
    first, last = (catalogue.days[0], catalogue.days[-1]) if catalogue.days else (None, None)
    status = "answered"
    reason = evidence.reason
    if plan.kind == "help":
        writer.lines.append(words.welcome if reading.thanks else words.help(len(catalogue), first, last))
        writer.lines += (
            ["", *(f"- {example}" for example in examples(catalogue, reading.language))]
            if catalogue.days and not reading.thanks
            else []
        )
    elif reason:
        status = (
            "refused"
            if reason in ("out_of_scope", "field_not_in_digest", "ambiguous", "no_reference")
            else "no_evidence"
        )
        writer.lines.append(_refusal(evidence, catalogue, words))
    elif evidence.spelled:
        write_spelled(writer)
    elif reading.asserts and (evidence.stated or evidence.near):
        write_asserted(writer)
    elif evidence.figures or evidence.named:
        _figures(writer, catalogue)
    elif evidence.topics:
        _topics(writer)
    elif evidence.sides:
        _sides(writer)
    elif evidence.writers:
        _people(writer)
    elif plan.kind == "trend":
        write_tallies(writer)
    elif plan.measure:
        write_votes(writer)
    elif plan.kind == "compare":
        write_comparison(writer)
    elif evidence.steps:
        write_steps(writer)
    elif evidence.overview:
        write_overview(writer)
    elif plan.kind in ("list", "count", "superlative", "author", "date", "digest"):
        _set(writer, catalogue)
    else:
        _papers(writer, catalogue)
    if evidence.described and not reason:
        write_closest(writer)
    if not reason:
        _doubts(writer, catalogue)
    if reading.lacking and not reason:
        said = {
            "stance": words.stance, "popularity": words.popularity, "author_order": words.author_order,
            "votes": words.votes_unknown,
        }  # fmt: skip
        left = said.get(reading.lacking) or (words.carried if plan.in_title else words.lacking)
        writer.lines.insert(0, left + "\n")
    if evidence.unreleased and not reason:
        writer.lines.insert(0, words.unreleased(evidence.unreleased) + "\n")
    if evidence.beyond:
        writer.lines.insert(0, words.beyond + "\n")
    if evidence.left_out and not reason:
        writer.lines.insert(0, words.left_out(evidence.left_out) + "\n")
    if reading.dates and reading.dates.impossible and not reason:
        writer.lines.insert(0, words.without_day(reading.dates.impossible) + "\n")
    if reading.read_as and not reason and writer.lines:
        writer.lines[:0] = [words.read_as(reading.read_as), ""]
    apart = reading.unknown or not all(thing.is_own for thing in evidence.things)
    divided = evidence.groups or (evidence.brief.groups if evidence.brief else ())
    leads = not reason and (plan.kind == "digest" or (plan.kind == "compare" and apart))
    return Answer(
        question=reading.question,
        language=reading.language,
        status=status,  # type: ignore[arg-type]
        reason=reason,
        plan=plan,
        text=re.sub(r"\n{3,}", "\n\n", "\n".join(writer.lines)).strip(),
        papers=tuple(p.arxiv_id for p in evidence.papers) if not reason else (),
        also_mentioned=tuple(p.arxiv_id for p in (*evidence.also, *evidence.rejected)),
        citations=writer.citations() if not reason else (),
        chips=chips(plan, reading.language),
        figures=tuple(row for group in evidence.figures for row in group.rows) if not reason else (),
        groups=tuple((group.label, tuple(p.arxiv_id for p in group.papers)) for group in divided),
        doubtful=tuple(c.paper.arxiv_id for c in writer.citations() if c.paper.arxiv_id in catalogue.doubtful),
        lead=writer.lines[0] if leads else "",
    )
