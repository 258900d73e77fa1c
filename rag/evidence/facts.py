"""What a paper's summary says of an asked aspect: the statements that hold it, or the nearest ones, said to be only near."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from rag.corpus.catalogue import Catalogue
from rag.corpus.mentions import Statement, meant, statements
from rag.corpus.papers import Paper
from rag.corpus.relations import labelled
from rag.evidence.asked import Word, asked_words, is_treated
from rag.evidence.quotes import in_language, key_statements
from rag.evidence.retriever import Retriever
from rag.evidence.telling import states_limits
from rag.evidence.types import Aspect, Evidence
from rag.language.patterns import lazy
from rag.language.sentences import sentences
from rag.language.terms import squash
from rag.questions.plan import Plan
from rag.questions.reading import Reading

# Numbers of what models learn from: “40,000개의 의학 문제”, “1.2M images”, “8천 시간”.
_COUNTED = (
    r"\d[\d,.]{0,15} ?(?:여|천|만|백만|억|조|[kmb](?![a-z]))? ?(?:여 ?)?(?:개|장|쌍|건|편|명|시간|분)?(?:의|이?나 되는)? ?(?:[가-힣]{1,12} ){0,4}?"
    r"(?:문제|문항|질문|샘플|표본|예제|예시|이미지|사진|그림|영상|비디오|클립|대화|문서|문장|논문|쌍|시간|궤적|에피소드|프롬프트|지시|오디오|음성)"
    r"|\d[\d,.]{0,15} ?[kmb]?\+? (?:[\w-]+ ){0,4}?(?:problems|questions|samples|examples|images|photos|pictures|videos|clips|dialogues|conversations|documents|sentences|papers|pairs|hours|trajectories|episodes|prompts|instructions)\b"
    r"|\d[\d,.]{0,15} ?(?:만|천|억)? ?(?:장|쌍)(?![가-힣]{2})"
    r"|(?:문제|문항|질문|샘플|예제|이미지|사진|그림|영상|비디오|대화|문서|문장|음성|궤적|프롬프트)(?:을|를)? ?(?:약 |총 |모두 )?\d[\d,.]{0,15} ?(?:만|천|억)? ?(?:여 ?)?(?:개|건|편|시간|문항)"
)
# What stands behind “code” where a summary speaks of code as its matter and not of its own.
_OF_CODE_KO = "특정|특화|전용|관련|생성|LLM|모델|편집|리뷰|완성|이해|벤치|데이터|작성|실행|수정|추론|검색|언어|스니펫|조각|블록|품질|작업|평가|번역|최적화|에이전트|변환|북"
_OF_CODE_EN = "generat|model|llm|complet|edit|review|understand|execut|snippet|reason|search|language|data|bench|quality|task|translat|optimi|agent|review|writing|repair"
# What tells how well something does.
_SCORE = r"\d ?%|\d ?점|퍼센트|(?<![가-힣])프로(?:나|까지|대|야|임|정도)?(?![가-힣])|\bpercent|정확도|점수|성능|벤치마크|능가|우수|fid|bleu|\bmap\b|accuracy|score|benchmark|outperform|performance|state-of-the-art"
# What a statement that tells of an aspect must hold, in both languages: the asked word itself may stand in neither.
STATED: Mapping[str, re.Pattern[str]] = {
    aspect: lazy(pattern, re.IGNORECASE)
    for aspect, pattern in {
        "hardware": r"hardware|하드웨어|gpu|tpu|\b[ahv]100|rtx|4090|\d ?(?:시간|일간|일 동안)|\b(?:hours?|days?)\b",
        "size": r"\d ?[bm]\b|\d[bm](?![a-z])|\d억|\d ?(?:billion|million)|(?:파라미터|매개 ?변수|parameters?)\D{0,12}\d",
        "cost": r"비용|가격|예산|달러|\$|(?<![A-Za-z])USD(?![A-Za-z])|\bcosts?\b|\bprice|\bbudget|저렴|cheap",
        "speed": r"빠르|빠른|빨라|속도|지연|처리량|\d ?배|\d ?초|초당|가속|프레임|실시간|밀리초|fps|\d ?ms\b|fast|real-time|speed|per second|latency|throughput|\btimes\b|tokens/s",
        "duration": r"\d ?(?:초(?!당)|분(?!의|야|포|석|류|할)|시간|일(?: 동안|간| 만에| 이내)|밀리초)|\d ?(?:ms|sec(?:ond)?s?|min(?:ute)?s?|hours?|days?)\b",
        "memory": r"메모리|vram|\bmemory|\bgb\b|기가",
        "data": rf"데이터|말뭉치|코퍼스|샘플|토큰|예제|dataset|corpus|\bdata\b|samples|tokens|examples|{_COUNTED}",
        "score": _SCORE,
        "result": rf"{_SCORE}|\d ?배|\d[\d.]*x\b|\btimes\b|fps|\d ?초(?!당)",
        "code": rf"코드(?:베이스)?(?! ?(?:{_OF_CODE_KO}))|깃허브|github|오픈 ?소스(?:로|화|입|이며|이고|이다| 구현| 라이브러리| 프로젝트)|\bopen[- ]sourced?\b(?= (?:code|implementation|library|project|on|at|as|under|by|the|our|all)\b| ?[.,;]| ?$)"
        rf"|\bcode(?:base)?\b(?![- ](?:{_OF_CODE_EN}))|공개|http",
        "license": r"라이[선센]스|licen[sc]e|apache|\bmit\b|cc-by|cc0",
        "limits": r"한계|단점|약점|제한|어려|부족|못하|limit|drawback|weak|difficult|fail",
        "training": r"학습|훈련|미세 ?조정|튜닝|train|tuned",
        "count_of": r"\d|수백|수천|수만|한 |두 |세 |네 |다섯|여섯|일곱|여덟|아홉|열 |one|two|three|four|five|six|seven|eight|nine|ten",
        "context": r"컨텍스트|문맥|길이|토큰|context|length|token|\dk\b",
    }.items()
}
_TOLD: tuple[Aspect, ...] = (
    "hardware",
    "size",
    "cost",
    "speed",
    "memory",
    "data",
    "score",
    "code",
    "license",
    "limits",
)
# Data that a thing was measured on and not made from, and questions that ask for just that.
_MEASURED_ON = lazy(
    r"(?:데이터 ?셋|데이터|벤치마크|샘플)(?:들)?(?:에서|에 대해|에 대한|으로|로|을 대상으로|를 대상으로)?[^,.]{0,30}?(?:평가|실험|테스트|검증|성능|비교|달성|기록)"
    r"|\b(?:evaluat|test|experiment|benchmark)\w{0,9} [^,.]{0,40}?(?:datasets?|data|samples)\b",
    re.IGNORECASE,
)
_MEASURES = lazy(r"평가|실험|테스트|검증|벤치마크|evaluat|test|benchmark", re.IGNORECASE)


def states(aspect: str, text: str, query: str) -> bool:
    """Whether a text tells of an aspect. Data that something was evaluated on is told only where the question asks for that.

    >>> states("data", "여러 데이터셋에서 평가했습니다.", "무슨 데이터로 학습했어?"), states("data", "40,000개의 의학 문제로 학습합니다.", "무슨 데이터?")
    (False, True)
    >>> states("duration", "노래 한 곡을 10초 만에 만듭니다.", ""), states("duration", "초당 토큰 20개를 냅니다.", "")
    (True, False)
    """
    pattern = STATED.get(aspect)
    if pattern is None:
        return True
    left = _MEASURED_ON.sub(" ", text) if aspect == "data" and not _MEASURES.search(query) else text
    return bool(pattern.search(left))


NUMERIC = frozenset(
    {"hardware", "size", "cost", "speed", "duration", "memory", "data", "score", "result", "count_of", "context"}
)
MEANT = 0.5  # share of a word's meaning that a statement holds which says it otherwise
MIN_WORDS, MIN_HELD = 0.05, 0.45  # what a statement must share with a question to bear on it
_SHOWN = 3  # statements that answer a fact
_NEAR = 2  # statements that only come near it


def told_of(paper: Paper) -> tuple[Aspect, ...]:
    """Return the aspects that a paper's summary says something of."""
    found = [(statement, sentence) for statement in statements(paper) for sentence in sentences(statement.text)]
    limited = any(states_limits(statement, sentence) for statement, sentence in found)
    return tuple(
        aspect
        for aspect in _TOLD
        if (limited if aspect == "limits" else any(states(aspect, sentence, "") for _, sentence in found))
    )


def fact(reading: Reading, catalogue: Catalogue, retriever: Callable[[], Retriever], top_k: int) -> Evidence:
    """Return what the summaries of a plan's papers say of what is asked; with a reason where they say nothing of it."""
    papers = tuple(catalogue.papers[i] for i in reading.plan.papers if i in catalogue.papers)
    if reading.field:
        return Evidence(reading, papers, quotes={paper.arxiv_id: () for paper in papers})
    if found := _use(reading, papers, catalogue):
        return found
    reading = _by_its_words(reading, papers)
    words = " ".join(reading.unknown).split()
    if not all(any(_holds(word, paper) for paper in papers) for word in words):
        return Evidence(reading, papers, reason="field_not_in_digest")
    ranker = retriever()
    sure: dict[str, tuple[Statement, ...]] = {}
    near: dict[str, tuple[Statement, ...]] = {}
    missing: dict[str, None] = {}
    for paper in papers:
        quotes, lacking = _stated(reading, paper, ranker)
        if quotes and not lacking:
            sure[paper.arxiv_id] = quotes
        elif quotes:
            near[paper.arxiv_id] = quotes[:_NEAR]
            missing |= dict.fromkeys(lacking)
    shown = sure or near
    if not shown:
        return Evidence(reading, papers, reason="field_not_in_digest", missing=_untreated(reading, papers))
    chosen = tuple(paper for paper in papers if paper.arxiv_id in shown)
    return Evidence(reading, chosen, quotes=shown, unstated=not sure, missing=() if sure else tuple(missing))


def names_aspect(plan: Plan) -> bool:
    """Whether a plan names one paper and, as a term, an aspect of it: "LlamaGen, ImageNet, FID" asks for a figure."""
    return len(plan.papers) == 1 and any(
        pattern.fullmatch(term) for term in (*plan.terms, *plan.topics) for pattern in STATED.values()
    )


def asks_fact(reading: Reading, catalogue: Catalogue) -> bool:
    """Whether a question asks something of a paper: a word of it says what, or it was read to ask for an aspect or a relation."""
    if reading.field or reading.aspect in STATED or reading.unknown or reading.plan.relation:
        return True
    papers = (catalogue.papers[i] for i in reading.plan.papers if i in catalogue.papers)
    return any(asked_words(reading.query, paper, reading.language, STATED) for paper in papers)


def joined_fields(parts: Sequence[Evidence]) -> list[Evidence]:
    """Join parts that ask for facts of the metadata of the same papers side by side into one part with all of them."""
    made: list[Evidence] = []
    for part in parts:
        last = made[-1] if made else None
        if last and _asks_field(part) and _asks_field(last) and last.papers == part.papers:
            fields = (*(last.fields or (last.reading.field,)), part.reading.field)
            made[-1] = replace(last, fields=tuple(dict.fromkeys(filter(None, fields))))
        else:
            made.append(part)
    return made


def _asks_field(part: Evidence) -> bool:
    """Whether a part is answered by a fact of the metadata alone."""
    return bool(part.reading.field and part.papers) and part.reading.plan.kind == "fact" and not part.reason


def _stated(reading: Reading, paper: Paper, ranker: Retriever) -> tuple[tuple[Statement, ...], tuple[str, ...]]:
    """Return the statements of a paper that hold what is asked, best first, and the asked names that stand nowhere in it.

    No statements where the summary does not treat an asked aspect, or nothing that is asked.
    """
    words = asked_words(reading.query, paper, reading.language, STATED)
    lacking = [word for word in words if not (is_treated(word, paper, STATED) or _is_meant(word, paper, ranker))]
    named = [aspect for word in words if word not in lacking for aspect in word.aspects if not word.is_proper]
    stated = reading.aspect if reading.aspect in STATED else next(iter(named), "")
    numeric = reading.aspect in NUMERIC
    if any(word.aspects and not _is_figure(word) for word in lacking):
        return (), ()
    ranked = ranker.best_statements(reading.query, paper, reading.language, 12, prefer_numbers=numeric)
    told = [s for s in ranked if any(states(stated, sentence, reading.query) for sentence in sentences(s.text))]
    if not told and words and reading.aspect not in named:  # no word names the aspect, so it may be read wrongly
        told = ranked
    if reading.aspect == "limits":
        own = [s for s in told if any(states_limits(s, sentence) for sentence in sentences(s.text))]
        if not own:
            return tuple(told), tuple(word.text for word in words if "limits" in word.aspects)
        told = own
    bears = (not words and stated in STATED) or _bears(ranker, reading.query, paper)
    proper = tuple(word.text for word in lacking if word.is_proper)
    if not told or not (bears or named) or (lacking and not (named or len(lacking) < len(words))):
        return (), ()
    if proper and not named:
        return (), ()
    if not all(_holds(term, paper) for term in reading.plan.terms):
        return (), ()
    return tuple(dict.fromkeys((*told[: _SHOWN - 1], *ranked[:1], *told)))[:_SHOWN], proper


def _untreated(reading: Reading, papers: Sequence[Paper]) -> tuple[str, ...]:
    """Return the asked words that the summary of none of some papers treats."""
    each = (asked_words(reading.query, paper, reading.language, STATED) for paper in papers)
    words = dict.fromkeys(word for found in each for word in found)
    lacking = tuple(word.text for word in words if not any(is_treated(word, paper, STATED) for paper in papers))
    return lacking or tuple(word.text for word in words if reading.aspect in word.aspects)


def _by_its_words(reading: Reading, papers: Sequence[Paper]) -> Reading:
    """Return a reading with the aspect that its words name, where it was read to ask for another: “fps 얼마였지?”."""
    each = (asked_words(reading.query, paper, reading.language, STATED) for paper in papers[:1])
    named = [aspect for words in each for word in words if not word.is_proper for aspect in word.aspects]
    return reading if not named or reading.aspect in named else replace(reading, aspect=named[0])


def _is_meant(word: Word, paper: Paper, ranker: Retriever) -> bool:
    """Whether a statement of a paper says in other words, or in another language, what a word does that is no name."""
    return not word.is_proper and ranker.bearing(word.text, paper)[1] >= MEANT


def _is_figure(word: Word) -> bool:
    """Whether a word is the name of a device or a figure, as H100 is: what is asked is then another thing of it."""
    return word.is_proper and any(map(str.isdecimal, word.text))


def _bears(ranker: Retriever, query: str, paper: Paper) -> bool:
    words, held = ranker.bearing(query, paper)
    return words >= MIN_WORDS or held >= MIN_HELD


def _holds(term: str, paper: Paper) -> bool:
    """Whether a paper's title or summary has a word, however it is spaced; its own name always counts."""
    said = squash(" ".join([paper.title, *(statement.text for statement in statements(paper))]))
    plain = _EDITION.sub("", term)
    return any(squash(variant) in said for variant in (*meant(term).variants, *meant(plain).variants))


def _calls_itself(paper: Paper, name: str) -> bool:
    """Whether a title begins with a name as a word of its own: MambaVision is no Mamba."""
    return bool(re.match(rf"{re.escape(name)}(?![\w-])", paper.title, re.IGNORECASE))


_EDITION = lazy(r"[ -](?:19|20)\d\d$")  # the year behind a benchmark's name, which summaries often leave out


def _use(reading: Reading, papers: tuple[Paper, ...], catalogue: Catalogue) -> Evidence | None:
    """Return what a paper does with a term, where a question asks for yes or no: "Gamba는 Mamba를 사용했어?"."""
    plan = reading.plan
    if plan.relation != "use" or len(papers) != 1:
        return None
    paper = papers[0]
    others = (t for t in plan.terms if not _calls_itself(paper, t))
    terms = [t for t in others if paper.arxiv_id in catalogue.mentioning(meant(t))]
    if len(terms) != 1:
        return None
    label = labelled(catalogue, meant(terms[0]), paper.arxiv_id)
    said = catalogue.mentioning(meant(terms[0]))[paper.arxiv_id].bullets
    shown = in_language((label.evidence, *said) if label.evidence else said, reading.language)[:1]
    quotes = tuple(shown) or key_statements(paper, reading.language, 1)
    told = replace(reading, plan=replace(plan, terms=(terms[0],)), yes_no=True)
    return Evidence(told, papers, labels={paper.arxiv_id: label}, quotes={paper.arxiv_id: quotes})
