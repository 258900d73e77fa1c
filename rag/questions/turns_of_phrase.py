"""Short forms and turns of phrase, with what they say in words that a question is read by. Pure.

Each is a pattern and what stands in its place; a further one is a further row.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

Turn = tuple[re.Pattern[str], str | Mapping[str, str]]
"""A pattern, and the text in its place, or that of each word that it matches; `\\g<name>` is what a group of it holds."""

_ANY = re.IGNORECASE
_TAKEN_AWAY = (
    r"\b(?:drop|exclude|remove|skip|leave out|ignore|filter out) "
    r"(?:(?:the|all|any|those|ones|papers|everything|with|that|have|got) ){0,6}"
)
_GOES = r"(?: ?(?:인|짜리))?(?: ?(?:거|것|건|논문))?(?:은|는|을|를|들은)? ?(?:빼|제외|지워|없애)\S*"
_TURNS: tuple[Turn, ...] = (
    (
        re.compile(
            r"\b(?:dont|doesnt|whats|thats|cant|isnt|im(?= (?:a|an|five|5|new|not|just|looking|trying|working|writing)\b))", _ANY
        ),
        {"im": "I'm", "dont": "don't", "doesnt": "doesn't", "whats": "what's", "thats": "that's", "cant": "can't", "isnt": "isn't"},
    ),
    (
        re.compile(r"(?<=[가-힣])(?=하나만|한 ?줄)|(?<=한줄)(?=요약|설명|정리)|(?<=요약|설명|추천|링크|저자)(?=하나|좀(?![가-힣]))"),
        " ",
    ),
    (
        re.compile(r"(?<![\w/])(?:params?(?!\w)|w/o(?!\w)|(?<!papers )w/(?=\s)|weak points\b)", _ANY),
        {"params": "parameters", "param": "parameter", "w/o": "without", "w/": "with", "weak points": "limitations"},
    ),
    # votes
    (re.compile(r"(?<![^\W\d_])(?:votes?|투표(?: ?수)?|표)(?:가|이|는)? ?(?:0|영)(?![\d.])(?:표|개)?(?=인|짜리| |$)", _ANY), "0표"),
    # what is left out: “small models, not quantization papers please”
    (
        re.compile(
            r",? ?(?:but )?\bnot (?:the |any )?(?P<what>(?:[\w-]+ ){1,3}?)(?:papers|ones|stuff|things|works?)\b(?: please)?(?=[.!?]*$)", _ANY
        ),
        r" excluding \g<what>papers",
    ),
    (
        re.compile(
            r"(?<![\w-])(?:not needing|needing no|(?:(?:doesn['’]?t|don['’]?t|not) (?:need|require)|needs? no|requires? no|without)"
            r"(?: any| more| further| additional| extra)?) training\b(?! (?:data|set|on|cost|time|a|the))", _ANY
        ),
        "training-free",
    ),
    # days
    (re.compile(r"\bfrom (?P<time>(?:[A-Z][a-z]{2,8} )?(?:19|20)\d\d) (?:on(?=$|[.,;?!])|onwards?\b)", _ANY), r"since \g<time>"),
    (
        re.compile(
            r"\b(?:drop|exclude|remove|skip|leave out|ignore) (?:(?:the|all|any|those|ones|papers|everything|older|stuff|from) ){0,4}before (?=\w)", _ANY
        ),
        "only since ",
    ),
    (
        re.compile(
            r"\b(?:drop|exclude|remove|skip|leave out|ignore) (?:(?:the|all|any|those|ones|papers|everything|newer|stuff|from) ){0,4}after (?=\w)", _ANY
        ),
        "only until ",
    ),
    (
        re.compile(r"(?P<time>(?:19|20)\d\d년(?: ?\d{1,2}월)?) ?(?:이전|전)(?: ?에? ?(?:나온)? ?(?:거|것|건|꺼|논문))?(?:은|는|을|를|들은)? ?(?:빼|제외|지워|없애)\S*"),
        r"\g<time> 이후만",
    ),
    (
        re.compile(r"(?P<time>(?:19|20)\d\d년(?: ?\d{1,2}월)?) ?이후(?: ?에? ?(?:나온)? ?(?:거|것|건|꺼|논문))?(?:은|는|을|를|들은)? ?(?:빼|제외|지워|없애)\S*"),
        r"\g<time> 이전만",
    ),
    (re.compile(r"(?<=[가-힣]만)요(?=[.!~ ]*$)"), ""),
    (re.compile(r"(?<=[가-힣A-Za-z] )최근 ?(?:꺼|거|것)(?=[은는도만]?(?: |[?.!]|$))"), "최신 논문"),
    # votes of what is taken away, so that the bound itself stays or goes as it was said
    (re.compile(rf"{_TAKEN_AWAY}(?:less than|fewer than|under|below) (?P<n>\d{{1,6}}) (?:up)?votes\b", _ANY), r"only with at least \g<n> votes"),
    (re.compile(rf"{_TAKEN_AWAY}(?:more than|over|above) (?P<n>\d{{1,6}}) (?:up)?votes\b", _ANY), r"only with at most \g<n> votes"),
    (re.compile(rf"(?P<votes>\d{{1,6}} ?표) ?(?:미만|보다 적은|(?:도 ?)?안 되는){_GOES}"), r"\g<votes> 이상만"),
    (re.compile(rf"(?P<votes>\d{{1,6}} ?표) ?이하{_GOES}"), r"\g<votes> 초과만"),
    (re.compile(rf"(?P<votes>\d{{1,6}} ?표) ?이상{_GOES}"), r"\g<votes> 미만인 것만"),
    (re.compile(rf"(?P<votes>\d{{1,6}} ?표) ?(?:초과|보다 많은|넘는){_GOES}"), r"\g<votes> 이하만"),
    # a second question
    (re.compile(r"(?<=\w), (?:and )?if so,? (?=wh|how|which)", _ANY), "? "),
    (re.compile(r"(?<=[.?!] )(?:the )?(?:numbers|figures)(?: too)?(?: pls| please)?[.!?]*$", _ANY), "what results does it report?"),
    # what is asked about is the digests, and no data set
    (
        re.compile(
            r"\b(?:the|this|your) (?:corpus|collection|database|library)\b(?= (?:have|has|contain|include|hold|cover)|[?.!]*$)", _ANY
        ),
        "the digests",
    ),
    (re.compile("ㄴㄴ|ㄱㅅ"), {"ㄴㄴ": " 말고 ", "ㄱㅅ": " 감사 "}),
    (re.compile(r"(?P<word>[가-힣A-Za-z]{2})(?P<but>말고|빼고) "), r"\g<word> \g<but> "),
)  # fmt: skip


def turned(text: str) -> str:
    """Return a text with its short forms and turns of phrase said plainly.

    >>> turned("whats new, not video papers please"), turned("드롭아웃말고 다른 거")
    ("what's new excluding video papers", '드롭아웃 말고 다른 거')
    """
    for pattern, said in _TURNS:
        text = pattern.sub(said if isinstance(said, str) else lambda found, of=said: of[found.group().lower()], text)
    return text
