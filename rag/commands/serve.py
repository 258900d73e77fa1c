"""`nonmun serve`: serve the web page."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from rag.commands.console import say, settings_of
from rag.errors import SettingsError
from rag.settings import environment_name

APP = Path(__file__).resolve().parents[2] / "app.py"

HELP = "serve the web page"


def flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags of this command."""
    parser.add_argument("--host", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port (default 7860)")
    parser.add_argument("--auth", metavar="NAME:PASSWORD", help="ask for this name and password; off lets everyone in")
    parser.add_argument(
        "--feed", metavar="SOURCE", help="fetch and index this source once a day (see nonmun fetch); off by default"
    )
    parser.add_argument("--open", action="store_true", help="open the page in a browser")


def run(args: argparse.Namespace) -> int:
    """Start the page in place of this process."""
    settings = settings_of(args)
    if not APP.is_file():
        raise SettingsError(
            f"{APP.name}, the program that serves the page, is not beside the package. Run nonmun from the project's folder."
        )
    command = [
        sys.executable,
        str(APP),
        "--store",
        settings.store,
        "--host",
        settings.host,
        "--port",
        str(settings.port),
    ]
    if settings.feed:
        command += ["--feed", settings.feed]
    environment = dict(os.environ)
    if args.auth and settings.asks_password:
        say("note: other users of this machine can read --auth in the list of processes. Use NONMUN_AUTH_FILE instead.")
    if settings.auth.reveal():  # other users cannot read the environment
        environment[environment_name("auth")] = settings.auth.reveal()
    os.execve(sys.executable, [*command, "--open"] if args.open else command, environment)
