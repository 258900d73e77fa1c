"""Whether a question asks for what improves or extends a thing it names: “LoRA를 개선한 논문”, "variants of DPO". Pure functions."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.language.patterns import lazy
from rag.questions.found import Found

_PLACE = "\x00"  # where the thing stands
_DO = r"(?:improv|extend|enhanc|refin|generali[sz]|fix)(?:e|es|ed|s|ing)?(?: (?:up)?on)?|follow(?:s|ed|ing)? up on|came after|come after"
_THING = r"variants?|varieties|flavou?rs?|extensions?|improvements?|improved versions?|enhancements?|successors?|derivatives?|offshoots|follow-?ups?(?: (?:work|works|papers|studies))?"
_ASKED = lazy(
    rf"\b(?:{_DO}) (?:the )?(?:original |vanilla |plain )?{_PLACE}|\b(?:{_THING}) (?:of|to|on|for|over) (?:the )?(?:original )?{_PLACE}"
    rf"|{_PLACE}(?:'s)?[ -](?:{_THING})\b"
    rf"|{_PLACE} ?(?:모델|방법|기법|방식|알고리즘)?(?:[을를]|의 (?:한계|단점|문제|문제점|약점)[을를])? ?(?:더 |좀 |조금 |크게 |누가 |누군가 |어떤 논문이 )*(?:개선|확장|보완|개량|발전시|극복|변형)(?:한|하|했|시|된|해)"
    rf"|{_PLACE}(?:의)? ?(?:모델|방법|기법|방식|알고리즘)?(?:의)? ?(?:변형|변종|파생|확장판|개선판|확장|개선|후속)(?: ?(?:버전|모델|연구|논문|기법|방법|작|판|들))*(?:[은는이가을를도]|들|으?로)?(?= |[?.!]|$)",
    re.IGNORECASE,
)


_DOES = lazy(rf"[은는이가] | (?:really |actually |also )?(?:{_DO})", re.IGNORECASE)  # “GRPO가 PPO를 어떻게 개선했어?”
_IT = lazy(
    r"\b(?:it|this|that|them)\b|(?<![가-힣])(?:이거|그거|이것|그것|이걸|그걸|(?:이|그) (?:방법|기법|모델|방식))(?=을|를|의|[ ?])[을를]?",
    re.IGNORECASE,
)
_NO_OBJECT = lazy(
    r"(?:그럼 |그러면 |혹시 |그 ?뒤로 |이후에? |나중에 )*(?:누가 |누군가 |어떤 논문이 )?(?:더 )?(?:개선|확장|보완|개량|발전시)(?:한|하|했|시|된|해)\S*(?: .{0,12})?"
)


_USES_IT = lazy(
    r"\b(?:who|which|what|any\w*|papers?|works?|people|someone) (?:[\w-]+ ){0,3}(?:us(?:e|es|ed|ing)|appl(?:y|ies|ied|ying)|adopt(?:s|ed|ing)?|buil(?:d|ds|t|ding) on|based on) (?:it|this|that|them)\b"
    r"|^(?:그럼 |혹시 )?(?:이거|그거|이걸|그걸|이것|그것)[을를]? .{0,20}?(?:쓴|쓰는|사용|활용|적용|도입|채택)[^?]{0,8}(?:논문|연구|사람|데|곳|모델|거|것)",
    re.IGNORECASE,
)


def with_its_name(text: str, thing: str) -> str:
    """Return a question with the name of the thing before, where it asks for what improves, extends or uses it; "" of any other.

    >>> with_its_name("who improved it?", "GRPO"), with_its_name("누가 개선했어?", "GRPO"), with_its_name("who wrote it?", "GRPO")
    ('who improved GRPO?', 'GRPO를 누가 개선했어?', '')
    """
    whole = f"{thing}를 {text}" if _NO_OBJECT.fullmatch(text) else ""
    if not whole and (match := _IT.search(text)):
        object_ = "를" if match.group()[-1] in "걸을를" else ""
        whole = f"{text[: match.start()]}{thing}{object_}{text[match.end() :]}"
    asked = asks_to_extend(whole, [Found(thing, "term", (), whole.find(thing))]) or _USES_IT.search(text)
    return whole if asked else ""


def asks_to_extend(text: str, found: Sequence[Found]) -> bool:
    """Whether a question asks for what improves or extends one of the things that it names.

    >>> asks_to_extend("LoRA를 개선한 논문은?", [Found("LoRA", "term", (), 0)]), asks_to_extend("LoRA로 개선한 논문은?", [Found("LoRA", "term", (), 0)])
    (True, False)
    """
    return any(_is_extended(one, text, found) for one in found)


def _is_extended(one: Found, text: str, found: Sequence[Found]) -> bool:
    """Whether a question asks for what extends a thing, and not whether or how another that it names does."""
    if not text.startswith(one.text, one.start):
        return False
    before = (text[other.start + len(other.text) : one.start] for other in found if other.start < one.start)
    if any(_DOES.match(between) for between in before):
        return False
    return bool(_ASKED.search(text[: one.start] + _PLACE + text[one.start + len(one.text) :]))
