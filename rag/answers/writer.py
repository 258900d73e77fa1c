"""The page an offline answer is written on: lines, citation marks in order of first use, and what was said already.

Every form of answer writes through it, so that no sentence stands twice and no mark is without its source.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from rag.answers.answer import Citation, escape, linked_title
from rag.answers.wording import Wording
from rag.corpus.mentions import Statement
from rag.corpus.papers import Paper
from rag.evidence.facts import NUMERIC, STATED
from rag.evidence.telling import Told, Wanted, tell, tell_fact, wanted
from rag.evidence.types import Evidence
from rag.language.sentences import LIMITS, section_name, sentences, shortened, standing_alone
from rag.language.text import Language

PAGE, TITLES = 20, 100
"""Papers that the text of a long list shows, and of titles alone; the whole set stands in `Answer.papers`."""
_RECOGNISED = 2  # sentences of the paper that fits a description best, behind its first


class Writer:
    """Collects lines and numbers the papers they cite in order of first use."""

    def __init__(self, evidence: Evidence, words: Wording) -> None:
        self.evidence, self.words = evidence, words
        self.lines: list[str] = []
        self.cited: dict[str, tuple[Paper, list[Statement]]] = {}
        self.said: set[str] = set()  # sentences that stand in the answer; none stands there twice

    @property
    def language(self) -> Language:
        """The language the answer is written in."""
        return self.evidence.reading.language

    @cached_property
    def asked(self) -> tuple[Wanted, ...]:
        """What a sentence about a paper should speak of: the names and topics of the plan, else the words asked by."""
        reading = self.evidence.reading
        named = (*reading.plan.terms, *reading.plan.topics)
        if not named and reading.plan.kind in ("describe", "explain", "fact") and reading.query:
            named = (reading.query,)
        return tuple(map(wanted, named))

    def mark(self, paper: Paper, statement: Statement | None = None) -> str:
        """Return the mark of a paper, numbered where it is new; a statement goes to its source."""
        _, quoted = self.cited.setdefault(paper.arxiv_id, (paper, []))
        if statement and statement not in quoted:
            quoted.append(statement)
        return f"[{[*self.cited].index(paper.arxiv_id) + 1}]"

    def quoted(self, paper: Paper, statement: Statement, said: str) -> str:
        """Words of a statement as they stand there, marked; those in the other language are said to be so."""
        foreign = statement.language and statement.language != self.language
        note = f" ({self.words.other_summary})" if foreign else ""
        return f"{escape(said)}{note} {self.mark(paper, statement)}"

    def sentence(self, paper: Paper, told: Told, limit: int | None = None) -> str:
        """Return a sentence of a paper, marked; shortened where it is longer than a limit."""
        self.said.add(told.text)
        shown = standing_alone(told.text)
        return self.quoted(paper, told.statement, shortened(shown, limit) if limit else shown)

    def bullet(self, paper: Paper, statement: Statement) -> str:
        """A whole statement as a bullet: the name of its section, and its sentences but those that were said before."""
        kept = [sentence for sentence in sentences(statement.text) if sentence not in self.said]
        self.said.update(kept)
        if not kept:
            return ""
        section = section_name(statement.bullet.section, self.language)
        label = f"{section} · " if section else ""
        return f"- {label}{self.quoted(paper, statement, ' '.join(kept))}"

    def told(self, paper: Paper) -> Told | None:
        """The sentence that stands for a paper in a list, of an asked fact the one that states it; None where none is left to say."""
        reading, quotes = self.evidence.reading, self.evidence.quotes.get(paper.arxiv_id, ())
        if reading.plan.kind == "fact" and reading.aspect in STATED:
            facts = tell_fact(paper, quotes, reading.query, STATED[reading.aspect], reading.aspect in NUMERIC)
            if left := [one for one in facts if one.text not in self.said]:
                return left[0]
        return tell(paper, self.language, self.asked, quotes, self.said)

    def heading(self, paper: Paper) -> str:
        """Return a paper's linked title with its day and votes, and with its number of authors where papers are ranked by it."""
        told = [linked_title(paper), f"{paper.date:%Y-%m-%d}", self.words.votes(paper.votes)]
        if self.evidence.reading.plan.by == "authors":
            told.append(self.words.team(len(paper.authors)))
        return " · ".join(told)

    def item(self, number: int, paper: Paper) -> Iterator[str]:
        """An entry of a list: title, date, votes and the one sentence that tells most."""
        told = None if self.evidence.reading.titles else self.told(paper)
        head = f"{number}. {self.heading(paper)}"
        if told is None:
            yield f"{head} {self.mark(paper)}"
            return
        yield head
        said = self.sentence(paper, told, LIMITS[told.statement.language or "ko"])
        for statement in self.evidence.quotes.get(paper.arxiv_id, ()):
            self.mark(paper, statement)  # what the evidence rests on stands in the source
        yield f"   - {said}"
        if number == 1 and self.evidence.reading.plan.kind == "describe":
            yield from self._recognised(paper)

    def _recognised(self, paper: Paper) -> Iterator[str]:
        """Further sentences by which a reader who described a paper sees that it is the one."""
        for _ in range(_RECOGNISED):
            if told := self.told(paper):
                yield f"   - {self.sentence(paper, told, LIMITS[told.statement.language or 'ko'])}"

    def listed(self, papers: Sequence[Paper], skip: int = 0) -> None:
        """Write a page of papers as a numbered list; the first `skip` are left out."""
        self.lines.append("")
        page = TITLES if self.evidence.reading.titles else PAGE
        skip = skip if papers[skip:] else 0
        shown = papers[skip : skip + page]
        for number, paper in enumerate(shown, start=skip + 1):
            self.lines += self.item(number, paper)
        if len(papers) > page:
            self.lines += ["", self.words.more(len(shown), len(papers), skip)]

    def favourite(self, papers: Sequence[Paper]) -> str:
        """The paper with most votes, linked and marked."""
        first = max(papers, key=lambda paper: -1 if paper.votes is None else paper.votes, default=None)
        return f"{linked_title(first)} {self.mark(first)}" if first else ""

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Write a table."""
        self.lines += ["| " + " | ".join(columns) + " |", "|---" * len(columns) + "|"]
        self.lines += ["| " + " | ".join(row) + " |" for row in rows]

    def citations(self) -> tuple[Citation, ...]:
        """Return the papers that are marked, in order of their numbers."""
        labels = self.evidence.labels
        return tuple(
            Citation(n, paper, labels[i].relation if i in labels else None, tuple(quoted))
            for n, (i, (paper, quoted)) in enumerate(self.cited.items(), start=1)
        )
