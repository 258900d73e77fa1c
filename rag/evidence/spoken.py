"""Sentences that speak of a thing without defining it: what it is good for, what it cannot do, what tells most of it.

Rules over sentences. Knows papers and terms; writes no prose.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from rag.corpus.catalogue import Catalogue
from rag.corpus.mentions import Statement
from rag.corpus.papers import Paper
from rag.corpus.sorts import is_of
from rag.evidence.definitions import AGAINST, BRIEF, BRINGS, LONG, Definition, apart, central, shared_words
from rag.evidence.marking import GLOSS, T, is_modified, marked, uncovered
from rag.evidence.telling import Told, is_link, is_result, leans
from rag.language.patterns import lazy
from rag.language.sentences import sentences
from rag.language.terms import Term
from rag.language.text import Language

_SUBJECT = lazy(
    rf"{T}{GLOSS}(?: (?:모델|방법|기법|기술|알고리즘|방식|접근법|시스템)(?:들)?)?(?:은|는|이|가|이란|란) |^(?:[\w'’-]+,? ){{0,4}}{T}{GLOSS} (?:is|are|was|has|have|can|may|helps?|[a-z]{{3,}}s) ",
    re.IGNORECASE,
)
_FOREMOST = 40  # characters of a sentence within which its subject stands
_OTHER_SUBJECT = lazy(r"(?:은|는|이|가|께서) [^⟦]*$")


@lru_cache(maxsize=8192)
def is_subject(sentence: str, variants: tuple[str, ...], language: Language | None) -> bool:
    """Whether a sentence speaks of a thing itself, at its head, and of no kind of it."""
    for variant in variants:
        shown = uncovered(marked(sentence, variant), variant)
        found = _SUBJECT.search(shown)
        if found and shown.find(T) <= _FOREMOST and not (language == "ko" and is_modified(shown)):
            return True
    return False


# --- What it is good for ---------------------------------------------------------------------------------------------
_GOOD = lazy(
    r"줄이|줄여|줄입|절감|낮추|낮춰|낮춥|아끼|절약|높이|높여|높입|향상|개선|빠르|빨라|가속|효율|확장|가능하게|가능해|도움|장점|이점|유용|유리|필요하지 않|필요 없|완화|보완|극복|피합니다|피할"
    r"|reduc|lower|sav(?:e|ing)|improv|faster|speed|efficien|enabl|allow|scal(?:e|ing)|benefit|advantage|without|avoid|helps?\b",
    re.IGNORECASE,
)
_MERIT = lazy(
    rf"{T}{GLOSS}(?:의|은|는|이|가)? (?:[가-힣]+ ){{0,3}}(?:장점|이점|목적)|(?:benefits?|advantages?) of (?:\w+ ){{0,2}}{T}",
    re.IGNORECASE,
)
_BY_IT = lazy(
    rf"{T}{GLOSS}(?: (?:모델|방법|기법|기술|구조))?(?:을|를|으로|로)? (?:통해|사용하[면여]|이용하[면여]|활용하[면여]|쓰면|도입하[면여]|적용하[면여])|\b(?:using|with|through|via) {T}",
    re.IGNORECASE,
)
_BAD = lazy(
    r"한계|단점|문제|도전 ?과제|저하|취약|부족|감소하는 경향|않았|어렵|어려|제한|비효율|간과|못하|못합|하지만|지만,"
    r"|\b(?:limit|drawback|challeng|difficult|fail|lack|suffer)",
    re.IGNORECASE,
)
_LEAST_REASON = 2.0
_FIGURES = lazy(r"\d ?%|\d배|\d점|실험|\bexperiment", re.IGNORECASE)


def _reason(statement: Statement, sentence: str, term: Term) -> float:
    """Weigh how plainly a sentence says what a thing is good for; 0 where it does not."""
    best = 0.0
    for variant in term.variants:
        shown = uncovered(marked(sentence, variant), variant)
        at = shown.find(T)
        if at < 0 or AGAINST.search(shown) or _BAD.search(shown) or (statement.language == "ko" and is_modified(shown)):
            continue
        good = bool(_GOOD.search(shown, at))
        if _MERIT.search(shown):
            best = max(best, 3.5)
        elif good and is_subject(sentence, (variant,), statement.language):
            best = max(best, 3.0)
        elif good and _BY_IT.search(shown) and not _OTHER_SUBJECT.search(shown[:at]):
            best = max(best, 2.0)
    return best - 1.5 * bool(_FIGURES.search(sentence)) - 1.5 * bool(BRINGS.search(sentence)) if best else 0.0


def reasons_for(
    term: Term, papers: Iterable[Paper], catalogue: Catalogue, language: Language, limit: int
) -> tuple[Definition, ...]:
    """Return the sentences that say what a thing is good for, one a paper, best first."""
    return _best_of(term, papers, catalogue, language, limit, _LEAST_REASON, lambda s, said: _reason(s, said, term))


_LEAST_TOLD = 1.5


# --- What tells most of it -------------------------------------------------------------------------------------------
def most_told(
    term: Term, papers: Iterable[Paper], catalogue: Catalogue, language: Language, limit: int
) -> tuple[Definition, ...]:
    """Return the sentences that tell most of a thing which none defines, one a paper, best first."""
    shared = shared_words(term, catalogue.mentioning(term).values())

    def weight(statement: Statement, sentence: str) -> float:
        shown = [uncovered(marked(sentence, variant), variant) for variant in term.variants]
        if not any(T in one for one in shown) or is_link(statement, sentence):
            return 0.0
        subject = is_subject(sentence, term.variants, statement.language)
        told = 1.5 + (2.0 + central(sentence, shared) if subject else 0.0)
        told += 0.6 * bool(_GOOD.search(sentence))
        told += 0.5 * any(0 <= one.find(T) <= _FOREMOST for one in shown)
        return (
            told
            - 2.0 * any(map(AGAINST.search, shown))
            - 1.0 * is_result(statement, sentence)
            - 0.8 * bool(BRINGS.search(sentence))
        )

    return _best_of(term, papers, catalogue, language, limit, _LEAST_TOLD, weight)


_TITLED, _SURVEYED = 0.3, 0.6  # what it adds that a paper has the thing in its title, that it is a survey
_FOREIGN = 2.0  # what a sentence of the other language weighs less


def _best_of(
    term: Term,
    papers: Iterable[Paper],
    catalogue: Catalogue,
    language: Language,
    limit: int,
    least: float,
    weigh: Callable[[Statement, str], float],
) -> tuple[Definition, ...]:
    """Return the sentences of papers that weigh most, one a paper, best first."""
    mentions = catalogue.mentioning(term)
    found: list[Definition] = []
    for paper in papers:
        named = mentions[paper.arxiv_id]
        rows = [
            (weight - 1.0 * leans(statement, said) - LONG * max(len(said) - BRIEF, 0), Told(statement, said))
            for statement in named.bullets
            for said in sentences(statement.text)
            if (weight := weigh(statement, said)) > 0
        ]
        weight, told = max(rows, key=lambda row: row[0], default=(0.0, None))
        if told and weight >= least:
            weight += _TITLED * named.in_title + _SURVEYED * is_of(paper, "survey")
            found.append(Definition(paper, told, weight - _FOREIGN * (told.statement.language != language)))
    found.sort(key=lambda one: -one.weight)
    return tuple(apart(found))[:limit]


# --- What it cannot do -----------------------------------------------------------------------------------------------
_LIMITING = lazy(
    rf"{T}{GLOSS}(?:와 같은 [가-힣A-Za-z ]{{0,12}})?(?:의|은|는|이|가|에는|에서)? [^.⟦]{{0,70}}(?:한계|단점|약점|문제점|취약|어려움|어렵|부족|못하|못합|못한|제한[적되]|비효율)"
    rf"|(?:limitations?|weakness(?:es)?|drawbacks?|shortcomings?|failures?) (?:of|in) (?:\w+ ){{0,3}}{T}"
    rf"|{T}(?:'s|s)? (?:\w+ ){{0,3}}(?:limitations?|weakness|drawbacks?|shortcomings?|struggles?|fails?|lacks?|suffers?|cannot|falls? short)",
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
    return tuple(apart(found))


def _limiting(named: Iterable[Statement], term: Term) -> Iterator[Told]:
    for statement in named:
        for sentence in sentences(statement.text):
            shown = (marked(sentence, variant) for variant in term.variants)
            if any(_LIMITING.search(one) and not AGAINST.search(one) for one in shown):
                yield Told(statement, sentence)
