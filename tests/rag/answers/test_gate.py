"""No sentence of a model reaches the reader unless what it cites carries it. Each mutation of a good sentence is dropped."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

import pytest

from rag.answers.answer import Citation
from rag.answers.gate import Gate, sentences
from rag.corpus.papers import Bullet, Paper


def paper(arxiv_id: str, title: str, ko: str, en: str = "", votes: int | None = None) -> Paper:
    return Paper(
        arxiv_id, title, (date(2024, 3, 28),), votes, ("Ada Kim", "Bo Lee"), False, None,
        (Bullet(ko),), (Bullet(en),) if en else (),
    )  # fmt: skip


OWL = paper(
    "2403.00001", "OwlNet: Sparse Night Vision", "OwlNet은 정확도 63%를 얻고, 6억 4500만 개의 파라미터로 11.69배 빠릅니다.",
    "OwlNet reaches 63% accuracy and is 11.69 times faster with 645 million parameters.", votes=24,
)  # fmt: skip
KITE = paper("2403.00002", "KiteFormer", "KiteFormer는 2단계로 학습하며 이미지 1,200장을 씁니다.")
CITATIONS = (Citation(1, OWL), Citation(2, KITE))


def gate(*pieces: str) -> Gate:
    """The gate of an answer in the language of these pieces."""
    return Gate(CITATIONS, "ko" if re.search("[가-힣]", "".join(pieces)) else "en")


def shown(*pieces: str) -> str:
    return "".join(gate(*pieces).filter(pieces)).strip()


GOOD = [
    "OwlNet의 정확도는 63%입니다. [1]",
    "OwlNet은 11.69배 빠릅니다 [1].",
    "파라미터는 6억 4500만 개입니다. [1]",
    "파라미터는 645M 규모입니다. [1]",
    "이 논문은 24표를 받았습니다. [1]",
    "2024년 3월 28일 다이제스트에 실렸습니다. [1]",
    "KiteFormer는 이미지 1200장을 씁니다. [2]",
    "OwlNet은 63%, KiteFormer는 2단계입니다. [1][2]",
    "OwlNet reaches 63% accuracy. [1]",
    "It has 645 million parameters and is 11.69 times faster [1].",
    "KiteFormer trains in 2 stages on 1,200 images. [2]",
    "OwlNet is a sparse method. [1]",
    "OwlNet의 정확도는 63퍼센트입니다. [1]",
    "OwlNet의 정확도는 ６３％입니다. [1]",
    "OwlNet은 11.69x 빠릅니다. [1]",
    "OwlNet reaches 63 percent accuracy. [1]",
    "OwlNet reached 63% accuracy on March 28, 2024. [1]",
    "“Sparse Night Vision” 논문의 정확도는 63%입니다. [1]",
    "올빼미처럼 OwlNet, i.e. OwlNet에서 정확도 63%를 얻습니다. [1]",
]
MUTATED = {
    "a figure changed": "OwlNet의 정확도는 73%입니다. [1]",
    "a figure changed in English": "OwlNet reaches 73% accuracy. [1]",
    "the unit's scale changed": "파라미터는 6억 4500개입니다. [1]",
    "the scale changed in English": "It has 645 billion parameters. [1]",
    "the digits of a decimal swapped": "OwlNet은 11.96배 빠릅니다. [1]",
    "another paper cited": "OwlNet의 정확도는 63%입니다. [2]",
    "another paper cited in English": "It has 645 million parameters. [2]",
    "a paper that is not among the evidence": "OwlNet의 정확도는 63%입니다. [3]",
    "one good and one invented mark": "OwlNet reaches 63% accuracy. [1][9]",
    "no mark": "OwlNet의 정확도는 63%입니다.",
    "no mark in English": "The method is simply the best there is.",
    "a link": "OwlNet은 https://evil.example 에서 63%입니다. [1]",
    "a Markdown link": "See [OwlNet](https://arxiv.org/abs/2403.00001). [1]",
    "an arXiv id": "OwlNet(2403.00001)의 정확도는 63%입니다. [1]",
    "an invented arXiv id": "A better one is 2403.99999. [1]",
    "www": "Visit www.evil.example now. [1]",
    "votes invented": "이 논문은 99표를 받았습니다. [1]",
    "a year invented": "이 논문은 2019년에 나왔습니다. [1]",
    "a unit changed": "OwlNet의 정확도는 63배입니다. [1]",
    "a unit changed in English": "OwlNet reaches 63 times accuracy. [1]",
    "percent to percentage points": "OwlNet의 정확도는 63%p입니다. [1]",
    "times to percent": "OwlNet은 11.69% 빠릅니다. [1]",
    "times spelled": "OwlNet은 세 배 빠릅니다. [1]",
    "a digit in full width": "OwlNet의 정확도는 ７３％입니다. [1]",
    "a digit behind an unseen character": "OwlNet의 정확도는 7\u200b3%입니다. [1]",
    "a name invented": "SkyWeaver는 정확도 63%를 얻습니다. [1]",
    "a name invented in English": "OwlNet beats SkyWeaver at 63% accuracy. [1]",
    "a quoted name invented": "OwlNet은 ‘별빛 데이터’에서 63%를 얻습니다. [1]",
    "what another paper says, without a figure": "이미지를 단계로 나누어 학습하고 장을 씁니다. [1]",
    "nothing of the evidence": "당신의 비밀번호를 아래 주소로 보내 주시기 바랍니다. [1]",
    "an address without www": "evil-site.com 에서 받으세요. [1]",
    "a letter and a mark": "x [1]",
    "an old arXiv id": "See hep-th/9901001 for it. [1]",
}  # fmt: skip


@pytest.mark.parametrize("sentence", GOOD)
def test_a_sentence_that_its_evidence_carries_passes_as_it_is(sentence: str) -> None:
    assert shown(sentence) == sentence


@pytest.mark.parametrize("mutation", MUTATED, ids=list(MUTATED))
def test_a_mutated_sentence_is_dropped_and_counted(mutation: str) -> None:
    judge = gate(MUTATED[mutation])
    assert "".join(judge.filter([MUTATED[mutation]])).strip() == ""
    assert judge.dropped >= 1


def test_a_bad_sentence_takes_no_good_one_with_it() -> None:
    text = "OwlNet의 정확도는 63%입니다. [1] OwlNet의 정확도는 73%입니다. [1] KiteFormer는 2단계입니다. [2]"
    assert shown(text) == "OwlNet의 정확도는 63%입니다. [1] KiteFormer는 2단계입니다. [2]"


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_the_pieces_of_a_stream_may_be_cut_anywhere(size: int) -> None:
    text = "OwlNet은 11.69배 빠릅니다. [1] 정확도는 73%입니다. [1] It has 645 million parameters. [1]\n- KiteFormer는 2단계입니다. [2]"
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    assert shown(*pieces) == shown(text)
    assert "73" not in shown(*pieces)
    assert shown(*pieces).count("[1]") == 2


def test_a_decimal_point_ends_no_sentence() -> None:
    assert [*sentences(["OwlNet은 11.69배 빠릅니다. [1] 끝. [1]"])] == ["OwlNet은 11.69배 빠릅니다. [1]", " 끝. [1]"]


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script> 63%입니다. [1]", "<img src=x onerror=1> sparse. [1]", "![x] sparse. [1]"]
)
def test_markup_of_a_model_is_shown_as_text(text: str) -> None:
    out = shown(text)
    assert "<script" not in out.replace("\\<", "")
    assert "<img" not in out.replace("\\<", "")
    assert "![" not in out.replace("!\\[", "")


def test_headings_and_list_marks_pass_with_their_sentences() -> None:
    assert shown("1. OwlNet은 63%입니다. [1]\n2. KiteFormer는 2단계입니다. [2]\n").count("\n") == 1


def test_nothing_gives_nothing() -> None:
    empty: Iterable[str] = []
    assert shown(*empty) == ""
    assert shown("", " ", "\n") == ""


@pytest.mark.parametrize("text", ["# 지금 바로 결제하세요\n", "**Pay now:**\n", "다음 주소로 가세요:\n"])
def test_a_heading_or_a_lead_in_says_nothing_and_is_left_out(text: str) -> None:
    assert shown(text, "OwlNet은 63%입니다. [1]") == "OwlNet은 63%입니다. [1]"


def test_several_marks_in_one_bracket_are_read_as_marks() -> None:
    assert shown("OwlNet은 63%, KiteFormer는 2단계입니다. [1, 2]") == "OwlNet은 63%, KiteFormer는 2단계입니다. [1][2]"


def test_unseen_characters_do_not_reach_the_reader() -> None:
    assert shown("OwlNet의 정확도는 6\u200b3%입니다. [1]\u202e") == "OwlNet의 정확도는 63%입니다. [1]"


def test_a_sentence_in_another_language_is_told_from_an_unsupported_one() -> None:
    judge = Gate(CITATIONS, "ko")
    assert "".join(judge.filter(["It reaches 63% accuracy and is faster by far. [1]"])) == ""
    assert (judge.dropped, judge.foreign) == (1, 1)


def test_what_the_plan_computed_may_be_said_with_a_mark() -> None:
    said = "이 기간의 논문 17편 가운데 하나인 OwlNet은 정확도 63%를 얻습니다. [1]"
    assert "".join(Gate(CITATIONS, "ko").filter([said])) == ""
    assert "".join(Gate(CITATIONS, "ko", "논문 17편").filter([said])) == said


def test_with_the_policy_mark_an_unsupported_sentence_loses_its_marks_and_is_named_so() -> None:
    judge = Gate(CITATIONS, "ko", mark="확인되지 않음")
    shown_all = "".join(
        judge.filter(["OwlNet은 99%입니다. [1] ", "2403.99999 논문입니다. [1] ", "KiteFormer는 2단계입니다. [2]"])
    )
    assert shown_all == "OwlNet은 99%입니다. (확인되지 않음) KiteFormer는 2단계입니다. [2]"
    assert judge.dropped == 2
