"""Sentences that say what a thing is: “X는 …하는 방법입니다”, “X, which …”, “a method called X”. Rules over sentences.

Knows papers and terms; writes no prose.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

from rag.corpus.catalogue import Catalogue
from rag.corpus.mentions import Mentions, Statement
from rag.corpus.papers import Paper
from rag.evidence.marking import GLOSS, T, is_modified, marked, uncovered
from rag.evidence.telling import Told, is_background, leans, weighed
from rag.language import analysis
from rag.language.patterns import lazy
from rag.language.sentences import sentences
from rag.language.terms import Term, squash
from rag.language.text import Language

# What makes a sentence a definition, from the surest: the thing is its subject and a kind of thing its predicate, …
_IS, _CALLED, _DOES, _FOR = 4.0, 3.0, 2.0, 1.5
LEAST = 1.5
"""Weight from which a sentence counts as a definition."""
_OWN, _ASIDE = 0.6, 0.3  # what a definition weighs beside what its paper does; less where it speaks of others
_BRINGING, _LEANING = 2.5, 1.5  # less for a sentence that brings something new, and for one that goes on from another
_MODIFIED = (
    2.0  # less where another noun stands before the thing: “latent diffusion models” are a kind of diffusion models
)
_BESIDE = 1.5  # how much less than the best one a definition may weigh that is shown beside it
LONG, BRIEF = 0.01, 140  # what each character more than so many weighs
_OTHERWISE, _ACRONYMS = 2.5, 6  # less for a name of so many letters that is written in other ones
_HEAD = 40  # characters within which a subject stands

_KIND = (
    r"(?:방법론?|기법|기술|방식|모델|프레임워크|시스템|알고리즘|아키텍처|구조|메커니즘|전략|접근법|접근 방식|벤치마크|데이터셋|패러다임|과정|작업|현상|능력"
    r"|함수|네트워크|엔진|연구|분야|개념|표현|형식|프로토콜|변형|변종)"
)
_ROLE = r"(?:방법론?|기법|기술|방식|모델|프레임워크|시스템|알고리즘|아키텍처|메커니즘|전략|접근법|접근 방식|패러다임|개념|해결책|솔루션|대안|경로|도구)"
_THING = r"(?:method|technique|approach|model|framework|system|algorithm|architecture|mechanism|strategy|benchmark|dataset|paradigm|process|task|phenomenon|variant|way)"
_TOPIC = rf"{T}{GLOSS}(?: (?:모델|방법|기법|기술|방식|시스템|알고리즘)(?:들)?)?(?:은|는|이란|란|이?라 함은) "
_KOREAN: tuple[tuple[re.Pattern[str], float], ...] = (
    (lazy(rf"{_TOPIC}[^.⟦]{{4,160}}{_KIND}(?: 중 하나)?(?:입니다|이다|임)(?=[.\s]|$)"), _IS),
    (lazy(rf"{_TOPIC}[^.⟦]{{2,110}}{_ROLE}(?: 중 하나)?(?:으?로서?|이며|인데|이고)[, ]"), _IS),
    (lazy(rf"[가-힣]+(?:하는|이는|리는|추는|위한|적인) (?:[가-힣]+ ){{0,3}}{_ROLE}으?로서?,? {T}{GLOSS}(?: (?:모델|방법|기법|기술))?[이가은는] "), _CALLED),
    (lazy(rf"{T}{GLOSS}, 즉,? [^.⟦]{{6,110}}"), _CALLED),
    (lazy(rf"{T}{GLOSS}(?:이?라[는고]|으?로 불리는|이?라고 불리는) [^.⟦]{{0,40}}{_KIND}"), _CALLED),
    (lazy(rf"[가-힣]+(?:하는|하여|위한|있는|적인) (?:[가-힣]+ ){{0,4}}{_KIND}인 (?:[가-힣]+ ){{0,3}}['\"‘“]?{T}"), _CALLED),
    (lazy(rf"{_TOPIC}[^.⟦]{{6,160}}(?:합니다|한다|됩니다|된다|줍니다|높입니다|줄입니다|냅니다|듭니다|킵니다)[.]?$"), _DOES),
    (lazy(rf"{T}{GLOSS}(?:을|를) (?:통해|사용[하해]|이용[하해]|활용[하해])[^.⟦]{{6,}}"), 0.5),
)  # fmt: skip
_ENGLISH: tuple[tuple[re.Pattern[str], float], ...] = (
    (lazy(rf"{T}{GLOSS} (?:is|are|refers to|denotes) (?:an?|the|one of)? ?(?:[\w-]+ ){{0,8}}{_THING}s?\b", re.I), _IS),
    (lazy(rf"{T}{GLOSS}, (?:an?|which|where|the) ", re.I), _CALLED),
    (lazy(rf"\b{_THING}s? (?:called|named|known as|termed|dubbed) {T}", re.I), _CALLED),
    (lazy(rf"{T}{GLOSS} (?:is|are|refers to|works|aims|allows?|enables?|reduces?|learns?|trains?|uses?|replaces?|adds?|speeds?) ", re.I), _DOES),
    (lazy(rf"{T}{GLOSS} (?:by|to|for) \w+ing ", re.I), _FOR),
)  # fmt: skip
# What tells of how the thing fares, or of another: no definition.
_NOT = lazy(
    rf"{T}[^.⟦]{{0,12}}(?:보다|대비|에 비해|와 비교|과 비교|와 달리|과 달리|능가|대신)|\b(?:than|outperform\w*|unlike|compared (?:to|with)|versus) (?:the )?{T}"
    r"|^(?:기존의?|그러나|하지만|반면) |^이를 통해|\d ?%|\d배|실험 결과|평가 결과|우수한 성능|능가|\boutperform|\bexperiment",
    re.IGNORECASE,
)
BRINGS = lazy(r"제안|소개|도입|개발|propos|introduc|present", re.IGNORECASE)
_BRACKETS = lazy(rf"{T}['\"’”]* ?\(([^()]{{1,80}})\)")
_ACRONYM = lazy(r"\b[A-Za-z]*[A-Z]{2,}[A-Za-z0-9]*\b")
AGAINST = lazy(
    rf"{T}[^.⟦]{{0,60}}?(?:보다|대비|에 비해|와 비교|과 비교|와 달리|과 달리|[을를] (?:\S+ )?(?:능가|상회|앞|넘|뛰어)|대신|[을를] 각각)"
    rf"|\b(?:than|outperform\w*|surpass\w*|unlike|compared (?:to|with)|versus) (?:[\w,-]+ ){{0,3}}{T}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Definition:
    """A sentence that says what a thing is, with its paper, and by how much it does; `proposes` where the paper proposed it."""

    paper: Paper
    told: Told
    weight: float
    proposes: bool = False


def _is_glossed_otherwise(shown: str, variants: tuple[str, ...]) -> bool:
    """Whether the brackets behind a thing abbreviate it by another name: “…의 혼합(Mixture of Word Experts, MoWE)”."""
    gloss = _BRACKETS.search(shown)
    short = _ACRONYM.findall(gloss[1]) if gloss else []
    known = {squash(variant) for variant in variants}
    return bool(short) and not any(squash(name) in known for name in short)


def names(sentence: str, term: Term) -> bool:
    """Whether a sentence names a thing as a word of its own: LoRA does not stand in “QLoRA” or “Dual LoRA”."""
    return any(T in marked(sentence, variant) for variant in term.variants)


def is_otherwise_spelled(sentence: str, term: Term) -> bool:
    """Whether a sentence writes a short name in capitals alone that is written in both: ROPE is hardly RoPE.

    >>> rope = Term("RoPE", ("RoPE", "rotary position embedding"))
    >>> is_otherwise_spelled("ROPE는 여우를 셉니다.", rope), is_otherwise_spelled("RoPE는 자리를 알립니다.", rope)
    (True, False)
    """
    mixed = [v for v in term.variants if len(v) <= _ACRONYMS and v.isalpha() and not (v.isupper() or v[1:].islower())]
    said = [v for v in mixed if re.search(rf"(?<![A-Za-z]){v.upper()}(?![A-Za-z])", sentence)]
    return bool(said) and not any(variant in sentence for variant in term.variants)


def is_measured_against(sentence: str, term: Term) -> bool:
    """Whether a sentence names a thing only to measure another one against it."""
    return any(AGAINST.search(marked(sentence, variant)) for variant in term.variants)


@lru_cache(maxsize=8192)
def defining(sentence: str, variants: tuple[str, ...], language: Language | None) -> float:
    """Return how plainly a sentence says what a thing is; 0 where it does not. `variants` are the thing's spellings."""
    patterns = _KOREAN if language == "ko" else _ENGLISH
    best = 0.0
    for variant in variants:
        shown = uncovered(marked(sentence, variant), variant)
        if T not in shown or _NOT.search(shown) or _is_glossed_otherwise(shown, variants):
            continue
        found = max((weight for pattern, weight in patterns if pattern.search(shown)), default=0.0)
        head = 0.5 if 0 <= shown.find(T) <= _HEAD else 0.0
        found -= _MODIFIED * (language == "ko" and is_modified(shown))
        best = max(best, found + head if found > 0 else 0.0)
    return best - LONG * max(len(sentence) - BRIEF, 0) if best else 0.0


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
    shared = shared_words(term, mentions.values())
    found = [replace(one, weight=one.weight + central(one.told.text, shared)) for one in found]
    found.sort(key=lambda one: (one.told.statement.language != language, -one.weight))
    least = max((one.weight for one in found), default=0.0) - _BESIDE
    return tuple(apart(one for one in found if one.weight >= least))[:limit]


_SPOKEN = 150  # sentences that name a thing, by whose words a definition is judged
_CENTRAL, _WORDS = 1.2, 5  # what it adds at most that a definition says what others say of the thing, in so many words


def shared_words(term: Term, mentions: Iterable[Mentions]) -> dict[str, float]:
    """Return how often words stand beside a thing, as shares of the sentences that name it."""
    own = {word for variant in term.variants for word in analysis.terms(variant)}
    spoken = (said for one in mentions for statement in one.bullets for said in sentences(statement.text))
    told = [set(analysis.terms(said)) - own for said in islice((s for s in spoken if names(s, term)), _SPOKEN)]
    counted = Counter(word for words in told for word in words - _OF_ALL)
    return {word: count / len(told) for word, count in counted.items() if count > 1}


def central(sentence: str, shared: Mapping[str, float]) -> float:
    """Return what it adds to a definition that its words are those by which others speak of the thing."""
    best = sorted((shared.get(word, 0.0) for word in set(analysis.terms(sentence))), reverse=True)[:_WORDS]
    return min(_CENTRAL, 2 * sum(best) / _WORDS * _CENTRAL)


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
            - bringing * bool(BRINGS.search(sentence))
            - _LEANING * leans(statement, sentence)
            - _OTHERWISE * is_otherwise_spelled(sentence, term),
            Told(statement, sentence),
        )
        for statement in here
        for sentence in sentences(statement.text)
    ]
    weight, told = max(rows, key=lambda row: row[0], default=(0.0, None))
    return (weight, told) if told and weight >= LEAST else None


# Words of every summary, as index terms: they tell nothing of a thing.
_OF_ALL = frozenset(
    "모델 성능 결과 학습 훈련 데이터 향상 개선 과정 작업 문제 적용 실험 평가 효과 높 통합 제공 달성 기반 생성 개발 llm llms model models".split()
)


def apart(found: Iterable[Definition]) -> Iterator[Definition]:
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
