"""Sets of papers: names and filters exactly, topics by the probability that a paper is about them; counted, ordered, grouped.

A set by name is complete. A set about a topic is cut where the probability falls under a measured threshold.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from rag.corpus.catalogue import Catalogue, Mask
from rag.corpus.mentions import Statement, meant
from rag.corpus.papers import Paper
from rag.corpus.releases import RELEASES
from rag.evidence.belonging import cut_of
from rag.evidence.brief import MOST_GROUPED, brief
from rag.evidence.described import needed, support
from rag.evidence.groups import LEAST_PAPERS, OTHERS, Group, groups
from rag.evidence.likelihood import asked_for, carried, cut_for, likelihood, sure, titled_among, trusted
from rag.evidence.matching import matching
from rag.evidence.overview import FIRST_READ, halves, overview, reading_list
from rag.evidence.quotes import QUOTED, set_quotes
from rag.evidence.ranking import central, ranked, recommended
from rag.evidence.retriever import Hit, Retriever
from rag.evidence.sides import compared_in, none_names_all, sides
from rag.evidence.tallies import between, tallies
from rag.evidence.topics import topics
from rag.evidence.types import Evidence
from rag.language.periods import day_after
from rag.language.terms import glossary
from rag.questions.constraints import date_reason
from rag.questions.plan import Plan
from rag.questions.reading import UNSAID, Reading

_TOPICS, _PEOPLE = 10, 10  # that an answer shows of a ranking
_COMPARABLE = 20  # papers that make a time before to compare with
_AMONG_NAMED = 0.4  # of the cut, among papers that a name has already chosen
_OF_A_KIND = 0.6  # of the cut, among papers of a kind of contribution
_AS_GOOD = 0.8  # of the best score, down to which such papers are shown
_FEW_NAMED = 20  # papers that only name a topic, up to which they are shown as near
_DESCRIBES = 3  # words of a topic that describes what it is about
_FAINT, _LIKELY_SHOWN = 0.1, 10  # probability from which papers stand for a description, and how many are shown at most
_NEXT = 10  # papers that come behind a set that was shown to its end
_NEAREST = 5  # papers that are shown where none meets all of a question

Retrieve = Callable[[], Retriever]
Quotes = dict[str, tuple[Statement, ...]]


def a_set(reading: Reading, catalogue: Catalogue, retriever: Retrieve) -> Evidence:
    """Return the set of papers that a plan asks for, counted and ordered, with a statement for each that is shown."""
    plan = reading.plan
    if not catalogue.days:
        return Evidence(reading, reason="no_evidence")
    if reason := date_reason(plan, catalogue):
        return Evidence(reading, reason=reason)
    matched, rest, labels = matching(plan, catalogue)
    if reading.sides and len(compared := compared_in(plan)) > 1:
        return sides(reading, compared, catalogue, retriever)
    if plan.topics or plan.not_topics:
        found = _about(reading, catalogue, retriever(), matched)
        unsaid = tuple(sort for sort in plan.sorts if sort in RELEASES)
        if unsaid and (found.near or found.reason) and (plan.terms or plan.topics):
            kept = replace(plan, sorts=tuple(sort for sort in plan.sorts if sort not in unsaid))
            return replace(a_set(replace(reading, plan=kept, yes_no=False), catalogue, retriever), unreleased=unsaid)
        return found
    also = tuple(catalogue.at(rest))
    if not matched.any() and len(plan.terms) > 1 and not plan.relation and plan.kind == "list":
        return none_names_all(reading, catalogue)
    if not matched.any() and not (plan.kind == "count" and also):
        return Evidence(reading, also=also, reason="no_evidence")
    evidence = Evidence(reading, (), also, labels, pool=int(matched.sum()), unvoted=_unvoted(plan, catalogue))
    shaped = _shaped(evidence, catalogue, retriever, np.flatnonzero(matched), None)
    return _shown(shaped, catalogue, retriever, plan.kind == "date" or (plan.kind == "list" and bool(plan.terms)))


def _unvoted(plan: Plan, catalogue: Catalogue) -> int:
    """Return how many papers a bound on votes left out because their votes are not known."""
    if plan.min_votes is None and plan.max_votes is None:
        return 0
    every = replace(plan, min_votes=None, max_votes=None)
    return int(matching(every, catalogue, catalogue.votes < 0)[0].sum())


# --- topics ----------------------------------------------------------------------------------------------------------
def _about(reading: Reading, catalogue: Catalogue, retriever: Retriever, matched: Mask) -> Evidence:
    plan = reading.plan
    if not matched.any():
        return Evidence(reading, reason="no_evidence")
    present = tuple(topic for topic in plan.topics if plan.papers or retriever.is_present((topic,)))
    if plan.topics and plan.terms and not present and plan.kind == "list":
        whole = replace(reading, plan=replace(plan, terms=(), topics=(" ".join((*plan.topics, *plan.terms)),)))
        if _is_long(whole.plan) and not (found := _searched(whole, catalogue, retriever, catalogue.mask())).reason:
            return found
        plan = replace(plan, topics=())
        named = a_set(replace(reading, plan=plan, yes_no=False), catalogue, lambda: retriever)
        return replace(named, left_out=reading.plan.topics)
    left_out = tuple(topic for topic in plan.topics if topic not in present) if present else ()
    if len(" ".join(left_out).split()) >= len(" ".join(present).split()) > 0:
        return _searched(reading, catalogue, retriever, matched)
    if left_out:
        plan = replace(plan, topics=present)
        reading = replace(reading, plan=plan)
    shares = likelihood(plan, retriever) * trusted(plan, retriever)
    if plan.topics and not plan.papers and not retriever.is_present(plan.topics):
        return _searched(reading, catalogue, retriever, matched)
    inside = np.where(matched, shares, 0)
    few = bool(plan.papers) or (bool(plan.terms) and matched.sum() <= _READ_EACH)
    if few and plan.topics:
        inside = np.maximum(inside, carried(plan, retriever, matched))
    cut = cut_of(inside) if few else cut_for(plan, retriever, matched)
    cut *= _AMONG_NAMED if plan.terms and not few else _OF_A_KIND if plan.sorts else 1
    rows = np.flatnonzero(inside >= cut) if plan.topics else np.flatnonzero(inside > 0)
    near = not len(rows)
    if near and plan.min_votes is not None:
        return _most_voted_instead(reading, catalogue, retriever)
    if near:
        rows = np.sort(np.argsort(-inside, kind="stable")[:_NEAREST])
        rows = rows[inside[rows] > 0]
    if not len(rows):
        return Evidence(reading, reason="no_evidence")
    if not near and _is_long(plan):
        rows, inside = _with_searched(rows, inside, reading, catalogue, retriever, matched)
    evidence = Evidence(
        reading,
        pool=len(rows),
        topic=bool(plan.topics),
        near=near,
        carried=near and _carries(catalogue.at(rows), reading, catalogue, retriever),
        likely=float(inside.sum()),
        titled=0 if near else titled_among(plan, rows, retriever),
        kept_all=_excluding_none(plan, inside, cut, matched, retriever),
        left_out=left_out,
        unvoted=_unvoted(plan, catalogue),
    )
    if len(rows) <= plan.skip and not near and plan.kind == "list":
        evidence, rows = _exhausted(evidence, rows, inside)
    shaped = _shaped(evidence, catalogue, lambda: retriever, rows, inside)
    if not plan.topics:
        return shaped if reading.members else replace(shaped, quotes=quoted(shaped, catalogue, lambda: retriever))
    return _shown(shaped, catalogue, lambda: retriever, True)


def _excluding_none(
    plan: Plan, inside: NDArray[np.float32], cut: float, matched: Mask, retriever: Retriever
) -> tuple[str, ...]:
    """Return the topics that a plan excludes where no paper that it asks for is about any of them."""
    if not plan.topics or not plan.not_topics:
        return ()
    asked = np.where(matched, asked_for(plan, retriever) * trusted(plan, retriever), 0) >= cut
    return () if (asked & (inside < cut)).any() else plan.not_topics


def _shown(evidence: Evidence, catalogue: Catalogue, retriever: Retrieve, by_approach: bool) -> Evidence:
    """Add what an answer shows of a set: what each paper says, groups by approach, and what can be counted of it as a whole."""
    if evidence.reading.members:
        return evidence
    groups = _grouped(evidence, catalogue, retriever) if by_approach else ()
    evidence = replace(evidence, quotes=quoted(evidence, catalogue, retriever), groups=groups)
    return _seen_whole(evidence, catalogue, retriever)


def quoted(evidence: Evidence, catalogue: Catalogue, retriever: Retrieve) -> Quotes:
    """Return the statement to quote of each paper of a set: about a topic, the one that holds most of what the topic means."""
    plan, language = evidence.reading.plan, evidence.reading.language
    if evidence.topic:
        return retriever().telling(" ".join(plan.topics), evidence.papers[:QUOTED], language)
    return set_quotes(plan, evidence.papers, dict(evidence.labels), catalogue, language)


def _most_voted_instead(reading: Reading, catalogue: Catalogue, retriever: Retriever) -> Evidence:
    """Return the most voted papers about a topic, where none of them has the votes that are asked for."""
    plan = replace(reading.plan, kind="superlative", by="votes", order="desc", limit=_NEAREST, min_votes=None)
    found = a_set(replace(reading, plan=plan), catalogue, lambda: retriever)
    papers = found.papers[:_NEAREST]
    return replace(found, reading=reading, papers=papers, pool=len(papers), near=True, chosen=None)


def _grouped(evidence: Evidence, catalogue: Catalogue, retriever: Retrieve) -> tuple[Group, ...]:
    """Return a set by approach; empty for few papers or very many, and where no list of them is asked for."""
    plan, papers = evidence.reading.plan, evidence.papers
    if plan.kind not in ("list", "count", "date") or evidence.near or not LEAST_PAPERS <= len(papers) <= MOST_GROUPED:
        return ()
    facets = (*plan.terms, *plan.topics)
    return groups(papers, facets, catalogue, retriever().whole_vectors(papers), evidence.reading.language)


def _seen_whole(evidence: Evidence, catalogue: Catalogue, retriever: Retrieve) -> Evidence:
    """Add what can be counted of a set as a whole, where a synthesis is asked for: of a set of days a brief."""
    reading, plan, papers = evidence.reading, evidence.reading.plan, evidence.papers
    if evidence.reason or evidence.near or not papers:
        return evidence
    if plan.kind == "digest":
        narrowed = replace(plan, date_from=None, date_to=None).filtered
        made = brief(
            papers, plan.date_from, plan.date_to, catalogue, retriever, reading.language,
            (lambda start, end: _between(reading, start, end, catalogue, retriever)) if narrowed else None,
            reading.against,
        )  # fmt: skip
        return replace(evidence, brief=made)
    if plan.kind == "list" and reading.ordered:
        grouped = [group for group in evidence.groups if group.label != OTHERS[reading.language]]
        return replace(evidence, steps=reading_list(papers, grouped, catalogue, plan.terms, plan.limit or FIRST_READ))
    if plan.kind == "list" and reading.overview:
        return replace(evidence, overview=overview(papers, catalogue))
    return evidence


def _between(reading: Reading, start: date, end: date, catalogue: Catalogue, retriever: Retrieve) -> list[Paper]:
    """Return the papers that a question would find in other days; none where they only come near."""
    asked = replace(reading.plan, kind="list", by=None, order=None, limit=None, date_from=start, date_to=end)
    found = a_set(replace(reading, plan=asked, members=True, overview=False), catalogue, retriever)
    return [] if found.reason or found.near else list(found.papers)


def _exhausted(
    evidence: Evidence, rows: NDArray[np.int64], shares: NDArray[np.float32]
) -> tuple[Evidence, NDArray[np.int64]]:
    """Return what comes behind a set that was shown to its end: the papers that are likeliest about it of all others."""
    plan = evidence.reading.plan
    left = shares.copy()
    left[rows] = 0
    likeliest = np.argsort(-left, kind="stable")[plan.skip - len(rows) :][:_NEXT]
    likeliest = likeliest[left[likeliest] > _FAINT * shares.max()]
    reading = replace(evidence.reading, plan=replace(plan, skip=0, limit=None))
    more = likeliest if len(likeliest) else rows
    return replace(evidence, reading=reading, pool=len(more), exhausted=True, near=bool(len(likeliest))), more


_PLAINLY = 3.0  # support from which a paper plainly carries a description
_ALL_OF_IT = 0.8  # share of what a description means that a paper carries which plainly carries it
_READ_EACH = 150  # papers with a name, up to which each is looked at for what it says of a topic
_LONG = 4  # words of a topic that describes more than it names


def _is_long(plan: Plan) -> bool:
    return any(len(topic.split()) >= _LONG for topic in plan.topics)


def _with_searched(
    rows: NDArray[np.int64],
    shares: NDArray[np.float32],
    reading: Reading,
    catalogue: Catalogue,
    retriever: Retriever,
    matched: Mask,
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the rows of a set with the papers that a search for a long description finds as surely, these as its likeliest.

    To a set of some papers only such are added as plainly carry the description.
    """
    words = " ".join(reading.about) or reading.query
    known = retriever.familiarity(words)
    least = needed(reading) if len(rows) < _NEAREST else _PLAINLY
    hits = [hit for hit in retriever.search(words, _NEAREST) if support(hit, known, len(catalogue)) >= least]
    found = catalogue.rows(hit.arxiv_id for hit in hits if hit.score >= _AS_GOOD * hits[0].score)
    allowed = matched & (likelihood(replace(reading.plan, topics=()), retriever) > 0)
    more = found[allowed[found]]
    likeliest = shares.copy()
    likeliest[more] = np.maximum(likeliest[more], 1 - 0.001 * np.arange(len(more)))
    inside = np.zeros(len(catalogue), dtype=bool)
    inside[rows] = inside[more] = True
    return np.flatnonzero(inside), likeliest


def _searched(reading: Reading, catalogue: Catalogue, retriever: Retriever, matched: Mask) -> Evidence:
    """Return the papers nearest to a whole question about which no topic model knows anything, where one carries it.

    They are shown as a list: to rank or to count by month what is only near would say too much.
    """
    allowed = {paper.arxiv_id for paper in catalogue.at(matched)} if not matched.all() else None
    listed = reading.plan.kind == "list"
    named = matched & np.logical_and.reduce(
        [catalogue.mask(catalogue.mentioning(meant(t))) for t in reading.plan.topics]
    )
    if reading.plan.kind in ("superlative", "trend", "count") and named.any():
        plan = replace(reading.plan, terms=(*reading.plan.terms, *reading.plan.topics), topics=())
        return a_set(replace(reading, plan=plan), catalogue, lambda: retriever)
    if reading.plan.kind in ("superlative", "trend"):
        reading = replace(reading, plan=replace(reading.plan, kind="list", order=None, by=None, limit=None))
    if not named.any() and reading.plan.topics:
        named = matched & np.logical_and.reduce([retriever.having_rarest(topic) for topic in reading.plan.topics])
    if 0 < named.sum() <= _FEW_NAMED:
        papers = tuple(catalogue.at(named))
        quotes = retriever.telling(reading.query, papers, reading.language)
        carried = _carries(papers, reading, catalogue, retriever)
        return Evidence(reading, papers, quotes=quotes, pool=len(papers), topic=True, near=True, carried=carried)
    tried = (_supported(words, reading, catalogue, retriever, allowed) for words in _worded(reading))
    hits = next(filter(None, tried), [])
    kept = [catalogue.papers[hit.arxiv_id] for hit in hits if hit.score >= _AS_GOOD * hits[0].score]
    if listed and reading.foreign <= UNSAID:
        kept = list(dict.fromkeys((*kept, *_likely(reading, catalogue, retriever, matched))))
    if not kept:
        return Evidence(reading, reason="no_evidence", absent=True)
    told = retriever.telling(reading.query, kept, reading.language)
    carried = _carries(kept, reading, catalogue, retriever)
    return Evidence(reading, tuple(kept), quotes=told, pool=len(kept), topic=True, near=True, carried=carried)


def _carries(papers: Sequence[Paper], reading: Reading, catalogue: Catalogue, retriever: Retriever) -> bool:
    """Whether one of some papers plainly carries a description of several words."""
    words = " ".join(reading.plan.topics)
    said = 0 if glossary().knows(words) else retriever.count_terms(words)  # a topic with a name is none
    hits = retriever.search(words, 1, {paper.arxiv_id for paper in papers}) if said > 1 else []
    if not hits:
        return False
    plainly = support(hits[0], retriever.familiarity(words), len(catalogue)) >= _PLAINLY
    return hits[0].matched >= _ALL_OF_IT or (plainly and said >= _DESCRIBES)


def _likely(reading: Reading, catalogue: Catalogue, retriever: Retriever, matched: Mask) -> list[Paper]:
    """Return the papers that are likeliest about a long description, though none surely is, best first."""
    if retriever.count_terms(" ".join(reading.plan.topics)) < _DESCRIBES:
        return []
    shares = np.where(matched, likelihood(reading.plan, retriever) * trusted(reading.plan, retriever), 0)
    best = np.argsort(-shares, kind="stable")[:_LIKELY_SHOWN]
    return [catalogue.papers[catalogue.ids[row]] for row in best if shares[row] >= max(_FAINT, shares[best[0]] / 2)]


def _worded(reading: Reading) -> list[str]:
    """Return what to search for: what a question is about, and then all of it that is no asking."""
    return list(dict.fromkeys(filter(None, (" ".join(reading.about), reading.core or reading.query))))


def _supported(
    words: str, reading: Reading, catalogue: Catalogue, retriever: Retriever, allowed: Collection[str] | None
) -> list[Hit]:
    """Return the papers nearest to some words; an empty list where none of them carries these."""
    hits = retriever.search(words, _NEAREST, allowed)
    known = retriever.familiarity(words)
    return hits if hits and support(hits[0], known, len(catalogue)) >= needed(reading) else []


# --- shapes ----------------------------------------------------------------------------------------------------------
def _shaped(
    evidence: Evidence,
    catalogue: Catalogue,
    retriever: Retrieve,
    rows: NDArray[np.int64],
    shares: NDArray[np.float32] | None,
) -> Evidence:
    """Give a set the shape that its plan asks for: a ranking, counts by month, topics, authors, or a list."""
    plan = evidence.reading.plan
    if plan.kind == "superlative":
        middle = rows if shares is None else central(rows, shares, plan, sure(plan, rows, retriever()))
        return recommended(ranked(evidence, catalogue, middle), catalogue, middle)
    if shares is not None and plan.kind in ("list", "count", "author") and plan.topics:
        rows = rows[np.argsort(-shares[rows], kind="stable")]
    chosen = catalogue.at(rows)
    if plan.papers and shares is None and plan.kind in ("list", "count"):  # those of an answer keep its order
        place = {arxiv_id: at for at, arxiv_id in enumerate(plan.papers)}
        chosen = sorted(chosen, key=lambda paper: place.get(paper.arxiv_id, len(place)))
    evidence = replace(evidence, papers=tuple(chosen))
    if plan.kind in ("digest", "date"):
        evidence = replace(
            evidence, papers=tuple(sorted(chosen, key=lambda p: -(p.votes if p.votes is not None else -1)))
        )
    elif plan.ranks_topics:
        evidence = _ranked_topics(evidence, catalogue, retriever)
    elif plan.ranks_authors:
        people, tied = catalogue.authors.most(np.sort(rows), plan.limit or _PEOPLE, plan.authors)
        writers = tuple((name, tuple(map(catalogue.papers.__getitem__, ids))) for name, ids in people)
        evidence = replace(evidence, writers=writers, tied=tied, reason=None if writers else "no_evidence")
    elif plan.kind == "trend":
        unit = plan.per or "month"
        tallied = tallies(chosen, catalogue, unit, plan.date_to)
        trend = halves(chosen, catalogue, plan.date_from, plan.date_to) if unit == "month" else None
        evidence = replace(
            evidence, tallies=tallied, trend=between(tallied[-2:] if unit == "year" else tallied) or trend
        )
    if plan.limit is not None and plan.kind in ("list", "date", "author", "digest") and not evidence.reading.ordered:
        behind = evidence.papers[plan.skip :] or evidence.papers
        evidence = replace(evidence, papers=behind[: plan.limit])
    return evidence


def _ranked_topics(evidence: Evidence, catalogue: Catalogue, retriever: Retrieve) -> Evidence:
    plan = evidence.reading.plan
    before, earlier = _before(evidence.reading, catalogue, retriever)
    named = (*plan.terms, *plan.topics)
    found = topics(catalogue, evidence.papers, earlier, plan.by == "date", named)[: plan.limit or _TOPICS]
    return replace(evidence, topics=found, before=before, pool=len(earlier), reason=None if found else "no_evidence")


def _before(reading: Reading, catalogue: Catalogue, retriever: Retrieve) -> tuple[Plan | None, list[Paper]]:
    """Return the plan over the equally long time just before its range, and its papers; None where they are few."""
    plan = reading.plan
    if not plan.date_from:
        return None, []
    length = max((plan.date_to or day_after(catalogue.days[-1])) - plan.date_from, timedelta(0))
    start = max(plan.date_from - min(length, plan.date_from - date.min), catalogue.days[0])
    papers = _between(reading, start, plan.date_from, catalogue, retriever) if start < plan.date_from else []
    before = replace(plan, date_from=start, date_to=plan.date_from)
    return (before, papers) if len(papers) >= _COMPARABLE else (None, [])
