"""Tells whether a change made the product better: golden questions, scores, figures, a report, a gate (docs/golden.md)."""

from rag.evaluation.figures import compare, fallen, figures_of, read_results, read_thresholds, results
from rag.evaluation.golden import Case, parse_case, read_golden, read_qrels, read_queries
from rag.evaluation.run import Outcome, all_scores, ask_all, evaluate_ranking, run_line, sources_of
from rag.evaluation.scores import Reply, Sources, score

__all__ = [
    "Case", "Outcome", "Reply", "Sources", "all_scores", "ask_all", "compare", "evaluate_ranking", "fallen", "figures_of", "parse_case",
    "read_golden", "read_qrels", "read_queries", "read_results", "read_thresholds", "results", "run_line", "score", "sources_of",
]  # fmt: skip
