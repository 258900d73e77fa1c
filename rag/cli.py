"""The command line, `nonmun COMMAND`. Each command is a module of `rag.commands`.

Data goes to stdout and everything else to stderr. Exit status: 0 when done (a refusal is an answer), 1 when part of
the input failed, 2 for wrong usage or configuration.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence

from rag import __version__
from rag.commands import (
    ask,
    brief,
    check,
    doctor,
    evaluate,
    export,
    fetch,
    figures,
    follow,
    ingest,
    news,
    password,
    search,
    serve,
    stats,
    trace,
    translate,
)
from rag.commands.console import prepare_streams, say
from rag.errors import NonmunError

_COMMANDS = (
    fetch,
    ingest,
    check,
    ask,
    search,
    brief,
    figures,
    export,
    follow,
    news,
    evaluate,
    serve,
    password,
    trace,
    translate,
    stats,
    doctor,
)


_COLLECTED = 50_000  # new objects between two collections: those of an index stay, and looking at them takes a tenth of a question


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="nonmun", description="Ask a folder of daily paper digests, in Korean or English."
    )
    parser.add_argument("--version", action="version", version=f"nonmun {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in _COMMANDS:
        made = commands.add_parser(command.__name__.rpartition(".")[2], help=command.HELP, description=command.HELP)
        made.add_argument("--store", help="folder of the index, or http://host:port of a Chroma server")
        command.flags(made)
        made.set_defaults(module=command)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status. A NonmunError is printed to stderr and gives status 2."""
    prepare_streams()
    gc.set_threshold(_COLLECTED)
    args = _parser().parse_args(argv)
    try:
        return int(args.module.run(args))
    except NonmunError as error:
        say(f"nonmun: {error}")
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        say("nonmun: stopped. The index is intact.")
        return 130
    except OSError as error:
        say(f"nonmun: {error.filename or 'the system'}: {error.strerror or error}")
        return 2
