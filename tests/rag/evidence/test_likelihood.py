"""From which probability on papers are about a topic: of all papers one limit, whatever days are asked for."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from rag.evidence.belonging import CUT
from rag.evidence.likelihood import cut_for
from rag.questions.plan import Plan

SHARES = np.array([0.9, 0.8, 0.7, 0.4, 0.3, 0.25, 0.02], dtype=np.float32)


@pytest.fixture
def retriever() -> Any:
    def measured(topic: str) -> np.ndarray[Any, np.dtype[np.float32]]:
        return SHARES

    memberships = SimpleNamespace(is_narrow=lambda topic: topic == "sign language")
    return SimpleNamespace(
        membership=measured, belonging=measured, catalogue=range(len(SHARES)), memberships=memberships
    )


def only(*rows: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
    return np.isin(np.arange(len(SHARES)), rows)


def test_papers_of_some_days_are_cut_where_all_papers_are(retriever: Any) -> None:
    plan = Plan("list", topics=("RLHF",))
    whole = cut_for(plan, retriever, only(*range(7)))
    assert whole == pytest.approx(0.4)
    assert cut_for(plan, retriever, only(2, 3, 4)) == whole


def test_where_no_paper_comes_up_to_that_the_likeliest_are_taken(retriever: Any) -> None:
    assert cut_for(Plan("list", topics=("RLHF",)), retriever, only(4, 5)) == pytest.approx(0.25)


def test_papers_that_a_name_has_chosen_are_cut_among_themselves(retriever: Any) -> None:
    assert cut_for(Plan("list", terms=("Mamba",), topics=("RLHF",)), retriever, only(4, 5)) == pytest.approx(0.25)


def test_a_narrow_topic_is_cut_no_lower_than_any_set(retriever: Any) -> None:
    wide, narrow = Plan("list", topics=("RLHF",)), Plan("list", topics=("sign language",))
    few = only(4, 5, 6)
    assert cut_for(narrow, retriever, few) == max(CUT, cut_for(wide, retriever, few))
    assert cut_for(replace(narrow, terms=("Mamba",)), retriever, only(6)) >= CUT
