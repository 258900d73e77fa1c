"""The files that a machine makes of a generation of a server: whole, once, and somewhere else where it may not write."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pytest

from rag.corpus.manifest import Manifest
from rag.index.derive import derived
from rag.index.ingest import ingest
from tests.doubles import write_sample
from vectorstore.embedders import load_embedding
from vectorstore.folder import FolderStore
from vectorstore.vectors import FILE


class Reader:
    """A store as a machine sees it that has the vectors of another one, and a cache of its own."""

    def __init__(self, store: FolderStore, cache: Path) -> None:
        self.nodes, self.place, self._cache = store.nodes, store.place, cache

    def folder(self, name: str) -> Path:
        return self._cache / name


def made(tmp_path: Path) -> tuple[FolderStore, str, list[object]]:
    store = FolderStore(tmp_path / "store")
    ingest(store, load_embedding("bundled"), [write_sample(tmp_path / "digests")])
    name = store.current() or ""
    return store, name, list(Manifest.from_bytes(store.manifest(name), store.place).papers().values())


def test_a_reader_has_the_very_vectors_of_the_writer(tmp_path: Path) -> None:
    store, name, papers = made(tmp_path)
    folder = derived(Reader(store, tmp_path / "cache"), name, papers, load_embedding("bundled"))  # type: ignore[arg-type]
    assert folder == tmp_path / "cache" / name
    assert np.array_equal(np.load(folder / FILE), np.load(store.folder(name) / FILE))
    assert sorted(path.name for path in folder.iterdir()) == ["lexical", FILE]
    before = (folder / FILE).stat().st_mtime_ns
    derived(Reader(store, tmp_path / "cache"), name, papers, load_embedding("bundled"))  # type: ignore[arg-type]
    assert (folder / FILE).stat().st_mtime_ns == before


def test_a_cache_that_cannot_be_written_costs_no_answer(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store, name, papers = made(tmp_path)
    (tmp_path / "cache").write_text("no folder", encoding="utf-8")
    with caplog.at_level(logging.WARNING, "nonmun"):
        folder = derived(Reader(store, tmp_path / "cache"), name, papers, load_embedding("bundled"))  # type: ignore[arg-type]
    assert np.array_equal(np.load(folder / FILE), np.load(store.folder(name) / FILE))
    assert "cannot be written" in caplog.text


def test_a_store_in_a_folder_lacks_nothing(tmp_path: Path) -> None:
    store, name, papers = made(tmp_path)
    assert derived(store, name, papers, load_embedding("bundled")) == store.folder(name)  # type: ignore[arg-type]
