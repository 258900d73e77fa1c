"""A question after another: which earlier papers it means, what it changes of the earlier question, or how to answer again."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from rag.corpus.catalogue import Catalogue
from rag.language.text import Language, question_language
from rag.questions.cues import CUES, FIELDS
from rag.questions.plan import SET_KINDS, Plan
from rag.questions.understand import Reading, understand


def _starts(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"^\W*(?:please |can you |could you )?(?:{'|'.join(patterns)})", re.IGNORECASE)


_AMONG = _starts(
    r"(?:그 ?중|(?:이|저) 중|이중(?=에)|(?:그|이)것들 ?중|(?:그|이|위) ?논문들? ?중|위(?:의)? ?(?:목록|결과)|거기|여기|(?:이|그) ?가운데)(?:에서는|에는|에서|에|서)?(?![가-힣])",
    r"(?:and |but )?(?:of|among|from|out of|in) (?:those|these|them)\b,?|(?:only|just) (?:the ones|those|these|the(?=.* ones\b))(?=\W)|which (?:of (?:those|these|them)|ones)\b",
)
_ONLY = re.compile(r"(?:것|거)(?:들)?만(?: (?:보여|알려|추려|골라|남겨|뽑아)\S*(?: \S+)?)?\W*$")  # "2024년 것만"
_COUNT = _starts(
    r"(?:(?:그|이)(?:게|거|것들?이?|건) ?)?(?:다|모두|전부|총|합쳐서|합하면)? ?(?:해서 )?몇 ?(?:편|개)(?!\S*[은는] |\S* \S)",
    r"(?:so |and )?how many (?:papers )?(?:(?:is|are|was|were) (?:that|there|those|they|these)|in (?:total|all)|altogether)(?: in total| altogether)?\W*$",
)
_MORE = re.compile(  # asks something of what was just shown, without a name of its own
    r"^\W*(?:얼마나|얼마|왜|어떻게|성능|속도|정확도|코드|한계|단점|장점|몇 (?!편|개))[^A-Za-z]{0,25}$"
    r"|^\W*(?:but )?(?:how (?!many papers|about|do i)|why|what (?:is|are|was|were) (?:the|its) (?=\w+\W*$))[a-z ]{0,25}\W*$",
    re.IGNORECASE,
)
_SORT = _starts(
    r"(?:표|추천|투표|득표|좋아요|인기|최신|최근|날짜|오래된)[가-힣 ]{0,8}순(?:으로|서)?",
    r"(?:sort|order|rank)(?:ed)?(?: them| those| these)? by\b",
)
_TABLE = _starts(
    r"(?:(?:그|이)(?:것|거)(?:들)?(?:을|를)?|이걸|그걸|위 논문들?(?:을|를)?|결과를)? ?(?:다시 )?(?:비교 ?)?(?:표|테이블)로 ?(?:다시 )?(?:만들|정리|보여|그려|바꿔|써|해|작성|부탁)?",
    r"(?:as|in) a table|(?:make|put|show|give) (?:it|that|them|me|those)?\s?(?:as|in|into)?\s?a table|table please",
)
_TONGUE = re.compile(
    r"^\W*(?:(?:위|이전|앞|방금|그) ?(?:답변?|내용)(?:을|를)? )?(?:다시 )?(?:(?P<ko>한국어|한글|우리말)|(?P<en>영어|영문))(?:로)?(?:는| ?다시)?(?: ?(?:답|말|설명|요약|번역|써|보여|알려|해)\S*)?(?: ?(?:줘|주세요|줄래|부탁\S*))?\W*$"
    r"|^\W*(?:please )?(?:(?:answer|say|repeat|translate|give|show)(?: \w+){0,3} )?(?:again )?(?:(?:in|into|to) )?(?:(?P<ko2>korean)|(?P<en2>english))(?: again)?(?:,? please)?\W*$",
    re.IGNORECASE,
)
_KOREAN = ("첫", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉", "열")
_ENGLISH = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_PLACES = {word: n for words in (_KOREAN, _ENGLISH) for n, word in enumerate(words)} | {"last": -1, "마지막": -1}
_ORDINAL = re.compile(
    rf"(?P<ko>{'|'.join(_KOREAN)}) ?번째(?: ?(?:논문|것|거))?|(?P<end>마지막) ?(?:논문|것|거)"
    r"|(?<!\d)(?P<n>\d{1,2}) ?번(?:째)?(?: ?(?:논문|것|거))?(?=[은는이가의을를과와랑 ?]|$)"
    rf"|\bthe (?P<en>{'|'.join(_ENGLISH)}|last)(?: one| paper)?\b",
    re.IGNORECASE,
)
_FIRST_FEW = re.compile(
    r"(?:앞|처음|위|상위)의? ?(?P<ko>두|세|네|다섯|\d) ?(?:개|편)|\bthe (?:first|top) (?P<en>two|three|four|five|\d)\b",
    re.IGNORECASE,
)
_FEW = {"두": 2, "세": 3, "네": 4, "다섯": 5, "two": 2, "three": 3, "four": 4, "five": 5}
_IT = re.compile(
    r"(?:^|\s)(?:그|이|해당|저) ?(?:논문|방법|모델|기법|연구|데이터셋)(?:[은는이가의을를에도과와]|\s|\W|$)|(?:^|\s)(?:그것|이것|그거|이거)[은는이가의을를도]?"
    r"|\b(?:it|its|that paper|this paper|that one|this one|the paper)\b",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"^\W*(?:저자|공저자|링크|주소|날짜|투표 ?수|표 ?수|추천 ?수|who wrote it|(?:(?:who|what) (?:is|are|was|were) )?(?:the |its )?(?:authors?|link|url|votes|date))(?:[은는이가도]|들은?)?(?: ?(?:누구|뭐|몇|언제|알려|줘|주세요|보여)\S*){0,2}\W*$",
    re.IGNORECASE,
)
_AND = re.compile(r"^\W*(?:그럼|그러면|그리고|또|그렇다면|and|then|what about|how about)(?![가-힣A-Za-z]),?\s*(?:what about |how about )?", re.IGNORECASE)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FollowUp:
    """How to read a question after earlier ones.

    `question` is what to understand, `papers` what it is restricted to; `repeat` says to ask the earlier question again,
    in `language` when that is set; `table` to compare `papers`; `instead` that what it names takes the place of what the
    earlier question named ("그럼 LoRA는?"), or else it is about `papers`.
    """

    question: str
    papers: tuple[str, ...] = ()
    repeat: bool = False
    language: Language | None = None
    table: bool = False
    instead: str = ""


def follow_up(question: str, previous: tuple[str, ...]) -> FollowUp:
    """Read a question that comes after an answer about `previous` papers (in answer order; may be empty)."""
    if match := _TONGUE.match(question):
        korean = match.group("ko") or match.group("ko2")
        return FollowUp(question, repeat=True, language="ko" if korean else "en")
    if _TABLE.match(question) and previous:
        return FollowUp(question, previous[:5], table=True)
    if _SORT.match(question):
        return FollowUp(question, previous)
    if previous and _COUNT.match(question):
        return FollowUp("몇 편" if question_language(question) == "ko" else "how many papers", previous)
    if previous and _ONLY.search(question):
        return FollowUp(question, previous)
    if match := _AMONG.match(question):
        return FollowUp(question[match.end() :].strip() or question, previous)
    if previous and (match := _FIRST_FEW.search(question)):
        few = match.group("ko") or match.group("en").lower()
        return FollowUp(_pointing(question, match), previous[: _FEW.get(few) or int(few)])
    if previous and (places := list(_ORDINAL.finditer(question))):
        found = [_place(match) for match in places]
        if all(-len(previous) <= place < len(previous) for place in found):
            asked = question if places[0].group("en") else _pointing(question, places[0], *places[1:])
            return FollowUp(asked, tuple(dict.fromkeys(previous[place] for place in found)))
    if previous and (_IT.search(question) or _FIELD.match(question)):
        return FollowUp(question, previous[:1])
    if previous and _MORE.match(question):
        return FollowUp(question, previous[:1], instead=question)
    if previous and (match := _AND.match(question)):
        rest = question[match.end() :]
        asks = CUES["fact"].search(rest) or any(pattern.search(rest) for _, pattern in FIELDS)
        return FollowUp(question, previous[:1], instead="" if asks else rest)
    return FollowUp(question)


def _place(match: re.Match[str]) -> int:
    if match.group("n"):
        return int(match.group("n")) - 1
    return _PLACES[(match.group("ko") or match.group("end") or match.group("en")).lower()]


def _pointing(question: str, first: re.Match[str], *others: re.Match[str]) -> str:
    """The question with 이 논문 in the place of what points at papers."""
    for match in reversed(others):
        question = f"{question[: match.start()]} {question[match.end() :]}"
    return " ".join(f"{question[: first.start()]} 이 논문{question[first.end() :]}".split())


def resume(
    follow: FollowUp, before: Plan, catalogue: Catalogue, as_of: date, language: Language | None = None
) -> Reading:
    """Understand a follow-up against the plan of the question before it. Not for those to `repeat`."""
    if follow.table:
        plan = Plan("compare" if len(follow.papers) > 1 else "known_item", papers=follow.papers)
        return Reading(follow.question, language or question_language(follow.question), plan, follow.question)
    if follow.instead:
        tongue = language or question_language(follow.question)
        named = re.sub(r"(?:은|는|이랑|도)?(?:요)?\s*[?.!]*$", "", follow.instead)
        asked = understand(f"{named} 논문 목록" if tongue == "ko" else f"{named} papers", catalogue, as_of, tongue)
        now = asked.plan
        if now.kind in ("list", "author", "date") and now.filtered and not asked.unknown and before.kind in SET_KINDS:
            return replace(asked, plan=_in_place(before, now), question=follow.question)
        if now.filtered and not asked.unknown:
            return understand(follow.instead, catalogue, as_of, tongue)
    return understand(follow.question, catalogue, as_of, language, follow.papers)


def _in_place(before: Plan, now: Plan) -> Plan:
    """The earlier plan with the terms, authors, days or votes that a later question names."""
    said = {
        name: value for name in Plan.__slots__ if (value := getattr(now, name)) and name not in ("kind", "relation")
    }
    if now.date_from or now.date_to:
        said |= {"date_from": now.date_from, "date_to": now.date_to}
    if now.terms or now.authors:  # another method instead of the one before, or another person
        said |= {"terms": now.terms, "authors": now.authors}
    plan = replace(before, **said)
    if plan.kind in ("list", "author", "date"):
        plan = replace(plan, kind="author" if plan.authors else "list" if plan.terms else now.kind)
    return plan if plan.terms else replace(plan, relation=None)
