"""SIGKILL at random moments of an ingest: whatever the moment, readers go on, and the next ingest loses and doubles nothing."""

from __future__ import annotations

import os
import random
import secrets
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doubles import REPOSITORY
from tests.faults.scene import OTHER, Older, Scene, older

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
def changing(corpus: Older) -> Scene:
    """All of them indexed anew by another embedder."""
    return corpus.scene("changing", OTHER, rebuild=True)


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
