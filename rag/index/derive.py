"""The files that a machine makes of a generation which another machine wrote to a server: words, and vectors.

With the vectors, a server ranks as the folder of the machine that ingested does.
"""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rag.corpus.manifest import node_count, paper_nodes
from rag.corpus.papers import Paper
from rag.index.build import write_lexical
from rag.index.progress import no_progress
from vectorstore.bundled import bundled
from vectorstore.embedders import Embedding
from vectorstore.generations import MANIFEST, Store
from vectorstore.vectors import FILE, open_vectors, write_vectors

_AT_ONCE = 500  # papers whose texts are embedded at once
_LEXICAL = "lexical"


def derived(store: Store, name: str, papers: Sequence[Paper], embedding: Embedding) -> Path:
    """Return the folder of a generation with all its files, after making those that this machine lacks.

    Vectors of another embedder than the bundled one are left on the server: nothing but speed depends on them here.
    Where the folder cannot be written, the files are made in a temporary folder, each time anew.
    """
    folder = store.folder(name)
    if (folder / MANIFEST).is_file():  # a store in a folder: nothing is lacking, or else `check` has said so
        return folder
    own = embedding.fingerprint == f"bundled:{bundled().fingerprint}"
    rows = sum(map(node_count, papers))
    parts = [_LEXICAL] if not (folder / _LEXICAL).is_dir() else []
    parts += [FILE] if own and rows and open_vectors(folder, rows) is None else []
    if not parts:
        return folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".derived-", dir=folder) as aside:
            _make(papers, embedding, Path(aside), parts)
            for part in parts:
                _move(Path(aside) / part, folder / part)
    except OSError as error:
        logging.getLogger("nonmun").warning(
            "%s cannot be written (%s), so the index of %s is made anew at every start. Set XDG_CACHE_HOME.",
            folder, error.strerror or error, store.place,
        )  # fmt: skip
        folder = Path(tempfile.mkdtemp(prefix="nonmun-"))
        _make(papers, embedding, folder, [_LEXICAL, *([FILE] if own and rows else [])])
    return folder


def _move(source: Path, target: Path) -> None:
    """Move a file or a folder into its place, whole. A folder that another process made meanwhile stays."""
    try:
        os.replace(source, target)
    except OSError:
        if not target.is_dir():
            raise


def _make(papers: Sequence[Paper], embedding: Embedding, folder: Path, parts: Sequence[str]) -> None:
    """Make some files of a generation in a folder."""
    if _LEXICAL in parts:
        write_lexical(papers, folder, no_progress)
    if FILE not in parts:
        return
    at = 0
    with write_vectors(folder, sum(map(node_count, papers))) as out:
        for start in range(0, len(papers), _AT_ONCE):
            texts = [node.text for paper in papers[start : start + _AT_ONCE] for node in paper_nodes(paper)]
            out.put(np.arange(at, at + len(texts)), embedding.texts(texts))  # exact; Chroma rounds what it stores
            at += len(texts)
