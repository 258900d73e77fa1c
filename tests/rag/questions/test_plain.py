"""A question in normal form, and what becomes of its brackets, quotes and asides; over the sample digests, by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag.answers.answer import Answer
from rag.language.text import question_language
from rag.questions.plain import plain

Ask = Callable[..., Answer]


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("가상 피팅 논문 좀 알려 주세요. 쇼핑몰 개발자입니다", "가상 피팅 논문 좀 알려 주세요."),
        ("papers on try-on. I'm a web developer", "papers on try-on."),
        ("추측 디코딩 처음 듣는데 중학생도 알아듣게 설명해줘", "추측 디코딩 설명해줘"),
        ("Phi-3 논문 핵심만 세 줄로 요약해줘", "Phi-3 논문 요약해줘"),
        ("other games than Minecraft", "games other than Minecraft"),
        ("전문가 혼합(MoE) 논문", "전문가 혼합 논문"),
        ("환각 논문 (RAG 말고)", "환각 논문 (RAG 말고)"),
        ("의료 영상 ㄴㄴ 의료 텍스트 논문", "의료 영상 말고 의료 텍스트 논문"),
        ("try-on papers for my e-commerce team", "try-on papers"),
        ("one paper on protein design for someone with no bio background", "one paper on protein design"),
        ("teaching assistants for students", "teaching assistants for students"),
        ("explain KV caching like im five", "explain KV caching like I'm five"),
        ("whats LoRA", "what's LoRA"),
    ],
)
def test_asides_go_and_remarks_stay(question: str, left: str) -> None:
    assert plain(question) == left


@pytest.mark.parametrize(
    ("question", "topics", "left_out"),
    [
        ("확산 모델 논문 (가능하면 비디오 말고)", ("확산 모델",), ("비디오",)),
        ("확산 모델 논문 (가능하면 비디오 안쓰는걸로)", ("확산 모델",), ("비디오",)),
        ("papers on diffusion (not about video)", ("diffusion",), ("video",)),
    ],
)
def test_what_a_bracket_excludes_is_excluded(
    question: str, topics: tuple[str, ...], left_out: tuple[str, ...], ask: Ask
) -> None:
    plan = ask(question).plan
    assert (plan.topics, plan.not_topics) == (topics, left_out)


@pytest.mark.parametrize(
    ("question", "language", "said"),
    [
        ('"Attention is all you need" 여기 있어?', "ko", "아니요, ‘Attention is all you need’"),
        ('Is "Large Models Cannot Plan Alone" in here?', "en", "“Large Models Cannot Plan Alone”"),
    ],
)
def test_a_quoted_title_is_looked_for_whole(question: str, language: str, said: str, ask: Ask) -> None:
    answer = ask(question)
    assert question_language(question) == answer.language == language
    assert said in answer.text
    assert answer.papers == ()


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("CVPR 2025 best papers", "field_not_in_digest"),
        ("NeurIPS 2024 베스트 페이퍼는?", "field_not_in_digest"),
        ("what is the h-index of Albert Gu?", "field_not_in_digest"),
        ("된장찌개 레시피 알려줘", "out_of_scope"),
    ],
)
def test_what_digests_do_not_keep_is_said_to_be_missing(question: str, reason: str, ask: Ask) -> None:
    assert ask(question).reason == reason


def test_what_is_like_an_excluded_thing_is_excluded_by_its_name(ask: Ask) -> None:
    assert ask("비디오 같은 거 말고 확산 모델 논문").plan.not_topics == ("비디오",)


@pytest.mark.parametrize(
    ("question", "normal"),
    [
        ("Vote 0인 논문 몇 편?", "0표인 논문 몇 편?"),
        ("투표가 0개인 논문", "0표인 논문"),
        ("models without any training", "models training-free"),
        ("models without training data", "models without training data"),
        ("small models, not quantization papers please", "small models excluding quantization papers"),
        ("anything on RAG, and if so who wrote it?", "anything on RAG? who wrote it?"),
    ],
)
def test_turns_of_phrase_are_said_plainly(question: str, normal: str) -> None:
    assert plain(question) == normal


@pytest.mark.parametrize(
    ("question", "normal"),
    [
        ("papers on maps from Oct 2024 on", "papers on maps since Oct 2024"),
        ("papers from 2024 on diffusion", "papers from 2024 on diffusion"),
        ("drop the ones before July 2024", "only since July 2024"),
        ("2024년 3월 이전 거 빼줘", "2024년 3월 이후만"),
        ("segmentation w/ SAM", "segmentation with SAM"),
        ("does the corpus have anything on tables?", "does the digests have anything on tables?"),
        ("build the corpus of maps", "build the corpus of maps"),
    ],
)
def test_days_and_short_forms_are_said_plainly(question: str, normal: str) -> None:
    assert plain(question) == normal
