"""Small indexes to learn from: papers of random days of a large one, indexed by themselves."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from rag.corpus.catalogue import Catalogue
from rag.corpus.manifest import node_count
from rag.evidence.membership import Membership
from rag.evidence.retriever import Retriever
from rag.index.jagged import select_rows, starts_of
from rag.index.lexical import Bags, LexicalIndex
from rag.index.passages import PassageIndex
from vectorstore.vectors import StoredVectors

SAMPLES = ((3, 5), (5, 5), (15, 3), (40, 2), (120, 1))
"""How many days a small index has, and how many such indexes there are."""

Rows = NDArray[np.int64]


def samples(retriever: Retriever) -> Iterator[tuple[Rows, Membership]]:
    """Yield the papers of each small index as rows of the large one, and its membership."""
    catalogue, vectors = retriever.catalogue, retriever.memberships.vectors
    firsts = starts_of([*map(node_count, catalogue.papers.values())])
    days = sorted({paper.dates[0] for paper in catalogue.papers.values()})
    nothing = Bags.of([])
    rng = np.random.default_rng(2)
    for count, times in SAMPLES:
        for _ in range(times):
            chosen = {days[place] for place in rng.permutation(len(days))[:count]}
            rows = np.flatnonzero([paper.dates[0] in chosen for paper in catalogue.papers.values()])
            ids = [catalogue.ids[row] for row in rows]
            lexical = LexicalIndex.build(ids, {}, nothing, PassageIndex.build([]), {}, retriever.lexical)
            papers = Catalogue({arxiv_id: catalogue.papers[arxiv_id] for arxiv_id in ids})
            own = None if vectors is None else StoredVectors(vectors[select_rows(firsts, rows)[1]])
            yield rows, Membership(papers, lexical, own)
