"""`nonmun fetch`: write the digests of new papers, from Hugging Face's daily papers, arXiv or a feed."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rag.commands.console import counted, day, go_on, say, say_json, settings_of
from rag.errors import SettingsError
from rag.settings import Settings, cache_folder, masked_url

if TYPE_CHECKING:
    from rag.feeds.fetch import FetchReport, Summarise
    from rag.feeds.listed import Listed
    from vectorstore.cache import TextCache

HELP = "write digests of new papers, from the network"
SUMMARY_TOKENS = 250  # that a summary in one language has


def flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags of this command."""
    parser.add_argument("source", metavar="SOURCE", help="huggingface, arxiv, or the address of an RSS or Atom feed")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the digests, one file a day")
    parser.add_argument(
        "--since", type=day, metavar="DATE", help="first day (default: the newest digest in DIR, at least a week ago)"
    )
    parser.add_argument("--until", type=day, metavar="DATE", help="last day (default: today)")
    parser.add_argument("--categories", default="", metavar="LIST", help="categories of arXiv, such as cs.CL,cs.LG")
    parser.add_argument("--query", default="", help="words that papers of arXiv must have; a phrase in quotes")
    parser.add_argument("--refresh", action="store_true", help="write changed votes into the digests that are there")
    parser.add_argument(
        "--engine",
        choices=("offline", "llm"),
        help="write the abstract's sentences, or summaries by the language model",
    )
    parser.add_argument(
        "--yes", action="store_true", help="start a large run of the language model without asking first"
    )
    parser.add_argument("--dry-run", action="store_true", help="fetch, and say what would be written")
    parser.add_argument("--json", action="store_true", help="print the report as one JSON value")


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit status: 1 when a day could not be read."""
    from rag.feeds.client import host_of
    from rag.feeds.fetch import fetch, first_day
    from rag.feeds.sources import client_of, source_of
    from rag.readers import today
    from vectorstore.cache import TextCache

    settings = settings_of(args)
    until: date = args.until or today()
    since: date = args.since or min(first_day(args.out, until), until)
    if since > until:
        raise SettingsError(f"--since {since} is after --until {until}.")
    engine = args.engine or settings.engine
    if engine == "llm" and not settings.has_model:
        raise SettingsError("--engine llm needs a language model. Set OPENAI_API_KEY or OPENAI_BASE_URL.")
    cache = TextCache(cache_folder() / "summaries.sqlite")
    client = client_of(settings)
    try:
        categories = [part.strip() for part in args.categories.split(",") if part.strip()]
        source = source_of(args.source, client, settings, categories, args.query)
        say(f"Asking {host_of(source.address)} for {source.name}, {since} to {until}.")
        uses_model = engine != "offline" and settings.has_model
        report = fetch(
            source, args.out, since, until,
            refresh=args.refresh, dry_run=args.dry_run, requests=lambda: client.requests,
            model=(lambda papers: _summariser(settings, papers, cache, args.yes)) if uses_model else None,
        )  # fmt: skip
    finally:
        client.close()
        cache.close()
    _print(report, args)
    return 1 if report.failed or report.stopped else 0


def _summariser(settings: Settings, papers: list[Listed], cache: TextCache, yes: bool) -> Summarise:
    """Return who asks the language model for summaries, after saying what is sent; a large run is asked about first."""
    from rag.answers.llm import LlmEngine
    from rag.feeds.summaries import request, summary
    from rag.language.text import tokens

    sent = sum(tokens("".join(request(paper, tongue))) for paper in papers for tongue in ("en", "ko"))
    what = f"{counted(len(papers), 'abstract')} to summarise in two languages"
    go_on(what, settings.model, settings.openai_base_url, sent, 2 * SUMMARY_TOKENS * len(papers), yes)
    engine = LlmEngine(settings)
    return lambda paper, tongue: summary(paper, tongue, lambda *said: engine.complete(*said)[0], cache, settings.model)


def _print(report: FetchReport, args: argparse.Namespace) -> None:
    for when, reason in report.notes:
        say(f"note: {when}: {reason}")
    for when, reason in report.failed:
        say(f"failed: {when}: {reason}")
    if report.stopped:
        say(f"failed: {report.stopped} What was fetched until then is written. Run the same command again to go on.")
    if args.json:
        say_json({**report.as_json(), "address": masked_url(report.address), "dry_run": args.dry_run})
        return
    for path in report.written:
        print(path)
    verb = "would be written" if args.dry_run else "written"
    print(
        f"{counted(len(report.written), 'digest')} {verb} in {args.out}: {report.added:,} papers added, "
        f"{report.voted:,} with new votes, {report.unchanged:,} unchanged, {len(report.failed):,} days failed; "
        f"{counted(report.requests, 'request')} in {report.seconds:.1f} s"
    )
