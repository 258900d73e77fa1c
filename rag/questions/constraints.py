"""What a question asks papers to meet, as fields of a plan: names, topics, people, days, votes, kinds. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from rag.corpus.catalogue import Catalogue
from rag.corpus.mentions import TOGETHER
from rag.language.dates import DateReading, read_dates, written
from rag.language.terms import glossary
from rag.language.text import Language
from rag.questions.extending import asks_to_extend
from rag.questions.features import is_wording, word_hash
from rag.questions.found import Found
from rag.questions.means import without_means
from rag.questions.negation import denies_together
from rag.questions.network import Tagged, network
from rag.questions.of_benchmarks import measured_thing
from rag.questions.people import People
from rag.questions.plan import Plan, Reason
from rag.questions.quantities import asks_unvoted, excluded_sort, limit_of, names_a_sort, sort_of, vote_bounds
from rag.questions.released import Released
from rag.questions.retagging import as_alternative
from rag.questions.shapes import is_concept
from rag.questions.spans import Span
from rag.questions.tokens import Token
from rag.questions.wants import names_series, sorts, wants_comparing, wants_each, wants_titles
from rag.questions.words import words


@dataclass
class Parsed:
    """One question with everything that was found in it: tags, spans, days, papers by id or title, people, names."""

    text: str
    language: Language
    tokens: Sequence[Token]
    tagged: Tagged
    spans: list[Span]
    dates: DateReading | None
    ids: tuple[str, ...]
    unknown_ids: tuple[str, ...]
    people: People
    found: list[Found]
    excluded: list[Found]
    wording: list[str]
    denying: frozenset[int] = frozenset()
    released: Released | None = None

    def role(self, *roles: str) -> list[Span]:
        """Return the spans with one of some roles, in order."""
        return [span for span in self.spans if span.role in roles]


def constraints(parsed: Parsed) -> dict[str, Any]:
    """Return the constraints of a question as fields of a plan: names, topics, people, days, votes, kinds of contribution."""
    made: dict[str, Any] = {}
    parsed = replace(parsed, found=[as_alternative(one, parsed.text, parsed.language) for one in parsed.found])
    relation = _relation(parsed)
    literal = relation in ("mention", "extend") or wants_comparing(
        parsed.text
    )  # to mention a kind of thing is to write its word
    exact = [one for one in parsed.found if one.kind == "term" or (literal and glossary().knows(one.text))]
    exact = [one for one in exact if not (len(exact) > 1 and one.start == 0 and _is_verb(one, parsed.language))]
    apart = parsed.tagged.kind in ("more", "compare") or wants_each(parsed.text)
    terms = tuple(dict.fromkeys(one.text for one in exact))
    topical = [one for one in parsed.found if one.kind == "topic" and one not in exact]
    topical = list({one.text: one for one in reversed(topical)}.values())[::-1]
    topical = [_without_asking(one, parsed.language) for one in topical]
    if parsed.tagged.kind == "trend":
        topical = [replace(one, text=_CHANGES.sub("", one.text)) for one in topical]
    kinds = [one for one in topical if len(topical) > 1 and _is_bare_sort(one.text)]
    topical = [one for one in topical if one not in kinds]
    topics = tuple(one.text for one in topical)
    made["terms"] = (
        terms if len(terms) + len(topics) < 2 else tuple(t for t in terms if literal or not _is_common(t, parsed))
    )
    alone = len(exact) + len(topics) < 2 and not (parsed.people.names or parsed.dates or parsed.role("votes", "sort"))
    kept = [one for one in topical if alone or not _is_stray(one.text, parsed.language)]
    kept = [one for one in kept if alone or one.text.strip("0 ")]  # “top 0 papers by votes”
    kept = kept or [one for one in topical if _is_of_another_script(one.text)]  # nothing else tells what is asked for
    if sorts(parsed.text) and len(kept) > 1:
        kept = [one for one in kept if one.text != "정렬"]  # “투표순 정렬”
    if parsed.tagged.kind == "writers":
        kept = [one for one in kept if not words().persons.has(one.text)]
    made["topics"] = _each(kept, parsed.text) if apart else _phrases(kept, parsed.text)
    if words().pair.any_of(parsed.wording):  # “papers on both robots and world models”
        made["topics"] = tuple(part for topic in made["topics"] for part in _known_parts(topic))
    made["topics"] = tuple(_spelled_out(without_means(topic)) for topic in made["topics"])
    made["relation"] = relation if relation != "none" and terms else None
    made["topics"], free = _free_of_training(made["topics"])
    made["terms"] = (*made["terms"], *free)
    sorts_said, topics = _sorts_in(made["topics"], parsed)
    bare = tuple(topic for topic in topics if names_a_sort(topic))  # “papers that propose new datasets”
    made["topics"] = tuple(topic for topic in topics if topic not in bare)
    kinds_said = (*(span.text for span in sorts_said), *(one.text for one in kinds), *bare)
    made["sorts"] = tuple(dict.fromkeys(sort for text in kinds_said if (sort := sort_of(text))))
    counted = apart or words().more.any_of(parsed.wording)
    made["authors"] = parsed.people.names if counted else _one_of_people(parsed)
    excluded = parsed.excluded
    made["not_sorts"] = tuple(dict.fromkeys(sort for one in excluded if (sort := excluded_sort(one.text))))
    if {"benchmark", "dataset"} & {*made["sorts"]}:
        made["topics"] = tuple(map(measured_thing, made["topics"]))
    if parsed.released:
        name = "not_sorts" if parsed.released.lacking else "sorts"
        made[name] = tuple(dict.fromkeys((*made[name], *parsed.released.kinds)))
    made |= _left_out([one for one in excluded if not excluded_sort(one.text)], parsed.text)
    if parsed.dates:
        made["date_from"], made["date_to"] = parsed.dates.start, parsed.dates.end
    made["min_votes"], made["max_votes"] = vote_bounds(parsed.text, parsed.role("votes"))
    made["limit"] = limit_of(parsed.text, parsed.role("number"))
    if asks_unvoted(parsed.text):
        made |= {"unvoted": True, "topics": tuple(t for t in made["topics"] if t not in _UNTOLD), "not_topics": ()}
    within = parsed.tagged.signs["in_title"] >= 0.5 or words().titles.any_of(parsed.wording)
    titled = (within or (len(terms) == 1 and names_series(parsed.text, terms[0]))) and not wants_titles(parsed.text)
    if titled and not terms and made["topics"]:
        made["terms"] = terms = made.pop("topics")  # what stands in a title is a word and no meaning
    made["in_title"] = bool(terms) and titled and parsed.tagged.kind in ("list", "count", "rank", "trend", "similar")
    if made["in_title"]:
        made["relation"] = None
    return {name: value for name, value in made.items() if value is not None and value is not False and value != ()}


def _left_out(excluded: Sequence[Found], text: str) -> dict[str, tuple[str, ...]]:
    """Return the names, topics and people that papers may not have, or of each kind may not have all at once."""
    fields = {"not_terms": "term", "not_topics": "topic", "not_authors": "person"}
    made = {name: tuple(one.text for one in excluded if one.kind == kind) for name, kind in fields.items()}
    if not denies_together(text):
        return made
    return {name: (TOGETHER.join(things),) if things else () for name, things in made.items()}


_FREE = re.compile(r" ?\b(training-free)\b ?", re.IGNORECASE)


def _free_of_training(topics: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return topics without “training-free” beside other words, and it as a name: what is free of training says so."""
    rest = [_FREE.sub(" ", topic).strip() for topic in topics]
    beside = any(other and other != topic for topic, other in zip(topics, rest, strict=True))
    kept = tuple(other or topic for topic, other in zip(topics, rest, strict=True))
    return kept, ("training-free",) if beside else ()


_SORT = re.compile(r"(?:datasets|benchmarks|surveys|데이터 ?셋|벤치마크|서베이)(?:들)?", re.IGNORECASE)


def _is_bare_sort(topic: str) -> bool:
    """Whether a topic is nothing but a kind of contribution in its usual word: "datasets" beside "Korean"."""
    return bool(_SORT.fullmatch(topic))


_PEOPLE_OR = re.compile(r"(?:이?나|또는|혹은|\bor\b)\W*$", re.IGNORECASE)


def _one_of_people(parsed: Parsed) -> tuple[str, ...]:
    """Return the people of a question; two that “or” stands between as one of them."""
    names, spans = parsed.people.names, sorted(parsed.people.spans)
    joined = len(names) == len(spans) == 2 and _PEOPLE_OR.search(parsed.text[spans[0][0] : spans[1][0]])
    either = " 또는 " if parsed.language == "ko" else " or "
    return (either.join(names),) if joined else names


_CHANGES = re.compile(
    r"(?<=\w) (?:chang|evolv|grow|grew|develop|shift)\w*$", re.IGNORECASE
)  # “how did interest in X change?”


_ASKS_WHICH = re.compile("언제가|어디가|뭐가|누가|무엇이|어느")  # “언제가 RAG 논문이 더 많아?”


def _without_asking(found: Found, language: Language) -> Found:
    """Return a topic at the beginning of an English question without the verb of asking that it was taken to begin with."""
    first, _, rest = found.text.partition(" ")
    if rest and _ASKS_WHICH.fullmatch(first):
        return replace(found, text=rest, start=found.start + len(first) + 1)
    asks = found.start == 0 and rest and language == "en" and words().asking.has(first)
    if not asks or glossary().knows(found.text):
        return found
    return replace(found, text=rest, start=len(first) + 1)


_EITHER = re.compile(r" (?:or|또는) ")


_MEDIUM_OR = re.compile(r"^([가-힣]+?)나 (?=[가-힣])")  # “이미지나 비디오 생성”


def _spelled_out(topic: str) -> str:
    """Return a topic with what its alternatives share in each of them: “음성 인식 또는 합성” asks for 음성 합성.

    >>> _spelled_out("speech recognition or synthesis"), _spelled_out("image or video generation"), _spelled_out("RAG or agents")
    ('speech recognition or speech synthesis', 'image generation or video generation', 'RAG or agents')
    """
    tasks, media = words().tasks, words().media
    topic = _MEDIUM_OR.sub(
        lambda match: f"{match[1]} 또는 " if media.has(match[1]) or glossary().knows(match[1]) else match[0], topic
    )
    parts = _EITHER.split(topic)
    head, _, task = parts[0].rpartition(" ")
    if head and tasks.has(task):
        parts = [f"{head} {part}" if tasks.has(part) else part for part in parts]
    medium, _, tail = parts[-1].partition(" ")
    if tail and media.has(medium):
        parts = [f"{part} {tail}" if media.has(part) else part for part in parts]
    joint = _EITHER.search(topic)
    return joint.group().join(parts) if joint else topic


def _sorts_in(topics: tuple[str, ...], parsed: Parsed) -> tuple[list[Span], tuple[str, ...]]:
    """Return the kinds that are asked for, and the topics; a kind at the end of one of two topics is a part of it.

    “한국어 LLM이나 한국어 벤치마크” asks for either, and not for benchmarks alone.
    """
    sorts = parsed.role("sort")
    if not topics or not _EITHER.search(topics[-1]):
        return sorts, topics
    tail = _EITHER.split(topics[-1])[-1]
    held = next((span for span in sorts if parsed.text[: span.start].rstrip().endswith(tail)), None)
    if held is None:
        return sorts, topics
    return [span for span in sorts if span is not held], (*topics[:-1], f"{topics[-1]} {held.text}")


_BESIDE = re.compile(r"(?<=\w)(?:이랑|랑|와|과|하고|,| and| or| vs\.?| versus) ", re.IGNORECASE)


def _each(topics: Sequence[Found], text: str) -> tuple[str, ...]:
    """Return topics that are set against each other, those that one span joins apart: "RAG랑 긴 문맥 중에 뭐가 더 많아?"."""
    whole: list[str] = []
    end = -1
    for one in topics:
        beside = end >= 0 and text.startswith(one.text, one.start) and not text[end : one.start].strip()
        whole[-1:] = [f"{whole[-1]} {one.text}"] if beside else [*whole[-1:], one.text]
        end = one.start + len(one.text)
    parts = [part for one in whole for part in ([one] if glossary().knows(one) else _BESIDE.split(one))]
    return tuple(dict.fromkeys(filter(None, map(str.strip, parts))))


def _known_parts(topic: str) -> list[str]:
    """Return the two things of the glossary that a topic joins, else the topic itself."""
    parts = [topic] if glossary().knows(topic) else _BESIDE.split(topic)
    return parts if len(parts) > 1 and all(map(glossary().knows, parts)) else [topic]


_BETWEEN = re.compile(r" (?:(?:with|for|in|on|of|to|the|a|an|by|from|using|via|and|as|under) ){1,3}", re.IGNORECASE)
_APART = re.compile(r"[.?!;]")


def _phrases(topics: Sequence[Found], text: str) -> tuple[str, ...]:
    """Return topics as phrases: those of one sentence as a single one, since together they say what papers are about."""
    made: list[str] = []
    end = 0
    for one in topics:
        stands = text.startswith(one.text, one.start)
        between = text[end : one.start] if end else ""
        if made and not _APART.search(between):
            whole = _BETWEEN.fullmatch(between) if stands else None
            made[-1] = f"{made[-1]}{whole.group() if whole else ' '}{one.text}"
        else:
            made.append(one.text)
        end = one.start + len(one.text) if stands else 0
    return tuple(made)


_UNTOLD = frozenset("정보 unknown missing".split())  # words of votes that are not known


def _is_verb(found: Found, language: Language) -> bool:
    """Whether the first word of a sentence is one of asking that has its capital only from there: "List every paper"."""
    return not found.papers and found.text.istitle() and is_wording(found.text, language, network().wording)


_COUNTER = re.compile("(?:편|개|건|명|표|점|가지|수|개수|편수|숫자)(?:을|를|만|씩|이|은|는|가|보다)?")


def _is_of_another_script(word: str) -> bool:
    """Whether a word has letters, and none that questions are written in."""
    return bool(re.search(r"[^\W\d_]", word)) and not re.search("[A-Za-z가-힣ㄱ-ㅣ]", word)


def _is_stray(topic: str, language: Language) -> bool:
    """Whether a topic is only a word of asking that stands beside what is really asked about."""
    if _COUNTER.fullmatch(topic):
        return True
    if " " in topic or glossary().knows(topic):
        return not re.search("[A-Za-z가-힣]", topic)
    if not re.search("[A-Za-z가-힣]", topic) or re.fullmatch("[가-힣]", topic):
        return True
    listed = words()
    often = word_hash(topic, language) in network().wording.often
    return often or listed.tails.has(topic) or listed.relation([topic]) != "none"


_BETTER = re.compile(
    r"보다 (?:더 )?(?:성능이? |점수가? |정확도가? )?(?:더 )?(?:낫|나은|좋|우수|뛰어|높)|[을를] (?:능가|뛰어넘|넘어서|앞서|앞선|이긴|이겼|제친)"
    r"|\b(?:better|stronger|faster) than\b|\b(?:outperform|surpass|exceed|beat)\w*\b",
    re.IGNORECASE,
)


def _relation(parsed: Parsed) -> str:
    """Return what the papers are asked to do with a name: what the network says, else what the wording does."""
    if asks_to_extend(parsed.text, parsed.found):
        return "extend"
    told = parsed.tagged.relations
    best = max(told, key=lambda name: told[name])
    named = [place for span in parsed.role("name") for place in range(span.first, span.last)]
    said = [token.text for place, token in enumerate(parsed.tokens) if place not in {*named, *parsed.denying}]
    if parsed.denying and words().relation(said) == "none":
        return "none"  # “쓰지 않은” says how what is excluded is not related
    if best == "none" and words().relation(said) == "none" and _BETTER.search(parsed.text):
        return "beat"
    if best == "beat" and not (words().relations["beat"].any_of(said) or "보다" in parsed.text):
        best = "none"
    return best if best != "none" else words().relation(said)


def _is_common(term: str, parsed: Parsed) -> bool:
    """Whether a term says nothing beside others: an acronym of the field (AI, LLM) that is no paper's own name."""
    own = any(one.papers for one in parsed.found if one.text == term)
    return (
        not own
        and len(term) < 5
        and term.isupper()
        and glossary().knows(term)
        and is_concept(glossary().term(term).variants)
    )


def offers_of(parsed: Parsed, days: Sequence[date]) -> tuple[str, ...]:
    """Return the question with days that can be answered: each of several ranges, or those before the last digest."""
    dates = parsed.dates
    if not dates:
        return ()
    ranges: list[tuple[date | None, date | None]] = list(dates.apart)
    if dates.relative and days and dates.start and dates.start > days[-1]:
        moved = read_dates(parsed.text, days[-1], days)
        ranges = [(moved.start, moved.end)] if moved else []
    return tuple(_asked_with(parsed, dates.spans, written(*one, parsed.language)) for one in ranges)


_PARTICLE = re.compile("(?:에는|에서|에|의)$")


def _asked_with(parsed: Parsed, spans: Sequence[tuple[int, int]], said: str) -> str:
    """Return a question with other days: in Korean where the first ones stood, in English at the end."""
    text = parsed.text
    (start, end), *others = spans
    for lo, hi in reversed(others):
        text = f"{text[:lo]} {text[hi:]}"
    if parsed.language == "en":
        rest = f"{text[:start]} {text[end:]}".rstrip()
        return " ".join(f"{rest.rstrip(' ?.!')} {said}{'?' if rest.endswith('?') else ''}".split())
    particle = _PARTICLE.search(text[start:end])
    kept = particle.group() if particle else ""
    if kept != "의" and said.endswith(("까지", "부터")):
        kept = ""
    return " ".join(f"{text[:start]} {said}{kept} {text[end:].lstrip()}".split())


def core(parsed: Parsed, without: tuple[int, int] = (0, 0)) -> str:
    """Return a question without its words of asking: what is left of it when what templates have is taken out.

    `without` is a part of the text that is left out too.
    """
    often = network().wording.often
    said, end = "", 0
    for token, tag in zip(parsed.tokens, parsed.tagged.tags, strict=True):
        if without[0] <= token.start < without[1]:
            continue
        if tag != "wording" or word_hash(token.text, parsed.language) not in often:
            said += ("" if token.start == end else " ") + token.text
            end = token.end
    return said.strip()


def date_reason(plan: Plan, catalogue: Catalogue) -> Reason | None:
    """Tell why a range of days can hold no paper, or None when digests stand in it."""
    days = catalogue.days
    if not days or not (plan.date_from or plan.date_to) or catalogue.digest_days(plan.date_from, plan.date_to):
        return None
    if plan.date_from and plan.date_from > days[-1]:
        return "after_last_digest"
    return "before_first_digest" if plan.date_to and plan.date_to <= days[0] else "no_digest_that_day"
