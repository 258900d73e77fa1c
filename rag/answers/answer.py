"""What the page, the command line and the evaluation see: an answer, its citations, and the evidence it was made from."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from rag.corpus.figures import Reported
from rag.corpus.mentions import Statement
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


_SIGNS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ",
    "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "varphi": "φ",
    "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ",
    "Psi": "Ψ", "Omega": "Ω", "times": "×", "sim": "~", "nabla": "∇", "infty": "∞", "pm": "±", "cdot": "·", "to": "→", "rightarrow": "→",
    "leq": "≤", "geq": "≥", "le": "≤", "ge": "≥", "ell": "ℓ", "circ": "°", "star": "★",
}  # fmt: skip
_RAISED = str.maketrans("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ")
_LOWERED = str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋")
_FONT = re.compile(r"\\(?:textit|textbf|textsc|texttt|text|mathrm|mathbf|mathcal|sc|it|bf)\b ?\{?([^{}$]*)\}?")
_SIGN = re.compile(r"\^?\\([A-Za-z]+)|\^(circ)\b")
_UP = re.compile(r"\^(?:\{([0-9n+-]+)\}|([0-9]))")
_DOWN = re.compile(r"_(?:\{([0-9+-]+)\}|([0-9]))")
_MATHS = re.compile(r"\$([^$\s]+|[^$]*[\\^_][^$]*)\$")  # two prices are no formula


def _plain_maths(match: re.Match[str]) -> str:
    if "\\" in match[1]:  # more than signs and digits: the page draws it
        return match[0]
    lowered = _DOWN.sub(lambda found: (found[1] or found[2]).translate(_LOWERED), match[1])
    return re.sub(r"[\^_{}]", "", lowered)


def plain_title(title: str) -> str:
    """Return a title without LaTeX markup, its simple formulas as letters of Unicode.

    >>> plain_title("M$^{2}$UGen: LLM$\\\\times$MapReduce with $L_2$ in $200k")
    'M²UGen: LLM×MapReduce with L₂ in $200k'
    >>> plain_title(r"Attention in $O(\\sqrt{n})$ Time")
    'Attention in $O(\\\\sqrt{n})$ Time'
    """
    if any(letter in title for letter in "$\\^"):
        title = _FONT.sub(r"\1", title)
        title = _SIGN.sub(lambda found: _SIGNS.get(found[1] or found[2], found[0]), title)
        title = _UP.sub(lambda found: (found[1] or found[2]).translate(_RAISED), title)
        title = _MATHS.sub(_plain_maths, title)
    return " ".join(title.split())


def linked_title(paper: Paper) -> str:
    """Return a paper's title as a Markdown link to arXiv."""
    return f"[{escape(plain_title(paper.title))}]({paper.url})"
