"""What the commands share: printing, asking before a large run, reading files of lines, progress bars."""

from __future__ import annotations

import argparse
import codecs
import json
import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

from rag.errors import QuestionError, SettingsError
from rag.language.text import one_line
from rag.settings import Settings, read_settings

LARGE = 100_000  # tokens that are sent without asking first; a month of digests has about as many


def prepare_streams() -> None:
    """Let every text be printed, whatever the encoding of the terminal: what it lacks is written as an escape."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    if not _can_print_korean(encoding):
        say(
            f"note: Korean is written as escapes, because the output encoding is {encoding}. Set PYTHONIOENCODING=utf-8."
        )


def _can_print_korean(encoding: str) -> bool:
    try:
        "논문".encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def say(text: str) -> None:
    """Print a line to stderr."""
    print(one_line(text, 2_000), file=sys.stderr, flush=True)  # a file's name may hold newlines and worse


def say_json(value: object) -> None:
    """Print one JSON value to stdout."""
    unicode = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "") == "utf8"
    text = json.dumps(value, ensure_ascii=not unicode)
    print(text.encode("utf-8", "backslashreplace").decode("utf-8"), flush=True)  # a file's name may be no UTF-8


def typed(text: str) -> str:
    """Return a question from the command line as UTF-8, where the locale could not read it (LC_ALL=C)."""
    try:
        return os.fsencode(text).decode("utf-8")
    except UnicodeError:
        return text


def counted(number: int, noun: str) -> str:
    """Return a number with its noun.

    >>> counted(1, "bullet"), counted(1200, "file")
    ('1 bullet', '1,200 files')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def named_ids(ids: Sequence[str], limit: int = 10) -> str:
    """Return how many ids there are, with the first ones.

    >>> named_ids(["2406.12045", "2407.12883"]), named_ids(["2406.12045", "2407.12883"], 1), named_ids([])
    ('2: 2406.12045, 2407.12883', '2: 2406.12045 and 1 more (--json names all)', '0')
    """
    if not ids:
        return "0"
    rest = f" and {len(ids) - limit:,} more (--json names all)" if len(ids) > limit else ""
    return f"{len(ids):,}: {', '.join(ids[:limit])}{rest}"


def day(text: str) -> date:
    """Parse the day that a flag holds."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is not a day like 2024-06-11") from None


def settings_of(args: argparse.Namespace) -> Settings:
    """Read the settings; flags win."""
    names = ("store", "embedder", "host", "port", "auth", "feed", "reader")
    return read_settings({name: getattr(args, name, None) for name in names})


def lines(path: Path, *, broken: bool = False) -> Iterator[tuple[int, str]]:
    """Yield (number, line) of each line that is not blank; `-` is stdin. Raises QuestionError when it cannot be read.

    A line that is not UTF-8 is an error too, unless `broken` lines are wanted (`is_broken` knows them).
    """
    name = "The input" if str(path) == "-" else path
    try:
        data = _standard_input() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise QuestionError(f"{name} cannot be read. {error.strerror or error}.") from error
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise QuestionError(f"{name} cannot be read. It is UTF-16 text. Save it as UTF-8.")
    text = data.decode("utf-8-sig", "surrogateescape")
    for number, line in enumerate(text.split("\n"), start=1):  # JSON may hold other breaks of lines
        if is_broken(line) and not broken:
            raise QuestionError(f"{name} cannot be read. Its line {number} is not UTF-8 text. Save it as UTF-8.")
        if line.strip():
            yield number, line


def is_broken(line: str) -> bool:
    """Whether a line that was read holds bytes that are not UTF-8."""
    return bool(re.search("[\udc80-\udcff]", line))


def _standard_input() -> bytes:
    """Read stdin, whatever the encoding of the terminal."""
    binary = getattr(sys.stdin, "buffer", None)
    return sys.stdin.read().encode("utf-8", "surrogateescape") if binary is None else bytes(binary.read())


def write_file(path: Path, text: str) -> None:
    """Write a file that a flag names, with its line ends as they are: whole, or not at all where it is a plain file.

    Raises SettingsError when it cannot be written; what stood there then stands there still.
    """
    plain = (path.is_file() or not path.exists()) and os.access(path.parent, os.W_OK)
    aside = path.with_name(f".{path.name}.part") if plain else path
    try:
        aside.write_text(text, encoding="utf-8", newline="")
        if aside != path:
            os.replace(aside, path.resolve())
    except OSError as error:
        if aside != path:
            with suppress(OSError):
                aside.unlink(missing_ok=True)
        why = error.strerror or error
        raise SettingsError(f"{path} cannot be written: {why}. Make room or name another file with --out.") from error


def go_on(what: str, model: str, base_url: str, tokens_in: int, tokens_out: int, yes: bool) -> None:
    """Say what a run sends and what it costs. Ask first when it is large; raise SettingsError when the answer is no."""
    from rag.answers.prices import as_of, cost, unknown

    dollars = cost(model, base_url, tokens_in, tokens_out)
    price = unknown(model, base_url) if dollars is None else f"about ${dollars:.2f}, prices of {as_of()}"
    say(f"{what}: about {tokens_in:,} tokens to {model} at {base_url or 'the OpenAI API'} ({price}).")
    if yes or tokens_in <= LARGE:
        return
    if sys.stdin is None or not sys.stdin.isatty():
        raise SettingsError("This is a large run. Add --yes to start it.")
    say("Start it? [y/N]")
    if sys.stdin.readline().strip().lower() not in ("y", "yes", "예", "네"):
        raise SettingsError("Stopped. Nothing was sent.")


class Bars:
    """Progress bars on stderr, one for each stage. They show only in a terminal."""

    _NAMES: ClassVar = {"read": "Reading digests", "analyse": "Analysing text ", "embed": "Embedding      "}

    def __init__(self) -> None:
        self._bars: dict[str, Any] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Show that `done` of `total` items of a stage are finished."""
        from tqdm import tqdm

        bar = self._bars.get(stage)
        if bar is None:
            shown = "{desc} {percentage:3.0f}%|{bar:30}| {n_fmt}/{total_fmt} [{elapsed}]"
            bar = tqdm(total=total, desc=self._NAMES[stage], bar_format=shown, disable=None, position=len(self._bars))
            self._bars[stage] = bar
        bar.update(done - bar.n)

    def close(self) -> None:
        """Close all bars."""
        for bar in self._bars.values():
            bar.close()
