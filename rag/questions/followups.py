"""A question after another: what it changes of the earlier plan, which of the earlier papers it means, or how to say it again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

from rag.corpus.catalogue import Catalogue
from rag.language.periods import day_after
from rag.language.terms import glossary, squash
from rag.language.text import Language
from rag.questions.aspects import aspect_of
from rag.questions.assembly import assemble
from rag.questions.constraints import Parsed, constraints, date_reason
from rag.questions.each_side import pair_before
from rag.questions.focus import OF_THE_PAPER
from rag.questions.forms import FIELDS
from rag.questions.found import Found
from rag.questions.kinds import asked_figure
from rag.questions.leaning import (
    beside_one_of_list,
    days_beyond,
    next_one,
    one_more,
    pointed_at,
    points_into,
    which_has_more,
    without_place,
)
from rag.questions.names import Lookup
from rag.questions.narrowing import about_plan, in_all, narrowed, spelt_in, widened
from rag.questions.plan import SET_KINDS, Kind, Plan
from rag.questions.quantities import names_a_place, number_in, ordinals
from rag.questions.reading import PAGE, Reading, Turn
from rag.questions.scope import is_own
from rag.questions.switching import exchanges, switched
from rag.questions.taking_away import takes_away
from rag.questions.wants import SAID_PLAINLY, said_aspect, shortly, sorts
from rag.questions.who import asks_where_from
from rag.questions.words import words

_KOREAN = re.compile(r"한국어|한글|우리말|korean|국문", re.IGNORECASE)
_BARE_KINDS = {
    "fact": "ask",
    "explain": "explain",
    "similar": "similar",
    "compare": "compare",
    "count": "count",
    "rank": "pick",
    "more": "pick",  # “뭐가 투표를 더 많이 받았어?”
}
_SAME_DAY = re.compile(
    r"\b(?:the|that) same (?:day|digest|date)\b|\bthat day\b|같은 ?날|(?<![가-힣])그 ?날(?!씨)", re.IGNORECASE
)
_POINTS = re.compile(r"\b(?:it|this|that|they)\b|이거|그거|이건|그건|이게|그게", re.IGNORECASE)
_THEM = re.compile(r"\b(?:they|them|their|these|those)\b|(?:논문|연구|것|거)들|[얘걔쟤]네", re.IGNORECASE)
_IN_LANGUAGE = re.compile(r"[가-힣]로(?![가-힣])|\b(?:in|into|to) \w+|\btranslat|번역|please", re.IGNORECASE)
_ENGLISH = re.compile(r"영어|english|영문", re.IGNORECASE)
_NOTHING = {"offtopic": 0.2, "help": 0.1}  # and the probability of a follow-up from which a question in a chat is one
_ANEW = re.compile(
    r"(?:and|in|on|for|how|what|about|only|just|then|of|from|same|again|thing|그럼|그러면|그리고|만|것만|거만|건|것|거|은|는|엔|에는|에|의|꺼|도|요|[\W_])*",
    re.IGNORECASE,
)
_LAST_ONE = re.compile(
    r"\b(?:when|how (?:recent|old))\b.{0,20}\bthe (?:last|latest|most recent) (?:one|paper)\b|마지막(?: ?(?:거|것|건|논문))?[은이가]? ?(?:은 |는 )?언제",
    re.IGNORECASE,
)
_DETAILS = re.compile(r"\bdetails?\b|\bin depth\b|자세히|상세|디테일", re.IGNORECASE)
_FEW = 10  # papers of an earlier answer that are all asked about where none is pointed at
_SOME = 3  # papers of an earlier answer that are explained together


def follows(parsed: Parsed) -> str:
    """Return what a question does with the earlier one ("narrow", "ask", …); "" where it stands by itself."""
    kind, kinds = parsed.tagged.kind, parsed.tagged.kinds
    if kind in _NOTHING:
        likely = max((name for name in kinds if name.startswith("after:")), key=kinds.__getitem__)
        named = kind == "help" and (parsed.found or parsed.people.names)
        kind = likely if kinds[likely] >= _NOTHING[kind] and not named else kind
    if parsed.released and not (parsed.found or parsed.ids or parsed.people.names):
        return "narrow"
    thanked = words().thanks.any_of(token.text for token in parsed.tokens)
    if (kind == "after:narrow" or (kind == "after:switch" and thanked)) and _is_whole(parsed):
        return ""
    if kind == "after:filter_out" and not takes_away(parsed):
        return ""  # “any other medical models?” takes nothing away
    if parsed.dates and _names_days_alone(parsed):
        return "switch"
    if kind.startswith("after:"):
        return kind.removeprefix("after:")
    if kind == "list" and parsed.found and points_into(parsed.text):
        return "narrow"
    anything = parsed.found or parsed.ids or parsed.people.names or parsed.people.reason or parsed.dates
    described = parsed.role("description")
    return "" if anything or described else _BARE_KINDS.get(kind, "")


def _names_days_alone(parsed: Parsed) -> bool:
    """Whether a question only names other days: "and in 2024?", "2024년 것만"."""
    text = list(parsed.text)
    for start, end in parsed.dates.spans if parsed.dates else ():
        text[start:end] = " " * (end - start)
    return all(_ANEW.fullmatch(word) for word in "".join(text).split())


def _is_whole(parsed: Parsed) -> bool:
    """Whether a question names papers and what they are on and points at none before: “맘바를 사용한 논문은?”."""
    said = [token.text for token in parsed.tokens]
    only = any(word.endswith("만") or word.lower() in ("only", "just") for word in said)
    return bool(parsed.found) and words().papers.any_of(said) and not (only or parsed.role("ref"))


def resume(parsed: Parsed, before: Turn, kind: str, catalogue: Catalogue) -> Reading | str:
    """Return the reading of a question after another; a question to read in its place; or "" where it stands by itself."""
    named = [one for one in parsed.found if one.papers]
    if kind == "compare" and (both := beside_one_of_list(parsed, before)):
        compared = Plan("compare", papers=both)
        return replace(
            before.reading.anew(parsed.text, parsed.language), plan=compared, field=None, aspect="none", about=()
        )
    before = pointed_at(parsed, before)
    if parsed.dates and parsed.dates.impossible:
        return ""
    if asked_figure(parsed, catalogue):
        return assemble(parsed, catalogue, before.papers)
    if asks_where_from(parsed, kind):
        return replace(
            before.reading.anew(parsed.text, parsed.language),
            plan=Plan("fact"),
            reason="field_not_in_digest",
            lacking="affiliation",
        )
    if kind in ("ask", "explain") and named and not parsed.role("ref"):
        return ""
    of_it = bool(OF_THE_PAPER.search(parsed.text)) and len(before.papers) == 1
    if kind == "ask" and parsed.found and not (named or of_it or ordinals(parsed.text, len(before.papers))):
        if before.thing:
            return before.with_topic(parsed.text, parsed.language, *(one.text for one in parsed.found))
        kind = "narrow" if before.reading.plan.kind in SET_KINDS and len(before.papers) > 1 else kind
    if before.papers and _SAME_DAY.search(parsed.text) and (paper := catalogue.papers.get(before.papers[0])):
        same = Plan("date", date_from=paper.date, date_to=day_after(paper.date))
        return Reading(parsed.text, parsed.language, same, parsed.text)
    if parsed.ids and kind != "compare":
        return ""
    if (kind == "repeat" and ordinals(parsed.text, len(before.papers))) or names_a_place(parsed.text):
        kind = "explain"  # “the first one in two sentences”, “and number 5”
    if kind == "repeat" and parsed.found and not _IN_LANGUAGE.search(parsed.text):
        kind = "narrow"  # “what about Korean?”
    if kind in ("widen", "repeat", "similar") and _DETAILS.search(parsed.text):
        kind = "explain"
    if kind in ("ask", "switch") and (spelt := _bare_topic(parsed, before, kind, catalogue)):
        parsed, before, kind = replace(parsed, found=spelt), before.set, "switch"
    plainly = (*SAID_PLAINLY, "link", *(() if sorts(parsed.text) else ("votes",)))
    if kind in ("explain", "pick", "repeat") and said_aspect(parsed.text) in plainly:
        kind = "ask"
    if kind == "similar" and said_aspect(parsed.text) == "authors":
        kind = "ask"  # “who else was on it”
    if kind == "narrow" and parsed.released and before.reading.plan.kind not in SET_KINDS and before.papers:
        kind = "ask"  # “코드 공개함?” of the paper before
    if kind == "switch" and parsed.excluded and parsed.found and not exchanges(parsed, before):
        kind = "narrow"  # “메쉬 말고 가우시안으로 하는 거”
    if kind == "switch":
        return switched(parsed, before, catalogue)
    if kind == "widen" and sorts(parsed.text) and words().order(parsed.wording) != "none":
        kind = "sort"  # “3개만 연도순으로”
    wants_one = kind == "widen" and (before.reading.one or before.reading.plan.limit == 1)
    if (wants_one or (kind in ("widen", "pick") and one_more(parsed.text))) and before.reading.plan.kind in SET_KINDS:
        return replace(next_one(before), question=parsed.text, language=parsed.language)
    if kind in ("widen", "repeat") and words().thanks.any_of(token.text for token in parsed.tokens):
        return replace(before.reading, question=parsed.text, plan=Plan("help"), reason=None, later=(), thanks=True)
    if kind == "repeat":
        language = "ko" if _KOREAN.search(parsed.text) else "en" if _ENGLISH.search(parsed.text) else parsed.language
        return replace(before.reading, question=parsed.text, language=language)
    if before.subject and kind in ("ask", "explain", "similar") and not parsed.found:
        return _of_subject(parsed, before, kind, catalogue)
    if kind == "compare" and _asks_of_it(parsed, catalogue):
        kind = "ask"
    if kind == "compare" and parsed.found and (about := before.subject or before.topic):
        return _beside(about, parsed.found[0].text, parsed.language)
    tabled = before.reading.plan.per and not words().voted.any_of(token.text for token in parsed.tokens)
    if tabled and kind in ("pick", "sort", "switch", "narrow") and not (parsed.found or parsed.dates):
        return replace(
            before.reading, question=parsed.text, language=parsed.language
        )  # the table tells most and fewest
    if not before.papers and kind == "count" and before.reading.plan.filtered:
        counted = replace(before.reading.plan, **{**constraints(parsed), "kind": "count", "limit": None})
        return replace(before.reading, question=parsed.text, plan=counted, later=())
    if not before.papers and kind not in ("narrow", "filter_out"):
        return ""
    plan = _plan(
        parsed, replace(before, papers=pair_before(parsed, before, catalogue) or before.papers), kind, catalogue
    )
    if plan is None:
        return ""
    asked = aspect_of(parsed)
    field = FIELDS.get(asked) if plan.kind == "fact" else None
    made = replace(
        before.reading, question=parsed.text, language=parsed.language, plan=plan, query=without_place(parsed), field=field, aspect=asked,
        yes_no=False, one=False, overview=False, titles=False, shortly=shortly(parsed.text), reason=None, unknown=(), near=(), offers=(), later=(), dates=parsed.dates or before.reading.dates,
    )  # fmt: skip
    if plan.kind in SET_KINDS:
        made = replace(made, reason=date_reason(plan, catalogue))
    made = about_plan(made, plan)
    if plan.kind not in SET_KINDS and len(plan.papers) == 1 and (paper := catalogue.papers.get(plan.papers[0])):
        made = replace(made, about=(paper.name or paper.title,))
    return replace(made, otherwise=in_all(made, before, parsed))


def _asks_of_it(parsed: Parsed, catalogue: Catalogue) -> bool:
    """Whether what seems to compare asks something of one paper: “how fast is it compared to naive loading?”."""
    own = any(
        is_own(one, catalogue) and one.text in parsed.text and one.text != one.text.lower() for one in parsed.found
    )
    return bool(_POINTS.search(parsed.text)) and aspect_of(parsed) != "none" and not own


def _of_subject(parsed: Parsed, before: Turn, kind: str, catalogue: Catalogue) -> Reading | str:
    """Return what a question asks of the one name that the question before was about, or of its papers it points at."""
    papers, name, aspect = before.papers, before.subject, aspect_of(parsed)
    pointed = tuple(papers[place] for place in ordinals(parsed.text, len(papers)))
    own = pointed or Lookup(catalogue).own(name)[:1]
    field = FIELDS.get(aspect) if kind == "ask" else None
    kinds: dict[str, Kind] = {"ask": "fact", "explain": "explain", "similar": "similar"}
    missing = field is not None and not own
    beyond: dict[str, Any] = days_beyond(parsed, own[0], catalogue) if own and kind == "similar" else {}
    return replace(
        before.reading, question=parsed.text, language=parsed.language, query=f"{name} {parsed.text}", field=field, aspect=aspect,
        plan=Plan(kinds[kind], papers=own, **beyond) if own else Plan(kinds[kind], terms=(name,)),
        reason="no_evidence" if missing else None, unknown=(name,) if missing else (), about=(name,),
        yes_no=False, one=False, overview=False, shortly=shortly(parsed.text), near=(), offers=(), later=(), dates=None,
    )  # fmt: skip


def beside(parsed: Parsed, before: Turn) -> str:
    """Return the question that sets what the one before was about beside the one thing that is named now; "" for others."""
    if counted := which_has_more(parsed, before):
        return counted
    points = parsed.role("ref") or _POINTS.search(parsed.text)
    about = before.thing or (_topic_of(before.set) if points else "")
    one = parsed.found[0] if len(parsed.found) == 1 else None
    if (
        parsed.tagged.kind not in ("compare", "after:compare")
        or not about
        or one is None
        or squash(one.text) == squash(about)
    ):
        return ""
    return _beside(about, one.text, parsed.language)


def with_its_name(parsed: Parsed, before: Turn) -> str:
    """Return a question with the name of the compared thing whose place it points at, where the things are no papers; else ""."""
    about, refs, plan = before.reading.about, parsed.role("ref"), before.reading.plan
    if plan.kind != "compare" or len(about) < 2 or len(plan.papers) >= len(about) or len(refs) != 1:
        return ""
    places, ref = ordinals(refs[0].text, len(about)), refs[0]
    return f"{parsed.text[: ref.start]}{about[places[0]]}{parsed.text[ref.end :]}" if len(places) == 1 else ""


def _topic_of(turn: Turn) -> str:
    """Return the one topic or name that a set of papers is about; "" of another answer."""
    plan = turn.reading.plan
    named = (*plan.terms, *plan.topics)
    return named[0] if plan.kind in SET_KINDS and len(named) == 1 and not plan.papers else ""


def _beside(one: str, other: str, language: Language) -> str:
    """Return the question that sets two things beside each other."""
    return f"{one}, {other} 비교해줘" if language == "ko" else f"{one} vs {other}"


def _plan(parsed: Parsed, before: Turn, kind: str, catalogue: Catalogue) -> Plan | None:
    """Return the plan of a follow-up, None where it changes nothing that can be told."""
    papers, earlier = before.papers, before.reading.plan
    places = () if _CAME_FIRST.search(parsed.text) else ordinals(parsed.text, before.shown)
    chosen = tuple(papers[place] for place in places)
    order = max(parsed.tagged.orders, key=lambda name: parsed.tagged.orders[name])
    by, _, way = order.partition(" ")
    listed = words()
    said = [token.text for token in parsed.tokens]
    if by == "none" and (ranked := _ranked(parsed, kind, said)):
        kind, (by, way) = "pick", ranked
    if kind == "table":
        return Plan("compare" if len(papers) > 1 else "known_item", papers=papers[:5])
    if kind == "count":
        made = {name: value for name, value in constraints(parsed).items() if name != "limit"}
        if not made and earlier.kind in SET_KINDS and (not earlier.papers or earlier.topics):
            return replace(earlier, kind="count", by=None, order=None, limit=None, skip=0)
        return Plan("count", papers=papers, **made)
    if kind == "similar":
        one = (chosen or papers)[:1]
        return Plan("similar", papers=one, **days_beyond(parsed, one[0], catalogue))
    if kind == "compare":
        named = (*parsed.ids, *(i for one in parsed.found for i in one.papers))
        return Plan("compare", papers=(*(chosen or papers[: 1 if named else 5]), *named)[:5])
    asked = aspect_of(parsed)
    if asked == "date" and earlier.kind in SET_KINDS and _LAST_ONE.search(parsed.text):
        return Plan("fact", papers=(_first(papers, "date", "desc", catalogue),))
    if by in ("votes", "date") and kind in ("pick", "ask") and not chosen and asked not in ("none", by):
        return Plan("fact", papers=(_first(papers, by, way, catalogue),))
    compares = kind in ("ask", "explain", "compare") and len(papers) > 1 and listed.newer.any_of(said)
    if (
        by in ("votes", "date")
        and not parsed.found
        and (kind == "sort" or ((kind == "pick" or compares) and not chosen))
    ):
        whole = kind == "sort" or sorts(parsed.text)
        limit = constraints(parsed).get("limit", None if whole else 1)
        those = earlier.papers if earlier.kind == "compare" and len(earlier.papers) > 1 else before.rivals or papers
        return Plan("superlative", papers=those, by=_by(by), order=_way(way), limit=limit)
    if kind == "pick":
        return Plan("fact" if asked != "none" else "explain", papers=chosen or papers[:1])
    if kind == "ask":
        few = len(papers) <= _FEW and asked in FIELDS and not (parsed.role("ref") or listed.single.any_of(said))
        every = few or listed.everything.any_of(said) or (asked in FIELDS and _THEM.search(parsed.text))
        counted = number_in(parsed.text) if listed.everything.any_of(said) else None  # “all three”
        if before.rivals and _THEM.search(parsed.text):
            return Plan("fact", papers=before.rivals)
        return Plan("fact", papers=chosen or (papers[: counted or PAGE] if every else papers[:1]))
    if kind == "explain":
        return Plan("explain", papers=chosen or papers[: 1 if listed.single.any_of(said) else _SOME])
    if kind == "widen":
        return widened(before)
    return narrowed(parsed, before, kind, earlier, catalogue)


_CAME_FIRST = re.compile(
    r"\b(?:came|appeared|was (?:published|released)|is from) (?:out )?(?:first|earlier)\b", re.IGNORECASE
)


def _ranked(parsed: Parsed, kind: str, said: Sequence[str]) -> tuple[str, str] | None:
    """Return the order by which a question picks from the papers before by plain words: the newest, the one with more votes."""
    listed = words()
    if kind not in ("pick", "narrow", "compare", "explain") or parsed.found or parsed.role("votes"):
        return None
    if _CAME_FIRST.search(parsed.text):
        return "date", "asc"
    best = listed.superlatives.any_of(said) or listed.newer.any_of(said)
    if best and (order := listed.order(said)) != "none":
        by, _, way = order.partition(" ")
        return by, way
    return ("votes", "desc") if listed.voted.any_of(said) and (best or listed.more.any_of(said)) else None


def _first(papers: tuple[str, ...], by: str, way: str, catalogue: Catalogue) -> str:
    """Return the paper of most or fewest votes, or the newest or oldest."""

    def value(arxiv_id: str) -> float:
        paper = catalogue.papers[arxiv_id]
        if by == "date":
            return paper.date.toordinal()
        return paper.votes if paper.votes is not None else -1 if way == "desc" else float("inf")

    return (min if way == "asc" else max)(papers, key=value)


def _by(by: str) -> Literal["votes", "date"]:
    return "date" if by == "date" else "votes"


def _way(way: str) -> Literal["desc", "asc"]:
    return "asc" if way == "asc" else "desc"


def _bare_topic(parsed: Parsed, before: Turn, kind: str, catalogue: Catalogue) -> list[Found]:
    """Return the topic that is all that is said after a list of papers: “오디오는?”; none where something is asked of a paper."""
    named = parsed.found or parsed.dates or parsed.people.names or parsed.role("ref")
    asks = kind == "ask" and aspect_of(parsed) != "none"
    if named or asks or len(before.set.papers) < 2 or len(parsed.tokens) > 2:
        return []
    spelt = spelt_in(parsed, catalogue) or _known(parsed, catalogue)
    return spelt if len(spelt) == 1 else []


_BUT_IT = re.compile(r"(?:그럼|그러면|그리고) (?P<thing>[가-힣A-Za-z0-9 -]{2,20}?)(?:은|는)(?:요)?[?.! ]*")


def _known(parsed: Parsed, catalogue: Catalogue) -> list[Found]:
    """Return the one thing that a question turns to, where papers name it: “그럼 효과음은요?”."""
    match = _BUT_IT.fullmatch(parsed.text)
    known = match is not None and catalogue.knows(glossary().term(match["thing"]))
    return [Found(match["thing"], "topic", (), match.start("thing"))] if match and known else []
