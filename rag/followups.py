"""A follow-up question, given what was asked before: which earlier papers it means, or how to give the answer again."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.papers import Language

_AMONG = re.compile(
    r"^\W*(?:(?:그 ?중|이 ?중|그것들 ?중|그 ?논문들? ?중|위 ?논문들? ?중|거기서|여기서|이 가운데|그 가운데)(?:에서|에|에는|에서는)?"
    r"|(?:and |but )?(?:of|among|from|out of) (?:those|these|them)\b,?|(?:only|just) (?:the ones|those)\b|which (?:of (?:those|these|them)|ones)\b)",
    re.IGNORECASE,
)
_KOREAN_ORDINALS = ("첫", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉", "열")
_ENGLISH_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_ORDINAL = re.compile(
    r"(?P<ko>첫|두|세|네|다섯|여섯|일곱|여덟|아홉|열) ?번째 ?(?:논문|것|거)?|(?<!\d)(?P<n>\d{1,2}) ?번(?:째)? ?(?:논문|것|거)?(?=[은는이가의을를 ?]|$)"
    r"|\bthe (?P<en>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last)(?: one| paper)?\b",
    re.IGNORECASE,
)
_IT = re.compile(
    r"(?:^|\s)(?:그|이|해당|저) ?(?:논문|방법|모델|기법|연구|데이터셋)(?:[은는이가의을를에도과와]|\s|\W|$)|(?:^|\s)(?:그것|이것|그거|이거)[은는이가의을를도]?"
    r"|\b(?:it|its|that paper|this paper|that one|this one|the paper)\b",
    re.IGNORECASE,
)
_AND = re.compile(r"^\W*(?:그럼|그러면|그리고|또|and|what about|how about)\b", re.IGNORECASE)
_TONGUE = re.compile(
    r"^\W*(?:(?P<ko>한국어|한글|우리말|in korean)|(?P<en>영어|영문|in english))(?:로)?(?:는| ?다시)?(?: ?(?:답|말|설명|요약|번역|써|보여|알려)\S*)?(?: ?(?:줘|주세요|줄래|please))?\W*$"
    r"|^\W*(?:please )?(?:answer|say|repeat|translate|give)(?: \w+){0,3} (?:in|into) (?:(?P<ko2>korean)|(?P<en2>english))\W*$",
    re.IGNORECASE,
)
_SORT = re.compile(
    r"^\W*(?:표|추천|투표|득표|좋아요|인기|최신|최근|날짜|오래된)[가-힣 ]{0,8}순(?:으로|서)?|^\W*(?:sort|order|rank)(?:ed)?(?: them| those)? by\b",
    re.IGNORECASE,
)
_TABLE = re.compile(r"^\W*(?:표로|as a table|in a table|make (?:it|that) a table|테이블로)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """How to read a question after earlier ones.

    `question` is what to understand, `papers` what it is restricted to; `repeat` says to ask the earlier question again,
    in `language` when that is set, or as a comparison table when `table` is.
    """

    question: str
    papers: tuple[str, ...] = ()
    repeat: bool = False
    language: Language | None = None
    table: bool = False


def follow_up(question: str, previous: tuple[str, ...]) -> FollowUp:
    """Read a question that comes after an answer about `previous` papers (in answer order; may be empty)."""
    if match := _TONGUE.match(question):
        korean = match.group("ko") or match.group("ko2")
        return FollowUp(question, repeat=True, language="ko" if korean else "en")
    if _TABLE.match(question) and previous:
        return FollowUp(question, previous[:5], table=True)
    if _SORT.match(question):
        return FollowUp(question, previous)
    if match := _AMONG.match(question):
        return FollowUp(question[match.end() :].strip() or question, previous)
    if (match := _ORDINAL.search(question)) and previous:
        groups = match.groupdict()
        place = -1
        if groups["ko"]:
            place = _KOREAN_ORDINALS.index(groups["ko"])
        elif groups["n"]:
            place = int(groups["n"]) - 1
        elif groups["en"].lower() != "last":
            place = _ENGLISH_ORDINALS.index(groups["en"].lower())
        if -len(previous) <= place < len(previous):
            rest = f"{question[: match.start()]} 이 논문{question[match.end() :]}" if groups["en"] is None else question
            return FollowUp(" ".join(rest.split()), (previous[place],))
    if previous and (_IT.search(question) or _AND.match(question)):
        return FollowUp(question, previous[:1])
    return FollowUp(question)
