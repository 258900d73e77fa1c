"""`nonmun follow` and `nonmun news` as people and cron run them, over an index that grows day by day."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests import test_cli
from tests.doubles import child_environment

run = test_cli.run  # a fixture
ATOM = "{http://www.w3.org/2005/Atom}"


def digest(folder: Path, day: str, *papers: tuple[str, str, int, str]) -> None:
    """Write a digest of (id, title, votes, text) papers."""
    folder.mkdir(exist_ok=True)
    entries = [
        f"### [{title}](https://arxiv.org/abs/{arxiv_id})\n\nVote: {votes}\n\nAuthors: Ada Lee\n\n- {text}\n"
        for arxiv_id, title, votes, text in papers
    ]
    (folder / f"{day}.md").write_text(f"## Daily Papers ({day})\n\n" + "\n".join(entries), "utf-8")


FIRST = (
    ("2406.00001", "Butterfly Net", 12, "FlapNet을 사용해 나비의 날갯짓을 배웁니다."),
    ("2406.00002", "Owl Eyes", 3, "부엉이의 눈을 닮은 카메라를 만듭니다."),
)
SECOND = (("2406.00003", "Moth Wing", 2, "FlapNet을 사용해 나방의 비행을 예측합니다."), ("2406.00004", "A Survey of Insect Flight", 30, "FlapNet을 사용해 곤충 비행 논문을 분류하는 서베이입니다."),
          ("2406.00005", "Bat Ears", 9, "박쥐의 귀를 본뜬 음향 센서를 만듭니다."))  # fmt: skip


@pytest.fixture
def nonmun(run: Any, tmp_path: Path) -> Any:
    """Run a command over the store of the test, which holds the first day."""
    digest(tmp_path / "d", "2024-06-11", *FIRST)

    def ran(*arguments: object) -> Any:
        return run(*arguments, "--store", tmp_path / "store")

    assert ran("ingest", tmp_path / "d").status == 0
    return ran


def grow(nonmun: Any, tmp_path: Path, *papers: tuple[str, str, int, str], day: str = "2024-06-12") -> None:
    digest(tmp_path / "d", day, *(papers or SECOND))
    assert nonmun("ingest", tmp_path / "d").status == 0


def told(nonmun: Any, *flags: str) -> list[Any]:
    done = nonmun("news", "--format", "json", *flags)
    assert done.status == 0, done.err
    return json.loads(done.out)


def ids(rows: list[Any]) -> list[str]:
    return sorted(row["arxiv_id"] for row in rows)


def test_what_is_there_counts_as_seen_and_what_comes_is_told_with_its_sentence(nonmun: Any, tmp_path: Path) -> None:
    added = nonmun("follow", "add", "FlapNet을 언급한 논문은?", "--name", "flap")
    assert (added.status, added.out) == (0, "flap: 용어 FlapNet · 언급 · 목록\n")
    assert "1 paper of now count as seen" in added.err
    assert told(nonmun)[0]["new"] == []
    grow(nonmun, tmp_path)
    (news,) = told(nonmun)
    assert (ids(news["new"]), news["now_fit"], news["fits"]) == (["2406.00003", "2406.00004"], [], 3)
    assert {row["sentence"] for row in news["new"]} == {
        "FlapNet을 사용해 나방의 비행을 예측합니다.",
        "FlapNet을 사용해 곤충 비행 논문을 분류하는 서베이입니다.",
    }


def test_a_paper_is_told_once_and_never_again_after_it_was_marked(nonmun: Any, tmp_path: Path) -> None:
    nonmun("follow", "add", "FlapNet을 언급한 논문은?", "--name", "flap")
    grow(nonmun, tmp_path)
    assert ids(told(nonmun)[0]["new"]) == ids(told(nonmun, "--mark-seen")[0]["new"]) == ["2406.00003", "2406.00004"]
    assert told(nonmun, "--mark-seen")[0]["new"] == []
    assert ids(told(nonmun, "--since", "2024-06-12")[0]["new"]) == ["2406.00003", "2406.00004"]


def test_all_tells_what_is_there_already_and_seen_takes_it_for_seen(nonmun: Any) -> None:
    nonmun("follow", "add", "FlapNet을 언급한 논문은?", "--name", "flap", "--all")
    assert ids(told(nonmun)[0]["new"]) == ["2406.00001"]
    assert "1 paper of “flap” taken for seen" in nonmun("follow", "seen", "flap").err
    assert told(nonmun)[0]["new"] == []


def test_show_tells_how_a_question_is_read_and_how_many_papers_wait(nonmun: Any, tmp_path: Path) -> None:
    nonmun("follow", "add", "FlapNet을 언급한 논문은?", "--name", "flap", "--not", "서베이")
    grow(nonmun, tmp_path)
    name, read_as, counts = nonmun("follow", "show", "flap").out.splitlines()
    assert (name, read_as) == (
        "flap: FlapNet을 언급한 논문은? (--not 서베이)",
        "read as: 용어 FlapNet · 제외 서베이 · 언급 · 목록",
    )
    assert counts.startswith("2 papers fit now, 1 of them unseen. Saved on 20")
    shown = nonmun("follow", "show", "flap", "--json").json
    assert (shown["not"], shown["plan"]["terms"]) == (["서베이"], ["FlapNet"])
    assert (shown["fits"], shown["unseen"], shown["announced"]) == (2, 1, 1)


def test_standing_filters_leave_out_surveys_and_papers_with_few_votes(nonmun: Any, tmp_path: Path) -> None:
    nonmun("follow", "add", "FlapNet을 언급한 논문은?", "--name", "no-survey", "--not", "서베이")
    nonmun("follow", "add", "FlapNet을 언급한 논문은?", "--name", "liked", "--min-votes", "5")
    grow(nonmun, tmp_path)
    by_name = {one["name"]: ids(one["new"]) for one in told(nonmun)}
    assert by_name == {"no-survey": ["2406.00003"], "liked": ["2406.00004"]}
    assert nonmun("follow", "list").out.splitlines() == [
        "liked: FlapNet을 언급한 논문은? (--min-votes 5)",
        "no-survey: FlapNet을 언급한 논문은? (--not 서베이)",
    ]


def test_what_is_never_to_be_shown_is_left_out_of_every_question(nonmun: Any, tmp_path: Path) -> None:
    for name, question in (("flap", "FlapNet을 언급한 논문은?"), ("day", "2024년 6월 12일 논문은?")):
        assert nonmun("follow", "add", question, "--name", name).status == 0
    assert nonmun("follow", "never").out == "Nothing is left out.\n"
    nonmun("follow", "never", "--not", "서베이")
    assert nonmun("follow", "never", "--min-votes", "5").out == "--not 서베이, --min-votes 5\n"
    grow(nonmun, tmp_path)
    assert {one["name"]: ids(one["new"]) for one in told(nonmun)} == {"flap": [], "day": ["2406.00005"]}
    assert nonmun("follow", "never", "--clear").out == "Nothing is left out.\n"
    assert {one["name"]: len(one["new"]) for one in told(nonmun)} == {"flap": 2, "day": 3}


def test_a_paper_that_gets_enough_votes_later_now_fits(nonmun: Any, tmp_path: Path) -> None:
    nonmun("follow", "add", "FlapNet을 언급한 논문은?", "--name", "liked", "--min-votes", "5")
    grow(nonmun, tmp_path)
    told(nonmun, "--mark-seen")
    grow(nonmun, tmp_path, *((i, title, 50, text) for i, title, _, text in SECOND))
    (news,) = told(nonmun, "--mark-seen")
    assert (news["new"], ids(news["now_fit"])) == ([], ["2406.00003"])
    assert told(nonmun)[0]["now_fit"] == []


def test_nothing_of_the_set_is_missing_however_often_one_looks(nonmun: Any, tmp_path: Path) -> None:
    question = "papers about insect flight"
    nonmun("follow", "add", question, "--name", "flight", "--all")
    seen: list[str] = []
    for n in range(6):
        paper = (f"2406.0010{n}", f"Insect Flight {n}", n, f"We study the flight of insects with model number {n}.")
        grow(nonmun, tmp_path, paper, day=f"2024-06-1{n + 2}")
        if n % 2:
            news = told(nonmun, "--mark-seen")[0]
            seen += ids([*news["new"], *news["now_fit"]])
    final = nonmun("ask", question, "--json").json
    assert len(seen) == len(set(seen))
    assert set(final["papers"]) <= set(seen)


def test_a_moved_and_a_rebuilt_index_keep_the_questions(nonmun: Any, run: Any, tmp_path: Path) -> None:
    nonmun("follow", "add", "FlapNet을 언급한 논문은?", "--name", "flap")
    assert nonmun("ingest", "--rebuild").status == 0
    shutil.rmtree(tmp_path / "store")
    grow(nonmun, tmp_path)  # a new index in the old place
    assert ids(told(nonmun, "--mark-seen")[0]["new"]) == ["2406.00003", "2406.00004"]
    (tmp_path / "elsewhere").mkdir()
    for path in tmp_path.glob("store*"):
        path.rename(tmp_path / "elsewhere" / path.name)
    moved = run("news", "--format", "json", "--store", tmp_path / "elsewhere" / "store")
    assert json.loads(moved.out)[0]["fits"] == 3
    assert json.loads(moved.out)[0]["new"] == []


@pytest.mark.parametrize(
    ("question", "said"),
    [("FlapNet이 뭐야?", "asks for no set"), ("표가 가장 많은 논문 3편", "asks for no set"), ("안녕", "asks for no set"),
     ("FlapNet을 언급한 논문은? 그리고 KiteNet을 언급한 논문은?", "several things")],
)  # fmt: skip
def test_what_asks_for_no_set_cannot_be_followed(nonmun: Any, question: str, said: str) -> None:
    done = nonmun("follow", "add", question, "--name", "x")
    assert (done.status, done.out) == (2, "")
    assert said in done.err
    assert nonmun("follow", "list", "--json").json == []


def test_names_are_checked_and_named(nonmun: Any) -> None:
    asked = "FlapNet을 언급한 논문은?"
    assert nonmun("follow", "add", asked).out.startswith("FlapNet을-언급한-논문은: ")
    assert "already" in nonmun("follow", "add", asked).err
    assert "cannot be a name" in nonmun("follow", "add", asked, "--name", "../x").err
    unknown = nonmun("follow", "remove", "nothing")
    assert (unknown.status, "FlapNet을-언급한-논문은" in unknown.err) == (2, True)
    assert nonmun("follow", "remove", "FlapNet을-언급한-논문은").status == 0
    assert nonmun("news").out.splitlines()[-1] == "저장한 질문이 없습니다."


def test_every_format_is_sound_and_shows_foreign_text_as_text(nonmun: Any, tmp_path: Path) -> None:
    nonmun("follow", "add", "FlapNet을 언급한 논문은?", "--name", "flap")
    grow(
        nonmun,
        tmp_path,
        ("2406.00009", "<script>alert(1)</script> & [x](y)", 1, "FlapNet을 사용해 <b>굵게</b> & 날아갑니다."),
    )
    page = nonmun("news", "--format", "html").out
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; [x](y)" in page
    assert not re.search(r"src=|url\(|@import", page)
    feed = ElementTree.fromstring(nonmun("news", "--format", "atom").out)
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "<script>alert(1)</script> & [x](y)"
    assert entry.find(f"{ATOM}link").get("href") == "https://arxiv.org/abs/2406.00009"  # type: ignore[union-attr]
    markdown = nonmun("news").out
    assert "## flap: FlapNet을 언급한 논문은?" in markdown
    assert (
        r"1. [\<script\>alert(1)\</script\> & \[x\](y)](https://arxiv.org/abs/2406.00009) · 2024-06-12 · 1표"
        in markdown
    )


def test_the_line_for_cron_mails_the_news_as_a_page_and_once(nonmun: Any, tmp_path: Path) -> None:
    """The command of the documentation, with a program in place of `mail` that keeps what it is given."""
    nonmun("follow", "add", "FlapNet을 언급한 논문은?", "--name", "flap")
    grow(nonmun, tmp_path)
    told = (Path(__file__).parents[1] / "docs" / "following.md").read_text("utf-8")
    (line,) = re.findall(r"^0 8 \* \* 1 +(.*)$", told, re.MULTILINE)
    programs = tmp_path / "programs"
    programs.mkdir()
    ran = " ".join(map(shlex.quote, command(tmp_path)[:3]))
    for name, does in (
        ("nonmun", f'exec {ran} "$@" --store {shlex.quote(str(tmp_path / "store"))}'),
        (
            "mail",
            f'printf "%s\\n" "$@" >> {shlex.quote(str(tmp_path / "mailed"))}; cat >> {shlex.quote(str(tmp_path / "mailed"))}',
        ),
    ):
        (programs / name).write_text(f"#!/bin/sh\n{does}\n", "utf-8")
        (programs / name).chmod(0o755)
    path = {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    for _ in range(2):
        subprocess.run(["sh", "-c", line], env={**child_environment(), **path}, cwd=tmp_path, check=True)
    mailed = (tmp_path / "mailed").read_text("utf-8")
    assert mailed.startswith(
        "-a\nContent-Type: text/html; charset=utf-8\n-s\nNew papers\nyou@example.org\n<!doctype html>"
    )
    assert mailed.count("https://arxiv.org/abs/2406.00003") == 1
    assert mailed.count("<!doctype html>") == 2


def test_a_newer_file_and_a_broken_one_are_a_sentence(nonmun: Any, tmp_path: Path) -> None:
    book = tmp_path / "store.follow.sqlite"
    nonmun("follow", "list")
    subprocess.run(
        [sys.executable, "-c", f"import sqlite3; sqlite3.connect({str(book)!r}).execute('PRAGMA user_version=9')"],
        check=True,
    )
    assert "written by a newer Nonmun (version 9" in nonmun("follow", "list").err
    for end in ("-wal", "-shm"):
        book.with_name(book.name + end).unlink(missing_ok=True)
    book.write_bytes(b"not a database at all" * 100)
    assert "cannot be used: file is not a database" in nonmun("follow", "list").err


def command(tmp_path: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "rag", *arguments, "--store", str(tmp_path / "store")]


def test_of_two_who_ask_at_once_one_tells_each_paper(nonmun: Any, tmp_path: Path) -> None:
    nonmun("follow", "add", "FlapNet을 언급한 논문은?", "--name", "flap")
    grow(nonmun, tmp_path)
    asked = command(tmp_path, "news", "--format", "json", "--mark-seen")
    both = [subprocess.Popen(asked, env=child_environment(), cwd=tmp_path, stdout=subprocess.PIPE) for _ in range(3)]
    said = [json.loads(one.communicate(timeout=120)[0])[0] for one in both]
    assert [one.returncode for one in both] == [0, 0, 0]
    assert sorted(i for one in said for i in ids([*one["new"], *one["now_fit"]])) == ["2406.00003", "2406.00004"]


def test_news_that_could_not_be_written_are_told_again(nonmun: Any, tmp_path: Path) -> None:
    nonmun("follow", "add", "FlapNet을 언급한 논문은?", "--name", "flap")
    grow(nonmun, tmp_path)
    assert nonmun("news", "--mark-seen", "--out", "no/such/folder/news.md").status == 2
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            command(tmp_path, "news", "--mark-seen"),
            env=child_environment(),
            cwd=tmp_path,
            stdout=full,
            stderr=subprocess.PIPE,
        )
    assert done.returncode == 2
    assert ids(told(nonmun)[0]["new"]) == ["2406.00003", "2406.00004"]


_HOLD = """
import sys, time
from datetime import date
from pathlib import Path
from rag.following.book import Book
book = Book(Path(sys.argv[1]))
with book.changing():
    book.mark([("flap", ["2406.00003"])], ["2406.00003"], date(2024, 6, 12))
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_killed_one_leaves_the_book_as_it_was(nonmun: Any, tmp_path: Path) -> None:
    nonmun("follow", "add", "FlapNet을 언급한 논문은?", "--name", "flap")
    grow(nonmun, tmp_path)
    held = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(tmp_path / "store.follow.sqlite")],
        env=child_environment(),
        stdout=subprocess.PIPE,
    )
    assert held.stdout is not None
    assert held.stdout.readline() == b"held\n"
    os.kill(held.pid, signal.SIGKILL)
    held.wait(timeout=30)
    held.stdout.close()
    started = time.monotonic()
    assert ids(told(nonmun)[0]["new"]) == ["2406.00003", "2406.00004"]
    assert time.monotonic() - started < 30


_KILLED = """
import os, random, signal, sys, threading, time
delay = float(sys.argv.pop(1))
from rag.following.book import Book
from rag.following import desk
marking = desk.mark
def at_the_mark(*args):
    threading.Timer(delay, os.kill, (os.getpid(), signal.SIGKILL)).start()
    marking(*args)
    time.sleep(0.004)  # before the marks are kept together
desk.mark = at_the_mark
from rag.cli import main
sys.exit(main())
"""


def test_a_kill_at_any_moment_loses_no_mark_and_doubles_no_announcement(nonmun: Any, tmp_path: Path) -> None:
    """Kills come from before the marks are written until after they are kept: a paper is marked, or it is told again."""
    nonmun("follow", "add", "FlapNet을 언급한 논문은?", "--name", "flap")
    whole: list[str] = []
    for n in range(8):
        paper = (f"2406.0020{n}", f"Wing {n}", 7, f"FlapNet을 사용해 날개 {n}번을 만듭니다.")
        grow(nonmun, tmp_path, paper, day=f"2024-07-0{n + 1}")
        asked = command(tmp_path, "news", "--format", "json", "--mark-seen")[3:]
        done = subprocess.run(
            [sys.executable, "-c", _KILLED, str(n * 0.002), *asked],
            env=child_environment(),
            cwd=tmp_path,
            capture_output=True,
        )
        told_now = ids(json.loads(done.stdout)[0]["new"])
        waiting = ids(told(nonmun)[0]["new"])
        assert told_now[:1] != []
        assert waiting in ([], told_now)  # all of them are marked, or none is
        whole += [] if waiting else told_now
    whole += ids(told(nonmun, "--mark-seen")[0]["new"])
    assert sorted(whole) == [f"2406.0020{n}" for n in range(8)]
