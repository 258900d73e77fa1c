"""Sets of a chat beside each other: how many papers each has, and papers of one of them. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from typing import get_args

from rag.corpus.catalogue import Catalogue
from rag.language.patterns import lazy
from rag.language.terms import squash
from rag.questions.constraints import Parsed, constraints
from rag.questions.names import Lookup
from rag.questions.plan import SET_KINDS, Plan, Unit
from rag.questions.reading import Reading, Turn
from rag.questions.times import side_by_side
from rag.questions.wants import picks_one
from rag.questions.words import words

UNITS_KO = {"날": "day", "주": "week", "달": "month", "분기": "quarter", "해": "year", "년": "year"}
_WHICH_UNIT = lazy(
    r"\b(?:which|what) (?P<en>day|week|month|quarter|year) (?:had|has|have|saw|got|was|is) (?:the )?(?:most|busiest|fewest|least)\b"
    r"|(?:제일|가장|젤) ?(?:많|적)\S* ?(?P<ko>날|주|달|분기|해|년)(?:[은는이가]|도)?(?: ?(?:언제|뭐|몇)\S*)?[?.! ]*$",
    re.IGNORECASE,
)
_WHICH_MORE = lazy(
    r"\bwhich (?:one )?of (?:the two|them|these|those)\b[^.?]{0,40}\bmore\b(?! recent| popular| votes)|\bwhich (?:month|week|year|day) (?:had|has|have|saw|got) (?:the )?(?:more|most)\b|\bwhich one had more\b"
    r"|\b(?:which|what)(?: one)? of the (?:three|four) [^.?]{0,40}\b(?:more|most)\b"
    r"|각각 ?몇 ?(?:편|개|건)|\bhow many (?:each|of each|for each)\b|\beach(?: one)?,? how many\b"
    r"|^(?:so |and |then )?which (?:one |topic |side |of them )?(?:has|have|had) (?:the )?(?:more|most)(?: papers)?[?.! ]*$"
    r"|^(?:그럼 |그래서 |그러면 )?(?:어느|어떤|뭐가|무엇이|어디가) ?(?:쪽|게|것|주제)?[이가]? ?(?:논문이? ?)?(?:더|제일|가장) ?많\S{0,8}[?.! ]*$"
    r"|(?:둘|셋|[두세네] [가-힣]{1,4})(?: ?(?:중|가운데))?(?:에서?)? ?(?:어느|뭐|어디|언제)[가-힣]{0,2}(?: ?(?:해|달|주|날|쪽|때|년도|연도)[가이]?)? ?(?:논문[은이]? ?)?(?:더 |제일 |가장 )?많"
    r"|(?:둘|셋|[두세네] [가-힣]{1,4})(?: ?(?:중|가운데))(?:에서?)? (?:논문[은이]? ?)?(?:더|제일|가장) 많은 (?:달|해|주|날|쪽|것|거|건)[은는이]?",
    re.IGNORECASE,
)
_THREE, _FOUR = lazy(r"셋|세 |\bthree\b", re.IGNORECASE), lazy(r"넷|네 (?=[가-힣])|\bfour\b", re.IGNORECASE)


def asked_unit(text: str) -> Unit | None:
    """Return the stretch of time of which the busiest is asked for: “which month had the most?”; None of another question."""
    match = _WHICH_UNIT.search(text)
    said = (match["en"] or UNITS_KO[match["ko"]]).lower() if match else ""
    return next((unit for unit in get_args(Unit) if unit == said), None)


def asks_which_more(text: str) -> bool:
    """Whether it is asked of which of several sets there are more: “셋 중에 뭐가 제일 많아?”."""
    return bool(_WHICH_MORE.search(text))


def each_counted(parsed: Parsed, last: Turn, catalogue: Catalogue) -> Reading | None:
    """Return the counts of the last sets, one after the other, of months that follow each other as a table: “which month had more?”."""
    if not asks_which_more(parsed.text):
        return None
    wanted = 4 if _FOUR.search(parsed.text) else 3 if _THREE.search(parsed.text) else 2
    turns = list(islice(last.turns(), wanted))[::-1]
    kinds = [turn.reading.plan.kind for turn in turns]
    if len(turns) < wanted or not SET_KINDS.issuperset(kinds) or all(kind == "trend" for kind in kinds):
        return None
    days = {(turn.reading.plan.date_from, turn.reading.plan.date_to) for turn in turns}
    if asked_unit(parsed.text) and not (len(days) == wanted and all(start and end for start, end in days)):
        return None  # the months of one set, and no two months
    first, *later = [
        replace(
            turn.reading.anew(parsed.text, parsed.language),
            plan=replace(turn.reading.plan, kind="count", by=None, order=None, limit=None, skip=0),
            dates=None,
        )
        for turn in turns
    ]
    plans = [one.plan for one in (first, *later)]
    times = [(plan.date_from, plan.date_to) for plan in plans if plan.date_from and plan.date_to]
    alike = len({replace(plan, date_from=None, date_to=None) for plan in plans}) == 1
    tabled = side_by_side(first, times, catalogue) if alike and len(times) == wanted else _things_beside(first, plans)
    return tabled or replace(first, later=tuple(later))


def _things_beside(first: Reading, plans: Sequence[Plan]) -> Reading | None:
    """Return the counts of several names and topics beside each other, where plans differ by these alone."""
    alike = len({replace(plan, terms=(), topics=(), relation=None) for plan in plans}) == 1
    things = [(*plan.terms, *plan.topics) for plan in plans]
    if not alike or any(len(named) != 1 for named in things) or plans[0].papers:
        return None
    named, about = (tuple(one for plan in plans for one in getattr(plan, name)) for name in ("terms", "topics"))
    plan = replace(plans[0], terms=named, topics=about, relation=None)
    return replace(first, plan=plan, sides=True, later=(), about=(*named, *about))


def of_one_side(parsed: Parsed, before: Turn) -> Reading | None:
    """Return papers on one of the things that were set beside each other: “방어 중에 2025년 거 하나 골라줘”."""
    plan, text = before.reading.plan, squash(parsed.text)
    named = [thing for thing in (*plan.terms, *plan.topics) if squash(thing) in text]
    if len(named) != 1 or parsed.tagged.kind.endswith("compare"):
        return None
    made = constraints(parsed) | {
        name: tuple(one for one in getattr(plan, name) if one in named) for name in ("terms", "topics")
    }
    kept = replace(plan, kind="list", skip=0, **made)
    if picks_one(parsed.text):
        kept = replace(kept, kind="superlative", by="votes", order="desc", limit=1)
    reading = before.reading.anew(parsed.text, parsed.language)
    return replace(reading, plan=kept, sides=False, about=tuple(named), query=named[0])


_OF_BOTH = re.compile(
    r"\bcompare (?:them|these|those)\b|\bwhich (?:one )?(?:came|was|is|has|got) (?:out )?(?:first|earlier|later|newer|older|more)\b"
    r"|^비교|차이(?:점)?[은는이가]? ?(?:뭐|무엇|알려|설명)|(?:뭐가|어느 ?게|어떤 ?게|어느 ?쪽이) (?:더 )?(?:먼저|최신|오래|많)",
    re.IGNORECASE,
)


def pair_before(parsed: Parsed, before: Turn, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the papers of the last two subjects, where a question asks about both: "which of the two has more votes?"."""
    said = words().pair.any_of(token.text for token in parsed.tokens)
    meant = before.reading.plan.kind not in SET_KINDS and not parsed.found and _OF_BOTH.search(parsed.text)
    if before.before is None or not (said or meant) or len(before.papers) == 2:
        return ()
    own = [_own_paper(turn, catalogue) for turn in (before.before, before)]
    return tuple(dict.fromkeys(i for papers in own for i in papers)) if all(own) else ()


def _own_paper(turn: Turn, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the one paper that a question was about, or that its subject has."""
    plan = turn.reading.plan
    if plan.kind not in SET_KINDS and len(plan.papers) == 1:
        return plan.papers
    if plan.kind == "superlative" and len(turn.papers) == 1:
        return turn.papers
    own = Lookup(catalogue).own(turn.subject)[:1] if turn.subject else ()
    return own or (() if plan.kind in SET_KINDS else turn.papers[:1])
