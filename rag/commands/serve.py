"""`nonmun serve`: open the web page."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from rag.commands.console import say, settings_of
from rag.errors import SettingsError
from rag.settings import environment_name

APP = Path(__file__).resolve().parents[2] / "app.py"

HELP = "open the web page"


def flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags of this command."""
    parser.add_argument("--host", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port (default 7860)")
    parser.add_argument("--auth", metavar="NAME:PASSWORD", help="ask for this name and password; off lets anyone in")
    parser.add_argument("--open", action="store_true", help="open the page in a browser")


def run(args: argparse.Namespace) -> int:
    """Run it; return the exit status."""
    settings = settings_of(args)
    if not APP.is_file():
        raise SettingsError(
            f"The page's program {APP.name} is not beside the package. Run it from the project's folder."
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
    environment = dict(os.environ)
    if args.auth and settings.asks_password:
        say(
            "--auth stands in the list of processes, where others of this machine may read it; NONMUN_AUTH_FILE does not."
        )
    if settings.auth.reveal():  # from here on in the environment, which others cannot read
        environment[environment_name("auth")] = settings.auth.reveal()
    os.execve(sys.executable, [*command, "--open"] if args.open else command, environment)
