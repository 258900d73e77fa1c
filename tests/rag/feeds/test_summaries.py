"""Summaries by a model: in three parts, every figure checked against the abstract, and paid for once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from rag.corpus.digests import parse_digest
from rag.corpus.papers import Bullet
from rag.feeds.fetch import fetch
from rag.feeds.listed import Listed
from rag.feeds.summaries import checked, summary
from rag.language.text import Language
from tests.rag.feeds.test_fetched_digests import DAY, Fixed
from vectorstore.cache import TextCache

PAPER = Listed(
    "2406.10001", "FlapNet: Wings for Robots",
    "We propose FlapNet, a controller that copies how butterflies fly. It is trained on 12 hours of video. "
    "FlapNet reaches 63.5% accuracy on the WingBench benchmark and is 4 times faster than the baseline.",
)  # fmt: skip
KOREAN = (
    "What's New: FlapNet은 나비가 나는 방식을 따라 하는 제어기입니다.\n"
    "Technical Details: 12시간의 비디오로 학습합니다.\n"
    "Performance Highlights: WingBench에서 63.5%의 정확도에 이르고 기준선보다 4배 빠릅니다."
)
ENGLISH = (
    "What's New: FlapNet is a controller that copies how butterflies fly.\n**Technical Details:** It is trained on 12 hours of video.\n"
    "- Performance Highlights: It reaches 63.5% accuracy on the WingBench benchmark."
)


def test_a_reply_becomes_bullets_under_their_labels() -> None:
    assert checked(PAPER, "ko", KOREAN) == (
        Bullet("FlapNet은 나비가 나는 방식을 따라 하는 제어기입니다.", "What's New"),
        Bullet("12시간의 비디오로 학습합니다.", "Technical Details"),
        Bullet("WingBench에서 63.5%의 정확도에 이르고 기준선보다 4배 빠릅니다.", "Performance Highlights"),
    )
    assert [bullet.section for bullet in checked(PAPER, "en", ENGLISH)] == [
        "What's New",
        "Technical Details",
        "Performance Highlights",
    ]


def test_a_sentence_with_another_figure_or_name_or_a_link_is_left_out() -> None:
    for told, false in (("63.5%", "73.5%"), ("4배", "9배"), ("WingBench", "ClawBench"), ("12시간", "120시간")):
        bullets = checked(PAPER, "ko", KOREAN.replace(told, false))
        assert len(bullets) == 2, false
    assert len(checked(PAPER, "ko", KOREAN.replace("학습합니다", "https://evil.example 에서 학습합니다"))) == 2


def test_a_reply_in_another_language_or_without_its_first_part_is_no_summary(tmp_path: Path) -> None:
    cache = TextCache(tmp_path / "c.sqlite")
    assert summary(PAPER, "ko", lambda *_: ENGLISH, cache, "m") == ()
    assert summary(PAPER, "en", lambda *_: ENGLISH.split("\n", 1)[1], cache, "m") == ()
    assert summary(PAPER, "en", lambda *_: "I cannot do that.", cache, "other") == ()
    cache.close()


def test_a_reply_is_paid_for_once(tmp_path: Path) -> None:
    cache = TextCache(tmp_path / "c.sqlite")
    asked: list[str] = []

    def write(system: str, user: str) -> str:
        asked.append(user)
        return KOREAN

    assert summary(PAPER, "ko", write, cache, "m") == summary(PAPER, "ko", write, cache, "m")
    assert asked == ["FlapNet: Wings for Robots\n\n" + PAPER.abstract]
    cache.close()


def test_a_model_writes_a_korean_digest_and_an_english_companion_and_a_failed_summary_is_the_abstract(
    tmp_path: Path,
) -> None:
    other = Listed("2406.10002", "Moth", "A moth flies at night.")

    def write(paper: Listed, language: Language) -> tuple[Bullet, ...]:
        return checked(paper, language, KOREAN if language == "ko" else ENGLISH) if paper is PAPER else ()

    for _ in range(2):
        fetch(Fixed([PAPER, other]), tmp_path, DAY, DAY, model=lambda papers: write)
    korean, english = (
        parse_digest((tmp_path / name).read_bytes(), name, date(2024, 6, 11)).entries
        for name in ("2024-06-11.md", "2024-06-11.en.md")
    )
    assert [entry.language for entry in korean] == ["ko", "en"]
    assert [len(entry.bullets) for entry in korean] == [3, 1]
    assert [entry.language for entry in english] == ["en", "en"]
    assert english[0].bullets[0] == Bullet("FlapNet is a controller that copies how butterflies fly.", "What's New")
