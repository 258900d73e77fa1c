"""All errors that are shown to a person, as one tree. `rag.errors` adds those about digests and questions.

NonmunError                    a sentence for the reader: what failed, with the value, and what to do next
├── StoreError                 the store cannot be read or written
│   ├── StoreBusyError         another ingest holds the lock
│   ├── StoreCorruptError      a generation fails its checks
│   ├── StoreMismatchError     built by another embedder or another layout; a rebuild is needed
│   └── StoreUnreachableError  the Chroma server does not answer
├── EmbedderError              the embedder cannot be loaded or called
└── (rag.errors) SettingsError, DigestError, QuestionError, EvaluationError, ModelError,
                               FeedError (ReplyError), FollowError
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass


class NonmunError(Exception):
    """The base class. Its message is shown as it is; `kind` selects the words that the page uses instead."""

    kind = "store"


class StoreError(NonmunError):
    """The store cannot be read or written."""


class StoreBusyError(StoreError):
    """Another ingest is writing this store."""


class StoreCorruptError(StoreError):
    """A generation is incomplete or damaged."""

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
    """Return the last sentence of a message about a broken store: the command that builds it again."""
    return f"Build it anew from the digests: nonmun ingest DIGESTS --rebuild --store {shlex.quote(place)}"


def not_permitted(place: str, error: PermissionError) -> StoreError:
    """Return the error for a file of a store that this user may not read."""
    return StoreError(
        f"The store {place} may not be read by this user ({error.strerror}: {error.filename}). It is not known to be "
        "damaged: give this user the right to read it, or choose another with --store."
    )


@dataclass
class OpenAIFault(Exception):
    """A failed request.

    `reason` is one word that selects the notice shown. `retry_after` is the number of seconds the server asks to wait,
    and `parameter` the name of the request parameter it refuses, if any.
    """

    reason: str
    retry_after: float = 0.0
    parameter: str = ""

    def __str__(self) -> str:
        return self.reason
