"""`nonmun check`: what would be read of digests, and every warning, without an index."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag.cli import main

GOOD = """## Daily Papers (2024-06-11)

### [Butterfly: Small Models in Flight](https://arxiv.org/abs/2406.10001)

Vote: 17

Authors: Ada Lee, 김민수

- 나비의 날갯짓을 따라 하는 작은 모델입니다.
"""
DOUBTFUL = GOOD.replace("Vote: 17", "Vots: 17").replace("10001", "10002")
LOST = GOOD.replace("https://arxiv.org/abs/2406.10001", "https://example.org/a")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    digests = tmp_path / "digests"
    digests.mkdir()
    for name, text in (("a.md", GOOD), ("b.markdown", DOUBTFUL), ("c.md", LOST), ("d.pdf", "x")):
        (digests / name).write_text(text, encoding="utf-8")
    (digests / "more").symlink_to(tmp_path)
    return digests


def test_the_report_says_what_was_read_of_each_file_and_every_problem(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(folder)]) == 1
    out = capsys.readouterr().out
    assert f"{folder}/a.md: 2024-06-11, 1 paper, 1 with votes, 1 with authors, 1 with a summary\n" in out
    assert "  warning: line 5: the line looks like a field and is read as text: Vots: 17; write “Vote: 17”\n" in out
    assert "  failed: line 3: the heading is cut or has no link to an arXiv paper" in out
    assert "more: skipped: a link to a folder is not followed" in out
    assert "files with .pdf are not read: d.pdf" in out
    assert out.endswith("3 files, 2 papers, 1 failed, 1 warning. Nothing was indexed.\n")


def test_the_report_as_json_has_the_same(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(folder), "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert (report["papers"], report["failed"]) == (2, 1)
    first, second, third = report["files"]
    assert (first["file"], first["papers"], first["first_day"], first["last_day"]) == (
        f"{folder}/a.md", 1, "2024-06-11", "2024-06-11",
    )  # fmt: skip
    assert (first["with_votes"], first["with_authors"], first["languages"], first["warnings"]) == (1, 1, ["ko"], [])
    assert [warning["line"] for warning in second["warnings"]] == [5]
    assert [failure["line"] for failure in third["failed"]] == [3]
    assert [Path(skipped["file"]).name for skipped in report["skipped"]] == ["more", "digests"]


def test_a_folder_without_problems_gives_status_0(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(folder / "a.md")]) == 0
    assert capsys.readouterr().out.endswith("1 file, 1 paper, 0 failed, 0 warnings. Nothing was indexed.\n")


def test_without_a_folder_it_says_how_to_call_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 2
    assert "nonmun check DIR" in capsys.readouterr().err


def test_a_missing_folder_is_an_error_that_names_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tmp_path / "없는-폴더")]) == 2
    assert "없는-폴더" in capsys.readouterr().err


def test_nothing_is_written(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    main(["check", str(folder)])
    assert sorted(tmp_path.rglob("*")) == before
