"""Things beside each other by aspects: what each is, how it works, its data and size, its results, its limits.

A thing is a paper, or a name without a paper of its own, which is told by the papers that use it. Every sentence stands at
one aspect of one thing only. Knows papers and terms; writes no prose.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from rag.corpus.catalogue import Catalogue, Mask
from rag.corpus.mentions import Statement, meant
from rag.corpus.papers import Paper
from rag.corpus.relations import coiners
from rag.evidence.definitions import BRINGS, LEAST, defining, definitions, is_measured_against, names, own_definition
from rag.evidence.spoken import is_subject, most_told
from rag.evidence.telling import Told, is_background, is_link, is_result, leans, numbered, states_limits
from rag.language.sentences import sentences
from rag.language.terms import Term, squash
from rag.language.text import Language

Side = Literal["what", "how", "data", "results", "limits", "use"]
SIDES: tuple[Side, ...] = ("what", "how", "data", "results", "limits", "use")
"""The aspects of a comparison that sentences tell of, in the order of its rows."""
_CHOOSING: tuple[Side, ...] = ("what", "results", "limits", "data", "how")  # the narrowest aspects choose first
MOST = 5
"""Things that are compared."""
_USERS = 12  # papers that tell of a name without a paper of its own
_BOTH = 3  # sentences that name several of the things

_FIGURE = re.compile(r"(?<![\w.-])\d[\d.,]*")
_DATA = re.compile(
    r"(?:(?<![\d.,])\d[\d.,]{0,20}\s?(?:조|억|만|천)?\s?(?:개|장|쌍|시간|건|명|토큰(?!/)|텍스트|샘플)|(?<![\d.,])\d[\d.,]{0,20}\s?[BMKT]\b|수[백천만]|파라미터|매개 ?변수|parameters?|tokens|samples|images|hours|pairs)"
    r"|데이터 ?셋|말뭉치|코퍼스|dataset|corpus",
    re.IGNORECASE,
)
_WAYS = re.compile(
    r"사용|활용|이용|통해|기반(?:으로|한|하여)|결합|통합|도입|설계|구성|학습하|훈련|적용|구현|계산|처리하|변환|압축하|나누|나눠|선택하|생성하|예측하|최적화|정렬|추출|단계|업데이트|추가하"
    r"|\b(?:us(?:es|ing)|via|by \w+ing|combin\w+|integrat\w+|based on|train\w*|design\w*|comput\w+|encod\w+|select\w*|generat\w+|appl\w+|two-stage|steps?)\b",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    r"(?:사용|활용|적용|이용)(?:되었|됩|된다|되며)|\b(?:is|are|was|were) (?:used|applied)\b", re.IGNORECASE
)
_SECTIONS: Mapping[Side, tuple[str, ...]] = {
    "what": ("what", "new", "contribution"),
    "how": ("technical", "method", "training"),
    "data": ("dataset", "data", "training"),
    "results": ("performance", "evaluation", "result"),
    "limits": ("limit",),
    "use": (),
}
_PROPOSED = 1.5  # what it adds to a definition that the paper which proposes the thing gives it
_SECTIONED = 1.5  # what it adds that a sentence stands in the section of its aspect


@dataclass(frozen=True, slots=True)
class Thing:
    """One column of a comparison: a name with its own paper, or (`is_own` false) one that other papers tell of.

    `papers` tell of it, its own one first; `naming` is how many papers name it, its own included, and
    `since` the day of the first of them. `cells` hold the sentence for
    each aspect that the summaries state.
    """

    name: str
    papers: tuple[Paper, ...]
    is_own: bool
    naming: int
    since: date
    cells: Mapping[Side, tuple[Paper, Told]] = field(default_factory=dict)


# --- Things ----------------------------------------------------------------------------------------------------------
def of_paper(paper: Paper, name: str, catalogue: Catalogue) -> Thing:
    """Return a paper as a thing to compare, by the name that it was asked for or calls itself by."""
    called = name or paper.name
    naming = len(catalogue.mentioning(meant(called))) if called else 1
    return Thing(called, (paper,), True, max(naming, 1), paper.dates[0])


def of_name(name: str, catalogue: Catalogue, within: Mask, language: Language) -> Thing | None:
    """Return a name without a paper of its own as a thing to compare; None where no paper `within` names it.

    Where a paper proposes it, that one comes first; else those that define it best, then those that speak of it most.
    """
    term = meant(name)
    mentions = catalogue.mentioning(term)
    named = [
        paper for paper in catalogue.at(within & catalogue.mask(mentions)) if paper.arxiv_id not in catalogue.doubtful
    ]
    if not named:
        return None
    coining = coiners(catalogue, term)
    proposing = [paper for paper in named if paper.arxiv_id in coining]
    spoken = sorted(
        named,
        key=lambda paper: (
            not mentions[paper.arxiv_id].in_title,
            -len(mentions[paper.arxiv_id].bullets),
            -(paper.votes or 0),
        ),
    )
    told = [one.paper for one in definitions(term, spoken, catalogue, language, 3)]
    first = proposing if len(proposing) == 1 else []
    ordered = tuple(dict.fromkeys((*first, *told, *spoken)))
    return Thing(name, ordered[:_USERS], bool(first), len(named), min(paper.dates[0] for paper in named))


_Row = tuple[Paper, Statement, str, int]


# --- Cells -----------------------------------------------------------------------------------------------------------
def filled(things: Sequence[Thing], catalogue: Catalogue, language: Language) -> tuple[Thing, ...]:
    """Return things with a sentence for each aspect that is stated, none used twice in the whole comparison."""
    used: set[str] = set()
    made: list[Thing] = []
    for thing in things:
        cells: dict[Side, tuple[Paper, Told]] = {}
        rows = (
            _own_rows(thing, catalogue, language)
            if thing.is_own and len(thing.papers) == 1
            else _rows(thing, things, catalogue, language)
        )
        for side in _CHOOSING:
            best = _chosen(side, thing, rows, used)
            if best:
                cells[side] = best
                used.add(squash(best[1].text))
        if not cells and not thing.is_own:  # none speaks of it itself: how the papers that name it use it
            cells |= _in_use(thing, rows, used, catalogue, language)
        made.append(replace(thing, cells=cells))
    return tuple(made)


def _in_use(
    thing: Thing, rows: Sequence[_Row], used: set[str], catalogue: Catalogue, language: Language
) -> dict[Side, tuple[Paper, Told]]:
    """Return the sentence that tells most of a thing which no sentence speaks of itself."""
    told = {squash(said) for _, _, said, _ in rows} - used
    found = most_told(meant(thing.name), thing.papers, catalogue, language, _USERS)
    best = next((one for one in found if squash(one.told.text) in told), None)
    if best is None:
        return {}
    used.add(squash(best.told.text))
    return {"use": (best.paper, best.told)}


def _own_rows(thing: Thing, catalogue: Catalogue, language: Language) -> list[_Row]:
    """Return all sentences of a thing's own paper, each with its place; none of a summary that may be another paper's."""
    (paper,) = thing.papers
    if paper.arxiv_id in catalogue.doubtful:
        return []
    return [(paper, statement, said, place) for place, (statement, said) in enumerate(numbered(paper, language))]


def _rows(thing: Thing, things: Sequence[Thing], catalogue: Catalogue, language: Language) -> list[_Row]:
    """Return the sentences of papers that name a thing which has no paper of its own, or several.

    Sentences that name another of the things too stand below the comparison, unless they define this one.
    """
    term = meant(thing.name)
    others = [meant(other.name) for other in things if other is not thing]
    mentions = catalogue.mentioning(term)
    rows: list[_Row] = []
    for paper in thing.papers:
        named = mentions[paper.arxiv_id].bullets if paper.arxiv_id in mentions else ()
        here = [statement for statement in named if statement.language == language] or named
        rows += [
            (paper, statement, said, place)
            for statement in here
            for place, said in enumerate(sentences(statement.text))
            if _tells_of(said, statement, term, others)
        ]
    return rows


def _tells_of(sentence: str, statement: Statement, term: Term, others: Sequence[Term]) -> bool:
    """Whether a sentence tells of a thing: it names it for its own sake, and none of the others, or it defines it."""
    if not names(sentence, term) or is_measured_against(sentence, term):
        return False
    shared = any(names(sentence, other) for other in others)
    return not shared or defining(sentence, term.variants, statement.language) >= LEAST


def _chosen(side: Side, thing: Thing, rows: Sequence[_Row], used: set[str]) -> tuple[Paper, Told] | None:
    """Return the sentence that tells most of an aspect of a thing; None where none tells of it."""
    if side == "what" and thing.is_own and len(thing.papers) == 1:
        told = own_definition(thing.papers[0], rows[0][1].language or "ko") if rows else None
        return (thing.papers[0], told) if told and squash(told.text) not in used else None
    best: tuple[float, _Row] | None = None
    for order, row in enumerate(rows):
        if squash(row[2]) in used or not _may_tell(side, thing, row):
            continue
        weight = _WEIGHTS[side](thing, row)
        if weight is not None and (best is None or weight - 0.02 * order > best[0]):
            best = weight - 0.02 * order, row
    return (best[1][0], Told(best[1][1], best[1][2])) if best else None


def _may_tell(side: Side, thing: Thing, row: _Row) -> bool:
    """Whether a sentence may tell an aspect of a thing: one of its own paper, else one that has the thing as its subject.

    What others have measured or gathered is no result and no data of the thing.
    """
    paper, statement, sentence, _ = row
    if thing.is_own and paper == thing.papers[0]:
        return True
    if side in ("data", "results"):
        return False
    variants = meant(thing.name).variants
    return defining(sentence, variants, statement.language) >= LEAST or is_subject(
        sentence, variants, statement.language
    )


def _sectioned(side: Side, statement: Statement) -> float:
    return _SECTIONED if statement.bullet.section.lower().startswith(_SECTIONS[side]) else 0.0


def _what(thing: Thing, row: _Row) -> float | None:
    paper, statement, sentence, _ = row
    weight = defining(sentence, meant(thing.name).variants, statement.language)
    if weight < LEAST:
        return None
    return weight + _PROPOSED * (thing.is_own and paper == thing.papers[0])


def _how(thing: Thing, row: _Row) -> float | None:
    """Weigh how much of a way of working a sentence tells: by its verbs, and by its section."""
    paper, statement, sentence, place = row
    if is_link(statement, sentence) or is_background(statement, sentence):
        return None
    others = not thing.is_own or paper != thing.papers[0]
    if others and (is_result(statement, sentence) or leans(statement, sentence) or _PASSIVE.search(sentence)):
        return None
    if others and BRINGS.search(sentence):
        return None
    ways = min(len(_WAYS.findall(sentence)), 4)
    weight = ways - 1.0 * is_result(statement, sentence) - 0.5 * leans(statement, sentence) - 0.05 * place
    if not thing.is_own or len(thing.papers) > 1:  # how it is used is how it works
        return weight + defining(sentence, meant(thing.name).variants, statement.language)
    named = bool(paper.name) and paper.name.lower() in sentence.lower()
    return weight + 2 * _sectioned("how", statement) + 1.0 * named if ways else None


def _data(thing: Thing, row: _Row) -> float | None:
    _, statement, sentence, _ = row
    found, figures = len(_DATA.findall(sentence)), len(_FIGURE.findall(sentence))
    section = _sectioned("data", statement)
    if not found or not (figures or section) or is_background(statement, sentence) or is_result(statement, sentence):
        return None
    return min(found, 3) + 0.5 * min(figures, 2) + section - 1.5 * leans(statement, sentence)


def _results(thing: Thing, row: _Row) -> float | None:
    _, statement, sentence, _ = row
    if is_link(statement, sentence) or is_background(statement, sentence):
        return None
    figures = len(_FIGURE.findall(sentence))
    told = is_result(statement, sentence)
    section = _sectioned("results", statement)
    if not (told or (section and figures)):
        return None
    return 1.0 * told + 0.7 * min(figures, 3) + section


def _limits(thing: Thing, row: _Row) -> float | None:
    _, statement, sentence, _ = row
    return 1.0 + _sectioned("limits", statement) if states_limits(statement, sentence) else None


_WEIGHTS = {"what": _what, "how": _how, "data": _data, "results": _results, "limits": _limits}


def together(things: Sequence[Thing], catalogue: Catalogue, within: Mask, language: Language) -> tuple[Paper, ...]:
    """Return the papers that name all of the things, those that say so in one statement first; none of one thing alone."""
    if len(things) < 2:
        return ()
    mentions = [catalogue.mentioning(meant(thing.name)) for thing in things]
    found = within.copy()
    for one in mentions:
        found &= catalogue.mask(one)

    def at_once(paper: Paper) -> int:
        shared = set(mentions[0][paper.arxiv_id].bullets)
        return len(shared.intersection(*(one[paper.arxiv_id].bullets for one in mentions[1:])))

    return tuple(sorted(catalogue.at(found), key=lambda paper: (-at_once(paper), -(paper.votes or 0))))


_COMPARING = re.compile(
    r"보다|대비|비교|차이|반면|달리|능가|대신|대안|일반화|우위|\b(?:than|compar\w*|versus|vs|unlike|whereas|while|differ\w*|outperform\w*|alternatives?|instead|trade-?offs?)\b",
    re.IGNORECASE,
)


def said_of_all(
    papers: Sequence[Paper], things: Sequence[Thing], catalogue: Catalogue, language: Language
) -> tuple[tuple[Paper, Told], ...]:
    """Return sentences that name all of the things at once, one a paper: those that compare them with each other first."""
    terms = [meant(thing.name) for thing in things]
    found: list[tuple[float, Paper, Told]] = []
    for paper in papers[:_LOOKED_AT]:
        rows = [
            (_compares(s, said, terms), paper, Told(s, said))
            for s, said in numbered(paper, language)
            if all(names(said, term) for term in terms)
        ]
        if rows:
            found.append(max(rows, key=lambda row: row[0]))
    found.sort(key=lambda row: -row[0])
    comparing = [row for row in found if row[0] > 0] or found
    return tuple((paper, told) for _, paper, told in comparing[:_BOTH])


_LOOKED_AT = 60  # papers that name all of the things


def _compares(statement: Statement, sentence: str, terms: Sequence[Term]) -> float:
    """Weigh how far a sentence that names several things sets them beside each other, and not all of them beside another."""
    spoken = [is_subject(sentence, term.variants, statement.language) for term in terms]
    beaten = all(is_measured_against(sentence, term) and not own for term, own in zip(terms, spoken, strict=True))
    return 2.0 * bool(_COMPARING.search(sentence)) * (not beaten) + 1.0 * any(spoken) - 2.0 * beaten
