"""Authors named in questions: whom they mean, whom they may mean, and who nobody is. Expected values by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from rag.answers.answer import Answer
from rag.corpus.catalogue import Catalogue
from rag.corpus.papers import Bullet, Paper
from rag.errors import SettingsError
from rag.questions.people import Names, hangul_people, names
from rag.questions.reader import understand
from rag.questions.reading import Reading

Ask = Callable[..., Answer]

AUTHORS = (
    "Dahua Lin", "Ping Luo", "Peng Luo", "Ziwei Liu", "Albert Gu", "Tri Dao", "José Núñez", "Michael Zollhöfer", "Yann LeCun",
    "Yejin Choi", "Kyunghyun Cho", "Jae-Hong Kim", "Minji Kim", "Ji-Hoon Lee", "Jihoon Lee", "Seung-won Hwang", "Hyunwoo J. Kim",
    "Sungho Park", "Young-Jun Yun", "Jun-Yan Zhu", "Christopher D. Manning", "Kaiming He", "Wei Zhang", "Xin Wang", "Dan Wang",
    "Bernhard Schölkopf", "Alice Van Houten", "Kenji Kawaguchi",
)  # fmt: skip
BOOK = Catalogue(
    {
        f"2401.{n:05d}": Paper(
            f"2401.{n:05d}", f"Paper{n}: 맘바 with Mamba", (date(2024, 3, 1),), n, (name,), False, None,
            (Bullet("맘바와 확산 모델을 씁니다."),), (Bullet("It uses Mamba and Stable Diffusion."),),
        )
        for n, name in enumerate((*AUTHORS, "Dahua Lin"), start=1)
    }
)  # fmt: skip


def read(question: str) -> Reading:
    return understand(question, BOOK, date(2024, 3, 2))


MEANT = [
    # Latin: case, accents, order, initials, hyphens, middle names
    ("Ping Luo가 저자로 참여한 논문", ("Ping Luo",)),
    ("papers by Ping Luo", ("Ping Luo",)),
    ("ping luo papers", ("Ping Luo",)),
    ("Luo Ping 논문", ("Ping Luo",)),
    ("Luo, Ping이 쓴 논문", ("Ping Luo",)),
    ("PING LUO의 논문", ("Ping Luo",)),
    ("jose nunez 논문", ("José Núñez",)),
    ("José Núñez's papers", ("José Núñez",)),
    ("Michael Zollhofer가 참여한 연구", ("Michael Zollhöfer",)),
    ("A. Gu가 쓴 논문", ("Albert Gu",)),
    ("papers by T. Dao", ("Tri Dao",)),
    ("Gu, A.가 쓴 논문", ("Albert Gu",)),
    ("papers by Schölkopf", ("Bernhard Schölkopf",)),
    ("papers by Schoelkopf", None),
    ("Schölkopf의 논문", ("Bernhard Schölkopf",)),
    ("Junyan Zhu가 쓴 논문", ("Jun-Yan Zhu",)),
    ("papers by Jun Yan Zhu", ("Jun-Yan Zhu",)),
    ("papers by Christopher Manning", ("Christopher D. Manning",)),
    ("Dahua Lin's 2024 papers", ("Dahua Lin",)),
    ("Alice Van Houten papers", ("Alice Van Houten",)),
    # several
    ("Albert Gu와 Tri Dao가 함께 쓴 논문", ("Albert Gu", "Tri Dao")),
    ("papers co-authored by Dahua Lin and Ziwei Liu", ("Dahua Lin", "Ziwei Liu")),
    ("Dahua Lin, Ziwei Liu, Ping Luo 공저 논문", ("Dahua Lin", "Ziwei Liu", "Ping Luo")),
    ("Lin, Dahua and Liu, Ziwei의 공동 논문", ("Dahua Lin", "Ziwei Liu")),
    ("최예진과 조경현이 같이 쓴 논문", ("Yejin Choi", "Kyunghyun Cho")),
    ("얀 르쿤이랑 Tri Dao가 쓴 논문", ("Yann LeCun", "Tri Dao")),
    # Hangul: the list, Korean names by syllables, other names by sound
    ("얀 르쿤 논문", ("Yann LeCun",)),
    ("얀 르쾽 교수님이 참여한 논문", ("Yann LeCun",)),
    ("가와구치 겐지가 쓴 논문", ("Kenji Kawaguchi",)),
    ("최예진 논문 보여줘", ("Yejin Choi",)),
    ("조경현이 쓴 논문", ("Kyunghyun Cho",)),
    ("김재홍이 저자인 논문", ("Jae-Hong Kim",)),
    ("김민지 씨가 쓴 논문", ("Minji Kim",)),
    ("황승원 교수의 논문", ("Seung-won Hwang",)),
    ("박성호가 발표한 논문", ("Sungho Park",)),
    ("윤영준 논문", ("Young-Jun Yun",)),
    ("다후아 린이 쓴 논문", ("Dahua Lin",)),
    ("핑 루오가 저자로 참여한 논문", ("Ping Luo",)),
    ("카이밍 허가 쓴 논문", ("Kaiming He",)),
    ("왕 신이 쓴 논문", ("Xin Wang",)),
]
ORGANISATIONS = ["서울대가 발표한 논문", "연구진이 쓴 논문", "구글이 발표한 논문"]


@pytest.mark.parametrize("question", ORGANISATIONS)
def test_an_organisation_is_no_person(question: str) -> None:
    reading = read(question)
    assert (reading.plan.authors, reading.reason == "unknown_author") == ((), False)


@pytest.mark.parametrize(("question", "authors"), MEANT)
def test_a_name_is_understood_however_it_is_written(question: str, authors: tuple[str, ...] | None) -> None:
    reading = read(question)
    if authors is None:
        assert reading.reason == "unknown_author"
        return
    assert (reading.plan.kind, reading.plan.authors, reading.plan.terms, reading.reason) == (
        "author",
        authors,
        (),
        None,
    )


@pytest.mark.parametrize(
    ("question", "reason", "name", "near"),
    [
        ("Luo가 쓴 논문", "ambiguous", "Luo", ("Peng Luo", "Ping Luo")),
        ("Luo의 논문", "ambiguous", "Luo", ("Peng Luo", "Ping Luo")),
        ("papers by P. Luo", "ambiguous", "P. Luo", ("Peng Luo", "Ping Luo")),
        ("papers by Wang", "ambiguous", "Wang", ("Dan Wang", "Xin Wang")),
        ("이지훈이 쓴 논문", "ambiguous", "이지훈", ("Ji-Hoon Lee", "Jihoon Lee")),
        ("papers by Dahua Linn", "unknown_author", "Dahua Linn", ("Dahua Lin",)),
        ("Dahua Linn 논문", "unknown_author", "Dahua Linn", ("Dahua Lin",)),
        ("Kyunghun Cho가 쓴 논문", "unknown_author", "Kyunghun Cho", ("Kyunghyun Cho",)),
        ("papers by Jane Roe", "unknown_author", "Jane Roe", ()),
        ("papers by Albert Gu and Jane Roe", "unknown_author", "Jane Roe", ()),
        ("Jane Roe와 Albert Gu가 함께 쓴 논문", "unknown_author", "Jane Roe", ()),
        ("제프리 힌턴이 쓴 논문", "unknown_author", "제프리 힌턴", ()),
        ("홍길동이 쓴 논문", "unknown_author", "홍길동", ()),
    ],
)
def test_who_is_unknown_or_several_is_said_and_not_guessed(
    question: str, reason: str, name: str, near: tuple[str, ...]
) -> None:
    reading = read(question)
    assert (reading.reason, reading.plan.kind) == (reason, "author")
    assert (reading.unknown[0], reading.near) == (name, near)


@pytest.mark.parametrize(
    "question",
    [
        "Stable Diffusion 기반의 논문", "Mamba를 쓴 논문", "맘바를 쓴 논문", "확산 모델의 논문", "papers about Stable Diffusion", "이미지 논문",
        "Papers on Linear Attention", "강화 학습을 쓴 논문", "which papers use Mamba?", "누가 Mamba를 제안했어?", "papers from March 2024",
    ],
)  # fmt: skip
def test_what_is_no_person_is_not_taken_for_one(question: str) -> None:
    reading = read(question)
    assert (reading.plan.authors, reading.plan.kind == "author", reading.reason) == ((), False, None)


@pytest.mark.parametrize(
    "question",
    [
        "Who is the first author of Mamba?", "Mamba의 제1저자는?", "첫 번째 저자가 Tri Dao인 논문", "papers with Tri Dao as lead author",
        "Tri Dao가 제1저자인 논문은 몇 편?", "교신 저자가 Tri Dao인 논문", "Tri Dao's first-author papers", "how many papers is Tri Dao first author of?",
    ],
)  # fmt: skip
def test_who_comes_first_is_not_in_the_digests(question: str) -> None:
    assert read(question).reason == "field_not_in_digest"


def test_who_asks_for_a_place_among_authors_is_offered_all_papers() -> None:
    assert read("첫 번째 저자가 Tri Dao인 논문").offers == ("Tri Dao의 논문은?",)
    assert read("papers with Tri Dao as lead author").offers == ("Which papers are by Tri Dao?",)


def test_a_hangul_name_that_sounds_nearly_alike_is_offered() -> None:
    assert hangul_people("다후아 림", BOOK) == ([], ["Dahua Lin"])


@pytest.mark.parametrize(
    ("text", "said"), [("people: [", "names"), ("people: 3\nfamilies: {}", "names"), ("{}", "names")]
)
def test_a_broken_list_of_names_is_told(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "names.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=said):
        Names.read(path)


def test_the_list_of_names_holds_each_hangul_name_once() -> None:
    text = Path("rag/questions/names.yaml").read_text(encoding="utf-8")
    listed = [name.strip() for line in text.splitlines() if line.startswith("  ") and ": [" in line for name in line.split("[")[1].rstrip("]").split(",")]  # fmt: skip
    assert len(listed) == len(set(listed)) == len(names().people) >= 300


@pytest.mark.parametrize("question", ["papers by Dao", "Dao가 쓴 논문 있어?", "Dao 논문 뭐 있어"])
def test_a_last_name_that_no_paper_has_is_its_author(question: str, ask: Ask) -> None:
    assert ask(question).papers == ("2312.00752",)


def test_a_name_that_papers_have_stays_one_unless_it_is_said_to_have_written(ask: Ask) -> None:
    assert ask("Mamba 논문").plan.authors == ()
    assert ask("Kim 논문").plan.terms == ()


def test_the_full_name_in_brackets_is_the_one_that_is_looked_for(ask: Ask) -> None:
    assert ask("다오(Tri Dao) 교수 논문 목록").plan.authors == ("Tri Dao",)
