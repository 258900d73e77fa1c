"""Sets about a topic over the sample digests, beside what a person finds in them (`tests/golden/sample_topics.jsonl`)."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import mean

import numpy as np
import pytest

from rag.evidence.belonging import cut_of
from rag.evidence.retriever import Retriever
from rag.pipeline import Pipeline

LEAST_F1, LEAST_OVERLAP = 0.7, 0.75
MOST_WRONG = 2  # of the 30 phrases that no sample is about: “단백질 접힘” finds a paper on drugs and proteins
FILE = Path(__file__).parents[2] / "golden" / "sample_topics.jsonl"
TOPICS = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
PRESENT = [topic for topic in TOPICS if topic["papers"]]
ABSENT = [topic[language] for topic in TOPICS if not topic["papers"] for language in ("en", "ko")]


@pytest.fixture(scope="module")
def retriever(pipeline: Pipeline) -> Retriever:
    return pipeline.snapshot().retriever()


def found(retriever: Retriever, phrase: str) -> set[str]:
    probabilities = retriever.membership(phrase)
    return {retriever.catalogue.ids[row] for row in np.flatnonzero(probabilities >= cut_of(probabilities))}


def f1(given: set[str], right: set[str]) -> float:
    return 2 * len(given & right) / (len(given) + len(right))


def test_the_topics_are_papers_of_the_samples(retriever: Retriever) -> None:
    assert len(PRESENT) == 40
    assert all(arxiv_id in retriever.catalogue.papers for topic in PRESENT for arxiv_id in topic["papers"])


@pytest.mark.parametrize("language", ["en", "ko"])
def test_sets_hold_the_papers_that_a_person_finds(retriever: Retriever, language: str) -> None:
    assert mean(f1(found(retriever, topic[language]), set(topic["papers"])) for topic in PRESENT) > LEAST_F1


def test_english_and_korean_give_mostly_the_same_papers(retriever: Retriever) -> None:
    pairs = [(found(retriever, topic["en"]), found(retriever, topic["ko"])) for topic in PRESENT]
    assert mean(len(one & other) / len(one | other) if one | other else 1 for one, other in pairs) > LEAST_OVERLAP


def test_topics_of_no_sample_give_no_set(retriever: Retriever) -> None:
    assert sum(bool(found(retriever, phrase)) for phrase in ABSENT) <= MOST_WRONG
