"""Sentences of a digest's text: where they end, which artefacts are cleaned, how they are shortened."""

from __future__ import annotations

import pytest

from rag.language.sentences import readable, section_name, sentences, shortened, standing_alone


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("새 방법을 제안합니다. 두 배 빠릅니다.", ["새 방법을 제안합니다.", "두 배 빠릅니다."]),
        ("새 방법을 제안한다.또한 두 배 빠르다.", ["새 방법을 제안한다.", "또한 두 배 빠르다."]),
        ("비용을 줄임. 정확도는 90.2%임.", ["비용을 줄임.", "정확도는 90.2%임."]),
        ("가지치기 수행. 코드 공개함.", ["가지치기 수행.", "코드 공개함."]),
        ("A GPT-3.5 model. It runs on one GPU.", ["A GPT-3.5 model.", "It runs on one GPU."]),
        ("Kim et al. 2023 use e.g. LoRA vs. full tuning. It wins.", ["Kim et al. 2023 use e.g. LoRA vs. full tuning.", "It wins."]),
        ("arXiv 2312.00752의 방법을 씁니다. v1.5도 됩니다.", ["arXiv 2312.00752의 방법을 씁니다.", "v1.5도 됩니다."]),
        ("코드는 https://github.io/a.b.c 에 있습니다. 끝입니다.", ["코드는 https://github.io/a.b.c 에 있습니다.", "끝입니다."]),
        ("세 단계입니다: 1. 학습 2. 평가. 빠릅니다.", ["세 단계입니다: 1. 학습 2. 평가.", "빠릅니다."]),
        ("망을 씁니다(예: CNN. RNN. 등). pix2pix는 아닙니다.", ["망을 씁니다(예: CNN. RNN. 등).", "pix2pix는 아닙니다."]),
        ("“왜? 그럴까.”라고 묻습니다. 답은 없습니다.", ["“왜? 그럴까.”라고 묻습니다.", "답은 없습니다."]),
        ("정말 빠를까요? 그렇습니다!", ["정말 빠를까요?", "그렇습니다!"]),
        ("한 문장", ["한 문장"]),
        ("", []),
        ("...", []),
    ],
)  # fmt: skip
def test_a_statement_is_split_where_its_sentences_end(text: str, parts: list[str]) -> None:
    assert list(sentences(text)) == parts


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (r"['7.8B 모델입니다.', '코드를 공개합니다.']", "7.8B 모델입니다. 코드를 공개합니다."),
        (r"\['7.8B 모델입니다.']", "7.8B 모델입니다."),
        ("{'code': '90.2%를 얻습니다.', 'math': '7\\u2062B입니다.'}", "90.2%를 얻습니다. 7B입니다."),
        ("[{'description': \"LLM's 점수입니다.\"}, {'description': '둘째입니다.'}]", "LLM's 점수입니다. 둘째입니다."),
        ("['끊긴 목록입니다.', '둘째", "끊긴 목록입니다. 둘째"),
        ("**Deep Learning**은 `pass@1`로 잽니다.", "Deep Learning은 pass@1로 잽니다."),
        ("*Generative AI*를 쓰고 A* 탐색과 AtP*를 견줍니다.", "Generative AI를 쓰고 A* 탐색과 AtP*를 견줍니다."),
        ("***Technical Details*: IMM은 빠릅니다.", "IMM은 빠릅니다."),
        ("M$^{2}$UGen과 PanGu-$π$는 $120의 비용과 $5로 됩니다.", "M2UGen과 PanGu-π는 $120의 비용과 $5로 됩니다."),
        (r"{\sc MwpBench}와 LiPO-{\lambda}, \textit{HR-ED}, extit{HR-ED}", "MwpBench와 LiPO-lambda, HR-ED, HR-ED"),
        ("코드는 [여기](https://a.example/b)에 있고 ![그림](x.png) 끝.", "코드는 여기에 있고 끝."),
        ("평범한 [대괄호]와 {중괄호}입니다.", "평범한 [대괄호]와 {중괄호}입니다."),
    ],
)  # fmt: skip
def test_artefacts_of_a_digest_are_cleaned_for_reading(text: str, read: str) -> None:
    assert readable(text) == read


def test_a_statement_of_code_runs_nothing_and_ends() -> None:
    assert readable("['가" + "(" * 5000) == "가" + "(" * 5000
    assert sentences("['a', __import__('os').getcwd()]")


def test_a_sentence_is_cut_at_its_last_clause_that_fits() -> None:
    long = (
        "새로운 방법을 제안하며, 이 방법은 메모리를 적게 쓰고, 정확도(학습, 평가 모두)는 그대로이고 속도만 빨라집니다."
    )
    assert shortened(long, 200) == long
    assert shortened(long, 36) == "새로운 방법을 제안하며, 이 방법은 메모리를 적게 쓰고 …"
    assert shortened(long, 48) == "새로운 방법을 제안하며, 이 방법은 메모리를 적게 쓰고 …"
    for limit in range(12, 70):
        cut = shortened(long, limit)
        assert len(cut) <= limit
        assert long.startswith(cut.removesuffix(" …"))


def test_a_sentence_that_stands_alone_does_not_begin_with_a_connection() -> None:
    assert standing_alone("또한, 코드를 공개합니다.") == "코드를 공개합니다."
    assert standing_alone("특히 빠릅니다.") == "특히 빠릅니다."[3:]
    assert standing_alone("특히한 점은 없습니다.") == "특히한 점은 없습니다."
    assert standing_alone("However, it is slow.") == "However, it is slow."


def test_the_labels_of_sections_have_names_in_both_languages() -> None:
    assert [section_name(label, "ko") for label in ("What's New", "What’s New", "Technical Details", "Performance Highlights")] == [
        "새로운 점", "새로운 점", "기술", "성능",
    ]  # fmt: skip
    assert section_name("Technical Details", "en") == "Method"
    assert section_name("고찰", "ko") == "고찰"
    assert (section_name("고찰", "en"), section_name("User Interface", "en"), section_name("", "ko")) == ("", "", "")
