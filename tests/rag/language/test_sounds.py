"""Hangul words and Latin names that sound the same are near each other, and others are not."""

from __future__ import annotations

import pytest

from rag.language.sounds import apart, hangul_sounds, keys, latin_sounds, parts_of


def distance(hangul: str, latin: str) -> float:
    said = parts_of(hangul_sounds(hangul))
    return min(apart(said, parts_of(sounds), 9.0) for sounds in latin_sounds(latin))


@pytest.mark.parametrize(
    ("hangul", "latin"),
    [
        ("맘바", "Mamba"),
        ("브리지타워", "BridgeTower"),  # a soft g, a silent e, an r at the end
        ("필름넷", "FilmNet"),  # f as ㅍ, t as ㅅ
        ("스위치헤드", "SwitchHead"),
        ("시클론", "Cyclon"),  # c soft and hard
        ("셰이프폭스", "ShapeFox"),
        ("지피티", "GPT"),
        ("브이올바", "VOlba"),  # one letter read by its name
        ("알원", "R1"),
        ("올벳 삼", "Olbet 3"),
        ("올벳 쓰리", "Olbet 3"),
        ("올벳 3", "Olbet 3"),
        ("퀀텀", "Quantum"),
        ("비전", "Vision"),
        ("폰텍스", "PhonTex"),
    ],
)
def test_a_name_is_near_to_how_it_is_said(hangul: str, latin: str) -> None:
    assert distance(hangul, latin) < 0.5


@pytest.mark.parametrize(
    ("hangul", "latin"),
    [("맘바", "Samba"), ("고양이", "Mamba"), ("올벳 사", "Olbet 3"), ("올벳", "Olbet 3"), ("스위치헤드", "SwitchNet"), ("가나다", "Banana")],
)  # fmt: skip
def test_another_name_is_far(hangul: str, latin: str) -> None:
    assert distance(hangul, latin) > 0.6


def test_vowels_are_cheap_and_consonants_dear() -> None:
    vowel, consonant = distance("멈바", "Mamba"), distance("맘사", "Mamba")
    assert 0 < vowel < 0.2 < consonant


def test_near_sequences_share_a_key() -> None:
    for hangul, latin in (
        ("브리지타워", "BridgeTower"),
        ("카르멘", "Carmen"),
        ("카멘", "Carmen"),
        ("딥시크", "DeepSeek"),
    ):
        wanted = {key for sounds in latin_sounds(latin) for key in keys(sounds)}
        assert set(keys(hangul_sounds(hangul))) & wanted, latin


@pytest.mark.parametrize("name", ["", "---", "é", "X" * 500, "1.2.3", "漢字"])
def test_any_text_has_readings_or_none(name: str) -> None:
    assert all(isinstance(sounds, str) for sounds in latin_sounds(name))
    assert hangul_sounds(name) == "" or name[0].isdecimal()
