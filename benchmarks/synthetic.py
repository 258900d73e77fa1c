"""Digests of papers that do not exist: bullets, titles and names of real digests, put together anew, for measuring at scale.

    python -m benchmarks.synthetic DIGESTS FOLDER PAPERS

The folder gets the real digests and then as many synthetic days as are wanted; a larger folder of the same seed holds the smaller one.
Synthetic papers have days from 1991 on and arXiv ids of forty years later, which no paper has; every day says that it is synthetic, and nothing of them belongs in a project.
What they cannot show: bullets repeat (only their titles are new), so that whole texts are new to every cache, and single bullets are not.
"""

from __future__ import annotations

import random
import shutil
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from rag.corpus.digests import find_digests, parse_digest
from rag.corpus.papers import Bullet, Entry, arxiv_url

FIRST_DAY = date(1991, 1, 1)  # the first day that a digest may be of
AHEAD = 40  # years between a day and its ids
A_DAY = 15  # papers; the real digests have 15.4
MARK = "SYNTHETIC: put together from other papers' words to measure speed; no such paper exists"
SEED = 20_261_121


class Recombiner:
    """Makes papers out of the parts of others, the same for the same seed."""

    def __init__(self, entries: list[Entry], seed: int = SEED) -> None:
        """Take the real entries, at least one of them with bullets."""
        self._random = random.Random(seed)
        self._models = [entry for entry in entries if entry.bullets]
        self._of_section: dict[str, list[str]] = {}
        for entry in self._models:
            for bullet in entry.bullets:
                self._of_section.setdefault(bullet.section, []).append(bullet.text)
        parted = [entry.title.partition(": ") for entry in entries]
        self._heads = sorted({head for head, _, tail in parted if tail})
        self._tails = sorted({tail or head for head, _, tail in parted})
        names = [name.split() for entry in entries for name in entry.authors if len(name.split()) > 1]
        self._given, self._family = sorted({n[0] for n in names}), sorted({n[-1] for n in names})

    def paper(self, arxiv_id: str, day: date) -> Entry:
        """Return one more paper: the shape of a real one (labels, votes, how many bullets and authors), the parts of many."""
        pick, model = self._random.choice, self._random.choice(self._models)
        title = pick(self._tails)
        if self._heads and self._random.random() < 0.6:  # the share of real titles with a name before a colon
            title = f"{pick(self._heads)}: {title}"
        bullets = tuple(Bullet(pick(self._of_section[bullet.section]), bullet.section) for bullet in model.bullets)
        authors = tuple(f"{pick(self._given)} {pick(self._family)}" for _ in model.authors if self._given)
        return Entry(arxiv_id, title, day, model.votes, authors, False, None, model.language, bullets, 0)


def days(maker: Recombiner, count: int) -> Iterator[tuple[date, list[Entry]]]:
    """Yield synthetic days, oldest first, with `count` papers in all; ids are unique and follow the day."""
    day, number, made = FIRST_DAY, 0, 0
    while made < count:
        if day.day == 1:
            number = 0
        today = []
        for _ in range(min(A_DAY, count - made)):
            number += 1
            today.append(maker.paper(f"{(day.year + AHEAD) % 100:02d}{day:%m}.{number:05d}", day))
        made += len(today)
        yield day, today
        day += timedelta(days=1)


def render(day: date, entries: list[Entry]) -> str:
    """Return a day as the Markdown of a digest."""
    parts = [f"## Daily Papers ({day})\n\n<!-- {MARK} -->"]
    for entry in entries:
        bullets = "\n".join(f"- ***{b.section}***: {b.text}" if b.section else f"- {b.text}" for b in entry.bullets)
        votes = f"Vote: {'-' if entry.votes is None else entry.votes}"
        authors = f"Authors: {', '.join(entry.authors)}"
        parts.append(f"### [{entry.title}]({arxiv_url(entry.arxiv_id)})\n\n{votes}\n\n{authors}\n\n{bullets}")
    return "\n\n".join(parts) + "\n"


def generate(digests: Path, folder: Path, papers: int) -> int:
    """Write a folder of digests with that many papers: the real ones first. Return how many there are; at least the real."""
    shutil.copytree(digests, folder / "real", dirs_exist_ok=True)
    entries = [e for path in find_digests(digests) for e in parse_digest(path.read_bytes(), path.as_posix()).entries]
    real = len({entry.arxiv_id for entry in entries})
    (folder / "SYNTHETIC.txt").write_text(MARK + "\n", encoding="utf-8")
    for day, made in days(Recombiner(entries), papers - real):
        path = folder / "synthetic" / f"{day:%Y}" / f"{day:%m}" / f"{day:%d}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(render(day, made), encoding="utf-8")
    return max(real, papers)


if __name__ == "__main__":
    print(generate(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])))
