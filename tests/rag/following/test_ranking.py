"""“For you” over the sample digests: papers near to the stars come first, and each says which stars these are."""

from __future__ import annotations

import pytest

from rag.corpus.papers import Paper
from rag.following.book import Standing
from rag.following.news import allowed
from rag.following.ranking import LEAST_STARS, rank
from rag.pipeline import Pipeline


def titled(pipeline: Pipeline, *words: str) -> list[str]:
    """Return the papers with one of these words in the title."""
    return [p.arxiv_id for p in everything(pipeline) if any(word in p.title.lower() for word in words)]


def everything(pipeline: Pipeline) -> list[Paper]:
    return list(pipeline.snapshot().catalogue.papers.values())


@pytest.fixture(scope="module")
def videos(pipeline: Pipeline) -> list[str]:
    found = titled(pipeline, "video", "animat")
    assert len(found) > LEAST_STARS
    return found


def test_a_paper_like_the_stars_comes_before_most_others(pipeline: Pipeline, videos: list[str]) -> None:
    *stars, left = videos[: LEAST_STARS + 1]
    others = [paper for paper in everything(pipeline) if paper.arxiv_id not in stars]
    ranked = [one.paper.arxiv_id for one in rank(others, stars, (), pipeline.snapshot().retriever())]
    assert sorted(ranked) == sorted(paper.arxiv_id for paper in others)
    assert ranked.index(left) < len(ranked) / 5


def test_a_ranking_names_two_stars_that_each_paper_is_near_to(pipeline: Pipeline, videos: list[str]) -> None:
    stars = videos[:LEAST_STARS]
    for one in rank(everything(pipeline), stars, (), pipeline.snapshot().retriever()):
        near = [paper.arxiv_id for paper in one.near]
        assert len(near) == 2
        assert set(near) <= set(stars) - {one.paper.arxiv_id}


def test_what_is_dismissed_pulls_papers_like_it_down(pipeline: Pipeline, videos: list[str]) -> None:
    stars, dismissed, judged = videos[:LEAST_STARS], videos[LEAST_STARS:-1], videos[-1]
    assert dismissed
    others = [paper for paper in everything(pipeline) if paper.arxiv_id not in {*stars, *dismissed}]

    def place(*unwanted: str) -> int:
        ranked = rank(others, stars, unwanted, pipeline.snapshot().retriever())
        return [one.paper.arxiv_id for one in ranked].index(judged)

    assert place(*dismissed) > place()


def test_nothing_is_ranked_below_five_stars_or_by_papers_that_the_index_lacks(
    pipeline: Pipeline, videos: list[str]
) -> None:
    retriever = pipeline.snapshot().retriever()
    few = [*videos[: LEAST_STARS - 1], videos[0], "9999.00001", "9999.00002"]
    assert rank(everything(pipeline), few, (), retriever) == []
    assert rank([], videos, (), retriever) == []


def test_the_same_stars_give_the_same_order(pipeline: Pipeline, videos: list[str]) -> None:
    retriever = pipeline.snapshot().retriever()
    first, again = (rank(everything(pipeline), stars, (), retriever) for stars in (videos, [*videos, videos[0]]))
    assert first == again


def test_standing_filters_hold_for_a_ranking_too(pipeline: Pipeline) -> None:
    papers = everything(pipeline)
    assert allowed(papers, Standing(), pipeline, "en") == papers
    popular = allowed(papers, Standing(min_votes=20), pipeline, "en")
    assert popular == [paper for paper in papers if paper.votes is not None and paper.votes >= 20]
    left = allowed(papers, Standing(without=("Mamba",)), pipeline, "en")
    assert not any("mamba" in paper.title.lower() for paper in left)
    assert len(papers) > len(left) > len(papers) / 2
