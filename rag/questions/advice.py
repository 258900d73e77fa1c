"""Questions for advice after an answer: the one to choose, the ones to read, their titles alone. Pure functions."""

from __future__ import annotations

import re
from dataclasses import replace

from rag.corpus.catalogue import Catalogue
from rag.language.patterns import lazy
from rag.questions.constraints import Parsed, constraints
from rag.questions.plan import SET_KINDS, Plan
from rag.questions.quantities import ordinals
from rag.questions.reading import Reading, Turn
from rag.questions.wants import picks_one, shortly, sorts, wants_titles
from rag.questions.words import words

_TO_READ = lazy(r"\b(?:to|should i|i should) (?:read|start)|읽(?:을|어|기|는)|입문|시작", re.IGNORECASE)
_ANY_ORDINAL = 1_000  # longer than any list
_KINDS = (
    "after:repeat",
    "after:table",
    "after:narrow",
    "help",
    "rank",
    "list",
    "offtopic",
    "describe",
    "after:pick",
    "after:sort",
    "after:widen",
    "after:explain",
    "explain",
)


_START_WITH = re.compile(
    r"\bwhich (?:one|paper)? ?(?:should|would|do|shall|can) (?:i|we|you) (?:start with|begin with|read(?: first)?|pick|choose)\b"
    r"|(?:어느|어떤|무슨) ?(?:거|것|걸|논문)(?:을|를)? ?(?:부터|먼저) ?(?:읽|보|봐)|(?:뭐|뭘|무엇)(?:을|를)? ?(?:부터|먼저) ?(?:읽|보면|봐)",
    re.IGNORECASE,
)
_WHY_IT = re.compile(
    r"(?:and |but |so )?why (?:that|this|it)(?: one| paper)?[?.! ]*|왜 ?(?:그거|그걸|그게|이거|이걸|이게|그 ?논문|이 ?논문)\S{0,8}[?.! ]*|왜 ?(?:추천|골랐|뽑았)\S{0,6}[?.! ]*",
    re.IGNORECASE,
)
_WHY_LIKED = re.compile(
    r"왜 ?(?:이렇게 |그렇게 |이리 |그리 )?(?:인기|유명|핫|추천|표)\S{0,8}(?: ?많\S{0,6})?[?.! ]*$|인기\S{0,3} ?(?:많은|있는) ?이유"
    r"|\bwhy (?:is|was|are|were|did|does|do|has) (?:it|this|that|they)(?: (?:one|paper))?(?: \w+){0,3} (?:popular|famous|hot|upvoted|liked|votes)\b",
    re.IGNORECASE,
)
_VOTES = re.compile(
    r"추천(?:수|이|도|을|을 ?받)?[은는이가]? ?(?:더 |제일 |가장 |젤 )?(?:많|높)"
)  # votes, and no advice


def advised(parsed: Parsed, before: Turn, catalogue: Catalogue) -> Reading | None:
    """Return what a question for advice asks of the answer before; None of any other question."""
    if parsed.found or parsed.ids or parsed.people.names or parsed.dates or parsed.tagged.kind not in _KINDS:
        return None
    made = constraints(parsed)
    if set(made) - {"limit"}:
        return None
    if (kept := shortly(parsed.text)) and before.reading.plan.kind in ("explain", "known_item") and not _points(parsed):
        return replace(before.reading.anew(parsed.text, parsed.language), shortly=kept)
    if wants_titles(parsed.text) and before.set.reading.plan.kind in SET_KINDS:
        return replace(before.set.reading.anew(parsed.text, parsed.language), titles=True)
    said = [token.text for token in parsed.tokens]
    ordered = (
        words().order(said) != "none" or words().superlatives.any_of(said) or parsed.role("votes") or sorts(parsed.text)
    )
    if _WHY_IT.fullmatch(parsed.text) and before.reading.plan.kind == "superlative" and before.reading.plan.limit == 1:
        return replace(before.reading, question=parsed.text, language=parsed.language)  # its answer tells the ground
    if _WHY_LIKED.search(parsed.text) and len(before.papers) == 1:
        plan, reading = Plan("explain", papers=before.papers), before.reading.anew(parsed.text, parsed.language)
        return replace(reading, plan=plan, lacking="popularity", field=None, aspect="none", one=False)
    recommends = words().recommend.any_of(said) and not (ordered or _points(parsed) or _VOTES.search(parsed.text))
    recommends = recommends or bool(_START_WITH.search(parsed.text))
    if picks_one(parsed.text) and parsed.tagged.kind.endswith("explain") and len(before.papers) > 1:
        return _explained(parsed, before, catalogue)
    to_read = _TO_READ.search(parsed.text) and words().papers.any_of(said)
    if not (recommends or to_read):
        return None
    return _of_set(parsed, before, made.get("limit"), bool(to_read)) or _of_topic(parsed, before, made.get("limit"))


def _points(parsed: Parsed) -> bool:
    """Whether a question points at a place of a list: “the second in one line”."""
    return bool(ordinals(parsed.text, _ANY_ORDINAL))


def _explained(parsed: Parsed, before: Turn, catalogue: Catalogue) -> Reading:
    """Return the explanation of the most voted of the papers before: “하나만 골라서 쉽게 설명해 주세요”."""
    best = max(before.papers, key=lambda i: catalogue.papers[i].votes or 0)
    plan = Plan("explain", papers=(best,))
    return replace(before.reading.anew(parsed.text, parsed.language), plan=plan, field=None, aspect="none")


def _of_set(parsed: Parsed, before: Turn, limit: int | None, to_read: bool) -> Reading | None:
    """Return the best of the set before, or some of it in an order to read them in."""
    wider = before.set
    if wider.reading.plan.kind not in SET_KINDS or len(wider.papers) < 2:
        return None
    plan, reading = Plan("list", papers=wider.papers, limit=limit), wider.reading.anew(parsed.text, parsed.language)
    if not to_read:
        plan = replace(plan, kind="superlative", by="votes", order="desc", limit=limit or 1)
    return replace(reading, plan=plan, ordered=to_read, one=False, overview=False)


def _of_topic(parsed: Parsed, before: Turn, limit: int | None) -> Reading | None:
    """Return papers on what the chat is about, in an order to read them in: “give me three papers to read” after an explanation."""
    turn: Turn | None = before
    while turn and not (turn.reading.plan.kind == "explain" and turn.thing):
        turn = turn.before
    if turn is None:
        return None
    about, plan = turn.reading.about[:1], replace(turn.about_it, limit=limit)
    return Reading(parsed.text, parsed.language, plan, about[0], about=about, ordered=True)
