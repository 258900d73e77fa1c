"""SIGKILL at random moments: after that of an ingest readers go on, and the next ingest loses and doubles nothing.

A killed page has kept what it said it kept, and a killed fetch leaves only whole digests.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import secrets
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from rag.corpus.digests import read_digest
from tests.doubles import REPOSITORY, child_environment
from tests.faults.scene import OTHER, Older, Scene, older
from tests.feed_server import feed_server, hugging_face_row
from tests.serving import forked, on_a_free_port, wait_for_page

SEED = int(os.environ.get("NONMUN_TEST_SEED") or secrets.randbelow(1_000_000))
CHAIN = 5  # kills of one store before its ingest may finish


def report(capsys: pytest.CaptureFixture[str], made: Scene, hits: Counter[str]) -> None:
    with capsys.disabled():
        took = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in made.seconds.items())
        print(f"\n    seed {SEED}; an ingest undisturbed: {took}; killed: {dict(sorted(hits.items()))}")


def digests_in(folder: Path, source: Path) -> list[Path]:
    shutil.copytree(source, folder)
    return sorted(path for path in folder.rglob("*.md") if path.name != "README.md")


@pytest.fixture(scope="module")
def corpus(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Older]:
    """The real digests, of which the newest sixty days come in."""
    folder = tmp_path_factory.mktemp("corpus")
    late = digests_in(folder / "digests", shared / "corpus")[-60:]
    with older(folder, folder / "digests", late) as made:
        yield made
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def growing(corpus: Older) -> Scene:
    return corpus.scene("growing", "bundled", rebuild=False)


@pytest.fixture(scope="module")
def changing(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """The newest fifty real digests, of which ten come in, all of them indexed anew by another embedder.

    Fifty are enough: a rebuild goes through the same stages however many there are, and each is killed at many moments.
    """
    folder = tmp_path_factory.mktemp("recent")
    digests = digests_in(folder / "digests", shared / "corpus")
    for path in digests[:-50]:
        path.unlink()
    with older(folder, folder / "digests", digests[-10:]) as made:
        yield made.scene("changing", OTHER, rebuild=True)
    shutil.rmtree(folder)


@pytest.mark.faults
@pytest.mark.parametrize("turn", range(6))
def test_an_ingest_of_the_real_digests_is_killed(growing: Scene, turn: int, capsys: pytest.CaptureFixture[str]) -> None:
    hits: Counter[str] = Counter()
    growing.chain(CHAIN, random.Random(SEED + turn), hits)
    report(capsys, growing, hits)


@pytest.mark.faults
@pytest.mark.parametrize("turn", range(2))
def test_a_rebuild_of_the_real_digests_into_another_embedder_is_killed(
    changing: Scene, turn: int, capsys: pytest.CaptureFixture[str]
) -> None:
    hits: Counter[str] = Counter()
    changing.chain(CHAIN, random.Random(SEED + 100 + turn), hits)
    report(capsys, changing, hits)


@pytest.mark.server  # with the other tests that start processes
@pytest.mark.parametrize(("embedder", "rebuild"), [("bundled", False), (OTHER, True)], ids=["ingest", "rebuild"])
def test_an_ingest_of_the_samples_is_killed(tmp_path: Path, embedder: str, rebuild: bool) -> None:
    digests = digests_in(tmp_path / "seeds", REPOSITORY / "seeds")
    for path in digests[:-6]:
        path.unlink()
    with older(tmp_path, tmp_path / "seeds", digests[-2:]) as made:
        made.scene("scene", embedder, rebuild).chain(3, random.Random(2024), Counter())


@pytest.mark.server
def test_a_killed_page_has_kept_every_chat_and_verdict_that_it_confirmed(seeds_home: Path, tmp_path: Path) -> None:
    shutil.copytree(seeds_home / "store", tmp_path / "store")
    settings = {
        "NONMUN_AUTH_HEADER": "Remote-User",
        "NONMUN_TRUSTED_PROXY": "127.0.0.1",
        "NONMUN_CHATS": "server",
        "NONMUN_FEEDBACK": str(tmp_path / "verdicts"),
    }
    dice, confirmed, log = random.Random(2024), Counter[str](), tmp_path / "log"
    log.touch()

    def write(address: str, reader: str, first: int) -> None:
        """Go on with a chat, one question after the other, and judge each answer, until the page is gone."""
        with contextlib.suppress(httpx.TransportError), httpx.Client(base_url=address, timeout=60) as client:
            for n in range(first, 500):
                turns = [{"id": f"t{at}", "q": f"{at}번째 질문"} for at in range(n + 1)]
                sent = {"title": "새 모형", "turns": turns, "answers": {f"t{n}": {"text": f"{n}번째 답"}}}
                by = {"Remote-User": reader}
                assert client.post("/page/chats/c1", json=sent, headers=by).status_code == 204
                confirmed[reader] = n + 1
                verdict = {"question": f"{reader} {n}", "verdict": "up", "person": f"{reader} {n}"}
                if client.post("/page/verdict", json=verdict, headers=by).status_code < 300:
                    confirmed["verdicts"] += 1

    def served() -> contextlib.AbstractContextManager[object]:
        return forked(tmp_path, log, *on_a_free_port(tmp_path), **settings)

    for turn in range(3):
        since = log.stat().st_size
        with served() as child:
            address = wait_for_page(child.is_alive, log, since)
            for reader in ("kim", "lee"):
                kept = httpx.get(f"{address}/page/chats", headers={"Remote-User": reader}, timeout=60).json()["chats"]
                answers = httpx.get(f"{address}/page/chats/c1", headers={"Remote-User": reader}, timeout=60).json()
                turns = [one["id"] for one in kept[0][1]["turns"]] if kept else []
                assert len(turns) >= confirmed[reader]
                assert sorted(turns) == sorted(answers)  # no question without its answer
            if turn == 2:
                break
            writers = [threading.Thread(target=write, args=(address, who, confirmed[who])) for who in ("kim", "lee")]
            for writer in writers:
                writer.start()
            before = sum(confirmed.values())
            while sum(confirmed.values()) < before + 6:
                time.sleep(0.01)
            time.sleep(dice.uniform(0, 0.1))
            child.kill()
            for writer in writers:
                writer.join()
    lines = (tmp_path / "verdicts" / "feedback.jsonl").read_text(encoding="utf-8").splitlines()
    assert len([json.loads(line) for line in lines]) >= confirmed["verdicts"] > 0


@pytest.mark.server
def test_a_killed_fetch_leaves_whole_digests_and_the_next_one_finishes(tmp_path: Path) -> None:
    days = [f"2024-06-{day:02d}" for day in range(1, 21)]
    out = tmp_path / "digests"
    command = [sys.executable, "-m", "rag", "fetch", "huggingface", "--out", str(out), "--since", days[0], "--until", days[-1], "--json"]  # fmt: skip
    with feed_server() as feeds:
        for day in days:
            number = int(day[-2:])
            feeds.days[day] = [
                hugging_face_row(f"2406.{number:02d}{n:03d}", f"Wing {day} {n}", f"날개 {n}개를 씁니다. It flies.", n)
                for n in range(40)
            ]
        surroundings = child_environment(
            NONMUN_FETCH_HUGGINGFACE=feeds.url, NONMUN_FETCH_PAUSE="0.02", XDG_CACHE_HOME=str(tmp_path / "cache"), PYTHONPATH=str(REPOSITORY)
        )  # fmt: skip
        found: list[int] = []
        for wanted in (1, 6, 13):
            child = subprocess.Popen(command, env=surroundings, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
            while child.poll() is None and len(list(out.glob("*.md"))) < wanted:
                time.sleep(0.002)
            child.kill()
            child.wait()
            written = sorted(out.glob("*.md"))
            found.append(len(written))
            for path in written:
                assert len(read_digest(path, out).entries) == 40, path
        assert found[0] < len(days), "every kill came too late"
        done = subprocess.run(command, env=surroundings, cwd=tmp_path, capture_output=True, check=True, timeout=120)
    told = json.loads(done.stdout)
    assert (told["papers"], told["failed"]) == (800, [])
    assert told["added"] == 800 - 40 * found[-1]
    assert [path.stem for path in sorted(out.glob("*.md"))] == days
