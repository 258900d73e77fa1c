"""The wording of the offline engine by language: both classes say the same things."""

from __future__ import annotations

from collections.abc import Mapping

from rag.answers.english import English
from rag.answers.korean import Korean

Wording = Korean | English
WORDING: Mapping[str, Wording] = {"ko": Korean(), "en": English()}
