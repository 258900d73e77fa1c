"""`nonmun ask`: answer one question, or a file of them."""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.commands.console import counted, day, is_broken, lines, say, say_json, settings_of, typed
from rag.errors import NonmunError, QuestionError, SettingsError

if TYPE_CHECKING:
    from rag.answers.answer import Answer
    from rag.pipeline import Pipeline

HELP = "answer one question, or a file of questions"
_EXAMPLE = '{"id": "1", "question": "…", "history": ["an earlier question"], "as_of": "2024-06-11"}'


def flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags of this command."""
    parser.add_argument("question", nargs="?", type=typed, help="a question in Korean or English")
    parser.add_argument(
        "--batch",
        type=Path,
        metavar="FILE",
        help="answer every line of a JSON Lines file of {id, question, history, as_of}; - reads stdin",
    )
    parser.add_argument(
        "--history",
        type=Path,
        metavar="FILE",
        help="earlier questions of this conversation, one per line, oldest first",
    )
    parser.add_argument(
        "--as-of", type=day, metavar="DATE", help="the day that “yesterday” counts from (default: today in Seoul)"
    )
    parser.add_argument(
        "--language", choices=("ko", "en"), help="language of the answer (default: that of the question)"
    )
    parser.add_argument("--engine", choices=("offline", "llm"), help="answer offline, or let the language model write")
    parser.add_argument(
        "--reader",
        choices=("auto", "offline", "llm"),
        help="who reads the question: auto asks the language model where the offline reader is unsure",
    )
    parser.add_argument("--json", action="store_true", help="print JSON (JSON Lines with --batch)")


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    from rag.pipeline import Pipeline

    if (args.question is None) == (args.batch is None):
        raise SettingsError("Give one question, or --batch FILE.")
    pipeline = Pipeline(settings_of(args))
    if args.batch is not None:
        return _answer_all(pipeline, args)
    history = [line for _, line in lines(args.history)] if args.history else []
    answer = pipeline.ask(args.question, history, args.as_of, args.language, args.engine)
    for notice in answer.notices:
        say(f"note: {notice}")
    _say_usage(pipeline, answer)
    if args.json:
        say_json(answer.as_json())
    else:
        _print(answer)
    return 0


def _say_usage(pipeline: Pipeline, answer: Answer) -> None:
    """Say which model wrote the answer, with its tokens and cost."""
    used = answer.usage
    if used is None:
        return
    from rag.answers.prices import unknown

    price = unknown(used.model, pipeline.settings.price_place) if used.usd is None else f"${used.usd:.5f}"
    about = "about " if used.estimated else ""
    say(f"{used.model}: {about}{used.tokens_in:,} tokens in, {used.tokens_out:,} out, {price}")


def _print(answer: Answer) -> None:
    """Print an answer to read: its plan to stderr, its text and its sources to stdout."""
    say(" · ".join(answer.chips))
    print(answer.text)
    if answer.citations:
        print()
    for citation in answer.citations:
        print(f"[{citation.n}] {citation.paper.title} {citation.paper.url}")


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a batch. `id` is what the line gives as its id; a line without one is known by its number."""

    number: int
    id: str | None
    row: Any

    @property
    def name(self) -> str:
        """How messages name the line."""
        return f"line {self.number}" if self.id in (None, str(self.number)) else f"line {self.number}, id {self.id}"


def _parsed(number: int, text: str) -> _Line:
    """Parse a line as JSON. What is no JSON object keeps its number as its id, and None as its row."""
    if is_broken(text):
        return _Line(number, str(number), text)
    try:
        row = json.loads(text)
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict):
        return _Line(number, str(number), None)
    given = row.get("id", number)
    if isinstance(given, bool | dict | list):
        return _Line(number, str(number), {**row, "id": False})
    return _Line(number, None if given is None else str(given), row)


def _question(line: _Line) -> tuple[str, list[str], date | None]:
    """Return the question, history and day of a line. Raises QuestionError with what is wrong."""
    row = line.row
    if isinstance(row, str):
        raise QuestionError(f"Line {line.number} is not UTF-8 text. Save it as UTF-8.")
    if row is None:
        raise QuestionError(f"Line {line.number} is not a question like {_EXAMPLE}.")
    if not isinstance(row.get("question"), str):
        raise QuestionError(f"Line {line.number} is not a question like {_EXAMPLE}: “question” must be a text.")
    if row.get("id") is False:
        raise QuestionError(f"Line {line.number}: “id” must be a text or a number.")
    history = row.get("history") or []
    if not isinstance(history, list) or not all(isinstance(earlier, str) for earlier in history):
        raise QuestionError(f"Line {line.number}: “history” must be a list of earlier questions, oldest first.")
    if not row.get("as_of"):
        return row["question"], history, None
    try:
        return row["question"], history, date.fromisoformat(row["as_of"])
    except (ValueError, TypeError):
        raise QuestionError(f"Line {line.number}: “as_of” must be a day like 2024-06-11.") from None


def _answer_all(pipeline: Pipeline, args: argparse.Namespace) -> int:
    """Answer every line of a batch. A line that fails is reported, and the next one is answered."""
    if args.engine == "llm" and not pipeline.settings.has_model:
        raise SettingsError("--engine llm needs a language model. Set OPENAI_API_KEY or OPENAI_BASE_URL.")
    asked = list(lines(args.batch, broken=True))
    pipeline.snapshot()  # without an index every line would fail alike
    failures = 0
    for number, text in asked:
        line = _parsed(number, text)
        try:
            answered = _answer(pipeline, args, line)
        except NonmunError as error:
            problem = str(error)
        except Exception as error:  # noqa: BLE001 - a fault in one question must not cost the others
            problem = f"This question could not be answered: {type(error).__name__}: {error}"
        else:
            say_json({"id": line.id, **answered})
            continue
        failures += 1
        say(f"failed: {args.batch}:{number}: {problem} ({line.name})")
        say_json({"id": line.id, "line": number, "error": problem})
    if failures:
        say(f"{counted(failures, 'line')} of {len(asked):,} failed.")
    return 1 if failures else 0


def _answer(pipeline: Pipeline, args: argparse.Namespace, line: _Line) -> dict[str, Any]:
    question, history, as_of = _question(line)
    return pipeline.ask(question, history, as_of or args.as_of, args.language, args.engine).as_json()
