"""What a call of the HTTP API may hold, and what it is told otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from web.api_requests import CallRefusedError, Signature


def ask(question: str, history: list[str] | None = None, top_k: int = 10) -> None:
    """Stand in for a function that programs call."""


def refusal_of(values: Any) -> str:
    signature = Signature(ask)
    with pytest.raises(CallRefusedError) as refused:
        signature.check(values) if isinstance(values, dict) else signature.check_list(values)
    assert refused.value.status == 422
    return str(refused.value)


def test_missing_values_get_their_defaults_and_numbers_in_quotes_are_numbers() -> None:
    signature = Signature(ask)
    assert signature.check({"question": "맘바?"}) == {"question": "맘바?", "history": None, "top_k": 10}
    assert signature.check_list(["맘바?", ["안녕"], "5"]) == ["맘바?", ["안녕"], 5]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"question": 5}, "ask cannot take this value for question: input should be a valid string."),
        ({"question": None}, "ask cannot take this value for question"),
        ({"question": "맘바?", "history": [1, 2]}, "ask cannot take this value for history"),
        (
            {"question": "맘바?", "top_k": None},
            "ask cannot take this value for top_k: input should be a valid integer.",
        ),
        ({}, "ask needs a value for question."),
        ({"question": "맘바?", "topk": 3}, "ask has no parameter “topk”. It has question, history, top_k."),
        ([5], "ask cannot take this value for question"),
        (["맘바?", None, 1, 2], "a list of at most 3 values (question, history, top_k)"),
        ("맘바?", "a list of at most 3 values"),
        (None, "a list of at most 3 values"),
    ],
)
def test_a_wrong_value_is_named_in_a_sentence(values: Any, said: str) -> None:
    assert said in refusal_of(values)
