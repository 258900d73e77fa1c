"""`nonmun password`: make the line that lets a reader in, for the file that NONMUN_AUTH_FILE names."""

from __future__ import annotations

import argparse
import getpass
import sys

from rag.errors import SettingsError
from rag.passwords import hash_password

HELP = "make a line for NONMUN_AUTH_FILE: a name and its password, hashed"


def flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags of this command."""
    parser.add_argument("name", help="the name to sign in with")


def run(args: argparse.Namespace) -> int:
    """Run it; return the exit status. The password is asked for twice, or read from stdin where that is no terminal."""
    name = args.name.strip()
    if not name or ":" in name or not name.isprintable():
        raise SettingsError(f"“{args.name[:40]}” cannot be a name; it may hold no colon and nothing invisible.")
    if sys.stdin is not None and sys.stdin.isatty():
        password = getpass.getpass("Password: ")
        if getpass.getpass("Again: ") != password:
            raise SettingsError("The two are not the same. Nothing was made; run it again.")
    else:
        password = sys.stdin.readline().rstrip("\r\n") if sys.stdin else ""
    if len(password) < 8:
        raise SettingsError(f"The password has {len(password)} characters; it needs at least 8.")
    print(f"{name}:{hash_password(password)}")
    return 0
