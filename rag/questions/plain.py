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
from rag.questions.wants import without_asides

MAX_QUESTION = 2_000
"""Characters of a question that are read; callers refuse longer ones."""
ARXIV_ID = re.compile(
    r"(?:https?://[\w./-]{1,60}/|arxiv\.org/(?:abs|pdf|html)/|arxiv:)?(\d{4}\.\d{4,5})(?:v\d)?(?:\.pdf)?(?![\d.])", re.I
)
_TAG = re.compile(r"<(script|style)\b[^<>]*>.*?</\1>|</?[a-z!][^<>]*>", re.IGNORECASE)
_LINK = re.compile(r"!?\[([^\[\]]*)\]\(([^()\s]*)\)")
_CHAT = {"ㄴㄴ": " 말고 ", "ㄱㅅ": " 감사 "}
_TYPED = re.compile("ㄴㄴ|ㄱㅅ")
_RUN_ON = re.compile(
    r"(?<=[가-힣])(?=하나만|한 ?줄)|(?<=한줄)(?=요약|설명|정리)|(?<=요약|설명|추천|링크|저자)(?=하나|좀(?![가-힣]))"
)
_SHORT_FOR = {
    "params": "parameters",
    "param": "parameter",
    "w/o": "without",
    "w/": "with",
    "weak points": "limitations",
}
_SHORTENED = re.compile(r"(?<![\w/])(?:params?(?!\w)|w/o(?!\w)|(?<!papers )w/(?=\s)|weak points\b)", re.IGNORECASE)
_OTHER_SIDE = {"before": "since", "after": "until", "이전": "이후", "전": "이후", "이후": "이전"}
_BARE = {
    "im": "I'm",
    "dont": "don't",
    "doesnt": "doesn't",
    "whats": "what's",
    "thats": "that's",
    "cant": "can't",
    "isnt": "isn't",
}
_UNPOINTED = re.compile(
    r"\b(?:dont|doesnt|whats|thats|cant|isnt|im(?= (?:a|an|five|5|new|not|just|looking|trying|working|writing)\b))",
    re.IGNORECASE,
)
_NO_TRAINING = re.compile(
    r"(?<![\w-])(?:not needing|needing no|(?:(?:doesn['’]?t|don['’]?t|not) (?:need|require)|needs? no|requires? no|without)(?: any| more| further| additional| extra)?) training\b(?! (?:data|set|on|cost|time|a|the))",
    re.IGNORECASE,
)
_NO_VOTES = re.compile(
    r"(?<![A-Za-z가-힣])(?:votes?|투표(?: ?수)?|표)(?:가|이|는)? ?(?:0|영)(?![\d.])(?:표|개)?(?=인|짜리| |$)",
    re.IGNORECASE,
)
_LEFT_OUT = re.compile(
    r",? ?(?:but )?\bnot (?:the |any )?(?P<what>(?:[\w-]+ ){1,3}?)(?:papers|ones|stuff|things|works?)\b(?: please)?(?=[.!?]*$)",
    re.IGNORECASE,
)
_NUMBERS_TOO = re.compile(r"(?<=[.?!] )(?:the )?(?:numbers|figures)(?: too)?(?: pls| please)?[.!?]*$", re.IGNORECASE)
_IF_SO = re.compile(r"(?<=\w), (?:and )?if so,? (?=wh|how|which)", re.IGNORECASE)
_FROM_ON = re.compile(
    r"\bfrom (?P<time>(?:[A-Z][a-z]{2,8} )?(?:19|20)\d\d) (?:on(?=$|[.,;?!])|onwards?\b)", re.IGNORECASE
)
_WITHOUT_BEFORE = re.compile(
    r"\b(?:drop|exclude|remove|skip|leave out|ignore) (?:(?:the|all|any|those|ones|papers|everything|older|stuff|from) ){0,4}(?P<side>before|after) (?=\w)",
    re.IGNORECASE,
)
_WITHOUT_EARLIER = re.compile(
    r"(?P<time>(?:19|20)\d\d년(?: ?\d{1,2}월)?) ?(?P<side>이전|전|이후)(?: ?에? ?(?:나온)? ?(?:거|것|건|꺼|논문))?(?:은|는|을|를|들은)? ?(?:빼|제외|지워|없애)\S*"
)
_OF_DIGESTS = re.compile(
    r"\b(?:the|this|your) (?:corpus|collection|database|library)\b(?= (?:have|has|contain|include|hold|cover)|[?.!]*$)",
    re.IGNORECASE,
)
_GLUED = re.compile(r"([가-힣A-Za-z]{2})(말고|빼고) ")
_GLOSS = re.compile(r"(?<!\w)([A-Za-z가-힣][\w+-]{0,60}) ?\(([A-Za-z가-힣][^()\d]{1,40})\)")

_REMARK = re.compile(
    r"\b(?:not|no|without|except|excluding|only|prefer\w{0,6}|ideally|if possible)\b|빼고|말고|제외|없[는이]|(?<![가-힣])안 ?[가-힣]|만$|가능하면|되도록",
    re.IGNORECASE,
)  # in brackets: what narrows a question, and no gloss


def plain(question: str, catalogue: Catalogue | None = None) -> str:
    """Return a question in normal form, on one line, without HTML and Markdown links; what a link to a paper says stays.

    Of a word with a gloss in brackets the one is kept that papers of a catalogue are named by, else the one spelled out.
    """
    text = plain_letters(" ".join(clean(question).split())[:MAX_QUESTION])[:MAX_QUESTION]
    text = _UNPOINTED.sub(lambda match: _BARE[match.group().lower()], text)
    text = _SHORTENED.sub(lambda match: _SHORT_FOR[match.group().lower()], _RUN_ON.sub(" ", text))
    text = _LEFT_OUT.sub(r" excluding \g<what>papers", _NO_VOTES.sub("0표", text))
    text = _IF_SO.sub("? ", _NUMBERS_TOO.sub("what results does it report?", text))
    text = _OF_DIGESTS.sub("the digests", _FROM_ON.sub(r"since \g<time>", text))
    text = _WITHOUT_BEFORE.sub(lambda match: f"only {_OTHER_SIDE[match['side'].lower()]} ", text)
    text = _WITHOUT_EARLIER.sub(lambda match: f"{match['time']} {_OTHER_SIDE[match['side']]}만", text)
    text = _NO_TRAINING.sub("training-free", text)
    text = _TYPED.sub(lambda match: _CHAT[match.group()], _TAG.sub(" ", text))
    text = _LINK.sub(lambda m: f"{m.group(1)} {m.group(2)}" if ARXIV_ID.search(m.group(2)) else m.group(1), text)
    text = " ".join(_GLOSS.sub(partial(_glossed, catalogue=catalogue), text).split())
    return plainly(in_digits(days_in_digits(without_asides(_GLUED.sub(r"\1 \2 ", text)))))


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
    abbreviation = re.fullmatch(r"[A-Z][A-Za-z]{0,4}s?", word) and len(gloss) > len(word) and " " in gloss
    return gloss if abbreviation else word
