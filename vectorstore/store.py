"""Opening a store by its location."""

from __future__ import annotations

from pathlib import Path

from vectorstore.folder import FolderStore
from vectorstore.generations import NO_CREDENTIALS, Access, Store


def open_store(location: str, cache: Path, access: Access = NO_CREDENTIALS) -> Store:
    """Open the store at a location: a folder, or the URL of a Chroma server (`http(s)://host:port`).

    Does not connect yet. For a server, `cache` is the folder on this machine where derived files are kept, and `access`
    the credentials.
    """
    if location.startswith(("http://", "https://")):
        from vectorstore.server import ServerStore  # imports Chroma, for half a second

        return ServerStore(location.rstrip("/"), cache, access)
    return FolderStore(Path(location))
