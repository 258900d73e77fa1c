"""Kinds of contribution: which papers are surveys, benchmarks, datasets, …, or release code, told from titles and summaries.

Knows nothing of questions. A paper may be of several kinds, or of none.
"""

from __future__ import annotations

import re
from weakref import WeakKeyDictionary

import numpy as np

from rag.corpus.catalogue import Catalogue, Mask
from rag.corpus.mentions import statements
from rag.corpus.papers import Paper
from rag.corpus.releases import RELEASES, releases

# In the title, or brought into the world by a statement of the summary.
_TITLES = {
    "survey": r"survey|review of|\breview\b|roadmap|overview|tutorial|서베이|리뷰",
    "benchmark": r"bench(?:mark|marks|marking)?\b|[A-Z]\w*Bench\b|-Bench\b|arena\b|leaderboard|evaluating|벤치마크|\beval\b",
    "dataset": r"dataset|data ?set|corpus|corpora|데이터셋|\d[MKB]\b.*(?:pairs|images|videos|samples)",
    "framework": r"framework|toolkit|library|platform|프레임워크",
    "theory": r"theor|provabl|convergence|bound",
    "position": r"position:|position paper|perspective",
    "report": r"technical report|system card|기술 보고서",
    "system": r"\bsystem\b|infrastructure|engine",
}
_BRINGS = re.compile(
    r"소개|제안|제시|구축|공개|발표|도입|개발|마련|설계|만들|introduc|propos|present|releas|build|construct|creat|develop|curat",
    re.IGNORECASE,
)
_BEFORE, _BEHIND = 70, 40  # letters around a thing in which a verb brings it into the world
_THINGS = {
    "survey": r"서베이|설문 논문|survey",
    "benchmark": r"벤치마크|benchmark|평가 프레임워크",
    "dataset": r"데이터 ?셋|데이터 ?세트|데이터베이스|말뭉치|dataset|corpus",
    "framework": r"프레임워크|툴킷|라이브러리|framework|toolkit|library",
}
FOUND = tuple(_THINGS)
"""Kinds that texts are searched for, which takes a while; others stand in titles."""
_SURVEYS = re.compile(
    r"(?:이|본) (?:서베이|설문|조사)|(?:포괄적인|체계적인|종합적인) (?:서베이|조사|리뷰|개요|설문)|서베이 ?논문|\b(?:this|comprehensive|systematic) (?:survey|review)",
    re.IGNORECASE,
)
_CASED = re.compile(r"[A-Za-z0-9]Bench\b|\bBench")


def is_of(paper: Paper, sort: str) -> bool:
    """Whether a paper is of a kind of contribution, by its title or by what its first statements bring."""
    if sort in RELEASES:
        return releases(paper, sort)
    pattern = _TITLES.get(sort)
    if pattern is None:
        return False
    if re.search(pattern, paper.title, re.IGNORECASE) or (sort == "benchmark" and _CASED.search(paper.title)):
        return True
    if sort == "survey":
        return any(_SURVEYS.search(statement.text) for statement in statements(paper)[:2])
    things = _THINGS.get(sort)
    if things is None:
        return False
    return any(_brings(statement.text, things) for statement in statements(paper)[:3])


def _brings(text: str, things: str) -> bool:
    """Whether a statement says that it brings one of some things."""
    places = (match.span() for match in re.finditer(things, text, re.IGNORECASE))
    return any(_BRINGS.search(text[max(0, start - _BEFORE) : end + _BEHIND]) for start, end in places)


_kept: WeakKeyDictionary[Catalogue, dict[str, Mask]] = WeakKeyDictionary()


def sort_mask(catalogue: Catalogue, sort: str) -> Mask:
    """Return which papers of a catalogue are of a kind of contribution; worked out once for each kind."""
    kept = _kept.setdefault(catalogue, {})
    if sort not in kept:
        kept[sort] = np.array([is_of(paper, sort) for paper in catalogue.papers.values()], dtype=bool)
    return kept[sort]
