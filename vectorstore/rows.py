"""Rows, the batches they are written in, and the protocol of what writes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from vectorstore.bundled import Vectors

if TYPE_CHECKING:
    from llama_index.core.schema import TextNode

FOLDER_BATCH = 2_500
"""The fewest rows of a request to the Chroma of a folder, which accepts 5,461. A tenth faster than 1,000 rows."""

Batch = tuple[list[str], Vectors, list[dict[str, Any]]]
"""Rows as Chroma takes them: ids, vectors, metadata."""


@dataclass(frozen=True, slots=True)
class Row:
    """A node to store: its id, flat metadata and vector. Its text is in the manifest: Chroma would keep it four times over.

    A LlamaIndex `TextNode` with an embedding works too, but importing LlamaIndex takes a second.
    """

    node_id: str
    metadata: dict[str, Any]
    embedding: Vectors


class NodeWriter(Protocol):
    """Writes the nodes of one generation. A write may fail late: its error may be raised by a later call."""

    def upsert(self, nodes: Sequence[Row]) -> None:
        """Write nodes. A node whose id exists is replaced."""

    def delete(self, ids: Sequence[str]) -> None:
        """Remove nodes by id. Unknown ids are ignored."""

    def rows(self, ids: Sequence[str]) -> Vectors:
        """Return the stored vectors of ids, one row each, in their order."""

    def verify(self, expected: int, sample: Sequence[str]) -> None:
        """Reopen the vectors as a reader would and check them.

        Raises StoreCorruptError unless there are `expected` nodes and the nodes in `sample` can be found. Nothing
        can be written afterwards.
        """

    def close(self) -> None:
        """Release the files, even if a write is unfinished."""


def even_parts(rows: int, size: int) -> Iterator[tuple[int, int]]:
    """Split `rows` rows into parts of at least `size` rows and nearly equal length. Return where each begins and ends.

    Fewer than `size` rows make one part, and no rows make none.

    >>> list(even_parts(2600, 1000)), list(even_parts(3, 1000)), list(even_parts(0, 1000))
    ([(0, 1300), (1300, 2600)], [(0, 3)], [])
    """
    if not rows:
        return iter(())
    parts = max(1, rows // size)
    return pairwise(rows * part // parts for part in range(parts + 1))


def batches(nodes: Sequence[Row | TextNode], size: int) -> Iterator[Batch]:
    """Yield nodes in even batches of at least `size`. Fewer nodes than that make one batch."""
    for start, end in even_parts(len(nodes), size):
        part = nodes[start:end]
        yield (
            [node.node_id for node in part],
            np.asarray([node.embedding for node in part], dtype=np.float32),
            [node.metadata for node in part],
        )
