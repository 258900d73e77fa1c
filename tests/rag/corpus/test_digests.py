"""Digests as people keep them and as disks damage them: what is read, what is reported, and what it costs."""

from __future__ import annotations

import hashlib
import json
import os
import time
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.corpus.digests import (
    MAX_BULLETS,
    MAX_BYTES,
    MAX_LINE,
    Digest,
    date_in,
    find_digests,
    parse_digest,
    read_digest,
    skipped,
)
from rag.corpus.papers import Bullet, Entry, Media, merge, parse_arxiv_id, parse_arxiv_url
from rag.errors import DigestError

HEADER = "## Daily Papers (2024-06-11)\n\n"
FIRST = "### [Paper One](https://arxiv.org/abs/2406.00001)\n\n"
SAID = "Vote: 7\n\nAuthors: Kim Minsu, Lee Jiwon\n\n"
BULLETS = "- 이 논문은 작은 모델을 학습합니다.\n- 속도를 3배로 높였습니다.\n"
WHOLE = HEADER + FIRST + SAID + BULLETS

THREE = (
    WHOLE
    + "\n### [Paper Two: 한글도 있는 제목](https://arxiv.org/abs/2406.00002)\n\n"
    + "![](https://cdn-thumbnails.huggingface.co/social-thumbnails/papers/2406.00002.png)\n\n"
    + "Vote: 12\n\nAuthors: Park Seoyeon, +\n\n"
    + "- 두 번째 논문의 요약은 짧습니다.\n"
    + "\n### [Paper Three](https://arxiv.org/abs/2406.00003)\n\n"
    + "Vote: 105\n\nAuthors: Choi Hana, Kim Minsu\n\n"
    + "- **What's New**: 세 번째 논문은 맘바를 사용합니다.\n- 결과를 공개합니다.\n"
)


def parse(text: str | bytes, file: str = "2024-06-11.md") -> Digest:
    return parse_digest(text.encode() if isinstance(text, str) else text, file)


def only(text: str | bytes, file: str = "2024-06-11.md") -> Entry:
    """Parse a digest that must give one entry and no failure."""
    digest = parse(text, file)
    assert digest.failed == ()
    (entry,) = digest.entries
    return entry


def texts(entry: Entry) -> list[str]:
    return [bullet.text for bullet in entry.bullets]


# --- The plain format ------------------------------------------------------------------------------------------------


def test_a_list_of_authors_in_quotes_is_read_as_names() -> None:
    text = """## Daily Papers (2024-06-11)

### [Nabi: A Model](https://arxiv.org/abs/2406.00001)

Authors: ['Ada Lee', "Bo O'Hara", 'Ji-won Kim', 'D\\'Arcy Ma', '+']

- 나비는 작은 모델을 소개합니다.
"""
    entry = parse_digest(text.encode(), "2024-06-11.md").entries[0]
    assert entry.authors == ("Ada Lee", "Bo O'Hara", "Ji-won Kim", "D'Arcy Ma")
    assert entry.authors_cut


def test_a_plain_entry_is_read_whole() -> None:
    entry = only(WHOLE)
    assert entry == Entry(
        arxiv_id="2406.00001",
        title="Paper One",
        date=date(2024, 6, 11),
        votes=7,
        authors=("Kim Minsu", "Lee Jiwon"),
        authors_cut=False,
        media=None,
        language="ko",
        bullets=(Bullet("이 논문은 작은 모델을 학습합니다."), Bullet("속도를 3배로 높였습니다.")),
        line=3,
    )


def test_papers_keep_the_order_of_the_file() -> None:
    digest = parse(THREE)
    assert [entry.arxiv_id for entry in digest.entries] == ["2406.00001", "2406.00002", "2406.00003"]
    assert digest.failed == digest.warnings == ()


@pytest.mark.parametrize(
    ("line", "votes"),
    [("Vote: 7", 7), ("Vote: 0", 0), ("Vote: -", None), ("Vote:", None), ("Votes: 1,024", 1024), ("vote : 3", 3)],
)
def test_votes_are_a_number_or_unknown_but_never_guessed(line: str, votes: int | None) -> None:
    assert only(f"{HEADER}{FIRST}{line}\n\n{BULLETS}").votes == votes


def test_without_a_vote_line_the_votes_are_unknown_and_not_zero() -> None:
    entry = only(f"{HEADER}{FIRST}Authors: Kim Minsu\n\n{BULLETS}")
    assert entry.votes is None
    assert entry.authors == ("Kim Minsu",)


@pytest.mark.parametrize("said", ["많음", "7.5", "-3", "²", "１２", "999999999999"])
def test_votes_that_are_no_count_are_unknown_and_named_with_their_line(said: str) -> None:
    digest = parse(f"{HEADER}{FIRST}Vote: {said}\n\n{BULLETS}")
    assert digest.entries[0].votes is None
    assert [(w.line, w.file) for w in digest.warnings] == [(5, "2024-06-11.md")]
    assert said in digest.warnings[0].reason


def test_without_an_authors_line_there_are_no_authors() -> None:
    entry = only(f"{HEADER}{FIRST}Vote: 7\n\n{BULLETS}")
    assert entry.authors == ()
    assert not entry.authors_cut
    assert len(entry.bullets) == 2


def test_an_author_named_twice_is_one_author() -> None:
    entry = only(f"{HEADER}{FIRST}Authors: 김민수, Lee Jiwon, 김민수, Lee Jiwon\n\n{BULLETS}")
    assert entry.authors == ("김민수", "Lee Jiwon")


@pytest.mark.parametrize(
    ("line", "authors", "cut"),
    [
        ("Authors: Kim Minsu, +", ("Kim Minsu",), True),
        ("Authors: Kim Minsu, +, Lee Jiwon", ("Kim Minsu", "Lee Jiwon"), True),
        ("Authors: +", (), True),
        ("Authors: Kim Minsu,, ,", ("Kim Minsu",), False),
        ("Authors: C+ Lab", ("C+ Lab",), False),
        ("Authors:", (), False),
    ],
)
def test_a_lone_plus_says_that_the_list_is_cut_and_names_nobody(line: str, authors: tuple[str, ...], cut: bool) -> None:
    entry = only(f"{HEADER}{FIRST}{line}\n\n{BULLETS}")
    assert (entry.authors, entry.authors_cut) == (authors, cut)


def test_an_endless_author_name_is_left_out_and_named() -> None:
    digest = parse(f"{HEADER}{FIRST}Authors: {'김' * 121}, Lee Jiwon\n\n{BULLETS}")
    assert digest.entries[0].authors == ("Lee Jiwon",)
    assert "longer than 120 characters" in digest.warnings[0].reason


# --- Pictures and videos ---------------------------------------------------------------------------------------------

_VIDEO = "https://cdn-uploads.huggingface.co/production/uploads/a1/clip_1.mp4"


@pytest.mark.parametrize(
    ("lines", "media"),
    [
        (f'[Watch Video]({_VIDEO})\n<div><video controls src="{_VIDEO}" muted="false"></video></div>', _VIDEO),
        (f'[Watch Video]{_VIDEO}\n<div><video controls src="{_VIDEO}" muted="false"></video></div>', _VIDEO),
        (f"<video src='{_VIDEO}' controls></video>", _VIDEO),
        (f'<video controls><source src="{_VIDEO}"></video>', _VIDEO),
    ],
    ids=["with-parentheses", "without-parentheses", "bare-tag", "source-tag"],
)
def test_a_video_is_kept_as_media_and_never_as_a_bullet(lines: str, media: str) -> None:
    entry = only(f"{HEADER}{FIRST}{lines}\n\n{SAID}{BULLETS}")
    assert entry.media == Media("video", media)
    assert len(entry.bullets) == 2
    assert entry.votes == 7


def test_a_picture_is_kept_as_media() -> None:
    entry = only(f"{HEADER}{FIRST}![썸네일](https://cdn.example.org/a.png)\n\n{SAID}{BULLETS}")
    assert entry.media == Media("image", "https://cdn.example.org/a.png")


@pytest.mark.parametrize(
    "url",
    ["/avatars/0a1b2c.svg", "//host.example/a.png", "http://host.example/a.png", "javascript:alert(1)", "https://[::1"],
)
def test_a_picture_without_a_sound_https_address_is_no_media(url: str) -> None:
    entry = only(f"{HEADER}{FIRST}![]({url})\n\n{SAID}{BULLETS}")
    assert entry.media is None
    assert texts(entry) == ["이 논문은 작은 모델을 학습합니다.", "속도를 3배로 높였습니다."]


def test_a_relative_avatar_does_not_hide_the_video_that_follows_it() -> None:
    entry = only(f"{HEADER}{FIRST}![](/avatars/0a1b2c.svg)\n\n[Watch Video]({_VIDEO})\n\n{SAID}{BULLETS}")
    assert entry.media == Media("video", _VIDEO)


# --- Titles ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "title",
    [
        "Learning [MASK] Tokens for [CLS]-free Models",
        "M$^{2}$Net: $\\mathcal{O}(n)$ Attention (v2)",
        "\"무엇을 배우는가?\": '작은' 모델의 “긴” 문맥",
        "A: B: C",
        "Arrays a[i](j) in Code",
        "[Re] 재현 연구",
        "#1 Ranking & <b>Tags</b>",
    ],
)
def test_a_title_keeps_brackets_latex_quotes_and_colons(title: str) -> None:
    assert only(f"{HEADER}### [{title}](https://arxiv.org/abs/2406.00009)\n\n{SAID}{BULLETS}").title == title


# --- Bullets ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lines",
    [
        "- 첫째는 빠릅니다.\n- 둘째는 작습니다.",
        "1. 첫째는 빠릅니다.\n2. 둘째는 작습니다.",
        "1) 첫째는 빠릅니다.\n2) 둘째는 작습니다.",
        "* 첫째는 빠릅니다.\n• 둘째는 작습니다.",
        "- 첫째는 빠릅니다.\n  - 둘째는 작습니다.",
        "- 첫째는 빠릅니다.\n\t- 둘째는 작습니다.",
        "10. 첫째는 빠릅니다.\n\n      11. 둘째는 작습니다.",
        "첫째는 빠릅니다.\n\n둘째는 작습니다.",
    ],
    ids=["free", "numbered-dot", "numbered-bracket", "other-marks", "nested", "nested-tab", "two-digits", "no-marks"],
)
def test_every_kind_of_list_gives_its_bullets(lines: str) -> None:
    assert texts(only(HEADER + FIRST + SAID + lines)) == ["첫째는 빠릅니다.", "둘째는 작습니다."]


def test_a_number_at_the_start_of_a_sentence_is_no_list_mark() -> None:
    sentences = ["3.5배를 얻었습니다.", "2024.06 판을 씁니다.", "(1) 먼저 인코더를 학습합니다."]
    assert texts(only(HEADER + FIRST + SAID + "\n\n".join(sentences))) == sentences
    assert texts(only(HEADER + FIRST + SAID + "- " + "\n- ".join(sentences))) == sentences


@pytest.mark.parametrize(
    ("line", "section", "text"),
    [
        ("- **What's New**: 새 손실 함수를 제안합니다.", "What's New", "새 손실 함수를 제안합니다."),
        ("- ***Technical Details***: 인코더를 두 번 학습합니다.", "Technical Details", "인코더를 두 번 학습합니다."),
        ("- **What’s New:** 콜론이 안에 있습니다.", "What’s New", "콜론이 안에 있습니다."),
        ("- ***Performance Highlights*** : 점수가 오릅니다.", "Performance Highlights", "점수가 오릅니다."),
        ("1. **토크나이저**: 어휘를 32k로 늘립니다.", "토크나이저", "어휘를 32k로 늘립니다."),
        ("***한계***: 큰 모델은 다루지 않습니다.", "한계", "큰 모델은 다루지 않습니다."),
    ],
)
def test_a_label_becomes_the_section_of_its_bullet(line: str, section: str, text: str) -> None:
    (bullet,) = only(f"{HEADER}{FIRST}{SAID}{line}\n").bullets
    assert bullet == Bullet(text, section)
    assert bullet.quote == f"{section}: {text}"


def test_bold_words_at_the_start_of_a_sentence_are_no_label() -> None:
    (bullet,) = only(f"{HEADER}{FIRST}{SAID}- **맘바**를 쓰는 모델입니다: 빠르고 작습니다.\n").bullets
    assert bullet == Bullet("**맘바**를 쓰는 모델입니다: 빠르고 작습니다.")


def test_a_line_without_a_mark_continues_the_bullet_above_it() -> None:
    lines = "- **한계**: 이 방법은\n  긴 문장을\n아직 다루지 못합니다.\n- 다음 문장입니다.\n"
    first, second = only(HEADER + FIRST + SAID + lines).bullets
    assert first == Bullet("이 방법은 긴 문장을 아직 다루지 못합니다.", "한계")
    assert second == Bullet("다음 문장입니다.")


def test_after_an_empty_line_unmarked_text_is_a_bullet_of_its_own() -> None:
    entry = only(f"{HEADER}{FIRST}{SAID}- 앞 문장입니다.\n\n뒤 문장입니다.\n")
    assert texts(entry) == ["앞 문장입니다.", "뒤 문장입니다."]


def test_a_summary_line_that_begins_like_a_field_stays_a_bullet() -> None:
    entry = only(f"{HEADER}{FIRST}{SAID}- 첫 문장입니다.\n- Authors: 저자들은 코드를 공개했습니다.\n\nVote: 99\n")
    assert entry.votes == 7
    assert entry.authors == ("Kim Minsu", "Lee Jiwon")


def test_a_paper_without_a_summary_is_kept_and_named() -> None:
    digest = parse(HEADER + FIRST + SAID)
    assert digest.entries[0].bullets == ()
    assert [(w.line, w.reason) for w in digest.warnings] == [(3, "2406.00001 has no summary")]


def test_the_language_of_an_entry_is_that_of_its_bullets() -> None:
    english = "### [Paper Two](https://arxiv.org/abs/2406.00002)\n\n- The model is small.\n"
    bare = "### [Paper Three](https://arxiv.org/abs/2406.00003)\n\nVote: 1\n"
    digest = parse(f"{WHOLE}\n{english}\n{bare}\n{FIRST.replace('00001', '00004')}- 논문을 읽습니다.\n")
    assert [entry.language for entry in digest.entries] == ["ko", "en", "ko", "ko"]


def test_too_many_bullets_are_cut_with_one_warning() -> None:
    digest = parse(HEADER + FIRST + "- 문장을 씁니다.\n" * (MAX_BULLETS + 50))
    assert len(digest.entries[0].bullets) == MAX_BULLETS
    assert [w.line for w in digest.warnings] == [5 + MAX_BULLETS]


def test_an_endless_line_or_bullet_is_refused_and_costs_no_other_paper() -> None:
    line = f"- {'가' * MAX_LINE}\n"
    bullet = "- 시작합니다.\n" + "끝없이 이어집니다.\n" * MAX_LINE
    rest = THREE.removeprefix(WHOLE)
    for long, number in ((line, 5), (bullet, 6 + MAX_LINE // 11)):  # ten characters a line and a blank
        digest = parse(HEADER + FIRST + long + rest)
        assert [entry.arxiv_id for entry in digest.entries] == ["2406.00001", "2406.00002", "2406.00003"]
        assert texts(digest.entries[1]) == ["두 번째 논문의 요약은 짧습니다."]
        (problem,) = digest.failed
        assert "20,000" in problem.reason
        assert abs(problem.line - number) < 5
        assert sum(map(len, texts(digest.entries[0]))) <= MAX_LINE


def test_an_endless_title_is_refused() -> None:
    digest = parse(f"{HEADER}### [{'가' * MAX_LINE}](https://arxiv.org/abs/2406.00009)\n\n{SAID}{BULLETS}")
    assert digest.entries == ()
    assert [problem.line for problem in digest.failed] == [3]


# --- Dates -----------------------------------------------------------------------------------------------------------


def test_the_date_header_twice_in_a_file_changes_nothing() -> None:
    twice = THREE.replace("\n### [Paper Two", f"\n{HEADER}### [Paper Two")
    digest = parse(twice)
    assert digest.failed == digest.warnings == ()
    assert [entry.arxiv_id for entry in digest.entries] == ["2406.00001", "2406.00002", "2406.00003"]
    assert [texts(e) for e in digest.entries] == [texts(e) for e in parse(THREE).entries]


def test_each_header_dates_the_papers_below_it() -> None:
    second = "\n## Daily Papers (2024-06-12)\n\n" + FIRST.replace("00001", "00002") + BULLETS
    assert [entry.date.day for entry in parse(WHOLE + second).entries] == [11, 12]


@pytest.mark.parametrize(
    ("file", "day"),
    [
        ("2024/06/11.md", date(2024, 6, 11)),
        ("2024-06-11.md", date(2024, 6, 11)),
        ("/논문/2024/6/1.md", date(2024, 6, 1)),
        ("논문 요약 2024.06.11 최종.md", date(2024, 6, 11)),
        ("2024-06-11.en.md", date(2024, 6, 11)),
        ("/backup/2020-01-02/2024-06-11.md", date(2024, 6, 11)),
        ("/backup/2020/01/02/2024/06/11.md", date(2024, 6, 11)),
        ("C:\\digests\\2024-06-11.md", date(2024, 6, 11)),
    ],
)
def test_without_a_header_the_path_gives_the_date(file: str, day: date) -> None:
    assert only(FIRST + BULLETS, file).date == day


def test_the_header_wins_over_the_path() -> None:
    assert only(WHOLE, "2020/01/02.md").date == date(2024, 6, 11)


def test_a_header_far_from_the_day_of_its_path_is_named() -> None:
    digest = parse_digest(WHOLE.encode(), "2023/06/11.md")
    assert [str(entry.date) for entry in digest.entries] == ["2024-06-11"]
    assert [problem.reason for problem in digest.warnings] == [
        "the header says 2024-06-11 and the path 2023-06-11; the papers count for 2024-06-11"
    ]
    assert parse_digest(WHOLE.encode(), "2024/06/14.md").warnings == ()


def test_a_header_that_is_no_calendar_day_is_named_and_the_path_is_used() -> None:
    digest = parse(WHOLE.replace("2024-06-11", "2024-06-31"), "2024-06-30.md")
    assert digest.entries[0].date == date(2024, 6, 30)
    assert [w.line for w in digest.warnings] == [1]
    assert "2024-06-31" in digest.warnings[0].reason


@pytest.mark.parametrize("file", ["요약.md", "12345-06-11.md", "2024-13-01.md", "2024-06-112.md", "0000-01-01.md"])
def test_a_paper_without_any_date_is_reported_as_failed(file: str) -> None:
    digest = parse(FIRST + BULLETS, file)
    assert digest.entries == ()
    assert [(p.file, p.line) for p in digest.failed] == [(file, 1)]
    assert "no date" in digest.failed[0].reason


def test_a_date_is_a_calendar_day_written_year_first() -> None:
    assert date_in("오늘은 2024-02-29입니다") == date(2024, 2, 29)
    assert date_in("2023-02-29에는 없고 2023.3.1에 있습니다") == date(2023, 3, 1)
    assert date_in("11-06-2024") is None
    assert date_in("") is None


# --- The same paper again --------------------------------------------------------------------------------------------


def test_a_paper_twice_on_one_day_is_one_entry_the_fuller_one() -> None:
    digest = parse(f"{HEADER}{FIRST}- 짧습니다.\n\n{FIRST}{BULLETS}\n{FIRST}- 역시 짧습니다.\n")
    (entry,) = digest.entries
    assert len(entry.bullets) == 2
    assert [w.line for w in digest.warnings] == [7, 12]


def test_one_paper_on_two_days_under_two_titles_is_one_paper() -> None:
    early = Entry(
        "2406.00001", "Small Models", date(2024, 6, 11), None, ("Kim Minsu", "+Lab"), True, None, "ko",
        (Bullet("작은 모델을 씁니다."),), 3,
    )  # fmt: skip
    late = Entry(
        "2406.00001", "Small  Models: 작은 모델", date(2024, 6, 13), 40, ("Lee Jiwon", "Kim Minsu"), False,
        Media("image", "https://cdn.example.org/a.png"), "ko", (Bullet("작은 모델을 아주 길게 씁니다."),), 9,
    )  # fmt: skip
    english = Entry(
        "2406.00001", "Small Models", date(2024, 6, 12), 41, (), False, None, "en",
        (Bullet("It uses small models."),), 1,
    )  # fmt: skip
    for order in ([early, late, english], [english, late, early], [late, early, english]):
        paper = merge(order)
        assert paper.title == "Small  Models: 작은 모델"
        assert paper.dates == (date(2024, 6, 11), date(2024, 6, 12), date(2024, 6, 13))
        assert paper.date == date(2024, 6, 13)
        assert paper.votes == 41
        assert set(paper.authors) == {"Kim Minsu", "Lee Jiwon", "+Lab"}
        assert not paper.authors_cut
        assert paper.media == Media("image", "https://cdn.example.org/a.png")
        assert paper.ko == (Bullet("작은 모델을 아주 길게 씁니다."),)
        assert paper.en == (Bullet("It uses small models."),)
        assert paper.url == "https://arxiv.org/abs/2406.00001"


def test_votes_of_zero_are_known_and_unknown_votes_stay_unknown() -> None:
    zero, none = only(WHOLE.replace("Vote: 7", "Vote: 0")), only(WHOLE.replace("Vote: 7", "Vote: -"))
    assert merge([zero, none]).votes == 0
    assert merge([none, none]).votes is None


def test_two_papers_cannot_be_merged_into_one() -> None:
    entries = parse(THREE).entries
    with pytest.raises(ValueError, match=r"2406\.00001.*2406\.00002"):
        merge(entries[:2])
    with pytest.raises(ValueError, match="one paper"):
        merge([])


_BULLET = st.builds(
    Bullet, st.sampled_from(["짧습니다.", "더 긴 문장을 씁니다.", "Short.", "b: 다"]), st.sampled_from(["", "a"])
)
_ENTRIES = st.lists(
    st.builds(
        Entry,
        arxiv_id=st.just("2406.00001"),
        title=st.sampled_from(["Title", "title", "Title: 긴 제목", "Title: 딴 제목"]),
        date=st.dates(date(2024, 6, 11), date(2024, 6, 13)),
        votes=st.sampled_from([None, 0, 3, 12]),
        authors=st.lists(st.sampled_from(["김민수", "Lee", "Park"]), unique=True).map(tuple),
        authors_cut=st.booleans(),
        media=st.sampled_from([None, Media("image", "https://a.example/1"), Media("video", "https://a.example/2")]),
        language=st.sampled_from(["ko", "en", None]),
        bullets=st.lists(_BULLET, max_size=3).map(tuple),
        line=st.integers(1, 9),
    ),
    min_size=1,
    max_size=4,
)


@given(_ENTRIES.flatmap(lambda entries: st.tuples(st.just(entries), st.permutations(entries))))
def test_a_merged_paper_does_not_depend_on_the_order_of_its_entries(orders: tuple[list[Entry], list[Entry]]) -> None:
    first, second = orders
    paper = merge(first)
    assert paper == merge(second)
    assert paper == merge([*second, *first])
    assert paper.votes == max((entry.votes for entry in first if entry.votes is not None), default=None)
    assert list(paper.dates) == sorted({entry.date for entry in first})
    assert set(paper.authors) == {name for entry in first for name in entry.authors}


# --- Encodings and line ends -----------------------------------------------------------------------------------------


def _same(data: bytes, file: str = "2024-06-11.md") -> Digest:
    """Parse bytes that must say exactly what THREE says."""
    digest = parse_digest(data, file)
    assert digest.entries == parse(THREE).entries
    assert digest.failed == ()
    return digest


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + THREE.encode(),
        THREE.replace("\n", "\r\n").encode(),
        THREE.replace("\n", "\r").encode(),
        b"\xef\xbb\xbf" + THREE.replace("\n", "\r\n").encode(),
        unicodedata.normalize("NFD", THREE).encode(),
        THREE.replace("\n", "  \t\n").encode(),
        THREE.replace("\n", "\u00a0\u3000\n").encode(),
        THREE.rstrip("\n").encode(),
    ],
    ids=["bom", "crlf", "lone-cr", "bom-and-crlf", "nfd", "trailing-blanks", "trailing-wide-blanks", "no-last-newline"],
)
def test_bom_line_ends_normal_forms_and_trailing_blanks_make_no_difference(data: bytes) -> None:
    assert _same(data).warnings == ()


def test_a_file_name_in_nfd_hangul_is_read_and_named_as_it_lies_on_disk(tmp_path: Path) -> None:
    name = unicodedata.normalize("NFD", "논문 요약 2024-06-11.md")
    (tmp_path / name).write_text(FIRST + BULLETS, encoding="utf-8")
    (path,) = find_digests(tmp_path)
    digest = read_digest(path, tmp_path)
    assert digest.entries[0].date == date(2024, 6, 11)
    assert Path(digest.file).exists()


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf16_is_read_with_a_remark(codec: str) -> None:
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(codec, b"")
    (remark,) = _same(mark + THREE.encode(codec)).warnings
    assert "UTF-16" in remark.reason


def test_cut_utf16_is_reported_and_does_not_raise() -> None:
    digest = parse_digest(b"\xff\xfe" + THREE.encode("utf-16-le")[:-1], "2024-06-11.md")
    assert digest.entries == ()
    assert "not UTF-8" in digest.failed[0].reason


def test_cp949_is_read_with_a_remark() -> None:
    (remark,) = _same(THREE.encode("cp949")).warnings
    assert "CP949" in remark.reason


def test_a_damaged_byte_costs_its_line_and_nothing_else() -> None:
    damaged = THREE.replace("속도를 3배로", "속도\x00를 3배로").encode().replace(b"\x00", b"\xff")
    digest = parse_digest(damaged, "2024-06-11.md")
    assert [(p.line, p.file) for p in digest.failed] == [(10, "2024-06-11.md")]
    assert "UTF-8" in digest.failed[0].reason
    assert texts(digest.entries[0]) == ["이 논문은 작은 모델을 학습합니다."]
    assert digest.entries[1:] == parse(THREE).entries[1:]


def test_every_single_damaged_byte_leaves_the_other_papers_whole() -> None:
    whole = parse(THREE).entries
    start = THREE.encode().index(b"### [Paper Two")
    end = THREE.encode().index(b"### [Paper Three")
    for at in range(start, end - 2):
        data = bytearray(THREE.encode())
        data[at] = 0xFF
        digest = parse_digest(bytes(data), "2024-06-11.md")
        by_id = {entry.arxiv_id: entry for entry in digest.entries}
        assert by_id["2406.00001"] == whole[0], at
        assert replace(by_id["2406.00003"], line=0) == replace(whole[2], line=0), at  # a newline may be the damage
        assert digest.failed, at


def test_a_file_cut_at_any_byte_never_harms_the_papers_before_the_cut() -> None:
    data = THREE.encode()
    whole = parse(THREE).entries
    ends = [data.index(b"\n### [Paper Two"), data.index(b"\n### [Paper Three"), len(data)]
    for cut in range(len(data) + 1):
        digest = parse_digest(data[:cut], "2024-06-11.md")
        untouched = [entry for entry, end in zip(whole, ends, strict=True) if end <= cut]
        assert list(digest.entries[: len(untouched)]) == untouched, cut
        assert {entry.arxiv_id for entry in digest.entries} <= {entry.arxiv_id for entry in whole}, cut


@pytest.mark.parametrize(
    "tail", ["#", "##", "### ", "### [", "### [Paper Fo", "### [Paper Four](https://arxiv.org/abs/24"]
)
def test_a_cut_heading_takes_no_part_in_the_paper_above_it(tail: str) -> None:
    digest = parse(f"{THREE}\n{tail}")
    assert digest.entries == parse(THREE).entries
    assert bool(digest.failed) == tail.startswith("###")


def test_a_heading_without_a_link_is_reported_and_its_bullets_go_to_no_other_paper() -> None:
    lost = "\n### 링크를 잊은 논문\n\nVote: 999\n\nAuthors: Nobody\n\n- 잃어버린 논문의 문장입니다.\n"
    digest = parse(THREE + lost)
    assert digest.entries == parse(THREE).entries
    assert [problem.line for problem in digest.failed] == [THREE.count("\n") + 2]
    assert "링크를 잊은 논문" in digest.failed[0].reason


# --- Links -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "https://arxiv.org/abs/2312.00752",
        "http://www.arxiv.org/abs/2312.00752/",
        "https://arxiv.org/abs/2312.00752v2",
        "https://arxiv.org/pdf/2312.00752",
        "https://arxiv.org/pdf/2312.00752v2.pdf",
        "https://export.arxiv.org/html/2312.00752v1",
        "https://ARXIV.org/abs/2312.00752?context=cs#top",
        "https://huggingface.co/papers/2312.00752",
        "https://hf.co/papers/2312.00752#community",
        "https://www.alphaxiv.org/abs/2312.00752v2",
        "https://alphaxiv.org/ko/overview/2312.00752",
        "https://ar5iv.org/abs/2312.00752",
        "https://doi.org/10.48550/arXiv.2312.00752",
        "http://dx.doi.org/10.48550/ARXIV.2312.00752",
        "arxiv.org/abs/2312.00752",
    ],
)
def test_every_form_of_an_arxiv_link_is_the_same_paper(url: str) -> None:
    entry = only(f"{HEADER}### [맘바를 다룬 논문]({url})\n\n{BULLETS}")
    assert merge([entry]).url == "https://arxiv.org/abs/2312.00752"


@pytest.mark.parametrize(
    "url",
    [
        "https://huggingface.co/models/2312.00752",
        "https://huggingface.co.evil.example/papers/2312.00752",
        "https://doi.org/10.1145/2312.00752",
        "https://arxiv.org@evil/abs/2312.00752",
        "https://user:pw@arxiv.org/abs/2312.00752",
        "https://arxiv.org.evil.example/abs/2312.00752",
        "https://evil.example/arxiv.org/abs/2312.00752",
        "https://arxiv.org\\@evil/abs/2312.00752",
        "javascript:alert('2312.00752')",
        "javascript://arxiv.org/abs/2312.00752",
        "//arxiv.org/abs/2312.00752",
        "https://arxiv.org/list/cs.CL/recent",
        "https://arxiv.org/abs/2312.007",
        "https://arxiv.org/abs/../evil",
        "https://[arxiv.org/abs/2312.00752",
        "논문",
    ],
)
def test_a_link_that_is_not_arxivs_is_reported_and_costs_no_other_paper(url: str) -> None:
    bad = f"### [딴 곳의 논문]({url})\n\nVote: 3\n\n- 딴 곳의 문장입니다.\n\n"
    digest = parse(HEADER + bad + THREE.removeprefix(HEADER))
    assert [texts(entry) for entry in digest.entries] == [texts(entry) for entry in parse(THREE).entries]
    (problem,) = digest.failed
    assert (problem.file, problem.line) == ("2024-06-11.md", 3)
    assert "딴 곳의 논문" in problem.reason
    assert parse_arxiv_url(url) is None


def test_old_arxiv_identifiers_are_known() -> None:
    assert parse_arxiv_url("https://arxiv.org/abs/hep-th/9901001v3") == "hep-th/9901001"
    assert parse_arxiv_id("math.GT/0309136") == "math.GT/0309136"
    assert parse_arxiv_id(" 2312.00752v12 ") == "2312.00752"
    assert parse_arxiv_id("논문 2312.00752") is None


# --- Files and folders -----------------------------------------------------------------------------------------------


def test_an_empty_file_on_a_dated_path_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "2024-06-11.md"
    path.touch()
    digest = read_digest(path, tmp_path)
    assert digest.entries == ()
    assert [(p.file, p.line) for p in digest.failed] == [(path.as_posix(), 0)]
    assert "no paper heading" in digest.failed[0].reason


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("README.md", "# 논문 요약\n\n이 폴더에는 논문을 요약한 글이 있습니다.\n\n### 설치\n\n- pip을 씁니다.\n"),
        ("LICENSE.md", "Permission is granted to everyone."),
        ("CHANGELOG.md", "# Changes\n\n## 0.2.0 (2024-06-11)\n\n### Added\n\n- 새 기능을 더했습니다.\n"),
        ("HISTORY.md", "## [0.2.0] - 2024-06-11\n\n### Fixed\n\n- 버그를 고쳤습니다.\n"),
        ("빈 글.md", ""),
    ],
)
def test_an_undated_file_without_a_paper_is_skipped_with_a_warning_and_is_no_failure(file: str, text: str) -> None:
    digest = parse(text, file)
    assert digest.entries == digest.failed == ()
    assert [(w.file, w.line) for w in digest.warnings] == [(file, 0)]
    assert "skipped" in digest.warnings[0].reason


def test_a_file_of_50_mb_is_refused_with_its_size_and_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "2024-06-11.md"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    digest = read_digest(path, tmp_path)
    assert digest.entries == ()
    (problem,) = digest.failed
    assert "50.0 MB" in problem.reason
    assert "8.4 MB" in problem.reason


def test_bytes_beyond_the_limit_are_refused_unread() -> None:
    digest = parse_digest(WHOLE.encode() + b" " * MAX_BYTES, "2024-06-11.md")
    assert digest.entries == ()
    assert "MB" in digest.failed[0].reason


def test_a_file_of_garbage_is_reported_within_bounds() -> None:
    digest = parse_digest(b"\xff\xfd\n" * 100_000, "2024-06-11.md")
    assert digest.failed[0].line == 1
    assert len(digest.failed) == 1_000
    assert "99,000 more" in digest.warnings[-1].reason


def test_a_link_out_of_the_folder_a_fifo_and_a_folder_named_like_a_file_are_no_digests(tmp_path: Path) -> None:
    folder, outside = tmp_path / "digests", tmp_path / "outside"
    (folder / "a.md").mkdir(parents=True)
    outside.mkdir()
    (outside / "2024-06-10.md").write_text(WHOLE, encoding="utf-8")
    (folder / "2024-06-10.md").symlink_to(outside / "2024-06-10.md")
    (folder / "2024-06-13.md").symlink_to(folder / "nowhere.md")
    (folder / "more").symlink_to(outside)
    os.mkfifo(folder / "2024-06-12.md")
    (folder / "a.md" / "2024-06-11.md").write_text(WHOLE, encoding="utf-8")
    digests = {Path(d.file).name: d for d in (read_digest(path, folder) for path in find_digests(folder))}
    assert sorted(digests) == ["2024-06-10.md", "2024-06-11.md", "2024-06-12.md", "2024-06-13.md"]
    for name in ("2024-06-10.md", "2024-06-12.md"):
        assert digests[name].entries == digests[name].failed == ()
        assert "not a regular file of this folder" in digests[name].warnings[0].reason
    assert "cannot be read" in digests["2024-06-13.md"].failed[0].reason
    assert len(digests["2024-06-11.md"].entries) == 1


def test_a_link_inside_the_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "real.text").write_text(WHOLE, encoding="utf-8")
    (tmp_path / "2024-06-11.md").symlink_to(tmp_path / "real.text")
    (path,) = find_digests(tmp_path)
    assert read_digest(path, tmp_path).entries == parse(WHOLE).entries


def test_folders_are_read_in_path_order_without_hidden_ones(tmp_path: Path) -> None:
    for name in ("2024/06/12.md", "2024/06/11.MD", "2023/12/04.md", ".git/x.md", "2024/.draft.md", "2024/notes.TXT"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(WHOLE, encoding="utf-8")
    found = [path.relative_to(tmp_path).as_posix() for path in find_digests(tmp_path)]
    assert found == ["2023/12/04.md", "2024/notes.TXT", "2024/06/11.MD", "2024/06/12.md"]


@pytest.mark.parametrize("suffix", [".md", ".markdown", ".mdx", ".txt"])
def test_every_usual_ending_of_a_name_is_read(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"2024-06-11{suffix}").write_text(FIRST + BULLETS, encoding="utf-8")
    (path,) = find_digests(tmp_path)
    assert [entry.date for entry in read_digest(path, tmp_path).entries] == [date(2024, 6, 11)]
    assert skipped(tmp_path) == ()


def test_whatever_a_folder_holds_and_is_not_read_is_named(tmp_path: Path) -> None:
    folder, outside = tmp_path / "digests", tmp_path / "outside"
    for name in ("digests/2024-06-11.md", "digests/a/b.pdf", "digests/c.PDF", "digests/LICENSE", "digests/.obsidian/x.md",
                 "digests/.draft.md", "outside/2024-06-12.md"):  # fmt: skip
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(WHOLE, encoding="utf-8")
    (folder / "more").symlink_to(outside)
    told = [problem.reason for problem in skipped(folder)]
    assert [path.name for path in find_digests(folder)] == ["2024-06-11.md"]
    assert any("a link to a folder" in reason and str(outside) in reason for reason in told)
    assert any("files with .pdf are not read: c.PDF, a/b.pdf" in reason for reason in told)
    assert any("no ending are not read: LICENSE" in reason for reason in told)
    assert any("hidden" in reason and ".obsidian/" in reason and ".draft.md" in reason for reason in told)


# --- Days that a digest can be of ------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["9999-12-31", "1990-12-31", "2027-12-01", "0001-01-01", "3024-06-11"])
def test_a_header_that_no_digest_can_be_of_is_reported_as_failed(day: str) -> None:
    digest = parse_digest(WHOLE.replace("2024-06-11", day).encode(), "notes.md", date(2026, 11, 29))
    assert digest.entries == ()
    assert [problem.line for problem in digest.failed] == [1, 3]
    assert day in digest.failed[0].reason
    assert "1991-01-01 to 2027-11-30" in digest.failed[0].reason


def test_a_path_that_no_digest_can_be_of_dates_nothing() -> None:
    digest = parse_digest((FIRST + BULLETS).encode(), "9999-12-31.md", date(2026, 11, 29))
    assert digest.entries == ()
    assert "no date" in digest.failed[0].reason
    assert "9999-12-31" in digest.warnings[0].reason


def test_a_digest_may_be_of_any_day_up_to_a_year_from_now() -> None:
    for day in (date(1991, 1, 1), date(2026, 11, 29), date(2027, 11, 29)):
        text = WHOLE.replace("2024-06-11", day.isoformat())
        (entry,) = parse_digest(text.encode(), "notes.md", date(2026, 11, 29)).entries
        assert entry.date == day


# --- Silent losses ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "TL;DR: 작고 빠릅니다.",
        "![](https://cdn.example.org/a.png)",
        "2024-06-10",
        "> 한 줄 소개입니다.",
        "NeurIPS 2024",
    ],
)
def test_a_line_between_the_heading_and_the_votes_costs_neither_votes_nor_authors(line: str) -> None:
    entry = only(f"{HEADER}{FIRST}{line}\n\n{SAID}{BULLETS}")
    assert (entry.votes, entry.authors) == (7, ("Kim Minsu", "Lee Jiwon"))
    assert texts(entry)[-2:] == texts(only(WHOLE))


@pytest.mark.parametrize("mark", "+·–—•▪*")
def test_every_mark_of_a_list_makes_bullets_of_its_lines(mark: str) -> None:
    entry = only(f"{HEADER}{FIRST}{SAID}{mark} 첫째는 빠릅니다.\n{mark} 둘째는 작습니다.\n")
    assert texts(entry) == ["첫째는 빠릅니다.", "둘째는 작습니다."]


def test_a_level_one_heading_among_papers_is_a_paper() -> None:
    digest = parse(THREE.replace("### [Paper Two", "# [Paper Two"))
    assert [entry.arxiv_id for entry in digest.entries] == ["2406.00001", "2406.00002", "2406.00003"]


def test_votes_below_the_summary_that_are_no_number_are_text_and_named() -> None:
    digest = parse(f"{HEADER}{FIRST}{BULLETS}\nVote: 많음\n")
    assert texts(digest.entries[0])[-1] == "Vote: 많음"
    assert [(warning.line, "Vote: 17" in warning.reason) for warning in digest.warnings] == [(8, True)]


def test_a_table_of_ten_thousand_rows_is_read_whole() -> None:
    rows = "".join(f"| [논문 {n}](https://arxiv.org/abs/2406.{n:05d}) | {n} |\n" for n in range(10_000))
    started = time.perf_counter()
    digest = parse(f"{HEADER}| 논문 | 추천 |\n|---|--:|\n{rows}")
    assert [entry.votes for entry in digest.entries] == list(range(10_000))
    assert time.perf_counter() - started < 20


def test_one_paper_in_three_shapes_is_one_entry_with_what_each_of_them_says() -> None:
    link = "https://huggingface.co/papers/2406.00001"
    table = f"| Paper | Votes |\n|---|---|\n| [Paper One]({link}) | 7 |\n"
    digest = parse(f"{HEADER}{table}\n- [Paper One](arxiv.org/abs/2406.00001)\n  - Tags: nlp\n\n{FIRST}{BULLETS}")
    (entry,) = digest.entries
    assert (entry.votes, entry.tags, len(entry.bullets)) == (7, ("nlp",), 2)
    assert digest.warnings == ()


def test_one_file_may_stand_for_a_folder(tmp_path: Path) -> None:
    path = tmp_path / "2024-06-11.md"
    path.write_text(WHOLE, encoding="utf-8")
    assert [read_digest(found, path).entries for found in find_digests(path)] == [parse(WHOLE).entries]


def test_a_missing_folder_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(DigestError, match="없는-폴더"):
        list(find_digests(tmp_path / "없는-폴더"))


def test_known_bytes_are_not_parsed_again(tmp_path: Path) -> None:
    path = tmp_path / "2024-06-11.md"
    path.write_text(WHOLE, encoding="utf-8")
    read = read_digest(path, tmp_path)
    marked = parse(THREE).entries
    assert read_digest(path, tmp_path, {read.sha256: marked}).entries == marked
    path.write_text(WHOLE + " ", encoding="utf-8")
    assert read_digest(path, tmp_path, {read.sha256: marked}).entries == read.entries


# --- What nobody can see ---------------------------------------------------------------------------------------------


def test_control_zero_width_and_bidirectional_characters_are_removed() -> None:
    hidden = "\u200b\u200d\u202e\u2066\u2069\ufeff\x00\x07\x1b\u00ad\U000e0041"
    text = WHOLE.replace("Paper One", f"Pa{hidden}per One").replace("모델을", f"모{hidden}델을")
    entry = only(text.replace("Kim Minsu", f"Kim {hidden}Minsu"))
    assert entry == only(WHOLE)


# --- Whatever comes --------------------------------------------------------------------------------------------------


def _holds(digest: Digest, data: bytes) -> None:
    """Check what holds of every digest, however damaged."""
    assert len({(e.arxiv_id, e.date, e.language) for e in digest.entries}) == len(digest.entries)
    for entry in digest.entries:
        assert parse_arxiv_id(entry.arxiv_id) == entry.arxiv_id
        assert entry.title
        assert all(text.strip() == text != "" for text in texts(entry))
    for problem in (*digest.failed, *digest.warnings):
        assert problem.file == digest.file
        assert problem.reason
        assert 0 <= problem.line <= len(data) + 1
    assert digest.entries or digest.failed or digest.warnings


@given(st.binary(max_size=400), st.sampled_from(["2024-06-11.md", "README.md", "", "가\udcff.md"]))
@example(b"\xff\xfe\x00", "a.md")
@example(b"### [](", "2024-06-11.md")
def test_no_bytes_make_the_parser_raise(data: bytes, file: str) -> None:
    _holds(parse_digest(data, file), data)


_PIECES = st.sampled_from(
    [
        "\n", "\r", "### [", "](", ")", "https://arxiv.org/abs/2406.00001", "- ", "1) ", "**", ":", "Vote: ",
        "Authors: ", "## ", "2024-06-11", "가나다를", " ", "![](", "[Watch Video]", "<video src='",
        "***", "\u200b", "#", "+", ",",
    ]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=60).map("".join))
def test_no_shuffle_of_the_formats_own_pieces_makes_the_parser_raise(text: str) -> None:
    _holds(parse(text), text.encode())


@given(st.lists(st.tuples(st.integers(0, len(THREE.encode())), st.integers(0, 40), st.binary(max_size=8)), max_size=5))
def test_no_mutation_of_a_sound_digest_makes_the_parser_raise(edits: list[tuple[int, int, bytes]]) -> None:
    data = THREE.encode()
    for at, removed, added in edits:
        data = data[:at] + added + data[at + removed :]
    _holds(parse_digest(data, "2024-06-11.md"), data)


_LONG: dict[str, Callable[[str], str]] = {
    "text": lambda piece: f"{HEADER}{FIRST}{piece}\n",
    "bullet": lambda piece: f"{HEADER}{FIRST}- 문장을 {piece}\n",
    "title": lambda piece: f"{HEADER}### [{piece}](https://arxiv.org/abs/2406.00001)\n",
    "link": lambda piece: f"{HEADER}### [제목]({piece})\n",
    "authors": lambda piece: f"{HEADER}{FIRST}Authors: {piece}\n",
    "header": lambda piece: f"## 논문 {piece}\n",
    "lines": lambda piece: f"{HEADER}{FIRST}{SAID}- 문장을\n" + "\n".join(piece),
    "picture": lambda piece: f"{HEADER}{FIRST}![{piece}\n",
    "behind": lambda piece: f"{HEADER}### [제목](https://arxiv.org/abs/2406.00001) {piece}\n",
    "before": lambda piece: f"{HEADER}### {piece} [arXiv](https://arxiv.org/abs/2406.00001)\n",
    "item": lambda piece: f"{HEADER}- {piece} arXiv:2406.00001\n",
    "italic": lambda piece: f"{HEADER}{FIRST}*{piece}*\n",
    "front": lambda piece: f"---\ntags: [{piece}]\n---\n",
    "row": lambda piece: f"{HEADER}| 논문 | 추천 |\n|---|---|\n| {piece} | arXiv:2406.00001 |\n",
    "html": lambda piece: f"{HEADER}<table><tr><td>{piece}</td></tr></table>\n",
    "reference": lambda piece: f"{HEADER}### [제목][{piece}]\n\n[1]: https://arxiv.org/abs/2406.00001\n",
}


@pytest.mark.parametrize("place", _LONG)
@pytest.mark.parametrize(
    "piece", ["(", " ", "[a](", "|", "- ", "*", "![", "<video ", "2024-", "가", ", ", "](", "<!--", "<a href='x'>"]
)
def test_reading_takes_time_in_proportion_to_the_length(piece: str, place: str) -> None:
    size = 9_000  # characters; the double is still below the limit of a line
    short, long = (_LONG[place](piece * (n // len(piece))).encode() for n in (size, 2 * size))

    def seconds(data: bytes) -> float:
        start = time.thread_time()
        parse_digest(data, "2024-06-11.md")
        return time.thread_time() - start

    for _ in range(6):  # the machine may be busy: the best of three, and a fresh attempt; 10 ms are nothing to measure
        once, twice = (min(seconds(data) for _ in range(3)) for data in (short, long))
        if twice < 1 and twice < max(3 * once, 0.01):
            return
    pytest.fail(f"{size} characters take {once:.4f} s, twice as many {twice:.4f} s")


def test_a_bullet_of_many_lines_takes_time_in_proportion_to_their_number() -> None:
    start = time.perf_counter()
    parse(HEADER + FIRST + "- 문장을\n" + "이어\n" * 100_000)
    assert time.perf_counter() - start < 5  # joined line by line this took minutes


# --- The real digests ------------------------------------------------------------------------------------------------


def _read(folder: Path) -> list[Digest]:
    return [read_digest(path, folder) for path in find_digests(folder)]


@pytest.mark.corpus
def test_the_five_real_digests_are_read_whole(shared: Path) -> None:
    digests = _read(shared / "seeds")
    entries = [entry for digest in digests for entry in digest.entries]
    assert len(digests) == 5
    assert len(entries) == len({entry.arxiv_id for entry in entries}) == 77
    assert sum(len(entry.bullets) for entry in entries) == 533
    assert [problem for digest in digests for problem in digest.failed] == []


_CORPUS_HASH = "4d27e8348f9829e65f3f9a82b9756aca7ab834a11a7f919089289173dadfde2a"  # by the reader of one shape only


@pytest.mark.corpus
def test_the_whole_real_corpus_is_read_as_it_was_by_the_first_reader(shared: Path) -> None:
    told = hashlib.sha256()
    for path in find_digests(shared / "corpus"):
        name = path.relative_to((shared / "corpus").resolve()).as_posix()
        for e in read_digest(path, shared / "corpus").entries:
            media = [e.media.kind, e.media.url] if e.media else None
            bullets = [[b.section, b.text] for b in e.bullets]
            row = [
                name,
                e.arxiv_id,
                e.title,
                str(e.date),
                e.votes,
                e.authors,
                e.authors_cut,
                media,
                e.language,
                bullets,
                e.line,
            ]
            told.update(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
            assert (e.tags, e.since) == ((), None)
    assert told.hexdigest() == _CORPUS_HASH


@pytest.mark.corpus
def test_the_whole_real_corpus_is_read_without_a_failure(shared: Path) -> None:
    digests = _read(shared / "corpus")
    entries = [entry for digest in digests for entry in digest.entries]
    assert len(digests) == 357
    assert len(entries) == 5_488
    assert len({entry.arxiv_id for entry in entries}) == 5_487
    assert [problem for digest in digests for problem in digest.failed] == []
    assert [problem for digest in digests for problem in digest.warnings] == []
    assert all(entry.bullets for entry in entries)
    assert sum(entry.language == "en" for entry in entries) == 1  # 2024/10/08.md has one summary in English


@pytest.mark.parametrize(
    ("above", "said"),
    [
        ("- 오늘의 한마디\n\n", "the item belongs to no paper and is left out"),
        ("- 오늘의 한마디\n- another line\n\n", "2 items belong to no paper and are left out"),
    ],
)
def test_items_above_the_first_paper_are_named(above: str, said: str) -> None:
    digest = parse_digest((HEADER + above + FIRST + SAID + BULLETS).encode(), "2024-06-11.md")
    assert len(digest.entries) == 1
    assert [(w.line, said in w.reason) for w in digest.warnings] == [(3, True)]
