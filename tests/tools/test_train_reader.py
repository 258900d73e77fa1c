"""Training samples of the reader: what fills a template stands in it as people write it, and its labels fall on its words."""

from __future__ import annotations

import random
from dataclasses import dataclass

import pytest

from rag.questions.labels import KINDS, ROLES
from tools.train_reader.fillers import _with
from tools.train_reader.samples import Sample, Sampler, _particled, reasons
from tools.train_reader.templates import SLOTS, Template, expand, parse, read_templates

_ROLE_OF = {"statement": "description", "doing": "topic", "thing": "topic"}


@dataclass
class _Always:
    """Fills every slot with the same words."""

    words: str

    def draw(self, slot: str, language: str) -> str:
        return self.words


def sample(text: str, words: str, language: str = "ko") -> Sample:
    template = Template(language, "list", {}, text)
    sampler = Sampler([template], _Always(words), random.Random(1))  # type: ignore[arg-type]
    samples = (sampler.of(template)[0] for _ in range(200))
    return next(one for one in samples if words in one.text)


@pytest.mark.parametrize(
    ("filling", "following", "particle"),
    [
        ("Mamba", "을 다룬 논문", "를"),
        ("양자화", "을 다룬 논문", "를"),
        ("환각", "를 줄이는", "을"),
        ("LLM", "이랑 비교", "이랑"),
        ("LoRA", "이랑 비교", "랑"),
        ("강화학습", "으로 학습한", "으로"),
        ("파이썬", "로 짠", "으로"),
        ("드롭아웃", "은?", "은"),
        ("모델", "으로 만든", "로"),
    ],
)
def test_a_particle_takes_the_form_that_fits_the_filling(filling: str, following: str, particle: str) -> None:
    found, replaced = _particled(filling, following)
    assert found == particle
    assert following[replaced:].startswith((" ", "?"))


def test_the_object_of_a_verb_is_written_once() -> None:
    assert _with("확산 모델", "을") == "확산 모델을"
    assert _with("데이터", "를") == "데이터를"
    assert _with("데이터", "") == "데이터"


def test_a_filling_stands_once_in_its_sample_and_carries_its_role() -> None:
    found = sample("{topic}을 다룬 논문 있어?", "음성 인식")
    assert found.text.count("음성 인식") == 1
    tagged = [
        token.text for token, role in zip(found.tokens, found.roles, strict=True) if role in ("B:topic", "I:topic")
    ]
    assert tagged[0] == "음성"
    assert tagged[1].startswith("인식")


def test_what_papers_do_is_a_topic() -> None:
    found = sample("which papers {doing}[?]", "edit long videos", "en")
    roles = [role for token, role in zip(found.tokens, found.roles, strict=True) if token.text in ("edit", "videos")]
    assert roles == ["B:topic", "I:topic"]


def test_marked_words_are_a_topic_as_they_stand() -> None:
    found = Sampler([Template("ko", "list", {}, "")], _Always(""), random.Random(1)).of(  # type: ignore[arg-type]
        Template("ko", "list", {}, "<topic (트랜스포머|딥러닝)>으로 맞힌 논문")
    )[0]
    tagged = [token.text for token, role in zip(found.tokens, found.roles, strict=True) if role == "B:topic"]
    assert len(tagged) == 1
    assert tagged[0].startswith(("트랜스포머", "딥러닝"))


@pytest.mark.parametrize(
    ("text", "words", "language", "marked"),
    [
        ("<topic {thing}을 줄이는> 시도 있었나", "데이터", "ko", "데이터를 줄이는"),
        ("<topic {thing}을 줄이는> 시도 있었나", "환각", "ko", "환각을 줄이는"),
        ("why does <topic {thing} hurt {thing}>[?]", "snow maps", "en", "snow maps hurt snow maps"),
    ],
)
def test_slots_among_marked_words_are_filled_and_belong_to_them(
    text: str, words: str, language: str, marked: str
) -> None:
    template = Template(language, "list", {}, text)
    sampler = Sampler([template], _Always(words), random.Random(1))  # type: ignore[arg-type]
    found = next(one for one in (sampler.of(template)[0] for _ in range(200)) if f"{marked} " in f"{one.text} ")
    tagged = [token for token, role in zip(found.tokens, found.roles, strict=True) if role in ("B:topic", "I:topic")]
    assert found.text[tagged[0].start : tagged[-1].end] == marked


def test_a_bracket_that_is_typed_stands_in_the_sample() -> None:
    assert "눈 지도 (예: 눈 지도) 논문" in sample(r"{topic} \(예: {topic}\) 논문", "눈 지도").text


@pytest.mark.parametrize("language", ["ko", "en"])
def test_who_asks_and_what_for_is_wording_around_any_question(language: str) -> None:
    template = Template(language, "list", {}, "{topic}")
    sampler = Sampler([template], _Always("snow"), random.Random(1))  # type: ignore[arg-type]
    samples = [sampler.of(template)[0] for _ in range(200)]
    named = {
        token.text.lower()
        for one in samples
        for token, role in zip(one.tokens, one.roles, strict=True)
        if role != "wording"
    }
    assert all(word.startswith(("s", "n")) and len(word) < 9 for word in named)  # slips of the finger among them
    assert sum(" snow" in one.text.lower() for one in samples) > 30


def test_every_line_of_reasons_can_be_said() -> None:
    for place in ("before", "behind"):
        for language in ("ko", "en"):
            for line in reasons(place, language):
                assert expand(parse(line), random.Random(1)), line


def test_every_slot_is_a_role_and_every_kind_has_wordings_in_both_languages() -> None:
    assert {_ROLE_OF.get(slot, slot) for slot in SLOTS} == set(ROLES) - {"ref"}
    templates = read_templates()
    for language in ("ko", "en"):
        kinds = {template.kind for template in templates if template.language == language}
        assert kinds - {"person", "multi"} == set(KINDS)
