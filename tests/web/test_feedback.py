"""Verdicts as lines: whole whoever else writes, private, and never more than the room for them."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from web import feedback
from web.request_models import VerdictRequest


def lines(folder: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (folder / feedback.FILE).read_text(encoding="utf-8").splitlines()]


def test_a_verdict_is_one_line_with_its_time_whatever_is_in_it(tmp_path: Path) -> None:
    said = {"question": "맘바는?\n[ERROR] \x1b[31m=cmd|", "verdict": "down", "reason": "\ud800"}
    feedback.append(tmp_path / "new", said, datetime(2026, 1, 2, tzinfo=UTC))
    (line,) = lines(tmp_path / "new")
    assert line["time"] == "2026-01-02T00:00:00+00:00"
    assert line["question"] == said["question"]
    assert (tmp_path / "new" / feedback.FILE).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


def test_many_writers_leave_whole_lines(tmp_path: Path) -> None:
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda n: feedback.append(tmp_path, {"n": str(n), "reason": "가" * 500}), range(400)))
    assert sorted(int(line["n"]) for line in lines(tmp_path)) == list(range(400))


def test_after_a_line_that_was_cut_the_next_one_is_whole(tmp_path: Path) -> None:
    feedback.append(tmp_path, {"question": "새소리"})
    path = tmp_path / "feedback.jsonl"
    path.write_bytes(path.read_bytes() + b'{"time": "2024-06-11T00:00:00+00:00", "que')  # as of a full disk, or a kill
    feedback.append(tmp_path, {"question": "연"})
    whole = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.endswith("}")]
    assert [line["question"] for line in whole] == ["새소리", "연"]


def test_a_full_file_makes_room_and_the_oldest_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feedback, "MAX_BYTES", 1_000)
    for n in range(60):
        feedback.append(tmp_path, {"n": str(n)})
    sizes = [path.stat().st_size for path in tmp_path.glob("feedback*.jsonl")]
    assert len(sizes) == 2
    assert max(sizes) <= 1_000
    assert lines(tmp_path)[-1]["n"] == "59"


@pytest.mark.parametrize(
    "much",
    [{"citations": ["2312.00752" * 4]}, {"papers": ["x" * 33]}, {"plan": {"terms": ["가" * 20_001]}}, {"papers": ["2312.00752"] * 201}],
)  # fmt: skip
def test_a_verdict_that_would_push_others_out_of_the_file_is_refused(much: dict[str, object]) -> None:
    said = {"question": "맘바는?", "verdict": "up", "plan": {"terms": ["Mamba"]}, "citations": ["2312.00752"]}
    assert VerdictRequest.model_validate(said).plan == {"terms": ["Mamba"]}
    with pytest.raises(ValidationError):
        VerdictRequest.model_validate({**said, **much})
