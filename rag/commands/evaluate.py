"""`nonmun evaluate`: measure answers against golden questions, and ranking against qrels."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from rag.commands.console import counted, say, say_json, settings_of
from rag.errors import SettingsError
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.pipeline import Pipeline

SAMPLES = Path(__file__).resolve().parents[2] / "seeds"
SAMPLE_QUESTIONS = SAMPLES / "golden.jsonl"

HELP = "measure answers against golden questions, and ranking against qrels"
_DESCRIPTION = f"{HELP.capitalize()}. Without arguments, ask the golden questions of the sample digests."


def flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags of this command."""
    parser.description = _DESCRIPTION
    parser.add_argument(
        "--golden",
        type=Path,
        metavar="FILE",
        help="golden questions, JSON Lines (default: those of the sample digests; format: docs/golden.md)",
    )
    parser.add_argument("--queries", type=Path, metavar="FILE", help="BEIR queries.jsonl; needs --qrels")
    parser.add_argument("--qrels", type=Path, metavar="FILE", help="BEIR qrels.tsv; needs --queries")
    parser.add_argument("--report", type=Path, metavar="DIR", help="write report.html, report.md and results.json here")
    parser.add_argument("--baseline", type=Path, metavar="FILE", help="compare with the results.json of another run")
    parser.add_argument(
        "--fail-under", type=Path, metavar="FILE", help="thresholds; status 1 when a figure is below its threshold"
    )
    parser.add_argument(
        "--engine", choices=("offline", "llm"), default="offline", help="who writes the answers (default: offline)"
    )
    parser.add_argument("--judge", action="store_true", help="let the configured model judge the prose as well")
    parser.add_argument(
        "--review", type=Path, metavar="FEEDBACK", help="turn lines of feedback into cases of the --golden file"
    )
    parser.add_argument("--json", action="store_true", help="print the results as one JSON value")


def _asked(text: str) -> str:
    print(text, end="", file=sys.stderr, flush=True)
    return (sys.stdin.readline() or "q").strip()  # the end of the input stops the review


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit status: 1 when a figure is below its threshold."""
    from rag.evaluation.feedback import review
    from rag.pipeline import Pipeline

    if args.review and not args.golden:
        raise SettingsError("--review needs the file that the cases are added to: --golden FILE.")
    if bool(args.queries) != bool(args.qrels):
        raise SettingsError("--queries and --qrels go together. Give both.")
    if args.review:
        say(f"{counted(review(args.review, args.golden, _asked), 'case')} added to {args.golden}")
        return 0
    settings = settings_of(args)
    if args.golden or args.queries:
        return _evaluated(args, Pipeline(settings))
    args.golden = SAMPLE_QUESTIONS
    if args.store:
        return _evaluated(args, Pipeline(settings))
    with _sample_index(settings) as place:
        return _evaluated(args, Pipeline(replace(settings, store=place)))


@contextmanager
def _sample_index(settings: Settings) -> Iterator[str]:
    """Index the sample digests in a temporary folder. Raises SettingsError when this copy came without them."""
    from rag.index.ingest import ingest
    from rag.wiring import embedder, store_of

    if not SAMPLE_QUESTIONS.is_file():
        raise SettingsError(f"The sample digests are not in {SAMPLES}. Give --golden FILE and --store.")
    with TemporaryDirectory(prefix="nonmun-") as place:
        say("Indexing the sample digests …")
        ingest(store_of(replace(settings, store=place)), embedder(settings), [SAMPLES])
        yield place


def _evaluated(args: argparse.Namespace, pipeline: Pipeline) -> int:
    """Measure what the flags ask for, print it, and return the exit status."""
    from rag.evaluation import evaluate_ranking
    from rag.evaluation.report import ranking_table

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
        say(f"below the threshold: {line}")
    return 1 if short else 0


def _golden(args: argparse.Namespace, pipeline: Pipeline) -> tuple[dict[str, Any], list[str]]:
    """Ask the golden questions and print or write the results; return them with the figures below their thresholds."""
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
        say(f"Written: {args.report / 'report.html'}")
    if not args.json:
        print(table(found))
        if changes:
            print(f"\n{changes_table(changes, flipped)}")
    return found, fallen(found["figures"], thresholds)
