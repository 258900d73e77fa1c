"""Which days the papers of a file are of, while its lines are read: by its headers, its path, or a note's properties."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from rag.corpus.days import FIRST_DAY, Span, read_span
from rag.corpus.fields import read_fields
from rag.corpus.report import Notes
from rag.language.text import clean, one_line

_OF_NOTE = re.compile(r"\W*(?:date|created|날짜|작성일|생성일)", re.IGNORECASE)
_YEARLIKE = re.compile(r"\d{4}-\d")
_FAR = 31  # days between a header and its path, from which one of them is likely to be a slip
_NOTE_LINES = 15  # at the top of a file, that may tell the day of a note


class Headers:
    """The days of a file so far. `path` and `span` are those of the path and of the last header."""

    def __init__(self, notes: Notes, path: Span | None, latest: date) -> None:
        self.notes, self.latest = notes, latest
        self.path = self.checked(path, 0, "the path")
        self.span: Span | None = None
        self.noted: Span | None = None  # by a line like “Created: June 11, 2024” above all papers

    def here(self) -> Span | None:
        """Return the days that the papers here are of."""
        return self.span or self.path or self.noted

    def checked(self, span: Span | None, number: int, where: str) -> Span | None:
        """Return the days, or None where no digest can be of them; a header's are reported as failed."""
        if span is None or (span.first >= FIRST_DAY and span.last <= self.latest):
            return span
        bounds = f"{FIRST_DAY} to {self.latest}"
        reason = f"the date of {where}, {span.last}, is no digest's day; write a day from {bounds}"
        (self.notes.fail if number else self.notes.warn)(number, reason)
        return None

    def set(self, span: Span | None, number: int, where: str) -> None:
        """Take the days of a header, if it has any."""
        days = self.checked(span, number, where)
        if days and self.path and abs((days.last - self.path.last).days) > _FAR:
            self.notes.warn(
                number, f"{where} says {days.last} and the path {self.path.last}; the papers count for {days.last}"
            )
        self.span = days or self.span

    def header(self, number: int, text: str) -> None:
        """Read a heading that is no paper's: perhaps it has the date."""
        span = read_span(text) if any(c.isdigit() for c in text) else None
        known = self.here()
        if span and known and span.days > known.days:
            return  # “Best of March 2024” in the digest of a day
        if span is None and _YEARLIKE.search(text):
            self.notes.warn(
                number, f"the header's date is not a calendar date: {one_line(text, 60)}; write it as 2024-06-11"
            )
        self.set(span, number, "the header")

    def note_day(self, lines: Sequence[str]) -> None:
        """Read the day that the first lines of a note tell of it, for a file that has no other date."""
        for number, line in enumerate(lines[:_NOTE_LINES], start=1):
            if line.startswith("##"):
                return
            cleaned = clean(line)
            for said in read_fields(cleaned) if _OF_NOTE.match(cleaned) else []:
                if said.kind == "day" and self.noted is None:
                    self.noted = self.checked(read_span(said.value), number, "the note")
