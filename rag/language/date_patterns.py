"""The patterns of periods in Korean and English, each with what builds its period, and the words around them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date

from rag.language.patterns import lazy
from rag.language.periods import (
    AMOUNTS,
    AROUND,
    NUMBERS,
    ONE_DAY,
    ORDINALS,
    SEASONS,
    OpenRange,
    Period,
    read_ago,
    read_bare_year,
    read_day_word,
    read_edge,
    read_holiday,
    read_month,
    read_numeric,
    read_part,
    read_relative_unit,
    read_rolling,
    read_week,
    read_weekday,
    unit_of,
)


# --- Patterns --------------------------------------------------------------------------------------------------------
def _any(words: Iterable[str], ascii: bool) -> str:
    return "|".join(sorted((word for word in words if word.isascii() == ascii), key=len, reverse=True))


_Y4 = r"(?:199\d|20\d\d)"
_KO_Y = rf"(?:(?:{_Y4}|'?[29]\d)\s?년도?(?!대)|올해|금년|재작년|작년|지난\s?해)"
# What may follow a Korean word that could also begin another one (초 거대, 주요, 달성).
_KO_END = (
    r"(?=[^가-힣]|$|에|엔|의|부터|까지|이후|이전|동안|나온|논문"
    r"|(?:은|는|이|가|을|를|도|만|쯤|경|께|자|중|과|와|간)(?:에|의)?(?![가-힣]))"
)
_KO_AMOUNT = (
    rf"(?:(?P<word>{_any(AMOUNTS, False)}|반년)"
    rf"|(?P<n>\d{{1,9}}|{_any(NUMBERS, False)})\s?(?P<unit>주일?|달|개월|분기|년|해|(?<=\d)일|(?<=\d )일))"
)
_KO_MONTH = rf"(?:(?P<y>{_KO_Y}|올|\d{{4}}\s?년)의?\s?|지난\s?)?(?P<m>\d{{1,2}})"
_KO_IN_MONTH = (
    r"(?:\s?(?P<day>\d{1,2})(?:(?:\s?일)?(?:\s?[~–-]\s?|부터\s?|에서\s?)(?P<day2>\d{1,2})\s?일(?:까지)?|\s?일)"
    r"(?:\s?\([월화수목금토일]\)|\s?[월화수목금토일]요일)?"
    rf"|\s?(?P<stage>초순|초|상순|중순|하순|말){_KO_END}"
    rf"|\s?(?P<nth>{_any(ORDINALS, False)}|[1-6](?=\s?주차))(?:번?째)?\s?주차?{_KO_END})?"
)
_KO_REL = r"(?P<rel>지지난|저저번|지난|저번|이번|다음|금|이)\s?"
_KO_WD, _EN_WD = r"(?P<wd>[월화수목금토일])요일", r"(?P<wd>(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
_KO_PART = r"상반기|하반기|전반기|후반기|\d{1,2}(?:\s?/\s?4|\s?사)?\s?분기|연초|연말"
_ST = r"(?:st|nd|rd|th)?"
_EN_DAY = rf"(?P<day>\d{{1,2}}){_ST}(?: ?(?:-|–|to|through) ?(?P<day2>\d{{1,2}}){_ST})?"
_MON = (
    r"(?P<mon>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![A-Za-z])(?:\.(?= ?\d))?"
)
_MON_DAY = rf"{_MON}(?: (?:the )?{_EN_DAY}(?![A-Za-z0-9_%]|[.:/-]\d|,\d{{3}}(?!\d)))?"
_REL_YEAR = r"(?:this|last|next) year|the year before last"
_EN_Y = rf"(?P<y>{_Y4}(?![.,:/-]?\d)|['’]\d\d|{_REL_YEAR}|the year)"
_OF_Y = rf"(?:,? ?(?:of )?{_EN_Y})?"
_STAGED = r"(?P<stage>early|mid|late|(?:beginning|start|middle|end)(?= of))(?:[ -]| of )(?:the (?!year))?"
_EN_NTH = rf"(?:{_any(ORDINALS, True)})"
_EN_PART = rf"Q\d|\dQ|H[12]|(?!last){_EN_NTH} quarter|(?:first|second|1st|2nd) half|{_any(SEASONS, True)}"
_EN_UNIT = r"(?P<unit>day|week|month|quarter|year)s?"
_EN_N = rf"(?:a (?=couple))?(?P<n>\d{{1,9}}|{_any(NUMBERS, True)})(?: of)?"
_NAMED = r"(?<![A-Za-z]-)"  # SPIN-2024 is a name
_THINGS = (  # what four digits may count, English in the plural only: "2024 image papers" is a year
    r"(?:tokens|steps|gpus|hours|images|samples|examples|frames|words|dimensions|dims|param(?:eter)?s|classes|questions"
    r"|characters|pixels|px|episodes|layers|users|experts|games)(?![A-Za-z])"
    rf"|(?:토큰|차원|스텝|개|장|명|시간|표|편|배|점|만|비트|프레임|단어|픽셀|문항){_KO_END}"
)
_VENUES = (
    r"AIME|AMC|IMO|VOC|COCO|WMT|IWSLT|SemEval|ImageNet|ILSVRC|DAVIS|CASP|TREC|BraTS|CVPR|ICCV|ECCV|NeurIPS|ICLR|ICML"
    r"|ACL|EMNLP|NAACL|AAAI"
)
_NOT_DATES = (  # though they hold a year or a month
    rf"(?:\d{{4}}\.\d{{4,5}}(?:v\d+)?|(?:{_VENUES})[ -]?'?\d{{2,4}}|\d{{4}} ?(?:[x×] ?\d+|{_THINGS})"
    rf"|\d{{4}} ?(?:to|and|~|-|→|에서) ?(?!{_Y4}(?!\d))\d{{4,}}"
    r"|(?:top|상위)[ -]?\d+|Q\d[ _-](?:quant[a-z]*|k|\d|bit|gguf))"
)
_NUMERIC = (
    rf"{_NAMED}(?P<y>{_Y4})(?P<sep>-|\. ?|/)(?P<m>\d{{1,2}})(?:(?P=sep)(?P<d>\d{{1,2}}))?(?![0-9A-Za-z_%]|[-/.]\d)"
)
_FAR = rf"{_NAMED}(?P<y>\d{{4}})-(?P<m>\d\d)-(?P<d>\d\d)(?![0-9A-Za-z_%]|[-/.]\d)"  # of any year: 9999-12-31
_SLASHED = (  # 6/11 is a date where dates stand, and 3/4 is none
    r"(?P<m>\d{1,2})/(?P<day>\d{1,2})(?![\d/])"
    r"(?=\s?(?:일자?|자|에|의|부터|까지|이후|이전|[~–-]\s?\d|논문|다이제스트|papers?|digest)(?![A-Za-z]))"
)
_BARE_YEAR = (
    rf"{_NAMED}(?P<y>{_Y4})(?![0-9A-Za-z_%]|[.,:/]\d|-\d(?!\d{{3}}(?!\d))|-[A-Za-z]"
    r"|(?!에|의|부터|까지|이후|이전)[가-힣])"
)
_FAR_YEAR = r"(?P<y>0{1,4}|1[0-8]\d\d|19[0-8]\d|2[1-9]\d\d|[3-9]\d{3}|[1-9]\d{4,8})"  # a year that no digest is of, said to be one
_Build = Callable[[re.Match[str], date], Period | None]
_KOREAN_AND_NUMERIC: tuple[tuple[str, _Build], ...] = (
    (_NOT_DATES, lambda m, as_of: None),
    (_NUMERIC, read_numeric),
    (_FAR, read_numeric),
    (rf"{_FAR_YEAR}\s?년(?=에|의|부터|까지|이후|이전|\s?논문)", read_part),
    (rf"(?P<y>{_Y4})-?W(?P<week>\d{{1,2}})(?![0-9A-Za-z])", read_week),
    (rf"(?P<y>{_KO_Y})의?\s?(?:제\s?)?(?P<week>\d{{1,2}})\s?주차?{_KO_END}", read_week),
    (rf"(?P<y>)(?:제\s?(?P<week>\d{{1,2}})\s?주차?|(?P<nth>[1-9]\d)\s?주차){_KO_END}", read_week),
    (_BARE_YEAR, read_bare_year),
    (_SLASHED, read_month),
    (r"(?<=on )(?P<m>\d{1,2})/(?P<day>\d{1,2})(?![\d/])", read_month),
    (r"(?P<word>오늘|금일|어저께|어제|그저께|엊그제|그제)(?!날|야|서야)", read_day_word),
    (rf"{_KO_MONTH}\s?월(?!드)달?{_KO_IN_MONTH}", read_month),
    (rf"{_KO_MONTH}\s?[~–-]\s?(?P<m2>\d{{1,2}})\s?월(?:까지)?", read_month),
    (rf"{_KO_REL}달{_KO_IN_MONTH}{_KO_END}", read_month),
    (rf"(?P<y>{_KO_Y})(?!간|\s?(?:차|치|째|만에))", read_part),
    (rf"(?P<y>{_KO_Y}|올|{_Y4})의?\s?(?P<part>{_KO_PART}|{_any(SEASONS, False)}|초반|초|중반|말){_KO_END}", read_part),
    (rf"(?P<part>{_KO_PART})", read_part),
    (rf"{_KO_REL}(?P<unit>주|분기)(?:의?\s?{_KO_WD}|\s?(?P<weekend>말))?{_KO_END}", read_relative_unit),
    (rf"(?:(?P<rel>지난|이번)\s?)?{_KO_WD}", read_weekday),
    (rf"(?P<y>{_Y4})\s?년의?\s?(?:(?P<m>\d{{1,2}})\s?월의?\s?)?(?P<edge>마지막|첫)\s?{_KO_AMOUNT}{_KO_END}", read_edge),
    (rf"(?:최근|지난|과거)\s?{_KO_AMOUNT}{_KO_END}", read_rolling),
    (rf"{_KO_AMOUNT}\s?전{_KO_END}", read_ago),
)
_ENGLISH: tuple[tuple[str, _Build], ...] = (
    (r"(?:the )?(?P<word>day before yesterday|yesterday|today|tomorrow)", read_day_word),
    (rf"(?:{_STAGED})?(?:(?:last|this|past) |{_EN_WD},? )?{_MON_DAY}{_OF_Y}", read_month),
    (rf"(?:the )?{_EN_DAY}(?: of)? {_MON}{_OF_Y}", read_month),
    (rf"(?P<y>{_Y4}),? (?=(?-i:[A-Z])){_MON_DAY}", read_month),
    (rf"(?:the )?(?P<nth>{_EN_NTH}) week of {_MON}{_OF_Y}", read_month),
    (rf"(?:{_STAGED})?(?P<rel>this|last|next) month", read_month),
    (rf"(?:the )?week (?:no\.? |number )?(?P<week>\d{{1,2}})(?: of|,)? {_EN_Y}", read_week),
    (rf"(?:the )?(?P<week>\d{{1,2}}){_ST} week of {_EN_Y}", read_week),
    (rf"(?:the )?year {_FAR_YEAR}", read_part),
    (rf"{_STAGED}{_EN_Y}", read_part),
    (rf"(?P<y>{_REL_YEAR})", read_part),
    (rf"(?P<part>{_EN_PART}){_OF_Y}", read_part),
    (rf"(?P<y>{_Y4})[ -]?(?P<part>Q\d|H[12])", read_part),
    (
        rf"(?P<rel>this|last|previous|next) (?P<unit>week|quarter)(?:(?:'s)? {_EN_WD}|(?P<weekend>end))?",
        read_relative_unit,
    ),
    (rf"{_EN_WD} (?:of )?(?P<rel>this|last|next) (?P<unit>week)", read_relative_unit),
    (rf"(?P<rel>last|this|on) {_EN_WD}", read_weekday),
    (
        rf"(?:the )?(?P<edge>last|final|first) (?:{_EN_N}[ -])?{_EN_UNIT} (?:of|in) (?:{_MON},? )?(?P<y>{_Y4})",
        read_edge,
    ),
    (rf"(?:(?:the )?past|the last) (?:{_EN_N}[ -])?{_EN_UNIT}", read_rolling),
    (rf"(?:the )?(?:last|previous|recent) {_EN_N}[ -]{_EN_UNIT}", read_rolling),
    (rf"{_EN_N} {_EN_UNIT} ago", read_ago),
)
_KO_HOLIDAY = "크리스마스 ?이브|크리스마스|성탄절|신정|새해 ?첫날|밸런타인데이|발렌타인데이|삼일절|어린이날|현충일|광복절|개천절|한글날|핼러윈|할로윈"
_EN_HOLIDAY = r"christmas eve|christmas|xmas|new year['’]?s eve|new year['’]?s day|new year['’]?s?|valentine['’]?s(?: day)?|independence day|halloween"
_DAYS_BY_NAME: tuple[tuple[str, _Build], ...] = (
    (rf"(?:(?P<y>{_KO_Y})\s?)?(?P<day>{_KO_HOLIDAY})(?P<y2>)", read_holiday),
    (
        rf"(?:(?P<y>{_Y4}|{_REL_YEAR})(?:['’]s)? )?(?P<day>{_EN_HOLIDAY})(?: day)?(?:,? (?:of |in )?(?P<y2>{_Y4}|{_REL_YEAR}))?(?![A-Za-z0-9_%])",
        read_holiday,
    ),
)
_ROWS = tuple(
    (needs, lazy(rf"(?<![0-9A-Za-z._/$#@])(?<![가-힣](?=[가-힣])){pattern}{end}", re.I | re.A), build)
    for rows, end, needs in (
        (_KOREAN_AND_NUMERIC, "", re.compile(r"[가-힣\d]")),
        (_DAYS_BY_NAME, "", re.compile("[가-힣A-Za-z]")),
        (_ENGLISH, r"(?![A-Za-z0-9_%])", re.compile("[A-Za-z]")),
    )
    for pattern, build in rows
)


def rows_for(text: str) -> Iterator[tuple[re.Pattern[str], _Build]]:
    """Yield the patterns of periods that a text has the letters for, each with what reads its matches."""
    return ((pattern, build) for needs, pattern, build in _ROWS if needs.search(text))


# The words around a period: the group that matches names what becomes of it (`OPERATIONS`); "not" drops it.
BEFORE = lazy(
    r"(?<![A-Za-z])(?:(?P<not>(?:except(?: for)?|excluding|exclude|leaving out|leave out|ignoring|skip|other than|without|nothing)"
    r"(?: (?:anything|everything|those|ones|the ones|papers|any))?(?: (?:in|from|of))?|not(?: (?:the ones|those|ones|anything|papers))?(?: (?:in|from|of))?)"
    r"|(?P<since>since|starting(?: from| in| on)?|no earlier than|on or after)|(?P<after>after|later than|following)"
    r"|(?P<until>until|till|up to|through|by|no later than|on or before)|(?P<before>before|prior to|earlier than)"
    r"|(?P<week>(?:(?:in|during|for|from) )?(?:the )?week (?:of|from|starting))"
    r"|(?P<between>between)|(?P<around>around|near|about|circa|close to)|(?P<in>in|on|during|for|from|of|at|within|over|throughout|dated)) (?:the )?$",
    re.I,
)
AFTER = lazy(
    r"(?P<not>(?: ?쯤| ?때)?(?:에 ?)?(?: ?(?:나온|실린) )?(?: ?(?:거|것|건|꺼|논문))?(?:은|는|을|를)? ?(?:말고|제외(?:하고|한)?|빼고|뺀|아닌)|(?:에는?)? ?(?:나오|실리|발표되|출판되|게재되)지 ?(?:않|못))"
    r"|(?P<since> ?(?:이후|이래|부터)(?:(?:로|에|의|는|부터)(?![가-힣]))?(?: (?:지금|현재)까지)?"
    r"|,?(?: (?:and |or )later| onwards?| (?:to|until|till|through) (?:now|date|the present|present))(?![A-Za-z]))"
    r"|(?P<before> ?이전(?:(?:에|의|까지)(?![가-힣]))?| ?전(?:에|의|까지)?(?![가-힣]))"
    r"|(?P<after> ?[후뒤](?:에|로|의)?(?![가-힣]))"
    r"|(?P<until> ?까지(?:(?:의|는|도|만)(?![가-힣]))?| (?:and|or) earlier(?![A-Za-z]))"
    r"|(?P<week>(?:[이가] | )(?:(?:있는|포함된|속한|들어 ?있는) ?)?주(?:간|에|의)?(?![가-힣]))"
    r"|(?P<between> ?사이(?:에|의)?)|(?P<around> ?(?:즈음|무렵|전후)(?:해서|하여)?(?:에|의)?)"
    r"|(?P<in>에는|에도|에만|에서|에|의|엔|['’]s(?![A-Za-z])|(?: 한 달)? ?(?:동안|내내)(?:에|의)?"
    r"|(?: ?중에?서?|간|자로?|분|[은는이가을를도만]|쯤|경|께)(?:에|의)?(?![가-힣]))"
)
TO = lazy(r"(?:부터|에서)? ?[~∼〜–—-] ?|(?:부터|에서) ?| (?:to|through|thru|until|till|up to) (?:the )?", re.I)
AND = lazy(r"(?:과|와|이랑|하고| 및| 또는| 그리고|,|/),? ?|,? (?:and|or|vs\.?|versus) (?:in )?(?:the )?", re.I)
OPERATIONS: dict[str, Callable[[date, date], OpenRange]] = {
    "in": lambda start, end: (start, end),
    "since": lambda start, end: (start, None),  # Korean 3월 이후 and 3월부터 hold March itself
    "after": lambda start, end: (end, None),  # "after March" starts in April
    "until": lambda start, end: (None, end),  # 6월까지 and "until June" hold June
    "before": lambda start, end: (None, start),
    "around": lambda start, end: (start - AROUND * ONE_DAY, end + AROUND * ONE_DAY),
    "week": lambda start, end: unit_of(start, "week", 0) if end - start == ONE_DAY else (start, end),
}
