"""Train the reader: `python -m tools.train_reader DIGESTS TRAIN [--samples N] [--epochs N] [--start FILE] [--out FILE]`.

DIGESTS is a folder of digests whose names, people and noun phrases fill the templates; TRAIN a folder with
topic_headings.jsonl.gz and aux_en_papers.jsonl.gz. Writes rag/questions/reader.npz.
"""

from __future__ import annotations

import argparse
import multiprocessing
import time
from pathlib import Path

from rag.corpus.catalogue import Catalogue
from rag.corpus.digests import find_digests, read_digest
from rag.corpus.papers import merge
from rag.language.text import Language
from rag.questions.network import WEIGHTS
from tools.train_reader.fillers import Fillers, everyday_words
from tools.train_reader.samples import Sampler, asides, reasons
from tools.train_reader.templates import TEMPLATES, read_templates, wording_of
from tools.train_reader.train import Arrays, arrays_of, export, joined, seeded, train

_SHARED: dict[str, object] = {}


_NETWORKS = 2  # that are trained, and asked together


def catalogue_of(folder: Path) -> Catalogue:
    """Read a folder of digests into a catalogue, without an index."""
    entries: dict[str, list] = {}
    for path in find_digests(folder):
        for entry in read_digest(path, folder).entries:
            entries.setdefault(entry.arxiv_id, []).append(entry)
    papers = {arxiv_id: merge(found) for arxiv_id, found in entries.items()}
    order = sorted(papers, key=lambda i: (-papers[i].date.toordinal(), i))
    return Catalogue({arxiv_id: papers[arxiv_id] for arxiv_id in order})


def _made(job: tuple[int, int]) -> Arrays:
    seed, count = job
    rng = seeded(seed)
    fillers: Fillers = _SHARED["fillers"]  # type: ignore[assignment]
    fillers.rng = rng
    sampler = Sampler(_SHARED["templates"], fillers, rng)  # type: ignore[arg-type]
    samples = []
    while len(samples) < count:
        samples += [sample for sample in sampler.sample() if sample.tokens]
    return arrays_of(samples, _SHARED["catalogue"], _SHARED["wording"])  # type: ignore[arg-type]


def main() -> None:
    """Run the training."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("digests", type=Path)
    parser.add_argument("train", type=Path)
    parser.add_argument("--templates", type=Path, default=TEMPLATES)
    parser.add_argument("--samples", type=int, default=180_000)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--start", type=Path, help="weights to go on from, with fewer samples and epochs")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--phrases", type=Path, help="keeps the mined Korean phrases for the next run")
    options = parser.parse_args()
    started = time.perf_counter()
    catalogue = catalogue_of(options.digests)
    fillers = Fillers(catalogue, options.train, seeded(0), options.phrases)
    templates = read_templates(options.templates)
    for language in ("en", "ko"):
        texts = [t.text for t in templates if t.kind == "offtopic" and t.language == language]
        fillers.everyday[language] = everyday_words(texts)
    print(f"{len(templates)} templates, {len(catalogue)} papers, {time.perf_counter() - started:.0f} s", flush=True)
    languages: tuple[Language, ...] = ("ko", "en")
    places = ("before", "behind")
    said = {
        one: [line for place in places for line in (*asides(place, one), *reasons(place, one))] for one in languages
    }
    wording = wording_of(templates, said)
    _SHARED.update(catalogue=catalogue, fillers=fillers, templates=templates, wording=wording)
    catalogue.named("Mamba"), catalogue.authors  # made once, before the processes part
    jobs = [(seed, options.samples // 8) for seed in range(8)]
    with multiprocessing.get_context("fork").Pool(2) as pool:
        made = joined(pool.map(_made, jobs))
    print(f"{len(made.labels)} samples, {time.perf_counter() - started:.0f} s", flush=True)
    export([train(made, options.epochs, seed, start=options.start) for seed in range(_NETWORKS)], wording, options.out)
    print(
        f"{options.out} written, {options.out.stat().st_size / 1e6:.2f} MB, {time.perf_counter() - started:.0f} s",
        flush=True,
    )


if __name__ == "__main__":
    main()
