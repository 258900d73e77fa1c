"""`nonmun translate`: translate digests with the language model, each into a companion file."""

from __future__ import annotations

import argparse
from pathlib import Path

from rag.commands.console import counted, go_on, say, settings_of
from rag.errors import ModelError, SettingsError
from rag.settings import cache_folder

INSTRUCTION = 70  # tokens of the instruction that goes with each bullet
HELP = "translate digests into the other language with the language model"


def flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags of this command."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="a folder of digests")
    parser.add_argument("--to", choices=("en", "ko"), default="en", help="language to translate into (default: en)")
    parser.add_argument("--yes", action="store_true", help="start a large run without asking first")


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit status: 1 when a translation was left out."""
    from rag.answers.llm import LlmEngine
    from rag.answers.translate import remaining, translate
    from rag.language.text import tokens
    from vectorstore.cache import TextCache

    settings = settings_of(args)
    if not settings.has_model:
        raise SettingsError("Translating needs a language model. Set OPENAI_API_KEY or OPENAI_BASE_URL.")
    engine, made_by = LlmEngine(settings), f"{settings.model}>{args.to}"
    cache = TextCache(cache_folder() / "translations.sqlite")
    problems = written = 0
    try:
        if left := remaining(args.folder, args.to, cache, made_by):
            size = sum(map(tokens, left))
            what, sent = f"{counted(len(left), 'bullet')} to translate", size + INSTRUCTION * len(left)
            go_on(what, settings.model, settings.openai_base_url, sent, size, args.yes)
        for done in translate(args.folder, args.to, lambda *said: engine.complete(*said)[0], cache, made_by):
            problems += len(done.problems)
            if done.bullets:
                written += 1
                print(f"{done.companion}: {counted(done.bullets, 'bullet')}")
            for problem in done.problems:
                say(f"failed: {done.source}: {problem}")
    except ModelError as error:
        raise ModelError(
            f"{error} What was translated until then is kept. Run the same command again to go on."
        ) from None
    finally:
        cache.close()
    if written:
        say(f"{counted(written, 'file')} written. Index them: nonmun ingest {args.folder}")
    elif problems:
        say(f"No file was written: {counted(problems, 'translation')} failed the checks and were left out.")
    else:
        say(f"Nothing is left to translate under {args.folder}.")
    return 1 if problems else 0
