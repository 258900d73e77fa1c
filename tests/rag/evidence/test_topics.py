"""Topics are counted over titles and first statements, and what grows is told from what is merely common. Counts by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from rag.answers.answer import Answer
from rag.corpus.catalogue import Catalogue
from rag.corpus.papers import Bullet, Paper
from rag.evidence.topics import topics
from rag.index.ingest import ingest
from rag.pipeline import Pipeline
from rag.wiring import embedder
from tests.doubles import entry, write_day
from tests.rag.conftest import AS_OF, settings_for
from vectorstore.store import open_store
from web.views import html_of

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


# --- Which there are more of -----------------------------------------------------------------------------------------
def test_what_there_is_more_of_is_counted_for_each_and_for_both(tmp_path: Path) -> None:
    days = tmp_path / "digests"
    write_day(
        days,
        "2024-06-11",
        entry("2406.00031", "FoxNet", ("맘바로 여우를 셉니다.",), votes=3),
        entry("2406.00032", "HareNet", ("맘바와 LoRA로 토끼를 셉니다.",), votes=9),
        entry("2406.00033", "ElkNet", ("맘바로 사슴을 셉니다.",)),
        entry("2406.00034", "OwlNet", ("KAN으로 올빼미를 셉니다.",), votes=1),
    )
    settings = settings_for(tmp_path / "store")
    ingest(open_store(settings.store, tmp_path), embedder(settings), [days])
    pipeline = Pipeline(settings)
    answer = pipeline.ask("LoRA와 맘바 논문 중 뭐가 더 많아?", (), AS_OF)
    assert answer.text.splitlines()[:6] == [
        "맘바를 다룬 논문은 3편, LoRA를 다룬 논문은 1편입니다. 맘바가 2편 더 많습니다. 둘을 함께 다룬 논문은 1편입니다.",
        "",
        "| 주제 | 논문 | 표가 가장 많은 논문 |",
        "|---|---|---|",
        "| 맘바 | 3 | [HareNet](https://arxiv.org/abs/2406.00032) [1] |",
        "| LoRA | 1 | [HareNet](https://arxiv.org/abs/2406.00032) [1] |",
    ]
    assert (answer.plan.kind, answer.plan.terms, len(answer.papers)) == ("count", ("LoRA", "맘바"), 3)
    assert pipeline.ask("LoRA와 KAN 중 어느 쪽이 더 많아?", (), AS_OF).text.startswith(
        "LoRA를 다룬 논문은 1편, KAN을 다룬 논문은 1편입니다. 편수가 같습니다."
    )
    dated = pipeline.ask("2024년 6월에는 KAN과 맘바 중 뭐가 더 많이 나왔어?", (), AS_OF).text
    assert dated.startswith("2024년 6월 다이제스트에서 맘바를 다룬 논문은 3편, KAN을 다룬 논문은 1편입니다.")
    assert pipeline.ask("2023년에는 KAN과 맘바 중 뭐가 더 많아?", (), AS_OF).status == "no_evidence"


@pytest.mark.parametrize(
    "question", ["Are there more papers on LoRA or diffusion?", "which has more papers, Mamba or LoRA?"]
)
def test_which_of_two_has_more_is_told_in_english_too(question: str, ask: Ask) -> None:
    assert "more for" in ask(question).text.splitlines()[0]


# --- Authors instead of topics ---------------------------------------------------------------------------------------
def test_the_authors_of_most_papers_are_told_with_a_paper_of_each_and_how_they_were_counted(tmp_path: Path) -> None:
    days = tmp_path / "digests"
    write_day(
        days,
        "2024-06-11",
        entry("2406.00031", "FoxNet", ("맘바로 여우를 셉니다.",), votes=3, authors=("Kim Minji", "Otto Lind")),
        entry("2406.00032", "HareNet", ("토끼를 셉니다.",), votes=9, authors=("OTTO Lind", "Bo Lee", "+")),
    )
    write_day(days, "2024-06-12", entry("2406.00033", "ElkNet", ("맘바로 사슴을 셉니다.",), authors=("Otto Lind",)))
    settings = settings_for(tmp_path / "store")
    ingest(open_store(settings.store, tmp_path), embedder(settings), [days])
    pipeline = Pipeline(settings)

    def said(question: str) -> list[str]:
        return pipeline.ask(question, (), AS_OF).text.splitlines()

    korean = said("누가 논문을 가장 많이 썼어?")
    assert korean[0] == (
        "논문 3편에 이름이 가장 많이 오른 저자입니다. 이름으로만 세므로 이름이 같은 사람은 한 사람으로 칩니다. "
        "다이제스트가 저자를 줄여 적은 1편에서는 빠진 이름을 세지 못했습니다."
    )
    assert korean[2:4] == ["| 저자 | 논문 수 | 표가 가장 많은 논문 |", "|---|---|---|"]
    assert korean[4] == "| Otto Lind | 3 | [HareNet](https://arxiv.org/abs/2406.00032) [1] |"
    assert {line.split(" | ")[1] for line in korean[5:]} == {"1"}
    assert said("맘바 논문을 가장 많이 쓴 사람은?")[4].startswith("| Otto Lind | 2 | [FoxNet]")
    assert said("맘바 논문을 가장 많이 쓴 사람 1명")[-1].startswith("| Otto Lind | 2 |")
    assert said("논문을 가장 많이 쓴 저자 2명")[-1] == "마지막 사람과 편수가 같은 저자가 1명 더 있습니다."
    english = said("Who wrote the most papers on June 11, 2024?")
    assert english[0] == (
        "The authors of the 2 papers in the digest of 2024-06-11, most papers first. Names are counted, so people of "
        "one name count as one. 1 paper names only some of their authors; the others are not counted."
    )
    assert english[4].startswith("| Otto Lind | 2 |")
    shared = said("Otto Lind와 함께 논문을 가장 많이 쓴 사람은?")
    assert shared[0].startswith("Otto Lind의 논문 3편에 이름이 가장 많이 오른 공저자입니다.")
    assert {line.split(" | ")[0] for line in shared[4:]} == {"| Kim Minji", "| Bo Lee"}
    answer = pipeline.ask("저자 순위", (), AS_OF)
    assert answer.chips == ("저자 순위",)
    assert (answer.plan.by, len(answer.papers)) == ("authors", 3)
    assert "<table" in html_of(answer.text, answer)


def test_what_grew_within_a_topic_is_compared_with_that_topic_before(tmp_path: Path) -> None:
    def named(day: str, first: int, title: str, said: str, count: int) -> list[str]:
        return [entry(f"{day}.{n:05}", f"{title} {n}", (said,)) for n in range(first, first + count)]

    days, robots = tmp_path / "digests", "로봇 조작을 다룹니다. 로봇 팔이 물체를 집습니다."
    for day, month, imitating in (("2405", "05", 2), ("2406", "06", 12)):
        papers = named(day, 1, "Robot Manipulation", robots, 24 - imitating)
        papers += named(day, 100, "Robot Manipulation by Imitation Learning", robots, imitating)
        write_day(days, f"2024-{month}-11", *papers, *named(day, 200, "Chess Openings", "체스 기보를 모읍니다.", 40))
    settings = settings_for(tmp_path / "store")
    ingest(open_store(settings.store, tmp_path), embedder(settings), [days])
    answer = Pipeline(settings).ask("2024년 6월 로봇 조작 연구에서 뜨는 주제는?", (), AS_OF)
    assert "(논문 24편)" in answer.text
    assert "| 모방 학습 | 12 (50%) | 2 (8%) |" in answer.text
