"""A Chroma server that stops, is slow, comes back, is another version, or has several readers and writers."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from rag.index.ingest import ingest
from rag.pipeline import Pipeline
from rag.settings import Settings
from tests.doubles import KITE, OWL, write_day, write_many
from tests.serving import forked, wait_for_page
from tests.test_chroma_server import AS_OF, ChromaServer, bundled, collections
from vectorstore import chroma
from vectorstore.embedders import load_embedding
from vectorstore.errors import StoreBusyError, StoreError, StoreUnreachableError
from vectorstore.folder import FolderStore
from vectorstore.generations import Access
from vectorstore.server import ServerStore

pytestmark = pytest.mark.server
QUESTION = "바람을 예측하는 로봇에 대해 알려줘"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ChromaServer]:
    running = ChromaServer(tmp_path / "data")
    yield running
    running.stop()


@pytest.fixture
def digests(tmp_path: Path) -> Path:
    write_many(tmp_path / "digests", 60)
    write_day(tmp_path / "digests", "2024-06-11", KITE)
    return tmp_path / "digests"


def grow(digests: Path) -> None:
    write_many(digests, 60, first=2)
    write_day(digests, "2024-06-12", OWL)


@pytest.fixture
def reader(server: ChromaServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pipeline:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "reader"))
    return Pipeline(Settings(store=server.url))


def asked(reader: Pipeline) -> tuple[str, ...]:
    return reader.ask(QUESTION, as_of=AS_OF).papers


def whole(store: ServerStore, papers: int) -> None:
    """See that the server holds a whole generation of so many papers, and no more than the one before it besides."""
    name = store.current() or ""
    rows = store.client.get_collection(f"nonmun-{name}", embedding_function=None).get(include=["metadatas"])
    assert len({row["arxiv_id"] for row in rows["metadatas"] or []}) == papers
    names = store.names()
    assert name == names[-1]
    assert len(names) <= 2
    wanted = {"nonmun-current", *(f"nonmun-{n}" for n in names), *(f"nonmun-manifest-{n}" for n in names)}
    assert {c.name for c in store.client.list_collections()} == wanted


def test_a_server_that_is_not_there_yet_is_a_sentence_and_then_it_works(
    server: ChromaServer, digests: Path, tmp_path: Path, reader: Pipeline
) -> None:
    port = server.port
    server.stop()
    store = ServerStore(server.url, tmp_path / "cache")
    said = rf"There is no Chroma server at {server.url}\. Start one: chroma run --host 127\.0\.0\.1 --port {port}"
    with pytest.raises(StoreUnreachableError, match=said):
        bundled(store, digests)
    with pytest.raises(StoreUnreachableError, match=said):
        asked(reader)
    server.start(port)
    assert bundled(store, digests).added == 61
    assert asked(reader)
    whole(store, 61)


@pytest.mark.parametrize("back", [False, True], ids=["gone", "restarted"])
@pytest.mark.parametrize("stage", ["read", "analyse", "embed"])
def test_a_server_that_stops_during_an_ingest_keeps_the_old_index_and_the_next_one_finishes(
    server: ChromaServer, digests: Path, tmp_path: Path, reader: Pipeline, stage: str, back: bool
) -> None:
    store, port = ServerStore(server.url, tmp_path / "cache"), server.port
    bundled(store, digests)
    before = asked(reader)
    grow(digests)
    stopped = threading.Event()

    def stop(now: str, done: int, total: int) -> None:
        del done, total
        if now == stage and not stopped.is_set():
            stopped.set()
            assert server.process
            server.process.kill()
            server.process.wait()
            if back:
                server.start(port)

    with (
        contextlib.suppress(StoreError)
        if back
        else pytest.raises(StoreUnreachableError, match=r"There is no Chroma|does not answer")
    ):
        ingest(store, load_embedding("bundled"), [digests], progress=stop)
    assert stopped.is_set()
    if not back:
        server.start(port)
    assert len(reader.snapshot().catalogue) in ((61, 122) if back else (61,))
    if len(reader.snapshot().catalogue) == 61:
        assert asked(reader) == before
    assert bundled(store, digests).papers == 122
    folder = FolderStore(tmp_path / "folder")
    assert bundled(folder, digests).papers == 122
    assert asked(reader) == asked(Pipeline(Settings(store=folder.place)))
    whole(store, 122)


def test_a_server_that_stops_in_the_middle_of_questions_is_a_sentence_and_its_return_is_noticed(
    server: ChromaServer, digests: Path, tmp_path: Path, reader: Pipeline
) -> None:
    bundled(ServerStore(server.url, tmp_path / "cache"), digests)
    right, port = asked(reader), server.port
    said: list[object] = []
    enough = threading.Event()

    def ask() -> None:
        while not enough.is_set():
            started = time.monotonic()
            try:
                said.append(asked(reader))
            except StoreError as error:
                said.append(error)
            assert time.monotonic() - started < 30

    askers = [threading.Thread(target=ask) for _ in range(4)]
    for asker in askers:
        asker.start()
    while len(said) < 20:
        time.sleep(0.05)
    assert server.process
    server.process.kill()
    server.process.wait()
    while not any(isinstance(one, StoreError) for one in said[-4:]):
        time.sleep(0.05)
    server.start(port)
    until = time.monotonic() + 30
    while said[-8:] != [right] * 8 and time.monotonic() < until:
        time.sleep(0.05)
    enough.set()
    for asker in askers:
        asker.join(60)
    assert said[-8:] == [right] * 8
    wrong = [one for one in said if one != right]
    assert wrong
    assert all(isinstance(one, StoreUnreachableError) for one in wrong), wrong[:3]


@contextlib.contextmanager
def proxy(port: int, delay: Callable[[], float]) -> Iterator[str]:
    """Pass bytes on to a port, late; the delay is asked for before each piece that goes back."""
    door = socket.create_server(("127.0.0.1", 0))
    opened = [door]

    def pump(source: socket.socket, to: socket.socket, late: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                time.sleep(delay() if late else 0)
                to.sendall(data)

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                near, far = door.accept()[0], socket.create_connection(("127.0.0.1", port))
                opened.extend((near, far))
                for pair in ((near, far, False), (far, near, True)):
                    threading.Thread(target=pump, args=pair, daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
    finally:
        for one in opened:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


def test_a_server_that_became_slow_is_a_sentence_in_time_and_is_used_again_when_it_is_quick(
    server: ChromaServer, digests: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chroma, "READING", 1.0)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "reader"))
    bundled(ServerStore(server.url, tmp_path / "cache"), digests)
    late = 0.0
    with proxy(server.port, lambda: late) as url:
        reader = Pipeline(Settings(store=url))
        right = asked(reader)
        late = 3.0
        started = time.monotonic()
        with pytest.raises(StoreUnreachableError, match=rf"The Chroma server at {url} does not answer \(ReadTimeout\)"):
            asked(reader)
        assert time.monotonic() - started < 3
        late = 0.1
        assert asked(reader) == right


def test_a_second_machine_is_kept_out_by_a_lease_that_a_dead_one_does_not_keep(
    server: ChromaServer, digests: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = ServerStore(server.url, tmp_path / "here")
    there = ServerStore(server.url, tmp_path / "there")  # another cache folder: another machine's lock file
    with here.locked():
        with pytest.raises(StoreBusyError, match=rf"Another ingest \(on .*\) is writing {server.url}\. Wait for it"):
            bundled(there, digests)
        assert collections(here) == ["nonmun-current"]
    assert bundled(there, digests).added == 61
    monkeypatch.setattr("vectorstore.server._LEASE", 0.5)
    monkeypatch.setattr(ServerStore, "_renew", lambda *_: None)  # as of a machine that died
    grow(digests)
    lock = here.locked()
    lock.__enter__()
    time.sleep(0.6)
    assert bundled(there, digests).added == 61
    whole(there, 122)
    lock.__exit__(None, None, None)


def test_a_lease_is_renewed_as_long_as_the_work_takes(
    server: ChromaServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vectorstore.server._LEASE", 2.0)
    with ServerStore(server.url, tmp_path / "here").locked():
        for _ in range(3):
            time.sleep(1.3)
            with pytest.raises(StoreBusyError), ServerStore(server.url, tmp_path / "there").locked():
                pass


def test_what_another_machine_wrote_meanwhile_is_not_replaced(
    server: ChromaServer, digests: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = ServerStore(server.url, tmp_path / "here"), ServerStore(server.url, tmp_path / "there")
    monkeypatch.setattr(ServerStore, "_lease", lambda *_: None)  # as where the lease ran out unnoticed
    monkeypatch.setattr(ServerStore, "sweep", lambda *_: None)
    other = write_many(tmp_path / "other", 20, first=7)
    did: list[int] = []

    def meanwhile(stage: str, done: int, total: int) -> None:
        if stage == "embed" and done == total and not did:
            did.append(bundled(there, other).added)

    with pytest.raises(StoreBusyError, match=r"Another ingest has written .* meanwhile; what it wrote stays"):
        ingest(here, load_embedding("bundled"), [digests], progress=meanwhile)
    assert did == [20]
    assert bundled(here, digests).papers == 81


@contextlib.contextmanager
def page(store: str, home: Path) -> Iterator[str]:
    home.mkdir(exist_ok=True)
    log = home / "log"
    log.touch()
    with forked(home, log, "--store", store, "--port", "0", XDG_CACHE_HOME=str(home)) as child:
        yield wait_for_page(child.is_alive, log)


def told(url: str, path: str, body: object = None) -> str:
    """Return what a page says."""
    request = urllib.request.Request(
        url + path, json.dumps(body).encode() if body else None, {"content-type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as reply:
            return str(reply.read().decode())
    except urllib.error.HTTPError as error:
        raise AssertionError(f"{error.code} {error.read().decode()}") from error


def test_two_pages_on_one_server_both_see_what_either_machine_indexes(
    server: ChromaServer, digests: Path, tmp_path: Path
) -> None:
    bundled(ServerStore(server.url, tmp_path / "one" / "nonmun"), digests)
    with page(server.url, tmp_path / "one") as one, page(server.url, tmp_path / "two") as two:
        pages = (one, two)
        assert [json.loads(told(url, "/page/state"))["papers"] for url in pages] == [61, 61]
        for turn, home in ((2, "one"), (3, "two")):  # first beside the one page, then beside the other
            write_many(digests, 60, first=turn)
            new = f"2406.0010{turn}"
            write_day(digests, f"2024-06-1{turn}", OWL.replace("2406.00001", new).replace("NightOwl", f"Bat{turn}Map"))
            assert bundled(ServerStore(server.url, tmp_path / home / "nonmun"), digests).added == 61
            for url in pages:
                assert json.loads(told(url, "/page/state"))["papers"] == 61 * turn
                answer = told(url, "/page/ask", {"question": f"Bat{turn}Map이 새소리를 구별하는 방법은?"})
                assert new in answer, answer[:500]


def test_a_key_a_tenant_and_a_database_are_sent_and_the_key_is_never_shown(
    server: ChromaServer, digests: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import chromadb

    admin = chromadb.AdminClient(
        chromadb.Settings(
            chroma_api_impl="chromadb.api.fastapi.FastAPI", chroma_server_host="127.0.0.1", chroma_server_http_port=server.port
        )
    )  # fmt: skip
    admin.create_tenant("lab")
    admin.create_database("papers", "lab")
    write_many(digests, 200, first=3)
    seen: list[tuple[str, str]] = []
    written: list[dict[str, list[str]]] = []
    send = chroma.httpx.Client.send

    def watched(self: object, request: object, **more: object) -> object:
        seen.append((request.headers.get("x-chroma-token"), request.url.path))  # type: ignore[attr-defined]
        if request.url.path.endswith("/upsert"):  # type: ignore[attr-defined]
            written.append(json.loads(request.content))  # type: ignore[attr-defined]
        return send(self, request, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(chroma.httpx.Client, "send", watched)
    monkeypatch.setattr(chroma, "CLOUD", chroma.LOCAL)  # the server here has no SPANN index
    access = Access("ck-7d2f-geheim", "lab", "papers")
    store = ServerStore(server.url, tmp_path / "cache", access)
    assert bundled(store, digests).added == 261
    sizes = [len(batch["ids"]) for batch in written]
    assert max(sizes) <= 300  # the published quotas of Chroma Cloud
    assert sum(sizes) > 783
    texts = [text for batch in written for text in batch["documents"] or () if text]  # of the manifest: nodes have none
    assert max(len(text.encode()) for text in texts) <= 16_384
    assert {key for key, _ in seen} == {"ck-7d2f-geheim"}
    assert all("/tenants/lab/databases/papers" in path for _, path in seen if "collections" in path)
    assert ServerStore(server.url, tmp_path / "cache").current() is None  # nothing went to the default database
    with pytest.raises(StoreError, match="has no database “nowhere” of a tenant “lab”") as caught:
        ServerStore(server.url, tmp_path / "c", Access("ck-7d2f-geheim", "lab", "nowhere")).current()
    settings = Settings(store=server.url, chroma_api_key=chroma_key("ck-7d2f-geheim"), chroma_tenant="lab")
    shown = [repr(access), repr(store), repr(settings), str(caught.value), repr(store.client), str(vars(store.client))]
    assert not any("geheim" in text for text in shown)


def chroma_key(text: str) -> object:
    from rag.settings import Secret

    return Secret(text)


@pytest.mark.parametrize("key", ["열쇠", "two\nlines"])
def test_a_key_that_is_none_and_a_key_in_the_open_are_refused_without_showing_it(tmp_path: Path, key: str) -> None:
    with pytest.raises(StoreError, match="CHROMA_API_KEY holds characters that no key has") as caught:
        ServerStore("http://127.0.0.1:9", tmp_path, Access(key)).current()
    assert key not in str(caught.value)
    with pytest.raises(StoreError, match=r"The key would go to http://chroma\.example for all to read\. Use https://"):
        ServerStore("http://chroma.example", tmp_path, Access("ck-1")).current()


class _Other(BaseHTTPRequestHandler):
    """A Chroma server of another version, or something that is none."""

    version: ClassVar[str] = '"2.0.0"'
    heartbeat: ClassVar[str] = '{"nanosecond heartbeat": 1}'

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write((self.version if self.path.endswith("version") else self.heartbeat).encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def other() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Other) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


def test_a_server_of_another_version_is_a_sentence_with_both_versions(other: str, tmp_path: Path) -> None:
    with pytest.raises(
        StoreError, match=r"is of version 2\.0\.0; version 1 is needed\. Start one with this package's own"
    ):
        ServerStore(other, tmp_path / "cache").current()


def test_what_is_no_chroma_server_is_told_as_such(other: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_Other, "heartbeat", "<html>안녕하세요</html>")
    with pytest.raises(StoreUnreachableError, match=r"is no Chroma server \(status 200\)"):
        ServerStore(other, tmp_path / "cache").current()
