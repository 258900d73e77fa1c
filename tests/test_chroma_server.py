"""A store on a real `chroma run` server: the same answers as from a folder, generations, damage, and a server that stops."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from llama_index.core.schema import TextNode

from rag.evidence import retriever
from rag.index.ingest import IngestReport, ingest
from rag.pipeline import Pipeline
from rag.settings import Settings
from tests.doubles import KITE, OWL, REPOSITORY, TIDE, counting, generation, write_day, write_sample
from vectorstore.chroma import BATCH
from vectorstore.embedders import load_embedding
from vectorstore.errors import EmbedderError, StoreCorruptError, StoreError, StoreUnreachableError
from vectorstore.folder import FolderStore
from vectorstore.server import ServerStore

pytestmark = pytest.mark.server

AS_OF = date(2024, 6, 30)
QUESTIONS = (
    "맘바를 사용한 논문은?",
    "Which papers did Han Sora co-author?",
    "표가 가장 많은 논문은?",
    "바람을 예측하는 로봇에 대해 알려줘",
    "how far ahead does TideTable predict ship arrivals?",
    "2031년 노벨상은 누가 받았나요?",
)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


_CHROMA = "import sys, chromadb_rust_bindings; chromadb_rust_bindings.cli(sys.argv)"  # what `chroma` does once it has imported the rest


class ChromaServer:
    """A `chroma run` process with its data in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None
        self.port = 0
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/api/v2/heartbeat", timeout=2) as reply:
                return bool(reply.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def start(self, port: int | None = None) -> None:
        log = (self.folder.parent / "chroma.log").open("ab")
        for _ in range(3):  # another process may take the free port first
            self.port = port or _free_port()
            self.process = subprocess.Popen(
                [sys.executable, "-c", _CHROMA, "run", "--path", self.folder, "--host", "127.0.0.1", "--port", str(self.port)],
                stdout=log, stderr=log, cwd=self.folder.parent,
            )  # fmt: skip
            end = time.monotonic() + 30
            while time.monotonic() < end and self.process.poll() is None:
                if self._answers():
                    log.close()
                    return
                time.sleep(0.05)
            self.stop()
        log.close()
        pytest.fail(f"chroma run does not come up: {(self.folder.parent / 'chroma.log').read_text()[-2000:]}")

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(10)
            self.process = None


def _need_chroma() -> None:
    if Path(sys.executable).with_name("chroma").is_file():
        return
    reason = "the `chroma` program is not beside this Python; install the package's dependencies"
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    _need_chroma()
    running = ChromaServer(tmp_path_factory.mktemp("server") / "data")
    yield running
    running.stop()


@pytest.fixture
def store(server: ChromaServer, tmp_path: Path) -> Iterator[ServerStore]:
    """A store on the running server, which is emptied afterwards."""
    made = ServerStore(server.url, tmp_path / "cache")
    assert made.current() is None
    yield made
    for collection in made.client.list_collections():
        made.client.delete_collection(collection.name)


@pytest.fixture
def digests(tmp_path: Path) -> Path:
    return write_sample(tmp_path / "digests")


def bundled(store: ServerStore | FolderStore, *folders: Path, rebuild: bool = False) -> IngestReport:
    return ingest(store, load_embedding("bundled"), folders, rebuild=rebuild)


def pipeline(location: str, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Pipeline:
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    return Pipeline(Settings(store=location))


def collections(store: ServerStore) -> list[str]:
    """Return the names of the server's collections, without the tokens of generations."""
    names = [str(collection.name) for collection in store.client.list_collections()]
    return sorted(re.sub(r"(gen-\d{6})-[0-9a-f]{8}", r"\1", name) for name in names)


def test_a_server_answers_with_the_same_papers_as_the_embedded_store(
    store: ServerStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeds = REPOSITORY / "seeds"
    remote, local = bundled(store, seeds), bundled(FolderStore(tmp_path / "local"), seeds)
    assert (remote.added, remote.chunks) == (local.added, local.chunks) == (77, remote.chunks)
    there = pipeline(store.place, tmp_path / "reader", monkeypatch)  # a machine that did not ingest
    here = pipeline(str(tmp_path / "local"), tmp_path / "reader", monkeypatch)
    for question in (*QUESTIONS, "선택적 상태 공간 모델을 설명해줘", "Mamba를 사용한 논문은?"):
        one, other = there.ask(question, as_of=AS_OF), here.ask(question, as_of=AS_OF)
        assert (one.status, one.papers, one.text) == (other.status, other.papers, other.text), question
        found = [[(hit.arxiv_id, round(hit.score, 4)) for hit in p.search(question, 5)] for p in (there, here)]
        assert found[0] == found[1]
    assert there.ask("Mamba를 사용한 논문은?", as_of=AS_OF).papers


def test_a_second_ingest_adds_nothing_and_a_changed_one_embeds_only_the_change(
    store: ServerStore, digests: Path
) -> None:
    embedding, model = counting()
    first = ingest(store, embedding, [digests])
    model.forget()
    again = ingest(store, embedding, [digests])
    assert (again.added, again.updated, again.unchanged, again.chunks, model.texts) == (0, 0, 4, first.chunks, [])
    assert generation(store) == "gen-000001"
    path = digests / "2024-06-11.md"
    path.write_text(path.read_text(encoding="utf-8").replace("12미터", "15미터"), encoding="utf-8")
    report = ingest(store, embedding, [digests])
    assert (report.updated, len(model.texts), generation(store)) == (1, 2, "gen-000002")
    write_day(digests, "2024-06-12", TIDE)
    assert ingest(store, embedding, [digests], prune=True).removed == 1
    assert store.nodes(store.current() or "").count() == 13


def test_metadata_are_filterable_on_the_server(store: ServerStore, digests: Path) -> None:
    ingest(store, counting()[0], [digests])
    nodes = store.client.get_collection(f"nonmun-{store.current()}", embedding_function=None)

    def found(where: dict[str, object]) -> set[object]:
        rows = nodes.get(where=where, include=["metadatas"])["metadatas"]  # type: ignore[arg-type]
        return {row["arxiv_id"] for row in rows or []}

    assert found({"authors": {"$contains": "Han Sora"}}) == {"2406.00001", "2406.00002"}
    assert found({"$and": [{"date": {"$gte": 20240612}}, {"language": "ko"}]}) == {"2406.00004"}
    assert found({"votes": {"$gte": 31}}) == {"2406.00001"}


def test_the_last_two_generations_stay_on_the_server(store: ServerStore, digests: Path) -> None:
    embedding, _ = counting()
    for votes in range(4):
        write_day(digests, "2024-06-13", OWL.replace("Vote: 31", f"Vote: {100 + votes}"))
        ingest(store, embedding, [digests])
    assert collections(store) == [
        "nonmun-current", "nonmun-gen-000003", "nonmun-gen-000004",
        "nonmun-manifest-gen-000003", "nonmun-manifest-gen-000004",
    ]  # fmt: skip
    assert sorted(p.name[:10] for p in store.cache_folder.glob("gen-*")) == ["gen-000003", "gen-000004"]


def test_a_reader_sees_the_next_generation(
    store: ServerStore, digests: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundled(store, digests)
    reader = pipeline(store.place, tmp_path / "reader", monkeypatch)
    assert len(reader.snapshot().catalogue) == 4
    write_day(digests, "2024-06-14", KITE.replace("2406.00002", "2406.00088").replace("PaperKite", "BatMap"))
    bundled(store, digests)
    assert len(reader.snapshot().catalogue) == 5
    assert "2406.00088" in [hit.arxiv_id for hit in reader.search("BatMap", 3)]


def test_a_server_that_was_emptied_and_filled_again_is_not_read_with_the_old_files(
    store: ServerStore, digests: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundled(store, digests)
    reader = pipeline(store.place, tmp_path / "reader", monkeypatch)
    assert reader.search("새소리", 1)[0].arxiv_id == "2406.00001"
    for collection in store.client.list_collections():
        store.client.delete_collection(collection.name)
    other = tmp_path / "other"
    write_day(other, "2024-06-14", KITE.replace("2406.00002", "2406.00088"), OWL.replace("2406.00001", "2406.00099"))
    bundled(store, other)
    assert generation(store) == "gen-000001"
    again = pipeline(store.place, tmp_path / "reader", monkeypatch)
    assert again.search("새소리", 1)[0].arxiv_id == "2406.00099"


def test_what_a_killed_ingest_left_on_the_server_disturbs_nothing_and_is_swept(
    store: ServerStore, digests: Path
) -> None:
    embedding, _ = counting()
    ingest(store, embedding, [digests])
    draft = store.draft(copy=True)  # one that died before its manifest
    draft.nodes.upsert([TextNode(id_="x", text="x", embedding=[1.0] * 64, metadata={"kind": "bullet"})])
    store.client.create_collection(
        "nonmun-manifest-gen-000007", embedding_function=None
    )  # and one after its nodes went
    assert generation(store) == "gen-000001"
    write_day(digests, "2024-06-13", OWL.replace("Vote: 31", "Vote: 99"))
    assert ingest(store, embedding, [digests]).updated == 1
    assert generation(store) == "gen-000002"
    assert collections(store) == [
        "nonmun-current", "nonmun-gen-000001", "nonmun-gen-000002",
        "nonmun-manifest-gen-000001", "nonmun-manifest-gen-000002",
    ]  # fmt: skip


def test_an_embedder_that_fails_leaves_the_server_as_it_was(store: ServerStore, digests: Path) -> None:
    ingest(store, counting()[0], [digests])
    before = collections(store)
    write_day(digests, "2024-06-13", OWL.replace("90일", "91일"))
    with pytest.raises(EmbedderError):
        ingest(store, counting(fails_after=0)[0], [digests])
    assert collections(store) == before
    assert ingest(store, counting()[0], [digests]).updated == 1


@pytest.mark.parametrize("damage", ["pointer", "manifest missing", "manifest garbled", "nodes missing"])
def test_a_damaged_server_store_is_a_sentence_and_can_be_rebuilt(
    store: ServerStore, digests: Path, damage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retriever, "COMPARED", 0)  # as of a large index, whose nodes are asked
    bundled(store, digests)
    unit = np.ones((1, 1), dtype=np.float32)
    if damage == "pointer":
        pointer = store.client.get_collection("nonmun-current", embedding_function=None)
        pointer.upsert(ids=["current"], embeddings=unit, documents=["세대"])
    elif damage == "manifest garbled":
        pieces = store.client.get_collection(f"nonmun-manifest-{store.current()}", embedding_function=None)
        pieces.upsert(ids=["000000"], embeddings=unit, documents=["!!!"])
    else:
        store.client.delete_collection(f"nonmun-{'manifest-' if 'manifest' in damage else ''}{store.current()}")
    reader = pipeline(store.place, tmp_path / "reader", monkeypatch)
    with pytest.raises(StoreCorruptError, match=r"nonmun ingest DIGESTS --rebuild --store http://127\.0\.0\.1"):
        reader.search("새소리", 1, "dense")
    assert bundled(store, digests, rebuild=True).papers == 4
    assert reader.search("새소리", 1)[0].arxiv_id == "2406.00001"


def test_an_ingest_mends_a_generation_whose_vectors_the_server_lost(
    store: ServerStore, digests: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundled(store, digests)
    lost = f"nonmun-{store.current()}"
    store.client.delete_collection(lost)
    report = bundled(store, digests)
    assert report.warnings == (
        f"{store.place}/{lost} was missing or damaged. The index was rebuilt from its manifest.",
    )
    assert generation(store) == "gen-000002"
    reader = pipeline(store.place, tmp_path / "reader", monkeypatch)
    assert reader.search("새소리", 1)[0].arxiv_id == "2406.00001"
    assert bundled(store, digests).warnings == ()


def test_a_whole_batch_as_wide_as_text_embedding_3_large_fits_into_one_request(store: ServerStore) -> None:
    rows = np.random.default_rng(1).random((BATCH, 3072), dtype=np.float32)
    text = "긴 문장입니다 " * 200
    nodes = [TextNode(id_=str(n), text=text, metadata={"n": n}) for n in range(BATCH)]
    for node, row in zip(nodes, rows, strict=True):
        node.embedding = row  # type: ignore[assignment]
    draft = store.draft(copy=False)
    draft.nodes.upsert(nodes)
    draft.discard()


def test_a_server_that_stops_is_one_sentence_and_its_return_is_noticed(
    tmp_path: Path, digests: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _need_chroma()
    server = ChromaServer(tmp_path / "data")
    try:
        store = ServerStore(server.url, tmp_path / "cache")
        bundled(store, digests)
        reader = pipeline(server.url, tmp_path / "reader", monkeypatch)
        assert reader.ask("맘바를 사용한 논문은?", as_of=AS_OF).papers == ("2406.00002",)
        port = server.port
        server.stop()
        with pytest.raises(
            StoreUnreachableError, match=rf"no Chroma server at {server.url}\. Start one: .* --port {port}"
        ):
            reader.ask("맘바를 사용한 논문은?", as_of=AS_OF)
        for late in (
            lambda: bundled(store, digests),
            lambda: bundled(ServerStore(server.url, tmp_path / "c2"), digests),
        ):
            with pytest.raises(StoreUnreachableError, match=r"at http://127\.0\.0\.1:"):
                late()
        with pytest.raises(StoreUnreachableError, match="There is no Chroma server at"):
            pipeline(server.url, tmp_path / "reader", monkeypatch).snapshot()
        server.start(port)
        assert reader.ask("맘바를 사용한 논문은?", as_of=AS_OF).papers == ("2406.00002",)
    finally:
        server.stop()


class _Other(BaseHTTPRequestHandler):
    """Some web server that is not Chroma."""

    def log_message(self, *args: object) -> None:
        del args

    def _answer(self) -> None:
        status, kind, body = self.server.reply  # type: ignore[attr-defined]
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = _answer


@contextlib.contextmanager
def _other_server(reply: tuple[int, str, bytes]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Other)
    server.reply = reply  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_server_that_accepts_and_never_answers_does_not_hang_a_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vectorstore.chroma._CONNECT_TIMEOUT", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(StoreUnreachableError, match=r"does not answer \(ReadTimeout\)"):
            ServerStore(url, tmp_path / "cache").current()


def test_every_later_request_has_a_time_limit_too(store: ServerStore) -> None:
    session = store.client._server._session  # type: ignore[attr-defined]
    assert session.timeout.read == 20
    with store.locked():
        assert session.timeout.read == 120
    assert session.timeout.read == 20


@pytest.mark.parametrize(
    "reply",
    [
        (200, "text/html", b"<html>hello</html>"), (404, "text/html", b"nothing here"), (500, "text/plain", b"oops"),
        (200, "application/json", b"[]"), (200, "application/json", b"{}"), (413, "text/plain", b"too long"),
        (401, "application/json", b'{"error": "AuthorizationError", "message": "no"}'),
    ],
)  # fmt: skip
def test_an_address_where_something_else_answers_is_one_sentence(
    tmp_path: Path, digests: Path, reply: tuple[int, str, bytes]
) -> None:
    with _other_server(reply) as url:
        for use in (lambda s: s.current(), lambda s: ingest(s, counting()[0], [digests])):
            with pytest.raises(StoreError) as caught:
                use(ServerStore(url, tmp_path / "cache"))
            assert url in str(caught.value)
            assert "\n" not in str(caught.value)
    shutil.rmtree(tmp_path / "cache", ignore_errors=True)
