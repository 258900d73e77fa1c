"""A question into a plan: which kind, which terms, people, days and votes. Deterministic; no model, no ranking.

What is understood is cut out of the question piece by piece (dates, votes, order, people, verbs); what is left names the
terms. The catalogue arbitrates: a spelling that no paper has is not taken for a term.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from rag.catalogue import Catalogue
from rag.dates import DateReading, read_dates
from rag.papers import Language, parse_arxiv_id
from rag.plan import Field, Kind, Plan, Reason
from rag.terms import fold, glossary, squash
from rag.text import clean, question_language

MAX_QUESTION = 2_000  # characters; longer questions are refused by the callers
_MAX_TERMS = 5


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as understood. `query` is what to rank by; `reason` is set when no evidence could change the answer.

    `unknown` are names that no paper mentions, `near` the known name each may mean; `field` a fact of the metadata that
    is asked for; `yes_no` that the answer should begin with yes or no.
    """

    question: str
    language: Language
    plan: Plan
    query: str
    yes_no: bool = False
    field: Field | None = None
    dates: DateReading | None = None
    reason: Reason | None = None
    unknown: tuple[str, ...] = ()
    near: tuple[str, ...] = ()


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


_HELP = _any(
    r"^\W*(?:안녕|하이|헬로|도움말|도와 ?줘|사용법|사용 방법|고마워|고맙|감사)[가-힣 !?.~]{0,14}$|^[\sㄱ-ㅎㅏ-ㅣ!?.~^;]+$",
    r"^\W*(?:너는|넌|당신은)? ?(?:누구|뭐)(?:야|니|예요|세요|인가요)?\W*$",
    r"(?:무엇을|뭘|뭐를|어떤 걸|어떤 질문을?) ?(?:할 수|물어|질문할|도와)",
    r"^\W*(?:hi|hello|hey|help|thanks?|thank you|good (?:morning|evening|afternoon))\b[\w ,!.?]{0,20}$",
    r"(?:who|what) are you\b|what can (?:you do|i ask)|how (?:do|can) i use (?:this|you|nonmun)",
)
_HOSTILE = _any(
    r"ignore (?:all |any |the |your |previous |prior )*(?:instruction|prompt|rule)",
    r"(?:print|show|reveal|give|tell|what) .{0,20}(?:(?:system|hidden) prompt|your (?:instructions|prompt)|api[ _-]?key)|<script|drop table",
    r"(?:지시|명령|지침|프롬프트)(?:를|을|사항을)? ?(?:모두 |전부 )?(?:무시|출력|보여|공개)|시스템 프롬프트",
)
_FIRST_PERSON_FIELDS = _any(
    r"저자(?:가|는)? ?(?:가장|제일) ?(?:많|적)|most authors|인용 ?(?:수|횟수|지수)|피인용|제 ?1 ?저자|1저자|첫 ?번째 저자|주저자|교신 ?저자|소속|학회|저널|게재|임팩트 팩터",
    r"citation count|number of citations|how (?:often|many times) .{0,40}cited|most cited|first authors?|"
    r"lead authors?|corresponding author|affiliations?|which (?:university|venue|conference|journal)|impact factor",
)
_VOTE = r"(?:표|추천(?:수)?|투표(?: ?수)?|득표(?: ?수)?|업보트|좋아요|votes?|upvotes?|likes)"
_MIN_VOTES = _any(
    rf"(?P<a>\d{{1,6}}) ?{_VOTE}(?:를|을)? ?(?:이상|넘|초과)(?:을|를)? ?(?:받은|인|은|는)?",
    rf"{_VOTE}(?:가|이|는|은|를|을)? ?(?P<b>\d{{1,6}}) ?(?:표|개)? ?(?:이상|넘|초과)(?:을|를)? ?(?:받은|인|은|는)?",
    rf"(?:with )?(?P<how>at least|more than|over|above|≥|>=) ?(?P<c>\d{{1,6}}) ?{_VOTE}",
    rf"(?P<d>\d{{1,6}}) ?(?:or more|\+) ?{_VOTE}",
)
_BEST_VOTES = _any(
    rf"(?:가장|제일) ?{_VOTE}(?:를|을)? ?(?P<few4>적게)?(?:많이)? ?(?:받은|얻은)",
    rf"{_VOTE}(?:를|을|가|이|도|은|는)? ?(?:가장|제일|최대로?) ?(?P<few1>적게|적은|낮은)?(?:많이|많은|많았던|높은)? ?(?:받은|얻은|인|건|것)?",
    rf"(?:가장|제일) ?(?P<few2>적은|적게|낮은)?(?:많은|많이|높은)? ?{_VOTE}(?:를|을)? ?(?:받은|얻은)?",
    rf"{_VOTE} ?(?:순(?:으로|위)?|높은 순(?:으로)?|많은 순(?:으로)?|많은|높은|상위)",
    r"(?:가장|제일) 인기(?:가)? ?(?P<few5>없는|적은)|(?:가장|제일) 인기(?: ?있는| ?많은|가 많은)?|인기 ?(?:순(?:위|으로)?|논문)|최다 ?(?:득표|추천)",
    r"(?:(?:with|has|have|had|got|get|received|by) )?(?:the )?(?P<few3>fewest|least)?(?:most|highest)? ?(?:number of )?\b(?:up)?(?:votes?|voted|likes)(?= |\?|$|\.|,)",
    rf"(?P<few6>(?:fewer|less) than \d+ {_VOTE}|at most \d+ {_VOTE}|\d+ ?{_VOTE} ?(?:이하|미만))(?:의|인|을|를)?(?: ?받은)?",
    r"핫한|화제의|주목받는|most popular|best[- ]voted|top[- ]voted|\bhot(?:test)? (?=papers)|\btrending (?=papers)",
)
_SINGLE = _any(r"가장|제일|최다|\b(?:most|best|top|highest|fewest|least|newest|latest|oldest|earliest)\b")
_RECOMMEND = _any(r"추천|recommend|읽을 ?만한|worth reading")
_SOME = 5  # papers of a ranking whose length is not asked for
_BY_DATE = _any(
    r"가장 (?P<old1>오래된|먼저 나온|이른)|(?:가장|제일) (?:최근|최신)(?:의|에 나온)?|최신(?=\s*논문)|최근(?=\s*논문)",
    r"\b(?P<old2>oldest|earliest)\b|\b(?:newest|latest|most recent)\b",
)
_LIMIT = _any(
    r"(?:상위|톱|탑|top) ?(?P<a>\d{1,3}) ?(?:개|편|건|위)?(?:의|만|를|을)?",
    r"(?<![\d.])(?P<b>\d{1,2}) ?(?:개|편|건)(?:만|을|를|은|는)?(?=\s|\W*$)(?! ?(?:이상|넘))",
    r"\bfirst (?P<c>\d{1,2}) papers",
)
_COUNT = _any(
    r"(?:모두 |총 |전부 )?몇 ?(?:편|개|건|가지)(?:이나|나|의|인가요|인지|야|이야|입니까|예요|이에요|이나 되)?|편수|(?:논문|연구) ?(?:의 )?(?:개수|수|갯수)(?:는|가|를)?",
    r"\bhow many\b|\bnumber of (?=papers)|\bcount (?:of |the )?(?=papers)",
)
_COMPARE = _any(r"비교(?:해|하|분석)?|차이점?|공통점|\bcompar\w+|\bdifferences?\b|\bvs\.?(?= )|\bversus\b")
_TREND = _any(r"추이|추세|월별|트렌드|\btrends?\b|over time|(?:by|per|each) month|monthly")
_SIMILAR = _any(
    r"(?:과|와|이랑|랑)? ?(?:비슷한|유사한|닮은)|\bsimilar to\b|\bpapers? like\b|\bmore like\b|\brelated papers? (?:to|of)\b"
)
_ELSEWHERE = _any(
    r"날씨|기온|미세먼지|주가|주식|환율|비트코인|점심|저녁 ?(?:메뉴|뭐)|맛집|레시피|축구|야구|로또|대통령|노벨 ?(?:상|평화상|물리학상|화학상|문학상|생리의학상|경제학상)|영화 추천|농담|맛있게|막차|전세|월세|보험료",
    r"\bweather\b|\bstock price|\bexchange rate|\brecipe for\b|\blottery\b|\bpresident\b|\bfootball\b|\bnobel\b|\bjoke\b|\bmovie to watch",
)
_SUMMARY = _any(r"요약|정리|\bsummar\w+|\bdigest\b|\boverview\b|\brecap\b|what happened|무슨 논문이 나왔")
_EXPLAIN = _any(
    r"(?<=[가-힣A-Za-z])이?란\W*$|설명|알려 ?(?:줘|주)|소개|뭐(?:야|예요|지|니)|무엇(?:인가|입니까|이야|이지)|어떤 (?:논문|방법|모델|연구)(?:이야|인가|입니까|이지|인지)|무슨 (?:내용|논문)|핵심|요지",
    r"\bexplain\b|\bwhat(?:'s| is| are| does)\b|\btell me about\b|\bdescribe\b|\bsummar|\bmain idea",
)
_FACT = _any(
    r"얼마나|얼마|몇 ?(?:배|%|퍼센트|점|단계|시간|초|장|비트|토큰|가지|차원|개의)|왜 |어떻게|어느 (?:정도|데이터|벤치마크|모델)|어떤 (?:데이터|벤치마크|모델|방식|방법|기법|문제|성능)|무슨 (?:데이터|모델|방법)|성능은|속도는|정확도는",
    r"\bhow\b|\bwhy\b|\bwhich (?:dataset|benchmark|model|method|language|metric)|\bwhat (?:dataset|benchmark|model|method|accuracy|score|speed|size|percentage|kind|fid|bleu)",
)
_FIELDS: tuple[tuple[Field, re.Pattern[str]], ...] = (
    ("authors", _any(r"저자(?:는|가|들|를|을|진|명)?(?: ?(?:누구|알려))?|누가 (?:썼|쓴|작성|만들)|\bwho (?:wrote|authored|are the authors|is the author)|\bauthors? of\b|\bits authors\b")),
    ("votes", _any(rf"(?:몇|얼마나 많은) ?{_VOTE}|{_VOTE}(?:는|은|가|이)? ?(?:몇|얼마)|{_VOTE} ?수(?:는|가)?\W*$|how many {_VOTE}|\bvotes (?:of|for) ")),
    ("date", _any(r"언제 (?:나온|나왔|발표|소개|실린|실렸)|날짜(?:는|가)|\bwhen (?:was|did|were)\b|\bwhat date\b")),
    ("link", _any(r"(?:링크|주소|url)(?:는|를|가|만)?|\b(?:link|url) (?:to|of|for)\b")),
)  # fmt: skip
_USE = _any(
    r"(?:을|를|으로|로)? ?(?:직접 )?(?:사용|이용|활용|적용|채택|도입|응용)(?:해서?|하여|하고|되고)?(?:한|하는|했던|된|되는|했|하|함|됨)?",
    r"(?:을|를)? ?(?:쓴|쓰는|썼던|써서)(?=\s|거|것)|(?:을|를) ?(?:쓰|썼)(?:나요?|니|어요?)(?=\W*$)|(?:을|를)? ?기반(?:으로|의|인)? ?(?:한|하는|된|만든)?|(?:을|를)? ?바탕으로 ?(?:한|하는)?",
    r"\b(?:that |which |to |who )?(?:have |has |had |are |were |is |do |does |did )?(?:us(?:e|es|ed|ing)|based on|built (?:on|upon|with)|build(?:s|ing)? (?:on|upon)|adopt(?:s|ed|ing)?|leverag(?:e|es|ed|ing)|employ(?:s|ed|ing)?|appl(?:y|ies|ied|ying)|utili[sz](?:e|es|ed|ing))\b",
)
_MENTION = _any(
    r"(?:이|가|을|를)? ?(?:언급|거론|등장)(?:한|하는|된|되는|하|되|했)?",
    r"\b(?:that |which )?(?:mention(?:s|ed|ing)?|refer(?:s|red|ring)? to|cit(?:e|es|ed|ing)|discuss(?:es|ed|ing)?)\b",
)
_ABOUT = _any(
    r"(?:에|와|과) ?(?:대한|관한|대해|관해|관련된|관련한|관련)(?:서)?|관련(?:된|한|해|해서)?|(?:을|를)? ?(?:다룬|다루는|제안한|제안하는|연구한|연구하는|소개한|소개하는|주제로 한|포함한|포함하는)|(?:분야|주제|계열|쪽)(?:의|에서|에)?",
    r"\b(?:about|regarding|related to|relating to|concerning|covering|dealing with|focus(?:ed|ing)? on|on the topic of|that propose|proposing|involving|that study|in the field of|working on)\b",
)
_NOT = _any(
    r"(?!\S*(?:표|추천|투표|득표)[가이를은는]? )(?P<a>[^\s,]+(?: [^\s,]+)?)(?:을|를|은|는|이|가)? ?(?:제외(?:하고|한)?|빼고|뺀|말고|아닌|없는|쓰지 않(?:은|는)|사용하지 않(?:은|는)|안 쓴)",
    r"\b(?:not about|excluding|except(?: for)?|without|other than|but not|not using|that (?:do not|don't) use|not involving) (?P<b>[\w.+-]+(?: [\w.+-]+)?)",
)
_PAPERS = _any(
    r"논문|페이퍼|연구(?=들|[는은가를]?\s|[는은가를]?\W*$)|\bpapers?\b|\bstud(?:y|ies)\b|\bpublications?\b|\bworks?\b"
)
_LISTING = _any(
    r"어떤|어느|무슨|목록|리스트|모두|모든|전부|전체|다 (?:보여|알려|찾아)|논문들|찾아|보여|알려|나열|추천해|있(?:나요|어|니|을까|습니까|는지|는|나|어요)",
    r"\bwhich\b|\bwhat\b|\blist\b|\ball\b|\bfind\b|\bshow\b|\bgive\b|\bany\b|\bpapers\b|\bare there\b|\bis there\b|\bsearch\b",
)
_YES_NO = _any(
    r"있(?:나요|어|어요|니|을까요?|습니까|나)\W*$|(?:인가요|입니까|했나요|하나요|맞나요|맞아|이야|되나요)\W*$",
    r"^\W*(?:is|are|does|do|did|was|were|has|have|can)\b",
)
_ONE = _any(
    r"\b(?:the|that) paper (?:that|about|on|which|where|for)\b",
    r"논문(?:이|은)? ?(?:뭐였|뭐더라|이름이|제목이|무엇이었)",
)
_WHAT = _any(r"뭐|무엇|무슨|어떤|어느|몇|누가|누구|언제|왜|얼마", r"\b(?:what|which|who|when|how|why)\b")
_AUTHOR_CUE = _any(
    r"(?:이|가)? ?(?:함께|같이) (?:쓴|참여한|발표한|작성한)|(?:가|이|씨가|님이)? ?(?:공동 ?)?(?:저자|공저자|저술|집필)(?:로|인|로서|에)?(?: ?(?:참여|포함|등재)(?:한|된|하는|했))?|(?:이|가) ?(?:쓴|참여한|발표한|작성한|함께 쓴)|공저한?|(?:의|이 쓴) (?=논문|연구)",
    r"\b(?:co-?)?author(?:s|ed)?(?: by)?\b|\bwritten by\b|\bby(?= [A-Z])|\bpapers? (?:of|from)(?= [A-Z])|\bwrote\b|\bwrite\b",
)
_OR = r"(?<![A-Za-z])or(?![A-Za-z])|또는|혹은|아니면"
_CONNECT = re.compile(rf"\s*(,|、|&|\+(?=\s)|/(?=\s)|\band\b|그리고|및|이랑|하고(?=\s)|{_OR})\s*", re.IGNORECASE)
_LATIN_NAME = re.compile(r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ.'’-]*(?:,? [A-Za-zÀ-ɏ][A-Za-zÀ-ɏ.'’-]*){0,4}")
_HANGUL_NAME = re.compile(
    r"(?P<name>[가-힣]{2,4}(?: [가-힣]{1,3})?) ?(?:(?:이|가|님이|씨가) (?:쓴|참여한|발표한|작성한)|(?:이|가)? ?(?:저자|공저자)(?:로|인))"
)

_NOISE_KO = re.compile(
    r"(?:그럼|그러면|혹시|좀|제발|부탁|여기|거기|그|저|이|그중|중|중에|중에서|가운데|것|거|건|게|걸|것만|거만|것들|수|데|최근|요즘|어떤|어느|무슨|무엇|뭐|뭔가|왜|모든|모두|전부|전체|다|들|"
    r"목록|리스트|내용|정보|결과|자료|글|편|개|논문|논문들|연구|연구들|페이퍼|방법|방식|다이제스트|"
    r"(?:알려|보여|찾아|추천해|설명해|소개해|요약해|정리해|나열해|비교해|검색해|말해|가르쳐|뽑아|골라|해|만들어)(?: ?줘|주세요|주라|줄래|줘요|주실래요|봐|보세요|달라)?\S*|"
    r"(?:설명|소개|요약|정리|나열|비교|검색|추천|질문)\S{0,3}|"
    r"공동|공저|함께|같이|다른|제목만?|표로|지만|으며|면서|으면서|위해\S*|통해\S*|아닌|줘|줘요|주세요|주라|싶어\S*|싶은\S*|있\S*|없\S*|되\S*|된\S*|하\S{0,3}|한|할|했\S*|해|인가요?|입니까|이야|야|나요|까요?|이에요|예요|은|는|이|가|을|를|의|에|도|만|와|과|로|으로|"
    r"나온|나왔\S*|어때\S*|분야\S*|관련\S*|대한|관한|위한|통한|실린|발표된|올라온|관심\S*|차이\S*|공통\S*|무엇\S*|뭐\S*|누구\S*|언제\S*|어디\S*|얼마\S*|가장|제일|총|몇|받은|많은|높은|적은|순\S{0,2})"
)  # fmt: skip
_NOISE_EN = frozenset(
    (
        "a about against all also am an and any anything are as at be been both but by came can come could did digest digests do does done each "
        "explain ever exist exists find for found from get give had has have how i i'm in include included includes including "
        "into is it its just know latest like list listed many me mention mentions method methods more most much my of on "
        "one ones only or our out paper papers please publication publications published recent recommend search see sort suggest show shown new "
        "novel propose proposes proposed proposing introduce introduces introducing develop developing improve improves "
        "present released some something study studies summarize summarise summary tell than that the their them then there these "
        "they thing things this those to topic topics up us using was we were what what's when where which who whose why "
        "will with work works would you your"
    ).split()
)
_PARTICLE = re.compile(
    r"(?:에서의|에서는|으로는|으로의|이라는|라는|이라고|라고|에서|에게|에는|에도|에만|으로|까지|부터|보다|처럼|마다|이나|이란|란|들의|들을|들은|들이|들|을|를|은|는|이|가|의|에|로|도|만|과|와|나|랑|야|요)$"
)
_DOING = re.compile(r"([가-힣]{2,})(?:하는|한|할|하여|해서|하고|했던|되는|된|시키는|시킨)")
_HEAD = re.compile(r"논문|연구|방법|기법|방식|모델|기술|것|거|데|프레임워크|시스템|알고리즘|페이퍼")
_KEEP = (
    "전문가 작가 화가 정확도 난이도 선호도 유사도 해상도 복잡도 신뢰도 만족도 속도 온도 밀도 지도 빈도 각도 강의 정의 회의 주의 평가 추가 증가 국가 효과 결과 사이 높이 길이 차이 깊이 놀이 오디오 "
    "비디오 스테레오 라디오 시나리오 포트폴리오 의미 언어 동의어 데이터 미디어 아이디어 코드 도메인 프레임워크 네트워크 스코어 소프트웨어 하드웨어 인터페이스 회로 경로 제로 그라디언트 판다 언어로 신호 "
    "로봇 도로 토크나이저 양자화 이미지 로라 라마 맘바 알파 감마 람다 에이아이 자이로 투명도 가속도 파라미터 그래피 사회 음이 나이 종이 아이 레이어 스파이 실세계 세계 문서 나노 피드 어휘 의료 법률 "
    "재료 원리 자료 재난 인과 성과 물과 사과 치과 안과 외과 내과 학과 교과 투과 초과 경과"
).split()


def _stem(token: str) -> str:
    """Return a token without its Korean particle; nouns that only look inflected stay."""
    if not re.search(r"[가-힣]$", token) or token.endswith(tuple(_KEEP)):
        return token
    bare = _PARTICLE.sub("", token)
    latin = bool(re.search(r"[A-Za-z0-9)]$", bare))
    return bare if bare and (latin or len(re.findall(r"[가-힣]", bare)) >= 2) else token


@dataclass
class _Rest:
    """What of the question is not yet understood."""

    text: str

    def cut(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.search(self.text)
        if match:
            self.text = f"{self.text[: match.start()]} {self.text[match.end() :]}"
        return match

    def cut_spans(self, spans: Sequence[tuple[int, int]]) -> None:
        for start, end in sorted(spans, reverse=True):
            self.text = f"{self.text[:start]} {self.text[end:]}"


def _spaced(text: str) -> str:
    """Put the blanks around 논문 that hurried writers leave out.

    >>> _spaced("3D재구성논문중표가가장많은것은")
    '3D재구성 논문 중 표가가장많은것은'
    """
    return re.sub(
        r"(?<=[가-힣A-Za-z0-9])논문(?!집)", " 논문", re.sub(r"논문 ?중(?=[가-힣])(에서?)?", r"논문 중\1 ", text)
    )


def _number(match: re.Match[str]) -> int | None:
    """The number a pattern caught; `more than N` and the like become N + 1."""
    groups = match.groupdict()
    value = next((int(v) for k, v in groups.items() if v and k in "abcd" and v.isdecimal()), None)
    strict = (groups.get("how") or "").lower() in ("more than", "over", "above") or re.search(r"넘|초과", match.group())
    return value + 1 if value is not None and strict else value


def _arxiv_ids(rest: _Rest, catalogue: Catalogue) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Cut arXiv ids and links out; return (indexed, not indexed)."""
    known: dict[str, None] = {}
    unknown: dict[str, None] = {}
    pattern = re.compile(
        r"(?:https?://)?(?:www\.|export\.)?(?:arxiv\.org/(?:abs|pdf|html)/|arxiv:)?(\d{4}\.\d{4,5}(?:v\d)?)(?:\.pdf)?(?![\d.])",
        re.I,
    )
    while match := rest.cut(pattern):
        arxiv_id = parse_arxiv_id(match.group(1))
        if arxiv_id:
            (known if arxiv_id in catalogue.papers else unknown)[arxiv_id] = None
    return tuple(known), tuple(unknown)


def _people(
    rest: _Rest, catalogue: Catalogue, asks_authors: bool
) -> tuple[tuple[str, ...], Reason | None, tuple[str, ...]]:
    """Cut author names out; return (names as indexed, a refusal, the names it is about).

    `asks_authors`: the question asks who wrote something, so that a name in it is rather the paper's.
    """
    cue = bool(_AUTHOR_CUE.search(rest.text)) and not asks_authors
    found: list[str] = []
    refused: list[str] = []
    reason: Reason | None = None
    for run in _LATIN_NAME.findall(rest.text):
        words = run.split()
        for size in range(min(5, len(words)), 1, -1):
            for at in range(len(words) - size + 1):
                name = " ".join(words[at : at + size]).strip(" .,'’")
                person = catalogue.person(name) if name in rest.text else None
                if person and (cue or name[0].isupper()) and person not in found:
                    found.append(person)
                    rest.text = rest.text.replace(name, " ", 1)
    if not found and cue:
        named = [n for n in _LATIN_NAME.findall(_AUTHOR_CUE.sub(" ", rest.text)) if _looks_like_name(n)]
        for name in named[:1]:
            people = catalogue.people_like(name)
            rest.text = rest.text.replace(name, " ", 1)
            if len(people) == 1:
                found.append(people[0])
            elif people:
                reason, refused = "ambiguous", [name, *people]
            else:
                everyone = [spellings[0] for spellings in catalogue.people.values()]
                reason, refused = "unknown_author", [name, *difflib.get_close_matches(name, everyone, n=3, cutoff=0.8)]
        if not named and (hangul := _HANGUL_NAME.search(rest.text)):
            name = hangul.group("name")
            if not any(_known(word, catalogue) for word in name.split()) and not _NOISE_KO.fullmatch(name.split()[0]):
                reason, refused = "unknown_author", [name]
    if found or reason:
        while rest.cut(_AUTHOR_CUE):
            pass
    return tuple(found), reason, tuple(refused)


def _looks_like_name(text: str) -> bool:
    words = text.split()
    return all(w[0].isupper() for w in words) and not any(fold(w) in _NOISE_EN for w in words) and not text.isupper()


class _Verb(str):
    """The noun of a verb whose object is the word before ("비디오를 생성하는"): part of a name with it, or nothing."""

    __slots__ = ()


@dataclass
class _Phrase:
    """A run of meaningful words; `alternative` to the phrase before it ("A 또는 B")."""

    words: list[str]
    alternative: bool = False


def _phrases(text: str) -> list[_Phrase]:
    """Split what is left into runs of meaningful words, particles off."""
    phrases: list[_Phrase] = []
    pieces = _CONNECT.split(text)
    for place in range(0, len(pieces), 2):
        phrases.append(_Phrase([], bool(place and re.fullmatch(_OR, pieces[place - 1], re.IGNORECASE))))
        if phrases[-1].alternative and place > 2 and pieces[place - 3] in (",", "、") and len(phrases) > 2:
            phrases[-2].alternative = True  # "A, B 또는 C"
        governed = False  # the word before is an object: an adnominal after it is its verb ("환각을 줄이는")
        tokens = [raw.strip("?!.,;:~…“”\"'‘’()[]{}<>`*") for raw in pieces[place].split()]
        for token, following in zip(tokens, [*tokens[1:], ""][: len(tokens)], strict=True):
            bare = _stem(token)
            if noun := _DOING.fullmatch(token):
                bare = _Verb(noun.group(1)) if governed else noun.group(1)
            verb = not noun and (
                (governed and bool(re.search(r"[가-힣](?:는|은|한|할|던|기|고|서)$", token)))
                or (token.endswith(("는", "던")) and bool(_HEAD.match(following)))
            )
            governed = bool(re.search(r"[을를]$", token)) and bare != token
            noise = (not noun and bool(_NOISE_KO.fullmatch(token))) or bool(_NOISE_KO.fullmatch(bare))
            if verb or noise or fold(bare) in _NOISE_EN or not re.search(r"\w", bare):
                phrases.append(_Phrase([]))
                continue
            phrases[-1].words.append(bare)
            if following and token != bare and (joint := re.search(r"(?:과|와|랑|(나))$", token)):
                phrases.append(_Phrase([], bool(joint.group(1))))
    return [phrase for phrase in phrases if phrase.words]


def _known(phrase: str, catalogue: Catalogue) -> bool:
    return bool(glossary().knows(phrase) or catalogue.mentioning(glossary().term(phrase)))


def _resolve(phrase: Sequence[str], catalogue: Catalogue) -> tuple[list[str], list[str]]:
    """Return (terms, unknown) of a run of words: the whole run if papers know it, then the glossary's spellings in it,
    then the longest that papers know.
    """
    terms: list[str] = []
    unknown: list[str] = []
    whole = len(catalogue.mentioning(glossary().term(" ".join(phrase)))) >= 2
    for size in range(0 if whole else len(phrase) - 1, 1, -1):
        for at in range(len(phrase) - size + 1):
            if glossary().knows(text := " ".join(phrase[at : at + size])):
                before, after = (_resolve(part, catalogue) for part in (phrase[:at], phrase[at + size :]))
                return [*before[0], text, *after[0]], before[1] + after[1]
    at = 0
    while at < len(phrase):
        for size in range(len(phrase) - at, 0, -1):
            text = " ".join(phrase[at : at + size])
            if size > 1 and not (glossary().knows(text) or len(catalogue.mentioning(glossary().term(text))) >= 2):
                continue
            if size == 1 and isinstance(phrase[at], _Verb) and not glossary().knows(text):
                pass
            elif size == 1 and not _known(text, catalogue):
                unknown.append(text)
            else:
                terms.append(text)
            at += size
            break
    return terms, unknown


def _near(name: str, catalogue: Catalogue) -> str | None:
    """Return the known name that a misspelt one most likely means: a paper's own, or one that several papers mention."""
    key = squash(name)
    if len(key) < 5 or not key.isascii():
        return None
    words = [word for word in catalogue.vocabulary if abs(len(word) - len(key)) <= 1 and word[0] == key[0]]
    close = difflib.get_close_matches(key, words, n=5, cutoff=0.8)
    best = max(
        (word for word in close if catalogue.named(word) or catalogue.frequency(word) >= 5),
        key=lambda word: (round(difflib.SequenceMatcher(None, key, word).ratio(), 2), catalogue.frequency(word)),
        default=None,
    )
    return catalogue.vocabulary[best] if best else None


def _named_papers(phrases: list[_Phrase], catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    """Return the papers that call themselves by a name in the question, by that name, longest names first."""
    found: dict[str, tuple[str, ...]] = {}
    loose: dict[str, tuple[str, ...]] = {}
    for phrase in (p.words for p in phrases):
        at = 0
        while at < len(phrase):
            for size in range(len(phrase) - at, 0, -1):
                text = " ".join(phrase[at : at + size])
                papers = catalogue.named(text)
                if not papers and not text.isascii():
                    papers = next(filter(None, map(catalogue.named, glossary().term(text).variants)), ())
                if papers and (size > 1 or len(text) > 2 or not text.isascii()):
                    # "fast" is hardly the paper FAST; it is only when nothing else is asked about
                    plain = text.isascii() and text.islower() and catalogue.is_plain_word(text)
                    (loose if plain else found)[text] = papers
                    at += size - 1
                    break
            at += 1
    return found or (loose if [" ".join(phrase.words) for phrase in phrases] == [*loose] else {})


def _mentioned_titles(text: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Return papers whose whole title stands in the question."""
    flat = squash(text)
    if len(flat) < 20:
        return ()
    return tuple(p.arxiv_id for p in catalogue.papers.values() if len(p.title) > 20 and squash(p.title) in flat)


_TOLD = re.compile(r"^\W*(?:an?|the|this|these|those|our|we|it|new|novel|here's|in this)\b", re.IGNORECASE)
_ASKED = _any(
    r"\?\s*$|^\W*(?:please|can|could|would|do|does|did|is|are|was|were|has|have|what|what's|which|who|whose|when|where|why|how"
    r"|list|show|find|give|get|tell|name|search|explain|describe|summari[sz]e|compare|recommend|count|top|any|all|i|let)\b",
    r"(?:줘요?|주세요|주라|줄래요?|주실래요|(?:나|가|까|래|어|은가|는가|인가)요|까|냐|니|[있했됐었]어|뭐야|이야|누구야|[나는던은인]지|싶다|싶어요?|궁금\S*"
    r"|찾고 있습니다|바랍니다|부탁\S*|싶습니다|논문들?[은는을만도]?|것만?|순위?|목록|리스트|추이|비교|추천|개수|편수|\d+ ?[개편])\s*[.!~…]*$",
)
_OWN = re.compile(r"^\W*(?:본|이|해당|우리) (?:논문|연구)")
_STATED = re.compile(r"(?:[가-힣]다|[함음임됨킴짐봄침움줌옴냄룸둠뤔힘춤감남옮])\s*[.]?$")


def _is_statement(text: str) -> bool:
    """Whether a text says something about a paper instead of asking: it is long and has no form of a question.

    >>> _is_statement("MLLM의 창의력을 평가하기 위해 멀티모달 벤치마크를 도입함"), _is_statement("Mamba를 사용한 논문")
    (True, False)
    """
    words = len(text.split())
    if _ASKED.search(text) or (re.search(r"\bpapers\b", text, re.IGNORECASE) and not _TOLD.match(text)):
        return False
    if question_language(text) == "en":
        return words >= (5 if _TOLD.match(text) else 8)
    if _STATED.search(text):
        return words >= 5
    return words >= 6 and ("논문" not in text or bool(_OWN.match(text)))


def understand(
    question: str, catalogue: Catalogue, as_of: date, language: Language | None = None, within: tuple[str, ...] = ()
) -> Reading:
    """Understand one question against what is indexed.

    `as_of` is the day that relative dates count from; `language` overrides the answer's language; `within` restricts the
    answer to those papers (a follow-up). Never raises; nonsense becomes `out_of_scope` or a description to search by.
    """
    asked = " ".join(clean(question).split())[:MAX_QUESTION]
    text = _spaced(asked)
    tongue = language or question_language(text)
    base = Reading(asked, tongue, Plan("describe", papers=within), text)
    if not re.search(r"\w", text) or _HELP.search(text):
        return replace(base, plan=Plan("help"))
    if _HOSTILE.search(text):
        return replace(base, plan=Plan("out_of_scope"), reason="out_of_scope")
    if _is_statement(text):
        titled = _mentioned_titles(text, catalogue)
        return replace(base, plan=Plan("known_item" if titled else "describe", papers=titled or within))
    if _FIRST_PERSON_FIELDS.search(text):
        return replace(base, plan=Plan("fact", papers=within), reason="field_not_in_digest")
    if _ELSEWHERE.search(text) and not _PAPERS.search(text):
        return replace(base, plan=Plan("out_of_scope"), reason="out_of_scope")
    titled = _mentioned_titles(text, catalogue)
    rest = _Rest(text)
    ids, missing_ids = _arxiv_ids(rest, catalogue)
    dates = read_dates(rest.text, as_of, catalogue.days)
    if dates:
        rest.cut_spans(dates.spans)
    plan = Plan(
        "describe",
        papers=titled or ids or within,
        date_from=dates.start if dates else None,
        date_to=dates.end if dates else None,
    )
    votes = rest.cut(_MIN_VOTES)
    field = next((name for name, pattern in _FIELDS if pattern.search(rest.text)), None)
    limit, best = rest.cut(_LIMIT), None
    if votes:
        plan = replace(plan, min_votes=_number(votes))
    elif field != "votes":
        best = rest.cut(_BEST_VOTES)
    newest = rest.cut(_BY_DATE)
    excluded: tuple[str, ...] = ()
    if negated := _NOT.search(rest.text):
        phrase = [_stem(w) for w in (negated.group("a") or negated.group("b") or "").split()]
        phrase = phrase[:-1] if len(phrase) > 1 and re.fullmatch(r"분야|관련|쪽|계열", phrase[-1]) else phrase
        while phrase and (fold(phrase[0]) in _NOISE_EN or _NOISE_KO.fullmatch(phrase[0])):
            phrase = phrase[1:]
        known = next(
            (" ".join(phrase[at:]) for at in range(len(phrase)) if _known(" ".join(phrase[at:]), catalogue)), ""
        )
        if known:
            excluded = (known,)
            at = negated.start() if negated.group("b") else rest.text.index(known.split()[0], negated.start())
            rest.text = f"{rest.text[:at]} {rest.text[negated.end() :]}"
    named = _named_papers(_phrases(rest.text), catalogue)
    people, person_reason, persons = _people(rest, catalogue, field == "authors" and bool(named or plan.papers))
    flags = {name: bool(p.search(rest.text)) for name, p in (
        ("count", _COUNT), ("compare", _COMPARE), ("trend", _TREND), ("similar", _SIMILAR), ("summary", _SUMMARY),
        ("explain", _EXPLAIN), ("fact", _FACT), ("papers", _PAPERS), ("listing", _LISTING), ("yes_no", _YES_NO),
        ("use", _USE), ("mention", _MENTION), ("about", _ABOUT),
    )}  # fmt: skip
    flags["papers"] |= len(within) > 1 and not titled
    query = " ".join(rest.text.split())
    for pattern in (_COUNT, _TREND, _SIMILAR, _COMPARE, _MENTION, _ABOUT):
        while rest.cut(pattern):
            pass
    every = _phrases(rest.text)
    while rest.cut(_USE):
        pass
    phrases = _phrases(rest.text) if flags["use"] else every
    relation = "use" if flags["use"] else "mention" if flags["mention"] else None
    terms, unknown = _terms(phrases, catalogue, tongue)
    plan = replace(
        plan,
        not_terms=excluded,
        authors=people,
        limit=_number(limit) if limit else None,
        relation=relation if terms or unknown else None,  # type: ignore[arg-type]
    )
    reading = replace(
        base,
        plan=plan,
        query=query,
        dates=dates,
        field=field,
        yes_no=flags["yes_no"] and not _WHAT.search(text),
        unknown=tuple(unknown),
    )
    if missing_ids and not ids:
        return replace(reading, plan=replace(plan, kind="known_item"), reason="no_evidence", unknown=missing_ids)
    if person_reason:
        return replace(reading, plan=replace(plan, kind="author"), reason=person_reason, unknown=persons)
    if best or newest:
        groups = (best.groupdict() if best else {}) | (newest.groupdict() if newest else {})
        ascending = any(value for key, value in groups.items() if key.startswith(("few", "old")))
        return replace(
            reading,
            plan=replace(
                plan, kind="superlative", terms=tuple(terms), by="votes" if best else "date",
                order="asc" if ascending else "desc", limit=plan.limit or (1 if _SINGLE.search(" ".join(match.group() for match in (best, newest) if match)) and "papers" not in text else None if within else _SOME),
            ),
            yes_no=False,
        )  # fmt: skip
    return _kind(reading, flags, terms, unknown, named, every, catalogue)


def _terms(phrases: list[_Phrase], catalogue: Catalogue, language: Language) -> tuple[list[str], list[str]]:
    """Return (terms, unknown) of all phrases; alternatives are joined into one term."""
    terms: list[str] = []
    unknown: list[str] = []
    for phrase in phrases:
        found, missed = _resolve(phrase.words, catalogue)
        if phrase.alternative and terms and found:
            terms[-1] += (" 또는 " if language == "ko" else " or ") + found.pop(0)
        terms += [term for term in found if term not in terms]
        unknown += missed
    return terms[:_MAX_TERMS], unknown[:_MAX_TERMS]


def _kind(
    reading: Reading,
    flags: dict[str, bool],
    terms: list[str],
    unknown: list[str],
    named: dict[str, tuple[str, ...]],
    phrases: list[_Phrase],
    catalogue: Catalogue,
) -> Reading:
    """Choose the kind of a question whose constraints are known."""
    plan = reading.plan
    papers = plan.papers or tuple(dict.fromkeys(i for ids in named.values() for i in ids))
    dated = bool(plan.date_from or plan.date_to)

    def done(kind: Kind, **changes: object) -> Reading:
        made = replace(plan, kind=kind, **changes)  # type: ignore[arg-type]
        near = tuple(n for n in (_near(name, catalogue) for name in unknown) if n)
        return replace(reading, plan=made, near=near, yes_no=reading.yes_no and kind == "list")

    if _ONE.search(reading.question) and not papers:
        return done("describe", relation=None)
    if flags["count"] and (flags["papers"] or "편" in reading.question):
        return done("count", terms=tuple(terms))
    if flags["trend"]:
        return done("trend", terms=tuple(terms))
    if flags["compare"] and len(papers) >= 2:
        return done("compare", papers=papers[:5], relation=None)
    if flags["similar"] and papers:
        return done("similar", papers=papers[:1], relation=None)
    if plan.authors and not (named and not flags["papers"]):
        return done("author", terms=tuple(terms))
    if dated and flags["summary"] and not terms and not unknown:
        return done("digest")
    about = flags["about"] and flags["papers"]
    governs = plan.relation and (flags["papers"] or not (flags["fact"] or flags["explain"]))
    about_paper = bool(papers) and not governs and not about and not dated and plan.min_votes is None
    plural = flags["papers"] and (
        flags["use"] or flags["mention"] or bool(re.search(r"논문들|\bpapers\b|어떤 논문|목록|모두", reading.question))
    )
    if about_paper and not (plural and named and not plan.papers):
        others = [t for t in terms if t not in named]
        if reading.field:
            return done("fact", papers=papers, terms=(), relation=None)
        if flags["fact"] or (others and not flags["explain"] and not flags["papers"]):
            return done("fact", papers=papers, terms=(), relation=None)
        return done(
            "known_item" if flags["papers"] and not flags["explain"] else "explain",
            papers=papers,
            terms=(),
            relation=None,
        )
    wants_set = flags["papers"] and (
        flags["listing"] or flags["use"] or flags["mention"] or flags["about"] or len(reading.question) < 40
    )
    if not terms and not unknown and not plan.filtered and _RECOMMEND.search(reading.question):
        return done("superlative", by="votes", order="desc", limit=plan.limit or _SOME)
    if wants_set or (dated and not flags["fact"]) or plan.min_votes is not None or plan.not_terms:
        if dated and not (terms or unknown or plan.papers or plan.not_terms or plan.min_votes is not None):
            return done("date")
        return done(
            "list", terms=tuple(terms) or tuple(" ".join(p.words) for p in phrases[:1]) if not unknown else tuple(terms)
        )
    if terms and not unknown and not any(flags.values()) and len(reading.question.split()) <= 3:
        return done("list", terms=tuple(terms))
    if flags["fact"]:
        return done("fact", relation=None)
    if flags["explain"] and (terms or unknown):
        absent = tuple(term for term in terms if not catalogue.mentioning(glossary().term(term)))
        return replace(done("explain", relation=None), unknown=(*unknown, *absent))
    return done("describe", relation=None)
