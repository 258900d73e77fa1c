"""What the words of a question name: kinds of things and inventions, names with their makers, titles of papers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from rag.answers.answer import Answer
from rag.corpus.catalogue import Catalogue
from rag.corpus.papers import Bullet, Paper
from rag.language.terms import glossary
from rag.questions.names import Lookup, with_makers
from rag.questions.shapes import is_concept, is_shaped, unknown_title
from rag.questions.spans import Span

Ask = Callable[..., Answer]


def paper(arxiv_id: str, title: str, ko: str) -> Paper:
    return Paper(arxiv_id, title, (date(2025, 1, 23),), 3, ("Ann Lee",), False, None, (Bullet(ko),), ())


@pytest.fixture
def catalogue() -> Catalogue:
    papers = [
        paper("2501.00001", "DeepSeek-R1: Reasoning by Reward", "DeepSeek-R1을 소개합니다."),
        paper("2501.00002", "Owls at Night", "부엉이를 다룹니다."),
    ]
    return Catalogue({one.arxiv_id: one for one in papers})


@pytest.mark.parametrize(
    "name", ["KV cache compression", "GUI agent", "3D generation", "diffusion model", "Korean", "베트남어"]
)
def test_a_kind_of_thing_is_no_name_though_it_has_capitals(name: str) -> None:
    assert is_concept(glossary().term(name).variants)


@pytest.mark.parametrize("name", ["Mamba", "LoRA", "GPT-4"])
def test_an_invention_is_a_name(name: str) -> None:
    assert not is_concept(glossary().term(name).variants)


def test_a_maker_and_the_name_behind_it_are_one_name_where_a_paper_is_called_so(catalogue: Catalogue) -> None:
    text = "딥시크 R1을 쓴 논문"
    spans = [Span("org", "딥시크", 0, 3, 0, 1), Span("name", "R1", 4, 6, 1, 2)]
    (joined,) = with_makers(text, spans, catalogue)
    assert (joined.role, joined.text, joined.start, joined.end) == ("name", "DeepSeek-R1", 0, 6)


def test_a_maker_of_nothing_that_is_known_stays_a_maker(catalogue: Catalogue) -> None:
    spans = [Span("org", "딥시크", 0, 3, 0, 1), Span("name", "Owls", 4, 8, 1, 2)]
    assert with_makers("딥시크 Owls를 다룬 논문", spans, catalogue) == spans


@pytest.mark.parametrize("text", ["Mamba를 다룬 논문", "Which Papers Use Mamba And LoRA?", "Large Language Model 논문"])
def test_capitals_alone_make_no_title(text: str) -> None:
    assert unknown_title(text, ()) is None


def test_a_title_ends_with_a_whole_word() -> None:
    assert unknown_title("was Owl Anything V2 accepted at all?", ()) is None


def test_a_title_inside_of_a_question_is_seen() -> None:
    found = unknown_title("Owls And The Long Night 논문을 요약해줘", ())
    assert found
    assert found.text == "Owls And The Long Night"


@pytest.mark.parametrize("word", ["AI-generated", "R1-style", "Sora-like", "text-to-3D", "4bit", "24GB", "LLMs"])
def test_what_is_made_of_a_name_is_none(word: str) -> None:
    assert not is_shaped(word)


def test_names_in_a_row_are_each_one(catalogue: Catalogue) -> None:
    found = Lookup(catalogue).of_span(Span("name", "LoRA QLoRA DoRA", 0, 15, 0, 3))
    assert [one.text for one in found] == ["LoRA", "QLoRA", "DoRA"]


@pytest.mark.parametrize("text", ["Anything", "LLMs as judges"])
def test_a_capital_alone_makes_no_name(text: str, catalogue: Catalogue) -> None:
    (found,) = Lookup(catalogue).of_span(Span("name", text, 0, len(text), 0, 3))
    assert found.kind == "topic"


def test_a_paper_that_calls_itself_by_two_names_has_both() -> None:
    pair = paper("2501.00003", "FoxMo and OwlMo: Open Weights", "여우를 봅니다.")
    plain = paper("2501.00004", "Vision and Language: A Survey", "여우를 봅니다.")
    catalogue = Catalogue({one.arxiv_id: one for one in (pair, plain)})
    assert catalogue.named("FoxMo") == catalogue.named("OwlMo") == ("2501.00003",)
    assert catalogue.named("Vision") == ()


def test_a_technical_report_is_called_by_its_model() -> None:
    assert paper("2501.00005", "Fox 3 Technical Report", "").name == "Fox 3"


def test_an_invented_name_inside_of_a_topic_is_unknown(catalogue: Catalogue) -> None:
    found = Lookup(catalogue).of_span(Span("topic", "QuantumFox-X adapter", 0, 20, 0, 2))
    assert [(one.text, one.kind) for one in found] == [("QuantumFox-X", "unknown")]


def test_a_name_that_stands_everywhere_tells_no_paper_apart() -> None:
    papers = [paper(f"2501.{n:05d}", f"Foxes {n}", "AI로 여우를 봅니다.") for n in range(30)]
    (found,) = Lookup(Catalogue({one.arxiv_id: one for one in papers})).of_span(Span("name", "AI", 0, 2, 0, 1))
    assert found.kind == "topic"


def test_a_name_in_capitals_is_not_the_same_letters_in_small_ones_and_a_series_is_its_models() -> None:
    papers = [
        paper("2501.00003", "OWLET: How Long is a Night?", "OWLET은 밤을 잽니다."),
        paper("2501.00004", "Owlet: Small Birds", "Owlet은 새를 봅니다."),
        paper("2501.00005", "The Heron 3 Herd of Models", "왜가리를 봅니다."),
        paper("2501.00006", "Stork-4 System Card", "황새를 봅니다."),
    ]
    lookup = Lookup(Catalogue({one.arxiv_id: one for one in papers}))
    assert lookup.own("OWLET") == ("2501.00003",)
    assert lookup.own("Owlet") == ("2501.00004",)
    assert lookup.own("owlet") == ("2501.00003", "2501.00004")
    assert lookup.own("Heron 3") == ("2501.00005",)
    assert lookup.own("Stork-4") == ("2501.00006",)


@pytest.mark.parametrize(
    ("question", "terms", "topics"),
    [
        ("papers that use Mamba for single-view models", ("Mamba",), ("single-view models",)),
        ("Mamba diffusion models", ("Mamba",), ("diffusion models",)),
        ("R1-style reinforcement learning", (), ("R1-style reinforcement learning",)),
        ("R1-style 강화학습 논문", (), ("R1-style 강화학습",)),
    ],
)
def test_what_stands_beside_a_name_is_a_topic_of_its_own(
    question: str, terms: tuple[str, ...], topics: tuple[str, ...], ask: Ask
) -> None:
    plan = ask(question).plan
    assert (plan.terms, plan.topics) == (terms, topics)
