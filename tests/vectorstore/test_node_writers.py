"""Writing vectors in another process: the same rows, the same errors, and no process left behind."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from tests.doubles import bigram_vector, child_environment
from vectorstore import node_writers
from vectorstore.chroma import COLLECTION, NodeCollection, open_folder
from vectorstore.errors import StoreCorruptError, StoreError
from vectorstore.folder import FolderStore
from vectorstore.node_writers import PROCESS_ROWS, LocalWriter, ProcessWriter, open_writer, start_writer_process
from vectorstore.rows import NodeWriter, Row

TEXTS = {"a": "연을 날리는 로봇", "b": "새소리를 구별하는 순환망", "c": "harbour traffic"}


def rows(texts: dict[str, str]) -> list[Row]:
    return [
        Row(node_id, {"kind": "bullet", "authors": "김민수, Otto Lind", "date": 20240611}, np.asarray(bigram_vector(text), dtype=np.float32))
        for node_id, text in texts.items()
    ]  # fmt: skip


def held(chroma: Path) -> dict[str, object]:
    client = open_folder(chroma, "here")
    got = client.get_collection(COLLECTION, embedding_function=None).get(
        include=["documents", "metadatas", "embeddings"]
    )
    client.close()  # type: ignore[attr-defined]
    order = sorted(range(len(got["ids"])), key=lambda at: got["ids"][at])
    assert got["metadatas"]
    assert set(got["documents"] or ()) == {None}
    assert got["embeddings"] is not None
    return {got["ids"][at]: (got["metadatas"][at], np.asarray(got["embeddings"][at]).tolist()) for at in order}


@pytest.mark.parametrize("writer", [LocalWriter, ProcessWriter])
def test_both_writers_write_the_same_rows(tmp_path: Path, writer: type[LocalWriter | ProcessWriter]) -> None:
    made = writer(str(tmp_path), None, tmp_path / "chroma")
    made.upsert(rows(TEXTS | {"x": "버릴 글"}))
    made.upsert(rows({"b": "새소리를 듣는 순환망"}))
    made.delete(["x", "never there"])
    assert np.allclose(made.rows(["c", "a"]), [bigram_vector(TEXTS["c"]), bigram_vector(TEXTS["a"])])
    made.verify(3, ["a", "b", "c"])
    made.close()
    found = held(tmp_path / "chroma")
    assert list(found) == ["a", "b", "c"]
    metadata, vector = found["b"]  # type: ignore[misc]
    assert metadata == {"kind": "bullet", "authors": "김민수, Otto Lind", "date": 20240611}
    assert vector == pytest.approx(bigram_vector("새소리를 듣는 순환망"), abs=1e-6)


def test_a_new_database_has_no_empty_pages_when_it_was_verified(tmp_path: Path) -> None:
    made = LocalWriter(str(tmp_path), None, tmp_path / "chroma")
    made.upsert(rows({f"{n:04}": f"글 {n}은 {n * 7919 % 5000}번째다" for n in range(1_500)}))
    made.verify(1_500, ["0000", "1499"])
    made.close()
    with contextlib.closing(sqlite3.connect(tmp_path / "chroma" / "chroma.sqlite3")) as db:
        assert db.execute("PRAGMA freelist_count").fetchone() == (0,)
    assert len(held(tmp_path / "chroma")) == 1_500


def test_many_rows_go_in_several_requests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node_writers, "FOLDER_BATCH", 100)
    made = ProcessWriter(str(tmp_path), None, tmp_path / "chroma")
    made.upsert(rows({f"{n:03}": f"글 {n}은 {n * 7919 % 1000}번째다" for n in range(250)}))
    made.verify(250, ["000", "249"])
    made.close()
    assert len(held(tmp_path / "chroma")) == 250


def committed(store: FolderStore) -> str:
    with store.locked():
        draft = store.draft(copy=False)
        draft.nodes.upsert(rows(TEXTS))
        return draft.commit([b"{}"], 3, list(TEXTS))


def test_a_writer_begins_with_the_vectors_of_the_generation_before(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    made = ProcessWriter(store.place, store.folder(committed(store)), tmp_path / "chroma")
    made.upsert(rows({"d": "정원 일기"}))
    made.verify(4, ["a", "d"])
    made.close()
    assert list(held(tmp_path / "chroma")) == ["a", "b", "c", "d"]


def test_what_fails_over_there_is_raised_here_with_the_same_words(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    name = committed(store)
    (store.folder(name) / "chroma" / "chroma.sqlite3").write_bytes(b"")
    made = ProcessWriter(store.place, store.folder(name), tmp_path / "one")
    with pytest.raises(StoreCorruptError, match=r"nonmun ingest DIGESTS --rebuild --store"):
        made.verify(3, [])
    made.close()
    made = ProcessWriter(store.place, None, tmp_path / "two")
    made.upsert(rows(TEXTS))
    with pytest.raises(StoreCorruptError, match=r"are 3; 4 were expected"):
        made.verify(4, [])
    made.close()
    made = ProcessWriter(store.place, None, tmp_path / "three")
    odd = rows(TEXTS)
    made.upsert(odd)
    made.upsert([Row("z", {"kind": "bullet"}, np.ones(3, dtype=np.float32))])
    with pytest.raises(StoreError, match="expecting embedding with dimension of 64, got 3"):
        made.delete(["a"])
    made.close()


def test_a_process_that_dies_is_a_sentence(tmp_path: Path) -> None:
    made = ProcessWriter(str(tmp_path), None, tmp_path / "chroma")
    made.upsert(rows(TEXTS))
    os.kill(made._process.child.pid, signal.SIGKILL)
    with pytest.raises(StoreError, match=r"ended by itself \(status -9\); the index is as it was\. Run this again"):
        made.verify(3, [])
    made.close()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the process notices when its call has ended")
def test_the_other_process_ends_when_its_parent_does_whatever_it_is_doing(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from vectorstore.node_writers import ProcessWriter\n"
        "made = ProcessWriter(sys.argv[1], None, Path(sys.argv[1]) / 'chroma'); made.delete(['a']); made._reply()\n"
        "print(made._process.child.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], env=child_environment(), stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        os.kill(child, signal.SIGSTOP)  # as in a long write, it looks at nothing
        parent.kill()
    try:
        deadline = time.monotonic() + 20  # milliseconds on an idle machine
        while Path(f"/proc/{child}/cmdline").exists() and Path(f"/proc/{child}/cmdline").read_bytes():
            assert time.monotonic() < deadline, "it outlived its parent"
            time.sleep(0.05)
    finally:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


def opened(place: Path, count: int) -> NodeWriter:
    made = open_writer(str(place), None, place / "chroma", count)
    made.close()
    return made


def test_many_rows_get_a_process_and_few_only_where_chroma_is_not_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(opened(tmp_path / "1", PROCESS_ROWS), ProcessWriter)
    assert isinstance(opened(tmp_path / "2", PROCESS_ROWS - 1), LocalWriter)
    monkeypatch.delitem(sys.modules, "chromadb")
    assert isinstance(opened(tmp_path / "3", 1), ProcessWriter)


def test_a_process_that_was_begun_early_is_the_one_that_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "chromadb")
    store = FolderStore(tmp_path / "store")
    with store.locked():
        store.expect_draft()
        store.expect_draft()
        process = store._writer_process
        draft = store.draft(copy=False)
        assert isinstance(draft.nodes, ProcessWriter)
        assert draft.nodes._process is process is not None
        draft.nodes.upsert(rows(TEXTS))
        name = draft.commit([b"{}"], 3, list(TEXTS))
    assert process.child.returncode is not None
    assert list(held(store.folder(name) / "chroma")) == ["a", "b", "c"]


def test_a_process_that_got_nothing_to_write_ends_with_the_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FolderStore(tmp_path)
    with store.locked():
        store.expect_draft()
        assert store._writer_process is None  # Chroma is loaded here, so few rows need no process
    monkeypatch.delitem(sys.modules, "chromadb")
    with suppress(KeyboardInterrupt), store.locked():
        store.expect_draft()
        process = store._writer_process
        assert process
        raise KeyboardInterrupt
    assert process.child.returncode is not None
    assert store._writer_process is None


def test_where_no_process_can_be_begun_the_vectors_are_written_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no python"))
    assert isinstance(opened(tmp_path, PROCESS_ROWS), LocalWriter)
    monkeypatch.delitem(sys.modules, "chromadb")
    assert start_writer_process() is None


def test_modules_lying_in_the_folder_of_the_command_are_not_taken_for_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted = tmp_path / "cwd"
    for package in ("rag", "vectorstore"):
        (planted / package).mkdir(parents=True)
    for file in (planted / "rag" / "__init__.py", planted / "vectorstore" / "__init__.py", planted / "numpy.py"):
        file.write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if entry])
    monkeypatch.chdir(planted)
    made = ProcessWriter(str(tmp_path), None, tmp_path / "chroma")
    made.upsert(rows(TEXTS))
    made.verify(3, [])
    made.close()
    assert not (tmp_path / "ran").exists()


def test_a_collection_that_a_writer_let_go_of_can_be_read(tmp_path: Path) -> None:
    made = ProcessWriter(str(tmp_path), None, tmp_path / "chroma")
    made.upsert(rows(TEXTS))
    made.verify(3, ["a"])
    made.close()
    nodes = NodeCollection(open_folder(tmp_path / "chroma", "here"), COLLECTION, "here")
    found = nodes.query(np.asarray(bigram_vector(TEXTS["b"]), dtype=np.float32), 1)
    nodes.close()
    assert [node_id for node_id, _ in found] == ["b"]
