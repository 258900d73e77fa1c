"""`nonmun check`: say what would be read of digests, and what would be lost, without indexing them."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.commands.console import counted, say_json
from rag.errors import SettingsError

if TYPE_CHECKING:
    from rag.corpus.digests import Digest, Problem

HELP = "say what would be read of digests, without indexing them"


def flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags of this command."""
    parser.add_argument("folders", nargs="*", type=Path, metavar="DIR", help="folders of digests, or single files")
    parser.add_argument("--json", action="store_true", help="print the report as one JSON value")


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit status: 1 when a digest could not be read."""
    from rag.corpus.digests import find_digests, read_digest, skipped

    if not args.folders:
        raise SettingsError("Give at least one folder of digests: nonmun check DIR")
    digests: dict[str, Digest] = {}
    passed: dict[Problem, None] = {}
    for folder in args.folders:
        for path in find_digests(folder):
            digests.setdefault(path.as_posix(), read_digest(path, folder))
        passed.update(dict.fromkeys(skipped(folder)))
    if args.json:
        say_json(_report(list(digests.values()), list(passed)))
    else:
        for line in _lines(list(digests.values()), list(passed)):
            print(line)
    return 1 if any(digest.failed for digest in digests.values()) else 0


def _file(digest: Digest) -> dict[str, Any]:
    """Return what was read of one file."""
    entries = digest.entries
    days = sorted({entry.date for entry in entries})
    return {
        "file": digest.file,
        "papers": len({entry.arxiv_id for entry in entries}),
        "first_day": str(min((entry.since or entry.date for entry in entries), default=days[0])) if days else None,
        "last_day": str(days[-1]) if days else None,
        "with_votes": sum(entry.votes is not None for entry in entries),
        "with_authors": sum(bool(entry.authors) for entry in entries),
        "with_summary": sum(bool(entry.bullets) for entry in entries),
        "tags": sorted({tag for entry in entries for tag in entry.tags}),
        "languages": sorted({entry.language for entry in entries if entry.language}),
        "failed": [_problem(problem) for problem in digest.failed],
        "warnings": [_problem(problem) for problem in digest.warnings],
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {"line": problem.line, "reason": problem.reason}


def _report(digests: Sequence[Digest], passed: Sequence[Problem]) -> dict[str, Any]:
    ids = {entry.arxiv_id for digest in digests for entry in digest.entries}
    return {
        "files": [_file(digest) for digest in digests],
        "papers": len(ids),
        "failed": sum(len(digest.failed) for digest in digests),
        "warnings": sum(len(digest.warnings) for digest in digests),
        "skipped": [asdict(problem) for problem in passed],
    }


def _lines(digests: Sequence[Digest], passed: Sequence[Problem]) -> Iterator[str]:
    """Yield the report as text: a line for each file, its problems below it, and the sums."""
    from rag.language.text import one_line

    for digest in digests:
        said = _file(digest)
        days = said["last_day"] or "no day"
        if said["first_day"] != said["last_day"]:
            days = f"{said['first_day']} to {said['last_day']}"
        yield one_line(
            f"{digest.file}: {days}, {counted(said['papers'], 'paper')}, {said['with_votes']:,} with votes, "
            f"{said['with_authors']:,} with authors, {said['with_summary']:,} with a summary",
            2_000,
        )
        for kind, problems in (("failed", digest.failed), ("warning", digest.warnings)):
            for problem in problems:
                place = f"line {problem.line}: " if problem.line else ""
                yield f"  {one_line(f'{kind}: {place}{problem.reason}', 2_000)}"
    for problem in passed:
        yield one_line(f"{problem.file}: {problem.reason}", 2_000)
    report = _report(digests, passed)
    yield (
        f"{counted(len(digests), 'file')}, {counted(report['papers'], 'paper')}, {report['failed']:,} failed, "
        f"{counted(report['warnings'], 'warning')}. Nothing was indexed."
    )
