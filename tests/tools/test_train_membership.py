"""Fitting the weights of membership: what is learnt from rows made by hand, and what is written is what is read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from benchmarks.topics import Topic
from rag.corpus.catalogue import Catalogue
from rag.corpus.papers import Bullet, Paper
from rag.evidence.membership import Features, Weights
from tools.train_membership.__main__ import absent_topics, calibration, fit, present_topics, regression, write


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
    table = rng.normal(size=(400, 2))
    wanted = table[:, 0] + 0.1 * rng.normal(size=400) > 0
    found = regression(["used", "idle"], table, wanted, np.ones(400), 1.0)
    said = found.probabilities(table.astype(np.float32)) > 0.5
    assert (said == wanted).mean() > 0.95
    assert abs(found.weights[0]) > 5 * abs(found.weights[1])


def seen(topic: Topic, level: float) -> tuple[Topic, Features]:
    rows = np.arange(50)
    near = np.linspace(0, level, 50, dtype=np.float32)[:, None]
    return topic, Features(rows, near, ("near",), near[-1:], ("best",))


def test_absent_topics_are_told_by_their_best_papers(tmp_path: Path) -> None:
    present = [seen(Topic(str(n), "", "", dict.fromkeys(range(40, 50), 1)), 1 + n / 100) for n in range(10)]
    absent = [seen(Topic(f"absent-{n}", "", "", {}), 0.2 + n / 100) for n in range(10)]
    weights = fit([*present, *absent])
    high, low = (weights.probabilities(some[0][1]) for some in (present, absent))
    assert high[-1] > 2 * high[0]
    assert low.max() < high.max() / 4
    path = tmp_path / "weights.json"
    write(weights, path)
    assert Weights.read(path).probabilities(present[0][1]) == pytest.approx(high, abs=1e-3)


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
