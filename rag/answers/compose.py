"""The offline engine: an answer composed from the evidence, bullets word for word, every statement marked with its paper."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property

from rag.answers.answer import MARK, Answer, Citation, escape, linked_title, plain_title
from rag.answers.reported import figure_lines, no_figure
from rag.answers.wording import WORDING, Wording
from rag.corpus.catalogue import Catalogue, Statement
from rag.corpus.figures import Reported
from rag.corpus.papers import Paper
from rag.evidence.facts import NUMERIC, STATED
from rag.evidence.telling import Told, Wanted, tell, tell_fact, tell_of, wanted
from rag.evidence.types import Evidence
from rag.language.sentences import LIMITS, section_name, sentences, shortened, standing_alone
from rag.questions.plan import Plan, chips

_MOST_MONTHS = 3  # that are named as those with most papers
_MOST_AUTHORS = 6  # that are named below a summary
_DEFINING, _COMPARED = 3, 3  # sentences of a paper that define a thing, and that it is compared by
PAGE = 20  # papers that the text of a long list shows; the whole set stands in `Answer.papers`

EXAMPLES = {
    "ko": ("Mamba를 사용한 논문은?", "2023년 12월 논문 중 표가 가장 많은 3편은?", "6월 11일 논문 요약해 줘", "Gamba와 비슷한 논문은?"),
    "en": ("Which papers used Mamba?", "Top 3 papers by votes in December 2023", "Summarise the papers of June 11", "Papers similar to Gamba"),
}  # fmt: skip


class _Writer:
    """Collects lines and numbers the papers they cite in order of first use."""

    def __init__(self, evidence: Evidence, words: Wording) -> None:
        self.evidence, self.words = evidence, words
        self.lines: list[str] = []
        self.cited: dict[str, tuple[Paper, list[Statement]]] = {}
        self.is_foreign_told = False
        self.said: set[str] = set()  # sentences that stand in the answer; none stands there twice

    @cached_property
    def asked(self) -> tuple[Wanted, ...]:
        """What a sentence about a paper should speak of: the names and topics of the plan, else the words asked by."""
        reading = self.evidence.reading
        named = (*reading.plan.terms, *reading.plan.topics)
        if not named and reading.plan.kind in ("describe", "explain", "fact") and reading.query:
            named = (reading.query,)
        return tuple(map(wanted, named))

    def mark(self, paper: Paper, statement: Statement | None = None) -> str:
        _, quoted = self.cited.setdefault(paper.arxiv_id, (paper, []))
        if statement and statement not in quoted:
            quoted.append(statement)
        return f"[{[*self.cited].index(paper.arxiv_id) + 1}]"

    def quoted(self, paper: Paper, statement: Statement, said: str) -> str:
        """Words of a statement as they stand there, marked; the first in the other language is said to be so."""
        foreign = statement.language and statement.language != self.evidence.reading.language
        note = f" ({self.words.other_summary})" if foreign and not self.is_foreign_told else ""
        self.is_foreign_told = self.is_foreign_told or bool(foreign)
        return f"{escape(said)}{note} {self.mark(paper, statement)}"

    def sentence(self, paper: Paper, told: Told, limit: int | None = None) -> str:
        """A sentence of a paper, marked; shortened where it is longer than a limit."""
        self.said.add(told.text)
        shown = standing_alone(told.text)
        return self.quoted(paper, told.statement, shortened(shown, limit) if limit else shown)

    def bullet(self, paper: Paper, statement: Statement) -> str:
        """A whole statement as a bullet: the name of its section, and its sentences but those that were said before."""
        kept = [sentence for sentence in sentences(statement.text) if sentence not in self.said]
        self.said.update(kept)
        if not kept:
            return ""
        section = section_name(statement.bullet.section, self.evidence.reading.language)
        label = f"{section} · " if section else ""
        return f"- {label}{self.quoted(paper, statement, ' '.join(kept))}"

    def told(self, paper: Paper) -> Told | None:
        """The sentence that stands for a paper in a list; None where none is left to say."""
        evidence = self.evidence
        quotes = evidence.quotes.get(paper.arxiv_id, ())
        return tell(paper, evidence.reading.language, self.asked, quotes, self.said)

    def heading(self, paper: Paper) -> str:
        return f"{linked_title(paper)} · {paper.date:%Y-%m-%d} · {self.words.votes(paper.votes)}"

    def item(self, number: int, paper: Paper) -> Iterator[str]:
        """An entry of a list: title, date, votes and the one sentence that tells most."""
        told = self.told(paper)
        head = f"{number}. {self.heading(paper)}"
        if told is None:
            yield f"{head} {self.mark(paper)}"
            return
        yield head
        said = self.sentence(paper, told, LIMITS[told.statement.language or "ko"])
        for statement in self.evidence.quotes.get(paper.arxiv_id, ()):
            self.mark(paper, statement)  # what the evidence rests on stands in the source
        yield f"   - {said}"

    def listed(self, papers: Sequence[Paper], skip: int = 0) -> None:
        """Write a page of papers as a numbered list; the first `skip` are left out."""
        self.lines.append("")
        shown = papers[skip : skip + PAGE] or papers[:PAGE]
        for number, paper in enumerate(shown, start=skip + 1 if papers[skip:] else 1):
            self.lines += self.item(number, paper)
        if len(papers) > PAGE:
            self.lines += ["", self.words.more(len(shown), len(papers))]

    def favourite(self, papers: Sequence[Paper]) -> str:
        """The paper with most votes, linked and marked."""
        first = max(papers, key=lambda paper: -1 if paper.votes is None else paper.votes, default=None)
        return f"{linked_title(first)} {self.mark(first)}" if first else ""

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        self.lines += ["| " + " | ".join(columns) + " |", "|---" * len(columns) + "|"]
        self.lines += ["| " + " | ".join(row) + " |" for row in rows]

    def citations(self) -> tuple[Citation, ...]:
        labels = self.evidence.labels
        return tuple(
            Citation(n, paper, labels[i].relation if i in labels else None, tuple(quoted))
            for n, (i, (paper, quoted)) in enumerate(self.cited.items(), start=1)
        )


def _set(writer: _Writer, catalogue: Catalogue) -> None:
    evidence, words = writer.evidence, writer.words
    plan = evidence.reading.plan
    n = len(evidence.papers)
    yes_no = evidence.reading.yes_no
    if evidence.near:
        writer.lines.append(words.near(plan, n))
    elif plan.kind != "superlative" and plan.limit is not None and n < evidence.pool:
        writer.lines += [words.some(plan, n, evidence.pool), *([words.topic] if evidence.topic else [])]
    elif evidence.topic and plan.kind != "superlative":
        writer.lines += [words.topic_line(plan, n, yes_no), words.topic]
    elif plan.kind == "superlative":
        writer.lines.append(words.ranking(plan, n, evidence.pool, plan.limit is not None and n > plan.limit))
    elif plan.kind in ("date", "digest") and not (plan.authors or plan.not_terms or plan.by_votes or plan.summary):
        writer.lines.append(words.day(plan, n))
    else:
        writer.lines.append(words.set_line(plan, n, len(evidence.also), yes_no))
    notes = []
    if plan.by_votes:
        notes += [words.votes_are, *([words.unvoted(evidence.unvoted)] if evidence.unvoted else [])]
    if evidence.reading.dates and evidence.reading.dates.assumed_year:
        notes.append(words.assumed(plan))
    if not (plan.date_from or plan.date_to) and not evidence.topic:
        notes.append(words.scope(len(catalogue.days), catalogue.days[0], catalogue.days[-1]))
    writer.lines += [" ".join(notes)] if notes else []
    _grouped(writer)
    writer.listed(evidence.papers, plan.skip)
    if evidence.also:
        shown = evidence.also[:PAGE]
        writer.lines += ["", f"**{words.also_heading}** ({len(evidence.also)})", ""]
        writer.lines += [f"- {linked_title(paper)} {writer.mark(paper)}" for paper in shown]
        if len(evidence.also) > PAGE:
            writer.lines += ["", words.more(PAGE, len(evidence.also))]


def _grouped(writer: _Writer) -> None:
    """Write the groups of a topical set: a line each with its two best papers for an overview, else one line for all."""
    evidence, words = writer.evidence, writer.words
    if not evidence.groups:
        return
    if not evidence.reading.overview:
        named = " · ".join(f"{escape(group.label)} ({len(group.papers):,})" for group in evidence.groups)
        writer.lines += ["", f"{words.by_approach}: {named}"]
        return
    writer.lines += ["", f"**{words.by_approach}**", ""]
    for group in evidence.groups:
        best = list(dict.fromkeys((group.most_voted, group.newest)))
        shown = ", ".join(f"{linked_title(paper)} {writer.mark(paper)}" for paper in best)
        writer.lines.append(f"- **{escape(group.label)}** ({len(group.papers):,}): {shown}")


def _figures(writer: _Writer, catalogue: Catalogue) -> None:
    """Write the figures that papers report, each with the sentence that states it."""

    def item(number: int, row: Reported, value: str) -> Iterator[str]:
        paper = catalogue.papers[row.arxiv_id]
        yield f"{number}. **{escape(value)}** · {writer.heading(paper)}"
        told = Told(row.statement, row.sentence)
        yield f"   - {writer.sentence(paper, told)}"

    writer.lines += figure_lines(writer.evidence, item)


def _trend(writer: _Writer) -> None:
    evidence, words = writer.evidence, writer.words
    top = max(n for _, n in evidence.months)
    most = [date.fromisoformat(f"{month}-01") for month, n in evidence.months if n == top]
    few = most if len(most) <= _MOST_MONTHS and len(most) < len(evidence.months) else []
    writer.lines += [
        words.trend(evidence.reading.plan, len(evidence.papers), few, top),
        "",
        f"| {words.by_month} | |",
        "|---|---|",
    ]
    writer.lines += [f"| {month} | {'▇' * max(1, round(20 * n / top))} {n} |" for month, n in evidence.months]
    writer.listed(evidence.papers[:5])


def _topics(writer: _Writer) -> None:
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


def _sides(writer: _Writer) -> None:
    evidence, words = writer.evidence, writer.words
    plan = evidence.reading.plan
    first, *rest = evidence.sides
    told = [(replace(plan, terms=first.group), len(first.papers))]  # what narrows all of them is said once
    told += [(Plan("count", side.group, relation=plan.relation), len(side.papers)) for side in rest]
    writer.lines += [words.sides(told, evidence.pool), ""]
    rows = ((escape(side.group[0]), f"{len(side.papers):,}", writer.favourite(side.papers)) for side in evidence.sides)
    writer.table([column for place, column in enumerate(words.topic_columns) if place != 2], rows)


def _people(writer: _Writer) -> None:
    evidence, words = writer.evidence, writer.words
    papers = evidence.papers
    writer.lines += [words.writers(evidence.reading.plan, len(papers), sum(p.authors_cut for p in papers)), ""]
    rows = ((escape(name), f"{len(theirs):,}", writer.favourite(theirs)) for name, theirs in evidence.writers)
    writer.table(words.writer_columns, rows)
    if evidence.tied:
        writer.lines += ["", words.tied(evidence.tied)]


def _one(writer: _Writer, paper: Paper) -> None:
    """Write the whole summary of one paper, and who wrote it when."""
    evidence, words = writer.evidence, writer.words
    bullets = (writer.bullet(paper, statement) for statement in evidence.quotes[paper.arxiv_id])
    writer.lines += [words.paper_is(linked_title(paper)), "", *filter(None, bullets), ""]
    more = " …" if len(paper.authors) > _MOST_AUTHORS or paper.authors_cut else ""
    authors = escape(", ".join(paper.authors[:_MOST_AUTHORS])) + more
    told = [f"{paper.date:%Y-%m-%d}", words.votes(paper.votes), *([authors] if authors else [])]
    writer.lines.append(f"{' · '.join(told)} {writer.mark(paper)}")
    if evidence.also:
        writer.lines += ["", words.mentioned_too(paper.name or "", len(evidence.also))]


def _metadata(writer: _Writer) -> None:
    evidence, words = writer.evidence, writer.words
    for paper in evidence.papers:
        value = {
            "authors": ", ".join(paper.authors), "votes": words.votes(paper.votes) if paper.votes is not None else "",
            "date": ", ".join(f"{day:%Y-%m-%d}" for day in paper.dates), "link": paper.url,
        }[evidence.reading.field or "link"]  # fmt: skip
        said = words.field(evidence.reading.field or "link", escape(value), escape(plain_title(paper.title)))
        writer.lines.append(f"{said} {writer.mark(paper)}")


def _fact(writer: _Writer, paper: Paper) -> None:
    """Write what one paper says of an asked fact: the sentence that holds it, at most two more, and which paper it is."""
    reading = writer.evidence.reading
    quotes = writer.evidence.quotes.get(paper.arxiv_id, ())
    told = tell_fact(paper, quotes, reading.query, STATED.get(reading.aspect), reading.aspect in NUMERIC)
    if writer.evidence.labels:
        told = told[:1]
    said = [writer.sentence(paper, one) for one in told]
    ours = not writer.lines and all(one.statement.language == reading.language for one in told)
    if ours and said:  # the answer begins with the fact itself
        writer.lines += [said.pop(0), ""]
    bullets = [f"- {sentence}" for sentence in said]
    parts = [bullets, [writer.heading(paper)]] if ours else [[writer.heading(paper)], bullets]
    for part in filter(None, parts):
        writer.lines += [*part, ""]


def _papers(writer: _Writer, catalogue: Catalogue) -> None:
    evidence, words = writer.evidence, writer.words
    plan = evidence.reading.plan
    if plan.kind == "similar" and plan.papers:  # without them the question was answered as a description
        title = linked_title(catalogue.papers[plan.papers[0]])
        writer.lines.append(words.similar(title, len(evidence.papers)))
        writer.listed(evidence.papers)
        return
    if plan.kind in ("known_item", "explain") and len(evidence.papers) == 1 and not evidence.labels:
        _one(writer, evidence.papers[0])
        return
    if plan.kind == "fact" and evidence.reading.field:
        _metadata(writer)
        return
    if evidence.unstated:
        writer.lines += [words.unstated, ""]
    if plan.kind == "fact" and evidence.labels:
        (paper,), (term,) = evidence.papers, plan.terms
        name = escape(paper.name or plain_title(paper.title))
        said = words.related(name, escape(term), evidence.labels[paper.arxiv_id].relation)
        writer.lines += [f"{said} {writer.mark(paper)}", ""]
    if plan.kind == "explain" and evidence.labels:
        writer.lines += [words.proposed_by(escape(plan.terms[0]), len(evidence.papers)), ""]
    elif not plan.papers:
        found = words.found(len(evidence.papers))
        writer.lines.append(words.only_mentioned(evidence.outside[0]) if evidence.outside else found)
    if plan.kind == "fact" and plan.papers and len(evidence.papers) == 1:
        _fact(writer, evidence.papers[0])
    elif plan.kind == "explain" and evidence.labels:
        for paper in evidence.papers:
            _defined(writer, paper)
    else:
        writer.listed(evidence.papers)


def _defined(writer: _Writer, paper: Paper) -> None:
    """Write what a paper that proposes a thing says of it: a sentence of each statement that names it."""
    writer.lines += [f"{writer.heading(paper)} {writer.mark(paper)}", ""]
    for statement in writer.evidence.quotes.get(paper.arxiv_id, ())[:_DEFINING]:
        if told := tell_of(paper, statement, writer.asked, writer.said):
            writer.lines.append(f"- {writer.sentence(paper, told)}")
    writer.lines.append("")


def _points(writer: _Writer, paper: Paper) -> str:
    """What a paper is compared by: a sentence of each of its statements that evidence has chosen."""
    points = []
    for statement in writer.evidence.quotes[paper.arxiv_id][:_COMPARED]:
        if told := tell_of(paper, statement, (), writer.said):
            points.append(writer.sentence(paper, told, LIMITS[statement.language or "ko"]))
    return "<br>".join(points)


def _compare(writer: _Writer) -> None:
    evidence, words = writer.evidence, writer.words
    if missing := evidence.reading.unknown:
        writer.lines += [words.not_compared([escape(name) for name in missing]), ""]
    if evidence.apart:
        writer.lines += [words.apart(evidence.apart), ""]
    writer.lines += [words.compare(len(evidence.papers)), ""]
    rows = [
        (linked_title(paper), f"{paper.date:%Y-%m-%d}", words.votes(paper.votes), _points(writer, paper))
        for paper in evidence.papers
    ]
    writer.table(words.columns, rows)


def _refusal(evidence: Evidence, catalogue: Catalogue, words: Wording) -> str:
    reading, reason = evidence.reading, evidence.reason
    assert reason is not None
    days = catalogue.days
    if reading.plan.figure and reason in ("no_evidence", "ambiguous") and not reading.offers:
        return no_figure(evidence)
    scope = words.scope(len(days), days[0], days[-1]) if days else ""
    text = words.refusal(reason, reading.plan, reading.unknown, evidence.nearest, reading.yes_no, scope)
    offers = ["", words.offers, "", *(f"- {escape(offer)}" for offer in reading.offers)] if reading.offers else []
    return "\n".join([" ".join(text.split()), *offers])


def joined(answers: Sequence[Answer], question: str) -> Answer:
    """Join the answers to several questions of one sentence, in order; citations are numbered through."""
    first, *later = answers
    if not later:
        return replace(first, question=question)
    texts: list[str] = []
    citations: list[Citation] = []
    for answer in answers:
        places = {f"[{c.n}]": f"[{_numbered(c, citations)}]" for c in answer.citations}
        texts.append(MARK.sub(_renumbering(places), answer.text))
    told = [answer for answer in answers if answer.status == "answered"]
    status = "answered" if told else first.status
    return replace(
        first,
        question=question,
        status=status,
        reason=None if told else first.reason,
        text="\n\n".join(texts),
        papers=tuple(dict.fromkeys(i for answer in answers for i in answer.papers)),
        also_mentioned=tuple(dict.fromkeys(i for answer in answers for i in answer.also_mentioned)),
        citations=tuple(citations),
        figures=tuple(figure for answer in answers for figure in answer.figures),
        plans=tuple(answer.plan for answer in answers),
        lead="",
    )


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


def _doubts(writer: _Writer, catalogue: Catalogue) -> None:
    """Say which of the papers shown have a summary that may be another paper's."""
    found = [c for c in writer.citations() if c.paper.arxiv_id in catalogue.doubtful]
    if found:
        marks = " ".join(f"[{c.n}]" for c in found)
        writer.lines += ["", f"{writer.words.doubtful} {marks}"]


def compose(evidence: Evidence, catalogue: Catalogue) -> Answer:
    """Write the answer that the evidence carries. Pure: the same evidence gives the same answer."""
    reading, plan = evidence.reading, evidence.reading.plan
    words = WORDING[reading.language]
    writer = _Writer(evidence, words)
    first, last = (catalogue.days[0], catalogue.days[-1]) if catalogue.days else (None, None)
    status = "answered"
    reason = evidence.reason
    if plan.kind == "help":
        writer.lines.append(words.help(len(catalogue), first, last))
        writer.lines += ["", *(f"- {example}" for example in EXAMPLES[reading.language])] if catalogue.days else []
    elif reason:
        status = "refused" if reason in ("out_of_scope", "field_not_in_digest", "ambiguous") else "no_evidence"
        writer.lines.append(_refusal(evidence, catalogue, words))
    elif evidence.figures:
        _figures(writer, catalogue)
    elif evidence.topics:
        _topics(writer)
    elif evidence.sides:
        _sides(writer)
    elif evidence.writers:
        _people(writer)
    elif plan.kind == "trend":
        _trend(writer)
    elif plan.kind == "compare":
        _compare(writer)
    elif plan.kind in ("list", "count", "superlative", "author", "date", "digest"):
        _set(writer, catalogue)
    else:
        _papers(writer, catalogue)
    if not reason:
        _doubts(writer, catalogue)
    if reading.lacking and not reason:
        writer.lines.insert(0, words.lacking + "\n")
    if evidence.left_out and not reason:
        writer.lines.insert(0, words.left_out(evidence.left_out) + "\n")
    if reading.read_as and not reason and writer.lines:
        writer.lines[:0] = [words.read_as(reading.read_as), ""]
    leads = not reason and (plan.kind == "digest" or (plan.kind == "compare" and (reading.unknown or evidence.apart)))
    return Answer(
        question=reading.question,
        language=reading.language,
        status=status,  # type: ignore[arg-type]
        reason=reason,
        plan=plan,
        text="\n".join(writer.lines).strip(),
        papers=tuple(p.arxiv_id for p in evidence.papers) if not reason else (),
        also_mentioned=tuple(p.arxiv_id for p in evidence.also),
        citations=writer.citations() if not reason else (),
        chips=chips(plan, reading.language),
        figures=tuple(row for group in evidence.figures for row in group.rows) if not reason else (),
        groups=tuple((group.label, tuple(p.arxiv_id for p in group.papers)) for group in evidence.groups),
        doubtful=tuple(c.paper.arxiv_id for c in writer.citations() if c.paper.arxiv_id in catalogue.doubtful),
        lead=writer.lines[0] if leads else "",
    )
