"""Every error a person can meet, as one tree. `rag.errors` adds the branches that concern digests and questions.

NonmunError                    a sentence for a person: what failed, with the value, and what to do next
├── StoreError                 the store cannot be read or written
│   ├── StoreBusyError         another ingest holds the lock
│   ├── StoreCorruptError      a generation fails its checks
│   ├── StoreMismatchError     built by another embedder or another layout; a rebuild is needed
│   └── StoreUnreachableError  the Chroma server does not answer
├── EmbedderError              the embedder cannot be loaded or called
└── (rag.errors) SettingsError, DigestError, QuestionError, EvaluationError, ModelError
"""

from __future__ import annotations

import shlex


class NonmunError(Exception):
    """The base of all: its message is shown to the person as it stands; `kind` is what the page says in its own words."""

    kind = "store"


class StoreError(NonmunError):
    """The store cannot be read or written."""


class StoreBusyError(StoreError):
    """Another ingest is writing this store."""


class StoreCorruptError(StoreError):
    """A generation does not hold what its manifest says."""

    kind = "damaged"


class StoreMismatchError(StoreError):
    """The store was built by another embedder or another layout."""

    kind = "other"


class StoreUnreachableError(StoreError):
    """The Chroma server does not answer, or is not a Chroma server."""

    kind = "away"


class EmbedderError(NonmunError):
    """The embedder cannot be loaded or did not return vectors."""


def anew(place: str) -> str:
    """Return the sentence that ends a message about a broken store: what to type."""
    return f"Build it anew from the digests: nonmun ingest DIGESTS --rebuild --store {shlex.quote(place)}"
