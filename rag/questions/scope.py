"""Whether a question is about papers at all: what the network says, and what in the question speaks for it. Pure functions."""

from __future__ import annotations

from dataclasses import replace

from rag.corpus.catalogue import Catalogue
from rag.language.everyday import in_field_words
from rag.language.terms import glossary
from rag.questions.constraints import Parsed, core
from rag.questions.found import Found
from rag.questions.network import Tagged
from rag.questions.plan import Plan
from rag.questions.reading import UNSAID
from rag.questions.words import words

SCOPE = 0.15  # probability from which a question is not about papers, unless a paper plainly carries it
_LIKELY_FOREIGN = 0.5  # probability from which a question that names a term of the field is not about papers
_SURELY_FOREIGN = 0.8  # probability from which what may ask for help does not


def _is_technical(word: str) -> bool:
    """Whether the glossary knows a word as a term of machine learning: one of a model, or an acronym in capitals."""
    return glossary().knows(word) and (word.endswith("모델") or (word.isupper() and len(word) > 1))


def foreign(parsed: Parsed) -> float:
    """Return how probable it is that a question is not about papers: never quite nothing where no word speaks of research."""
    told = parsed.tagged.kinds["offtopic"]
    said = [token.text for token in parsed.tokens]
    speaks = words().research.any_of(said) or any(_is_technical(word) for word in said)
    named = any(one.papers or one.kind == "term" for one in parsed.found) or parsed.ids or parsed.people.names
    if speaks or named:
        return told
    return UNSAID if _is_of_field(parsed) else max(told, UNSAID)


def asks_for_help(parsed: Parsed) -> bool:
    """Whether a question may ask what can be asked here, or is small talk."""
    kinds = parsed.tagged.kinds
    return kinds["help"] >= SCOPE and kinds["offtopic"] < _SURELY_FOREIGN


def is_foreign(parsed: Parsed, plan: Plan, catalogue: Catalogue) -> bool:
    """Whether a question is not about papers: the network says so, and no paper, author or term that it names speaks against it."""
    share = parsed.tagged.kinds["offtopic"]
    own = any(is_own(one, catalogue) and one.text in parsed.text for one in parsed.found)
    spelled = any(name.casefold() in parsed.text.casefold() for name in plan.authors)
    keyword = share < _SURELY_FOREIGN and glossary().knows(core(parsed))
    certain = parsed.ids or own or spelled or plan.unvoted or parsed.people.names or keyword
    certain = (
        certain
        or (parsed.released and share < _SURELY_FOREIGN)
        or _is_of_field(parsed)
        or _is_days_alone(parsed)
        or _is_phrase_of_papers(parsed, catalogue)
        or words().field.any_of(token.text for token in parsed.tokens)
    )
    of_papers = words().papers.any_of(token.text for token in parsed.tokens)
    termed = any(one.kind == "term" and glossary().knows(one.text) for one in parsed.found)
    return share >= (_SURELY_FOREIGN if of_papers else _LIKELY_FOREIGN if termed else SCOPE) and not certain


def _is_days_alone(parsed: Parsed) -> bool:
    """Whether a question is nothing but days: "february"."""
    spans = parsed.dates.spans if parsed.dates else ()
    return len(spans) == 1 and spans[0] == (0, len(parsed.text.rstrip(" ?.!")))


_PHRASE = range(2, 4)  # words of a bare phrase


def _is_phrase_of_papers(parsed: Parsed, catalogue: Catalogue) -> bool:
    """Whether a question is nothing but a phrase that papers write: "breast cancer"."""
    bare = parsed.text.strip(" ?.!")
    mended = [one.text for one in parsed.found if one.start == 0 and len(parsed.found) == 1 and one.read_as]
    phrases = (phrase for phrase in (bare, *mended) if len(bare.split()) in _PHRASE)
    return any(catalogue.knows(glossary().term(phrase)) for phrase in phrases)


def _is_of_field(parsed: Parsed) -> bool:
    """Whether a question that is not surely off topic says what the field has a word for: “핸드폰에서 돌아가는 언어모델”."""
    if parsed.tagged.kind in ("offtopic", "help"):
        return False
    technical = any(_is_technical(token.text) for token in parsed.tokens)
    return technical or any(in_field_words(one.text) for one in parsed.found if one.kind == "topic")


def is_own(found: Found, catalogue: Catalogue) -> bool:
    """Whether papers call themselves by just this name."""
    return any(catalogue.papers[i].name == found.text for i in found.papers if i in catalogue.papers)


def within_scope(parsed: Parsed) -> Parsed:
    """Return a question as one that surely is about papers."""
    return replace(parsed, tagged=of_papers(parsed.tagged))


def of_papers(tagged: Tagged) -> Tagged:
    """Return what the network makes of a question as of one that surely is about papers."""
    kinds = {name: 0.0 if name in ("offtopic", "help") else share for name, share in tagged.kinds.items()}
    return replace(tagged, kinds=kinds)
