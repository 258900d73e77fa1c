"""Names as people write them: which spellings are the same thing, and where they really stand in a sentence."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.errors import SettingsError
from rag.language.terms import Glossary, fold, glossary, spots, squash, squashed, stands


def found(text: str, name: str) -> list[str]:
    """Return the pieces of the text in which one spelling stands."""
    return [text[start:end] for start, end in spots(text, name)]


def names(text: str, question: str) -> bool:
    """Tell whether the text names what a question names, in any spelling of the glossary."""
    return any(found(text, variant) for variant in glossary().term(question).variants)


# --- Where a name stands ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("Mamba를 사용한 논문은 빠르다", "Mamba", ["Mamba"]),
        ("맘바를 사용한 논문은 빠르다", "맘바", ["맘바"]),
        ("VMamba와 MambaMixer를 견준다", "Mamba", ["Mamba", "Mamba"]),
        ("mamba는 MAMBA로도 쓴다", "Mamba", ["mamba", "MAMBA"]),
        ("MiniGPT-5와 GPT-50은 GPT-5가 아니고 GPT-5는 맞다", "GPT-5", ["GPT-5", "GPT-5"]),
        ("Gamba는 mambo와 다르고 Mambas도 있다", "Mamba", ["Mamba"]),
        ("KAN은 MLP를 대신한다", "KAN", ["KAN"]),
        ("KANs를 깊게 쌓는다", "KAN", ["KAN"]),
        ("U-KAN과 KAN-FFN을 쓴다", "KAN", ["KAN", "KAN"]),
        ("Ashkan과 kan은 Kolmogorov-Arnold와 상관없다", "KAN", []),
        ("ASHKAN의 논문이다", "KAN", []),
        ("RL은 URL이나 CURL에 없다", "RL", ["RL"]),
        ("RLHF를 쓰는 VRL은 다르다", "RL", []),
        ("LLMs가 LLM을 가르친다", "LLM", ["LLM", "LLM"]),
        ("MLLM과 VLLM은 LLM이 아니다", "LLM", ["LLM"]),
        ("3D는 3DGS나 S3D에 없다", "3D", ["3D"]),
        ("3D-GS와 3D가우시안을 쓴다", "3D", ["3D", "3D"]),
        ("GPT-4는 GPT-4V, GPT-4o와 다르다", "GPT-4", ["GPT-4"]),
        ("GPT-4.1과 GPT-42는 다르고 GPT4가 같다", "GPT-4", ["GPT4"]),
        ("LLaMA3는 Llama 3, llama-3로도 쓴다.", "Llama-3", ["LLaMA3", "Llama 3", "llama-3"]),
        ("Llama 3.1과 Llama-30b는 다르다", "Llama-3", []),
        ("점수가 Llama 3.", "Llama-3", ["Llama 3"]),
        ("CodeLlama와 Llama-3.1, LlamaGen을 쓴다", "Llama", ["Llama", "Llama", "Llama"]),
        ("드라마를 보는 라마가 있다", "라마", ["라마"]),
        ("드라마3과 라마3, 라마 3을", "라마3", ["라마3", "라마 3"]),
        ("강화학습을, 강화 학습으로, 강 화학습도", "강화학습", ["강화학습", "강화 학습", "강 화학습"]),
        ("강화학습을 강화 학습으로", "강화 학습", ["강화학습", "강화 학습"]),
        ("딥강화학습은 강화의 학습이 아니다", "강화학습", ["강화학습"]),
        ("state-space 모델은 state space와 StateSpace를", "state space", ["state-space", "state space", "StateSpace"]),
        ("text–to‑image는", "text-to-image", ["text–to‑image"]),
        ("Guédon이 쓰고 Guedon도 쓴 논문은", "Guedon", ["Guédon", "Guedon"]),
        ("β-VAE는 VAE와 다르다", "β-VAE", ["β-VAE"]),
        ("C++로 쓴 코드는 C로 쓴 것보다", "C++", ["C++"]),
        ("İstanbul의 Mamba를", "Mamba", ["Mamba"]),
        ("DoRA와 dora는 QDoRA이고 DoraCycle은 아니다", "DoRA", ["DoRA", "dora", "DoRA"]),
        ("loras와 LoRAs, 그리고 controlnets", "LoRA", ["lora", "LoRA"]),
        ("DoraCycle의 dora", "dora", ["Dora", "dora"]),
        ("손실은 손으로 그린 손과 오른손의 손, 손잡이를 뺀 손들", "손", ["손", "손", "손", "손"]),
        ("", "Mamba", []),
        ("맘바를 쓴다", "", []),
        ("맘바를 쓴다", " - ", []),
    ],
)
def test_a_name_stands_only_where_it_is_a_word_of_its_own(text: str, name: str, expected: list[str]) -> None:
    assert found(text, name) == expected


@given(st.text("aAbBs1-. 가나비은", max_size=14), st.text("aAbB1- .가나비", max_size=5))
@example("VMamba와 Mambo", "Mamba")
@example("world를", "RL")
@example("ABAbA는", "AbA")
@example("1---1은", "1---1")
@example("-", "-")
def test_a_name_stands_in_a_text_where_it_has_a_spot(text: str, name: str) -> None:
    assert stands(text, name) == stands(text, name, lambda: fold(text)) == any(spots(text, name))


def test_spots_takes_a_text_that_is_folded_already() -> None:
    text = "VMamba와 맘바를 쓴 Guédon의 논문"
    assert [*spots(text, "Mamba", fold(text))] == [*spots(text, "Mamba")] == [(1, 6)]


@given(st.text(), st.text(max_size=12))
@example("İİİMamba는", "Mamba")
@example("ﬁne-tuning을", "fine-tuning")
@example("맘바" * 2_000, "맘바")
@example(" " * 5_000, "a b c d")
@example("-" * 5_000, "강화 학습")
def test_spots_never_raise_and_lie_in_the_text_in_order(text: str, name: str) -> None:
    spans = [*spots(text, name)]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))


@given(
    st.text(alphabet=st.characters(categories=["Lu", "Ll", "Lo", "Nd"], max_codepoint=0xD7A3), min_size=1, max_size=8)
)
def test_a_name_is_found_between_korean_words(name: str) -> None:
    assert (2, 2 + len(name)) in [*spots(f"이 {name} 논문은", name)]


# --- Folding and squashing -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Guédon의 LLaMA", "guedon의 llama"),
        ("맘바를 쓴 ÅNGSTRÖM", "맘바를 쓴 angstrom"),
        ("각각의 값", "각각의 값"),
        ("İ는 I", "i는 i"),
        ("", ""),
    ],
)
def test_fold_drops_case_and_latin_accents_but_keeps_hangul_whole(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
@example("İ" * 3 + "é각")
def test_folding_keeps_every_letter_in_its_place(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text())
@example("Guédon의 State-Space·모델\u3000\xa0\n\x1f/_ İ\ud800")
def test_the_bytes_of_a_squashed_text_are_those_of_squash(text: str) -> None:
    assert squashed(text) == squash(text).encode("utf-8", "surrogatepass")


def test_spellings_of_one_compound_squash_to_the_same() -> None:
    spellings = ["State-Space 모델", "statespace모델", "state space-모델", "STATE_SPACE·모델"]
    assert {squash(spelling) for spelling in spellings} == {"statespace모델"}
    assert squash("맘바를") != squash("맘바")


# --- The glossary ----------------------------------------------------------------------------------------------------

_TEXTS = {
    "plain": "이 논문은 Llama를 씁니다.",
    "three": "이 논문은 Llama 3를 씁니다.",
    "hyphen": "LLaMA-3로 학습합니다.",
    "joined": "LLaMA3보다 빠릅니다.",
    "hangul": "라마3과 견줍니다.",
    "hangul-blank": "라마 3을 씁니다.",
    "other-version": "Llama 3.1을 씁니다.",
    "second": "Llama-2를 씁니다.",
    "drama": "드라마 대본을 씁니다.",
}


@pytest.mark.parametrize("question", ["Llama-3", "Llama 3", "LLaMA3", "llama3", "라마3", "라마 3"])
def test_every_spelling_of_llama_3_names_the_same_texts_and_no_other_version(question: str) -> None:
    assert [key for key, text in _TEXTS.items() if names(text, question)] == [
        "three",
        "hyphen",
        "joined",
        "hangul",
        "hangul-blank",
    ]


@pytest.mark.parametrize("question", ["Llama", "LLaMA", "라마"])
def test_plain_llama_names_every_version(question: str) -> None:
    assert [key for key, text in _TEXTS.items() if not names(text, question)] == ["drama"]


@pytest.mark.parametrize("text", ["SAM 2를 씁니다", "SAM2", "Segment Anything 2", "세그먼트 애니씽 2는"])
def test_the_edition_of_a_known_name_is_written_in_each_of_its_spellings(text: str) -> None:
    assert names(text, "Segment Anything 2")
    assert not names(text, "Segment Anything 3")


@pytest.mark.parametrize("text", ["4비트로 양자화합니다", "4-bit", "4 bits를", "4bit의"])
def test_bits_are_counted_in_both_languages(text: str) -> None:
    assert names(text, "4비트")
    assert names(text, "4-bit")
    assert not names(text, "8비트")


@pytest.mark.parametrize("question", ["Mamba", "맘바", "mamba", "MAMBA"])
@pytest.mark.parametrize("text", ["맘바를 씁니다", "Mamba로", "VMamba의", "MambaMixer는", "Vision Mamba와"])
def test_mamba_and_its_hangul_spelling_name_the_same(question: str, text: str) -> None:
    assert names(text, question)


@pytest.mark.parametrize(
    "question", ["강화학습", "강화 학습", "RL", "reinforcement learning", "Reinforcement-Learning"]
)
@pytest.mark.parametrize("text", ["강화학습을 씁니다", "강화 학습으로", "RL은", "Reinforcement learning is used"])
def test_reinforcement_learning_is_one_thing_in_both_languages(question: str, text: str) -> None:
    assert names(text, question)
    assert not names("URL을 강화합니다", question)


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("LLM", "LLMs가 답합니다", True),
        ("LLMs", "LLM이 답합니다", True),
        ("LLM", "대규모언어모델을 씁니다", True),
        ("large-language models", "LLM을 씁니다", True),
        ("Diffusions", "디퓨전을 씁니다", True),
        ("KAN", "콜모고로프-아놀드 망을 씁니다", True),
        ("KAN", "Ashkan이 썼습니다", False),
        ("GPT-4", "GPT-4V를 씁니다", False),
        ("GPT4", "GPT-4를 씁니다", True),
        ("GPT-4o", "GPT-4를 씁니다", False),
        ("3D", "3DGS를 씁니다", False),
        ("3DGS", "가우시안 스플래팅을 씁니다", True),
    ],
)
def test_a_question_finds_what_it_names_and_nothing_near_it(question: str, text: str, expected: bool) -> None:
    assert names(text, question) is expected


def test_an_unknown_name_stands_for_itself() -> None:
    term = glossary().term("PowerInfer")
    assert (term.text, term.variants) == ("PowerInfer", ("PowerInfer",))
    assert not glossary().knows("PowerInfer를")
    assert glossary().knows("맘바")


def test_the_first_spelling_of_a_group_is_its_usual_name() -> None:
    assert glossary().term("맘바").variants[0] == "Mamba"


def test_no_spelling_stands_for_two_names_without_saying_so() -> None:
    book = Glossary([["Mamba", "맘바"], ["RNN", "순환 신경망"]])
    assert book.term("순환신경망").variants == ("RNN", "순환 신경망")
    assert book.term("맘 바").variants == ("Mamba", "맘바")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- [맘바, 'Mamba]", "cannot be read"),
        ("\tkey: 값", "cannot be read"),
        ("3", "is not a list of groups"),
        ("맘바: Mamba", "is not a list of groups"),
        ("- 3", "Group 1 .* is no list of spellings: 3"),
        ("- [Mamba, 맘바]\n- []", "Group 2 .* is no list"),
        ("- [Mamba, 1.58]", 'holds 1.58, .*quotes: "1.58"'),
        ("- [Norway, no]", "holds False"),
        ("- [Mamba, M]", "at least two letters"),
        ("- [Mamba, 맘바]\n- [RNN, 맘 바]", "Group 2 .* holds “맘 바”, which stands in group 1 too"),
    ],
)
def test_a_broken_glossary_is_an_error_that_names_the_file_and_the_group(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "낱말.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=said) as caught:
        Glossary.read(path)
    assert "낱말.yaml" in str(caught.value)


def test_a_glossary_that_is_not_there_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"없음\.yaml"):
        Glossary.read(tmp_path / "없음.yaml")


def test_the_glossary_holds_many_groups_each_in_both_scripts_or_two_spellings() -> None:
    groups = glossary().groups
    assert len(groups) > 2_000
    assert all(len({squash(spelling) for spelling in group}) > 1 or len(group) > 1 for group in groups)


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("지도 학습", "지도 학습을 씁니다", True),
        ("지도 학습", "비지도 학습을 씁니다", False),
        ("지도학습", "준지도 학습입니다", False),
        ("강화 학습", "심층강화학습을 씁니다", True),
        ("SFT", "지도 미세 조정을 거칩니다", True),
        ("MoE", "전문가 혼합 구조입니다", True),
        ("파운데이션 모델", "트랜스포머 기반 모델입니다", False),
        ("VLA", "시각-언어-행동 모델입니다", True),
        ("법률", "scaling law를 따릅니다", False),
        ("SAM", "samples를 뽑습니다", False),
    ],
)
def test_groups_meet_across_scripts_and_not_in_passing(question: str, text: str, expected: bool) -> None:
    assert names(text, question) is expected


@pytest.mark.parametrize(
    ("text", "variant", "held"),
    [
        ("다양한 국어 교재", "한국어", False),
        ("한국어와 영어", "한국어", True),
        ("한국 어문", "한국어", True),
        ("대규모 언어 모델을 씁니다", "언어모델", True),
        ("초거대언어 모델", "언어모델", True),
    ],
)
def test_the_last_syllable_of_another_word_begins_none(text: str, variant: str, held: bool) -> None:
    assert stands(text, variant) is held
