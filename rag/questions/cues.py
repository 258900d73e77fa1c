"""How questions are worded in Korean and English: the cues of what is asked, and what words are left when they are cut.

Patterns and pure functions over text; knows nothing of papers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from rag.language.terms import fold, glossary
from rag.language.text import question_language
from rag.questions.plan import Field


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


# --- Not a question for the papers
HELP = _any(
    r"^\W*(?:안녕|하이|헬로|도움말|도와 ?줘|사용법|사용 방법|고마워|고맙|감사)[가-힣 !?.~]{0,14}$|^[\sㄱ-ㅎㅏ-ㅣ!?.~^;]+$",
    r"^\W*(?:너는|넌|당신은)? ?(?:누구|뭐)(?:야|니|예요|세요|인가요)?\W*$",
    r"^\W*(?:너|넌|당신은?) .{0,15}(?:야|니|예요|인가요)\W*$|(?:^|\s)이 (?:서비스|프로그램|챗봇|앱|사이트)(?![가-힣]{2})",
    r"(?:무엇을|뭘|뭐를|어떤 걸|어떤 질문을?) ?(?:할 수|물어|질문할|도와)",
    r"^\W*(?:hi|hello|hey|help|thanks?|thank you|good (?:morning|evening|afternoon))\b[\w ,!.?]{0,20}$",
    r"다이제스트(?:는|가|의)? ?(?:언제|며칠|어느 ?(?:날|기간)|기간)|^\W*언제부터 언제까지|몇 ?(?:일|개)의? ?다이제스트",
    r"\bhow many digests\b|\b(?:what|which) (?:dates?|days|period|time (?:range|span)) (?:do|does|is|are) (?:the |these |this |your )?(?:digests?|index)(?: cover\w*)?\W*$|\bdigests (?:begin|start|go back)\b",
    r"(?:who|what) are you\b|what can (?:you do|i ask)|how (?:do|can) i use (?:this|you|nonmun)",
)
HOSTILE = _any(
    r"ignore (?:all |any |the |your |previous |prior )*(?:instruction|prompt|rule)|\b(?:forget|disregard) (?:everything|all|your|the above|previous)|\bact as an?\b",
    r"(?:print|show|reveal|give|tell|what) .{0,20}(?:(?:system|hidden) prompt|your (?:instructions|prompt)|api[ _-]?key)|<script|drop table",
    r"(?:지시|명령|지침|프롬프트)(?:를|을|사항을)? ?(?:모두 |전부 )?(?:무시|출력|보여|공개)|시스템 프롬프트",
)
ELSEWHERE = _any(
    r"날씨|기온|미세먼지|주가|주식|환율|비트코인|점심|저녁 ?(?:메뉴|뭐)|맛집|레시피|축구|야구|로또|대통령|노벨 ?(?:상|평화상|물리학상|화학상|문학상|생리의학상|경제학상)|영화 추천|농담|맛있게|막차|전세|월세|보험료|소설|줄거리|코드 ?(?:를|좀)? ?짜|(?:으로|로) \S+ ?짜|비가 ?(?:올|오)|눈이 ?(?:올|오)|수도(?:는|가) ?(?:어디|뭐)",
    r"\bweather\b|\bstock price|\bexchange rate|\brecipe for\b|\blottery\b|\bpresident\b|\bfootball\b|\bnobel\b|\bjoke\b|\bpoem\b|\bmovie to watch|\bwill it (?:rain|snow)|\bcapital of\b|\bhow do i (?:install|cook|bake)\b",
)
NOT_KEPT = _any(
    r"저자(?:가|는) ?(?:\d+|한|두|세|네|다섯|여러) ?명|저자 ?(?:\d+|한|두|세) ?명(?:인|짜리)|단독 ?저자|혼자 ?쓴 ?논문|\b(?:single|solo|sole)[- ]author(?:ed)?\b|\bwith (?:only |more than |at least |fewer than )?(?:one|two|three|\d+) authors?\b",
    r"저자(?:가|는)? ?(?:가장|제일) ?(?:많|적)|most authors|인용 ?(?:수|횟수|지수)|(?:몇 ?(?:번|회)|얼마나 많이|얼마나 자주) 인용|피인용|몇 ?(?:페이지|쪽|장짜리)|페이지 ?수|쪽수|제 ?1 ?저자|1저자|첫 ?번째 저자|주저자|교신 ?저자|소속|학회|저널|게재|임팩트 팩터",
    r"citation count|(?:number of|how many) citations|how many pages|page count|how long is the paper|how (?:often|many times) .{0,40}cited|most cited|first authors?|"
    r"lead authors?|corresponding author|affiliations?|which (?:university|venue|conference|journal)|impact factor",
)
# --- Constraints
_VOTE = r"(?:표|추천(?: ?수)?|투표(?: ?수)?|득표(?: ?수)?|업보트|좋아요|votes?|upvotes?|likes)"
_OF = r"(?:를|을|가|이|도|은|는)?"
_BOUND = rf"(?:{_VOTE}{_OF} ?)?(?P<a>\d{{1,6}}) ?(?:{_VOTE}|개)?{_OF} ?(?:%s)(?:을|를)? ?(?:받은|얻은|인|은|는)?"
MIN_VOTES = _any(
    _BOUND % "이상|넘는|넘은|넘게|초과",
    rf"(?:with |has |have |having )?(?P<how>at least|more than|over|above|≥|>=) ?(?P<c>\d{{1,6}}) ?{_VOTE}",
    rf"(?:with )?(?P<d>\d{{1,6}}) ?(?:(?:or more|\+) ?{_VOTE}|{_VOTE} or more)",
)
MAX_VOTES = _any(
    _BOUND % "이하|미만",
    rf"(?:with |has |have |having )?(?P<how>at most|no more than|(?:fewer|less) than|under|below|up to|≤|<=) ?(?P<c>\d{{1,6}}) ?{_VOTE}",
    rf"(?:with )?(?P<d>\d{{1,6}}) ?(?:or (?:fewer|less) {_VOTE}|{_VOTE} or (?:fewer|less))",
)
UNVOTED = _any(
    rf"(?<![가-힣]){_VOTE}(?: ?(?:수|정보|기록|데이터))?{_OF} ?(?:없는|알 수 없는|모르는|안 나온|나오지 않은|적혀 있지 않은|적히지 않은|알려지지 않은|미상인|빠진)",
    rf"(?:with|having|have|has) (?:an )?(?:unknown|missing) (?:number of )?{_VOTE}(?: counts?)?|without (?:any |a )?{_VOTE} (?:counts?|information|data)"
    rf"|(?:whose )?(?:number of )?{_VOTE}(?: counts?)? (?:is|are) (?:unknown|missing|not (?:known|told|given|listed|recorded))",
)
VOTES_BETWEEN = _any(
    rf"(?P<a>\d{{1,6}}) ?(?:{_VOTE})? ?(?:~|-|–|에서|부터) ?(?P<b>\d{{1,6}}) ?{_VOTE}(?:까지)?(?: ?사이)?(?:의|를|을)? ?(?:받은|인)?",
    rf"(?:with )?(?:between |from )(?P<c>\d{{1,6}}) (?:and|to) (?P<d>\d{{1,6}}) {_VOTE}",
)
_MOST, _GOT, _FEW = r"(?:가장|제일|최대로?)", r"(?: ?(?:받은|얻은|인|건|것))?", "(?:적게|적은|낮은)"
BEST_VOTES = _any(
    rf"{_MOST} ?{_VOTE}{_OF} ?(?:(?P<few1>{_FEW})|많이)? ?(?:받은|얻은)",
    rf"{_VOTE}{_OF} ?{_MOST} ?(?:(?P<few2>{_FEW})|많이|많은|많았던|높은)?{_GOT}",
    rf"{_MOST} ?(?:(?P<few3>{_FEW})|많은|많이|높은)? ?{_VOTE}{_OF}{_GOT}",
    rf"{_VOTE}{_OF} ?(?:(?P<few4>적은 ?순)(?:으로|서)?|(?:높은 ?|많은 ?)?순(?:으로|위|서)?|많은|높은|많이 ?(?:받은|얻은)|상위|1위|1등|기준(?:으로)?)",
    r"(?:가장|제일) 인기(?:가)? ?(?P<few5>없는|적은)|(?:가장|제일) 인기(?: ?있는| ?많은|가 많은)?|인기 ?(?:순(?:위|으로)?|논문)|최다 ?(?:득표|추천)",
    r"(?:(?:with|has|have|had|got|get|received|by) )?(?:the )?(?P<few6>fewest|least)?(?:most|highest)? ?(?:number of )?\b(?:up)?(?:votes?|voted|likes|liked)(?= |\?|$|\.|,)",
    r"(?:가장 )?(?:핫한|화제의|주목받는)|(?:(?P<few7>least)|most) popular|best[- ]voted|top[- ]voted|\bhot(?:test)? (?=papers)|\btrending (?=papers)|\bbest (?=papers?\b)",
)
VOTES = _any(rf"\b(?:by )?{_VOTE}\b|(?<![가-힣]){_VOTE}(?![가-힣])")
BY_DATE = _any(
    r"(?:가장|제일) (?P<old1>오래된|먼저 나온|이른)|(?P<old3>오래된 ?순)(?:으로|서)?|(?:가장|제일) (?:최근|최신)(?:의|에 나온)?|최신 ?순(?:으로|서)?|최신(?=\s*논문)|최근(?!.*(?:추이|추세|트렌드|동향))(?:에 (?:나온|발표된|올라온))?(?=\s.*논문|논문)",
    r"\b(?P<old2>oldest|earliest)\b|\b(?:newest|latest|most recent)\b|\brecent(?= (?:\w+ ){0,3}papers?\b)",
)
EVER = re.compile(r"\bof all time\b|\ball[- ]time\b|(?:역대|지금|현재|여태)까지", re.IGNORECASE)
SORTS = re.compile(r"\b(?:sort|order|rank)(?:ed)? by\b", re.IGNORECASE)
SINGLE = _any(r"가장|제일|최다|1위|1등|\b(?:most|best|top|highest|fewest|least|newest|latest|oldest|earliest)\b")
SEVERAL = re.compile(  # of "which papers have the most votes", but not of "which of the papers has the most votes"
    r"^(?!.*\bwhich (?:one |paper )?(?:has|had|got|gets|is|was|received|have)\b).*"
    r"(?:\bpapers (?:with|that|by|having|which|of|from|in|on)\b|\b(?:which|what|most|best|top|highest|fewest|least|newest|latest|oldest|earliest|recent)(?:[ -]\w+){0,4}? papers\b)",
    re.IGNORECASE,
)
_SOME_EN, _SOME_KO = (
    "two three four five six seven eight nine ten".split(),
    "두 세 네 다섯 여섯 일곱 여덟 아홉 열".split(),
)
NUMERALS: Mapping[str, int] = {w: n for words in (_SOME_EN, _SOME_KO) for n, w in enumerate(words, 2)} | {
    "한": 1,
    "하나": 1,
}
_N = rf"(?:\d{{1,3}}|{'|'.join(NUMERALS)})"
LIMIT = _any(
    rf"(?P<top>상위|톱|탑|\btop)[ -]?(?P<a>{_N}) ?(?:개|편|건|위)?(?:의|만|를|을)?(?![A-Za-z가-힣])",
    rf"(?<![\d.])(?<![가-힣](?=[가-힣]))(?P<b>{_N}) ?(?:개|편|건)(?:만|을|를|은|는)?(?=\s|\W*$)(?! ?(?:이상|넘))",
    rf"\b(?P<c>{_N}) (?=(?:most|best|recent|latest|newest|oldest|earliest|top|highest|least|fewest)\b)|\b(?P<g>{'|'.join(_SOME_EN)}) (?=papers\b)|\b(?:me|show|list|find|name|give|recommend) (?P<h>\d{{1,3}}) (?=(?:[\w-]+ )?papers\b)|\bfirst (?P<d>{_N}) (?=papers)|(?<=\bnewest )(?P<i>{_N}) (?=(?:[\w-]+ )?papers\b)|(?<=\b(?:latest|oldest) )(?P<j>{_N}) (?=(?:[\w-]+ )?papers\b)|(?<=\brecent )(?P<k>{_N}) (?=(?:[\w-]+ )?papers\b)",
    r"(?<![가-힣])(?P<e>하나)만(?![가-힣])|(?P<f>\d{1,3}) ?위까지(?:만)?",
)
NOT = _any(
    r"(?<![^\s,])(?!\S{0,40}(?:표|추천|투표|득표)[가이를은는]? )(?P<a>[^\s,]{1,40}(?: [^\s,]{1,40})?)(?:을|를|은|는|이|가)? ?(?:제외(?:하고|한)?|빼고|뺀|말고|아닌|없는|없이|(?:쓰|사용하|활용하|이용하|다루|언급하|언급되|포함하|나오)지 ?(?:않|못)\S*|안 ?(?:쓴|쓰는|쓰고|사용한|사용하는|언급한|언급하는|언급된|다룬|다루는|나오는))",
    r"\b(?:not about|excluding|except(?: for)?|without|other than|but not|(?:(?:that|which) )?(?:(?:do|does|did) ?(?:not|n['’]t)|not|never|without) (?:us|mention|involv|discuss|cit|cover|contain|includ|refer)(?:e|es|ing|ing to)?) (?P<b>[\w.+-]+(?: [\w.+-]+)?)|\bnon-(?P<c>\w+)",
)
# --- What is asked
CUES: Mapping[str, re.Pattern[str]] = {
    "count": _any(
        r"(?:모두 |총 |전부 )?몇 ?(?:편|개|건|가지)(?!의 (?!논문|연구))(?:씩|이나|나|의|인가요|인지|야|이야|입니까|예요|이에요|이나 되|임|일까요?)?|편수|(?:논문|연구) ?(?:의 )?(?:개수|수|갯수)(?:는|가|를)?",
        r"\bhow many\b|\bnumber of (?=papers)|\bcount(?: of)?(?=\s+(?:\S+\s+){0,4}papers)",
    ),
    "compare": _any(r"비교(?:해|하|분석)?\S*|차이점?|공통점|(?:뭐가|어떻게|무엇이|어디가) 다[른르]\S*|뭐가 달라\S*|다른 ?점|\bcompar\w+|\bcontrast\b|\bdiffer(?:s|ences?)?\b|\bvs\.?(?= )|\bversus\b|중에?서? ?(?:뭐|무엇|어느|어떤|누)\S* (?:것이 |게 |쪽이 )?더(?= )|중에?서? ?[가-힣]{1,6}[이가] 더 [가-힣]+ (?:것|논문|쪽|모델)|\bwhich (?:one |paper )?(?:is|was|has|runs) (?:\w+er|more|better|fewer)\b"),
    "more": _any(r"(?:뭐|무엇|무슨|어느|어떤|누|언제)\S* ?(?:쪽|주제|분야)?\S* ?더 ?(?:많|적)\S*|어느 ?(?:쪽|것)이 ?(?:더 )?(?:많|적)\S*|더 ?많(?:아요?|나요|은가요|은지|습니까)(?=\W*$)", r"\b(?:are|were) there more\b|\bwhich (?:\w+ )?(?:has|have|had|gets?|is|are) (?:the )?more\b|\bwhat has more\b"),
    "trend": _any(r"추이|추세|(?:월|달|매월|매달)(?:별|마다)(?:로)?|트렌드|\btrends?\b|over time|(?:늘|줄|증가하|감소하)고 있(?:어요?|나요?|습니까|는지|니)|(?:늘었|줄었|변했|변화했)(?:어요?|나요?|습니까|니|지)|(?:by|per|each) month|monthly|(?:which|what|the) months?\b(?=.* most\b)|(?:몇 ?월|어느 ?달|무슨 ?달)에?(?=.* (?:많|적))|(?:가장|제일) ?많(?:은|았던|이 나온) ?달(?:은|이)?"),
    "similar": _any(
        r"(?:과|와|이랑|랑)? ?(?:비슷한|유사한|닮은)|\bsimilar to\b|\bpapers? like\b|\bmore like\b|\brelated papers? (?:to|of)\b"
    ),
    "summary": _any(r"요약|정리|\bsummar\w+|\bdigest\b|\boverview\b|\brecap\b|what happened|무슨 논문이 나왔"),
    "explain": _any(
        r"(?<=[가-힣A-Za-z])이?란\W*$|설명|알려 ?(?:줘|주)|소개|뭐(?:야|예요|지|니)|무엇(?:인가|입니까|이야|이지)|어떤 (?:논문|방법|모델|연구)(?:이야|인가|입니까|이지|인지)|무슨 (?:내용|논문)|핵심|요지",
        r"\bexplain\b|\bwhat(?:'s| is| are| does)\b|\btell me about\b|\bdescribe\b|\bsummar|\bmain idea",
    ),
    "fact": _any(
        r"얼마나|얼마|몇 ?(?:배|%|퍼센트|점|단계|시간|초|장|비트|토큰|가지|차원|개의)|왜 |어떻게|어느 (?:정도|데이터|벤치마크|모델)|어떤 (?:데이터|벤치마크|모델|방식|방법|기법|문제|성능)|무슨 (?:데이터|모델|방법)|(?:성능|속도|정확도|점수|크기|비용|fid|bleu|mmlu)(?:은|는|이|가)?\W*$|몇 ?점",
        r"\bhow\b|\bwhy\b|\bwhich (?:dataset|benchmark|model|method|language|metric)|\bwhat (?:dataset|benchmark|model|method|accuracy|score|speed|size|percentage|kind|fid|bleu|[\w-]+ (?:rate|size))|\b(?:score|accuracy|fid|bleu|speed|size|latency|rate) of\b",
    ),
    "papers": _any(
        r"논문|페이퍼|연구(?=들|[는은가를]?\s|[는은가를]?\W*$)|\bpapers?\b|\bstud(?:y|ies)\b|\bpublications?\b|\bworks?\b|\bresearch\b|\b(?:any|some|every)thing (?=about|on|by)"
    ),
    "listing": _any(
        r"어떤|어느|무슨|목록|리스트|모두|모든|전부|전체|다 (?:보여|알려|찾아)|논문들|찾아|보여|알려|나열|추천해|있(?:나요|어|니|을까|습니까|는지|는|나|어요)",
        r"\bwhich\b|\bwhat\b|\blist\b|\ball\b|\bfind\b|\bshow\b|\bgive\b|\bany\b|\bpapers\b|\bare there\b|\bis there\b|\bsearch\b",
    ),
    "yes_no": _any(
        r"(?:있|[했됐썼]|였)(?:나요|어|어요|니|을까요?|습니까|나|지|는지)\W*$|(?:나요|인가요|입니까|습니까|맞아|이야)\W*$",
        r"^\W*(?:is|are|does|do|did|was|were|has|have|can)\b",
    ),
    "what": _any(r"뭐|무엇|무슨|어떤|어느|몇|누가|누구|언제|왜|얼마", r"\b(?:what|which|who|when|how|why)\b"),
    "one": _any(
        r"\b(?:the|that) paper (?:that|about|on|which|where|for)\b",
        r"논문(?:이|은)? ?(?:뭐였|뭐더라|이름이|제목이|무엇이었)|^\W*(?:the|that) (?:[\w.-]+ ){2,6}paper\W*$",
    ),
    "recommend": _any(r"추천|recommend|읽을 ?만한|worth reading"),
    "use": _any(
        r"(?:으로|로) ?(?:직접 )?(?:평가|학습|훈련|실험|검증|테스트)(?:한|하는|된|했던)|\b(?:that (?:are |were )?)?(?:evaluat(?:e|es|ed|ing)|train(?:s|ed|ing)?|test(?:s|ed|ing)?|benchmark(?:s|ed|ing)?|(?:fine-?|pre-?)?(?:tune[sd]?|train(?:s|ed))) (?:(?:their|its|the) (?:models?|methods?) )?(?:on|with|using)\b",
        r"[와과] ?(?:결합|접목|통합)(?:한|하는|된|시킨)",
        r"(?:을|를|으로|로)? ?(?:직접 )?(?:사용|이용|활용|적용|채택|도입|응용)(?:해서?|하여|하고|하면서|되고)?(?:한|하는|했던|된|되는|했|하|함|됨)?",
        r"(?:을|를)? ?(?:쓴|쓰는|썼던|써서|쓰면서)(?=\s|거|것)|(?:을|를) ?쓰(?:지만|고|며|되)(?!\S)|(?:을|를) ?(?:쓰|썼)(?:나요?|니|어요?)(?=\W*$)|(?:을|를)? ?기반(?:으로|의|인)? ?(?:한|하는|된|만든)?|(?:을|를)? ?바탕으로 ?(?:한|하는)?",
        r"\b(?:that |which |to |who )?(?:have |has |had |are |were |is |do |does |did )?(?:us(?:e|es|ed|ing)|based on|built (?:on|upon|with)|build(?:s|ing)? (?:on|upon)|extend(?:s|ed|ing)?|adopt(?:s|ed|ing)?|leverag(?:e|es|ed|ing)|employ(?:s|ed|ing)?|appl(?:y|ies|ied|ying)|utili[sz](?:e|es|ed|ing))\b",
    ),
    "mention": _any(
        r"(?:이|가|을|를)? ?(?:언급|거론|등장)(?:한|하는|된|되는|하|되|했)?",
        r"\b(?:that |which )?(?:mention(?:s|ed|ing)?|br(?:ings?|inging|ought) up|refer(?:s|red|ring)? to|cit(?:e|es|ed|ing)|discuss(?:es|ed|ing)?)\b",
    ),
    "propose": _any(
        r"(?:을|를)? ?(?:새로 |맨 ?|가장 )?(?:처음(?:으로)? ?|최초로 ?)?(?:제안|고안|창안|발명)(?:한|하는|했던)|(?:을|를)? ?(?:처음(?:으로)?|최초로) ?(?:소개|발표|공개|제시|도입)(?:한|했던)",
        r"\b(?:that |which |who )?(?:first |originally )?(?:propos(?:e|es|ed|ing)|introduc(?:e|es|ed|ing)|invent(?:s|ed|ing)?)\b",
    ),
    "topics": _any(
        r"(?:주제|토픽|키워드|분야)(?:들)?(?:은|는|이|가|를|을|별)?(?!\S*[가-힣]{2})(?!.*(?:논문|연구))",
        r"\b(?:topics?|themes?|keywords|research (?:areas?|fields?))\b(?! of\b)",
        r"\bwhat (?:are|do) (?:people|researchers|they|others|we) (?:all )?(?:working on|work on|studying|study|doing|do)\b(?: in)?|(?:무엇|뭘|무얼|어떤 것)을? ?(?:많이 |주로 )?연구(?:하고 ?있|하나|하는지|합니까)\S*",
    ),
    "about": _any(
        r"(?:에|와|과) ?(?:대한|관한|대해|관해|관련된|관련한|관련)(?:서)?|관련(?:된|한|해|해서)?|(?:을|를)? ?(?:다룬|다루는|제안한|제안하는|연구한|연구하는|소개한|소개하는|주제로 한|포함한|포함하는)|(?:분야|(?<![가-힣])(?:주제|계열|쪽))(?:의|에서|에)?",
        r"\b(?:research (?:on|into)|(?:research )?(?:about|regarding|related to|relating to|concerning|covering|dealing with|focus(?:ed|ing)? on|on the topic of|that propose|proposing|involving|that study|in the field of|working on))\b",
    ),
}  # fmt: skip
FIELDS: tuple[tuple[Field, re.Pattern[str]], ...] = (
    ("authors", _any(r"저자(?:는|가|들|를|을|진|명)?(?: ?(?:누구|알려))?|누가(?= ?(?:\S+[을를] )?(?:처음 ?)?(?:썼|쓴|작성|만들|만든|제안|개발|발표))|\bwho (?:wrote|authored|(?:first )?(?:proposed|introduced|invented|developed|created|made|built)|(?:are|were|is|was) (?:the|its) authors?)|\bauthors? of\b|\bwhich authors\b|\bits authors\b")),
    ("votes", _any(rf"(?:몇|얼마나 많은) ?{_VOTE}|{_VOTE}(?:는|은|가|이)? ?(?:몇|얼마)|{_VOTE} ?수(?:는|가)?\W*$|how many {_VOTE}|\bvotes (?:of|for) ")),
    ("date", _any(r"언제 (?:나온|나왔|발표|소개|실린|실렸)|날짜(?:는|가)|\bwhen (?:was|did|were)\b|\b(?:what|which) (?:date|day)\b")),
    ("link", _any(r"(?:링크|주소|url)(?:는|를|가|만)?|\b(?:link|url) (?:to|of|for)\b")),
)  # fmt: skip
# --- Topics and growth
MOST = _any(
    r"(?:가장|제일|주로) ?(?:많이|자주|인기|흔|활발|주목)|많이 ?(?:다뤄|다루어|나온|연구)|인기(?: ?있는| ?많은)?|주요|주된|핫한|뜨거운|화제",
    r"\b(?:most|main|major|top|popular|common|dominant|hot(?:test)?|frequent)\b",
)
RISING = _any(
    r"뜨는|떠오르는|뜨고 ?있는|부상하는|유행(?:하는)?|급부상|늘어난|늘고 ?있는|새로 ?(?:나온|떠오른)|급증한|주목받는",
    r"\b(?:rising|trending|emerging|growing|up[- ]and[- ]coming|gaining)\b",
)
# Who wrote most; the words between may name what about.
_WRITE_KO, _WROTE = (
    r"(?:썼|쓴|쓰|낸|냈|내|발표한|발표했|작성한|작성했)",
    r"(?:has|have|had|wrote|written|published|authored)",
)
_WRITER_KO, _WRITER = (
    r"(?:저자|사람|연구자|연구원|학자)(?:들)?(?:은|는|이|가|을|를)?",
    r"(?:authors?|researchers?|people|persons?|scientists?)",
)
AUTHORS = _any(
    rf"(?<=[와과랑] )(?:함께|같이) ?(?:\S+[을를] )?{_WRITE_KO}[가-힣]* ?{_WRITER_KO}|공저자(?:들)?(?:은|는|이|가|을|를)?(?= ?(?:누구|목록|알려|보여|\W*$))",
    r"\bco-?authors of\b|\b(?:who|which (?:authors?|researchers?)) (?:has |have |had )?(?:co-?authored|written|wrote|published|worked)(?: papers)? with\b|\bcollaborators of\b",
    rf"(?:논문|연구)(?:을|를|이)? ?{_MOST} ?많이 ?{_WRITE_KO}[가-힣]*(?: ?{_WRITER_KO})?",
    rf"{_MOST} ?많이 ?{_WRITE_KO} ?{_WRITER_KO}|(?<!표가 )(?<!표 )(?<!표를 ){_MOST} ?많은 ?(?:논문|연구)(?:을|를)? ?{_WRITE_KO}[가-힣]*(?: ?{_WRITER_KO})?",
    rf"(?:논문|연구)(?: ?(?:수|편수))?(?:이|가)? ?{_MOST}? ?많은 ?{_WRITER_KO}|{_MOST} ?(?:활발한|다작한?) ?{_WRITER_KO}|다작(?:한|하는)? ?{_WRITER_KO}",
    r"저자별 ?(?:논문 ?)?(?:수|편수)|저자(?:별|들의)? ?(?:논문 ?(?:수|편수) ?)?(?:순위|랭킹)|(?:사람|연구자)별 ?(?:논문 ?)?(?:수|편수|순위)",
    rf"\b(?:who|(?:which|what) {_WRITER}) (?:(?:has|have|had) )?{_WROTE} (?:the )?most(?= (?:[\w-]+ ){{0,3}}papers\b)|\b{_WRITER} (?:with|of|(?:who|that) {_WROTE}) (?:the )?most(?= (?:[\w-]+ ){{0,3}}papers\b)",
    rf"\bmost (?:prolific|productive|active|frequent|published) {_WRITER}\b|\btop +(?=(?:\d+ )?authors\b)|\b(?:number of )?papers (?:per|by each) author\b|\bauthors (?:ranked )?by (?:the )?number of papers\b",
)
WHO = _any(r"누가|누구(?:야|인가요?|예요|입니까|지)?", r"\bwho\b|\bauthors\b")
PEOPLE = re.compile(r"(?P<a>\d{1,3}) ?명(?:만|을|은)?|\b(?P<b>\d{1,3}) (?=authors\b)", re.IGNORECASE)
LATELY = _any(r"요즘|최근|요새|근래", r"\b(?:recent(?:ly)?|lately|these days|right now|currently|nowadays)\b")
# --- Organisations, whose papers the digests do not tell
_ORG = (
    r"(?:구글(?: ?(?:딥마인드|리서치))?|딥 ?마인드|메타(?: ?AI)?|페이스북|오픈 ?AI|마이크로소프트|엔비디아|애플|아마존|네이버|카카오|삼성(?:전자)?|LG(?: ?AI ?연구원)?|바이두|알리바바|텐센트|바이트댄스|화웨이|앤트로픽|스탠퍼드(?: ?대학교?)?|카이스트|서울대(?:학교)?|버클리|"
    r"Google(?: (?:DeepMind|Research))?|DeepMind|Meta(?: AI)?|FAIR|Facebook|OpenAI|Microsoft(?: Research)?|NVIDIA|Apple|Amazon|Naver|Kakao|Samsung|Baidu|Alibaba|Tencent|ByteDance|Huawei|Anthropic|Stanford(?: University)?|MIT|KAIST|CMU|UC Berkeley|Tsinghua(?: University)?)"
)
STANDS = re.compile(r"(?:이|가)? ?(?:들어|포함|쓰인|나오|나온)[가-힣]*(?: ?있[가-힣]*)?")
IN_TITLE = _any(
    r"제목(?:에|으로)(?=.*(?:들어|포함|있는|있어|나오|나온|쓰인|쓴|가진))|제목이(?=.*(?:포함|들어|시작))",
    r"\bin (?:the|their|its) titles?\b|\b(?:whose |with )?titles? (?:that )?(?:contain|includ|mention|say)(?:s|es|ing|e)?\b|\btitled with\b",
)
FROM_ORG = _any(
    rf"(?<![A-Za-z가-힣])(?P<a>{_ORG})(?:(?:에서|가|이)? ?(?:최근에? ?)?(?:낸|쓴|발표한|나온|내놓은|작성한) ?|의 )(?:논문|연구)(?:들)?(?:은|는|을|를|이|가|도|만)?(?=\W*$| ?(?:뭐|어떤|무엇|목록|리스트|모두|전부|알려|보여|찾아|있|몇|추천|중))",
    rf"\b(?:papers?|work|research|studies|publications) (?:(?:published|written|released) )?(?:by|from|of) (?P<b>{_ORG})(?=\W*$| (?:in|on|about|since|this|last)\b)",
    rf"\b(?P<c>{_ORG})(?:'s)? papers\b",
)
# Nor do they tell where somebody is from.
_NATION_KO = r"(?:한국|국내|중국|미국|일본|영국|독일|프랑스|인도|캐나다|대만|싱가포르|이스라엘|스위스|호주|러시아|유럽|해외|외국)"
_GROUP_KO = r"(?:인|사람|저자|연구자|연구진|연구원|연구팀|학자|과학자|대학교?|기관|회사|기업|연구소)"
_NATION = r"(?:korean|chinese|american|us|japanese|british|german|french|indian|canadian|taiwanese|singaporean|israeli|swiss|australian|russian|european|foreign)"
_GROUP = r"(?:authors?|researchers?|scientists?|scholars?|people|teams?|groups?|labs?|laborator(?:y|ies)|universit(?:y|ies)|institut(?:es?|ions?)|compan(?:y|ies))"
FROM_NATION = _any(
    rf"{_NATION_KO}(?: ?{_GROUP_KO}){{1,2}}(?:들)?(?:이|가|에서|의)? ?(?:(?:최근에? )?(?:쓴|낸|발표한|작성한|만든|개발한|참여한|나온) ?(?:\S+ ){{0,2}})?(?:논문|연구(?![가-힣]))",
    rf"\b(?:papers?|works?|research|stud(?:y|ies)|publications?|written|published)(?: \w+)? (?:by|from) (?:\w+ )?{_NATION} {_GROUP}\b|\b{_NATION} {_GROUP}(?:['’]s?)? (?:papers?|work|research|wrote|(?:have )?(?:written|published))\b|\b(?:papers?|work) (?:that |which )?{_NATION} {_GROUP}\b",
)
# --- People
AUTHOR_CUE = _any(
    r"(?:이|가)? ?(?:함께|같이) (?:쓴|낸|참여한|발표한|작성한)|(?:가|이|씨가|님이)? ?(?:공동 ?)?(?:저자|공저자|저술|집필)(?:로|인|로서|에)?(?: ?(?:참여|포함|등재)(?:한|된|하는|했))?|(?:이|가|님이|씨가) ?(?:쓴|낸|참여한|발표한|작성한|함께 쓴)|(?<!\S)(?:참여(?:한|했\S*)?|집필한|(?<![을를] )낸)(?!\S)|공저한?|(?:의|이 쓴) (?=논문|연구)",
    r"\b(?:co-?)?(?:author(?:s|ed)?|writ(?:e|es|ten)|wrote|publish(?:es|ed)?)(?: by)?\b|\bby(?= [A-Z])|\bpapers? (?:of|from)(?= [A-Z])|\bt(?:akes?|aken|ook) part\b|\bparticipat(?:ed?|es)\b",
)
TITLE = re.compile(r"(?<=[가-힣A-Za-z]) (?:교수|박사|연구원|선생)님?(?=[이가의은는과와]?(?:\s|$))")
AUTHOR_NOUN = re.compile(r"쓴|낸|저자|공저|참여|발표|작성|저술|집필|의")
WORKS = re.compile(r"\bhow (?:does|do|did) .{1,40} works?\b|어떻게 ?(?:작동|동작)", re.IGNORECASE)  # asks for the whole
ANY = re.compile(r"\bany papers?\b|논문(?:이|은|도|들이)? ?있", re.IGNORECASE)
PLURAL = re.compile(r"제목에|논문들|\bpapers\b|어떤 논문|목록|모두")
# --- Words
OR = r"(?<![A-Za-z])or(?![A-Za-z])|또는|혹은|아니면"
_CONNECT = re.compile(
    rf"(?:(?<!\s)\s+)?(,|、|&|(?<=\s)\+(?=\s)|/(?=\s)|\band\b|그리고|및|이랑|하고(?=\s)|{OR})\s*", re.IGNORECASE
)
NOISE_KO = re.compile(
    r"(?:그럼|그러면|혹시|좀|제발|부탁|여기|거기|그|저|이|그중|중|중에|중에서|가운데|것|거|건|게|걸|것만|거만|것들|수|데|최근|요즘|어떤|어느|무슨|무엇|뭐|뭔가|왜|모든|모두|전부|전체|다|들|"
    r"목록|리스트|내용|정보|결과|자료|글|[편개]의?|논문들?이?|연구|연구들|페이퍼|방법|방식|다이제스트|"
    r"(?:알려|보여|찾아|추천해|설명해|소개해|요약해|정리해|나열해|비교해|검색해|말해|가르쳐|뽑아|골라|해|만들어)(?: ?줘|주세요|주라|줄래|줘요|주실래요|봐|보세요|달라)?\S*|"
    r"(?:설명|소개|요약|정리|나열|비교|검색|추천|질문)(?:해\S*|하\S*|을|를|은|는|도|만)?|둘|"
    r"공동|공저|함께|같이|말고|대신|역대|법|씩|들어간|들어있\S*|읽을\S*|줄|볼|만한|다른|제목[만에]?|표로|지만|으며|면서|으면서|위해\S*|통해\S*|아닌|줘|줘요|줄래\S*|주(?:세요|라|시\S*|십\S*)|싶어\S*|싶은\S*|있\S*|없\S*|되\S*|된\S*|하\S{0,3}|한|할|했\S*|해|인가요?|입니까|이야|야|나요|까요?|이에요|예요|어요?|지요?|죠|니|습니까|[합됩]니까|은|는|이|가|을|를|의|에|도|만|와|과|로|으로|인|같|"
    r"나온|나왔\S*|어때\S*|분야\S*|관련\S*|대한|관한|위한|통한|실린|발표된|올라온|관심\S*|차이\S*|공통\S*|무엇\S*|뭐\S*|누구\S*|누가|언제\S*|어디\S*|얼마\S*|가장|제일|총|몇|받은|많은|많이|많|높은|적은|순\S{0,2})"
)  # fmt: skip
# Nouns of a request are noise ("요약 좀") unless a noun follows ("요약 모델", "검색 증강"); head nouns after a name are.
_REQUEST = re.compile(r"설명|소개|요약|정리|나열|비교|검색|추천|질문")
HEADS = frozenset(
    "데이터셋 데이터세트 데이터 벤치마크 모델 모형 알고리즘 아키텍처 기법 기술 dataset datasets benchmark benchmarks model models algorithm architecture technique techniques".split()
)
NOISE_EN = frozenset(
    (
        "a about above against all also am among amongst an and any anyone anything anywhere are as at be been below between both but by can "
        "could did do does done during each either ever every everyone everything for from had has have how i i'm if in into is it its just me "
        "my neither no not now of off on one ones only onto or our out over per so some somebody something somewhere than that the their them "
        "then there these they this those through to together too under until up upon us very via w was we were what what's whatever when where "
        "whether which while who whose why will with within would you your called titled entitled "
        "appear changed changes come came cite develop developing digest exist explain find found get getting got give given gave happen improve improving include including interested introduce introducing involve combine "
        "know latest like list look looking make many mention method more most much need new novel number ordered overview paper please posted present "
        "propose proposing publication publish ranked recap recent recommend release search see show shown sort study suggest summarize summarise summary "
        "take taken took tell thing topic upload want work wrote write written researcher lately nowadays people"
    ).split()
)
_PARTICLE = re.compile(
    r"(?:에서의|에서는|으로는|으로의|이라는|라는|이라고|라고|에서|에게|에는|에도|에만|으로|까지|부터|보다|처럼|마다|이나|이란|란|들의|들을|들은|들이|들|을|를|은|는|이|가|의|에|로|도|만|과|와|나|랑|야|요)$"
)
_DOING = re.compile(r"([가-힣]{2,})(?:하는|한|할|하여|해서|하고|했던|되는|된|시키는|시킨)")
_HEAD = re.compile(r"논문|연구|방법|법(?![가-힣]{2})|기법|방식|모델|기술|것|거|데|프레임워크|시스템|알고리즘|페이퍼")
_KEEP = tuple(
    (
        "전문가 작가 화가 정확도 난이도 선호도 유사도 해상도 복잡도 신뢰도 만족도 속도 온도 밀도 지도 빈도 각도 강의 정의 회의 주의 평가 추가 증가 국가 효과 결과 사이 높이 길이 차이 깊이 놀이 오디오 "
        "레이 플레이 비디오 스테레오 라디오 시나리오 포트폴리오 의미 언어 동의어 데이터 미디어 아이디어 코드 도메인 프레임워크 네트워크 스코어 소프트웨어 하드웨어 인터페이스 회로 경로 제로 그라디언트 판다 언어로 신호 "
        "로봇 도로 토크나이저 양자화 이미지 로라 라마 맘바 알파 감마 람다 에이아이 자이로 투명도 가속도 파라미터 그래피 사회 음이 나이 종이 아이 레이어 스파이 실세계 세계 문서 나노 피드 어휘 의료 법률 "
        "재료 원리 자료 재난 인과 성과 물과 사과 치과 안과 외과 내과 학과 교과 투과 초과 경과"
    ).split()
)


@lru_cache(maxsize=4096)
def is_noise(word: str) -> bool:
    """Whether an English word, in any of its forms, belongs to asking and not to what is asked about.

    >>> is_noise("introduced"), is_noise("includes"), is_noise("diffusion")
    (True, True, False)
    """
    low = fold(word)
    forms = {low, low.removesuffix("s"), low.removesuffix("es"), re.sub(r"(?:ied|ies)$", "y", low)}
    forms |= {low.removesuffix("ed"), low.removesuffix("d")}
    return not NOISE_EN.isdisjoint(forms)


def stem(token: str) -> str:
    """Return a token without its Korean particle; nouns that only look inflected stay."""
    if not re.search(r"[가-힣]$", token) or token.endswith(_KEEP):
        return token
    bare = _PARTICLE.sub("", token)
    latin = bool(re.search(r"[A-Za-z0-9)+]$", bare))
    return bare if bare and (latin or len(re.findall(r"[가-힣]", bare)) >= 2) else token


_SPACING = (  # where hurried writers leave blanks out
    (re.compile(r"논문 ?중(?=[가-힣])(에서?)?"), r"논문 중\1 "),
    (re.compile(r"(?<=[가-힣A-Za-z0-9])논문(?!집)"), " 논문"),
    (re.compile(r"논문(?=요약|정리|설명|비교|추천|목록|찾아|보여|알려|있|몇)"), "논문 "),
    (re.compile(r"(?<=[A-Za-z0-9])(?=비교|차이|요약|설명|관련|기반|사용|언급)"), " "),
    (re.compile(r"(?<=[A-Za-z0-9])(이랑|하고|[와과랑를을은는이가의])(?=[A-Za-z])"), r"\1 "),
)


def spaced(text: str) -> str:
    """Put the blanks around 논문 and after particles that hurried writers leave out.

    >>> spaced("3D재구성논문중표가가장많은것은"), spaced("Mamba와Gamba비교")
    ('3D재구성 논문 중 표가가장많은것은', 'Mamba와 Gamba 비교')
    """
    for pattern, blanks in _SPACING:
        text = pattern.sub(blanks, text)
    return text


class Verb(str):
    """The noun of a verb whose object is the word before ("비디오를 생성하는"): part of a name with it, or nothing."""

    __slots__ = ()


@dataclass
class Phrase:
    """A run of meaningful words; `alternative` to the phrase before it ("A 또는 B")."""

    words: list[str]
    alternative: bool = False


_PLEASE = re.compile(r"줘|줄래|줄 수|주[세십실시라]|드려|봐")  # "꼽아 줘": what stands before is a verb
_GLUE = "\u2423"
MAX_WORDS = 60  # meaningful words of a question that are read; the longest of 1,716 descriptions has 46


@lru_cache(maxsize=1)
def _compounds() -> re.Pattern[str]:
    several = (s.replace("-", " ") for group in glossary().groups for s in group)
    spellings = sorted({s for s in several if " " in s}, key=lambda s: (-len(s), s))
    return re.compile(
        rf"(?<![A-Za-z0-9가-힣])(?:{'|'.join(map(re.escape, spellings))})(?![A-Za-z0-9]|[하한할해되된])", re.IGNORECASE
    )


def _glued(text: str) -> str:
    """Join the words of spellings that the glossary knows ("text to speech", "검색 증강 생성"), lest they be cut apart."""
    return _compounds().sub(lambda match: match.group().replace(" ", _GLUE), text)


def _is_content(token: str, following: str) -> bool:
    """Whether a noun of a request names a topic instead: "요약 논문", "추천 시스템", but not "추천 논문", "요약 좀"."""
    head = stem(following)
    if head.startswith(("논문", "연구")):
        return token in ("요약", "검색")
    return len(head) > 1 and not NOISE_KO.fullmatch(head) and bool(re.match(r"[가-힣A-Za-z]", head))


def phrases_of(text: str) -> list[Phrase]:
    """Split what is left into runs of meaningful words, particles off; the first MAX_WORDS of them."""
    phrases: list[Phrase] = []
    pieces = _CONNECT.split(_glued(text))
    for place in range(0, len(pieces), 2):
        phrases.append(Phrase([], bool(place and re.fullmatch(OR, pieces[place - 1], re.IGNORECASE))))
        if phrases[-1].alternative and place > 2 and pieces[place - 3] in (",", "、") and len(phrases) > 2:
            phrases[-2].alternative = True  # "A, B 또는 C"
        governed = False  # the word before is an object: an adnominal after it is its verb ("환각을 줄이는")
        tokens = [
            re.sub(r"(?<=[A-Za-z0-9])['’]s$", "", raw.strip("?!.,;:~…“”\"'‘’()[]{}<>`*").replace('"', "")).replace(
                _GLUE, " "
            )
            for raw in pieces[place].split()
        ]
        for token, following in zip(tokens, [*tokens[1:], ""][: len(tokens)], strict=True):
            bare = token if " " in token and glossary().knows(token) else stem(token)
            if noun := _DOING.fullmatch(token):
                bare = Verb(noun.group(1)) if governed else noun.group(1)
            called = bool(re.search(r"[A-Za-z0-9)]이?라는$", token))  # "Gamba라는 논문"
            verb = not (noun or called) and (
                (governed and bool(re.search(r"[가-힣](?:는|은|한|할|던|기|고|(?<!에)서)$", token)))
                or (token.endswith(("는", "던")) and bool(_HEAD.match(following)))
            )
            governed = (bare != token and token.endswith(("을", "를", "에서"))) or (governed and token.endswith("게"))
            noise = (not noun and bool(NOISE_KO.fullmatch(token))) or bool(NOISE_KO.fullmatch(bare))
            noise = noise or bool(_PLEASE.match(following) and re.search(r"[아어여해려춰워와]$", token))
            if _REQUEST.fullmatch(token) and _is_content(token, following):
                noise = False
            if verb or noise or is_noise(bare) or not re.search(r"\w", bare):
                phrases.append(Phrase([]))
                continue
            phrases[-1].words.append(bare)
            if following and token != bare and (joint := re.search(r"(?:과|와|랑|(나))$", token)):
                phrases.append(Phrase([], bool(joint.group(1))))
    left = MAX_WORDS
    for phrase in phrases:
        phrase.words = phrase.words[:left]
        left -= len(phrase.words)
    return [phrase for phrase in phrases if phrase.words]


# --- Statements
_TOLD = re.compile(r"^\W*(?:an?|the|this|these|those|our|we|it|new|novel|here's|in this)\b", re.IGNORECASE)
_ASKED = _any(
    r"\?\s*$|^\W*(?:please|can|could|would|do|does|did|is|are|was|were|has|have|what|what's|which|who|whose|when|where|why|how"
    r"|list|show|find|give|get|tell|name|search|explain|describe|summari[sz]e|compare|recommend|count|top|any|all|i|let)\b"
    r"|^\W*(?:the )?(?:\w+ )?(?:latest|newest|oldest|earliest|(?:most|least) \w+|top|best) [\w -]{0,20}\bpapers?\b"
    r"|^\W*the (?:\w+ )?papers\b",
    r"(?:줘요?|주세요|주라|줄래요?|주실래요|(?:나|가|까|래|어|은가|는가|인가)요|까|냐|니|[있했됐었]어|뭐야|이야|누구야|[나는던은인]지|싶다|싶어요?|궁금\S*"
    r"|찾고 있습니다|십시오|바랍니다|부탁\S*|싶습니다|논문들?[은는을만도]?|[것거건]만?|순위?|목록|리스트|추이|비교|추천|개수|편수|\d{1,4} ?[개편])\s*[.!~…]*$",
)
_OWN = re.compile(r"^\W*(?:본|이|해당|우리) (?:논문|연구)")
_STATED = re.compile(r"(?:[가-힣]다|[함음임됨킴짐봄침움줌옴냄룸둠뤔힘춤감남옮])\s*[.]?$")


def is_statement(text: str) -> bool:
    """Whether a text says something about a paper instead of asking: it is long and has no form of a question.

    >>> is_statement("MLLM의 창의력을 평가하기 위해 멀티모달 벤치마크를 도입함"), is_statement("Mamba를 사용한 논문")
    (True, False)
    >>> is_statement("The model learns to walk from video"), is_statement("The three papers with the fewest votes in 2024")
    (True, False)
    """
    words = len(text.split())
    if (
        _ASKED.search(text)
        or AUTHORS.search(text)
        or (re.search(r"\bpapers\b", text, re.IGNORECASE) and not _TOLD.match(text))
    ):
        return False
    if question_language(text) == "en":
        return words >= (5 if _TOLD.match(text) else 8)
    if _STATED.search(text):
        return words >= 5
    return words >= 6 and ("논문" not in text or bool(_OWN.match(text)))
