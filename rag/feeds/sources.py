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
from rag.settings import Settings, masked_url

KNOWN = "huggingface, arxiv (arxiv:cs.CL,cs.LG) or the address of an RSS or Atom feed (https://…)"


def source_of(
    text: str, client: FeedClient, settings: Settings, categories: Sequence[str] = (), query: str = ""
) -> Source:
    """Return the source that a text names. Raises SettingsError for a text that names none, and for what a source does not take."""
    name, _, asked = text.partition(":")
    if name == "arxiv":
        named = [part.strip() for part in asked.split(",") if part.strip()]
        return Arxiv(client, settings.fetch_arxiv.reveal(), [*named, *categories], query)
    if categories or query:
        raise SettingsError("--categories and --query are for arxiv alone; the other sources are fetched whole.")
    if text in ("huggingface", "hf"):
        return HuggingFace(client, settings.fetch_huggingface.reveal())
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
