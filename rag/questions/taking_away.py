"""What a follow-up takes away from an earlier question, or exchanges in it: “without the surveys”, “no, code review”. Pure functions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rag.language.terms import squash
from rag.questions.constraints import Parsed
from rag.questions.plan import Plan
from rag.questions.quantities import sort_of
from rag.questions.words import words


def corrected(made: dict[str, Any], earlier: Plan) -> Plan | None:
    """Return the earlier plan about what is asked for in place of its subject: "no, code review and not code generation"."""
    unwanted = {squash(one) for one in (*made.get("not_topics", ()), *made.get("not_terms", ()))}
    if part := _exchanged(earlier, (*made.get("not_topics", ()), *made.get("not_terms", ())), made.get("topics", ())):
        return replace(earlier, topics=part, skip=0)
    subject = [squash(one) for one in (*earlier.topics, *earlier.terms)]
    asked: dict[str, Any] = {name: made[name] for name in ("topics", "terms") if name in made}
    if not asked or not any(one in whole for one in unwanted for whole in subject):
        return None
    changes: dict[str, Any] = {"topics": (), "terms": (), "relation": None, "skip": 0, **asked}
    return replace(earlier, **changes)


def _exchanged(earlier: Plan, unwanted: tuple[str, ...], wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Return the earlier topic with a word of it exchanged: “비디오” for “이미지” in "이미지 편집"; nothing for a whole topic."""
    if len(earlier.topics) != 1 or len(unwanted) != 1 or len(wanted) != 1 or " " not in earlier.topics[0]:
        return ()
    parts = earlier.topics[0].split()
    return (" ".join(wanted[0] if part == unwanted[0] else part for part in parts),) if unwanted[0] in parts else ()


def takes_away(parsed: Parsed) -> bool:
    """Whether a follow-up takes something away: the network and a word say so."""
    without = words().without.any_of(token.text for token in parsed.tokens)
    return parsed.tagged.kind == "after:filter_out" and without


def taken_away(made: dict[str, Any]) -> dict[str, Any]:
    """Turn what a question names into what is not wanted."""
    turned = {"terms": "not_terms", "topics": "not_topics", "authors": "not_authors", "sorts": "not_sorts"}
    out: dict[str, Any] = {name: value for name, value in made.items() if name.startswith("not_")}
    for name, other in turned.items():
        if name in made:
            out[other] = (*out.get(other, ()), *made[name])
    named = {topic: sort_of(topic) for topic in out.get("not_topics", ())}
    if sorts := tuple(sort for sort in named.values() if sort):
        out["not_sorts"] = (*out.get("not_sorts", ()), *sorts)
        out["not_topics"] = tuple(topic for topic, sort in named.items() if not sort)
    return out


def sorts_taken_away(parsed: Parsed) -> dict[str, Any]:
    """Return the kinds of contribution that stand in a question as words of asking ("벤치마크는 빼고")."""
    named = sorts_said(parsed)
    return {"not_sorts": named} if named else {}


def sorts_said(parsed: Parsed) -> tuple[str, ...]:
    """Return the kinds of contribution that the words of a question name, whatever role these have."""
    return tuple(dict.fromkeys(sort for token in parsed.tokens if (sort := sort_of(token.text))))
