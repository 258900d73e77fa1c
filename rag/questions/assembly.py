"""From what was found in a question to its reading: the kind, the papers it is about, what else is asked. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rag.corpus.catalogue import Catalogue
from rag.corpus.mentions import either
from rag.language.terms import glossary
from rag.language.text import Language, josa_or
from rag.questions.asserting import asserted_by, names_own
from rag.questions.constraints import Parsed, constraints, core, date_reason, offers_of
from rag.questions.figures import about_figures
from rag.questions.forms import FIELDS, form_of, is_narrowed, of_days_or_people, order_of, ranked
from rag.questions.kinds import OF_PAPERS, asked_figure, asked_tally, asked_venue, settled
from rag.questions.labels import LACKING_ASPECTS
from rag.questions.makers import in_titles, made_by
from rag.questions.measures import left_of
from rag.questions.names import Lookup
from rag.questions.people import names_a_place
from rag.questions.plan import SET_KINDS, Kind, Plan, Reason
from rag.questions.quantities import asks_to, asks_whether, sort_of
from rag.questions.reading import Reading
from rag.questions.scope import SCOPE, asks_for_help, foreign, is_foreign, is_own, within_scope
from rag.questions.shares import asked_share
from rag.questions.title_words import by_title_words
from rag.questions.wants import (
    SAID_PLAINLY,
    asks_better,
    asks_how_done,
    asks_why,
    picks_one,
    said_aspect,
    shortly,
    wants_titles,
)
from rag.questions.words import words

_OVERVIEW = 0.12  # probability from which a synthesis is wanted; lists and rankings stay under .05
_SURELY_FOREIGN = (
    0.95  # probability of being off topic from which an unknown name is no author: “김치찌개 레시피 알려줘”
)
_WROTE = re.compile(r"\bwho (?:wrote|authored|published)\b|\bauthors? of\b|누가 (?:썼|쓴)|저자", re.IGNORECASE)
_EMPTY = Plan("describe")


def assemble(parsed: Parsed, catalogue: Catalogue, within: tuple[str, ...] = ()) -> Reading:
    """Make the reading of a question that stands by itself."""
    parsed = by_title_words(parsed, catalogue)
    counted = asked_tally(parsed)
    share = () if counted else asked_share(parsed.text, [token.text for token in parsed.tokens])
    asserts, claim = asserted_by(parsed, catalogue)
    asked = None if counted or share or asserts == "cause" else asked_figure(parsed, catalogue)
    if places := asked.spans if asked else counted.places if counted else share:
        parsed = _without(parsed, places)
    told = parsed.tagged
    plan = replace(_EMPTY, papers=parsed.ids or within, **constraints(parsed))
    aspect = max(told.aspects, key=lambda name: told.aspects[name])
    said = said_aspect(parsed.text)
    ordered = aspect == "author_order" and said == "authors" and not names_a_place(parsed.text)  # “SD 3 authors”
    ordered = ordered or (
        told.kind == "fact" and aspect in ("affiliation", "none") and bool(_WROTE.search(parsed.text))
    )
    aspect = said if said in SAID_PLAINLY or ordered else aspect
    base = Reading(
        parsed.text, parsed.language, plan, parsed.text, dates=parsed.dates, aspect=aspect,
        yes_no=(told.signs["yes_no"] >= 0.5 or asks_whether(parsed.text)) and not (asks_how_done(parsed.text) or asks_to(parsed.text)), why=asks_why(parsed.text), better=asks_better(parsed.text), one=(told.signs["one"] >= 0.5 or picks_one(parsed.text)) and plan.limit in (None, 1), overview=_wants_overview(parsed) and not plan.limit, titles=wants_titles(parsed.text), shortly="line" if shortly(parsed.text) == "line" else "",
        foreign=foreign(parsed), read_as=tuple(pair for one in parsed.found for pair in one.read_as),
        about=tuple(one.text for one in parsed.found), said=tuple(span.text for span in parsed.role("description")),
        offers=offers_of(parsed, catalogue.days), core=core(parsed), share=bool(share), asserts=asserts, claim=claim,
    )  # fmt: skip
    if parsed.unknown_ids and not parsed.ids:
        return replace(base, plan=replace(plan, kind="known_item"), reason="no_evidence", unknown=parsed.unknown_ids)
    if parsed.dates and parsed.dates.impossible and not (parsed.dates.start or parsed.dates.end):
        return replace(
            base, plan=replace(plan, kind="date"), reason="impossible_day", unknown=(parsed.dates.impossible,)
        )
    if parsed.people.reason and not (told.kind == "offtopic" and told.kinds["offtopic"] >= _SURELY_FOREIGN):
        named = (parsed.people.about, *parsed.people.near)
        return replace(
            base, plan=replace(plan, kind="author"), reason=parsed.people.reason, unknown=named, near=parsed.people.near
        )
    if parsed.people.names and names_a_place(parsed.text):
        lacking = replace(base, plan=Plan("fact"), reason="field_not_in_digest", lacking="author_order")
        return replace(lacking, offers=tuple(_by(name, base.language) for name in parsed.people.names))
    if venue := asked_venue(parsed, catalogue):
        others = replace(parsed, found=[one for one in parsed.found if one.text != venue])
        offers = _mentions(venue, base.language, catalogue)
        return _lacking(replace(base, aspect="venue", offers=offers), others)
    unknown = tuple(dict.fromkeys(one.text for one in parsed.found if one.kind == "unknown"))
    near = tuple(filter(None, (Lookup(catalogue).near(name) for name in unknown)))
    base = replace(base, unknown=unknown, near=near)
    if base.asserts and not (
        plan.relation == "extend" or asked or counted or share or unknown or names_own(parsed, catalogue)
    ):
        return replace(base, plan=replace(plan, kind="explain", relation=None, sorts=(), limit=None), yes_no=False)
    nameless = asked and plan.topics and not (asked.figure.of or asked.figure.metric) and not asked.unitless
    if nameless:  # “top 10 on making RAG better”
        return _of_kind(base, parsed, catalogue)
    of_unknown = unknown and parsed.tagged.kind == "fact"  # what a paper that nobody has reports is not what others do
    return about_figures(base, parsed, asked) if asked and not of_unknown else _of_kind(base, parsed, catalogue)


def _wants_overview(parsed: Parsed) -> bool:
    """Whether a synthesis is wanted: the network says so, days are to be summed up, or it is asked how people go about it."""
    told = parsed.tagged
    ordered = words().sorted.any_of(parsed.wording) or wants_titles(parsed.text)
    summed = told.kind == "period" or (told.kind == "list" and parsed.found and not ordered)
    sums_up = bool(summed) and words().summary.any_of(parsed.wording)
    return sums_up or told.signs["overview"] >= _OVERVIEW or asks_how_done(parsed.text)


def _by(author: str, language: Language) -> str:
    """Return the question for all papers of an author."""
    return f"{author}의 논문은?" if language == "ko" else f"Which papers are by {author}?"


def _without(parsed: Parsed, places: Sequence[tuple[int, int]]) -> Parsed:
    """Return what was parsed without the words that stand in some places, and without what then names nothing."""
    spans = [
        replace(span, text=left)
        for span in parsed.spans
        if (left := left_of(parsed.text, span.start, span.text, places))
    ]
    found = [
        replace(one, text=left) for one in parsed.found if (left := left_of(parsed.text, one.start, one.text, places))
    ]
    return replace(parsed, spans=spans, found=found)


def _of_kind(base: Reading, parsed: Parsed, catalogue: Catalogue) -> Reading:
    kind = settled(parsed, base.plan)
    plan = base.plan
    anything = bool(parsed.found or parsed.ids or plan.authors or base.said or parsed.role("org"))
    if kind in ("help", "offtopic") and asks_for_help(parsed) and not (anything or plan.filtered):
        thanks = words().thanks.any_of(token.text for token in parsed.tokens) and "?" not in parsed.text
        return replace(base, plan=Plan("help"), thanks=thanks)
    if is_foreign(parsed, plan, catalogue) and not (plan.filtered and asked_tally(parsed)):
        otherwise = _of_kind(base, within_scope(parsed), catalogue)
        return replace(base, plan=Plan("out_of_scope"), reason="out_of_scope", offers=(), otherwise=otherwise)
    if kind == "offtopic":
        return _of_kind(base, within_scope(parsed), catalogue)
    if kind == "help" and not plan.filtered:
        known = parsed.tagged.kinds["help"] >= SCOPE
        return replace(base, plan=Plan("help" if known else "out_of_scope"), reason=None if known else "out_of_scope")
    whether = base.yes_no or _AUXILIARY.match(parsed.text)
    of_nobody = base.aspect == "affiliation" and whether and not parsed.role("org")  # “does it support Korean?”
    if (kind in ("rank", "topics", "writers") or parsed.people.names) and _CITED.search(parsed.text):
        return _lacking(replace(base, aspect="citations"), parsed)
    if _STARS.search(parsed.text):
        return _lacking(replace(base, aspect="stars"), parsed)
    if kind == "fact" and base.aspect in LACKING_ASPECTS and not of_nobody:
        return _lacking(base, parsed)
    titled = next((topic for topic in plan.topics if ":" in topic), "")
    if kind == "fact" and titled and not parsed.ids:
        return replace(base, plan=Plan("fact"), reason="no_evidence", unknown=(titled,))
    if kind == "fact" and _maker(parsed, catalogue):
        return _about_sets(base, parsed, catalogue)
    if kind == "fact" and not parsed.ids and not base.said and _is_topic(parsed):
        return _fact_of_topic(base, parsed, catalogue)
    if kind == "similar" and (plan.terms or plan.topics) and not any(one.papers for one in parsed.found):
        return _about_sets(base, parsed, catalogue)
    short = len(parsed.tokens) <= _KEYWORDS and bool(base.said or plan.topics)
    if kind == "describe" and short and not (parsed.ids or parsed.role("ref")):
        return _about_sets(base, parsed, catalogue)
    if base.share and plan.filtered:
        return _about_sets(base, parsed, catalogue)
    if kind in OF_PAPERS or (parsed.ids and kind not in ("count", "trend")):
        return _about_papers(base, parsed, catalogue)
    if not (anything or plan.filtered or base.unknown) and kind in ("list", "period"):
        return (
            replace(base, plan=replace(plan, kind="describe"))
            if len(parsed.tokens) > 2
            else replace(base, plan=Plan("help"))
        )
    return _about_sets(base, parsed, catalogue)


def _fact_of_topic(base: Reading, parsed: Parsed, catalogue: Catalogue) -> Reading:
    """Read what is asked of a topic as if it were a paper: since when there are papers on it, else what they say of it."""
    plan = base.plan
    if base.aspect in ("full_name", "limits"):
        return replace(base, plan=replace(plan, kind="fact"))
    if base.aspect == "date":
        return replace(base, plan=replace(plan, kind="superlative", by="date", order="asc", limit=1))
    return _about_sets(replace(base, overview=True), parsed, catalogue)


_CITED = re.compile(
    r"\b(?:most|least|highly|often|much)[- ]cited\b|\bcitations?\b|\bh[- ]?index\b|\bimpact factor\b|인용(?:이|을|수|된|한| )|h ?지수|임팩트 ?팩터",
    re.IGNORECASE,
)
_STARS = re.compile(
    r"(?:깃허브|깃헙|github) ?(?:의 ?)?(?:스타|별|stars?)(?! ?coder)|\bhow many (?:stars|downloads)\b|(?:스타|다운로드) ?수(?![가-힣])",
    re.IGNORECASE,
)
_AUXILIARY = re.compile(r"(?:does|do|did|is|are|was|can|could|has|have)\b", re.IGNORECASE)
_KEYWORDS = 6  # tokens up to which a description of a paper is a topic: "video to audio / foley"


def _as_topic(base: Reading) -> Reading:
    """Return the description of a paper as a topic of papers, where nothing else names one."""
    if base.plan.topics or base.plan.terms or not base.said:
        return base
    plan = replace(base.plan, topics=(" ".join(base.said),))
    return replace(base, plan=plan, said=(), about=(*base.about, *base.said))


def _is_topic(parsed: Parsed) -> bool:
    """Whether what is asked about are topics alone and no names."""
    return bool(parsed.found) and all(one.kind == "topic" for one in parsed.found)


def _lacking(base: Reading, parsed: Parsed) -> Reading:
    """Refuse what digests do not keep, or answer the rest of the question and say so."""
    if base.aspect == "affiliation" and base.plan.topics and parsed.role("org"):
        return replace(base, plan=replace(base.plan, kind="list"), lacking=base.aspect)
    papers = parsed.ids or tuple(i for one in parsed.found for i in one.papers)
    return replace(base, plan=Plan("fact", papers=papers), reason="field_not_in_digest", lacking=base.aspect)


def _about_papers(base: Reading, parsed: Parsed, catalogue: Catalogue) -> Reading:
    """Read a question about one or a few papers: a fact, an explanation, a comparison, papers like it, a description."""
    kind, plan = settled(parsed, base.plan), base.plan
    own = sorted((one for one in parsed.found if one.papers), key=lambda one: not is_own(one, catalogue))
    papers = plan.papers or tuple(dict.fromkeys(i for one in own for i in one.papers))
    if kind == "compare" and not papers and (each := _of_either(plan, catalogue)):
        plan, papers = replace(plan, terms=tuple(each)), tuple(each.values())
    limit = {"compare": 5, "similar": 1}.get(kind, 3)
    if kind in ("fact", "explain") and not plan.papers and own:
        papers = own[0].papers  # the first name is what is asked about; others are what it is measured on
    if kind in ("fact", "explain") and len(papers) > 5:
        papers = papers[:5]
    field = FIELDS.get(base.aspect) if kind == "fact" else None
    about = " ".join(base.about)
    described = core(parsed) if kind == "describe" and base.said else ""
    query = described or (about if kind == "explain" and about and not papers else base.query)
    made = replace(base, field=field, query=query)
    titled = any(" " in name for name in base.unknown)
    if base.unknown and not papers and (kind != "describe" or titled):
        return replace(
            made, plan=replace(plan, kind=_kind_of(kind), papers=()), reason="no_evidence" if _sure(base) else None
        )
    if kind == "compare" and len(papers) > 1 and (ordered := _of_them(parsed)):
        return replace(made, plan=Plan("superlative", papers=papers, limit=1, **ordered))
    if kind == "compare":
        sided = plan.topics if len(plan.terms) < 2 else [t for t in plan.topics if _in_a_row(t, parsed.text)]
        topics = tuple(topic for topic in sided if not sort_of(topic))
        plan = replace(plan, kind="compare", papers=papers[:limit], topics=topics, sorts=())
        return replace(made, plan=plan)
    if kind == "similar":
        return replace(made, plan=Plan("similar" if papers else "describe", papers=papers[:1]))
    if kind == "describe" or not papers:
        return replace(
            made, plan=replace(plan, kind=_kind_of(kind) if kind != "describe" else "describe", papers=plan.papers)
        )
    if kind not in OF_PAPERS:
        return replace(made, plan=Plan("known_item", papers=papers))
    lookup = Lookup(catalogue)
    named = {one.text for one in own if set(lookup.own(one.text)) & set(papers)}
    keep = () if kind == "explain" else tuple(term for term in plan.terms if term not in named or not plan.relation)
    return replace(
        made,
        plan=replace(_EMPTY, kind=_kind_of(kind), papers=papers, terms=keep, relation=plan.relation if keep else None),
    )


_JOINED_BEFORE = re.compile(
    r"(?:,|&|/|\b(?:and|or|vs\.?|versus|with|than|to)|[가-힣\w](?:와|과|랑|하고|보다)|대비|및|또는) ?$", re.IGNORECASE
)
_JOINED_BEHIND = re.compile(
    r" ?(?:,|&|/|(?:and|or|vs|versus)\b|(?:와|과|이?랑|하고|보다)(?![가-힣])|대비|및)", re.IGNORECASE
)


def _in_a_row(name: str, text: str) -> bool:
    """Whether a name is joined to another one: in “맘바 vs 트랜스포머 뭐가 낫대” the last word is not."""
    at = text.find(name)
    return at < 0 or bool(_JOINED_BEFORE.search(text[:at]) or _JOINED_BEHIND.match(text, at + len(name)))


def _of_either(plan: Plan, catalogue: Catalogue) -> dict[str, str]:
    """Return the names that "or" joins, each with its own paper; nothing where one has none."""
    names = [name for term in plan.terms for name in either(term)]
    own = {name: Lookup(catalogue).own(name)[:1] for name in names}
    return {name: papers[0] for name, papers in own.items() if papers} if len(own) > 1 and all(own.values()) else {}


def _of_them(parsed: Parsed) -> dict[str, Any]:
    """Return the order in which a question picks one of the papers it names: "which came out first, X or Y?"."""
    order = "date asc" if words().first.any_of(parsed.wording) else words().order(parsed.wording)
    voted = words().voted.any_of(parsed.wording) and words().more.any_of(parsed.wording)
    by, _, way = ("votes desc" if voted else order).partition(" ")
    return {} if by == "none" else {"by": by, "order": way}


def _kind_of(kind: str) -> Kind:
    kinds: dict[str, Kind] = {"fact": "fact", "explain": "explain", "compare": "compare", "similar": "similar"}
    return kinds.get(kind, "describe")


def _sure(base: Reading) -> bool:
    """Whether an unknown name is surely one: it is written as names are."""
    return any(name[:1].isupper() or any(c.isdigit() for c in name) for name in base.unknown)


def _about_sets(base: Reading, parsed: Parsed, catalogue: Catalogue) -> Reading:
    """Read a question about a set of papers: which, how many, the most voted, by month, their topics or authors."""
    base = _by_maker(_as_topic(base), parsed, catalogue)
    kind = settled(parsed, base.plan)
    if kind == "more" and (ordered := _of_them(parsed)):
        own = [Lookup(catalogue).own(term)[:1] for term in base.plan.terms]
        if len(own) > 1 and all(own):
            papers = tuple(i for found in own for i in found)
            return replace(base, plan=Plan("superlative", papers=papers, limit=1, **ordered))
    by, way = order_of(parsed, kind)
    plan = replace(base.plan, **form_of(base, parsed, kind, by, way))
    if kind == "rank" or (kind == "topics" and by == "date"):
        plan, base = ranked(plan, base, parsed, by, catalogue)
    plan = of_days_or_people(plan, base)
    if plan.kind == kind == "list" and (known := _one_paper(plan, parsed, catalogue)):
        return replace(base, plan=Plan("known_item", papers=known))
    if counted := asked_tally(parsed):
        plan = replace(
            plan, per=counted.per, measure=counted.measure, limit=1 if counted.best else None, by=None, order=None
        )
    base = replace(base, sides=base.sides or kind == "more")
    if orgs := parsed.role("org"):
        base = replace(base, lacking="affiliation", offers=_mentions(orgs[0].text, base.language, catalogue))
        if base.offers and words().relation(parsed.wording) == "mention" and not (plan.terms or plan.topics):
            plan = replace(plan, terms=(orgs[0].text,), relation="mention")  # “mentioning X or by X”: one can be told
        if not replace(plan, date_from=None, date_to=None, limit=None).filtered:
            return replace(base, plan=Plan("fact"), reason="field_not_in_digest")
    if base.share and plan.kind in SET_KINDS:
        plan = replace(plan, kind="count", by=None, order=None, per=None)
    reason: Reason | None = None
    if plan.kind in SET_KINDS:
        reason = "ambiguous" if base.dates and base.dates.apart else date_reason(plan, catalogue)
    if base.unknown and reason is None and not plan.topics and (_sure(base) or not plan.filtered):
        reason = "no_evidence"
    return replace(base, plan=plan, reason=reason, yes_no=base.yes_no and plan.kind == "list")


def _maker(parsed: Parsed, catalogue: Catalogue) -> str:
    """Return the organisation whose papers a question asks for, where papers are called by its name; else ""."""
    named = [org.text for org in parsed.role("org")]
    said = (one for one in parsed.found if one.kind == "term" and made_by(parsed.text, one.text, one.start))
    makers = (*named, *(one.text for one in said if not catalogue.named(one.text)))
    return next((maker for maker in makers[:1] if in_titles(maker, catalogue)), "")


def _by_maker(base: Reading, parsed: Parsed, catalogue: Catalogue) -> Reading:
    """Return the papers of an organisation alone as those that carry its name in their titles, where papers are called by it."""
    maker, plan = _maker(parsed, catalogue), base.plan
    others = tuple(term for term in plan.terms if term != maker)
    if not maker or is_narrowed(replace(plan, limit=None, date_from=None, date_to=None, terms=others)):
        return base
    return replace(
        base, plan=replace(plan, terms=(maker,), in_title=True, relation=None), lacking="affiliation", yes_no=False
    )


def of_a_maker(reading: Reading, parsed: Parsed, catalogue: Catalogue) -> Reading:
    """Refuse to tell which papers of an earlier answer an organisation made, which digests do not keep."""
    orgs = parsed.role("org")
    if not orgs or parsed.found or reading.lacking or reading.reason:
        return reading
    offers = _mentions(orgs[0].text, reading.language, catalogue)
    lacking = replace(reading, plan=Plan("fact"), reason="field_not_in_digest", lacking="affiliation")
    return replace(lacking, offers=offers, later=(), otherwise=None)


def _mentions(name: str, language: Language, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the question for the papers that mention an organisation, where there are such papers."""
    if not catalogue.knows(glossary().term(name)):
        return ()
    if language == "ko":
        return (f"{josa_or(name, '을/를', ' 이름을')} 언급한 논문은?",)
    return (f"Which papers mention {name}?",)


_FEW = 5  # papers that name a paper's own name, up to which “X 논문” asks for that paper


def _one_paper(plan: Plan, parsed: Parsed, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the paper that a bare name asks for ("FSGS 논문"), where few others name it."""
    names = [one for one in parsed.found if one.kind == "term"]
    alone = replace(plan, terms=(), kind="list", limit=None) == Plan("list")
    if len(names) != 1 or not names[0].papers or not alone or plan.relation:
        return ()
    return names[0].papers if len(catalogue.mentioning(glossary().term(names[0].text))) <= _FEW else ()
