"""The arithmetic and the stopwatch of the speed benchmarks, by hand on tiny figures and on tiny programs."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks.measuring import (
    BenchmarkError,
    beyond,
    clean_environment,
    disk_mb,
    exponent,
    fingerprint,
    machine,
    middle,
    middle_of,
    percentile,
    percentiles,
    read_json,
    run,
    write_json,
)


def test_percentiles_lie_on_the_line_between_two_values_whatever_their_order() -> None:
    ten = [float(n) for n in (10, 9, 8, 7, 6, 5, 4, 3, 2, 1)]
    assert percentile(ten, 0.0) == 1.0
    assert percentile(ten, 1.0) == 10.0
    assert percentile(ten, 0.5) == 5.5
    assert percentile(ten, 0.95) == pytest.approx(9.55)  # place 8.55 of 0..9
    assert percentile([7.0], 0.99) == 7.0
    assert percentiles([1.0, 3.0]) == {"n": 2, "p50": 2.0, "p95": 2.9, "p99": 2.98}


def test_several_runs_are_told_by_their_median_and_their_range() -> None:
    assert middle([3.0, 1.0, 100.0]) == {"median": 3.0, "min": 1.0, "max": 100.0, "runs": 3}
    runs = [{"s": 1.0, "mb": 5.0}, {"s": 3.0}]
    assert middle_of(runs) == {"s": {"median": 2.0, "min": 1.0, "max": 3.0, "runs": 2}}


def test_the_power_of_a_cost_is_found_whatever_its_factor() -> None:
    sizes = [100.0, 1_000.0, 10_000.0]
    assert exponent(sizes, [7 * n for n in sizes]) == pytest.approx(1.0)
    assert exponent(sizes, [0.3 * n**0.5 for n in sizes]) == pytest.approx(0.5)
    assert exponent(sizes, [4.0, 4.0, 4.0]) == pytest.approx(0.0)


def test_beyond_the_sizes_measured_the_line_through_the_two_nearest_is_followed() -> None:
    assert beyond([5, 50, 200], [99.0, 10.0, 40.0], 500) == pytest.approx(100.0)  # .2 a paper from 50 on
    assert beyond([5, 50, 200], [1.0, 10.0, 40.0], 500) == pytest.approx(100.0)
    assert beyond([200, 5, 50], [40.0, 1.0, 10.0], 500) == pytest.approx(100.0)


def test_a_program_is_timed_with_the_memory_it_held_and_what_it_printed() -> None:
    small = run([sys.executable, "-c", "import time; time.sleep(.3); print('먼저'); print('{\"답\": 3}')"])
    assert 0.3 <= small.seconds < 5
    assert small.value() == {"답": 3}
    large = run([sys.executable, "-c", "kept = bytearray(80_000_000); import time; time.sleep(.5); print(1)"])
    assert large.peak_mb - small.peak_mb == pytest.approx(80_000_000 / 2**20, abs=12)


def test_the_memory_of_a_programs_children_counts() -> None:
    child = "kept = bytearray(60_000_000); import time; time.sleep(.8)"
    both = f"import subprocess, sys; kept = bytearray(60_000_000); subprocess.run([sys.executable, '-c', {child!r}]); print(1)"
    assert run([sys.executable, "-c", both]).peak_mb > 115


def test_a_program_that_fails_or_hangs_says_so() -> None:
    with pytest.raises(BenchmarkError, match="ended with 3: 없는 폴더입니다"):
        run([sys.executable, "-c", "import sys; sys.stderr.write('없는 폴더입니다'); sys.exit(3)"])
    with pytest.raises(BenchmarkError, match="took longer than 0 s"):
        run([sys.executable, "-c", "import time; time.sleep(30)"], limit=0.4)


def test_settings_and_keys_of_the_machine_do_not_reach_what_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NONMUN_TOP_K", "9")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-x")
    assert not [name for name in clean_environment() if name.startswith(("NONMUN_", "OPENAI_"))]


def test_a_folder_is_as_large_as_its_files(tmp_path: Path) -> None:
    (tmp_path / "안").mkdir()
    (tmp_path / "안" / "a.bin").write_bytes(b"x" * 1_500_000)
    (tmp_path / "b.bin").write_bytes(b"x" * 500_000)
    assert disk_mb(tmp_path) == 2.0


def test_other_code_has_another_fingerprint(tmp_path: Path) -> None:
    for name in ("rag", "vectorstore", "web", "benchmarks"):
        (tmp_path / name).mkdir()
    (tmp_path / "app.py").write_text("", encoding="utf-8")
    for name in ("systems", "clients", "synthetic", "minilm"):
        (tmp_path / "benchmarks" / f"{name}.py").write_text("", encoding="utf-8")
    before = fingerprint(tmp_path)
    (tmp_path / "rag" / "__pycache__").mkdir()
    (tmp_path / "rag" / "__pycache__" / "x.pyc").write_bytes(b"1")
    assert fingerprint(tmp_path) == before
    (tmp_path / "rag" / "text.py").write_text("1", encoding="utf-8")
    assert fingerprint(tmp_path) != before


def test_figures_are_kept_and_read_again(tmp_path: Path) -> None:
    assert read_json(tmp_path / "없음.json") is None
    write_json(tmp_path / "안" / "값.json", {"논문": [1, 2.5]})
    assert read_json(tmp_path / "안" / "값.json") == {"논문": [1, 2.5]}


def test_the_machine_is_described() -> None:
    found = machine()
    assert found["cores"] >= 1
    assert found["processor"]
    assert found["python"].startswith("3.")
