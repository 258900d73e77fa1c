"""News as text: which questions have something to tell, under which heading, with votes that read well in both languages."""

from __future__ import annotations

from datetime import date

import pytest

from rag.answers.export import Exported
from rag.corpus.papers import Paper
from rag.following.book import Saved
from rag.following.news import News
from rag.following.rendering import atom, html, markdown
from rag.language.text import Language

DAY = date(2024, 6, 12)


def news(name: str, question: str, language: Language, *rows: Exported, near: tuple[Exported, ...] = ()) -> News:
    return News(Saved(name, question, language), rows, (), near, len(rows))


def row(number: int, votes: int | None) -> Exported:
    paper = Paper(f"2406.0000{number}", f"Moth {number}", (DAY,), votes, ("Ada Lee",), False, None, (), ())
    return Exported(paper, "나방이 밤에 납니다.")


@pytest.mark.parametrize(
    ("language", "title", "votes", "quiet"),
    [("ko", "# 새 논문 (2024-06-12)", ("1표", "2,000표", "표 수 모름"), "새 논문이 없는 질문: owl, bat"),
     ("en", "# New papers (2024-06-12)", ("1 vote", "2,000 votes", "votes unknown"), "Nothing new: owl, bat")],
)  # fmt: skip
def test_questions_with_nothing_to_tell_are_named_in_one_line_at_the_end(
    language: Language, title: str, votes: tuple[str, ...], quiet: str
) -> None:
    told = [
        news("owl", "부엉이 논문", language),
        news("moth", "나방 논문", language, row(1, 1), row(2, 2_000), row(3, None)),
        news("bat", "박쥐 논문", language),
    ]
    lines = markdown(told, DAY).splitlines()
    assert (lines[0], lines[2], lines[-1]) == (title, "## moth: 나방 논문", quiet)
    assert tuple(line.split(" · ")[2] for line in lines if line[:1].isdecimal()) == votes
    page = html(told, DAY)
    assert page.count("<h2>") == 1
    assert f"<p>{quiet}</p>" in page


@pytest.mark.parametrize(("language", "said"), [("ko", "새 논문이 없습니다."), ("en", "Nothing new.")])
def test_where_no_question_has_anything_to_tell_that_is_all_that_is_said(language: Language, said: str) -> None:
    told = [news("owl", "부엉이 논문", language), news("bat", "박쥐 논문", language)]
    assert markdown(told, DAY).splitlines()[1:] == ["", said]


def test_what_is_only_near_is_shown_below_the_word_that_nothing_is_new() -> None:
    lines = markdown([news("owl", "부엉이 논문", "ko", near=(row(1, 3),))], DAY).splitlines()
    assert lines[2:7] == ["## owl: 부엉이 논문", "", "새 논문이 없습니다.", "", "### 맞지는 않지만 가까운 논문 1편"]


def test_a_name_that_was_made_of_the_question_is_not_said_beside_it() -> None:
    told = [news("KV-캐시-압축", "KV 캐시 압축", "ko", row(1, 3))]
    assert "## KV 캐시 압축" in markdown(told, DAY).splitlines()
    assert "<h2>KV 캐시 압축</h2>" in html(told, DAY)


def test_an_entry_of_a_feed_says_which_question_it_answers() -> None:
    assert '<category term="moth"/>' in atom([news("moth", "나방 논문", "ko", row(1, 3))], DAY)
