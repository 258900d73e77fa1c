"""Questions for papers on the one thing that was explained before: on it, with it, in its place, used for something. Pure functions."""

from __future__ import annotations

import re
from dataclasses import replace

from rag.corpus.catalogue import Catalogue
from rag.language.patterns import lazy
from rag.questions.constraints import Parsed, constraints
from rag.questions.leaning import names_a_side
from rag.questions.names import Lookup
from rag.questions.plan import SET_KINDS, Kind, Plan
from rag.questions.quantities import ordinals
from rag.questions.reading import Reading, Turn
from rag.questions.words import words

_ON_IT = lazy(
    r"\b(?P<beats>improv\w+ (?:up)?on|beat\w*|outperform\w*|better than) (?:it|this|that|them)\b|\b(?P<uses>us(?:e|es|ing)|build(?:s|ing)? on|based on|apply(?:ing)?) (?:it|this|that|them)\b|\b(?:about|on|for|do(?:es|ing)?|cover(?:ing)?|discuss(?:ing)?|deal(?:ing)? with) (?:it|this|that|them)\b|(?:이거|그거|이걸|그걸|이것|그것|거기)(?:에 ?(?:대한|관한)|를? ?다룬|를? ?다루는)? ?.{0,4}논문",
    re.IGNORECASE,
)
_INSTEAD = lazy(
    r"(?:그거|그것|이거|이것|그걸|이걸)(?:를|을)? ?(?:대신|대체)|(?:^|그럼 |다른 )(?:대안|대체재|대체할)"
    r"|\b(?:alternatives?(?: to (?:it|that|this))?\b(?! to)|instead of (?:it|that|this)|(?:replace|replacing) (?:it|that|this))\b",
    re.IGNORECASE,
)
_USED_FOR = lazy(
    r"(?:그거|그건|이거|이건|그럼)? ?(?P<thing>[가-힣A-Za-z0-9 -]{1,20}?)(?:에서?도?) ?(?:쓰|쓸|써|사용|적용|활용)[^?.!]{0,10}[?.! ]*"
)


def papers_on_it(parsed: Parsed, before: Turn) -> Reading | None:
    """Return the list of papers on what the question before was about: “which papers are about it?”, “papers using it for vision”."""
    earlier, about, match = before.reading.plan, before.reading.about, _ON_IT.search(parsed.text)
    kind = parsed.tagged.kind
    if match is None or not about or not words().papers.any_of(token.text for token in parsed.tokens):
        return None
    if not match["beats"] and (kind.startswith("after:") or kind in ("count", "rank")):
        return None
    made = constraints(parsed)
    if any(made.get(name) for name in ("terms", "topics")) and (made.get("terms") or earlier.kind in SET_KINDS):
        return None
    it = before.about_it if before.thing else earlier
    if earlier.kind == "compare" and not before.thing:  # what was compared first
        it = Plan("list", terms=about[:1]) if about[0] in earlier.terms else Plan("list", topics=about[:1])
    named = {"terms": it.terms, "topics": (*(() if it.terms else it.topics), *made.get("topics", ()))}
    if match["beats"]:
        named, made["relation"] = {"terms": about[:1], "topics": ()}, "beat"
    elif match["uses"] and it.terms:
        made["relation"] = "use"
    plan = Plan("list", **{**made, **named})
    return Reading(parsed.text, parsed.language, plan, about[0], about=about[:1], dates=parsed.dates)


def all_on_it(parsed: Parsed, before: Turn, catalogue: Catalogue) -> Reading | None:
    """Return the papers on a thing that was explained: “관련 논문도”; where papers only name it, “how many?” asks so too."""
    asked = parsed.tagged.kind.removeprefix("after:")
    told = before.reading.plan.kind in ("explain", "describe")
    if not told or not before.thing or asked not in ("list", "count", "similar"):
        return None
    if asked != "list" and (before.reading.plan.papers or Lookup(catalogue).own(before.thing)):
        return None
    if asked == "list" and not words().papers.any_of(token.text for token in parsed.tokens):
        return None
    made = constraints(parsed)
    if any(made.get(name) for name in ("terms", "topics")) or ordinals(parsed.text, len(before.papers)):
        return None
    kind: Kind = "count" if asked == "count" else "list"
    plan = replace(before.about_it, kind=kind, **made)
    return Reading(parsed.text, parsed.language, plan, before.thing, about=(before.thing,), dates=parsed.dates)


def side_of_it(parsed: Parsed, before: Turn) -> Reading | None:
    """Return the papers on what was explained and on a side of it: “for medical?” after “what is SAM 2?”."""
    topical = bool(parsed.found) and not any(one.papers for one in parsed.found) and names_a_side(parsed.text)
    of_them = before.reading.plan.kind in SET_KINDS and parsed.role("ref")  # “그중에 멀티모달인 것만”
    if not (topical and before.about_thing) or of_them or words().papers.any_of(token.text for token in parsed.tokens):
        return None
    return before.about_thing.with_topic(parsed.text, parsed.language, *(one.text for one in parsed.found))


def instead_of_it(parsed: Parsed, before: Turn) -> Reading | None:
    """Return the papers on what may take the place of what was explained: “그거 대신 쓸 수 있는 방법은?”."""
    if not (before.thing and _INSTEAD.search(parsed.text)):
        return None
    topic = f"{before.thing} 대체" if parsed.language == "ko" else f"alternative to {before.thing}"
    return Reading(parsed.text, parsed.language, Plan("list", topics=(topic,)), topic, about=(topic,))


def used_for(parsed: Parsed, before: Turn) -> Reading | None:
    """Return the papers on what was explained and what it may be used for: “비전에도 쓰여?”."""
    match = _USED_FOR.fullmatch(parsed.text)
    return before.with_topic(parsed.text, parsed.language, match["thing"]) if match and before.thing else None


def beside_it(parsed: Parsed, subject: str) -> Reading:
    """Return the papers that a question describes by the name before: “is there a Java version of it?”."""
    query = f"{subject} {parsed.text}"
    return Reading(parsed.text, parsed.language, Plan("describe"), query, about=(subject,), said=(query,))
