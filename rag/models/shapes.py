"""What a model is asked to reply with, and how a reply is read. Sends nothing and imports no client."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

_READ = 20_000  # characters of a reply that are read
_THOUGHTS = re.compile(r"^.*</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"')

T = TypeVar("T")


@dataclass(frozen=True)
class Shape:
    """What a reply has to be: a name, its JSON schema, and the same in words for a server that takes no schema."""

    name: str
    schema: Mapping[str, Any]
    words: str


@dataclass
class Spent:
    """What the calls of one question took; `estimated` tells that the server did not say all of it."""

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    estimated: bool = False


class ShapeError(ValueError):
    """A reply is not of the shape asked for. Its text tells the model what is wrong."""


class Ask(Protocol):
    """Asks a model for a reply of a shape, as `structured.Structured.ask` does."""

    def __call__(
        self, system: str, user: str, shape: Shape, check: Callable[[Any], T], seconds: float, spent: Spent
    ) -> T:
        """Return a checked reply. Raises OpenAIFault."""


def data(value: object) -> str:
    """Write a value as one line of JSON that can close no fence."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c").replace(">", "\\u003e")


def last_object(text: str) -> Any:
    """Return the last whole JSON object of a reply, whatever stands around it; thoughts before it are passed over.

    Raises ShapeError where there is none, or where the reply is cut: nothing is mended.

    >>> last_object('<think>{"a": 0}</think>Here it is: {"a": {"b": 1}} Anything else?')
    {'a': {'b': 1}}
    """
    text = _THOUGHTS.sub("", text)[-_READ:]
    found: list[Any] = []
    at, decoder = text.find("{"), json.JSONDecoder()
    while at >= 0:
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            end = at + 1
        else:
            found.append(value)
        at = text.find("{", end)
    outside = _STRINGS.sub("", text)
    if not found or outside.count("{") > outside.count("}"):  # an inner object of one that is cut is not all of it
        raise ShapeError("The reply holds no whole JSON object.")
    return found[-1]
