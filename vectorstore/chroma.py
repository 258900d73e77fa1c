"""One Chroma collection as a place for nodes: upsert, delete, query by vector, count; Chroma's errors as ours.

Chroma is a cache that can be rebuilt, never the source of truth. Always called with embeddings given, so that it never
reaches for a model of its own.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import chromadb
import chromadb.errors
import httpx
import numpy as np
from chromadb.api import ClientAPI
from chromadb.config import DEFAULT_DATABASE, DEFAULT_TENANT, Settings

from vectorstore.bundled import Vectors
from vectorstore.errors import StoreCorruptError, StoreError, StoreUnreachableError, anew
from vectorstore.rows import FOLDER_BATCH, Batch, Row, batches

if TYPE_CHECKING:
    from llama_index.core.schema import TextNode
COLLECTION = "nodes"
BATCH = 1_000  # least rows of a request to a server, which takes 40 MiB: 2,000 rows of 3,072 numbers came near
CLOUD_BATCH = 300  # records that Chroma Cloud writes or returns at once, by its published quotas
_CONNECT_TIMEOUT, READING, WRITING = 10.0, 20.0, 120.0  # seconds to connect, and for one request
# Recall@10 of exact for names, the hardest queries, over 26,888 vectors: .999; Chroma's 100 and 16 for the last two gave .989.
EF_SEARCH, EF_CONSTRUCTION, NEIGHBOURS = 400, 200, 24
LOCAL: Any = {
    "hnsw": {
        "space": "cosine", "ef_search": EF_SEARCH, "ef_construction": EF_CONSTRUCTION, "max_neighbors": NEIGHBOURS
    }
}  # fmt: skip
CLOUD: Any = {"spann": {"space": "cosine"}}
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_VERSION = "1"  # of the server's interface; Chroma 1.5.9 calls its own 1.0.0


@contextmanager
def chroma_errors(place: str) -> Iterator[None]:
    """Turn what Chroma raises into this product's errors, naming the place."""
    try:
        yield
    except StoreError:
        raise
    except httpx.ConnectError as error:
        parts = urlsplit(place)
        start = f" Start one: chroma run --host 127.0.0.1 --port {parts.port}" if parts.hostname in _LOOPBACK else ""
        raise StoreUnreachableError(f"There is no Chroma server at {place}.{start}") from error
    except (httpx.HTTPError, ConnectionError, TimeoutError) as error:
        raise StoreUnreachableError(
            f"The Chroma server at {place} does not answer ({type(error).__name__})."
        ) from error
    except (chromadb.errors.AuthorizationError, chromadb.errors.ChromaAuthError) as error:
        raise StoreError(f"{place} refuses the key, or the key may not use that database. {_CHECK}") from error
    except chromadb.errors.NotFoundError as error:
        raise StoreCorruptError(f"The store {place} lacks a collection it should have. {anew(place)}") from error
    except chromadb.errors.InternalError as error:
        if "full" in str(error):  # SQLite's own words: “database or disk is full”
            raise StoreError(
                f"The disk of {place} is full; the index is as it was. Make room and run it again."
            ) from error
        raise StoreCorruptError(f"The vectors at {place} cannot be used ({_line(error)}). {anew(place)}") from error
    except Exception as error:  # the rest of Chroma's errors, and what its HTTP client raises bare
        raise StoreError(f"Chroma failed at {place}: {type(error).__name__}: {_line(error)}") from error


_CHECK = "Check CHROMA_API_KEY, CHROMA_TENANT and CHROMA_DATABASE."


def _line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), "")[:200] or type(error).__name__


def open_folder(folder: Path, place: str) -> ClientAPI:
    """Open (or create) the embedded Chroma of a folder; `place` names the store in messages."""
    with chroma_errors(place):
        return chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))


def open_server(url: str, key: str = "", tenant: str = "", database: str = "") -> ClientAPI:
    """Connect to a Chroma server, with a key where it asks for one (Chroma Cloud does).

    Raises StoreUnreachableError when nothing answers there, or something else does; StoreError when it is another version
    or refuses the key.
    """
    parts = urlsplit(url)
    host, headers = parts.hostname or "127.0.0.1", {"x-chroma-token": key} if key else None
    tenant, database = tenant or DEFAULT_TENANT, database or DEFAULT_DATABASE
    if key and not (key.isascii() and key.isprintable()):
        raise StoreError(f"CHROMA_API_KEY holds characters that no key has. {_CHECK}")
    if key and parts.scheme != "https" and host not in _LOOPBACK:
        raise StoreError(f"The key would go to {url} for all to read. Use https://.")
    with chroma_errors(url):
        # Asked here first, where a time limit holds: Chroma's client has none while it is made.
        reply = _get(url, "heartbeat", headers)
        if "nanosecond heartbeat" not in reply.text:
            raise StoreUnreachableError(f"What answers at {url} is no Chroma server (status {reply.status_code}).")
        version = _get(url, "version", headers).text.strip('" \n')
        if not version.startswith(f"{_VERSION}."):
            raise StoreError(
                f"The Chroma server at {url} is of version {version[:20]}; version {_VERSION} is needed. "
                "Start one with this package's own: chroma run"
            )
        asked = _get(url, f"tenants/{quote(tenant)}/databases/{quote(database)}", headers)
        if asked.status_code == 404:
            raise StoreError(f"{url} has no database “{database}” of a tenant “{tenant}”. {_CHECK}")
        if asked.status_code in (401, 403):
            raise StoreError(f"{url} refuses the key, or the key may not use that database. {_CHECK}")
        client = chromadb.HttpClient(
            host=host,
            port=parts.port or (443 if parts.scheme == "https" else 80),
            ssl=parts.scheme == "https",
            headers=headers,
            settings=Settings(anonymized_telemetry=False),
            tenant=tenant,
            database=database,
        )
    for session in _sessions(client):
        weakref.finalize(client, session.close)  # Chroma itself closes nothing
    wait(client, READING)
    return client


def _get(url: str, path: str, headers: dict[str, str] | None) -> httpx.Response:
    return httpx.get(f"{url}/api/v2/{path}", headers=headers, timeout=_CONNECT_TIMEOUT)


def _sessions(client: ClientAPI) -> list[httpx.Client]:
    both: Any = (client, client._admin_client)  # type: ignore[attr-defined]
    return [part._server._session for part in both]


def wait(client: ClientAPI, seconds: float) -> None:
    """Set how long one request to a server may take; Chroma itself waits for ever."""
    for session in _sessions(client):
        session.timeout = httpx.Timeout(seconds, connect=_CONNECT_TIMEOUT)


class NodeCollection:
    """The nodes of one generation. Scores are cosine similarities: 1 - distance, higher is better."""

    def __init__(
        self,
        client: ClientAPI,
        name: str,
        place: str,
        *,
        create: Any = None,
        owned: bool = True,
        batch: int = FOLDER_BATCH,
    ) -> None:
        """Open a collection, or make it with the index that `create` configures; requests have `batch` rows or nearly twice that."""
        self._client, self._place, self._owned, self._batch = client, place, owned, batch
        try:
            with chroma_errors(place):
                if create:
                    self._collection = client.create_collection(name, configuration=create, embedding_function=None)
                else:
                    self._collection = client.get_collection(name, embedding_function=None)
            # On every upsert Chroma's client builds the embedding function that the stored schema names, whoever wrote it
            # there, a model's own code included. None is needed here, so what is stored is not looked at.
            self._collection._model["serialized_schema"] = self._collection._model["configuration_json"] = None
        except StoreError:
            self.close()
            raise

    def count(self) -> int:
        """Return how many nodes there are."""
        with chroma_errors(self._place):
            return self._collection.count()

    def upsert(self, nodes: Sequence[Row | TextNode]) -> None:
        """Write nodes, each with its embedding and flat metadata; an id that exists is replaced.

        In even parts: what a last small one left short of Chroma's 1,000 rows a flush, every opening would index again.
        """
        for batch in batches(nodes, self._batch):
            self.put(batch)

    def put(self, batch: Batch) -> None:
        """Write one batch in one request."""
        ids, vectors, texts, metadata = batch
        with chroma_errors(self._place):
            self._collection.upsert(ids=ids, embeddings=vectors, documents=texts, metadatas=metadata)  # type: ignore[arg-type]

    def delete(self, ids: Sequence[str]) -> None:
        """Remove nodes by id; ids that are not there are passed over."""
        for start in range(0, len(ids), self._batch):
            with chroma_errors(self._place):
                self._collection.delete(ids=list(ids[start : start + self._batch]))

    def query(self, vector: Vectors, k: int, ids: Sequence[str] | None = None) -> list[tuple[str, float]]:
        """Return the ids and scores of the `k` nearest nodes, best first; only among `ids` when given."""
        if ids is not None and not ids:
            return []
        with chroma_errors(self._place):
            found = self._collection.query(
                query_embeddings=vector[None, :],
                n_results=k if ids is None else min(k, len(ids)),
                ids=list(ids) if ids is not None else None,
                include=["distances"],
            )
        return [(i, 1.0 - d) for i, d in zip(found["ids"][0], (found["distances"] or [[]])[0], strict=True)]

    def embeddings(self, ids: Sequence[str]) -> Mapping[str, Vectors]:
        """Return the stored vectors of ids; missing ids are left out."""
        found: dict[str, Vectors] = {}
        for start in range(0, len(ids), self._batch):
            with chroma_errors(self._place):
                got = self._collection.get(ids=list(ids[start : start + self._batch]), include=["embeddings"])
            if got["embeddings"] is not None and len(got["ids"]):
                found.update(zip(got["ids"], np.asarray(got["embeddings"], dtype=np.float32), strict=True))
        return found

    def rows(self, ids: Sequence[str]) -> Vectors:
        """Return the stored vectors of ids, a row each in their order; never none. Raises StoreCorruptError."""
        stored = self.embeddings(ids)
        if lacking := [node_id for node_id in ids if node_id not in stored]:
            raise StoreCorruptError(f"The vectors at {self._place} lack {lacking[0]}. {anew(self._place)}")
        return np.stack([stored[node_id] for node_id in ids])

    def verify(self, expected: int, sample: Sequence[str]) -> None:
        """Check the count and that sampled vectors are there and find themselves. Raises StoreCorruptError.

        The search is approximate: of 25,000 sound vectors 1 in 2,000 was not found by itself, of a torn index half or all.
        """
        if (count := self.count()) != expected:
            raise StoreCorruptError(
                f"The vectors at {self._place} are {count}; {expected} were expected. {anew(self._place)}"
            )
        stored = dict(zip(sample, self.rows(sample), strict=True)) if sample else {}
        asked = [node_id for node_id in sample if stored[node_id].any()]
        missed = [node_id for node_id in asked if not self._finds(stored[node_id])]
        if len(missed) * 4 > len(asked):
            raise StoreCorruptError(
                f"The vectors at {self._place} do not find {missed[0]} by its own vector, nor {len(missed) - 1} more of "
                f"{len(asked)}. {anew(self._place)}"
            )

    def _finds(self, vector: Vectors) -> bool:
        return any(score > 0.999 for _, score in self.query(vector, 1))

    def close(self) -> None:
        """Release the files of an embedded Chroma."""
        if self._owned:
            self._client.close()  # type: ignore[attr-defined]
