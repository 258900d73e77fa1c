"""`nonmun export` as people and programs run it."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from rag.cli import main
from tests import test_cli

run = test_cli.run  # a fixture
SEEDS = Path(__file__).resolve().parents[1] / "seeds"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = str(tmp_path_factory.mktemp("export") / "store")
    assert main(["ingest", str(SEEDS), "--store", folder]) == 0
    return folder


def test_the_whole_index_is_written_in_every_format(run: Any, store: str) -> None:
    rows = [json.loads(line) for line in run("export", "--format", "jsonl", "--store", store).out.splitlines()]
    assert len({row["arxiv_id"] for row in rows}) == 77
    assert all(row["sentence"] for row in rows)
    bibtex = run("export", "--format", "bibtex", "--store", store).out
    assert len(re.findall(r"^@misc\{arxiv:", bibtex, flags=re.MULTILINE)) == 77
    assert len(run("export", "--store", store).out.splitlines()) == 2 * 77


def test_a_questions_set_is_that_of_its_answer(run: Any, store: str) -> None:
    asked = "Mamba를 사용한 논문은?"
    answer = run("ask", asked, "--store", store, "--json").json
    text = run("export", asked, "--format", "csv", "--store", store).out.removeprefix("\ufeff")
    assert [row["arxiv_id"] for row in csv.DictReader(io.StringIO(text))] == answer["papers"]


def test_a_file_is_written_and_named(run: Any, store: str, tmp_path: Path) -> None:
    done = run("export", "Mamba를 사용한 논문은?", "--format", "bibtex", "--out", "mamba.bib", "--store", store)
    assert (done.status, done.out) == (0, "")
    assert re.search(r"[1-9] papers? written to mamba\.bib\.", done.err)
    assert (tmp_path / "mamba.bib").read_text("utf-8").startswith("@misc{arxiv:")


def test_a_question_without_papers_writes_none_and_says_why(run: Any, store: str) -> None:
    done = run("export", "Quzzlefrob을 사용한 논문은?", "--format", "csv", "--store", store)
    assert done.status == 0
    assert done.out.count("\n") == 1
    assert "note: " in done.err


def test_an_export_that_fails_leaves_the_file_as_it_was(
    run: Any, store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "papers.bib"
    kept.write_text("mine")
    write = Path.write_text

    def full(path: Path, *arguments: Any, **more: Any) -> int:
        write(path, "half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    done = run("export", "--format", "bibtex", "--out", kept, "--store", store)
    assert (done.status, "papers.bib cannot be written: No space left on device" in done.err) == (2, True)
    assert (kept.read_text(), [path.name for path in tmp_path.iterdir() if "papers" in path.name]) == (
        "mine",
        ["papers.bib"],
    )


def test_a_place_that_cannot_be_written_is_a_sentence(run: Any, store: str) -> None:
    done = run("export", "--out", "no/such/folder/x.md", "--store", store)
    assert (done.status, done.err.strip()) == (
        2,
        "nonmun: no/such/folder/x.md cannot be written: No such file or directory. Make room or name another file with --out.",
    )
