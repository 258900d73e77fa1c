"""Questions of a chat about what one paper says: a claim to check, a reason, the same of another name, papers that disagree. Pure functions."""

from __future__ import annotations

import re
from dataclasses import replace

from rag.language.patterns import lazy
from rag.language.terms import glossary, squash
from rag.questions.constraints import Parsed
from rag.questions.plan import SET_KINDS, Plan
from rag.questions.quantities import ordinals
from rag.questions.reading import Reading, Turn
from rag.questions.shapes import is_concept, is_shaped
from rag.questions.tokens import tokenize
from rag.questions.wants import asks_why

_CLAIMS = lazy(
    r"(?:so |and |but |wait,? |ok(?:ay)?,? )*(?:it|they|the (?:paper|authors?)|this(?: paper| one)?|that(?: paper| one)?) (?:also |really |actually )?(?:says?|said|claims?|claimed|shows?|showed|argues?|finds?|found|proves?)\b"
    r"|.*,? (?:right|correct|isn['’]?t it|doesn['’]?t it|don['’]?t they)\?|.*(?:맞지|맞아|맞나|맞죠|맞나요|맞습니까|맞는 ?거지|(?:다는|라는) ?(?:거지|거죠|건가|건가요)|다며|라며)[?.! ]*",
    re.IGNORECASE,
)
_CAME_OUT = lazy(
    r"\b(?:sure|really|certain)\b.*\b(?:came|come|is|was|from|published|released)\b|나온 ?(?:거|것|게)? ?(?:맞|확실)|정말.*나[왔온]",
    re.IGNORECASE,
)
_OTHERS = lazy(
    r"\b(?:other|others|existing|previous|prior|competing)\b(?: [\w-]+)? (?:models?|methods?|approaches|systems|work|ones)\b|\bbaselines?\b"
    r"|(?:다른|기존|이전|타) ?(?:\S+ )?(?:모델|방법|기법|연구|시스템)",
    re.IGNORECASE,
)
_HOW_COME = lazy(
    r"(?:so |and |but )*(?:why|how|where) (?:does|do|did|is|are|was|were|would|can) |(?:근데 |그런데 |그럼 )?.*(?:왜|어째서|어떻게) ",
    re.IGNORECASE,
)
_DISAGREES = lazy(
    r"\b(?:disagree|contradict|refut|oppos|contrary|challeng(?:e|es|ing) (?:it|this|that))\w*|\bargue\w* against\b|\bthe other side\b"
    r"|반대(?:되는|하는|로)? ?(?:결과|결론|주장|의견|입장|연구|논문|내용)|반박(?:하는|한)|상반(?:되는|된)|다른 ?결론|정반대",
    re.IGNORECASE,
)
_BRIEF = 3  # words of a question that names nothing but what it asks the same of


def _paper_of(parsed: Parsed, before: Turn) -> str:
    """Return the one paper that a question points at by its place, or that the one before was about; "" where there is none."""
    places = ordinals(parsed.text, before.shown)
    if len(places) == 1:
        return before.papers[places[0]]
    one = before.reading.plan.kind not in SET_KINDS and len(before.papers) == 1
    return before.papers[0] if one and not places else ""


def claimed_of_it(parsed: Parsed, before: Turn) -> Reading | None:
    """Return what a paper says of a claim or of a reason: “it says X is better, right?”, “why does the first one say so?”."""
    text, paper = parsed.text, _paper_of(parsed, before)
    if paper and parsed.dates and not parsed.found and _CAME_OUT.search(text):
        dated, reading = Plan("fact", papers=(paper,)), before.reading.anew(text, parsed.language)
        return replace(reading, plan=dated, query=text, field="date", aspect="date", about=(), said=(), dates=None)
    placed = bool(ordinals(text, before.shown)) and _HOW_COME.match(text)
    claims = placed or (parsed.found and _CLAIMS.fullmatch(text)) or _says(parsed)
    if not paper or parsed.ids or not claims:
        return None
    return replace(
        before.reading.anew(text, parsed.language), plan=Plan("fact", papers=(paper,)), query=text, field=None, aspect="result" if _OTHERS.search(text) else "none",
        about=(), said=(), dates=None,
    )  # fmt: skip


def _says(parsed: Parsed) -> bool:
    return bool(parsed.found) and bool(_CLAIMS.match(parsed.text)) and "?" in parsed.text


def same_of_another(parsed: Parsed, before: Turn) -> str:
    """Return the question before about another name than the one it asked of beside a paper: “제미나이는?” after “첫 번째 논문에서 GPT-4o 점수는?”."""
    earlier = before.reading
    if earlier.plan.kind != "fact" or len(earlier.plan.papers) != 1 or len(parsed.found) != 1:
        return ""
    if len(parsed.text.split()) > _BRIEF or parsed.found[0].kind != "term":
        return ""
    if any(squash(name) in squash(earlier.question) for name in earlier.about):
        return ""  # “LIMO는?” after “Qwen2.5의 MATH 점수는?” asks of LIMO
    words = [token.text for token in tokenize(earlier.question)]
    names = [
        word
        for word in words
        if is_shaped(word) or (glossary().knows(word) and not is_concept(glossary().term(word).variants))
    ]
    others = [name for name in names if squash(name) not in map(squash, earlier.about)]
    if len(others) != 1 or earlier.question.count(others[0]) != 1:
        return ""
    return earlier.question.replace(others[0], parsed.found[0].text)


def disagreeing(parsed: Parsed, before: Turn) -> Reading | None:
    """Return papers on the same as those before, where such are asked for that come to another result, which no summary tells."""
    if not _DISAGREES.search(parsed.text) or parsed.ids or parsed.people.names:
        return None
    paper, reading = _paper_of(parsed, before), before.reading.anew(parsed.text, parsed.language)
    if paper:
        return replace(reading, plan=Plan("similar", papers=(paper,)), lacking="stance", field=None, aspect="none")
    if before.set.reading.plan.kind not in SET_KINDS or not (
        before.set.reading.plan.topics or before.set.reading.plan.terms
    ):
        return None
    return replace(before.set.reading.anew(parsed.text, parsed.language), lacking="stance")


def good_for(parsed: Parsed, before: Turn) -> Reading | None:
    """Return what the topic of the set before is good for: “이거 어디에 써?”."""
    plan = before.set.reading.plan
    named = (*plan.terms, *plan.topics)
    if (
        parsed.found
        or len(named) != 1
        or plan.kind not in SET_KINDS
        or not asks_why(parsed.text)
        or before.set is not before
    ):
        return None
    explained = Plan("explain", terms=plan.terms, topics=plan.topics)
    reading = before.reading.anew(parsed.text, parsed.language)
    return replace(reading, plan=explained, why=True, overview=False, about=named, query=named[0], dates=None)
