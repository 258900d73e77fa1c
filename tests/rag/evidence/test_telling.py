"""Which sentence of a paper is told: what it does, what a question names in it, or the fact that is asked for."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from rag.corpus.catalogue import Catalogue
from rag.corpus.mentions import statements
from rag.corpus.papers import Bullet, Paper
from rag.evidence.facts import NUMERIC, STATED
from rag.evidence.quotes import key_statements
from rag.evidence.telling import numbered, tell, tell_fact, tell_of, wanted

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "telling.tsv"
RIGHT = 0.85  # share of the hand labels that the choice has to meet


def paper(*ko: str | Bullet, en: tuple[str, ...] = (), title: str = "FoxNet: A Small Network") -> Paper:
    bullets = tuple(one if isinstance(one, Bullet) else Bullet(one) for one in ko)
    english = tuple(Bullet(text) for text in en)
    return Paper("2401.00001", title, (date(2024, 1, 2),), 3, ("Ada Kim",), False, None, bullets, english)


def _rows() -> list[tuple[str, int, set[int]]]:
    rows = []
    for line in GOLDEN.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            arxiv_id, count, right = line.split("\t")
            rows.append((arxiv_id, int(count), set(map(int, right.split(",")))))
    return rows


@pytest.mark.corpus
def test_the_sentence_that_is_told_is_mostly_one_that_a_reader_would_choose(corpus_catalogue: Catalogue) -> None:
    rows = _rows()
    assert len(rows) == 200
    met = 0
    for arxiv_id, count, right in rows:
        found = [sentence for _, sentence in numbered(corpus_catalogue.papers[arxiv_id], "ko")]
        assert len(found) == count, arxiv_id
        told = tell(corpus_catalogue.papers[arxiv_id], "ko")
        assert told is not None
        met += found.index(told.text) + 1 in right
    assert met / len(rows) >= RIGHT


def _letters(text: str) -> str:
    """Return the letters and digits of a text, without the names of LaTeX commands."""
    return re.sub(r"[\W_]", "", re.sub(r"\\?t?ext(?:it|bf|tt|superscript)?\{|extbackslash", "", text))


@pytest.mark.corpus
def test_what_is_told_stands_word_for_word_in_its_statement(corpus_catalogue: Catalogue) -> None:
    for one in corpus_catalogue.papers.values():
        told = tell(one, "ko")
        assert told is not None
        assert _letters(told.text) in _letters(told.statement.text)
        assert not re.search(r"\['|'\]|\{'|\*\*|`", told.text)


def test_what_a_paper_does_comes_before_background_results_and_links() -> None:
    one = paper(
        "기존 방법은 메모리를 많이 쓰는 문제가 있습니다.",
        "또한, 실험 결과 FoxNet은 기존 모델을 능가하는 성능을 보였습니다.",
        "본 논문에서는 작은 기기에서 도는 신경망 FoxNet을 제안합니다.",
        "코드는 https://fox.example 에서 확인할 수 있습니다.",
    )
    told = tell(one, "ko")
    assert told is not None
    assert told.text.startswith("본 논문에서는")
    assert key_statements(one, "ko", 1) == (told.statement,)


def test_in_english_too() -> None:
    one = paper(
        en=(
            "However, existing networks need much memory.",
            "Experiments show that FoxNet outperforms them by 3%.",
            "We introduce FoxNet, a network for small devices. Code is available at https://fox.example.",
        )
    )
    told = tell(one, "en")
    assert told is not None
    assert told.text == "We introduce FoxNet, a network for small devices."
    assert told == tell(one, "ko")  # no Korean summary


def test_an_introduction_that_says_nothing_gives_way_to_what_follows() -> None:
    one = paper(
        Bullet(
            "FoxNet이라는 새로운 프레임워크를 소개합니다. 이 프레임워크는 휴대전화에서 영상을 나눕니다.", "What's New"
        ),
        Bullet("다음과 같은 모듈로 이루어집니다:", "Technical Details"),
    )
    told = tell(one, "ko")
    assert told is not None
    assert told.text == "이 프레임워크는 휴대전화에서 영상을 나눕니다."


def test_a_question_about_a_thing_is_answered_by_the_sentence_that_names_it() -> None:
    one = paper(
        Bullet("본 논문에서는 FoxNet을 제안합니다. 이는 작은 기기에서 돕니다.", "What's New"),
        Bullet("인코더를 학습합니다. 키-값 캐시를 압축해 메모리를 줄입니다.", "Technical Details"),
    )
    for asked in ("KV cache", "KV 캐시"):
        told = tell(one, "ko", [wanted(asked)])
        assert told is not None
        assert told.text == "키-값 캐시를 압축해 메모리를 줄입니다."
    own = tell(one, "ko", [wanted("FoxNet")])  # its own name tells nothing beside its title
    assert own == tell(one, "ko")


def test_a_sentence_is_not_told_twice() -> None:
    one = paper("FoxNet을 제안합니다.", "망을 학습합니다.")
    first = tell(one, "ko")
    assert first is not None
    second = tell(one, "ko", said={first.text})
    assert second is not None
    assert second.text != first.text
    assert tell(one, "ko", said={first.text, second.text}) is None
    assert tell_of(one, first.statement, said={first.text}) is None
    assert tell(paper(), "ko") is None


def test_a_fact_is_told_by_the_sentence_that_holds_its_value_first() -> None:
    one = paper(
        "FoxNet-2는 빠른 신경망입니다.",
        "기존 망은 10배 느린 문제가 있습니다.",
        "이 망은 RTX 4090에서 기존보다 최대 11.69배 빠릅니다. 정확도는 그대로입니다.",
        "FoxNet-2는 메모리를 덜 씁니다.",
    )
    told = tell_fact(one, statements(one)[:3], "FoxNet 4090 속도", STATED["speed"], "speed" in NUMERIC)
    assert told[0].text == "이 망은 RTX 4090에서 기존보다 최대 11.69배 빠릅니다."
    assert len(told) == 3
    assert len({one.text for one in told}) == 3
    assert tell_fact(one, (), "속도", None, False) == []


def test_a_summary_of_one_sentence_and_one_of_a_hundred_are_told() -> None:
    short = tell(paper("영상을 나눕니다."), "ko")
    assert short is not None
    long = tell(
        paper(" ".join(f"{n}번째 층을 학습합니다." for n in range(99)) + " 본 연구에서는 새로운 망을 제안합니다."), "ko"
    )
    assert long is not None
    assert len(numbered(paper(*("망을 학습합니다.",) * 100), "ko")) == 100
