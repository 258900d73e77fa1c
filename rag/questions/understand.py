"""A question into a plan: which kind, which terms, people, days and votes. Deterministic; no model, no ranking.

What is understood is cut out of the question piece by piece (`_CUTTERS`: papers, days, votes, order, people); what is
left names the terms. The catalogue arbitrates: a spelling that no paper has is not taken for a term.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from rag.corpus.catalogue import Catalogue, either, meant
from rag.corpus.papers import parse_arxiv_id
from rag.language.dates import DateReading, read_dates, written
from rag.language.terms import fold, glossary, squash, stands
from rag.language.text import Language, clean, josa_or, question_language
from rag.questions import cues
from rag.questions.cues import CUES, Phrase, Verb, phrases_of, stem
from rag.questions.people import read_people
from rag.questions.plan import SET_KINDS, Field, Kind, Plan, Reason

MAX_QUESTION = 2_000  # characters; longer questions are refused by the callers
_MAX_TERMS = 5
_LONGEST = 6  # words of a name or a spelling that is looked for in a run of words
_SOME = 5  # papers of a ranking whose length is not asked for


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as understood. `query` is what to rank by; `reason` is set when no evidence could change the answer.

    `unknown` are names that no paper mentions, `near` the known names they may mean (authors, of an author question);
    `field` a fact of the metadata that is asked for; `yes_no` that the answer should begin with yes or no. `offers` are
    questions, ready to ask, that can be answered where this one cannot: the same range counted from the last digest, or
    each of several ranges alone.
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
    offers: tuple[str, ...] = ()


@dataclass
class _Draft:
    """A question being read: `text` is what is not yet understood, `reading` what is."""

    text: str
    reading: Reading
    catalogue: Catalogue
    as_of: date
    within: tuple[str, ...]
    asks: frozenset[str] = frozenset()
    named: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def cut(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.search(self.text)
        if match:
            self.text = f"{self.text[: match.start()]} {self.text[match.end() :]}"
        return match

    def cut_all(self, *patterns: re.Pattern[str]) -> None:
        for pattern in patterns:
            while (rest := pattern.sub(" ", self.text)) != self.text:  # what is cut may bring together what is a cue
                self.text = rest

    @property
    def plan(self) -> Plan:
        return self.reading.plan

    def set(self, **changes: object) -> None:
        self.reading = replace(self.reading, **changes)  # type: ignore[arg-type]

    def constrain(self, **changes: object) -> None:
        self.set(plan=replace(self.plan, **changes))  # type: ignore[arg-type]


# --- Constraints, each cut out of the question -----------------------------------------------------------------------
_ARXIV = re.compile(
    r"(?:https?://[\w./-]{1,60}/|(?:www\.)?arxiv\.org/(?:abs|pdf|html)/|arxiv:)?(\d{4}\.\d{4,5}(?:v\d)?)(?:\.pdf)?(?![\d.])",
    re.I,
)


def _cut_ids(draft: _Draft) -> None:
    """Papers by arXiv id, link or whole title."""
    titled = draft.catalogue.titled(draft.text)
    known: dict[str, None] = {}
    unknown: dict[str, None] = {}
    while match := draft.cut(_ARXIV):
        if arxiv_id := parse_arxiv_id(match.group(1)):
            (known if arxiv_id in draft.catalogue.papers else unknown)[arxiv_id] = None
    draft.constrain(papers=titled or tuple(known) or draft.within)
    if unknown and not known:
        draft.constrain(kind="known_item")
        draft.set(reason="no_evidence", unknown=tuple(unknown))


def _asked_with(text: str, spans: Sequence[tuple[int, int]], said: str, language: Language) -> str:
    """A question with other dates: in Korean where the first ones stood, in English at the end."""
    (lo, hi), *others = spans
    for start, end in reversed(others):
        text = f"{text[:start]} {text[end:]}"
    if language == "ko":
        particle = re.search(r"(?:에는|에서|에|의)$", text[lo:hi])
        tail = (
            particle.group() if particle and (particle.group() == "의" or not said.endswith(("까지", "부터"))) else ""
        )
        asked = f"{text[:lo]} {said}{tail} {text[hi:].lstrip()}"
    else:
        rest = f"{text[:lo]} {text[hi:]}"
        asked = f"{rest.rstrip(' ?.!')} {said}{'?' if rest.rstrip().endswith('?') else ''}"
    return " ".join(asked.split())


def _offers(draft: _Draft, dates: DateReading) -> tuple[str, ...]:
    days, language = draft.catalogue.days, draft.reading.language
    ranges: list[tuple[date | None, date | None]] = list(dates.apart)
    if dates.relative and days and dates.start and dates.start > days[-1]:
        moved = read_dates(draft.text, days[-1], days)
        ranges = [(moved.start, moved.end)] if moved else []
    return tuple(_asked_with(draft.text, dates.spans, written(*r, language), language) for r in ranges)


def date_reason(plan: Plan, catalogue: Catalogue) -> Reason | None:
    """Tell why a range of days can hold no paper, or None when digests stand in it."""
    days = catalogue.days
    if not days or not (plan.date_from or plan.date_to) or catalogue.digest_days(plan.date_from, plan.date_to):
        return None
    if plan.date_from and plan.date_from > days[-1]:
        return "after_last_digest"
    return "before_first_digest" if plan.date_to and plan.date_to <= days[0] else "no_digest_that_day"


def _cut_dates(draft: _Draft) -> None:
    if dates := read_dates(draft.text, draft.as_of, draft.catalogue.days):
        draft.set(dates=dates, offers=_offers(draft, dates))
        for start, end in reversed(dates.spans):
            draft.text = f"{draft.text[:start]} {draft.text[end:]}"
        draft.constrain(date_from=dates.start, date_to=dates.end)


def _numbers(match: re.Match[str] | None) -> list[int]:
    """The numbers in the groups a to d of a match, in order."""
    said = [value for key, value in match.groupdict().items() if value and len(key) == 1] if match else []
    return [cues.NUMERALS.get(word.lower()) or int(word) for word in said]


_STRICT = re.compile(r"넘|초과|미만|more than|over|above|fewer|less than|under|below", re.IGNORECASE)


def _cut_votes(draft: _Draft) -> None:
    bounds: dict[str, object] = {}
    if between := draft.cut(cues.VOTES_BETWEEN):
        bounds["min_votes"], bounds["max_votes"] = sorted(_numbers(between))
    for name, pattern, beyond in (("min_votes", cues.MIN_VOTES, 1), ("max_votes", cues.MAX_VOTES, -1)):
        if match := draft.cut(pattern):
            strict = _STRICT.search(match.group()) and not re.search(r"no more than|or fewer|or less", match.group())
            bounds[name] = max(0, _numbers(match)[0] + (beyond if strict else 0))
    draft.constrain(**bounds, unvoted=bool(draft.cut(cues.UNVOTED)))


def _cut_title(draft: _Draft) -> None:
    if draft.cut(cues.IN_TITLE):
        draft.cut(cues.STANDS)
        draft.constrain(in_title=True)


def _cut_order(draft: _Draft) -> None:
    draft.set(field=next((name for name, pattern in cues.FIELDS if pattern.search(draft.text)), None))
    draft.cut_all(cues.EVER)
    limit = draft.cut(cues.LIMIT)
    best = None if draft.reading.field == "votes" else draft.cut(cues.BEST_VOTES)
    newest = draft.cut(cues.BY_DATE)
    top = limit if limit and limit.group("top") else None
    if top and not newest:  # "top 3" is by votes
        best = draft.cut(cues.VOTES) or best or top
    draft.constrain(limit=_numbers(limit)[0] if limit else draft.plan.limit)
    found, asked = [match for match in (best, newest) if match], draft.reading.query
    if found and not draft.reading.reason and draft.plan.kind != "trend":
        ascending = any(value and key.startswith(("few", "old")) for m in found for key, value in m.groupdict().items())
        single = cues.SINGLE.search(" ".join(match.group() for match in found)) and not cues.SEVERAL.search(asked)
        # "표 많은 순으로" asks for an order and not for a choice
        sorts = any("순" in match.group() for match in found) or cues.SORTS.search(asked)
        draft.constrain(
            kind="superlative", by="votes" if best else "date", order="asc" if ascending else "desc",
            limit=draft.plan.limit or (1 if single else None if draft.within or sorts else _SOME),
        )  # fmt: skip


def _cut_writers(draft: _Draft) -> None:
    """A question about who wrote most of the papers."""
    if cues.AUTHORS.search(draft.text):
        limit = draft.cut(cues.PEOPLE) or draft.cut(cues.LIMIT)
        draft.cut_all(cues.AUTHORS, cues.WHO)
        draft.constrain(kind="trend", order="desc", by="authors", limit=_numbers(limit)[0] if limit else None)


_OTHERS = re.compile(
    r"(?:다른|외의) ?(?:사람|저자|연구자)(?:들)?(?:이|가|의)? ?(?:(?:쓴|낸|작성한)(?= ))?|\b(?:by )?(?:other|different|another) (?:people|persons?|authors?|researchers?)\b",
    re.IGNORECASE,
)
_NOT_BY = re.compile(
    r"(?<![^\s,])(?P<a>[A-Z][\w.'-]+(?: [A-Z][\w.'-]*){1,3}|[가-힣]{2,4})(?:이|가|을|를)? ?(?:말고|빼고|제외(?:하고|한)?|아닌|이외의?)"
    r"|\b(?:other than|except(?: for)?|excluding|not (?:written |authored )?by|without) (?P<b>[A-Z][\w.'-]+(?: [A-Z][\w.'-]*){1,3})"
)


def _cut_not_people(draft: _Draft) -> None:
    """People whose papers are not wanted."""
    for match in _NOT_BY.finditer(draft.text):
        if person := draft.catalogue.authors.person(next(filter(None, match.groups())).rstrip(".'")):
            draft.constrain(not_authors=(person,))
            draft.text = f"{draft.text[: match.start()]} {draft.text[match.end() :]}"
            draft.cut(_OTHERS)
            draft.cut(cues.AUTHOR_CUE)
            return


_LATELY = 30  # days that "lately" looks back from the last digest


def _cut_topics(draft: _Draft) -> None:
    """A question about topics and not about papers: the most treated ones, or those that grow."""
    rising = cues.RISING.search(draft.text)
    asked = CUES["topics"].search(draft.text)
    at_work = asked and not re.match(r"\w+$", asked.group())  # "what are people working on" needs no superlative
    if draft.plan.ranks_authors or not asked or not (rising or at_work or cues.MOST.search(draft.text)):
        return
    if re.search(r"\bpapers?\b", draft.text[: asked.start()], re.IGNORECASE):
        return  # "the most popular papers on these topics"
    plan, days = draft.plan, draft.catalogue.days
    lately = rising or cues.LATELY.search(draft.text)
    if lately and days and not (plan.date_from or plan.date_to):
        draft.constrain(date_from=date.fromordinal(days[-1].toordinal() - _LATELY + 1))
    draft.cut_all(CUES["topics"], cues.RISING, cues.MOST, cues.LATELY)
    draft.constrain(kind="trend", order="desc", by="date" if rising else None)


def _cut_excluded(draft: _Draft) -> None:
    negated = cues.NOT.search(draft.text)
    if not negated:
        return
    said = negated.group().split()
    for at in range(len(said) - 1):
        if glossary().knows(" ".join(said[at:])):
            return  # "학습 없이" is a thing of its own
        if _known(" ".join(said[at:-1]), draft.catalogue):
            break  # "강화 학습 없이" is not
    phrase = [stem(w) for w in next(filter(None, negated.groups())).split()]

    def noise(word: str) -> bool:
        return cues.is_noise(word) or bool(cues.NOISE_KO.fullmatch(word))

    while len(phrase) > 1 and noise(phrase[-1]):
        phrase.pop()
    while phrase and noise(phrase[0]):
        phrase.pop(0)
    tails = (" ".join(phrase[at:]) for at in range(len(phrase)))
    if known := next((tail for tail in tails if _known(tail, draft.catalogue)), ""):
        draft.constrain(not_terms=(known,))
        at = draft.text.index(known.split()[0], negated.start()) if negated.group("a") else negated.start()
        draft.text = f"{draft.text[:at]} {draft.text[negated.end() :]}"


def _cut_people(draft: _Draft) -> None:
    draft.text = cues.TITLE.sub("", draft.text)
    draft.named = _named_papers(draft.text, draft.catalogue)
    asks_authors = draft.reading.field == "authors" and bool(draft.named or draft.plan.papers)
    cued = bool(cues.AUTHOR_CUE.search(draft.text)) and not asks_authors
    people = read_people(draft.text, draft.catalogue, cued, cued or bool(CUES["papers"].search(draft.text)))
    for start, end in reversed(people.spans):
        draft.text = f"{draft.text[:start]} {draft.text[end:]}"
    if people.names or people.reason:
        draft.cut_all(cues.AUTHOR_CUE)
    draft.constrain(authors=people.names)
    if people.reason and not draft.reading.reason:
        draft.constrain(kind="author")
        draft.set(reason=people.reason, unknown=(people.about, *people.near), near=people.near)


_CUTTERS: tuple[Callable[[_Draft], None], ...] = (
    _cut_ids, _cut_dates, _cut_writers, _cut_topics, _cut_votes, _cut_title, _cut_order, _cut_not_people, _cut_excluded, _cut_people,
)  # fmt: skip


# --- What is left: names and topics ----------------------------------------------------------------------------------
def _known(phrase: str, catalogue: Catalogue) -> bool:
    return bool(glossary().knows(phrase) or catalogue.knows(glossary().term(phrase)))


# Words that are shaped as Korean verbs and adverbs are, or stand where English has its verb: "did they *take part* in",
# "papers *dealing* with", "*bring* me all".
_VERBAL_KO = re.compile(
    r"[은던운른든린킨낸난룬긴친쓴된한]$|.(?:지|게|니다|시오|[어아]요?|[여해겠]|나요?|인가|[배번]야|니|까|마다|까지|네요?|려고?|면서?|며|고|데|죠|드|르)$"
)
_TO = r"(?:with|from|in|on|upon|by|at|of|to|into|around|toward|towards|since|before|after|during|between|for|about)"
_VERB_EN = re.compile(
    rf"\b(?:that|which|who|did|does|do|has|have|had|is|are|was|were|be|been|papers|works|ones)(?P<a> (?!(?:{_TO}|that|which)\b)[a-z]+)(?= {_TO}\b)"
    r"|\b(?:did|does|do|has|have|had|was|were|been)(?P<b> [a-z]+)(?=\W*$)"
    r"|^\W*(?:please |can you |could you )?(?P<c>[a-z]+(?= (?:me|up|us|all|the|every|any|those|these|out)\b)|name(?= papers))",
    re.IGNORECASE,
)


def _cut_verbs(text: str) -> str:
    """Take out the English words that their place tells to be verbs, names aside."""

    def kept(match: re.Match[str]) -> str:
        group = match.lastgroup or "a"
        word = match.group(group).strip()
        if glossary().knows(word) or (word[0].isupper() and group != "c"):
            return match.group()
        return (
            match.group()[: match.start(group) - match.start()]
            + " "
            + match.group()[match.end(group) - match.start() :]
        )

    return _VERB_EN.sub(kept, text)


def _is_verbal(word: str, catalogue: Catalogue) -> bool:
    """Whether a Korean word is no noun: shaped as a verb or adverb, and the papers never decline it."""
    return (
        "-" not in word and bool(_VERBAL_KO.search(word)) and not (glossary().knows(word) or catalogue.declines(word))
    )


def _nouns(phrases: list[Phrase], catalogue: Catalogue) -> list[Phrase]:
    """The phrases without verbs, cut where one stood."""
    found: list[Phrase] = []
    for phrase in phrases:
        found.append(Phrase([], phrase.alternative))
        for word in phrase.words:
            if _is_verbal(word, catalogue):
                found.append(Phrase([]))
            else:
                found[-1].words.append(word)
    return [phrase for phrase in found if phrase.words]


def _resolve(phrase: Sequence[str], catalogue: Catalogue) -> tuple[list[str], list[str]]:
    """Return (terms, unknown) of a run of words: the whole run if papers know it, then the glossary's spellings in it,
    then the longest that papers know.
    """
    terms: list[str] = []
    unknown: list[str] = []
    whole = catalogue.knows(glossary().term(" ".join(phrase)), 2)
    for size in range(0 if whole else min(len(phrase) - 1, _LONGEST), 1, -1):
        for at in range(len(phrase) - size + 1):
            if glossary().knows(text := " ".join(phrase[at : at + size])):
                before, after = (_resolve(part, catalogue) for part in (phrase[:at], phrase[at + size :]))
                return [*before[0], text, *after[0]], before[1] + after[1]
    at = 0
    while at < len(phrase):
        for size in range(len(phrase) - at if whole else min(len(phrase) - at, _LONGEST), 0, -1):
            text = " ".join(phrase[at : at + size])
            if size > 1 and not (glossary().knows(text) or catalogue.knows(glossary().term(text), 2)):
                continue
            if size == 1 and isinstance(phrase[at], Verb) and not glossary().knows(text):
                pass
            elif size == 1 and not _known(text, catalogue):
                unknown.append(text)
            else:
                terms.append(text)
            at += size
            break
    return terms, unknown


def _whole(pair: str, catalogue: Catalogue) -> bool:
    """Whether a word and its head are one thing: "언어 모델", but not "Mamba 모델"."""
    if glossary().knows(pair) or glossary().knows(pair.rpartition(" ")[0]):
        return glossary().knows(pair)
    return bool(re.match(r"[가-힣a-z]", pair)) and catalogue.knows(glossary().term(pair), 2)


def _terms(phrases: list[Phrase], catalogue: Catalogue, language: Language) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return (terms, unknown) of all phrases; alternatives are joined into one term."""
    terms: list[str] = []
    unknown: list[str] = []
    for phrase in phrases:
        words = phrase.words
        while len(words) > 1 and fold(words[-1]) in cues.HEADS and not _whole(" ".join(words[-2:]), catalogue):
            words = words[:-1]
        found, missed = _resolve(words, catalogue)
        if phrase.alternative and terms and found:
            terms[-1] += (" 또는 " if language == "ko" else " or ") + found.pop(0)
        terms += [term for term in found if term not in terms]
        unknown += missed
    return tuple(terms[:_MAX_TERMS]), tuple(unknown[:_MAX_TERMS])


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


def _named_papers(text: str, catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    """Return the papers that call themselves by a name in the question, by that name, longest names first."""
    found = dict(catalogue.named_in(text))
    loose: dict[str, tuple[str, ...]] = {}
    phrases = phrases_of(text)
    for phrase in (p.words for p in phrases):
        at = 0
        while at < len(phrase):
            for size in range(min(len(phrase) - at, _LONGEST), 0, -1):
                name = " ".join(phrase[at : at + size])
                papers = catalogue.named(name)
                if not papers and not name.isascii():
                    variants = {fold(variant): variant for variant in glossary().term(name).variants}
                    named = (i for variant in variants.values() for i in catalogue.named(variant))
                    papers = tuple(i for i in named if fold(catalogue.papers[i].name) in variants)
                if papers and (size > 1 or len(name) > 2 or not name.isascii()):
                    # "fast" is hardly the paper FAST; it is only when nothing else is asked about
                    plain = name.isascii() and name.islower() and catalogue.is_plain_word(name)
                    (loose if plain else found)[name] = papers
                    at += size - 1
                    break
            at += 1
    return found or (loose if [" ".join(phrase.words) for phrase in phrases] == [*loose] else {})


_NAME = re.compile(
    r"(?![A-Z]+s$)(?=.*[a-z0-9-])[A-Za-z](?=.*[A-Z0-9])[A-Za-z0-9.+-]+"
)  # "MoMask", "phi-3-mini", not "FID"


def _sole(phrases: list[Phrase], catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    """Return the one paper that speaks of a name which is no paper's own: the only one, or that of the family ("Medusa-1")."""
    found: dict[str, tuple[str, ...]] = {}
    for word in (word for phrase in phrases for word in phrase.words):
        if not _NAME.fullmatch(word) or glossary().knows(word):
            continue
        papers = tuple(catalogue.mentioning(glossary().term(word)))
        family = catalogue.named(
            re.sub(r"[- ]?(?:\d+(?:\.\d+)?[bmk]?|mini|small|medium|large|base|xl|tiny)$", "", word, flags=re.I)
        )
        if own := papers if len(papers) == 1 else tuple(i for i in family if i in papers):
            found[word] = own
    return found


def _foreign(draft: _Draft, papers: tuple[str, ...]) -> bool:
    """Whether a fact is asked about something with a name that none of its papers speaks of ("its HumanEval score")."""
    names = [n for n in (*draft.plan.terms, *draft.reading.unknown) if _NAME.fullmatch(n) and not glossary().knows(n)]
    return any(not any(i in draft.catalogue.mentioning(glossary().term(name)) for i in papers) for name in names)


def _instrument(draft: _Draft) -> bool:
    """Whether something known is what it is done with: "LoRA로 이미지를 생성하는 논문"."""
    tools = (
        word for word in draft.text.split() if word.endswith("로") and not word.endswith("별로") and stem(word) != word
    )
    names = (stem(word) for word in tools if not _TONGUE.fullmatch(stem(word)))
    return any(glossary().knows(name) or (name[0].isascii() and _known(name, draft.catalogue)) for name in names)


_TONGUE = re.compile(r"한국어|영어|한글|영문|우리말")


def _subject(draft: _Draft) -> tuple[str, ...]:
    """The papers that a question says or asks something of: "Mamba는 …", "Does Mamba …"."""
    for name, papers in draft.named.items():
        said = re.escape(name)
        if re.search(
            rf"^\W*(?:is|are|does|do|did|can|has|have|was) (?:the )?{said}(?![A-Za-z])|{said}[은는이가도] "
            rf"|\b(?:what|which) .*\b(?:used|applied|employed|adopted) (?:for|in|by|to train) (?:the )?{said}(?![A-Za-z])",
            draft.text,
            re.I,
        ):
            return papers
    return ()


_DETERMINED = re.compile(r"^\W*(?:(?:an?|the|new|novel|their own|its own|another|such an?|this) )*", re.IGNORECASE)


def _proposed(text: str, terms: Sequence[str]) -> tuple[str, ...]:
    """The terms of a question, with the kind of thing that is proposed last, where it asks who proposes one of them.

    Nothing where it does not: "GRPO를 제안한" and "한국어 벤치마크를 제안한" do, "LoRA를 고친 방법을 제안한" does not.
    """
    if not (said := CUES["propose"].search(text)):
        return ()
    if re.search("[가-힣]", said.group()):
        words = text[: said.start()].split()
        head = stem(words[-1]) if words else ""
        named, whole = squash(" ".join(words[:-1])), squash(" ".join([*words[:-1], head]))
        if any(whole.endswith(squash(term)) for term in terms):
            return tuple(terms)
        if fold(head) not in cues.HEADS or not any(named.endswith(squash(term)) for term in terms):
            return ()
        return (*terms, head) if glossary().knows(head) else tuple(terms)  # "한국어 벤치마크를", "LoRA 기법을 제안한"
    rest = _DETERMINED.sub("", text[said.end() :])
    after = squash(re.split(rf"\b{_TO}\b|\b(?:using|that|which|based)\b", rest)[0])
    if not any(squash(term) in after for term in terms):
        return ()
    kind = next((word for word in re.split(r"\bfor\b|\bthat\b", rest)[0].split() if fold(word) in cues.HEADS), "")
    return (*terms, kind) if kind and glossary().knows(kind) and kind not in terms else tuple(terms)


def _read_terms(draft: _Draft) -> list[Phrase]:
    """Read cues and terms out of what is left of a question; return its phrases, with the verbs of use."""
    reading, text = draft.reading, draft.text
    asks = {name for name, pattern in CUES.items() if pattern.search(text)}
    if CUES["what"].search(reading.question):
        asks.discard("yes_no")
    if cues.WORKS.search(text):
        asks = asks - {"fact"} | {"explain"}
    if len(draft.within) > 1 and draft.plan.papers == draft.within:
        asks.add("papers")
    if "papers" in asks and not asks & {"use", "mention", "about"} and _instrument(draft):
        asks.add("use")
    draft.asks = frozenset(asks)
    query = " ".join(text.split())
    draft.text = _cut_verbs(query)
    draft.cut_all(
        *(CUES[name] for name in ("more", "trend", "count", "similar", "compare", "mention", "propose", "about"))
    )
    every = phrases_of(draft.text)
    draft.cut_all(CUES["use"])
    phrases = phrases_of(draft.text) if "use" in asks else every
    nouns = _nouns(phrases, draft.catalogue)
    terms, unknown = _terms(
        nouns if nouns or draft.plan.filtered or draft.plan.by else phrases, draft.catalogue, reading.language
    )
    if proposed := () if "use" in asks else _proposed(query, terms):
        terms = proposed[:_MAX_TERMS]
    relation = "propose" if proposed else next((name for name in ("use", "mention") if name in asks), None)
    titled = bool(terms) and draft.plan.in_title
    draft.constrain(terms=terms, relation=relation if (terms or unknown) and not titled else None, in_title=titled)
    draft.set(query=query, unknown=unknown, yes_no="yes_no" in asks)
    return every


# --- The kind --------------------------------------------------------------------------------------------------------
_TAG = re.compile(r"<(script|style)\b[^<>]*>.*?</\1>|</?[a-z!][^<>]*>", re.IGNORECASE)
_LINK = re.compile(r"!?\[([^\[\]]*)\]\(([^()\s]*)\)")


_WIDE = {0xFF01 + n: 0x21 + n for n in range(94)}  # full-width letters, digits and signs: Ｍａｍｂａ, ２０２４


def _unmarked(text: str) -> str:
    """A question without HTML and Markdown links; what a link to a paper says stays."""
    return " ".join(
        _LINK.sub(
            lambda m: f"{m.group(1)} {m.group(2)}" if _ARXIV.search(m.group(2)) else " ", _TAG.sub(" ", text)
        ).split()
    )


def _organisation(text: str) -> str:
    """The organisation whose papers are asked for, which no digest tells; else nothing."""
    match = cues.FROM_ORG.search(text)
    return next(filter(None, match.group("a", "b", "c"))) if match else ""


def _mentions_of(name: str, language: Language) -> str:
    return (
        f"{josa_or(name, '을/를', ' 항목을')} 언급한 논문은?" if language == "ko" else f"Which papers mention {name}?"
    )


def _beside(asked: str, text: str, catalogue: Catalogue, within: tuple[str, ...]) -> tuple[Plan, Reason | None] | None:
    """The plan of what is no question for the papers, or of a statement about one; None for all others."""
    if _organisation(text) or cues.FROM_NATION.search(text):
        return Plan("fact"), "field_not_in_digest"
    if "<" in asked and not re.search(r"\w", text):
        return Plan("out_of_scope"), "out_of_scope"
    if not re.search(r"\w", text) or cues.HELP.search(text):
        return Plan("help"), None
    if cues.HOSTILE.search(text):
        return Plan("out_of_scope"), "out_of_scope"
    if cues.is_statement(text):
        titled = catalogue.titled(text)
        return Plan("known_item" if titled else "describe", papers=titled or within), None
    if cues.NOT_KEPT.search(text):
        named = _named_papers(text, catalogue)
        return Plan("fact", papers=within or tuple(i for ids in named.values() for i in ids)), "field_not_in_digest"
    if cues.ELSEWHERE.search(text) and not CUES["papers"].search(text):
        return Plan("out_of_scope"), "out_of_scope"
    return None


def understand(
    question: str, catalogue: Catalogue, as_of: date, language: Language | None = None, within: tuple[str, ...] = ()
) -> Reading:
    """Understand one question against what is indexed.

    `as_of` is the day that relative dates count from; `language` overrides the answer's language; `within` restricts the
    answer to those papers (a follow-up). Never raises; nonsense becomes `out_of_scope` or a description to search by.
    """
    asked = " ".join(clean(question).split())[:MAX_QUESTION]
    text = cues.spaced(_unmarked(asked.translate(_WIDE)))
    base = Reading(asked, language or question_language(text), Plan("describe", papers=within), text)
    if beside := _beside(asked, text, catalogue, within):
        name = _organisation(text)
        offers = (_mentions_of(name, base.language),) if len(name) > 2 and _known(name, catalogue) else ()
        return replace(base, plan=beside[0], reason=beside[1], offers=offers)
    draft = _Draft(text, base, catalogue, as_of, within)
    for cut in _CUTTERS:
        cut(draft)
    refused = draft.reading
    phrases = _read_terms(draft)
    if refused.reason:
        return replace(draft.reading, unknown=refused.unknown)
    if draft.plan.ranks_topics:
        draft.set(unknown=(), yes_no=False)
        draft.constrain(relation=None)
    known = draft.plan.kind in ("trend", "superlative")
    reading = replace(draft.reading, yes_no=False) if known else _decided(draft, phrases)
    near = tuple(filter(None, (_near(name, catalogue) for name in reading.unknown)))
    reason: Reason | None = None
    if reading.plan.kind in SET_KINDS:
        apart = reading.dates and reading.dates.apart
        reason = "ambiguous" if apart else date_reason(reading.plan, catalogue)
    elif reading.plan.kind == "fact" and reading.plan.papers and _foreign(draft, reading.plan.papers):
        reason = "field_not_in_digest"
    elif near and (reading.plan.kind == "compare" or not reading.plan.papers):
        # a misspelt name is told, not answered with what is nearest; a word in small letters may be just a word
        named = not draft.plan.terms or any(name[0].isupper() for name in reading.unknown)
        reason = "no_evidence" if named else None
    return replace(reading, near=near, reason=reason)


_WHAT_IS = re.compile(
    r"\bwhat(?:'s| is| are| was| does)\b|뭐(?:야|예요|지|니)|뭔가|무엇(?:인가|입니까|이야|이지)", re.IGNORECASE
)


_MEASURED = re.compile(
    r"\d[\d.,억만천조]{0,9} ?[가-힣A-Za-z%]{0,3} ?(?:이상|이하|미만|초과)|\b(?:more|less|fewer|smaller|larger) than \d|\b(?:under|over|below|above) \d|\bat (?:least|most) \d"
)  # bounds on what summaries tell and no table holds


def _is_rival(name: str, text: str) -> bool:
    """Whether something is said to be better than what has a name."""
    said = re.escape(name)
    beaten = rf"\b(?:than|beat(?:s|ing)?|outperform\w*|surpass\w*|exceed\w*) (?:the )?{said}(?![A-Za-z])"
    return bool(re.search(rf"{said} ?보다 |{beaten}", text, re.IGNORECASE))


_LACKING = re.compile(r"없이|\bwithout\b", re.IGNORECASE)
_OF_SETS = {"use", "mention", "about", "count", "trend", "listing", "yes_no"}


def _titled(terms: Sequence[str], catalogue: Catalogue) -> tuple[str, ...]:
    """The one paper whose title has every term, one of them with a number ("1.58비트 LLM 논문")."""
    if len(terms) < 2 or not any(map(str.isdecimal, "".join(terms))):
        return ()
    first, *rest = sorted(map(meant, terms), key=lambda term: not any(map(str.isdecimal, term.text)))  # the rarer first
    titles = {i: catalogue.papers[i].title for i, held in catalogue.mentioning(first).items() if held.in_title}
    found = [i for i, title in titles.items() if all(any(stands(title, v) for v in term.variants) for term in rest)]
    return tuple(found) if len(found) == 1 else ()


def _decided(draft: _Draft, phrases: list[Phrase]) -> Reading:
    """Choose the kind of a question whose constraints are known."""
    reading, plan, asks, named = draft.reading, draft.plan, draft.asks, draft.named
    terms, unknown = plan.terms, reading.unknown
    if "compare" in asks or not (named or plan.authors or plan.papers or plan.date_from or plan.date_to):
        sole = _sole(phrases, draft.catalogue)
        if "papers" in asks:  # "Emu2 논문", and not "papers that start from OpenFlamingo"
            sole = {
                n: ids for n, ids in sole.items() if re.search(rf"{re.escape(n)}(?:의)? (?:논문|paper)", reading.query)
            }
        named = {**named, **sole}
    papers = plan.papers or tuple(dict.fromkeys(i for ids in named.values() for i in ids))
    dated, bounded = (
        bool(plan.date_from or plan.date_to),
        plan.unvoted or (plan.min_votes, plan.max_votes) != (None, None),
    )
    if "papers" in asks and not (papers or dated or bounded or unknown or asks & _OF_SETS):
        papers = _titled(terms, draft.catalogue) if not cues.PLURAL.search(reading.question) else ()

    def done(kind: Kind, **changes: object) -> Reading:
        made = replace(plan, kind=kind, **changes)  # type: ignore[arg-type]
        return replace(reading, plan=made, yes_no=reading.yes_no and kind == "list")

    def one(kind: Kind, papers: tuple[str, ...] = (), **changes: object) -> Reading:
        return done(kind, papers=papers or plan.papers, terms=(), relation=None, **changes)

    if plan.in_title and not asks & {"count", "trend"}:
        return done("list")
    rivals = tuple(name for name in named if "papers" in asks and _is_rival(name, reading.query))
    if rivals and not plan.papers:
        beside = (term for term in terms if glossary().knows(term))
        return done("list", terms=tuple(dict.fromkeys((*rivals, *beside))), relation="mention")
    if _MEASURED.search(draft.text) and not plan.papers and not named:
        return one("describe")
    alone = not (dated or bounded or plan.authors or plan.not_authors or plan.not_terms)
    if plan.relation == "propose" and 0 < len(papers) <= _SOME and alone:
        return one("fact" if reading.field else "known_item", papers)
    if "one" in asks and not papers:
        return one("describe")
    if "trend" in asks:
        return done("trend")
    if asks & {"compare", "more"} and dated and len(terms) < 2 and not unknown and ("count" in asks or not papers):
        return done("trend")  # "3월과 4월의 논문 수를 비교해 줘"
    narrowed = dated or bounded or plan.authors or plan.papers
    if "count" in asks and ("papers" in asks or "편" in reading.question or (narrowed and not terms and not unknown)):
        return done("count")
    if "compare" in asks and len(papers) + len(unknown) >= 2 and papers:
        return one("compare", papers[:5])
    each = tuple(name for term in terms for name in either(term))
    if "more" in asks and len(each) > 1 and not unknown:
        return done("count", terms=each)  # "로봇과 자율 주행 중 뭐가 더 많아?"
    methods = [term for term in terms if glossary().knows(term) or re.match(r"[A-Z]", term)]
    if "compare" in asks and len(methods) > 1 and not unknown and "papers" not in asks:
        return done("list", relation="mention")  # of methods that are no papers: those that speak of both
    if not papers and not dated and (reading.field or (len(terms) == 1 and asks & {"explain", "fact"})):
        # "BitNet의 저자는?", "tell me about BitNet": of all whose names begin so
        families = {term: ids for term in terms if (ids := draft.catalogue.family(term))}
        if len(every := tuple(dict.fromkeys(i for ids in families.values() for i in ids))) <= _SOME:
            papers, named = every, {**named, **families}
    if "similar" in asks and (kin := papers or tuple(i for term in terms for i in draft.catalogue.family(term))):
        return one("similar", kin[:1])
    if plan.authors and not (named and "papers" not in asks):
        return done("author")
    if dated and "summary" in asks and not terms and not unknown:
        return done("digest")
    if (
        asks & {"use", "mention"}
        and asks & {"yes_no", "what"}
        and "papers" not in asks
        and (subject := _subject(draft))
    ):
        return one("fact", plan.papers or subject)
    governs = plan.relation and ("papers" in asks or not asks & {"fact", "explain"})
    about_paper = (
        papers
        and not governs
        and not (plan.not_terms or plan.not_authors)
        and (
            not {"about", "papers"} <= asks
            or any(re.search(rf"\bthe {re.escape(n)} paper\b", reading.query, re.I) for n in named)
        )
        and not dated
        and not bounded
    )
    plural = "papers" in asks and (asks & {"use", "mention"} or cues.PLURAL.search(reading.question))
    plural = plural or (len(terms) > 1 and cues.ANY.search(reading.question))
    if about_paper and not (plural and named and not plan.papers):
        others = any(term not in named for term in terms)
        explain = CUES["explain"].search(_WHAT_IS.sub(" ", reading.question))
        if reading.field or "fact" in asks or (others and not explain and "papers" not in asks):
            return one("fact", papers)
        return one("known_item" if "papers" in asks and not asks & {"explain", "summary"} else "explain", papers)
    if "recommend" in asks and not unknown and not replace(plan, date_from=None, date_to=None).filtered:
        return done("superlative", by="votes", order="desc", limit=plan.limit or _SOME)
    if (
        plan.not_terms
        and "count" not in asks
        and _LACKING.search(reading.question)
        and not CUES["papers"].search(reading.question)
    ):
        whole = one("describe", not_terms=())
        return replace(
            whole, query=reading.question
        )  # "RLHF 없이 정렬하는 방법": what is done without it is part of what is described
    wants_set = "papers" in asks and (asks & {"listing", "use", "mention", "about"} or len(reading.question) < 40)
    if wants_set or (dated and "fact" not in asks) or bounded or plan.not_terms or plan.not_authors:
        if dated and not (terms or unknown or plan.papers or plan.not_terms or bounded):
            return done("date")
        return done("list", terms=terms or (() if unknown else tuple(" ".join(p.words) for p in phrases[:1])))
    if "mention" in asks and terms:
        return done("list")
    if terms and not unknown and not asks and len(reading.question.split()) <= 3:
        return done("list")
    if "fact" in asks:
        return one("fact")
    if "explain" in asks and (terms or unknown):
        absent = tuple(term for term in terms if not draft.catalogue.knows(glossary().term(term)))
        return replace(one("explain"), unknown=(*unknown, *absent))
    return one("describe")
