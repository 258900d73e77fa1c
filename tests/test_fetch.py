"""`nonmun fetch` as people and cron run it: exit statuses, what it prints, and that its digests are indexed and asked."""

from __future__ import annotations

import json
import shlex
import time
import urllib.request
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rag.cli import main
from rag.readers import today
from tests import test_cli
from tests.feed_server import Feeds, atom_entry, feed_server, hugging_face_row, rss, rss_item
from tests.openai_server import openai_server
from tests.serving import serving
from tests.test_cli import Run

FETCH_KEYS = ["source", "address", "since", "until", "written", "papers", "added", "voted", "unchanged", "failed", "notes", "stopped", "requests",
              "seconds", "dry_run"]  # fmt: skip
DAYS = ("--since", "2024-06-11", "--until", "2024-06-12")


run = test_cli.run  # a fixture


@pytest.fixture
def feeds(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Feeds]:
    with feed_server() as served:
        monkeypatch.setenv("NONMUN_FETCH_HUGGINGFACE", served.url)
        monkeypatch.setenv("NONMUN_FETCH_ARXIV", served.url)
        monkeypatch.setenv("NONMUN_FETCH_PAUSE", "0")
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
        served.days["2024-06-11"] = [
            hugging_face_row(
                "2406.10001",
                "FlapNet: Wings for Robots",
                "We propose FlapNet, which copies butterflies. It has 3 wings.",
                17,
            ),
            hugging_face_row("2406.10002", "Moth", "A moth flies at night.", 3),
        ]
        yield served


def test_new_papers_are_fetched_indexed_and_asked(run: Any, feeds: Feeds) -> None:
    done: Run = run("fetch", "huggingface", "--out", "d", *DAYS, "--json")
    assert (done.status, list(done.json)) == (0, FETCH_KEYS)
    assert (done.json["papers"], done.json["added"], done.json["written"]) == (2, 2, ["d/2024-06-11.md"])
    assert run("ingest", "d", "--store", "s", "--json").json["papers"] == 2
    answer = run("ask", "FlapNet을 제안한 논문은?", "--store", "s", "--json").json
    assert answer["papers"] == ["2406.10001"]
    assert answer["citations"][0]["votes"] == 17


def test_it_says_where_it_goes_and_a_second_run_writes_nothing(run: Any, feeds: Feeds) -> None:
    first = run("fetch", "huggingface", "--out", "d", *DAYS)
    assert (
        f"Asking {feeds.url.removeprefix('http://')} for Hugging Face daily papers, 2024-06-11 to 2024-06-12."
        in first.err
    )
    assert "1 digest written in d: 2 papers added" in first.out
    feeds.days["2024-06-11"][0]["paper"]["upvotes"] = 99
    second = run("fetch", "huggingface", "--out", "d", *DAYS)
    assert "0 digests written in d: 0 papers added, 0 with new votes, 2 unchanged" in second.out
    assert feeds.unchanged == 1  # the day that did not change was not sent again
    third = run("fetch", "huggingface", "--out", "d", *DAYS, "--refresh")
    assert "0 papers added, 1 with new votes, 1 unchanged" in third.out
    assert "Vote: 99" in Path("d/2024-06-11.md").read_text("utf-8")


def test_arxiv_and_a_feed_give_digests_too(run: Any, feeds: Feeds) -> None:
    feeds.papers = [("2024-06-12", atom_entry("2406.10003", "Owl", "An owl sees.", "2024-06-12T10:00:00Z"))]
    feeds.files["/feed"] = rss(rss_item("2406.10004", "Bat", "A bat hears."))
    assert run("fetch", "arxiv", "--categories", "cs.CL", "--query", "owl", "--out", "d", *DAYS).status == 0
    assert run("fetch", f"{feeds.url}/feed", "--out", "d", *DAYS).status == 0
    assert "[Owl](https://arxiv.org/abs/2406.10003)" in Path("d/2024-06-12.md").read_text("utf-8")
    assert "[Bat](https://arxiv.org/abs/2406.10004)" in Path("d/2024-06-11.md").read_text("utf-8")


def test_a_broken_day_is_reported_and_the_others_are_written(run: Any, feeds: Feeds) -> None:
    feeds.days["2024-06-12"] = feeds.days.pop("2024-06-11")
    feeds.faults = ["garbage"] * 4
    done = run("fetch", "huggingface", "--out", "d", *DAYS)
    assert done.status == 1
    assert "failed: 2024-06-11: " in done.err
    assert "1 digest written" in done.out


def test_a_server_that_goes_away_keeps_what_was_fetched_and_the_next_run_goes_on(run: Any, feeds: Feeds) -> None:
    feeds.days["2024-06-12"] = [hugging_face_row("2406.10005", "Late", "Late.")]
    feeds.body, body = lambda path: None if "12" in path.split("&")[0][-2:] else body(path), feeds.body  # type: ignore[method-assign]
    feeds.faults = []
    broken = run("fetch", "huggingface", "--out", "d", *DAYS, "--json")
    assert (broken.status, broken.json["written"]) == (1, ["d/2024-06-11.md"])
    feeds.body = body  # type: ignore[method-assign]
    feeds.faults = [(429, {"Retry-After": "900"})]
    waiting = run("fetch", "huggingface", "--out", "d", *DAYS, "--json")
    assert (waiting.status, waiting.json["written"]) == (1, [])
    assert "asks to wait 900 seconds" in waiting.json["stopped"]
    assert run("fetch", "huggingface", "--out", "d", *DAYS, "--json").json["written"] == ["d/2024-06-12.md"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["hugginface", "--out", "d"], "is not a source"), (["huggingface", "--out", "d", "--since", "2024-06-12", "--until", "2024-06-11"], "is after"),
     (["huggingface", "--out", "d", "--engine", "llm"], "needs a language model"), (["arxiv", "--out", "d"], "too many papers")],
)  # fmt: skip
def test_wrong_usage_is_a_sentence_and_asks_nobody(run: Any, feeds: Feeds, arguments: list[str], said: str) -> None:
    done = run("fetch", *arguments)
    assert (done.status, done.out) == (2, "")
    assert said in done.err
    assert feeds.requests == []


def test_a_configured_model_writes_two_digests_and_says_what_it_sends(
    run: Any, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    with openai_server() as model:
        monkeypatch.setenv("OPENAI_BASE_URL", model.url)
        model.say(
            "What's New: 나비를 따라 하는 FlapNet을 제안합니다. 날개가 9개입니다.\nTechnical Details: 날개가 3개입니다."
        )
        done = run("fetch", "huggingface", "--out", "d", *DAYS)
        assert done.status == 0, done.err
        assert "2 abstracts to summarise in two languages: about" in done.err
        korean = Path("d/2024-06-11.md").read_text("utf-8")
        assert (
            "- **What's New**: 나비를 따라 하는 FlapNet을 제안합니다.\n- **Technical Details**: 날개가 3개입니다."
            in korean
        )
        assert "9개" not in korean
        assert "- We propose FlapNet, which copies butterflies." in Path("d/2024-06-11.en.md").read_text("utf-8")
        asked = len(model.requests)
        assert run("fetch", "huggingface", "--out", "d", *DAYS).status == 0
        assert len(model.requests) == asked
        assert not any("nonmun" in json.dumps(request) for request in model.requests)
        assert run("fetch", "huggingface", "--out", "e", *DAYS, "--engine", "offline").status == 0
        assert len(model.requests) == asked


def test_nothing_but_fetch_asks_a_source(feeds: Feeds, tmp_path: Path) -> None:
    from tests.doubles import write_sample

    assert main(["ingest", str(write_sample(tmp_path / "digests")), "--store", str(tmp_path / "s")]) == 0
    assert main(["ask", "맘바를 사용한 논문은?", "--store", str(tmp_path / "s")]) == 0
    assert feeds.requests == []


def test_the_doctor_says_where_a_feed_goes(run: Any, feeds: Feeds, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("doctor", "--json", "--store", "none").json["leaves_this_machine"] == ["nothing"]
    for source, place in (
        ("huggingface", feeds.url),
        ("arxiv:cs.CL", feeds.url),
        ("https://feeds.example/x?key=s", "https://feeds.example/x?•••"),
    ):
        monkeypatch.setenv("NONMUN_FEED", source)
        (said,) = run("doctor", "--json", "--store", "none").json["leaves_this_machine"]
        assert said.startswith(f"requests for new papers once a day while the page runs, to {place}")


@pytest.mark.server
def test_a_page_with_a_feed_fetches_and_indexes_by_itself_and_one_without_asks_nobody(
    feeds: Feeds, tmp_path: Path, plain_site: str, seeds_home: Path
) -> None:
    assert plain_site
    assert "once a day" not in (seeds_home / "page.log").read_text(
        encoding="utf-8"
    )  # where all pages without a feed write
    feeds.files["/feed"] = rss(
        rss_item("2406.10001", "FlapNet", "We propose FlapNet.").replace("11 Jun 2024", f"{date.today():%d %b %Y}")
    )
    more = {"NONMUN_FETCH_PAUSE": "0", "NONMUN_FEED_FOLDER": str(tmp_path / "digests")}
    with serving(tmp_path, NONMUN_FEED=f"{feeds.url}/feed", **more) as address:
        until = time.monotonic() + 60
        while (papers := _papers(address)) is None and time.monotonic() < until:
            time.sleep(0.5)
        assert papers == 1
    said = (tmp_path / "page.log").read_text()
    assert f"from {feeds.url}/feed once a day." in said
    assert "1 new paper of 127.0.0.1" in said
    assert feeds.requests == ["/feed"]


def _papers(address: str) -> int | None:
    with urllib.request.urlopen(f"{address}/page/state", timeout=60) as reply:
        papers = json.loads(reply.read()).get("papers")
    return int(papers) if papers else None


def test_a_monday_morning_in_the_four_commands_of_the_readme(run: Any, feeds: Feeds, tmp_path: Path) -> None:
    readme = Path(__file__).resolve().parents[1] / "README.md"
    block = readme.read_text("utf-8").partition("Then, every Monday:")[2].split("```")[1]
    commands = [shlex.split(line)[1:] for line in block.splitlines() if line.startswith("nonmun ")]
    assert [command[0] for command in commands] == ["fetch", "ingest", "news", "export"]
    (tmp_path / "digests").mkdir()
    (tmp_path / "digests" / "2024-06-10.md").write_text(
        "## Daily Papers (2024-06-10)\n\n### [Owl](https://arxiv.org/abs/2406.00001)\n\nVote: 2\n\n- Mamba를 사용해 부엉이를 봅니다.\n",
        "utf-8",
    )
    assert run("ingest", "digests").status == 0
    assert run("follow", "add", "Mamba를 사용한 논문은?", "--name", "mamba").status == 0
    feeds.days[today().isoformat()] = [hugging_face_row("2411.10005", "Bees", "We use Mamba to count bees.", 4)]
    done = [run(*command) for command in commands]
    assert [one.status for one in done] == [0, 0, 0, 0], [one.err for one in done]
    assert "[Bees](https://arxiv.org/abs/2411.10005)" in done[2].out
    assert "We use Mamba to count bees." in done[2].out
    assert "Owl" not in done[2].out  # it was there when the question was saved
    assert Path("mamba.bib").read_text("utf-8").count("@misc{") == 2
    assert "Bees" not in run(*commands[2]).out
