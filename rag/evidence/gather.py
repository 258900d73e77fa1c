"""From a reading to evidence: sets by the catalogue, open questions by ranking with a measured cut. No prose here.

Sets, counts, orders and metadata are computed exactly; ranking is asked only where a question names no set.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rag.corpus.catalogue import Catalogue, Mask, Mentions, Statement, either, meant, statements
from rag.corpus.papers import Paper
from rag.corpus.relations import Labelled, labelled, proposal, relate
from rag.evidence.topics import Topic, topics
from rag.evidence.types import Aspect, Evidence, Nearest
from rag.language.terms import Term, glossary, squash
from rag.language.text import Language
from rag.questions.cues import CUES, phrases_of
from rag.questions.plan import Plan, Reason
from rag.questions.understand import Reading

if TYPE_CHECKING:
    from rag.evidence.retriever import Hit, Retriever

# An open question is answered when HELD * matched + WORDS * ln(1 + BM25) + KNOWN * familiarity reaches MIN_SUPPORT.
# Fitted on 1,463 dev descriptions against 60 questions that the digests cannot answer (docs/experiments.md).
HELD, WORDS, KNOWN, MIN_SUPPORT = 1.0, 0.7, 2.0, 2.72
FOREIGN = 0.3  # familiarity below which a question is not about such papers at all
_FEW_PROPOSE = 3  # papers that may say of one thing that they propose it
_TOPICS, _PEOPLE = 10, 10  # that an answer shows of a ranking
_COMPARABLE = 20  # papers that make a time before to compare with
_QUOTED = 50  # papers of a set that get a quoted statement
_EACH = 2  # papers that speak for a method that is compared with another


def gather(reading: Reading, catalogue: Catalogue, retriever: Callable[[], Retriever], top_k: int) -> Evidence:
    """Find and count what an answer to this reading may rest on. `retriever` is called only where ranking is needed.

    Where there is nothing to rest on, the evidence holds the reason and the nearest thing that can be answered.
    """
    found = _gather(reading, catalogue, retriever, top_k)
    if not found.reason or not catalogue.days:
        return found
    return replace(found, nearest=_nearest(found, catalogue))


def _gather(reading: Reading, catalogue: Catalogue, retriever: Callable[[], Retriever], top_k: int) -> Evidence:
    plan = reading.plan
    if reading.reason or plan.kind in ("help", "out_of_scope"):
        return Evidence(reading, reason=reading.reason)
    if plan.kind in ("list", "count", "superlative", "author", "date", "digest", "trend"):
        return _set(reading, catalogue, retriever, top_k)
    if found := _relation(reading, catalogue):
        return found
    aspect = any(asked.search(reading.question) for _, asked, _ in ASPECTS)
    if aspect and not plan.papers and plan.kind in ("fact", "describe", "explain"):
        named = tuple(dict.fromkeys(i for name in _strong(reading, catalogue) for i in catalogue.family(name)))
        if 0 < len(named) <= 3:  # what a paper is asked, however it is asked, is a fact
            plan = replace(plan, kind="fact", papers=named)
            reading = replace(reading, plan=plan)
    about = plan.kind == "explain" and len(plan.papers) == 1 and aspect
    if plan.kind == "explain" and len(plan.papers) == 1 and not about:
        about = _beyond(reading, catalogue, retriever)
    if (plan.kind == "fact" or about) and plan.papers:
        return _fact(reading, catalogue, retriever, top_k)
    if plan.kind in ("known_item", "explain", "compare") and plan.papers:
        papers = tuple(catalogue.papers[i] for i in plan.papers if i in catalogue.papers)
        if len(papers) > top_k and plan.kind != "compare":  # "explain them": the answer set is what was asked before
            papers = papers[:top_k]
        whole = len(papers) == 1
        quotes = {
            p.arxiv_id: _summary(p, reading.language, 12) if whole else key_statements(p, reading.language, 3)
            for p in papers
        }
        also = _mentioning_too(reading, papers[0], catalogue) if plan.kind == "known_item" and whole else ()
        return Evidence(reading, papers, also, quotes=quotes)
    if plan.kind == "explain" and not plan.papers and (found := _proposers(reading, catalogue)):
        return found
    if plan.kind == "similar" and plan.papers:
        return _similar(reading, catalogue, retriever(), top_k)
    return _open(reading, catalogue, retriever(), top_k)


def _proposers(reading: Reading, catalogue: Catalogue) -> Evidence | None:
    """What the papers that propose a thing say of it, where one thing is asked for that no paper is named by."""
    names = _strong(reading, catalogue) or tuple(word for word in _words(reading) if glossary().knows(word))
    if len(names) != 1 or not _is_name(names[0]):
        return None
    term = meant(names[0])
    mentions = catalogue.mentioning(term)
    found = [(i, label) for i in mentions if (label := proposal(catalogue.papers[i], mentions[i], term))]
    if not 0 < len(found) <= _FEW_PROPOSE:
        return None
    papers = tuple(catalogue.papers[i] for i, _ in found)
    quotes = {p.arxiv_id: tuple(_in_language(mentions[p.arxiv_id].bullets, reading.language)[:4]) for p in papers}
    plan = replace(reading.plan, terms=(names[0],), relation="propose")
    return Evidence(replace(reading, plan=plan), papers, labels=dict(found), quotes=quotes)


def _mentioning_too(reading: Reading, paper: Paper, catalogue: Catalogue) -> tuple[Paper, ...]:
    """The other papers that mention the one that a question asks for by its name."""
    name = paper.name or ""
    if not _is_name(name) or squash(name) not in squash(reading.question) or paper.title in reading.question:
        return ()
    return tuple(catalogue.papers[i] for i in catalogue.mentioning(meant(name)) if i != paper.arxiv_id)


# --- sets ------------------------------------------------------------------------------------------------------------
def date_reason(plan: Plan, catalogue: Catalogue) -> Reason | None:
    """Tell why a range of days can hold no paper, or None when digests stand in it."""
    if not (plan.date_from or plan.date_to) or catalogue.digest_days(plan.date_from, plan.date_to):
        return None
    if plan.date_from and plan.date_from > catalogue.days[-1]:
        return "after_last_digest"
    if plan.date_to and plan.date_to <= catalogue.days[0]:
        return "before_first_digest"
    return "no_digest_that_day"


def matching(plan: Plan, catalogue: Catalogue, within: Mask | None = None) -> tuple[Mask, Mask, dict[str, Labelled]]:
    """Return (the papers of a plan, those that only mention its terms, each paper's label).

    Only papers `within` a set where one is given.
    """
    found = catalogue.mask() if within is None else within
    if plan.papers:
        found = found & catalogue.mask(plan.papers)
    if plan.date_from or plan.date_to:
        found = found & catalogue.between(plan.date_from, plan.date_to)
    for name in plan.authors:
        found = found & catalogue.mask(catalogue.authors.papers(name))
    for name in plan.not_authors:
        found = found & ~catalogue.mask(catalogue.authors.papers(name))
    if plan.min_votes is not None or plan.max_votes is not None:
        found = found & catalogue.voted(plan.min_votes or 0, plan.max_votes)
    if plan.unvoted:
        found = found & (catalogue.votes < 0)
    if plan.summary:
        found = catalogue.mask(paper.arxiv_id for paper in catalogue.at(found) if paper.summary(plan.summary))
    for text in plan.not_terms:
        found = found & ~catalogue.mask(catalogue.mentioning(meant(text)))
    terms = [meant(text) for text in plan.terms]
    for term in terms:
        found = found & catalogue.mask(catalogue.titling(term) if plan.in_title else catalogue.mentioning(term))
    labels: dict[str, Labelled] = {}
    if not terms or plan.relation not in ("use", "propose"):
        return found, np.zeros_like(found), labels
    ids = [paper.arxiv_id for paper in catalogue.at(found)]
    if plan.relation == "use":
        labels = {i: _best_label(catalogue, i, terms) for i in ids}
        users = catalogue.mask(i for i in ids if labels[i].relation in ("proposes", "uses"))
    else:
        shown = {i: statement for i in ids for statement in _proposing(catalogue, i, terms)}
        labels = {i: Labelled("proposes", statement) for i, statement in shown.items()}
        users = catalogue.mask(shown)
    return users, found & ~users, labels


def select(plan: Plan, catalogue: Catalogue) -> list[Paper]:
    """Return the papers of a plan, in catalogue order."""
    return catalogue.at(matching(plan, catalogue)[0])


def _proposing(catalogue: Catalogue, arxiv_id: str, terms: Sequence[Term]) -> list[Statement | None]:
    """The statement that shows a paper to propose one of the terms (None: its title does); empty where nothing does."""
    paper = catalogue.papers[arxiv_id]
    found = (proposal(paper, catalogue.mentioning(term)[arxiv_id], term) for term in terms)
    return [label.evidence for label in found if label][:1]


def _best_label(catalogue: Catalogue, arxiv_id: str, terms: Sequence[Term]) -> Labelled:
    order = ("proposes", "uses", "compares", "mentions")
    return min((labelled(catalogue, term, arxiv_id) for term in terms), key=lambda label: order.index(label.relation))


def _set(reading: Reading, catalogue: Catalogue, retriever: Callable[[], Retriever], top_k: int) -> Evidence:
    plan = reading.plan
    if not catalogue.days:
        return Evidence(reading, reason="no_evidence")
    if reason := date_reason(plan, catalogue):
        return Evidence(reading, reason=reason)
    if reading.unknown and (plan.kind != "list" or not plan.terms or any(map(_is_name, reading.unknown))):
        return Evidence(reading, reason="no_evidence")
    if plan.kind == "list" and _unnamed(reading):
        return _topic(reading, catalogue, retriever(), top_k)
    matched, rest, labels = matching(plan, catalogue)
    pool, also = int(matched.sum()), tuple(catalogue.at(rest))
    if plan.kind == "count" and len(plan.terms) > 1 and CUES["more"].search(reading.question):
        return _sides(reading, catalogue)
    if not pool and len(plan.terms) > 1 and CUES["compare"].search(reading.question):
        return _apart(reading, catalogue)
    if not pool and not (plan.kind == "count" and also):
        return Evidence(reading, also=also, reason="no_evidence")
    unvoted = 0
    if plan.min_votes is not None or plan.max_votes is not None:
        every = replace(plan, min_votes=None, max_votes=None)
        unvoted = int(matching(every, catalogue, catalogue.votes < 0)[0].sum())
    evidence = Evidence(reading, (), also, labels, pool=pool, unvoted=unvoted)
    if plan.kind == "superlative":
        evidence = _ranked(evidence, catalogue, np.flatnonzero(matched))
        return replace(evidence, quotes=_quotes(evidence, catalogue))
    chosen = catalogue.at(matched)
    evidence = replace(evidence, papers=tuple(chosen))
    if plan.kind in ("digest", "date"):
        evidence = replace(
            evidence, papers=tuple(sorted(chosen, key=lambda p: -(p.votes if p.votes is not None else -1)))
        )
    elif plan.ranks_topics:
        before, earlier = _before(plan, catalogue)
        found = topics(catalogue, evidence.papers, earlier, plan.by == "date", plan.terms)[: plan.limit or _TOPICS]
        evidence = replace(
            evidence, topics=found, before=before, pool=len(earlier), reason=None if found else "no_evidence"
        )
    elif plan.ranks_authors:
        people, tied = catalogue.authors.most(np.flatnonzero(matched), plan.limit or _PEOPLE, plan.authors)
        writers = tuple((name, tuple(map(catalogue.papers.__getitem__, ids))) for name, ids in people)
        evidence = replace(evidence, writers=writers, tied=tied, reason=None if writers else "no_evidence")
    elif plan.kind == "trend":
        months = Counter(f"{paper.date:%Y-%m}" for paper in chosen)
        evidence = replace(evidence, months=tuple(sorted(months.items())))
    if plan.limit is not None and plan.kind in ("list", "date", "author", "digest"):
        evidence = replace(evidence, papers=evidence.papers[: plan.limit])
    return replace(evidence, quotes=_quotes(evidence, catalogue))


def _sides(reading: Reading, catalogue: Catalogue) -> Evidence:
    """The papers of each term by itself, those of most papers first, where a question asks of which there are more."""
    plan = reading.plan
    masks = {term: matching(replace(plan, terms=(term,)), catalogue)[0] for term in plan.terms}
    sides = (Topic((term,), tuple(catalogue.at(mask))) for term, mask in masks.items())
    found = tuple(sorted(sides, key=lambda side: -len(side.papers)))
    both = int(np.logical_and.reduce([*masks.values()]).sum())
    every = tuple(catalogue.at(np.logical_or.reduce([*masks.values()])))
    return Evidence(reading, every, sides=found, pool=both, reason=None if every else "no_evidence")


def _apart(reading: Reading, catalogue: Catalogue) -> Evidence:
    """The papers that tell most of each of the methods to compare, which no paper names together; none where one has none."""
    plan, papers, quotes = reading.plan, list[Paper](), dict[str, tuple[Statement, ...]]()
    for name in plan.terms:
        term = meant(name)
        mentions = catalogue.mentioning(term)
        users, others, _ = matching(replace(plan, terms=(name,), relation="use"), catalogue)
        best = sorted(
            catalogue.at(users if users.any() else others),
            key=lambda p: (not mentions[p.arxiv_id].in_title, -len(mentions[p.arxiv_id].bullets), -(p.votes or 0)),
        )[:_EACH]
        if not best:
            return Evidence(reading, reason="no_evidence")
        papers += best
        quotes |= {
            p.arxiv_id: tuple(_in_language(mentions[p.arxiv_id].bullets, reading.language)[:3])
            or key_statements(p, reading.language, 3)
            for p in best
        }
    compared = replace(plan, kind="compare", terms=(), relation=None, papers=tuple(quotes))
    return Evidence(replace(reading, plan=compared), tuple(papers), quotes=quotes, apart=plan)


def _before(plan: Plan, catalogue: Catalogue) -> tuple[Plan | None, list[Paper]]:
    """The plan over the equally long time just before its range, as far back as digests go, and its papers; None for few."""
    if not plan.date_from:
        return None, []
    end = plan.date_to or date.fromordinal(catalogue.days[-1].toordinal() + 1)
    start = date.fromordinal(max(2 * plan.date_from.toordinal() - end.toordinal(), catalogue.days[0].toordinal()))
    before = replace(plan, date_from=start, date_to=plan.date_from)
    papers = select(before, catalogue) if start < plan.date_from else []
    return (before, papers) if len(papers) >= _COMPARABLE else (None, [])


def _ranked(evidence: Evidence, catalogue: Catalogue, rows: NDArray[np.int64]) -> Evidence:
    """Put the first papers of the plan's order into evidence; by votes, with all that have as many as the last."""
    plan = evidence.reading.plan
    values = catalogue.votes[rows] if plan.by == "votes" else catalogue.ordinals[rows]
    told = values >= 0
    unvoted = len(rows) - int(told.sum())
    rows, values = rows[told], values[told] if plan.order == "asc" else -values[told]
    if not len(rows):
        return replace(evidence, reason="no_evidence")
    limit = min(plan.limit or 10, len(rows))
    few = values <= np.partition(values, limit - 1)[limit - 1]
    first = rows[few][np.argsort(values[few], kind="stable")]
    return replace(
        evidence, papers=tuple(catalogue.at(first if plan.by == "votes" else first[:limit])), unvoted=unvoted
    )


# --- topics without a name -------------------------------------------------------------------------------------------
# A topic has such a set when the LEADERS best papers score MIN_LEAD on average (LEAST, where papers hold each of its words
# or one of the leaders a term it names), when the best one holds a rare term of it, or when that one carries the question
# (SURE; MIN_SUPPORT for a description, and among few papers). A paper belongs to the set when it holds the question's
# strong terms and its score + KIN * its nearness to the leaders + NAMED * the share of the terms it names reaches SHARE
# of what the five best have. Scores are of words and nearness: pieces find the pool, but tell its end less well.
LEADERS, MIN_LEAD, LEAST, SURE, KIN, NAMED, SHARE = 3, 0.66, 0.45, 3.1, 1.0, 0.2, 0.78
_POOL = 80  # papers that the cut is made among
# A term that few papers mention, and a name that is no commonplace, must stand in every paper of an answer.
_RARE, _FEW, _COMMON = 2, 0.003, 0.05  # papers, and shares of all papers


def _is_name(word: str) -> bool:
    """Whether a word is written as a name is: Latin, with a capital or a digit."""
    return word.isascii() and not word.islower()


def _names(term: str) -> bool:
    """Whether each spelling of a term names something: one of the glossary, or a Latin name."""
    return all(glossary().knows(word) or all(map(_is_name, word.split())) for word in either(term))


def _unnamed(reading: Reading) -> bool:
    """Whether a topic is described by words of which some name nothing: neither a term of the glossary nor a Latin name."""
    words = reading.plan.terms
    alone = len(words) == 1 or bool(reading.plan.relation or reading.plan.authors)
    unknown = any(len(squash(word)) > 1 for word in reading.unknown)  # a letter alone describes nothing
    return unknown or not (all(map(_names, words)) or alone)


_SHORT = 8  # words; a longer description is told by all of them, and a name in it may stand for an example


def _strong(reading: Reading, catalogue: Catalogue) -> tuple[str, ...]:
    """The terms of a plan that name something, else the names in them; of a short question without terms, its Latin names."""
    if reading.plan.terms:
        return tuple(
            w for term in reading.plan.terms for w in ((term,) if _names(term) else filter(_is_name, term.split()))
        )
    if len(reading.query.split()) > _SHORT:
        return ()
    first = reading.question.split()[:1]  # may have its capital from its place
    found: list[str] = []
    for phrase in phrases_of(reading.query):
        words = [word.removesuffix("'s") for word in phrase.words]
        for at, word in enumerate(words):
            whole = f"{word} {words[at + 1]}" if at + 1 < len(words) and words[at + 1][0].isdecimal() else word
            if _is_name(word) and re.search("[A-Za-z]", word) and (word not in first or re.search(r".[A-Z0-9]", whole)):
                found.append(whole if catalogue.knows(meant(whole)) else word)
    return tuple(found)


def _few(catalogue: Catalogue) -> float:
    return max(_RARE, _FEW * len(catalogue))


def _holding(reading: Reading, catalogue: Catalogue) -> set[str] | None:
    """The papers that hold every strong term of a question, in the plan's range; None where nothing narrows them."""
    ids = _inside(replace(reading.plan, terms=(), relation=None), catalogue)
    few = _few(catalogue)
    for term in _strong(reading, catalogue):
        most = max(few, _COMMON * len(catalogue)) if _is_name(either(term)[0]) else few
        if held := catalogue.naming_few(meant(term), int(most)):
            ids = held.keys() & ids if ids is not None else {*held}
    return ids


def _topic(reading: Reading, catalogue: Catalogue, retriever: Retriever, top_k: int) -> Evidence:
    hits = retriever.search(reading.query, _POOL, _holding(reading, catalogue))
    base = [hit.base for hit in hits]
    leaders = base[:LEADERS]
    known = retriever.familiarity(reading.query)
    terms = _strong(reading, catalogue) if reading.plan.terms else ()
    naming = [catalogue.mentioning(meant(term)).keys() for term in terms]
    lead = sum(leaders) / max(len(leaders), 1)
    words = retriever.rarest(reading.query) >= _RARE or any(hit.arxiv_id in i for hit in hits[:LEADERS] for i in naming)
    rare = any(hits[0].arxiv_id in ids and len(ids) <= _few(catalogue) for ids in naming) if hits else False
    small = len(catalogue) < 10 * _POOL  # three near papers are much to ask of few
    sure = SURE if reading.plan.kind == "list" and not small else MIN_SUPPORT
    close = rare or lead >= (LEAST if words else MIN_LEAD)
    if not hits or not (close or support(hits[0], known, len(catalogue)) >= sure):
        return Evidence(reading, reason="out_of_scope" if known < FOREIGN else "no_evidence")
    kin = retriever.kinship([hit.arxiv_id for hit in hits], leaders)
    scores = [
        (score + KIN * near + NAMED * sum(hit.arxiv_id in ids for ids in naming) / max(len(naming), 1), hit.arxiv_id)
        for hit, score, near in zip(hits, base, kin, strict=True)
    ]
    scores.sort(key=lambda row: -row[0])
    bar = SHARE * sum(score for score, _ in scores[:5]) / len(scores[:5])
    papers = [catalogue.papers[arxiv_id] for score, arxiv_id in scores if score >= bar][: reading.plan.limit]
    best = retriever.telling(reading.query, papers[:_QUOTED], reading.language)
    return Evidence(reading, tuple(papers), quotes=best, topic=True, pool=len(papers))


_NEW = re.compile(r"제안|소개|제시|개발|발표|도입|propos|introduc|present|develop|is an? ", re.IGNORECASE)
_CODE = re.compile(
    r"https?://|(?:코드|모델|데이터셋).{0,20}공개|\b(?:code|models?|datasets?)\b.{0,40}\b(?:released|available|public)",
    re.IGNORECASE,
)
_BACKGROUND = re.compile(
    r"기존|그러나|하지만|최근|한계|어려움|문제|existing|however|recent|limit|challeng|difficult", re.IGNORECASE
)


def key_statements(paper: Paper, language: Language, limit: int) -> tuple[Statement, ...]:
    """Return what a paper is about in a few statements, in the order of its summary.

    A statement that names the paper's own method or says what is new counts more than background.
    """
    found = _in_language(statements(paper), language)

    def weight(statement: Statement) -> float:
        text = statement.text
        named = bool(paper.name) and paper.name.lower() in text.lower()
        new = bool(_NEW.search(text)) or statement.bullet.section.lower().startswith("what")
        linked = bool(_CODE.search(text))
        return 2.0 * named + 1.5 * new - 3.0 * linked - 1.0 * bool(_BACKGROUND.search(text)) - 0.1 * statement.place

    best = sorted(found, key=lambda s: (-weight(s), s.place))[:limit]
    return tuple(sorted(best, key=lambda s: s.place))


def _in_language(found: Iterable[Statement], language: Language) -> list[Statement]:
    """Put the statements in the reader's language first; the rest only where there are none."""
    listed = list(found)
    return [s for s in listed if s.language == language] or listed


def _quotes(evidence: Evidence, catalogue: Catalogue) -> dict[str, tuple[Statement, ...]]:
    """One statement for each paper of a set that will be shown: the one that shows its relation, else its first."""
    language, plan = evidence.reading.language, evidence.reading.plan
    terms = [meant(text) for text in plan.terms]
    quotes: dict[str, tuple[Statement, ...]] = {}
    for paper in evidence.papers[:_QUOTED]:
        shown: list[Statement] = []
        if terms and plan.relation != "mention":
            label = evidence.labels.get(paper.arxiv_id) or _best_label(catalogue, paper.arxiv_id, terms)
            found = [(term, catalogue.mentioning(term)[paper.arxiv_id]) for term in terms]
            if label.evidence and label.evidence.language == language:
                shown = [label.evidence]
            elif label.evidence:  # the same relation, shown by a statement in the reader's language
                here = [
                    (s, relate(paper, Mentions((), (s,), (spans,)), term).relation)
                    for term, m in found
                    for s, spans in zip(m.bullets, m.spans, strict=True)
                    if s.language == language
                ]
                shown = [
                    *(s for s, relation in here if relation == label.relation),
                    *(s for s, _ in here),
                    label.evidence,
                ]
        elif terms:
            held = [s for t in terms for s in catalogue.mentioning(t)[paper.arxiv_id].bullets]
            shown = _in_language(
                sorted(held, key=held.count, reverse=True), language
            )  # best the one that names them all
        quotes[paper.arxiv_id] = tuple(shown[:1]) or key_statements(paper, language, 1)
    return quotes


# --- open questions --------------------------------------------------------------------------------------------------
def _summary(paper: Paper, language: Language, limit: int) -> tuple[Statement, ...]:
    return tuple(_in_language(statements(paper), language)[:limit])


def support(hit: Hit, familiarity: float, papers: int) -> float:
    """Return how far a ranked paper carries a question (see MIN_SUPPORT); BM25 grows with the log of the papers."""
    from rag.evidence.retriever import REFERENCE

    words = hit.lexical * math.log(REFERENCE) / math.log(max(papers, 2))
    return HELD * hit.matched + WORDS * math.log1p(words) + KNOWN * familiarity


def _inside(plan: Plan, catalogue: Catalogue) -> set[str] | None:
    """The papers a plan leaves to rank among; None for all."""
    return {paper.arxiv_id for paper in select(plan, catalogue)} if plan.filtered else None


_EXERCISE = re.compile(
    r"(?:증명|풀이|풀어|구해|구하시오|계산|미분|적분|인수분해) ?(?:을|를)? ?(?:과정)?(?:해|하라|하시오|해라)? ?(?:줘요?|주세요|보세요|봐)?\W*$"
    r"|^\W*(?:please )?(?:prove|solve|compute|calculate|integrate|differentiate|derive|factori[sz]e|simplify)\b|\bproof of\b",
    re.IGNORECASE,
)  # a task of mathematics, not a question about papers


def _open(reading: Reading, catalogue: Catalogue, retriever: Retriever, top_k: int) -> Evidence:
    plan = reading.plan
    if reason := date_reason(plan, catalogue):
        return Evidence(reading, reason=reason)
    papers_asked = CUES["papers"].search(reading.question)
    if _EXERCISE.search(reading.question) and not papers_asked:
        return Evidence(reading, reason="out_of_scope")
    if any(map(_is_name, reading.unknown)):
        return Evidence(reading, reason="no_evidence")
    if plan.kind == "describe" and papers_asked and not CUES["one"].search(reading.question):
        return _topic(reading, catalogue, retriever, top_k)
    hits = retriever.search(reading.query, top_k, _holding(reading, catalogue))
    known = retriever.familiarity(reading.query)
    good = [hit for hit in hits if support(hit, known, len(catalogue)) >= MIN_SUPPORT]
    if not good:
        return Evidence(reading, reason="no_evidence" if known >= FOREIGN else "out_of_scope")
    kept = [hit for hit in good if hit.score >= 0.75 * good[0].score][: 3 if plan.kind == "fact" else top_k]
    quotes: dict[str, tuple[Statement, ...]] = {}
    for hit in kept:
        number = bool(plan.kind == "fact")
        limit = 3 if hit is kept[0] else 1
        best = retriever.best_statements(reading.query, catalogue.papers[hit.arxiv_id], reading.language, limit, number)
        quotes[hit.arxiv_id] = tuple(best)
    outside: tuple[str, ...] = ()
    if plan.kind == "fact":
        names = (word for word in _strong(reading, catalogue) if not glossary().knows(word))
        outside = tuple(word for word in names if catalogue.knows(meant(word)) and not catalogue.family(word))
    papers = tuple(catalogue.papers[hit.arxiv_id] for hit in kept)
    for name in outside[:1]:
        naming = catalogue.mentioning(meant(name))
        said = {i: naming[i].bullets for i in quotes if i in naming}
        quotes = {i: tuple(s for s in shown if s in said.get(i, ())) or shown[:1] for i, shown in quotes.items()}
    return Evidence(reading, papers, quotes=quotes, outside=outside[:1])


# What a fact is asked of, and what a statement that answers it must hold. In both languages: the asked word itself may
# stand in neither. Measured in docs/experiments.md.
_ASPECTS: tuple[tuple[Aspect, str, str], ...] = (
    ("hardware", r"gpu|tpu|\bhardware|하드웨어|그래픽 ?카드|(?:학습|훈련) ?(?:시간|기간|에 (?:걸린|든))|며칠|몇 ?(?:시간|일)|how long|training time|(?:hours|days|minutes|seconds) .{0,20}(?:train|take|need)",
     r"gpu|tpu|\b[ahv]100|rtx|4090|\d ?(?:시간|일간|일 동안|분(?!의|야|포|석)|초(?!당))|\b(?:hours?|days?|minutes?|seconds?)\b"),
    ("size", r"파라미터|매개 ?변수|모델 ?(?:의 )?크기|how (?:big|large)|parameters?\b|model size", r"\d ?[bm]\b|\d[bm](?![a-z])|\d억|\d ?(?:billion|million)|(?:파라미터|매개 ?변수|parameters?)\D{0,12}\d"),
    ("cost", r"비용|가격|달러|\bcosts?\b|\bprice", r"비용|가격|달러|\$|\bcosts?\b|\bprice|저렴|cheap"),
    ("speed", r"빠르|빨라|빠른|속도|지연|how fast|\bspeed|latency|throughput|faster", r"빠르|빠른|빨라|속도|지연|처리량|\d ?배|\d ?초|초당|가속|fps|fast|speed|per second|latency|throughput|\btimes\b|tokens/s"),
    ("memory", r"메모리|vram|\bmemory", r"메모리|vram|\bmemory|\bgb\b|기가"),
    ("data", r"데이터 ?셋|데이터 ?세트|(?:어떤|무슨|어느|학습) ?데이터|몇 ?(?:장|개)의 데이터|dataset|training data|what data|corpus", r"데이터|말뭉치|코퍼스|샘플|토큰|dataset|corpus|\bdata\b|samples|tokens"),
    ("score", r"정확도|점수|성능|벤치마크|\bfid\b|bleu|\bmap\b|accuracy|\bscore|benchmark|performance", r"\d ?%|\d ?점|정확도|점수|성능|벤치마크|능가|우수|fid|bleu|\bmap\b|accuracy|score|benchmark|outperform|performance|state-of-the-art"),
    ("code", r"코드|깃허브|github|오픈 ?소스|open.?sourced?|공개했|공개되", r"코드|깃허브|github|오픈 ?소스|open.?source|\bcode\b|공개|http"),
    ("license", r"라이[선센]스|licen[sc]e", r"라이[선센]스|licen[sc]e|apache|\bmit\b|cc-by|cc0"),
    ("limits", r"한계|단점|약점|limitation|drawback|weakness", r"한계|단점|약점|제한|어려|부족|못하|limit|drawback|weak|difficult|fail"),
)  # fmt: skip
ASPECTS = tuple(
    (aspect, re.compile(asked, re.IGNORECASE), re.compile(stated, re.IGNORECASE)) for aspect, asked, stated in _ASPECTS
)
MIN_WORDS, MIN_HELD = 0.10, 0.54  # what a statement must share with a question that asks for none of these


def _fact(reading: Reading, catalogue: Catalogue, retriever: Callable[[], Retriever], top_k: int) -> Evidence:
    papers = tuple(catalogue.papers[i] for i in reading.plan.papers[:top_k] if i in catalogue.papers)
    if reading.field:
        return Evidence(reading, papers, quotes={p.arxiv_id: () for p in papers})
    ranker = retriever()
    asked = [stated for _, question, stated in ASPECTS if question.search(reading.question)]
    if asked and _TRAINING.search(reading.question):
        asked.append(_TRAINING)
    numeric = bool(_NUMERIC.search(reading.question))
    names = [w for w in _words(reading) if _is_name(w) and not any(a.search(w) for _, a, _ in ASPECTS)]
    quotes: dict[str, tuple[Statement, ...]] = {}
    for paper in papers:
        found = ranker.best_statements(reading.query, paper, reading.language, 12, prefer_numbers=numeric)
        if asked:
            held = [s for s in found if all(stated.search(s.text) for stated in asked)]
        else:
            told = _HOW_TRAINED.search(reading.question) and [s for s in found if _TRAINING.search(s.text)]
            held = told or (found if _bears(ranker, reading.query, paper) else [])
        if not all(_held(name, paper) for name in names):
            held = []
        quotes[paper.arxiv_id] = tuple(held[:3])
    if not any(quotes.values()):
        return Evidence(reading, papers, reason="field_not_in_digest")
    return Evidence(reading, tuple(paper for paper in papers if quotes[paper.arxiv_id]), quotes=quotes)


def _bears(ranker: Retriever, query: str, paper: Paper) -> bool:
    words, held = ranker.bearing(query, paper)
    return words >= MIN_WORDS or held >= MIN_HELD


def _words(reading: Reading) -> list[str]:
    """The words of a question that name or describe something."""
    return [word.removesuffix("'s") for phrase in phrases_of(reading.question) for word in phrase.words]


def _held(word: str, paper: Paper) -> bool:
    """Whether a paper's title or summary has a word, however it is spaced."""
    return squash(word) in squash(" ".join([paper.title, *(statement.text for statement in statements(paper))]))


_WHOLE = re.compile(
    r"아이디어|원리|동작|작동|구조|특징|장점|기여|개념|배경|목적|의미|역할|결과|동기|주장|핵심|요지|내용|요약|설명|방법"
    r"|idea|principle|concept|contribution|architecture|feature|advantage|motivation|result|goal|point|summary|method",
    re.IGNORECASE,
)  # what a summary as a whole tells


def _beyond(reading: Reading, catalogue: Catalogue, retriever: Callable[[], Retriever]) -> bool:
    """Whether a question asks for a thing of a paper that its summary does not treat: "KAN의 이산화탄소 배출량은?"."""
    paper = catalogue.papers[reading.plan.papers[0]]
    name = re.escape(paper.name or paper.title)
    found = re.search(rf"{name}(?:의|'s) (.+)|the ([\w -]+) of {name}", reading.question, re.IGNORECASE)
    thing = CUES["explain"].sub(" ", found.group(1) or found.group(2)).strip(" ?.!") if found else ""
    return bool(thing) and not _WHOLE.search(thing) and not _bears(retriever(), thing, paper)


def _relation(reading: Reading, catalogue: Catalogue) -> Evidence | None:
    """What a paper does with a term, where a question asks for yes or no: "Gamba는 Mamba를 사용했어?"."""
    asked = reading.question
    if (
        reading.plan.kind not in ("fact", "explain", "describe")
        or CUES["what"].search(asked)
        or CUES["papers"].search(asked)
    ):
        return None
    words = _words(reading)
    named = [(word, ids) for word in words if len(ids := catalogue.named(word)) == 1]
    if not named or not CUES["use"].search(asked):
        return None
    subject, (arxiv_id,) = named[0]
    terms = [
        w
        for w in words
        if squash(w) != squash(subject)
        and (_names(w) or not w.isalpha())
        and arxiv_id in catalogue.mentioning(meant(w))
    ]
    if len(terms) != 1:
        return None
    paper, label = catalogue.papers[arxiv_id], labelled(catalogue, meant(terms[0]), arxiv_id)
    plan = replace(reading.plan, kind="fact", papers=(arxiv_id,), terms=(terms[0],), relation="use")
    shown = catalogue.mentioning(meant(terms[0]))[arxiv_id].bullets
    quotes = _in_language((label.evidence, *shown) if label.evidence else shown, reading.language)[
        :1
    ] or key_statements(paper, reading.language, 1)
    return Evidence(
        replace(reading, plan=plan, yes_no=True), (paper,), labels={arxiv_id: label}, quotes={arxiv_id: tuple(quotes)}
    )


_HOW_TRAINED = re.compile(r"(?:학습|훈련) ?(?:방법|방식)|어떻게 (?:학습|훈련)|\bhow .{0,40}\btrain", re.IGNORECASE)
_TRAINING = re.compile(r"학습|훈련|미세 ?조정|train|tuned", re.IGNORECASE)
_NUMERIC = re.compile(r"얼마|몇|how (?:fast|much|many|large|big|long)|속도|정확도|성능|accuracy|score", re.IGNORECASE)


def _similar(reading: Reading, catalogue: Catalogue, retriever: Retriever, top_k: int) -> Evidence:
    paper = catalogue.papers[reading.plan.papers[0]]
    text = " ".join([paper.title, *(s.text for s in _summary(paper, "ko", 20))])
    hits = [hit for hit in retriever.search(text, top_k + 1) if hit.arxiv_id != paper.arxiv_id][:top_k]
    found = tuple(catalogue.papers[hit.arxiv_id] for hit in hits)
    return Evidence(reading, found, quotes={p.arxiv_id: key_statements(p, reading.language, 1) for p in found})


# --- where nothing can be answered -----------------------------------------------------------------------------------
def _nearest(evidence: Evidence, catalogue: Catalogue) -> Nearest:
    """Find what can be answered instead: near names, the nearest days, the question with one constraint less."""
    reading, plan = evidence.reading, evidence.reading.plan
    if evidence.reason in ("unknown_author", "ambiguous"):
        names = reading.near if evidence.reason == "unknown_author" else reading.unknown[1:8]
        return Nearest(names=tuple((name, len(catalogue.authors.papers(name))) for name in names))
    if evidence.reason == "field_not_in_digest":
        paper = next((catalogue.papers[i] for i in plan.papers if i in catalogue.papers), None)
        said = " ".join(statement.text for statement in statements(paper)) if paper else ""
        return Nearest(paper=paper, holds=tuple(aspect for aspect, _, stated in ASPECTS if stated.search(said)))
    if evidence.reason in ("before_first_digest", "after_last_digest", "no_digest_that_day"):
        before = [day for day in catalogue.days if plan.date_from and day < plan.date_from][-1:]
        after = [day for day in catalogue.days if plan.date_to and day >= plan.date_to][:1]
        days = (
            (day, int(catalogue.between(day, date.fromordinal(day.toordinal() + 1)).sum())) for day in (*before, *after)
        )
        return Nearest(days=tuple(days))
    if reading.near:
        return Nearest(names=tuple((name, len(catalogue.mentioning(meant(name)))) for name in reading.near[:2]))
    return Nearest(without=_relaxed(plan, catalogue)) if plan.filtered and not reading.unknown else Nearest()


def _relaxed(plan: Plan, catalogue: Catalogue) -> tuple[Plan, int] | None:
    """Return the plan with one constraint less that some paper meets, and how many do; the mildest change first."""
    voted = matching(replace(plan, kind="list", relation=None, min_votes=None, max_votes=None), catalogue)[0]
    most = int(catalogue.votes[voted].max(initial=-1))
    changes: tuple[dict[str, Any], ...] = (
        {"relation": "mention"} if plan.relation else {}, {"min_votes": most} if plan.min_votes is not None and most >= 0 else {},
        {"min_votes": None, "max_votes": None}, {"summary": None}, {"unvoted": False}, {"in_title": False}, {"date_from": None, "date_to": None}, {"not_terms": ()}, {"papers": ()},
        *({"authors": (name,)} for name in plan.authors[:1]), {"authors": ()}, *({"terms": (term,)} for term in plan.terms if glossary().knows(term) or _is_name(term)),
        {"terms": (), "relation": None},
    )  # fmt: skip
    for change in changes:
        wider = replace(plan, kind="list", limit=None, **change)
        narrower = wider.filtered and wider != replace(plan, kind="list", limit=None)
        if not narrower or not (plan.terms or "relation" not in change):
            continue
        if count := int(matching(wider, catalogue)[0].sum()):
            return wider, count
    return None
