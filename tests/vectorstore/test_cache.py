"""The cache: what it stores, and that a lost or damaged file costs only time."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
import threading
import unicodedata
import zlib
from pathlib import Path

import pytest

from tests.doubles import child_environment
from vectorstore.cache import TextCache, text_key
from vectorstore.errors import StoreError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "cache.sqlite"


def test_what_is_put_is_got_also_by_another_object(path: Path) -> None:
    first = TextCache(path)
    first.put("bundled:1", {"맘바를 사용한 논문": b"\x00\x01", "": b"", "\ud800": b"lone"})
    first.close()
    again = TextCache(path)
    assert again.get("bundled:1", ["맘바를 사용한 논문", "", "\ud800", "새 글"]) == {
        "맘바를 사용한 논문": b"\x00\x01",
        "": b"",
        "\ud800": b"lone",
    }
    again.close()


def test_another_fingerprint_sees_nothing(path: Path) -> None:
    cache = TextCache(path)
    cache.put("bundled:1", {"글": b"1"})
    assert cache.get("bundled:2", ["글"]) == {}
    cache.put("bundled:2", [("글", b"2")])
    assert (cache.get("bundled:1", ["글"]), cache.get("bundled:2", ["글"])) == ({"글": b"1"}, {"글": b"2"})
    cache.close()


def test_a_later_value_replaces_the_earlier_one(path: Path) -> None:
    cache = TextCache(path)
    cache.put("m", {"글": b"1"})
    cache.put("m", {"글": b"2"})
    assert cache.get("m", ["글", "글"]) == {"글": b"2"}
    cache.close()


def test_more_texts_than_one_statement_takes_are_all_found(path: Path) -> None:
    cache = TextCache(path)
    values = {f"문장 {n}": str(n).encode() for n in range(1_234)}
    cache.put("m", values)
    assert cache.get("m", list(values)) == values
    assert cache.get("m", []) == {}
    cache.close()


def test_composed_and_decomposed_hangul_are_two_texts() -> None:
    assert text_key("한글") != text_key(unicodedata.normalize("NFD", "한글"))


@pytest.mark.parametrize("content", [b"garbage " * 600, b"SQLite format 3\x00" + b"\xff" * 4096])
def test_a_file_that_is_no_database_is_begun_afresh(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    cache = TextCache(path)
    assert cache.get("m", ["글"]) == {}
    cache.put("m", {"글": b"1"})
    assert cache.get("m", ["글"]) == {"글": b"1"}
    cache.close()


def test_pages_that_broke_after_opening_cost_their_content_only(path: Path) -> None:
    cache = TextCache(path)
    cache.put("m", {f"글 {n}": b"x" * 500 for n in range(400)})
    cache.close()
    size = path.stat().st_size
    with path.open("r+b") as file:  # everything but the header page
        file.seek(4096)
        file.write(b"\xee" * (size - 4096))
    broken = TextCache(path)
    broken.put("m", {"새 글": b"1"})
    assert broken.get("m", [f"글 {n}" for n in range(400)] + ["새 글"]).keys() <= {"새 글"}
    broken.put("m", {"또 새 글": b"2"})
    assert broken.get("m", ["또 새 글"]) == {"또 새 글": b"2"}
    broken.close()


def test_two_that_open_a_new_file_at_once_both_keep_what_they_put(tmp_path: Path) -> None:
    """An ingest opens it from two threads. Once, the one that met the lock of the other deleted the file."""
    failures: list[Exception] = []

    def open_and_put(path: Path, made_by: str, barrier: threading.Barrier) -> None:
        try:
            barrier.wait(10)
            cache = TextCache(path)
            for part in range(3):
                cache.put(made_by, {f"{part}:{n}": b"v" for n in range(50)})
            cache.close()
        except (StoreError, sqlite3.Error, threading.BrokenBarrierError) as error:
            failures.append(error)

    for turn in range(8):
        path = tmp_path / str(turn) / "cache.sqlite"
        barrier = threading.Barrier(2)
        threads = [threading.Thread(target=open_and_put, args=(path, name, barrier)) for name in ("terms", "vectors")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        cache = TextCache(path)
        kept = [
            len(cache.get(name, [f"{p}:{n}" for p in range(3) for n in range(50)])) for name in ("terms", "vectors")
        ]
        cache.close()
        assert (failures, kept) == ([], [150, 150])


@pytest.mark.parametrize("new", [True, False], ids=["new", "old"])
def test_a_file_that_another_writes_just_now_is_waited_for_and_not_deleted(path: Path, new: bool) -> None:
    path.parent.mkdir()
    if not new:
        TextCache(path).close()
    writer = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("CREATE TABLE IF NOT EXISTS kept (made_by TEXT, key BLOB, value BLOB, PRIMARY KEY (made_by, key))")
    writer.execute(
        "INSERT INTO kept VALUES ('m', ?, ?)", (text_key("그들의 글"), zlib.crc32(b"1").to_bytes(4, "little") + b"1")
    )
    timer = threading.Timer(0.2, lambda: writer.execute("COMMIT"))
    timer.start()
    cache = TextCache(path)
    assert cache.get("m", ["그들의 글"]) == {"그들의 글": b"1"}
    timer.join()
    cache.close()
    writer.close()


def test_a_value_whose_bytes_have_flipped_counts_as_missing(path: Path) -> None:
    cache = TextCache(path)
    cache.put("m", {"맘바를 쓴 글": b"\x00\x00\x80\x3f" * 8, "온전한 글": b"1"})
    cache.close()
    data = path.read_bytes()
    assert data.count(b"\x00\x00\x80\x3f" * 8) == 1
    path.write_bytes(data.replace(b"\x00\x00\x80\x3f" * 8, b"\x00\x00\x80\x3e" + b"\x00\x00\x80\x3f" * 7))
    cache = TextCache(path)
    assert cache.get("m", ["맘바를 쓴 글", "온전한 글"]) == {"온전한 글": b"1"}
    cache.close()


def test_a_cache_that_outgrew_its_room_keeps_what_is_used_and_the_file_shrinks(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vectorstore.cache.SPARE", 4_000_000)
    cache = TextCache(path)
    values = {f"문장 {n}은 길다": bytes([n % 256]) * 4_000 for n in range(500)}
    living = list(values)[:100]
    cache.put("old model", values)
    cache.trim({"model": living})
    assert len(cache.get("old model", list(values))) == 500  # 2 MB: there is room
    cache.put("model", values)
    before = path.stat().st_size
    cache.trim({"model": living})
    assert cache.get("model", list(values)) == {text: values[text] for text in living}
    assert cache.get("old model", list(values)) == {}
    assert path.stat().st_size < before / 5
    cache.close()


def test_a_cache_is_trimmed_again_only_when_it_has_doubled(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vectorstore.cache.SPARE", 1_000_000)
    cache = TextCache(path)
    used = {f"쓰는 글 {n}": b"u" * 4_000 for n in range(500)}  # 2 MB, more than there is room for
    cache.put("m", used)
    cache.trim({"m": used})
    cache.put("m", {f"버린 글 {n}": b"w" * 4_000 for n in range(250)})
    cache.trim({"m": used})
    assert len(cache.get("m", [f"버린 글 {n}" for n in range(250)])) == 250
    cache.put("m", {f"또 버린 글 {n}": b"w" * 4_000 for n in range(500)})
    cache.trim({"m": used})
    assert cache.get("m", [f"버린 글 {n}" for n in range(250)]) == {}
    assert len(cache.get("m", list(used))) == 500
    cache.close()


def test_values_are_converted_once_and_the_damaged_ones_are_dropped(path: Path) -> None:
    cache = TextCache(path)
    cache.put("old", {"글": b"abcd", "다른 글": b"efgh", "짧은 글": b"x"})
    cache.put("other", {"글": b"1"})

    def shorter(value: bytes) -> bytes:
        if len(value) < 2:
            raise ValueError(value)
        return value[:2]

    cache.convert("old", "new", shorter)
    texts = ["글", "다른 글", "짧은 글"]
    assert cache.get("new", texts) == {"글": b"ab", "다른 글": b"ef"}
    assert (cache.get("old", texts), cache.get("other", texts)) == ({}, {"글": b"1"})
    cache.put("new", {"글": b"newer"})
    cache.convert("old", "new", shorter)
    assert cache.get("new", ["글"]) == {"글": b"newer"}
    cache.close()


def test_a_value_whose_bytes_have_flipped_is_not_converted(path: Path) -> None:
    cache = TextCache(path)
    cache.put("old", {"글": b"abcdefgh" * 8, "온전한 글": b"1"})
    cache.close()
    path.write_bytes(path.read_bytes().replace(b"abcdefgh" * 8, b"abcdefgx" * 8))
    cache = TextCache(path)
    cache.convert("old", "new", lambda value: value)
    assert cache.get("new", ["글", "온전한 글"]) == {"온전한 글": b"1"}
    cache.close()


def test_a_conversion_that_is_killed_leaves_all_values_as_they_were(path: Path) -> None:
    cache = TextCache(path)
    values = {f"글 {n}": bytes([n % 256]) * 600 for n in range(2_000)}
    cache.put("old", values)
    cache.close()
    program = (
        "import os, sys; from pathlib import Path; from vectorstore.cache import TextCache\n"
        "count = iter(range(10_000))\n"
        "def slow(value):\n"
        "    if next(count) == 1_500: os.kill(os.getpid(), 9)\n"
        "    return value\n"
        "TextCache(Path(sys.argv[1])).convert('old', 'new', slow)"
    )
    ended = subprocess.run([sys.executable, "-c", program, str(path)], env=child_environment(), check=False)
    assert ended.returncode == -9
    cache = TextCache(path)
    assert cache.get("new", list(values)) == {}
    assert cache.get("old", list(values)) == values
    cache.close()


def test_a_file_with_the_small_pages_of_an_earlier_version_shrinks_when_it_is_converted(path: Path) -> None:
    path.parent.mkdir()
    with contextlib.closing(sqlite3.connect(path)) as db, db:  # 4,096 bytes a page: two values of a kilobyte take three
        db.execute("CREATE TABLE kept (made_by TEXT, key BLOB, value BLOB, PRIMARY KEY (made_by, key)) WITHOUT ROWID")
    cache = TextCache(path)
    values = {f"글 {n}": bytes([n % 256]) * 1_024 for n in range(1_000)}
    cache.put("old", values)
    before = path.stat().st_size
    cache.convert("old", "new", lambda value: value[:512])
    assert cache.get("new", list(values)) == {text: value[:512] for text, value in values.items()}
    assert before > 4_000_000
    assert path.stat().st_size < 800_000
    cache.close()


def test_a_place_that_cannot_be_written_is_named_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(StoreError, match=r"The cache .*file/cache\.sqlite cannot be used"):
        TextCache(tmp_path / "file" / "cache.sqlite")
    folder = tmp_path / "cache.sqlite"
    folder.mkdir()
    with pytest.raises(StoreError, match="unable to open database file"):
        TextCache(folder)
