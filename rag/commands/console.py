"""What the commands share: saying, asking, reading lines and flags, progress. Data goes to stdout, all else to stderr."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

from rag.errors import QuestionError, SettingsError
from rag.language.text import one_line
from rag.settings import Settings, read_settings

LARGE = 100_000  # tokens that leave the machine without a question; a month of digests is about as many


def say(text: str) -> None:
    """Print a line to stderr."""
    print(one_line(text, 2_000), file=sys.stderr, flush=True)  # a file's name may hold newlines and worse


def say_json(value: object) -> None:
    """Print one JSON value to stdout."""
    text = json.dumps(value, ensure_ascii=False)
    print(text.encode("utf-8", "backslashreplace").decode("utf-8"), flush=True)  # a file's name may be no UTF-8


def counted(ids: Sequence[str], limit: int = 10) -> str:
    """Return how many ids there are, with the first ones.

    >>> counted(["2406.12045", "2407.12883"]), counted(["2406.12045", "2407.12883"], 1), counted([])
    ('2: 2406.12045, 2407.12883', '2: 2406.12045 and 1 more (--json names all)', '0')
    """
    if not ids:
        return "0"
    rest = f" and {len(ids) - limit:,} more (--json names all)" if len(ids) > limit else ""
    return f"{len(ids):,}: {', '.join(ids[:limit])}{rest}"


def day(text: str) -> date:
    """Read the day of a flag."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is not a day like 2024-06-11") from None


def settings_of(args: argparse.Namespace) -> Settings:
    """Read the settings, flags first."""
    names = ("store", "embedder", "host", "port", "auth")
    return read_settings({name: getattr(args, name, None) for name in names})


def lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of a file (- is stdin) that are not blank, with their numbers. Raises QuestionError."""
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionError(
            f"{path} cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8 text'}."
        ) from error
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield number, line


def go_on(what: str, model: str, base_url: str, tokens_in: int, tokens_out: int, yes: bool) -> None:
    """Say what a run sends and costs, and ask where it is large. Raises SettingsError when the answer is no."""
    from rag.answers.prices import as_of, cost, unknown

    dollars = cost(model, base_url, tokens_in, tokens_out)
    price = unknown(model, base_url) if dollars is None else f"about ${dollars:.2f}, prices of {as_of()}"
    say(f"{what}: about {tokens_in:,} tokens to {model} at {base_url or 'the OpenAI API'} ({price}).")
    if yes or tokens_in <= LARGE:
        return
    if sys.stdin is None or not sys.stdin.isatty():
        raise SettingsError("That is a large run. Add --yes to go on.")
    say("Go on? [y/N]")
    if sys.stdin.readline().strip().lower() not in ("y", "yes", "예", "네"):
        raise SettingsError("Stopped; nothing was sent.")


class Bars:
    """Progress bars on stderr, one a stage; silent where stderr is no terminal."""

    _NAMES: ClassVar = {"read": "Reading digests", "analyse": "Analysing text ", "embed": "Embedding      "}

    def __init__(self) -> None:
        self._bars: dict[str, Any] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Show that `done` of `total` are through a stage."""
        from tqdm import tqdm

        bar = self._bars.get(stage)
        if bar is None:
            shown = "{desc} {percentage:3.0f}%|{bar:30}| {n_fmt}/{total_fmt} [{elapsed}]"
            bar = tqdm(total=total, desc=self._NAMES[stage], bar_format=shown, disable=None, position=len(self._bars))
            self._bars[stage] = bar
        bar.update(done - bar.n)

    def close(self) -> None:
        """Leave the bars as they stand."""
        for bar in self._bars.values():
            bar.close()
