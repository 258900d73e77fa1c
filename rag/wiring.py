"""Build the store and the embedder from the settings."""

from __future__ import annotations

from rag.settings import Settings, cache_folder
from vectorstore.embedders import Embedding, load_embedding
from vectorstore.generations import Access, Store
from vectorstore.store import open_store


def embedder(settings: Settings) -> Embedding:
    """Load the embedder of the settings."""
    return load_embedding(settings.embedder, settings.openai_api_key.reveal(), settings.openai_base_url.reveal())


def store_of(settings: Settings) -> Store:
    """Open the store of the settings. Does not connect to a server yet."""
    access = Access(settings.chroma_api_key.reveal(), settings.chroma_tenant, settings.chroma_database)
    return open_store(settings.store, cache_folder(), access)
