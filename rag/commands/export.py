"""`nonmun export`: take papers along, all of an index or the set of a question."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rag.commands.console import counted, say, settings_of, typed, write_file

HELP = "write papers as Markdown, JSON Lines, BibTeX or CSV"
_ENDINGS = {"md": "md", "jsonl": "jsonl", "bibtex": "bib", "csv": "csv"}


def flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags of this command."""
    parser.add_argument(
        "question", nargs="?", type=typed, help="a question whose set is written (default: all papers, newest first)"
    )
    parser.add_argument("--format", choices=tuple(_ENDINGS), default="md", help="how papers are written (default: md)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="file to write (default: stdout)")
    parser.add_argument(
        "--language",
        choices=("ko", "en"),
        help="language of the sentences (default: that of the question, else Korean)",
    )


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    from rag.answers.answer import Answer
    from rag.answers.compose import compose
    from rag.answers.export import FORMATS, Exported, of_evidence, of_papers
    from rag.pipeline import Pipeline

    pipeline = Pipeline(settings_of(args))
    catalogue = pipeline.snapshot().catalogue
    rows: list[Exported] = []
    if args.question is None:
        rows = list(of_papers(catalogue.papers.values(), args.language or "ko"))
    else:
        evidence = pipeline.evidence(args.question, args.language, None)
        rows = [] if evidence.reason else list(of_evidence(evidence))
        if not rows:
            answer: Answer = compose(evidence, catalogue)
            say(f"note: {answer.text}")
    text = FORMATS[_ENDINGS[args.format]][1](rows)
    if args.out is None:
        sys.stdout.write(text)
        return 0
    write_file(args.out, text)
    say(f"{counted(len(rows), 'paper')} written to {args.out}.")
    return 0
