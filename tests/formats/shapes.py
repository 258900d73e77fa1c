"""The cases of `tests/formats/cases`, and the page that is made of them (`python -m tests.formats`)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from rag.corpus.days import SUFFIXES

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "formats.md"


@dataclass(frozen=True)
class Case:
    """A file, and what must be read from it."""

    name: str
    file: Path
    expected: dict[str, Any]


def cases() -> list[Case]:
    """Return the cases in the order of the page."""
    found = []
    for path in sorted((HERE / "cases").glob("*.yaml")):
        (file,) = (path.with_suffix(suffix) for suffix in SUFFIXES if path.with_suffix(suffix).exists())
        found.append(Case(path.stem, file, yaml.safe_load(path.read_text(encoding="utf-8"))))
    return sorted(found, key=lambda case: case.expected["order"])


def _read(case: Case) -> str:
    papers = case.expected["papers"]
    said = [f"{len(papers)} paper" + "s" * (len(papers) != 1)] if papers else ["no paper"]
    said += ["reported as failed"] * bool(case.expected.get("failed"))
    said += ["a warning"] * bool(case.expected.get("warnings"))
    return ", ".join(said)


def page() -> str:
    """Return the text of docs/formats.md."""
    lines = [(HERE / "page.md").read_text(encoding="utf-8").rstrip()]
    section = ""
    for case in cases():
        if case.expected["section"] != section:
            section = case.expected["section"]
            lines += ["", f"## {section}", "", "| file | what it shows | read as | must give |", "|---|---|---|---|"]
        link = f"[{case.name}](../tests/formats/cases/{case.file.name})"
        lines.append(f"| {link} | {case.expected['about']} | `{case.expected['path']}` | {_read(case)} |")
    return "\n".join(lines) + "\n"
