"""Write `docs/performance.md` and its two plots from `docs/performance.json`. Measures nothing.

    python -m benchmarks.performance

Every figure and every verdict on the page is computed from the JSON. Nothing is written by hand.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measuring import ROOT, beyond, exponent, read_json

OURS, STARTER = "nonmun", "llamaindex-chroma"
NAMES = {
    OURS: "Nonmun",
    STARTER: "LlamaIndex + Chroma + all-MiniLM-L6-v2",
    "llamaindex-bm25": "LlamaIndex BM25Retriever",
    "txtai": "txtai + all-MiniLM-L6-v2",
}
FAR = 500_000
REACH = 5  # how far beyond what was measured a line is followed
NOTHING = "–"


# --- reading figures -------------------------------------------------------------------------------------------------
def at(figures: Any, path: str) -> Any:
    """Return the value at a dotted path of nested figures (the median of several runs), or None where there is none.

    >>> at({"a": {"b": {"median": 2.5, "runs": 3}}}, "a.b"), at({"a": 1}, "a.b")
    (2.5, None)
    """
    for key in path.split("."):
        if not isinstance(figures, Mapping) or key not in figures:
            return None
        figures = figures[key]
    return figures["median"] if isinstance(figures, Mapping) and "median" in figures else figures


def number(value: float | None, unit: str = "") -> str:
    """Render a figure with about three digits that mean something.

    >>> number(0.8123, "s"), number(34.56), number(1234.5, "MB"), number(None)
    ('0.81 s', '34.6', '1,234 MB', '–')
    """
    if value is None:
        return NOTHING
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}{' ' + unit if unit else ''}"


def spread(figures: Any, path: str, unit: str = "") -> str:
    """Render the median of several runs with the least and the greatest, where they differ in what is shown."""
    node = figures
    for key in path.split("."):
        node = node.get(key) if isinstance(node, Mapping) else None
    if not isinstance(node, Mapping) or "median" not in node:
        return number(at(figures, path), unit)
    low, high = number(node["min"]), number(node["max"])
    return number(node["median"], unit) + (f" ({low} to {high})" if node["runs"] > 1 and low != high else "")


def ratio(ours: float | None, theirs: float | None) -> str:
    """Render how many times as much a peer takes: above 1 we take less.

    >>> ratio(2.0, 16.0), ratio(4.0, 1.0), ratio(None, 1.0)
    ('8.0', '0.25', '–')
    """
    if not ours or theirs is None:
        return NOTHING
    share = theirs / ours
    return f"{share:,.0f}" if share >= 100 else f"{share:.1f}" if share >= 1 else f"{share:.2f}"


def rows(header: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """Render a Markdown table; lines that hold no figure at all are left out."""
    kept = [line for line in lines if any(cell != NOTHING for cell in line[1:])]
    return "\n".join(["| " + " | ".join(line) + " |" for line in (header, ["---"] * len(header), *kept)])


# --- targets ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Target:
    """A figure that is aimed at: what it is, where it stands, its bound, and whether it must stay below or reach it.

    `because` says, without a figure, what bounds it; the page tells it only where the aim is missed.
    """

    what: str
    value: Callable[[Mapping[str, Any]], float | None]
    bound: float
    unit: str
    below: bool = True
    because: str = ""

    def judged(self, figures: Mapping[str, Any]) -> tuple[str, str, str, str]:
        """Return the row of the table: what, the aim, the figure, the verdict."""
        value = self.value(figures)
        aim = f"{'under' if self.below else 'at least'} {number_plain(self.bound)} {self.unit}".rstrip()
        if value is None:
            return self.what, aim, NOTHING, "not measured"
        holds = value < self.bound if self.below else value >= self.bound
        shown = (
            f"{value:.4f}" if self.unit == "of 1" else number(value, self.unit) if self.unit else number_plain(value)
        )
        return self.what, aim, shown, "holds" if holds else "**falls short**"


def number_plain(value: float) -> str:
    """Render a bound as it was set.

    >>> number_plain(3.5), number_plain(60.0), number_plain(4096)
    ('3.5', '60', '4,096')
    """
    return f"{value:,.0f}" if value == int(value) else f"{value:g}"


def _of(path: str) -> Callable[[Mapping[str, Any]], float | None]:
    return lambda figures: at(figures, path)


def _size(figures: Mapping[str, Any], papers: int) -> Mapping[str, Any]:
    sizes = at(figures, "scale.sizes") or []
    return next((size for size in sizes if size["ingest"]["papers"] == papers), {})


def _at_200k(path: str, scale: float = 1.0) -> Callable[[Mapping[str, Any]], float | None]:
    def value(figures: Mapping[str, Any]) -> float | None:
        found = at(_size(figures, 200_000), path)
        return None if found is None else found * scale

    return value


def _least_recall(figures: Mapping[str, Any]) -> float | None:
    return min((size["nearest"]["mean"] for size in at(figures, "scale.sizes") or []), default=None)


def _ahead(figures: Mapping[str, Any]) -> float | None:
    ours, theirs = at(figures, f"{_SERIES}.first.{OURS}.s"), at(figures, f"{_SERIES}.first.{STARTER}.s")
    return theirs / ours if ours and theirs else None


_SERIES = "speed.datasets.series"
TARGETS = (
    Target("Cold `nonmun ask`, a question about a set, real digests", _of(f"{_SERIES}.cold.{OURS}.set.s"), 3.5, "s"),
    Target("… its memory", _of(f"{_SERIES}.cold.{OURS}.set.mb"), 600, "MB"),
    Target("Page ready to type into, cold", _of(f"{_SERIES}.page.ready_s"), 8, "s"),
    Target("First ingest of the real digests", _of(f"{_SERIES}.first.{OURS}.s"), 60, "s"),
    Target(f"… times as fast as {NAMES[STARTER]}", _ahead, 8, "times", below=False, because=(
        "every bullet is a text of its own here, where the peer has one a section; Chroma indexes each text by its runs of three letters, "
        "one after another, and that is most of the time")),
    Target("Ingest, nothing changed", _of(f"{_SERIES}.later.{OURS}.unchanged"), 2, "s"),
    Target("Ingest, one digest edited", _of(f"{_SERIES}.later.{OURS}.changed"), 2, "s", because=(
        "Chroma's import, the copy of the generation before and its check come one after another; a word never seen before also starts "
        "the Korean analysis")),
    Target("Search p50, real digests", _of(f"{_SERIES}.query.{OURS}.search.p50"), 10, "ms"),
    Target("Full offline answer p50, real digests", _of(f"{_SERIES}.query.{OURS}.answer.p50"), 30, "ms"),
    Target("Search p95 at 200,000 papers", _at_200k("query.search.p95"), 100, "ms"),
    Target("Full offline answer p95 at 200,000 papers", _at_200k("query.answer.p95"), 100, "ms", because=(
        "a question that many thousand papers answer goes over each of them the first time it is asked")),
    Target("Recall@10 of the approximate search, least of all sizes", _least_recall, 0.99, "of 1", below=False),
    Target("Answers by 64 threads in one process", _of(f"{_SERIES}.load.process.64.per_s"), 60, "a second", below=False),
    Target("Answers to 64 clients over HTTP", _of(f"{_SERIES}.load.http.64.per_s"), 25, "a second", below=False),
    Target("… errors among them", _of(f"{_SERIES}.load.http.64.errors"), 1, ""),
    Target("Memory at 200,000 papers, answering", _at_200k("query.peak_mb"), 4_096, "MB", because=(
        "Chroma keeps every vector in memory as 32-bit floats, and the catalogue every text and every name; of the synthetic authors "
        "nearly all are distinct, of real ones about half")),
    Target("Memory at 200,000 papers, indexing", _at_200k("ingest.peak_mb"), 4_096, "MB", because=(
        "all papers are held at once, and beside them, in a process of its own, Chroma every vector and its neighbours")),
)  # fmt: skip


# --- beside the peers ------------------------------------------------------------------------------------------------
def where(run: Mapping[str, Any]) -> str:
    """Return a sentence on the machine, the day and the load."""
    on = run["machine"]
    words = f"{run['day']}, {on['processor']}, {on['cores']} cores, {number(on['memory_gib'])} GiB, {on['system']}, Python {on['python']}"
    busy = run["load"] > 0.5 * on["cores"]
    load = (
        f" **Other work ran at the same time** (load up to {run['load']} as a part began): compare the ratios rather than the seconds."
        if busy
        else ""
    )
    return f"{words}; {number(run['minutes'])} minutes of measuring.{load}"


def peers(dataset: Mapping[str, Any]) -> list[str]:
    """Return the tables of one dataset: each system's figures, and the peers' as multiples of ours."""
    first, query, cold, later = dataset["first"], dataset["query"], dataset.get("cold", {}), dataset["later"]
    systems = list(first)
    index = rows(
        ["indexing", "first time", "papers a second", "nothing changed", "one paper changed", "memory", "disk", "texts"],
        [[NAMES[s], spread(first, f"{s}.s", "s"), number(dataset["papers"] / at(first, f"{s}.s")),
          spread(later, f"{s}.unchanged", "s"), spread(later, f"{s}.changed", "s"), number(at(first, f"{s}.mb"), "MB"),
          number(at(first, f"{s}.disk_mb"), "MB"), f"{at(first, f'{s}.texts') or 0:,.0f}"] for s in systems],
    )  # fmt: skip
    asking = rows(
        ["asking", "opened", "search p50", "p95", "p99", "answer p50", "p95", "p99", "memory", "recall@10"],
        [[NAMES[s], spread(query, f"{s}.open_s", "s"),
          *(number(at(query, f"{s}.{kind}.{p}"), "ms") for kind in ("search", "answer") for p in ("p50", "p95", "p99")),
          number(at(query, f"{s}.peak_mb"), "MB"), _share(at(query, f"{s}.recall"))] for s in systems],
    )  # fmt: skip
    starting = rows(
        ["start to first answer, a whole process", "a question about a set", "memory", "an open question", "memory"],
        [[NAMES[s], spread(cold, f"{s}.set.s", "s"), number(at(cold, f"{s}.set.mb"), "MB"),
          spread(cold, f"{s}.open.s", "s"), number(at(cold, f"{s}.open.mb"), "MB")] for s in systems],
    )  # fmt: skip
    compared = {"first ingest": (first, "s"), "one paper changed": (later, "changed"), "disk": (first, "disk_mb"),
                "search p50": (query, "search.p50"), "answer p50": (query, "answer.p50"), "memory, asking": (query, "peak_mb"),
                "cold, open question": (cold, "open.s")}  # fmt: skip
    ratios = rows(
        ["as a multiple of ours", *compared],
        [[NAMES[s], *(ratio(at(part, f"{OURS}.{path}"), at(part, f"{s}.{path}")) for part, path in compared.values())]
         for s in systems if s != OURS],
    )  # fmt: skip
    return [index, asking, *([starting] if cold else []), *([ratios] if len(systems) > 1 else [])]


def _share(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.3f}"


def crowds(dataset: Mapping[str, Any]) -> str:
    """Return the table of many clients at once."""
    lines = []
    for way, name in (("process", "in threads of one process"), ("http", "over HTTP")):
        for count in dataset["load"][way]:
            here = dataset["load"][way][count]
            lines.append([f"{count} {name}", number(at(here, "per_s")), *(number(at(here, p), "ms") for p in ("p50", "p95", "p99")),
                          str(here["errors"]), number(at(here, "peak_mb"), "MB")])  # fmt: skip
    return rows(["at once", "answers a second", "p50", "p95", "p99", "errors", "memory"], lines)


# --- scale -----------------------------------------------------------------------------------------------------------
COSTS = {
    "first ingest": ("ingest.s", "s"),
    "ingest, nothing changed": ("later.unchanged_s", "s"),
    "ingest, one paper changed": ("later.changed_s", "s"),
    "memory, indexing": ("ingest.peak_mb", "MB"),
    "memory, answering": ("query.peak_mb", "MB"),
    "disk": ("ingest.disk_mb", "MB"),
    "opening": ("query.open_s", "s"),
    "cold, a question about a set": ("cold.set.s", "s"),
    "cold, an open question": ("cold.open.s", "s"),
    "search p50": ("query.search.p50", "ms"),
    "search p95": ("query.search.p95", "ms"),
    "search p99": ("query.search.p99", "ms"),
    "answer p50": ("query.answer.p50", "ms"),
    "answer p95": ("query.answer.p95", "ms"),
    "answer p99": ("query.answer.p99", "ms"),
}


def growth(power: float) -> str:
    """Say how a cost grows that goes with the papers to some power.

    >>> [growth(b) for b in (0.05, 0.4, 1.0, 1.4)]
    ['hardly', 'more slowly than the papers', 'in step with the papers', 'faster than the papers']
    """
    if power < 0.15:
        return "hardly"
    if power < 0.8:
        return "more slowly than the papers"
    return "in step with the papers" if power <= 1.2 else "faster than the papers"


def far(papers: Sequence[float], costs: Sequence[float]) -> float | None:
    """Return the cost at FAR papers, never below the largest size's; None where FAR is more than REACH times that size.

    >>> far([50_000, 200_000], [10.0, 40.0]), far([50_000, 200_000], [10.0, 8.0]), far([5_000, 50_000], [1.0, 10.0])
    (100.0, 8.0, None)
    """
    return None if REACH * papers[-1] < FAR else max(costs[-1], beyond(papers, costs, FAR))


def slopes(sizes: Sequence[Mapping[str, Any]]) -> str:
    """Return the table of every cost at every size, its slope, and what it comes to at FAR papers. At least two sizes."""
    papers = [size["ingest"]["papers"] for size in sizes]
    lines = []
    for name, (path, unit) in COSTS.items():
        costs = [at(size, path) for size in sizes]
        power = exponent(papers, costs)
        row = [name, *(number(cost, unit) for cost in costs), f"{power + 0.0:.2f}", growth(power)]
        lines.append([*row, number(far(papers, costs), unit)])
    header = ["cost", *(f"{count:,} papers" for count in papers), "power", "it grows", f"{FAR:,} papers, extrapolated"]
    return rows(header, lines)


def grouped(sizes: Sequence[Mapping[str, Any]]) -> str:
    """Return the costs by how they grow, as one line each."""
    papers = [size["ingest"]["papers"] for size in sizes]
    powers = {
        name: round(exponent(papers, [at(size, path) for size in sizes]), 2) + 0.0 for name, (path, _) in COSTS.items()
    }
    groups: dict[str, list[str]] = {}
    for name in sorted(powers, key=powers.__getitem__):
        groups.setdefault(growth(powers[name]), []).append(f"{name} ({powers[name]:.2f})")
    return "\n".join(f"- {word[0].upper()}{word[1:]}: {'; '.join(names)}." for word, names in groups.items())


def advice(cost: Mapping[str, float]) -> str:
    """Say what a user does at a size, by what it costs there (seconds, MB, ms)."""
    said = []
    if cost["first ingest"] > 2 * 3_600:
        said.append("let the first ingest run overnight")
    elif cost["first ingest"] > 180:
        said.append("let the first ingest run while you do something else")
    if cost["ingest, one paper changed"] > 60:
        said.append("ingest once a day, not after every digest")
    most = max(cost["memory, indexing"], cost["memory, answering"])
    if most > 3_000:
        said.append(f"take a machine with {_whole(most * 1.5 / 1_024)} GB of memory or more")
    if cost["disk"] > 5_000:  # the generation before stays, and the next is built beside it
        said.append(f"keep {_whole(cost['disk'] * 3 / 1_000)} GB of disk free for three generations of the index")
    if cost["answer p95"] > 1_000:
        said.append("expect some answers to take seconds")
    elif cost["answer p95"] > 100:
        said.append("expect to notice the wait for one answer in twenty")
    return "; ".join(said) or "nothing"


def _whole(value: float) -> int:
    return 2 ** math.ceil(math.log2(value)) if value > 1 else 1


def decades(figures: Mapping[str, Any]) -> str:
    """Return what a user does at each measured size, and at FAR papers."""
    sizes = at(figures, "scale.sizes")
    papers = [size["ingest"]["papers"] for size in sizes]
    lines = []
    for size in sizes:
        lines.append(
            [f"{size['ingest']['papers']:,}", advice({name: at(size, path) for name, (path, _) in COSTS.items()})]
        )
    beyond_it = {name: far(papers, [at(size, path) for size in sizes]) for name, (path, _) in COSTS.items()}
    known = {name: cost for name, cost in beyond_it.items() if cost is not None}
    if known:
        lines.append([f"{FAR:,} (extrapolated)", advice(known)])
    return rows(["papers", "what to do"], lines)


def nearest(sizes: Sequence[Mapping[str, Any]]) -> str:
    """Return the table of the approximate search against the exact one, and of how far the texts repeat."""
    return rows(
        ["papers", "recall@10 of the approximate search", "worst query", "vectors", "distinct texts", "distinct bullets",
         "papers a second", "answers a second, 64 threads"],
        [[f"{size['ingest']['papers']:,}", f"{near['mean']:.4f}", f"{near['least']:.2f}", f"{near['vectors']:,}",
          f"{near['distinct_texts'] / near['texts']:.0%}", f"{near['distinct_bullets'] / near['bullets']:.0%}",
          number(size["ingest"]["papers"] / size["ingest"]["s"]), number(size["threads"]["per_s"])]
         for size in sizes for near in [size["nearest"]]],
    )  # fmt: skip


# --- plots -----------------------------------------------------------------------------------------------------------
def _pyplot() -> Any:
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    matplotlib.rcParams["svg.hashsalt"] = "nonmun"  # the same figures give the same file
    return pyplot


def _saved(figure: Any, path: Path) -> None:
    for axes in figure.axes:
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, metadata={"Date": None})
    _pyplot().close(figure)


def plot_peers(dataset: Mapping[str, Any], path: Path) -> None:
    """Draw the first ingest, the search and the cold start of every system, as SVG."""
    systems = list(dataset["first"])
    shown = {
        "first ingest, s": ("first", "s"),
        "search p50, ms": ("query", "search.p50"),
        "cold, open question, s": ("cold", "open.s"),
    }
    figure, every = _pyplot().subplots(1, len(shown), figsize=(9, 2.6), layout="constrained", sharey=True)
    for axes, (title, (part, of)) in zip(every, shown.items(), strict=True):
        found = [at(dataset[part], f"{system}.{of}") or 0.0 for system in systems]
        colours = ["#1f6f54" if system == OURS else "#b9b4a7" for system in systems]
        bars = axes.barh(
            [NAMES[system].replace(" + all-MiniLM-L6-v2", "\n+ all-MiniLM-L6-v2") for system in systems],
            found,
            color=colours,
        )
        axes.bar_label(bars, [number(value) for value in found], padding=2, fontsize="small")
        axes.set_title(title, fontsize="medium")
        axes.set_xlim(0, 1.3 * max(found))
        axes.set_xticks([])
        axes.tick_params(labelsize="small")
    every[0].invert_yaxis()
    _saved(figure, path)


def plot_scale(sizes: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Draw the main costs against the papers, both on logarithmic axes, with the extrapolation hollow, as SVG."""
    papers = [size["ingest"]["papers"] for size in sizes]
    groups = {"s": ("first ingest", "ingest, one paper changed", "cold, an open question"),
              "MB": ("memory, indexing", "memory, answering", "disk"),
              "ms": ("search p50", "search p95", "answer p50", "answer p95")}  # fmt: skip
    figure, every = _pyplot().subplots(1, len(groups), figsize=(9, 3.4), layout="constrained")
    for axes, (unit, names) in zip(every, groups.items(), strict=True):
        for name in names:
            costs = [at(size, COSTS[name][0]) for size in sizes]
            (line,) = axes.plot(papers, costs, marker="o", label=name)
            further = far(papers, costs)
            if further is not None:
                axes.plot([papers[-1], FAR], [costs[-1], further], ls=":", color=line.get_color())
                axes.plot([FAR], [further], marker="o", mfc="white", color=line.get_color())
        axes.set(xscale="log", yscale="log", xlabel="papers", ylabel=unit)
        axes.legend(fontsize="x-small", frameon=False)
        axes.tick_params(labelsize="small")
    _saved(figure, path)


# --- the page --------------------------------------------------------------------------------------------------------
TITLES = {"samples": "The sample digests", "series": "The real digests"}


def page(figures: Mapping[str, Any]) -> str:
    """Render the whole page from the figures; what was not measured is said to be missing."""
    speed, scale = figures.get("speed"), figures.get("scale")
    parts = ["# Speed and scale", "`make bench` and `make bench-scale` write this page from `performance.json`."]
    if speed:
        parts.append(f"Next to other systems: {where(speed)}")
    if scale:
        before = [number(at(size, "ingest.papers")) for size in scale["sizes"] if size.get("indexed_before")]
        older = f" The index of {', '.join(before)} papers was made by earlier code." if before else ""
        parts.append(f"With more papers: {where(scale)}{older}")
    judged = [target.judged(figures) for target in TARGETS]
    counts = {
        verdict: sum(row[3] == verdict for row in judged) for verdict in ("holds", "**falls short**", "not measured")
    }
    parts += ["## Targets", f"{counts['holds']} hold, {counts['**falls short**']} fall short, {counts['not measured']} are not measured.",
              rows(["figure", "target", "measured", "result"], judged), *_missed(judged)]  # fmt: skip
    if speed:
        parts += _beside(speed)
    else:
        parts += ["## Next to other systems", "Not measured yet: `make bench`."]
    parts += _grown(figures) if scale else ["## With more papers", "Not measured yet: `make bench-scale`."]
    return "\n\n".join(parts) + "\n"


def _missed(judged: Sequence[tuple[str, str, str, str]]) -> list[str]:
    """Return what bounds each figure that falls short."""
    lines = [
        f"- {target.what}: {target.because or 'what bounds it is not known yet.'}"
        for target, row in zip(TARGETS, judged, strict=True)
        if row[3] == "**falls short**"
    ]
    return ["\n".join(["What bounds the figures that fall short:", "", *lines])] if lines else []


def _beside(speed: Mapping[str, Any]) -> list[str]:
    sets = speed["datasets"]
    used = ", ".join(f"{name} {version}" for name, version in sorted(speed["versions"].items()))
    systems = {system for dataset in sets.values() for system in dataset["first"]}
    about = ""
    if systems != {OURS}:
        about = (
            " The other systems store each paper as one text. They answer by quoting the bullets of the five nearest papers: they answer no "
            "question about a set, and they count nothing."
        )
    if STARTER in systems and "series" in sets:
        about += " The first ingest of the real digests with a neural network is measured once."
        if "txtai" in systems:
            about += " txtai reuses the vectors of that ingest, so its own first ingest does not include embedding."
    parts = [
        "## Next to other systems",
        f"Each figure is the median of {speed['runs']} runs, with the least and the greatest in brackets. The systems take turns, and each run is a "
        "process of its own. Percentiles are over the questions of one run. Each question is asked once, so that no answer comes from a cache. "
        f"Indexing is timed as a whole process, including its start.{about}" + (f" Versions: {used}." if systems != {OURS} else ""),
    ]  # fmt: skip
    for name, dataset in sets.items():
        asked = dataset["questions"]
        parts += [f"### {TITLES[name]}: {dataset['papers']:,} papers",
                  f"{dataset['digests']} digests, {asked['search']} queries to search, {asked['answer']} questions to answer.",
                  *peers(dataset)]  # fmt: skip
        if "load" not in dataset:
            continue
        shown = {"served": "served_s", "can be typed into": "ready_s", "has painted a first answer": "answer_s"}
        told = ", ".join(
            f"{words} after {spread(dataset['page'], key, 's')}"
            for words, key in shown.items()
            if key in dataset["page"]
        )
        parts.append(
            f"The page, started cold, in a browser that is already open: {told}; {number(at(dataset['page'], 'peak_mb'), 'MB')}."
        )
        parts += [
            f"Many clients at once ({asked['load']} questions, each asked once; the clients run on the same cores):",
            crowds(dataset),
        ]
    if "series" in sets:
        parts.append("![The systems over the real digests](performance-peers.svg)")
    return parts


def _grown(figures: Mapping[str, Any]) -> list[str]:
    sizes = at(figures, "scale.sizes")
    real, *more = [size["ingest"]["papers"] for size in sizes]
    parts = ["## With more papers"]
    if more:
        parts.append(
            f"{real:,} papers are real. The others are composed of their titles, bullets and names (`benchmarks/synthetic.py`), so they "
            "are in one language and one style, and share more words than new papers would. The table shows how many texts repeat: whole papers do not, single bullets do, so "
            "whatever is cached per bullet is faster than with new papers. Each size is measured once."
        )  # fmt: skip
    parts.append(nearest(sizes))
    if more:
        parts += ["![Costs against papers](performance-scale.svg)",
                  "The power is b in cost = a · papers^b, fitted to the measured sizes. The extrapolation is the straight line through the two "
                  f"largest sizes. It never goes below the cost of the largest size, nor beyond {REACH} times that size.",
                  grouped(sizes), slopes(sizes), "### What to do at each size", decades(figures)]  # fmt: skip
    return parts


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the page and its plots beside the JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.performance", description=__doc__.split("\n\n")[0])
    parser.add_argument("--json", type=Path, default=ROOT / "docs/performance.json")
    options = parser.parse_args(arguments)
    figures = read_json(options.json)
    if not figures:
        raise SystemExit(f"There are no figures in {options.json}. Measure some: make bench")
    options.json.with_suffix(".md").write_text(page(figures), encoding="utf-8")
    series, sizes = at(figures, _SERIES), at(figures, "scale.sizes") or []
    if series:
        plot_peers(series, options.json.with_name("performance-peers.svg"))
    if len(sizes) > 1:
        plot_scale(sizes, options.json.with_name("performance-scale.svg"))


if __name__ == "__main__":
    main()
