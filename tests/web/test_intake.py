"""Digests that readers add: names that stay inside a folder, limits, folders that are allowed, and a report of what failed."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

import web.intake
from rag.pipeline import Pipeline
from rag.settings import read_settings
from tests.doubles import OWL, write_day
from web.chats import key_of
from web.intake import Intake, RefusedFileError, intake_routes, place_of


@pytest.fixture
def intake(tmp_path: Path) -> Intake:
    allowed = tmp_path / "allowed"
    write_day(allowed / "2024", "2024-06-12", OWL)
    environment = {
        "NONMUN_UPLOADS": "on", "NONMUN_UPLOAD_FOLDER": str(tmp_path / "uploads"), "NONMUN_UPLOAD_FROM": str(allowed),
    }  # fmt: skip
    return Intake(Pipeline(read_settings({"store": str(tmp_path / "store")}, environment=environment)))


def ended(intake: Intake, reader: str = "kim") -> dict[str, object]:
    """Wait for the batch that is indexed, and return what a reader is told of it."""
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and getattr(thread, "_target", None) == intake._run:
            thread.join(60)
    with intake._busy:
        return intake.state(reader)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("2024-06-11.md", "2024-06-11.md"),
        ("/논문/2024/06-11.md", "논문/2024/06-11.md"),
        ("../../etc/2024-06-11.md", "etc/2024-06-11.md"),
        ("a\\..\\b\\2024-06-11.txt", "a/b/2024-06-11.txt"),
        ("a/b/c/d/e/2024-06-11.MD", "c/d/e/2024-06-11.MD"),
        ("x;rm -rf.md", "x_rm -rf.md"),
    ],
)
def test_a_file_is_kept_below_the_readers_folder(name: str, place: str) -> None:
    assert place_of(name).as_posix() == place


@pytest.mark.parametrize("name", ["digest.pdf", "", "..", ".md", "run.sh"])
def test_what_is_no_digest_by_its_name_is_refused(name: str) -> None:
    with pytest.raises(RefusedFileError, match=r"A digest ends in \.md"):
        place_of(name)


def test_files_are_refused_that_are_no_text_or_for_which_there_is_no_room(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(RefusedFileError, match="no text"):
        intake.take("kim", "2024-06-11.md", b"\x89PNG\0\0")
    monkeypatch.setattr(web.intake, "MOST_FILES", 1)
    intake.take("kim", "2024-06-11.md", b"# 1")
    with pytest.raises(RefusedFileError, match="At most 1 files"):
        intake.take("kim", "2024-06-12.md", b"# 2")
    intake.take("lee", "2024-06-11.md", b"# 3")  # has a folder of his own
    assert (intake.folder_of("kim") / "2024-06-11.md").read_bytes() == b"# 1"
    assert intake.folder_of("kim").name == key_of("kim")


def test_only_allowed_folders_of_the_machine_can_be_named(intake: Intake, tmp_path: Path) -> None:
    allowed = tmp_path / "allowed"
    (allowed / "out").symlink_to(tmp_path)
    assert intake.source("kim", str(allowed / "2024")) == (allowed / "2024").resolve()
    for folder in (tmp_path, allowed / "..", allowed / "out", Path("/etc"), tmp_path / "allowed-too"):
        with pytest.raises(RefusedFileError, match="not among those"):
            intake.source("kim", str(folder))


def test_what_was_sent_is_indexed_and_what_could_not_be_read_is_told(intake: Intake, tmp_path: Path) -> None:
    day = write_day(tmp_path, "2024-06-11", OWL)
    intake.take("kim", "2024-06-11.md", day.read_bytes())
    intake.take("kim", "2024-06-13.md", "### [Title](https://arxiv.org/abs/nothing)\n\n- 한 문장.\n".encode())
    assert intake.begin("kim", "")
    told = ended(intake)
    assert (told["running"], told["added"]) == (False, 1)
    assert told["failed"]
    assert told["problems"][0]["file"] == "2024-06-13.md"  # type: ignore[index]
    assert told["problems"][0]["code"] == "heading"  # type: ignore[index]
    assert intake.begin("kim", str(tmp_path / "allowed"))
    assert ended(intake)["updated"] == 1  # the same paper in another digest


def test_a_file_that_cannot_be_read_at_all_is_told_once(intake: Intake, tmp_path: Path) -> None:
    intake.take("kim", "2024-06-11.md", write_day(tmp_path, "2024-06-11", OWL).read_bytes())
    intake.take("kim", "2024-06-15.md", "논문이 없는 글\n".encode())
    assert intake.begin("kim", "")
    first = ended(intake)
    assert [(one["file"], one["code"]) for one in first["problems"]] == [("2024-06-15.md", "no_papers")]  # type: ignore[attr-defined]
    assert intake.begin("kim", "")
    assert (ended(intake)["failed"], ended(intake)["unchanged"]) == (0, 1)
    bad = tmp_path / "allowed" / "2024-06-16.md"
    bad.write_text("논문이 없는 글\n", encoding="utf-8")
    assert intake.begin("kim", str(bad.parent))
    assert ended(intake)["failed"] == 1
    assert bad.exists()  # the operator's own files stay


def test_a_broken_file_of_an_earlier_batch_is_not_told_again_and_nobody_elses_files_are_told(
    intake: Intake, tmp_path: Path
) -> None:
    whole, broken = write_day(tmp_path, "2024-06-11", OWL).read_bytes(), "### [잘린 제목](https://arxiv.o\n".encode()
    for name, data in (("2024-06-11.md", whole), ("2024-06-13.md", broken + whole)):
        intake.take("kim", name, data)
    assert intake.begin("kim", "")
    first = ended(intake)
    assert [(one["file"], one["line"]) for one in first["problems"]] == [("2024-06-13.md", 1)]  # type: ignore[attr-defined]
    assert intake.state("lee") == {"running": False}
    intake.take("kim", "2024-06-14.md", whole)
    assert intake.begin("kim", "")
    assert (ended(intake)["failed"], ended(intake)["problems"]) == (0, [])
    assert intake.begin("kim", "")  # everything once more
    assert ended(intake)["failed"] == 1


def test_a_folder_without_digests_is_a_sentence_and_one_batch_is_indexed_at_a_time(
    intake: Intake, tmp_path: Path
) -> None:
    empty = tmp_path / "allowed" / "empty"
    empty.mkdir()
    assert intake.begin("kim", str(empty))
    assert "There is no digest" in str(ended(intake)["error"])
    assert ended(intake)["code"] == "no_digests"
    with intake._busy:
        assert not intake.begin("kim", str(empty))


def test_the_routes_are_closed_to_those_who_did_not_sign_in(intake: Intake) -> None:
    app = FastAPI()
    app.include_router(intake_routes(intake, lambda request: request.headers.get("x-reader")))
    client, kim = TestClient(app), {"x-reader": "kim"}
    assert client.get("/page/uploads").status_code == 404
    assert client.post("/page/uploads", json={}).status_code == 404
    assert client.post("/page/uploads/file?name=a.md", content=b"x").status_code == 404
    assert not intake.folder_of("kim").exists()
    assert client.post("/page/uploads/file?name=a.md", content=b"x", headers=kim).status_code == 204
    refused = client.post("/page/uploads/file?name=a.exe", content=b"x", headers=kim)
    assert (refused.status_code, "A digest ends in" in refused.json()["detail"]) == (422, True)
    closed_folder = client.post("/page/uploads", json={"folder": "/etc"}, headers=kim)
    assert (closed_folder.status_code, closed_folder.json()["code"]) == (422, "closed_folder")
    assert client.get("/page/uploads", headers=kim).json()["folders"] == [str(intake.allowed[0])]
    closed = FastAPI()
    closed.include_router(intake_routes(None, lambda _: "kim"))
    assert TestClient(closed).get("/page/uploads").status_code == 404
