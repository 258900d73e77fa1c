"""Any LlamaIndex LLM in place of a server: it reads and writes, and its own faults end in the offline answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rag.answers.llm import LlmEngine
from rag.errors import ModelError, SettingsError
from rag.models import structured
from rag.models.chat import own_model
from rag.pipeline import Pipeline
from rag.settings import read_settings
from tests.rag.conftest import AS_OF

SECRET = "sk-TEST-own-model-44"
PLAN = json.dumps({"plans": [{"kind": "fact", "names": ["PowerInfer"], "aspect": "speed"}]})
QUESTION = "PowerInfer는 4090에서 얼마나 빨라?"


@pytest.fixture(autouse=True)
def _nothing_known() -> Iterator[None]:
    structured.forget()
    yield
    structured.forget()


def with_own(store: Path, spec: str = "tests.doubles:Parrot", arguments: Any = None, **more: str) -> Pipeline:
    given = arguments if isinstance(arguments, str) else json.dumps(arguments or {})
    environment = {"HOME": str(store.parent), "NONMUN_LLM": spec, "NONMUN_LLM_ARGS": given, **more}
    return Pipeline(read_settings({"store": str(store)}, environment, store.parent / "no.env"))


def test_it_reads_questions_from_the_schema_in_words(seeds_store: Path) -> None:
    own = with_own(seeds_store, arguments={"says": f"Sure:\n{PLAN}"}, NONMUN_READER="llm", NONMUN_READER_DEADLINE="60")
    found = own.read(QUESTION, (), AS_OF)
    assert found is not None
    assert (found.by_model, found.reading.plan.papers, found.reading.aspect) == (True, ("2312.12456",), "speed")


def test_it_writes_answers_that_pass_the_same_checks(seeds_store: Path) -> None:
    said = "PowerInfer는 RTX 4090에서 초당 평균 13.20개의 토큰을 만듭니다. [1] 초당 99개라는 말도 있습니다. [1]"
    own = with_own(seeds_store, arguments={"says": said}, NONMUN_READER="offline")
    answer = own.ask(QUESTION, (), AS_OF)
    assert answer.text == "PowerInfer는 RTX 4090에서 초당 평균 13.20개의 토큰을 만듭니다. [1]"
    assert answer.engine == "llm:Parrot"
    assert answer.usage is not None
    assert (answer.usage.model, answer.usage.usd) == ("Parrot", None)


def test_what_it_raises_ends_in_the_offline_answer_and_says_nothing_of_its_own(seeds_store: Path) -> None:
    own = with_own(
        seeds_store, arguments={"fails": True, "secret": SECRET}, NONMUN_READER="llm", NONMUN_READER_DEADLINE="60"
    )
    answer = own.ask(QUESTION, (), AS_OF)
    assert (answer.reader, answer.engine, answer.status) == ("offline", "offline", "answered")
    assert len(answer.notices) == 2  # neither read nor written
    assert SECRET not in repr(answer) + repr(own.settings) + str(vars(own))
    with pytest.raises(ModelError, match="Parrot gave no answer") as caught:
        LlmEngine(own.settings).complete("system", "user")
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("spec", "arguments", "wrong"),
    [
        ("tests.doubles:Nobody", {}, "“tests.doubles:Nobody”, which cannot be made: AttributeError"),
        ("no.such.module:Model", {}, "ModuleNotFoundError"),
        ("tests.doubles:NotAnEmbedding", {}, "a NotAnEmbedding, not a LlamaIndex LLM"),
        ("tests.doubles:Parrot", "[1]", "NONMUN_LLM_ARGS must be a JSON object"),
        ("tests.doubles:Parrot", '{"says": ', "NONMUN_LLM_ARGS must be a JSON object"),
        ("tests.doubles:Parrot", {"fails": SECRET}, "which cannot be made: ValidationError"),
    ],
)
def test_one_that_cannot_be_made_is_an_error_with_the_next_step(
    seeds_store: Path, spec: str, arguments: Any, wrong: str
) -> None:
    with pytest.raises(SettingsError, match="NONMUN_LLM") as caught:
        own_model(with_own(seeds_store, spec, arguments).settings)
    assert wrong in str(caught.value)
    assert SECRET not in str(caught.value)
