"""Train the networks behind the gate anew. Those in the package vote from two trainings (docs/experiments.md, 2026-11-30).

    python -m tools.train_gate [--bitexts ../shared/train] [--part judge|paired|limits]

Learns from `written.*.txt`, `rephrased.txt` and `invented.txt` beside this file, and from the half of `tests/rag/answers/gate_sentences.*.jsonl`
that is for tuning; the other half sets the limits, and `held.txt` is only measured. The judges that weigh alignments take three minutes of one core.
`paired`, which learns from bitexts first, takes an hour; without `--bitexts` it stays as it is. Needs PyTorch (the extra `train`).
"""

from __future__ import annotations

import argparse
import copy
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from rag.answers import paired
from rag.answers.alignment import Evidence, Laid, laid_out, lay
from rag.answers.answer import Citation
from rag.answers.judge import WEIGHTS, doubt, evidence_of, ground_of
from rag.answers.paired import Read, rows_of, sentences_of
from rag.answers.sources import source_of, spoken
from rag.corpus.papers import Paper
from rag.language.terms import fold
from rag.language.text import Language
from tests.rag.answers.test_gate_meaning import evidence, rows
from tools.train_gate.bitexts import LONGER, Bitexts, said, shortened
from tools.train_gate.pairing import Group, Paired, Said, learn, stored
from tools.train_gate.samples import Sample, invented, written
from tools.train_gate.train import Example, fit

SEEDS = (0, 1, 2, 3)
EPOCHS, EPOCHS_OF_MADE, EPOCHS_OF_ALL = 20, 12, 9
FIRST_STEPS, THEN_STEPS = 3400, 700
PAIRED_SEEDS = (0, 1, 2)
SHARE = 1.0  # what `paired` counts beside the judges
LOST = 0.04  # the share of true sentences that a limit may cost; the checks before it cost some too
LANGUAGES: tuple[Language, ...] = ("ko", "en")
SUMMARIES = ("both", "same", "other")


def tuning() -> Iterator[Sample]:
    """Yield the half of the tests' sentences that is for tuning, over both summaries, over their own, and over the other one."""
    languages: tuple[Language, Language] = ("ko", "en")
    for language in languages:
        for row in rows(language):
            for summaries in SUMMARIES if row.half == "tune" else ():
                yield Sample(row.text, evidence(row.paper, summaries, language), language, row.kind != "true")


def wrong_words(sample: Sample) -> NDArray[np.int8]:
    """Return of each word whether it is wrong: 1 or 0, and -1 where nobody knows."""
    words, folded, at = laid_out(sample.text).words, fold(sample.text), 0
    found = np.full(len(words), -1 if sample.false and not sample.wrong else 0, dtype=np.int8)
    for place, word in enumerate(words):
        at = folded.index(word.text, at)
        if any(start < at + len(word.text) and at < end for start, end in sample.wrong):
            found[place] = 1
        at += len(word.text)
    return found


def laid(samples: list[Sample]) -> list[Laid]:
    """Lay each sample beside its evidence."""
    known: dict[tuple[object, Language], Evidence] = {}
    found = []
    for sample in samples:
        key = (sample.paper, sample.language)
        if key not in known:
            known[key] = evidence_of([source_of(Citation(1, sample.paper))], sample.language)
        found.append(lay(sample.text, known[key]))
    return found


def ensemble(
    real: Sequence[Example], made: Sequence[Example], free: Sequence[Example]
) -> dict[str, NDArray[np.float32]]:
    """Train judges on sentences of real papers, as many on those and turned ones of invented papers, and as many on free ones too; return their arrays stacked.

    The first see best what is merely added, the last what is turned and freely worded (docs/experiments.md).
    """
    lots = (
        (real, EPOCHS),
        ([*real, *real, *real, *made], EPOCHS_OF_MADE),
        ([*real, *real, *free, *free, *made], EPOCHS_OF_ALL),
    )
    judges = [fit(examples, epochs, seed) for examples, epochs in lots for seed in SEEDS]
    return {name: np.stack([judge[name] for judge in judges]) for name in judges[0]}


def caught_and_lost(samples: Iterable[Sample], most: NDArray[np.float32]) -> tuple[float, float]:
    """Return the share of false sentences that are doubted more than the limits allow, and of true ones."""
    refused: dict[bool, list[bool]] = {True: [], False: []}
    for sample in samples:
        ground = ground_of([source_of(Citation(1, sample.paper))], sample.language)
        at = 2 * (sample.language == "en") + (sample.language not in ground.evidence.languages)
        refused[sample.false].append(doubt(ground, sample.text) > float(most[at]))
    return float(np.mean(refused[True])), float(np.mean(refused[False]))


def limits() -> NDArray[np.float32]:
    """Return the limits: for Korean with a Korean summary and without one, and for English with an English one and without.

    They come from true sentences of the half of the tests' sentences that nothing was trained on.
    """
    found: dict[tuple[Language, bool], list[float]] = {}
    for language in LANGUAGES:
        for row in rows(language):
            for summaries in SUMMARIES if row.half == "report" and row.kind == "true" else ():
                paper = evidence(row.paper, summaries, language)
                ground = ground_of([source_of(Citation(1, paper))], language)
                found.setdefault((language, language not in ground.evidence.languages), []).append(
                    doubt(ground, row.text)
                )
    order: list[tuple[Language, bool]] = [("ko", False), ("ko", True), ("en", False), ("en", True)]
    return np.array([np.quantile(found[key], 1 - LOST) for key in order], dtype=np.float32)


def examples_of(samples: list[Sample]) -> list[Example]:
    """Lay each sample beside its evidence, with what is known of its words."""
    return [Example(row, wrong_words(sample), sample.false) for sample, row in zip(samples, laid(samples), strict=True)]


def groups_of(every: Sequence[Sample]) -> dict[tuple[Paper, Language], tuple[tuple[Read, ...], list[Sample]]]:
    """Return sentences by their evidence."""
    found: dict[tuple[Paper, Language], tuple[tuple[Read, ...], list[Sample]]] = {}
    for sample in every:
        key = (sample.paper, sample.language)
        if key not in found:
            statements = spoken([source_of(Citation(1, sample.paper))], sample.language)
            parts = [part for text in statements for part in sentences_of(rows_of(laid_out(text)))]
            found[key] = (tuple(shortened(part, LONGER) for part in parts), [])
        found[key][1].append(sample)
    return found


def pair_up(sources: Sequence[tuple[float, Sequence[Sample]]], bitexts: Bitexts) -> dict[str, NDArray[np.float16]]:
    """Train `paired`: over bitexts, then over written sentences and bitexts by turns; several times from the same beginning.

    `sources` are sentences, each lot with how often its papers are drawn.
    """
    torch.manual_seed(0)
    torch.set_num_threads(1)
    beginning, rng = Paired(), random.Random(7)
    beginning = learn(beginning, lambda: [([bitexts.group(rng) for _ in range(20)], 1.0)], FIRST_STEPS, 2e-3, 100)
    lots = [(often, lot) for often, samples in sources for lot in groups_of(samples).values()]
    chances = [often for often, _ in lots]

    def written_group(rng: random.Random) -> Group:
        _, (statements, samples) = rng.choices(lots, chances)[0]
        found: list[Said] = []
        for sample in rng.sample(samples, min(len(samples), 14)):
            text = f"{sample.text.rstrip('.')}."
            found += said(text, float(sample.false), sample.wrong if sample.wrong or not sample.false else None)
            if not sample.false and rng.random() < 0.3:
                found += bitexts.false(text, sample.language, rng, 0.95)
        return Group(statements, tuple(found))

    networks = []
    for seed in PAIRED_SEEDS:
        torch.manual_seed(seed)
        net, drawn = copy.deepcopy(beginning), random.Random(seed)

        def draw(drawn: random.Random = drawn) -> list[tuple[list[Group], float]]:
            written = [written_group(drawn) for _ in range(8)]
            return [(written, 1.0), ([bitexts.group(drawn) for _ in range(4)], 0.3)]

        networks.append(stored(learn(net, draw, THEN_STEPS, 7e-4, 50)))
    return {name: np.stack([one[name] for one in networks]) for name in networks[0]} | {"share": np.float16(SHARE)}


def main() -> None:
    """Train, and write the weights where the product reads them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--bitexts", type=Path, metavar="FOLDER")
    parser.add_argument("--part", choices=("judge", "paired", "limits"), help="train this alone, then set the limits")
    options = parser.parse_args()
    real, made, free = [*written(), *tuning()], [*invented()], [*invented("rephrased")]
    if options.bitexts and options.part in (None, "paired"):
        np.savez_compressed(
            paired.WEIGHTS, **pair_up([(1.0, real), (0.7, made), (1.6, free)], Bitexts(options.bitexts))
        )  # type: ignore[arg-type]
    with np.load(WEIGHTS) as known:
        arrays = dict(known)
    if options.part in (None, "judge"):
        arrays = ensemble(*map(examples_of, (real, made, free))) | {"limits": arrays["limits"]}
    np.savez_compressed(WEIGHTS, **arrays)  # type: ignore[arg-type]
    arrays["limits"] = limits()
    np.savez_compressed(WEIGHTS, **arrays)  # type: ignore[arg-type]
    sizes = [path.stat().st_size for path in (WEIGHTS, paired.WEIGHTS)]
    print(
        f"{len(real) + len(made) + len(free)} sentences; {sizes} bytes; limits {arrays['limits'].round(2)}",
        file=sys.stderr,
    )
    print(
        "caught {:.2f} and lost {:.2f} of held.txt".format(*caught_and_lost(invented("held"), arrays["limits"])),
        file=sys.stderr,
    )


if __name__ == "__main__":
    main()
