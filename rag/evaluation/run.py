"""Asks the golden questions and the queries of a running pipeline, and keeps what came back with its scores."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import ir_measures

from rag.answers.answer import Answer
from rag.corpus.papers import Paper
from rag.errors import EvaluationError, QuestionError
from rag.evaluation.golden import Case, read_qrels, read_queries
from rag.evaluation.scores import MEASURES, RANKED, Reply, Sources, perfect, rank_scores, score
from rag.evidence.retriever import Hit
from rag.pipeline import Pipeline


@dataclass(frozen=True)
class Outcome:
    """One case with its reply and its scores. `evidence` is what was quoted of each cited paper, `failure` what crashed,
    `judged` what a model said, apart from the scores.
    """

    case: Case
    reply: Reply | None
    scores: Mapping[str, float]
    latency_ms: float = 0.0
    plan: Mapping[str, Any] = field(default_factory=dict)
    evidence: tuple[tuple[str, tuple[str, ...]], ...] = ()
    failure: str = ""
    judged: Mapping[str, float] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the outcome as a results file holds it; times stand elsewhere, so that equal runs are equal files."""
        case, reply = self.case, self.reply
        return {
            "id": case.id, "twin": case.twin, "kind": case.kind, "language": case.language, "question": case.question,
            "history": list(case.history), "known": case.known, "perfect": perfect(self.scores), "failure": self.failure,
            "expected": {"must": sorted(case.must), "facts": [list(forms) for forms in case.facts], "count": case.count,
                         "answerable": case.answerable, "reason": case.reason},
            "plan": dict(self.plan), "reply": asdict(reply) if reply else None,
            "evidence": [{"arxiv_id": i, "quotes": list(quotes)} for i, quotes in self.evidence],
            "scores": {name: round(value, 4) for name, value in self.scores.items()},
            **({"judged": dict(self.judged)} if self.judged else {}),
        }  # fmt: skip


def reply_of(answer: Answer) -> Reply:
    """Return an answer as the evaluation sees it."""
    cited = tuple((citation.n, citation.paper.arxiv_id) for citation in answer.citations)
    return Reply(
        answer.status, answer.reason, answer.text, answer.papers, answer.count, cited, answer.also_mentioned
    )  # fmt: skip


def sources_of(papers: Sequence[Paper]) -> Sources:
    """Return all that may be stated of each paper."""
    texts = {}
    for paper in papers:
        own = [
            paper.title,
            paper.arxiv_id,
            str(paper.votes),
            "; ".join(paper.authors),
            *(d.isoformat() for d in paper.dates),
        ]
        texts[paper.arxiv_id] = "\n".join([*own, *(bullet.quote for bullet in (*paper.ko, *paper.en))])
    return Sources(texts, tuple(sorted({d.isoformat() for paper in papers for d in paper.dates})))


def ask_all(
    pipeline: Pipeline, cases: Sequence[Case], engine: str = "offline", tick: Callable[[], object] = lambda: None
) -> list[Outcome]:
    """Ask every case and score what comes back; a question that crashed the product scores zero and is kept with its error."""
    pipeline.warm()
    papers = list(pipeline.snapshot().catalogue.papers.values())
    sources = sources_of(papers)
    found = []
    for case in cases:
        reply: Reply | None = None
        plan: dict[str, Any] = {}
        evidence: tuple[tuple[str, tuple[str, ...]], ...] = ()
        latency, failure = 0.0, ""
        try:
            answer = pipeline.ask(case.question, case.history, case.as_of, engine=engine)
            reply, plan, latency = reply_of(answer), answer.plan.as_json(), answer.latency_ms
            evidence = tuple((c.paper.arxiv_id, tuple(e.bullet.quote for e in c.evidence)) for c in answer.citations)
        except QuestionError as error:  # a sentence for the reader
            reply = Reply("rejected", None, str(error))
        except Exception as error:  # noqa: BLE001  # whatever it was, it counts as a failed case and the run goes on
            failure = "".join(traceback.format_exception_only(error)).strip()
        ranking = [hit.arxiv_id for hit in pipeline.search(case.question, 10)] if reply and is_ranked(case) else []
        found.append(Outcome(case, reply, all_scores(case, reply, ranking, sources), latency, plan, evidence, failure))
        tick()
    return found


def is_ranked(case: Case) -> bool:
    """Whether the question itself is a query, so that its ranking is scored too."""
    return case.kind in RANKED and bool(case.must) and not case.history


def all_scores(case: Case, reply: Reply | None, ranking: Sequence[str], sources: Sources) -> dict[str, float]:
    """Return the scores of a reply, and those of the ranking where the question is a query."""
    return score(case, reply, sources) | (rank_scores(case, ranking) if is_ranked(case) else {})


# --- Ranking alone ---------------------------------------------------------------------------------------------------
def run_line(query_id: str, hit: Hit) -> str:
    """Return one line of a TREC run."""
    return f"{query_id} Q0 {hit.arxiv_id} {hit.rank} {hit.score:.6f} nonmun"


def evaluate_ranking(pipeline: Pipeline, queries: Path, qrels: Path) -> dict[str, dict[str, float]]:
    """Score the ranking of each stage on BEIR queries: MRR, recall, nDCG at 10 and success at 1, per stage.

    Raises EvaluationError when the files are broken or no query has a judgement.
    """
    relevant = read_qrels(qrels)
    asked = list(read_queries(queries))
    if not {row.query_id for row in relevant} & {query_id for query_id, _ in asked}:
        raise EvaluationError(f"No query of {queries} is judged in {qrels}.")
    figures = {}
    for mode in ("lexical", "dense", "hybrid"):
        run = [
            ir_measures.ScoredDoc(query_id, hit.arxiv_id, hit.score)
            for query_id, text in asked
            for hit in pipeline.search(text, 10, mode)
        ]
        scores = ir_measures.calc_aggregate(list(MEASURES.values()), relevant, run)
        figures[f"ranking/{mode}"] = {str(m): round(float(scores[m]), 4) for m in MEASURES.values()}
    return figures
