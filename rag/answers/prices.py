"""What tokens cost: the price table `prices.yaml`, which carries its date. A model it does not name has no known price."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import yaml


@lru_cache(maxsize=1)
def _table() -> tuple[str, dict[str, list[float]]]:
    read = yaml.safe_load((Path(__file__).parent / "prices.yaml").read_text(encoding="utf-8"))
    return str(read["as_of"]), read["models"]


def as_of() -> str:
    """Return the day the prices are of."""
    return _table()[0]


def _elsewhere(base_url: str) -> bool:
    return bool(base_url) and "api.openai.com" not in base_url


def unknown(model: str, base_url: str) -> str:
    """Say why the price of a model is not known."""
    why = "only OpenAI's own prices are listed" if _elsewhere(base_url) else f"{model} is not in the list of {as_of()}"
    return f"price unknown: {why}"


def cost(model: str, base_url: str, tokens_in: int, tokens_out: int = 0) -> float | None:
    """Return US dollars, or None where the price is not known: another server than OpenAI's, or a model not listed.

    A dated name (gpt-4.1-mini-2025-04-14) costs what its plain name does.
    """
    if _elsewhere(base_url):
        return None
    row = _table()[1].get(re.sub(r"-\d{4}-\d{2}-\d{2}$", "", model))
    return None if row is None else (tokens_in * row[0] + tokens_out * row[1]) / 1e6
