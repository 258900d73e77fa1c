"""The book of saved questions: one SQLite file beside the index, which neither a rebuild nor a new index touches.

It holds each question with its filters, the papers that it announced, and which papers the index held at each look.
Several processes may use it at once; a killed one leaves it as it was before.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rag.errors import FollowError
from rag.language.text import Language
from rag.questions.plan import FigureAsked, Plan
from rag.settings import Settings

VERSION = 2
MOST = 200  # questions that one file holds
_PATIENCE = 60.0  # seconds to wait for another process
_NAME = re.compile(r"\w[\w-]{0,59}")
_SCHEMA = """
CREATE TABLE questions (
    name TEXT PRIMARY KEY, question TEXT NOT NULL, language TEXT NOT NULL, without TEXT NOT NULL, min_votes INTEGER,
    added TEXT NOT NULL, look INTEGER NOT NULL, plan TEXT);
CREATE TABLE announced (name TEXT NOT NULL, arxiv_id TEXT NOT NULL, PRIMARY KEY (name, arxiv_id)) WITHOUT ROWID;
CREATE TABLE known (arxiv_id TEXT PRIMARY KEY, look INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE looks (look INTEGER PRIMARY KEY AUTOINCREMENT, made TEXT NOT NULL);
CREATE TABLE standing (without TEXT NOT NULL, min_votes INTEGER);
"""
_SINCE_1 = (
    "ALTER TABLE questions ADD COLUMN plan TEXT",
    "CREATE TABLE standing (without TEXT NOT NULL, min_votes INTEGER)",
)


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved question. `without` is what its papers must not be about; `look` the last one whose papers are seen.

    `plan` is carried out in place of the question's own reading: the reader has edited it, or earlier questions made it.
    """

    name: str
    question: str
    language: Language
    without: tuple[str, ...] = ()
    min_votes: int | None = None
    added: str = ""
    look: int = 0
    plan: Plan | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What no saved question and no ranking of one's own ever shows: papers about this, or with fewer votes."""

    without: tuple[str, ...] = ()
    min_votes: int | None = None

    def over(self, saved: Saved) -> Saved:
        """Return a saved question within these filters too."""
        votes = [least for least in (saved.min_votes, self.min_votes) if least is not None]
        without = tuple(dict.fromkeys((*saved.without, *self.without)))
        return replace(saved, without=without, min_votes=max(votes, default=None))


def book_path(settings: Settings) -> Path:
    """Return the file of saved questions: that of the settings, else one beside the index."""
    if settings.follow:
        return Path(settings.follow).expanduser()
    if "://" in settings.store:
        server = re.sub(r"\W+", "-", urlsplit(settings.store).netloc)
        return Path(settings.feed_folder).expanduser().parent / f"{server}.follow.sqlite"
    store = Path(settings.store).expanduser().absolute()
    return store.with_name(f"{store.name}.follow.sqlite")


def name_of(question: str) -> str:
    """Return a name for a question that was given none.

    >>> name_of("KV 캐시 압축?"), name_of("Papers about C++ / Rust!")
    ('KV-캐시-압축', 'Papers-about-C-Rust')
    """
    return "-".join(re.findall(r"\w+", question))[:40].strip("-")


def plan_of(kept: dict[str, Any]) -> Plan:
    """Return a plan from `Plan.as_json`. Fields that this version does not know are left out.

    >>> plan_of(Plan("list", topics=("RAG",), date_from=date(2024, 1, 2)).as_json()).date_from
    datetime.date(2024, 1, 2)
    """
    known = {field.name for field in fields(Plan)}
    values: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in kept.items() if name in known}
    for name in ("date_from", "date_to"):
        values[name] = date.fromisoformat(values[name]) if values.get(name) else None
    figure = values.get("figure")
    return Plan(**values | {"figure": FigureAsked(**figure) if figure else None})


class Book:
    """The saved questions of one file. Raises FollowError where it cannot be used."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._errors():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
        with self.changing():
            self._prepare()
        self._known = lru_cache(maxsize=8)(self._known_before)  # what a look found is never changed

    def _prepare(self) -> None:
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            raise FollowError(
                f"{self.path} was written by a newer Nonmun (version {version}; this one knows {VERSION}). Update it."
            )
        made = {0: tuple(filter(str.strip, _SCHEMA.split(";"))), 1: _SINCE_1}.get(version, ())
        for statement in made:
            self._db.execute(statement)
        if made:
            self._db.execute(f"PRAGMA user_version={VERSION}")

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise FollowError(f"The saved questions in {self.path} cannot be used: {error}.") from error

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the book alone; changes are kept together at the end, or none of them where something fails."""
        with self._errors():
            self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            with self._errors():
                self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    # --- questions ---------------------------------------------------------------------------------------------------
    def all(self) -> list[Saved]:
        """Return every saved question by its name."""
        with self._errors():
            rows = self._db.execute(
                "SELECT name, question, language, without, min_votes, added, look, plan FROM questions ORDER BY name"
            ).fetchall()
        return [
            Saved(
                name,
                asked,
                tongue,
                tuple(json.loads(without)),
                votes,
                added,
                seen,
                plan_of(json.loads(plan)) if plan else None,
            )
            for name, asked, tongue, without, votes, added, seen, plan in rows
        ]

    def get(self, name: str) -> Saved:
        """Return a saved question. Raises FollowError where there is none of this name."""
        saved = {one.name: one for one in self.all()}
        if name not in saved:
            known = (
                f"These are: {', '.join(saved)}." if saved else "None is yet: nonmun follow add QUESTION --name NAME"
            )
            raise FollowError(f"No question is saved as “{name}”. {known}")
        return saved[name]

    def add(self, saved: Saved, today: date) -> None:
        """Save a question. Raises FollowError for a name that is taken or cannot be one."""
        if not _NAME.fullmatch(saved.name):
            raise FollowError(f"“{saved.name}” cannot be a name. Use letters, digits and hyphens, at most 60.")
        held = self.all()
        if len(held) >= MOST:
            raise FollowError(f"{MOST} questions are saved already. Forget one first: nonmun follow remove NAME")
        if any(one.name == saved.name for one in held):
            raise FollowError(
                f"A question is saved as “{saved.name}” already. Choose another --name, or forget that one: "
                f"nonmun follow remove {saved.name}"
            )
        with self._errors():
            self._db.execute("DELETE FROM announced WHERE name=?", (saved.name,))
            without = json.dumps(saved.without, ensure_ascii=False)
            plan = json.dumps(saved.plan.as_json(), ensure_ascii=False) if saved.plan else None
            self._db.execute(
                "INSERT INTO questions VALUES (?, ?, ?, ?, ?, ?, 0, ?)",
                (saved.name, saved.question, saved.language, without, saved.min_votes, today.isoformat(), plan),
            )

    def remove(self, name: str) -> None:
        """Forget a question and what it announced."""
        self.get(name)
        with self._errors():
            self._db.execute("DELETE FROM questions WHERE name=?", (name,))
            self._db.execute("DELETE FROM announced WHERE name=?", (name,))

    def state(self) -> tuple[object, ...]:
        """Return what differs after every change of this file."""
        with self._errors():
            rows = self._db.execute("SELECT name, look, question FROM questions ORDER BY name").fetchall()
            marks = self._db.execute("SELECT max(look) FROM looks").fetchone()
        return (self.standing(), *marks, *rows)

    # --- standing filters --------------------------------------------------------------------------------------------
    def standing(self) -> Standing:
        """Return the filters over every question."""
        with self._errors():
            row = self._db.execute("SELECT without, min_votes FROM standing").fetchone()
        return Standing(tuple(json.loads(row[0])), row[1]) if row else Standing()

    def stand(self, standing: Standing) -> None:
        """Replace the filters over every question."""
        with self._errors():
            self._db.execute("DELETE FROM standing")
            without = json.dumps(standing.without, ensure_ascii=False)
            self._db.execute("INSERT INTO standing VALUES (?, ?)", (without, standing.min_votes))

    # --- papers ------------------------------------------------------------------------------------------------------
    def announced(self, name: str) -> frozenset[str]:
        """Return the papers that a question has announced."""
        with self._errors():
            rows = self._db.execute("SELECT arxiv_id FROM announced WHERE name=?", (name,)).fetchall()
        return frozenset(arxiv_id for (arxiv_id,) in rows)

    def _known_before(self, look: int) -> frozenset[str]:
        with self._errors():
            rows = self._db.execute("SELECT arxiv_id FROM known WHERE look<=?", (look,)).fetchall()
        return frozenset(arxiv_id for (arxiv_id,) in rows)

    def known_before(self, look: int) -> frozenset[str]:
        """Return the papers that the index held at a look or before."""
        return self._known(look)

    def mark(self, found: Collection[tuple[str, Collection[str]]], held: Collection[str], today: date) -> None:
        """Note the papers that questions have announced, and that the index holds these. Call it inside `changing`."""
        with self._errors():
            look = self._db.execute("INSERT INTO looks (made) VALUES (?)", (today.isoformat(),)).lastrowid
            known = (arxiv_id for (arxiv_id,) in self._db.execute("SELECT arxiv_id FROM known"))
            new = [(arxiv_id, look) for arxiv_id in {*held}.difference(known)]
            self._db.executemany("INSERT INTO known VALUES (?, ?)", new)
            for name, papers in found:
                self._db.executemany(
                    "INSERT OR IGNORE INTO announced VALUES (?, ?)", ((name, arxiv_id) for arxiv_id in papers)
                )
                self._db.execute("UPDATE questions SET look=? WHERE name=?", (look, name))
