"""The words of `words.yaml`: which relation, order, number and exclusion they speak of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from rag.errors import SettingsError

WORDS = Path(__file__).with_name("words.yaml")


@dataclass(frozen=True)
class WordList:
    """Words, and beginnings of words where the file writes a star."""

    whole: frozenset[str]
    beginnings: tuple[str, ...]

    def has(self, word: str) -> bool:
        """Whether a word is one of the list, whatever its case."""
        low = word.lower()
        return low in self.whole or low.startswith(self.beginnings)

    def any_of(self, words: Iterable[str]) -> bool:
        """Whether one of some words is of the list."""
        return any(map(self.has, words))


@dataclass(frozen=True)
class Words:
    """The lists of the file."""

    relations: Mapping[str, WordList]
    orders: Mapping[str, WordList]
    superlatives: WordList
    several: WordList
    single: WordList
    without: WordList
    writers: WordList
    titles: WordList
    lately: WordList
    variants: WordList
    asking: WordList
    recommend: WordList
    tails: WordList
    voted: WordList
    first: WordList
    newer: WordList
    trends: WordList
    authored: WordList
    persons: WordList
    everything: WordList
    research: WordList
    field: WordList
    papers: WordList
    thanks: WordList
    sorted: WordList
    summary: WordList
    more: WordList
    pair: WordList
    combined: WordList
    companions: WordList
    languages: WordList
    tasks: WordList
    media: WordList
    measuring: WordList
    abilities: WordList

    def relation(self, words: Sequence[str]) -> str:
        """Return the relation that words speak of: use, mention, propose, or none.

        That something is better is said by too many words to be told by them alone; they only speak for the network here.
        """
        told = (name for name, listed in self.relations.items() if name != "beat" and listed.any_of(words))
        return next(told, "none")

    def order(self, words: Sequence[str]) -> str:
        """Return the order that words speak of, such as "date asc"; "none" where they speak of none."""
        return next((name for name, listed in self.orders.items() if listed.any_of(words)), "none")

    def wants_one(self, words: Sequence[str]) -> bool:
        """Whether a ranking asks for its first paper alone: a word for one, or a superlative and no word for several."""
        return self.single.any_of(words) or (self.superlatives.any_of(words) and not self.several.any_of(words))


def _listed(words: Sequence[str]) -> WordList:
    whole = frozenset(str(word).lower() for word in words if not str(word).endswith("*"))
    beginnings = tuple(str(word)[:-1].lower() for word in words if str(word).endswith("*"))
    return WordList(whole, beginnings)


_LISTS = (
    "superlatives",
    "several",
    "single",
    "without",
    "writers",
    "titles",
    "lately",
    "variants",
    "asking",
    "recommend",
    "tails",
    "voted",
    "first",
    "newer",
    "trends",
    "authored",
    "persons",
    "everything",
    "research",
    "field",
    "papers",
    "thanks",
    "sorted",
    "summary",
    "more",
    "pair",
    "combined",
    "companions",
    "languages",
    "tasks",
    "media",
    "measuring",
    "abilities",
)


@lru_cache(maxsize=1)
def words() -> Words:
    """Return the product's words. Raises SettingsError with what is wrong with the file."""
    try:
        data = yaml.load(WORDS.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        return Words(
            {name: _listed(listed) for name, listed in data["relations"].items()},
            {name: _listed(listed) for name, listed in data["orders"].items()},
            **{name: _listed(data[name]) for name in _LISTS},
        )
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise SettingsError(f"The words of {WORDS.name} cannot be read: {error}") from error
