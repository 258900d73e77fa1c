"""Titles as they are read: LaTeX of digests as letters."""

from __future__ import annotations

import pytest

from rag.answers.answer import plain_title


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("X^{2}-Gaussian: 4D Splatting", "X²-Gaussian: 4D Splatting"),
        ("360^circ Horizons", "360° Horizons"),
        ("D^2iT: Dynamic Diffusion", "D²iT: Dynamic Diffusion"),
        (r"$\nabla^2$DFT와 $L_2$ 노름", "∇²DFT와 L₂ 노름"),
        (r"$\sim$20 Seconds of $n$-grams", "~20 Seconds of n-grams"),
        (r"$\textbf{Only-IF}$: \textsc{AIEV}", "Only-IF: AIEV"),
        ("A Model in $200k", "A Model in $200k"),
        ("from $5 to $10 now", "from $5 to $10 now"),
        ("A Visual Index (V_AI) of a\\b", "A Visual Index (V_AI) of a\\b"),
    ],
)
def test_latex_of_a_title_is_shown_as_letters_and_money_as_money(title: str, shown: str) -> None:
    assert plain_title(title) == shown
