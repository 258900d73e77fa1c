"""A page that keeps itself up to date: fetched and indexed once a day, and after an hour where something failed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from rag.errors import FeedError
from rag.feeds.daily import DAY, RETRY, daily
from rag.feeds.fetch import FetchReport, fetch
from tests.rag.feeds.test_fetched_digests import DAY as WHEN
from tests.rag.feeds.test_fetched_digests import Fixed, paper
from vectorstore.errors import StoreBusyError


class Stopped(Exception):
    """Ends the endless loop."""


class Rounds:
    """Runs so many rounds, and keeps what was said, indexed and waited."""

    def __init__(self, folder: Path, rounds: int, faults: dict[int, Exception]) -> None:
        self.folder, self.rounds, self.faults = folder, rounds, faults
        self.at, self.indexed = 0, 0
        self.said: list[str] = []
        self.waited: list[float] = []

    def fetch(self) -> FetchReport:
        if self.at in self.faults:
            raise self.faults[self.at]
        return fetch(Fixed([paper(1)]), self.folder, WHEN, WHEN)

    def index(self) -> None:
        self.indexed += 1

    def pause(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.at += 1
        if self.at == self.rounds:
            raise Stopped

    def _collect(self, reports: list[FetchReport]) -> None:
        for report in daily(self.fetch, self.index, self.said.append, self.pause):
            reports.append(report)

    def run(self) -> list[FetchReport]:
        reports: list[FetchReport] = []
        with pytest.raises(Stopped):
            self._collect(reports)
        return reports


def test_it_fetches_and_indexes_once_a_day(tmp_path: Path) -> None:
    rounds = Rounds(tmp_path, 2, {})
    assert [report.added for report in rounds.run()] == [1, 0]
    assert (rounds.indexed, rounds.waited, rounds.said) == (2, [DAY, DAY], [])


def test_a_fault_is_said_and_tried_again_after_an_hour(tmp_path: Path) -> None:
    faults = {
        0: FeedError("The server is away."),
        1: PermissionError(13, "Permission denied", "digests"),
        2: StoreBusyError("Another ingest runs."),
    }
    rounds = Rounds(tmp_path, 4, faults)
    assert len(rounds.run()) == 1
    assert rounds.said == ["The server is away.", "digests: Permission denied", "Another ingest runs."]
    assert rounds.waited == [RETRY, RETRY, RETRY, DAY]


def test_a_day_that_failed_is_tried_again_after_an_hour(tmp_path: Path) -> None:
    rounds = Rounds(tmp_path, 1, {})
    rounds.fetch = lambda: replace(fetch(Fixed([]), tmp_path, WHEN, WHEN), failed=(("2024-06-11", "broken"),))  # type: ignore[method-assign]
    rounds.run()
    assert (rounds.said, rounds.waited) == (["2024-06-11: broken"], [RETRY])
