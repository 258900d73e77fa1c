"""The bundled static Korean-English embedding model. It needs no network, no GPU and no LlamaIndex."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vectorstore.errors import EmbedderError

Vectors = NDArray[np.float32]
MODEL_FOLDER = Path(__file__).parent / "model"
MAX_CHARACTERS = 20_000  # of one text; a summary has about 1,500
_FILES = ("config.json", "model.safetensors", "tokenizer.json")
_AT_ONCE = 250  # texts whose pieces are added up together
_LOADING = threading.Lock()


@dataclass(frozen=True, eq=False)
class _Static:
    """The model as it is loaded: a row for each piece, and the matrix that shortens the vectors of whole texts."""

    tokenizer: Any
    table: NDArray[np.int8]
    axes: Vectors

    def means(self, texts: Sequence[str]) -> Vectors:
        """Return the mean of the vectors of each text's pieces, of unit length; zero for a text without a known piece."""
        found = _known_pieces(self.tokenizer, texts)
        rows = np.zeros((len(found), self.table.shape[1]), dtype=np.float32)
        by_length: dict[int, list[int]] = {}
        for place, ids in enumerate(found):
            by_length.setdefault(len(ids), []).append(place)
        for length, places in by_length.items():  # texts with as many pieces make one array
            for some in (places[at : at + _AT_ONCE] for at in range(0, len(places), _AT_ONCE)) if length else ():
                held = self.table[[found[place] for place in some]]
                rows[some] = held.sum(axis=1, dtype=np.int32) / length
        unit: Vectors = rows / (np.linalg.norm(rows, axis=1, keepdims=True) + np.float32(1e-32))
        return unit

    def shortened(self, vectors: Vectors) -> Vectors:
        """Return vectors of texts with fewer numbers, of unit length or zero."""
        return _unit((vectors[:, None] @ self.axes)[:, 0])  # row by row: the same alone and in a batch


def _static_model(folder: Path, fingerprint: str) -> _Static:
    with _LOADING:  # only one thread loads it
        return _loaded(folder, fingerprint)


@lru_cache(maxsize=2)
def _loaded(folder: Path, fingerprint: str) -> _Static:
    """Load the model.

    Raises EmbedderError unless the files have the given fingerprint: other vectors would be stored under a wrong name.
    """
    from safetensors.numpy import load_file

    try:
        arrays = load_file(folder / "model.safetensors")
        model = _Static(_tokenizer(folder), arrays["embeddings"], arrays["axes"].astype(np.float32))
    except Exception as error:
        raise EmbedderError(
            f"The bundled model in {folder} cannot be loaded ({type(error).__name__}). "
            "Install the package again, or set NONMUN_EMBEDDER to another embedder."
        ) from error
    if _fingerprint_of_files(folder) != fingerprint:
        raise EmbedderError(f"The files of the bundled model in {folder} changed while it was loaded. Run this again.")
    return model


def _tokenizer(folder: Path) -> Any:
    path = folder / "tokenizer.json"
    return _tokenizer_of(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _tokenizer_of(path: Path, changed: int) -> Any:
    """Load a tokenizer alone, which takes a tenth of the time that the vectors take."""
    from tokenizers import Tokenizer

    return Tokenizer.from_file(str(path))


def _known_pieces(tokenizer: Any, texts: Sequence[str]) -> list[list[int]]:
    found = tokenizer.encode_batch_fast(_plain(texts), add_special_tokens=False)
    return [[piece for piece in one.ids if piece] for one in found]


def pieces(texts: Sequence[str]) -> list[list[int]]:
    """Split each text into its known pieces, as row numbers of `BundledModel.piece_vectors`. A text may have none.

    Loads no vectors. Raises EmbedderError where the tokenizer cannot be read.
    """
    try:
        with _LOADING:
            tokenizer = _tokenizer(MODEL_FOLDER)
    except Exception as error:
        raise EmbedderError(
            f"The bundled model's tokenizer.json cannot be read ({type(error).__name__}). Install the package again."
        ) from error
    return _known_pieces(tokenizer, texts)


@dataclass(frozen=True)
class BundledModel:
    """The bundled model, identified by the fingerprint of its files. It is loaded on first use."""

    fingerprint: str = field(default_factory=lambda: _fingerprint_of_files(MODEL_FOLDER))

    def pieces(self, texts: Sequence[str]) -> list[list[int]]:
        """Split each text into its known pieces, as row numbers of `piece_vectors`. A text may have none."""
        return pieces(texts)

    def piece_vectors(self) -> NDArray[Any]:
        """Return the vectors of all pieces, one row each, not normalised. Row 0, for unknown pieces, is zero."""
        table: NDArray[Any] = _static_model(MODEL_FOLDER, self.fingerprint).table
        return table

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Embed texts: one row each, of unit length, or zero for a text without a known piece.

        The rows are shorter than those of pieces. They keep the axes along which texts differ most, which gives the
        same ranking in two fifths of the memory.
        """
        model = _static_model(MODEL_FOLDER, self.fingerprint)
        return model.shortened(model.means(texts))

    def shorten(self, sums: Vectors) -> Vectors:
        """Return what `encode` makes of texts whose piece vectors add up to these rows; float32, unit length or zero."""
        return _static_model(MODEL_FOLDER, self.fingerprint).shortened(sums)


def bundled() -> BundledModel:
    """Return the bundled model. To tell which it is takes reading its files, 10 MB: once is enough while they stay."""
    try:
        return _bundled(MODEL_FOLDER, tuple((MODEL_FOLDER / name).stat().st_mtime_ns for name in _FILES))
    except OSError:
        return BundledModel()  # which says what is missing


@lru_cache(maxsize=1)
def _bundled(folder: Path, changed: tuple[int, ...]) -> BundledModel:
    return BundledModel()


def _unit(vectors: Vectors) -> Vectors:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = np.divide(vectors, norms, out=np.zeros_like(vectors), where=norms > 0)
    return unit


def _plain(texts: Sequence[str]) -> list[str]:
    """Cut texts to MAX_CHARACTERS, and replace lone surrogates, which the tokenizer refuses."""
    return [text[:MAX_CHARACTERS].encode("utf-8", "replace").decode() for text in texts]


def _fingerprint_of_files(folder: Path) -> str:
    digest = hashlib.sha256()
    for name in _FILES:
        try:
            digest.update((folder / name).read_bytes())
        except OSError as error:
            raise EmbedderError(
                f"The bundled model is not whole: {folder.name}/{name} cannot be read ({error.strerror}). "
                "Install the package again, or set NONMUN_EMBEDDER to another embedder."
            ) from error
    return digest.hexdigest()[:16]
