"""Where a string may stand in a long text: never fewer places than it does, and hardly more."""

from __future__ import annotations

from itertools import accumulate

from hypothesis import example, given
from hypothesis import strategies as st

from rag.corpus.substrings import Grams

WORDS = ["맘바를 쓰는 ", "확산 모델은 ", "state space ", "kan", "\n", "가", "ab", "\x00\xff", ""]


def joined(parts: list[str]) -> tuple[Grams, list[bytes]]:
    texts = [part.encode() for part in parts]
    return Grams(b"".join(texts), [*accumulate(map(len, texts), initial=0)]), texts


@given(
    st.lists(st.lists(st.sampled_from(WORDS), max_size=9).map("".join), max_size=20),
    st.integers(0, 400),
    st.integers(0, 30),
)
@example(["맘바를 쓰는 ", "", "맘바"], 0, 6)
def test_no_part_that_holds_a_string_is_passed_over(parts: list[str], at: int, size: int) -> None:
    grams, texts = joined(parts)
    needle = b"".join(texts)[at : at + size]
    held = [part for part, text in enumerate(texts) if needle in text]
    assert {*held} <= {*grams.holding(needle)}
    assert list(grams.holding(needle)) == sorted(grams.holding(needle))


def test_a_rare_name_is_looked_for_where_it_stands() -> None:
    common = (
        "이 논문은 확산 모델의 학습을 빠르게 하는 방법을 제안합니다. It proposes a method for faster training. " * 20
    )
    grams, _ = joined([common + ("SheetCompressor를 씁니다." if part in (3, 40) else "") for part in range(60)])
    assert grams.holding(b"SheetCompressor") == [3, 40]
    assert grams.holding("없는이름".encode()) == []
    assert len(grams.holding("확산 모델".encode())) == 60


def test_a_string_shorter_than_a_run_may_stand_anywhere() -> None:
    grams, _ = joined(["맘바", "KAN은", "RAG를"])
    assert [*grams.holding(b"AI")] == [*grams.holding(b"")] == [0, 1, 2]
    assert [*grams.holding(b"KAN")] == [1]
