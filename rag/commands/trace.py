"""`nonmun trace`: show how the last answers were made. Needs NONMUN_TRACE=on."""

from __future__ import annotations

import argparse
import json

from rag.commands.console import say, say_json, settings_of
from rag.settings import trace_file

HELP = "show how the last answers were made (needs NONMUN_TRACE=on)"


def flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags of this command."""
    parser.add_argument("last", nargs="?", type=int, default=1, help="how many answers to show (default 1)")
    parser.add_argument("--json", action="store_true", help="print JSON Lines")


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    from rag.answers.traces import read

    settings = settings_of(args)
    rows = list(read(trace_file(), max(1, args.last)))
    if not rows:
        next_step = "Ask something first." if settings.trace == "on" else "Tracing is off. Set NONMUN_TRACE=on."
        say(f"There is no trace in {trace_file()} yet. {next_step}")
    for row in rows:
        if args.json:
            say_json(row)
            continue
        for name, value in row.items():
            shown = json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else value
            print(f"{name:14} {shown}")
        print()
    return 0
