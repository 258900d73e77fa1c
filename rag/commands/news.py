"""`nonmun news`: tell the papers that came to fit the saved questions (see `nonmun follow`)."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rag.commands.console import counted, day, say, settings_of

if TYPE_CHECKING:
    from rag.following.news import News

HELP = "tell the papers that came to fit the saved questions (nonmun follow)"


def flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags of this command."""
    parser.add_argument(
        "--name", action="append", default=[], help="only this saved question; may be given several times"
    )
    parser.add_argument(
        "--since",
        type=day,
        metavar="DATE",
        help="all papers of digests from this day on, seen or not (default: what is unseen)",
    )
    parser.add_argument(
        "--format", choices=("md", "html", "json", "atom"), default="md", help="how news are written (default: md)"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="file to write (default: stdout)")
    parser.add_argument("--mark-seen", action="store_true", help="tell each of these papers never again")


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    from rag.following.desk import Desk
    from rag.following.rendering import FORMATS
    from rag.pipeline import Pipeline
    from rag.readers import today

    def write(told: list[News]) -> None:
        _write(FORMATS[args.format](told, today()), args.out)

    desk = Desk(Pipeline(settings_of(args)))
    told = desk.told(args.name, args.since, write=write, seen=args.mark_seen)
    papers = sum(len(one.papers) for one in told)
    say(f"{counted(papers, 'paper')} for {counted(len(told), 'saved question')}.")
    return 0


def _write(text: str, out: Path | None) -> None:
    if out is None:
        sys.stdout.write(text)
        sys.stdout.flush()
    else:
        out.write_text(text, encoding="utf-8")
