"""Real OpenAI-compatible servers with tiny random models: protocol, streaming, cancelling, limits. `make test-peers` only.

NONMUN_TEST_PEERS names the Python that has the peers. Random weights write junk, which the gate must keep from the reader.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from rag.answers.answer import Answer
from rag.answers.llm import LlmEngine
from rag.errors import ModelError
from rag.index.ingest import ingest
from rag.pipeline import Pipeline
from rag.settings import Settings, read_settings
from rag.wiring import embedder
from tests.rag.conftest import AS_OF, SEEDS, pipeline, seeds_store  # noqa: F401  (fixtures)
from vectorstore.embedders import load_embedding
from vectorstore.errors import EmbedderError

PYTHON = os.environ.get("NONMUN_TEST_PEERS", "")
KEY = "sk-peer-key"
pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(not PYTHON, reason="NONMUN_TEST_PEERS names no Python; make test-peers"),
]


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=2).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


@contextmanager
def served(command: list[str], port: int, log: Path) -> Iterator[str]:
    base = f"http://127.0.0.1:{port}/v1"
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "CUDA_VISIBLE_DEVICES": ""}
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env=environment)
        try:
            for _ in range(240):
                if answers(f"{base}/models") or process.poll() is not None:
                    break
                time.sleep(0.5)
            assert process.poll() is None, log.read_text(errors="replace")[-2000:]
            yield base
        finally:
            process.terminate()
            process.wait(20)


def make(kind: str, path: Path) -> Path:
    script = Path(__file__).with_name("models.py")
    subprocess.run([PYTHON, str(script), kind, str(path)], check=True, capture_output=True)
    return path


@contextmanager
def llama_server(kind: str, folder: Path) -> Iterator[str]:
    """The llama.cpp server of Python over a tiny model of this kind, with embeddings on."""
    model, port = make(kind, folder / "tiny.gguf"), free_port()
    flags = {"model": model, "host": "127.0.0.1", "port": port, "api_key": KEY, "n_ctx": 4096, "embedding": "true"}
    command = [
        PYTHON,
        "-m",
        "llama_cpp.server",
        *(str(w) for name, value in flags.items() for w in (f"--{name}", value)),
    ]
    with served(command, port, folder / "log") as url:
        yield url


@pytest.fixture(scope="module")
def llama(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with llama_server("gguf", tmp_path_factory.mktemp("llama")) as url:
        yield url


@pytest.fixture(scope="module")
def embedding_llama(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with llama_server("mean", tmp_path_factory.mktemp("mean")) as url:
        yield url


@pytest.fixture(scope="module")
def transformers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    folder = tmp_path_factory.mktemp("transformers")
    model, port = make("hf", folder / "tiny"), free_port()
    command = [str(Path(PYTHON).with_name("transformers")), "serve", "--host", "127.0.0.1", "--port", str(port)]
    with served(command, port, folder / "log") as url:
        yield url, str(model)


def settings(url: str, store: Path, model: str = "tiny", key: str = KEY, **more: str) -> Settings:
    environment = {"HOME": str(store.parent), "OPENAI_API_KEY": key, "OPENAI_BASE_URL": url, "NONMUN_MODEL": model,
                   "NONMUN_LLM_ANSWER_TOKENS": "60", **more}  # fmt: skip
    return read_settings({"store": str(store)}, environment, store.parent / "no.env")


def check_answers(made: Settings, snapshot: object) -> None:
    """Junk is kept from the reader: the offline answer comes, with its notice."""
    asked = Pipeline(made)
    asked._snapshot = snapshot  # type: ignore[assignment]
    for question, said in (
        ("PowerInfer는 4090에서 얼마나 빨라?", "언어 모델"),
        ("How fast is PowerInfer on a 4090?", "language model"),
    ):
        answer = asked.ask(question, (), AS_OF)
        assert isinstance(answer, Answer)
        assert answer.engine == "offline"
        assert "13.20" in answer.text
        assert said in answer.notices[0]
        assert answer.usage is not None
        assert answer.usage.tokens_in > 100


def check_streams_and_cancels(made: Settings) -> None:
    """Words come one by one; a reader who goes away leaves a server that still answers."""
    from rag.answers.llm import _Call

    engine, call = LlmEngine(made), _Call()
    words = engine._words(lambda _: ("Say something.", "안녕하세요"), call)
    assert next(words)
    words.close()  # type: ignore[attr-defined]
    assert call.first_ms > 0
    again = engine._words(lambda _: ("Say something.", "again"), _Call())
    assert next(again)
    again.close()  # type: ignore[attr-defined]


def test_llama_cpp_writes_through_the_gate(llama: str, seeds_store: Path, pipeline: Pipeline) -> None:  # noqa: F811
    check_answers(settings(llama, seeds_store), pipeline.snapshot())
    check_streams_and_cancels(settings(llama, seeds_store))


def test_llama_cpp_refuses_a_wrong_key(llama: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="refused the key"):
        LlmEngine(settings(llama, tmp_path / "s", key="sk-wrong")).complete("x", "y")


def test_llama_cpp_given_too_long_a_context_is_asked_again_with_less(llama: str, tmp_path: Path) -> None:
    """This server says so in plain replies only; it streams a 200 without a word."""
    from rag.answers.llm import _Call

    engine, call = LlmEngine(settings(llama, tmp_path / "s")), _Call()
    words = engine._words(lambda share: ("x", "아주 긴 근거입니다. " * int(100 * share * share * 10)), call)
    assert next(words)
    words.close()  # type: ignore[attr-defined]
    assert call.attempts == 2
    with pytest.raises(ModelError, match="an empty reply"):
        engine.complete("x", "아주 긴 근거입니다. " * 2000)


def test_llama_cpp_embeds_through_our_embedder(embedding_llama: str) -> None:
    embedding = load_embedding("openai:tiny", KEY, embedding_llama)
    texts = [
        "맘바는 선형 시간 모델입니다.",
        "Mamba is fast.",
        "논문 " * 1500,
        *(f"문장 {n}입니다." for n in range(300)),
    ]
    vectors = embedding.texts(texts)  # more than one request
    assert vectors.shape == (len(texts), 64)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert not np.allclose(vectors[0], vectors[1], atol=1e-3)
    assert np.allclose(embedding.query(texts[0]), vectors[0], atol=1e-3)
    assert KEY not in repr(embedding.model) + str(embedding.model) + embedding.fingerprint


def test_an_index_is_made_and_asked_by_llama_cpps_vectors(embedding_llama: str, tmp_path: Path) -> None:
    made = settings(embedding_llama, tmp_path / "store", NONMUN_EMBEDDER="openai:tiny", NONMUN_ENGINE="offline")
    asked = Pipeline(made)
    (tmp_path / "digests").mkdir()
    shutil.copy(SEEDS / "2024-03-28.md", tmp_path / "digests")
    report = ingest(asked.store, embedder(made), [tmp_path / "digests"])
    assert (report.failed, report.papers > 5, report.chunks > 50) == ((), True, True)
    gamba = asked.search("Gamba: 맘바와 가우시안 스플래팅", 5)[0]
    assert gamba.arxiv_id == "2403.18795"
    assert asked.ask("Mamba를 사용한 논문은?", (), AS_OF).papers == ("2403.18795",)


def test_llama_cpp_gives_a_vector_for_each_token_which_is_one_sentence(llama: str) -> None:
    with pytest.raises(EmbedderError, match=r"cannot be read|different lengths|shape") as caught:
        load_embedding("openai:tiny", KEY, llama).texts(["맘바", "Mamba"])
    assert KEY not in str(caught.value)
    with pytest.raises(EmbedderError, match="the server refused the key"):
        load_embedding("openai:tiny", "sk-wrong", llama).texts(["맘바"])


def test_transformers_serve_writes_through_the_gate(
    transformers: tuple[str, str],
    seeds_store: Path,  # noqa: F811
    pipeline: Pipeline,  # noqa: F811
) -> None:
    url, model = transformers
    made = settings(url, seeds_store, model, NONMUN_LLM_EVIDENCE_TOKENS="300")
    check_answers(made, pipeline.snapshot())
    check_streams_and_cancels(made)


def test_transformers_serve_refuses_an_unknown_model(transformers: tuple[str, str], tmp_path: Path) -> None:
    with pytest.raises(ModelError):
        LlmEngine(settings(transformers[0], tmp_path / "s", "no-such/model")).complete("x", "y")


def test_transformers_serve_has_no_embeddings_and_that_is_one_sentence(transformers: tuple[str, str]) -> None:
    with pytest.raises(EmbedderError, match="failed on 1 texts"):
        load_embedding("openai:tiny", KEY, transformers[0]).texts(["맘바"])
