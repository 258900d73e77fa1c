"""The offline engine: an answer composed from the evidence, bullets word for word, every statement marked with its paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from rag.answers import Answer, Citation, Evidence, escape, linked_title, plain_title
from rag.catalogue import Catalogue, Statement, meant
from rag.papers import Paper
from rag.plan import chips
from rag.wording import WORDING, Wording

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

    def mark(self, paper: Paper, statement: Statement | None = None) -> str:
        _, quoted = self.cited.setdefault(paper.arxiv_id, (paper, []))
        if statement and statement not in quoted:
            quoted.append(statement)
        return f"[{[*self.cited].index(paper.arxiv_id) + 1}]"

    def quote(self, paper: Paper, statement: Statement, indent: str = "") -> str:
        first = not self.cited.get(paper.arxiv_id, (paper, []))[1]
        foreign = first and statement.language and statement.language != self.evidence.reading.language
        note = f" ({self.words.other_summary})" if foreign else ""
        return f"{indent}- {escape(statement.bullet.quote)}{note} {self.mark(paper, statement)}"

    def item(self, number: int, paper: Paper) -> Iterator[str]:
        yield f"{number}. {linked_title(paper)} · {paper.date:%Y-%m-%d} · {self.words.votes(paper.votes)} {self.mark(paper)}"
        for statement in self.evidence.quotes.get(paper.arxiv_id, ()):
            yield self.quote(paper, statement, "   ")

    def listed(self, papers: Sequence[Paper]) -> None:
        self.lines.append("")
        for number, paper in enumerate(papers[:PAGE], start=1):
            self.lines += self.item(number, paper)
        if len(papers) > PAGE:
            self.lines += ["", self.words.more(PAGE, len(papers))]

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
    if evidence.by_words:
        writer.lines += [words.set_line(plan, n, 0, evidence.reading.yes_no), words.words(evidence.by_words)]
    elif plan.kind == "superlative":
        tied = plan.limit is not None and n > plan.limit
        writer.lines.append(words.ranking(plan, n, evidence.pool, evidence.unvoted, tied))
    elif plan.kind in ("date", "digest") and not (plan.authors or plan.not_terms or plan.min_votes is not None):
        writer.lines.append(words.day(plan, n, ""))
    else:
        writer.lines.append(words.set_line(plan, n, len(evidence.also), evidence.reading.yes_no))
    if not (plan.date_from or plan.date_to) and plan.kind in ("list", "count", "superlative"):
        writer.lines.append(words.scope(len(catalogue.days), catalogue.days[0], catalogue.days[-1]))
    writer.listed(evidence.papers)
    if evidence.also:
        shown = evidence.also[:PAGE]
        writer.lines += ["", f"**{words.also_heading}** ({len(evidence.also)})", ""]
        writer.lines += [f"- {linked_title(paper)} {writer.mark(paper)}" for paper in shown]
        if len(evidence.also) > PAGE:
            writer.lines += ["", words.more(PAGE, len(evidence.also))]


def _trend(writer: _Writer) -> None:
    evidence, words = writer.evidence, writer.words
    writer.lines += [
        words.trend(evidence.reading.plan, len(evidence.papers)),
        "",
        f"| {words.by_month} | |",
        "|---|---|",
    ]
    top = max(n for _, n in evidence.months)
    writer.lines += [f"| {month} | {'▇' * max(1, round(20 * n / top))} {n} |" for month, n in evidence.months]
    writer.listed(evidence.papers[:5])


def _papers(writer: _Writer, catalogue: Catalogue) -> None:
    evidence, words = writer.evidence, writer.words
    kind = evidence.reading.plan.kind
    if kind == "similar":
        title = linked_title(catalogue.papers[evidence.reading.plan.papers[0]])
        writer.lines.append(words.similar(title, len(evidence.papers)))
        writer.listed(evidence.papers)
        return
    if kind in ("known_item", "explain") and len(evidence.papers) == 1:
        paper = evidence.papers[0]
        writer.lines += [words.paper_is(linked_title(paper)), ""]
        writer.lines += [writer.quote(paper, s) for s in evidence.quotes[paper.arxiv_id]]
        writer.lines += ["", f"{paper.date:%Y-%m-%d} · {words.votes(paper.votes)} · {escape(', '.join(paper.authors[:6]))}"
                         f"{' …' if len(paper.authors) > 6 or paper.authors_cut else ''} {writer.mark(paper)}"]  # fmt: skip
        return
    if kind == "fact" and evidence.reading.field:
        for paper in evidence.papers:
            value = {
                "authors": ", ".join(paper.authors), "votes": words.votes(paper.votes) if paper.votes is not None else "",
                "date": ", ".join(f"{day:%Y-%m-%d}" for day in paper.dates), "link": paper.url,
            }[evidence.reading.field]  # fmt: skip
            said = words.field(evidence.reading.field, escape(value), escape(plain_title(paper.title)))
            writer.lines.append(f"{said} {writer.mark(paper)}")
        return
    if not evidence.reading.plan.papers:
        writer.lines += [words.found(len(evidence.papers)), ""]
    for paper in evidence.papers:
        quotes = evidence.quotes.get(paper.arxiv_id, ())
        writer.lines.append(
            f"**{linked_title(paper)}** · {paper.date:%Y-%m-%d} · {words.votes(paper.votes)} {writer.mark(paper)}"
        )
        writer.lines += ["", *(writer.quote(paper, s) for s in quotes), ""]


def _compare(writer: _Writer) -> None:
    evidence, words = writer.evidence, writer.words
    writer.lines += [
        words.compare(len(evidence.papers)),
        "",
        "| " + " | ".join(words.columns) + " |",
        "|---|---|---|---|",
    ]
    for paper in evidence.papers:
        points = "<br>".join(
            f"{escape(s.bullet.quote)} {writer.mark(paper, s)}" for s in evidence.quotes[paper.arxiv_id][:3]
        )
        row = (linked_title(paper), f"{paper.date:%Y-%m-%d}", words.votes(paper.votes), points)
        writer.lines.append("| " + " | ".join(row) + " |")


def _near(evidence: Evidence, catalogue: Catalogue) -> list[tuple[str, int]]:
    authors = evidence.reading.plan.kind == "author"
    return [
        (name, len(catalogue.by_author(name) if authors else catalogue.mentioning(meant(name))))
        for name in evidence.reading.near
    ]


def compose(evidence: Evidence, catalogue: Catalogue) -> Answer:
    """Write the answer that the evidence carries. Pure: the same evidence gives the same answer."""
    reading, plan = evidence.reading, evidence.reading.plan
    words = WORDING[reading.language]
    writer = _Writer(evidence, words)
    first, last = (catalogue.days[0], catalogue.days[-1]) if catalogue.days else (None, None)
    status = "answered"
    reason = evidence.reason
    if plan.kind == "help":
        writer.lines.append(words.help(len(catalogue), first, last, EXAMPLES[reading.language]))
    elif reason:
        status = "refused" if reason in ("out_of_scope", "field_not_in_digest", "ambiguous") else "no_evidence"
        writer.lines.append(
            words.refusal(
                reason, plan, reading.unknown, _near(evidence, catalogue), _span(words, catalogue, first, last, reason)
            )
        )
        if reading.offers:
            writer.lines += ["", words.offers, "", *(f"- {escape(offer)}" for offer in reading.offers)]
    elif plan.kind == "trend":
        _trend(writer)
    elif plan.kind == "compare":
        _compare(writer)
    elif plan.kind in ("list", "count", "superlative", "author", "date", "digest"):
        _set(writer, catalogue)
    else:
        _papers(writer, catalogue)
    if not reason and plan.kind != "help" and not evidence.papers:
        status, reason = "no_evidence", "no_evidence"
    return Answer(
        question=reading.question,
        language=reading.language,
        status=status,  # type: ignore[arg-type]
        reason=reason,
        plan=plan,
        text="\n".join(writer.lines).strip(),
        papers=tuple(p.arxiv_id for p in evidence.papers),
        also_mentioned=tuple(p.arxiv_id for p in evidence.also),
        citations=writer.citations() if not reason else (),
        chips=chips(plan, reading.language),
    )


def _span(words: Wording, catalogue: Catalogue, first: date | None, last: date | None, reason: str) -> str:
    """The days there are, for the refusals that a date explains."""
    if (
        first is None
        or last is None
        or reason not in ("no_evidence", "before_first_digest", "after_last_digest", "no_digest_that_day")
    ):
        return ""
    return words.scope(len(catalogue.days), first, last)
