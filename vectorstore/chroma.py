"""The connection to Chroma: clients, one collection of nodes, and Chroma's errors as the product's own.

What Chroma holds can always be rebuilt from the manifest. Every call passes its embeddings, so that Chroma never
loads a model of its own.
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
BATCH = 1_000  # fewest rows of a request to a server, which accepts 40 MiB: 2,000 rows of 3,072 numbers come close
CLOUD_BATCH = 300  # records that Chroma Cloud writes or returns at once, according to its published quotas
_CONNECT_TIMEOUT, READING, WRITING = 10.0, 20.0, 120.0  # seconds: to connect, for a request of a reader, of a writer
# Recall@10 against an exact search of 26,888 vectors, for names, the hardest queries: .999. Chroma's defaults for the
# last two, 100 and 16, gave .989.
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
    """Turn the errors of Chroma into StoreErrors that name the place."""
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
        if "full" in str(error):  # SQLite says “database or disk is full”
            raise StoreError(
                f"The disk of {place} is full; the index is as it was. Make room and run it again."
            ) from error
        raise StoreCorruptError(f"The vectors at {place} cannot be used ({_line(error)}). {anew(place)}") from error
    except Exception as error:  # other errors of Chroma, and bare exceptions of its HTTP client
        raise StoreError(f"Chroma failed at {place}: {type(error).__name__}: {_line(error)}") from error


_CHECK = "Check CHROMA_API_KEY, CHROMA_TENANT and CHROMA_DATABASE."


def _line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), "")[:200] or type(error).__name__


def open_folder(folder: Path, place: str) -> ClientAPI:
    """Open or create the embedded Chroma in a folder. `place` names the store in messages."""
    with chroma_errors(place):
        return chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))


def open_server(url: str, key: str = "", tenant: str = "", database: str = "") -> ClientAPI:
    """Connect to a Chroma server. Chroma Cloud needs a key, a tenant and a database.

    Raises StoreUnreachableError if no Chroma server answers there, StoreError if its version is not supported or it
    refuses the key.
    """
    parts = urlsplit(url)
    host, headers = parts.hostname or "127.0.0.1", {"x-chroma-token": key} if key else None
    tenant, database = tenant or DEFAULT_TENANT, database or DEFAULT_DATABASE
    if key and not (key.isascii() and key.isprintable()):
        raise StoreError(f"CHROMA_API_KEY holds characters that no key has. {_CHECK}")
    if key and parts.scheme != "https" and host not in _LOOPBACK:
        raise StoreError(f"The key would go to {url} for all to read. Use https://.")
    with chroma_errors(url):
        # Ask before the client is made: its own first requests have no time limit.
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
        weakref.finalize(client, session.close)  # Chroma does not close them
    limit_requests(client, READING)
    return client


def _get(url: str, path: str, headers: dict[str, str] | None) -> httpx.Response:
    return httpx.get(f"{url}/api/v2/{path}", headers=headers, timeout=_CONNECT_TIMEOUT)


def _sessions(client: ClientAPI) -> list[httpx.Client]:
    both: Any = (client, client._admin_client)  # type: ignore[attr-defined]
    return [part._server._session for part in both]


def limit_requests(client: ClientAPI, seconds: float) -> None:
    """Set how many seconds one request to a server may take. By default Chroma waits for ever."""
    for session in _sessions(client):
        session.timeout = httpx.Timeout(seconds, connect=_CONNECT_TIMEOUT)


class NodeCollection:
    """The nodes of one generation. Scores are cosine similarities (1 - distance): higher is better."""

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
        """Open a collection, or create it with the index configured by `create`.

        With `owned`, `close` also closes the client. Requests have from `batch` to nearly twice as many rows.
        """
        self._client, self._place, self._owned, self._batch = client, place, owned, batch
        try:
            with chroma_errors(place):
                if create:
                    self._collection = client.create_collection(name, configuration=create, embedding_function=None)
                else:
                    self._collection = client.get_collection(name, embedding_function=None)
            # On every upsert Chroma's client would build the embedding function named in the stored schema, including
            # code of its own that a model brings, no matter who wrote the schema. None is needed, so the schema is
            # cleared.
            self._collection._model["serialized_schema"] = self._collection._model["configuration_json"] = None
        except StoreError:
            self.close()
            raise

    def count(self) -> int:
        """Return the number of nodes."""
        with chroma_errors(self._place):
            return self._collection.count()

    def upsert(self, nodes: Sequence[Row | TextNode]) -> None:
        """Write nodes with their embeddings and flat metadata. A node whose id exists is replaced.

        The batches are even: Chroma writes its index every 1,000 rows, and would index the rows of a smaller last batch
        again whenever it is opened.
        """
        for batch in batches(nodes, self._batch):
            self.put(batch)

    def put(self, batch: Batch) -> None:
        """Write one batch in one request."""
        ids, vectors, metadata = batch
        with chroma_errors(self._place):
            self._collection.upsert(ids=ids, embeddings=vectors, metadatas=metadata)  # type: ignore[arg-type]

    def delete(self, ids: Sequence[str]) -> None:
        """Remove nodes by id. Unknown ids are ignored."""
        for start in range(0, len(ids), self._batch):
            with chroma_errors(self._place):
                self._collection.delete(ids=list(ids[start : start + self._batch]))

    def query(self, vector: Vectors, k: int, ids: Sequence[str] | None = None) -> list[tuple[str, float]]:
        """Return the ids and scores of the `k` nearest nodes, best first. With `ids`, search only among those."""
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
        """Return the stored vectors of ids. Unknown ids are left out."""
        found: dict[str, Vectors] = {}
        for start in range(0, len(ids), self._batch):
            with chroma_errors(self._place):
                got = self._collection.get(ids=list(ids[start : start + self._batch]), include=["embeddings"])
            if got["embeddings"] is not None and len(got["ids"]):
                found.update(zip(got["ids"], np.asarray(got["embeddings"], dtype=np.float32), strict=True))
        return found

    def rows(self, ids: Sequence[str]) -> Vectors:
        """Return the stored vectors of at least one id, one row each. Raises StoreCorruptError if one is missing."""
        stored = self.embeddings(ids)
        if lacking := [node_id for node_id in ids if node_id not in stored]:
            raise StoreCorruptError(f"The vectors at {self._place} lack {lacking[0]}. {anew(self._place)}")
        return np.stack([stored[node_id] for node_id in ids])

    def verify(self, expected: int, sample: Sequence[str]) -> None:
        """Check the number of nodes, and that searches for a sample of vectors find them. Raises StoreCorruptError.

        The search is approximate, so a quarter of the sample may be missed: of 25,000 intact vectors, 1 in 2,000 was
        not found by its own vector; in a damaged index, half or all.
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
                f"The vectors at {self._place} do not find {missed[0]} by its own vector, "
                f"nor {len(missed) - 1} more of {len(asked)}. {anew(self._place)}"
            )

    def _finds(self, vector: Vectors) -> bool:
        return any(score > 0.999 for _, score in self.query(vector, 1))

    def close(self) -> None:
        """Close the client, if owned. An embedded Chroma then releases its files."""
        if self._owned:
            self._client.close()  # type: ignore[attr-defined]
