"""A thing that a question names, and what it names as one of several. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal


@dataclass(frozen=True, slots=True)
class Found:
    """A thing that a question names.

    `kind` tells how it is matched: a `term` exactly, a `topic` by meaning, a `person`, or `unknown` where it is written
    as a name and no paper holds it. `papers` are those that call themselves by it. `read_as` are words that
    were mended; `tagged` tells that the reader took it for a name.
    """

    text: str
    kind: Literal["term", "topic", "person", "unknown"]
    papers: tuple[str, ...] = ()
    start: int = 0
    read_as: tuple[tuple[str, str], ...] = ()
    tagged: bool = False


_OR = re.compile(r"(?:이나|나|또는|혹은|\bor\b|아니면| ?/ ?)")


def alternatives(text: str, found: Sequence[Found]) -> list[Found]:
    """Join neighbours that "or" stands between into one: a topic of either, or a term of either."""
    made: list[Found] = []
    for one in found:
        last = made[-1] if made else None
        between = text[last.start : one.start] if last else ""
        behind = between[len(last.text) :] if last and between.startswith(last.text) else ""
        kinds = {last.kind, one.kind} if last else set()
        if last and kinds <= {"topic", "term"} and len(behind) < 12 and _OR.search(behind):
            joined = f"{last.text} 또는 {one.text}" if re.search("[가-힣]", behind) else f"{last.text} or {one.text}"
            kind = last.kind if len(kinds) == 1 else "topic"
            made[-1] = replace(last, kind=kind, text=joined, papers=(), start=one.start - len(joined) + len(one.text))
        else:
            made.append(one)
    return made
