"""A disk that fills up, and one that may only be read: a sentence, and the index as it was."""

from __future__ import annotations

import contextlib
import os
import resource
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.cli import main
from tests.doubles import REPOSITORY, child_environment
from tests.faults.scene import answers, lost_or_doubled, manifest_of, strays

pytestmark = pytest.mark.server  # with the other tests that take their time


@contextlib.contextmanager
def disk(folder: Path, size: str) -> Iterator[Path]:
    """Mount a small disk."""
    folder.mkdir()
    if os.geteuid() != 0:
        pytest.skip("a small disk can be mounted only as root")
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("this machine does not let a small disk be mounted")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def remount(folder: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", str(folder)], check=True)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with digests of seven days, the store of five of them, and the other two aside."""
    folder = tmp_path_factory.mktemp("sample")
    shutil.copytree(REPOSITORY / "seeds", folder / "digests")
    (folder / "late").mkdir()
    for path in sorted((folder / "digests").glob("2*.md"))[-4:]:
        path.rename(folder / "late" / path.name)
    assert main(["ingest", str(folder / "digests"), "--store", str(folder / "store")]) == 0
    shutil.copytree(folder / "late", folder / "digests", dirs_exist_ok=True)
    return folder


def test_a_store_on_a_disk_that_may_only_be_read_answers_and_refuses_an_ingest_in_a_sentence(
    sample: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with disk(tmp_path / "disk", "100m") as place:
        store = Path(shutil.copytree(sample / "store", place / f"store-{secrets.token_hex(4)}"))
        expected = answers(sample / "store")
        remount(place, "ro")
        assert answers(store) == expected
        for more in ([], ["--rebuild"]):
            assert main(["ingest", str(sample / "digests"), "--store", str(store), *more]) == 2
            said = capsys.readouterr().err
            assert f"The store {store} cannot be written: Read-only file system. Choose another with --store." in said
        remount(place, "rw")
        assert main(["ingest", str(sample / "digests"), "--store", str(store)]) == 0
        assert len(manifest_of(store).papers()) == 77


@pytest.mark.skipif(os.geteuid() != 0, reason="another user's folder takes root to make")
def test_a_store_of_another_user_answers_and_refuses_an_ingest_in_a_sentence(sample: Path, tmp_path: Path) -> None:
    opened = Path(f"/tmp/nonmun-other-{secrets.token_hex(4)}")  # pytest's own folders are closed to others
    try:
        shutil.copytree(sample / "store", opened / "store")
        shutil.copytree(sample / "digests", opened / "digests")
        (opened / "home").mkdir()
        os.chown(opened / "home", 65534, 65534)
        environment = child_environment(HOME=str(opened / "home"), TMPDIR=str(opened / "home"))

        def run(*arguments: str) -> subprocess.CompletedProcess[str]:
            return subprocess.run(
                [sys.executable, "-m", "rag", *arguments],
                cwd=opened / "home", env=environment, user=65534, group=65534, extra_groups=[], capture_output=True, text=True,
                check=False,
            )  # fmt: skip

        try:
            if run("--version").returncode:
                pytest.skip("another user may not read this Python")
        except PermissionError:
            pytest.skip("another user may not run this Python")
        found = run("search", "맘바를 사용한 논문", "--store", str(opened / "store"))
        assert (found.returncode, "2312.00752" in found.stdout) == (0, True), found.stderr
        refused = run("ingest", str(opened / "digests"), "--store", str(opened / "store"))
        assert (refused.returncode, "Traceback" in refused.stderr) == (2, False)
        assert "cannot be written: Permission denied. Choose another with --store." in refused.stderr
        assert not list((opened / "home").glob("nonmun-*"))  # the copy that was read from is gone
    finally:
        shutil.rmtree(opened)


def filled(sample: Path, place: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Ingest where there is not enough room; return what was said, empty where there was room after all."""
    store = Path(shutil.copytree(sample / "store", place / f"store-{secrets.token_hex(4)}"))
    before, was = answers(store), manifest_of(store)
    capsys.readouterr()
    status = main(["ingest", str(sample / "digests"), "--store", str(store)])
    said = capsys.readouterr().err
    assert "Traceback" not in said
    if status == 2:
        assert (answers(store), manifest_of(store)) == (before, was)
        assert strays(store) == []
        remount(place, "size=200m")
        assert main(["ingest", str(sample / "digests"), "--store", str(store)]) == 0
    assert len(manifest_of(store).papers()) == 77
    assert lost_or_doubled(store) == (set(), set())
    assert strays(store) == []
    return said if status == 2 else ""


@pytest.mark.faults
@pytest.mark.parametrize("room", range(1, 22, 2))
def test_a_disk_that_fills_up_at_some_point_of_an_ingest_is_a_sentence(
    sample: Path, tmp_path: Path, room: int, capsys: pytest.CaptureFixture[str]
) -> None:
    used = sum(path.stat().st_size for path in (sample / "store").rglob("*")) / 1e6
    with disk(tmp_path / "disk", f"{int(used * 1000) + room * 400}k") as place:
        said = filled(sample, place, capsys)
        assert said or room > 10
        if said:
            assert "full" in said or "No space left on device" in said


def test_a_disk_that_fills_up_is_a_sentence(sample: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    used = sum(path.stat().st_size for path in (sample / "store").rglob("*")) / 1e6
    with disk(tmp_path / "disk", f"{int(used * 1000) + 2_000}k") as place:
        assert filled(sample, place, capsys)


def test_a_limit_on_the_size_of_files_is_a_sentence_and_the_index_is_as_it_was(sample: Path, tmp_path: Path) -> None:
    """As a quota does it, and where no small disk can be mounted."""
    store = Path(shutil.copytree(sample / "store", tmp_path / "store"))
    largest = max(path.stat().st_size for path in store.rglob("*"))

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest + 10_000, largest + 10_000))

    done = subprocess.run(
        [sys.executable, "-m", "rag", "ingest", str(sample / "digests"), "--store", str(store)],
        cwd=tmp_path, env=child_environment(HOME=str(tmp_path)), preexec_fn=limit, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr
    assert done.stderr.count("nonmun: ") == 1
    assert answers(store) == answers(sample / "store")
    assert strays(store) == []
