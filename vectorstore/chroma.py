"""One Chroma collection as a place for nodes: upsert, delete, query by vector, count; Chroma's errors as ours.

Chroma is a cache that can be rebuilt, never the source of truth. Always called with embeddings given, so that it never
reaches for a model of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import chromadb
import chromadb.errors
import httpx
import numpy as np
from chromadb.api import ClientAPI
from chromadb.config import Settings
from llama_index.core.schema import NodeWithScore, TextNode

from vectorstore.embedders import Vectors
from vectorstore.errors import StoreCorruptError, StoreError, StoreUnreachableError

COLLECTION = "nodes"
BATCH = 2_000  # rows a request; Chroma takes 5,461
EF_SEARCH = 400  # recall .999 of exact at 200,000 vectors; the default of 100 gave .907
_CONFIGURATION: Any = {"hnsw": {"space": "cosine", "ef_search": EF_SEARCH}}


@contextmanager
def chroma_errors(place: str) -> Iterator[None]:
    """Turn what Chroma raises into this product's errors, naming the place."""
    try:
        yield
    except StoreError:
        raise
    except (httpx.HTTPError, ConnectionError, TimeoutError) as error:
        raise StoreUnreachableError(
            f"The Chroma server at {place} does not answer ({type(error).__name__})."
        ) from error
    except ValueError as error:
        if "Could not connect" in str(error):
            raise StoreUnreachableError(
                f"There is no Chroma server at {place}. Start one with “chroma run --host 127.0.0.1 --port 8000”."
            ) from error
        raise StoreError(f"Chroma refused the request at {place}: {error}") from error
    except chromadb.errors.NotFoundError as error:
        raise StoreCorruptError(f"The store at {place} lacks a collection it should have.") from error
    except chromadb.errors.ChromaError as error:
        raise StoreCorruptError(f"The vectors at {place} cannot be read ({type(error).__name__}).") from error


def open_folder(folder: Path) -> ClientAPI:
    """Open (or create) the embedded Chroma of a folder."""
    with chroma_errors(str(folder)):
        return chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))


def open_server(url: str) -> ClientAPI:
    """Connect to a Chroma server. Raises StoreUnreachableError when nothing answers there."""
    parts = urlsplit(url)
    with chroma_errors(url):
        return chromadb.HttpClient(
            host=parts.hostname or "127.0.0.1",
            port=parts.port or (443 if parts.scheme == "https" else 80),
            ssl=parts.scheme == "https",
            settings=Settings(anonymized_telemetry=False),
        )


class NodeCollection:
    """The nodes of one generation. Scores are cosine similarities: 1 - distance, higher is better."""

    def __init__(self, client: ClientAPI, name: str, place: str, *, create: bool = False, owned: bool = True) -> None:
        self._client, self._place, self._owned = client, place, owned
        with chroma_errors(place):
            if create:
                self._collection = client.create_collection(name, configuration=_CONFIGURATION, embedding_function=None)
            else:
                self._collection = client.get_collection(name, embedding_function=None)

    def count(self) -> int:
        """Return how many nodes there are."""
        with chroma_errors(self._place):
            return self._collection.count()

    def upsert(self, nodes: Sequence[TextNode]) -> None:
        """Write nodes, each with its embedding and flat metadata; an id that exists is replaced."""
        for start in range(0, len(nodes), BATCH):
            batch = nodes[start : start + BATCH]
            with chroma_errors(self._place):
                self._collection.upsert(
                    ids=[node.node_id for node in batch],
                    embeddings=np.asarray([node.embedding for node in batch], dtype=np.float32),
                    documents=[node.text for node in batch],
                    metadatas=[node.metadata for node in batch],
                )

    def delete(self, ids: Sequence[str]) -> None:
        """Remove nodes by id; ids that are not there are passed over."""
        for start in range(0, len(ids), BATCH):
            with chroma_errors(self._place):
                self._collection.delete(ids=list(ids[start : start + BATCH]))

    def query(self, vector: Vectors, k: int, ids: Sequence[str] | None = None) -> list[NodeWithScore]:
        """Return the `k` nearest nodes (without text), best first; only among `ids` when given."""
        if ids is not None and not ids:
            return []
        with chroma_errors(self._place):
            found = self._collection.query(
                query_embeddings=vector[None, :],
                n_results=k if ids is None else min(k, len(ids)),
                ids=list(ids) if ids is not None else None,
                include=["distances"],
            )
        rows = zip(found["ids"][0], (found["distances"] or [[]])[0], strict=True)
        return [NodeWithScore(node=TextNode(id_=i), score=1.0 - d) for i, d in rows]

    def embeddings(self, ids: Sequence[str]) -> Mapping[str, Vectors]:
        """Return the stored vectors of ids; missing ids are left out."""
        found: dict[str, Vectors] = {}
        for start in range(0, len(ids), BATCH):
            with chroma_errors(self._place):
                got = self._collection.get(ids=list(ids[start : start + BATCH]), include=["embeddings"])
            if got["embeddings"] is not None and len(got["ids"]):
                found.update(zip(got["ids"], np.asarray(got["embeddings"], dtype=np.float32), strict=True))
        return found

    def verify(self, expected: int, sample: Sequence[str]) -> None:
        """Check the count and that sampled vectors find themselves. Raises StoreCorruptError."""
        if (count := self.count()) != expected:
            raise StoreCorruptError(f"The vectors at {self._place} are {count}; {expected} were expected.")
        stored = self.embeddings(sample)
        for node_id in sample:
            vector = stored.get(node_id)
            if vector is None:
                raise StoreCorruptError(f"The vectors at {self._place} lack {node_id}.")
            if not vector.any():
                continue
            best = self.query(vector, 1)
            if not best or (best[0].score or 0.0) < 0.999:
                raise StoreCorruptError(f"The vectors at {self._place} do not find {node_id} by its own vector.")

    def close(self) -> None:
        """Release the files of an embedded Chroma."""
        if self._owned:
            self._client.close()  # type: ignore[attr-defined]
