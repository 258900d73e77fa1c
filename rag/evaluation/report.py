"""Figures for a person: lines for the terminal, one HTML page that needs nothing but itself, Markdown."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from rag.evaluation.figures import MIN_CASES, Change, Scored, worst
from rag.evaluation.scores import MEASURES, ordered

Results = Mapping[str, Any]

_COLUMNS = ("exact", "f1", "count_exact", "facts", "citation_precision", "grounded", "answered", "refusal_recall",
            "reason_exact", "language")  # fmt: skip
_WORST = 40


def _kinds(found: Results) -> list[str]:
    return [group for group in found["figures"] if group.startswith("kind/")]


def _summary(found: Results) -> str:
    counts, timing = found["counts"], found["timing"]
    return (
        f"{counts['cases']} cases: {counts['perfect']} right in every respect, {counts['failing']} failing, "
        f"{counts['known']} known to fail, {counts['mended']} known that hold now, {counts['crashed']} crashed; "
        f"median {timing['p50_ms']:g} ms, 95 of 100 within {timing['p95_ms']:g} ms"
    )


def _value(row: Mapping[str, Any], name: str) -> str:
    if name not in row:
        return ""
    return f"{row[name]['value']:.3f}" if row[name]["n"] >= MIN_CASES else f"n={row[name]['n']}"


def _rows(found: Results) -> list[list[str]]:
    figures = found["figures"]
    groups = [
        "all",
        *(g for g in figures if g.startswith("language/")),
        *(["gap"] if "gap" in figures else []),
        *_kinds(found),
    ]
    return [
        [group.partition("/")[2] or group, str(max(f["n"] for f in figures[group].values()))]
        + [_value(figures[group], name) for name in _COLUMNS]
        for group in groups
    ]


def table(found: Results) -> str:
    """Return the figures as aligned lines: all, each language, the gap, each kind; groups below 20 cases show their n."""
    figures = found["figures"]
    head = ["", "n", *(name.replace("citation_", "cite_").replace("refusal_", "refuse_") for name in _COLUMNS)]
    body = _rows(found)
    widths = [max(len(row[column]) for row in (head, *body)) for column in range(len(head))]
    lines = ["  ".join(cell.ljust(w) if n == 0 else cell.rjust(w) for n, (cell, w) in enumerate(zip(row, widths, strict=True)))
             for row in (head, *body)]  # fmt: skip
    ranking = {name: figures["all"][name] for name in MEASURES if name in figures["all"]}
    if ranking:
        lines += [
            "",
            "ranking  "
            + "  ".join(f"{n} {f['value']:.3f}" for n, f in ranking.items())
            + f"  ({_most(ranking)} queries)",
        ]
    for name, judged in found["judges"].items():
        lines.append(f"judged   {name} {judged['value']:.3f} ({judged['n']} answers; never in the gate)")
    return "\n".join([*lines, "", _summary(found)])


def _most(row: Mapping[str, Any]) -> int:
    """Return how many cases the figures of a row are over."""
    return int(max(figure["n"] for figure in row.values()))


def ranking_table(figures: Mapping[str, Mapping[str, float]]) -> str:
    """Return the figures of each retrieval stage as aligned lines."""
    return "\n".join(f"{mode:17} " + "  ".join(f"{n} {v:.4f}" for n, v in row.items()) for mode, row in figures.items())


def changes_table(changes: Sequence[Change], flipped: Sequence[tuple[str, str, bool]]) -> str:
    """Return a comparison as lines: each figure before and after, * where p < .05; then the cases that flipped."""
    lines = [f"{'against the baseline':20} {'before':>7} {'after':>7} {'change':>7} {'n':>4} {'p':>7}"]
    lines += [
        f"{c.name:20} {c.before:7.3f} {c.after:7.3f} {c.after - c.before:+7.3f} {c.n:4} {c.p:7.4f}{' *' if c.p < 0.05 else ''}"
        for c in changes
    ]
    for right, word in ((True, "now right"), (False, "now wrong")):
        names = [f"  {name}: {question[:90]}" for name, question, now in flipped if now is right]
        lines += ["", f"{word}: {len(names)}", *names]
    return "\n".join(lines)


# --- HTML ------------------------------------------------------------------------------------------------------------
_STYLE = """
:root{--ink:#1c2430;--soft:#5d6b7d;--line:#dfe5ec;--card:#fff;--page:#f5f7fa;--ko:#2364c8;--en:#c86a12;--good:#157f4d;--bad:#b3261e;--tint:21,127,77}
@media(prefers-color-scheme:dark){:root{--ink:#e8edf4;--soft:#9aa8ba;--line:#2c3644;--card:#18202b;--page:#10161e;--ko:#7fb0ff;--en:#ffb066;--good:#5fce98;--bad:#ff8f86;--tint:70,190,130}}
*{box-sizing:border-box}body{margin:0;background:var(--page);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Apple SD Gothic Neo","Noto Sans CJK KR","Malgun Gothic",sans-serif}
main{max-width:1080px;margin:0 auto;padding:28px 20px 60px}h1{font-size:26px;margin:0 0 4px}h2{font-size:18px;margin:0 0 4px}p{margin:0 0 12px}
.soft{color:var(--soft)}section{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:18px 20px;margin-top:18px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(128px,1fr));gap:10px;margin-top:16px}.tile{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:12px 14px}
.tile b{display:block;font-size:23px;line-height:1.2;font-variant-numeric:tabular-nums}.tile span{color:var(--soft);font-size:13px}
.wide{overflow-x:auto;margin:0 -20px;padding:0 20px}table{border-collapse:collapse;width:100%;font-size:13.5px;font-variant-numeric:tabular-nums}
th,td{padding:6px 8px;text-align:right;white-space:nowrap;border-bottom:1px solid var(--line)}th{font-weight:600;color:var(--soft);vertical-align:bottom}th:first-child,td:first-child{text-align:left;position:sticky;left:0;background:var(--card)}
.few{color:var(--soft)}.bar{display:grid;grid-template-columns:138px 1fr 52px;gap:10px;align-items:center;font-size:13.5px;margin:3px 0}.bar svg{width:100%;height:22px;display:block}.bar .v{text-align:right;font-variant-numeric:tabular-nums}
.ko{color:var(--ko)}.en{color:var(--en)}.key i{display:inline-block;width:10px;height:10px;border-radius:50%;margin:0 5px 0 12px;background:currentColor}
.two{display:grid;grid-template-columns:1fr 1fr;gap:18px}.two section{min-width:0}@media(max-width:760px){.two{grid-template-columns:1fr;gap:0}main{padding:18px 12px 40px}section{padding:14px}.wide{margin:0 -14px;padding:0 14px}.bar{grid-template-columns:104px 1fr 46px;gap:8px;font-size:13px}}
details{border-top:1px solid var(--line);padding:9px 0}summary{cursor:pointer;overflow-wrap:anywhere}summary small{color:var(--soft)}pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--page);border:1px solid var(--line);border-radius:8px;padding:10px 12px;font:13px/1.5 ui-monospace,Menlo,Consolas,"Noto Sans Mono CJK KR",monospace;max-height:340px;overflow:auto;margin:6px 0}
.tag{display:inline-block;border:1px solid var(--line);border-radius:99px;padding:0 8px;font-size:12px;margin:2px 4px 2px 0}.tag.bad{color:var(--bad)}.up{color:var(--good)}.down{color:var(--bad)}a{color:var(--ko)}text{fill:var(--ink)}
"""


def _cell(row: Mapping[str, Any], name: str) -> str:
    if name not in row:
        return "<td></td>"
    figure = row[name]
    if figure["n"] < MIN_CASES:
        return f'<td class="few" title="{figure["n"]} cases are too few for a figure">n={figure["n"]}</td>'
    shade = max(0.0, (figure["value"] - 0.5) * 0.5)
    return (
        f'<td style="background:rgba(var(--tint),{shade:.2f})" title="{figure["low"]:.3f} to {figure["high"]:.3f}, n={figure["n"]}">'
        f"{figure['value']:.3f}</td>"
    )


def _heat(found: Results) -> str:
    figures = found["figures"]
    head = "".join(f"<th>{name.replace('_', '<br>')}</th>" for name in ("", "n", *_COLUMNS))
    body = "".join(
        f"<tr><td>{escape(g.partition('/')[2] or g)}</td><td class=few>{_most(figures[g])}</td>"
        + "".join(_cell(figures[g], name) for name in _COLUMNS) + "</tr>"
        for g in ("all", *(g for g in figures if g.startswith("language/")), *_kinds(found)) if figures[g]
    )  # fmt: skip
    return f"<div class=wide><table><tr>{head}</tr>{body}</table></div>"


def _dumbbells(found: Results) -> str:
    rows, figures = [], found["figures"]
    sides = {name: figures.get(f"language/{name}", {}) for name in ("ko", "en")}
    shown = [f for row in sides.values() for f in row.values() if f["n"] >= MIN_CASES]
    start = math.floor(min([0.9, *(f["low"] for f in shown)]) * 10) / 10

    def x(value: float) -> str:
        return f"{(value - start) / (1 - start):.2%}"

    ticks = [start + (1 - start) * n / 4 for n in range(5)]
    grid = "".join(f'<line x1="{x(v)}" x2="{x(v)}" y1="0" y2="22" stroke="var(--line)"/>' for v in ticks)
    for name in ordered(figures["all"]):
        marks, ends = "", []
        for (language, row), y in zip(sides.items(), (7, 15), strict=True):
            if name in row and row[name]["n"] >= MIN_CASES:
                figure = row[name]
                ends.append(figure["value"])
                marks += (
                    f'<g class="{language}" stroke="currentColor" fill="currentColor"><line x1="{x(figure["low"])}" '
                    f'x2="{x(figure["high"])}" y1="{y}" y2="{y}" stroke-width="3" opacity=".3"/>'
                    f'<circle cx="{x(figure["value"])}" cy="{y}" r="4" stroke="none"/></g>'
                )
        if len(ends) == 2:
            rows.append(
                f'<div class=bar><span>{name.replace("_", " ")}</span><svg role="img" overflow="visible"><title>Korean {ends[0]:.3f}, '
                f"English {ends[1]:.3f}</title>{grid}{marks}</svg><span class=v>{ends[0] - ends[1]:+.3f}</span></div>"
            )
    scale = "".join(f'<text x="{x(v)}" y="14" font-size="11" text-anchor="middle">{v:.2f}</text>' for v in ticks)
    key = (
        '<p class="soft key">Dot: mean. Bar: 95 % interval. Right: Korean minus English.'
        "<br><span class=ko><i></i>Korean</span><span class=en><i></i>English</span></p>"
    )
    return f'{key}{"".join(rows)}<div class=bar><span></span><svg overflow="visible">{scale}</svg><span></span></div>'


def _scatter(found: Results) -> str:
    """Plot precision against recall, one numbered point a kind of at least MIN_CASES cases; kinds at one place share it."""
    places: dict[tuple[float, float], list[str]] = {}
    for group in _kinds(found):
        row = found["figures"][group]
        if "precision" in row and row["precision"]["n"] >= MIN_CASES:
            place = (round(row["recall"]["value"], 2), round(row["precision"]["value"], 2))
            places.setdefault(place, []).append(group.partition("/")[2])
    low = math.floor(min([0.8, *(min(place) for place in places)]) * 10) / 10

    def at(value: float, start: float, length: float) -> float:
        return start + (value - low) / (1 - low) * length

    drawn, legend = [], []
    for step in range(5):
        value = low + (1 - low) * step / 4
        x, y = at(value, 44, 290), at(value, 270, -245)
        drawn.append(
            f'<line x1="{x}" x2="{x}" y1="25" y2="270" stroke="var(--line)"/><line x1="44" x2="334" y1="{y}" y2="{y}" '
            f'stroke="var(--line)"/><text x="{x}" y="288" font-size="12" text-anchor="middle">{value:.2f}</text>'
            f'<text x="36" y="{y + 4}" font-size="12" text-anchor="end">{value:.2f}</text>'
        )
    for number, ((recall, precision), kinds) in enumerate(sorted(places.items()), start=1):
        x, y = at(recall, 44, 290), at(precision, 270, -245)
        drawn.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="9" fill="var(--ko)" stroke="var(--card)"/><text x="{x:.1f}" y="{y + 4:.1f}" '
            f'font-size="11" font-weight="600" text-anchor="middle" style="fill:var(--card)">{number}</text>'
        )
        legend.append(f"<tr><td>{number} {', '.join(kinds)}</td><td>{precision:.2f}</td><td>{recall:.2f}</td></tr>")
    axes = '<text x="190" y="308" font-size="12" text-anchor="middle">recall</text><text x="6" y="13" font-size="12">precision</text>'
    return (
        f'<svg viewBox="0 0 350 314" width="100%" style="max-width:480px;display:block" role="img">{"".join(drawn)}{axes}</svg>'
        f"<table><tr><th>kind</th><th>precision</th><th>recall</th></tr>{''.join(legend)}</table>"
    )


def _latencies(found: Results) -> str:
    times, kinds = found["timing"]["cases_ms"], {case["id"]: case["kind"] for case in found["cases"]}
    rows, top = [], max([10.0, *times.values()])

    def x(value: float) -> float:
        return 100 * math.log10(max(value, 0.1) / 0.1) / math.log10(top / 0.1)

    for kind in dict.fromkeys(kinds.values()):
        own = sorted(value for case, value in times.items() if kinds[case] == kind)
        if own:
            dots = "".join(f'<circle cx="{x(v):.1f}%" cy="11" r="3" fill="var(--ko)" fill-opacity=".3"/>' for v in own)
            middle = own[len(own) // 2]
            dots += f'<line x1="{x(middle):.1f}%" x2="{x(middle):.1f}%" y1="2" y2="20" stroke="var(--en)" stroke-width="2"/>'
            rows.append(
                f'<div class=bar><span>{kind}</span><svg role="img" aria-label="median {middle:.1f} ms" overflow="visible">{dots}</svg><span class=v>{middle:.1f}</span></div>'
            )
    return (
        f"<p class=soft>Each dot a question, from .1 to {top:.0f} ms on a logarithmic scale; the line and the number are the median.</p>"
        + "".join(rows)
    )


def _case(case: Scored) -> str:
    reply, expected = case.get("reply") or {}, case.get("expected") or {}
    low = "".join(
        f'<span class="tag bad">{escape(name)} {value:.2f}</span>'
        for name, value in case["scores"].items()
        if value < 1
    )
    plan = {name: value for name, value in (case.get("plan") or {}).items() if value not in (None, [], ())}
    parts = [f"<p>{low}</p>"]
    if case.get("known"):
        parts.append(f"<p class=soft>known: {escape(case['known'])}</p>")
    for name, text in (
        ("before", "\n".join(case.get("history") or ())), ("plan", json.dumps(plan, ensure_ascii=False) if plan else ""),
        ("expected", json.dumps({k: v for k, v in expected.items() if v not in (None, [])}, ensure_ascii=False)),
        ("answer", reply.get("text", "")[:4000]), ("failure", case.get("failure", "")),
        ("evidence", "\n".join(f"{e['arxiv_id']}: {' / '.join(e['quotes'])}" for e in case.get("evidence") or ())[:4000]),
    ):  # fmt: skip
        if text:
            parts.append(f"<small class=soft>{name}</small><pre>{escape(text)}</pre>")
    status = f"{reply.get('status', 'crashed')} {reply.get('reason') or ''}".strip()
    return (
        f"<details><summary>{escape(case['question'][:160])} <small>{escape(case['id'])} · {escape(case['kind'])} · {escape(status)}</small>"
        f"</summary>{''.join(parts)}</details>"
    )


def _comparison(changes: Sequence[Change], flipped: Sequence[tuple[str, str, bool]]) -> str:
    rows = "".join(
        f"<tr><td>{c.name}</td><td>{c.before:.3f}</td><td>{c.after:.3f}</td><td class={'up' if c.after >= c.before else 'down'}>"
        f"{c.after - c.before:+.3f}</td><td>{c.n}</td><td>{c.p:.4f}{' *' if c.p < 0.05 else ''}</td></tr>"
        for c in changes
    )
    lists = "".join(
        f"<details><summary>{word}: {len(names)}</summary><pre>{escape(chr(10).join(names))}</pre></details>"
        for word, names in (
            (word, [f"{name}: {question[:120]}" for name, question, now in flipped if now is right])
            for right, word in ((True, "now right"), (False, "now wrong"))
        )
    )
    head = "<tr><th></th><th>before</th><th>after</th><th>change</th><th>n</th><th>p</th></tr>"
    return f"<section><h2>Against the baseline</h2><div class=wide><table>{head}{rows}</table></div>{lists}</section>"


def render_html(found: Results, changes: Sequence[Change] = (), flipped: Sequence[tuple[str, str, bool]] = ()) -> str:
    """Return one HTML page that loads nothing from anywhere."""
    counts, timing = found["counts"], found["timing"]
    tiles = "".join(
        f"<div class=tile><b>{value}</b><span>{name}</span></div>"
        for value, name in (
            (counts["cases"], "questions"), (counts["perfect"], "right in every respect"), (counts["failing"], "failing"),
            (counts["known"], "known to fail"), (counts["crashed"], "crashed"), (f"{timing['p50_ms']:g} ms", "median"),
            (f"{timing['p95_ms']:g} ms", "95 of 100 within"),
        )
    )  # fmt: skip
    judged = "".join(
        f"<span class=tag>judged {n} {j['value']:.3f} (n={j['n']})</span>" for n, j in found["judges"].items()
    )
    shown = worst(found["cases"], _WORST)
    cases = "".join(map(_case, shown)) or "<p>None.</p>"
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>Nonmun: {escape(found['golden'])}</title><style>{_STYLE}</style><main>"
        f"<h1>Nonmun, measured</h1><p class=soft>Golden questions of {escape(found['golden'])}. Every score lies between 0 and 1, higher is better.</p>{judged}"
        f"<div class=tiles>{tiles}</div>"
        f"<section><h2>By kind of question</h2><p class=soft>Groups below {MIN_CASES} cases show their number only. Point at a figure for its 95 % interval.</p>{_heat(found)}</section>"
        f"<section><h2>Korean and English</h2>{_dumbbells(found)}</section>"
        f"<div class=two><section><h2>Precision against recall</h2>{_scatter(found)}</section><section><h2>Latency</h2>{_latencies(found)}</section></div>"
        + (_comparison(changes, flipped) if changes else "")
        + f"<section><h2>The worst cases</h2><p class=soft>{len(shown)} of {counts['cases'] - counts['perfect']} that are not right in every respect.</p>{cases}</section></main></html>"
    )


def render_markdown(
    found: Results, changes: Sequence[Change] = (), flipped: Sequence[tuple[str, str, bool]] = ()
) -> str:
    """Return the figures, the comparison and the worst cases as Markdown."""
    head = ["", "n", *_COLUMNS]
    body = _rows(found)
    lines = [f"# Nonmun: {found['golden']}", "", _summary(found) + ".", ""]
    lines += ["| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *body)]
    if changes:
        lines += ["", "## Against the baseline", "", "```", changes_table(changes, flipped), "```"]
    lines += ["", "## The worst cases", ""]
    for case in worst(found["cases"], _WORST):
        low = ", ".join(f"{name} {value:.2f}" for name, value in case["scores"].items() if value < 1)
        question = case["question"][:120].replace("\n", " ").replace("`", "'")
        lines.append(
            f"- `{question}` ({case['id']}): {low}" + (f"; known: {case['known']}" if case.get("known") else "")
        )
    return "\n".join(lines) + "\n"
