"""A language model that writes what a test tells it, behind a real HTTP server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.pipeline import Pipeline
from rag.settings import read_settings
from tests.openai_server import Script, openai_server

KEY = "sk-TEST-never-to-be-seen-42"


@pytest.fixture(scope="session")
def _server() -> Iterator[Script]:
    with openai_server() as script:
        yield script


@pytest.fixture
def server(_server: Script, monkeypatch: pytest.MonkeyPatch) -> Script:
    """The server of the model, which nobody has asked yet."""
    monkeypatch.setattr("vectorstore.openai_faults.PAUSE", 0.01)
    _server.requests.clear()
    _server.headers.clear()
    _server.delivered = 0
    _server.say()
    return _server


def with_model(store: Path, url: str, timeout: str = "10", **more: str) -> Pipeline:
    """Return a pipeline over a store whose answers a model writes."""
    environment = {
        "HOME": str(store.parent),
        "OPENAI_API_KEY": KEY,
        "OPENAI_BASE_URL": url,
        "NONMUN_LLM_TIMEOUT": timeout,
        "NONMUN_MODEL": "scripted",
        "NONMUN_READER": "offline",
        **more,
    }
    return Pipeline(read_settings({"store": str(store)}, environment, store.parent / "no.env"))


@pytest.fixture
def model(server: Script, seeds_store: Path, pipeline: Pipeline) -> Pipeline:
    """A pipeline over the sample digests whose answers the model writes."""
    made = with_model(seeds_store, server.url)
    made._snapshot = pipeline.snapshot()  # the same index, already open
    return made
