"""Chats that the server keeps for readers who sign in: one SQLite file beside the index, and each reader's apart.

A browser sends a chat whenever it has changed, and asks for what has changed since it looked last. Two browsers may change
one chat at once: questions of both stay. A chat that was deleted stays deleted.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi import Path as PathParameter
from pydantic import BaseModel, Field

from rag.errors import ChatsError
from rag.following.book import book_path
from rag.settings import Settings

VERSION = 1
MOST_CHATS = 2_000  # of one reader
MOST_BYTES = 200 * 1024 * 1024  # of one reader
MOST_TURNS = 500  # of one chat
_PATIENCE = 30.0  # seconds to wait for another process
_SCHEMA = """
CREATE TABLE chats (reader TEXT, id TEXT, body TEXT, version INTEGER NOT NULL, PRIMARY KEY (reader, id)) WITHOUT ROWID;
CREATE TABLE answers (reader TEXT, chat TEXT, turn TEXT, body TEXT NOT NULL, PRIMARY KEY (reader, chat, turn)) WITHOUT ROWID;
"""

Id = Annotated[str, Field(pattern=r"^[\w-]{1,40}$")]
ReaderOf = Callable[[Request], str | None]


class ChatRequest(BaseModel):
    """A chat as a browser has it, with the answers of the turns that have changed."""

    title: str = Field(default="", max_length=200)
    at: int = 0
    named: bool = False
    pinned: bool = False
    turns: Annotated[list[dict[str, Any]], Field(max_length=MOST_TURNS)] = []
    answers: dict[Id, dict[str, Any]] = {}


def chats_path(settings: Settings) -> Path:
    """Return the file of the chats, beside that of the saved questions."""
    book = book_path(settings)
    return book.with_name(f"{book.name.removesuffix('.sqlite').removesuffix('.follow')}.chats.sqlite")


def key_of(reader: str) -> str:
    """Return by what a browser tells readers apart; it does not tell their names."""
    return hashlib.sha256(f"nonmun {reader}".encode()).hexdigest()[:16]


def merged(kept: Mapping[str, Any], sent: Mapping[str, Any]) -> dict[str, Any]:
    """Return a chat with the turns of both; of a turn that both have, that which was sent.

    >>> merged({"at": 9, "turns": [{"id": "a"}]}, {"at": 5, "title": "T", "turns": [{"id": "b"}]})
    {'at': 9, 'turns': [{'id': 'a'}, {'id': 'b'}], 'title': 'T'}
    """
    turns = {turn.get("id"): turn for turn in (*kept.get("turns", ()), *sent.get("turns", ()))}
    return {**kept, **sent, "at": max(kept.get("at", 0), sent.get("at", 0)), "turns": [*turns.values()][:MOST_TURNS]}


class Shelf:
    """The chats of one file. Every method raises ChatsError where it cannot be used."""

    def __init__(self, path: Path) -> None:
        """Take the file; it is made when the first chat is kept."""
        self.path = path

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=_PATIENCE, isolation_level=None)) as db:
                db.execute("PRAGMA journal_mode=WAL")
                db.execute("BEGIN IMMEDIATE")
                self._prepare(db)
                self.path.chmod(0o600)
                yield db
                db.execute("COMMIT")  # closing without it takes everything back
        except (sqlite3.Error, OSError) as error:
            raise ChatsError(f"The chats in {self.path} cannot be used: {error}.") from error

    def _prepare(self, db: sqlite3.Connection) -> None:
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            raise ChatsError(f"{self.path} was written by a newer Nonmun (version {version}). Update this one.")
        if version == 0:
            for statement in filter(str.strip, _SCHEMA.split(";")):
                db.execute(statement)
            db.execute(f"PRAGMA user_version={VERSION}")

    def since(self, reader: str, version: int) -> dict[str, Any]:
        """Return the chats of a reader that changed after a version, and the version now; None stands for a deleted one."""
        with self._changing() as db:
            rows = db.execute(
                "SELECT id, body FROM chats WHERE reader=? AND version>? ORDER BY version", (reader, version)
            ).fetchall()
            now = self._version(db, reader)
        return {"version": now, "chats": [[chat, json.loads(body) if body else None] for chat, body in rows]}

    def answers(self, reader: str, chat: str) -> dict[str, Any]:
        """Return the answers of a chat by their turns."""
        with self._changing() as db:
            rows = db.execute("SELECT turn, body FROM answers WHERE reader=? AND chat=?", (reader, chat)).fetchall()
        return {turn: json.loads(body) for turn, body in rows}

    def keep(self, reader: str, chat: str, sent: Mapping[str, Any], answers: Mapping[str, Any]) -> bool:
        """Keep a chat as it was sent, beside what another browser has added. False for one that was deleted.

        Raises ChatsError where the reader keeps as much as one may.
        """
        with self._changing() as db:
            row = db.execute("SELECT body FROM chats WHERE reader=? AND id=?", (reader, chat)).fetchone()
            if row is not None and row[0] is None:
                return False
            body = _text(merged(json.loads(row[0]) if row else {}, sent))
            rows = [(reader, chat, turn, _text(answer)) for turn, answer in answers.items()]
            self._check_room(db, reader, row is None, len(body) + sum(len(one[3]) for one in rows))
            db.execute("REPLACE INTO chats VALUES (?, ?, ?, ?)", (reader, chat, body, self._version(db, reader) + 1))
            db.executemany("REPLACE INTO answers VALUES (?, ?, ?, ?)", rows)
        return True

    def forget(self, reader: str, chat: str | None = None) -> None:
        """Delete a chat of a reader, or all of them."""
        with self._changing() as db:
            which, values = ("", ()) if chat is None else (" AND id=?", (chat,))
            version = self._version(db, reader) + 1
            db.execute(f"UPDATE chats SET body=NULL, version=? WHERE reader=?{which}", (version, reader, *values))
            db.execute(f"DELETE FROM answers WHERE reader=?{which.replace('id', 'chat')}", (reader, *values))

    @staticmethod
    def _version(db: sqlite3.Connection, reader: str) -> int:
        (version,) = db.execute("SELECT coalesce(max(version), 0) FROM chats WHERE reader=?", (reader,)).fetchone()
        return int(version)

    @staticmethod
    def _check_room(db: sqlite3.Connection, reader: str, is_new: bool, more: int) -> None:
        (chats,) = db.execute("SELECT count(body) FROM chats WHERE reader=?", (reader,)).fetchone()
        sizes = "SELECT coalesce(sum(length(body)), 0) FROM"
        held = sum(
            db.execute(f"{sizes} {table} WHERE reader=?", (reader,)).fetchone()[0] for table in ("chats", "answers")
        )
        if chats + is_new > MOST_CHATS or held + more > MOST_BYTES:
            raise ChatsError(
                f"A reader may keep {MOST_CHATS:,} chats of {MOST_BYTES // 1024**2} MB in all. Delete some."
            )


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def chat_routes(shelf: Shelf | None, reader_of: ReaderOf) -> APIRouter:
    """Return the routes of the chats; without a shelf, or for somebody who did not sign in, they answer 404."""
    routes = APIRouter(prefix="/page/chats")

    def opened(request: Request) -> tuple[Shelf, str]:
        reader = reader_of(request)
        if shelf is None or reader is None:
            raise HTTPException(404, "Chats stay in the browser here.")
        return shelf, reader

    @routes.get("")
    def changed(request: Request, since: int = 0) -> dict[str, Any]:
        kept, reader = opened(request)
        return kept.since(reader, since)

    @routes.get("/{chat}")
    def answers(request: Request, chat: Annotated[str, PathParameter(pattern=r"^[\w-]{1,40}$")]) -> dict[str, Any]:
        kept, reader = opened(request)
        return kept.answers(reader, chat)

    @routes.post("/{chat}")
    def keep(
        request: Request, sent: ChatRequest, chat: Annotated[str, PathParameter(pattern=r"^[\w-]{1,40}$")]
    ) -> Response:
        kept, reader = opened(request)
        try:
            is_kept = kept.keep(reader, chat, sent.model_dump(exclude={"answers"}), sent.answers)
        except ChatsError as error:
            raise HTTPException(507, str(error)) from error
        return Response(status_code=204 if is_kept else 410)

    @routes.delete("/{chat}", status_code=204)
    def forget(request: Request, chat: Annotated[str, PathParameter(pattern=r"^[\w-]{1,40}$")]) -> None:
        kept, reader = opened(request)
        kept.forget(reader, chat)

    @routes.delete("", status_code=204)
    def forget_all(request: Request) -> None:
        kept, reader = opened(request)
        kept.forget(reader)

    return routes
