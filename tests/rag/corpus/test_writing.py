"""What is written as a digest is read back as the same papers, whatever strangers put into titles, names and abstracts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from rag.corpus.digests import parse_digest, read_digest
from rag.corpus.papers import Bullet, Entry, Media
from rag.corpus.writing import digest_header, entry_text, normal_entry

DAY = date(2024, 6, 11)


def entry(**said: object) -> Entry:
    fields: dict[str, object] = {
        "arxiv_id": "2406.10001", "title": "Butterfly: Small Models in Flight", "date": DAY, "votes": 17, "authors": ("Ada Lee", "Bo Ryu"),
        "authors_cut": False, "media": None, "language": "en", "bullets": (Bullet("It flies."),), "line": 0,
    }  # fmt: skip
    return Entry(**{**fields, **said})  # type: ignore[arg-type]


def read(*entries: Entry) -> tuple[Entry, ...]:
    blocks = [entry_text(one) for one in entries]
    assert None not in blocks
    text = "\n\n".join([digest_header(DAY), *map(str, blocks)]) + "\n"
    digest = parse_digest(text.encode(), "2024-06-11.md", DAY)
    assert digest.failed == ()
    return digest.entries


def same(found: Entry, wanted: Entry) -> bool:
    """Whether they are one paper with one text; a bullet may have got a section."""
    return (found.arxiv_id, found.title, found.votes, found.authors, found.media, [b.text for b in found.bullets]) == (
        wanted.arxiv_id, wanted.title, wanted.votes, wanted.authors, wanted.media, [b.text for b in wanted.bullets]
    )  # fmt: skip


def test_a_plain_paper_is_written_as_people_write_it() -> None:
    shown = entry(
        media=Media("image", "https://cdn.example/a.png"), bullets=(Bullet("It flies.", "What's New"), Bullet("Fast."))
    )
    assert entry_text(shown) == (
        "### [Butterfly: Small Models in Flight](https://arxiv.org/abs/2406.10001)\n\n![](https://cdn.example/a.png)\n\nVote: 17\n\n"
        "Authors: Ada Lee, Bo Ryu\n\n- **What's New**: It flies.\n- Fast."
    )


HOSTILE_TITLES = [
    "[Oral] [2] Flight", "](https://evil.example) [x", "**All Bold**", "*", "PDF", "2406.00009", "https://arxiv.org/abs/2401.00001",
    "A <!-- hidden", "A <!-- hidden --> B", "```", "<script>alert(1)</script>", "R&amp;D &lt;b&gt;", "x \\[y\\] $\\alpha_{1}$ [z]", "# Heading ##",
    "1] First", "[1] First", "| a | b |", "Votes: 12", "(👍 17) Liked", "Title (https://arxiv.org/abs/2401.00001)", "a\u202eb\u200bc\x00d", "여러\n줄\r\n제목",
    "_x_", "`code`", "???", "![](https://evil.example/x.png)", "ﬁne ﬂight", "\\", "<a href='https://arxiv.org/abs/2401.00002'>x</a>", "$[a](b)$",
    "\\\\[x", "논문", "Weekly Papers 2024-01-01", "References", "~~gone~~", "**Bold** and [link](https://arxiv.org/abs/2401.1)",
]  # fmt: skip


@pytest.mark.parametrize("title", HOSTILE_TITLES)
def test_a_title_is_read_back_letter_by_letter(title: str) -> None:
    wanted = normal_entry(entry(title=title))
    (found,) = read(wanted)
    assert same(found, wanted)
    assert found.title == wanted.title


HOSTILE_BULLETS = [
    "Vote: 999", "Authors: Eve Evil", "Paper: https://arxiv.org/abs/2401.00001", "2024-06-12", "[x] done", "```", "``` code", "~~~", "<!-- gone",
    "--> back", "### [Evil](https://arxiv.org/abs/2401.00002)", "[Evil](https://arxiv.org/abs/2401.00002)", "---", "___", "| a | b |", "|---|---|",
    "**Label**: text", "*Italics*", "*Ada Lee, Bo Ryu*", "![](https://evil.example/x.png)", "<table><tr><td>x</td></tr></table>", "[1]: https://x.example",
    "> quoted", "- nested", "1. first", "👍 12", "Tags: #a #b", "Date: 2024-01-01", "#tag #other", "by Ada Lee, Bo Ryu", "Title: Other Paper",
    "a\nb", "투표: 3", "저자: 김민수", "날짜: 2024-01-01", "Votes", "<details><summary>x", "+ plus", "---|---",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE_BULLETS)
@pytest.mark.parametrize("votes", [None, 17])
def test_a_bullet_is_never_read_as_anything_else(text: str, votes: int | None) -> None:
    wanted = normal_entry(
        entry(votes=votes, authors=(), bullets=(Bullet(text), Bullet("Second sentence."), Bullet(text)))
    )
    (found,) = read(wanted)
    assert same(found, wanted)
    assert found.tags == ()


@pytest.mark.parametrize(
    "names",
    [("Lee, Ada", "Bo Ryu"), ("Ada and Bo",), ("John Smith, Jr.",), ("Bo O'Hara", "Ada Lee"), ("A · B", "C | D"), ("**Bold** Name",), ("Ada Lee†", "Bo"),
     ("[Eve](https://evil.example)", "Bo Ryu"), ("+",), ("et al.",), ("김민수", "이지원"), ('Ada "the" Lee',), ("외 3명", "Bo Ryu"), ("Votes: 3",)],
)  # fmt: skip
def test_authors_are_read_back_or_left_out_and_never_become_others(names: tuple[str, ...]) -> None:
    wanted = normal_entry(entry(authors=names))
    (found,) = read(wanted)
    assert set(found.authors) <= set(names)
    assert same(replace(found, authors=()), replace(wanted, authors=()))


def test_names_with_commas_are_kept_whole() -> None:
    (found,) = read(normal_entry(entry(authors=("Lee, Ada", "Bo Ryu"))))
    assert found.authors == ("Lee, Ada", "Bo Ryu")


def test_thousands_of_authors_end_in_a_sign_that_there_are_more() -> None:
    (found,) = read(normal_entry(entry(authors=tuple(f"Author Number{n}" for n in range(3_000)))))
    assert found.authors[0] == "Author Number0"
    assert found.authors_cut


def test_a_picture_that_is_not_https_is_left_out_and_an_odd_address_is_escaped() -> None:
    assert normal_entry(entry(media=Media("image", "javascript:alert(1)"))).media is None
    (found,) = read(normal_entry(entry(media=Media("video", "https://cdn.example/a (1).mp4"))))
    assert found.media == Media("video", "https://cdn.example/a%20%281%29.mp4")


_MARKS = st.sampled_from(
    ["[", "]", "(", ")", "](", "**", "*", "_", "`", "```", "<!--", "-->", "<", ">", "&lt;", "&", ";", "#", "|", "\\", "$", ":", "Vote: 3", "Authors: ",
     "https://arxiv.org/abs/2401.00001", "arXiv:2401.00002", "2024-06-12", "\n", "\n### ", "\n- ", "- ", "~~~", "👍 3", "가", "를", "1. ", "'", '"', ",", " and "]
)  # fmt: skip
_TEXT = st.lists(st.one_of(_MARKS, st.text(max_size=6)), max_size=8).map(" ".join) | st.lists(_MARKS, max_size=8).map(
    "".join
)


@effort(max_examples=200)
@given(titles=st.lists(_TEXT, min_size=1, max_size=3), texts=st.lists(_TEXT, max_size=4), names=st.lists(_TEXT, max_size=3), votes=st.none() | st.integers(0, 10**6))  # fmt: skip
@example(titles=["<!--", "-->"], texts=["<!--"], names=[], votes=None)
@example(titles=["```", "```"], texts=["```", "~~~"], names=["```"], votes=3)
def test_whatever_strangers_write_the_same_papers_are_read_back(
    titles: list[str], texts: list[str], names: list[str], votes: int | None
) -> None:
    wanted = [
        normal_entry(
            entry(
                arxiv_id=f"2406.1000{n}",
                title=title,
                bullets=tuple(map(Bullet, texts)),
                authors=tuple(names),
                votes=votes,
            )
        )
        for n, title in enumerate(titles)
    ]
    wanted = [one for one in wanted if one.title] or [normal_entry(entry())]
    found = read(*wanted)
    assert [one.arxiv_id for one in found] == [one.arxiv_id for one in wanted]
    for one, other in zip(found, wanted, strict=True):
        assert set(one.authors) <= set(other.authors)
        assert same(replace(one, authors=()), replace(other, authors=()))


@pytest.mark.corpus
def test_every_entry_of_the_real_digests_is_written_and_read_back(shared: Path) -> None:
    for path in sorted((shared / "corpus").rglob("*.md"))[::12]:
        for one in read_digest(path, shared / "corpus").entries:
            wanted = normal_entry(replace(one, tags=(), since=None))
            text = entry_text(wanted)
            assert text is not None, one.title
            (found,) = parse_digest(f"{digest_header(one.date)}\n\n{text}\n".encode(), "x.md", one.date).entries
            assert same(found, wanted)
