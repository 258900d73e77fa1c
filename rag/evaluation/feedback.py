"""Thumbs-down lines become golden cases, one question to the reviewer at a time. Knows no terminal: it asks a function."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from rag.errors import EvaluationError
from rag.evaluation.golden import parse_case, read_golden, rows

_KINDS = {
    "list": "list_name",
    "similar": "list_topic",
    "digest": "date",
    "help": "hostile",
    "out_of_scope": "unanswerable",
}


def _draft(line: Mapping[str, Any], name: str) -> dict[str, Any]:
    plan = line.get("plan") or {}
    kind = str(plan.get("kind", "list"))
    return {
        "id": name, "kind": _KINDS.get(kind, kind), "language": line.get("language") or ("ko" if not line["question"].isascii() else "en"),
        "question": line["question"], "history": list(line.get("history") or ()),
        **({"as_of": line["as_of"]} if line.get("as_of") else {}),
        "relevant": {"must": list(line.get("papers") or line.get("retrieved") or ())},
        "facts": [], "count": None, "answerable": True, "reason": None, "known": f"reported: {line.get('reason') or 'no reason given'}",
    }  # fmt: skip


def review(feedback: Path, golden: Path, ask: Callable[[str], str]) -> int:
    """Ask about each line of a feedback file and append the accepted ones to a golden file; return how many were added.

    For each line, `ask` gets the line's question and returns: `a` (it can be answered), `r` (it should be refused), `q` (stop),
    anything else leaves the line for later. Then the ids that must be found (empty: those that were shown), or the reason of
    the refusal. A question that stands in the golden file already is passed over. Raises EvaluationError when a file is broken.
    """
    known = {case.id for case in read_golden(golden)} if golden.exists() and golden.read_bytes().strip() else set()
    added = 0
    for number, line in rows(feedback):
        if not isinstance(line.get("question"), str) or not line["question"].strip():
            raise EvaluationError(f"Line {number} of {feedback} has no “question”.")
        told = json.dumps([line["question"], line.get("history") or []], ensure_ascii=False)
        name = "feedback-" + hashlib.sha256(told.encode()).hexdigest()[:8]
        if name in known:
            continue
        draft = _draft(line, name)
        shown = " ".join(draft["relevant"]["must"]) or "none"
        choice = ask(
            f"{line['question']}\n  why: {line.get('reason') or '-'}\n  papers shown: {shown}\n[a]nswerable, [r]efuse, [s]kip, [q]uit? "
        )
        if choice == "q":
            break
        if choice == "a":
            if given := ask("arXiv ids that must be found, apart by spaces (empty: those shown): ").split():
                draft["relevant"]["must"] = given
        elif choice == "r":
            draft |= {
                "answerable": False,
                "kind": "unanswerable",
                "relevant": {},
                "reason": ask("reason code (empty: any): ") or None,
            }
        else:
            continue
        try:
            parse_case(draft)
        except ValueError as error:
            raise EvaluationError(f"Line {number} of {feedback} makes no case: {error}.") from error
        with golden.open("a", encoding="utf-8") as out:
            out.write(json.dumps(draft, ensure_ascii=False) + "\n")
        known.add(name)
        added += 1
    return added
