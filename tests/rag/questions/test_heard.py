"""Names that are written in Hangul as they sound are read as the papers' names, and ordinary Korean is left alone."""

from __future__ import annotations

from datetime import date

import pytest

from rag.corpus.catalogue import Catalogue
from rag.corpus.papers import Bullet, Paper
from rag.questions.heard import in_latin
from rag.questions.reader import understand

AS_OF = date(2025, 2, 1)


def paper(number: int, title: str, ko: str) -> Paper:
    return Paper(f"2501.{number:05d}", title, (date(2025, 1, 23),), 3, ("Ann Lee",), False, None, (Bullet(ko),), ())


@pytest.fixture(scope="module")
def library() -> Catalogue:
    papers = [
        paper(1, "Zanuka: A Small Model of Owls", "Zanuka는 작은 모델입니다."),
        paper(2, "Vision Krabbo: Seeing with States", "그림을 보는 모델입니다."),
        paper(3, "Krabbo: States for Text", "상태 공간 모델입니다."),
        paper(4, "LampHead: Fewer Heads", "어텐션 머리를 줄입니다."),
        paper(5, "FROLIX 3.0 Technical Report", "FROLIX 3.0을 소개합니다."),
        paper(6, "FROLIX 3.5: A Series of Models", "FROLIX 3.5를 소개합니다."),
        paper(7, "Harmony: Tuning Choirs", "합창을 다룹니다. 하모니를 만듭니다."),
        paper(8, "On Nothing Much", "브레멘토는 옛 도구입니다."),
        paper(9, "Brementto: A New Tool", "새 도구입니다."),
    ]
    return Catalogue({one.arxiv_id: one for one in papers})


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("자누카 모델 크기는?", "Zanuka 모델 크기는?"),
        ("자누카가 뭐야?", "Zanuka가 뭐야?"),
        ("자누카는 누가 썼어?", "Zanuka는 누가 썼어?"),
        ("비전 크라보가 뭐야?", "Vision Krabbo가 뭐야?"),
        ("비전크라보 논문", "Vision Krabbo 논문"),
        ("램프헤드가 뭐야", "LampHead가 뭐야"),
        ("프롤릭스 논문 있어?", "FROLIX 논문 있어?"),
        ("프롤릭스 3.5는 뭐가 새로워?", "FROLIX 3.5는 뭐가 새로워?"),
        ("프롤릭스 3편 추천해줘", "FROLIX 3편 추천해줘"),  # 3 counts papers
        ("프롤릭스3.0 저자", "FROLIX 3.0 저자"),
    ],
)
def test_a_name_as_it_sounds_is_read_as_the_papers_write_it(question: str, read: str, library: Catalogue) -> None:
    text, taken = in_latin(question, library)
    assert text == read
    assert len(taken) == 1


@pytest.mark.parametrize(
    "question",
    [
        "고양이 사진 찍는 법",  # words of a dictionary
        "하모니를 다룬 논문",  # a word of a dictionary that a paper is called by
        "브레멘토를 쓴 논문",  # papers have the word, and mean another thing by it
        "자두가 먹고 싶어",
        "강화 학습 논문 알려줘",
        "Zanuka 논문",
    ],
)
def test_other_words_stay_as_they_are_typed(question: str, library: Catalogue) -> None:
    assert in_latin(question, library) == (question, ())


def test_a_name_so_heard_is_about_papers_and_the_reading_tells_it(library: Catalogue) -> None:
    reading = understand("램프헤드가 뭐야", library, AS_OF)
    assert reading.plan.papers == ("2501.00004",)
    assert reading.reason is None
    assert reading.language == "ko"
    assert reading.read_as == (("램프헤드", "LampHead"),)


@pytest.mark.parametrize(
    ("question", "kind"), [("자누카 저자 누구야", "fact"), ("자누카 모델 크기가 어떻게 돼?", "fact")]
)
def test_what_is_asked_of_it_is_asked_of_its_paper(question: str, kind: str, library: Catalogue) -> None:
    reading = understand(question, library, AS_OF)
    assert (reading.plan.kind, reading.plan.papers) == (kind, ("2501.00001",))
