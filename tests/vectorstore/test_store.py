"""Generations in a folder: drafts, commits, the lock, and the messages about damage and permissions."""

from __future__ import annotations

import contextlib
import inspect
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import chromadb.errors
import httpx
import numpy as np
import pytest
from llama_index.core.schema import TextNode

from tests.doubles import bigram_vector, child_environment, generation
from vectorstore.chroma import COLLECTION, NodeCollection, chroma_errors, open_folder
from vectorstore.errors import StoreBusyError, StoreCorruptError, StoreError, StoreUnreachableError
from vectorstore.folder import FolderStore
from vectorstore.generations import Store
from vectorstore.server import ServerStore
from vectorstore.store import open_store

TEXTS = {"a": "연을 날리는 로봇", "b": "새소리를 구별하는 순환망", "c": "harbour traffic"}


def node(node_id: str, text: str, **metadata: object) -> TextNode:
    made = TextNode(id_=node_id, text=text, metadata=metadata or {"kind": "bullet"})
    made.embedding = bigram_vector(text)
    return made


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "my store")


def commit(store: Store, texts: dict[str, str], manifest: bytes = b"{}", *, copy: bool = False) -> str:
    with store.locked():
        draft = store.draft(copy=copy)
        draft.nodes.upsert([node(*pair) for pair in texts.items()])
        carried = 0
        if copy and (before := store.current()):
            nodes = store.nodes(before)
            carried = nodes.count() - len(nodes.embeddings(list(texts)))
            nodes.close()
        return draft.commit([manifest], carried + len(texts), list(texts))


def numbers(store: FolderStore) -> list[str]:
    """Return the names of the generations in a folder, without their random tokens."""
    return [name[:10] for name in store.names()]


def ids_near(store: Store, text: str, k: int = 3) -> list[str]:
    name = store.current()
    assert name
    nodes = store.nodes(name)
    try:
        return [node_id for node_id, _ in nodes.query(np.asarray(bigram_vector(text), dtype=np.float32), k)]
    finally:
        nodes.close()


# --- Generations -----------------------------------------------------------------------------------------------------


def test_a_store_that_never_was_has_no_current_generation_and_makes_no_folder(store: FolderStore) -> None:
    assert store.current() is None
    assert not store.path.exists()


def test_a_location_is_a_folder_or_the_address_of_a_server(tmp_path: Path) -> None:
    assert isinstance(open_store(str(tmp_path), tmp_path), FolderStore)
    server = open_store("http://127.0.0.1:8000/", tmp_path)
    assert isinstance(server, ServerStore)
    assert server.place == "http://127.0.0.1:8000"
    assert isinstance(open_store("https://chroma.example", tmp_path), ServerStore)


def test_a_commit_is_the_current_generation_with_its_manifest_and_vectors(store: FolderStore) -> None:
    name = commit(store, TEXTS, b'{"papers": 3}')
    assert (generation(store), store.current(), store.manifest(name)) == ("gen-000001", name, b'{"papers": 3}')
    assert ids_near(store, "새소리를 구별하는 순환망", 1) == ["b"]
    assert sorted(p.name for p in store.path.iterdir()) == ["CURRENT", "LOCK", name]


def test_scores_are_cosine_similarities_best_first(store: FolderStore) -> None:
    nodes = store.nodes(commit(store, TEXTS))
    found = nodes.query(np.asarray(bigram_vector(TEXTS["a"]), dtype=np.float32), 3)
    unit = {key: np.asarray(bigram_vector(text)) for key, text in TEXTS.items()}
    wanted = {key: v @ unit["a"] / np.linalg.norm(v) / np.linalg.norm(unit["a"]) for key, v in unit.items()}
    assert [node_id for node_id, _ in found] == sorted(TEXTS, key=lambda key: -wanted[key])
    assert [score for _, score in found] == pytest.approx(sorted(wanted.values(), reverse=True), abs=1e-5)
    nodes.close()


def test_a_query_among_ids_returns_only_those(store: FolderStore) -> None:
    nodes = store.nodes(commit(store, TEXTS))
    vector = np.asarray(bigram_vector(TEXTS["a"]), dtype=np.float32)
    assert [node_id for node_id, _ in nodes.query(vector, 5, ["c"])] == ["c"]
    assert nodes.query(vector, 5, []) == []
    nodes.close()


def test_the_next_generation_starts_from_the_current_ones_vectors_only_when_asked(store: FolderStore) -> None:
    commit(store, TEXTS)
    commit(store, {"d": "정원 일기"}, copy=True)
    assert sorted(ids_near(store, "정원 일기", 9)) == ["a", "b", "c", "d"]
    commit(store, {"e": "항구"})
    assert ids_near(store, "항구", 9) == ["e"]


def test_generations_share_the_files_that_an_edit_left_as_they_were_and_none_that_is_written_to(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = {f"{n:04}": f"글 {n}은 {n * 7919 % 5000}번째다" for n in range(1_100)}  # enough for files of Chroma's index
    first = commit(store, many)
    second = commit(store, {"d": "정원 일기"}, copy=True)

    def inodes(name: str) -> dict[str, int]:
        files = (path for path in store.folder(name).rglob("*") if path.is_file())
        return {path.name: path.stat().st_ino for path in files}

    before, after = inodes(first), inodes(second)
    same = {name for name in before if before[name] == after[name]}
    assert {"data_level0.bin", "index_metadata.pickle", "link_lists.bin", "manifest.json"} <= same
    assert same.isdisjoint({"chroma.sqlite3", "sums.json"})
    assert store.damaged_file(second) is None
    third = commit(store, {f"x{n:04}": f"새 글 {n * 31 % 977}" for n in range(1_200)}, copy=True)  # writes the index
    assert inodes(third)["data_level0.bin"] != after["data_level0.bin"]
    store.check(second)
    store.check(third)
    assert ids_near(store, "정원 일기", 1) == ["d"]

    def refuse(*_: object) -> None:
        raise OSError("no hard links here")

    monkeypatch.setattr("os.link", refuse)
    fourth = commit(store, {"e": "항구"}, copy=True)
    assert inodes(fourth)["data_level0.bin"] != inodes(third)["data_level0.bin"]
    store.check(fourth)


def test_an_upsert_replaces_metadata_whole(store: FolderStore) -> None:
    with store.locked():
        draft = store.draft(copy=False)
        draft.nodes.upsert([node("a", "옛 글", votes=3, section="What's New", authors=["김민수"])])
        draft.nodes.upsert([node("a", "새 글", votes=None, section=None, authors=["이지원", "박서연"])])
        name = draft.commit([b"{}"], 1, ["a"])
    client = open_folder(store.folder(name) / "chroma", "here")
    row = client.get_collection(COLLECTION, embedding_function=None).get(include=["metadatas"])
    assert row["metadatas"] == [{"authors": ["이지원", "박서연"]}]
    client.close()  # type: ignore[attr-defined]


def test_a_deleted_node_is_not_found_any_more_and_a_missing_one_is_passed_over(store: FolderStore) -> None:
    commit(store, TEXTS)
    with store.locked():
        draft = store.draft(copy=True)
        draft.nodes.delete(["a", "never there"])
        draft.commit([b"{}"], 2, ["b", "c"])
    assert sorted(ids_near(store, TEXTS["a"], 9)) == ["b", "c"]


def test_the_last_two_generations_stay(store: FolderStore) -> None:
    for _ in range(4):
        commit(store, TEXTS)
    assert numbers(store) == ["gen-000003", "gen-000004"]
    assert generation(store) == "gen-000004"


def test_a_discarded_draft_leaves_no_trace(store: FolderStore) -> None:
    commit(store, TEXTS)
    with store.locked():
        draft = store.draft(copy=True)
        draft.nodes.upsert([node("x", "버릴 글")])
        draft.discard()
    assert (generation(store), list(store.path.glob("draft-*"))) == ("gen-000001", [])
    assert "x" not in ids_near(store, "버릴 글", 9)


def test_a_draft_that_is_not_what_was_expected_is_not_switched_to(store: FolderStore) -> None:
    commit(store, TEXTS)
    with store.locked():
        for expected, sample, said in ((2, ["a"], "are 3; 2 were expected"), (3, ["nobody"], "lack nobody")):
            draft = store.draft(copy=True)
            with pytest.raises(StoreCorruptError, match=said):
                draft.commit([b"{}"], expected, sample)
            draft.discard()
    assert generation(store) == "gen-000001"
    assert not list(store.path.glob("draft-*"))


def test_a_reader_of_the_old_generation_goes_on_while_the_next_one_is_made(store: FolderStore) -> None:
    reader = store.nodes(commit(store, TEXTS))
    commit(store, {"d": "정원 일기"}, copy=True)
    assert reader.count() == 3
    assert len(reader.query(np.asarray(bigram_vector("글"), dtype=np.float32), 9)) == 3
    reader.close()


def test_what_a_dead_draft_left_is_swept_by_the_next_writer_even_if_it_writes_nothing(store: FolderStore) -> None:
    commit(store, TEXTS)
    (store.path / "draft-gen-000002-dead" / "chroma").mkdir(parents=True)
    with store.locked():
        pass
    assert not list(store.path.glob("draft-*"))


def test_a_generation_that_was_renamed_but_never_switched_to_is_swept(store: FolderStore) -> None:
    commit(store, TEXTS)
    (store.path / "gen-000002").mkdir()
    commit(store, TEXTS)
    assert numbers(store) == ["gen-000001", "gen-000002"]


# --- The lock --------------------------------------------------------------------------------------------------------

_HOLD = (
    "import sys, time; from pathlib import Path; from vectorstore.folder import FolderStore\n"
    "with FolderStore(Path(sys.argv[1])).locked(): print('held', flush=True); time.sleep(60)"
)


@pytest.fixture
def holder(store: FolderStore) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(store.path)], env=child_environment(), stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout
        assert child.stdout.readline() == "held\n"
        yield child
        child.kill()


def test_a_second_writer_is_refused_with_the_first_ones_process_id(
    store: FolderStore, holder: subprocess.Popen[str]
) -> None:
    with pytest.raises(StoreBusyError, match=rf"Another ingest \(process {holder.pid}\) is writing .*my store"):
        commit(store, TEXTS)
    assert store.current() is None


def test_the_lock_of_a_killed_process_does_not_hold(store: FolderStore, holder: subprocess.Popen[str]) -> None:
    holder.send_signal(signal.SIGKILL)
    holder.wait(10)
    assert (store.path / "LOCK").read_text() == str(holder.pid)
    assert commit(store, TEXTS).startswith("gen-000001")


def test_a_second_writer_in_the_same_process_is_refused_too(store: FolderStore) -> None:
    with store.locked(), pytest.raises(StoreBusyError, match=str(os.getpid())), FolderStore(store.path).locked():
        pass
    with store.locked():
        pass


def test_a_store_that_is_a_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("I am no folder")
    store = FolderStore(tmp_path / "file")
    with pytest.raises(StoreError, match=r"cannot be written: .*Choose another with --store"), store.locked():
        pass
    with pytest.raises(StoreError, match=r"is a file\. Choose a folder with --store"):
        store.current()


# --- Damage ----------------------------------------------------------------------------------------------------------

REBUILD = "Build it anew from the digests: nonmun ingest DIGESTS --rebuild --store '"


@pytest.mark.parametrize(
    "garbage", [b"", b"\n", b"gen-1", b"gen-000009", b"../../etc", b"gen-000001\x00", b"\xff\xfe", "세대".encode()]
)
def test_a_garbled_pointer_is_one_sentence_with_the_way_out(store: FolderStore, garbage: bytes) -> None:
    commit(store, TEXTS)
    (store.path / "CURRENT").write_bytes(garbage)
    with pytest.raises(StoreCorruptError) as caught:
        store.current()
    assert REBUILD in str(caught.value)
    with store.locked(), pytest.raises(StoreCorruptError):
        store.draft(copy=True)
    commit(store, TEXTS)
    assert generation(store) == "gen-000002"


def test_where_the_pointer_is_lost_the_newest_whole_generation_is_the_current_one(store: FolderStore) -> None:
    commit(store, TEXTS, b"1")
    name = commit(store, TEXTS, b"2")
    (store.path / "gen-000009").mkdir()  # incomplete
    (store.path / "CURRENT").unlink()
    assert (store.current(), store.manifest(name)) == (name, b"2")
    assert commit(store, TEXTS, copy=True).startswith("gen-000003")
    assert numbers(store) == ["gen-000002", "gen-000003"]


@pytest.mark.parametrize(
    "rows", [3, 1_200], ids=["small", "large"]
)  # Chroma writes the files of its index from 1,000 rows on
def test_opening_a_generation_again_and_again_does_not_change_its_checksums(store: FolderStore, rows: int) -> None:
    name = commit(store, {str(n): f"글 {n}은 {n * 7919 % 1000}번째다" for n in range(rows)})
    for _ in range(3):
        nodes = store.nodes(name)
        assert nodes.query(np.asarray(bigram_vector("글 1은"), dtype=np.float32), 3)
        nodes.close()
    store.check(name)


def test_a_row_that_changed_in_chromas_database_is_noticed_and_a_text_there_that_no_answer_reads_is_not(
    store: FolderStore,
) -> None:
    name = commit(store, TEXTS)
    with contextlib.closing(sqlite3.connect(store.folder(name) / "chroma" / "chroma.sqlite3")) as db, db:
        db.execute("UPDATE embedding_metadata SET string_value='고친 글' WHERE string_value='연을 날리는 로봇'")
    store.check(name)
    with contextlib.closing(sqlite3.connect(store.folder(name) / "chroma" / "chroma.sqlite3")) as db, db:
        db.execute("UPDATE embeddings_queue SET id='z' WHERE id='a'")
    with pytest.raises(StoreCorruptError, match=r"chroma\.sqlite3 is damaged\. Build it anew"):
        store.nodes(name)


def test_a_missing_manifest_is_one_sentence(store: FolderStore) -> None:
    name = commit(store, TEXTS)
    (store.path / name / "manifest.json").unlink()
    with pytest.raises(StoreCorruptError, match=r"manifest\.json is missing\. .*--rebuild"):
        store.manifest(name)


def _zero(path: Path) -> None:
    path.write_bytes(b"\x00" * path.stat().st_size)


def _cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


@pytest.mark.parametrize("damage", [Path.unlink, _zero, _cut], ids=["missing", "zeroed", "cut"])
def test_a_damaged_database_is_one_sentence_and_a_copy_of_it_no_generation(store: FolderStore, damage: object) -> None:
    name = commit(store, {str(n): f"글 {n}" for n in range(300)})
    assert callable(damage)
    damage(store.path / name / "chroma" / "chroma.sqlite3")

    def read() -> None:
        nodes = store.nodes(name)
        try:
            nodes.verify(300, ["1", "299"])
        finally:
            nodes.close()

    with pytest.raises(StoreCorruptError) as caught:
        read()
    assert REBUILD in str(caught.value)

    def copy() -> None:
        draft = store.draft(copy=True)
        try:
            draft.commit([b"{}"], 300, ["1", "299"])
        finally:
            draft.discard()

    with pytest.raises(StoreError), store.locked():
        copy()
    assert store.current() == name
    assert commit(store, TEXTS).startswith("gen-000002")
    assert not list(store.path.glob("draft-*"))


def test_vectors_that_were_lost_behind_a_right_count_are_noticed(store: FolderStore) -> None:
    """Without its segment folder, Chroma still counts all vectors but finds none."""
    texts = {
        str(n): f"{n}번째 글 {n * 7919 % 1000}" for n in range(1_200)
    }  # from 1,000 rows on, there is a segment folder
    name = commit(store, texts)
    segments = [p for p in (store.path / name / "chroma").iterdir() if p.is_dir()]
    assert segments
    for segment in segments:
        for file in segment.iterdir():
            file.unlink()
        segment.rmdir()
    with pytest.raises(StoreCorruptError, match=r"\.(bin|pickle) is missing"):
        store.nodes(name)
    (store.folder(name) / "sums.json").unlink()  # like a generation of an earlier version
    nodes = store.nodes(name)
    with pytest.raises(StoreError):
        nodes.verify(1_200, [str(n) for n in range(0, 1_200, 75)])
    nodes.close()


class _Search:
    """A search that misses chosen texts."""

    def __init__(self, lost: set[str]) -> None:
        self.lost = lost

    def of(self, nodes: NodeCollection, monkeypatch: pytest.MonkeyPatch) -> None:
        real = nodes.query
        lost = {key: np.asarray(bigram_vector(key), dtype=np.float32) for key in self.lost}

        def query(vector: np.ndarray, k: int, ids: object = None) -> object:
            unit = vector / np.linalg.norm(vector)
            if any(np.allclose(unit, other / np.linalg.norm(other), atol=1e-4) for other in lost.values()):
                return []
            return real(vector, k)

        monkeypatch.setattr(nodes, "query", query)


@pytest.mark.parametrize(("lost", "sound"), [(0, True), (1, True), (4, True), (5, False), (16, False)])
def test_a_few_vectors_that_the_approximate_search_misses_do_not_condemn_a_generation(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch, lost: int, sound: bool
) -> None:
    """HNSW missed up to 2 of 4,000 intact vectors (25,000 nodes). A damaged index loses half or all."""
    keys = [f"{n * 7919 % 1000} 글 {n}" for n in range(16)]
    nodes = store.nodes(commit(store, {key: key for key in keys}))
    _Search(set(keys[:lost])).of(nodes, monkeypatch)
    if sound:
        nodes.verify(16, keys)
    else:
        with pytest.raises(StoreCorruptError, match=f"nor {lost - 1} more of 16"):
            nodes.verify(16, keys)
    nodes.close()


def test_zero_vectors_are_stored_and_not_asked_to_find_themselves(store: FolderStore) -> None:
    nodes = store.nodes(commit(store, {"a": "연을 날리는 로봇", "zero": ""}))
    nodes.verify(2, ["a", "zero"])
    assert not nodes.embeddings(["zero", "missing"])["zero"].any()
    nodes.close()


def test_a_vector_of_another_size_is_refused_in_a_sentence(store: FolderStore) -> None:
    nodes = store.nodes(commit(store, TEXTS))
    with pytest.raises(StoreError, match="expecting embedding with dimension of 64, got 3"):
        nodes.query(np.ones(3, dtype=np.float32), 1)
    nodes.close()


def _chroma_errors() -> list[Exception]:
    kinds = [
        kind
        for _, kind in inspect.getmembers(chromadb.errors, inspect.isclass)
        if issubclass(kind, chromadb.errors.ChromaError) and not inspect.isabstract(kind)
    ]
    assert len(kinds) > 10
    return [kind("whatever went wrong\nin many lines") for kind in kinds]


@pytest.mark.parametrize(
    "error",
    [
        *_chroma_errors(), httpx.ConnectError("refused"), httpx.ReadTimeout("slow"), ConnectionResetError(), TimeoutError(),
        ValueError("odd"), Exception("413"),
    ],
    ids=lambda error: type(error).__name__,
)  # fmt: skip
def test_every_error_of_chroma_becomes_one_of_ours_and_names_the_place(error: Exception) -> None:
    with pytest.raises(StoreError) as caught, chroma_errors("http://127.0.0.1:8000"):
        raise error
    assert "127.0.0.1:8000" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.__cause__ is error
    if isinstance(error, (httpx.HTTPError, OSError)):
        assert isinstance(caught.value, StoreUnreachableError)


def test_a_full_disk_is_said_to_be_full_and_not_to_be_corrupt() -> None:
    error = chromadb.errors.InternalError("error returned from database: (code: 13) database or disk is full")
    with pytest.raises(StoreError, match="disk of /some/where is full") as caught, chroma_errors("/some/where"):
        raise error
    assert not isinstance(caught.value, StoreCorruptError)


def test_the_last_part_of_many_rows_is_flushed_with_the_others(store: FolderStore) -> None:
    """Chroma writes its index every 1,000 rows, and indexes the rest again whenever it is opened."""
    with store.locked():
        draft = store.draft(copy=False)
        draft.nodes.upsert([node(f"n{n}", f"글 {n}") for n in range(1_870)])
        with closing(sqlite3.connect(draft.folder / "chroma" / "chroma.sqlite3")) as db:
            (waiting,) = db.execute("SELECT count(*) FROM embeddings_queue").fetchone()
        draft.discard()
    assert waiting < 100


# --- Permissions and a pointer that is a folder ----------------------------------------------------------------------

_AS_ANOTHER_USER = """
import encodings.ascii, os, sys; from pathlib import Path; import vectorstore.chroma
from vectorstore.errors import StoreCorruptError, StoreError; from vectorstore.folder import FolderStore
os.setgroups([]); os.setgid(65534); os.setuid(65534)  # here: another user may not be allowed to start this Python
store = FolderStore(Path(sys.argv[1]))
try:
    name = store.current(); store.manifest(name); store.check(name); store.nodes(name).close(); print("opened")
except StoreCorruptError as error: print(f"damaged: {error}")
except StoreError as error: print(f"refused: {error}")
"""


@pytest.fixture
def place_of_others() -> Iterator[Path]:
    """A folder that another user may enter. Those of pytest are private."""
    if os.geteuid() != 0:
        pytest.skip("only root may run a program as another user")
    folder = Path(tempfile.mkdtemp(prefix="nonmun-others-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.parametrize(
    ("closed", "removed"),
    [
        ("", ""), ("CURRENT", ""), ("GEN", ""), ("GEN/manifest.json", ""), ("GEN/sums.json", ""), ("GEN/chroma", ""),
        ("GEN/chroma/chroma.sqlite3", ""), ("GEN", "CURRENT"), ("GEN/manifest.json", "GEN/sums.json"),
    ],
)  # fmt: skip
def test_a_file_that_may_not_be_read_is_not_said_to_be_damaged(
    place_of_others: Path, closed: str, removed: str
) -> None:
    store = FolderStore(place_of_others / "store")
    name = commit(store, TEXTS)
    if removed:
        (store.path / removed.replace("GEN", name)).unlink()
    (store.path / closed.replace("GEN", name)).chmod(0)
    done = subprocess.run(
        [sys.executable, "-c", _AS_ANOTHER_USER, str(store.path)],
        env=child_environment(HOME=str(place_of_others)), cwd=place_of_others, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.startswith("refused: The store "), done.stdout + done.stderr
    assert "may not be read by this user (Permission denied: " in done.stdout
    assert "--rebuild" not in done.stdout


def test_an_empty_folder_in_place_of_the_pointer_is_a_sentence_and_the_next_writer_removes_it(
    store: FolderStore,
) -> None:
    name = commit(store, TEXTS)
    (store.path / "CURRENT").unlink()
    (store.path / "CURRENT").mkdir()
    with pytest.raises(StoreCorruptError, match=r"/CURRENT is a folder, but should be a file\. Move it away"):
        store.current()
    with store.locked():
        assert store.current() == name
    assert commit(store, TEXTS, copy=True) == store.current()
    assert (store.path / "CURRENT").is_file()


def test_a_folder_with_files_in_place_of_the_pointer_is_left_alone(store: FolderStore) -> None:
    commit(store, TEXTS)
    (store.path / "CURRENT").unlink()
    (store.path / "CURRENT").mkdir()
    (store.path / "CURRENT" / "notes.txt").write_text("mine")
    with pytest.raises(StoreError, match=r"/CURRENT is a folder, .* Move it away, then run this again"):
        commit(store, TEXTS)
    assert (store.path / "CURRENT" / "notes.txt").read_text() == "mine"
