"""Fitting the weights of membership: what is learnt from rows made by hand, and what is written is what is read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from benchmarks.topics import LANGUAGES, Topic
from rag.corpus.catalogue import Catalogue
from rag.corpus.papers import Bullet, Paper
from rag.evidence.belonging import Features, Weights
from rag.pipeline import Pipeline
from tests.rag.conftest import settings_for
from tools.train_membership.__main__ import (
    PRESENT,
    Small,
    absent_topics,
    calibration,
    fit,
    present_topics,
    regression,
    small_cases,
    whole_cases,
    write,
)
from tools.train_membership.samples import samples


@pytest.fixture(scope="module")
def pipeline(seeds_home: Path) -> Pipeline:
    return Pipeline(settings_for(seeds_home / "store"))


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


def test_a_regression_learns_the_sign_of_a_feature() -> None:
    rng = np.random.default_rng(0)
    table = np.concatenate([rng.normal(size=(400, 2)), np.zeros((400, 1))], axis=1)
    wanted = table[:, 0] + 0.1 * rng.normal(size=400) > 0
    found = regression(["used", "idle", "size"], table, wanted, np.ones(400), 1.0)
    said = found.probabilities(table.astype(np.float32)) > 0.5
    assert (said == wanted).mean() > 0.95
    assert abs(found.weights[0]) > 5 * abs(found.weights[1])


def test_a_feature_may_mean_the_opposite_in_a_small_index() -> None:
    rng = np.random.default_rng(0)
    near, size = rng.normal(size=800), np.repeat([0.0, -1.0], 400)
    wanted = (near > 0) == (size == 0)
    table = np.stack([near, size], axis=1)
    whole = regression(["near", "size"], table[:400], wanted[:400], np.ones(400), 1.0)
    found = regression(["near", "size"], table[400:], wanted[400:], np.ones(400), 1.0, whole)
    assert np.array_equal(found.probabilities(table[:400]), whole.probabilities(table[:400]))
    assert ((found.probabilities(table.astype(np.float32)) > 0.5) == wanted).mean() > 0.95


def looked(level: float, size: float = 0.0) -> Features:
    near = np.linspace(0, level, 50, dtype=np.float32)
    rank = np.log1p(np.arange(50, dtype=np.float32))[::-1]
    papers = np.stack([near, rank, np.full(50, size, dtype=np.float32)], axis=1)
    return Features(np.arange(50), papers, ("near", "rank", "size"), papers[-1:, [0, 2]], ("best", "size"))


def test_absent_topics_are_told_by_their_best_papers(tmp_path: Path) -> None:
    there = [Topic(str(n), "", "", dict.fromkeys(range(40, 50), 1)) for n in range(10)]
    lacking = [Topic(f"absent-{n}", "", "", {}) for n in range(10)]
    seen = {
        (topic.id, language): looked(level + n / 100)
        for topics, level in ((there, 1.0), (lacking, 0.2))
        for n, topic in enumerate(topics)
        for language in LANGUAGES
    }
    weights = fit(whole_cases([*there, *lacking], seen))
    high, low = (weights.probabilities(seen[i, "en"]) for i in ("0", "absent-0"))
    assert high[-1] > 2 * high[0]
    assert low.max() < high.max() / 4
    path = tmp_path / "weights.json"
    write(weights, path)
    assert Weights.read(path).probabilities(seen["0", "en"]) == pytest.approx(high, abs=1e-3)


# --- small indexes ---------------------------------------------------------------------------------------------------
def test_a_small_index_wants_what_lists_name_and_what_the_whole_one_knows() -> None:
    rows = np.arange(100, 150)
    listed, lacking, unlisted = (
        Topic("a", "", "", {149: 2, 7: 1}),
        Topic("b", "", "", {7: 1}),
        Topic("c", "", "", {7: 1}),
    )
    seen = {(topic, language): looked(1, -0.8) for topic in "abc" for language in LANGUAGES}
    known = np.zeros(200)
    known[120] = 0.4
    a, _, b, _, c, _ = small_cases([listed, lacking, unlisted], Small(rows, seen), {"c": known})
    assert (a.present, b.present, c.present) == (1, 0, 0.4)
    assert np.flatnonzero(a.wanted).tolist() == [49]
    assert c.wanted[20] == pytest.approx(0.4)
    there = a.of_topic * a.present + c.of_topic * c.present
    assert there / (a.of_topic + b.of_topic + c.of_topic) == pytest.approx(PRESENT, abs=0.1)


def test_a_small_index_is_like_one_of_its_papers_alone(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.train_membership.samples.SAMPLES", ((2, 1), (5, 1)))
    retriever = pipeline.snapshot().retriever()
    (few, small), (every, whole) = samples(retriever)
    assert 0 < len(few) < len(every) == len(retriever.catalogue) == len(whole)
    assert len(small) == len(few)
    known = retriever.memberships.features("Gaussian splatting")
    made = whole.features("Gaussian splatting")
    assert np.array_equal(known.rows, made.rows)
    assert made.papers == pytest.approx(known.papers, abs=1e-4)


def test_calibration_finds_the_scale_that_a_logit_was_bent_by() -> None:
    rng = np.random.default_rng(0)
    logit = rng.normal(size=20_000)
    listed = rng.random(20_000) < 1 / (1 + np.exp(-logit))
    said = 1 / (1 + np.exp(-2 * logit - 1))
    topic = Topic("t", "", "", dict.fromkeys(np.flatnonzero(listed).tolist(), 1))
    scale, shift = calibration([topic], {("t", "en"): said, ("t", "ko"): said})
    assert (scale, shift) == pytest.approx((0.5, -0.5), abs=0.05)


def test_the_topics_of_our_own_are_pairs_and_patterns(catalogue: Catalogue) -> None:
    assert len({topic.id for topic in absent_topics()}) == 40
    assert all(not topic.relevant and topic.en and topic.ko for topic in absent_topics())
    assert [(topic.id, dict(topic.relevant)) for topic in present_topics(catalogue)] == [("own-chess", {0: 1, 2: 1})]
