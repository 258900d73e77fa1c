"""`nonmun doctor`: say what is configured and whether it works."""

from __future__ import annotations

import argparse
import time
from dataclasses import fields

from rag.commands.console import say_json, settings_of
from rag.errors import NonmunError
from rag.settings import Settings, environment_name

HELP = "say what is configured and whether it works"


def flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags of this command."""
    parser.add_argument("--json", action="store_true")


def run(args: argparse.Namespace) -> int:
    """Run it; return the exit status."""
    settings = settings_of(args)
    rows = {
        environment_name(spec.name): {
            "value": str(getattr(settings, spec.name)), "from": settings.origin[spec.name], "means": spec.metadata["doc"]
        }
        for spec in fields(Settings)
        if spec.name != "origin"
    }  # fmt: skip
    leaves = []
    place = settings.openai_base_url or "the OpenAI API"
    if settings.has_model and settings.engine != "offline":
        leaves.append(f"questions and the evidence for them, to {place}")
    if settings.embedder.startswith("openai:"):
        leaves.append(f"the text of digests, and questions, to be embedded, to {place}")
    if settings.store.startswith("http"):
        leaves.append(f"vectors, titles, bullets and metadata, to {settings.store}")
    leaves = leaves or ["nothing"]
    checks: dict[str, str] = {}
    problems = 0
    for name, check in (("index", _check_index), ("embedder", _check_embedder), ("model", _check_model)):
        try:
            checks[name] = check(settings)
        except NonmunError as error:
            checks[name] = f"problem: {error}"
            problems += 1
    if args.json:
        say_json({"settings": rows, "leaves_this_machine": leaves, "checks": checks})
    else:
        for name, row in rows.items():
            print(f"{name:22} {row['value']:40} ({row['from']}) {row['means']}")
        print(f"{'leaves this machine':22} {'; '.join(leaves)}")
        for name, said in checks.items():
            print(f"{name:22} {said}")
    return 1 if problems else 0


def _check_index(settings: Settings) -> str:
    from rag.pipeline import Pipeline

    started = time.perf_counter()
    pipeline = Pipeline(settings)
    papers = len(pipeline.snapshot().catalogue)
    pipeline.warm()
    return f"{papers:,} papers, ready to search in {time.perf_counter() - started:.1f} s"


def _check_embedder(settings: Settings) -> str:
    from rag.pipeline import embedder

    started = time.perf_counter()
    size = len(embedder(settings).query("맘바 Mamba"))
    return f"{settings.embedder} gives {size} numbers a text, in {time.perf_counter() - started:.2f} s"


def _check_model(settings: Settings) -> str:
    if not settings.has_model:
        return "none is configured: set OPENAI_API_KEY or OPENAI_BASE_URL to have answers written by one"
    from rag.llm import LlmEngine

    started = time.perf_counter()
    _, used = LlmEngine(settings).complete("You are being tried out.", "Reply with the word: ready")
    return f"{settings.model} answers, in {time.perf_counter() - started:.1f} s ({used.tokens_in} tokens in, {used.tokens_out} out)"
