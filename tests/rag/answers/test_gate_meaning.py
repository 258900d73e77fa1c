"""The gate over what sentences say: eight hundred written by hand, half of them false, and hostile input."""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.answers.answer import Citation
from rag.answers.gate import Gate
from rag.corpus.digests import find_digests, read_digest
from rag.corpus.papers import Bullet, Entry, Paper, merge
from rag.language.text import Language
from tests.rag.conftest import SEEDS

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Row:
    """A sentence of a paper; `kind` is "true", or what is false about it. `half` is "tune" or "report"."""

    paper: str
    half: str
    kind: str
    text: str


def lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


@cache
def rows(language: Language) -> tuple[Row, ...]:
    return tuple(Row(**line) for line in lines(f"gate_sentences.{language}.jsonl"))


@cache
def papers() -> dict[str, Paper]:
    """The papers of the sample digests and four invented ones, which have a summary in one language only."""
    entries: dict[str, list[Entry]] = {}
    for path in find_digests(SEEDS):
        for entry in read_digest(path, SEEDS).entries:
            entries.setdefault(entry.arxiv_id, []).append(entry)
    found = {arxiv_id: merge(many) for arxiv_id, many in entries.items()}
    for line in lines("gate_papers.jsonl"):
        found[line["id"]] = Paper(
            line["id"], line["title"], (date(2024, 3, 28),), line["votes"], tuple(line["authors"]), False, None,
            tuple(map(Bullet, line["ko"])), tuple(map(Bullet, line["en"])),
        )  # fmt: skip
    return found


def evidence(arxiv_id: str, summaries: str, language: Language) -> Paper:
    """Return a paper with its summaries in `both` languages, in the `same` as the sentence, or only in the `other` one."""
    paper = papers()[arxiv_id]
    if summaries == "both" or not (paper.ko and paper.en):
        return paper
    kept_is_korean = (language == "ko") == (summaries == "same")
    return replace(paper, en=()) if kept_is_korean else replace(paper, ko=())


def passes(paper: Paper, text: str, language: Language) -> bool:
    return Gate([Citation(1, paper)], language).verdict(f"{text.rstrip('.')} [1].") == "good"


def figures(language: Language, summaries: str, half: str) -> tuple[float, float, Counter[str]]:
    """Return the share of false sentences caught and of true ones lost, and how many of each kind passed."""
    passed, all_of = Counter[str](), Counter[str]()
    for row in rows(language):
        if row.half == half:
            all_of[row.kind] += 1
            passed[row.kind] += passes(evidence(row.paper, summaries, language), row.text, language)
    false = sum(n for kind, n in all_of.items() if kind != "true")
    let_through = sum(n for kind, n in passed.items() if kind != "true")
    return 1 - let_through / false, 1 - passed["true"] / all_of["true"], passed


# Measured on the half that nothing was trained on; its true sentences set the limits (docs/experiments.md), less a little: at least so much of the false sentences is
# caught, and at most so much of the true ones lost. Wanted are .95 and .05.
REACHED = {
    ("ko", "both"): (0.85, 0.06), ("ko", "same"): (0.86, 0.06), ("ko", "other"): (0.84, 0.07),
    ("en", "both"): (0.92, 0.06), ("en", "same"): (0.92, 0.08), ("en", "other"): (0.85, 0.05),
}  # fmt: skip


@pytest.mark.gate
@pytest.mark.parametrize(("language", "summaries"), REACHED)
def test_most_false_sentences_are_caught_and_most_true_ones_kept(language: Language, summaries: str) -> None:
    caught, lost, passed = figures(language, summaries, "report")
    assert caught >= REACHED[language, summaries][0], passed
    assert lost <= REACHED[language, summaries][1], passed


@pytest.mark.gate
@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_wanted_reach_is_reached(language: Language) -> None:
    caught, lost, passed = figures(language, "both", "report")
    assert (caught >= 0.95, lost <= 0.05) == (True, True), passed


def test_a_sentence_takes_under_5_ms_of_the_processor() -> None:
    said = [row for language in ("ko", "en") for row in rows(language)[:60]]  # type: ignore[arg-type]
    gates = {paper: Gate([Citation(1, papers()[paper])], "ko") for paper in {row.paper for row in said}}
    for row in said:
        gates[row.paper].verdict(f"{row.text} [1].")
    started = time.process_time()
    for row in said:
        gates[row.paper].verdict(f"{row.text} [1].")
    assert (time.process_time() - started) / len(said) < 0.005


MAMBA = "2312.00752"
CLAIMED = [
    "삼성전자가 개발한 모델입니다.", "카카오와 함께 시험했습니다.", "트랜스포머보다 추론이 느린 것이 특징입니다.", "수천 개의 GPU로 학습했습니다.",
    "메모리를 절반만 씁니다.", "강화 학습으로 학습했습니다.", "같은 규모의 Transformer에 뒤처집니다.", "번역 품질을 사람이 평가했습니다.",
    "It was trained with reinforcement learning.", "It is twice as fast as its predecessor on phones.", "The model was built by naver.",
    "It needs thousands of GPUs.", "It uses half of the memory.", "Its cost grows quadratically with sequence length.",
    "It was tested on medical images.",
]  # fmt: skip


@pytest.mark.parametrize("claim", CLAIMED)
def test_a_claim_that_no_word_of_the_evidence_carries_is_not_shown(claim: str) -> None:
    assert not passes(papers()[MAMBA], claim, "ko" if "가" <= claim[0] <= "힣" else "en")


@pytest.mark.parametrize("summaries", ["both", "same", "other"])
@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("추론 처리량은 Transformer의 5배입니다.", "ko"), ("계산량은 시퀀스 길이에 선형으로 늘어납니다.", "ko"),
        ("Inference throughput is 5 times that of Transformers.", "en"), ("Its computation grows linearly with sequence length.", "en"),
    ],
)  # fmt: skip
def test_a_fact_is_shown_whichever_language_its_summary_is_in(text: str, language: Language, summaries: str) -> None:
    assert passes(evidence(MAMBA, summaries, language), text, language)


def test_a_sentence_too_long_to_be_checked_is_not_shown() -> None:
    paper = papers()[MAMBA]
    said = paper.ko[5].text.rstrip(".")
    assert passes(paper, said, "ko")
    assert not passes(paper, " ".join([said] * 20), "ko")


@pytest.mark.parametrize(
    "piece",
    [
        "a ",
        "가 ",
        "보다 ",
        "than ",
        "not ",
        "않",
        "수천 ",
        "1,",
        "is better than ",
        "빠르지 않",
        "(",
        "outperforms it ",
    ],
)
def test_hostile_sentences_take_time_in_proportion_to_their_length(piece: str) -> None:
    paper = papers()[MAMBA]
    passes(paper, piece, "ko")
    started = time.process_time()
    for size in (2_000, 20_000):
        passes(paper, piece * (size // len(piece)), "ko")
    assert time.process_time() - started < 1.0


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.lists(
        st.sampled_from(["Mamba", "보다", "than", "not", "없이", "5배", "half", "수백 개의", "faster", "느린", ",", "[1]", "😀", "\u200b", "é"])
        | st.text(max_size=12),
        max_size=40,
    ).map(" ".join)
)  # fmt: skip
def test_no_text_makes_the_gate_fail(text: str) -> None:
    gate = Gate([Citation(1, papers()[MAMBA])], "ko", "논문 17편")
    assert all(isinstance(shown, str) for shown in gate.filter([text, " [1]."]))
