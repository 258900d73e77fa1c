"""SECURITY.md names tests that exist, the licences are those of the lock, and a hostile Chroma server can name no code."""

from __future__ import annotations

import importlib.util
import re
import sys
import types
from pathlib import Path

import numpy as np
import pytest
from llama_index.core.schema import TextNode

from tests.doubles import REPOSITORY
from vectorstore.chroma import NodeCollection

SECURITY = (REPOSITORY / "SECURITY.md").read_text(encoding="utf-8")


def _rows(letter: str) -> list[str]:
    return re.findall(rf"^\| ({letter}\d+) \|", SECURITY, re.MULTILINE)


def test_every_threat_and_every_fault_has_its_row() -> None:
    assert _rows("S") == [f"S{n}" for n in range(1, 28)]
    assert _rows("F") == [f"F{n}" for n in range(1, 21)]


def test_every_row_names_a_test_that_exists_or_says_why_not() -> None:
    for row in re.findall(r"^\| [SF]\d+ \|.*$", SECURITY, re.MULTILINE):
        assert "::" in row or "not yet" in row or "not tested" in row, row
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", SECURITY)
    assert len(named) > 60
    for file, test in named:
        path = REPOSITORY / file
        assert path.is_file(), file
        assert re.search(rf"^def {test}\(", path.read_text(encoding="utf-8"), re.MULTILINE), f"{file}::{test}"


def _licences() -> types.ModuleType:
    spec = importlib.util.spec_from_file_location("licences", REPOSITORY / "tools" / "licences.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_licences_are_those_of_the_lock() -> None:
    text = (REPOSITORY / "docs" / "licences.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| ([\w.-]+) \| ([^ |]+) \| [^|]*\w[^|]* \|$", text, re.MULTILINE)[1:])
    assert rows == _licences().locked((REPOSITORY / "requirements.lock").read_text(encoding="utf-8"))


def test_no_licence_asks_more_than_this_project_may_give() -> None:
    text = (REPOSITORY / "docs" / "licences.md").read_text(encoding="utf-8")
    assert not re.search(r"\b(?:A?GPL|SSPL|BUSL|CC-BY-NC|Proprietary|Commercial)", text)


class _Stranger:
    """What an attacker stores as a collection's embedding function: a model that brings its own code."""

    @staticmethod
    def name() -> str:
        return "sentence_transformer"

    def get_config(self) -> dict[str, object]:
        return {"model_name": "stranger/model", "device": "cpu", "normalize_embeddings": False, "kwargs": {"trust_remote_code": True}}  # fmt: skip

    def __call__(self, input: list[str]) -> list[list[float]]:
        return [[0.0] for _ in input]

    embed_query = __call__
    default_space = staticmethod(lambda: "cosine")
    supported_spaces = staticmethod(lambda: ["cosine"])
    is_legacy = staticmethod(lambda: False)
    validate_config_update = validate_config = staticmethod(lambda *_: None)


def test_a_collection_that_names_a_strangers_code_is_opened_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import chromadb
    from chromadb.utils.embedding_functions import known_embedding_functions

    built: list[object] = []
    library = types.ModuleType("sentence_transformers")
    library.SentenceTransformer = lambda *a, **k: built.append((a, k))  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sentence_transformers", library)
    known = dict(known_embedding_functions)
    client = chromadb.PersistentClient(str(tmp_path))
    client.create_collection("nodes", embedding_function=_Stranger())  # type: ignore[arg-type]
    known_embedding_functions.update(known)  # Chroma's own class of that name
    opened = NodeCollection(client, "nodes", "here", owned=False)
    node = TextNode(id_="1", text="맘바를 사용합니다.", metadata={"title": "Mamba"}, embedding=[1.0, 0.0])
    opened.upsert([node])
    assert [node_id for node_id, _ in opened.query(np.array([1.0, 0.0], dtype=np.float32), 1)] == ["1"]
    assert built == []
    client.get_collection("nodes", embedding_function=None).upsert(ids=["2"], embeddings=[[0.0, 1.0]])
    assert "stranger/model" in str(built)  # so that this test sees what it guards against
