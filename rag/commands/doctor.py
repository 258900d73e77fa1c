"""`nonmun doctor`: show every setting, and check that the index, the embedder and the model work."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import fields
from urllib.parse import urlsplit

from rag.commands.console import say_json, settings_of
from rag.errors import ModelError, NonmunError
from rag.settings import Settings, environment_name

HELP = "show every setting, and check that everything works"


def flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags of this command."""
    parser.add_argument("--json", action="store_true", help="print the report as one JSON value")


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit status: 1 when a check failed."""
    settings = settings_of(args)
    rows = {
        environment_name(spec.name): {
            "value": str(getattr(settings, spec.name)), "from": settings.origin[spec.name], "means": spec.metadata["doc"]
        }
        for spec in fields(Settings)
        if spec.name != "origin"
    }  # fmt: skip
    leaves = _leaves(settings) or ["nothing"]
    checks: dict[str, str] = {}
    problems = 0
    for name, check in _CHECKS:
        try:
            checks[name] = check(settings)
        except NonmunError as error:
            checks[name] = f"problem: {error}"
            problems += 1
    if args.json:
        say_json({"settings": rows, "leaves_this_machine": leaves, "checks": checks})
    else:
        for name, row in rows.items():
            print(f"{name:26} {row['value']:40} ({row['from']}) {row['means']}")
        print(f"{'leaves this machine':26} {'; '.join(leaves)}")
        for name, said in checks.items():
            print(f"{name:26} {said}")
    return 1 if problems else 0


def _leaves(settings: Settings) -> list[str]:
    """Return what is sent to another program, and where that is."""
    place = settings.llm or str(settings.openai_base_url) or "the OpenAI API"
    sent = []
    if settings.has_model:
        asked = ["titles and sentences of borderline papers"] if settings.select == "on" else []
        if settings.engine != "offline":
            asked.append("questions and the evidence for them")
        elif settings.reader == "llm":
            asked.append("questions")
        sent.append((", ".join([*asked, f"{'and ' if asked else ''}digests that you translate"]), place))
    if settings.embedder.startswith("openai:"):
        sent.append(("the text of digests and of questions, for embedding", place))
    if settings.store.startswith("http"):
        sent.append(("vectors, titles, bullets and metadata", settings.store))
    if settings.feed:
        from rag.feeds.sources import address_of

        sent.append(
            ("requests for new papers once a day while the page runs", str(address_of(settings.feed, settings)))
        )
    here = ("localhost", "127.0.0.1", "::1")
    return [f"{what}, to {to}" + (" (on this machine)" if urlsplit(to).hostname in here else "") for what, to in sent]


def _check_index(settings: Settings) -> str:
    from rag.pipeline import Pipeline

    started = time.perf_counter()
    pipeline = Pipeline(settings)
    papers = len(pipeline.snapshot().catalogue)
    pipeline.warm()
    return f"{papers:,} papers, ready to search in {time.perf_counter() - started:.1f} s"


def _check_embedder(settings: Settings) -> str:
    from rag.wiring import embedder

    started = time.perf_counter()
    size = len(embedder(settings).query("맘바 Mamba"))
    return f"{settings.embedder} gives {size} numbers per text, in {time.perf_counter() - started:.2f} s"


def _check_model(settings: Settings) -> str:
    if not settings.has_model:
        return "none is configured. To let one write answers, set OPENAI_API_KEY or OPENAI_BASE_URL."
    from rag.answers.llm import LlmEngine

    started = time.perf_counter()
    _, used = LlmEngine(settings).complete("You are being tried out.", "Reply with the word: ready")
    return f"{settings.model_name} answers, in {time.perf_counter() - started:.1f} s ({used.tokens_in} tokens in, {used.tokens_out} out)"


def _check_reader(settings: Settings) -> str:
    """Let the model read one question in each way that there is, and say which ways work."""
    if not settings.has_model or settings.reader == "offline":
        return "questions are read offline"
    from rag.answers.prompts import NOTICE
    from rag.models.structured import Structured
    from rag.questions.model_reader import sample

    tried = dict(Structured(settings).try_rungs(*sample()))
    said = "; ".join(f"{name}: {NOTICE['en'][fault] if fault else 'works'}" for name, fault in tried.items())
    if not all(tried.values()):
        return f"{settings.model_name} reads questions ({said})"
    why = f"{settings.model_name} gives no plan ({said}), so questions are read offline"
    if settings.reader == "llm":
        raise ModelError(f"{why}. Set NONMUN_READER=offline, or use another model.")
    return why


_CHECKS: tuple[tuple[str, Callable[[Settings], str]], ...] = (
    ("index", _check_index),
    ("embedder", _check_embedder),
    ("model", _check_model),
    ("reader", _check_reader),
)
