"""What a paper does with a term: proposes it, uses or extends it, only compares with it, or merely mentions it.

Rules over the clauses around the term, in Korean and English; each label comes with the statement that shows it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rag.catalogue import Mentions, Statement
from rag.papers import Paper
from rag.terms import Term, spots, squash

Relation = Literal["proposes", "uses", "compares", "mentions"]
_RANK: dict[Relation, int] = {"proposes": 0, "uses": 1, "compares": 2, "mentions": 3}
_T = "⟦T⟧"

# Korean puts the verb after its object: what follows the term tells. English mostly puts it before.
_COMPARES = re.compile(
    rf"{_T}[^.⟦]{{0,24}}?(?:보다|대비|에 비해|과 비교|와 비교|에 비견|에 필적|과 견줄|와 견줄|에 견줄|[을를] (?:크게 |모두 )?(?:능가|상회|앞|넘어|뛰어넘)|만큼|못지않|과 달리|와 달리|과 대등|와 대등)"
    rf"|(?:outperform\w*|surpass\w*|exceed\w*|beat\w*|better than|faster than|than|compared (?:to|with)|comparable to|against|versus|vs\.?|over|unlike|match\w*|rival\w*|ahead of|beyond) (?:[\w.,'-]+ ){{0,4}}?{_T}",
    re.IGNORECASE,
)  # fmt: skip
_USES = re.compile(
    rf"{_T}[^.⟦]{{0,6}}?(?:기반|기법|계열|블록|아키텍처|백본|레이어|모듈)"
    rf"|{_T}[^.⟦]{{0,40}}?(?:사용|활용|이용|채택|적용|도입|통합|결합|접목|확장|탑재|바탕|토대|위에|구축|미세 ?조정|파인 ?튜닝|훈련|학습하|학습시|개선|변형|도움|써서|쓰는|쓴다|씁니다|구성|설계|통해|[으]?로 (?:처리|구현|학습|생성|추출|평가))"
    rf"|(?:us(?:e[sd]?|ing)|adopt\w*|leverag\w*|employ\w*|utiliz\w*|integrat\w*|incorporat\w*|combin\w*|extend\w*|appl(?:y|ies|ied)|built (?:on|upon|with|from)|build\w* (?:on|upon)|based on|bas\w* (?:on|upon)|fine-?tun\w*|train\w*|via|through|with|powered by|driven by|introduc\w*|on top of|atop|inside|of) (?:[\w.,'()-]+ ){{0,5}}?{_T}"
    rf"|{_T}[- ](?:based|style|like|powered|block|backbone|layer|network|model)",
    re.IGNORECASE,
)  # fmt: skip
_PROPOSES = re.compile(
    rf"{_T}[^.⟦]{{0,16}}?(?:[을를이가] (?:새로 |처음 )?(?:제안|소개|제시|발표|공개|선보)|[이]?라[는고] (?:이름|새로운|불리)|[은는] [^.]{{0,40}}(?:모델|방법|프레임워크|아키텍처|신경망|기법)입니다)"
    rf"|(?:propos\w*|introduc\w*|present\w*|call(?:ed|s)|named|dubbed) (?:[\w.,'-]+ ){{0,5}}?{_T}"
    rf"|{_T} is (?:a|an|the) ",
    re.IGNORECASE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Labelled:
    """A paper's relation to a term, with the statement that shows it (None: the title does)."""

    relation: Relation
    evidence: Statement | None


def _marked(text: str, term: Term) -> str:
    """Put a mark where any spelling of the term stands; overlapping spellings make one mark."""
    found = sorted({spot for variant in term.variants for spot in spots(text, variant)})
    out, at = [], 0
    for start, end in found:
        if start < at:
            continue
        out.append(text[at:start])
        out.append(_T)
        at = end
    return "".join([*out, text[at:]])


def _sentence(text: str, own: bool) -> Relation:
    """Label one marked text. `own`: the paper carries the term in its own name."""
    rest = _COMPARES.sub(" ", text)
    if own and _PROPOSES.search(text):
        return "proposes"
    if _T in rest and _USES.search(rest):
        return "uses"
    if rest != text:
        return "compares"
    return "mentions"


def _carries(name: str, term: Term) -> bool:
    return any(squash(name) == squash(variant) for variant in term.variants)


def relate(paper: Paper, mentions: Mentions, term: Term) -> Labelled:
    """Label what a paper does with a term it mentions: the strongest relation any of its statements shows."""
    own = bool(paper.name) and _carries(paper.name, term)
    best = Labelled("mentions", mentions.bullets[0] if mentions.bullets else None)
    if mentions.in_title:
        title = _marked(paper.title, term)
        kept = _COMPARES.sub(" ", title)
        best = Labelled("proposes" if own else "uses" if _T in kept else "compares", best.evidence)
    if own:
        return Labelled("proposes", _first(mentions, term, ("proposes", "uses")) or best.evidence)
    for statement in mentions.bullets:
        label = _sentence(_marked(statement.text, term), own)
        if _RANK[label] < _RANK[best.relation]:
            best = Labelled(label, statement)
    if mentions.in_title and best.relation == "uses":
        return Labelled("uses", _first(mentions, term, ("uses",)) or best.evidence)
    return best


def _first(mentions: Mentions, term: Term, wanted: tuple[Relation, ...]) -> Statement | None:
    for relation in wanted:
        for statement in mentions.bullets:
            if _sentence(_marked(statement.text, term), relation == "proposes") == relation:
                return statement
    return None
