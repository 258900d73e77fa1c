"""The sample digests, indexed once for all tests of the question-answering part."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from rag.answers.answer import Answer
from rag.corpus.catalogue import Catalogue
from rag.corpus.digests import find_digests, read_digest
from rag.corpus.papers import Entry, merge
from rag.index.ingest import ingest
from rag.pipeline import Pipeline
from rag.settings import Settings, read_settings
from rag.wiring import embedder
from vectorstore.store import open_store

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
AS_OF = date(2024, 6, 12)  # the day after the last sample digest


@pytest.fixture(scope="session")
def seeds_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of the sample digests."""
    folder = tmp_path_factory.mktemp("seeds") / "store"
    settings = settings_for(folder)
    report = ingest(open_store(settings.store, folder.parent), embedder(settings), [SEEDS])
    assert (report.papers, report.failed) == (77, ())
    return folder


def settings_for(store: Path, **flags: object) -> Settings:
    """Settings that read nothing of this machine."""
    return read_settings({"store": str(store), **flags}, {"HOME": str(store.parent)}, store.parent / "no.env")


@pytest.fixture(scope="session")
def pipeline(seeds_store: Path) -> Pipeline:
    return Pipeline(settings_for(seeds_store))


@pytest.fixture(scope="session")
def catalogue(pipeline: Pipeline) -> Catalogue:
    return pipeline.snapshot().catalogue


@pytest.fixture(scope="session")
def ask(pipeline: Pipeline) -> Callable[..., Answer]:
    """Ask over the sample digests as of the day after the last of them."""

    def asked(question: str, *history: str, **more: object) -> Answer:
        return pipeline.ask(question, history, AS_OF, **more)  # type: ignore[arg-type]

    return asked


@pytest.fixture(scope="session")
def corpus_catalogue(shared: Path) -> Catalogue:
    """The papers of the real digests, without a store; newest first as a manifest gives them."""
    entries: dict[str, list[Entry]] = {}
    for path in find_digests(shared / "corpus"):
        for entry in read_digest(path, shared / "corpus").entries:
            entries.setdefault(entry.arxiv_id, []).append(entry)
    papers = sorted(map(merge, entries.values()), key=lambda p: (-p.date.toordinal(), p.arxiv_id))
    return Catalogue({paper.arxiv_id: paper for paper in papers})
