"""One place for what commands, the page and other programs do with saved questions: follow, tell, mark, forget.

Each call opens the book and closes it again, so that several threads and processes may call at once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from rag.following.book import Book, Saved, Standing, book_path
from rag.following.news import Look, News, checked, look, mark, news, unseen
from rag.pipeline import Pipeline
from rag.readers import today


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many papers of a saved question were not told yet."""

    saved: Saved
    papers: int


class Desk:
    """The saved questions over one pipeline. Every method raises FollowError where the book cannot be used."""

    def __init__(self, pipeline: Pipeline) -> None:
        """Take the pipeline; its settings say where the book lies."""
        self.pipeline, self.path = pipeline, book_path(pipeline.settings)
        self._counting = threading.Lock()
        self._counted: tuple[object, tuple[Waiting, ...]] = (None, ())

    @contextmanager
    def book(self) -> Iterator[Book]:
        """Open the book; it is made where there is none."""
        opened = Book(self.path)
        try:
            yield opened
        finally:
            opened.close()

    def all(self) -> list[Saved]:
        """Return the saved questions by name; none makes no book."""
        if not self.path.is_file():
            return []
        with self.book() as book:
            return book.all()

    def follow(self, saved: Saved, *, tell_all: bool = False) -> Look:
        """Save a question. What fits it now counts as told, unless all of it is to be told too."""
        with self.book() as book:
            found = checked(saved, self.pipeline, book.standing())
            with book.changing():
                book.add(saved, today())
                if not tell_all:
                    ids = [paper.arxiv_id for paper in found.fits]
                    book.mark([(saved.name, ids)], found.opened.catalogue.ids, today())
        return found

    def forget(self, name: str) -> None:
        """Forget a question and what it told."""
        with self.book() as book, book.changing():
            book.remove(name)

    def told(
        self,
        names: Sequence[str] = (),
        since: date | None = None,
        *,
        write: Callable[[list[News]], None] | None = None,
        seen: bool = False,
    ) -> list[News]:
        """Return the news of some saved questions, or of all. `write` is called before they are marked as `seen`.

        While one process writes and marks, no other does: each paper is told by one of them.
        """
        with self.book() as book:
            asked = [book.get(name) for name in dict.fromkeys(names)] or book.all()
            standing, opened = book.standing(), self.pipeline.snapshot()
            found = [look(saved, self.pipeline, standing, opened) for saved in asked]  # before the book is held
            with book.changing():
                made = [news(one, book, since) for one in found]
                if write is not None:
                    write(made)
                if seen:  # after they were written: what nobody could read is told again
                    mark(made, book, opened, today())
        return made

    def seen(self, name: str, papers: Sequence[str]) -> None:
        """Mark papers of a question as told, such as those that a page has shown."""
        with self.book() as book, book.changing():
            book.get(name)
            held = self._held()
            book.mark([(name, sorted(set(papers).intersection(held)))], held, today())

    def waiting(self) -> tuple[Waiting, ...]:
        """Return how many papers each saved question has to tell; worked out anew when the index or the book changes."""
        if not self.path.is_file():
            return ()
        with self._counting, self.book() as book:
            opened = self.pipeline.snapshot()
            key = (opened.name, book.state())
            if self._counted[0] != key:
                standing = book.standing()
                found = (look(saved, self.pipeline, standing, opened) for saved in book.all())
                self._counted = key, tuple(Waiting(one.saved, len(unseen(one, book))) for one in found)
            return self._counted[1]

    def standing(self) -> Standing:
        """Return the filters over every question."""
        if not self.path.is_file():
            return Standing()
        with self.book() as book:
            return book.standing()

    def stand(self, standing: Standing) -> None:
        """Replace the filters over every question."""
        with self.book() as book, book.changing():
            book.stand(standing)

    def _held(self) -> Sequence[str]:
        return tuple(self.pipeline.snapshot().catalogue.papers)
