"""Moves of a chat that plain words tell: all papers again, both sets together, more of a kind, the week before, back to a topic.

Each takes the question and the turns before it and returns how the question reads, or None where it is no such move.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import get_args

from rag.corpus.catalogue import Catalogue
from rag.language.analysis import terms
from rag.language.patterns import lazy
from rag.language.periods import OpenRange, Range, unit_of
from rag.questions.about_it import all_on_it, beside_it, instead_of_it, papers_on_it, side_of_it, used_for
from rag.questions.advice import advised
from rag.questions.constraints import Parsed, constraints, date_reason
from rag.questions.each_side import UNITS_KO, asked_unit, each_counted, of_one_side
from rag.questions.focus import of_the_paper
from rag.questions.leaning import names_a_side, top_of
from rag.questions.names import Lookup
from rag.questions.of_paper import claimed_of_it, disagreeing, good_for
from rag.questions.plan import SET_KINDS, Plan, Unit
from rag.questions.quantities import names_a_place
from rag.questions.reading import Reading, Turn
from rag.questions.spans import Span
from rag.questions.switching import in_another_language
from rag.questions.that_time import busiest
from rag.questions.times import against, asks_which_had_more, changes, side_by_side
from rag.questions.who import of_people
from rag.questions.words import words

_AGAIN = lazy(
    r"(?:목록|리스트)(?:으로|로|을|를)? ?(?:돌아|다시|보여)|(?:다시|원래|처음|아까).{0,6}(?:전체|전부|모두|다 |목록|리스트|처음|대로)|(?:전체|전부|모두) ?(?:논문)?(?:을|를)? ?다시|필터 ?(?:를 |는 )?(?:빼고|없이|해제|풀)"
    r"|\b(?:show|list|give|back to)(?: me)? (?:all|everything|the (?:full|whole|original|first) (?:list|set))\b|\b(?:all|everything)(?: of them)? again\b|\b(?:back|return) to (?:the )?(?:\w+ )?list\b|\bundo\b|\bwithout (?:the|that) filter",
    re.IGNORECASE,
)
_THE_FIRST = lazy(r"\b(?:first|original|initial)\b|처음|맨 ?첫|원래", re.IGNORECASE)
_WHOLE = lazy(r"전체|전부|모두|모든|필터|\b(?:all|everything|full|whole|filter|undo)\b", re.IGNORECASE)
_TOGETHER = lazy(r"합치|합쳐|합하|합해|합계|더하면|\btogether\b|\bcombined\b|\bin total\b|\bsum\b", re.IGNORECASE)
_INCLUDED = lazy(
    r"(?:도|까지)(?: ?(?:같이|함께))? ?(?:포함|추가|넣|더해|합쳐|보여 ?줘|알려 ?줘|찾아 ?줘)|^(?:and |also |please )?(?:include|add)\b|\b(?:too|as well)[.!?]*$|^(?:and )?(?:also|plus)\b",
    re.IGNORECASE,
)
_WIDER = lazy(r"\b(?:expand|extend|widen|broaden|enlarge)\b|넓혀|넓히|늘려|확장|확대", re.IGNORECASE)
_MORE = lazy(r"더(?![가-힣])|\bmore\b|\banother\b|\bnext\b|다음", re.IGNORECASE)
_WHY = lazy(r"(?:근데|그런데|그럼|그래서|and|but|so)? ?(?:왜(?![가-힣])|why\b)", re.IGNORECASE)
_MONTHS = 60  # days of a range, below which it has no months to draw
_HOW_MANY = lazy(
    r"(?:총|모두|전부|다|그럼|그래서|이제)? ?몇 ?(?:편|개|건)(?:이|이나|나)?(?: ?(?:남\S*|있\S*|돼\S*|되\S*|야|예요|이야|인가요|인지))?[?.! ]*$|^(?:so |and )?how many (?:are there|are left|is that|are they|in total|papers is that|remain)\b",
    re.IGNORECASE,
)
_DRAWN = lazy(
    r"(?:그래프|차트|도표)(?:로|를|을)?(?: ?좀)? ?(?:보|그려|나타|만들|[?.!]*$)|추이|월별로"
    r"|\b(?:as|in|on|with|a|the) (?:chart|graph|plot)[?.!]*$|\b(?:chart|graph|plot) (?:it|this|that|these|them)\b|\b(?:over time|by month)\b",
    re.IGNORECASE,
)
_TRENDED = lazy(
    r"\bhow (?:has|have|did) (?:it|this|that|they|interest in (?:it|this|that))\b.{0,30}\b(?:trend|chang|grow|grew|evolv|develop)\w*|(?:추이|추세)(?:가|는|를|도)? ?(?:어때|어떻|보여|알려)",
    re.IGNORECASE,
)
_TO_READ = lazy(r"읽(?:는|을|기) ?순서|\b(?:reading order|order to read|order should i read)\b", re.IGNORECASE)
_SWITCHED = lazy(
    r"(?:now |ok(?:ay)?,? |let's |please )?(?:switch|change|move) (?:over )?to (?:the )?([^,.?!]+)[.!?]*|(?:and |now |what about |how about )*([^,.?!]+?) instead[.!?]*|(?:(?:and|what about|how about) )+([^,.?!]+)\?*",
    re.IGNORECASE,
)
_SWITCHING = ("list", "offtopic", "explain", "after:switch", "after:narrow", "describe")
_SHORT = 4  # words of a topic that a question may switch to
_BUSIEST = lazy(
    r"(?:제일|가장|젤) ?많(?:은|았던|이 나온) ?(?:달|월|해|년|주|날|분기)(?:에|엔|에는)?[은는]? ?(?:뭐|무엇|무슨|어떤|나온|올라온|논문|거|것)"
    r"|\b(?:what|which papers|show|list|papers)\b.{0,30}\b(?:busiest|biggest|top|that|most active) (?:month|year|week|day|quarter)\b(?! (?:had|has|was|is)\b)",
    re.IGNORECASE,
)
_BESIDE_KO = lazy(
    r"(?:그럼|그러면|그리고)? ?(?:(?:그|바로) ?)?(?P<side>전|이전|앞|다음|그다음|뒤) ?(?P<unit>날|주|달|분기|해|년)(?:에는|에|엔|은|는|도|의|거|꺼|것|건)*(?:요)?[ ?.!]*(?:어때|어땠어|보여 ?줘|알려 ?줘)?[?.!]*"
)
_BESIDE_EN = lazy(
    r"(?:and |what about |how about |now )?(?:for |in |on )?(?:the )?(?:(?P<unit>day|week|month|quarter|year) (?P<side>before|after)(?: that| it)?"
    r"|(?P<way>previous|prior|preceding|next|following) (?P<named>day|week|month|quarter|year))(?: please)?[?.!]*",
    re.IGNORECASE,
)
_EARLIER = frozenset("전 이전 앞 before previous prior preceding".split())
_BACK = lazy(
    r"\b(?:back|go(?:ing)? back|return(?:ing)?) to (?:the )?(?P<en>[^:,.?]+?)(?: (?:ones|papers|topic|list))?(?:[:,.?] ?|$)|(?:다시|아까|앞에서 말한|처음) (?P<ko>[^,.?]+?)(?:으로|로) ?(?:돌아가|돌아와)\S*(?:서|,)? ?"
    r"|(?:^|그럼 |이제 )(?P<ko2>[^,.? ]+(?: [^,.? ]+)?)(?:으로|로) (?:다시 )?(?:돌아가|돌아와)\S*(?:서|,)? ?",
    re.IGNORECASE,
)


def moved(parsed: Parsed, before: Turn, catalogue: Catalogue) -> Reading | None:
    """Return the reading of a question that moves in a chat; None of any other."""
    if (
        found := of_people(parsed, before, catalogue)
        or of_the_paper(parsed, before, catalogue)
        or advised(parsed, before, catalogue)
        or top_of(parsed, before)
        or in_another_language(parsed, before)
        or claimed_of_it(parsed, before)
        or disagreeing(parsed, before)
        or good_for(parsed, before)
    ):
        return found
    named = bool(parsed.found or parsed.ids or parsed.people.names or parsed.excluded)
    found = (
        papers_on_it(parsed, before)
        or instead_of_it(parsed, before)
        or all_on_it(parsed, before, catalogue)
        or side_of_it(parsed, before)
        or used_for(parsed, before)
        or (None if named else _after_any(parsed, before))
    )
    if found or before.reading.plan.kind not in SET_KINDS:
        return found
    if before.reading.sides and (found := of_one_side(parsed, before)):
        return found
    if not named and (found := _after_a_set(parsed, before, catalogue)):
        return found
    if _TO_READ.search(parsed.text) and before.papers and (not named or parsed.tagged.kind == "offtopic"):
        return replace(
            before.reading.anew(parsed.text, parsed.language), plan=Plan("list", papers=before.papers), ordered=True
        )
    if _INCLUDED.search(parsed.text):
        return _included(parsed, before, catalogue)
    return _switched(parsed, before, catalogue) if parsed.tagged.kind in _SWITCHING else None


def _after_any(parsed: Parsed, before: Turn) -> Reading | None:
    """Return the reading of a move that names nothing, whatever the question before asked for."""
    if not parsed.dates and _AGAIN.search(parsed.text):
        return _said_anew(_meant_again(parsed, before), parsed)
    if _TOGETHER.search(parsed.text) and before.before and parsed.tagged.kind.endswith("count"):
        return _together(parsed, before, before.before)
    if (subject := before.thing) and words().variants.any_of(token.text for token in parsed.tokens):
        plan = Plan("list", terms=(subject,), in_title=True)
        return replace(
            before.reading.anew(parsed.text, parsed.language),
            plan=plan,
            field=None,
            aspect="none",
            about=(subject,),
            query=subject,
        )
    if parsed.tagged.kind == "offtopic" and before.thing and (parsed.role("ref") or _WHY.match(parsed.text)):
        return beside_it(parsed, before.thing)
    return None


def _after_a_set(parsed: Parsed, before: Turn, catalogue: Catalogue) -> Reading | None:
    """Return the reading of a move that names nothing, after a question for a set of papers."""
    if before.before and (beside := each_counted(parsed, before, catalogue)):
        return beside
    if parsed.dates and _WIDER.search(parsed.text) and not parsed.dates.impossible:
        return _of_days(parsed, before, (parsed.dates.start, parsed.dates.end), catalogue)
    if parsed.dates and (compared := _months_beside(parsed, before, catalogue) or _against(parsed, before)):
        return compared
    if (
        _HOW_MANY.search(parsed.text)
        and not (parsed.dates or parsed.role("ref", "votes", "org", "person"))
        and before.papers
    ):
        counted = replace(before.reading.plan, kind="count", by=None, order=None, limit=None, skip=0)
        return replace(before.reading.anew(parsed.text, parsed.language), plan=counted)
    if days := _busiest(parsed, before, catalogue) or _beside(parsed.text, before.reading.plan):
        return _of_days(parsed, before, days, catalogue)
    if _TRENDED.search(parsed.text) and not (parsed.dates and parsed.dates.impossible):
        return _drawn(parsed, before)
    if parsed.dates:
        return None
    drawn = _DRAWN.search(parsed.text) or asked_unit(parsed.text)
    return _drawn(parsed, before) if drawn and not before.reading.plan.per else _fewer(parsed, before)


def _months_beside(parsed: Parsed, before: Turn, catalogue: Catalogue) -> Reading | None:
    """Return the counts of the days before and of those named now: “12월이랑 비교해서 어디가 더 많아?” after November."""
    plan, dates = before.reading.plan, parsed.dates
    if not (dates and dates.start and dates.end and plan.date_from and plan.date_to):
        return None
    if not asks_which_had_more(parsed.text):
        return None
    times = [(plan.date_from, plan.date_to), (dates.start, dates.end)]
    return side_by_side(replace(before.reading.anew(parsed.text, parsed.language), dates=None), times, catalogue)


def _against(parsed: Parsed, before: Turn) -> Reading | None:
    """Return what is different between the days before and those named now: “2월이랑 뭐가 달라졌어?” after January."""
    plan, dates = before.reading.plan, parsed.dates
    named = replace(plan, date_from=None, date_to=None, limit=None, by=None, order=None).filtered
    if named or not (plan.date_from and plan.date_to and dates and dates.start and dates.end):
        return None
    if not changes(parsed.text) or dates.start == plan.date_from:
        return None
    return against(
        before.reading.anew(parsed.text, parsed.language), (plan.date_from, plan.date_to), (dates.start, dates.end)
    )


def _busiest(parsed: Parsed, before: Turn, catalogue: Catalogue) -> Range | None:
    """Return the month (year, week …) of most papers in the table before, where its papers are asked for: “제일 많은 달에 뭐 나왔어?”."""
    return busiest(before, catalogue) if _BUSIEST.search(parsed.text) else None


def _drawn(parsed: Parsed, before: Turn) -> Reading:
    """Return how an earlier set grew month by month: “그래프로 보여줘”."""
    unit = asked_unit(parsed.text)
    plan = replace(before.reading.plan, kind="trend", by=None, order=None, limit=None, skip=0, papers=(), per=unit)
    if parsed.dates:
        plan = replace(plan, date_from=parsed.dates.start, date_to=parsed.dates.end)
    elif plan.date_from and plan.date_to and (plan.date_to - plan.date_from).days < _MONTHS:
        plan = replace(plan, date_from=None, date_to=None)
    return replace(before.reading.anew(parsed.text, parsed.language), plan=plan, dates=None)


def _said_anew(turn: Turn, parsed: Parsed) -> Reading:
    """Return the reading of an earlier turn as that of a question now."""
    return replace(turn.reading, question=parsed.text, language=parsed.language)


def _meant_again(parsed: Parsed, before: Turn) -> Turn:
    """Return the turn whose list is wanted again: the first one, that of so many papers, the whole one, else the last."""
    if _THE_FIRST.search(parsed.text):
        return _first(before)
    n = constraints(parsed).get("limit")
    sized = (turn for turn in before.turns() if n and n in (turn.reading.plan.limit, len(turn.papers)))
    narrowed = before.set is not before and not _WHOLE.search(parsed.text)
    return next(sized, before.set if narrowed else _widest(before.set))


def _first(turn: Turn) -> Turn:
    """Return the first turn of a chat that asked for a set of papers."""
    return [one for one in turn.turns() if one.reading.plan.kind in SET_KINDS or one.before is None][-1]


def _widest(turn: Turn) -> Turn:
    """Return the turn that the last ones narrowed."""
    while turn.before and turn.narrows:
        turn = turn.before
    return turn


def _together(parsed: Parsed, one: Turn, other: Turn) -> Reading:
    """Return the count of two earlier sets together."""
    papers = tuple(dict.fromkeys((*other.papers, *one.papers)))
    return Reading(parsed.text, parsed.language, Plan("count", papers=papers), parsed.text)


def _included(parsed: Parsed, before: Turn, catalogue: Catalogue) -> Reading | None:
    """Return the earlier set with another topic, or other days, as well."""
    plan, made = before.reading.plan, constraints(parsed)
    added = (*made.get("terms", ()), *made.get("topics", ()))
    either = " 또는 " if parsed.language == "ko" else " or "
    held = (*plan.terms, *plan.topics)
    if added and len(held) == 1:
        whole = either.join((held[0], *added))
        exact = bool(plan.terms and made.get("terms"))
        kept = replace(
            plan,
            terms=(whole,) if exact else (),
            topics=() if exact else (whole,),
            relation=plan.relation if exact else None,
            skip=0,
        )
        return replace(
            before.reading.anew(parsed.text, parsed.language),
            plan=kept,
            about=(*before.reading.about, *added),
            query=whole,
        )
    dates = parsed.dates
    if not added and dates and dates.start and dates.end and plan.date_from and plan.date_to:
        return _of_days(parsed, before, (min(plan.date_from, dates.start), max(plan.date_to, dates.end)), catalogue)
    return None


def _beside(text: str, plan: Plan) -> Range | None:
    """Return the day, week, month, quarter or year before or after that of a plan, where a question asks for it alone."""
    match = _BESIDE_KO.fullmatch(text) or _BESIDE_EN.fullmatch(text)
    if match is None or not (plan.date_from and plan.date_to):
        return None
    said = match.groupdict()
    unit = said.get("unit") or said.get("named") or ""
    offset = -1 if (said.get("side") or said.get("way") or "").lower() in _EARLIER else 1
    unit = UNITS_KO.get(unit, unit.lower())
    if unit not in get_args(Unit):
        return None
    length = plan.date_to - plan.date_from
    whole = unit_of(plan.date_from, unit)
    if (
        whole != (plan.date_from, plan.date_to) and length == whole[1] - whole[0]
    ):  # seven days that are no calendar week
        return plan.date_from + offset * length, plan.date_to + offset * length
    return unit_of(plan.date_from, unit, offset)


def _of_days(parsed: Parsed, before: Turn, days: OpenRange, catalogue: Catalogue) -> Reading:
    """Return the earlier question about other days."""
    plan = replace(before.reading.plan, date_from=days[0], date_to=days[1], skip=0, papers=())
    if plan.kind == "trend" and not (plan.ranks_topics or plan.ranks_authors):
        plan = replace(plan, kind="list", per=None)
    return replace(
        before.reading.anew(parsed.text, parsed.language), plan=plan, dates=None, reason=date_reason(plan, catalogue)
    )


def _fewer(parsed: Parsed, before: Turn) -> Reading | None:
    """Return the first papers of an earlier set, where nothing but their number is said: “너무 많아요, 3개만”."""
    made = constraints(parsed)
    if set(made) != {"limit"} or names_a_place(parsed.text) or _MORE.search(parsed.text) or not before.papers:
        return None
    if parsed.tagged.kind not in ("after:widen", "after:narrow", "after:pick", "list", "offtopic", "rank", "help"):
        return None
    plan, listed = before.reading.plan, words()
    kind = "list" if plan.kind == "count" else plan.kind
    best = [word for word in parsed.wording if word.lower() != "top" and listed.superlatives.has(word)]
    if kind == "trend" or best or listed.voted.any_of(parsed.wording) or listed.order(parsed.wording) != "none":
        return None
    return replace(
        before.reading.anew(parsed.text, parsed.language), plan=replace(plan, kind=kind, limit=made["limit"], skip=0)
    )


def _switched(parsed: Parsed, before: Turn, catalogue: Catalogue) -> Reading | None:
    """Return the earlier question on another topic, where nothing but that topic is said: “switch to video editing”."""
    match, plan = _SWITCHED.fullmatch(parsed.text), before.reading.plan
    if (
        match is None
        or names_a_side(parsed.text)
        or parsed.dates
        or parsed.people.names
        or plan.kind not in SET_KINDS
        or not (plan.topics or plan.terms)
    ):
        return None
    said = next(filter(None, match.groups()))
    if len(said.split()) > _SHORT or words().papers.any_of(said.split()) or words().everything.any_of(said.split()):
        return None
    one = Lookup(catalogue).of_span(Span("topic", said, match.start(), match.end(), 0, 0))
    if not all(found.kind in ("topic", "term") for found in one):
        return None
    terms, topics = (tuple(found.text for found in one if found.kind == kind) for kind in ("term", "topic"))
    kept = replace(
        plan, terms=terms, topics=topics, relation=plan.relation if terms else None, papers=(), figure=None, skip=0
    )
    return replace(
        before.reading.anew(parsed.text, parsed.language),
        plan=kept,
        about=(*terms, *topics),
        query=said,
        reason=date_reason(kept, catalogue),
    )


def returned(parsed: Parsed, before: Turn) -> tuple[str, Turn] | None:
    """Return what is asked about an earlier topic that a question goes back to, and the turn it goes back to."""
    match = None if _AGAIN.search(parsed.text) else _BACK.search(parsed.text)
    topic = set(terms(match["en"] or match["ko"] or match["ko2"])) if match else set()
    if match is None or not topic:
        return None
    turn = next(
        (one for one in before.turns() if topic & set(terms(" ".join((*one.reading.about, one.reading.question))))),
        None,
    )
    rest = f"{parsed.text[: match.start()]} {parsed.text[match.end() :]}".strip(" ,:.")
    return (rest, turn) if turn else None
