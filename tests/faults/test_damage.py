"""Every file of a store, damaged in every way: a sentence or the same answers as before, and a rebuild that mends it."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.cli import main
from tests.doubles import REPOSITORY
from tests.faults.scene import answers, lost_or_doubled, manifest_of, strays
from vectorstore.errors import StoreError


def empty(path: Path) -> None:
    path.write_bytes(b"")


def halve(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def flip(path: Path) -> None:
    """Flip one bit in each of twenty places."""
    data = bytearray(path.read_bytes())
    for place in range(20):
        at = (2 * place + 1) * len(data) // 40
        if data:
            data[at] ^= 1 << (place % 8)
    path.write_bytes(data)


DAMAGES: tuple[Callable[[Path], None], ...] = (Path.unlink, empty, halve, flip)
# Of what is in these, no answer is ever wrong: what another process wrote last, what is computed again, what has no content.
HARMLESS = ("LOCK", "cache.sqlite", "sums.json")
FILES = (
    "CURRENT", "LOCK", "cache.sqlite", "manifest.json", "sums.json", "chroma.sqlite3", "data_level0.bin", "header.bin",
    "index_metadata.pickle", "length.bin", "link_lists.bin", "counts.npy", "ids.json", "rows.npy",
    "papers.npy", "passages.npy", "pieces.npy", "starts.npy", "terms.json", "titles.npy", "vectors-1.npy", "weights.npy", "words.json",
)  # fmt: skip


class Whole:
    """A whole store of the samples, and what it answers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.digests = folder / "digests"
        shutil.copytree(REPOSITORY / "seeds", self.digests)
        self.store = folder / "store"
        assert main(["ingest", str(self.digests), "--store", str(self.store)]) == 0
        self.answers, self.manifest = answers(self.store), manifest_of(self.store)
        self.sums = self.state()

    def copy(self) -> Path:
        return Path(shutil.copytree(self.store, self.folder / f"copy-{secrets.token_hex(4)}"))

    def state(self) -> dict[str, str]:
        """Return the checksums of the digests."""
        return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in self.digests.iterdir()}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    return Whole(tmp_path_factory.mktemp("damage"))


def damaged_and_mended(
    whole: Whole, file: str, damage: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    store = whole.copy()
    path = next(p for p in sorted(store.rglob("*")) if p.name == file)
    before = path.read_bytes()
    damage(path)
    unlike = not path.exists() or path.read_bytes() != before
    said = ""
    try:
        assert answers(store) == whole.answers
    except StoreError as error:
        said = str(error)
        assert f"nonmun ingest DIGESTS --rebuild --store {store}" in said
        assert "\n" not in said
    lost_pointer = file == "CURRENT" and not path.exists()  # then the newest whole generation is the current one
    harmless = file in HARMLESS or lost_pointer or (file == "chroma.sqlite3" and damage is flip) or not unlike
    assert said or harmless, "the damage went unnoticed"

    capsys.readouterr()
    command = ["ingest", str(whole.digests), "--store", str(store)]
    for arguments in ([*command], [*command, "--rebuild"]):  # the first says what is wrong, or mends it
        status = main(arguments)
        err = capsys.readouterr().err
        assert "Traceback" not in err
        assert status == 0 or ("--rebuild" in err and "--rebuild" not in arguments)
    assert (answers(store), manifest_of(store)) == (whole.answers, whole.manifest)
    assert lost_or_doubled(store) == (set(), set())
    assert strays(store) == []
    assert whole.state() == whole.sums
    shutil.rmtree(store)


@pytest.mark.server
def test_the_list_names_every_file_of_a_store(whole: Whole) -> None:
    assert {path.name for path in whole.store.rglob("*") if path.is_file()} == set(FILES)


@pytest.mark.faults
@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
@pytest.mark.parametrize("file", FILES)
def test_a_damaged_file_is_noticed_or_harmless_and_is_mended(
    whole: Whole, file: str, damage: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    damaged_and_mended(whole, file, damage, capsys)


@pytest.mark.server  # with the other tests that take their time
@pytest.mark.parametrize(
    ("file", "damage"),
    [("manifest.json", flip), ("data_level0.bin", flip), ("pieces.npy", flip), ("CURRENT", Path.unlink)],
)
def test_flipped_bits_and_a_lost_pointer_are_noticed_or_harmless_and_are_mended(
    whole: Whole, file: str, damage: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    damaged_and_mended(whole, file, damage, capsys)
