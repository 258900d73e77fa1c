"""What papers release, as their summaries say: code, weights, data, a demo. Knows nothing of questions."""

from __future__ import annotations

import re

from rag.corpus.mentions import statements
from rag.corpus.papers import Paper

_THINGS = {
    "open code": r"코드|깃허브|github(?!\.io)|(?:공식|오픈 ?소스) 구현|구현체|\bcode(?:base)?\b|implementation",
    "open weights": r"가중치|체크포인트|모델(?:들|군)?(?:[은는이가을를과와도,]| 및| 시리즈)|\bweights\b|checkpoints?|\bmodels?\b",
    "open data": r"데이터|말뭉치|벤치마크[은는이가을를과와도,]|\bdata(?:sets?)?\b|\bbenchmark\b|corpus",
    "demo": r"데모|\bdemos?\b",
}
RELEASES = (*_THINGS, "open source")
"""Kinds of release; `open source` is code, weights or data."""

_RELEASED = re.compile(
    r"공개(?:합|하[며여고]|한다|할 예정|될 예정|[했됐]습니다|됩니다|되[어었]|적으로 (?:공개|제공|접근|이용|사용)|했|됐|하였|되며|돼|하기로|할 것|될 것)|오픈 ?소스(?:로|화)"
    r"|배포(?:될 예정|할 예정|되었습니다)"
    r"|\b(?:is|are|be|been|made) (?:\w+ )?(?:available|released|open[- ]sourced|public)|\b(?:we|will|they) (?:\w+ )?(?:release|open[- ]source|publish|share)|open[- ]sourced",
    re.IGNORECASE,
)
_GIVEN = re.compile(
    r"확인|제공|이용|다운로드|접근|볼 수|찾아볼|사용할 수|available|found at|: ?(?=http)", re.IGNORECASE
)
_PLACE = re.compile(
    r"https?://|github|깃허브|hugging ?face|허깅페이스|온라인|웹 ?사이트|프로젝트 페이지", re.IGNORECASE
)
_NOT = re.compile(
    r"공개(?:되|하)지 않|비공개|공개 ?데이터|공개된 데이터(?:셋|세트)?(?:에서|를|로)|공개적으로 (?:이용|사용) ?가능한|생성 (?:코드|데이터)"
    r"|\bnot (?:publicly|released|available|open)|publicly available (?:data|benchmark)|public (?:data|benchmark)",
    re.IGNORECASE,
)
_SPEAKS = re.compile(
    r"공개|오픈|http|git ?hub|깃허브|배포될|온라인|웹 ?사이트|hugging|releas|available|open.?sourc|publish|share",
    re.IGNORECASE,
)
_SENTENCES = re.compile(r"(?<=[.?!]) +")
_NEAR = 70  # letters between a thing and what is said of it


def releases(paper: Paper, kind: str) -> bool:
    """Whether a summary says that a paper releases something of a kind (of RELEASES)."""
    if kind == "open source":
        return any(releases(paper, one) for one in ("open code", "open weights", "open data"))
    said = (one.text for one in statements(paper) if _SPEAKS.search(one.text))
    return any(_says(sentence, _THINGS[kind]) for text in said for sentence in _SENTENCES.split(text))


def _says(sentence: str, things: str) -> bool:
    """Whether a sentence says that one of some things is released."""
    told = _RELEASED.search(sentence) or (_GIVEN.search(sentence) if _PLACE.search(sentence) else None)
    if not told or _NOT.search(sentence):
        return False
    around = sentence[max(0, told.start() - _NEAR) : told.end() + _NEAR // 2]
    return bool(re.search(things, around, re.IGNORECASE))
