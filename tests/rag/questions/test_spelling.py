"""A question typed without blanks asks what the same question asks with them."""

from __future__ import annotations

from datetime import date

import pytest

from rag.corpus.catalogue import Catalogue
from rag.questions.reader import understand
from rag.questions.spelling import respaced


@pytest.mark.parametrize(
    ("glued", "spaced"),
    [
        ("작년6월에나온디퓨전논문은몇개야", "작년 6월에 나온 디퓨전 논문은 몇 개야"),
        ("맘바를사용한논문알려줘", "맘바를 사용한 논문 알려줘"),
        ("2024년3월에표가가장많은논문세편", "2024년 3월에 표가 가장 많은 논문 세 편"),
        ("Mamba도Transformer도쓰지않은논문은몇편?", "Mamba도 Transformer도 쓰지 않은 논문은 몇 편?"),
        ("로라와맘바를비교해줘", "로라와 맘바를 비교해 줘"),
        ("AlbertGu가쓴논문은?", "Albert Gu가 쓴 논문은?"),
        ("papers by AlbertGu", "papers by Albert Gu"),
        ("2024년유월십일일논문", "2024년 6월 11일 논문"),
    ],
)
def test_lost_blanks_lose_no_meaning(glued: str, spaced: str, catalogue: Catalogue) -> None:
    as_of = date(2025, 6, 1)
    assert understand(glued, catalogue, as_of).plan == understand(spaced, catalogue, as_of).plan


def test_words_that_are_whole_stay_as_they_stand(catalogue: Catalogue) -> None:
    for question in ("Mamba를 사용한 논문은?", "강화학습 논문 몇 편", "스케치를 다룬 연구"):
        assert respaced(question, catalogue) == question
