"""`nonmun evaluate`: measure answers against golden questions, ranking against qrels."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.commands.console import say, say_json, settings_of
from rag.errors import SettingsError

if TYPE_CHECKING:
    from rag.pipeline import Pipeline

HELP = "measure answers against golden questions, ranking against qrels"


def flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags of this command."""
    parser.add_argument("--golden", type=Path, metavar="FILE", help="golden questions, JSON Lines (docs/golden.md)")
    parser.add_argument("--queries", type=Path, metavar="FILE", help="BEIR queries.jsonl")
    parser.add_argument("--qrels", type=Path, metavar="FILE", help="BEIR qrels.tsv")
    parser.add_argument("--report", type=Path, metavar="DIR", help="write report.html, report.md and results.json here")
    parser.add_argument("--baseline", type=Path, metavar="FILE", help="compare with the results.json of another run")
    parser.add_argument(
        "--fail-under", type=Path, metavar="FILE", help="thresholds; status 1 when a figure falls short"
    )
    parser.add_argument("--engine", choices=("offline", "llm"), default="offline", help="who writes (default offline)")
    parser.add_argument("--judge", action="store_true", help="let the configured model judge prose too, reported apart")
    parser.add_argument(
        "--review", type=Path, metavar="FEEDBACK", help="review thumbs-down lines into the --golden file"
    )
    parser.add_argument("--json", action="store_true", help="print the results as one JSON value")


def _asked(text: str) -> str:
    print(text, end="", file=sys.stderr, flush=True)
    return (sys.stdin.readline() or "q").strip()  # the end of the input stops the review


def run(args: argparse.Namespace) -> int:
    """Run it; return the exit status."""
    from rag.evaluation import evaluate_ranking
    from rag.evaluation.feedback import review
    from rag.evaluation.report import ranking_table
    from rag.pipeline import Pipeline

    if not args.golden and (args.review or not args.queries):
        raise SettingsError("Give --golden FILE, or --queries FILE with --qrels FILE.")
    if bool(args.queries) != bool(args.qrels):
        raise SettingsError("--queries and --qrels go together.")
    if args.review:
        say(f"{review(args.review, args.golden, _asked)} cases added to {args.golden}")
        return 0
    pipeline = Pipeline(settings_of(args))
    short: list[str] = []
    printed: dict[str, Any] = {}
    if args.golden:
        printed, short = _golden(args, pipeline)
    if args.queries:
        ranking = evaluate_ranking(pipeline, args.queries, args.qrels)
        printed |= ranking
        if not args.json:
            print(ranking_table(ranking))
    if args.json:
        say_json(printed)
    for line in short:
        say(f"falls short: {line}")
    return 1 if short else 0


def _golden(args: argparse.Namespace, pipeline: Pipeline) -> tuple[dict[str, Any], list[str]]:
    """Ask the golden questions, print or write what was asked for; return the results and what falls short."""
    from tqdm import tqdm

    from rag.evaluation import ask_all, compare, fallen, read_golden, read_results, read_thresholds, results, sources_of
    from rag.evaluation.judges import judge_all
    from rag.evaluation.report import changes_table, render_html, render_markdown, table

    cases = read_golden(args.golden)
    thresholds = read_thresholds(args.fail_under) if args.fail_under else {}
    before = read_results(args.baseline) if args.baseline else None
    with tqdm(total=len(cases), desc="Golden questions", disable=None) as bar:
        outcomes = ask_all(pipeline, cases, args.engine, bar.update)
    if args.judge:
        with tqdm(total=len(cases), desc="Judging", disable=None) as bar:
            sources = sources_of(list(pipeline.snapshot().catalogue.papers.values()))
            outcomes = judge_all(pipeline.settings, outcomes, sources, bar.update)
    found = results(args.golden.name, outcomes)
    changes, flipped = compare(before["cases"], found["cases"]) if before else ([], [])
    if args.report:
        args.report.mkdir(parents=True, exist_ok=True)
        (args.report / "report.html").write_text(render_html(found, changes, flipped), encoding="utf-8")
        (args.report / "report.md").write_text(render_markdown(found, changes, flipped), encoding="utf-8")
        (args.report / "results.json").write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
        say(f"written: {args.report / 'report.html'}")
    if not args.json:
        print(table(found))
        if changes:
            print(f"\n{changes_table(changes, flipped)}")
    return found, fallen(found["figures"], thresholds)
