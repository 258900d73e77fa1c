"""Building the lexical index: what is copied, what is analysed again, and how the background thread ends."""

from __future__ import annotations

import threading
import time
from concurrent.futures import CancelledError
from pathlib import Path

import numpy as np
import pytest

from rag.corpus.digests import find_digests, read_digest
from rag.corpus.manifest import Manifest
from rag.corpus.papers import Paper
from rag.index import build as indexing
from rag.index.build import lexical_in_background, write_lexical
from rag.index.lexical import LexicalIndex
from rag.language import analysis
from tests.doubles import write_sample


@pytest.fixture
def papers(tmp_path: Path) -> list[Paper]:
    folder = write_sample(tmp_path / "digests")
    digests = [read_digest(path, folder) for path in find_digests(folder)]
    manifest = Manifest("embedder", "analysis", {}).with_digests(digests, [str(folder)], prune=False)
    return list(manifest.papers().values())


def ignored(stage: str, done: int, total: int) -> None:
    del stage, done, total


def test_progress_counts_the_papers_that_are_analysed(papers: list[Paper], tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    write_lexical(papers[:3], tmp_path / "one", lambda *at: told.append(at))
    same = {paper.arxiv_id for paper in papers[:3]}
    write_lexical(papers, tmp_path / "two", lambda *at: told.append(at), tmp_path / "one", same)
    assert told == [("analyse", 3, 3), ("analyse", 1, 1)]
    assert LexicalIndex.load(tmp_path / "two").ids == tuple(paper.arxiv_id for paper in papers)


def test_words_that_questions_are_put_into_are_analysed_by_an_ingest(
    papers: list[Paper], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """“retrieval-augmented generation” is 검색증강생성 too, which no paper here writes, and 매니퓰레이션 is robot manipulation."""
    write_lexical(papers, tmp_path, ignored)
    index = LexicalIndex.load(tmp_path)
    assert index.document_frequency("매니퓰레이션") == 0
    monkeypatch.setattr(analysis, "_kiwi", lambda: pytest.fail("Kiwi was asked"))
    analysis.remember(index.words)
    analysis._of_word.cache_clear()
    analysis._terms_of.cache_clear()
    assert analysis.terms("검색증강생성")
    assert analysis.terms("매니퓰레이션")


def test_words_that_were_analysed_once_need_no_kiwi(
    papers: list[Paper], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_lexical(papers, tmp_path / "one", ignored)

    def no_kiwi() -> None:
        raise AssertionError("Kiwi was asked")

    monkeypatch.setattr(analysis, "_kiwi", no_kiwi)
    same = {paper.arxiv_id for paper in papers[1:]}
    write_lexical(papers, tmp_path / "two", ignored, tmp_path / "one", same)
    for file in (tmp_path / "one" / "lexical").iterdir():
        assert file.read_bytes() == (tmp_path / "two" / "lexical" / file.name).read_bytes(), file.name
    with pytest.raises(AssertionError, match="Kiwi was asked"):
        write_lexical(papers, tmp_path / "three", ignored)


@pytest.mark.parametrize("damage", ["missing", "garbage", "starts beyond the end"])
def test_an_index_before_that_cannot_be_used_is_made_anew(papers: list[Paper], tmp_path: Path, damage: str) -> None:
    write_lexical(papers, tmp_path / "one", ignored)
    file = tmp_path / "one" / "lexical" / ("papers.npy" if "starts" in damage else "rows.npy")
    if damage == "missing":
        file.unlink()
    elif damage == "garbage":
        file.write_bytes(b"garbage")
    else:
        starts = np.load(file)
        starts[1:-1] = 1_000_000
        np.save(file, starts)
    write_lexical(papers, tmp_path / "two", ignored, tmp_path / "one", {paper.arxiv_id for paper in papers})
    write_lexical(papers, tmp_path / "three", ignored)
    for file in (tmp_path / "three" / "lexical").iterdir():
        assert file.read_bytes() == (tmp_path / "two" / "lexical" / file.name).read_bytes(), file.name


def test_a_few_words_are_kept_where_there_are_very_many(
    papers: list[Paper], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_lexical(papers, tmp_path / "all", ignored)
    monkeypatch.setattr(indexing, "_WORDS", 3)
    write_lexical(papers, tmp_path / "few", ignored)
    every, few = (LexicalIndex.load(tmp_path / name) for name in ("all", "few"))
    assert len(few.words) == 3
    assert (every.scores(["바람"]) == few.scores(["바람"])).all()


def held_up(monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Event, threading.Event, list[list[str]]]:
    """Analyse paper by paper. Set the first event when one begins, and wait for the second."""
    monkeypatch.setattr(indexing, "_BATCH", 1)
    begun, go_on = threading.Event(), threading.Event()
    batches: list[list[str]] = []
    analyse = analysis.terms_of_all

    def slowly(texts: list[str], known: dict[str, str]) -> list[list[str]]:
        batches.append(texts)
        begun.set()
        go_on.wait(10)
        return analyse(texts, known)

    monkeypatch.setattr(analysis, "terms_of_all", slowly)
    return begun, go_on, batches


def test_an_ingest_that_fails_waits_for_one_batch_only_and_makes_no_index(
    papers: list[Paper], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on, batches = held_up(monkeypatch)
    finish = None

    def fail_beside() -> None:
        nonlocal finish
        with lexical_in_background(papers, tmp_path / "draft", ignored, None, set()) as (waiting, finish):
            with waiting():
                assert begun.wait(10)
            threading.Timer(0.05, go_on.set).start()
            raise RuntimeError("the vectors failed")

    with pytest.raises(RuntimeError, match="the vectors failed"):
        fail_beside()
    assert len(batches) == 1
    assert not (tmp_path / "draft").exists()
    assert finish
    with pytest.raises(CancelledError):
        finish()


def test_nothing_is_analysed_before_it_is_wanted(
    papers: list[Paper], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches: list[object] = []
    analyse = analysis.terms_of_all
    monkeypatch.setattr(
        analysis, "terms_of_all", lambda texts, known: (batches.append(texts), analyse(texts, known))[1]
    )
    with lexical_in_background(papers, tmp_path / "left", ignored, None, set()):
        pass
    assert batches == []
    with lexical_in_background(papers, tmp_path / "made", ignored, None, set()) as (_, finish):
        finish()
    assert len(batches) == 1
    assert len(LexicalIndex.load(tmp_path / "made").ids) == 4


def test_what_is_analysed_waits_while_the_body_works(
    papers: list[Paper], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on, batches = held_up(monkeypatch)
    with lexical_in_background(papers, tmp_path / "made", ignored, None, set()) as (waiting, finish):
        with waiting():
            assert begun.wait(10)
        go_on.set()  # the body works again, and the first batch ends
        time.sleep(0.1)
        assert len(batches) == 1
        finish()
    assert len(batches) == 4
    assert len(LexicalIndex.load(tmp_path / "made").ids) == 4
