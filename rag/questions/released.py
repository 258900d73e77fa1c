"""What papers of a question have to release: code, weights, data, a demo. Pure functions over its words."""

from __future__ import annotations

import re
from dataclasses import dataclass

_KOREAN = {"코드": "open code", "소스": "open code", "깃허브": "open code", "가중치": "open weights", "체크포인트": "open weights", "데이터": "open data", "데모": "demo"}  # fmt: skip
_ENGLISH = {"code": "open code", "github": "open code", "repo": "open code", "weights": "open weights", "checkpoint": "open weights", "data": "open data", "demo": "demo"}  # fmt: skip
_THING_KO = r"(?:(?:소스 ?)?코드|깃허브(?: ?(?:링크|주소|레포))?|(?:모델 )?가중치|체크포인트|데이터(?! ?[셋세])|데모(?: ?(?:페이지|영상))?)"
_THING_EN = r"(?:(?:source )?code|github(?: (?:repos?|links?))?|repos?|(?:model )?weights|checkpoints|data|demos?)"
_BEFORE_EN = r"(?:(?:the|a|an|its|their|any|open|public|publicly|available|released|official) )*"
_MANY_EN = rf"{_BEFORE_EN}(?P<things>{_THING_EN}(?:(?:,| and| or|/) ?{_BEFORE_EN}{_THING_EN})*)"
_IS_OUT = r"(?: (?:is |are |has been |have been |was |were )?(?:also )?(?:publicly |openly |freely )?(?:released|available|public|online|open(?:[- ]sourced)?|out)(?: on github| online)?)"
_END_EN = r"(?=\s*$|[.?!,;)]| (?:about|on|for|in|from|of|please|only|and|or|that|sorted|by|since|before|after)\b)"
_ADNOMINAL = r"(?:공개(?:된|한|하는|되는|돼 ?있는|되어 ?있는|했던|까지 한)|제공(?:하는|된|한)|올라온|풀린|오픈(?:된|한)|배포(?:된|한)|딸린|붙은)"
_ASKED = re.compile(
    rf"(?P<things_ko>{_THING_KO}(?:(?:나|이나|랑|와|과|,| 및|까지)? ?{_THING_KO})*)(?:도|가|이|를|을|까지|는|은)? ?(?:같이 |함께 |다 |모두 )?"
    rf"(?:{_ADNOMINAL}|(?:있는|나온)(?! ?(?:곳|데|주소|링크|지|가요|데이터)))"
    rf"|(?P<open_ko>오픈 ?소스(?:만|인 ?(?:것|거|걸|애)|로 ?{_ADNOMINAL}))"
    rf"|\b(?:with|w/|having|including|offering|(?:that|which|who) (?:have|has|come with|include|provide|share[sd]?|publish(?:ed)?|released?|releases?|open[- ]sourced?)|released|releasing|sharing) {_MANY_EN}{_IS_OUT}?{_END_EN}"
    rf"|\b(?:these|those|them|ones|papers|which) (?:have|has|come with|provide|released?) {_MANY_EN.replace('things', 'held')}{_END_EN}"
    rf"|\bwhose {_BEFORE_EN}(?P<whose>{_THING_EN}){_IS_OUT}"
    rf"|(?P<open_en>\b(?:only|just)(?: the)? open[- ]sourced?(?: ones| papers| models)?|\bopen[- ]sourced?(?: ones?)? only\b|\bthe open[- ]sourced? ones\b)",
    re.IGNORECASE,
)
_WITHOUT = re.compile(
    rf"(?P<things_ko>{_THING_KO})(?:도|가|이|를|을|는|은)? ?(?:없는|안 ?나온|공개 ?안 ?(?:된|한)|공개(?:되|하)지 ?않은|비공개인)"
    rf"|\bwithout {_MANY_EN}{_END_EN}",
    re.IGNORECASE,
)

_ONLY_HAS = re.compile(
    r"(?:with|having|including|데이터\S*) (?:the |their |its |any )?(?:data|있는|나온)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Released:
    """What papers have to release, or (`lacking`) must not, as kinds of `rag.corpus.releases`, and where a question says so."""

    kinds: tuple[str, ...]
    lacking: bool
    start: int
    end: int


def released_in(text: str) -> Released | None:
    """Return what the papers of a question have to release; None where it asks for nothing of the kind.

    >>> released_in("텍스트-비디오 논문 중 코드 공개된 것만").kinds, released_in("papers on code generation")
    (('open code',), None)
    """
    lacking = _WITHOUT.search(text)
    match = lacking or _ASKED.search(text)
    if match is None or (lacking is None and _ONLY_HAS.fullmatch(match.group())):
        return None
    named = match.groupdict()
    said = " ".join(part for name, part in named.items() if part and not name.startswith("open")).lower()
    table = _KOREAN if re.search("[가-힣]", said) else _ENGLISH
    kinds = tuple(dict.fromkeys(kind for word, kind in table.items() if word in said))
    several = len(kinds) != 1  # “code or data”: anything of it
    return Released(("open source",) if several else kinds, lacking is not None, match.start(), match.end())
