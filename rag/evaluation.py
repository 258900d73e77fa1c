"""Figures: answers against golden questions, rankings against qrels. Per case first, then per kind and language."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import ir_measures
from ir_measures import RR, R, Success, nDCG

from rag.answers import Answer
from rag.errors import EvaluationError, NonmunError
from rag.pipeline import Pipeline
from rag.retrieval import Hit

_MEASURES = (RR @ 10, R @ 10, nDCG @ 10, Success @ 1)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        return enumerate(path.read_text(encoding="utf-8-sig").splitlines(), start=1)
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(
            f"{path} cannot be read: {getattr(error, 'strerror', None) or 'not UTF-8 text'}."
        ) from error


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in _lines(path):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise EvaluationError(f"Line {number} of {path} is not JSON.") from error
        if not isinstance(row, dict):
            raise EvaluationError(f"Line {number} of {path} is not a JSON object.")
        yield number, row


def read_queries(path: Path) -> Iterator[tuple[str, str]]:
    """Yield (id, text) of BEIR queries. Raises EvaluationError with the line of a mistake."""
    for number, row in _rows(path):
        if not isinstance(row.get("_id"), str) or not isinstance(row.get("text"), str):
            raise EvaluationError(f"Line {number} of {path} lacks “_id” or “text”.")
        yield row["_id"], row["text"]


def read_qrels(path: Path) -> list[ir_measures.Qrel]:
    """Read BEIR qrels (tab-separated: query-id, corpus-id, score, with a header line)."""
    found = []
    for number, line in _lines(path):
        parts = line.split("\t")
        if not line.strip() or (number == 1 and parts[0] == "query-id"):
            continue
        try:
            query_id, doc_id, score = parts
            found.append(ir_measures.Qrel(query_id, doc_id, int(score)))
        except ValueError as error:
            raise EvaluationError(f"Line {number} of {path} is not “query-id<TAB>corpus-id<TAB>score”.") from error
    return found


def run_line(query_id: str, hit: Hit) -> str:
    """Return one line of a TREC run."""
    return f"{query_id} Q0 {hit.arxiv_id} {hit.rank} {hit.score:.6f} nonmun"


def evaluate_ranking(pipeline: Pipeline, queries: Path, qrels: Path) -> dict[str, dict[str, float]]:
    """Score the ranking of each stage on BEIR queries: MRR@10, recall@10, nDCG@10, success@1, per stage."""
    relevant = read_qrels(qrels)
    asked = list(read_queries(queries))
    figures = {}
    for mode in ("lexical", "dense", "hybrid"):
        run = [
            ir_measures.ScoredDoc(query_id, hit.arxiv_id, hit.score)
            for query_id, text in asked
            for hit in pipeline.search(text, 10, mode)
        ]
        scores = ir_measures.calc_aggregate(_MEASURES, relevant, run)
        figures[f"ranking/{mode}"] = {str(measure): round(float(scores[measure]), 4) for measure in _MEASURES}
    return figures


def score_case(case: Mapping[str, Any], answer: Answer | None) -> dict[str, float]:
    """Score one golden case; an answer that crashed (None) scores zero everywhere it could score."""
    scores: dict[str, float] = {}
    must = set((case.get("relevant") or {}).get("must") or ())
    may = must | set((case.get("relevant") or {}).get("may") or ())
    if case.get("answerable", True):
        given = set(answer.papers) if answer and answer.status == "answered" else set()
        cited = {citation.paper.arxiv_id for citation in answer.citations} if answer else set()
        scores["answered"] = float(bool(answer and answer.status == "answered"))
        if must:
            scores["set_precision"] = len(given & may) / len(given) if given else 0.0
            scores["set_recall"] = len(given & must) / len(must)
            scores["set_exact"] = float(must <= given <= may)
            scores["citations_in_set"] = float(bool(cited) and cited <= may)
        if case.get("count") is not None:
            scores["count_exact"] = float(bool(answer and answer.count == case["count"]))
        facts = case.get("facts") or ()
        if facts:
            text = answer.text if answer else ""
            scores["facts"] = sum(any(form in text for form in forms) for forms in facts) / len(facts)
    else:
        refused = answer is not None and answer.status != "answered"
        scores["refused"] = float(refused and not (answer and answer.citations))
        if case.get("reason"):
            scores["reason_exact"] = float(bool(answer and answer.reason == case["reason"]))
    if case.get("language"):
        scores["language"] = float(bool(answer and answer.language == case["language"]))
    return scores


def evaluate_golden(pipeline: Pipeline, path: Path) -> dict[str, dict[str, float]]:
    """Ask every golden question and return mean figures for all, per kind and per language, with the number of cases."""
    groups: dict[str, list[dict[str, float]]] = {}
    crashed = 0
    for number, case in _rows(path):
        if not isinstance(case.get("question"), str):
            raise EvaluationError(f"Line {number} of {path} has no “question”.")
        try:
            as_of = date.fromisoformat(case["as_of"]) if case.get("as_of") else None
        except (TypeError, ValueError) as error:
            raise EvaluationError(f"Line {number} of {path} has no day like 2024-06-11 as “as_of”.") from error
        answer: Answer | None
        try:
            answer = pipeline.ask(case["question"], case.get("history") or (), as_of, engine="offline")
        except NonmunError:
            answer, crashed = None, crashed + 1
        scores = score_case(case, answer)
        for group in ("all", f"kind/{case.get('kind', 'other')}", f"language/{case.get('language', 'other')}"):
            groups.setdefault(group, []).append(scores)
    figures: dict[str, dict[str, float]] = {}
    for group, rows in groups.items():
        names = sorted({name for row in rows for name in row})
        means = {name: [row[name] for row in rows if name in row] for name in names}
        figures[group] = {"cases": float(len(rows)), **{n: round(sum(v) / len(v), 4) for n, v in means.items()}}
    if "all" in figures:
        figures["all"]["crashed"] = float(crashed)
    return figures


def table(figures: Mapping[str, Mapping[str, float]]) -> str:
    """Render figures as aligned lines."""
    lines = []
    for group, row in figures.items():
        lines.append(f"{group:24} " + "  ".join(f"{name} {value:g}" for name, value in row.items()))
    return "\n".join(lines)
