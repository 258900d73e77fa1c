"""What a thing is: by its own paper, by the papers that propose it, else by the sentences of others that define it.

A neighbour's summary is never told in place of a definition.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from rag.corpus.catalogue import Catalogue
from rag.corpus.mentions import meant
from rag.corpus.papers import Paper
from rag.corpus.relations import Labelled
from rag.evidence.acronyms import spelled_out
from rag.evidence.asked import attribute_words, is_treated
from rag.evidence.definitions import Definition, definitions, own_definition
from rag.evidence.described import about_topic, described, named, proposers
from rag.evidence.facts import STATED
from rag.evidence.matching import filtered
from rag.evidence.quotes import in_language, key_statements
from rag.evidence.retriever import Retriever
from rag.evidence.spoken import limits_of, most_told, reasons_for
from rag.evidence.types import Evidence
from rag.language.terms import Term, squash
from rag.questions.reading import UNSAID, Reading

Retrieve = Callable[[], Retriever]
_SHOWN = 3  # sentences that define a thing, and papers that only treat it
_LOOKED_AT = 400  # papers that name a thing, in which a definition is looked for


def explained(reading: Reading, catalogue: Catalogue, retriever: Retrieve, top_k: int) -> Evidence:
    """Return what explains the thing that a plan names, the surest first; `defined` holds the sentences that define it."""
    plan = reading.plan
    if plan.papers:
        return _by_its_paper(reading, catalogue, top_k)
    names = (*plan.terms, *plan.topics)
    if len(names) == 1 and catalogue.knows(meant(names[0])):
        found = _proposed(reading, catalogue) or _by_others(reading, names[0], catalogue)
        if found and not found.defined and _is_everyday(names[0], reading, catalogue):
            return Evidence(reading, reason="out_of_scope")
        if found:
            return _with_reasons(found, meant(names[0]), reading, catalogue) if reading.why else found
    if plan.topics and (found := about_topic(reading, catalogue, retriever())):
        return found
    return described(reading, catalogue, retriever(), top_k)


def _is_everyday(name: str, reading: Reading, catalogue: Catalogue) -> bool:
    """Whether a single English word, asked about without a word of research, is hardly meant as one of the field's."""
    plain = name.isascii() and name.islower() and name.isalpha()
    return plain and reading.foreign >= UNSAID and not catalogue.is_of_titles(meant(name))


def spelled(reading: Reading, catalogue: Catalogue) -> Evidence | None:
    """Return what the abbreviation that a question names stands for; None where no paper spells it out."""
    names = [name for name in (*reading.plan.terms, *reading.plan.topics, *reading.about) if " " not in name]
    if not names:
        return None
    found = spelled_out(meant(names[0]), catalogue)
    if not found:
        return None
    first = found[0]
    papers = first.papers[:1]
    quotes = {papers[0].arxiv_id: (first.statement,) if first.statement else ()}
    told = replace(reading, plan=replace(reading.plan, papers=(), terms=(names[0],), topics=()))
    return Evidence(told, papers, first.papers[1:], quotes=quotes, spelled=found)


def _by_its_paper(reading: Reading, catalogue: Catalogue, top_k: int) -> Evidence:
    """Return the summary of a paper with its defining sentence; a reason where it lacks the very thing that is asked of it."""
    found = named(reading, catalogue, top_k)
    if len(found.papers) != 1:
        return _of_a_family(found, catalogue)
    (paper,) = found.papers
    words = attribute_words(reading.query, paper, STATED)
    if words and not any(is_treated(word, paper, STATED) for word in words):
        lacking = tuple(word.text for word in words)
        return Evidence(reading, found.papers, reason="field_not_in_digest", missing=lacking)
    told = own_definition(paper, reading.language)
    return replace(found, defined=(Definition(paper, told, 0.0, proposes=True),) if told else ())


def _of_a_family(found: Evidence, catalogue: Catalogue) -> Evidence:
    """Return several papers that call themselves by one name ("BitNet v2", "BitNet b1.58") as those that propose it."""
    reading = found.reading
    names = (*reading.plan.terms, *reading.about)
    if not (
        names and found.papers and all(squash(paper.name or "").startswith(squash(names[0])) for paper in found.papers)
    ):
        return found
    told = ((paper, own_definition(paper, reading.language)) for paper in found.papers)
    defined = tuple(Definition(paper, one, 0.0, proposes=True) for paper, one in told if one)
    labels = {paper.arxiv_id: Labelled("proposes", None) for paper in found.papers}
    quotes = {paper.arxiv_id: key_statements(paper, reading.language, _SHOWN) for paper in found.papers}
    asked = replace(reading, plan=replace(reading.plan, terms=(names[0],)))
    return replace(found, reading=asked, labels=labels, defined=defined, quotes=quotes)


def limited(reading: Reading, catalogue: Catalogue) -> Evidence | None:
    """Return what other papers say of the limits of the thing that a question names; None where none does."""
    names = (*reading.plan.terms, *reading.about)
    if not names or not catalogue.knows(meant(names[0])):
        return None
    spoken = [
        paper for paper in _spoken(meant(names[0]), reading, catalogue) if paper.arxiv_id not in reading.plan.papers
    ]
    found = limits_of(meant(names[0]), spoken[:_LOOKED_AT], catalogue, reading.language)[:_SHOWN]
    if not found:
        return None
    plan = replace(reading.plan, kind="explain", papers=(), terms=(names[0],))
    papers = tuple(one.paper for one in found)
    also = tuple(paper for paper in spoken if paper not in papers)
    return Evidence(replace(reading, plan=plan), papers, also, defined=found, outside=(names[0],))


def _proposed(reading: Reading, catalogue: Catalogue) -> Evidence | None:
    """Return the papers that propose a thing, each with its defining sentence, and what others say of it."""
    found = proposers(reading, catalogue)
    if found is None:
        return None
    term = meant(found.reading.plan.terms[0])
    own = definitions(term, found.papers, catalogue, reading.language, _SHOWN, proposed=True)
    if not own and len(found.papers) == 1 and (told := own_definition(found.papers[0], reading.language)):
        own = (Definition(found.papers[0], told, 0.0),)
    others = [paper for paper in _spoken(term, reading, catalogue) if paper not in found.papers]
    more = definitions(term, others, catalogue, reading.language, 1) if len(found.papers) == 1 else ()
    also = tuple(others)
    return replace(found, defined=(*(replace(one, proposes=True) for one in own), *more), also=also)


def _by_others(reading: Reading, name: str, catalogue: Catalogue) -> Evidence | None:
    """Return the sentences of papers that define a thing which none proposes; else what the papers nearest to it say of it."""
    term = meant(name)
    spoken = _spoken(term, reading, catalogue)
    if not spoken:
        return None
    looked_at = spoken[:_LOOKED_AT]
    defined = definitions(term, looked_at, catalogue, reading.language, _SHOWN)
    speaking = () if defined else most_told(term, looked_at, catalogue, reading.language, _SHOWN)
    papers = tuple(one.paper for one in defined or speaking) or tuple(spoken[:_SHOWN])
    mentions = catalogue.mentioning(term)
    quotes = {p.arxiv_id: tuple(in_language(mentions[p.arxiv_id].bullets, reading.language)[:1]) for p in papers}
    also = tuple(paper for paper in spoken if paper not in papers)
    return Evidence(reading, papers, also, quotes=quotes, defined=defined, speaking=speaking, outside=(name,))


def _with_reasons(found: Evidence, term: Term, reading: Reading, catalogue: Catalogue) -> Evidence:
    """Add what a thing is good for, by sentences that are not shown yet."""
    said = {one.told.text for one in (*found.defined, *found.speaking)}
    spoken = _spoken(term, reading, catalogue)[:_LOOKED_AT]
    reasons = reasons_for(term, spoken, catalogue, reading.language, _SHOWN + len(said))
    fresh = tuple(one for one in reasons if one.told.text not in said)[:_SHOWN]
    papers = (*found.papers, *(one.paper for one in fresh if one.paper not in found.papers))
    also = tuple(paper for paper in found.also if paper not in papers)
    quotes = {**{one.paper.arxiv_id: (one.told.statement,) for one in fresh}, **found.quotes}
    return replace(found, papers=papers if found.outside else found.papers, also=also, quotes=quotes, reasons=fresh)


def _spoken(term: Term, reading: Reading, catalogue: Catalogue) -> list[Paper]:
    """Return the papers that name a thing, within the filters of the plan: those that speak of it most first."""
    mentions = catalogue.mentioning(term)
    inside = filtered(replace(reading.plan, terms=(), topics=(), relation=None), catalogue) & catalogue.mask(mentions)
    found = [paper for paper in catalogue.at(inside) if paper.arxiv_id not in catalogue.doubtful]
    return sorted(
        found,
        key=lambda paper: (
            not mentions[paper.arxiv_id].in_title,
            -len(mentions[paper.arxiv_id].bullets),
            -(paper.votes or 0),
        ),
    )
