"""The nodes that come nearest to a vector, by the stored vectors of all. What is known of papers of an earlier index is not looked at again."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rag.evidence.seen import Places, Seen
from rag.index.jagged import select_rows
from vectorstore.bundled import Vectors
from vectorstore.vectors import StoredVectors


def nearest_nodes(
    vectors: StoredVectors, firsts: NDArray[np.int64], vector: Vectors, most: int, seen: Seen
) -> tuple[Places, Vectors]:
    """Return the papers of the nodes nearest to a vector, nearest first, by their rows, and the score of each node.

    `firsts` are the first node of each paper, and at last the number of all. A paper may stand there more than once.
    """

    def look(rows: Places) -> Vectors:
        if len(rows) == len(firsts) - 1:
            return np.maximum.reduceat(vectors.scores(vector), firsts[:-1])[:, None]
        starts, nodes = select_rows(firsts, rows)
        return np.maximum.reduceat(vectors[nodes] @ vector, starts[:-1])[:, None]

    every = np.arange(len(firsts) - 1)
    best = seen.in_papers(every, ("nearest", vectors.is_packed, vector.tobytes()), look)[:, 0]
    papers = np.sort(np.argpartition(-best, min(most, len(best)) - 1)[:most])  # these have the nearest nodes
    starts, nodes = select_rows(firsts, papers)
    scores = np.einsum("ij,j->i", vectors[nodes], vector)  # the same to the bit, whichever papers are looked at
    order = np.lexsort((nodes, -scores))[:most]
    return papers[np.searchsorted(starts, order, "right") - 1], scores[order]
