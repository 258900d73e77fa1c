"""What plain words settle of the roles that the network gives: a meaning that is asked, a preamble, authors, makers. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.corpus.catalogue import Catalogue
from rag.language.patterns import lazy
from rag.language.terms import glossary, squash
from rag.language.text import ENGLISH_GRAMMAR, Language
from rag.questions.found import Found
from rag.questions.names import Lookup
from rag.questions.network import Tagged
from rag.questions.shapes import is_concept
from rag.questions.spans import Span, bare, cleared
from rag.questions.tokens import Token
from rag.questions.wants import asked_thing

_SPELLED = 6  # letters of a thing from which titles tell that it is one of the field


def explaining(text: str, tokens: Sequence[Token], tagged: Tagged, catalogue: Catalogue) -> Tagged:
    """Return a question for the meaning of a thing that the glossary or a paper's title has as one that is to be explained.

    The network has seen too many such questions about things of everyday life.
    """
    start, end = asked_thing(text)
    thing = text[start:end]
    of_field = glossary().knows(thing) or (len(thing) >= _SPELLED and catalogue.is_of_titles(glossary().term(thing)))
    words_of_it = thing.split()
    of_field = of_field or (
        len(words_of_it) > 1
        and any(glossary().knows(word) and re.search("[A-Z]{2}", word) for word in words_of_it)
        and all(glossary().knows(word) or catalogue.occurs(squash(word)) for word in words_of_it)
    )  # “MoE 업사이클링”
    if not thing or not of_field:
        return tagged
    inside = [start <= token.start < end for token in tokens]
    first = inside.index(True)
    tags = tuple(("B:topic" if at == first else "I:topic") if held else "wording" for at, held in enumerate(inside))
    kinds = dict.fromkeys(tagged.kinds, 0.0) | {"explain": 1.0}
    aspects = dict.fromkeys(tagged.aspects, 0.0) | {"none": 1.0}
    return replace(tagged, tags=tags, kinds=kinds, aspects=aspects)


_PREAMBLE = re.compile(
    r"(?:안녕하세요[,.!]? ?)?[^.?!]{0,40}?(?:강의|수업|발표|세미나|스터디|과제|보고서|기사|리포트|제안서|면접|미팅|회의|논문)[을를]? ?[^.?!]{0,14}?(?:는데요?|인데요?|거든요|려고요?)[,.]? ",
)


def without_preamble(text: str, spans: Sequence[Span]) -> list[Span]:
    """Return spans without those of a clause that only tells why somebody asks: “강의를 준비하고 있는데 …”.

    A clause that holds something of the glossary, or all that is asked about, tells what is asked.
    """
    match = _PREAMBLE.match(text)
    said = [span for span in spans if span.role in ("topic", "name", "description")]
    if match is None or not any(span.end > match.end() for span in said):
        return list(spans)
    if any(glossary().knows(word) for span in said for word in text[span.start : match.end()].split()):
        return list(spans)
    return cleared(text, spans, 0, match.end())


_QUOTES = re.compile(r"[\"“‘「《]([^\"”’」》]{2,60})[\"”’」》]")


def quotes_a_title(text: str) -> bool:
    """Whether a question quotes what is written as a title: “"Attention Is All You Need" 여기 있어?”."""
    return any(_TITLE.fullmatch(match[1]) for match in _QUOTES.finditer(text))


def quoted(text: str, spans: Sequence[Span], catalogue: Catalogue) -> list[Span]:
    """Return spans with a quoted phrase as a name, where none of them holds it and papers have it: "what's the “aha moment”?".

    What is written as a title is a name whole, so that papers on one of its words are not taken for it.
    """
    found = list(spans)
    for match in _QUOTES.finditer(text):
        start, end = match.span(1)
        if _TITLE.fullmatch(match[1]):
            others = (span for span in found if span.end <= match.start() or match.end() <= span.start)
            kept = [span for span in others if span.text.lower() not in ENGLISH_GRAMMAR]  # “Is "…" in here?”
            found = [*kept, Span("name", match[1], start, end, 0, 0)]
            continue
        held = any(span.start < end and start < span.end for span in spans)
        if not held and catalogue.knows(glossary().term(match[1])):
            found.append(Span("name", match[1], start, end, 0, 0))
    return sorted(found, key=lambda span: span.start)


_TITLE = re.compile(r"[A-Z][\w'’:,-]*(?: [\w'’:,&-]+){3,20}[.?!]?")  # four words and more that begin with a capital
_WROTE = re.compile(r" ?(?:이|가|님이|교수가|교수님이) (?:쓴|작성한|저술한) ?(?:논문|연구|페이퍼)")


def at_commas(span: Span, lookup: Lookup) -> list[Span]:
    """Return a name with commas as several, unless papers have it so: “KTO, DPO”."""
    parts = list(re.finditer(r"[^,\s](?:[^,]*[^,\s])?", span.text))
    if span.role != "name" or len(parts) < 2 or lookup.own(span.text):
        return [span]
    return [
        replace(span, text=part.group(), start=span.start + part.start(), end=span.start + part.end()) for part in parts
    ]


def is_writer(text: str, span: Span, lookup: Lookup) -> bool:
    """Whether what was taken for a name or a topic is a person by what papers or the question say."""
    return _wrote(text, span, lookup) or _is_surname(text, span, lookup)


def _is_surname(text: str, span: Span, lookup: Lookup) -> bool:
    """Whether a Latin name is an author's last one, and said to have written papers or known to none: “LeCun 논문”."""
    word = span.text
    if span.role not in ("name", "topic") or not re.fullmatch(r"[A-Z][A-Za-z'’-]+", word) or lookup.own(word):
        return False
    if glossary().knows(word) or not lookup.catalogue.authors.surnamed(word):
        return False
    said = _WROTE.match(text, span.start + len(word)) or re.search(r"\bby $", text[: span.start])
    return bool(said) or not lookup.catalogue.knows(glossary().term(word))


def _wrote(text: str, span: Span, lookup: Lookup) -> bool:
    """Whether a Hangul name that papers do not have is said to have written some: “송한이 쓴 논문”."""
    if span.role not in ("name", "topic") or not re.fullmatch("[가-힣]{2,4}", span.text):
        return False
    return not (glossary().knows(span.text) or lookup.own(span.text)) and bool(
        _WROTE.match(text, span.start + len(span.text))
    )


def is_no_person(span: Span, lookup: Lookup) -> bool:
    """Whether a single Latin word that was taken for a person is no author's name, and papers have it or nearly so."""
    word = span.text
    if span.role != "person" or not re.fullmatch(r"[A-Za-z][\w.+-]*", word) or lookup.catalogue.authors.like(word):
        return False
    known = lookup.catalogue.named(word) or lookup.catalogue.knows(glossary().term(word))
    return bool(known or lookup.near(word))


def known_name(span: Span, lookup: Lookup) -> Span:
    """Return what was taken for a reference or a person as a name where the glossary knows it: “맘바랑은 뭐가 달라?”."""
    word = bare(span.text, lookup.is_word) if span.role in ("ref", "person") and " " not in span.text else ""
    return replace(span, role="name", text=word) if word and glossary().knows(word) else span


def nothing_excluded(tags: Sequence[str]) -> list[str]:
    """Return tags of a question about one thing with what is denied as what it is about: “why does X not use Y?”."""
    return [tag.replace("excluded", "topic") for tag in tags]


def one_description(tags: Sequence[str]) -> list[str]:
    """Return the tags of a question that describes one paper with names and wording inside of the description as parts of it."""
    described = [at for at, tag in enumerate(tags) if tag.endswith(":description")]
    if not described:
        return list(tags)
    inner = range(described[0] + 1, described[-1])
    held = ("wording", "B:name", "I:name", "B:topic", "I:topic", "B:description")
    return ["I:description" if at in inner and tag in held else tag for at, tag in enumerate(tags)]


def one_topic(tags: Sequence[str]) -> list[str]:
    """Return the tags of a question with what it describes beside a topic as part of that topic."""
    of_topic = [tag.endswith((":topic", ":description")) for tag in tags]
    both = any(tag.endswith(":topic") for tag in tags) and any(tag.endswith(":description") for tag in tags)
    if not both:
        return list(tags)
    follows = [False, *of_topic]
    return [("I:topic" if follows[at] else "B:topic") if of_topic[at] else tag for at, tag in enumerate(tags)]


_SERIES = re.compile(
    r"(?P<name>[A-Za-z][\w.-]{1,30}) ?(?:시리즈|패밀리|계열|라인업|series\b|family\b)[가-힣]{0,2}", re.IGNORECASE
)


def _has_models(name: str, catalogue: Catalogue) -> bool:
    """Whether several papers carry a name in their title, or call themselves by it with a version."""
    several = len([*catalogue.titling(glossary().term(name))]) > 1
    return bool(catalogue.family(squash(name))) or (several and not name.islower())


def series_named(text: str, spans: Sequence[Span], catalogue: Catalogue) -> list[Span]:
    """Return spans with a name alone where all models of it are meant that several papers carry in their title: “Qwen 시리즈”."""
    match = _SERIES.search(text)
    if match is None or glossary().knows(match.group()) or not _has_models(match["name"], catalogue):
        return list(spans)
    others = [span for span in spans if not (span.start < match.end() and match.start() < span.end)]
    inside = [span for span in spans if span not in others]
    first, last = min((span.first for span in inside), default=0), max((span.last for span in inside), default=1)
    rest = [
        replace(span, text=left, start=match.end() + 1)
        for span in inside
        if (left := text[match.end() : span.end].strip())
    ]
    name = Span("name", match["name"], match.start(), match.start() + len(match["name"]), first, last)
    return sorted([*others, name, *rest], key=lambda span: span.start)


def is_thing(text: str) -> bool:
    """Whether the glossary knows a word as a kind of thing, so that it is no organisation: "medical"."""
    return glossary().knows(text) and is_concept(glossary().term(text).variants)


_MAKER = re.compile(r"[A-Z][\w.-]*(?: (?:AI|Labs?|Research|Inc\.?|Corp\.?|University|Institute))?")


def is_maker(span: Span, lookup: Lookup, asks_of: bool) -> bool:
    """Whether what was taken for a person is an organisation: an acronym, or a word that no author is called by beside a topic."""
    word = span.text
    if span.role != "person" or not _MAKER.fullmatch(word) or word.lower() in ENGLISH_GRAMMAR:
        return False
    return bool(re.fullmatch("[A-Z]{2,7}", word)) or (asks_of and not lookup.catalogue.authors.like(word.split()[0]))


_INSTEAD_OF = lazy(
    r"\b(?:alternatives? (?:to|for|of)|replac(?:e|es|ed|ing)|replacements? (?:of|for)|instead of|in place of|substitutes? for)(?: the| an?)? $",
    re.IGNORECASE,
)
_TO_REPLACE = lazy(r"(?:[을를의])? ?(?:대체|대신(?!에? ?해)|대안)")


def as_alternative(one: Found, text: str, language: Language) -> Found:
    """Return a name that papers are to replace as a topic: “attempts to replace the transformer” asks for no papers with one."""
    end = one.start + len(one.text)
    asked = _INSTEAD_OF.search(text[: one.start]) or _TO_REPLACE.match(text, end)
    if one.kind not in ("term", "topic") or not asked:
        return one
    return replace(
        one, kind="topic", text=f"{one.text} 대체" if language == "ko" else f"alternative to {one.text}", papers=()
    )


_YEAR_BEHIND = re.compile(r"[ -](?:19|20)\d\d\b")
_EDITIONS = 5  # papers that name a thing with a year ("AIME 2024"), from which the year is part of its name


def with_year(text: str, span: Span, catalogue: Catalogue) -> int:
    """Return where a name ends: behind the year that papers name it with."""
    year = _YEAR_BEHIND.match(text, span.end)
    if year and len(catalogue.mentioning(glossary().term(text[span.start : year.end()]))) >= _EDITIONS:
        return year.end()
    return span.end
