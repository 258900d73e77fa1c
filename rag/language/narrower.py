"""What belongs to a wider topic though its papers do not say so: Mamba is a state space model, images are vision.

The pairs stand in `narrower.txt`, one a line: `wider | wider : narrower | narrower`. What a line with “not” says holds only
where the wider topic is excluded: who wants vision wants no list of all papers with images, who wants none wants none of them.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from rag.language.terms import glossary, squash

_EXCLUDED = "not "


@lru_cache(maxsize=1)
def _pairs() -> dict[tuple[bool, str], tuple[str, ...]]:
    found: dict[tuple[bool, str], tuple[str, ...]] = {}
    for line in Path(__file__).with_name("narrower.txt").read_text(encoding="utf-8").splitlines():
        wider, _, below = line.removeprefix(_EXCLUDED).partition(" : ")
        for one in wider.split(" | ") if below else ():
            for spelling in glossary().term(one).variants:
                found[line.startswith(_EXCLUDED), squash(spelling)] = tuple(below.split(" | "))
    return found


def narrower(topic: str, *, excluded: bool = False) -> tuple[str, ...]:
    """Return topics that belong to a wider one, by any spelling of it, or that are excluded with it; () for most.

    >>> narrower("상태 공간 모델"), narrower("videos"), narrower("videos", excluded=True)
    (('Mamba',), (), ('video',))
    """
    spellings = (topic, *glossary().term(topic).variants)
    return next((found for one in spellings if (found := _pairs().get((excluded, squash(one))))), ())
