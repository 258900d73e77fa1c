"""Train the judge of the gate anew: less than a minute on one core; the same sentences give the same weights.

    python -m tools.train_gate

Learns from `written.*.txt` beside this file, and from the half of `tests/rag/answers/gate_sentences.*.jsonl` that is for tuning;
that half also sets the limits. Needs PyTorch (the extra `train`).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from rag.answers.alignment import Evidence, Laid, laid_out, lay
from rag.answers.answer import Citation
from rag.answers.judge import WEIGHTS, evidence_of, score
from rag.answers.sources import source_of
from rag.language.terms import fold
from rag.language.text import Language
from tests.rag.answers.test_gate_meaning import evidence, rows
from tools.train_gate.samples import Sample, written
from tools.train_gate.train import Example, fit

SEEDS = (0, 1, 2)
EPOCHS = 20
LOST = 0.03  # the share of true sentences of the half for tuning that a limit may cost; the checks before it cost as much again
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


def limits(samples: list[Sample], rows: list[Laid], arrays: Mapping[str, NDArray[np.float32]]) -> NDArray[np.float32]:
    """Return the limits: for Korean with a Korean summary and without one, and for English with an English one and without."""
    scores: dict[tuple[str, bool], list[float]] = {}
    for sample, row in zip(samples, rows, strict=True):
        if not sample.false:
            foreign = not sample.paper.summary(sample.language)
            scores.setdefault((sample.language, foreign), []).append(score(row, arrays))
    order = [("ko", False), ("ko", True), ("en", False), ("en", True)]
    return np.array([np.quantile(scores[key], 1 - LOST) for key in order], dtype=np.float32)


def main() -> None:
    """Train, and write the weights where the product reads them."""
    own, tuned = [*written()], [*tuning()]
    of_own, of_tuned = laid(own), laid(tuned)
    examples = [
        Example(row, wrong_words(sample), sample.false)
        for sample, row in zip([*own, *tuned], [*of_own, *of_tuned], strict=True)
    ]
    judges = [fit(examples, EPOCHS, seed) for seed in SEEDS]
    arrays = {name: np.stack([judge[name] for judge in judges]) for name in judges[0]}
    arrays["limits"] = limits(tuned, of_tuned, arrays)
    np.savez_compressed(WEIGHTS, **arrays)  # type: ignore[arg-type]
    print(
        f"{len(examples)} examples; {WEIGHTS.stat().st_size} bytes; limits {arrays['limits'].round(2)}", file=sys.stderr
    )


if __name__ == "__main__":
    main()
