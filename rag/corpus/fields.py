"""The lines of a paper that are not its summary: votes, authors, tags, links and days, as people write them.

Pure functions over one cleaned line. `read_field` says which field a line is; the others read its value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rag.corpus.days import date_in
from rag.corpus.links import HINT
from rag.corpus.papers import parse_arxiv_id
from rag.language.patterns import lazy

Kind = Literal["votes", "authors", "tags", "link", "day"]

MAX_NAME = 120  # characters of an author's name
MAX_TAG = 60  # characters of a tag

_LABELS: dict[Kind, str] = {
    "votes": r"(?:up)?votes?|likes?|추천 ?수?|투표 ?수?|득표 ?수?|좋아요 ?수?",
    "authors": r"authors?(?:\(s\))?|저자(?:들|명)?|지은이|글쓴이",
    "tags": r"tags?|keywords?|categor(?:y|ies)|topics?|태그|키워드|분류|주제어",
    "link": r"(?:paper )?links?|papers?(?: link)?|urls?|pdf|abs|arxiv(?:[ -]?id)?|doi|hugging ?face|hf|링크|논문(?: 링크)?|원문|주소",
    "day": r"(?:published|submitted|posted|updated)(?: on)?|(?:publication |publish )?date|created(?: on| time)?|작성일|생성일|게시일|발행일|게재일|제출일|발표일|공개일|날짜|등록일",
}
_NAMES = "|".join(f"(?P<{kind}>{words})" for kind, words in _LABELS.items())
_MARK = r"(?P<mark>(?:[-*+•·–—▪◦‣∙●]|\d{1,2}[.)])[ ]+(?:\[[ xX]\] )?)?"
_WRAP = r"[*_`~]{0,3}"
_FIELD = lazy(
    rf"{_MARK}{_WRAP}(?:\W{{1,3}} ?)?{_WRAP}(?:{_NAMES}){_WRAP} ?(?P<colon>[:：])?{_WRAP} ?(?P<value>.*)", re.I
)
_BEGINS = lazy(r"[\W\d]{0,10}(?:vote|upvote|like|auth|tag|keyw|categ|topic|link|paper|url|pdf|abs|arxiv|doi|hugg|hf|publi|subm|post|updat|date|creat|작성|생성|추천|투표|득표|좋아|저자|지은|글쓴|태그|키워|분류|주제|링크|논문|원문|주소|게시|발행|게재|제출|발표|공개|날짜|등록)", re.I)  # fmt: skip
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_COUNT = lazy(rf"(?P<n>{_NUMBER}) ?(?P<unit>[kK천만])?(?: ?(?:up)?(?:votes?|likes?|표|개|회|명|건))?[.)]?", re.ASCII)
_THUMB = r"[👍⭐🌟★▲△🔼🔺⬆❤🗳]\ufe0f?"
_THUMBED = lazy(rf"{_MARK}{_WRAP}{_THUMB}{_WRAP} ?[:：]?{_WRAP} ?(?P<value>[^\s|·•]+(?: ?(?:up)?votes?)?){_WRAP}")
_COUNTED = lazy(
    rf"{_MARK}{_WRAP}(?P<value>{_NUMBER} ?[kK천만]?) ?(?:(?:up)?votes?|likes?|표|추천){_WRAP}", re.IGNORECASE | re.ASCII
)
_ASIDE = lazy(rf"[(\[]? ?(?:{_THUMB}|(?:{_LABELS['votes']}) ?[:：]?) ?(?P<a>{_NUMBER} ?[kK천만]?)(?![\d.])[)\]]?"
                    rf"|[(\[](?P<b>{_NUMBER} ?[kK천만]?) ?(?:(?:up)?votes?|likes?|표|추천|{_THUMB})[)\]]", re.IGNORECASE)  # fmt: skip
_TIMES = {"k": 1_000, "천": 1_000, "만": 10_000}
_QUOTED = lazy(r"'((?:[^'\\]|\\.)*)'|\"([^\"]*)\"")
_LINKED = lazy(r"\[([^\[\]]{1,200})\]\([^()\s]{0,1000}\)")
_MORE = lazy(
    r"\+|\+ ?\d+(?: (?:more|others))?|et\.? ?al\.?|…|\.{3}|(?:and )?\d+ (?:more|others)(?: authors)?|외(?: ?\d+ ?(?:명|인))?",
    re.I,
)
_TRAILING_MORE = lazy(r"(?<![ ,])[ ,]+(et\.? ?al\.?|외(?: ?\d+ ?(?:명|인))?|and (?:\d+ )?others)$", re.IGNORECASE)
_NOTE_MARKS = "¹²³⁴⁵⁶⁷⁸⁹⁰*†‡§¶"
_SENTENCE = lazy(r"(?:[다요죠음함임]|[a-z]{3})\.$")
_PERSON = lazy(r"(?:[^\W\d_][\w.'’‘-]*[ ]?){1,5}")
_OTHER = lazy(r"[^\w\s]{1,3} ?\d[\d,.]{0,9}[kK]?")  # a count of something else: 💬 3
_SEPARATORS = lazy(r" [|·•] ")


@dataclass(frozen=True, slots=True)
class Field:
    """A line that is a field: `value` without marks. `sure` is false for one that may as well be a sentence."""

    kind: Kind
    value: str
    sure: bool


def _bare(text: str) -> str:
    return text.strip().strip("*_`~").strip()


def _label(line: str) -> Field | None:
    match = _FIELD.fullmatch(line)
    if not match or match.lastgroup is None:
        return None
    kind: Kind = next(kind for kind in _LABELS if match[kind])
    value = _bare(match["value"]) if not match["value"].startswith("[") else match["value"].strip()
    if not match["colon"]:
        if kind == "day" and value and is_day(value):
            return Field(kind, value, True)
        counted = kind == "votes" and match["value"] and _COUNT.fullmatch(value)
        return Field(kind, value, True) if counted else None
    sentence = bool(match["mark"]) and bool(_SENTENCE.search(value))
    return Field(kind, value, not sentence) if _fits(kind, value) else None


def _fits(kind: Kind, value: str) -> bool:
    """Whether a value can be one of this field; "Paper: it shows that …" and "Date: never" are sentences."""
    if kind == "link":
        return bool(HINT.search(value) or parse_arxiv_id(value))
    return kind != "day" or len(value) <= 40


def read_fields(line: str) -> list[Field]:
    """Return the fields of a line, or [] where it is none. Several stand on one line between bars or dots.

    >>> [(f.kind, f.value) for f in read_fields("**Votes**: 1,234")], [f.value for f in read_fields("👍 17")]
    ([('votes', '1,234')], ['17'])
    >>> [(f.kind, f.value) for f in read_fields("추천 12 | 저자: 김민수, 이지원")]
    [('votes', '12'), ('authors', '김민수, 이지원')]
    """
    one = _read_one(line)
    if len(line) > 2_000 or not (" | " in line or " · " in line or " • " in line):
        return [one] if one else []
    texts = [part.strip() for part in _SEPARATORS.split(line)]
    parts = [_read_one(text) for text in texts]
    known = [part for part in parts if part]
    if all(part or _OTHER.fullmatch(text) or is_day(text) for part, text in zip(parts, texts, strict=True)):
        return known
    return [one] if one else []


def _read_one(line: str) -> Field | None:
    if _BEGINS.match(line) and (found := _label(line)):
        return found
    if len(line) > 80:
        return None
    match = _THUMBED.fullmatch(line) or _COUNTED.fullmatch(line)
    return Field("votes", _bare(match["value"]), True) if match else None


def read_count(value: str) -> int | None:
    """Return a number of votes, or None where it is none.

    >>> [read_count(value) for value in ("1,234", "1.2k", "3천", "17 votes", "7.5", "-", "²", "많음")]
    [1234, 1200, 3000, 17, None, None, None, None]
    """
    match = _COUNT.fullmatch(value.strip())
    if not match:
        return None
    digits, times = match["n"].replace(",", ""), _TIMES.get((match["unit"] or "").lower(), 1)
    whole, _, tenths = digits.partition(".")
    if len(whole) > 8 or len(tenths) > 3 or (tenths and times == 1):
        return None
    count = int(whole) * times + (int(tenths) * times // 10 ** len(tenths) if tenths else 0)
    return count if count < 10**9 else None


def take_votes(text: str) -> tuple[int | None, str]:
    """Return the votes that stand beside a title ("(👍 17)"), and the text without them."""
    match = _ASIDE.search(text)
    count = read_count(match["a"] or match["b"]) if match else None
    if match is None or count is None:
        return None, text
    return count, text[: match.start()] + " " + text[match.end() :]


def read_names(value: str) -> tuple[list[str], bool]:
    """Return the names of an author line, and whether it says that there are more.

    Names stand between commas, semicolons, dots or "and", or in a list in quotes (['Ada Lee', "Bo O'Hara"]).
    """
    if value.startswith("[") and value.endswith("]"):
        quoted = [(single or double).replace("\\'", "'").strip() for single, double in _QUOTED.findall(value)]
        if quoted:
            return [name for name in quoted if name and name != "+"], "+" in quoted
        if "](" not in value:
            value = value[1:-1]
    value = _LINKED.sub(r"\1", value)
    cut = bool(match := _TRAILING_MORE.search(value))
    value = value[: match.start()] if match else value
    for separator in (";", ","):
        if separator in value:
            parts = value.split(separator)
            break
    else:
        parts = re.split(r"·|、| & ", value)
    parts = [half for part in parts for half in _and(part.strip())]
    names = [part.strip().rstrip(_NOTE_MARKS).strip() if len(part) > 2 else part for part in parts]
    more = [name for name in names if _MORE.fullmatch(name)]
    return [name for name in names if name and not _MORE.fullmatch(name)], cut or bool(more)


def _and(part: str) -> list[str]:
    """Split "Ada Lee and Bo Ryu", and take the "and" off the last name of a list."""
    part = part.removeprefix("and ").removeprefix("및 ")
    return [half.strip() for half in part.split(" and ")] if " and " in part else [part]


def read_tags(value: str) -> list[str]:
    """Return the tags of a line, without hash signs and quotes.

    >>> read_tags("#nlp #긴문맥"), read_tags("[vision, 'speech']")
    (['nlp', '긴문맥'], ['vision', 'speech'])
    """
    value = value.strip().removeprefix("[").removesuffix("]")
    parts = re.split(r"[,;]|\s(?=#)", value)
    tags = [part.strip().strip("`'\"#*").strip() for part in parts]
    return list(dict.fromkeys(tag for tag in tags if tag and len(tag) <= MAX_TAG))


def is_tag_line(line: str) -> bool:
    """Whether a line is nothing but tags: #nlp #긴문맥."""
    return bool(re.fullmatch(r"(?:#(?!\d+(?:\W|$))\w[\w/-]{0,60}[ ,]*)+", line))


def name_line(line: str) -> str | None:
    """Return the names of a line in italics under a title (*Ada Lee, Bo Ryu*), or after "by"; None where it is no such line."""
    wrapped = len(line) > 4 and line[0] in "*_" and line[-1] == line[0] and line[1] != line[0] and line[-2] != line[0]
    by = re.match(r"by:? ", line, re.IGNORECASE)
    if not (wrapped or by) or len(line) > 2_000:
        return None
    value = (line[1:-1] if wrapped else line[by.end() :] if by else "").strip()
    value = re.sub(r"^by:? ", "", value, flags=re.IGNORECASE)
    names, cut = read_names(value)
    return value if (len(names) > 1 or (cut and names)) and all(map(_is_person, names)) else None


def _is_person(name: str) -> bool:
    words = name.split()
    if not _PERSON.fullmatch(name) or len(name) > 40:
        return False
    if "가" <= name[0] <= "힣":
        return len(words) <= 2 and len(name) <= 6
    return sum(word[0].isupper() for word in words) * 2 > len(words) and name[0].isupper()


def misspelt(line: str) -> str | None:
    """Return what a line seems to mean that is no field: "Vots: 12", "Authors - Ada Lee"; None where it means none."""
    match = re.match(rf"{_WRAP}([A-Za-z]{{4,9}}|[가-힣]{{2,4}}){_WRAP}(?: ?[:：=] ?| [-–—] )", line)
    if not match:
        return None
    word = match.group(1).lower()
    for right in ("votes", "vote", "upvotes", "authors", "author", "저자", "추천", "투표"):
        if word == right or (word.isascii() and right.isascii() and _one_off(word, right)):
            return "Authors: Ada Lee, Bo Ryu" if right.startswith(("author", "저")) else "Vote: 17"
    return None


def _one_off(word: str, right: str) -> bool:
    """Whether one letter is wrong, missing, extra or swapped."""
    if abs(len(word) - len(right)) > 1 or word[0] != right[0]:
        return False
    if sorted(word) == sorted(right):
        return True
    short, long = sorted((word, right), key=len)
    if len(short) == len(long):
        return sum(a != b for a, b in zip(word, right, strict=True)) == 1
    return any(long[:n] + long[n + 1 :] == short for n in range(len(long)))


def is_day(line: str) -> bool:
    """Whether a line is nothing but a date: 2024-06-11, (June 11, 2024)."""
    return len(line) <= 40 and any(c.isdigit() for c in line) and date_in(line) is not None and _only_date(line)


def _only_date(line: str) -> bool:
    words = re.findall(r"[^\W\d_]{2,}", line)
    months = re.compile(r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*|st|nd|rd|th|of|[년월일]|[월화수목금토일]요일|mon|tue|wed|thu|fri|sat|sun", re.I)  # fmt: skip
    return all(months.fullmatch(word) for word in words)
