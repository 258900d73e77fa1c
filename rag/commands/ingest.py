"""`nonmun ingest`: index digests, or update an index."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from rag.commands.console import Bars, go_on, named_ids, say, say_json, settings_of
from rag.errors import SettingsError
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.index.ingest import IngestReport

HELP = "index digests, or update an index"


def flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags of this command."""
    parser.add_argument("folders", nargs="*", type=Path, metavar="DIR", help="folders of digests, or single files")
    parser.add_argument("--prune", action="store_true", help="remove papers that are no longer in these folders")
    parser.add_argument("--rebuild", action="store_true", help="compute every vector again")
    parser.add_argument("--watch", action="store_true", help="keep running, and index every change in the folders")
    parser.add_argument("--embedder", help="bundled, openai:MODEL, or module:Class of a LlamaIndex embedder")
    parser.add_argument(
        "--yes", action="store_true", help="send a large number of texts to be embedded without asking first"
    )
    parser.add_argument("--json", action="store_true", help="print the report as one JSON value")


def _approve(settings: Settings, yes: bool) -> Callable[[list[str]], None] | None:
    """Return a function that asks before texts are sent to a server, or None when none are sent."""
    kind, _, model = settings.embedder.partition(":")

    def approve(texts: list[str]) -> None:
        from rag.language.text import tokens

        if texts:
            go_on(f"{len(texts):,} texts to embed", model, settings.openai_base_url, sum(map(tokens, texts)), 0, yes)

    return approve if kind == "openai" else None


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit status: 1 when a digest could not be read."""
    from rag.index.ingest import ingest
    from rag.wiring import embedder, store_of

    if not args.folders and not args.rebuild:
        raise SettingsError("Give at least one folder of digests: nonmun ingest DIR")
    settings = settings_of(args)
    store, embedding = store_of(settings), embedder(settings)

    def once(prune: bool) -> IngestReport:
        bars = Bars()
        try:
            return ingest(
                store,
                embedding,
                args.folders,
                prune=prune,
                rebuild=args.rebuild,
                progress=bars,
                approve=_approve(settings, args.yes),
            )
        finally:
            bars.close()

    if not args.watch:
        report = once(args.prune)
        for note in _notes(report):
            say(note)
        _print(report, args.json, settings.store)
        return 1 if report.failed else 0
    if args.rebuild or args.prune:
        raise SettingsError("--watch cannot be combined with --rebuild or --prune. Run those first, then watch.")
    from rag.index.watch import watch

    told: list[str] = []
    for report in watch(store, args.folders, once, lambda text: say(f"nonmun: {text}")):
        notes = _notes(report)
        for note in notes:
            if note not in told:
                say(note)
        told = notes
        if report.added or report.updated or report.removed:
            _print(report, args.json, settings.store)
    raise AssertionError


def _notes(report: IngestReport) -> list[str]:
    notes = [f"note: {warning}" for warning in report.warnings[:20]]
    if len(report.warnings) > 20:
        notes.append(f"note: … and {len(report.warnings) - 20} more")
    for problem in report.failed:
        place = f"{problem.file}:{problem.line}" if problem.line else problem.file
        notes.append(f"failed: {place}: {problem.reason}")
    return notes


def _print(report: IngestReport, as_json: bool, store: str) -> None:
    if as_json:
        say_json(report.as_json())
    else:
        print(
            f"{report.papers:,} papers, {report.chunks:,} chunks in {store}: {report.added:,} added, {report.updated:,} updated, "
            f"{report.unchanged:,} unchanged, {report.removed:,} removed, {len(report.failed):,} failed, in {report.seconds:.1f} s",
            flush=True,
        )
        if report.doubtful:
            print(f"Summaries that seem not to be about their paper: {named_ids(report.doubtful)}", flush=True)
