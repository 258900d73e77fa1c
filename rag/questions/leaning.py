"""Short questions that lean on the one before: a side of its topic, a kind of its papers, a correction, a bare month. Pure functions."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from rag.corpus.catalogue import Catalogue
from rag.language.terms import glossary
from rag.questions.aspects import asks_which
from rag.questions.constraints import Parsed, constraints
from rag.questions.each_side import asks_which_more
from rag.questions.found import Found
from rag.questions.people import People
from rag.questions.plan import SET_KINDS
from rag.questions.quantities import names_a_top, ordinals
from rag.questions.reading import PAGE, Reading, Turn
from rag.questions.released import Released
from rag.questions.taking_away import sorts_said, takes_away
from rag.questions.wants import asks_why
from rag.questions.words import words

_SHORT = 8  # tokens of a question that may lean on another
_SHARED = 3  # papers of the answer before that name a word, from which it may be a side of their topic
_ANY_ORDINAL = 1_000  # longer than any list
_SIDE = re.compile(
    r"(?:쪽|분야)(?:으로|만|은|는|에서)?(?: ?(?:거|것|걸로|건|응용|활용|적용)(?:은|는|도)?)?(?:요)?[?.! ]*$|(?<![어글])(?:으로|로)(?: ?(?:좁혀|줄여|추려)\S{0,6})?[?.! ]*$"
    r"|(?<=[가-힣] )(?:것|거|건|게)(?:들)?(?:도|은|는|만|중에)?(?:요)?(?: ?(?:있|없|뭐|알려|보여|찾아)\S*)?(?: ?(?:줘|주세요))?(?:요)?[?.! ]*$"
    r"|^(?:and |now |just |only |ok |also |what about |how about )*(?:in|for|within|on) |^(?:just|only) "
    r"|^(?:and |are there |is there |also )*(?:any(?:thing)?|something)(?: (?:that is|that's|which is))? [\w-]+ ?\?*$"
    r"|^(?:and |are there |is there |also )*(?:any(?:thing)?|something)(?: more| else)?(?: (?:small|smaller|cheap|fast|faster|simple|light)\w*)?(?: of (?:them|these|those))?(?: (?:similar|like (?:it|that|this|them))(?:,? but)?)? (?:(?:on|about|for|in|with)|(?:that|which)(?: are| is| do| does)? \w+(?: on| for| in| with)?) ",
    re.IGNORECASE,
)
_SAME_FOR = re.compile(r"(?:and |now |ok |do )*(?:the )?same (?:thing |question )?(?:for|with|on) ", re.IGNORECASE)
_ONLY = re.compile(r"[^ ]+(?: [^ ]+)?만(?:요|이요)?[?.! ]*")
_INSTEAD = re.compile(
    r"\b(?:what|how) about\b|\binstead\b|^(?:and|or) (?:for|in|on)\b|그럼|그러면",
    re.IGNORECASE,
)
_NOT_THAT = re.compile(r"(?:아니,? )?(?:그거|그것|그건|이거|이것) ?말고 ", re.IGNORECASE)
_AND_FOR, _FOR = (
    re.compile(r"(?:and|or|what about|how about) for ", re.IGNORECASE),
    re.compile(r"\bfor\b", re.IGNORECASE),
)
_ANOTHER = re.compile(
    r"\b(?:what|how) about\b|\binstead\b|^(?:and )?[\w -]+\?$|그럼|그러면|[은는]요?\??$|도요?\??$", re.IGNORECASE
)
_NOW = re.compile(
    r"(?:ok |and )?(?:(?:now|next) (?:show )?(?:only )?|(?:just|only) )(?:the )?(?P<en>[^,.?!]+?)(?: ones| papers)?[.?! ]*",
    re.IGNORECASE,
)
_PURPOSE = re.compile(
    r"(?:그럼 |그러면 |혹시 )?(?P<whose>(?:[가-힣A-Za-z0-9]{1,10} )?[가-힣A-Za-z0-9]{1,20})용(?:으로|은|만|도|이)?(?: ?(?:것|거|건)[은만도]?)?(?: ?(?:있|없|알려|보여)\S*)?(?:요)?[?.! ]*"
)
_NO = r"(?:(?:아니|아니요|아뇨|아|앗|아니야|no|nope|sorry|oops|wait|ah|oh|actually|hmm)[,. ]{1,2}){0,3}"
_MEANT_KO = re.compile(
    r"(?:을|를|이|가|로|으로)? ?(?:(?:말한|말하는|말씀드린|얘기한|찾는|찾던|뜻한|의미한) ?(?:거|것|건)[^\s.!]{0,8}|(?:말|얘기)(?:이야|이에요|이었어\S{0,2}|입니다|예요|야|요))[.! ]{0,3}$"
)
_BEGINS = re.compile(rf"^{_NO}")
_MEANT_EN = re.compile(
    rf"^{_NO}i (?:actually |really )?(?:said|meant?|asked (?:for|about)|wanted|was looking for):? "
    r"|^no,? not (?:that|those|this|these|it)(?: ones?)?[,. ]{1,2}(?:but |rather )?(?:the ones )?(?:on|about|for)? ?",
    re.IGNORECASE,
)
_MEANT_BEHIND = re.compile(r"(?<![,. ])[,. ]{1,3}i (?:mean|meant|said)[.! ]{0,3}$", re.IGNORECASE)
_NOT = re.compile(r",? (?:and )?not .+$", re.IGNORECASE)
_OLDER = re.compile(
    r"\b(?:older|earlier|before (?:it|that))\b|더 ?(?:옛날|예전|이전|오래)|이전에|보다 먼저", re.IGNORECASE
)
_NEWER = re.compile(
    r"\b(?:newer|more recent|later|since|follow(?:ed|s)|(?:came|come|comes|appeared|published)(?: out)? after)\b|더 ?(?:최근|최신|새로|나중)|이후에|그 ?뒤에",
    re.IGNORECASE,
)


_THERE = re.compile(
    r"\b(?:there|(?:among|of|from) (?:them|these|those)|in (?:it|them))\b|^(?:and |only |just |the )*(?:ones|those) (?:using|with|that|which|on|about|from|for|by)\b|그 ?중|여기(?:서|에서)|거기|그 ?안에",
    re.IGNORECASE,
)


def points_into(text: str) -> bool:
    """Whether a question is about the papers of the answer before: “top 5 there”, “그중에 비디오만”."""
    return bool(_THERE.search(text))


def as_meant(text: str) -> str:
    """Return the question that a correction asks in place of the one before; "" of any other text.

    >>> as_meant("아 금융 쪽 RAG 말한거였어"), as_meant("no i said MUSIC UNDERSTANDING not generation"), as_meant("금융 논문")
    ('금융 쪽 RAG 논문', 'papers on music understanding', '')
    """
    if match := _MEANT_KO.search(text):
        return f"{_BEGINS.sub('', text[: match.start()])} 논문"
    if match := _MEANT_BEHIND.search(text):
        return f"papers on {_BEGINS.sub('', text[: match.start()])}"
    if match := _MEANT_EN.match(text):
        meant = _NOT.sub("", text[match.end() :].rstrip(".! "))
        shouted = meant.isupper() and len(meant.split()) > 1
        return f"papers on {meant.lower() if shouted else meant}"
    return ""


_THIS_NOT_THAT = re.compile(
    r"(?:^|.*\b(?:meant?|want(?:ed)?|said|the) )(?P<new>[A-Za-z][\w-]{1,30}),? (?:and )?not (?:the )?(?P<old>[\w-]{2,30})(?: ones)?[.! ]*"
    r"|(?:아니,? ?)?(?P<alt>[가-힣A-Za-z-]{1,20}?)(?:이|가)? ?(?:아니라|아니고|말고),? (?P<neu>[가-힣A-Za-z-]{1,20}?)(?:요|이요|이야|예요|이에요|로|으로|을|를| 말한 ?거\S{0,6}| 쪽\S{0,3})?[.! ]*",
    re.IGNORECASE,
)


def with_word_exchanged(text: str, before: Turn) -> str:
    """Return the question before with one word of its topic exchanged: “defenses, not attacks”; "" of any other text."""
    match, topics = _THIS_NOT_THAT.fullmatch(text), before.set.reading.plan.topics
    if match is None or len(topics) != 1:
        return ""
    new, old = match["new"] or match["neu"], match["old"] or match["alt"]
    parts = topics[0].split()
    if len(parts) < 2 or old.lower() not in topics[0].lower().split():
        return ""
    whole = " ".join(new if part.lower() == old.lower() else part for part in parts)
    return f"{whole} 논문" if re.search("[가-힣]", text) else f"papers on {whole}"


def without_asking(meant: str) -> str:
    """Return what a correction means without the words that make it a question: days take the place of those before."""
    return re.sub(r"^papers on | 논문$", "", meant)


def in_its_place(topic: str) -> str:
    """Return what asks for a topic in the place of the one that narrowed the set before."""
    return f"그럼 {topic} 쪽은?" if re.search("[가-힣]", topic) else f"what about for {topic}?"


def pointed_at(parsed: Parsed, before: Turn) -> Turn:
    """Return the turn whose list a question points into: an earlier one where the last one has no such place."""
    places = ordinals(parsed.text, _ANY_ORDINAL)
    turn: Turn | None = before
    while turn and places and (len(turn.papers) < 2 or _ANY_ORDINAL - 1 > max(places) >= len(turn.papers)):
        turn = turn.before
    return turn or before


def beside_one_of_list(parsed: Parsed, before: Turn) -> tuple[str, ...]:
    """Return the one paper before and the one in a place of the list it came from: “첫 번째 거랑 비교하면?”; none of another question."""
    if len(before.papers) != 1 or parsed.found:
        return ()
    listed = next((turn for turn in before.turns() if len(turn.papers) > 1), None)
    chosen = [listed.papers[place] for place in ordinals(parsed.text, listed.shown)] if listed else []
    both = tuple(dict.fromkeys((*before.papers, *chosen)))
    return both if len(chosen) == 1 and len(both) > 1 else ()


_OVERALL = re.compile(r"\boverall\b|\bof all\b|전체에서|통틀어|전체 ?중", re.IGNORECASE)
_OF_SETS = ("after:count", "after:sort", "after:narrow", "after:filter_out")


def takes_the_place(parsed: Parsed, before: Turn) -> bool:
    """Whether a topic takes the place of the one that narrowed the set before: “and for old photos?” after “for medical scans?”."""
    alone = bool(parsed.found) and not (parsed.dates or parsed.ids or parsed.people.names)
    instead = _INSTEAD.search(parsed.text) and not parsed.role("ref")
    return before.set.narrows_by_topic and alone and bool(instead or _NOT_THAT.match(parsed.text))


def in_focus(parsed: Parsed, before: Turn) -> Turn:
    """Return the turn that a question goes on from: the set that one paper was picked from, where it asks something of a set."""
    before = _with_papers(parsed, before)
    while before.before and parsed.found and before.goes_on:  # “those on simulation” after “more”
        before = before.before
    kind, wider = parsed.tagged.kind, before.set
    if wider.before and takes_the_place(parsed, before):
        return wider.before
    if _OVERALL.search(parsed.text) or (_SAME_FOR.match(parsed.text) and parsed.found):
        while wider.before and wider.narrows:
            wider = wider.before
        return wider
    if wider is before or wider.reading.plan.kind not in SET_KINDS:
        return before
    many = points_into(parsed.text) or (parsed.dates and not (parsed.found or parsed.role("ref")))
    best = kind in ("after:pick", "rank") and len(before.papers) < 2 and not (parsed.found or parsed.role("ref"))
    best = best and not (asks_which(parsed.text) or one_more(parsed.text))
    many = many or (bool(parsed.found) and names_a_side(parsed.text))
    return wider if kind in _OF_SETS or many or best else before


def _with_papers(parsed: Parsed, before: Turn) -> Turn:
    """Return the last turn that had papers, where a question picks one or sorts them: “which is oldest?” after none."""
    asks = parsed.tagged.kind in ("after:pick", "after:sort", "rank") and not asks_which_more(parsed.text)
    if not asks or before.papers or parsed.found or parsed.ids or parsed.people.names or parsed.dates:
        return before
    turn: Turn | None = before
    while turn and not turn.papers:
        turn = turn.before
    return turn or before


def names_a_side(text: str) -> bool:
    """Whether a question names a side of what was asked before: “자율주행 쪽은?”, “and for video?”."""
    return bool(_SIDE.search(text))


def narrowing(parsed: Parsed, before: Turn, catalogue: Catalogue, *, again: bool = False) -> Parsed | None:
    """Return a short question with the word that narrows the answer before; None of one that does not.

    `again` tells that the question takes the place of one that did.
    """
    plan = before.reading.plan
    if plan.kind not in SET_KINDS or not before.papers or len(parsed.tokens) > _SHORT or parsed.excluded:
        return None
    if parsed.tagged.kind == "after:repeat" or takes_away(parsed):  # “in English please”, “drop the benchmarks”
        return None
    if parsed.ids or parsed.people.names or parsed.dates or words().everything.any_of(t.text for t in parsed.tokens):
        return None
    if purpose := _purpose(parsed.text, catalogue):
        return replace(parsed, text=purpose, found=[Found(purpose, "topic")], people=People(), released=None)
    if not parsed.released and (kind := _asked_open(parsed)) and len(before.papers) > 1:
        return replace(parsed, released=Released((kind,), False, 0, 0))
    if not parsed.found and (match := _NOW.fullmatch(parsed.text)):
        return _with_topic(parsed, match["en"], before, catalogue)
    made = constraints(parsed)
    if not parsed.found and (made.get("sorts") or sorts_said(parsed)) and not words().papers.any_of(parsed.wording):
        return parsed
    if combines(parsed):
        return _stripped(parsed)
    if _SAME_FOR.match(parsed.text) or (len(ordinals(parsed.text, before.shown)) == 1 and asks_why(parsed.text)):
        return None
    if not again and _AND_FOR.match(parsed.text) and _FOR.search(before.reading.question):
        return None  # “and for web agents?” after “benchmarks for tool use”
    only = bool(_ONLY.fullmatch(parsed.text)) and set(made) == {"topics"}
    side = again or only or names_a_side(parsed.text) or asks_why(parsed.text)
    if len(parsed.found) != 1 or not set(made) <= ({"topics", "terms", "relation"} if side else {"topics"}):
        return None
    topic = replace(parsed.found[0], kind="topic", text=_bare_side(parsed.found[0].text))
    parsed = replace(parsed, found=[topic])
    if side:
        return replace(parsed, tagged=parsed.tagged.as_kind("list"))
    return None if _ANOTHER.search(parsed.text) or _shared(topic.text, before, catalogue) < _SHARED else parsed


def _purpose(text: str, catalogue: Catalogue) -> str:
    """Return what a question wants the papers before to be for: “안드로이드용은?”; "" of any other, as of “비용은?”."""
    match = _PURPOSE.fullmatch(text)
    whose = match["whose"] if match else ""
    whole = len(whose) == 1 and catalogue.knows(glossary().term(f"{whose}용"))
    known = bool(whose) and all(catalogue.knows(glossary().term(word)) for word in whose.split())
    return whose if known and not whole else ""


def _bare_side(topic: str) -> str:
    """Return a topic without the particle of a direction and without a complaint before it: “너무 많네 그냥 자율주행으로”."""
    return re.sub(r"^(?:\S*(?:많|적)\S* )?(?:그냥|그럼|차라리)? ?|(?<=[가-힣]{2})(?:으로|로|인)$", "", topic) or topic


def _asked_open(parsed: Parsed) -> str:
    """Return the kind of release that a question asks of all papers before it: “코드 있어?”; "" of any other question."""
    if parsed.found or parsed.role("ref") or ordinals(parsed.text, _ANY_ORDINAL) or not _IS_OUT.search(parsed.text):
        return ""
    return next((kind for kind, pattern in _OPEN.items() if pattern.search(parsed.text)), "")


_IS_OUT = re.compile(
    r"공개|있[어나는니]|\b(?:released?|available|open(?:[- ]sourced?)?|public|out)\b|\?", re.IGNORECASE
)
_OPEN = {
    "open code": re.compile(r"코드|깃허브|\bcode\b|\bgithub\b", re.IGNORECASE),
    "open weights": re.compile(r"가중치|체크포인트|\bweights\b|\bcheckpoints?\b", re.IGNORECASE),
    "open data": re.compile(
        r"데이터(?:셋)?[도가은는]? ?공개|\bdata(?:sets?)? (?:is |are )?(?:released|available|public|open)",
        re.IGNORECASE,
    ),
}


_MIXED = re.compile(r"도? ?섞\S*$|(?:도|이랑|랑|와|과|을|를)$| mixed$", re.IGNORECASE)


def combines(parsed: Parsed) -> bool:
    """Whether one thing is asked about that goes together with the one before: “Transformer랑 섞은 것도 있어?”."""
    said = [token.text for token in parsed.tokens]
    return len(parsed.found) == 1 and words().combined.any_of(said) and not words().papers.any_of(said)


def _stripped(parsed: Parsed) -> Parsed:
    """Return a question whose one thing is named without the words for mixing it in."""
    one = parsed.found[0]
    return replace(parsed, found=[replace(one, text=_MIXED.sub("", one.text) or one.text)])


def _with_topic(parsed: Parsed, topic: str, before: Turn, catalogue: Catalogue) -> Parsed | None:
    """Return a question about a topic that the network took for no name, where papers of the answer before name it."""
    said, listed = topic.split(), words()
    if listed.superlatives.any_of(said) or listed.voted.any_of(said) or listed.order(said) != "none":
        return None
    only = parsed.text.lower().startswith(("only", "just")) and catalogue.knows(glossary().term(topic))
    if not only and _shared(topic, before, catalogue) < _SHARED:
        return None
    return replace(parsed, found=[Found(topic, "topic", (), parsed.text.find(topic))])


def _shared(topic: str, before: Turn, catalogue: Catalogue) -> int:
    """Return how many papers of the answer before name a topic."""
    return len(set(catalogue.mentioning(glossary().term(topic))) & set(before.papers))


def days_beyond(parsed: Parsed, arxiv_id: str, catalogue: Catalogue) -> dict[str, Any]:
    """Return the days of papers that are to be older or newer than one, as fields of a plan; none where neither is asked."""
    paper = catalogue.papers.get(arxiv_id)
    if paper and _OLDER.search(parsed.text):
        return {"date_to": paper.date}
    if paper and _NEWER.search(parsed.text):
        return {"date_from": paper.date}
    return {}


_WHICH_MORE = re.compile(
    r"\bwhich(?: one)? (?:of (?:them|the two) )?(?:has|have|had|gets?|got) (?:the )?(?:more|most) papers\b"
    r"|(?:어느|어떤|누가|뭐가|뭘) ?(?:쪽|게|것)?[이의]? ?(?:논문이? ?)?(?:더 )?많",
    re.IGNORECASE,
)


_WHO_MORE = re.compile(
    r"\bwh(?:o|ich)(?: one)?(?: (?:of|between) (?:the two|them|these|those)(?: (?:authors|people|two))?)? (?:has|have|wrote|published|had|got) (?:the )?(?:more|most)\b(?! votes)"
    r"|(?:둘 ?중에?|그럼)? ?(?:누가|누구(?:가|의 ?논문이)?|어느 ?쪽이?) ?(?:논문[이을]? ?)?더 ?(?:많|썼|냈|많이)",
    re.IGNORECASE,
)


def which_has_more(parsed: Parsed, before: Turn) -> str:
    """Return the question which of two compared things more papers are on; "" of any other question."""
    if (people := before.two_authors) and _WHO_MORE.search(parsed.text):
        first, second = people
        if parsed.language == "ko":
            return f"{first}이랑 {second} 중에 누구 논문이 더 많아?"
        return f"who has more papers, {first} or {second}?"
    about = before.reading.about
    if before.reading.plan.kind != "compare" or len(about) != 2 or not _WHICH_MORE.search(parsed.text):
        return ""
    first, second = about
    if parsed.language == "ko":
        return f"{first} 논문이랑 {second} 논문 중에 뭐가 더 많아?"
    return f"are there more papers on {first} or on {second}?"


_ONE_MORE = re.compile(
    r"(?:(?:show|give|tell|recommend)(?: me)? )?(?:another(?: one| paper)?|one more(?: paper)?)(?: please)?[?.! ]*|(?:하나|한 ?편|한 ?개) ?(?:만 ?)?더\S*(?: \S+)?[?.! ]*|다른 (?:거|것|논문) (?:하나|한 ?편)\S*(?: \S+)?[?.! ]*",
    re.IGNORECASE,
)


def one_more(text: str) -> bool:
    """Whether one more paper is wanted, and no page of them."""
    return bool(_ONE_MORE.fullmatch(text))


def next_one(before: Turn) -> Reading:
    """Return the reading of “one more” after a set, or after one paper of it: the paper behind those that were shown."""
    reading, plan = before.reading, before.reading.plan
    if reading.one and plan.kind != "superlative":
        plan = replace(plan, kind="superlative", by="votes", order="desc", limit=1)
    behind = replace(plan, skip=plan.skip + (plan.limit or PAGE), limit=1)
    return replace(reading, plan=behind, one=False, yes_no=False, later=())


def top_of(parsed: Parsed, before: Turn) -> Reading | None:
    """Return the first papers of the question before, where only their number and order are said: “top 5 there”, “newest 3”."""
    made, wider = constraints(parsed), before.reading.plan
    if wider.kind not in SET_KINDS or not {"limit"} <= set(made) <= {"limit", "date_from", "date_to"} or parsed.found:
        return None
    by, _, way = words().order([token.text for token in parsed.tokens]).partition(" ")
    if not (names_a_top(parsed.text) and points_into(parsed.text)) and by == "none":
        return None
    ordered: dict[str, Any] = {"by": "date", "order": way} if by == "date" else {"by": "votes", "order": way or "desc"}
    plan = replace(wider, kind="superlative", skip=0, per=None, **{**ordered, **made})
    return replace(before.reading.anew(parsed.text, parsed.language), plan=plan, one=False, overview=False)


def without_place(parsed: Parsed) -> str:
    """Return a question without the place of a paper that it points at: “the second one — how does it work?”."""
    text = parsed.text
    for ref in reversed(parsed.role("ref")):
        if ordinals(ref.text, _ANY_ORDINAL):
            text = f"{text[: ref.start]} {text[ref.end :]}"
    return text.strip(" ,:–—-") or parsed.text
