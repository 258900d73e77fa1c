"""Plans written by hand, sent as a model's replies through the real HTTP path: what a model as reader could reach, and what faults cost.

    python -m benchmarks.oracle_plans --store INDEX --shared ../shared [--replies given noise refused tenth] [--failures]

A server on loopback replies to each question with its plan in `tests/golden/plans.jsonl`: as given; with noise (wrong days, keys that
do not exist, names that nobody asked about, cut or fenced JSON, thoughts before it); refused; or with one of ten replies broken.
`score.py` of the shared folder judges the answers. Skips where the folder is absent.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.openai_server import completion, openai_server, refusal

PLANS = Path(__file__).resolve().parents[1] / "tests" / "golden" / "plans.jsonl"
_QUESTION = re.compile(r"<question>(.*)</question>")
Reply = tuple[int, dict[str, Any]]
Plans = dict[str, list[dict[str, Any]]]


def read_plans(path: Path = PLANS) -> Plans:
    """Return the plans by the id of their question."""
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return {row["id"]: row["plans"] for row in rows}


def written(plans: list[dict[str, Any]]) -> str:
    """Return plans as a model that follows the schema writes them."""
    return json.dumps({"plans": plans}, ensure_ascii=False)


def _wrong_days(plans: list[dict[str, Any]]) -> str:
    return written([{**plan, "date_from": "2019-01-01", "date_to": "2019-02-30"} for plan in plans])


def _extra_keys(plans: list[dict[str, Any]]) -> str:
    return written([{**plan, "confidence": 0.9} for plan in plans])


def _unknown_names(plans: list[dict[str, Any]]) -> str:
    return written([{**plan, "names": [*plan.get("names", []), "FlexiQuilt-9"]} for plan in plans])


NOISE: tuple[Callable[[list[dict[str, Any]]], str], ...] = (
    _wrong_days,
    _extra_keys,
    _unknown_names,
    lambda plans: written(plans)[:-9],
    lambda plans: f"Here is the plan:\n```json\n{written(plans)}\n```\nAnything else?",
    lambda plans: f'<think>Is it {{"kind": "help"}}? No: {written(plans)[:20]}</think>\n{written(plans)}',
)
BROKEN: tuple[Callable[[list[dict[str, Any]]], Reply], ...] = (
    lambda plans: completion(None, refusal="I cannot help with that."),
    lambda plans: completion(None),
    lambda plans: completion(written(plans)[:40], "length"),
    lambda plans: completion(written(plans)[:-9]),
    lambda plans: completion("As a language model, I like papers."),
    lambda plans: completion(written([{"kind": "list"}])),
    lambda plans: refusal(500, "overloaded"),
    lambda plans: refusal(429, "slow down"),
)


def responder(plans: Plans, ids: dict[str, str], how: str) -> Callable[[dict[str, Any]], Reply]:
    """Return what the server replies to a request, given the id of each question."""
    chance = random.Random(7)

    def respond(request: dict[str, Any]) -> Reply:
        asked = _QUESTION.search(request["messages"][1]["content"])
        given = plans[ids[json.loads(asked.group(1))]] if asked else []
        if how == "refused":
            return completion(None, refusal="I cannot help with that.")
        if how == "tenth" and chance.random() < 0.1:
            return chance.choice(BROKEN)(given)
        mended = len(request["messages"]) > 2
        if how == "noise" and not mended:
            return completion(chance.choice(NOISE)(given))
        return completion(written(given))

    return respond


def replay(store: str, shared: Path, how: str) -> str:
    """Return what score.py prints about the answers to the development questions."""
    gold = sorted((shared / "questions").glob("dev_*.jsonl"))
    rows = [json.loads(line) for path in gold for line in path.read_text(encoding="utf-8").splitlines()]
    ids = {" ".join(row["question"].split()): row["id"] for row in rows}
    with openai_server() as script, tempfile.TemporaryDirectory() as folder:
        script.respond = responder(read_plans(), ids, how)
        command = Path(folder) / "nonmun"
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m rag "$@"\n', encoding="utf-8")
        command.chmod(0o755)
        reader = {"NONMUN_READER": "llm", "NONMUN_ENGINE": "offline", "NONMUN_MODEL": "scripted"}
        done = subprocess.run(
            [sys.executable, str(shared / "questions" / "score.py"), str(command), store, *map(str, gold)],
            env={**os.environ, **reader, "OPENAI_BASE_URL": script.url}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return f"{done.stdout}{done.stderr}\n{len(script.requests)} requests for {len(rows)} questions"


def main() -> int:
    """Print the figures of each way to reply."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", required=True, help="index of the shared digests")
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="folder with questions/ in it")
    parser.add_argument("--replies", nargs="+", choices=("given", "noise", "refused", "tenth"),
                        default=["given", "noise", "refused", "tenth"])  # fmt: skip
    parser.add_argument("--failures", action="store_true", help="print the questions that are answered wrong too")
    args = parser.parse_args()
    if not (args.shared / "questions" / "score.py").is_file():
        print(f"skipped: there are no questions in {args.shared}", file=sys.stderr)
        return 0
    for how in args.replies:
        told = replay(args.store, args.shared, how).splitlines()
        print(f"{how}:", *(told if args.failures else told[-5:]), sep="\n  ")
    return 0


if __name__ == "__main__":
    sys.exit(main())
