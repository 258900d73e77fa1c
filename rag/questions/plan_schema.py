"""The plan as a language model writes it: its keys, their JSON schema, and what makes a written plan unusable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, get_args

from rag.models.shapes import Shape, ShapeError
from rag.questions.labels import ASPECTS, ORDERS
from rag.questions.plan import SORT_WORDS, Asked

KINDS = (
    "list", "count", "rank", "trend", "topics", "authors", "paper", "describe", "fact", "explain", "compare", "similar",
    "more", "help", "out_of_scope",
)  # fmt: skip
"""What a question can ask for, as a model names it."""
OF_SETS = ("list", "count", "rank", "trend", "topics", "authors")
_ORDERS = tuple(order for order in ORDERS if order.startswith(("votes", "date")))
_MOST_PLANS = 4  # questions in one sentence that are answered
_MOST_TEXTS, _LONGEST = 8, 300  # values of a key, and letters of one, that are read


@dataclass(frozen=True, slots=True)
class Draft:
    """One plan as a model writes it: every key as in the schema, nothing looked up yet.

    `names`, `people` and `exclude` are parts of the question; `topics` may be other words for what it says. `within` restricts
    to the papers of the last answer, `places` points at some of them (1 is the first, -1 the last).
    """

    kind: str
    names: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    description: str | None = None
    search: str | None = None
    relation: str | None = None
    sorts: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    date_from: str | None = None
    date_to: str | None = None
    min_votes: int | None = None
    max_votes: int | None = None
    limit: int | None = None
    order: str | None = None
    aspect: str | None = None
    within: bool = False
    places: tuple[int, ...] = ()
    yes_no: bool = False
    overview: bool = False
    each: bool = False
    in_title: bool = False
    unvoted: bool = False
    summary: str | None = None
    language: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the keys that say something."""
        values = {spec.name: getattr(self, spec.name) for spec in fields(self)}
        return {
            name: list(v) if isinstance(v, tuple) else v for name, v in values.items() if v not in (None, (), False)
        }


# The values of each key: a type, or the texts that are allowed.
_TEXTS: tuple[str, ...] = ("names", "topics", "people", "exclude")
_TEXT: tuple[str, ...] = ("description", "search", "date_from", "date_to")
_NUMBER: tuple[str, ...] = ("min_votes", "max_votes", "limit")
_SIGN: tuple[str, ...] = ("within", "yes_no", "overview", "each", "in_title", "unvoted")
_ONE_OF: Mapping[str, tuple[str, ...]] = {
    "relation": get_args(Asked), "order": _ORDERS, "aspect": ASPECTS[1:], "summary": ("ko", "en"), "language": ("ko", "en"),
}  # fmt: skip
_SORTS = tuple(SORT_WORDS["en"])


def _nullable(kind: str, allowed: Sequence[str] = ()) -> dict[str, Any]:
    return {"type": [kind, "null"], **({"enum": [*allowed, None]} if allowed else {})}


def _schema() -> dict[str, Any]:
    keys: dict[str, Any] = {}
    for name in (spec.name for spec in fields(Draft)):
        if name == "kind":
            keys[name] = {"type": "string", "enum": list(KINDS)}
        elif name in _TEXTS:
            keys[name] = {"type": ["array", "null"], "items": {"type": "string"}}
        elif name == "sorts":
            keys[name] = {"type": ["array", "null"], "items": {"type": "string", "enum": list(_SORTS)}}
        elif name == "places":
            keys[name] = {"type": ["array", "null"], "items": {"type": "integer"}}
        elif name in _ONE_OF:
            keys[name] = _nullable("string", _ONE_OF[name])
        else:
            keys[name] = _nullable("integer" if name in _NUMBER else "boolean" if name in _SIGN else "string")
    plan = {"type": "object", "properties": keys, "required": list(keys), "additionalProperties": False}
    return {
        "type": "object", "properties": {"plans": {"type": "array", "items": plan}}, "required": ["plans"],
        "additionalProperties": False,
    }  # fmt: skip


def _in_words() -> str:
    """Return the schema in words, for a model that is given none."""
    lines = [
        'Reply with one JSON object and nothing else: {"plans": [{...}]}. A plan has these keys and no others; leave out those that are null.'
    ]
    lines.append(f"kind: one of {', '.join(KINDS)}")
    lines.append(
        f"{', '.join(_TEXTS)}: lists of texts; sorts: a list of {', '.join(_SORTS)}; places: a list of numbers"
    )
    lines += [f"{name}: one of {', '.join(allowed)}" for name, allowed in _ONE_OF.items()]
    lines.append(f"{', '.join(_TEXT)}: a text; {', '.join(_NUMBER)}: a number; {', '.join(_SIGN)}: true or false")
    return "\n".join(lines)


PLANS = Shape("plans", _schema(), _in_words())
"""The reply of a model that reads a question."""


# --- Reading a reply -------------------------------------------------------------------------------------------------
def drafts_of(value: Any) -> tuple[Draft, ...]:
    """Return the plans of a reply. Raises ShapeError where it is not of the shape, ValueError where a plan says nothing."""
    if isinstance(value, Mapping) and "plans" not in value and "kind" in value:
        value = {"plans": [value]}
    plans = value.get("plans") if isinstance(value, Mapping) else None
    if not isinstance(plans, list) or not plans:
        raise ShapeError("“plans” must be a list of at least one plan.")
    drafts = tuple(dict.fromkeys(map(_draft, plans[:_MOST_PLANS])))
    for draft in drafts:
        _check(draft)
    return drafts


def _draft(plan: Any) -> Draft:
    if not isinstance(plan, Mapping):
        raise ShapeError("Every plan must be an object.")
    known = [spec.name for spec in fields(Draft)]
    if unknown := [str(name)[:40] for name in plan if name not in known]:
        raise ShapeError(f"A plan has no key {', '.join(map(repr, unknown[:3]))}.")
    if plan.get("kind") not in KINDS:
        raise ShapeError(f"“kind” must be one of {', '.join(KINDS)}.")
    return Draft(**{name: _value(name, plan[name]) for name in known if plan.get(name) is not None})


def _value(name: str, given: Any) -> Any:
    """Return the value of a key as a draft holds it. Raises ShapeError for one of another type."""
    if name in _TEXTS or name in ("sorts", "places"):
        wanted = int if name == "places" else str
        if not isinstance(given, list) or not all(
            isinstance(one, wanted) and not isinstance(one, bool) for one in given
        ):
            raise ShapeError(f"“{name}” must be a list of {'numbers' if wanted is int else 'texts'}.")
        if name == "sorts" and (wrong := [one for one in given if one not in _SORTS]):
            raise ShapeError(f"“{wrong[0][:40]}” is none of the sorts {', '.join(_SORTS)}.")
        cut = (one if isinstance(one, int) else " ".join(one.split())[:_LONGEST] for one in given[:_MOST_TEXTS])
        return tuple(dict.fromkeys(one for one in cut if one != ""))
    if name in _SIGN:
        if not isinstance(given, bool):
            raise ShapeError(f"“{name}” must be true or false.")
        return given
    if name in _NUMBER:
        if not isinstance(given, int) or isinstance(given, bool):
            raise ShapeError(f"“{name}” must be a whole number.")
        return given
    if not isinstance(given, str) or (name in ("kind", *_ONE_OF) and given not in _ONE_OF.get(name, KINDS)):
        allowed = _ONE_OF.get(name, ())
        raise ShapeError(f"“{name}” must be {'one of ' + ', '.join(allowed) if allowed else 'a text'}.")
    return " ".join(given.split())[:_LONGEST] or None


_SUBJECT = ("names", "topics", "description", "people", "places")


def _check(draft: Draft) -> None:
    """Refuse a plan that contradicts itself or asks for nothing. Raises ValueError with words for the model."""
    if draft.min_votes is not None and draft.max_votes is not None and draft.min_votes > draft.max_votes:
        raise ValueError("“min_votes” is more than “max_votes”.")
    if (
        (draft.limit is not None and draft.limit < 1)
        or 0 in draft.places
        or min(draft.min_votes or 0, draft.max_votes or 0) < 0
    ):
        raise ValueError("“limit” and “places” begin at 1, and votes at 0.")
    if both := set(draft.exclude) & {*draft.names, *draft.topics, *draft.people}:
        raise ValueError(f"“{both.pop()}” is both asked for and excluded.")
    subject = any(getattr(draft, name) for name in _SUBJECT) or draft.within
    if draft.kind in ("describe", "fact", "explain", "compare", "similar", "paper") and not (subject or draft.search):
        raise ValueError(f"A plan of the kind “{draft.kind}” needs names, topics, a description or places.")
    narrows = (
        subject or draft.sorts or draft.exclude or draft.date_from or draft.date_to or draft.unvoted or draft.summary
    )
    votes = draft.min_votes is not None or draft.max_votes is not None
    if draft.kind == "list" and not (narrows or votes or draft.order):
        raise ValueError("The plan asks for every paper. Say what narrows it, or use the kind “help”.")
