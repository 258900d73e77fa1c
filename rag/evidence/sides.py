"""Several names or topics: each counted for itself, and those that no paper names together told apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Literal

import numpy as np

from rag.corpus.catalogue import Catalogue, Mask
from rag.corpus.mentions import Statement, either, meant
from rag.corpus.papers import Paper
from rag.evidence.likelihood import cut_for, likelihood, trusted
from rag.evidence.matching import matching
from rag.evidence.quotes import in_language, key_statements
from rag.evidence.retriever import Retriever
from rag.evidence.topics import Topic
from rag.evidence.types import Evidence
from rag.questions.plan import Plan
from rag.questions.reading import Reading

_EACH = 2  # papers that speak for a method that is compared with another

Retrieve = Callable[[], Retriever]
Quotes = dict[str, tuple[Statement, ...]]


Side = Literal["name", "topic", "author"]


def compared_in(plan: Plan) -> dict[str, Side]:
    """Return the things that a plan counts each by itself, and what each is."""
    named: dict[str, Side] = {part: "name" for term in plan.terms for part in either(term)}
    about: dict[str, Side] = {part: "topic" for topic in plan.topics for part in either(topic)}
    people: dict[str, Side] = dict.fromkeys(plan.authors, "author")
    return named | about or people


def sides(reading: Reading, compared: Mapping[str, Side], catalogue: Catalogue, retriever: Retrieve) -> Evidence:
    """Return the papers of each name and topic by itself, most papers first, where a question asks of which there are more."""
    plan = replace(reading.plan, terms=(), topics=(), relation=None)
    by_name = "name" in compared.values()  # names are counted where they stand, and so is what stands beside them
    masks: dict[str, Mask] = {}
    for thing, side in compared.items():
        if side == "author":
            masks[thing] = matching(replace(plan, authors=(thing,)), catalogue)[0]
        elif side == "name" or (by_name and catalogue.knows(meant(thing))):
            masks[thing] = matching(replace(plan, terms=(thing,), relation=reading.plan.relation), catalogue)[0]
        else:
            masks[thing] = _about(replace(plan, topics=(thing,)), catalogue, retriever())
    each = (Topic((term,), tuple(catalogue.at(mask))) for term, mask in masks.items())
    found = tuple(sorted(each, key=lambda side: -len(side.papers)))
    both = int(np.logical_and.reduce([*masks.values()]).sum())
    every = tuple(catalogue.at(np.logical_or.reduce([*masks.values()])))
    return Evidence(reading, every, sides=found, pool=both, reason=None if every else "no_evidence")


def _about(plan: Plan, catalogue: Catalogue, retriever: Retriever) -> Mask:
    """Return the papers about the topic of a plan, as the set that it alone asks for has them."""
    matched = matching(plan, catalogue)[0]
    shares = likelihood(plan, retriever) * trusted(plan, retriever)
    about: Mask = matched & (shares >= cut_for(plan, retriever, matched))
    return about


def none_names_all(reading: Reading, catalogue: Catalogue) -> Evidence:
    """Return the papers that tell most of each of several names, which no paper names together; nothing where one has none."""
    plan = reading.plan
    papers, quotes = _speakers(plan, catalogue, reading)
    if not papers:
        return Evidence(reading, reason="no_evidence")
    return Evidence(reading, tuple(papers), quotes=quotes, apart=plan)


def _speakers(plan: Plan, catalogue: Catalogue, reading: Reading) -> tuple[list[Paper], Quotes]:
    """Return the papers that tell most of each term of a plan, with what they say; nothing where one term has none."""
    papers: list[Paper] = []
    quotes: Quotes = {}
    for name in plan.terms:
        mentions = catalogue.mentioning(meant(name))
        users, others, _ = matching(replace(plan, terms=(name,), relation="use"), catalogue)
        best = sorted(
            catalogue.at(users if users.any() else others),
            key=lambda p: (not mentions[p.arxiv_id].in_title, -len(mentions[p.arxiv_id].bullets), -(p.votes or 0)),
        )[:_EACH]
        if not best:
            return [], {}
        papers += [paper for paper in best if paper not in papers]
        for paper in best:
            said = tuple(in_language(mentions[paper.arxiv_id].bullets, reading.language)[:3])
            quotes[paper.arxiv_id] = said or key_statements(paper, reading.language, 3)
    return papers, quotes
