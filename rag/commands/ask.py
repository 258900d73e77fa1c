"""`nonmun ask`: answer a question, or many."""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path

from rag.commands.console import day, lines, say, say_json, settings_of
from rag.errors import QuestionError, SettingsError

HELP = "answer a question, or many"


def flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags of this command."""
    parser.add_argument("question", nargs="?", help="a question in Korean or English")
    parser.add_argument(
        "--batch", type=Path, metavar="FILE", help="JSON Lines of {id, question, history, as_of}; - for stdin"
    )
    parser.add_argument(
        "--history", type=Path, metavar="FILE", help="earlier questions of the conversation, one a line"
    )
    parser.add_argument(
        "--as-of", type=day, metavar="DATE", help="the day that relative dates count from (default: today in Seoul)"
    )
    parser.add_argument("--language", choices=("ko", "en"), help="answer language (default: the question's)")
    parser.add_argument("--engine", choices=("offline", "llm"), help="who writes the prose")
    parser.add_argument("--json", action="store_true", help="print JSON (JSON Lines with --batch)")


def _case(line: str, number: int) -> tuple[str, str, list[str], date | None]:
    try:
        row = json.loads(line)
        question, history = row["question"], row.get("history") or []
        as_of = date.fromisoformat(row["as_of"]) if row.get("as_of") else None
        if not isinstance(question, str) or not all(isinstance(earlier, str) for earlier in history):
            raise TypeError
        return str(row.get("id", number)), question, list(history), as_of
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise QuestionError(
            f'Line {number} is not a question like {{"id": "1", "question": "…", "history": [], "as_of": "2024-06-11"}}.'
        ) from error


def run(args: argparse.Namespace) -> int:
    """Run it; return the exit status."""
    from rag.pipeline import Pipeline

    if (args.question is None) == (args.batch is None):
        raise SettingsError("Give one question, or --batch FILE.")
    pipeline = Pipeline(settings_of(args))
    if args.batch is None:
        history = [line for _, line in lines(args.history)] if args.history else []
        answer = pipeline.ask(args.question, history, args.as_of, args.language, args.engine)
        for notice in answer.notices:
            say(f"note: {notice}")
        if used := answer.usage:
            from rag.answers.prices import unknown

            place = pipeline.settings.openai_base_url
            price = unknown(used.model, place) if used.usd is None else f"${used.usd:.5f}"
            about = "about " if used.estimated else ""
            say(f"{used.model}: {about}{used.tokens_in:,} tokens in, {used.tokens_out:,} out, {price}")
        if args.json:
            say_json(answer.as_json())
        else:
            say(" · ".join(answer.chips))
            print(answer.text)
            if answer.citations:
                print()
            for citation in answer.citations:
                print(f"[{citation.n}] {citation.paper.title} {citation.paper.url}")
        return 0
    failures = 0
    for number, line in lines(args.batch):
        try:
            name, question, history, as_of = _case(line, number)
            answer = pipeline.ask(question, history, as_of or args.as_of, args.language, args.engine)
        except QuestionError as error:
            failures += 1
            say(f"failed: {args.batch}:{number}: {error}")
            say_json({"id": str(number), "error": str(error)})
            continue
        say_json({"id": name, **answer.as_json()})
    return 1 if failures else 0
