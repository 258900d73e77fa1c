"""Traces are off by default; switched on they hold the plan, the scores and the cost, and no key, prompt or evidence."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.answers import traces
from rag.pipeline import Pipeline
from rag.settings import read_settings, trace_file
from tests.rag.conftest import AS_OF

QUESTION = "잡음이 섞인 텍스트로 3D를 만드는 방법은?"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def asked(store: Path, opened: Pipeline, trace: str) -> list[dict[str, object]]:
    pipeline = Pipeline(
        read_settings({"store": str(store)}, {"HOME": str(store.parent), "NONMUN_TRACE": trace}, store / "no.env")
    )
    pipeline._snapshot = opened.snapshot()
    pipeline.ask(QUESTION, (), AS_OF)
    pipeline.ask("Mamba를 사용한 논문은?", (), AS_OF)
    return list(traces.read(trace_file(), 10))


def test_nothing_is_traced_unless_it_is_switched_on(seeds_store: Path, pipeline: Pipeline) -> None:
    assert asked(seeds_store, pipeline, "off") == []
    assert not trace_file().exists()


def test_a_trace_holds_plan_scores_and_timings_and_no_evidence(seeds_store: Path, pipeline: Pipeline) -> None:
    first, second = asked(seeds_store, pipeline, "on")
    assert (first["question"], second["plan"]["terms"]) == (QUESTION, ["Mamba"])  # type: ignore[index]
    assert all(len(hit) == 4 for hit in first["hits"])  # type: ignore[attr-defined]
    assert first["hits"]
    assert second["hits"] == []  # a set is not ranked
    assert first["latency_ms"] >= first["offline_ms"] > 0  # type: ignore[operator]
    assert trace_file().stat().st_mode & 0o077 == 0
    text = trace_file().read_text(encoding="utf-8")
    papers = pipeline.snapshot().catalogue.papers.values()
    assert not any(bullet.text in text for paper in papers for bullet in (*paper.ko, *paper.en))


@pytest.mark.parametrize("fault", ["a file stands where the folder should", "the disk is full"])
def test_a_trace_that_cannot_be_written_is_one_warning_and_costs_no_answer(
    seeds_store: Path,
    pipeline: Pipeline,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    fault: str,
) -> None:
    if fault == "the disk is full":
        traces_file = tmp_path / "cache" / "nonmun" / "traces.jsonl"
        traces_file.parent.mkdir(parents=True)
        traces_file.symlink_to("/dev/full")
    else:
        (tmp_path / "cache").write_text("")
    settings = read_settings(
        {"store": str(seeds_store)}, {"HOME": str(tmp_path), "NONMUN_TRACE": "on"}, tmp_path / "no.env"
    )
    traced = Pipeline(settings)
    traced._snapshot = pipeline.snapshot()
    counts = [traced.ask("Mamba를 사용한 논문은?", (), AS_OF).count for _ in range(3)]
    assert counts == [2, 2, 2]
    warned = [record.getMessage() for record in caplog.records]
    assert len(warned) == 1
    assert "Answers cannot be traced" in warned[0]
    assert "NONMUN_TRACE=off" in warned[0]


def test_a_cut_line_is_passed_over_and_a_long_file_is_shortened(
    tmp_path: Path, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(traces, "_MAX_BYTES", 100)
    monkeypatch.setattr(traces, "_KEPT", 2)
    path, answer = tmp_path / "traces.jsonl", pipeline.ask("Mamba를 사용한 논문은?", (), AS_OF)
    for _ in range(5):
        traces.write(path, answer, "g1", [], 1.0)
    assert len(path.read_text(encoding="utf-8").splitlines()) == 3
    with path.open("a", encoding="utf-8") as file:
        file.write('{"question": "끊')
    assert len(list(traces.read(path, 10))) == 3
