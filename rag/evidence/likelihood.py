"""How probable it is that papers are about all topics of a plan, and about none that it excludes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rag.corpus.catalogue import Catalogue, Mask
from rag.corpus.mentions import either, meant, together
from rag.evidence.belonging import CUT, cut_of
from rag.evidence.retriever import Retriever
from rag.language.narrower import narrower
from rag.language.terms import glossary
from rag.questions.plan import Plan

_CARRIES, _PLAINLY = 0.55, 0.65  # share of a topic from which a paper of an answer, or one with a name, carries it
_FAINTLY = 0.3  # what less counts
TITLED = 0.5  # least probability of a paper whose title names a topic
_BESIDE = 0.1  # of its probability, that is added to that
_EVERYWHERE = 0.1  # share of the papers from which on to name a topic in passing is not to be about it
_LESS = 0.7  # of a paper's probability for what is asked, below which it is not about what is excluded


def likelihood(plan: Plan, retriever: Retriever) -> NDArray[np.float32]:
    """Return for each paper how probable it is that it is about all topics of a plan and about none that are excluded."""
    found = asked_for(plan, retriever)
    for topic in plan.not_topics:
        beside = found if plan.topics else None
        found = found * ~np.logical_and.reduce([_about(one, beside, retriever) for one in together(topic)])
    made: NDArray[np.float32] = found.astype(np.float32)
    return made


def asked_for(plan: Plan, retriever: Retriever) -> NDArray[np.float32]:
    """Return for each paper how probable it is that it is about all topics of a plan, whatever this excludes."""
    return _together([_floored(topic, retriever) for topic in plan.topics], retriever)


def _together(shares: Sequence[NDArray[np.float32]], retriever: Retriever) -> NDArray[np.float32]:
    """Return the geometric mean of the probabilities of several topics, so that one threshold fits any number of them."""
    if len(shares) < 2:
        return next(iter(shares), np.ones(len(retriever.catalogue), dtype=np.float32))
    made: NDArray[np.float32] = np.exp(np.mean([np.log(np.maximum(share, 1e-9)) for share in shares], axis=0))
    return made


def cut_for(plan: Plan, retriever: Retriever, matched: Mask) -> float:
    """Return the probability from which papers that match the rest of a plan are about its topics.

    It is that of all papers, so that the papers of two years are those of the years together; among papers that a name
    has chosen, and where no paper that matches comes up to it, it is that of these. Neither what titles lend nor what
    stray papers lose raises it.
    """
    measures = (retriever.membership, retriever.belonging)
    shares = [_together([measure(topic) for topic in plan.topics], retriever) for measure in measures]
    narrow = any(map(retriever.memberships.is_narrow, plan.topics))
    least = CUT if narrow else 0.0  # of a narrow topic many papers are a little likely, and hardly any is about it
    of_all = max(least, min(map(cut_of, shares)))
    if not plan.terms and any((share[matched] >= of_all).any() for share in shares):
        return of_all
    return max(least, min(cut_of(np.where(matched, share, 0)) for share in shares))


def carried(plan: Plan, retriever: Retriever, among: Mask) -> NDArray[np.float32]:
    """Return how surely some papers are those that a plan's topics narrow them to, by what each of them says.

    Membership tells which of all papers are about a topic; of a few papers, those of an earlier answer or those with a
    name, those are meant that say something of it. Those with a name must say it more plainly.
    """
    rows = np.flatnonzero(among)
    shares = [retriever.memberships.carried(topic, rows) for topic in plan.topics]
    said = np.exp(np.mean([np.log(np.maximum(share, 1e-9)) for share in shares], axis=0))
    allowed = likelihood(replace(plan, topics=()), retriever)[rows]
    made = np.zeros(len(retriever.catalogue), dtype=np.float32)
    least = _CARRIES if plan.papers else _PLAINLY
    made[rows] = np.where(said >= least, said, _FAINTLY * said) * allowed
    return made


def _about(topic: str, asked: NDArray[np.float32] | None, retriever: Retriever) -> Mask:
    """Return which papers are about an excluded topic: those that name it, and those that are likely about it.

    Of papers that are `asked` for, those that are far likelier about that stay, if they do not name it.
    """
    catalogue, shares = retriever.catalogue, retriever.membership(topic)
    about: Mask = shares >= retriever.cut
    if asked is not None:
        about &= shares >= _LESS * asked
    rows = np.flatnonzero(catalogue.mask() if asked is None else asked > 0)
    for one in (topic, *narrower(topic, excluded=True)):
        about |= retriever.opening(one, rows)
    return about | _naming(topic, catalogue)


def _naming(topic: str, catalogue: Catalogue) -> Mask:
    """Return which papers name a topic anywhere, where the glossary has other spellings of it and not too many papers do."""
    known = all(len(glossary().term(part).variants) > 1 for part in either(topic))
    few = catalogue.naming_few(meant(topic), round(_EVERYWHERE * len(catalogue))) if known else None
    return catalogue.mask(few.keys() if few else ())


def _floored(topic: str, retriever: Retriever) -> NDArray[np.float32]:
    """Return the probability of a topic for each paper; a title that names it lends TITLED at least, the likelier the more."""
    shares = retriever.belonging(topic)
    floor = TITLED + _BESIDE * shares
    made: NDArray[np.float32] = np.where(retriever.titled(topic), np.maximum(shares, floor), shares).astype(np.float32)
    return made


def trusted(plan: Plan, retriever: Retriever) -> NDArray[np.float32]:
    """Return 1 for each paper whose summary counts; a doubtful one counts only where its title names a topic."""
    catalogue = retriever.catalogue
    made = np.ones(len(catalogue), dtype=np.float32)
    if catalogue.doubtful:
        titled = np.logical_or.reduce([catalogue.mask(()), *map(retriever.titled, plan.topics)])
        made[catalogue.mask(catalogue.doubtful) & ~titled] = 0
    return made


def sure(plan: Plan, rows: NDArray[np.int64], retriever: Retriever) -> Mask:
    """Return which papers among some name every topic of a plan in their title or at their opening."""
    every = retriever.catalogue.mask()
    named: Mask = np.logical_and.reduce([every, *(retriever.opening(topic, rows) for topic in plan.topics)])
    return named


def titled_among(plan: Plan, rows: NDArray[np.int64], retriever: Retriever) -> int:
    """Return how many papers among some name every topic of a plan in their title; 0 of a plan without one."""
    named = [retriever.titled(topic)[rows] for topic in plan.topics]
    return int(np.logical_and.reduce(named).sum()) if named else 0
