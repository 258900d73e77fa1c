"""Particles, languages and normal form. The readings below are those of Korean speakers, written down by hand."""

from __future__ import annotations

import unicodedata
from typing import get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.language.text import Particle, clean, josa, josa_or, one_line, question_language, summary_language

# --- Particles -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "particle", "expected"),
    [
        # Hangul: with a final, without one, and with ㄹ, which takes 로
        ("논문", "은/는", "논문은"),
        ("논문", "으로/로", "논문으로"),
        ("코드", "은/는", "코드는"),
        ("코드", "으로/로", "코드로"),
        ("모델", "을/를", "모델을"),
        ("모델", "으로/로", "모델로"),
        ("픽셀", "으로/로", "픽셀로"),
        ("토큰", "으로/로", "토큰으로"),
        ("학습", "이/가", "학습이"),
        ("트랜스포머", "과/와", "트랜스포머와"),
        ("디퓨전", "과/와", "디퓨전과"),
        ("맘바", "이/가", "맘바가"),
        ("어텐션", "이라는/라는", "어텐션이라는"),
        ("라마", "이라는/라는", "라마라는"),
        ("스타일", "이라는/라는", "스타일이라는"),
        # letter by letter: 엘엘엠, 지알피오, 에스디엑스엘, 오씨알
        ("LLM", "이/가", "LLM이"),
        ("LLM", "으로/로", "LLM으로"),
        ("MLLM", "을/를", "MLLM을"),
        ("VLM", "과/와", "VLM과"),
        ("GRPO", "을/를", "GRPO를"),
        ("DPO", "이라는/라는", "DPO라는"),
        ("SSM", "은/는", "SSM은"),
        ("RLHF", "으로/로", "RLHF로"),
        ("SDXL", "은/는", "SDXL은"),
        ("SDXL", "으로/로", "SDXL로"),
        ("CNN", "과/와", "CNN과"),
        ("TTS", "은/는", "TTS는"),
        ("OCR", "은/는", "OCR은"),
        ("OCR", "으로/로", "OCR로"),
        ("API", "이/가", "API가"),
        ("SQL", "으로/로", "SQL로"),
        ("HTML", "을/를", "HTML을"),
        ("GPT", "은/는", "GPT는"),
        # acronyms said as a word: 칸, 클립, 버트, 래그, 로라, 너프, 간
        ("KAN", "은/는", "KAN은"),
        ("CLIP", "을/를", "CLIP을"),
        ("BERT", "은/는", "BERT는"),
        ("RAG", "을/를", "RAG를"),
        ("LoRA", "과/와", "LoRA와"),
        ("NeRF", "으로/로", "NeRF로"),
        ("GAN", "이/가", "GAN이"),
        ("ViT", "이/가", "ViT가"),
        ("MoE", "은/는", "MoE는"),
        # words: 맘바, 스케일, 구글, 트랜스포머, 컨트롤넷, 이미지넷, 디퓨전, 어텐션, 모델, 에이전트, 프롬프트,
        # 파이프라인, 스택, 깃허브, 페이스북, 노트북, 프로토타입, 서킷, 오픈에이아이, 딥시크, 큐원, 제미나이
        ("Mamba", "을/를", "Mamba를"),
        ("Scale", "을/를", "Scale을"),
        ("Scale", "으로/로", "Scale로"),
        ("Google", "이/가", "Google이"),
        ("Transformer", "은/는", "Transformer는"),
        ("ControlNet", "은/는", "ControlNet은"),
        ("ControlNet", "으로/로", "ControlNet으로"),
        ("ImageNet", "과/와", "ImageNet과"),
        ("Diffusion", "으로/로", "Diffusion으로"),
        ("Flash Attention", "이라는/라는", "Flash Attention이라는"),
        ("Model", "으로/로", "Model로"),
        ("Agent", "이/가", "Agent가"),
        ("Prompt", "을/를", "Prompt를"),
        ("Pipeline", "은/는", "Pipeline은"),
        ("The Stack", "이/가", "The Stack이"),
        ("GitHub", "으로/로", "GitHub로"),
        ("Facebook", "은/는", "Facebook은"),
        ("Notebook", "으로/로", "Notebook으로"),
        ("Prototype", "을/를", "Prototype을"),
        ("Circuit", "이/가", "Circuit이"),
        ("OpenAI", "은/는", "OpenAI는"),
        ("DeepSeek", "을/를", "DeepSeek를"),
        ("Qwen", "으로/로", "Qwen으로"),
        ("Gemini", "과/와", "Gemini와"),
        # names with numbers that end alike in both readings: 포/사, 투/이, 파이브/오
        ("GPT-4", "을/를", "GPT-4를"),
        ("Llama 2", "은/는", "Llama 2는"),
        ("GPT-3.5", "으로/로", "GPT-3.5로"),
        ("T5", "이/가", "T5가"),
        ("7B", "을/를", "7B를"),
        # numbers: 영 일 이 삼 사 오 육 칠 팔 구 십 백 천
        ("0", "은/는", "0은"),
        ("1", "으로/로", "1로"),
        ("2", "은/는", "2는"),
        ("3", "으로/로", "3으로"),
        ("4", "과/와", "4와"),
        ("5", "이/가", "5가"),
        ("6", "으로/로", "6으로"),
        ("7", "으로/로", "7로"),
        ("8", "을/를", "8을"),
        ("8", "으로/로", "8로"),
        ("9", "을/를", "9를"),
        ("10", "으로/로", "10으로"),
        ("100", "은/는", "100은"),
        ("1,000", "을/를", "1,000을"),
        ("20000", "이/가", "20000이"),
        ("92.4", "으로/로", "92.4로"),
        ("30%", "을/를", "30%를"),
        # what stands around a word is not read
        ("맘바(Mamba)", "은/는", "맘바(Mamba)는"),
        ("KAN (Kolmogorov-Arnold)", "을/를", "KAN (Kolmogorov-Arnold)을"),
        ("“논문”", "은/는", "“논문”은"),
        ("'Mamba'", "이/가", "'Mamba'가"),
    ],
)
def test_a_particle_fits_the_korean_reading_of_its_word(word: str, particle: Particle, expected: str) -> None:
    assert josa(word, particle) == expected


@pytest.mark.parametrize(
    "word",
    ["", " ", "…", "→", "曼巴", "マンバ", "()", "Llama-3", "LLaMA3", "Phi-1", "Yi-6", "SAM 9", "CIFAR", "Zorb"],
)
def test_a_word_nobody_can_read_for_sure_takes_no_particle(word: str) -> None:
    assert josa(word, "은/는") is None
    assert josa_or(word, "은/는", "의 경우") == word + "의 경우"


def test_josa_or_takes_the_particle_where_it_can() -> None:
    assert josa_or("맘바", "을/를", " 논문을") == "맘바를"
    assert josa_or("Llama-3", "을/를", " 논문을") == "Llama-3 논문을"


@given(st.text(), st.sampled_from(get_args(Particle)))
@example("(" * 5_000, "은/는")
@example("가" + " " * 5_000, "은/는")
@example("a" * 5_000 + "中", "으로/로")
def test_a_particle_never_raises_and_keeps_the_word(word: str, particle: Particle) -> None:
    said = josa(word, particle)
    assert said is None or said in [word + form for form in particle.split("/")]


@given(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3))
def test_a_hangul_syllable_takes_the_particle_of_its_last_letter(syllable: str) -> None:
    letters = unicodedata.normalize("NFD", syllable)
    closed, rieul = len(letters) == 3, letters[-1] == "\u11af"
    assert josa(syllable, "을/를") == syllable + ("을" if closed else "를")
    assert josa(syllable, "으로/로") == syllable + ("으로" if closed and not rieul else "로")


# --- Languages -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Mamba를 사용한 논문은?", "ko"),
        ("맘바 쓴 논문", "ko"),
        ("지난달 3D 재구성 논문 중 표가 가장 많은 건?", "ko"),
        ("Dahua Lin이 쓴 논문을 모두 보여줘", "ko"),
        ("그중 2024년 것만", "ko"),
        ("PowerInfer는 4090에서 얼마나 빠른가요?", "ko"),
        ("LLM 논문 몇 편?", "ko"),
        ("2024년 6월 11일 논문 요약해줘", "ko"),
        ("강화학습", "ko"),
        ("GPT-4V와 Gemini를 비교해줘", "ko"),
        ("Direct Preference Optimization을 쓰는 논문은?", "ko"),
        ("Stable Diffusion 기반 video editing 논문 알려줘", "ko"),
        ("Chain of Thought를 다룬 논문은?", "ko"),
        ("Mixture of Experts 모델을 제안한 논문은 몇 편인가요?", "ko"),
        ("'A Survey on Large Language Models' 논문은 무슨 내용인가요?", "ko"),
        ("Attention Is All You Need 같은 논문이 있나요?", "ko"),
        ("Yann LeCun의 논문", "ko"),
        ("LoRA랑 QLoRA 차이가 뭐야", "ko"),
        ("vote가 제일 많은 paper는?", "ko"),
        ("RAG 말고 다른 건?", "ko"),
        ("ㅋㅋ 논문 ㄱㄱ", "ko"),
        ("Which papers used Mamba?", "en"),
        ("which papers used 맘바?", "en"),
        ("papers about 강화 학습 please", "en"),
        ("How fast is PowerInfer on a 4090?", "en"),
        ("Which papers did Dahua Lin co-author?", "en"),
        ("show me the papers on 확산 모델", "en"),
        ("What is 상태 공간 모델 used for?", "en"),
        ("How many papers mention 대규모 언어 모델?", "en"),
        ("Is there a paper by 김민수?", "en"),
        ("List all papers of 2024-06-11", "en"),
        ("top 3 by votes", "en"),
        ("only those from 2024", "en"),
        ("Compare 맘바 and 트랜스포머", "en"),
        ("Summarize the digest of June 11", "en"),
        ("Mamba?", "en"),
        ("LLM", "en"),
        ("3D reconstruction", "en"),
        ("Who wrote 'Gamba'?", "en"),
        ("", "en"),
        ("?!", "en"),
        ("Tell me about 한국어 benchmarks", "en"),
    ],
)
def test_a_mixed_question_is_in_the_language_of_its_grammar(question: str, language: str) -> None:
    assert question_language(question) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("이 논문은 맘바를 사용합니다.", "ko"),
        ("LLaVA-NeXT는 GPT-4V, Gemini Pro, Qwen-VL-Max와 견줄 만합니다.", "ko"),
        ("The model uses Mamba.", "en"),
        ("The title 맘바 is quoted once in this long English sentence about state space models.", "en"),
        ("ㄱㄴㄷ", "ko"),
        ("3.5 %, 2024 → ?", None),
        ("", None),
    ],
)
def test_a_summary_is_korean_where_a_good_part_of_its_letters_is(text: str, language: str | None) -> None:
    assert summary_language(text) == language


# --- Normal form -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (unicodedata.normalize("NFD", "맘바를 썼습니다. Guédon"), "맘바를 썼습니다. Guédon"),
        ("맘\u200b바\u200c를\u200d 쓴\ufeff 논문", "맘바를 쓴 논문"),
        ("\u1106\u200b\u1161\u11b7\u200b바는", "맘바는"),
        ("논문\u202e은\u202c \u2066좋다\u2069\u061c", "논문은 좋다"),
        ("논문\x00은\x1b[31m \x07좋다\x7f\x85", "논문은[31m 좋다"),
        ("논문\U000e0041\U000e007f의\uffff \ufdd0제목\ud800", "논문의 제목"),
        ("소프트\u00ad하이픈은", "소프트하이픈은"),
        ("  맘바\t\u00a0\u3000\u2028는   빠르다 ", "맘바 는 빠르다"),
        ("첫 줄은\r\n둘째 줄은\r셋째 줄은\n", "첫 줄은\n둘째 줄은\n셋째 줄은"),
        ("α는 0.5 ≤ x², 👍🏽 “따옴표”는 ㄱ", "α는 0.5 ≤ x², 👍🏽 “따옴표”는 ㄱ"),
        ("", ""),
    ],
)
def test_clean_text_is_composed_visible_and_evenly_spaced(text: str, expected: str) -> None:
    assert clean(text) == expected


_TROUBLE = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("\u1106\u1161\u11b7\u200b\u0301\u0323e\r\n\t \u00a0\ufeff\u202e가각\ud800\uffff\u2126\u212b"),
    )
)


@given(_TROUBLE)
@example("e\u200b\u0301")
@example("\r\x00\n")
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert once.strip() == once
    assert "\r" not in once


def test_one_line_folds_newlines_and_cuts_with_an_ellipsis() -> None:
    assert one_line("맘바를\n\n 쓴\t논문") == "맘바를 쓴 논문"
    assert one_line("가나다라마바사", 5) == "가나다라…"
    assert one_line("가나다라마", 5) == "가나다라마"
