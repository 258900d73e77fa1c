"""`nonmun translate`: write companions of digests in the other language, with the language model."""

from __future__ import annotations

import argparse
from pathlib import Path

from rag.commands.console import go_on, say, settings_of
from rag.errors import SettingsError
from rag.settings import cache_folder

HELP = "write companions of digests in the other language, with the language model"


def flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags of this command."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="a folder of digests")
    parser.add_argument("--to", choices=("en", "ko"), default="en", help="the language to write (default en)")
    parser.add_argument("--yes", action="store_true", help="go on without asking")


def run(args: argparse.Namespace) -> int:
    """Run it; return the exit status."""
    from rag.digests import find_digests
    from rag.llm import LlmEngine
    from rag.prompts import tokens
    from rag.translate import translate
    from vectorstore.cache import TextCache

    settings = settings_of(args)
    if not settings.has_model:
        raise SettingsError("Translating needs a language model: set OPENAI_API_KEY or OPENAI_BASE_URL.")
    size = sum(tokens(path.read_text(encoding="utf-8", errors="replace")) for path in find_digests(args.folder))
    go_on("Translating, at most", settings.model, settings.openai_base_url, 2 * size, size, args.yes)
    engine = LlmEngine(settings)
    cache = TextCache(cache_folder() / "translations.sqlite")
    problems = files = 0
    try:
        made_by = f"{settings.model}>{args.to}"
        for done in translate(args.folder, args.to, lambda *said: engine.complete(*said)[0], cache, made_by):
            files += 1
            problems += len(done.problems)
            print(f"{done.companion}: {done.bullets} bullets")
            for problem in done.problems:
                say(f"failed: {done.source}: {problem}")
    finally:
        cache.close()
    say(f"{files:,} files written. Index them: nonmun ingest {args.folder}")
    return 1 if problems else 0
