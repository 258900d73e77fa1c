"""Papers by the figures that their summaries report: the highest or lowest, or those within bounds; comparable ones together.

Values that are not measured alike (accuracy and FID on one benchmark, images and hours of data) are ranked apart, and none of
them is said to be first of all. No prose here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from rag.corpus.benchmark_names import canonical
from rag.corpus.catalogue import Catalogue
from rag.corpus.figure_words import figure_words
from rag.corpus.figures import Figures, Reported, figures
from rag.evidence.retriever import Retriever
from rag.evidence.sets import a_set
from rag.evidence.telling import wanted
from rag.evidence.types import Evidence, Ranked
from rag.questions.plan import AMOUNTS, HELD, FigureAsked, Plan
from rag.questions.reading import Reading

_SHOWN = 5  # papers of a ranking whose length is not asked for
_LITTLE = ("cost", "memory", "time")  # amounts of which little is better
_SOME = 3  # papers of each variant of a benchmark that are shown at least
_MAIN = 3  # times as many papers as any other, from which a group is what is asked for


def reported(reading: Reading, catalogue: Catalogue, retriever: Callable[[], Retriever]) -> Evidence:
    """Return the papers that report what a plan asks for, best first, with the figure and the sentence of each."""
    plan, asked = reading.plan, reading.plan.figure
    assert asked is not None
    within: frozenset[str] | None = None
    among = 0
    rest = replace(plan, kind="list", figure=None, order=None, by=None, limit=None)
    if rest.filtered:
        found = a_set(replace(reading, plan=rest, yes_no=False), catalogue, retriever)
        also = _reporting(rest, figures(catalogue)) if plan.terms and plan.topics else frozenset()
        if (found.reason or found.near) and not also:
            return replace(found, reading=reading, papers=(), reason=found.reason or "no_evidence")
        sure = () if found.reason or found.near else found.papers
        within = frozenset(paper.arxiv_id for paper in sure) | also
        among = len(within) if plan.topics or plan.terms else 0
    rows = [row for row in all_rows(asked, figures(catalogue)) if within is None or row.arxiv_id in within]
    groups = ranked(rows, plan)
    named, unread = _named(rows, plan, within, catalogue)
    if named and not groups:
        papers = tuple(catalogue.papers[row.arxiv_id] for row in named.rows)
        told = {row.arxiv_id: (row.statement,) for row in named.rows}
        return Evidence(reading, papers, quotes=told, named=named, unread=unread, among=among)
    if not groups:
        rows = rows if asked.least is not None or asked.most is not None else []
        near = sorted(rows, key=lambda row: _distance(row, asked))[:1]
        return Evidence(reading, reason="no_evidence", figures=tuple(Ranked("", (row,)) for row in near), among=among)
    pool = len({row.arxiv_id for group in groups for row in group.rows})
    if plan.kind == "superlative":
        least = _SOME if _are_several(rows, asked) else 1
        groups = tuple(_first(group, plan, max(least, plan.limit or _SHOWN)) for group in groups)
    ids = dict.fromkeys(row.arxiv_id for group in groups for row in group.rows)
    quotes = {i: tuple(dict.fromkeys(r.statement for g in groups for r in g.rows if r.arxiv_id == i)) for i in ids}
    papers = tuple(catalogue.papers[i] for i in ids)
    return Evidence(reading, papers, quotes=quotes, pool=pool, figures=groups, named=named, unread=unread, among=among)


_SAID = ("size", "tokens")  # amounts that sentences write of other things than their paper's too
_FEW = 12  # papers of such amounts that are shown


def _named(
    rows: Sequence[Reported], plan: Plan, within: frozenset[str] | None, catalogue: Catalogue
) -> tuple[Ranked | None, int]:
    """Return the amounts within bounds that papers of a set write without saying whose they are, and how many write none.

    Of a paper the sentence is taken that names most of what the plan does.
    """
    asked = plan.figure
    bounded = asked and (asked.least is not None or asked.most is not None)
    if asked is None or within is None or asked.of not in _SAID or not bounded:
        return None, 0
    known = {row.arxiv_id for row in rows}
    papers = [paper for paper in catalogue.papers.values() if paper.arxiv_id in within - known]
    said = [*figures(catalogue).said(asked.of, papers)]
    unread = len(within) - len(known) - len({row.arxiv_id for row in said})
    wanted_terms = [wanted(term) for term in plan.terms]
    best: dict[str, tuple[float, Reported]] = {}
    for row in said:
        if _within(row, asked):
            share = sum(one.share(row.sentence) for one in wanted_terms)
            if row.arxiv_id not in best or share > best[row.arxiv_id][0]:
                best[row.arxiv_id] = share, row
    told = [row for _, row in sorted(best.values(), key=lambda one: -one[0])]
    return (Ranked("", tuple(told[:_FEW]), of=len(told)) if told else None), unread


def _reporting(plan: Plan, table: Figures) -> frozenset[str]:
    """Return the papers that report a score on a benchmark which a plan names: they are on what it measures."""
    each = [{row.arxiv_id for name in _editions(term, table) for row in table.on(name)} for term in plan.terms]
    return frozenset(set.intersection(*each)) if each else frozenset()


def _editions(name: str, table: Figures) -> list[str]:
    """Return the benchmarks of a name, whatever their year: AIME is “AIME 2024” too."""
    key = canonical(name)
    return [
        spelling for held, spelling in table.benchmarks.items() if held.removeprefix(key).isdecimal() or held == key
    ]


def all_rows(asked: FigureAsked, table: Figures) -> Iterable[Reported]:
    """Return every figure of the kind that is asked for."""
    if (asked.of, asked.metric) == HELD:
        return table.held()
    if asked.of in AMOUNTS:
        return (row for row in table.amounts(asked.of) if asked.metric in ("", row.metric))
    if not asked.of:
        return table.metric(asked.metric)
    metric = figure_words().of_name(asked.metric)
    return (row for row in table.on(asked.of) if metric is None or row.family == metric.family)


def _groups(rows: Sequence[Reported], asked: FigureAsked) -> list[Ranked]:
    """Put rows that can be compared together, most papers first."""
    groups: dict[tuple[str, str], list[Reported]] = {}
    several = _are_several(rows, asked)
    for row in rows:
        key = (row.family if asked.of else "", canonical(row.of) if several or not asked.of else "")
        groups.setdefault(key, []).append(row)
    made = [Ranked(_label(group, asked, several), tuple(group)) for group in groups.values()]
    return sorted(made, key=lambda one: -len({row.arxiv_id for row in one.rows}))


def _are_several(rows: Sequence[Reported], asked: FigureAsked) -> bool:
    """Whether rows are of several variants of a benchmark: SWE-bench Verified and SWE-bench Lite."""
    return asked.of not in ("", *AMOUNTS) and len({canonical(row.of) for row in rows}) > 1


def _label(group: Sequence[Reported], asked: FigureAsked, several: bool) -> str:
    """Name what the rows of a group have in common: a metric, what is counted, or the benchmark of a metric."""
    if several and group[0].family != "accuracy":
        return f"{group[0].of}, {group[0].family}"
    return group[0].family if asked.of and not several else group[0].of


def ranked(rows: Sequence[Reported], plan: Plan) -> tuple[Ranked, ...]:
    """Return rows within the bounds of a plan, one a paper, each group in order; a group that is surely meant stands alone."""
    asked = plan.figure
    assert asked is not None
    made: list[Ranked] = []
    for group in _groups(rows, asked):
        inside = [row for row in group.rows if _within(row, asked)]
        low = _is_low(group, plan)
        inside.sort(key=lambda row: row.comparable if low else -row.comparable)
        best = {row.arxiv_id: row for row in reversed(inside)}
        kept = tuple(row for row in inside if best[row.arxiv_id] is row)
        if kept:
            made.append(replace(group, rows=kept, low=low))
    if (
        len(made) > 1
        and len(made[0].rows) >= _MAIN * len(made[1].rows)
        and asked.of not in ("", "data")
        and not _are_several(rows, asked)
    ):
        return tuple(made[:1])
    return tuple(made)


def _within(row: Reported, asked: FigureAsked) -> bool:
    value = row.comparable
    if asked.least is not None and not (value > asked.least or (value == asked.least and not asked.strict)):
        return False
    return asked.most is None or value < asked.most or (value == asked.most and not asked.strict)


def _distance(row: Reported, asked: FigureAsked) -> float:
    """Return how far a value is from the nearest bound."""
    return min(abs(row.comparable - bound) for bound in (asked.least, asked.most) if bound is not None)


def _is_low(group: Ranked, plan: Plan) -> bool:
    """Whether the lowest values come first: as asked, or where low is better."""
    asked = plan.figure
    metric = figure_words().of_name(group.rows[0].metric or "score")
    better_low = metric is not None and not metric.high and group.rows[0].of not in AMOUNTS
    if asked and asked.best:
        return better_low
    if plan.order:
        return plan.order == "asc"
    if asked and asked.of in _LITTLE and asked.least is None:
        return True
    return better_low or (asked is not None and asked.least is None and asked.most is not None)


def _first(group: Ranked, plan: Plan, limit: int) -> Ranked:
    """Return the first rows of a group with all that are as good as the last of them."""
    low = _is_low(group, plan)
    rows = sorted(group.rows, key=lambda row: row.comparable if low else -row.comparable)
    if len(rows) > limit:
        last = rows[limit - 1].comparable
        rows = [row for at, row in enumerate(rows) if at < limit or row.comparable == last]
    return replace(group, rows=tuple(rows), of=len(group.rows), low=low)
