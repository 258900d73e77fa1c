"""The model card: data with licences, sizes, figures and limits, rendered to Markdown.

Holds words and table layout only; figures come in from a JSON file that the evaluation wrote, for the training itself
never sees the benchmark.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

LICENCES = {
    "TensorFlow documentation; Hugging Face documentation and courses": "Apache-2.0, documentation CC BY 4.0",
    "Korean notes on daily papers by jeongiin": "Apache-2.0",
    "Microsoft courses, FastAPI, prompt engineering guide": "MIT",
    "CS231n notes, Stanford cheat sheets, rosinality's notes": "MIT",
    "PyTorch tutorials": "BSD-3-Clause",
    "React documentation": "CC BY 4.0",
    "Python documentation": "PSF",
    "Dive into Deep Learning, KorSTS training sentences": "CC BY-SA 4.0",
    "Korean-English news (jungyeul)": "CC BY-SA 3.0",
    "Tatoeba": "CC BY 2.0 FR",
    "arXiv titles and abstracts": "CC0 (metadata)",
    "third-party summaries of papers": "Apache-2.0 or MIT",
    "machine translations of arXiv papers": "Apache-2.0 repositories; the papers' text belongs to their authors",
    "machine-learning glossaries and mined terms": "mixed",
    "spellings.tsv beside the training code": "this project's own",
}


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What the card states of one training run."""

    date: str
    pieces: int
    dimensions: int
    kept: int
    size_bytes: int
    steps: int
    pairs_of_family: Mapping[str, int]
    held_out: int


def read_figures(path: Path) -> dict[str, str]:
    """Read measured figures, name to text (a JSON object of strings); a path that does not exist gives none."""
    if not path.exists():
        return {}
    return {str(name): str(value) for name, value in json.loads(path.read_text(encoding="utf-8")).items()}


def _table(head: tuple[str, str], rows: Mapping[str, object]) -> str:
    lines = [f"| {head[0]} | {head[1]} |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows.items())]
    return "\n".join(lines)


def render_card(facts: CardFacts, figures: Mapping[str, str]) -> str:
    """Render the card.

    Args:
        facts: of the training run.
        figures: measured on the dev queries; empty if not measured yet.
    """
    measured = _table(("query set", "figure"), figures) if figures else "Not measured yet."
    return f"""---
language: [ko, en]
library_name: model2vec
tags: [embeddings, static-embeddings, sentence-similarity]
---

# Nonmun's static Korean-English embedding

{facts.date}. A table of {facts.pieces:,} pieces x {facts.dimensions} dimensions in int8, {facts.size_bytes / 1e6:.1f} MB in all,
trained from scratch by `tools/train_embedding` in {facts.steps:,} steps on two CPU cores; no other model was used.
A text's vector is the mean of its pieces' vectors, put on the {facts.kept} axes along which the training texts differ most, made unit
length; a text without a known piece gives zeros. Pieces are compared with each other by their whole rows.

    from vectorstore.bundled import BundledModel
    vectors = BundledModel().encode(["강화학습", "reinforcement learning"])

`model2vec.StaticModel.from_pretrained("vectorstore/model")` reads the folder too, and gives all {facts.dimensions} numbers.

Text is made NFKC and lower case by the tokenizer; a piece never crosses from Hangul to Latin letters, punctuation and
spaces are dropped. Frequency weighting lives in the norms of the rows, so there is no separate weights tensor.

## Figures
Known-item queries over 5,487 papers of real digests, dev split, MRR@10 / recall@10. None of the
queries' papers was seen in training.

{measured}

## Training data
Pairs, by family:

{_table(("family", "pairs"), {name: f"{count:,}" for name, count in facts.pairs_of_family.items()})}

{facts.held_out:,} papers are held out: a training row that belongs to one of them, or names one, stops the training.

{_table(("source", "licence"), LICENCES)}

## Limits
- Machine-learning text in Korean and English; general text weighs little, other languages are unknown to it.
- A bag of pieces: word order and negation are lost. "A beats B" and "B beats A" are the same text.
- A name it never saw falls into small pieces; look names up with the lexical index, not with this model.
- Part of the Korean it learnt from is machine translation.
- Cosines rank; they are no probability, and a threshold on one needs its own measurement.
"""
