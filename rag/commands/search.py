"""`nonmun search`: rank papers for one query, or for a file of queries."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rag.commands.console import say_json, settings_of, typed
from rag.errors import SettingsError

HELP = "rank papers for one query, or for a file of queries"


def flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags of this command."""
    parser.add_argument("query", nargs="?", type=typed, help="what to search for, in Korean or English")
    parser.add_argument("--top-k", type=int, default=10, help="papers per query (default 10)")
    parser.add_argument(
        "--mode",
        choices=("hybrid", "lexical", "dense"),
        default="hybrid",
        help="rank by words, by meaning, or by both (default: hybrid)",
    )
    parser.add_argument("--batch", type=Path, metavar="FILE", help="run every query of a BEIR queries.jsonl")
    parser.add_argument("--run", type=Path, metavar="FILE", help="write the results to this file as a TREC run")
    parser.add_argument("--json", action="store_true", help="print the results as one JSON value")


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    from rag.pipeline import Pipeline

    if (args.query is None) == (args.batch is None):
        raise SettingsError("Give one query, or --batch queries.jsonl.")
    if not 1 <= args.top_k <= 1000:
        raise SettingsError(f"--top-k is {args.top_k}. It must lie between 1 and 1000.")
    pipeline = Pipeline(settings_of(args))
    if args.batch is None:
        papers = pipeline.snapshot().catalogue.papers
        hits = pipeline.search(args.query, args.top_k, args.mode)
        rows = [
            {"rank": h.rank, "arxiv_id": h.arxiv_id, "score": round(h.score, 4), "title": papers[h.arxiv_id].title,
             "url": papers[h.arxiv_id].url, "date": papers[h.arxiv_id].date.isoformat()}
            for h in hits
        ]  # fmt: skip
        if args.json:
            say_json(rows)
        else:
            for row in rows:
                print(f"{row['rank']:3}  {row['score']:.3f}  {row['date']}  {row['title']}  {row['url']}")
        return 0
    from rag.evaluation import read_queries, run_line

    out = args.run.open("w", encoding="utf-8") if args.run else sys.stdout
    try:
        for query_id, text in read_queries(args.batch):
            for hit in pipeline.search(text, args.top_k, args.mode):
                print(run_line(query_id, hit), file=out)
    finally:
        if args.run:
            out.close()
    return 0
