"""`nonmun stats`: show what the index holds."""

from __future__ import annotations

import argparse

from rag.commands.console import named_ids, say_json, settings_of

HELP = "show what the index holds"


def flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags of this command."""
    parser.add_argument("--json", action="store_true", help="print the figures as one JSON value")


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    from rag.pipeline import Pipeline

    settings = settings_of(args)
    snapshot = Pipeline(settings).snapshot()
    catalogue, manifest = snapshot.catalogue, snapshot.manifest
    papers = list(catalogue.papers.values())
    figures = {
        "store": settings.store,
        "generation": snapshot.name,
        "papers": len(papers),
        "files": len(manifest.files),
        "days": len(catalogue.days),
        "first_day": catalogue.days[0].isoformat() if catalogue.days else None,
        "last_day": catalogue.days[-1].isoformat() if catalogue.days else None,
        "korean_summaries": sum(bool(paper.ko) for paper in papers),
        "english_summaries": sum(bool(paper.en) for paper in papers),
        "authors": len(catalogue.authors),
        "papers_without_votes": sum(paper.votes is None for paper in papers),
        "doubtful": [i for i in catalogue.ids if i in catalogue.doubtful],
        "embedder": manifest.embedder,
        "analysis": manifest.analysis,
    }
    if args.json:
        say_json(figures)
    else:
        for name, value in figures.items():
            said = named_ids(value) if isinstance(value, list) else value
            print(f"{name.replace('_', ' '):22} {said}")
    return 0
