"""What the page, the command line and the evaluation see: an answer, its citations, and the evidence it was made from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from rag.catalogue import Statement
from rag.papers import Language, Paper
from rag.plan import Plan, Reason
from rag.questions import Reading
from rag.relations import Labelled
from rag.topics import Topic

if TYPE_CHECKING:
    from rag.retrieval import Hit

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


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. `text` is Markdown with [1] marks; `papers` the whole set in order, whatever the text shows of it.

    `lead` is the first line where it states what was counted or looked up, which every engine begins with; `hits` is the
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
    latency_ms: float = 0.0
    notices: tuple[str, ...] = ()
    chips: tuple[str, ...] = ()
    lead: str = ""
    hits: tuple[Hit, ...] = field(default=(), repr=False)
    usage: Usage | None = None

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
            "answer": self.text,
            "papers": list(self.papers),
            "count": self.count,
            "also_mentioned": list(self.also_mentioned),
            "citations": [citation.as_json() for citation in self.citations],
            "engine": self.engine,
            "latency_ms": round(self.latency_ms, 1),
            "notices": list(self.notices),
            "usage": asdict(self.usage) if self.usage else None,
        }


Aspect = Literal["hardware", "size", "cost", "speed", "memory", "data", "score", "code", "license", "limits"]
"""What a summary may say of a paper beyond its idea."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """What can be answered where the question cannot: each part empty where it does not apply.

    `names` the question may mean, with their papers; `days` before and after that have a digest, with their papers;
    `without`: the plan with one constraint less and its count; `paper` that lacks the fact, and what its summary `holds`.
    """

    names: tuple[tuple[str, int], ...] = ()
    days: tuple[tuple[date, int], ...] = ()
    without: tuple[Plan, int] | None = None
    paper: Paper | None = None
    holds: tuple[Aspect, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything an answer may rest on, found and counted by code before any prose is written.

    `papers` is the whole answer set in order; `quotes` the statements to quote for those that are shown; `pool` how many
    papers a ranking was made over and `unvoted` how many had to be left out for want of a known vote; `topic` that a set
    without a nameable term was cut out of a ranking; `months` counts by month, oldest first; `topics` those of a set, and then
    `before` is the same plan over the time before, which has `pool` papers; `writers` the authors of a set with their papers,
    and `tied` how many more have as many as the last of them; `outside` a name asked about that papers only mention; `apart`
    the plan of methods to compare that no paper meets, so that each has papers of its own;
    `sides` what is counted for itself where a question asks of which there are more; `nearest` goes with a reason.
    """

    reading: Reading
    papers: tuple[Paper, ...] = ()
    also: tuple[Paper, ...] = ()
    labels: Mapping[str, Labelled] = field(default_factory=dict)
    quotes: Mapping[str, tuple[Statement, ...]] = field(default_factory=dict)
    reason: Reason | None = None
    pool: int = 0
    unvoted: int = 0
    topic: bool = False
    months: tuple[tuple[str, int], ...] = ()
    topics: tuple[Topic, ...] = ()
    writers: tuple[tuple[str, tuple[Paper, ...]], ...] = ()
    tied: int = 0
    before: Plan | None = None
    outside: tuple[str, ...] = ()
    apart: Plan | None = None
    sides: tuple[Topic, ...] = ()
    nearest: Nearest = Nearest()


_MARKDOWN = re.compile(r"([\\`*\[\]<>|]|\$(?=\$)|~(?=~))")


def escape(text: str) -> str:
    r"""Return foreign text so that Markdown shows it as it is.

    >>> escape("a*b [x](y) <img>")
    'a\\*b \\[x\\](y) \\<img\\>'
    """
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


_LATEX = (
    (re.compile(r"\\(?:textit|textbf|textsc|texttt|text|mathrm|mathbf|sc|it|bf)\b ?\{?([^{}$]*)\}?"), r"\1"),
    (re.compile(r"\\times"), "×"), (re.compile(r"\\sim"), "~"), (re.compile(r"\\(lambda|pi|alpha|beta|sigma)"), r"\1"),
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
