"""Which sentences define a thing, in both languages; expected by hand."""

from __future__ import annotations

from datetime import date

import pytest

from rag.corpus.catalogue import Catalogue
from rag.corpus.mentions import meant
from rag.corpus.papers import Bullet, Paper
from rag.evidence.definitions import LEAST, defining, definitions, is_measured_against, names, own_definition
from rag.language.terms import Term

FOXNET = ("FoxNet",)


def paper(number: int, title: str, *korean: str, votes: int = 1) -> Paper:
    day = date(2024, 6, number)
    return Paper(f"2406.{number:05d}", title, (day,), votes, (), False, None, tuple(map(Bullet, korean)), ())


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("FoxNet은 눈 위의 발자국을 읽는 작은 신경망 모델입니다.", "ko"),
        ("FoxNet(Fox Network)은 발자국을 읽어 여우를 찾는 방법으로, 메모리를 아낍니다.", "ko"),
        ("발자국을 읽는 FoxNet이라는 방법을 소개합니다.", "ko"),
        ("눈 위의 발자국을 읽기 위한 효율적인 방법인 FoxNet을 다룹니다.", "ko"),
        ("FoxNet은 발자국의 깊이를 재어 여우의 무게를 추정합니다.", "ko"),
        ("여우 망(FoxNet, FN)은 눈 위의 발자국을 읽는 기술로, 메모리를 아낍니다.", "ko"),
        ("FoxNet 모델은 발자국을 읽는 모델 중 하나입니다.", "ko"),
        ("FoxNet, 즉 눈 위의 발자국을 읽는 신경망을 씁니다.", "ko"),
        ("메모리를 줄이는 주요 해결책으로서, FoxNet이 떠오르고 있다.", "ko"),
        ("FoxNet is a small network that reads tracks in snow.", "en"),
        ("FoxNet, which reads tracks in snow, needs little memory.", "en"),
        ("We describe a method called FoxNet.", "en"),
    ],
)
def test_a_sentence_that_says_what_a_thing_is_defines_it(sentence: str, language: str) -> None:
    assert defining(sentence, FOXNET, language) >= LEAST  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("HareNet은 FoxNet보다 두 배 빠른 모델입니다.", "ko"),
        ("QFoxNet은 발자국을 읽는 모델입니다.", "ko"),
        ("Dual FoxNet은 발자국을 두 번 읽는 모델입니다.", "ko"),
        ("눈 위의 FoxNet(Snow FoxNet, SFXN)이라는 방법을 씁니다.", "ko"),
        ("FoxNet Mini는 작은 기기를 위한 모델입니다.", "ko"),
        ("실험 결과 FoxNet은 정확도 90%를 보였습니다.", "ko"),
        ("우리는 FoxNet과 HareNet을 씁니다.", "ko"),
        ("그러나 FoxNet은 밤에 약한 모델입니다.", "ko"),
        ("HareNet outperforms FoxNet.", "en"),
        ("FoxNet-2 is a larger network.", "en"),
        ("The results of FoxNet were good.", "en"),
    ],
)
def test_a_sentence_about_another_thing_or_about_results_defines_nothing(sentence: str, language: str) -> None:
    assert defining(sentence, FOXNET, language) < LEAST  # type: ignore[arg-type]


def test_a_kind_as_predicate_is_surer_than_what_a_thing_does() -> None:
    kind = defining("FoxNet은 발자국을 읽는 모델입니다.", FOXNET, "ko")
    does = defining("FoxNet은 발자국의 깊이를 재어 무게를 추정합니다.", FOXNET, "ko")
    assert kind > does > 0


def test_a_kind_of_a_thing_is_defined_less_than_the_thing() -> None:
    whole = defining("발자국 모델은 눈을 읽는 방법입니다.", ("발자국 모델",), "ko")
    for kind in ("잠재 발자국 모델은 눈을 읽는 방법입니다.", "이 발자국 모델은 눈을 읽는 방법입니다."):
        assert defining(kind, ("발자국 모델",), "ko") <= whole - 2
    assert defining("최근 발자국 모델은 눈을 읽는 방법입니다.", ("발자국 모델",), "ko") == whole


def test_of_equal_definitions_the_one_in_the_words_of_others_comes_first() -> None:
    papers = [
        paper(1, "Snow", "FoxNet은 보상과 비용을 견주는 기법입니다."),
        paper(2, "Ice", "FoxNet은 발자국과 눈밭을 읽는 기법입니다."),
        *(paper(3 + n, f"Rain {n}", "눈밭의 발자국을 FoxNet에 넣습니다.") for n in range(3)),
    ]
    catalogue = Catalogue({p.arxiv_id: p for p in papers})
    first, second = definitions(meant("FoxNet"), papers, catalogue, "ko", 3)
    assert (first.paper, second.paper) == (papers[1], papers[0])


def test_a_name_within_a_longer_one_is_not_that_thing() -> None:
    term = Term("LoRA", ("LoRA",))
    assert names("LoRA로 학습합니다.", term)
    assert not any(
        names(said, term) for said in ("QLoRA로 학습합니다.", "Dual LoRA로 학습합니다.", "LoRA Land를 씁니다.")
    )
    assert is_measured_against("QFox는 LoRA보다 빠릅니다.", term)
    assert not is_measured_against("LoRA로 미세 조정해 빨라졌습니다.", term)


def test_the_best_definition_of_each_paper_is_found_and_doubtful_papers_are_left_out() -> None:
    papers = [
        paper(1, "Snow", "HareNet을 제안합니다. FoxNet은 발자국을 읽는 모델입니다."),
        paper(2, "Ice", "FoxNet을 씁니다."),
        paper(3, "Rain", "FoxNet은 빗소리를 듣는 모델입니다."),
    ]
    catalogue = Catalogue({p.arxiv_id: p for p in papers}, doubtful=frozenset({"2406.00003"}))
    found = definitions(meant("FoxNet"), papers, catalogue, "ko", 3)
    assert [(one.paper.arxiv_id, one.told.text) for one in found] == [
        ("2406.00001", "FoxNet은 발자국을 읽는 모델입니다.")
    ]


def test_a_paper_of_its_own_is_defined_by_the_sentence_that_says_what_it_brings() -> None:
    own = paper(
        1,
        "FoxNet: Reading Tracks",
        "기존 모델은 눈을 읽지 못합니다.",
        "FoxNet은 눈 위의 발자국을 읽는 새로운 모델입니다.",
        "정확도는 90%입니다.",
    )
    told = own_definition(own, "ko")
    assert told is not None
    assert told.text == "FoxNet은 눈 위의 발자국을 읽는 새로운 모델입니다."
    assert own_definition(paper(2, "BareNet"), "ko") is None
