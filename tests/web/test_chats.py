"""Chats that the server keeps: each reader's apart, put together from several browsers, and deleted for good."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

import web.chats
from app import read_checked_credentials
from rag.errors import ChatsError, SettingsError
from rag.settings import read_settings
from web.chats import Shelf, chat_routes, chats_path, key_of

FIRST = {"id": "t1", "q": "Mamba를 사용한 논문은?", "before": None, "asked": 1}
SECOND = {"id": "t2", "q": "Gamba를 설명해 줘", "before": None, "asked": 2}


def chat(*turns: dict[str, object], title: str = "맘바 조사", at: int = 1) -> dict[str, object]:
    return {"title": title, "at": at, "turns": [*turns]}


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "store.chats.sqlite")


def test_a_reader_gets_back_what_was_kept_and_another_reader_nothing(shelf: Shelf) -> None:
    assert shelf.keep("kim", "c1", chat(FIRST), {"t1": {"answer": {"text": "모두 2편"}}})
    assert shelf.since("kim", 0)["chats"] == [["c1", chat(FIRST)]]
    assert shelf.answers("kim", "c1") == {"t1": {"answer": {"text": "모두 2편"}}}
    assert shelf.since("lee", 0) == {"version": 0, "chats": []}
    assert shelf.answers("lee", "c1") == {}
    shelf.forget("lee", "c1")
    shelf.forget("lee")
    assert shelf.since("kim", 0)["chats"] == [["c1", chat(FIRST)]]
    assert shelf.path.stat().st_mode & 0o777 == 0o600


def test_questions_of_two_browsers_in_one_chat_both_stay(shelf: Shelf) -> None:
    shelf.keep("kim", "c1", chat(FIRST, at=5), {})
    shelf.keep("kim", "c1", chat(SECOND, title="다른 이름", at=3), {})
    ((_, kept),) = shelf.since("kim", 0)["chats"]
    assert [turn["id"] for turn in kept["turns"]] == ["t1", "t2"]
    assert (kept["title"], kept["at"]) == ("다른 이름", 5)
    shelf.keep("kim", "c1", chat({**FIRST, "verdict": "up"}), {})
    ((_, kept),) = shelf.since("kim", 0)["chats"]
    assert kept["turns"][0]["verdict"] == "up"


def test_only_what_changed_since_the_last_look_is_told_and_a_deleted_chat_stays_deleted(shelf: Shelf) -> None:
    shelf.keep("kim", "c1", chat(FIRST), {"t1": {"answer": None}})
    seen = shelf.since("kim", 0)["version"]
    assert shelf.since("kim", seen)["chats"] == []
    shelf.keep("kim", "c2", chat(SECOND), {})
    assert [name for name, _ in shelf.since("kim", seen)["chats"]] == ["c2"]
    shelf.forget("kim", "c1")
    assert ["c1", None] in shelf.since("kim", seen)["chats"]
    assert shelf.answers("kim", "c1") == {}
    assert not shelf.keep("kim", "c1", chat(FIRST), {})  # a browser that was away does not bring it back
    shelf.forget("kim")
    assert all(body is None for _, body in shelf.since("kim", 0)["chats"])


def test_what_one_reader_may_keep_is_limited(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web.chats, "MOST_CHATS", 1)
    shelf.keep("kim", "c1", chat(FIRST), {})
    shelf.keep("kim", "c1", chat(FIRST, SECOND), {})
    with pytest.raises(ChatsError, match="Delete some"):
        shelf.keep("kim", "c2", chat(FIRST), {})
    shelf.keep("lee", "c2", chat(FIRST), {})
    monkeypatch.setattr(web.chats, "MOST_BYTES", 300)
    with pytest.raises(ChatsError, match="Delete some"):
        shelf.keep("kim", "c1", chat(FIRST), {"t1": {"answer": "x" * 400}})
    assert shelf.answers("kim", "c1") == {}


def test_a_file_that_cannot_be_used_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "chats.sqlite"
    path.write_bytes(b"no database" * 100)
    with pytest.raises(ChatsError, match=r"chats\.sqlite cannot be used"):
        Shelf(path).since("kim", 0)
    newer = tmp_path / "newer.sqlite"
    with sqlite3.connect(newer) as db:
        db.execute("PRAGMA user_version=9")
    with pytest.raises(ChatsError, match="newer Nonmun"):
        Shelf(newer).since("kim", 0)


def test_the_routes_know_the_reader_and_are_closed_without_one(shelf: Shelf) -> None:
    app = FastAPI()
    app.include_router(chat_routes(shelf, lambda request: request.headers.get("x-reader")))
    client, kim = TestClient(app), {"x-reader": "kim"}
    for method, path in (("GET", ""), ("GET", "/c1"), ("DELETE", "/c1"), ("DELETE", "")):
        assert client.request(method, f"/page/chats{path}").status_code == 404
    body = {**chat(FIRST), "answers": {"t1": {"answer": {"text": "2편"}}}}
    assert client.post("/page/chats/c1", json=body).status_code == 404
    assert client.post("/page/chats/c1", json=body, headers=kim).status_code == 204
    assert client.post("/page/chats/no such name", json=body, headers=kim).status_code == 422
    assert client.post("/page/chats/c1", json={"turns": "all"}, headers=kim).status_code == 422
    assert client.get("/page/chats", headers=kim).json()["chats"][0][0] == "c1"
    assert client.get("/page/chats/c1", headers=kim).json() == {"t1": {"answer": {"text": "2편"}}}
    assert client.get("/page/chats", headers={"x-reader": "lee"}).json()["chats"] == []
    assert client.delete("/page/chats/c1", headers=kim).status_code == 204
    assert client.post("/page/chats/c1", json=body, headers=kim).status_code == 410
    closed = FastAPI()
    closed.include_router(chat_routes(None, lambda _: "kim"))
    assert TestClient(closed).get("/page/chats").status_code == 404


def test_chats_and_uploads_need_readers_who_sign_in() -> None:
    for setting, named in (("NONMUN_CHATS", "server"), ("NONMUN_UPLOADS", "on")):
        with pytest.raises(SettingsError, match=f"{setting} is {named}"):
            read_checked_credentials(read_settings({}, environment={setting: named}))
        assert read_checked_credentials(read_settings({"auth": "kim:secret"}, environment={setting: named}))
    with pytest.raises(SettingsError, match="browser, server"):
        read_settings({}, environment={"NONMUN_CHATS": "cloud"})


def test_the_file_lies_beside_the_index_and_a_readers_key_is_no_name(tmp_path: Path) -> None:
    assert (
        chats_path(read_settings({"store": str(tmp_path / "store")}, environment={})) == tmp_path / "store.chats.sqlite"
    )
    assert "kim" not in key_of("kim")
    assert key_of("kim") != key_of("lee")
