"""What the page, the command line and the evaluation see: an answer, its citations, and the evidence it was made from."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from rag.corpus.catalogue import Statement
from rag.corpus.figures import Reported
from rag.corpus.papers import Paper
from rag.language.text import Language
from rag.questions.plan import Plan, Reason

if TYPE_CHECKING:
    from rag.evidence.retriever import Hit

Status = Literal["answered", "no_evidence", "refused"]

MARK = re.compile(r"\[(\d{1,3})\](?!\()")
"""A citation mark in an answer's text: [1]."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A paper that the answer rests on; `n` is its mark. `evidence` are the bullets quoted, `language` theirs."""

    n: int
    paper: Paper
    relation: str | None = None
    evidence: tuple[Statement, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the citation as it stands in --json."""
        return {
            "n": self.n,
            "arxiv_id": self.paper.arxiv_id,
            "url": self.paper.url,
            "title": self.paper.title,
            "date": self.paper.date.isoformat(),
            "votes": self.paper.votes,
            "authors": list(self.paper.authors),
            "relation": self.relation,
            "evidence": [statement.bullet.quote for statement in self.evidence],
        }


@dataclass(frozen=True, slots=True)
class Usage:
    """What a model was asked for an answer. `usd` is None where the price is unknown; `estimated` tokens were not told by it."""

    model: str
    tokens_in: int
    tokens_out: int
    estimated: bool
    usd: float | None
    attempts: int
    first_ms: float
    prompt_sha256: str

    def plus(self, other: Usage | None) -> Usage:
        """Return what two steps of one answer took; the later one's first word and prompt are kept."""
        if other is None:
            return self
        usd = None if self.usd is None or other.usd is None else self.usd + other.usd
        return replace(
            other, tokens_in=self.tokens_in + other.tokens_in, tokens_out=self.tokens_out + other.tokens_out, usd=usd,
            estimated=self.estimated or other.estimated, attempts=self.attempts + other.attempts,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. `text` is Markdown with [1] marks; `papers` the whole set in order, whatever the text shows of it.

    `lead` is the first line where it states what was counted or looked up, which every engine begins with; `reader` tells who read
    the question, offline or llm, as `engine` who wrote; `hits` is the
    ranking behind it, kept only where answers are traced.
    """

    question: str
    language: Language
    status: Status
    reason: Reason | None
    plan: Plan
    text: str
    papers: tuple[str, ...] = ()
    also_mentioned: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    engine: str = "offline"
    reader: str = "offline"
    latency_ms: float = 0.0
    notices: tuple[str, ...] = ()
    chips: tuple[str, ...] = ()
    lead: str = ""
    hits: tuple[Hit, ...] = field(default=(), repr=False)
    usage: Usage | None = None
    plans: tuple[Plan, ...] = ()
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()
    doubtful: tuple[str, ...] = ()
    figures: tuple[Reported, ...] = ()

    @property
    def count(self) -> int:
        """How many papers the answer is about."""
        return len(self.papers)

    def as_json(self) -> dict[str, Any]:
        """Return the answer as it stands in --json."""
        return {
            "question": self.question,
            "language": self.language,
            "status": self.status,
            "reason": self.reason,
            "plan": self.plan.as_json(),
            "plans": [plan.as_json() for plan in self.plans or (self.plan,)],
            "answer": self.text,
            "papers": list(self.papers),
            "count": self.count,
            "also_mentioned": list(self.also_mentioned),
            "groups": [{"label": label, "papers": list(papers)} for label, papers in self.groups],
            "doubtful": list(self.doubtful),
            "figures": [figure.as_json() for figure in self.figures],
            "citations": [citation.as_json() for citation in self.citations],
            "engine": self.engine,
            "reader": self.reader,
            "latency_ms": round(self.latency_ms, 1),
            "notices": list(self.notices),
            "usage": asdict(self.usage) if self.usage else None,
        }


_MARKDOWN = re.compile(r"([\\`*\[\]<>|]|\$(?=\$)|~(?=~))")


def escape(text: str) -> str:
    r"""Return foreign text so that Markdown shows it as it is.

    >>> escape("a*b [x](y) <img>")
    'a\\*b \\[x\\](y) \\<img\\>'
    """
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


_LATEX = (
    (re.compile(r"\\(?:textit|textbf|textsc|texttt|text|mathrm|mathbf|sc|it|bf)\b ?\{?([^{}$]*)\}?"), r"\1"),
    (re.compile(r"\\times"), "×"), (re.compile(r"\\sim"), "~"), (re.compile(r"\\nabla"), "∇"), (re.compile(r"\\(lambda|pi|alpha|beta|sigma)"), r"\1"),
    (re.compile(r"[\^_]\{([^{}]*)\}"), r"\1"), (re.compile(r"\^([0-9])"), r"\1"), (re.compile(r"[${}]"), ""),
)  # fmt: skip


def plain_title(title: str) -> str:
    """Return a title without LaTeX markup, for reading.

    >>> plain_title("M$^{2}$UGen: LLM$\\\\times$MapReduce")
    'M2UGen: LLM×MapReduce'
    """
    if "$" in title or "\\" in title:
        for pattern, plain in _LATEX:
            title = pattern.sub(plain, title)
    return " ".join(title.split())


def linked_title(paper: Paper) -> str:
    """Return a paper's title as a Markdown link to arXiv."""
    return f"[{escape(plain_title(paper.title))}]({paper.url})"
