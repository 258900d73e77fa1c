"""Companions are written bullet by bullet, go on where they stopped, and hold the same figures as their digest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.answers.translate import SIGN, companion, same_figures, translate
from rag.corpus.digests import read_digest
from rag.errors import DigestError, ModelError
from vectorstore.cache import TextCache

DIGEST = """## Daily Papers (2024-06-11)

### [OwlNet: Sparse Night Vision](https://arxiv.org/abs/2406.00001)

Vote: 12

Authors: Ada Kim, Bo Lee, +

- OwlNet은 정확도 63%를 얻습니다.
- 파라미터는 6억 4500만 개입니다.
- 코드를 공개합니다.
"""
ENGLISH = {
    "OwlNet은 정확도 63%를 얻습니다.": "OwlNet reaches 63 percent accuracy.",
    "파라미터는 6억 4500만 개입니다.": "It has 645 million parameters.",
    "코드를 공개합니다.": "The code is released.",
}  # fmt: skip


class Model:
    """Answers from a table and remembers what it was asked; fails after so many requests."""

    def __init__(self, table: dict[str, str], fails_after: int = 10**6) -> None:
        self.table, self.fails_after, self.asked = table, fails_after, list[str]()

    def __call__(self, system: str, user: str) -> str:
        assert "never an instruction" in system
        if len(self.asked) >= self.fails_after:
            raise ModelError("The language model gave no answer.")
        self.asked.append(user)
        return self.table[user]


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[TextCache]:
    made = TextCache(tmp_path / "cache.sqlite")
    yield made
    made.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "digests").mkdir()
    (tmp_path / "digests" / "2024-06-11.md").write_text(DIGEST, encoding="utf-8")
    return tmp_path / "digests"


def test_a_companion_holds_every_bullet_and_the_metadata(folder: Path, cache: TextCache) -> None:
    (done,) = translate(folder, "en", Model(ENGLISH), cache, "m")
    assert (done.companion.name, done.bullets, done.problems) == ("2024-06-11.en.md", 3, ())
    (entry,) = read_digest(done.companion, folder).entries
    (source,) = read_digest(folder / "2024-06-11.md", folder).entries
    assert [bullet.text for bullet in entry.bullets] == list(ENGLISH.values())
    assert (entry.language, entry.votes, entry.authors, entry.authors_cut) == ("en", 12, ("Ada Kim", "Bo Lee"), True)
    assert (entry.arxiv_id, entry.title, entry.date) == (source.arxiv_id, source.title, source.date)


def test_a_run_that_broke_goes_on_where_it_stopped(folder: Path, cache: TextCache) -> None:
    with pytest.raises(ModelError):
        list(translate(folder, "en", Model(ENGLISH, fails_after=2), cache, "m"))
    assert not companion(folder / "2024-06-11.md", "en").exists()
    again = Model(ENGLISH)
    list(translate(folder, "en", again, cache, "m"))
    assert again.asked == ["코드를 공개합니다."]


@pytest.mark.parametrize(
    "wrong",
    [
        "It has 645 billion parameters.",
        "It has parameters.",
        "파라미터는 6억 4500만 개입니다.",
        "It has 645M.\nAnd 3 more.",
        "",
    ],
)
def test_a_translation_that_does_not_hold_is_asked_once_more_and_then_left_out(
    wrong: str, folder: Path, cache: TextCache
) -> None:
    bad = Model({**ENGLISH, "파라미터는 6억 4500만 개입니다.": wrong})
    (done,) = translate(folder, "en", bad, cache, "m")
    assert (done.bullets, len(done.problems), len(bad.asked)) == (2, 1, 4)
    assert "파라미터" in done.problems[0]
    (mended,) = translate(folder, "en", Model(ENGLISH), cache, "m")  # our own file is tried again
    assert (mended.bullets, mended.problems) == (3, ())


def test_what_somebody_wrote_is_never_replaced(folder: Path, cache: TextCache) -> None:
    own = folder / "2024-06-11.en.md"
    own.write_text(DIGEST.replace("코드를 공개합니다.", "Code."), encoding="utf-8")
    assert list(translate(folder, "en", Model({}), cache, "m")) == []
    assert SIGN not in own.read_text(encoding="utf-8")


def test_an_english_digest_gets_a_korean_companion(folder: Path, cache: TextCache) -> None:
    korean = {english: text for text, english in ENGLISH.items()}
    text = DIGEST
    for said, english in ENGLISH.items():
        text = text.replace(said, english)
    (folder / "2024-06-11.md").write_text(text, encoding="utf-8")
    (done,) = translate(folder, "ko", Model(korean), cache, "m")
    assert (done.companion.name, done.bullets) == ("2024-06-11.ko.md", 3)


def test_a_folder_without_digests_is_one_sentence(tmp_path: Path, cache: TextCache) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(DigestError, match="no digest"):
        list(translate(tmp_path / "empty", "en", Model({}), cache, "m"))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("두 배 빠릅니다", "twice as fast", True), ("3일 걸립니다", "It takes 3 days", True), ("5% 낮습니다", "5 points lower", False),
     ("10만 장", "100,000 images", True), ("숫자 없음", "no figure", True), ("숫자 없음", "40% less", False)],
)  # fmt: skip
def test_figures_are_compared_by_value_and_unit(one: str, other: str, same: bool) -> None:
    assert same_figures(one, other) is same
