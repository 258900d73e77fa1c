"""The model as reader: one call that turns a question into plans, which code checks and looks up; every failure is the offline reading.

What a model sees is the question, the earlier questions with their plans, today's date and the glossary; nothing of any digest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from rag.models.shapes import Ask, Shape, Spent
from rag.questions.drafted import Asked, reading_of
from rag.questions.plan_prompt import BUDGET, SYSTEM, draft_of, size, user_message
from rag.questions.plan_schema import PLANS, Draft, drafts_of
from rag.questions.reading import Reading, Turn
from vectorstore.errors import OpenAIFault

UNSURE = 0.75
"""The confidence of the offline reader below which a model is asked (docs/experiments.md)."""


Said = tuple[str, tuple[Draft, ...]]
"""An earlier question with its plans."""


@dataclass(frozen=True)
class Read:
    """A question as read: by the offline reader or by a model, what that took, and why a model's reading is not used.

    `earlier` are the questions before, oldest first; `words` what the model itself called the subject;
    `milliseconds` how long a model took; `unselected` why it did not judge borderline papers; `before` is the turn that
    the question followed.
    """

    reading: Reading
    by_model: bool = False
    failed: str = ""
    unselected: str = ""
    spent: Spent = field(default_factory=Spent)
    earlier: tuple[Said, ...] = ()
    words: tuple[str, ...] = ()
    milliseconds: float = 0.0
    before: Turn | None = None

    def said(self, question: str, history: Sequence[str], first: Reading) -> Said:
        """Return the question with its plans, `first` in place of the first one: in words of the questions and of the model alone."""
        known = (question, *history, *self.words)
        return question, tuple(draft_of(reading, known) for reading in (first, *self.reading.later))


def is_unsure(reading: Reading) -> bool:
    """Whether the offline reader doubts any part of its reading."""
    return min(one.confidence for one in (reading, *reading.later)) < UNSURE


def read(asked: Asked, earlier: Sequence[Said], ask: Ask, seconds: float) -> Read:
    """Let a model read a question; `earlier` are the questions before with their plans, oldest first. Never raises for a reply."""
    offline, spent = asked.offline, Spent()
    message = user_message(asked.question, asked.as_of, earlier, (offline, *offline.later))

    words: list[str] = []

    def check(value: Any) -> tuple[Reading, ...]:
        drafts = drafts_of(value)
        words[:] = [text for one in drafts for text in (*one.topics, one.description, one.search) if text]
        return tuple(reading_of(draft, asked) for draft in drafts)

    try:
        if size(message) > BUDGET:
            raise OpenAIFault("long")
        first, *later = ask(SYSTEM, message, PLANS, check, seconds, spent)
    except OpenAIFault as found:
        return Read(offline, failed=found.reason, spent=spent, earlier=tuple(earlier))
    return Read(
        replace(first, later=tuple(later)), by_model=True, spent=spent, earlier=tuple(earlier), words=tuple(words)
    )


def sample() -> tuple[str, str, Shape, Callable[[Any], object]]:
    """Return the request and the check of a question to try a server with."""
    question = "How many papers of March 2024 are about speculative decoding?"
    message = user_message(question, date(2024, 6, 1), (), ())
    return SYSTEM, message, PLANS, drafts_of
