"""Fetching: the days of a source into the files of a folder.

What was written until a fault stays, and a second run goes on there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from rag.corpus.days import span_of_path
from rag.corpus.digests import find_digests
from rag.corpus.papers import Bullet, Entry
from rag.errors import FeedError
from rag.feeds.digests import Change, change, held_ids
from rag.feeds.listed import Day, Listed, Source
from rag.feeds.summaries import abstract_bullets
from rag.language.text import Language

WEEK = timedelta(days=6)

Summarise = Callable[[Listed, Language], tuple[Bullet, ...]]
"""Asks a model for a summary in a language; empty where it did not hold. Raises ModelError."""


@dataclass(frozen=True, slots=True)
class FetchReport:
    """What a run did. `failed` and `notes` are (day, reason); `stopped` says why not all days were reached."""

    source: str
    address: str
    since: date
    until: date
    written: tuple[str, ...]
    papers: int
    added: int
    voted: int
    unchanged: int
    failed: tuple[tuple[str, str], ...]
    notes: tuple[tuple[str, str], ...]
    stopped: str
    requests: int
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """Return the report as it stands in --json."""
        said = asdict(self)
        for name in ("failed", "notes"):
            said[name] = [{"day": day, "reason": reason} for day, reason in said[name]]
        return {
            **said,
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "written": list(self.written),
            "seconds": round(self.seconds, 1),
        }


def first_day(folder: Path, today: date) -> date:
    """Return the day to go on from: a week ago, or the newest digest of the folder where that is older."""
    days = [
        span.last for path in (find_digests(folder) if folder.is_dir() else ()) if (span := span_of_path(path.name))
    ]
    newest = max((day for day in days if day <= today), default=today)
    return min(newest, today - WEEK)


def listed_days(source: Source, since: date, until: date) -> tuple[list[Day], str]:
    """Return the days of a source, and why they end early; "" where they do not."""
    days: list[Day] = []
    try:
        for day in source.days(since, until):
            days.append(day)
    except FeedError as error:
        return days, str(error)
    return days, ""


def unsummarised(days: Iterable[Day], folder: Path) -> list[Listed]:
    """Return the papers that a model would be asked to summarise: those that no file of ours holds."""
    found = []
    for day in days:
        held = held_ids(digest_path(folder, day.date), day.date)
        found += [paper for paper in day.papers if held is not None and paper.arxiv_id not in held]
    return found


def digest_path(folder: Path, day: date, language: Language | None = None) -> Path:
    """Return the file of a day; with a language, that of a companion in it."""
    return folder / f"{day:%Y-%m-%d}{f'.{language}' if language else ''}.md"


def changes(day: Day, folder: Path, refresh: bool, summarise: Summarise | None) -> Iterator[Change]:
    """Yield what the files of a day need: one of abstracts or, with a model, an English and a Korean one of summaries.

    A summary that does not hold is replaced by the sentences of the abstract. The Korean file comes last, because it
    tells which papers are done.
    """
    if not day.papers:
        return
    votes = {paper.arxiv_id: paper.votes for paper in day.papers}
    main, companion = digest_path(folder, day.date), digest_path(folder, day.date, "en")

    def needed(path: Path, papers: Iterable[Listed], said: Callable[[Listed], tuple[Bullet, ...]]) -> Change:
        return change(path, day.date, (_entry(paper, day.date, said(paper)) for paper in papers), votes, refresh)

    if summarise is None:
        if companion.is_file():
            yield needed(companion, (), abstract_bullets)
        yield needed(main, day.papers, abstract_bullets)
        return
    new = unsummarised([day], folder)
    write = summarise
    yield needed(companion, new, lambda paper: write(paper, "en") or abstract_bullets(paper))
    yield needed(main, new, lambda paper: write(paper, "ko") or abstract_bullets(paper))


def _entry(paper: Listed, day: date, bullets: tuple[Bullet, ...]) -> Entry:
    return Entry(paper.arxiv_id, paper.title, day, paper.votes, paper.authors, False, paper.media, None, bullets, 0)


def fetch(
    source: Source,
    folder: Path,
    since: date,
    until: date,
    *,
    refresh: bool = False,
    dry_run: bool = False,
    model: Callable[[list[Listed]], Summarise] | None = None,
    requests: Callable[[], int] = lambda: 0,
) -> FetchReport:
    """Write the digests of a source into a folder. `model` is given the new papers, and returns who summarises them.

    Raises DigestError where the folder is none, ModelError when a model does not answer.
    """
    started = time.monotonic()
    days, stopped = listed_days(source, since, until)
    new = unsummarised(days, folder) if model else []
    summarise = model(new) if model and new and not dry_run else None
    made = [(day, one) for day in days for one in _written(day, folder, refresh, dry_run, summarise)]
    papers = {paper.arxiv_id for day in days for paper in day.papers}
    added = {paper for _, one in made for paper in one.added}
    voted = {paper for _, one in made for paper in one.voted} - added
    return FetchReport(
        source=source.name,
        address=source.address,
        since=since,
        until=until,
        written=tuple(str(one.path) for _, one in made if one.text is not None),
        papers=len(papers),
        added=len(added),
        voted=len(voted),
        unchanged=len(papers - added - voted),
        failed=tuple((str(day.date), day.failed) for day in days if day.failed),
        notes=tuple(_notes(days, made)),
        stopped=stopped,
        requests=requests(),
        seconds=time.monotonic() - started,
    )


def _notes(days: Iterable[Day], made: Iterable[tuple[Day, Change]]) -> Iterator[tuple[str, str]]:
    """Yield what was left out or left alone, each with its day."""
    for day in days:
        if day.passed_over:
            yield str(day.date), f"{day.passed_over:,} entries link no arXiv paper and are passed over"
    for day, one in made:
        if one.foreign:
            yield str(day.date), f"{one.path} was not written by nonmun fetch and stays as it is"
        for paper in one.unwritable:
            yield str(day.date), f"{paper} cannot be written so that it is read back, and is left out"


def _written(day: Day, folder: Path, refresh: bool, dry_run: bool, summarise: Summarise | None) -> Iterator[Change]:
    for one in changes(day, folder, refresh, summarise):
        if not dry_run:
            one.write()
        yield one
