"""What `paired` learns from first: translated sentences beside their neighbours, and what code makes false of them.

Reads the bitexts and the summaries of `../shared/train`, which are no part of this repository.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from rag.answers.alignment import laid_out
from rag.answers.paired import Read, rows_of
from rag.language.terms import fold
from rag.language.text import Language
from tools.train_gate.mutations import Mutated, Mutator, recombined
from tools.train_gate.pairing import Group, Said

_BITEXTS = (
    "arxiv_fulltext_mt hfdaily_jeongiin hf_course hf_agents_course d2l hf_diffusers_docs cs231n_notes hf_audio_course"
).split()
_SUMMARIES = "aux_en_papers"
_LEAST = 6  # sentences of a document
_MOST = 250  # sentences that a document counts for
_NOUNS, _LIKE = 7000, 25  # words that get neighbours, and how many
_NEAR = (0.25, 0.62)  # the cosines of words that are like one another and not the same
_LONG, LONGER = 45, 48  # words of a sentence, and of one of the evidence
_CUTS = {
    "en": re.compile(r", (?:which|while|and|but|where|with|using|thereby|including|such)|; | (?:because|whereas|while|by|using) "),
    "ko": re.compile(r"(?:고|며|지만|는데|여|으로|때문에),? |, "),
}  # fmt: skip
_OPENINGS = re.compile(
    r"^(?:(?:However|Moreover|Furthermore|In addition|Additionally|Specifically|Finally|Then|Thus|Therefore|For example|In this paper|In this work), "
    r"|(?:우리는|본 논문에서는|이 논문에서는|또한,?|그러나,?|따라서,?|한편,?) )"
)
_SUBJECT = re.compile(r"^(?:We|Our (?:method|model|approach)|The proposed \w+|[A-Z]\w+) (?=[a-z]+s\b)")
Pair = dict[Language, str]


def shortened(read: Read, most: int) -> Read:
    """Return the first words of a statement."""
    return Read(read.dense[:most], read.hashed[:most], read.sides[:most], read.denied[:most], read.stems[:most])


def evidence_of(text: str) -> Read:
    """Return a sentence of the evidence."""
    return shortened(rows_of(laid_out(text)), LONGER)


def said(text: str, false: float, wrong: Iterable[tuple[int, int]] | None = None) -> list[Said]:
    """Return a sentence with what is known of its words: where `wrong` is None, nothing of a false one. Empty without a word."""
    laid, folded, at = laid_out(text), fold(text), 0
    found = np.full(len(laid.words), -1 if wrong is None and false else 0, dtype=np.int8)
    for place, word in enumerate(laid.words):
        at = folded.index(word.text, at)
        if any(start < at + len(word.text) and at < end for start, end in wrong or ()):
            found[place] = 1
        at += len(word.text)
    return [Said(shortened(rows_of(laid), _LONG), false, found[:_LONG])] if len(found) else []


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


class Bitexts:
    """The documents of a folder, and groups drawn from them."""

    def __init__(self, folder: Path) -> None:
        documents: defaultdict[str, list[Pair]] = defaultdict(list)
        for name in _BITEXTS:
            for line in _lines(folder / f"{name}.jsonl.gz"):
                en, ko = line.get("en") or "", line.get("ko") or ""
                if (
                    line.get("kind") == "sentence"
                    and 25 < len(en) < 220
                    and 12 < len(ko) < 140
                    and not re.search(r"[$\\]", en)
                ):
                    documents[f"{name}{line.get('doc')}"].append({"en": en, "ko": ko})
        self.documents = [pairs for pairs in documents.values() if len(pairs) >= _LEAST]
        self.weights = [min(len(pairs), _MOST) for pairs in self.documents]
        self.described = [*_described(folder / f"{_SUMMARIES}.jsonl.gz")]

    @cached_property
    def mutator(self) -> Mutator:
        """What makes sentences false, with the words of all documents."""
        texts = [(text, tongue) for pairs in self.documents for pair in pairs for tongue, text in pair.items()]
        found = Mutator(texts, lambda word: ())
        near = _like_one_another(found.nouns)
        found.near = lambda word: near.get(word, ())
        return found

    def false(self, text: str, language: Language, rng: random.Random, false: float = 1.0) -> list[Said]:
        """Return a sentence made false, or nothing."""
        made: Mutated | None = self.mutator.make(text, language, rng)
        return said(made.text, false, made.wrong) if made else []

    def group(self, rng: random.Random) -> Group:
        """Draw some evidence, and sentences that it carries or not."""
        if rng.random() < 0.13:
            return self._of_descriptions(rng)
        pairs = rng.choices(self.documents, self.weights)[0]
        at = rng.randrange(1, len(pairs) - 2)
        span = [n for n in range(at - 1, at + 2 + (rng.random() < 0.4)) if n < len(pairs)]
        kinds: tuple[tuple[Language, ...], ...] = (("ko",), ("en",), ("ko", "en"))
        tongues = rng.choices(kinds, (4, 2, 3))[0]
        if len(tongues) == 1 and rng.random() < 0.15:
            group = self._of_false_evidence(pairs, at, span, tongues[0], rng)
            if group:
                return group
        targets = [(n, _tongue(tongues, rng)) for n in sorted({at, rng.choice(span)})]
        placed = [(n, tongue) for tongue in tongues for n in span]
        if len(tongues) > 1 and rng.random() < 0.85:  # its translation alone carries it
            placed = [place for place in placed if place not in targets]
        rng.shuffle(placed)
        found: list[Said] = []
        for n, tongue in targets:
            text = _reworded(pairs[n][tongue], tongue, rng)
            found += said(text, 0, ())
            for _ in range(2):
                found += self.false(text, tongue, rng)
            others = [recombined(text, pairs[m][tongue], tongue) for m in rng.sample(span, len(span)) if m != n]
            found += said(next(filter(None, others)), 0.97) if any(others) else []
        far = [n for n in range(len(pairs)) if abs(n - at) > 5]
        found += said(pairs[rng.choice(far)][rng.choice(("ko", "en"))], 1) if far else []
        return Group(tuple(evidence_of(pairs[n][tongue]) for n, tongue in placed), tuple(found))

    def _of_descriptions(self, rng: random.Random) -> Group:
        """Draw an abstract and what others wrote of the paper, which it mostly carries."""
        abstract, told = rng.choice(self.described)
        found: list[Said] = []
        for text in rng.sample(told, min(len(told), 3)):
            found += said(text, 0.2, ())
            for _ in range(2):
                found += self.false(text, "en", rng, 0.97)
        found += said(rng.choice(rng.choice(self.described)[1]), 0.97)
        return Group(tuple(map(evidence_of, abstract)), tuple(found))

    def _of_false_evidence(
        self, pairs: list[Pair], at: int, span: list[int], tongue: Language, rng: random.Random
    ) -> Group | None:
        """Make the evidence false in place of the sentence: so that a sentence is not told by how it sounds."""
        made = self.mutator.make(pairs[at][tongue], tongue, rng)
        if not made:
            return None
        other: Language = "ko" if tongue == "en" else "en"
        beside = rng.choice([n for n in span if n != at])
        found = [
            *said(pairs[at][tongue], 1),
            *said(pairs[at][other], 1),
            *said(_reworded(made.text, tongue, rng), 0, ()),
        ]
        found += [
            *said(made.text, 0, ()),
            *said(pairs[beside][other], 0, ()),
            *self.false(pairs[beside][other], other, rng),
        ]
        texts = [made.text if n == at else pairs[n][tongue] for n in span]
        rng.shuffle(texts)
        return Group(tuple(map(evidence_of, texts)), tuple(found))


def _tongue(tongues: tuple[Language, ...], rng: random.Random) -> Language:
    """Choose the language of a sentence: mostly the one that its evidence is not in."""
    if len(tongues) > 1:
        return rng.choice(tongues)
    return tongues[0] if rng.random() > 0.93 else "ko" if tongues[0] == "en" else "en"


def _reworded(text: str, language: Language, rng: random.Random) -> str:
    """Return a sentence without a clause or its opening words, or with another subject or ending: as true as before."""
    cuts = [match for match in _CUTS[language].finditer(text) if 8 < match.end() < len(text) - 12]
    if language == "en":
        cuts = [match for match in cuts if match.start() > 25]
    if cuts and rng.random() < 0.5:
        text = f"{text[: rng.choice(cuts).start()]}." if language == "en" else text[rng.choice(cuts).end() :]
    if rng.random() < 0.3:
        text = _OPENINGS.sub("", text)
    if language == "en" and rng.random() < 0.2:
        text = _SUBJECT.sub(rng.choice(("It ", "The method ", "This approach ", "The model ")), text)
    if language == "ko" and rng.random() < 0.3:
        text = re.sub(r"된다\.?$", "됩니다.", re.sub(r"한다\.?$", "합니다.", text))
    return text


def _described(path: Path) -> Iterator[tuple[list[str], list[str]]]:
    """Yield abstracts, and what others wrote of their papers, sentence by sentence."""
    for line in _lines(path):
        if line["abstract"] and line["summaries"]:
            abstract = [part for part in re.split(r"(?<=[.!?])\s+", line["abstract"]) if 20 < len(part) < 260][:7]
            texts = [text for many in line["summaries"].values() for text in many]
            told = [
                part.strip() for text in texts for part in re.split(r"(?<=[.!?;])\s+", text) if 25 < len(part) < 200
            ]
            if len(abstract) >= 3 and told:
                yield abstract, told


def _like_one_another(nouns: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return for each frequent noun others that are used like it."""
    found: dict[str, list[str]] = {}
    for words in nouns.values():
        counts = Counter(word.lower() for word in words)
        known = [word for word, count in counts.most_common(_NOUNS) if count > 2]
        vectors = np.concatenate([laid_out(word).vectors.mean(axis=0, keepdims=True) for word in known])
        for start in range(0, len(known), 500):
            nearness = vectors[start : start + 500] @ vectors.T
            for row, word in zip(nearness, known[start : start + 500], strict=True):
                order = np.argsort(-row)[1:60]
                found[word] = [known[n] for n in order if _NEAR[0] < row[n] < _NEAR[1]][:_LIKE]
    return found
