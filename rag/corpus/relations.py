"""What a paper does with a term: proposes it, uses or extends it, only compares with it, or merely mentions it.

Rules over the clauses around the term, in Korean and English; each label comes with the statement that shows it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from weakref import WeakKeyDictionary

from rag.corpus.catalogue import Catalogue
from rag.corpus.mentions import Mentions, Spans, Statement
from rag.corpus.papers import Paper
from rag.language.patterns import lazy
from rag.language.terms import Term, squash

Relation = Literal["proposes", "uses", "compares", "mentions"]
_RANK: dict[Relation, int] = {"proposes": 0, "uses": 1, "compares": 2, "mentions": 3}
_T = "⟦T⟧"
_NEAR = r"[^.⟦]{0,%d}?"
_GLOSS = lazy(rf"(?<={_T})[’'\"]?[ ]?[(\[][^()\[\]]{{0,80}}[)\]][’'\"]?|(?<={_T})[’'\"](?=[가-힣 ])")
_SURVEY = lazy(r"\bsurvey\b|\breview of\b|\ba review\b|\boverview\b|서베이|조사 연구", re.IGNORECASE)
_PREVERB = r"(?:[\w.,'()/-]+ ){0,%d}?"

# Korean puts the verb after its object: what follows the term tells. English mostly puts it before.
_DENIES = lazy(
    rf"{_T}[^.⟦]{{0,12}}?(?:없이|없는|불필요|필요 ?없|(?:사용|이용|활용)하지 않|쓰지 않|에 의존하지)"
    rf"|(?:without|instead of|no need for|rather than) (?:[\w'-]+ ){{0,3}}?{_T}",
    re.IGNORECASE,
)
_COMPARES = lazy(
    rf"{_T}{_NEAR % 30}(?:보다|대비|에 비해|에 비견|에 필적|견줄|견주|못지않|만큼|과 달리|와 달리|대신)"
    rf"|{_T}{_NEAR % 40}(?:[과와](?:의)? {_NEAR % 12}(?:비교|비슷|유사|동등|대등|동일)|등과 (?:비교|비슷|유사))"
    rf"|{_T}{_NEAR % 40}[을를] (?:[가-힣]+(?:으로|하게) |모두 |크게 )*(?:능가|상회|앞[서지]|넘어|뛰어넘|초과|추월)"
    rf"|비교(?:하여|해|하면|했을 때)?,? {_T}"
    rf"|{_T}{_NEAR % 30}(?:은|는|이|가) {_NEAR % 50}(?:가장|우수|뛰어난|높은 성능|유리)"
    rf"|{_T}(?:,|와|과| 및){_NEAR % 60}(?:평가|탐구|테스트|비교|검토)(?:[를을]|하|되|받|했|된|한|합)"
    rf"|(?:outperform\w*|surpass\w*|exceed\w*|beat\w*|than|compar\w+ (?:to|with)|comparable to|against|versus|vs\.?|over|unlike"
    rf"|match\w*|rival\w*|ahead of|beyond) {_PREVERB % 4}{_T}|replac\w+ (?:the )?{_T}",
    re.IGNORECASE,
)
_ITSELF = lazy(rf"{_T}(?:s|\d)?(?: (?:모델|방법|구조|기법|아키텍처))?(?:은|는|이|가)(?= ){_NEAR % 80}(?=[.⟦]|$)")
_PASSIVE = lazy(
    r"(?:사용|활용|이용|적용|도입|통합|결합|채택)(?:되|된|됐|됩)|[가-힣]도록 (?:[가-힣]+ )?(?:확장|개선|변형|수정|학습|훈련|미세|설계)"
)  # … or made to do something new
_USES = lazy(
    rf"{_T}{_NEAR % 8}(?:기반|기법|계열|블록|아키텍처|백본|레이어|모듈|어댑터|층을|스타일)"
    rf"|{_T}{_NEAR % 70}(?:사용|활용|이용|채택|적용|도입|통합|결합|접목|확장|탑재|바탕|토대|위에|구축|미세 ?조정|파인 ?튜닝|훈련|학습|개선|변형|도움"
    rf"|써서|쓰는|쓴다|씁니다|구성|설계|통해|최적화|증류|변환|호환|지원|가지치기|압축|양자화|향상|해결|제거|분석|[으]?로 (?:처리|구현|생성|추출|평가|정렬)|에서 출발|출발점)"
    rf"|(?:사용|활용|적용|채택)(?:된|한|하는|되는) {_NEAR % 24}[은는] {_T}|(?:[A-Za-z]-?{_T}|{_T}-?[A-Z]){_NEAR % 30}(?:제안|소개|제시|개발|선보)"
    rf"|(?:us(?:e[sd]?|ing)|adopt\w*|leverag\w*|employ\w*|utiliz\w*|integrat\w*|incorporat\w*|combin\w*|extend\w*|appl(?:y|ies|ied)"
    rf"|buil[dt]\w* (?:on|upon|with|from)|(?:start|initiali[sz])\w* (?:from|with)|based on|bas\w* (?:on|upon)|fine-?tun\w*|train\w*|via|through|with|powered by|driven by|introduc\w*"
    rf"|improv\w*|on top of|atop|inside|of) {_PREVERB % 5}{_T}"
    rf"|{_T}[- ](?:based|style|like|powered|block|backbone|layer|network|model|adapter|module)",
    re.IGNORECASE,
)
_NAMES = lazy(
    rf"(?:^|(?<=[은는을를의인한로고며여써,] )|(?<=[다요음함]\. )){_T}(?:이?라는|이?라고|으로 불리는) {_NEAR % 40}[을를] (?:새로 |처음 )?(?:제안|소개|제시|선보|개발(?:했|하였|합)|도입(?:했|하였|합))"
    rf"|(?:call(?:ed|s)|named|dubbed|coined) {_T}",
    re.IGNORECASE,
)
_PROPOSES = lazy(
    rf"{_NAMES.pattern}|{_T}{_NEAR % 16}(?:[을를이가] (?:새로 |처음 )?(?:제안|소개|제시|발표|공개|선보)|[은는] {_NEAR % 40}(?:모델|방법|프레임워크|아키텍처|신경망|기법)입니다)"
    rf"|(?:propos\w*|introduc\w*|present\w*) {_PREVERB % 5}{_T}|{_T} is (?:a|an|the) ",
    re.IGNORECASE,
)


_BRINGS = lazy(
    rf"{_T}(?: ?(?:모델|방법|방법론|기법|프레임워크|메커니즘|모듈|구조|계층|레이어|아키텍처|시스템|알고리즘|도구|파이프라인)){{0,2}}(?:인 ?[^.⟦]{{1,60}}?)?[을를] "
    rf"(?:[가-힣]+ ){{0,3}}?(?:제안|소개|제시|개발|구축|공개|선보|발표|도입|설계|마련|만들)|(?:새로운|최초의|첫) [^.⟦]{{0,60}}{_T}(?:입니다|이다|임)(?=[.\s]|$)"
    rf"|(?:propos|introduc|present|develop|releas|construct|build|built|creat|design)\w* (?:(?!(?:on|with|using|for|from|by)\b)[\w,-]+ ){{0,6}}?{_T}",
    re.IGNORECASE,
)  # "새로운 벤치마크를 제안", "We introduce a large-scale dataset"


def proposal(paper: Paper, mentions: Mentions, term: Term) -> Labelled | None:
    """Return the label of a paper that proposes a term, or None. A name is proposed by the paper that says so of that
    name; a kind of thing ("a benchmark", "어텐션") by each that brings a new one.
    """
    named = any(v.isascii() and not v.islower() for v in term.variants)
    own = relate(paper, mentions, term)
    if own.relation == "proposes":
        return own
    if named or _SURVEY.search(paper.title):
        return None
    shown = (
        statement
        for statement, spans in zip(mentions.bullets, mentions.spans, strict=True)
        if _BRINGS.search(_DENIES.sub(" ", _marked(statement.text, spans)))
    )
    found = next(shown, None)
    return Labelled("proposes", found) if found else None


_COINS = lazy(
    rf"(?:^|(?<=[은는을를인한로고며여써,] )(?<!적인 )|(?<=[다요음함]\. )){_T}(?: ?(?:모델|방법|방법론|기법|프레임워크|메커니즘|알고리즘)){{0,2}}(?:이?라는 [^.⟦]{{1,30}}?)?[을를] "
    rf"(?:[가-힣]+ ){{0,2}}?(?:제안|소개|제시|개발|선보|도입|고안)|(?:propos|introduc)(?:es?|ed|ing) {_T}",
    re.IGNORECASE,
)


def coins(paper: Paper, mentions: Mentions, term: Term, is_first: bool) -> Labelled | None:
    """Return the label of a paper that proposes a thing itself, or None. One that brings a new kind of it ("pyramidal
    flow matching") does not, nor does one that others named the thing before (`is_first` is false), unless it names it.
    """
    own = relate(paper, mentions, term)
    if own.relation == "proposes":
        return own
    if not is_first or _SURVEY.search(paper.title) or any(v.isascii() and not v.islower() for v in term.variants):
        return None
    for statement, spans in zip(mentions.bullets, mentions.spans, strict=True):
        if _COINS.search(_DENIES.sub(" ", _marked(statement.text, spans))):
            return Labelled("proposes", statement)
    return None


def coiners(catalogue: Catalogue, term: Term) -> dict[str, Labelled]:
    """Return the papers of a catalogue that propose a thing itself, each with the label that shows it."""
    mentions = catalogue.mentioning(term)
    first = min((catalogue.papers[i].dates[0] for i in mentions), default=None)
    labels = {i: coins(catalogue.papers[i], mentions[i], term, catalogue.papers[i].dates[0] == first) for i in mentions}
    return {i: label for i, label in labels.items() if label}


_WITHIN = r"(?:[^.⟦]|(?<=\d)\.(?=\d)){0,%d}?"  # a full stop inside of a number ends no sentence
_BETTER = r"우수|뛰어[난나]|높|빠[르른릅]|빨라|낮|적[은게습]|작[은아습]|나[은아]|낫|좋|개선|향상|앞[서선섭]|가속|효율|감소|줄[인였이]|강력|정확|일관"
_OBJECT = rf"{_T}(?!(?: ?(?:모델|방법|기법))?[은는이가][ ,])"  # no subject: it is not what is better
_BEATEN = lazy(
    rf"{_OBJECT}{_WITHIN % 40}[을를] (?:[가-힣]+ ){{0,3}}?(?:능가|상회|앞[서선섭지질]|앞질|넘어[서선섰]|뛰어넘|초과|추월|압도|이[기긴겼]|제[치쳤])"
    rf"|{_OBJECT}{_WITHIN % 30}(?:보다|대비|에 비해|에 비하여) {_WITHIN % 50}(?:{_BETTER})"
    rf"|(?:outperform|surpass|exceed|beat|overtak|outscor|outrank)\w* {_PREVERB % 6}{_T}"
    rf"|(?:better|faster|higher|stronger|smaller|cheaper|superior|fewer|less|lower|more [a-z]+)\b[^.⟦]{{0,40}}? (?:than|to) {_PREVERB % 5}{_T}"
    rf"|(?:ahead of|improv\w+ (?:up)?on|improvements? over|gains? over|advantage over) {_PREVERB % 4}{_T}",
    re.IGNORECASE,
)
_NOT_BEATEN = lazy(
    r"(?:능가하|상회하|앞서|넘어서|뛰어넘|초과하|이기)지(?:는|도)? ?(?:않|못)|not (?:yet )?(?:outperform|surpass|exceed|beat|better)|fail\w* to (?:outperform|surpass|exceed|beat)",
    re.IGNORECASE,
)


def beats(paper: Paper, mentions: Mentions, term: Term) -> Statement | None:
    """Return the statement in which a paper says that something is better than a term; None where it says so nowhere.

    A paper says nothing of the kind about its own name.
    """
    if paper.name and any(squash(paper.name) == squash(variant) for variant in term.variants):
        return None
    for statement, spans in zip(mentions.bullets, mentions.spans, strict=True):
        marked = _marked(statement.text, spans)
        if _BEATEN.search(marked) and not _NOT_BEATEN.search(marked):
            return statement
    return None


_EXTENDED = lazy(
    rf"{_OBJECT}(?: ?(?:모델|방법|기법|알고리즘|구조|아키텍처|프레임워크|방식))?[을를] (?:[가-힣]+ ){{0,3}}?(?:개선|확장|보완|변형|발전|개량|일반화|고도화|수정)(?![을를이가은는]|하는 데)"
    rf"|{_T}(?: ?(?:모델|방법|기법|알고리즘|방식))?(?:의|이 가진|에서 발생하는) {_WITHIN % 40}(?:한계|단점|문제|문제점|비효율|약점|제약|제한)(?:들|점)?[을를] {_WITHIN % 20}(?:해결|극복|완화|개선|보완|해소)"
    rf"|{_T}(?:의|를| ?기반의?| 계열의?)? ?(?:새로운 |개선된 |확장된 |일반화된 )?(?:변형|변종|확장판|확장(?=[인이입을])|개선판|일반화(?=[인이입을])|후속)"
    rf"|(?:improv|extend|generali[sz]|enhanc|refin|moderni[sz]|revisit)(?:e|es|ed|s|ing)? (?:(?:up)?on )?(?:the )?(?:[\w-]+ ){{0,2}}?{_T}(?! ?(?:perform|accura|score|result))"
    rf"|(?:variant|extension|generali[sz]ation|improvement|modification|successor|improved version|enhanced version)s? (?:of|to|on|over) (?:the )?(?:[\w-]+ ){{0,2}}?{_T}"
    rf"|(?:limitation|shortcoming|drawback|weakness|inefficienc)\w* (?:of|in) (?:the )?(?:[\w-]+ )?{_T}",
    re.IGNORECASE,
)
_COMPOUND = lazy(rf"[A-Za-z0-9][-+]?{_T}(?![-+]?based)|{_T}[-+]?(?=[A-Z0-9+])(?!-?[Bb]ased)[A-Za-z0-9+]+")
_BROUGHT = lazy(r"제안|도입|소개|제시|개발|선보|propos|introduc|present|develop|we call|dubbed|named", re.IGNORECASE)


def extends(paper: Paper, mentions: Mentions, term: Term) -> Labelled | None:
    """Return the label of a paper that improves or extends a term, by its own name or by what it says; None of any other.

    A paper whose own name is made of the term ("Flow-GRPO", "LoRA+") extends it, as does one that brings such a thing.
    """
    if (paper.name and any(squash(paper.name) == squash(v) for v in term.variants)) or _SURVEY.search(paper.title):
        return None
    for statement, spans in zip(mentions.bullets, mentions.spans, strict=True):
        marked = _marked(statement.text, spans)
        brought = _COMPOUND.search(marked) and _BROUGHT.search(marked)
        if brought or _EXTENDED.search(_DENIES.sub(" ", marked)):
            return Labelled("uses", statement)
    named = mentions.in_title and _COMPOUND.search(_marked(paper.title, mentions.title).partition(":")[0])
    return Labelled("uses", None) if named else None


_NAMING = lazy(r"라[는고] |불리는|call|named|dubbed|coined")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A paper's relation to a term, with the statement that shows it (None: the title does)."""

    relation: Relation
    evidence: Statement | None


def _marked(text: str, spans: Spans) -> str:
    """Put a mark where a term stands; overlapping spellings and a gloss in brackets make one mark."""
    out, at = [], 0
    for start, end in spans:
        if start >= at:
            out += [text[at:start], _T]
            at = end
    return _GLOSS.sub("", "".join([*out, text[at:]]))


def _sentence(text: str, own: bool) -> Relation:
    """Label one marked text. `own`: the paper carries the term in its own name."""
    if _NAMES.search(text) or (own and _PROPOSES.search(text)):
        return "proposes"
    kept = _DENIES.sub(" ", text)
    rest = _COMPARES.sub(" ", kept)
    active = _ITSELF.sub(lambda match: match.group() if _PASSIVE.search(match.group()) else " ", rest)
    if _T in active and _USES.search(active):
        return "uses"
    return "compares" if rest != kept else "mentions"


def relate(paper: Paper, mentions: Mentions, term: Term) -> Labelled:
    """Label what a paper does with a term it mentions: the strongest relation its title or any statement shows.

    A survey uses nothing. The evidence is a statement that shows the label, or None where only the title does.
    """
    shown = mentions.bullets[0] if mentions.bullets else None
    if _SURVEY.search(paper.title):
        return Labelled("mentions", shown)
    own = bool(paper.name) and any(squash(paper.name) == squash(variant) for variant in term.variants)
    best = Labelled("mentions", shown)
    if mentions.in_title:
        best = Labelled(
            "proposes"
            if own
            else "uses"
            if _T in _COMPARES.sub(" ", _marked(paper.title, mentions.title))
            else "compares",
            None,
        )
    for statement, spans in zip(mentions.bullets, mentions.spans, strict=True):
        if best.evidence and best.relation == "uses" and not own and not _NAMING.search(statement.text):
            continue  # nothing stronger can come
        label = _sentence(_marked(statement.text, spans), own)
        if _RANK[label] < _RANK[best.relation] or (label == best.relation and best.evidence is None):
            best = Labelled(label, statement)
    return best


_KEPT = 256  # terms whose labels a catalogue keeps
_labels: WeakKeyDictionary[Catalogue, dict[tuple[str, ...], dict[str, Labelled]]] = WeakKeyDictionary()


def labelled(catalogue: Catalogue, term: Term, arxiv_id: str) -> Labelled:
    """Label what a paper of a catalogue, which mentions the term, does with it; worked out once for each."""
    terms = _labels.setdefault(catalogue, {})
    if len(terms) >= _KEPT:
        terms.clear()
    known = terms.setdefault(term.variants, {})
    if arxiv_id not in known:
        known[arxiv_id] = relate(catalogue.papers[arxiv_id], catalogue.mentioning(term)[arxiv_id], term)
    return known[arxiv_id]
