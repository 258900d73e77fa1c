"""A comparison: the papers that are named, and for a name without a paper of its own the papers that use it.

Nothing that is named is replaced by a look-alike; what no paper names is told to be missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from rag.corpus.catalogue import Catalogue, Mask
from rag.corpus.mentions import meant
from rag.corpus.papers import Paper
from rag.evidence.comparison import MOST, Thing, filled, of_name, of_paper, said_of_all, together
from rag.evidence.matching import filtered
from rag.evidence.retriever import Retriever
from rag.evidence.types import Evidence
from rag.evidence.verdicts import claims, shared_figures
from rag.language.terms import glossary, squash
from rag.questions.plan import Plan
from rag.questions.reading import UNSAID, Reading

Retrieve = Callable[[], Retriever]
_TELLING = 6  # words that describe a paper and name nothing to compare
_LEAST = 2  # things that a comparison names; only where there are fewer is a described one looked for


def compared(reading: Reading, catalogue: Catalogue, retriever: Retrieve) -> Evidence | None:
    """Return what a plan compares, beside each other by aspects; None where it names nothing that can be compared."""
    plan = reading.plan
    within = filtered(replace(plan, terms=(), topics=(), papers=(), relation=None), catalogue)
    things, missing = _things(reading, catalogue, retriever)
    if not things:
        return Evidence(replace(reading, unknown=missing), reason="no_evidence") if missing else None
    if len(things) < _LEAST and reading.foreign >= UNSAID and not (plan.terms or plan.papers):
        described = len(" ".join(plan.topics).split()) >= _TELLING
        return None if described else Evidence(replace(reading, unknown=missing), reason="no_evidence")
    unseen = any(name in plan.terms and name not in reading.unknown for name in missing)
    outside = (thing for thing in things if not (thing.is_own or _is_inside(thing, within, catalogue)))
    if not within.all() and (unseen or any(outside)):
        return Evidence(reading, reason="no_evidence")
    found = filled(things[:MOST], catalogue, reading.language)
    both = together(found, catalogue, within, reading.language)
    papers = tuple(dict.fromkeys(paper for thing in found for paper in _told_by(thing)))
    own = len(found) > 1 and all(thing.is_own for thing in found)
    return Evidence(
        replace(reading, unknown=missing),
        papers,
        both,
        quotes={paper.arxiv_id: () for paper in papers},
        things=found,
        together=said_of_all(both, found, catalogue, reading.language),
        shared=shared_figures([thing.papers[0] for thing in found], catalogue) if own else (),
        claimed=claims([thing.papers[0] for thing in found], catalogue) if own else (),
    )


def _told_by(thing: Thing) -> list[Paper]:
    """Return the papers that tell of a thing: its own, and those whose sentences stand in its column."""
    own = [*thing.papers[:1]] if thing.is_own else []
    return own + [paper for paper, _ in thing.cells.values()]


def _is_inside(thing: Thing, within: Mask, catalogue: Catalogue) -> bool:
    """Whether a paper that tells of a thing passes the filters of a plan."""
    return bool((within & catalogue.mask(paper.arxiv_id for paper in thing.papers)).any())


def _things(reading: Reading, catalogue: Catalogue, retriever: Retrieve) -> tuple[list[Thing], tuple[str, ...]]:
    """Return what a plan names, in the order of the question, and the names that no paper has."""
    plan = reading.plan
    within = filtered(replace(plan, terms=(), topics=(), papers=(), relation=None), catalogue)
    places = {text: place for place, text in enumerate(reading.about)}
    named = [*plan.terms, *(part for topic in plan.topics for part in _parts(topic, catalogue))]
    names = sorted(named, key=lambda name: places.get(name, len(places)))
    left = [catalogue.papers[i] for i in plan.papers if i in catalogue.papers]
    things: list[Thing] = []
    missing, described = list(reading.unknown), list[str]()
    for name in dict.fromkeys(names):
        own = _own(name, plan, catalogue)
        if own:
            left = [paper for paper in left if paper not in own]
            things.append(of_paper(own[0], name, catalogue))
        elif thing := of_name(name, catalogue, within, reading.language):
            left = [paper for paper in left if paper.arxiv_id not in catalogue.mentioning(meant(name))]
            things.append(thing)
        elif name in plan.topics and " " in name:
            described.append(name)
        else:
            missing.append(name)
    things += [of_paper(paper, "", catalogue) for paper in left]
    if described or len(things) + len(missing) < _LEAST:
        things += _described((*reading.said, *described), things, catalogue, retriever)
    return things, tuple(dict.fromkeys(missing))


def _parts(topic: str, catalogue: Catalogue) -> list[str]:
    """Return the things that a topic of a comparison names side by side: "DPO PPO" is two; one that papers name whole is one."""
    words = topic.split()
    known = len(words) > 1 and all(glossary().knows(word) for word in words)
    return words if known and not catalogue.knows(meant(topic)) else [topic]


def _own(name: str, plan: Plan, catalogue: Catalogue) -> list[Paper]:
    """Return the papers of a plan that call themselves by a name, or whose title it abbreviates; those named exactly first."""
    family = [catalogue.papers[i] for i in catalogue.family(squash(name)) if i in plan.papers]
    abbreviated = [catalogue.papers[i] for i in plan.papers if i in catalogue.papers]
    found = family or [paper for paper in abbreviated if abbreviates(name, paper.title)]
    return sorted(found, key=lambda paper: squash(paper.name) != squash(name))


def abbreviates(name: str, title: str) -> bool:
    """Whether a name is made of the initials of words that stand side by side in a title.

    >>> abbreviates("TPA", "Tensor Product Attention Is All You Need"), abbreviates("RWKV", "Receptance of Foxes")
    (True, False)
    """
    initials = "".join(word[0] for word in re.findall(r"[A-Za-z0-9]+", title)).lower()
    return len(name) > 2 and name.lower() in initials


def _described(said: Sequence[str], things: list[Thing], catalogue: Catalogue, retriever: Retrieve) -> list[Thing]:
    """Return the best paper for each thing that is described and not named."""
    known = {paper.arxiv_id for thing in things for paper in thing.papers[:1]}
    made: list[Thing] = []
    for words in said:
        hits = retriever().search(words, 1)
        if hits and hits[0].arxiv_id not in known:
            known.add(hits[0].arxiv_id)
            made.append(of_paper(catalogue.papers[hits[0].arxiv_id], "", catalogue))
    return made
