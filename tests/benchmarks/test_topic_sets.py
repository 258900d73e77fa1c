"""The measures of sets about a topic, by hand, and the report's shape."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from benchmarks.topics import (
    FOLDS,
    Topic,
    average_precision,
    calibration_error,
    cut_set,
    folds,
    measure,
    overlap,
    read_topics,
    report,
)
from rag.corpus.catalogue import Catalogue
from rag.corpus.papers import Bullet, Paper

SAID = np.array([0.9, 0.1, 0.8, 0.4], dtype=np.float32)
TOPIC = Topic("t", "one", "하나", {0: 2, 3: 1})
ABSENT = Topic("a", "none", "없음", {})
LOW = np.array([0.01, 0.02, 0.0, 0.0], dtype=np.float32)


@pytest.fixture
def catalogue() -> Catalogue:
    titles = ["Chess without Search", "Signing Hands", "A Model of Chess", "Paint"]
    papers = [
        Paper(
            f"2401.0000{place}", title, (date(2024, 1, 1),), None, (), False, None, (Bullet("모델을 제안합니다."),), ()
        )
        for place, title in enumerate(titles)
    ]
    return Catalogue({paper.arxiv_id: paper for paper in papers})


def test_average_precision_counts_the_ranks_of_the_relevant() -> None:
    assert average_precision(SAID, {0: 1, 3: 1}) == pytest.approx((1 / 1 + 2 / 3) / 2)
    assert average_precision(SAID, {1: 1}) == pytest.approx(1 / 4)


def test_a_set_is_what_reaches_the_cut_and_never_empty() -> None:
    assert cut_set(SAID, 0.4) == {0, 2, 3}
    assert cut_set(SAID, 0.95) == {0}


def test_a_calibrated_half_has_no_error() -> None:
    listed = np.array([True, False] * 10)
    assert calibration_error(np.full(20, 0.5, dtype=np.float32), listed) == pytest.approx(0.0)
    assert calibration_error(np.full(20, 0.9, dtype=np.float32), listed) == pytest.approx(0.4)
    assert calibration_error(np.zeros(20, dtype=np.float32), listed) == 0


def test_measures_of_one_topic() -> None:
    found = {("t", "en"): SAID, ("t", "ko"): LOW}
    means = measure([TOPIC], found, "en", 0.5)
    assert (means["recall"], means["precision"], means["recall2"], means["size"]) == (0.5, 0.5, 1.0, 2)
    assert means["F1"] == pytest.approx(2 * 1 / (2 + 2))
    assert overlap([TOPIC], found, 0.5) == 0  # {0, 2} and, below every cut, {1}


def test_the_report_tells_absent_topics_apart() -> None:
    found = {("t", "en"): SAID, ("t", "ko"): SAID, ("a", "en"): LOW, ("a", "ko"): LOW}
    text = report([TOPIC, ABSENT], found, 0.5)
    assert "| en | 0.833 | 0.500 |" in text
    assert "1 absent topics: median 0.020" in text


def test_papers_that_the_catalogue_lacks_are_left_out(tmp_path: Path, catalogue: Catalogue) -> None:
    lines = [
        {"id": "some", "en": "x", "ko": "y", "relevant": {catalogue.ids[2]: 3, "0000.00000": 1}},
        {"id": "none", "en": "x", "ko": "y", "relevant": {"0000.00000": 1}},
    ]
    path = tmp_path / "topics.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert read_topics(path, catalogue) == [Topic("some", "x", "y", {2: 3})]


def test_folds_are_of_one_size() -> None:
    topics = [Topic(str(number), "", "", {}) for number in range(20)]
    sizes = np.bincount(list(folds(topics).values()), minlength=FOLDS)
    assert (sizes == 2).all()
