"""What is said of a thing that no sentence defines: what it is good for, what tells most of it; expected by hand."""

from __future__ import annotations

from datetime import date

import pytest

from rag.corpus.catalogue import Catalogue
from rag.corpus.mentions import meant
from rag.corpus.papers import Bullet, Paper
from rag.evidence.spoken import is_subject, most_told, reasons_for

FOXNET = ("FoxNet",)


def paper(number: int, title: str, said: str, english: bool = False) -> Paper:
    bullets = (Bullet(said),)
    ko, en = ((), bullets) if english else (bullets, ())
    return Paper(f"2406.{number:05d}", title, (date(2024, 6, number),), 1, (), False, None, ko, en)


def catalogue_of(*papers: Paper) -> Catalogue:
    return Catalogue({p.arxiv_id: p for p in papers})


@pytest.mark.parametrize(
    ("sentence", "language", "subject"),
    [
        ("FoxNet은 발자국을 읽습니다.", "ko", True),
        ("기존의 FoxNet 방법은 밤에 약합니다.", "ko", True),
        ("HareNet은 FoxNet을 씁니다.", "ko", False),
        ("작은 눈밭 FoxNet은 밤에 약합니다.", "ko", False),
        ("FoxNet reads tracks.", "en", True),
        ("We use FoxNet in snow.", "en", False),
    ],
)
def test_a_sentence_speaks_of_what_is_its_subject(sentence: str, language: str, subject: bool) -> None:
    assert is_subject(sentence, FOXNET, language) is subject  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sentence", "english", "told"),
    [
        ("FoxNet은 계산 비용을 줄입니다.", False, True),
        ("FoxNet의 장점은 적은 메모리입니다.", False, True),
        ("FoxNet을 사용하여 속도를 높입니다.", False, True),
        ("FoxNet reduces the cost of reading.", True, True),
        ("HareNet은 FoxNet을 사용하여 속도를 높입니다.", False, False),
        ("FoxNet은 비용을 줄이지만, 밤에는 취약합니다.", False, False),
        ("HareNet은 FoxNet보다 빠릅니다.", False, False),
        ("FoxNet은 발자국을 읽습니다.", False, False),
    ],
)
def test_what_a_thing_is_good_for_is_told_by_a_sentence_about_itself(sentence: str, english: bool, told: bool) -> None:
    one = paper(1, "Snow", sentence, english)
    found = reasons_for(meant("FoxNet"), [one], catalogue_of(one), "en" if english else "ko", 3)
    assert [definition.told.text for definition in found] == ([sentence] if told else [])


def test_where_none_defines_a_thing_those_that_speak_of_it_come_before_those_that_use_it() -> None:
    papers = (
        paper(1, "Ice", "HareNet은 발자국을 읽으려고 FoxNet을 씁니다."),
        paper(2, "Snow", "FoxNet은 발자국에서 깊이를 알아냅니다."),
        paper(3, "Rain", "HareNet은 FoxNet보다 두 배 빠릅니다."),
    )
    found = most_told(meant("FoxNet"), papers, catalogue_of(*papers), "ko", 3)
    assert [one.paper.arxiv_id[-1] for one in found] == ["2", "1"]
