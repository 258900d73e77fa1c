"""What the digests say, read by code that shares nothing with the product; and whether golden cases agree with it.

Run as a program to check a golden file: python tests/golden/scan.py GOLDEN DIGESTS
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

_HEADING = re.compile(r"### \[(.+)\]\(https?://arxiv\.org/abs/(\d{4}\.\d{4,5})[^)]*\)")


@dataclass
class Seen:
    """One paper as the digests show it: the days it stands in, its highest votes, its authors, all its text."""

    arxiv_id: str
    title: str
    days: set[date] = field(default_factory=set)
    votes: int | None = None
    authors: set[str] = field(default_factory=set)
    text: str = ""


def scan(folder: Path) -> dict[str, Seen]:
    """Read all digests of a folder. The day stands in the heading, else in the path."""
    papers: dict[str, Seen] = {}
    for file in sorted(folder.rglob("*.md")):
        paper, text = None, unicodedata.normalize("NFC", file.read_text(encoding="utf-8"))
        found = re.search(r"\d{4}-\d{2}-\d{2}", text.split("###")[0]) or re.search(
            r"\d{4}-\d{2}-\d{2}", "-".join(file.with_suffix("").parts[-3:])
        )
        if found is None:
            continue
        for line in text.splitlines():
            if heading := _HEADING.match(line):
                paper = papers.setdefault(heading[2], Seen(heading[2], heading[1]))
                paper.days.add(date.fromisoformat(found[0]))
                paper.text += heading[1] + "\n"
            elif paper and re.match(r"Vote: *\d+\s*$", line):
                paper.votes = max(paper.votes or 0, int(line[5:]))
            elif paper and line.startswith("Authors:"):
                names = line[8:].strip().strip("[]").split(",")
                paper.authors |= {name.strip().strip("'\"") for name in names} - {"+", ""}
            elif paper and re.match(r"\s*[-*] ", line):
                paper.text += line + "\n"
    return papers


def _mentions(paper: Seen, term: str) -> bool:
    """Whether a term stands in the paper's text: a Latin one between non-letters, in any case; Hangul anywhere."""
    edge = r"[A-Za-z0-9]" if term.isascii() else r"(?!)"
    return re.search(rf"(?<!{edge}){re.escape(term)}(?!{edge})", paper.text, re.I) is not None


def select(papers: dict[str, Seen], rule: dict[str, Any]) -> list[Seen]:
    """Return the papers a rule selects, all that tie with the last one of a `limit` included.

    Keys, all of which must hold: `mentions` (a list: any of them; a list of lists: one of each), `without`, `authors`
    (all of them), `since` and `until` (days, both inclusive), `min_votes`; then `order` (votes, -votes, date, -date),
    where papers of unknown votes are left out of an order by votes, and `limit`.
    """
    terms = rule.get("mentions", [])
    groups = [terms] if terms and isinstance(terms[0], str) else terms
    since, until = (date.fromisoformat(rule.get(k, d)) for k, d in (("since", "0001-01-01"), ("until", "9999-12-31")))
    found = [
        paper
        for paper in papers.values()
        if all(any(_mentions(paper, term) for term in group) for group in groups)
        and not any(_mentions(paper, term) for term in rule.get("without", ()))
        and {name.casefold() for name in rule.get("authors", ())} <= {name.casefold() for name in paper.authors}
        and any(since <= day <= until for day in paper.days)
        and ("min_votes" not in rule or (paper.votes or 0) >= rule["min_votes"])
    ]
    if "order" in rule:
        sign = -1 if rule["order"].startswith("-") else 1
        by_votes = rule["order"].endswith("votes")
        found = [paper for paper in found if not by_votes or paper.votes is not None]

        def place(paper: Seen) -> int:
            return sign * (paper.votes or 0 if by_votes else min(paper.days).toordinal())

        found.sort(key=place)
        if "limit" in rule and len(found) > rule["limit"]:
            last = place(found[rule["limit"] - 1])
            found = [paper for paper in found if place(paper) <= last]
    return found


def _flat(text: str) -> str:
    return re.sub(r"(?<=\d),(?=\d{3})", "", " ".join(unicodedata.normalize("NFC", text).split())).casefold()


def stands(form: str, text: str) -> bool:
    """Whether a fact's form stands in a text; a number only as a whole number."""
    form, text = _flat(form), _flat(text)
    pattern = re.escape(form)
    pattern = (r"(?<![\d.])" if form[0].isdigit() else "") + pattern + (r"(?!\d|\.\d)" if form[-1].isdigit() else "")
    return re.search(pattern, text) is not None


def problems(case: dict[str, Any], papers: dict[str, Seen]) -> Iterator[str]:
    """Yield what is wrong with a case against the digests."""
    relevant = case.get("relevant", {})
    must, may, must_not = (set(relevant.get(name, ())) for name in ("must", "may", "must_not"))
    for arxiv_id in sorted((must | may | must_not) - papers.keys() - {"*"}):
        yield f"{arxiv_id} stands in no digest"
    if must & may or (must | may) & must_not:
        yield "an id stands in two of must, may and must_not"
    if not case.get("answerable", True) and (must or may or case.get("facts") or case.get("count")):
        yield "it cannot be answered and yet has papers, facts or a count"
    sources = [papers[i] for i in sorted(must & papers.keys())]
    told = "\n".join(
        f"{s.text}\n{s.arxiv_id}\n{s.votes}\n{' '.join(d.isoformat() for d in s.days)}\n{'; '.join(s.authors)}"
        for s in sources
    )
    if case.get("scan") is not None:
        months = Counter(min(p.days).strftime("%Y-%m") for p in select(papers, case["scan"]))
        told += "\n" + "\n".join(f"{month}: {n}" for month, n in months.items())
    for forms in case.get("facts", ()):
        if not any(stands(form, told) for form in forms):
            yield f"none of {forms} stands in the papers that must be found"
    rule = case.get("scan")
    if rule is None:
        if case.get("count") is not None and not len(must) <= case["count"] <= len(must | may):
            yield f"count is {case['count']}, but {len(must)} to {len(must | may)} papers are relevant"
        return
    found = {paper.arxiv_id for paper in select(papers, rule)}
    if not case.get("answerable", True):
        if found:
            yield f"the scan finds {sorted(found)[:5]}, so it can be answered"
        return
    if not must <= found:
        yield f"{sorted(must - found)[:5]} must be found, but the scan does not find them"
    if found - must - may - must_not and (must or may):
        yield f"the scan finds {sorted(found - must - may - must_not)[:5]}, of which the case says nothing"
    if case.get("count") is not None and not may and not must_not and case["count"] != len(found):
        yield f"count is {case['count']}, but the scan finds {len(found)}"


def rows(golden: Path) -> list[dict[str, Any]]:
    """Return the cases of a golden file, one for each line."""
    return [json.loads(line) for line in golden.read_text(encoding="utf-8").splitlines()]


def main(golden: Path, digests: Path) -> int:
    """Print each problem with its line; return 1 if there is any."""
    papers, wrong = scan(digests), 0
    for number, case in enumerate(rows(golden), start=1):
        for problem in problems(case, papers):
            wrong += 1
            print(f"{golden}:{number}: {case['id']}: {problem}")
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
