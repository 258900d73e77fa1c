"""Which answers a model writes: some anew, and to sets, periods and counts only an introduction, since code lists and counts them."""

from __future__ import annotations

import re
from typing import Literal

from rag.answers.answer import MARK, Answer
from rag.questions.plan import Kind, Plan

Form = Literal["whole", "introduction", ""]

_WHOLE: frozenset[Kind] = frozenset({"known_item", "fact", "explain", "describe", "compare", "digest"})
_INTRODUCED: frozenset[Kind] = frozenset({"list", "superlative", "author", "date", "trend", "similar", "digest"})
_LISTED = re.compile(r"\s*(?:\d+\. |[-*] |\| |\*\*)")  # a line of a list or a table, or its heading
_ITEM = re.compile(r"(?:\d+\. |\s+- )")  # what is said of one paper, which is evidence and no fact
_LINK = re.compile(r"\[((?:\\.|[^\]\\])*)\]\([^)]*\)")
_MOST_LINES = 60
_BAR = re.compile(r"▇+ ?|\|")


def form_of(answer: Answer) -> Form:
    """Return what a model writes of an answer: the whole, an introduction, or nothing.

    A number needs no prose, and nothing is written about what the digests do not hold.
    """
    plans = answer.plans or (answer.plan,)
    if answer.status != "answered" or not answer.citations:
        return ""
    if all(plan.kind in _WHOLE and not _is_period(plan) for plan in plans):
        return "whole"
    return "introduction" if any(plan.kind in _INTRODUCED | _WHOLE for plan in plans) else ""


def _is_period(plan: Plan) -> bool:
    """Whether a plan asks for the digests of more than one day."""
    return plan.kind == "digest" and (
        plan.date_from is None or plan.date_to is None or (plan.date_to - plan.date_from).days > 1
    )


def parted(text: str) -> tuple[str, str]:
    """Return what stands before the lists and tables of an answer, and the rest.

    >>> parted("Two papers.\\n\\n1. One [1]\\n2. Two [2]")
    ('Two papers.', '1. One [1]\\n2. Two [2]')
    """
    lines = text.splitlines()
    at = next((n for n, line in enumerate(lines) if _LISTED.match(line)), len(lines))
    return "\n".join(lines[:at]).strip(), "\n".join(lines[at:]).strip()


def computed(answer: Answer) -> str:
    """Return what code counted and ordered for an answer, a line each: its text but for what it says of single papers.

    >>> _plain("Most votes: [One \\\\[a\\\\]](https://arxiv.org/abs/2401.00001). [1]")
    'Most votes: One [a].'
    """
    lines = (_plain(line) for line in answer.text.splitlines() if not _ITEM.match(line))
    return "\n".join([line for line in (*answer.chips, *lines) if re.search(r"\w", line)][:_MOST_LINES])


def _plain(line: str) -> str:
    unlinked = _LINK.sub(lambda match: match[1], MARK.sub("", line))
    return " ".join(_BAR.sub(" ", re.sub(r"\\(.)|\*\*", r"\1", unlinked)).split())
