"""What papers of a question have to release, told by its words."""

from __future__ import annotations

import pytest

from rag.questions.released import released_in


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("코드 공개된 비디오 생성 논문", ("open code",)), ("그중 코드 있는 것만", ("open code",)), ("깃허브 링크 있는 논문", ("open code",)),
        ("데이터 공개한 의료 논문", ("open data",)), ("가중치까지 공개한 모델", ("open weights",)), ("데모 있는 음성 합성 논문", ("demo",)),
        ("오픈소스만", ("open source",)), ("오픈소스인 것만 보여줘", ("open source",)), ("코드나 데이터 공개한 것만", ("open source",)),
        ("papers w/ code about robot manipulation", ("open code",)), ("robot papers with code", ("open code",)),
        ("only those that released code", ("open code",)), ("just the ones with code, please", ("open code",)),
        ("papers that release model weights", ("open weights",)), ("models whose weights are available", ("open weights",)),
        ("papers with code and data available", ("open source",)), ("open-source only", ("open source",)),
    ],
)  # fmt: skip
def test_what_is_to_be_released_is_read(text: str, kinds: tuple[str, ...]) -> None:
    found = released_in(text)
    assert found
    assert (found.kinds, found.lacking) == (kinds, False)


@pytest.mark.parametrize("text", ["코드 공개 안 된 논문", "코드가 없는 것", "papers without code"])
def test_what_is_not_to_be_released_is_read(text: str) -> None:
    found = released_in(text)
    assert found
    assert (found.kinds, found.lacking) == (("open code",), True)


@pytest.mark.parametrize(
    "text",
    [
        "PowerInfer 코드 공개됐어?", "코드 있는 곳 알려줘", "코드 생성 논문", "papers on code generation", "agents with code execution",
        "오픈소스 멀티모달 모델", "데이터 증강 논문", "데이터셋 공개한 의료 논문", "is the code available?", "models trained with data from the web",
    ],
)  # fmt: skip
def test_other_words_of_code_ask_for_no_release(text: str) -> None:
    assert released_in(text) is None
