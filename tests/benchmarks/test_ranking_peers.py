"""The retrieval benchmark's own arithmetic, by hand on tiny runs: scores, intervals, groups, tables, the plot."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from ir_measures import Qrel

from benchmarks.retrieval import (
    DEPTH,
    Outcome,
    differences,
    eras,
    interval,
    measure,
    parse_arguments,
    plot,
    report,
    summary,
    table,
)
from rag.corpus.papers import Bullet, Paper


def paper(arxiv_id: str, day: date) -> Paper:
    bullets = (Bullet("연을 날립니다."),)
    return Paper(arxiv_id, "PaperKite", (day,), None, (), False, None, bullets, ())


PAPERS = {"2406.00001": paper("2406.00001", date(2024, 6, 11)), "2407.00001": paper("2407.00001", date(2024, 6, 12))}
RELEVANT = [Qrel("q1", "2406.00001", 1), Qrel("q2", "2407.00001", 1), Qrel("q3", "2407.00001", 1)]
QUERIES = {"q1": "연을 날리는 논문은?", "q2": "kites", "q3": "아무것도 아닌 질문"}


def outcome() -> Outcome:
    answers = {"연을 날리는 논문은?": ["2406.00001"], "kites": ["x", "y", "z", "2407.00001"], "아무것도 아닌 질문": []}
    return measure(answers.__getitem__, QUERIES, RELEVANT)


def test_each_query_scores_by_the_rank_of_its_paper_and_nothing_found_is_zero() -> None:
    assert outcome().scores == {
        "MRR@10": {"q1": 1.0, "q2": 0.25, "q3": 0.0},
        "recall@10": {"q1": 1.0, "q2": 1.0, "q3": 0.0},
    }
    assert DEPTH == 10


def test_a_query_that_nobody_judged_scores_zero() -> None:
    assert measure(lambda text: ["x"], {"q1": "연", "q9": "질문"}, RELEVANT).scores["MRR@10"] == {"q1": 0.0, "q9": 0.0}


def test_an_interval_holds_its_mean_and_narrows_with_more_queries() -> None:
    few, many = interval([0.0, 1.0] * 10), interval([0.0, 1.0] * 1000)
    assert few.mean == many.mean == 0.5
    assert few.low < many.low < 0.5 < many.high < few.high
    # The mean of n halves has a standard error of .5 / sqrt(n); 95 % lie within 1.96 of them.
    assert many.high - many.low == pytest.approx(2 * 1.96 * 0.5 / 2000**0.5, rel=0.1)
    assert interval([0.25] * 7) == interval([0.25] * 7, seed=3)


def test_eras_part_at_the_day_the_labels_came() -> None:
    assert eras({"Korean": ["q1", "q3"], "English": ["q2"]}, RELEVANT, PAPERS) == {
        "Korean, free": ["q1"], "Korean, labelled": ["q3"], "English, labelled": ["q2"],
    }  # fmt: skip


def test_the_tables_state_means_and_paired_differences() -> None:
    hybrid, other = outcome(), Outcome({"MRR@10": {"q1": 0.5, "q2": 0.25, "q3": 0.0}}, 2.0)
    of_group = {"Korean": ["q1"], "English": ["q2"]}
    rows = table({"hybrid": hybrid, "other": other}, of_group, "MRR@10").splitlines()
    assert rows[0] == "| system | Korean (1) | English (1) | ms a query |"
    assert rows[3] == "| other | 0.500 [0.500, 0.500] | 0.250 [0.250, 0.250] | 2.0 |"
    ahead = differences({"hybrid": hybrid, "other": other}, of_group, "MRR@10").splitlines()
    assert ahead[2:] == ["| other | +0.500 [+0.500, +0.500] | +0.000 [+0.000, +0.000] |"]


def test_the_page_holds_every_part() -> None:
    page = report({"hybrid": outcome()}, {"Korean": ["q1", "q3"]}, {"Korean, free": ["q1"]}, 2, "2026-11-21")
    assert page.startswith("# Ranking next to other systems\n\n2026-11-21. 2 papers")
    for said in ("## MRR@10", "## recall@10", "| Korean, free (1) |", "retrieval.svg", "0.500 ["):
        assert said in page


def test_peers_index_the_title_and_the_whole_summary() -> None:
    assert summary(PAPERS["2406.00001"]) == "PaperKite\n연을 날립니다."


def test_folders_of_one_name_are_scored_together() -> None:
    options = parse_arguments(["--store", "s", "--set", "English=a", "--set", "English=b", "--set", "Korean=c"])
    assert options.sets == ["English=a", "English=b", "Korean=c"]


def test_the_plot_is_an_svg_that_does_not_change(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="the plot needs matplotlib: pip install 'nonmun[bench]'")
    for name in ("a.svg", "b.svg"):
        plot({"hybrid": outcome()}, {"Korean": ["q1", "q3"]}, tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    assert b"<svg" in (tmp_path / "a.svg").read_bytes()
