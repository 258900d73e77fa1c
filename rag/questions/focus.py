"""What a question of a chat asks of the one paper that the answer before was about. Pure functions.

The network tells that something is asked of a paper; a question is taken so before it is looked at as one that narrows a
set, joins a topic to the name before, or asks for figures of many.
"""

from __future__ import annotations

import re
from dataclasses import replace

from rag.corpus.catalogue import Catalogue
from rag.language.terms import glossary
from rag.questions.aspects import asked_clause, asks_which, aspect_of
from rag.questions.constraints import Parsed
from rag.questions.forms import FIELDS
from rag.questions.labels import LACKING_ASPECTS
from rag.questions.plan import SET_KINDS, Plan
from rag.questions.quantities import ordinals
from rag.questions.reading import Reading, Turn
from rag.questions.words import words

OF_THE_PAPER = re.compile(
    r"(?<![가-힣])(?:이|그|해당|저) ?논문(?:에서|의|은|엔|에는|에)|\b(?:this|that|the) paper\b", re.IGNORECASE
)
_SIDE = re.compile(
    r"\b(?:works?|used?|uses|appl\w+|useful|extend\w*)\b.*\b(?:for|in|on|with|to)\b|^(?:and |or |what about |how about )*(?:for|in)\b"
    r"|에서?도? ?(?:쓰|써|쓸|적용|활용|통하|먹히)|쪽",
    re.IGNORECASE,
)
_FOREIGN = 0.8  # probability from which a question surely is not about papers
_HELP = 0.8  # probability from which a question surely is one for help
_THEY = re.compile(r"\b(?:they|them|their|both)\b|둘", re.IGNORECASE)
_SOMEBODY = re.compile(r"\b(?:he|she|his|her)\b|그 ?(?:사람|분|저자)", re.IGNORECASE)
_TREATED = 2  # papers that name a thing from which it is asked of them all
_ASKS = 0.5  # probability from which something is asked of a paper
_FAR = 1_000  # longer than any list


def of_the_paper(parsed: Parsed, before: Turn, catalogue: Catalogue) -> Reading | None:
    """Return what is asked of the one paper before: “does it support streaming?”; None where something else is asked, or of others."""
    paper = before.papers[0] if len(before.papers) == 1 else ""
    asks = _asks(parsed) or asks_which(parsed.text) or _speaks_of_it(parsed, paper, catalogue)
    both = bool(before.rivals) and bool(_THEY.search(parsed.text))  # “when were they …?” after “which got more votes”
    if not paper or not asks or both or _names_others(parsed, paper) or _is_a_side(parsed, before, catalogue):
        return None
    aspect = aspect_of(parsed)
    if aspect in LACKING_ASPECTS:
        return None
    known = catalogue.papers[paper]
    return replace(
        before.reading.anew(parsed.text, parsed.language), plan=Plan("fact", papers=(paper,)), query=parsed.text,
        field=FIELDS.get(aspect), aspect=aspect, about=(known.name or known.title,), said=(), lacking="", dates=None,
    )  # fmt: skip


def _is_a_side(parsed: Parsed, before: Turn, catalogue: Catalogue) -> bool:
    """Whether a question is on a side of a thing that several papers treat: “does it work for vision?” after “what is Mamba?”."""
    side = bool(parsed.found) and bool(before.thing) and _SIDE.search(parsed.text)
    return bool(side) and len(catalogue.mentioning(glossary().term(before.thing))) >= _TREATED


_WEAK = SET_KINDS | {"describe", "explain", "fact", "help", "out_of_scope"}


def perhaps_of_the_paper(reading: Reading, parsed: Parsed, before: Turn) -> Reading:
    """Return a question that may be asked of the one paper before as such; the reading it had is what to read otherwise.

    Whether the paper's summary bears on it only the index can say.
    """
    paper = before.papers[0] if len(before.papers) == 1 else ""
    weak = reading.plan.kind in _WEAK and not (
        reading.plan.papers or reading.lacking or reading.later or reading.thanks
    )
    foreign = parsed.tagged.kinds["offtopic"] >= _FOREIGN
    if (
        not paper
        or not weak
        or foreign
        or _names_others(parsed, paper)
        or words().asking.any_of([parsed.tokens[0].text])
    ):
        return reading
    bare = reading.plan.kind == "help" and not parsed.found
    if bare:  # “뭐가 새로워?”
        asks = bool(asked_clause(parsed.text)) and parsed.tagged.kinds["help"] < _HELP
        told = replace(reading.anew(parsed.text, parsed.language), plan=Plan("explain", papers=(paper,)))
        return told if asks else reading
    aspect = aspect_of(parsed)
    return replace(
        reading.anew(parsed.text, parsed.language), plan=Plan("fact", papers=(paper,)), query=parsed.text,
        field=FIELDS.get(aspect), aspect="none" if aspect in LACKING_ASPECTS else aspect, overview=False, one=False,
        otherwise=reading,
    )  # fmt: skip


def _asks(parsed: Parsed) -> bool:
    kinds = parsed.tagged.kinds
    return kinds["after:ask"] + kinds["fact"] >= _ASKS


def _speaks_of_it(parsed: Parsed, paper: str, catalogue: Catalogue) -> bool:
    """Whether a question that seems to be about no papers names only what the paper before does: “why not attention?”."""
    if parsed.tagged.kind not in ("offtopic", "help") or not parsed.found:
        return False
    return all(paper in catalogue.mentioning(glossary().term(one.text)) for one in parsed.found)


def _names_others(parsed: Parsed, paper: str) -> bool:
    """Whether a question names other papers, people or days, or points at a place of a list."""
    own = any(one.papers and paper not in one.papers for one in parsed.found)
    said = [token.text for token in parsed.tokens]
    papers = words().papers.any_of(said) and not OF_THE_PAPER.search(parsed.text)
    if _SOMEBODY.search(parsed.text):
        return True
    named = parsed.ids or parsed.unknown_ids or parsed.people.names or parsed.dates or parsed.excluded
    return bool(own or papers or named or ordinals(parsed.text, _FAR))
