"""What a question wants besides its kind: a reason, a verdict, how things are done, what to read first. Pure functions.

The network learns kinds and roles; these are small ways of asking, told by plain words that stand beside any topic.
"""

from __future__ import annotations

import re
from typing import Literal

from rag.language.patterns import lazy

Shortly = Literal["", "line", "simpler"]
"""How an explanation is to be kept to one sentence: by a line, or in simpler words; "" where it is not."""

_WHY = lazy(
    r"(?<![가-힣])왜 ?(?:\S+ )?(?:쓰|써|씀|사용|필요|좋|중요|하는|해|나왔)|(?:쓰는|사용하는|필요한) (?:이유|까닭)|(?:무슨|어떤) (?:장점|이점)|장점[은이]|어디(?:에|다|에다)? ?(?:쓰|써|쓸|좋|활용|사용)"
    r"|\bwhy (?:is|are|do|does|would|should|use|bother|it|people|we)\b|\bwhat(?:'s| is) (?:it|the point) (?:good )?(?:for|of)\b|\bwhat (?:is|are) .{2,60} (?:good|used) for\b",
    re.IGNORECASE,
)
_WHAT = lazy(
    r"(?:so |ok(?:ay)? |hey |and )?(?:what(?:['’]?s| is| are)(?: exactly)?|define|explain) (?:an? |the )?(?P<thing>[^?.!]{2,60}?)(?: exactly)?[?.! ]*",
    re.IGNORECASE,
)
_HOW = lazy(
    r"어떻게들|(?:다들|요즘|요새|최근|사람들)[^?]{0,30} 어떻게 (?:하|해|풀|다루|다뤄|접근|처리|만들|만드|쓰|써|줄이|줄여|막|구현|키우|높이|높여)"
    r"|\bhow (?:are|do|does) (?:people|folks|everyone|everybody|researchers|they|the field|others|teams)\b|\bhow is (?:everyone|everybody)\b",
    re.IGNORECASE,
)
_BETTER = lazy(
    r"(?:보다|중에?|어느 (?:게|것이|쪽이)|뭐가|누가|둘 중) ?(?:\S+ )?(?:더 )?(?:나아|나은|낫|좋아|좋은|우수|잘[ 하해되]|뛰어)|\b(?:better|stronger|superior|beats?|outperforms?|wins?)\b",
    re.IGNORECASE,
)

_THING = lazy(
    r"(?:(?:so|ok(?:ay)?|hey|and|but),? )?(?:what(?:['’]?s| is| are| does)(?: exactly)?|define|explain|meaning of) (?:an? |the )?(?P<en>[^?.!,]{2,40}?)(?: mean| exactly| again)?[?.! ]*"
    r"|(?:그럼 |근데 |혹시 |대체 |도대체 )?(?P<ko>[^?.!,]{2,40}?)(?:이란|란|이?라는 ?(?:게|건|것[은이]?)|[이가은는])? ?(?:게 |건 )?(?:대체 |정확히 )?"
    r"(?:뭐야|뭐[에예]요|뭔가요|뭔데|뭐임|뭐지|뭡니까|무엇인가요|무엇입니까|무슨 (?:뜻|의미)(?:이야|인가요|이에요)|(?:뜻|개념)이 뭐야)(?:요| 알려 ?줘| 설명해 ?줘)?[?.!~ ]*",
    re.IGNORECASE,
)

# A beginner says what to read first, and that he is one; what is left is the topic.
_FIRST = lazy(
    r"(?:(?:그럼|근데|저는?|나|난|제가) )?(?:뭐|뭘|무엇|무얼|무슨 (?:논문|거|것)|어떤 (?:논문|거|것|걸)|어느 논문|어디)(?:를|을|서)?부터 (?:읽|보|봐|시작|공부|배우)\S*(?: (?:하|돼|될|되|좋|할|해|한)\S*)?(?: \S{0,5}[요까지])?"
    r"|(?:제일 |가장 )?먼저 (?:읽|봐|볼|보면)\S*(?: (?:할|좋|만|될|하)\S*)?(?: (?:논문|거|것)\S*)?|읽는 순서\S*|읽을 순서\S*|입문(?:용|자용|서)?(?:으로)? (?:논문|읽을|볼|좋은)\S*(?: 만한)?|첫 논문\S*"
    r"|\b(?:what|which)(?: papers?| ones?)?(?: (?:should|do|could|can|would|must|to))?(?: (?:i|we|one|you))?(?: (?:recommend|suggest)(?: (?:i|me|we))?(?: to)?)? (?:(?:read|start|begin)(?:ing)?(?: (?:reading|learning))?(?: with)? first|(?:start|begin)(?:ing)?(?: (?:reading|learning|off))?(?: with)?)(?: (?:on|about|for|in|of|to (?:learn|understand)(?: about)?|if i want to learn(?: about)?))?"
    r"|\bwhere (?:should|do|can|would|to|could)(?: (?:i|we|one|you))? (?:start|begin)(?:ing)?(?: (?:with|on|in|for|reading|learning))?(?: (?:about|on))?"
    r"|\b(?:what['’]?s |what is |what are )?(?:a |an |some |the )?(?:good |best |great )?(?:starting points?|place to start|first papers? to read|introductory papers?|intro papers?|reading list|must-reads? for beginners?)(?: (?:on|about|for|in|to))?",
    re.IGNORECASE,
)
_NEW = lazy(
    r"[을를에은는]? ?(?:완전히? |아예 |이제 막 |이제 |막 |진짜 )*(?:(?<![가-힣])처음(?:[ ]?(?:이라|인데|입니다|이에요|이야|이고)\S*|(?:으로)? (?:공부|배우|배워|시작|접하|접해|접하는|알아|입문|읽)\S*)|(?:초보|생초보|뉴비|초심자|(?<![가-힣])입문자?)(?:예요|이에요|입니다|인데|이고|라서|이라|라|야|하\S*|할\S*)\S*)(?: (?:하는데|하려는데|하려고요?|싶은데|싶어\S*))?"
    r"|[을를]? ?(?:공부|이해|입문|배우|알아보)\S*(?: 시작\S*)?(?:려면|려는데|려고|고)(?: (?:하는데|싶은데|하면))?(?= |$)"
    r"|[,;.]? ?(?:and |but |so |since |because )?i(?:['’]m| am)(?: \w+){0,2} new(?: (?:to (?:this|it|all this|the (?:field|topic|area|subject))|here))?(?=[,.;?!]| and | but | so |$)"
    r"|\bi(?:['’]m| am)(?: \w+){0,2} (?:new|a (?:\w+ )?(?:beginner|newcomer|newbie)) (?:to|in|at|with) |[,;.]? ?(?:(?:as|for|i(?:['’]m| am)) )?(?:an? )?(?:complete |total |absolute )?(?:beginner|newbie|newcomer|novice)s?\b"
    r"|[,;]? ?(?:with |having |i have )no (?:prior )?(?:background|experience|knowledge)(?: (?:in|of) (?:it|this))?",
    re.IGNORECASE,
)
_CHOOSES = lazy(
    r"(?:^|[^가-힣])(?:그|이|저|위|둘|셋)(?: ?중|것|거|걸|들| 논문| 가운데|에서)|아니면|\b(?:or|those|these|them|both|of the (?:two|three|papers))\b",
    re.IGNORECASE,
)  # among things that are named or were shown
_EMPTY = lazy(
    r"(?:ok(?:ay)?|so|then|and|논문|papers?(?: about)?|좀|추천|그럼|근데|알려\S*|정해\S*|짜\S*|만들어\S*|[ ,.?!])*",
    re.IGNORECASE,
)
_EXPLAINS = lazy(r"\bexplain|^what(?:'s| is| are) |설명|뭔지|뭐[야예에]|무엇", re.IGNORECASE)
_TO_READ = lazy(r"추천|논문|읽|\bread|\bpapers?\b|\brecommend|\bsuggest", re.IGNORECASE)


def first_reads(text: str) -> str:
    """Return a beginner's question for what to read first as one for papers on its topic; "" of any other question.

    >>> first_reads("눈 지도 처음 공부하는데 뭐부터 읽어야 하나요"), first_reads("what should I read first about snow maps, I'm completely new")
    ('눈 지도 논문', 'papers about snow maps')
    >>> first_reads("which paper on snow maps came first?")
    ''
    """
    text = _THANKS.sub("", text)
    wanted = bool(_FIRST.search(text))
    if not wanted and _EXPLAINS.search(text):  # “explain X like I'm a beginner”
        return ""
    if _CHOOSES.search(text) or not (wanted or (_NEW.search(text) and _TO_READ.search(text))):
        return ""
    korean = bool(re.search("[가-힣]", text))
    rest = _NEW.sub(" ", _FIRST.sub(_asking_for_papers, text))
    if _EMPTY.fullmatch(rest):  # it goes on from an earlier question
        return ""
    if korean and "논문" not in rest:
        rest += " 논문"
    return " ".join(rest.split()).strip(" ,.;?!")


def _asking_for_papers(match: re.Match[str]) -> str:
    """Return what stands for the words that ask what to read first."""
    said = match.group()
    if re.search("[가-힣]", said):
        return " 논문 "
    return " papers about " if match.string[match.end() :].strip(" ,.?!") else " papers "


_THANKS = re.compile(
    r"^(?:(?:ok(?:ay)?|great|nice|perfect|오|아|네|좋아요?)[,.!]? )?(?:thanks|thank you|thx|cheers|감사합니다|감사해요|고마워요?|고맙습니다|땡큐)[^.!?,~]{0,40}[.!,?~]+ (?:(?:now|so|then|그럼|이제|그러면),? )?(?=\S+ \S)",
    re.IGNORECASE,
)
_FORGOTTEN = re.compile(
    r"(?:[은는인이]데 ?)?(?:논문 ?)?(?:제목|이름)[이을은도]? ?(?:뭐였(?:는지|더라|죠|지)\S*|기억이? ?안 ?나\S*|기억(?:을|이)? ?못 ?하\S*|생각이? ?안 ?나\S*|까먹\S*|잊어\S*|모르겠\S*)"
    r"|[,;.]? ?(?:but )?(?:i )?(?:can['’]?t|cannot|don['’]?t|forgot|forget)(?: (?:remember|recall))?(?: what)? (?:the |its )?(?:title|name)(?: of it)?(?: (?:is|was))?",
    re.IGNORECASE,
)


_PERSONA = re.compile(
    r"^(?:안녕하세요[,.!]? )?(?:저는|전|제가|나는|난)? ?(?![^ ]{0,10}(?:논문|모델|방법|연구|데이터))[가-힣A-Za-z]{1,10}(?:인데요?|이라서|라서|이에요|예요|입니다)[,.]? (?=\S+ \S)"
    r"|^(?:dear [\w ]{2,20}[,.!] ?)?(?:(?:hi|hello|hey)(?: there)?[,.!]? ?)?(?:i['’]?m|i am|as) an? (?:[\w-]+ ){0,3}(?:student|professor|engineer|researcher|manager|pm|postdoc|developer|teacher|journalist)\b[,.;]? ?(?:and |looking for |who (?:is )?(?:needs?|wants?|looking for) )?(?=\S+ \S)",
    re.IGNORECASE,
)
_PERSONA_BEHIND = re.compile(
    r"(?<=[.?!요]) ?(?:저는 |전 |제가 |나는 |난 )?[가-힣A-Za-z ]{0,12}(?:개발자|학생|대학원생|석사생|박사생|기자|교사|선생님|연구원|기획자|디자이너|의사|간호사|변호사|직장인|비전공자|초보자?|입문자|문과생)(?:임|입니다|이에요|예요|이야|인데요?|이라서요?|라서요?)[.!~ ]*$"
    r"|(?<=[.?!]) ?(?:i['’]?m|i am) an? (?:[\w-]+ ){0,4}(?:student|professor|engineer|researcher|manager|developer|teacher|journalist|beginner|designer|doctor|nurse|founder)\b[.! ]*$",
    re.IGNORECASE,
)
_LEVEL = re.compile(
    r"(?<=[가-힣A-Za-z]) (?:유치원생|초등학생|초딩|중학생|중딩|고등학생|고딩|비전공자|문과생?|일반인|어린이|초보자?)(?:도|가|한테|에게)?(?: 바로)? (?:알아듣|알아들을|이해)\S*(?: 수 ?있\S+)?"
    r"|(?<=[가-힣A-Za-z]) 처음 (?:듣|들어|접하|보)\S*",
)
_FOR_WHOM = re.compile(
    r",? for (?:my|our) (?:[\w-]+ ){0,3}?(?:team|boss|manager|company|startup|class|course|lab|students|colleagues?|advisor|talk|thesis|report|kids?)\b(?= ?[,.?!]|$)"
    r"|,? (?:suitable |meant )?for (?:someone|somebody|anyone|people|a person|readers) (?:with(?:out)?|who|new to|like me)\b[^,.?!]{0,50}(?=[,.?!]|$)",
    re.IGNORECASE,
)
_LINES = re.compile(r"(?:핵심만 ?)?(?:두|세|네|다섯|[2-9]) ?줄(?:로만|로|만|짜리)? ?(?=요약|정리|설명|말|알려|$|[.?!])")
_SUMMED = re.compile(
    r"(?:이?랑|와|과|하고)? ?(?:각각|각자)(?:의)? ?(?:한 ?줄|한 ?문장|간단(?:한|히|하게)?) ?(?:요약|설명|소개|정리)(?:도|을|를)?(?= |$|[?.!])"
)


_ANNOUNCED = re.compile(
    r"(?:^ ?(?:ok(?:ay)? |alright |now )?|(?<=[,.!] ))(?:switch(?:ing)? topics?|new topic|next topic|switch|다른 주제|주제 바꿔서|화제 전환) ?[:,-] ?",
    re.IGNORECASE,
)
_RESIZED = re.compile(r"(?:아니,? )?\d{1,3} ?(?:개|편|건) ?말고 (?=\d)|\bnot \d{1,3},? but (?=\d)", re.IGNORECASE)
_AND_WHY = re.compile(
    r"(?<=\S) ?(?:그리고 )?(?:왜 [가-힣]{1,8}지도|이유(?:도|까지|랑))(?: ?(?:같이|함께))?(?: ?(?:알려|말해|설명|적어)\S*(?: ?(?:줘|주세요))?)?(?=[?.!]|$)"
    r"|,? and (?:tell me |say )?why(?=[?.!]|$)",
    re.IGNORECASE,
)


def without_asides(text: str) -> str:
    """Return a question without thanks and who asks before it, without a forgotten title and a line on each that it wants.

    >>> without_asides("thanks for the help! now something on snow maps"), without_asides("눈 지도 논문 있었는데 제목이 기억 안 나요")
    ('something on snow maps', '눈 지도 논문 있었')
    """
    kept = text
    for aside in (
        _THANKS,
        _PERSONA,
        _PERSONA_BEHIND,
        _LEVEL,
        _FOR_WHOM,
        _LINES,
        _FORGOTTEN,
        _SUMMED,
        _ANNOUNCED,
        _RESIZED,
        _AND_WHY,
    ):
        kept = aside.sub(" ", kept)
    return " ".join(kept.split()) if kept.strip(" .,?!") else text


_SAID = {
    "duration": re.compile(
        r"얼마나 (?:오래 )?걸|걸리는 시간|소요 ?시간|몇 (?:초|분|시간|일)[이만]? ?(?:걸|만에|이면|안에|정도|이나)|\bhow long (?:does|did|do|will|would)\b.{1,80}\btakes?\b|\bhow long to\b|\bhow many (?:seconds|minutes|hours)\b",
        re.IGNORECASE,
    ),
    "picture": re.compile(
        r"(?:그림|썸네일|피규어|도표|사진|이미지)(?:[을를도만]| ?하나)? ?(?:좀 |한번 )?(?:보여|볼 ?수|띄워|첨부|나와|있나|있어|있는지|있을까)"
        r"|\b(?:show|see|display|give|get|find|has|have|is there|are there|look at)(?: me| us)?(?: an?| the| any| its| their| some)?(?: \w+)?"
        r" (?:figures?|pictures?|thumbnails?|teasers?|screenshots?)\b(?= (?:of|from|for|in)\b|[?.! ]*$)",
        re.IGNORECASE,
    ),
    "authors": re.compile(
        r"\bwho(?:se)?\b|\bauthors?\b|누가|누구|저자|몇 ?명(?:이서?|이나)? ?(?:썼|쓴|공저|참여)", re.IGNORECASE
    ),
    "date": re.compile(r"\bwhen\b|언제", re.IGNORECASE),
    "votes": re.compile(r"(?:추천|투표|득표|좋아요) ?수|몇 ?표|\bhow many (?:up)?votes\b", re.IGNORECASE),
    "link": re.compile(r"\blinks?\b|\burl\b|링크|주소", re.IGNORECASE),
}
SAID_PLAINLY = ("duration", "picture")
"""Aspects that the network has not learnt, so that plain words alone tell them."""


def said_aspect(text: str) -> str:
    """Return what plain words ask of a paper: how long it takes, its picture, its authors, day or link; "none" where none of these.

    >>> said_aspect("FoxNet 한 번 돌리는 데 얼마나 걸려?"), said_aspect("how long does FoxNet take to train?"), said_aspect("how long is it?")
    ('duration', 'duration', 'none')
    """
    return next((name for name, pattern in _SAID.items() if pattern.search(text)), "none")


_TITLES = lazy(
    r"제목들?만|제목 ?(?:목록|리스트)|\b(?:just|only)(?: (?:show|give|list)(?: me)?)?(?: the| their)? titles\b|\btitles (?:only|please)\b|\blist (?:of )?(?:the |their )?titles\b",
    re.IGNORECASE,
)


def wants_titles(text: str) -> bool:
    """Whether a list is to have titles alone.

    >>> wants_titles("눈 지도 논문 제목만 쭉 나열해줘"), wants_titles("just the titles please"), wants_titles("제목에 눈이 있는 논문")
    (True, True, False)
    """
    return bool(_TITLES.search(text))


_LINE = lazy(
    r"한 ?(?:줄|문장|마디)(?:로만|로|만|으로|짜리)|한 ?(?:줄|문장) ?(?:요약|설명|정리|소개)|\bin (?:just )?(?:a|one|1) (?:single |short )?(?:line|sentence)\b|\bone[- ]?(?:liner|sentence|line) (?:summary|explanation|answer|version)|\bone[- ]?liner\b|\bin a nutshell\b|\btl;? ?dr\b",
    re.IGNORECASE,
)
_SIMPLER = lazy(
    r"(?:더|좀|조금|훨씬|아주|매우|그냥) ?(?:더 ?)?(?:쉽게|쉬운|간단히|간단하게|짧게)|쉬운 말로|쉽게 (?:풀어|말|설명|얘기)|(?:초등학생|중학생|어린이|아이|초보자?|비전공자)(?:도|한테|에게)? ?(?:도|이해|알아듣|설명)"
    r"|\b(?:simpler|simplify|simply|shorter|plainer|easier)\b|\bin (?:simple|plain|easy|layman'?s?) (?:words|terms|english|language)\b|\beli ?5\b|\blike i(?:'| a)?m (?:a )?(?:five|5|new|beginner|child|kid)\b|\bfor (?:a )?(?:beginners?|kids|dummies|laym[ae]n)\b",
    re.IGNORECASE,
)


_CALLED = lazy(
    r"뭐였(?:더라|지|죠|는지|나)|(?:제목|이름)[이을은도]? ?(?:뭐(?!뭐|가| ?있)|기억|생각|까먹|잊|가물)|(?:생각|기억)이? ?(?:안 ?나|못 ?하)"
    r"|\bwhat(?:'?s| was| is) (?:it|that|this|that paper|that one) (?:called|again|named)\b|\bwhat was (?:it|that|the (?:name|title))\b"
    r"|\b(?:forgot|forget|can(?:'|no)?t (?:remember|recall)|don'?t (?:remember|recall)|blanking on)\b[^.?!]{0,30}\b(?:name|title|called|it)\b",
    re.IGNORECASE,
)


def asks_what_it_is_called(text: str) -> bool:
    """Whether somebody has forgotten what a paper that he describes is called.

    >>> asks_what_it_is_called("눈 지도 그리는 벤치마크 뭐였더라"), asks_what_it_is_called("the one on snow maps, what was it called?")
    (True, True)
    >>> asks_what_it_is_called("눈 지도 논문 뭐 있어?"), asks_what_it_is_called("눈 지도 논문 제목이 뭐뭐 있어?")
    (False, False)
    """
    return bool(_CALLED.search(text))


def shortly(text: str) -> Shortly:
    """Return how an explanation is to be kept to one sentence.

    >>> shortly("눈 지도를 한 줄로 설명해줘"), shortly("simpler please"), shortly("눈 지도가 뭐야")
    ('line', 'simpler', '')
    """
    return "line" if _LINE.search(text) else "simpler" if _SIMPLER.search(text) else ""


_NEWEST_FIRST = re.compile(
    r"(?:최근|최신)(?:에? ?나온)? ?(?:거|것|논문|꺼|순)?(?: ?(?:위주|중심|부터|순서|순|먼저|우선|(?:\d{1,3}|[한두세네]|다섯|열) ?(?:개|편|건)))|\b(?:latest|newest|most recent|recent)(?: ones| papers)? first\b|\bfocus(?:ing|ed)? on (?:the )?(?:recent|latest|newest)\b",
    re.IGNORECASE,
)


_SORTS = lazy(
    r"[가-힣]순(?:으로|서로|서대로)?(?![가-힣])|(?<![가-힣])순(?:으로|서로|서대로)(?![가-힣])|정렬|나열|\bsort\w*\b|\border(?:ed)? (?:by|them)\b|\b(?:newest|oldest|latest|earliest|most (?:voted|popular)) first\b",
    re.IGNORECASE,
)


def sorts(text: str) -> bool:
    """Whether papers are to be put in an order, all of them.

    >>> sorts("추천 많은 순으로"), sorts("그 중 최신순"), sorts("sort them by date"), sorts("which came first?")
    (True, True, True, False)
    """
    return bool(_SORTS.search(text))


def asks_newest_first(text: str) -> bool:
    """Whether a list is to begin with its newest papers.

    >>> asks_newest_first("눈 지도 최근 거 위주로 5개"), asks_newest_first("최근 눈 지도 논문")
    (True, False)
    """
    return bool(_NEWEST_FIRST.search(text))


def asks_why(text: str) -> bool:
    """Whether a question asks what a thing is good for.

    >>> asks_why("MoE가 뭐고 왜 쓰는지"), asks_why("what is MoE and why is it used?"), asks_why("MoE가 뭐야")
    (True, True, False)
    """
    return bool(_WHY.search(text))


def asks_what(text: str, thing: str) -> bool:
    """Whether an English question asks what a thing is and nothing else: the network often takes it for a fact.

    >>> asks_what("what's test-time compute?", "test-time compute"), asks_what("what is the size of FoxNet?", "FoxNet")
    (True, False)
    """
    match = _WHAT.fullmatch(text)
    return match is not None and match["thing"].lower() == thing.lower()


def asked_thing(text: str) -> tuple[int, int]:
    """Return the place of the one thing that a question asks the meaning of; (0, 0) of any other question.

    >>> text = "지식 증류가 뭐예요?"
    >>> start, end = asked_thing(text)
    >>> text[start:end]
    '지식 증류'
    """
    match = _THING.fullmatch(text)
    return match.span("en" if match["en"] else "ko") if match else (0, 0)


def asks_how_done(text: str) -> bool:
    """Whether a question asks how people go about something, which a synthesis answers and no list.

    >>> asks_how_done("요즘 기억 장치 어떻게들 하고 있어"), asks_how_done("기억 장치 논문 있어?")
    (True, False)
    """
    return bool(_HOW.search(text))


def asks_better(text: str) -> bool:
    """Whether a question asks which of several is better.

    >>> asks_better("FoxNet이 HareNet보다 나아?"), asks_better("is FoxNet better than HareNet?"), asks_better("FoxNet이랑 HareNet 차이")
    (True, True, False)
    """
    return bool(_BETTER.search(text))


_PICKS_ONE = lazy(
    r"(?:하나|한 ?편|한 ?개|1 ?편|1 ?개)(?:만|를|을)? ?(?:골라|뽑아|집어|추천|꼽)|추천 ?(?:좀 )?(?:하나|한 ?편)|\b(?:pick|choose|just) (?:me )?(?:any )?one\b|\bone of (?:them|these|those)\b",
    re.IGNORECASE,
)
_COMPARING = lazy(
    r"비교(?:한|하는|해 ?본|분석한) ?(?:논문|연구|거|것)|\b(?:papers?|work|works|studies|anything|anyone|research)\b(?: that| which)? compar(?:es?|ed|ing)\b|\bcompar(?:es?|ed|ing) [^?.]{3,80} papers?\b",
    re.IGNORECASE,
)


def picks_one(text: str) -> bool:
    """Whether one paper is to be picked from several: “하나 골라줘”, “pick one”.

    >>> picks_one("눈 지도 논문 하나만 추천해줘"), picks_one("pick one of them"), picks_one("one paper is on snow")
    (True, True, False)
    """
    return bool(_PICKS_ONE.search(text))


def wants_comparing(text: str) -> bool:
    """Whether papers are asked for that compare several things, so that they name all of these.

    >>> wants_comparing("눈 지도랑 비 지도 비교한 논문 있나요"), wants_comparing("papers comparing snow and rain maps"), wants_comparing("compare A and B")
    (True, True, False)
    """
    return bool(_COMPARING.search(text))


_EACH = lazy(
    r"논문(?:들)?(?:이랑|랑|과|와|하고|,)? .{1,40}논문(?:들)?(?:을|를)? ?(?:각각|따로)|(?:각각|따로)(?: 따로)? ?(?:(?:\d|[한두세네]|다섯) ?(?:개|편)씩? ?)?(?:찾아|보여|알려|추천|골라|뽑아)"
    r"|\bpapers\b.{1,60}\b(?:and|,) .{1,60}\b(?:each|separately)\b",
    re.IGNORECASE,
)


def wants_each(text: str) -> bool:
    """Whether papers on several things are asked for, each for itself.

    >>> wants_each("눈 지도 논문이랑 비 지도 논문 각각 찾아줘"), wants_each("눈과 비를 함께 다룬 논문")
    (True, False)
    """
    return bool(_EACH.search(text))


def names_series(text: str, name: str) -> bool:
    """Whether all models of a name are meant, which carry it in their papers' titles.

    >>> names_series("FoxNet 시리즈 논문 다", "FoxNet"), names_series("papers of the FoxNet family", "FoxNet"), names_series("FoxNet 논문", "FoxNet")
    (True, True, False)
    """
    return bool(re.search(rf"{re.escape(name)} ?(?:시리즈|패밀리|계열|라인업|series\b|family\b)", text, re.IGNORECASE))
