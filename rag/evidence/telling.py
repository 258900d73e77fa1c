"""The one sentence of a paper that tells most: what the paper does, or what it says of the things a question names.

Rules over sentences, measured against hand labels (tests/golden/telling.tsv). No prose is written here.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.corpus.mentions import Statement, meant, statements
from rag.corpus.papers import Paper
from rag.evidence.spellings import known_pieces
from rag.language.patterns import lazy
from rag.language.sentences import sentences
from rag.language.terms import squash, stands
from rag.language.text import ENGLISH_GRAMMAR, Language
from rag.questions.reading import Reading


# --- what a paper does -----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class _Signs:
    """What a sentence of one language is told by: each a pattern that is looked for anywhere in it.

    `brings`: it names what is new; `does`: what is done; `defines`: what a thing is; `own`: it speaks of this paper;
    `new`: praises it; `background`: tells of others or of a want; `follows`: goes on from the sentence before; `leans`: its
    subject stands there; `result`: gives results or hopes; `links`: tells where the code is.
    """

    brings: re.Pattern[str]
    does: re.Pattern[str]
    defines: re.Pattern[str]
    own: re.Pattern[str]
    new: re.Pattern[str]
    background: re.Pattern[str]
    follows: re.Pattern[str]
    leans: re.Pattern[str]
    result: re.Pattern[str]
    links: re.Pattern[str]


_ENDING = r"(?:합니다|한다|하였|했|함|하고|하며|하는 것|하여|되었|됩니다|된다|되는|인다|입니다|였|으로)"
_KIND = (
    r"(?:방법론?|기법|모델|모형군|프레임워크|시스템|알고리즘|벤치마크|데이터셋|접근법|방식|아키텍처|도구|파이프라인|전략|연구|에이전트"
    r"|플랫폼|라이브러리|패러다임|구조|기술|메커니즘|논문|엔진|모듈|네트워크|메트릭|지표)"
)
_GLOSS = r"(?: ?\([^()]*\))?"
_KOREAN = _Signs(
    brings=re.compile(rf"(?:제안|소개|제시|개발|발표|도입|선보|고안|공식화){_ENDING}"),
    does=re.compile(
        rf"(?:구축|공개|설계|구현|정의|탐구|탐색|조사|분석|연구|검토|평가|비교|제공|수행|논의|정리|확립){_ENDING}"
        r"|다룹니다|다룬다|다루고|밝혀|밝힙|밝혔|보여[줍준주]|발견했|발견하였|초점을|중점을"
    ),
    defines=re.compile(rf"{_KIND}{_GLOSS}(?:(?:입니다|이다|임)\.|(?:로서|로써|로|으로서|으로),)"),
    own=re.compile(
        r"(?:이|본|이번|해당) (?:\S+ )?(?:논문|연구|보고서|작업|리포트)|(?:최근|최신) (?:\S+ )?논문|새로운 (?:논문|연구)|우리|저희|저자|연구[팀진]"
    ),
    new=re.compile(r"새로운|최초|혁신적|처음으로|포괄적|첫 번째 "),
    background=re.compile(
        r"^(?:기존|\S*(?:최신|이전|많은|선행) 연구|최근(?! (?:\S+ )?논문)|현재|지금까지|종래|전통적|그러나|하지만|반면|일반적으로|지난해)"
        r"|못(?:했|합|하는|한다)|어렵습니다|어렵다|어려움을 겪|부족[합했이]|약점|한계가 있|문제가 있|야기[합하]|초래[합하]|도전 ?과제|도전이 [되됩]"
        r"|(?:필요|중요|유망|존재|발생|주목받고|주목 받고|등장)(?:합니다|하다|하며|했습니다|있습니다|있다|하게)"
    ),
    follows=re.compile(
        r"^(?:또한|특히|따라서|이외|여기|이 과정|이때|첫 번째|두 번째|첫째|둘째|셋째|마지막|\(?\d\)|\d\.|예를 들어|이후|추가|구체적으로|결론적으로)"
    ),
    leans=re.compile(r"^(?:이[는를로와에]|이러한|이런|그 |그런|이 (?!논문|연구|보고서)|이것|이들|해당|그들|여기)"),
    result=re.compile(
        r"(?:실험|평가) 결과|실험을 통해|실험에서|결과적으로|성능을 (?:보|달성|기록|입증|발휘)|능가|뛰어넘|향상되었|우수[한함]|입증|\d ?%"
        r"|방향을 제시|믿습니다|믿는다|시사[합한]|기대[됩한]|조명"
    ),
    links=re.compile(
        r"https?://|(?:코드|가중치|자세한|프로젝트|웹 ?사이트|데모|모델과|리소스).{0,40}(?:공개|확인|이용 가능|사용할 수)"
        r"|(?:코드|데모|리소스)[와과는를] .{0,40}제공"
    ),
)
_ENGLISH = _Signs(
    brings=re.compile(r"\b(?:propos|introduc|present)\w*", re.IGNORECASE),
    does=re.compile(
        r"\b(?:develop|releas|describ|investigat|study|studies|explor|analy[sz]|examin|evaluat|show)\w*", re.IGNORECASE
    ),
    defines=re.compile(
        r"\bis an? (?:[\w-]+ ){0,6}(?:method|model|framework|system|benchmark|dataset|approach|engine)", re.IGNORECASE
    ),
    own=re.compile(r"\bwe\b|\bthis (?:paper|work|study|report)\b|\bour\b|\bthe (?:paper|authors)\b", re.IGNORECASE),
    new=re.compile(r"\b(?:novel|new|first|comprehensive)\b", re.IGNORECASE),
    background=re.compile(r"\bhowever\b|\bexisting\b|\brecent(?:ly)?\b|\bchalleng|\bdifficult|\bneed\b", re.IGNORECASE),
    follows=re.compile(
        r"^(?:in addition|moreover|furthermore|additionally|also|specifically|finally|first|second|third)\b",
        re.IGNORECASE,
    ),
    leans=re.compile(r"^(?:this|these|it|they|such)\b(?! (?:paper|work|study|report))", re.IGNORECASE),
    result=re.compile(r"\boutperform|\bexperiments?\b|\bresults?\b|\bachiev|\d ?%", re.IGNORECASE),
    links=re.compile(
        r"https?://|\b(?:code|weights?|models?|data)\b.{0,40}\b(?:available|released|public)", re.IGNORECASE
    ),
)
_FILLING = re.compile(
    r"[A-Za-z0-9][\w.+*-]*|\([^()]*\)|[‘’'\"“”]|(?:이|본|이번|해당) (?:논문|연구|보고서)\S*|최근|(?:논문|연구|우리|저희|저자|문제)\S*"
    rf"|이를|이러한|위해|해결하기|새로운|혁신적인|특히|또한|{_KIND}\S*|(?:제안|소개|제시|개발|도입|발표)\S*"
)
_COINED = re.compile(rf"['\"]?[A-Z0-9][\w+.*-]*(?: [A-Z0-9][\w+.*-]*){{0,4}}['\"]?{_GLOSS}(?:[은는]|이란) ")
_REPORT = re.compile(r" Technical Report$")
_FIRST = ("what", "new", "contribution", "innovation")
_BRIEF, _LENGTHY = 110, 0.008  # characters that a sentence may have for nothing, and what each one more weighs
_EMPTY = 8  # Hangul syllables left, beside what every paper says, below which a Korean sentence tells nothing
_EMPTY_ENGLISH = 45  # letters of an English one
_HEAD = 25  # characters within which a name is what a sentence speaks of
_SHORT = 80  # characters from which a sentence is not looked at for that


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence of a paper as it is printed, and the statement it stands in."""

    statement: Statement
    text: str


def _named(paper: Paper, sentence: str) -> float:
    """Return 1 where a sentence speaks of the paper's own name at its head, half where it does later, else 0."""
    name = (paper.name or _REPORT.sub("", paper.title)).lower()
    at = sentence.lower().find(name)
    if at >= 0 and not re.match(r"[A-Za-z0-9-]", sentence[at + len(name) :]):
        return 1.0 if at < _HEAD else 0.5
    return 0.7 if _COINED.match(sentence) else 0.0


def _is_empty(sentence: str, language: Language | None) -> bool:
    """Whether a sentence only says that something new is proposed, and not what."""
    if language != "ko":
        return len(sentence) < _EMPTY_ENGLISH
    return len(sentence) < _SHORT and len(re.findall(r"[가-힣]", _FILLING.sub("", sentence))) < _EMPTY


def _signs(statement: Statement) -> _Signs:
    return _KOREAN if statement.language == "ko" else _ENGLISH


def is_background(statement: Statement, sentence: str) -> bool:
    """Whether a sentence tells of others, or of what is wanting."""
    return bool(_signs(statement).background.search(sentence))


def is_result(statement: Statement, sentence: str) -> bool:
    """Whether a sentence tells of results."""
    return bool(_signs(statement).result.search(sentence))


def leans(statement: Statement, sentence: str) -> bool:
    """Whether the subject of a sentence stands in the one before it."""
    return bool(_signs(statement).leans.search(sentence))


def is_link(statement: Statement, sentence: str) -> bool:
    """Whether a sentence tells where the code or the data is."""
    return bool(_signs(statement).links.search(sentence))


_LIMITS = re.compile(
    r"한계|단점|약점|제한점|제약이|어려움이 있|못합니다|못한다|\blimitations?\b|drawback|shortcoming|falls short|\bfails? to\b",
    re.IGNORECASE,
)
_MENDED = re.compile(r"극복|해결|완화|줄이|보완|개선|벗어나|overcom|address|solv|mitigat|without", re.IGNORECASE)


def states_limits(statement: Statement, sentence: str) -> bool:
    """Whether a sentence states a limit of the paper itself: not one of others, and none that it overcomes."""
    if statement.bullet.section.lower().startswith("limit"):
        return True
    own = _signs(statement).own.search(sentence)
    others = is_background(statement, _LIMITS.sub(" ", sentence)) and not own
    return bool(_LIMITS.search(sentence)) and not others and not _MENDED.search(sentence)


def telling_weight(paper: Paper, statement: Statement, sentence: str, place: int) -> float:
    """Return how plainly a sentence says what its paper does; higher is better. `place` counts from 0 in the summary."""
    signs = _signs(statement)
    weight = _speaks_of(paper, signs, sentence)
    weight -= 4.0 * bool(signs.links.search(sentence))
    weight -= 1.6 * bool(signs.follows.search(sentence))
    weight -= 0.8 * bool(signs.leans.search(sentence))
    weight -= 6.0 * (_is_empty(sentence, statement.language) or sentence.endswith(":"))
    weight -= _LENGTHY * max(len(sentence) - _BRIEF, 0)
    return weight + _of_section(statement.bullet.section.lower()) - 0.15 * place


def _speaks_of(paper: Paper, signs: _Signs, sentence: str) -> float:
    """Weigh what a sentence speaks of: the paper and what it brings, or others and how things turned out."""
    brings = bool(signs.brings.search(sentence))
    named = _named(paper, sentence)
    own = signs.own.search(sentence)
    heads = own is not None and own.start() < _HEAD
    weight = 2.0 * brings + named + 0.7 * (brings and named > 0)
    weight += 1.0 * bool(signs.does.search(sentence))
    weight += 1.4 * bool(signs.defines.search(sentence))
    weight += 0.5 * bool(signs.new.search(sentence))
    if own:
        weight += 1.4 if heads else 0.8
    if signs.background.search(sentence):
        weight -= 0.5 if heads else 2.0
    if signs.result.search(sentence):
        weight -= 0.5 if brings else 1.0
    return weight


def _of_section(section: str) -> float:
    """Weigh the section that a sentence stands in; nothing where a summary has none."""
    if not section:
        return 0.0
    if section.startswith(_FIRST):
        return 1.0
    return -1.0 if section.startswith("performance") else -0.3


@lru_cache(maxsize=4096)
def numbered(paper: Paper, language: Language) -> tuple[tuple[Statement, str], ...]:
    """Return the sentences of a paper in order with their statements; in a language, or in the other where it has none."""
    found = statements(paper)
    here = [s for s in found if s.language == language] or found
    return tuple((statement, sentence) for statement in here for sentence in sentences(statement.text))


@lru_cache(maxsize=4096)
def weighed(paper: Paper, language: Language) -> tuple[tuple[Statement, str, float], ...]:
    """Return the sentences of a paper as `numbered` does, each with its `telling_weight`."""
    return tuple(
        (statement, sentence, telling_weight(paper, statement, sentence, place))
        for place, (statement, sentence) in enumerate(numbered(paper, language))
    )


# --- what a question names -------------------------------------------------------------------------------------------
_PLAIN_WORD = re.compile(r"[A-Za-z][A-Za-z0-9.+-]*|[가-힣]{2,}|\d[\d.,]*")
_KOREAN_WORD = re.compile("[가-힣]{3,}")
_STEM = 2  # syllables of a Korean word by which it is found in any of its forms
_PART = 0.8  # what a thing counts of which all parts stand in a sentence, and not the whole


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something a question names: its spellings, and the spellings of each of its parts."""

    whole: tuple[str, ...]
    parts: tuple[tuple[str, ...], ...]

    def share(self, sentence: str) -> float:
        """Return how much of it a sentence holds, 0 to 1."""
        if any(stands(sentence, variant) for variant in self.whole):
            return 1.0
        held = sum(any(_holds(sentence, variant) for variant in part) for part in self.parts)
        return _PART * held / len(self.parts) if self.parts else 0.0


def _holds(sentence: str, variant: str) -> bool:
    if _KOREAN_WORD.fullmatch(variant) and variant[:_STEM] in sentence:
        return True
    return stands(sentence, variant)


@lru_cache(maxsize=512)
def wanted(text: str) -> Wanted:
    """Return what a term or a topic of a plan, or a question's own words, ask for."""
    pieces = known_pieces(text)
    parts = [piece.group for piece in pieces]
    rest = "".join(" " if any(p.start <= at < p.end for p in pieces) else letter for at, letter in enumerate(text))
    words = [word for word in _PLAIN_WORD.findall(rest) if word.lower() not in ENGLISH_GRAMMAR]
    return Wanted(meant(text).variants, (*parts, *((word,) for word in words)))


def wanted_by(reading: Reading) -> tuple[Wanted, ...]:
    """Return what a sentence about a paper should speak of: the names and topics of the plan, else the words asked by."""
    named = (*reading.plan.terms, *reading.plan.topics)
    if not named and reading.plan.kind in ("describe", "explain", "fact") and reading.query:
        named = (reading.query,)
    return tuple(map(wanted, named))


_CARRIES = 7.0  # weight of a sentence that holds all that is wanted, beside what `telling_weight` gives
_ASIDE = 0.4  # share of that weight which a sentence has that tells of others
_QUOTED = 1.5  # of one that stands in a statement which the evidence has chosen


def _carried(statement: Statement, sentence: str, asked: Sequence[Wanted]) -> float:
    if not asked:
        return 0.0
    share = sum(one.share(sentence) for one in asked) / len(asked)
    return _CARRIES * share * (_ASIDE if _signs(statement).background.search(sentence) else 1.0)


def tell(
    paper: Paper,
    language: Language,
    asked: Sequence[Wanted] = (),
    quoted: Sequence[Statement] = (),
    said: Container[str] = (),
) -> Told | None:
    """Return the sentence that tells most of a paper, or None where all of its sentences were `said` before.

    A sentence that holds what is `asked` comes first, then one of a statement that the evidence has `quoted`, then what
    the paper does.
    """
    best: tuple[float, Told] | None = None
    tongue = (quoted[0].language if quoted else None) or language
    own = squash(paper.name)
    asked = [one for one in asked if own not in map(squash, one.whole)]  # its name stands in the title
    for statement, sentence, alone in weighed(paper, tongue):
        weight = alone + _carried(statement, sentence, asked) + _QUOTED * (statement in quoted)
        if sentence not in said and (best is None or weight > best[0]):
            best = weight, Told(statement, sentence)
    return best[1] if best else None


def tell_of(paper: Paper, statement: Statement, asked: Sequence[Wanted] = (), said: Container[str] = ()) -> Told | None:
    """Return the sentence of one statement that tells most, or None where all of them were `said` before."""
    left = [sentence for sentence in sentences(statement.text) if sentence not in said]
    if not left:
        return None
    weights = {
        sentence: telling_weight(paper, statement, sentence, place) + _carried(statement, sentence, asked)
        for place, sentence in enumerate(left)
    }
    return Told(statement, max(left, key=weights.__getitem__))


# --- facts -----------------------------------------------------------------------------------------------------------
# What a sentence weighs that holds the fact, and as a number; all words asked by; a chosen statement, less for each later.
_STATED, _VALUE, _WORDS, _CHOSEN, _LATER = 2.0, 1.0, 3.0, 1.5, 0.4
_LEANING, _OTHERS = 1.0, 1.5  # less for one that leans on the sentence before, and for one that tells of others
_FIGURE = re.compile(r"(?<![\w.,-])\d[\d.,]*(?![\d-])")  # a number that is no part of a name
_MORE = 2  # sentences that stand behind the one that answers


_FROM_WHAT = lazy(r"(?:몇|얼마)\S*에서 (?:몇|얼마)|\bfrom what\b|\bfrom how\b", re.IGNORECASE)
_FROM_TO = lazy(r"\d ?%?\S{0,3}에서 \S{0,6}?\d|\bfrom (?:about |around )?\d[\d.%]* to \d", re.IGNORECASE)


def tell_fact(
    paper: Paper, quoted: Sequence[Statement], query: str, stated: re.Pattern[str] | None, is_numeric: bool
) -> list[Told]:
    """Return the sentence of a paper that answers a question about a fact, then at most two more that bear on it.

    `quoted` are the statements that evidence has chosen, best first; sentences of others are taken where they hold the
    fact. `stated` is what a sentence that holds it must match, None where nothing is known of it; `is_numeric` tells that
    it is a number.
    """
    asked = wanted(re.sub(re.escape(paper.name), " ", query, flags=re.IGNORECASE) if paper.name else query)
    tongue = (quoted[0].language if quoted else None) or "ko"
    rows: list[tuple[float, Told]] = []
    rises = bool(_FROM_WHAT.search(query))
    for statement, sentence in numbered(paper, tongue):
        signs, figure = _signs(statement), bool(_FIGURE.search(sentence))
        holds = bool(stated and stated.search(sentence)) and (figure or not is_numeric)
        if not holds and statement not in quoted:
            continue
        weight = _STATED * holds + _WORDS * asked.share(sentence)
        weight += (_VALUE if is_numeric else _VALUE / 2) * figure
        weight += _VALUE * (rises and bool(_FROM_TO.search(sentence)))
        weight += _CHOSEN - _LATER * quoted.index(statement) if statement in quoted else 0.0
        weight -= _LEANING * bool(signs.leans.search(sentence)) + _OTHERS * bool(signs.background.search(sentence))
        rows.append((weight, Told(statement, sentence)))
    rows.sort(key=lambda row: -row[0])
    bearing = [row for row in rows[1:] if stated is None or stated.search(row[1].text) or asked.share(row[1].text)]
    ranked = [told for _, told in (*rows[:1], *bearing)]
    firsts = {told.statement: told for told in reversed(ranked) if told.statement in quoted}
    others = [told for told in ranked[1:] if firsts.get(told.statement) is told]  # one of each chosen statement first
    rest = [told for told in ranked[1:] if told not in others]
    return [*ranked[:1], *[*others, *rest][:_MORE]]
