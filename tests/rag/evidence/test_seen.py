"""What is seen in papers goes from one index to the next: only where a text is new or another one somebody looks again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from rag.corpus.catalogue import Catalogue
from rag.corpus.papers import Bullet, Paper
from rag.evidence import seen
from rag.evidence.belonging import Places
from rag.evidence.seen import Seen
from rag.following.book import Saved
from rag.following.news import look
from rag.index.ingest import ingest
from rag.pipeline import Pipeline
from rag.wiring import embedder
from tests.rag.conftest import SEEDS, settings_for
from vectorstore.bundled import Vectors


def papers(*named: str) -> dict[str, Paper]:
    """Return papers whose only bullet is their name."""
    day = (date(2024, 3, 1),)
    made = [
        Paper(f"2403.0{at:04}", name, day, 1, (), False, None, (Bullet(name),), ()) for at, name in enumerate(named)
    ]
    return {paper.arxiv_id: paper for paper in made}


class Eyes:
    """Sees how long the title of a paper is, and notes which papers it looked at."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue, self.looked = catalogue, list[str]()

    def __call__(self, rows: Places) -> Vectors:
        titles = [paper.title for paper in self.catalogue.at(rows)]
        self.looked += titles
        return np.array([[len(title), 1] for title in titles], dtype=np.float32).reshape(-1, 2)


def test_a_paper_is_looked_at_once_and_again_when_its_text_is_another() -> None:
    first = Catalogue(papers("부엉이", "나비", "고래"))
    eyes, sight = Eyes(first), Seen(first)
    for rows in ([0, 1], [0, 1], [1, 2]):
        assert sight.in_papers(np.array(rows), ("길이",), eyes).tolist() == [
            [len(first.at(np.array([r]))[0].title), 1] for r in rows
        ]
    assert eyes.looked == ["부엉이", "나비", "고래"]

    told = papers("부엉이", "나비", "큰 고래")
    older = {i: replace(paper, votes=50, dates=(date(2024, 4, 1),)) for i, paper in told.items()}
    second = Catalogue({**papers("x", "x", "x", "새 논문"), **older}, before=first)
    later, more = Eyes(second), Seen(second, sight)
    found = more.in_papers(second.rows(second.ids), ("길이",), later)
    assert found[:, 0].tolist() == [len(paper.title) for paper in second.papers.values()]
    assert later.looked == ["큰 고래", "새 논문"]  # votes and days are no text


def test_what_left_the_index_and_what_was_never_seen_leave_nothing() -> None:
    first = Catalogue(papers("a", "bb", "ccc"))
    sight = Seen(first)
    sight.in_papers(np.array([0, 2]), ("길이",), Eyes(first))
    second = Catalogue({i: paper for i, paper in papers("a", "bb", "ccc").items() if paper.title != "a"}, before=first)
    eyes = Eyes(second)
    assert Seen(second, sight).in_papers(np.array([0, 1]), ("길이",), eyes)[:, 0].tolist() == [2, 3]
    assert eyes.looked == ["bb"]
    none = Catalogue({}, before=second)
    assert Seen(none, sight).in_papers(np.zeros(0, np.int64), ("길이",), Eyes(none)).shape == (0, 2)


def test_what_was_not_looked_for_longest_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = Catalogue(papers(*"abcdefgh"))
    every, sight, eyes = catalogue.rows(catalogue.ids), Seen(catalogue), Eyes(catalogue)
    size = 8 * (4 + 2 * 4)  # a place and two values for each paper
    monkeypatch.setattr(seen, "_MOST", 2 * size)
    for key in ("one", "two", "one", "three", "one"):
        sight.in_papers(every, (key,), eyes)
    assert len(eyes.looked) == 3 * 8
    sight.in_papers(every, ("two",), eyes)
    assert len(eyes.looked) == 4 * 8


def test_what_is_kept_cannot_be_written() -> None:
    catalogue = Catalogue(papers("a"))
    with pytest.raises(ValueError, match="read-only"):
        Seen(catalogue).in_papers(np.array([0]), ("x",), Eyes(catalogue))[0] = 1


QUESTIONS = [
    Saved("video", "비디오 생성 논문", "ko"), Saved("lm", "papers about language models", "en"),
    Saved("mamba", "Mamba를 언급한 논문은?", "ko"), Saved("long", "papers about generating 3D objects from a single image quickly", "en"),
    Saved("not", "papers about video generation, not about diffusion", "en"),
]  # fmt: skip


def test_an_index_that_grew_gives_the_same_to_the_bit_as_one_that_is_opened_now(tmp_path: Path) -> None:
    digests = sorted(SEEDS.rglob("*.md"))
    grown = Pipeline(settings_for(tmp_path / "store"))
    for end in (len(digests) // 2, len(digests) - 1, len(digests)):
        for path in digests[:end]:
            target = tmp_path / "digests" / path.relative_to(SEEDS)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
        ingest(grown.store, embedder(grown.settings), [tmp_path / "digests"])
        found = [look(saved, grown) for saved in QUESTIONS]
    fresh = Pipeline(settings_for(tmp_path / "store"))
    for one, other in zip(found, [look(saved, fresh) for saved in QUESTIONS], strict=True):
        assert [paper.arxiv_id for paper in one.fits] == [paper.arxiv_id for paper in other.fits]
        assert [paper.arxiv_id for paper in one.near] == [paper.arxiv_id for paper in other.near]
        assert one.evidence.likely == other.evidence.likely
    first, second = grown.snapshot().retriever(), fresh.snapshot().retriever()
    for topic in ("비디오 생성", "language models", "3D"):
        assert np.array_equal(first.membership(topic), second.membership(topic))
        assert first.search(topic, 10) == second.search(topic, 10)
