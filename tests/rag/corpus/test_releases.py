"""What summaries say of code, weights, data and demos that a paper releases."""

from __future__ import annotations

from datetime import date

import pytest

from rag.corpus.papers import Bullet, Paper
from rag.corpus.releases import releases


def paper_saying(text: str) -> Paper:
    """Return a paper with a summary of one bullet, in the language of its letters."""
    korean = any("가" <= letter <= "힣" for letter in text)
    said = ((Bullet(text),), ()) if korean else ((), (Bullet(text),))
    return Paper("2403.00001", "Thing", (date(2024, 3, 1),), 3, ("Ada Kim",), False, None, *said)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("코드는 https://github.com/lab/thing 에서 확인할 수 있습니다.", "open code"),
        ("저자들은 모델 가중치와 코드를 공개했습니다.", "open code"), ("저자들은 모델 가중치와 코드를 공개했습니다.", "open weights"),
        ("또한 새로운 데이터셋을 공개합니다.", "open data"), ("데모는 https://example.org 에서 볼 수 있습니다.", "demo"),
        ("The code is publicly available.", "open code"), ("We release our models and data.", "open weights"), ("We release our models and data.", "open data"),
    ],
)  # fmt: skip
def test_what_is_released_is_told(text: str, kind: str) -> None:
    assert releases(paper_saying(text), kind)
    assert kind == "demo" or releases(paper_saying(text), "open source")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("GPT-4는 코드와 가중치가 공개되지 않았습니다.", "open code"), ("오픈 소스 모델보다 성능이 높습니다.", "open weights"),
        ("공개 데이터로 모델을 훈련했습니다.", "open data"), ("코드 생성 성능이 좋아졌습니다.", "open code"),
        ("프로젝트 페이지는 https://thing.github.io 입니다.", "open code"), ("It outperforms open models on code.", "open code"),
        ("The method is trained on publicly available data.", "open data"),
    ],
)  # fmt: skip
def test_what_others_release_is_not(text: str, kind: str) -> None:
    assert not releases(paper_saying(text), kind)
