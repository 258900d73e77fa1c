"""What the names and topics of a question are in the catalogue: a paper's own name, a known term, a topic, or unknown.

A name is one only where something says so: its exact spelling, a rare shape (MoMask, R1-Searcher), or the reader's tag.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.corpus.catalogue import Catalogue
from rag.corpus.relations import proposal
from rag.language.terms import fold, glossary, squash
from rag.questions.features import is_wording
from rag.questions.found import Found, alternatives
from rag.questions.network import network
from rag.questions.people import names as listed_people
from rag.questions.shapes import COMMON_WORD, TITLE_CASE, is_concept, is_shaped
from rag.questions.spans import Span, bare, nominal
from rag.questions.spelling import mended
from rag.questions.tokens import Token
from rag.questions.words import words

_LONGEST = 8  # tokens of a paper's own name
_EVERYWHERE, _MANY = 12, 25  # one paper in so many, and at least so many papers, write what tells none of them apart
_SOLE = 12  # papers that name a thing, among which the one that proposes it is looked for
_PERSONAL = re.compile(r"(?<=[가-힣])(?:이|가|을|를|은|는|도|의)$")  # particles behind a person
_EDGES = re.compile(
    r"^(?:(?:for|with|in|on|of|to|the|a|an|and|or|by|from|using|based|vs)(?: |(?=,))|(?:으로|에서|까지|부터|이랑|하고) |[,&/+\-의에을를은는이가와과로] )+"
    r"|(?: (?:for|with|in|on|of|to|the|a|an|and|or|by|from|using|based|vs|but|now|though|please|pls)| [,&/+\-])+$",
    re.IGNORECASE,
)
# Words at the end or the beginning of a topic that say only that it is one.
_HEADS = re.compile(
    r"(?<=.) (?:(?:관련 ?|최신 )?(?:방법론?|기법|방식|접근법?|연구|논문|분야|쪽|거|것|문제|사례|내용|자료|이야기)(?:들)?(?:에)?|관련(?:된|한)?|다루는|다룬|대한|관한)$"
    r"|(?<=.) (?:methods?|techniques?|approach(?:es)?|papers?|work|works|research|stuff|things?|studies|literature|area|field|topics?|ones)$",
    re.IGNORECASE,
)
_THE_THING = re.compile(r"(?<=[가-힣][는은한된할던킨])(?:거|것|건|걸|게)(?=[ ,]|$)")
_IS_THERE = re.compile(r" (?:있|없)(?:죠|지|나|냐|니|어|음|을까|는지|던데|었)[가-힣]{0,3}$")
_AMONG = re.compile(
    r"(?<=[가-힣A-Za-z0-9]) ?(?:중에서?|가운데)(?: (?:어느 ?[쪽것게]|어떤 ?[쪽것게]|뭐|뭘|무엇|누구)[가-힣]{0,2})?$|(?<=[가-힣A-Za-z0-9]) (?:어느 ?[쪽것게]|어떤 ?[쪽것게])[이가]?$"
)
_FOR_IT = re.compile(r"(?<![가-힣])([가-힣]{2,})(?:쪽|용)(?= |$)")  # “금융쪽 LLM”, “수학 추론용 데이터셋”
_LEADS = re.compile(
    r"^(?:the|a|an|one|some|any|new|recent|various|different|existing|최신|최근|여러|다양한|새로운|기존) ",
    re.IGNORECASE,
)


def with_makers(text: str, spans: Sequence[Span], catalogue: Catalogue) -> list[Span]:
    """Return spans with an organisation and the name behind it as one name where papers are called so: "딥시크 R1"."""
    made: list[Span] = []
    for span in spans:
        last = made[-1] if made else None
        beside = last is not None and last.role == "org" and not text[last.end : span.start].strip()
        if last and beside and span.role in ("name", "topic"):
            spellings = (f"{maker}{sign}{span.text}" for maker in glossary().term(last.text).variants for sign in "- ")
            if whole := next((spelling for spelling in spellings if catalogue.named(spelling)), None):
                made[-1] = Span("name", whole, last.start, span.end, last.first, span.last)
                continue
        made.append(span)
    return made


_KINDS_OF_NAME = re.compile(
    r"(?<=.)(?:(?: ?이)?라는)? (?:모델|데이터셋|데이터 세트|벤치마크|논문|방법|기법|프레임워크|models?|dataset|benchmark|paper|method|framework)$",
    re.IGNORECASE,
)
_SIZE = re.compile(r"[- ]?(?:\d+(?:\.\d+)?[bmk]?|mini|small|medium|large|base|xl|tiny)$", re.IGNORECASE)


_OPENING, _CLOSING = "\"'“‘「", "\"'”’」"


def _spells_out(title: str, name: str) -> bool:
    """Whether a title begins with what an acronym stands for: TPA, Tensor Product Attention."""
    initials = "".join(word[0] for word in re.findall(r"[A-Za-z]+", title))
    return name.isupper() and 2 < len(name) < 7 and initials.upper().startswith(name)


def _is_asking(word: str) -> bool:
    """Whether ways of asking have a word."""
    return is_wording(word, "en" if word.isascii() else "ko", network().wording)


class Lookup:
    """Decides what the words of one question are in a catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    def is_word(self, word: str) -> bool:
        """Whether a Korean word is one as it stands, so that its end is no particle."""
        return glossary().knows(word) or self.catalogue.declines(word.rpartition(" ")[2])

    def own(self, name: str) -> tuple[str, ...]:
        """Return the papers that call themselves by a name, in either language, or by it with a version."""
        if papers := self.catalogue.named(name):
            exact = tuple(i for i in papers if self.catalogue.papers[i].name == name)
            return exact or papers  # RULER is no “Ruler”
        variants = {fold(variant) for variant in glossary().term(name).variants}
        papers = tuple(
            i
            for variant in sorted(variants)
            for i in self.catalogue.named(variant)
            if fold(self.catalogue.papers[i].name) in variants
        )
        return tuple(dict.fromkeys(papers)) or self.catalogue.family(name)

    def proposers(self, name: str) -> tuple[str, ...]:
        """Return the paper that proposes a name which is no paper's own, or the only one that speaks of it."""
        term = glossary().term(name)
        mentions = self.catalogue.naming_few(term, _SOLE)
        if not mentions:
            return ()
        if (base := _SIZE.sub("", name)) != name and (family := tuple(i for i in self.own(base) if i in mentions)):
            return family
        proposing = [i for i in mentions if proposal(self.catalogue.papers[i], mentions[i], term)]
        spelled = [i for i in mentions if _spells_out(self.catalogue.papers[i].title, name)]
        proposing = [*spelled, *proposing]
        return tuple(proposing[:1]) or (tuple(mentions) if len(mentions) == 1 else ())

    def near(self, name: str) -> str | None:
        """Return the known name that a misspelt one most likely means: a paper's own, or one that several papers mention."""
        key = squash(name)
        if len(key) < 5 or not key.isascii():
            return None
        vocabulary, frequency = self.catalogue.vocabulary, self.catalogue.frequency
        close = difflib.get_close_matches(key, self.catalogue.words_like(key, 1), n=5, cutoff=0.8)
        good = [word for word in close if self.catalogue.named(word) or frequency(word) >= 5]

        def likeness(word: str) -> tuple[float, int]:
            return round(difflib.SequenceMatcher(None, key, word).ratio(), 2), frequency(word)

        return vocabulary[max(good, key=likeness)] if good else None

    def names(self, text: str, tokens: Sequence[Token], spans: Sequence[Span]) -> list[Found]:
        """Return what a question names, in order: paper names wherever they stand, and the spans tagged name or topic."""
        claimed = list(self._titles(text, tokens, spans))
        found = [one for one, _, _ in claimed]
        for span in spans:
            if span.role == "title":
                found.append(Found(span.text, "unknown", (), span.start))
            if span.role not in ("name", "topic") or self._is_no_thing(span.text):
                continue
            inside = [(start, end) for _, start, end in claimed if start < span.end and span.start < end]
            quoted = text[max(span.start - 1, 0)] in _OPENING and text[span.end : span.end + 1] in _CLOSING
            if quoted and span.end < len(text) and not inside:
                known = self.catalogue.knows(glossary().term(span.text))
                found.append(Found(span.text, "term" if known else "unknown", self.own(span.text), span.start))
            elif inside:
                found += self._around(text, span, inside)
            else:
                found += self.of_span(span)
        return alternatives(text, self._joined(text, sorted(found, key=lambda one: one.start)))

    def _is_no_thing(self, text: str) -> bool:
        """Whether a Korean word asks which, or is a verb that no paper has: “세 편만 꼽아 줘”."""
        return bool(_WHICH.fullmatch(text) or (_PLAIN_VERB.fullmatch(text) and not self.is_noun(text)))

    def _joined(self, text: str, found: Sequence[Found]) -> list[Found]:
        """Join neighbours that are one thing: "KV" and "캐시 압축" by the glossary, "InternVL" and "2.5" by a paper's name."""
        made: list[Found] = []
        for one in found:
            last = made[-1] if made else None
            whole = f"{last.text} {one.text}" if last else ""
            beside = last and text.startswith(whole, last.start)
            kind_alone = " " not in one.text and _KINDS_OF_NAME.search(f"_ {one.text}")
            if last and beside and last.kind == "term" and kind_alone:
                continue  # "the FineWeb dataset"
            if last and beside and glossary().knows(whole):
                made[-1] = self._whole(whole, "topic", last.start)
            elif last and beside and one.text[0].isdecimal() and self.catalogue.knows(glossary().term(whole)):
                made[-1] = self._whole(whole, "name", last.start)
            else:
                made.append(one)
        return made

    def _titles(self, text: str, tokens: Sequence[Token], spans: Sequence[Span]) -> Iterator[tuple[Found, int, int]]:
        """Yield the papers' own names that stand in a question exactly as they are written, longest first."""
        role_of = {place: span.role for span in spans for place in range(span.first, span.last)}
        taken: set[int] = set()
        for size in range(min(_LONGEST, len(tokens)), 0, -1):
            for at in range(len(tokens) - size + 1):
                places = range(at, at + size)
                if taken.intersection(places):
                    continue
                start, end = tokens[at].start, tokens[at + size - 1].end
                run = text[start:end]
                papers = self.catalogue.named(run)
                exact = any(self.catalogue.papers[i].name == run for i in papers)
                roles = {role_of.get(place, "") for place in places}
                if not papers or roles & {"excluded", "person", "date", "description"}:
                    continue
                if not exact and glossary().knows(run) and is_concept(glossary().term(run).variants):
                    continue  # "GUI agents" are a topic, though a paper is called "GUI Agents"
                sure = exact and (size > 1 or is_shaped(run))
                tagged = exact and roles & {"name", "topic"} and not run.islower()
                spelled_low = size > 1 and roles <= {"name", "topic"} and len(run) > 7
                if sure or tagged or spelled_low:
                    taken.update(places)
                    yield Found(run, "term", self.own(run), start), start, end

    def _around(self, text: str, span: Span, inside: Sequence[tuple[int, int]]) -> list[Found]:
        """Return what stands in a span beside the names already found in it."""
        pieces, at = [], span.start
        for start, end in [*sorted(inside), (span.end, span.end)]:
            pieces.append((at, text[at : max(at, start)]))
            at = end
        found: list[Found] = []
        for start, piece in pieces:
            words = _EDGES.sub("", piece.strip(" ,()?!.\"'")).strip(" ,()")
            words = bare(words, self.is_word)
            if len(squash(words)) > 1 and not re.fullmatch(r"(?:이?랑|하고|과|와|보다)[은는]?|[가-힣]", words):
                found += self.of_span(Span(span.role, words, start, start + len(piece), span.first, span.last))
        return found

    def of_span(self, span: Span) -> list[Found]:
        """Return what a span of the question names: a person, terms, a topic, or an unknown name."""
        listed = listed_people().people  # 얀 르쿤 is Yann LeCun
        called = listed.get(span.text) or listed.get(_PERSONAL.sub("", span.text), span.text)
        if span.role == "excluded" and " " in span.text and (person := self.catalogue.authors.person(called)):
            return [Found(person, "person", (), span.start)]
        if span.role in ("topic", "name", "excluded"):
            span = replace(span, text=self._trimmed(_EDGES.sub("", span.text) or span.text))
        if span.role == "excluded":
            span = replace(span, text=_DENIED.sub("", span.text) or span.text)
        if span.role in ("topic", "excluded"):
            either = " 또는 " if re.search("[가-힣]", span.text) else " or "
            span = replace(span, text=_INNER_OR.sub(either, span.text))
        joined = _JOINED.split(span.text)
        if len(joined) == 1 and not (glossary().knows(span.text) or self.own(span.text)):
            joined = span.text.split()  # "LoRA QLoRA DoRA"
        if len(joined) > 1 and all(map(self._is_named, joined)):
            return [self._whole(part, "name", span.start + span.text.find(part)) for part in joined]
        whole = self._whole(span.text, span.role, span.start)
        if whole.kind != "topic" or " " not in span.text:
            return [whole]
        parts = list(self._split(span))
        return parts or [whole]

    def _is_named(self, text: str) -> bool:
        """Whether a word is a name and no kind of thing."""
        if glossary().knows(text):
            return not is_concept(glossary().term(text).variants)
        return is_shaped(text) or bool(self.own(text))

    def _trimmed(self, text: str) -> str:
        """Return a topic without words that say only that it is one ("… 관련 기법들", "춤추는거", "recent … methods")."""
        text = _FOR_IT.sub(lambda match: match[1] if self.is_word(match[1]) else match[0], _THE_THING.sub("", text))
        text = _AMONG.sub("", _IS_THERE.sub("", text))
        while not glossary().knows(text):
            cut = _without_verbs(_LEADS.sub("", _HEADS.sub("", text)).strip())
            if cut == text or len(squash(cut)) < 2:
                break
            text = bare(cut, self.is_word)
        noun = nominal(text, self.is_noun) if re.search("[가-힣]", text) else text
        return noun if glossary().knows(noun) or " " in noun else text

    def is_noun(self, word: str) -> bool:
        """Whether a Korean word stands in the papers or the glossary as a noun."""
        return glossary().knows(word) or self.catalogue.occurs(squash(word))

    def _whole(self, text: str, role: str, start: int) -> Found:
        """Take a span as one thing."""
        text = text.strip("\"'“”‘’ ")
        if role == "name" and not self.own(text) and not glossary().knows(text):
            cut = _KINDS_OF_NAME.sub("", text)
            text = cut if self.catalogue.knows(glossary().term(cut)) else text
        if _IN_THE_STYLE.fullmatch(text):
            return Found(text, "topic", (), start)
        group = glossary().term(text).variants
        papers = self.own(text)
        if glossary().knows(text):
            concept = is_concept(group)
            return Found(text, "topic" if concept else "term", () if concept else papers, start, tagged=role == "name")
        plain = text.islower() and text.isascii() and self.catalogue.is_plain_word(text)
        if papers and (role != "topic" or not text.islower()) and not (plain and role != "name"):
            shown = next(
                (self.catalogue.papers[i].name for i in papers if fold(self.catalogue.papers[i].name) == fold(text)),
                text,
            )
            return Found(shown if text.islower() else text, "term", papers, start)
        shaped = all(map(is_shaped, text.split())) or (role == "name" and self._is_capital(text))
        if shaped and self._is_everywhere(text):
            return Found(text, "topic", (), start)
        if role == "name" and TITLE_CASE.fullmatch(text) and not self.catalogue.knows(glossary().term(text)):
            return Found(text, "unknown", (), start)
        if shaped or (role == "name" and text.isascii() and " " not in text and not plain):
            if self.catalogue.knows(glossary().term(text)):
                return Found(text, "term", self.proposers(text), start)
            if shaped:
                return Found(text, "unknown", (), start)
        right, read_as = mended(text, self.catalogue, _is_asking)
        if read_as:
            return replace(self._whole(right, role, start), read_as=read_as)
        return Found(text, "topic", (), start)

    def _is_everywhere(self, text: str) -> bool:
        """Whether so many papers write a name that is no paper's own that it tells none of them apart: "AI"."""
        many = max(len(self.catalogue) // _EVERYWHERE, _MANY)
        return not self.own(text) and self.catalogue.knows(glossary().term(text), many)

    @staticmethod
    def _is_capital(text: str) -> bool:
        """Whether a text is written as a name is: with a capital, and not as words of asking are ("Anything", "LLMs as judges")."""
        clause = " " in text and re.search("[가-힣]", text)  # “LLM이 LLM을”
        return text[:1].isupper() and not (clause or COMMON_WORD.search(text) or _is_asking(text))

    def _split(self, span: Span) -> Iterator[Found]:
        """Yield the names inside of a topic ("Mamba medical segmentation") and what stands around them; nothing without names."""
        words = list(re.finditer(r"\S+", span.text))
        inside = []
        for match in words:
            word = bare(match.group().strip("(),?!.\"'"), self.is_word)
            group = glossary().term(word).variants
            shaped = is_shaped(word) or (glossary().knows(word) and not is_concept(group))
            concept = glossary().knows(word) and is_concept(group)
            if shaped and word.isupper() and len(word) <= _ACRONYM and not self.own(word) and len(words) > 1:
                continue  # "KV caches", "RL agents": part of what is spoken of
            known = self.catalogue.knows(glossary().term(word))
            if shaped and not concept and known and not self._is_everywhere(word):
                inside.append((match.start(), match.start() + len(word), word))
            elif shaped and not known and _INVENTED.fullmatch(word):
                yield Found(word, "unknown", (), span.start + match.start())
                return
        if not inside:
            return
        for at, _, word in inside:
            yield Found(word, "term", self.own(word) or self.proposers(word), span.start + at)
        rest = _EDGES.sub("", _without(span.text, [(at, end) for at, end, _ in inside])).strip(" ,()")
        rest = bare(re.sub(r"\(\s*\)", "", rest).strip(), self.is_word)
        kind_of_name = " " not in rest and _KINDS_OF_NAME.search(f"_ {rest}")  # "the FineWeb dataset"
        if not kind_of_name and len(squash(rest)) > (1 if re.search("[가-힣]{2}", rest) else 2):
            yield Found(rest, "topic", (), span.start + max(0, span.text.find(rest)))


_INVENTED = re.compile(r"(?=.*[a-z])[A-Z][A-Za-z]*[A-Z][\w-]*|[A-Z][a-z]+-?\d[\w.]*")  # QuantumLoRA-X, Foxnet-2
_WHICH = re.compile(
    r"(?:있|없)(?:죠|지|나|냐|니|어|음)[가-힣]{0,2}|(?:어느 ?[쪽것게]|어떤 ?[쪽것게]|것|거|(?:비슷|유사|다른|새로|좋|최신|최근)(?:한|운|은)?(?: ?[거것건걸게])?|[그이]것|[그이]거|그중|그 중)(?:이|가|은|는|을|를|들)?(?:요)?"
)
_PLAIN_VERB = re.compile("[가-힣]{1,3}[아어해여]")
_ACRONYM = 3  # letters up to which capitals inside of a topic are hardly a name
_JOINED = re.compile(r"(?<=\w)(?:와|과|이랑|랑|하고|,| and| &) ")
_IN_THE_STYLE = re.compile(r"[\w.-]+-(?:style|like|inspired)", re.IGNORECASE)  # “R1-style” is how something is done
_DENIED = re.compile(r" (?:안 ?|않)(?:쓰|쓴|쓸|다루|나오|들어가)\S*$")  # “RAG 안쓰는걸”
_INNER_OR = re.compile(
    r"(?<=[가-힣A-Za-z0-9])이나 (?=[가-힣A-Za-z])|(?<=[가-힣A-Za-z0-9]) ?(?:혹은|아니면) (?=[가-힣A-Za-z])|(?<=\w) ?/ (?=\w)"
)


def _without_verbs(text: str) -> str:
    """Return a topic without a verb of its relation at its end or beginning ("… 를 활용한", "applied to …")."""
    parts = text.split()
    stray = words()
    while len(parts) > 1 and (stray.relation(parts[-1:]) != "none" or stray.tails.has(parts[-1])):
        parts.pop()
    while len(parts) > 1 and (
        stray.relation(parts[:1]) != "none"
        or stray.tails.has(parts[0])
        or re.fullmatch("[을를와과의에로도이가은는]", parts[0])
    ):
        parts.pop(0)
    return " ".join(parts)


def _without(text: str, places: Sequence[tuple[int, int]]) -> str:
    """Return a text without some places and the particle straight behind each."""
    for start, end in reversed(places):
        tail = re.match(r"(?:으로|이랑|하고|에서|[을를은는이가와과로의에])(?=\s|$)", text[end:])
        text = f"{text[:start]} {text[end + (tail.end() if tail else 0) :]}"
    return " ".join(text.split())
