"""Patterns that are compiled when they are first used.

A question needs a third of all patterns, and compiling all of them takes a quarter of a second.
"""

from __future__ import annotations

import re
from typing import Any, cast

_HANGUL = "[가-힣]"  # has no case, but compiling goes through its 11,172 letters for both cases


class Lazy:
    """Stands for a pattern until one of its attributes is asked for, and keeps each attribute from then on."""

    def __init__(self, text: str, flags: int) -> None:
        self._made: re.Pattern[str] | None = None
        self._source = text.replace(_HANGUL, f"(?-i:{_HANGUL})") if flags & re.IGNORECASE else text, flags

    def __getattr__(self, name: str) -> Any:
        if self._made is None:
            self._made = re.compile(*self._source)
        value = getattr(self._made, name)
        setattr(self, name, value)
        return value


_ALL: list[Lazy] = []


def lazy(text: str, flags: int = 0) -> re.Pattern[str]:
    """Return a pattern of a module, compiled when it is first used. Hangul is matched as it stands whatever the flags.

    >>> lazy("맘바|mamba", re.IGNORECASE).findall("Mamba와 맘바")
    ['Mamba', '맘바']
    """
    made = Lazy(text, flags)
    _ALL.append(made)
    return cast("re.Pattern[str]", made)


def ready() -> None:
    """Compile all patterns made so far."""
    for one in _ALL:
        _ = one.pattern
