"""A plain peer: LlamaIndex, Chroma and all-MiniLM-L6-v2, the five nearest chunks, over the same digests and golden questions.

Writes a results file that `nonmun evaluate --baseline` reads. It has no plan, no catalogue and no model to write prose: what it
answers are the bullets of the five chunks nearest to the question, one Markdown section (one paper) each.

    pip install -e ".[bench]"
    nonmun ingest seeds --store .nonmun/seeds
    python benchmarks/golden_peer.py seeds/golden.jsonl seeds .nonmun/seeds peer.json
    nonmun evaluate --golden seeds/golden.jsonl --store .nonmun/seeds --baseline peer.json
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
import time
from pathlib import Path

import chromadb
from llama_index.core import SimpleDirectoryReader, StorageContext, VectorStoreIndex
from llama_index.core.node_parser import MarkdownNodeParser
from llama_index.vector_stores.chroma import ChromaVectorStore

from benchmarks.minilm import MiniLM
from rag.evaluation import Outcome, Reply, all_scores, read_golden, results, sources_of
from rag.pipeline import Pipeline
from rag.settings import read_settings

TOP_K = 5
_ARXIV = re.compile(r"https://arxiv\.org/abs/(\d{4}\.\d{4,5})")


def build_index(digests: Path, folder: str) -> VectorStoreIndex:
    """Index every section of every digest, with the defaults of each part."""
    documents = SimpleDirectoryReader(str(digests), recursive=True, required_exts=[".md"]).load_data()
    nodes = [node for node in MarkdownNodeParser().get_nodes_from_documents(documents) if _ARXIV.search(node.text)]
    collection = chromadb.PersistentClient(folder).create_collection("peer", metadata={"hnsw:space": "cosine"})
    store = StorageContext.from_defaults(vector_store=ChromaVectorStore(chroma_collection=collection))
    return VectorStoreIndex(nodes, storage_context=store, embed_model=MiniLM())


def main() -> None:
    """Answer every golden question and write the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("golden", "digests", "store", "out"):
        parser.add_argument(name, type=Path)
    args = parser.parse_args()
    papers = Pipeline(read_settings({"store": str(args.store)})).snapshot().catalogue.papers
    sources = sources_of(list(papers.values()))
    with tempfile.TemporaryDirectory() as folder:
        retriever = build_index(args.digests, folder).as_retriever(similarity_top_k=2 * TOP_K)
        outcomes: list[Outcome] = []
        for case in read_golden(args.golden):
            started = time.perf_counter()
            texts = [found.node.text for found in retriever.retrieve(case.question)]
            ids = [match[1] for text in texts if (match := _ARXIV.search(text))]
            shown = list(dict.fromkeys(ids[:TOP_K]))
            blocks = [f"- {line[2:]} [{n}]" for n, text in enumerate(texts[:TOP_K], start=1)
                      for line in text.splitlines() if line.startswith("- ")]  # fmt: skip
            cited = tuple(enumerate(ids[:TOP_K], start=1))
            reply = Reply("answered", None, "\n".join(blocks), tuple(shown), len(shown), cited)
            latency = (time.perf_counter() - started) * 1000
            scores = all_scores(case, reply, list(dict.fromkeys(ids)), sources)
            outcomes.append(Outcome(case, reply, scores, latency))
    args.out.write_text(json.dumps(results(args.golden.name, outcomes), ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
