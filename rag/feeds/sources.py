"""Which source a word names: huggingface, arxiv, or the address of a feed."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from rag.errors import SettingsError
from rag.feeds.address import FeedAt
from rag.feeds.arxiv import Arxiv
from rag.feeds.client import FeedClient
from rag.feeds.huggingface import HuggingFace
from rag.feeds.listed import Source
from rag.settings import Address, Settings, cache_folder, masked_url
from vectorstore.cache import TextCache

_HUGGING_FACE = ("huggingface", "hf")
KNOWN = "huggingface, arxiv (arxiv:cs.CL,cs.LG) or the address of an RSS or Atom feed (https://…)"


def client_of(settings: Settings) -> FeedClient:
    """Return a client with the pace and the patience of the settings, and with the cache on disk."""
    return FeedClient(settings.fetch_pause, settings.fetch_timeout, TextCache(cache_folder() / "feeds.sqlite"))


def address_of(text: str, settings: Settings) -> Address:
    """Return where the requests of a source go."""
    if text in _HUGGING_FACE:
        return settings.fetch_huggingface
    return settings.fetch_arxiv if text.partition(":")[0] == "arxiv" else Address(text)


def source_of(
    text: str, client: FeedClient, settings: Settings, categories: Sequence[str] = (), query: str = ""
) -> Source:
    """Return the source that a text names.

    Raises SettingsError for a text that names none, and for what a source does not take.
    """
    name, _, asked = text.partition(":")
    if name == "arxiv":
        named = [part.strip() for part in asked.split(",") if part.strip()]
        return Arxiv(client, address_of(text, settings).reveal(), [*named, *categories], query)
    if categories or query:
        raise SettingsError("--categories and --query are for arxiv alone; the other sources are fetched whole.")
    if text in _HUGGING_FACE:
        return HuggingFace(client, address_of(text, settings).reveal())
    if "://" in text:
        return FeedAt(client, _checked(text))
    raise SettingsError(f"“{text}” is not a source. Give {KNOWN}.")


def _checked(address: str) -> str:
    try:
        url = urlsplit(address.strip())
        sound = url.scheme in ("https", "http") and bool(url.hostname) and url.port != 0
    except ValueError:
        sound = False
    if not sound:
        raise SettingsError(
            f"“{masked_url(address)}” is not the address of a feed. Write it like https://rss.arxiv.org/rss/cs.CL."
        )
    return address.strip()
