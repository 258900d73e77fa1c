"""Sentences of a digest's text: cleaned for reading, split by rules, shortened at a clause. Korean and English.

Pure functions over strings; the text of a digest itself is never changed. Knows nothing of papers or questions.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from rag.language.text import Language, clean, summary_language

LIMITS: Mapping[Language, int] = {"ko": 160, "en": 240}
"""Characters of a sentence that stands for a paper in a list."""

_SECTIONS: Mapping[str, Mapping[Language, str]] = {
    "what's new": {"ko": "새로운 점", "en": "New"},
    "technical details": {"ko": "기술", "en": "Method"},
    "performance highlights": {"ko": "성능", "en": "Results"},
    "contributions": {"ko": "기여", "en": "Contributions"},
    "limitations": {"ko": "한계", "en": "Limits"},
    "conclusion": {"ko": "결론", "en": "Conclusion"},
    "related work": {"ko": "관련 연구", "en": "Related work"},
    "methodology": {"ko": "방법", "en": "Method"},
    "training": {"ko": "학습", "en": "Training"},
    "evaluation": {"ko": "평가", "en": "Evaluation"},
    "dataset": {"ko": "데이터", "en": "Data"},
    "datasets": {"ko": "데이터", "en": "Data"},
    "applications": {"ko": "응용", "en": "Applications"},
    "ethical considerations": {"ko": "윤리", "en": "Ethics"},
}


def section_name(label: str, language: Language) -> str:
    """Return how a section of a summary is called in a language; empty of one without a known name there.

    >>> section_name("What's New", "ko"), section_name("고찰", "ko"), section_name("User Interface", "ko")
    ('새로운 점', '고찰', '')
    """
    known = _SECTIONS.get(label.lower().replace("’", "'"))
    if known:
        return known[language]
    return label if summary_language(label) == language == "ko" else ""


# --- artefacts -------------------------------------------------------------------------------------------------------
_LITERAL = re.compile(r"\\?[\[{]\s*(?:[\[{]\s*)?['\"]")
_BETWEEN = re.compile(r"['\"]\s*[,:]\s*['\"]|['\"]?\s*[}\]]\s*,\s*[{\[]\s*['\"]?")  # of a list that is cut off
_EDGES = " \t\\[]{}'\","
_MARKS = (
    (re.compile(r"^\*{1,3}[^*:]{1,60}\*{1,3}:\s*"), ""),  # a label that the parser could not read
    (re.compile(r"!\[[^\]]*\]\([^()\s]*\)"), ""),
    (re.compile(r"\[([^\[\]]+)\]\((?:https?:)[^()\s]*\)"), r"\1"),
    (re.compile(r"\*{2,3}([^*\s](?:[^*]*[^*\s])?)\*{2,3}"), r"\1"),
    (re.compile(r"(?<![\w*])\*([^*\s](?:[^*]*[^*\s])?)\*(?![A-Za-z0-9*])"), r"\1"),  # but not of A* and AtP*
    (re.compile(r"`+([^`]+)`+"), r"\1"),
)
_BRACES = (
    (
        re.compile(
            r"(?:\\(?:text|math)|(?<![A-Za-z])ext)(?:it|bf|tt|sc|rm|superscript)?\{\s*(?:extbackslash )?([^{}]*)\}"
        ),
        r"\1",
    ),
    (re.compile(r"([_^])\{([^{}]*)\}"), r"\1\2"),
)  # a digest may have lost the backslash of \textit
_ROW = re.compile(r"\s*\|.*\|\s*")  # of a table
_FORMULA = re.compile(r"\$([^$\s가-힣]{1,60})\$")
_LATEX = (
    (re.compile(r"\\u[0-9a-f]{4}"), ""),
    (re.compile(r"\\+\(\*?|\\+\)"), ""),
    (re.compile(r"\\url\{([^{}]*)\}"), r"\1"),
    (re.compile(r"\{\\[a-z]{2} ([^{}]*)\}"), r"\1"),
    (re.compile(r"\\%"), "%"),
    (re.compile(r"\\times\b"), "×"),
    (re.compile(r"\{\\?([A-Za-z]+)\}|\\+([A-Za-z]+)\\*"), r"\1\2"),
)


def _strings(value: object) -> Iterator[str]:
    """Yield the texts of a nested list; of a mapping its values, for its keys are labels."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _strings(part)


def _parts(text: str) -> list[str]:
    """Return the texts of a list or mapping that a digest printed as code; of plain text, itself alone."""
    if not _LITERAL.match(text):
        return [text]
    try:
        found = _strings(ast.literal_eval(text.lstrip("\\")))
        return [part for said in found for part in _parts(said)]
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return [part.strip(_EDGES) for part in _BETWEEN.split(text)]


def _formula(match: re.Match[str]) -> str:
    return re.sub(r"[\^_]?[{}]|\^(?=\d)", "", match.group(1))


def _plain(text: str) -> str:
    if _ROW.fullmatch(text):
        text = " · ".join(filter(None, (cell.strip() for cell in text.strip().split("|"))))
    for pattern, kept in _MARKS:
        text = pattern.sub(kept, text)
    if "$" in text:
        text = _FORMULA.sub(_formula, text)
    if "{" in text:
        for pattern, kept in _BRACES:
            text = pattern.sub(kept, text)
    if "\\" in text:
        for pattern, kept in _LATEX:
            text = pattern.sub(kept, text)
    return clean(text)


# --- sentences -------------------------------------------------------------------------------------------------------
_END = re.compile(r"([.!?。…])([\"'”’)\]」』]*)(?:\s+|(?=[가-힣])|$)")
_ABBREVIATION = re.compile(
    r"(?:\b(?:et al|e\.g|i\.e|vs|cf|figs?|eqs?|no|dr|mr|mrs|ms|prof|sec|approx|resp|inc|ltd|st|al|ref|ch|vol|pp|dept)"
    r"|(?<![A-Za-z가-힣])[A-Z])\.$",
    re.IGNORECASE,
)
_INITIAL = re.compile(r"(?<![A-Za-z가-힣-])[A-Z]\.$")
_ENUMERATOR = re.compile(r"(?:^|[:;,.)] |\s)(\d{1,2})\.$")
_NEAR = 40  # letters before a closing bracket that tell whether a sentence is Korean
_OPENING = {"(": ")", "[": "]", "“": "”", "‘": "’", "「": "」", "『": "』"}


def _closed(text: str) -> list[bool]:
    """Return for each character whether it stands within brackets or quotes that are closed later."""
    inside = [False] * len(text)
    opened: list[tuple[str, int]] = []
    for place, letter in enumerate(text):
        if letter in _OPENING:
            opened.append((_OPENING[letter], place))
        elif opened and letter == opened[-1][0]:
            start = opened.pop()[1]
            inside[start:place] = [True] * (place - start)
    return inside


def _numbers_an_item(said: str) -> bool:
    """Whether a text ends with the number of a list's item: after a sign, or after the number before it."""
    match = _ENUMERATOR.search(said)
    if not match:
        return False
    after_a_sign = not match.group().startswith(" ")
    return after_a_sign or f" {int(match[1]) - 1}. " in said


def _ends(text: str, match: re.Match[str], start: int) -> bool:
    """Whether a full stop, a question mark or the like ends the sentence that begins at `start`."""
    said = text[start : match.end(1)]
    following = text[match.end() : match.end() + 1]
    before = text[match.start() - 1 : match.start()]
    if not following:
        return True
    korean = "가" <= before <= "힣" or (before == ")" and bool(re.search("[가-힣]", said[-_NEAR:])))
    if not match.group()[len(match.group(1)) + len(match.group(2)) :]:  # no blank: "…합니다.또한"
        return korean and match.group(1) == "." and not match.group(2)
    if match.group(1) == "." and (_ABBREVIATION.search(said) or _numbers_an_item(said)):
        return False
    return korean or not following.islower() or bool(match.group(2))


def _split(text: str) -> Iterator[str]:
    inside = _closed(text)
    start = 0
    for match in _END.finditer(text):
        if not inside[match.start()] and _ends(text, match, start):
            yield text[start : match.end()].strip()
            start = match.end()
    yield text[start:].strip()


_LETTER = re.compile(r"\w")


@lru_cache(maxsize=4096)
def sentences(text: str) -> tuple[str, ...]:
    r"""Return the sentences of a statement, cleaned for reading, in order; none of an empty one.

    >>> sentences("GPT-3.5(Kim et al. 2023)를 씁니다. 정확도는 90.2%입니다.")
    ('GPT-3.5(Kim et al. 2023)를 씁니다.', '정확도는 90.2%입니다.')
    >>> sentences("['**7.8B** 모델입니다.', '코드를 공개합니다.']")
    ('7.8B 모델입니다.', '코드를 공개합니다.')
    """
    found = (sentence for part in _parts(text) for sentence in _split(_plain(part)))
    return tuple(sentence for sentence in found if _LETTER.search(sentence))


def readable(text: str) -> str:
    """Return a whole statement cleaned for reading.

    >>> readable("{'Speed': '**두 배** 빠릅니다.', 'Code': '공개합니다.'}")
    '두 배 빠릅니다. 공개합니다.'
    """
    return " ".join(sentences(text))


# --- shortening ------------------------------------------------------------------------------------------------------
_LINK = re.compile(
    r"(?:또한|특히|그러나|하지만|따라서|그리고|그래서|더불어|아울러|더욱이|게다가|(?:더 )?나아가|한편|반면|우선|먼저|구체적으로|결과적으로|마지막으로"
    r"|추가적으로|추가로|뿐만 아니라)(?:,\s*|\s+)|(?:[첫두세네]째|[첫두세네] 번째(?:로|는)?|마지막),\s*|\(?\d\)\s+"
)
_CLAUSE = re.compile(r"(?:[가-힣](?:며|고|지만|는데|하여|되어|으로써|므로)|,|;|:)(?=\s)")


def standing_alone(sentence: str) -> str:
    """Return a sentence without the word that joins it to the one before it.

    >>> standing_alone("또한, 두 배 빠릅니다."), standing_alone("또한편은 다릅니다.")
    ('두 배 빠릅니다.', '또한편은 다릅니다.')
    """
    rest = _LINK.sub("", sentence, count=1) if _LINK.match(sentence) else sentence
    return rest or sentence


def shortened(sentence: str, limit: int) -> str:
    """Return a sentence of at most `limit` characters, an ellipsis included: cut at a clause, else at a word.

    >>> shortened("새로운 방법을 제안하며, 이 방법은 메모리를 아주 적게 씁니다.", 24)
    '새로운 방법을 제안하며 …'
    """
    if len(sentence) <= limit:
        return sentence
    inside = _closed(sentence)
    room = limit - 2
    clauses = [match.end() for match in _CLAUSE.finditer(sentence[: room + 1]) if not inside[match.start()]]
    places = [place for place in clauses if place >= room // 2]
    if not places:
        places = [match.start() for match in re.finditer(r"\s", sentence[: room + 1]) if not inside[match.start()]]
    at = places[-1] if places else room
    return f"{sentence[:at].rstrip(' ,;:')} …"
