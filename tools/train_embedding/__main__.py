"""The command line: read the pairs, train the pieces and the vectors, write the model folder and its card.

    python -m tools.train_embedding --data ../shared/train --held-out ../shared/benchmark/heldout_arxiv_ids.txt \\
        --out vectorstore/model

Run it again after a kill: it goes on from the working folder's checkpoint. Data to files, progress to stderr.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from tools.train_embedding.batches import Bags, PairSampler, SamplingPlan
from tools.train_embedding.card import CardFacts, read_figures, render_card
from tools.train_embedding.export import quantize, write_model
from tools.train_embedding.lexicon import build_lexicon
from tools.train_embedding.model import TrainingPlan, start_rows, train
from tools.train_embedding.pairs import FAMILIES, Pair, read_held_out, read_pairs, read_spellings
from tools.train_embedding.pieces import encode, train_tokenizer
from tools.train_embedding.shorten import principal_axes

FAMILY_WEIGHTS = {
    "papers": 3.0,
    "translated": 3.0,
    "documentation": 2.0,
    "general": 0.3,
    "terms": 0.5,
    "spellings": 0.2,
    "summaries": 3.0,
    "names": 1.0,
}
MONOLINGUAL = ("summaries", "names")
LONGEST_TEXT = 400
SPELLINGS = Path(__file__).with_name("spellings.tsv")
FIGURES = Path(__file__).with_name("figures.json")


def parse_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse the command line; None reads the process's own."""
    parser = argparse.ArgumentParser(prog="python -m tools.train_embedding", description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of *.jsonl.gz training files")
    parser.add_argument("--held-out", type=Path, help="arXiv ids, one a line (default: beside --data, in benchmark/)")
    parser.add_argument("--out", type=Path, required=True, help="model folder to write")
    parser.add_argument("--work", type=Path, default=Path("build/train_embedding"), help="tokenizer and checkpoint")
    parser.add_argument("--figures", type=Path, default=FIGURES, help="JSON object of measured figures for the card")
    parser.add_argument("--date", default="2026-11-20", help="date on the card")
    parser.add_argument("--pieces", type=int, default=16_000)
    parser.add_argument("--dimensions", type=int, default=640)
    parser.add_argument("--kept", type=int, default=256, help="numbers of a text's vector")
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--batch-size", type=int, default=2048)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--threads", type=int, default=2, help="2 by default; figures may move in the third digit with it"
    )
    return parser.parse_args(arguments)


def _report(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _load_tokenizer(path: Path, pairs: Sequence[Pair], pieces: int) -> Tokenizer:
    """Load the tokenizer of an earlier run, or train and keep one."""
    if path.exists():
        return Tokenizer.from_file(str(path))
    texts = dict.fromkeys(text for pair in pairs for text in (pair.left, pair.right))
    tokenizer = train_tokenizer(texts, pieces, show_progress=sys.stderr.isatty())
    path.parent.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(path), pretty=False)
    return tokenizer


def run(options: argparse.Namespace) -> None:
    """Train and write one model."""
    torch.set_num_threads(options.threads)
    held_out = read_held_out(options.held_out or options.data.parent / "benchmark" / "heldout_arxiv_ids.txt")
    pairs = read_pairs(options.data, held_out) + read_spellings(SPELLINGS)
    _report(f"{len(pairs):,} pairs; none of {len(held_out):,} held-out papers among them")
    tokenizer = _load_tokenizer(options.work / f"tokenizer-{options.pieces}.json", pairs, options.pieces)
    pieces = tokenizer.get_vocab_size()
    left = Bags.from_arrays(encode(tokenizer, [pair.left for pair in pairs], LONGEST_TEXT))
    right = Bags.from_arrays(encode(tokenizer, [pair.right for pair in pairs], LONGEST_TEXT))
    families = [pair.family for pair in pairs]
    translated = np.flatnonzero(~np.isin(families, MONOLINGUAL))
    lexicon = build_lexicon(left, right, translated, pieces)
    _report(f"{pieces:,} pieces, {int((lexicon.dice[:, 0] > 0).sum()):,} of them with a translation")

    plan = TrainingPlan(steps=options.steps, dimensions=options.dimensions, seed=options.seed)
    sampler = PairSampler(
        left, right, families, SamplingPlan(options.batch_size, FAMILY_WEIGHTS), options.seed, lexicon
    )
    counts = np.bincount(left.ids, minlength=pieces) + np.bincount(right.ids, minlength=pieces)
    first = lexicon.lean(start_rows(counts, plan), plan.lean)
    rows = train(first, sampler, plan, options.work / "checkpoint.pt", _report)

    table = quantize(rows)
    axes = principal_axes(table, (left, right), options.kept)
    size = write_model(options.out, table, axes, tokenizer)
    of_family = Counter(families)
    facts = CardFacts(
        date=options.date,
        pieces=pieces,
        dimensions=options.dimensions,
        kept=options.kept,
        size_bytes=size,
        steps=options.steps,
        pairs_of_family={family: of_family[family] for family in FAMILIES},
        held_out=len(held_out),
    )
    card = render_card(facts, read_figures(options.figures))
    (options.out / "README.md").write_text(card, encoding="utf-8")
    _report(f"{size / 1e6:.1f} MB in {options.out}")


if __name__ == "__main__":
    run(parse_arguments())
