"""Figures of the evaluation, by hand on tiny runs; and the golden questions over the sample digests, all of which must hold."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rag.answers import Answer, Citation
from rag.errors import EvaluationError
from rag.evaluation import (
    evaluate_golden,
    evaluate_ranking,
    read_qrels,
    read_queries,
    run_line,
    score_case,
    table,
)  # fmt: skip
from rag.papers import Paper
from rag.pipeline import Pipeline
from rag.plan import Plan
from rag.retrieval import Hit

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "seeds.jsonl"
CASES = [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]
FIELDS = [
    "id", "twin", "kind", "language", "question", "history", "as_of", "relevant", "facts", "count", "answerable", "reason",
]  # fmt: skip


def answer(*papers: str, cited: tuple[str, ...] = (), **more: Any) -> Answer:
    citations = tuple(
        Citation(n, Paper(i, "T", (date(2024, 1, 1),), None, (), False, None, (), ())) for n, i in enumerate(cited, 1)
    )
    status = "answered" if papers else "no_evidence"
    fields = {"question": "q", "language": "ko", "status": status, "reason": None, "plan": Plan("list"), "text": "답"}
    return Answer(**{**fields, "papers": papers, "citations": citations, **more})


def case(*must: str, **more: Any) -> dict[str, Any]:
    return {"question": "q", "relevant": {"must": list(must), "may": []}, **more}


# --- One case --------------------------------------------------------------------------------------------------------
def test_a_whole_set_scores_one_everywhere() -> None:
    assert score_case(case("a", "b", count=2, language="ko"), answer("b", "a", cited=("a",))) == {
        "answered": 1.0, "set_precision": 1.0, "set_recall": 1.0, "set_exact": 1.0, "citations_in_set": 1.0, "count_exact": 1.0, "language": 1.0,
    }  # fmt: skip


def test_a_set_with_one_wrong_and_one_missing_paper() -> None:
    scores = score_case(case("a", "b", "c"), answer("a", "b", "x", "y", cited=("x",)))
    assert (scores["set_precision"], scores["set_recall"], scores["set_exact"]) == (0.5, 2 / 3, 0.0)
    assert scores["citations_in_set"] == 0.0


def test_papers_that_may_be_given_cost_nothing() -> None:
    scores = score_case({"relevant": {"must": ["a"], "may": ["b"]}}, answer("a", "b"))
    assert (scores["set_precision"], scores["set_exact"]) == (1.0, 1.0)


def test_facts_count_when_one_of_their_forms_stands_in_the_answer() -> None:
    scores = score_case(case("a", facts=[["13.20", "13.2"], ["없음"]]), answer("a", text="초당 13.2개"))
    assert scores["facts"] == 0.5


def test_a_question_that_was_refused_or_crashed_scores_zero_wherever_it_could_score() -> None:
    for given in (answer(), None):
        scores = score_case(case("a", count=1, facts=[["x"]]), given)
        assert set(scores.values()) == {0.0}
        assert {"answered", "set_recall", "count_exact", "facts"} <= set(scores)


def test_a_refusal_counts_only_without_citations_and_with_its_reason() -> None:
    asked = case(answerable=False, reason="no_evidence")
    assert score_case(asked, answer(reason="no_evidence")) == {"refused": 1.0, "reason_exact": 1.0}
    assert score_case(asked, answer(reason="out_of_scope")) == {"refused": 1.0, "reason_exact": 0.0}
    assert score_case(asked, answer(cited=("a",))) == {"refused": 0.0, "reason_exact": 0.0}
    assert score_case(asked, answer("a")) == {"refused": 0.0, "reason_exact": 0.0}
    assert score_case(asked, None) == {"refused": 0.0, "reason_exact": 0.0}


# --- Files -----------------------------------------------------------------------------------------------------------
def test_ranking_figures_by_hand(pipeline: Pipeline, tmp_path: Path) -> None:
    queries, qrels = tmp_path / "q.jsonl", tmp_path / "qrels.tsv"
    queries.write_text('{"_id":"1","text":"PowerInfer"}\n{"_id":"2","text":"없는낱말뿐인질의"}\n', "utf-8")
    qrels.write_text("query-id\tcorpus-id\tscore\n1\t2312.12456\t1\n2\t2312.00752\t1\n3\t2312.00777\t1\n", "utf-8")
    lexical = evaluate_ranking(pipeline, queries, qrels)["ranking/lexical"]
    assert set(lexical) == {"RR@10", "R@10", "nDCG@10", "Success@1"}
    assert [*lexical.values()] == [
        pytest.approx(1 / 3, abs=1e-4)
    ] * 4  # one found first, one not found, one never asked


def test_a_line_of_a_run() -> None:
    assert run_line("q1", Hit("2312.00752", 1, 1.5, 2.0, 0.5)) == "q1 Q0 2312.00752 1 1.500000 nonmun"


@pytest.mark.parametrize(
    ("text", "said"), [("{\n", "Line 1"), ("\n[1]\n", "Line 2"), ('{"_id": 1, "text": "x"}', "_id")]
)
def test_a_broken_query_file_is_told_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(text, "utf-8")
    with pytest.raises(EvaluationError, match=said):
        [*read_queries(path)]


def test_broken_or_missing_qrels_are_told(tmp_path: Path) -> None:
    path = tmp_path / "qrels.tsv"
    path.write_text("query-id\tcorpus-id\tscore\nq d\n", "utf-8")
    with pytest.raises(EvaluationError, match="Line 2"):
        read_qrels(path)
    with pytest.raises(EvaluationError, match="nowhere"):
        read_qrels(tmp_path / "nowhere.tsv")


@pytest.mark.parametrize("row", ['{"id": "1"}', '{"question": "q", "as_of": "someday"}'])
def test_a_broken_golden_line_is_told(pipeline: Pipeline, tmp_path: Path, row: str) -> None:
    path = tmp_path / "g.jsonl"
    path.write_text(row, "utf-8")
    with pytest.raises(EvaluationError, match="Line 1"):
        evaluate_golden(pipeline, path)


def test_figures_are_means_per_kind_and_language_with_the_number_of_cases(pipeline: Pipeline, tmp_path: Path) -> None:
    rows = [
        {"kind": "list", "language": "ko", "question": "Mamba를 사용한 논문은?", "as_of": "2024-06-12", "count": 2},
        {"kind": "list", "language": "en", "question": "which papers used Mamba?", "as_of": "2024-06-12", "count": 3},
        {"kind": "refusal", "language": "ko", "question": "오늘 날씨 어때?", "answerable": False},
        {"kind": "refusal", "language": "ko", "question": "가" * 2001, "answerable": False},
    ]
    path = tmp_path / "g.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    figures = evaluate_golden(pipeline, path)
    assert list(figures) == ["all", "kind/list", "language/ko", "language/en", "kind/refusal"]
    assert (figures["all"]["cases"], figures["all"]["crashed"]) == (4.0, 1.0)
    assert (figures["kind/list"]["count_exact"], figures["kind/refusal"]["refused"]) == (0.5, 0.5)
    assert "kind/list" in table(figures)


# --- The golden questions --------------------------------------------------------------------------------------------
def test_the_golden_file_is_whole() -> None:
    assert len(CASES) >= 24
    assert all(list(row) == FIELDS for row in CASES)
    assert len({row["id"] for row in CASES}) == len(CASES)
    twins = {row["twin"]: {r["language"] for r in CASES if r["twin"] == row["twin"]} for row in CASES}
    assert set(map(frozenset, twins.values())) == {frozenset({"ko", "en"})}


@pytest.mark.parametrize("row", CASES, ids=[row["id"] for row in CASES])
def test_every_golden_question_is_answered_as_it_should_be(row: dict[str, Any], pipeline: Pipeline) -> None:
    given = pipeline.ask(row["question"], row["history"], date.fromisoformat(row["as_of"]), engine="offline")
    scores = score_case(row, given)
    assert scores == dict.fromkeys(scores, 1.0), (given.plan, given.papers, given.text)


def test_twins_give_the_same_papers(pipeline: Pipeline) -> None:
    given: dict[str, set[tuple[str, ...]]] = {}
    for row in CASES:
        if row["kind"] != "describe":
            papers = pipeline.ask(row["question"], row["history"], date(2024, 6, 12)).papers
            given.setdefault(row["twin"], set()).add(papers)
    assert {twin for twin, sets in given.items() if len(sets) > 1} == set()
