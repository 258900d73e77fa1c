"""Topics are counted over titles and first statements, and what grows is told from what is merely common. Counts by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from rag.answers import Answer
from rag.catalogue import Catalogue
from rag.papers import Bullet, Paper
from rag.topics import topics

Ask = Callable[..., Answer]


def catalogue_of(*said: tuple[str, str, int]) -> tuple[Catalogue, list[Paper]]:
    papers = [
        Paper(
            f"2401.{n:05}",
            title,
            (date(2024, 1, 1),),
            votes,
            (),
            False,
            None,
            (Bullet(first), Bullet("LoRA로 학습합니다.")),
            (),
        )
        for n, (title, first, votes) in enumerate(said, start=1)
    ]
    return Catalogue({paper.arxiv_id: paper for paper in papers}), papers


def test_a_topic_is_what_the_title_or_the_first_statement_names() -> None:
    catalogue, papers = catalogue_of(
        ("Mamba for Video", "영상을 다룹니다.", 3),
        ("Long Inputs", "맘바를 사용해 긴 입력을 읽습니다.", 7),
        ("Robots", "로봇을 다룹니다.", 1),
    )
    (mamba,) = topics(catalogue, papers, [], rising=False)
    assert (mamba.name("ko"), mamba.name("en"), mamba.before) == ("맘바", "Mamba", None)
    assert [paper.votes for paper in mamba.papers] == [
        7,
        3,
    ]  # most votes first; LoRA is named later only, robots by one


def test_the_topic_of_most_papers_is_first_and_their_common_one_is_none() -> None:
    said = [("Mamba and LoRA", "", 0), ("Mamba too", "", 0), ("LoRA with Mamba", "", 0)]
    catalogue, papers = catalogue_of(*said)
    assert [(t.name("en"), len(t.papers)) for t in topics(catalogue, papers, [], rising=False)] == [
        ("Mamba", 3),
        ("LoRA", 2),
    ]
    assert [t.name("en") for t in topics(catalogue, papers, [], rising=False, but=["맘바"])] == ["LoRA"]


def test_what_grows_is_told_by_shares_and_not_by_numbers() -> None:
    now = [("Mamba again", "", 0)] * 4 + [("LoRA again", "", 0)] * 6 + [("Other", "", 0)] * 10
    before = [("LoRA before", "", 0)] * 18 + [("Mamba before", "", 0)] * 6 + [("Other", "", 0)] * 36
    catalogue, papers = catalogue_of(*now, *before)
    assert [t.name("en") for t in topics(catalogue, papers[:20], papers[20:], rising=True)] == ["Mamba"]
    common = topics(catalogue, papers[:20], papers[20:], rising=False)
    assert [(t.name("en"), len(t.papers), t.before) for t in common] == [("LoRA", 6, 18), ("Mamba", 4, 6)]


def test_the_answer_states_the_topics_with_a_paper_of_each(ask: Ask) -> None:
    answer = ask("2023년 12월에 가장 많이 다뤄진 주제 3개는?")
    assert "2023년 12월 다이제스트의 논문" in answer.text
    assert "가장 많이 다뤄진 주제입니다." in answer.text
    rows = [line for line in answer.text.splitlines() if line.startswith("| ")][1:]
    assert len(rows) == 3
    assert all("](https://arxiv.org/abs/" in row and "[" in row for row in rows)
    assert rows[0].startswith("| 대규모 언어 모델 |") or rows[0].startswith("| 디퓨전 |")
    assert "주제 순위" in answer.chips


def test_the_same_topics_in_english(ask: Ask) -> None:
    korean, english = (
        ask("2023년 12월에 가장 많이 다뤄진 주제는?"),
        ask("What topics were most discussed in December 2023?"),
    )
    assert [c.paper.arxiv_id for c in english.citations] == [c.paper.arxiv_id for c in korean.citations] != []
    assert "treated most" in english.text
    assert korean.papers == english.papers
