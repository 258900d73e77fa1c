"""The lexical index made by another process: the same index, whatever befalls that process; and nothing of it left over."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from rag import analysis, indexing
from rag.digests import find_digests, read_digest
from rag.indexing import APART, lexical_beside, write_lexical
from rag.lexical import LexicalIndex
from rag.manifest import Manifest
from rag.papers import Paper
from tests.doubles import write_sample


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    folder = write_sample(tmp_path / "digests")
    digests = [read_digest(path, folder) for path in find_digests(folder)]
    return Manifest("embedder", "analysis", {}).with_digests(digests, [str(folder)], prune=False)


@pytest.fixture
def papers(manifest: Manifest) -> list[Paper]:
    return list(manifest.papers().values())


def beside(manifest: Manifest, folder: Path, changed: int = APART) -> list[tuple[str, int, int]]:
    """Make an index as an ingest does; return the progress told."""
    told: list[tuple[str, int, int]] = []
    folder.mkdir()
    with lexical_beside(
        manifest,
        list(manifest.papers().values()),
        folder / "cache.sqlite",
        folder,
        lambda *at: told.append(at),
        changed,
    ) as finish:
        finish()
    return told


def fail(texts: Sequence[str]) -> list[list[str]]:
    raise AssertionError(f"analysed here: {texts}")


def test_another_process_makes_the_very_same_index(
    manifest: Manifest, papers: list[Paper], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_lexical(papers, tmp_path / "cache.sqlite", tmp_path / "here", lambda *_: None)
    monkeypatch.setattr(analysis, "terms_of_all", fail)
    told = beside(manifest, tmp_path / "there")
    here, there = LexicalIndex.load(tmp_path / "here"), LexicalIndex.load(tmp_path / "there")
    assert here.ids == there.ids == tuple(paper.arxiv_id for paper in papers)
    for question in ("맘바로 바람을 예측하는 로봇", "forecasting harbour traffic", "정원 일기"):
        terms = analysis.terms(question)
        assert here.scores(terms).any()
        assert np.array_equal(here.scores(terms), there.scores(terms))
        assert np.array_equal(here.passages.scores(question, [0, 1]), there.passages.scores(question, [0, 1]))
    assert {stage for stage, _, _ in told} == {"analyse"}
    assert told[-1][1] == told[-1][2] > 0


def test_a_few_nodes_are_analysed_here(manifest: Manifest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "_CHILD", "raise SystemExit('not to be begun')")
    monkeypatch.setattr(analysis, "terms_of_all", fail)
    with pytest.raises(AssertionError, match="analysed here"):
        beside(manifest, tmp_path / "few", APART - 1)


@pytest.mark.parametrize(
    "child",
    [
        "raise SystemExit(1)",
        "import os; os._exit(9)",
        "import sys; sys.stdin.read(3); print('7 of 9', flush=True)",
        "import os, signal, sys; sys.stdin.read(3); print(1, 2, flush=True); os.kill(os.getpid(), signal.SIGKILL)",
    ],
)
def test_what_another_process_leaves_undone_is_done_here(
    manifest: Manifest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, child: str
) -> None:
    monkeypatch.setattr(indexing, "_CHILD", child)
    beside(manifest, tmp_path / "there")
    assert len(LexicalIndex.load(tmp_path / "there").ids) == 4


def test_where_no_process_can_be_begun_it_is_done_here(
    manifest: Manifest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no python"))
    beside(manifest, tmp_path / "there")
    assert len(LexicalIndex.load(tmp_path / "there").ids) == 4


def test_an_ingest_that_fails_ends_the_other_process_and_makes_no_index(
    manifest: Manifest, papers: list[Paper], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "_CHILD", "import time; time.sleep(60)")
    monkeypatch.setattr(analysis, "terms_of_all", fail)
    begun: list[subprocess.Popen[bytes]] = []
    start = indexing._start
    monkeypatch.setattr(indexing, "_start", lambda *at: begun.append(start(*at)) or begun[0])  # type: ignore[func-returns-value,arg-type]
    started = time.monotonic()
    with (
        pytest.raises(RuntimeError, match="the vectors failed"),
        lexical_beside(manifest, papers, tmp_path / "c.sqlite", tmp_path, lambda *_: None, APART),
    ):
        raise RuntimeError("the vectors failed")
    assert time.monotonic() - started < 30
    assert begun[0].poll() is not None
    assert not (tmp_path / "lexical").exists()


def test_the_other_process_ends_with_its_parent(manifest: Manifest, tmp_path: Path) -> None:
    code = "import time; from rag import indexing; indexing.write_lexical = lambda *_: time.sleep(60); indexing.main('c', 'f')"
    child = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE)
    data = manifest.to_bytes()
    assert child.stdin
    child.stdin.write(b"%d\n%s" % (len(data), data))
    child.stdin.close()
    assert child.wait(30) == 1


def test_modules_lying_in_the_folder_of_the_command_are_not_taken_for_ours(
    manifest: Manifest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted = tmp_path / "cwd"
    (planted / "rag").mkdir(parents=True)
    for file in (planted / "rag" / "__init__.py", planted / "numpy.py"):
        file.write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if entry])
    monkeypatch.chdir(planted)
    beside(manifest, tmp_path / "there")
    assert not (tmp_path / "ran").exists()
