"""The authors of papers: whom a name means, exactly, and what they wrote.

One sorted table of hashes leads to the names, and no dictionary holds them again: of 200,000 papers with eight authors
each, dictionaries took more memory than the papers.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Collection, Hashable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import chain, compress
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.corpus.papers import Paper
from rag.language.terms import fold

_PART, _LATIN = re.compile(r"[a-z가-힣]+"), re.compile(r"[a-z]+")
_INITIAL = re.compile(r"(?<![^\W\d_])[^\W\d_](?![^\W\d_])")  # a letter that stands alone
_INITIALS = 2  # that a name may have and be asked for without
_NO_LETTERS = {code: None for code in range(128) if not ("a" <= chr(code) <= "z" or chr(code) == "\n")}


def name_key(name: str) -> tuple[str, ...]:
    """Return the parts of a person's name, folded, as a sorted set: order, case, accents and commas do not count.

    >>> name_key("Guédon, Antoine") == name_key("antoine guedon")
    True
    """
    return tuple(sorted(_PART.findall(fold(name))))


def _ordered(name: str) -> tuple[str, ...]:
    """The parts of a name, folded, in order: "Li Dong" is not "Dong Li"; "Dong, Li" is "Li Dong"."""
    last, comma, first = fold(name).partition(",")
    return tuple(_PART.findall(f"{first} {last}" if comma else last))


def _without_initials(parts: tuple[str, ...]) -> tuple[str, ...]:
    """The parts of a name but single letters, if at least two are left: "Quoc V. Le" is "Quoc Le"."""
    whole = tuple(part for part in parts if len(part) > 1)
    return whole if len(whole) > 1 else parts


def _letters(name: str) -> tuple[str, str]:
    """All its letters, as a way to a name that is no key of one: "Xiao-Yan" is written "Xiaoyan" too."""
    return "", "".join(_LATIN.findall(fold(name)))


def _fits(asked: tuple[str, ...], parts: tuple[str, ...]) -> bool:
    """Whether each asked part is a part of the name, whole or (a single letter) as an initial."""
    rest = list(parts)
    for part in sorted(asked, key=len, reverse=True):
        match = next((p for p in rest if p == part or (len(part) == 1 and p.startswith(part))), None)
        if match is None:
            return False
        rest.remove(match)
    return any(len(part) > 1 for part in asked)


class _Index(NamedTuple):
    """Where each person is first among all names, which person stands at each, and where a way to a name leads."""

    firsts: NDArray[np.int64]
    persons: NDArray[np.int32]
    hashes: NDArray[np.int64]
    places: NDArray[np.int32]


class Authors:
    """The authors of some papers, in the order of these. Two spellings of one key are one person.

    A name with an initial and the same name without are one person too, unless it stands with several initials.
    """

    def __init__(self, papers: Sequence[Paper]) -> None:
        self._papers = papers
        self._starts = np.cumsum([0, *(len(paper.authors) for paper in papers)])

    @cached_property
    def _shorter(self) -> dict[tuple[str, ...], tuple[str, ...]]:
        """The keys of names with initials, each with its key without them, where no other initials go with that."""
        held: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
        for name in self._every():
            if _INITIAL.search(name) and (short := _without_initials(key := name_key(name))) != key:
                held.setdefault(short, set()).add(key)
        return {key: short for short, keys in held.items() if len(keys) == 1 for key in keys}

    def _key(self, name: str) -> tuple[str, ...]:
        key = name_key(name)
        return self._shorter.get(key, key)

    @cached_property
    def _index(self) -> _Index:
        keys, hashes, places = array("q"), array("q"), array("i")

        @lru_cache(maxsize=1 << 15)  # who writes again does so soon
        def known(name: str) -> tuple[int, list[int]]:
            key = self._key(name)
            return hash(key), [hash(way) for way in {key, *name_key(name), _letters(name)}]

        for place, name in enumerate(self._every()):
            person, ways = known(name)
            keys.append(person)
            hashes.extend(ways)
            places.extend([place] * len(ways))
        _, firsts, persons = np.unique(np.asarray(keys), return_index=True, return_inverse=True)
        order = np.argsort(np.asarray(hashes), kind="stable")
        return _Index(firsts, persons.astype(np.int32), np.asarray(hashes)[order], np.asarray(places)[order])

    @cached_property
    def _spelled(self) -> str:
        """The letters of every name, folded, a line each."""
        plain = [name for name in self._every() if name.isascii()]
        others = {fold(name) for name in self._every() if not name.isascii()}
        lines = [part for name in others for part in ("".join(_PART.findall(name)), *_letters(name))]
        return "\n".join(["", "\n".join(plain).lower().translate(_NO_LETTERS), *lines, ""])

    def _may_hold(self, name: str) -> bool:
        """Whether some author's name has the letters of a name and each of its parts, told before the index is made."""
        if "_index" in self.__dict__:  # it is quicker still
            return True
        folded = fold(name)
        parts = _LATIN.findall(folded) or _PART.findall(folded)
        if not parts:
            return True
        rarest, letters, at = max(parts, key=len), sum(map(len, parts)), -1
        while (at := self._spelled.find(rarest, at + 1)) >= 0:
            start, end = self._spelled.rfind("\n", 0, at) + 1, self._spelled.find("\n", at)
            if letters <= end - start <= letters + _INITIALS and all(
                part in self._spelled[start:end] for part in parts
            ):
                return True
        return False

    def ready(self) -> None:
        """Make the index, which a first question for a person would wait for."""
        self._index  # noqa: B018 - it is kept

    def __len__(self) -> int:
        """Return how many people there are."""
        return len(self._index.firsts)

    def __iter__(self) -> Iterator[str]:
        """Yield every person once, by the spelling that comes first."""
        first = np.zeros(self._starts[-1], dtype=bool)
        first[self._index.firsts] = True
        return compress(self._every(), first.tolist())

    def _every(self) -> Iterator[str]:
        return chain.from_iterable(paper.authors for paper in self._papers)

    def _range(self, way: Hashable) -> tuple[int, int]:
        key = np.int64(hash(way))
        hashes = self._index.hashes
        return int(np.searchsorted(hashes, key, "left")), int(np.searchsorted(hashes, key, "right"))

    def _by(self, way: Hashable) -> Iterator[tuple[str, str]]:
        """Yield the papers, and the authors of them, that a key, a part of a name or its letters lead to."""
        places = self._index.places[slice(*self._range(way))]  # 64 bits of hash: not two keys' in any number of papers
        rows = np.searchsorted(self._starts, places, "right") - 1
        for row, at in zip(rows.tolist(), (places - self._starts[rows]).tolist(), strict=True):
            yield self._papers[row].arxiv_id, self._papers[row].authors[at]

    def sharing(self, part: str) -> list[str]:
        """Return the people with a part of their name (folded), in the order of the papers."""
        found: dict[tuple[str, ...], str] = {}
        for author in dict.fromkeys(author for _, author in self._by(part)):
            found.setdefault(self._key(author), author)
        return list(found.values())

    def surnamed(self, word: str) -> list[str]:
        """Return the people whose last name is a word, in the order of the papers."""
        part = "".join(_PART.findall(fold(word)))
        if "_index" not in self.__dict__ and part not in self._spelled:
            return []
        return [person for person in self.sharing(part) if _ordered(person)[-1:] == (part,)]

    def person(self, name: str) -> str | None:
        """Return the author of exactly this name (order, case, accents, commas and hyphens aside), by usual spelling."""
        if not self._may_hold(name):
            return None
        if spellings := list(dict.fromkeys(author for _, author in self._by(self._key(name)))):
            return next((spelling for spelling in spellings if _ordered(spelling) == _ordered(name)), spellings[0])
        same = next(self._by(_letters(name)), None) if "-" in name or " " in name else None
        return self.person(same[1]) if same else None

    def like(self, name: str) -> list[str]:
        """Return the authors a name may mean, most papers first: the same parts, else some."""
        key = name_key(name)
        if person := self.person(name) if key else None:
            return [person]
        whole = [part for part in key if len(part) > 1]
        if not whole:
            return []
        rarest = min(whole, key=lambda part: len(range(*self._range(part))))
        found = [author for author in self.sharing(rarest) if _fits(key, name_key(author))]
        return sorted(found, key=lambda name: (-len(self.papers(name)), name))

    def papers(self, name: str) -> tuple[str, ...]:
        """Return the papers of one author (a name as `like` gives it); order counts where it tells two people apart."""
        held = list(self._by(self._key(name)))
        order = _without_initials(_ordered(name))
        if len({_without_initials(_ordered(author)) for _, author in held}) > 1:
            held = [one for one in held if _without_initials(_ordered(one[1])) == order]
        return tuple(dict.fromkeys(arxiv_id for arxiv_id, _ in held))

    def most(
        self, rows: NDArray[np.int64], limit: int, but: Collection[str] = ()
    ) -> tuple[list[tuple[str, tuple[str, ...]]], int]:
        """Return the `limit` people, `but` some, with most of the papers in these rows, each with the ids of those papers.

        The second is how many more have as many papers as the last one.
        """
        held = np.zeros(len(self._papers), dtype=bool)
        held[rows] = True
        counts = np.bincount(self._index.persons[np.repeat(held, np.diff(self._starts))], minlength=len(self))
        inside, left_out = {self._papers[row].arxiv_id for row in rows}, {self._key(name) for name in but}
        found: list[tuple[str, tuple[str, ...]]] = []
        last = 0  # papers of the last one that is returned
        for person in np.lexsort((self._index.firsts, -counts)):  # of as many, first who stands first
            if counts[person] <= max(0, last - 1):
                break
            place = self._index.firsts[person]
            row = int(np.searchsorted(self._starts, place, "right")) - 1
            key = self._key(self._papers[row].authors[place - self._starts[row]])
            if key in left_out:
                continue
            spellings = reversed([author for _, author in self._by(key)])  # the first one of a person stays
            by_order = {_without_initials(_ordered(author)): author for author in spellings}
            for name in by_order.values():  # Li Dong, Dong Li
                if papers := tuple(i for i in self.papers(name) if i in inside):
                    found.append((name, papers))
            found.sort(key=lambda one: -len(one[1]))
            last = len(found[limit - 1][1]) if len(found) >= limit else 0
        return found[:limit], sum(len(papers) == last for _, papers in found[limit:])
