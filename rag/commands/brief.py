"""`nonmun brief`: write what a range of days brought, as a file to hand on."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from rag.commands.console import day, say, settings_of, write_file
from rag.errors import QuestionError, SettingsError

if TYPE_CHECKING:
    from rag.answers.answer import Answer
    from rag.evidence.types import Evidence
    from rag.language.text import Language

HELP = "write what a range of days brought, to hand on"


def flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags of this command."""
    parser.add_argument("--since", type=day, required=True, metavar="DATE", help="the first day, like 2024-06-01")
    parser.add_argument("--until", type=day, metavar="DATE", help="the last day (default: that of the last digest)")
    parser.add_argument("--format", choices=("md", "html", "json"), default="md", help="default: md")
    parser.add_argument("--language", choices=("ko", "en"), help="default: NONMUN_LANGUAGE, else Korean")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write to this file (default: stdout)")


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    from rag.pipeline import Pipeline

    if args.until and args.until < args.since:
        raise SettingsError(f"--until {args.until} lies before --since {args.since}. Swap them.")
    settings = settings_of(args)
    pipeline = Pipeline(settings)
    language: Language = args.language or ("en" if settings.language == "en" else "ko")
    end = args.until + timedelta(days=1) if args.until else None
    evidence, answer = pipeline.brief(args.since, end, language)
    if evidence.brief is None:
        raise QuestionError(answer.text)
    text = _FORMATS[args.format](evidence, answer)
    if args.out is None:
        print(text)
        return 0
    write_file(args.out, f"{text}\n")
    say(f"wrote {args.out}")
    return 0


def _markdown(evidence: Evidence, answer: Answer) -> str:
    from rag.answers.brief import sources, title

    assert evidence.brief is not None
    return "\n\n".join([f"# {title(evidence.brief, answer.language)}", answer.text, sources(answer)])


def _html(evidence: Evidence, answer: Answer) -> str:
    from rag.answers.brief import page

    assert evidence.brief is not None
    return page(evidence.brief, answer)


def _json(evidence: Evidence, answer: Answer) -> str:
    from rag.answers.brief import whole_json

    return json.dumps(whole_json(evidence, answer), ensure_ascii=False, indent=2)


_FORMATS: Mapping[str, Callable[[Evidence, Answer], str]] = {"md": _markdown, "html": _html, "json": _json}
