"""A question in normal form: on one line, without markup, asides and greetings, its denials and numbers said plainly. Pure functions."""

from __future__ import annotations

import re
from functools import partial

from rag.corpus.catalogue import Catalogue
from rag.language.counts import in_digits
from rag.language.day_forms import days_in_digits
from rag.language.terms import glossary, squash
from rag.language.text import clean, plain_letters
from rag.questions.negation import plainly
from rag.questions.turns_of_phrase import turned
from rag.questions.wants import without_asides

MAX_QUESTION = 2_000
"""Characters of a question that are read; callers refuse longer ones."""
ARXIV_ID = re.compile(
    r"(?:https?://[\w./-]{1,60}/|arxiv\.org/(?:abs|pdf|html)/|arxiv:)?(\d{4}\.\d{4,5})(?:v\d)?(?:\.pdf)?(?![\d.])", re.I
)
_TAG = re.compile(r"<(script|style)\b[^<>]*>.*?</\1>|</?[a-z!][^<>]*>", re.IGNORECASE)
_LINK = re.compile(r"!?\[([^\[\]]*)\]\(([^()\s]*)\)")
_GLOSS = re.compile(r"(?<!\w)([A-Za-z가-힣][\w+-]{0,60}) ?\(([A-Za-z가-힣][^()\d]{1,60})\)")

_LAST_DIGEST = re.compile(
    r"\b(?:the )?(?:last|latest|newest|most recent)(?: daily)? (?P<digest>digest)(?: (?:you|that you) have)?\b(?! of)"
    r"|(?:(?:가장|제일) ?)?(?:마지막|최신|최근) ?(?P<korean>다이제스트)(?!들)",
    re.IGNORECASE,
)
_WHEN = re.compile(r"\bwhen\b|\bdate\b|언제|날짜", re.IGNORECASE)
_REMARK = re.compile(
    r"\b(?:not|no|without|except|excluding|only|prefer\w{0,6}|ideally|if possible)\b|빼고|말고|제외|없[는이]|(?<![가-힣])안 ?[가-힣]|만$|가능하면|되도록",
    re.IGNORECASE,
)  # in brackets: what narrows a question, and no gloss


def plain(question: str, catalogue: Catalogue | None = None) -> str:
    """Return a question in normal form, on one line, without HTML and Markdown links; what a link to a paper says stays.

    Of a word with a gloss in brackets the one is kept that papers of a catalogue are named by, else the one spelled out.
    """
    text = plain_letters(" ".join(clean(question).split())[:MAX_QUESTION])[:MAX_QUESTION]
    text = turned(_TAG.sub(" ", text))
    if catalogue is not None and catalogue.days and not _WHEN.search(text):
        text = _LAST_DIGEST.sub(lambda m: f"{catalogue.days[-1]:%Y-%m-%d} {m['digest'] or m['korean']}", text)
    text = _LINK.sub(lambda m: f"{m.group(1)} {m.group(2)}" if ARXIV_ID.search(m.group(2)) else m.group(1), text)
    text = " ".join(_GLOSS.sub(partial(_glossed, catalogue=catalogue), text).split())
    return plainly(in_digits(days_in_digits(without_asides(text))))


def _glossed(match: re.Match[str], catalogue: Catalogue | None) -> str:
    """Return a word with its gloss in brackets as one of the two: a paper's name, else what is spelled out; a remark stays."""
    word, gloss = match.group(1), match.group(2)
    if _REMARK.search(gloss):
        return match.group()
    if catalogue is not None and " " in gloss and catalogue.authors.person(gloss):
        return gloss  # “김현우(Hyunwoo J. Kim)”
    if catalogue is not None and catalogue.named(gloss) and not catalogue.named(word):
        return gloss
    spelled = {squash(variant) for variant in glossary().term(word).variants}
    if len(spelled) > 1 and squash(gloss) not in spelled and word.isupper():
        return word  # “디퓨전 LLM(텍스트 디퓨전)”
    return gloss if " " in gloss and _abbreviates(word, gloss) else word


def _abbreviates(word: str, spelled: str) -> bool:
    """Whether a short word is made of letters of a longer phrase, in their order: MoE of mixture of experts."""
    if not re.fullmatch(r"[A-Z][A-Za-z]{0,4}s?", word):
        return False
    letters = iter(spelled.lower())
    return spelled[0].lower() == word[0].lower() and all(letter in letters for letter in word.lower().rstrip("s"))
