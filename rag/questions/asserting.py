"""Questions that want a statement: why something is so, whether it works, what its limits are, who doubts it. Pure functions."""

from __future__ import annotations

import re

from rag.corpus.catalogue import Catalogue
from rag.language.assertions import Assertion, asked_assertion
from rag.language.patterns import lazy
from rag.language.terms import glossary
from rag.questions.constraints import Parsed
from rag.questions.reading import Turn
from rag.questions.scope import SCOPE, is_own
from rag.questions.spans import bare
from rag.questions.words import words

_KINDS = ("explain", "fact", "list", "describe", "offtopic", "compare", "writers", "after:ask", "after:explain")
_SEEKS = lazy(
    r"\b(?:is|are) there\b.{0,20}\b(?:research|work|papers?|stud\w+)\b|\b(?:any|find|show me|list) (?:research|work|papers?|stud\w+)\b"
    r"|(?:연구|논문|자료)(?:가|는|도|들)? ?(?:있|없|찾|추천|알려|보여)",
    re.IGNORECASE,
)  # asks for papers, whatever they are to say
_IT = lazy(
    r"(?<![A-Za-z])(?:it|its|this|that|they|them|these)(?![A-Za-z])|(?:그거|그게|그건|그것[은이]?|이거|이게|이건|이것[은이]?)(?![가-힣])",
    re.IGNORECASE,
)


def asserted_by(parsed: Parsed, catalogue: Catalogue) -> tuple[Assertion | None, str]:
    """Return which kind of statement a question wants and what it is about; None of one that wants papers or facts.

    A question that seems not to be about papers wants one only of a thing that the field has a name for.
    """
    kind, about = asked_assertion(parsed.text)
    if (
        kind is None
        or _SEEKS.search(parsed.text)
        or parsed.tagged.kind not in _KINDS
        or (parsed.dates and parsed.tagged.kind == "list")
    ):
        return None, ""
    of_papers = words().papers.any_of(token.text for token in parsed.tokens)
    if kind in ("cause", "limits", "doubt") and parsed.tagged.kind == "list" and of_papers:
        return None, ""  # “왜 … 인지 다룬 논문 있어?”
    named = [one for one in parsed.found if one.kind in ("topic", "term")]
    if not named:
        return None, ""
    foreign = parsed.tagged.kinds["offtopic"]
    if foreign < SCOPE:
        return kind, about
    things = [one for one in _phrases(about, catalogue) if glossary().knows(one)]
    surely = len(things) > 1 or any(" " in one for one in things) or (things and foreign < _SURELY_FOREIGN)
    return (kind, about) if surely or any(_is_of_papers(one.text, catalogue) for one in named) else (None, "")


_SURELY_FOREIGN = 0.95  # probability of being off topic that one word of the field does not speak against
_LONGEST = 3  # words of a thing that the glossary may have


def _phrases(text: str, catalogue: Catalogue) -> list[str]:
    """Return the phrases of a few words that stand in a text, without the particles at their ends."""
    said = text.strip(" ?.!").split()
    runs = (" ".join(said[at : at + size]) for size in range(1, _LONGEST + 1) for at in range(len(said) - size + 1))
    return [bare(run, catalogue.declines) for run in runs]


def _is_of_papers(text: str, catalogue: Catalogue) -> bool:
    """Whether several papers have a phrase of more words: "attention sinks"."""
    spelled = (text, text.removesuffix("s"))
    return " " in text and any(catalogue.knows(glossary().term(one), 2) for one in spelled)


def names_own(parsed: Parsed, catalogue: Catalogue) -> bool:
    """Whether a question names a paper by just its name."""
    return bool(parsed.ids) or any(is_own(one, catalogue) for one in parsed.found)


def about_subject(parsed: Parsed, before: Turn) -> str:
    """Return a question that wants a statement of “it” with what the earlier one was about in its place; "" of any other."""
    plan = before.reading.plan
    named = (*plan.terms, *plan.topics)
    kind, _ = asked_assertion(parsed.text)
    if kind is None or len(named) != 1:
        return ""
    return _IT.sub(lambda _: named[0], parsed.text, count=1) if _IT.search(parsed.text) else ""
