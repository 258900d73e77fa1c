"""The three kinds of embedder: the bundled model, an OpenAI-compatible server, and any LlamaIndex class."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.index.ingest import ingest
from tests.doubles import bigram_vector, child_environment, counting, write_sample
from vectorstore import bundled as bundled_module
from vectorstore.bundled import MODEL_FOLDER
from vectorstore.embedders import Embedding, load_embedding
from vectorstore.errors import EmbedderError
from vectorstore.folder import FolderStore
from vectorstore.llamaindex import BundledEmbedding


@pytest.fixture(scope="module")
def bundled() -> Embedding:
    return load_embedding("bundled")


# --- Bundled ---------------------------------------------------------------------------------------------------------

ODD_TEXTS = {
    "blank": " \n\t ",
    "one megabyte": "선택적 상태 공간 모델은 길다 " * 60_000,
    "one megabyte without a blank": "가" * 350_000,
    "emoji": "🦉🪁 👩‍👩‍👧‍👦",
    "digits": "3.14159 2406.00001 12,345",
    "control characters": "a\x00b\x07\x1b[31m\x7f",
    "bidi and zero width": "\u202eabc\u202c\u200b\ufeff",
    "a lone surrogate": "\ud800 맘바",
    "unknown scripts": "ᚠᛇᚻ 𒀀𒁀 ꙮ ⵣⴰ",
    "decomposed hangul": "\u1112\u1161\u11ab\u1100\u1173\u11af",
}


@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS.keys())
def test_any_text_gives_one_finite_vector_of_unit_length_or_zero(bundled: Embedding, text: str) -> None:
    (row,) = bundled.texts([text])
    assert row.dtype == np.float32
    assert np.isfinite(row).all()
    length = float(np.linalg.norm(row))
    assert length == 0.0 or math.isclose(length, 1.0, abs_tol=1e-5)
    assert np.allclose(bundled.query(text), row, atol=1e-6)


@given(st.text(max_size=80))
def test_whatever_the_letters_the_vector_is_finite(text: str) -> None:
    row = load_embedding("bundled").query(text)
    assert np.isfinite(row).all()
    assert float(np.linalg.norm(row)) < 1.0001


def test_empty_text_is_the_zero_vector_and_no_text_is_no_row(bundled: Embedding) -> None:
    assert not bundled.query("").any()
    assert not bundled.texts(["", "맘바"])[0].any()
    assert bundled.texts([]).shape == (0, bundled.query("맘바").size)


def test_korean_and_english_of_one_meaning_lie_nearer_than_two_meanings(bundled: Embedding) -> None:
    korean, english, other = bundled.texts(
        [
            "강화 학습으로 로봇을 제어합니다",
            "controlling robots with reinforcement learning",
            "단백질 구조를 예측합니다",
        ]
    )
    assert korean @ english > korean @ other + 0.1


def test_a_text_has_the_same_vector_alone_and_in_a_batch(bundled: Embedding) -> None:
    texts = ["맘바를 사용한 논문", "a", "diffusion models for video " * 40]
    together = bundled.texts(texts)
    for text, row in zip(texts, together, strict=True):
        assert np.array_equal(bundled.texts([text])[0], row)


def test_vectors_and_fingerprint_are_the_same_in_another_process(bundled: Embedding) -> None:
    texts = ["맘바를 사용한 논문은?", "state space models", "🦉", ""]
    code = (
        "import json, sys; from vectorstore.embedders import load_embedding as l; e = l('bundled');"
        "print(e.fingerprint, e.texts(json.loads(sys.argv[1])).tobytes().hex())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps(texts)],
        env=child_environment(PYTHONHASHSEED="7"),
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout.split() == [bundled.fingerprint, bundled.texts(texts).tobytes().hex()]


def test_it_loads_in_a_blink_and_embeds_five_thousand_bullets_a_second() -> None:
    """Measured in processor time of all threads, best of several runs, so that other work on the machine matters little."""
    bullets = [
        f"PaperKite{n}: 연을 날리는 로봇\n강화학습으로 연을 날리는 로봇 {n}대를 제안하며, diffusion model로 궤적을 예측합니다."
        for n in range(2_000)
    ]
    loading, embedding = [], []
    for _ in range(4):
        bundled_module._loaded.cache_clear()
        started = time.process_time()
        model = load_embedding("bundled")
        model.query("맘바")
        loaded = time.process_time()
        model.texts(bullets)
        loading.append(loaded - started)
        embedding.append(time.process_time() - loaded)
    assert min(loading) < 0.15
    assert len(bullets) / min(embedding) >= 5_000


def test_it_is_a_llamaindex_embedder_like_any_other(bundled: Embedding) -> None:
    model = bundled.model
    assert isinstance(model, BundledEmbedding)
    rows = model.get_text_embedding_batch(["맘바", "연"])
    assert np.allclose(rows, bundled.texts(["맘바", "연"]), atol=1e-6)
    assert np.allclose(model.get_query_embedding("맘바"), bundled.query("맘바"), atol=1e-6)


@pytest.fixture
def own_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "model"
    shutil.copytree(MODEL_FOLDER, folder)
    monkeypatch.setattr(bundled_module, "MODEL_FOLDER", folder)
    return folder


def test_the_fingerprint_follows_the_files_of_the_model(own_model: Path, bundled: Embedding) -> None:
    assert load_embedding("bundled").fingerprint == bundled.fingerprint
    (own_model / "config.json").write_bytes((own_model / "config.json").read_bytes() + b"\n")
    assert load_embedding("bundled").fingerprint != bundled.fingerprint


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "tokenizer.json"])
def test_a_missing_model_file_is_named(own_model: Path, name: str) -> None:
    (own_model / name).unlink()
    with pytest.raises(EmbedderError, match=rf"not whole: model/{name} cannot be read .*NONMUN_EMBEDDER"):
        load_embedding("bundled")


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
def test_a_cut_model_file_is_an_error_of_the_embedder(own_model: Path, name: str) -> None:
    data = (own_model / name).read_bytes()
    (own_model / name).write_bytes(data[: len(data) // 2])
    embedding = load_embedding("bundled")
    with pytest.raises(EmbedderError, match="cannot be loaded"):
        embedding.texts(["맘바"])


def test_a_model_that_changes_between_its_naming_and_its_loading_is_refused(own_model: Path) -> None:
    """Otherwise the vectors of the new model would be stored under the name of the old one."""
    embedding = load_embedding("bundled")
    (own_model / "config.json").write_bytes((own_model / "config.json").read_bytes() + b"\n")
    with pytest.raises(EmbedderError, match=r"changed while it was loaded\. Run this again"):
        embedding.texts(["맘바"])
    load_embedding("bundled").texts(["맘바"])


def test_a_model_that_changes_once_it_is_loaded_goes_on_as_it_was(own_model: Path) -> None:
    embedding = load_embedding("bundled")
    before = embedding.texts(["맘바"])
    (own_model / "model.safetensors").write_bytes(b"")
    assert np.array_equal(embedding.texts(["맘바"]), before)


# --- module:Class ----------------------------------------------------------------------------------------------------


def test_a_class_by_import_path_is_made_and_its_rows_scaled_to_unit_length() -> None:
    embedding = load_embedding("tests.doubles:CountingEmbedding")
    assert embedding.fingerprint == "tests.doubles:CountingEmbedding:counting"
    raw = np.asarray(bigram_vector("맘바를 쓴 논문"))
    assert np.allclose(embedding.query("맘바를 쓴 논문"), raw / np.linalg.norm(raw), atol=1e-6)
    rows = embedding.texts(["맘바를 쓴 논문", ""])
    assert np.allclose(np.linalg.norm(rows, axis=1), [1.0, 0.0], atol=1e-6)
    assert rows.dtype == np.float32


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("", "names no embedder"),
        ("bundle", "names no embedder. Use bundled, openai:"),
        ("openai:", "names no embedder"),
        ("no_such_module_at_all:Class", "No module named 'no_such_module_at_all'"),
        ("tests.doubles:Missing", "has no attribute 'Missing'"),
        ("tests.doubles:NeedsArgument", "cannot be loaded: TypeError"),
        ("tests.doubles:NotAnEmbedding", "is a NotAnEmbedding, not a LlamaIndex BaseEmbedding"),
        ("tests.doubles:bigram_vector", "cannot be loaded: TypeError"),
    ],
)
def test_a_spec_that_cannot_be_loaded_says_why(spec: str, said: str) -> None:
    with pytest.raises(EmbedderError) as caught:
        load_embedding(spec)
    assert said in str(caught.value)


def test_rows_of_different_lengths_are_refused() -> None:
    with pytest.raises(EmbedderError, match="rows of different lengths"):
        load_embedding("tests.doubles:OddRows").texts(["가", "나"])


def test_values_that_are_not_numbers_are_refused_for_texts_and_questions() -> None:
    embedding = load_embedding("tests.doubles:NotANumber")
    for ask in (lambda: embedding.texts(["가"]), lambda: embedding.query("가")):
        with pytest.raises(EmbedderError, match="not finite"):
            ask()


def test_an_embedder_that_raises_is_named_with_the_kind_of_its_error() -> None:
    embedding, _ = counting("double", fails_after=0)
    with pytest.raises(EmbedderError, match="The embedder double failed on 2 texts: RuntimeError"):
        embedding.texts(["가", "나"])


# --- openai:MODEL, against a real HTTP server ------------------------------------------------------------------------


class EmbeddingServer(ThreadingHTTPServer):
    """Serves /v1/embeddings on loopback. `mode` selects how it misbehaves."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.mode = "well"
        self.busy = self.until = 0
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: EmbeddingServer

    def log_message(self, *args: object) -> None:
        del args

    def _send(self, status: int, body: object) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append({"path": self.path, **asked})
        self.server.keys.append(self.headers["Authorization"])
        texts = [asked["input"]] if isinstance(asked["input"], str) else asked["input"]
        rows = [{"object": "embedding", "index": n, "embedding": bigram_vector(t, 8)} for n, t in enumerate(texts)]
        good = {
            "object": "list",
            "model": asked["model"],
            "data": rows,
            "usage": {"prompt_tokens": 1, "total_tokens": 1},
        }
        mode = self.server.mode
        if mode == "busy" and self.server.until > 0:
            self.server.until -= 1
        elif mode == "busy" and self.server.busy > 0:
            self.server.busy -= 1
            return self._send(429, {"error": {"message": "slow down", "code": "rate_limit_exceeded"}})
        if mode == "unauthorized":
            self._send(401, {"error": {"message": "Incorrect API key sk-test-secret", "code": "invalid_api_key"}})
        elif mode == "no model":
            self._send(404, {"error": {"message": "no such model", "code": "model_not_found"}})
        elif mode == "one row short":
            self._send(200, {**good, "data": rows[:-1]})
        elif mode == "not json":
            self._send(200, b"<html>hello</html>")
        elif mode == "empty rows":
            self._send(200, {**good, "data": [{**row, "embedding": []} for row in rows]})
        else:
            self._send(200, good)


@pytest.fixture
def server() -> Iterator[EmbeddingServer]:
    server = EmbeddingServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def on(server: EmbeddingServer) -> Embedding:
    return load_embedding("openai:tiny-embed", "sk-test-secret", server.url)


@pytest.mark.server
def test_an_openai_compatible_server_embeds_texts_and_questions(server: EmbeddingServer) -> None:
    embedding = on(server)
    texts = [f"{n}번째 글: 맘바" for n in range(300)]  # more than fit into one request
    rows = embedding.texts(texts)
    wanted = np.asarray([bigram_vector(text, 8) for text in texts])
    assert np.allclose(rows, wanted / np.linalg.norm(wanted, axis=1, keepdims=True), atol=1e-6)
    assert [len(request["input"]) for request in server.requests] == [256, 44]
    assert np.allclose(embedding.query(texts[0]), rows[0], atol=1e-6)
    assert {request["model"] for request in server.requests} == {"tiny-embed"}
    assert {request["path"] for request in server.requests} == {"/v1/embeddings"}
    assert set(server.keys) == {"Bearer sk-test-secret"}


@pytest.mark.server
def test_the_fingerprint_names_model_and_server_and_not_the_key(server: EmbeddingServer) -> None:
    assert on(server).fingerprint == f"openai:tiny-embed@{server.url}"
    assert load_embedding("openai:tiny-embed", "sk-test-secret").fingerprint == "openai:tiny-embed@api.openai.com"


@pytest.mark.server
@pytest.mark.parametrize(
    ("mode", "said"),
    [
        ("unauthorized", "failed on 2 texts: the server refused the key"),
        ("no model", "failed on 2 texts: no model of that name"),
        ("one row short", r"shape \(1, 8\) for 2 texts"),
        ("not json", "failed on 2 texts: a reply that cannot be read"),
        ("empty rows", r"shape \(2, 0\) for 2 texts"),
    ],
)
def test_what_the_server_does_wrong_is_one_sentence_without_the_key(
    server: EmbeddingServer, mode: str, said: str
) -> None:
    embedding = on(server)
    server.mode = mode
    with pytest.raises(EmbedderError, match=said) as caught:
        embedding.texts(["가", "나"])
    assert "sk-test-secret" not in str(caught.value)
    server.mode = "well"
    assert embedding.texts(["가", "나"]).shape == (2, 8)


@pytest.mark.server
def test_a_server_that_is_gone_is_one_sentence(server: EmbeddingServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vectorstore.openai_faults.PAUSE", 0.01)
    server.server_close()
    with pytest.raises(EmbedderError, match="failed on the question: the server cannot be reached"):
        on(server).query("맘바")


@pytest.mark.server
def test_a_busy_server_is_asked_again_and_only_so_often(
    server: EmbeddingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vectorstore.openai_faults.PAUSE", 0.01)
    embedding = on(server)
    server.mode, server.busy = "busy", 2
    assert embedding.texts(["가", "나"]).shape == (2, 8)
    assert len(server.requests) == 3
    server.requests.clear()
    server.busy = 100
    with pytest.raises(EmbedderError, match="too many requests"):
        embedding.texts(["가", "나"])
    assert len(server.requests) == 4  # one for each attempt: the clients do not retry by themselves


@pytest.mark.server
def test_the_key_stands_in_no_repr(server: EmbeddingServer) -> None:
    embedding = on(server)
    assert "sk-test-secret" not in repr(embedding) + repr(vars(embedding)) + str(embedding.model)


@pytest.mark.server
def test_an_ingest_that_failed_in_the_middle_goes_on_where_it_stopped(
    server: EmbeddingServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vectorstore.openai_faults.PAUSE", 0.01)
    monkeypatch.setattr("vectorstore.embedders.REMOTE_BATCH", 4)
    digests, store = write_sample(tmp_path / "digests"), FolderStore(tmp_path / "store")
    asked: list[int] = []
    server.mode, server.busy, server.until = "busy", 100, 2
    with pytest.raises(EmbedderError, match="run the same command again to go on"):
        ingest(store, on(server), [digests], approve=lambda texts: asked.append(len(texts)))
    assert store.current() is None
    server.mode = "well"
    report = ingest(store, on(server), [digests], approve=lambda texts: asked.append(len(texts)))
    assert report.failed == ()
    assert asked[1] == asked[0] - 8  # two requests of four texts had been stored
    server.requests.clear()
    ingest(store, on(server), [digests], rebuild=True)
    assert server.requests == []
