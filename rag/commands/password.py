"""`nonmun password`: print a line for the file that NONMUN_AUTH_FILE names."""

from __future__ import annotations

import argparse
import getpass
import sys

from rag.errors import SettingsError
from rag.passwords import hash_password

HELP = "print a line for NONMUN_AUTH_FILE: a name and the hash of its password"


def flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags of this command."""
    parser.add_argument("name", help="the name to sign in with")


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit status. Ask for the password twice, or read it from stdin if that is no terminal."""
    name = args.name.strip()
    if not name or ":" in name or not name.isprintable():
        raise SettingsError(f"“{args.name[:40]}” cannot be a name. Leave out colons and invisible characters.")
    if sys.stdin is not None and sys.stdin.isatty():
        password = getpass.getpass("Password: ")
        if getpass.getpass("Again: ") != password:
            raise SettingsError("The two passwords differ. Run the command again.")
    else:
        password = sys.stdin.readline().rstrip("\r\n") if sys.stdin else ""
    if len(password) < 8:
        raise SettingsError(f"The password has {len(password)} characters. It needs at least 8.")
    print(f"{name}:{hash_password(password)}")
    return 0
