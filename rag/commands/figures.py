"""`nonmun figures`: list what summaries report on a benchmark or of an amount, the highest first."""

from __future__ import annotations

import argparse

from rag.commands.console import say, say_json, settings_of

HELP = "list what summaries report on a benchmark, or of an amount such as size or speedup"


def flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags of this command."""
    parser.add_argument("benchmark", metavar="BENCHMARK", help="a benchmark such as MATH, a metric such as FID, or an amount: size, tokens, context, data, speedup, cost, memory, time")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print the figures as one JSON value")
    parser.add_argument("--top", type=int, default=20, metavar="N", help="how many papers of each kind (default 20)")


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    from rag.answers.answer import plain_title
    from rag.answers.reported import name_of, value_of
    from rag.corpus.figures import figures
    from rag.errors import QuestionError
    from rag.evidence.reported import all_rows, ranked
    from rag.pipeline import Pipeline
    from rag.questions.measures import asked_for
    from rag.questions.plan import Plan

    if args.top < 1:
        raise QuestionError(f"--top must be at least 1; it is {args.top}.")
    catalogue = Pipeline(settings_of(args)).snapshot().catalogue
    table = figures(catalogue)
    asked = asked_for(args.benchmark, lambda: table.benchmarks)
    groups = ranked(list(all_rows(asked, table)), Plan("list", figure=asked))
    if args.json:
        shown = [row.as_json() for group in groups for row in group.rows[: args.top]]
        say_json({"of": asked.of or asked.metric, "papers": sum(len(group.rows) for group in groups), "figures": shown})
        return 0
    if not groups:
        say(
            f"No indexed summary states a figure on “{args.benchmark}”. Try another spelling, or an amount such as size."
        )
    for group in groups:
        print(f"{name_of(group.label, 'en')} ({len(group.rows):,})")
        for row in group.rows[: args.top]:
            title = plain_title(catalogue.papers[row.arxiv_id].title)
            print(f"  {value_of(row, 'en'):>12}  {row.arxiv_id}  {title}")
    return 0
