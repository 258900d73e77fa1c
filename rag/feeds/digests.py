"""Listed papers into the digest files of a folder: one file a day, and nothing written twice.

A file of ours gets the papers that it lacks, at its end; what stands in it stays. With `refresh` the votes of its
papers are written anew. A file without our mark was written by a person and is never touched.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rag.corpus.digests import parse_digest
from rag.corpus.papers import Entry
from rag.corpus.writing import digest_header, entry_text, normal_entry

SIGN = "<!-- fetched by nonmun; take this line out and the file stays as you leave it -->"
_VOTE = re.compile(r"Vote: \d+")


@dataclass(frozen=True, slots=True)
class Change:
    """What the file of a day needs: its new `text`, or None where nothing changes.

    `added` and `voted` are the papers that are new and those with new votes, `unwritable` those that are left out. A
    `foreign` file was written by a person.
    """

    path: Path
    text: str | None = None
    added: tuple[str, ...] = ()
    voted: tuple[str, ...] = ()
    unwritable: tuple[str, ...] = ()
    foreign: bool = False

    def write(self) -> None:
        """Write the file whole, if it needs to be written."""
        if self.text is None:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        part = self.path.with_name(f".{self.path.name}.{os.getpid()}.part")
        part.write_text(self.text, encoding="utf-8")
        os.replace(part, self.path)


def held_ids(path: Path, day: date) -> frozenset[str] | None:
    """Return the ids of the papers in a file of ours; none where there is no file, None where it is a person's."""
    text = _written(path)
    if text and SIGN not in text:
        return None
    return frozenset(entry.arxiv_id for entry in _entries(text, day))


def change(path: Path, day: date, entries: Iterable[Entry], votes: Mapping[str, int | None], refresh: bool) -> Change:
    """Return what the file of a day needs to hold these entries; `votes` are those of all papers of the day now."""
    text = _written(path)
    if text and SIGN not in text:
        return Change(path, foreign=True)
    known = _entries(text, day)
    ids = {entry.arxiv_id for entry in known}
    new = [entry for entry in map(normal_entry, entries) if entry.arxiv_id not in ids]
    blocks = [(entry.arxiv_id, entry_text(entry)) for entry in new]
    made = text or f"{digest_header(day)}\n\n{SIGN}\n"
    voted: tuple[str, ...] = ()
    if refresh:
        made, voted = _with_votes(made, known, votes)
    added = tuple(arxiv_id for arxiv_id, block in blocks if block)
    for _, block in blocks:
        made += f"\n{block}\n" if block else ""
    changed = bool(added or voted)
    return Change(
        path, made if changed else None, added, voted, tuple(arxiv_id for arxiv_id, block in blocks if not block)
    )


def _written(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


def _entries(text: str, day: date) -> tuple[Entry, ...]:
    return parse_digest(text.encode(), f"{day}.md", day).entries if text else ()


def _with_votes(text: str, known: Iterable[Entry], votes: Mapping[str, int | None]) -> tuple[str, tuple[str, ...]]:
    """Return the text with the votes of now, and the ids of the papers whose votes changed."""
    lines = text.split("\n")
    voted = []
    for entry in sorted(known, key=lambda entry: -entry.line):  # from the end, so that lines keep their numbers
        now = votes.get(entry.arxiv_id)
        if now is None or now == entry.votes:
            continue
        end = next((n for n in range(entry.line, len(lines)) if lines[n].startswith("#")), len(lines))
        at = next((n for n in range(entry.line, end) if _VOTE.fullmatch(lines[n].strip())), None)
        if at is None:
            lines[entry.line : entry.line] = ["", f"Vote: {now}"]
        else:
            lines[at] = f"Vote: {now}"
        voted.append(entry.arxiv_id)
    return "\n".join(lines), tuple(reversed(voted))
