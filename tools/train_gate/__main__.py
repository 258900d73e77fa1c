"""Train the judge of the gate anew: a few minutes on one core; the same sentences give the same weights.

    python -m tools.train_gate

Learns from `written.*.txt` and `invented.txt` beside this file, and from the half of `tests/rag/answers/gate_sentences.*.jsonl`
that is for tuning. Needs PyTorch (the extra `train`).
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from rag.answers.alignment import Evidence, Laid, laid_out, lay
from rag.answers.answer import Citation
from rag.answers.judge import WEIGHTS, evidence_of, score
from rag.answers.sources import source_of
from rag.language.terms import fold
from rag.language.text import Language
from tests.rag.answers.test_gate_meaning import evidence, rows
from tools.train_gate.samples import Sample, invented, written
from tools.train_gate.train import Example, fit

SEEDS = (0, 1, 2, 3)
EPOCHS, EPOCHS_OF_ALL = 20, 12
FOLDS = 3
LOST = 0.07  # the share of true sentences of real papers that a limit may cost; the checks before it cost some too
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


def fold_of(sample: Sample) -> int:
    """Return the part that a paper's sentences belong to when the limits are set."""
    return zlib.crc32(sample.paper.title.encode()) % FOLDS


def ensemble(real: Sequence[Example], made: Sequence[Example]) -> dict[str, NDArray[np.float32]]:
    """Train judges on sentences of real papers, and as many on those and invented ones, and return their arrays stacked.

    Those of invented papers are harder: judges that know them see turned relations, the others see what is merely added.
    """
    judges = [fit(real, EPOCHS, seed) for seed in SEEDS]
    judges += [fit([*real, *real, *real, *made], EPOCHS_OF_ALL, seed) for seed in SEEDS]
    return {name: np.stack([judge[name] for judge in judges]) for name in judges[0]}


def limits(
    real: Sequence[Sample], examples: Sequence[Example], made: Sequence[tuple[Sample, Example]]
) -> NDArray[np.float32]:
    """Return the limits: for Korean with a Korean summary and without one, and for English with an English one and without.

    Each sentence of a real paper is scored by judges that learnt from other papers.
    """
    scores: dict[tuple[str, bool], list[float]] = {}
    for part in range(FOLDS):
        others = [e for s, e in zip(real, examples, strict=True) if fold_of(s) != part]
        arrays = ensemble(others, [e for s, e in made if fold_of(s) != part])
        for sample, example in zip(real, examples, strict=True):
            if fold_of(sample) == part and not sample.false:
                foreign = not sample.paper.summary(sample.language)
                scores.setdefault((sample.language, foreign), []).append(score(example.laid, arrays))
    order = [("ko", False), ("ko", True), ("en", False), ("en", True)]
    return np.array([np.quantile(scores[key], 1 - LOST) for key in order], dtype=np.float32)


def examples_of(samples: list[Sample]) -> list[Example]:
    """Lay each sample beside its evidence, with what is known of its words."""
    return [Example(row, wrong_words(sample), sample.false) for sample, row in zip(samples, laid(samples), strict=True)]


def main() -> None:
    """Train, and write the weights where the product reads them."""
    real, made = [*written(), *tuning()], [*invented()]
    of_real, of_made = examples_of(real), examples_of(made)
    arrays = ensemble(of_real, of_made)
    arrays["limits"] = limits(real, of_real, [*zip(made, of_made, strict=True)])
    np.savez_compressed(WEIGHTS, **arrays)  # type: ignore[arg-type]
    count = len(of_real) + len(of_made)
    print(f"{count} examples; {WEIGHTS.stat().st_size} bytes; limits {arrays['limits'].round(2)}", file=sys.stderr)


if __name__ == "__main__":
    main()
