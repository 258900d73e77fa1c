"""Sentences that say what a thing is: “X는 …하는 방법입니다”, “X, which …”, “a method called X”. Rules over sentences.

Knows papers and terms; writes no prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.corpus.catalogue import Catalogue, Statement
from rag.corpus.papers import Paper
from rag.evidence.telling import Told, is_background, leans, weighed
from rag.language.sentences import sentences
from rag.language.terms import Term, spots, squash
from rag.language.text import ENGLISH_GRAMMAR, Language

# What makes a sentence a definition, from the surest: the thing is its subject and a kind of thing its predicate, …
_IS, _CALLED, _DOES, _FOR = 4.0, 3.0, 2.0, 1.5
LEAST = 1.5
"""Weight from which a sentence counts as a definition."""
_OWN, _ASIDE = 0.6, 0.3  # what a definition weighs beside what its paper does; less where it speaks of others
_BRINGING, _LEANING = 2.5, 1.5  # less for a sentence that brings something new, and for one that goes on from another
_BESIDE = 2.0  # how much less than the best one a definition may weigh that is shown beside it
_LONG, _BRIEF = 0.01, 140  # what each character more than so many weighs
_HEAD = 40  # characters within which a subject stands

_KIND = (
    r"(?:방법론?|기법|기술|방식|모델|프레임워크|시스템|알고리즘|아키텍처|구조|메커니즘|전략|접근법|접근 방식|벤치마크|데이터셋|패러다임|과정|작업|현상|능력"
    r"|함수|네트워크|엔진|연구|분야|개념|표현|형식|프로토콜|변형|변종)"
)
_THING = r"(?:method|technique|approach|model|framework|system|algorithm|architecture|mechanism|strategy|benchmark|dataset|paradigm|process|task|phenomenon|variant|way)"
_T = "⟦T⟧"
_GLOSS = r"['\"’”)\]]*(?: ?[(\[][^()\[\]]{0,80}[)\]])?['\"’”)\]]*"
_TOPIC = rf"{_T}{_GLOSS}(?:은|는|이란|란|이?라 함은) "
_KOREAN: tuple[tuple[re.Pattern[str], float], ...] = (
    (re.compile(rf"{_TOPIC}[^.⟦]{{4,160}}{_KIND}(?:입니다|이다|임)(?=[.\s]|$)"), _IS),
    (re.compile(rf"{_TOPIC}[^.⟦]{{4,110}}{_KIND}(?:으?로서?|이며|인데|이고)[, ]"), _IS),
    (re.compile(rf"{_T}{_GLOSS}(?:이?라[는고]|으?로 불리는|이?라고 불리는) [^.⟦]{{0,40}}{_KIND}"), _CALLED),
    (re.compile(rf"[가-힣]+(?:하는|하여|위한|있는|적인) (?:[가-힣]+ ){{0,4}}{_KIND}인 (?:[가-힣]+ ){{0,3}}['\"‘“]?{_T}"), _CALLED),
    (re.compile(rf"{_TOPIC}[^.⟦]{{6,160}}(?:합니다|한다|됩니다|된다|줍니다|높입니다|줄입니다|냅니다|듭니다|킵니다)[.]?$"), _DOES),
    (re.compile(rf"{_T}{_GLOSS}(?:을|를) (?:통해|사용[하해]|이용[하해]|활용[하해])[^.⟦]{{6,}}"), 0.5),
)  # fmt: skip
_ENGLISH: tuple[tuple[re.Pattern[str], float], ...] = (
    (re.compile(rf"{_T}{_GLOSS} (?:is|are|refers to|denotes) (?:an?|the|one of)? ?(?:[\w-]+ ){{0,8}}{_THING}s?\b", re.I), _IS),
    (re.compile(rf"{_T}{_GLOSS}, (?:an?|which|where|the) ", re.I), _CALLED),
    (re.compile(rf"\b{_THING}s? (?:called|named|known as|termed|dubbed) {_T}", re.I), _CALLED),
    (re.compile(rf"{_T}{_GLOSS} (?:is|are|refers to|works|aims|allows?|enables?|reduces?|learns?|trains?|uses?|replaces?|adds?|speeds?) ", re.I), _DOES),
    (re.compile(rf"{_T}{_GLOSS} (?:by|to|for) \w+ing ", re.I), _FOR),
)  # fmt: skip
# What tells of how the thing fares, or of another: no definition.
_NOT = re.compile(
    rf"{_T}[^.⟦]{{0,12}}(?:보다|대비|에 비해|와 비교|과 비교|와 달리|과 달리|능가|대신)|\b(?:than|outperform\w*|unlike|compared (?:to|with)|versus) (?:the )?{_T}"
    r"|^기존의? |^이를 통해|\d ?%|\d+(?:\.\d+)?배|실험 결과|평가 결과|우수한 성능|능가|\boutperform|\bexperiment",
    re.IGNORECASE,
)
_BRINGS = re.compile(r"제안|소개|도입|개발|propos|introduc|present", re.IGNORECASE)
_BRACKETS = re.compile(rf"{_T}['\"’”]* ?\(([^()]{{1,80}})\)")
_ACRONYM = re.compile(r"\b[A-Za-z]*[A-Z]{2,}[A-Za-z0-9]*\b")
_AGAINST = re.compile(
    rf"{_T}[^.⟦]{{0,60}}?(?:보다|대비|에 비해|와 비교|과 비교|와 달리|과 달리|[을를] (?:\S+ )?(?:능가|상회|앞|넘|뛰어)|대신|[을를] 각각)"
    rf"|\b(?:than|outperform\w*|surpass\w*|unlike|compared (?:to|with)|versus) (?:[\w,-]+ ){{0,3}}{_T}",
    re.IGNORECASE,
)
_NAME_BESIDE = re.compile(
    r"(?:[A-Za-z0-9]-?|[가-힣]-|(?<![A-Za-z])([A-Z][A-Za-z0-9.+-]*) )$"
)  # a part of the same name
_MORE_OF_A_NAME = re.compile(r"^(?:-?[A-Za-z0-9]| [A-Z0-9])")


@dataclass(frozen=True, slots=True)
class Definition:
    """A sentence that says what a thing is, with its paper, and by how much it does; `proposes` where the paper proposed it."""

    paper: Paper
    told: Told
    weight: float
    proposes: bool = False


def _marked(sentence: str, variant: str) -> str:
    """Return a sentence with a mark where a thing stands as a word of its own, and not within another name."""
    out, at = [], 0
    for start, end in spots(sentence, variant):
        before, after = sentence[:start], sentence[end:]
        beside = _NAME_BESIDE.search(before)
        if (beside and (beside[1] or "").lower() not in ENGLISH_GRAMMAR) or _MORE_OF_A_NAME.match(after):
            continue
        out += [sentence[at:start], _T]
        at = end
    return "".join([*out, sentence[at:]])


def _is_glossed_otherwise(marked: str, variants: tuple[str, ...]) -> bool:
    """Whether the brackets behind a thing abbreviate it by another name: “…의 혼합(Mixture of Word Experts, MoWE)”."""
    gloss = _BRACKETS.search(marked)
    short = _ACRONYM.findall(gloss[1]) if gloss else []
    known = {squash(variant) for variant in variants}
    return bool(short) and not any(squash(name) in known for name in short)


def names(sentence: str, term: Term) -> bool:
    """Whether a sentence names a thing as a word of its own: LoRA does not stand in “QLoRA” or “Dual LoRA”."""
    return any(_T in _marked(sentence, variant) for variant in term.variants)


def is_measured_against(sentence: str, term: Term) -> bool:
    """Whether a sentence names a thing only to measure another one against it."""
    return any(_AGAINST.search(_marked(sentence, variant)) for variant in term.variants)


@lru_cache(maxsize=8192)
def defining(sentence: str, variants: tuple[str, ...], language: Language | None) -> float:
    """Return how plainly a sentence says what a thing is; 0 where it does not. `variants` are the thing's spellings."""
    patterns = _KOREAN if language == "ko" else _ENGLISH
    best = 0.0
    for variant in variants:
        marked = _marked(sentence, variant)
        if _T not in marked or _NOT.search(marked) or _is_glossed_otherwise(marked, variants):
            continue
        found = max((weight for pattern, weight in patterns if pattern.search(marked)), default=0.0)
        head = 0.5 if 0 <= marked.find(_T) <= _HEAD else 0.0
        best = max(best, found + head if found else 0.0)
    return best - _LONG * max(len(sentence) - _BRIEF, 0) if best else 0.0


def definitions(
    term: Term, papers: Sequence[Paper], catalogue: Catalogue, language: Language, limit: int, proposed: bool = False
) -> tuple[Definition, ...]:
    """Return the sentences of papers that define a term best, one a paper, best first; those of `language` come first.

    `papers` are in the order of how near they are to the term; of equal sentences the nearer paper's stands first. Unless
    they are those that `proposed` the thing, a sentence that brings something new defines that and not the thing.
    """
    mentions = catalogue.mentioning(term)
    found: list[Definition] = []
    for paper in papers:
        if paper.arxiv_id not in mentions or paper.arxiv_id in catalogue.doubtful:
            continue
        named = mentions[paper.arxiv_id]
        best = _best(named.bullets, term, language, 0.0 if proposed else _BRINGING)
        if best:
            bonus = 0.4 if named.in_title else 0.0
            found.append(Definition(paper, best[1], best[0] + bonus))
    found.sort(key=lambda one: (one.told.statement.language != language, -one.weight))
    least = max((one.weight for one in found), default=0.0) - _BESIDE
    return tuple(_apart(one for one in found if one.weight >= least))[:limit]


def _best(
    statements: Iterable[Statement], term: Term, language: Language, bringing: float
) -> tuple[float, Told] | None:
    """Return the sentence of some statements that defines a term best, with its weight; None without any.

    One that brings something new weighs less by `bringing`.
    """
    named = list(statements)
    here = [statement for statement in named if statement.language == language] or named
    rows = [
        (
            defining(sentence, term.variants, statement.language)
            - bringing * bool(_BRINGS.search(sentence))
            - _LEANING * leans(statement, sentence),
            Told(statement, sentence),
        )
        for statement in here
        for sentence in sentences(statement.text)
    ]
    weight, told = max(rows, key=lambda row: row[0], default=(0.0, None))
    return (weight, told) if told and weight >= LEAST else None


_LIMITING = re.compile(
    rf"{_T}{_GLOSS}(?:와 같은 [가-힣A-Za-z ]{{0,12}})?(?:의|은|는|이|가|에는|에서)? [^.⟦]{{0,70}}(?:한계|단점|약점|문제점|취약|어려움|어렵|부족|못하|못합|못한|제한[적되]|비효율)"
    rf"|(?:limitations?|weakness(?:es)?|drawbacks?|shortcomings?|failures?) (?:of|in) (?:\w+ ){{0,3}}{_T}"
    rf"|{_T}(?:'s|s)? (?:\w+ ){{0,3}}(?:limitations?|weakness|drawbacks?|shortcomings?|struggles?|fails?|lacks?|suffers?|cannot|falls? short)",
    re.IGNORECASE,
)


def limits_of(term: Term, papers: Iterable[Paper], catalogue: Catalogue, language: Language) -> tuple[Definition, ...]:
    """Return the sentences in which papers speak of what a thing cannot do or does badly, one a paper, in their order."""
    mentions = catalogue.mentioning(term)
    found = []
    for paper in papers:
        told = next(_limiting(mentions[paper.arxiv_id].bullets, term), None)
        if told:
            found.append(Definition(paper, told, 0.0))
    found.sort(key=lambda one: one.told.statement.language != language)
    return tuple(_apart(found))


def _limiting(named: Iterable[Statement], term: Term) -> Iterator[Told]:
    for statement in named:
        for sentence in sentences(statement.text):
            marked = (_marked(sentence, variant) for variant in term.variants)
            if any(_LIMITING.search(one) and not _AGAINST.search(one) for one in marked):
                yield Told(statement, sentence)


def _apart(found: Iterable[Definition]) -> Iterable[Definition]:
    """Yield definitions but those that say the words of an earlier one."""
    said: set[str] = set()
    for one in found:
        if squash(one.told.text) not in said:
            said.add(squash(one.told.text))
            yield one


def own_definition(paper: Paper, language: Language) -> Told | None:
    """Return the sentence of a paper that says what the thing is that it brings; None of a paper without a summary.

    Of a paper with a name it is what defines the name; else what the paper does.
    """
    variants = (paper.name,) if paper.name else ()
    best: tuple[float, Told] | None = None
    for statement, sentence, alone in weighed(paper, language):
        told_of_it = defining(sentence, variants, statement.language)
        weight = alone + told_of_it * (_ASIDE if is_background(statement, sentence) else _OWN)
        if best is None or weight > best[0]:
            best = weight, Told(statement, sentence)
    return best[1] if best else None
