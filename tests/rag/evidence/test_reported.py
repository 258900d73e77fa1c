"""Papers by what they report, from a question to its answer in both languages, over an invented digest. Values by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.answers.answer import Answer
from rag.cli import main
from rag.index.ingest import ingest
from rag.pipeline import Pipeline
from rag.wiring import embedder
from tests.doubles import entry, write_day
from tests.rag.conftest import AS_OF, settings_for
from vectorstore.store import open_store

Ask = Callable[..., Answer]
_KNOWN = "QuizBowl 벤치마크와 ToneMap 데이터셋으로 평가하는 학습 방법을 다룹니다."
_PAPERS = (
    ("2406.00001", "OakNet: Trees that Think", 5, (
        "OakNet은 나무처럼 가지를 뻗는 추론 방법을 제안합니다.", "OakNet은 QuizBowl에서 81.5%의 정확도를 달성했습니다.",
        "OakNet은 30억 개의 파라미터를 가진 모델입니다.")),
    ("2406.00002", "ElmChat: A Patient Tutor", 90, (
        "ElmChat은 학생의 질문을 되묻는 대화 방법을 제안합니다.", "ElmChat은 QuizBowl에서 정확도를 52.1%에서 71.3%로 높였습니다.",
        "ElmChat은 기존 방법보다 4배 빠른 추론 속도를 보였습니다.")),
    ("2406.00003", "FirSmall: Tiny Forest Models", 30, (
        "FirSmall은 작은 기기에서 도는 숲 소리 모델을 제안합니다.", "FirSmall은 3억 5천만 개의 파라미터를 가진 모델입니다.", _KNOWN)),
    ("2406.00004", "PineTone: Colours of Bark", 12, (
        "PineTone은 나무껍질 그림을 그리는 방법을 제안합니다.", "PineTone은 ToneMap 데이터셋에서 FID 1.9를 기록했습니다.", _KNOWN)),
    ("2406.00005", "AshTone: Warm Bark", 2, (
        "AshTone은 따뜻한 색의 나무껍질 그림을 그리는 방법을 제안합니다.", "AshTone은 ToneMap 데이터셋에서 FID 3.4를 기록했습니다.", _KNOWN)),
    ("2406.00006", "MossSet: Pictures of Moss", 7, (
        "MossSet은 이끼를 찍은 사진을 모은 데이터셋입니다.", "MossSet 데이터셋은 30,000장의 이미지로 구성됩니다.")),
    ("2406.00007", "FernSet: Ferns in Words", 8, (
        "FernSet은 고사리를 글로 그린 데이터셋입니다.", "FernSet 데이터셋은 5만 개의 이미지-텍스트 쌍을 포함합니다.")),
    ("2406.00008", "Herbal Answers", 3, (
        "약초 문답을 더 잘 푸는 학습 방법을 제안합니다.", "Clover-7B에 이 방법을 쓰면 QuizBowl에서 60.5%의 정확도를 얻습니다.")),
    ("2406.00009", "Answers from Roots", 3, (
        "뿌리 문답을 더 잘 푸는 학습 방법을 제안합니다.", "이 방법은 QuizBowl에서 58.5%의 정확도를 달성했습니다.")),
    ("2406.00010", "HerbText: Words of Herbs", 3, (
        "약초를 적은 글을 모은 데이터셋 HerbText를 공개합니다.", "HerbText는 3조 개의 텍스트 토큰을 포함하는 데이터셋입니다.")),
)  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reported")
    days = write_day(folder / "digests", "2024-06-11", *(entry(i, t, b, votes=v) for i, t, v, b in _PAPERS))
    settings = settings_for(folder / "store")
    ingest(open_store(settings.store, folder), embedder(settings), [days.parent])
    return folder / "store"


@pytest.fixture(scope="module")
def asked(store: Path) -> Ask:
    pipeline = Pipeline(settings_for(store))
    return lambda question, *history: pipeline.ask(question, history, AS_OF)


def ids(answer: Answer) -> list[str]:
    return [i.removeprefix("2406.000").lstrip("0") for i in answer.papers]


@pytest.mark.parametrize(
    ("question", "papers", "says"),
    [
        ("QuizBowl 점수가 가장 높은 논문은?", ["1"], "요약에서 QuizBowl 점수를 읽을 수 있는 논문 4편 가운데 가장 높은 값은 81.5%입니다."),
        ("QuizBowl 점수가 가장 낮은 논문은?", ["9"], "요약에서 QuizBowl 점수를 읽을 수 있는 논문 4편 가운데 가장 낮은 값은 58.5%입니다."),
        ("Which paper reports the highest score on QuizBowl?", ["1"], "A score on QuizBowl could be read from 4 summaries. The highest is 81.5%."),
        ("QuizBowl에서 80% 넘는 논문", ["1"], "요약에서 읽은 값으로는 QuizBowl 점수가 80% 초과인 논문이 1편입니다."),
        ("ToneMap FID가 가장 낮은 논문은?", ["4"], "요약에서 ToneMap FID를 읽을 수 있는 논문 2편 가운데 가장 낮은 값은 1.9입니다."),
        ("Which paper has the best FID on ToneMap?", ["4"], "An FID on ToneMap could be read from 2 summaries. The lowest is 1.9."),
        ("Which paper has the highest FID on ToneMap?", ["5"], "An FID on ToneMap could be read from 2 summaries. The highest is 3.4."),
        ("가장 작은 모델은?", ["3"], "요약에서 파라미터 수를 읽을 수 있는 논문 2편 가운데 가장 작은 값은 3.5억입니다."),
        ("models under 1B parameters", ["3"], "As far as the summaries state it, one paper has a number of parameters below 1B."),
        ("가장 빠른 속도 향상을 보고한 논문", ["2"], "요약에서 속도 향상을 읽을 수 있는 논문 1편 가운데 가장 큰 값은 4배입니다."),
    ],
)  # fmt: skip
def test_an_answer_names_the_value_and_quotes_its_sentence(
    asked: Ask, question: str, papers: list[str], says: str
) -> None:
    answer = asked(question)
    assert (answer.status, ids(answer)) == ("answered", papers)
    assert answer.text.splitlines()[0] == says
    assert "[1]" in answer.text
    row = answer.figures[0]
    assert row.arxiv_id == answer.papers[0]
    assert row.sentence in [statement.text for c in answer.citations for statement in c.evidence]


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("FooBench 점수가 가장 높은 논문은?", "요약에서 FooBench 점수를 읽을 수 있는 논문이 없습니다. 논문 본문에는 있을 수 있습니다."),
        ("highest score on FooBench", "No value for the score on FooBench could be read from the summaries; the papers themselves may have one."),
        ("QuizBowl에서 90% 넘는 논문", "요약에서 읽어 낸 QuizBowl 점수 가운데 90% 초과인 것은 없습니다. 가장 가까운 값은 81.5%입니다. 요약에 없거나 달리 적힌 값은 빠질 수 있습니다."),
        ("papers above 90% on QuizBowl", "As far as the summaries state it, no paper has a score on QuizBowl above 90%. The nearest is 81.5%. A value that a summary leaves out or words otherwise may be missing."),
        ("models with fewer than 3 parameters", "“3” has no unit, so the number of parameters cannot be compared. Please ask with one, such as “3B”."),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_told_shortly(asked: Ask, question: str, says: str) -> None:
    answer = asked(question)
    assert answer.status in ("no_evidence", "refused")
    assert (answer.text, answer.papers, answer.citations) == (says, (), ())


def test_a_ranking_of_values_is_never_one_of_votes(asked: Ask) -> None:
    answer = asked("성능이 가장 좋은 논문은?")
    assert answer.plan.by is None
    assert answer.text.startswith("무엇을 비교할지 알 수 없습니다.")


def test_values_that_do_not_compare_stand_apart_and_none_is_first(asked: Ask) -> None:
    korean, english = asked("데이터셋이 가장 큰 논문"), asked("What is the largest dataset?")
    assert sorted(ids(korean)) == sorted(ids(english)) == ["6", "7"]
    assert korean.text.startswith("데이터 크기는 논문마다 잰 것이 달라 한 줄로 세울 수 없습니다.")
    assert english.text.startswith("Data size, as 2 papers state it, is not the same measure everywhere")
    assert "**이미지** (1편 중 1편)" in korean.text
    assert "1. **3만 장** ·" in korean.text
    assert "1. **50K pairs** ·" in english.text


def test_a_later_question_ranks_the_papers_of_the_answer(asked: Ask) -> None:
    answer = asked("그중 QuizBowl 점수가 가장 높은 건?", "2024년 6월 11일 논문 목록")
    assert ids(answer) == ["1"]


def test_the_json_of_an_answer_holds_the_figures_and_the_plan(asked: Ask) -> None:
    said = asked("QuizBowl에서 80% 넘는 논문").as_json()
    assert said["plan"]["figure"] == {
        "of": "QuizBowl", "metric": "", "least": 80.0, "most": None, "strict": True, "best": False
    }  # fmt: skip
    assert said["figures"] == [
        {"arxiv_id": "2406.00001", "of": "QuizBowl", "metric": "accuracy", "value": 81.5, "unit": "%",
         "sentence": "OakNet은 QuizBowl에서 81.5%의 정확도를 달성했습니다."}
    ]  # fmt: skip


def test_the_command_lists_figures(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["figures", "quiz-bowl", "--store", str(store), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["of"], said["papers"], [row["value"] for row in said["figures"]]) == (
        "QuizBowl",
        4,
        [81.5, 71.3, 60.5, 58.5],
    )
    assert main(["figures", "FID", "--store", str(store), "--top", "1"]) == 0
    assert "1.9  2406.00004  PineTone: Colours of Bark" in capsys.readouterr().out
    assert main(["figures", "FooBench", "--store", str(store)]) == 0
    assert "No indexed summary states a figure on “FooBench”." in capsys.readouterr().err
    assert main(["figures", "MATH", "--store", str(store), "--top", "0"]) == 2


def test_the_values_of_a_set_are_listed_the_highest_first(asked: Ask) -> None:
    answer = asked("대화 방법들 속도 몇 배까지 빨라졌다고 보고했나")
    assert answer.plan.figure is not None
    assert answer.plan.figure.of == "speedup"
    assert ids(answer) == ["2"]
    assert "4배" in answer.text


def test_sizes_that_summaries_only_name_stand_apart_and_unknown_ones_are_counted(asked: Ask) -> None:
    answer = asked("QuizBowl 점수를 보고한 논문 중 7B 이하인 모델")
    assert answer.text.startswith("요약에서 읽은 값으로는 파라미터 수가 70억 이하인 논문이 2편입니다.")
    assert "**요약에 70억 이하인 값이 적힌 논문**" in answer.text
    assert answer.text.index("OakNet은 30억") < answer.text.index("Clover-7B에 이 방법을 쓰면")
    assert answer.text.endswith("나머지 논문 4편은 요약에 이 값이 없어 가려낼 수 없습니다.")


def test_where_no_paper_states_a_size_of_its_own_the_named_ones_are_no_denial(asked: Ask) -> None:
    answer = asked("QuizBowl papers with models between 6B and 8B")
    assert answer.status == "answered"
    assert answer.text.startswith("No summary states a number of parameters between 6B and 8B as its paper's own.")
    assert ids(answer) == ["8"]


@pytest.mark.parametrize("question", ["1조 토큰 이상인 데이터셋", "datasets with more than 1T tokens"])
def test_the_tokens_of_a_dataset_are_those_that_it_holds(asked: Ask, question: str) -> None:
    assert ids(asked(question)) == ["10"]
