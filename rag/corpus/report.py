"""What reading a digest gives: its entries, and every problem with its file, line and reason."""

from __future__ import annotations

from dataclasses import dataclass, field

from rag.corpus.papers import Entry

MAX_PROBLEMS = 1_000  # reported one by one for a file; the rest is counted


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read: `line` is 1-based, or 0 for the whole file."""

    file: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Digest:
    """One file as read. `sha256` is of its bytes and the parser; `entries` in file order, at most one an arXiv id and day."""

    file: str
    sha256: str
    entries: tuple[Entry, ...]
    failed: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


@dataclass
class Notes:
    """The problems of one file while it is read."""

    file: str
    failed: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    unreported: int = 0

    def fail(self, number: int, reason: str) -> None:
        """Note something that costs a paper or a part of one."""
        self._note(self.failed, number, reason)

    def warn(self, number: int, reason: str) -> None:
        """Note something that a person may want to mend."""
        self._note(self.warnings, number, reason)

    def digest(self, sha256: str, entries: tuple[Entry, ...]) -> Digest:
        """Return the file as read."""
        if self.unreported:
            self.warnings.append(Problem(self.file, 0, f"{self.unreported:,} more problems of this file are not named"))
        return Digest(self.file, sha256, entries, tuple(self.failed), tuple(self.warnings))

    def _note(self, problems: list[Problem], number: int, reason: str) -> None:
        if len(problems) < MAX_PROBLEMS:
            problems.append(Problem(self.file, number, reason))
        else:
            self.unreported += 1
