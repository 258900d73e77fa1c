"""`nonmun translate`: write companions of digests in the other language, with the language model."""

from __future__ import annotations

import argparse
from pathlib import Path

from rag.commands.console import go_on, say, settings_of
from rag.errors import ModelError, SettingsError
from rag.settings import cache_folder

INSTRUCTION = 70  # tokens of what a model is told with each bullet
HELP = "write companions of digests in the other language, with the language model"


def flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags of this command."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="a folder of digests")
    parser.add_argument("--to", choices=("en", "ko"), default="en", help="the language to write (default en)")
    parser.add_argument("--yes", action="store_true", help="go on without asking")


def run(args: argparse.Namespace) -> int:
    """Run it; return the exit status."""
    from rag.answers.llm import LlmEngine
    from rag.answers.prompts import tokens
    from rag.answers.translate import remaining, translate
    from vectorstore.cache import TextCache

    settings = settings_of(args)
    if not settings.has_model:
        raise SettingsError("Translating needs a language model: set OPENAI_API_KEY or OPENAI_BASE_URL.")
    engine, made_by = LlmEngine(settings), f"{settings.model}>{args.to}"
    cache = TextCache(cache_folder() / "translations.sqlite")
    problems = files = 0
    try:
        if left := remaining(args.folder, args.to, cache, made_by):
            size = sum(map(tokens, left))
            what, sent = f"{len(left):,} bullets to translate", size + INSTRUCTION * len(left)
            go_on(what, settings.model, settings.openai_base_url, sent, size, args.yes)
        for done in translate(args.folder, args.to, lambda *said: engine.complete(*said)[0], cache, made_by):
            files += 1
            problems += len(done.problems)
            print(f"{done.companion}: {done.bullets} bullets")
            for problem in done.problems:
                say(f"failed: {done.source}: {problem}")
    except ModelError as error:
        raise ModelError(
            f"{error} What was translated until then is kept; run the same command again to go on."
        ) from None
    finally:
        cache.close()
    if files:
        say(f"{files:,} files written. Index them: nonmun ingest {args.folder}")
    else:
        say(f"Nothing is left to translate under {args.folder}.")
    return 1 if problems else 0
