"""Questions that go on to the people behind an answer: what else they wrote, what the one in a place of a ranking wrote. Pure functions."""

from __future__ import annotations

import re
from dataclasses import replace

from rag.corpus.catalogue import Catalogue
from rag.language.patterns import lazy
from rag.questions.constraints import Parsed
from rag.questions.plan import SET_KINDS, Plan
from rag.questions.quantities import ordinals
from rag.questions.reading import Reading, Turn
from rag.questions.words import words

_FIRST_AUTHOR = lazy(r"\b(?:first|lead) author|(?:첫 ?번?째?|제?1) ?저자", re.IGNORECASE)
_OTHER = lazy(r"\b(?:other|more|else|another)\b|다른|또", re.IGNORECASE)
_WROTE = lazy(
    r"\b(?:publish|wr[io]te|written|co-?author|papers? by|work(?:s|ed)? (?:by|of|on)|authors?)|쓴|썼|낸|냈|발표|저자|집필",
    re.IGNORECASE,
)
_THEY = lazy(
    r"\b(?:they|them|he|she|his|her|their|these|those|authors?|team|people)\b|저자|사람|분들|팀|연구진", re.IGNORECASE
)
_WHO_WORKS = lazy(
    r"\bwho(?: else)?(?: all)? (?:is |are |'s )?(?:works?|working|does|publishes|researches)\b|누가 ?(?:주로 |많이 |제일 |가장 )?(?:연구|활동)|연구자(?:는|들은)? ?누구",
    re.IGNORECASE,
)
_TOGETHER = lazy(r"\btogether\b|\bboth\b|같이|함께|공저", re.IGNORECASE)
_RANK = lazy(r"(?<!\d)([1-9]) ?위(?:인|는|가|의|를)?(?![가-힣])")
_PEOPLE = 5  # authors whose papers are asked for at once
_LISTED = 10  # authors that a ranking shows


def of_people(parsed: Parsed, before: Turn, catalogue: Catalogue) -> Reading | None:
    """Return the papers of people that the answer before names; None of a question for anything else."""
    named = [one for one in parsed.found if not words().persons.has(one.text)]  # “그 사람”
    if named or parsed.people.names or parsed.dates:
        return None
    if _WHO_WORKS.search(parsed.text) and (plan := _of_all(before)):
        return Reading(parsed.text, parsed.language, plan, parsed.text, about=before.reading.about)
    if _TOGETHER.search(parsed.text) and (authors := before.two_authors):
        return Reading(parsed.text, parsed.language, Plan("author", authors=authors), parsed.text, about=authors)
    names = _ranked(parsed, before, catalogue) or _of_one_paper(parsed, before, catalogue)
    if not names:
        return None
    either = " 또는 " if parsed.language == "ko" else " or "
    plan = Plan("author", authors=(either.join(names),))
    lacking = "author_order" if _FIRST_AUTHOR.search(parsed.text) else ""
    return Reading(parsed.text, parsed.language, plan, parsed.text, about=tuple(names), lacking=lacking)


def _of_all(before: Turn) -> Plan | None:
    """Return a ranking of the authors of the set before, or of papers on what was explained: “who works on this?”."""
    ranking = {"kind": "trend", "by": "authors", "order": "desc", "limit": None, "skip": 0}
    if before.set.reading.plan.kind in SET_KINDS:
        return replace(before.set.reading.plan, **ranking)  # type: ignore[arg-type]
    return replace(before.about_it, **ranking) if before.thing else None  # type: ignore[arg-type]


def _ranked(parsed: Parsed, before: Turn, catalogue: Catalogue) -> list[str]:
    """Return the author in the place of a ranking that a question points at: “what did the first one write?”."""
    plan = before.reading.plan
    ranked = [int(match.group(1)) - 1 for match in _RANK.finditer(parsed.text)]
    places = ordinals(parsed.text, plan.limit or _LISTED) or ranked
    if not (plan.ranks_authors and places and _WROTE.search(parsed.text)):
        return []
    people, _ = catalogue.authors.most(catalogue.rows(before.papers), plan.limit or _LISTED, plan.authors)
    return [people[place][0] for place in places if place < len(people)]


def _of_one_paper(parsed: Parsed, before: Turn, catalogue: Catalogue) -> list[str]:
    """Return the authors of the one paper before whose other papers are asked for; the first alone where only that one is meant."""
    turns = [turn for turn in (before, before.before) if turn]
    told = (turn.reading.plan.papers if len(turn.reading.plan.papers) == 1 else turn.papers for turn in turns)
    papers = next((one for one in told if len(one) == 1), ())
    paper = catalogue.papers.get(papers[0]) if papers else None
    if not (paper and paper.authors and _OTHER.search(parsed.text)):
        return []
    if _FIRST_AUTHOR.search(parsed.text):
        return [*paper.authors[:1]]
    papers_of = _WROTE.search(parsed.text) or words().papers.any_of(token.text for token in parsed.tokens)
    if not (papers_of and _THEY.search(parsed.text)):
        return []
    prolific = sorted(paper.authors, key=lambda name: -len(catalogue.authors.papers(name)))[:_PEOPLE]
    return sorted(prolific, key=paper.authors.index)


_FROM_WHERE = lazy(
    r"어디(?:서|에서|꺼|거) ?(?:만든|나온|낸|쓴|개발|한 ?거|한 ?연구|발표)|(?:어느|무슨|어떤) ?(?:회사|기관|대학|연구소|나라|기업)|(?:일본|중국|미국|한국|국내|해외) ?(?:회사|기업|대학|기관)"
    r"|\b(?:which|what) (?:company|lab|labs|university|institution|organi[sz]ation|country)\b|\bwhere (?:is|are|was|were) (?:it|they|the authors?|this) from\b",
    re.IGNORECASE,
)
_FROM = lazy(r"에서는? |소속|출신|\b(?:from|by|at)\b", re.IGNORECASE)


def asks_where_from(parsed: Parsed, kind: str) -> bool:
    """Whether a follow-up asks where a paper or its authors come from, or for papers of an organisation: “일본 회사 맞지?”."""
    if parsed.found or parsed.people.names:
        return False
    of_them = parsed.role("org") and _FROM.search(parsed.text) and kind in ("count", "narrow", "filter_out")
    return bool(_FROM_WHERE.search(parsed.text) or of_them)
