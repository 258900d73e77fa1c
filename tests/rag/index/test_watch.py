"""Following folders: files that are added, edited, renamed, removed or half-written, and failures."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.cli import main
from rag.corpus.manifest import Manifest
from rag.errors import NonmunError
from rag.index.ingest import IngestReport, ingest
from rag.index.watch import EVERY, LONGEST, MOST, REST, watch
from rag.pipeline import Pipeline
from rag.settings import Settings
from tests.doubles import KITE, MOSS, OWL, TIDE, child_environment, counting, write_day, write_sample
from vectorstore.errors import StoreError
from vectorstore.folder import FolderStore

Act = Callable[[], object]


class _EndError(Exception):
    pass


class Watched:
    """A watch whose clock advances only by its pauses. `run` calls functions at given times."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.store, self.folder = FolderStore(path), folder
        self.embedding, _ = counting()
        self.now, self.said, self.pauses = 0.0, list[str](), list[float]()
        self.ingested: list[tuple[float, bool]] = []
        self.fails: NonmunError | None = None

    def _ingest(self, prune: bool) -> IngestReport:
        self.ingested.append((self.now, prune))
        if self.fails:
            raise self.fails
        return ingest(self.store, self.embedding, [self.folder], prune=prune)

    def run(self, until: float, *acts: tuple[float, Act]) -> list[IngestReport]:
        """Watch for some seconds. Return the reports of the ingests."""
        waiting = sorted(acts, key=lambda act: act[0])

        def pause(seconds: float) -> None:
            self.pauses.append(seconds)
            self.now += seconds
            while waiting and waiting[0][0] <= self.now:
                waiting.pop(0)[1]()
            if self.now >= until:
                raise _EndError

        reports = []
        with contextlib.suppress(_EndError):
            for report in watch(self.store, [self.folder], self._ingest, self.said.append, pause, lambda: self.now):
                reports.append(report)
        return reports

    @property
    def papers(self) -> list[str]:
        """The last digits of the indexed papers."""
        manifest = Manifest.from_bytes(self.store.manifest(self.store.current() or ""), "here")
        return sorted(arxiv_id[-1] for arxiv_id in manifest.papers())


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    """A watch of two days: NightOwl (1) and PaperKite (2), TideTable (3) and MossBank (4)."""
    return Watched(tmp_path / "store", write_sample(tmp_path / "digests"))


def test_what_lies_there_is_indexed_and_then_left_alone(watched: Watched) -> None:
    reports = watched.run(REST - 2)
    assert ([report.added for report in reports], watched.papers) == ([4], ["1", "2", "3", "4"])
    assert len(watched.ingested) == 1


def test_added_edited_and_renamed_digests_are_followed_and_a_removed_one_leaves_after_a_rest(watched: Watched) -> None:
    folder = watched.folder
    new = KITE.replace("2406.00002", "2406.00007").replace("PaperKite", "SecondKite")

    def edit() -> None:
        write_day(folder, "2024-06-12", TIDE.replace("six hours", "nine hours"), MOSS)

    reports = watched.run(
        400,
        (50, lambda: write_day(folder, "2024-06-14", new)),
        (100, edit),
        (150, lambda: (folder / "2024-06-14.md").rename(folder / "2024-06-14-b.md")),
        (200, (folder / "2024-06-12.md").unlink),
        (200 + REST, lambda: watched.said.append(" ".join(watched.papers))),
    )
    changes = [(r.added, r.updated, r.removed) for r in reports if r.added or r.updated or r.removed]
    assert changes == [(4, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 2)]
    assert watched.said == ["1 2 3 4 7"]  # a moment before the rest is over
    assert watched.papers == ["1", "2", "7"]


def test_many_changes_in_a_row_bring_one_ingest_once_they_rest(watched: Watched) -> None:
    days = [
        (10 + n * EVERY / 2, lambda n=n: write_day(watched.folder, f"2024-07-{n + 1:02d}", OWL.replace("31", str(n))))
        for n in range(20)
    ]
    watched.run(35, *days)
    assert len([at for at, prune in watched.ingested if at > 10]) == 1
    assert len(watched.papers) == 4


def test_a_file_that_is_half_written_for_a_while_costs_no_paper(watched: Watched) -> None:
    path = watched.folder / "2024-06-11.md"
    whole = path.read_text(encoding="utf-8")
    seen: list[list[str]] = []
    acts: list[tuple[float, Act]] = [(60 + REST * 0.8 * n, lambda n=n: path.write_text(whole[: n * len(whole) // 9], "utf-8"))
                                     for n in range(10)]  # fmt: skip
    watched.run(60 + REST * 9, *acts, *((float(at), lambda: seen.append(watched.papers)) for at in range(60, 320)))
    assert {tuple(papers) for papers in seen} == {("1", "2", "3", "4")}
    assert path.read_text(encoding="utf-8") == whole


def test_a_folder_that_is_away_and_comes_back_costs_nothing(watched: Watched, tmp_path: Path) -> None:
    away = tmp_path / "away"
    watched.run(400, (60, lambda: watched.folder.rename(away)), (250, lambda: away.rename(watched.folder)))
    assert watched.said == [
        f"There is no folder {watched.folder}. Give the folder that holds the digests (2024-06-11.md, …)."
    ]
    assert (watched.papers, sum(at > 60 for at, _ in watched.ingested)) == (["1", "2", "3", "4"], 0)


def test_most_of_the_papers_do_not_leave_at_once_but_that_is_said(watched: Watched) -> None:
    def keep_one() -> None:
        (watched.folder / "2024-06-11.en.md").unlink()
        (watched.folder / "2024-06-12.md").unlink()
        write_day(watched.folder, "2024-06-11", OWL)

    assert MOST < 3 / 4
    watched.run(300, (60, keep_one))
    assert watched.papers == ["1", "2", "3", "4"]
    assert watched.said == [
        "3 of 4 papers stand in no digest any more. That many stay until you say so: nonmun ingest DIGESTS --prune"
    ]


def test_an_emptied_folder_is_said_once_and_empties_nothing(watched: Watched) -> None:
    watched.run(300, (60, lambda: [path.unlink() for path in watched.folder.iterdir()]))
    assert watched.papers == ["1", "2", "3", "4"]
    assert len(watched.said) == 1
    assert "There is no digest (*.md) under" in watched.said[0]


def test_a_broken_digest_is_reported_and_the_rest_goes_on(watched: Watched) -> None:
    broken = watched.folder / "2024-06-13.md"
    reports = watched.run(
        100,
        (10, lambda: broken.write_bytes(b"\xff\xfe" + b"\x00\xd8" * 9)),
        (30, lambda: write_day(watched.folder, "2024-06-14", OWL.replace("2406.00001", "2406.00009"))),
    )
    assert [len(report.failed) for report in reports] == [0, 1, 1, 1]  # the last is the one after the rest
    assert watched.papers == ["1", "2", "3", "4", "9"]


def test_what_goes_wrong_is_said_once_tried_again_more_rarely_and_recovered_from(watched: Watched) -> None:
    watched.fails = StoreError("There is no Chroma server at http://127.0.0.1:8000.")

    def mend() -> None:
        watched.fails = None

    watched.run(500, (300, mend))
    assert watched.said == ["There is no Chroma server at http://127.0.0.1:8000."]
    assert watched.papers == ["1", "2", "3", "4"]
    assert max(watched.pauses) == LONGEST
    assert sum(at < 300 for at, _ in watched.ingested) < 12
    assert watched.pauses[-1] == EVERY


def test_watching_goes_without_rebuilding_and_pruning(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for flag in ("--rebuild", "--prune"):
        assert main(["ingest", str(tmp_path), "--watch", flag, "--store", str(tmp_path / "s")]) == 2
        assert (
            "--watch cannot be combined with --rebuild or --prune. Run those first, then watch."
            in capsys.readouterr().err
        )


def _until(true: Callable[[], bool], seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)


def _heed_ctrl_c() -> None:
    """Let Ctrl+C end this process, though the tests may have been started by a shell that ignores it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.server
def test_a_live_watch_is_seen_by_an_open_reader_and_stops_at_a_sign(tmp_path: Path) -> None:
    folder, store, log = write_sample(tmp_path / "digests"), tmp_path / "store", tmp_path / "log"
    command = [sys.executable, "-m", "rag", "ingest", str(folder), "--watch", "--store", str(store)]
    with (
        log.open("wb") as out,
        subprocess.Popen(
            command, cwd=tmp_path, env=child_environment(), stdout=out, stderr=out, preexec_fn=_heed_ctrl_c
        ) as child,
    ):
        try:
            _until((store / "CURRENT").exists)
            reader = Pipeline(Settings(store=str(store)))
            assert len(reader.snapshot().catalogue) == 4
            bat = OWL.replace("2406.00001", "2406.00077").replace(
                "NightOwl: Listening for Birds", "BatMap: 박쥐의 초음파 지도"
            )
            with (folder / "2024-06-14.md").open(
                "w", encoding="utf-8"
            ) as slowly:  # in two pieces, cut in a Korean word
                half = bat.index("구별") + 1
                slowly.write(f"## Daily Papers (2024-06-14)\n\n{bat[:half]}")
                slowly.flush()
                time.sleep(EVERY * 1.5)
                slowly.write(bat[half:])
            (folder / "2024-06-15.md").write_bytes(b"\xff\xfe" + b"\x00\xd8" * 9)
            _until(lambda: len(reader.snapshot().catalogue) == 5)
            _until(lambda: "2024-06-15.md" in log.read_text(encoding="utf-8"))
            _until(lambda: reader.snapshot().catalogue.papers["2406.00077"].ko[-1].text.endswith("87.5%입니다."))
            assert reader.search("박쥐의 초음파 지도는?", 1)[0].arxiv_id == "2406.00077"
        finally:
            child.send_signal(signal.SIGINT)
            try:
                status = child.wait(60)
            finally:
                child.kill()
    said = log.read_text(encoding="utf-8")
    assert (status, "nonmun: stopped. The index is intact." in said, "Traceback" in said) == (130, True, False)
    assert not list(store.glob("draft-*"))
