"""Numbers of a question: bounds on votes, how many papers, places in a list; and kinds of contribution by their words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.language.patterns import lazy
from rag.questions.spans import Span
from rag.questions.tokens import Token

NUMERALS = {
    word: number
    for words in (
        "one two three four five six seven eight nine ten".split(),
        "한 두 세 네 다섯 여섯 일곱 여덟 아홉 열".split(),
        "하나 둘 셋 넷 다섯".split(),
    )
    for number, word in enumerate(words, start=1)
}
_PLACES = {
    word: place
    for words in (
        "first second third fourth fifth sixth seventh eighth ninth tenth".split(),
        "첫 두 세 네 다섯 여섯 일곱 여덟 아홉 열".split(),
    )
    for place, word in enumerate(words)
}
_ORDINAL = lazy(
    rf"(?P<ko>{'|'.join('첫 두 세 네 다섯 여섯 일곱 여덟 아홉 열'.split())}) ?번째|#(?P<hash>\d{{1,2}})\b|(?<!\d)(?P<n>\d{{1,2}}) ?(?:번째|번|등(?!급)|위(?!까지|권|안|하|치|험)|st\b|nd\b|rd\b|th\b)"
    r"|\b(?P<en>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\b|(?P<last>마지막|맨 끝|\blast\b)|(?P<begin>(?:제일|가장|맨) ?(?:처음|앞|위)(?: ?에)?(?: ?(?:거|꺼|것|논문|있는)))|(?P<number>\bnumber (?P<m>\d{1,2})\b)",
    re.IGNORECASE,
)
_STRICT = r"넘|초과|more than|over|above|greater than|exceed|beyond"
_LEAST = rf"이상|부터|at least|or more|minimum|no fewer|and up|\+|≥|>=|{_STRICT}"
_UNDER = r"미만|under|below|less than|fewer than|안 되|안되|못 미"
_MOST = rf"이하|at most|or fewer|or less|up to|maximum|no more than|≤|<=|{_UNDER}"
# A denied bound is the other one: "no fewer than 10", "100을 넘지 않는".
_NOT_UNDER = r"n(?:o|ot) (?:less|fewer) than|n(?:o|ot) (?:under|below)"
_NOT_OVER = (
    r"n(?:o|ot) (?:more|greater) than|not (?:over|above|beyond|exceed)|n't exceed|넘지 ?(?:않|못)|초과하지 ?(?:않|못)"
)
_NUMBER = lazy(r"\d+(?:,\d{3})*")
_MOST_COUNTED = 999_999_999  # what larger numbers are read as
_SORTS = (  # how the head of a phrase is written that names a kind of contribution
    ("survey", r"surveys?|reviews?|서베이|리뷰|조사|overviews?|tutorials?|튜토리얼"),
    ("benchmark", r"[\w-]*bench(?:mark\w*|es)?|벤치\w*|leaderboards?|리더보드|evaluation suites?|평가 도구|평가 셋"),
    ("dataset", r"datasets?|data sets?|데이터 ?셋|데이터 ?세트|corpus|corpora|말뭉치|코퍼스"),
    ("framework", r"frameworks?|프레임워크|toolkits?|툴킷|library|libraries|라이브러리"),
    ("theory", r"theory|theories|theoretical(?: analys[ie]s| stud(?:y|ies)| work)?|theorems?|이론|proofs?|증명"),
    ("position", r"positions?|입장|opinions?|perspectives?"),
    ("report", r"technical reports?|기술 보고서|테크니컬 ?(?:리포트|보고서)"),
    ("system", r"^systems?|^시스템"),
)
_PAPERS_BEHIND = lazy(r" ?(?:papers?|articles?|논문들?|페이퍼)(?:은|는|이|가|을|를|도|만)?$")
_SORT_ENDS = r"(?:들|들?(?:은|는|이|가|을|를|도|만|나|이나|과|와|랑|이랑))?$"


def number_in(text: str) -> int | None:
    """Return the first number of a text, in digits or in words.

    >>> number_in("1,000 papers"), number_in("다섯 편"), number_in("few")
    (1000, 5, None)
    """
    if match := _NUMBER.search(text):
        return _whole(match.group())
    words = (
        NUMERALS.get(word.lower()) for word in re.findall(r"[A-Za-z]+|[가-힣]+?(?=개|편|건|가지|$|\s)|[가-힣]+", text)
    )
    return next((number for number in words if number), None)


def _whole(digits: str) -> int:
    return min(int(digits.replace(",", "")), _MOST_COUNTED)


_VOTES = lazy(
    r"\b(?:up)?votes? (?:over|above|under|below|(?:of )?at (?:least|most)|(?:more|less|fewer) than|[<>≥≤]=?) ?\d+"
    r"|\b(?:zero|no) (?:up)?votes?\b|(?<![가-힣])(?:표를? ?)?(?:한 ?표|하나)도 ?(?:못|없|안)|(?<!\d)\d+\+? ?(?:표(?![가-힣]{2})|추천|투표|업보트|좋아요|(?:up)?votes?\b|likes?\b)|(?:표|추천 ?수?|투표 ?수?|좋아요)(?:가|를|을|이|는|은)? ?\d+(?= ?개?(?:를|을)? ?(?:이상|넘|초과|이하|미만))",
    re.IGNORECASE,
)


_ZERO = lazy(r"\b(?:zero|no)\b|(?:한 ?표|하나)도", re.IGNORECASE)


def votes_spans(text: str, tokens: Sequence[Token], spans: Sequence[Span]) -> list[Span]:
    """Return the numbers of votes that a question names and no span holds yet."""
    held = [(span.start, span.end) for span in spans if span.role == "votes" and re.search(r"\d", span.text)]
    found: list[Span] = []
    for match in _VOTES.finditer(text):
        if any(start < match.end() and match.start() < end for start, end in held):
            continue
        inside = [place for place, token in enumerate(tokens) if match.start() <= token.start < match.end()]
        if inside:
            found.append(Span("votes", match.group(), match.start(), match.end(), inside[0], inside[-1] + 1))
    return found


def vote_bounds(text: str, spans: Sequence[Span]) -> tuple[int | None, int | None]:
    """Return the least and the most votes that a question asks for; both inclusive, None where there is no bound."""
    least: int | None = None
    most: int | None = None
    for span in spans:
        found = [_whole(number) for number in _NUMBER.findall(span.text)]
        if not found and _ZERO.search(span.text):
            least = most = 0
        if not found:
            continue
        before, behind = (
            re.split(r"\d", text[max(0, span.start - 22) : span.start])[-1].lower(),
            re.split(r"\d", text[span.end : span.end + 14])[0].lower(),
        )
        around = f"{before} {span.text.lower()} {behind}"
        if len(found) > 1 or re.search(r"between|사이", text[max(0, span.start - 22) : span.end + 12]):
            both = sorted(_whole(number) for number in _NUMBER.findall(text[max(0, span.start - 14) : span.end + 12]))
            least, most = both[0], both[-1]
        elif re.search(rf"{_NOT_OVER}|or fewer|or less|이하", around):
            most = found[0]
        elif re.search(_NOT_UNDER, around):
            least = found[0]
        elif re.search(_UNDER, around):
            most = max(0, found[0] - 1)
        elif re.search(_MOST, around):
            most = found[0]
        elif re.search(_STRICT, around):
            least = found[0] + 1
        elif found[0] == 0 or re.search(r"exactly|정확히|딱", around):
            least = most = found[0]
        else:
            least = found[0]
    return least, most


_AHEAD, _BEHIND = 26, 16  # letters around a value in which its bound is told
_SMALLER = lazy(rf"{_UNDER}|smaller|fewer|cheaper|shorter|lower|보다 ?(?:더 )?(?:작|적|낮|짧|싼|저렴)|<", re.IGNORECASE)
_AT_MOST = lazy(
    r"at most|or (?:less|fewer|lower|smaller|below)|up to|no more than|maximum|within|이하|이내|안에|내에|≤|<=",
    re.IGNORECASE,
)
_GREATER = lazy(rf"{_STRICT}|larger|higher|bigger|longer|보다 ?(?:더 )?(?:크|큰|많|높|길|긴)|>", re.IGNORECASE)
_AT_LEAST = lazy(
    r"at least|or (?:more|higher|above|larger|better)|no (?:less|fewer) than|minimum|이상|부터|≥|>=", re.IGNORECASE
)
_FROM = lazy(r"between|from|사이|에서", re.IGNORECASE)

Bounds = tuple[float | None, float | None, bool]
"""The least and the most value that are asked for, None where there is no bound, and whether they themselves are left out."""


def value_bounds(text: str, values: Sequence[tuple[float, int, int]]) -> Bounds | None:
    """Return the bounds that words around the values of a question set; None where they set none.

    A value is given with its place in the text; two make a range where words join them.

    >>> value_bounds("above 90% on MATH", [(90.0, 6, 9)]), value_bounds("30억 미만 모델", [(3e9, 0, 3)])
    ((90.0, None, True), (None, 3000000000.0, True))
    >>> value_bounds("between 50% and 60%", [(50.0, 8, 11), (60.0, 16, 19)]), value_bounds("7B models", [(7e9, 0, 2)])
    ((50.0, 60.0, False), None)
    """
    if len(values) > 1:
        (low, start, end), (high, after, last) = values[:2]
        joined = re.fullmatch(r"[%점]? ?(?:and|to|~|-|–|에서|와|과|부터)+ ?", text[end:after])
        if joined and (
            _FROM.search(text[max(0, start - _AHEAD) : start] + text[end : last + _BEHIND]) or "~" in text[end:after]
        ):
            return min(low, high), max(low, high), False
    for value, start, end in values:
        before = re.split(r"[\d,;]", text[max(0, start - _AHEAD) : start])[-1]
        near = f"{_bound_ahead(before)} | {re.split(r'[0-9;]', text[end : end + _BEHIND])[0]}"
        if _AT_MOST.search(near):
            return None, value, False
        if _AT_LEAST.search(near):
            return value, None, False
        if _SMALLER.search(near):
            return None, value, True
        if _GREATER.search(near):
            return value, None, True
    return None


def _bound_ahead(before: str) -> str:
    """Return the words straight before a value, in which an English bound stands: "of at least"."""
    return " ".join(before.split()[-3:])


_TOP_SPELLED = lazy(r"\btop (two|three|four|five|six|seven|eight|nine|ten|twenty)\b", re.IGNORECASE)
_FIRST_PLACE = lazy(r"(?<![\d가-힣])(?:1|일) ?(?:등|위)(?:인|한|의|을|를|만|은|는)?(?![가-힣])(?! ?부터)")
_TOP = lazy(r"(?:\btop|상위|톱|탑)[ -]?(\d{1,9})(?![\d.])|(?<!\d)(\d{1,9}) ?위까지", re.IGNORECASE)


_COUNTS = f"\\d{{1,9}}|{'|'.join(sorted(NUMERALS, key=len, reverse=True))}"
_SO_MANY = lazy(
    rf"(?<![가-힣A-Za-z\d.])({_COUNTS}) ?(?:편|개|건|명)(?:만|씩|을|를|의|은|는)?(?= |$|[?.!])(?! ?(?:이상|넘|이하|미만|의 ))"
    rf"|\b(?:list|show|give(?: me)?|name) ({_COUNTS})(?= (?:with|of|and|in|sorted|by)\b|[.!?]*$)"
    rf"|\b({_COUNTS}) (?=(?:most|best|top|newest|latest|oldest|recent|highest|papers\b))",
    re.IGNORECASE,
)
_UNVOTED = lazy(
    r"(?<![가-힣])(?:표|투표|추천)(?: ?수)?(?: ?정보)?[가를은는이]? ?(?:없는|모르는|알 수 없는)|unknown (?:number of )?votes|votes (?:are |is )?unknown|missing votes"
    r"|\b(?:without|with no|lacking|that have no|that lack)(?: any| known)? votes\b(?! (?:or|nor|and|for|on)\b)",
    re.IGNORECASE,
)


def asks_unvoted(text: str) -> bool:
    """Whether papers are asked for whose votes are not known."""
    return bool(_UNVOTED.search(text))


_WHETHER = lazy(
    r"^(?:(?:is|are|was|were) there|(?:do|does|did|has|have) any|any)\b|있(?:어|나|니|는지|는가|을까|습니까)요?[ ?.!]*$",
    re.IGNORECASE,
)
_WHICH = lazy(r"뭐|뭔|무엇|무슨|어떤|어느|몇|누구|누가|언제|\b(?:what|which|who|how)\b", re.IGNORECASE)


_CAN = lazy(r"(?:줄|주실|주시겠|볼) ?수 ?(?:있|없)[가-힣]*[ ?.!]*$|^(?:can|could|would) you\b", re.IGNORECASE)


def asks_to(text: str) -> bool:
    """Whether something is asked to be done, which no yes answers: “보여줄 수 있어?”."""
    return bool(_CAN.search(text))


def asks_whether(text: str) -> bool:
    """Whether it is asked whether there are such papers, and not which or how many.

    >>> asks_whether("양자화 논문 있어?"), asks_whether("어떤 양자화 논문이 있어?"), asks_whether("Any papers on NeRF?")
    (True, False, True)
    >>> asks_whether("양자화 논문 보여줄 수 있어?")
    False
    """
    return bool(_WHETHER.search(text)) and not (_WHICH.search(text) or asks_to(text))


_YEARS = range(1990, 2100)  # numbers that are years before "papers"


def names_a_limit(text: str) -> bool:
    """Whether words are nothing but a number of papers: "top3", "상위 5"."""
    return bool(_TOP.fullmatch(text.strip()))


def names_a_top(text: str) -> bool:
    """Whether a text asks for the first of a ranking: "상위 2편", "top 5"."""
    return bool(_TOP.search(text))


_ORDER = lazy(
    r"\b(?:newest|latest|oldest|earliest|(?:most )?(?:recent|popular|voted|upvoted)|highest(?:[ -]voted)?|best) (?:ones |papers )?first\b|\b(?:sort|order|rank)(?:ed)? by\b",
    re.IGNORECASE,
)


def names_an_order(text: str) -> bool:
    """Whether a text asks for papers in an order, and so for all of them: "newest first"."""
    return bool(_ORDER.search(text))


def limit_of(text: str, spans: Sequence[Span]) -> int | None:
    """Return how many papers a question asks for, None where it does not say.

    >>> limit_of("3 papers on diffusion", ()), limit_of("Which December 2023 papers use LoRA?", ()), limit_of("저자 2명", ())
    (3, None, 2)
    """
    if _FIRST_PLACE.search(text):
        return 1
    if match := _TOP.search(text):
        return int(match.group(1) or match.group(2))
    if match := _TOP_SPELLED.search(text):
        return number_in(match.group(1))
    for match in _SO_MANY.finditer(text):
        number = number_in(next(filter(None, match.groups())))
        if number not in _YEARS:
            return number
    return next((number for span in spans if (number := number_in(span.text))), None)


_PLACE_OF_RANK = lazy(
    r"(두|세|네|다섯) ?번째로|\b(second|third|fourth|fifth)[ -](?:most|best|highest|newest|latest|oldest|least|lowest)\b",
    re.IGNORECASE,
)


def rank_place(text: str) -> int:
    """Return how many papers stand before the one that a ranking asks for; 0 where it asks for the first.

    >>> rank_place("두 번째로 표 많이 받은 논문"), rank_place("the third most voted paper"), rank_place("the second one")
    (1, 2, 0)
    """
    match = _PLACE_OF_RANK.search(text)
    return _PLACES[(match.group(1) or match.group(2)).lower()] if match else 0


_FIRST_FEW = lazy(
    rf"\bfirst ({_COUNTS})\b|(?:앞의|앞에서|앞|처음|첫|맨 위|위의) ?({_COUNTS}) ?(?:개|편|건|논문)", re.IGNORECASE
)


_BUT = lazy(r"(?: ?(?:거|것|꺼|논문))? ?(?:말고|빼고|제외)")  # “첫번째 말고 세번째”
_NOT_THE = lazy(r"\bnot (?:the )?$", re.IGNORECASE)


def ordinals(text: str, size: int) -> tuple[int, ...]:
    """Return the places in a list of `size` that a text points at (0 is the first), in order, only those that exist.

    >>> ordinals("두 번째랑 마지막 논문", 5), ordinals("the second one", 1), ordinals("compare the first two", 5)
    ((1, 4), (), (0, 1))
    """
    if match := _FIRST_FEW.search(text):
        return tuple(range(min(number_in(match.group(1) or match.group(2)) or 0, size)))
    found: list[int] = []
    matches = list(_ORDINAL.finditer(text))
    wanted = [one for one in matches if not (_BUT.match(text, one.end()) or _NOT_THE.search(text[: one.start()]))]
    for match in wanted or matches:
        if match.group("last"):
            place = size - 1
        elif match.group("begin"):
            place = 0
        elif digits := match.group("n") or match.group("m") or match.group("hash"):
            place = int(digits) - 1
        else:
            place = _PLACES[(match.group("ko") or match.group("en")).lower()]
        if 0 <= place < size:
            found.append(place)
    return tuple(dict.fromkeys(found))


_A_PLACE = lazy(
    r"(?:(?:and|what about|how about|ok(?:ay)?|then|now|no|그럼|그리고|아니|그러면),? )*(?:the )?(?:number \d{1,2}|#\d{1,2}|\d{1,2}(?:st|nd|rd|th)|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last)(?: one| paper)?(?: please| pls)?[?.! ]*"
    r"|(?:(?:그럼|그리고|아니|그러면),? )*(?:\d{1,2} ?번(?:째)?|(?:첫|두|세|네|다섯|여섯|일곱|여덟|아홉|열) ?번째|마지막)(?: ?(?:거|것|건|꺼|논문))?(?:은|는|요|은요|는요|이요)?[?.! ]*",
    re.IGNORECASE,
)


def names_a_place(text: str) -> bool:
    """Whether a text is nothing but a place in a list.

    >>> names_a_place("and number 5"), names_a_place("아니 2번째요"), names_a_place("who wrote the first one?")
    (True, True, False)
    """
    return bool(_A_PLACE.fullmatch(text))


def sort_of(text: str) -> str | None:
    """Return the kind of contribution that the head of a phrase names: survey, benchmark, dataset, …; None for others.

    >>> sort_of("서베이 논문"), sort_of("benchmarks"), sort_of("quantization"), sort_of("positional encoding")
    ('survey', 'benchmark', None, None)
    """
    low = _PAPERS_BEHIND.sub("", text.lower().strip())
    if len(low.split()) > _LONGEST_SORT:
        return None
    return next((sort for sort, words in _SORTS if re.search(rf"(?:^|\s)(?:{words}){_SORT_ENDS}", low)), None)


_LONGEST_SORT = 3  # words of a phrase that may name a kind of contribution


def names_a_sort(text: str) -> bool:
    """Whether a text is nothing but the word for a kind of contribution: "데이터셋", and not "AgentBench" or "video dataset"."""
    return text == text.lower() and any(re.fullmatch(words.removeprefix("[\\w-]*"), text) for _, words in _SORTS)


def excluded_sort(text: str) -> str | None:
    """Return the kind of contribution that an excluded phrase names; None of the name of one such work.

    >>> excluded_sort("surveys"), excluded_sort("SWE-bench")
    ('survey', None)
    """
    is_name = len(text.split()) == 1 and any(map(str.isupper, text[1:]))
    return None if is_name else sort_of(text)


_TEAM = lazy(
    r"\b(?:(?P<most>most|largest|longest|biggest)|fewest|smallest|shortest) (?:number of |list of )?(?:co-?)?author(?:s|ship)?\b(?! (?:by|with) )"
    r"|\bby (?:the )?number of (?:co-?)?authors\b|\b(?P<long>longest|shortest) author lists?\b"
    r"|저자(?: ?(?:수|목록|명단))?(?:가|이|의 수가)? ?(?:(?:가장|제일|젤) )?(?:많|(?P<few>적)|긴|길|(?P<short>짧))|저자 ?수(?:로| ?순| ?상위| 기준| top)",
    re.IGNORECASE,
)


def team_order(text: str) -> str:
    """Return which end a question ranks papers by their number of authors from, "desc" or "asc"; "" where it does not.

    >>> team_order("which paper has the most authors?"), team_order("저자가 가장 적은 논문"), team_order("논문이 가장 많은 저자")
    ('desc', 'asc', '')
    """
    match = _TEAM.search(text)
    if match is None:
        return ""
    return "asc" if match["few"] or match["short"] or re.search(r"fewest|smallest|shortest", match.group()) else "desc"
