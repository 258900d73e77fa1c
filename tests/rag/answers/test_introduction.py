"""What a model writes before a list, a table or a period: the list and its counts stay, and every sentence passes the gate."""

from __future__ import annotations

import pytest

from rag.answers.answer import Answer
from rag.pipeline import Pipeline
from tests.openai_server import Script
from tests.rag.conftest import AS_OF

pytestmark = pytest.mark.server

MAMBA = "Mamba를 사용한 논문은?"
TREND = "월별 논문 수 추이는?"


def both(model: Pipeline, question: str) -> tuple[Answer, Answer]:
    return model.ask(question, (), AS_OF), model.ask(question, (), AS_OF, engine="offline")


def added(written: Answer, offline: Answer) -> list[str]:
    """The paragraphs that the model added; the others are those of the offline answer, in order."""
    rest = iter(offline.text.split("\n\n"))
    kept, new = next(rest), []
    for paragraph in written.text.split("\n\n"):
        if paragraph == kept:
            kept = next(rest, "")
        else:
            new.append(paragraph)
    assert kept == ""
    return new


def mark_of(answer: Answer, arxiv_id: str) -> int:
    return next(citation.n for citation in answer.citations if citation.paper.arxiv_id == arxiv_id)


def test_a_list_gets_a_paragraph_before_it_and_loses_nothing(model: Pipeline, server: Script) -> None:
    plain = model.ask(MAMBA, (), AS_OF, engine="offline")
    gamba = mark_of(plain, "2403.18795")
    server.say(
        f"Gamba는 이미지 한 장에서 3D를 복원합니다. [{gamba}]\n", f"Mamba를 다룬 논문은 모두 {plain.count}편입니다. [0]"
    )
    written, offline = both(model, MAMBA)
    assert added(written, offline) == [
        f"Gamba는 이미지 한 장에서 3D를 복원합니다. [{gamba}] Mamba를 다룬 논문은 모두 {plain.count}편입니다."
    ]
    assert (written.papers, written.citations) == (offline.papers, offline.citations)
    assert (written.engine, offline.engine) == ("llm:scripted", "offline")


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (MAMBA, "Mamba를 다룬 논문은 모두 41편입니다. [0]"),
        (MAMBA, "Mamba를 다룬 논문은 모두 {count}편입니다."),
        (MAMBA, "이 가운데 네 편은 삼성전자가 썼습니다. [0]"),
        (MAMBA, "자세한 내용은 https://arxiv.org/abs/2403.18795 를 보세요. [0]"),
        (TREND, "2024년 3월에는 논문이 900편이었습니다. [0]"),
        ("How has the number of papers changed by month?", "June 2024 had 512 papers. [0]"),
    ],
)
def test_what_was_not_counted_is_left_out_and_the_offline_answer_stays(
    question: str, said: str, model: Pipeline, server: Script
) -> None:
    plain = model.ask(question, (), AS_OF, engine="offline")
    server.say(said.format(count=plain.count))
    written, offline = both(model, question)
    assert written.text == offline.text
    assert written.engine == "offline"
    assert len(written.notices) == len(offline.notices) + 1


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (TREND, "월별로 세었습니다. [0]"),
        ("How has the number of papers changed by month?", "They are counted by month. [0]"),
    ],
)
def test_a_trend_is_told_in_words_over_its_table(question: str, said: str, model: Pipeline, server: Script) -> None:
    server.say(said)
    written, offline = both(model, question)
    assert "|---|" in offline.text
    assert added(written, offline) == [said.removesuffix(" [0]")]


@pytest.mark.parametrize(
    "question",
    [
        "2024년 3월 28일 논문",
        "표가 가장 많은 논문 3편은?",
        "Gamba와 비슷한 논문은?",
        "2023년 12월 논문 요약해 줘",
        "papers of December 2023",
    ],
)
def test_days_rankings_likeness_and_periods_are_introduced_too(question: str, model: Pipeline, server: Script) -> None:
    plain = model.ask(question, (), AS_OF, engine="offline")
    first = plain.citations[0]
    said = first.paper.summary(plain.language)[0].text.split(". ")[0].rstrip(".")
    server.say(f"{said}. [{first.n}]")
    written, offline = both(model, question)
    assert added(written, offline) == [f"{said}. [{first.n}]"]
    assert written.papers == offline.papers


def test_the_request_holds_what_was_counted_as_facts_without_links_or_marks(model: Pipeline, server: Script) -> None:
    server.say("x")
    model.ask(TREND, (), AS_OF)
    system, user = (message["content"] for message in server.requests[0]["messages"])
    facts = user.split("<facts>")[1].split("</facts>")[0]
    assert "computed" in facts
    assert "2024-03" in facts
    assert "[1]" not in facts
    assert "](" not in facts
    assert "[0]" in system


def test_a_stream_that_stops_keeps_the_list_and_what_was_checked(model: Pipeline, server: Script) -> None:
    plain = model.ask(MAMBA, (), AS_OF, engine="offline")
    gamba = mark_of(plain, "2403.18795")
    server.say(f"Gamba는 이미지 한 장에서 3D를 복원합니다. [{gamba}] ", "그리고 또 다른 이야기를 ")
    server.mode = "cut"
    written, offline = both(model, MAMBA)
    assert written.text.count("Gamba는 이미지 한 장에서 3D를 복원합니다.") == 1
    assert written.text.endswith(offline.text.split("\n\n")[-1])
    assert "중간에 멈추었습니다" in written.notices[-1]


def test_a_number_is_not_introduced(model: Pipeline, server: Script) -> None:
    server.say("무엇이든 답합니다. [1]")
    assert model.ask("Mamba를 사용한 논문은 몇 편이야?", (), AS_OF).engine == "offline"
    assert server.requests == []
