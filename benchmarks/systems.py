"""One system, in a process of its own: index digests, search, answer. The product and what a user would pick instead.

    python -m benchmarks.systems SYSTEM ingest DIGESTS FOLDER
    python -m benchmarks.systems SYSTEM query FOLDER QUESTIONS.json
    python -m benchmarks.systems SYSTEM ask FOLDER QUESTION
    python -m benchmarks.systems nonmun threads FOLDER QUESTIONS.json CLIENTS

Prints one JSON value. A peer takes one Markdown section (one paper) as one text, as `golden_peer` does, and “answers” with the
bullets of the five nearest: less than an answer, and quicker to make than one.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any, Protocol

DEPTH, QUOTED = 10, 5
_FILES = 100  # digests a run of LlamaIndex's pipeline: its Chroma store fails above 5,461 texts at once
_ARXIV = re.compile(r"https://arxiv\.org/abs/(\d{4}\.\d{4,5})")


class System(Protocol):
    """What is measured of every system. It is opened over the folder that it keeps its index in."""

    def ingest(self, digests: Path) -> int:
        """Index a folder of digests, or bring the index up to date; return how many texts it holds."""

    def open(self) -> None:
        """Load what is kept in the folder."""

    def search(self, text: str) -> list[str]:
        """Return the ids of the nearest papers, best first, at most DEPTH."""

    def answer(self, text: str, as_of: str = "") -> str:
        """Return a full answer as text."""


class Nonmun:
    """The product. It is measured through its own commands where there is one."""

    def __init__(self, folder: Path) -> None:
        from rag.pipeline import Pipeline
        from rag.settings import read_settings

        self.pipeline = Pipeline(read_settings({"store": str(folder)}))

    def ingest(self, digests: Path) -> int:
        """See System."""
        from rag.index.ingest import ingest
        from rag.wiring import embedder

        return ingest(self.pipeline.store, embedder(self.pipeline.settings), [digests]).chunks

    def open(self) -> None:
        """See System."""
        self.pipeline.warm()

    def search(self, text: str) -> list[str]:
        """See System."""
        return [hit.arxiv_id for hit in self.pipeline.search(text, DEPTH)]

    def answer(self, text: str, as_of: str = "") -> str:
        """See System."""
        return self.pipeline.ask(text, as_of=date.fromisoformat(as_of) if as_of else None).text


class _Quoting:
    """A peer: finds whole sections of digests, and quotes them for an answer."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def found(self, text: str) -> list[str]:
        """Return the texts of the nearest sections, best first."""
        raise NotImplementedError

    def search(self, text: str) -> list[str]:
        """See System."""
        ids = (match[1] for section in self.found(text) if (match := _ARXIV.search(section)))
        return list(dict.fromkeys(ids))

    def answer(self, text: str, as_of: str = "") -> str:
        """See System."""
        del as_of
        return "\n".join(f"{line} [{n}]" for n, section in enumerate(self.found(text)[:QUOTED], start=1)
                         for line in section.splitlines() if line.startswith("- "))  # fmt: skip


def _sections(digests: Path) -> list[Any]:
    """Return every section that holds a paper, as LlamaIndex reads and cuts a folder of Markdown."""
    from llama_index.core import SimpleDirectoryReader
    from llama_index.core.node_parser import MarkdownNodeParser

    documents = SimpleDirectoryReader(str(digests), recursive=True, required_exts=[".md"]).load_data()
    return [node for node in MarkdownNodeParser().get_nodes_from_documents(documents) if _ARXIV.search(node.text)]


class LlamaIndexChroma(_Quoting):
    """LlamaIndex's ingestion pipeline (with the document store that spares unchanged files) into Chroma, all-MiniLM-L6-v2."""

    def _store(self) -> Any:
        import chromadb
        from llama_index.vector_stores.chroma import ChromaVectorStore

        client = chromadb.PersistentClient(str(self.folder / "chroma"))
        collection = client.get_or_create_collection("peer", metadata={"hnsw:space": "cosine"})
        return ChromaVectorStore(chroma_collection=collection)

    def ingest(self, digests: Path) -> int:
        """See System."""
        from llama_index.core import SimpleDirectoryReader
        from llama_index.core.ingestion import DocstoreStrategy, IngestionPipeline
        from llama_index.core.node_parser import MarkdownNodeParser
        from llama_index.core.storage.docstore import SimpleDocumentStore

        from benchmarks.minilm import MiniLM

        kept, known = os.environ.get("BENCHMARK_VECTORS"), self.folder / "docstore.json"
        store = self._store()
        pipeline = IngestionPipeline(
            transformations=[MarkdownNodeParser(), MiniLM(folder=Path(kept) if kept else None)],
            vector_store=store,
            docstore=SimpleDocumentStore.from_persist_path(str(known)) if known.exists() else SimpleDocumentStore(),
            docstore_strategy=DocstoreStrategy.UPSERTS,
        )
        documents = SimpleDirectoryReader(
            str(digests), recursive=True, required_exts=[".md"], filename_as_id=True
        ).load_data()
        for start in range(0, len(documents), _FILES):
            pipeline.run(documents=documents[start : start + _FILES])
        pipeline.docstore.persist(str(known))
        return int(store.client.count())

    def open(self) -> None:
        """See System."""
        from llama_index.core import VectorStoreIndex

        from benchmarks.minilm import MiniLM

        index = VectorStoreIndex.from_vector_store(self._store(), embed_model=MiniLM())
        self._retriever = index.as_retriever(similarity_top_k=DEPTH)

    def found(self, text: str) -> list[str]:
        """See _Quoting."""
        return [found.node.text for found in self._retriever.retrieve(text)]


class LlamaIndexBM25(_Quoting):
    """LlamaIndex's BM25Retriever as it comes: an English stemmer and English stop words. It has no partial update."""

    def ingest(self, digests: Path) -> int:
        """See System."""
        from llama_index.retrievers.bm25 import BM25Retriever

        nodes = _sections(digests)
        BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=DEPTH).persist(str(self.folder))
        return len(nodes)

    def open(self) -> None:
        """See System."""
        from llama_index.retrievers.bm25 import BM25Retriever

        self._retriever = BM25Retriever.from_persist_dir(str(self.folder))

    def found(self, text: str) -> list[str]:
        """See _Quoting."""
        return [found.node.text for found in self._retriever.retrieve(text)]


class Txtai(_Quoting):
    """txtai with its texts kept beside the vectors, and the same network as LlamaIndex's. It has no partial update of its own."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        os.environ["ALLOW_RESOLVE_TRANSFORM"] = "True"  # lets an index name the function that makes its vectors

    def ingest(self, digests: Path) -> int:
        """See System."""
        from llama_index.core.schema import MetadataMode
        from txtai import Embeddings

        nodes = _sections(digests)
        embeddings = Embeddings(method="external", transform="benchmarks.minilm.vectors", content=True)
        texts = [
            node.get_content(metadata_mode=MetadataMode.EMBED) for node in nodes
        ]  # what LlamaIndex embeds, word for word
        embeddings.index((at, text, None) for at, text in enumerate(texts))
        embeddings.save(str(self.folder))
        return len(nodes)

    def open(self) -> None:
        """See System."""
        from txtai import Embeddings

        self._embeddings = Embeddings()
        self._embeddings.load(str(self.folder))

    def found(self, text: str) -> list[str]:
        """See _Quoting."""
        return [row["text"] for row in self._embeddings.search(text, DEPTH)]


SYSTEMS: dict[str, Callable[[Path], System]] = {
    "nonmun": Nonmun,
    "llamaindex-chroma": LlamaIndexChroma,
    "llamaindex-bm25": LlamaIndexBM25,
    "txtai": Txtai,
}


# --- tasks -----------------------------------------------------------------------------------------------------------
def _timed(asked: Callable[[dict[str, str]], Any], questions: list[dict[str, str]]) -> tuple[list[float], list[Any]]:
    taken, found = [], []
    for question in questions:
        started = time.perf_counter()
        found.append(asked(question))
        taken.append((time.perf_counter() - started) * 1_000)
    return taken, found


def query(system: System, questions: dict[str, list[dict[str, str]]]) -> dict[str, Any]:
    """Open a system, search every query and answer every question, each once; milliseconds, seconds and the papers found."""
    started = time.perf_counter()
    system.open()
    system.search("Mamba")
    opened = time.perf_counter() - started
    searched, found = _timed(lambda row: system.search(row["text"]), questions["search"])
    answered, _ = _timed(lambda row: system.answer(row["text"], row.get("as_of", "")), questions["answer"])
    held = [row["relevant"] in ids for row, ids in zip(questions["search"], found, strict=True) if row.get("relevant")]
    return {"open_s": opened, "search_ms": searched, "answer_ms": answered,
            "recall": sum(held) / len(held) if held else None}  # fmt: skip


def threads(system: System, questions: dict[str, list[dict[str, str]]], clients: int) -> dict[str, Any]:
    """Answer every question once with so many threads; answers a second, milliseconds of each, errors."""
    system.open()
    system.search("Mamba")

    def asked(row: dict[str, str]) -> float:
        started = time.perf_counter()
        try:
            system.answer(row["text"], row.get("as_of", ""))
        except Exception:  # noqa: BLE001 - an error under load is a figure, not the end of the run
            return -1.0
        return (time.perf_counter() - started) * 1_000

    started = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        taken = list(pool.map(asked, questions["answer"]))
    wall = time.perf_counter() - started
    return {"per_s": len(taken) / wall, "ms": [ms for ms in taken if ms >= 0], "errors": sum(ms < 0 for ms in taken)}


def main(arguments: list[str]) -> None:
    """Do one task and print its figures."""
    name, task, *rest = arguments
    if task == "ingest":
        system = SYSTEMS[name](Path(rest[1]))
        Path(rest[1]).mkdir(parents=True, exist_ok=True)
        result: Any = {"texts": system.ingest(Path(rest[0]))}
    else:
        system = SYSTEMS[name](Path(rest[0]))
        if task == "ask":
            system.open()
            result = {"answer": system.answer(rest[1])}
        else:
            questions = json.loads(Path(rest[1]).read_text(encoding="utf-8"))
            result = query(system, questions) if task == "query" else threads(system, questions, int(rest[2]))
    print(json.dumps(result, ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1:])
