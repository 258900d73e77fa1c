"""The files an evaluation reads: golden questions (docs/golden.md), BEIR queries and qrels. Knows nothing of answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import ir_measures
import jsonschema

from rag.errors import EvaluationError

SCHEMA = Path(__file__).with_name("golden.schema.json")


@dataclass(frozen=True, slots=True)
class Case:
    """One golden question. `open` means that any other paper may stand in the answer beside `must`."""

    id: str
    twin: str
    kind: str
    language: str
    question: str
    history: tuple[str, ...]
    as_of: date | None
    must: frozenset[str]
    may: frozenset[str]
    must_not: frozenset[str]
    open: bool
    facts: tuple[tuple[str, ...], ...]
    count: int | None
    answerable: bool
    reason: str | None
    known: str | None


@cache
def _validator() -> Any:
    return jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        return enumerate(path.read_text(encoding="utf-8-sig").split("\n"), start=1)
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "not UTF-8 text"
        raise EvaluationError(f"{path} cannot be read: {why}.") from error


def rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (line number, JSON object) of a JSON Lines file. Raises EvaluationError with the line of a mistake."""
    for number, line in _lines(path):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise EvaluationError(f"Line {number} of {path} is not JSON.") from error
        if not isinstance(row, dict):
            raise EvaluationError(f"Line {number} of {path} is not a JSON object.")
        yield number, row


def parse_case(row: dict[str, Any]) -> Case:
    """Return the case of one golden line. Raises ValueError with a sentence when it breaks the schema."""
    wrong = jsonschema.exceptions.best_match(_validator().iter_errors(row))
    if wrong is not None:
        place = ".".join(str(part) for part in wrong.absolute_path)
        raise ValueError(f"“{place}”: {wrong.message}" if place else wrong.message)
    relevant = row["relevant"]
    must, may, must_not = (frozenset(relevant.get(name, ())) for name in ("must", "may", "must_not"))
    if (must & may) or (must_not & (must | may)):
        raise ValueError("one paper stands in two of must, may and must_not")
    if not row["answerable"] and (must or row.get("facts") or row.get("count")):
        raise ValueError("a question that cannot be answered has no papers, facts or count")
    if row["answerable"] and row.get("reason"):
        raise ValueError("a question that can be answered has no reason to be refused")
    return Case(
        row["id"], row.get("twin", row["id"]), row["kind"], row["language"], row["question"],
        tuple(row.get("history", ())), date.fromisoformat(row["as_of"]) if row.get("as_of") else None,
        must, may - {"*"}, must_not, "*" in may, tuple(tuple(forms) for forms in row.get("facts", ())),
        row.get("count"), row["answerable"], row.get("reason"), row.get("known"),
    )  # fmt: skip


def read_golden(path: Path) -> list[Case]:
    """Read a golden file whole. Raises EvaluationError with file, line and reason at its first mistake, or when it is empty."""
    cases: dict[str, Case] = {}
    for number, row in rows(path):
        try:
            case = parse_case(row)
            if case.id in cases:
                raise ValueError(f"the id “{case.id}” stands on an earlier line too")
        except ValueError as error:
            raise EvaluationError(f"Line {number} of {path}: {error}.") from error
        cases[case.id] = case
    if not cases:
        raise EvaluationError(f"{path} holds no golden questions.")
    return list(cases.values())


def read_queries(path: Path) -> Iterator[tuple[str, str]]:
    """Yield (id, text) of BEIR queries. Raises EvaluationError with the line of a mistake."""
    for number, row in rows(path):
        if not isinstance(row.get("_id"), str) or not isinstance(row.get("text"), str):
            raise EvaluationError(f"Line {number} of {path} lacks “_id” or “text”.")
        yield row["_id"], row["text"]


def read_qrels(path: Path) -> list[ir_measures.Qrel]:
    """Read BEIR qrels (tab-separated: query-id, corpus-id, score, with a header line)."""
    found = []
    for number, line in _lines(path):
        parts = line.rstrip("\r").split("\t")
        if not line.strip() or (number == 1 and parts[0] == "query-id"):
            continue
        try:
            query_id, doc_id, score = parts
            found.append(ir_measures.Qrel(query_id, doc_id, int(score)))
        except ValueError as error:
            raise EvaluationError(f"Line {number} of {path} is not “query-id<TAB>corpus-id<TAB>score”.") from error
    return found
